"""The head of a report: what was planned, whether it is verified, the numbers that count, and whether orbit pays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.formats import Currency, compute, count, day_name, fine_percent, month_name, number, percent, sentence, usd, watts
from planner.plan.first_orders import FIRST_MONTHS
from planner.schema.glossary import COST_SCOPES, DARK_REASONS
from planner.write.report.assumptions import qualities
from planner.write.report.costs import chips_left_out
from planner.write.report.page_model import Card
from planner.write.report.reading import Reading
from planner.write.text.changes import changed_words

LEAST = 0.001
"""Of what is dark: less of it needs no words."""
NO_FORECAST = "A plan for these inputs, not a forecast"


def badge(run: Reading) -> tuple[str, bool]:
    """What was verified, that it is the arithmetic and not the inputs, and what these rest on; whether it is good."""
    said, good = status(run)
    return f"{said}. Inputs not verified: {qualities(run)}. {NO_FORECAST}", good


def status(run: Reading) -> tuple[str, bool]:
    """What a reader must know before any number, and whether it is good."""
    verdict, solver = run.finished.verdict, run.written.solver
    total, gap = len(verdict.checks), float(solver.get("relative_gap") or 0.0)
    if not verdict.ok:
        return f"Not verified: {len(verdict.failed)} of {count(total, 'check')} failed", False
    passed = f"arithmetic verified, {verdict.passed}"
    if verdict.unverified:
        own = f"Verified but for limits of the user's own: {', '.join(verdict.unverified)}"
        return f"{own}{', and not proven optimal' if verdict.unproven else ''}; {passed}", False
    unproven = ", which the verifier cannot prove" if verdict.unproven else ""
    if run.written.status == "time_limit":
        least = f"cost and unserved compute could be up to {percent(gap)} less{unproven}"
        return f"Stopped at the time limit with a feasible plan; {least}; {passed}", False
    if run.written.status == "alternative":
        more = f"within {fine_percent(float(solver['alternative']['within_frac']))} of the least cost, serving no less"
        return f"An alternative to the optimum, {more}{unproven}; {passed}", True
    if run.written.setting("objective") == "energy":
        return f"Most compute, then least cost{unproven}; {passed}", True
    if verdict.choice:
        off = float(solver["choices"]["relative_gap"])
        return f"Optimal for the whole projects as chosen, a choice within {fine_percent(off)} of the best; {passed}", True
    return f"Optimal (gap {gap:.0e}), {passed}", True


def facts(run: Reading) -> dict[str, str]:
    """What stands below the title."""
    first, last = month_name(run.months[0]), month_name(run.last)
    span = f"{first} to {last}, {count(len(run.months), 'month')}" if len(run.months) > 1 else last
    ahead = int(run.written.setting("look_ahead_months") or 0)
    span += f"; decided with {count(ahead, 'month')} of look-ahead" if ahead else ""
    boundary = run.written.setting("boundary")
    places = f"{count(len(run.regions), 'site')} on Earth"
    places += f", {count(len(run.designs), 'orbital design')}" if run.designs else ""
    found = {"Months": span, "Places": places, "Cost scope": COST_SCOPES.get(boundary, boundary)}
    as_of, author = run.written.setting("as_of"), run.written.setting("author")
    found |= {"Assets as of": f"the beginning of {month_name(as_of)}"} if as_of else {}
    written = str(run.written.manifest.get("written", ""))
    found |= {"Date": day_name(written)} if written else {}
    found["Author"] = author or "not named (key author of the plan)"
    version = str(run.written.manifest.get("versions", {}).get("compute-planner", ""))
    beside = currency_of(run)
    found |= {"Beside USD": f"{beside.name}, at {beside.usd:g} USD each"} if beside is not None else {}
    found["Version"] = f"compute planner {version if version[:1].isdigit() else 'from a checkout'}"
    return found | changed(run)


def currency_of(run: Reading) -> Currency | None:
    """The currency that the plan shows beside USD."""
    money = run.written.settings.get("money") or {}
    return Currency(str(money["currency"]), float(money["usd_per_currency"])) if money.get("usd_per_currency") else None


def changed(run: Reading) -> dict[str, str]:
    """What `--set` changed for this run alone; nothing where it changed nothing."""
    words = changed_words(run.written.manifest.get("resolved_from", {}).get("set") or ())
    return {"Changed for this run": words.partition(": ")[2]} if words else {}


def why(run: Reading) -> str:
    """The sentence that the plan gives for itself."""
    chain = run.written.manifest.get("resolved_from", {}).get("chain") or [{}]
    return sentence(str(run.written.settings.get("why") or chain[0].get("why") or ""))


def summary(run: Reading) -> dict[str, dict[str, Any]]:
    """The headline lines by key."""
    return {str(line["key"]): {str(k): v for k, v in line.items()} for line in run.table("summary").to_dict("records")}


def cards(run: Reading) -> list[Card]:
    """The headline numbers, each with its unit."""
    lines, end = summary(run), month_name(run.last)
    value = {key: float(line["value"]) for key, line in lines.items() if isinstance(line["value"], float)}
    found = []
    months, beside = count(len(run.months), "month"), currency_of(run)

    def also(amount_usd: float) -> str:
        return f"; {beside.words(amount_usd)}" if beside is not None else ""

    if value.get("orders_first"):
        amount, _, unit = usd(1e6 * value["orders_first"]).partition(" ")
        until = month_name(run.months[:FIRST_MONTHS][-1])
        note = f"capital of the orders to place by {until}{also(1e6 * value['orders_first'])}; they are listed below"
        under_way = value.get("orders_under_way")
        note += f". Not in it: orders of {usd(1e6 * under_way)} that must be under way already" if under_way else ""
        due = value.get("capital_first")
        note += f". All payments of capital that fall due by then, signed orders included: {usd(1e6 * due)}" if due else ""
        found.append(Card("To decide first", amount, unit, note))
    found += _idle_cards(run, value)
    if "cash_capital" in value:
        capital, running = 1e6 * value["cash_capital"], 1e6 * value["cash_running"]
        amount, _, unit = usd(capital + running).partition(" ")
        note = f"not discounted, {_scope(run)}: capital in full {usd(capital)}, running {usd(running)}"
        note += f". Not in it: chips delivered, {usd(1e6 * value['cash_chips'])} at list price" if value["cash_chips"] else ""
        found.append(Card(f"Cash to pay in {months}", amount, unit, note + also(capital + running)))
    if "cost" in value:
        amount, _, unit = usd(1e6 * value["cost"]).partition(" ")
        note = f"of all months together; discounted, {_scope(run)}; capital as its monthly charges within the study; no "
        note += f"{chips_left_out(run)}, no unserved compute"
        found.append(Card(f"Cost over {months}", amount, unit, note + also(1e6 * value["cost"])))
    if value.get("energy_cost", 0) == value.get("energy_cost"):
        note = (_buildings_note(run) + also(value["energy_cost"])).removeprefix("; ")
        found.append(Card("Electricity", number(value["energy_cost"]), "USD per MWh used by servers", note))
    if "served_share" in value:
        share = value.get("served_share_end")
        note = f"{percent(share)} in {end}" if share is not None else ""
        found.append(Card("Compute served", percent(value["served_share"]), "of demand", note))
    if "power_firm_end" in value:
        amount, unit = watts(1e3 * value["power_firm_end"]).split(" ")
        start, drawn = (watts(1e3 * value[key]) for key in ("power_firm_start", "power_drawn_end"))
        found.append(Card("Firm power at the end", amount, unit, f"at the facility; {start} at the start; chips draw {drawn}"))
    launched = float(run.by_month("orbit", "design_id", "launched_mw").sum().sum())
    if "orbit_share" in value and launched > 0:
        found.append(Card("From orbit", percent(value["orbit_share"]), "of compute at the end", f"{watts(launched)} launched"))
    return found


def _idle_cards(run: Reading, value: Mapping[str, float]) -> list[Card]:
    """Dark chips with the parts that they are the sum of, and apart from them those that were retired early."""
    chips = run.table("chips")
    last = chips[chips["month"] == run.last] if len(chips) else chips
    found = []
    if "dark_end" in value:
        dark = run.finished.facts.dark
        idle = watts(float(last["dark_mw"].sum()))
        note = f"H100-equivalents; {idle} of IT delivered but not installed in {month_name(run.last)}"
        reasons = {key: value.get(f"dark_{key}_end", 0.0) for key in DARK_REASONS}
        parts = [(key, amount) for key, amount in reasons.items() if amount > LEAST * value["dark_end"]]
        words = DARK_REASONS | {"late": "delivered too late to be commissioned, which is no shortage"}
        if len(parts) > 1:
            note += f": {' and '.join(f'{compute(1e3 * amount)} {words[key]}' for key, amount in parts)}"
        elif parts:
            note += f", in that month all {words[parts[0][0]]}"
        if dark["from_month"] and dark["peak_month"] != run.last:
            note += f"; at most {watts(dark['peak_mw'])} in {month_name(dark['peak_month'])}"
        elif dark["from_month"]:
            note += f"; from {month_name(dark['from_month'])} on"
        note += f"; {usd(1e6 * value['dark_price'])} at list price" if value.get("dark_price") else ""
        amount, _, unit = compute(1e3 * value["dark_end"]).partition(" ")
        found.append(Card("Dark chips at the end", amount, unit, note))
    if value.get("displaced_end", 0.0) > 0:
        kw = run.facts("accelerators", "generation_id", "kw_per_unit")
        gone = float((last["displaced_kunit"] * last["generation_id"].map(kw).astype(float)).sum())
        amount, _, unit = compute(1e3 * value["displaced_end"]).partition(" ")
        note = f"{watts(gone)} of IT switched off for newer chips by {month_name(run.last)}; not among the dark chips"
        found.append(Card("Chips retired early", amount, unit, note))
    return found


def _scope(run: Reading) -> str:
    """The cost scope of the plan, as it is named beside every cost."""
    boundary = str(run.written.settings.get("boundary", ""))
    return f"cost scope {COST_SCOPES.get(boundary, boundary)}"


def _buildings_note(run: Reading) -> str:
    league = run.table("league")
    mwh = float(league["it_mwh"].sum()) if "it_mwh" in league else 0.0
    if not mwh:
        return ""
    facility = number(1e6 * float(league["facility_cost_musd"].sum()) / mwh)
    return (
        f"energy and the plants that make it; {facility} including new buildings; existing assets count as paid for; no chips"
    )


def verdict(run: Reading) -> list[str]:
    """Orbit: the answer first, then what it rests on; nothing for a plan without an orbital design."""
    if not run.designs:
        return []
    lines = summary(run)
    said = [str(lines[key]["text"]) for key in ("orbit_share", "orbit_gap", "orbit_flip_value") if key in lines]
    return [sentence(text) for text in said]


def points(run: Reading) -> list[str]:
    """What no card and no verdict has said: what to do first, chips without a place, money, service, orbit, how sure it is."""
    lines = summary(run)
    limited = run.written.status in ("time_limit", "alternative")
    keys = [
        *("orders_first", "orders_under_way", "capital_first", "remedy_1"),
        *("dark_end", "dark_worst", "chips_short", "dark_owned_end"),
        *("served_share", "targets_met", "targets_binding", "reserved"),
        *("nameplate_cover", "dearest_compute", *["optimality_gap"] * limited),
    ]
    return [
        sentence(str(lines[key]["text"]))
        for key in keys
        if key in lines and lines[key]["text"] and (key != "dark_end" or float(lines[key]["value"]) > 0)
    ]
