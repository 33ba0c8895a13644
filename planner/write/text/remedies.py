"""Remedies as lines for a terminal: what to do first, then a table of what each costs, saves and powers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from planner.formats import compute, month_name, number, several, short_usd, usd
from planner.schema.glossary import FIRST_ORDER, WHAT_FIRST
from planner.write.names import Names, named, price_of
from planner.write.text.layout import bullets, table, wrapped

if TYPE_CHECKING:
    from planner.studies.explain.remedies import Confirmed

SHOWN = 10
HEAD = ("limit", "a month", "from", "capital", "costs", "saves", "H100e", "up to")


def remedy_lines(found: Sequence[Confirmed], names: Names) -> Iterator[str]:
    """The first remedies, those solved again before the others; nothing where no limit has a price."""
    if not found:
        return
    solved = any(each.solved for each in found)
    text = f"{WHAT_FIRST}: remedies by what they save above their cost"
    yield from wrapped(f"{text}, solved again" if solved else f"{text} ({FIRST_ORDER})")
    yield from bullets([f"{_more(found[0], names)} {_gains(found[0])}."])
    text = "Capital: the full price of what is built. Costs: its charges until the end, and speeding up where its price is "
    text += "stated. Saves: before those costs, with compute that no longer goes unserved at its value. Both discounted, USD. "
    text += "H100e: thousands powered, mean from its first month on."
    if any(each.remedy.most_musd is not None for each in found[:SHOWN]):
        text += " Up to: where no price of speeding up is stated (speed_up_usd_per_mw), the most that one unit of it may cost."
    yield from wrapped(text + (" To first order where marked *." if solved else ""), "  ", "  ")
    yield from table(HEAD, (_row(each, names, solved) for each in found[:SHOWN]))
    if len(found) > SHOWN:
        yield f"  and {len(found) - SHOWN:,} more with --out or --json"


def _most(each: Confirmed) -> str:
    """The most that one unit beyond the pace may cost: no more than what solving again found it to save above its cost."""
    if each.remedy.most_musd is None:
        return "stated"
    most = max(0.0, min(each.remedy.most_musd, each.relief.net_musd))
    return short_usd(1e6 * most / (each.remedy.shown_amount * len(each.remedy.rows)))


def _row(each: Confirmed, names: Names, solved: bool) -> tuple[str, ...]:
    remedy, relief = each.remedy, each.relief
    mark = "*" if solved and each.solved is None else ""
    capital, cost, powered = relief.capital_musd, relief.cost_musd, relief.powered_kh100e
    return (
        named(remedy.constraint, remedy.where, names) + mark,
        f"{remedy.shown_amount:,g} {price_of(remedy.constraint).one_more.split()[0]}",
        remedy.first,
        "not known" if capital is None else short_usd(1e6 * capital),
        "not known" if cost is None else short_usd(1e6 * cost),
        short_usd(1e6 * relief.saves_musd),
        "" if powered is None else number(powered),
        _most(each),
    )


def _more(each: Confirmed, names: Names) -> str:
    remedy = each.remedy
    place, _, item = remedy.where.partition(" / ")
    words = f"{names.within(item)} at {names(place)}" if item else names.within(place)
    months = month_name(remedy.first), month_name(remedy.last)
    return several(price_of(remedy.constraint).words, f"{remedy.shown_amount:,g}", words, *months)


def _gains(each: Confirmed) -> str:
    relief = each.relief
    if relief.cost_musd is None:
        return f"would save {usd(1e6 * relief.saves_musd)}; what it costs is not stated"
    capital = f"take {usd(1e6 * relief.capital_musd)} of capital, " if relief.capital_musd else ""
    text = f"would {capital}cost {usd(1e6 * relief.cost_musd)} within the study and save {usd(1e6 * relief.saves_musd)}"
    if each.unserved_musd is not None:
        cash = relief.saves_musd - (relief.own_musd or 0.0) - each.unserved_musd
        text += f" (compute worth {usd(1e6 * each.unserved_musd)} no longer goes unserved; in cash {_signed(cash)})"
    if relief.powered_kh100e is not None:
        text += f", and power {compute(relief.powered_kh100e)} on average"
    return text


def _signed(saved_musd: float) -> str:
    """Cash that a relief saves, its own cost included, or that it costs."""
    return f"it {'saves' if saved_musd >= 0 else 'costs'} {usd(1e6 * abs(saved_musd))}"
