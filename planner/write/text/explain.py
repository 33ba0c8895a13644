"""The explanation of a run as lines for a terminal: words first, wrapped, then aligned tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from models import REGISTER
from planner.write.text.width import text_width
from planner.write.text.words import between, named, price_of, short, title, usd

if TYPE_CHECKING:
    from planner.studies.explain.catalogue import Chapter
    from planner.studies.explain.estimates import Effect
    from planner.studies.explain.limits import Binding
    from planner.studies.explain.report import Explanation
    from planner.studies.explain.unused import Unused

KINDS, REGIONS, RUNNERS_UP = 9, 10, 8


def explanation_lines(found: Explanation) -> list[str]:
    """Everything that `planner explain RUN` prints for a person."""
    run = found.run
    d = run.data
    lines = [
        f"{run.plan.name}: {d.months[0]} to {d.months[-1]}, boundary {d.boundary}. Money is of its month, rents discounted."
    ]
    lines += [line for notice in run.notices for line in wrapped(f"Note: {notice}.")]
    if not run.solution.prices:
        text = (
            "Mode energy serves the most compute first: its limits have no price in money. Run the plan with objective: value "
        )
        return [
            *lines,
            "",
            *wrapped(text + "to see what limits are worth; --why answers about places and values all the same."),
        ]
    parts = [_kind_lines(found), _limit_lines(found), _region_lines(found), _unused_lines(found)]
    if found.effects is not None:
        parts.append(effect_lines(found.effects, max(found.shown, 10), run.solution.proof.objective_musd))
    for part in parts:
        said = list(part)
        lines += ["", *said] if said else []
    return lines


def _kind_lines(found: Explanation) -> Iterator[str]:
    kinds = found.kinds.to_dict("records")
    yield "What limits the plan"
    if not kinds:
        yield "  No limit binds: everything asked is served, and more of anything would save nothing."
        return
    growth = [kind for kind in kinds if not price_of(kind["constraint"]).repeats]
    housing = [name for name, row in REGISTER.items() if row.price and row.price.repeats and not row.price.of_item]
    repeated = [kind for name in housing for kind in kinds if kind["constraint"] == name]
    for kind in (*growth[:KINDS], *repeated):
        yield from wrapped(_kind_words(kind), "  ", "    ")
    if len(growth) > KINDS:
        yield f"  and {len(growth) - KINDS} kinds of limit with smaller rents"
    if found.idle_limits:
        yield from wrapped(f"Never short: {', '.join(title(name, 'an option') for name in found.idle_limits)}.", "  ", "    ")


def _kind_words(kind: dict[Any, Any]) -> str:
    name = str(kind["constraint"])
    price, places = price_of(name), REGISTER[name].places
    where = f"{kind['places']} of {kind['of_places']} {places}, " if places else ""
    months = str(kind["first"]) if kind["first"] == kind["last"] else f"{kind['first']} to {kind['last']}"
    head = title(name, str(kind["item"]))
    text = f"{head[0].upper()}{head[1:]}: {where}{months}; one more "
    text += f"{price.one_more} saves {between(float(kind['low_usd']), float(kind['high_usd']))} USD"
    return text + ("." if price.repeats else f"; rent {usd(1e6 * float(kind['rent_musd']))} USD.")


def _limit_lines(found: Explanation) -> Iterator[str]:
    shown = [limit for limit in found.limits if not limit.repeats][: found.shown]
    if not shown:
        return
    solved = any(limit.more_usd is not None or limit.less_usd is not None for limit in shown)
    yield (
        f"The {len(shown)} limits with the highest rent, each in the month in which it is worth most"
        if len(shown) > 1
        else ("The limit with the highest rent, in the month in which it is worth most")
    )
    if solved:
        text = (
            "Solved again: what one unit more saves and one unit less costs. Where these differ (*), the price is that range."
        )
        yield from wrapped(text, "  ", "  ")
    rows = [_limit_row(limit) for limit in shown]
    yield from table(("limit", "months", "in", "USD per", "one more", "one less", "rent"), rows, left=(0,))


def _limit_row(limit: Binding) -> tuple[str, ...]:
    mark = "*" if limit.is_range else ""
    unit = limit.unit.removeprefix("USD per ")
    more = "-" if limit.more_usd is None else short(limit.more_usd)
    less = "no plan" if limit.less_usd is None and limit.more_usd is not None else "-"
    less = less if limit.less_usd is None else short(limit.less_usd) + mark
    if limit.more_usd is None and limit.less_usd is None:
        more = short(limit.worth_usd)
    rent = short(1e6 * limit.rent_musd)
    return named(limit.constraint, limit.where), str(limit.months), limit.month, unit, more, less, rent


def _region_lines(found: Explanation) -> Iterator[str]:
    regions = found.regions.to_dict("records")[:REGIONS]
    if not regions:
        return
    more = len(found.regions) - len(regions)
    yield "Regions with the highest rents" + (f" ({more} more with --out or --json)" if more > 0 else "")
    rows = []
    for region in regions:
        rows.append(
            (
                str(region["region_id"]),
                str(region["months_full"]),
                between(float(region["firm_low_usd_per_mw_month"]), float(region["firm_high_usd_per_mw_month"])),
                f"{region['compute_low_usd_per_h100e_h']:.2f} to {region['compute_high_usd_per_h100e_h']:.2f}",
                _shortened(str(region["binds"]), 30),
            )
        )
    head = ("region", "months full", "firm MW, USD a month", "H100e-hour, USD", "limits, months each")
    yield from table(head, rows, left=(0, 4))


def _shortened(text: str, longest: int) -> str:
    parts = text.split("; ")
    kept = parts[:1]
    for part in parts[1:]:
        if len("; ".join([*kept, part])) > longest:
            return "; ".join(kept) + "; ..."
        kept.append(part)
    return "; ".join(kept)


def _unused_lines(found: Explanation) -> Iterator[str]:
    yield "Not used, and what it would take"
    seen = {(item.kind, item.item): item for item in reversed(found.unused)}  # of each the first, which comes nearest
    items = [item for item in found.unused if seen[item.kind, item.item] is item][:RUNNERS_UP]
    for item in items:
        yield from wrapped(_unused_words(item), "  ", "    ")
    if found.orbit:
        yield from wrapped(_orbit_words(found.orbit), "  ", "    ")
    if not items and not found.orbit:
        yield "  Everything that may be used is."
    rest = len(found.unused) - len(items)
    if rest > 0:
        yield f"  and {rest} more with --out or --json"


def _unused_words(item: Unused) -> str:
    if item.kind == "chips":
        text = f"{item.item} chips are deployed nowhere. At best ({item.place}, {item.month}) one would bring "
        text += (
            f"{usd(item.worth_usd)} USD and take {usd(item.own_usd)} of its own and {usd(item.shared_usd)} of power and hall"
        )
        return text + " that better chips pay for."
    gap = item.gap_usd if item.solved_usd is None else item.solved_usd
    text = f"{item.item} in {item.place} is nearest in {item.month}: one MW costs {usd(item.own_usd)} USD and gives "
    text += f"{usd(item.worth_usd)}"
    if item.shared_usd > 0.01 * item.own_usd:
        text += f", but takes what is worth {usd(item.shared_usd)} elsewhere (shared deliveries or national growth)"
    solved = "" if item.solved_usd is None else " (solved)"
    if item.solved_usd is not None and item.solved_usd > 1.05 * max(item.gap_usd, 1.0):
        solved = " (solved: a whole MW also takes from others)"
    text += f"; forced in, it loses {usd(max(gap, 0.0))} USD{solved}."
    if item.shared_usd > item.own_usd:
        return text + " It enters with more of the shared limit."
    if item.price_needed is None or item.price_now is None:
        return text + " Not even for nothing does it enter."
    return text + f" It enters at {item.price_needed:,.0f} instead of {item.price_now:,.0f} {item.price_unit}."


def _orbit_words(orbit: dict[str, Any]) -> str:
    gap, cost = float(orbit["gap_usd_per_kw"]), float(orbit["cost_usd_per_kw"])
    head = f"Orbit ({orbit['design_id']} with {orbit['generation_id']}, launched in {orbit['month']})"
    if gap <= 0:
        text = f"{head} beats the marginal place by {-gap:,.0f} USD per kW"
        return text + (" and is used." if orbit["flies"] else ": only tonnes keep it out.")
    text = f"{head} is {gap / cost:.0%} too dear at best: {gap:,.0f} of {cost:,.0f} USD per kW. "
    even = orbit["break_even_launch_usd_per_kg"]
    if even is not None and even == even and even >= 0:
        text += f"It enters at {even:,.0f} instead of {orbit['launch_usd_per_kg']:,.0f} USD per kg, or when compute is worth "
    else:
        text += "Not even a free launch brings it in; it enters when compute is worth "
    text += f"{orbit['flip_value_factor']:.2f} times as much (`planner crossover` solves both). "
    tonnes = float(orbit["tonnes"])
    return text + (f"Tonnes do not bind: {tonnes:,.0f} are on offer that month." if tonnes else "No tonnes are on offer then.")


def effect_lines(effects: Sequence[Effect], shown: int, objective_musd: float) -> Iterator[str]:
    """What the answer rests on: the inputs that move it most."""
    sums: dict[str, float] = {}
    for effect in effects:
        sums[effect.input.quality] = sums.get(effect.input.quality, 0.0) + abs(effect.musd or 0.0)
    total = sum(sums.values())
    yield "What the answer rests on"
    if not total:
        yield "  No input moves the cost."
        return
    parts = sorted(sums.items(), key=lambda item: -item[1])
    words = ", ".join(f"{amount / total:.0%} {quality.replace('_', ' ')}" for quality, amount in parts if amount)
    text = f"What 10 % more of each input does to the cost of {usd(1e6 * objective_musd)} USD, unserved compute counted at its "
    yield from wrapped(text + f"value; to first order. By quality of the rows, of all effects: {words}.", "  ", "  ")
    rows = []
    for effect in effects[:shown]:
        if effect.musd is not None:
            sign = "+" if effect.musd > 0 else ""
            rows.append((effect.input.name, effect.input.quality, sign + short(1e6 * effect.musd), _most(effect)))
    yield from table(("input", "quality", "10 % more, USD", "most of it from"), rows, left=(0, 1, 3))
    if any(effect.musd is None for effect in effects):
        names = ", ".join(effect.input.name for effect in effects if effect.musd is None)
        yield from wrapped(f"Not told, since they change what may be decided at all: {names}.", "  ", "  ")


def _most(effect: Effect) -> str:
    """The names that an effect comes from, of the key that tells most."""
    if not effect.parts or not effect.musd:
        return ""
    names = max(effect.parts.values(), key=lambda parts: abs(next(iter(parts.values()))))
    whole = abs(effect.musd)
    return _shortened("; ".join(f"{name} {abs(musd) / whole:.0%}" for name, musd in names.items()), 40)


def model_lines(chapters: Sequence[Chapter]) -> list[str]:
    """The catalogue of constraints."""
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


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Text in lines that are not too wide."""
    words = " ".join(text.split())
    return textwrap.wrap(words, text_width(), initial_indent=first, subsequent_indent=rest, break_long_words=False)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], left: Sequence[int] = (), indent: str = "  ") -> Iterator[str]:
    """Aligned columns; numbers to the right, the columns of ``left`` to the left."""
    widths = [max(len(str(row[at])) for row in (head, *rows)) for at in range(len(head))]
    for row in (head, *rows):
        cells = [str(c).ljust(w) if at in left else str(c).rjust(w) for at, (c, w) in enumerate(zip(row, widths, strict=True))]
        yield (indent + "  ".join(cells)).rstrip()
