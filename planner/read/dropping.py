"""Rows that go, and with them, where a plan says so, every row of other tables that speaks of what is gone."""

from __future__ import annotations

from collections.abc import Sequence

from planner.plan.table import Table

EVERYWHERE = "everywhere"

NAMED_IN = {
    # table: where its key stands in other tables
    "regions": (
        ("power", "region_id"),
        ("fuels", "region_id"),
        ("commitments", "region_id"),
        ("fleet", "region_id"),
        ("links", "region_id"),
        ("latency", "from_id"),
        ("latency", "to_id"),
    ),
    "options": (("power", "option_id"), ("supply", "option_id"), ("commitments", "option_id")),
    "accelerators": (("deliveries", "generation_id"), ("fleet", "generation_id"), ("dark", "generation_id")),
    "zones": (("demand", "zone_id"), ("training_runs", "zone_id"), ("latency", "from_id")),
    "classes": (("demand", "class_id"), ("training_runs", "class_id"), ("residency", "class_id")),
    "designs": (("launch_price", "design_id"), ("latency", "to_id")),
}


def drop(table: Table, matched: Sequence[int]) -> Table:
    """The table without the rows at these positions."""
    gone = set(matched)
    keep = [position for position in range(len(table)) if position not in gone]
    columns = {name: [values[position] for position in keep] for name, values in table.columns.items()}
    return table.replaced(columns, [table.rows[position] for position in keep], table.changes)


def drop_followers(tables: dict[str, Table], name: str, gone: Sequence[str]) -> None:
    """Takes the rows of other tables that name what was dropped from table `name`; `tables` is changed in place."""
    names = set(gone)
    for other, column in NAMED_IN[name]:
        table = tables.get(other)
        if table is None:  # the plan states none
            continue
        tables[other] = drop(table, [at for at, value in enumerate(table.column(column)) if value in names])
