"""The table of profiles: what moves by day type, month and hour."""

from __future__ import annotations

from planner.schema.fields import Field
from planner.schema.table_schema import key, optional

PRICE, PRICE_SHAPE, DEMAND_SHAPE, AVAILABILITY = "price_usd_per_mwh", "price_shape", "demand_shape", "availability_frac"

HOURS = (
    optional(
        "profiles",
        "What varies by day type, month and local hour; the most specific row counts",
        (
            key("profile_id", "name of the profile in every other table"),
            Field(
                "day_type",
                "name",
                "day type of the plan, or * for every",
                required=False,
                default="*",
                key=True,
                any_allowed=True,
            ),
            Field("calendar_month", "integer", "1 to 12; empty for every month", ge=1, le=12, required=False, key=True),
            Field(
                "from_h",
                "integer",
                "hour of the day, 0 to 23; empty for every hour",
                ge=0,
                le=23,
                required=False,
                key=True,
            ),
            Field(
                "kind",
                "choice",
                "price_usd_per_mwh: its deviation from its mean is added to the energy price; price_shape: multiplies it;"
                " demand_shape: multiplies demand; availability_frac: multiplies availability",
                choices=(PRICE, PRICE_SHAPE, DEMAND_SHAPE, AVAILABILITY),
            ),
            Field("value", "number", "in the unit of the kind; of a shape only ratios matter"),
        ),
    ),
)
