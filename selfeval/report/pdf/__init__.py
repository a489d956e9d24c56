"""Pages by WeasyPrint."""
