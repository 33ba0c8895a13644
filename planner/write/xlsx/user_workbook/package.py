"""The parts of a workbook: read as a whole, changed one by one, and written in place of the old file or not at all."""

from __future__ import annotations

import os
import posixpath
import shutil
import stat
import zipfile
from pathlib import Path
from typing import Any

from lxml import etree

from planner.errors import UsageError
from planner.findings import Findings, SourceFile
from planner.read.files.source import read_source
from planner.read.files.workbook_guard import open_zip
from planner.write.folder.replace import new_file

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CONTENT_TYPES = "[Content_Types].xml"
DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
NEVER = (1980, 1, 1, 0, 0, 0)
"""The date of a part that is new."""
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, remove_blank_text=False)


def parse(data: bytes) -> Any:
    """The root of a part. Raises UsageError for one that is not well formed."""
    try:
        return etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise UsageError(f"a part of the workbook is damaged: {error}; open and save it in a spreadsheet program") from error


def text_of(root: Any) -> bytes:
    """A part as bytes."""
    return DECLARATION + bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=False))


def tag(name: str, space: str = MAIN) -> str:
    """A name of an element with its namespace."""
    return f"{{{space}}}{name}"


class Package:
    """A workbook as its parts. ``roots`` are those that were opened; each is rewritten only if something in it changed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        findings = Findings()
        source = read_source(path, None, findings)
        zipped = open_zip(SourceFile(path, str(path), source.data), findings) if source is not None else None
        findings.raise_if_any()
        assert zipped is not None
        with zipped:
            self.infos = {info.filename: info for info in zipped.infolist()}
            self.parts = {name: zipped.read(name) for name in self.infos}
        self.roots: dict[str, Any] = {}
        self.before: dict[str, bytes] = {}

    def root(self, name: str) -> Any:
        """A part to read and to change. Raises UsageError when the workbook has no such part."""
        if name not in self.roots:
            if name not in self.parts:
                raise UsageError(f"{self.path}: has no part {name}: open and save it in a spreadsheet program")
            self.roots[name] = parse(self.parts[name])
            self.before[name] = etree.tostring(self.roots[name], method="c14n")
        return self.roots[name]

    def relations(self, name: str) -> Any:
        """The relations of a part; made where it has none."""
        own = relations_of(name)
        if own not in self.parts:
            self.parts[own] = f'<Relationships xmlns="{RELATIONS}"/>'.encode()
        return self.root(own)

    def target(self, name: str, relation: Any) -> str:
        """The name of the part that a relation of the part ``name`` leads to."""
        stated = relation.get("Target")
        return (
            stated.lstrip("/")
            if stated.startswith("/")
            else posixpath.normpath(posixpath.join(posixpath.dirname(name), stated))
        )

    def relate(self, name: str, kind: str, other: str) -> str:
        """A new relation of a part; returns its id."""
        root = self.relations(name)
        taken = {each.get("Id") for each in root}
        number = next(number for number in range(1, len(taken) + 2) if f"rIdPlan{number}" not in taken)
        etree.SubElement(
            root, tag("Relationship", RELATIONS), Id=f"rIdPlan{number}", Type=f"{OFFICE}/{kind}", Target=f"/{other}"
        )
        return f"rIdPlan{number}"

    def add(self, name: str, data: bytes, content_type: str) -> None:
        """A new part."""
        self.parts[name] = data
        etree.SubElement(self.root(CONTENT_TYPES), tag("Override", TYPES), PartName=f"/{name}", ContentType=content_type)

    def free_name(self, pattern: str) -> str:
        """A name that no part has."""
        taken = {name.casefold() for name in self.parts}
        return next(name for number in range(1, len(taken) + 2) if (name := pattern.format(number)).casefold() not in taken)

    def save(self) -> None:
        """Put the changed workbook in the place of the old one. Raises OutputError when the system refuses."""
        for name, root in self.roots.items():
            if etree.tostring(root, method="c14n") != self.before[name]:
                self.parts[name] = text_of(root)
        with new_file(self.path) as partial:
            with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as zipped:
                for name, data in self.parts.items():
                    info = self.infos.get(name)
                    fresh = zipfile.ZipInfo(name, info.date_time if info else NEVER)
                    fresh.compress_type = info.compress_type if info else zipfile.ZIP_DEFLATED
                    fresh.external_attr = info.external_attr if info else 0o600 << 16
                    zipped.writestr(fresh, data)
            shutil.copymode(self.path, partial)


def relations_of(name: str) -> str:
    """The name of the part that holds the relations of a part."""
    folder, base = posixpath.split(name)
    return posixpath.join(folder, "_rels", f"{base}.rels")


def require_free(path: Path) -> None:
    """Refuse a workbook that is read-only or open in a spreadsheet program. Raises UsageError."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}: give a workbook that exists") from error
    if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(path, os.W_OK):
        raise UsageError(f"{path} is read-only: give a workbook that may be changed")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise UsageError(f"{path.parent} cannot be written to, so {path.name} cannot be replaced")
    for lock, program in ((f"~${path.name}", "Excel"), (f".~lock.{path.name}#", "LibreOffice")):
        if (path.parent / lock).exists():
            raise UsageError(f"{path} is open in {program} ({lock} lies beside it): close it there first")
