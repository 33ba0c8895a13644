"""Write `docs/data.md`: the numbers that decide, and what each end of their range does to the headlines, solved again.

python inputs/deciding.py          two solves a number, about half an hour of processor
python inputs/deciding.py -j 4     four at a time
"""

from __future__ import annotations

import argparse
from pathlib import Path
from textwrap import fill

from checks import as_row, checked
from comparisons.world import HIGHEST_CASE, electricity_of_ai_twh
from derivation.evidence import INPUTS, Evidence
from resolve import Change, Headlines, differences, figures, solve_all

PAGE = INPUTS.parent / "docs" / "data.md"
FIRST = {
    "supplement.model_world_prime_power_for_data_centres": "2027",
    "chip_supply.model_new_compute": "2027",
}  # the year whose row is shown; both ends move every year

TOTALS = (
    "`python inputs/checks.py` compares the tables with totals that they were not made from; a test fails where one leaves its "
    "range. H100e are dense 16-bit compute throughout; packages are the makers' own units."
)

COUPLED = (
    "Demand in the first month is set against what the powered fleet gives. So more power at the start raises demand as well: "
    "it serves more compute, and a smaller share of what is then asked."
)


def stated(ev: Evidence, key: str) -> tuple[str, str, str, str]:
    """Value, range, unit and source of a number as the evidence states it."""
    if row := ev.judgements.get(key):
        return row["value"], f"{row['low']} to {row['high']}", row["unit"], row["source"]
    table, _, metric = key.partition(".")
    if table == "orbit_parameters":
        row = next(row for row in ev.tables[table] if row["parameter"] == f"{metric}_2028")
        return row["central"], f"{row['integrated']} to {row['first_generation']}", row["unit"], row["source"]
    row = next(row for row in ev.tables[table] if row["metric"] == metric and FIRST[key] in row.values())
    return row["value"], f"{row['low']} to {row['high']}", row["unit"], row["source"]


UNITS = {
    "frac": "share",
    "mw_per_year": "MW a year",
    "gw_per_year": "GW a year",
    "h100_equivalents": "H100e a year",
    "h100e_per_unit": "H100e per package",
    "usd_per_h100e_h": "USD per H100e-hour",
    "usd_per_kg": "USD per kg",
}
"""What the evidence calls a unit, for people; others are words already."""


def amount(text: str) -> str:
    """A number with its thousands apart, a range likewise."""
    return " to ".join(f"{float(part):,.10g}" for part in text.split(" to "))


def page(ev: Evidence, base: Headlines, ends: list[tuple[Headlines, Headlines]]) -> str:
    deciding = ev.tables["deciding"]
    order = sorted(range(len(deciding)), key=lambda n: -max(abs(end.served - base.served) for end in ends[n]))
    first = [deciding[n]["name"] for n in order[:5]]
    served, dark, cost, orbit = figures(base)
    intro = (
        "Of the numbers that the reference plan is made from, these twenty move its answer most. Each is a row of "
        "`inputs/evidence/` with its own quality, low, high and source. Both ends of every range were derived and solved "
        "again; nothing below is extrapolated. Written by `python inputs/deciding.py`."
    )
    answer = (
        f"The reference serves {served} of the compute that is asked; {dark} million H100e are dark at the end; it costs "
        f"{cost} billion USD, discounted; orbit at best lacks {orbit} of what it costs. Five numbers decide most of what is "
        f"served: {'; '.join(first)}. Nobody publishes demand apart from supply: how much goes unserved is an assumption "
        "before it is a result, while where chips and power go is not."
    )
    head = ["number", "value", "range", "unit", "served, points", "dark, M H100e", "cost, bn USD", "orbit, points"]
    lines = [head, ["---"] * len(head)]
    for n in order:
        value, span, unit, _ = stated(ev, deciding[n]["key"])
        effects = [" / ".join(pair) for pair in zip(*(differences(end, base) for end in ends[n]), strict=True)]
        lines.append([deciding[n]["name"], amount(value), amount(span), UNITS.get(unit.lower(), unit), *effects])
    sources = [["number", "source", "what would settle it"], ["---"] * 3]
    for n in order:
        sources.append([deciding[n]["name"], stated(ev, deciding[n]["key"])[3], deciding[n]["settled_by"]])
    found = [as_row(check) for check in checked(ev)]
    checks = [list(found[0]), ["---"] * len(found[0]), *(list(row.values()) for row in found)]
    return (
        "\n\n".join(
            [
                "# The numbers that decide",
                fill(intro, 132),
                fill(answer, 132),
                "Effect of the low and of the high end, against the reference:",
                table(lines),
                fill(COUPLED, 132),
                "## Where they come from, and what would settle them",
                table(sources),
                "## Compared with public totals",
                fill(TOTALS, 132),
                table(checks),
                fill(electricity(ev, base), 132),
            ]
        )
        + "\n"
    )


def electricity(ev: Evidence, base: Headlines) -> str:
    """The run against IEA, as far as IEA speaks of AI."""
    low, middle, high = electricity_of_ai_twh(ev, 4)
    return (
        f"In its last twelve months the run draws {base.last_year_twh:.0f} TWh. IEA has the electricity of AI triple from 2025 "
        f"to 2030, which is {middle:.0f} TWh in 2029 ({low:.0f} to {high:.0f} by the share of AI in 2025), and up to "
        f"{high * HIGHEST_CASE:.0f} in its highest case of April 2025, which the edition of 2026 scales back in the near term: "
        f"the run is {base.last_year_twh / middle:.1f} times the middle and below the highest, since American grids are taken "
        "to add what they added of late and plants on site come on top. A test fails where the run leaves the band from lowest "
        "to highest."
    )


def table(rows: list[list[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-j", type=int, default=1, dest="jobs", metavar="N", help="solve N at a time")
    parser.add_argument("--out", type=Path, default=PAGE, metavar="FILE")
    arguments = parser.parse_args()
    ev = Evidence(INPUTS / "evidence")
    keys = [row["key"] for row in ev.tables["deciding"]]
    changes = [Change("reference"), *(Change(f"{key} {end}", {key: end}) for key in keys for end in ("low", "high"))]
    base, *found = solve_all(changes, arguments.jobs)
    ends = list(zip(found[::2], found[1::2], strict=True))
    arguments.out.write_text(page(ev, base, ends), encoding="utf-8")


if __name__ == "__main__":
    main()
