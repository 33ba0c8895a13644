"""Owners: what each has installed, in orbit and dark, and its power in each region: right, use, trade."""

from __future__ import annotations

from models.owners import more_of_start_mw
from planner.solve.solution import Solution
from planner.tables.frames import Frame, Frames, per, table

Held = dict[tuple[str, str, int], float]
"""[r,h,t] megawatts at the facility."""


def owner_tables(frames: Frames, fleet: Frame, chips: Frame) -> dict[str, Frame]:
    """Both tables; none for a plan whose generations have no owner. ``fleet``, ``chips``: the result tables."""
    if not frames.data.owner:
        return {}
    return {"owners": owners_table(frames, fleet, chips), "owner_power": owner_power_table(frames)}


def owners_of(frames: Frames) -> list[str]:
    """Owners in the order of the plan, the market last."""
    return list(dict.fromkeys(h for _, h in frames.data.right_added_frac))


def owners_table(frames: Frames, fleet: Frame, chips: Frame) -> Frame:
    """Chips by owner and month, in IT nameplate; what is dark in compute too."""
    d, keys = frames.data, ["owner_id", "month"]
    rows = fleet.assign(owner_id=fleet["generation_id"].map(d.owner), on_earth=fleet["place_id"].isin(d.regions))
    stock = chips.assign(owner_id=chips["generation_id"].map(d.owner), kw=per(chips["generation_id"], d.kw_per_unit))
    stock["displaced_mw"] = stock["displaced_kunit"] * stock["kw"]
    stock["commissioning_mw"] = stock["commissioning_kunit"] * stock["kw"]
    owners, months = owners_of(frames), list(frames.months.values())
    out = stock.groupby(keys)[["commissioning_mw", "dark_mw", "dark_kh100e", "displaced_mw"]].sum()
    for column, there in (("installed_mw", rows["on_earth"]), ("orbit_mw", ~rows["on_earth"])):
        out[column] = rows[there].groupby(keys)["it_nameplate_mw"].sum()
    order = [(h, month) for h in owners for month in months]
    return table("owners", out.reindex(order, fill_value=0.0).fillna(0.0).reset_index())


def owner_power_table(frames: Frames) -> Frame:
    """Firm power by region, owner and month: an owner's right to it, what its chips need, and what it buys and sells."""
    d, used, right = frames.data, used_mw(frames.solution), rights_mw(frames.solution)
    bought: Held = {key: mw for key, mw in frames.solution.values["bought_mw"].items() if mw}
    left = {key: max(0.0, mw + bought.get(key, 0.0) - used.get(key, 0.0)) for key, mw in right.items()}
    rows, owners = [], owners_of(frames)
    for (r, h, t), mw in right.items():
        traded = sum(bought.get((r, other, t), 0.0) for other in owners)
        spare = sum(left[r, other, t] for other in owners)
        sold = traded * left[r, h, t] / spare if traded and spare else 0.0
        rows.append((r, h, d.months[t - 1], mw, used.get((r, h, t), 0.0), bought.get((r, h, t), 0.0), sold))
    return table("owner_power", rows)


def used_mw(solution: Solution) -> Held:
    """Firm power that an owner's chips need, as they are housed by nameplate."""
    d = solution.data
    found: Held = {}
    for (r, g, t), kunit in solution.values["installed"].items():
        if t >= 1 and kunit:
            key = (r, d.owner[g], t)
            found[key] = found.get(key, 0.0) + d.pue[r, t] * d.nameplate_frac[r] * d.kw_per_unit[g] * kunit
    return found


def rights_mw(solution: Solution) -> Held:
    """Firm power that an owner has a right to."""
    d = solution.data
    firm: dict[tuple[str, int], float] = {}
    for (r, p, t), mw in solution.values["capacity"].items():
        firm[r, t] = firm.get((r, t), 0.0) + d.firm_frac[r, p] * mw
    more = more_of_start_mw(d, d.right_added_frac)
    return {(r, h, t): mw + d.right_added_frac[r, h] * firm.get((r, t), 0.0) for (r, h, t), mw in more.items()}
