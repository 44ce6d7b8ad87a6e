"""Floor 3: the financial regime as named, dated, sourced functions."""
