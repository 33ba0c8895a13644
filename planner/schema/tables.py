"""Every input table, column by column, in one place: what each may hold, and the same as a data dictionary."""

from __future__ import annotations

import dataclasses
from functools import cache

from planner.schema.compute import COMPUTE
from planner.schema.earth import EARTH
from planner.schema.hours import HOURS
from planner.schema.network import NETWORK
from planner.schema.orbit import ORBIT, design_fields
from planner.schema.table_schema import TableSchema


@cache
def tables() -> dict[str, TableSchema]:
    """Every table by name, in the order in which a reader meets them. The columns of a design are asked of physics."""
    found = {schema.name: schema for schema in (*EARTH, *COMPUTE, *HOURS, *NETWORK, *ORBIT)}
    found["designs"] = dataclasses.replace(found["designs"], fields=design_fields())
    return found


def dictionary() -> list[dict[str, str]]:
    """The data dictionary: one row a column, with unit, range and default in words."""
    rows = []
    for schema in tables().values():
        for field in schema.columns:
            empty = "required" if field.required else "empty" if field.default in (None, ()) else str(field.default)
            rows.append(
                {
                    "table": schema.name,
                    "column": field.name,
                    "key": "yes" if field.key else "",
                    "kind": field.kind,
                    "unit": field.unit,
                    "allowed": field.allowed,
                    "default": empty,
                    "meaning": field.doc,
                }
            )
    return rows
