"""Sites that close, and halls that hibernate: what is lost, and what cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from models.data import STOCK, PlanData
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.plan.plan import Plan
from planner.schema.table_schema import BINDING, HIBERNATION, SITE


def check_sites(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """What a region that closes loses, and more hall space out of service than there can be."""
    table = plan.tables["commitments"]
    number = {month: t for t, month in enumerate(data.months, start=1)}
    columns = ("region_id", "option_id", "month", "until_month", "status")
    for position, (r, p, month, until, status) in enumerate(table.select(*columns)):
        if status not in BINDING:
            continue
        if p == SITE and month in number:
            yield Notice(Remark.N_SITE_CLOSES, _lost(data, bounds, r, number[month]), table.place(position, "month"))
        if p == HIBERNATION:
            short = [
                (data.hibernated_shell_mw[r, t] - bounds.shell_mw[r][t - 1], t)
                for name, t in number.items()
                if month <= name <= (until or name) and (r, t) in data.hibernated_shell_mw
            ]
            mw, t = max(short, default=(0.0, 0))
            if mw > 1e-9:
                out, most = data.hibernated_shell_mw[r, t], bounds.shell_mw[r][t - 1]
                text = f"{r}: {out:,.1f} MW of halls are out of service in {data.months[t - 1]}, and at most {most:,.1f} MW can"
                text += f" exist by then: {mw:,.1f} too much, no plan can meet this"
                yield Notice(Remark.W_COMMITMENT_IMPOSSIBLE, text, table.place(position, "close_mw"), impossible=True)


def _lost(data: PlanData, bounds: UpperBounds, r: str, t: int) -> str:
    """At most so much hall space and power, and where its chips may go."""
    text = f"{r} closes in {data.months[t - 1]}: from then on it has no halls, no power and no chips"
    if t > 1:
        halls, firm = bounds.shell_mw[r][t - 2], bounds.firm_mw[r][t - 2]
        text += f"; it loses at most {halls:,.1f} MW of halls and {firm:,.1f} MW of firm power"
    started = sum(kunit for (s, _), kunit in data.start_installed_kunit.items() if s == r)
    if started > 0:
        text += f"; {started:,.4g} thousand chips are installed there at the start"
    return f"{text}; {_ways_out(data, r)}"


def _ways_out(data: PlanData, r: str) -> str:
    """Where the chips of a region may go.

    Whether they do is the plan's decision: a way is taken where it pays."""
    ends = [way.to_id for way in data.chip_moves if way.from_id == r]
    if not ends:
        return "no row of chip_moves leads away: what is there then is retired early"
    places = [end for end in ends if end != STOCK]
    said = [f"to {', '.join(places)}"] if places else []
    said += ["back into stock"] if STOCK in ends else []
    return f"they may be moved {' and '.join(said)}"
