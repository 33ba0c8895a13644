"""Tables of what is under way at the start.

Beside what exists (fleet, dark chips, power and halls in service) a plan inherits what earlier months have begun:

    arrivals    chips that were deployed or moved and are not in service yet
    vintages    satellites in orbit, whose age matters
    charges     what earlier decisions still cost, whatever is decided now

Orders under way are in the order book, `commitments`. A plan that begins with nothing leaves these tables out; `planner roll`
writes them.
"""

from __future__ import annotations

from planner.schema.fields import ANY, Field
from planner.schema.table_schema import CAPITAL_ASSETS, HALLS, MONTH, amount, key, optional

SATELLITES = CAPITAL_ASSETS[1]

RUNNING = {
    **dict.fromkeys(("capital", "fixed"), ("regions", "options")),
    **dict.fromkeys(("halls", "hall_operation"), ("regions", HALLS)),
    **dict.fromkeys(("carry_displaced", "chips_bought"), (ANY, "accelerators")),
    "chip_moves": ("regions", "accelerators"),
    **dict.fromkeys(("orbit_capital", "orbit_upkeep"), ("designs", SATELLITES)),
    "orbit_chip_loss": ("designs", "accelerators"),
}
"""Components of cost that outlast the month in which something is decided: the tables, or the words, that their place and their
item are named in."""

START = (
    optional(
        "arrivals",
        "Chips on their way at the start: deployed or moved before it, in service in a region from a month of the plan on",
        (
            key("region_id", "region", "regions"),
            key("generation_id", "generation", "accelerators"),
            Field("service_month", "month", "first month in which they are in service there", key=True),
            Field("delivered_month", "month", "month of their delivery, from which their life counts", key=True),
            amount("kunit", "on their way", plausible=(0.001, 30_000)),
        ),
    ),
    optional(
        "vintages",
        "Satellites in orbit at the start, by the month of their launch",
        (
            key("design_id", "orbital design", "designs"),
            key("generation_id", "generation of their chips", "accelerators"),
            Field("launch_month", "month", "month of their launch, from which their life counts", key=True),
            amount("kunit", "chips launched; what is lost since follows from the design", plausible=(0.0001, 30_000)),
        ),
    ),
    optional(
        "charges",
        "Charges that run on: what was decided before the start and is still paid for, whatever the plan decides",
        (
            Field("component", "choice", "component of cost", key=True, choices=tuple(RUNNING)),
            Field(
                "place_id",
                "name",
                "region or orbital design; * for what has no place, as chips retired early",
                key=True,
                any_allowed=True,
                points_to=("regions", "designs"),
            ),
            key("item_id", "option, generation, halls or satellites", "options", "accelerators", HALLS, SATELLITES),
            MONTH,
            amount("charge_musd", "charge of the month", plausible=(0.000001, 100_000)),
        ),
    ),
)
