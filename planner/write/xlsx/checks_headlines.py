"""The headlines of the summary, computed again from the other sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from planner.write.xlsx.check import WHOLE, Check, measure_of
from planner.write.xlsx.formula import Sheets, Term, add, largest, number

H100E = ("in_accelerators", "generation_id", "h100e_per_unit")


def headline_checks(sheets: Sheets, months: Sequence[str], headlines: Mapping[str, Term]) -> Iterator[Check]:
    for key, (unit, value) in _again(sheets, months).items():
        if key in headlines:
            words = f"the headline plan_{key} of the summary, from the other sheets"
            yield Check(f"Headline: {key.replace('_', ' ')}", words, unit, value, {WHOLE: headlines[key] - value})


def _again(sheets: Sheets, months: Sequence[str]) -> dict[str, tuple[str, Term]]:
    """Headlines from the tables: key -> unit and formula."""
    found: dict[str, tuple[str, Term]] = {}
    last = months[-1]
    if sheets.has("costs", *months):
        costs = [sheets.total("costs", m, measure="discounted_musd", component="<>unserved") for m in months]
        found["cost"] = "million USD", add(costs)
        lost = [sheets.total("costs", m, measure="discounted_musd", component="unserved") for m in months]
        found["unserved_value"] = "million USD", add(lost)
    if sheets.has("league", "energy_cost_musd", "it_mwh"):
        cost, energy = sheets.total("league", "energy_cost_musd"), sheets.total("league", "it_mwh")
        found["energy_cost"] = "USD per MWh of IT", cost * number(1e6) / energy
    if sheets.has("demand", *months):
        asked, served = (measure_of(sheets, "demand", name) for name in ("demand_kh100e", "served_kh100e"))
        found["served_share"] = "fraction", add(map(served, months)) / add(map(asked, months))
        found["served_share_end"] = "fraction", served(last) / asked(last)
    if sheets.has("chips", *months) and sheets.has(*H100E):
        for name in ("dark", "displaced"):
            by_month = [sheets.weighted("chips", m, "generation_id", H100E, measure=f"{name}_kunit") for m in months]
            found[f"{name}_end"] = "million H100e", by_month[-1] * number(0.001)
            found[f"{name}_worst"] = "million H100e", largest(by_month) * number(0.001)
    if sheets.has("power", *months):
        found["power_end"] = "GW", measure_of(sheets, "power", "capacity_mw")(last) * number(0.001)
    if sheets.has("places", *months) and sheets.has("in_designs", "design_id"):
        above = sheets.among("places", last, "place_id", ("in_designs", "design_id"), measure="compute_kh100e")
        found["orbit_share"] = "fraction", above / measure_of(sheets, "places", "compute_kh100e")(last)
    return found
