"""`planner new`."""

from __future__ import annotations

import argparse
from pathlib import Path

from planner.cli.answer import Answer
from planner.cli.arguments import plan_file, shell
from planner.errors import UsageError
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

    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} exists and is not empty: give the name of a new folder")
    with as_file(files("planner") / "new") as template:
        copied = _copy(template, target)
    copied.append(_schema(target / SCHEMA))
    plan = target / "plan.yaml"
    lines = [f"A plan to start from: {plan}", f"Next: planner run {shell(plan)}"]
    return Answer({"folder": str(target), "plan": str(plan), "files": copied}, lines, quiet=[str(plan)])


def _copy(template: Path, target: Path) -> list[str]:
    """Copy the files of the template, none that Python left beside them."""
    import shutil

    names = sorted(
        path.relative_to(template).as_posix()
        for path in template.rglob("*")
        if path.is_file() and path.suffix in (".yaml", ".csv", ".md")
    )
    for name in names:
        try:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(template / name, target / name)
        except OSError as error:
            raise UsageError(f"cannot write {error.filename or target}: {error.strerror or error}") from error
    return names


def _schema(path: Path) -> str:
    import json

    from planner import api

    try:
        path.write_text(json.dumps(api.schema(), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror or error}") from error
    return path.name
