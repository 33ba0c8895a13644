"""Hashes: the files of a run folder are the ones that the manifest names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.analyse.verify.run import dig
from planner.analyse.verify.verdict import Check, finding


def check_hashes(folder: Path, manifest: Mapping[str, Any]) -> list[Check]:
    """sha256 of every written table and of every copied input, both ways: none changed, none missing, none added."""
    return _group(folder / "tables", manifest, "outputs", ("*.csv",)) + _group(
        folder / "inputs", manifest, "inputs", ("*.csv", "*.yaml")
    )


def _group(folder: Path, manifest: Mapping[str, Any], key: str, patterns: tuple[str, ...]) -> list[Check]:
    name = f"hashes.{key}"
    stated = dig(manifest, key)
    if not isinstance(stated, dict) or not stated:
        return [finding(name, f"manifest: {key} must map files to their sha256")]
    known = {Path(str(file)).name: _digest(value) for file, value in stated.items()}
    found = {path.name: path for pattern in patterns for path in sorted(folder.glob(pattern))}
    wrong = [f"{file} is missing" for file in known if file not in found and Path(file).suffix in (".csv", ".yaml")]
    wrong += [f"{file} is not in the manifest" for file in found if file not in known]
    wrong += [
        f"{file} was changed after it was written"
        for file, path in found.items()
        if file in known and hashlib.sha256(path.read_bytes()).hexdigest() != known[file]
    ]
    if wrong:
        return [finding(name, f"{folder.name}: " + "; ".join(wrong))]
    return [Check(name, True, 0.0, 0.0, "", "", f"{len(found)} files of {folder.name} are as they were written")]


def _digest(value: object) -> str:
    return str(value.get("sha256", "")) if isinstance(value, Mapping) else str(value)
