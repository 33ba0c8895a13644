"""The rows of the linear program, each written once, by subject: a new limit is one function here."""

from planner.verify.rows.chips import chip_rows, hall_rows, orbit_rows
from planner.verify.rows.demand import (
    continuity_rows,
    demand_rows,
    flexible_rows,
    move_rows,
    network_rows,
    reservation_rows,
    share_rows,
    target_rows,
)
from planner.verify.rows.envelopes import budget_rows, carbon_rows, national_rows
from planner.verify.rows.power import change_rows, order_rows, owner_rows, power_rows, project_rows, storage_rows

ROWS = (
    chip_rows,
    power_rows,
    hall_rows,
    project_rows,
    order_rows,
    change_rows,
    owner_rows,
    storage_rows,
    national_rows,
    carbon_rows,
    budget_rows,
    demand_rows,
    flexible_rows,
    move_rows,
    continuity_rows,
    network_rows,
    share_rows,
    target_rows,
    reservation_rows,
    orbit_rows,
)
"""The table of contents, in the order in which rows are checked."""
