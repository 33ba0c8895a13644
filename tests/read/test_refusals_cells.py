"""Bad cells, rows and headers, each kind with the exact sentence and the place that it points to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.read.refusals import refused, without
from tests.read.toy import edit


def twice(position: int) -> Any:
    return lambda rows: [*rows, rows[position]]


def renamed(old: str, new: str) -> Any:
    return lambda rows: [{(new if key == old else key): value for key, value in row.items()} for row in rows]


QUALITIES = "one of measured, published_forecast, estimate"
LEAST_GROWTH = "expected a number of at least -1000000 TWh per year"
OHIO_GRID = {"region_id": "ohio", "option_id": "grid"}

CASES: dict[str, tuple[dict[str, Any], list[str]]] = {
    # ---- cells
    "negative capacity": (
        {"power": edit(OHIO_GRID, step_mw_per_month=-3)},
        ["tables/power.csv:2:4: step_mw_per_month = -3: expected a number >= 0"],
    ),
    "NaN": (
        {"power": edit(OHIO_GRID, start_mw="nan")},
        ["tables/power.csv:2:3: start_mw = nan: expected a finite number"],
    ),
    "infinity": (
        {"power": edit(OHIO_GRID, start_mw="inf")},
        ["tables/power.csv:2:3: start_mw = inf: expected a finite number"],
    ),
    "a number too large": (
        {"power": edit(OHIO_GRID, start_mw="1e999")},
        ["tables/power.csv:2:3: start_mw = 1e999: expected a finite number"],
    ),
    "a number beyond what could be meant": (
        {"power": edit(OHIO_GRID, energy_usd_per_mwh="1e15", start_mw=1e8)},
        [
            "tables/power.csv:2:3: start_mw = 100000000.0: expected a number of at most 10000000 MW",
            "tables/power.csv:2:9: energy_usd_per_mwh = 1e15: expected a number of at most 1000000 USD per MWh",
        ],
    ),
    "a value beyond what could be meant": (
        {"classes": edit({"class_id": "chat"}, value_usd_per_h100e_h="1e12")},
        [
            "tables/classes.csv:2:4: value_usd_per_h100e_h = 1e12: expected a number of at most 100000 USD per H100e-hour",
        ],
    ),
    "a loss beyond what could be meant": (
        {"countries": edit({}, generation_growth_twh_per_year="-1e7")},
        [f"tables/countries.csv:2:3: generation_growth_twh_per_year = -1e7: {LEAST_GROWTH}"],
    ),
    "demand beyond what could be meant": (
        {"months": 31, "plan": {"demand": {"doubling_months": 1}}},
        [
            (
                "plan.yaml:9:20: chat demand of new_york doubles every 1 months from 25 kH100e to more than 1e+09 kH100e in"
                " 2030-07: expected a longer doubling_months or fewer months"
            )
        ],
    ),
    "an error of a spreadsheet": (
        {"power": edit(OHIO_GRID, start_mw="#DIV/0!")},
        ["tables/power.csv:2:3: start_mw = #DIV/0!: expected a finite number"],
    ),
    "wrong unit": (
        {"power": edit(OHIO_GRID, energy_usd_per_mwh="6.5 ct/kW")},
        [
            (
                "tables/power.csv:2:9: energy_usd_per_mwh = 6.5 ct/kW: expected a number in USD per MWh"
                " (ct/kW cannot be converted to USD per MWh)"
            )
        ],
    ),
    "a text for a power": (
        {"regions": edit({"region_id": "ohio"}, shell_start_mw="seventy")},
        ["tables/regions.csv:2:12: shell_start_mw = seventy: expected a number in MW"],
    ),
    "percent": (
        {"accelerators": edit({"generation_id": "alpha"}, draw_frac="120 %")},
        ["tables/accelerators.csv:2:5: draw_frac = 120 %: expected a number > 0 and <= 1"],
    ),
    "percent without its sign": (
        {"accelerators": edit({"generation_id": "alpha"}, draw_frac=80)},
        ["tables/accelerators.csv:2:5: draw_frac = 80: expected a number > 0 and <= 1 (a fraction of 1; 80 % needs its sign)"],
    ),
    "decimal comma": (
        {"regions": edit({"region_id": "ohio"}, pue="1,2")},
        ["tables/regions.csv:2:7: pue = 1,2: expected a number (a decimal point, no comma: 1.2)"],
    ),
    "thousands separator": (
        {"regions": edit({"region_id": "ohio"}, shell_usd_per_kw="11 00")},
        ["tables/regions.csv:2:16: shell_usd_per_kw = 11 00: expected a number in USD per kW (digits without separators)"],
    ),
    "digits of another script": (
        {"regions": edit({"region_id": "ohio"}, shell_usd_per_kw="١٢")},
        ["tables/regions.csv:2:16: shell_usd_per_kw = ١٢: expected a number in USD per kW (write 12)"],
    ),
    "an empty cell": (
        {"regions": edit({"region_id": "ohio"}, pue="")},
        ["tables/regions.csv:2:7: pue = (empty): expected a number, >= 1 and <= 3"],
    ),
    "out of range above": (
        {"regions": edit({"region_id": "ohio"}, pue=12)},
        ["tables/regions.csv:2:7: pue = 12: expected a number >= 1 and <= 3"],
    ),
    "latitude beyond the pole": (
        {"regions": edit({"region_id": "ohio"}, latitude_deg=140)},
        ["tables/regions.csv:2:5: latitude_deg = 140: expected a number >= -90 and <= 90"],
    ),
    "a fraction of a month": (
        {"power": edit(OHIO_GRID, lead_months=1.5)},
        ["tables/power.csv:2:7: lead_months = 1.5: expected a whole number >= 0 and <= 1200"],
    ),
    "free carrying of dark chips": (
        {"accelerators": edit({"generation_id": "beta"}, carry_usd_per_unit_month=0)},
        ["tables/accelerators.csv:3:11: carry_usd_per_unit_month = 0: expected a number > 0"],
    ),
    "yes or no": (
        {"power": edit(OHIO_GRID, carbon_priced="true")},
        ["tables/power.csv:2:12: carbon_priced = true: expected one of yes, no"],
    ),
    "a quality that does not exist": (
        {"dark": edit({}, quality="estimated")},
        [f"tables/dark.csv:2:4: quality = estimated: expected {QUALITIES} (did you mean estimate?)"],
    ),
    "a row without a source": (
        {"dark": edit({}, source="")},
        ["tables/dark.csv:2:3: source = (empty): expected a text"],
    ),
    "a date for a month": (
        {"launch": edit({"month": "2028-02"}, month="2028-02-15")},
        [
            "tables/launch.csv:3:1: month = 2028-02-15: expected a month as YYYY-MM (write 2028-02)",
        ],
    ),
    "month 13": (
        {"fleet": edit({"region_id": "ohio"}, delivered_to="2026-13")},
        ["tables/fleet.csv:2:5: delivered_to = 2026-13: expected a month as YYYY-MM"],
    ),
    "a name that is a formula": (
        {"zones": edit({"zone_id": "munich"}, country_iso2="=1+1")},
        [
            (
                "tables/zones.csv:3:3: country_iso2 = =1+1: expected a name of letters, digits and _ - ."
                " (the two letters of ISO 3166, such as US)"
            )
        ],
    ),
    "a list with a comma": (
        {"residency": edit({}, to_blocs="europe,us")},
        ["tables/residency.csv:2:3: to_blocs = europe,us: expected names with ; between them (write europe;us)"],
    ),
    "a control character": (
        {"zones": edit({"zone_id": "munich"}, name="M\x1b[31m")},
        ["tables/zones.csv:3:2: name = M\\x1b[31m: expected a text without control characters"],
    ),
    # ---- rows and headers
    "duplicate row": (
        {"power": twice(0)},
        ["tables/power.csv:5:1: region_id = ohio, option_id = grid: duplicate row, first in line 2"],
    ),
    "region named twice": (
        {"regions": twice(1)},
        ["tables/regions.csv:4:1: region_id = bavaria: duplicate row, first in line 3"],
    ),
    "empty table": (
        {"demand": "zone_id,class_id,start_kh100e,source,quality\n"},
        ["tables/demand.csv:2: table demand has no rows: expected at least one"],
    ),
    "empty file": (
        {"demand": ""},
        ["tables/demand.csv: the file is empty: expected a header and rows"],
    ),
    "unknown column": (
        {"fuels": renamed("usd_per_mmbtu", "usd_per_mmbut")},
        [
            "tables/fuels.csv:1: column usd_per_mmbtu is missing: expected a number in USD per MMBtu, >= 0 (delivered price)",
            "tables/fuels.csv:1:3: unknown column usd_per_mmbut in table fuels (did you mean usd_per_mmbtu?)",
        ],
    ),
    "missing column": (
        {"dark": without("quality")},
        [
            f"tables/dark.csv:1: column quality is missing: expected {QUALITIES} (how reliable it is)",
        ],
    ),
    "a column twice": (
        {"dark": "generation_id,kunit,kunit,source,quality\nalpha,1,2,toy,estimate\n"},
        ["tables/dark.csv:1:3: duplicate column kunit: first as column 2"],
    ),
    "a ragged row": (
        {"dark": "generation_id,kunit,source,quality\nalpha,1,toy\nbeta,1,toy,estimate,and more\n"},
        [
            "tables/dark.csv:2:4: 3 cells: expected 4 cells between commas, as in the header",
            (
                "tables/dark.csv:3:5: 5 cells: expected 4 cells between commas, as in the header"
                " (a text with the mark that separates cells stands in quotes)"
            ),
        ],
    ),
    "a quote that does not end": (
        {"dark": 'generation_id,kunit,source,quality\nalpha,1,"toy,estimate\n'},
        ["tables/dark.csv:2: not valid CSV: unexpected end of data"],
    ),
    "a NUL": (
        {"dark": "generation_id,kunit,source,quality\nalpha,1,t\0y,estimate\n"},
        ["tables/dark.csv:2: a NUL character: expected a CSV text"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_refused(case: str, tmp_path: Path) -> None:
    changes, expected = CASES[case]
    assert refused(tmp_path, **changes) == expected
