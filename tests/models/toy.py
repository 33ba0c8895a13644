"""A plan small enough to solve by hand: two regions and one orbit, two generations, four months, in models' own record."""

from __future__ import annotations

import calendar
import dataclasses
from typing import Any

from models.data import PlanData


def halved(data: PlanData, price: float = 1.0, **changes: Any) -> PlanData:
    """``data`` with its days cut at noon UTC; energy in the second half costs ``price`` times as much."""
    halves = (1, 2)
    return dataclasses.replace(
        data,
        **{
            "slices": halves,
            "hours_h": {(t, k): hours / 2 for (t, _), hours in data.hours_h.items() for k in halves},
            "day_of": dict.fromkeys(halves, "typical"),
            "start_h": {1: 0, 2: 12},
            "length_h": dict.fromkeys(halves, 12.0),
            "shape_frac": {(*zwt, k): 1.0 for *zwt, _ in data.shape_frac for k in halves},
            "power_availability_frac": {
                (r, p, t, k): frac for (r, p, t, _), frac in data.power_availability_frac.items() for k in halves
            },
            "energy_usd_per_mwh": {
                (r, p, t, k): usd * (price if k == 2 else 1.0)
                for (r, p, t, _), usd in data.energy_usd_per_mwh.items()
                for k in halves
            },
            **changes,
        },
    )


def toy(months: int = 4, **changes: Any) -> PlanData:
    """Two regions (`near` dear, `far` cheap), one orbital design, old and new chips, one urgent and one patient class.

    Every price is constant and nothing fails, so that answers fit on the back of an envelope. ``changes`` replace fields."""
    ts = range(1, months + 1)
    names = tuple(f"{2027 + (t - 1) // 12}-{(t - 1) % 12 + 1:02d}" for t in ts)
    hours = {(t, 1): 24.0 * calendar.monthrange(int(n[:4]), int(n[5:]))[1] for t, n in zip(ts, names, strict=True)}
    regions, options = ("near", "far"), [("near", "grid"), ("far", "grid"), ("far", "engine")]
    data = PlanData(
        name="toy",
        boundary="energy",
        mode="value",
        unserved_allowed=True,
        months=names,
        slices=(1,),
        hours_h=hours,
        day_of={1: "typical"},
        start_h={1: 0},
        length_h={1: 24.0},
        discount=dict.fromkeys(ts, 1.0),
        regions=regions,
        designs=("sat",),
        generations=("old", "new"),
        classes=("urgent", "patient"),
        placeable=tuple((x, g) for x in (*regions, "sat") for g in ("old", "new")),
        delivered_kunit={("new", t): 2.0 for t in ts},
        start_dark_kunit={},
        start_installed_kunit={("near", "old"): 5.0},
        survive_frac={(r, g): 1.0 for r in regions for g in ("old", "new")},
        start_ending_kunit={},
        batch_end={},
        batch_supply_kunit={},
        commission_months={"near": 0, "far": 1},
        kw_per_unit={"old": 1.0, "new": 2.0},
        h100e_per_unit={"old": 1.0, "new": 4.0},
        draw_frac={"old": 1.0, "new": 1.0},
        idle_frac={"old": 0.0, "new": 0.25},
        install_usd_per_unit={"old": 0.0, "new": 10.0},
        carry_usd_per_unit_month={"old": 1.0, "new": 1.0},
        nameplate_frac=dict.fromkeys(regions, 1.0),
        availability_frac=dict.fromkeys((*regions, "sat"), 1.0),
        demand_kh100e={("here", w, t): 10.0 * t for w in ("urgent", "patient") for t in ts},
        servable=(("here", "urgent", "near"), *(("here", "patient", x) for x in ("near", "far", "sat"))),
        shape_frac={("here", w, t, 1): 1.0 for w in ("urgent", "patient") for t in ts},
        flexible_frac={"urgent": 0.0, "patient": 0.5},
        flexible_window_h={},
        value_usd_per_h100e_h={"urgent": 2.0, "patient": 1.0},
        core_frac={"urgent": 0.0, "patient": 0.2},
        core_value_usd_per_h100e_h={"urgent": 2.0, "patient": 3.0},
        weight={"urgent": 1.0, "patient": 1.0},
        options=tuple(options),
        start_mw={("near", "grid"): 6.0, ("far", "grid"): 2.0, ("far", "engine"): 0.0},
        step_mw={
            (r, p, t): mw for (r, p), mw in zip(options, (1.0, 3.0, 2.0), strict=True) for t in ts if p == "grid" or t > 2
        },
        growth_frac_per_month={("near", "grid"): 0.0, ("far", "grid"): 0.1, ("far", "engine"): 0.0},
        committed_mw={("far", "grid", 1): 1.0},
        closed_mw={},
        firm_frac={("near", "grid"): 1.0, ("far", "grid"): 1.0, ("far", "engine"): 0.9},
        power_availability_frac={(r, p, t, 1): 1.0 for r, p in options for t in ts},
        energy_usd_per_mwh={
            (r, p, t, 1): (100.0 if r == "near" else 50.0) if p == "grid" else 0.0 for r, p in options for t in ts
        },
        minimum_take_frac={},
        fuel_usd_per_mwh={(r, p, t): 30.0 if p == "engine" else 0.0 for r, p in options for t in ts},
        variable_usd_per_mwh={rp: 5.0 if rp[1] == "engine" else 0.0 for rp in options},
        capital_usd_per_mw_month={rp: 10_000.0 if rp[1] == "engine" else 1_000.0 for rp in options},
        fixed_usd_per_mw_month={rp: 1_000.0 if rp[1] == "engine" else 0.0 for rp in options},
        carbon_t_per_mwh={rp: 0.45 if rp[1] == "engine" else 0.3 for rp in options},
        carbon_priced_frac=dict.fromkeys(options, 1.0),
        storage_h={},
        round_trip_frac={},
        supply_mw={("engine", t): 1.5 for t in ts},
        pue={"near": 1.2, "far": 1.1},
        start_shell_mw={"near": 6.0, "far": 3.0},
        shell_step_mw={(r, t): 2.0 for r in regions for t in ts},
        shell_usd_per_mw_month=dict.fromkeys(regions, 0.0),
        country={"near": "AA", "far": "BB"},
        national_growth_mwh={("BB", 1): 90_000.0},
        national_load_frac={"BB": 1.0},
        national_options=("grid",),
        plan_year={t: (t - 1) // 12 + 1 for t in ts},
        kg_per_kw={"sat": 20.0},
        launch_t={t: 30.0 for t in ts if t > 1},
        satellite_factory_mw={t: 1.0 for t in ts if t > 1},
        orbit_service_frac={("sat", v, t): 0.9 for v in ts for t in ts if t > v},
        orbit_alive_frac={("sat", v, t): 1.0 for v in ts for t in ts if t >= v},
        orbit_charge_usd_per_kw={("sat", v, t): 300.0 for v in ts for t in ts if t > v},
        orbit_upkeep_usd_per_kw={("sat", v, t): 10.0 for v in ts for t in ts if t >= v},
        orbit_chip_loss_usd_per_unit={("sat", g, v): 100.0 for g in ("old", "new") for v in ts},
        downlink_gbit_s_per_mw={"sat": 8.0},
        gbit_s_per_kh100e={"urgent": 1.0, "patient": 2.0},
        network_usd_per_kh100e_month={
            ("here", "urgent", "near"): 0.0,
            ("here", "patient", "near"): 0.0,
            ("here", "patient", "far"): 50.0,
            ("here", "patient", "sat"): 80.0,
        },
        link_gbit_s={("far", t): 60.0 for t in ts},
    )
    return dataclasses.replace(data, **changes)
