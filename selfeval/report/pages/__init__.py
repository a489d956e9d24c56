"""What a page shows, as strings ready to print. No engine is known here."""
