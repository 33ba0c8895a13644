"""Capacity by region and by option of power."""

from __future__ import annotations

import pandas as pd

from planner.write.charts.series import COLOURS, OTHER, Series, stacked
from planner.write.report.page_model import Figure, Section
from planner.write.report.reading import MOST_SERIES, Reading, first_and_last, legend, month_table, power_unit


def section(run: Reading) -> Section:
    """IT by place and power by option, in GW, over the months."""
    placed, powered = run.by_month("fleet", "place_id", "it_nameplate_mw"), run.by_month("power", "option_id", "capacity_mw")
    scale, watts = power_unit(float(powered.sum(axis=1).max()) if powered.size else 0.0)
    places, options = run.largest(placed * scale, noun="other places"), _options(run, powered * scale)
    figures = []
    for key, title, unit, series in (
        ("by-place", "By place", f"{watts} of IT nameplate installed, end of the month", places),
        ("by-option", "By option of power", f"{watts} at the facility in service, end of the month", options),
    ):
        if series:
            alt = f"Stacked areas. {first_and_last(run.months, series, unit)}"
            numbers = month_table(run.months, series, unit)
            figures.append(
                Figure(key, title, unit, alt, stacked(run.months, series, 300), legend=legend(series), numbers=numbers)
            )
    lead = "" if figures else "Nothing is installed and no power is in service in this plan."
    return Section("capacity", "Capacity", lead=lead, figures=figures)


def _options(run: Reading, sums: pd.DataFrame) -> list[Series]:
    """In the order of the inputs, so that the grid lies at the bottom."""
    sums = sums.loc[:, (sums > 0).any()] if sums.size else sums
    order = [option for option in run.ids("options", "option_id") if option in sums]
    if len(order) > MOST_SERIES:
        return run.largest(sums, noun="other options")
    colours = dict(zip(order, (*COLOURS, OTHER), strict=False))
    return [Series(run.names(option), sums[option].tolist(), colours[option]) for option in order]
