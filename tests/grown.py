"""Plans that nobody wrote: the starting plan with tables and keys made from the schema alone, each cell as it could be meant.

What is new in the schema is in them from the day it is there. Most are refused, or have no plan; those that are solved must be
verified.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from planner.plan.plan import Plan
from planner.schema.fields import ANY, Field
from planner.schema.settings import plan_json_schema
from planner.schema.table_schema import CARRIED, TableSchema
from planner.schema.tables import Pointer, pointers, tables
from tests.spoil import word

Rows = list[dict[str, str]]
SEEDED = ("start", "tables", "name", "own_limits", "extends", "adjust", "why", "allow", "months", "look_ahead_months")
"""Keys that stay as they are, or are chosen for a plan that is small."""
LEAST, MOST = 1e-2, 1e3
"""Numbers that have no plausible range of their own."""


def grow(folder: Path, plan: Plan, rng: random.Random, most_months: int = 4) -> None:
    """Change the plan in a folder: a few months, some keys, and one to three tables. ``plan``: the one that was there."""
    path = folder / "plan.yaml"
    stated = yaml.safe_load(path.read_text(encoding="utf-8"))
    stated |= {"months": rng.randint(1, most_months), "look_ahead_months": rng.choice((0, 0, 1))}
    known = plan_json_schema()
    for key in rng.sample(sorted(set(known["properties"]) - {*SEEDED}), rng.randint(0, 3)):
        stated[key] = _value(known, known["properties"][key], stated.get(key), rng)
    for name in rng.sample(sorted(tables()), rng.randint(1, 3)):
        schema, file = tables()[name], folder / "tables" / f"{name}.csv"
        there = name in stated["tables"] and file.is_file()
        rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))) if there else []
        rows = _changed(schema, rows, plan, rng) if rows and rng.random() < 0.9 else [*rows, *_made(schema, plan, rng)]
        keys = [one.name for one in schema.keys]
        rows = list({tuple(row.get(key, "") for key in keys): row for row in rows}.values()) if rng.random() < 0.95 else rows
        stated["tables"][name] = f"tables/{name}.csv"
        file.write_text(_text(rows), encoding="utf-8", errors="surrogatepass")
    path.write_text(yaml.safe_dump(stated), encoding="utf-8")


def _text(rows: Rows) -> str:
    head = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, head, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _made(schema: TableSchema, plan: Plan, rng: random.Random) -> Rows:
    """New rows, all with the same columns."""
    fields = [one for one in schema.fields if one.required or one.key or rng.random() < 0.5]
    dated = [f"{one.name} {_month(plan, rng)}" for one in schema.series if rng.random() < 0.2]
    rows = []
    for number in range(rng.randint(1, 4)):
        row = {one.name: _cell(one, schema, plan, rng, number) for one in fields}
        row |= {name: _cell(one, schema, plan, rng, number) for name in dated if (one := schema.field(name)) is not None}
        rows.append(row | {CARRIED[0].name: "made", CARRIED[1].name: CARRIED[1].choices[-1]})
    return rows


def _changed(schema: TableSchema, rows: Rows, plan: Plan, rng: random.Random) -> Rows:
    """Some cells of some rows, in a new column of theirs perhaps."""
    for one in rng.sample(schema.fields, min(len(schema.fields), rng.randint(1, 3))):
        for number, row in enumerate(rows):
            if rng.random() < 0.4 and not one.key:
                row[one.name] = _cell(one, schema, plan, rng, number)
    return rows


def _cell(one: Field, schema: TableSchema, plan: Plan, rng: random.Random, number: int) -> str:
    if rng.random() < 0.002:
        return word(rng)
    if not one.required and not one.key and rng.random() < 0.3:
        return ""
    if one.kind == "choice":
        return rng.choice(one.choices)
    if one.kind == "month":
        return _month(plan, rng)
    if one.kind in ("number", "integer"):
        value = _number(one.ge, one.gt, one.le, one.plausible, rng)
        return f"{round(value)}" if one.kind == "integer" else f"{value:.6g}"
    if (pointer := _pointer(schema.name, one)) is not None:
        names = [*sorted(_names(pointer, plan)), *pointer.words, *([ANY] if one.any_allowed else [])]
        chosen = rng.sample(names, min(len(names), rng.randint(1, 2 if one.kind == "list" else 1)))
        return ";".join(chosen)
    if "countr" in one.name:
        return rng.choice(sorted(set(plan.tables["regions"].column("country_iso2"))))
    return rng.choice(("x", f"{one.name}{number}", f"y{number}"))


def _names(pointer: Pointer, plan: Plan) -> Iterator[str]:
    for table, column in pointer.targets:
        yield from {str(name) for name in plan.tables[table].column(column) if name}


def _pointer(table: str, one: Field) -> Pointer | None:
    return next((each for each in pointers() if (each.table, each.field.name) == (table, one.name)), None)


def _month(plan: Plan, rng: random.Random) -> str:
    year, month = map(int, plan.settings.start.split("-"))
    count = 12 * year + month - 1 + rng.choice((-3, -1, 0, 0, 0, 1, 1, 2, 3, 5))
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def _number(ge: float | None, gt: float | None, le: float | None, plausible: tuple[float, float], rng: random.Random) -> float:
    """Plausible, at a bound, or of any size."""
    low, high = (bound if abs(bound) < float("inf") else None for bound in plausible)
    ends = [end for end in (ge, le) if end is not None]
    if ends and rng.random() < 0.3:
        return rng.choice(ends)
    least = max(low or LEAST, LEAST if gt is not None else 0.0)
    most = min(bound for bound in (high, le, MOST) if bound is not None) if rng.random() < 0.9 else 10 ** rng.uniform(-6, 6)
    return rng.uniform(least, most) if rng.random() < 0.5 or min(least, most) <= 0 else least * (most / least) ** rng.random()


def _value(whole: Mapping[str, Any], part: Mapping[str, Any], now: Any, rng: random.Random) -> Any:
    """A value of a key, as JSON Schema describes it."""
    if "$ref" in part:
        return _value(whole, whole["$defs"][part["$ref"].rpartition("/")[2]], now, rng)
    if choices := part.get("enum", [part["const"]] if "const" in part else []):
        return rng.choice(choices)
    if several := part.get("anyOf", part.get("oneOf")):
        numbers = [each for each in several if each.get("type") in ("number", "integer")]  # the same as a text with its unit
        return _value(whole, rng.choice(numbers if numbers and rng.random() < 0.95 else several), now, rng)
    kind = part.get("type")
    if kind == "object" or "properties" in part:
        old = now if isinstance(now, dict) else {}
        names = part.get("properties", {})
        needed = {*part.get("required", ()), *names} & {*old} if rng.random() < 0.9 else set()
        found = {k: old[k] if k in needed and rng.random() < 0.5 else _value(whole, names[k], old.get(k), rng) for k in names}
        below = next(iter(part.get("patternProperties", {}).values()), part.get("additionalProperties"))
        if isinstance(below, dict) and not names:
            found = {rng.choice(("2027", "2028", "US", "grid", "x")): _value(whole, below, None, rng) for _ in range(2)}
        return found
    if kind == "array":
        return [_value(whole, part.get("items", {}), None, rng) for _ in range(rng.randint(0, 2))]
    if kind in ("number", "integer"):
        bounds = [part.get(name) for name in ("minimum", "exclusiveMinimum", "maximum")]
        value = _number(*bounds, (float("-inf"), float("inf")), rng)
        return round(value) if kind == "integer" else float(f"{value:.6g}")
    return rng.random() < 0.5 if kind == "boolean" else None if kind == "null" else rng.choice(("grid", "x", "2027-02", "US"))
