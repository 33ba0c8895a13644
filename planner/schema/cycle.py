"""Tables of the monthly cycle: what happened before the start, and what the plan before had decided for the months to come.

    actuals      what happened in past months, beside what was planned
    stock_take   opening stocks, flows and closing stocks of the past months, and what does not add up
    missed       targets that were missed
    published    what the plan before decides for the months of this one

`planner roll` writes them. Nothing is decided by the first three: what exists at the start is in the tables of what exists.
They are read by people, and by the report of the next run.
"""

from __future__ import annotations

from dataclasses import dataclass

from planner.schema.fields import ANY, Field
from planner.schema.table_schema import HALLS, amount, optional


@dataclass(frozen=True)
class Kind:
    """What an actual states: its unit, and the tables or words in which its place and its item are named. ``counted``: a stock
    at the end of the month, and no flow of it."""

    unit: str
    places: tuple[str, ...]
    items: tuple[str, ...]
    doc: str
    counted: bool = False


KINDS = {
    "delivered": Kind("kunit", (ANY,), ("accelerators",), "chips delivered, without those that were declined"),
    "deployed": Kind("kunit", ("regions", "designs"), ("accelerators",), "chips committed to a place, or launched"),
    "retired": Kind(
        "kunit or MW", ("regions",), ("accelerators", "options", HALLS), "chips retired early; power or halls that closed"
    ),
    "failed": Kind("kunit", ("regions",), ("accelerators",), "installed chips that failed"),
    "started": Kind("MW", ("regions",), ("options", HALLS), "power or halls that entered service"),
    "installed": Kind("kunit", ("regions",), ("accelerators",), "chips counted there at the end of the month", True),
    "dark": Kind("kunit", (ANY,), ("accelerators",), "dark chips counted at the end of the month", True),
    "capacity": Kind("MW", ("regions",), ("options", HALLS), "power or halls in service at the end of the month", True),
    "demand": Kind("kH100e", ("zones",), ("classes",), "compute asked, mean of the month, without training runs"),
    "served": Kind("kH100e", ("zones", "zones.bloc"), ("classes",), "compute served, mean of the month"),
    "energy": Kind("MWh", ("regions",), ("options",), "energy drawn in the month"),
    "price": Kind("USD/MWh", ("regions",), ("options",), "price of bought energy, mean of the month"),
}
"""What may be stated of a past month. Of what is stated nowhere the plan before is taken."""

DECIDED = {
    "started": "power or halls that the plan builds",
    "deployed": "chips committed to a place, or launched",
    "retired": "chips retired early",
    "served": "compute served, mean of the month",
    "cost": "cost by component, discounted to the start, million USD",
}
"""What a plan publishes of its months to come."""

PLACE = Field(
    "place_id",
    "name",
    "region, orbital design, demand zone or bloc; * for what has no place",
    key=True,
    any_allowed=True,
    points_to=("?regions", "?designs", "?zones", "?zones.bloc"),
)
ITEM = Field(
    "item_id",
    "name",
    "generation, option, halls, or class of work",
    key=True,
    points_to=("?accelerators", "?options", "?classes", HALLS),
)


def _month(doc: str) -> Field:
    return Field("month", "month", doc, key=True)


def _number(name: str, doc: str, required: bool = False) -> Field:
    return Field(name, "number", doc, required=required)


STOCKS = ("chips", "dark", "under_way", "orbit", "power", "halls")
FLOWS = ("delivered", "started", "arrived", "deployed", "moved", "retired", "failed", "ended")
"""Columns of the stock-take between its opening and its closing; what leaves is negative."""

CYCLE = (
    optional(
        "actuals",
        "What happened in the months before the start, beside what was planned for them; nothing is decided by it",
        (
            _month("month in which it happened, or at whose end it was counted"),
            Field(
                "kind", "choice", "what is stated: a flow of the month or a stock at its end", key=True, choices=tuple(KINDS)
            ),
            PLACE,
            ITEM,
            _number("planned", "what was planned"),
            Field("value", "number", "what happened; empty: not known, taken as planned", ge=0, required=False),
            Field("unit", "text", "unit of both", required=False),
        ),
    ),
    optional(
        "stock_take",
        "Opening stock, flows and closing stock of the months before the start; nothing is decided by it",
        (
            Field("stock", "choice", "what is counted", key=True, choices=STOCKS),
            PLACE,
            ITEM,
            _number("opening", "stock at the start of the plan before", True),
            *(_number(name, f"{name} in these months; what leaves is negative") for name in FLOWS),
            _number("unexplained", "what was counted beyond the opening stock and all flows"),
            _number("closing", "stock at the start of this plan", True),
            _number("late", "of what was planned to start or to be delivered, what is due in the first month of this plan"),
            Field("unit", "text", "unit of all", required=False),
        ),
    ),
    optional(
        "missed",
        "Targets that were missed in the months before the start; nothing is decided by it",
        (
            Field("requirement_id", "name", "target", key=True, points_to=("?targets",)),
            _month("month in which it was missed"),
            amount("stated_kh100e", "compute that was to be served, of what was asked", plausible=(0.001, 100_000)),
            amount("reached_kh100e", "compute that was served", plausible=(0.001, 100_000)),
        ),
    ),
    optional(
        "published",
        "What the plan before decides for the months of this one",
        (
            _month("month for which it is decided"),
            Field("kind", "choice", "what is decided", key=True, choices=tuple(DECIDED)),
            PLACE,
            Field("item_id", "name", "generation, option, halls, class of work, or component of cost", key=True),
            _number("value", "what the plan before decides", True),
        ),
    ),
)
