"""How the tables of the plan follow from the evidence, one subject a file; `inputs/derive.py` runs it."""
