"""What the reductions know of the model: some of its variables and constraints, and what an index says.

A hint that no longer fits the model makes a plan slower, never different."""

from __future__ import annotations

from collections.abc import Sequence

from models.demand import place_compute
from models.fleet import conserve_fleet, limit_retirement, run_installed
from models.moves import count_work
from models.rows import Key

ENERGY = "output"  # columns on Earth that cost by the hour in each slice

FULL_USE = run_installed.name  # rows use <= installed of which equality is guessed
COUNT_WORK, WORK = count_work.name, "work"  # rows that count what a place does of a class, where moves have a price; the count
PLACE_COMPUTE, SERVE, SHIFT = place_compute.name, "serve", "shift"  # a place's compute by slice: row, demand, work that moves

INSTALLED, RETIRE, ARRIVAL = "installed", "retire", "deploy"  # of what is installed, some stays and the rest is retired
CONSERVE_FLEET, LIMIT_RETIREMENT = conserve_fleet.name, limit_retirement.name  # rows of what is installed, and of what stays
ADDED = (ARRIVAL, RETIRE, "build_mw", "build_shell")  # without them a month goes on as the one before
GUESSED = (ARRIVAL, RETIRE, INSTALLED)  # columns by place, generation, month of which zero is guessed


def by_slice(keys: Sequence[Key]) -> set[str]:
    """Names of the columns or rows whose index ends with a slice: a number after that of the month."""
    last = {name: index[-2:] for name, index in dict(keys).items() if isinstance(index, tuple)}
    return {name for name, ends in last.items() if len(ends) == 2 and all(isinstance(part, int) for part in ends)}
