"""Rules of orbit: a design has a launch and a price in every month, and physics lets it fly."""

from __future__ import annotations

from planner.codes import Code
from planner.findings import shown
from planner.physics import DesignError, PhysicsError, platform
from planner.plan.places import orbital_designs
from planner.read.rules.rule_context import RuleContext
from planner.schema.fields import cell_text
from planner.schema.table_schema import ORBIT


def places_are_apart(context: RuleContext) -> None:
    """A design does not have the name of a region, and nothing is called orbit."""
    regions = context.tables["regions"]
    designs = context.tables["designs"]
    for position, (design,) in enumerate(designs.select("design_id")):
        if (design,) in regions.index:
            where = regions.rows[regions.index[design,]]
            at = designs.place(position, "design_id")
            context.findings.add(
                Code.E_NAME_TAKEN, at, f"design_id = {design}: also a region ({where.source.shown}:{where.line})", design
            )
    named = (("regions", "region_id"), ("designs", "design_id"), ("regions", "bloc"), ("designs", "bloc"), ("regions", "group"))
    for table, column in named:
        for position, name in enumerate(context.tables[table].column(column)):
            if name == ORBIT:
                context.refuse(
                    Code.E_NAME_TAKEN,
                    context.tables[table],
                    position,
                    column,
                    name,
                    "another name",
                    "in a list of places, orbit means every design",
                )


def designs_can_be_launched(context: RuleContext) -> None:
    """Launch mass and launch prices cover every month of the plan."""
    designs = context.tables["designs"]
    if not len(designs):
        return
    if context.settings.network.orbit_rtt_ms is None:
        text = f"network.orbit_rtt_ms is missing: expected a round trip in ms, since {context.file('designs')} has rows"
        context.findings.add(Code.E_KEY_MISSING, context.setting_place("network"), text, "", "a number in ms, >= 0")
    for name in ("launch", "launch_price"):
        if not len(context.tables[name]):
            text = f"table {name} has no rows: expected every month of the plan, since {context.file('designs')} has rows"
            context.findings.add(Code.E_TABLE_EMPTY, context.table_place(name), text, name, "rows")
    if len(context.tables["launch"]):
        context.every_month("launch", None)
    prices = context.tables["launch_price"]
    if len(prices):
        priced = set(prices.column("design_id"))
        for position, (design,) in enumerate(designs.select("design_id")):
            if design not in priced:
                at = designs.place(position, "design_id")
                context.findings.add(
                    Code.E_ROW_MISSING, at, f"design_id = {design}: no row in {context.file('launch_price')}", design, "a row"
                )
        context.every_month("launch_price", "design_id")


def designs_can_fly(context: RuleContext) -> None:
    """Physics can size every design."""
    table = context.tables["designs"]
    for position, design in enumerate(orbital_designs(table)):
        try:
            platform(design)
        except DesignError as error:
            for problem in error.problems:
                text = f"{problem.field} = {shown(cell_text(problem.value))}: {problem.reason}"
                context.findings.add(
                    Code.E_DESIGN, table.place(position, problem.field), text, cell_text(problem.value), problem.reason
                )
        except (PhysicsError, ArithmeticError) as error:
            text = f"design_id = {design.design_id}: {shown(error)}"
            context.findings.add(
                Code.E_DESIGN, table.place(position, "design_id"), text, design.design_id, "a design that physics allows"
            )
