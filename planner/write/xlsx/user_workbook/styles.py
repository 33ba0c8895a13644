"""Add the formats of one workbook to another, reusing those that it already has."""

from __future__ import annotations

from typing import Any

from lxml import etree

from planner.errors import UsageError
from planner.write.xlsx.user_workbook.package import tag

CUSTOM = 164
"""The first number of a number format that is no built-in one."""


def add_styles(target: Any, source: Any) -> list[int]:
    """Add the cell formats of ``source``, both roots of a part `styles.xml`, to ``target``.

    Returns the number in the target of each format of the source. Added twice, nothing is added the second time."""
    fonts, fills, borders = (_add_all(target, source, name) for name in ("fonts", "fills", "borders"))
    numbers = _add_number_formats(target, source)
    xfs = _group(target, "cellXfs")
    known = {_canonical(xf): index for index, xf in reversed(list(enumerate(xfs)))}
    found = []
    for xf in _group(source, "cellXfs"):
        copy = etree.fromstring(_canonical(xf))
        copy.set("fontId", str(fonts[int(xf.get("fontId", 0))]))
        copy.set("fillId", str(fills[int(xf.get("fillId", 0))]))
        copy.set("borderId", str(borders[int(xf.get("borderId", 0))]))
        number = int(xf.get("numFmtId", 0))
        copy.set("numFmtId", str(numbers.get(number, number)))
        copy.set("xfId", "0")
        copy.set("applyFont", "1")
        found.append(_add(xfs, copy, known))
    return found


def _add_all(target: Any, source: Any, name: str) -> list[int]:
    group = _group(target, name)
    known = {_canonical(each): index for index, each in reversed(list(enumerate(group)))}
    return [_add(group, etree.fromstring(_canonical(each)), known) for each in _group(source, name)]


def _add(group: Any, one: Any, known: dict[bytes, int]) -> int:
    key = _canonical(one)
    if key not in known:
        known[key] = len(group)
        group.append(one)
        group.set("count", str(len(group)))
    return known[key]


def _add_number_formats(target: Any, source: Any) -> dict[int, int]:
    asked = source.find(tag("numFmts"))
    if asked is None:
        return {}
    group = target.find(tag("numFmts"))
    if group is None:
        group = etree.Element(tag("numFmts"), count="0")
        target.insert(0, group)
    known = {each.get("formatCode"): int(each.get("numFmtId")) for each in group}
    found = {}
    for each in asked:
        code = each.get("formatCode")
        if code not in known:
            known[code] = max([CUSTOM - 1, *known.values()]) + 1
            etree.SubElement(group, tag("numFmt"), numFmtId=str(known[code]), formatCode=code)
            group.set("count", str(len(group)))
        found[int(each.get("numFmtId"))] = known[code]
    return found


def _group(root: Any, name: str) -> Any:
    found = root.find(tag(name))
    if found is None:
        raise UsageError(f"the workbook has no {name} among its styles: open and save it in a spreadsheet program")
    return found


def _canonical(element: Any) -> bytes:
    """The same bytes for the same format, wherever it is written."""
    copy = etree.fromstring(etree.tostring(element, with_tail=False))
    etree.cleanup_namespaces(copy)
    return bytes(etree.tostring(copy, method="c14n"))
