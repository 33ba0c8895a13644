"""The same linear program said otherwise: changes of its arrays, each with the reason why nothing is lost.

Every function takes the plan and its program and gives another program: with the same optimal cost always, or, where its first
line says so, when a look at the solution afterwards confirms it."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csc_array, csr_array

from models.data import PlanData
from planner.solve.compile.form import Form
from planner.solve.highs import Solver, SolverOptions
from planner.solve.reduce.from_scratch import smaller
from planner.solve.reduce.full_use_guess import with_full_use
from planner.solve.reduce.shared_rows import Sums, with_sums
from planner.solve.reduce.transshipment import with_hubs
from planner.solve.reduce.zero_guess import unlikely

Array = npt.NDArray[Any]
Key = tuple[str, Any]


def matrix_of(form: Form) -> csc_array:
    """The coefficients, rows by columns."""
    return csc_array((form.values, form.indices, form.starts), shape=form.shape)


def with_matrix(form: Form, matrix: Any, **changes: Any) -> Form:
    """``form`` with other coefficients, and other limits, costs or names where ``changes`` says so."""
    held = csc_array(matrix)
    held.sum_duplicates()
    held.eliminate_zeros()
    arrays = {"starts": held.indptr.astype(np.int32), "indices": held.indices.astype(np.int32), "values": held.data}
    return dataclasses.replace(form, **arrays, **changes)


def kept(form: Form, columns: Array, rows: Array) -> Form:
    """Only some columns and rows, given as truth values."""
    return with_matrix(
        form,
        csr_array(matrix_of(form))[rows][:, columns],
        cost=form.cost[columns],
        lower=form.lower[columns],
        upper=form.upper[columns],
        row_lower=form.row_lower[rows],
        row_upper=form.row_upper[rows],
        columns=[form.columns[j] for j in np.flatnonzero(columns)],
        rows=[form.rows[i] for i in np.flatnonzero(rows)],
    )


def named(keys: list[Key], *names: str) -> Array:
    """Which of ``keys`` bear one of ``names``."""
    return np.array([name in names for name, _ in keys])


def substituted(form: Form, target: list[int], source: list[int], sign: float) -> Form:
    """x[target] = sign * x[target]' + x[source]: the column of the target then stands for the difference."""
    count = len(form.columns)
    rows = np.concatenate([np.arange(count), target, target])
    columns = np.concatenate([np.arange(count), target, source])
    values = np.concatenate([np.ones(count), np.full(len(target), sign - 1), np.ones(len(target))])
    change = coo_array((values, (rows, columns)), shape=(count, count)).tocsc()
    return with_matrix(form, matrix_of(form) @ change, cost=change.T @ form.cost)


def idle_chips(data: PlanData, form: Form) -> Form:
    """run = installed - idle, without idle <= installed: exact when no row is broken (`broken`).

    `run_installed` becomes idle >= 0, a bound, but what was run >= 0 would need a row."""
    place = {key: j for j, key in enumerate(form.columns)}
    run = [j for j, (name, _) in enumerate(form.columns) if name == "run"]
    installed = [place["installed", form.columns[j][1][:3]] for j in run]
    changed = substituted(form, run, installed, -1.0)
    return kept(changed, np.ones(len(form.columns), dtype=bool), ~named(form.rows, "run_installed"))


def no_idle_chips(data: PlanData, form: Form) -> Form:
    """Every installed chip runs: exact when no idle column would pay (`unpriced`)."""
    idle = idle_chips(data, form)
    return kept(idle, ~named(idle.columns, "run"), np.ones(len(idle.rows), dtype=bool))


def broken(form: Form, values: Array) -> str:
    """How many chips of `idle_chips` are more idle than installed."""
    found = dict(zip(form.columns, values.tolist(), strict=True))
    idle = [(index, v) for (name, index), v in found.items() if name == "run"]
    return f"{sum(v > found['installed', index[:3]] + 1e-6 for index, v in idle):,} of {len(idle):,} rows left out are broken"


def unpriced(whole: Form, duals: Array) -> str:
    """How many of the columns that `no_idle_chips` left out of ``whole`` (made with `idle_chips`) would pay."""
    reduced = whole.cost - matrix_of(whole).T @ duals
    left_out = reduced[named(whole.columns, "run")]
    return f"{int((left_out < -1e-6).sum()):,} of {len(left_out):,} idle columns would pay"


def core_as_bound(data: PlanData, form: Form) -> Form:
    """unserved = rest + core with rest <= (1 - core_frac) demand: `count_unserved_core` becomes a bound."""
    place = {key: j for j, key in enumerate(form.columns)}
    counted = np.flatnonzero(named(form.rows, "count_unserved_core"))
    rest = [place["unserved", form.rows[i][1]] for i in counted]
    core = [place["unserved_core", form.rows[i][1]] for i in counted]
    changed = substituted(form, rest, core, 1.0)
    upper = form.upper.copy()
    upper[rest] = form.row_upper[counted]
    changed = dataclasses.replace(changed, upper=upper)
    return kept(changed, np.ones(len(upper), dtype=bool), ~named(form.rows, "count_unserved_core"))


def limits_as_bounds(data: PlanData, form: Form) -> Form:
    """A row of one column is a bound of that column; a row of none is nothing; `displaced` is counted, never limited."""
    form = kept(form, ~named(form.columns, "displaced"), ~named(form.rows, "conserve_displaced"))
    matrix = csr_array(matrix_of(form))
    entries = np.diff(matrix.indptr)
    upper, lower = form.upper.copy(), form.lower.copy()
    for i in np.flatnonzero(entries == 1):
        j, factor = matrix.indices[matrix.indptr[i]], matrix.data[matrix.indptr[i]]
        least, most = sorted((form.row_lower[i] / factor, form.row_upper[i] / factor))
        lower[j], upper[j] = max(lower[j], least), min(upper[j], most)
    return kept(dataclasses.replace(form, lower=lower, upper=upper), np.ones(len(upper), dtype=bool), entries > 1)


def pooled_demands(data: PlanData, form: Form) -> Form:
    """Demands of one class that the same places serve at the same prices are one demand: what it gets is split pro rata."""
    return _shared(data, form, _pools(data), {x: x for x in (*data.regions, *data.designs)})


def shared_places(data: PlanData, form: Form) -> Form:
    """Regions that may serve the same demands give their compute to one hub, and demands are served from hubs.

    A region that serves a demand inside its own metro for less keeps a column of its own for that. What a hub serves is split
    pro rata to what its regions gave. Not for a region whose link is limited or that a share names: it is a hub alone."""
    return _shared(data, form, {zw: zw for zw in _prices(data)}, _hubs(data))


def shared_places_and_pooled_demands(data: PlanData, form: Form) -> Form:
    """Both."""
    return _shared(data, form, _pools(data), _hubs(data))


def through_hubs(data: PlanData, form: Form) -> Form:
    """Regions and then demands joined by hubs, found without knowing what either is."""
    regions = with_hubs(form)
    demands = with_hubs(regions.form) if regions else None
    return demands.form if demands else regions.form if regions else form


def in_full_use(data: PlanData, form: Form) -> Form:
    """The smaller program of the planner before rows count sums."""
    steps = [step for step in smaller(form) if not isinstance(step, Sums)]
    return steps[-1].form if steps else form


def smaller_program(data: PlanData, form: Form) -> Form:
    """The smaller program of the planner: exact when simplex on the whole has nothing left to do (`reduce.from_scratch`)."""
    steps = smaller(form)
    return steps[-1].form if steps else form


def likely_program(data: PlanData, form: Form) -> Form:
    """The same with columns held at zero that its pools take to be: what the planner solves first."""
    small, places = smaller_program(data, form), with_full_use(form)
    zero = unlikely(form if places is None else places.form, lambda pooled: Solver(pooled, SolverOptions(crossover=False)))
    return dataclasses.replace(small, upper=np.where([key in (zero or ()) for key in small.columns], 0.0, small.upper))


def sums_alone(data: PlanData, form: Form) -> Form:
    """Rows that count the same columns in the same proportions count their sum."""
    step = with_sums(form)
    return step.form if step else form


def gigawatts(data: PlanData, form: Form) -> Form:
    """Power counted in GW instead of MW: columns and rows of power a thousandth."""
    power = ("output", "build_mw", "capacity", "build_shell", "shell")
    rows = ("balance_power", "respect_capacity", "conserve_capacity", "limit_power_growth", "house_chips", "fit_shell")
    rows += ("conserve_shell", "limit_shell_growth", "limit_technology_supply", "limit_national_growth")
    column = np.where(named(form.columns, *power), 1e3, 1.0)
    row = np.where(named(form.rows, *rows), 1e-3, 1.0)
    scaled = matrix_of(form).multiply(column[None, :]).multiply(row[:, None])
    return with_matrix(form, scaled, cost=form.cost * column, row_lower=form.row_lower * row, row_upper=form.row_upper * row)


def only_pairs_in_use(data: PlanData, form: Form, values: Array) -> Form:
    """Only pairs of region and generation that an optimum uses: what guessing without a mistake would give. Not a method."""
    used = {index[:2] for (name, index), v in zip(form.columns, values, strict=True) if name == "deploy" and v > 1e-7}
    used |= {pair for pair, kunit in data.start_installed_kunit.items() if kunit > 0}
    used |= {pair for pair in data.placeable if pair[0] in data.designs}
    chain = ("deploy", "retire", "installed", "run")
    columns = np.array([name not in chain or index[:2] in used for name, index in form.columns])
    return kept(form, columns, np.array([name != "conserve_fleet" or index[:2] in used for name, index in form.rows]))


def _prices(data: PlanData) -> dict[tuple[str, str], frozenset[tuple[str, float]]]:
    """Of each demand, the places that may serve it and the price of each."""
    found: dict[tuple[str, str], set[tuple[str, float]]] = defaultdict(set)
    for z, w, x in data.servable:
        found[z, w].add((x, data.network_usd_per_kh100e_month[z, w, x]))
    return {zw: frozenset(places) for zw, places in found.items()}


def _pools(data: PlanData) -> dict[tuple[str, str], tuple[str, str]]:
    """The demand that each demand is counted with: the first of its class with the same places and prices."""
    first: dict[Any, tuple[str, str]] = {}
    return {(z, w): first.setdefault((w, places), (z, w)) for (z, w), places in _prices(data).items()}


def _hubs(data: PlanData) -> dict[str, str]:
    """The hub of each place, named by the first of the places that may serve the same demands."""
    if data.link_gbit_s or data.downlink_gbit_s_per_mw or data.shares:
        raise ValueError("a place with a limit of its own is a hub alone: not made here")
    serves: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for z, w, x in data.servable:
        serves[x].add((z, w))
    first: dict[Any, str] = {}
    return {x: first.setdefault(frozenset(demands), x) for x, demands in serves.items()}


def _shared(data: PlanData, form: Form, pool_of: dict[Any, Any], hub_of: dict[str, str]) -> Form:
    """Rows of demands summed by pool and of places by hub; columns that became the same are one."""
    size = Counter(hub_of.values())
    local = {flow for flow in data.servable if not data.network_usd_per_kh100e_month[flow] and size[hub_of[flow[2]]] > 1}
    apart = sorted({x for _, _, x in local})  # keep their own row, and give the rest to the hub
    months = range(1, len(data.months) + 1)
    row_keys = [_row_key(key, pool_of, hub_of, size, set(apart)) for key in form.rows]
    given = [(x, t) for x in apart for t in months]
    keys = list(dict.fromkeys([*row_keys, *(("place_hub", (hub_of[x], t, 1)) for x, t in given)]))
    at = {key: i for i, key in enumerate(keys)}
    lower, upper = np.zeros(len(keys)), np.zeros(len(keys))
    new_row = np.array([at[key] for key in row_keys])
    np.add.at(lower, new_row, form.row_lower)
    np.add.at(upper, new_row, form.row_upper)
    lower[named(keys, "place_hub")] = -np.inf

    keep = np.ones(len(form.columns), dtype=bool)
    moved = np.full(len(form.columns), -1)
    seen = set()
    for j, (name, index) in enumerate(form.columns):
        if name in ("unserved", "unserved_core"):
            keep[j] = pool_of.get(index[:2], index[:2]) == index[:2]
        elif name == "serve" and index[:3] not in local:
            z, w, x, t = index
            flow = (pool_of[z, w], hub_of[x], t)
            keep[j] = flow not in seen
            seen.add(flow)
            if x in apart:
                moved[j] = at["place_hub", (hub_of[x], t, 1)]
    old = matrix_of(form).tocoo()
    to_hub = named(form.rows, "place_compute")[old.row] & (moved[old.col] >= 0)
    rows = np.where(to_hub, moved[old.col], new_row[old.row])
    gives = np.array([at["place_compute", (x, t, 1)] for x, t in given], dtype=np.int64)
    takes = np.array([at["place_hub", (hub_of[x], t, 1)] for x, t in given], dtype=np.int64)
    more = len(form.columns) + np.arange(len(given))
    ones = np.ones(len(given))
    entries = (np.concatenate([rows, gives, takes]), np.concatenate([old.col, more, more]))
    matrix = coo_array((np.concatenate([old.data, ones, -ones]), entries), shape=(len(keys), len(form.columns) + len(given)))
    changed = with_matrix(
        form,
        matrix,
        cost=np.concatenate([form.cost, 0 * ones]),
        lower=np.concatenate([form.lower, 0 * ones]),
        upper=np.concatenate([form.upper, np.inf * ones]),
        row_lower=lower,
        row_upper=upper,
        columns=[*form.columns, *(("give", key) for key in given)],
        rows=keys,
    )
    return kept(changed, np.concatenate([keep, ones > 0]), np.ones(len(keys), dtype=bool))


def _row_key(key: Key, pool_of: dict[Any, Any], hub_of: dict[str, str], size: Counter[str], apart: set[str]) -> Key:
    """The row that a row of the program becomes part of."""
    name, index = key
    if name in ("serve_demand", "count_unserved_core"):
        return name, (*pool_of.get(index[:2], index[:2]), index[2])
    if name == "place_compute" and index[0] not in apart and size[hub_of.get(index[0], "")] > 1:
        return "place_hub", (hub_of[index[0]], *index[1:])
    return key
