"""Propose a map for a file of another shape: titles by name, units in brackets, nearest words. What is guessed is marked."""

from __future__ import annotations

import csv
import difflib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from planner.codes import Code
from planner.errors import UsageError
from planner.findings import Findings, Place
from planner.plan.table import RawTable
from planner.read.files.source import read_source
from planner.read.files.workbook import is_workbook, open_book
from planner.read.maps.cells import CURRENCY, ONE_WAY
from planner.read.maps.moments import MOMENT, clock_hour
from planner.read.maps.rows_of_files import rows_of_csv, rows_of_sheet
from planner.schema.fields import Field, is_name, with_article
from planner.schema.maps import TableFile
from planner.schema.months import in_full, month_of, quarter_of
from planner.schema.quantities import UnitError, in_unit_of
from planner.schema.table_schema import CARRIED, DATES, TableSchema
from planner.schema.tables import tables
from planner.schema.titles import is_round_trip, known_words, money_in, unit_in, words_of
from planner.schema.written import NUMBER, digits_of

STARTING_TABLES = Path(__file__).parents[2] / "new" / "tables"
ALIKE, LOOKED_AT, MOST_VALUES = 0.8, 200, 30
FEW = 3  # a row with less than a third of its cells filled is a remark
PRICE_KIND = "price_usd_per_mwh"
PLACE = {"latitude_deg": 1, "longitude_deg": 2}
PAIR = re.compile(r"-?\d{1,2}\.\d+\s*,\s*-?\d{1,3}\.\d+", re.ASCII)
CARRIED_NAMES = tuple(one.name for one in CARRIED)
TIMES = ("calendar_month", "from_h")
ENERGIES = ("kWh", "MWh", "GWh")
HOURS = ("hour ending", "he", "hour", "hours", "hr", "h", "stunde", "uhrzeit", "time", "heure", "hora", "ora")
"""Titles of the hour of a day, where a date has none."""


@dataclass
class Proposal:
    """A map as text to save, the table that it is for, and how many of its lines are guesses to look at."""

    table: str
    text: str
    guesses: int
    lines: list[str] = field(default_factory=list)

    def add(self, line: str, guess: str = "") -> None:
        """One line; ``guess``: why it may be wrong."""
        self.lines.append(f"{line}  # guess: {guess}" if guess else line)
        self.guesses += bool(guess)


def propose(path: Path, table: str = "", sheet: str = "", rows: bool = False) -> Proposal:
    """A map for a file; ``rows``: that changes some columns of a table. Raises UsageError where no table is named and none
    fits, InputError for a file that cannot be read."""
    if table and table not in tables():
        near = difflib.get_close_matches(table, tables(), n=1)
        raise UsageError(f"{table} is no table" + (f"; did you mean {near[0]}?" if near else f": one of {', '.join(tables())}"))
    raw = _rows(path, sheet, tables().get(table))
    schema = tables()[table] if table else _table_of(raw, path)
    found = Proposal(schema.name, "", 0)
    found.add(f"# A map of {path.name} for table {schema.name}. Look at the lines marked as guesses; then, in the plan:")
    named = f"{{file: {_text(path.name)}, map: THIS_FILE.yaml}}"
    found.add(f"#   adjust: [{{table: {schema.name}, rows: {named}}}]" if rows else f"#   tables: {{{schema.name}: {named}}}")
    found.add(f"{schema.name}:")
    if raw.source.sheet:
        found.add(f"  sheet: {_text(raw.source.sheet)}")
    _write(schema, raw, path, found, rows)
    found.text = "\n".join(found.lines) + "\n"
    return found


def _rows(path: Path, sheet: str, schema: TableSchema | None) -> RawTable:
    """The rows of the file, or of one of its sheets: the one named, or that whose header has the most known titles."""
    findings, refused = Findings(), Findings()
    source = read_source(path, None, findings)
    schemas = [schema] if schema is not None else list(tables().values())
    known = {word for one in schemas for each in one.fields for word in known_words(each.name)}
    found = None
    if source is not None and is_workbook(path):
        book = open_book(source, findings)
        for name in [sheet] if sheet else list(book.paths) if book is not None else []:
            stated = TableFile(file=path.name, sheet=name)
            own = Findings()  # of a sheet: those of another than the one that is taken are nobody's concern
            one = rows_of_sheet(book, name, stated, Place(source), _Words(known), own, []) if book is not None else None
            if one is None or own.items:
                refused.items += own.items
            elif found is None or _fit(one.raw, known) > _fit(found, known):
                found = one.raw
        findings.items += refused.items if found is None else []
    elif source is not None:
        one = rows_of_csv(source, TableFile(file=path.name), _Words(known), findings)
        found = one.raw if one is not None else None
    findings.raise_if_any()
    if source is not None and (found is None or not found.header):
        findings.add(Code.E_TABLE_EMPTY, Place(source), "no header was found: expected titles and rows", "", "titles and rows")
        findings.raise_if_any()
    assert found is not None
    return found


class _Words(set[str]):
    """Titles that are recognised by their words."""

    def __contains__(self, title: object) -> bool:
        return super().__contains__(words_of(str(title))) if str(title) else False


def _fit(raw: RawTable, known: set[str]) -> int:
    return sum(words_of(title) in known for title in raw.header)


def _table_of(raw: RawTable, path: Path) -> TableSchema:
    fits = {}
    for schema in tables().values():
        titles = {one: title for one in schema.fields if (title := _title_of(one, raw, set())[0])}
        needed = sum(one.required for one in schema.fields)
        fits[schema.name] = sum(one.required for one in titles) / (1 + needed) + len(set(titles.values())) / (
            1 + len(raw.header)
        )
    best = sorted(fits, key=lambda name: -fits[name])
    if fits[best[0]] < 0.8 or fits[best[0]] < 1.1 * fits[best[1]]:
        raise UsageError(f"{path.name} may be {', '.join(best[:3])} or another table: name it with --table")
    return tables()[best[0]]


def _title_of(one: Field, raw: RawTable, taken: set[str]) -> tuple[str, str]:
    """The title that a column most likely has, and why that is a guess."""
    if one.name in raw.header:
        return one.name, ""
    free = {title: words_of(title) for title in raw.header if title not in taken and any(_cells(raw, title))}
    for word in known_words(one.name):
        title = next((title for title, words in free.items() if words == word), "")
        if title:
            return title, f"the title reads like {one.name}"
    for word in known_words(one.name):
        near = difflib.get_close_matches(word, free.values(), n=1, cutoff=ALIKE)
        inside = near or [words for words in free.values() if len(word) > 3 and re.search(rf"\b{re.escape(word)}\b", words)]
        if inside:
            return next(title for title, words in free.items() if words == inside[0]), f"the nearest title to {one.name}"
    return "", ""


def _write(schema: TableSchema, raw: RawTable, path: Path, found: Proposal, partial: bool) -> None:
    numbers = [title for title in raw.header if _are_numbers(raw, title)]
    above = len(found.lines)
    found.add("  columns:")
    taken, gaps = set[str](), False
    first = next(iter(raw.header))
    months = [
        title for title, full in zip(raw.header, in_full(list(raw.header)), strict=True) if month_of(full) or quarter_of(full)
    ]
    matrix = schema.name == "latency" and first not in numbers and len(numbers) >= min(3, len(raw.header) - 1) > 0
    series = schema.name == "profiles" and (_time_title(raw) or "")
    start = _starting_row(schema)
    for one in (*schema.columns, *(DATES[:1] if schema.series and len(months) < 2 else ())):
        if series and _series_line(one, raw, numbers, series, path, taken, found):
            continue
        if matrix and one.name in ("from_id", "to_id", "one_way_ms"):
            _matrix_line(one, first, taken, found)
            continue
        if len(months) > 1 and (one.kind == "month" or (schema.across and one.name == schema.across[0].name)):
            if one.required:
                found.add(f"    {one.name}: {{from: {one.name}}}")
            continue
        if one.kind == "month" and (two := _year_and_month(raw)) and not taken.issuperset(two):
            taken.update(two)
            found.add(f"    {one.name}: {{from: {_text(two[0])}, and: {_text(two[1])}}}", "a year and a month in two columns")
            continue
        title, guess = _title_of(one, raw, taken) if one.name not in CARRIED_NAMES or one.name in raw.header else ("", "")
        if title and (one.kind not in ("number", "integer") or title in numbers):
            taken.add(title)
            gaps |= one.required and not all(row[raw.header[title] - 1].strip() for row in raw.rows if row)
            found.add(f"    {one.name}: {_from(one, raw, title)}", guess)
        elif one.name == "source" and not partial:
            found.add(f"    source: {{value: {_text(path.name)}}}")
        elif one.name == "quality" and not partial:
            found.add("    quality: {value: estimate}")
        elif one.name in PLACE and (pair := _pair_title(raw)):
            taken.add(pair)
            found.add(f"    {one.name}: {{from: {_text(pair)}, part: {PLACE[one.name]}}}", "latitude first")
        elif one.required and (one.key or not partial):
            _absent(one, start, found)
    if matrix:
        found.add('  unpivot: {columns: "*", name: to_id, value: one_way_ms}')
    elif len(months) > 1 and schema.across:
        name = schema.month.name if schema.month is not None else "from_month"
        found.add(f"  unpivot: {{columns: {_text(months)}, name: {name}, value: {schema.across[0].name}}}")
        if any(quarter_of(title) for title in months):
            found.add("  quarters: spread", "a third of the number in each month; repeat: all of it in each")
    if series:
        found.add("  combine: mean")
    elif schema.month is not None:
        way, words = ("sum", "added up") if schema.adds_up else ("mean", "averaged")
        found.add(f"  combine: {way}", f"several rows of a key are {words}")
    _add_rows(raw, numbers, gaps, above, found)
    rest = [title for title in raw.header if title not in taken and title not in months and not matrix]
    if rest:
        found.add(f"  ignore: {_text([re.sub(r'[][*?]', '?', title) for title in rest])}")


def _add_rows(raw: RawTable, numbers: list[str], gaps: bool, above: int, found: Proposal) -> None:
    """Say ``above`` the columns which rows are meant, where the file shows that some are not. ``gaps``: a column that every row
    needs has empty cells."""
    missing, ends = _missing(raw, numbers), _remarks_below(raw)
    texts = [*missing, *[""] * (gaps and not ends)]
    parts = [f"missing: {_text(texts)}"] * bool(texts) + ["until: blank"] * ends
    why = ["texts in columns of numbers"] * bool(missing) + ["rows without a value are left out"] * ("" in texts)
    why += ["an empty row ends the table, and remarks follow"] * ends
    if parts:
        found.add(f"  rows: {{{', '.join(parts)}}}", "; ".join(why))
        found.lines.insert(above, found.lines.pop())


def _remarks_below(raw: RawTable) -> bool:
    """Whether rows with few filled cells follow an empty row, and no others."""
    empty = next((row for row, cells in enumerate(raw.rows) if not cells), len(raw.rows))
    below = [cells for cells in raw.rows[empty:] if cells]
    return bool(below) and all(FEW * sum(bool(cell.strip()) for cell in cells) < len(raw.header) for cells in below)


def _year_and_month(raw: RawTable) -> tuple[str, str] | None:
    """The titles of a year and of a month beside it, of the same event: `Planned Operation Year`, `Planned Operation Month`."""
    words = {words_of(title): title for title in raw.header}
    for text, title in words.items():
        other = words.get(re.sub(r"\bmonth\b", "year", text), title)
        if other != title and all(cell.isdecimal() and int(cell) <= 12 for cell in _cells(raw, title)):
            return other, title
    return None


def _series_line(
    one: Field, raw: RawTable, numbers: list[str], time: str, path: Path, taken: set[str], found: Proposal
) -> bool:
    """A line of a profile that is made from hourly or quarter-hourly prices; whether the column is one of those."""
    if one.name in TIMES:
        taken.add(time)
        clock = next((title for title in raw.header if title != time and _is_clock(raw, title)), "")
        if one.name == "from_h" and clock:
            taken.add(clock)
            is_last = words_of(clock) in HOURS[:2] or any(cell.startswith("24") for cell in _cells(raw, clock))
            found.add(f"    from_h: {{from: {_text(clock)}, time: {'hour_ending' if is_last else 'hour'}}}")
        else:
            what = "calendar_month" if one.name == "calendar_month" else "hour"
            utc = ", file_zone: UTC, zone: UTC" if _is_utc(time) else ""
            words = "times in UTC: name the zone of the place" if utc else "times as they stand"
            found.add(f"    {one.name}: {{from: {_text(time)}, time: {what}{utc}}}", words)
    elif one.name == "profile_id":
        found.add(f"    profile_id: {{value: {_slug(path.stem)}}}", "a name that rows of power state as profile_id")
    elif one.name == "kind":
        found.add(f"    kind: {{value: {PRICE_KIND}}}")
    elif one.name == "value":
        title, _ = _title_of(one, raw, taken)
        price = title if title in numbers else next((each for each in numbers if each not in taken), "")
        taken.add(price)
        column = Field(PRICE_KIND, "number", "")
        line = _from(column, raw, price) if price else '{from: "?"}'
        found.add(f"    value: {line}", "the column of prices; a rate is what one of the currency is worth in USD")
    else:
        return False
    return True


def _matrix_line(one: Field, first: str, taken: set[str], found: Proposal) -> None:
    taken.add(first)
    if one.name == "one_way_ms":
        round_trip = is_round_trip(first)
        factor = ", factor: 0.5" if round_trip else ""
        found.add(
            f"    one_way_ms: {{from: one_way_ms{factor}}}",
            "round trips halved" if round_trip else "one way, not there and back",
        )
    else:
        title = first if one.name == "from_id" else "to_id"
        found.add(f"    {one.name}: {{from: {_text(title)}, unknown: leave_out}}")


def _from(one: Field, raw: RawTable, title: str) -> str:
    """Where a column comes from, with its unit, its names and the part of a cell."""
    parts = [f"from: {_text(title)}"]
    unit = unit_in(title) or _unit_of_money(one, title)
    if one.kind in ("number", "integer") and unit and one.unit:
        currency = CURRENCY.search(unit)
        plain = CURRENCY.sub("USD", unit) if currency is not None and currency[1] != "USD" else unit
        try:
            in_unit_of(one.name, f"1 {plain}")
        except UnitError:
            return f"{{{', '.join(parts)}}}"
        parts.append(f"unit: {_text(unit)}")
        if plain != unit and currency is not None:
            parts.append(f"rate: {{{currency[1]}: 0}}")
        if one.name == ONE_WAY and is_round_trip(title):
            parts.append("factor: 0.5")
    elif one.kind == "choice":
        names = list(dict.fromkeys(_cells(raw, title)))
        if not set(names) <= set(one.choices) and len(names) <= MOST_VALUES:
            parts.append(f"values: {{{', '.join(f'{_text(name)}: {one.choices[0]}' for name in names)}}}")
    elif one.kind == "month" and not all(month_of(cell) or quarter_of(cell) for cell in _cells(raw, title)):
        parts.append("time: month")
    elif one.kind == "name":
        names = list(dict.fromkeys(_cells(raw, title)))
        if not all(is_name(name) for name in names) and len(names) <= MOST_VALUES:
            parts.append(f"values: {{{', '.join(f'{_text(name)}: {_slug(name)}' for name in names)}}}")
    return f"{{{', '.join(parts)}}}"


def _unit_of_money(one: Field, title: str) -> str:
    """The unit of a column whose title names a currency without brackets: `price_eur_mwh` is in EUR/MWh."""
    money = money_in(title) if "USD" in one.unit else ""
    below = next((unit for unit in ENERGIES if unit.casefold() in re.split(r"[\W_]+", title.casefold())), "")
    of = f"{money}/{below}" if below and one.unit.endswith("MWh") else one.unit.replace("USD", money)
    return of if money else ""


def _absent(one: Field, start: dict[str, str], found: Proposal) -> None:
    """A column that the file does not have: the value of the starting plan, or a title to be stated. No number is made up."""
    value = start.get(one.name, "")
    if one.key or not value or one.kind in ("number", "integer"):
        found.add(f'    {one.name}: {{from: "?"}}', f"no title reads like {with_article(one.name)}: {one.doc}; from, or value")
    else:
        found.add(f"    {one.name}: {{value: {_text(value)}}}", "as in the starting plan")


def _starting_row(schema: TableSchema) -> dict[str, str]:
    path = STARTING_TABLES / f"{schema.name}.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file), {})


def _cells(raw: RawTable, title: str, most: int | None = LOOKED_AT) -> Iterator[str]:
    position = raw.header[title] - 1
    return (cell for row in raw.rows[:most] if row and (cell := row[position].strip()))


def _are_numbers(raw: RawTable, title: str) -> bool:
    cells = list(_cells(raw, title))
    return bool(cells) and sum(_is_number(cell) for cell in cells) > 0.6 * len(cells)


def _is_number(cell: str) -> bool:
    return (
        NUMBER.fullmatch(digits_of(cell.lstrip("$€£ ")).replace(",", ".")) is not None
        or NUMBER.fullmatch(cell.replace(",", "")) is not None
    )


def _missing(raw: RawTable, numbers: list[str]) -> list[str]:
    words = dict.fromkeys(cell for title in numbers for cell in _cells(raw, title, None) if not re.search(r"\d", cell))
    return [word for word in words if len(word) <= 5][:5]


def _time_title(raw: RawTable) -> str:
    """The first column of dates, of local ones where the file has both."""
    found = [title for title in raw.header if (cells := list(_cells(raw, title))) and all(map(MOMENT.fullmatch, cells))]
    return next((title for title in found if not _is_utc(title)), next(iter(found), ""))


def _is_utc(title: str) -> bool:
    return bool({"utc", "gmt"}.intersection(re.split(r"[\W_]+", title.casefold())))


def _is_clock(raw: RawTable, title: str) -> bool:
    """Whether a column is of hours of a day, by its title or by its cells."""
    cells = list(_cells(raw, title))
    return words_of(title) in HOURS or (bool(cells) and all(":" in cell and clock_hour(cell) is not None for cell in cells))


def _pair_title(raw: RawTable) -> str:
    """The first column of coordinates, such as `40.08,-82.81`."""
    pairs = {title: list(_cells(raw, title)) for title in raw.header}
    return next((title for title, cells in pairs.items() if cells and all(PAIR.fullmatch(cell) for cell in cells)), "")


def _slug(text: str) -> str:
    return "_".join(re.findall(r"[a-z0-9]+", text.casefold())) or "x"


def _text(value: object) -> str:
    """A text, or a list of texts, as YAML reads it on one line."""
    return json.dumps(value, ensure_ascii=False)
