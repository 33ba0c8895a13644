"""What differs between plans: headlines, the best by each criterion, steps of the cost, and what moved where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from planner.formats import apart, month_name, number, percent, short_usd, usd, watts
from planner.write.charts.bars import waterfall
from planner.write.names import Names, component
from planner.write.report.page_model import Figure, Key, Section, Table

if TYPE_CHECKING:
    from planner.runs.compare import Comparison

NOISE = 1e-6
"""Of the larger of two numbers: what differs by less is the same."""
STEPS, PLACES = 8, 12
MORE, LESS, ALL = "var(--s5)", "var(--s3)", "var(--s1)"
KEYS = (Key("costs more", MORE), Key("costs less", LESS), Key("all steps", ALL))
COST = ("cost", "value of unserved compute")
BEST: tuple[tuple[str, tuple[str, ...], float, Callable[[float], str]], ...] = (
    ("Least discounted cost", COST[:1], 1.0, lambda value: usd(1e6 * value)),
    ("Least cost with unserved compute at its value", COST, 1.0, lambda value: usd(1e6 * value)),
    ("Least cash, capital and running", ("capital paid", "running costs paid"), 1.0, lambda value: usd(1e6 * value)),
    ("Least capital", ("capital paid",), 1.0, lambda value: usd(1e6 * value)),
    ("Most demand served", ("served",), -1.0, percent),
    ("Most demand served at the end", ("served at the end",), -1.0, percent),
    ("Fewest dark chips at the end", ("dark at the end",), 1.0, watts),
    ("Least carbon", ("carbon",), 1.0, lambda value: f"{number(value / 1e6)} million t CO2"),
)
"""What a reader may care about: the measures of a comparison that it adds, its sign, and its words."""


def same(a: float, b: float) -> bool:
    """Whether two numbers differ by no more than noise."""
    return a == b or abs(a - b) <= NOISE * max(abs(a), abs(b)) or (a != a and b != b)


def headlines(names: Sequence[str], rows: Mapping[str, Sequence[float | None]]) -> Section:
    """A row a headline with a value of each plan, and how far each is from the first; below, what is the same in all."""
    differ, alike = [], []
    for words, values in rows.items():
        known = [value for value in values if value is not None]
        texts = iter(apart(known))
        cells = ["" if value is None else next(texts) for value in values]
        if all(same(value, known[0]) for value in known) and len(known) == len(values):
            alike.append([words, cells[0]])
            continue
        base = values[0]
        far = ["" if base is None or value is None else _signed(value - base, same(value, base)) for value in values[1:]]
        differ.append([words, cells[0], *(cell for pair in zip(cells[1:], far, strict=True) for cell in pair)])
    others = [cell for name in names[1:] for cell in (name, "difference")]
    tables = [Table(["", names[0], *others], differ, "Headline numbers that differ")] if differ else []
    tables += [Table(["", "all"], alike, "The same in all")] if alike else []
    lead = "" if differ else "No headline number differs."
    return Section("headlines", "What differs", lead=lead, tables=tables)


def _signed(value: float, noise: bool) -> str:
    return "0" if noise else f"{'+' if value > 0 else ''}{number(value)}"


def best(names: Sequence[str], found: Sequence[Comparison]) -> Section:
    """Which plan is best by each thing that a reader may care about; criteria by which they hardly differ are left out."""
    rows = []
    for words, measures, sign, said in BEST:
        values = _sums(found, measures)
        if values and not all(same(value, values[0]) for value in values):
            first = min(sign * value for value in values)
            winners = [name for name, value in zip(names, values, strict=True) if same(sign * value, first)]
            texts = said(sign * first), said(sign * max(sign * value for value in values))
            rows += [[words, ", ".join(winners), *texts]] if texts[0] != texts[1] else []
    head = ["what counts", "best", "with", "the worst has"]
    lead = "Which plan is best depends on what counts." if rows else "By none of the usual criteria does one plan lead."
    tables = [Table(head, rows, "Best by criterion", numbers_from=2)] if rows else []
    return Section("best", "Which plan is best", lead=lead, tables=tables)


def _sums(found: Sequence[Comparison], measures: Sequence[str]) -> list[float]:
    """The sum of some measures in each plan, the first one's first; nothing where a plan has none."""
    sums = [0.0] * (len(found) + 1)
    for measure in measures:
        rows = [each.headlines[each.headlines["measure"] == measure] for each in found]
        if any(row.empty for row in rows):
            return []
        values = [float(rows[0]["a"].iloc[0]), *(float(row["b"].iloc[0]) for row in rows)]
        sums = [total + value for total, value in zip(sums, values, strict=True)]
    return sums


def steps(names: Sequence[str], found: Sequence[Comparison]) -> Section | None:
    """The cost from the first plan to each other, in steps that add up; nothing where no cost differs."""
    figures = [
        _steps(f"steps-{i}", names[0], name, each.cost) for i, (name, each) in enumerate(zip(names[1:], found, strict=True))
    ]
    shown = [figure for figure in figures if figure is not None]
    lead = "Cost of all months together, discounted: each step is what a component costs more or less. "
    lead += "What unserved compute would be worth is apart from it, because nobody pays it."
    return Section("steps", "Where the cost differs", lead=lead, figures=shown) if shown else None


def _steps(key: str, base: str, name: str, cost: pd.DataFrame) -> Figure | None:
    by_name = {str(row["component"]): row for row in cost.to_dict("records")}
    paid, unserved = by_name["cost"], by_name["unserved"]
    parts = [row for row in cost.to_dict("records") if row["component"] not in ("cost", "unserved", "objective")]
    parts = [row for row in parts if not same(row["a_musd"], row["b_musd"])]
    if not parts:
        return None
    kept = STEPS if len(parts) > STEPS + 1 else len(parts)
    large, small = parts[:kept], parts[kept:]
    moved = [(component(str(row["component"])), float(row["difference_musd"])) for row in large]
    moved += [(f"{len(small)} others", sum(float(row["difference_musd"]) for row in small))] if small else []
    total = float(paid["difference_musd"])
    words = [*(short_usd(1e6 * value, signed=True) for _, value in moved), short_usd(1e6 * total, signed=True)]
    told = "; ".join(f"{step} {text}" for (step, _), text in zip([*moved, ("in all", total)], words, strict=True))
    rows = [
        [label, *(f"{float(row[column]):,.1f}" for column in ("a_musd", "b_musd", "difference_musd"))]
        for label, row in ((component(str(row["component"])), row) for row in [*parts, paid, unserved])
    ]
    rows[-2][0] = "Cost"
    note = ""
    if not same(unserved["a_musd"], unserved["b_musd"]):
        more = float(unserved["difference_musd"])
        note = f"Compute left unserved would be worth {short_usd(1e6 * abs(more))} USD {'more' if more > 0 else 'less'}."
    return Figure(
        id=key,
        title=f"From {base} to {name}",
        unit="USD, discounted, whole horizon",
        alt=f"Steps of the cost from {base} to {name}, USD: {told}.",
        spec=waterfall([*moved, ("In all", total)], words, (MORE, LESS, ALL)),
        width=700,
        wide=True,
        legend=KEYS,
        numbers=Table(["component", base, name, "difference"], rows, "million USD"),
        note=note,
    )


def moved(names: Sequence[str], found: Sequence[Comparison]) -> Section:
    """Capacity by place and power by option at the end, where they differ; with several other plans also all side by side."""
    tables = _side_by_side(names, found) if len({each.months[-1] for each in found}) == 1 < len(found) else []
    for name, each in zip(names[1:], found, strict=True):
        called = Names({**each.b.inputs, **each.a.inputs})
        end = month_name(each.months[-1])
        for frame, key, words in (
            (each.capacity, "place_id", f"MW of IT by place, end of {end}"),
            (each.power, "option_id", f"MW of power by option, end of {end}"),
        ):
            rows = [row for row in frame.to_dict("records") if not same(float(row["a"]), float(row["b"]))]
            cells = [
                [called(str(row[key])), *apart([float(row["a"]), float(row["b"])]), _signed(float(row["difference"]), False)]
                for row in rows[:PLACES]
            ]
            more = f"; {len(rows) - PLACES} smaller differences are left out" if len(rows) > PLACES else ""
            head = [key.removesuffix("_id"), names[0], name, "difference"]
            tables += [Table(head, cells, f"{names[0]} to {name}: {words}{more}")] if cells else []
    lead = "" if tables else "At the end every place and every option of power has the same in all."
    return Section("moved", "What moved where", lead=lead, tables=tables)


def _side_by_side(names: Sequence[str], found: Sequence[Comparison]) -> list[Table]:
    """Capacity by place and power by option at the end in all plans, the first one's first, where any differs."""
    called = Names({name: frame for each in found for plan in (each.b, each.a) for name, frame in plan.inputs.items()})
    end, tables = month_name(found[0].months[-1]), []
    for field, key, words in (
        ("capacity", "place_id", f"MW of IT by place, end of {end}"),
        ("power", "option_id", f"MW of power by option, end of {end}"),
    ):
        frames = [getattr(each, field).set_index(key)[["a", "b"]].astype(float) for each in found]
        base = pd.concat([frame["a"] for frame in frames])
        base = base[~base.index.duplicated()]
        plans = zip(base, *(frame["b"].reindex(base.index).fillna(base) for frame in frames), strict=True)
        rows = [
            [called(str(name)), *apart(list(mw))]
            for name, mw in zip(base.index, plans, strict=True)
            if not all(same(each, mw[0]) for each in mw)
        ]
        more = f"; {len(rows) - PLACES} further rows are left out" if len(rows) > PLACES else ""
        head = [key.removesuffix("_id"), *names]
        tables += [Table(head, rows[:PLACES], f"All plans: {words}{more}")] if rows else []
    return tables
