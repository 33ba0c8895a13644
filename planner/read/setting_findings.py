"""Turn what pydantic refuses into findings that point into the file."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ValidationError

from planner.codes import Code
from planner.findings import Findings, Place, nearest
from planner.plan.plan import Entry
from planner.read.extends import OWN_KEYS, name_with_unit
from planner.schema.fields import MONTH, cell_text
from planner.schema.months import month_hint, month_of
from planner.schema.quantities import UnitError, in_unit_of
from planner.schema.settings import Settings
from planner.schema.units import unit_of
from planner.schema.written import NUMBER, number_hint

CHANGES = ("set", "scale", "drop", "rows", "where", "override", "overrides", "adjustment", "adjustments", "change", "changes")
"""What a reader may call the key under which tables are changed."""

_BOUNDS = {"greater_than_equal": ">=", "greater_than": ">", "less_than_equal": "<=", "less_than": "<"}
_LIMITS = {"greater_than_equal": "ge", "greater_than": "gt", "less_than_equal": "le", "less_than": "lt"}
_NOUNS = {"model_type": "keys and values", "dict_type": "keys and values", "tuple_type": "a list", "list_type": "a list"}
_KEYS = {"days": "a name of letters, digits and _ - .", "carbon": "a year as YYYY", "budget": "a year as YYYY"}
"""What is expected of a text that has to match a pattern, by its key in the plan."""


def as_input(entry: Entry) -> Any:
    """What pydantic reads: plain values, lists as tuples where the models want tuples."""
    if isinstance(entry.value, dict):
        return {key: as_input(one) for key, one in entry.value.items()}
    if isinstance(entry.value, list):
        return tuple(as_input(one) for one in entry.value)
    return entry.value


def add_findings(error: ValidationError, entry: Entry, model: type[BaseModel], findings: Findings, prefix: str = "") -> None:
    """One finding for each value refused, at its key or value."""
    seen: set[tuple[Any, ...]] = set()
    for problem in error.errors(include_url=False):
        path = _path_in_file(problem["loc"], entry)
        if path in seen:
            continue
        seen.add(path)
        name = prefix + ".".join(str(part) for part in path)
        kind, context = problem["type"], problem.get("ctx", {})
        if kind == "extra_forbidden":
            hint = _hint_of_key(model, path)
            tail = f" ({hint})" if hint else ""
            at, _ = _find(entry, path)
            findings.add(Code.E_KEY_UNKNOWN, at.key_place, f"unknown key {name}{tail}", path[-1], "a key of the plan")
        elif kind == "missing":
            at, _ = _find(entry, path[:-1])
            expected = _expected_of(model, path)
            findings.add(Code.E_KEY_MISSING, at.key_place, f"{name} is missing: expected {expected}", "", expected)
        else:
            at, found = _find(entry, path)
            if kind == "string_type" and not found:  # keys and values may stand there too, and those are refused by themselves
                continue
            place: Place = at.place if found else at.key_place
            value = _text(at)
            findings.refuse(Code.E_KEY_VALUE, place, name, value, *_expected(kind, context, name, value))


def _hint_of_key(model: type[BaseModel], path: tuple[Any, ...]) -> str:
    """The nearest known key, those of the file itself included."""
    known = list(_model_at(model, path[:-1]).model_fields)
    if model is Settings and len(path) == 1:
        if str(path[0]).casefold() in CHANGES:
            return "did you mean adjust?"
        known = [*known, *OWN_KEYS]
    return nearest(str(path[-1]), dict.fromkeys(known))


def _expected(kind: str, context: dict[str, Any], name: str, value: str) -> tuple[str, str]:
    """What was expected, and a hint."""
    unit = unit_of(name_with_unit(name))
    of_unit = f" in {unit}" if unit and not unit.startswith("fraction") else ""
    if kind in _BOUNDS:
        return f"a number {_BOUNDS[kind]} {cell_text(context[_LIMITS[kind]])}", ""
    if kind.startswith("float"):
        return f"a number{of_unit}", _number_hint(name, value)
    if kind.startswith("int"):
        return "a whole number", _number_hint(name, value) if not NUMBER.fullmatch(value) or value.isdecimal() else ""
    if kind == "literal_error":
        words = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        return f"one of {words}" if "," in words else words, nearest_word(value, words)
    if kind.startswith("bool"):
        return "true or false", ""
    if kind.startswith("string"):
        if "pattern" in kind:
            return _KEYS[name.partition(".")[0]], ""
        if name == "start":
            return "a month as YYYY-MM", month_hint(value)
        return "a text", "in quotes" if NUMBER.fullmatch(value) or value in ("true", "false") else ""
    if kind == "value_error":
        expected = str(context.get("error", "another value"))
        if "month" not in expected or MONTH.fullmatch(value):
            return expected, ""
        return expected, f"write {month}" if (month := month_of(value)) else month_hint(value)
    return _NOUNS.get(kind, "another value"), ""


def _number_hint(name: str, value: str) -> str:
    if NUMBER.fullmatch(value):
        return "without quotes"
    try:
        in_unit_of(name_with_unit(name), value)
    except UnitError as error:
        return str(error) or number_hint(value, unit_of(name_with_unit(name)))
    return ""


def nearest_word(value: str, words: str) -> str:
    """The nearest of some words, as a hint."""
    near = nearest(value, words.split(", "))
    return near if near.startswith("did") else ""


def _path_in_file(loc: tuple[Any, ...], entry: Entry) -> tuple[Any, ...]:
    """Pydantic's path without the parts that are no keys of the file (branches of a union)."""
    path: list[Any] = []
    here: Entry | None = entry
    for position, part in enumerate(loc):
        if part == "[key]":
            continue
        if here is not None and isinstance(here.value, dict):
            if part not in here.value and position < len(loc) - 1:
                continue
            path.append(part)
            here = here.value.get(part)
        elif here is not None and isinstance(here.value, list) and isinstance(part, int) and part < len(here.value):
            path.append(part)
            here = here.value[part]
    return tuple(path)


def _find(entry: Entry, path: tuple[Any, ...]) -> tuple[Entry, bool]:
    """The entry at a path, or the last one on the way."""
    for part in path:
        below = entry.value
        if isinstance(below, dict):
            found = below.get(part)
        else:
            found = below[part] if isinstance(below, list) and isinstance(part, int) and part < len(below) else None
        if found is None:
            return entry, False
        entry = found
    return entry, True


def _text(entry: Entry) -> str:
    if isinstance(entry.value, dict):
        return "keys and values"
    if isinstance(entry.value, list):
        parts = [below.text for below in entry.value]
        return f"[{', '.join(parts)}]" if all(parts) else "a list"
    return entry.text


def _model_at(model: type[BaseModel], path: tuple[Any, ...]) -> type[BaseModel]:
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            annotation = model.model_fields[part].annotation
            if isinstance(annotation, type) and hasattr(annotation, "model_fields"):
                model = annotation
    return model


def _expected_of(model: type[BaseModel], path: tuple[Any, ...]) -> str:
    field = _model_at(model, path[:-1]).model_fields.get(str(path[-1]))
    return (field.description if field else "") or "keys and values"
