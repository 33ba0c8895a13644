"""What a rule over several tables works with: all tables, the findings, and the phrases that rules share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from planner.codes import Code
from planner.findings import Findings, Notice, Place
from planner.formats import some
from planner.plan.calendar import calendar_of
from planner.plan.plan import Entry
from planner.plan.table import Table
from planner.read.rules.named_rows import NamedRows
from planner.schema.settings import Settings


class RuleContext(NamedRows):
    """A plan whose tables were read, to be checked by rules."""

    def __init__(
        self, settings: Settings, tables: dict[str, Table], stated: Entry, findings: Findings, notices: list[Notice]
    ) -> None:
        super().__init__(tables, findings)
        self.settings = settings
        self.stated = stated
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

    def setting_place(self, *path: str | int) -> Place:
        """Where a key of the plan was written."""
        return self.stated.below(path).place

    def table_place(self, name: str) -> Place:
        """Where the plan names a table."""
        here: Entry = self.stated.value["tables"]
        return here.value[name].place if name in here.value else here.key_place


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
