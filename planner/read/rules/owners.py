"""Rules of owners: shares of a region's power add up to one at most, the market is no owner to be listed, trade has a price."""

from __future__ import annotations

from planner.codes import Code
from planner.formats import some
from planner.plan.table import Table
from planner.read.rules.rule_context import RuleContext
from planner.schema.compute import MARKET

SLACK = 1e-9


def market_is_no_owner(context: RuleContext) -> None:
    """The market has what owners leave; it has no row."""
    owners = context.tables["owners"]
    for position, owner in enumerate(owners.column("owner_id")):
        if owner == MARKET:
            hint = "chips without an owner_id belong to the market, which has the power that owners leave"
            context.refuse(Code.E_NAME_TAKEN, owners, position, "owner_id", owner, f"another name than {MARKET}", hint)


def rights_fit(context: RuleContext) -> None:
    """Stated shares of the firm power of a region are at most all of it."""
    owners, rights = context.tables["owners"], context.tables["power_rights"]
    general = {h: frac for h, frac in owners.select("owner_id", "power_frac") if frac is not None}
    if sum(general.values()) > 1 + SLACK:
        _refuse_sum(context, owners, "owners", general)
        return
    for region in dict.fromkeys(rights.column("region_id")):
        own = {h: frac for h, r, frac in rights.select("owner_id", "region_id", "power_frac") if r == region}
        if sum((general | own).values()) > 1 + SLACK:
            _refuse_sum(context, rights, region, general | own)


def _refuse_sum(context: RuleContext, table: Table, where: str, shares: dict[str, float]) -> None:
    """Point at the largest share that the table states."""
    total = f"{sum(shares.values()):.6g}"
    stated = list(zip(*(table.column(key.name) for key in table.schema.keys), table.column("power_frac"), strict=True))
    here = [at for at, row in enumerate(stated) if row[-1] is not None and where in ("owners", *row[:-1])]
    largest = max(here, key=lambda at: stated[at][-1])
    text = f"{where}: power_frac of {some(shares)} adds up to {total}: expected at most 1, all firm power of a region"
    context.findings.add(Code.E_RANGE, table.place(largest, "power_frac"), text, total, "shares that add up to 1 at most")


def trade_has_a_price(context: RuleContext) -> None:
    """What trade costs is stated where owners trade."""
    stated = context.stated.below(["owners"]).value
    if context.settings.owners.power == "trade" and "trade_usd_per_mw_month" not in stated:
        text = "owners.trade_usd_per_mw_month is missing: expected what a MW bought for a month costs on top of power and halls"
        context.findings.add(
            Code.E_KEY_MISSING, context.setting_place("owners", "power"), text, "", "a number in USD per MW and month, >= 0"
        )
