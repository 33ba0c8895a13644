"""Rules of money: the payments of an asset are all of its capital, inflation counts from a year, a currency has a rate."""

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


def a_currency_has_a_rate(context: RuleContext) -> None:
    """What one of the plan's own currency is worth is stated, and of which currency a rate is."""
    money = context.settings.money
    stated = {"currency": bool(money.currency), "usd_per_currency": money.usd_per_currency is not None}
    if any(stated.values()) and not all(stated.values()):
        given, missing = sorted(stated, key=lambda key: not stated[key])
        what = "the code of a currency, such as EUR" if missing == "currency" else f"what one {money.currency} is worth in USD"
        text = f"money.{missing} is missing: expected {what}"
        context.findings.add(Code.E_KEY_MISSING, context.setting_place("money", given), text, "", what)
