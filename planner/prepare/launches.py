"""What one launch costs, by design and month: read again from physics, for the break-even launch price."""

from __future__ import annotations

from planner.physics.money import capital_usd_per_kw
from planner.physics.sizing import platform
from planner.plan.calendar import month_names
from planner.plan.places import orbital_designs
from planner.plan.plan import Plan
from planner.tables.orbit_entry import Launch


def launches(plan: Plan) -> dict[str, Launch]:
    """Launch price and capital by month of launch, for each design of a plan."""
    months = month_names(plan.settings.start, plan.settings.months)
    price = {(o, month): usd for o, month, usd in plan.tables["launch_price"].select("design_id", "month", "usd_per_kg")}
    found = {}
    for design in orbital_designs(plan.tables["designs"]):
        kg_per_kw = platform(design).mass.total_kg_per_kw
        usd_per_kg = tuple(price[design.design_id, month] for month in months)
        capital = [
            float(capital_usd_per_kw(kg_per_kw, design.it_kg_per_kw, design.build_usd_per_kg, usd, design.insurance_frac))
            for usd in usd_per_kg
        ]
        found[design.design_id] = Launch(usd_per_kg, tuple(capital), kg_per_kw * (1 + design.insurance_frac))
    return found
