"""The pages of every result table and of the words that need explaining, from the schema of results and the one glossary."""

from __future__ import annotations

from docs.site.layout import code, page as page_of, table, text
from planner.schema.glossary import CASH_COMPONENTS, COST_COMPONENTS, COST_SCOPE_NOTES, COST_SCOPES, DARK_REASONS, GLOSSARY
from planner.schema.result_table import ResultTable
from planner.schema.results import CONTRACT, HEADLINES, PREFIX, RESULT_TABLES


def results_page() -> str:
    """Every result table with its columns, and every headline number."""
    found = RESULT_TABLES.values()
    return page_of(
        "Every result table",
        f"Made from the schema of results, version {CONTRACT} of the names that users' own workbooks rely on. Each table is a "
        f"file `tables/NAME.csv`; a sheet of `plan.xlsx` is an Excel table `{PREFIX}SHEET`. "
        "A column in bold is part of what names a row.",
        table(("table", "holds", "sheets"), ((f"[`{one.name}`](#{one.name})", text(one.doc), _sheets(one)) for one in found)),
        *(part for one in found for part in _table(one)),
        "## Headline numbers",
        f"In `tables/summary.csv` by key, and in the workbook under the name `{PREFIX}` with the key. "
        "A run has those that it has a number for.",
        table(
            ("key", "headline", "unit"),
            ((code(key), text(one.label), _unit(one.unit, one.of)) for key, one in HEADLINES.items()),
        ),
    )


def _table(one: ResultTable) -> tuple[str, str, str]:
    sparse = " Rows in which the plan does nothing are left out." if one.sparse else ""
    rows = (
        (
            f"**{code(each.name)}**" if each.key else code(each.name),
            each.unit or ("" if each.is_number else each.kind),
            text(each.doc),
        )
        for each in one.columns
    )
    return f"## {one.name}", f"{text(one.doc)}{sparse}", table(("column", "unit or kind", "meaning"), rows)


def _sheets(one: ResultTable) -> str:
    return ", ".join(map(code, one.sheet_names)) or "none"


def _unit(unit: str, of: str) -> str:
    return f"share {of}" if unit == "frac" else unit


def glossary_page() -> str:
    """The words that the product uses in a sense of its own, as the report, the workbook and the terminal explain them."""
    scopes = ((code(key), words, text(COST_SCOPE_NOTES[key])) for key, words in COST_SCOPES.items())
    cash = ((code(key), words) for key, words in CASH_COMPONENTS.items() if words and key not in COST_COMPONENTS)
    return page_of(
        "Glossary",
        "The words that the planner uses in a sense of its own. The report and the workbook explain them from the same list.",
        table(("word", "meaning"), ((f"**{text(word)}**", text(meaning)) for word, meaning in GLOSSARY.items())),
        "## Cost scopes",
        "What the key `boundary` of a plan says.",
        table(("value", "called", "counts"), scopes),
        "## Why chips are dark",
        table(("in columns", "called"), ((code(key), words) for key, words in DARK_REASONS.items())),
        "## Components of cost",
        table(("in tables", "called"), ((code(key), words) for key, words in COST_COMPONENTS.items())),
        "## Components of cash beside them",
        table(("in tables", "called"), cash),
    )
