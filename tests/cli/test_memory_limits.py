"""Limits of memory, and helper processes that are killed: a command ends with a message, without hanging or half a result."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest

from planner import memory
from planner.api import STARTING_PLAN
from planner.cli.entry import OUT_OF_MEMORY, main
from planner.memory import MB, Watch
from planner.solve.highs import Solver, SolverOptions
from tests.read.toy import write_plan
from tests.solve.test_conflict import form as small_form

if sys.platform != "linux":
    pytest.skip("limits of this kind, and /proc, are Linux's", allow_module_level=True)

resource = pytest.importorskip("resource")
PLANNER = [sys.executable, "-m", "planner"]
Times = namedtuple("Times", "user system")


def under(limit: int, megabytes: int, *words: str, timeout_s: float = 300.0) -> subprocess.CompletedProcess[str]:
    """A command under one limit of its process."""

    def lower() -> None:
        resource.setrlimit(limit, (megabytes * MB, megabytes * MB))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    done = subprocess.run([*PLANNER, *words], preexec_fn=lower, capture_output=True, text=True, timeout=timeout_s)
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(("kind", "megabytes"), [("RLIMIT_DATA", 300), ("RLIMIT_AS", 500)])
def test_too_little_to_load_its_libraries(kind: str, megabytes: int) -> None:
    """Where BLAS would ask for its buffer without end."""
    done = under(getattr(resource, kind), megabytes, "check", str(STARTING_PLAN))
    assert (done.returncode, done.stderr.strip()) == (1, f"planner: {OUT_OF_MEMORY}")


def test_too_few_addresses_for_charts_are_named_before_the_work(tmp_path: Path) -> None:
    """The engine that draws them would abort the process."""
    out = tmp_path / "out"
    done = under(resource.RLIMIT_AS, 4000, "run", str(STARTING_PLAN), "--out", str(out), "--quiet")
    assert done.returncode == 1
    assert done.stderr.startswith("planner: charts cannot be drawn under this limit of addresses (ulimit -v)")
    assert not out.exists()


@pytest.mark.slow
def test_whatever_the_limit_a_command_ends_in_words(tmp_path: Path) -> None:
    """From too little to load anything to enough for all: a whole result, or a message and none."""
    plan, codes = str(write_plan(tmp_path / "plan")), []
    for megabytes in (400, 600, 800, 1000, 1400, 3000):
        out = tmp_path / str(megabytes)
        done = under(resource.RLIMIT_DATA, megabytes, "run", plan, "--out", str(out), "--quiet")
        codes.append(done.returncode)
        assert done.returncode in (0, 1), done.stderr
        assert (out / "manifest.json").exists() == (done.returncode == 0)
        assert out.exists() == (done.returncode == 0)
        assert done.returncode == 0 or done.stderr.startswith("planner: ")
    assert (codes[0], codes[-1]) == (1, 0)
    swept = under(resource.RLIMIT_AS, 4000, "sweep", plan, "--vary", "demand.doubling_months=9..12:2", "--quiet")
    assert swept.returncode == 0, swept.stderr


def test_room_is_what_limits_leave() -> None:
    code = """
import resource
from planner import memory
print(memory.addresses_left(), memory.data_left(), memory.limited())
for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
    resource.setrlimit(kind, (2**33, 2**33))
print(memory.addresses_left() < 2**33 - 2**20, 2**32 < memory.data_left() < 2**33, memory.limited())
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["inf inf False", "True True True"]


def test_a_solver_asks_for_room_before_it_starts(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(memory, "data_left", lambda: 200.0 * MB)
    form = small_form()
    with pytest.raises(MemoryError):
        Solver(form, SolverOptions())
    simplex = Solver(form, SolverOptions(algorithm="simplex"))  # without BLAS
    assert simplex.minimise(form.cost, form.offset).status == "infeasible"
    assert main(["check", str(STARTING_PLAN)]) == 1
    assert capsys.readouterr().err.strip() == f"planner: {OUT_OF_MEMORY}"


@pytest.mark.parametrize(
    ("left", "system", "starves"),
    [(float("inf"), 100.0, False), (200.0 * MB, 100.0, False), (50.0 * MB, 2.0, False), (50.0 * MB, 100.0, True)],
)
def test_a_library_that_asks_in_vain_is_noticed(
    monkeypatch: pytest.MonkeyPatch, left: float, system: float, starves: bool
) -> None:
    """Too little room for a buffer, for ten seconds, and the time goes into the system and not into numbers."""
    now = [0.0]
    monkeypatch.setattr(memory, "data_left", lambda: left)
    monkeypatch.setattr(memory, "monotonic", lambda: now[0])
    monkeypatch.setattr(os, "times", lambda: Times(now[0], system * now[0]))
    watch = Watch()
    for second in range(20):
        now[0] = float(second)
        assert watch.starves() == (starves and second > memory.STARVED_S)


def helpers_of(process: int) -> Iterator[int]:
    """The helper processes that a command has started and that still run."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return
    for child in children:
        try:
            if b"planner.child" in Path(f"/proc/{child}/cmdline").read_bytes():
                yield int(child)
        except OSError:
            continue


def killed_helpers(out: Path, most: int) -> tuple[int, str, int]:
    """Run the starting plan, and kill up to ``most`` of its helper processes as they come: exit code, messages, how many."""
    command = [*PLANNER, "run", str(STARTING_PLAN), "--out", str(out), "--quiet"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    killed = set[int]()

    def kill() -> None:
        while process.poll() is None:
            for number in helpers_of(process.pid):
                if number not in killed and len(killed) < most:
                    os.kill(number, signal.SIGKILL)
                    killed.add(number)
            time.sleep(0.05)

    thread = threading.Thread(target=kill)
    thread.start()
    assert process.stderr is not None
    with process.stderr:
        said = process.stderr.read()
    code = process.wait(timeout=300)
    thread.join()
    return code, said, len(killed)


@pytest.mark.slow
def test_a_helper_that_is_killed_is_replaced_once(tmp_path: Path) -> None:
    assert killed_helpers(tmp_path / "once", 1) == (0, "", 1)
    assert (tmp_path / "once" / "report.html").exists()
    code, said, number = killed_helpers(tmp_path / "always", 1000)
    assert (code, number) == (1, 2)
    assert said.startswith("planner: the helper process, which writes the workbook and draws the charts, has ended twice")
    assert not (tmp_path / "always").exists()
    assert not [each for each in tmp_path.iterdir() if each.name not in ("once", "always")]
