"""What several lists of opportunities are worth together, without counting a pound twice."""

from __future__ import annotations
