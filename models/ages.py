"""Ages: the life of a chip ends in a month that follows from its delivery, wherever the chip is.

    installed_of[r,g,b,t] = keep[r,g] * installed_of[r,g,b,t-1] + deploy_of[r,g,b,t-lag] - retire_of[r,g,b,t] + moves
    installed_old[r,g,t] = keep[r,g] * installed_old[r,g,t-1] - retire_old[r,g,t] - end_old[r,g,t]

A batch is the chips of a generation that are delivered in one month. The plan decides where chips of a batch go; those that are
dark when it ends leave stock, and those in orbit live as long as their satellite. Where chips may move away, what stands there
at the start is of its batches too. Elsewhere it stays, and its batches are one stock: it holds no more than what would be in
its life had none been retired early, and no more leaves it in a month than what ends then. Only what ends within the months is
counted here, as a part of what `fleet.py` counts by generation: the rest has no age.
"""

from __future__ import annotations

import pyomo.core as pyo

from models.data import STOCK, PlanData
from models.index import columns, fix_at, group, parameter
from models.reach import reached
from models.rows import rows

after = ("fleet",)
needs = ("chip_moves", "offers")

DUST = 1e-12  # of what stood there at the start: rounding is no chip


def declare(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Batches that come into stock, what stands at the start, and both as parts of their generation."""
    supplied: dict[tuple[str, str], int] = {}
    for g, b, t in d.batch_supply_kunit:
        supplied[g, b] = min(t, supplied.get((g, b), t))
    standing = group(d.start_batch_kunit, lambda rgb: rgb[1:], lambda rgb: rgb[0])
    arriving: dict[tuple[str, str], dict[str, int]] = {}
    for r, g, b, t in sorted(d.arriving_batch_kunit, key=lambda rgbt: -rgbt[-1]):
        arriving.setdefault((g, b), {})[r] = t
    seen = [{gb: min(months.values()) for gb, months in arriving.items()}, supplied]
    first = {key: 0 if key in standing else min(each[key] for each in seen if key in each) for key in d.batch_end}
    of = group(d.batch_end, lambda gb: gb[0], lambda gb: gb[1])
    months = range(1, len(d.months) + 1)
    living = {(g, t): [b for b in of.get(g, ()) if first[g, b] <= t < d.batch_end[g, b]] for g in d.generations for t in months}
    ending = {(g, t): [b for b in of.get(g, ()) if d.batch_end[g, b] == t] for g in d.generations for t in months}
    m.LIVING = pyo.Set(m.GENERATIONS, m.MONTHS, initialize=living)
    m.ENDING = pyo.Set(m.GENERATIONS, m.MONTHS, initialize=ending)
    come, allowed = {}, set(d.placeable)
    for (g, b), regions in {**dict.fromkeys(d.batch_end, ()), **standing}.items():
        of_stock = {STOCK: max(1, supplied[g, b])} if (g, b) in supplied else {}
        come[g, b] = reached(d, g, arriving.get((g, b), {}) | dict.fromkeys(regions, 1) | of_stock, regions, allowed)
    _declare_batches(m, d, come)
    _declare_old(m, d)
    m.DARK_IN_PART = pyo.Set(initialize=[key for key, batches in living.items() if batches and key[0] in m.STOCKED], dimen=2)
    deployed = dict.fromkeys((x, g, t) for (x, g, b, t), entry in m.deploy_of.items() if not entry.fixed)
    m.DEPLOYED_IN_PART = pyo.Set(initialize=list(deployed), dimen=3)
    held = [m.installed_of, m.installed_old]
    parts = dict.fromkeys((i[0], i[1], i[-1]) for each in held for i, entry in each.items() if not entry.fixed)
    m.INSTALLED_IN_PART = pyo.Set(initialize=list(parts), dimen=3)
    gone = [m.retire_of, m.retire_old]
    parts = dict.fromkeys((i[0], i[1], i[-1]) for each in gone for i, entry in each.items() if not entry.fixed)
    m.RETIRED_IN_PART = pyo.Set(initialize=list(parts), dimen=3)


def _declare_batches(m: pyo.ConcreteModel, d: PlanData, reach: dict[tuple[str, str], dict[str, int]]) -> None:
    """``reach``: the month from which a batch can be in each place."""
    lag = dict.fromkeys(d.designs, 0) | {r: d.commission_months[r] for r in d.regions}
    ends = [(g, b, end) for (g, b), end in d.batch_end.items()]
    placed = [(x, h, b, end) for x, h in m.PLACED for g, b, end in ends if g == h]
    housed = [(r, h, b, end) for r, h in m.HOUSED for g, b, end in ends if g == h]
    comes = d.chip_moves or d.arriving_batch_kunit  # where chips only come by these, none is deployed
    places = dict.fromkeys([*placed, *(housed if comes else ())])
    m.deploy_of = columns([(x, g, b, t) for x, g, b, end in places for t in range(1 - lag[x], end)])
    m.dark_of = columns([(g, b, t) for g, b, end in ends for t in range(end)])
    m.installed_of = columns([(r, g, b, t) for r, g, b, end in housed for t in range(end)])
    m.retire_of = columns([(r, g, b, t) for r, g, b, end in housed for t in range(1, end)])
    never = len(d.months) + 1
    first = {gb: months.get(STOCK, never) for gb, months in reach.items()}
    come = {(r, g, b): reach[g, b].get(r, never) for r, g, b, _ in housed}
    shut = {r: d.closing_month.get(r, never) for r in d.regions}
    fix_at(
        m.deploy_of,
        {
            (x, g, b, t): 0.0
            for x, g, b, t in m.deploy_of
            if t < first[g, b] or t + lag[x] >= d.batch_end[g, b] or m.deploy[x, g, t].fixed
        },
    )
    fix_at(
        m.dark_of,
        {(g, b, t): d.batch_supply_kunit.get((g, b, 0), 0.0) if t == 0 else 0.0 for g, b, t in m.dark_of if t < first[g, b]},
    )
    start = d.start_batch_kunit
    fix_at(
        m.installed_of,
        {
            i: start.get(i[:3], 0.0) if i[-1] == 0 else 0.0
            for i in m.installed_of
            if i[-1] < come.get(i[:3], never) or i[-1] >= shut[i[0]]
        },
    )
    launderable = set(m.LAUNDERABLE) - {(r, g) for r, g, _ in d.arriving_kunit}
    # of chips retired early in the month in which a batch comes, some can be its own: `limit_retirement` is by generation
    stood = {i[:3]: i[:3] in start or i[:2] in launderable for i in m.retire_of}
    fix_at(
        m.retire_of,
        {i: 0.0 for i in m.retire_of if i[-1] < come.get(i[:3], never) + (not stood[i[:3]]) or i[-1] > shut[i[0]]},
    )
    m.DARK_BATCHES = pyo.Set(initialize=[i for i, entry in m.dark_of.items() if not entry.fixed], dimen=3)
    held = [i for i, entry in m.installed_of.items() if not entry.fixed or (i[-1] == shut[i[0]] and i[-1] >= come[i[:3]])]
    m.INSTALLED_BATCHES = pyo.Set(initialize=held, dimen=4)  # in the month of closing all of it leaves
    m.batch_supply = parameter(d.batch_supply_kunit, m.DARK_BATCHES, default=0.0)
    m.arriving_of = parameter(d.arriving_batch_kunit, m.INSTALLED_BATCHES, default=0.0)


def _declare_old(m: pyo.ConcreteModel, d: PlanData) -> None:
    """Where some of what stands at the start ends, all that stands there of the generation is a stock of its own."""
    pairs = list(dict.fromkeys((r, g) for r, g, _ in d.start_ending_kunit))
    m.installed_old = columns([(r, g, t) for r, g in m.HOUSED for t in range(len(d.months) + 1)])
    m.retire_old = columns([(r, g, t) for r, g in m.HOUSED for t in m.MONTHS])
    m.end_old = columns([(r, g, t) for r, g in m.HOUSED for t in m.MONTHS])
    in_life: dict[tuple[str, str, int], float] = {}
    for r, g in pairs:
        left = start = d.start_installed_kunit[r, g]
        in_life[r, g, 0] = start
        for t in m.MONTHS:
            left -= d.start_ending_kunit.get((r, g, t), 0.0)
            if left <= DUST * start or t >= d.closing_month.get(r, len(d.months) + 1):
                break
            in_life[r, g, t] = left * d.survive_frac[r, g] ** t
    stays = {r: d.closing_month.get(r, len(d.months)) for r in d.regions}
    ending = {
        (r, g, t): kunit * d.survive_frac[r, g] ** t for (r, g, t), kunit in d.start_ending_kunit.items() if t <= stays[r]
    }
    m.OLD = pyo.Set(initialize=[(r, g, t) for r, g in pairs for t in m.MONTHS if (r, g, t - 1) in in_life], dimen=3)
    m.OLD_IN_LIFE = pyo.Set(initialize=[key for key in in_life if key[-1] > 0], dimen=3)
    m.OLD_ENDING = pyo.Set(initialize=list(ending), dimen=3)
    m.in_life = parameter(in_life, m.OLD_IN_LIFE)
    m.ending = parameter(ending, m.OLD_ENDING)
    fix_at(
        m.installed_old,
        {i: in_life.get(i, 0.0) if i[-1] == 0 else 0.0 for i in m.installed_old if i[-1] == 0 or i not in in_life},
    )
    fix_at(m.retire_old, {i: 0.0 for i in m.retire_old if i not in m.OLD})
    fix_at(m.end_old, {i: 0.0 for i in m.end_old if i not in ending})


@rows("DARK_BATCHES", kind="stock", account="a chip of a batch in stock")
def conserve_dark_batch(m, g, b, t):
    """dark_of[g,b,t] = dark_of[g,b,t-1] + delivered_of[g,b,t] - decline_of[g,b,t] - what is deferred + what comes later
    - sum_x deploy_of[x,g,b,t] + moves into stock, until it ends.

    A chip keeps its age while it is dark.
    Dual: what one more chip of the batch in stock is worth beside one that does not end, million USD per thousand units."""
    return m.dark_of[g, b, t] == m.dark_of[g, b, t - 1] + m.batch_supply[g, b, t] - sum(
        m.deploy_of[x, g, b, t] for x in m.PLACES_OF[g]
    ) - sum(m.decline[h, s] for h, s in m.DECLINED_OF[g, b, t]) - sum(m.defer[later] for later in m.DEFERRED_OF[g, b, t]) + sum(
        m.defer[earlier] for earlier in m.COMING_OF[g, b, t]
    ) + sum(m.move_of[q, g, b, t - m.downtime[q]] for q in m.STORED[g])


@rows("INSTALLED_BATCHES", kind="stock", account="a chip of a batch installed there")
def conserve_batch(m, r, g, b, t):
    """installed_of[r,g,b,t] = keep[r,g] * installed_of[r,g,b,t-1] + arriving_of[r,g,b,t] + deploy_of[r,g,b,t-lag]
    - retire_of[r,g,b,t] + sum_q move_of[q,g,b,t-downtime] in - sum_q move_of[q,g,b,t] out.

    A chip takes its age with it to the place where it is installed.
    Dual: what one more chip of the batch is worth beside one that does not end, million USD per thousand units."""
    kept = m.keep[r, g] * m.installed_of[r, g, b, t - 1]
    return m.installed_of[r, g, b, t] == kept + m.arriving_of[r, g, b, t] + m.deploy_of[
        r, g, b, t - m.commission_months[r]
    ] - m.retire_of[r, g, b, t] + sum(m.move_of[q, g, b, t - m.downtime[q]] for q in m.ARRIVING[r, g]) - sum(
        m.move_of[q, g, b, t] for q in m.LEAVING[r, g]
    )


@rows("OLD", kind="stock", account="a chip that stands there from the start")
def conserve_old(m, r, g, t):
    """installed_old[r,g,t] = keep[r,g] * installed_old[r,g,t-1] - retire_old[r,g,t] - end_old[r,g,t].

    What stands there from the start fails, is retired early or reaches the end of its life.
    Dual: what one more of them is worth beside one that does not end, million USD per thousand units."""
    return m.installed_old[r, g, t] == m.keep[r, g] * m.installed_old[r, g, t - 1] - m.retire_old[r, g, t] - m.end_old[r, g, t]


@rows("OLD_IN_LIFE", kind="limit", account="the life of chips that stand there from the start")
def limit_old(m, r, g, t):
    """installed_old[r,g,t] <= what of the start would be there, had none been retired early.

    Of chips that differ in nothing but their age, those retired early can be the ones that would have ended first.
    Dual: what one more month of life of one such chip saves, million USD per thousand units."""
    return m.installed_old[r, g, t] <= m.in_life[r, g, t]


@rows("OLD_ENDING", kind="limit", account="chips that end there in that month")
def limit_end(m, r, g, t):
    """end_old[r,g,t] <= what of the start has not failed and reaches the end of its life in t.

    No chip leaves before the end of its life without being retired early.
    Dual: what one more chip that ends saves, million USD per thousand units."""
    return m.end_old[r, g, t] <= m.ending[r, g, t]


@rows("DEPLOYED_IN_PART", kind="limit", account="chips of a certain age that are deployed")
def part_deployed(m, x, g, t):
    """sum_b deploy_of[x,g,b,t] <= deploy[x,g,t].

    Batches are a part of what is deployed.
    Dual: what an age saves that one more deployed chip could have, million USD per thousand units."""
    return sum(m.deploy_of[x, g, b, t] for b in m.LIVING[g, t]) <= m.deploy[x, g, t]


@rows("DARK_IN_PART", kind="limit", account="dark chips of a certain age")
def part_dark(m, g, t):
    """sum_b dark_of[g,b,t] <= dark[g,t].

    Batches are a part of what is dark.
    Dual: what an age saves that one more dark chip could have, million USD per thousand units."""
    return sum(m.dark_of[g, b, t] for b in m.LIVING[g, t]) <= m.dark[g, t]


@rows("INSTALLED_IN_PART", kind="limit", account="installed chips of a certain age")
def part_installed(m, r, g, t):
    """installed_old[r,g,t] + sum_b installed_of[r,g,b,t] <= installed[r,g,t].

    What has an age is a part of what is installed.
    Dual: what an age saves that one more installed chip could have, million USD per thousand units."""
    return m.installed_old[r, g, t] + sum(m.installed_of[r, g, b, t] for b in m.LIVING[g, t]) <= m.installed[r, g, t]


@rows("RETIRED_IN_PART", kind="limit", account="chips of a certain age that are retired early")
def part_retired(m, r, g, t):
    """retire_old[r,g,t] + sum_b retire_of[r,g,b,t] <= retire[r,g,t].

    What has an age is a part of what is retired early.
    Dual: what an age saves that one more chip retired early could have, million USD per thousand units."""
    return m.retire_old[r, g, t] + sum(m.retire_of[r, g, b, t] for b in m.LIVING[g, t]) <= m.retire[r, g, t]
