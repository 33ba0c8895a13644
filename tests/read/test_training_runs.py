"""Training runs: how energy becomes compute that is asked for, month by month."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from planner.prepare.plan_data import prepare
from planner.read.load import load
from tests.read.refusals import refused_plan
from tests.read.toy import write_plan

RUN: dict[str, Any] = {
    "run_id": "gpt4",
    "zone_id": "munich",
    "class_id": "chat",
    "energy_gwh": 73.05,
    "kw_per_h100e": 2,
    "duration_months": 2,
    "runs_per_year": 4,
    "source": "t",
    "quality": "estimate",
}


def asked(tmp_path: Path, months: int, *runs: dict[str, Any], w: str = "chat", z: str = "munich") -> list[float]:
    """What is asked beside the table of demand."""
    bare, full = (
        prepare(load(write_plan(tmp_path / name, months=months, **tables))).demand_kh100e
        for name, tables in {"bare": {}, "full": {"training_runs": list(runs)}}.items()
    )
    assert {key for key in full if full[key] != bare[key]} <= {(z, w, t) for t in range(1, months + 1)}
    return [full[z, w, t] - bare[z, w, t] for t in range(1, months + 1)]


def test_a_run_every_third_month(tmp_path: Path) -> None:
    """73.05 GWh in two months of 730.5 h is 50 MW; at 2 kW each that is 25 thousand H100e, then a month of rest."""
    assert asked(tmp_path, 7, RUN) == pytest.approx([25, 25, 0, 25, 25, 0, 25])


def test_runs_that_begin_earlier_last_into_the_plan_and_grow(tmp_path: Path) -> None:
    """The first began in December 2027 and ends with January; of each half a month overlaps at 1.5 months; yearly doubling."""
    early = {**RUN, "from_month": "2027-12", "runs_per_year": 1, "growth_frac_per_year": 1}
    assert asked(tmp_path, 13, early) == pytest.approx([25] + 10 * [0] + [50, 50])
    short = {**RUN, "duration_months": 1.5, "energy_gwh": 73.05 * 0.75}
    assert asked(tmp_path, 4, short) == pytest.approx([25, 12.5, 0, 25])


def test_energy_is_what_is_asked(tmp_path: Path) -> None:
    """Many short runs: compute times power times time is the energy of a year, whatever the duration."""
    path = asked(tmp_path, 12, {**RUN, "duration_months": 0.3, "runs_per_year": 40})
    assert sum(path) * 2 * 730.5 / 1e3 == pytest.approx(40 * 73.05, rel=1e-9)


def test_a_pooled_class_is_asked_by_its_bloc(tmp_path: Path) -> None:
    assert asked(tmp_path, 2, {**RUN, "class_id": "batch"}, w="batch", z="europe") == pytest.approx([25, 25])


def test_a_run_needs_a_demand_to_belong_to(tmp_path: Path) -> None:
    (finding,) = refused_plan(
        write_plan(
            tmp_path,
            demand=lambda rows: rows[:1] + rows[2:],
            training_runs=[{**RUN, "zone_id": "new_york", "class_id": "batch"}],
        )
    )
    assert finding.startswith(
        "tables/training_runs.csv:2:2: training run gpt4: no row of tables/demand.csv has new_york, batch"
    )


def test_a_run_of_nowhere_is_refused_once(tmp_path: Path) -> None:
    (finding,) = refused_plan(write_plan(tmp_path, training_runs=[{**RUN, "zone_id": "munch"}]))
    assert finding.startswith("tables/training_runs.csv:2:2: zone_id = munch: expected a zone_id of tables/zones.csv")


@pytest.mark.parametrize(
    ("column", "value"), [("kw_per_h100e", 0), ("runs_per_year", 0), ("energy_gwh", -1), ("duration_months", "x")]
)
def test_refused(tmp_path: Path, column: str, value: Any) -> None:
    (finding,) = refused_plan(write_plan(tmp_path, training_runs=[{**RUN, column: value}]))
    assert f"{column} = {value}: expected a number" in finding


@pytest.mark.parametrize("first", ["2012-01", "1900-01", "0001-01"])
def test_growth_from_long_ago_is_refused_before_it_is_no_number(tmp_path: Path, first: str) -> None:
    (finding,) = refused_plan(write_plan(tmp_path, training_runs=[{**RUN, "growth_frac_per_year": 10, "from_month": first}]))
    asked_of = f"training run gpt4: 73.05 GWh growing by growth_frac_per_year = 10 from {first} on need more than 1e+09 kH100e"
    assert finding == f"tables/training_runs.csv:2:10: {asked_of} in 2028-04: expected less energy or growth"


def test_what_is_over_or_shrinks_is_no_number_too_many(tmp_path: Path) -> None:
    gone = {**RUN, "run_id": "gone", "growth_frac_per_year": -0.9, "from_month": "0001-01"}
    later = {**RUN, "run_id": "later", "growth_frac_per_year": 10, "from_month": "2199-12"}
    assert asked(tmp_path, 2, gone, later) == pytest.approx([0, 0])
