"""Fleet: chips are delivered whether or not anyone can power them; each is in one place, dark, or retired early.

    dark[g,t] = dark[g,t-1] + delivered[g,t] - decline[g,t] - deferred + comes later - sum_x deploy[x,g,t]
        - ends dark + comes back
    installed[r,g,t] = keep[r,g] * installed[r,g,t-1] + deploy[r,g,t-lag] - retire[r,g,t] - ends there + moves in - moves out
                     + what was on its way at the start

Chips move where the plan names a way (`chip_moves.py`), and none is in a region from the month in which it closes. `keep` is
what does not fail in a month; what reaches the end of its life is in `ages.py`. A chip retired early never comes back. It costs
as much to carry as a dark chip, to the end of the horizon, and deploying costs something, so that retiring is no way to be rid
of dark chips. Where deploying is free, `limit_retirement` says so.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyomo.core as pyo

from models.costs import Cost, Used, cost
from models.data import PlanData
from models.index import columns, fix_at, from_month_on, group, parameter
from models.reach import first_months, in_stock
from models.rows import Price, rows

needs = ("ages", "chip_moves", "offers", "power")


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Variables over (place, generation) pairs that can ever hold a chip; what cannot be yet is fixed at zero."""
    last = len(d.months)
    reach = first_months(d)
    first = in_stock(reach)
    started = {key for key, kunit in d.start_installed_kunit.items() if kunit > 0}
    placed = [(x, g) for x, g in d.placeable if g in first]
    may_come = set(placed)  # elsewhere what stands at the start stays, and none is added
    housed = [(r, g) for r in d.regions for g in d.generations if r in reach[g]]

    m.PLACED = pyo.Set(initialize=placed, dimen=2)
    m.HOUSED = pyo.Set(initialize=housed, dimen=2)
    m.STOCKED = pyo.Set(initialize=list(first))
    m.PLACES_OF = pyo.Set(m.STOCKED, initialize={g: [x for x, h in placed if h == g] for g in first})
    m.FLEET = pyo.Set(initialize=list(dict.fromkeys(g for _, g in housed)))
    m.HOUSING = pyo.Set(m.FLEET, initialize=group(housed, lambda rg: rg[1], lambda rg: rg[0]))
    m.FLEET_OF = pyo.Set(m.REGIONS, initialize={r: [g for s, g in housed if s == r] for r in d.regions})
    m.commission_months = parameter(d.commission_months, m.REGIONS)

    lag = dict.fromkeys(d.designs, 0) | {r: d.commission_months[r] for r in d.regions}
    pairs = list(dict.fromkeys(placed + housed + [(o, g) for o, g, _ in d.start_alive_kunit]))
    m.deploy = columns([(x, g, t) for x, g in pairs for t in range(1 - lag[x], last + 1)])
    m.retire = columns([(r, g, t) for r, g in housed for t in m.MONTHS])
    m.installed = columns([(r, g, t) for r, g in housed for t in range(last + 1)])
    m.dark = columns([(g, t) for g in first for t in range(last + 1)])
    m.displaced = columns([(g, t) for g in m.FLEET for t in range(last + 1)])
    m.run = columns([(r, g, t, k) for r, g in housed for t in m.MONTHS for k in d.slices])

    arriving = {(r, g) for r, g, _ in d.arriving_kunit}  # no one paid for their installation who could have done without
    cheap = {(r, g) for r, g in housed if d.install_usd_per_unit[g] <= lag[r] * d.carry_usd_per_unit_month[g]}
    m.LAUNDERABLE = pyo.Set(initialize=[rg for rg in housed if rg in cheap or rg in arriving], dimen=2)
    never = last + 1
    closes = {x: d.closing_month.get(x, never) for x in lag}
    fix_at(
        m.deploy,
        {
            (x, g, t): 0.0
            for x, g, t in m.deploy
            if t < first.get(g, never) or (x, g) not in may_come or (x in d.closing_month and t + lag[x] >= closes[x])
        },
    )
    birth = {(r, g): reach[g][r] for r, g in housed}
    leaves = {(r, g): birth[r, g] + ((r, g) not in started) for r, g in housed}
    fix_at(m.retire, {(r, g, t): 0.0 for r, g, t in m.retire if t < leaves[r, g] or t > closes[r]})
    fix_at(
        m.installed,
        {
            (r, g, t): d.start_installed_kunit.get((r, g), 0.0) if t == 0 else 0.0
            for r, g, t in m.installed
            if t < birth[r, g] or t >= closes[r]
        },
    )
    fix_at(m.run, {(r, g, t, k): 0.0 for r, g, t, k in m.run if t < birth[r, g] or t >= closes[r]})
    fix_at(m.dark, {(g, t): d.start_dark_kunit.get(g, 0.0) if t == 0 else 0.0 for g, t in m.dark if t < first[g]})
    fix_at(m.displaced, {(g, 0): 0.0 for g in m.FLEET})

    m.delivered = parameter(d.delivered_kunit, m.STOCKED, m.MONTHS, default=0.0)
    m.arriving = parameter(d.arriving_kunit, m.HOUSED, m.MONTHS, default=0.0)
    m.keep = parameter(d.survive_frac, m.HOUSED)
    m.nameplate_frac = parameter(d.nameplate_frac, m.REGIONS)


@rows("STOCKED", "MONTHS", kind="stock", account="a chip in stock")
def conserve_chips(m, g, t):
    """dark[g,t] = dark[g,t-1] + delivered[g,t] - decline[g,t] - sum_s defer[g,t,s] + sum_v defer[g,v,t] - sum_x deploy[x,g,t]
    - sum over batches that end in t of dark_of[g,b,t-1] + sum over moves into stock of move[q,g,t-downtime].

    A plan that could refuse any delivery would hide what is asked: where chips outrun power. Only offers can be declined.
    Dual: what one more delivered chip is worth, million USD per thousand units."""
    return m.dark[g, t] == m.dark[g, t - 1] + m.delivered[g, t] - sum(m.deploy[x, g, t] for x in m.PLACES_OF[g]) - sum(
        m.dark_of[g, b, t - 1] for b in m.ENDING[g, t]
    ) - sum(m.decline[h, s] for h, s in m.DECLINED[g, t]) - sum(m.defer[later] for later in m.DEFERRED[g, t]) + sum(
        m.defer[earlier] for earlier in m.COMING[g, t]
    ) + sum(m.move[q, g, t - m.downtime[q]] for q in m.STORED[g])


@rows("HOUSED", "MONTHS", kind="stock", account="a chip installed there")
def conserve_fleet(m, r, g, t):
    """installed[r,g,t] = keep[r,g] * (installed[r,g,t-1] - sum over batches that end in t of installed_of[r,g,b,t-1])
    + arriving[r,g,t] + deploy[r,g,t-lag] - retire[r,g,t] - end_old[r,g,t]
    + sum_q move[q,g,t-downtime] in - sum_q move[q,g,t] out.

    Chips fail, reach the end of their life, and take `lag` months to commission; arriving are those on their way at the start.
    Dual: what one more chip already installed there is worth, million USD per thousand units."""
    return m.installed[r, g, t] == m.keep[r, g] * m.installed[r, g, t - 1] - sum(
        m.keep[r, g] * m.installed_of[r, g, b, t - 1] for b in m.ENDING[g, t]
    ) + m.arriving[r, g, t] + m.deploy[r, g, t - m.commission_months[r]] - m.retire[r, g, t] - m.end_old[r, g, t] + sum(
        m.move[q, g, t - m.downtime[q]] for q in m.ARRIVING[r, g]
    ) - sum(m.move[q, g, t] for q in m.LEAVING[r, g])


@rows("FLEET", "MONTHS", kind="stock", account="carrying a chip that is retired early")
def conserve_displaced(m, g, t):
    """displaced[g,t] = displaced[g,t-1] + sum_r retire[r,g,t].

    A chip replaced by a better one is counted to the end, apart from dark chips.
    Dual: the cost of carrying a chip that is retired early, million USD per thousand units."""
    return m.displaced[g, t] == m.displaced[g, t - 1] + sum(m.retire[r, g, t] for r in m.HOUSING[g])


@rows("LAUNDERABLE", "MONTHS", kind="limit", account="a chip that may be retired")
def limit_retirement(m, r, g, t):
    """retire[r,g,t] <= keep[r,g] * installed[r,g,t-1] - what reaches the end of its life there in t.

    Nothing is installed and retired in one month: a delivery cannot pass through a site into early retirement. Where
    installing costs more than the carrying that commissioning saves, doing so only loses money and no row is needed.
    Dual: what retiring one more chip would save, million USD per thousand units."""
    return (
        m.retire[r, g, t]
        <= m.keep[r, g] * m.installed[r, g, t - 1]
        - sum(m.keep[r, g] * m.installed_of[r, g, b, t - 1] for b in m.ENDING[g, t])
        - m.end_old[r, g, t]
    )


@rows(
    "REGIONS",
    "MONTHS",
    kind="limit",
    account="firm power",
    price=Price(
        "USD per MW-month",
        "one more firm MW in {where} during {month}",
        "firm power for chips",
        "firm MW for a month",
        repeats=True,
    ),
)
def house_chips(m, r, t):
    """pue[r,t] * nameplate_frac[r] * sum_g kw_per_unit[g] * installed[r,g,t] <= sum_p firm_frac[r,p] * capacity[r,p,t].

    A chip counts as installed only where it could be switched on in the worst hour.
    Dual: the scarcity value of a firm megawatt in that month, million USD per MW-month."""
    return m.pue[r, t] * m.nameplate_frac[r] * sum(m.kw_per_unit[g] * m.installed[r, g, t] for g in m.FLEET_OF[r]) <= sum(
        m.firm_frac[r, p] * m.capacity[r, p, t] for p in m.OPTIONS_OF[r]
    )


@rows("HOUSED", "MONTHS", "SLICES", kind="limit", account="a chip that runs")
def run_installed(m, r, g, t, k):
    """run[r,g,t,k] <= installed[r,g,t].

    Only what is installed can run.
    Dual: what one more running chip is worth in the slice, million USD per thousand units."""
    return m.run[r, g, t, k] <= m.installed[r, g, t]


def cost_terms(used: Used, d: PlanData) -> Iterator[Cost]:
    """Installation of what is deployed; carrying of what is dark or retired early. kunit x USD per unit = thousand USD."""
    install = {g: {"install": usd} for g, usd in d.install_usd_per_unit.items()}
    dark = {g: {"carry_dark": usd} for g, usd in d.carry_usd_per_unit_month.items()}
    displaced = {g: {"carry_displaced": usd} for g, usd in d.carry_usd_per_unit_month.items()}
    last, to_end = len(d.months), from_month_on(d.discount)
    for index in used("deploy"):
        x, g, t = index
        yield cost("deploy", index, x, g, (t,), install[g], d.discount[t], 1e-3)
    for index in used("dark"):
        g, t = index
        if t >= 1:
            yield cost("dark", index, "", g, (t,), dark[g], d.discount[t], 1e-3)
    for index in used("retire"):
        _, g, t = index
        yield cost("retire", index, "", g, range(t, last + 1), displaced[g], to_end[t], 1e-3)
