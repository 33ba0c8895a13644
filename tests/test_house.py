"""The rules of the house: who may import whom, no cycles, no file that outgrew its subject, nothing said twice."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted([*(ROOT / "models").rglob("*.py"), *(ROOT / "planner").rglob("*.py")])
LONGEST = 250  # lines of a block of the model; a file past this splits by noun


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in FILES}


def imports_of(path: Path, top_only: bool = False) -> set[str]:
    """Modules of this project that a file imports, inside functions too unless ``top_only``."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = tree.body if top_only else list(ast.walk(tree))
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{a.name}" if f"{node.module}.{a.name}" in MODULES else node.module for a in node.names}
    return {name for name in found if name.split(".")[0] in ("models", "planner")}


@pytest.mark.parametrize("path", [p for p in FILES if p.parent.name == "models"], ids=lambda p: p.name)
def test_the_mathematics_knows_nothing_of_files_or_solvers(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not {name for name in imports_of(path) if name.startswith("planner")}
    assert "highspy" not in text
    assert "open(" not in text
    assert "print(" not in text
    assert len(text.splitlines()) <= LONGEST


BLOCKS = ("fleet", "orbit", "demand", "power", "halls", "nations", "network", "carbon", "share")


@pytest.mark.parametrize("block", BLOCKS)
def test_blocks_never_import_each_other(block: str) -> None:
    assert not imports_of(MODULES[f"models.{block}"]) & {f"models.{other}" for other in BLOCKS}


def test_the_judge_shares_no_code_with_the_defendant() -> None:
    for name, path in MODULES.items():
        if name.startswith("planner.verify"):
            assert all(other.startswith("planner.verify") for other in imports_of(path)), name


def test_writers_see_finished_tables_only() -> None:
    for name, path in MODULES.items():
        if name.startswith("planner.write"):
            forbidden = ("models", "planner.solve", "planner.tables", "planner.runs", "planner.studies")
            assert not [other for other in imports_of(path, top_only=True) if other.startswith(forbidden)], name


def test_physics_knows_neither_files_nor_the_model() -> None:
    for name, path in MODULES.items():
        if name.startswith("planner.physics"):
            assert all(other.startswith("planner.physics") for other in imports_of(path)), name


def test_no_import_cycles() -> None:
    graph = {name: {o for o in imports_of(path, top_only=True) if o in MODULES and o != name} for name, path in MODULES.items()}
    # a package may name its own members, and members their package's siblings: only true cycles count
    graph = {name: {o for o in others if not name.startswith(o + ".")} for name, others in graph.items()}
    done: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> None:
        assert name not in path, " -> ".join((*path, name))
        if name not in done:
            for other in sorted(graph[name]):
                walk(other, (*path, name))
            done.add(name)

    for name in sorted(graph):
        walk(name, ())


def test_public_calls() -> None:
    import planner

    assert planner.__all__ == sorted(planner.__all__)
    for name in planner.__all__:
        assert callable(getattr(planner, name)), name
        assert getattr(planner, name).__doc__
