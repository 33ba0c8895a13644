"""The result folder: whole or not at all.

Everything is written into a hidden folder beside the target and swapped in by renaming (`replace`). Until the swap the
previous result is untouched; during it the previous result stands aside and comes back if anything goes wrong.

    results/<plan>/
      tables/*.csv       the result tables, 12 significant digits, byte-identical between runs
      inputs/            the plan as resolved: plan.yaml and one CSV a table
      plan.xlsx          the workbook, byte-identical between runs
      report.html        the report, byte-identical between runs; no hash is kept, as `planner report` writes it again
      optimum.npz        where the solver stood: `planner explain` takes it up again
      manifest.json      the run record: versions, options, hashes, timings
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from planner.errors import UsageError
from planner.schema.results import CONTRACT
from planner.write.folder.replace import OutputError, beside, has_result, is_refusal, real, settle, swap

if TYPE_CHECKING:
    import pandas as pd

    from planner.result import Result

WORKBOOK = "plan.xlsx"
BeginWorkbook = Callable[[Path, "Result"], Callable[[], None]]
"""Begins to write a workbook; what it returns waits for the end."""

FORMAT = 1
"""Version of the names and columns of the files in a result folder."""

RESOLVED = ("extends", "chain", "adjust", "set")
"""Keys of a plan that say how it came about. The written plan is what they led to; the manifest keeps them."""


EXACT = frozenset({"duals"})
"""Tables whose numbers read back as they were: sums over all of them are a proof."""

FOLDER_ENTRIES = ("format", "contract", "summary", "resolved_from", "sources", "inputs", "outputs", "timings")
"""Entries of the manifest on the folder itself, beside the record of the run."""

LONGEST_NAME, LONGEST_PATH = 255, 4096
ROOM_FOR_FILES = 96
"""Bytes that a system takes for one name and for a whole path, and what the names below a result folder need of them."""


def check_target(out: Path) -> None:
    """Refuse, before any work, a target that could not be written or that is not ours to replace. Raises UsageError.

    What a killed run left half swapped there is put in order first."""
    settle(out)
    _check(out, lambda folder: has_result(folder) or is_refusal(folder), "holds files that are not a result of this planner")


def check_new(out: Path) -> None:
    """Refuse, before any work, a folder that is not empty or could not be written. Raises UsageError."""
    _check(out, lambda _: False, "exists and is not empty")


def check_report(out: Path, files: Iterable[str]) -> None:
    """Refuse, before any work, a folder with anything but an earlier report, which holds these files. Raises UsageError."""
    names = tuple(files)
    _check(out, lambda folder: all((folder / name).is_file() for name in names), "holds files that are not a report on orbit")


def check_result(folder: Path) -> None:
    """Refuse a folder that is no result of this planner. Raises UsageError.

    A result that a killed run left under another name gets its own back first."""
    settle(folder)
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder: give the result folder of a run")
    if is_refusal(folder):
        raise UsageError(f"{folder} holds no plan, only why there is none (infeasible.txt): give the result folder of a run")
    if not (folder / "manifest.json").exists() and not (folder / "tables").exists():
        raise UsageError(f"{folder} is not a result of this planner: give the result folder of a run")


def _check(out: Path, ours: Callable[[Path], bool], otherwise: str) -> None:
    other = "give another folder with --out"
    out = real(out)
    longest = max(len(os.fsencode(part)) for part in out.parts)
    if longest > LONGEST_NAME:
        raise UsageError(f"a folder's name has at most {LONGEST_NAME} bytes, this one has {longest}: {other}")
    if len(os.fsencode(out)) > LONGEST_PATH - ROOM_FOR_FILES:
        raise UsageError(f"a path has at most {LONGEST_PATH} bytes, with the names of the files in the folder: {other}")
    try:
        if out.is_dir():
            if any(out.iterdir()) and not ours(out):
                raise UsageError(f"{out} {otherwise}: {other}")
        elif out.exists():
            raise UsageError(f"{out} is a file: give a folder with --out")
        parent = next(folder for folder in out.parents if folder.exists())
        if not parent.is_dir():
            raise UsageError(f"{parent} is not a folder: {other}")
    except OSError as error:
        raise UsageError(f"{error.filename or out}: {error.strerror or error}: {other}") from error
    if not os.access(parent, os.W_OK | os.X_OK):
        raise OutputError(f"{parent} cannot be written to: {other}")


def write_run(
    result: Result,
    out: Path,
    *,
    workbook: bool | BeginWorkbook = True,
    judge: Callable[[Path], object] | None = None,
    report: Callable[[Path], object] | None = None,
) -> Path:
    """Write a run, replacing the previous one in the same folder. Returns the folder.

    `judge`, and then `report`, are called with the folder before it is put in place, finished but for the workbook, if that is
    being written by somebody else; what they raise is passed on.
    Raises UsageError for a target that is not ours to replace and OutputError when the system refuses (disk full, no
    permission). Whatever is raised, the previous result is untouched.
    """
    check_target(out)
    out = real(out)
    with beside(out) as partial:
        write_into(partial, result, workbook=workbook, judge=judge, report=report)
        swap(partial, out)
    return out


def write_into(
    folder: Path,
    result: Result,
    *,
    workbook: bool | BeginWorkbook = True,
    judge: Callable[[Path], object] | None = None,
    report: Callable[[Path], object] | None = None,
) -> None:
    """Write the files of a run into an existing, empty folder, have them judged, and reported on."""
    from planner.write.folder.csv import RESULT_DIGITS, write_csv
    from planner.write.folder.json import write_json

    seconds: dict[str, float] = {}
    end_workbook = None
    if callable(workbook):
        with _timed(seconds, "write_workbook"):
            end_workbook = workbook(folder / WORKBOOK, result)
    with _timed(seconds, "write_tables"):
        (folder / "tables").mkdir()
        for name, frame in result.tables.items():
            write_csv(folder / "tables" / f"{name}.csv", frame, None if name in EXACT else RESULT_DIGITS)
        write_csv(folder / "tables" / "summary.csv", summary_frame(result))
    with _timed(seconds, "write_inputs"):
        _write_inputs(folder / "inputs", result)
    if result.optimum:
        import numpy as np

        np.savez_compressed(folder / "optimum.npz", **result.optimum)
    if workbook is True:
        from planner.write.xlsx.run_workbook import write_xlsx

        with _timed(seconds, "write_workbook"):
            write_xlsx(folder / WORKBOOK, result)
    record = manifest(result, folder, seconds, without=() if end_workbook is None else (WORKBOOK,))
    write_json(folder / "manifest.json", record)
    if judge is not None:
        with _timed(seconds, "verify"):
            judge(folder)
    if report is not None:
        with _timed(seconds, "write_report"):
            report(folder)
    if end_workbook is not None:
        with _timed(seconds, "wait_for_workbook"):
            end_workbook()
        record["outputs"] = dict(sorted({**record["outputs"], WORKBOOK: sha256(folder / WORKBOOK)}.items()))
    if judge is not None or report is not None or end_workbook is not None:
        record["timings"] = _timings(result, seconds)
        write_json(folder / "manifest.json", record)


def manifest(result: Result, folder: Path, seconds: Mapping[str, float], without: Collection[str] = ()) -> dict[str, Any]:
    """The run record with what the writer knows: every file read, copied and written by its hash, and how long writing took.

    ``without``: files that are still being written."""
    record = {key: value for key, value in result.record.items() if key != "timings"}
    copies = {path.name: sha256(path) for path in sorted((folder / "inputs").iterdir())}
    written = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent != folder / "inputs"]
    outputs = [path for path in written if path.name not in without]
    return {
        "format": FORMAT,
        "contract": CONTRACT,
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

    from planner.write.folder.csv import write_csv
    from planner.write.folder.json import plain

    folder.mkdir()
    tables = result.plan.tables
    mapping = {key: value for key, value in plain(result.plan.to_mapping()).items() if key not in (*RESOLVED, "tables")}
    named = [name for name, table in tables.items() if len(table.frame) or not table.schema.rows_required]
    mapping["tables"] = {name: f"{name}.csv" for name in named}  # one that must have rows is left out where it has none
    text = yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True, width=120)
    (folder / "plan.yaml").write_bytes(("# The plan as it was run, with every value and table resolved.\n" + text).encode())
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", table.frame, digits=None)


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[phase] = perf_counter() - start
