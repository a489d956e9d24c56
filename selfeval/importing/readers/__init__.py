"""One reader for every source format."""
