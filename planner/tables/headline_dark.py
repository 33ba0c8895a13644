"""Headlines of chips that do not work: dark at the end and over all months, and why; retired early; whose they are."""

from __future__ import annotations

import pandas as pd

from models.data import PlanData
from planner.formats import compute, count, month_name, percent, span, watts
from planner.result import SummaryLine, headline
from planner.schema.compute import MARKET
from planner.schema.glossary import DARK_IN_FULL, DARK_REASONS, OWNERS_POWER
from planner.tables.dark import dark_shares
from planner.tables.frames import per

Tables = dict[str, pd.DataFrame]
LEAST = 0.001  # of what is dark, or of demand: less of it needs no words
OVER_MONTHS = DARK_REASONS | {"late": "too late to be commissioned before the plan ends"}
FEWEST_MW = 1e-3
"""Power that is left idle, or of chips that are dark: less is noise of the solver."""


def dark_lines(d: PlanData, tables: Tables, names: dict[str, str]) -> list[SummaryLine]:
    """Dark chips at the end, why over all months, when chips themselves are short, whose they are; those retired early."""
    return [*_end_lines(d, tables), _short_line(d, tables), *_owner_lines(d, tables, names), *_retired_lines(d, tables)]


def _end_lines(d: PlanData, tables: Tables) -> list[SummaryLine]:
    text, end, worst = _idle(d, tables["chips"], "dark_kunit", "Dark chips at the end")
    last = tables["dark"][tables["dark"]["month"] == d.horizon[-1]]
    h100e = per(last["generation_id"], d.h100e_per_unit)
    parts = {reason: float((last[f"{reason}_kunit"] * h100e).sum()) for reason in DARK_REASONS}
    words = DARK_IN_FULL
    if end:
        words = words | {"late": f"({percent(parts['late'] / end)}) {_late_words(d)}"}
    parts_told = {reason: kh100e for reason, kh100e in parts.items() if kh100e > LEAST * end}
    told = [f"{compute(kh100e)} of it {words[reason]}" for reason, kh100e in parts_told.items()]
    if len(told) == 1 and "late" not in parts_told:
        told = [f"in that month all of it {words[next(iter(parts_told))]}"]
    return [
        headline("dark_end", end / 1e3, ", ".join([text, *told])),
        headline("dark_worst", worst / 1e3, _why_words(d, tables)),
        *(headline(f"dark_{reason}_end", kh100e / 1e3) for reason, kh100e in parts.items()),
    ]


def _why_words(d: PlanData, tables: Tables) -> str:
    """Why chips are dark over all months, which the last month alone may not show; empty where none is dark."""
    shares = dark_shares(d, tables)
    if shares is None or len(d.horizon) < 2 or float(tables["chips"].groupby("month")["dark_mw"].sum().max()) < FEWEST_MW:
        return ""
    parts = [f"{percent(share)} {OVER_MONTHS[reason]}" for reason, share in shares.reasons.items() if share > LEAST]
    text = f"Why chips are dark over all {count(len(d.horizon), 'month')}, by their power and time: {', '.join(parts)}"
    if shares.reasons["power"] > LEAST and shares.halls_most > max(0.5, shares.reasons["halls"]):
        text += f"; in {month_name(shares.halls_most_month)} {percent(shares.halls_most)} count as waiting for halls"
    if shares.both is not None and shares.both > LEAST:
        text += (
            f". {percent(shares.both)} wait where halls grow at their limit and firm power is used up too: a chip there needs "
        )
        text += "both, and counts under the one for which its place would pay more"
    return text


def _late_words(d: PlanData) -> str:
    """When the chips that came too late were delivered."""
    lag = min(d.commission_months.values(), default=0)
    months = [month_name(month) for month in d.months[len(d.months) - lag :] if month in d.horizon]
    return f"delivered in {span(months)}, too late to be commissioned before the plan ends" if months else DARK_IN_FULL["late"]


def _short_line(d: PlanData, tables: Tables) -> SummaryLine:
    """The months in which more power or halls would serve no more: all chips work, and demand is left."""
    waiting = tables["chips"]["dark_kunit"] + tables["chips"]["displaced_kunit"]
    idle = (waiting * per(tables["chips"]["generation_id"], d.h100e_per_unit)).groupby(tables["chips"]["month"]).sum()
    can = tables["fleet"].groupby("month")["compute_kh100e"].sum().reindex(idle.index, fill_value=0.0)
    asked, served = (tables["demand"].groupby("month")[f"{kind}_kh100e"].sum() for kind in ("demand", "served"))
    asked, served = (each.reindex(idle.index, fill_value=0.0) for each in (asked, served))
    short = (idle <= LEAST * asked) & (can - served <= LEAST * asked) & (asked - served > LEAST * asked)
    months = list(idle.index[short])
    text = ""
    if months:
        text = f"Chips themselves are short in {count(len(months), 'month')} of {len(d.horizon)} "
        text += f"({span([month_name(month) for month in months])}): all of them work, none is dark or retired early, "
        text += "and demand is left unserved; more power or halls would serve no more in these months"
    return headline("chips_short", len(months) / len(d.horizon), text)


def _owner_lines(d: PlanData, tables: Tables, names: dict[str, str]) -> list[SummaryLine]:
    """Dark chips by owner, how many of them came too late, and power that its owners leave idle."""
    if not d.owner:
        return []
    last, power = (tables[name][tables[name]["month"] == d.horizon[-1]] for name in ("owners", "owner_power"))
    dark = tables["dark"][tables["dark"]["month"] == d.horizon[-1]]
    late = dict(zip(dark["generation_id"], dark["late_kunit"] * per(dark["generation_id"], d.h100e_per_unit), strict=True))
    parts, owned = [], 0.0
    for h, kh100e, mw in last[["owner_id", "dark_kh100e", "dark_mw"]].itertuples(index=False):
        too_late = sum(each for g, each in late.items() if d.owner[g] == h)
        more = f", {compute(too_late)} of it delivered too late" if too_late > LEAST * kh100e else ""
        parts.append(f"{names.get(h, h)} {f'{compute(kh100e)} ({watts(mw)} of IT{more})' if kh100e else 'none'}")
        owned += kh100e if h != MARKET else 0.0
    idle = float((power["right_mw"] + power["bought_mw"] - power["used_mw"] - power["sold_mw"]).clip(lower=0.0).sum())
    policy = OWNERS_POWER[d.owners_power].format(usd=f"{d.trade_usd_per_mw_month:,.0f}")
    text = f"Dark chips at the end by owner ({policy}): {', '.join(parts)}"
    if d.owners_power != "shared" and idle >= FEWEST_MW:
        text += f"; {watts(idle)} of firm power is left idle by those who have a right to it"
    return [headline("dark_owned_end", owned / 1e3, text)]


def _retired_lines(d: PlanData, tables: Tables) -> list[SummaryLine]:
    text, end, worst = _idle(d, tables["chips"], "displaced_kunit", "Chips retired early, for newer ones")
    return [headline("displaced_end", end / 1e3, text), headline("displaced_worst", worst / 1e3)]


def _idle(d: PlanData, chips: pd.DataFrame, column: str, words: str) -> tuple[str, float, float]:
    """Chips of one kind in words, and their compute at the end and at worst in thousand H100e."""
    by_month = (chips[column] * per(chips["generation_id"], d.h100e_per_unit)).groupby(chips["month"]).sum()
    power = (chips[column] * per(chips["generation_id"], d.kw_per_unit)).groupby(chips["month"]).sum()
    end, worst = float(by_month.iloc[-1]), float(by_month.max())
    at_worst = f", at worst {compute(worst)} in {month_name(str(by_month.idxmax()))}" if worst > end else ""
    return f"{words}: {compute(end)} ({watts(float(power.iloc[-1]))} of IT){at_worst}", end, worst
