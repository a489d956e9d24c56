"""Pages by Jinja2."""
