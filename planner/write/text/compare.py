"""A comparison of two runs as lines for a terminal: what differs in words first, then aligned tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from planner.formats import count, month_name, number, percent, usd
from planner.schema.glossary import COST_SCOPES
from planner.write.names import Names, component, named
from planner.write.text.changes import change_lines
from planner.write.text.layout import bullets, table, wrapped

if TYPE_CHECKING:
    from planner.runs.compare import Comparison

MOST = 8
"""Lines of one table: the largest differences. Everything is in --out and --json."""

SMALLEST = 1e-6
"""A number that differs by less than this part of the largest of its kind is not worth a line."""

DIGITS = 5
"""Of a sum of money: two plans often differ in the fourth."""


def comparison_lines(found: Comparison) -> list[str]:
    """Everything that `planner compare` prints for a person."""
    names = Names({**found.b.inputs, **found.a.inputs})
    lines = [*_introduced("A", found, 0), *_introduced("B", found, 1), *bullets(found.notes)]
    if not found.different:
        return [*lines, "", f"no difference (values may differ by {SMALLEST:g} of their size: the noise of a solver)"]
    lines += ["", *bullets(main_differences(found)), "", *_input_lines(found.inputs)]
    lines += _cost_lines(found, names)
    lines += _headline_lines(found.headlines)
    end, same = month_name(found.months[-1]), []
    for title, frame, keys in (
        (f"IT in each place, end of {end}", found.capacity, ["place_id"]),
        (f"Power by option, end of {end}", found.power, ["option_id"]),
        (f"Idle chips, end of {end}", found.idle_chips, ["measure", "generation_id"]),
        ("Compute served, mean of the months", found.served, ["pool_id", "class_id"]),
        ("Orbit", found.orbit, ["design_id", "measure"]),
        ("Limits, by scarcity value", found.limits, ["constraint", "where", "binds_in"]),
    ):
        part = _sides(title, frame, keys, names)
        lines += part
        if frame is found.capacity:
            lines += bullets(_widest(frame, names))
        if not part and len(frame):
            same.append(title if title.startswith("IT") else title[:1].lower() + title[1:])
    if same:
        lines += ["", *bullets([f"no difference: {'; '.join(same)}"])]
    return lines


def _introduced(letter: str, found: Comparison, which: int) -> list[str]:
    run = (found.a, found.b)[which]
    scope = COST_SCOPES.get(run.setting("boundary"), run.setting("boundary"))
    text = f"{letter}: {run.folder} ({run.name}, {count(len(run.months), 'month')} from {run.months[0]}, cost scope: {scope}, "
    return wrapped(f"{text}objective: {run.setting('objective')})", rest="   ")


def main_differences(found: Comparison, one: str = "A", two: str = "B") -> list[str]:
    """What counts most, in words; the names of the two plans."""
    head = {row["measure"]: (float(row["a"]), float(row["b"])) for row in found.headlines.to_dict("records")}
    a, b = head["cost"]
    if _same(a, b):
        words = f"{two} costs as much as {one}, {usd(1e6 * a, DIGITS)}"
    else:
        words = f"{two} costs {usd(1e6 * abs(b - a))} {'more' if b > a else 'less'} than {one} ({_from_to(a, b)})"
    lines = [f"{words}, unserved compute not counted"]
    a, b = head["value of unserved compute"]
    priced = all(run.setting("objective") == "value" for run in (found.a, found.b))
    if priced and not _same(a, b):
        words = f"{usd(1e6 * abs(b - a))} {'more' if b > a else 'less'} ({_from_to(a, b)})"
        lines.append(f"compute left unserved would be worth {words}")
    a, b = head["served"]
    if _same(a, b):
        lines.append(f"both serve {percent(a)} of the demand")
    else:
        lines.append(f"served {percent(a)} -> {percent(b)} of the demand")
    for measure, noun in (
        ("installed on Earth at the end", "installed on Earth"),
        ("dark at the end", "dark"),
        ("launched", "launched"),
    ):
        a, b = head[measure]
        if not _same(a, b):
            before, after, apart = _numbers(a, b, b - a)
            lines.append(f"{noun}: {before} -> {after} MW of IT ({apart})")
    return lines


def _from_to(a_musd: float, b_musd: float) -> str:
    part = f", {100 * (b_musd - a_musd) / a_musd:+.1f} %" if a_musd else ""
    return f"{usd(1e6 * a_musd, DIGITS).removesuffix(' USD')} -> {usd(1e6 * b_musd, DIGITS).removesuffix(' USD')}{part}"


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= SMALLEST * max(abs(a), abs(b))


def _widest(capacity: pd.DataFrame, names: Names) -> list[str]:
    """Where the two were further apart on the way than at the end."""
    least = SMALLEST * max([*capacity["a"].tolist(), *capacity["b"].tolist()]) if len(capacity) else 0.0
    rows = capacity[capacity["widest_difference"].abs() > capacity["difference"].abs() + least]
    rows = rows.loc[rows["widest_difference"].abs().sort_values(ascending=False, kind="stable").index].head(MOST // 2)
    said = [
        f"{names(row['place_id'])} {row['widest_difference']:+,.1f} MW in {month_name(row['widest_month'])}"
        for row in rows.to_dict("records")
    ]
    return [f"further apart on the way: {'; '.join(said)}"] if said else []


def _input_lines(inputs: pd.DataFrame) -> list[str]:
    if inputs.empty:
        return ["Inputs: no difference"]
    carried = inputs["kind"] == "carried"
    lines = [*change_lines(inputs[~carried]), *change_lines(inputs[carried])]
    more = [f"and {len(lines) - 2 * MOST} more: --out DIR lists every cell"] if len(lines) > 2 * MOST else []
    return ["Inputs, A -> B", *bullets([*lines[: 2 * MOST], *more])]


def _cost_lines(found: Comparison, names: Names) -> list[str]:
    steps = [step for step in found.cost.to_dict("records") if step["a_musd"] or step["b_musd"]]
    rows = [
        [component(step["component"]), *_numbers(step["a_musd"], step["b_musd"], step["difference_musd"])] for step in steps
    ]
    lines = table(["", "A", "B", "B - A"], rows, "Cost, million USD, discounted: the steps add up to the cost")
    least = SMALLEST * found.cost["a_musd"].abs().max()
    said = [
        f"{names(step['place_id'])}, {component(step['component']).lower()} {step['difference_musd']:+,.1f}"
        for step in found.cost_by_place.head(MOST // 2).to_dict("records")
        if abs(step["difference_musd"]) > least
    ]
    return [*lines, *bullets([f"where most: {'; '.join(said)}"] if said else [])]


def _headline_lines(headlines: pd.DataFrame) -> list[str]:
    rows = []
    for line in headlines.to_dict("records"):
        values, unit = (line["a"], line["b"], line["difference"]), line["unit"]
        if unit == "share of demand":
            unit, values = "% of demand", (100 * values[0], 100 * values[1], 100 * values[2])
        rows.append([line["measure"], *_numbers(*values), unit])
    return table(["", "A", "B", "B - A", "unit"], rows, "Headlines", left=(0, 4))


def _sides(title: str, frame: pd.DataFrame, keys: list[str], names: Names) -> list[str]:
    """The largest differences of one table; nothing where both agree."""
    if frame.empty:
        return []
    size = frame.groupby("unit")[["a", "b"]].transform(lambda column: column.abs().max()).max(axis=1)
    differs = frame[frame["difference"].abs() > SMALLEST * size]
    if differs.empty:
        return []
    part = (differs["difference"].abs() / size[differs.index]).sort_values(ascending=False, kind="stable")
    shown = differs.loc[part.index].head(MOST)
    rows = []
    for index in shown.index:
        words = ", ".join(_said({name: str(frame.at[index, name]) for name in keys}, names))
        cells = _numbers(*shown.loc[index, ["a", "b", "difference"]].tolist())
        rows.append([words, *cells, str(frame.at[index, "unit"]).replace(", discounted", "")])
    rest = [f"and {len(differs) - MOST} more with a smaller difference"] if len(differs) > MOST else []
    return [*table(["", "A", "B", "B - A", "unit"], rows, title, left=(0, 4)), *bullets(rest)]


def _said(row: dict[str, str], names: Names) -> Iterator[str]:
    """What names a row, in words; a limit as `planner explain` names it."""
    if "constraint" in row:
        yield named(row["constraint"], row["where"], names)
        yield {"both": "in both", "a": "in A alone", "b": "in B alone"}[row["binds_in"]]
    else:
        yield from map(names, row.values())


def _numbers(a: float, b: float, difference: float) -> list[str]:
    """Both with as many digits as tell them apart, and what they differ by with its sign; noise is no difference."""
    if _same(a, b):
        return [number(a, DIGITS), number(b, DIGITS), "0"]
    digits = next((digits for digits in range(4, 10) if number(a, digits) != number(b, digits)), 10)
    return [number(a, digits), number(b, digits), f"{'+' if difference > 0 else ''}{number(difference)}"]
