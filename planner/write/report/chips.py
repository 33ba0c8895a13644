"""The pile of dark chips against power."""

from __future__ import annotations

import pandas as pd

from planner.write.report.charts import Series, stacked
from planner.write.report.model import Figure, Section
from planner.write.report.reading import Reading, first_and_last, legend, month_table
from planner.write.report.words import number, percent

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
    power, compute = (_series(run, column, scale) for column, scale in (("kw_per_unit", 1e-3), ("h100e_per_unit", 1e-3)))
    figures = []
    for key, title, unit, series in (
        ("pile-power", "In power", "GW of IT nameplate, end of the month", power),
        ("pile-compute", "In compute", "million H100-equivalents, end of the month", compute),
    ):
        if series:
            alt = f"Stacked areas of accelerators by state, {first_and_last(run.months, series, unit)}"
            numbers = month_table(run.months, series, unit)
            figures.append(Figure(key, title, unit, alt, stacked(run.months, series), legend=legend(series), numbers=numbers))
    return Section("chips", "Chips against power", lead=_lead(power), figures=figures)


def _series(run: Reading, per_unit: str, scale: float) -> list[Series]:
    """Thousand units times kW is MW, times H100e is thousand H100e: a thousandth of either is GW or million H100e."""
    chips, fact = run.table("chips"), run.facts("accelerators", "generation_id", per_unit)
    if chips.empty:
        return []
    each = chips["generation_id"].map(fact).fillna(0.0) * scale
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
    if 1e3 * dark < DARK_LEAST_MW:
        return "Every chip that is delivered finds power."
    displaced = float(end.get("displaced by newer ones", 0.0))
    more = f", and {number(displaced)} GW were switched off for newer ones" if 1e3 * displaced >= DARK_LEAST_MW else ""
    return (
        f"Of {number(total)} GW of accelerators in the end, {number(dark)} GW ({percent(dark / total)}) are dark: "
        f"delivered, and nowhere is there power for them{more}."
    )
