"""A comparison of several runs: headlines, months, costs, and what each changes in the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.formats import count, month_name, number, percent, sentence, usd
from planner.schema.glossary import COST_SCOPES, GLOSSARY
from planner.write.charts.bars import bars
from planner.write.charts.series import COLOURS, OTHER, Series
from planner.write.names import component
from planner.write.report import differences, headline
from planner.write.report.page_model import Card, Figure, Key, Page, Section, Table
from planner.write.report.reading import Reading, curves
from planner.write.text.changes import change_lines
from planner.write.text.compare import main_differences

if TYPE_CHECKING:
    from planner.runs.compare import Comparison
    from planner.studies.report_input import Finished

MOST_CHANGES = 12
HEADLINES = {
    "cash_capital": ("Cash: capital, billion USD, not discounted", 1e-3),
    "cash_running": ("Cash: running costs, billion USD, not discounted", 1e-3),
    "cash_chips": ("Cash: chips delivered at list price, billion USD", 1e-3),
    "dark_price": ("Dark chips at the end at list price, billion USD", 1e-3),
    "cost": ("Cost of all months together, billion USD, discounted", 1e-3),
    "energy_cost": ("Electricity, USD per MWh used by servers", 1.0),
    "unserved_value": ("Value of unserved compute, billion USD", 1e-3),
    "served_share": ("Compute served, % of demand", 100.0),
    "served_share_end": ("Compute served in the last month, % of demand", 100.0),
    "dark_end": ("Dark chips at the end, million H100e (H100-equivalents)", 1.0),
    "dark_power_end": ("Dark chips waiting for power, million H100e", 1.0),
    "dark_halls_end": ("Dark chips waiting for halls, million H100e", 1.0),
    "dark_late_end": ("Dark chips delivered too late to be commissioned, million H100e", 1.0),
    "dark_idle_end": ("Dark chips left idle with power to spare, million H100e", 1.0),
    "displaced_end": ("Chips retired early, million H100e", 1.0),
    "power_firm_end": ("Firm power at the end, GW", 1.0),
    "power_drawn_end": ("Power drawn by chips in the last month, GW", 1.0),
    "orbit_share": ("Compute from orbit in the last month, %", 100.0),
    "orbit_gap": ("Orbit: cost less earnings at best, USD per kW", 1.0),
    "orbit_flip_value": ("Value of compute at which orbit becomes worthwhile, USD per H100e-hour", 1.0),
}
"""Of the summary of a run: words with the unit, and the factor to it."""


def page(runs: Sequence[Finished], comparisons: Sequence[Comparison]) -> Page:
    """A comparison of several runs; ``comparisons``: of the first, which is the base, with each other run."""
    readings = [Reading(run) for run in runs]
    names = _names(readings)
    failed = [name for name, run in zip(names, readings, strict=True) if not headline.status(run)[1]]
    return Page(
        title=f"Comparison of {count(len(runs), 'plan')}",
        lead=f"Base: {names[0]}.",
        status=f"Check the verification of {', '.join(failed)}" if failed else "All plans are verified",
        good=not failed,
        facts={name: _fact(run) for name, run in zip(names, readings, strict=True)},
        cards=_cards(names, readings),
        verdict="",
        points=[*_main(names, comparisons), *_orbit(names, readings)],
        sections=[
            differences.headlines(names, _headlines(readings)),
            differences.best(names, comparisons),
            *([cost_steps] if (cost_steps := differences.steps(names, comparisons)) else []),
            differences.moved(names, comparisons),
            Section("months", "Over the months", figures=_over_months(names, readings)),
            Section(
                "cost",
                "Cost",
                lead=GLOSSARY["discounted cost"],
                figures=[_costs(names, readings)],
            ),
            Section("changes", "What differs in the inputs", tables=_changes(names, comparisons)),
        ],
    )


def _names(runs: Sequence[Reading]) -> list[str]:
    """The names of the plans; of their folders where two plans have one name; with a number where two folders have."""
    plain = [run.written.name for run in runs]
    folders = [run.written.folder.name for run in runs]
    distinct = [names for names in (plain, folders) if len(set(names)) == len(names)]
    return distinct[0] if distinct else [f"{name} {i}" for i, name in enumerate(folders, start=1)]


def _fact(run: Reading) -> str:
    status, _ = headline.status(run)
    why = " ".join([headline.why(run), *(f"{name}: {text}." for name, text in headline.changed(run).items())]).strip()
    scope = COST_SCOPES.get(run.written.setting("boundary"), "")
    months = f"{month_name(run.months[0])} to {month_name(run.months[-1])}"
    return f"{months}, cost scope: {scope}. {sentence(status)}" + (f" {why}" if why else "")


def _cards(names: Sequence[str], runs: Sequence[Reading]) -> list[Card]:
    """What each plan costs and serves, and by how much that is more or less than the first."""
    values = [headline.summary(run) for run in runs]
    costs = [float(lines["cost"]["value"]) if "cost" in lines else float("nan") for lines in values]
    found = []
    digits = next((d for d in range(3, 7) if len({usd(1e6 * cost, d) for cost in costs}) == len(set(costs))), 7)
    for i, (name, lines) in enumerate(zip(names, values, strict=True)):
        amount, _, unit = usd(1e6 * costs[i], digits).partition(" ")
        far = costs[i] - costs[0]
        less_or_more = f"{usd(1e6 * abs(far))} {'more' if far > 0 else 'less'}"
        note = "in all months, discounted" if i == 0 or far != far else less_or_more
        note = "as much" if i and differences.same(costs[i], costs[0]) else note
        served = lines.get("served_share", {}).get("value")
        note += f"; {percent(float(served))} of demand served" if served is not None else ""
        found.append(Card(name, amount, unit, note))
    return found


def _main(names: Sequence[str], found: Sequence[Comparison]) -> list[str]:
    """For each other plan what counts most, and what a reader must know before comparing."""
    said = []
    for name, each in zip(names[1:], found, strict=True):
        notes = each.notes_on(names[0], name)
        said += [f"{note}." if note.startswith(name) else f"{name}: {sentence(note)}" for note in notes]
        words = main_differences(each, names[0], name) if each.different else []
        said += [f"{text if text.startswith(name) else f'{name}: {text}'}.".replace("->", "→") for text in words]
    return said


def _orbit(names: Sequence[str], runs: Sequence[Reading]) -> list[str]:
    """Orbit, once where it is the same in all; nothing where no plan has an orbital design."""
    said = [" ".join(run.said("orbit_share")) if run.designs else "" for run in runs]
    if len(set(said)) == 1:
        return [text for text in said[:1] if text]
    return [f"{name}: {text or 'it has no orbital design.'}" for name, text in zip(names, said, strict=True)]


def _headlines(runs: Sequence[Reading]) -> dict[str, list[float | None]]:
    """The headline numbers of all plans, by their words."""
    lines_of = [headline.summary(run) for run in runs]
    rows: dict[str, list[float | None]] = {}
    for key, (words, factor) in HEADLINES.items():
        found = [each.get(key, {}).get("value") for each in lines_of]
        if any(value is not None for value in found):
            rows[words] = [None if value is None else factor * float(value) for value in found]
    return rows


def _over_months(names: Sequence[str], runs: Sequence[Reading]) -> list[Figure]:
    months = sorted({month for run in runs for month in run.months})
    figures = []
    for key, title, unit, table, group, column, scale in (
        (
            "dark",
            "Dark chips",
            "GW of IT delivered but not installed, end of the month",
            "chips",
            "generation_id",
            "dark_mw",
            1e-3,
        ),
        ("power", "Firm power", "GW at the facility in service, end of the month", "power", "option_id", "firm_mw", 1e-3),
        ("served", "Compute served", "million H100e, mean of the month", "demand", "class_id", "served_kh100e", 1e-3),
        ("orbit", "In orbit", "MW of IT alive, end of the month", "orbit", "design_id", "alive_mw", 1.0),
    ):
        series = []
        for i, (name, run) in enumerate(zip(names, runs, strict=True)):
            sums = run.by_month(table, group, column, scale).sum(axis=1).reindex(months)
            series.append(Series(name, [float(value) for value in sums], COLOURS[i] if i < len(COLOURS) else OTHER))
        if any(value > 0 for each in series for value in each.values):
            figures.append(curves(key, title, unit, months, series))
    return figures


def _costs(names: Sequence[str], runs: Sequence[Reading]) -> Figure:
    """Cost by component, a bar a plan."""
    sums = []
    for run in runs:
        costs = run.table("costs")
        costs = costs[costs["component"] != "unserved"]
        sums.append({str(k): float(v) / 1e3 for k, v in costs.groupby("component")["discounted_musd"].sum().items()})
    every = {name: max(each.get(name, 0.0) for each in sums) for each in sums for name in each}
    order = sorted((name for name in every if every[name] > 0), key=lambda name: -every[name])
    kept, rest = order[: len(COLOURS)], order[len(COLOURS) :]
    parts = [
        Series(component(name), [each.get(name, 0.0) for each in sums], colour)
        for name, colour in zip(kept, COLOURS, strict=False)
    ]
    if rest:
        parts.append(Series(f"{len(rest)} others", [sum(each.get(name, 0.0) for name in rest) for each in sums]))
    totals = [sum(part.values[i] for part in parts) for i in range(len(runs))]
    rows = [[part.name, *(number(value) for value in part.values)] for part in parts]
    told = "; ".join(f"{name} {number(total)}" for name, total in zip(names, totals, strict=True))
    return Figure(
        id="costs",
        title="By component",
        unit="billion USD, whole horizon",
        alt=f"Bars of cost by plan, billion USD: {told}.",
        spec=bars(names, parts, "billion USD", [number(total) for total in totals], 34),
        width=700,
        wide=True,
        legend=[Key(each.name, each.colour) for each in parts],
        numbers=Table(["component", *names], rows, "billion USD"),
    )


def _changes(names: Sequence[str], comparisons: Sequence[Comparison]) -> list[Table]:
    tables = []
    for name, found in zip(names[1:], comparisons, strict=True):
        computed = found.inputs[found.inputs["kind"] != "carried"]
        said = [*found.notes_on(names[0], name), *change_lines(computed)]
        more = [f"and {len(said) - MOST_CHANGES} more: planner compare lists every cell"] if len(said) > MOST_CHANGES else []
        rows = [[text] for text in [*said[:MOST_CHANGES], *more]] or [["no difference"]]
        tables.append(Table([f"{names[0]} to {name}"], rows, name))
    return tables
