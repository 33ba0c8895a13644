"""What the plan rests on: every input table with its quality and sources, and the settings."""

from __future__ import annotations

from collections import Counter

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
LONGEST_SOURCE = 400
MOST_SOURCES = 25


def section(run: Reading) -> Section:
    """A row an input table; below, the settings and every source with how many rows rest on it."""
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
    words = "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in QUALITIES.items())
    folded = [_settings(run), _sources(tables)]
    return Section(
        "assumptions", "Assumptions and sources", lead=lead, paragraphs=[f"{words[:1].upper()}{words[1:]}."],
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
    rows = []
    for name, frame in tables.items():
        if "source" in frame:
            told = Counter(source for source in frame["source"] if source)
            for source, many in told.most_common(MOST_SOURCES):
                rows.append(
                    [name, f"{many:,}", source if len(source) <= LONGEST_SOURCE else source[: LONGEST_SOURCE - 1] + "…"]
                )
            if len(told) > MOST_SOURCES:
                rest = sum(told.values()) - sum(many for _, many in told.most_common(MOST_SOURCES))
                rows.append(
                    [name, f"{rest:,}", f"{len(told) - MOST_SOURCES} other sources: see the column source of the table"]
                )
    return Table(["table", "rows", "source"], rows, "Sources, and how many rows rest on each", 3)
