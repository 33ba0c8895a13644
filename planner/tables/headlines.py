"""The dozen sentences that a run ends with: numbers with units, names as people know them, the cost scope named."""

from __future__ import annotations

import pandas as pd
from iso3166 import countries_by_alpha2

from models import REGISTER
from models.data import PlanData
from planner.formats import count, fine_percent, month_name, number, percent, usd, watts
from planner.plan.estimates import range_words, value_of_compute
from planner.plan.plan import Plan
from planner.prepare.plan_data import prepared
from planner.result import SummaryLine, headline
from planner.schema.compute import MARKET
from planner.schema.glossary import COST_SCOPES
from planner.solve.rounding import Rounding
from planner.solve.solution import ALTERNATIVE, Solution
from planner.tables.costs import compared
from planner.tables.frames import per
from planner.tables.headline_dark import dark_lines
from planner.tables.headline_growth import growth_lines
from planner.tables.headline_money import money_lines
from planner.tables.headline_remedies import purchase_lines, remedy_lines
from planner.tables.limits import dearest_usd_per_h100e_h, most_valuable, place_words, say
from planner.tables.orbit_break_even import closest_launches, first_at_lower_prices
from planner.tables.own_currency import own_currency_lines
from planner.tables.reservations import reservation_lines
from planner.tables.targets import target_lines

Tables = dict[str, pd.DataFrame]
NAMED = {
    "regions": "region_id",
    "options": "option_id",
    "accelerators": "generation_id",
    "designs": "design_id",
    "owners": "owner_id",
}
"""Tables whose rows have names for people, and their ids."""
WHY_POWER = "the plan still launches, because power on Earth is short"
WHY_VALUE = "the plan still launches, because what it computes there is worth more than it costs"
FEWEST_MW = 1e-3
"""Launched in all: less is noise of the solver."""
LEAST = 0.001
"""Share that needs no words."""


def summarise(plan: Plan, solution: Solution, tables: Tables, rounding: Rounding | None = None) -> list[SummaryLine]:
    """Headlines of a solved plan. ``rounding``: what it costs to buy in whole units, where anything is bought so."""
    d, money = solution.data, plan.settings.money
    names = names_in_sentences(plan)
    paid = [
        *purchase_lines(d, tables, names, rounding, money.beside),
        *remedy_lines(d, tables["remedies"], names),
        *money_lines(d, tables, prepared(plan).chip_usd_per_unit, money),
    ]
    return [
        *paid,
        *own_currency_lines(paid, money.beside),
        *_project_lines(d, solution, tables),
        *_served_lines(plan, tables),
        *target_lines(tables["targets"]),
        *reservation_lines(d, tables["reservations"]),
        *_move_lines(tables["moves"]),
        *dark_lines(d, tables, names),
        *_power_lines(plan, d, tables),
        *growth_lines(d, tables),
        *_orbit_lines(plan, d, tables, names, solution.outcome.status == ALTERNATIVE),
        *_limit_lines(solution, tables, names),
        headline("optimality_gap", solution.proof.gap, _gap_words(solution)),
    ]


def names_in_sentences(plan: Plan) -> dict[str, str]:
    """The names of places, options, generations and designs for people; options as they read within a sentence."""
    found = {MARKET: "the market"}
    for table, key in NAMED.items():
        columns = plan.tables[table].columns
        for each, name in zip(columns[key], columns["name"], strict=True):
            found[each] = name or each
            if table == "options" and name and not name[:2].isupper():
                head, _, rest = f"{name[:1].lower()}{name[1:]}".partition(", ")
                found[each] = f"{head} ({rest})" if rest else head
    for table in ("regions", "zones", "countries"):
        for code in map(str, plan.tables[table].columns["country_iso2"]):
            if code in countries_by_alpha2:
                found.setdefault(code, countries_by_alpha2[code].apolitical_name)
    return found


def _gap_words(solution: Solution) -> str:
    gap, outcome = solution.proof.gap, solution.outcome
    d = solution.data
    counted = "cost and the value of unserved compute" if d.unserved_allowed else "cost"
    counted += f" of all {len(d.months)} months, look-ahead included" if d.look_ahead_months else ""
    if outcome.status == "optimal":
        what = "Optimal" if solution.choices is None else "Optimal for the whole projects as chosen"
        text = f"{what}: gap to the dual bound {gap:.1e} ({outcome.algorithm})"
        least = f"least {counted}: {usd(1e6 * solution.proof.objective_musd)}"
        return f"{text}; {least}" if d.look_ahead_months and d.mode == "value" else text
    bound = usd(1e6 * solution.proof.dual_objective_musd)
    if outcome.status == ALTERNATIVE:
        more = f"{counted}, {usd(1e6 * solution.proof.objective_musd)}, is {percent(gap)} above the least, {bound}"
        return f"An alternative to the optimum: {outcome.message}; {more}"
    return (
        f"Feasible, but {outcome.message}; {counted}, {usd(1e6 * solution.proof.objective_musd)}, could be at most "
        f"{percent(gap)} lower: no plan can do with less than {bound}"
    )


def _served_lines(plan: Plan, tables: Tables) -> list[SummaryLine]:
    by_month = tables["demand"].groupby("month")[["demand_kh100e", "served_kh100e"]].sum()
    asked, served = (by_month[name].to_numpy(dtype=float) for name in ("demand_kh100e", "served_kh100e"))
    total = float(served.sum() / asked.sum()) if asked.sum() else 1.0
    last = float(served[-1] / asked[-1]) if asked[-1] else 1.0
    text = f"{percent(total)} of demand is served over the horizon, {percent(last)} in {month_name(str(by_month.index[-1]))}"
    if total < 1 and asked[0] > 0:
        text += f"; demand is assumed: {number(asked[-1] / asked[0])} times as much in the last month as in the first"
        grows = range_words(plan, "demand.doubling_months")
        text += f" (it doubles in {number(plan.settings.demand.doubling_months)} months{grows})" if grows else ""
        first = 1.0 - float(served[0] / asked[0])
        text += f"; {percent(first)} of what is asked in the first month is not served" if first > LEAST else ""
    return [headline("served_share", total, text), headline("served_share_end", last)]


def _project_lines(d: PlanData, solution: Solution, tables: Tables) -> list[SummaryLine]:
    """What is taken and what is not, how good the choice is, and what that means for prices; only where there are projects."""
    if "projects" not in tables:
        return []
    rows = tables["projects"].to_dict("records")
    taken = [
        f"{row['project_id']} ({'' if row['taken_frac'] > 1 - LEAST else percent(row['taken_frac']) + ' of it, '}"
        f"{month_name(str(row['start_month']))})"
        for row in rows
        if row["start_month"]
    ]
    left = [str(row["project_id"]) for row in rows if not row["start_month"]]
    until = f" until {month_name(d.horizon[-1])}" if len(d.months) > len(d.horizon) else ""
    said = [f"taken: {', '.join(taken)}"] * bool(taken) + [f"not taken{until}: {', '.join(left)}"] * bool(left)
    text = f"Projects {'; '.join(said)}"
    if solution.choices is not None:
        gap = solution.choices.gap(solution.proof.objective_musd)
        text += f". The choice of whole projects is within {fine_percent(gap)} of the best, by the bound of HiGHS; "
        text += "all prices are those of the plan with this choice"
    return [headline("projects_capital", float(tables["projects"]["capital_musd"].sum()), text)]


def _move_lines(moves: pd.DataFrame) -> list[SummaryLine]:
    """Only where moves have a price, and something could move."""
    last = moves["month"] == moves["month"].max()
    before = float(moves.loc[~last, "served_kh100e"].sum())
    if before <= 0:
        return []
    share = float(moves["moved_kh100e"].sum()) / before
    return [headline("moved_share", share, f"{percent(share)} of work changes place in a month, where moving it has a price")]


def _power_lines(plan: Plan, d: PlanData, tables: Tables) -> list[SummaryLine]:
    """Firm power and what chips draw; capacity, where sun and wind count in full, is in the tables."""
    power, fleet = tables["power"], tables["fleet"]
    start = sum(mw * d.firm_frac[pair] for pair, mw in d.start_mw.items())
    last = power[power["month"] == d.horizon[-1]]
    stores = last["option_id"].isin(list(d.storage_h))
    bought = {(r, p) for (r, p, _, _), usd in d.energy_usd_per_mwh.items() if usd or p in d.national_options}
    of_grid = pd.Series([pair in bought for pair in zip(last["region_id"], last["option_id"], strict=True)], index=last.index)
    plants = last.loc[~of_grid & ~stores, "firm_mw"]
    firm, on_site, stored = (float(each.sum()) for each in (last["firm_mw"], plants, last.loc[stores, "firm_mw"]))
    pue = {(r, d.months[t - 1]): factor for (r, t), factor in d.pue.items()}
    factors = [pue.get(at, 0.0) for at in zip(fleet["place_id"], fleet["month"], strict=True)]
    draw = (fleet["it_draw_mw"] * factors).groupby(fleet["month"]).sum()
    first_draw, last_draw = (float(draw.get(month, 0.0)) for month in (d.months[0], d.horizon[-1]))
    text = f"Firm power for AI goes from {watts(start)} to {watts(firm)} at the facility, {watts(on_site)} of it plants on site"
    text += f" and {watts(stored)} storage" if stored else ""
    text += f"; chips draw {watts(first_draw)} in {month_name(d.months[0])}, {watts(last_draw)} in {month_name(d.horizon[-1])}"
    return [
        headline("power_firm_start", start / 1e3),
        headline("power_firm_end", firm / 1e3, text),
        *_nameplate_lines(plan, d, *(table[table["month"] == d.horizon[-1]] for table in (fleet, tables["dark"]))),
        headline("power_drawn_start", first_draw / 1e3),
        headline("power_drawn_end", last_draw / 1e3),
        headline("power_end", float(last["capacity_mw"].sum()) / 1e3),
    ]


def _nameplate_lines(plan: Plan, d: PlanData, fleet: pd.DataFrame, dark: pd.DataFrame) -> list[SummaryLine]:
    """How much of the chips' nameplate needs firm power at the end; what that costs is said where chips wait for power."""
    on_earth = fleet[fleet["place_id"].isin(list(d.nameplate_frac))]
    nameplate, draw = (float(on_earth[column].sum()) for column in ("it_nameplate_mw", "it_draw_mw"))
    if nameplate <= 0:
        return []
    covered = float((on_earth["it_nameplate_mw"] * per(on_earth["place_id"], d.nameplate_frac)).sum())
    needed, drawn = percent(covered / nameplate), percent(draw / nameplate)
    text = f"Assumption: {needed} of the nameplate power of chips needs firm power"
    text += f"{range_words(plan, 'regions.nameplate_frac')}, though they draw {drawn}"
    if 0 < draw < covered and float(dark["power_kunit"].sum()) > 0:
        text += f"; if what they draw were enough, the same power could run up to {percent(covered / draw - 1)} more chips"
    return [headline("nameplate_cover", covered / nameplate, text)]


def _orbit_lines(plan: Plan, d: PlanData, tables: Tables, names: dict[str, str], alternative: bool) -> list[SummaryLine]:
    if not d.designs:
        return [headline("orbit_share", 0.0, "Orbit: this plan has no orbital design")]
    fleet, end = tables["fleet"], month_name(d.horizon[-1])
    last = fleet[fleet["month"] == d.horizon[-1]]
    total = float(last["compute_kh100e"].sum())
    above = float(last.loc[last["place_id"].isin(d.designs), "compute_kh100e"].sum())
    share = above / total if total else 0.0
    launched = float(tables["orbit"]["launched_mw"].sum())
    whole = "this alternative" if alternative else "the least-cost plan"
    text = f"Orbit is not part of {whole}"
    if launched > FEWEST_MW:
        text = f"Orbit is part of {whole}: {watts(launched)} launched, {percent(share)} of compute in {end}"
    lines = [headline("orbit_share", share, _cheapest(d, tables, launched > FEWEST_MW, alternative) + text)]
    entry = tables["entry"]
    nearest = closest_launches(entry)
    if nearest.empty or not d.demand_kh100e or not max(d.demand_kh100e.values()):
        return lines
    closest = nearest.to_dict("records")[0]
    gap, per_kg, cost_kw = (float(closest[name]) for name in ("gap_usd_per_kw", "launch_usd_per_kg", "cost_usd_per_kw"))
    design, chip = (names.get(closest[name], closest[name]) for name in ("design_id", "generation_id"))
    best = f"Orbit at best ({design} with {chip}, launched in {month_name(closest['month'])} at {per_kg:,.0f} USD per kg)"
    scope = f"cost scope: {COST_SCOPES[d.boundary]}"
    if gap > 0:
        cost_words = f"{percent(gap / cost_kw)} less than the {cost_kw:,.0f} USD per kW it costs within the plan"
        alone = f"counting each launch by itself, its cost and its earnings until {month_name(d.months[-1])}"
        pays = _price_words(entry, str(closest["design_id"]), str(closest["month"]))
        asked = "" if launched > FEWEST_MW else "Would a launch pay, at the plan's own prices of compute? "
        text = f"{asked}{best} earns {cost_words}; {pays}, {alone} ({scope})"
    else:
        text = f"{best} earns {-gap:,.0f} USD per kW more than the {cost_kw:,.0f} it costs within the plan ({scope})"
    lines.append(headline("orbit_gap", gap, text))
    factor = float(closest["flip_value_factor"])
    value = d.mean_value_usd_per_h100e_h
    change = f"{percent(abs(factor - 1))} {'more' if factor > 1 else 'less'}"
    text = (
        f"Orbit would {'become' if factor > 1 else 'stop being'} worthwhile if compute were worth {change}, about "
        f"{factor * value:,.2f} USD per H100e-hour instead of {value:,.2f} in the mean of all classes"
    )
    ends = value_of_compute(plan)
    if ends is not None:
        inside = ends[0] <= factor * value <= ends[1]
        text += f". The value of compute is estimated at {ends[0]:,.2f} to {ends[1]:,.2f}: "
        text += "the answer on orbit hangs on it" if inside else "the answer on orbit does not change within that range"
    text += "; the table of break-evens says what each number means"
    lines.append(headline("orbit_flip_value", factor * value, text))
    return lines


def _price_words(entry: pd.DataFrame, design_id: str, closest: str) -> str:
    """At which launch price orbit would pay first, where the prices of all months fall alike."""
    found = first_at_lower_prices(entry)
    first = found[found["design_id"] == design_id].to_dict("records")[0]
    even, price, month = (first[name] for name in ("break_even_launch_usd_per_kg", "launch_usd_per_kg", "month"))
    if pd.isna(even) or even < 0:
        return "it would not break even with free launches"
    if month == closest:
        return f"it would break even at {even:,.0f} USD per kg"
    fall = f"if launch prices fell alike in all months, one in {month_name(month)} would be the first to break even"
    return f"{fall}, at {even:,.0f} USD per kg instead of {price:,.0f}"


def _cheapest(d: PlanData, tables: Tables, launched: bool, alternative: bool) -> str:
    """Whether orbit is the cheapest place, and why an optimum launches where it is not; empty where nothing can be compared."""
    found = compared(d, tables["league"])
    if found is None:
        return ""
    cheapest = found.orbit < found.cheapest
    text = f"Within {count(len(d.horizon), 'month')} orbit is {'the' if cheapest else 'not the'} cheapest place: "
    text += f"{found.orbit:,.0f} USD per MWh used by servers against {found.earth:,.0f} on Earth"
    text += f", {found.cheapest:,.0f} where it costs least"
    short = any(name in REGISTER and REGISTER[name].has("option") for name in tables["limits"]["constraint"].unique())
    if cheapest != launched and not alternative:
        text += f"; {_why_not(d) if cheapest else WHY_POWER if short else WHY_VALUE}"
    return f"{text}. "


def _why_not(d: PlanData) -> str:
    """Why nothing is launched although orbit is the cheapest place."""
    if not any(tonnes > 0 for tonnes in d.launch_t.values()):
        return "nothing is launched, because no launch capacity is available"
    if not any(x in d.designs for _, _, x in d.servable):
        return "nothing is launched, because no work may be served from orbit"
    return "nothing is launched, because in the months that serve within the plan its chips earn more on Earth"


def _held_lines(solution: Solution, limits: pd.DataFrame) -> list[SummaryLine]:
    """What the last compute costs where the most is served first."""
    if solution.held is None:
        return []
    usd_per_h100e_h = dearest_usd_per_h100e_h(solution.data, solution.held.musd)
    text = "Mode energy serves the most compute first, then costs least: the dearest compute costs "
    text += (
        f"{usd_per_h100e_h:,.2f} USD per H100e-hour, discounted, of a class with weight 1; a limit is worth what one more unit "
    )
    text += "saves with the same compute"
    priced = len(limits[["constraint", "where"]].drop_duplicates())
    return [headline("dearest_compute", usd_per_h100e_h, text), headline("priced_limits", float(priced))]


def _limit_lines(solution: Solution, tables: Tables, names: dict[str, str]) -> list[SummaryLine]:
    d, lines = solution.data, _held_lines(solution, tables["limits"])
    value = "; scarcity values count compute served at the value that the plan states, and are not all cash"
    for rank, (name, where, month, worth, rent) in enumerate(most_valuable(tables["limits"], 5), start=1):
        unit = tables["limits"].loc[tables["limits"]["constraint"] == name, "unit"].iloc[0]
        place = place_words(name, where, names)
        one_more = say(name, place, month_name(month))
        until = f" until {month_name(d.months[-1])}" if d.look_ahead_months else ""
        same = ""
        if solution.held is not None and solution.held.musd > 0:
            dearest = dearest_usd_per_h100e_h(d, solution.held.musd) / d.discount[d.months.index(month) + 1]
            same = f" with the same compute: the cost of {number(worth / dearest)} H100e-hours of the dearest"
        text = f"Tightest limit {rank}: {one_more} would save {usd(worth)}{until}{same}; total scarcity value {usd(1e6 * rent)}"
        text += value if rank == 1 and d.unserved_allowed and solution.held is None else ""
        lines.append(SummaryLine(f"limit_{rank}", worth, str(unit), text))
    return lines
