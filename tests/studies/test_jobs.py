"""Studies by jobs: the same results whoever does which, in whatever order; what travels is what a pickle holds."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from planner import api
from planner.errors import InputError, LostWorkersError, UsageError
from planner.prepare.plan_data import prepare
from planner.progress import Progress
from planner.studies.crossover import crossover
from planner.studies.frontier_jobs import Spread
from planner.studies.jobs import Files, Job, Kept, Run, files_of
from planner.studies.pareto import pareto
from tests.read.toy import write_plan


@contextmanager
def elsewhere(progress: Progress, kept: Kept) -> Iterator[Run]:
    """Each job as in a process of its own that knows nothing, the last one first."""

    def run(jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
        for place in reversed(range(len(jobs))):
            job: Job = pickle.loads(pickle.dumps(jobs[place]))
            yield place, pickle.loads(pickle.dumps(job.run(Kept(), Progress())))

    yield run


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_plan(tmp_path_factory.mktemp("jobs"), months=2)


def test_thresholds_of_orbit_are_equal_whoever_searches_them(path: Path) -> None:
    plan = api.load(path)
    here, there = crossover(plan), crossover(plan, start=elsewhere)
    pd.testing.assert_frame_equal(there.thresholds, here.thresholds, check_exact=True)
    for scope, entry in here.entries.items():
        pd.testing.assert_frame_equal(there.entries[scope], entry, check_exact=True)
    assert (there.tonnes, there.agreement) == (here.tonnes, here.agreement)


def test_a_frontier_is_equal_whoever_traces_it(path: Path) -> None:
    plan = api.load(path)
    here = pareto(prepare(plan), "cost,carbon", 9)
    there = pareto(prepare(plan), "cost,carbon", 9, None, Spread(plan, elsewhere))
    assert len(here.points) == len(there.points) == 9
    for name in ("objective_musd", "carbon_tco2", "price_usd_per_tco2"):
        assert there.points[name].tolist() == pytest.approx(here.points[name].tolist(), rel=1e-7)


def test_files_that_say_something_else_elsewhere_are_refused(path: Path) -> None:
    files = files_of(api.load(path), Kept())
    assert Files(files.case, files.expected).plan(Kept()).name == "toy"
    with pytest.raises(UsageError, match="reads differently on"):
        Files(files.case, "another").plan(Kept())


def test_a_process_keeps_what_belongs_to_one_study() -> None:
    kept = Kept()
    assert kept.get("one", "plan", lambda: 1) == kept.get("one", "plan", lambda: 2) == 1
    assert kept.get("other", "plan", lambda: 3) == 3
    assert kept.get("one", "plan", lambda: 4) == 4


def test_errors_travel_whole(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        api.load(write_plan(tmp_path, months=2, plan={"months": -1}))
    again = pickle.loads(pickle.dumps(refused.value))
    assert (str(again), again.findings) == (str(refused.value), refused.value.findings)
    with pytest.raises(LostWorkersError, match="3 workers"):
        Job().lost("3 workers were lost")
