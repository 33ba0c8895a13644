"""What became of targets and shares: what each states in a month, what is reached, what is missed and what that costs."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from models import REGISTER
from models.index import asked_kh100e
from models.share import whole
from planner.formats import compute, count, month_name, percent, usd
from planner.result import SummaryLine, headline
from planner.solve.solution import Solution
from planner.tables.frames import table

SHARES = {row.kind: row.name for row in REGISTER.values() if row.has("share")}
PRICED = {
    "target": next(row.name for row in REGISTER.values() if row.has("target")),
    "least_share": SHARES["requirement"],
    "greatest_share": SHARES["limit"],
}
"""What a row of the table is of, and the constraint that has its price."""
CALLED = {"target": "target", "least_share": "least share", "greatest_share": "greatest share"}
MISSED_FRAC = 1e-6
"""Of what is stated: less is noise of the solver."""
MOST_NAMED = 3

Row = tuple[str, str, int, float, float, float]
"""Rule, name, month, share stated, what it is a share of, what is reached."""


def targets_table(solution: Solution, limits: pd.DataFrame) -> pd.DataFrame:
    """One row for each target and share in each of its months; ``limits`` has their prices."""
    d = solution.data
    worth = {
        (name, where, month): usd
        for name, where, month, usd in limits[["constraint", "where", "month", "worth_usd"]].itertuples(index=False)
    }
    penalty = {each.target_id: each.penalty_usd_per_h100e_h for each in d.targets}
    hours = {t: sum(d.hours_h[t, k] for k in d.slices) for t in d.discount}
    rows = []
    for rule, name, t, frac, of_kh100e, reached in (*_targets(solution), *_shares(solution)):
        month, stated = d.months[t - 1], frac * of_kh100e
        usd = penalty.get(name) if rule == "target" else None
        missed = 0.0 if usd is None else max(0.0, stated - reached)
        paid = missed * hours[t] * (usd or 0.0) / 1e3
        share = reached / of_kh100e if of_kh100e > 0 else float("nan")
        price = worth.get((PRICED[rule], name, month), 0.0) if solution.prices else float("nan")
        rows.append((rule, name, month, frac, stated, share, reached, missed, paid, price))
    return table("targets", rows)


def _targets(solution: Solution) -> Iterator[Row]:
    """Targets; none where all must be served."""
    d, unserved = solution.data, solution.values["unserved"]
    for each in d.targets if d.unserved_allowed else ():
        for t, frac in each.min_served_frac.items():
            asked = asked_kh100e(d, each.pools, t)
            short = sum(unserved.get((z, w, t), 0.0) for z, w in each.pools)
            yield "target", each.target_id, t, frac, asked, asked - short


def _shares(solution: Solution) -> Iterator[Row]:
    """Least shares, then greatest ones."""
    serve = solution.values["serve"]
    for rule, stated in (("least_share", "min_frac"), ("greatest_share", "max_frac")):
        for share in solution.data.shares:
            frac = getattr(share, stated)
            if frac is None:
                continue
            there: dict[int, float] = {}
            for (z, w, x, t), kh100e in serve.items():
                if (z, w) in share.pools and x in share.places:
                    there[t] = there.get(t, 0.0) + kh100e
            for t in share.months:
                yield rule, share.share_id, t, frac, whole(solution, share, t), there.get(t, 0.0)


def target_lines(targets: pd.DataFrame) -> list[SummaryLine]:
    """Which targets are missed, when and at what cost; which targets and shares bind, and their prices."""
    if targets.empty:
        return []
    lines = []
    aimed = targets[targets["rule"] == "target"]
    if len(aimed):
        missed = aimed[aimed["missed_kh100e"] > MISSED_FRAC * aimed["stated_kh100e"]]
        paid = float(aimed["penalty_musd"].sum())
        names = list(dict.fromkeys(missed["target_id"]))
        said = [_missed_words(missed[missed["target_id"] == name]) for name in names]
        many = aimed["target_id"].nunique()
        text = f"{f'All {many} targets are' if many > 1 else 'The target is'} met in every month"
        if said:
            text = f"Targets missed: {_some(said)}; penalties of {usd(1e6 * paid)}"
        met = 1.0 - len(missed) / len(aimed)
        lines += [headline("targets_met", met, text), headline("target_penalty", paid)]
    binding = targets[(targets["worth_usd"] > 0) & (targets["missed_kh100e"] <= MISSED_FRAC * targets["stated_kh100e"])]
    rules = [rows for _, rows in binding.groupby(["rule", "target_id"], sort=False)]
    rules.sort(key=lambda rows: -float((rows["worth_usd"] * rows["stated_kh100e"]).sum()))
    text = f"Targets and shares that bind: {_some([_binding_words(rows) for rows in rules])}" if rules else ""
    return [*lines, headline("targets_binding", float(len(rules)), text)]


def _missed_words(rows: pd.DataFrame) -> str:
    """`european_chat in 5 months, at worst by 12 % of 200 thousand H100e in March 2027`."""
    name, month, stated, frac = max(
        (
            (name, month, stated, missed / stated)
            for name, month, stated, missed in rows[["target_id", "month", "stated_kh100e", "missed_kh100e"]].itertuples(
                index=False
            )
        ),
        key=lambda row: row[-1],
    )
    worst = f"at worst by {percent(frac)} of {compute(stated)} in {month_name(month)}"
    return f"{name} in {count(len(rows), 'month')}, {worst}"


def _binding_words(rows: pd.DataFrame) -> str:
    """`target european_chat in 5 months (one thousand H100e less required in March 2027 would save 1.2 million USD)`."""
    rule, name, month, worth = max(
        rows[["rule", "target_id", "month", "worth_usd"]].itertuples(index=False), key=lambda row: row[-1]
    )
    change = "more allowed" if rule == "greatest_share" else "less required"
    price = f"one thousand H100e {change} in {month_name(month)} would save {usd(worth)}"
    return f"{CALLED[rule]} {name} in {count(len(rows), 'month')} ({price})"


def _some(said: list[str]) -> str:
    rest = len(said) - MOST_NAMED
    return "; ".join(said[:MOST_NAMED]) + (f"; and {rest} more" if rest > 0 else "")
