"""`planner new`, `check` and `schema`: a plan before it is solved."""

from __future__ import annotations

import argparse
import json
import os
import shlex
from pathlib import Path

import planner
from planner.cli.answers import Answer
from planner.cli.commands.shared import (
    SHIPPED,
    Command,
    add_allow,
    add_plan,
    add_run,
    allowed_words,
    done_at,
    mapped_lines,
    notice_lines,
    notice_records,
    plan_file,
)
from planner.errors import UsageError
from planner.progress import Progress

MOST_DOUBTS = 3


def _declare_new(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("dir", metavar="DIR", type=Path, nargs="?", help="a folder that does not exist yet, or is empty")
    parser.add_argument("--workbook", metavar="FILE.xlsx", type=Path, help="write one workbook to fill in instead of a folder")
    parser.add_argument(
        "--from",
        metavar="PLAN",
        type=Path,
        dest="source",
        help=f"copy this plan and all its files, or fill the workbook with it: a plan file, or {SHIPPED}",
    )


def _new(args: argparse.Namespace, progress: Progress) -> Answer:
    """Copy the starting plan, or write a workbook."""
    if (args.dir is None) == (args.workbook is None):
        raise UsageError("give the name of a new folder, or of a new workbook with --workbook")
    source = None if args.source is None else planner.load(plan_file(args.source, progress))
    if args.workbook is None:
        files = planner.new(args.dir, source)
        plan = args.dir / "plan.yaml"
        lines = [f"A plan to start from: {plan}", f"Next: planner run {shlex.quote(str(plan))}"]
        return Answer({"folder": str(args.dir), "plan": str(plan), "files": files}, lines, quiet=[str(plan)])
    target, blank = args.workbook, source is None
    planner.write_workbook(target, source)
    lines = [
        f"{'A workbook to fill in' if blank else 'The plan as a workbook'}: {target}",
        f"Next: planner {'check' if blank else 'run'} {shlex.quote(str(target))}",
    ]
    return Answer({"plan": str(target), "files": [str(target)]}, lines, quiet=[str(target)])


def _declare_check(parser: argparse.ArgumentParser) -> None:
    add_plan(parser)
    add_allow(parser)


def _check(args: argparse.Namespace, progress: Progress) -> Answer:
    """Read and check everything, solve nothing."""
    path = plan_file(args.plan, progress)
    with progress.phase("check"):
        plan = planner.load(path, args.set, own_limits=args.own_limits, allow=args.allow)
        notices = list(planner.check(plan))
    tables = sum(1 for table in plan.tables.values() if len(table))  # those that a plan does without are empty
    by_level = ((level, sum(notice.level == level for notice in notices)) for level in ("warning", "note"))
    counts = [f"{many} {level}{'' if many == 1 else 's'}" for level, many in by_level if many]
    count = "; ".join([", ".join(counts) or "nothing to note", *allowed_words(plan)])
    doubts = list(dict.fromkeys(part.doubt for notice in notices for part in notice.each() if part.doubt))
    verdict = f"{plan.name}: the plan and its {tables} table{'' if tables == 1 else 's'} are sound; {count}"
    if doubts:
        looks = "1 value looks" if len(doubts) == 1 else f"{len(doubts)} values look"
        more = f" and {len(doubts) - MOST_DOUBTS} more" if len(doubts) > MOST_DOUBTS else ""
        verdict = f"{plan.name}: the plan is consistent, but {looks} wrong: {', '.join(doubts[:MOST_DOUBTS])}{more}; {count}"
    impossible = sum(notice.impossible for notice in notices)
    if impossible:
        asked = "a requirement" if impossible == 1 else f"{impossible} requirements"
        verdict = f"{plan.name}: infeasible: {asked} that no plan can meet, see the warnings; {count}"
    data = {
        "plan": plan.name,
        "tables": tables,
        "impossible": impossible,
        "doubts": doubts,
        "allowed": list(plan.settings.allow),
        "notices": notice_records(notices),
        "mapped": [{"table": one.table, "file": one.file, "before": one.before, "after": one.after} for one in plan.mapped],
    }
    lines = [*mapped_lines(plan), *notice_lines(notices, args.verbose), verdict]
    return Answer(data, lines, quiet=[verdict] if doubts or impossible else [])


def _declare_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="a CSV or Parquet file or an .xlsx workbook of another shape")
    parser.add_argument(
        "--table", metavar="TABLE", default="", help="the table that it holds; else that with the nearest titles"
    )
    parser.add_argument(
        "--sheet", metavar="SHEET", default="", help="the sheet of a workbook; else that with the nearest titles"
    )
    parser.add_argument(
        "--rows", action="store_true", help="a map for rows under adjust: keys, and what the file has of other columns"
    )


def _map(args: argparse.Namespace, progress: Progress) -> Answer:
    """Propose a map."""
    found = planner.propose_map(args.file, args.table, args.sheet, args.rows)
    lines = found.text.splitlines()
    return Answer({"table": found.table, "map": found.text, "guesses": found.guesses}, lines, quiet=lines)


def _declare_schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--maps", action="store_true", help="that of a file of maps instead")


def _schema(args: argparse.Namespace, progress: Progress) -> Answer:
    """The schema itself; with --json inside the record that every command prints."""
    schema = planner.map_schema() if args.maps else planner.schema()
    lines = json.dumps(schema, indent=2).splitlines()
    return Answer({"schema": schema}, lines, quiet=lines)


def _declare_roll(parser: argparse.ArgumentParser) -> None:
    add_run(parser)
    parser.add_argument("--to", metavar="MONTH", required=True, help="first month of the new plan, as 2027-02")
    parser.add_argument("-o", "--out", metavar="DIR", type=Path, help="a folder that does not exist yet, or is empty")
    parser.add_argument(
        "--actuals", metavar="FILE", type=Path, help="what happened before that month: a CSV file or an .xlsx workbook"
    )
    parser.add_argument(
        "--blank-actuals",
        metavar="FILE.xlsx",
        type=Path,
        help="instead of a plan, write a workbook of actuals to fill in: everything planned, with empty cells beside it",
    )


def _roll(args: argparse.Namespace, progress: Progress) -> Answer:
    """Write the plan of a later month, or a workbook of actuals to fill in."""
    if (args.out is None) == (args.blank_actuals is None) or (args.blank_actuals and args.actuals):
        raise UsageError("give the new folder with --out, or the workbook to fill in with --blank-actuals")
    if args.blank_actuals is not None:
        file = planner.blank_actuals(args.run, args.to, args.blank_actuals, progress)
        command = f"planner roll {shlex.quote(str(args.run))} --to {args.to} --actuals {shlex.quote(str(file))} --out DIR"
        lines = [f"Actuals to fill in: {file}", f"Next: {command}"]
        record = {"run": str(args.run), "to": args.to, "actuals": str(file)}
        return Answer(record, lines, quiet=[str(file)], done=done_at(file))
    done = planner.roll(args.run, args.to, args.out, progress, args.actuals)
    plan = args.out / "plan.yaml"
    count = len(done.changes)
    lines = [
        *done.notices,
        f"The plan of {args.to}: {plan}",
        *planner.lines(done),
        f"{count} cells and rows differ from the plan before: {args.out}{os.sep}changes.csv",
        f"Next: planner run {shlex.quote(str(plan))}",
    ]
    record = {"run": str(args.run), "to": args.to, "folder": str(args.out), "plan": str(plan), "changes": count}
    record |= {"missing_actuals": list(done.missing), "stock_take": done.tables["stock_take"].to_dict("records")}
    return Answer(record, lines, quiet=[str(plan)], done=done_at(args.out))


NEW = Command(
    "write a working plan to start from: a commented folder, or one workbook",
    "print only the path of the plan file",
    _declare_new,
    _new,
    ("planner new acme --from operator", "a company's plan of your own to change"),
)
CHECK = Command(
    "read and check a plan without solving it",
    "print nothing about a sound plan, one line where values look wrong or no plan can meet what is asked",
    _declare_check,
    _check,
    ("planner check my-plan/plan.yaml --set months=12", "whether the plan would be sound over its first year"),
)
MAP = Command(
    "propose a map by which a file of another shape becomes a table",
    "no effect: the map is all that is printed",
    _declare_map,
    _map,
    ("planner map prices.csv --table profiles > maps.yaml", "a map of hourly prices, to look through and to name in the plan"),
)
SCHEMA = Command(
    "print the JSON Schema of a plan file, with which an editor completes and checks it while you type",
    "no effect: the schema is all that is printed",
    _declare_schema,
    _schema,
    ("planner schema > plan.schema.json", "the file that the first line of a plan names"),
)
ROLL = Command(
    "write the plan of a later month from a finished run: what exists then, what is under way, and all else as planned",
    "print only the path of the plan file",
    _declare_roll,
    _roll,
    ("planner roll results/my-plan --to 2027-02 --out february", "the plan of February, from what January's plan has by then"),
)
