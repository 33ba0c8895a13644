"""Checks of owners: the share of firm power that each has, and what of owners changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from models.data import PlanData
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.plan.plan import Plan
from planner.schema.compute import MARKET
from planner.schema.glossary import OWNERS_POWER


def check_owners(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """What each owner's share of firm power comes to over all regions, and whether the plan holds to it."""
    policy = plan.settings.owners.power
    if not data.owner:
        if policy != "shared":
            text = f"owners.power = {policy} changes nothing, as no generation has an owner_id"
            yield Notice(Remark.N_WITHOUT_EFFECT, text, plan.setting_place("owners.power"))
        return
    firm_mw = {r: sum(data.firm_frac[s, p] * data.start_mw[s, p] for s, p in data.options if s == r) for r in data.regions}
    most_mw = {r: max(0.0, bounds.firm_mw[r][-1] - mw) for r, mw in firm_mw.items()}
    start, added = _over_regions(data.right_start_frac, firm_mw), _over_regions(data.right_added_frac, most_mw)
    words = [
        f"{'the market' if h == MARKET else h} {100 * frac:.1f} % at the start and {100 * added[h]:.1f} % of what can be added"
        for h, frac in start.items()
    ]
    text = f"shares of firm power: {', '.join(words)}"
    if policy == "shared":
        text += f"; they change nothing, as owners.power = shared ({OWNERS_POWER[policy]})"
    table = plan.tables["owners"]
    yield Notice(Remark.N_OWNERS, text, table.place(0) if len(table) else plan.setting_place("tables"))
    if policy != "trade" and data.trade_usd_per_mw_month:
        text = f"owners.trade_usd_per_mw_month changes nothing, as owners.power = {policy}"
        yield Notice(Remark.N_WITHOUT_EFFECT, text, plan.setting_place("owners.trade_usd_per_mw_month"))
    if policy == "trade" and not data.trade_usd_per_mw_month:
        text = "owners.power = trade without a cost of trade has the optimum of owners.power = shared"
        yield Notice(Remark.N_WITHOUT_EFFECT, text, plan.setting_place("owners.trade_usd_per_mw_month"))


def _over_regions(share_frac: Mapping[tuple[str, str], float], firm_mw: Mapping[str, float]) -> dict[str, float]:
    """The share of each owner in the power of all regions together."""
    total = sum(firm_mw.values())
    found: dict[str, float] = {}
    for (r, h), frac in share_frac.items():
        found[h] = found.get(h, 0.0) + (frac * firm_mw[r] / total if total else 0.0)
    return found
