"""The page of the codes: `python -m docs.findings` writes docs/findings.md from `planner/codes.py`."""

from __future__ import annotations

from pathlib import Path

from planner.codes import EVERY_CODE, AnyCode

PAGE = Path(__file__).parent / "findings.md"
HEAD = """\
# Findings and their codes

Every line that `planner check` and `planner run` print about an input ends with a code in brackets, such as `[E-CELL-VALUE]`;
`--json` has it as `code` of each finding and notice. A sentence may be improved from one version to the next, its code stays:
a script should match the code.

`--allow W-HOURS-FLAT` (repeatable; `allow: [W-HOURS-FLAT]` in a plan) says that a warning or a note is known and accepted:
it is neither printed nor counted. What `check` and `run` print, and `manifest.json`, name the codes that were allowed. An error
cannot be allowed, and a requirement that no plan can meet is said all the same.
"""
TITLES = {"error": "Errors", "warning": "Warnings", "note": "Notes"}
INTRODUCTIONS = {
    "error": "The input is refused (exit code 3); nothing is solved.",
    "warning": "The plan can be solved, but something in it is probably not what was meant.",
    "note": "How something was understood, or what changes nothing.",
}


def page() -> str:
    """The page, a table for each level."""
    parts = [HEAD]
    for level, title in TITLES.items():
        rows = [f"| `{code}` | {code.means} | {code.cause} | {code.way_out} |" for code in sorted_codes(level)]
        parts += [f"\n## {title}\n\n{INTRODUCTIONS[level]}\n\n| code | meaning | likely cause | way out |\n|---|---|---|---|\n"]
        parts += ["\n".join(rows) + "\n"]
    return "".join(parts)


def sorted_codes(level: str) -> list[AnyCode]:
    """The codes of one level, in alphabetical order."""
    return sorted((code for code in EVERY_CODE if code.level == level), key=str)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
