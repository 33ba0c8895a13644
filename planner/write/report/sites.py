"""The map: every site as a bubble that grows with the months, and orbit apart from it."""

from __future__ import annotations

import json
from math import floor, log10
from typing import Any

import numpy as np

from planner.formats import count, month_name, number, watts
from planner.write.charts.series import FAINT, INK, NUMBER, PAPER, Spec, rounded, spec
from planner.write.report.page import asset
from planner.write.report.page_model import Figure, Section, Slider, Table
from planner.write.report.reading import Reading

WIDTH, PAPER_WIDTH, ASPECT = 1100, 760, 0.42
LARGEST_PX2 = 1500.0
"""Area of the largest bubble on a map 1,100 wide; it shrinks with the map, more slowly."""


def section(run: Reading) -> Section:
    """World map with a slider over the months."""
    sums = run.by_month("fleet", "place_id", "it_nameplate_mw")
    sums = sums.reindex(columns=[*run.regions, *run.designs]).fillna(0.0)
    earth, orbit = sums[run.regions], sums[run.designs].sum(axis=1)
    largest = max(1.0, float(np.nanmax(sums.to_numpy(dtype=float), initial=0.0)), float(orbit.max()))
    readouts = [
        f"{month_name(month)}: {watts(float(row.sum()))} of IT on Earth in {count(int((row > 0).sum()), 'site')}"
        + (f", {watts(above)} in orbit" if run.designs else "")
        for month, row, above in zip(run.months, earth.to_numpy(dtype=float), orbit.tolist(), strict=True)
    ]
    slider = Slider("month", "Month", [month_name(month) for month in run.months], readouts)
    ranking = earth.iloc[-1].sort_values(ascending=False, kind="stable")
    rows = [
        [run.names.full.get(str(site), str(site)), number(float(earth[site].iloc[0])), number(float(mw))]
        for site, mw in ranking.items()
    ]
    rows += [
        [run.names(design), number(float(sums[design].iloc[0])), number(float(sums[design].iloc[-1]))] for design in run.designs
    ]
    top = ", ".join(f"{run.names(str(site))} {watts(float(mw))}" for site, mw in ranking.head(5).items())
    figure = Figure(
        id="map",
        title="Where the chips are installed",
        unit="IT nameplate installed, end of the month; the area of a bubble is its capacity",
        alt=f"World map with a bubble a site. {readouts[-1]}. Largest: {top}.",
        spec=_spec(run, sums, orbit.tolist(), largest),
        width=PAPER_WIDTH,
        numbers=Table(["site", f"MW in {month_name(run.months[0])}", f"MW in {month_name(run.last)}"], rows, "MW of IT"),
        slider=slider,
        wide=True,
        note=f"For scale, the dashed ring is {_ring_words(largest)}."
        + (" What is in orbit is drawn inside it." if run.designs else ""),
    )
    return Section("sites", "Sites", figures=[figure])


def _spec(run: Reading, sums: Any, orbit: list[float], largest: float) -> Spec:
    latitude, longitude = (run.facts("regions", "region_id", f"{name}_deg") for name in ("latitude", "longitude"))
    sites = [
        {
            "n": run.names.full.get(site, site),
            "lat": rounded(latitude[site]),
            "lon": rounded(longitude[site]),
            "mw": [rounded(value, 4) for value in sums[site].tolist()],
        }
        for site in run.regions
    ]
    area = f"{LARGEST_PX2} * width / {WIDTH} * {{}} / {largest:.6g}"
    bubble = {"type": "circle", "stroke": PAPER, "strokeWidth": 1, "fill": "var(--s1)", "fillOpacity": 0.82}
    told = [
        {"field": "n", "title": "site"},
        {"field": "now", "type": "quantitative", "format": NUMBER, "title": "MW of IT"},
    ]
    layers: list[Spec] = [
        {
            "data": {"values": json.loads(asset("land-110m.json")), "format": {"type": "topojson", "feature": "land"}},
            "mark": {"type": "geoshape", "clip": True, "fill": "var(--land)", "stroke": "var(--coast)", "strokeWidth": 0.6},
        },
        {
            "data": {"values": sites},
            "transform": [{"calculate": "datum.mw[month]", "as": "now"}, {"filter": "datum.now > 0"}],
            "mark": {**bubble, "size": {"expr": area.format("datum.now")}},
            "encoding": {
                "longitude": {"field": "lon", "type": "quantitative"},
                "latitude": {"field": "lat", "type": "quantitative"},
                "order": {"field": "now", "sort": "descending"},
                "tooltip": told,
            },
        },
    ]
    layers += _apart(run, orbit, area, bubble, told, _round(largest))
    return spec(
        round(PAPER_WIDTH * ASPECT),
        params=[{"name": "month", "value": len(run.months) - 1}],
        projection={
            "type": "equalEarth",
            "scale": {"expr": "width / 5.42"},
            "translate": {"expr": "[width * 0.5, width * 0.236]"},
        },
        layer=layers,
        usermeta={"aspect": ASPECT},
    )


def _apart(run: Reading, orbit: list[float], area: str, bubble: Spec, told: list[Spec], ring_mw: float) -> list[Spec]:
    """In the empty south of the Pacific: a ring for scale, and in it what is in orbit."""
    at = {"x": {"expr": "width * 0.1"}, "y": {"expr": "height * 0.74"}}
    radius = f"sqrt({area.format(ring_mw)} / PI)"
    data = {"values": [{"n": "all orbital designs", "mw": [rounded(value, 4) for value in orbit]}]}
    now = [{"calculate": "datum.mw[month]", "as": "now"}]
    layers: list[Spec] = [
        {
            "data": data,
            "mark": {
                **{
                    "type": "point",
                    "shape": "circle",
                    "filled": False,
                    "stroke": FAINT,
                    "strokeWidth": 1,
                    "strokeDash": [3, 3],
                },
                **at,
                "size": {"expr": area.format(ring_mw)},
            },
        },
        _words(at, data, f"'{_ring_words(ring_mw)}'", f"{radius} + 10"),
    ]
    if run.designs:
        layers += [
            _words(at, data, "'Orbit'", f"-{radius} - 10", fontWeight=600),
            {
                "data": data,
                "transform": [*now, {"filter": "datum.now > 0"}],
                "mark": {**bubble, **at, "fill": "var(--s2)", "size": {"expr": area.format("datum.now")}},
                "encoding": {"tooltip": told},
            },
        ]
    return layers


def _words(at: Spec, data: Spec, text: str, below: str, **more: Any) -> Spec:
    mark = {"type": "text", **at, "dy": {"expr": below}, "text": {"expr": text}, "fill": INK, "fontSize": 11, **more}
    return {"data": data, "mark": mark}


def _ring_words(mw: float) -> str:
    ring = _round(mw)
    return f"{ring / 1e3:g} GW" if ring >= 1e3 else f"{ring:g} MW"


def _round(mw: float) -> float:
    """The largest of 1, 2, 5, 10 ... that is no larger."""
    power = 10.0 ** floor(log10(mw))
    return max(digit * power for digit in (1, 2, 5) if digit * power <= mw * (1 + 1e-9))
