"""What the rows of the evidence say of themselves: ranges around their values, links that lead out of the repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deciding import stated
from derivation.evidence import Evidence, read

EVIDENCE = Path(__file__).parents[2] / "inputs" / "evidence"
FILES = sorted(EVIDENCE.glob("*.csv"))
LINKS = ("url", "price_url", "carbon_url", "pue_url")
OUTSIDE = ("github.com/", "https://", "http://")
OURS = {path.name for path in EVIDENCE.iterdir()}


def of_our_own(link: str) -> bool:
    """Whether a link names a file of this repository in place of a publication."""
    return any(not part.startswith(OUTSIDE) and not OURS.isdisjoint(re.findall(r"[\w.]+", part)) for part in link.split(" ; "))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_range_is_around_its_value(path: Path) -> None:
    for line, row in enumerate(read(path), start=2):
        low, high = row.get("low"), row.get("high")
        if "value" in row:
            assert not low or float(low) <= float(row["value"]), f"{path.name}:{line}"
            assert not high or float(row["value"]) <= float(high), f"{path.name}:{line}"
        elif low and high:
            assert float(low) <= float(high), f"{path.name}:{line}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_links_lead_to_publications(path: Path) -> None:
    found = [
        f"{path.name}:{line}" for line, row in enumerate(read(path), start=2) for key in LINKS if of_our_own(row.get(key) or "")
    ]
    assert found == []


def test_a_link_to_a_file_of_ours_is_seen() -> None:
    assert of_our_own("orbit.csv")
    assert of_our_own("https://arxiv.org/abs/2511.19468 ; method in README.md, power_growth.csv")
    assert not of_our_own("github.com/sfgunkin/flops_export Data/dcci_2025_construction_costs.csv ; https://a.org/b.csv")
    assert not of_our_own("not retrieved directly")


def test_what_decides_names_its_publications_with_their_year() -> None:
    evidence = Evidence(EVIDENCE)
    for row in evidence.tables["deciding"]:
        source = stated(evidence, row["key"])[3]
        assert re.search(r"\b20[12]\d\b", source), f"{row['key']}: {source}"
