"""Workbooks: that of a run, a plan to fill in, and a user's own."""
