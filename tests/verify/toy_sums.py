"""The tables of the toy that sum up or price the others: entry, costs, league, nations, limits, headlines."""

from __future__ import annotations

from typing import Any

from planner.verify.break_even import WORDS
from tests.verify.given import (
    BOUGHT,
    BUILD,
    BUILD_SHELL,
    CHIP,
    CHIPS,
    DEFERRED,
    DELIVERED,
    DEPLOY,
    HOURS,
    KG_PER_KW,
    MONTHS,
    OFFERED,
    OPTION,
    PLACES,
    REGION,
    N,
    alive,
    crf_month,
    service,
)
from tests.verify.toy_orders import DUE, purchases, remedies
from tests.verify.toy_shares import shares

Rows = dict[str, list[dict[str, Any]]]


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


def break_even_rows(entry: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the launch that comes closest to paying, then over the whole life of one satellite."""
    closest = min((row for row in entry if row["cost_usd_per_h100e_h"] != ""), key=lambda row: row["flip_value_factor"])
    in_orbit = (37 * 2 + 32 * 1.5) / 69  # chat and batch, by what they ask for
    worth, factor = "what New earns in orbit, less what it is worth elsewhere in the plan", closest["flip_value_factor"]
    found: dict[str, tuple[float, float, str]] = {
        "launch_price_within_plan": (1500.0, closest["break_even_launch_usd_per_kg"], worth),
        "cost_within_plan": (closest["cost_usd_per_kw"], closest["worth_usd_per_kw"], worth),
        "value_of_compute": (1.75, 1.75 * factor, "mean value of all classes"),
        "value_for_dark_chip": (in_orbit, closest["cost_usd_per_h100e_h"], "mean value of the work that orbit may serve"),
    }
    texas, dublin = 45 * 1.2 / 0.95, 110 * 1.3 / 0.97
    halls = texas + 12e3 * 9000 * crf_month(0.08, 15) / (8760 * 0.95)
    chip = f"New left dark, at {in_orbit:.2f} USD per H100e-hour and {3.5 / 2.1:.2f} H100e per kW"
    life = {
        "electricity": (texas, "electricity with PUE in Texas"),
        "electricity_mean": ((texas + dublin) / 2, "electricity with PUE in the mean of the regions"),
        "electricity_dearest": (dublin, "electricity with PUE in Dublin, the dearest"),
        "electricity_and_hall": (halls, "electricity with PUE and a new hall in Texas"),
        "dark_chip": (1e3 * in_orbit * 3.5 / 2.1, chip),
    }
    for against, (usd, words) in life.items():
        found[f"launch_price_{against}"] = (1500.0, life_break_even(usd), f"{words}: {usd:,.0f} USD per MWh of IT")
    return [
        {
            "design_id": "dawn",
            "lever": lever,
            "launched_in": MONTHS[-1] if lever.removeprefix("launch_price_") in life else closest["month"],
            "planned": planned,
            "break_even": even,
            "of_planned_frac": even / planned if even >= 0 else "",
            "compared_with": words,
            **dict(zip(("changes", "unit", "counted_over", "definition"), WORDS[lever], strict=True)),
        }
        for lever, (planned, even, words) in found.items()
    ]


def life_break_even(usd_per_mwh: float) -> float:
    """Launch price at which one kW earns what it costs in six years, with 5 MWh a year: four months tell no light."""
    build = 400 * (KG_PER_KW - 5)
    years = sum(1.1 ** (-month / 12) for month in range(1, 73)) / 12
    return ((usd_per_mwh * 5 - 0.05 * build - 2) * years - build) / KG_PER_KW


def nameplate_cover(out: Rows) -> float:
    """Texas needs firm power for 0.9 of nameplate, Dublin for all."""
    texas, dublin = (
        sum(row["it_nameplate_mw"] for row in out["fleet"] if (row["place_id"], row["month"]) == (place, MONTHS[-1]))
        for place in REGION
    )
    return (0.9 * texas + dublin) / (texas + dublin)


def cost_rows(out: Rows, costs: dict[tuple[str, str, int, str], float]) -> float:
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


def summaries(
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
    for row in out["chips"]:  # only grids have prices, so that power and halls are to spare wherever a chip may stand
        if row["dark_kunit"]:
            reasons = {"power_kunit": 0.0, "halls_kunit": 0.0, "late_kunit": 0.0, "idle_kunit": row["dark_kunit"]}
            out["dark"].append({"generation_id": row["generation_id"], "month": row["month"], **reasons})
    nations(out)
    shares(out)
    cash(out, costs)
    nominal(out)
    out["limits"] = [
        limit("limit_power_growth", "texas / grid", 0, 9.5e5, 3.8, "USD per MW"),
        limit("limit_power_growth", "dublin / grid", 0, 2e5, 1.25, "USD per MW"),
        limit("keep_commitment", "texas / gas", 2, -1e4, 1.0, "USD per MW"),
    ]
    out["purchases"] = purchases()
    out["remedies"] = remedies(out["chips"])
    out["summary"] = [{"key": key, "value": value, "unit": "", "text": "in words"} for key, value in headlines(out).items()]


def cash(out: Rows, costs: dict[tuple[str, str, int, str], float]) -> None:
    """All months are of one year. Capital where costs has monthly charges; insurance is nothing."""
    paid = {("", chip, "chips"): 0.0 for chip in CHIPS}
    for (chip, _), kunit in DELIVERED.items():
        paid["", chip, "chips"] += CHIP[chip]["price"] * kunit / 1e3
    for (place, item, component, _), musd in capital(out).items():
        paid[place, item, component] = paid.get((place, item, component), 0.0) + musd
    charges = ("capital", "halls", "chips_bought", "orbit_capital", "orbit_chip_loss", "unserved")
    for (place, item, _, component), musd in costs.items():
        if component not in charges:
            paid[place, item, component] = paid.get((place, item, component), 0.0) + musd
    out["cash"] = [
        {"place_id": place, "item_id": item, "component": component, "year": 2027, "cash_musd": musd}
        for (place, item, component), musd in paid.items()
        if musd
    ]


def capital(out: Rows) -> dict[tuple[str, str, str, int], float]:
    """Million USD by place, item, component and month, January at the earliest; what is due after April is in no row."""
    found: dict[tuple[str, str, str, int], float] = {}
    bought = [
        (region, option, "power_capital", t, OPTION[region, option]["capex"] * mw) for (region, option, t), mw in BUILD.items()
    ]
    bought += [
        (region, "halls", "hall_capital", t, REGION[region]["shell_usd"] * mw) for (region, t), mw in BUILD_SHELL.items()
    ]
    for (place, chip, t), kunit in DEPLOY.items():
        mw = CHIP[chip]["kw"] * kunit if place == "dawn" else 0.0
        bought += [
            (place, "satellites", "satellites", t, 400 * (KG_PER_KW - 5) * mw),
            (place, "satellites", "launches", t, 1500 * KG_PER_KW * mw),
        ]
    for place, item, component, t, thousand_usd in bought:
        for later, share in DUE.get(item, {0: 1.0}).items():
            key = (place, item, component, max(0, t + later))
            if key[-1] < N:
                found[key] = found.get(key, 0.0) + share * thousand_usd / 1e3
    out["capital"] = [
        {"place_id": place, "item_id": item, "component": component, "month": MONTHS[t], "capital_musd": musd}
        for (place, item, component, t), musd in found.items()
        if musd
    ]
    return found


def nominal(out: Rows) -> None:
    """All is paid in 2027, at the prices of 2025 with 3 % a year."""
    paid: dict[str, float] = {}
    for row in out["cash"]:
        paid[row["component"]] = paid.get(row["component"], 0.0) + row["cash_musd"]
    out["nominal"] = [
        {"component": name, "year": 2027, "cash_musd": musd, "price_level": 1.0609, "nominal_musd": 1.0609 * musd}
        for name, musd in paid.items()
        if musd
    ]


def nations(out: Rows) -> None:
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
        envelope = 80e6 * 0.1 / (8766 * 0.9) * N / 12
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


def limit(name: str, where: str, t: int, worth: float, limit: float, unit: str) -> dict[str, Any]:
    row = {"constraint": name, "where": where, "month": MONTHS[t], "worth_usd": worth, "unit": unit}
    return row | {"limit": limit, "rent_musd": worth * limit * 1.08 ** (-t / 12) / 1e6}


def headlines(out: Rows) -> dict[str, float]:
    def total(table: str, column: str, **where: str) -> float:
        return sum(row[column] for row in out[table] if all(row[key] == value for key, value in where.items()))

    def pile(column: str) -> list[float]:
        return [sum(total("chips", column, generation_id=g, month=m) * CHIP[g]["h100e"] for g in CHIPS) / 1e3 for m in MONTHS]

    dark, gone, last = pile("dark_kunit"), pile("displaced_kunit"), MONTHS[-1]
    unserved = total("costs", "discounted_musd", component="unserved")
    above, all_of_it = (total("fleet", "compute_kh100e", month=last, **where) for where in ({"place_id": "dawn"}, {}))
    serving = [row for row in out["entry"] if row["cost_usd_per_h100e_h"] != ""]
    closest = min(serving, key=lambda row: row["flip_value_factor"])
    capital = sum(
        total("cash", "cash_musd", component=name) for name in ("power_capital", "hall_capital", "satellites", "launches")
    )
    drawn = [sum(spec["pue"] * total("fleet", "it_draw_mw", place_id=r, month=m) for r, spec in REGION.items()) for m in MONTHS]
    chips = total("cash", "cash_musd", component="chips")
    ordered = [row for row in out["purchases"] if row["order_month"] in MONTHS[:3] or row["order_month"] < MONTHS[0]]
    return {
        "orders_first": sum(row["capital_musd"] for row in ordered if MONTHS[0] <= row["order_month"] < row["month"]),
        "orders_under_way": sum(row["capital_musd"] for row in ordered if not MONTHS[0] <= row["order_month"] < row["month"]),
        "capital_first": sum(total("capital", "capital_musd", month=month) for month in MONTHS[:3]),
        "remedy_1": out["remedies"][0]["net_musd"],
        "remedy_2": out["remedies"][1]["net_musd"],
        "cash_capital": capital,
        "cash_running": total("cash", "cash_musd") - capital - chips,
        "cash_chips": chips,
        "cash_nominal": 1.0609 * (total("cash", "cash_musd") - chips),
        "offers_bought": (BOUGHT + DEFERRED) / OFFERED,
        "budget_spent": total("capital", "capital_musd") / (900 * 4 / 12),
        "dark_price": sum(total("chips", "dark_kunit", generation_id=g, month=last) * CHIP[g]["price"] for g in CHIPS) / 1e3,
        "cost": total("costs", "discounted_musd") - unserved,
        "energy_cost": 1e6 * total("league", "energy_cost_musd") / total("league", "it_mwh"),
        "unserved_value": unserved,
        "served_share": total("demand", "served_kh100e") / total("demand", "demand_kh100e"),
        "served_share_end": total("demand", "served_kh100e", month=last) / total("demand", "demand_kh100e", month=last),
        "dark_end": dark[-1],
        "dark_worst": max(dark),
        **{f"dark_{reason}_end": dark[-1] if reason == "idle" else 0.0 for reason in ("power", "halls", "late", "idle")},
        "displaced_end": gone[-1],
        "displaced_worst": max(gone),
        "power_firm_start": (40 + 5 * 0.95 + 25) / 1e3,
        "power_firm_end": total("power", "firm_mw", month=last) / 1e3,
        "nameplate_cover": nameplate_cover(out),
        "power_drawn_start": drawn[0] / 1e3,
        "power_drawn_end": drawn[-1] / 1e3,
        "grid_at_limit": 2 / 8,  # Texas and Dublin build all they may in January, less or nothing afterwards
        "firm_value": 0.0,
        "power_end": total("power", "capacity_mw", month=last) / 1e3,
        "orbit_share": above / all_of_it,
        "orbit_gap": closest["gap_usd_per_kw"],
        "orbit_flip_value": closest["flip_value_factor"] * 1.75,
        "limit_1": 9.5e5,
        "limit_2": 2e5,
        "optimality_gap": 1e-13,
    }
