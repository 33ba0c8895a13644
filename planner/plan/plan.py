"""A plan as it was resolved: settings, tables, and where each value came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from planner.findings import Notice, Place, SourceFile
from planner.formats import count, facts_html, month_name
from planner.plan.table import Table
from planner.schema.settings import Settings


@dataclass
class Entry:
    """One value of a YAML file. `value` is a scalar, a list of entries or a dict from key to entry."""

    value: Any
    place: Place
    key_place: Place
    text: str = ""  # a scalar as it is written

    def below(self, path: Iterable[str | int]) -> Entry:
        """The entry at a path of keys and positions, or the last one that exists on the way."""
        here = self
        for part in path:
            if isinstance(here.value, dict):
                found = here.value.get(str(part))
            else:
                inside = isinstance(here.value, list) and isinstance(part, int) and part < len(here.value)
                found = here.value[part] if inside else None
            if found is None:
                break
            here = found
        return here

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: entry.plain() for key, entry in self.value.items()}
        if isinstance(self.value, list):
            return [entry.plain() for entry in self.value]
        return self.value


@dataclass
class Link:
    """One file of a chain of plans, each of which extends the next."""

    source: SourceFile
    entry: Entry
    name: str
    why: str


@dataclass(frozen=True)
class OwnLimit:
    """A limit of the user's own that was executed: its block, the file as it was read, and the block's tables."""

    block: ModuleType
    source: SourceFile
    tables: dict[str, Table]


@dataclass(frozen=True)
class Mapped:
    """A table that a map made: its file, and its first rows as they stand there and as they are in the table."""

    table: str
    file: str
    before: tuple[dict[str, str], ...]
    after: tuple[dict[str, str], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """Everything that a plan says. A table that the plan does not name is there, without rows. Plans are equal by identity."""

    settings: Settings
    tables: dict[str, Table]
    links: tuple[Link, ...]  # from the plan itself to its root
    stated: Entry  # the keys of all links together, the nearer file winning
    adjust: tuple[Entry, ...]  # the root's first
    sources: tuple[SourceFile, ...]  # every file read, in reading order
    overrides: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = field(default=())
    own_limits: tuple[OwnLimit, ...] | None = None  # None: not executed
    mapped: tuple[Mapped, ...] = ()

    @property
    def name(self) -> str:
        """Name of the plan and of its result folder."""
        return self.settings.name

    @property
    def why(self) -> str:
        """Why this plan extends another, in a sentence; empty for a plan that extends none."""
        return self.links[0].why

    @property
    def path(self) -> Path:
        """The file of the plan itself."""
        return self.links[0].source.path

    @property
    def columns(self) -> dict[str, dict[str, list[Any]]]:
        """The columns of every table, by the name of the table."""
        return {name: table.columns for name, table in self.tables.items()}

    @property
    def facts(self) -> dict[str, str]:
        """What it is about, in words."""
        named = {"regions": "region", "designs": "orbital design", "accelerators": "chip", "zones": "zone"}
        sizes = [count(len(self.tables[name]), noun) for name, noun in named.items() if len(self.tables[name])]
        facts = {
            "months": f"{count(self.settings.months, 'month')} from {month_name(self.settings.start)}",
            "holds": ", ".join(sizes),
            "file": str(self.path),
        }
        return facts | ({"changed by": "; ".join(self.overrides)} if self.overrides else {})

    def __repr__(self) -> str:
        return f"<plan {self.name}: {', '.join(self.facts.values())}>"

    def _repr_html_(self) -> str:
        return facts_html(f"Plan {self.name}", self.facts)

    def setting(self, key: str) -> Any:
        """The value of a key of the plan file, given as a dotted path."""
        return attrgetter(key)(self.settings)

    def setting_place(self, key: str) -> Place:
        """Where a key of the plan was written, given as a dotted path; where the plan begins for a default."""
        return self.stated.below(key.split(".")).place

    def stated_at(self) -> dict[str, str]:
        """Where each setting that the plan states was written, by its dotted key; what is absent is a default."""
        found: dict[str, str] = {}

        def walk(entry: Entry, key: str) -> None:
            if isinstance(entry.value, dict):
                for name, below in entry.value.items():
                    walk(below, f"{key}.{name}" if key else name)
            else:
                found[key] = str(entry.place)

        walk(self.stated, "")
        return {key: place for key, place in found.items() if not key.startswith("tables.")}

    def to_mapping(self) -> dict[str, Any]:
        """The resolved plan file as plain values, with the chain of files and the changes that led to it."""
        mapping: dict[str, Any] = self.settings.model_dump(mode="json")
        mapping["tables"] = {name: table for name, table in mapping["tables"].items() if name in self.tables}
        for key in ("author", "as_of", "freeze_months", "change_usd_per_mw", "own_limits", "allow"):
            if not mapping[key]:
                del mapping[key]
        if self.settings.money.beside is None:
            mapping["money"] = {key: value for key, value in mapping["money"].items() if "currency" not in key}
        if self.why:
            mapping["why"] = self.why
        mapping["chain"] = [{"file": link.source.name, "name": link.name, "why": link.why} for link in self.links]
        mapping["adjust"] = [change for stated in self.adjust for change in stated.plain()]
        mapping["set"] = list(self.overrides)
        return mapping

    def files(self) -> list[dict[str, str]]:
        """Every input file that was read: its path relative to the folder of the plan, and the sha256 of what was read."""
        return [{"file": source.name, "sha256": source.sha256} for source in self.sources]
