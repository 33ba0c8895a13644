"""Orders that are not yet firm: some may be cancelled until a month at the loss of their deposit, some may slip at a penalty.

    arrived[e,t] + late[e,t] + cancelled[e,t] = late[e,t-1] + ordered[e,t]

What an order brings counts as built in the month in which it arrives, beside what is firm; one that exceeds the pace of its
month comes on top of the pace whenever it comes. It may be cancelled in part, at that part of its deposit. An order that ends
is out of service from then on, and what has not arrived by then never does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import Order, PlanData
from models.index import columns, fix_at, from_month_on, group, parameter
from models.rows import rows

needs = ("power", "halls")


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """What each order may do in which month; elsewhere it is fixed at zero."""
    due = [(a, t) for a in d.orders for t in a.arrivals]
    m.DUE = pyo.Set(initialize=[(a.name, t) for a, t in due], dimen=2)
    m.arrived_mw = columns([(a.name, t) for a, t in due])
    m.late_mw = columns([(a.name, t) for a in d.orders for t in (a.month - 1, *a.arrivals)])
    m.cancelled_mw = columns([(a.name, t) for a, t in due])
    m.ordered_mw = parameter({(a.name, t): a.mw if t == a.month else 0.0 for a, t in due}, m.DUE)
    firm = {(a.name, a.month) for a in d.orders if a.last == a.month}
    fix_at(m.late_mw, {(a.name, a.month - 1): 0.0 for a in d.orders} | dict.fromkeys(firm, 0.0))
    fix_at(m.cancelled_mw, {(a.name, t): 0.0 for a, t in due if t != a.month or a.cancel_month is None})
    of_power, of_halls = ([a for a in d.orders if (a.item is None) == halls] for halls in (False, True))
    _declare_arrivals(m, d, of_power, of_halls)


def _declare_arrivals(m: pyo.ConcreteModel, d: PlanData, of_power: list[Order], of_halls: list[Order]) -> None:
    """Which orders arrive, come on top of the pace, and end, by region, option and month."""
    on_top = {a.name for a in d.orders if a.on_top}
    arriving = group(((a, t) for a in of_power for t in a.arrivals), lambda at: (at[0].place, at[0].item, at[1]), _name)
    m.ARRIVING_POWER = pyo.Set(initialize=list(arriving), dimen=3)
    m.ORDERS_OF_POWER = pyo.Set(m.ARRIVING_POWER, initialize=arriving)
    m.firm_mw = parameter(d.committed_mw, m.ARRIVING_POWER, default=0.0)
    shells = group(((a, t) for a in of_halls for t in a.arrivals), lambda at: (at[0].place, at[1]), _name)
    m.ARRIVING_HALLS = pyo.Set(initialize=list(shells), dimen=2)
    m.ORDERS_OF_HALLS = pyo.Set(m.ARRIVING_HALLS, initialize=shells)
    m.firm_shell_mw = parameter(d.committed_shell_mw, m.ARRIVING_HALLS, default=0.0)
    above = {key: [name for name in names if name in on_top] for key, names in arriving.items()}
    m.ABOVE_PACE = pyo.Set(initialize=[key for key, names in above.items() if names], dimen=3)
    m.ORDERS_ABOVE = pyo.Set(m.ABOVE_PACE, initialize={key: names for key, names in above.items() if names})
    above_shell = {key: [name for name in names if name in on_top] for key, names in shells.items()}
    m.SHELL_ABOVE_PACE = pyo.Set(initialize=[key for key, names in above_shell.items() if names], dimen=2)
    m.HALL_ORDERS_ABOVE = pyo.Set(m.SHELL_ABOVE_PACE, initialize={key: names for key, names in above_shell.items() if names})
    ends = group((a for a in of_power if a.end is not None), lambda a: (a.place, a.item, a.end), lambda a: a)
    m.ORDERS_END = pyo.Set(initialize=list(ends), dimen=3)
    m.ENDING_ORDERS = pyo.Set(m.ORDERS_END, dimen=2, initialize={key: _all_of(orders) for key, orders in ends.items()})
    shell_ends = group((a for a in of_halls if a.end is not None), lambda a: (a.place, a.end), lambda a: a)
    m.HALL_ORDERS_END = pyo.Set(initialize=list(shell_ends), dimen=2)
    m.ENDING_HALL_ORDERS = pyo.Set(
        m.HALL_ORDERS_END, dimen=2, initialize={key: _all_of(orders) for key, orders in shell_ends.items()}
    )


def _name(at: tuple[Order, int]) -> str:
    return at[0].name


def _all_of(orders: list[Order]) -> list[tuple[str, int]]:
    return [(a.name, t) for a in orders for t in a.arrivals]


@rows("DUE", kind="stock", account="what is ordered and has not arrived")
def settle_order(m, e, t):
    """arrived[e,t] + late[e,t] + cancelled[e,t] = late[e,t-1] + ordered[e,t].

    What is ordered arrives in its month, is late, or is cancelled.
    Dual: what one more MW ordered costs, million USD per MW."""
    return m.arrived_mw[e, t] + m.late_mw[e, t] + m.cancelled_mw[e, t] == m.late_mw[e, t - 1] + m.ordered_mw[e, t]


@rows("ARRIVING_POWER", kind="balance", account="what arrives of orders")
def build_arrivals(m, r, p, t):
    """build[r,p,t] >= committed[r,p,t] + sum_e arrived[e,t].

    What arrives of an order is built, beside what is firm.
    Dual: what it costs that one more MW arrives in t, million USD per MW."""
    return m.build_mw[r, p, t] >= m.firm_mw[r, p, t] + sum(m.arrived_mw[a, t] for a in m.ORDERS_OF_POWER[r, p, t])


@rows("ARRIVING_HALLS", kind="balance", account="what arrives of orders of halls")
def build_hall_arrivals(m, r, t):
    """build_shell[r,t] >= committed_shell[r,t] + sum_e arrived[e,t].

    What arrives of an order of halls is built, beside what is firm.
    Dual: what it costs that one more MW arrives in t, million USD per MW."""
    return m.build_shell[r, t] >= m.firm_shell_mw[r, t] + sum(m.arrived_mw[a, t] for a in m.ORDERS_OF_HALLS[r, t])


@rows("ABOVE_PACE", kind="balance", account="orders above the pace")
def count_above_pace(m, r, p, t):
    """above[r,p,t] <= sum_e arrived[e,t] of orders that exceed the pace of their month.

    A project of its own comes on top of the pace in the month in which it comes.
    Dual: what one more MW above the pace would save, million USD per MW."""
    return m.above_mw[r, p, t] <= sum(m.arrived_mw[a, t] for a in m.ORDERS_ABOVE[r, p, t])


@rows("SHELL_ABOVE_PACE", kind="balance", account="orders of halls above the pace")
def count_halls_above_pace(m, r, t):
    """above_shell[r,t] <= sum_e arrived[e,t] of orders that exceed the pace of their month.

    Halls that are ordered beyond the pace come on top of it in the month in which they come.
    Dual: what one more MW above the pace would save, million USD per MW."""
    return m.above_shell[r, t] <= sum(m.arrived_mw[a, t] for a in m.HALL_ORDERS_ABOVE[r, t])


@rows("ORDERS_END", kind="balance", account="orders that end")
def end_orders(m, r, p, t):
    """shut[r,p,t] = sum over orders that end in t, and months u, of arrived[e,u].

    What has arrived of an order goes out of service as it ends.
    Dual: what one more MW that ends would cost, million USD per MW."""
    return m.shut_mw[r, p, t] == sum(m.arrived_mw[a, u] for a, u in m.ENDING_ORDERS[r, p, t])


@rows("HALL_ORDERS_END", kind="balance", account="orders of halls that end")
def end_hall_orders(m, r, t):
    """shut_shell[r,t] = sum over orders that end in t, and months u, of arrived[e,u].

    What has arrived of an order of halls goes out of service as it ends.
    Dual: what one more MW that ends would cost, million USD per MW."""
    return m.shut_shell[r, t] == sum(m.arrived_mw[a, u] for a, u in m.ENDING_HALL_ORDERS[r, t])


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """The penalty for each month of delay; the deposit of what is cancelled; and no charge once an order has ended."""
    orders, to_end, last = {a.name: a for a in d.orders}, from_month_on(d.discount), len(d.months)
    for index in used("late_mw"):
        name, t = index
        a = orders[name]
        yield cost("late_mw", index, a.place, name, (t,), {"slip": a.slip_usd_per_mw_month}, d.discount[t])
    for index in used("cancelled_mw"):
        a = orders[index[0]]
        month = a.cancel_month or a.month
        yield cost("cancelled_mw", index, a.place, a.name, (month,), {"deposit": a.deposit_usd_per_mw}, d.discount[month])
    for index in used("arrived_mw"):
        a = orders[index[0]]
        if a.end is not None:
            usd = {name: -each for name, each in charges(d, a).items()}
            yield cost("arrived_mw", index, a.place, a.item or "halls", range(a.end, last + 1), usd, to_end[a.end])


def charges(d: PlanData, a: Order) -> Mapping[str, float]:
    """What a MW that is built is charged for each month, USD by component."""
    if a.item is None:
        return {"halls": d.shell_usd_per_mw_month[a.place]}
    return {
        "capital": d.capital_usd_per_mw_month[a.place, a.item],
        "fixed": d.fixed_usd_per_mw_month[a.place, a.item],
    }
