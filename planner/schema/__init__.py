"""What a column, a key and a unit are: the schema of input tables and of the plan file."""
