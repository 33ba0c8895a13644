"""Orbital designs, and how far orbit is from the least-cost plan, as lines for a terminal."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.formats import count, month_name, percent, sentence
from planner.schema.break_even import LIFE
from planner.schema.glossary import COST_SCOPES
from planner.write.names import AGAINST, Names
from planner.write.text.layout import bullets, table, wrapped

if TYPE_CHECKING:
    from planner.studies.crossover import Crossover
    from planner.studies.orbit_design import OrbitReport

FREE_IS_TOO_DEAR = "none"
COUNTED = (
    "Each threshold is the value at which the first launch of any design becomes part of the plan, found by changing all "
    "months alike and solving again; a report counts one launch alone, the closest by value of compute, at the prices of "
    "its plan and of its month."
)
"""What tells a threshold from the break-even in a report."""
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def crossover_lines(found: Crossover) -> list[str]:
    """Everything that `planner crossover` prints for a person."""
    names, lines = Names(found.inputs), list[str]()
    for scope, entry in found.entries.items():
        lines += [""] if lines else []
        lines += wrapped(f"Cost scope {COST_SCOPES[scope]}: {_distance_words(entry, found.closest[scope], names)}.")
        rows = found.thresholds[found.thresholds["boundary"] == scope]
        lines += bullets([*(sentence(text) for text in rows["text"]), sentence(found.tonnes[scope])])
    lines += ["", *wrapped(sentence(found.agreement))] if found.agreement else []
    return [*lines, "", *wrapped(COUNTED)]


def _distance_words(entry: pd.DataFrame, closest: dict[str, Any] | None, names: Names) -> str:
    """The month in which orbit becomes the cheapest place for the next chip, or where it is closest."""
    if closest is None:
        return "no launch in this plan would serve within it"
    cheapest = entry[entry["cost_usd_per_h100e_h"].notna() & (entry["gap_usd_per_kw"] <= 0.0)].to_dict("records")
    if cheapest:
        design, month = names(cheapest[0]["design_id"]), month_name(cheapest[0]["month"])
        return f"orbit is the cheapest place for the next chip from {month} on ({design})"
    gap, cost = float(closest["gap_usd_per_kw"]), float(closest["cost_usd_per_kw"])
    where = f"{names(closest['design_id'])}, launched in {month_name(closest['month'])}"
    short = f"{percent(gap / cost)} less than the {cost:,.0f} USD per kW it costs within the plan"
    return f"orbit is not the cheapest place for the next chip in any month; at best ({where}) it earns {short}"


def report_lines(report: OrbitReport) -> list[str]:
    """Everything that `planner orbit` prints for a person."""
    designs = report.designs
    lines = wrapped(f"{report.plan}: {count(len(designs), 'orbital design')}. Cost of orbit: {designs['boundary'].iloc[0]}.")
    for design in designs.to_dict("records"):
        lines += ["", f"{design['name'] or design['design_id']} ({design['design_id']})", *bullets(_sentences(design, report))]
    return [
        *lines,
        *_mass_table(report),
        *_area_table(designs),
        *_cost_table(report.cost),
        *_light_table(report.light),
        *_break_even_table(report.break_even),
    ]


def _sentences(design: dict[Any, Any], report: OrbitReport) -> list[str]:
    cost = report.cost[report.cost["design_id"] == design["design_id"]].iloc[-1]
    even = report.break_even[report.break_even["design_id"] == design["design_id"]]
    heat = f"at {design['radiator_temperature_c']:.0f} C"
    if design["cooling"] != "loop":
        spreader = design["cooling"].removeprefix("conduction in ")
        heat = f"of {spreader}, {design['radiator_temperature_c']:.0f} C under each chip"
    area = f"{design['array_m2_at_1_mw']:,.0f} m2 of array and {design['radiator_m2_at_1_mw']:,.0f} m2 of radiator {heat}"
    pitches = f"{design['array_pitches_at_1_gw']:,.0f} football pitches of array"
    launched = f"Launched in {cost['year']:.0f} at {cost['launch_usd_per_kg']:,.0f} USD per kg"
    return [
        f"{design['kg_per_kw']:,.1f} kg per kW of IT. For 1 MW, {area}.",
        f"For 1 GW, {pitches} and {design['radiator_pitches_at_1_gw']:,.0f} of radiator.",
        f"{launched}: {cost['capital_usd_per_kw']:,.0f} USD per kW, {cost['usd_per_mwh']:,.0f} USD per MWh of IT.",
        *(f"{words}." for words in dict.fromkeys(even["words"])),
        "This is one satellite over its whole life, without traffic or chips lost in orbit.",
        "`planner crossover` says whether the plan would launch it.",
    ]


def _mass_table(report: OrbitReport) -> list[str]:
    names = list(dict.fromkeys(report.budget["component"]))
    rows = []
    for design_id, parts in report.budget.groupby("design_id", sort=False):
        kg = parts["kg_per_kw"].tolist()
        rows.append([str(design_id), *(f"{each:,.1f}" for each in kg), f"{sum(kg):,.1f}"])
    return table(["design", *("IT" if name == "it" else name for name in names), "sum"], rows, "Mass, kg per kW of IT")


def _area_table(designs: pd.DataFrame) -> list[str]:
    columns = {
        "array_m2_per_kw": ("array m2/kW", 2),
        "radiator_m2_per_kw": ("radiator m2/kW", 2),
        "array_pitches_at_1_gw": ("array pitches/GW", 0),
        "radiator_pitches_at_1_gw": ("radiator pitches/GW", 0),
        "radiator_temperature_c": ("radiator C", 0),
        "net_flux_w_per_m2": ("net W/m2", 0),
    }
    rows = [
        [str(design["design_id"]), *(f"{design[name]:,.{digits}f}" for name, (_, digits) in columns.items())]
        for design in designs.to_dict("records")
    ]
    head = ["design", *(words for words, _ in columns.values())]
    return table(head, rows, "Area and heat, per kW of IT; a football pitch is 7,140 m2")


def _cost_table(cost: pd.DataFrame) -> list[str]:
    columns = {"launch_usd_per_kg": "launch USD/kg", "capital_usd_per_kw": "capital USD/kW", "usd_per_mwh": "USD/MWh of IT"}
    known: set[str] = set()
    rows = []
    for row in cost.to_dict("records"):
        design = "" if row["design_id"] in known else str(row["design_id"])  # once for all its years
        known.add(row["design_id"])
        rows.append([design, f"{row['year']:.0f}", *(f"{row[name]:,.0f}" for name in columns)])
    return table(["design", "launched in", *columns.values()], rows, "Cost by year of launch")


def _light_table(light: pd.DataFrame) -> list[str]:
    months = list(dict.fromkeys(light["month"]))
    rows = [
        [str(design_id), *(f"{100 * frac:.0f}" for frac in parts["sunlit_frac"])]
        for design_id, parts in light.groupby("design_id", sort=False)
    ]
    head = ["design", *(MONTHS[int(month[5:]) - 1] for month in months)]
    return table(head, rows, f"Share of the month in the sun, %, {months[0]} to {months[-1]}")


def _break_even_table(break_even: pd.DataFrame) -> list[str]:
    """The break-evens over the whole life, in the words of the result table `orbit_break_even`."""
    rows = []
    for row in break_even.to_dict("records"):
        cells = (row["target_usd_per_mwh"], row["launch_usd_per_kg_last_month"])
        target, paid = (_whole(float(value)) for value in cells)
        rows.append([str(row["design_id"]), AGAINST[row["against"]], target, paid, _even(row["break_even_launch_usd_per_kg"])])
    head = ["design", "compared with", "USD/MWh", "plan's USD/kg", "break-even USD/kg"]
    title = f"Launch price at which a MWh of IT in orbit costs what it costs or earns on Earth, {LIFE}"
    return table(head, rows, f"{title} ({FREE_IS_TOO_DEAR}: not even a free launch)")


def _whole(value: float) -> str:
    return "-" if isnan(value) else f"{value:,.0f}"


def _even(usd_per_kg: float) -> str:
    return FREE_IS_TOO_DEAR if usd_per_kg < 0 else _whole(usd_per_kg)
