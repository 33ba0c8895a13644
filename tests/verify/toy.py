"""A run folder made by hand: two regions, an orbit, two generations, four months, every number by plain loops.

The plan in it is feasible, not optimal: the verifier asks whether a plan holds, not whether a better one exists.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from tests.verify.given import (
    BOUGHT,
    BUILD,
    BUILD_SHELL,
    CHIP,
    CHIPS,
    DARK,
    DECLINED,
    DEFERRED,
    DELIVERED,
    DEPLOY,
    FLEET,
    HOURS,
    INPUTS,
    KG_PER_KW,
    MONTHS,
    OFFERED,
    OPTION,
    PLACES,
    PLAN,
    REGION,
    RETIRE,
    RUN_FRAC,
    TONNES,
    N,
    alive,
    batch_of_april,
    crf_month,
    ended_dark,
    ending,
    service,
)
from tests.verify.toy_sums import Rows, break_even_rows, cost_rows, entry_row, summaries


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
                    expired = ending(place, chip, t) * (1 - spec["fail"]) ** ((t + 1) / 12)
                    expired += batch_of_april(t)[1] if (place, chip) == ("texas", "old") else 0.0
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

    _batches(out)
    out["offers"] = [
        {
            "generation_id": "new",
            "month": MONTHS[2],
            "offered_kunit": OFFERED,
            "bought_kunit": BOUGHT,
            "declined_kunit": DECLINED,
            "deferred_kunit": DEFERRED,
        }
    ]
    out["deferrals"] = [{"generation_id": "new", "month": MONTHS[2], "delivered_month": MONTHS[3], "deferred_kunit": DEFERRED}]
    month = 1.08 ** (-1 / 12)
    for t in (2, 3):
        taken = BOUGHT + (DEFERRED if t == 3 else 0.0)
        costs["", "new", t, "chips_bought"] += taken * 45 * (1 - month) / (1 - month**60)
    costs["", "new", 2, "chips_declined"] += DECLINED * 0.9
    costs["", "new", 3, "chips_declined"] += DEFERRED * 0.04
    for chip in CHIPS:
        dark, displaced, spec = DARK[chip], 0.0, CHIP[chip]
        for t in range(N):
            dark += DELIVERED.get((chip, t), 0.0) - sums["deploy", chip, t] - ended_dark(chip, t)
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
                    "end_of_life_kunit": sums["expired", chip, t] + ended_dark(chip, t),
                    "ended_dark_kunit": ended_dark(chip, t),
                    "dark_kh100e": dark * spec["h100e"],
                    "dark_mw": dark * spec["kw"],
                }
            )

    carbon_t = _power(out, costs, it_draw)
    _halls(out, costs, installed)
    _demand(out, costs, compute)
    _orbit(out, costs)
    objective = cost_rows(out, costs)
    summaries(out, costs, it_draw, compute, carbon_t)
    return out, objective


def _batches(out: Rows) -> None:
    """What stands in a place from the start, where some of it ends; all that is retired early is of it, and would end later."""

    def row(*cells: object) -> None:
        keys = ("place_id", "generation_id", "batch", "month")
        numbers = ("deploy_kunit", "retire_kunit", "end_of_life_kunit", "installed_kunit")
        out["batches"].append(dict(zip(keys + numbers, cells, strict=True)))

    for place, chip in FLEET:
        stands, keep = FLEET[place, chip], (1 - CHIP[chip]["fail"]) ** (1 / 12)
        for t in range(N) if any(ending(place, chip, month) for month in range(N)) else ():
            retire, expired = RETIRE.get((place, chip, t), 0.0), ending(place, chip, t) * keep ** (t + 1)
            stands = keep * stands - retire - expired
            row(place, chip, "start", MONTHS[t], 0.0, retire, expired, stands)
    for t in range(N):
        installed, expired = batch_of_april(t)
        row("texas", "old", "2026-04", MONTHS[t], DEPLOY["texas", "old", 0] if t == 0 else 0.0, 0.0, expired, installed)


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
                    "firm_mw": capacity[region, option] * (0.95 if option == "gas" else 1.0),
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
    out["orbit_break_even"] = break_even_rows(out["entry"])
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
        with (folder / "tables" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            lines = [list(records[0]), *([cell(value) for value in record.values()] for record in records)]
            csv.writer(file, lineterminator="\n").writerows(lines)
    manifest = {
        "plan": "toy",
        "boundary": "facility",
        "inputs": {path.name: digest(path) for path in sorted((folder / "inputs").iterdir())},
        "outputs": {f"tables/{path.name}": digest(path) for path in sorted((folder / "tables").iterdir())},
        "solver": {
            "mode": "value",
            "status": "time_limit",  # nobody solved it: it has no duals to prove that it is the best
            "objective_musd": objective,
            "dual_objective_musd": objective * (1 - 1e-13),
            "primal_residual": 1e-12,
            "dual_residual": 1e-12,
            "relative_gap": 1e-13,
        },
    }
    write_manifest(folder, manifest)
    return folder


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write a manifest with its own hash, as if the run had said so."""
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    (folder / "manifest.json").write_text(
        json.dumps({**rest, "sha256": hashlib.sha256(text.encode()).hexdigest()}), encoding="utf-8"
    )
