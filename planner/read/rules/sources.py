"""Rules of sources: an estimate has both ends, in order, of a number that a plan can state."""

from __future__ import annotations

from planner.codes import Code
from planner.read.rules.rule_context import RuleContext
from planner.schema.settings import PLAUSIBLE
from planner.schema.tables import tables


def estimates_have_a_range(context: RuleContext) -> None:
    """Low and high are stated together, and low is not above high; the input exists."""
    table = context.tables["sources"]
    for position, (low, high, name) in enumerate(table.select("low", "high", "input")):
        if (low is None) != (high is None):
            column = "low" if low is None else "high"
            hint = "an estimate has two ends, which may be equal"
            context.refuse(Code.E_RANGE, table, position, column, "", "a number", hint)
        elif low is not None and low > high:
            context.refuse(Code.E_RANGE, table, position, "low", low, f"at most high, which is {high:g}")
        if name and not is_number(str(name)):
            expected = "table.column of a number, such as regions.pue, or a key of the plan, such as demand.doubling_months"
            context.refuse(Code.E_NAME_UNKNOWN, table, position, "input", name, expected)


def is_number(name: str) -> bool:
    """Whether a name is that of a number of a table, or of a key of the plan."""
    table, _, column = name.partition(".")
    field = tables()[table].field(column) if table in tables() else None
    return name in PLAUSIBLE or (field is not None and field.kind in ("number", "integer"))
