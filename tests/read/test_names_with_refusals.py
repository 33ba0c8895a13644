"""Names that no row has are refused together with cells, in tables that were read but for those cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.cli.entry import main
from planner.errors import InputError
from planner.read.load import load
from tests.read.refusals import refused, without
from tests.read.toy import edit, write_plan

OHIO = {"region_id": "ohio", "option_id": "grid"}
UNKNOWN = "tables/power.csv:2:1: region_id = ohoi: expected a region_id of tables/regions.csv (did you mean ohio?)"


def test_an_unknown_name_beside_a_bad_cell_of_its_own_table(tmp_path: Path) -> None:
    assert refused(tmp_path, power=edit(OHIO, region_id="ohoi", start_mw="much")) == [
        UNKNOWN,
        "tables/power.csv:2:3: start_mw = much: expected a number in MW",
    ]


def test_an_unknown_name_beside_a_bad_cell_of_the_table_that_it_names(tmp_path: Path) -> None:
    found = refused(tmp_path, power=edit(OHIO, region_id="ohoi"), regions=edit({"region_id": "bavaria"}, pue="low"))
    assert UNKNOWN in found
    assert len(found) == 2


def test_an_unknown_name_beside_a_bad_key_of_the_plan(tmp_path: Path) -> None:
    found = refused(tmp_path, power=edit(OHIO, region_id="ohoi"), plan={"months": "many"})
    assert UNKNOWN in found
    assert len(found) == 2


@pytest.mark.parametrize(
    "regions",
    [
        edit({"region_id": "ohio"}, region_id=""),  # which name that row has, nobody knows
        lambda rows: [*rows[1:], {"region_id": "ohio"}],
        without("region_id"),
        "region_id,name\nohio\n",
        "",
        None,
    ],
    ids=["no name", "no cells", "no column", "a row too short", "an empty file", "no table"],
)
def test_names_of_a_table_that_was_not_read_whole_are_not_refused(tmp_path: Path, regions: object) -> None:
    found = refused(tmp_path, regions=regions)
    assert found
    assert [line for line in found if not line.startswith(("tables/regions.csv:", "plan.yaml:"))] == []


def test_what_was_not_examined_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Commitments of a region without that power are found by a rule over several tables, which waits for the cell."""
    cell = write_plan(tmp_path / "cell", power=edit(OHIO, start_mw="much"))
    assert main(["check", str(cell)]) == 3
    last = "planner: 1 finding, nothing was solved; what tables say together is checked once these are mended"
    assert capsys.readouterr().err.splitlines()[-1] == last
    name = write_plan(tmp_path / "name", power=edit(OHIO, region_id="ohoi"))
    assert main(["check", str(name)]) == 3
    assert capsys.readouterr().err.splitlines()[-1].endswith("nothing was solved")
    for path, more in ((cell, True), (name, False)):
        with pytest.raises(InputError) as caught:
            load(path)
        assert caught.value.more is more
        main(["check", str(path), "--json"])
        assert f'"more_may_follow": {str(more).lower()}' in capsys.readouterr().out
