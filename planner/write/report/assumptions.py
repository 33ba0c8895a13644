"""What the plan rests on: every input table with its quality and sources, and the settings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from planner.formats import count
from planner.schema.tables import tables as known
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading

QUALITIES = {
    "measured": "a statistic, tariff, data sheet or reported fact",
    "published_forecast": "someone else's forecast, target or model cost",
    "estimate": "a judgement, own arithmetic, or a figure that rests on leaks or modelling",
}
LONGEST_SOURCE = 200
OUR_FILES = re.compile(r"\w+\.csv(, \w+\.csv)*")
JUDGEMENTS = "judgements: "
RESTS = {
    (True, False): "publications alone",
    (True, True): "publications and judgements",
    (False, True): "judgements alone",
    (False, False): "neither by name",
}
"""Whether a row cites publications, and judgements."""


class Cited(NamedTuple):
    """What the source of a row names."""

    publications: tuple[str, ...]
    judgements: tuple[str, ...]


def section(run: Reading) -> Section:
    """What rows rest on; a row an input table; below, the settings and each publication and judgement with its rows."""
    tables = {name: frame for name, frame in run.inputs.items() if len(frame)}
    quality: Counter[str] = Counter()
    for frame in tables.values():
        quality.update(_qualities(frame))
    flags = [name for name in (*QUALITIES, "") if quality[name]]
    docs = {name: schema.doc for name, schema in known().items()}
    rows = [_row(name, frame, flags, docs.get(name, "")) for name, frame in tables.items()]
    head = ["table", "holds", "rows", *(name.replace("_", " ") or "no flag" for name in flags), "sources"]
    total = sum(quality.values())
    lead = f"{count(total, 'row')} of input in {count(len(tables), 'table')}"
    flagged = [f"{quality[name]:,} {name.replace('_', ' ')}" for name in QUALITIES if quality[name]]
    lead += f": {', '.join(flagged)}" if flagged else ""
    lead += f", {quality['']:,} without a flag." if quality[""] else "."
    rests = Counter(RESTS[bool(each.publications), bool(each.judgements)] for _, each in _citations(tables))
    if rests:
        lead += f" By source, {', '.join(f'{rests[words]:,} rest on {words}' for words in RESTS.values() if rests[words])}."
    words = "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in QUALITIES.items())
    folded = [_settings(run), _sources(tables)]
    return Section(
        "assumptions", "Assumptions and sources", lead=lead,
        paragraphs=[f"A row is as good as its weakest ingredient. {words[:1].upper()}{words[1:]}."],
        tables=[Table(head, rows, "Inputs by quality", 2)], folded=[each for each in folded if each.rows],
    )  # fmt: skip


def _qualities(frame: pd.DataFrame) -> Counter[str]:
    flags = frame["quality"] if "quality" in frame else pd.Series([""] * len(frame))
    return Counter(flag if flag in QUALITIES else "" for flag in flags)


def _row(name: str, frame: pd.DataFrame, flags: list[str], doc: str) -> list[str]:
    found = _qualities(frame)
    sources = frame["source"][frame["source"] != ""].nunique() if "source" in frame else 0
    return [name, doc, f"{len(frame):,}", *(f"{found[each]:,}" if found[each] else "–" for each in flags), f"{sources:,}"]


def _settings(run: Reading) -> Table:
    stated = run.written.manifest.get("stated_at") or {}
    rows = []
    for key, value in run.written.settings.items():
        if key in ("name", "why", "tables"):
            continue
        for name, each in value.items() if isinstance(value, dict) and value else [("", value)]:
            full = f"{key}.{name}" if name else key
            text = ", ".join(map(str, each)) if isinstance(each, list) else "none" if each in ({}, None) else str(each)
            rows.append([full, text, str(stated.get(full, "default"))])
    return Table(["setting", "value", "stated at"], rows, "Settings, and where each was stated", 3)


def _sources(tables: dict[str, pd.DataFrame]) -> Table:
    """Those that most rows rest on first."""
    rows_of, tables_of = Counter[tuple[str, str]](), dict[tuple[str, str], dict[str, None]]()
    for name, cited in _citations(tables):
        told = {("publication", each) for each in cited.publications} | {("judgement", each) for each in cited.judgements}
        rows_of.update(told)
        for each in told:
            tables_of.setdefault(each, {})[name] = None
    rows = [
        [
            kind,
            words if len(words) <= LONGEST_SOURCE else f"{words[: LONGEST_SOURCE - 1]}…",
            f"{many:,}",
            ", ".join(tables_of[kind, words]),
        ]
        for (kind, words), many in sorted(rows_of.items(), key=lambda item: (-item[1], item[0]))
    ]
    return Table(["kind", "source", "rows", "tables"], rows, "Publications and judgements, and how many rows rest on each", 3)


def _citations(tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, Cited]]:
    """Table and what it cites, of each row with a source."""
    for name, frame in tables.items():
        if "source" in frame:
            yield from ((name, cited(source)) for source in frame["source"] if source)


def cited(source: str) -> Cited:
    """Publications and judgements of 'IEA, 2026 (power.csv); judgements: pue, wacc', without the file of a publication.

    Files alone are neither: they were made from what is named beside them."""
    told, _, judged = source.partition(JUDGEMENTS)
    parts = [re.sub(rf" \({OUR_FILES.pattern}\)$", "", part.strip()) for part in told.split(";")]
    publications = [part for part in parts if part and not OUR_FILES.fullmatch(part)]
    return Cited(tuple(publications), tuple(key.strip() for key in judged.split(",") if key.strip()))
