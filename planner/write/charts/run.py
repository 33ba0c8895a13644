"""A finished run as a chart: IT by place and power by option over its months."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.write.charts.series import COLOURS, MONTH, OTHER, Spec
from planner.write.charts.sweep import HEIGHT, TICKS, WIDTH, drawn
from planner.write.names import Names

if TYPE_CHECKING:
    import pandas as pd

    from planner.runs.opened import Opened

PANELS = (
    ("fleet", "place_id", "it_nameplate_mw", "IT by place, GW"),
    ("power", "option_id", "capacity_mw", "Power by option, GW"),
)
OTHERS = "others"


def run_picture(run: Opened) -> str:
    """Both panels, as SVG; the largest places and options have a colour each."""
    names = Names(run.inputs)
    panels = [
        _panel(run.tables[table].groupby(level=["month", key])[column].sum().unstack(key).fillna(0.0) / 1e3, title, names)
        for table, key, column, title in PANELS
    ]
    return drawn("run", {"vconcat": panels, "resolve": {"scale": {"color": "independent"}}})


def _panel(gw: pd.DataFrame, title: str, names: Names) -> Spec:
    """Draw stacked areas, the largest at the bottom."""
    order = gw.max().sort_values(ascending=False, kind="stable")
    kept = [str(each) for each in order.index[order > 0][: len(COLOURS)]]
    shown = {each: names(each) for each in kept}
    rest = [each for each in order.index[order > 0] if each not in shown]
    columns = {shown[each]: gw[each] for each in kept} | ({OTHERS: gw[rest].sum(axis=1)} if rest else {})
    values = [
        {"m": f"{month}-01", "n": name, "v": float(value), "o": place}
        for place, (name, column) in enumerate(columns.items())
        for month, value in column.items()
    ]
    scale = {"domain": list(columns), "range": [*COLOURS[: len(kept)], *[OTHER] * bool(rest)]}
    axis = {"format": MONTH, "tickCount": 6, "grid": False}
    return {
        "title": title,
        "width": WIDTH,
        "height": HEIGHT,
        "data": {"values": values, "format": {"parse": {"m": "utc:'%Y-%m-%d'"}}},
        "mark": {"type": "area"} if len(gw) > 1 else {"type": "bar"},
        "encoding": {
            "x": {"field": "m", "type": "temporal", "scale": {"type": "utc"}, "title": None, "axis": axis},
            "y": {"field": "v", "type": "quantitative", "stack": "zero", "title": None, "axis": TICKS},
            "color": {"field": "n", "type": "nominal", "title": None, "scale": scale, "legend": {"symbolType": "circle"}},
            "order": {"field": "o", "type": "quantitative"},
        },
    }
