"""Rows and names that can change nothing are named, one line for each table and reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from planner.check.checks import check
from planner.findings import Notice
from planner.read.load import load
from tests.read.hourly import profile
from tests.read.toy import Rows, edit, write_plan

MADE = {"source": "t", "quality": "estimate"}
WHOLE_TOY = {"accelerators": edit({}, not_countries="")}  # without a rule that names countries of no place


def named(folder: Path, **changes: Any) -> list[Notice]:
    notices = check(load(write_plan(folder, **{**WHOLE_TOY, **changes})))
    return [one for one in notices if "nothing, as" in one.text]


def more(**cells: Any) -> Callable[[Rows], Rows]:
    """The table with a copy of its first row, changed."""
    return lambda rows: [*rows, {**rows[0], **cells}]


def test_the_toy_has_none(tmp_path: Path) -> None:
    assert named(tmp_path) == []


IDLE: list[tuple[str, dict[str, Any], str]] = [
    (
        "options",
        {"options": more(option_id="reactor")},
        "options: 1 row changes nothing, as no row of power offers the option: reactor",
    ),
    (
        "accelerators",
        {"accelerators": more(generation_id="next", not_countries="")},
        "accelerators: 1 row changes nothing, as it has no deliveries in the plan, no fleet and no dark chips: next",
    ),
    (
        "profiles",
        {"profiles": profile("evening", "price_shape", {"": 1, 19: 3})},
        "profiles: 2 rows change nothing, as no row of power or classes names the profile: evening",
    ),
    (
        "profiles",
        {
            "profiles": profile("evening", "price_shape", {"": 1, 19: 3}),
            "power": edit({"option_id": "grid"}, profile_id="evening"),
        },
        "profiles: 2 rows change nothing, as the profile moves within the day alone, and slices = 1: evening",
    ),
    (
        "fuels",
        {"fuels": more(fuel_id="coal")},
        "fuels: 1 row changes nothing, as no option of the region burns the fuel: ohio coal",
    ),
    (
        "power",
        {"power": edit({"option_id": "gas_engine"}, start_mw=0, step_mw_per_month=0, lead_months=0), "supply": None},
        "power: 1 row changes nothing, as nothing is in service and nothing can be added: ohio gas_engine",
    ),
    (
        "supply",
        {"power": edit({"option_id": "gas_engine"}, start_mw=5, step_mw_per_month=0)},
        "supply: 4 rows change nothing, as no region can build the option: gas_engine",
    ),
    ("fleet", {"fleet": more(generation_id="beta", kunit=0)}, "fleet: 1 row changes nothing, as kunit is 0: ohio beta"),
    (
        "classes",
        {"classes": more(class_id="idle")},
        "classes: 1 row changes nothing, as no demand or training run asks for anything there: idle",
    ),
    (
        "zones",
        {"demand": edit({"zone_id": "munich"}, start_kh100e=0)},
        "zones: 1 row changes nothing, as no demand or training run asks for anything there: munich",
    ),
    (
        "countries",
        {"countries": more(country_iso2="FR")},
        "countries: 1 row changes nothing, as no region of the country has an option of national.options: FR",
    ),
    (
        "residency",
        {
            "residency": [{"class_id": "chat", "from_bloc": "us", "to_blocs": "us", **MADE}],
            "demand": edit({"zone_id": "new_york", "class_id": "chat"}, start_kh100e=0),
        },
        "residency: 1 row changes nothing, as the bloc asks for nothing of the class: chat us",
    ),
    (
        "training_runs",
        {
            "training_runs": [
                {"run_id": "late", "zone_id": "munich", "class_id": "batch", "energy_gwh": 5, "kw_per_h100e": 1.4}
                | {"duration_months": 2, "runs_per_year": 1, "from_month": "2031-01", **MADE}
            ]
        },
        "training_runs: 1 row changes nothing, as no run falls into the months of the plan: late",
    ),
    (
        "residency",
        {"residency": edit({}, to_blocs="europe;us")},
        "residency: 1 row changes nothing, as every bloc with a region or a design is allowed: batch europe",
    ),
    (
        "latency",
        {"latency": [{"from_id": "ohio", "to_id": "bavaria", "one_way_ms": 50, **MADE}]},
        "latency: 1 row changes nothing, as neither place asks for work with a latency limit: ohio bavaria",
    ),
    (
        "links",
        {"links": [{"region_id": "ohio", "gbit_s": 5, **MADE}], "classes": edit({}, gbit_s_per_kh100e=0)},
        "links: 1 row changes nothing, as the region serves nothing that has traffic: ohio",
    ),
    (
        "routes",
        {"routes": [{"route_id": "r", "from": "us", "to": "orbit", "gbit_s": 5, **MADE}], "classes": edit({}, orbit="no")},
        "routes: 1 row changes nothing, as nothing that has traffic may be served over the route: r",
    ),
    (
        "launch",
        {"designs": None, "launch_price": None},
        "launch: 4 rows change nothing, as the plan has no orbital design",
    ),
    (
        "designs",
        {"launch": edit({}, tonnes=0)},
        "designs: 1 row changes nothing, as nothing can be launched in the months of the plan: dawn",
    ),
    (
        "designs",
        {"classes": edit({}, orbit="no")},
        "designs: 1 row changes nothing, as no demand may be served from the orbit: dawn",
    ),
    (
        "regions",
        {
            "accelerators": edit({}, only_countries="DE", not_countries=""),
            "fleet": lambda rows: [row for row in rows if row["region_id"] == "bavaria"],
        },
        "regions: 1 row changes nothing, as no generation may be deployed there: ohio",
    ),
    (
        "shares",
        {"shares": [{"share_id": "s", "to": "ohio", "min_frac": 0, **MADE}]},
        "shares: 1 row changes nothing, as a least share of 0 and a greatest of 1 bind nothing: s",
    ),
    (
        "commitments",
        {
            "commitments": [
                {
                    **{"region_id": "ohio", "option_id": "wind", "month": "2028-02", "build_mw": 5, "status": "proposed"},
                    **{"contract_of": "grid", **MADE},
                }
            ]
        },
        "commitments: 1 row changes nothing, as the order is proposed: ohio wind",
    ),
    (
        "commitments",
        {"commitments": [{"region_id": "ohio", "option_id": "grid", "month": "2028-02", "build_mw": 0, **MADE}]},
        "commitments: 1 row changes nothing, as build_mw and close_mw are 0: ohio grid",
    ),
    (
        "accelerators",
        {"accelerators": edit({"generation_id": "beta"}, not_countries="CN;RU")},
        "accelerators: CN, RU in not_countries of 1 row changes nothing, as no region or design of the plan is there",
    ),
    ("plan", {"plan": {"longest_outage_h": 8}}, "longest_outage_h changes nothing, as no option stores energy"),
    (
        "plan",
        {"plan": {"days": {"scarce": 1}}},
        "days.scarce changes nothing, as no profile tells it from the typical day",
    ),
    (
        "power",
        {
            "power": edit({"option_id": "gas_engine"}, energy_usd_per_mwh=0, profile_id="winter"),
            "profiles": [
                *profile("winter", "price_shape", {"": 1}),
                *profile("winter", "price_shape", {"": 3}, month=1),
            ],
        },
        "power: 1 row changes nothing, as profile_id multiplies energy_usd_per_mwh, which is 0: ohio gas_engine",
    ),
    (
        "plan",
        {"plan": {"slices": 4}},
        "slices changes nothing, as no profile in use moves within the day and no option stores energy",
    ),
    ("plan", {"countries": None}, "national.options changes nothing, as countries has no row"),
    (
        "classes",
        {"classes": edit({"class_id": "chat"}, core_value_usd_per_h100e_h=9)},
        "classes: core_value_usd_per_h100e_h of chat changes nothing, as core_frac is 0",
    ),
    (
        "classes",
        {"classes": edit({"class_id": "chat"}, weight=2)},
        "classes: weight of chat changes nothing, as objective is value",
    ),
    (
        "classes",
        {"classes": edit({"class_id": "batch"}, flexible_frac=0.5)},
        "classes: flexible_frac of batch changes nothing, as the days of this plan have one part (slices)",
    ),
    (
        "classes",
        {"classes": edit({"class_id": "batch"}, core_frac=0.5, core_value_usd_per_h100e_h="")},
        "classes: core_frac of batch changes nothing, as its core is worth no more than the rest",
    ),
]


@pytest.mark.parametrize(("table", "changes", "line"), IDLE, ids=[line.partition(", as")[0] for _, _, line in IDLE])
def test_what_changes_nothing_is_named(tmp_path: Path, table: str, changes: dict[str, Any], line: str) -> None:
    notices = {one.text: one for one in named(tmp_path, **changes)}
    assert line in notices
    at = notices[line].place
    assert at is not None
    assert at.source.name.endswith(f"{table}.csv" if table != "plan" else ".yaml")
    assert at.line > 0


def test_each_row_by_itself_where_more_is_asked(tmp_path: Path) -> None:
    (notice,) = named(tmp_path, options=lambda rows: more(option_id="b")(more(option_id="a")(rows)))
    assert notice.text == "options: 2 rows change nothing, as no row of power offers the option: a, b"
    assert [part.text for part in notice.parts] == [f"{p} changes nothing: no row of power offers the option" for p in "ab"]
    assert [part.place.line for part in notice.parts if part.place] == [4, 5]
