"""Contracts of the order book: a row of commitments that names the option it is a contract of gets an option of its own.

The option is copied under the contract's name, and so is its power in the region: without a pace, with the terms that the
contract states. What the contract built before the plan is in service at its start. Capital and fixed operation are the
supplier's; where the contract states a price, variable operation and fuel are too: the price is all it costs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from planner.codes import Code
from planner.findings import Findings
from planner.formats import capital
from planner.plan.table import Table
from planner.read.table_changes import upsert
from planner.schema.fields import cell_text
from planner.schema.table_schema import BINDING, CARRIED, HALLS, NO_OPTION, project_option

PRICE = "energy_usd_per_mwh"
TERMS = (PRICE, "minimum_take_frac")
"""What a contract states in its row, and then its row of power."""
POWER = {"step_mw_per_month": 0.0, "growth_frac_per_month": 0.0, "lead_months": 0, "capex_usd_per_kw": 0.0}
POWER_AT_ITS_PRICE = {"energy_growth_frac_per_year": 0.0, "profile_id": None}
OPTION = {"fixed_usd_per_kw_year": 0.0}
PROJECT_OPTION = {"capex_usd_per_kw": 0.0, "fixed_usd_per_kw_year": 0.0}
OPTION_AT_ITS_PRICE = {"variable_usd_per_mwh": 0.0, "heat_rate_mmbtu_per_mwh": 0.0, "fuel_id": None}

Copy = tuple[int, Mapping[str, Any], int]
"""Of a row of a table: its position, the cells that differ, and the position of the order that it is made for."""


def write_out_contracts(tables: dict[str, Table], start: str, findings: Findings) -> None:
    """Add the option and the power of each contract that has none yet; ``tables`` is changed in place."""
    if not {"commitments", "options", "power"} <= tables.keys():
        return
    orders = tables["commitments"]
    offered = set(tables["power"].select("region_id", "option_id"))
    named = {*NO_OPTION, *tables["options"].column("option_id")}
    found: dict[tuple[str, str], list[int]] = {}
    for position, (r, name, base) in enumerate(orders.select("region_id", "option_id", "contract_of")):
        if base is not None and (r, name) not in offered:
            found.setdefault((r, name), []).append(position)
    sound: list[list[int]] = []
    for (r, name), positions in found.items():
        first, before = positions[0], len(findings.items)
        base = orders.column("contract_of")[first]
        for column in ("contract_of", *TERMS):
            for position in positions:
                if (value := orders.column(column)[position]) != orders.column(column)[first]:
                    place = orders.place(position, column)
                    expected = f"the same in each row of the contract {name}"
                    findings.refuse(Code.E_RANGE, place, f"{r}, {name}: {column}", cell_text(value), expected)
        if name in named:
            at, expected = orders.place(first, "option_id"), "a name that no option has"
            findings.refuse(Code.E_NAME_TAKEN, at, f"{r}, {name}: option_id", name, expected)
        if base in named and (r, base) not in offered:
            at, expected = orders.place(first, "contract_of"), f"an option that power has in {r}"
            findings.refuse(Code.E_ROW_MISSING, at, f"{r}, {name}: contract_of", base, expected)
        if len(findings.items) == before and base in named:
            sound.append(positions)
            named.add(name)
    if sound:
        _write_out(tables, sound, start, findings)


def write_out_projects(tables: dict[str, Table], findings: Findings) -> None:
    """Add the option and the power of each project that has none yet; ``tables`` is changed in place."""
    if not {"projects", "options", "power"} <= tables.keys():
        return
    projects, power, options = tables["projects"], tables["power"], tables["options"]
    offers = _offers(power)
    of_power, of_options = list[Copy](), dict[str, Copy]()
    for position, (j, r, base) in enumerate(projects.select("project_id", "region_id", "option_id")):
        name = project_option(j, base)
        if base == HALLS or (base,) not in options.index or (r, name) in offers:
            continue
        if (r, base) not in offers:
            place, text = projects.place(position, "option_id"), f"{r}, {base}: no such row in power"
            findings.add(Code.E_ROW_MISSING, place, text, base, "a row of power")
            continue
        cells = {"option_id": name, **{one.name: projects.column(one.name)[position] for one in CARRIED}}
        of_power += [(row, {**cells, **POWER, "start_mw": 0.0}, position) for row in offers[r, base]]
        if (name,) not in options.index:
            row = options.index[base,]
            named = {"name": f"{options.column('name')[row]} of {j}"}
            of_options.setdefault(name, (row, {**cells, **PROJECT_OPTION, **named}, position))
    if of_power:
        tables["power"] = _with_copies(power, of_power, projects, findings)
        tables["options"] = _with_copies(options, list(of_options.values()), projects, findings)


def _offers(power: Table) -> dict[tuple[str, str], list[int]]:
    """The rows of power of each region and option."""
    offers: dict[tuple[str, str], list[int]] = {}
    for at, pair in enumerate(power.select("region_id", "option_id")):
        offers.setdefault(pair, []).append(at)
    return offers


def _write_out(tables: dict[str, Table], contracts: Sequence[Sequence[int]], start: str, findings: Findings) -> None:
    """Copy the option that each contract is of, and its power in the region. A contract is the positions of its orders."""
    orders, power, options = tables["commitments"], tables["power"], tables["options"]
    offers = _offers(power)
    columns = list(orders.select("month", "until_month", "status", "build_mw"))
    of_power, of_options = list[Copy](), list[Copy]()
    for positions in contracts:
        first = positions[0]
        order = {column: values[first] for column, values in orders.columns.items()}
        cells = {"option_id": order["option_id"], **{one.name: order[one.name] for one in CARRIED}}
        own_price = order[PRICE] is not None
        running = [
            mw
            for m, until, status, mw in (columns[at] for at in positions)
            if None not in (m, mw)
            and m < start
            and _runs(until, status, start)  # a cell that cannot be read was refused before
        ]
        more = {**cells, **POWER, **(POWER_AT_ITS_PRICE if own_price else {}), "start_mw": sum(running)}
        more |= {column: order[column] for column in TERMS if order[column] is not None}
        rows = offers.get((order["region_id"], order["contract_of"]), [])
        of_power += [(row, more, first) for row in (rows[:1] if own_price else rows)]
        name = capital(order["option_id"].replace("_", " "))
        more = {**cells, "name": name, **OPTION, **(OPTION_AT_ITS_PRICE if own_price else {})}
        of_options.append((options.index[order["contract_of"],], more, first))
    tables["power"] = _with_copies(power, of_power, orders, findings)
    tables["options"] = _with_copies(options, of_options, orders, findings)
    written = {at for positions in contracts for at in positions}
    terms = {column: [None if at in written else cell for at, cell in enumerate(orders.column(column))] for column in TERMS}
    tables["commitments"] = orders.replaced(orders.columns | terms, orders.rows, orders.changes)


def _runs(until: str | None, status: str, start: str) -> bool:
    return status in BINDING and (until is None or until >= start)


def _with_copies(table: Table, copies: Sequence[Copy], orders: Table, findings: Findings) -> Table:
    """The table with copies of some rows, each with cells of its own in all months: they come from the row of the order."""
    dated = {one.name: {one.quantity, one.grows} for one in table.dated_fields}
    columns = {
        name: [
            None if dated.get(name, set()) & cells.keys() else cells.get(name, values[row])  # what it holds later, it holds now
            for row, cells, _ in copies
        ]
        for name, values in table.columns.items()
    }
    return upsert(table, Table(table.schema, columns, [orders.rows[order] for _, _, order in copies]), findings)
