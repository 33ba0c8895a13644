"""Rows and names that can change nothing: such as a plant, a chip or a price whose other table was forgotten.

One line for each table and reason, its rows in ``parts``."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from models.chip_moves import last_departure
from models.data import PlanData
from models.reach import first_months, goes
from planner.check.upper_bounds import UpperBounds
from planner.codes import Remark
from planner.findings import Notice
from planner.formats import some
from planner.plan.calendar import calendar_of
from planner.plan.day import day_shares
from planner.plan.places import endpoints, joined
from planner.plan.plan import Plan
from planner.plan.profiles import SUN, profiles_of
from planner.plan.series import by_month, idle_cells
from planner.plan.training_runs import runs_of
from planner.read.rules.rule_context import span
from planner.schema.hours import PRICE_SHAPE
from planner.schema.table_schema import BINDING, HALLS, HIBERNATION, SITE

Idle = Iterator[tuple[str, int, str, str]]
"""Table, position of the row, column to point at, why it changes nothing."""


def check_without_effect(plan: Plan, data: PlanData, bounds: UpperBounds) -> Iterator[Notice]:
    """What the tables hold in vain, one line for each table and reason; then names and keys of the plan file."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    for part in (_power, _fuels, _chips, _chip_moves, _owners, _profiles, _demand, _law, _network, _regions, _orbit):
        for name, position, column, why in part(plan, data, bounds):
            found.setdefault((name, why), {}).setdefault(position, column)
    for (name, why), rows in found.items():
        table = plan.tables[name]
        called = {position: table.named(position) for position in rows}
        count = "1 row changes" if len(rows) == 1 else f"{len(rows)} rows change"
        named = some(dict.fromkeys(filter(None, called.values())))
        parts = tuple(
            Notice(Remark.N_WITHOUT_EFFECT, f"{called[position] or name} changes nothing: {why}", table.place(position, column))
            for position, column in rows.items()
        )
        text = f"{name}: {count} nothing, as {why}" + (f": {named}" if named else "")
        yield Notice(Remark.N_WITHOUT_EFFECT, text, parts[0].place, parts if len(parts) > 1 else ())
    yield from _series(plan)
    yield from _names(plan, data)
    yield from _keys(plan, data)


def _series(plan: Plan) -> Iterator[Notice]:
    """What series state for months after the plan, or for months before it when a later one replaces them."""
    calendar = calendar_of(plan.settings)
    for name, table in plan.tables.items():
        cells = [cell for one in table.schema.series for cell in idle_cells(table, one.name, calendar)]
        if cells:
            months = [column.partition(" ")[2] for _, column in cells]
            words = "1 value" if len(cells) == 1 else f"{len(cells)} values"
            text = f"{name}: {words} from {span(months)} on, without effect in any month of the plan"
            yield Notice(Remark.N_WITHOUT_EFFECT, text, table.place(*cells[0]))


def _power(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Options that no region offers, power that is not there and cannot come, supply of what nobody can build."""
    offered = {p for _, p in data.options}
    for position, p in enumerate(plan.tables["options"].column("option_id")):
        if p not in offered:
            yield "options", position, "option_id", "no row of power offers the option"
    power, commitments = plan.tables["power"], plan.tables["commitments"]
    contracts = {(r, p) for r, p, base in commitments.select("region_id", "option_id", "contract_of") if base}  # named below
    for position, (r, p, lead) in enumerate(power.select("region_id", "option_id", "lead_months")):
        if (
            (r, p) not in contracts
            and data.start_mw[r, p] <= 0
            and max(bounds.capacity_mw[r, p]) <= 0
            and lead < len(data.months)
        ):
            yield "power", position, "step_mw_per_month", "nothing is in service and nothing can be added"
    grows = {p for (_, p, _), mw in data.step_mw.items() if mw > 0}
    grows |= {p for r, p in data.options if data.growth_frac_per_month[r, p] > 0 and data.start_mw[r, p] > 0}
    grows |= {base for base, _ in data.project_options.values()}
    for position, p in enumerate(plan.tables["supply"].column("option_id")):
        if p not in grows:
            yield "supply", position, "option_id", "no region can build the option"
    kinds = plan.tables["profiles"].mapping("profile_id", "kind")
    for position, (name, usd) in enumerate(power.select("profile_id", "energy_usd_per_mwh")):
        if usd == 0 and kinds.get(name) == PRICE_SHAPE:
            yield "power", position, "profile_id", "profile_id multiplies energy_usd_per_mwh, which is 0"
    columns = ("option_id", "status", "build_mw", "close_mw")
    for position, (option, status, build, close) in enumerate(commitments.select(*columns)):
        if not build and not close and option not in (SITE, HIBERNATION):
            yield "commitments", position, "build_mw", "build_mw and close_mw are 0"
        elif status not in BINDING:
            yield "commitments", position, "status", f"the order is {status}"
    projects = plan.tables["projects"]
    groups = {(j, group) for j, group in projects.select("project_id", "group") if group}
    members = [group for _, group in groups]
    for position, (option, group) in enumerate(projects.select("option_id", "group")):
        if group and members.count(group) == 1:
            yield "projects", position, "group", "no other project is of the group"
        if option == HALLS and data.boundary == "energy":
            yield "projects", position, "capital_musd", "cost scope energy counts no halls"


def _chip_moves(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Ways on which no chip can ever leave or arrive."""
    reach, months, allowed = first_months(data), len(data.months), set(data.placeable)
    for position, way in enumerate(data.chip_moves):
        before = last_departure(data, way)
        chips = [g for g in data.generations if reach[g].get(way.from_id, months + 1) <= before and goes(way, g, allowed)]
        closed = [data.chip_move_mw.get((way.name, t)) == 0 for t in range(1, months + 1)]
        if not chips or all(closed):
            why = "nothing may leave in any month of the plan" if all(closed) else "no chip that may go there can leave in time"
            yield "chip_moves", position, "to_id", why


def _fuels(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Fuels that no plant of their region burns."""
    fuel_of = plan.tables["options"].mapping("option_id", "fuel_id")
    burnt = {(r, fuel_of[p]) for r, p in data.options}
    for position, pair in enumerate(plan.tables["fuels"].keys):
        if pair not in burnt:
            yield "fuels", position, "fuel_id", "no option of the region burns the fuel"


def _chips(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Generations that the plan neither has nor gets, and stocks of zero."""
    kunit = dict(data.start_dark_kunit)
    there = [(g, installed) for (_, g), installed in data.start_installed_kunit.items()]
    for g, installed in (*there, *((g, arriving) for (_, g, _), arriving in data.arriving_kunit.items())):
        kunit[g] = kunit.get(g, 0.0) + installed
    for (g, _), delivered in data.delivered_kunit.items():
        kunit[g] = kunit.get(g, 0.0) + delivered
    for position, g in enumerate(data.generations):
        if kunit.get(g, 0.0) <= 0:
            yield (
                "accelerators",
                position,
                "generation_id",
                "it has no deliveries in the plan, no fleet and no dark chips",
            )
    columns = ("kunit", "optional_frac", "decline_usd_per_unit", "defer_months", "defer_usd_per_unit_month")
    for position, (number, optional, fee, months, later_fee) in enumerate(plan.tables["deliveries"].select(*columns)):
        if (optional or fee or months) and not (number and optional):
            yield "deliveries", position, "optional_frac", "nothing of the delivery may be declined"
        elif later_fee and not months:
            yield "deliveries", position, "defer_usd_per_unit_month", "defer_months is 0"
    for name in ("fleet", "dark"):
        for position, number in enumerate(plan.tables[name].column("kunit")):
            if number == 0:
                yield name, position, "kunit", "kunit is 0"


def _owners(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Owners without a generation."""
    owners = {h for h in plan.tables["accelerators"].column("owner_id") if h}
    for name in ("owners", "power_rights"):
        for position, h in enumerate(plan.tables[name].column("owner_id")):
            if h not in owners:
                yield name, position, "owner_id", "no generation has the owner"


def _profiles(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Profiles that nobody follows, and those whose mean of the day is the same all year in a plan whose day has one part."""
    table = plan.tables["profiles"]
    named = _profiles_in_use(plan)
    level = {name: profile.local.mean(axis=-1) for name, profile in profiles_of(table, day_shares(plan.settings.days)).items()}
    for position, name in enumerate(table.column("profile_id")):
        if name not in named:
            yield "profiles", position, "profile_id", "no row of power or classes names the profile"
        elif len(data.slices) == 1 and np.ptp(level[name]) < 1e-9 * np.abs(level[name]).max():
            yield "profiles", position, "from_h", "the profile moves within the day alone, and slices = 1"


def _demand(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Classes and zones that ask for nothing, and training runs outside the plan."""
    tables, settings = plan.tables, plan.settings
    paths = by_month(tables["demand"], "start_kh100e", calendar_of(settings))
    asked = {pair for pair, path in zip(tables["demand"].keys, paths, strict=True) if any(path)}
    runs = tables["training_runs"]
    for position, (z, w, path) in enumerate(runs_of(runs, calendar_of(settings))):
        if sum(path) > 0:
            asked.add((z, w))
        else:
            yield "training_runs", position, "from_month", "no run falls into the months of the plan"
    for name, column, asking in (("zones", "zone_id", {z for z, _ in asked}), ("classes", "class_id", {w for _, w in asked})):
        for position, one in enumerate(tables[name].column(column)):
            if one not in asking:
                yield name, position, column, "no demand or training run asks for anything there"


def _law(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Residency of what is not asked, shares that bound nothing, envelopes of nations without a region that draws on them."""
    tables = plan.tables
    asked = {(z, w) for (z, w, _), kh100e in data.demand_kh100e.items() if kh100e > 0}
    bloc_of = tables["zones"].mapping("zone_id", "bloc")
    asking = {(w, bloc_of.get(z, z)) for z, w in asked}
    every = {*tables["regions"].column("bloc"), *tables["designs"].column("bloc")}
    for position, (w, bloc, to) in enumerate(tables["residency"].select("class_id", "from_bloc", "to_blocs")):
        if (w, bloc) not in asking:
            yield "residency", position, "from_bloc", "the bloc asks for nothing of the class"
        elif every.issubset(to):
            yield "residency", position, "to_blocs", "every bloc with a region or a design is allowed"
    resolved = {share.share_id: share for share in data.shares}
    for position, (name, least, most) in enumerate(tables["shares"].select("share_id", "min_frac", "max_frac")):
        if not least and (most is None or most == 1):
            yield "shares", position, "min_frac", "a least share of 0 and a greatest of 1 bind nothing"
        elif not least and name in resolved and not resolved[name].places:
            yield "shares", position, "to", "the plan has no such place"
    if not data.unserved_allowed:
        for position in range(len(tables["targets"])):
            yield "targets", position, "min_served_frac", "all demand must be served"
    of = {each.reservation_id: each for each in data.reservations}
    for position, (name, names) in enumerate(tables["reservations"].select("reservation_id", "from")):
        if names and name in of and not any((*pool, of[name].region_id) in data.servable for pool in of[name].pools):
            yield "reservations", position, "from", "none of that demand may be served in the region"
    drawing = {data.country[r] for r, p in data.options if p in data.national_options}
    for position, country in enumerate(tables["countries"].column("country_iso2")):
        if country not in drawing:
            yield "countries", position, "country_iso2", "no region of the country has an option of national.options"


def _network(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Delays that decide nothing, links and routes without traffic."""
    tables = plan.tables
    carries = {w for w, gbit_s in data.gbit_s_per_kh100e.items() if gbit_s > 0}
    flows = {(z, x) for z, w, x in data.servable if w in carries}
    limited = {w for w, limit_ms in tables["classes"].select("class_id", "latency_ms") if limit_ms is not None}
    waiting = {z for (z, w, _), kh100e in data.demand_kh100e.items() if kh100e > 0 and w in limited}
    targets = [
        (set(endpoints(tables, origins)), set(endpoints(tables, ends)))
        for origins, ends in tables["latency_targets"].select("from", "to")
    ]
    for position, pair in enumerate(tables["latency"].select("from_id", "to_id")):
        promised = any({*pair} & ones and {*pair} & others for ones, others in targets)
        if not promised and not waiting.intersection(pair):
            yield "latency", position, "from_id", "neither place asks for work with a latency limit"
    for position, r in enumerate(tables["links"].column("region_id")):
        if not any(x == r for _, x in flows):
            yield "links", position, "region_id", "the region serves nothing that has traffic"
    for position, (origins, ends) in enumerate(tables["routes"].select("from", "to")):
        zones, places = joined(tables, origins, ends)
        if not flows.intersection((z, x) for z in zones for x in places):
            yield "routes", position, "from", "nothing that has traffic may be served over the route"


def _regions(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Regions that no chip may enter, or that may serve nobody."""
    holds = {r for r, _ in data.placeable} | {r for (r, _), kunit in data.start_installed_kunit.items() if kunit > 0}
    holds |= {r for r, *_ in data.arriving_kunit}
    serves = {x for _, _, x in data.servable}
    for position, r in enumerate(data.regions):
        if r not in holds:
            yield "regions", position, "country_iso2", "no generation may be deployed there"
        elif r not in serves:
            yield "regions", position, "bloc", "no demand may be served from there"


def _orbit(plan: Plan, data: PlanData, bounds: UpperBounds) -> Idle:
    """Designs that can never serve, and launches without a design."""
    holds = {o for o, _ in data.placeable}
    serves = {x for _, _, x in data.servable}
    for position, o in enumerate(data.designs):
        if o not in holds:
            yield "designs", position, "country_iso2", "no generation may be launched with the design"
        elif o not in serves:
            yield "designs", position, "design_id", "no demand may be served from the orbit"
        elif max(bounds.orbit_mw[o]) <= 0:
            yield "designs", position, "design_id", "nothing can be launched in the months of the plan"
        elif not any(design == o for design, _, _ in data.orbit_service_frac):
            yield "designs", position, "commissioning_months", "whatever is launched is commissioned after the plan"
    if not data.designs:
        for position in range(len(plan.tables["launch"])):
            yield "launch", position, "tonnes", "the plan has no orbital design"


def _names(plan: Plan, data: PlanData) -> Iterator[Notice]:
    """Names inside rules that fit no place of the plan."""
    tables = plan.tables
    present = {country for name in ("regions", "designs") for country in tables[name].column("country_iso2")}
    blocs = {bloc for name in ("regions", "designs") for bloc in tables[name].column("bloc")}
    for name, column, known in (
        ("accelerators", "not_countries", present),
        ("accelerators", "only_countries", present),
        ("residency", "to_blocs", blocs),
    ):
        void: dict[str, list[int]] = {}
        for position, words in enumerate(tables[name].column(column)):
            for word in words or ():
                if word not in known:
                    void.setdefault(word, []).append(position)
        if void:
            first = min(positions[0] for positions in void.values())
            rows = len({position for positions in void.values() for position in positions})
            text = f"{name}: {some(void)} in {column} of {rows} row{'s' if rows > 1 else ''} changes nothing,"
            yield Notice(
                Remark.N_WITHOUT_EFFECT,
                f"{text} as no region or design of the plan is there",
                tables[name].place(first, column),
            )


def _keys(plan: Plan, data: PlanData) -> Iterator[Notice]:
    """Keys of the plan file, and parts of a class, that need something which is not there."""
    settings, classes = plan.settings, plan.tables["classes"]
    offered = {p for _, p in data.options}
    idle = [p for p in settings.national.options if p not in offered]
    if idle:
        text = f"national.options: {some(idle)} changes nothing, as no row of power offers it"
        yield Notice(Remark.N_WITHOUT_EFFECT, text, plan.setting_place("national.options"))
    elif settings.national.options and not len(plan.tables["countries"]):
        text = "national.options changes nothing, as countries has no row"
        yield Notice(Remark.N_WITHOUT_EFFECT, text, plan.setting_place("national.options"))
    if len(data.slices) > len(set(data.day_of.values())) and not data.storage_h and not _moves_by_hour(plan):
        text = "slices changes nothing, as no profile in use moves within the day and no option stores energy"
        yield Notice(Remark.N_WITHOUT_EFFECT, text, plan.setting_place("slices"))
    if settings.longest_outage_h and not data.storage_h:
        yield Notice(
            Remark.N_WITHOUT_EFFECT,
            "longest_outage_h changes nothing, as no option stores energy",
            plan.setting_place("longest_outage_h"),
        )
    told = set(plan.tables["profiles"].column("day_type"))
    for day in settings.days:
        if day not in told:
            text = f"days.{day} changes nothing, as no profile tells it from the typical day"
            yield Notice(Remark.N_WITHOUT_EFFECT, text, plan.setting_place(f"days.{day}"))
    if len(data.slices) == len(set(data.day_of.values())):
        moves = [position for position, frac in enumerate(classes.column("flexible_frac")) if frac > 0]
        if moves:
            named = some(classes.column("class_id")[position] for position in moves)
            text = f"classes: flexible_frac of {named} changes nothing, as the days of this plan have one part (slices)"
            yield Notice(Remark.N_WITHOUT_EFFECT, text, classes.place(moves[0], "flexible_frac"))
    value = data.value_usd_per_h100e_h
    worth_more = {w for (w, t), usd in data.core_value_usd_per_h100e_h.items() if usd > value[w, t]}
    rows = classes.select("class_id", "core_frac", "core_value_usd_per_h100e_h", "weight")
    for position, (w, core, usd, weight) in enumerate(rows):
        if core > 0 and w not in worth_more:
            text = f"classes: core_frac of {w} changes nothing, as its core is worth no more than the rest"
            yield Notice(Remark.N_WITHOUT_EFFECT, text, classes.place(position, "core_frac"))
        elif core == 0 and usd is not None:
            text = f"classes: core_value_usd_per_h100e_h of {w} changes nothing, as core_frac is 0"
            yield Notice(Remark.N_WITHOUT_EFFECT, text, classes.place(position, "core_value_usd_per_h100e_h"))
        if weight != 1 and data.mode == "value":
            text = f"classes: weight of {w} changes nothing, as objective is value"
            yield Notice(Remark.N_WITHOUT_EFFECT, text, classes.place(position, "weight"))


def _moves_by_hour(plan: Plan) -> bool:
    """Whether a profile that tells the hours of the day apart is in use, sunlight included."""
    hourly = {name for name, hour in plan.tables["profiles"].select("profile_id", "from_h") if hour is not None}
    return bool((hourly | {SUN}) & _profiles_in_use(plan))


def _profiles_in_use(plan: Plan) -> set[str]:
    columns = (("power", "profile_id"), ("power", "availability_profile_id"), ("classes", "profile_id"))
    return {name for table, column in columns for name in plan.tables[table].column(column)}
