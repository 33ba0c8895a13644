"""The head of a report: what was planned, whether it is proven, the numbers that count and the verdict on orbit."""

from __future__ import annotations

from typing import Any

from planner.formats import count, number, percent, sentence, usd, watts
from planner.schema.glossary import COST_SCOPES
from planner.write.report.page_model import Card
from planner.write.report.reading import Reading
from planner.write.text.changes import changed_words


def status(run: Reading) -> tuple[str, bool]:
    """What a reader must know before any number, and whether it is good."""
    verdict = run.finished.verdict
    checks = count(len(verdict.checks), "check")
    if not verdict.ok:
        return f"Not verified: {len(verdict.failed)} of {checks} fail", False
    if verdict.unverified:
        return f"Verified but for limits of the user's own: {', '.join(verdict.unverified)}", False
    solver = run.written.manifest.get("solver", {})
    if solver.get("status") == "time_limit":
        gap = float(solver.get("relative_gap") or 0.0)
        return f"Stopped at the time limit: feasible; cost and unserved work could be {percent(gap)} less; {checks} hold", False
    if run.written.setting("objective") == "energy":
        return f"Most compute, then least cost; {checks} hold", True
    return f"Proven optimal; {checks} hold", True


def facts(run: Reading) -> dict[str, str]:
    """What stands below the title."""
    made = run.written.manifest.get("resolved_from", {})
    span = f"{run.months[0]} to {run.last}, {count(len(run.months), 'month')}" if len(run.months) > 1 else run.last
    boundary = run.written.setting("boundary")
    places = f"{count(len(run.regions), 'site')} on Earth, {count(len(run.designs), 'orbital design')}"
    found = {"Months": span, "Places": places, "Cost scope": COST_SCOPES.get(boundary, boundary)}
    changed = changed_words(made.get("set") or ())
    return found | ({"Changed for this run": changed.partition(": ")[2]} if changed else {})


def why(run: Reading) -> str:
    """The sentence that the plan gives for itself."""
    chain = run.written.manifest.get("resolved_from", {}).get("chain") or [{}]
    return sentence(str(run.written.settings.get("why") or chain[0].get("why") or ""))


def summary(run: Reading) -> dict[str, dict[str, Any]]:
    """The headline lines by key."""
    return {str(line["key"]): {str(k): v for k, v in line.items()} for line in run.table("summary").to_dict("records")}


def cards(run: Reading) -> list[Card]:
    """The headline numbers, each with its unit."""
    lines = summary(run)
    value = {key: float(line["value"]) for key, line in lines.items() if isinstance(line["value"], float)}
    found = []
    if "cost" in value:
        amount, _, unit = usd(1e6 * value["cost"]).partition(" ")
        note = f"{count(len(run.months), 'month')}, discounted; unserved compute not counted"
        found.append(Card("Cost of the plan", amount, unit, note))
    if value.get("energy_cost", 0) == value.get("energy_cost"):
        found.append(Card("Energy and its plant", number(value["energy_cost"]), "USD per MWh of IT", _halls_note(run)))
    if "served_share" in value:
        end = value.get("served_share_end")
        note = f"{percent(end)} in {run.last}" if end is not None else ""
        found.append(Card("Compute served", percent(value["served_share"]), "of what is asked", note))
    if "dark_end" in value:
        chips = run.table("chips")
        mw = float(chips.loc[chips["month"] == run.last, "dark_mw"].sum())
        note = f"{watts(mw)} of IT without power, {run.last}"
        found.append(Card("Chips dark at the end", number(value["dark_end"]), "million H100e", note))
    if "power_end" in value:
        start = sum(run.inputs["power"]["start_mw"].astype(float))
        amount, unit = watts(1e3 * value["power_end"]).split(" ")
        stored = _storage_mw(run)
        note = "at the facility" + (f", {watts(stored)} of it storage, which makes none" if stored > 0 else "")
        found.append(Card("Power at the end", amount, unit, f"{note}; {watts(start)} at the start"))
    if "orbit_share" in value and run.designs:
        launched = float(run.by_month("orbit", "design_id", "launched_mw").sum().sum())
        found.append(Card("From orbit", percent(value["orbit_share"]), "of compute at the end", f"{watts(launched)} launched"))
    return found


def _storage_mw(run: Reading) -> float:
    """Capacity at the end that keeps power and makes none."""
    power, stores = run.table("power"), run.facts("options", "option_id", "storage_h")
    return float(power.loc[(power["month"] == run.last) & power["option_id"].isin(list(stores)), "capacity_mw"].sum())


def _halls_note(run: Reading) -> str:
    league = run.table("league")
    mwh = float(league["it_mwh"].sum()) if "it_mwh" in league else 0.0
    if not mwh:
        return ""
    return f"{number(1e6 * float(league['facility_cost_musd'].sum()) / mwh)} with new halls; what stands today is sunk"


def verdict(run: Reading) -> str:
    """Orbit in one sentence."""
    if not run.designs:
        return "Orbit: this plan has no orbital design."
    boundary = f"under the boundary {run.written.setting('boundary')}"
    launched = float(run.by_month("orbit", "design_id", "launched_mw").sum().sum())
    if launched > 1e-3:
        share = float(summary(run).get("orbit_share", {}).get("value", 0.0))
        return f"Orbit flies, {boundary}: {watts(launched)} launched, {percent(share)} of all compute in {run.last}."
    entry = run.table("entry")
    known = entry[entry["flip_value_factor"].notna()] if "flip_value_factor" in entry else entry
    if known.empty:
        return "Orbit: nothing is launched; this run has no prices that could say what it would take."
    best = known.to_dict("records")[int(known["flip_value_factor"].to_numpy(dtype=float).argmin())]
    even, gap = float(best["break_even_launch_usd_per_kg"]), float(best["gap_usd_per_kw"])
    paid = f"{number(float(best['launch_usd_per_kg']))} USD per kg"
    if gap <= 0:
        return f"Orbit would pay from {best['month']} on at {paid}, {boundary}, but nothing can be launched."
    words = f"it would pay at {number(even)} USD per kg" if even >= 0 else "not even a free launch would make it pay"
    return (
        f"Orbit is not the cheapest place for the next chip in any month, {boundary}: at best, launched in {best['month']} at "
        f"{paid}, it is {percent(gap / float(best['cost_usd_per_kw']))} too dear; {words}."
    )


def points(run: Reading) -> list[str]:
    """What else the run says in sentences: what no card and no verdict has said."""
    lines = summary(run)
    said = [str(lines["orbit_flip_value"]["text"])] if "orbit_flip_value" in lines else []
    said += [str(line["text"]) for key, line in lines.items() if key == "unserved_value"]
    said += [str(line["text"]) for key, line in lines.items() if key == "displaced_end" and float(line["value"]) > 0]
    limited = run.written.manifest.get("solver", {}).get("status") == "time_limit"
    said += [str(lines[key]["text"]) for key in ("priced_limits", *(["optimality_gap"] if limited else [])) if key in lines]
    return [sentence(text) for text in said if text]
