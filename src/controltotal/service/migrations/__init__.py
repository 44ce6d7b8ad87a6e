"""How the second database came to be, step by step."""
