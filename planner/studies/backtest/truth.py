"""The truth of a backtest: another plan of the same months and names, or the plan itself with noise; and what happens in it.

What is decided is carried out as far as the truth allows: where fewer chips are delivered than were to be deployed, each place
gets proportionally less. Power and halls are built as planned.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from models.data import PlanData
from planner.errors import UsageError, require_some_of
from planner.findings import Place, SourceFile
from planner.formats import some
from planner.plan.calendar import calendar_of
from planner.plan.plan import Plan
from planner.plan.table import Table
from planner.prepare.demand import demand_paths
from planner.prepare.plan_data import prepare
from planner.schema.fields import ANY
from planner.studies.roll.actuals import Actual, Planned
from planner.studies.roll.lots import SMALLEST

NOISY = ("demand", "deliveries")
REQUIRED = ("unserved_allowed", "targets", "reservations")
FREE = ("name", "demand_kh100e", "delivered_kunit", "shape_frac", "power_availability_frac", "published", *REQUIRED)
"""Of PlanData, what may differ between the plan and the truth beside money: what happens, and what is required of service."""


class Truth:
    """What really happens. Raises UsageError for a plan that is not one of the same months and names."""

    def __init__(self, plan: Plan, forecast: Plan) -> None:
        free = plan.settings.model_copy(update={"change_usd_per_mw": 0.0})  # that is no cost of what happens
        self.plan, self.data = plan, prepare(dataclasses.replace(plan, settings=free))
        self.demand = dict(zip(plan.tables["demand"].keys, _demand(plan), strict=True))
        self._at = Place(SourceFile(Path(), plan.name))
        _require_alike(self.data, prepare(forecast), plan.name)
        if {*self.demand} != {*forecast.tables["demand"].keys}:
            raise UsageError(
                f"{plan.name} cannot be the truth for {forecast.name}: expected demand of the same zones and classes"
            )

    def actuals(self, planned: Planned, k: int, months: int) -> list[Actual]:
        """What differs from a plan that begins after ``k`` months, in its first ``months``."""
        found: list[Actual] = []
        stock = dict.fromkeys(planned.d.generations, 0.0)  # thousand units beyond what is planned to be there
        for t in range(1, months + 1):
            found += [self._actual(planned, "demand", z, w, t, path[k + t - 1]) for (z, w), path in self.demand.items()]
            for g in planned.d.generations:
                more = self.data.delivered_kunit.get((g, k + t), 0.0) - planned.d.delivered_kunit.get((g, t), 0.0)
                found.append(self._actual(planned, "delivered", ANY, g, t, planned("delivered", ANY, g, t) + more))
                stock[g] += more
                sent = {x: kunit for x, h in planned.d.placeable if h == g and (kunit := planned("deployed", x, g, t)) > 0}
                short = min(-stock[g] - planned("dark", ANY, g, t), whole := sum(sent.values()))
                if short > SMALLEST:
                    found += [self._actual(planned, "deployed", x, g, t, n * (1.0 - short / whole)) for x, n in sent.items()]
                    stock[g] += short
        return [each for each in found if each.more]

    def _actual(self, planned: Planned, kind: str, place: str, item: str, t: int, value: float) -> Actual:
        return Actual(t, kind, place, item, value, planned(kind, place, item, t), f"truth {self.plan.name}", self._at)


def _demand(plan: Plan) -> list[list[float]]:
    return demand_paths(plan.settings, plan.tables, calendar_of(plan.settings))


def _require_alike(truth: PlanData, forecast: PlanData, name: str) -> None:
    fields = [each.name for each in dataclasses.fields(PlanData) if each.name not in FREE and "usd" not in each.name]
    other = [each for each in fields if getattr(truth, each) != getattr(forecast, each)]
    if other:
        raise UsageError(
            f"{name} differs from {forecast.name} in {some(other, 4)}: "
            "expected a truth that differs only in demand, deliveries, weather, requirements of service, prices and costs"
        )


def with_noise(plan: Plan, noise: Mapping[str, float], seed: int) -> Plan:
    """The plan with noise: the growth of demand in a month differs from the forecast by a share of this standard deviation, for
    each zone and class by itself, and goes on from there; of what is due of a delivery, a share of this one (without its sign)
    slips into the next month. What can be declined does not slip. The same seed gives the same."""
    require_some_of("--noise", [*noise], NOISY)
    drawn, tables, calendar = np.random.default_rng(seed), dict(plan.tables), calendar_of(plan.settings)
    if share := noise.get("demand"):
        paths = np.array(_demand(plan))
        steps = drawn.normal(-share * share / 2.0, share, paths.shape)
        paths *= np.exp(np.cumsum(steps, axis=1))
        tables["demand"] = _with_columns(plan.tables["demand"], "start_kh100e", calendar.months, paths)
    if share := noise.get("deliveries"):
        tables["deliveries"] = _slipped(plan.tables["deliveries"], calendar.horizon, share, drawn)
    words = ", ".join(f"{kind} {100 * share:g} %" for kind, share in noise.items())
    settings = plan.settings.model_copy(update={"name": f"{plan.name} with noise ({words}, seed {seed})"})
    return dataclasses.replace(plan, settings=settings, tables=tables)


def _with_columns(table: Table, column: str, months: tuple[str, ...], paths: np.ndarray) -> Table:
    """The table with a number for each month."""
    columns = {name: cells for name, cells in table.columns.items() if not name.startswith(f"{column} ")}
    columns |= {f"{column} {month}": paths[:, t].tolist() for t, month in enumerate(months)}
    return table.replaced(columns, table.rows, {})


def _slipped(table: Table, months: tuple[str, ...], share: float, drawn: np.random.Generator) -> Table:
    """Deliveries of which parts come a month later. Nothing slips into the last month, whose deliveries go on thereafter."""
    rows = [dict(zip(table.columns, cells, strict=True)) for cells in zip(*table.columns.values(), strict=True)]
    lines, places = list(table.rows), dict(table.index)
    for g in dict.fromkeys(table.column("generation_id")):
        late = 0.0
        parts = np.minimum(1.0, np.abs(drawn.normal(0.0, share, len(months))))
        for month, part in zip(months[:-1], (*parts[:-2].tolist(), 0.0), strict=True):
            if late and (g, month) not in places:
                last = max(places[key] for key in places if key[0] == g)
                places[g, month] = len(rows)
                rows.append(rows[last] | {"month": month, "kunit": 0.0})
                lines.append(lines[last])
            if (g, month) in places and not (row := rows[places[g, month]]).get("optional_frac"):
                due = row["kunit"] + late
                late = part * due
                row["kunit"] = due - late
    return table.replaced({name: [row[name] for row in rows] for name in table.columns}, lines, {})
