"""The vocabulary of a loaded plan, shared by rules and preparation: tables, months, hours of the day, profiles, latency."""
