"""Pages of the site that are made from the code, and are written nowhere else."""

from __future__ import annotations

from collections.abc import Callable

from docs.site import calls, command_line, mathematics, plan_file, words

MAKERS: dict[str, Callable[[], str]] = {
    "commands": command_line.page,
    "plan": plan_file.keys_page,
    "tables": plan_file.tables_page,
    "results": words.results_page,
    "glossary": words.glossary_page,
    "mathematics": mathematics.page,
    "python": calls.page,
    "plan-data": calls.plan_data_page,
}


def pages() -> dict[str, str]:
    """The text of each page, by its path in the site."""
    return {f"reference/{name}.md": make() for name, make in MAKERS.items()}
