"""The report on orbital designs as lines for a terminal: words first, then aligned tables, the boundary named on each."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import chain
from math import isnan
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.write.text.width import text_width

if TYPE_CHECKING:
    from planner.studies.crossover import Crossover
    from planner.studies.orbit_design import OrbitReport

AGAINST = {"electricity": "electricity", "electricity_and_hall": "and hall", "dark_chip": "dark chip"}
FREE_IS_TOO_DEAR = "none"
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def crossover_lines(found: Crossover) -> list[str]:
    """Everything that `planner crossover` prints for a person."""
    return found.lines()


def report_lines(report: OrbitReport) -> list[str]:
    """Everything that `planner orbit` prints for a person."""
    boundary = str(report.designs["boundary"].iloc[0])
    count = len(report.designs)
    lines = [f"{report.plan}: {count} orbital design{'' if count == 1 else 's'}. USD of orbit: {boundary}."]
    for _, design in report.designs.iterrows():
        lines += ["", *_words(design, report)]
    return [
        *lines,
        *_mass_table(report),
        *_area_table(report),
        *_cost_table(report),
        *_light_table(report),
        *_even_table(report),
    ]


def _words(design: pd.Series[Any], report: OrbitReport) -> list[str]:
    cost = report.cost[report.cost["design_id"] == design["design_id"]].iloc[-1]
    even = report.break_even[report.break_even["design_id"] == design["design_id"]]
    heat = f"at {design['radiator_temperature_c']:.0f} C"
    if design["cooling"] != "loop":
        heat = (
            f"of {design['cooling'].removeprefix('conduction in ')}, {design['radiator_temperature_c']:.0f} C under each chip"
        )
    mass = f"{design['kg_per_kw']:,.1f} kg per kW of IT."
    area = f"{design['array_m2_at_1_mw']:,.0f} m2 of array and {design['radiator_m2_at_1_mw']:,.0f} m2 of radiator {heat}"
    pitches = f"{design['array_pitches_at_1_gw']:,.0f} football pitches of array"
    launched = f"Launched in {cost['year']:.0f} at {cost['launch_usd_per_kg']:,.0f} USD per kg"
    price = f"{cost['capital_usd_per_kw']:,.0f} USD per kW, {cost['usd_per_mwh']:,.0f} USD per MWh of IT"
    sentences = [
        f"{mass} For 1 MW, {area}.",
        f"For 1 GW, {pitches} and {design['radiator_pitches_at_1_gw']:,.0f} of radiator.",
        f"{launched}: {price}.",
        *(f"{words}." for words in dict.fromkeys(even["words"])),
        (
            "That is one satellite over its whole life, without traffic and the chips lost in orbit. Whether the plan would "
            "launch it is for `planner crossover` to say."
        ),
    ]
    lines = [textwrap.wrap(text, text_width(), initial_indent="  ", subsequent_indent="    ") for text in sentences]
    return [f"{design['name'] or design['design_id']} ({design['design_id']})", *chain.from_iterable(lines)]


def _mass_table(report: OrbitReport) -> list[str]:
    names = list(dict.fromkeys(report.budget["component"]))
    rows = []
    for design_id, parts in report.budget.groupby("design_id", sort=False):
        kg = parts["kg_per_kw"].tolist()
        rows.append([str(design_id), *(f"{each:,.1f}" for each in kg), f"{sum(kg):,.1f}"])
    return _table("Mass, kg per kW of IT", ["design", *names, "all"], rows)


def _area_table(report: OrbitReport) -> list[str]:
    header = ["design", "array m2/kW", "radiator m2/kW", "array pitches/GW", "radiator pitches/GW", "radiator C", "net W/m2"]
    columns = ["array_m2_per_kw", "radiator_m2_per_kw", "array_pitches_at_1_gw", "radiator_pitches_at_1_gw"]
    columns += ["radiator_temperature_c", "net_flux_w_per_m2"]
    formats = ("{:,.2f}", "{:,.2f}", "{:,.0f}", "{:,.0f}", "{:,.0f}", "{:,.0f}")
    rows = [
        [str(design["design_id"]), *(form.format(design[name]) for name, form in zip(columns, formats, strict=True))]
        for _, design in report.designs.iterrows()
    ]
    return _table("Area and heat, per kW of IT; a football pitch is 7,140 m2", header, rows)


def _cost_table(report: OrbitReport) -> list[str]:
    header = ["design", "launched in", "launch USD/kg", "capital USD/kW", "USD/MWh of IT"]
    columns = ["launch_usd_per_kg", "capital_usd_per_kw", "usd_per_mwh"]
    rows, before = [], ""
    for _, cost in report.cost.iterrows():
        named = "" if cost["design_id"] == before else str(cost["design_id"])  # once for all its years
        rows.append([named, f"{cost['year']:.0f}", *(f"{cost[name]:,.0f}" for name in columns)])
        before = cost["design_id"]
    boundary = report.designs["boundary"].iloc[0]
    return _table(f"Cost by year of launch ({boundary})", header, rows)


def _light_table(report: OrbitReport) -> list[str]:
    months = list(dict.fromkeys(report.light["month"]))
    rows = [
        [str(design_id), *(f"{100 * frac:.0f}" for frac in parts["sunlit_frac"])]
        for design_id, parts in report.light.groupby("design_id", sort=False)
    ]
    header = ["design", *(MONTHS[int(month[5:]) - 1] for month in months)]
    return _table(f"Sunlit share of the month, %, {months[0]} to {months[-1]}", header, rows)


def _even_table(report: OrbitReport) -> list[str]:
    targets = [name for name in AGAINST if name in set(report.break_even["against"])]
    rows = []
    for design_id, parts in report.break_even.groupby("design_id", sort=False):
        target = parts.set_index("against")["target_usd_per_mwh"].to_dict()
        even = parts.set_index("against")["break_even_launch_usd_per_kg"].to_dict()
        cells = [cell for name in targets for cell in (_number(target[name]), _even(even[name]))]
        rows.append([str(design_id), *cells, _number(parts["launch_usd_per_kg_last_month"].iloc[0])])
    header = ["design", *(part for name in targets for part in (f"{AGAINST[name]} USD/MWh", "USD/kg")), "plan's last USD/kg"]
    title = "Launch price at which a MWh of IT in orbit costs what it costs or earns on Earth"
    title += f" ({FREE_IS_TOO_DEAR}: a free launch is too dear)"
    return _table(title, header, rows)


def _number(value: float) -> str:
    return "-" if isnan(value) else f"{value:,.0f}"


def _even(usd_per_kg: float) -> str:
    return FREE_IS_TOO_DEAR if usd_per_kg < 0 else _number(usd_per_kg)


def _table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A blank line, the title, and columns as wide as they must be: the first to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]

    def line(row: Sequence[str]) -> str:
        return "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )

    return ["", title, line(header), *map(line, rows)]
