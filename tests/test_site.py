"""The documentation site without MkDocs: what is made from the code names all of it, and every link leads somewhere."""

from __future__ import annotations

import re
from posixpath import dirname, normpath

import pytest

import planner
from docs.site import links
from docs.site.layout import span, text
from docs.site.reference import pages
from models import REGISTER
from planner.cli import COMMANDS, make_parser
from planner.cli.completion import commands_of
from planner.codes import EVERY_CODE
from planner.schema.glossary import GLOSSARY
from planner.schema.results import HEADLINES, RESULT_TABLES
from planner.schema.settings import keys
from planner.schema.tables import tables
from tests.house import ROOT

MADE = pages()
WRITTEN = {path.name: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("*.md"))}
WRITTEN |= {page: links.text_of(page) for page in links.PAGES}
FROM_THE_CODE = {
    "commands": [f"## planner {name}" for name in COMMANDS]
    + [
        f"`{option}"
        for one in commands_of(make_parser()).values()
        for action in one._actions
        for option in action.option_strings
    ],
    "plan": [f"`{key}`" for key in keys()],
    "tables": [f"## {name}" for name in tables()],
    "results": [f"## {name}" for name in RESULT_TABLES] + [f"| `{key}` |" for key in HEADLINES],
    "mathematics": [f"### {name}\n" for name in REGISTER] + [row.dual.split("_")[0] for row in REGISTER.values()],
    "glossary": [f"**{text(word)}**" for word in GLOSSARY],
    "python": [f".{name}\n" for name in planner.__all__] + ["::: planner.plan.plan.Plan\n", "::: planner.result.Run\n"],
    "plan-data": ["`step_mw`", "`own_blocks`", "months before service and share due", "\\[r,p,t\\] least build"],
}


@pytest.mark.parametrize("name", FROM_THE_CODE)
def test_a_page_made_from_the_code_names_all_of_it(name: str) -> None:
    page = MADE[f"reference/{name}.md"]
    assert [word for word in FROM_THE_CODE[name] if word not in page] == []


@pytest.mark.parametrize(("name", "schemas"), [("tables", tables()), ("results", RESULT_TABLES)])
def test_each_table_has_all_of_its_columns(name: str, schemas: dict[str, object]) -> None:
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", MADE[f"reference/{name}.md"], flags=re.MULTILINE | re.DOTALL))
    for one in schemas.values():
        columns = [each.name for each in getattr(one, "fields", ()) or one.columns]  # type: ignore[attr-defined]
        shown = re.findall(r"^\| \**`(.*?)`", sections[one.name], flags=re.MULTILINE)  # type: ignore[attr-defined]
        assert shown == columns


def test_every_code_is_on_its_page() -> None:
    assert [code for code in EVERY_CODE if f"| `{code}` |" not in WRITTEN["findings.md"]] == []


def test_rows_of_a_table_have_as_many_cells_as_its_head() -> None:
    for page in MADE.values():
        for block in re.findall(r"(?:^\|.*\n)+", page, flags=re.MULTILINE):
            assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}) == 1, block[:200]


def test_every_page_is_in_the_navigation_once() -> None:
    _, _, navigation = (ROOT / "docs" / "site" / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:\n")
    assert sorted(re.findall(r"[\w/-]+\.md", navigation)) == sorted([*MADE, *WRITTEN])


@pytest.mark.parametrize("page", [*WRITTEN, *MADE])
def test_links_lead_somewhere_in_the_repository_and_in_the_site(page: str) -> None:
    if page in WRITTEN:
        folder = dirname(links.source_of(page))
        named = [normpath(f"{folder}/{link[1]}".lstrip("/")) for link in links.LINK.finditer(WRITTEN[page])]
        assert [path for path in named if not (ROOT / path).exists()] == []
    shown = links.in_site(WRITTEN[page], page) if page in WRITTEN else MADE[page]
    known = {*MADE, *WRITTEN, *links.linked_files()}
    there = [normpath(f"{dirname(page)}/{link[1]}".lstrip("/")) for link in links.LINK.finditer(shown)]
    assert [path for path in there if path not in known and not (ROOT / "docs" / path).is_file()] == []


@pytest.mark.parametrize("page", WRITTEN)
def test_a_page_reads_the_same_in_the_site(page: str) -> None:
    """Python-Markdown takes a list or a table for part of the paragraph above it, unless a line between them is empty."""
    prose = links.FENCE.sub("", WRITTEN[page])
    begun = re.findall(r"^(?![-*|\s]|\d+\. )(?=\S).*\n((?:[-*] |1\. |\|).*)$", prose, flags=re.MULTILINE)
    assert begun == []


def test_a_link_is_to_a_page_to_a_file_or_to_nothing() -> None:
    shown = links.in_site(
        "[a](orders.md#x) [b](../README.md) [`c`](../planner/verify) [d](https://e.f)\n```sh\n[g](h)\n```\n", "owners.md"
    )
    assert shown == "[a](orders.md#x) [b](index.md) `c` [d](https://e.f)\n```sh\n[g](h)\n```\n"
    assert (
        links.in_site("[a](docs/own_limits/water.py) [b](pyproject.toml)", "index.md")
        == "[a](own_limits/water.py) [b](files/pyproject.toml)"
    )


def test_words_and_numbers_read_as_they_are() -> None:
    assert text("a|b * `c|d` <x> y_z") == "a\\|b \\* `c\\|d` &lt;x&gt; y\\_z"
    assert [span(0, None, 1e6), span(None, 0, 1), span(None, None, 31), span(2, None, None)] == [
        "0 to 1,000,000",
        "above 0, to 1",
        "up to 31",
        "2",
    ]
