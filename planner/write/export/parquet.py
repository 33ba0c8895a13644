"""A run as Parquet files, one a table. Imported only when they are asked for: pyarrow is an extra."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from planner.errors import UsageError
from planner.write.export.tables import ExportColumn, ExportTable, values_of

try:
    import pyarrow as pa
    from pyarrow import parquet
except ModuleNotFoundError:
    pa = None

INSTALL = "--format parquet needs the package pyarrow: pip install 'compute-planner[parquet]'"


def require_pyarrow() -> None:
    """Raise UsageError where the package is missing."""
    if pa is None:
        raise UsageError(INSTALL)


def write_parquet(folder: Path, tables: Sequence[ExportTable]) -> None:
    """Write a file a table into a folder. A month is the date of its first day; columns have unit and meaning as metadata."""
    require_pyarrow()
    types = {"number": pa.float64(), "integer": pa.int64(), "yearmonth": pa.date32()}
    for table in tables:
        fields = [
            pa.field(
                column.name,
                types.get(column.type, pa.string()),
                nullable=column.name not in table.keys,
                metadata={"unit": column.unit, "description": column.meaning},
            )
            for column in table.columns
        ]
        arrays = [
            pa.array(_values(column, table), type=field.type) for column, field in zip(table.columns, fields, strict=True)
        ]
        schema = pa.schema(fields, metadata={"description": table.meaning})
        parquet.write_table(pa.Table.from_arrays(arrays, schema=schema), folder / f"{table.name}.parquet")


def _values(column: ExportColumn, table: ExportTable) -> list[Any]:
    values = values_of(column, table.frame[column.name])
    if column.type != "yearmonth":
        return values
    return [None if month is None else date.fromisoformat(f"{month}-01") for month in values]
