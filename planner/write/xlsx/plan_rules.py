"""Drop-downs and bounds of the cells of a plan workbook: the same rules that the planner checks."""

from __future__ import annotations

from typing import Any

from planner.schema.fields import Field, with_article
from planner.write.xlsx.plan_sheet import Setting

MOST_NAMES = 2000
LONGEST_MESSAGE = 255


def rule_of(one: Field, column: str) -> dict[str, Any] | None:
    """The rule of a column of a table; ``column`` is its letter."""
    if one.kind == "choice":
        return _choice(one.choices)
    if one.kind == "month":
        return _month(f"{column}2")
    if one.kind in ("number", "integer"):
        low = -one.most if one.ge is None and one.gt is None else one.ge
        return _number(one.kind == "integer", low, one.gt, one.most, f"{column}2", one.expected)
    return None


def rule_of_names(target: tuple[str, str], column: str) -> dict[str, Any]:
    """A drop-down of the names in a column of another table, as many as it has."""
    table, name = target
    names = f"{table}!${column}$2:${column}${MOST_NAMES}"
    source = f"=OFFSET({table}!${column}$2,0,0,MAX(1,COUNTA({names})),1)"
    return _rule({"validate": "list", "source": source}, f"expected {with_article(name)} of the sheet {table}")


def rule_of_setting(one: Setting, cell: str) -> dict[str, Any] | None:
    """The rule of a value on the plan sheet, in the cell ``cell``."""
    if one.choices:
        return _choice(one.choices)
    if one.is_month:
        return _month(cell)
    if one.is_number:
        low, high = one.schema.get("minimum"), one.schema.get("maximum")
        if low is not None and high is not None:
            return _number(one.schema["type"] == "integer", low, None, high, "", f"expected a number {one.allowed}")
    return None


def _month(cell: str) -> dict[str, Any]:
    """The first day of a month, or a text such as 2027-01."""
    year, month = f"VALUE(LEFT({cell},4))", f"VALUE(RIGHT({cell},2))"
    text = f'AND(LEN({cell})=7,MID({cell},5,1)="-",{year}>=1900,{month}>=1,{month}<=12)'
    return _rule({"validate": "custom", "value": f"=IF(ISNUMBER({cell}),DAY({cell})=1,{text})"}, MONTH_WORDS)


MONTH_WORDS = "expected a month as Jan 2027 or 2027-01"


def _choice(names: tuple[str, ...]) -> dict[str, Any]:
    return _rule({"validate": "list", "source": list(names)}, f"expected one of {', '.join(names)}")


def _number(whole: bool, low: float | None, above: float | None, high: float, cell: str, words: str) -> dict[str, Any]:
    if above is not None:
        parts = [f"ISNUMBER({cell})", f"{cell}>{above:g}", f"{cell}<={high:g}"]
        return _rule({"validate": "custom", "value": f"=AND({','.join(parts)})"}, words)
    kind = "integer" if whole else "decimal"
    return _rule({"validate": kind, "criteria": "between", "minimum": low, "maximum": high}, words)


def _rule(rule: dict[str, Any], words: str) -> dict[str, Any]:
    """A rule that warns when it is broken and does not refuse: the planner also reads numbers with other units."""
    return {
        **rule,
        "ignore_blank": True,
        "error_type": "warning",
        "error_title": "planner",
        "error_message": words[:LONGEST_MESSAGE],
    }
