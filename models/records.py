"""Records that a plan holds several of: who is to be served how much and where, what is reserved, and parts of the network.

Letters and units are those of `data.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

ShareOf = Literal["served", "asked"]


@dataclass(frozen=True)
class Share:
    """A policy on where a demand is served: a least or greatest share of what is served of it, or of what is asked."""

    share_id: str
    pools: tuple[tuple[str, str], ...]  # (z, w): the demand that it speaks of
    places: tuple[str, ...]  # where that demand counts as served
    months: tuple[int, ...]
    min_frac: float | None
    max_frac: float | None
    of: ShareOf = "served"


@dataclass(frozen=True)
class Target:
    """How much of a demand is to be served, wherever: a least share of what is asked, as a requirement or at a penalty."""

    target_id: str
    pools: tuple[tuple[str, str], ...]  # (z, w): the demand that it speaks of
    min_served_frac: Mapping[int, float]  # [t], only months in which it holds
    penalty_usd_per_h100e_h: float | None  # for each H100e-hour missed; None: it must be met


@dataclass(frozen=True)
class Reservation:
    """Capacity of a region that stands for one customer, who may use it or not."""

    reservation_id: str
    region_id: str
    pools: tuple[tuple[str, str], ...]  # (z, w): the customer's own work, which may use it; empty: none of the demand is his
    kh100e: Mapping[int, float]  # [t], only months in which it holds
    penalty_usd_per_h100e_h: float | None  # for each H100e-hour that does not stand; None: it must


@dataclass(frozen=True)
class Route:
    """A part of the network with a capacity of its own: all traffic from some pools to some places."""

    route_id: str
    pools: tuple[str, ...]  # z
    places: tuple[str, ...]  # r or o
    gbit_s: Mapping[int, float]  # [t]
