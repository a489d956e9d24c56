"""A draft → the evaluation's files, joined with those that are there, and the report of the import."""
