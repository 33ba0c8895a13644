"""A plan as one workbook to fill in: the sheet `plan`, one sheet a table, and a sheet of instructions.

Every header says what its column means, its unit and its bounds; cells offer their choices. It is filled with a loaded plan:
read again, it is the same plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from planner.errors import UsageError
from planner.plan.plan import Plan
from planner.plan.table import Table
from planner.read.files.workbook import OWN_SHEETS, PLAN, is_workbook
from planner.read.files.workbook_plan import KEY, VALUE
from planner.schema.fields import Field, cell_text
from planner.schema.table_schema import CARRIED, TableSchema
from planner.schema.tables import pointers, tables
from planner.write.folder.replace import new_file
from planner.write.folder.serialise import plain
from planner.write.xlsx.book import INK, LINE, MONTH_FORMAT, PAPER, Book
from planner.write.xlsx.plan_rules import rule_of, rule_of_names, rule_of_setting
from planner.write.xlsx.plan_sheet import OPEN, Setting, settings, values_of
from planner.write.xlsx.worksheet import LONGEST_TEXT

ROWS = 500
"""Empty rows below the filled ones that also have drop-downs and bounds."""

OPTIONAL, CARRIED_INK, INPUT = "#5B7FA6", "#7F7F7F", "#FFF8E1"
WIDEST = 44.0


def write_plan_workbook(path: Path, plan: Plan) -> Path:
    """Write the workbook, filled with ``plan``; returns its path.

    Raises UsageError when the file exists or is not named .xlsx, OutputError when it cannot be written."""
    with _new_workbook(path) as partial:
        _write_book(partial, plan)
    return path


def write_table_workbook(path: Path, table: Table) -> Path:
    """Write a workbook with the sheet of one table, to fill in; returns its path. Raises as `write_plan_workbook` does."""
    name = table.schema.name
    with _new_workbook(path) as partial:
        book = Book(partial, name.capitalize())
        _write_table(book, book.worksheet(name), table.schema, table)
        book.close()
    return path


@contextmanager
def _new_workbook(path: Path) -> Iterator[Path]:
    """Where a new workbook is written before it has its name."""
    if not is_workbook(path):
        raise UsageError(f"{path}: expected a name that ends in .xlsx")
    with new_file(path) as partial:
        if path.exists() or path.is_symlink():
            raise UsageError(f"{path} exists: give the name of a new workbook")
        yield partial


def _write_book(path: Path, plan: Plan) -> None:
    book = Book(path, f"Plan {plan.name}")
    pages = {name: book.worksheet(name) for name in (*OWN_SHEETS, PLAN, *tables())}
    _write_read_me(book, pages[OWN_SHEETS[0]])
    _write_plan(book, pages[PLAN], values_of(plain(plan.to_mapping())))
    for name, schema in tables().items():
        _write_table(book, pages[name], schema, plan.tables[name])
    pages[OWN_SHEETS[0]].activate()
    book.close()


# ---- a table


def _write_table(book: Book, worksheet: Any, schema: TableSchema, table: Table) -> None:
    worksheet.set_tab_color(INK if schema.required else OPTIONAL)
    columns, count = schema.offered + table.dated_fields, len(table)
    worksheet.add_table(
        0,
        0,
        max(count, 1),
        len(columns) - 1,
        {
            "name": f"in_{schema.name}",
            "style": "Table Style Light 1",
            "columns": [{"header": one.name, "header_format": _head(book, one)} for one in columns],
        },
    )
    for index, one in enumerate(columns):
        values = table.columns.get(one.name, [])
        look = _look(book, one.kind)
        longest = max([len(one.name) + 5, 12, *(len(cell_text(value)) + 2 for value in values)])
        worksheet.set_column(index, index, min(float(longest), WIDEST), look)
        worksheet.write_comment(0, index, _comment(one), {"x_scale": 2.2, "y_scale": 1.2, "font_size": 9})
        for row, value in enumerate(values, start=1):
            if value not in (None, "", ()):
                _write_value(book, worksheet, row, index, value, one.kind, look)
        target = _target(schema.name, one.name)
        rule = rule_of_names(target, _column_of(*target)) if target else rule_of(one, xl_col_to_name(index))
        if rule is not None:
            worksheet.data_validation(1, index, count + ROWS, index, rule)
    worksheet.set_row(0, 22)
    keys = sum(one.key for one in schema.fields)
    worksheet.freeze_panes(1, keys)
    worksheet.print_readable(schema.name, repeat=0)
    worksheet.repeat_columns(0, max(keys, 1) - 1)
    worksheet.print_area(0, 0, max(count, 1), len(columns) - 1)


def _look(book: Book, kind: str, **properties: Any) -> Any:
    """The format of cells that hold values of this kind, in the cell style of inputs."""
    left = {"align": "left", "indent": 1}
    shown = {"number": {}, "integer": {}, "month": {"num_format": MONTH_FORMAT, **left}}
    return book.format(cell_style="Input", **(shown.get(kind, {"num_format": "@", **left}) | properties))


def _write_value(book: Book, worksheet: Any, row: int, column: int, value: Any, kind: str, look: Any) -> None:
    """Write one value: a number, a month as its first day, anything else as text."""
    if kind == "month" and isinstance(value, str) and (day := book.day_of(value)) == day:
        value = day
    if value in (None, "", ()):
        worksheet.write_blank(row, column, None, look)
    elif isinstance(value, int | float):
        worksheet.write_number(row, column, value, look)
    else:
        worksheet.write_string(row, column, cell_text(value)[:LONGEST_TEXT], look)


def _head(book: Book, one: Field) -> Any:
    colour = CARRIED_INK if one in CARRIED else INK if one.required else OPTIONAL
    side = {"align": "right"} if one.kind in ("number", "integer") else {"indent": 1}
    look = {"font_color": "white", "bg_color": colour, "valign": "vcenter", "border": 1, "border_color": "white"}
    return book.format(bold=one.required, **look, **side)


def _comment(one: Field) -> str:
    """The meaning of a column and the values that it takes."""
    lines = [one.doc, f"Expected: {one.expected}"]
    if one.kind in ("number", "integer") and one.le is None:
        lines.append(f"At most {cell_text(one.most)}")
    if one.key:
        lines.append("Part of the key: no two rows have the same")
    elif not one.required:
        lines.append("May be empty" + (f": then {cell_text(one.default)}" if one.default not in (None, ()) else ""))
    return "\n".join(lines)


def _target(table: str, column: str) -> tuple[str, str] | None:
    """The table and column whose names this column takes."""
    found = next((each for each in pointers() if (each.table, each.field.name) == (table, column)), None)
    one_name = found is not None and found.checked and found.field.kind == "name" and not found.field.any_allowed
    return found.targets[0] if found is not None and one_name and len(found.targets) == 1 else None


def _column_of(table: str, column: str) -> str:
    return str(xl_col_to_name([one.name for one in tables()[table].columns].index(column)))


# ---- the plan


def _write_plan(book: Book, worksheet: Any, values: Mapping[str, Any]) -> None:
    """Write one row a key; a value that has a default shows it."""
    worksheet.set_tab_color(INK)
    heads = (KEY, VALUE, "unit", "allowed", "meaning")
    for index, (name, width) in enumerate(zip(heads, (34, 24, 26, 30, 84), strict=True)):
        worksheet.set_column(index, index, width)
        worksheet.write_string(0, index, name, book.head(valign="vcenter", indent=1))
    worksheet.set_row(0, 22)
    worksheet.freeze_panes(1, 1)
    section = ""
    for row, (one, key, value) in enumerate(_lines(values), start=1):
        line = {"top": 1, "top_color": LINE} if key.partition(".")[0] != section and "." in key else {}
        section = key.partition(".")[0]
        worksheet.write_string(row, 0, key, book.format(bold=one.required, indent=1, **line))
        kind = "number" if one.is_number else "month" if one.is_month else "text"
        look = _look(book, kind, bg_color=INPUT, border=1, border_color=LINE, align="left", indent=1)
        _write_value(book, worksheet, row, 1, value, kind, look)
        for column, text in enumerate((one.unit, one.allowed, one.meaning), start=2):
            worksheet.write_string(row, column, text, book.format(font_color="#555555", indent=1, **line))
        rule = rule_of_setting(one, f"B{row + 1}")
        if rule is not None:
            worksheet.data_validation(row, 1, row, 1, rule)
    worksheet.print_readable(PLAN, repeat=0)
    worksheet.print_area(0, 0, row, len(heads) - 1)


def _lines(values: Mapping[str, Any]) -> list[tuple[Setting, str, Any]]:
    """The rows of the plan sheet. A blank one has no day types and no years of a carbon cap or a budget."""
    lines: list[tuple[Setting, str, Any]] = []
    why = Setting("why", "one sentence: why this plan exists", {"type": "string"}, False)
    for one in settings():
        if one.key in OPEN:
            lines += [(one, key, values[key]) for key in values if key.startswith(one.key + ".")]
        else:
            lines.append((one, one.key, values.get(one.key, one.default)))
        if one.key == "name":
            lines.append((why, why.key, values.get(why.key)))
    return lines


# ---- the sheet that says how


def _write_read_me(book: Book, worksheet: Any) -> None:
    worksheet.hide_gridlines(2)
    worksheet.set_tab_color(CARRIED_INK)
    worksheet.set_column(0, 0, 18)
    worksheet.set_column(1, 1, 14)
    worksheet.set_column(2, 2, 100)
    worksheet.set_row(0, 28)
    worksheet.write_string(0, 0, "A plan to fill in", book.format(bold=True, font_size=16, font_color=INK))
    row = 1
    for text in READ_ME:
        worksheet.write_string(row, 0, text, book.format())
        row += 1
    row += 1
    for colour, text in LEGEND:
        worksheet.write_string(row, 0, "column name", book.format(font_color="white", bg_color=colour, indent=1))
        worksheet.write_string(row, 1, text, book.format(indent=1))
        row += 1
    row += 1
    for column, text in enumerate(("sheet", "", "what it holds")):
        worksheet.write_string(
            row, column, text, book.format(bold=True, bg_color=PAPER, font_color=INK, bottom=1, bottom_color=LINE)
        )
    link = book.format(font_color="#0563C1", underline=1)
    sheets: Sequence[tuple[str, str, str]] = [
        (PLAN, "required", "Keys and values: the horizon, what counts as cost, prices."),
        *((name, "required" if one.required else "may be empty", one.doc) for name, one in tables().items()),
    ]
    for name, needed, text in sheets:
        row += 1
        worksheet.write_url(row, 0, f"internal:'{name}'!A1", link, name)
        worksheet.write_string(row, 1, needed, book.format(font_color="#555555"))
        worksheet.write_string(row, 2, text, book.format())
    worksheet.print_readable(OWN_SHEETS[0])
    worksheet.print_area(0, 0, row, 2)


READ_ME = (
    "The rows are there to start from: change them, delete them, add yours below. Save, then: planner check FILE.xlsx.",
    "Once the plan is sound: planner run FILE.xlsx. A table grows with what is typed below it, and can be filtered.",
    "One row a fact. The name of a column ends in its unit; the comment on its header says which values it takes.",
    "Shares are fractions of 1. Type a month as Jan 2027 or 2027-01. Several names in one cell have semicolons between them.",
    "source says where a row comes from, quality how far to trust it; they do not affect the results.",
    "A carbon cap is a row of its own on the sheet plan for each year: carbon.cap_mtco2_per_year.2028.",
    "So is a budget of capital: budget.capital_musd_per_year.2028.",
    "Formulas are welcome: their values count as the spreadsheet program stored them. Sheets of other names are not read.",
)

LEGEND = (
    (INK, "must be filled in every row"),
    (OPTIONAL, "may be empty"),
    (CARRIED_INK, "where the row comes from"),
)
