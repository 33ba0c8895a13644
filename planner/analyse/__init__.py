"""What a finished plan means: its tables, its check, its explanation."""
