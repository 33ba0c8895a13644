"""Writers, one a format: finished tables in, files out. No number is computed here."""
