"""A folder's files → tables → projects."""
