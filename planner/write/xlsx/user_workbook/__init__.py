"""A user's own workbook in which the planner keeps its `plan_*` sheets; everything else in it stays as it is, byte by byte.

No library reads a workbook and writes it again without loss: charts, pivots and whatever is newer than the library would go. So
the file is treated as a zip of parts, and only the parts that concern our sheets are changed (`refresh`).
"""

from planner.write.xlsx.user_workbook.refresh import refresh_workbook, require_refreshable

__all__ = ["refresh_workbook", "require_refreshable"]
