"""What a MWh of IT in orbit costs over the launch price, and what Earth pays or earns for it."""

from __future__ import annotations

from math import ceil, floor, log10
from typing import Any

import pandas as pd

from planner.write.report.charts import COLOURS, DASHES, FAINT, INK, NUMBER, rounded, spec
from planner.write.report.page_model import Figure, Key, Spec, Table
from planner.write.report.words import AGAINST, number, sentence

LINES = {"electricity": "var(--s3)", "electricity_and_hall": "var(--s2)", "dark_chip": "var(--s5)"}
CURVE_HEIGHT = 300


def curve_figure(name: str, curve: pd.DataFrame, even: pd.DataFrame, cost: pd.DataFrame) -> Figure:
    """USD per MWh over the launch price, with what Earth pays or earns as level lines."""
    known = even[even["target_usd_per_mwh"].notna()].to_dict("records")
    points = [
        {"x": rounded(float(x)), "y": rounded(float(y))}
        for x, y in zip(curve["launch_usd_per_kg"], curve["usd_per_mwh"], strict=True)
    ]
    last = cost.iloc[-1]
    here = {"x": rounded(float(last["launch_usd_per_kg"])), "y": rounded(float(last["usd_per_mwh"]))}
    dear, paid = number(float(last["usd_per_mwh"])), number(float(last["launch_usd_per_kg"]))
    now = f"{dear} USD per MWh at {paid} USD per kg in {last['year']:.0f}"
    levels = [
        {"k": str(row["against"]), "y": rounded(float(row["target_usd_per_mwh"])), "n": AGAINST[str(row["against"])]}
        for row in known
    ]
    crossed = [
        {
            "x": rounded(float(row["break_even_launch_usd_per_kg"])),
            "y": rounded(float(row["target_usd_per_mwh"])),
            "n": AGAINST[str(row["against"])],
        }
        for row in known
        if float(row["break_even_launch_usd_per_kg"]) >= 0
    ]
    keys = [Key("orbit", COLOURS[0], "0")]
    keys += [
        Key(f"{AGAINST[str(r['against'])]}, {number(float(r['target_usd_per_mwh']))}", LINES[str(r["against"])], _dash(r))
        for r in known
    ]
    rows = [
        [
            AGAINST[str(row["against"])],
            number(float(row["target_usd_per_mwh"])),
            even_words(row["break_even_launch_usd_per_kg"]),
        ]
        for row in known
    ]
    return Figure(
        id="break-even",
        title="Cost over the launch price",
        unit="USD per MWh of IT (logarithmic) over USD per kg launched",
        alt=f"Curve of the cost of a MWh of IT in orbit ({name}) over the launch price: {now}. "
        + " ".join(sentence(str(words)) for words in dict.fromkeys(even["words"])),
        spec=_curve_spec(points, levels, here, crossed),
        legend=keys,
        numbers=Table(["held against", "USD per MWh", "break-even launch, USD per kg"], rows, "Break-even"),
        note=f"Ring: where the plan stands, {now}. Dots: break-even." if crossed else f"Ring: where the plan stands, {now}.",
    )


def even_words(value: Any) -> str:
    """A launch price at which something breaks even; none is below nothing."""
    return "not even for free" if float(value) < 0 else number(float(value))


def _dash(row: dict[Any, Any]) -> str:
    return DASHES[1 + list(LINES).index(str(row["against"]))]


def _curve_spec(points: list[Any], levels: list[Any], here: Any, crossed: list[Any]) -> Spec:
    positive = [float(each["y"]) for each in (*points, *levels) if each["y"] and each["y"] > 0] or [1.0]
    scale = {"type": "log", "domain": [rounded(0.6 * min(positive), 3), rounded(1.7 * max(positive), 3)], "nice": False}
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
        "scale": scale,
        "axis": {"values": _ticks(min(positive), max(positive)), "format": NUMBER},
    }
    told = [
        {"field": "x", "type": "quantitative", "title": "launch, USD per kg", "format": NUMBER},
        {"field": "y", "type": "quantitative", "title": "USD per MWh", "format": NUMBER},
    ]
    named = [{"field": "n", "title": "against"}, *told[1:]]
    dashes = [[float(part) for part in DASHES[1 + i].split()] for i in range(len(LINES))]
    colour = {"field": "k", "legend": None, "scale": {"domain": list(LINES), "range": list(LINES.values())}}
    dash = {"field": "k", "legend": None, "scale": {"domain": list(LINES), "range": dashes}}
    layers: list[Spec] = [
        {
            "data": {"values": levels},
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"y": y, "color": colour, "strokeDash": dash, "tooltip": named},
        },
        {"mark": {"type": "line", "strokeWidth": 2.6, "color": COLOURS[0]}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "opacity": 0, "size": 90}, "encoding": {"x": x, "y": y, "tooltip": told}},
        {
            "data": {"values": crossed},
            "mark": {"type": "point", "filled": True, "size": 70, "color": INK, "opacity": 1},
            "encoding": {"x": x, "y": y, "tooltip": [named[0], *told]},
        },
        {
            "data": {"values": [here]},
            "mark": {"type": "point", "filled": False, "size": 150, "color": FAINT, "strokeWidth": 2.5, "opacity": 1},
            "encoding": {"x": x, "y": y, "tooltip": told},
        },
    ]
    return spec(CURVE_HEIGHT, data={"values": points}, layer=layers)


def _ticks(low: float, high: float) -> list[float]:
    """1, 2 and 5 of each power of ten, or only 1 where that would be too many."""
    powers = range(floor(log10(low)) - 1, ceil(log10(high)) + 2)
    return [digit * 10.0**power for power in powers for digit in ((1, 2, 5) if high < 300 * low else (1,))]
