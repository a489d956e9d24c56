"""What is handed in and vouched for."""
