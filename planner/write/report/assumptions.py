"""What the plan rests on: every input table with its quality and sources, and the settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import pandas as pd

from planner.formats import count, sentence, usd
from planner.plan.citations import PUBLICATION, Cited, cited, is_second_hand, listed_publications
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
EFFECT_NOTE = (
    "Effect: what 10 % more of every number of the rows that name the source does to the cost and the value of unserved "
    "compute, added without signs. Some numbers raise the cost and others lower it: it says how much rests on these rows, and "
    "not in which direction. Rows that name several sources count in full for each, so that effects must not be added. "
    "`planner explain RUN --estimates` gives the effect of each input with its sign."
)
"""What a reader takes for a change of cost in one direction."""
RESTS = (
    "publications alone",
    "publications and judgements",
    "judgements without a publication",
    "made-up examples alone",
    "notes or records that name no publication",
    "nothing that could be looked up",
)
"""What a row may rest on."""


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
    about = run.inputs.get(SOURCES, pd.DataFrame())
    lead += f" {sentence(rests_on(each for _, each in _citations(tables, about)))}".rstrip()
    words = "; ".join(f"{name.replace('_', ' ')}: {text}" for name, text in QUALITIES.items())
    folded = [_settings(run), _sources(tables, about)]
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
    for name, each in _citations(tables, about):
        told = set(each.kinds)
        rows_of.update(told)
        for one in told:
            tables_of.setdefault(one, {})[name] = None
    known = _known(about)
    rows = []
    weight = {each: musd for each, (_, _, musd) in known.items() if musd}
    alike = Counter((weight.get(each), many, tuple(tables_of[each])) for each, many in rows_of.items())
    for (kind, words), many in sorted(rows_of.items(), key=lambda item: (-weight.get(item[0], 0.0), -item[1], item[0])):
        url, ends, musd = known.get((kind, words), ("", "", 0.0))
        shown = words if len(words) <= LONGEST_SOURCE else f"{words[: LONGEST_SOURCE - 1]}…"
        effect, group = usd(1e6 * musd) if musd else "", alike[weight.get((kind, words)), many, tuple(tables_of[kind, words])]
        effect += f" (one number for {group} sources of the same rows)" if musd and group > 1 else ""
        rows.append([_kind(kind, words), shown, url, ends, effect, f"{many:,}", ", ".join(tables_of[kind, words])])
    head = ["kind", "source", "link", "range", "effect of 10 % more, without sign", "rows", "tables"]
    if not weight:
        head, rows = [*head[:4], *head[5:]], [[*row[:4], *row[5:]] for row in rows]
    caption = "Sources by effect, and how many rows rest on each"
    return Table(head, rows, caption if weight else caption.replace(" by effect", ""), 4, note=EFFECT_NOTE if weight else "")


def _known(frame: pd.DataFrame) -> dict[tuple[str, str], tuple[str, str, float]]:
    """Link, range and effect, by kind and by the name that rows cite."""
    found = {}
    for row in frame.to_dict("records"):
        low, high = (row[end] for end in ("low", "high"))
        ends = "" if high in ("", None) else f"{float(low):,g} to {float(high):,g} {row['unit']}".strip()
        named = str(row["kind"]), str(row["cited_as"] or row["source_id"])
        found[named] = (str(row["url"] or ""), ends, float(row["effect_musd"] or 0.0))
    return found


def rests_on(sources: Iterable[Cited]) -> str:
    """How many rows name publications, and what the others name: `By source, 3 rows name publications alone, ...`."""
    found = Counter(_rests(each) for each in sources)
    words = [f"{found[each]:,} {'row names' if found[each] == 1 else 'rows name'} {each}" for each in RESTS if found[each]]
    return f"By source, {', '.join(words)}" if words else ""


def _rests(each: Cited) -> str:
    if each.publications:
        return RESTS[1] if each.judgements else RESTS[0]
    rest = (each.judgements, each.examples, each.records)
    return next((words for found, words in zip(rest, RESTS[2:], strict=False) if found), RESTS[-1])


def _kind(kind: str, words: str) -> str:
    """What a source is; a publication that was read in another is second hand."""
    return f"{kind}, second hand" if kind == PUBLICATION and is_second_hand(words) else kind


def _citations(tables: dict[str, pd.DataFrame], about: pd.DataFrame) -> Iterator[tuple[str, Cited]]:
    """Table and what it cites, of each row with a source. ``about``: the table of sources."""
    listed = listed_publications({str(k): v for k, v in about.to_dict("list").items()}) if len(about) else set()
    for name, frame in tables.items():
        if "source" in frame:
            yield from ((name, cited(source, listed)) for source in frame["source"] if source)
