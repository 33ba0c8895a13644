"""Write a finished run as a file or a folder of another format, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from planner.errors import UsageError
from planner.runs.read import contents
from planner.write.export.frictionless import write_package
from planner.write.export.sqlite import write_sqlite
from planner.write.export.tables import ExportTable, export_tables
from planner.write.folder.replace import new_file, staging_folder, swap
from planner.write.folder.targets import require_new

FOLDERS = ("parquet", "frictionless")
FORMATS = (*FOLDERS, "sqlite", "mps")
"""What a run is exported as: into a folder, or into a file."""

WriteParquet = Callable[[Path, Sequence[ExportTable]], None]


def target_of(run: Path, form: str, out: Path | None) -> Path:
    """Where an export goes: ``out``, or a name beside the run. Raises UsageError where something is already there."""
    if form not in FORMATS:
        raise UsageError(f"{form}: expected one of {', '.join(FORMATS)}")
    beside = run.resolve()
    path = out or beside.with_name(f"{beside.name}-{form}" if form in FOLDERS else f"{beside.name}.{form}")
    if form in FOLDERS:
        require_new(path)
    elif form == "mps" and path.suffix != ".mps":
        raise UsageError(f"{path}: expected a name that ends in .mps")
    elif path.exists() or path.is_symlink():
        raise UsageError(f"{path} exists: give another name with --out")
    return path


def export_run(run: Path, form: str, path: Path, write_parquet: WriteParquet | None = None) -> None:
    """Write the tables of a run as a data package, a database or, with ``write_parquet``, as Parquet files.

    Raises UsageError for what is no whole result of this contract, VerificationError for an edited one, OutputError when the
    system refuses."""
    written, _ = contents(run)
    tables = export_tables(written)
    if form == "sqlite":
        with new_file(path) as partial:
            write_sqlite(partial, tables)
        return
    with staging_folder(path) as partial:
        if write_parquet is not None:
            write_parquet(partial, tables)
        else:
            write_package(partial, run, written.name, tables)
        swap(partial, path)
