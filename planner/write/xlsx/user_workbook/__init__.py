"""A user's own workbook in which the planner keeps its `plan_*` sheets: everything else of it stays as it is, byte by byte.

No library reads a workbook and writes it again without loss: charts, pivots, and whatever is newer than the library go. So the
file is taken as what it is, a zip of parts, and only those are touched that speak of our sheets (`refresh`).
"""

from planner.write.xlsx.user_workbook.refresh import refresh_workbook, require_refreshable

__all__ = ["refresh_workbook", "require_refreshable"]
