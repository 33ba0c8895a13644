"""What rows cite: publications without our files, judgements by key, and what is neither."""

from __future__ import annotations

import pandas as pd
import pytest

from planner.plan.citations import Cited, cited, is_second_hand
from planner.write.report.assumptions import _sources, rests_on


@pytest.mark.parametrize(
    ("source", "publications", "judgements"),
    [
        ("IEA, 2026 (power.csv); judgements: pue, wacc", ("IEA, 2026",), ("pue", "wacc")),
        ("IEA, 2026 (a.csv, b.csv); LBNL (2026); c.csv, d.csv", ("IEA, 2026", "LBNL (2026)"), ()),
        ("Epoch AI (CC BY 4.0); pace: own judgement", ("Epoch AI (CC BY 4.0)",), ("pace: own judgement",)),
        ("own judgement on EIA forecasts of 2026", (), ("own judgement on EIA forecasts of 2026",)),
        ("https://www.eia.gov/electricity", ("https://www.eia.gov/electricity",), ()),
        ("judgements: pue_*", (), ("pue_*",)),
        ("fleet.csv", (), ()),
        ("", (), ()),
    ],
)
def test_publications_and_judgements(source: str, publications: tuple[str, ...], judgements: tuple[str, ...]) -> None:
    assert cited(source) == Cited(publications, judgements)


@pytest.mark.parametrize(
    "source",
    [
        "our meter, hall 3",
        "cities on the map",
        "asset register, November 2026",
        "1,200 in 2027: published estimates, interpolated",
        "lead time: trade press 2026",
    ],
)
def test_what_nobody_can_look_up_is_no_publication(source: str) -> None:
    assert cited(source) == Cited(records=(source,))
    assert cited(source, {source}) == Cited((source,))  # unless the table of sources says so


def test_a_made_up_example_is_nothing_else() -> None:
    assert cited("order book of November 2026 (example)") == Cited(examples=("order book of November 2026 (example)",))


def test_each_row_is_counted_once_by_the_best_that_it_names() -> None:
    sources = ["Eurostat 2024", "Eurostat 2024; own judgement", "own judgement; as grid", "stock (example)", "as grid", "a.csv"]
    counted = [int(word) for word in rests_on(map(cited, sources)).replace(",", "").split() if word.isdigit()]
    assert counted == [1] * 6
    assert rests_on([]) == ""


def test_what_was_read_in_another_publication_is_second_hand() -> None:
    assert is_second_hand("CBRE EMEA 2024, as compiled in flops_export")
    assert is_second_hand("Danish Energy Agency technology catalogue via PyPSA technology-data, 2025")
    assert not is_second_hand("EIA average industrial price of electricity by state, 2024")


def test_sources_that_the_same_rows_name_share_one_effect_and_say_so() -> None:
    """Two judgements of one row have the effect of that row; the publication of another has its own."""
    source = ["judgements: pue, wacc", "Eurostat 2024"]
    tables = {"regions": pd.DataFrame({"source": source})}
    names = [("judgement", "pue", 8.0), ("judgement", "wacc", 8.0), ("publication", "Eurostat 2024", 3.0)]
    about = pd.DataFrame(names, columns=["kind", "source_id", "effect_musd"])
    about = about.assign(cited_as="", url="", low="", high="", unit="")
    effect = {row[1]: row[4] for row in _sources(tables, about).rows}
    assert effect["pue"] == effect["wacc"] == "8.00 million USD (one number for 2 sources of the same rows)"
    assert effect["Eurostat 2024"] == "3.00 million USD"
