"""Alternatives to a run as lines for a terminal: what each costs and by how much it differs, and the totals side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planner.formats import count, number, usd
from planner.write import ranged
from planner.write.names import Names
from planner.write.text.layout import table, wrapped

if TYPE_CHECKING:
    from planner.studies.alternatives import Alternatives

HEAD = ("run", "paid, USD", "more, %", "differs from the plan by, MW", "from the nearest by, MW")
LEAD = (
    "Each alternative costs at most {within:g} % more than the plan (discounted, without unserved compute) and serves no less, "
    "by amount and by value. Within these limits its MW of IT by place and of power by option in the last month differ as much "
    "as they can from the plan and from the alternatives before it. All differences are added up: what moves from one place to "
    "another counts twice."
)
SAME_MW = 0.05


def alternatives_lines(found: Alternatives) -> list[str]:
    """A sentence, what was asked, a row an alternative, and for each kind the totals that are not the same in all."""
    rows, names = found.rows.to_dict("records"), Names(found.inputs)
    if not rows:
        return wrapped(f"{found.plan}: no other plan within these limits of cost and service differs in any place or option")
    fewer = f", and no further plan differs from all of them ({found.asked} were asked for)"
    said = f"{found.plan}: {count(len(rows), 'alternative')}" + (fewer if found.missing and not found.interrupted else "")
    lines = [*wrapped(said), *wrapped(LEAD.format(within=100 * float(rows[0]["within_frac"])), "  ", "  ")]
    cells = [
        [
            str(row["folder"]),
            usd(1e6 * row["paid_musd"]),
            f"{100 * row['more_frac']:.2f}",
            *(number(row[name], 4) for name in ("from_plan_mw", "nearest_mw")),
        ]
        for row in rows
    ]
    lines += table(HEAD, cells)
    head = ["total", "plan, MW", *(f"{row['alternative']}, MW" for row in rows)]
    for kind, group in ranged.kinds(found.totals.to_dict("records")).items():
        differing = [row for row in group if max(_mw(row)) - min(_mw(row)) > SAME_MW]
        shown = [[names(str(row["id"])), *(number(each, 4) for each in _mw(row))] for row in differing]
        lines += table(head, shown, ranged.title(kind, group)) if shown else []
    return lines


def _mw(row: ranged.Row) -> list[float]:
    """The total in the plan and in each alternative."""
    return [float(value) for name, value in row.items() if str(name).endswith("_mw")]
