"""Writes `docs/nations.md` from four finished runs: every number and every name on that page comes from their tables.

for s in nations nations-open clean-only; do planner run inputs/scenarios/$s.yaml --out results/$s; done
planner run inputs/reference.yaml --out results/reference
python docs/nations.py results
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
RUNS = ("reference", "nations", "nations-open", "clean-only")
ORBIT = "orbit"


@dataclass(frozen=True)
class Told:
    """What the page says of one run: million USD discounted, shares, and tonnes over the horizon."""

    nations: pd.DataFrame
    trade: pd.DataFrame
    paid: float
    unserved: float
    served: float
    served_end: float
    carbon_t: float
    carbon_kg: float  # per thousand H100e-hours
    usd_per_mwh: float
    dark_mh100e: float
    months: tuple[str, str]
    hosts: frozenset[str]  # nations that have a region in the plan
    orbit: float  # share of the compute served from orbit

    @property
    def objective(self) -> float:
        return self.paid + self.unserved


def read(folder: Path) -> Told:
    def table(name: str) -> pd.DataFrame:
        return pd.read_csv(folder / "tables" / f"{name}.csv", keep_default_na=False, na_values=[""])

    costs, nations, demand = table("costs"), table("nations"), table("demand")
    summary = {line["key"]: line["value"] for line in json.loads((folder / "manifest.json").read_text())["summary"]}
    summary = {"orbit_share": 0.0} | summary
    unserved = float(costs.loc[costs["component"] == "unserved", "discounted_musd"].sum())
    return Told(
        nations=nations,
        trade=table("trade"),
        paid=float(costs["discounted_musd"].sum()) - unserved,
        unserved=unserved,
        served=summary["served_share"],
        served_end=summary["served_share_end"],
        carbon_t=float(nations["carbon_tco2"].sum()),
        carbon_kg=1e3 * float(nations["carbon_tco2"].sum()) / float(nations["compute_kh100e_h"].sum()),
        usd_per_mwh=summary["energy_cost"],
        dark_mh100e=summary["dark_end"],
        months=(str(demand["month"].min()), str(demand["month"].max())),
        hosts=frozenset(pd.read_csv(folder / "inputs" / "regions.csv", keep_default_na=False)["country_iso2"]),
        orbit=summary["orbit_share"],
    )


def grid(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def wrapped(text: str) -> str:
    """Paragraphs in lines of 120; tables, headings and commands as they are."""
    plain = (block if block.startswith(("|", "#", "```")) else fill(block) for block in text.split("\n\n"))
    return "\n\n".join(plain)


def fill(block: str) -> str:
    words = " ".join(block.split())
    return textwrap.fill(words, 120, break_long_words=False, break_on_hyphens=False) + ("\n" if block.endswith("\n") else "")


def names(codes: Iterable[str]) -> str:
    *first, last = list(codes)
    return f"{', '.join(first)} and {last}" if first else last


def number(value: float, digits: int = 0) -> str:
    return "" if pd.isna(value) else f"{value:,.{digits}f}"


def league(run: Told) -> str:
    """The last year of the plan, cheapest at the margin first."""
    year = run.nations["plan_year"].max()
    rows = run.nations[(run.nations["plan_year"] == year) & (run.nations["it_mwh"] > 0)]
    rows = rows[rows["country_iso2"] != ORBIT].sort_values("marginal_usd_per_mwh")
    cheap, clean = rows["country_iso2"].head(5), rows.sort_values("carbon_kg_per_mwh")["country_iso2"].head(5)
    roomy = rows.sort_values("headroom_mw", ascending=False)
    full = rows[rows["envelope_usd_per_mw"] > 0].sort_values("envelope_usd_per_mw", ascending=False)
    both = [code for code in cheap if code in set(clean)]
    body = grid(
        (
            *("nation", "USD/MWh", "at the margin", "USD per 1,000 H100e-h", "kg CO2/MWh", "kg per 1,000 H100e-h"),
            *("grid growth MW", "envelope MW", "one MW more, M USD"),
        ),
        (
            (
                row.country_iso2,
                *(number(value) for value in (row.usd_per_mwh, row.marginal_usd_per_mwh)),
                *(number(value) for value in (row.energy_usd_per_kh100e_h, row.carbon_kg_per_mwh, row.carbon_kg_per_kh100e_h)),
                *(number(value) for value in (row.grid_growth_mw, row.envelope_mw)),
                number(row.envelope_usd_per_mw / 1e6, 2) if row.envelope_usd_per_mw > 0 else "",
            )
            for row in rows.itertuples()
        ),
    )
    worth = ", ".join(f"{row.country_iso2} {row.envelope_usd_per_mw / 1e6:,.2f}" for row in full.itertuples())
    fullness = (
        f"The envelope is full in {names(full['country_iso2'])}; one more MW of it would save (million USD): {worth}."
        if len(full)
        else "No envelope is full."
    )
    return f"""**Cheaper**: {names(cheap)} (price at the margin). **Cleaner**: {names(clean)}.
**More plentiful**: {names(roomy["country_iso2"].head(3))} have most room left in their envelope
({", ".join(number(mw) for mw in roomy["headroom_mw"].head(3))} MW in the year).
{f"Cheap and clean at once: {names(both)}." if both else "None of the five cheapest is among the five cleanest."}
{fullness}

{body}"""


def chips(run: Told) -> str:
    rows = run.nations[run.nations["plan_year"] == run.nations["plan_year"].max()].set_index("country_iso2")
    here, there = (
        f"{rows['usd_per_mwh'][c]:,.0f} USD a MWh and {rows['energy_usd_per_kh100e_h'][c]:,.0f} per thousand H100e-hours in {c}"
        for c in ("CN", "US")
    )
    return f"Per H100e-hour it also counts which chips may stand there and what they do with a MWh: {here}, {there}."


def traded(run: Told) -> str:
    year = run.nations["plan_year"].max()
    rows = run.nations[run.nations["plan_year"] == year]
    net = (rows["exports_kh100e"] - rows["imports_kh100e"]).set_axis(rows["country_iso2"])
    out, into = net.sort_values(ascending=False).head(5), net.sort_values().head(5)
    asking = rows[rows["demand_kh100e"] > 0]
    body = grid(
        ("nation", "asks", "is served", "of it at home", "exports", "imports", "computes", "of what it asks"),
        (
            (
                row.country_iso2,
                *(number(value) for value in (row.demand_kh100e, row.served_kh100e, row.home_kh100e)),
                *(number(value) for value in (row.exports_kh100e, row.imports_kh100e)),
                number(row.home_kh100e + row.exports_kh100e),
                f"{(row.home_kh100e + row.exports_kh100e) / row.demand_kh100e:.0%}" if row.demand_kh100e > 0 else "",
            )
            for row in rows.sort_values("demand_kh100e", ascending=False).itertuples()
            if row.demand_kh100e > 0 or row.exports_kh100e > 0.5
        ),
    )
    without = [code for code in asking["country_iso2"] if code not in run.hosts]
    why = f" The plan has no region in {names(without)}: nothing is computed there." if without else ""
    abroad = float(rows["exports_kh100e"].sum()) / float(rows["served_kh100e"].sum())
    return f"""In the last year of the plan {abroad:.0%} of what is served crosses a border. Net exporters:
{", ".join(f"{code} {kh100e:,.0f}" for code, kh100e in out.items())} kH100e; net importers:
{", ".join(f"{code} {-kh100e:,.0f}" for code, kh100e in into.items())} kH100e. {len(asking)} nations ask; the sum of exports
({number(rows["exports_kh100e"].sum())} kH100e) is that of imports ({number(rows["imports_kh100e"].sum())}).{why}

{body}"""


def beside(runs: dict[str, Told], chosen: Sequence[str]) -> str:
    return grid(
        (
            "",
            "paid, M USD",
            "unserved, M USD",
            "sum",
            "served",
            "in the last month",
            "USD/MWh of IT",
            "Mt CO2",
            "kg/1,000 H100e-h",
        ),
        (
            (
                f"`{name}`",
                *(number(value) for value in (run.paid, run.unserved, run.objective)),
                f"{run.served:.2%}",
                f"{run.served_end:.2%}",
                number(run.usd_per_mwh, 1),
                number(run.carbon_t / 1e6, 1),
                number(run.carbon_kg),
            )
            for name in chosen
            for run in [runs[name]]
        ),
    )


def borders(runs: dict[str, Told]) -> str:
    closed, china, opened = (runs[name] for name in ("nations", "reference", "nations-open"))
    whole, people = closed.objective - opened.objective, closed.objective - china.objective
    wall = round(whole) - round(people)  # so that the parts add up as printed
    return f"""{beside(runs, ("nations", "reference", "nations-open"))}

All borders together cost **{whole:,.0f} million USD** over the plan, discounted ({whole / opened.objective:.3%} of cost and
worth of what is unserved, {whole / opened.paid:.1%} of what is paid): {people:,.0f} for keeping what people say and type under
their own law (`nations` less `reference`), {wall:,} for keeping China's work in China and other work out of it (`reference`
less `nations-open`). That is little, and there is a reason: every nation asks for more than it can power, so each chip finds
work at home of nearly the same value, and power cannot be sent anywhere. A border costs only where one side runs out of its
dearer work before the other does."""


def clean(runs: dict[str, Told]) -> str:
    usual, only = runs["reference"], runs["clean-only"]
    saved = usual.carbon_t - only.carbon_t
    dearer = only.objective - usual.objective
    more = only.dark_mh100e - usual.dark_mh100e
    return f"""{beside(runs, ("reference", "clean-only"))}

Growth on clean power alone serves {only.served:.1%} of what is asked instead of {usual.served:.1%}, emits
{saved / 1e6:,.1f} Mt CO2 less ({saved / usual.carbon_t:.0%}), and leaves {more:,.1f} million H100e more in the dark at the end.
What is paid falls by {usual.paid - only.paid:,.0f} million USD because less is built; with the worth of what is not served it
costs {dearer:,.0f} million USD more: **{1e6 * dearer / saved:,.0f} USD per tonne avoided**. What is dear is not clean energy
but the want of it: a MWh of IT costs {only.usd_per_mwh:,.0f} USD instead of {usual.usd_per_mwh:,.0f}. Emissions per thousand
H100e-hours go from {usual.carbon_kg:,.0f} to
{only.carbon_kg:,.0f} kg; what stands today stays. Orbit, which burns nothing, serves {only.orbit:.2%} instead of
{usual.orbit:.2%} at the end."""


def page(runs: dict[str, Told]) -> str:
    first, last = runs["nations"].months
    claims = subprocess.run(
        [sys.executable, str(HERE.parent / "inputs" / "claims.py")], capture_output=True, text=True, check=True
    ).stdout
    return wrapped(f"""# Nations: who has cheaper, cleaner and more plentiful energy

`python docs/nations.py results` wrote this page from four runs ({first} to {last}):

```sh
planner run inputs/reference.yaml --out results/reference
planner run inputs/scenarios/nations.yaml --out results/nations
planner run inputs/scenarios/nations-open.yaml --out results/nations-open
planner run inputs/scenarios/clean-only.yaml --out results/clean-only
```

The reference plan knows five blocs and one border, China's. `nations` makes each nation of Asia-Pacific and of the rest of the
world a law of its own (Europe's share one: `inputs/evidence/blocs.csv`) and keeps interactive and real-time work, which is what
people say and type, under the law of who asks; training and batch may leave, but not from China. `nations-open` lifts all of
it. Export rules of chips stay in both. A nation's grids may add for AI half of how fast its generation grew in five years
(`inputs/evidence/electricity_generation.csv`, 2010 to 2025; where it fell, half a per cent); plants on site are exempt.

## Energy

`results/nations/tables/nations.csv`, last year of the plan. USD/MWh counts energy and the plant that makes it per MWh of IT
(what stands today is sunk); at the margin, what one more MWh of IT would cost as things stand.

{league(runs["nations"])}

{chips(runs["nations"])}

## Trade in compute

`results/nations/tables/trade.csv`, mean of the last year, thousand H100e.

{traded(runs["nations"])}

Within Europe who asks is split in proportion to demand (`pro_rata`), since the pool is one. Which of several places serves a
class that may go anywhere is often a tie at the same cost, and the solver picks one: what is at home beyond what must be,
exports and imports are one answer of many. Two optima of this plan, found in two ways, agree in cost and prices, and in what
each nation computes to within 2 per cent.

## What borders cost

{borders(runs)}

## What clean growth costs

`clean-only`: nothing new burns fuel, and grids connect new load only below 100 g CO2 per kWh.

{clean(runs)}

For a price or a cap on carbon in place of a rule, set `carbon.usd_per_tco2` or `carbon.cap_mtco2_per_year`; what each tonne of
a cap is worth stands in `limits.csv`.

## Claims

`python inputs/claims.py` computes the data's side and the verdict from `inputs/evidence`.

{claims}""")


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) == 2 else None
    if folder is None or not all((folder / name / "manifest.json").is_file() for name in RUNS):
        raise SystemExit(f"{__doc__}\nexpected a folder that holds the runs {', '.join(RUNS)}")
    (HERE / "nations.md").write_text(page({name: read(folder / name) for name in RUNS}), encoding="utf-8")


if __name__ == "__main__":
    main()
