"""The mathematics of the planner, one subject a file. `BLOCKS` is the table of contents of the linear program.

A block names those whose sets and variables its own `declare` needs (``after``), and those that its rules alone need
(``needs``); then come its rules, each with what the register says of it, and what its decisions cost.
"""

from dataclasses import replace
from types import ModuleType

from pyomo.common.dependencies import DeferredImportCallbackFinder

from models import (
    ages,
    budget,
    carbon,
    changes,
    charges,
    chip_moves,
    continuity,
    demand,
    fleet,
    halls,
    moves,
    nations,
    network,
    offers,
    orbit,
    orders,
    owners,
    power,
    projects,
    reservations,
    share,
    storage,
    target,
    windows,
)
from models.rows import name_of, register_of, rows_of

BLOCKS = (
    fleet,
    orbit,
    ages,
    offers,
    chip_moves,
    demand,
    moves,
    continuity,
    projects,
    power,
    storage,
    windows,
    halls,
    orders,
    changes,
    owners,
    nations,
    network,
    carbon,
    budget,
    share,
    target,
    reservations,
    charges,
)

TOLD_FIRST = (
    *("limit_power_growth", "limit_national_growth", "limit_technology_supply", "limit_shell_growth"),
    *("house_chips", "fit_shell", "respect_capacity", "keep_commitment", "keep_hall_order"),
    "keep_launch_order",
    *("limit_launch_mass", "limit_satellite_factory", "limit_downlink"),
)
"""Tables list these limits first, in this order."""

REGISTER = register_of(BLOCKS, TOLD_FIRST)
"""Every constraint by name: its index, what it is, what its dual is worth, and the words for all that (`rows.py`)."""

PRICES = {name: row.price for name, row in REGISTER.items() if row.price is not None}
"""Limits whose duals have a price in the tables, with the words for them."""

OWN_FILES: dict[str, str] = {}
"""Constraints of users' own blocks, by name, and the file that each comes from."""

# Pyomo has every import of scipy also load scipy.stats, which nothing here uses: 0.6 s of each run. What Pyomo itself needs of
# scipy it still loads by then.
DeferredImportCallbackFinder._callbacks.pop("scipy", None)


def admit(block: ModuleType) -> None:
    """Enter the constraints of a user's own block in the register, or those of an edited file anew.

    Raises TypeError for a block that needs one that does not exist, that has no constraint, or whose constraint bears the name
    of one of the planner's, or of one in another file of which the register says other things."""
    known = {name_of(each) for each in BLOCKS}
    missing = sorted({*getattr(block, "needs", ()), *getattr(block, "after", ())} - known)
    if missing:
        raise TypeError(f"needs {', '.join(missing)}: expected names of blocks, {', '.join(sorted(known))}")
    found = rows_of(block)
    if not found:
        raise TypeError("expected a constraint that is decorated with models.rows.rows")
    for row in found:
        other = REGISTER.get(row.name, row)
        same = replace(other, rule=row.rule) == row or OWN_FILES.get(row.name) == block.__file__
        if other is not row and not (row.name in OWN_FILES and same):
            raise TypeError(f"{row.name} is the name of another constraint: choose another")
    for row in found:
        OWN_FILES[row.name] = str(block.__file__)
        REGISTER[row.name] = row
        if row.price is None:
            PRICES.pop(row.name, None)
        else:
            PRICES[row.name] = row.price  # in place: another thread may be reading
