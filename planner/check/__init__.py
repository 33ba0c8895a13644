"""What arithmetic alone says of a plan, before anything is solved."""
