"""Hashes: the files of a run folder are the ones that the manifest names, and the manifest is as it was written.

They tell a slip of an editor. Who edits on purpose can hash again; the numbers must then hold by themselves."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.verify.verdict import Check, finding

SHOWN, REPORT = 3, "report.html"


def check_hashes(folder: Path, manifest: Mapping[str, Any], report: bool = True) -> list[Check]:
    """sha256 of every file that was written: none changed, none missing, and no table added. Without ``report`` whatever the
    report says, as it is about to be written again."""
    keys = ("outputs", "inputs", *(["own_limits"] if manifest.get("own_limits") else []))
    return [*(_group(key, folder, manifest, report) for key in keys), _seal(manifest)]


def edited(folder: Path, manifest: Mapping[str, Any]) -> str:
    """Which inputs and tables are not as the run wrote them, in words; empty where all are."""
    inputs, outputs, own = (_wrong(key, folder, manifest) for key in ("inputs", "outputs", "own_limits"))
    if inputs is None or outputs is None:
        return "without the hashes of its files in manifest.json: nobody can say whether they are as its run wrote them"
    wrong = [
        *(f"inputs/{each}" for each in (*inputs, *(own or []))),
        *(each for each in outputs if each.startswith(("tables/", "look_ahead/"))),
    ]
    wrong += [] if (seal := _seal(manifest)).ok else [seal.sentence]
    return f"not as its run wrote it: {_some(wrong)}" if wrong else ""


def seal_of(manifest: Mapping[str, Any]) -> str:
    """The sha256 of a manifest: of all its entries but `sha256` itself, in one order and without blanks."""
    rest = {key: value for key, value in manifest.items() if key != "sha256"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _seal(manifest: Mapping[str, Any]) -> Check:
    if manifest.get("sha256") != seal_of(manifest):
        return finding("hashes.manifest", "manifest.json was changed after it was written")
    return Check("hashes.manifest", True, 0.0, 0.0, "", "", "the manifest is as it was written")


def _group(key: str, folder: Path, manifest: Mapping[str, Any], report: bool) -> Check:
    name = f"hashes.{key}"
    wrong = _wrong(key, folder, manifest, report)
    if wrong is None:
        return finding(name, f"manifest: {key} must map files to their sha256")
    if wrong:
        return finding(name, _some(wrong))
    return Check(name, True, 0.0, 0.0, "", "", f"every file of {key} is as it was written")


def _wrong(key: str, folder: Path, manifest: Mapping[str, Any], report: bool = False) -> list[str] | None:
    """What is wrong with each file of a group that differs; None where the manifest does not say what it should hold. The
    ``report`` may be missing: `planner report` writes it again, from what is verified."""
    stated, root = manifest.get(key), folder if key == "outputs" else folder / "inputs"
    patterns = {
        "outputs": ("tables/*.csv", "look_ahead/*.csv", *([REPORT] if report else [])),
        "inputs": ("*.csv", "*.yaml"),
    }.get(key, ())
    if key == "own_limits" and isinstance(stated, list):
        stated = {Path(str(entry.get("file"))).name: entry.get("sha256") for entry in stated if isinstance(entry, dict)}
    if not isinstance(stated, dict) or not stated:
        return None
    present = [path.relative_to(root).as_posix() for pattern in patterns for path in sorted(root.glob(pattern))]
    wrong = [f"{file} is not in the manifest" for file in present if file not in stated]
    for file, digest in stated.items():
        path = root / str(file)
        there = os.path.lexists(path)
        if file == REPORT and not (report and there):
            continue
        if not path.is_file():
            wrong.append(f"{file} is {'not a file' if there else 'missing'}")
        elif _digest(path) != digest:
            wrong.append(f"{file} was changed after it was written")
    return wrong


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:  # who reads its table says why
        return ""


def _some(wrong: list[str]) -> str:
    return "; ".join(wrong[:SHOWN]) + (f"; and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else "")
