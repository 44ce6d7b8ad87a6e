"""Floor 2: entries folded into a Position, and what follows from it by arithmetic alone.

`controltotal.position(book)` answers question 2, where are we; the room holds the tree, the
totals, the checks, the schemes and their eligibility.
"""

from __future__ import annotations

from controltotal.position.fold import Position, fold
from controltotal.position.rows import Row

__all__ = ["Position", "Row", "fold"]
