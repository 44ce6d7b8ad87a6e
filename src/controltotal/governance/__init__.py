"""Who decides, and who sits where: votes, power, and systems against local authorities."""
