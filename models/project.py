"""What a project adds where, and when it may be taken: the part of `PlanData` that `projects.py` decides on."""

from __future__ import annotations

from dataclasses import dataclass

HALLS = "halls"
"""What a part of a project is of, where that is hall space and not an option."""


@dataclass(frozen=True)
class ProjectPart:
    """What a project adds in a region, and what that costs from its first month on."""

    r: str
    p: str  # its own option, or halls
    base: str  # the option that its own was copied from, or halls
    mw: float
    capital_musd: float
    capital_usd_per_month: float  # the charge for that capital
    fixed_usd_per_month: float


@dataclass(frozen=True)
class Project:
    """An addition that is taken once, in one of some months; ``whole``: not in part. Of a ``group`` at most one is taken."""

    project_id: str
    parts: tuple[ProjectPart, ...]
    months: tuple[int, ...]
    whole: bool
    group: str | None = None
