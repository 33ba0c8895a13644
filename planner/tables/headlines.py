"""The dozen lines that a run ends with: words first, numbers with units, the boundary named."""

from __future__ import annotations

import pandas as pd

from models.data import PlanData
from planner.result import SummaryLine
from planner.schema.results import HEADLINES
from planner.solve.solution import Solution
from planner.tables.limits import most_valuable, say

Tables = dict[str, pd.DataFrame]
LEAST = 0.001  # of what is dark: less of it needs no words


def summarise(solution: Solution, tables: Tables) -> list[SummaryLine]:
    """Headlines of a solved plan."""
    d = solution.data
    return [
        *_cost_lines(d, tables),
        *_served_lines(tables),
        *_pile_lines(d, tables),
        *_power_lines(d, tables),
        *_orbit_lines(d, tables),
        *_limit_lines(solution, tables),
        _line("optimality_gap", solution.proof.gap, _gap_words(solution)),
    ]


def _line(key: str, value: float, text: str = "") -> SummaryLine:
    return SummaryLine(key, value, HEADLINES[key].unit, text)


def _gap_words(solution: Solution) -> str:
    gap, outcome = solution.proof.gap, solution.outcome
    if outcome.status == "optimal":
        return f"proven optimal: relative gap to the dual bound {gap:.1e} ({outcome.algorithm})"
    bound = money(solution.proof.dual_objective_musd)
    worth = "cost and the worth of what is unserved" if solution.data.unserved_allowed else "cost"
    return (
        f"feasible, but {outcome.message}; {worth}, {money(solution.proof.objective_musd)} USD, could be less by {gap:.2%} at "
        f"most: no plan can do with less than {bound} USD"
    )


COST_WORDS = {
    "capital": "capital of power",
    "fixed": "upkeep of power",
    "install": "installing chips",
    "carry_dark": "carrying dark chips",
    "carry_displaced": "carrying displaced chips",
    "orbit_capital": "satellites and launch",
    "orbit_upkeep": "upkeep of satellites",
    "orbit_chip_loss": "chips lost in orbit",
}
"""Components whose names alone would not say what they are."""

SMALL_PART = 1e-3
"""Share of the cost up to which what is not listed is not missed."""


def _cost_lines(d: PlanData, tables: Tables) -> list[SummaryLine]:
    costs, league = tables["costs"], tables["league"]
    by_component = costs.groupby("component", sort=False)["discounted_musd"].sum().to_dict()
    unserved = float(by_component.pop("unserved", 0.0))
    paid = float(sum(by_component.values()))
    largest = {name: usd for name, usd in sorted(by_component.items(), key=lambda item: -item[1])[:5] if usd > 0}
    other = paid - sum(largest.values())
    said = [f"{COST_WORDS.get(str(name), str(name).replace('_', ' '))} {money(usd)}" for name, usd in largest.items()]
    parts = ", ".join(said + ([f"other {money(other)}"] if other > SMALL_PART * paid else []))
    mwh = float(league["it_mwh"].sum())
    energy = 1e6 * float(league["energy_cost_musd"].sum()) / mwh if mwh else 0.0
    facility = 1e6 * float(league["facility_cost_musd"].sum()) / mwh if mwh else 0.0
    halls = f"; with new halls {facility:,.0f}" if d.boundary == "facility" else ""
    months = f"{len(d.months)} month{'s' if len(d.months) > 1 else ''}"
    text = f"cost {money(paid)} USD over {months}, discounted, boundary {d.boundary}"
    lines = [
        _line("cost", paid, text + (f": {parts}" if parts else "")),
        _line(
            "energy_cost",
            energy,
            f"energy {energy:,.0f} USD per MWh of IT{halls} (what stands there today is sunk)",
        ),
    ]
    if d.mode == "value" and unserved:
        text = f"compute left unserved would be worth {money(unserved)} USD"
        lines.append(_line("unserved_value", unserved, text))
    return lines


def money(musd: float) -> str:
    """Million USD in words that fit its size."""
    return f"{musd / 1e3:,.1f} billion" if abs(musd) >= 1e3 else f"{musd:,.1f} million"


def compute(kh100e: float) -> str:
    """Thousand H100e in words that fit their size."""
    return f"{kh100e / 1e3:,.1f} M H100e" if abs(kh100e) >= 1e3 else f"{kh100e:,.1f} thousand H100e"


def watts(mw: float) -> str:
    """MW in words that fit their size."""
    return f"{mw / 1e3:,.1f} GW" if abs(mw) >= 1e3 else f"{mw:,.0f} MW"


def _served_lines(tables: Tables) -> list[SummaryLine]:
    by_month = tables["demand"].groupby("month")[["demand_kh100e", "served_kh100e"]].sum()
    asked, served = (by_month[name].to_numpy(dtype=float) for name in ("demand_kh100e", "served_kh100e"))
    total = float(served.sum() / asked.sum()) if asked.sum() else 1.0
    last = float(served[-1] / asked[-1]) if asked[-1] else 1.0
    text = f"served {total:.1%} of the compute asked over the horizon, {last:.1%} in {by_month.index[-1]}"
    return [_line("served_share", total, text), _line("served_share_end", last)]


def _pile_lines(d: PlanData, tables: Tables) -> list[SummaryLine]:
    chips = tables["chips"]
    h100e = chips["generation_id"].map(d.h100e_per_unit)
    lines = []
    for column, name, words in (("dark_kunit", "dark", "dark"), ("displaced_kunit", "displaced", "displaced by newer ones")):
        by_month = (chips[column] * h100e).groupby(chips["month"]).sum()
        power = (chips[column] * chips["generation_id"].map(d.kw_per_unit)).groupby(chips["month"]).sum()
        end, worst = float(by_month.iloc[-1]), float(by_month.max())
        text = f"chips {words}: {compute(end)} at the end ({watts(float(power.iloc[-1]))} of IT)"
        late = _too_late(d, chips) if name == "dark" else 0.0
        if late > LEAST * end:
            text += f", {compute(late)} of it delivered too late to be commissioned on Earth before the plan ends"
        if worst > end:
            text += f", at worst {compute(worst)} in {by_month.idxmax()}"
        lines.append(_line(f"{name}_end", end / 1e3, text))
        lines.append(_line(f"{name}_worst", worst / 1e3))
    return lines


def _too_late(d: PlanData, chips: pd.DataFrame) -> float:
    """Thousand H100e dark at the end that no region could have commissioned: no limit is to blame for them."""
    lag = min(d.commission_months[r] for r in d.regions)
    last = chips[chips["month"].isin(d.months[len(d.months) - lag :])].groupby("generation_id")["delivered_kunit"].sum()
    dark = chips[chips["month"] == d.months[-1]].set_index("generation_id")["dark_kunit"]
    return sum(min(float(dark[g]), float(last.get(g, 0.0))) * d.h100e_per_unit[g] for g in dark.index)


def _power_lines(d: PlanData, tables: Tables) -> list[SummaryLine]:
    power = tables["power"]
    first = sum(d.start_mw.values())
    last = power[power["month"] == d.months[-1]]
    grid = last["option_id"].isin(d.national_options)
    stores = last["option_id"].isin(list(d.storage_h))
    total, plants = float(last["capacity_mw"].sum()), float(last.loc[~grid & ~stores, "capacity_mw"].sum())
    text = f"power for AI from {watts(first)} to {watts(total)} at the facility, {watts(plants)} of it plants on site"
    if stores.any():
        text += f" and {watts(float(last.loc[stores, 'capacity_mw'].sum()))} storage, which makes none"
    return [_line("power_end", total / 1e3, text)]


def _orbit_lines(d: PlanData, tables: Tables) -> list[SummaryLine]:
    if not d.designs:
        return [_line("orbit_share", 0.0, "orbit: no design in this plan")]
    fleet, orbit, entry = tables["fleet"], tables["orbit"], tables["entry"]
    last = fleet[fleet["month"] == d.months[-1]]
    total = float(last["compute_kh100e"].sum())
    above = float(last.loc[last["place_id"].isin(d.designs), "compute_kh100e"].sum())
    share = above / total if total else 0.0
    launched = float(orbit["launched_mw"].sum())
    text = f"orbit: {share:.2%} of compute in {d.months[-1]}, {launched:,.0f} MW launched"
    lines = [_line("orbit_share", share, text)]
    entry = entry[entry["flip_value_factor"].notna() & entry["cost_usd_per_h100e_h"].notna()]
    if entry.empty or not d.demand_kh100e or not max(d.demand_kh100e.values()):
        return lines
    # relative, not in dollars: a launch near the end costs and earns little of either
    closest = entry.to_dict("records")[int(entry["flip_value_factor"].to_numpy(dtype=float).argmin())]
    gap, design, month = float(closest["gap_usd_per_kw"]), closest["design_id"], closest["month"]
    even = closest["break_even_launch_usd_per_kg"]
    even_words = (
        f"it breaks even at {even:,.0f} USD/kg in that month, by what it costs and earns until {d.months[-1]}"
        if pd.notna(even) and even >= 0
        else "not even a free launch breaks even"
    )
    per_kg, cost_kw = float(closest["launch_usd_per_kg"]), float(closest["cost_usd_per_kw"])
    place = f"{design} with {closest['generation_id']}, launched in {month} at {per_kg:,.0f} USD/kg"
    inside = f"of the {cost_kw:,.0f} USD per kW that it costs inside the plan"
    if gap > 0:
        words = f"{place}, is {gap / cost_kw:.0%} too dear at best ({gap:,.0f} {inside}); {even_words}"
    else:
        words = f"{place}, beats the marginal place by {-gap:,.0f} USD per kW {inside}"
    lines.append(_line("orbit_gap", gap, f"orbit, boundary {d.boundary}: {words}"))
    factor, cost = float(closest["flip_value_factor"]), float(closest["cost_usd_per_h100e_h"])
    held = sum(d.value_usd_per_h100e_h.values()) / len(d.value_usd_per_h100e_h)
    text = (
        f"that flips when compute is worth {factor:.2f} times as much, about {factor * held:,.2f} USD per H100e-hour instead "
        f"of {held:,.2f}; a chip that is dark anyway pays in orbit above {cost:,.2f}"
    )
    lines.append(_line("orbit_flip_value", factor * held, text))
    return lines


def _no_prices() -> SummaryLine:
    text = "mode energy: most compute first, then least cost; limits and orbit are priced in mode value alone"
    return _line("priced_limits", 0.0, text)


def _limit_lines(solution: Solution, tables: Tables) -> list[SummaryLine]:
    if solution.data.mode == "energy":
        return [_no_prices()]
    lines = []
    for number, (name, where, month, worth, rent) in enumerate(most_valuable(tables["limits"], 5), start=1):
        unit = tables["limits"].loc[tables["limits"]["constraint"] == name, "unit"].iloc[0]
        text = f"limit worth most, {number}: {money(rent)} USD of rent in all its months; "
        text += f"{say(name, where, month)} saves {worth:,.0f} USD"
        lines.append(SummaryLine(f"limit_{number}", worth, str(unit), text))
    return lines
