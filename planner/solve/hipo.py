"""HiPO, the interior point of HiGHS that is fastest here: whether it is installed."""

from __future__ import annotations

import contextlib
import functools
from importlib.metadata import PackageNotFoundError, version


@functools.cache
def without_hipo() -> str | None:
    """Why HiPO is not there, or None where it is. It needs the package highspy-extras, of the same version: without it HiGHS
    silently runs something else, with another one it refuses."""
    have: dict[str, str | None] = dict.fromkeys(("highspy", "highspy-extras"))
    for package in have:
        with contextlib.suppress(PackageNotFoundError):
            have[package] = version(package)
    wanted, found = have.values()
    if wanted == found:
        return None
    return f"HiPO needs highspy-extras {wanted}" + (f", not {found}" if found else "")
