"""Many plans as lines for a terminal: the table of a sweep, a frontier, what would overturn a plan, what of it is firm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.formats import count, number, sentence
from planner.write import ranged
from planner.write.names import Names
from planner.write.overturned import LEAD, TITLE, cells, sentence_of
from planner.write.text.layout import table, wrapped

if TYPE_CHECKING:
    from planner.studies.overturn import Overturn
    from planner.studies.pareto import Frontier
    from planner.studies.ranges import Ranges
    from planner.studies.sweep import Sweep

SHOWN = {
    "cost_musd": ("cost, million USD", 1.0),
    "energy_cost_usd_per_mwh": ("power, USD/MWh", 1.0),
    "served_frac": ("served, %", 100.0),
    "dark_end_mh100e": ("dark, million H100e", 1.0),
    "orbit_frac": ("orbit, %", 100.0),
}
"""Columns of a sweep that are printed: their heads, and the factor to the unit there. Dark and orbit: at the end."""

NOTHING = 1e-9
VARIANTS = ("assumption", "first orders", "kept", "elsewhere", "served, end", "cost, USD", "overturns")


def sweep_lines(found: Sweep) -> list[str]:
    """A row a point, then what could not be solved, and why; a column that is zero throughout is left out."""
    shown = {name: SHOWN[name] for name in shown_columns(found)}
    short = [key.rpartition(".")[2] for key in found.keys]
    keys = short if len(set(short)) == len(short) else found.keys
    heads = ["point", *keys, *(words for words, _ in shown.values()), "status"]
    rows = [
        [
            str(row["point"]),
            *(key_text(row[key]) for key in found.keys),
            *(number(factor * row[name], 5) for name, (_, factor) in shown.items()),
            str(row["status"]).replace("_", " "),
        ]
        for row in found.points.to_dict("records")
    ]
    counts = found.points["status"].value_counts(sort=False)
    solved = ", ".join(f"{many} {str(status).replace('_', ' ')}" for status, many in counts.items())
    known = f", {found.kept} were kept from an earlier sweep" if found.kept else ""
    lines = [*table(heads, rows, left=()), f"{solved}; {found.warm} were warm-started{known}"]
    return lines + [f"point {point}: {str(error).splitlines()[0]}" for point, error in found.failures.items()]


def shown_columns(found: Sweep) -> list[str]:
    """The columns of SHOWN of which the plans have anything."""
    return [name for name in SHOWN if (found.points[name].abs() > NOTHING).any()]


def key_text(value: object) -> str:
    """What a key was in a point; nothing for an empty cell of a table of runs."""
    if isinstance(value, int | float):
        return "" if value != value else f"{value:g}"
    return str(value)


def frontier_lines(found: Frontier) -> list[str]:
    """A row a point, then what was checked."""
    carbon = found.against == "carbon"
    heads = ["point", "cost, million USD", "CO2, t" if carbon else "served, thousand H100e-months"]
    heads += ["USD per t less" if carbon else "USD per H100e-hour more", "served, %"]
    rows = [
        [
            str(row["point"]),
            f"{row[found.cost]:,.1f}",
            number(round(row[found.total]), 1),
            number(row[found.price], 4),
            f"{100 * row['served_frac']:.2f}",
        ]
        for row in found.points.to_dict("records")
    ]
    note = ["The cost includes unserved compute at its value."] if carbon else []
    if found.look_ahead_months:
        note.append(f"Every number counts the {count(found.look_ahead_months, 'month')} of the look-ahead.")
    return [*table(heads, rows, left=()), *(line for text in (*note, *map(sentence, found.checks)) for line in wrapped(text))]


def overturn_lines(found: Overturn) -> list[str]:
    """The sentence, what the columns mean, the rows; by what each overturns the plan stands in the sentence."""
    names, rows = Names(found.inputs), found.rows.to_dict("records")
    lines = [*wrapped(f"{found.plan}: {sentence(sentence_of(rows, names))}"), "", TITLE, *wrapped(LEAD, "  ", "  ")]
    shown = [[cell.replace(" million USD", " M").replace(" billion USD", " bn") for cell in cells(row, names)] for row in rows]
    answers = {"": "", "nothing": "no"}
    return [*lines, *table(VARIANTS, [(row[0], *row[2:], answers.get(row[1], "yes")) for row in shown], left=(0, 6))]


def ranges_lines(found: Ranges) -> list[str]:
    """The sentence, what was asked, a table for each kind of total."""
    names = Names(found.inputs)
    rows = found.rows.to_dict("records")
    if not rows:
        return [f"{found.plan}: the plan has none of these totals"]
    lines = [*wrapped(f"{found.plan}: {sentence(ranged.sentence_of(rows))}"), *wrapped(ranged.lead(rows), "  ", "  ")]
    for kind, group in ranged.kinds(rows).items():
        lines += table(ranged.HEAD, [ranged.cells(row, names) for row in group], ranged.title(kind, group))
    return lines
