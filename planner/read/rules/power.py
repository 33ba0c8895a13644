"""Rules of power: every plant has its fuel, every grid its carbon, and storage is whole."""

from __future__ import annotations

from planner.codes import Code
from planner.findings import Place, nearest
from planner.formats import some
from planner.plan.series import by_month
from planner.read.rules.rule_context import RuleContext
from planner.schema.fields import cell_text
from planner.schema.table_schema import DECIDED_ONCE

EMITS_NOTHING = "0: what charges storage emits, and is counted there"


def fuels_are_priced(context: RuleContext) -> None:
    """An option burns a fuel or has no heat rate, and its fuel has a price wherever it is offered."""
    power, options, fuels = context.tables["power"], context.tables["options"], context.tables["fuels"]
    for position, (option, rate, fuel) in enumerate(options.select("option_id", "heat_rate_mmbtu_per_mwh", "fuel_id")):
        if bool(rate) != bool(fuel):
            column, expected = ("fuel_id", "the fuel it burns") if rate else ("heat_rate_mmbtu_per_mwh", "a number > 0")
            context.refuse(Code.E_FUEL, options, position, column, "" if rate else "0", expected, of=option)
    burns = {option: fuel for option, fuel in options.select("option_id", "fuel_id") if fuel}
    missing: dict[str, list[str]] = {}
    first: dict[str, Place] = {}
    for position, (region, option) in enumerate(power.select("region_id", "option_id")):
        fuel = burns.get(option)
        if fuel and (region, fuel) not in fuels.index and region not in missing.setdefault(fuel, []):
            missing[fuel].append(region)
            first.setdefault(fuel, power.place(position, "option_id"))
    for fuel, regions in missing.items():
        if regions:
            text = f"no price of {fuel} in {context.file('fuels')} for {some(regions)}"
            context.findings.add(Code.E_ROW_MISSING, first[fuel], text, fuel, "a row of fuels")


def grids_have_carbon(context: RuleContext) -> None:
    """Emissions are stated by the option or by the region."""
    power, options = context.tables["power"], context.tables["options"]
    own = options.mapping("option_id", "carbon_kg_per_mwh")
    for position, (option, carbon) in enumerate(power.select("option_id", "carbon_kg_per_mwh")):
        if carbon is None and option in own and own[option] is None:
            hint = f"{option} has none in {context.file('options').rpartition('/')[2]}"
            context.refuse(Code.E_FUEL, power, position, "carbon_kg_per_mwh", "", "a number in kg per MWh", hint)


def storage_is_whole(context: RuleContext) -> None:
    """Storage has a duration and an efficiency, burns nothing and emits nothing."""
    options = context.tables["options"]
    columns = ("option_id", "storage_h", "round_trip_frac", "fuel_id", "carbon_kg_per_mwh")
    for position, (option, hours, frac, fuel, carbon) in enumerate(options.select(*columns)):
        if (hours is None) != (frac is None):
            column = "storage_h" if hours is None else "round_trip_frac"
            expected = "a number in h, > 0" if hours is None else "a fraction above 0, as it has storage_h"
            context.refuse(Code.E_STORAGE, options, position, column, "", expected, of=option)
        elif hours is not None and fuel:
            context.refuse(Code.E_STORAGE, options, position, "fuel_id", fuel, "empty: storage burns nothing", of=option)
        if hours is not None and carbon:
            context.refuse(Code.E_STORAGE, options, position, "carbon_kg_per_mwh", carbon, EMITS_NOTHING, of=option)


def stored_power_emits_nothing(context: RuleContext) -> None:
    """No region states emissions of storage."""
    power, stores = context.tables["power"], context.tables["options"].mapping("option_id", "storage_h")
    for position, (option, carbon) in enumerate(power.select("option_id", "carbon_kg_per_mwh")):
        if carbon and stores.get(option):
            context.refuse(Code.E_STORAGE, power, position, "carbon_kg_per_mwh", carbon, EMITS_NOTHING, of=option)


def minimum_takes_are_bought(context: RuleContext) -> None:
    """Only bought energy can have a minimum take."""
    power = context.tables["power"]
    prices = by_month(power, "energy_usd_per_mwh", context.calendar)
    for position, (frac, path) in enumerate(zip(power.column("minimum_take_frac"), prices, strict=True)):
        if frac > 0 and not any(path):
            context.refuse(
                Code.E_RANGE, power, position, "minimum_take_frac", frac, "0, as energy_usd_per_mwh is 0: nothing is bought"
            )


def supply_has_every_month(context: RuleContext) -> None:
    """An option with limited supply has a row for every month."""
    context.every_month("supply", "option_id")


def national_options_exist(context: RuleContext) -> None:
    """The options that count against national envelopes exist, and are stated where envelopes are."""
    known = context.tables["options"].column("option_id")
    stated = context.settings.national.options
    for number, option in enumerate(stated):
        if option not in known:
            at = context.setting_place("national", "options", number)
            context.findings.refuse(
                Code.E_NAME_UNKNOWN, at, "national.options", option, "options of the table options", nearest(option, known)
            )
    if len(context.tables["countries"]) and not stated:
        at = context.setting_place("national", "options")
        context.findings.add(
            Code.E_KEY_MISSING,
            at,
            "national.options is empty: expected the options that draw on a nation's growth",
            "",
            "options",
        )


def projects_are_one(context: RuleContext) -> None:
    """All rows of a project have the same months, are whole or not, and belong to the same group."""
    projects, first = context.tables["projects"], dict[str, int]()
    for position, (j, earliest, latest) in enumerate(projects.select("project_id", "earliest_month", "latest_month")):
        if earliest and latest and latest < earliest:
            context.refuse(Code.E_MONTHS_ORDER, projects, position, "latest_month", latest, f"a month from {earliest} on")
        here = first.setdefault(j, position)
        for column in DECIDED_ONCE:
            value, expected = projects.column(column)[position], projects.column(column)[here]
            if value != expected:
                text = f"{cell_text(expected) or 'empty'}, as in the first row of the project"
                context.refuse(Code.E_RANGE, projects, position, column, value, text, of=j)
    whole = [position for position, each in enumerate(projects.column("whole")) if each == "yes"]
    if whole and context.settings.objective == "energy":
        expected = "no: objective energy has two aims, and whole projects are chosen by cost"
        context.refuse(Code.E_RANGE, projects, whole[0], "whole", "yes", expected)
