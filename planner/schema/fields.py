"""One column of an input table: what it may hold, and how text becomes a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Literal
from unicodedata import normalize

from planner.errors import is_harmless
from planner.schema.months import month_hint, month_of
from planner.schema.quantities import UnitError, in_unit_of
from planner.schema.units import largest, unit_of
from planner.schema.written import NUMBER, number_hint

Kind = Literal["text", "name", "number", "integer", "month", "choice", "list"]
"""`name`: an identifier that other tables point to. `list`: names with semicolons between them."""

Gap = Literal["", "zero", "refused"]
Range = tuple[float, float]
ANYTHING: Range = (-inf, inf)

NAME = re.compile(r"\w[\w.\-]*")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)
NOT_FINITE = {"nan", "inf", "+inf", "-inf", "infinity", "-infinity", "na", "n/a", "#n/a", "null", "none"}
NOT_FINITE |= {"#value!", "#div/0!", "#ref!", "#name?"}
NO_VALUE = re.compile(r"[-\u2013\u2014.]+|n\.\s?[ade]\.?|tb[cd]|\?+", re.IGNORECASE)
ANY = "*"
LARGEST = 1e15
LONGEST_NAME = 100


@dataclass(frozen=True)
class Field:
    """A column: its name states the unit; `default` None with `required` False means that the cell may stay empty."""

    name: str
    kind: Kind
    doc: str
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    required: bool = True
    default: Any = None
    key: bool = False
    choices: tuple[str, ...] = ()
    any_allowed: bool = False  # '*' stands for all
    plausible: Range = ANYTHING
    """Beyond this a number is allowed, and probably in another unit: what is known, widened; 0 is always plausible."""
    gap: Gap = ""
    """Of a number that may change with the month: what holds in a month that no row covers, `zero`, or `refused`."""
    opposite: str = ""
    """Of a number that is zero or more: the column that states what a negative one would mean."""
    grows: str = ""
    """The column that grows by this one; it changes only in a month in which that column does."""
    points_to: tuple[str, ...] = ()
    """What the names in this column stand for: `regions` for the key of that table, `regions.bloc` for another column of it, a
    word that is no table for itself (`orbit`). With `?` before it a row there may be missing."""

    @property
    def quantity(self) -> str:
        """The name without the month that a dated column bears."""
        return self.name.partition(" ")[0]

    @property
    def unit(self) -> str:
        """Unit of a number, from the name; empty where the name states none."""
        return unit_of(self.quantity) if self.kind in ("number", "integer") else ""

    @property
    def bounds(self) -> str:
        """Bounds of a number, in signs."""
        parts = [
            f"{sign} {_short(bound)}" for sign, bound in ((">=", self.ge), (">", self.gt), ("<=", self.le)) if bound is not None
        ]
        return " and ".join(parts)

    @property
    def most(self) -> float:
        """Largest magnitude of a number."""
        return largest(self.quantity) if self.le is None else self.le

    @property
    def allowed(self) -> str:
        """What is allowed, for the data dictionary."""
        if self.kind not in ("number", "integer"):
            return ", ".join(self.choices)
        return self.bounds if self.le is not None else f"{self.bounds} and <= {_short(self.most)}".removeprefix(" and ")

    @property
    def expected(self) -> str:
        """What is allowed, in words."""
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        if self.kind in ("number", "integer"):
            unit = f" in {self.unit}" if self.unit else ""
            bounds = f", {self.bounds}" if self.bounds else ""
            return f"a {'number' if self.kind == 'number' else 'whole number'}{unit}{bounds}"
        return _EXPECTED[self.kind]

    def inside(self, value: float) -> bool:
        """Whether a number lies within the bounds."""
        low = (self.ge is None or value >= self.ge) and (self.gt is None or value > self.gt)
        return low and (self.le is None or value <= self.le)


_EXPECTED = {
    "text": "a text",
    "name": "a name of letters, digits and _ - .",
    "month": "a month as YYYY-MM",
    "list": "names with ; between them",
}


class CellError(ValueError):
    """A cell that does not fit its field: what was expected, and a hint."""

    def __init__(self, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.expected = expected
        self.hint = hint


def read_cell(field: Field, cell: str) -> Any:
    """The value of one cell; raises CellError."""
    cell = plain(cell)
    if not cell:
        if field.required:
            raise CellError(field.expected)
        return field.default
    return _READERS[field.kind](field, cell)


def plain(text: str) -> str:
    """Strip space, and compose accents (Unicode NFC), so that equal names are equal."""
    text = text.strip()
    return text if text.isascii() else normalize("NFC", text)


def read_cells(field: Field, cells: Sequence[str]) -> tuple[list[Any], dict[int, CellError]]:
    """A whole column: values (None where refused), and what was refused by position."""
    values: list[Any] = []
    refused: dict[int, CellError] = {}
    known: dict[str, Any] = {}
    for position, cell in enumerate(cells):
        if cell in known:
            values.append(known[cell])
            continue
        try:
            value = read_cell(field, cell)
        except CellError as error:
            refused[position] = error
            value = None
        else:
            known[cell] = value
        values.append(value)
    return values, refused


def check_value(field: Field, value: Any) -> Any:
    """A computed value, checked against its field; raises CellError."""
    return read_cell(field, cell_text(value))


def _read_number(field: Field, cell: str) -> float | int:
    value = _number(field, cell)
    if abs(value) == inf:
        raise CellError("a finite number")
    if field.kind == "integer" and value != int(value):
        raise CellError(f"a whole number{' ' + field.bounds if field.bounds else ''}")
    if not field.inside(value):
        bare = field.quantity.endswith("_frac") and value > 1 and NUMBER.fullmatch(cell)
        hint = f"a fraction of 1; {cell} % needs its sign" if bare else ""
        if field.opposite and value < 0:
            hint = f"write {field.opposite} = {_short(-value)}"
        raise CellError(f"a {'number' if field.kind == 'number' else 'whole number'} {field.bounds}", hint)
    if abs(value) > field.most:
        limit = f"at most {_short(field.most)}" if value > 0 else f"at least {_short(-field.most)}"
        raise CellError(f"a number of {limit}{' ' + field.unit if field.unit else ''}")
    return int(value) if field.kind == "integer" else value + 0.0


def _number(field: Field, cell: str) -> float:
    if NUMBER.fullmatch(cell):
        return float(cell)
    if cell.lower() in NOT_FINITE:
        raise CellError("a finite number")
    try:
        return in_unit_of(field.quantity, cell)
    except UnitError as error:
        if NO_VALUE.fullmatch(cell):
            hint = "no value: a number is needed" if field.required else "no value: leave the cell empty"
            raise CellError(_wrong_type(field), hint) from error
        raise CellError(_wrong_type(field), number_hint(cell, field.unit) or str(error)) from error


def _wrong_type(field: Field) -> str:
    noun = "a number" if field.kind == "number" else "a whole number"
    return f"{noun} in {field.unit}" if field.unit and not field.unit.startswith("fraction") else noun


def _read_month(field: Field, cell: str) -> str:
    if MONTH.fullmatch(cell) and not cell.startswith("0000"):
        return cell
    if month := month_of(cell):
        return month
    raise CellError(field.expected, month_hint(cell))


def _read_choice(field: Field, cell: str) -> str:
    if cell in field.choices:
        return cell
    raise CellError(field.expected)


def _read_name(field: Field, cell: str) -> str:
    if is_name(cell) or (field.any_allowed and cell == ANY):
        return cell
    hint = "the two letters of ISO 3166, such as US" if field.name.endswith("_iso2") else ""
    raise CellError(field.expected, f"at most {LONGEST_NAME} letters" if len(cell) > LONGEST_NAME else hint)


def _read_list(field: Field, cell: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in cell.split(";"))
    if all(is_name(part) for part in parts):
        return tuple(dict.fromkeys(parts))
    named = [part for part in re.split(r"[;,/|\s]+", cell) if part]
    raise CellError(field.expected, f"write {';'.join(named)}" if all(is_name(part) for part in named) else "")


def _read_text(field: Field, cell: str) -> str:
    if cell.isprintable() or all(is_harmless(letter) or letter in "\n\t" for letter in cell):
        return cell
    raise CellError("a text without control characters")


_READERS: dict[str, Callable[[Field, str], Any]] = {
    "number": _read_number,
    "integer": _read_number,
    "month": _read_month,
    "choice": _read_choice,
    "name": _read_name,
    "list": _read_list,
    "text": _read_text,
}


def is_name(text: str) -> bool:
    """Whether a text can be an identifier."""
    return len(text) <= LONGEST_NAME and NAME.fullmatch(text) is not None


def with_article(words: str) -> str:
    """`an option_id`, `a region_id`."""
    return f"{'an' if words[:1].lower() in 'aeiou' else 'a'} {words}"


def either(words: Sequence[str]) -> str:
    """`a, b or c`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def key_text(field: Field, text: str) -> str:
    """What somebody typed for a value of a column, as `cell_text` of that value: a month in any way of writing it."""
    text = plain(text)
    return (month_of(text) or text) if field.kind == "month" else text


def cell_text(value: Any) -> str:
    """A value as a cell: what `read_cell` reads back to the same value."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return ";".join(value)
    return _short(value) if isinstance(value, int | float) else str(value)


def _short(value: float) -> str:
    return str(int(value)) if abs(value) < LARGEST and value == int(value) else repr(value)
