"""What MkDocs asks while it builds the site: the pages that are not in docs, and links as they are in the site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # MkDocs reads this file by its path

from docs.site import links, reference  # noqa: E402


def on_files(files: Files, config: Any) -> Files:
    """Add the pages made from the code, those of the rest of the repository, and the files that pages link to."""
    added: dict[str, Any] = {path: {"content": text} for path, text in reference.pages().items()}
    added |= {page: {"content": links.text_of(page)} for page in links.PAGES}
    added |= {page: {"abs_src_path": str(ROOT / file)} for page, file in links.linked_files().items()}
    for path, source in added.items():
        files.append(File.generated(config, path, **source))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The text of a page with its links as they are in the site."""
    return links.in_site(markdown, page.file.src_uri)


SHIM, OWN_SHIM = "https://unpkg.com/iframe-worker/shim", "site/iframe-worker.js"
DIALOG = 'data-md-component="search" role="dialog"'


def on_post_page(output: str, page: Any, **_: Any) -> str:
    """A page whose search works without a network, too, and has a name for a screen reader."""
    return output.replace(SHIM, "../" * page.url.count("/") + OWN_SHIM).replace(DIALOG, f'{DIALOG} aria-label="Search"')


def on_post_template(output_content: str, **_: Any) -> str:
    """The same of the page for what is not found."""
    return output_content.replace(SHIM, OWN_SHIM)
