"""Orbit: each design through physics, once, to what the model needs of it and to what one launch costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from planner.physics.coefficients import OrbitCoefficients, coefficients
from planner.physics.design import OrbitalDesign
from planner.plan.calendar import calendar_of, month_number
from planner.plan.places import orbital_designs
from planner.plan.table import Table
from planner.schema.settings import Settings

Tables = dict[str, Table]


@dataclass(frozen=True)
class Launch:
    """What launching one design costs: by month of launch, the price of a launch and the capital that follows from it."""

    usd_per_kg: tuple[float, ...]
    capital_usd_per_kw: tuple[float, ...]
    build_usd_per_kg: float
    usd_per_kw_per_usd_per_kg: float  # capital of one kW for each dollar per kg: mass and insurance
    life: OrbitCoefficients = field(compare=False)  # over the whole life, at the light of the last calendar year; holds arrays


def orbit_of(
    settings: Settings, tables: Tables, placeable: tuple[tuple[str, str], ...]
) -> tuple[dict[str, Any], dict[str, Launch]]:
    """Every field of PlanData about orbit, and the launch of each design."""
    calendar = calendar_of(settings)
    months, launch = calendar.months, tables["launch"]
    factory = calendar.held(launch.mapping("month", "satellite_factory_mw"))
    fields: dict[str, Any] = {
        "launch_t": calendar.held(launch.mapping("month", "tonnes")),
        "satellite_factory_mw": {t: mw for t, mw in factory.items() if mw is not None},
        "downlink_gbit_s_per_mw": {
            o: gbit_s for o, gbit_s in tables["designs"].select("design_id", "downlink_gbit_s_per_mw") if gbit_s is not None
        },
        "kg_per_kw": {},
        "satellite_usd_per_kw": {},
        "launch_usd_per_kw": {},
        "orbit_service_frac": {},
        "orbit_alive_frac": {},
        "orbit_charge_usd_per_kw": {},
        "orbit_upkeep_usd_per_kw": {},
        "orbit_chip_loss_usd_per_unit": {},
        "start_service_kunit": {},
        "start_alive_kunit": {},
        "start_vintage_fracs": {},
    }
    prices = tables["launch_price"].by_month("design_id", "usd_per_kg")
    dates = [divmod(month_number(month), 12) for month in months]
    launches: dict[str, Launch] = {}
    for design in orbital_designs(tables["designs"]):
        usd_per_kg = list(calendar.held(prices[design.design_id]).values())
        found = coefficients(design, [(year, month + 1) for year, month in dates], usd_per_kg)
        _add(fields, found, len(months))
        _add_vintages(fields, design, tables["vintages"], months)
        _add_chip_loss(fields["orbit_chip_loss_usd_per_unit"], found, tables, placeable, len(months))
        launch_of = launches[design.design_id] = Launch(
            tuple(usd_per_kg),
            tuple(found.capital_usd_per_kw.tolist()),
            design.build_usd_per_kg,
            found.kg_per_kw * (1 + design.insurance_frac),
            found,
        )
        _add_capital(fields, design.design_id, launch_of)
    return fields, launches


def _add(fields: dict[str, Any], found: OrbitCoefficients, count: int) -> None:
    o = found.design_id
    fields["kg_per_kw"][o] = float(found.kg_per_kw)
    survival = found.survival_frac.tolist()
    pairs = [(v, t) for v in range(1, count + 1) for t in range(v, count + 1)]
    by_month = {
        "orbit_service_frac": found.service_frac.tolist(),
        "orbit_charge_usd_per_kw": found.charge_usd_per_kw.tolist(),
        "orbit_upkeep_usd_per_kw": found.upkeep_usd_per_kw_month.tolist(),
    }
    for name, values in by_month.items():
        fields[name].update({(o, v, t): values[v - 1][t - 1] for v, t in pairs if values[v - 1][t - 1]})
    fields["orbit_alive_frac"].update({(o, v, t): survival[t - v] for v, t in pairs if survival[t - v]})


def _add_vintages(fields: dict[str, Any], design: OrbitalDesign, vintages: Table, months: tuple[str, ...]) -> None:
    """What was launched before the start: alive from then on, and in service."""
    columns = ("design_id", "generation_id", "launch_month", "kunit")
    rows = [row[1:] for row in vintages.select(*columns) if row[0] == design.design_id and row[2] < months[0] and row[3]]
    if not rows:
        return
    start, earliest = month_number(months[0]), min(month_number(launch) for _, launch, _ in rows)
    dates = [divmod(number, 12) for number in range(earliest, start + len(months))]
    found = coefficients(design, [(year, month + 1) for year, month in dates], [0.0] * len(dates))
    for g, launch, kunit in rows:
        v = month_number(launch) - earliest
        for t in range(len(months) + 1):
            now = start - earliest + t - 1
            age = now - v
            alive = float(found.survival_frac[age]) if age < len(found.survival_frac) else 0.0
            service = float(found.service_frac[v][now]) if t else 0.0
            for name, part in (("start_alive_kunit", alive), ("start_service_kunit", service)):
                if part:
                    key = (design.design_id, g, t)
                    fields[name][key] = fields[name].get(key, 0.0) + kunit * part
            if t and alive:
                fields["start_vintage_fracs"][design.design_id, launch, t] = (service, alive)


def _add_capital(fields: dict[str, Any], o: str, launch: Launch) -> None:
    """Capital by month of launch, apart for the satellite and for its launch, each with its insurance."""
    for t, (usd_per_kg, usd_per_kw) in enumerate(zip(launch.usd_per_kg, launch.capital_usd_per_kw, strict=True), start=1):
        to_orbit = usd_per_kg * launch.usd_per_kw_per_usd_per_kg
        fields["satellite_usd_per_kw"][o, t] = usd_per_kw - to_orbit
        fields["launch_usd_per_kw"][o, t] = to_orbit


def _add_chip_loss(
    losses: dict[Any, float], found: OrbitCoefficients, tables: Tables, placeable: tuple[tuple[str, str], ...], count: int
) -> None:
    """Residual value of a chip after the horizon, times how many more are lost in orbit than on Earth."""
    chips = tables["accelerators"].select("generation_id", "price_usd_per_unit", "life_years", "failure_frac_per_year")
    survival = found.survival_frac.tolist()
    allowed = {g for place, g in placeable if place == found.design_id}
    for g, price, life_years, failure in chips:
        if g not in allowed:
            continue
        for v in range(1, count + 1):
            age = count - v + 1  # months from launch to the end of the horizon
            on_earth = (1 - failure) ** (age / 12)
            in_orbit = survival[age] if age < len(survival) else 0.0
            worth = price * max(0.0, 1 - age / 12 / life_years)
            losses[found.design_id, g, v] = worth * max(0.0, on_earth - in_orbit)
