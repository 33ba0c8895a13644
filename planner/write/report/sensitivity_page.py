"""The page of a sensitivity: which five assumptions decide what, the bars, and which of them interact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from planner.formats import count, number, sentence
from planner.write.charts.series import spec
from planner.write.charts.sweep import LEGEND
from planner.write.charts.tornado import panel
from planner.write.report.page import render
from planner.write.report.page_model import Figure, Page, Section, Table
from planner.write.text.sensitivity import PAIR_HEAD, PAIR_TITLE, TITLES, pair_cells, signed

if TYPE_CHECKING:
    from planner.studies.sensitivity import Sensitivity

HEAD = ("", "assumption", "low", "change", "high", "change")


def sensitivity_html(found: Sensitivity) -> str:
    """The page as one file that needs nothing else."""
    deciding = found.deciding()
    rows = {metric: part.to_dict("records") for metric, part in deciding.groupby("headline", sort=False)}
    shown = [metric for metric in TITLES if metric in rows]
    many = found.rows["assumption"].nunique() - 1
    without = int((found.rows["status"] != "optimal").sum())
    pairs = [Table(PAIR_HEAD, pair_cells(found), PAIR_TITLE, numbers_from=2)] if len(found.pairs) else []
    page = Page(
        title=f"Which assumptions decide: {found.plan}",
        lead=f"{count(many, 'assumption')}, each alone at its low and its high end, each end solved again.",
        status=f"{count(len(found.rows), 'plan')}" + (f", {without} of them without an optimum" if without else ""),
        good=True,
        facts={},
        cards=[],
        verdict=(),
        points=[_words(metric, rows[metric]) for metric in shown],
        sections=[
            Section("deciding", "The five that decide", tables=[_table(found, metric, rows[metric]) for metric in shown]),
            *([Section("pairs", "Two at once", PAIRS, tables=pairs)] if pairs else []),
            Section("bars", "All of them", figures=[_figure(found, metric) for metric in shown], small=True),
        ],
        kind="sensitivity",
        beside=("sensitivity.csv", "sensitivity.xlsx"),
    )
    return render(page, live=False)


PAIRS = (
    "Each pair of the five assumptions that change the objective most, each at the end that changes it more. The interaction "
    "is what both together do beyond the sum of what each does alone: where it is near zero, each may be read by itself."
)


def _words(metric: str, rows: Sequence[Mapping[Any, Any]]) -> str:
    title, factor = TITLES[metric]
    parts = [f"{row['assumption']} ({_ends(row, factor)})" for row in rows]
    return sentence(f"{title}: {'; '.join(parts)}")


def _ends(row: Mapping[Any, Any], factor: float) -> str:
    return " / ".join(signed(factor * float(row[f"{end}_change"])) for end in ("low", "high"))


def _table(found: Sensitivity, metric: str, rows: Sequence[Mapping[Any, Any]]) -> Table:
    title, factor = TITLES[metric]
    cells = [
        [str(row["rank"]), str(row["assumption"])]
        + [part for end in ("low", "high") for part in (row[f"{end}_stated"], signed(factor * float(row[f"{end}_change"])))]
        for row in rows
    ]
    return Table(HEAD, cells, f"{title}: {number(factor * float(found.rows[metric].iloc[0]), 5)} as planned", numbers_from=2)


def _figure(found: Sensitivity, metric: str) -> Figure:
    title, drawn = TITLES[metric][0], panel(found, metric)
    name, _, unit = title.partition(", ")
    alt = f"{title}: a bar for each assumption, from its low to its high end"
    shape = spec(drawn["height"], data=drawn["data"], layer=drawn["layer"]) | {"config": LEGEND}
    return Figure(f"bars-{metric}", name, unit, alt, shape)
