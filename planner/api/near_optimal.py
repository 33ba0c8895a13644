"""Whole plans at nearly the same cost, as a call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from planner.api.finished import result_folder
from planner.api.writing import helper_of, write_page, write_verified
from planner.progress import Progress

if TYPE_CHECKING:
    from planner.studies.alternatives import Alternatives
    from planner.studies.report_input import Finished


def alternatives(
    folder: str | Path,
    within: float = 0.01,
    number: int = 3,
    out: str | Path | None = None,
    progress: Progress | None = None,
    *,
    own_limits: bool = False,
    keep: bool = False,
) -> Alternatives:
    """Other plans than that of a finished run: each pays at most a share ``within`` more, serves no less, and differs as much
    as it can from the run and from those before it, in MW of IT by place and of power by option in the last month.

    ``out``: a folder, by default beside the run, for a verified run of each, a page that compares them, and tables.
    ``keep``: at Ctrl-C those that are written are returned. Raises UsageError for a run that is no optimum of mode
    `value`, and for an ``out`` that holds anything but earlier alternatives."""
    from planner.errors import UsageError
    from planner.studies.alternatives import MOST, Alternatives, Search, name_of
    from planner.studies.report_input import finished
    from planner.write.answers import save_answer
    from planner.write.folder.targets import ALTERNATIVES, require_new

    progress, run = progress or Progress(), result_folder(folder)
    path = run.with_name(f"{run.name}-alternatives") if out is None else Path(out)
    if not 1 <= number <= MOST:
        raise UsageError(f"--number {number}: expected 1 to {MOST}")
    require_new(path, ALTERNATIVES)
    if (path / name_of(number + 1)).exists():
        raise UsageError(f"{path} holds more than {number} alternatives of an earlier call: give another folder with --out")
    search, interrupted = Search(run, within, progress, own_limits), False
    done: list[Finished] = []
    with helper_of(search.plan) as helper:
        try:
            for result in search.results(number):
                written, verdict = write_verified(result, path / name_of(len(done) + 1), helper, progress)
                done.append(finished(written, verdict, result.plan))
                progress.say(f"{len(done)} of {number}: {written}")
                progress.count(len(done), number, "alternatives")
        except KeyboardInterrupt:
            if not keep or not done:
                raise
            interrupted = True
    rows, totals = search.rows([each.written.folder for each in done]), search.totals_table(len(done))
    page = path / ALTERNATIVES[0]
    found = Alternatives(search.run.plan.name, rows, totals, number, interrupted, page, search.run.plan.columns)
    if done:
        save_answer(found, path)
        write_page(page, [finished(run), *done], progress)
    return found
