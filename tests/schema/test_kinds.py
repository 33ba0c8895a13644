"""How many kinds of bad input are known, each by the exact sentence and the place that a user reads."""

from __future__ import annotations

import re

from tests.read.test_changes import ADJUSTMENTS, SET_REFUSED
from tests.read.test_extends import EXTENDS_REFUSED
from tests.read.test_hostile import BYTES
from tests.read.test_refusals import CASES
from tests.read.test_workbook import REFUSED
from tests.read.test_workbook_files import FILES
from tests.read.test_yaml_reader import YAML_REFUSED

PLACE = re.compile(r"[\w./]+\.(yaml|csv|xlsx)(:\d+){0,2}|[\w.]+\.xlsx:\w+(!\w+)?|--set .*")


def sentences() -> list[str]:
    """Every finding that those tests expect, word by word, with exit code 3."""
    found = [line for _, expected in [*CASES.values(), *REFUSED.values()] for line in expected]
    found += [one for _, one in [*ADJUSTMENTS.values(), *BYTES.values()]]
    found += [f"toy.xlsx: {one}" for _, one in [*FILES.values()]]
    found += [one for _, one in [*EXTENDS_REFUSED, *YAML_REFUSED]]
    return [*found, *(f"--set {override}: {message}" for override, message in SET_REFUSED)]


def kind(sentence: str) -> str:
    """A finding without its place and without what the user wrote: the same for the same mistake elsewhere."""
    words = PLACE.sub("", sentence) if not sentence.startswith("--set") else sentence.partition(": ")[2]
    return re.sub(r"= [^:]*:", "= :", re.sub(r"[\d.]+", "0", words))


def test_kinds_of_bad_input() -> None:
    found = sentences()
    assert all(PLACE.match(one) for one in found), [one for one in found if not PLACE.match(one)]
    assert len({kind(one) for one in found}) >= 150
