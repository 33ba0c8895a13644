"""What several tables get wrong together."""
