"""The sections of a plan with hours, and of one with several nations, from small tables whose sums are known by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest

from planner.write.report import costs, day, headline, nations
from planner.write.report.reading import Reading

MONTH = "2027-06"


def reading(inputs: dict[str, pd.DataFrame] | None = None, **tables: pd.DataFrame) -> Reading:
    """A run of one month with these tables."""
    options = pd.DataFrame({"option_id": ["grid", "solar", "battery"], "storage_h": ["", "", "4"]})
    inputs = {"options": options} | (inputs or {})
    written = SimpleNamespace(name="toy", tables=tables, inputs=inputs, months=[MONTH], settings={}, manifest={}, status="")
    return Reading(cast(Any, SimpleNamespace(written=written)))


def day_tables(hours: list[tuple[str, int, int]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Slices, and power in two places: a grid of 100 MW, and where a slice is the second of its day solar of 60 and a battery
    that takes 20."""
    slices = pd.DataFrame(
        [(f"{d}_{h:02d}", d, h, n) for d, h, n in hours], columns=["slice_id", "day_type", "utc_hour", "length_h"]
    )
    rows = []
    for name, first in zip(slices["slice_id"], ~slices["day_type"].duplicated(), strict=True):
        rows += [("a", "grid", name, 70.0, 0.0), ("b", "grid", name, 30.0, 0.0)]
        if not first:
            rows += [("a", "solar", name, 60.0, 0.0), ("a", "battery", name, 0.0, 20.0)]
    power = pd.DataFrame(rows, columns=["region_id", "option_id", "slice_id", "output_mw", "charge_mw"]).assign(month=MONTH)
    return slices, power


def test_a_day_has_what_its_slices_have() -> None:
    slices, power = day_tables([("typical", 20, 12), ("typical", 8, 12)])
    section = day.section(reading(slices=slices, power_by_slice=power))
    assert section is not None
    (figure,) = section.figures
    assert figure.numbers is not None
    assert figure.numbers.head == ["hour, UTC", "grid", "solar", "storage takes"]
    by_hour = {row[0]: row[1:] for row in figure.numbers.rows}
    assert len(by_hour) == 24
    assert by_hour["07"] == ["100", "0", "0"]  # the slice that begins at 20 h lasts over midnight
    assert by_hour["08"] == by_hour["19"] == ["100", "60.0", "-20.0"]
    assert by_hour["20"] == by_hour["00"] == ["100", "0", "0"]
    assert figure.note == "Least 100 MW at 00:00, most 160 MW at 08:00. Below zero: what storage takes."
    drawn = figure.spec["data"]["values"]
    assert {row["h"] for row in drawn} == {f"{hour:02d}" for hour in range(24)}
    assert sum(row["v"] for row in drawn) == pytest.approx(24 * 100 + 12 * 60 - 12 * 20)


def test_a_chart_for_each_day_type_with_an_id_of_its_own() -> None:
    slices, power = day_tables([("typical", 0, 12), ("typical", 12, 12), ("dürr", 0, 24)])
    section = day.section(reading(slices=slices, power_by_slice=power))
    assert section is not None
    assert [(figure.id, figure.title) for figure in section.figures] == [
        ("day-1", "Day type typical"),
        ("day-2", "Day type dürr"),
    ]


def test_no_day_without_hours() -> None:
    slices, power = day_tables([("typical", 0, 24)])
    assert day.section(reading(slices=slices, power_by_slice=power)) is None
    assert day.section(reading()) is None


def nation_rows(*rows: tuple[str, int, float, float, float, float]) -> pd.DataFrame:
    """Country, plan year, energy, asked, served at home, exported; imports are a tenth of what is asked."""
    frame = pd.DataFrame(
        rows, columns=["country_iso2", "plan_year", "it_mwh", "demand_kh100e", "home_kh100e", "exports_kh100e"]
    )
    frame["imports_kh100e"] = 0.1 * frame["demand_kh100e"]
    frame["served_kh100e"] = frame["home_kh100e"] + frame["imports_kh100e"]
    frame["usd_per_mwh"] = [50.0 + 10 * i if mwh else float("nan") for i, mwh in enumerate(frame["it_mwh"])]
    for column in ("marginal_usd_per_mwh", "carbon_kg_per_mwh", "grid_growth_mw", "headroom_mw", "envelope_usd_per_mw"):
        frame[column] = frame["usd_per_mwh"]
    return frame


def test_nations_of_the_last_year() -> None:
    table = nation_rows(
        ("NO", 1, 1e6, 1.0, 1.0, 0.0),
        ("NO", 2, 1e6, 0.0, 0.0, 400.0),
        ("DE", 2, 1e6, 4000.0, 1000.0, 0.0),
        ("orbit", 2, 0.0, 0.0, 0.0, 0.0),
    )
    names = pd.DataFrame({"country_iso2": ["NO", "DE"], "name": ["Norway", "Germany"]})
    section = nations.section(reading({"countries": names}, nations=table))
    assert section is not None
    asked, served = section.figures
    assert asked.numbers is not None
    assert served.numbers is not None
    assert asked.numbers.rows == [["Germany", "4.00", "1.00", "0.40", "2.60"]]
    assert served.numbers.rows == [["Germany", "1.00", "1.00", "0"], ["Norway", "0.40", "0", "0.40"]]
    assert section.lead == (
        "Plan year 2. Germany imports most: 0.40 million H100e, 10.0 % of what it asks. Norway exports most: 0.40 million "
        "H100e. Energy and its plant cost from 60.0 in Norway to 70.0 in Germany, USD per MWh of IT, in this year, "
        "as the mean of its sites."
    )
    (league,) = section.tables
    assert [row[0] for row in league.rows] == ["Norway", "Germany"]
    assert league.rows[1][-5:] == ["4.00", "35.0 %", "25.0 %", "0", "0.40"]


def test_small_nations_are_one_bar() -> None:
    table = nation_rows(*((f"N{i:02d}", 1, 1e6, 1000.0 * (20 - i), 100.0, 0.0) for i in range(20)))
    section = nations.section(reading(nations=table))
    assert section is not None
    bars = section.figures[0].spec["data"]["values"]
    assert [row["n"] for row in bars][:: len(nations.ASKED.parts)] == [*(f"N{i:02d}" for i in range(11)), "9 others"]
    assert sum(row["v"] for row in bars) == pytest.approx(sum(range(1, 21)))


def test_no_section_for_one_nation() -> None:
    assert (
        nations.section(reading(nations=nation_rows(("NO", 1, 1e6, 1.0, 1.0, 0.0), ("orbit", 1, 5.0, 0.0, 0.0, 0.0)))) is None
    )
    assert nations.section(reading()) is None


def test_the_card_of_power_tells_firm_power_and_what_is_drawn() -> None:
    rows = [("power_firm_start", 0.75), ("power_firm_end", 1.2), ("power_drawn_end", 0.8), ("power_end", 9.0)]
    summary = pd.DataFrame(
        [*((key, value, "GW", "") for key, value in rows), ("displaced_end", 0.0, "million H100e", "none")],
        columns=["key", "value", "unit", "text"],
    )
    run = reading(summary=summary)
    (card,) = headline.cards(run)
    assert (card.value, card.unit) == ("1.20", "GW")
    assert card.note == "at the facility; 750 MW at the start; chips draw 800 MW"
    assert headline.points(run) == []


def test_the_card_of_dark_chips_adds_up_and_those_retired_early_have_their_own() -> None:
    """Of 150 thousand H100e 50 wait for power and 100 came too late; 8 MW more were retired early."""
    heads = {"dark_end": 0.15, "dark_power_end": 0.05, "dark_late_end": 0.1, "displaced_end": 0.004}
    summary = pd.DataFrame([(key, value, "", "") for key, value in heads.items()], columns=["key", "value", "unit", "text"])
    columns = ["generation_id", "month", "dark_mw", "displaced_kunit"]
    chips = pd.DataFrame([("g", MONTH, 120.0, 4.0)], columns=columns)
    accelerators = pd.DataFrame({"generation_id": ["g"], "kw_per_unit": [2.0]})
    run = reading({"accelerators": accelerators}, summary=summary, chips=chips)
    run.finished.facts = SimpleNamespace(dark={"from_month": ""})  # type: ignore[misc]
    dark, retired = headline.cards(run)
    assert (dark.value, retired.value) == ("150", "4.00")
    assert [part in dark.note for part in ("120 MW", "50.0 thousand H100e", "100 thousand H100e")] == [True] * 3
    assert "8.00 MW" in retired.note


def test_the_cards_of_money_have_the_currency_of_the_plan_beside_usd() -> None:
    summary = pd.DataFrame([("cost", 21.6, "million USD", "")], columns=["key", "value", "unit", "text"])
    run = reading(summary=summary)
    assert "EUR" not in headline.cards(run)[0].note
    run.written.settings["money"] = {"currency": "EUR", "usd_per_currency": 1.08}  # type: ignore[index]
    (card,) = headline.cards(run)
    assert (card.value, card.unit) == ("21.6", "million USD")
    assert card.note.endswith("no unserved compute; 20.0 million EUR")


def test_the_largest_component_is_named_though_it_ends_early() -> None:
    months = ["2027-01", "2027-02"]
    costs_table = pd.DataFrame(
        [
            (name, month, value)
            for name, early, late in [("install", 1e4, 1.0), *((f"c{i}", 2.0, 2.0) for i in range(8))]
            for month, value in zip(months, (early, late), strict=True)
        ],
        columns=["component", "month", "cost_musd"],
    )
    run = reading(costs=costs_table)
    run.months = months
    figure = costs._over_time(run)
    assert figure is not None
    assert "Installation of chips" in [key.name for key in figure.legend]
