"""Findings and notices, the places that they point to, and the files that hold those places."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from planner.codes import Code, Remark
from planner.errors import Finding, InputError, harmless, place_text

LONGEST_SHOWN, LONGEST_MESSAGE = 80, 2_000
SHORTEST_PREFIX, MOST_NEAR, MOST_COMPARED = 3, 8, 20_000


@dataclass(eq=False)
class SourceFile:
    """One input file as it was read: the bytes that were hashed are the bytes that were parsed."""

    path: Path
    shown: str  # as a user can open it from where the command was typed
    data: bytes = b""
    name: str = ""  # relative to the folder of the plan, the same on every machine
    sheet: str = ""  # the sheet of a workbook that is meant

    def on_sheet(self, sheet: str) -> SourceFile:
        """The same file, for places on one of its sheets."""
        return replace(self, sheet=sheet)

    @property
    def sha256(self) -> str:
        """Hash of the bytes that were read."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Place:
    """A line and a column of a file, a row and a column of a sheet, or an argument of the command line (line 0)."""

    source: SourceFile
    line: int = 0
    column: int = 0

    @property
    def shown(self) -> str:
        """The place as a user can open it from where the command was typed."""
        return place_text(self.source.shown, self.source.sheet, self.line, self.column)

    def record(self) -> dict[str, Any]:
        """The place as JSON."""
        return {"file": self.source.shown, "line": self.line, "column": self.column, "sheet": self.source.sheet}

    def __str__(self) -> str:
        return place_text(self.source.name or self.source.shown, self.source.sheet, self.line, self.column)


def argument_place(text: str, option: str = "--set") -> Place:
    """The place of a value that was typed on the command line."""
    return Place(SourceFile(Path(), f"{option} {shown(text)}", name=f"{option} {shown(text)}"))


@dataclass
class Findings:
    """Everything that is refused, collected to be raised together."""

    items: list[Finding] = field(default_factory=list)
    compared: int = 0  # names, to say which one was meant

    def add(self, code: Code, place: Place, message: str, value: object = "", expected: str = "") -> None:
        """Refuse something, in a sentence of its own."""
        at, words = place.source, shown(message, LONGEST_MESSAGE)
        self.items.append(Finding(code, at.shown, place.line, place.column, shown(value), expected, words, at.sheet))

    def refuse(self, code: Code, place: Place, name: str, value: object, expected: str, hint: str = "") -> None:
        """Refuse a value in the standard sentence: `name = value: expected ... (hint)`."""
        tail = f" ({hint})" if hint else ""
        self.add(code, place, f"{name} = {shown(value)}: expected {expected}{tail}", value, expected)

    @property
    def compares(self) -> bool:
        """Whether names are still compared, to say which one was meant."""
        return self.compared <= MOST_COMPARED

    def nearest(self, name: str, valid: Collection[str]) -> str:
        """As the function of that name; nothing after many comparisons, which take longer than anything else."""
        if not self.compares:
            return ""
        self.compared += len(valid)
        return nearest(name, sorted(valid) if isinstance(valid, Set) else valid)

    def raise_if_any(self, more: bool = False) -> None:
        """Raise one InputError with every finding, file by file and line by line. ``more``: others may follow once these are
        mended, as something could not be examined for them."""
        if self.items:
            unique = dict.fromkeys(self.items)
            order = {file: position for position, file in enumerate(dict.fromkeys((item.file, item.sheet) for item in unique))}
            raise InputError(sorted(unique, key=lambda item: (order[item.file, item.sheet], item.line, item.column)), more)


def shown(value: object, longest: int = LONGEST_SHOWN) -> str:
    """A value for a message: on one line, without control characters, cut to a readable length."""
    text = harmless(str(value))
    if len(text) > longest:
        text = text[: longest - 3] + "..."
    return text or "(empty)"


def first_of(names: Sequence[str], most: int = 5, longest: int = 30) -> str:
    """The first of several names from a file, and dots where there are more."""
    return ", ".join(shown(name, longest) for name in names[:most]) + (", ..." if len(names) > most else "")


def nearest(name: str, valid: Iterable[str]) -> str:
    """`did you mean x?`, or the valid names when they are few and no name is near. Names that start with the text are nearest,
    then names in which a word starts with it."""
    names = [str(one) for one in valid]
    folded = {one.casefold(): one for one in names}
    longer: list[str] = []
    if len(name) >= SHORTEST_PREFIX:
        part = name.casefold()
        longer = [one for fold, one in folded.items() if fold.startswith(part)]
        longer = longer or [one for fold, one in folded.items() if f"_{part}" in fold]
    if 0 < len(longer) <= MOST_NEAR:
        return f"did you mean {' or '.join(longer)}?"
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"did you mean {folded[near[0]]}?"
    if names and len(names) <= 8:
        return f"one of {', '.join(names)}"
    return ""


def allowable(text: str) -> str:
    """The code of a warning or a note. Raises ValueError, with what was expected, for anything else."""
    codes = [str(code) for code in Remark]
    if text in map(str, Code):
        raise ValueError("the code of a warning or a note: an error cannot be allowed")
    if text not in codes:
        near = nearest(text, codes)
        raise ValueError("the code of a warning or a note" + (f" ({near})" if near else ""))
    return text


@dataclass(frozen=True)
class Notice:
    """Something worth knowing that does not stop a plan: a warning or a note, as its code says. ``parts``: the notices that
    this one sums up, for readers who want each of them."""

    code: Remark
    text: str
    place: Place | None = None
    parts: tuple[Notice, ...] = ()
    doubt: str = ""  # which number is probably wrong, in a few words
    impossible: bool = False  # it says of a requirement that no plan can meet it

    @property
    def level(self) -> Literal["error", "warning", "note"]:
        """`warning` or `note`."""
        return self.code.level

    def each(self) -> tuple[Notice, ...]:
        """The notices that this one sums up, or itself."""
        return self.parts or (self,)

    def record(self) -> dict[str, Any]:
        """The notice as JSON."""
        record = {"level": self.level, "code": str(self.code), "text": self.text}
        return record if self.place is None else record | self.place.record()

    def __str__(self) -> str:
        where = f"{self.place.shown}: " if self.place is not None else ""
        return f"{where}{self.level}: {self.text} [{self.code}]"
