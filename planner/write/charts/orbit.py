"""Charts of orbital designs: the cost of a MWh over the launch price, and one design in a picture, to scale."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import ceil, floor, log10
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.formats import number, percent, sentence
from planner.write.charts.bars import bars
from planner.write.charts.draw import svg
from planner.write.charts.series import COLOURS, CONFIG, DASHES, FAINT, INK, NUMBER, PAPER, Series, Spec, rounded, spec
from planner.write.names import AGAINST, MASS

if TYPE_CHECKING:
    from planner.studies.orbit_design import OrbitReport

LINES = {"electricity": "var(--s3)", "electricity_and_hall": "var(--s2)", "dark_chip": "var(--s5)"}
"""Colour of what a MWh in orbit is compared with."""

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
PITCH_M = (105.0, 68.0)
WIDTH, HEIGHT, COLUMN, RIGHT = 1000, 700, 460, 514
"""Of the picture: its size, that of a column, and where the second begins."""

GRASS = "#7fae6b"


def drawn(even: pd.DataFrame) -> pd.DataFrame:
    """The rows that are lines of the chart: what is known and has a colour."""
    return even[even["target_usd_per_mwh"].notna() & even["against"].isin(list(LINES))]


def break_even_curve(curve: pd.DataFrame, even: pd.DataFrame, cost: pd.DataFrame, height: int = 300) -> Spec:
    """USD per MWh over the launch price. Level lines: what the same MWh costs or earns on Earth, with a dot where the curve
    crosses them; ring: the last year of the plan."""
    points = [
        {"x": rounded(float(x)), "y": rounded(float(y))}
        for x, y in zip(curve["launch_usd_per_kg"], curve["usd_per_mwh"], strict=True)
    ]
    last = cost.iloc[-1]
    here = {"x": rounded(float(last["launch_usd_per_kg"])), "y": rounded(float(last["usd_per_mwh"]))}
    levels = [
        {
            "k": row["against"],
            "n": AGAINST[row["against"]],
            "x": rounded(float(row["break_even_launch_usd_per_kg"])),
            "y": rounded(float(row["target_usd_per_mwh"])),
        }
        for row in drawn(even).to_dict("records")
    ]
    crossed = [each for each in levels if each["x"] is not None and each["x"] >= 0]
    positive = [float(each["y"]) for each in (*points, *levels) if each["y"] and each["y"] > 0] or [1.0]
    low, high = min(positive), max(positive)
    x = {
        "field": "x",
        "type": "quantitative",
        "title": "launch price, USD per kg",
        "scale": {"nice": False},
        "axis": {"tickCount": 6, "format": NUMBER},
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "title": None,
        "scale": {"type": "log", "domain": [rounded(0.6 * low, 3), rounded(1.7 * high, 3)], "nice": False},
        "axis": {"values": _ticks(low, high), "format": NUMBER},
    }
    told = [
        {"field": "x", "type": "quantitative", "title": "launch, USD per kg", "format": NUMBER},
        {"field": "y", "type": "quantitative", "title": "USD per MWh", "format": NUMBER},
    ]
    named = {"field": "n", "title": "compared with"}
    dashes = [[float(part) for part in DASHES[1 + i].split()] for i in range(len(LINES))]
    colour = {"field": "k", "legend": None, "scale": {"domain": list(LINES), "range": list(LINES.values())}}
    dash = {"field": "k", "legend": None, "scale": {"domain": list(LINES), "range": dashes}}
    layers: list[Spec] = [
        {
            "data": {"values": levels},
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"y": y, "color": colour, "strokeDash": dash, "tooltip": [named, told[1]]},
        },
        {"mark": {"type": "line", "strokeWidth": 2.6, "color": COLOURS[0]}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "opacity": 0, "size": 90}, "encoding": {"x": x, "y": y, "tooltip": told}},
        {
            "data": {"values": crossed},
            "mark": {"type": "point", "filled": True, "size": 70, "color": INK, "opacity": 1},
            "encoding": {"x": x, "y": y, "tooltip": [named, *told]},
        },
        {
            "data": {"values": [here]},
            "mark": {"type": "point", "filled": False, "size": 150, "color": FAINT, "strokeWidth": 2.5, "opacity": 1},
            "encoding": {"x": x, "y": y, "tooltip": told},
        },
    ]
    return spec(height, data={"values": points}, layer=layers)


def _ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 of each power of ten, or only 1 where that would be too many."""
    powers = range(floor(log10(low)) - 1, ceil(log10(high)) + 2)
    return [digit * 10.0**power for power in powers for digit in ((1, 2, 5) if high < 300 * low else (1,))]


def mass_bars(budget: pd.DataFrame, row_px: int = 30) -> Spec:
    """Kilograms per kW of IT by component."""
    kg = [float(each) for each in budget["kg_per_kw"]]
    names = [MASS.get(str(each), str(each)) for each in budget["component"]]
    return bars(names, [Series("mass", kg, COLOURS[0])], "kg per kW", [number(each) for each in kg], row_px)


def _light_bars(light: pd.DataFrame, ride_through_frac: float) -> Spec:
    """What computes in each of twelve months: in the sun, and on battery in the shadow; in percent of the load."""
    rows = []
    for month, frac in zip(light["month"], light["sunlit_frac"], strict=True):
        name = MONTHS[int(month[5:]) - 1]
        rows.append({"m": name, "k": "in the sun", "o": 0, "v": 100 * frac, "t": f"{100 * frac:.0f}"})
        rows.append({"m": name, "k": "on battery", "o": 1, "v": 100 * ride_through_frac * (1 - frac), "t": ""})
    x = {"field": "m", "type": "ordinal", "sort": None, "title": None, "axis": {"labelAngle": 0, "ticks": False}}
    y = {"field": "v", "type": "quantitative", "title": None, "scale": {"domain": [0, 100]}, "axis": {"tickCount": 4}}
    keys = {"domain": ["in the sun", "on battery"], "range": ["var(--s2)", "var(--s4)"]}
    drawn = {
        "mark": {"type": "bar"},
        "encoding": {
            "x": x,
            "y": {**y, "stack": "zero"},
            "color": {"field": "k", "type": "nominal", "scale": keys, "title": None, "legend": {"orient": "top"}},
            "order": {"field": "o", "type": "quantitative"},
        },
    }
    words = {"mark": {"type": "text", "dy": -10}, "encoding": {"x": x, "y": {"datum": 0}, "text": {"field": "t"}}}
    return spec(190, data={"values": rows}, layer=[drawn, words])


def orbit_picture(report: OrbitReport, design_id: str) -> str:
    """One design as an SVG of 1,000 by 700 pixels: mass, size beside a football pitch, cost over the launch price, light.

    The same report gives the same text. Raises KeyError for a design that is not in the report."""
    part = {name: table[table["design_id"] == design_id] for name, table in report.tables().items()}
    if part["designs"].empty:
        raise KeyError(design_id)
    design, cost = part["designs"].iloc[0].to_dict(), part["cost"].iloc[-1]
    orbit = f"{design['altitude_km']:,.0f} km, node at {design['node_local_time_h']:g} h"
    price = f"launched in {cost['year']:.0f} at {cost['launch_usd_per_kg']:,.0f} USD per kg: "
    price += f"{cost['capital_usd_per_kw']:,.0f} USD per kW, {cost['usd_per_mwh']:,.0f} USD per MWh of IT"
    light, ride = part["light"], float(design["ride_through_frac"])
    eclipse = f"Longest eclipse {60 * float(design['longest_eclipse_h']):.0f} minutes"
    span = f"{light['month'].iloc[0]} to {light['month'].iloc[-1]}"
    mass = svg(mass_bars(part["budget"], 24), "mass", width=COLUMN)
    curve = svg(break_even_curve(part["curve"], part["break_even"], part["cost"], 150), "curve", width=COLUMN)
    top, bottom = 96, 392
    drawn = [
        _words(16, 38, design["name"] or design_id, 22, weight=700),
        _words(16, 62, f"{orbit}   |   {design['kg_per_kw']:,.1f} kg per kW   |   {price}", 13),
        _words(16, top, f"Mass, kg per kW of IT: {number(float(part['budget']['kg_per_kw'].sum()))}", 14, weight=700),
        _placed(16, top + 8, mass),
        _words(RIGHT, top, "Size at 1 MW of IT, to scale", 14, weight=700),
        _placed(RIGHT, top + 18, _size(design)),
        _words(16, bottom, "USD per MWh of IT over the launch price (logarithmic)", 14, weight=700),
        *_compared(16, bottom + 20, part["break_even"], cost),
        _placed(16, bottom + 84, curve),
        _words(RIGHT, bottom, f"Share of the month in the sun, %, {span}", 14, weight=700),
        _placed(RIGHT, bottom + 8, svg(_light_bars(light, ride), "light", width=COLUMN)),
        _words(RIGHT, bottom + 266, f"{eclipse}, in which {percent(ride)} of the load runs on battery.", colour=FAINT),
        _words(16, HEIGHT - 12, f"Plan {report.plan}. Cost of orbit: {design['boundary']}. Per kW of IT.", 11, FAINT),
    ]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="{escape(CONFIG["font"])}">'
    return f'{head}<rect width="100%" height="100%" fill="{PAPER}"/>{"".join(drawn)}</svg>'


def _placed(x: float, y: float, drawn: str) -> str:
    return f'<g transform="translate({x},{y})">{drawn}</g>'


def _words(x: float, y: float, text: str, size: int = 12, colour: str = INK, weight: int = 400) -> str:
    return f'<text x="{x:g}" y="{y:g}" font-size="{size}" fill="{colour}" font-weight="{weight}">{escape(text)}</text>'


def _compared(x: float, y: float, even: pd.DataFrame, cost: pd.Series[Any]) -> list[str]:
    """The legend of the curve: what each line is, and where the curve crosses it."""
    entries = [(COLOURS[0], "", f"orbit, launched in {cost['year']:.0f}: {number(float(cost['usd_per_mwh']))}")]
    for row in drawn(even).to_dict("records"):
        at = float(row["break_even_launch_usd_per_kg"])
        said = "a free launch is too dear" if at < 0 else f"breaks even at {number(at)} USD per kg"
        words = f"{AGAINST[row['against']]}, {number(float(row['target_usd_per_mwh']))}: {said}"
        entries.append((LINES[row["against"]], DASHES[1 + list(LINES).index(row["against"])], words))
    shown = []
    for at, (colour, dash, text) in enumerate(entries):
        level = y + 17 * at
        line = f'<line x1="{x}" x2="{x + 22}" y1="{level - 4}" y2="{level - 4}" stroke="{colour}" stroke-width="2.4"'
        shown += [f'{line} stroke-dasharray="{dash or "none"}"/>', _words(x + 30, level, sentence(text).removesuffix("."))]
    return shown


def _size(design: Mapping[Any, Any]) -> str:
    """Array and radiator of 1 MW below a football pitch, all to one scale."""
    length, width = PITCH_M
    array, radiator = float(design["array_m2_at_1_mw"]), float(design["radiator_m2_at_1_mw"])
    height = ((array + radiator) / 5) ** 0.5  # about five times as long as wide
    wing, panel, gap, top = array / 2 / height, radiator / 2 / height, 0.1 * height, width + 0.3 * height
    end = 2 * (wing + panel) + 3 * gap
    scale = min(COLUMN / max(end, length + 60), 190 / (top + height))  # pixels a metre
    line = f'stroke="{PAPER}" stroke-width="{1 / scale:g}"'
    boxes = [f'<rect width="{length}" height="{width}" fill="{GRASS}"/>']
    boxes += [f'<line x1="{length / 2}" x2="{length / 2}" y2="{width}" {line}/>']
    boxes += [f'<circle cx="{length / 2}" cy="{width / 2}" r="9.15" fill="none" {line}/>']
    boxes += [
        f'<rect x="{x}" y="{width / 2 - 20.16}" width="16.5" height="40.32" fill="none" {line}/>' for x in (0, length - 16.5)
    ]
    beam = f'stroke="{INK}" stroke-width="{1.4 / scale:g}"'
    boxes.append(f'<line x1="{wing:g}" x2="{end - wing:g}" y1="{top + height / 2:g}" y2="{top + height / 2:g}" {beam}/>')
    x = 0.0
    for size, colour, folds in ((wing, COLOURS[0], 8), (panel, COLOURS[4], 1), (panel, COLOURS[4], 1), (wing, COLOURS[0], 8)):
        box = f'y="{top:g}" width="{size / folds:g}" height="{height:g}" fill="{colour}" {line}'
        boxes += [f'<rect x="{x + size * fold / folds:g}" {box}/>' for fold in range(folds)]
        x += size + gap
    heat = f"{design['radiator_temperature_c']:.0f} °C"
    if design["cooling"] != "loop":
        heat = f"{design['cooling'].removeprefix('conduction in ')}, {heat} under the chip"
    pitches = [number(float(design[f"{part}_pitches_at_1_gw"])) for part in ("array", "radiator")]
    net = f"{design['net_flux_w_per_m2']:,.0f} W/m²"
    below = scale * (top + height) + 18
    said = [
        _words(scale * length + 10, 12, "Football pitch, 7,140 m²"),
        _words(0, below, f"Array {number(array)} m²", colour=COLOURS[0]),
        _words(0, below + 17, f"Radiator {number(radiator)} m²: {heat}, {net} net", colour=COLOURS[4]),
        _words(0, below + 34, f"For 1 GW: {pitches[0]} pitches of array, {pitches[1]} of radiator"),
    ]
    return f'<g transform="scale({scale:g})">{"".join(boxes)}</g>{"".join(said)}'
