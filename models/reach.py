"""When chips can be where, at the earliest: in stock, and in each region, by delivery, commissioning and moves.

A place is a region or the stock. What stands in a region at the start can leave it in the first month; what arrives in a month
can leave in the next.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from models.data import STOCK, ChipMove, PlanData

Reach = dict[str, dict[str, int]]
"""First month in each place, by what is meant: generations, or their batches."""


def first_months(d: PlanData) -> Reach:
    """By generation; places where it can never be are absent. What stands there at the start is there from month 1 on."""
    found: Reach = {}
    allowed = set(d.placeable)
    for g in d.generations:
        first = {r: 1 for r in d.regions if d.start_installed_kunit.get((r, g), 0.0) > 0}
        months = [t for t in range(1, len(d.months) + 1) if d.delivered_kunit.get((g, t), 0.0) > 0]
        if d.start_dark_kunit.get(g, 0.0) > 0:
            first[STOCK] = 1
        elif months:
            first[STOCK] = months[0]
        stood = {*first} - {STOCK}
        for (r, h, t), kunit in d.arriving_kunit.items():
            if h == g and kunit > 0:
                first[r] = min(t, first.get(r, t))
        found[g] = reached(d, g, first, stood, allowed)
    return found


def first_month_in_stock(d: PlanData) -> dict[str, int]:
    """The first month in which a generation can be deployed; generations that never can be are absent."""
    return in_stock(first_months(d))


def in_stock(reach: Reach) -> dict[str, int]:
    """Of first months in each place those in stock."""
    return {g: months[STOCK] for g, months in reach.items() if STOCK in months}


def reached(
    d: PlanData, g: str, first: Mapping[str, int], stood: Container[str], allowed: Container[tuple[str, str]]
) -> dict[str, int]:
    """First months in all places, from those in which chips of a generation are ``first``.

    ``stood``: regions where some stood before, so that these can leave in the first month; ``allowed``: the pairs of place and
    generation in which a chip may be."""
    found = dict(first)

    def come(place: str, month: int) -> bool:
        if place in found and month >= found[place]:
            return False
        found[place] = month
        return True

    changed = True
    while changed:
        changed = False
        for r in d.regions if STOCK in found else ():
            if (r, g) in allowed:
                changed |= come(r, found[STOCK] + d.commission_months[r])
        for move in d.chip_moves:
            if move.from_id in found and goes(move, g, allowed):
                changed |= come(move.to_id, leaving(found, move.from_id, stood) + move.downtime_months)
    return found


def leaving(found: Mapping[str, int], place: str, stood: Container[str]) -> int:
    """The first month in which chips can leave a region."""
    return found[place] + (place not in stood)


def goes(move: ChipMove, g: str, allowed: Container[tuple[str, str]]) -> bool:
    """Whether a generation may go where a move leads."""
    return move.to_id == STOCK or (move.to_id, g) in allowed
