"""The words all rooms speak with, and the small tools they share."""
