"""The workbook `plan.xlsx`: summary, pages to print, self-check, read-me, one sheet a table, the inputs with their
sources, the run record.

Equal tables give equal bytes. Names are written as text whatever they begin with: no cell becomes a formula or a link that came
from a file.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from planner.result import Result
from planner.write.folder.serialise import plain
from planner.write.xlsx.book import Book
from planner.write.xlsx.formula import Sheets
from planner.write.xlsx.layout import difference_sheets, input_sheets, is_minimised, plan_months, result_sheets, run_sheet
from planner.write.xlsx.plan_sheet import values_of
from planner.write.xlsx.print_blocks import print_blocks
from planner.write.xlsx.print_sheet import write_print
from planner.write.xlsx.read_me import write_read_me
from planner.write.xlsx.self_check_sheet import write_self_checks
from planner.write.xlsx.self_checks import checks_left_out, self_checks
from planner.write.xlsx.summary import write_summary, write_verdict
from planner.write.xlsx.table_sheet import write_table


def write_xlsx(path: Path, result: Result) -> None:
    """Write the workbook of a run."""
    results = result_sheets(result.tables)
    tables = {name: pd.DataFrame(table.resolved) for name, table in result.plan.tables.items()}
    stated = {name: frame for name, frame in tables.items() if len(frame) or result.plan.tables[name].schema.required}
    inputs = input_sheets(values_of(plain(result.plan.to_mapping())), stated)
    book = Book(path, f"Plan {result.plan.name}")
    book.set_calc_mode("auto")

    summary, printed, self_check, read_me = (book.worksheet(name) for name in ("summary", "print", "checks", "read_me"))
    record = run_sheet(result.record)
    changes = difference_sheets(result.changes)
    for sheet in (*changes, *results, *inputs, record):
        write_table(book, sheet, result.plan.name).print_nothing(sheet.frame.shape[1])
    headlines, verdict_at = write_summary(book, summary, result)
    months = plan_months(result.tables)
    sheets = Sheets([*results, *inputs, record])
    found = self_checks(sheets, months, headlines, is_minimised(result.record))
    told = write_self_checks(book, self_check, found, months, checks_left_out(sheets, months))
    write_print(book, printed, result.plan.name, print_blocks(result.tables, tables, months))
    write_verdict(book, summary, verdict_at, told)
    write_read_me(book, read_me, result, [*changes, *results], inputs)
    summary.activate()
    book.close()
