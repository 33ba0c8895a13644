"""A finished run with names that make trouble, whose report the tests read and open."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SCRIPT = '<script>alert("x")</script>'
FORMULA = '=cmd()|"&<b>bold</b>'
UNICODE = "北京 Ünïcode 🚀"


def hostile_plan(folder: Path) -> Path:
    """The starting plan, four months of it, with names that no page may believe."""
    shutil.copytree(ROOT / "planner" / "new", folder, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    for table, old, new in (
        ("regions", '"Abilene, Texas"', SCRIPT),
        ("regions", '"New Albany, Ohio"', UNICODE),
        ("options", '"Grid, place in the queue"', FORMULA),
        ("options", "as grid", "</script><script>alert(2)</script>"),
    ):
        path = folder / "tables" / f"{table}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        quoted = '"' + new.replace('"', '""') + '"'
        path.write_text(text.replace(old, quoted, 1), encoding="utf-8")
    return folder / "plan.yaml"


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The result folder of that plan; not to be changed."""
    from planner import api

    folder = tmp_path_factory.mktemp("report")
    plan = api.load(hostile_plan(folder / "plan"), ["months=4", "slices=4", "deliveries.kunit*=6", "demand.start_kh100e*=2"])
    return api.run(plan, folder / "run").folder
