"""The pages of the public calls of Python, whose text mkdocstrings takes from the code, and of what a block may use."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import planner
from docs.site.layout import code, page as page_of, table, text
from models.data import PlanData

FIELD = re.compile(r"    (?P<name>\w+): (?P<type>[^=#]+?)(?: = [^#]*?)?(?:  # (?P<doc>.*))?")


def page() -> str:
    """Each public call with its types, and the classes of what they return."""
    classes = dict.fromkeys(found for name in planner.__all__ for found in _returned(name))
    return page_of(
        "Every call of Python",
        "Made from the code: the calls of `import planner`, with their types, and what they return. "
        "[In Python](../python.md) has examples.",
        "## Calls",
        *(f"::: {_module(name)}.{name}" for name in planner.__all__),
        "## What they return",
        *(f"::: {path}" for path in classes),
    )


def _module(name: str) -> str:
    return str(getattr(planner, name).__module__)


def _returned(name: str) -> Iterator[str]:
    """The planner's own classes in the annotation of what a call returns, by their paths."""
    module = sys.modules[_module(name)]
    stated = re.findall(r"\w+", str(getattr(planner, name).__annotations__.get("return", "")))
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("planner"):
            yield from (f"{node.module}.{each.name}" for each in node.names if each.name in stated)


def plan_data_page() -> str:
    """Every number that a constraint may use, as `PlanData` states it."""
    parts, rows = [], []
    for line in inspect.getsource(PlanData).splitlines():
        field = FIELD.fullmatch(line)
        if line.startswith("    # ---- ") or line.startswith("    def "):
            parts.append(table(("field", "type", "index and meaning"), rows))
            rows = []
            if line.startswith("    def "):
                break
            parts.append(f"## {line.removeprefix('    # ---- ').capitalize()}")
        elif field:
            rows.append((code(field["name"]), code(field["type"]), text(field["doc"] or "")))
        elif line.startswith("    # ") and rows:
            rows[-1] = (*rows[-1][:2], text(line.strip(" #")))
    return page_of(
        "Every number of a block",
        (inspect.getdoc(sys.modules[PlanData.__module__]) or "").replace("``", "`"),
        "A [limit of your own](../own-limits.md) is given the same record. Letters of an index: "
        "[the linear program](mathematics.md#letters-of-an-index).",
        *parts,
    )
