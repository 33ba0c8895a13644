"""What rests on each publication and judgement: effects fall on rows, and rows on all that their sources name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner import api
from planner.progress import Progress
from planner.studies.explain.estimates import Effect, by_source, effects
from planner.studies.explain.reopened import OpenRun, open_run
from planner.studies.explain.report import Explanation
from planner.studies.explain.sources import effects_by_source
from planner.write.text.explain import _source_lines
from tests.read.toy import Rows, write_plan


def test_rows_add_up_to_the_effect_of_their_column(found: list[Effect]) -> None:
    rows = [each for each in found if each.input.table and each.musd is not None and each.by_row is not None]
    assert len(rows) > 20
    for each in rows:
        assert each.by_row is not None
        assert each.by_row.sum() == pytest.approx(each.musd, rel=1e-9, abs=1e-9), each.input.name


def test_a_row_has_what_its_names_have(run: OpenRun, found: list[Effect]) -> None:
    """The energy of the grid of each region, by the key `region_id` and by row."""
    (energy,) = [each for each in found if each.input.name == "power.energy_usd_per_mwh"]
    assert energy.by_row is not None
    table = run.plan.tables["power"]
    for region, musd in energy.parts["region_id"].items():
        here = [at for at, r in enumerate(table.column("region_id")) if r == region]
        assert energy.by_row[here].sum() == pytest.approx(musd, rel=1e-9)


def named(rows: Rows) -> Rows:
    """Each row of power names a tariff of its region, and one judgement."""
    return [row | {"source": f"Tariff of {row['region_id']}, 2027 (power.csv); judgements: firm"} for row in rows]


@pytest.mark.slow
def test_publications_and_judgements_carry_their_rows(tmp_path: Path) -> None:
    done = api.run(api.load(write_plan(tmp_path / "plan", power=named)), tmp_path / "run")
    run = open_run(done.folder)
    found = effects(run, Progress())
    told = {each.name: each for each in by_source(run, found)}
    power = [each.by_row for each in found if each.input.table == "power" and each.by_row is not None]
    by_row = np.abs(power).sum(axis=0)
    regions = run.plan.tables["power"].column("region_id")
    for region in dict.fromkeys(regions):
        here = [at for at, r in enumerate(regions) if r == region]
        one = told[f"Tariff of {region}, 2027"]
        assert (one.kind, one.rows) == ("publication", len(here))
        assert one.musd == pytest.approx(by_row[here].sum())
    assert (told["firm"].kind, told["firm"].rows) == ("judgement", len(regions))
    assert told["firm"].musd == pytest.approx(by_row.sum())
    words = "\n".join(_source_lines(Explanation(run, 10, [], [], [], [], [], None, effects=found)))
    assert "Sources by effect" in words
    assert "firm" in words


def test_a_judgement_of_one_column_carries_that_column_alone(tmp_path: Path) -> None:
    """By its name, or by the input that the table of sources states; another one carries the whole row."""

    def judged(rows: Rows) -> Rows:
        return [row | {"source": "judgements: lead_months, pace, firm"} for row in rows]

    pace = {"source_id": "pace", "kind": "judgement", "input": "power.step_mw_per_month", "source": "t", "quality": "estimate"}
    plan = api.load(write_plan(tmp_path, power=judged, sources=[pace]))
    ones = np.ones(len(plan.tables["power"]))
    by_row = [("power", "lead_months", ones), ("power", "step_mw_per_month", 10.0 * ones), ("power", "start_mw", 100.0 * ones)]
    told = {each.name: each.musd / len(ones) for each in effects_by_source(plan, by_row)}
    assert (told["lead_months"], told["pace"], told["firm"]) == (1.0, 10.0, 111.0)


def test_effects_do_not_cancel(run: OpenRun) -> None:
    count = len(run.plan.tables["power"])
    there = np.ones(count)
    (one,) = [
        each
        for each in effects_by_source(run.plan, [("power", "start_mw", there), ("power", "step_mw_per_month", -there)])
        if each.musd
    ]
    assert one.musd >= 2.0 * count
