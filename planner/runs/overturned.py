"""What would overturn a finished run, as `planner overturn` left it in the folder, for the report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = "overturn.json"


def read_overturned(folder: Path, manifest: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the table; none where the file is missing, is no file of ours, or speaks of another plan than the folder."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if found["fingerprint"] != manifest["model"]["fingerprint"]:
            return []
        return [{str(key): value for key, value in row.items()} for row in found["rows"]]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return []
