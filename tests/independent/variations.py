"""Small plans at random, one for each seed: every number of the toy moved, and each feature switched on in many of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from models.data import PlanData
from models.records import Published, Reservation, Route, Share, Target
from tests.models.toy import halved, toy

CLASSES, POOLS, PLACES = ("urgent", "patient"), ("here", "there"), ("near", "far", "sat")
MOVED = (
    "delivered_kunit start_installed_kunit kw_per_unit h100e_per_unit install_usd_per_unit carry_usd_per_unit_month "
    "demand_kh100e value_usd_per_h100e_h start_mw step_mw energy_usd_per_mwh fuel_usd_per_mwh variable_usd_per_mwh "
    "capital_usd_per_mw_month fixed_usd_per_mw_month supply_mw start_shell_mw shell_step_mw national_growth_mwh launch_t "
    "satellite_factory_mw orbit_charge_usd_per_kw orbit_upkeep_usd_per_kw downlink_gbit_s_per_mw link_gbit_s"
).split()


class Chance:
    """Numbers of one seed."""

    def __init__(self, seed: int) -> None:
        self.numbers = np.random.default_rng(seed)

    def between(self, low: float, high: float) -> float:
        return round(float(self.numbers.uniform(low, high)), 3)

    def often(self) -> bool:
        return bool(self.numbers.random() < 0.6)

    def moved(self, values: Mapping[Any, float], low: float = 0.4, high: float = 2.0) -> dict[Any, float]:
        return {key: value * self.between(low, high) for key, value in values.items()}

    def each(self, keys: Any, low: float, high: float) -> dict[Any, float]:
        return {key: self.between(low, high) for key in keys}


def small(seed: int) -> PlanData:
    """Two regions, an orbit, two pools that ask, three to seven months of one or two slices."""
    chance = Chance(seed)
    data = _base(chance)
    for feature in (_ages, _rules, _work, _owners, _money, _offers, _targets, _reservations):
        if chance.often():
            data = dataclasses.replace(data, **feature(chance, data))
    return data


def _base(chance: Chance) -> PlanData:
    months = int(chance.numbers.integers(3, 8))
    data = toy(months)
    if chance.often():
        data = halved(data, price=chance.between(0.5, 3.0))
    ts, options, pairs = range(1, months + 1), data.options, [(r, g) for r in data.regions for g in data.generations]
    data = dataclasses.replace(
        data,
        discount={t: 0.99 ** (t - 1) for t in ts},
        delivered_kunit={(g, t): 1.0 for g in data.generations for t in ts},
        start_dark_kunit=chance.each(data.generations, 0.0, 3.0),
        start_installed_kunit=dict.fromkeys(pairs, 2.0),
        survive_frac=chance.each(pairs, 0.9, 1.0),
        commission_months={r: int(chance.numbers.integers(0, 3)) for r in data.regions},
        draw_frac=chance.each(data.generations, 0.6, 1.0),
        idle_frac=chance.each(data.generations, 0.0, 0.4),
        install_usd_per_unit=dict.fromkeys(data.generations, float(chance.numbers.choice([0.0, 10.0, 1000.0]))),
        nameplate_frac=chance.each(data.regions, 0.8, 1.0),
        availability_frac=chance.each([(r, t) for r in data.regions for t in ts], 0.8, 1.0)
        | chance.each(data.designs, 0.8, 1.0),
        pue=chance.each([(r, t) for r in data.regions for t in ts], 1.0, 1.4),
        demand_kh100e={(z, w, t): 5.0 * t for z in POOLS for w in CLASSES for t in ts},
        servable=tuple((z, w, x) for z in POOLS for w in CLASSES for x in PLACES if (w, x) != ("urgent", "sat")),
        shape_frac=_shapes(chance, data),
        flexible_frac=chance.each(CLASSES, 0.0, 0.8),
        flexible_window_h={w: chance.between(0.0, 23.0) for w in CLASSES if chance.often()} | {"urgent": 0.0},
        core_frac=chance.each(CLASSES, 0.0, 0.5),
        core_value_usd_per_h100e_h=chance.each([(w, t) for w in CLASSES for t in ts], 3.0, 9.0),
        growth_frac_per_month=chance.each(options, 0.0, 0.2),
        committed_mw={("far", "grid", 1): 0.5, ("far", "engine", 2): 0.3},
        closed_mw={("near", "grid", 2): chance.between(0.0, 1.0)},
        committed_shell_mw={("far", 2): 0.3},
        closed_shell_mw={("near", 3): 0.4},
        firm_frac=chance.each(options, 0.7, 1.0),
        power_availability_frac=chance.moved(data.power_availability_frac, 0.8, 1.0),
        shell_usd_per_mw_month=chance.each(data.regions, 0.0, 5_000.0),
        orbit_service_frac=chance.moved(data.orbit_service_frac, 0.5, 1.1),
        network_later_usd_per_kh100e_month=chance.each([("here", w, "near", t) for w in CLASSES for t in ts[1:]], 0.0, 90.0),
        network_usd_per_kh100e_month=chance.each([(z, w, x) for z in POOLS for w in CLASSES for x in PLACES], 0.0, 90.0),
    )
    return dataclasses.replace(data, **{name: chance.moved(getattr(data, name)) for name in MOVED})


def _shapes(chance: Chance, data: PlanData) -> dict[tuple[str, str, int, int], float]:
    """Of mean 1 over slices of equal length."""
    shapes = {}
    for z in POOLS:
        for w in CLASSES:
            high = chance.between(1.0, 1.6) if len(data.slices) > 1 else 1.0
            shapes |= {(z, w, t, k): high if k == 1 else 2.0 - high for t in data.discount for k in data.slices}
    return shapes


def _ages(chance: Chance, data: PlanData) -> dict[str, Any]:
    """Part of what is there, dark or delivered ends within the months."""
    last = len(data.months)
    supply = {("new", data.months[t - 1], t): data.delivered_kunit["new", t] for t in range(1, last)}
    supply["new", "2026-06", 0] = 0.5 * data.start_dark_kunit["new"]
    life = int(chance.numbers.integers(1, last))
    return {
        "batch_supply_kunit": supply,
        "batch_end": {(g, b): min(last, max(1, t) + life) for g, b, t in supply},
        "start_ending_kunit": {
            (r, g, t): chance.between(0.05, 0.15) * kunit
            for (r, g), kunit in data.start_installed_kunit.items()
            for t in range(1, last)
            if chance.often()
        },
    }


def _rules(chance: Chance, data: PlanData) -> dict[str, Any]:
    """Storage, minimum take, carbon, routes."""
    ts = tuple(data.discount)
    return {
        "storage_h": {"engine": chance.between(1.0, 8.0)} if chance.often() else {},
        "round_trip_frac": {"engine": 0.85},
        "minimum_take_frac": chance.each([("near", "grid"), ("far", "grid")], 0.2, 0.9),
        "carbon_usd_per_t": chance.each(ts, 0.0, 100.0),
        "carbon_cap_t": {"all": 3_000.0 * len(ts)},
        "carbon_periods": {"all": ts},
        "published": Published(20_000.0, len(ts) - 1, {("near", "grid", 1): 1.0, ("far", "engine", 2): 2.0}, {("far", 1): 1.5}),
        "routes": (Route("cable", ("there",), ("near", "far"), chance.each(ts[1:], 5.0, 40.0)),),
    }


def _work(chance: Chance, data: PlanData) -> dict[str, Any]:
    """The price of moving work, continuity, shares of what is served and of what is asked."""
    ts, both = tuple(data.discount), (("here", "patient"), ("there", "patient"))
    return {
        "demand_kh100e": chance.moved(data.demand_kh100e, 0.5, 1.5),  # it also falls
        "move_usd_per_h100e": {"patient": chance.between(0.1, 300.0)},
        "max_fall_frac_per_month": chance.each(CLASSES, 0.0, 0.5),
        "shares": (
            Share("some far", both, ("far", "sat"), ts, chance.between(0.1, 0.5), None),
            Share("not all near", both[:1], ("near",), ts[1:], None, chance.between(0.3, 0.7)),
            Share("cap far", both, ("far",), ts, None, chance.between(0.1, 0.5), of="asked"),
        ),
    }


def _money(chance: Chance, data: PlanData) -> dict[str, Any]:
    """What capital costs, when it is due, and a budget of the first months and of the others."""
    ts, assets = tuple(data.discount), ("grid", "engine", "halls", "satellites", "launches")
    early = chance.each(assets, 0.1, 0.9)
    return {
        "power_usd_per_kw": chance.each(data.options, 300.0, 3_000.0),
        "hall_usd_per_kw": chance.each(data.regions, 0.0, 9_000.0),
        "satellite_usd_per_kw": chance.each([("sat", t) for t in ts], 2_000.0, 9_000.0),
        "launch_usd_per_kw": chance.each([("sat", t) for t in ts], 500.0, 9_000.0),
        "payment_fracs": {
            asset: ((int(chance.numbers.integers(1, 4)), frac), (int(chance.numbers.integers(-2, 1)), 1.0 - frac))
            for asset, frac in early.items()
        },
        "budget_musd": {"early": chance.between(8.0, 60.0), "late": chance.between(5.0, 90.0)},
        "budget_months": {"early": ts[:2], "late": ts[2:]},
    }


def _offers(chance: Chance, data: PlanData) -> dict[str, Any]:
    """Part of what is delivered in some months may be declined."""
    offered = {key: kunit * chance.between(0.2, 1.0) for key, kunit in data.delivered_kunit.items() if chance.often()}
    return {
        "optional_kunit": offered,
        "decline_usd_per_unit": chance.each(offered, 0.0, 300.0),
        "defer_usd_per_unit": {
            (g, t, s): (s - t) * chance.between(0.0, 90.0)
            for g, t in offered
            if chance.often()
            for s in range(t + 1, min(t + 2, len(data.months)) + 1)
        },
        "chip_usd_per_unit_month": chance.each(data.generations, 100.0, 3_000.0),
        "chip_life_months": {g: int(chance.numbers.integers(2, 60)) for g in data.generations},
    }


def _owners(chance: Chance, data: PlanData) -> dict[str, Any]:
    """A maker and the market, with their own power or with trade."""

    def rights() -> dict[tuple[str, str], float]:
        maker = chance.each(data.regions, 0.0, 1.0)
        return {(r, "maker"): frac for r, frac in maker.items()} | {(r, "market"): 1.0 - frac for r, frac in maker.items()}

    return {
        "owner": {"new": "maker", "old": "market"},
        "owners_power": "own" if chance.often() else "trade",
        "right_start_frac": rights(),
        "right_added_frac": rights(),
        "trade_usd_per_mw_month": chance.between(0.0, 300_000.0),
    }


def _targets(chance: Chance, data: PlanData) -> dict[str, Any]:
    """What is to be served of one class and of one who asks, at a penalty: no plan at random is sure to meet them without."""
    ts, both = tuple(data.discount), (("here", "patient"), ("there", "patient"))
    there = (("there", "urgent"), ("there", "patient"))
    return {
        "targets": (
            Target("patient", both, chance.each(ts[1:], 0.3, 0.9), chance.between(0.05, 6.0)),
            Target("there", there, chance.each(ts, 0.1, 0.8), chance.between(0.05, 6.0)),
        )
    }


def _reservations(chance: Chance, data: PlanData) -> dict[str, Any]:
    """One that a customer uses and one that stands idle, at a penalty: no plan at random is sure to have room for them."""
    ts, patient = tuple(data.discount), (("here", "patient"), ("there", "patient"))
    return {
        "reservations": (
            Reservation("user", "near", patient, chance.each(ts[1:], 0.5, 6.0), chance.between(0.5, 9.0)),
            Reservation("idle", "near", (), chance.each(ts[:-1], 0.2, 2.0), chance.between(0.5, 9.0)),
            Reservation("far", "far", patient[:1], chance.each(ts[1:], 0.5, 3.0), chance.between(0.5, 9.0)),
        )
    }
