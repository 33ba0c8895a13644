"""The plan in linopy, as its documentation writes models: labelled arrays of variables, masks for what cannot be, one
`add_constraints` for each rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from benchmarks.gather import Array, Figures, at_start
from models.data import PlanData


def declare(d: PlanData) -> Any:
    """A `linopy.Model` of the plan."""
    import linopy

    return Declared(Figures(d), linopy.Model()).model


class Declared:
    """Axes: r region, g generation, x place, z (demand, class), p option, t month 1..n; t0 is month 0..n."""

    def __init__(self, f: Figures, model: Any) -> None:
        self.f, self.model, self.data = f, model, f.data
        self.month = pd.Index(f.t, name="t")
        self.r = pd.Index(f.regions.names, name="r")
        self.g = pd.Index(f.generations.names, name="g")
        self.x = pd.Index(f.places.names, name="x")
        self.z = pd.RangeIndex(len(f.demands), name="z")
        self.p = pd.Index(list(dict.fromkeys(p for _, p in f.options.names)), name="p")
        self.discount = xr.DataArray(f.discount, coords=[self.month])
        self.to_end = xr.DataArray(f.to_end, coords=[self.month])
        self.hours = xr.DataArray(f.hours, coords=[self.month])
        self.costs: list[Any] = []
        self.fleet()
        self.demand()
        self.halls()
        self.power()
        if len(f.designs):
            self.orbit()
        model.add_objective(sum(self.costs[1:], self.costs[0]))

    # ---- arrays

    def on_pairs(self, values: Array, missing: Any = 0.0) -> xr.DataArray:
        """[r,g] or [r,g,t] from one row for each housed pair."""
        return self.spread(values, self.f.housed.names, (self.r, self.g), missing)

    def on_options(self, values: Array, missing: Any = 0.0) -> xr.DataArray:
        """[r,p] or [r,p,t] from one row for each option."""
        return self.spread(values, self.f.options.names, (self.r, self.p), missing)

    def spread(
        self, values: Array, names: list[tuple[str, str]], axes: tuple[pd.Index, pd.Index], missing: Any
    ) -> xr.DataArray:
        full = np.full((len(axes[0]), len(axes[1]), *values.shape[1:]), missing)
        full[axes[0].get_indexer([a for a, _ in names]), axes[1].get_indexer([b for _, b in names])] = values
        return xr.DataArray(full, coords=[*axes, self.month][: full.ndim])

    def by_generation(self, values: Any) -> xr.DataArray:
        return xr.DataArray(self.f.generations.vector(values), coords=[self.g])

    def by_region(self, values: Any) -> xr.DataArray:
        return xr.DataArray(self.f.regions.vector(values), coords=[self.r])

    def variable(self, name: str, mask: xr.DataArray) -> Any:
        return self.model.add_variables(lower=0, coords=mask.coords, name=name, mask=mask)

    def row(self, left: Any, sign: str, right: Any, name: str, mask: Any = None) -> None:
        self.model.add_constraints(left, sign, right, name=name, mask=mask)

    # ---- rules

    def fleet(self) -> None:
        f, d = self.f, self.data
        housed = self.on_pairs(np.ones((len(f.housed), f.months), dtype=bool), False)
        first = xr.DataArray(f.first, coords=[self.g])
        birth, starts = self.on_pairs(f.birth, f.months + 2), self.on_pairs(f.starts, False)
        month = xr.DataArray(f.t, coords=[self.month])
        began = housed & (month >= birth)
        placed = xr.DataArray(np.zeros((len(self.r), len(self.g)), dtype=bool), coords=[self.r, self.g])
        for r, g in f.placed:
            if r in f.regions.position:
                placed.values[f.regions.position[r], f.generations.position[g]] = True
        self.kw = self.by_generation(d.kw_per_unit)
        self.deploy = self.variable("deploy", placed & (month >= first))
        self.installed = self.variable("installed", began)
        self.run = self.variable("run", began)
        retire = self.variable("retire", housed & (month >= birth + ~starts))
        keep = self.on_pairs(f.keep)
        at_start = self.on_pairs(f.start_installed)
        lag = self.by_region(d.commission_months)
        if len(np.unique(lag)) > 1:
            raise ValueError("the benchmark knows plans with one commissioning time")
        left = self.installed - (keep * self.installed.shift(t=1)) - self.deploy.shift(t=int(lag[0])) + retire
        self.row(left, "=", keep * at_start.where(month == 1, 0.0), "conserve_fleet", began)
        self.row(self.run - self.installed, "<=", 0, "run_installed", began)
        stocked = xr.DataArray(f.stocked, coords=[self.g])
        in_stock = stocked & (month >= first)
        self.dark = self.variable("dark", in_stock)
        arrives = xr.DataArray(f.delivered, coords=[self.g, self.month])
        arrives = arrives + xr.DataArray(f.start_dark, coords=[self.g]).where(month == 1, 0.0)
        leaves = self.deploy.sum("r")
        if len(f.designs):
            flies = xr.DataArray(
                np.zeros((len(f.designs), len(self.g)), dtype=bool), coords=[pd.Index(f.designs.names, name="o"), self.g]
            )
            for o, g in f.in_orbit.names:
                flies.loc[o, g] = True
            launched = xr.DataArray([d.launch_t.get(t, 0.0) > 0 for t in f.t], coords=[self.month])
            self.launch = self.variable("launch", flies & launched & (month >= first))
            leaves = leaves + self.launch.sum("o")
        self.row(self.dark - self.dark.shift(t=1) + leaves, "=", arrives, "conserve_chips", in_stock)
        displaced = self.variable("displaced", housed.any("r"))
        self.row(displaced - displaced.shift(t=1) - retire.sum("r"), "=", 0, "conserve_displaced", housed.any("r"))
        carry = 1e-3 * self.by_generation(d.carry_usd_per_unit_month)
        install = 1e-3 * self.by_generation(d.install_usd_per_unit)
        free = self.on_pairs(
            np.array(
                [d.install_usd_per_unit[g] <= d.commission_months[r] * d.carry_usd_per_unit_month[g] for r, g in f.housed.names]
            ),
            False,
        )
        if free.any():
            left = retire - keep * self.installed.shift(t=1)
            self.row(left, "<=", keep * at_start.where(month == 1, 0.0), "limit_retirement", began & free)
        self.costs += [(self.deploy * (install * self.discount)).sum(), (self.dark * (carry * self.discount)).sum()]
        self.costs.append((retire * (carry * self.to_end)).sum())
        if len(f.designs):
            self.costs.append((self.launch * (install * self.discount)).sum())

    def demand(self) -> None:
        f, d = self.f, self.data
        can = np.zeros((len(self.z), len(self.x)), dtype=bool)
        usd = np.zeros(can.shape)
        for z, w, x in f.flows.names:
            at = f.demands.position[z, w], f.places.position[x]
            can[at], usd[at] = True, d.network_usd_per_kh100e_month[z, w, x]
        allowed = xr.DataArray(can, coords=[self.z, self.x])
        flying = np.ones((len(self.x), f.months), dtype=bool)
        flying[len(self.r) :] = False
        for (o, v, t), frac in d.orbit_service_frac.items():
            if o in f.designs.position and frac > 0 and d.launch_t.get(v, 0.0) > 0:
                flying[f.places.position[o], t - 1] = True
        self.serve = self.variable("serve", allowed & xr.DataArray(flying, coords=[self.x, self.month]))
        asked = xr.DataArray(f.demand, coords=[self.z, self.month])
        unserved = self.variable("unserved", asked >= 0)
        who = f.demands.names
        value = xr.DataArray(f.by_class(at_start(d.value_usd_per_h100e_h), who), coords=[self.z])
        premium = xr.DataArray(f.by_class(at_start(d.core_value_usd_per_h100e_h), who), coords=[self.z]) - value
        core_frac = xr.DataArray(f.by_class(d.core_frac, who), coords=[self.z])
        has_core = (core_frac > 0) & (premium > 0) & (asked >= 0)
        core = self.variable("unserved_core", has_core)
        self.row(self.serve.sum("x") + unserved, "=", asked, "serve_demand")
        self.row(unserved - core, "<=", (1 - core_frac) * asked, "count_unserved_core", has_core)
        made = self.by_generation(d.h100e_per_unit) * self.by_region(at_start(d.availability_frac))
        shape = xr.DataArray([d.shape_frac[z, w, 1, 1] for z, w in who], coords=[self.z])
        work = (self.serve * shape).sum("z")
        on_earth = work.sel(x=self.r.values).rename(x="r")
        self.row(on_earth - (self.run * made).sum("g"), "<=", 0, "place_compute")
        self.work = work
        per_usd = 1e-3 * self.discount * self.hours
        self.costs += [(unserved * (value * per_usd)).sum(), (core * (premium * per_usd)).sum()]
        self.costs.append((self.serve * (1e-6 * xr.DataArray(usd, coords=[self.z, self.x]) * self.discount)).sum())

    def halls(self) -> None:
        f, d = self.f, self.data
        step = xr.DataArray(np.zeros((len(self.r), f.months)), coords=[self.r, self.month])
        for (r, t), mw in d.shell_step_mw.items():
            step.values[f.regions.position[r], t - 1] = mw
        month = xr.DataArray(f.t, coords=[self.month])
        build = self.variable("build_shell", step > 0)
        shell = self.variable("shell", step >= 0)
        start = self.by_region(d.start_shell_mw).where(month == 1, 0.0)
        self.row((self.installed * self.kw).sum("g") - shell, "<=", 0, "fit_shell")
        self.row(shell - shell.shift(t=1) - build, "=", start, "conserve_shell")
        self.row(build, "<=", step, "limit_shell_growth", step > 0)
        self.costs.append((build * (1e-6 * self.by_region(d.shell_usd_per_mw_month) * self.to_end)).sum())

    def power(self) -> None:
        f, d = self.f, self.data
        month = xr.DataArray(f.t, coords=[self.month])
        buildable = self.on_options(f.buildable, False)
        began = self.on_options(f.t >= f.first_mw[:, None], False)
        build, output = self.variable("build_mw", buildable), self.variable("output", began)
        capacity = self.variable("capacity", began)
        start = self.on_options(f.start_mw)
        pue = self.by_region(at_start(d.pue))
        draw = self.kw * self.by_generation(d.draw_frac)
        idle = self.by_generation(d.idle_frac)
        drawn = (self.run * (pue * draw * (1 - idle))).sum("g") + (self.installed * (pue * draw * idle)).sum("g")
        self.row(output.sum("p") - drawn, "=", 0, "balance_power")
        self.row(output - self.on_options(f.available) * capacity, "<=", 0, "respect_capacity", began)
        right = start.where(month == 1, 0.0) - self.on_options(f.closed)
        self.row(capacity - capacity.shift(t=1) - build, "=", right, "conserve_capacity", began)
        growth = self.on_options(f.options.vector(d.growth_frac_per_month))
        left = build - growth * capacity.shift(t=1) if bool((growth != 0).any()) else build
        right = self.on_options(f.step) + growth * start.where(month == 1, 0.0)
        self.row(left, "<=", right, "limit_power_growth", buildable)
        firm = self.on_options(f.options.vector(d.firm_frac))
        need = pue * self.by_region(d.nameplate_frac) * self.kw
        self.row((self.installed * need).sum("g") - (capacity * firm).sum("p"), "<=", 0, "house_chips")
        supplied = [p for p in self.p if any(q == p for q, _ in d.supply_mw)]
        if supplied:
            index = pd.Index(supplied, name="p")
            limit = xr.DataArray([[d.supply_mw.get((p, t), np.inf) for t in f.t] for p in supplied], coords=[index, self.month])
            mask = np.isfinite(limit) & buildable.any("r").sel(p=supplied)
            self.row(build.sel(p=supplied).sum("r"), "<=", limit.where(mask, 0.0), "limit_technology_supply", mask)
        connected = [p for p in d.national_options if p in set(self.p)]
        for (c, y), mwh in d.national_growth_mwh.items():
            inside = [r for r in f.regions.names if d.country[r] == c and any((r, p) in f.options.position for p in connected)]
            months = [t for t in f.t if d.plan_year[t] == y]
            if inside and months:
                grid = capacity.sel(r=inside, p=connected)
                grown = grid.sel(t=max(months)).sum()
                right = mwh / (8766.0 * d.national_load_frac[c])
                if min(months) > 1:
                    grown = grown - grid.sel(t=min(months) - 1).sum()
                else:
                    right += float(start.sel(r=inside, p=connected).sum())
                self.row(grown, "<=", right, f"limit_national_growth {c} {y}")
        per_mwh = 1e-6 * self.on_options(f.usd_per_mwh) * self.discount * self.hours
        per_mw = 1e-6 * self.on_options(f.usd_per_mw_month) * self.to_end
        self.costs += [(output * per_mwh).sum(), (build * per_mw).sum()]

    def orbit(self) -> None:
        from benchmarks.floor import orbit_cost

        f, d = self.f, self.data
        o = pd.Index(f.designs.names, name="o")
        v = pd.Index(f.t, name="v")
        service = xr.DataArray(np.zeros((len(o), f.months, f.months)), coords=[o, v, self.month])
        for (name, launched, t), frac in d.orbit_service_frac.items():
            if name in f.designs.position and d.launch_t.get(launched, 0.0) > 0:
                service.values[f.designs.position[name], launched - 1, t - 1] = frac
        flies = xr.DataArray(np.zeros((len(o), len(self.g)), dtype=bool), coords=[o, self.g])
        cost = xr.DataArray(np.zeros((len(o), len(self.g), f.months)), coords=[o, self.g, self.month])
        for (name, g), row in zip(f.in_orbit.names, orbit_cost(f, f.in_orbit.names, 0), strict=True):
            flies.loc[name, g] = True
            cost.loc[name, g] = row
        run = self.variable("orbit_run", flies & (service > 0).any("v"))
        alive = (self.launch.rename(t="v") * service).sum("v")
        self.row(run - alive, "<=", 0, "run_in_orbit", run.labels >= 0)
        made = self.by_generation(d.h100e_per_unit)
        work = self.work.sel(x=f.designs.names).rename(x="o")
        self.row(work - (run * made).sum("g"), "<=", 0, "place_compute_in_orbit", (service > 0).any("v"))
        kg = xr.DataArray([d.kg_per_kw[name] for name in f.designs.names], coords=[o])
        tonnes = xr.DataArray([d.launch_t.get(t, 0.0) for t in f.t], coords=[self.month])
        self.row((self.launch * (kg * self.kw)).sum(["o", "g"]), "<=", tonnes, "limit_launch_mass", tonnes > 0)
        self.costs.append((self.launch * cost).sum())
