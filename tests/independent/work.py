"""Work: who is served where, what it costs to be short and to move, in whose power; formulated a second time."""

from __future__ import annotations

from models.data import PlanData
from models.records import Reservation, Share, Target
from tests.independent.earth import Earth
from tests.independent.lp import Lp, Sum, total


class Work:
    """What is served, as sums of columns."""

    def __init__(self, data: PlanData, lp: Lp, earth: Earth) -> None:
        self.data, self.lp, self.earth = data, lp, earth
        self.months, self.places = earth.months, (*data.regions, *data.designs)
        self.serve = {(*flow, t): lp.column() for flow in dict.fromkeys(data.servable) for t in self.months}
        self.served: dict[tuple[str, str, int], Sum] = {}
        self.load: dict[tuple[str, int, int], Sum] = {}
        self.run = dict(earth.run)
        for t in self.months:
            self._orbit(t)
        self._demand()
        for x in self.places:
            for t in self.months:
                self._compute(x, t)
        for w in data.classes:
            self._moves(w)
        self._continuity()
        for share in data.shares:
            self._share(share)
        for target in data.targets:
            self._target(target)
        for r in data.regions:
            self._reserved(r, [each for each in data.reservations if each.region_id == r])
        self._network()
        self._owners()

    def at(self, x: str, t: int) -> dict[tuple[str, str], Sum]:
        """What a place serves: [z,w]."""
        return {(z, w): self.serve[z, w, y, t] for z, w, y in self.data.servable if y == x}

    def _orbit(self, t: int) -> None:
        """Tonnes and satellites of a month; what runs of all vintages; charges of the vintage of that month."""
        d, lp, sent = self.data, self.lp, self.earth.deployed
        if not d.designs:
            return
        launched = {o: total(sent.get((o, g, t), Sum()) * d.kw_per_unit[g] for g in d.generations) for o in d.designs}
        lp.at_most(total(mw * d.kg_per_kw[o] for o, mw in launched.items()), d.launch_t.get(t, 0.0))
        if t in d.satellite_factory_mw:
            lp.at_most(total(launched.values()), d.satellite_factory_mw[t])
        for o, mw in launched.items():
            for s in self.months:
                usd = d.orbit_charge_usd_per_kw.get((o, t, s), 0.0) + d.orbit_upkeep_usd_per_kw.get((o, t, s), 0.0)
                lp.pay(mw, 1e-3 * usd * d.discount[s])
            alive = Sum()
            for g in d.generations:
                if (o, g, t) in sent:
                    loss = d.orbit_chip_loss_usd_per_unit.get((o, g, t), 0.0)
                    lp.pay(sent[o, g, t], 1e-3 * loss * d.discount[self.months[-1]])
                serving = total(sent.get((o, g, v), Sum()) * d.orbit_service_frac.get((o, v, t), 0.0) for v in range(1, t + 1))
                for k in d.slices:
                    self.run[o, g, t, k] = lp.column()
                    lp.at_most(self.run[o, g, t, k], serving)
                alive += total(
                    sent.get((o, g, v), Sum()) * (d.kw_per_unit[g] * d.orbit_alive_frac.get((o, v, t), 0.0))
                    for v in range(1, t + 1)
                )
            if o in d.downlink_gbit_s_per_mw:
                lp.at_most(self._gbit_s(o, t), alive * d.downlink_gbit_s_per_mw[o])

    def _gbit_s(self, x: str, t: int) -> Sum:
        return total(kh100e * self.data.gbit_s_per_kh100e[w] for (_, w), kh100e in self.at(x, t).items())

    def _demand(self) -> None:
        """Served or short; what is short beyond what can wait is core work."""
        d, lp = self.data, self.lp
        for (z, w, t), asked in d.demand_kh100e.items():
            served = total(self.serve[z, w, x, t] for x in self.places if (z, w, x, t) in self.serve)
            self.served[z, w, t] = served
            if not d.unserved_allowed:
                lp.equal(served, asked)
                continue
            hours = sum(d.hours_h[t, k] for k in d.slices)
            core = d.core_frac[w] * asked
            short, short_core = lp.column(), lp.column()
            lp.equal(served + short + short_core, asked)
            lp.at_most(short, asked - core)
            value, core_value = d.value_usd_per_h100e_h[w, t], d.core_value_usd_per_h100e_h[w, t]
            lp.pay(short, 1e-3 * value * hours * d.discount[t])
            lp.pay(short_core, 1e-3 * max(value, core_value) * hours * d.discount[t])

    def _compute(self, x: str, t: int) -> None:
        """Work in each slice fits what runs there; flexible work is done at another hour of its day, or within its window."""
        d, lp = self.data, self.lp
        load: dict[int, Sum] = dict.fromkeys(d.slices, Sum())
        movable: dict[tuple[str, int], Sum] = {}
        for (z, w), kh100e in self.at(x, t).items():
            moves = d.flexible_frac[w] if d.flexible_window_h.get(w, 24.0) > 0 else 0.0
            for k in d.slices:
                asked = kh100e * d.shape_frac[z, w, t, k]
                load[k] += asked * (1.0 - moves)
                if moves:
                    movable[w, k] = movable.get((w, k), Sum()) + asked * moves
        for w in dict.fromkeys(w for w, _ in movable):
            done = {k: lp.column() for k in d.slices}
            for day in dict.fromkeys(d.day_of.values()):
                slices = [k for k in d.slices if d.day_of[k] == day]
                asked = {k: movable[w, k] * d.length_h[k] for k in slices}
                lp.equal(total(done[k] * d.length_h[k] for k in slices), total(asked.values()))
                if w in d.flexible_window_h:
                    self._wait(slices, asked, done, d.flexible_window_h[w])
            load = {k: load[k] + done[k] for k in d.slices}
        for k in d.slices:
            given = total(self.run.get((x, g, t, k), Sum()) * d.h100e_per_unit[g] for g in d.generations)
            lp.at_most(load[k], given * d.availability_frac[x, t])
            self.load[x, t, k] = load[k]

    def _wait(self, slices: list[int], asked: dict[int, Sum], done: dict[int, Sum], window_h: float) -> None:
        """At the end of each slice no more waits than was asked in its window, in days that are all alike."""
        waits = self.lp.column()  # at midnight
        for k in slices:
            waits = self.lp.column_of(waits + asked[k] - done[k] * self.data.length_h[k])
            end = self.data.start_h[k] + self.data.length_h[k]
            recent = []
            for j in slices:
                for start in (self.data.start_h[j], self.data.start_h[j] - 24):
                    overlap = min(start + self.data.length_h[j], end) - max(start, end - window_h)
                    recent.append(asked[j] * (max(0.0, overlap) / self.data.length_h[j]))
            self.lp.at_most(waits, total(recent))

    def _moves(self, w: str) -> None:
        """What a place no longer does costs, beyond what the fall of demand for the class explains."""
        d, lp = self.data, self.lp
        usd = d.move_usd_per_h100e.get(w, 0.0)
        if not usd:
            return
        asked = {t: sum(kh100e for (_, v, s), kh100e in d.demand_kh100e.items() if (v, s) == (w, t)) for t in self.months}
        for x in self.places:
            work = {t: total(kh100e for (_, v), kh100e in self.at(x, t).items() if v == w) for t in self.months}
            for t in self.months[1:]:
                left = lp.column()
                lp.at_most(work[t - 1] * left_of(asked[t - 1], asked[t]) - work[t], left)
                lp.pay(left, 1e-3 * usd * d.discount[t])

    def _continuity(self) -> None:
        """What is served of a demand falls by so much a month, and with demand."""
        d = self.data
        for (z, w, t), asked in d.demand_kh100e.items():
            if w in d.max_fall_frac_per_month and t > 1:
                least = (1.0 - d.max_fall_frac_per_month[w]) * left_of(d.demand_kh100e[z, w, t - 1], asked)
                self.lp.at_most(self.served[z, w, t - 1] * least, self.served[z, w, t])

    def _share(self, share: Share) -> None:
        """A part of what is served, or of what is asked."""
        for t in share.months:
            there = total(self.serve[z, w, x, t] for z, w in share.pools for x in share.places if (z, w, x, t) in self.serve)
            asked = Sum({}, sum(self.data.demand_kh100e[z, w, t] for z, w in share.pools))
            whole = asked if share.of == "asked" else total(self.served[z, w, t] for z, w in share.pools)
            if share.min_frac is not None:
                self.lp.at_most(whole * share.min_frac, there)
            if share.max_frac is not None:
                self.lp.at_most(there, whole * share.max_frac)

    def _network_usd(self, z: str, w: str, x: str, t: int) -> float:
        d = self.data
        steady = d.network_usd_per_kh100e_month.get((z, w, x), 0.0)
        return d.network_later_usd_per_kh100e_month.get((z, w, x, t), steady)

    def _target(self, target: Target) -> None:
        """What is served of what its pools ask, wherever; what is missed is paid by the hour, or must not be."""
        d = self.data
        for t, frac in target.min_served_frac.items():
            served = total(self.served[z, w, t] for z, w in target.pools)
            least = frac * sum(d.demand_kh100e[z, w, t] for z, w in target.pools)
            if target.penalty_usd_per_h100e_h is not None:
                missed = self.lp.column()
                hours = sum(d.hours_h[t, k] for k in d.slices)
                self.lp.pay(missed, 1e-3 * target.penalty_usd_per_h100e_h * hours * d.discount[t])
                served = served + missed
            self.lp.at_most(Sum({}, least), served)

    def _reserved(self, r: str, mine: list[Reservation]) -> None:
        """All that is served in a region, and what its customers leave idle, fits what is installed there, in each slice."""
        d, lp = self.data, self.lp
        for t in self.months:
            held = [each for each in mine if t in each.kh100e]
            standing: dict[str, Sum] = {}
            for each in held:
                standing[each.reservation_id] = Sum({}, each.kh100e[t])
                if each.penalty_usd_per_h100e_h is not None:
                    short, hours = lp.column(), sum(d.hours_h[t, k] for k in d.slices)
                    lp.pay(short, 1e-3 * each.penalty_usd_per_h100e_h * hours * d.discount[t])
                    lp.at_most(short, each.kh100e[t])
                    standing[each.reservation_id] -= short
            for k in d.slices if held else ():
                taken = self.load[r, t, k]
                for each in held:
                    own = total(
                        kh100e * d.shape_frac[z, w, t, k] for (z, w), kh100e in self.at(r, t).items() if (z, w) in each.pools
                    )
                    idle = lp.column()
                    lp.at_most(standing[each.reservation_id] - own, idle)
                    taken = taken + idle
                installed = ((g, self.earth.installed.get((r, g, t), Sum())) for g in d.generations)
                chips = total(here * d.h100e_per_unit[g] for g, here in installed)
                lp.at_most(taken, chips * d.availability_frac[r, t])

    def _network(self) -> None:
        d, lp = self.data, self.lp
        for (z, w, x, t), kh100e in self.serve.items():
            lp.pay(kh100e, 1e-6 * self._network_usd(z, w, x, t) * d.discount[t])
        for (r, t), gbit_s in d.link_gbit_s.items():
            lp.at_most(self._gbit_s(r, t), gbit_s)
        for route in d.routes:
            for t, gbit_s in route.gbit_s.items():
                carried = [
                    kh100e * d.gbit_s_per_kh100e[w]
                    for x in route.places
                    for (z, w), kh100e in self.at(x, t).items()
                    if z in route.pools
                ]
                lp.at_most(total(carried), gbit_s)

    def _owners(self) -> None:
        """An owner's chips need no more than its part of what is left of the start and of what came since, and what it buys."""
        d, lp, earth = self.data, self.lp, self.earth
        if d.owners_power == "shared":
            return
        for (r, h), start_frac in d.right_start_frac.items():
            for t in self.months:
                start_mw = 0.0
                for s, p in d.options:
                    closed = sum(d.closed_mw.get((s, p, u), 0.0) for u in range(1, t + 1))
                    start_mw += d.firm_frac[s, p] * max(0.0, d.start_mw[s, p] - closed) if s == r else 0.0
                right = start_frac * start_mw + (earth.firm_mw(r, t) - start_mw) * d.right_added_frac[r, h]
                if d.owners_power == "trade":
                    bought = lp.column()
                    lp.pay(bought, 1e-6 * d.trade_usd_per_mw_month * d.discount[t])
                    right = right + bought
                lp.at_most(earth.feed_mw(r, t, lambda g, h=h: d.owner.get(g) == h), right)


def left_of(before: float, now: float) -> float:
    """Of the work of a month ago, what is still asked for."""
    return min(1.0, now / before) if before > 0 else 1.0


def least_cost(data: PlanData) -> float:
    """Of all plans, million USD."""
    lp = Lp()
    Work(data, lp, Earth(data, lp))
    return lp.least()
