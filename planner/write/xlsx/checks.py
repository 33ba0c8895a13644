"""What must hold between the sheets of the workbook: conservation, balances, shares, and headlines from the tables."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence

from planner.write.xlsx.check import WHOLE, Check, Sum, measure_of
from planner.write.xlsx.checks_headlines import headline_checks
from planner.write.xlsx.formula import ZERO, Sheets, Term, add, largest

CHIPS_SOMEWHERE = ("dark_kunit", "housed_kunit", "orbit_kunit", "commissioning_kunit", "displaced_kunit")
REGION_FACTS = ("in_regions", "region_id")


def checks(sheets: Sheets, months: Sequence[str], headlines: Mapping[str, Term], of_objective: bool) -> list[Check]:
    """All that these sheets can show; nothing without months. ``of_objective``: the costs are what the plan minimises."""
    if not months:
        return []
    found = [
        *_chip_checks(sheets, months),
        *_power_checks(sheets, months),
        *_compute_checks(sheets, months),
        *_orbit_checks(sheets, months),
        *_cost_checks(sheets, months, of_objective),
        *headline_checks(sheets, months, headlines),
    ]
    return [check for check in found if check.gaps]


def _of(sheets: Sheets, sheet: str, column: str) -> Term:
    """The sum of an input; zero where the plan has no such sheet."""
    return sheets.total(sheet, column) if sheets.has(sheet, column) else ZERO


def _grown(months: Sequence[str], stock: Sum, start: Term, change: Sum) -> dict[str, Term]:
    """Gaps of: what there is = what there was + the change of the month."""
    before = [start, *(stock(month) for month in months[:-1])]
    return {month: stock(month) - (was + change(month)) for month, was in zip(months, before, strict=True)}


def _chip_checks(sheets: Sheets, months: Sequence[str]) -> Iterator[Check]:
    if not sheets.has("chips", *months):
        return
    chips = {name: measure_of(sheets, "chips", name) for name in sheets.frame("chips")["measure"].unique()}
    if not {*CHIPS_SOMEWHERE, "delivered_kunit", "failed_kunit", "end_of_life_kunit"} <= set(chips):
        return
    unit = "thousand units"

    def everywhere(month: str) -> Term:
        return add(chips[name](month) for name in CHIPS_SOMEWHERE)

    dark = _of(sheets, "in_dark", "kunit")
    size = everywhere(months[-1])
    yield Check(
        "Chips",
        "dark + housed + in orbit + in commissioning + displaced = the same a month ago + delivered - failed - end of life",
        unit,
        size,
        _grown(
            months,
            everywhere,
            _of(sheets, "in_fleet", "kunit") + dark,
            lambda month: chips["delivered_kunit"](month) - (chips["failed_kunit"](month) + chips["end_of_life_kunit"](month)),
        ),
    )
    yield Check(
        "Dark chips",
        "dark = dark a month ago + delivered - committed to a place",
        unit,
        size,
        _grown(
            months,
            chips["dark_kunit"],
            dark,
            lambda month: chips["delivered_kunit"](month) - chips["deployed_kunit"](month),
        ),
    )
    yield Check(
        "Displaced chips",
        "displaced = displaced a month ago + retired",
        unit,
        size,
        _grown(months, chips["displaced_kunit"], ZERO, chips["retired_kunit"]),
    )
    if sheets.has("fleet", *months):
        fleet = {name: measure_of(sheets, "fleet", name) for name in ("installed_kunit", "deploy_kunit", "retire_kunit")}
        yield Check(
            "Fleet of the places",
            "installed in all places = housed + in orbit",
            unit,
            size,
            {m: fleet["installed_kunit"](m) - (chips["housed_kunit"](m) + chips["orbit_kunit"](m)) for m in months},
        )
        yield Check(
            "Chips on the move",
            "committed and switched off in all places = the same by generation",
            unit,
            size,
            {
                m: fleet["deploy_kunit"](m)
                + fleet["retire_kunit"](m)
                - (chips["deployed_kunit"](m) + chips["retired_kunit"](m))
                for m in months
            },
        )


def _power_checks(sheets: Sheets, months: Sequence[str]) -> Iterator[Check]:
    if sheets.has("power", *months):
        capacity, build, output, energy = (
            measure_of(sheets, "power", name) for name in ("capacity_mw", "build_mw", "output_mw", "energy_mwh")
        )

        def change(month: str) -> Term:
            if not sheets.has("in_commitments", "month", "close_mw"):
                return build(month)
            return build(month) - sheets.of_month("in_commitments", "close_mw", month)

        start = _of(sheets, "in_power", "start_mw")
        size = capacity(months[-1])
        yield Check(
            "Power capacity",
            "capacity = capacity a month ago + builds - closures",
            "MW",
            size,
            _grown(months, capacity, start, change),
        )
        gaps = {month: energy(month) - output(month) * _hours(month) for month in months}
        yield Check("Energy", "energy = output x hours of the month", "MWh", energy(months[-1]), gaps)
        stores = sheets.has("in_options", "storage_h") and sheets.total("in_options", "storage_h").value > 0
        if sheets.has("places", *months) and sheets.has(*REGION_FACTS, "pue") and not stores:
            need = {m: sheets.weighted("places", m, "place_id", (*REGION_FACTS, "pue"), measure="it_draw_mw") for m in months}
            gaps = {month: output(month) - need[month] for month in months}
            yield Check("Energy balance", "output of all options = PUE x IT draw, on Earth", "MW", output(months[-1]), gaps)
    if sheets.has("halls", *months):
        shell, opened, housed = (measure_of(sheets, "halls", name) for name in ("shell_mw", "build_shell_mw", "housed_mw"))
        start = _of(sheets, "in_regions", "shell_start_mw")
        yield Check(
            "Halls",
            "hall space = hall space a month ago + what opens",
            "MW",
            shell(months[-1]),
            _grown(months, shell, start, opened),
        )
        if sheets.has("places", *months) and sheets.has(*REGION_FACTS):
            standing = {m: sheets.among("places", m, "place_id", REGION_FACTS, measure="it_nameplate_mw") for m in months}
            gaps = {month: housed(month) - standing[month] for month in months}
            yield Check("Housed", "housed in halls = nameplate of what is installed on Earth", "MW", shell(months[-1]), gaps)


def _hours(month: str) -> Term:
    year, number_of_month = int(month[:4]), int(month[5:])
    formula = f"24*(DATE({year},{number_of_month + 1},1)-DATE({year},{number_of_month},1))"
    return Term(formula, 24.0 * monthrange(year, number_of_month)[1])


def _compute_checks(sheets: Sheets, months: Sequence[str]) -> Iterator[Check]:
    unit = "thousand H100e"
    if not sheets.has("demand", *months):
        return
    asked, served, unserved = (
        measure_of(sheets, "demand", name) for name in ("demand_kh100e", "served_kh100e", "unserved_kh100e")
    )
    size = asked(months[-1])
    gaps = {month: served(month) + unserved(month) - asked(month) for month in months}
    yield Check("Demand", "served + unserved = asked", unit, size, gaps)
    for sheet, words in (
        ("serve", "served from all places = served by class"),
        ("trade", "traded and at home = served by class"),
    ):
        if sheets.has(sheet, *months):
            gaps = {month: sheets.total(sheet, month, measure="serve_kh100e") - served(month) for month in months}
            yield Check(f"Served: {sheet}", words, unit, size, gaps)


def _orbit_checks(sheets: Sheets, months: Sequence[str]) -> Iterator[Check]:
    if sheets.has("orbit", *months) and sheets.has("launch", *months):
        flown, used, limit = (
            measure_of(sheets, sheet, name)
            for sheet, name in (("orbit", "launched_t"), ("launch", "launched_t"), ("launch", "limit_t"))
        )
        size = limit(months[-1])
        gaps = {month: used(month) - flown(month) for month in months}
        yield Check("Launches", "tonnage used = mass launched of all designs", "t", size, gaps)
        over = {month: largest([ZERO, used(month) - limit(month)]) for month in months}
        yield Check("Launch limit", "tonnage used, above what is available", "t", size, over)


def _cost_checks(sheets: Sheets, months: Sequence[str], of_objective: bool) -> Iterator[Check]:
    if not sheets.has("costs", *months):
        return
    unit = "million USD"
    paid, discounted = (measure_of(sheets, "costs", name) for name in ("cost_musd", "discounted_musd"))
    whole = add(discounted(month) for month in months)
    if sheets.has("in_plan", "key", "value") and "discount_frac_per_year" in sheets.frame("in_plan")["key"].tolist():
        rate = sheets.entry("in_plan", "discount_frac_per_year")
        gaps = {
            month: discounted(month)
            - paid(month) * Term(f"(1+{rate.formula})^(-{index}/12)", (1 + rate.value) ** (-index / 12))
            for index, month in enumerate(months)
        }
        yield Check("Discounting", "discounted = cost x (1 + rate)^(-months / 12)", unit, paid(months[0]), gaps)
    if sheets.has("costs_by_place", "horizon"):
        places = sheets.total("costs_by_place", "horizon", measure="discounted_musd")
        yield Check("Costs", "costs of all places = costs of all components", unit, whole, {WHOLE: places - whole})
    if sheets.has("league", "energy_cost_musd", "facility_cost_musd"):
        halls = add(sheets.total("costs", month, measure="cost_musd", component="halls") for month in months)
        league = sheets.total("league", "facility_cost_musd") - sheets.total("league", "energy_cost_musd")
        yield Check("League", "facility less energy = cost of halls", unit, whole, {WHOLE: league - halls})
    if of_objective and sheets.has("run", "entry", "value"):
        primal, dual = (sheets.entry("run", f"solver.{name}_musd") for name in ("objective", "dual_objective"))
        yield Check("Objective", "sum of the discounted costs = what was minimised", unit, whole, {WHOLE: whole - primal})
        if sheets.frame("run").set_index("entry")["value"].get("solver.status") == "optimal":
            yield Check("Proof", "what was minimised = the dual bound: no plan costs less", unit, whole, {WHOLE: primal - dual})
