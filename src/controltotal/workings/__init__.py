"""Floor 5: the working papers of one position: what more than one engine needs, computed once."""
