"""How the result was verified, what made it, and what the words of the page mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from planner.formats import capital, count, sentence
from planner.schema.glossary import GLOSSARY
from planner.write.report.page_model import Page, Section, Table
from planner.write.report.reading import Reading


def verification(run: Reading) -> Section:
    """What the verifier found, failures first; the solver's own record; and every check."""
    verdict = run.finished.verdict
    total, failed = len(verdict.checks), verdict.failed
    summed = f"{len(failed)} of {count(total, 'check')} failed" if failed else verdict.passed
    proof = [sentence(each) for each in (verdict.proof, verdict.choice) if each]
    failures = [f"FAILED: {check.name}: {check.sentence}" for check in failed]
    lead = (
        "An independent verifier that shares no code with the model read the written tables and recomputed every balance, "
        f"limit, cost and hash: {summed}. It verifies that the results follow from the inputs. Whether the inputs are "
        "right, and whether the future will be as they say, it cannot know."
    )
    checks = [[check.name, "passed" if check.ok else "FAILED", check.sentence] for check in verdict.checks]
    return Section(
        id="verification",
        title="How it was verified",
        lead=lead,
        paragraphs=[*failures, *proof],
        tables=[_record(run.written.manifest)],
        folded=[Table(["check", "", "what was found"], checks, "Every check", 3)],
    )


def _record(manifest: Any) -> Table:
    parts = ("solver", "look_ahead", "model", "versions")
    solver, ahead, model, versions = (dict(manifest.get(key) or {}) for key in parts)
    lines = {
        "Status": str(solver.get("status", "")).replace("_", " "),
        "Solver": str(solver.get("algorithm") or ""),
        "Objective": f"{solver['objective_musd']:,.6f} million USD" if isinstance(solver.get("objective_musd"), float) else "",
        "Of it in the look-ahead": f"{ahead['cost_musd']:,.6f} million USD" if "cost_musd" in ahead else "",
        "Gap to the dual bound": f"{solver['relative_gap']:.1e}" if isinstance(solver.get("relative_gap"), float) else "",
        "Linear program": ", ".join(f"{model.get(name, 0):,} {name}" for name in ("rows", "columns", "nonzeros")),
        "Fingerprint of the program": str(model.get("fingerprint", ""))[:16],
        "Versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }
    return Table(["", ""], [[name, text] for name, text in lines.items() if text], "Run record", 2)


def glossary(page: Page) -> list[Section]:
    """The words that the page uses in a sense of its own."""
    text = "\n".join(_texts(page))
    used = {word: meaning for word, meaning in GLOSSARY.items() if re.search(rf"\b{re.escape(word)}s?\b", text, re.IGNORECASE)}
    rows = [[capital(word), meaning] for word, meaning in used.items()]
    return [Section("glossary", "Glossary", tables=[Table(["word", "meaning"], rows, "", 2)])] if rows else []


def _texts(page: Page) -> Iterator[str]:
    """What a reader sees of a page before opening anything, but for the numbers of its charts."""
    yield from (page.title, page.lead, page.status, *page.verdict, *page.facts, *page.facts.values(), *page.points)
    for card in page.cards:
        yield from (card.label, card.unit, card.note)
    for section in page.sections:
        yield from (section.title, section.lead, *section.paragraphs)
        for answer in section.answers:
            yield from (answer.question, answer.sentence, answer.scope, answer.caveat)
        for table in section.tables:
            yield from (table.caption, *table.head, *(cell for row in table.rows for cell in row))
        for figure in section.figures:
            yield from (figure.title, figure.unit, figure.note, *(key.name for key in figure.legend))
