"""What could be saved (opportunity, overlap) and which schemes to choose (portfolio)."""

from __future__ import annotations
