"""The answer to one question about a run, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from models import REGISTER
from planner.formats import capital, month_name, number, short_usd, usd
from planner.write.names import Names, component, named
from planner.write.text.layout import bullets, table, wrapped

if TYPE_CHECKING:
    import pandas as pd

    from planner.studies.explain.evidence import Evidence
    from planner.studies.explain.limits import Binding
    from planner.studies.explain.why import OptionState, Why

STATES = {
    "limited": "all that may be built is built",
    "early": "not before its lead time",
    "closed": "may not grow",
    "project": "comes with its project alone, which `planner explain` turns",
    "outbid": "its megawatts go where they are worth more",
    "dear": "one more would cost more than it saves",
}
PRICES = {
    "compute_usd_per_h100e_h": ("compute", "USD per H100e-hour"),
    "energy_usd_per_mwh": ("energy", "USD per MWh"),
    "firm_power_usd_per_mw_month": ("firm power", "USD per MW and month"),
    "hall_usd_per_mw_month": ("hall space", "USD per MW and month"),
}
OWN_COST = "its own cost"
SHOWN_VALUES = 6
FLEET = (
    *(("generation_id", "chips"), ("installed_kunit", "thousand"), ("deploy_kunit", "arriving"), ("retire_kunit", "retired")),
    *(("it_nameplate_mw", "MW of IT"), ("compute_kh100e", "thousand H100e")),
)
POWER = (
    *(("option_id", "power"), ("capacity_mw", "MW"), ("build_mw", "built"), ("growth_limit_mw", "at most")),
    ("output_mw", "drawn"),
)


def why_lines(answer: Why) -> list[str]:
    """Everything that `planner explain RUN --why` prints for a person."""
    names = Names(answer.inputs)
    lines = [line for notice in answer.notices for line in wrapped(f"Note: {notice}.")]
    lines += [*(_value_lines if answer.question.table else _place_lines)(answer, names), "", "Inputs behind it"]
    waiting = {
        option.option for option in answer.options if option.state in ("early", "closed", "project") and not option.capacity_mw
    }
    aside = {f"power[{answer.question.place}, {p}]" for p in waiting} | {
        f"supply[{p}, {answer.question.month}]" for p in waiting
    }
    for each in answer.evidence:
        if each.name not in aside:
            lines += _evidence_lines(each)
    rest = ", ".join(f"{each.name} {each.at}" for each in answer.evidence if each.name in aside)
    return [*lines, *(bullets([f"not in use yet: {rest}"]) if rest else [])]


def _place_lines(answer: Why, names: Names) -> Iterator[str]:
    q, rows = answer.question, answer.rows
    yield f"{names(q.place)} ({q.place}) in {month_name(q.month)}. Money is of that month; H100e: H100-equivalent."
    yield ""
    yield "What is there"
    if len(rows["fleet"]):
        yield from _frame_lines(rows["fleet"].sort_values("it_nameplate_mw", ascending=False, kind="stable"), FLEET, names)
    else:
        yield "  no chips"
    if len(rows.get("power", ())):
        yield from _frame_lines(rows["power"], POWER, names)
    if len(rows.get("halls", ())):
        hall = rows["halls"].to_dict("records")[0]
        taken = f"{hall['housed_mw']:,.0f} of it taken, {hall['build_shell_mw']:,.0f} new"
        yield f"  halls for {hall['shell_mw']:,.0f} MW of IT, {taken}"
    if len(rows["serve"]):
        by_class = rows["serve"].groupby("class_id")["serve_kh100e"].sum().sort_values(ascending=False)
        served = ", ".join(f"{names.within(str(name))} {kh:,.0f}" for name, kh in by_class.items())
        yield from bullets([f"serves {served} thousand H100e"])
    if len(rows["costs"]):
        costs = rows["costs"].groupby("component", sort=False)["cost_musd"].sum().sort_values(ascending=False)
        parts = {component(str(name)).lower(): 1e6 * musd for name, musd in costs.items() if abs(musd) > 1e-6}
        words = ", ".join(f"{name} {short_usd(amount)}" for name, amount in parts.items())
        yield from bullets([f"costs {usd(1e6 * float(costs.sum()))}: {words}"])
    if answer.prices:
        yield ""
        yield "Prices there"
        yield from wrapped(_price_words(answer.prices), "  ", "  ")
    if answer.options or answer.limits or answer.orbit:
        yield ""
        yield "Why not more"
        yield from _more_lines(answer, names)
    if answer.prices:
        yield ""
        yield "Why not less"
        yield from wrapped(_less_words(answer, names), "  ", "  ")


def _frame_lines(frame: pd.DataFrame, columns: tuple[tuple[str, str], ...], names: Names) -> list[str]:
    rows = []
    for record in frame.to_dict("records"):
        cells = [record[name] for name, _ in columns]
        rows.append([names(cell) if isinstance(cell, str) else f"{cell:,.1f}" for cell in cells])
    return table([head for _, head in columns], rows)


def _price_words(prices: dict[str, float]) -> str:
    words = [f"{name} {number(prices[key])} {unit}" for key, (name, unit) in PRICES.items() if key in prices]
    return "; ".join(words) + "."


def _more_lines(answer: Why, names: Names) -> Iterator[str]:
    yield from bullets(_limit_words(limit, names, answer.question.place) for limit in answer.limits)
    if not answer.limits and not answer.orbit:
        yield "  No limit of this place has a price in this month."
    limited = {limit.item for limit in answer.limits if limit.is_growth}
    options = (option for option in answer.options if option.state != "limited" or option.option not in limited)
    yield from bullets(_option_words(option, names) for option in options)
    if answer.orbit:
        gap = float(answer.orbit["gap_usd_per_kw"])
        text = f"One more kW launched costs {answer.orbit['cost_usd_per_kw']:,.0f} USD and earns "
        text += f"{answer.orbit['worth_usd_per_kw']:,.0f}: " + (f"{gap:,.0f} too little." if gap > 0 else "it pays.")
        yield from bullets([text])


def _limit_words(limit: Binding, names: Names, here: str) -> str:
    """A limit in one sentence; its place is not said again where it is the one asked about."""
    unit = limit.unit.removeprefix("USD per ").replace("-month", " for the month")
    name = capital(named(limit.constraint, limit.where, names).removeprefix(f"{names.brief(here)}: "))
    text, one = f"{name}: used up", "one more"
    if limit.limit and not limit.repeats:
        text += f", {limit.limit:,.1f} {unit}"
    else:
        one += f" {unit}"
    if REGISTER[limit.constraint].has("year", "period"):
        text += f", counted to {limit.month}"
    if limit.is_range and limit.more_usd is not None and limit.less_usd is not None:
        return f"{text}; {one} saves {usd(max(limit.more_usd, 0.0))}, one less costs {usd(limit.less_usd)}."
    return f"{text}; {one} saves {usd(limit.worth_usd if limit.more_usd is None else limit.more_usd)}."


def _option_words(option: OptionState, names: Names) -> str:
    text = f"{capital(names(option.option))}: {STATES[option.state]}"
    if option.state == "limited":
        return f"{text}, {option.built_mw:,.1f} MW this month."
    if option.state == "early":
        return f"{text}, {month_name(option.first_month)}."
    if option.state == "outbid":
        return f"{text} ({REGISTER[option.outbid_by].account}): {option.built_mw:,.1f} of {option.most_mw:,.1f} MW built."
    if option.state == "dear":
        return f"{text}: {usd(max(option.gap_usd, 0.0))} per MW; {option.built_mw:,.1f} of {option.most_mw:,.1f} MW built."
    return text + "."


def _less_words(answer: Why, names: Names) -> str:
    """What a chip there earns against what feeding it costs."""
    compute, energy = answer.prices["compute_usd_per_h100e_h"], answer.prices.get("energy_usd_per_mwh")
    fleet = answer.rows["fleet"]
    fleet = fleet[fleet["it_draw_mw"] > 0]
    if not len(fleet):
        return "Nothing runs there."
    earned = compute * 1e3 * fleet["compute_kh100e"] / fleet["it_draw_mw"]
    least = int(earned.to_numpy(dtype=float).argmin())
    chip, usd_per_mwh = names(str(fleet["generation_id"].iloc[least])), float(earned.iloc[least])
    text = f"A MWh used by servers earns at least {usd_per_mwh:,.0f} USD there (with {chip}, the least of what runs)"
    if energy is None:
        return text + "."
    return f"{text}; one more MWh at the facility costs {energy:,.0f}. The difference pays for firm power, halls and the chip."


def _value_lines(answer: Why, names: Names) -> Iterator[str]:
    q = answer.question
    parts = [names(part) for part in (q.pool, q.class_id, q.place, q.generation, q.option) if part]
    yield f"{capital(q.table)}: {'; '.join((*parts, month_name(q.month)))}. Money is of that month."
    yield ""
    rows = answer.rows[q.table].to_dict("records")
    if rows:
        values = {str(name): value for name, value in rows[0].items() if not isinstance(value, str)}
        yield from table(("value", "in the plan"), [(name, f"{value:,.6g}") for name, value in values.items()])
    else:
        yield "  Nothing happens there in that month: the table has no such row."
    if answer.account:
        yield ""
        count = "One thousand more " if answer.unit.startswith("thousand ") else "One more "
        yield f"{count}{answer.unit.removeprefix('thousand ')}, at the plan's prices"
        lines = [
            (REGISTER[e.item].account if e.item in REGISTER else OWN_COST, names.where(e.where), short_usd(e.usd, signed=True))
            for e in answer.account
        ]
        yield from table(("what it gives or takes", "of", "USD"), lines, left=(0, 1))
        total = sum(entry.usd for entry in answer.account)
        largest = max(abs(entry.usd) for entry in answer.account)
        if abs(total) <= 1e-6 * largest:
            yield "  The sum is zero: at this value of the plan, one more is worth exactly what it costs."
        else:
            yield from wrapped(f"The sum is {usd(total)}: one more would lose that, so the plan has none.", "  ", "  ")
    elif answer.value is not None and not answer.prices and not answer.limits:
        yield "  There is nothing to decide: the value is fixed, or the run has no prices."
    if answer.limits:
        yield ""
        yield "Limits on it"
        yield from bullets(_limit_words(limit, names, q.place) for limit in answer.limits)


def _evidence_lines(each: Evidence) -> Iterator[str]:
    yield from bullets([f"{each.name}  {each.at}" + (f"  ({each.quality.replace('_', ' ')})" if each.quality else "")])
    numbers = {name: value for name, value in each.values.items() if each.quality == "setting" or not isinstance(value, str)}
    values = [f"{name} {_plain(value)}" for name, value in numbers.items() if value and not name.endswith("_deg")]
    if values:
        more = len(values) - SHOWN_VALUES
        yield from wrapped(", ".join(values[:SHOWN_VALUES]) + (f" and {more} more" if more > 0 else ""), "      ", "      ")
    if each.changed:
        yield from wrapped(f"changed: {each.changed}", "      ", "      ")
    if each.source:
        yield from wrapped(f"source: {each.source}", "      ", "      ")


def _plain(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.6g}"
    return "; ".join(str(part) for part in value) if isinstance(value, list | tuple) else str(value)
