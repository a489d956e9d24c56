"""The commands: one module each, named as the user types it; only they print and exit."""

from selfeval.cli.app import main

__all__ = ["main"]
