"""The start of a plan: what exists then is what its tables say exists."""

from __future__ import annotations

from planner.codes import Code
from planner.read.rules.rule_context import RuleContext


def what_exists_is_of_the_start(context: RuleContext) -> None:
    """A plan starts in the month of its tables of what exists: they say nothing about what comes and goes in between."""
    start, as_of = context.settings.start, context.settings.as_of
    if as_of in (None, start):
        return
    expected = f"start: {as_of}"
    text = f"start = {start}: expected {as_of}, the month of which the tables of what exists are (as_of)"
    text += ": bring them up to date and state their month"
    context.findings.add(Code.E_AS_OF, context.setting_place("start"), text, start, expected)
