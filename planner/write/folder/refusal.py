"""The report on a plan that can not be: `infeasible.txt` for people, `infeasible.json` for programs, both or none.

Only in a folder of its own: a result that stands there stays as it is."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.write.folder.json import write_json
from planner.write.folder.replace import REFUSAL, beside, is_refusal, real, swap


def write_refusal(lines: Sequence[str], record: Mapping[str, Any], out: Path) -> Path | None:
    """Write the report; returns the text file, or None where another folder stands. Raises OutputError when the system
    refuses."""
    out = real(out)
    new = not out.exists()
    if not new and not is_refusal(out):
        return None
    with beside(out) as partial:
        (partial / REFUSAL[0]).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        write_json(partial / REFUSAL[1], record)
        if new:
            swap(partial, out)
        else:
            for name in REFUSAL:
                os.replace(partial / name, out / name)
    return out / REFUSAL[0]
