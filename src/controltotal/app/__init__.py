"""Floor 5: the command line (and, later, the web): no rule of business lives here."""
