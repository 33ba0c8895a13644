"""Training runs: a model that is trained for some months, again and again, as compute that is asked for.

A run of so many gigawatt-hours at the facility, on chips that draw `kw_per_h100e` each there, is so many H100e for its months:

    kH100e while it lasts = energy_gwh * 1000 / (duration_months * 730.5 h) / kw_per_h100e

It is asked beside what `demand` states for the class, and doubles with nothing: its growth is its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, log2

from planner.plan.calendar import month_number
from planner.plan.table import Table
from planner.read.rules.demand import MOST_KH100E
from planner.read.rules.rule_context import Scope
from planner.schema.fields import cell_text

HOURS_PER_MONTH = 730.5
COLUMNS = ("energy_gwh", "kw_per_h100e", "duration_months", "runs_per_year", "growth_frac_per_year", "from_month")


def runs_of(table: Table, start: str, months: int) -> Iterator[tuple[str, str, list[float]]]:
    """Zone, class, and kH100e in the mean of each month of the plan, for each row.

    Run n begins 12 n / runs_per_year months after the first, at an energy that has grown by then. Months are equally long."""
    named = zip(table.select("zone_id", "class_id"), table.select(*COLUMNS), strict=True)
    for (zone, w), (gwh, kw, duration, per_year, growth, first) in named:
        asked = [0.0] * months
        gap = 12.0 / per_year
        begin = float(month_number(first) - month_number(start)) if first else 0.0
        number = max(0, ceil(-(begin + duration) / gap))  # the first that is not over when the plan begins
        while (at := begin + number * gap) < months:
            kh100e = 1e3 * gwh * (1.0 + growth) ** ((at - begin) / 12.0) / (duration * HOURS_PER_MONTH) / kw
            for t in range(max(0, int(at)), min(months, int(at + duration) + 1)):
                asked[t] += kh100e * max(0.0, min(t + 1.0, at + duration) - max(float(t), at))
            number += 1
        yield zone, w, asked


def runs_are_asked(scope: Scope) -> None:
    """A run belongs to a demand: its zone and class have a row there, be it with nothing else asked."""
    demand, table = scope.tables["demand"], scope.tables["training_runs"]
    zones, classes = scope.tables["zones"].index, scope.tables["classes"].index
    for position, pair in enumerate(table.select("zone_id", "class_id")):
        if pair not in demand.index and (pair[0],) in zones and (pair[1],) in classes:
            text = f"training run {table.keys[position][0]}: no row of {scope.file('demand')} has {pair[0]}, {pair[1]}"
            expected = "a row of demand, with start_kh100e = 0 if nothing else is asked"
            scope.findings.add(table.place(position, "zone_id"), f"{text}: expected {expected}", pair[0], expected)


def runs_stay_a_number(scope: Scope) -> None:
    """Growth since a first run long ago makes numbers that no solver can hold, as doubling demand does."""
    table, settings = scope.tables["training_runs"], scope.settings
    for position, (gwh, kw, duration, per_year, growth, first) in enumerate(table.select(*COLUMNS)):
        grown = settings.months - (month_number(first) - month_number(settings.start) if first else 0)
        at_once = max(1.0, duration * per_year / 12.0)
        kh100e = 1e3 * gwh / (duration * HOURS_PER_MONTH) / kw * at_once
        if grown > 0 and kh100e > 0 and log2(kh100e) + max(0.0, grown / 12.0 * log2(1.0 + growth)) > log2(MOST_KH100E):
            run = table.keys[position][0]
            text = (
                f"training run {run}: {gwh:g} GWh that grow by growth_frac_per_year = {growth:g} from {first or settings.start}"
            )
            text += f" on ask for more than {MOST_KH100E:g} kH100e in {scope.months[-1]}: expected less energy or growth"
            place = table.place(position, "growth_frac_per_year" if growth > 0 else "energy_gwh")
            scope.findings.add(place, text, cell_text(growth if growth > 0 else gwh), "less energy or growth")
