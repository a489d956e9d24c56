"""From a draft to the tables."""
