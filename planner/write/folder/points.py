"""Points of a sweep on disk, each a file named by the hash of its plan: what is done stays done, whatever ends the sweep."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.write.folder.replace import new_file
from planner.write.folder.serialise import json_text, write_json
from planner.write.folder.targets import POINTS

SEAL = "sha256"
"""In the file of a point: the hash of all else that it says."""


class PointFolder:
    """The folder `points` in that of a sweep."""

    def __init__(self, out: Path) -> None:
        self.folder = out / POINTS

    def find(self, wanted: str) -> Mapping[str, Any]:
        """The record of a plan; empty where no file says what was written there."""
        try:
            found = json.loads(self._path(wanted).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(found, dict):
            return {}
        seal = found.pop(SEAL, None)
        return found if seal == _seal(found) else {}

    def put(self, wanted: str, record: Mapping[str, Any]) -> None:
        """Keep a record: a file that is whole or not there. Raises OutputError when the system refuses."""
        with new_file(self._path(wanted)) as partial:
            write_json(partial, {**record, SEAL: _seal(record)})

    def _path(self, wanted: str) -> Path:
        return self.folder / f"{wanted}.json"


def _seal(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json_text(record).encode(errors="surrogatepass")).hexdigest()
