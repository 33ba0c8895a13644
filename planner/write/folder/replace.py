"""Replace a folder as a whole: write a hidden one next to it, rename, and repair whatever a killed run left half done.

    .partial-<target>-<chance>     being written; locked by its writer, so that one without a lock was left by a killed run
    .partial-<process>-<name>      a single file, likewise
    .previous-<target>-<chance>    the previous folder, whole, between the two renames and until the new one is in place

`<target>` is a hash of the target's name, so that the names stay short. A run that is killed between the renames leaves the
previous folder under its second name alone: `settle` gives it back its own. Where the system has no locks on folders (Windows,
some network drives), what a killed run was writing is left for the user to delete.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from planner.errors import PlannerError
from planner.schema.results import OVERTURNED, RANGES, SAVED

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

REFUSAL = ("infeasible.txt", "infeasible.json")
"""The files of a folder that holds no result because the plan is infeasible."""

OURS = frozenset(
    {"tables", "inputs", "manifest.json", "optimum.npz", "plan.xlsx", "report.html", "report.pdf"}
    | {OVERTURNED, RANGES, SAVED, *REFUSAL}
)
"""What a run replaces. Other files in a result folder belong to the user and are kept."""


TEMPORARY = re.compile(r"compute-planner-[0-9a-f]{16}")
"""Names of temporary folders; one that no process holds a lock on was left."""


class OutputError(PlannerError):
    """The result could not be written; what was there before still is."""


def has_result(out: Path) -> bool:
    """Whether the folder holds a result of this planner."""
    return os.path.isfile(out / "manifest.json")


def is_refusal(out: Path) -> bool:
    """Whether the folder holds the report on an infeasible plan and no other file."""
    return out.is_dir() and {entry.name for entry in out.iterdir()} == set(REFUSAL)


@contextmanager
def staging_folder(out: Path) -> Iterator[Path]:
    """A hidden folder next to ``out`` to write into. At the end it is removed, and so are parents that were made for nothing.

    What killed runs left for the same target is removed first. Raises OutputError when the system refuses."""
    made = [folder for folder in out.parents if not folder.exists()]  # the deepest first
    partial, lock, number = _sibling(out, "partial"), None, -1
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _alone(out.parent):
            _sweep(out)
            partial.mkdir()
            lock, number = _lock(partial, wait=False), partial.stat().st_ino
        yield partial
    except OSError as error:
        place = str(error.filename or out).replace(str(partial), str(out))
        said = _outcome(out, number)
        raise OutputError(f"cannot write {place}: {error.strerror or error}{said and f'; {said}'}") from error
    except BaseException as stopped:
        if not isinstance(stopped, Exception) and _outcome(out, number) == IN_PLACE:  # Ctrl-C, or a signal, after the swap
            stopped.args = (IN_PLACE,)
        raise
    finally:
        _remove(partial)
        _unlock(lock)
        for folder in made:
            with suppress(OSError):  # what is not empty stays
                folder.rmdir()


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """A hidden file next to ``path`` to write, which takes its place at the end.

    Raises OutputError when the system refuses; then ``path`` is as it was."""
    partial, lock = path.with_name(_partial_file(path, os.getpid())), None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.parent):
            _sweep_files(path)
            partial.touch()
            lock = _lock(partial, wait=False)
        yield partial
        partial.replace(path)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        with suppress(OSError):  # where nothing can be written, nothing can be removed
            partial.unlink(missing_ok=True)
        _unlock(lock)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder among the system's temporary ones, removed at the end; what killed commands of this user left is removed first.

    Raises OSError when the system refuses."""
    above = Path(tempfile.gettempdir())
    for name in filter(TEMPORARY.fullmatch, os.listdir(above)):
        _remove_unlocked(above / name)  # of another user it can be neither opened nor removed
    folder, lock = above / f"compute-planner-{secrets.token_hex(8)}", None
    try:
        folder.mkdir(mode=0o700)
        lock = _lock(folder, wait=True)
        folder.mkdir(mode=0o700, exist_ok=True)  # before it was locked, another command may have removed it
        yield folder
    finally:
        _remove(folder)
        _unlock(lock)


IN_PLACE = "the new result is in place"


def _outcome(out: Path, number: int) -> str:
    if not has_result(out):
        return ""
    return IN_PLACE if out.stat().st_ino == number else "the previous result is untouched"


def swap(partial: Path, out: Path) -> None:
    """Put the finished folder in the place of the previous one, whose other files are kept."""
    with _alone(out.parent):
        _settle(out)
        try:
            if out.exists():
                out.rename(_sibling(out, "previous"))
            partial.rename(out)
        finally:  # Ctrl-C too: between the two renames there is no result
            _settle(out)


def settle(out: Path) -> None:
    """Finish what a killed run had begun: the result gets its name back, or the user's files move to their new folder.

    Does nothing where there is nothing to finish, or where the system refuses: whoever needs the folder reports that."""
    out = real(out)
    with suppress(OSError):
        if any(_siblings(out, "previous")):
            with _alone(out.parent):
                _settle(out)


def real(out: Path) -> Path:
    """The folder itself, also behind a symbolic link, so that renaming replaces the folder and not the link."""
    return Path(os.path.realpath(out))


def _settle(out: Path) -> None:
    for previous in sorted(_siblings(out, "previous"), key=lambda folder: -folder.stat().st_mtime):
        if not out.exists():
            previous.rename(out)
        elif has_result(out) or not any(previous.iterdir()):
            for kept in previous.iterdir():
                if kept.name not in OURS and not (out / kept.name).exists():
                    kept.rename(out / kept.name)
            _remove(previous.rename(_sibling(out, "partial")))  # half removed, it must not pass for a whole one


def _sweep(out: Path) -> None:
    for partial in list(_siblings(out, "partial")):
        _remove_unlocked(partial)


def _sweep_files(path: Path) -> None:
    with suppress(OSError):  # a folder that may be written to and not be read
        for name in os.listdir(path.parent):
            process = re.match(r"\.partial-(\d+)-", name)
            number = int(process[1]) if process else os.getpid()  # one of its own number is written over
            if number != os.getpid() and name == _partial_file(path, number):
                _remove_unlocked(path.with_name(name))


def _partial_file(path: Path, process: int) -> str:
    return f".partial-{process}-{path.name}"[:200]


def _remove_unlocked(left: Path) -> None:
    """Remove what a killed command left; one that lives holds a lock."""
    lock = _lock(left, wait=False)
    if lock is not None:
        _remove(left)
        _unlock(lock)


def _sibling(out: Path, word: str) -> Path:
    return out.with_name(f"{_prefix(out, word)}{secrets.token_hex(4)}")


def _siblings(out: Path, word: str) -> Iterator[Path]:
    prefix = _prefix(out, word)
    return (out.parent / name for name in os.listdir(out.parent) if name.startswith(prefix))


def _prefix(out: Path, word: str) -> str:
    return f".{word}-{hashlib.sha256(os.fsencode(out.name)).hexdigest()[:12]}-"


@contextmanager
def _alone(parent: Path) -> Iterator[None]:
    """Let one process at a time rename in this folder, so that none settles what another is about to finish."""
    lock = _lock(parent, wait=True)
    try:
        yield
    finally:
        _unlock(lock)


def _lock(path: Path, wait: bool) -> int | None:
    """A lock on a folder or file that ends with the process; None where another process holds it or the system has none."""
    if fcntl is None:
        return None
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        return None
    return handle


def _unlock(lock: int | None) -> None:
    if lock is not None:
        os.close(lock)


def _remove(left: Path) -> None:
    if left.is_dir():
        shutil.rmtree(left, ignore_errors=True)
    else:
        with suppress(OSError):
            left.unlink()
