"""Pieces of a study that can be done in any order: in this process one after another, or by `workers`.

A job travels to the process that does it, and its result travels back; a plan travels as its files, which that process reads.
What a job finds is an optimum, whatever jobs were done before it; where several plans cost the same, it may be any of them.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from planner.errors import LostWorkersError, UsageError
from planner.progress import Progress
from planner.studies.cases import Case, hash_of

if TYPE_CHECKING:
    from planner.plan.plan import Plan

T = TypeVar("T")


class Kept:
    """What a process keeps from one job for the next of the same study: a plan, a program, a session."""

    def __init__(self) -> None:
        self._study: Hashable = None
        self._things: dict[str, Any] = {}

    def get(self, study: Hashable, name: str, make: Callable[[], T]) -> T:
        """What this study keeps under a name, made at the first time; what another study kept is dropped."""
        if study != self._study:
            self._study, self._things = study, {}
        if name not in self._things:
            self._things[name] = make()
        found: T = self._things[name]
        return found

    def put(self, study: Hashable, name: str, thing: Any) -> None:
        """Keep what is at hand already."""
        self.get(study, name, lambda: thing)


class Job:
    """One piece of a study."""

    def run(self, kept: Kept, progress: Progress) -> Any:
        """Do it. Raises what the study raises."""
        raise NotImplementedError

    def lost(self, why: str) -> Any:
        """The result where the workers that did it were lost. Raises LostWorkersError unless a study can go on without."""
        raise LostWorkersError(why)


Run = Callable[[Sequence[Job]], Iterator[tuple[int, Any]]]
"""Does jobs, in any order: the position of each with its result, as it ends."""

Start = Callable[[Progress, Kept], AbstractContextManager[Run]]
"""Makes ready for jobs. What is kept already is of this process."""


@contextmanager
def in_turn(progress: Progress, kept: Kept) -> Iterator[Run]:
    """Do jobs in this process, one after another."""

    def run(jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
        for place, job in enumerate(jobs):
            yield place, job.run(kept, progress)

    yield run


def all_of(run: Run, jobs: Sequence[Job], progress: Progress, what: str) -> list[Any]:
    """The results of jobs, in their order. ``what``: the word for them in a count."""
    found: dict[int, Any] = {}
    for place, result in run(jobs):
        found[place] = result
        progress.count(len(found), len(jobs), what)
    return [found[place] for place in range(len(jobs))]


@dataclass(frozen=True)
class Files:
    """A plan as it travels: its files, what is set, and the hash of what they say where the study began."""

    case: Case
    expected: str

    def read(self) -> Plan:
        """The plan. Raises UsageError where the files say something else here."""
        plan = self.case.read()
        if hash_of(plan) != self.expected:
            raise UsageError(
                f"{self.case.path} reads differently on {platform.node()} than where the study began: give all machines the "
                "same files"
            )
        return plan

    def plan(self, kept: Kept) -> Plan:
        """The plan, read once for all jobs on it."""
        return kept.get(self.expected, "plan", self.read)


def files_of(plan: Plan, kept: Kept) -> Files:
    """A plan that was read here, as it travels; in this process it is at hand."""
    files = Files(Case(str(plan.path), plan.overrides, (), bool(plan.own_limits)), hash_of(plan))
    kept.put(files.expected, "plan", plan)
    return files
