"""A kill at the worst moment: whoever comes next finds the previous result or the new one, whole, with the user's own files."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from planner.errors import UsageError
from planner.write.folder import replace
from planner.write.folder.replace import OutputError, settle
from planner.write.folder.result_folder import write_run
from planner.write.folder.targets import require_result, require_target
from tests.write.toy import make_result

# numpy's threads stand idle: the child, which uses none of them, is not at risk
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

WINDOWS = ["before the first rename", "between the renames", "before the tidying", "while the previous one is removed"]


def write(out: Path, name: str = "toy") -> Path:
    return write_run(make_result(name=name), out, workbook=False)  # type: ignore[arg-type]


def plan_of(out: Path) -> str:
    name: str = json.loads((out / "manifest.json").read_text())["plan"]
    return name


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def killed(out: Path, window: str) -> None:
    """Write a second result over the first in another process, which is killed in that window, by SIGKILL."""
    child = os.fork()
    if child:
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        return
    try:
        rename, calls = Path.rename, [0]

        def counting(self: Path, target: Path) -> Path:
            calls[0] += 1
            if calls[0] == WINDOWS.index(window) + 1:  # the third rename is that of the user's file
                os.kill(os.getpid(), signal.SIGKILL)
            return rename(self, target)

        def removing(folder: Path) -> None:
            (folder / "manifest.json").unlink()  # half of it is gone
            os.kill(os.getpid(), signal.SIGKILL)

        Path.rename = counting  # type: ignore[method-assign]
        if window == WINDOWS[3]:
            calls[0] = 1000
            replace._remove = removing
        write(out, "second")
    finally:
        os._exit(99)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("next_command", ["run", "read", "check"])
def test_a_kill_between_any_two_steps(window: str, next_command: str, tmp_path: Path) -> None:
    out = write(tmp_path / "toy", "first")
    (out / "notes.txt").write_text("mine")
    killed(out, window)
    if window == "between the renames":
        assert not out.exists()  # this is the moment in which its name is gone
    else:
        assert plan_of(out) == ("first" if window == WINDOWS[0] else "second")
    if next_command == "run":
        write(out, "third")
        assert plan_of(out) == "third"
        assert names(tmp_path) == ["toy"]
    else:
        (require_result if next_command == "read" else require_target)(out)
        assert plan_of(out) == ("first" if WINDOWS.index(window) < 2 else "second")
        assert [name for name in names(tmp_path) if name.startswith(".previous")] == []
    assert (out / "notes.txt").read_text() == "mine"
    assert names(out) == ["inputs", "manifest.json", "notes.txt", "tables"]


def test_half_of_a_result_never_comes_back(tmp_path: Path) -> None:
    """Killed while the previous result is removed, and then the new one is deleted by hand: nothing returns."""
    out = write(tmp_path / "toy", "first")
    killed(out, "while the previous one is removed")
    shutil.rmtree(out)
    with pytest.raises(UsageError, match="is not a folder"):
        require_result(out)
    assert not out.exists()


def test_a_later_run_removes_what_a_killed_one_was_making_and_nothing_else(tmp_path: Path) -> None:
    child = os.fork()
    if not child:
        try:
            with replace.staging_folder(tmp_path / "toy") as partial:
                (partial / "half").write_text("x")
                os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(99)
    os.waitpid(child, 0)
    left = names(tmp_path)
    assert len(left) == 1
    (tmp_path / ".partial-of-another-program").mkdir()
    write(tmp_path / "other")
    assert left[0] in names(tmp_path)  # another target's
    write(tmp_path / "toy")
    assert names(tmp_path) == [".partial-of-another-program", "other", "toy"]


def test_a_run_that_lives_is_left_alone(tmp_path: Path) -> None:
    with replace.staging_folder(tmp_path / "toy") as partial:
        (partial / "half").write_text("x")
        child = os.fork()
        if not child:
            try:
                write(tmp_path / "toy", "other process")
                os._exit(0)
            finally:
                os._exit(99)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert (partial / "half").read_text() == "x"
    assert names(tmp_path) == ["toy"]


def test_what_somebody_put_in_its_place_is_not_touched(tmp_path: Path) -> None:
    out = write(tmp_path / "toy", "first")
    killed(out, "between the renames")
    out.mkdir()
    (out / "thesis.tex").write_text("years of work")
    before = names(tmp_path)
    settle(out)
    with pytest.raises(UsageError, match="not a result of this planner"):
        require_target(out)
    assert (names(tmp_path), names(out)) == (before, ["thesis.tex"])


def test_a_link_to_a_result_whose_name_is_gone(tmp_path: Path) -> None:
    out = write(tmp_path / "real", "first")
    (tmp_path / "link").symlink_to(out)
    killed(tmp_path / "link", "between the renames")
    require_result(tmp_path / "link")
    assert plan_of(tmp_path / "link") == "first"


def test_a_user_file_that_cannot_be_moved_is_said_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = write(tmp_path / "toy", "first")
    (out / "notes.txt").write_text("mine")
    rename = Path.rename

    def refusing(self: Path, target: Path) -> Path:
        if self.name == "notes.txt":
            raise OSError(errno.EDQUOT, os.strerror(errno.EDQUOT), str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(OutputError, match="quota exceeded; the new result is in place"):
        write(out, "second")
    monkeypatch.undo()
    assert plan_of(out) == "second"
    require_result(out)
    assert (out / "notes.txt").read_text() == "mine"
    assert names(tmp_path) == ["toy"]


def test_where_folders_cannot_be_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is written and swapped as elsewhere; what a killed run was making stays, for nobody knows whether it lives."""
    monkeypatch.setattr(replace, "_lock", lambda *_, **__: None)
    left = replace._sibling(tmp_path / "toy", "partial")
    left.mkdir()
    write(tmp_path / "toy", "first")
    write(tmp_path / "toy", "second")
    assert plan_of(tmp_path / "toy") == "second"
    assert names(tmp_path) == [left.name, "toy"]


def interrupted(out: Path, swapped: bool) -> None:
    with replace.staging_folder(out) as partial:
        shutil.copytree(out, partial, dirs_exist_ok=True)
        if swapped:
            replace.swap(partial, out)
        raise KeyboardInterrupt


@pytest.mark.parametrize(("swapped", "said"), [(False, ""), (True, "the new result is in place")])
def test_an_interrupt_says_whether_the_new_result_is_in_place(swapped: bool, said: str, tmp_path: Path) -> None:
    write(tmp_path / "toy")
    with pytest.raises(KeyboardInterrupt) as stopped:
        interrupted(tmp_path / "toy", swapped)
    assert str(stopped.value) == said
    assert names(tmp_path) == ["toy"]
