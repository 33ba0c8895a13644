"""The mathematics of the planner, one subject a file. `BLOCKS` is the table of contents of the linear program.

A block names those whose sets and variables its own `declare` needs (``after``), and those that its rules alone need
(``needs``); then come its rules, each with what the register says of it, and what its decisions cost.
"""

from models import carbon, demand, fleet, halls, nations, network, orbit, power, share, storage, windows
from models.rows import register_of

BLOCKS = (fleet, orbit, demand, power, storage, windows, halls, nations, network, carbon, share)

TOLD_FIRST = (
    *("limit_power_growth", "limit_national_growth", "limit_technology_supply", "limit_shell_growth"),
    *("house_chips", "fit_shell", "respect_capacity", "keep_commitment"),
    *("limit_launch_mass", "limit_satellite_factory", "limit_downlink"),
)
"""Tables list these limits first, in this order."""

REGISTER = register_of(BLOCKS, TOLD_FIRST)
"""Every constraint by name: its index, what it is, what its dual is worth, and the words for all that (`rows.py`)."""

PRICES = {name: row.price for name, row in REGISTER.items() if row.price is not None}
"""Limits whose duals have a price in the tables, with the words for them."""
