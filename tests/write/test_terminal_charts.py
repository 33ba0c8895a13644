"""Small charts on a terminal: no wider than it, the right lengths, and only where a person watches."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from planner.write.text.layout import columns
from planner.write.text.run import NARROWEST, chart_lines, charts

MONTHS = [f"2027-{month:02d}" for month in range(1, 13)]


def tables(places: int = 3) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Twelve months: 30 GW powered, then 10 more of them dark every month after the first."""
    still = dict.fromkeys(("orbit_kunit", "commissioning_kunit", "displaced_kunit"), 0.0)
    states = [{"housed_kunit": 30_000.0, "dark_kunit": 10_000.0 * i, **still} for i in range(len(MONTHS))]
    chips = [{"generation_id": "g", "month": month, **state} for month, state in zip(MONTHS, states, strict=True)]
    fleet = [
        {"place_id": f"p{p}", "month": month, "it_nameplate_mw": 1000.0 * (places - p) * (1 + i / 11)}
        for p in range(places)
        for i, month in enumerate(MONTHS)
    ]
    ids = [f"p{p}" for p in range(places)]
    names = ["北京市的一个非常长的名字超过了列宽的限制", "esc\x1b[2Jape", *ids[2:]]
    inputs = {
        "accelerators": pd.DataFrame({"generation_id": ["g"], "kw_per_unit": [1.0]}),
        "regions": pd.DataFrame({"region_id": ids, "name": names}),
        "designs": pd.DataFrame({"design_id": [], "name": []}),
    }
    return {"chips": pd.DataFrame(chips), "fleet": pd.DataFrame(fleet)}, inputs


@pytest.mark.parametrize("width", [NARROWEST, 80, 100, 300])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = chart_lines(*tables(40), width)
    assert lines
    assert max(map(columns, lines)) <= min(width, 100)


def test_a_narrow_terminal_has_none() -> None:
    assert chart_lines(*tables(), NARROWEST - 1) == []


def test_bars_are_in_proportion() -> None:
    lines = chart_lines(*tables(), 100)
    last = next(line for line in lines if "2027-12" in line)
    assert last.count("░") / last.count("█") == pytest.approx(110 / 30, rel=0.05)
    assert last.endswith("140.0, dark 110.0")
    assert any(line.rstrip().endswith("3.00 to 6.00") for line in lines)


def test_names_move_no_cursor() -> None:
    assert "\x1b" not in "".join(chart_lines(*tables(), 100))
    assert "\x1b[38;5;208m░" in "".join(chart_lines(*tables(), 100, colour=True))


def test_small_places_are_one_line() -> None:
    assert sum("other places" in line for line in chart_lines(*tables(40), 100)) == 1
    assert "32 other places" in "\n".join(chart_lines(*tables(40), 100))


def test_nothing_stands_nothing_is_drawn() -> None:
    results, inputs = tables()
    empty = {name: frame.iloc[:0] for name, frame in results.items()}
    assert chart_lines(empty, inputs, 100) == []


class Stream:
    """A standard output of another kind."""

    def __init__(self, tty: bool, encoding: str = "utf-8") -> None:
        self.encoding, self._tty = encoding, tty

    def isatty(self) -> bool:
        return self._tty


def test_only_where_a_person_watches_and_letters_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    results, inputs = tables()
    plan = SimpleNamespace(tables={name: SimpleNamespace(resolved=frame.to_dict("list")) for name, frame in inputs.items()})
    done: Any = SimpleNamespace(tables=results, result=SimpleNamespace(plan=plan))
    for name, value in (("COLUMNS", "80"), ("TERM", "xterm"), ("NO_COLOR", "")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", Stream(tty=True))
    assert "\x1b[38" in "".join(charts(done))
    monkeypatch.setenv("NO_COLOR", "1")
    lines = charts(done)
    assert lines
    assert "\x1b" not in "".join(lines)
    for stream in (Stream(tty=False), Stream(tty=True, encoding="ascii"), None):
        monkeypatch.setattr("sys.stdout", stream)
        assert charts(done) == []
