"""The contract with the users' own workbooks: names of tables, names and order of columns, names of headline numbers.

Formulas of a user name them. A change of any is a new number here, a line in CHANGELOG.md, and a new golden file of the tests.
"""

CONTRACT = 1
PREFIX = "plan_"
"""Before the name of each table, of each headline number, and of each sheet that `--into` writes."""
