"""Writes `docs/east-west.md` from finished runs: every number on that page comes from their tables, by way of `planner groups`.

for s in east-data-west-compute east-data-east-compute east-with-power training-runs training-runs-article
do planner run inputs/scenarios/$s.yaml --out results/$s; done
planner run inputs/scenarios/east-data-west-compute.yaml --set "classes[realtime].latency_ms=50" --out results/realtime-50
planner run inputs/scenarios/east-data-west-compute.yaml --set "classes[interactive].latency_ms=10" --out results/interactive-10
python docs/east_west.py results

A sentence that the numbers no longer bear stops the script.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from planner import api
from planner.runs.groups import Groups

HERE = Path(__file__).parent
WEST, EAST, POWER = "east-data-west-compute", "east-data-east-compute", "east-with-power"
RUNS = (WEST, EAST, POWER, "training-runs", "training-runs-article", "realtime-50", "interactive-10")
COMMANDS = "\n".join((__doc__ or "").split("\n\n")[1].splitlines())


PAGE = """# East data, west compute

China sends data west and compute east: eight hubs, five of them in the west with cheap power, latency-bound work at the
coast. This page asks the planner what that is worth from {start} to {end}. It is written by `docs/east_west.py` from
finished runs; what is an estimate (all of China's power, chips and delays are) is so marked in `inputs/evidence`.

```sh
{commands}
```

## What moves

The west serves {first:.0f} % of all compute in {start} and {last:.0f} % in {end}. The share grows, since the west connects
more power each month. Which class goes is mostly open: where two plans cost the same, a class has a range of shares, and
only the total is settled.

{shares}

Real-time work may here take 10 ms there and back, twice the 5 ms one way that the programme requires from a cluster to the
next city. It stays at the hub of its city, with two exceptions: that of Chengdu is western anyway, and Beijing is 5 ms
from Horinger in Inner Mongolia, if a press report is right, which is just near enough. Without that report the west has
the least share in the table. Nothing else must stay: by the rule that China's network is built to (1.5 times light in
fibre), the target between eastern and western hubs is {target}. `planner check` says so of each target.

## What it saves

Against a plan in which all work for eastern data is done in the east and today's western chips are moved there, going west
saves, in billion USD of each year (less than nothing is spent more):

{held}

It costs more in all, not less: the gain is compute that would otherwise go unserved, {unserved:,.0f} billion USD of it
at the value that the plan puts on it, {total:,.0f} after what it costs. The east alone cannot connect the power: held there,
one more MW of eastern growth is worth up to {held_top:,.1f} million USD and all of it {held_rent:,.0f} billion. With the
west, western growth is worth {rent:,.1f} billion in all, and at most {top:,.2f} million USD a MW. So what the west sells is not
cheap electricity but connections. What served compute earns is a judgement (1.5 USD per H100e-hour on average); the megawatts
are the point, not the billions.

## Price and carbon alone

To see the difference in tariffs, PUE and carbon, `east-with-power` gives the east the power of the whole country and four
times its pace of growth. Now both plans serve nearly the same, and going west saves:

{power}

The first year holds the moving of the chips, installation and a month without them. After that it is {low:,.1f} to
{high:,.1f} billion USD a year, of the {year:,.1f} that the last year costs: a few percent, although western tariffs are
{cheaper:.0f} % lower, because halls and installation cost the same everywhere.

## Carbon

Going west emits {more_mt:,.0f} Mt more in three years than the east held alone, because it serves more. At equal service it
emits {less_mt:,.0f} Mt less: a unit of compute is cleaner in the west on the whole, thanks to hydropower in Sichuan and
Guizhou and not to Inner Mongolia, whose grid is as coal-heavy as Hebei's. These are averages of provinces; contracts for
green power are not counted, and they are what the programme counts on.

## Network

In its busiest month ({month}) the traffic to the west is {least:,.0f} to {most:,.0f} Gbit/s, depending on which of the classes
that may go are chosen. All traffic that leaves its metro costs {wires:,.1f} billion USD in three years, under a tenth of all
cost. No limit on links is published, so none is in the plan; the table `routes` takes one, and then `tables/limits.csv` has
what a Gbit/s is worth.

## Where the idea does not hold

- Latency is not what divides east from west. With 50 instead of 10 ms for real-time work the sum of three years falls by
{loose:,.0f} million USD; no pair in China is farther than {farthest:.0f} ms there and back by the rule.
- If interactive work, too, had to be answered within 10 ms, the sum would rise by {tight:,.1f} billion. Between 20 and 300 ms
nothing changes.
- It is no saving in money that is spent: more is served, and that costs more.
- It is no saving in carbon, unless the same work were done in the east.

## Training runs

{runs}, asked for beside the rest, raise the sum by {run_usd:,.2f} billion USD in three years; at the 120 GWh of the article by
{article_usd:,.2f}. Of what the plan costs with unserved compute, that is {run_share:.1f} and {article_share:.1f} %.
"""


def grid(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown, numbers to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def share(found: Groups, group: str, w: str, month: str) -> Mapping[str, Any]:
    frame = found.served
    (row,) = frame[(frame["group"] == group) & (frame["class_id"] == w) & (frame["month"] == month)].to_dict("records")
    return {str(key): value for key, value in row.items()}


def percent(row: Mapping[str, Any]) -> str:
    least, most = 100 * row["least_frac"], 100 * row["most_frac"]
    return f"{least:.0f} %" if round(least) == round(most) else f"{least:.0f} to {most:.0f} %"


def growth_rent(found: Groups, group: str) -> tuple[float, float]:
    """Million USD that the growth limits of power in a group earn, and the highest worth of one MW, USD."""
    frame = found.limits
    rows = frame[(frame["group"] == group) & (frame["constraint"] == "limit_power_growth")]
    return float(rows["rent_musd"].sum()), float(rows["highest_worth_usd"].max())


def busiest(found: Groups) -> tuple[float, float, str]:
    """Least and most traffic to the west, Gbit/s, in the month in which it is most."""
    frame = found.network[found.network["group"] == "west"]
    row = frame.loc[frame["most_gbit_s"].idxmax()]
    return float(row["least_gbit_s"]), float(row["most_gbit_s"]), str(row["month"])


def facts(folder: Path) -> dict[str, Any]:
    """What the inputs of a run say that the page repeats."""
    plan = api.load(folder / "inputs" / "plan.yaml")
    (target,) = (notice for notice in api.check(plan) if "hub_to_hub" in notice.text)
    group = plan.tables["regions"].mapping("region_id", "group")
    tariffs: dict[str, list[float]] = {"east": [], "west": []}
    for region, option, usd in plan.tables["power"].select("region_id", "option_id", "energy_usd_per_mwh"):
        if option == "grid":
            tariffs[group[region]].append(usd)
    east, west = (sum(usd) / len(usd) for usd in (tariffs["east"], tariffs["west"]))
    farthest = 2 * max(plan.tables["latency"].column("one_way_ms"))
    words = {"target": target.text.partition(": ")[2], "level": target.level}
    return {**words, "cheaper": 1 - west / east, "farthest": farthest}


def run_words(folder: Path) -> str:
    """The kind of training run that a plan asks for."""
    table = api.load(folder / "inputs" / "plan.yaml").tables["training_runs"]
    ((gwh, kw, per_year, growth),) = table.select("energy_gwh", "kw_per_h100e", "runs_per_year", "growth_frac_per_year")
    words = f"{per_year:g} runs of the GPT-4 class a year at the published {gwh:g} GWh, growing {1 + growth:g} times a year"
    return f"{words}, each counted as the H100e that draw it in its months at {kw:.2f} kW (A100 servers and their PUE)"


def saved_rows(saved: pd.DataFrame) -> Iterable[Sequence[object]]:
    for row in saved.to_dict("records"):
        money = (f"{row[name] / 1e3:,.2f}" for name in ("cost_musd", "network_musd", "unserved_musd", "total_musd"))
        yield row["year"], *money, f"{row['carbon_tco2'] / 1e6:,.2f}", f"{row['carbon_kg_per_kh100e_h']:,.0f}"


SAVED = ["year", "cost, bn USD", "of it network", "unserved compute", "sum", "CO2, Mt", "CO2, g per H100e-h"]


def page(results: Path) -> str:
    """The page; `results` holds one folder for each of RUNS."""
    against = {name: api.groups(results / WEST, results / name) for name in RUNS if name != WEST}
    run, east = api.groups(results / WEST), api.groups(results / EAST)
    held, power = against[EAST].saved, against[POWER].saved
    start, end = run.run.months[0], run.run.months[-1]
    months = list(dict.fromkeys([start, *(m for m in run.run.months if m.endswith("-12"))]))
    classes = sorted(set(run.served["class_id"]), key=lambda w: (w == "all", w))
    rows = [[w, *(percent(share(run, "west", w, m)) for m in months)] for w in classes]
    rent, top = growth_rent(run, "west")
    held_rent, held_top = growth_rent(east, "east")
    least, most, month = busiest(run)
    later = power[power["year"] != start[:4]]["cost_musd"] / 1e3
    more = {name: float(one.saved["total_musd"].sum()) for name, one in against.items()}  # what the run saves against it
    paid, wires = (float(run.years[column].sum()) for column in ("cost_musd", "network_musd"))
    whole = paid + float(run.years["unserved_musd"].sum())
    fact = facts(results / WEST)
    numbers: dict[str, Any] = {
        **{"start": start, "end": end, "month": month, "least": least, "most": most, "target": fact["target"]},
        "commands": COMMANDS,
        "first": 100 * share(run, "west", "all", start)["share_frac"],
        "last": 100 * share(run, "west", "all", end)["share_frac"],
        "shares": grid(["west's share of", *months], rows),
        "held": grid(SAVED, saved_rows(held)),
        "power": grid(SAVED, saved_rows(power)),
        "unserved": float(held["unserved_musd"].sum()) / 1e3,
        "total": more[EAST] / 1e3,
        **{"held_top": held_top / 1e6, "held_rent": held_rent / 1e3, "rent": rent / 1e3, "top": top / 1e6},
        **{"low": later.min(), "high": later.max(), "year": run.years["cost_musd"].iloc[-1] / 1e3},
        **{"cheaper": 100 * fact["cheaper"], "farthest": fact["farthest"], "wires": wires / 1e3},
        "more_mt": -float(held["carbon_tco2"].sum()) / 1e6,
        "less_mt": float(power["carbon_tco2"].sum()) / 1e6,
        **{"loose": -more["realtime-50"], "tight": more["interactive-10"] / 1e3},
        "runs": run_words(results / "training-runs"),
        **{"run_usd": more["training-runs"] / 1e3, "article_usd": more["training-runs-article"] / 1e3},
        "run_share": 100 * more["training-runs"] / whole,
        "article_share": 100 * more["training-runs-article"] / whole,
    }
    refuse_unless(
        {
            "the share grows": numbers["first"] < numbers["last"],
            "it costs more in all": bool(held["cost_musd"].sum() < 0),
            "the gain is compute": bool((held["total_musd"] > 0).all()),
            "connections, not electricity": top < 0.1 * held_top,
            "a few percent": bool((later > 0).all() and (later < 0.1 * numbers["year"]).all()),
            "more carbon, because it serves more": bool((held["carbon_tco2"] < 0).all() and (held["served_kh100e"] < 0).all()),
            "cleaner at equal service": bool((power["carbon_kg_per_kh100e_h"] > 0).all()),
            "the network is under a tenth": wires < 0.1 * paid,
            "every pair meets the target": "warning" not in fact["level"],
            "latency divides little": 0 <= numbers["loose"] < 100 and 0 < numbers["tight"] < 0.1 * numbers["total"],
            "a run at twice the energy costs more": 0 < more["training-runs"] < more["training-runs-article"],
        }
    )
    return "\n\n".join(wrapped(block) for block in PAGE.format(**numbers).rstrip("\n").split("\n\n")) + "\n"


def refuse_unless(claims: Mapping[str, bool]) -> None:
    """Stops where the numbers no longer bear what the page says in words."""
    if broken := [claim for claim, holds in claims.items() if not holds]:
        raise SystemExit(f"no longer true: {'; '.join(broken)}")


def wrapped(block: str) -> str:
    """A paragraph, or the points of a list, in lines of 120; tables, headings and commands as they are."""
    if block.startswith(("|", "#", "```")):
        return block
    points = block.replace("\n- ", "\0- ").replace("\n", " ").split("\0")
    return "\n".join(
        textwrap.fill(one, 120, subsequent_indent="  " * one.startswith("- "), break_long_words=False, break_on_hyphens=False)
        for one in points
    )


if __name__ == "__main__":
    (HERE / "east-west.md").write_text(page(Path(sys.argv[1])), encoding="utf-8")
