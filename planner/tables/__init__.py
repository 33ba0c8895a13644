"""From a solution to the result tables and headline numbers."""
