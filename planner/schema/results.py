"""Every result table and headline number: what a run writes, explains in its workbook and compares with other runs.

The names of tables, columns and headline numbers and the order of columns are the contract with users' own workbooks. A change
of any is a new CONTRACT, a line in CHANGELOG.md, and a new golden file of the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.schema.result_decisions import DECISIONS, HOURS
from planner.schema.result_table import ResultTable
from planner.schema.result_values import VALUES
from planner.schema.units import unit_of as unit_in_name

CONTRACT = 5
PREFIX = "plan_"
"""Before the name of each Excel table, of each headline number, and of each sheet that `--into` writes."""

OVERTURNED, RANGES = "overturn.json", "ranges.json"
"""What would overturn a run, and which of its totals are firm: in its folder, where that was asked."""

AS_PLANNED, NOTHING_ORDERED = "as planned", "nothing ordered"
"""Rows of a study in which no assumption is changed: the plan itself, and the plan without anything still to be ordered."""

SAVED = "saving.json"
"""What a run saves compared with another, in its folder, where that was asked."""

RESULT_TABLES: dict[str, ResultTable] = {table.name: table for table in (*DECISIONS, *HOURS, *VALUES)}
"""By name, in reading order."""

CSV_ONLY = frozenset(name for name, table in RESULT_TABLES.items() if not table.sheets)
"""Tables that no sheet of the workbook shows; their headlines are on the sheet `summary`."""

SHEETS = ("summary", *(sheet for table in RESULT_TABLES.values() for sheet in table.sheet_names), "run")
"""The sheets that `--into` may write, without their prefix."""


@dataclass(frozen=True)
class Headline:
    """A number that a run ends with, in plain words. ``of``: what a share is a share of."""

    label: str
    unit: str
    of: str = ""


HEADLINES: dict[str, Headline] = {
    "orders_first": Headline("Capital of orders to decide in the first three months", "million USD"),
    "orders_under_way": Headline("Capital of orders that must be under way at the start", "million USD"),
    "capital_first": Headline("Capital due in the first three months", "million USD"),
    "rounding_cost": Headline("Cost of buying in whole units", "million USD"),
    "cash_capital": Headline("Cash: capital, not discounted", "million USD"),
    "cash_running": Headline("Cash: running costs, not discounted", "million USD"),
    "cash_chips": Headline("Cash: chips delivered, at list price", "million USD"),
    "dark_price": Headline("Chips dark at the end, at list price", "million USD"),
    "cash_nominal": Headline("Cash: capital and running costs in money of each year", "million USD"),
    "offers_bought": Headline("Chips on offer that are bought", "frac", "of the compute on offer"),
    "budget_spent": Headline("Capital budget spent", "frac", "of the budget of its years"),
    "cost": Headline("Cost of all months together, discounted", "million USD"),
    "energy_cost": Headline("Energy, per MWh of IT", "USD per MWh of IT"),
    "projects_capital": Headline("Capital of projects that are taken", "million USD"),
    "unserved_value": Headline("Value of unserved compute", "million USD"),
    "served_share": Headline("Compute served, whole horizon", "frac", "of demand"),
    "served_share_end": Headline("Compute served, last month", "frac", "of demand"),
    "targets_met": Headline("Targets met", "frac", "of their months"),
    "target_penalty": Headline("Penalties for missed targets", "million USD"),
    "targets_binding": Headline("Targets and shares that bind", "count"),
    "reserved": Headline("Reserved for customers, on average", "million H100e"),
    "reserved_used": Headline("Of it, used by their own work", "million H100e"),
    "reservation_penalty": Headline("Penalties for reserved capacity that is short", "million USD"),
    "reservation_paid": Headline("Paid by customers for reserved capacity", "million USD"),
    "moved_share": Headline("Work that changes place in a month", "frac", "of work whose moves have a price"),
    "dark_end": Headline("Chips dark at the end", "million H100e"),
    "dark_worst": Headline("Chips dark at worst", "million H100e"),
    "dark_owned_end": Headline("Dark chips at the end, of owners other than the market", "million H100e"),
    "dark_power_end": Headline("Of it, waiting for power", "million H100e"),
    "dark_halls_end": Headline("Of it, waiting for halls", "million H100e"),
    "dark_late_end": Headline("Of it, delivered too late to be commissioned", "million H100e"),
    "dark_idle_end": Headline("Of it, left idle with power to spare", "million H100e"),
    "chips_short": Headline("Chips themselves short, no chip dark", "frac", "of months"),
    "displaced_end": Headline("Chips retired early, at the end", "million H100e"),
    "displaced_worst": Headline("Chips retired early, at worst", "million H100e"),
    "power_firm_start": Headline("Firm power at the start", "GW"),
    "power_firm_end": Headline("Firm power at the end", "GW"),
    "nameplate_cover": Headline("Nameplate power that needs firm power", "frac", "of nameplate"),
    "power_drawn_start": Headline("Power drawn by chips, first month", "GW"),
    "power_drawn_end": Headline("Power drawn by chips, last month", "GW"),
    "power_end": Headline("Power capacity at the end, firm or not", "GW"),
    "grid_at_limit": Headline("Grid growth at its limit", "frac", "of its months"),
    "firm_value": Headline("Scarcity value of firm power", "USD per MWh"),
    "orbit_share": Headline("Compute from orbit, last month", "frac", "of compute"),
    "orbit_gap": Headline("Orbit: cost above value at best", "USD per kW"),
    "orbit_flip_value": Headline("Value of compute that makes orbit worthwhile", "USD per H100e-hour"),
    "own_currency": Headline("Worth of the currency beside USD, as the plan states it", "USD"),
    "dearest_compute": Headline("Dearest compute that is served (objective: energy)", "USD per H100e-hour"),
    "priced_limits": Headline("Limits with a scarcity value", "count"),
    "optimality_gap": Headline("Proven gap to the optimum", "frac", "of the objective"),
}
"""By key; besides, `limit_1` and on: the scarcity value of the tightest limits, each in a unit of its own; and `remedy_1` and
on: what the remedies that save most above their cost save above it."""

OWN = "own_"
IN_OWN_CURRENCY = ("orders_first", "cash_capital", "cash_running", "cash_chips", "cost", "energy_cost", "unserved_value")
"""Headlines that a plan with a currency beside USD has once more in it, with `own_` before their key."""
HEADLINES |= {
    OWN + key: Headline(
        f"{HEADLINES[key].label}, in the plan's currency", HEADLINES[key].unit.replace("USD", "of the currency")
    )
    for key in IN_OWN_CURRENCY
}

RANKED = ("limit_", "remedy_")
"""How the keys of headlines begin that are numbered, and read as sentences."""


def unit_of(column: str) -> str:
    """The unit of a result column; of one that no table has, what its name says."""
    return _UNITS.get(column, unit_in_name(column))


def is_key(table: str, column: str) -> bool:
    """Whether a column names the rows of a table; of a table or column that this version does not write, by its name."""
    known = RESULT_TABLES.get(table)
    found = known.column(column) if known else None
    return found.key if found else column.endswith("_id") or column == "month"


def is_number(table: str, column: str) -> bool:
    """Whether a column holds numbers that name no row; of a table or column that this version does not write, it may."""
    known = RESULT_TABLES.get(table)
    found = known.column(column) if known else None
    return found.is_number and not found.key if found else not is_key(table, column)


_UNITS = {column.name: column.unit for table in RESULT_TABLES.values() for column in table.columns}
