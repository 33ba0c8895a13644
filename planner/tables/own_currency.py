"""The main amounts of a result in the plan's own currency, at the rate that the plan states. Tables stay in USD."""

from __future__ import annotations

from collections.abc import Sequence

from planner.formats import Currency
from planner.result import SummaryLine, headline
from planner.schema.results import IN_OWN_CURRENCY, OWN


def own_currency_lines(lines: Sequence[SummaryLine], currency: Currency | None) -> list[SummaryLine]:
    """The headlines of main amounts once more in the plan's own currency, and how they are converted; none without one."""
    if currency is None:
        return []
    name = currency.name
    rule = f"Amounts in {name} are converted at {currency.usd:g} USD per {name}, which the plan states for all months; "
    rule += "tables and all other amounts are in USD"
    amounts = [line for line in lines if line.key in IN_OWN_CURRENCY]
    return [
        *(SummaryLine(OWN + line.key, currency.amount(float(line.value)), _unit(line, currency), "") for line in amounts),
        headline("own_currency", currency.usd, rule),
    ]


def _unit(line: SummaryLine, currency: Currency) -> str:
    return line.unit.replace("USD", currency.name)
