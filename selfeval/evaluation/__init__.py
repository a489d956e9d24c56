"""The one line from a folder to its result."""
