"""Requirements, which alone can make a plan infeasible: shares, commitments, closures, all demand served, caps on carbon."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from models import REGISTER
from models.budget import firm_chips_musd, limit_budget
from models.carbon import limit_carbon
from models.data import PlanData
from models.demand import serve_demand
from models.halls import conserve_shell, fit_shell, keep_hall_order
from models.index import asked_kh100e
from models.orbit import keep_launch_order
from models.orders import build_arrivals, build_hall_arrivals
from models.power import conserve_capacity, keep_commitment
from models.records import Share, Target
from models.reservations import keep_reservation
from models.rows import Key
from models.share import limit_share, require_share, requires
from models.target import require_target
from planner.plan.calendar import parts_of_calendar_years
from planner.schema.fields import ANY
from planner.schema.table_schema import BINDING, HALLS, HIBERNATION, LAUNCH
from planner.studies.infeasible.levers import Lever, Rows, lever, of_years, per_unit, yearly

if TYPE_CHECKING:
    from planner.plan.plan import Plan


def relief(data: PlanData, rows: Rows) -> dict[int, float]:
    """Requirements, as rows with the coefficient by which each gives way."""
    asked_for = {row.name for row in REGISTER.values() if row.kind == "requirement"}
    asked_for -= {serve_demand.name} if data.unserved_allowed else set()
    signs = {number: 1.0 for (name, _), number in rows.of.items() if name in asked_for}
    for share in data.shares:
        if not requires(data, share):
            for t in share.months:
                signs.pop(rows.of.get(require_share[share.share_id, t], -1), None)
    for target in data.targets:
        if target.penalty_usd_per_h100e_h is not None:
            for t in target.min_served_frac:
                signs.pop(rows.of.get(require_target[target.target_id, t], -1), None)
    for reservation in data.reservations:
        if reservation.penalty_usd_per_h100e_h is not None:
            for t in reservation.kh100e:
                signs.pop(rows.of.get(keep_reservation[reservation.reservation_id, t], -1), None)
    for _, row, stock, _ in closures(data):
        if row in rows:
            signs[rows.of[row]] = -(rows.sign(row, stock) or 1.0)
    for name in (build_arrivals.name, build_hall_arrivals.name):  # they hold what is firm once more
        signs |= {number: -1.0 for (row, _), number in rows.of.items() if row == name}
    for y, musd in firm_chips_musd(data).items():  # chips that are paid in any case
        if musd > data.budget_musd[y] and limit_budget[y] in rows:
            signs[rows.of[limit_budget[y]]] = -1.0
    for r, t in data.hibernated_shell_mw:
        if fit_shell[r, t] in rows:
            signs[rows.of[fit_shell[r, t]]] = -1.0
    return signs


def closures(data: PlanData) -> Iterator[tuple[tuple[str, str, int], Key, Key, float]]:
    """What is planned to close or ends: region, item and month, the row of its stock, that stock, MW."""
    for (r, p, t), mw in data.closed_mw.items():
        yield (r, p, t), conserve_capacity[r, p, t], ("capacity", (r, p, t)), mw
    for (r, t), mw in data.closed_shell_mw.items():
        yield (r, HALLS, t), conserve_shell[r, t], ("shell", (r, t)), mw


def requirements(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    """Everything that is asked for, and could be asked for less."""
    for part in (_shares, _targets, _reservations, _commitments, _demand, _carbon):
        yield from part(plan, data, rows)


def _shares(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    """A share of what is served moves the side of its row only where all that is asked is served: elsewhere it is tried."""
    for share in data.shares:
        if share.of == "served" and data.unserved_allowed:
            continue
        s, where = share.share_id, share_words(plan, share)
        if share.min_frac is not None:
            moved = rows.some((require_share[s, t], -asked_kh100e(data, share.pools, t)) for t in share.months)
            words = f"least share {s} ({where})"
            yield lever(plan, "shares", (s,), "min_frac", words, moved, sign=-1.0, kind="requirement", most=share.min_frac)
        if share.max_frac is not None:
            moved = rows.some((limit_share[s, t], asked_kh100e(data, share.pools, t)) for t in share.months)
            yield lever(
                plan,
                "shares",
                (s,),
                "max_frac",
                f"greatest share {s} ({where})",
                moved,
                most=1.0 - share.max_frac,
                kind="requirement",
            )


def _targets(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    """Targets that must be met; those of several months are scaled together."""
    for target in data.targets:
        if target.penalty_usd_per_h100e_h is None:
            key, of = (target.target_id,), target.min_served_frac.items()
            moved = rows.some((require_target[*key, t], -frac * asked_kh100e(data, target.pools, t)) for t, frac in of)
            words = f"target {target.target_id} ({target_words(plan, target)})"
            one = lever(plan, "targets", key, "min_served_frac", words, moved, sign=-1.0, kind="requirement", most=1.0)
            yield per_unit(one)


def _reservations(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    """Reserved capacity that must stand; that of several months is scaled together."""
    for each in data.reservations:
        if each.penalty_usd_per_h100e_h is None:
            key = (each.reservation_id,)
            moved = rows.some((keep_reservation[*key, t], -kh100e) for t, kh100e in each.kh100e.items())
            words = f"reservation {each.reservation_id} in {each.region_id}"
            yield per_unit(lever(plan, "reservations", key, "kh100e", words, moved, sign=-1.0, kind="requirement", most=1.0))


def target_words(plan: Plan, target: Target) -> str:
    """`interactive of Europe`."""
    of_class, names = (plan.tables["targets"].value(name, target.target_id) for name in ("class_id", "from"))
    work = "all work" if of_class == ANY else str(of_class)
    return work + (f" of {', '.join(names)}" if names else "")


def share_words(plan: Plan, share: Share) -> str:
    """`ie_dublin for interactive of Europe`."""
    of_class, asker, to = (plan.tables["shares"].value(name, share.share_id) for name in ("class_id", "from_bloc", "to"))
    work = "all work" if of_class == ANY else of_class
    return f"{', '.join(to)} for {work}" + ("" if asker == ANY else f" of {asker}")


def _commitments(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    committed = [((r, p, t), keep_commitment[r, p, t], mw) for (r, p, t), mw in data.committed_mw.items()]
    committed += [((o, LAUNCH, t), keep_launch_order[o, t], mw) for (o, t), mw in data.committed_launch_mw.items()]
    committed += [((r, HALLS, t), keep_hall_order[r, t], mw) for (r, t), mw in data.committed_shell_mw.items()]
    for (r, p, t), row, mw in committed:
        moved = rows.some([(row, -1.0)])
        key = (r, p, data.months[t - 1])
        yield lever(
            plan, "commitments", key, "build_mw", f"commitment of {r}, {p}", moved, sign=-1.0, kind="requirement", most=mw
        )
    for (r, p, t), row, stock, mw in closures(data):
        if (r, p, t) in data.ended_mw:
            continue  # no number of the input: an order ends in a month
        moved = rows.some([(row, rows.sign(row, stock) or 1.0)])
        key = (r, p, data.months[t - 1])
        yield lever(plan, "commitments", key, "close_mw", f"closure of {r}, {p}", moved, sign=-1.0, kind="requirement", most=mw)
    for position, out, mw in hibernations(plan, data):
        r, _, _ = key = plan.tables["commitments"].keys[position]
        moved = rows.some((fit_shell[index], 1.0) for index in out)
        words = f"halls of {r} out of service"
        yield lever(plan, "commitments", key, "close_mw", words, moved, sign=-1.0, kind="requirement", most=mw)


def hibernations(plan: Plan, data: PlanData) -> Iterator[tuple[int, list[tuple[str, int]], float]]:
    """Binding rows of halls that are out of service: position, region with each month, MW."""
    columns = ("region_id", "option_id", "status", "month", "until_month", "close_mw")
    for position, (r, p, status, first, last, mw) in enumerate(plan.tables["commitments"].select(*columns)):
        if p == HIBERNATION and status in BINDING:
            named = enumerate(data.months, start=1)
            out = [(r, t) for t, month in named if first <= month <= (last or month) and (r, t) in data.hibernated_shell_mw]
            yield position, out, mw


def _demand(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    """Less demand is a remedy only where all of it must be served."""
    if data.unserved_allowed:
        return
    for w in data.classes:
        moved: dict[int, float] = {}
        for (z, c, t), kh100e in data.demand_kh100e.items():
            if c == w:
                moved |= rows.some([(serve_demand[z, c, t], -kh100e)])
        for share in (one for one in data.shares if one.of == "asked"):
            for t in share.months:
                of_class = sum(data.demand_kh100e[z, c, t] for z, c in share.pools if c == w)
                moved |= rows.some(
                    [
                        (require_share[share.share_id, t], -(share.min_frac or 0.0) * of_class),
                        (limit_share[share.share_id, t], -(share.max_frac or 0.0) * of_class),
                    ]
                )
        if any(row[1] == w for row in plan.tables["demand"].keys):
            key = (ANY, w)
            one = lever(plan, "demand", key, "start_kh100e", f"demand for {w}", moved, sign=-1.0, kind="requirement", most=1.0)
            yield per_unit(one)


def _carbon(plan: Plan, data: PlanData, rows: Rows) -> Iterator[Lever]:
    stated = plan.settings.carbon.cap_mtco2_per_year
    for year, moved in of_years(stated, data.carbon_cap_t, parts_of_calendar_years(data.months)).items():
        key = f"carbon.cap_mtco2_per_year.{year}"
        found = rows.some((limit_carbon[y], 1e3 * part) for y, part in moved.items())
        yield yearly(plan, key, stated[year], f"carbon cap of {year}", found, "requirement")
