"""What a result folder holds, and how it is replaced as a whole."""
