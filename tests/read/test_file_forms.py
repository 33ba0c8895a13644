"""Files as spreadsheets and exchanges write them: what leaves no doubt is read and said, what leaves doubt is refused once."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.read.load import load
from planner.read.maps.propose import propose
from planner.schema.months import in_full, month_hint, month_of
from planner.schema.quantities import UnitError, in_unit_of
from tests.read.refusals import refused
from tests.read.toy import edit, toy_tables, write_plan

TITLES = "generation_id,kunit,source,quality"
GERMAN = "generation_id;kunit;source;quality\nalpha;1.234,5;Gebäude größer;estimate\nbeta;7,25;ab 5,25 €;estimate\n"
READ = {
    "Windows-1252 with semicolons and decimal commas": (
        GERMAN.encode("cp1252"),
        [1234.5, 7.25],
        (
            "read with text in Windows-1252 (Western European), such as ä; columns separated by semicolons;"
            " decimal commas (1.234,5 is 1234.5, and so on)"
        ),
    ),
    "the same in UTF-8 with a mark": (
        GERMAN.encode("utf-8-sig"),
        [1234.5, 7.25],
        "read with columns separated by semicolons; decimal commas (1.234,5 is 1234.5, and so on)",
    ),
    "UTF-16 with tabs": (
        f"{TITLES}\nalpha,1.5,toy,estimate\nbeta,2,toy,estimate\n".replace(",", "\t").encode("utf-16"),
        [1.5, 2],
        "read with columns separated by tabs",
    ),
    "UTF-16 without a mark": (
        f"{TITLES}\nalpha,1.5,toy,estimate\nbeta,2,toy,estimate\n".encode("utf-16-le"),
        [1.5, 2],
        "read with text in UTF-16 without a mark",
    ),
    "commas between thousands": (
        f'{TITLES}\nalpha,"1,234.5",toy,estimate\nbeta,"12,345",toy,estimate\n'.encode(),
        [1234.5, 12345],
        "read with commas between thousands (1,234.5 is 1234.5, and so on)",
    ),
    "a remark above the header": (
        f"# stock of November\n\n{TITLES}\nalpha,1,toy,estimate\nbeta,2,toy,estimate\n".encode(),
        [1, 2],
        "read with the header in line 3, and nothing above it",
    ),
    "empty columns at the end": (f"{TITLES},,\nalpha,1,toy,estimate,,\nbeta,2,toy,estimate,,\n,,,,,,\n".encode(), [1, 2], ""),
    "thin spaces and the minus of print": (f"{TITLES}\nalpha,1\u202f234.5,toy,estimate\n".encode(), [1234.5], ""),
}


@pytest.mark.parametrize("name", READ)
def test_read(name: str, tmp_path: Path) -> None:
    data, numbers, said = READ[name]
    path = write_plan(tmp_path)
    (tmp_path / "tables" / "dark.csv").write_bytes(data)
    plan = load(path)
    assert plan.tables["dark"].column("kunit") == numbers
    found = [notice for notice in plan.notices if notice.place is not None and notice.place.source.path.name == "dark.csv"]
    assert [(notice.text, str(notice.code)) for notice in found] == ([(said, "N-FILE-FORM")] if said else [])


FORMS_REFUSED = {
    "a number that may be either": (
        f'{TITLES}\nalpha,"1,234",toy,estimate\nbeta,"2,500",toy,estimate\n',
        [
            (
                "tables/dark.csv:2:2: kunit = 1,234: 1234, or 1.234 with a decimal point? No number of the file says which"
                ' (2 such cells, the last in line 3): write points and no separators, or state decimal: "," or "." in a map'
            )
        ],
    ),
    "points in a file with semicolons": (
        "generation_id;kunit;source;quality\nalpha;1.234;toy;estimate\n",
        [
            (
                "tables/dark.csv:2:2: kunit = 1.234: 1234, or 1.234 with a decimal point? No number of the file says which:"
                ' write points and no separators, or state decimal: "," or "." in a map'
            )
        ],
    ),
    "decimal commas and points": (
        f'{TITLES}\nalpha,"1,25",toy,estimate\nbeta,2.5,toy,estimate\n',
        ["tables/dark.csv:2:2: kunit = 1,25: expected a number in thousand units (a decimal point, no comma: 1.25)"],
    ),
    "a value in a column without a name": (
        f"{TITLES},\nalpha,1,toy,estimate,\nbeta,2,toy,estimate,7\n",
        ["tables/dark.csv:1:5: a column without a name: name it, or empty its cells"],
    ),
}


@pytest.mark.parametrize("name", FORMS_REFUSED)
def test_refused_once(name: str, tmp_path: Path) -> None:
    text, findings = FORMS_REFUSED[name]
    assert refused(tmp_path, dark=text) == findings


def test_a_slip_in_every_row_is_refused_once(tmp_path: Path) -> None:
    rows = [{**row, "month": f"{row['month']}-15"} for row in toy_tables()["launch"]] * 5
    (finding,) = refused(tmp_path, launch=rows)
    assert finding == (
        "tables/launch.csv:2:1: month = 2028-01-15: expected a month as YYYY-MM, in this and"
        f" {len(rows) - 1} more cells, to tables/launch.csv:{len(rows) + 1}:1 (write 2028-01)"
    )


def test_rows_too_wide_are_refused_once(tmp_path: Path) -> None:
    text = f"{TITLES}\n" + "alpha,1,toy,estimate,x\n" * 9
    assert refused(tmp_path, dark=text) == [
        (
            "tables/dark.csv:2:5: 5 cells: expected 4 cells between commas, as in the header"
            " (a text with the mark that separates cells stands in quotes); so in 9 rows, to line 10;"
            " where the header is another line, a map names it: rows: {header: N}"
        )
    ]


def test_a_table_of_another_shape_is_refused_once_with_the_way_in(tmp_path: Path) -> None:
    text = 'year,cloud-region,geolocation,pue\n2024,us-east-2,"40.08,-82.81",1.13\n'
    assert refused(tmp_path, regions=text) == [
        (
            "tables/regions.csv:1:1: 14 of the 15 columns of table regions are missing (region_id, name, country_iso2, bloc,"
            " latitude_deg and 9 more), and it has others (year, cloud-region, geolocation): for a file of another shape,"
            " `planner map regions.csv --table regions` writes a map of columns"
        )
    ]


def test_months_as_people_write_them() -> None:
    texts = (
        "Jan-27;2027-1;01/2027;2027M01;2027-M01;202701;January 2027;Januar 2027;Jan '27;2027-Jan;2027-01-01 00:00:00;01.01.2027"
    )
    assert {month_of(text) for text in [*texts.split(";"), "1/1/2027"]} == {"2027-01"}
    doubtful = "1/2/2027;Jan 27;27-Jan;2027.1;20271;2027;2027-13;13/2027;2027-01-15;Month 2027;2027-Q1;;-"
    assert {month_of(text) for text in doubtful.split(";")} == {""}
    of_europe = "März 2027;mars 2027;marzo 2027;Mar. 2027;março-2027;maart 2027;2027\u201303;2027_03;M03 2027;2027年3月"
    assert {month_of(text) for text in of_europe.split(";")} == {"2027-03"}


def test_titles_with_two_digits_are_months_where_they_follow_each_other() -> None:
    assert in_full(["Chip", *"Okt 27;Nov 27;Dez 27;févr. 28;2028-03".split(";")]) == [
        *("Chip", "2027-10", "2027-11", "2027-12", "2028-02", "2028-03")
    ]
    for doubtful in ("Jan 27;Jan 28;Jan 29", "Jan 27;Feb 27", "Mar 27;Feb 27;Jan 27", "Jan 05;Feb 05;Mar 05"):
        assert in_full(doubtful.split(";")) == doubtful.split(";")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("27-Jan", "write 2027-01, if 27 is the year"),
        ("31.01.2027", "write 2027-01"),
        ("2/1/2027", "write 2027-01 or 2027-02"),
        ("2027.1", "write 2027-01 or 2027-10"),
        ("1/27", "write 2027-01"),
        ("46388", "write 2027-01"),
        ("20270131", "write 2027-01"),
        ("Jan 1, 2027", "write 2027-01"),
        ("3/4/23", "write the year with four digits and the month with two"),
        ("2027", "a year: write one of its months, such as 2027-01"),
        ("1Q27", "a quarter: a map says whether its months share the number or each has it"),
        ("FY27-01", ""),
        ("2027-W01", ""),
    ],
)
def test_a_month_in_doubt_says_what_to_write(text: str, hint: str) -> None:
    assert not month_of(text)
    assert month_hint(text) == hint


def test_a_month_may_be_typed_in_any_way_on_the_command_line(tmp_path: Path) -> None:
    path = write_plan(tmp_path)
    plan = load(path, ["deliveries[alpha,Feb-28].kunit=3", "demand[munich,chat,Mar-28].start_kh100e=2"])
    assert plan.tables["deliveries"].value("kunit", "alpha", "2028-02") == 3
    assert "start_kh100e 2028-03" in plan.tables["demand"].columns


def test_quarters_across_have_a_way_in(tmp_path: Path) -> None:
    text = "generation_id,source,quality,2027-Q1,2027-Q2\nalpha,toy,estimate,6,3\n"
    assert "`planner map deliveries.csv --table deliveries` writes a map" in refused(tmp_path, deliveries=text)[0]
    proposed = propose(tmp_path / "tables" / "deliveries.csv", "deliveries").text
    assert 'unpivot: {columns: ["2027-Q1", "2027-Q2"], name: month, value: kunit}' in proposed
    assert "quarters: spread" in proposed


def test_a_header_of_a_million_titles_is_refused_before_they_are_read(tmp_path: Path) -> None:
    text = ",".join(f"c{number}" for number in range(1_000_000))
    assert refused(tmp_path, dark=f"{text}\n") == [
        "tables/dark.csv:1: larger than a table: expected at most 500 columns and 250000 rows"
    ]


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("energy_usd_per_mwh", "$61.20", 61.2),
        ("energy_usd_per_mwh", "US$ 0.0612/kWh", 61.2),
        ("energy_usd_per_mwh", "6.5 ¢/kWh", 65),
        ("energy_usd_per_mwh", "1 024.5", 1024.5),
        ("energy_usd_per_mwh", "1'024.5", 1024.5),
        ("energy_usd_per_mwh", "\u22125", -5),
        ("capital_musd", "$5 million", 5),
        ("carbon_kg_per_mwh", "323 gCO2eq/kWh", 323),
        ("carbon_kg_per_mwh", "323 g CO2eq / kWh", 323),
        ("carbon_kg_per_mwh", "1000 lb/MWh", 453.59237),
        ("carbon_kg_per_mwh", "323 gCO\u2082eq / kWh", 323),
        ("carbon_kg_per_mwh", "323 g CO2 equivalent per kWh_el", 323),
        ("carbon_kg_per_mwh", "0.3 tonnes CO2e/MWh", 300),
        ("carbon_kg_per_mwh", "323 gCO2eq·kWh-1", 323),
        ("energy_usd_per_mwh", "$ 61.20 per MWh", 61.2),
        ("energy_usd_per_mwh", "61.20 US$", 61.2),
        ("energy_usd_per_mwh", "\u20135", -5),
        ("energy_usd_per_mwh", "61.2\u200b", 61.2),
        ("shell_usd_per_kw", "$10.35M/MW", 10350),
        ("start_mw", "380 MWe", 380),
        ("kunit", "6 thousand units", 6),
        ("lead_months", "18 mo", 18),
    ],
)
def test_units_of_the_trade(column: str, text: str, value: float) -> None:
    assert in_unit_of(column, text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("column", "text", "hint"),
    [
        ("energy_usd_per_mwh", "6.8 c/kWh", "did you mean ct"),
        ("kunit", "6 k", "k of what"),
        ("capital_musd", "$5", "^$"),
        ("pue", "$1.2", "^$"),
    ],
)
def test_a_price_in_doubt_is_refused(column: str, text: str, hint: str) -> None:
    with pytest.raises(UnitError, match=hint):
        in_unit_of(column, text)


def test_titles_of_months_as_people_write_them(tmp_path: Path) -> None:
    text = "generation_id,Jan-28,02/2028,source,quality\nalpha,3,4,toy,estimate\n"
    table = load(write_plan(tmp_path, deliveries=text)).tables["deliveries"]
    assert list(table.select("month", "kunit")) == [("2028-01", 3), ("2028-02", 4)]


def test_a_row_of_titles_with_two_digits_is_read_without_a_map(tmp_path: Path) -> None:
    text = "generation_id,Jan 28,Feb 28,Mrz 28,source,quality\nalpha,3,4,,toy,estimate\n"
    table = load(write_plan(tmp_path, deliveries=text)).tables["deliveries"]
    assert list(table.select("month", "kunit")) == [("2028-01", 3), ("2028-02", 4)]


def test_several_orders_of_a_month_say_the_way_out(tmp_path: Path) -> None:
    rows = toy_tables()["deliveries"]
    (finding,) = refused(tmp_path, deliveries=[*rows, rows[0]])
    assert finding.endswith("first in line 2 (several orders of a month? write their sum, or combine: sum in a map)")


def test_a_price_with_its_sign_is_read(tmp_path: Path) -> None:
    where = {"region_id": "ohio", "option_id": "grid"}
    table = load(write_plan(tmp_path, power=edit(where, energy_usd_per_mwh="$61.20"))).tables["power"]
    assert table.value("energy_usd_per_mwh", "ohio", "grid") == 61.2
