"""From files to a plan, and from a plan to what the model is built from. Imports are lazy: help should be fast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planner.read.checks import check
    from planner.read.plan import Plan, load
    from planner.read.plan_data import prepare

__all__ = ["Plan", "check", "load", "prepare"]

_HOMES = {"Plan": "plan", "load": "plan", "check": "checks", "prepare": "plan_data"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
