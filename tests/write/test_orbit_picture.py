"""The report on orbital designs as pictures, lines and files."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from planner import load
from planner.errors import UsageError
from planner.studies.orbit_design import OrbitReport, orbit_report
from planner.write.charts.draw import png
from planner.write.charts.orbit import orbit_picture
from planner.write.folder.replace import OutputError
from planner.write.folder.study import write_study
from planner.write.folder.targets import ORBIT_REPORT
from planner.write.text.orbit import report_lines
from tests.read.toy import edit, write_plan


def report_of(folder: Path, **changes: Any) -> OrbitReport:
    return orbit_report(load(write_plan(folder, **changes)))


def write_orbit(report: OrbitReport, out: Path) -> list[str]:
    pictures = {name: orbit_picture(report, name) for name in report.designs["design_id"]}
    return write_study(out, report.tables(), pictures, ORBIT_REPORT)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> OrbitReport:
    return report_of(tmp_path_factory.mktemp("toy"))


def test_a_picture_has_its_size_and_the_same_bytes_again(report: OrbitReport) -> None:
    data = png(orbit_picture(report, "dawn"))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (2000, 1400)
    assert data == png(orbit_picture(report, "dawn"))


@pytest.mark.parametrize(
    "changes",
    [
        {"designs": edit({}, name="衛星 $5 for $6")},  # letters that the font may lack
        {"power": edit({}, energy_usd_per_mwh=0), "classes": edit({}, orbit="no")},  # nothing on Earth to compare with
        {"designs": edit({}, build_usd_per_kg=0, maintenance_frac_per_year=0, fixed_usd_per_kw_year=0)},
        {"designs": edit({}, build_usd_per_kg=1e9, array_efficiency_frac=0.001)},
    ],
    ids=["odd name", "nothing to compare", "cheap", "absurd"],
)
def test_a_picture_of_anything_that_the_report_may_say(tmp_path: Path, changes: Any) -> None:
    picture = orbit_picture(report_of(tmp_path, **changes), "dawn")
    assert len(png(picture)) > 10_000
    assert "NaN" not in picture
    assert "nan" not in picture


def test_an_unknown_design_is_a_key_error(report: OrbitReport) -> None:
    with pytest.raises(KeyError, match="dusk"):
        orbit_picture(report, "dusk")


def test_every_table_and_picture_is_written_and_written_again(report: OrbitReport, tmp_path: Path) -> None:
    names = write_orbit(report, tmp_path / "orbit")
    assert sorted(names) == sorted(path.name for path in (tmp_path / "orbit").iterdir())
    assert "dawn.png" in names
    assert [path.name for path in tmp_path.iterdir()] == ["orbit"]  # nothing else is left
    found = pd.read_csv(tmp_path / "orbit" / "budget.csv")
    assert found["kg_per_kw"].to_numpy() == pytest.approx(report.budget["kg_per_kw"].to_numpy())
    (tmp_path / "orbit" / "note.txt").write_text("mine")
    assert write_orbit(report, tmp_path / "orbit") == names
    assert (tmp_path / "orbit" / "note.txt").read_text() == "mine"


def test_what_is_not_ours_is_refused(report: OrbitReport, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UsageError, match="not a report on orbit"):
        write_orbit(report, tmp_path)
    with pytest.raises(UsageError, match="is a file"):
        write_orbit(report, tmp_path / "thesis.tex")


def test_a_system_that_refuses_leaves_nothing(report: OrbitReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "x.png")

    monkeypatch.setattr("planner.write.folder.study.png", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_orbit(report, tmp_path / "orbit")
    assert list(tmp_path.iterdir()) == []


def test_words_come_first_and_tables_are_aligned(report: OrbitReport) -> None:
    lines = report_lines(report)
    assert lines[0] == "toy: 1 orbital design. Cost of orbit: platform, launch, insurance and upkeep; no chips."
    assert lines[2] == "Dawn-dusk (dawn)"
    assert lines[3].strip() == "39.9 kg per kW of IT. For 1 MW, 5,041 m2 of array and 1,205 m2 of radiator at 60 C."
    assert lines[4].strip() == "For 1 GW, 706 football pitches of array and 169 of radiator."
    mass = lines.index("Mass, kg per kW of IT")
    assert len(lines[mass + 1]) == len(lines[mass + 2])
    assert lines[mass + 2].split()[-1] == "39.9"
    assert sum(line.startswith("Launch price at which") for line in lines) == 1
    assert max(map(len, lines)) < 130


def test_no_number_is_negative_or_missing_in_the_text(report: OrbitReport, tmp_path: Path) -> None:
    bare = report_of(tmp_path, power=edit({}, energy_usd_per_mwh=0))
    text = "\n".join([*report_lines(report), *report_lines(bare)])
    assert "nan" not in text
    assert not [word for word in text.split() if word.startswith("-") and word[1:2].isdigit()]
    assert text.count("No region of this plan buys electricity.") == 1
    assert np.isnan(bare.break_even["target_usd_per_mwh"]).any()
