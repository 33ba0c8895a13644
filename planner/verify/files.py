"""Files of a run folder: what keeps them from being read as numbers is a finding, never a traceback."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from planner.verify.run import Run, UnreadableError, is_month, serial
from planner.verify.schema import INPUTS, ORBIT_TABLES, RESULTS, Table
from planner.verify.verdict import Check, finding


def read_run(folder: Path) -> Run:
    """Read a run folder. Raises UnreadableError with all findings at once."""
    findings: list[Check] = []
    plan = _mapping(folder / "inputs" / "plan.yaml", findings)
    manifest = _mapping(folder / "manifest.json", findings)
    inputs = {name: _table(folder, "inputs", name, table, findings) for name, table in INPUTS.items()}
    tables = {name: _table(folder, "tables", name, table, findings) for name, table in RESULTS.items()}
    months = _months(plan, findings) if plan else ()
    if findings:
        raise UnreadableError(findings)
    run = Run(folder, plan, inputs, tables, manifest, months)
    if len(inputs["designs"]):
        findings += [
            finding("tables", f"tables/{name}.csv: missing, and the plan has orbital designs")
            for name in ORBIT_TABLES
            if not (folder / "tables" / f"{name}.csv").is_file()
        ]
    for group, known in (("inputs", INPUTS), ("tables", RESULTS)):
        for name, table in known.items():
            findings += _key_findings(run, group, name, table)
    if findings:
        raise UnreadableError(findings)
    return run


def _mapping(path: Path, findings: list[Check]) -> Mapping[str, Any]:
    name = path.name
    try:
        text = path.read_text(encoding="utf-8")
        value = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        findings.append(finding(name, f"{name}: cannot be read ({error.__class__.__name__})"))
        return {}
    except (json.JSONDecodeError, yaml.YAMLError) as error:
        findings.append(finding(name, f"{name}: is not well formed ({str(error).splitlines()[0]})"))
        return {}
    if not isinstance(value, dict) or not value:
        findings.append(finding(name, f"{name}: must hold keys and values"))
        return {}
    return value


def _months(plan: Mapping[str, Any], findings: list[Check]) -> tuple[str, ...]:
    start, count = str(plan.get("start")), plan.get("months", 36)
    if not is_month(start) or isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= 1200:
        findings.append(finding("plan.yaml", f"plan.yaml: start {start!r} and months {count!r} do not make a calendar"))
        return ()
    first = serial(start)
    return tuple(f"{number // 12:04d}-{number % 12 + 1:02d}" for number in range(first, first + count))


def _table(folder: Path, group: str, name: str, table: Table, findings: list[Check]) -> pd.DataFrame:
    path, title = folder / group / f"{name}.csv", f"{group}/{name}.csv"
    words = (*table.keys, *table.text, *table.optional_text)
    if not path.is_file():
        if table.required:
            findings.append(finding(group, f"{title}: missing"))
        return _empty(table)
    wanted = set(words) | set(table.numbers)
    try:
        frame = _parse(path, wanted, words, list(table.numbers))
    except (ValueError, OSError) as error:  # pandas raises subclasses of ValueError for a file that it cannot parse
        findings.append(finding(group, f"{title}: cannot be read as a table ({str(error).splitlines()[0]})"))
        return _empty(table)
    must = [*table.keys, *table.text] + [c for c, default in table.numbers.items() if default is None or group == "tables"]
    missing = [column for column in must if column not in frame.columns]
    if missing:
        findings.append(finding(group, f"{title}: column {', '.join(missing)} missing"))
        return _empty(table)
    for column in table.optional_text:
        if column not in frame.columns:
            frame[column] = ""
    for column, default in table.numbers.items():
        _fill(frame, column, default, column not in table.signed, group, title, findings)
    return frame


def _empty(table: Table) -> pd.DataFrame:
    words = dict.fromkeys((*table.keys, *table.text, *table.optional_text), "str")
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in (words | dict.fromkeys(table.numbers, "float")).items()})


def _parse(path: Path, wanted: set[str], words: Sequence[str], numbers: Sequence[str]) -> pd.DataFrame:
    def read(numbers_as: Any) -> pd.DataFrame:
        return pd.read_csv(
            path,
            usecols=lambda column: column in wanted,
            dtype={**dict.fromkeys(words, str), **dict.fromkeys(numbers, numbers_as)},
            keep_default_na=False,
            na_values={column: [""] for column in numbers} if numbers_as is float else None,
            encoding="utf-8",
        )

    try:
        return read(float)
    except ValueError:
        return read(str)  # some cell of a number column holds text: `_fill` says which


def _fill(
    frame: pd.DataFrame, column: str, default: float | None, positive: bool, group: str, title: str, findings: list[Check]
) -> None:
    if column not in frame.columns:
        frame[column] = default
        return
    raw = frame[column]
    empty = (raw == "") if raw.dtype != float else raw.isna()
    values = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=float).copy()
    wrong = ~np.isfinite(values) & ~empty.to_numpy(dtype=bool)
    if default is None:
        wrong |= empty.to_numpy(dtype=bool)
    else:
        values[empty.to_numpy(dtype=bool)] = default
    if positive:
        wrong |= values < 0
    if wrong.any():
        row = int(np.argmax(wrong))
        law = "a number, zero or more" if positive else "a number"
        findings.append(finding(group, f"{title}: row {row + 2}: {column} must be {law}, not {_told(raw.iloc[row])}"))
    frame[column] = values


def _told(cell: object) -> str:
    """A cell as it stands in the file: words in quotes, numbers bare, an empty cell by name."""
    if isinstance(cell, str):
        return repr(cell) if cell else "empty"
    return "empty" if cell != cell else f"{cell:g}"


def _key_findings(run: Run, group: str, name: str, table: Table) -> list[Check]:
    title = f"{group}/{name}.csv"
    frame = run.table(f"inputs.{name}" if group == "inputs" else name)
    found: list[Check] = []
    for key in table.keys:
        if key in table.loose or key not in run.axes or (group == "inputs" and INPUTS[name].keys == (key,) and key != "month"):
            continue
        words = pd.Index(frame[key], dtype=str)
        strange = np.asarray(pd.Index(run.axes[key], dtype=str).get_indexer(words) < 0)
        if group == "inputs" and key == "month":
            strange &= ~np.array([is_month(str(word)) for word in words], dtype=bool)
        if strange.any():
            row = int(np.argmax(strange))
            found.append(finding(group, f"{title}: row {row + 2}: {key} {str(words[row])!r} is not known to the plan"))
    if (group, name) == ("inputs", "fleet"):
        spans = zip(frame["delivered_from"].astype(str), frame["delivered_to"].astype(str), strict=True)
        strange = np.array([not (is_month(first) and is_month(last) and first <= last) for first, last in spans], dtype=bool)
        if strange.any():
            row = int(np.argmax(strange))
            found.append(finding(group, f"{title}: row {row + 2}: delivered_from and delivered_to are not two months in order"))
    double = frame.duplicated(list(table.keys)).to_numpy(dtype=bool)
    if double.any():
        row = int(np.argmax(double))
        found.append(
            finding(
                group, f"{title}: row {row + 2}: a second row for {' / '.join(map(str, frame[list(table.keys)].iloc[row]))}"
            )
        )
    return found
