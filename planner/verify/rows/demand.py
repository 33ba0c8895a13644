"""Rows of demand: what is asked is served by chips that run there and then, within its day, over links, in its shares."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.verify.case import Case
from planner.verify.demand import kept_frac
from planner.verify.linear import Balance, Limit, Row, Side, term
from planner.verify.run import month_before
from planner.verify.series import by_month


def demand_rows(case: Case) -> Iterator[Row]:
    """What is asked is served or admitted to be short; nothing is served without a running chip."""
    run, demand = case.run, case.demand
    given = [term("serve", "zwxt"), term("unserved", "zwt")]
    yield Balance("serve_demand", "zwt", given, [demand.asked], "kH100e", "served + unserved = demand")
    short = [term("unserved", "zwt"), -term("unserved_core", "zwt")]
    law = "what is short beyond the part that can wait is core"
    yield Limit("count_unserved_core", "zwt", short, [demand.can_wait], "kH100e", law, checked=False)
    rigid, h100e = 1.0 - demand.flexible_frac, case.fleet.h100e
    law = "compute served <= compute of running chips, in every slice"
    used = [term("serve", "zwrt", w=rigid, zwtk=case.hours.shape), term("shift", "wrtk")]
    available = by_month(run, "inputs.regions", "availability_frac")
    yield Limit("place_compute", "rtk", used, [term("run", "rgtk", rt=available, g=h100e)], "kH100e", law)
    used = [term("serve", "zwot", w=rigid, zwtk=case.hours.shape), term("shift", "wotk")]
    available = run.vector("inputs.designs", "availability_frac")
    yield Limit("place_compute_in_orbit", "otk", used, [term("run", "ogtk", o=available, g=h100e)], "kH100e", law)


def flexible_rows(case: Case) -> Iterator[Row]:
    """Flexible work moves within its day, and no further than its window."""
    demand, hours = case.demand, case.hours
    moved = demand.flexible_frac[:, None, None] * hours.shape  # [z,w,t,k] of a unit of the class
    due, days = moved * hours.length, np.eye(len(hours.day_types))[hours.day]  # [k,i] 1 where a slice is of the day
    done = [term("shift", "wxtk", ki=hours.length[:, None] * days)]
    law = "flexible work is done on its day, all of it"
    asked = [term("serve", "zwxt", zwti=due @ days)]
    yield Balance("keep_flexible_work", "wxti", done, asked, "kH100e h", law, items=hours.day_types)
    late = [term("waiting", "wxtj", jk=hours.follows), term("serve", "zwxt", zwtk=due), -term("shift", "wxtk", k=hours.length)]
    law = "waiting = waiting a slice ago + asked - done"
    yield Balance("conserve_waiting", "wxtk", [term("waiting", "wxtk")], late, "kH100e h", law, checked=False)
    within = np.stack([hours.recent_h(window_h) for window_h in demand.window_h])
    recent = [term("serve", "zwxt", zwtk=np.einsum("wkj,zwtj->zwtk", within, moved))]
    law = "no work waits longer than its window"
    yield Limit("limit_waiting", "wxtk", [term("waiting", "wxtk")], recent, "kH100e h", law)


def move_rows(case: Case) -> Iterator[Row]:
    """What a place does of a class, and what of that leaves it although demand has not fallen."""
    law = "work of a place = what it serves of a class, whoever asks"
    yield Balance("count_work", "wxt", [term("work", "wxt")], [term("serve", "zwxt")], "kH100e", law, checked=False)
    law = "what a place no longer does has left it, unless demand fell"
    kept = [term("work", "wxv", vt=case.before, wt=case.demand.kept_frac)]
    gone: Side = [term("left", "wxt"), term("work", "wxt")]
    yield Limit("count_moves", "wxt", kept, gone, "kH100e", law, checked=False)


def continuity_rows(case: Case) -> Iterator[Row]:
    """What is served to a pool falls no faster than a class allows, or than demand itself falls."""
    demand, price = case.demand, "USD per kH100e-month"
    may_fall = case.run.vector("inputs.classes", "max_fall_frac_per_month")
    kept = (1.0 - may_fall)[:, None] * kept_frac(demand.asked) * demand.may_go_short
    kept_up: Side = [
        kept * month_before(demand.asked),
        term("unserved", "zwt"),
    ]  # no side is a difference, finer than written digits
    least: Side = [demand.asked, term("unserved", "zwv", vt=case.before, zwt=kept)]
    law = "what is served falls no faster than its class allows, unless demand does"
    yield Limit("keep_service", "zwt", kept_up, least, "kH100e", law, price=price)


def network_rows(case: Case) -> Iterator[Row]:
    """Traffic stays within links, routes and downlinks."""
    run, gbit_s, routes, price = case.run, case.demand.gbit_s, case.demand.routes, "USD per Gbit/s-month"
    link = by_month(run, "inputs.links", "gbit_s", "growth_frac_per_year", np.inf)
    traffic = term("serve", "zwrt", w=gbit_s)
    yield Limit("limit_network", "rt", [traffic], [link], "Gbit/s", "traffic <= link", price=price)
    traffic = term("serve", "zwxt", w=gbit_s, iz=routes.asks, ix=routes.ends)
    law = "traffic <= what the route carries"
    yield Limit("limit_route", "it", [traffic], [routes.gbit_s], "Gbit/s", law, items=routes.names, price=price)
    per_mw = run.vector("inputs.designs", "downlink_gbit_s_per_mw")
    alive, stated = run.of_vintages("alive_frac"), np.where(np.isinf(per_mw), 0.0, per_mw)
    most = np.einsum("ogt,g,o->ot", case.fleet.of_before("alive_frac"), case.fleet.kw, stated)
    most = most + np.where(np.isinf(per_mw), np.inf, 0.0)[:, None]
    down: Side = [term("deploy", "ogv", ovt=alive, g=case.fleet.kw, o=stated), most]
    law = "traffic <= downlink of what is alive"
    yield Limit("limit_downlink", "ot", [term("serve", "zwot", w=gbit_s)], down, "Gbit/s", law, price=price)


def share_rows(case: Case) -> Iterator[Row]:
    """Least and greatest parts of what is served, or of what is asked, by where it is served."""
    shares, price = case.shares, "USD per kH100e-month"
    served, names = term("serve", "zwxt", iz=shares.asks, iw=shares.works, ix=shares.counts), shares.names

    def part(column: str, otherwise: float) -> Side:
        """A share of what its pools have served, or of what they ask; ``otherwise`` where it states none."""
        frac = shares.frac(column)
        stated = np.isfinite(frac).astype(float)
        frac, of_asked = np.nan_to_num(frac), shares.of_asked[:, None]
        of_all = term("serve", "zwxt", it=frac * (1.0 - of_asked), iz=shares.asks, iw=shares.works)
        return [of_all, np.where(stated > 0.0, frac * of_asked * shares.asked, otherwise)]

    law = "a required share is served where it must be"
    yield Limit("require_share", "it", part("min_frac", 0.0), [served], "kH100e", law, items=names, price=price)
    law = "a share stays under its cap"
    yield Limit("limit_share", "it", [served], part("max_frac", np.inf), "kH100e", law, items=names, price=price)


def target_rows(case: Case) -> Iterator[Row]:
    """So much of what a target speaks of is served, or missed at its penalty."""
    targets, price = case.targets, "USD per kH100e-month"
    required = targets.frac * targets.asked
    short = term("unserved", "zwt", nt=(targets.frac > 0.0).astype(float), nzw=targets.of_pool)
    law = "what a target requires is served, or missed at a penalty"
    yield Limit("require_target", "nt", [required, short], [targets.asked, term("missed", "nt")], "kH100e", law, price=price)


def reservation_rows(case: Case) -> Iterator[Row]:
    """What is reserved stands, idle where the customer's own work leaves it, on chips that others do not use."""
    run, each, price = case.run, case.reservations, "USD per kH100e-month"
    law = "what is reserved stands, or is short at a penalty"
    given = [term("standing", "ct"), term("short", "ct")]
    yield Limit("keep_reservation", "ct", [each.reserved], given, "kH100e", law, price=price)
    own = term("serve", "zwrt", czw=each.of_pool, cr=each.region, zwtk=case.hours.shape)
    law = "what stands is used by its customer or idle"
    yield Limit("leave_idle", "ctk", [term("standing", "ct")], [term("idle", "ctk"), own], "kH100e", law)
    rigid, h100e = 1.0 - case.demand.flexible_frac, case.fleet.h100e
    work = [term("serve", "zwrt", w=rigid, zwtk=case.hours.shape), term("shift", "wrtk")]
    free = np.where(each.region.T @ (each.reserved > 0.0), 0.0, np.inf)[..., None]
    installed = term("installed", "rgt", rt=by_month(run, "inputs.regions", "availability_frac"), g=h100e)
    law = "compute served and reserved capacity that is idle <= compute of installed chips"
    idle = term("idle", "ctk", cr=each.region)
    yield Limit("install_reserved", "rtk", [*work, idle], [installed, free], "kH100e", law)
