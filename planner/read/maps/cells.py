"""From a cell of a file to the text of a column: units, rates and factors, values, parts, dates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from fractions import Fraction

from planner.read.maps.moments import MomentError, clock_hour, local, moment_of, order_of
from planner.schema.fields import Field, cell_text, is_name
from planner.schema.maps import MapColumn
from planner.schema.months import month_of, quarter_of
from planner.schema.quantities import UnitError, in_unit_of, is_unit
from planner.schema.titles import is_round_trip, money_in, unit_in
from planner.schema.units import unit_of
from planner.schema.written import NUMBER, digits_of, dollars_of, number_hint

CURRENCY = re.compile(r"(?<![A-Za-z])([A-Z]{3}|[€£¥₹₩])(?![A-Za-z])")
APPARENT = {"kVA": "kW", "MVA": "MW", "VA": "W"}
"""Apparent power, which is power only by a factor: a map states it."""
ONE_WAY = "one_way_ms"
UNIT = re.compile(r"[^\W\d_]")
Convert = Callable[[str], str]


class MapError(ValueError):
    """A cell that a map cannot convert: what was expected."""


class LeftOutError(Exception):
    """A cell whose row the map leaves out."""


def converter(one: Field, how: MapColumn, listed: dict[str, str] | None, texts: Iterable[str]) -> Convert:
    """What turns the text of a cell into that of the column. ``texts``: the cells of the column, which show the order of their
    dates. It raises MapError or LeftOutError. Raises MapError itself where the map contradicts the column."""
    steps: list[Convert] = []
    if how.part:
        steps.append(lambda text: _part(text, how))
    if how.time or (one.kind == "month" and how.order):
        order = how.order or order_of(texts)
        steps.append(lambda text: _time(text, how, order))
    if listed is not None:
        steps.append(lambda text: _listed(text, listed, how))
    if one.kind == "month":
        steps.append(lambda text: month_of(text) or text)
    if one.kind == "name" and how.unknown == "leave_out":
        steps.append(_possible)
    if one.kind in ("number", "integer") and not how.time and (listed is None or how.unit or how.factor != 1 or how.rate):
        steps.append(_number(one, how))
    elif how.unit or how.factor != 1 or how.rate:
        raise MapError("a column of numbers: a unit, a factor or a rate has no meaning here")
    return lambda text: _through(text, steps)


def _through(text: str, steps: list[Convert]) -> str:
    for step in steps:
        text = step(text)
    return text


def _part(text: str, how: MapColumn) -> str:
    parts = [part.strip() for part in text.split(how.between)]
    if len(parts) < how.part or not parts[how.part - 1]:
        raise MapError(f"at least {how.part} values with {how.between!r} between them")
    return parts[how.part - 1]


def _listed(text: str, listed: dict[str, str], how: MapColumn) -> str:
    found = listed.get(" ".join(text.split()))
    if found is not None:
        return found
    if how.others == "leave_out":
        raise LeftOutError
    if how.others == "keep":
        return text
    raise KeyError(text)


def _possible(text: str) -> str:
    """A name that a plan may have; any other is certainly unknown. Raises LeftOutError."""
    if not is_name(text):
        raise LeftOutError
    return text


def _time(text: str, how: MapColumn, order: str) -> str:
    try:
        if how.time in ("hour", "hour_ending") and (hour := clock_hour(text, how.time == "hour_ending")) is not None:
            if how.zone:
                raise MapError("a date with its time, as zone converts it")
            return _hour(hour)
        if how.time in ("", "month", "calendar_month"):
            month = "" if how.zone or ":" in text else month_of(text)
            if month or (how.time != "calendar_month" and quarter_of(text)):
                return str(int(month[5:])) if how.time == "calendar_month" else month or text
        moment = local(moment_of(text, order), how.file_zone, how.zone)
    except MomentError as error:
        raise MapError(str(error)) from error
    if how.time == "calendar_month":
        return str(moment.month)
    if how.time in ("hour", "hour_ending"):
        return _hour(_ending(moment) if how.time == "hour_ending" else moment.hour)
    return f"{moment.year:04d}-{moment.month:02d}"


def _ending(moment: datetime) -> int:
    """The hour that ends at a moment; quarter hours end in the hour that they are in, but for the last."""
    return moment.hour if moment.minute else (moment.hour - 1) % 24


def _hour(hour: int) -> str:
    if not 0 <= hour <= 23:
        raise MapError("an hour of the day, 0 to 23 (hour_ending where 24 is the last)")
    return str(hour)


def _number(one: Field, how: MapColumn) -> Convert:
    """Numbers in the unit of the column. The unit that the map states is that of bare numbers; a cell may state its own."""
    name, wanted = one.quantity, unit_of(one.quantity)
    factor = Fraction(str(how.factor))
    scale = factor
    unit = APPARENT.get(how.unit, how.unit)
    _agree(wanted, how, one)
    if how.unit in APPARENT and how.factor == 1:
        raise MapError(f"a factor beside unit: {how.unit}, as apparent power is not power")
    if unit:
        unit, rate = _in_usd(unit, how)
        scale *= rate
        try:
            in_unit_of(name, f"1 {unit}")
        except UnitError as error:
            raise MapError(f"a unit that can be converted to {wanted or 'a bare number'}: {str(error) or how.unit}") from error
        scale *= _size(name, unit)

    def convert(text: str) -> str:
        plain = dollars_of(digits_of(text), wanted) if not unit else digits_of(text.removeprefix("$").strip())
        if NUMBER.fullmatch(plain):
            return plain if scale == 1 else _short(plain, scale)
        try:
            stated, rate = _in_usd(text, how)
            value = float(stated) if NUMBER.fullmatch(stated) else in_unit_of(name, stated)
            return cell_text(float(Fraction(repr(value)) * rate * factor))
        except (UnitError, ValueError, OverflowError) as error:
            hint = number_hint(text) or str(error if isinstance(error, UnitError) else "")
            raise MapError(
                f"a number{f' in {how.unit or wanted}' if how.unit or wanted else ''}{f' ({hint})' if hint else ''}"
            ) from error

    return convert


def _agree(wanted: str, how: MapColumn, one: Field) -> None:
    """Raises MapError where a title states another unit than the column has, and the map neither a unit nor a factor."""
    title = how.from_ or ""
    if how.unit or "factor" in how.model_fields_set:
        return
    stated, money = unit_in(title), money_in(title) if "USD" in wanted else ""
    if money:
        raise MapError(f"unit and rate: {{{money}: ...}}, as the title is of {money}, or factor")
    if one.name == ONE_WAY and is_round_trip(title):
        raise MapError("factor: 0.5, as the title speaks of round trips (factor: 1 where it does not)")
    if not wanted or not UNIT.search(stated):
        return
    try:
        size = _size(one.quantity, stated)
    except UnitError:
        known = is_unit(stated) or stated in APPARENT
        if not known and wanted.startswith("thousand"):  # what a title counts in words of its own may be single ones
            said = f"factor: 0.001 where {stated} counts single ones, 1 where it counts thousands"
            raise MapError(f"{said}: the column is in {wanted}") from None
        size = Fraction(not known and ("/" not in stated or title.endswith(stated)))
    if size != 1:
        raise MapError(f"unit: {stated}, as the title states, or factor: the column is in {wanted}")


def _size(name: str, unit: str) -> Fraction:
    """How many of the unit of a column one of another is, as exactly as a float states it."""
    return Fraction(repr(in_unit_of(name, f"1 {unit}")))


def _short(plain: str, scale: Fraction) -> str:
    try:
        return cell_text(float(Fraction(plain) * scale)) if len(plain) <= 40 else cell_text(float(plain) * float(scale))
    except OverflowError as error:
        raise MapError("a finite number") from error


def _in_usd(text: str, how: MapColumn) -> tuple[str, Fraction]:
    """The same with USD in place of another currency, and its rate, where the map states one."""
    found = CURRENCY.search(text)
    if found is None or found[1] not in how.rate:
        return text, Fraction(1)
    rest = f"{text[: found.start()]}USD{text[found.end() :]}"
    return dollars_of(rest.strip(), "USD"), Fraction(str(how.rate[found[1]]))
