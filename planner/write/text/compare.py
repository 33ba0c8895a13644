"""Two runs side by side as lines for a terminal: what differs in words first, then aligned tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from planner.write.text.changes import change_lines
from planner.write.text.width import USUAL, text_width
from planner.write.text.words import named

if TYPE_CHECKING:
    from planner.runs.compare import Comparison

MOST = 8
"""Lines of one table: the largest differences. Everything is in --out and --json."""

SMALLEST = 1e-6
"""A number that differs by less than this part of the largest of its kind is not worth a line."""


def comparison_lines(found: Comparison) -> list[str]:
    """Everything that `planner compare` prints for a person."""
    lines = [*_wrapped(_named("A", found, 0)), *_wrapped(_named("B", found, 1)), *_bullets(found.notes)]
    if not found.different:
        return [*lines, "", f"no difference (tables may differ by {SMALLEST:g} of a value: the noise of a solver)"]
    lines += ["", *_bullets(_verdict(found)), "", *_input_lines(found.inputs)]
    lines += _cost_lines(found)
    lines += _headline_lines(found.headlines)
    end, same = found.months[-1], []
    for title, frame, names in (
        (f"IT in each place, end of {end}", found.capacity, ["place_id"]),
        (f"Power by option, end of {end}", found.power, ["option_id"]),
        (f"Idle chips, end of {end}", found.idle_chips, ["measure", "generation_id"]),
        ("Compute served, mean of the months", found.served, ["pool_id", "class_id"]),
        ("Orbit", found.orbit, ["design_id", "measure"]),
        ("Limits, by what they are worth", found.limits, ["constraint", "where", "binds_in"]),
    ):
        table = _sides(title, frame, names)
        lines += table
        if frame is found.capacity:
            lines += _bullets(_widest(frame))
        if not table and len(frame):
            same.append(title.lower().replace("it in", "IT in"))
    if same:
        lines += ["", *_bullets([f"no difference: {'; '.join(same)}"])]
    return lines


def _widest(capacity: pd.DataFrame) -> list[str]:
    """Where the two were further apart on the way than at the end."""
    least = SMALLEST * max([*capacity["a"].tolist(), *capacity["b"].tolist()]) if len(capacity) else 0.0
    rows = capacity[capacity["widest_difference"].abs() > capacity["difference"].abs() + least]
    rows = rows.loc[rows["widest_difference"].abs().sort_values(ascending=False, kind="stable").index].head(MOST // 2)
    said = [
        f"{row['place_id']} {row['widest_difference']:+,.1f} MW in {row['widest_month']}" for row in rows.to_dict("records")
    ]
    return [f"further apart on the way: {'; '.join(said)}"] if said else []


def _named(letter: str, found: Comparison, which: int) -> str:
    run = (found.a, found.b)[which]
    span = f"{len(run.months)} month{'' if len(run.months) == 1 else 's'} from {run.months[0]}"
    return (
        f"{letter}: {run.folder} ({run.name}, {span}, boundary {run.setting('boundary')}, objective {run.setting('objective')})"
    )


def _verdict(found: Comparison) -> list[str]:
    head = {row["measure"]: (float(row["a"]), float(row["b"])) for row in found.headlines.to_dict("records")}
    a, b = head["cost"]
    if _same(a, b):
        words = f"B costs what A does, {_money(a)} USD"
    else:
        words = (
            f"B costs {_money(abs(b - a))} USD {'more' if b > a else 'less'} than A ({_money(a)} -> {_money(b)}{_part(a, b)})"
        )
    lines = [f"{words}, without unserved work"]
    a, b = head["value of unserved compute"]
    priced = all(run.setting("objective") == "value" for run in (found.a, found.b))
    if priced and not _same(a, b):
        more = "more" if b > a else "less"
        lines.append(
            f"work left unserved would be worth {_money(abs(b - a))} USD {more} ({_money(a)} -> {_money(b)}{_part(a, b)})"
        )
    a, b = head["served"]
    lines.append(
        f"served {a:.1%} -> {b:.1%} of the compute asked" if not _same(a, b) else f"both serve {a:.1%} of the compute asked"
    )
    for measure, noun in (
        ("installed on Earth at the end", "installed on Earth"),
        ("dark at the end", "dark"),
        ("launched", "launched"),
    ):
        a, b = head[measure]
        if not _same(a, b):
            lines.append(f"{noun}: {a:,.0f} -> {b:,.0f} MW of IT ({b - a:+,.0f})")
    return lines


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= SMALLEST * max(abs(a), abs(b))


def _part(a: float, b: float) -> str:
    return f", {(b - a) / a:+.1%}" if a else ""


def _money(musd: float) -> str:
    return f"{musd / 1e3:,.2f} billion" if abs(musd) >= 1e3 else f"{musd:,.1f} million"


def _input_lines(inputs: pd.DataFrame) -> list[str]:
    if inputs.empty:
        return ["Inputs: no difference"]
    carried = inputs["kind"] == "carried"
    lines = [*change_lines(inputs[~carried]), *change_lines(inputs[carried])]
    more = [f"and {len(lines) - 2 * MOST} more: --out DIR lists every cell"] if len(lines) > 2 * MOST else []
    return ["Inputs, A -> B", *_bullets([*lines[: 2 * MOST], *more])]


def _cost_lines(found: Comparison) -> list[str]:
    steps = [step for step in found.cost.to_dict("records") if step["a_musd"] or step["b_musd"]]
    rows = [
        [step["component"].replace("_", " "), *_numbers(step["a_musd"], step["b_musd"], step["difference_musd"])]
        for step in steps
    ]
    lines = _table("Cost, million USD, discounted: the steps add up to the cost", ["", "A", "B", "B - A"], rows)
    least = SMALLEST * found.cost["a_musd"].abs().max()
    said = [
        f"{step['place_id'] or 'everywhere'} {step['component'].replace('_', ' ')} {step['difference_musd']:+,.1f}"
        for step in found.cost_by_place.head(MOST // 2).to_dict("records")
        if abs(step["difference_musd"]) > least
    ]
    return [*lines, *_bullets([f"where most: {'; '.join(said)}"] if said else [])]


def _headline_lines(headlines: pd.DataFrame) -> list[str]:
    rows = []
    for line in headlines.to_dict("records"):
        numbers = (line["a"], line["b"], line["difference"])
        unit = line["unit"]
        if unit == "share of demand":
            unit, numbers = "% of demand", (100 * numbers[0], 100 * numbers[1], 100 * numbers[2])
        rows.append([line["measure"], *_numbers(*numbers), unit])
    return _table("Headlines", ["", "A", "B", "B - A", "unit"], rows)


def _sides(title: str, frame: pd.DataFrame, names: list[str]) -> list[str]:
    """The largest differences of one table; nothing where there are none."""
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
        words = ", ".join(_said({name: str(frame.at[index, name]) for name in names}))
        cells = _numbers(*shown.loc[index, ["a", "b", "difference"]].tolist())
        rows.append([words, *cells, str(frame.at[index, "unit"]).replace(", discounted", "")])
    rest = [f"and {len(differs) - MOST} more with a smaller difference"] if len(differs) > MOST else []
    return [*_table(title, ["", "A", "B", "B - A", "unit"], rows), *_bullets(rest)]


def _said(row: dict[str, str]) -> Iterator[str]:
    """What names a row, in words; a limit as `planner explain` names it."""
    if "constraint" in row:
        yield named(row["constraint"], row["where"])
        yield {"both": "in both", "a": "in A alone", "b": "in B alone"}[row["binds_in"]]
    else:
        yield from row.values()


def _numbers(a: float, b: float, difference: float) -> list[str]:
    """Both as they are, and what they differ by with its sign; noise is no difference."""
    apart = 0.0 if _same(a, b) else difference
    return [_number(a), _number(b), f"{'+' if apart > 0 else ''}{_number(apart)}"]


def _number(value: float) -> str:
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.3f}"
    return "0" if not text.strip("-0.") else text


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, text_width(), subsequent_indent="   ", break_on_hyphens=False)


def _bullets(texts: Iterable[str]) -> list[str]:
    return [
        line
        for text in texts
        for line in textwrap.wrap(text, text_width(), initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
    ]


def _table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A blank line, the title, and columns as wide as they must be: words to the left, numbers to the right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    widths[0] = min(widths[0], max(text_width(), USUAL) - 2 - sum(width + 2 for width in widths[1:]))

    def line(row: Sequence[str]) -> str:
        first = row[0] if len(row[0]) <= widths[0] else row[0][: widths[0] - 1] + "…"
        cells = [cell.ljust(widths[i]) if i > 3 else cell.rjust(widths[i]) for i, cell in enumerate(row) if i]
        return "  ".join([f"  {first.ljust(widths[0])}", *cells]).rstrip()

    return ["", title, line(header), *map(line, rows)]
