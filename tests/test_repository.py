"""What the repository says of itself is true: paths that its pages name exist, the picture is current, the wheel is whole."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from docs.architecture import PICTURE, ROOMS, svg
from tests.house import LAYERS, ROOT, tracked


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project() -> dict[str, Any]:
    return tomllib.loads(page("pyproject.toml"))


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "docs/speed.md", "docs/hours.md"])
def test_paths_that_a_page_names_exist(name: str) -> None:
    said = re.findall(r"`((?:models|planner|inputs|tests|docs|benchmarks)/[\w./-]*)`", page(name))
    linked = [link for link in re.findall(r"\]\(([^)#:]+)\)", page(name)) if "://" not in link]
    gone = [path for path in said if not (ROOT / path).exists()]
    gone += [link for link in linked if not (ROOT / name).parent.joinpath(link).exists()]
    assert said + linked
    assert gone == [path for path in gone if "removed after commit" in page(name) and path.startswith("benchmarks/")]


def test_architecture_names_a_file_for_every_room() -> None:
    text = page("ARCHITECTURE.md")
    rooms = {path.name for path in (ROOT / "planner").iterdir() if (path / "__init__.py").exists()}
    assert not [room for room in rooms if f"`planner/{room}/" not in text]
    assert len(text.splitlines()) < 80


def test_every_room_has_its_floor_and_its_box() -> None:
    rooms = {path.stem for path in (ROOT / "planner").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    floors = {room for row in LAYERS for room in row.split()}
    assert floors == rooms - {"__init__"} | {"planner", "models"}
    assert set(ROOMS) == floors - {"__main__"}


def test_the_picture_of_the_rooms_is_current() -> None:
    assert PICTURE.read_text(encoding="utf-8") == svg(), "run `python -m docs.architecture`"


def test_citation_and_project_agree() -> None:
    citation = yaml.safe_load(page("CITATION.cff"))
    assert citation["version"] == project()["project"]["version"]
    assert citation["license"] == project()["project"]["license"]
    assert f"## {citation['version']}" in page("CHANGELOG.md")


def test_hooks_before_a_commit_are_local() -> None:
    repos = yaml.safe_load(page(".pre-commit-config.yaml"))["repos"]
    assert {repo["repo"] for repo in repos} == {"local"}
    entries = [hook["entry"].split()[0] for repo in repos for hook in repo["hooks"]]
    installed = " ".join(project()["project"]["optional-dependencies"]["test"])
    assert entries
    assert not [entry for entry in entries if entry not in installed]


def metadata_folder(names: Iterable[str]) -> str:
    return next(name.rpartition("/")[0] for name in names if name.endswith(".dist-info/METADATA"))


def test_the_conda_recipe_asks_for_what_the_project_asks_for() -> None:
    recipe = yaml.safe_load(page("packaging/conda/recipe.yaml"))
    about = project()["project"]
    assert recipe["context"] == {"name": about["name"], "version": about["version"]}
    assert recipe["about"]["license_file"] == about["license-files"]
    assert recipe["about"]["summary"] == about["description"]
    (script,) = recipe["build"]["python"]["entry_points"]
    assert script == f"planner = {about['scripts']['planner']}"
    names = {"highspy[extras]": "highspy", "tzdata": "python-tzdata"}
    parts = [re.fullmatch(r"([\w\[\]-]+)(>=.*)", one) for one in about["dependencies"]]
    asked = [f"{names.get(part[1], part[1])} {part[2]}" for part in parts if part is not None]
    least = about["requires-python"].removeprefix(">=")
    assert recipe["requirements"]["run"] == ["python >=${{ python_min }}", *asked]
    assert yaml.safe_load(page("packaging/conda/variants.yaml")) == {"python_min": [least]}
    assert recipe["requirements"]["host"][-1].replace(" ", "") == project()["build-system"]["requires"][0]


def test_the_image_is_built_from_what_the_package_needs_and_runs_as_no_administrator() -> None:
    lines = page("Dockerfile").splitlines()
    copied = {name for line in lines if line.startswith("COPY ") and "--from" not in line for name in line.split()[1:-1]}
    assert copied == {"pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE", "models", "planner", "inputs"}
    allowed = {line.removeprefix("!") for line in page(".dockerignore").splitlines() if line.startswith("!")}
    assert allowed == copied
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["1000"]
    (version,) = {line.split()[1] for line in lines if line.startswith("FROM ")}
    assert version == f"python:{re.findall(r'--python-version ([0-9.]+)', page('inputs/versions.txt'))[0]}-slim"


@pytest.mark.slow
def test_the_wheel_holds_every_file_that_the_packages_need(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for path in tracked("models", "planner", "inputs", "pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"):
        (source / path.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, source / path.relative_to(ROOT))
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", tmp_path, source], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        held = set(files.namelist())
        metadata = files.read(f"{metadata_folder(held)}/METADATA").decode()
    assert {str(path.relative_to(ROOT)) for path in tracked("models", "planner")} - held == set()
    plans = tracked("inputs/reference.yaml", "inputs/reference", "inputs/scenarios")
    assert {f"planner/{path.relative_to(ROOT)}" for path in plans} - held == set()
    assert f"{metadata_folder(held)}/licenses/inputs/evidence/README.md" in held
    assert "License-Expression: MIT" in metadata
    assert "Description-Content-Type: text/markdown" in metadata


@pytest.mark.parametrize("name", [path.relative_to(ROOT).as_posix() for path in tracked("*.md") if path.name != "CHANGELOG.md"])
def test_modules_and_scripts_that_a_page_runs_exist(name: str) -> None:
    text = page(name)
    modules = set(re.findall(r"python3? -m ([a-z_.]+)", text)) - {"venv", "pytest", "mkdocs"}
    scripts = set(re.findall(r"python3? ((?:inputs|docs)/\w+\.py)", text))
    assert not [module for module in modules if importlib.util.find_spec(module) is None]
    assert not [script for script in scripts if not (ROOT / script).is_file()]
