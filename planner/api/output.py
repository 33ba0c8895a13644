"""What the command line asks for besides the work itself: words, files and names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from planner import memory


def completions() -> dict[str, list[str]]:
    """What a command line may name, by METAVAR: the shipped plans (PLAN), the keys of a plan (`KEY=VALUE`), the codes of
    warnings and notes (CODE)."""
    from planner.codes import Remark
    from planner.read.files.source import shipped_plans
    from planner.schema.settings import keys

    return {"PLAN": list(shipped_plans()), "KEY=VALUE": keys(), "CODE": [str(code) for code in Remark]}


def lines(answer: Any) -> list[str]:
    """What `planner` prints of an answer, for people: of `run`, `constraints`, and every study and comparison here."""
    from planner.write.answers import answer_lines

    return answer_lines(answer)


def save(answer: Any, out: str | Path) -> list[str]:
    """Write the tables of an answer as CSV and its pictures as PNG into a folder of their own; returns the names of the files.

    Raises UsageError for a folder that holds anything else, OutputError when the system refuses."""
    from planner.write.answers import save_answer

    return save_answer(answer, Path(out))


def check_out(out: str | Path, command: str = "run") -> None:
    """Refuse, before any work, what a command could not write to, or what is not ours to replace.

    Raises UsageError; OutputError where nobody may write."""
    from planner.write.folder.targets import ORBIT_REPORT, SWEEP, require_new, require_target

    if command == "refresh":
        from planner.write.xlsx.user_workbook import require_refreshable

        require_refreshable(Path(out))
    elif command == "run":
        require_target(Path(out))
    else:
        require_new(Path(out), {"orbit": ORBIT_REPORT, "sweep": SWEEP, "sensitivity": SWEEP}.get(command, ()))
        if command in ("orbit", "sweep", "ranges", "sensitivity"):
            memory.require_for_charts()


def json_text(record: Any) -> str:
    """A record, tables in it included, as indented JSON without NaN."""
    from planner.write.folder.serialise import json_text as text

    return text(record)
