"""The expressible part of a plan as a PyPSA network (see `benchmarks.plans.expressible`): one investment period a month.

- A bus of power, of power for IT and of compute in each region; a bus for each demand.
- Generators sell power. What may be built in a month is a generator of its own, with its build year and `p_nom_max`.
- Links cool (power to IT power), compute (IT power to compute: one a region, generation and month of building, its `p_max_pu`
  the share that still works) and serve (compute to demand).
- Limits over several components are global constraints on the capacity of a carrier: chips delivered so far, what factories
  deliver in a month, what a nation's grids may add in a year. Carriers are the groups that they speak of.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from benchmarks.gather import Array, Figures, at_start
from models.data import PlanData

FIXED_CAPACITY = {"lifetime": np.inf, "build_year": 0}


def declare(d: PlanData) -> Any:
    """A `pypsa.Network` of the plan, its linear program not yet made."""
    import pypsa

    return Network(Figures(d), pypsa.Network()).network


class Network:
    """Fills a network, component by component."""

    def __init__(self, f: Figures, network: Any) -> None:
        d = self.data = f.data
        self.f, self.network = f, network
        lags = set(f.lag.tolist())
        unsaid = {"orbit": bool(d.designs), "halls": bool(d.shell_step_mw), "closures": bool(f.closed.any())}
        unsaid |= {"housing": any(d.nameplate_frac.values()), "idle draw": any(d.idle_frac.values()), "lags": len(lags) > 1}
        unsaid |= {"carrying": any(d.carry_usd_per_unit_month.values()), "growth": any(d.growth_frac_per_month.values())}
        if any(unsaid.values()):
            raise ValueError(f"PyPSA cannot express {', '.join(name for name, there in unsaid.items() if there)}")
        self.lag = lags.pop()
        self.index = pd.MultiIndex.from_arrays([f.t, np.ones(f.months, dtype=int)], names=["period", "timestep"])
        network.set_snapshots(self.index)
        network.set_investment_periods(f.t.tolist())
        network.investment_period_weightings["objective"] = f.discount
        network.investment_period_weightings["years"] = 1 / 12
        network.snapshot_weightings["objective"] = f.hours
        self.limits: list[tuple[str, str, int, float]] = []  # name, carrier, period, capacity
        self.carriers: set[str] = {"power", "cooling", "traffic", "unserved"}
        for kind in ("power", "IT", "compute"):
            network.add("Bus", [f"{r} {kind}" for r in f.regions.names])
        network.add("Bus", self.demand_names())
        self.power()
        self.chips()
        self.demand()
        network.add("Carrier", sorted(self.carriers))
        names, carriers, periods, constants = zip(*self.limits, strict=True)
        network.add(
            "GlobalConstraint",
            list(names),
            type="tech_capacity_expansion_limit",
            sense="<=",
            carrier_attribute=list(carriers),
            investment_period=list(periods),
            constant=list(constants),
        )

    def series(self, values: Array, names: list[str]) -> pd.DataFrame:
        """One column for each name from one row for each."""
        return pd.DataFrame(np.asarray(values).T, index=self.index, columns=names)

    def demand_names(self) -> list[str]:
        return [f"{z} {w} demand" for z, w in self.f.demands.names]

    def power(self) -> None:
        f, d, network = self.f, self.data, self.network
        r = f.regions.names
        network.add(
            "Link",
            [f"{name} cooling" for name in r],
            bus0=[f"{name} power" for name in r],
            bus1=[f"{name} IT" for name in r],
            efficiency=[1 / d.pue[name, 1] for name in r],
            p_nom=1e6,
            carrier="cooling",
            **FIXED_CAPACITY,
        )
        stands = np.flatnonzero(f.start_mw > 0)
        names = [f"{r} {p}" for r, p in (f.options.names[i] for i in stands)]
        network.add(
            "Generator",
            names,
            bus=[f"{f.options.names[i][0]} power" for i in stands],
            p_nom=f.start_mw[stands],
            p_max_pu=self.series(f.available[stands], names),
            marginal_cost=self.series(1e-6 * f.usd_per_mwh[stands], names),
            carrier="power",
            **FIXED_CAPACITY,
        )
        option, month = np.nonzero(f.buildable)
        pairs = [f.options.names[i] for i in option]
        carriers = [self.group_of(r, p, int(t) + 1) for (r, p), t in zip(pairs, month, strict=True)]
        names = [f"{r} {p} {t + 1}" for (r, p), t in zip(pairs, month, strict=True)]
        network.add(
            "Generator",
            names,
            bus=[f"{r} power" for r, _ in pairs],
            p_nom_extendable=True,
            p_nom_max=f.step[option, month],
            build_year=month + 1,
            lifetime=np.inf,
            capital_cost=1e-6 * f.usd_per_mw_month[option],
            p_max_pu=self.series(f.available[option], names),
            marginal_cost=self.series(1e-6 * f.usd_per_mwh[option], names),
            carrier=carriers,
        )
        used = set(carriers)
        self.carriers |= used
        for (p, t), mw in d.supply_mw.items():
            if f"{p} {t}" in used:
                self.limits.append((f"supply {p} {t}", f"{p} {t}", t, mw))
        for (c, y), mwh in d.national_growth_mwh.items():
            if f"nation {c} {y}" in used:
                last = max(t for t in f.t.tolist() if d.plan_year[t] == y)
                self.limits.append((f"nation {c} {y}", f"nation {c} {y}", last, mwh / (8766.0 * d.national_load_frac[c])))

    def group_of(self, r: str, p: str, t: int) -> str:
        """The carrier of what is built in month t: the group whose limit it counts against."""
        d = self.data
        national = p in d.national_options and (d.country[r], d.plan_year[t]) in d.national_growth_mwh
        if national and (p, t) in d.supply_mw:
            raise ValueError(f"{p} counts against a nation and a factory: a component of PyPSA has one carrier")
        if national:
            return f"nation {d.country[r]} {d.plan_year[t]}"
        return f"{p} {t}" if (p, t) in d.supply_mw else "power"

    def chips(self) -> None:
        f, d, network = self.f, self.data, self.network
        draw = f.generations.vector(d.kw_per_unit) * f.generations.vector(d.draw_frac)
        of = f.generations.find(g for _, g in f.housed.names)
        site = f.regions.vector(at_start(d.availability_frac))[f.regions.find(r for r, _ in f.housed.names)]
        efficiency = site * f.generations.vector(d.h100e_per_unit)[of] / draw[of]  # kH100e per MW of IT
        works = np.cumprod(f.keep, axis=1)
        stands = np.flatnonzero(f.starts)
        names = ["{} {}".format(*f.housed.names[i]) for i in stands]
        network.add(
            "Link",
            names,
            bus0=[f"{f.housed.names[i][0]} IT" for i in stands],
            bus1=[f"{f.housed.names[i][0]} compute" for i in stands],
            p_nom=f.start_installed[stands] * draw[of[stands]],
            efficiency=efficiency[stands],
            p_max_pu=self.series(works[stands], names),
            carrier="power",
            **FIXED_CAPACITY,
        )
        placeable = np.array([pair in f.placed for pair in f.housed.names])
        can = placeable[:, None] & (f.t >= f.first[of][:, None]) & (f.t + self.lag <= f.months)
        pair, month = np.nonzero(can)
        start = month + self.lag  # position of the first month in service
        steps = np.arange(f.months)[None, :]
        kept = np.where(steps > start[:, None], f.keep[pair], 1.0)  # what is new is whole
        works = np.where(steps >= start[:, None], np.cumprod(kept, axis=1), 0.0)
        once = 1e-3 * f.generations.vector(d.install_usd_per_unit)[of[pair]] * f.discount[month] / draw[of[pair]]
        names = ["{} {} {}".format(*f.housed.names[i], t + 1) for i, t in zip(pair, month, strict=True)]
        network.add(
            "Link",
            names,
            bus0=[f"{f.housed.names[i][0]} IT" for i in pair],
            bus1=[f"{f.housed.names[i][0]} compute" for i in pair],
            p_nom_extendable=True,
            build_year=start + 1,
            lifetime=np.inf,
            capital_cost=once / f.to_end[start],
            efficiency=efficiency[pair],
            p_max_pu=self.series(works, names),
            carrier=[f"chip {f.housed.names[i][1]}" for i in pair],
        )
        so_far = (f.start_dark[:, None] + np.cumsum(f.delivered, axis=1)) * draw[:, None]
        placed = {g for _, g in f.placed}
        for i, g in enumerate(f.generations.names):
            if g in placed:
                self.carriers.add(f"chip {g}")
                for t in range(int(f.first[i]), f.months - self.lag + 1):
                    self.limits.append((f"chips {g} {t}", f"chip {g}", t + self.lag, so_far[i, t - 1]))

    def demand(self) -> None:
        f, d, network = self.f, self.data, self.network
        names, most = self.demand_names(), f.demand.max(axis=1)
        network.add("Load", names, bus=names, p_set=self.series(f.demand, names))
        flows = [f"{z} {w} {x}" for z, w, x in f.flows.names]
        usd = np.array([d.network_usd_per_kh100e_month[flow] for flow in f.flows.names])
        to = f.demands.find((z, w) for z, w, _ in f.flows.names)
        network.add(
            "Link",
            flows,
            bus0=[f"{x} compute" for _, _, x in f.flows.names],
            bus1=[names[i] for i in to],
            p_nom=most[to],
            marginal_cost=self.series(1e-6 * usd[:, None] / f.hours, flows),
            carrier="traffic",
            **FIXED_CAPACITY,
        )
        who = f.demands.names
        value, core_value = (f.by_class(at_start(usd), who) for usd in (d.value_usd_per_h100e_h, d.core_value_usd_per_h100e_h))
        core = np.where(core_value > value, f.by_class(d.core_frac, who), 0.0)
        for kind, usd_per_h, share in (("rest", value, 1 - core), ("core", core_value, core)):
            short = [f"{name} {kind} unserved" for name in names]
            network.add(
                "Generator",
                short,
                bus=names,
                p_nom=most * share,
                p_max_pu=self.series(f.demand / most[:, None], short),
                marginal_cost=1e-3 * usd_per_h,
                carrier="unserved",
                **FIXED_CAPACITY,
            )
