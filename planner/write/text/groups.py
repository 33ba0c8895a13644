"""Groups of regions as lines for a terminal."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from planner.write.text.words import title

if TYPE_CHECKING:
    from planner.runs.groups import Groups

ALL = "all"
CONSTRAINTS = 3
"""Lines of limits for each group: those of the highest rent."""


def groups_lines(found: Groups) -> list[str]:
    """Everything that `planner groups` prints for a person."""
    lines = [f"{found.run.name}: {found.run.folder}"]
    if found.base is not None:
        lines.append(f"against {found.base.name}: {found.base.folder}")
    lines += [f"note: {run.folder} is {run.edited}" for run in (found.run, found.base) if run is not None and run.edited]
    lines += ["", *_share_lines(found), "", *_network_lines(found), "", *_limit_lines(found)]
    if len(found.unreached):
        lines += ["", "asked where no place may serve, unserved, mean kH100e:"]
        for row in found.unreached.to_dict("records"):
            lines.append(f"  {row['pool_id']}, {row['class_id']}: {row['demand_kh100e']:,.0f}")
    lines += ["", *_year_lines(found)]
    return lines


def _share_lines(found: Groups) -> list[str]:
    months = dict.fromkeys([found.run.months[0], *(m for m in found.run.months if m.endswith("-12")), found.run.months[-1]])
    shown = found.served[found.served["month"].isin(list(months))]
    lines = ["share of the compute served (where costs tie, the range that a class may have)"]
    lines.append(f"  {'':36}" + "".join(f"{month:>18}" for month in months))
    cells = {(row["group"], row["class_id"], row["month"]): _share(row) for row in shown.to_dict("records")}
    for group, w in sorted({key[:2] for key in cells}, key=lambda key: (key[0], key[1] == ALL, key[1])):
        line = "".join(f"{cells.get((group, w, month), ''):>18}" for month in months)
        lines.append(f"  {f'{group}, {w}':36}{line}")
    return lines


def _share(row: Mapping[Hashable, Any]) -> str:
    least, most = 100 * row["least_frac"], 100 * row["most_frac"]
    return f"{least:.0f} %" if round(least) == round(most) else f"{least:.0f} to {most:.0f} %"


def _network_lines(found: Groups) -> list[str]:
    lines = ["traffic, Gbit/s in the busiest month (the range that ties leave)"]
    busiest = found.network.loc[found.network.groupby("group")["most_gbit_s"].idxmax()]
    for row in busiest.to_dict("records"):
        lines.append(f"  to {row['group']}: {row['least_gbit_s']:,.0f} to {row['most_gbit_s']:,.0f} in {row['month']}")
    return lines


def _limit_lines(found: Groups) -> list[str]:
    lines = ["what its limits are worth"]
    for row in found.limits.groupby("group").head(CONSTRAINTS).to_dict("records"):
        words = title(row["constraint"], "power")
        text = f"  {row['group']}, {words}: {row['rent_musd']:,.0f} million USD in all, discounted; at most"
        lines.append(f"{text} {row['highest_worth_usd']:,.0f} {row['unit']} ({row['where']}, {row['month']})")
    return lines


def _year_lines(found: Groups) -> list[str]:
    names = ("cost", "of it network", "unserved", "sum", "served", "CO2", "CO2 a unit")
    units = ("million USD", "million USD", "million USD", "million USD", "kH100e", "Mt", "g/H100e-h")
    head, units_line = ("  " + " " * 34 + "".join(f"{word:>14}" for word in words) for words in (names, units))
    lines = [head, units_line]
    parts = [(f"{row['run']}, {row['year']}", row) for row in found.years.to_dict("records")]
    parts += [(f"saved, {row['year']}", row) for row in found.saved.to_dict("records")]
    for name, row in parts:
        total = row["cost_musd"] + row["unserved_musd"]
        wholes = (row["cost_musd"], row["network_musd"], row["unserved_musd"], total, row["served_kh100e"])
        cells = [f"{number:>14,.0f}" for number in wholes]
        cells += [f"{row['carbon_tco2'] / 1e6:>14,.2f}", f"{row['carbon_kg_per_kh100e_h']:>14,.0f}"]
        lines.append(f"  {name:34}" + "".join(cells))
    return lines
