"""A map, spoilt by what a map may say: each key of the schema with values that fit it, nearly fit it, or do not."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import yaml

from planner.schema.maps import MapColumn, MapRows, TableMap
from planner.schema.tables import tables
from tests.spoil import word

COLUMN_KEYS = [field.alias or name for name, field in MapColumn.model_fields.items()]
UNITS = ["EUR/kWh", "€/MWh", "kVA", "MWh", "ct/kWh", "$/MWHr", "gCO2eq/kWh", "lb/MWh", "units", "W", "%", "USD", "", "t/USD"]
PICKS: dict[str, list[Any]] = {
    "value": [0, 1, "p", True, 1e300, -5, "2027-01", "grid"],
    "unit": UNITS,
    "factor": [0, -1, 0.5, 1e300, 1e-300, 1000],
    "rate": [{"EUR": 1.08}, {"€": 1e308}, {"EUR": 1e-308}, {"EUR": -1}, {"USD": 2}, {}],
    "others": ["keep", "leave_out", "refuse"],
    "unknown": ["leave_out", "refuse"],
    "part": [0, 1, 2, 20, -1],
    "between": [",", " ", "-", ";", ""],
    "time": ["month", "calendar_month", "hour", "hour_ending", ""],
    "order": ["year-month-day", "day-month-year", "month-day-year", "serial", None],
    "file_zone": ["UTC", "Europe/Paris", "Mars", "../../etc/passwd", "America/Chicago"],
    "zone": ["UTC", "Asia/Tokyo", "", "x" * 300, "Europe/Berlin"],
    "header": [0, 1, 2, 5, 1_000_000],
    "until": ["blank", "end"],
    "missing": [["-", "n/e"], [""], [], ["0"]],
    "encoding": ["utf-8", "cp1250", "utf-16", "cp1252", "idna", "rot13", ""],
    "separator": [",", ";", "\t", "|", ""],
    "decimal": [".", ",", ""],
    "combine": ["sum", "mean", "min", "max", "first", "last", {}],
    "quarters": ["spread", "repeat", None],
    "sheet": ["", "Sheet", "theirs"],
}


def spoil_map(text: str, titles: list[str], rng: random.Random) -> str:
    """The map of a file with these titles, changed in one to four places."""
    maps = yaml.safe_load(text)
    (table,) = maps
    how = maps[table]
    for _ in range(rng.choice([1, 1, 2, 4])):
        change: Callable[..., None] = rng.choice([_column, _column, _column, _rows, _unpivot, _other])
        change(how, table, [*titles, word(rng)], rng)
    return yaml.safe_dump(maps, sort_keys=False, allow_unicode=True)


def _pick(key: str, rng: random.Random) -> Any:
    return rng.choice(PICKS[key]) if key in PICKS and rng.random() < 0.9 else word(rng)


def _column(how: dict[str, Any], table: str, titles: list[str], rng: random.Random) -> None:
    columns = how.setdefault("columns", {})
    fields = [one.name for one in tables()[table].offered]
    name = rng.choice([*(columns or fields), rng.choice(fields)])
    kind = rng.random()
    if kind < 0.1:
        columns.pop(name, None)
        return
    if kind < 0.2:
        columns[name] = rng.choice(titles)
        return
    stated = columns.get(name, {})
    found = dict(stated) if isinstance(stated, dict) else {"from": stated}
    key = rng.choice(COLUMN_KEYS)
    if key in ("from", "and"):
        found[key] = rng.choice(titles)
    elif key == "values":
        found[key] = {rng.choice(titles): word(rng), word(rng): "grid"} if rng.random() < 0.8 else rng.choice(titles)
    else:
        found[key] = _pick(key, rng)
    columns[name] = found


def _rows(how: dict[str, Any], table: str, titles: list[str], rng: random.Random) -> None:
    rows = how.setdefault("rows", {})
    key = rng.choice(list(MapRows.model_fields))
    rows[key] = {rng.choice(titles): rng.choice([word(rng), ["grid", 1, True], 0])} if "where" in key else _pick(key, rng)


def _unpivot(how: dict[str, Any], table: str, titles: list[str], rng: random.Random) -> None:
    fields = [one.name for one in tables()[table].offered]
    columns = rng.choice(["*", "?", "20??-??", rng.choice(titles), rng.sample(titles, min(2, len(titles))), "[", ""])
    how["unpivot"] = {"columns": columns, "name": rng.choice([*fields, "to_id"]), "value": rng.choice([*fields, *titles])}


def _other(how: dict[str, Any], table: str, titles: list[str], rng: random.Random) -> None:
    key = rng.choice(list(TableMap.model_fields))
    if key == "ignore":
        how[key] = rng.choice(["*", [], titles, "[", rng.choice(titles)])
    elif key == "combine" and rng.random() < 0.4:
        how[key] = {rng.choice([one.name for one in tables()[table].offered]): _pick(key, rng)}
    elif key in PICKS:
        how[key] = _pick(key, rng)
    else:
        how.pop(key, None)
