"""What a plan decides for each month beside what the plan before had decided for it: the two sides of all that moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from planner.plan.plan import Plan
from planner.schema.cycle import DECIDED
from planner.schema.fields import ANY
from planner.schema.table_schema import HALLS
from planner.tables.frames import Frame, table

Key = tuple[str, str, str, str]
"""Kind, place, item and month."""

UNITS = {"started": "MW", "deployed": "kunit", "retired": "kunit", "served": "kH100e", "cost": "million USD"}


def revisions_table(plan: Plan, tables: Mapping[str, Frame]) -> Frame:
    """One row for each decision that either plan has, in months that both have, as the plan before published them."""
    stated = plan.tables["published"].select("kind", "place_id", "item_id", "month", "value")
    before: dict[Key, float] = {(kind, place, item, month): value for kind, place, item, month, value in stated}
    now = {key: value for key, value in _decided(tables) if value}
    months = {month for *_, month in before}
    order = {kind: position for position, kind in enumerate(DECIDED)}
    keys = sorted((key for key in {**before, **now} if key[-1] in months), key=lambda key: (order[key[0]], *key[1:]))
    return table("revisions", [(*key, before.get(key, 0.0), now.get(key, 0.0), UNITS[key[0]]) for key in keys])


def _decided(tables: Mapping[str, Frame]) -> Iterator[tuple[Key, float]]:
    for kind, name, place, item, column in (
        ("started", "power", "region_id", "option_id", "build_mw"),
        ("deployed", "fleet", "place_id", "generation_id", "deploy_kunit"),
        ("retired", "fleet", "place_id", "generation_id", "retire_kunit"),
        ("served", "demand", "pool_id", "class_id", "served_kh100e"),
    ):
        yield from _rows(kind, tables[name], place, item, column)
    yield from _rows("started", tables["halls"].assign(item_id=HALLS), "region_id", "item_id", "build_shell_mw")
    costs = tables["costs"].groupby(["component", "month"], as_index=False)["discounted_musd"].sum()
    yield from _rows("cost", costs.assign(place_id=ANY), "place_id", "component", "discounted_musd")


def _rows(kind: str, frame: pd.DataFrame, place: str, item: str, column: str) -> Iterator[tuple[Key, float]]:
    for where, what, month, value in frame[[place, item, "month", column]].itertuples(index=False, name=None):
        yield (kind, str(where), str(what), str(month)), float(value)
