"""YAML with the place of every key and value, and scalars read as YAML 1.2 does.

`no` is a text, `12:30` is a text, `1e3` is a number, a month such as `2027-01` is a text. Tags, duplicate keys, second
documents, deep nesting and aliases that multiply are refused.
"""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import Scanner

from planner.codes import Code
from planner.errors import is_harmless
from planner.findings import Findings, Place, SourceFile, shown
from planner.plan.plan import Entry
from planner.read.files.source import decode

DEEPEST = 20
LARGEST_BYTES = 1_000_000
MOST_NODES = 10_000

INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)", re.ASCII)
NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
LEADING_ZERO = re.compile(r"[-+]?0[0-9]+", re.ASCII)
NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")


class _Loader(Reader, Scanner, Parser, Composer, BaseResolver):
    """Composes nodes only: nothing of a file is ever constructed or executed."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self.depth = 0
        self.composed = 0

    def resolve(self, kind: type[Node], value: Any, implicit: Any) -> str:
        """No tag is ever derived: one that is there was written in the file."""
        return ""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self.depth += 1
        if self.depth > DEEPEST:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem=f"nested deeper than {DEEPEST} levels", problem_mark=mark)
        self.composed += 1
        if self.composed > MOST_NODES:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem=f"more than {MOST_NODES} values", problem_mark=mark)
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


def read_yaml(source: SourceFile, findings: Findings) -> Entry | None:
    """The one document of a file, a mapping; None when it could not be read (then a finding says why)."""
    if len(source.data) > LARGEST_BYTES:
        findings.add(
            Code.E_FILE_LARGE,
            Place(source),
            f"larger than {LARGEST_BYTES // 1_000_000} MB: expected a plan (tables belong in CSV files)",
        )
        return None
    text = decode(source, findings)
    if text is None:
        return None
    node = _compose(text, source, findings)
    if node is None:
        return None
    entry = _Walk(source, findings).entry(node, None)
    if entry is not None and not isinstance(entry.value, dict):
        findings.add(Code.E_YAML_SYNTAX, entry.place, "expected a mapping of keys to values, such as `months: 36`")
        return None
    return entry


def read_value(text: str, place: Place, findings: Findings) -> Entry | None:
    """One value typed on the command line, read as in a file."""
    if not text.strip():
        return Entry(None, place, place, "")
    node = _compose(text, place.source, findings, typed_at=place)
    if node is None:
        return None
    return _Walk(place.source, findings, typed_at=place).entry(node, None)


def _compose(text: str, source: SourceFile, findings: Findings, typed_at: Place | None = None) -> Node | None:
    problem = "nested too deeply"
    place = Place(source, 1, 1)
    try:
        loader = _Loader(text)
        node: Node | None = loader.get_single_node()
        if node is None:
            findings.add(Code.E_YAML_SYNTAX, typed_at or place, "the file is empty: expected a mapping of keys to values")
        return node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(part for part in (error.context, error.problem) if part)
        if mark is not None:
            place = Place(source, mark.line + 1, mark.column + 1)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        place = Place(source, line, error.position - text.rfind("\n", 0, error.position))
        problem = f"the character {error.character!r} is not allowed"
    except RecursionError:
        pass
    except (ValueError, OverflowError):
        problem = "a character or number that does not exist"
    findings.add(Code.E_YAML_SYNTAX, typed_at or place, f"not valid YAML: {shown(problem)}")
    return None


class _Walk:
    """From nodes to entries; counts what it visits, since an alias repeats a node."""

    def __init__(self, source: SourceFile, findings: Findings, typed_at: Place | None = None) -> None:
        self.source = source
        self.findings = findings
        self.typed_at = typed_at
        self.visited = 0
        self.open: set[int] = set()

    def place(self, node: Node) -> Place:
        if self.typed_at is not None:
            return self.typed_at
        return Place(self.source, node.start_mark.line + 1, node.start_mark.column + 1)

    def entry(self, node: Node, key: ScalarNode | None) -> Entry | None:
        self.visited += 1
        place = self.place(node)
        if self.visited == MOST_NODES:
            self.findings.add(Code.E_YAML_FORBIDDEN, place, f"more than {MOST_NODES} values: aliases must not multiply")
        if self.visited >= MOST_NODES:
            return None
        if id(node) in self.open:
            self.findings.add(Code.E_YAML_FORBIDDEN, place, "an alias that contains itself")
            return None
        if node.tag:
            self.findings.add(
                Code.E_YAML_FORBIDDEN, place, f"the tag {shown(node.tag)} is refused: expected a plain value", node.tag
            )
            return None
        at = self.place(key) if key is not None else place
        self.open.add(id(node))
        try:
            if isinstance(node, MappingNode):
                return Entry(self.mapping(node), place, at)
            if isinstance(node, SequenceNode):
                found = [self.entry(one, None) for one in node.value]
                return Entry([one for one in found if one is not None], place, at)
            assert isinstance(node, ScalarNode)
            return self.scalar(node, place, at)
        finally:
            self.open.discard(id(node))

    def mapping(self, node: MappingNode) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.findings.add(Code.E_YAML_SYNTAX, self.place(key), "expected a key that is a text")
                continue
            entry = self.entry(value, key)
            if key.value in found:
                first = found[key.value].key_place.line
                self.findings.add(
                    Code.E_KEY_DUPLICATE, self.place(key), f"duplicate key {shown(key.value)}: first in line {first}", key.value
                )
            elif entry is not None:
                found[key.value] = entry
        return found

    def scalar(self, node: ScalarNode, place: Place, key_place: Place) -> Entry | None:
        text = node.value
        if not all(is_harmless(letter) or letter in "\n\t" for letter in text):
            self.findings.add(
                Code.E_KEY_VALUE, place, f"{shown(text)}: expected a text without control characters", text, "a text"
            )
            return None
        if node.style is not None:
            return Entry(text, place, key_place, text)
        if text in ("", "~", "null", "Null", "NULL"):
            return Entry(None, place, key_place, text)
        if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
            return Entry(text.lower() == "true", place, key_place, text)
        if LEADING_ZERO.fullmatch(text):
            expected = "a number without leading zeros, or a text in quotes"
            self.findings.add(Code.E_KEY_VALUE, place, f"{shown(text)}: expected {expected}", text, expected)
            return None
        if NOT_FINITE.fullmatch(text):
            self.findings.add(Code.E_KEY_VALUE, place, f"{shown(text)}: expected a finite number", text, "a finite number")
            return None
        if NUMBER.fullmatch(text):
            value = float(text)
            if value in (float("inf"), float("-inf")):
                self.findings.add(Code.E_KEY_VALUE, place, f"{shown(text)}: expected a finite number", text, "a finite number")
                return None
            whole = INTEGER.fullmatch(text) is not None and len(text) < 16
            return Entry(int(text) if whole else value, place, key_place, text)
        return Entry(text, place, key_place, text)
