"""The preview: a local web server that evaluates again on every save, and a page to fill in what was achieved."""
