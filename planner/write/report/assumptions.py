"""What the plan rests on: every input table with its quality and sources, and the settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from planner.formats import count, usd
from planner.plan.citations import Cited, cited
from planner.schema.tables import tables as known
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading

QUALITIES = {
    "measured": "a statistic, tariff, data sheet or reported fact",
    "published_forecast": "someone else's forecast, target or model cost",
    "estimate": "a judgement, own arithmetic, or a figure that rests on leaks or modelling",
}
LONGEST_SOURCE = 200
SOURCES = "sources"
"""The table of what is known of sources; it rests on none."""
BY_EFFECT = (
    "The command planner explain RUN --estimates weighs inputs, publications and judgements by what they do to the cost."
)
RESTS = {
    (True, False): "publications",
    (True, True): "publications and judgements",
    (False, True): "judgements",
    (False, False): "neither",
}
"""Whether a row cites publications, and judgements."""


def section(run: Reading) -> Section:
    """What rows rest on; a row an input table; below, the settings and each publication and judgement with its rows."""
    tables = {name: frame for name, frame in run.inputs.items() if len(frame) and name != SOURCES}
    quality: Counter[str] = Counter()
    for frame in tables.values():
        quality.update(_qualities(frame))
    flags = [name for name in (*QUALITIES, "") if quality[name]]
    docs = {name: schema.doc for name, schema in known().items()}
    rows = [_row(name, frame, flags, docs.get(name, "")) for name, frame in tables.items()]
    head = ["table", "holds", "rows", *(name.replace("_", " ") or "no flag" for name in flags), "sources"]
    lead = f"{count(sum(quality.values()), 'row')} of input in {count(len(tables), 'table')}: {qualities(run)}."
    rests = Counter(RESTS[bool(each.publications), bool(each.judgements)] for _, each in _citations(tables))
    if rests:
        lead += f" By source, {', '.join(f'{rests[words]:,} cite {words}' for words in RESTS.values() if rests[words])}."
    words = "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in QUALITIES.items())
    folded = [_settings(run), _sources(tables, run.inputs.get(SOURCES, pd.DataFrame()))]
    return Section(
        "assumptions", "Assumptions and sources", lead=lead,
        paragraphs=[f"A row is as good as its weakest ingredient. {words[:1].upper()}{words[1:]}.", BY_EFFECT],
        tables=[Table(head, rows, "Inputs by quality", 2)], folded=[each for each in folded if each.rows],
    )  # fmt: skip


def qualities(run: Reading) -> str:
    """How many rows of the inputs are measured, how many rest on less: `7 measured, 340 with an estimate among their
    ingredients`; empty without inputs."""
    found: Counter[str] = Counter()
    for name, frame in run.inputs.items():
        found.update(_qualities(frame) if name != SOURCES else ())
    words = {name: name.replace("_", " ") or "without a flag" for name in (*QUALITIES, "")}
    words["estimate"] = "with an estimate among their ingredients"
    return ", ".join(f"{found[name]:,} {said}" for name, said in words.items() if found[name])


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


def _sources(tables: dict[str, pd.DataFrame], about: pd.DataFrame) -> Table:
    """The largest stated effect first, then those that most rows rest on, with what the table of sources says of each."""
    rows_of, tables_of = Counter[tuple[str, str]](), dict[tuple[str, str], dict[str, None]]()
    for name, each in _citations(tables):
        told = set(each.kinds)
        rows_of.update(told)
        for one in told:
            tables_of.setdefault(one, {})[name] = None
    known = _known(about)
    rows = []
    weight = {each: musd for each, (_, _, musd) in known.items() if musd}
    for (kind, words), many in sorted(rows_of.items(), key=lambda item: (-weight.get(item[0], 0.0), -item[1], item[0])):
        url, ends, musd = known.get((kind, words), ("", "", 0.0))
        shown = words if len(words) <= LONGEST_SOURCE else f"{words[: LONGEST_SOURCE - 1]}…"
        rows.append([kind, shown, url, ends, usd(1e6 * musd) if musd else "", f"{many:,}", ", ".join(tables_of[kind, words])])
    head = ["kind", "source", "link", "range", "effect of 10 % more", "rows", "tables"]
    if not weight:
        head, rows = [*head[:4], *head[5:]], [[*row[:4], *row[5:]] for row in rows]
    caption = "Publications and judgements by effect, and how many rows rest on each"
    return Table(head, rows, caption if weight else caption.replace(" by effect", ""), 4)


def _known(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str, float]]:
    """Link, range and effect, by kind and by the name that rows cite."""
    found = {}
    for row in frame.to_dict("records"):
        low, high = (row[end] for end in ("low", "high"))
        ends = "" if high in ("", None) else f"{float(low):,g} to {float(high):,g} {row['unit']}".strip()
        named = str(row["kind"]), str(row["cited_as"] or row["source_id"])
        found[named] = (str(row["url"] or ""), ends, float(row["effect_musd"] or 0.0))
    return found


def _citations(tables: dict[str, pd.DataFrame]) -> Iterator[tuple[str, Cited]]:
    """Table and what it cites, of each row with a source."""
    for name, frame in tables.items():
        if "source" in frame:
            yield from ((name, cited(source)) for source in frame["source"] if source)
