"""The answer to one question about a run, as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from models import REGISTER
from planner.write.text.explain import table, wrapped
from planner.write.text.words import named, short, usd

if TYPE_CHECKING:
    import pandas as pd

    from planner.studies.explain.evidence import Evidence
    from planner.studies.explain.limits import Binding
    from planner.studies.explain.why import OptionState, Why

STANDS = {
    "limited": "all that may be built is built",
    "early": "not before its lead time",
    "closed": "may not grow",
    "outbid": "its megawatts go where they are worth more",
    "dear": "one more would cost more than it gives",
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
    lines = [line for notice in answer.notices for line in wrapped(f"Note: {notice}.")]
    lines += [*(_value_lines(answer) if answer.question.table else _place_lines(answer)), "", "Inputs behind it"]
    waiting = {option.option for option in answer.options if option.state in ("early", "closed") and not option.capacity_mw}
    aside = {f"power[{answer.question.place}, {p}]" for p in waiting} | {
        f"supply[{p}, {answer.question.month}]" for p in waiting
    }
    for each in answer.evidence:
        if each.name not in aside:
            lines += _evidence_lines(each)
    rest = ", ".join(f"{each.name} {each.at}" for each in answer.evidence if each.name in aside)
    return [*lines, *(wrapped(f"not in use yet: {rest}", "  ", "    ") if rest else [])]


def _place_lines(answer: Why) -> Iterator[str]:
    q, rows = answer.question, answer.rows
    yield f"{q.place} in {q.month}. Money is of that month."
    yield ""
    yield "What is there"
    fleet = rows["fleet"]
    if len(fleet):
        yield from _frame_lines(fleet.sort_values("it_nameplate_mw", ascending=False, kind="stable"), FLEET)
    else:
        yield "  no chips"
    if len(rows.get("power", ())):
        yield from _frame_lines(rows["power"], POWER)
    if len(rows.get("halls", ())):
        hall = rows["halls"].to_dict("records")[0]
        taken = f"{hall['housed_mw']:,.0f} of it taken, {hall['build_shell_mw']:,.0f} new"
        yield f"  halls for {hall['shell_mw']:,.0f} MW of IT, {taken}"
    if len(rows["serve"]):
        by_class = rows["serve"].groupby("class_id")["serve_kh100e"].sum().sort_values(ascending=False)
        yield from wrapped(
            "serves " + ", ".join(f"{name} {kh:,.0f}" for name, kh in by_class.items()) + " thousand H100e", "  "
        )
    if len(rows["costs"]):
        costs = rows["costs"].groupby("component", sort=False)["cost_musd"].sum().sort_values(ascending=False)
        words = ", ".join(
            f"{str(name).replace('_', ' ')} {usd(1e6 * musd)}" for name, musd in costs.items() if abs(musd) > 1e-6
        )
        yield from wrapped(f"costs {usd(1e6 * float(costs.sum()))} USD: {words}", "  ", "    ")
    if answer.prices:
        yield ""
        yield "What things are worth there"
        yield from wrapped(_price_words(answer.prices), "  ", "  ")
    if answer.options or answer.limits or answer.orbit:
        yield ""
        yield "Why not more"
        yield from _more_lines(answer)
    if answer.prices:
        yield ""
        yield "Why not less"
        yield from wrapped(_less_words(answer), "  ", "  ")


def _frame_lines(frame: pd.DataFrame, columns: tuple[tuple[str, str], ...]) -> Iterator[str]:
    rows = []
    for record in frame.to_dict("records"):
        cells = [record[name] for name, _ in columns]
        rows.append([cell if isinstance(cell, str) else f"{cell:,.1f}" for cell in cells])
    yield from table([head for _, head in columns], rows, left=(0,))


def _price_words(prices: dict[str, float]) -> str:
    words = [f"{name} {_price(prices[key])} {unit}" for key, (name, unit) in PRICES.items() if key in prices]
    return "; ".join(words) + "."


def _price(amount: float) -> str:
    return usd(amount) if abs(amount) >= 100 else f"{amount:,.2f}"


def _more_lines(answer: Why) -> Iterator[str]:
    for limit in answer.limits:
        yield from wrapped(_limit_words(limit), "  ", "    ")
    if not answer.limits and not answer.orbit:
        yield "  No limit that speaks of this place has a price in this month."
    told = {limit.item for limit in answer.limits if limit.is_growth}
    for option in answer.options:
        if option.state == "limited" and option.option in told:
            continue
        yield from wrapped(_option_words(option), "  ", "    ")
    if answer.orbit:
        gap = float(answer.orbit["gap_usd_per_kw"])
        text = f"One more kW launched costs {answer.orbit['cost_usd_per_kw']:,.0f} USD and is worth "
        text += f"{answer.orbit['worth_usd_per_kw']:,.0f}: " + (f"{gap:,.0f} too dear." if gap > 0 else "it pays.")
        yield from wrapped(text, "  ", "    ")


def _limit_words(limit: Binding) -> str:
    name = named(limit.constraint, limit.where)
    unit = limit.unit.removeprefix("USD per ").replace("-month", " for the month")
    text, one = f"{name[0].upper()}{name[1:]}: used up", "one more"
    if limit.limit and not limit.repeats:
        text += f", {limit.limit:,.1f} {unit}"
    else:
        one += f" {unit}"
    if REGISTER[limit.constraint].has("year", "period"):
        text += f", counted to {limit.month}"
    if limit.is_range and limit.more_usd is not None and limit.less_usd is not None:
        return f"{text}; {one} saves {usd(max(limit.more_usd, 0.0))} USD, one less costs {usd(limit.less_usd)}."
    return f"{text}; {one} saves {usd(limit.worth_usd if limit.more_usd is None else limit.more_usd)} USD."


def _option_words(option: OptionState) -> str:
    text = f"{option.option}: {STANDS[option.state]}"
    if option.state == "limited":
        return f"{text}, {option.built_mw:,.1f} MW this month."
    if option.state == "early":
        return f"{text}, {option.first_month}."
    if option.state == "outbid":
        return f"{text} ({REGISTER[option.outbid_by].account}): {option.built_mw:,.1f} of {option.most_mw:,.1f} MW built."
    if option.state == "dear":
        return f"{text}: {usd(max(option.gap_usd, 0.0))} USD per MW; {option.built_mw:,.1f} of {option.most_mw:,.1f} MW built."
    return text + "."


def _less_words(answer: Why) -> str:
    """What a chip there earns against what feeding it costs."""
    compute, energy = answer.prices["compute_usd_per_h100e_h"], answer.prices.get("energy_usd_per_mwh")
    fleet = answer.rows["fleet"]
    fleet = fleet[fleet["it_draw_mw"] > 0]
    if not len(fleet):
        return "Nothing runs there."
    earned = compute * 1e3 * fleet["compute_kh100e"] / fleet["it_draw_mw"]
    least = int(earned.to_numpy(dtype=float).argmin())
    chip, usd_per_mwh = fleet["generation_id"].iloc[least], float(earned.iloc[least])
    text = f"A MWh of IT earns at least {usd_per_mwh:,.0f} USD there (with {chip}, the least of what runs)"
    if energy is None:
        return text + "."
    return (
        text + f"; one more MWh at the facility costs {energy:,.0f}. What is between pays for firm power, halls and the chip."
    )


def _value_lines(answer: Why) -> Iterator[str]:
    q = answer.question
    parts = [part for part in (q.pool, q.class_id, q.place, q.generation, q.option, q.month) if part]
    yield f"{q.table} of {', '.join(parts)}. Money is of that month."
    yield ""
    rows = answer.rows[q.table].to_dict("records")
    if rows:
        values = {str(name): value for name, value in rows[0].items() if not isinstance(value, str)}
        yield from table(("value", "in the plan"), [(name, f"{value:,.6g}") for name, value in values.items()], left=(0,))
    else:
        yield "  Nothing happens there in that month: the table has no such row."
    if answer.account:
        yield ""
        count = "One thousand more " if answer.unit.startswith("thousand ") else "One more "
        yield f"{count}{answer.unit.removeprefix('thousand ')}, at the plan's prices"
        lines = [
            (
                REGISTER[e.item].account if e.item in REGISTER else OWN_COST,
                e.where,
                short(e.usd) if e.usd < 0 else "+" + short(e.usd),
            )
            for e in answer.account
        ]
        yield from table(("what it gives or takes", "of", "USD"), lines, left=(0, 1))
        total = sum(entry.usd for entry in answer.account)
        largest = max(abs(entry.usd) for entry in answer.account)
        if abs(total) <= 1e-6 * largest:
            yield "  It adds up to nothing: the plan stands exactly where one more is worth what it costs."
        else:
            yield from wrapped(f"It adds up to {usd(total)} USD: one more would lose that, so there is none.", "  ", "  ")
    elif answer.value is not None and not answer.prices and not answer.limits:
        yield "  There is nothing to decide: the value is fixed, or the run has no prices."
    if answer.limits:
        yield ""
        yield "Limits that hold it"
        for limit in answer.limits:
            yield from wrapped(_limit_words(limit), "  ", "    ")


def _evidence_lines(each: Evidence) -> Iterator[str]:
    yield from wrapped(f"{each.name}  {each.at}" + (f"  {each.quality}" if each.quality else ""), "  ", "    ")
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
