"""The keys and tables of the plan of a later month: what exists then, and each series from that month on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from planner.plan.calendar import Calendar, month_name, month_number
from planner.plan.plan import Plan
from planner.plan.series import held
from planner.plan.table import Table
from planner.prepare.demand import demand_paths
from planner.schema.fields import ANY
from planner.schema.table_schema import DECIDED_ONCE, HALLS, MONTH, project_option
from planner.solve.solution import Solution
from planner.studies.roll.actuals import Actual, Sources
from planner.studies.roll.book import SMALLEST_MW, taken_projects
from planner.studies.roll.changes import Sheet
from planner.studies.roll.lots import SMALLEST, Lots, spans
from planner.studies.roll.money import budget_carried, carbon_carried, ended_by_the_start, grid_added, running_charges


@dataclass
class NextPlan:
    """The keys and tables of the plan of month k + 1."""

    plan: Plan
    solution: Solution
    calendar: Calendar
    k: int
    sheets: dict[str, Sheet]
    sources: Sources

    @property
    def start(self) -> str:
        return self.calendar.months[self.k]

    @property
    def planned(self) -> str:
        return self.sources.planned

    def settings(self) -> dict[str, Any]:
        """The keys of the plan."""
        stated = self.plan.to_mapping()
        keys = {key: value for key, value in stated.items() if key not in ("chain", "adjust", "set", "why", "tables")}
        found: dict[str, Any] = {}
        for key, value in keys.items():
            found[key] = value
            if key == "start":
                found |= {"start": self.start, "as_of": self.start}
            elif key == "as_of":
                found["as_of"] = self.start
        found["months"] = self.plan.settings.months - self.k
        found["carbon"] |= {"carried_over_mtco2": carbon_carried(self.plan, self.solution, self.k)}
        found["budget"] |= {"carried_over_musd": budget_carried(self.plan, self.solution, self.k)}
        national = self.plan.settings.national
        taken = {j for j, part in taken_projects(self.solution.data, self.solution, self.k).items() if part}
        projects = self.plan.tables["projects"].select("project_id", "option_id")
        own = [project_option(j, base) for j, base in projects if j in taken and base in national.options]
        found["national"] |= {
            "options": [*national.options, *(name for name in dict.fromkeys(own) if name not in national.options)],
            "years_from": national.years_from or self.plan.settings.start,
        }
        return {key: _stated(value) for key, value in found.items() if _stated(value) not in (None, {}, [])}

    def tables(self, lots: Lots, actuals: Iterable[Actual], late: Mapping[str, float]) -> None:
        """The tables of the plan. ``late``: thousand units of each generation that are delivered late."""
        _shift(self.plan, self.sheets, self.calendar, self.k)
        self._demand(actuals)
        for name, sheet in self.sheets.items():
            if MONTH in sheet.schema.keys and name != "commitments":
                sheet.drop(lambda row: row["month"] < self.start, f"before {self.start}")
        self._capacity()
        self._chips(lots)
        self._deliveries(late)
        self._projects()
        self._charges()
        added = grid_added(self.solution, self.k)
        same_year = self.solution.data.plan_year[self.k + 1] == 1
        for row in self.sheets["countries"].rows:
            before = row["added_mw"] if same_year else 0.0
            self.sheets["countries"].set(row, "added_mw", before + added.get(row["country_iso2"], 0.0), self.planned)

    def _capacity(self) -> None:
        capacity, shell = self.solution.values["capacity"], self.solution.values["shell"]
        power, regions = self.sheets["power"], self.sheets["regions"]
        ended = ended_by_the_start(self.solution, self.k)
        for row in power.rows:
            key = (row["region_id"], row["option_id"])
            mw = capacity.get((*key, self.k), row["start_mw"]) - ended.get(key, 0.0)
            power.set(row, "start_mw", mw if mw > SMALLEST_MW else 0.0, self.sources.of(*key))
        for row in regions.rows:
            mw = shell[row["region_id"], self.k] - ended.get((row["region_id"], HALLS), 0.0)
            source = self.sources.of(row["region_id"], HALLS)
            regions.set(row, "shell_start_mw", mw if mw > SMALLEST_MW else 0.0, source)

    def _demand(self, actuals: Iterable[Actual]) -> None:
        """Demand goes on from what was asked last, in the proportion in which that differs from the forecast."""
        last: dict[tuple[str, str], Actual] = {}
        for each in actuals:
            if each.kind == "demand" and each.value is not None:
                key = (each.place, each.item)
                last[key] = max(last.get(key, each), each, key=lambda one: one.t)
        sheet = self.sheets["demand"]
        for row in sheet.rows:
            if (found := last.get((row["zone_id"], row["class_id"]))) is not None and found.more:
                asked = found.planned + found.more
                level = row["start_kh100e"] * asked / found.planned if found.planned > 0 else asked
                sheet.set(row, "start_kh100e", level, f"actual {self.calendar.months[found.t - 1]}")

    def _deliveries(self, late: Mapping[str, float]) -> None:
        """What was to be delivered and was not is due now; what may be declined stays as much as it was."""
        sheet = self.sheets["deliveries"]
        for g, kunit in late.items():
            source = f"late, {self.sources.of(ANY, g)}"
            row = next((row for row in sheet.rows if (row["generation_id"], row["month"]) == (g, self.start)), None)
            if row is None:
                sheet.add({"generation_id": g, "month": self.start, "kunit": kunit}, source)
                continue
            sheet.set(row, "optional_frac", row["optional_frac"] * row["kunit"] / (row["kunit"] + kunit), source)
            sheet.set(row, "kunit", row["kunit"] + kunit, source)

    def _chips(self, lots: Lots) -> None:
        fleet = [
            {"region_id": r, "generation_id": g, "kunit": kunit, **_dates(first, last)}
            for (r, g), lot in lots.installed.items()
            for first, last, kunit in spans(lot)
        ]
        dark = [
            {"generation_id": g, "kunit": kunit, **_dates(first, last)}
            for g, lot in lots.dark.items()
            for first, last, kunit in spans(lot)
        ]
        arrivals = [
            {
                "region_id": r,
                "generation_id": g,
                "service_month": month_name(month_number(self.calendar.start) + t - 1),
                "delivered_month": month_name(month),
                "kunit": kunit,
            }
            for (r, g, t), lot in lots.arriving.items()
            for month, kunit in lot.items()
        ]
        columns = ("design_id", "generation_id", "launch_month", "kunit")
        vintages = [dict(zip(columns, row, strict=True)) for row in self.plan.tables["vintages"].select(*columns)]
        vintages += [
            dict(zip(columns, (o, g, self.calendar.months[t - 1], kunit), strict=True))
            for (o, g, t), kunit in self.solution.values["deploy"].items()
            if o in self.solution.data.designs and 1 <= t <= self.k and kunit > SMALLEST
        ]
        places = {"fleet": "region_id", "arrivals": "region_id", "vintages": "design_id"}
        for name, rows in (("fleet", fleet), ("dark", dark), ("arrivals", arrivals), ("vintages", vintages)):
            self.sheets[name].renew(rows, self.planned, partial(self._source, places.get(name, "")))

    def _source(self, place: str, row: Mapping[str, Any]) -> str:
        """Where a row of chips comes from; ``place``: the column of its place."""
        return self.sources.of(str(row.get(place, ANY)), str(row["generation_id"]))

    def _projects(self) -> None:
        """What is taken is no project any more; of what is taken in part the rest is."""
        sheet = self.sheets["projects"]
        taken = taken_projects(self.solution.data, self.solution, self.k)
        group = self.plan.tables["projects"].mapping("project_id", DECIDED_ONCE[-1])
        closed = {group[j] for j, part in taken.items() if part and group[j]}
        sheet.drop(lambda row: taken[row["project_id"]] > 1.0 - 1e-9, f"taken, {self.planned}")
        sheet.drop(lambda row: row["group"] in closed, f"another of its group is taken, {self.planned}")
        sheet.drop(lambda row: (row["latest_month"] or self.start) < self.start, f"its last month is before {self.start}")
        for row in sheet.rows:
            left = 1.0 - taken[row["project_id"]]
            if left < 1.0:
                for column in ("mw", "capital_musd", "fixed_musd_per_year"):
                    if row[column] is not None:
                        sheet.set(row, column, row[column] * left, f"the rest, {self.planned}")

    def _charges(self) -> None:
        charges = running_charges(self.plan, self.solution, self.calendar, self.k)
        rows = [
            {
                "component": component,
                "place_id": place or ANY,
                "item_id": item,
                "month": self.calendar.months[t - 1],
                "charge_musd": 1e-6 * usd,
            }
            for (component, place, item, t), usd in charges.items()
        ]
        self.sheets["charges"].renew(rows, self.planned, lambda _: self.planned)


def _shift(plan: Plan, sheets: dict[str, Sheet], calendar: Calendar, k: int) -> None:
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


def _stated(value: Any) -> Any:
    """A key without what is empty below it."""
    if not isinstance(value, dict):
        return value
    return {key: below for key, each in value.items() if (below := _stated(each)) not in (None, {}, [])}


def _dates(first: int, last: int) -> dict[str, str]:
    return {"delivered_from": month_name(first), "delivered_to": month_name(last)}
