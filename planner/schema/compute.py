"""Tables of compute: chips and where they are, demand for compute, and who may serve it."""

from __future__ import annotations

from dataclasses import replace

from planner.schema.fields import Field
from planner.schema.table_schema import (
    ASKERS,
    CUSTOMERS,
    LATITUDE,
    LONGITUDE,
    MONTH,
    PLACES,
    UTC_OFFSET,
    TableSchema,
    amount,
    frac,
    key,
    life,
    months,
    name_of,
    optional,
    positive,
)

MARKET = "market"
"""The owner of all chips that are sold."""

BLOCS = ("zones.bloc", "regions.bloc", "designs.bloc")


def _any_of(name: str, doc: str, *points_to: str) -> Field:
    return Field(name, "name", doc, required=False, default="*", any_allowed=True, points_to=points_to)


COMPUTE = (
    TableSchema(
        "accelerators",
        "Generations of chips",
        (
            key("generation_id", "name of the generation in every other table"),
            Field("name", "text", "name to show"),
            positive("h100e_per_unit", "compute of one accelerator", plausible=(0.005, 500)),
            positive("kw_per_unit", "nameplate power of one accelerator with its share of the server", plausible=(0.02, 300)),
            frac("draw_frac", "measured power over nameplate", above_zero=True, plausible=(0.2, 1)),
            frac("idle_frac", "power when off over power when running"),
            amount("price_usd_per_unit", "price of one accelerator", plausible=(100, 10_000_000)),
            replace(life("life_years", "from delivery to end of life"), plausible=(1, 30)),
            Field("failure_frac_per_year", "number", "share that fails in a year", ge=0, le=0.99, plausible=(0, 0.5)),
            positive("install_usd_per_unit", "cost of installation", plausible=(1, 300_000)),
            positive("carry_usd_per_unit_month", "carrying cost while dark or retired early", plausible=(0.1, 10_000)),
            Field(
                "only_countries",
                "list",
                "the only countries where it may be installed, as DE;FR; empty for any",
                required=False,
                default=(),
            ),
            Field("not_countries", "list", "countries where it may not be installed, as CN", required=False, default=()),
            name_of("owner_id", "owner who keeps it; empty for a chip on the market", "owners", required=False),
        ),
    ),
    optional(
        "owners",
        "Owners of chips that are not sold, housed with power of their own; every other chip belongs to the market",
        (
            key("owner_id", "name of the owner in every other table"),
            Field("name", "text", "name to show"),
            Field(
                "power_frac",
                "number",
                "share of firm power wherever its chips may stand; empty for that of its chips",
                ge=0,
                le=1,
                required=False,
            ),
        ),
    ),
    optional(
        "power_rights",
        "Share of a region's firm power that an owner has there, where it is not the one in owners",
        (
            key("owner_id", "owner", "owners"),
            key("region_id", "region", "regions"),
            frac("power_frac", "share of the firm power of the region"),
        ),
    ),
    TableSchema(
        "deliveries",
        "Chips delivered, whether or not they can be powered",
        (
            key("generation_id", "generation", "accelerators"),
            MONTH,
            amount("kunit", "delivered in the month", plausible=(0.001, 30_000)),
            frac(
                "optional_frac",
                "share of it that may be declined; what is not counts as a cost",
                default=0.0,
            ),
            amount("decline_usd_per_unit", "fee for what is declined", required=False, default=0.0, plausible=(1, 300_000)),
            months("defer_months", "most months by which what may be declined can come later", plausible=(0, 24)),
            amount("defer_usd_per_unit_month", "fee for each of them", required=False, default=0.0, plausible=(1, 30_000)),
        ),
    ),
    TableSchema(
        "fleet",
        "Chips installed at the start",
        (
            key("region_id", "region", "regions"),
            key("generation_id", "generation", "accelerators"),
            amount("kunit", "working and installed at the start", plausible=(0.001, 30_000)),
            Field("delivered_from", "month", "first month of their delivery, from which their life counts", key=True),
            Field("delivered_to", "month", "last month of their delivery; spread evenly between the two"),
        ),
        rows_required=False,
    ),
    optional(
        "dark",
        "Chips delivered before the start and not installed anywhere",
        (
            key("generation_id", "generation", "accelerators"),
            amount("kunit", "dark at the start", plausible=(0.001, 30_000)),
            Field(
                "delivered_from",
                "month",
                "first month of their delivery, from which their life counts; empty for the month in delivered_to",
                key=True,
                required=False,
            ),
            Field(
                "delivered_to",
                "month",
                "last month of their delivery; spread evenly between the two; empty for the month before the start",
                required=False,
            ),
        ),
    ),
    TableSchema(
        "zones",
        "Where demand for compute arises",
        (
            key("zone_id", "name of the zone in every other table"),
            Field("name", "text", "name to show"),
            name_of("country_iso2", "country"),
            name_of("bloc", "jurisdiction of its data"),
            LATITUDE,
            LONGITUDE,
            UTC_OFFSET,
        ),
    ),
    TableSchema(
        "classes",
        "Kinds of work",
        (
            key("class_id", "name of the class in every other table"),
            Field("name", "text", "name to show"),
            positive(
                "latency_ms",
                "longest round trip; empty for no limit: demand of a bloc is then pooled",
                required=False,
                plausible=(1, 10_000),
            ),
            amount("value_usd_per_h100e_h", "cost of an hour of unserved compute", plausible=(0.02, 50), gap="refused"),
            frac("core_frac", "share of demand that is given up last", default=0.0),
            amount(
                "core_value_usd_per_h100e_h",
                "value of that share; empty for the value of the rest",
                required=False,
                plausible=(0.02, 100),
                gap="refused",
            ),
            amount(
                "weight", "weight in the first pass of objective: energy", required=False, default=1.0, plausible=(0.01, 1000)
            ),
            Field(
                "orbit",
                "choice",
                "whether it may be served from orbit; empty for no",
                required=False,
                default="no",
                choices=("yes", "no"),
            ),
            amount("gbit_s_per_kh100e", "traffic of compute served", plausible=(0.001, 1000)),
            Field(
                "doubling_months",
                "number",
                "months in which demand doubles; 0: it does not grow; empty for the plan's",
                ge=0,
                required=False,
                plausible=(3, 240),
            ),
            frac("flexible_frac", "share that can run at another hour of its day", default=0.0),
            Field("flexible_window_h", "number", "longest delay; empty for any hour of the day", ge=0, le=24, required=False),
            name_of("profile_id", "profile of demand through the day; empty for flat", "?profiles", required=False),
            Field(
                "max_fall_frac_per_month",
                "number",
                "most by which what is served may fall in a month, unless demand falls; empty for any",
                ge=0,
                le=1,
                required=False,
            ),
            amount(
                "move_usd_per_h100e",
                "cost of moving work from place to place, once; empty for none: moves are then not counted",
                required=False,
                plausible=(0.01, 1000),
            ),
        ),
    ),
    TableSchema(
        "demand",
        "Demand for compute in the first month",
        (
            key("zone_id", "zone", "zones"),
            key("class_id", "class", "classes"),
            amount("start_kh100e", "demand in the first month", plausible=(0.0001, 20_000), gap="zero"),
        ),
    ),
    optional(
        "training_runs",
        "Training runs that recur: demand in addition to the table demand",
        (
            key("run_id", "name of the kind of run"),
            name_of("zone_id", "zone where demand arises", "zones"),
            name_of("class_id", "class that it belongs to", "classes"),
            Field("energy_gwh", "number", "energy of one run, at the facility meter", ge=0, le=1e5, plausible=(0.001, 20_000)),
            Field(
                "kw_per_h100e",
                "number",
                "facility power per H100e when that energy was measured",
                ge=0.01,
                le=100,
                plausible=(0.05, 20),
            ),
            Field("duration_months", "number", "duration of one run", ge=0.1, le=120, plausible=(0.1, 36)),
            Field("runs_per_year", "number", "runs that begin in a year", gt=0, le=1000, plausible=(0.01, 500)),
            Field(
                "growth_frac_per_year",
                "number",
                "growth of the energy per run",
                gt=-1,
                le=10,
                required=False,
                default=0.0,
                plausible=(-0.49, 3),
            ),
            Field("from_month", "month", "month in which the first run begins; empty for the start", required=False),
        ),
    ),
    optional(
        "residency",
        "Data residency: where demand of a bloc may be served; without a row anywhere",
        (
            key("class_id", "class", "classes"),
            key("from_bloc", "bloc where demand arises", *BLOCS),
            Field("to_blocs", "list", "the only blocs whose places may serve it", points_to=BLOCS),
        ),
    ),
    optional(
        "shares",
        "Policy: a minimum or maximum share of demand served by certain places",
        (
            key("share_id", "name of the rule"),
            _any_of("class_id", "class, or * for all", "classes"),
            _any_of("from_bloc", "bloc or zone where demand arises, or * for all", *ASKERS),
            Field("to", "list", "regions, designs, blocs, groups, or orbit", points_to=PLACES),
            Field("from_month", "month", "first month; empty for the start", required=False),
            Field("to_month", "month", "last month; empty for the end", required=False),
            Field("min_frac", "number", "minimum share", ge=0, le=1, required=False),
            Field("max_frac", "number", "maximum share", ge=0, le=1, required=False),
            Field(
                "of",
                "choice",
                "share of what: of the demand that is served, or of all that is asked, served or not",
                required=False,
                default="served",
                choices=("served", "asked"),
            ),
        ),
    ),
    optional(
        "targets",
        "How much of a demand is to be served, wherever: a requirement, or at a penalty",
        (
            key("target_id", "name of the target"),
            Field(
                "from",
                "list",
                "zones, blocs or countries where demand arises; empty for all",
                required=False,
                default=(),
                points_to=CUSTOMERS,
            ),
            _any_of("class_id", "class, or * for all", "classes"),
            Field("min_served_frac", "number", "least share of what is asked that is served", ge=0, le=1, gap="zero"),
            positive(
                "penalty_usd_per_h100e_h",
                "cost of each H100e-hour missed, besides the value of what is unserved; empty: it must be met",
                required=False,
                plausible=(0.01, 100),
            ),
        ),
    ),
    optional(
        "reservations",
        "Capacity reserved for a customer: installed in a region and free of the work of others",
        (
            key("reservation_id", "name of the reservation"),
            Field("customer", "text", "customer to show", required=False, default=""),
            name_of("region_id", "region where it stands", "regions"),
            Field(
                "from",
                "list",
                "zones, blocs or countries whose demand is the customer's and may use it; empty: none of the demand is",
                required=False,
                default=(),
                points_to=CUSTOMERS,
            ),
            _any_of("class_id", "class of that demand, or * for all", "classes"),
            amount("kh100e", "reserved capacity", plausible=(0.001, 10_000), gap="zero"),
            positive(
                "penalty_usd_per_h100e_h",
                "cost of each H100e-hour of reserved capacity that is not installed; empty: all of it must be installed",
                required=False,
                plausible=(0.01, 100),
            ),
            amount(
                "price_usd_per_h100e_h",
                "what the customer pays for an H100e-hour; empty: not stated",
                required=False,
                plausible=(0.02, 100),
            ),
            Field(
                "take_or_pay_frac",
                "number",
                "share of the capacity that the customer pays for, used or not; empty: 0",
                ge=0,
                le=1,
                required=False,
                default=0.0,
            ),
        ),
        begins=True,
    ),
)
