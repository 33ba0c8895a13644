"""The page of the linear program, from its blocks, their constraints and the register of rows."""

from __future__ import annotations

import inspect
import re
import textwrap

from docs.site.layout import code, page as page_of, table, text
from models import BLOCKS, REGISTER
from models.rows import PARTS, Part, Row, rows_of
from planner.studies.explain.catalogue import catalogue

KINDS = {
    "requirement": "must hold, and can make a plan infeasible",
    "limit": "at most so much; its dual is a scarcity value",
    "balance": "what comes in goes out, or is accounted for",
    "stock": "what carries over from month to month",
}


def page() -> str:
    """Every constraint: its formula, why it exists, what its dual is worth, its sets, and its rule as it is solved."""
    chapters = zip(catalogue(), BLOCKS, strict=True)
    priced = [row for row in REGISTER.values() if row.price is not None]
    return page_of(
        "The linear program",
        "Made from `models/`, one section for each file. The objective is the sum of the costs of all decisions, discounted "
        f"by month, and is minimised. Every variable is zero or more; all other limits are the {len(REGISTER)} constraints "
        "below. `planner explain --model` prints the same in a terminal.",
        "## Letters of an index",
        table(
            ("letter", "stands for"), ((code(letter), _stands_for(part)) for letter, part in PARTS.items() if len(letter) == 1)
        ),
        "## Kinds of constraint",
        table(("kind", "meaning"), ((code(kind), words) for kind, words in KINDS.items())),
        "## Limits with a price",
        "The dual of each is in the table [`limits`](results.md#limits), in the unit given here.",
        table(
            ("constraint", "one more unit", "unit"),
            ((_link(row.name), _words(row.price.words), row.price.unit) for row in priced if row.price),
        ),
        *(
            part
            for chapter, block in chapters
            for part in (f"## {chapter.name}", _prose(chapter.text), *map(_rule, rows_of(block)), _costs(block))
        ),
    )


def _words(form: str) -> str:
    """Words with parts of an index, in italics where they stand in braces."""
    return re.sub(r"\{(\w+)\}", r"*\1*", text(form))


def _stands_for(part: Part) -> str:
    kinds = {"regions": "region on Earth", "designs": "orbital design", "places": "region or orbital design"}
    return kinds.get(part.plural, part.name)


def _link(name: str) -> str:
    return f"[`{name}`](#{name})"


def _prose(doc: str) -> str:
    """A docstring as Markdown: paragraphs are text, what is indented is a formula."""
    found = []
    for part in doc.split("\n\n"):
        found.append(f"```text\n{textwrap.dedent(part)}\n```" if part.startswith("    ") else text(part))
    return "\n\n".join(found)


def _rule(row: Row) -> str:
    must = f" What must be: {_words(row.must)}." if row.must else ""
    return "\n\n".join(
        [
            f"### {row.name}",
            f"```text\n{textwrap.fill(row.formula, 100, subsequent_indent='    ')}\n```",
            text(row.why),
            f"Dual: {text(row.dual)}",
            f"{row.kind.capitalize()}, one row for each of {' x '.join(map(code, row.over))}.{must}",
            f'??? note "In Pyomo"\n\n{textwrap.indent(_source(row), "    ")}',
        ]
    )


def _source(row: Row) -> str:
    lines = inspect.getsource(row.rule)
    start = lines.index("def ")
    return f"```python\n{lines[start:].rstrip()}\n```"


def _costs(block: object) -> str:
    terms = getattr(block, "cost_terms", None)
    doc = inspect.getdoc(terms) if terms else None
    return f"**Costs.** {text(doc)}" if doc else ""
