"""All words for a terminal."""
