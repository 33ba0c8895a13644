"""Files of another shape: read as text with places, mapped to the columns of a table."""
