"""Finished result folders, compared and summed from their files alone."""
