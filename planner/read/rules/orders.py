"""Rules of the order book and of moves of chips: every order has its option, a region closes once, a way leads somewhere."""

from __future__ import annotations

from planner.codes import Code
from planner.findings import nearest
from planner.plan.table import Table
from planner.read.contracts import TERMS
from planner.read.rules.rule_context import RuleContext
from planner.schema.table_schema import BINDING, HALLS, HIBERNATION, LAUNCH, NO_OPTION, SITE, STOCK

OPEN = ("slip_usd_per_mw_month", "cancel_until_month", "deposit_musd")
BUILDS = ("build_mw", "contract_of", *TERMS, *OPEN)
NOTHING_OF = {
    SITE: (*BUILDS, "close_mw", "until_month"),
    HIBERNATION: BUILDS,
    LAUNCH: (*BUILDS[1:], "close_mw", "until_month"),
}
"""What an order leaves empty that builds nothing: all of a region closes, and halls are out of service."""
WHY = {SITE: "all of the region closes", HIBERNATION: "nothing is built", LAUNCH: "what is launched stays"}


def commitments_have_power(context: RuleContext) -> None:
    """An order is of halls or of a whole region, or of an option that its region has."""
    commitments, power, options = (context.tables[name] for name in ("commitments", "power", "options"))
    for word in NO_OPTION:
        if (word,) in options.index:
            expected = f"another name: in commitments, {word} is no option"
            context.refuse(Code.E_NAME_TAKEN, options, options.index[word,], "option_id", word, expected)
    columns = ("region_id", "option_id", "month", "contract_of", "until_month", *TERMS)
    for position, (region, option, month, base, until, *terms) in enumerate(commitments.select(*columns)):
        of = f"{region}, {option}, {month}"
        if until is not None and until < month:
            context.refuse(Code.E_MONTHS_ORDER, commitments, position, "until_month", until, f"a month from {month} on", of=of)
        for column, value in zip(TERMS, terms, strict=True):
            if value is not None and option not in NOTHING_OF:
                expected = "empty: the contract's row of power states it" if base else "empty, or contract_of beside it"
                context.refuse(Code.E_RANGE, commitments, position, column, value, expected, of=of)
        flies = (region,) in context.tables["designs"].index and (region,) not in context.tables["regions"].index
        if flies != (option == LAUNCH):
            expected = f"{LAUNCH}, as {region} is an orbital design" if flies else "the name of an orbital design, for a launch"
            column, value = ("option_id", option) if flies else ("region_id", region)
            context.refuse(Code.E_RANGE, commitments, position, column, value, expected, of=of)
        known = (region,) in context.tables["regions"].index and (option,) in options.index
        if known and (region, option) not in power.index:
            at, offered = commitments.place(position, "option_id"), [HALLS, *(p for r, p in power.keys if r == region)]
            tail = f" ({hint})" if (hint := nearest(option, offered)) else ""
            text = f"{region}, {option}: no such row in {context.file('power')}{tail}"
            context.findings.add(Code.E_ROW_MISSING, at, text, option, "a row of power")


def closings_make_sense(context: RuleContext) -> None:
    """A region closes once and as a whole, and nothing is ordered there from then on; what hibernates is hall space."""
    orders = context.tables["commitments"]
    closing: dict[str, str] = {}
    for position, (region, option, month, status) in enumerate(orders.select("region_id", "option_id", "month", "status")):
        of = f"{region}, {option}, {month}"
        for column in NOTHING_OF.get(option, ()):
            if value := orders.column(column)[position]:
                context.refuse(Code.E_RANGE, orders, position, column, value, f"empty: {WHY[option]}", of=of)
        if option != HIBERNATION and orders.column("upkeep_usd_per_kw_year")[position] is not None:
            value = orders.column("upkeep_usd_per_kw_year")[position]
            expected = f"empty: only {HIBERNATION} has an upkeep"
            context.refuse(Code.E_RANGE, orders, position, "upkeep_usd_per_kw_year", value, expected, of=of)
        if option == HIBERNATION and not orders.column("close_mw")[position]:
            expected = "a number > 0: the hall space that is out of service"
            context.refuse(Code.E_RANGE, orders, position, "close_mw", 0, expected, of=of)
        if option == SITE and status in BINDING:
            if region in closing:
                expected = f"one month in which {region} closes: it does in {closing[region]}"
                context.refuse(Code.E_MONTHS_ORDER, orders, position, "month", month, expected, of=of)
            closing.setdefault(region, month)
    _nothing_after(context, orders, closing)


def open_orders_make_sense(context: RuleContext) -> None:
    """An order is cancelled before it comes and slips while it is approved; before its lead time its option does not grow."""
    orders, power = context.tables["commitments"], context.tables["power"]
    number = context.calendar.number
    columns = ("region_id", "option_id", "month", "status", "slip_usd_per_mw_month", "cancel_until_month")
    for position, (region, option, month, status, slip, cancel) in enumerate(orders.select(*columns)):
        of = f"{region}, {option}, {month}"
        if cancel is not None and cancel > month:
            expected = f"a month until {month}, for which it is ordered"
            context.refuse(Code.E_MONTHS_ORDER, orders, position, "cancel_until_month", cancel, expected, of=of)
        if slip is not None and status in ("confirmed", "done"):
            expected = "empty: only an approved order may slip"
            context.refuse(Code.E_RANGE, orders, position, "slip_usd_per_mw_month", slip, expected, of=of)
        if (slip is not None or cancel is not None) and (region, option) in power.index and month in number:
            row = power.index[region, option]
            lead, growth = (power.column(name)[row] for name in ("lead_months", "growth_frac_per_month"))
            if number[month] <= lead and growth > 0:
                expected = f"a month after the lead time of {lead} months, as it may slip or be cancelled and the option grows"
                context.refuse(Code.E_RANGE, orders, position, "month", month, expected, of=of)


def _nothing_after(context: RuleContext, orders: Table, closing: dict[str, str]) -> None:
    columns = ("region_id", "option_id", "month", "status")
    for position, (region, option, month, status) in enumerate(orders.select(*columns)):
        if option != SITE and status in BINDING and region in closing and month >= closing[region]:
            expected = f"a month before {closing[region]}, in which {region} closes"
            of = f"{region}, {option}, {month}"
            context.refuse(Code.E_MONTHS_ORDER, orders, position, "month", month, expected, of=of)


def chip_moves_make_sense(context: RuleContext) -> None:
    """A way leads elsewhere, and its last month is not before its first."""
    moves, regions = context.tables["chip_moves"], context.tables["regions"]
    if (STOCK,) in regions.index and len(moves):
        expected = f"another name: in chip_moves, {STOCK} is no region"
        context.refuse(Code.E_NAME_TAKEN, regions, regions.index[STOCK,], "region_id", STOCK, expected)
    for position, (here, there, first, last) in enumerate(moves.select("from_id", "to_id", "from_month", "to_month")):
        if here == there:
            context.refuse(Code.E_RANGE, moves, position, "to_id", there, "another region than from_id, or stock", of=here)
        if first is not None and last is not None and last < first:
            expected = f"a month from {first} on"
            context.refuse(Code.E_MONTHS_ORDER, moves, position, "to_month", last, expected, of=f"{here}, {there}")
