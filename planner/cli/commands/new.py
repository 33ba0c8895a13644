"""`planner new`."""

from __future__ import annotations

import argparse
from pathlib import Path

from planner.cli.answer import Answer
from planner.cli.arguments import shell
from planner.errors import UsageError
from planner.progress import Progress

WORDS = "write a working plan to start from, commented"
QUIET = "no talk: print only the path of the plan file"


def declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", metavar="DIR", type=Path, help="a folder that does not exist yet, or is empty")


def answer(args: argparse.Namespace, progress: Progress) -> Answer:
    """Copy the starting plan."""
    from importlib.resources import as_file, files

    target: Path = args.dir
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} exists and is not empty: give the name of a new folder")
    with as_file(files("planner") / "new") as template:
        copied = _copy(template, target)
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
