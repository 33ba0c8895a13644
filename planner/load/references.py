"""What only several tables together can get wrong: names that point nowhere, rows without their partner, months in disorder."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from planner.load.extends import Chain
from planner.load.months import month_names
from planner.load.places import Findings, Notice, Place, nearest, shown
from planner.load.table import Table
from planner.load.yaml_reader import Entry

if TYPE_CHECKING:
    from planner.load.settings import Settings

ORBIT = "orbit"

POINTERS = (
    # table, column, table that it points to, column there
    ("power", "region_id", "regions", "region_id"),
    ("power", "option_id", "options", "option_id"),
    ("fuels", "region_id", "regions", "region_id"),
    ("supply", "option_id", "options", "option_id"),
    ("deliveries", "generation_id", "accelerators", "generation_id"),
    ("fleet", "region_id", "regions", "region_id"),
    ("fleet", "generation_id", "accelerators", "generation_id"),
    ("dark", "generation_id", "accelerators", "generation_id"),
    ("demand", "zone_id", "zones", "zone_id"),
    ("demand", "class_id", "classes", "class_id"),
    ("residency", "class_id", "classes", "class_id"),
    ("launch_price", "design_id", "designs", "design_id"),
    ("links", "region_id", "regions", "region_id"),
)


def check_references(
    settings: Settings, tables: dict[str, Table], chain: Chain, broken: set[str], findings: Findings, notices: list[Notice]
) -> None:
    """Adds to `findings` and `notices`. A check that needs a table in which something was refused is left out."""
    checks = _Checks(settings, tables, chain, findings, notices)
    for needed, check in (
        *((frozenset((table, target)), checks.pointer(*pointer)) for pointer in POINTERS for table, _, target, _ in [pointer]),
        (("regions", "designs"), checks.places_are_apart),
        (("power", "commitments"), checks.commitments_have_power),
        (("power", "options", "fuels"), checks.fuels_are_priced),
        (("power", "options"), checks.grids_have_carbon),
        (("supply",), checks.supply_has_every_month),
        (("fleet", "accelerators", "regions"), checks.fleet_is_older),
        (("residency", "regions", "designs", "zones"), checks.residency_blocs_exist),
        (("zones", "demand"), checks.zones_ask),
        (("shares", "classes", "zones", "regions", "designs"), checks.shares_make_sense),
        (("designs", "launch", "launch_price"), checks.designs_can_be_launched),
        (("designs",), checks.designs_can_fly),
        (("options", "countries"), checks.national_options_exist),
        (("deliveries", "supply", "launch", "launch_price", "commitments"), checks.months_are_inside),
    ):
        if not broken.intersection(needed):
            check()


class _Checks:
    def __init__(
        self, settings: Settings, tables: dict[str, Table], chain: Chain, findings: Findings, notices: list[Notice]
    ) -> None:
        self.settings = settings
        self.tables = tables
        self.chain = chain
        self.findings = findings
        self.notices = notices
        self.months = month_names(settings.start, settings.months)

    def pointer(self, table: str, column: str, target: str, target_column: str) -> Callable[[], None]:
        """A check that every value of a column stands in a column of another table."""

        def check() -> None:
            valid = set(self.tables[target].column(target_column))
            self._known(self.tables[table], column, valid, f"a {target_column} of {self._file(target)}")

        return check

    def places_are_apart(self) -> None:
        regions = self.tables["regions"]
        designs = self.tables["designs"]
        for position, (design,) in enumerate(designs.select("design_id")):
            if (design,) in regions.index:
                where = regions.rows[regions.index[design,]]
                at = designs.place(position, "design_id")
                self.findings.add(at, f"design_id = {design}: also a region ({where.source.shown}:{where.line})", design)
        for table, column in (("regions", "region_id"), ("designs", "design_id"), ("regions", "bloc"), ("designs", "bloc")):
            for position, name in enumerate(self.tables[table].column(column)):
                if name == ORBIT:
                    at = self.tables[table].place(position, column)
                    self.findings.refuse(at, column, name, "another name", "in shares, orbit means every design")

    def commitments_have_power(self) -> None:
        commitments, power = self.tables["commitments"], self.tables["power"]
        for position, (region, option) in enumerate(commitments.select("region_id", "option_id")):
            if (region, option) not in power.index:
                at = commitments.place(position, "option_id")
                self.findings.add(at, f"{region}, {option}: no such row in {self._file('power')}", option, "a row of power")

    def fuels_are_priced(self) -> None:
        power, options, fuels = self.tables["power"], self.tables["options"], self.tables["fuels"]
        for position, (option, rate, fuel) in enumerate(options.select("option_id", "heat_rate_mmbtu_per_mwh", "fuel_id")):
            if bool(rate) != bool(fuel):
                column, expected = ("fuel_id", "the fuel it burns") if rate else ("heat_rate_mmbtu_per_mwh", "a number > 0")
                text = f"{option}: {column} = {shown(fuel or '') if rate else rate:}: expected {expected}"
                self.findings.add(options.place(position, column), text, "", expected)
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
                text = f"no price of {fuel} in {self._file('fuels')} for {_some(regions)}"
                self.findings.add(first[fuel], text, fuel, "a row of fuels")

    def grids_have_carbon(self) -> None:
        power, options = self.tables["power"], self.tables["options"]
        own = options.mapping("option_id", "carbon_kg_per_mwh")
        for position, (option, carbon) in enumerate(power.select("option_id", "carbon_kg_per_mwh")):
            if carbon is None and option in own and own[option] is None:
                at = power.place(position, "carbon_kg_per_mwh")
                hint = f"{option} has none in {self._file('options')} either"
                self.findings.refuse(at, "carbon_kg_per_mwh", "", "a number in kg per MWh", hint)

    def supply_has_every_month(self) -> None:
        self._every_month("supply", "option_id")

    def fleet_is_older(self) -> None:
        fleet = self.tables["fleet"]
        for position, (first, last) in enumerate(fleet.select("delivered_from", "delivered_to")):
            if first > last:
                at = fleet.place(position, "delivered_to")
                self.findings.refuse(at, "delivered_to", last, f"a month from delivered_from = {first} on")
            elif last >= self.settings.start:
                at = fleet.place(position, "delivered_to")
                self.findings.refuse(at, "delivered_to", last, f"a month before the start of the plan, {self.settings.start}")

    def residency_blocs_exist(self) -> None:
        blocs = {bloc for name in ("regions", "designs", "zones") for bloc in self.tables[name].column("bloc")}
        self._known(self.tables["residency"], "from_bloc", blocs, "a bloc of zones, regions or designs")
        self._known_list(self.tables["residency"], "to_blocs", blocs, "blocs of zones, regions or designs")

    def zones_ask(self) -> None:
        asking = set(self.tables["demand"].column("zone_id"))
        zones = self.tables["zones"]
        for position, (zone,) in enumerate(zones.select("zone_id")):
            if zone not in asking:
                at = zones.place(position, "zone_id")
                self.findings.add(at, f"zone_id = {zone}: no row in {self._file('demand')}", zone, "a row of demand")

    def shares_make_sense(self) -> None:
        shares = self.tables["shares"]
        places = {*self.tables["regions"].column("region_id"), *self.tables["regions"].column("bloc"), ORBIT}
        places |= {*self.tables["designs"].column("design_id"), *self.tables["designs"].column("bloc")}
        askers = {*self.tables["zones"].column("zone_id"), *self.tables["zones"].column("bloc"), "*"}
        self._known(shares, "class_id", {*self.tables["classes"].column("class_id"), "*"}, "a class, or *")
        self._known(shares, "from_bloc", askers, "a bloc or zone, or *")
        self._known_list(shares, "to", places, "regions, designs, blocs, or orbit")
        for position, (least, most) in enumerate(shares.select("min_frac", "max_frac")):
            if least is None and most is None:
                at = shares.place(position, "min_frac")
                self.findings.add(
                    at, "min_frac and max_frac are both empty: expected one of them", "", "a least or greatest share"
                )
            elif least is not None and most is not None and least > most:
                at = shares.place(position, "min_frac")
                self.findings.refuse(at, "min_frac", f"{least:g}", f"at most max_frac = {most:g}")
        for position, (first, last) in enumerate(shares.select("from_month", "to_month")):
            if first and last and first > last:
                self.findings.refuse(shares.place(position, "to_month"), "to_month", last, f"a month from {first} on")
            elif (first or self.months[0]) > self.months[-1] or (last or self.months[-1]) < self.months[0]:
                share = shares.column("share_id")[position]
                self.notices.append(Notice("warning", f"share {share} speaks of no month of the plan", shares.place(position)))

    def designs_can_be_launched(self) -> None:
        designs = self.tables["designs"]
        if not len(designs):
            return
        for name in ("launch", "launch_price"):
            if not len(self.tables[name]):
                text = f"table {name} has no rows: expected every month of the plan, since {self._file('designs')} has rows"
                self.findings.add(self._table_place(name), text, name, "rows")
        if len(self.tables["launch"]):
            self._every_month("launch", None)
        prices = self.tables["launch_price"]
        if len(prices):
            priced = set(prices.column("design_id"))
            for position, (design,) in enumerate(designs.select("design_id")):
                if design not in priced:
                    at = designs.place(position, "design_id")
                    self.findings.add(at, f"design_id = {design}: no row in {self._file('launch_price')}", design, "a row")
            self._every_month("launch_price", "design_id")

    def designs_can_fly(self) -> None:
        from planner.load.prepare_orbit import orbital_designs

        for position, design in enumerate(orbital_designs(self.tables["designs"])):
            for problem in design.problems():
                at = self.tables["designs"].place(position, problem.field)
                value = "(empty)" if problem.value is None else problem.value
                text = f"{problem.field} = {shown(value)}: {problem.reason}"
                self.findings.add(at, text, str(value), problem.reason)

    def national_options_exist(self) -> None:
        known = self.tables["options"].column("option_id")
        stated = self.settings.national.options
        at = self._setting_place("national", "options")
        for option in stated:
            if option not in known:
                self.findings.refuse(at, "national.options", option, "options of the table options", nearest(option, known))
        if len(self.tables["countries"]) and not stated:
            self.findings.add(
                at, "national.options is empty: expected the options that draw on a nation's growth", "", "options"
            )

    def months_are_inside(self) -> None:
        inside = set(self.months)
        for name in ("deliveries", "supply", "launch", "launch_price", "commitments"):
            table = self.tables[name]
            outside = [position for position, month in enumerate(table.column("month")) if month not in inside]
            if outside:
                months = sorted({table.column("month")[position] for position in outside})
                span = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
                text = f"{len(outside)} rows of {name} are outside the plan and ignored ({span})"
                self.notices.append(Notice("warning", text, table.place(outside[0], "month")))

    def _every_month(self, name: str, column: str | None) -> None:
        """Rows for every month of the plan, of each value of a column."""
        table = self.tables[name]
        present: dict[str, set[str]] = {}
        last: dict[str, int] = {}
        groups = table.column(column) if column else [""] * len(table)
        for position, (group, month) in enumerate(zip(groups, table.column("month"), strict=True)):
            present.setdefault(group, set()).add(month)
            last[group] = position
        for group, months in present.items():
            missing = [month for month in self.months if month not in months]
            if missing:
                what = f"{group}: " if group else ""
                text = f"{what}{name} lacks {_some(missing)}: expected every month of the plan"
                self.findings.add(table.place(last[group], "month"), text, missing[0], "every month of the plan")

    def _known(self, table: Table, column: str, valid: set[Any], expected: str) -> None:
        for position, value in enumerate(table.column(column)):
            if value not in valid:
                self.findings.refuse(table.place(position, column), column, value, expected, nearest(str(value), sorted(valid)))

    def _known_list(self, table: Table, column: str, valid: set[str], expected: str) -> None:
        for position, values in enumerate(table.column(column)):
            for value in values or ():
                if value not in valid:
                    at = table.place(position, column)
                    self.findings.refuse(at, column, value, expected, nearest(value, sorted(valid)))

    def _file(self, name: str) -> str:
        table = self.tables[name]
        return table.rows[0].source.name if len(table) else f"the table {name}"

    def _setting_place(self, *path: str) -> Place:
        here = self.chain.merged
        for part in path:
            if not isinstance(here.value, dict) or part not in here.value:
                break
            here = here.value[part]
        return here.place

    def _table_place(self, name: str) -> Place:
        here: Entry = self.chain.merged.value["tables"]
        return here.value[name].place if name in here.value else here.key_place


def _some(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
