"""Reading an input file: the file that a name means, its bytes once, as a finding where that fails, and its text."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, nearest, shown

LARGEST_FILE_BYTES = 50_000_000
LARGEST_CELL = 100_000
WIDEST, LONGEST = 500, 250_000
"""Letters of a cell, columns and rows of a table, in a file or on a sheet: far more than any has."""
PLANS = (".yaml", ".yml", ".xlsx")
OTHER_ENDING = {".yaml": ".yml", ".yml": ".yaml"}
STANDARD_INPUT = Path("-")
"""Names the plan that is piped in; its folder is the working directory, its name `stdin.yaml`."""
_piped: dict[Path, bytes] = {}  # read once; a sweep reads the plan again at each point
FOLDERS = (Path(__file__).parents[2] / "inputs", Path(__file__).parents[3] / "inputs")
"""Where an installed package has them, and a checkout."""


def shown_path(path: Path) -> str:
    """Relative to the working directory when below it, else whole."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()


def shipped_plans() -> dict[str, Path]:
    """The file of each shipped plan by its name: the reference, a company's plan, then the scenarios of the reference."""
    for folder in FOLDERS:
        if (folder / "reference.yaml").is_file():
            scenarios = sorted((folder / "scenarios").glob("*.yaml"))
            company = {"operator": folder / "operator" / "plan.yaml"}
            return {"reference": folder / "reference.yaml"} | company | {file.stem: file for file in scenarios}
    return {}


def plan_path(path: Path) -> Path:
    """The file that a plan was named by. A bare name (`reference`, `hourly`: no folder, no ending) is a file of that name here,
    with or without the ending of a plan; where no such file exists, the shipped plan of that name. `plan.yml` means `plan.yaml`
    where there is only that, and the other way round."""
    if path.suffix in OTHER_ENDING and not path.exists() and path.with_suffix(OTHER_ENDING[path.suffix]).is_file():
        return path.with_suffix(OTHER_ENDING[path.suffix])
    shipped = shipped_plans().get(path.name) if path.parent == Path() else None
    if shipped is None or path.is_file() or (path / "plan.yaml").is_file():
        return path
    beside = (path.with_name(path.name + ending) for ending in PLANS)
    return next((file for file in beside if file.is_file()), shipped)


def read_standard_input(findings: Findings) -> SourceFile | None:
    """What is piped in, as a file of the working directory."""
    source = SourceFile(Path.cwd() / "stdin.yaml", "standard input")
    try:
        if source.path not in _piped:
            _piped[source.path] = b"" if sys.stdin is None else sys.stdin.buffer.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        findings.add(Code.E_FILE_UNREADABLE, Place(source), f"cannot be read ({reason})", source.shown, "a readable file")
        return None
    source.data = _piped[source.path]
    if len(source.data) > LARGEST_FILE_BYTES:
        findings.add(Code.E_FILE_LARGE, Place(source), f"larger than {LARGEST_FILE_BYTES // 1_000_000} MB", source.shown)
        return None
    return source


def was_piped(path: Path) -> bool:
    """Whether a path is that of a plan that was piped in."""
    return path in _piped


def read_source(path: Path, asked_at: Place | None, findings: Findings) -> SourceFile | None:
    """Reads one input file; a file that cannot be read is a finding where it is asked for."""
    source = SourceFile(path, shown_path(path))
    place = asked_at or Place(source)
    name = "" if asked_at is None else f"{shown(source.shown)}: "  # the place of a plan is its name already
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            inside = path / "plan.yaml"
            hint = f" (did you mean {shown_path(inside)}?)" if path.suffix != ".csv" and inside.is_file() else ""
            findings.add(Code.E_FILE_KIND, place, f"{name}expected a file, found a folder{hint}", source.shown, "a file")
        elif not stat.S_ISREG(status.st_mode):
            findings.add(Code.E_FILE_KIND, place, f"{name}expected a file, found a device or a pipe", source.shown, "a file")
        elif status.st_size > LARGEST_FILE_BYTES:
            findings.add(Code.E_FILE_LARGE, place, f"{name}larger than {LARGEST_FILE_BYTES // 1_000_000} MB", source.shown)
        else:
            source.data = _content(path)
            return source
    except (FileNotFoundError, NotADirectoryError):
        beside = sorted(os.listdir(path.parent)) if path.parent.is_dir() else []
        named = list(shipped_plans()) if asked_at is None and not path.suffix else []
        hint = nearest(path.name, [*named, *(name for name in beside if name.endswith(path.suffix))])
        tail = f" ({hint})" if hint.startswith("did") else ""
        findings.add(Code.E_FILE_MISSING, place, f"{name}no such file{tail}", source.shown, "a file")
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        findings.add(Code.E_FILE_UNREADABLE, place, f"{name}cannot be read ({reason})", source.shown, "a readable file")
    return None


def _content(path: Path) -> bytes:
    """At most as much as may be, without waiting: files of the kernel state a size of 0 and may not end."""
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NONBLOCK", 0))) as file:
        data = file.read(LARGEST_FILE_BYTES + 1) or b""
    if len(data) > LARGEST_FILE_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return data


def decode(source: SourceFile, findings: Findings, encoding: str = "utf-8-sig") -> str | None:
    """The text of a file, without its byte order mark; what is no text in the encoding is a finding with its line."""
    try:
        return source.data.decode(encoding)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0  # some rare encodings do not say where
        line = source.data.count(b"\n", 0, start) + 1
        name = encoding.removesuffix("-sig").upper()
        byte = f"byte 0x{source.data[min(start, len(source.data) - 1)]:02x}"
        findings.add(Code.E_TEXT_ENCODING, Place(source, line), f"{byte}: expected text in {name}", byte, f"text in {name}")
        return None
