"""The published figures and judgements in `inputs/evidence/`, and a trace of which of them each written row was made from."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

INPUTS = Path(__file__).parents[1]
QUALITY = ("measured", "published_forecast", "estimate")  # best first
Row = dict[str, Any]


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
        self._files: dict[str, None] = {}
        self._keys: dict[str, None] = {}
        self._quality = QUALITY[0]
        known = set(self.judgements) | {f"{t}.{r['metric']}" for t, rows in self.tables.items() for r in rows if "metric" in r}
        if unknown := sorted(set(self.overrides) - known):
            raise SystemExit(f"no such judgement or evidence: {', '.join(unknown)}")

    def judge(self, key: str) -> float:
        """The value of a judgement, or what `--set` says instead."""
        row = self.judgements[key]
        self.judged.add(key)
        self._keys[key] = None
        self._worsen(row["quality"])
        choice = self.overrides.get(key, "value")
        return float(row.get(choice, choice))

    def has(self, table: str, **where: str) -> bool:
        return any(all(row[k] == v for k, v in where.items()) for row in self.tables[table])

    def look(self, table: str, column: str = "value", pick: int = -1, /, **where: str) -> str:
        """One cell of the evidence. Of several rows the last counts (the newest, where a metric was revised)."""
        rows = [row for row in self.tables[table] if all(row[k] == v for k, v in where.items())]
        if not rows:
            raise KeyError(f"{table}.csv has no row {where}")
        row = rows[pick]
        self._files[table] = None
        self._worsen(row["quality"])
        end = self.overrides.get(f"{table}.{row.get('metric')}", "value")
        return row[end] or row[column] if column == "value" else row[column]

    def number(self, table: str, column: str = "value", pick: int = -1, /, **where: str) -> float:
        return float(self.look(table, column, pick, **where))

    def trace(self) -> Row:
        """What has been read since the last call, as the two columns that every written row ends with."""
        source = sourced([f"{name}.csv" for name in self._files], list(self._keys))
        trace = {"source": source, "quality": self._quality}
        self._files, self._keys, self._quality = {}, {}, QUALITY[0]
        return trace

    def _worsen(self, quality: str) -> None:
        self._quality = max(self._quality, quality, key=QUALITY.index)


def both(one: Row, other: Row) -> Row:
    """Merge two traces: files first, then judgements, each once."""
    files, keys = (dict.fromkeys(a + b) for a, b in zip(*(parts(t["source"]) for t in (one, other)), strict=True))
    return {"source": sourced(list(files), list(keys)), "quality": max(one["quality"], other["quality"], key=QUALITY.index)}


def sourced(files: list[str], keys: list[str]) -> str:
    return "; ".join(filter(None, [", ".join(files), f"judgements: {', '.join(keys)}" if keys else ""]))


def parts(source: str) -> tuple[list[str], list[str]]:
    """Split a `source` into its files and its keys of judgements."""
    files, _, keys = source.rpartition("judgements: ") if "judgements: " in source else (source, "", "")
    return [f for f in files.rstrip("; ").split(", ") if f], [k for k in keys.split(", ") if k]


def short(source: str) -> str:
    """Write four or more judgements of one family as `family_*`."""
    files, keys = parts(source)
    families: dict[str, list[str]] = {}
    for key in keys:
        families.setdefault(key.split("_")[0], []).append(key)
    return sourced(files, [part for name, of in families.items() for part in ([f"{name}_*"] if len(of) > 3 else of)])
