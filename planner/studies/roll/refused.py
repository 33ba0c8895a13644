"""What `planner roll` refuses by name: what the plan of a later month could not say."""

from __future__ import annotations

from planner.codes import Code
from planner.findings import Findings
from planner.plan.plan import Plan
from planner.solve.solution import Solution
from planner.studies.roll.book import taken_projects
from planner.studies.roll.lots import SMALLEST

REMEMBERED = {
    "move_usd_per_h100e": "a price of moving work: the work of the month before would be forgotten",
    "max_fall_frac_per_month": "a limit on how fast service falls: the service of the month before would be forgotten",
}
"""What a class may state that looks at the month before, and why it is refused."""


def refuse_unknown(plan: Plan, solution: Solution, k: int, findings: Findings) -> None:
    """Refuse what the plan of month k + 1 could not say."""
    d, values = solution.data, solution.values

    if plan.settings.own_limits:
        findings.add(Code.E_ROLL, plan.setting_place("own_limits"), "own_limits: limits of your own are not carried")
    if plan.settings.owners.power != "shared":
        text = f"owners.power = {plan.settings.owners.power}: whose power is added after the start is not carried"
        findings.add(Code.E_ROLL, plan.setting_place("owners.power"), text)
    classes = plan.tables["classes"]
    for column, text in REMEMBERED.items():
        fields = d.move_usd_per_h100e if column.startswith("move") else d.max_fall_frac_per_month
        for w in fields:
            place = classes.place(classes.index[w,], column)
            findings.add(Code.E_ROLL, place, f"{w}: {column}: {text}")
    for q in d.chip_moves:
        late = max(1, k - q.downtime_months + 1)
        on_the_way = sum(kunit for (name, _, t), kunit in values["move"].items() if name == q.name and late <= t <= k)
        if q.to_id not in d.regions and on_the_way > SMALLEST:
            table = plan.tables["chip_moves"]
            text = f"{q.name}: chips on their way back into stock are not carried"
            findings.add(Code.E_ROLL, table.place(table.index[q.from_id, q.to_id], "downtime_months"), text)
    _refuse_projects_in_part(plan, solution, k, findings)


def _refuse_projects_in_part(plan: Plan, solution: Solution, k: int, findings: Findings) -> None:
    group = plan.tables["projects"].mapping("project_id", "group")
    for j, part in taken_projects(solution.data, solution, k).items():
        if group[j] and 1e-9 < part < 1.0 - 1e-9:
            at = plan.tables["projects"].column("project_id").index(j)
            text = f"{j}: a project of a group that is taken in part is not carried"
            findings.add(Code.E_ROLL, plan.tables["projects"].place(at, "group"), text)
