"""Every input table, and which of its columns point to others."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from planner.schema.citations import CITATIONS
from planner.schema.compute import COMPUTE
from planner.schema.cycle import CYCLE
from planner.schema.earth import EARTH
from planner.schema.fields import Field
from planner.schema.hours import HOURS
from planner.schema.network import NETWORK
from planner.schema.orbit import ORBIT, design_fields
from planner.schema.start import START
from planner.schema.table_schema import TableSchema


@cache
def tables() -> dict[str, TableSchema]:
    """Every table by name, in reading order. The columns of a design come from physics."""
    found = {schema.name: schema for schema in (*EARTH, *COMPUTE, *HOURS, *NETWORK, *ORBIT, *START, *CYCLE, *CITATIONS)}
    found["designs"] = dataclasses.replace(found["designs"], fields=design_fields())
    return found


class Pointer(NamedTuple):
    """A column that names rows of other tables, or one of some words. ``checked``: each name must have a row."""

    table: str
    field: Field
    targets: tuple[tuple[str, str], ...]  # table, column
    words: tuple[str, ...]
    checked: bool


@cache
def pointers() -> tuple[Pointer, ...]:
    """Every column that points, in the order of the tables."""
    return pointers_of(tables().values())


def pointers_of(schemas: Iterable[TableSchema]) -> tuple[Pointer, ...]:
    """The columns of some tables that point."""
    return tuple(pointer_of(schema.name, field) for schema in schemas for field in schema.fields if field.points_to)


def pointer_of(name: str, field: Field) -> Pointer:
    """What a column of a table points to."""
    stated = [part.removeprefix("?").partition(".") for part in field.points_to]
    targets = tuple((table, column or tables()[table].keys[0].name) for table, _, column in stated if table in tables())
    words = tuple(word for word, _, _ in stated if word not in tables())
    return Pointer(name, field, targets, words, checked="?" not in "".join(field.points_to))
