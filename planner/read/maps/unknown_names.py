"""Leave out the rows of mapped tables that name what the plan does not have, where the map says so."""

from __future__ import annotations

from planner.codes import Code, Remark
from planner.findings import Findings, Notice, shown
from planner.formats import some
from planner.plan.table import Table, empty_table, names_in, valid_names
from planner.read.extends import Chain
from planner.read.table_changes import without
from planner.schema.tables import pointers, tables as table_schemas


def leave_out_unknown(chain: Chain, tables: dict[str, Table], findings: Findings) -> None:
    """Leave out the rows whose names point nowhere, of the columns for which a map says so. That no row is left is refused."""
    for name, column, place in chain.left_out:
        pointer = next((one for one in pointers() if (one.table, one.field.name) == (name, column)), None)
        if pointer is None or name not in tables or any(table not in tables for table, _ in pointer.targets if _needed(table)):
            continue
        whole = {each: tables.get(each, empty_table(schema)) for each, schema in table_schemas().items()}
        known, table = valid_names(pointer, whole), tables[name]
        strange: dict[str, int] = {}
        gone = []
        for position, value in enumerate(table.column(column)):
            unknown = [one for one in names_in(value) if one not in known]
            if unknown:
                gone.append(position)
                strange[unknown[0]] = strange.get(unknown[0], 0) + 1
        if gone:
            names = some(shown(one, 30) for one in strange)
            if len(gone) == len(table):
                others = [one for one in pointers() if one.table == name and one is not pointer and one.checked]
                turned = next((one.field.name for one in others if strange.keys() & valid_names(one, whole)), "")
                hint = f"these are of {turned}: are the two the other way round?" if turned else ""
                findings.refuse(Code.E_NAME_UNKNOWN, place, column, names, f"a {column} of the plan in some row", hint)
            else:
                noun = "row" if len(gone) == 1 else "rows"
                text = f"{len(gone):,} {noun} of {name} left out, as the plan has no {column} {names}"
                chain.books.notices.append(Notice(Remark.N_ROWS_LEFT_OUT, text, place))
            tables[name] = without(table, gone)


def _needed(table: str) -> bool:
    return table_schemas()[table].required
