"""Public totals that the inputs were not made from, one subject a file; `inputs/checks.py` compares."""
