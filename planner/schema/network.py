"""Tables of the network: delays, targets for them, and what flows from zones to places may carry and cost."""

from __future__ import annotations

from planner.schema.fields import Field
from planner.schema.table_schema import ASKERS, PLACES, amount, key, optional, rate

NETWORK = (
    optional(
        "latency",
        "Known delays; those of other pairs follow from the keys under network",
        (
            key("from_id", "zone where demand arises, or region", "zones", "regions"),
            key("to_id", "region or design that serves", "regions", "designs"),
            amount("one_way_ms", "network delay one way; a round trip is twice that", plausible=(0.01, 500)),
        ),
    ),
    optional(
        "latency_targets",
        "Targets for delays between places: check reports which pairs meet them; they do not change the plan",
        (
            key("target_id", "name of the target"),
            Field("from", "list", "zones, regions, designs, blocs, groups, or orbit", points_to=(*ASKERS, *PLACES)),
            Field("to", "list", "zones, regions, designs, blocs, groups, or orbit", points_to=(*ASKERS, *PLACES)),
            amount("one_way_ms", "longest delay one way", plausible=(0.01, 500)),
        ),
    ),
    optional(
        "routes",
        "Capacity and price of the network between zones and places; without a row no limit, and the plan's price",
        (
            key("route_id", "name of the route"),
            Field("from", "list", "zones or blocs with demand; empty for all", required=False, default=(), points_to=ASKERS),
            Field("to", "list", "regions, designs, blocs, groups, or orbit", points_to=PLACES),
            amount("gbit_s", "capacity in the first month; empty for no limit", required=False, plausible=(0.1, 10_000_000)),
            rate("growth_frac_per_month", "growth of that capacity", plausible=(-0.06, 0.06)),
            amount(
                "usd_per_gbit_s_month",
                "price of traffic; empty for the plan's",
                required=False,
                plausible=(1, 100_000),
                gap="refused",
            ),
        ),
    ),
)
