"""Dates and times in a file: `01.01.2026 00:00`, `2026-01-01T00:00+01:00`, `01/13/2026`, hours that end at 24:00."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MOMENT = re.compile(
    r"(?P<a>\d{1,4})(?P<mark>[-/.])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{1,4})"
    r"(?:[T, ]\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*(?P<half>[AaPp][Mm])?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?(?:\s*\([A-Za-z/]+\))?)?"
    r"(?:\s*[-/\u2013]\s*\d.*)?",
    re.ASCII | re.DOTALL,
)
"""A moment, or the first of two with a dash between them."""
CLOCK = re.compile(r"(?:HE ?)?(\d{1,2})(?:00|:([0-5]\d)(?::[0-5]\d)?)?", re.ASCII | re.IGNORECASE)
SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
ORDERS = {"year-month-day": "abc", "day-month-year": "cba", "month-day-year": "cab"}
"""Which of the three parts is the year, which the month, which the day."""
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 (days are counted from here, whatever the zone)
EARLIEST, LATEST = 1950, 2200


class MomentError(ValueError):
    """A text that is no date, or one that may be two."""


@cache
def zone_of(name: str) -> tzinfo:
    """A time zone by its name. Raises MomentError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise MomentError(f"{name} is no time zone, such as Europe/Paris or UTC") from error


def order_of(texts: Iterable[str]) -> str:
    """The order of the dates of a column, as some of them show it: `13/01/2026` begins with the day. Empty where none does, or
    where they disagree."""
    found = set()
    for text in texts:
        match = MOMENT.fullmatch(text) if "/" in text[:3] or "-" in text[:3] else None
        if match is not None:
            if int(match["a"]) > 12:
                found.add("day-month-year")
            elif int(match["b"]) > 12:
                found.add("month-day-year")
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=100_000)
def moment_of(text: str, order: str = "") -> datetime:
    """The moment that a text means, with its zone where it states one. Raises MomentError."""
    if order == "serial":
        if SERIAL.fullmatch(text) is None:
            raise MomentError("a day as spreadsheets count them, such as 46023")
        return FIRST_DAY + timedelta(minutes=round(float(text) * 1440))
    found = MOMENT.fullmatch(text)
    if found is None:
        raise MomentError("a date, such as 2026-01-31 or 2026-01-31 13:00")
    if len(found["a"]) == 4:
        order = "year-month-day"
    elif found["mark"] == ".":
        order = "day-month-year"
    elif not order:
        raise MomentError("a date whose order is known: state order: day-month-year or month-day-year in the map")
    year, month, day = (int(found[part]) for part in ORDERS[order])
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    if not EARLIEST <= year <= LATEST or hour > 24:
        raise MomentError("a date, with the year in four digits")
    try:
        return datetime(year, month, day, tzinfo=_offset(found["zone"])) + timedelta(hours=hour, minutes=minute)
    except ValueError as error:
        raise MomentError("a day that exists") from error


def local(moment: datetime, file_zone: str, zone: str) -> datetime:
    """The moment by the clock that is meant. Raises MomentError where a time states no zone, and nobody does."""
    if not zone:
        return moment
    if moment.tzinfo is None:
        if not file_zone:
            raise MomentError("a time with its offset from UTC, or file_zone in the map")
        moment = moment.replace(tzinfo=zone_of(file_zone))
    return moment.astimezone(zone_of(zone))


def clock_hour(text: str, ending: bool = False) -> int | None:
    """The hour of a clock without a date, or with ``ending`` that which ends then or goes on: `13:00`, `13:15`, `13`, `HE 13`;
    None for any other text."""
    found = CLOCK.fullmatch(text)
    if found is None or int(found[1]) > 25:
        return None
    return int(found[1]) - (ending and not int(found[2] or 0))


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if span >= timedelta(hours=24):
        raise MomentError("an offset from UTC of less than a day")
    return timezone(-span if text[0] == "-" else span)
