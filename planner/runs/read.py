"""Read a result folder as text and numbers, from its files alone: no model, no solver, any version that kept its names."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from planner.errors import UsageError, VerificationError
from planner.plan.calendar import month_names
from planner.result import SummaryLine
from planner.schema.results import CONTRACT, is_key, is_number
from planner.verify.files import plain_json, plain_yaml
from planner.verify.hashes import edited

NEEDED: dict[str, tuple[str, ...]] = {
    "costs": ("place_id", "item_id", "month", "component", "discounted_musd"),
    "demand": ("pool_id", "class_id", "month", "demand_kh100e", "served_kh100e"),
    "fleet": ("place_id", "generation_id", "month", "it_nameplate_mw"),
    "chips": ("generation_id", "month", "dark_kunit", "displaced_kunit", "dark_mw"),
    "power": ("region_id", "option_id", "month", "capacity_mw", "energy_mwh", "carbon_tco2"),
    "limits": ("constraint", "where", "month", "rent_musd"),
    "orbit": ("design_id", "month", "launched_mw", "launched_t", "service_mw"),
}
"""What is compared by name. Every other table is compared cell by cell."""


@dataclass(frozen=True)
class Written:
    """One result folder. ``inputs`` hold text, ``tables`` numbers in columns of numbers. ``edited``: which files are not as
    the run wrote them, in words; empty where all are."""

    folder: Path
    settings: Mapping[str, Any]
    manifest: Mapping[str, Any]
    months: tuple[str, ...]
    inputs: Mapping[str, pd.DataFrame]
    tables: Mapping[str, pd.DataFrame]
    edited: str = ""

    @property
    def name(self) -> str:
        return str(self.settings.get("name", self.folder.name))

    @property
    def solver(self) -> Mapping[str, Any]:
        """What the solver said of the run; nothing where the record does not say."""
        found: Mapping[str, Any] = self.manifest.get("solver", {})
        return found

    @property
    def status(self) -> str:
        """`optimal`, or `time_limit` for a plan that a time limit left, or `alternative`."""
        return str(self.solver.get("status", ""))

    def setting(self, key: str) -> str:
        return str(self.settings.get(key, ""))


def read_written(folder: Path, without: Collection[str] = ()) -> Written:
    """Read a result folder, all its tables or all but some. Raises UsageError for one that is incomplete or cannot be read,
    naming the file."""
    plan = folder / "inputs" / "plan.yaml"
    settings = _mapping(plan, plain_yaml)
    start, count = settings.get("start"), settings.get("months")
    try:
        months = month_names(str(start), int(count))  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise UsageError(f"{plan}: start {start!r} and months {count!r} do not make a calendar") from error
    manifest = read_manifest(folder)
    inputs = {path.stem: _text(path) for path in sorted((folder / "inputs").glob("*.csv"))}
    paths = [path for path in sorted((folder / "tables").glob("*.csv")) if path.stem not in without]
    tables = {path.stem: _numbers(path.stem, _text(path)) for path in paths}
    for name, columns in NEEDED.items():
        path = folder / "tables" / f"{name}.csv"
        if name not in tables:
            raise UsageError(f"{path}: missing; is {folder} a whole result of this planner?")
        for column in columns:
            if column not in tables[name]:
                raise UsageError(f"{path}: column {column} missing")
            if not is_key(name, column) and tables[name][column].dtype.kind != "f":
                raise UsageError(f"{path}: column {column} holds something that is not a number")
    return Written(folder, settings, manifest, months, inputs, tables, edited(folder, manifest))


def contents(folder: Path, without: Collection[str] = ()) -> tuple[Written, list[SummaryLine]]:
    """A run and its headlines, to be written elsewhere under names that others rely on.

    Raises UsageError for a folder that is no whole result or follows another contract, VerificationError for one that was
    edited."""
    written = read_written(folder, without)
    found = written.manifest.get("contract")
    if found != CONTRACT:
        raise UsageError(f"{folder} is of contract {found}, this planner writes contract {CONTRACT}: run the plan again")
    if written.edited:
        raise VerificationError(f"{folder} is {written.edited}; nothing is carried from it: run the plan again")
    try:
        return written, [SummaryLine(**line) for line in written.manifest["summary"]]
    except (KeyError, TypeError) as error:
        raise UsageError(f"{folder / 'manifest.json'}: summary must hold headlines of key, value, unit, text") from error


def read_answer(folder: Path, name: str, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a study that is kept beside a run; none where the file is missing, is no file of ours, or speaks of another
    plan than the folder."""
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
        if found["fingerprint"] != manifest["model"]["fingerprint"]:
            return []
        return [{str(key): value for key, value in row.items()} for row in found["rows"]]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []


def fingerprint_of(manifest: Mapping[str, Any]) -> str:
    """The fingerprint of the program that a run solved; empty where its record does not say."""
    return str(manifest.get("model", {}).get("fingerprint", ""))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The run record. Raises UsageError where it cannot be read or a part of it is not what it must be, naming the file."""
    path = folder / "manifest.json"
    manifest = _mapping(path, plain_json)
    for part in ("solver", "model", "resolved_from"):
        if not isinstance(manifest.get(part, {}), dict):
            raise UsageError(f"{path}: {part} must hold keys and values")
    return manifest


def _mapping(path: Path, parse: Callable[[str], Any]) -> dict[str, Any]:
    _refuse_unless_file(path)
    try:
        found = parse(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    except ValueError as error:
        raise UsageError(f"{path}: is not well formed: {str(error).splitlines()[0]}") from error
    if not isinstance(found, dict):
        raise UsageError(f"{path}: must hold keys and values")
    return found


def _refuse_unless_file(path: Path) -> None:
    """Refuse pipes and devices: opening a pipe waits for its other end for ever."""
    if path.exists() and not path.is_file():
        raise UsageError(f"{path}: is not a file")


def _text(path: Path) -> pd.DataFrame:
    _refuse_unless_file(path)
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from error
    except ValueError as error:  # pandas raises subclasses of it for what it cannot parse
        raise UsageError(f"{path}: cannot be read as a table: {str(error).splitlines()[0]}") from error


def _numbers(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The table with numbers in each column of numbers that holds nothing else; an empty cell is no number."""
    columns: dict[str, Any] = {}
    for name, texts in frame.items():
        columns[str(name)] = texts
        if is_number(table, str(name)):
            cells = texts.to_numpy(dtype=object)
            numbers = np.asarray(pd.to_numeric(cells, errors="coerce"), dtype=float)
            if not (np.isnan(numbers) & (cells != "")).any():
                columns[str(name)] = numbers
    return pd.DataFrame(columns, index=frame.index, columns=frame.columns)
