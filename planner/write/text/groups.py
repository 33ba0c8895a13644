"""Groups of regions as lines for a terminal."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from planner.formats import usd
from planner.write.names import Names, named, title
from planner.write.text.layout import bullets, table

if TYPE_CHECKING:
    from planner.runs.groups import Groups

ALL = "all"
CONSTRAINTS = 3
"""Lines of limits for each group: those of the highest scarcity value."""


def groups_lines(found: Groups) -> list[str]:
    """Everything that `planner groups` prints for a person."""
    names = Names(found.run.inputs)
    lines = [f"{found.run.name}: {found.run.folder}"]
    if found.base is not None:
        lines.append(f"compared with {found.base.name}: {found.base.folder}")
    lines += [f"note: {run.folder} is {run.edited}" for run in (found.run, found.base) if run is not None and run.edited]
    lines += [*_share_lines(found, names), "", *_network_lines(found), "", *_limit_lines(found, names)]
    if len(found.unreached):
        lines += ["", "Demand that no place may serve, mean of the months, thousand H100e"]
        lines += bullets(
            f"{names(row['pool_id'])}, {names.within(row['class_id'])}: {row['demand_kh100e']:,.0f}"
            for row in found.unreached.to_dict("records")
        )
    return [*lines, *_year_lines(found)]


def _share_lines(found: Groups, names: Names) -> list[str]:
    months = dict.fromkeys([found.run.months[0], *(m for m in found.run.months if m.endswith("-12")), found.run.months[-1]])
    shown = found.served[found.served["month"].isin(list(months))]
    cells = {(row["group"], row["class_id"], row["month"]): _share(row) for row in shown.to_dict("records")}
    keys = sorted({key[:2] for key in cells}, key=lambda key: (key[0], key[1] == ALL, key[1]))
    rows = [[f"{group}, {names.within(w)}", *(cells.get((group, w, month), "") for month in months)] for group, w in keys]
    return table(["", *months], rows, "Share of the compute served (where costs tie, the range that a class may have)")


def _share(row: Mapping[Hashable, Any]) -> str:
    least, most = 100 * row["least_frac"], 100 * row["most_frac"]
    return f"{least:.0f} %" if round(least) == round(most) else f"{least:.0f} to {most:.0f} %"


def _network_lines(found: Groups) -> list[str]:
    busiest = found.network.loc[found.network.groupby("group")["most_gbit_s"].idxmax()]
    lines = [
        f"to {row['group']}: {row['least_gbit_s']:,.0f} to {row['most_gbit_s']:,.0f} in {row['month']}"
        for row in busiest.to_dict("records")
    ]
    return ["Traffic in the busiest month, Gbit/s (the range that ties leave)", *bullets(lines)]


def _limit_lines(found: Groups, names: Names) -> list[str]:
    lines = []
    for row in found.limits.groupby("group").head(CONSTRAINTS).to_dict("records"):
        limit = row["constraint"]
        text = f"{row['group']}, {title(limit, 'power')}: {usd(1e6 * row['rent_musd'])} in total, discounted; at most "
        text += f"{usd(row['highest_worth_usd'])}{row['unit'].removeprefix('USD')}"
        lines.append(f"{text} ({named(limit, row['where'], names)}, {row['month']})")
    return ["Tightest limits, by scarcity value", *bullets(lines)]


def _year_lines(found: Groups) -> list[str]:
    heads = ["", "cost", "of it network", "unserved", "sum", "served", "CO2", "CO2 a unit"]
    units = ["", "million USD", "million USD", "million USD", "million USD", "thousand H100e", "Mt", "g/H100e-hour"]
    parts = [(f"{row['run']}, {row['year']}", row) for row in found.years.to_dict("records")]
    parts += [(f"saved, {row['year']}", row) for row in found.saved.to_dict("records")]
    rows = [units]
    for name, row in parts:
        total = row["cost_musd"] + row["unserved_musd"]
        wholes = (row["cost_musd"], row["network_musd"], row["unserved_musd"], total, row["served_kh100e"])
        carbon = (f"{row['carbon_tco2'] / 1e6:,.2f}", f"{row['carbon_kg_per_kh100e_h']:,.0f}")
        rows.append([name, *(f"{each:,.0f}" for each in wholes), *carbon])
    return table(heads, rows, "By year, money of the year")
