"""Chips, power and halls, formulated a second time: every batch of chips in every place on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from models.data import PlanData
from tests.independent.lp import Lp, Sum, total


class Batch(NamedTuple):
    """Chips of one generation and age that come into stock: how many in which month, 0 for those dark at the start."""

    chip: str
    end: int  # the month in which their life ends; later than the last month: not within them
    supply: dict[int, float]
    declined: dict[int, Sum]
    """What is declined or deferred of an offer, less what comes then of earlier ones, by month."""


class Earth:
    """What is in each place and month, as sums of columns."""

    def __init__(self, data: PlanData, lp: Lp) -> None:
        self.data, self.lp = data, lp
        self.months = range(1, len(data.months) + 1)
        self.never = len(data.months) + 1
        self.to_end = {t: sum(data.discount[s] for s in self.months if s >= t) for t in self.months}
        self.installed: dict[tuple[str, str, int], Sum] = {}
        self.retired: dict[tuple[str, str, int], Sum] = {}
        self.kept: dict[tuple[str, str, int], Sum] = {}
        self.deployed: dict[tuple[str, str, int], Sum] = {}
        self.run: dict[tuple[str, str, int, int], Sum] = {}
        self.capacity: dict[tuple[str, str, int], Sum] = {}
        self.build: dict[tuple[str, str, int], Sum] = {}
        self.build_hall: dict[tuple[str, int], Sum] = {}
        self.draw: dict[tuple[str, int, int], Sum] = {}
        self.output: dict[tuple[str, str, int, int], Sum] = {}
        for batch in batches_of(data, self.never, self._offers()):
            self._stock(batch)
        self._start()
        for key, retired in self.retired.items():
            lp.at_most(retired, self.kept[key])
        self._running()
        for r, p in data.options:
            self._capacity(r, p)
        self._pace()
        self._energy()
        self._halls()
        self._changes()
        self._carbon()
        self._budget()

    def firm_mw(self, r: str, t: int) -> Sum:
        return total(self.capacity[s, p, t] * self.data.firm_frac[s, p] for s, p in self.data.options if s == r)

    def feed_mw(self, r: str, t: int, chips: Callable[[str], bool] = lambda g: True) -> Sum:
        """Firm power that the chips of a region need."""
        d = self.data
        held = total(self.installed.get((r, g, t), Sum()) * d.kw_per_unit[g] for g in d.generations if chips(g))
        return held * (d.pue[r, t] * d.nameplate_frac[r])

    def _offers(self) -> dict[tuple[str, int], Sum]:
        """What does not come of the deliveries of a month, less what comes then of earlier offers.

        All that is bought is charged from its month on as long as it lives."""
        d, lp = self.data, self.lp
        found: dict[tuple[str, int], Sum] = {}

        def buy(g: str, t: int, kunit: Sum) -> None:
            lp.pay(kunit, 1e-3 * d.chip_usd_per_unit_month[g] * sum(self._charged(g, t)))

        for (g, t), kunit in d.optional_kunit.items():
            declined = lp.column()
            lp.pay(declined, 1e-3 * d.decline_usd_per_unit[g, t] * d.discount[t])
            gone = declined
            for later in [s for h, v, s in d.defer_usd_per_unit if (h, v) == (g, t)]:
                deferred = lp.column()
                lp.pay(deferred, 1e-3 * d.defer_usd_per_unit[g, t, later] * d.discount[later])
                buy(g, later, deferred)
                gone = gone + deferred
                found[g, later] = found.get((g, later), Sum()) - deferred
            buy(g, t, lp.column_of(Sum({}, kunit) - gone))
            found[g, t] = found.get((g, t), Sum()) + gone
        return found

    def _charged(self, g: str, t: int) -> list[float]:
        """Discount factors of the months in which a chip that comes in month t is charged."""
        return [self.data.discount[s] for s in self.months if t <= s < t + self.data.chip_life_months[g]]

    def _stock(self, batch: Batch) -> None:
        """A batch is dark until it is deployed or ends; a chip in commissioning is neither."""
        d, lp, g = self.data, self.lp, batch.chip
        places = [x for x, h in d.placeable if h == g]
        sent: dict[str, dict[int, Sum]] = {x: {} for x in places}
        dark = Sum({}, batch.supply.get(0, 0.0))
        for t in range(1, batch.end):
            leave = []
            for x in places:
                arrives = t + (0 if x in d.designs else d.commission_months[x])
                if arrives < batch.end or batch.end == self.never:
                    sent[x][t] = lp.column()
                    leave.append(sent[x][t])
                    lp.pay(sent[x][t], 1e-3 * d.install_usd_per_unit[g] * d.discount[t])
            if t in batch.declined:
                leave.append(batch.declined[t])
            dark = lp.column_of(dark + batch.supply.get(t, 0.0) - total(leave))
            lp.pay(dark, 1e-3 * d.carry_usd_per_unit_month[g] * d.discount[t])
        for x in places:
            if x in d.designs:
                for t, column in sent[x].items():
                    self.deployed[x, g, t] = self.deployed.get((x, g, t), Sum()) + column
            else:
                lag = d.commission_months[x]
                self._place(x, g, batch.end, 0.0, {t + lag: column for t, column in sent[x].items()})

    def _start(self) -> None:
        """What stands in a place at the start has been there in batches, too."""
        ending: dict[tuple[str, str], dict[int, float]] = {}
        for (r, g, end), kunit in self.data.start_ending_kunit.items():
            ending.setdefault((r, g), {})[end] = kunit
        for (r, g), kunit in self.data.start_installed_kunit.items():
            ends = ending.get((r, g), {})
            for end, part in {**ends, self.never: kunit - sum(ends.values())}.items():
                if part > 1e-12 * kunit:
                    self._place(r, g, end, part, {})

    def _place(self, r: str, g: str, end: int, start: float, arrive: dict[int, Sum]) -> None:
        """Chips of one age in one place: they fail, come, are retired early, and end."""
        d, lp = self.data, self.lp
        here = Sum({}, start)
        for t in range(1, end):
            left = here * d.survive_frac[r, g]
            retired = lp.column()
            self.retired[r, g, t] = self.retired.get((r, g, t), Sum()) + retired
            self.kept[r, g, t] = self.kept.get((r, g, t), Sum()) + left
            lp.pay(retired, 1e-3 * d.carry_usd_per_unit_month[g] * self.to_end[t])
            here = lp.column_of(left + arrive.get(t, Sum()) - retired)
            self.installed[r, g, t] = self.installed.get((r, g, t), Sum()) + here

    def _running(self) -> None:
        """What is installed draws power, more of it when it runs."""
        d, lp = self.data, self.lp
        for (r, g, t), installed in self.installed.items():
            mw = d.pue[r, t] * d.kw_per_unit[g] * d.draw_frac[g]
            for k in d.slices:
                run = self.run[r, g, t, k] = lp.column()
                lp.at_most(run, installed)
                drawn = run * (mw * (1.0 - d.idle_frac[g])) + installed * (mw * d.idle_frac[g])
                self.draw[r, t, k] = self.draw.get((r, t, k), Sum()) + drawn

    def _capacity(self, r: str, p: str) -> None:
        """Start, what is built and what closes. What is signed before an option can grow comes as signed."""
        d, lp = self.data, self.lp
        usd = 1e-6 * (d.capital_usd_per_mw_month[r, p] + d.fixed_usd_per_mw_month[r, p])
        there = Sum({}, d.start_mw[r, p])
        for t in self.months:
            signed = d.committed_mw.get((r, p, t), 0.0)
            if (r, p, t) in d.step_mw:
                more = lp.column()
                lp.at_most(more + signed, there * d.growth_frac_per_month[r, p] + d.step_mw[r, p, t])
                build = more + signed
            else:
                build = Sum({}, signed)
            lp.pay(build, usd * self.to_end[t])
            there = lp.column_of(there + build - d.closed_mw.get((r, p, t), 0.0))
            self.build[r, p, t], self.capacity[r, p, t] = build, there

    def _pace(self) -> None:
        """World deliveries of plants; what the grids of a nation may add in a plan year."""
        d, lp = self.data, self.lp
        for (p, t), mw in d.supply_mw.items():
            lp.at_most(total(self.build[r, q, t] for r, q in d.options if q == p), mw)
        for (c, y), mwh in d.national_growth_mwh.items():
            grids = [(r, p) for r, p in d.options if p in d.national_options and d.country[r] == c]
            of_year = [t for t in self.months if d.plan_year[t] == y]
            added = [
                self.build[r, p, t] - d.closed_mw.get((r, p, t), 0.0) for r, p in grids for t in of_year
            ]  # end of the year less its start
            lp.at_most(total(added) * (8766.0 * d.national_load_frac[c]), mwh)

    def _energy(self) -> None:
        """Slice by slice: what options give is what chips and storage draw."""
        d, lp = self.data, self.lp
        for t in self.months:
            for r, p in d.options:
                capacity = self.capacity[r, p, t]
                for k in d.slices:
                    self._output(r, p, t, k, capacity)
                if p in d.storage_h:
                    self._store(r, p, t, capacity)
                if (r, p) in d.minimum_take_frac:
                    hours = sum(d.hours_h[t, k] for k in d.slices)
                    untaken = lp.column()
                    taken = total(self.output[r, p, t, k] * (d.hours_h[t, k] / hours) for k in d.slices)
                    lp.at_most(capacity * d.minimum_take_frac[r, p], taken + untaken)
                    usd = sum(d.hours_h[t, k] * d.energy_usd_per_mwh[r, p, t, k] for k in d.slices)
                    lp.pay(untaken, 1e-6 * usd * d.discount[t])
            for r in d.regions:
                lp.at_most(self.feed_mw(r, t), self.firm_mw(r, t))
                for k in d.slices:
                    given = total(self.output[s, p, t, k] for s, p in d.options if s == r)
                    lp.equal(given, self.draw.get((r, t, k), Sum()))

    def _output(self, r: str, p: str, t: int, k: int, capacity: Sum) -> None:
        d, lp = self.data, self.lp
        output = self.output[r, p, t, k] = lp.column()
        lp.at_most(output, capacity * d.power_availability_frac[r, p, t, k])
        usd = d.energy_usd_per_mwh[r, p, t, k] + d.fuel_usd_per_mwh[r, p, t] + d.variable_usd_per_mwh[r, p]
        usd += d.carbon_usd_per_t.get(t, 0.0) * d.carbon_t_per_mwh[r, p] * d.carbon_priced_frac[r, p]
        lp.pay(output, 1e-6 * usd * d.hours_h[t, k] * d.discount[t])

    def _store(self, r: str, p: str, t: int, capacity: Sum) -> None:
        """Each day ends as full as it began; charging loses."""
        d, lp = self.data, self.lp
        for day in dict.fromkeys(d.day_of.values()):
            slices = [k for k in d.slices if d.day_of[k] == day]
            stored = {k: lp.column() for k in slices}
            for before, k in zip((slices[-1], *slices), slices, strict=False):
                charge = lp.column()
                lp.at_most(charge, capacity)
                lp.at_most(stored[k], capacity * d.storage_h[p])
                gain = charge * d.round_trip_frac[p] - self.output[r, p, t, k]
                lp.equal(stored[k], stored[before] + gain * d.length_h[k])
                self.draw[r, t, k] = self.draw.get((r, t, k), Sum()) + charge

    def _halls(self) -> None:
        d, lp = self.data, self.lp
        for r in d.regions:
            shell = Sum({}, d.start_shell_mw[r])
            for t in self.months:
                built = self.build_hall[r, t] = lp.column()
                lp.at_most(built, d.shell_step_mw.get((r, t), 0.0))
                lp.at_most(Sum({}, d.committed_shell_mw.get((r, t), 0.0)), built)
                lp.pay(built, 1e-6 * d.shell_usd_per_mw_month[r] * self.to_end[t])
                shell = shell + built - d.closed_shell_mw.get((r, t), 0.0)
                lp.at_most(total(self.installed.get((r, g, t), Sum()) * d.kw_per_unit[g] for g in d.generations), shell)

    def _changes(self) -> None:
        """What is built beyond what was published, or short of it, where it can be decided."""
        d = self.data
        if (published := d.published) is None:
            return
        for t in (t for t in self.months if t <= published.months):
            for r, p in d.options:
                pace = d.step_mw.get((r, p, t), 0.0) + d.growth_frac_per_month[r, p] + d.committed_mw.get((r, p, t), 0.0)
                if (r, p, t) in d.step_mw and pace > 0:
                    self._change(self.build[r, p, t], published.mw.get((r, p, t), 0.0), published.change_usd_per_mw, t)
            for r in d.regions:
                if d.shell_step_mw.get((r, t), 0.0) > d.committed_shell_mw.get((r, t), 0.0):
                    self._change(self.build_hall[r, t], published.shell_mw.get((r, t), 0.0), published.change_usd_per_mw, t)

    def _change(self, built: Sum, published_mw: float, usd: float, t: int) -> None:
        change = self.lp.column()
        self.lp.at_most(built - published_mw, change)
        self.lp.at_most(Sum({}, published_mw) - built, change)
        self.lp.pay(change, 1e-6 * usd * self.data.discount[t])

    def _carbon(self) -> None:
        d = self.data
        for period, cap_t in d.carbon_cap_t.items():
            emitted = [
                output * (d.hours_h[t, k] * d.carbon_t_per_mwh[r, p])
                for (r, p, t, k), output in self.output.items()
                if t in d.carbon_periods[period]
            ]
            self.lp.at_most(total(emitted) * 1e-3, 1e-3 * cap_t)

    def _budget(self) -> None:
        """What each asset costs, due in its months, the first at the earliest; in a period at most its budget."""
        d = self.data
        bought = [(p, t, built * d.power_usd_per_kw.get((r, p), 0.0)) for (r, p, t), built in self.build.items()]
        bought += [("halls", t, built * d.hall_usd_per_kw.get(r, 0.0)) for (r, t), built in self.build_hall.items()]
        for (x, g, t), deployed in self.deployed.items():
            mw = deployed * d.kw_per_unit[g]
            bought.append(("satellites", t, mw * d.satellite_usd_per_kw.get((x, t), 0.0)))
            bought.append(("launches", t, mw * d.launch_usd_per_kw.get((x, t), 0.0)))
        for period, budget_musd in d.budget_musd.items():
            paid = [
                thousand_usd * (1e-3 * share)
                for asset, t, thousand_usd in bought
                for before, share in d.payment_fracs.get(asset, ((0, 1.0),))
                if max(1, t - before) in d.budget_months[period]
            ]
            self.lp.at_most(total(paid), budget_musd)


def batches_of(data: PlanData, never: int, declined: dict[tuple[str, int], Sum]) -> list[Batch]:
    """Batches that end within the months, and for each generation the rest, which does not."""
    batches = []
    for g in data.generations:
        rest = {0: data.start_dark_kunit.get(g, 0.0)} | {t: kunit for (h, t), kunit in data.delivered_kunit.items() if h == g}
        for (h, b), end in data.batch_end.items():
            if h == g:
                supply = {t: kunit for (i, c, t), kunit in data.batch_supply_kunit.items() if (i, c) == (h, b)}
                of_batch = {t: declined[g, t] for t in supply if (g, t) in declined and data.months[t - 1] == b}
                batches.append(Batch(g, end, supply, of_batch))
                rest = {t: kunit - supply.get(t, 0.0) for t, kunit in rest.items()}
        ending = {t for batch in batches if batch.chip == g for t in batch.declined}
        batches.append(Batch(g, never, rest, {t: one for (h, t), one in declined.items() if h == g and t not in ending}))
    return [batch for batch in batches if max(batch.supply.values()) > 0 or batch.declined]
