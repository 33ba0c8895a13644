"""The report in a browser: no error, live charts with data, a slider that moves the map, light and dark, phone and desk, paper,
and the accessibility rules."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.cli import main

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ROOT = Path(__file__).parents[3]
SETTLED_MS = 60_000

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium or Chrome on this machine opens the report"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def forty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three months of the shipped plan: forty regions."""
    from planner import api

    sets = ["months=3", "look_ahead_months=0", "slices=4"]
    return api.run(api.load(ROOT / "inputs" / "reference.yaml", sets), tmp_path_factory.mktemp("forty") / "run").folder


def opened(browser: Any, html: Path, width: int = 1440, scheme: str = "light", **more: Any) -> tuple[Any, list[str]]:
    """The page once its charts live, and what its console said or asked of a network."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("dialog", lambda dialog: said.append(f"dialog: {dialog.message}"))
    page.on("request", lambda request: said.append(f"asked: {request.url}") if request.url != html.as_uri() else None)
    page.goto(html.as_uri())
    if more.get("java_script_enabled", True):
        page.wait_for_selector("html[data-charts=ready]", state="attached", timeout=SETTLED_MS)
    return page, said


@pytest.mark.parametrize("plan", ["run", "forty"])
@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1440, "dark"), (375, "light"), (375, "dark")])
def test_it_opens(browser: Any, request: pytest.FixtureRequest, plan: str, width: int, scheme: str) -> None:
    page, said = opened(browser, request.getfixturevalue(plan) / "report.html", width, scheme)
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    figures = page.locator("figure").all()
    assert len(figures) >= 8
    for figure in figures:
        drawn = figure.locator(".live svg")
        assert drawn.is_visible()
        box = drawn.bounding_box()
        assert box["width"] <= figure.bounding_box()["width"]
        assert box["height"] > 60
        assert figure.locator(".live svg [class*=role-mark] path, .live svg [class*=role-mark] line").count() >= 1
    inside = page.evaluate(
        "[...document.querySelectorAll('.live')].filter((box) => [...box.querySelectorAll('text')].some((text) => "
        "text.textContent && text.getBoundingClientRect().right > box.getBoundingClientRect().right + 2)).map((box) => "
        "box.closest('figure').id)"
    )
    assert inside == []
    colours = page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
    light, dark = [sum(map(int, colour[4:-1].split(","))) for colour in colours]
    assert (light > dark) is (scheme == "light")
    page.close()


def bubbles(page: Any) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('#map .live .layer_1_marks path')].map((path) => path.getAttribute('d'))"
    )  # type: ignore[no-any-return]


def test_the_slider_moves_the_map_by_keyboard(browser: Any, run: Path) -> None:
    page, said = opened(browser, run / "report.html")
    slider = page.get_by_label("Month", exact=True)
    slider.focus()
    before, text = bubbles(page), page.locator("#map .readout").inner_text()
    page.keyboard.press("Home")
    page.wait_for_timeout(200)
    assert page.locator("#map output").inner_text() == "January 2027"
    assert slider.get_attribute("aria-valuetext").startswith("January 2027: ")
    assert bubbles(page) != before
    page.keyboard.press("End")
    page.wait_for_timeout(200)
    assert bubbles(page) == before
    assert page.locator("#map .readout").inner_text() == text
    page.get_by_role("button", name="Play through the months").click()
    page.wait_for_timeout(2000)
    assert page.locator("#map output").inner_text() == "April 2027"
    assert said == []
    page.close()


def test_a_pointer_tells_the_numbers_of_a_month(browser: Any, run: Path) -> None:
    page, _ = opened(browser, run / "report.html")
    page.locator("#by-place .live svg").scroll_into_view_if_needed()
    box = page.locator("#by-place .live svg").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.5, steps=4)
    told = page.locator("#vg-tooltip-element.visible")
    told.wait_for(timeout=5000)
    assert " 2027" in told.inner_text()
    assert "<script>" in told.inner_text()  # a name of the plan, as text
    page.close()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (375, "dark")])
def test_the_accessibility_rules_find_nothing_serious(browser: Any, run: Path, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, _ = opened(browser, run / "report.html", width, scheme)
    for details in page.locator("summary").all():
        details.click()
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found if each["impact"] in ("serious", "critical")] == []
    page.close()


def test_without_scripts_the_drawings_stand(browser: Any, run: Path) -> None:
    page, _ = opened(browser, run / "report.html", 375, java_script_enabled=False)
    assert page.locator(".still svg").first.is_visible()
    assert not page.locator(".slider").first.is_visible()
    assert page.locator(".still svg").count() == page.locator("figure").count()
    page.close()


def test_scenarios_side_by_side_open(browser: Any, run: Path, forty: Path, tmp_path: Path) -> None:
    out = tmp_path / "both.html"
    assert main(["report", str(run), str(forty), "--out", str(out), "--quiet"]) == 0
    page, said = opened(browser, out, 375)
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.close()


def test_a_reader_chooses_a_part(browser: Any, run: Path) -> None:
    """What is for others is hidden, in the contents too; the head and the glossary stay."""
    page = browser.new_page(viewport={"width": 1000, "height": 900})
    page.goto((run / "report.html").as_uri())
    shown = {each: page.locator(f"section#{each}") for each in ("headline", "first", "limits", "verification", "glossary")}
    assert all(section.is_visible() for section in shown.values())
    page.get_by_label("For the auditor").check()
    assert [each for each, section in shown.items() if section.is_visible()] == ["headline", "verification", "glossary"]
    assert not page.locator('nav a[href="#first"]').is_visible()
    page.close()


def test_it_prints(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    assert main(["report", str(run), "--out", str(out), "--pdf", "--quiet"]) == 0
    assert out.with_suffix(".pdf").read_bytes().startswith(b"%PDF")
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", str(out.with_suffix(".pdf")), "-"], capture_output=True, text=True, check=True
        ).stdout
        assert "Tightest limits" in text
        assert "Ünïcode" in text
