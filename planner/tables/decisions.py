"""From a solution to tidy tables of decisions, month by month: one row a fact, units in the names; rows in the order of the
plan's names, then of months."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from models.data import HALLS, Project
from models.moves import kept_by_class
from models.offers import taken_kunit
from planner.solve.solution import Solution
from planner.tables.frames import Frame, Frames, per, table
from planner.tables.orbit import launch_table, orbit_coefficients_table, orbit_table
from planner.tables.owners import owner_tables
from planner.tables.slices import slice_tables

LATER = "later"
"""What stands where a month of delivery is named, of chips whose life ends after the months."""

START = "start"
"""What stands where a batch is named, of all that is installed at the start."""


def headline_tables(frames: Frames) -> dict[str, Frame]:
    """The decisions that headlines are made of."""
    fleet = fleet_table(frames)
    chips = chips_table(frames, fleet)
    return {
        "chips": chips,
        "offers": offers_table(frames),
        "fleet": fleet,
        "power": power_table(frames),
        "halls": halls_table(frames),
        **project_tables(frames),
        "demand": demand_table(frames),
        "moves": moves_table(frames),
        "orbit": orbit_table(frames),
        **owner_tables(frames, fleet, chips),
    }


def other_tables(frames: Frames) -> dict[str, Frame]:
    """All other decisions."""
    return {
        "deferrals": deferrals_table(frames),
        "batches": batches_table(frames),
        "serve": serve_table(frames),
        "launch": launch_table(frames),
        "orbit_coefficients": orbit_coefficients_table(frames.data),
        **({"orders": orders_table(frames)} if frames.data.orders else {}),
        **({"chip_moves": chip_moves_table(frames)} if frames.data.chip_moves else {}),
        **slice_tables(frames),
    }


def fleet_table(frames: Frames) -> Frame:
    """Chips by place and generation: deployed, retired, failed, installed, running."""
    d, solution = frames.data, frames.solution
    index = ["place_id", "generation_id", "t"]
    earth = frames.variable("installed", index, "installed_kunit")
    before = frames.of({(r, g, t + 1): v for (r, g, t), v in solution.values["installed"].items()}, index, "before_kunit")
    earth = earth.merge(before, on=index, how="left")
    survive = [d.survive_frac[r, g] for r, g in zip(earth["place_id"], earth["generation_id"], strict=True)]
    earth["failed_kunit"] = earth["before_kunit"] * (1.0 - pd.Series(survive))
    ended: dict[tuple[str, str, int], float] = {}
    for (r, g, _, t), kunit in _ended(solution).items():
        ended[r, g, t] = ended.get((r, g, t), 0.0) + kunit
    earth["end_of_life_kunit"] = [ended.get(key, 0.0) for key in zip(*(earth[each] for each in index), strict=True)]
    earth = earth.merge(frames.variable("retire", index, "retire_kunit"), on=index, how="left")
    earth = earth.merge(frames.mean_over_slices("run", index[:2], "run_kunit"), on=index, how="left")
    idle = per(earth["generation_id"], d.idle_frac)
    draw = per(earth["generation_id"], lambda g: d.kw_per_unit[g] * d.draw_frac[g])
    earth["it_draw_mw"] = draw * (earth["run_kunit"] * (1.0 - idle) + idle * earth["installed_kunit"])
    earth["share"] = [d.availability_frac[at] for at in zip(earth["place_id"], earth["t"], strict=True)]
    space = _space_fleet(frames)
    frame = pd.concat([earth, space], ignore_index=True) if len(space) else earth
    frame = frame.merge(frames.variable("deploy", index, "deploy_kunit"), on=index, how="left")
    frame["it_nameplate_mw"] = frame["installed_kunit"] * per(frame["generation_id"], d.kw_per_unit)
    frame["compute_kh100e"] = frame["run_kunit"] * per(frame["generation_id"], d.h100e_per_unit) * frame["share"]
    return frames.dated("fleet", frame.fillna(0.0))


def _space_fleet(frames: Frames) -> Frame:
    """The same for orbit, where alive chips count as installed and none is retired."""
    d, deployed = frames.data, frames.solution.values["deploy"]
    alive: dict[tuple[str, str, int], float] = {}
    started = {(o, g): kunit for (o, g, t), kunit in d.start_alive_kunit.items() if t == 0}
    for o, g in {(x, g): None for x, g, _ in deployed if x in d.designs}:
        for t in frames.months:
            vintages = range(1, t + 1)
            launched = sum(d.orbit_alive_frac.get((o, v, t), 0.0) * deployed.get((o, g, v), 0.0) for v in vintages)
            alive[o, g, t] = launched + d.start_alive_kunit.get((o, g, t), 0.0)
    if not alive:
        return pd.DataFrame()
    index = ["place_id", "generation_id", "t"]
    frame = frames.of(alive, index, "installed_kunit")
    before = {(o, g, t): alive.get((o, g, t - 1), started.get((o, g), 0.0) if t == 1 else 0.0) for o, g, t in alive}
    frame["failed_kunit"] = [before[key] + deployed.get(key, 0.0) - kunit for key, kunit in alive.items()]
    frame = frame.merge(frames.mean_over_slices("orbit_run", index[:2], "run_kunit"), on=index, how="left")
    # a platform is built for nameplate; what is drawn is measured as on Earth, so that USD per MWh compare
    frame["it_draw_mw"] = frame["run_kunit"] * per(frame["generation_id"], lambda g: d.kw_per_unit[g] * d.draw_frac[g])
    frame["share"] = [d.availability_frac[at] for at in zip(frame["place_id"], frame["t"], strict=True)]
    return frame


def _ended(solution: Solution) -> dict[tuple[str, str, str, int], float]:
    """[r,g,b,t] chips that reach the end of their life where they are installed."""
    d = solution.data
    ended = {
        (r, g, b, t + 1): d.survive_frac[r, g] * kunit
        for (r, g, b, t), kunit in solution.values["installed_of"].items()
        if t + 1 == d.batch_end[g, b]
    }
    return ended | _from_start(solution.values["end_old"])


def batches_table(frames: Frames) -> Frame:
    """Chips whose life ends within the months: batches by month of delivery, and what stands there from the start."""
    values, index = frames.solution.values, ["place_id", "generation_id", "batch", "t"]
    columns = {
        "deploy_kunit": values["deploy_of"],
        "retire_kunit": {**values["retire_of"], **_from_start(values["retire_old"])},
        "end_of_life_kunit": _ended(frames.solution),
        "installed_kunit": {**values["installed_of"], **_from_start(values["installed_old"])},
    }
    keys = {key for column in columns.values() for key, kunit in column.items() if kunit and key[-1] >= 1}
    rows = [(*key, *(column.get(key, 0.0) for column in columns.values())) for key in sorted(keys)]
    return frames.dated("batches", pd.DataFrame(rows, columns=[*index, *columns]))


def _from_start(values: Mapping[tuple[str, str, int], float]) -> dict[tuple[str, str, str, int], float]:
    return {(r, g, START, t): kunit for (r, g, t), kunit in values.items()}


def chip_moves_table(frames: Frames) -> Frame:
    """Chips by the way on which they are moved, and by the month of their delivery where their life ends within the months."""
    d, values = frames.data, frames.solution.values
    aged: dict[tuple[str, str, int], float] = {}
    rows = []
    for (q, g, b, t), kunit in values["move_of"].items():
        aged[q, g, t] = aged.get((q, g, t), 0.0) + kunit
        rows.append((q, g, b, t, kunit))
    rows += [(q, g, LATER, t, max(0.0, kunit - aged.get((q, g, t), 0.0))) for (q, g, t), kunit in values["move"].items()]
    order = {name: position for position, name in enumerate((*(q.name for q in d.chip_moves), *d.generations))}
    rows.sort(key=lambda row: (order[row[0]], order[row[1]], row[2], row[3]))
    return table(
        "chip_moves",
        [
            (*q.split(" / "), g, batch, frames.months[t], kunit, kunit * d.kw_per_unit[g])
            for q, g, batch, t, kunit in rows
            if t >= 1
        ],
    )


def chips_table(frames: Frames, fleet: Frame) -> Frame:
    """Where every delivered chip is."""
    d, months = frames.data, list(frames.months.values())
    grid = pd.MultiIndex.from_product([d.generations, months], names=["generation_id", "month"])
    number = {name: t for t, name in frames.months.items()}
    on_earth = fleet["place_id"].isin(d.regions)

    def total(rows: Frame, column: str) -> pd.Series[float]:
        return rows.groupby(["generation_id", "month"])[column].sum().reindex(grid, fill_value=0.0)

    out = pd.DataFrame(index=grid)
    taken = taken_kunit(d, frames.solution.values)
    out["delivered_kunit"] = [taken.get((g, number[m]), 0.0) for g, m in grid]
    out["deployed_kunit"] = total(fleet, "deploy_kunit")
    dark, displaced = frames.solution.values["dark"], frames.solution.values["displaced"]
    out["dark_kunit"] = [dark.get((g, number[m]), 0.0) for g, m in grid]
    out["retired_kunit"] = total(fleet, "retire_kunit")
    out["displaced_kunit"] = [displaced.get((g, number[m]), 0.0) for g, m in grid]
    out["housed_kunit"] = total(fleet[on_earth], "installed_kunit")
    out["orbit_kunit"] = total(fleet[~on_earth], "installed_kunit")
    waiting: dict[tuple[str, str], float] = {}
    on_the_way = {q.name: q.downtime_months for q in d.chip_moves}
    for (x, g, t), kunit in frames.solution.values["deploy"].items():
        lag = d.commission_months.get(x, 0) if x in d.regions else 0
        for later in range(max(t, 1), min(t + lag, len(months) + 1)):
            if kunit:
                waiting[g, frames.months[later]] = waiting.get((g, frames.months[later]), 0.0) + kunit
    for (q, g, t), kunit in frames.solution.values["move"].items():
        for later in range(max(t, 1), min(t + on_the_way[q], len(months) + 1)) if kunit else ():
            waiting[g, frames.months[later]] = waiting.get((g, frames.months[later]), 0.0) + kunit
    for (_, g, t), kunit in d.arriving_kunit.items():
        for later in range(1, t):
            waiting[g, frames.months[later]] = waiting.get((g, frames.months[later]), 0.0) + kunit
    out["commissioning_kunit"] = [waiting.get(key, 0.0) for key in grid]
    out["failed_kunit"] = total(fleet, "failed_kunit")
    dark_of, by_month = frames.solution.values["dark_of"], frames.months
    ended: dict[tuple[str, str], float] = {}
    for (g, b), t in d.batch_end.items():
        ended[g, by_month[t]] = ended.get((g, by_month[t]), 0.0) + dark_of[g, b, t - 1]
    out["ended_dark_kunit"] = [ended.get(key, 0.0) for key in grid]
    out["end_of_life_kunit"] = total(fleet, "end_of_life_kunit") + out["ended_dark_kunit"]
    out = out.reset_index()
    out["dark_kh100e"] = out["dark_kunit"] * per(out["generation_id"], d.h100e_per_unit)
    out["dark_mw"] = out["dark_kunit"] * per(out["generation_id"], d.kw_per_unit)
    return table("chips", out)


def offers_table(frames: Frames) -> Frame:
    """What is bought, declined and deferred of each offer."""
    d, values, index = frames.data, frames.solution.values, ["generation_id", "t"]
    frame = frames.of(d.optional_kunit, index, "offered_kunit")
    keys = list(zip(frame["generation_id"], frame["t"], strict=True))
    for column, name in (("bought_kunit", "buy"), ("declined_kunit", "decline")):
        frame[column] = [values[name].get(key, 0.0) for key in keys]
    deferred = frames.variable("defer", ["generation_id", "t", "s"], "kunit").groupby(index)["kunit"].sum()
    frame["deferred_kunit"] = [deferred.get(key, 0.0) for key in keys]
    return frames.dated("offers", frame)


def deferrals_table(frames: Frames) -> Frame:
    """When what is deferred of an offer is delivered."""
    frame = frames.variable("defer", ["generation_id", "t", "s"], "deferred_kunit")
    return frames.dated("deferrals", frame.assign(delivered_month=frame["s"].map(frames.months)))


def power_table(frames: Frames) -> Frame:
    """Capacity and energy by region and option, with the limit of growth."""
    d = frames.data
    index = ["region_id", "option_id", "t"]
    frame = frames.variable("capacity", index, "capacity_mw")
    frame = frame.merge(frames.variable("build_mw", index, "build_mw"), on=index, how="left")
    frame = frame.merge(frames.mean_over_slices("output", index[:2], "output_mw"), on=index, how="left")
    held = frames.solution.values["capacity"]
    arrived, above = frames.solution.values["arrived_mw"], dict[tuple[str, str, int], float]()
    for order in d.orders:
        for t in order.arrivals if order.on_top and order.item else ():
            key = (order.place, order.item or "", t)
            above[key] = above.get(key, 0.0) + arrived.get((order.name, t), 0.0)
    keys = list(zip(frame["region_id"], frame["option_id"], frame["t"], strict=True))
    own = {(part.r, part.p, t): part.mw for each in d.projects for part in each.parts for t in each.months}
    frame["growth_limit_mw"] = [
        d.step_mw[r, p, t] + d.growth_frac_per_month[r, p] * held.get((r, p, t - 1), 0.0) + above.get((r, p, t), 0.0)
        if (r, p, t) in d.step_mw
        else d.committed_mw.get((r, p, t), 0.0) + own.get((r, p, t), 0.0)  # what is signed; the size of a project
        for r, p, t in keys
    ]
    frame["firm_mw"] = frame["capacity_mw"] * pd.Series([d.firm_frac[r, p] for r, p, _ in keys], dtype=float)
    frame["energy_mwh"] = frame["output_mw"] * frame["t"].map(frames.hours())
    frame["carbon_tco2"] = frame["energy_mwh"] * pd.Series([d.carbon_t_per_mwh[r, p] for r, p, _ in keys])
    return frames.dated("power", frame)


def halls_table(frames: Frames) -> Frame:
    """Powered hall space and the nameplate installed in it, MW of IT."""
    d, index = frames.data, ["region_id", "t"]
    frame = frames.variable("shell", index, "shell_mw").merge(frames.variable("build_shell", index, "build_shell_mw"), on=index)
    opened: dict[tuple[str, int], float] = {}
    for each in d.projects:
        for part in (part for part in each.parts if part.p == HALLS):
            for t in each.months:
                mw = part.mw * frames.solution.values["take"][each.project_id, t]
                opened[part.r, t] = opened.get((part.r, t), 0.0) + mw
    index_of = list(zip(frame["region_id"], frame["t"], strict=True))
    frame["build_shell_mw"] += pd.Series([opened.get(key, 0.0) for key in index_of], dtype=float)
    housed: dict[tuple[str, int], float] = {}
    for (r, g, t), kunit in frames.solution.values["installed"].items():
        housed[r, t] = housed.get((r, t), 0.0) + d.kw_per_unit[g] * kunit
    frame["housed_mw"] = [housed.get(key, 0.0) for key in index_of]
    return frames.dated("halls", frame)


def project_tables(frames: Frames) -> dict[str, Frame]:
    """One row a project, taken or not; and what is taken of each by month. No table for a plan without projects."""
    d, take = frames.data, frames.solution.values["take"]
    if not d.projects:
        return {}
    rows = [(each.project_id, d.months[t - 1], take[each.project_id, t]) for each in d.projects for t in each.months]
    starts = table("project_starts", rows)
    return {"projects": table("projects", [_project(frames, each) for each in d.projects]), "project_starts": starts}


def _project(frames: Frames, each: Project) -> tuple[object, ...]:
    d, take = frames.data, frames.solution.values["take"]
    months = [t for t in each.months if t <= len(d.horizon) and take[each.project_id, t] > 0]
    frac = sum(take[each.project_id, t] for t in months)
    halls, power = (sum(part.mw for part in each.parts if (part.p == HALLS) == hall) for hall in (True, False))
    capital = sum(part.capital_musd for part in each.parts)
    start = d.months[months[0] - 1] if months else ""
    return each.project_id, "yes" if each.whole else "no", start, frac, frac * halls, frac * power, frac * capital


def orders_table(frames: Frames) -> Frame:
    """What became of each order that may slip or be cancelled: what arrives, is late and is cancelled, by month."""
    values = frames.solution.values
    rows = []
    for order in frames.data.orders:
        for t in order.arrivals:
            told = (values[f"{name}_mw"].get((order.name, t), 0.0) for name in ("arrived", "late", "cancelled"))
            rows.append((*order.name.split(" / "), frames.months[t], *told))
    return table("orders", rows)


def serve_table(frames: Frames) -> Frame:
    """Compute of each class, from the pool that demands it to the place that serves it."""
    frame = frames.variable("serve", ["pool_id", "class_id", "place_id", "t"], "serve_kh100e")
    frame["network_gbit_s"] = frame["serve_kh100e"] * per(frame["class_id"], frames.data.gbit_s_per_kh100e)
    return frames.dated("serve", frame)


def demand_table(frames: Frames) -> Frame:
    """Compute demanded, served and unserved."""
    index = ["pool_id", "class_id", "t"]
    frame = frames.of(frames.data.demand_kh100e, index, "demand_kh100e")
    served: dict[tuple[str, str, int], float] = {}
    for (z, w, _, t), kh100e in frames.solution.values["serve"].items():
        served[z, w, t] = served.get((z, w, t), 0.0) + kh100e
    frame["served_kh100e"] = [served.get(key, 0.0) for key in zip(*(frame[c] for c in index), strict=True)]
    frame = frame.merge(frames.variable("unserved", index, "unserved_kh100e"), on=index, how="left")
    return frames.dated("demand", frame)


def moves_table(frames: Frames) -> Frame:
    """What changes place from one month to the next, of the classes whose moves have a price."""
    d, kept = frames.data, kept_by_class(frames.data)
    work: dict[tuple[str, str, int], float] = {}
    for (_, w, x, t), kh100e in frames.solution.values["serve"].items():
        work[w, x, t] = work.get((w, x, t), 0.0) + kh100e
    rows = []
    for w in (w for w in d.classes if w in d.move_usd_per_h100e):
        served_before = 0.0
        for t, month in frames.months.items():
            here = {x: work.get((w, x, t), 0.0) for x in (*d.regions, *d.designs)}
            left = [kept[w, t] * work.get((w, x, t - 1), 0.0) - kh100e for x, kh100e in here.items()] if t > 1 else []
            moved = sum(kh100e for kh100e in left if kh100e > 0)
            rows.append((w, month, sum(here.values()), moved, moved / served_before if served_before else 0.0))
            served_before = sum(here.values())
    return table("moves", rows)
