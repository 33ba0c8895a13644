"""Tables of the network: delays, targets for them, and what flows from zones to places may carry and cost."""

from __future__ import annotations

from planner.schema.fields import Field
from planner.schema.table_schema import ASKERS, PLACES, TableSchema, amount, key, rate

NETWORK = (
    TableSchema(
        "latency",
        "Delays that are known; every other pair follows from the keys under network",
        (
            key("from_id", "zone that asks, or region", "zones", "regions"),
            key("to_id", "region or design that answers", "regions", "designs"),
            amount("one_way_ms", "delay of the network one way; a round trip is twice that", plausible=(0.01, 500)),
        ),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "latency_targets",
        "Delays that somebody promises between places; check says which pairs keep them, the plan does not depend on them",
        (
            key("target_id", "name of the target"),
            Field("from", "list", "zones, regions, designs, blocs, groups, or orbit", points_to=(*ASKERS, *PLACES)),
            Field("to", "list", "zones, regions, designs, blocs, groups, or orbit", points_to=(*ASKERS, *PLACES)),
            amount("one_way_ms", "longest delay one way", plausible=(0.01, 500)),
        ),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "routes",
        "What the network between zones and places carries and costs; without a row it has no limit, and the plan's price",
        (
            key("route_id", "name of the route"),
            Field("from", "list", "zones or blocs that ask; empty for all", required=False, default=(), points_to=ASKERS),
            Field("to", "list", "regions, designs, blocs, groups, or orbit", points_to=PLACES),
            amount(
                "gbit_s", "what it carries in the first month; empty for no limit", required=False, plausible=(0.1, 10_000_000)
            ),
            rate("growth_frac_per_month", "growth of what it carries", plausible=(-0.06, 0.06)),
            amount(
                "usd_per_gbit_s_month", "price of its traffic; empty for the plan's", required=False, plausible=(1, 100_000)
            ),
        ),
        required=False,
        rows_required=False,
    ),
)
