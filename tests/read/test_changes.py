"""`adjust` and `--set`: what they do, what they remember, what they refuse."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from planner.plan.plan import Plan
from planner.read.load import load
from tests.read.refusals import refused, refused_plan
from tests.read.toy import edit, write_plan


def scenario(folder: Path, *changes: dict[str, Any]) -> Path:
    write_plan(folder)
    path = folder / "scenario.yaml"
    document = {"extends": "plan.yaml", "why": "to see", "adjust": list(changes)}
    path.write_text(yaml.safe_dump(document, sort_keys=False))
    return path


def steps(plan: Plan) -> list[float]:
    return plan.tables["power"].column("step_mw_per_month")


# ---- adjust


def test_scale(tmp_path: Path) -> None:
    change = {"table": "power", "where": {"option_id": "grid"}, "scale": {"step_mw_per_month": 2}}
    plan = load(scenario(tmp_path, change))
    assert steps(plan) == [20, 6, 8]
    power = plan.tables["power"]
    assert str(power.place(0, "step_mw_per_month")) == "tables/power.csv:2:4"
    assert power.changed(0) == "step_mw_per_month: scaled by 2 (scenario.yaml:8:24)"
    assert power.changed(1) == ""


def test_scale_twice(tmp_path: Path) -> None:
    change = {"table": "power", "scale": {"step_mw_per_month": 2}}
    plan = load(scenario(tmp_path, change, deepcopy(change)), ["power[ohio,grid].step_mw_per_month*=0.5"])
    assert steps(plan) == [20, 24, 16]
    assert plan.tables["power"].changed(0) == (
        "step_mw_per_month: scaled by 2 (scenario.yaml:6:24), scaled by 2 (scenario.yaml:9:24),"
        " scaled by 0.5 (--set power[ohio,grid].step_mw_per_month*=0.5)"
    )


def test_set(tmp_path: Path) -> None:
    change = {"table": "launch", "where": {"month": ["2028-01", "2028-02"]}, "set": {"tonnes": 0, "satellite_factory_mw": None}}
    plan = load(scenario(tmp_path, change))
    launch = plan.tables["launch"]
    assert list(launch.select("tonnes", "satellite_factory_mw")) == [(0, None), (0, None), (40, 2), (40, 2)]
    assert str(launch.place(0, "tonnes")) == "scenario.yaml:10:13"
    assert launch.changed(0).startswith("tonnes: set to 0 (scenario.yaml:10:13)")


def test_where_compares_numbers_and_empty_cells(tmp_path: Path) -> None:
    numbers = {"table": "power", "where": {"start_mw": 1e2}, "set": {"lead_months": 3}}
    empty = {"table": "classes", "where": {"latency_ms": None}, "set": {"weight": 2}}
    plan = load(scenario(tmp_path, numbers, empty))
    assert plan.tables["power"].column("lead_months") == [3, 2, 0]
    assert plan.tables["classes"].column("weight") == [1, 2]


def test_drop(tmp_path: Path) -> None:
    drop = {"table": "power", "where": {"option_id": "gas_engine"}, "drop": True}
    assert steps(load(scenario(tmp_path, drop))) == [10, 4]


def test_drop_everywhere(tmp_path: Path) -> None:
    """A region goes with its power, fuel and chips; what other regions have stays."""
    drop = {"table": "regions", "where": {"region_id": "bavaria"}, "drop": "everywhere"}
    tables = load(scenario(tmp_path, drop)).tables
    for name in ("regions", "power", "fuels", "fleet", "links"):
        assert set(tables[name].column("region_id")) <= {"ohio"}
    assert len(tables["power"]) == 2
    assert len(tables["deliveries"]) > 0


def test_what_is_dropped_everywhere_leaves_lists_and_rules(tmp_path: Path) -> None:
    """A list loses the name; a row that has no other name goes, as does what speaks of the last of a group."""
    carried = {"source": "toy", "quality": "estimate"}
    shares = [
        {"share_id": "both", "to": "bavaria;ohio", "min_frac": 0.1, **carried},
        {"share_id": "one", "to": "bavaria", "min_frac": 0.1, **carried},
        {"share_id": "south", "to": "south", "min_frac": 0.1, **carried},
        {"share_id": "all", "to": "europe;us", "min_frac": 0.1, **carried},
    ]
    latency = [{"from_id": "bavaria", "to_id": "ohio", "one_way_ms": 50, **carried}]
    path = scenario(tmp_path, {"table": "regions", "where": {"region_id": "bavaria"}, "drop": "everywhere"})
    write_plan(tmp_path, shares=shares, latency=latency, residency=None, regions=edit({"region_id": "bavaria"}, group="south"))
    tables = load(path).tables
    assert dict(tables["shares"].select("share_id", "to")) == {"both": ("ohio",), "all": ("us",)}
    assert tables["shares"].changed(0) == "to: without bavaria (scenario.yaml:7:9)"
    assert str(tables["shares"].place(0, "to")) == "tables/shares.csv:2:2"
    assert not len(tables["latency"])


def test_a_class_goes_with_its_demand_training_runs_and_rules(tmp_path: Path) -> None:
    path = scenario(tmp_path, {"table": "classes", "where": {"class_id": "batch"}, "drop": "everywhere"})
    carried = {"source": "toy", "quality": "estimate"}
    named = [{"share_id": w, "class_id": w, "to": "ohio", "min_frac": 0.1, **carried} for w in ("batch", "chat", "*")]
    named[-1]["share_id"] = "any"
    write_plan(tmp_path, shares=named)
    tables = load(path).tables
    assert tables["shares"].column("class_id") == ["chat", "*"]
    assert set(tables["demand"].column("class_id")) == {"chat"}
    assert not len(tables["residency"])


def test_rows(tmp_path: Path) -> None:
    path = scenario(tmp_path, {"table": "dark", "rows": "more.csv"})
    (tmp_path / "more.csv").write_text("generation_id,kunit,source,quality\nbeta,3,toy,estimate\nalpha,9,news,measured\n")
    plan = load(path)
    dark = plan.tables["dark"]
    assert list(dark.select("generation_id", "kunit", "source")) == [("alpha", 9, "news"), ("beta", 3, "toy")]
    assert str(dark.place(0, "kunit")) == "more.csv:3:2"
    assert str(dark.place(1, "kunit")) == "more.csv:2:2"
    assert "more.csv" in [one["file"] for one in plan.files()]


def test_rows_may_state_only_what_changes(tmp_path: Path) -> None:
    path = scenario(tmp_path, {"table": "regions", "rows": "pue.csv"})
    (tmp_path / "pue.csv").write_text("region_id,pue\nbavaria,1.1\n")
    assert load(path).tables["regions"].column("pue") == [1.2, 1.1]


def test_the_root_changes_first(tmp_path: Path) -> None:
    change = {"table": "power", "set": {"step_mw_per_month": 1}}
    write_plan(tmp_path, plan={"adjust": [change]})
    path = tmp_path / "scenario.yaml"
    path.write_text("extends: plan.yaml\nwhy: to see\nadjust:\n  - {table: power, scale: {step_mw_per_month: 3}}\n")
    assert steps(load(path)) == [3, 3, 3]


ADJUSTMENTS: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown table": (
        {"table": "powr", "drop": True},
        "scenario.yaml:4:10: table = powr: expected a table of this plan (did you mean power?)",
    ),
    "no action": ({"table": "power"}, "scenario.yaml:4:3: adjust: expected one of scale, set, drop, rows, found none"),
    "two actions": (
        {"table": "power", "drop": True, "set": {"start_mw": 1}},
        "scenario.yaml:4:3: adjust: expected one of scale, set, drop, rows, found set and drop",
    ),
    "an unknown key": (
        {"table": "power", "when": {}, "drop": True},
        "scenario.yaml:5:3: unknown key adjust 1: when (did you mean where?)",
    ),
    "an unknown column": (
        {"table": "power", "set": {"start_mv": 1}},
        "scenario.yaml:6:5: unknown column start_mv of table power (did you mean start_mw?)",
    ),
    "an unknown column in where": (
        {"table": "power", "where": {"option": "grid"}, "drop": True},
        "scenario.yaml:6:5: unknown column option of table power (did you mean option_id?)",
    ),
    "where that matches nothing": (
        {"table": "power", "where": {"option_id": ["grid", "gas_enigne"]}, "drop": True},
        "scenario.yaml:8:7: no row of power has option_id = gas_enigne (did you mean gas_engine?)",
    ),
    "where that matches nothing together": (
        {"table": "power", "where": {"option_id": "gas_engine", "region_id": "bavaria"}, "drop": True},
        "scenario.yaml:4:3: no row of power has option_id = gas_engine, region_id = bavaria",
    ),
    "a key column": (
        {"table": "power", "set": {"region_id": "ohio"}},
        "scenario.yaml:6:5: region_id is a key of power and cannot be changed",
    ),
    "a value out of range": (
        {"table": "power", "set": {"start_mw": -1}},
        "scenario.yaml:6:15: start_mw = -1: expected a number >= 0",
    ),
    "a factor that leads out of range": (
        {"table": "regions", "scale": {"pue": 2.5}},
        "scenario.yaml:6:10: pue = 3.125: expected a number >= 1 and <= 3 (in row bavaria of regions)",
    ),
    "half a month": (
        {"table": "power", "where": {"option_id": "gas_engine"}, "scale": {"lead_months": 0.25}},
        "scenario.yaml:8:18: lead_months = 0.5: expected a whole number >= 0 and <= 1200 (in row ohio, gas_engine of power)",
    ),
    "a text to scale": (
        {"table": "power", "scale": {"carbon_priced": 2}},
        "scenario.yaml:6:5: carbon_priced of power cannot be scaled: expected a column of numbers",
    ),
    "a factor that is a text": (
        {"table": "power", "scale": {"start_mw": "2"}},
        "scenario.yaml:6:15: adjust 1: scale.start_mw = 2: expected a number in MW (without quotes)",
    ),
    "empty cells to scale": (
        {"table": "power", "scale": {"capex_usd_per_kw": 2}},
        "scenario.yaml:6:23: capex_usd_per_kw of power is empty in every row to be scaled",
    ),
    "rows and where": (
        {"table": "power", "where": {"region_id": "ohio"}, "rows": "more.csv"},
        "scenario.yaml:5:3: where cannot be combined with rows: rows are matched by key",
    ),
    "rows that are not there": (
        {"table": "power", "rows": "more.csv"},
        "scenario.yaml:5:9: more.csv: no such file",
    ),
    "rows from elsewhere": (
        {"table": "power", "rows": "../more.csv"},
        "scenario.yaml:5:9: ../more.csv: expected a path inside here/, the folder of the plan",
    ),
    "drop everywhere of what nobody names": (
        {"table": "power", "drop": "everywhere"},
        "scenario.yaml:5:9: drop = everywhere: expected true (no other table names rows of power)",
    ),
    "drop that is not true or false": (
        {"table": "power", "drop": "no"},
        "scenario.yaml:5:9: adjust 1: drop = no: expected true or false",
    ),
}


@pytest.mark.parametrize("case", ADJUSTMENTS)
def test_adjust_refused(case: str, tmp_path: Path) -> None:
    change, finding = ADJUSTMENTS[case]
    assert refused_plan(scenario(tmp_path / "here", change)) == [finding]


def test_a_new_row_must_be_whole(tmp_path: Path) -> None:
    path = scenario(tmp_path, {"table": "fuels", "rows": "more.csv"})
    (tmp_path / "more.csv").write_text("region_id,fuel_id,usd_per_mmbtu\nbavaria,gas,9\nohio,gas,5\n")
    assert refused_plan(path) == ["more.csv:2: bavaria, gas is a new row of fuels: source, quality missing"]


def test_a_dropped_region_leaves_its_rows_behind(tmp_path: Path) -> None:
    path = scenario(tmp_path, {"table": "regions", "where": {"region_id": "bavaria"}, "drop": True})
    assert refused_plan(path) == [
        "tables/power.csv:4:1: region_id = bavaria: expected a region_id of tables/regions.csv (one of ohio)",
        "tables/links.csv:2:1: region_id = bavaria: expected a region_id of tables/regions.csv (one of ohio)",
        "tables/fleet.csv:3:1: region_id = bavaria: expected a region_id of tables/regions.csv (one of ohio)",
    ]


# ---- --set

SHELL_STEPS = "did you mean shell_step_mw_per_month or shell_step_growth_frac_per_year?"
VALUES = "a value is a number, a word, a text in quotes or a list such as [US, DE]"
GRAMMAR = (
    "expected KEY=VALUE, TABLE.COLUMN=VALUE or TABLE[key,...].COLUMN=VALUE, with *= to scale"
    " (such as months=24, launch_price.usd_per_kg*=0.5 or power[ohio,grid].start_mw=120)"
)


@pytest.mark.parametrize(
    ("override", "table", "column", "values"),
    [
        ("launch_price.usd_per_kg=200", "launch_price", "usd_per_kg", [200.0] * 4),
        ("power[ohio,grid].step_mw_per_month*=2", "power", "step_mw_per_month", [20, 6, 4]),
        ("power[*,grid].step_mw_per_month*=2", "power", "step_mw_per_month", [20, 6, 8]),
        ("power[ bavaria , grid ].start_mw = 7", "power", "start_mw", [100, 0, 7]),
        ("launch[2028-03].tonnes=1e3", "launch", "tonnes", [40, 40, 1000, 40]),
        ("classes[chat].latency_ms=", "classes", "latency_ms", [None, None]),
        ("demand.start_kh100e*=2", "demand", "start_kh100e", [50, 30, 24, 16]),
        ("accelerators[beta].only_countries=[US, DE]", "accelerators", "only_countries", [(), ("US", "DE")]),
        ("accelerators[beta].only_countries=US;DE", "accelerators", "only_countries", [(), ("US", "DE")]),
        ("classes[chat].orbit=no", "classes", "orbit", ["no", "yes"]),
    ],
)
def test_set_a_table(override: str, table: str, column: str, values: list[Any], tmp_path: Path) -> None:
    assert load(write_plan(tmp_path), [override]).tables[table].column(column) == values


def test_set_a_key_of_the_plan(tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    arguments = [
        "demand.doubling_months=4",
        "discount_frac_per_year*=2",
        "carbon.cap_mtco2_per_year.2028=9",
        "national.options=[grid]",
    ]
    plan = load(path, [*arguments, "name=other", "months=3"])
    assert plan.settings.demand.doubling_months == 4
    assert plan.settings.discount_frac_per_year == 0.16
    assert plan.settings.carbon.cap_mtco2_per_year == {"2028": 9}
    assert (plan.name, plan.settings.months) == ("other", 3)
    assert str(plan.setting_place("demand.doubling_months")) == "--set demand.doubling_months=4"
    assert plan.to_mapping()["set"][0] == "demand.doubling_months=4"


def test_set_the_path_of_a_table(tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    (tmp_path / "mine.csv").write_text("generation_id,kunit,source,quality\nbeta,5,toy,estimate\n")
    scenario = tmp_path / "scenarios" / "s.yaml"
    scenario.parent.mkdir()
    scenario.write_text("extends: ../plan.yaml\nwhy: to see\n")
    assert load(path, ["tables.dark=mine.csv"]).tables["dark"].column("kunit") == [5]
    assert load(scenario, ["tables.dark=../mine.csv"]).tables["dark"].column("kunit") == [5]
    assert len(load(path, ["tables.dark="]).tables["dark"]) == 0


def test_set_remembers_itself(tmp_path: Path) -> None:
    plan = load(write_plan(tmp_path), ["launch[2028-03].tonnes=0"])
    launch = plan.tables["launch"]
    assert str(launch.place(2, "tonnes")) == "--set launch[2028-03].tonnes=0"
    assert launch.resolved["changed"] == ["", "", "tonnes: set to 0 (--set launch[2028-03].tonnes=0)", ""]


SET_REFUSED = [
    ("months", GRAMMAR),
    ("=3", GRAMMAR),
    ("moths=3", "unknown key moths (did you mean months?)"),
    ("powr.start_mw=3", "unknown key powr.start_mw (did you mean power.start_mw?)"),
    ("months=three", "months = three: expected a whole number"),
    ("months=", "months = (empty): expected a whole number"),
    ("demand.doublng_months=3", "unknown key demand.doublng_months (did you mean demand.doubling_months?)"),
    ("demand.doubling_month=3", "unknown key demand.doubling_month (did you mean demand.doubling_months?)"),
    ("demand.start=3", "unknown key demand.start (did you mean demand.start_kh100e?)"),
    ("power.step_mw=3", "unknown column step_mw of table power (did you mean step_mw_per_month?)"),
    (
        "regions.shell_step=3",
        f"unknown column shell_step of table regions ({SHELL_STEPS})",
    ),
    ("power.start_mw={a: 1}", "start_mw = {a: 1}: expected a number in MW, >= 0"),
    ("accelerators.only_countries=[US, {a: 1}]", "only_countries = [US, {a: 1}]: expected names with ; between them"),
    ("shares.min_frac=0.1", "the plan has no table shares"),
    ("regions.wacc=3", "unknown column wacc of table regions (did you mean wacc_frac_per_year?)"),
    (
        "power.usd=3",
        "unknown column usd of table power (did you mean energy_usd_per_mwh or capex_usd_per_kw or speed_up_usd_per_mw?)",
    ),
    ("power.start_mv=3", "unknown column start_mv of table power (did you mean start_mw?)"),
    ("power.start_mw=-3", "start_mw = -3: expected a number >= 0"),
    ("power[ohio].start_mw=3", "1 key(s): expected power[region_id,option_id]"),
    ("power[ohio,wind].start_mw=3", "no row power[ohio,wind] (did you mean ohio,grid?)"),
    (
        "power[moon,wind].start_mw=3",
        "no row power[moon,wind] (no region_id is moon: one of ohio, bavaria)",
    ),
    ("power[ohio]=3", f"unknown key power[ohio] ({GRAMMAR.partition(' (such')[0]})"),
    (
        "launch.mass=3",
        "unknown column mass of table launch (one of month, tonnes, satellite_factory_mw, source, quality, note)",
    ),
    ("start=2028", "start = 2028: expected a month as YYYY-MM (a year: write one of its months, such as 2028-01)"),
    ("start=", "start = (empty): expected a month as YYYY-MM"),
    ("name=12", "name = 12: expected a text (in quotes)"),
    ("power.region_id=ohio", "region_id is a key of power and cannot be changed"),
    ("power.start_mw*=a", "factor = a: expected a number"),
    ("boundary*=2", "boundary is not a number and cannot be scaled"),
    ("extends=x.yaml", "extends cannot be set on the command line"),
    (
        "months={a: b",
        f"not valid YAML: while parsing a flow mapping expected ',' or '}}', but got '<stream end>' ({VALUES})",
    ),
    (
        "discount_frac_per_year=1 %/month",
        "discount_frac_per_year = 1 %/month: expected a number (a rate per year, or in %)",
    ),
]


@pytest.mark.parametrize(("override", "message"), SET_REFUSED)
def test_set_refused(override: str, message: str, tmp_path: Path) -> None:
    assert refused(tmp_path, overrides=[override]) == [f"--set {override}: {message}"]
