"""Floor 6: the financial regime as named, dated, sourced functions."""
