"""The pages: thin, over verbs, acts and views. Each module declares its routes in `ROUTES`."""
