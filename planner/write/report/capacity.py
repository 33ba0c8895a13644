"""Chips by state, and capacity by place and by option of power, over the months."""

from __future__ import annotations

from dataclasses import replace

from planner.formats import count, month_name, percent, usd, watts
from planner.schema.glossary import DARK_REASONS
from planner.write.charts.series import Series
from planner.write.report.page_model import Figure, Section, Table
from planner.write.report.reading import Reading, areas, power_unit

DARK_COLOURS = ("var(--s5)", "var(--s2)", "var(--s6)", "var(--s3)")
STATES = {
    "powered on Earth": ("chips", "housed_kunit", "var(--s1)"),
    "in orbit": ("chips", "orbit_kunit", "var(--s4)"),
    "in commissioning": ("chips", "commissioning_kunit", "var(--s7)"),
    "retired early": ("chips", "displaced_kunit", "var(--s0)"),
    **{
        f"dark, {words}": ("dark", f"{reason}_kunit", colour)
        for (reason, words), colour in zip(DARK_REASONS.items(), DARK_COLOURS, strict=True)
    },
}
"""What a chip can be, from the bottom of the pile up: table, column, colour."""

FIRM = "Chips are installed on firm power: of sun, wind and storage, the part that counts in the worst hour."
DARK_LEAST_MW = 1.0


def chips(run: Reading) -> Section:
    """All chips that were delivered and have not failed, in GW of IT and in compute."""
    power, compute = _by_state(run, "kw_per_unit"), _by_state(run, "h100e_per_unit")
    scale, unit = power_unit(max((sum(values) for values in zip(*(each.values for each in power), strict=True)), default=0.0))
    lead = _lead(run, power)
    power = [replace(each, values=[scale * value for value in each.values]) for each in power]
    compute = [replace(each, values=[1e-3 * value for value in each.values]) for each in compute]
    by_owner = run.by_month("owners", "owner_id", "dark_mw", scale)
    figures = [
        areas(run, "pile-power", "In power", f"{unit} of IT nameplate, end of the month", power),
        areas(run, "pile-compute", "In compute", "million H100-equivalents, end of the month", compute),
        areas(run, "dark-by-owner", "Dark, by owner", f"{unit} of IT nameplate, end of the month", run.largest(by_owner)),
    ]
    shown = [each for each in figures if each is not None]
    return Section(
        "chips", "Chips by state", lead=lead, paragraphs=[*run.said("dark_worst"), *run.said("chips_short")], figures=shown
    )


def projects(run: Reading) -> Section | None:
    """What is decided on as a whole or in part: taken or not, from when on, and its capital; nothing for a plan without."""
    found = run.table("projects")
    if found.empty:
        return None
    rows = [
        [
            str(row["project_id"]),
            "whole or not at all" if row["whole"] == "yes" else "also in part",
            month_name(str(row["start_month"])) if row["start_month"] else "not taken",
            percent(float(row["taken_frac"])),
            f"{float(row['hall_mw']):,.0f}",
            f"{float(row['power_mw']):,.0f}",
            usd(1e6 * float(row["capital_musd"])),
        ]
        for row in found.to_dict("records")
    ]
    head = ["project", "", "from", "taken", "halls, MW of IT", "power, MW", "capital of what is taken"]
    lead = f"{int((found['taken_frac'] > 0).sum())} of {count(len(found), 'project')} taken. "
    if run.finished.verdict.choice:
        lead += "The prices in this report are those of the plan with the whole projects as chosen. "
    lead += "`planner explain` says of each what the other choice would cost, and at what capital it would turn."
    return Section("projects", "Projects", lead=lead, tables=[Table(head, rows, "Projects that the plan decides on", 3)])


def _by_state(run: Reading, per_unit: str) -> list[Series]:
    """Thousand units times kW are MW, times H100e thousand H100e."""
    fact = run.facts("accelerators", "generation_id", per_unit)
    found = []
    for name, (source, column, colour) in STATES.items():
        if (table := run.table(source)).empty:
            continue
        each = table["generation_id"].map(fact).astype(float).fillna(0.0)
        sums = (table[column] * each).groupby(table["month"]).sum().reindex(run.months).fillna(0.0)
        if float(sums.abs().max()) > 0:
            found.append(Series(name, sums.tolist(), colour))
    return found


def _lead(run: Reading, power: list[Series]) -> str:
    end = {each.name: float(each.values[-1]) for each in power}
    total = sum(end.values())
    dark = sum(mw for name, mw in end.items() if name.startswith("dark"))
    if not total:
        return ""
    states = [f"{watts(mw)} {name}" for name, mw in end.items() if not name.startswith("dark") and mw >= DARK_LEAST_MW]
    share = f"{watts(dark)} ({percent(dark / total)}) dark, which is delivered but not installed"
    states.append(share if dark >= DARK_LEAST_MW else "none dark")
    return f"Of {watts(total)} of accelerators at the end of {month_name(run.last)}: {', '.join(states)}."


def capacity(run: Reading) -> Section:
    """IT by place and power by option."""
    placed, powered = run.by_month("fleet", "place_id", "it_nameplate_mw"), run.by_month("power", "option_id", "firm_mw")
    scale, unit = power_unit(float(powered.sum(axis=1).max()) if powered.size else 0.0)
    places, options = run.largest(placed * scale, noun="other places"), run.options(powered * scale)
    found: list[Figure | None] = [
        areas(run, "by-place", "By place", f"{unit} of IT nameplate installed, end of the month", places, 300),
        areas(run, "by-option", "Firm power by option", f"{unit} at the facility in service, end of the month", options, 300),
    ]
    figures = [each for each in found if each is not None]
    lead = FIRM if figures else "Nothing is installed and no power is in service in this plan."
    return Section("capacity", "Capacity", lead=lead, figures=figures)
