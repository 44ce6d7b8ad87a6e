"""Floor 3: outside files to rows that remember table, file, sheet and cell."""
