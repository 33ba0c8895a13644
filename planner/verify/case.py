"""The plan that is examined: its names, and its variables with what it decided and how far any plan could go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.verify.changes import Changes
from planner.verify.chip_moves import Reach, can_be
from planner.verify.demand import Demand
from planner.verify.fleet import Fleet
from planner.verify.hours import Hours
from planner.verify.orbit import kg_per_kw
from planner.verify.owners import Owners
from planner.verify.power import Power, shell_limit, shut_shell
from planner.verify.reservations import Reservations
from planner.verify.run import NDArrayBool, Run, month_before
from planner.verify.sites import closes, is_open
from planner.verify.targets import Shares, Targets
from planner.verify.verdict import Array


class Case:
    """Inputs and tables of a run by subject."""

    def __init__(self, run: Run, hours: Hours | None = None) -> None:
        self.run = run
        self.hours = hours or Hours(run)
        self.fleet, self.power = Fleet(run, self.hours), Power(run, self.hours)
        self.moves, self.changes = self.fleet.moves, Changes(run, self.power)
        self.demand = Demand(run, self.hours)
        self.owners = Owners(run, self.fleet, self.power)
        self.shares, self.targets = Shares(run, self.demand), Targets(run, self.demand)
        self.reservations = Reservations(run, self.demand, self.hours)
        months = run.month_count
        self.before = np.eye(months, k=1)  # [v,t] 1 where v is the month before t
        self.so_far = np.triu(np.ones((months, months)))  # [v,t] 1 where v is t or earlier
        self.first = np.eye(1, months)[0]  # [t] 1 in the first month

    @property
    def names(self) -> Mapping[str, Sequence[str]]:
        """What the positions along a letter are called."""
        keys = {"z": "pool_id", "w": "class_id", "x": "place_id", "r": "region_id", "o": "design_id", "g": "generation_id"}
        keys |= {"h": "owner_id", "p": "option_id", "q": "project_id", "n": "target_id", "c": "reservation_id", "t": "month"}
        slices = [f"slice {number}" for number in range(1, len(self.hours.slices) + 1)]
        return {letter: self.run.axes[key] for letter, key in keys.items()} | {
            "b": self.run.axes["batch"][1:],
            "v": self.run.months,
            "m": self.moves.names,
            "e": self.power.orders.names,
            "k": slices,
        }


@dataclass(frozen=True)
class Variable:
    """A family of variables: its letters, its values in the plan, the most and the least of each in any plan."""

    over: str
    plan: Array
    most: Array
    least: Array | float = 0.0


def variables(case: Case) -> Mapping[str, Variable]:
    """All variables by name; what is zero at most cannot be."""
    chips = _chips(case)
    could_run = chips["run"].most[..., 0].sum(axis=1) > 0.0
    ages, owners = _ages(case, chips["deploy"].most), _owners(case, chips["installed"].most)
    agreed = _targets(case.targets) | _reservations(case.reservations)
    return chips | ages | owners | _power(case) | _demand(case, could_run) | agreed


def _chips(case: Case) -> dict[str, Variable]:
    run, fleet, earth = case.run, case.fleet, case.fleet.regions
    stock = np.cumsum(fleet.delivered, axis=1) + fleet.dark[:, None]
    arriving = fleet.ages.arriving
    all_chips = stock + fleet.start.sum(axis=0)[:, None] + arriving.sum(axis=(0, 2))[:, None]
    reach = _reach(case, stock) if case.moves.names else None
    if reach is not None:
        stock = np.where(reach.stock, all_chips, 0.0)
    deploy = np.where(fleet.may_stand[:, :, None], stock, 0.0)
    deploy[:earth] *= fleet.opens[:, None, :]
    tonnes, kg = run.held("inputs.launch", "tonnes"), kg_per_kw(run)[:, None, :] * fleet.kw[None, :, None]
    by_mass = np.divide(tonnes, kg, out=np.full(kg.shape, np.inf), where=kg > 0)
    deploy[earth:] = np.where(tonnes > 0.0, np.minimum(deploy[earth:], by_mass), 0.0)
    # deployed chips are never more than the stock, and come on top of the start
    installed = fleet.start[:, :, None] + np.einsum("rgv,rvt->rgt", deploy[:earth], fleet.arrives) + np.cumsum(arriving, axis=2)
    installed = installed * is_open(run)[:, None, :] if reach is None else np.where(reach.there, all_chips, 0.0)
    before = month_before(installed, fleet.start)
    moved = np.zeros(case.moves.all.shape) if reach is None else np.where(reach.leaves, all_chips, 0.0)
    in_service = np.einsum("ogv,ovt->ogt", deploy[earth:], run.of_vintages("service_frac")) + fleet.of_before("service_frac")
    return {
        "buy": Variable("gt", fleet.bought, fleet.offered),
        "decline": Variable("gt", fleet.declined, fleet.offered),
        "defer": Variable("gvt", fleet.deferred, np.where(fleet.may_come_later, fleet.offered[:, :, None], 0.0)),
        "move": Variable("mgt", case.moves.all, moved),
        "deploy": Variable("xgt", fleet.deploy, deploy),
        "dark": Variable("gt", run.cube("chips", "dark_kunit"), stock),
        "displaced": Variable("gt", run.cube("chips", "displaced_kunit"), all_chips),
        "installed": Variable("rgt", fleet.installed[:earth], installed),
        "retire": Variable("rgt", fleet.retire[:earth], before),
        "run": Variable("xgtk", fleet.run_by_slice, np.concatenate([installed, in_service])[..., None]),
    }


def _reach(case: Case, stock: Array) -> Reach:
    fleet, moves = case.fleet, case.moves
    deployed = fleet.arrives * fleet.opens[:, :, None]
    arrives = deployed[:, None] * fleet.may_stand[: fleet.regions, :, None, None]
    never = np.full(len(stock), np.inf)
    return can_be(moves, fleet.start, stock, fleet.ages.arriving, arrives, fleet.may_go, never)


def _reach_of_batches(case: Case, most: Array) -> Reach:
    """``most`` says how many chips of all ages could be deployed, [x,g,t]."""
    fleet, ages, shape = case.fleet, case.fleet.ages, case.fleet.ages.lives.shape
    kinds = shape[0] * shape[1]
    ends = np.where(ages.ends.any(axis=2), ages.ends.argmax(axis=2), 0).reshape(kinds)
    deployed = fleet.arrives[:, None] * (most[: fleet.regions, :, :, None] > 0.0)
    arrives = np.repeat(deployed, shape[1], axis=1)
    found = can_be(
        case.moves,
        ages.standing.reshape(len(ages.standing), kinds),
        ages.supply.reshape(kinds, case.run.month_count),
        ages.arriving_of.reshape(len(ages.standing), kinds, case.run.month_count),
        arrives,
        np.repeat(fleet.may_go, shape[1], axis=1),
        ends,
    )
    return found.split(shape)


def _owners(case: Case, installed: Array) -> dict[str, Variable]:
    """No owner needs to buy more than all its chips could take; ``installed`` is the most of each, [r,g,t]."""
    if not case.owners.trade:
        return {}
    return {"bought": Variable("rht", case.run.cube("owner_power", "bought_mw"), case.owners.need_mw(installed))}


def _ages(case: Case, most: Array) -> dict[str, Variable]:
    """``most`` says how many chips of all ages could be deployed, [x,g,t]."""
    fleet, ages, earth = case.fleet, case.fleet.ages, case.fleet.regions
    lag = np.concatenate([fleet.lag, np.zeros(len(fleet.may_stand) - earth, dtype=int)])
    later = np.pad(ages.lives, ((0, 0), (0, 0), (0, lag.max(initial=0))))[
        :, :, np.add.outer(lag, np.arange(case.run.month_count))
    ]
    all_chips = ages.supply + (ages.standing.sum(axis=0) + ages.arriving_of.sum(axis=(0, 3)))[:, :, None] * ages.lives
    reach = _reach_of_batches(case, most) if case.moves.names else None
    stock = ages.supply if reach is None else np.where(reach.stock, all_chips, 0.0)
    supply = np.minimum(most[:, :, None], stock)
    deploy = supply * np.moveaxis(later, 2, 0)  # what would arrive after the end of its batch is not deployed
    installed = np.einsum("rgbv,rvt->rgbt", deploy[:earth], fleet.arrives) + np.cumsum(ages.arriving_of, axis=3)
    installed = installed * ages.lives
    installed = (
        installed * is_open(case.run)[:, None, None, :] if reach is None else np.where(reach.there, all_chips, 0.0) * ages.lives
    )
    before = month_before(installed, ages.standing) * ages.lives
    moved = np.zeros(case.moves.of_batch.shape) if reach is None else np.where(reach.leaves, all_chips, 0.0)
    in_life = ages.in_life(fleet.survive)
    start = np.where(ages.aged, ages.start, 0.0)
    return {
        "deploy_of": Variable("xgbt", ages.batches("deploy_kunit"), deploy),
        "dark_of": Variable("gbt", ages.dark_of, stock),
        "move_of": Variable("mgbt", case.moves.of_batch, moved),
        "installed_of": Variable("rgbt", ages.batches("installed_kunit")[:earth], installed),
        "retire_of": Variable("rgbt", ages.batches("retire_kunit")[:earth], before),
        "installed_old": Variable("rgt", ages.old("installed_kunit"), in_life),
        "retire_old": Variable("rgt", ages.old("retire_kunit"), month_before(in_life, start)),
        "end_old": Variable("rgt", ages.old("end_of_life_kunit"), ages.ending(fleet.survive)),
    }


def _power(case: Case) -> dict[str, Variable]:
    run, power = case.run, case.power
    growth, supply = run.cube("inputs.power", "growth_frac_per_month"), run.held("inputs.supply", "mw", np.inf)
    capacity, build, before = np.zeros(power.step.shape), np.zeros(power.step.shape), power.start
    on_top = power.orders.most(power.orders.due * power.orders.on_top[:, None])
    for t in range(run.month_count):  # as if nothing closed
        free = np.minimum(power.step[:, :, t] + growth * before + on_top[:, :-1, t], supply[None, :, t])
        may = np.where(power.may_build[:, :, t], free, power.committed[:, :, t])
        build[:, :, t] = np.where(power.offered, may, 0.0)
        before = capacity[:, :, t] = (before + build[:, :, t]) * power.open[:, :, t]
    orders = power.orders
    above, lapsed = on_top, orders.most(orders.ends)
    ordered = orders.mw[:, None] * orders.due
    signed = np.where(power.may_build, 0.0, build)  # before the lead time what is signed comes, no more and no less
    held = np.nan_to_num(run.vector("inputs.options", "storage_h"))[:, None, None]
    stores = np.where(held > 0, capacity[..., None], 0.0)
    due = run.cube("inputs.power", "minimum_take_frac")[:, :, None]
    projects = power.projects
    opened = projects.by_halls(projects.mw).T
    may, whole = projects.may, projects.whole[:, None]
    space = run.vector("inputs.regions", "shell_start_mw")
    shell_step = shell_limit(run) + above[:, -1]
    shell = (space[:, None] + np.cumsum(shell_step + opened @ may, axis=1)) * is_open(run)
    taken = np.cumsum(projects.take, axis=1)
    ever = np.minimum(1.0, np.cumsum(may, axis=1))
    ends = closes(run)
    built, changes = run.cube("halls", "build_shell_mw"), case.changes
    more, less = changes.beyond(np.concatenate([power.build, built[:, None, :]], axis=1))
    return {
        "output": Variable("rptk", power.by_slice, case.hours.availability * capacity[..., None]),
        "charge": Variable("rptk", power.charge, stores),
        "stored": Variable("rptk", power.stored, held * stores),
        "untaken": Variable("rpt", power.untaken, due * capacity),
        "capacity": Variable("rpt", power.capacity, capacity),
        "build": Variable("rpt", power.build, build, signed),
        "shut": Variable("rpt", power.shut, month_before(capacity, power.start) * ends[:, None, :]),
        "shut_shell": Variable("rt", shut_shell(run), month_before(shell, space) * ends),
        "shell": Variable("rt", run.cube("halls", "shell_mw"), shell),
        "build_shell": Variable("rt", built - opened @ projects.take, shell_step),
        "more": Variable("rpt", more[:, :-1], build * changes.counted[:, :-1]),
        "less": Variable("rpt", less[:, :-1], changes.published[:, :-1]),
        "more_shell": Variable("rt", more[:, -1], (shell_step + opened @ may) * changes.counted[:, -1]),
        "less_shell": Variable("rt", less[:, -1], changes.published[:, -1]),
        # the choice of a whole project is made: what is proven is the plan with it
        "take": Variable("qt", projects.take, np.where(whole, projects.take, may), whole * projects.take),
        "taken": Variable("qt", taken, np.where(whole, taken, ever), whole * taken),
        "arrived": Variable("et", orders.arrived, ordered),
        "late": Variable("et", orders.late, ordered * orders.slips[:, None]),
        "cancelled": Variable("et", orders.cancelled, orders.ordered * orders.cancels[:, None]),
        "above": Variable("rpt", orders.above[:, :-1], above[:, :-1]),
        "above_shell": Variable("rt", orders.above[:, -1], above[:, -1]),
        "lapsed": Variable("rpt", orders.lapsed[:, :-1], lapsed[:, :-1]),
        "lapsed_shell": Variable("rt", orders.lapsed[:, -1], lapsed[:, -1]),
    }


def _demand(case: Case, could_run: NDArrayBool) -> dict[str, Variable]:
    """``could_run`` says where and when a chip could run, [x,t]."""
    demand, hours = case.demand, case.hours
    allowed = demand.may_serve[:, :, :, None] & could_run[None, None]
    serve = np.where(allowed, demand.asked[:, :, None, :], 0.0)
    unserved = demand.asked if demand.may_go_short else np.zeros_like(demand.asked)
    core = np.maximum(0.0, demand.unserved - demand.can_wait)
    of_day = (hours.shape * hours.length) @ hours.same_day
    due = demand.flexible_frac[:, None, None, None] * np.einsum("zwxt,zwtk->wxtk", serve, of_day)
    work = serve.sum(axis=0)
    stays = np.einsum("wxv,vt,wt->wxt", work, case.before, demand.kept_frac)
    return {
        "serve": Variable("zwxt", demand.serve, serve),
        "work": Variable("wxt", demand.serve.sum(axis=0), work),
        "left": Variable("wxt", demand.left, stays),
        "unserved": Variable("zwt", demand.unserved, unserved),
        "unserved_core": Variable("zwt", core, unserved),
        "shift": Variable("wxtk", demand.shift, due / hours.length),
        "waiting": Variable("wxtk", demand.waiting, due),
    }


def _targets(targets: Targets) -> dict[str, Variable]:
    """No target needs to miss more than it requires, and one without a penalty nothing."""
    may_miss = np.where(np.isnan(targets.penalty)[:, None], 0.0, targets.frac * targets.asked)
    return {"missed": Variable("nt", targets.missed, may_miss)}


def _reservations(reservations: Reservations) -> dict[str, Variable]:
    """No more needs to stand, be short or be idle than is reserved."""
    each = reservations
    may_be_short = np.where(np.isnan(each.penalty)[:, None], 0.0, each.reserved)
    return {
        "standing": Variable("ct", each.standing, each.reserved),
        "short": Variable("ct", each.short, may_be_short),
        "idle": Variable("ctk", each.idle, each.reserved[..., None]),
    }
