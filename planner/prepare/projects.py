"""Projects: what each adds where, in which months it may be taken, and what it costs a month from then on."""

from __future__ import annotations

from typing import Any

from models.data import Project, ProjectPart
from planner.plan.calendar import Calendar
from planner.plan.table import Table
from planner.prepare.power import capital_charge_frac_per_month
from planner.schema.settings import Settings
from planner.schema.table_schema import DECIDED_ONCE, HALLS, project_option

Tables = dict[str, Table]
COLUMNS = ("region_id", "option_id", "mw", "capital_musd", "fixed_musd_per_year")


def projects_of(settings: Settings, tables: Tables, calendar: Calendar) -> tuple[Project, ...]:
    """Every project with its parts, in the order of the table. In cost scope `energy` halls cost nothing."""
    table, found = tables["projects"], dict[str, list[int]]()
    for position, j in enumerate(table.column("project_id")):
        found.setdefault(j, []).append(position)
    rows = list(table.select(*COLUMNS))
    projects = []
    for j, positions in found.items():
        earliest, latest, whole, group = (table.column(name)[positions[0]] for name in DECIDED_ONCE)
        months = tuple(
            t for t, month in enumerate(calendar.months, start=1) if (earliest or month) <= month <= (latest or month)
        )
        parts = tuple(_part(settings, tables, j, *rows[position]) for position in positions)
        projects.append(Project(j, parts, months, whole == "yes", group))
    return tuple(projects)


def _part(settings: Settings, tables: Tables, j: str, r: str, base: str, mw: float, musd: float, fixed: Any) -> ProjectPart:
    regions, options = tables["regions"], tables["options"]
    if base == HALLS:
        life, charged = regions.value("shell_life_years", r), settings.boundary == "facility"
        running = fixed or 0.0
    else:
        life, charged = options.value("life_years", base), True
        running = 1e-3 * mw * options.value("fixed_usd_per_kw_year", base) if fixed is None else fixed
    charge = capital_charge_frac_per_month(regions.value("wacc_frac_per_year", r), life)
    usd = (1e6 * musd * charge, 1e6 * running / 12) if charged else (0.0, 0.0)
    return ProjectPart(r, base if base == HALLS else project_option(j, base), base, mw, musd, *usd)
