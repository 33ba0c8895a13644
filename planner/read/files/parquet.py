"""Parquet as text with places: titles as row 1, rows from row 2 on, each cell as a CSV file of the planner has it."""

from __future__ import annotations

import datetime
import io
import math
from pathlib import Path
from typing import Any

from planner.codes import Code
from planner.findings import Findings, Place, SourceFile, shown
from planner.read.files.source import LARGEST_CELL, LONGEST, WIDEST
from planner.read.files.text_form import Form
from planner.schema.fields import cell_text

SUFFIX = ".parquet"
INSTALL = "reading Parquet needs the package pyarrow: pip install 'compute-planner[parquet]'"
MOST_LETTERS = 200_000_000
"""Of all cells: a small file may repeat a text without end."""
MIDNIGHT = " 00:00:00"
ROWS_AT_ONCE = 1000


class ParquetError(Exception):
    """A file, or a column of it by number, that cannot be read: what it is, and what was expected."""

    def __init__(self, text: str, column: int = 0, code: Code = Code.E_FILE_KIND) -> None:
        super().__init__(text)
        self.column, self.code = column, code


def is_parquet(path: str | Path) -> bool:
    """Whether a path ends as a Parquet file does."""
    return str(path).casefold().endswith(SUFFIX)


def parquet_rows(source: SourceFile, form: Form, findings: Findings) -> list[list[str]] | None:
    """The titles and all rows of a file; None after a finding."""
    try:
        if form != Form():
            raise ParquetError("a map states how a text file is written: expected no header, encoding, separator or decimal")
        titles, columns = _content(source.data)
    except ParquetError as error:
        findings.add(error.code, Place(source, 1, error.column), str(error), source.shown, "a Parquet file of plain columns")
        return None
    form.decimal = "."
    return [titles, *(list(cells) for cells in zip(*columns, strict=True))]


def _content(data: bytes) -> tuple[list[str], list[list[str]]]:
    """Titles, and the cells of each column. Raises ParquetError."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ModuleNotFoundError as error:
        raise ParquetError(INSTALL) from error
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        names, types = list(file.schema_arrow.names), list(file.schema_arrow.types)
        if len(names) > WIDEST or file.metadata.num_rows > LONGEST:
            raise ParquetError(
                f"larger than a table: expected at most {WIDEST} columns and {LONGEST} rows", 0, Code.E_FILE_LARGE
            )
        for number, one in enumerate(types, start=1):
            if not _is_plain(pa, one.value_type if pa.types.is_dictionary(one) else one):
                raise ParquetError(f"column {shown(names[number - 1])} holds {one}: expected numbers, texts or dates", number)
        columns: list[list[str]] = [[] for _ in names]
        letters = 0
        for batch in file.iter_batches(batch_size=ROWS_AT_ONCE):
            for number, (array, cells) in enumerate(zip(batch.columns, columns, strict=True), start=1):
                new = _texts(pa, array)
                longest = max(map(len, new), default=0)
                letters += sum(map(len, new))
                if longest > LARGEST_CELL or letters > MOST_LETTERS:
                    raise ParquetError(f"texts larger than those of a table, to {longest:,} letters", number, Code.E_FILE_LARGE)
                cells += new
        return names, [_days(cells) if pa.types.is_timestamp(one) else cells for one, cells in zip(types, columns, strict=True)]
    except ParquetError:
        raise
    except Exception as error:  # a library raises anything on a file that no program wrote
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ParquetError(f"not a Parquet file that can be read: {shown(reason)}") from error


def _days(cells: list[str]) -> list[str]:
    """Dates without their time, where all of a column are at midnight."""
    return [cell.removesuffix(MIDNIGHT) for cell in cells] if all(cell[10:] in ("", MIDNIGHT) for cell in cells) else cells


def _is_plain(pa: Any, kind: Any) -> bool:
    of = pa.types
    numbers = of.is_integer(kind) or of.is_floating(kind) or of.is_decimal(kind) or of.is_boolean(kind) or of.is_null(kind)
    texts = of.is_string(kind) or of.is_large_string(kind)
    return bool(numbers or texts or of.is_date(kind) or of.is_timestamp(kind) or of.is_time(kind))


def _texts(pa: Any, array: Any) -> list[str]:
    """The cells of a column as texts."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.timestamp("us", tz=array.type.tz), safe=False)
    elif pa.types.is_time(array.type):
        array = array.cast(pa.time64("us"), safe=False)
    elif pa.types.is_floating(array.type) and array.type.bit_width < 64:
        array = pa.array([None if value is None else float(str(value)) for value in array.to_numpy(zero_copy_only=False)])
    return [_text(value) for value in array.to_pylist()]


def _text(value: Any) -> str:
    """A value as the text of a cell: empty for what is missing, a date with its time as `2026-01-01 00:00:00`."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return cell_text(value)
