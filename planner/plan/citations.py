"""What the source of a row names: publications, judgements, made-up examples, and papers that nobody else can look up."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

OUR_FILES = re.compile(r"\w+\.csv(, \w+\.csv)*")
JUDGEMENTS = "judgements: "
PUBLICATION, JUDGEMENT, EXAMPLE, RECORD = "publication", "judgement", "example", "record"

_INVENTED = re.compile(r"\bexample\b", re.IGNORECASE)
_JUDGED = re.compile(r"\bjudge?ments?\b", re.IGNORECASE)
_OWN = re.compile(
    r"\b(asset register|order book|sales forecast|forecast of the operator|contract|offer|agreement|lease|letter|invoice|"
    r"price list|tender|warehouse|meter|board decision|handover|delivery)\b",
    re.IGNORECASE,
)
"""Papers of a company, which have dates as publications do."""
_FINDABLE = re.compile(r"https?://|\bdoi\b|\bCC[ -]BY\b|\barXiv\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_NAME = re.compile(
    r"\b(?!(?:PUE|USD|MW|GW|kW|IT|AI|CO2|January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"[A-Z]\w+"
)
"""A name, such as that of a publisher: a unit or a month does not count."""
_SECOND_HAND = re.compile(r"\bcompil|\bcompendium\b|\bvia\b|\bas (reported|quoted|cited)\b|\bproxy\b", re.IGNORECASE)


class Cited(NamedTuple):
    """What the source of a row names."""

    publications: tuple[str, ...] = ()
    judgements: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """Each with its kind."""
        named = zip((PUBLICATION, JUDGEMENT, EXAMPLE, RECORD), self, strict=True)
        return [(kind, each) for kind, found in named for each in found]


def cited(source: str, listed: Collection[str] = ()) -> Cited:
    """What 'IEA, 2026 (power.csv); judgements: pue, wacc' names, without the file of a publication.

    A publication is one that the table of sources has (``listed``), or a text with a name and a year, a link or a licence.
    Files alone are nothing: they were made from what is named beside them."""
    told, _, judged = source.partition(JUDGEMENTS)
    parts = [re.sub(rf" \({OUR_FILES.pattern}\)$", "", part.strip()) for part in told.split(";")]
    found: dict[str, list[str]] = {PUBLICATION: [], JUDGEMENT: [], EXAMPLE: [], RECORD: []}
    for part in parts:
        if part and not OUR_FILES.fullmatch(part):
            found[PUBLICATION if part in listed else _kind(part)].append(part)
    found[JUDGEMENT] += [key.strip() for key in judged.split(",") if key.strip()]
    return Cited(*(tuple(each) for each in found.values()))


def listed_publications(sources: Mapping[str, Sequence[Any]]) -> set[str]:
    """How rows name the publications of a table of sources, which is given by its columns."""
    rows = zip(*(sources[name] for name in ("kind", "source_id", "cited_as")), strict=True)
    return {str(cited_as or name) for kind, name, cited_as in rows if kind == PUBLICATION}


def is_second_hand(publication: str) -> bool:
    """Whether a publication is named by way of another, which was read in its place."""
    return bool(_SECOND_HAND.search(publication))


def _kind(text: str) -> str:
    if _INVENTED.search(text):
        return EXAMPLE
    if _JUDGED.search(text):
        return JUDGEMENT
    dated = bool(_YEAR.search(text) and _NAME.search(text)) and not _OWN.search(text)
    return PUBLICATION if dated or _FINDABLE.search(text) else RECORD
