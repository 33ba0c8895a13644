"""Points of a sweep on disk, each a file named by the hash of its plan: what is done stays done, whatever ends the sweep."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.write.folder.replace import OutputError
from planner.write.folder.serialise import plain, write_json
from planner.write.folder.targets import POINTS


class PointFolder:
    """The folder `points` in that of a sweep."""

    def __init__(self, out: Path) -> None:
        self.folder = out / POINTS

    def find(self, wanted: str) -> Mapping[str, Any]:
        """The record of a plan; empty where no file can be read."""
        try:
            found = json.loads(self._path(wanted).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def put(self, wanted: str, record: Mapping[str, Any]) -> None:
        """Keep a record: a file that is whole or not there. Raises OutputError when the system refuses."""
        partial = self.folder / f".{wanted}-{secrets.token_hex(4)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_json(partial, plain(dict(record)))
            os.replace(partial, self._path(wanted))
        except OSError as error:
            raise OutputError(f"cannot write {self._path(wanted)}: {error.strerror or error}") from error
        finally:
            partial.unlink(missing_ok=True)

    def _path(self, wanted: str) -> Path:
        return self.folder / f"{wanted}.json"
