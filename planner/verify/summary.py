"""The tables that sum up, each number once more from the others: the league of places and the headlines of the plan."""

from __future__ import annotations

from collections.abc import Collection
from itertools import zip_longest

import numpy as np

from planner.verify.case import Case
from planner.verify.collector import Collector
from planner.verify.fleet import Fleet
from planner.verify.linear import contract
from planner.verify.power import firm_frac
from planner.verify.purchases import first_capital_musd
from planner.verify.rows.envelopes import counted_chips_usd, national_options
from planner.verify.run import MARKET, Run, dig, indicator, ratio, records
from planner.verify.series import by_month
from planner.verify.verdict import Array

ENERGY = ("energy", "fuel", "variable", "carbon", "capital", "fixed", "orbit_capital", "orbit_upkeep")
CAPITAL = ("power_capital", "hall_capital", "satellites", "launches")
FACILITY = (*ENERGY, "halls", "hall_operation")
OWN = ("orders_first", "cash_capital", "cash_running", "cash_chips", "cost", "energy_cost", "unserved_value")
LEAST_SHORT = 1e-3
"""Of what is asked: chips that wait, compute that is left over and work that is not served count from it on."""
MISSED_FRAC = 1e-6
"""Of what a target states: less missed than that is noise."""


def check_league(checks: Collector, fleet: Fleet) -> None:
    """What a megawatt-hour and an hour of compute cost in each place: sums and ratios of other tables."""
    run = checks.run
    it_mwh = (run.cube("fleet", "it_draw_mw").sum(axis=1) * run.hours).sum(axis=1)
    compute = (run.cube("fleet", "compute_kh100e").sum(axis=1) * run.hours).sum(axis=1)
    energy, facility = (spent_musd(run, components).sum(axis=1) for components in (ENERGY, FACILITY))
    carbon = np.zeros(len(it_mwh))
    carbon[: fleet.regions] = run.cube("power", "carbon_tco2").sum(axis=(1, 2))
    for column, value, unit in (
        ("it_mwh", it_mwh, "MWh"),
        ("compute_kh100e_h", compute, "kH100e h"),
        ("energy_cost_musd", energy, "million USD"),
        ("facility_cost_musd", facility, "million USD"),
    ):
        checks.column(f"league.{column}", value, unit, f"{column} sums the other tables")
    for column, above, below, unit in (
        ("usd_per_mwh", energy * 1e6, it_mwh, "USD/MWh"),
        ("usd_per_mwh_facility", facility * 1e6, it_mwh, "USD/MWh"),
        ("usd_per_kh100e_h", (facility if run.facility else energy) * 1e6, compute, "USD/kH100e h"),
        ("carbon_kg_per_kh100e_h", carbon * 1e3, compute, "kg/kH100e h"),
    ):
        checks.column(f"league.{column}", ratio(above, below), unit, f"{column} is the ratio of its sums")


def spent_musd(run: Run, components: Collection[str]) -> Array:
    """What the table of costs holds of some components by place and month, [x,t]."""
    costs = run.table("costs")
    rows = costs[costs["component"].isin(list(components)).to_numpy(dtype=bool)]
    places, months = run.positions(rows, ("place_id", "month"))
    spent = np.zeros((len(run.axes["place_id"]), run.month_count))
    here = places >= 0
    np.add.at(spent, (places[here], months[here]), rows["cost_musd"].to_numpy(dtype=float)[here])
    return spent


def check_summary(checks: Collector, case: Case, repeated: Collection[str]) -> None:
    """Every headline whose key is known has the value that the tables give, wherever it is written.

    ``repeated`` names the limits that are not ranked, since their prices repeat what others say."""
    taken = {"projects_capital": float(checks.run.table("projects")["capital_musd"].sum())}
    ranked = _limits(checks.run, repeated) | _remedies(checks.run)
    known = _headlines(case) | taken | ranked | _entry(checks.run) | _gap(checks.run)
    known |= _own_currency(checks.run, known)
    stated = _stated(checks)
    if not stated:
        checks.fail("summary", "neither tables/summary.csv nor the manifest holds headlines")
    _check_copies(checks)
    examined = [(key, value) for key, value in stated if key in known]
    names = [key for key, _ in examined]
    values = np.array([value for _, value in examined], dtype=float)
    derived = np.array([known[key] for key in names], dtype=float)
    law = "headlines follow from the tables"
    checks.same("summary.value", values, derived, (names,), "", law)
    others = list(dict.fromkeys(key for key, _ in stated if key not in known))
    if others:
        checks.add("summary.other", True, f"not examined, no table tells: {', '.join(others)}")


def _stated(checks: Collector) -> list[tuple[str, float]]:
    """Headlines of the table, where there is one, and of the manifest."""
    frame = checks.run.table("summary")
    found = [(str(key), float(value)) for key, value in zip(frame["key"], frame["value"], strict=True)]
    lines = dig(checks.run.manifest, "summary")
    for line in lines if isinstance(lines, list) else []:
        key, value = (line.get("key"), line.get("value")) if isinstance(line, dict) else ("", None)
        found.append((str(key), float(value) if isinstance(value, (int, float)) else np.nan))
    return found


def _check_copies(checks: Collector) -> None:
    """Table and manifest hold the same headlines, word for word: what no other table tells is not told twice in two ways."""
    lines = dig(checks.run.manifest, "summary")
    frame = checks.run.table("summary")
    if not isinstance(lines, list) or not len(frame):
        return
    table = records(frame, ("key", "unit", "text"))
    told = [
        tuple(str(line.get(part)) for part in ("key", "unit", "text")) if isinstance(line, dict) else (str(line),)
        for line in lines
    ]
    for number, (one, other) in enumerate(zip_longest(table, told, fillvalue=())):
        if one != other:
            checks.fail("summary.copies", f"row {number + 2} of tables/summary.csv is {one}, the manifest has {other}")
            return
    numbers = [line.get("value") for line in lines]
    values = np.array([value if isinstance(value, (int, float)) else np.nan for value in numbers], dtype=float)
    law = "table and manifest hold the same headlines"
    written, keys = frame["value"].to_numpy(dtype=float), [key for key, _, _ in table]
    checks.same("summary.copies", written, values, (keys,), "", law)


def _headlines(case: Case) -> dict[str, float]:
    """What the tables of costs, demand, chips, fleet and power give."""
    run, fleet, power = case.run, case.fleet, case.power

    def share(part: float, whole: float, empty: float) -> float:
        return part / whole if whole > 0 else empty

    costs, league, cash = run.table("costs"), run.table("league"), run.table("cash")
    paid = cash.groupby("component")["cash_musd"].sum().to_dict()
    capital, bought = sum(paid.get(name, 0.0) for name in CAPITAL), paid.get("chips", 0.0)
    price = run.vector("inputs.accelerators", "price_usd_per_unit")
    unserved = (costs["component"] == "unserved").to_numpy(dtype=bool)
    asked, served = (run.cube("demand", f"{kind}_kh100e").sum(axis=(0, 1)) for kind in ("demand", "served"))
    compute = run.cube("fleet", "compute_kh100e")[:, :, -1].sum(axis=1)
    drawn = (by_month(run, "inputs.regions", "pue") * run.cube("fleet", "it_draw_mw")[: fleet.regions].sum(axis=1)).sum(axis=0)
    out = {
        **first_capital_musd(run),
        "cash_capital": capital,
        "cash_running": sum(paid.values()) - capital - bought,
        "cash_chips": bought,
        "dark_price": float(price @ run.cube("chips", "dark_kunit")[:, -1]) / 1e3,
        "cost": float(costs["discounted_musd"][~unserved].sum()),
        "unserved_value": float(costs["discounted_musd"][unserved].sum()),
        "energy_cost": share(1e6 * float(league["energy_cost_musd"].sum()), float(league["it_mwh"].sum()), 0.0),
        "served_share": share(float(served.sum()), float(asked.sum()), 1.0),
        "served_share_end": share(float(served[-1]), float(asked[-1]), 1.0),
        "power_firm_start": float((power.start * firm_frac(run)).sum()) / 1e3,
        "power_firm_end": float(run.cube("power", "firm_mw")[:, :, -1].sum()) / 1e3,
        "power_drawn_start": float(drawn[0]) / 1e3,
        "power_drawn_end": float(drawn[-1]) / 1e3,
        "power_end": float(power.capacity[:, :, -1].sum()) / 1e3,
        "orbit_share": share(float(compute[fleet.regions :].sum()), float(compute.sum()), 0.0),
    }
    can = run.cube("fleet", "compute_kh100e").sum(axis=(0, 1))
    idle = fleet.h100e @ (run.cube("chips", "dark_kunit") + run.cube("chips", "displaced_kunit"))
    least = LEAST_SHORT * asked
    out["chips_short"] = float(np.mean((idle <= least) & (can - served <= least) & (asked - served > least)))
    nameplate = run.cube("fleet", "it_nameplate_mw")[: fleet.regions, :, -1].sum(axis=1)
    if nameplate.sum() > 0:
        out["nameplate_cover"] = float(nameplate @ run.vector("inputs.regions", "nameplate_frac") / nameplate.sum())
    out |= _budget_spent(run, fleet)
    if dig(run.plan, "money.year") is not None:
        nominal = run.table("nominal")
        out["cash_nominal"] = float(nominal["nominal_musd"][(nominal["component"] != "chips").to_numpy(dtype=bool)].sum())
    taken = fleet.bought + fleet.put_off
    offered, bought = (float(fleet.h100e @ each.sum(axis=1)) for each in (fleet.offered, taken))
    if offered > 0:
        out["offers_bought"] = bought / offered
    moves = run.cube("moves", "served_kh100e")[:, :-1].sum(), run.cube("moves", "moved_kh100e").sum()
    if moves[0] > 0:
        out["moved_share"] = float(moves[1] / moves[0])
    out |= _target_headlines(run) | _reservation_headlines(run)
    paced = national_options(run) * (1.0 - case.power.projects.is_own)
    limit = np.einsum("rpt,rp->rpt", run.cube("power", "growth_limit_mw"), paced)
    if (room := limit > 0.0).any():
        out["grid_at_limit"] = float(np.mean(run.cube("power", "build_mw")[room] >= (1.0 - 1e-6) * limit[room]))
    firm = run.cube("power", "firm_mw").sum(axis=1)
    rights = np.einsum("rht,rh->rt", run.worth("respect_right", "region_id", "owner_id"), case.owners.shares[1])
    worth = run.worth("house_chips", "region_id") + rights
    out["firm_value"] = share(float((firm * worth).sum()), float((firm @ run.hours).sum()), 0.0)
    for reason in ("power", "halls", "late", "idle"):
        out[f"dark_{reason}_end"] = float(fleet.h100e @ run.cube("dark", f"{reason}_kunit")[:, -1]) / 1e3
    for name in ("dark", "displaced"):
        path: Array = fleet.h100e @ run.cube("chips", f"{name}_kunit") / 1e3
        out |= {f"{name}_end": float(path[-1]), f"{name}_worst": float(path.max())}
    owned = np.array([owner not in ("", MARKET) for owner in run.texts("inputs.accelerators", "owner_id")], dtype=float)
    out["dark_owned_end"] = float((fleet.h100e * owned) @ run.cube("chips", "dark_kunit")[:, -1]) / 1e3
    return out


def _own_currency(run: Run, known: dict[str, float]) -> dict[str, float]:
    """Amounts in the currency that the plan shows beside USD, at its rate."""
    rate = run.number("money.usd_per_currency", 0.0)
    return {"own_currency": rate} | {f"own_{key}": known[key] / rate for key in OWN if key in known} if rate > 0 else {}


def _budget_spent(run: Run, fleet: Fleet) -> dict[str, float]:
    """Of the budgets of all years that the look-ahead has no month of, the share that falls due."""
    stated = dig(run.plan, "budget.capital_musd_per_year")
    budgets = {str(year): float(musd) for year, musd in (stated if isinstance(stated, dict) else {}).items()}
    last = run.months[run.reported - 1]
    cut = last[:4] if run.decided_count > run.reported and not last.endswith("-12") else ""
    months = [month for month in run.months[: run.reported] if month[:4] in budgets and month[:4] != cut]
    years = dict.fromkeys(month[:4] for month in months)
    part = {year: sum(month[:4] == year for month in months) / 12.0 for year in years}
    carried = {year: run.number(f"budget.carried_over_musd.{year}", 0.0) for year in years}
    budget = sum(max(0.0, budgets[year] * part[year] + carried[year]) for year in years)
    spent = run.table("capital")
    due = float(spent["capital_musd"][spent["month"].isin(months).to_numpy(dtype=bool)].sum())
    months_in = indicator(months, run.months, str.__eq__).sum(axis=0)
    due += float(contract([("g", counted_chips_usd(run) / 1e3), ("gt", fleet.taken), ("t", months_in)], ""))
    return {"budget_spent": due / budget} if budget > 0 else {}


def _target_headlines(run: Run) -> dict[str, float]:
    """How many months of targets are met, what is paid for the others, and how many rules have a price."""
    frame = run.table("targets")
    if not len(frame):
        return {}
    worth, missing, stated = (frame[name].to_numpy(dtype=float) for name in ("worth_usd", "missed_kh100e", "stated_kh100e"))
    missed, aimed = missing > MISSED_FRAC * stated, (frame["rule"] == "target").to_numpy(dtype=bool)
    out = {"targets_binding": float(len(set(records(frame[~missed & (worth > 0.0)], ("rule", "target_id")))))}
    if aimed.any():
        paid = frame["penalty_musd"].to_numpy(dtype=float)
        out |= {"targets_met": 1.0 - float(missed[aimed].mean()), "target_penalty": float(paid[aimed].sum())}
    return out


def _reservation_headlines(run: Run) -> dict[str, float]:
    """Means over the months of the horizon, and sums of money."""
    frame = run.table("reservations")
    if not len(frame):
        return {}
    mean = {name: float(frame[f"{name}_kh100e"].sum()) / run.month_count / 1e3 for name in ("reserved", "used")}
    penalty, paid = (float(frame[f"{name}_musd"].sum()) for name in ("penalty", "paid"))
    return {
        "reserved": mean["reserved"],
        "reserved_used": mean["used"],
        "reservation_penalty": penalty,
        "reservation_paid": paid,
    }


def _limits(run: Run, repeated: Collection[str]) -> dict[str, float]:
    frame = run.table("limits")
    rows = frame[~frame["constraint"].isin(list(repeated)).to_numpy(dtype=bool)]
    groups = [part for _, part in rows.groupby(["constraint", "where"], sort=False)]
    ranked = sorted(groups, key=lambda part: -abs(float(part["rent_musd"].sum())))[:5]
    return {f"limit_{rank}": float(part["worth_usd"].max()) for rank, part in enumerate(ranked, start=1)}


def _remedies(run: Run) -> dict[str, float]:
    net = run.table("remedies")["net_musd"].to_numpy(dtype=float)[:3]
    return {f"remedy_{rank}": float(each) for rank, each in enumerate(net, start=1)}


def _entry(run: Run) -> dict[str, float]:
    frame = run.table("entry")
    factor = frame["flip_value_factor"].where(frame["cost_usd_per_h100e_h"].notna()).to_numpy(dtype=float)
    if not np.isfinite(factor).any():
        return {}
    closest = frame.iloc[int(np.nanargmin(factor))]
    mean = float(by_month(run, "inputs.classes", "value_usd_per_h100e_h")[:, : run.reported].mean())
    return {"orbit_gap": float(closest["gap_usd_per_kw"]), "orbit_flip_value": float(closest["flip_value_factor"]) * mean}


def _gap(run: Run) -> dict[str, float]:
    told = [dig(run.manifest, f"solver.{key}") for key in ("objective_musd", "dual_objective_musd")]
    if not all(isinstance(value, (int, float)) for value in told):
        return {}
    return {"optimality_gap": abs(told[0] - told[1]) / max(1.0, abs(told[0]))}
