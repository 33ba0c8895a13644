"""Why no plan meets all limits, in lines for a terminal: what breaks, what is in conflict, and the ways out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planner.findings import Place
from planner.formats import span

if TYPE_CHECKING:
    from planner.studies.infeasible.diagnosis import Broken, Change, Diagnosis, Served, Standing, WayOut

SHOWN = 12
DUST = 1e-9  # of a requirement: what a solver leaves of zero


def diagnosis_lines(found: Diagnosis) -> list[str]:
    """Sentences, the requirement first."""
    lines = ["no plan meets all limits; the smallest change of requirements that makes the plan feasible:"]
    lines += _some([broken_words(one) for one in found.broken], "")
    if found.served is not None:
        lines += served_lines(found.served)
    if found.conflict:
        proof = "all of them are needed for it" if found.irreducible else "perhaps not all are needed for it"
        lines.append(f"in conflict ({proof}):")
        lines += _some([_standing_words(one) for one in found.conflict], "  ")
    if found.ways:
        lines.append("any one of these resolves it:" if len(found.ways) > 1 else "this resolves it:")
        lines += [line for way in found.ways for line in way_lines(way)]
    if found.together is not None:
        before = "or, where no single limit does" if found.ways else "no single change resolves it"
        lines += [f"{before}, the smallest changes that do together:", *way_lines(found.together)]
    if found.until is not None:
        lines.append(f"examined until {found.until}: more may break after it")
    elif not found.ways and found.together is None:
        lines.append("no change of the numbers that were tried resolves it")
    if found.horizon_end is not None:
        text = f"every number here counts the look-ahead, the months after {found.horizon_end}"
        lines.append(f"{text}; --set look_ahead_months=0 leaves them out")
    if found.not_tried:
        lines.append("not tried, since time was up: " + ", ".join(_some(list(found.not_tried), "")))
    return lines


def broken_words(one: Broken) -> str:
    """A requirement in its worst month: what must be, and what is possible."""
    worst = max(range(len(one.short)), key=lambda n: one.short[n])
    asked, short = one.asked[worst], one.short[worst]
    left = asked - short if abs(asked - short) > DUST * abs(asked) else 0.0
    must, can = f"{_number(asked)} {one.unit}", f"{_number(left)} {one.unit}"
    if one.of:
        whole = one.of[worst]
        must, can = f"{100 * asked / whole:.3g} % ({must})", f"{100 * left / whole:.3g} % ({can})"
    tail = f"; it breaks in {len(one.months)} months, {span(one.months)}" if len(one.months) > 1 else ""
    return f"{one.months[worst]}: {one.words} {must}, but only {can} is possible ({_where(one.place)}){tail}"


def served_lines(served: Served) -> list[str]:
    """The most that any plan serves, and how to get that plan."""
    text = f"at most {_number(100 * served.frac)} % of all demand over the whole plan can be served"
    sets = " ".join(f'--set "{each}"' for each in served.overrides)
    return [f"{text}; with these it is:", f"      {sets}"] if sets else [text]


def way_lines(way: WayOut) -> list[str]:
    """Changes that resolve a conflict, what they cost, and how to make them."""
    words = " and ".join(_change_words(change) for change in way.changes)
    cost = ""
    if way.plan_cost_musd is not None:
        cost = f"; the best plan then comes to {_number(way.plan_cost_musd)} million USD, unserved compute counted"
    elif way.own_cost_musd is not None:
        cost = f"; that capacity alone costs {_number(way.own_cost_musd)} million USD"
    sets = " ".join(f'--set "{change.override}"' for change in way.changes)
    return [f"  {words}{cost}", f"      {sets}"]


def _standing_words(one: Standing) -> str:
    stated = one.column if one.value is None else f"{one.column} = {_plain(one.value)}{_unit(one.unit)}"
    when = f", {span(one.months)}" if one.months else ""
    return f"{one.words}: {stated} ({_where(one.place)}){when}"


def _change_words(one: Change) -> str:
    if one.scales:
        return f"{one.words} times {_number(one.then)}"
    return f"{one.words}: {one.column} from {_plain(one.now)} to {_plain(one.then)}{_unit(one.unit)}"


def _unit(unit: str) -> str:
    return f" {unit}" if unit and unit != "fraction" else ""


def _number(value: float) -> str:
    """Six digits: a way out must work as it is typed."""
    return f"{value:,.6g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.12g}"
    return "[" + ", ".join(value) + "]" if isinstance(value, tuple) else str(value)


def _some(lines: list[str], indent: str) -> list[str]:
    shown = [indent + line for line in lines[:SHOWN]]
    return shown + ([f"{indent}and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else [])


def _where(place: Place) -> str:
    return place.shown
