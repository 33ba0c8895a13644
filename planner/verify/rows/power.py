"""Rows of power: what feeds chips, how fast it may grow, what is stored within the day, and whose power it is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.verify.case import Case
from planner.verify.linear import Balance, Limit, Row, Side, term
from planner.verify.power import firm_frac, ordered
from planner.verify.series import by_month

MONTHLY, ONCE = "USD per MW-month", "USD per MW"
"""Units of a price that is due every month, and of one that is due where a megawatt is built."""


def power_rows(case: Case) -> Iterator[Row]:
    """Energy balance, capacity and its growth."""
    run, fleet, power = case.run, case.fleet, case.power
    pue, idle = by_month(run, "inputs.regions", "pue"), run.vector("inputs.accelerators", "idle_frac")
    draw = fleet.kw * run.vector("inputs.accelerators", "draw_frac")
    need = [term("charge", "rptk"), term("installed", "rgt", rt=pue, g=draw * idle)]
    need += [term("run", "rgtk", rt=pue, g=draw * (1.0 - idle))]
    law = "output = pue x IT draw + charging, in every slice"
    yield Balance("balance_power", "rtk", [term("output", "rptk")], need, "MW", law)
    most = [term("capacity", "rpt", rptk=case.hours.availability)]
    law = "output <= availability x capacity, in every slice"
    yield Limit("respect_capacity", "rptk", [term("output", "rptk")], most, "MW", law, price=MONTHLY, repeats=True)

    start = power.start[:, :, None] * case.first
    kept: Side = [
        term("capacity", "rpv", vt=case.before),
        start,
        term("build", "rpt"),
        -power.closed,
        -term("shut", "rpt"),
        -term("lapsed", "rpt"),
    ]
    law = "capacity = capacity a month ago + build - closed"
    yield Balance("conserve_capacity", "rpt", [term("capacity", "rpt")], kept, "MW", law)
    growth = run.cube("inputs.power", "growth_frac_per_month")[:, :, None] * power.may_build
    free = np.where(power.may_build, power.step, power.committed) + growth * start
    most = [term("capacity", "rpv", vt=case.before, rpt=growth), free, term("above", "rpt")]
    law = "build <= step + growth x capacity, or what is signed"
    yield Limit("limit_power_growth", "rpt", [term("build", "rpt")], most, "MW", law, price=ONCE)
    law = "what is ordered is built"
    yield Limit("keep_commitment", "rpt", [power.committed], [term("build", "rpt")], "MW", law, price=ONCE)
    supply = [run.held("inputs.supply", "mw", np.inf)]
    law = "builds <= world supply"
    builds = [term("build", "rpt"), term("take", "qt", qp=power.projects.of_option)]
    yield Limit("limit_technology_supply", "pt", builds, supply, "MW", law, price=ONCE)


def order_rows(case: Case) -> Iterator[Row]:
    """Orders that may slip or be cancelled: what arrives is built, beside what is firm, and goes out of service as they end."""
    orders, halls = case.power.orders, case.power.orders.is_of[:, :, -1]
    options = orders.is_of[:, :, :-1]
    gone: Side = [term("arrived", "et"), term("late", "et"), term("cancelled", "et")]
    owed: Side = [term("late", "ev", vt=case.before, et=orders.due), orders.ordered]
    law = "arrived + late + cancelled = late a month ago + ordered"
    yield Balance("settle_order", "et", gone, owed, "MW", law)
    law = "what arrives of orders is built, beside what is firm"
    least: Side = [case.power.committed, term("arrived", "et", erp=options)]
    yield Limit("build_arrivals", "rpt", least, [term("build", "rpt")], "MW", law)
    least = [ordered(case.run)[0][:, -1], term("arrived", "et", er=halls)]
    yield Limit("build_hall_arrivals", "rt", least, [term("build_shell", "rt")], "MW", law)
    law = "what comes on top of the pace has arrived"
    on_top = np.where(orders.on_top, 1.0, 0.0)
    most: Side = [term("arrived", "et", e=on_top, erp=options)]
    yield Limit("count_above_pace", "rpt", [term("above", "rpt")], most, "MW", law)
    most = [term("arrived", "et", e=on_top, er=halls)]
    yield Limit("count_halls_above_pace", "rt", [term("above_shell", "rt")], most, "MW", law)
    law = "what has arrived goes out of service as its order ends"
    ends: Side = [term("arrived", "ev", erp=options, et=orders.ends)]
    yield Balance("end_orders", "rpt", [term("lapsed", "rpt")], ends, "MW", law)
    ends = [term("arrived", "ev", er=halls, et=orders.ends)]
    yield Balance("end_hall_orders", "rt", [term("lapsed_shell", "rt")], ends, "MW", law)


def change_rows(case: Case) -> Iterator[Row]:
    """What is built beside what the plan before has published, where a MW more or less costs something."""
    counted, published = case.changes.counted, case.changes.published
    law = "more - less than published = build - published"
    moved: Side = [term("more", "rpt"), -term("less", "rpt")]
    built: Side = [term("build", "rpt", rpt=counted[:, :-1]), -published[:, :-1]]
    yield Balance("count_changes", "rpt", moved, built, "MW", law)
    projects = case.power.projects
    moved = [term("more_shell", "rt"), -term("less_shell", "rt")]
    opened = term("take", "qt", qr=projects.by_halls(projects.mw), rt=counted[:, -1])
    built = [term("build_shell", "rt", rt=counted[:, -1]), opened, -published[:, -1]]
    yield Balance("count_hall_changes", "rt", moved, built, "MW", law)


def storage_rows(case: Case) -> Iterator[Row]:
    """What goes in less its loss is what comes out, within the day; what a contract obliges to take is taken or paid for."""
    run, hours = case.run, case.hours
    held, back = (run.vector("inputs.options", column) for column in ("storage_h", "round_trip_frac"))
    stores = ~np.isnan(held)
    held, back = np.where(stores, held, 0.0), np.where(stores, back, 0.0)
    law = "storage takes no more than its capacity, other options nothing"
    room = [term("capacity", "rpt", p=stores * 1.0)]
    yield Limit("limit_charge", "rptk", [term("charge", "rptk")], room, "MW", law, checked=hours.sliced)
    room = [term("capacity", "rpt", p=held)]
    law = "stored <= duration x capacity"
    yield Limit("limit_stored", "rptk", [term("stored", "rptk")], room, "MWh", law, checked=hours.sliced)
    kept = [term("stored", "rptj", jk=hours.follows)]
    kept += [term("charge", "rptk", k=hours.length, p=back), -term("output", "rptk", k=hours.length, p=stores * 1.0)]
    law = "stored = stored a slice ago + charged less its loss - given"
    yield Balance("conserve_stored", "rptk", [term("stored", "rptk")], kept, "MWh", law, checked=hours.sliced)

    due = [term("capacity", "rpt", rp=run.cube("inputs.power", "minimum_take_frac"))]
    taken = [term("output", "rptk", tk=hours.hours / run.hours[:, None]), term("untaken", "rpt")]
    law = "what a contract obliges to take is taken or paid for"
    yield Limit("take_minimum", "rpt", due, taken, "MW", law, checked=False)


def owner_rows(case: Case) -> Iterator[Row]:
    """Nameplate of an owner's chips within its share of firm power, and what it buys; no limit where power is shared."""
    run, owners = case.run, case.owners
    first, later = owners.shares
    limited = (np.minimum(first, later) < 1.0) & (owners.policy != "shared")
    need = by_month(run, "inputs.regions", "pue") * run.vector("inputs.regions", "nameplate_frac")[:, None]
    nameplate = [term("installed", "rgt", rt=need, g=case.fleet.kw, gh=owners.of_chip)]
    right: Side = [
        term("capacity", "rpt", p=firm_frac(run), rh=later),
        *([term("bought", "rht")] if owners.trade else []),
        owners.more_of_start_mw + np.where(limited, 0.0, np.inf)[:, :, None],
    ]
    law = "pue x nameplate of an owner's chips <= its right to firm power + bought"
    yield Limit("respect_right", "rht", nameplate, right, "MW", law, price=MONTHLY, repeats=True)


def project_rows(case: Case) -> Iterator[Row]:
    """A project is taken once, of its group at most one, and its power comes with it."""
    projects = case.power.projects
    law = "taken = taken a month ago + taken in the month"
    so_far = [term("taken", "qv", vt=case.before), term("take", "qt")]
    yield Balance("conserve_project", "qt", [term("taken", "qt")], so_far, "projects", law)
    law = "no project is taken twice"
    yield Limit("limit_project", "qt", [term("taken", "qt")], [np.ones(projects.take.shape)], "projects", law)
    law = "of a group at most one project is taken"
    one = [np.ones((len(projects.groups), case.run.month_count))]
    yield Limit("choose_one", "it", [term("taken", "qt", iq=projects.in_group)], one, "projects", law, items=projects.groups)
    law = "the power of a project comes with it"
    built = [term("build", "rpt", rp=projects.is_own)]
    yield Balance("build_project", "rpt", built, [term("take", "qt", qrp=projects.by_power(projects.mw))], "MW", law)
