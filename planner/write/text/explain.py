"""The explanation of a run as lines for a terminal: words first, then aligned tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from models import REGISTER
from planner.formats import capital, count, month_name, number, percent, short_usd, span, usd, usd_range
from planner.schema.glossary import COST_SCOPES
from planner.write.names import Names, named, price_of, title
from planner.write.text.layout import bullets, table, wrapped
from planner.write.text.remedies import remedy_lines

if TYPE_CHECKING:
    from planner.studies.explain.catalogue import Chapter
    from planner.studies.explain.estimates import Effect
    from planner.studies.explain.limits import Binding
    from planner.studies.explain.projects import Turned
    from planner.studies.explain.report import Explanation
    from planner.studies.explain.unused import Unused

KINDS, REGIONS, RUNNERS_UP = 9, 10, 8


def explanation_lines(found: Explanation) -> list[str]:
    """Everything that `planner explain RUN` prints for a person."""
    run = found.run
    d, names = run.data, Names({name: each.columns for name, each in run.plan.tables.items()})
    head = f"{run.plan.name}: {span(d.horizon)}; cost scope: {COST_SCOPES[d.boundary]}. Prices are in money of their month, "
    until = f" Both count the look-ahead, to {d.months[-1]}." if d.look_ahead_months else ""
    lines = wrapped(head + "scarcity values are discounted." + until)
    lines += [line for notice in run.notices for line in wrapped(f"Note: {notice}.")]
    if (dearest := found.dearest_usd_per_h100e_h) is not None:
        text = "Mode energy serves the most compute first: every price is what one more unit would save or cost while as much "
        text += (
            f"compute is served. The dearest compute costs {dearest:,.2f} USD per H100e-hour (H100-equivalent), discounted, "
        )
        text += "of a class with weight 1. Prices hold for the first units, which replace that compute: they are not solved "
        text += "again, and there are no remedies, which would count all that they relieve at this price."
        lines += ["", *wrapped(text)]
    parts = [
        project_lines(found.projects, sum(each.whole for each in d.projects), d.horizon[-1]),
        remedy_lines(found.remedies, names),
        _kind_lines(found, names),
        _limit_lines(found, names),
        _region_lines(found, names),
        _unused_lines(found, names),
    ]
    if found.effects is not None:
        parts.append(effect_lines(found, names))
    for part in parts:
        said = list(part)
        lines += ["", *said] if said else []
    return lines


def project_lines(turned: Sequence[Turned], whole: int, last: str) -> Iterator[str]:
    """The first of so many whole projects, each with its choice turned, and what that says about prices. ``last``: month of the
    horizon."""
    if not whole:
        return
    yield "Projects, whole or not at all"
    text = (
        "For each project, the plan solved again with its choice turned and the other whole projects as planned. Prices below "
    )
    text += "are those of the plan with these choices: they do not say what another choice would do."
    yield from wrapped(text, "  ", "  ")
    yield from bullets(_project_words(each, last) for each in turned)
    if whole > len(turned):
        yield f"  and {count(whole - len(turned), 'project')} more with --limits"


def _project_words(each: Turned, last: str) -> str:
    own = usd(1e6 * each.capital_musd)
    beyond = ", in the look-ahead" if each.month and each.month > last else ""
    head = f"{each.project_id} ({own}) is " + (f"taken in {month_name(each.month)}{beyond}. " if each.month else "not taken. ")
    turned = "Without it" if each.month else f"Taken in {month_name(each.other_month)}" if each.other_month else "Taken"
    turned += f", in place of {', '.join(each.left_out)}" if each.left_out else ""
    if each.costs_musd is None:
        return f"{head}{turned}, no plan meets all limits."
    if each.costs_musd < 0:
        return f"{head}{turned}, the plan costs {usd(-1e6 * each.costs_musd)} less, which is within the gap of the choice."
    head += f"{turned}, the plan costs {usd(1e6 * each.costs_musd)} more"
    if each.break_even_musd is None:
        return f"{head}; no capital would turn the choice."
    verb = "left out above" if each.month else "taken below"
    return f"{head}; it would be {verb} {usd(1e6 * each.break_even_musd)} of capital."


def _kind_lines(found: Explanation, names: Names) -> Iterator[str]:
    kinds = found.kinds.to_dict("records")
    yield "What limits the plan"
    if not kinds:
        yield "  No limit binds: all demand is served, and more of anything would save nothing."
        return
    growth = [kind for kind in kinds if not price_of(kind["constraint"]).repeats]
    housing = [name for name, row in REGISTER.items() if row.price and row.price.repeats and not row.price.of_item]
    repeated = [kind for name in housing for kind in kinds if kind["constraint"] == name]
    yield from bullets(_kind_words(kind, names) for kind in (*growth[:KINDS], *repeated))
    if len(growth) > KINDS:
        yield f"  and {count(len(growth) - KINDS, 'kind')} of limit with smaller scarcity values"
    if found.idle_limits:
        yield from bullets([f"Never short: {', '.join(title(name, 'an option') for name in found.idle_limits)}."])


def _kind_words(kind: dict[Any, Any], names: Names) -> str:
    constraint = str(kind["constraint"])
    price, places = price_of(constraint), REGISTER[constraint].places
    where = f"{kind['places']} of {kind['of_places']} {places}, " if places else ""
    head, months = capital(title(constraint, names.within(str(kind["item"])))), span([kind["first"], kind["last"]])
    text = f"{head}: {where}{months}; one more {price.one_more} saves "
    text += usd_range(float(kind["low_usd"]), float(kind["high_usd"]))
    return text + ("." if price.repeats else f"; scarcity value {usd(1e6 * float(kind['rent_musd']))}.")


def _limit_lines(found: Explanation, names: Names) -> Iterator[str]:
    shown = [limit for limit in found.limits if not limit.repeats][: found.shown]
    if not shown:
        return
    yield f"Tightest limits, by total scarcity value ({len(shown)}), each in the month of its highest price; USD"
    if any(limit.more_usd is not None or limit.less_usd is not None for limit in shown):
        text = "Solved again with one unit more and one unit less: what that saves and costs. Where the two differ (*), the "
        yield from wrapped(text + "price lies between them.", "  ", "  ")
    rows = [_limit_row(limit, names) for limit in shown]
    yield from table(("limit", "months", "in", "per", "one more", "one less", "total"), rows)


def _limit_row(limit: Binding, names: Names) -> tuple[str, ...]:
    mark = "*" if limit.is_range else ""
    more = "-" if limit.more_usd is None else short_usd(limit.more_usd)
    less = "no plan" if limit.less_usd is None and limit.more_usd is not None else "-"
    less = less if limit.less_usd is None else short_usd(limit.less_usd) + mark
    if limit.more_usd is None and limit.less_usd is None:
        more = short_usd(limit.worth_usd)
    unit, total = limit.unit.removeprefix("USD per "), short_usd(1e6 * limit.rent_musd)
    return named(limit.constraint, limit.where, names), str(limit.months), limit.month, unit, more, less, total


def _region_lines(found: Explanation, names: Names) -> Iterator[str]:
    regions = found.regions.to_dict("records")[:REGIONS]
    if not regions:
        return
    more = len(found.regions) - len(regions)
    yield "Regions, by scarcity value" + (f" ({more} more with --out or --json)" if more > 0 else "")
    rows = []
    for region in regions:
        firm = usd_range(region["firm_low_usd_per_mw_month"], region["firm_high_usd_per_mw_month"]).removesuffix(" USD")
        compute = f"{region['compute_low_usd_per_h100e_h']:.2f} to {region['compute_high_usd_per_h100e_h']:.2f}"
        binds = _shortened(str(region["binds"]), 24)
        rows.append((names.brief(str(region["region_id"])), str(region["months_full"]), firm, compute, binds))
    head = ("region", "months full", "firm MW, USD a month", "H100e-hour, USD", "limits, months each")
    yield from table(head, rows, left=(0, 4))


def _shortened(text: str, longest: int) -> str:
    kept, *rest = text.split("; ")
    for part in rest:
        if len(f"{kept}; {part}") > longest:
            return f"{kept}; ..."
        kept += f"; {part}"
    return kept


def _unused_lines(found: Explanation, names: Names) -> Iterator[str]:
    yield "Not used, and what it would take"
    first = {(item.kind, item.item): item for item in reversed(found.unused)}  # of each the first, which comes nearest
    items = [item for item in found.unused if first[item.kind, item.item] is item][:RUNNERS_UP]
    yield from bullets(_unused_words(item, names) for item in items)
    if found.orbit:
        yield from bullets([_orbit_words(found.orbit, names)])
    if not items and not found.orbit:
        yield "  Everything that may be used is used."
    rest = len(found.unused) - len(items)
    if rest > 0:
        yield f"  and {rest} more with --out or --json"


def _unused_words(item: Unused, names: Names) -> str:
    name, place, month = capital(names(item.item)), names(item.place), month_name(item.month)
    if item.kind == "chips":
        text = f"{name} is not deployed anywhere. At best ({place}, {month}) one chip would earn {usd(item.worth_usd)}, "
        text += f"at {usd(item.own_usd)} of its own cost and {usd(item.shared_usd)} of power and hall"
        return text + " that better chips pay for."
    gap = item.gap_usd if item.solved_usd is None else item.solved_usd
    text = f"{name} in {place} comes closest in {month}: one MW costs {usd(item.own_usd)} and saves {usd(item.worth_usd)}"
    if item.shared_usd > 0.01 * item.own_usd:
        text += f", but uses up shared deliveries or national growth worth {usd(item.shared_usd)} elsewhere"
    solved = "" if item.solved_usd is None else " (solved)"
    if item.solved_usd is not None and item.solved_usd > 1.05 * max(item.gap_usd, 1.0):
        solved = " (solved: a whole MW also takes from others)"
    text += f". Building it would lose {usd(max(gap, 0.0))}{solved}."
    if item.shared_usd > item.own_usd:
        return text + " It would be built if the shared limit were larger."
    if item.price_needed is None or item.price_now is None:
        return text + " It would not be built even if it were free."
    return text + f" It would be built at {item.price_needed:,.0f} instead of {item.price_now:,.0f} {item.price_unit}."


def _orbit_words(orbit: dict[str, Any], names: Names) -> str:
    gap, cost = float(orbit["gap_usd_per_kw"]), float(orbit["cost_usd_per_kw"])
    launch = f"{names(orbit['design_id'])} with {names(orbit['generation_id'])}, launched in {month_name(str(orbit['month']))}"
    if gap <= 0:
        text = f"Orbit ({launch}) earns {-gap:,.0f} USD per kW more than the {cost:,.0f} USD per kW it costs within the plan"
        return text + (" and is part of it." if orbit["flies"] else "; only launch capacity keeps it out.")
    text = f"Orbit ({launch}) earns {percent(gap / cost)} less than it costs at best: {cost:,.0f} USD per kW. "
    even, more = orbit["break_even_launch_usd_per_kg"], float(orbit["flip_value_factor"]) - 1.0
    if even is not None and even == even and even >= 0:
        now = f"{orbit['launch_usd_per_kg']:,.0f}"
        text += f"This launch alone would pay at a launch price of {even:,.0f} instead of {now} USD per kg, or if compute were "
        text += f"worth {percent(more)} more"
    else:
        text += f"It would not pay even with free launches, but would if compute were worth {percent(more)} more"
    tonnes = number(float(orbit["tonnes"]))
    offer = "no launches are on offer then" if tonnes == "0" else f"launches for {tonnes} tonnes are on offer that month"
    return f"{text} (`planner crossover` solves both); {offer}."


def effect_lines(found: Explanation, names: Names) -> Iterator[str]:
    """What the answer rests on: the inputs that move it most."""
    solution, effects = found.run.solution, found.effects or []
    sums: dict[str, float] = {}
    for effect in effects:
        sums[effect.input.quality] = sums.get(effect.input.quality, 0.0) + abs(effect.musd or 0.0)
    total = sum(sums.values())
    yield "What the answer rests on"
    if not total:
        yield "  No input moves the cost."
        return
    parts = sorted(sums.items(), key=lambda item: -item[1])
    words = ", ".join(f"{percent(amount / total)} {quality.replace('_', ' ')}" for quality, amount in parts if amount)
    text = f"Effect of 10 % more of each input on the cost of {usd(1e6 * solution.proof.objective_musd)}, which includes "
    counted = "unserved compute at its value" + (" and the look-ahead" if solution.data.look_ahead_months else "")
    yield from wrapped(text + f"{counted}; to first order. All effects by quality of the input: {words}.", "  ", "  ")
    rows = []
    for effect in effects[: max(found.shown, 10)]:
        if effect.musd is not None:
            more, quality = short_usd(1e6 * effect.musd, signed=True), effect.input.quality.replace("_", " ")
            rows.append((effect.input.name, quality, more, _most(effect, names)))
    yield from table(("input", "quality", "10 % more, USD", "most of it from"), rows, left=(0, 1, 3))
    if any(effect.musd is None for effect in effects):
        missing = ", ".join(effect.input.name for effect in effects if effect.musd is None)
        yield from bullets([f"Without an effect, since they change which decisions exist: {missing}."])
    yield from _source_lines(found)


def _source_lines(found: Explanation) -> Iterator[str]:
    """The publications and judgements on which most rests."""
    sources = [each for each in found.sources if each.musd > 0]
    if not sources:
        return
    yield ""
    text = "Sources by effect: 10 % more of each number of the rows that name one, without signs; a row counts for all of them."
    yield from wrapped(text, "  ", "  ")
    rows = [
        (_shortened(each.name, 60), each.kind, f"{each.rows:,}", short_usd(1e6 * each.musd))
        for each in sources[: max(found.shown, 10)]
    ]
    yield from table(("source", "kind", "rows", "USD"), rows, left=(0, 1))


def _most(effect: Effect, names: Names) -> str:
    """The names that an effect comes from, of the key that tells most."""
    if not effect.parts or not effect.musd:
        return ""
    parts = max(effect.parts.values(), key=lambda parts: abs(next(iter(parts.values()))))
    whole = abs(effect.musd)
    return _shortened("; ".join(f"{names(name)} {percent(abs(musd) / whole)}" for name, musd in parts.items()), 40)


def model_lines(chapters: Sequence[Chapter]) -> list[str]:
    """Every constraint of the model."""
    lines: list[str] = []
    for chapter in chapters:
        lines += ["", chapter.name.upper()]
        for paragraph in chapter.text.split("\n\n"):
            indented = paragraph.startswith("    ")
            formulas = [part for line in paragraph.splitlines() for part in wrapped(line, "      ", "        ")]
            lines += formulas if indented else wrapped(paragraph, "  ", "  ")
            lines.append("")
        for rule in chapter.rules:
            lines += [f"  {rule.name}  [{rule.over.lower()}]", *wrapped(rule.formula, "      ", "        ")]
            lines += [*wrapped(rule.why, "      ", "      "), *wrapped(f"Dual: {rule.dual}", "      ", "      "), ""]
    return lines[1:-1]
