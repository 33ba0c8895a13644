"""Plans in several threads at once: every answer is that of the plan alone."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from planner import api
from planner.progress import Progress
from planner.read.load import Plan, load
from planner.solve.checkpoint import fingerprint
from planner.solve.solution import standard_form
from tests.models.toy import halved, toy
from tests.read.toy import write_plan

CHANGES = (), ("carbon.usd_per_tco2=200", "demand.start_kh100e*=2"), ("slices=4", "months=3")


@pytest.fixture(autouse=True)
def hasty_threads() -> Iterator[None]:
    """Threads change every ten microseconds instead of every five milliseconds."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def plans(tmp_path: Path) -> list[Plan]:
    path = write_plan(tmp_path / "plan", months=4)
    return [load(path, change) for change in CHANGES]


def together(answer: Callable[[Any], Any], questions: list[Any], rounds: int) -> None:
    """The same answers from a thread for each question, so many times, as one after another."""
    alone = [answer(question) for question in questions]
    assert len({str(one) for one in alone}) == len(questions)
    start = threading.Barrier(len(questions), timeout=60)

    def work(question: Any) -> Any:
        start.wait()
        return answer(question)

    with ThreadPoolExecutor(len(questions)) as pool:
        for _ in range(rounds):
            assert list(pool.map(work, questions)) == alone


def test_programs_do_not_mix() -> None:
    together(
        lambda data: fingerprint(standard_form(data, Progress())[1]),
        [toy(), toy(6), halved(toy(), 1.5)],
        rounds=20,
    )


def test_others_sum_and_look_through_sets_while_a_model_is_declared() -> None:
    """Pyomo replaces both for all threads: a sum of nothing would end in StopIteration, a set would hold templates."""
    model, _ = standard_form(toy(), Progress())
    months, stop, wrong = list(model.MONTHS), threading.Event(), list[object]()

    def look() -> None:
        while not stop.is_set():
            try:
                found = sum(t for t in ()), sum((t for t in months), 0.5), list(model.MONTHS)
            except BaseException as error:
                wrong.append(error)
                return
            if found != (0, sum(months) + 0.5, months):
                wrong.append(found)

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        for _ in range(20):
            standard_form(toy(), Progress())
        stop.set()
        looking.result()
    assert wrong == []


def test_solve(plans: list[Plan]) -> None:
    together(lambda plan: csv_of(api.solve(plan).tables), plans, rounds=3)


@pytest.mark.slow
def test_run(plans: list[Plan], tmp_path: Path) -> None:
    number = count()

    def run(plan: Plan) -> dict[str, bytes]:
        folder = tmp_path / f"run {next(number)}"
        assert api.run(plan, folder).verdict.ok
        return {path.name: path.read_bytes() for path in sorted((folder / "tables").iterdir())}

    together(run, plans, rounds=1)


@pytest.mark.slow
def test_sweep(plans: list[Plan]) -> None:
    together(lambda plan: csv_of({"": api.sweep(plan, ["deliveries.kunit*=0.5..1.5:2"]).points}), plans, rounds=1)


def test_pareto(plans: list[Plan]) -> None:
    together(lambda plan: csv_of({"": api.pareto(plan, "cost,carbon", 5).points}), plans, rounds=2)


def csv_of(tables: dict[str, Any]) -> dict[str, str]:
    return {name: table.to_csv() for name, table in tables.items()}
