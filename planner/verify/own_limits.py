"""Limits of a user's own: rows that the manifest names and that the verifier does not know.

    "own_limits": [{"file": "limits/water.py", "sha256": "..", "constraints": ["limit_water"], "costs": ["water"]}]

The file itself lies in ``inputs/`` of the run folder. What its limits are called is taken from the manifest; whether they hold
is not examined, and the verdict says so in its first line.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from planner.verify.collector import Collector


@dataclass(frozen=True)
class OwnLimits:
    """Constraints and cost components that the verifier does not know, and need not."""

    constraints: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()


def own_limits(checks: Collector, known: Collection[str]) -> OwnLimits:
    """What the manifest names; a name that is ``known`` stays examined, and naming it is a finding."""
    stated = checks.run.manifest.get("own_limits") or []
    if not isinstance(stated, list) or not all(_is_well_formed(entry) for entry in stated):
        checks.fail("manifest.own_limits", "manifest: own_limits must be a list of {file, sha256, constraints, costs}")
        return OwnLimits()
    own = []
    for key in ("constraints", "costs"):
        names = dict.fromkeys(name for entry in stated for name in entry.get(key, []))
        for name in (name for name in names if name in known):
            checks.fail("manifest.own_limits", f"manifest: own_limits names {name!r}, which the verifier knows and examines")
        own.append(tuple(name for name in names if name not in known))
    return OwnLimits(*own)


def _is_well_formed(entry: Any) -> bool:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in ("file", "sha256")):
        return False
    named = (entry.get("constraints"), entry.get("costs", []))
    return all(isinstance(some, list) and all(isinstance(name, str) for name in some) for some in named)
