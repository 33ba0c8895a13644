"""Training runs that recur, as demand for compute.

A run of so many gigawatt-hours at the facility, on chips that draw `kw_per_h100e` each there, is so many H100e for its months:

    kH100e while it lasts = energy_gwh * 1000 / (duration_months * 730.5 h) / kw_per_h100e

It adds to what `demand` states for the class; its growth is its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from planner.plan.calendar import Calendar, month_number
from planner.plan.table import Table
from planner.schema.quantities import HOURS_PER_MEAN_YEAR

HOURS_PER_MEAN_MONTH = HOURS_PER_MEAN_YEAR / 12
COLUMNS = ("energy_gwh", "kw_per_h100e", "duration_months", "runs_per_year", "growth_frac_per_year", "from_month")


def runs_of(table: Table, calendar: Calendar) -> Iterator[tuple[str, str, list[float]]]:
    """Zone, class, and mean kH100e in each month of the plan, for each row.

    Run n begins 12 n / runs_per_year months after the first, at an energy that has grown by then, or by the last month of the
    horizon. Months are equally long."""
    months, last = len(calendar.months), float(calendar.horizon_months - 1)
    named = zip(table.select("zone_id", "class_id"), table.select(*COLUMNS), strict=True)
    for (zone, w), (gwh, kw, duration, per_year, growth, first) in named:
        asked = [0.0] * months
        gap = 12.0 / per_year
        begin = float(month_number(first) - month_number(calendar.start)) if first else 0.0
        number = max(0, ceil(-(begin + duration) / gap))  # the first that is not over when the plan begins
        while (at := begin + number * gap) < months:
            grown = max(0.0, min(at, last) - begin)
            kh100e = 1e3 * gwh * (1.0 + growth) ** (grown / 12.0) / (duration * HOURS_PER_MEAN_MONTH) / kw
            for t in range(max(0, int(at)), min(months, int(at + duration) + 1)):
                asked[t] += kh100e * max(0.0, min(t + 1.0, at + duration) - max(float(t), at))
            number += 1
        yield zone, w, asked
