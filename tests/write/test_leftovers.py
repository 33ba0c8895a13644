"""What a command that was killed (SIGKILL) left half written is removed by the next one that writes to the same place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from planner.write.folder.replace import new_file, staging_folder, temporary_folder
from planner.write.helper_process import Helper

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs locks on folders")
HELD = """
import sys, time
from pathlib import Path
from planner.write.folder import replace
with getattr(replace, sys.argv[1])(*map(Path, sys.argv[2:])) as partial:
    (partial / "half" if partial.is_dir() else partial).write_text("half")
    print(partial, flush=True)
    time.sleep(60)
"""
HELPER = """
import time
from planner.write.helper_process import Helper
with Helper() as helper:
    helper.begin(time.sleep, 60)
    print(helper._child.process.pid, flush=True)
    time.sleep(60)
"""


@contextmanager
def running(script: str, *words: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process and the line that it prints once it is in the middle of its work; killed at the end."""
    command = [sys.executable, "-c", script, *map(str, words)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"TMPDIR": tempfile.gettempdir()}
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("maker", [new_file, staging_folder, temporary_folder], ids=lambda one: one.__name__)
def test_only_what_a_killed_command_left_is_removed(maker: object, temporary: Path) -> None:
    name = maker.__name__  # type: ignore[attr-defined]
    words = [] if name == "temporary_folder" else [temporary / "plan.xlsx"]
    mine = [temporary / ".partial-12-mine.xlsx", temporary / "compute-planner-mine"]
    for path in mine:
        path.write_text("of the user")
    with running(HELD, name, *words) as (living, kept), running(HELD, name, *words) as (killed, left):
        assert Path(left).exists()
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        assert Path(left).exists()
        with maker(*words) as partial:  # type: ignore[operator]
            assert {path for path in temporary.iterdir() if path not in mine} == {Path(kept), partial}
            if partial.is_file():
                partial.write_text("whole")
        assert living.poll() is None
    with maker(*words):  # type: ignore[operator]
        assert not Path(kept).exists()
    names = {"plan.xlsx"} if name == "new_file" else set()
    assert {path.name for path in temporary.iterdir()} == {path.name for path in mine} | names


def test_a_helper_ends_with_a_killed_command_and_the_next_removes_its_folder(temporary: Path) -> None:
    with running(HELPER) as (killed, pid):
        killed.send_signal(signal.SIGKILL)
        killed.wait()
    assert [path.is_dir() for path in temporary.iterdir()] == [True]
    end = time.monotonic() + 10
    while alive(int(pid)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(int(pid))
    with Helper() as helper:
        assert helper.runs
        assert len(list(temporary.iterdir())) == 1
    assert not list(temporary.iterdir())


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and that nobody waits for does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
