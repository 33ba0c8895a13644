"""A finished run in the format of another program, as a call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.errors import UsageError
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.write.export.export import WriteParquet

NO_PARQUET = "Parquet needs the package pyarrow: pip install 'compute-planner[parquet]'"


def export(
    folder: str | Path, form: str, out: str | Path | None = None, progress: Progress | None = None, *, own_limits: bool = False
) -> Path:
    """Write a finished run as `parquet` or `frictionless`, a new folder, or as `sqlite` or `mps`, a new file; returns its path.

    ``out``: that path; beside the run where it is not given. ``own_limits``: for `mps`, execute the limits of the user's own.
    Raises UsageError for a name that is taken, a format whose package is missing, and a folder that is no whole result of this
    contract; VerificationError for an edited result; OutputError when it cannot be written."""
    from planner.write.export.export import export_run, target_of
    from planner.write.folder.targets import require_result

    progress = progress or Progress()
    run = Path(folder)
    require_result(run)
    path = target_of(run, form, None if out is None else Path(out))
    if form == "mps":
        _write_program(run, path, progress, own_limits)
        return path
    with progress.phase("export"):
        export_run(run, form, path, _parquet() if form == "parquet" else None)
    return path


def _parquet() -> WriteParquet:
    """What writes Parquet files, where its package is installed."""
    try:
        from planner.write.export.parquet import write_parquet
    except ModuleNotFoundError as error:
        raise UsageError(NO_PARQUET) from error
    return write_parquet


def _write_program(run: Path, path: Path, progress: Progress, own_limits: bool) -> None:
    """The linear program that the run solved, as MPS."""
    from planner.solve.program_file import write_mps
    from planner.studies.program import program_of
    from planner.write.folder.replace import new_file

    form = program_of(run, progress, own_limits)
    with progress.phase("export"), new_file(path) as partial:
        write_mps(form, partial)
