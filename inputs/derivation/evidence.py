"""The published figures and judgements in `inputs/evidence/`, and a trace of which of them each written row was made from."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INPUTS = Path(__file__).parents[1]
QUALITY = ("measured", "published_forecast", "estimate")  # best first
Row = dict[str, Any]
LONGEST = 72  # of a publication's name in the tables; the row of the evidence has it whole
UNPUBLISHED = ("", "none", "assignment", "judgement")


@dataclass(frozen=True)
class Cited:
    """A row of the evidence: its file, its line there, and the publication that the number is from, if any."""

    table: str
    line: int
    publication: str
    url: str = ""


@dataclass(frozen=True)
class Source:
    """What a row of the plan was made from: rows of the evidence and keys of judgements, each once."""

    cited: tuple[Cited, ...] = ()
    keys: tuple[str, ...] = ()

    def __add__(self, other: Source) -> Source:
        return Source(tuple(dict.fromkeys(self.cited + other.cited)), tuple(dict.fromkeys(self.keys + other.keys)))

    def __str__(self) -> str:
        """Publications with their files, then files of our own assignments, then judgements."""
        files: dict[str, dict[str, None]] = {}
        for each in self.cited:
            files.setdefault(each.publication, {})[f"{each.table}.csv"] = None
        own = files.pop("", {})
        words = [f"{publication} ({', '.join(names)})" for publication, names in files.items()]
        words += [", ".join(own)] if own else []
        return "; ".join([*words, f"judgements: {', '.join(families(self.keys))}"] if self.keys else words)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Evidence:
    """The evidence files, and a record of what has been read since the last `trace()`."""

    def __init__(self, folder: Path, overrides: dict[str, str] | None = None) -> None:
        self.tables = {path.stem: read(path) for path in sorted(folder.glob("*.csv"))}
        self.judgements = {row["key"]: row for row in self.tables["judgements"]}
        self.overrides = overrides or {}
        self.judged: set[str] = set()  # every judgement that was used, for the test that none is idle
        self._lines = {id(row): line for rows in self.tables.values() for line, row in enumerate(rows, start=2)}
        self._by: dict[tuple[str, tuple[str, ...]], dict[tuple[str, ...], list[dict[str, str]]]] = {}
        self._source = Source()
        self._quality = QUALITY[0]
        known = set(self.judgements) | {f"{t}.{r['metric']}" for t, rows in self.tables.items() for r in rows if "metric" in r}
        if unknown := sorted(set(self.overrides) - known):
            raise SystemExit(f"no such judgement or evidence: {', '.join(unknown)}")

    def judge(self, key: str) -> float:
        """The value of a judgement, or what `--set` says instead."""
        row = self.judgements[key]
        self.judged.add(key)
        self._source += Source(keys=(key,))
        self._worsen(row["quality"])
        choice = self.overrides.get(key, "value")
        return float(row.get(choice, choice))

    def has(self, table: str, **where: str) -> bool:
        return bool(self._rows(table, where))

    def look(self, table: str, column: str = "value", pick: int = -1, /, **where: str) -> str:
        """One cell of the evidence. Of several rows the last counts (the newest, where a metric was revised)."""
        rows = self._rows(table, where)
        if not rows:
            raise KeyError(f"{table}.csv has no row {where}")
        row = rows[pick]
        self._source += Source((Cited(table, self._lines[id(row)], *publication(row, column)),))
        self._worsen(row["quality"])
        end = self.overrides.get(f"{table}.{row.get('metric')}", "value")
        return row[end] or row[column] if column == "value" else row[column]

    def number(self, table: str, column: str = "value", pick: int = -1, /, **where: str) -> float:
        return float(self.look(table, column, pick, **where))

    def trace(self) -> Row:
        """What has been read since the last call, as the two columns that every written row ends with."""
        trace = {"source": self._source, "quality": self._quality}
        self._source, self._quality = Source(), QUALITY[0]
        return trace

    def _rows(self, table: str, where: dict[str, str]) -> list[dict[str, str]]:
        """Rows by the cells of the columns asked for; sorted into them once, since thousands of numbers are looked up."""
        columns = tuple(where)
        if (table, columns) not in self._by:
            by = self._by[table, columns] = defaultdict(list)
            for row in self.tables[table]:
                by[tuple(row[column] for column in columns)].append(row)
        return self._by[table, columns].get(tuple(where.values()), [])

    def _worsen(self, quality: str) -> None:
        self._quality = max(self._quality, quality, key=QUALITY.index)


def publication(row: dict[str, str], column: str) -> tuple[str, str]:
    """Who published a number and when, and where it is to be found; no publication where it is our own."""
    own = next((f"{part}_" for part in column.split("_") if row.get(f"{part}_source")), "")
    url = row.get(f"{own}url") or row.get("source_url_or_repo", "")
    first = row[f"{own}source"].split("; ")[0]
    if first in UNPUBLISHED or first.lower().startswith(("own ", "see ", "judgement")):
        return "", url
    words = first if len(first) <= LONGEST else f"{first[:LONGEST].rsplit(' ', 1)[0].rstrip(',:')} …"
    year = row.get(f"{own}year") or row.get("year", "")
    return words if re.search(r"\b(19|20)\d\d\b", words) or not year else f"{words}, {year}", url


def both(one: Row, other: Row) -> Row:
    """Merge two traces."""
    quality = max(one["quality"], other["quality"], key=QUALITY.index)
    return {"source": one["source"] + other["source"], "quality": quality}


def made_from(files: Iterable[str], quality: str) -> Row:
    """The trace of a row that is made from other tables of the plan."""
    return {"source": Source(tuple(Cited(name, 0, "") for name in files)), "quality": quality}


def parts(source: str) -> tuple[list[str], list[str]]:
    """Split a written `source` into its files and its keys of judgements."""
    cited, _, keys = source.partition("judgements: ")
    return list(dict.fromkeys(re.findall(r"\w+\.csv", cited))), [key for key in keys.split(", ") if key]


def families(keys: Iterable[str]) -> list[str]:
    """Four or more judgements of one family as `family_*`."""
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(key.split("_")[0], []).append(key)
    return [part for name, of in found.items() for part in ([f"{name}_*"] if len(of) > 3 else of)]
