"""The sheet `plan` of a workbook: one row a key of the plan, with dots for nested keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planner.schema.fields import MONTH
from planner.schema.settings import Settings
from planner.schema.units import unit_of

OPEN = ("days", "carbon.cap_mtco2_per_year", "budget.capital_musd_per_year")
"""Keys below which a plan names its own: day types, years."""

OF_THE_CHAIN = ("extends", "chain", "adjust", "set", "tables")
"""Keys of a resolved plan that say how it came about; tables have sheets of their own."""


@dataclass(frozen=True)
class Setting:
    """One key of a plan: what it means and what values it takes, from the JSON Schema of the plan."""

    key: str
    meaning: str
    schema: Mapping[str, Any]
    required: bool

    @property
    def unit(self) -> str:
        return unit_of(self.key.rsplit(".", 1)[-1]) if self.is_number else ""

    @property
    def is_number(self) -> bool:
        return self.schema.get("type") in ("number", "integer")

    @property
    def is_month(self) -> bool:
        return any(one.get("pattern") == f"^{MONTH.pattern}$" for one in (self.schema, *self.schema.get("anyOf", ())))

    @property
    def choices(self) -> tuple[str, ...]:
        return tuple(map(str, self.schema.get("enum", ())))

    @property
    def default(self) -> Any:
        """The value of an empty cell; None when there is no default."""
        return cell_of(self.schema.get("default"))

    @property
    def allowed(self) -> str:
        """The values that it takes, in words."""
        if self.choices:
            return " or ".join(self.choices)
        if self.schema.get("type") == "array":
            return "names with ; between them"
        signs = (("exclusiveMinimum", ">"), ("minimum", ">="), ("maximum", "<="))
        bounds = [f"{sign} {self.schema[name]:,.12g}" for name, sign in signs if name in self.schema]
        return ("whole, " if self.schema.get("type") == "integer" else "") + " and ".join(bounds)


def settings() -> list[Setting]:
    """Every key that a plan sheet may hold, in the order of the plan file."""
    schema = Settings.model_json_schema()
    return list(_keys(schema, schema["$defs"], "", inherited=True))


def _keys(schema: Mapping[str, Any], below: Mapping[str, Any], prefix: str, inherited: bool) -> Iterator[Setting]:
    for name, one in schema["properties"].items():
        key = prefix + name
        required = inherited and name in schema.get("required", ())
        reference = one.get("$ref", "").rpartition("/")[2]
        if reference:
            yield from _keys(below[reference], below, key + ".", required)
        elif one.get("type") == "object":
            if key in OPEN:
                yield Setting(key, one.get("description", ""), next(iter(one["patternProperties"].values())), False)
        elif "const" not in one:
            yield Setting(key, one.get("description", ""), one, required and name != "name")


def values_of(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A resolved plan as keys and cells, which read as the same plan."""
    return dict(_flat({name: value for name, value in mapping.items() if name not in OF_THE_CHAIN}, ""))


def _flat(mapping: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for name, value in mapping.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield prefix + str(name), cell_of(value)


def cell_of(value: Any) -> Any:
    """A value as one cell: a list as names with semicolons between them, an absent value as None."""
    return ";".join(map(str, value)) if isinstance(value, list | tuple) else value
