"""Roll a plan: from a finished run to the plan of a later month, with what exists then and what is under way."""
