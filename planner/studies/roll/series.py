"""Series of a plan that begins later: each number is what it has grown to, and what is past is forgotten."""

from __future__ import annotations

from planner.plan.calendar import Calendar
from planner.plan.plan import Plan
from planner.plan.series import held
from planner.plan.table import Table
from planner.prepare.demand import demand_paths
from planner.studies.roll.changes import Sheet


def shift(plan: Plan, sheets: dict[str, Sheet], calendar: Calendar, k: int) -> None:
    """Let month k + 1 be the first of each series."""
    start = calendar.months[k]
    for name, table in plan.tables.items():
        for one in table.schema.series:
            grows = next((field.name for field in table.schema.fields if field.grows == one.name), "")
            _shift_column(table, sheets[name], one.name, grows, calendar, k)
        _forget(sheets[name], start)
    demand = sheets["demand"]
    for row, path in zip(demand.rows, demand_paths(plan.settings, plan.tables, calendar), strict=True):
        demand.set(row, "start_kh100e", path[k], f"grown to {start}")
    grown = calendar.elapsed()[k]
    for row in sheets["routes"].rows:
        if row.get("growth_frac_per_month") and row.get("gbit_s") is not None:
            value = row["gbit_s"] * (1.0 + row["growth_frac_per_month"]) ** grown
            sheets["routes"].set(row, "gbit_s", value, f"grown to {start}")
    for row in sheets["training_runs"].rows:
        if row.get("from_month") is None:
            sheets["training_runs"].set(row, "from_month", calendar.start, "the start of the plan before")


def _shift_column(table: Table, sheet: Sheet, column: str, grows: str, calendar: Calendar, k: int) -> None:
    rates = held(table, grows, calendar) if grows else None
    for position, (row, path) in enumerate(zip(sheet.rows, held(table, column, calendar), strict=True)):
        now = path[k]
        value = now.value
        if rates is not None:
            rate = rates[position][k].value
            value = value * (1.0 + rate) ** (now.grown / 12)
            sheet.set(row, grows, rate, f"as of {calendar.months[k]}")
        sheet.set(row, column, value, f"as of {calendar.months[k]}")


def _forget(sheet: Sheet, start: str) -> None:
    """Columns of months up to the start say nothing any more."""
    for name in [name for name in sheet.columns if " " in name and name.partition(" ")[2] <= start]:
        sheet.drop_column(name)
