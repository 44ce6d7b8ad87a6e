"""Floor 4: the savings programme: register, gates, quality, effects and phasing of schemes."""
