"""The table of purchases, once more: what is built beyond the order book, in whole units, by date."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.verify.collector import Collector
from planner.verify.costs import capex_usd_per_kw
from planner.verify.power import ordered
from planner.verify.projects import Projects
from planner.verify.run import HALLS, Run, month_word, records, serial
from planner.verify.verdict import Array

FIRST_MONTHS = 3


def check_purchases(checks: Collector, projects: Projects) -> None:
    """All that is built is bought, signed, a project's, or half a unit away; months, units and capital follow."""
    run, frame = checks.run, checks.run.table("purchases")
    regions, options = run.axes["region_id"], (*run.axes["option_id"], HALLS)
    built = _built(run)
    built[:, -1] -= np.einsum("qr,qt->rt", projects.by_halls(projects.mw), projects.take)[:, : run.month_count]
    plan = np.maximum(0.0, built - ordered(run)[0][:, :, : run.month_count])
    plan[:, :-1] *= 1.0 - projects.is_own[:, :, None]
    unit, lead, capital = _terms(run)
    names = {key: number for number, key in enumerate((r, p) for r in regions for p in options)}
    keys = records(frame, ("region_id", "option_id", "month"))
    rows = np.array([names.get((r, p), -1) for r, p, _ in keys], dtype=int).reshape(len(keys))
    if (rows < 0).any():
        checks.fail("purchases.option_id", "purchases names an option that is not known", " / ".join(keys[int(rows.argmin())]))
        return
    when = np.array([run.month_index(month) for _, _, month in keys], dtype=int).reshape(len(keys))
    words = ([" / ".join(key) for key in keys],)
    told = {name: frame[name].to_numpy(dtype=float) for name in ("plan_mw", "unit_mw", "units", "order_mw", "ahead_mw")}
    written, orders = np.zeros((len(names), run.month_count)), np.zeros((len(names), run.month_count))
    np.add.at(written, (rows, when), told["plan_mw"])
    np.add.at(orders, (rows, when), told["order_mw"])
    flat = plan.reshape(len(names), -1)
    pairs = [" / ".join(name) for name in names]
    checks.equal("purchases.plan_mw", written, flat, (pairs, "month"), "MW", "what is bought is built and not signed")
    ahead = np.cumsum(orders, axis=1) - np.cumsum(written, axis=1)
    half = np.nan_to_num(unit)[:, None] / 2
    law = "what is ordered so far is at most half a unit from the plan"
    checks.at_most("purchases.half_a_unit", np.abs(ahead), np.broadcast_to(half, ahead.shape), (pairs, "month"), "MW", law)
    checks.same("purchases.ahead_mw", told["ahead_mw"], ahead[rows, when], words, "MW", "ahead = ordered less planned, so far")
    checks.same("purchases.unit_mw", told["unit_mw"], unit[rows], words, "MW", "units are those of the inputs")
    whole = np.where(np.isnan(unit[rows]), np.nan, np.round(told["units"]))
    checks.same("purchases.units", told["units"], whole, words, "units", "units are whole")
    bought = np.where(np.isnan(unit[rows]), told["plan_mw"], told["units"] * unit[rows])
    checks.same("purchases.order_mw", told["order_mw"], bought, words, "MW", "an order is its units")
    money = frame["capital_musd"].to_numpy(dtype=float)
    checks.same("purchases.capital_musd", money, told["order_mw"] * capital[rows], words, "million USD", "capital = MW x price")
    before = np.maximum(lead, np.tile(_first_payments(run, options), len(regions)))
    due = [month_word(serial(month) - round(float(before[row]))) for (_, _, month), row in zip(keys, rows, strict=True)]
    if wrong := [key for key, told, month in zip(keys, frame["order_month"], due, strict=True) if told != month]:
        law = "an order is its lead time or its first payment before its month"
        checks.fail("purchases.order_month", law, " / ".join(wrong[0]))


def _built(run: Run) -> Array:
    """Power and, last, halls by region, option and month."""
    return np.concatenate([run.cube("power", "build_mw"), run.cube("halls", "build_shell_mw")[:, None]], axis=1)


def _terms(run: Run) -> tuple[Array, Array, Array]:
    """Unit in MW, lead time in months and capital in million USD per MW of each pair of region and option, halls last."""
    regions = len(run.axes["region_id"])
    of_option = np.broadcast_to(run.vector("inputs.options", "unit_mw"), (regions, len(run.axes["option_id"])))
    shell = {name: run.vector("inputs.regions", f"shell_{name}")[:, None] for name in ("unit_mw", "lead_months", "usd_per_kw")}
    unit = np.concatenate([of_option, shell["unit_mw"]], axis=1)
    lead = np.concatenate([run.cube("inputs.power", "lead_months"), shell["lead_months"]], axis=1)
    capital = np.concatenate([capex_usd_per_kw(run), shell["usd_per_kw"] * run.facility], axis=1) / 1e3
    return unit.ravel(), lead.ravel(), capital.ravel()


def _first_payments(run: Run, options: Sequence[str]) -> Array:
    """By option, halls last, how many months before service the first part of its capital falls due; zero without any."""
    frame = run.table("inputs.payments")
    paid = frame[frame["capital_frac"].to_numpy(dtype=float) > 0.0].groupby("asset_id")["months_before"].max().to_dict()
    return np.array([max(0.0, float(paid.get(option, 0.0))) for option in options])


def first_capital_musd(run: Run) -> dict[str, float]:
    """Capital of the orders of the first months that are to be decided, and of those that must be under way, by headline."""
    frame = run.table("purchases")
    months = run.months[: min(FIRST_MONTHS, run.month_count)]
    ordered, starts = (frame[name].to_numpy(dtype=str) for name in ("order_month", "month"))
    soon, can_wait = ordered <= months[-1], (ordered >= months[0]) & (ordered < starts)
    capital, spent = frame["capital_musd"].to_numpy(dtype=float), run.table("capital")
    due = spent["month"].isin(months).to_numpy(dtype=bool)
    return {
        "orders_first": float(capital[soon & can_wait].sum()),
        "orders_under_way": float(capital[soon & ~can_wait].sum()),
        "capital_first": float(spent["capital_musd"].to_numpy(dtype=float)[due].sum()),
    }
