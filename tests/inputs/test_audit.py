"""What is out of date is listed, and a row of the plan leads back to publications and judgements."""

from __future__ import annotations

from pathlib import Path

from audit import chain, rows_from, stale
from derivation.evidence import Evidence, Source, parts, publication, read
from derive import derive
from effects import write_effects
from planner.studies.explain.sources import SourceEffect
from waterfall import changes, corrections

EVIDENCE = Path(__file__).parents[2] / "inputs" / "evidence"


def test_every_publication_with_editions_is_used() -> None:
    evidence = Evidence(EVIDENCE)
    for row in evidence.tables["editions"]:
        found = list(rows_from(evidence, row["publication"]))
        assert found, row["publication"]
        assert any(numbers for _, _, numbers in found), row["publication"]


def test_what_appeared_anew_after_it_was_checked_is_stale() -> None:
    evidence = Evidence(EVIDENCE)
    evidence.tables["editions"] = [
        {"publication": "checked since", "next_edition": "2026-04", "checked": "2026-11"},
        {"publication": "not yet out", "next_edition": "2027-01", "checked": "2026-11"},
        {"publication": "late", "next_edition": "2026-10", "checked": "2025-10"},
        {"publication": "later", "next_edition": "2025-07", "checked": "2024-07"},
    ]
    assert [row["publication"] for row in stale(evidence, "2026-11")] == ["later", "late"]
    assert [row["publication"] for row in stale(evidence, "2027-01")] == ["later", "late", "not yet out"]


def test_a_row_leads_back_to_lines_links_and_judgements() -> None:
    told = "\n".join(chain(Evidence(EVIDENCE), "power", ["us_georgia", "grid"]))
    lines = (EVIDENCE / "regions.csv").read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if text.startswith("us_georgia,"))
    tariff = f"regions.csv:{line} EIA average industrial price of electricity by state, 2024 <https://www.eia.gov/electricity/data/state/"
    assert tariff in told
    assert "<https://www.utilitydive.com/news/georgia-power-large-load-data-centers/806300>" in told
    assert "times new_grid_power_mw_per_year_US = 11000 (6600 to 16000)" in told


def test_a_neighbour_is_no_source() -> None:
    rows = {row["region_id"]: str(row["source"]) for row in derive(Evidence(EVIDENCE))["regions"]}
    assert "Georgia Power" in rows["us_georgia"]
    assert "Georgia Power" not in rows["us_ercot_texas"]


def test_publications_and_our_own() -> None:
    price = {"source": "see price_source", "price_source": "Eurostat nrg_pc_205, band 20-70 GWh/yr", "price_year": "2025"}
    assert publication(price | {"price_url": "u"}, "industrial_price_usd_per_mwh")[1] == "u"
    assert publication({"source": "Own allocation", "year": "2026", "url": "x"}, "value") == ("", "x")
    assert publication({"source": "IEA, Energy and AI (Apr 2025)", "year": "2030"}, "value") == (
        "IEA, Energy and AI (Apr 2025)",
        "",
    )
    assert publication({"source": "AEP", "year": "2026"}, "value") == ("AEP, 2026", "")
    evidence = Evidence(EVIDENCE)
    evidence.number("power_growth", region_id="us_georgia", metric="model_new_grid_power")
    evidence.judge("draw_frac")
    source = evidence.trace()["source"]
    assert parts(str(source)) == (["power_growth.csv"], ["draw_frac"])
    assert source + source == source
    assert str(Source()) == ""


def test_each_correction_changed_something_and_all_can_be_undone() -> None:
    now = Evidence(EVIDENCE)
    for name, cells in corrections().items():
        for table, where, column, was in cells:
            rows = [row for row in now.tables[table] if all(row[key] == value for key, value in where.items())]
            assert len(rows) == 1, (name, where)
            assert float(rows[0][column]) != float(was), (name, where)
    before, *alone, after = changes()
    assert len(alone) == len(corrections())
    assert before.evidence().judge("rack_power_factor") == 1
    assert after.evidence().judge("rack_power_factor") == 1.2
    (rack,) = (change for change in alone if change.name == "Power of racks with their site")
    assert (rack.evidence().judge("rack_power_factor"), rack.evidence().judge("draw_frac")) == (1.2, 0.75)


def test_effects_come_first_among_the_sources(tmp_path: Path) -> None:
    """What `inputs/effects.py` writes is read as evidence, and orders the table of sources; what has none is left out."""
    found = [SourceEffect("judgement", each, 40, musd) for each, musd in (("nameplate_frac", 12.3456), ("pue_factor_US", 0.0))]
    write_effects(found, tmp_path / "effects.csv")
    evidence = Evidence(EVIDENCE)
    evidence.tables["effects"] = read(tmp_path / "effects.csv")
    first, second, *_ = derive(evidence)["sources"]
    assert (first["source_id"], first["effect_musd"]) == ("nameplate_frac", "12.35")
    assert second["effect_musd"] == ""
