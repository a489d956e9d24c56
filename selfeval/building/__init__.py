"""What is due, who makes it, where it goes."""
