"""Maps: what says how a file of another shape becomes a table. Seven verbs and no expressions: rename, unit and factor, values,
constant, filter, unpivot, combine. Nothing in a map is executed."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter

from planner.schema.tables import tables

Scalar = str | int | float | bool
Several = Scalar | tuple[Scalar, ...]
How = Literal["sum", "mean", "min", "max", "first", "last"]
Order = Literal["year-month-day", "day-month-year", "month-day-year", "serial"]
EVERYTHING = "*"


def _encoding(name: str) -> str:
    """The name of an encoding, or none. Raises ValueError for any other text."""
    try:
        "".encode(name or "utf-8")
    except (LookupError, ValueError) as error:
        raise ValueError("the name of an encoding, such as cp1250") from error
    return name


class MapPart(BaseModel):
    """Keys of a map; a key that does not exist is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class MapColumn(MapPart):
    """Where a column of the table comes from: a column of the file, or one value for all rows."""

    from_: str | None = Field(default=None, alias="from", description="title of the column in the file")
    and_: str | None = Field(
        default=None,
        alias="and",
        description="title of a second column, whose cell follows after a hyphen: a year and a month in two columns",
    )
    value: Scalar | None = Field(default=None, description="one value for all rows, in place of from")
    unit: str = Field(default="", description="unit of the numbers in the file, such as EUR/kWh; empty: that of the column")
    factor: float = Field(default=1.0, description="what the numbers are multiplied by")
    rate: dict[str, Annotated[float, Field(gt=0)]] = Field(
        default={}, description="currency: what one of it is worth in USD; a currency is converted only by a stated rate"
    )
    values: dict[str, Scalar] | str = Field(
        default={}, description="their value: the planner's; or a CSV file with these two columns, relative to this file"
    )
    others: Literal["refuse", "keep", "leave_out"] = Field(
        default="refuse", description="what becomes of rows with a value that values does not list"
    )
    unknown: Literal["refuse", "leave_out"] = Field(
        default="refuse",
        description="what becomes of rows with a name that no table of the plan has; left out, they are counted",
    )
    part: int = Field(
        default=0, ge=0, le=20, description="of several values in a cell the one meant, from 1; 0: the whole cell"
    )
    between: str = Field(default=",", min_length=1, max_length=5, description="what stands between the values of a cell")
    time: Literal["", "month", "calendar_month", "hour", "hour_ending"] = Field(
        default="",
        description="what of a date and time is meant: its month (2027-01), its calendar month (1 to 12), its hour (0 to 23), "
        "or the hour that ends then",
    )
    order: Order | None = Field(
        default=None, description="order of dates such as 01/02/2026; serial: days as spreadsheets count"
    )
    file_zone: str = Field(default="", description="time zone of times that state none, such as UTC or Europe/Paris")
    zone: str = Field(
        default="", description="time zone to which times are converted, such as America/Chicago; empty: as they are"
    )

    @property
    def titles(self) -> tuple[str, ...]:
        """The titles of the file from which the column comes; none for one value."""
        return tuple(title for title in (self.from_, self.and_) if title is not None)


class MapRows(MapPart):
    """Which rows of the file are meant, and how a text file is written."""

    header: int = Field(default=0, ge=0, le=1_000_000, description="line or row of the titles; 0: it is found")
    until: Literal["end", "blank"] = Field(default="end", description="blank: an empty row ends the table")
    where: dict[str, Several] = Field(default={}, description="title: the value, or the values, of rows that are meant")
    where_not: dict[str, Several] = Field(default={}, description="title: the value, or the values, of rows that are left out")
    missing: tuple[str, ...] = Field(
        default=(), description="texts that mean that there is no value; a row that lacks a number is then left out"
    )
    encoding: Annotated[str, AfterValidator(_encoding)] = Field(
        default="", description="encoding of a text file, such as cp1250; empty: it is found"
    )
    separator: Literal["", ",", ";", "\t", "|"] = Field(default="", description="what separates columns; empty: it is found")
    decimal: Literal["", ".", ","] = Field(default="", description="mark before decimals; empty: it is found")


class MapUnpivot(MapPart):
    """Columns that become rows: a matrix, or months across."""

    columns: str | tuple[str, ...] = Field(description="titles, with * and ? for any letters")
    name: str = Field(description="column that holds their titles")
    value: str = Field(description="column that holds their cells")


class TableMap(MapPart):
    """How a file of another shape becomes a table."""

    sheet: str = Field(default="", description="sheet of a workbook; empty: that of the table's name, or the only one")
    rows: MapRows = MapRows()
    columns: dict[str, MapColumn | str] = Field(
        default={}, description="column of the table: where it comes from, or the title alone; others keep their title"
    )
    unpivot: MapUnpivot | None = Field(default=None, description="columns that become rows")
    combine: How | dict[str, How] | None = Field(
        default=None, description="how rows of the same key become one, for all numbers from the file or by column"
    )
    quarters: Literal["spread", "repeat"] | None = Field(
        default=None, description="months of a quarter: spread gives each a third of the numbers, repeat gives each all of them"
    )
    ignore: Several = Field(default=(), description="titles that are not read, with * and ? for any letters")


class TableFile(TableMap):
    """A table in a file of another shape: the file, and its map here or in a file of its own."""

    file: str = Field(
        description="CSV or Parquet file, workbook, or several of one shape (prices/2026-*.csv), relative to this file"
    )
    map: str = Field(default="", description="YAML file with a map for each table, relative to this file")


def map_json_schema() -> dict[str, Any]:
    """JSON Schema of a file of maps: a map for each table that it names."""
    names = tuple(tables())
    schema = TypeAdapter(dict[Literal[names], TableMap]).json_schema()  # type: ignore[valid-type]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Maps of the compute capacity planner",
        **schema,
    }
