"""The rules of the house hold: who may import whom, no cycles, no file that outgrew its subject, plain words, whole exports."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import planner
from planner import api
from tests.house import MODULES, ROOT, RULES, cases, exceptions, imports_of, lines_of

LONGEST_BLOCK = 250  # lines; a file of the mathematics past this splits by noun


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule: str) -> None:
    broken = cases(rule)
    listed = {line for line in exceptions() if line.startswith(f"{rule}: ")}
    assert not broken - listed, "\n".join(["broken:", *sorted(broken - listed)])
    assert not listed - broken, "\n".join(["run `python -m tests.house --prune`: no longer needed:", *sorted(listed - broken)])


def test_every_exception_belongs_to_a_rule() -> None:
    assert not [line for line in exceptions() if line.partition(": ")[0] not in RULES]
    assert len(exceptions()) == len(set(exceptions()))


@pytest.mark.parametrize("module", [name for name in MODULES if name.split(".")[0] == "models"])
def test_the_mathematics_knows_nothing_of_files_or_solvers(module: str) -> None:
    text = MODULES[module].read_text(encoding="utf-8")
    assert not [each for each in imports_of(module) if each.imported.startswith("planner")]
    assert "highspy" not in text
    assert "open(" not in text
    assert "print(" not in text
    assert lines_of(MODULES[module]) <= LONGEST_BLOCK


@pytest.mark.parametrize("room", ["planner.verify", "planner.physics"])
def test_the_verifier_and_the_physics_share_no_code_with_the_rest(room: str) -> None:
    own = [each for name in MODULES if name.startswith(room) for each in imports_of(name) if each.imported in MODULES]
    assert own
    assert not [each for each in own if not each.imported.startswith(room)]


def test_exports_are_complete() -> None:
    """Each public function of the API is a name of the package, and the other way round, with a docstring."""
    calls = {
        name: call for name, call in inspect.getmembers(api, inspect.isfunction) if call.__module__.startswith(api.__name__)
    }
    public = {name for name in calls if not name.startswith("_")}
    assert planner.__all__ == sorted(public)
    for name in public:
        assert getattr(planner, name) is calls[name]
        assert calls[name].__doc__, name


def test_calls_that_bear_the_name_of_a_package_stay_calls() -> None:
    """`planner.check` is a package and a call: whatever was imported before, the name is that of the call."""
    program = (
        "import importlib, inspect, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "from planner import check, schema, solve, verify\n"
        "assert all(map(inspect.isfunction, (check, schema, solve, verify)))\n"
    )
    names = [name for name in MODULES if name != "planner.__main__"]
    subprocess.run([sys.executable, "-c", program, *names], cwd=ROOT, check=True)


def test_no_package_without_a_word_on_what_it_is() -> None:
    for name, path in MODULES.items():
        if path.name == "__init__.py":
            assert path.read_text(encoding="utf-8").startswith('"""'), name
