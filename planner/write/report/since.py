"""Since last month: forecast and actual, what was carried out, what is late or unexplained, what moved, and what that costs."""

from __future__ import annotations

import pandas as pd

from planner.formats import month_name, number, percent, usd
from planner.result import Since
from planner.write.names import component
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading
from planner.write.text.roll import DUE, since_words, where

MOST = 12
"""Rows of a table: the largest. The CSV files have all."""

KINDS = {"started": "built", "deployed": "deployed", "retired": "retired early"}


def section(run: Reading) -> Section | None:
    """The section; None for a plan that is not rolled from a run."""
    found = run.finished.since
    if found is None:
        return None
    tables = [_forecast(run, found), _executed(run, found), _late(run, found), _unexplained(run, found), _missed(found)]
    tables += [_moved(run, found), _cost(found)]
    kept = [table for table in tables if table is not None]
    return Section("since", "Since last month", lead=since_words(found), tables=kept)


def _forecast(run: Reading, found: Since) -> Table | None:
    rows = _largest(found.forecast, "error_frac")
    cells = [
        [
            run.names(str(row["place_id"])),
            run.names(str(row["item_id"])),
            month_name(str(row["month"])),
            number(row["planned"]),
            number(row["value"]),
            percent(row["error_frac"]) if row["error_frac"] == row["error_frac"] else "",
        ]
        for row in rows.to_dict("records")
    ]
    head = ["zone", "class", "month", "forecast", "actual", "error"]
    return Table(head, cells, "Demand: forecast and actual, thousand H100e", 3) if cells else None


def _executed(run: Reading, found: Since) -> Table | None:
    frame = found.executed
    rows = _largest(frame.assign(more=frame["value"] - frame["planned"]), "more") if len(frame) else frame
    cells = [
        [
            str(row["kind"]),
            where(run.names, row),
            number(row["planned"]),
            number(row["value"]),
            number(row["more"]),
            str(row["unit"]),
        ]
        for row in rows.to_dict("records")
    ]
    head = ["what", "where", "planned", "actual", "difference", "unit"]
    return Table(head, cells, "Carried out: largest differences from the plan", 2) if cells else None


def _late(run: Reading, found: Since) -> Table | None:
    cells = [
        [DUE.get(str(row["stock"]), str(row["stock"])), where(run.names, row), number(row["late"]), str(row["unit"])]
        for row in _largest(found.late, "late").to_dict("records")
    ]
    return Table(["stock", "where", "late", "unit"], cells, "Late: due in the first month of this plan", 2) if cells else None


def _unexplained(run: Reading, found: Since) -> Table | None:
    cells = [
        [str(row["stock"]), where(run.names, row), number(row["unexplained"]), number(row["closing"]), str(row["unit"])]
        for row in _largest(found.unexplained, "unexplained").to_dict("records")
    ]
    title = "Unexplained: counted stock minus opening stock and flows"
    return Table(["stock", "where", "unexplained", "counted", "unit"], cells, title, 2) if cells else None


def _missed(found: Since) -> Table | None:
    cells = [
        [str(row["requirement_id"]), month_name(str(row["month"])), number(row["stated_kh100e"]), number(row["reached_kh100e"])]
        for row in found.missed.to_dict("records")
    ]
    return Table(["target", "month", "to be served", "served"], cells, "Targets missed, thousand H100e", 2) if cells else None


def _moved(run: Reading, found: Since) -> Table | None:
    cells = [
        [
            KINDS[row["kind"]],
            where(run.names, row),
            *(number(row[side]) for side in ("before", "now", "moved")),
            str(row["unit"]),
        ]
        for row in found.moved.groupby("kind", sort=False).head(MOST).to_dict("records")
    ]
    head = ["what", "where", "previous plan", "this plan", "moved, all months", "unit"]
    return Table(head, cells, "Decisions that differ from the previous plan", 2) if cells else None


def _cost(found: Since) -> Table | None:
    rows = found.cost[found.cost["difference_musd"].abs() > 0]
    words = {"cost": "cost", "objective": "cost and value of unserved compute"}
    cells = [
        [words.get(str(name), component(str(name))), *(usd(1e6 * musd) for musd in sides)]
        for name, *sides in rows.itertuples(index=False, name=None)
    ]
    head = ["component", "previous plan", "this plan", "difference"]
    return Table(head, cells, "Discounted cost of the months that both plans cover, in steps that add up") if cells else None


def _largest(frame: pd.DataFrame, column: str) -> pd.DataFrame:
    """The rows with the largest amounts, up or down, apart from those without any."""
    if not len(frame):
        return frame
    size = frame[column].abs().fillna(0.0)
    return frame.loc[size[size > 1e-9].sort_values(ascending=False, kind="stable").index].head(MOST)
