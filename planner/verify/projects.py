"""Projects: what each adds where, what it costs, and what the plan takes of it: arrays over project, region, option, month."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from planner.verify.collector import Collector
from planner.verify.run import HALLS, Run, dig, is_month, positions, serial
from planner.verify.verdict import CHOICES, TOLERANCE, Array

WHOLE = "projects.whole"


class Projects:
    """What the inputs say about projects, and what the plan takes of each in each month."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.rows = run.table("inputs.projects")
        self.names = run.axes["project_id"]
        self.take = run.cube("project_starts", "taken_frac")  # [q,t]
        self.q, self.r = (positions(run.axes[key], self.rows[key]) for key in ("project_id", "region_id"))
        self.halls = (self.rows["option_id"] == HALLS).to_numpy(dtype=bool)
        self.base = positions(run.axes["option_id"], self.rows["option_id"])
        own = self.rows["project_id"] + "_" + self.rows["option_id"]
        self.own = positions(run.axes["option_id"], own)
        self.first = np.array([int(np.argmax(self.q == q)) for q in range(len(self.names))], dtype=int)

    def by_power(self, values: Array) -> Array:
        """A number of each row, where it is of power: over project, region and the option of its own, [q,r,p]."""
        found = np.zeros([len(self.run.axes[key]) for key in ("project_id", "region_id", "option_id")])
        known = ~self.halls & (self.own >= 0)
        np.add.at(found, (self.q[known], self.r[known], self.own[known]), values[known])
        return found

    def by_halls(self, values: Array) -> Array:
        """A number of each row, where it is of halls, [q,r]."""
        found = np.zeros([len(self.run.axes[key]) for key in ("project_id", "region_id")])
        np.add.at(found, (self.q[self.halls], self.r[self.halls]), values[self.halls])
        return found

    @cached_property
    def mw(self) -> Array:
        """The size of each row."""
        return self.rows["mw"].to_numpy(dtype=float)

    @cached_property
    def capital_musd(self) -> Array:
        """The capital of each row."""
        return self.rows["capital_musd"].to_numpy(dtype=float)

    @cached_property
    def of_option(self) -> Array:
        """Megawatts of each project by the option that it adds to, in all regions, [q,p]."""
        found = np.zeros([len(self.run.axes[key]) for key in ("project_id", "option_id")])
        known = ~self.halls & (self.base >= 0)
        np.add.at(found, (self.q[known], self.base[known]), self.mw[known])
        return found

    @cached_property
    def is_own(self) -> Array:
        """1 where an option is a project's own, [r,p]."""
        return np.asarray((self.by_power(self.mw) > 0).any(axis=0), dtype=float)

    @cached_property
    def paid_as(self) -> list[str]:
        """Each option by the name that payments give it: that of a project is paid as the one that it adds to."""
        base = dict(zip(self.own.tolist(), self.rows["option_id"], strict=True))
        return [str(base.get(p, name)) for p, name in enumerate(self.run.axes["option_id"])]

    @cached_property
    def may(self) -> Array:
        """1 in the months in which a project may be taken, [q,t]."""
        months = np.array([serial(month) for month in self.run.months])
        found = np.ones((len(self.names), len(months)))
        for q, row in enumerate(self.first.tolist()):
            for column, sign in (("earliest_month", 1), ("latest_month", -1)):
                word = str(self.rows[column].iloc[row])
                if is_month(word):
                    found[q] *= sign * (months - serial(word)) >= 0
        return found

    @cached_property
    def whole(self) -> Array:
        """1 for a project that is taken whole or not at all, [q]."""
        return np.array([float(self.rows["whole"].iloc[row] == "yes") for row in self.first.tolist()], dtype=float)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups of alternatives."""
        return tuple(dict.fromkeys(word for word in map(str, self.rows["group"]) if word))

    @cached_property
    def in_group(self) -> Array:
        """1 where a project belongs to a group, [i,q]."""
        group = [str(self.rows["group"].iloc[row]) for row in self.first.tolist()]
        return np.array([[float(one == name) for one in group] for name in self.groups]).reshape(len(self.groups), len(group))

    def added(self) -> Array:
        """The most power that comes with projects in each month, [r,p,t]."""
        return np.asarray(np.einsum("qrp,qt->rpt", self.by_power(self.mw), self.may))


def check_projects(checks: Collector, projects: Projects) -> None:
    """The tables of projects: whole ones are whole, each in its months, and what is said of each follows."""
    run = checks.run
    if not projects.names:
        return
    taken = projects.take.sum(axis=1)
    spot = ("project_id", "month")
    law = "a project starts in one of its months"
    checks.at_most("projects.months", projects.take * (1.0 - projects.may), 0.0, spot, "", law)
    broken = projects.whole[:, None] * np.minimum(np.abs(projects.take), np.abs(1.0 - projects.take))
    broken = broken + (projects.whole * np.maximum(0.0, taken - 1.0))[:, None]
    checks.equal(WHOLE, broken, 0.0, spot, "", "a whole project is taken once, in one month, or not at all")
    missing = sorted(set(projects.names) - set(map(str, run.table("projects")["project_id"])))
    if missing:
        checks.fail("projects.project_id", f"projects lacks a row for {missing[0]}", missing[0])
    reported = projects.take[:, : run.reported]
    frac = reported.sum(axis=1)
    first = np.where(reported.any(axis=1), reported.astype(bool).argmax(axis=1), -1)
    checks.column("projects.taken_frac", frac, "", "taken = what is taken in its months")
    sums = {
        "hall_mw": projects.by_halls(projects.mw).sum(axis=1),
        "power_mw": projects.by_power(projects.mw).sum(axis=(1, 2)),
        "capital_musd": np.bincount(projects.q, projects.capital_musd, len(projects.names)),
    }
    for column, whole in sums.items():
        checks.column(f"projects.{column}", frac * whole, "", f"{column} = taken x what the inputs state")
    starts = ["" if t < 0 else run.months[t] for t in first.tolist()]
    whole_or_part = ["yes" if whole else "no" for whole in projects.whole]
    laws = {
        "start_month": (starts, "start_month is the first month in which the project is taken, if it is"),
        "whole": (whole_or_part, "whole is as the inputs state"),
    }
    for column, (words, law) in laws.items():
        told = dict(zip(run.table("projects")["project_id"], run.table("projects")[column], strict=True))
        wrong = [name for name, word in zip(projects.names, words, strict=True) if told.get(name) != word]
        if wrong:
            checks.fail(f"projects.{column}", law, wrong[0])


def check_choices(checks: Collector, projects: Projects) -> None:
    """The stated gap of the whole projects follows from the bound that the solver states; the bound itself is taken from it."""
    if not projects.whole.any():
        return
    stated = {key: dig(checks.run.manifest, f"solver.choices.{key}") for key in ("bound_musd", "relative_gap")}
    objective = dig(checks.run.manifest, "solver.objective_musd")
    numbers = [*stated.values(), objective]
    if any(isinstance(each, bool) or not isinstance(each, (int, float)) or not np.isfinite(each) for each in numbers):
        checks.fail(CHOICES, "manifest: solver.choices must state bound_musd and relative_gap of the whole projects")
        return
    bound, gap, cost = (float(each) for each in numbers)
    derived = max(0.0, cost - bound) / max(1.0, abs(cost))
    count = int(projects.whole.sum())
    words = f"{count} whole project{'s' if count > 1 else ''}: proven for the choice made; no other choice saves more than "
    words += f"{max(0.0, cost - bound):,.2f} M USD (gap {gap:.1g}), by the bound of HiGHS, which is not proven again"
    off = abs(derived - gap)
    checks.add(
        CHOICES,
        off <= TOLERANCE,
        words if off <= TOLERANCE else f"the stated gap is {gap:.6g}, but it is {derived:.6g}",
        off,
        TOLERANCE,
    )
