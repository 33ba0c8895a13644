"""The pile of dark chips against power."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from planner.formats import percent, watts
from planner.write.charts.series import Series, stacked
from planner.write.report.page_model import Figure, Section
from planner.write.report.reading import Reading, first_and_last, legend, month_table, power_unit

PARTS = {
    "powered on Earth": ("housed_kunit", "var(--s1)"),
    "in orbit": ("orbit_kunit", "var(--s4)"),
    "in commissioning": ("commissioning_kunit", "var(--s7)"),
    "displaced by newer ones": ("displaced_kunit", "var(--s0)"),
    "dark": ("dark_kunit", "var(--s5)"),
}
"""Where a chip can be, from the bottom of the pile up: column of `chips`, colour."""

DARK_LEAST_MW = 1.0


def section(run: Reading) -> Section:
    """Two areas over the months, in GW of IT and in compute; all chips that were delivered and have not failed."""
    power, compute = _series(run, "kw_per_unit"), _series(run, "h100e_per_unit")
    scale, unit = power_unit(max((sum(values) for values in zip(*(each.values for each in power), strict=True)), default=0.0))
    lead = _lead(power)
    power = [replace(each, values=[scale * value for value in each.values]) for each in power]
    compute = [replace(each, values=[1e-3 * value for value in each.values]) for each in compute]
    figures = []
    for key, title, words, series in (
        ("pile-power", "In power", f"{unit} of IT nameplate, end of the month", power),
        ("pile-compute", "In compute", "million H100-equivalents, end of the month", compute),
    ):
        if series:
            alt = f"Stacked areas of accelerators by state, {first_and_last(run.months, series, words)}"
            numbers = month_table(run.months, series, words)
            figures.append(Figure(key, title, words, alt, stacked(run.months, series), legend=legend(series), numbers=numbers))
    return Section("chips", "Chips against power", lead=lead, figures=figures)


def _series(run: Reading, per_unit: str) -> list[Series]:
    """Thousand units times kW are MW, times H100e thousand H100e."""
    chips, fact = run.table("chips"), run.facts("accelerators", "generation_id", per_unit)
    if chips.empty:
        return []
    each = chips["generation_id"].map(fact).fillna(0.0)
    found = []
    for name, (column, colour) in PARTS.items():
        sums = (chips[column] * each).groupby(chips["month"]).sum().reindex(run.months).fillna(0.0)
        if float(sums.abs().max()) > 0:
            found.append(Series(name, sums.tolist(), colour))
    return found


def _lead(power: list[Series]) -> str:
    end = pd.Series({each.name: each.values[-1] for each in power}, dtype=float)
    total, dark = float(end.sum()), float(end.get("dark", 0.0))
    if not total:
        return ""
    if dark < DARK_LEAST_MW:
        return "Every chip that is delivered finds power."
    displaced = float(end.get("displaced by newer ones", 0.0))
    more = f", and {watts(displaced)} were switched off for newer ones" if displaced >= DARK_LEAST_MW else ""
    return (
        f"Of {watts(total)} of accelerators in the end, {watts(dark)} ({percent(dark / total)}) are dark: "
        f"delivered, and nowhere is there power for them{more}."
    )
