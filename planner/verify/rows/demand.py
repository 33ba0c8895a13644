"""Rows of demand: what is asked is served by chips that run there and then, within its day, over links that carry it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.verify.case import Case
from planner.verify.linear import Balance, Limit, Row, term


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
    available = run.vector("inputs.regions", "availability_frac")
    yield Limit("place_compute", "rtk", used, [term("run", "rgtk", r=available, g=h100e)], "kH100e", law)
    used = [term("serve", "zwot", w=rigid, zwtk=case.hours.shape), term("shift", "wotk")]
    yield Limit("place_compute_in_orbit", "otk", used, [term("run", "ogtk", g=h100e)], "kH100e", law)


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
    recent = [term("serve", "zwxt", zwtk=np.einsum("wkj,zwj->zwk", within, moved))]
    law = "no work waits longer than its window"
    yield Limit("limit_waiting", "wxtk", [term("waiting", "wxtk")], recent, "kH100e h", law)
