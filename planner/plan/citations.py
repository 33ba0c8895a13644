"""What the source of a row names: publications, without our files, and judgements by key."""

from __future__ import annotations

import re
from typing import NamedTuple

OUR_FILES = re.compile(r"\w+\.csv(, \w+\.csv)*")
JUDGEMENTS = "judgements: "
PUBLICATION, JUDGEMENT = "publication", "judgement"


class Cited(NamedTuple):
    """What the source of a row names."""

    publications: tuple[str, ...]
    judgements: tuple[str, ...]

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Each with its kind."""
        return [(PUBLICATION, each) for each in self.publications] + [(JUDGEMENT, each) for each in self.judgements]


def cited(source: str) -> Cited:
    """Publications and judgements of 'IEA, 2026 (power.csv); judgements: pue, wacc', without the file of a publication.

    Files alone are neither: they were made from what is named beside them."""
    told, _, judged = source.partition(JUDGEMENTS)
    parts = [re.sub(rf" \({OUR_FILES.pattern}\)$", "", part.strip()) for part in told.split(";")]
    publications = [part for part in parts if part and not OUR_FILES.fullmatch(part)]
    return Cited(tuple(publications), tuple(key.strip() for key in judged.split(",") if key.strip()))
