"""What must hold between the sheets of the workbook: conservation, balances, shares, and headlines from the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from planner.plan.calendar import hours_of
from planner.schema.results import HEADLINES, PREFIX
from planner.schema.table_schema import HALLS, HIBERNATION, SITE
from planner.write.xlsx.formula import ZERO, Sheets, Term, add, first_day, largest, number


@dataclass(frozen=True)
class SelfCheck:
    """Gaps that must be zero, by month or, under the key `whole`, once; they are compared with ``size``."""

    name: str
    words: str
    unit: str
    size: Term
    gaps: Mapping[str, Term]


WHOLE = "whole"
Sum = Callable[[str], Term]
CHIPS_SOMEWHERE = ("dark_kunit", "housed_kunit", "orbit_kunit", "commissioning_kunit", "displaced_kunit")
REGION_FACTS = ("in_regions", "region_id")
H100E = ("in_accelerators", "generation_id", "h100e_per_unit")


def self_checks(sheets: Sheets, months: Sequence[str], headlines: Mapping[str, Term], of_objective: bool) -> list[SelfCheck]:
    """Every check that these sheets allow; none without months. ``of_objective``: the plan minimises the costs."""
    if not months:
        return []
    found = [
        *_chip_checks(sheets, months),
        *_power_checks(sheets, months),
        *_hall_checks(sheets, months),
        *_compute_checks(sheets, months),
        *_orbit_checks(sheets, months),
        *_cost_checks(sheets, months, of_objective),
        *_headline_checks(sheets, months, headlines),
    ]
    return [check for check in found if check.gaps]


def checks_left_out(sheets: Sheets, months: Sequence[str]) -> dict[str, str]:
    """By name, the checks that these sheets do not allow and that the plan's own features rule out, each with the reason.

    What they would say is recomputed by the verifier."""
    if not months:
        return {}
    found = {}
    if _takes_back(sheets, months):
        found["Dark chips"] = "chips move: what goes back into stock is dark after its downtime"
    if _more_closes(sheets):
        why = "a site closes, or an order may slip or be cancelled: what then leaves is not what the order book states"
        found |= {"Power capacity": why, "Halls": why}
    if not _steady_pue(sheets):
        found["Energy balance"] = "PUE changes with the month"
    elif _stores(sheets):
        found["Energy balance"] = "storage charges: it draws power beside the chips"
    return found


def _takes_back(sheets: Sheets, months: Sequence[str]) -> bool:
    return sheets.has("chip_moves", *months)


def _steady_pue(sheets: Sheets) -> bool:
    return not sheets.has(*REGION_FACTS) or not any(str(each).startswith("pue ") for each in sheets.frame(REGION_FACTS[0]))


def _stores(sheets: Sheets) -> bool:
    return sheets.has("in_options", "storage_h") and sheets.total("in_options", "storage_h").value > 0


def _sums(sheets: Sheets, sheet: str, *measures: str) -> tuple[Sum, ...]:
    """Measures of a sheet with months across, each summed over its rows, by month."""

    def sum_of(measure: str) -> Sum:
        return lambda month: sheets.total(sheet, month, measure=measure)

    return tuple(map(sum_of, measures))


def _of(sheets: Sheets, sheet: str, column: str) -> Term:
    """The sum of an input; zero where the plan has no such sheet."""
    return sheets.total(sheet, column) if sheets.has(sheet, column) else ZERO


def _grown(months: Sequence[str], stock: Sum, start: Term, change: Sum) -> dict[str, Term]:
    """The gaps of: stock = stock a month ago + change of the month."""
    before = [start, *(stock(month) for month in months[:-1])]
    return {month: stock(month) - (was + change(month)) for month, was in zip(months, before, strict=True)}


def _chip_checks(sheets: Sheets, months: Sequence[str]) -> Iterator[SelfCheck]:
    if not sheets.has("chips", *months):
        return
    measures = ("delivered_kunit", "deployed_kunit", "retired_kunit", "failed_kunit", "end_of_life_kunit")
    if not {*CHIPS_SOMEWHERE, *measures} <= set(sheets.frame("chips")["measure"].unique()):
        return
    dark, housed, orbit, commissioning, displaced = _sums(sheets, "chips", *CHIPS_SOMEWHERE)
    delivered, deployed, retired, failed, ended = _sums(sheets, "chips", *measures)
    unit, start = "thousand units", _of(sheets, "in_dark", "kunit")

    def everywhere(month: str) -> Term:
        return add(each(month) for each in (dark, housed, orbit, commissioning, displaced))

    size = everywhere(months[-1])
    words = "dark + installed + in orbit + in commissioning + retired early = a month ago + delivered - failed - end of life"
    gaps = _grown(
        months,
        everywhere,
        _of(sheets, "in_fleet", "kunit") + start,
        lambda month: delivered(month) - (failed(month) + ended(month)),
    )
    yield SelfCheck("Chips", words, unit, size, gaps)
    if not _takes_back(sheets, months):
        gaps = _grown(months, dark, start, lambda month: delivered(month) - deployed(month))
        yield SelfCheck("Dark chips", "dark = dark a month ago + delivered - committed to a place", unit, size, gaps)
    gaps = _grown(months, displaced, ZERO, retired)
    yield SelfCheck("Chips retired early", "retired early so far = the same a month ago + retired early", unit, size, gaps)
    if sheets.has("fleet", *months):
        installed, deploy, retire = _sums(sheets, "fleet", "installed_kunit", "deploy_kunit", "retire_kunit")
        gaps = {month: installed(month) - (housed(month) + orbit(month)) for month in months}
        yield SelfCheck("Fleet of the places", "installed in all places = installed on Earth + in orbit", unit, size, gaps)
        gaps = {month: deploy(month) + retire(month) - (deployed(month) + retired(month)) for month in months}
        words = "committed and retired early in all places = the same by generation"
        yield SelfCheck("Chips on the move", words, unit, size, gaps)


def _power_checks(sheets: Sheets, months: Sequence[str]) -> Iterator[SelfCheck]:
    if not sheets.has("power", *months):
        return
    capacity, build, output, energy = _sums(sheets, "power", "capacity_mw", "build_mw", "output_mw", "energy_mwh")
    if not _more_closes(sheets):
        gaps = _grown(months, capacity, _of(sheets, "in_power", "start_mw"), _less_closed(sheets, months, build))
        words = "capacity = capacity a month ago + builds - closures"
        yield SelfCheck("Power capacity", words, "MW", capacity(months[-1]), gaps)
    gaps = {month: energy(month) - output(month) * _hours(month) for month in months}
    yield SelfCheck("Energy", "energy = output x hours of the month", "MWh", energy(months[-1]), gaps)
    if sheets.has("places", *months) and sheets.has(*REGION_FACTS, "pue") and _steady_pue(sheets) and not _stores(sheets):
        need = {m: sheets.among("places", m, "place_id", (*REGION_FACTS, "pue"), measure="it_draw_mw") for m in months}
        gaps = {month: output(month) - need[month] for month in months}
        yield SelfCheck("Energy balance", "output of all options = PUE x IT draw, on Earth", "MW", output(months[-1]), gaps)


def _more_closes(sheets: Sheets) -> bool:
    """Whether a region closes as a whole, or orders may slip or be cancelled: what the orders say is then not what closes."""
    if not sheets.has("in_commitments", "option_id", "status"):
        return False
    orders = sheets.frame("in_commitments")
    site = (orders["option_id"] == SITE) & ~orders["status"].isin(["proposed", "cancelled"])
    return sheets.has("orders") or bool(site.any())


def _less_closed(sheets: Sheets, months: Sequence[str], built: Sum, item: str = f"<>{HALLS}") -> Sum:
    """What is built less what binding orders close and what ends with them: of power or, where the item is halls, of halls."""
    orders = "in_commitments"
    if not sheets.has(orders, "month", "option_id", "status", "build_mw", "close_mw", "until_month"):
        return built
    where = (("option_id", item), ("option_id", f"<>{HIBERNATION}"), ("status", "<>proposed"), ("status", "<>cancelled"))
    before = dict(zip(months[1:], months, strict=False))

    def change(month: str) -> Term:
        left = built(month) - sheets.matching(orders, "close_mw", ("month", month), *where)
        ends = [("until_month", before[month])] if month in before else []
        return left - add(sheets.matching(orders, "build_mw", end, *where) for end in ends)

    return change


def _hours(month: str) -> Term:
    return Term(f"24*({first_day(month, 1)}-{first_day(month)})", hours_of(month))


def _hall_checks(sheets: Sheets, months: Sequence[str]) -> Iterator[SelfCheck]:
    if not sheets.has("halls", *months):
        return
    shell, opened, housed = _sums(sheets, "halls", "shell_mw", "build_shell_mw", "housed_mw")
    if not _more_closes(sheets):
        gaps = _grown(months, shell, _of(sheets, "in_regions", "shell_start_mw"), _less_closed(sheets, months, opened, HALLS))
        words = "hall space = hall space a month ago + what opens - what closes"
        yield SelfCheck("Halls", words, "MW", shell(months[-1]), gaps)
    if sheets.has("places", *months) and sheets.has(*REGION_FACTS):
        on_earth = {m: sheets.among("places", m, "place_id", REGION_FACTS, measure="it_nameplate_mw") for m in months}
        gaps = {month: housed(month) - on_earth[month] for month in months}
        words = "installed in halls = nameplate of what is installed on Earth"
        yield SelfCheck("Use of halls", words, "MW", shell(months[-1]), gaps)


def _compute_checks(sheets: Sheets, months: Sequence[str]) -> Iterator[SelfCheck]:
    if not sheets.has("demand", *months):
        return
    unit, words = "thousand H100e", "served + unserved = demanded"
    demand, served, unserved = _sums(sheets, "demand", "demand_kh100e", "served_kh100e", "unserved_kh100e")
    size = demand(months[-1])
    gaps = {month: served(month) + unserved(month) - demand(month) for month in months}
    yield SelfCheck("Demand", words, unit, size, gaps)
    for sheet, words in (
        ("serve", "served from all places = served by class"),
        ("trade", "traded and at home = served by class"),
    ):
        if sheets.has(sheet, *months):
            (part,) = _sums(sheets, sheet, "serve_kh100e")
            yield SelfCheck(f"Served: {sheet}", words, unit, size, {month: part(month) - served(month) for month in months})


def _orbit_checks(sheets: Sheets, months: Sequence[str]) -> Iterator[SelfCheck]:
    if sheets.has("orbit", *months) and sheets.has("launch", *months):
        (of_designs,) = _sums(sheets, "orbit", "launched_t")
        launched, limit = _sums(sheets, "launch", "launched_t", "limit_t")
        size = limit(months[-1])
        gaps = {month: launched(month) - of_designs(month) for month in months}
        yield SelfCheck("Launches", "mass launched = mass launched of all designs", "t", size, gaps)
        over = {month: largest([ZERO, launched(month) - limit(month)]) for month in months}
        yield SelfCheck("Launch limit", "mass launched, above what can be launched", "t", size, over)


def _cost_checks(sheets: Sheets, months: Sequence[str], of_objective: bool) -> Iterator[SelfCheck]:
    if not sheets.has("costs", *months):
        return
    unit = "million USD"
    paid, discounted = _sums(sheets, "costs", "cost_musd", "discounted_musd")
    whole = add(discounted(month) for month in months)
    if sheets.has("in_plan", "key", "value") and "discount_frac_per_year" in sheets.frame("in_plan")["key"].tolist():
        rate = sheets.entry("in_plan", "discount_frac_per_year")
        gaps = {
            month: discounted(month)
            - paid(month) * Term(f"(1+{rate.formula})^(-{index}/12)", (1 + rate.value) ** (-index / 12))
            for index, month in enumerate(months)
        }
        yield SelfCheck("Discounting", "discounted = cost x (1 + rate)^(-months / 12)", unit, paid(months[0]), gaps)
    if sheets.has("costs_by_place", "horizon"):
        places = sheets.total("costs_by_place", "horizon", measure="discounted_musd")
        yield SelfCheck("Costs", "costs of all places = costs of all components", unit, whole, {WHOLE: places - whole})
    if sheets.has("league", "energy_cost_musd", "facility_cost_musd"):
        named = [name for name in ("halls", "hall_operation") if name in set(sheets.frame("costs")["component"])] or ["halls"]
        halls = add(sheets.total("costs", month, measure="cost_musd", component=name) for name in named for month in months)
        league = sheets.total("league", "facility_cost_musd") - sheets.total("league", "energy_cost_musd")
        yield SelfCheck("League", "facility less energy = cost of halls", unit, whole, {WHOLE: league - halls})
    if of_objective and sheets.has("run", "entry", "value"):
        primal, dual = (sheets.entry("run", f"solver.{name}_musd") for name in ("objective", "dual_objective"))
        words, minimised = "sum of the discounted costs = what was minimised", whole
        if "look_ahead.cost_musd" in sheets.frame("run")["entry"].tolist():
            words, minimised = f"{words}, less the look-ahead", whole + sheets.entry("run", "look_ahead.cost_musd")
        yield SelfCheck("Objective", words, unit, minimised, {WHOLE: minimised - primal})
        if sheets.frame("run").set_index("entry")["value"].get("solver.status") == "optimal":
            words = "what was minimised = the dual bound: no plan costs less"
            yield SelfCheck("Proof", words, unit, whole, {WHOLE: primal - dual})


def _headline_checks(sheets: Sheets, months: Sequence[str], headlines: Mapping[str, Term]) -> Iterator[SelfCheck]:
    """The headlines of the summary, recomputed from the other sheets."""
    for key, value in _headlines(sheets, months):
        if key in headlines:
            name = HEADLINES[key].label
            words = f"the headline {PREFIX}{key} of the summary = the same from the other sheets"
            unit = HEADLINES[key].unit.replace("frac", "fraction")
            yield SelfCheck(f"Headline: {name[:1].lower()}{name[1:]}", words, unit, value, {WHOLE: headlines[key] - value})


def _headlines(sheets: Sheets, months: Sequence[str]) -> Iterator[tuple[str, Term]]:
    """Headlines from the tables: key and formula."""
    last = months[-1]
    if sheets.has("costs", *months):
        for key, component in (("cost", "<>unserved"), ("unserved_value", "unserved")):
            parts = [sheets.total("costs", month, measure="discounted_musd", component=component) for month in months]
            yield key, add(parts)
    if sheets.has("league", "energy_cost_musd", "it_mwh"):
        cost, energy = sheets.total("league", "energy_cost_musd"), sheets.total("league", "it_mwh")
        yield "energy_cost", cost * number(1e6) / energy
    if sheets.has("demand", *months):
        demand, served = _sums(sheets, "demand", "demand_kh100e", "served_kh100e")
        yield "served_share", add(map(served, months)) / add(map(demand, months))
        yield "served_share_end", served(last) / demand(last)
    if sheets.has("chips", *months) and sheets.has(*H100E):
        for name in ("dark", "displaced"):
            by_month = [sheets.among("chips", m, "generation_id", H100E, measure=f"{name}_kunit") for m in months]
            yield f"{name}_end", by_month[-1] * number(0.001)
            yield f"{name}_worst", largest(by_month) * number(0.001)
    if sheets.has("power", *months):
        (capacity,) = _sums(sheets, "power", "capacity_mw")
        yield "power_end", capacity(last) * number(0.001)
    if sheets.has("places", *months) and sheets.has("in_designs", "design_id"):
        above = sheets.among("places", last, "place_id", ("in_designs", "design_id"), measure="compute_kh100e")
        (compute,) = _sums(sheets, "places", "compute_kh100e")
        yield "orbit_share", above / compute(last)
