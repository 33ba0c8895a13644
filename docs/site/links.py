"""Which files of the repository are pages of the site, and where a link of a page leads there.

A link to a page of the repository leads to that page of the site, one to another file to a copy of the file, and of one to a
folder only the words are left.
"""

from __future__ import annotations

import re
from pathlib import Path
from posixpath import dirname, join, normpath, relpath

ROOT = Path(__file__).parents[2]
PAGES = {
    "index.md": "README.md",
    "architecture.md": "ARCHITECTURE.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "evidence.md": "inputs/evidence/README.md",
    "licence.md": "LICENSE",
}
"""Pages of the site that come from outside of docs, and their files."""
PAGE_OF = {source: page for page, source in PAGES.items()}

LINK = re.compile(r"(?<=\])\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)")
WORDS = re.compile(r"\[([^\]]*)\]\(\)")
FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)


def text_of(page: str) -> str:
    """The text of one of PAGES, with a title where the file has none."""
    text = (ROOT / PAGES[page]).read_text(encoding="utf-8")
    return text if text.startswith("# ") else f"# Licence\n\n```text\n{text}```\n"


def in_site(markdown: str, page: str) -> str:
    """The text of a page of the site, with links as they are there; blocks of code stay as they are."""
    parts = FENCE.split(markdown)
    parts[::2] = [WORDS.sub(r"\1", LINK.sub(lambda link: f"({_target(link, page)})", part)) for part in parts[::2]]
    return "".join(parts)


def linked_files() -> dict[str, str]:
    """Files of the repository outside of docs to which pages link, by where they are in the site."""
    found = {}
    for page in (*PAGES, *(path.name for path in sorted((ROOT / "docs").glob("*.md")))):
        for link in LINK.finditer((ROOT / source_of(page)).read_text(encoding="utf-8")):
            file = normpath(join(dirname(source_of(page)), link[1]))
            if (ROOT / file).is_file() and _place(file).startswith("files/"):
                found[_place(file)] = file
    return found


def source_of(page: str) -> str:
    """The file of the repository that a page of the site comes from."""
    return PAGES.get(page, f"docs/{page}")


def _target(link: re.Match[str], page: str) -> str:
    """Where a link leads in the site; empty for a folder. A file that does not exist is left for MkDocs to refuse."""
    file = normpath(join(dirname(source_of(page)), link[1]))
    return "" if (ROOT / file).is_dir() else relpath(_place(file), dirname(page) or ".") + (link[2] or "")


def _place(file: str) -> str:
    """Where a file of the repository is in the site."""
    return PAGE_OF.get(file) or (file.removeprefix("docs/") if file.startswith("docs/") else f"files/{file}")
