"""What the toy orders, and the remedies of its limits."""

from __future__ import annotations

from typing import Any

from tests.verify.given import BUILD, BUILD_SHELL, CHIP, MONTHS, OPTION, REGION, N, crf_month

DUE = {"gas": {-1: 0.25, 0: 0.75}, "halls": {-3: 0.4, 1: 0.6}}
"""Of what has payments, the share of capital that is due so many months after service."""


def purchases() -> list[dict[str, Any]]:
    """What is built and not signed; 1.5 MW of gas come as two units of 1 MW."""
    found = []
    for (region, option, t), mw in BUILD.items():
        if (region, option, t) != ("texas", "gas", 2):
            found.append(purchase(region, option, t, OPTION[region, option]["lead"], mw, OPTION[region, option]["capex"]))
    for (region, t), mw in BUILD_SHELL.items():
        found.append(purchase(region, "halls", t, 1 if region == "texas" else 0, mw, REGION[region]["shell_usd"]))
    return found


def purchase(region: str, option: str, t: int, lead: int, mw: float, usd_per_kw: float) -> dict[str, Any]:
    gas = option == "gas"
    order = 2.0 if gas else mw
    before = t - max(lead, *(-after for after in DUE.get(option, {0: 1.0})))
    order_month = f"{2027 + before // 12}-{before % 12 + 1:02d}"
    key = {"region_id": region, "option_id": option, "month": MONTHS[t], "order_month": order_month, "plan_mw": mw}
    units = {"unit_mw": 1.0 if gas else "", "units": 2.0 if gas else "", "order_mw": order, "ahead_mw": order - mw}
    return {**key, **units, "capital_musd": order * usd_per_kw / 1e3}


def remedy(region: str, worth_usd: float, speed_up_usd: float | None) -> dict[str, Any]:
    """0.2 MW more of grid in January, when its limit has a price, on which 100 H100e run in the mean of all months."""
    spec, amount, powered = OPTION[region, "grid"], 0.2, 0.1
    charge = 1000 * spec["capex"] * crf_month(REGION[region]["wacc"], spec["life"]) + 1000 * spec["fixed"] / 12
    own = amount * charge * sum(1.08 ** (-t / 12) for t in range(N)) / 1e6
    saves, speed_up = own + amount * worth_usd / 1e6, amount * (speed_up_usd or 0.0) / 1e6
    return {
        "constraint": "limit_power_growth",
        "where": f"{region} / grid",
        "from_month": MONTHS[0],
        "to_month": MONTHS[0],
        "amount": amount,
        "unit": "MW connected",
        "saves_musd": saves,
        "cost_musd": own + speed_up,
        "own_musd": own,
        "speed_up_musd": "" if speed_up_usd is None else speed_up,
        "net_musd": saves - own - speed_up,
        "most_musd": "",
        "capital_musd": amount * spec["capex"] / 1e3,
        "powered_kh100e": powered,
        "powered_frac": "",
        "h100e_years_per_musd": 1e3 * powered * N / 12 / (own + speed_up),
    }


def remedies(chips: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of both grids; the price of speeding up is stated in Dublin alone. ``chips``: rows of the table, of which some wait."""
    stated, other = remedy("dublin", 2e5, 40_000.0), remedy("texas", 9.5e5, None)
    other["most_musd"] = stated["cost_musd"] - other["own_musd"]  # less than it saves: Dublin powers as many chips
    waiting = sum(CHIP[row["generation_id"]]["h100e"] * (row["dark_kunit"] + row["displaced_kunit"]) for row in chips) / N
    return [each | {"powered_frac": each["powered_kh100e"] / waiting} for each in (stated, other)]
