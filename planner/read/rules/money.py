"""Rules of money: the payments of an asset are all of its capital, and inflation counts from a year."""

from __future__ import annotations

from planner.codes import Code
from planner.read.rules.rule_context import RuleContext

SLACK = 1e-9


def payments_are_whole(context: RuleContext) -> None:
    """The shares that are due of the capital of an asset add up to 1."""
    table = context.tables["payments"]
    assets = table.column("asset_id")
    for asset in dict.fromkeys(assets):
        rows = [position for position, one in enumerate(assets) if one == asset]
        total = sum(table.column("capital_frac")[position] for position in rows)
        if abs(total - 1.0) > SLACK:
            text = f"{asset}: capital_frac of its {len(rows)} payment{'s' if len(rows) > 1 else ''} adds up to {total:.6g}:"
            text += " expected 1, all of its capital"
            place = table.place(rows[-1], "capital_frac")
            context.findings.add(Code.E_PAYMENTS, place, text, f"{total:.6g}", "shares that add up to 1")


def inflation_has_a_year(context: RuleContext) -> None:
    """From which year prices rise is stated where they do."""
    money = context.settings.money
    if money.inflation_frac_per_year and money.year is None:
        text = "money.year is missing: expected the year of the money in which the plan states its prices"
        at = context.setting_place("money", "inflation_frac_per_year")
        context.findings.add(Code.E_KEY_MISSING, at, text, "", "a year as YYYY")
