"""Floor 2: typed rows of a book folded into a Position: what a book says, and no more."""
