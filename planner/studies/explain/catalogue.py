"""Every constraint of the model as the register has it: formula, why it exists, what its dual is worth."""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from models import BLOCKS
from models.rows import name_of, rows_of


@dataclass(frozen=True)
class Rule:
    """One constraint."""

    name: str
    over: str  # the sets that it stands for
    formula: str
    why: str
    dual: str


@dataclass(frozen=True)
class Chapter:
    """One block of the model: its subject, the paragraph at its head, its constraints in order."""

    name: str
    text: str
    rules: tuple[Rule, ...]


def catalogue() -> list[Chapter]:
    """The model, block by block, in the order in which it is built."""
    return [
        Chapter(
            name_of(block),
            inspect.getdoc(block) or "",
            tuple(Rule(row.name, ", ".join(row.over), row.formula, row.why, row.dual) for row in rows_of(block)),
        )
        for block in BLOCKS
    ]
