"""A run folder made by hand: two regions, an orbit, two generations, four months, every number by plain loops.

The plan in it is feasible, not optimal: the verifier asks whether a plan holds, not whether a better one exists.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.verify.given import (
    BUILD,
    BUILD_SHELL,
    CHIP,
    CHIPS,
    DARK,
    DELIVERED,
    DEPLOY,
    FLEET,
    HOURS,
    INPUTS,
    KG_PER_KW,
    MONTHS,
    OPTION,
    PLACES,
    PLAN,
    REGION,
    RETIRE,
    RUN_FRAC,
    TONNES,
    N,
)

Rows = dict[str, list[dict[str, Any]]]


def alive(launch: int, month: int) -> float:
    """Survival without repair."""
    return 0.99 ** (month - launch) if month >= launch else 0.0


def service(launch: int, month: int) -> float:
    """Zero in the month of commissioning, then light times survival."""
    return 0.95 * alive(launch, month) if month > launch else 0.0


def end_of_life(chip: str, month: int) -> float:
    """Only old chips of 2026 expire: 12 over March to June, 8 over February to September, each a year later."""
    if chip != "old":
        return 0.0
    born = {-10: 3.0, -9: 3.0, -8: 3.0, -7: 3.0, 0: 1.0}  # months from January 2027
    for start in range(-11, -3):
        born[start] = born.get(start, 0.0) + 1.0
    expiring = sum(kunit for start, kunit in born.items() if start + 12 == month)
    living = sum(kunit for start, kunit in born.items() if start + 12 >= month and start <= month)
    return expiring / living


def crf_month(rate: float, years: float) -> float:
    """Level monthly charge of one dollar."""
    return 1 / sum((1 + rate) ** (-month / 12) for month in range(round(12 * years)))


def tables() -> tuple[Rows, float]:
    """All result tables of the plan by hand, and its objective."""
    out: Rows = defaultdict(list)
    costs: dict[tuple[str, str, int, str], float] = defaultdict(float)

    installed: dict[tuple[str, str, int], float] = {}
    it_draw: dict[tuple[str, int], float] = defaultdict(float)
    compute: dict[tuple[str, int], float] = defaultdict(float)
    sums: dict[tuple[str, str, int], float] = defaultdict(float)
    for place in PLACES:
        for chip in CHIPS:
            spec, before = CHIP[chip], FLEET.get((place, chip), 0.0)
            lost_before = 0.0
            for t in range(N):
                deploy, retire = DEPLOY.get((place, chip, t), 0.0), RETIRE.get((place, chip, t), 0.0)
                if place == "dawn":
                    now = sum(alive(v, t) * DEPLOY.get((place, chip, v), 0.0) for v in range(t + 1))
                    lost = sum(DEPLOY.get((place, chip, v), 0.0) for v in range(t + 1)) - now
                    failed, expired, lost_before = lost - lost_before, 0.0, lost
                    run = sum(service(v, t) * DEPLOY.get((place, chip, v), 0.0) for v in range(t + 1))
                    draw, factor = spec["kw"] * spec["draw"] * run, 1.0
                else:
                    lag = REGION[place]["lag"]
                    failed = before * (1 - (1 - spec["fail"]) ** (1 / 12))
                    expired = (before - failed) * end_of_life(chip, t)
                    now = before - failed - expired + DEPLOY.get((place, chip, t - lag), 0.0) - retire
                    run = RUN_FRAC[chip] * now
                    draw = spec["kw"] * spec["draw"] * (run + spec["idle"] * (now - run))
                    factor = REGION[place]["availability"]
                    waiting = sum(DEPLOY.get((place, chip, v), 0.0) for v in range(max(0, t - lag + 1), t + 1))
                    sums["commissioning", chip, t] += waiting
                installed[place, chip, t], before = now, now
                it_draw[place, t] += draw
                compute[place, t] += run * spec["h100e"] * factor
                for name, value in {"deploy": deploy, "retire": retire, "failed": failed, "expired": expired}.items():
                    sums[name, chip, t] += value
                sums["orbit" if place == "dawn" else "housed", chip, t] += now
                costs[place, chip, t, "install"] += deploy * spec["install"] / 1e3
                if place == "dawn":
                    years = (N - t) / 12
                    gone = max(0.0, (1 - spec["fail"]) ** years - alive(t, N))
                    costs[place, chip, N - 1, "orbit_chip_loss"] += (
                        deploy * spec["price"] * max(0, 1 - years / spec["life"]) * gone / 1e3
                    )
                if now or deploy:
                    out["fleet"].append(
                        {
                            "place_id": place,
                            "generation_id": chip,
                            "month": MONTHS[t],
                            "deploy_kunit": deploy,
                            "retire_kunit": retire,
                            "failed_kunit": failed,
                            "end_of_life_kunit": expired,
                            "installed_kunit": now,
                            "run_kunit": run,
                            "it_nameplate_mw": spec["kw"] * now,
                            "it_draw_mw": draw,
                            "compute_kh100e": run * spec["h100e"] * factor,
                        }
                    )

    for chip in CHIPS:
        dark, displaced, spec = DARK[chip], 0.0, CHIP[chip]
        for t in range(N):
            dark += DELIVERED.get((chip, t), 0.0) - sums["deploy", chip, t]
            displaced += sums["retire", chip, t]
            costs["", chip, t, "carry_dark"] += dark * spec["carry"] / 1e3
            costs["", chip, t, "carry_displaced"] += displaced * spec["carry"] / 1e3
            out["chips"].append(
                {
                    "generation_id": chip,
                    "month": MONTHS[t],
                    "delivered_kunit": DELIVERED.get((chip, t), 0.0),
                    "deployed_kunit": sums["deploy", chip, t],
                    "dark_kunit": dark,
                    "retired_kunit": sums["retire", chip, t],
                    "displaced_kunit": displaced,
                    "housed_kunit": sums["housed", chip, t],
                    "orbit_kunit": sums["orbit", chip, t],
                    "commissioning_kunit": sums["commissioning", chip, t],
                    "failed_kunit": sums["failed", chip, t],
                    "end_of_life_kunit": sums["expired", chip, t],
                    "dark_kh100e": dark * spec["h100e"],
                    "dark_mw": dark * spec["kw"],
                }
            )

    carbon_t = _power(out, costs, it_draw)
    _halls(out, costs, installed)
    _demand(out, costs, compute)
    _orbit(out, costs)
    objective = _costs(out, costs)
    _books(out, costs, it_draw, compute, carbon_t)
    return out, objective


def _power(out: Rows, costs: dict[tuple[str, str, int, str], float], it_draw: dict[tuple[str, int], float]) -> float:
    carbon_t = 0.0
    capacity = {key: spec["start"] for key, spec in OPTION.items()}
    built: dict[tuple[str, str], float] = defaultdict(float)
    for t in range(N):
        for (region, option), spec in OPTION.items():
            build = BUILD.get((region, option, t), 0.0)
            limit = spec["step"] * (1 + spec["step_growth"]) ** (t / 12) + spec["growth"] * capacity[region, option]
            limit = limit if t + 1 > spec["lead"] else 0.0
            closed = 0.5 if (region, option, t) == ("texas", "gas", 2) else 0.0
            capacity[region, option] += build - closed
            built[region, option] += build
            need = REGION[region]["pue"] * it_draw[region, t]
            output = 0.1 * need if option == "gas" else (0.9 if region == "texas" else 1.0) * need
            energy = output * HOURS[t]
            tonnes = energy * spec["kg"] / 1000
            carbon_t += tonnes if region == "texas" else 0.0
            out["power"].append(
                {
                    "region_id": region,
                    "option_id": option,
                    "month": MONTHS[t],
                    "build_mw": build,
                    "growth_limit_mw": limit,
                    "capacity_mw": capacity[region, option],
                    "output_mw": output,
                    "energy_mwh": energy,
                    "carbon_tco2": tonnes,
                }
            )
            key = (region, option, t)
            costs[*key, "energy"] += energy * spec["usd"] * (1 + spec["rise"]) ** (t / 12) / 1e6
            costs[*key, "fuel"] += energy * spec["fuel"] / 1e6
            costs[*key, "variable"] += energy * spec["variable"] / 1e6
            costs[*key, "carbon"] += tonnes * 20 * (1 - spec["priced"]) / 1e6
            charge = 1000 * spec["capex"] * crf_month(REGION[region]["wacc"], spec["life"])
            costs[*key, "capital"] += charge * built[region, option] / 1e6
            costs[*key, "fixed"] += 1000 * spec["fixed"] / 12 * built[region, option] / 1e6
    return carbon_t


def _halls(out: Rows, costs: dict[tuple[str, str, int, str], float], installed: dict[tuple[str, str, int], float]) -> None:
    for region, spec in REGION.items():
        built = 0.0
        for t in range(N):
            built += BUILD_SHELL.get((region, t), 0.0)
            housed = sum(CHIP[chip]["kw"] * installed[region, chip, t] for chip in CHIPS)
            out["halls"].append(
                {
                    "region_id": region,
                    "month": MONTHS[t],
                    "build_shell_mw": BUILD_SHELL.get((region, t), 0.0),
                    "shell_mw": spec["shell"] + built,
                    "housed_mw": housed,
                }
            )
            costs[region, "halls", t, "halls"] += (
                1000 * spec["shell_usd"] * crf_month(spec["wacc"], spec["shell_life"]) * built / 1e6
            )


def _demand(out: Rows, costs: dict[tuple[str, str, int, str], float], compute: dict[tuple[str, int], float]) -> None:
    asked = {
        ("austin", "chat"): (25.0, 6),
        ("london", "chat"): (12.0, 6),
        ("us", "batch"): (20.0, 9),
        ("eu", "batch"): (12.0, 9),
    }
    # share of each place's compute that goes to each flow
    split = {
        ("austin", "chat", "texas"): 0.6,
        ("us", "batch", "texas"): 0.2,
        ("eu", "batch", "texas"): 0.1,
        ("london", "chat", "dublin"): 0.7,
        ("eu", "batch", "dublin"): 0.3,
        ("us", "batch", "dawn"): 1.0,
    }
    traffic, value = {"chat": 5.0, "batch": 0.5}, {"chat": 2.0, "batch": 1.5}
    for (pool, kind), (start, doubling) in asked.items():
        for t in range(N):
            demand, served = start * 2 ** (t / doubling), 0.0
            for place in PLACES:
                flow = split.get((pool, kind, place), 0.0) * compute[place, t]
                served += flow
                if flow:
                    out["serve"].append(
                        {
                            "pool_id": pool,
                            "class_id": kind,
                            "place_id": place,
                            "month": MONTHS[t],
                            "serve_kh100e": flow,
                            "network_gbit_s": flow * traffic[kind],
                        }
                    )
                inside_metro = (pool, place) == ("austin", "texas")
                costs[place, kind, t, "network"] += 0.0 if inside_metro else flow * traffic[kind] * 6480 / 1e6
            out["demand"].append(
                {
                    "pool_id": pool,
                    "class_id": kind,
                    "month": MONTHS[t],
                    "demand_kh100e": demand,
                    "served_kh100e": served,
                    "unserved_kh100e": demand - served,
                }
            )
            assert demand >= served
            core = max(0.0, demand - served - 0.4 * demand) if kind == "batch" else 0.0
            costs["", kind, t, "unserved"] += ((demand - served) * value[kind] + core * 1.0) * HOURS[t] / 1e3


def _orbit(out: Rows, costs: dict[tuple[str, str, int, str], float]) -> None:
    launched = [CHIP["new"]["kw"] * DEPLOY.get(("dawn", "new", t), 0.0) for t in range(N)]
    for t in range(N):
        out["orbit"].append(
            {
                "design_id": "dawn",
                "month": MONTHS[t],
                "launched_mw": launched[t],
                "launched_t": KG_PER_KW * launched[t],
                "alive_mw": sum(alive(v, t) * launched[v] for v in range(N)),
                "service_mw": sum(service(v, t) * launched[v] for v in range(N)),
            }
        )
        out["launch"].append({"month": MONTHS[t], "launched_t": KG_PER_KW * launched[t], "limit_t": TONNES[t]})
        costs["dawn", "satellites", t, "orbit_capital"] += sum(launched[v] * 300 * service(v, t) for v in range(N)) / 1e3
        costs["dawn", "satellites", t, "orbit_upkeep"] += sum(launched[v] * 20 * service(v, t) for v in range(N)) / 1e3
        out["entry"].append(entry_row(t))
    for v in range(N):
        for t in range(v, N):
            out["orbit_coefficients"].append(
                {
                    "design_id": "dawn",
                    "launch_month": MONTHS[v],
                    "month": MONTHS[t],
                    "service_frac": service(v, t),
                    "alive_frac": alive(v, t),
                    "charge_usd_per_kw": 300 * service(v, t),
                    "upkeep_usd_per_kw": 20 * service(v, t),
                    "kg_per_kw": KG_PER_KW,
                }
            )


def entry_row(v: int) -> dict[str, Any]:
    """One kW of new chips launched in month v, in money of that month."""
    spec, worth, price = CHIP["new"], 500.0 - 30 * v, 1500.0
    later = {t: 1.08 ** ((v - t) / 12) for t in range(v, N)}
    paid = sum(later[t] * 300 * service(v, t) for t in later)
    years = (N - v) / 12
    loss = spec["price"] * (1 - years / spec["life"]) * max(0.0, (1 - spec["fail"]) ** years - alive(v, N)) * later[N - 1]
    cost = paid + sum(later[t] * 20 * service(v, t) for t in later) + (loss + spec["install"]) / spec["kw"]
    served = sum(later[t] * HOURS[t] * service(v, t) for t in later) * spec["h100e"] / spec["kw"]
    slope = KG_PER_KW * paid / (400 * (KG_PER_KW - 5) + price * KG_PER_KW)
    return {
        "design_id": "dawn",
        "month": MONTHS[v],
        "generation_id": "new",
        "worth_usd_per_kw": worth,
        "cost_usd_per_kw": cost,
        "gap_usd_per_kw": cost - worth,
        "launch_usd_per_kg": price,
        "break_even_launch_usd_per_kg": price - (cost - worth) / slope if slope else "",
        "flip_value_factor": cost / worth,
        "cost_usd_per_h100e_h": cost / served if served else "",
        "boundary": "facility",
    }


def _costs(out: Rows, costs: dict[tuple[str, str, int, str], float]) -> float:
    objective = 0.0
    for (place, item, t, component), musd in costs.items():
        discounted = musd * 1.08 ** (-t / 12)
        objective += discounted
        if musd:
            out["costs"].append(
                {
                    "place_id": place,
                    "item_id": item,
                    "month": MONTHS[t],
                    "component": component,
                    "cost_musd": musd,
                    "discounted_musd": discounted,
                }
            )
    return objective


def _books(
    out: Rows,
    costs: dict[tuple[str, str, int, str], float],
    it_draw: dict[tuple[str, int], float],
    compute: dict[tuple[str, int], float],
    texas_carbon_t: float,
) -> None:
    energy_parts = ("energy", "fuel", "variable", "carbon", "capital", "fixed", "orbit_capital", "orbit_upkeep")
    dublin_carbon_t = sum(row["carbon_tco2"] for row in out["power"] if row["region_id"] == "dublin")
    carbon = {"texas": texas_carbon_t, "dublin": dublin_carbon_t, "dawn": 0.0}
    for place in PLACES:
        mwh = sum(it_draw[place, t] * HOURS[t] for t in range(N))
        work = sum(compute[place, t] * HOURS[t] for t in range(N))
        energy = sum(musd for (x, _, _, part), musd in costs.items() if x == place and part in energy_parts)
        facility = energy + sum(musd for (x, _, _, part), musd in costs.items() if x == place and part == "halls")
        out["league"].append(
            {
                "place_id": place,
                "it_mwh": mwh,
                "compute_kh100e_h": work,
                "energy_cost_musd": energy,
                "facility_cost_musd": facility,
                "usd_per_mwh": energy * 1e6 / mwh,
                "usd_per_mwh_facility": facility * 1e6 / mwh,
                "usd_per_kh100e_h": facility * 1e6 / work,
                "carbon_kg_per_kh100e_h": carbon[place] * 1e3 / work,
                "marginal_usd_per_mwh": "",  # no duals, no marginal price
            }
        )
    _nations(out)
    out["limits"] = [
        _limit("limit_power_growth", "texas / grid", 0, 9.5e5, 3.8, "USD per MW"),
        _limit("limit_power_growth", "dublin / grid", 0, 2e5, 1.25, "USD per MW"),
        _limit("keep_commitment", "texas / gas", 2, -1e4, 1.0, "USD per MW"),
    ]
    out["summary"] = [{"key": key, "value": value, "unit": "", "text": "in words"} for key, value in _headlines(out).items()]


def _nations(out: Rows) -> None:
    """Austin is in the United States, London in Great Britain, which has no region; the satellite belongs to none."""
    asker = {"austin": "US", "us": "US", "london": "GB", "eu": "GB"}
    nation = {"texas": "US", "dublin": "IE", "dawn": "orbit"}
    share = [hours / sum(HOURS) for hours in HOURS]  # four months of one plan year
    for row in out["serve"]:
        keys = {"pool_id": row["pool_id"], "class_id": row["class_id"], "asked_in": asker[row["pool_id"]]}
        keys |= {"served_in": nation[row["place_id"]], "month": row["month"]}
        out["trade"].append({**keys, "serve_kh100e": row["serve_kh100e"], "split": "whole"})

    def mean(table: str, column: str, **where: str) -> float:
        rows = [row for row in out[table] if all(row[key] == name for key, name in where.items())]
        return sum(row[column] * share[MONTHS.index(row["month"])] for row in rows)

    for name in ("US", "IE", "GB", "orbit"):
        league = {place: row for place in PLACES for row in out["league"] if row["place_id"] == place and nation[place] == name}
        mwh, work, energy = (
            sum(row[column] for row in league.values()) for column in ("it_mwh", "compute_kh100e_h", "energy_cost_musd")
        )
        carbon = sum(row["carbon_tco2"] for row in out["power"] if nation[row["region_id"]] == name)
        built = sum(mw for (region, option, _), mw in BUILD.items() if nation[region] == name and option == "grid")
        envelope = 80e6 * 0.1 / (8766 * 0.9)
        asked = sum(mean("demand", "demand_kh100e", pool_id=pool) for pool, country in asker.items() if country == name)
        served, home = (mean("trade", "serve_kh100e", asked_in=name, **also) for also in ({}, {"served_in": name}))
        out["nations"].append(
            {
                "country_iso2": name,
                "plan_year": 1,
                "it_mwh": mwh,
                "compute_kh100e_h": work,
                "energy_cost_musd": energy,
                "carbon_tco2": carbon,
                "usd_per_mwh": 1e6 * energy / mwh if mwh else "",
                "marginal_usd_per_mwh": "",
                "energy_usd_per_kh100e_h": 1e6 * energy / work if work else "",
                "marginal_usd_per_kh100e_h": "",
                "carbon_kg_per_mwh": 1e3 * carbon / mwh if mwh else "",
                "carbon_kg_per_kh100e_h": 1e3 * carbon / work if work else "",
                "grid_growth_mw": built,
                "envelope_mw": envelope if name == "US" else "",
                "headroom_mw": envelope - built if name == "US" else "",
                "envelope_usd_per_mw": "",
                "demand_kh100e": asked,
                "served_kh100e": served,
                "home_kh100e": home,
                "home_frac": home / asked if asked else "",
                "exports_kh100e": mean("trade", "serve_kh100e", served_in=name) - home,
                "imports_kh100e": served - home,
            }
        )


def _limit(name: str, where: str, t: int, worth: float, limit: float, unit: str) -> dict[str, Any]:
    row = {"constraint": name, "where": where, "month": MONTHS[t], "worth_usd": worth, "unit": unit}
    return row | {"limit": limit, "rent_musd": worth * limit * 1.08 ** (-t / 12) / 1e6}


def _headlines(out: Rows) -> dict[str, float]:
    def total(table: str, column: str, **where: str) -> float:
        return sum(row[column] for row in out[table] if all(row[key] == value for key, value in where.items()))

    def pile(column: str) -> list[float]:
        return [sum(total("chips", column, generation_id=g, month=m) * CHIP[g]["h100e"] for g in CHIPS) / 1e3 for m in MONTHS]

    dark, gone, last = pile("dark_kunit"), pile("displaced_kunit"), MONTHS[-1]
    unserved = total("costs", "discounted_musd", component="unserved")
    above, all_of_it = (total("fleet", "compute_kh100e", month=last, **where) for where in ({"place_id": "dawn"}, {}))
    serving = [row for row in out["entry"] if row["cost_usd_per_h100e_h"] != ""]
    closest = min(serving, key=lambda row: row["flip_value_factor"])
    return {
        "cost": total("costs", "discounted_musd") - unserved,
        "energy_cost": 1e6 * total("league", "energy_cost_musd") / total("league", "it_mwh"),
        "unserved_value": unserved,
        "served_share": total("demand", "served_kh100e") / total("demand", "demand_kh100e"),
        "served_share_end": total("demand", "served_kh100e", month=last) / total("demand", "demand_kh100e", month=last),
        "dark_end": dark[-1],
        "dark_worst": max(dark),
        "displaced_end": gone[-1],
        "displaced_worst": max(gone),
        "power_end": total("power", "capacity_mw", month=last) / 1e3,
        "orbit_share": above / all_of_it,
        "orbit_gap": closest["gap_usd_per_kw"],
        "orbit_flip_value": closest["flip_value_factor"] * 1.75,
        "limit_1": 9.5e5,
        "limit_2": 2e5,
        "optimality_gap": 1e-13,
    }


def digest(path: Path) -> str:
    """sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cell(value: object) -> str:
    """A cell with twelve significant digits."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def write(folder: Path) -> Path:
    """Write the run folder with its manifest."""
    (folder / "inputs").mkdir(parents=True)
    (folder / "tables").mkdir()
    (folder / "inputs" / "plan.yaml").write_text(PLAN, encoding="utf-8")
    for name, text in INPUTS.items():
        (folder / "inputs" / f"{name}.csv").write_text(text, encoding="utf-8")
    rows, objective = tables()
    for name, records in rows.items():
        lines = [",".join(records[0])] + [",".join(cell(value) for value in record.values()) for record in records]
        (folder / "tables" / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    manifest = {
        "inputs": {path.name: digest(path) for path in sorted((folder / "inputs").iterdir())},
        "outputs": {f"tables/{path.name}": digest(path) for path in sorted((folder / "tables").iterdir())},
        "solver": {
            "mode": "value",
            "status": "optimal",
            "objective_musd": objective,
            "dual_objective_musd": objective * (1 - 1e-13),
            "primal_residual": 1e-12,
            "dual_residual": 1e-12,
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
