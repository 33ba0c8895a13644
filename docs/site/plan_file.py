"""The pages of every key of a plan file and of every input table, from the schema that reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docs.site.layout import code, page as page_of, span, table, text
from planner.schema.fields import Field, cell_text
from planner.schema.settings import plan_json_schema
from planner.schema.table_schema import CARRIED, DATES, TableSchema
from planner.schema.tables import pointer_of, tables
from planner.schema.units import unit_of

Schema = Mapping[str, Any]


def keys_page() -> str:
    """Every key of a plan file with its value, unit, default and meaning."""
    schema = plan_json_schema()
    groups: dict[str, list[tuple[str, str, str, str]]] = {}
    for path, one in _keys(schema, schema["$defs"], ""):
        groups.setdefault(path.partition(".")[0] if "." in path else "", []).append(_key_row(path, one))
    titles = ("key", "meaning", "value", "default")
    return page_of(
        "Every key of a plan file",
        "Made from the schema that reads a plan; `planner schema` prints the same as JSON Schema. A plan that extends another "
        "states only what differs. A number may also be a text with another unit, such as `6.5 ct/kWh`. "
        "[Plan files](../plan-files.md) says which files a plan may have, [what if](../what-if.md) how a value is overridden.",
        "## Keys at the top",
        table(titles, groups.pop("")),
        *(part for group, rows in groups.items() for part in (f"## {group.replace('[]', '')}", table(titles, rows))),
    )


def _keys(schema: Schema, parts: Mapping[str, Schema], before: str) -> Iterator[tuple[str, Schema]]:
    """Every key that holds a value, by its path; those of a list have `[]`, those that a user names capitals."""
    for name, one in schema["properties"].items():
        path = f"{before}{name}"
        inner = list(_objects(one, parts))
        if not inner or "description" in one:
            yield path, one
        for suffix, part in inner:
            yield from _keys(part, parts, f"{path}{suffix}.")


def _objects(one: Schema, parts: Mapping[str, Schema]) -> Iterator[tuple[str, Schema]]:
    """The objects that a value may be or hold, and what stands between its key and theirs."""
    if "$ref" in one:
        yield "", parts[one["$ref"].rpartition("/")[2]]
    for each in one.get("anyOf", ()):
        yield from _objects(each, parts)
    if "items" in one:
        yield from ((f"[]{suffix}", part) for suffix, part in _objects(one["items"], parts))
    if isinstance(one.get("additionalProperties"), dict):
        yield from ((f".NAME{suffix}", part) for suffix, part in _objects(one["additionalProperties"], parts))


def _key_row(path: str, one: Schema) -> tuple[str, str, str, str]:
    name = path.rpartition(".")[2]
    default = "" if one.get("default") in (None, {}, [], "") else cell_text(one["default"])
    unit, value = unit_of(name), _value(one)
    return (
        code(path),
        text(one.get("description", "")),
        f"{value}, {unit}" if unit and "number" in value else value,
        code(default),
    )


def _value(one: Schema) -> str:
    """What a value may be, in words."""
    if "enum" in one:
        return ", ".join(code(str(word)) for word in one["enum"] if str(word).strip())
    if "anyOf" in one:
        kinds = [each for each in one["anyOf"] if each.get("type") != "null"]
        stated = [each for each in kinds if each.get("description", "").partition(" ")[0] != "in"]
        return " or ".join(dict.fromkeys(_value(each) for each in stated))
    kind = one.get("type", "keys and values" if "$ref" in one else "any")
    if kind == "array":
        return f"list of {_value(one['items'])}"
    if kind == "object":
        inner = [*one.get("patternProperties", {}).values(), one.get("additionalProperties", {})]
        return f"name: {_value(inner[0])}" if inner[0] else "keys and values"
    words = {"integer": "whole number", "string": "text", "boolean": "true or false"}.get(kind, kind)
    return f"{words} {span(one.get('minimum'), one.get('exclusiveMinimum'), one.get('maximum'))}".strip()


def tables_page() -> str:
    """Every input table and its columns."""
    known = tables()
    return page_of(
        "Every input table",
        "Made from the schema that reads the tables. The unit is in the name of a column; a cell may state another of the same "
        "kind. A column in bold is part of what names a row. A cell without a default must be filled unless it *may be empty*.",
        table(("table", "holds", "in a plan"), (_summary(one) for one in known.values())),
        "## Columns of every table",
        table(TITLES, (_column(CARRIED_BY, field) for field in CARRIED)),
        "Tables whose numbers may change with the month ([series](../series.md)) may also have:",
        table(TITLES, (_column(CARRIED_BY, field) for field in DATES)),
        *(part for one in known.values() for part in _table(one)),
    )


TITLES = ("column", "meaning", "value", "default")
CARRIED_BY = TableSchema("every table", "", ())


def _summary(one: TableSchema) -> tuple[str, str, str]:
    needed = "required" if one.required else "optional"
    return f"[`{one.name}`](#{one.name})", text(one.doc), needed + (", with at least one row" if one.rows_required else "")


def _table(one: TableSchema) -> tuple[str, str, str]:
    series = [field.name for field in one.series]
    dated = f" May change with the month: {', '.join(map(code, series))}." if series else ""
    return f"## {one.name}", f"{text(one.doc)}.{dated}", table(TITLES, (_column(one, field) for field in one.fields))


def _column(schema: TableSchema, field: Field) -> tuple[str, ...]:
    name = f"**{code(field.name)}**" if field.key else code(field.name)
    default = "*may be empty*" if not field.required and field.default is None else code(cell_text(field.default))
    return name, text(field.doc), _kind(schema, field), default


def _kind(schema: TableSchema, field: Field) -> str:
    """What a cell may hold."""
    if field.kind in ("number", "integer"):
        kind = f"{'whole number' if field.kind == 'integer' else 'number'} {span(field.ge, field.gt, field.most)}"
        return f"{kind}, {field.unit}" if field.unit else kind
    kind = ", ".join(map(code, field.choices)) or {"list": "names with `;` between them"}.get(field.kind, field.kind)
    points = _points(schema, field)
    return f"{kind}: {points}" if points else kind


def _points(schema: TableSchema, field: Field) -> str:
    """The tables and columns whose names may stand in a column, and words that may."""
    if not field.points_to:
        return ""
    found = pointer_of(schema.name, field)
    places = [f"[{code(f'{name}.{column}')}](#{name})" for name, column in found.targets]
    return ", ".join([*dict.fromkeys(places), *map(code, found.words)])
