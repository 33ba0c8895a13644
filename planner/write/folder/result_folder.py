"""The result folder: whole or not at all.

Everything is written into a hidden folder next to the target and swapped in by renaming (`replace`). Until the swap the
previous result is untouched; during it the previous result waits under another name and comes back if anything goes wrong.

    results/<plan>/
      tables/*.csv       the result tables, 12 significant digits, byte-identical between runs
      look_ahead/*.csv   the months after the horizon, where the plan looks ahead: decided with it, counted nowhere else
      inputs/            the plan as resolved: plan.yaml and one CSV a table
      plan.xlsx          the workbook, byte-identical between runs
      report.html        the report, byte-identical between runs; `planner report` rewrites it and its hash
      optimum.npz        the solver's optimum: `planner explain` continues from it
      manifest.json      the run record: versions, options, hashes, timings
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import yaml

from planner.errors import InfeasibleError
from planner.result import Result, summary_table
from planner.schema.results import CONTRACT
from planner.verify.hashes import seal_of
from planner.write.folder.replace import REFUSAL, is_refusal, new_file, real, staging_folder, swap
from planner.write.folder.serialise import RESULT_DIGITS, plain, write_csv, write_json
from planner.write.folder.targets import require_target
from planner.write.xlsx.run_workbook import write_xlsx

WORKBOOK, REPORT, MANIFEST = "plan.xlsx", "report.html", "manifest.json"
BeginWorkbook = Callable[[Path, Result], Callable[[], None]]
"""Begins to write a workbook; the function that it returns waits until it is written."""

FORMAT = 1
"""Version of the names and columns of the files in a result folder."""

RESOLVED = ("extends", "chain", "adjust", "set")
"""Keys of a plan that say how it came about: the manifest keeps them, the written plan is their outcome."""


EXACT = frozenset({"duals"})
"""Tables whose numbers read back as they were: sums over all of them are a proof."""

FOLDER_ENTRIES = (
    "format",
    "contract",
    "summary",
    "resolved_from",
    "sources",
    "inputs",
    "outputs",
    "written",
    "timings",
    "sha256",
)
"""Entries of the manifest on the folder itself, apart from the record of the run."""


def write_run(
    result: Result,
    out: Path,
    *,
    workbook: bool | BeginWorkbook = True,
    verify: Callable[[Path], object] | None = None,
    report: Callable[[Path], object] | None = None,
) -> Path:
    """Write a run, replacing the previous one in the same folder. Returns the folder.

    `verify`, and then `report`, are called with the folder before it is put in place, complete except for a workbook that a
    helper process still writes; what they raise is passed on.
    Raises UsageError for a target that must not be replaced and OutputError when the system refuses (disk full, no permission).
    Whatever is raised, the previous result is untouched.
    """
    require_target(out)
    out = real(out)
    with staging_folder(out) as partial:
        write_into(partial, result, workbook=workbook, verify=verify, report=report)
        swap(partial, out)
    return out


def write_refusal(lines: Sequence[str], record: Mapping[str, Any], out: Path) -> Path | None:
    """Write why a plan is infeasible: `infeasible.txt` for people, `infeasible.json` for programs, both or neither.

    Returns the text file, or None where ``out`` holds anything else, which stays as it is. Raises OutputError when the system
    refuses."""
    out = real(out)
    new = not out.exists()
    if not new and not is_refusal(out):
        return None
    with staging_folder(out) as partial:
        (partial / REFUSAL[0]).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        write_json(partial / REFUSAL[1], record)
        if new:
            swap(partial, out)
        else:
            for name in REFUSAL:
                os.replace(partial / name, out / name)
    return out / REFUSAL[0]


def refused(error: InfeasibleError, plan: str, out: Path) -> InfeasibleError:
    """The same error once its reasons are written into the folder of the result, saying so."""
    if error.diagnosis is None:
        return error
    report = write_refusal(str(error).splitlines(), {"plan": plan, **error.diagnosis}, out)
    words = f"{error}\nwritten: {report}" if report else f"{error}\n{out} stays as it is"
    return InfeasibleError(words, error.diagnosis)


def write_into(
    folder: Path,
    result: Result,
    *,
    workbook: bool | BeginWorkbook = True,
    verify: Callable[[Path], object] | None = None,
    report: Callable[[Path], object] | None = None,
) -> None:
    """Write the files of a run into an existing, empty folder, then have them verified and reported on."""
    seconds: dict[str, float] = {}
    end_workbook = None
    if callable(workbook):
        with _timed(seconds, "write_workbook"):
            end_workbook = workbook(folder / WORKBOOK, result)
    with _timed(seconds, "write_tables"):
        _write_tables(folder / "tables", {**result.tables, "summary": summary_table(result.summary)})
        if result.look_ahead:
            _write_tables(folder / "look_ahead", result.look_ahead)
    with _timed(seconds, "write_inputs"):
        _write_inputs(folder / "inputs", result)
    if result.optimum:
        np.savez_compressed(folder / "optimum.npz", **result.optimum)
    if workbook is True:
        with _timed(seconds, "write_workbook"):
            write_xlsx(folder / WORKBOOK, result)
    record = manifest(result, folder, seconds, without=() if end_workbook is None else (WORKBOOK,))
    _write_manifest(folder / MANIFEST, record)
    if verify is not None:
        with _timed(seconds, "verify"):
            verify(folder)
    if report is not None:
        with _timed(seconds, "write_report"):
            report(folder)
        record["outputs"] |= {REPORT: sha256(folder / REPORT)}
    if end_workbook is not None:
        with _timed(seconds, "wait_for_workbook"):
            end_workbook()
        record["outputs"] |= {WORKBOOK: sha256(folder / WORKBOOK)}
    if verify is not None or report is not None or end_workbook is not None:
        record |= {"outputs": dict(sorted(record["outputs"].items())), "timings": _timings(result, seconds)}
        _write_manifest(folder / MANIFEST, record)


@contextmanager
def new_report(path: Path) -> Iterator[Path]:
    """A hidden file to write, which takes the place of a report at the end. In the folder of a run the manifest takes up its
    hash, unless it was edited itself: then it stays as it is. Raises OutputError when the system refuses."""
    place, record = path.with_name(MANIFEST), None
    if path.name == REPORT and place.is_file():
        with suppress(ValueError):  # no manifest of ours
            record = json.loads(place.read_text(encoding="utf-8"))
    if not isinstance(record, dict) or record.get("sha256") != seal_of(record):
        with new_file(path) as partial:
            yield partial
        return
    with new_file(place) as beside, new_file(path) as partial:  # both are ready before either takes its place
        yield partial
        record["outputs"][REPORT] = sha256(partial)
        _write_manifest(beside, record)


def keep_answer(folder: Path, name: str, record: Mapping[str, Any]) -> None:
    """The answer of a study of a run, in its folder. Raises OutputError when the system refuses."""
    with new_file(folder / name) as partial:
        write_json(partial, plain(record))


def _write_manifest(path: Path, record: Mapping[str, Any]) -> None:
    """The record with its own hash, by which an edit is seen."""
    entries = plain({key: value for key, value in record.items() if key != "sha256"})
    write_json(path, {**entries, "sha256": seal_of(entries)})


def manifest(result: Result, folder: Path, seconds: Mapping[str, float], without: Collection[str] = ()) -> dict[str, Any]:
    """The run record and what the writer adds: the hash of every file read, copied and written, and how long writing took.

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
        "written": datetime.now(UTC).date().isoformat(),
        "timings": _timings(result, seconds),
    }


def _timings(result: Result, seconds: Mapping[str, float]) -> dict[str, float]:
    """Seconds by phase, in the order of the work."""
    return {phase: round(value, 3) for phase, value in {**result.record.get("timings", {}), **seconds}.items()}


def sha256(path: Path) -> str:
    """The hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    folder.mkdir()
    for name, frame in tables.items():
        write_csv(folder / f"{name}.csv", frame, None if name in EXACT else RESULT_DIGITS)


def _write_inputs(folder: Path, result: Result) -> None:
    """Write the resolved plan so that it can be run again, with its tables next to it."""
    folder.mkdir()
    tables = result.plan.tables
    mapping = {key: value for key, value in plain(result.plan.to_mapping()).items() if key not in (*RESOLVED, "tables")}
    named = [name for name, table in tables.items() if len(table) or not table.schema.rows_required]
    mapping["tables"] = {name: f"{name}.csv" for name in named}  # one that must have rows is left out where it has none
    if result.plan.own_limits:
        mapping["own_limits"] = [
            {"file": own.source.path.name, "tables": {name: f"{name}.csv" for name in own.tables}}
            for own in result.plan.own_limits
        ]
    text = yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True, width=120)
    (folder / "plan.yaml").write_bytes(("# The plan as it was run, with every value and table resolved.\n" + text).encode())
    for name, table in tables.items():
        write_csv(folder / f"{name}.csv", pd.DataFrame(table.resolved), digits=None)
    for own in result.plan.own_limits or ():
        (folder / own.source.path.name).write_bytes(own.source.data)
        for name, table in own.tables.items():
            write_csv(folder / f"{name}.csv", pd.DataFrame(table.resolved), digits=None)


@contextmanager
def _timed(seconds: dict[str, float], phase: str) -> Iterator[None]:
    start = perf_counter()
    yield
    seconds[phase] = perf_counter() - start
