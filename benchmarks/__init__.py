"""How fast: one plan, built and solved by the planner, by bare numpy, by linopy and by PyPSA. `python -m benchmarks --help`."""
