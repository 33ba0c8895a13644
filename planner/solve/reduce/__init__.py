"""Smaller programs, and the way back from their optimum to that of the whole."""
