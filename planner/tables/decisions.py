"""From a solution to tidy tables of what happens where, month by month: one row a fact, units in the names."""

from __future__ import annotations

import pandas as pd

from planner.solve.solution import Solution
from planner.tables.frames import Book, Frame
from planner.tables.orbit import launch_table, orbit_coefficients_table, orbit_table
from planner.tables.slices import slice_tables


def decision_tables(solution: Solution) -> dict[str, Frame]:
    """Every decision of the plan. Rows in the order of the plan's own names, then of months."""
    book = Book(solution)
    fleet = fleet_table(book)
    return {
        "chips": chips_table(book, fleet),
        "fleet": _without_zeros(fleet, 3),
        "power": _without_zeros(power_table(book), 3, but={"growth_limit_mw"}),
        "halls": halls_table(book),
        "serve": _without_zeros(serve_table(book), 4),
        "demand": demand_table(book),
        "orbit": orbit_table(book),
        "launch": launch_table(book),
        "orbit_coefficients": orbit_coefficients_table(book.data),
        **slice_tables(solution),
    }


def fleet_table(book: Book) -> Frame:
    """Chips by place and generation: what comes, goes, stands and runs."""
    d, solution = book.data, book.solution
    index = ["place_id", "generation_id", "t"]
    earth = book.variable("installed", index, "installed_kunit")
    before = book.frame({(r, g, t + 1): v for (r, g, t), v in solution.values["installed"].items()}, index, "before_kunit")
    earth = earth.merge(before, on=index, how="left")
    survive = [d.survive_frac[r, g] for r, g in zip(earth["place_id"], earth["generation_id"], strict=True)]
    expire = [d.end_of_life_frac.get((g, t), 0.0) for g, t in zip(earth["generation_id"], earth["t"], strict=True)]
    earth["failed_kunit"] = earth["before_kunit"] * (1.0 - pd.Series(survive))
    earth["end_of_life_kunit"] = earth["before_kunit"] * pd.Series(survive) * pd.Series(expire)
    earth = earth.merge(book.variable("retire", index, "retire_kunit"), on=index, how="left")
    earth = earth.merge(book.mean_over_slices("run", index[:2], "run_kunit"), on=index, how="left")
    idle = earth["generation_id"].map(d.idle_frac)
    draw = earth["generation_id"].map(lambda g: d.kw_per_unit[g] * d.draw_frac[g])
    earth["it_draw_mw"] = draw * (earth["run_kunit"] * (1.0 - idle) + idle * earth["installed_kunit"])
    earth["share"] = earth["place_id"].map(d.availability_frac)
    space = _space_fleet(book)
    frame = pd.concat([earth, space], ignore_index=True) if len(space) else earth
    frame = frame.merge(book.variable("deploy", index, "deploy_kunit"), on=index, how="left")
    frame["it_nameplate_mw"] = frame["installed_kunit"] * frame["generation_id"].map(d.kw_per_unit)
    frame["compute_kh100e"] = frame["run_kunit"] * frame["generation_id"].map(d.h100e_per_unit) * frame["share"]
    columns = ["deploy_kunit", "retire_kunit", "failed_kunit", "end_of_life_kunit", "installed_kunit", "run_kunit"]
    columns += ["it_nameplate_mw", "it_draw_mw", "compute_kh100e"]
    frame[columns] = frame[columns].fillna(0.0)
    return book.dated(frame, ["place_id", "generation_id", "month", *columns])


def _space_fleet(book: Book) -> Frame:
    """The same for orbit: alive chips stand for installed ones, and nothing comes back."""
    d, deployed = book.data, book.solution.values["deploy"]
    alive: dict[tuple[str, str, int], float] = {}
    for o, g in {(x, g): None for x, g, _ in deployed if x in d.designs}:
        for t in book.months:
            vintages = range(1, t + 1)
            alive[o, g, t] = sum(d.orbit_alive_frac.get((o, v, t), 0.0) * deployed.get((o, g, v), 0.0) for v in vintages)
    if not alive:
        return pd.DataFrame()
    index = ["place_id", "generation_id", "t"]
    frame = book.frame(alive, index, "installed_kunit")
    frame["failed_kunit"] = [
        alive.get((o, g, t - 1), 0.0) + deployed.get((o, g, t), 0.0) - kunit for (o, g, t), kunit in alive.items()
    ]
    frame = frame.merge(book.mean_over_slices("orbit_run", index[:2], "run_kunit"), on=index, how="left")
    # a platform is built for nameplate; what is drawn is measured as on Earth, so that USD per MWh compare
    frame["it_draw_mw"] = frame["run_kunit"] * frame["generation_id"].map(lambda g: d.kw_per_unit[g] * d.draw_frac[g])
    frame["share"] = 1.0
    return frame


def chips_table(book: Book, fleet: Frame) -> Frame:
    """Where every delivered chip is: identity 1 in one table."""
    d, months = book.data, list(book.months.values())
    grid = pd.MultiIndex.from_product([d.generations, months], names=["generation_id", "month"])
    number = {name: t for t, name in book.months.items()}
    on_earth = fleet["place_id"].isin(d.regions)

    def total(rows: Frame, column: str) -> pd.Series[float]:
        return rows.groupby(["generation_id", "month"])[column].sum().reindex(grid, fill_value=0.0)

    out = pd.DataFrame(index=grid)
    out["delivered_kunit"] = [d.delivered_kunit.get((g, number[m]), 0.0) for g, m in grid]
    out["deployed_kunit"] = total(fleet, "deploy_kunit")
    dark, displaced = book.solution.values["dark"], book.solution.values["displaced"]
    out["dark_kunit"] = [dark.get((g, number[m]), 0.0) for g, m in grid]
    out["retired_kunit"] = total(fleet, "retire_kunit")
    out["displaced_kunit"] = [displaced.get((g, number[m]), 0.0) for g, m in grid]
    out["housed_kunit"] = total(fleet[on_earth], "installed_kunit")
    out["orbit_kunit"] = total(fleet[~on_earth], "installed_kunit")
    waiting: dict[tuple[str, str], float] = {}
    for (x, g, t), kunit in book.solution.values["deploy"].items():
        lag = d.commission_months.get(x, 0) if x in d.regions else 0
        for later in range(max(t, 1), min(t + lag, len(months) + 1)):
            if kunit:
                waiting[g, book.months[later]] = waiting.get((g, book.months[later]), 0.0) + kunit
    out["commissioning_kunit"] = [waiting.get(key, 0.0) for key in grid]
    out["failed_kunit"] = total(fleet, "failed_kunit")
    out["end_of_life_kunit"] = total(fleet, "end_of_life_kunit")
    out = out.reset_index()
    out["dark_kh100e"] = out["dark_kunit"] * out["generation_id"].map(d.h100e_per_unit)
    out["dark_mw"] = out["dark_kunit"] * out["generation_id"].map(d.kw_per_unit)
    return out


def power_table(book: Book) -> Frame:
    """Capacity and energy by region and option; the growth limit beside what was built."""
    d = book.data
    index = ["region_id", "option_id", "t"]
    frame = book.variable("capacity", index, "capacity_mw")
    frame = frame.merge(book.variable("build_mw", index, "build_mw"), on=index, how="left")
    frame = frame.merge(book.mean_over_slices("output", index[:2], "output_mw"), on=index, how="left")
    held = book.solution.values["capacity"]
    keys = list(zip(frame["region_id"], frame["option_id"], frame["t"], strict=True))
    frame["growth_limit_mw"] = [
        d.step_mw[r, p, t] + d.growth_frac_per_month[r, p] * held.get((r, p, t - 1), 0.0)
        if (r, p, t) in d.step_mw
        else d.committed_mw.get((r, p, t), 0.0)  # before the lead time: what is signed
        for r, p, t in keys
    ]
    frame["energy_mwh"] = frame["output_mw"] * frame["t"].map(book.hours())
    frame["carbon_tco2"] = frame["energy_mwh"] * pd.Series([d.carbon_t_per_mwh[r, p] for r, p, _ in keys])
    columns = ["build_mw", "growth_limit_mw", "capacity_mw", "output_mw", "energy_mwh", "carbon_tco2"]
    return book.dated(frame, ["region_id", "option_id", "month", *columns])


def halls_table(book: Book) -> Frame:
    """Powered hall space and what stands in it, MW of IT."""
    d, index = book.data, ["region_id", "t"]
    frame = book.variable("shell", index, "shell_mw").merge(book.variable("build_shell", index, "build_shell_mw"), on=index)
    housed: dict[tuple[str, int], float] = {}
    for (r, g, t), kunit in book.solution.values["installed"].items():
        housed[r, t] = housed.get((r, t), 0.0) + d.kw_per_unit[g] * kunit
    frame["housed_mw"] = [housed.get(key, 0.0) for key in zip(frame["region_id"], frame["t"], strict=True)]
    return book.dated(frame, ["region_id", "month", "build_shell_mw", "shell_mw", "housed_mw"])


def serve_table(book: Book) -> Frame:
    """Compute of each class, from where it is asked to where it is served."""
    frame = book.variable("serve", ["pool_id", "class_id", "place_id", "t"], "serve_kh100e")
    frame["network_gbit_s"] = frame["serve_kh100e"] * frame["class_id"].map(book.data.gbit_s_per_kh100e)
    return book.dated(frame, ["pool_id", "class_id", "place_id", "month", "serve_kh100e", "network_gbit_s"])


def demand_table(book: Book) -> Frame:
    """What is asked, served and left unserved."""
    index = ["pool_id", "class_id", "t"]
    frame = book.frame(book.data.demand_kh100e, index, "demand_kh100e")
    served: dict[tuple[str, str, int], float] = {}
    for (z, w, _, t), kh100e in book.solution.values["serve"].items():
        served[z, w, t] = served.get((z, w, t), 0.0) + kh100e
    frame["served_kh100e"] = [served.get(key, 0.0) for key in zip(*(frame[c] for c in index), strict=True)]
    frame = frame.merge(book.variable("unserved", index, "unserved_kh100e"), on=index, how="left")
    return book.dated(frame, ["pool_id", "class_id", "month", "demand_kh100e", "served_kh100e", "unserved_kh100e"])


def _without_zeros(frame: Frame, keys: int, but: set[str] | None = None) -> Frame:
    """Drop rows in which nothing happens; the judge reads a missing row as zeros."""
    values = [c for c in frame.columns[keys:] if c not in (but or set())]
    return frame[(frame[values] != 0.0).any(axis=1)].reset_index(drop=True)
