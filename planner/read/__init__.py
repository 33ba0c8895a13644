"""From files to a loaded plan."""
