"""Floor 6: results for people: words, figures, charts and tables; it can show, never recompute."""
