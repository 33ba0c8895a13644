"""The result folder: whole or not at all.

Everything is written into a hidden folder beside the target, `.<name>.partial-<pid>`, and swapped in by renaming. Until the
swap the previous result is untouched; during it the previous result stands aside and comes back if anything goes wrong.

    results/<plan>/
      tables/*.csv       the result tables, 12 significant digits, byte-identical between runs
      inputs/            the plan as resolved: plan.yaml and one CSV a table
      plan.xlsx          the workbook, byte-identical between runs
      manifest.json      the run record: versions, options, hashes, timings
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from planner.errors import PlannerError, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from planner.result import Result

FORMAT = 1
"""Version of the names and columns of the files in a result folder."""

OURS = frozenset({"tables", "inputs", "manifest.json", "plan.xlsx", "report.html"})
"""What a run replaces. Whatever else lies in a result folder belongs to the user and is kept."""

RESOLVED = ("extends", "chain", "adjust", "set")
"""Keys of a plan that say how it came about. The written plan is what they led to; the manifest keeps them."""


class OutputError(PlannerError):
    """The result could not be written; what was there before still is."""


def check_target(out: Path) -> None:
    """Refuse, before any work, a target that could not be written or that is not ours to replace. Raises UsageError."""
    out = _real(out)
    if out.is_dir():
        foreign = any(out.iterdir()) and not (out / "manifest.json").is_file()
        if foreign:
            raise UsageError(f"{out} holds files that are not a result of this planner: give another folder with --out")
    elif out.exists():
        raise UsageError(f"{out} is a file: give a folder with --out")
    parent = next(folder for folder in out.parents if folder.exists())
    if not parent.is_dir():
        raise UsageError(f"{parent} is not a folder: give another folder with --out")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise UsageError(f"{parent} cannot be written to: give another folder with --out")


def write_run(result: Result, out: Path, *, workbook: bool = True, judge: Callable[[Path], object] | None = None) -> Path:
    """Write a run, replacing the previous one in the same folder. Returns the folder.

    `judge` is called with the finished folder before it is put in place; what it raises is passed on. Raises UsageError for
    a target that is not ours to replace and OutputError when the system refuses (disk full, no permission). Whatever is
    raised, the previous result is untouched.
    """
    check_target(out)
    out = _real(out)
    partial = out.with_name(f".{out.name}.partial-{os.getpid()}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _remove(partial)
        partial.mkdir()
        write_into(partial, result, workbook=workbook, judge=judge)
        _swap(partial, out)
    except OSError as error:
        reason = error.strerror or str(error)
        before = "; the previous result is untouched" if out.exists() else ""
        raise OutputError(f"cannot write {error.filename or out}: {reason}{before}") from error
    finally:
        _remove(partial)
    return out


def write_tables(tables: Mapping[str, pd.DataFrame], out: Path) -> Path:
    """Tables as CSV files in a folder of their own, which must be new or empty. Raises UsageError and OutputError."""
    from planner.write.csv import write_csv

    out = _real(out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} exists and is not empty: give another folder with --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, frame in tables.items():
            write_csv(out / f"{name}.csv", frame)
    except OSError as error:
        raise OutputError(f"cannot write {error.filename or out}: {error.strerror or error}") from error
    return out


def write_into(folder: Path, result: Result, *, workbook: bool = True, judge: Callable[[Path], object] | None = None) -> None:
    """Write the files of a run into an existing, empty folder, and have them judged."""
    from planner.write.csv import write_csv
    from planner.write.json import write_json

    seconds: dict[str, float] = {}
    with _timed(seconds, "write_tables"):
        (folder / "tables").mkdir()
        for name, frame in result.tables.items():
            write_csv(folder / "tables" / f"{name}.csv", frame)
        write_csv(folder / "tables" / "summary.csv", summary_frame(result))
    with _timed(seconds, "write_inputs"):
        _write_inputs(folder / "inputs", result)
    if workbook:
        from planner.write.xlsx import write_xlsx

        with _timed(seconds, "write_workbook"):
            write_xlsx(folder / "plan.xlsx", result)
    record = manifest(result, folder, seconds)
    write_json(folder / "manifest.json", record)
    if judge is not None:
        with _timed(seconds, "verify"):
            judge(folder)
        record["timings"] = _timings(result, seconds)
        write_json(folder / "manifest.json", record)


def manifest(result: Result, folder: Path, seconds: Mapping[str, float]) -> dict[str, Any]:
    """The run record with what the writer knows: every file read, copied and written by its hash, and how long writing took."""
    record = {key: value for key, value in result.record.items() if key != "timings"}
    copies = {path.name: sha256(path) for path in sorted((folder / "inputs").iterdir())}
    outputs = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent != folder / "inputs"]
    return {
        "format": FORMAT,
        "plan": result.plan.name,
        **record,
        "summary": [{"key": each.key, "value": each.value, "unit": each.unit, "text": each.text} for each in result.summary],
        "resolved_from": {key: value for key, value in result.plan.to_mapping().items() if key in RESOLVED},
        "sources": {source["file"]: source["sha256"] for source in result.plan.files()},
        "inputs": copies,
        "outputs": {path.relative_to(folder).as_posix(): sha256(path) for path in outputs},
        "timings": _timings(result, seconds),
    }


def _timings(result: Result, seconds: Mapping[str, float]) -> dict[str, float]:
    """Seconds by phase, in the order of the work."""
    return {phase: round(value, 3) for phase, value in {**result.record.get("timings", {}), **seconds}.items()}


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def summary_frame(result: Result) -> pd.DataFrame:
    """The headlines as a table."""
    import pandas as pd

    lines = [(line.key, line.value, line.unit, line.text) for line in result.summary]
    return pd.DataFrame(lines, columns=["key", "value", "unit", "text"])


def _write_inputs(folder: Path, result: Result) -> None:
    """The plan as resolved, one that can be run again: its tables lie beside it."""
    import yaml

    from planner.write.csv import write_csv
    from planner.write.json import plain

    folder.mkdir()
    tables = result.plan.tables
    mapping = {key: value for key, value in plain(result.plan.to_mapping()).items() if key not in (*RESOLVED, "tables")}
    mapping["tables"] = {name: f"{name}.csv" for name in tables}
    text = yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True, width=120)
    (folder / "plan.yaml").write_bytes(("# The plan as it was run, with every value and table resolved.\n" + text).encode())
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table.frame, digits=None)


def _swap(partial: Path, out: Path) -> None:
    """Put the finished folder in the place of the previous one."""
    previous = out.with_name(f".{out.name}.previous-{os.getpid()}")
    _remove(previous)
    try:
        if out.exists():
            out.rename(previous)
        partial.rename(out)
    except BaseException:  # Ctrl-C too: between the two renames there is no result
        if previous.exists() and not out.exists():
            previous.rename(out)
        raise
    if previous.exists():
        for kept in previous.iterdir():
            if kept.name not in OURS and not (out / kept.name).exists():
                kept.rename(out / kept.name)
        _remove(previous)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)


def _real(out: Path) -> Path:
    """The folder itself, also behind a symbolic link, so that renaming replaces the folder and not the link."""
    return Path(os.path.realpath(out))


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[phase] = perf_counter() - start
