"""Hashes: the files of a run folder are the ones that the manifest names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.analyse.verify.run import dig
from planner.analyse.verify.verdict import Check, finding


def check_hashes(folder: Path, manifest: Mapping[str, Any]) -> list[Check]:
    """sha256 of every file that was written: none changed, none missing, and no table added."""
    tables = [path.relative_to(folder).as_posix() for path in sorted((folder / "tables").glob("*.csv"))]
    copies = [path.name for pattern in ("*.csv", "*.yaml") for path in sorted((folder / "inputs").glob(pattern))]
    return [_group("outputs", folder, manifest, tables), _group("inputs", folder / "inputs", manifest, copies)]


def _group(key: str, folder: Path, manifest: Mapping[str, Any], present: list[str]) -> Check:
    name = f"hashes.{key}"
    stated = dig(manifest, key)
    if not isinstance(stated, dict) or not stated:
        return finding(name, f"manifest: {key} must map files to their sha256")
    wrong = [f"{file} is not in the manifest" for file in present if file not in stated]
    for file, digest in stated.items():
        path = folder / str(file)
        if not path.is_file():
            wrong.append(f"{file} is missing")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            wrong.append(f"{file} was changed after it was written")
    if wrong:
        more = f"; and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        return finding(name, "; ".join(wrong[:3]) + more)
    return Check(name, True, 0.0, 0.0, "", "", f"{len(stated)} files of {key} are as they were written")
