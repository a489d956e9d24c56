"""The commands: one module each, named as the user types it; only they print and exit."""
