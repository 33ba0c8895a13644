"""What a report is made of: sections of paragraphs, figures and tables, without a word of HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from planner.write.charts.series import Spec
from planner.write.questions import Answer


@dataclass(frozen=True)
class Table:
    """Rows of finished text. Columns from ``numbers_from`` on are numbers and stand to the right. ``note``: below it."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    numbers_from: int = 1
    note: str = ""


@dataclass(frozen=True)
class Key:
    """One entry of a legend: a colour of the style sheet, and for lines the dash."""

    name: str
    colour: str
    dash: str = ""


@dataclass(frozen=True)
class Slider:
    """A signal of the chart that the reader moves; ``labels`` and ``readouts`` hold a text for each of its positions."""

    signal: str
    label: str
    labels: Sequence[str]
    readouts: Sequence[str]


@dataclass(frozen=True)
class Figure:
    """A chart with its words. ``width`` is that of the drawing for paper; on a screen the chart is as wide as its column."""

    id: str
    title: str
    unit: str
    alt: str
    spec: Spec
    width: int = 420
    legend: Sequence[Key] = ()
    numbers: Table | None = None
    slider: Slider | None = None
    wide: bool = False
    note: str = ""


@dataclass(frozen=True)
class Section:
    """``small``: more figures beside each other; ``tables_first``: above the figures; ``folded`` tables open on demand.
    ``part``: for whom it is, of the page's parts; empty: for all."""

    id: str
    title: str
    lead: str = ""
    figures: Sequence[Figure] = ()
    tables: Sequence[Table] = ()
    folded: Sequence[Table] = ()
    paragraphs: Sequence[str] = ()
    answers: Sequence[Answer] = ()
    tables_first: bool = False
    small: bool = False
    part: str = ""


@dataclass(frozen=True)
class Card:
    """A headline number."""

    label: str
    value: str
    unit: str
    note: str = ""


@dataclass(frozen=True)
class Page:
    """``facts``: what stands below the title. ``good`` is False where the reader must be warned of ``status``. ``parts``: for
    whom its sections are, by their names in ``Section.part``."""

    title: str
    lead: str
    status: str
    good: bool
    facts: Mapping[str, str]
    cards: Sequence[Card]
    verdict: Sequence[str]
    points: Sequence[str]
    sections: Sequence[Section] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    kind: str = "run"
    """Whose tables it was written from, and the files beside it that hold every number."""
    beside: tuple[str, str] = ("tables/", "plan.xlsx")
