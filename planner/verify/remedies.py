"""The table of remedies, once more: what each saves from the table of limits, what it costs from the inputs."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from planner.verify.case import Case
from planner.verify.collector import Collector
from planner.verify.costs import capex_usd_per_kw, capital_usd_per_mw_month, fixed_usd_per_mw_month, shell_usd_per_mw_month
from planner.verify.run import ratio, records
from planner.verify.verdict import Array

PRICED = {
    "limit_power_growth": ("inputs.power", "speed_up_usd_per_mw", ("region_id", "option_id")),
    "limit_shell_growth": ("inputs.regions", "shell_speed_up_usd_per_mw", ("region_id",)),
    "limit_technology_supply": ("inputs.supply", "speed_up_usd_per_mw", ("option_id",)),
}
"""Limits whose speeding up may have a price: table, column and keys that hold it."""

REQUIREMENTS = ("keep_", "require_")
"""How the names of requirements begin, which nobody relieves by building more."""


def check_remedies(checks: Collector, case: Case, repeated: Collection[str], own: Collection[str]) -> None:
    """Every limit with a price has a remedy; its worth, cost, price of speeding up and rank follow from other tables.

    ``repeated``: limits whose price repeats what others say, and that have no remedy; ``own``: limits of the user's own, of
    which it is not known whether they are requirements, which have none."""
    run, frame = case.run, case.run.table("remedies")
    keys = records(frame, ("constraint", "where"))
    words = ([" / ".join(filter(None, key)) for key in keys],)
    limits = run.table("limits")
    limits = limits[limits["month"].isin(run.months[: run.reported])]  # others are findings of the table of limits
    limits = limits[(limits["constraint"] != "limit_power_growth") | (limits["limit"] > 0)]  # not what comes with orders alone
    priced = set(records(limits, ("constraint", "where")))
    due = {key for key in priced if key[0] not in (*repeated, *own) and not key[0].startswith(REQUIREMENTS)}
    wrong = (due - set(keys)) | (set(keys) - priced)
    if wrong:
        text = "limits and remedies do not speak of the same limits"
        checks.fail("remedies.where", text, " / ".join(filter(None, min(wrong))))
        return
    told = {name: frame[name].to_numpy(dtype=float) for name in frame.columns if name.endswith(("musd", "kh100e", "amount"))}
    stated = {name: np.nan_to_num(values) for name, values in told.items()}
    rows = [limits[(limits["constraint"] == one) & (limits["where"] == where)] for one, where in keys]
    months = [sorted(part["month"]) for part in rows]
    for name, number in (("from_month", 0), ("to_month", -1)):
        if [str(month) for month in frame[name]] != [str(part[number]) for part in months]:
            checks.fail(f"remedies.{name}", "a remedy holds from the first to the last month in which its limit has a price")
    law = "what a remedy saves above its own cost = price x amount, discounted"
    worth = np.array([_worth(case, part) for part in rows]) * told["amount"]
    checks.same("remedies.saves_musd", told["saves_musd"], stated["own_musd"] + worth, words, "million USD", law)
    cost = told["own_musd"] + stated["speed_up_musd"]
    checks.same("remedies.cost_musd", told["cost_musd"], cost, words, "million USD", "cost = own cost and speeding up")
    net = told["saves_musd"] - stated["cost_musd"]
    checks.same("remedies.net_musd", told["net_musd"], net, words, "million USD", "net = saved less cost")
    _check_assets(checks, case, keys, rows, told)
    years = [(run.reported - run.month_index(part[0])) / 12 for part in months]
    powered = 1e3 * told["powered_kh100e"] * np.array(years)
    rate = ratio(powered, cost)
    law = "chips per dollar = chips powered x years / cost"
    written = frame["h100e_years_per_musd"].to_numpy(dtype=float)
    checks.same("remedies.h100e_years_per_musd", written, np.where(cost == 0, written, rate), words, "H100e", law)
    left = case.fleet.h100e @ (run.cube("chips", "dark_kunit") + run.cube("chips", "displaced_kunit"))
    most = np.array([left[run.month_index(part[0]) : run.reported].mean() for part in months]).reshape(len(keys))
    checks.at_most(
        "remedies.powered_kh100e", stated["powered_kh100e"], most, words, "kH100e", "no more chips than are left over"
    )
    paid = np.where(np.isnan(told["speed_up_musd"]), np.clip(told["most_musd"], 0.0, np.maximum(net, 0.0)), np.nan)
    law = "speeding up may cost no more than a remedy saves above its cost"
    checks.same("remedies.most_musd", told["most_musd"], paid, words, "million USD", law)


def _worth(case: Case, rows: pd.DataFrame) -> float:
    """What one more unit in each month of a limit is worth, million USD, discounted."""
    when = [case.run.month_index(month) for month in rows["month"]]
    return float(rows["worth_usd"].to_numpy(dtype=float) @ case.run.discount[when]) / 1e6


def _check_assets(
    checks: Collector, case: Case, keys: list[tuple[str, ...]], rows: list[pd.DataFrame], told: dict[str, Array]
) -> None:
    """Own cost, capital and speeding up; of what several places share the own cost is that of one of them."""
    run = case.run
    to_end = case.so_far @ run.discount / 1e6
    charge = capital_usd_per_mw_month(run) + fixed_usd_per_mw_month(run)[None, :]
    capex, shell = capex_usd_per_kw(run) / 1e3, run.vector("inputs.regions", "shell_usd_per_kw") / 1e3 * run.facility
    derived = {name: told[name].copy() for name in ("own_musd", "capital_musd")}
    derived["speed_up_musd"] = np.full(len(keys), np.nan)
    for number, ((constraint, where), part) in enumerate(zip(keys, rows, strict=True)):
        when = [run.month_index(month) for month in part["month"]]
        amount, ids = told["amount"][number], where.split(" / ")
        if constraint == "limit_power_growth":
            r, p = run.axes["region_id"].index(ids[0]), run.axes["option_id"].index(ids[1])
            derived["own_musd"][number] = amount * charge[r, p] * to_end[when].sum()
            derived["capital_musd"][number] = amount * capex[r, p] * len(when)
        elif constraint == "limit_shell_growth":
            r = run.axes["region_id"].index(ids[0])
            derived["own_musd"][number] = amount * shell_usd_per_mw_month(run)[r] * to_end[when].sum()
            derived["capital_musd"][number] = amount * shell[r] * len(when)
        elif constraint == "limit_technology_supply":
            p = run.axes["option_id"].index(ids[0])
            costs = charge[case.power.offered[:, p], p] * amount * to_end[when].sum()
            derived["own_musd"][number] = np.clip(told["own_musd"][number], costs.min(), costs.max())
        if constraint in PRICED:
            derived["speed_up_musd"][number] = amount * _stated(case, constraint, ids, when)
    words = ([" / ".join(filter(None, key)) for key in keys],)
    for name, values in derived.items():
        checks.same(f"remedies.{name}", told[name], values, words, "million USD", f"{name} follows from the inputs")


def _stated(case: Case, constraint: str, ids: list[str], when: list[int]) -> float:
    """The stated price of one MW more in each of these months, million USD, discounted; NaN where one is not stated."""
    run = case.run
    table, column, names = PRICED[constraint]
    usd = run.cube(table, column, np.nan)[tuple(run.axes[name].index(each) for name, each in zip(names, ids, strict=True))]
    return float((np.broadcast_to(usd, run.month_count)[when] * run.discount[when]).sum()) / 1e6
