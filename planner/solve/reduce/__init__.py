"""Reduced programs and their postsolve.

Each module has a function ``reduce(form, ...) -> Step | None`` (`step.py`); `from_scratch.py` composes them."""
