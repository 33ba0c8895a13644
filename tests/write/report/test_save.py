"""A report on its way to the disk: whole, or refused in words, whatever the disk says."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.write.folder.replace import OutputError, new_file


def test_a_report_is_there_whole_and_alone(tmp_path: Path) -> None:
    with new_file(tmp_path / "new" / "report.html") as partial:
        partial.write_text("ü", encoding="utf-8")
    assert (tmp_path / "new" / "report.html").read_text(encoding="utf-8") == "ü"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["report.html"]


def test_a_name_that_the_system_refuses_is_refused_in_words(tmp_path: Path) -> None:
    """A name for which the system has no room: nothing is left of it."""
    path = tmp_path / ("x" * 255 + ".html")
    with pytest.raises(OutputError, match=r"cannot write .*File name too long"), new_file(path) as partial:
        partial.write_text("text", encoding="utf-8")
    assert list(tmp_path.iterdir()) == []
