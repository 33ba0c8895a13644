"""The table of revisions, once more: what the plan before published is in the inputs, and what is decided now in the tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from planner.verify.collector import Collector
from planner.verify.run import HALLS, Run, records

ANYWHERE = "*"
KEYS = ("kind", "place_id", "item_id", "month")
UNITS = {"started": "MW", "deployed": "kunit", "retired": "kunit", "served": "kH100e", "cost": "million USD"}
NEGLIGIBLE = 1e-9
"""A decision of so little needs no row."""


def check_revisions(checks: Collector) -> None:
    """Each row has the decision of both plans, and no decision of either is left out."""
    run = checks.run
    stated, frame = run.inputs["published"], run.tables.get("revisions")
    if not len(stated) and frame is None:
        return
    if frame is None:
        checks.fail("revisions", "the plan before has published decisions, which are compared with nothing")
        return
    before = dict(zip(records(stated, KEYS), stated["value"].to_numpy(dtype=float), strict=True))
    months = {month for *_, month in before}
    now: dict[tuple[str, ...], float] = {}
    for key, value in _decided(run):
        if key[-1] in months:
            now[key] = now.get(key, 0.0) + value
    told = records(frame, KEYS)
    words = ([" / ".join(key) for key in told],)
    for column, derived, law in (
        ("before", before, "the plan before is the one that was published"),
        ("now", now, "what is decided now is what the tables say"),
    ):
        written = frame[column].to_numpy(dtype=float)
        found = np.array([derived.get(key, 0.0) for key in told])
        checks.same(f"revisions.{column}", written, found, words, "units", law)
    strange = [name for name, kind, unit in zip(*words, frame["kind"], frame["unit"], strict=True) if unit != UNITS.get(kind)]
    checks.add("revisions.unit", not strange, "each kind of decision has its unit", place=", ".join(strange[:3]))
    known = set(told)
    lacking = [key for key, value in {**before, **now}.items() if key not in known and abs(value) > NEGLIGIBLE]
    if lacking:
        checks.fail("revisions.rows", "a decision has no row", " / ".join(lacking[0]))


def _decided(run: Run) -> Iterator[tuple[tuple[str, ...], float]]:
    """What this plan decides, as its tables say."""
    for kind, name, keys, column in (
        ("started", "power", ("region_id", "option_id", "month"), "build_mw"),
        ("deployed", "fleet", ("place_id", "generation_id", "month"), "deploy_kunit"),
        ("retired", "fleet", ("place_id", "generation_id", "month"), "retire_kunit"),
        ("served", "demand", ("pool_id", "class_id", "month"), "served_kh100e"),
    ):
        frame = run.tables.get(name, pd.DataFrame(columns=[*keys, column]))
        for key, value in _by(frame, keys, column):
            yield (kind, *key), value
    for (region, month), mw in _by(run.table("halls"), ("region_id", "month"), "build_shell_mw"):
        yield ("started", region, HALLS, month), mw
    for (component, month), musd in _by(run.table("costs"), ("component", "month"), "discounted_musd"):
        yield ("cost", ANYWHERE, component, month), musd


def _by(frame: pd.DataFrame, keys: tuple[str, ...], column: str) -> Iterator[tuple[tuple[str, ...], float]]:
    yield from zip(records(frame, keys), frame[column].to_numpy(dtype=float).tolist(), strict=True)
