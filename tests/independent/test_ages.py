"""Ages, formulated a second time: every batch in every place on its own, in numpy, solved by scipy; the same least cost."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from models.data import PlanData
from planner.solve.solution import solve
from planner.tables.decisions import headline_tables
from planner.tables.frames import Frames
from tests.models.toy import toy

MONTHS, PLACES, CHIP = 6, ("near", "far"), "new"
TS = range(1, MONTHS + 1)
LASTS = MONTHS + 1  # the end of a batch that does not end
Batch = tuple[str, int]  # where it is at the start, or `stock`, and the month in which it ends


class Lp:
    """Rows and columns by name."""

    def __init__(self) -> None:
        self.number: dict[Any, int] = {}
        self.cost: dict[int, float] = {}
        self.rows: list[tuple[dict[int, float], bool, float]] = []

    def column(self, *key: Any, cost: float = 0.0) -> int:
        number = self.number.setdefault(key, len(self.number))
        self.cost[number] = self.cost.get(number, 0.0) + cost
        return number

    def row(self, terms: Mapping[int, float], side: float, equal: bool = False) -> None:
        self.rows.append((dict(terms), equal, side))

    def least(self) -> float:
        matrix = np.zeros((len(self.rows), len(self.number)))
        for line, (terms, _, _) in enumerate(self.rows):
            for number, value in terms.items():
                matrix[line, number] += value
        equal, side = np.array([row[1] for row in self.rows]), np.array([row[2] for row in self.rows])
        cost = np.array([self.cost[number] for number in range(len(self.number))])
        found = linprog(cost, matrix[~equal], side[~equal], matrix[equal], side[equal], method="highs")
        assert found.status == 0, found.message
        return float(found.fun)


class Small:
    """A plan at random: two places whose power shrinks and grows, chips that are there, in stock and delivered, of all ages."""

    def __init__(self, seed: int) -> None:
        choose = np.random.default_rng(seed)
        self.keep = float(choose.choice([1.0, 0.9]))
        self.lag = dict(zip(PLACES, choose.integers(0, 3, 2).tolist(), strict=True))
        ends = [1, 2, 3, 4, 5, 6, LASTS]
        self.start = {
            (r, e): float(choose.integers(0, 4)) for r in PLACES for e in choose.choice(ends, 4, replace=False).tolist()
        }
        self.dark = {e: float(choose.integers(0, 3)) for e in choose.choice(ends, 3, replace=False).tolist()}
        life = int(choose.integers(2, 7))
        self.delivered = {t: float(choose.integers(0, 3)) for t in TS}
        self.end = {t: min(LASTS, t + life) for t in TS}
        self.install, self.carry = float(choose.integers(100, 4000)), float(choose.integers(1, 40))
        self.committed = {(r, t): float(choose.integers(0, 3)) for r in PLACES for t in TS}
        self.closed = {(r, t): float(choose.integers(0, 2)) for r in PLACES for t in TS}
        self.price = dict(zip(PLACES, choose.integers(20, 90, 2).tolist(), strict=True))
        self.asked = {t: float(choose.integers(5, 60)) for t in TS}
        self.hours = {t: 24.0 * calendar.monthrange(2027, t)[1] for t in TS}
        self.discount = {t: 0.99 ** (t - 1) for t in TS}

    def data(self) -> PlanData:
        """As the product has it."""
        names = {e: f"2026-{e:02d}" for e in sorted(self.dark)} | {LASTS: "never"}
        ends = {(CHIP, names[e]): e for e, kunit in self.dark.items() if kunit and e < LASTS}
        ends |= {(CHIP, f"2027-{t:02d}"): e for t, e in self.end.items() if self.delivered[t] and e < LASTS}
        supply = {(CHIP, names[e], 0): kunit for e, kunit in self.dark.items() if kunit and e < LASTS}
        supply |= {
            (CHIP, f"2027-{t:02d}", t): self.delivered[t] for t, e in self.end.items() if self.delivered[t] and e < LASTS
        }
        options = tuple((r, "grid") for r in PLACES)
        pairs = {(r, CHIP): sum(kunit for (s, _), kunit in self.start.items() if s == r) for r in PLACES}
        each, pool = dict.fromkeys(options, 0.0), ("here", "patient")
        return toy(
            MONTHS,
            designs=(),
            launch_t={},
            satellite_factory_mw={},
            generations=(CHIP,),
            classes=("patient",),
            placeable=tuple((r, CHIP) for r in PLACES),
            discount=self.discount,
            delivered_kunit={(CHIP, t): kunit for t, kunit in self.delivered.items()},
            start_dark_kunit={CHIP: sum(self.dark.values())},
            start_installed_kunit=pairs,
            start_ending_kunit={(r, CHIP, e): kunit for (r, e), kunit in self.start.items() if kunit and e < LASTS},
            batch_end=ends,
            batch_supply_kunit=supply,
            survive_frac={(r, CHIP): self.keep for r in PLACES},
            commission_months=self.lag,
            install_usd_per_unit={CHIP: self.install},
            carry_usd_per_unit_month={CHIP: self.carry},
            demand_kh100e={(*pool, t): kh100e for t, kh100e in self.asked.items()},
            servable=tuple((*pool, r) for r in PLACES),
            shape_frac={(*pool, t, 1): 1.0 for t in TS},
            core_frac={"patient": 0.0},
            flexible_frac={"patient": 0.0},
            network_usd_per_kh100e_month={(*pool, r): 0.0 for r in PLACES},
            link_gbit_s={},
            national_growth_mwh={},
            options=options,
            start_mw=dict.fromkeys(options, 20.0),
            step_mw={},
            growth_frac_per_month=each,
            committed_mw={(r, "grid", t): mw for (r, t), mw in self.committed.items()},
            closed_mw={(r, "grid", t): mw for (r, t), mw in self.closed.items()},
            firm_frac=dict.fromkeys(options, 1.0),
            power_availability_frac={(r, "grid", t, 1): 1.0 for r in PLACES for t in TS},
            energy_usd_per_mwh={(r, "grid", t, 1): float(self.price[r]) for r in PLACES for t in TS},
            fuel_usd_per_mwh={(r, "grid", t): 0.0 for r in PLACES for t in TS},
            variable_usd_per_mwh=each,
            capital_usd_per_mw_month=each,
            fixed_usd_per_mw_month=each,
            carbon_t_per_mwh=each,
            supply_mw={},
            start_shell_mw=dict.fromkeys(PLACES, 1000.0),
        )

    def least_cost(self) -> float:
        """Of all plans that keep account of each batch, million USD."""
        lp, kw, h100e, idle, pue = Lp(), 2.0, 4.0, 0.25, {"near": 1.2, "far": 1.1}
        stock = {("dark", e): {0: kunit} for e, kunit in self.dark.items()}
        stock |= {(f"delivered {t}", e): {t: self.delivered[t]} for t, e in self.end.items()}
        to_end = {t: sum(self.discount[s] for s in TS if s >= t) for t in TS}
        installed: dict[tuple[str, int], list[int]] = {(r, t): [] for r in PLACES for t in TS}
        for (name, end), supply in stock.items():
            for t in TS:
                if t >= end:
                    continue
                left = lp.column("dark", name, end, t, cost=1e-3 * self.carry * self.discount[t])
                come = supply.get(t, 0.0) + (supply.get(0, 0.0) if t == 1 else 0.0)
                terms = {left: 1.0} | ({lp.column("dark", name, end, t - 1): -1.0} if t > 1 else {})
                for r in PLACES:
                    terms[lp.column("deploy", r, name, end, t, cost=1e-3 * self.install * self.discount[t])] = 1.0
                    if self.lag[r] + t >= end and end < LASTS:
                        lp.row({lp.column("deploy", r, name, end, t): 1.0}, 0.0)
                lp.row(terms, come, equal=True)
        batches = [(r, "start", e, kunit) for (r, e), kunit in self.start.items()]
        batches += [(r, name, e, 0.0) for name, e in stock for r in PLACES]
        for r, name, end, kunit in batches:
            for t in TS:
                if t >= end:
                    continue
                terms = {lp.column("installed", r, name, end, t): 1.0}
                terms[lp.column("retire", r, name, end, t, cost=1e-3 * self.carry * to_end[t])] = 1.0
                if t > 1:
                    terms[lp.column("installed", r, name, end, t - 1)] = -self.keep
                if name != "start" and t > self.lag[r]:
                    terms[lp.column("deploy", r, name, end, t - self.lag[r])] = -1.0
                lp.row(terms, self.keep * kunit if t == 1 else 0.0, equal=True)
                installed[r, t].append(lp.column("installed", r, name, end, t))
        for t in TS:
            short = lp.column("unserved", t, cost=1e-3 * self.hours[t] * self.discount[t])
            lp.row({short: -1.0} | {lp.column("run", r, t): -h100e for r in PLACES}, -self.asked[t])
            for r in PLACES:
                mw = 20.0 + sum(self.committed[r, s] - self.closed[r, s] for s in range(1, t + 1))
                usd = 1e-6 * self.price[r] * self.hours[t] * self.discount[t]
                run = lp.column("run", r, t, cost=usd * pue[r] * kw * (1 - idle))
                lp.row({run: 1.0} | dict.fromkeys(installed[r, t], -1.0), 0.0)
                lp.row(dict.fromkeys(installed[r, t], pue[r] * kw), mw)
                for number in installed[r, t]:
                    lp.cost[number] += usd * pue[r] * kw * idle
        return lp.least()


@pytest.mark.parametrize("seed", range(40))
def test_the_least_cost_is_that_of_every_batch_on_its_own(seed: int) -> None:
    small = Small(seed)
    assert solve(small.data()).proof.objective_musd == pytest.approx(small.least_cost(), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_no_chip_is_lost_or_made(seed: int) -> None:
    """Opening + arrived - failed - ended - retired = closing in each place; all that there ever was is somewhere in the end."""
    data = Small(seed).data()
    tables = headline_tables(Frames(solve(data)))
    fleet = tables["fleet"].set_index(["place_id", "month"])
    for r in PLACES:
        before = data.start_installed_kunit[r, CHIP]
        for t, month in enumerate(data.months):
            row = fleet.loc[(r, month)] if (r, month) in fleet.index else dict.fromkeys(fleet.columns, 0.0)
            sent = data.months[t - data.commission_months[r]] if t >= data.commission_months[r] else ""
            arrived = fleet["deploy_kunit"].get((r, sent), 0.0)
            after = before + arrived - row["failed_kunit"] - row["end_of_life_kunit"] - row["retire_kunit"]
            assert row["installed_kunit"] == pytest.approx(after, abs=1e-9)
            before = row["installed_kunit"]
    chips = tables["chips"].set_index("month")
    ever = data.start_dark_kunit[CHIP] + sum(data.start_installed_kunit.values()) + chips["delivered_kunit"].sum()
    last = chips.iloc[-1]
    there = sum(last[f"{name}_kunit"] for name in ("dark", "displaced", "housed", "commissioning"))
    assert there + chips["failed_kunit"].sum() + chips["end_of_life_kunit"].sum() == pytest.approx(ever, abs=1e-9)
