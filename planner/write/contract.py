"""The contract with the users' own workbooks: names of tables, names and order of columns, names of headline numbers.

Formulas of a user name them. A change of any is a new number here, a line in CHANGELOG.md, and a new golden file of the tests.
"""

from planner.write.dictionary import RESULT_TABLES

CONTRACT = 1
PREFIX = "plan_"
"""Before the name of each table, of each headline number, and of each sheet that `--into` writes."""

SHEETS = ("summary", *RESULT_TABLES, "places", "costs_by_place", "run")
"""What those sheets may be."""
