"""A picture of an orbital design: its mass, its size beside a football pitch, its light, and where it breaks even."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from planner.studies.orbit_design import OrbitReport

PITCH_M = (105.0, 68.0)
INK, QUIET, SUN, HEAT, GRASS, METAL = "#1f2933", "#7b8794", "#1f4e79", "#c2571a", "#7fae6b", "#9aa5b1"
EARTH = {
    "electricity": ("#2f7d4f", "electricity"),
    "electricity_and_hall": ("#7a5c00", "electricity and hall"),
    "dark_chip": ("#8b1e5b", "chip left dark"),
}
COMPONENTS = {"it": "IT", "loop": "cooling loop", "communications": "communications,\navionics, propulsion"}
MONTHS = "JFMAMJJASOND"


def draw_designs(folder: Path, report: OrbitReport) -> list[str]:
    """Write `<design_id>.png` for each design of a report into an existing folder; returns the names of the files.

    Raises OSError when the system refuses. The same report gives the same bytes.
    """
    logging.getLogger("matplotlib").setLevel(logging.ERROR)  # where its cache goes concerns nobody who plans
    names = []
    for design_id in report.designs["design_id"]:
        name = f"{design_id}.png"
        draw_design(folder / name, report, design_id)
        names.append(name)
    return names


def draw_design(path: Path, report: OrbitReport, design_id: str) -> None:
    """Draw one design, 2,000 by 1,400 pixels. Raises KeyError for a design that is not in the report."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    part = {name: table[table["design_id"] == design_id] for name, table in report.tables().items()}
    if part["designs"].empty:
        raise KeyError(design_id)
    design, cost = part["designs"].iloc[0], part["cost"].iloc[-1]
    style: dict[Any, Any] = {"font.size": 10, "axes.edgecolor": QUIET, "axes.spines.top": False, "axes.spines.right": False}
    style["text.parse_math"] = False  # a dollar in a name is a dollar
    style |= dict.fromkeys(("text.color", "axes.labelcolor", "xtick.color", "ytick.color"), INK)
    with rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # a name in letters that the font lacks: drawn as boxes
        figure = Figure(figsize=(12.5, 8.75), layout="constrained")
        FigureCanvasAgg(figure)
        panels = figure.subplot_mosaic([["mass", "size"], ["price", "light"]], width_ratios=[1, 1.15], height_ratios=[1, 0.95])
        figure.get_layout_engine().set(h_pad=0.12, w_pad=0.12, rect=(0.005, 0.03, 0.99, 0.87))  # type: ignore[union-attr, call-arg]
        _mass(panels["mass"], part["budget"], design)
        _size(panels["size"], design)
        _price(panels["price"], part["curve"], part["break_even"], cost)
        _light(panels["light"], part["light"], design)
        figure.text(0.012, 0.975, design["name"] or design_id, fontsize=18, fontweight="bold", va="top")
        figure.text(0.012, 0.928, _headline(design, cost), fontsize=11, va="top", color=INK)
        foot = f"Plan {report.plan}. USD of orbit: {design['boundary']}. All figures per kW of IT at nameplate."
        figure.text(0.012, 0.012, foot, fontsize=9, color=QUIET)
        figure.savefig(path, dpi=160, metadata={"Software": None})


def _headline(design: pd.Series[Any], cost: pd.Series[Any]) -> str:
    orbit = f"{design['altitude_km']:,.0f} km, node at {design['node_local_time_h']:g} h"
    launched = f"launched in {cost['year']:.0f} at {cost['launch_usd_per_kg']:,.0f} USD/kg"
    price = f"{cost['capital_usd_per_kw']:,.0f} USD per kW, {cost['usd_per_mwh']:,.0f} USD per MWh of IT"
    return f"{orbit}   |   {design['kg_per_kw']:,.1f} kg per kW   |   {launched}: {price}"


def _mass(axes: Axes, budget: pd.DataFrame, design: pd.Series[Any]) -> None:
    """Bars of kg per kW, in the order of the formula."""
    names = [COMPONENTS.get(name, name) for name in budget["component"]]
    kg = budget["kg_per_kw"].tolist()
    colours = {"array": SUN, "radiator": HEAT, "loop": HEAT}
    axes.barh(range(len(kg)), kg, color=[colours.get(name, METAL) for name in budget["component"]], height=0.72)
    axes.set_yticks(range(len(kg)), names)
    axes.invert_yaxis()
    for row, each in enumerate(kg):
        axes.text(each, row, f" {each:,.1f}", va="center", fontsize=9)
    axes.set_xlim(0, 1.14 * max(kg))
    axes.set_xlabel("kg per kW of IT")
    _title(axes, f"Mass: {design['kg_per_kw']:,.1f} kg per kW")


def _size(axes: Axes, design: pd.Series[Any]) -> None:
    """Array and radiator of 1 MW below a football pitch, all to one scale."""
    from matplotlib.patches import Circle, Rectangle

    length, width = PITCH_M
    axes.add_patch(Rectangle((0, 0), length, width, facecolor=GRASS, edgecolor="white", linewidth=1.5))
    axes.plot([length / 2] * 2, [0, width], color="white", linewidth=1)
    axes.add_patch(Circle((length / 2, width / 2), 9.15, fill=False, edgecolor="white", linewidth=1))
    for left in (0.0, length - 16.5):
        axes.add_patch(Rectangle((left, width / 2 - 20.16), 16.5, 40.32, fill=False, edgecolor="white", linewidth=1))

    array, radiator = float(design["array_m2_at_1_mw"]), float(design["radiator_m2_at_1_mw"])
    height = ((array + radiator) / 5) ** 0.5  # about five times as long as wide
    wing, panel, gap = array / 2 / height, radiator / 2 / height, 0.1 * height
    top = -0.3 * height
    x = 0.0
    for size, colour in ((wing, SUN), (panel, HEAT), (panel, HEAT), (wing, SUN)):
        axes.add_patch(Rectangle((x, top - height), size, height, facecolor=colour, edgecolor="white", linewidth=0.8))
        for step in range(1, 8) if colour == SUN else ():
            axes.plot([x + size * step / 8] * 2, [top - height, top], color="white", linewidth=0.5)
        x += size + gap
    end, middle = x - gap, wing + gap + panel + gap / 2
    axes.plot([wing, end - wing], [top - height / 2] * 2, color=INK, linewidth=1.4, zorder=0)
    axes.add_patch(Rectangle((middle - gap / 2, top - 0.6 * height), gap, 0.2 * height, facecolor=INK))

    beside: dict[str, Any] = {"xycoords": "data", "textcoords": "offset points", "va": "top"}
    pitches = f"{design['array_pitches_at_1_gw']:,.0f} pitches of array, {design['radiator_pitches_at_1_gw']:,.0f} of radiator"
    axes.annotate("Football pitch, 7,140 m²", (length, width), xytext=(10, -2), color=INK, **beside)
    heat = f"{design['radiator_temperature_c']:.0f} °C"
    heat = heat if design["cooling"] == "loop" else f"{design['cooling'].removeprefix('conduction in ')}, {heat} under the chip"
    said = f"Radiator {radiator:,.0f} m²: {heat}, {design['net_flux_w_per_m2']:,.0f} W/m² net"
    axes.annotate(f"Array {array:,.0f} m²", (0, top - height), xytext=(0, -6), color=SUN, **beside)
    axes.annotate(said, (0, top - height), xytext=(0, -22), color=HEAT, **beside)
    axes.annotate(f"For 1 GW: {pitches}", (0, top - height), xytext=(0, -38), color=INK, **beside)
    span = max(end, length + 70)
    axes.set_xlim(0, span)
    axes.set_ylim(top - height - 0.2 * span, width)
    axes.set_aspect("equal", anchor="NW")
    axes.set_axis_off()
    _title(axes, "Size at 1 MW of IT, to scale")


def _price(axes: Axes, curve: pd.DataFrame, break_even: pd.DataFrame, cost: pd.Series[Any]) -> None:
    """USD per MWh over the launch price, with what the same MWh costs or earns on Earth."""
    from matplotlib.ticker import FuncFormatter, LogLocator

    usd_per_kg, usd_per_mwh = curve["launch_usd_per_kg"].to_numpy(), curve["usd_per_mwh"].to_numpy()
    known = break_even[break_even["target_usd_per_mwh"].notna()]
    axes.plot(usd_per_kg, usd_per_mwh, color=SUN, linewidth=2.2, zorder=3)
    paid, widest = float(cost["launch_usd_per_kg"]), float(usd_per_kg.max())
    axes.plot([paid], [cost["usd_per_mwh"]], "o", color=SUN, markersize=8, zorder=5, clip_on=False)
    crossed = known.loc[known["break_even_launch_usd_per_kg"] >= 0, "target_usd_per_mwh"]
    above = paid > 0.35 * widest and bool((crossed < cost["usd_per_mwh"]).all())  # free: the curve only rises
    axes.annotate(
        f"launched in {cost['year']:.0f}: {cost['usd_per_mwh']:,.0f}",
        (paid, cost["usd_per_mwh"]),
        xytext=(0, 8) if above else (10, -8),
        textcoords="offset points",
        ha="right" if above else "left",
        va="bottom" if above else "top",
        fontsize=9,
        color=SUN,
    )
    for _, row in known.iterrows():
        colour, name = EARTH[row["against"]]
        target, even = float(row["target_usd_per_mwh"]), float(row["break_even_launch_usd_per_kg"])
        axes.axhline(target, color=colour, linewidth=1.2, linestyle=(0, (5, 3)))
        said = "a free launch is too dear" if even < 0 else f"breaks even at {even:,.0f} USD/kg"
        left = even > 0.45 * widest  # left of where it crosses, the curve runs below the line; else above it
        axes.annotate(
            f"{name}, {target:,.0f}:\n{said}" if left else f"{name}, {target:,.0f}: {said}",
            (0.01 if left else 1, target),
            xycoords=("axes fraction", "data"),
            xytext=(0, 4 if left else -4),
            textcoords="offset points",
            ha="left" if left else "right",
            va="bottom" if left else "top",
            fontsize=9,
            color=colour,
        )
        if even >= 0:
            axes.plot([even], [target], "o", color=colour, markersize=7, zorder=4)
    positive = [each for each in (*known["target_usd_per_mwh"], *usd_per_mwh) if each > 0] or [1.0]
    lowest, highest = min(positive), max(positive)
    axes.set_yscale("log")
    axes.set_ylim(0.4 * lowest, 2.5 * highest)
    axes.set_xlim(0, widest)
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if highest < 300 * lowest else (1.0,)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.yaxis.set_minor_locator(LogLocator(subs=()))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("launch price, USD per kg")
    axes.set_ylabel("USD per MWh of IT, logarithmic")
    _title(axes, "Cost over the launch price, against Earth")


def _light(axes: Axes, light: pd.DataFrame, design: pd.Series[Any]) -> None:
    """Sunlit share of the first twelve months; and what still computes in the shadow."""
    percent = (100 * light["sunlit_frac"]).tolist()
    served = [each + float(design["ride_through_frac"]) * (100 - each) for each in percent]
    axes.bar(range(12), served, color="#f7e6b5", width=0.8, label="on battery")
    axes.bar(range(12), percent, color="#e6ac1f", width=0.8, label="in the sun")
    for row, each in enumerate(percent):
        axes.text(row, 3, f"{each:.0f}", ha="center", fontsize=9)
    axes.set_xticks(range(12), [MONTHS[int(month[5:]) - 1] for month in light["month"]])
    longest = f"longest eclipse {60 * float(design['longest_eclipse_h']):.0f} minutes"
    axes.set_xlabel(f"{light['month'].iloc[0]} to {light['month'].iloc[-1]}; {longest}")
    axes.set_ylim(0, 104)
    axes.set_ylabel("% of the month")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 0.12), ncols=2, fontsize=9, framealpha=0.9, edgecolor="none")
    _title(axes, f"Light; {design['ride_through_frac']:.0%} of the load rides through eclipse")


def _title(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=11.5, fontweight="bold")
