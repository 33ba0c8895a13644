"""What the reductions know of the model: names of its variables and constraints.

A hint that no longer fits the model makes a plan slower, never different."""

from __future__ import annotations

BY_SLICE = {  # columns and rows whose index ends with a slice
    *("run", "orbit_run", "output", "shift", "waiting", "charge", "stored"),
    *("run_installed", "run_in_orbit", "balance_power", "respect_capacity", "place_compute", "place_compute_in_orbit"),
    *("conserve_waiting", "limit_waiting", "conserve_stored", "limit_charge", "limit_stored"),
}
ENERGY = "output"  # columns on Earth that cost by the hour in each slice

FULL_USE = "run_installed"  # rows use <= installed of which equality is guessed
PLACE_COMPUTE, SERVE, SHIFT = "place_compute", "serve", "shift"  # a place's compute by slice: the row, demand, work that moves

INSTALLED, RETIRE = "installed", "retire"  # of what is installed, some stays and the rest is retired
GUESSED = ("deploy", RETIRE, INSTALLED)  # columns by place, generation, month of which zero is guessed
