"""Rules of chips and demand: what is there at the start is older, demand stays finite, shares and training runs make sense."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from math import inf, log2

from planner.codes import Code
from planner.plan.calendar import month_name, month_number
from planner.plan.places import pools_of
from planner.plan.series import doubling_months, held
from planner.plan.training_runs import COLUMNS, HOURS_PER_MEAN_MONTH
from planner.read.rules.rule_context import RuleContext
from planner.schema.fields import cell_text

MOST_KH100E = 1e9
"""Most demand of a zone for a class in any month."""


def start_is_delivered(name: str) -> Callable[[RuleContext], None]:
    """Chips that are there at the start were delivered before it, in order, and no two rows speak of the same ones."""

    def rule(context: RuleContext) -> None:
        table, start = context.tables[name], month_number(context.settings.start)
        names = [key.name for key in table.schema.keys if key.kind == "name"]
        seen: dict[tuple[str, ...], list[tuple[int, int, int]]] = {}
        for position, (first, last, *of) in enumerate(table.select("delivered_from", "delivered_to", *names)):
            end = month_number(last) if last else start - 1
            begin = month_number(first) if first else end
            if begin > end:
                context.refuse(
                    Code.E_MONTHS_ORDER, table, position, "delivered_to", last, f"a month from delivered_from = {first} on"
                )
            elif end >= start:
                context.refuse(
                    Code.E_MONTHS_ORDER,
                    table,
                    position,
                    "delivered_to",
                    last,
                    f"a month before the start of the plan, {context.settings.start}",
                )
            else:
                others = seen.setdefault(tuple(of), [])  # in order, none overlapping
                at = bisect(others, (begin, end))
                near = others[max(0, at - 1) : at + 1]
                twice = next((position for one, other, position in near if begin <= other and one <= end), None)
                if twice is None:
                    others.insert(at, (begin, end, position))
                else:
                    row = table.rows[twice]
                    noun = "row" if row.source.sheet else "line"
                    expected = f"months of delivery that {noun} {row.line} does not speak of"
                    context.refuse(
                        Code.E_MONTHS_ORDER,
                        table,
                        position,
                        "delivered_from",
                        first or month_name(begin),
                        expected,
                        of=" ".join(of),
                    )

    return rule


def zones_ask(context: RuleContext) -> None:
    """Every zone has demand."""
    asking = set(context.tables["demand"].column("zone_id"))
    zones = context.tables["zones"]
    for position, (zone,) in enumerate(zones.select("zone_id")):
        if zone not in asking:
            at = zones.place(position, "zone_id")
            context.findings.add(
                Code.E_ROW_MISSING, at, f"zone_id = {zone}: no row in {context.file('demand')}", zone, "a row of demand"
            )


def cores_are_worth_more(context: RuleContext) -> None:
    """The part of demand that is given up last is worth at least as much as the rest."""
    classes = context.tables["classes"]
    rest, of_core = (
        held(classes, column, context.calendar) for column in ("value_usd_per_h100e_h", "core_value_usd_per_h100e_h")
    )
    for position, months in enumerate(zip(rest, of_core, strict=True)):
        less = [
            (value, core) for value, core in zip(*months, strict=True) if core.value is not None and core.value < value.value
        ]
        for value, core in less[:1]:
            expected = f"at least {value.column} = {cell_text(value.value)}"
            context.refuse(Code.E_RANGE, classes, position, core.column, core.value, expected)


def demand_stays_a_number(context: RuleContext) -> None:
    """Demand that doubles for years must not outgrow what chips can serve and a solver can represent."""
    own = context.tables["classes"].mapping("class_id", "doubling_months")
    doubles = doubling_months(context.settings, context.tables)
    demand, months = context.tables["demand"], context.settings.months
    refused: set[str] = set()
    for (zone, w), path in zip(demand.keys, held(demand, "start_kh100e", context.calendar), strict=True):
        if (doubling := doubles.get(w)) is None:
            continue  # a class that does not exist is another finding
        most = max(path[:months], key=lambda one: log2(one.value) + one.grown / doubling if one.value > 0 else -inf)
        kh100e = most.value
        if kh100e > 0 and w not in refused and log2(kh100e) + most.grown / doubling > log2(MOST_KH100E):
            refused.add(w)
            classes = context.tables["classes"]
            stated = own.get(w) is not None
            at = (
                classes.place(classes.index[w,], "doubling_months")
                if stated
                else context.setting_place("demand", "doubling_months")
            )
            text = f"{w} demand of {zone} doubles every {doubling:g} months from {kh100e:g} kH100e to more than"
            text += f" {MOST_KH100E:g} kH100e in {context.months[-1]}: expected a longer doubling_months or fewer months"
            context.findings.add(Code.E_GROWTH, at, text, cell_text(doubling), "a longer doubling_months")


def shares_make_sense(context: RuleContext) -> None:
    """A share has a bound, and its bounds and months are in order."""
    shares = context.tables["shares"]
    for position, (least, most) in enumerate(shares.select("min_frac", "max_frac")):
        if least is None and most is None:
            at = shares.place(position, "min_frac")
            context.findings.add(
                Code.E_RANGE, at, "min_frac and max_frac are both empty: expected one of them", "", "a least or greatest share"
            )
        elif least is not None and most is not None and least > most:
            context.refuse(Code.E_RANGE, shares, position, "min_frac", f"{least:g}", f"at most max_frac = {most:g}")
    for position, (first, last) in enumerate(shares.select("from_month", "to_month")):
        if first and last and first > last:
            context.refuse(Code.E_MONTHS_ORDER, shares, position, "to_month", last, f"a month from {first} on")


def customers_are_told_apart(name: str) -> Callable[[RuleContext], None]:
    """A target or reservation names whole pools: where a class has no latency limit, who of a bloc is served is not known."""

    def rule(context: RuleContext) -> None:
        table = context.tables[name]
        for position, (names, of_class) in enumerate(table.select("from", "class_id")):
            _, partly = pools_of(context.tables, names, of_class)
            if partly:
                bloc, w = partly[0]
                text = f"{table.named(position)}: {w} has no latency limit, so that demand of {bloc} is pooled:"
                text += f" expected {bloc} whole, or a latency_ms of {w}, such as 10000, which tells its zones apart"
                context.findings.add(Code.E_POOL, table.place(position, "from"), text, ";".join(names), "whole blocs")

    return rule


def what_is_paid_has_a_price(context: RuleContext) -> None:
    """Where reserved capacity is paid for, used or not, its price is stated."""
    table = context.tables["reservations"]
    for position, (price, take) in enumerate(table.select("price_usd_per_h100e_h", "take_or_pay_frac")):
        if take and price is None:
            expected = f"a price, as take_or_pay_frac is {take:g}"
            context.refuse(Code.E_RANGE, table, position, "price_usd_per_h100e_h", "", expected)


def runs_are_asked(context: RuleContext) -> None:
    """A training run belongs to a row of demand, even one of zero."""
    demand, table = context.tables["demand"], context.tables["training_runs"]
    zones, classes = context.tables["zones"].index, context.tables["classes"].index
    for position, pair in enumerate(table.select("zone_id", "class_id")):
        if pair not in demand.index and (pair[0],) in zones and (pair[1],) in classes:
            text = f"training run {table.keys[position][0]}: no row of {context.file('demand')} has {pair[0]}, {pair[1]}"
            expected = "a row of demand, with start_kh100e = 0 if nothing else is asked"
            context.findings.add(
                Code.E_ROW_MISSING, table.place(position, "zone_id"), f"{text}: expected {expected}", pair[0], expected
            )


def runs_stay_a_number(context: RuleContext) -> None:
    """Growth since a first run long ago must not outgrow what a solver can represent, as doubling demand must not."""
    table, settings = context.tables["training_runs"], context.settings
    for position, (gwh, kw, duration, per_year, growth, first) in enumerate(table.select(*COLUMNS)):
        grown = settings.months - (month_number(first) - month_number(settings.start) if first else 0)
        at_once = max(1.0, duration * per_year / 12.0)
        kh100e = 1e3 * gwh / (duration * HOURS_PER_MEAN_MONTH) / kw * at_once
        if grown > 0 and kh100e > 0 and log2(kh100e) + max(0.0, grown / 12.0 * log2(1.0 + growth)) > log2(MOST_KH100E):
            run = table.keys[position][0]
            text = (
                f"training run {run}: {gwh:g} GWh growing by growth_frac_per_year = {growth:g} from {first or settings.start}"
            )
            text += f" on need more than {MOST_KH100E:g} kH100e in {context.months[-1]}: expected less energy or growth"
            place = table.place(position, "growth_frac_per_year" if growth > 0 else "energy_gwh")
            context.findings.add(Code.E_GROWTH, place, text, cell_text(growth if growth > 0 else gwh), "less energy or growth")
