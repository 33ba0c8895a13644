"""Arguments and records that several commands share."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.errors import UsageError

if TYPE_CHECKING:
    from planner.findings import Notice


def add_plan(parser: argparse.ArgumentParser, **more: Any) -> None:
    """The plan, the first argument."""
    parser.add_argument("plan", metavar="PLAN", type=Path, **{"help": "the plan: a YAML file or an .xlsx workbook", **more})


def add_set(parser: argparse.ArgumentParser) -> None:
    """--set, repeatable."""
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="override one value, a column or a row of a table; repeatable. "
        'Examples: demand.doubling_months=4, "power[us_ercot_texas,grid].step_mw_per_month*=2"',
    )


def add_out(parser: argparse.ArgumentParser, words: str) -> None:
    """--out, a folder."""
    parser.add_argument("--out", metavar="DIR", type=Path, help=words)


def add_open(parser: argparse.ArgumentParser) -> None:
    """--open."""
    parser.add_argument("--open", action="store_true", help="open the report in the browser")


def show(report: Path) -> list[str]:
    """Open a report in the browser; what to say where there is none."""
    import webbrowser

    if webbrowser.open(report.resolve().as_uri()):
        return []
    return [f"no browser was found: open {report}"]


def plan_file(path: Path) -> Path:
    """The plan that was named, which must not be a folder."""
    if os.path.isdir(path):
        inside = path / "plan.yaml"
        raise UsageError(
            f"{path} is a folder: give a plan file" + (f"; did you mean {shell(inside)}?" if inside.is_file() else "")
        )
    return path


def stands(out: Path | None) -> str:
    return "" if out is None else f"the result stands at {out}"


def notice_lines(notices: Sequence[Notice], verbose: bool) -> list[str]:
    """One line a notice; with --verbose also what each sums up."""
    return [line for one in notices for line in (str(one), *(f"  {part}" for part in one.parts if verbose))]


def notice_records(notices: Sequence[Notice]) -> list[dict[str, Any]]:
    """Notices as JSON, each by itself."""
    return [_notice_record(part) for one in notices for part in one.each()]


def _notice_record(notice: Notice) -> dict[str, Any]:
    record: dict[str, Any] = {"level": notice.level, "text": notice.text}
    if notice.place is not None:
        finding = notice.place.finding(notice.text)
        record |= {"file": finding.file, "line": finding.line, "column": finding.column, "sheet": finding.sheet}
    return record


def shell(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
