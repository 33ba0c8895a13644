"""Plans that extend plans: the chain is read from the plan to its root, then merged, the nearer file winning key by key."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, shown
from planner.plan.plan import Entry, Link, Mapped
from planner.read.files.source import PLANS, STANDARD_INPUT, read_source, read_standard_input, was_piped
from planner.read.files.workbook import Book, Books, is_other_format, is_workbook, sheet_names
from planner.read.files.workbook_plan import kind_of, read_plan_sheet, tables_of
from planner.read.files.yaml import read_yaml
from planner.schema.quantities import UnitError, in_unit_of
from planner.schema.settings import Settings

LONGEST_CHAIN = 10
HIGHEST = 2
"""Folders above its own in which a plan may extend another: a plan of strangers does not choose among all files."""
OWN_KEYS = ("extends", "why", "name", "adjust")


@dataclass(frozen=True)
class Ground:
    """Where a plan's tables may lie: in the folders of the plan and of those that it extends, and below them."""

    root: Path  # the folder that holds them all: names of files are relative to it
    folders: tuple[Path, ...]

    @property
    def words(self) -> str:
        """The folders, for a message."""
        outer = [one for one in self.folders if not any(one != other and one.is_relative_to(other) for other in self.folders)]
        names = " or ".join(dict.fromkeys(f"{one.name}/" for one in outer))
        return f"{names}, the folder{'s' if len(outer) > 1 else ''} of the plan"

    def holds(self, path: Path) -> bool:
        """Whether a path stays inside, symbolic links followed."""
        try:
            real = path.resolve()
            return any(path.is_relative_to(one) and real.is_relative_to(one.resolve()) for one in self.folders)
        except (OSError, RuntimeError):  # circular links, names too long
            return False


@dataclass
class Chain:
    """All files of a plan, from the plan itself to its root, and what they say together."""

    links: list[Link]
    ground: Ground
    merged: Entry
    adjust: list[Entry] = field(default_factory=list)
    table_folders: dict[str, Path] = field(default_factory=dict)
    books: Books = field(default_factory=Books)
    mapped: list[Mapped] = field(default_factory=list)
    left_out: list[tuple[str, str, Place]] = field(default_factory=list)
    """Table and column whose rows with names that the plan does not have are left out, and where a map says so."""


def read_chain(path: Path, findings: Findings) -> Chain | None:
    """Read a plan and all that it extends; None, with findings, when the chain could not be read to its root."""
    links: list[Link] = []
    books = Books()
    asked_at: Place | None = None
    piped = read_standard_input(findings) if path == STANDARD_INPUT or was_piped(path) else None
    next_path: Path | None = piped.path if piped is not None else Path(os.path.abspath(path))
    if path == STANDARD_INPUT and piped is None:
        return None
    while next_path is not None:
        source = piped if piped is not None and not links else read_source(next_path, asked_at, findings)
        if source is not None and asked_at is not None and not _is_plan(source):
            findings.add(
                Code.E_EXTENDS,
                asked_at,
                f"{shown(source.path.name)}: not a plan",
                source.path.name,
                "a plan, with keys such as start",
            )
            return None
        entry = _read_plan(source, books, findings) if source is not None else None
        if source is None or entry is None:
            return None
        real = next_path.resolve()
        if asked_at is not None and any(link.source.path.resolve() == real for link in links):
            files = " -> ".join(link.source.path.name for link in links)
            findings.add(Code.E_EXTENDS, asked_at, f"circular extends: {files} -> {next_path.name}", next_path.name)
            return None
        links.append(_link(source, entry, findings))
        before = len(findings.items)
        asked_at, next_path = _parent(links[-1], findings)
        if len(findings.items) > before:
            return None
        if next_path is not None and len(links) == LONGEST_CHAIN:
            at = asked_at or entry.place
            findings.add(Code.E_EXTENDS, at, f"more than {LONGEST_CHAIN} plans extend each other", next_path.name)
            return None
    folders = tuple(dict.fromkeys(link.source.path.parent for link in links))
    try:
        ground = Ground(Path(os.path.commonpath(folders)), folders)
    except ValueError:  # drives of Windows
        findings.add(Code.E_FILE_OUTSIDE, asked_at or Place(links[0].source), "expected plans on one drive")
        return None
    for link in links:
        link.source.name = link.source.path.relative_to(ground.root).as_posix()
    books.name_sheets()
    for link in links:
        _name_sheets_as_tables(link, ground, books, findings)
    return _merge(links, ground, books)


def _read_plan(source: SourceFile, books: Books, findings: Findings) -> Entry | None:
    if is_other_format(source.path):
        expected = "a plan as YAML or as an .xlsx workbook"
        findings.add(Code.E_FILE_KIND, Place(source), f"expected {expected}", source.path.suffix, expected)
        return None
    return read_plan_sheet(source, books, findings) if is_workbook(source.path) else read_yaml(source, findings)


def _is_plan(source: SourceFile) -> bool:
    """Whether a file has a key of a plan. One that has none may be anything, and no finding repeats a word of it."""
    keys = re.compile(rf"\ufeff?['\"]?({'|'.join(Settings.model_fields | dict.fromkeys(OWN_KEYS))})['\"]?\s*:")
    return is_workbook(source.path) or any(keys.match(line) for line in source.data.decode("utf-8", "replace").splitlines())


def inside(ground: Ground, folder: Path, stated: str, place: Place, findings: Findings) -> Path | None:
    """The path of a file that a plan names; None when it leaves the folders of the plan."""
    path = Path(os.path.normpath(folder / stated))
    if Path(stated).is_absolute() or "\\" in stated or "\0" in stated:
        findings.add(
            Code.E_FILE_OUTSIDE,
            place,
            f"{shown(stated)}: expected a path relative to this file, with /",
            stated,
            "a relative path",
        )
        return None
    if not ground.holds(path):
        expected = f"a path inside {ground.words}"
        findings.add(Code.E_FILE_OUTSIDE, place, f"{shown(stated)}: expected {expected}", stated, expected)
        return None
    return path


def source_inside(ground: Ground, folder: Path, stated: Entry, findings: Findings) -> SourceFile | None:
    """The file that a plan names, read; None after a finding."""
    path = inside(ground, folder, stated.value, stated.place, findings)
    source = read_source(path, stated.place, findings) if path is not None else None
    if source is not None and path is not None:
        source.name = path.relative_to(ground.root).as_posix()
    return source


def book_inside(ground: Ground, books: Books, folder: Path, stated: Entry, findings: Findings) -> Book | None:
    """The workbook that a plan names, read once; None after a finding."""
    path = Path(os.path.normpath(folder / stated.value))
    if path in books.opened:  # by another table, or because it is the plan itself
        return books.opened[path]
    source = source_inside(ground, folder, stated, findings)
    return books.open(source, findings) if source is not None else None


def _name_sheets_as_tables(link: Link, ground: Ground, books: Books, findings: Findings) -> None:
    """`tables: book.xlsx` becomes every table that is a sheet of the workbook."""
    stated = link.entry.value.get("tables")
    if stated is None or not isinstance(stated.value, str) or not is_workbook(stated.value):
        return
    book = book_inside(ground, books, link.source.path.parent, stated, findings)
    if book is not None:
        sheet_names(book, findings, books.notices)
    link.entry.value["tables"] = tables_of(book, stated)


def _link(source: SourceFile, entry: Entry, findings: Findings) -> Link:
    name, why = source.path.stem, ""
    for key in ("name", "why"):
        stated = entry.value.get(key)
        if stated is not None and (not isinstance(stated.value, str) or not stated.value.strip()):
            hint = "in quotes" if isinstance(stated.value, bool | int | float) else ""
            findings.refuse(Code.E_KEY_VALUE, stated.place, key, stated.text, "a text", hint)
            continue
        if stated is not None and key == "name":
            name = stated.value
        elif stated is not None:
            why = " ".join(stated.value.split())
    if "extends" in entry.value and "why" not in entry.value:
        at = entry.value["extends"].key_place
        findings.add(
            Code.E_KEY_MISSING,
            at,
            "why is missing: expected a sentence that says why this plan extends another",
            "",
            "a sentence",
        )
    return Link(source, entry, name, why)


def _parent(link: Link, findings: Findings) -> tuple[Place | None, Path | None]:
    stated = link.entry.value.get("extends")
    if stated is None:
        return None, None
    if not isinstance(stated.value, str) or not stated.value:
        findings.refuse(Code.E_KEY_VALUE, stated.place, "extends", stated.text, "the path of a plan")
        return None, None
    if Path(stated.value).is_absolute() or "\\" in stated.value or "\0" in stated.value:
        findings.add(
            Code.E_FILE_OUTSIDE,
            stated.place,
            f"{shown(stated.value)}: expected a path relative to this file, with /",
            stated.value,
        )
        return None, None
    folder = link.source.path.parent
    path = Path(os.path.normpath(folder / stated.value))
    top = folder.parents[min(HIGHEST, len(folder.parents)) - 1] if folder.parents else folder
    if path.suffix.lower() not in PLANS:
        findings.refuse(
            Code.E_FILE_KIND, stated.place, "extends", stated.value, f"a plan: a file that ends in {', '.join(PLANS)}"
        )
        return None, None
    if not path.is_relative_to(top) or not _real(path).is_relative_to(_real(top)):
        expected = "a plan in the folder of this file, in one of the two above it, or below them"
        findings.refuse(Code.E_FILE_OUTSIDE, stated.place, "extends", stated.value, expected)
        return None, None
    return stated.place, path


def _real(path: Path) -> Path:
    """Symbolic links followed, where that can be done."""
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # circular links, names too long: reading says so
        return path


def _merge(links: list[Link], ground: Ground, books: Books) -> Chain:
    chain = Chain(links, ground, Entry({}, links[0].entry.place, links[0].entry.key_place), books=books)
    for link in reversed(links):
        for key, value in link.entry.value.items():
            if key not in OWN_KEYS:
                chain.merged.value[key] = _merged(chain.merged.value.get(key), value)
        stated = link.entry.value.get("adjust")
        if stated is not None:
            chain.adjust.append(stated)
        below = link.entry.value.get("tables")
        if below is not None and isinstance(below.value, dict):
            chain.table_folders.update(dict.fromkeys(below.value, link.source.path.parent))
    own_name = links[0].entry.value.get("name")
    at = links[0].entry.place
    chain.merged.value["name"] = own_name or Entry(links[0].name, at, at, links[0].name)
    return chain


def _merged(below: Entry | None, above: Entry) -> Entry:
    if below is None or not isinstance(below.value, dict) or not isinstance(above.value, dict):
        return above
    keys = dict.fromkeys([*below.value, *above.value])
    merged = {key: _merged(below.value.get(key), above.value[key]) if key in above.value else below.value[key] for key in keys}
    return Entry(merged, above.place, above.key_place)


def with_numbers(entry: Entry, key: str = "") -> Entry:
    """The same, with numbers converted from their own units; a text that cannot be converted stays, to be refused."""
    if isinstance(entry.value, dict):
        below = {name: with_numbers(one, f"{key}.{name}" if key else name) for name, one in entry.value.items()}
        return Entry(below, entry.place, entry.key_place, entry.text)
    if not isinstance(entry.value, str):
        return entry
    if not kind_of(key).number:
        return entry
    try:
        number = in_unit_of(name_with_unit(key), entry.value)
    except UnitError:
        return entry
    if not isfinite(number):
        return entry
    return Entry(int(number) if number.is_integer() else number, entry.place, entry.key_place, entry.text)


def name_with_unit(key: str) -> str:
    """The part of a dotted key that states the unit; a calendar year below it does not."""
    parts = key.split(".")
    return next((part for part in reversed(parts) if not part.isdigit()), key)
