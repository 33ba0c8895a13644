"""Words for what the model names: limits by kind, lines of an account, amounts of money."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """``title`` of a limit, ``{item}`` being what it is of; where it binds; one more unit of it."""

    title: str
    places: str
    one_more: str


LIMITS = {
    "limit_power_growth": Words("growth of {item}", "regions", "MW connected"),
    "limit_national_growth": Words("growth of generation", "countries", "MW of grid in a plan year"),
    "limit_technology_supply": Words("deliveries of {item}", "", "MW delivered"),
    "limit_shell_growth": Words("halls to finish", "regions", "MW of hall"),
    "keep_commitment": Words("commitment to {item}", "regions", "MW less committed"),
    "limit_launch_mass": Words("tonnes to orbit", "", "tonne"),
    "limit_satellite_factory": Words("satellite factory", "", "MW of satellites"),
    "limit_downlink": Words("downlink", "designs", "Gbit/s for a month"),
    "limit_network": Words("links", "regions", "Gbit/s for a month"),
    "limit_route": Words("routes", "routes", "Gbit/s for a month"),
    "limit_carbon": Words("cap on emissions", "periods", "tonne of CO2"),
    "require_share": Words("share to be served", "rules", "thousand H100e less required"),
    "limit_share": Words("cap on a share", "rules", "thousand H100e allowed"),
    "house_chips": Words("firm power for chips", "regions", "firm MW for a month"),
    "fit_shell": Words("space in halls", "regions", "MW of hall for a month"),
    "respect_capacity": Words("output of {item}", "regions", "MW for a month"),
}

ACCOUNT = {
    "own_cost": "its own cost",
    "conserve_capacity": "capacity in service from then on",
    "limit_power_growth": "the growth limit",
    "limit_technology_supply": "its deliveries",
    "limit_national_growth": "the nation's growth",
    "keep_commitment": "the commitment",
    "conserve_shell": "hall space from then on",
    "limit_shell_growth": "the pace of building halls",
    "conserve_chips": "a chip in stock",
    "conserve_fleet": "a chip standing there",
    "run_in_orbit": "a chip running in orbit",
    "serve_demand": "the demand that is met",
    "count_unserved_core": "the core of that demand",
    "place_compute": "compute in that place",
    "place_compute_in_orbit": "compute in that orbit",
    "limit_launch_mass": "tonnes to orbit",
    "limit_satellite_factory": "the satellite factory",
    "limit_downlink": "the downlink",
    "limit_network": "the link",
    "limit_route": "the route",
    "require_share": "a share that must be served",
    "limit_share": "a share that is capped",
}


def usd(amount: float) -> str:
    """USD in words that fit their size."""
    size = abs(amount)
    if size >= 1e9:
        return f"{amount / 1e9:,.1f} billion"
    if size >= 1e6:
        return f"{amount / 1e6:,.2f} million" if size < 1e8 else f"{amount / 1e6:,.0f} million"
    return f"{amount:,.0f}" if size >= 100 or amount == 0 else f"{amount:,.3g}"


def short(amount: float) -> str:
    """USD for a column of a table."""
    return usd(amount).replace(" billion", " bn").replace(" million", " M")


def between(low: float, high: float) -> str:
    """Two amounts as one range; the unit once."""
    first, last = usd(low), usd(high)
    if first == last:
        return first
    number, _, word = first.partition(" ")
    return f"{number} to {last}" if word and last.endswith(word) else f"{first} to {last}"


def title(constraint: str, item: str = "") -> str:
    """A limit in words."""
    return LIMITS[constraint].title.format(item=item)


def named(constraint: str, where: str) -> str:
    """One limit with its place."""
    place, _, item = where.partition(" / ")
    if constraint == "limit_technology_supply":
        return title(constraint, where)
    words = title(constraint, item)
    return f"{words}, {place}" if place else words
