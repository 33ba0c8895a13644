"""`python -m planner`: the command line."""

from planner.cli import run_and_exit

run_and_exit()
