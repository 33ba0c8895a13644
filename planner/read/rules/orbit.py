"""Rules of orbit: a design has a launch and a price in every month, and physics lets it fly."""

from __future__ import annotations

from planner.findings import shown
from planner.physics import DesignError, PhysicsError, platform
from planner.plan.places import orbital_designs
from planner.read.rules.rule_context import Scope
from planner.schema.fields import cell_text
from planner.schema.table_schema import ORBIT


def places_are_apart(scope: Scope) -> None:
    regions = scope.tables["regions"]
    designs = scope.tables["designs"]
    for position, (design,) in enumerate(designs.select("design_id")):
        if (design,) in regions.index:
            where = regions.rows[regions.index[design,]]
            at = designs.place(position, "design_id")
            scope.findings.add(at, f"design_id = {design}: also a region ({where.source.shown}:{where.line})", design)
    named = (("regions", "region_id"), ("designs", "design_id"), ("regions", "bloc"), ("designs", "bloc"), ("regions", "group"))
    for table, column in named:
        for position, name in enumerate(scope.tables[table].column(column)):
            if name == ORBIT:
                at = scope.tables[table].place(position, column)
                scope.findings.refuse(at, column, name, "another name", "in shares, orbit means every design")


def designs_can_be_launched(scope: Scope) -> None:
    designs = scope.tables["designs"]
    if not len(designs):
        return
    for name in ("launch", "launch_price"):
        if not len(scope.tables[name]):
            text = f"table {name} has no rows: expected every month of the plan, since {scope.file('designs')} has rows"
            scope.findings.add(scope.table_place(name), text, name, "rows")
    if len(scope.tables["launch"]):
        scope.every_month("launch", None)
    prices = scope.tables["launch_price"]
    if len(prices):
        priced = set(prices.column("design_id"))
        for position, (design,) in enumerate(designs.select("design_id")):
            if design not in priced:
                at = designs.place(position, "design_id")
                scope.findings.add(at, f"design_id = {design}: no row in {scope.file('launch_price')}", design, "a row")
        scope.every_month("launch_price", "design_id")


def designs_can_fly(scope: Scope) -> None:
    table = scope.tables["designs"]
    for position, design in enumerate(orbital_designs(table)):
        try:
            platform(design)
        except DesignError as error:
            for problem in error.problems:
                text = f"{problem.field} = {shown(cell_text(problem.value))}: {problem.reason}"
                scope.findings.add(table.place(position, problem.field), text, cell_text(problem.value), problem.reason)
        except (PhysicsError, ArithmeticError) as error:
            text = f"design_id = {design.design_id}: {shown(error)}"
            scope.findings.add(table.place(position, "design_id"), text, design.design_id, "a design that physics allows")
