"""`planner new`."""

from __future__ import annotations

import argparse
from contextlib import suppress
from pathlib import Path

from planner.cli.answer import Answer
from planner.cli.arguments import plan_file, shell
from planner.errors import PlannerError, UsageError
from planner.progress import Progress

WORDS = "write a working plan to start from: a folder, commented, or one workbook"
QUIET = "no talk: print only the path of the plan file"
SCHEMA = "plan.schema.json"
"""Beside the plan, whose first line names it: editors then complete and check while typing."""


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", metavar="DIR", type=Path, nargs="?", help="a folder that does not exist yet, or is empty")
    parser.add_argument("--workbook", metavar="FILE.xlsx", type=Path, help="write one workbook to fill in instead of a folder")
    parser.add_argument("--from", metavar="PLAN", type=Path, dest="source", help="with --workbook: filled with this plan")


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Copy the starting plan, or write a workbook."""
    if (args.dir is None) == (args.workbook is None):
        raise UsageError("give the name of a new folder, or of a new workbook with --workbook")
    if args.workbook is not None:
        return _workbook(args.workbook, args.source)
    if args.source is not None:
        raise UsageError("--from fills a workbook: give its name with --workbook")
    return _folder(args.dir)


def _workbook(target: Path, source: Path | None) -> Answer:
    from planner import api

    api.write_workbook(target, None if source is None else api.load(plan_file(source)))
    lines = [
        f"A workbook to fill in: {target}" if source is None else f"The plan as a workbook: {target}",
        f"Next: planner {'check' if source is None else 'run'} {shell(target)}",
    ]
    return Answer({"plan": str(target), "files": [str(target)]}, lines, quiet=[str(target)])


def _folder(target: Path) -> Answer:
    from importlib.resources import as_file, files

    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise UsageError(f"{target} exists and is not empty: give the name of a new folder")
        above = next(folder for folder in target.absolute().parents if folder.exists())
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise UsageError(f"{target}: {error.strerror or error}: give the name of a new folder") from error
    if not above.is_dir():
        raise UsageError(f"{above} is not a folder: give the name of a new folder")
    with as_file(files("planner") / "new") as template:
        contents = _template(template) | {SCHEMA: _schema()}
    _write(target, contents)
    plan = target / "plan.yaml"
    lines = [f"A plan to start from: {plan}", f"Next: planner run {shell(plan)}"]
    return Answer({"folder": str(target), "plan": str(plan), "files": list(contents)}, lines, quiet=[str(plan)])


def _template(folder: Path) -> dict[str, bytes]:
    """The files of the template by name, none that Python left beside them."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in (".yaml", ".csv", ".md"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _schema() -> bytes:
    import json

    from planner import api

    return (json.dumps(api.schema(), indent=2) + "\n").encode()


def _write(target: Path, contents: dict[str, bytes]) -> None:
    """All files or, where anything comes between, none."""
    made: list[Path] = []
    try:
        for path, content in ((target / name, content) for name, content in contents.items()):
            made += reversed([folder for folder in path.parents if not folder.exists()])
            path.parent.mkdir(parents=True, exist_ok=True)
            made.append(path)
            path.write_bytes(content)
    except BaseException as error:
        for path in reversed(made):
            with suppress(OSError):
                path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(error, OSError):
            raise PlannerError(f"cannot write {error.filename or target}: {error.strerror or error}") from error
        raise
