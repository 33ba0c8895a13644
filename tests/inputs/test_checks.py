"""The inputs agree with public totals they were not made from, and an input that does not is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks import checked
from comparisons.world import World
from derivation.evidence import Evidence
from planner import api

INPUTS = Path(__file__).parents[2] / "inputs"
EVIDENCE = INPUTS / "evidence"
LIFT_OFF = 1720 / 1200  # IEA, Energy and AI (April 2025): data centres in 2035, highest case over base case


@pytest.mark.parametrize("check", checked(Evidence(EVIDENCE)), ids=lambda check: check.what)
def test_inputs_agree_with_public_totals(check: object) -> None:
    assert check.agrees, f"{check.ours:.4g} against {check.theirs:.4g} {check.unit}"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"dc_power_mid_2026_mw_US": "30000"}, "stock of data centres, US, against IEA grown at its own rate"),
        ({"new_grid_power_mw_per_year_US": "16000"}, "step of the United States against the plans of 2026"),
        (
            {"on_site_share_of_data_centre_turbines": "1"},
            "supply of fuelled plants in 2027 against what was built a year to mid-2026",
        ),
        ({"chip_supply.model_new_compute": "high"}, "packages of nvidia in 2027 against analysts"),
        (
            {"supplement.packages_per_wafer": "low", "chip_supply.model_new_compute": "high"},
            "packaging wafers of 2027 against capacity",
        ),
        ({"fleet_share_nvidia_a100_sxm": "high"}, "units of NVIDIA sold to 2025 against Epoch AI"),
        ({"china_stock_2025_ascend_910c": "high"}, "compute in China at the end of 2025 against MIIT"),
        ({"plan.demand.doubling_months": "9.1"}, "demand at the end against all chips ever"),
        (
            {"draw_frac": "high"},
            "fleet times draw times PUE against IEA's AI electricity in January 2027",
        ),
        ({"rack_power_factor": "low"}, "IT power per H100e of GB200 against Abilene"),
    ],
)
def test_what_leaves_the_published_world_is_found(wrong: dict[str, str], found: str) -> None:
    differs = {check.what for check in checked(Evidence(EVIDENCE, wrong)) if not check.agrees}
    assert found in differs


def test_packages_of_a_year_by_hand() -> None:
    """2027: 43 M H100e, of which 0.314 in Rubin at 4000 / 989.5 each; months follow the middle of the years around it."""
    packages = World(Evidence(EVIDENCE)).packages(2027)["vr_nvl72"]
    assert packages == pytest.approx(43e6 * 0.314 / (4000 / 989.5), rel=0.05)


@pytest.mark.slow
def test_the_run_stays_within_the_band_of_iea() -> None:
    """AI electricity of 2029 between tripling since 2025 from the low share of AI, and the highest case from the high share.

    485 TWh in 2025, 20 to 45 % of it AI; 3 times that in 2030, so 3^(4/5) in 2029."""
    power = api.solve(api.load(INPUTS / "reference.yaml", ["look_ahead_months=0"])).tables["power"]
    twh = float(power.loc[power["month"].str.startswith("2029"), "energy_mwh"].sum()) / 1e6
    of_2025, grown = 415 * 1.17, 3 ** (4 / 5)
    assert 0.20 * of_2025 * grown < twh < 0.45 * of_2025 * grown * LIFT_OFF
