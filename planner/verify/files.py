"""Files of a run folder: what keeps them from being read as numbers is a finding, never a traceback."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from planner.verify.chip_moves import STOCK
from planner.verify.run import NDArrayBool, Run, UnreadableError, is_month, month_word, positions, records, serial
from planner.verify.schema import BY_MONTH, INPUTS, MOST, NEEDED_FOR, RESULTS, Table
from planner.verify.sites import LAUNCH, NO_OPTION
from planner.verify.verdict import Check, finding

AHEAD = "look_ahead"
"""Folder of the tables of the months after the horizon."""


def read_run(folder: Path) -> Run:
    """Read a run folder. Raises UnreadableError with all findings at once."""
    reader = _Reader(folder)
    plan, manifest = reader.mapping("inputs/plan.yaml", plain_yaml), reader.mapping("manifest.json", plain_json)
    inputs = {name: reader.table("inputs", name, table) for name, table in INPUTS.items()}
    tables = {name: reader.table("tables", name, table) for name, table in RESULTS.items()}
    months, count = reader.months(plan) if plan else ((), 0)
    ahead = {name: reader.table(AHEAD, name, RESULTS[name]) for name in BY_MONTH} if count < len(months) else {}
    reader.raise_findings()
    run = Run(folder, plan, inputs, tables, manifest, months, count)
    for source, (words, needed) in NEEDED_FOR.items():
        for name in needed if len(inputs[source]) else ():
            if not (folder / "tables" / f"{name}.csv").is_file():
                reader.fail("tables", f"tables/{name}.csv: missing, and the plan has {words}")
    for group, frames, inside in (
        ("inputs", inputs, months),
        ("tables", tables, months[:count]),
        (AHEAD, ahead, months[count:]),
    ):
        for name, frame in frames.items():
            reader.check_keys(run, group, name, frame, inside)
    reader.raise_findings()
    whole = {name: pd.concat([tables[name], frame], ignore_index=True) for name, frame in ahead.items()}
    return replace(run, tables={**tables, **whole})


class _Reader:
    """Reads one file after the other and goes on where one is wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Check] = []

    def fail(self, name: str, sentence: str) -> None:
        self.findings.append(finding(name, sentence))

    def fail_row(self, group: str, name: str, wrong: NDArrayBool, sentence: Callable[[int], str]) -> None:
        """Name the first row of a table that is wrong, if any is."""
        if wrong.any():
            row = int(np.argmax(wrong))
            self.fail(group, f"{group}/{name}.csv: row {row + 2}: {sentence(row)}")

    def raise_findings(self) -> None:
        if self.findings:
            raise UnreadableError(self.findings)

    def mapping(self, file: str, parse: Callable[[str], Any]) -> Mapping[str, Any]:
        path = self.folder / file
        if path.exists() and not path.is_file():  # opening a pipe waits for its other end for ever
            self.fail(path.name, f"{path.name}: is not a file")
            return {}
        try:
            value = parse(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            self.fail(path.name, f"{path.name}: cannot be read ({error.__class__.__name__})")
            return {}
        except ValueError as error:
            self.fail(path.name, f"{path.name}: is not well formed ({str(error).splitlines()[0]})")
            return {}
        if not isinstance(value, dict) or not value:
            self.fail(path.name, f"{path.name}: must hold keys and values")
            return {}
        return value

    def months(self, plan: Mapping[str, Any]) -> tuple[tuple[str, ...], int]:
        """All months, and how many of them are the horizon."""
        start, count, ahead = str(plan.get("start")), plan.get("months", 36), plan.get("look_ahead_months", 0)
        whole = all(type(number) is int and least <= number <= 1200 for number, least in ((count, 1), (ahead, 0)))
        if not is_month(start) or not whole:
            words = f"start {start!r}, months {count!r} and look_ahead_months {ahead!r}"
            self.fail("plan.yaml", f"plan.yaml: {words} do not make a calendar")
            return (), 0
        numbers = range(serial(start), serial(start) + count + ahead)
        return tuple(month_word(number) for number in numbers), count

    def table(self, group: str, name: str, table: Table) -> pd.DataFrame:
        path, title = self.folder / group / f"{name}.csv", f"{group}/{name}.csv"
        if not path.is_file():
            if table.required:
                self.fail(group, f"{title}: missing")
            return _without_rows(table)
        try:
            frame = _parse(path, table)
        except (ValueError, OSError) as error:  # pandas raises subclasses of ValueError for a file that it cannot parse
            self.fail(group, f"{title}: cannot be read as a table ({str(error).splitlines()[0]})")
            return _without_rows(table)
        must = [*table.keys, *table.text] + [c for c, value in table.numbers.items() if value is None or group != "inputs"]
        missing = [column for column in must if column not in frame.columns]
        if missing:
            self.fail(group, f"{title}: column {', '.join(missing)} missing")
            return _without_rows(table)
        for column in table.optional_text:
            if column not in frame.columns:
                frame[column] = ""
        for column, value in table.numbers.items():
            self._fill(frame, column, value, column not in table.signed, group, name)
        for column in [column for column in frame.columns if " " in column]:  # from a month on
            self._fill(frame, column, np.nan, column.partition(" ")[0] not in table.signed, group, name)
        return frame

    def _fill(self, frame: pd.DataFrame, column: str, value: float | None, positive: bool, group: str, name: str) -> None:
        """Make a column numbers, an empty cell the one that it stands for."""
        if column not in frame.columns:
            frame[column] = value
            return
        raw = frame[column]
        if raw.dtype == float:
            values = raw.to_numpy(copy=True)
            empty = np.isnan(values)
        else:
            values = pd.to_numeric(raw, errors="coerce").to_numpy(dtype=float).copy()
            empty = (raw == "").to_numpy(dtype=bool)
        wrong = ~np.isfinite(values) & ~(empty & (value is not None))
        values[empty] = np.nan if value is None else value
        if positive:
            wrong |= values < 0
        law = "a number, zero or more" if positive else "a number"
        if column in MOST:
            wrong |= np.abs(values, where=~empty, out=np.zeros_like(values)) > MOST[column]
            law = f"a number from {0 if positive else -MOST[column]:g} to {MOST[column]:g}"
        self.fail_row(group, name, wrong, lambda row: f"{column} must be {law}, not {_shown(raw.iloc[row])}")
        frame[column] = values

    def check_keys(self, run: Run, group: str, name: str, frame: pd.DataFrame, months: Sequence[str]) -> None:
        """Keys are known to the plan and name one row each, in its ``months``; ages are two months in order."""
        table = (INPUTS if group == "inputs" else RESULTS)[name]
        for key in table.keys:
            if key in table.loose or key not in run.axes or (group == "inputs" and table.keys == (key,) and key != "month"):
                continue
            strange = positions(months if key == "month" else run.axes[key], frame[key]) < 0
            if (group, name, key) == ("inputs", "commitments", "region_id"):
                launches = (frame["option_id"] == LAUNCH).to_numpy(dtype=bool)
                strange &= ~(launches & frame[key].isin(run.axes["design_id"]).to_numpy(dtype=bool))
            if (group, name, key) == ("inputs", "commitments", "option_id"):
                strange &= ~frame[key].isin(NO_OPTION).to_numpy(dtype=bool)
            if group == "inputs" and key == "month":
                strange &= ~np.array([is_month(str(word)) for word in frame[key]], dtype=bool)
            self.fail_row(group, name, strange, lambda row: f"{key} {str(frame[key].iloc[row])!r} is not known to the plan")  # noqa: B023
        if group == "inputs" and name in ("fleet", "dark"):
            spans = records(frame, ("delivered_from", "delivered_to"))
            if name == "dark":  # without dates it came just before the start
                spans = [(first or last or run.months[0], last or run.months[0]) for first, last in spans]
            wrong = np.array([not (is_month(first) and is_month(last) and first <= last) for first, last in spans], dtype=bool)
            self.fail_row(group, name, wrong, lambda _: "delivered_from and delivered_to are not two months in order")
        if (group, name) == ("inputs", "chip_moves"):
            places = {*run.axes["region_id"], STOCK}
            known = frame["from_id"].isin(run.axes["region_id"]) & frame["to_id"].isin(places)
            self.fail_row(group, name, ~known.to_numpy(dtype=bool), lambda _: "from_id or to_id is not known to the plan")
        if (group, name) == ("tables", "slices"):
            for column in ("utc_hour", "length_h"):
                cut = frame[column].to_numpy(dtype=float) % 1.0 != 0.0
                self.fail_row(group, name, cut, lambda row: f"{column} must be a whole hour, not {frame[column].iloc[row]:g}")  # noqa: B023
        double = frame.duplicated(list(table.keys)).to_numpy(dtype=bool)
        cells = frame[list(table.keys)]
        self.fail_row(group, name, double, lambda row: f"a second row for {' / '.join(map(str, cells.iloc[row]))}")


class _NoTags(yaml.SafeLoader):
    """The safe loader without tags: what a plan says is plain, and a tag could make a value fail in ways of its own."""

    def fetch_tag(self) -> None:
        raise yaml.MarkedYAMLError(problem="a tag, which a resolved plan never has", problem_mark=self.get_mark())


def plain_yaml(text: str) -> Any:
    """A resolved plan as plain values. Raises ValueError for any other text."""
    return _parsed(lambda: yaml.load(text, _NoTags))  # a SafeLoader


def plain_json(text: str) -> Any:
    """A record as plain values. Raises ValueError for any other text."""
    return _parsed(lambda: json.loads(text))


def _parsed(parse: Callable[[], Any]) -> Any:
    try:
        return parse()
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _without_rows(table: Table) -> pd.DataFrame:
    kinds = dict.fromkeys((*table.keys, *table.text, *table.optional_text), "str") | dict.fromkeys(table.numbers, "float")
    return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in kinds.items()})


def _parse(path: Path, table: Table) -> pd.DataFrame:
    words = (*table.keys, *table.text, *table.optional_text)

    def read(numbers_as: Any) -> pd.DataFrame:
        return pd.read_csv(
            path,
            usecols=lambda column: column in words or column.partition(" ")[0] in table.numbers,
            dtype=defaultdict(lambda: str, dict.fromkeys(words, str) | dict.fromkeys(table.numbers, numbers_as)),
            keep_default_na=False,
            na_values={column: [""] for column in table.numbers} if numbers_as is float else None,
            encoding="utf-8",
        )

    try:
        return read(float)
    except ValueError:
        return read(str)  # some cell of a number column holds text: `_fill` says which


def _shown(cell: object) -> str:
    """A cell as it is in the file: words in quotes, numbers bare, an empty cell by name."""
    if isinstance(cell, str):
        return repr(cell) if cell else "empty"
    return "empty" if cell != cell else f"{cell:g}"
