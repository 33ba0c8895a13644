"""What a rule over several tables works with: all tables, the findings, and the phrases that rules share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.codes import Code
from planner.findings import Findings, Notice, Place
from planner.plan.calendar import calendar_of
from planner.plan.plan import Entry
from planner.plan.table import Table, names_in, valid_names
from planner.schema.fields import ANY, cell_text, with_article
from planner.schema.settings import Settings
from planner.schema.tables import Pointer


class RuleContext:
    """A plan whose tables were read, to be checked by rules."""

    def __init__(
        self, settings: Settings, tables: dict[str, Table], stated: Entry, findings: Findings, notices: list[Notice]
    ) -> None:
        self.settings = settings
        self.tables = tables
        self.stated = stated
        self.findings = findings
        self.notices = notices
        self.calendar = calendar_of(settings)
        self.months = self.calendar.horizon

    def every_month(self, name: str, column: str | None) -> None:
        """A table has rows for every month of the plan, for each value of a column."""
        table = self.tables[name]
        present: dict[str, set[str]] = {}
        last: dict[str, int] = {}
        groups = table.column(column) if column else [""] * len(table)
        for position, (group, month) in enumerate(zip(groups, table.column("month"), strict=True)):
            present.setdefault(group, set()).add(month)
            last[group] = position
        for group, months in present.items():
            missing = [month for month in self.months if month not in months]
            if missing:
                what = f"{group}: " if group else ""
                each = f"each of these {len(missing)} months" if len(missing) > 1 else "this month"
                text = f"{what}{name} lacks {some(_stretches(self.months, missing))}: add a row for {each} of the plan"
                if missing[0] < min(months) or missing[-1] > max(months):
                    held = [month for month in self.months if month in months]
                    if held and held == list(self.months[: len(held)]):
                        text += f", or end the plan where the table ends (--set months={len(held)})"
                    text += f"; {self.file(name)} has {span(months)}"
                self.findings.add(
                    Code.E_MONTHS_MISSING, table.place(last[group], "month"), text, missing[0], "every month of the plan"
                )

    def refuse(
        self, code: Code, table: Table, position: int, column: str, value: object, expected: str, hint: str = "", of: str = ""
    ) -> None:
        """Refuse a cell in the standard sentence; ``of`` is the row, where its line alone would not say."""
        name = f"{of}: {column}" if of else column
        self.findings.refuse(code, table.place(position, column), name, cell_text(value), expected, hint)

    def names_exist(self, pointer: Pointer) -> None:
        """Every name in a column that points to other tables exists there, or is one of its words."""
        table, column, valid = self.tables[pointer.table], pointer.field.name, valid_names(pointer, self.tables)
        for position, value in enumerate(table.column(column)):
            for name in names_in(value):
                if name not in valid:
                    self.refuse(
                        Code.E_NAME_UNKNOWN,
                        table,
                        position,
                        column,
                        name,
                        self._expected(pointer),
                        self.findings.nearest(name, valid - self._contracts_elsewhere(table, position)),
                    )

    def _contracts_elsewhere(self, table: Table, position: int) -> set[str]:
        """Options that are contracts of other regions than that of the row: they are not what it means."""
        orders = self.tables["commitments"]
        own = table.columns["region_id"][position] if "region_id" in table.columns else None
        of: dict[str, set[str]] = {}
        for region, option, base in orders.select("region_id", "option_id", "contract_of"):
            if base is not None:
                of.setdefault(option, set()).add(region)
        return {option for option, regions in of.items() if own is not None and own not in regions}

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

    def setting_place(self, *path: str | int) -> Place:
        """Where a key of the plan was written."""
        return self.stated.below(path).place

    def table_place(self, name: str) -> Place:
        """Where the plan names a table."""
        here: Entry = self.stated.value["tables"]
        return here.value[name].place if name in here.value else here.key_place


def either(words: Sequence[str]) -> str:
    """`a, b or c`."""
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def span(months: Iterable[str]) -> str:
    """From the first to the last of some months."""
    first, *others = sorted(set(months))
    return f"{first} to {others[-1]}" if others else first


def _stretches(months: Sequence[str], missing: Sequence[str]) -> list[str]:
    """Missing months as ranges, `2028-02 to 2028-05`."""
    number = {month: position for position, month in enumerate(months)}
    stretches: list[list[str]] = []
    for month in missing:
        if stretches and number[month] == number[stretches[-1][-1]] + 1:
            stretches[-1].append(month)
        else:
            stretches.append([month])
    return [span(each) for each in stretches]


def some(names: Iterable[str]) -> str:
    """The first five names, and how many more there are."""
    names = list(names)
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
