"""`planner verify`, `report`, `answer`, `export`, `compare` and `groups`: finished runs, from their written files alone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import planner
from planner.cli.answers import Answer
from planner.cli.commands.shared import (
    ONLY_OUT,
    Command,
    add_open,
    add_out,
    add_own_limits,
    add_run,
    done_at,
    in_browser,
    in_rows,
    named,
    saved,
)
from planner.progress import Progress

DIFFERENT = 8


def _verify(args: argparse.Namespace, progress: Progress) -> Answer:
    with progress.phase("verify"):
        verdict = planner.verify(args.run)
    return Answer({"folder": str(args.run), **verdict.to_dict()}, verdict.lines(), quiet=[], exit_code=verdict.exit_code)


def _declare_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("runs", metavar="RUN", type=Path, nargs="+", help="the result folder of a run; several are compared")
    parser.add_argument("--pdf", action="store_true", help="also print it, with the Chromium, Chrome or Edge of this machine")
    parser.add_argument(
        "-o",
        "--out",
        metavar="FILE.html",
        type=Path,
        help="default: RUN/report.html, or scenarios.html next to the first of several runs",
    )
    add_open(parser)


def _report(args: argparse.Namespace, progress: Progress) -> Answer:
    done = planner.report(args.runs, args.out, args.pdf, progress)
    written = named([done.html, done.pdf])
    lines = [f"written: {path}" for path in written]
    for run, verdict in zip(args.runs, done.verdicts, strict=True):
        if not verdict.ok:
            lines.append(f"{run}: {verdict.lines()[-1]}; the report says so, `planner verify` lists every failure")
    if args.open:
        lines += in_browser(done.pdf or done.html)
    record = {"runs": named(args.runs), "files": written, "verified": [verdict.ok for verdict in done.verdicts]}
    return Answer(record, lines, quiet=written, exit_code=0 if done.ok else 7, done=f"written: {', '.join(written)}")


def _declare_answer(parser: argparse.ArgumentParser) -> None:
    add_run(parser)
    parser.add_argument(
        "base", metavar="BASE", type=Path, nargs="?", help="another run over the same months: also say what RUN saves over it"
    )


def _answer(args: argparse.Namespace, progress: Progress) -> Answer:
    with progress.phase("answer"):
        found = planner.answer(args.run, args.base, progress)
    record = {"folder": str(args.run), "base": None if args.base is None else str(args.base), "answers": list(found.answers)}
    kept = ["", f"the comparison is kept in {args.run}, for its report"] if args.base is not None else []
    return Answer(record, [*planner.lines(found), *kept], quiet=[each.sentence for each in found.answers])


def _declare_export(parser: argparse.ArgumentParser) -> None:
    add_run(parser)
    parser.add_argument(
        "--format",
        choices=("parquet", "sqlite", "frictionless", "mps"),
        required=True,
        help="parquet: a folder with one file per table (needs the extra parquet); sqlite: one database; frictionless: a "
        "folder of CSV files with datapackage.json, a Table Schema for each; mps: the linear program",
    )
    parser.add_argument(
        "-o", "--out", metavar="PATH", type=Path, help="the new folder or file; default: beside RUN, with its name"
    )
    add_own_limits(parser)


def _export(args: argparse.Namespace, progress: Progress) -> Answer:
    path = str(planner.export(args.run, args.format, args.out, progress, own_limits=args.own_limits))
    record = {"folder": str(args.run), "format": args.format, "written": path}
    return Answer(record, [f"written: {path}"], quiet=[path], done=f"written: {path}")


def _declare_compare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("a", metavar="A", type=Path, help="the result folder of a run")
    parser.add_argument("b", metavar="B", type=Path, help="the result folder of another; differences are B less A")
    add_out(parser)


def _compare(args: argparse.Namespace, progress: Progress) -> Answer:
    if args.out is not None:
        planner.check_out(args.out, "compare")
    with progress.phase("compare"):
        found = planner.compare(args.a, args.b)
    _, written = saved(found, args.out, progress, "every difference as CSV")
    record: dict[str, Any] = {
        "a": str(args.a),
        "b": str(args.b),
        "folder": None if args.out is None else str(args.out),
        "different": found.different,
        "notes": list(found.notes),
        "months": list(found.months),
        "tables": in_rows(found.tables()),
    }
    code = DIFFERENT if found.different else 0
    return Answer(record, [*planner.lines(found), *written], named([args.out]), code, done=done_at(args.out))


def _declare_groups(parser: argparse.ArgumentParser) -> None:
    add_run(parser, help="the result folder of a run whose regions have groups")
    parser.add_argument(
        "base", metavar="BASE", type=Path, nargs="?", help="another run over the same months; what is saved is BASE less RUN"
    )
    add_out(parser)


def _groups(args: argparse.Namespace, progress: Progress) -> Answer:
    if args.out is not None:
        planner.check_out(args.out, "groups")
    with progress.phase("groups"):
        found = planner.groups(args.run, args.base)
    _, written = saved(found, args.out, progress)
    record = {
        "run": str(args.run),
        "base": None if args.base is None else str(args.base),
        "folder": None if args.out is None else str(args.out),
        "tables": in_rows(found.tables()),
    }
    return Answer(record, [*planner.lines(found), *written], named([args.out]), done=done_at(args.out))


VERIFY = Command(
    "verify a finished run from its written tables alone",
    "print nothing; the exit code tells",
    add_run,
    _verify,
    ("planner verify results/my-plan", "every check of the independent verifier, and whether it holds"),
)
REPORT = Command(
    "write the report of a finished run as one HTML file, or a comparison of several runs",
    "print only the paths of the files written",
    _declare_report,
    _report,
    ("planner report results/my-plan results/faster --open", "the two plans compared on one page, in the browser"),
)
ANSWER = Command(
    "answer plain questions about a finished run in one sentence each, with scope and caveat",
    "print only the sentences",
    _declare_answer,
    _answer,
    ("planner answer results/my-plan", "when chips pile up dark and the cheapest way out, orbit, and whose energy is cheapest"),
)
EXPORT = Command(
    "write a finished run as Parquet, SQLite, a data package with Table Schema, or its linear program as MPS",
    "print only the path of what was written",
    _declare_export,
    _export,
    (
        "planner export results/my-plan --format sqlite",
        "results/my-plan.sqlite, to be queried with SQL",
    ),
)
COMPARE = Command(
    "compare two finished runs: inputs, plan and cost; exit code 8 when anything differs",
    f"{ONLY_OUT}; the exit code tells",
    _declare_compare,
    _compare,
    ("planner compare results/my-plan results/faster", "what the second changes: inputs, plan, and cost in steps that add up"),
)
GROUPS = Command(
    "what each group of regions serves, needs and saves in a finished run, and what that saves over another run",
    ONLY_OUT,
    _declare_groups,
    _groups,
    (
        "planner groups results/east-data-west-compute results/east-data-east-compute",
        "what moving compute west saves, by year",
    ),
)
