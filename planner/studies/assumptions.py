"""Assumptions of a plan that can be changed alone: from where to where each may lie, and how it is set.

Estimates are rows of the table of sources that name an input with a low and a high end; groups are numbers that are scaled
together, a share lower and higher; a plan file for either end holds whatever else an assumption changes, such as tables that
were derived from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import UsageError
from planner.formats import number
from planner.plan.citations import JUDGEMENT, cited

if TYPE_CHECKING:
    from planner.plan.plan import Plan

ESTIMATE, GROUP, FILES = "estimate", "group", "files"
KINDS = ("estimates", "groups", "files")
STATED = ("estimates", "groups")
"""All kinds, and those that a plan states itself."""

ENDS = ("low", "high")
SOURCE = ("source_id", "kind", "input", "low", "high", "unit", "note")
"""What is read of a row of the table of sources."""

GROUPS = {
    "demand": ("demand.start_kh100e",),
    "value of compute": ("classes.value_usd_per_h100e_h", "classes.core_value_usd_per_h100e_h"),
    "deliveries of chips": ("deliveries.kunit",),
    "growth of power": ("power.step_mw_per_month",),
    "supply of plants": ("supply.mw",),
    "growth of halls": ("regions.shell_step_mw_per_month",),
    "prices of energy": ("power.energy_usd_per_mwh", "fuels.usd_per_mmbtu"),
    "capital of power": ("power.capex_usd_per_kw",),
    "capital of halls": ("regions.shell_usd_per_kw",),
    "launch price": ("launch_price.usd_per_kg",),
    "tonnes to orbit": ("launch.tonnes",),
}
"""Numbers that are changed together, by name."""


@dataclass(frozen=True)
class Assumption:
    """``low`` and ``high``: its ends; of a group, factors. ``keys``: what is set to a value, as `--set` names it, a factor with
    `*`. ``files``: by end, the plan that has it there, in place of keys."""

    name: str
    kind: str
    low: float = float("nan")
    high: float = float("nan")
    unit: str = ""
    note: str = ""
    keys: tuple[str, ...] = ()
    files: Mapping[str, Path] = field(default_factory=dict)
    whole: bool = False

    def at(self, end: str) -> float:
        """Its value at an end."""
        return self.low if end == ENDS[0] else self.high

    def words(self, value: float) -> tuple[str, ...]:
        """What `--set` takes for a value; nothing where files hold it."""
        return tuple(f"{key}={value:.12g}" for key in self.keys)

    def between(self, share: float) -> float:
        """A value on the way from the low to the high end; a whole number where it must be one."""
        value = self.low + share * (self.high - self.low)
        return float(round(value)) if self.whole else value

    def stated(self, end: str) -> str:
        """What it becomes at an end, in words."""
        value = self.at(end)
        if self.kind == GROUP:
            return f"{100 * abs(value - 1.0):g} % {'less' if value < 1.0 else 'more'}"
        return f"{number(value, 4)} {self.unit}".strip() if value == value else end


def assumptions(plan: Plan, by: float, kinds: Sequence[str], ends: Path | None = None) -> list[Assumption]:
    """Those that the plan has: of files where there is a folder of them, then estimates, then groups. An estimate that files
    hold is changed by these."""
    held = list(_of_files(plan, ends)) if ends is not None else []
    names = {each.name for each in held}
    held += [each for each in _estimates(plan) if each.name not in names] if "estimates" in kinds else []
    for name, keys in GROUPS.items() if "groups" in kinds else ():
        scaled = tuple(f"{key}*" for key in keys if _holds(plan, key))
        held += [Assumption(name, GROUP, 1.0 - by, 1.0 + by, keys=scaled)] if scaled else []
    return held


def _of_files(plan: Plan, folder: Path) -> Iterator[Assumption]:
    """Pairs of plans in a folder, `NAME.low.yaml` and `NAME.high.yaml`, with what the table of sources says of each
    name."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*.yaml")):
        name, _, end = path.stem.rpartition(".")
        if not name or end not in ENDS:
            raise UsageError(
                f"--ends {folder}: {path.name} does not say which end it is, expected NAME.low.yaml or NAME.high.yaml"
            )
        found.setdefault(name, {})[end] = path
    if not found:
        raise UsageError(f"--ends {folder}: no plans found, expected NAME.low.yaml and NAME.high.yaml for each assumption")
    empty = dict.fromkeys(SOURCE)
    told = {str(row["source_id"]): row for row in _sources(plan)}
    for name, files in found.items():
        if missing := [end for end in ENDS if end not in files]:
            raise UsageError(f"--ends {folder}: {name}.{missing[0]}.yaml is missing")
        yield _assumption(told.get(name, {**empty, "source_id": name}), FILES, files=files)


def _estimates(plan: Plan) -> Iterator[Assumption]:
    for told in _sources(plan):
        if not told["input"] or told["low"] is None or told["high"] is None:
            continue
        keys, whole = _keys(plan, told)
        if keys:
            yield _assumption(told, ESTIMATE, keys=keys, whole=whole)


def _sources(plan: Plan) -> list[dict[str, Any]]:
    return [dict(zip(SOURCE, row, strict=True)) for row in plan.tables["sources"].select(*SOURCE)]


def _assumption(told: Mapping[str, Any], kind: str, **more: Any) -> Assumption:
    low, high = (float("nan") if told[end] is None else float(told[end]) for end in ENDS)
    unit = str(told["unit"] or "").replace("_", " ")
    return Assumption(str(told["source_id"]), kind, low, high, unit, str(told["note"] or ""), **more)


def _keys(plan: Plan, told: Mapping[str, Any]) -> tuple[tuple[str, ...], bool]:
    """What sets an estimate: a key of the plan; a column, in the rows that name the judgement where some do. And whether it
    takes whole numbers alone."""
    table_name, _, column = str(told["input"]).partition(".")
    table = plan.tables.get(table_name)
    if table is None or column not in table.columns:  # the readers accept nothing else but a key of the plan
        return (str(told["input"]),), False
    if not len(table):
        return (), False
    whole = getattr(table.schema.field(column), "kind", "") == "integer"
    naming = [key for key, source in zip(table.keys, table.columns["source"], strict=True) if _names(str(source or ""), told)]
    if not naming or len(naming) == len(table):
        return (f"{table_name}.{column}",), whole
    return tuple(f"{table_name}[{','.join(map(str, key))}].{column}" for key in naming), whole


def _names(source: str, told: Mapping[str, Any]) -> bool:
    """Whether the source of a row names the estimate; a name that ends in `_` stands for all that begin so."""
    name = str(told["source_id"])
    of_kind = [each for kind, each in cited(source).kinds if (kind == JUDGEMENT) == (told["kind"] == JUDGEMENT)]
    return any(name == each or (each.endswith("_") and name.startswith(each)) for each in of_kind)


def _holds(plan: Plan, key: str) -> bool:
    table, _, column = key.partition(".")
    return any(plan.tables[table].column(column))
