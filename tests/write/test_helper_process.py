"""The helper process: what it does is what this one would do, and nothing depends on it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from planner.api import load, run
from planner.api.writing import _load_writers
from planner.write.folder.result_folder import write_run
from planner.write.helper_process import Helper, HelperError
from planner.write.xlsx.run_workbook import write_xlsx
from tests.write.toy import make_result

PLAN = Path(__file__).parents[2] / "planner" / "new" / "plan.yaml"


def test_it_does_what_it_is_told_elsewhere() -> None:
    with Helper() as helper:
        number = helper.ask(os.getpid)
        assert number != os.getpid()
        assert helper.ask(os.getpid) == number
        assert helper.ask(os.path.join, "a", "b") == os.path.join("a", "b")


def test_what_goes_wrong_there_is_raised_here(tmp_path: Path) -> None:
    with Helper() as helper, pytest.raises(FileNotFoundError) as raised:
        helper.ask(os.stat, tmp_path / "none")
    assert raised.value.filename == str(tmp_path / "none")


def test_one_thing_after_the_other() -> None:
    """Results may be asked for in any order, and again."""
    with Helper() as helper:
        first, then = helper.begin(os.path.basename, "a/b"), helper.begin(os.path.dirname, "a/b")
        assert (then(), first(), then()) == ("a", "b", "a")


def test_it_finds_the_planner_where_this_process_found_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """`python -c` in a copy of the code has an empty path for it, which the helper does not get."""
    code = Path(__file__).parents[2]
    monkeypatch.setattr(sys, "path", ["", *(path for path in sys.path if Path(path).resolve() != code)])
    with Helper() as helper:
        assert helper.ask(os.path.basename, "a/b") == "b"
        assert helper._child is not None
        environment = Path(f"/proc/{helper._child.process.pid}/environ")
        if environment.exists():
            (paths,) = (line[11:] for line in environment.read_text().split("\0") if line.startswith("PYTHONPATH="))
            assert paths.split(os.pathsep)[-1] == str(code)
            assert "" not in paths.split(os.pathsep)


def test_where_it_has_died_another_takes_over() -> None:
    with Helper() as helper:
        assert helper._child is not None
        process = helper._child.process
        begun = helper.begin(os.getpid)
        process.kill()
        process.wait()
        assert begun() != os.getpid()  # it may have been done before
        other = helper.ask(os.getpid)
        assert other not in (process.pid, os.getpid())
        assert helper.ask(os.getpid) == other


def test_where_that_dies_too_the_work_is_not_done_here() -> None:
    """What kills two helpers would kill this process."""
    with Helper() as helper:
        assert helper._child is not None
        first = helper._child.process
        with pytest.raises(HelperError, match=r"has ended twice \(signal SIGABRT\): no result is written"):
            helper.ask(os.abort)
        assert first.poll() == -signal.SIGABRT


def test_where_no_other_can_be_started_the_command_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with Helper() as helper:
        assert helper.ask(os.path.basename, "a/b") == "b"
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        with pytest.raises(HelperError, match="cannot be started again"):
            helper.ask(os.abort)


def test_where_it_cannot_be_started_the_work_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with Helper() as helper:
        assert helper.ask(os.getpid) == os.getpid()


def test_it_ends_with_the_context_whatever_it_is_doing() -> None:
    def stopped(one: Helper) -> None:
        one.begin(time.sleep, 60)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), Helper() as helper:
        stopped(helper)
    assert helper._child is not None
    assert helper._child.process.poll() is not None


def test_what_it_leaves_half_written_goes_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with Helper() as helper:
        helper.ask(tempfile.mkstemp)
        assert len(list(tmp_path.rglob("*"))) == 2  # its folder and the file
        helper.begin(time.sleep, 60)
    assert not list(tmp_path.iterdir())


def test_where_nothing_can_be_put_aside_the_work_is_done_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with Helper() as helper:
        assert helper.ask(os.getpid) == os.getpid()


@pytest.mark.slow
def test_nothing_of_the_folder_of_the_user_is_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("pickle", "planner", "pandas"):
        (tmp_path / f"{name}.py").write_text("import os; os._exit(3)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with Helper() as helper:
        helper.ask(_load_writers)
        assert helper.ask(os.getpid) != os.getpid()


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_where_the_first_process_was_ended(sent: signal.Signals) -> None:
    code = f"""
import os, signal, time
from planner.write.helper_process import Helper, HelperError
signal.signal(signal.SIGINT, signal.SIG_DFL)
helper = Helper().__enter__()
print(helper.ask(os.getpid), flush=True)
os.kill(os.getpid(), {int(sent)})
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == -sent
    number = int(done.stdout)
    for _ in range(100):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return
        if Path(f"/proc/{number}/stat").is_file() and Path(f"/proc/{number}/stat").read_text().split()[2] == "Z":
            return  # nobody has asked for its end yet
        time.sleep(0.05)
    pytest.fail(f"process {number} lives on")


@pytest.mark.slow
def test_the_script_of_a_user_runs_once(tmp_path: Path) -> None:
    """A script without `if __name__ == "__main__"` that calls `planner.run`, helped by a second process."""
    script = f"""
import planner, planner.api
from planner.write.helper_process import Helper, HelperError
with open("ran", "a") as file:
    file.write("once ")
planner.api.writing.LONG = 0
begin = Helper.begin
Helper.begin = lambda self, *call: [print(self._child.process.poll() is None), begin(self, *call)][1]
done = planner.run(planner.load({str(PLAN)!r}, ["months=1"]), "out")
assert planner.verify(done.folder).ok
"""
    (tmp_path / "script.py").write_text(script, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(PLAN.parents[2])}
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert (tmp_path / "ran").read_text() == "once "
    assert set(done.stdout.split()) == {"True"}
    assert done.stderr == ""


def test_a_workbook_has_the_same_bytes_wherever_it_was_written(tmp_path: Path) -> None:
    result = make_result()
    here = write_run(result, tmp_path / "here")
    with Helper() as helper:
        there = write_run(result, tmp_path / "there", workbook=lambda path, of: helper.begin(write_xlsx, path, of))
    assert (here / "plan.xlsx").read_bytes() == (there / "plan.xlsx").read_bytes()


def test_a_run_is_judged_and_hashed_whole(tmp_path: Path) -> None:
    """The workbook is still being written when the judge looks; the manifest that stays has its hash."""
    from planner.api import verify

    done = run(load(PLAN, ["months=2"]), tmp_path / "run")
    assert verify(done.folder).ok
    (done.folder / "plan.xlsx").write_bytes(b"another")
    assert not verify(done.folder).ok
