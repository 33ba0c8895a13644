"""Reduced programs and their postsolve: each module has a function ``reduce(form, ...) -> Step | None`` (`step.py`)."""
