"""What can go wrong, as exceptions: each with its exit code, and input errors with their place in a file.

PlannerError          1
  LostWorkersError    1   workers were lost again and again during one job
  UsageError          2   the command line was not understood
  InputError          3   input refused; holds every finding at once
  InfeasibleError     4   no plan meets all limits
  UnboundedError      5   a plan could earn without limit
  NumericalError      5   the solver could not trust its numbers
  TimeLimitError      6   the best plan so far is kept, its gap stated
  VerificationError   7   the verifier did not confirm the plan
"""

from __future__ import annotations

import re
import traceback
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from planner.codes import Code


@dataclass(frozen=True)
class Finding:
    """One thing refused: its code, its place, what stands there, what was expected, and the sentence that a user reads."""

    code: Code
    file: str
    line: int  # 1-based; 0 where there is no line (a missing file, the command line)
    column: int  # 1-based: the field of a CSV row, the character of a YAML line, the column of a sheet
    value: str
    expected: str
    message: str
    sheet: str = ""  # of a workbook; `line` is then a row

    @property
    def place(self) -> str:
        return place_text(self.file, self.sheet, self.line, self.column)

    def __str__(self) -> str:
        return f"{self.place}: {self.message} [{self.code}]"


def is_harmless(letter: str) -> bool:
    """Whether a letter is one of a text that people read: printable, a space of any script, or what joins letters. What moves
    a cursor or turns the direction of writing is not."""
    return letter.isprintable() or unicodedata.category(letter) == "Zs" or letter in "\u200c\u200d"


def harmless(text: str) -> str:
    """A text on one line, without control characters: they are written as Python writes them.

    A name that the locale cannot read is taken as UTF-8 for this, and stays the bytes that it is."""
    try:
        letters = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half of a pair from a file, not a byte from the system
        letters = text
    kept = "".join(letter if is_harmless(letter) else repr(letter)[1:-1] for letter in letters)
    return kept if letters == text else kept.encode("utf-8", "surrogateescape").decode("ascii", "surrogateescape")


def place_text(file: str, sheet: str, line: int, column: int) -> str:
    """`file:line:column`, or `file:sheet!B7` as a spreadsheet writes it; a number that is 0 is left out."""
    file, sheet = harmless(file), harmless(sheet)
    if not sheet:
        return ":".join([file, *(str(number) for number in (line, column) if number)])
    quoted = sheet if re.fullmatch(r"\w+", sheet) else "'" + sheet.replace("'", "''") + "'"
    return f"{file}:{quoted}" + (f"!{column_letters(column)}{line}" if line else "")


def column_letters(column: int) -> str:
    """The name of a column of a sheet: 1 is A, 28 is AB."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class PlannerError(Exception):
    """Anything that the planner reports in words instead of a traceback. `status`: the word for a plan without an optimum, in a
    table of many plans; empty where the error says nothing about the optimum."""

    exit_code = 1
    status = ""


class LostWorkersError(PlannerError):
    """Workers were lost while they did one job, most likely out of memory."""


class UsageError(PlannerError):
    exit_code = 2


class InputError(PlannerError):
    """Input refused. `findings` holds all of them, in the order of the files. `more`: others may follow once these are mended,
    as something could not be examined for them."""

    exit_code = 3

    def __init__(self, findings: Iterable[Finding], more: bool = False) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        self.more = more
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self) -> tuple[Any, ...]:
        return InputError, (self.findings, self.more)  # as it travels between processes


def require_some_of(option: str, asked: Sequence[str], known: Sequence[str]) -> None:
    """Raise UsageError where an option asks for what is not known."""
    if unknown := [each for each in asked if each not in known]:
        raise UsageError(f"{option} {','.join(asked)}: {unknown[0]!r} is unknown, expected some of {','.join(known)}")


class InfeasibleError(PlannerError):
    """No plan meets all limits. `diagnosis`: why, as data for `--json`; `form`: the linear program, where it could be built."""

    exit_code = 4
    status = "infeasible"

    def __init__(self, message: str, diagnosis: dict[str, Any] | None = None, form: Any = None) -> None:
        super().__init__(message)
        self.diagnosis, self.form = diagnosis, form


@contextmanager
def blaming(blocks: Iterable[ModuleType]) -> Iterator[None]:
    """Turn an exception that was raised in a file of the user's own into a finding with its line; a TypeError of the model,
    which says what is wrong with such a block, into one without."""
    try:
        yield
    except PlannerError:
        raise
    except Exception as error:
        files = {str(block.__file__) for block in blocks}
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in files]
        if frames and not isinstance(error, SyntaxError):
            last, words = frames[-1], f"{type(error).__name__}: {error}"
            raise InputError([Finding(Code.E_OWN_LIMITS, last.filename, last.lineno or 0, 0, "", "", words)]) from error
        if files and isinstance(error, TypeError):
            raise InputError([Finding(Code.E_OWN_LIMITS, ", ".join(sorted(files)), 0, 0, "", "", str(error))]) from error
        raise


class UnboundedError(PlannerError):
    exit_code = 5
    status = "unbounded"


class NumericalError(PlannerError):
    exit_code = 5
    status = "numerical_trouble"


class TimeLimitError(PlannerError):
    exit_code = 6


class VerificationError(PlannerError):
    exit_code = 7
