"""A name in a column that points to other tables has a row there."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache, cached_property, partial

from planner.codes import Code
from planner.findings import Findings
from planner.plan.table import MOST_ALIKE, Table, names_in, valid_names
from planner.schema.fields import ANY, cell_text, either, with_article
from planner.schema.tables import Pointer, pointers


class NamedRows:
    """Tables that were read, and what is refused in them."""

    def __init__(self, tables: dict[str, Table], findings: Findings) -> None:
        self.tables = tables
        self.findings = findings

    def refuse(
        self, code: Code, table: Table, position: int, column: str, value: object, expected: str, hint: str = "", of: str = ""
    ) -> None:
        """Refuse a cell in the standard sentence; ``of`` is the row, where its line alone would not say."""
        name = f"{of}: {column}" if of else column
        self.findings.refuse(code, table.place(position, column), name, cell_text(value), expected, hint)

    def all_exist(self, broken: Collection[str], unread: Collection[str]) -> None:
        """Check every column that points, where all names that it may point to are known.

        ``broken``: tables with cells that were refused, and are empty here; ``unread``: those that may lack rows or columns."""
        for pointer in pointers():
            known = all(
                table not in unread and (table not in broken or all(self.tables[table].column(column)))
                for table, column in pointer.targets
            )
            if pointer.checked and known and pointer.table not in unread:
                self.names_exist(pointer)

    def names_exist(self, pointer: Pointer) -> None:
        """Every name in a column that points to other tables exists there, or is one of its words."""
        table, column, valid = self.tables[pointer.table], pointer.field.name, valid_names(pointer, self.tables)
        near = cache(partial(self._of_region, valid))
        regions = table.columns.get("region_id", [None] * len(table))
        stated = [(position, name) for position, value in enumerate(table.column(column)) for name in names_in(value)]
        strange = [(position, name) for position, name in stated if name not in valid]
        expected = self._expected(pointer) if strange else ""
        if len(strange) == len(stated) > MOST_ALIKE:  # another table than this one means
            last = table.place(strange[-1][0], column).shown
            expected, strange = f"{expected}, in this and {len(strange) - 1} more cells, to {last}", strange[:1]
        for position, name in strange:
            candidates = near(regions[position]) if self.findings.compares else ()
            hint = self.findings.nearest(name, candidates)
            self.refuse(Code.E_NAME_UNKNOWN, table, position, column, name, expected, hint)

    def _of_region(self, valid: set[str], region: str | None) -> list[str]:
        """Names without the contracts of other regions, which are not what a row of this one means."""
        self.findings.compared += len(self._contracts)
        elsewhere = [option for option, regions in self._contracts.items() if region is not None and region not in regions]
        return sorted(valid.difference(elsewhere))

    @cached_property
    def _contracts(self) -> dict[str, set[str]]:
        """The regions of each contract."""
        of: dict[str, set[str]] = {}
        for region, option, base in self.tables["commitments"].select("region_id", "option_id", "contract_of"):
            if base is not None:
                of.setdefault(option, set()).add(region)
        return of

    def _expected(self, pointer: Pointer) -> str:
        """`a region_id or bloc of tables/regions.csv or a design_id of tables/designs.csv, or orbit`."""
        columns: dict[str, list[str]] = {}
        for table, column in pointer.targets:
            columns.setdefault(table, []).append(column)
        files: dict[str, list[str]] = {}
        for table, names in columns.items():
            files.setdefault(either(names), []).append(self.file(table))
        words = [*pointer.words, *([ANY] if pointer.field.any_allowed else [])]
        rows = either([f"{with_article(names)} of {either(those)}" for names, those in files.items()])
        return rows + "".join(f", or {word}" for word in words)

    def file(self, name: str) -> str:
        """The file of a table, for a message."""
        table = self.tables[name]
        return table.rows[0].source.name if len(table) else f"the table {name}"
