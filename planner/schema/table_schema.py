"""What a table is: its columns, and short names for the kinds of column that recur."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

from planner.schema.fields import MONTH as MONTH_FORM, Field, Gap, Kind, Range, either
from planner.schema.months import month_hint, month_of
from planner.schema.titles import known_words, words_of

QUALITIES = ("measured", "published_forecast", "estimate")

CARRIED = (
    Field("source", "text", "where the row comes from"),
    Field("quality", "choice", "how reliable it is", choices=QUALITIES),
    Field("note", "text", "remarks", required=False),
)
"""Columns of every table that nothing is computed with."""

DATES = (
    Field("from_month", "month", "month from which the row holds and its growth counts; empty for the start", required=False),
    Field("until_month", "month", "last month in which the row holds; empty for no end", required=False),
)
"""Columns that say when a row of a series holds. Such rows are read into dated columns, `pue 2028-01`, of one row a key."""

AMOUNTS = ("MW", "t", "thousand units", "thousand H100e")
WITH_MONTH = re.compile(r"(?P<column>.*?)[ _]?(?P<year>\d{4})-(?P<month>\d{1,2})(-\d{1,2})?", re.ASCII)
"""A title with a month at its end, or with what is meant as one."""

ORIGIN = ("file", "line", "changed")
"""Columns of a resolved table: where each row came from. Allowed in an input table and ignored."""

ORBIT = "orbit"
PLACES = ("regions", "regions.bloc", "regions.group", "designs", "designs.bloc", ORBIT)
"""What a list of places may call them. `orbit` is every design."""

ASKERS = ("zones", "zones.bloc")
CUSTOMERS = (*ASKERS, "zones.country_iso2")
"""What a list of those who ask may call them, countries included."""

HALLS = "halls"
"""What an order names where it is of halls, and not of an option."""

SITE, HIBERNATION = "site", "hibernation"
"""What an order names where it closes a whole region, and where halls are out of service for some months."""

STOCK = "stock"
"""Where chips go that are moved to no region: they are dark, to be deployed anew."""

LAUNCH = "launches"
"""What an order of an orbital design names."""

CAPITAL_ASSETS = (HALLS, "satellites", LAUNCH)
"""What has capital besides options, as payments name it."""

NO_OPTION = (HALLS, SITE, HIBERNATION, LAUNCH)
"""All that an order may name which is no option."""

DECIDED_ONCE = ("earliest_month", "latest_month", "whole", "group")
"""Columns of projects that are the same in all rows of one."""


def project_option(project_id: str, option_id: str) -> str:
    """The name of the option that a project of power has of its own."""
    return f"{project_id}_{option_id}"


BINDING = ("approved", "confirmed", "done")
CANCELLABLE = ("approved", "confirmed")
STATUSES = ("proposed", *BINDING, "cancelled")
"""How far an order is; those that are binding are built and closed as stated, the others change nothing."""


@dataclass(frozen=True)
class TableSchema:
    """An input table: its columns, and whether a plan needs it and it needs rows. ``begins``: a row of a series may begin in a
    month, and there is nothing of it before."""

    name: str
    doc: str
    fields: tuple[Field, ...]
    required: bool = True
    rows_required: bool = True
    begins: bool = False

    @cached_property
    def keys(self) -> tuple[Field, ...]:
        """The columns that name a row."""
        return tuple(field for field in self.fields if field.key)

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """Every column, those that only inform included."""
        return self.fields + CARRIED

    @cached_property
    def series(self) -> tuple[Field, ...]:
        """The numbers that may change with the month."""
        return tuple(field for field in self.fields if field.gap)

    @cached_property
    def offered(self) -> tuple[Field, ...]:
        """Every column that a file may have, apart from those of single months."""
        return self.columns + (DATES if self.series else ())

    def field(self, name: str) -> Field | None:
        """A column by name; with a month behind it (`pue 2028-01`) what holds from that month on."""
        bare, _, month = name.partition(" ")
        found = next((field for field in self.columns if field.name == bare), None)
        if found is None or not month:
            return found
        dated = (found.gap or found.grows) and MONTH_FORM.fullmatch(month)
        return replace(found, name=name, required=False, default=None) if dated else None

    def column_of(self, title: str) -> str:
        """The column that a title means: a bare month is the only number of its table in that month, or from that month on."""
        if not self.across or title.isidentifier():
            return title
        month = month_of(title)
        if month and len(self.across) == 1:
            return f"{self.across[0].name} {month}"
        named = next((one.name for one in self.fields if title.startswith(f"{one.name} ")), "")
        month = month_of(title[len(named) :].strip()) if named else ""
        return f"{named} {month}" if month else title

    @cached_property
    def month(self) -> Field | None:
        """The month in the key of a table with a row for each month."""
        return next((field for field in self.keys if field == MONTH), None)

    @cached_property
    def across(self) -> tuple[Field, ...]:
        """The numbers that may stand in a column for each month: a series, or what a row for each month must state."""
        stated = tuple(field for field in self.fields if field.kind == "number" and field.required and not field.key)
        return self.series if self.month is None else stated

    @cached_property
    def adds_up(self) -> bool:
        """Whether rows of one key can be added up: each number that a row must state is an amount."""
        numbers = [one for one in self.fields if not one.key and one.kind in ("number", "integer")]
        return any(one.unit in AMOUNTS for one in numbers) and all(one.unit in AMOUNTS for one in numbers if one.required)

    def of_month(self, title: str) -> tuple[str, str] | None:
        """The column and the month that a title of a table with a row for each month means."""
        column, _, month = title.partition(" ")
        known = MONTH_FORM.fullmatch(month) and any(field.name == column for field in self.across)
        return (column, month) if known and self.month is not None else None

    def renamed(self, titles: Collection[str]) -> dict[str, str]:
        """The columns that titles of a forecast with a row a month mean: `month`, and the end of a series' name (`kh100e`)."""
        first = DATES[0].name
        month = next((title for title in titles if words_of(title) in known_words("month")), "")
        if not self.series or not month or first in titles or self.field(month) is not None:
            return {}
        found = {month: first}
        unknown = [title for title in titles if title not in found and self.field(title) is None and title not in ORIGIN]
        missing = [one.name for one in self.series if one.name not in titles and (one.required or len(self.series) == 1)]
        for one in self.series:
            ends = [title for title in unknown if one.name.endswith(f"_{title}") or words_of(title) in known_words(one.name)]
            if one.name not in titles and len(ends) == 1:
                found[ends[0]] = one.name
        if len(found) == 1 and len(unknown) == 1 == len(missing):
            found[unknown[0]] = missing[0]
        return found

    def month_hint(self, title: str) -> str:
        """What to write in place of an unknown title that ends in a month; empty for one that does not."""
        found = WITH_MONTH.fullmatch(title)
        if found is None:
            return month_hint(title) if self.across else ""
        series, month = [one.name for one in self.across], f"{found['year']}-{int(found['month']):02d}"
        if not series:
            return f"no number of table {self.name} changes with the month"
        if MONTH_FORM.fullmatch(month) is None:
            return f"{month} is no month: expected a month as YYYY-MM, such as {series[-1]} {found['year']}-01"
        column = found["column"]
        known = next((one for one in self.columns if one.name == column), None)
        if known is not None and (known.gap or known.grows):
            return f"write {column} {month}"
        names = either([f"{name} {month}" for name in series])
        if self.month is not None:
            return f"a month is part of the key: rows with a column month, or columns such as {names} and no column month"
        return f"{column} does not change with the month; write {names}" if known is not None else f"write {names}"


def optional(name: str, doc: str, fields: tuple[Field, ...], begins: bool = False) -> TableSchema:
    """A table that a plan may leave out, or leave without rows."""
    return TableSchema(name, doc, fields, required=False, rows_required=False, begins=begins)


def key(name: str, doc: str, *points_to: str, kind: Kind = "name") -> Field:
    """A part of what names a row."""
    return Field(name, kind, doc, key=True, points_to=points_to)


def name_of(name: str, doc: str, *points_to: str, required: bool = True) -> Field:
    """A name that is not part of the key."""
    return Field(name, "name", doc, required=required, points_to=points_to)


def positive(name: str, doc: str, required: bool = True, *, plausible: Range) -> Field:
    """A number above zero."""
    return Field(name, "number", doc, gt=0, required=required, plausible=plausible)


def life(name: str, doc: str) -> Field:
    """A life in years."""
    return Field(name, "number", doc, ge=0.1, le=200, plausible=(1, 100))


def amount(
    name: str,
    doc: str,
    required: bool = True,
    default: float | None = None,
    *,
    plausible: Range,
    gap: Gap = "",
    opposite: str = "",
) -> Field:
    """A number that is zero or more."""
    return Field(name, "number", doc, ge=0, required=required, default=default, plausible=plausible, gap=gap, opposite=opposite)


def rate(name: str, doc: str, plausible: Range = (-0.49, 1), grows: str = "") -> Field:
    """A yearly or monthly growth; empty for none."""
    return Field(name, "number", doc, gt=-1, le=10, required=False, default=0.0, plausible=plausible, grows=grows)


def frac(
    name: str, doc: str, above_zero: bool = False, default: float | None = None, plausible: Range = (0, 1), *, gap: Gap = ""
) -> Field:
    """A share between 0 and 1."""
    above, least = (0.0, None) if above_zero else (None, 0.0)
    return Field(name, "number", doc, least, above, 1, default is None, default, plausible=plausible, gap=gap)


def months(name: str, doc: str, default: int = 0, plausible: Range = (0, 180)) -> Field:
    """A whole number of months."""
    return Field(name, "integer", doc, ge=0, le=1200, required=False, default=default, plausible=plausible)


MONTH = key("month", "calendar month", kind="month")
LATITUDE = Field("latitude_deg", "number", "north is positive", ge=-90, le=90)
LONGITUDE = Field("longitude_deg", "number", "east is positive", ge=-180, le=180)
UTC_OFFSET = Field(
    "utc_offset_h",
    "number",
    "local time minus UTC, all year; empty for the legal time of the place, summer time included",
    ge=-12,
    le=14,
    required=False,
)
