"""Floor 6: does it add up and where are we: checks, statements, schemes, bridges, histories."""
