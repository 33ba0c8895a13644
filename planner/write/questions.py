"""Plain questions about a finished run, each with one sentence that can be quoted, its figures, its scope and its caveat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planner.formats import capital, compute, count, month_name, number, percent, sentence, usd, watts
from planner.plan.first_orders import FIRST_MONTHS
from planner.schema.glossary import COST_SCOPES, DARK_IN_FULL
from planner.schema.table_schema import HALLS
from planner.write import overturned, ranged
from planner.write.names import Names
from planner.write.text.layout import wrapped

if TYPE_CHECKING:
    from planner.runs.read import Written
    from planner.studies.questions import Facts

TITLE = "Plain questions"
LEAST = 1e-3
"""Of what is dark: less of it needs no words."""
CHEAPER = (("usd_per_mwh", "energy_usd_per_kh100e_h"), ("carbon_kg_per_mwh", "carbon_kg_per_kh100e_h"))


@dataclass(frozen=True)
class Answer:
    """``figures``: the numbers of the sentence by name, each name with its unit. ``scope``: what they count. ``caveat``: what
    they do not say."""

    key: str
    question: str
    sentence: str
    figures: Mapping[str, Any]
    scope: str
    caveat: str


@dataclass(frozen=True)
class Questions:
    """All answers of one run."""

    run: str
    answers: tuple[Answer, ...]


NO_TERMS = "the plan states no terms for cancelling signed orders, and counts each as kept; contracts may say otherwise"


def questions(run: Written, facts: Facts) -> Questions:
    """The answers that a run has; a question that does not arise in it is left out."""
    names = Names(run.inputs)
    ahead = (_reached(run, facts), _nothing_ordered(run, facts), _cancelled(run, facts, names), _near(run, facts, names))
    found = (*ahead, _dark(run, facts), _space(run, facts), _saving(run, facts), _energy(facts, names))
    return Questions(run.name, tuple(answer for answer in found if answer is not None))


def questions_lines(found: Questions) -> list[str]:
    """What `planner answer` prints for a person."""
    lines = [f"{found.run}: {TITLE.lower()}, a sentence each"]
    for answer in found.answers:
        lines += ["", *wrapped(answer.question), *wrapped(answer.sentence, "  ", "  ")]
        lines += [*wrapped(f"Scope: {answer.scope}", "    ", "    "), *wrapped(f"Caveat: {answer.caveat}", "    ", "    ")]
    return lines


def _months(run: Written) -> str:
    return f"{month_name(run.months[0])} to {month_name(run.months[-1])}" if len(run.months) > 1 else month_name(run.months[0])


def _scope(run: Written) -> str:
    return f"cost scope {COST_SCOPES.get(run.setting('boundary'), run.setting('boundary'))}"


def _reached(run: Written, facts: Facts) -> Answer | None:
    """The milestones in a sentence: the end of each year of the plan."""
    rows = facts.milestones
    if not rows:
        return None
    shown = [row for row in rows if row["number"] % 12 == 0] or rows[-1:]
    shown += [row for row in rows[-1:] if row not in shown]
    parts = [
        f"after {count(row['number'], 'month')}, in {month_name(row['month'])}, {percent(row['served_frac'])} of demand is "
        f"served, {watts(row['dark_mw'])} of chips are dark, firm power on Earth is {watts(row['firm_mw'])} and "
        f"{usd(1e6 * row['cash_musd'])} have been paid"
        for row in shown
    ]
    scope = "service, chips and power in that month; cash since the start, not discounted, without chips"
    caveat = "The section What is reached by when has more months, the tables of the run have all of them."
    figures = {"milestones": rows}
    return Answer("reached", "What is reached by when?", sentence("; ".join(parts)), figures, scope, caveat)


def _nothing_ordered(run: Written, facts: Facts) -> Answer | None:
    """By a solve where it was asked, else by what is still to be ordered."""
    end, book = month_name(run.months[-1]), facts.to_order
    solved = sentence(overturned.if_nothing_is_ordered(facts.overturned, end))
    if not book and not solved:
        return None
    said = ""
    if book:
        power, halls = (watts(book[name]) for name in ("power_to_order_mw", "hall_to_order_mw"))
        said = f"Of {watts(book['power_mw'])} of power and {watts(book['hall_mw'])} of halls in {end}, {power} of power "
        said += f"and {halls} of halls are still to be ordered; if nothing is, only the rest comes, with what must be "
        said += "under way at the start"
    scope = f"{month_name(run.months[0])} to {end}; what exists, is signed or must be under way at the start comes anyhow; "
    scope += "projects that are taken count as still to be ordered"
    caveat = "Chips are delivered as planned." if solved else "`planner overturn RUN` solves the plan without these orders."
    text = f"{solved} {sentence(said)}".strip()
    return Answer("nothing", "What happens if nothing is ordered?", text, book, scope, caveat)


def _cancelled(run: Written, facts: Facts, names: Names) -> Answer | None:
    """The orders to decide first, then those of the book that may be cancelled."""
    found = facts.cancellations
    if not found:
        return None
    until, book = month_name(found["until_month"]), found["cancellable"]
    first = f"Until it is signed, an order can be dropped free of charge. Of {usd(1e6 * found['capital_musd'])} of capital for "
    first += (
        f"{count(found['orders'], 'order')} to decide first, {usd(1e6 * found['due_musd'])} falls due by {until}; the plan has "
    )
    first += "no terms for cancelling them once they are signed"
    parts = [first] if found["orders"] else []
    parts += [f"signed orders that may be cancelled: {'; '.join(_order(row, names) for row in book)}"] if book else []
    parts += [] if book else [NO_TERMS]
    scope = f"orders of the first {count(min(FIRST_MONTHS, len(run.months)), 'month')}, and the order book of the plan; "
    scope += "not discounted"
    caveat = "A plan states terms of cancellation for signed orders alone (cancel_until_month, deposit_musd in commitments): "
    caveat += "ask for them before signing."
    question = "Which orders can be cancelled, until when and at what cost?"
    return Answer("cancel", question, " ".join(map(sentence, parts)), found, scope, caveat)


def _order(row: Mapping[str, Any], names: Names) -> str:
    what = "halls" if row["option_id"] == HALLS else names.within(row["option_id"])
    words = f"{what} at {names(row['region_id'])}, {watts(row['mw'])} for {month_name(row['month'])}"
    loss = f"at the loss of {usd(1e6 * row['deposit_musd'])}" if row["deposit_musd"] else "free of charge"
    return f"{words}, until {month_name(row['until_month'])} {loss}"


def _near(run: Written, facts: Facts, names: Names) -> Answer | None:
    """How far the plan could be from itself at nearly the same cost; how to ask, where that was not asked."""
    if run.manifest.get("solver", {}).get("status") != "optimal":
        return None
    question = "How different could a plan be that costs nearly the same?"
    rows = facts.ranges
    caveat = "`planner alternatives RUN --within 1%` writes the next best plans whole, and compares them."
    if not rows:
        said = "Not asked of this run: `planner ranges RUN` finds the least and the most of each site, option and chip "
        said += "at 1 % more cost"
        return Answer("near", question, sentence(said), {}, "plans that cost at most so much more and serve no less", caveat)
    widest = max(rows, key=lambda row: float(row["most_mw"]) - float(row["least_mw"]))
    least, most, planned = (watts(float(widest[name])) for name in ("least_mw", "most_mw", "plan_mw"))
    said = f"{ranged.sentence_of(rows)}; the widest is {names(str(widest['id']))}, {least} to {most} in "
    said += f"{month_name(str(widest['month']))} ({planned} in the plan)"
    return Answer("near", question, sentence(said), {"ranges": list(rows)}, ranged.lead(rows), caveat)


def _dark(run: Written, facts: Facts) -> Answer:
    dark = facts.dark
    question = "When do chips pile up dark, and what is the cheapest way out?"
    scope = f"{_months(run)}; MW of IT nameplate; dark: delivered but not installed; money discounted, {_scope(run)}"
    if not dark["from_month"]:
        said = "Chips never pile up: in no month are more than 0.1 % of them dark."
        return Answer("dark", question, said, {}, scope, "Chips in commissioning or retired early are not counted as dark.")
    first, peak = (month_name(dark[key]) for key in ("from_month", "peak_month"))
    idle = {words: float(dark[f"{reason}_mw"]) for reason, words in DARK_IN_FULL.items()}
    why = {words: mw for words, mw in idle.items() if mw > LEAST * dark["peak_mw"]}
    parts = [f"{watts(mw)} {words}" for words, mw in why.items()]
    parts = parts if len(why) > 1 else [f"in that month all {words}" for words in why]
    said = f"Chips are dark from {first}" if first != peak else f"Chips are dark in {first}"
    said += f", most in {peak}: {watts(dark['peak_mw'])}" if first != peak else f": {watts(dark['peak_mw'])}"
    said += f" ({', '.join(parts)})" if parts else ""
    said += f"; {watts(dark['end_mw'])} at the end" if dark["peak_month"] != run.months[-1] else ""
    said = sentence(said)
    said += f" {sentence(dark['why'])}" if dark["why"] else ""
    remedies: Sequence[Mapping[str, Any]] = dark["remedies"]
    caveat = "No limit whose relief would power chips has a known cost, so that no way out is named."
    if remedies:
        said += f" The cheapest way to power more, by its capital, is {_way(remedies[0])}"
        said += f", and the one that powers most is {_way(remedies[-1])}." if len(remedies) > 1 else "."
        caveat = "To first order, and each remedy alone: `planner explain RUN --remedies` solves them again."
        most = remedies[0]["speed_up_at_most_musd"]
        if most:
            caveat += " What a supplier asks for speeding up is not stated and comes on top"
            caveat += f"; for the first it would pay up to {usd(1e6 * most)}."
    return Answer("dark", question, said, dark, scope, caveat)


def _way(remedy: Mapping[str, Any]) -> str:
    spent = f"{usd(1e6 * remedy['capital_musd'])} of capital, {usd(1e6 * remedy['cost_musd'])} of it charged within the study"
    lit = f"{compute(1e-3 * remedy['powered_h100e_years'])}-years, {compute(remedy['powered_kh100e'])} on average"
    return f"{remedy['words']} ({spent}, for {lit}: {usd(remedy['usd_per_h100e_year'])} per H100e-year)"


def _space(run: Written, facts: Facts) -> Answer | None:
    space = facts.space
    if not space.get("orbit_share"):
        return None
    months = count(len(run.months), "month")
    scope = (
        f"{months} from {month_name(run.months[0])}; power, platform or buildings, and launch; no chips; what exists on the "
    )
    scope += "first day counts as paid for"
    caveat = f"{sentence(str(space.get('orbit_flip_value', '')).partition(';')[0])} ".lstrip()
    caveat += "Designs and launch prices are assumptions of the plan; `planner crossover PLAN` solves it on both sides of each."
    figures = {key: value for key, value in space.items() if isinstance(value, float)}
    question = f"Is space the cheapest place for compute within {months}?"
    return Answer("space", question, sentence(str(space["orbit_share"])), figures, scope, caveat)


def _saving(run: Written, facts: Facts) -> Answer | None:
    saved = facts.saving
    if saved:
        return _saved(run, saved)
    if len(facts.groups) < 2:
        return None
    shares = ", ".join(f"{name} {percent(share)}" for name, share in facts.groups.items())
    said = f"In {month_name(run.months[-1])} the groups compute: {shares}. One run does not say what that saves: "
    said += "`planner answer RUN BASE` compares it with another, such as one in which work stays where it arises"
    caveat = "A plan that serves more also costs more: what it saves counts unserved compute at its value."
    figures = {f"{name}_frac": share for name, share in facts.groups.items()}
    return Answer("saving", "What does this plan save?", sentence(said), figures, "compute in the last month", caveat)


def _saved(run: Written, saved: Mapping[str, Any]) -> Answer:
    """Saved in all, of it paid and of it served; carbon beside it."""
    cost, unserved, total = (float(saved[key]) for key in ("cost_musd", "unserved_musd", "total_musd"))
    pays = f"{usd(1e6 * abs(cost))} {'less' if cost >= 0 else 'more'} is paid"
    serves = f"compute worth {usd(1e6 * abs(unserved))} {'more' if unserved >= 0 else 'less'} is served"
    shares = f"{percent(saved['base_served_frac'])} -> {percent(saved['served_frac'])} of demand"
    verb = "saves" if total >= 0 else "costs"
    more = "" if total >= 0 else " more"
    said = f"Compared with {saved['base']}, {run.name} {verb} {usd(1e6 * abs(total))}{more} in all: "
    said += f"{pays}, and {serves} ({shares})"
    tonnes = float(saved["carbon_tco2"])
    said += f"; it emits {number(abs(tonnes) / 1e6)} million t CO2 {'less' if tonnes >= 0 else 'more'}"
    caveat = "What unserved compute is worth is an assumption of the plan"
    caveat += "; in money that is paid nothing is saved" if cost < 0 < total else ""
    caveat = f"{caveat}. Emissions are those of grids and plants, at the average of each."
    notes = "".join(f" {sentence(note)}" for note in saved["notes"])
    scope = f"{_months(run)}, discounted, {_scope(run)}, without chips"
    question = f"What does {run.name} save compared with {saved['base']}?"
    return Answer("saving", question, sentence(said), saved, scope, capital(caveat) + notes)


def _energy(facts: Facts, names: Names) -> Answer | None:
    if not facts.energy:
        return None
    rows: list[dict[str, Any]] = facts.energy["nations"]
    cheap, clean = (_least(rows, pair, unit, names) for pair, unit in zip(CHEAPER, ("USD", "kg CO2"), strict=True))
    said = f"Cheapest: {cheap}; cleanest: {clean}"
    roomy = max(rows, key=lambda row: _or_zero(row["headroom_mw"]))
    if _or_zero(roomy["headroom_mw"]) > 0:
        said += f"; most plentiful: {names(roomy['country_iso2'])}, whose envelope has room for {watts(roomy['headroom_mw'])} "
        said += "more of grid connections in the year"
    said += f". {_two(rows[:2], names)}"
    year = facts.energy["plan_year"]
    scope = f"plan year {year}, as used: energy and the plant that makes it, per MWh used by servers and per H100e-hour; "
    scope += "no halls, and what exists on the first day counts as paid for"
    caveat = "By compute it also counts which chips may stand in a nation and what they do with a MWh. Carbon is the average "
    caveat += "of the grid. Room in a nation's envelope says nothing of one grid, which may be at its own limit"
    roomless = any(row["headroom_mw"] != row["headroom_mw"] for row in rows)
    caveat += "; some nations state no envelope." if roomless else "."
    caveat += " Nations in which the plan uses hardly any energy are left out. A nation is the mean of its sites: of single "
    caveat += f"sites, over all months, {names(facts.energy['cheapest_place'])} is the cheapest "
    caveat += f"({number(facts.energy['cheapest_place_usd_per_mwh'])} USD per MWh used by servers)."
    question = "Who has the cheapest, cleanest and most plentiful energy?"
    return Answer("energy", question, sentence(said), facts.energy, scope, caveat)


def _least(rows: Sequence[Mapping[str, Any]], pair: tuple[str, str], unit: str, names: Names) -> str:
    """The first by the MWh and by compute: one nation, or two that disagree."""
    by_mwh, by_compute = (min(rows, key=lambda row: float(row[column])) for column in pair)
    mwh, work = f"{number(by_mwh[pair[0]])} {unit} per MWh", f"{number(by_compute[pair[1]])} {unit} per thousand H100e-hours"
    if by_mwh is by_compute:
        return f"{names(by_mwh['country_iso2'])} ({mwh}, {work})"
    return f"{names(by_mwh['country_iso2'])} by the MWh ({mwh}) but in {names(by_compute['country_iso2'])} by compute ({work})"


def _two(rows: Sequence[Mapping[str, Any]], names: Names) -> str:
    """Whether the two that use most energy are in the same order by the MWh as by compute, in cost and in carbon."""
    a, b = rows
    words = []
    for (mwh, work), unit, less in zip(CHEAPER, ("USD", "kg CO2"), ("cheaper", "cleaner"), strict=True):
        first, other = (a, b) if a[mwh] <= b[mwh] else (b, a)
        text = f"{names(first['country_iso2'])} is {less} per MWh ({number(first[mwh])} against {number(other[mwh])} {unit})"
        text += f" {'and' if first[work] <= other[work] else 'but not'} per thousand H100e-hours "
        words.append(f"{text}({number(first[work])} against {number(other[work])})")
    both = f"{names(a['country_iso2'])} and {names(b['country_iso2'])}"
    return f"Of the two that use most, {both}: {'; '.join(words)}"


def _or_zero(value: float) -> float:
    return value if value == value else 0.0
