"""What the command line asks for besides the work itself: words, files and names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner import memory
from planner.api.finished import result_folder
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.write.charts.draw import Picture


def completions() -> dict[str, list[str]]:
    """What a command line may name, by METAVAR: the shipped plans (PLAN), the keys of a plan (`KEY=VALUE`), the codes of
    warnings and notes (CODE)."""
    from planner.codes import Remark
    from planner.read.files.source import shipped_plans
    from planner.schema.settings import keys

    return {"PLAN": list(shipped_plans()), "KEY=VALUE": keys(), "CODE": [str(code) for code in Remark]}


def lines(answer: Any) -> list[str]:
    """What `planner` prints of an answer, for people: of `run`, `constraints`, and every study and comparison here."""
    from planner.write.answers import answer_lines

    return answer_lines(answer)


def plot(answer: Any) -> Picture:
    """The charts of an answer, as a notebook shows them: of a sweep, frontier, sensitivity, backtest, ranges, alternatives,
    report on orbit, or of a run that was opened. `plot(found).save("chart.png")` writes the first to a file.

    Raises UsageError for an answer without any."""
    from planner.write.answers import picture_of

    return picture_of(answer)


def save(answer: Any, out: str | Path) -> list[str]:
    """Write the tables of an answer as CSV and its pictures as PNG into a folder of their own; returns the names of the files.

    Raises UsageError for a folder that holds anything else, OutputError when the system refuses."""
    from planner.write.answers import save_answer

    return save_answer(answer, Path(out))


def export(
    folder: str | Path, form: str, out: str | Path | None = None, progress: Progress | None = None, *, own_limits: bool = False
) -> Path:
    """Write a finished run as `parquet` or `frictionless`, a new folder, or as `sqlite` or `mps`, a new file; returns its path.

    ``out``: that path; beside the run where it is not given. ``own_limits``: for `mps`, execute the limits of the user's own.
    Raises UsageError for a name that is taken, a format whose package is missing, and a folder that is no whole result of this
    contract; VerificationError for an edited result; OutputError when it cannot be written."""
    from planner.runs.read import contents
    from planner.studies.explain.reopened import program_of
    from planner.write.export.export import export_file, export_folder, target_of, write_package, write_sqlite
    from planner.write.export.tables import export_tables

    progress, run = progress or Progress(), result_folder(folder)
    path = target_of(run, form, None if out is None else Path(out))
    if form == "parquet":
        from planner.write.export.parquet import require_pyarrow, write_parquet

        require_pyarrow()
    written, _ = contents(run)
    if form == "mps":
        program = program_of(run, progress, own_limits)
    with progress.phase("export"):
        tables = export_tables(written.tables, written.inputs)
        if form == "mps":
            export_file(path, program.write_mps)
        elif form == "sqlite":
            export_file(path, lambda partial: write_sqlite(partial, tables))
        elif form == "parquet":
            export_folder(path, lambda partial: write_parquet(partial, tables))
        else:
            export_folder(path, lambda partial: write_package(partial, run, written.name, tables))
    return path


def check_out(out: str | Path, command: str = "run") -> None:
    """Refuse, before any work, what a command could not write to, or what is not ours to replace.

    Raises UsageError; OutputError where nobody may write."""
    from planner.write.folder.targets import ALTERNATIVES, ORBIT_REPORT, SWEEP, require_new, require_target

    if command == "refresh":
        from planner.write.xlsx.user_workbook import require_refreshable

        require_refreshable(Path(out))
    elif command == "run":
        require_target(Path(out))
    else:
        earlier = {"orbit": ORBIT_REPORT, "sweep": SWEEP, "sensitivity": SWEEP, "alternatives": ALTERNATIVES}
        require_new(Path(out), earlier.get(command, ()))
        if command in ("orbit", "sweep", "ranges", "sensitivity", "backtest"):
            memory.require_for_charts()


def json_text(record: Any) -> str:
    """A record, tables in it included, as indented JSON without NaN."""
    from planner.write.folder.serialise import json_text as text

    return text(record)
