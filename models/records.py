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


STOCK = "stock"
"""Where moves may lead besides regions: chips that are taken out of a hall and are dark, to be deployed anew."""


@dataclass(frozen=True)
class ChipMove:
    """A way on which installed chips may be moved from a region to another, or back into stock."""

    name: str  # 'from / to'
    from_id: str  # r
    to_id: str  # r or STOCK
    usd_per_kw: float  # of nameplate, paid as they leave
    downtime_months: int  # from leaving until they stand there


@dataclass(frozen=True)
class Order:
    """An order that may be cancelled, or may slip."""

    name: str  # 'region / option / month'
    place: str  # r
    item: str | None  # p; None: halls
    month: int  # t
    last: int  # month until which it may arrive: that of the order, unless it may slip
    mw: float
    end: int | None  # first month out of service, within the months
    on_top: bool  # whether it comes on top of the pace
    slip_usd_per_mw_month: float  # it is late
    cancel_month: int | None = None  # last month in which it may be cancelled; None: it may not be
    deposit_usd_per_mw: float = 0.0

    @property
    def arrivals(self) -> range:
        """Months in which it may arrive."""
        return range(self.month, self.last + 1)


@dataclass(frozen=True)
class Published:
    """What the plan before builds in the first ``months``, and what each MW more or less costs."""

    change_usd_per_mw: float
    months: int
    mw: Mapping[tuple[str, str, int], float]  # [r,p,t]
    shell_mw: Mapping[tuple[str, int], float]  # [r,t] those of projects included
