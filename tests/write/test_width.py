"""Text is wrapped to the terminal, within what reads well."""

from __future__ import annotations

import pytest

from planner.write.text.layout import NARROWEST, USUAL, WIDEST, wrapped


@pytest.mark.parametrize(
    ("columns", "width"), [("20", NARROWEST), ("72", 72), ("110", 110), ("400", WIDEST), (None, USUAL), ("none", USUAL)]
)
def test_lines_fill_the_terminal_and_no_more(columns: str | None, width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.get_terminal_size", lambda _: (_ for _ in ()).throw(OSError))  # as in a pipe
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    lines = wrapped("four " * 200)
    assert width - 5 < max(map(len, lines)) <= width
