"""What a scenario changes in the plan that it extends: the files it rests on, its settings, and the cells it changed."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from planner.formats import sentence
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading


def section(run: Reading) -> Section | None:
    """None for a plan that extends nothing and of which nothing was changed for this run."""
    made: dict[str, Any] = dict(run.written.manifest.get("resolved_from") or {})
    chain = [link for link in made.get("chain") or [] if isinstance(link, dict)]
    changed = list(made.get("set") or [])
    if len(chain) < 2 and not changed:
        return None
    root = str(chain[-1].get("file")) if chain else ""
    settings = [
        [key, _value(run, key), place]
        for key, place in (run.written.manifest.get("stated_at") or {}).items()
        if key != "name" and str(place).partition(":")[0] != root and len(chain) > 1
    ]
    rows = [*_cells(run), *_rows(run, made.get("adjust") or [])]
    tables = [Table(["setting", "value here", "stated at"], settings, "Settings of its own", 3)] if settings else []
    tables += [Table(["table", "what changed", "rows", "of"], rows, "Tables", 2)] if rows else []
    whys = [f"{link.get('name')}: {sentence(str(link.get('why') or 'the base plan'))}" for link in chain]
    lead = (
        f"{chain[0].get('name')} extends {', which extends '.join(str(link.get('name')) for link in chain[1:])}."
        if len(chain) > 1
        else ""
    )
    more = [f"Changed on the command line: {'; '.join(str(each) for each in changed)}."] if changed else []
    more += [] if tables or changed else ["It changes nothing that enters the computation."]
    words = [*(whys if len(chain) > 1 else []), *more]
    title = "Compared with its parent" if len(chain) > 1 else "Changed for this run"
    return Section("parent", title, lead=lead, paragraphs=words, tables=tables)


def _value(run: Reading, key: str) -> str:
    value: Any = run.written.settings
    for part in key.split("."):
        value = value.get(part, "") if isinstance(value, dict) else ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _cells(run: Reading) -> list[list[str]]:
    """One row a table and change, with how many of its rows were changed so; the words are those of the resolved inputs."""
    found = []
    for name, frame in run.inputs.items():
        if "changed" not in frame:
            continue
        told: Counter[str] = Counter()
        for text in frame["changed"]:
            told.update(part for part in re.split(r"; (?=\w+: )", text) if part)
        found += [[name, words, f"{many:,}", f"{len(frame):,}"] for words, many in told.most_common()]
    return found


def _rows(run: Reading, adjust: list[dict[str, Any]]) -> list[list[str]]:
    """Whole rows that were added, replaced or dropped, as the plan states it: of them no cell tells."""
    found = []
    for change in adjust:
        where = " and ".join(
            f"{column} is {' or '.join(map(str, value)) if isinstance(value, list) else value}"
            for column, value in (change.get("where") or {}).items()
        )
        words = f"rows added or replaced: {change['rows']}" if "rows" in change else "rows dropped" if "drop" in change else ""
        if words:
            name = str(change.get("table", ""))
            found.append([name, f"{words}{', where ' if where else ''}{where}", "", f"{len(run.inputs.get(name, [])):,}"])
    return found
