"""What could be saved by doing as well as one's peers, told as an honest range."""

from __future__ import annotations
