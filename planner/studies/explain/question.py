"""`--why region=us_ohio,month=2027-03`: which place, month or value is asked about. What is refused names the nearest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.data import PlanData
from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, nearest, shown

EXAMPLE = "such as region=us_ercot_texas,month=2027-03 or table=power,region=us_ercot_texas,option=grid,month=2027-03"
PARTS = {
    "place": "place_id",
    "region": "region_id",
    "design": "design_id",
    "option": "option_id",
    "generation": "generation_id",
    "class": "class_id",
    "pool": "pool_id",
    "month": "month",
}
"""What may be asked for, and the column of the result tables that holds it. Region and design are places too."""

KEYS: dict[str, tuple[str, ...]] = {
    "power": ("place", "option", "month"),
    "fleet": ("place", "generation", "month"),
    "chips": ("generation", "month"),
    "halls": ("place", "month"),
    "serve": ("pool", "class", "place", "month"),
    "demand": ("pool", "class", "month"),
    "orbit": ("place", "month"),
    "launch": ("month",),
}
"""Tables of results with values to ask about, and what names a row."""


@dataclass(frozen=True)
class Question:
    """``table`` is empty where a whole place is asked about."""

    table: str
    place: str = ""
    option: str = ""
    generation: str = ""
    class_id: str = ""
    pool: str = ""
    month: str = ""

    def part(self, name: str) -> str:
        return str(getattr(self, "class_id" if name == "class" else name))


def read_question(text: str, d: PlanData) -> Question:
    """Parse and check a question. Raises InputError with every finding at once."""
    findings = Findings()
    at = Place(SourceFile(Path(), f"--why {shown(text)}", name="--why"))
    stated: dict[str, str] = {}
    for piece in text.split(","):
        key, equals, value = (part.strip() for part in piece.partition("="))
        if not equals or not key or not value:
            findings.add(
                Code.E_QUESTION, at, f"{shown(piece)}: expected key=value pairs with commas between them ({EXAMPLE})", piece
            )
        elif key not in (*PARTS, "table"):
            findings.add(Code.E_QUESTION, at, f"unknown key {shown(key)} ({nearest(key, (*PARTS, 'table')) or EXAMPLE})", key)
        else:
            known = _known(key, d)
            if value not in known:
                hint = nearest(value, known)
                what = f"from {known[0]} to {known[-1]}" if key == "month" else hint
                findings.add(
                    Code.E_QUESTION, at, f"{key} = {shown(value)}: not in this plan" + (f" ({what})" if what else ""), value
                )
            name = "place" if key in ("region", "design") else key
            if stated.setdefault(name, value) != value:
                findings.add(Code.E_QUESTION, at, f"{key} stands beside another {name}: {shown(stated[name])}", value)
    findings.raise_if_any()
    table = stated.pop("table", "") or _table(stated)
    missing = [name for name in KEYS[table] if name not in stated] if table else []
    beyond = [name for name in stated if table and name not in KEYS[table]]
    if missing:
        findings.add(Code.E_QUESTION, at, f"a value of table {table} also needs {' and '.join(missing)}", text)
    if beyond:
        findings.add(Code.E_QUESTION, at, f"table {table} has no {' and no '.join(beyond)}", text)
    if not table and not {"place", "month"} <= stated.keys():
        findings.add(Code.E_QUESTION, at, f"expected a place and a month, or a value ({EXAMPLE})", text)
    findings.raise_if_any()
    return Question(table, **{("class_id" if name == "class" else name): value for name, value in stated.items()})


def _table(stated: dict[str, str]) -> str:
    """The table that has exactly these keys; empty for a place and a month, which are a page of their own, or one of them."""
    if stated.keys() <= {"place", "month"}:
        return ""
    fitting = [name for name, keys in KEYS.items() if stated.keys() <= set(keys)]
    return min(fitting, key=lambda name: len(KEYS[name])) if fitting else ""


def _known(key: str, d: PlanData) -> list[str]:
    names: dict[str, list[str]] = {
        "table": list(KEYS),
        "place": [*d.regions, *d.designs],
        "region": list(d.regions),
        "design": list(d.designs),
        "option": list(dict.fromkeys(p for _, p in d.options)),
        "generation": list(d.generations),
        "class": list(d.classes),
        "pool": list(dict.fromkeys(z for z, _, _ in d.demand_kh100e)),
        "month": list(d.horizon),
    }
    return names[key]
