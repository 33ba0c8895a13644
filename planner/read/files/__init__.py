"""From bytes to text with places: YAML, CSV, workbooks."""
