"""Orbit: what a satellite weighs and costs, at which launch price it would pay, and where the plan stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from planner.formats import month_name, number, sentence
from planner.write.charts.orbit import LINES, break_even_curve, drawn, mass_bars
from planner.write.charts.series import COLOURS, DASHES, Series
from planner.write.names import AGAINST, MASS
from planner.write.report.page_model import Figure, Key, Section, Table
from planner.write.report.reading import Reading, curves

if TYPE_CHECKING:
    from planner.studies.orbit_design import OrbitReport


def section(run: Reading) -> Section | None:
    """Mass budget, break-even curve, and the months of the plan; nothing for a plan without an orbital design."""
    report = run.finished.orbit
    if report is None:
        return None
    design = _chosen(run, report)
    name = run.names(design)
    part = {key: table[table["design_id"] == design] for key, table in report.tables().items()}
    figures = [_mass(name, part["budget"]), _curve(name, part["curve"], part["break_even"], part["cost"])]
    if len(run.months) > 2:
        figures += [each for each in (_entry_price(run, design), _worth(run, design)) if each is not None]
    boundary = str(report.designs["boundary"].iloc[0])
    lead = (
        f"{name}. Cost of orbit: {boundary}. Curve: one satellite over its whole life, without traffic or lost chips. "
        f"Electricity on Earth: bought, with PUE, where it is cheapest in {month_name(run.months[0])}; no connection, no plant."
    )
    return Section(
        "orbit",
        "Orbit",
        lead=lead,
        figures=figures,
        tables=[*_questions(run, report, design), _break_evens(run, design), _designs(run, report)],
    )


def _chosen(run: Reading, report: OrbitReport) -> str:
    """The design that the plan launches most of, or that is nearest to paying, or the first."""
    launched = run.by_month("orbit", "design_id", "launched_mw").sum()
    if len(launched) and float(launched.max()) > 0:
        return str(launched.idxmax())
    entry = run.table("entry")
    if "flip_value_factor" in entry and entry["flip_value_factor"].notna().any():
        known = entry[entry["flip_value_factor"].notna()].sort_values("flip_value_factor", kind="stable")
        return str(known["design_id"].iloc[0])
    return str(report.designs["design_id"].iloc[0])


def _mass(name: str, budget: pd.DataFrame) -> Figure:
    rows = [[MASS.get(str(each), str(each)), number(float(kg))] for each, kg in budget[["component", "kg_per_kw"]].to_numpy()]
    told = "; ".join(f"{each} {kg}" for each, kg in rows)
    return Figure(
        id="mass",
        title="Mass budget",
        unit=f"kg per kW of IT; {number(float(budget['kg_per_kw'].sum()))} in total",
        alt=f"Bars of mass by component of {name}, kg per kW of IT: {told}.",
        spec=mass_bars(budget),
        numbers=Table(["component", "kg per kW"], rows, "Mass"),
    )


def _curve(name: str, curve: pd.DataFrame, even: pd.DataFrame, cost: pd.DataFrame) -> Figure:
    """USD per MWh over the launch price, with what Earth pays or earns as level lines."""
    last = cost.iloc[-1]
    dear, paid = number(float(last["usd_per_mwh"])), number(float(last["launch_usd_per_kg"]))
    now = f"{dear} USD per MWh at {paid} USD per kg in {last['year']:.0f}"
    keys, rows = [Key("orbit", COLOURS[0], "0")], []
    for row in drawn(even).to_dict("records"):
        against, target = str(row["against"]), number(float(row["target_usd_per_mwh"]))
        keys.append(Key(f"{AGAINST[against]}, {target}", LINES[against], DASHES[1 + list(LINES).index(against)]))
        rows.append([AGAINST[against], target, _even_words(row["break_even_launch_usd_per_kg"])])
    crossed = (drawn(even)["break_even_launch_usd_per_kg"] >= 0).any()
    return Figure(
        id="break-even",
        title="Cost over the launch price",
        unit="USD per MWh of IT (logarithmic) over USD per kg launched",
        alt=f"Curve of the cost of a MWh of IT in orbit ({name}) over the launch price: {now}. "
        + " ".join(sentence(str(words)) for words in dict.fromkeys(even["words"])),
        spec=break_even_curve(curve, even, cost),
        legend=keys,
        numbers=Table(["compared with", "USD per MWh", "break-even launch, USD per kg"], rows, "Break-even"),
        note=f"Ring: the plan, {now}." + (" Dots: break-even." if crossed else ""),
    )


def _even_words(usd_per_kg: float) -> str:
    """A launch price at which something breaks even; below zero, no launch does."""
    return "not even for free" if usd_per_kg < 0 else number(float(usd_per_kg))


def _months_of(run: Reading, design: str, column: str) -> list[float]:
    entry = run.table("entry")
    if column not in entry:
        return []
    values = entry[entry["design_id"] == design].set_index("month")[column].reindex(run.months).astype(float)
    return values.tolist() if values.notna().any() else []


def _entry_price(run: Reading, design: str) -> Figure | None:
    """The launch price of each month against the one at which the plan itself would launch."""
    paid, even = (_months_of(run, design, c) for c in ("launch_usd_per_kg", "break_even_launch_usd_per_kg"))
    if not paid or not even:
        return None
    series = [
        Series("launch price of the plan", paid, COLOURS[0]),
        Series("price at which orbit would pay", [value if value >= 0 else float("nan") for value in even], COLOURS[4]),
    ]
    note = "Within the plan's horizon, at its own prices of compute. Where the line is missing, orbit would not pay even with "
    title, unit = "Launch price: assumed, and needed", "USD per kg, by month of launch"
    return curves("entry-price", title, unit, run.months, series, note + "free launches.")


def _worth(run: Reading, design: str) -> Figure | None:
    worth, cost = (_months_of(run, design, c) for c in ("worth_usd_per_kw", "cost_usd_per_kw"))
    if not worth or not cost:
        return None
    series = [Series("cost of a kW", cost, COLOURS[0]), Series("earnings of a kW", worth, COLOURS[4])]
    note = "The next kW would be launched where it earns more than it costs. Both fall as less of the horizon is left."
    title, unit = "A kW in orbit: cost and earnings", "USD per kW launched, within the horizon, by month of launch"
    return curves("entry-worth", title, unit, run.months, series, note)


def _questions(run: Reading, report: OrbitReport, design: str) -> list[Table]:
    """The numbers on orbit that look alike: which question each answers, and over which time; none without a comparison."""
    space, entry = run.finished.facts.space, run.table("orbit_break_even")
    rows = []
    if "orbit_usd_per_mwh" in space:
        orbit, earth, least = (f"{float(space[f'{each}_usd_per_mwh']):,.0f}" for each in ("orbit", "earth", "cheapest"))
        counted = "within the study, per MWh that chips draw, capital as monthly charges: what serves in orbit, or else the "
        counted += "cheapest launch; Earth with buildings"
        rows.append(
            ["Is a MWh cheaper in orbit, as the plan pays for it?", counted, f"{orbit} against {earth} USD, {least} at least"]
        )
    last = report.cost[report.cost["design_id"] == design].iloc[-1]
    even = report.break_even[report.break_even["design_id"] == design]
    of_earth = even[even["against"] == "electricity"]
    if len(of_earth):
        target = number(float(of_earth["target_usd_per_mwh"].iloc[0]))
        counted = (
            "whole life of one satellite, per MWh at full power; Earth: bought electricity where it is cheapest, no building"
        )
        price = _even_words(float(of_earth["break_even_launch_usd_per_kg"].iloc[0]))
        rows.append(
            [
                "Is it cheaper over a satellite's whole life?",
                counted,
                f"{number(float(last['usd_per_mwh']))} against {target} USD",
            ]
        )
        rows.append(
            ["At which launch price would it be?", counted, f"{price}{'' if price.startswith('not') else ' USD per kg'}"]
        )
    pays = {str(row["lever"]): row for row in entry[entry["design_id"] == design].to_dict("records")} if len(entry) else {}
    counted = "one launch until the last month decided, at the plan's own prices of compute"
    for lever, question in PAYS.items():
        if lever in pays and pd.notna(pays[lever]["break_even"]):
            rows.append([question, counted, _instead(pays[lever])])
    return [Table(("question", "what is counted", "answer"), rows, "Which number answers what", 3)] if rows else []


PAYS = {
    "cost_within_plan": "What may a launch cost, if it is to earn that back?",
    "launch_price_within_plan": "At which launch price does a launch earn what it costs?",
    "value_of_compute": "At which value of compute does it?",
}
"""Break-evens within the plan, as questions."""


def _instead(row: Mapping[Any, Any]) -> str:
    """What a break-even takes, and what the plan has."""
    unit = str(row["unit"])
    planned, even = (_amount(row[name], unit) for name in ("planned", "break_even"))
    return f"{even}; the plan has {planned} {unit}" if row["break_even"] < 0 else f"{even} instead of {planned} {unit}"


def _break_evens(run: Reading, design: str) -> Table:
    """Every break-even of the design with its definition, as the result table has them."""
    found = run.table("orbit_break_even")
    rows = []
    for row in found[found["design_id"] == design].to_dict("records"):
        planned, even = (_amount(row[name], str(row["unit"])) for name in ("planned", "break_even"))
        when = f"{row['counted_over']}, launched in {month_name(str(row['launched_in']))}"
        words = [sentence(str(row["changes"])).removesuffix("."), str(row["definition"]), str(row["compared_with"]), when]
        rows.append([*words, str(row["unit"]), planned, even])
    head = ["what must change", "what it means", "compared with", "counted over", "unit", "in the plan", "break-even"]
    return Table(head, rows, "Every break-even of orbit", head.index("in the plan"))


def _amount(value: float, unit: str) -> str:
    """A number of the table of break-evens."""
    if pd.isna(value):
        return ""
    return f"{value:,.2f}" if value >= 0 and unit.endswith("hour") else _even_words(value)


def _designs(run: Reading, report: OrbitReport) -> Table:
    """One row a design."""
    launched = run.by_month("orbit", "design_id", "launched_mw").sum()
    last = {str(row["design_id"]): row for row in report.cost.to_dict("records")}  # of each design its last year
    rows = []
    for row in report.designs.to_dict("records"):
        design = str(row["design_id"])
        cost = last[design]
        rows.append(
            [
                str(row["name"]) or design,
                *(number(float(row[c])) for c in ("kg_per_kw", "array_m2_per_kw", "radiator_m2_per_kw")),
                *(number(float(cost[c])) for c in ("capital_usd_per_kw", "usd_per_mwh")),
                number(float(launched.get(design, 0.0))),
            ]
        )
    head = [
        "design",
        "kg per kW",
        "array, m² per kW",
        "radiator, m² per kW",
        f"USD per kW in {run.last[:4]}",
        "USD per MWh",
        "MW launched",
    ]
    return Table(head, rows, "Orbital designs")
