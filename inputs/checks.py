"""Compare the shipped tables with public totals that they were not made from, and print each comparison.

    python inputs/checks.py

Each check states two numbers, their ratio and the range within which it agrees. `tests/inputs/test_checks.py` fails where one
does not, so an input that leaves the published world is refused before it reaches an answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derivation.chips import new_compute
from derivation.evidence import INPUTS, Evidence, Row
from derivation.places import BLOCS
from derive import derive

HOURS = 8760
IEA_BLOC = {"US": "bloc_us", "China": "bloc_china", "Europe": "bloc_europe", "APAC": "bloc_apac_ex_china", "RoW": "bloc_row"}
NVIDIA = ("h100_sxm", "gb200_nvl72", "gb300_nvl72", "vr_nvl72", "nv_next")
TPU = ("tpu_v6e", "tpu_v7_ironwood", "tpu_next")
GBIT_PER_BN = 1e9 / 8


@dataclass(frozen=True)
class Check:
    """Ours over theirs, and the range of that ratio within which the two agree."""

    what: str
    ours: float
    theirs: float
    unit: str
    low: float
    high: float
    why: str

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def agrees(self) -> bool:
        return self.low <= self.ratio <= self.high


class World:
    """The evidence and the tables made from it, with the sums that several checks need."""

    def __init__(self, ev: Evidence) -> None:
        self.ev = ev
        self.tables = derive(ev)
        self.chips = {row["generation_id"]: row for row in self.tables["accelerators"]}

    def judged(self, key: str) -> float:
        return self.ev.judge(key)

    def stated(self, table: str, **where: str) -> float:
        return self.ev.number(table, **where)

    def packages(self, year: int) -> dict[str, float]:
        """Packages delivered in a year outside China, by generation."""
        if year > 2026:
            rows = [row for row in self.tables["deliveries"] if row["month"].startswith(str(year))]
            found: dict[str, float] = {}
            for row in rows:
                if self.chips[row["generation_id"]]["only_countries"] != "CN":
                    found[row["generation_id"]] = found.get(row["generation_id"], 0.0) + 1000 * row["kunit"]
            return found
        share = {key[9:]: self.judged(key) for key in self.ev.judgements if key.startswith("mix_2026_")}
        return {gid: new_compute(self.ev, year) * part / self.chips[gid]["h100e_per_unit"] for gid, part in share.items()}


def power_at_start(w: World) -> Iterator[Check]:
    """The fleet is installed where power is, and what it draws is what is known of AI's electricity."""
    pue = {row["region_id"]: row["pue"] for row in w.tables["regions"]}
    firm = {row["option_id"]: row["firm_frac"] for row in w.tables["options"]}
    kw = {gid: chip["kw_per_unit"] for gid, chip in w.chips.items()}
    need = sum(row["kunit"] * kw[row["generation_id"]] * pue[row["region_id"]] for row in w.tables["fleet"])
    have = sum(row["start_mw"] * firm[row["option_id"]] for row in w.tables["power"])
    yield Check(
        "fleet times PUE against firm power at the start",
        need * w.judged("nameplate_frac") / 1000,
        have / 1000,
        "GW",
        0.9,
        1.0,
        "chips fill what is there but for what is in commissioning",
    )
    drawn = need * w.judged("draw_frac") * HOURS / 1e6
    where = {"topic": "ai_share", "metric": "ai_share_of_data_centre_electricity_bottom_up"}
    least, share, most = (float(w.ev.look("supplement", end, **where)) / 100 for end in ("low", "value", "high"))
    of_2025 = w.stated("compute_demand", metric="dc_electricity_world") * (
        1 + w.stated("compute_demand", metric="dc_electricity_growth") / 100
    )
    tripled = w.stated("compute_demand", metric="ai_focused_dc_electricity_growth_2025_2030")
    yield Check(
        "fleet times draw times PUE against IEA's AI electricity in January 2027",
        drawn,
        of_2025 * share * tripled ** (1.5 / 5),
        "TWh a year",
        least / share,
        most / share,
        "the share of AI in 2025 is known as 20 to 45 %",
    )


def sites_and_blocs(w: World) -> Iterator[Check]:
    """Bloc totals follow IEA, and the sites by their own counts are a large part of them and no more than all."""
    load = w.judged("draw_frac")
    world_mw = sum(w.judged(f"dc_power_mid_2026_mw_{bloc}") for bloc in BLOCS)
    world = {
        y: float(w.ev.look("power_growth", "value", 0, region_id="bloc_world", metric="dc_electricity", year=y))
        for y in ("2024", "2030")
    }
    iea_world_mw = world["2024"] * (world["2030"] / world["2024"]) ** (2 / 6) * 1e6 / HOURS / load
    yield Check(
        "stock of data centres, all blocs, against the world of IEA",
        world_mw / 1000,
        iea_world_mw / 1000,
        "GW",
        0.95,
        1.05,
        "nothing is lost between bloc and world",
    )
    for bloc in BLOCS:
        region = IEA_BLOC[bloc]
        first = float(w.ev.look("power_growth", "value", 0, region_id=region, metric="dc_electricity", year="2024"))
        last = float(w.ev.look("power_growth", "value", 0, region_id=region, metric="dc_electricity", year="2030"))
        iea_mw = first * (last / first) ** (2 / 6) * 1e6 / HOURS / load
        stock = w.judged(f"dc_power_mid_2026_mw_{bloc}")
        yield Check(
            f"stock of data centres, {bloc}, against IEA grown at its own rate",
            stock / 1000,
            iea_mw / 1000,
            "GW",
            0.95,
            1.05,
            "one method for every bloc",
        )
        sites = [row for row in w.tables["regions"] if row["bloc"] == bloc]
        for metric, total, least in (
            ("model_dc_power_mid_2026", stock, 0.6),
            ("model_new_grid_power", w.judged(f"new_grid_power_mw_per_year_{bloc}") / 12, 0.75),
        ):
            listed = sum(w.stated("power_growth", region_id=row["region_id"], metric=metric) for row in sites)
            yield Check(
                f"sites of {bloc} against their bloc, {metric}",
                listed / 1000,
                total / 1000,
                "GW" if metric.endswith("2026") else "GW a month",
                least,
                1.0,
                "what is not listed is carried by the listed sites",
            )


def steps_and_additions(w: World) -> Iterator[Check]:
    """The step lies between the last additions and what of the plans comes on time; plants on site follow what was built."""
    us = w.judged("new_grid_power_mw_per_year_US") / 1000
    added = w.stated("power_growth", region_id="bloc_us", metric="dc_power_added", year="2025") / 1000
    planned = w.stated("power_growth", region_id="bloc_us", metric="dc_power_planned", year="2026") / 1000
    yield Check(
        "step of the United States against what was added in 2025", us, added, "GW a year", 1.0, 1.6, "it has not fallen"
    )
    yield Check("step of the United States against the plans of 2026", us, planned, "GW a year", 0.4, 0.72, "72 % come on time")
    fuelled = {
        row["option_id"] for row in w.tables["power"] if row["option_id"] in ("gas_reciprocating", "gas_ocgt", "fuel_cell_sofc")
    }
    supply = sum(row["mw"] for row in w.tables["supply"] if row["option_id"] in fuelled and row["month"] < "2028")
    built = w.stated("supplement", topic="supply_limit", item="on_site_plants", metric="built_in_18_months") / 1.5
    yield Check(
        "supply of fuelled plants in 2027 against what was built a year to mid-2026",
        supply / 1000,
        built,
        "GW a year",
        1.0,
        4.5,
        "at most a little more than two doublings",
    )


def deliveries(w: World) -> Iterator[Check]:
    """Packages against analysts, packaging wafers and memory."""
    for year in (2026, 2027, 2028):
        packages = w.packages(year)
        for item, kinds in (("nvidia", NVIDIA), ("google_tpu", TPU)):
            where = {"topic": "packages", "item": item, "metric": "units_forecast", "year": str(year)}
            if w.ev.has("supplement", **where):
                yield Check(
                    f"packages of {item} in {year} against analysts",
                    sum(packages.get(gid, 0.0) for gid in kinds) / 1e6,
                    w.stated("supplement", **where) / 1e6,
                    "M packages",
                    0.85,
                    1.15,
                    "a forecast of one house is no better than that",
                )
    wafers = w.stated("supplement", topic="supply_chain", item="cowos", metric="packages_per_wafer")
    for year in (2026, 2027):
        packages = w.packages(year)
        capacity = w.stated("supplement", topic="supply_chain", item="cowos", metric="capacity", year=str(year))
        yield Check(
            f"packaging wafers of {year} against capacity",
            sum(packages.values()) / wafers / 1000,
            capacity / 1000,
            "thousand wafers",
            0.4,
            1.0,
            "Chinese makers, networks and others take the rest",
        )
        memory = sum(count * memory_gb(w, gid) * 8 for gid, count in packages.items()) / 1e9
        made = w.stated("supplement", topic="supply_chain", item="hbm", metric="demand", year=str(year))
        yield Check(
            f"memory of the packages of {year} against demand for HBM",
            memory,
            made,
            "bn Gbit",
            0.5,
            1.0,
            "stocks and others take the rest",
        )


def memory_gb(w: World, gid: str) -> float:
    """Memory of a package; of one that is not released, that of Rubin."""
    evidence_id = w.ev.look("generations", "accelerator_id", generation_id=gid) or "vr_nvl72"
    return float(w.ev.look("accelerators", "memory_gb", accelerator_id=evidence_id))


def demand(w: World) -> Iterator[Check]:
    """Demand grows as deliveries do, and not away from every chip that will ever be made."""
    start = sum(row["start_kh100e"] for row in w.tables["demand"]) / 1000
    end = start * 2 ** (36 / w.judged("plan.demand.doubling_months"))
    rate = {gid: chip["h100e_per_unit"] for gid, chip in w.chips.items()}
    ever = (
        sum(row["kunit"] * rate[row["generation_id"]] for name in ("fleet", "dark", "deliveries") for row in w.tables[name])
        / 1000
    )
    yield Check(
        "demand at the end against all chips ever", end, ever, "M H100e", 0.7, 1.5, "demand is not known apart from supply"
    )


def racks(w: World) -> Iterator[Check]:
    """Power per compute of what is delivered today against sites that satellites see."""
    ours = w.chips["gb200_nvl72"]["kw_per_unit"] / w.chips["gb200_nvl72"]["h100e_per_unit"]
    site = w.stated("supplement", topic="it_power_of_sites", item="openai_stargate_abilene", metric="it_kw_per_h100e")
    yield Check(
        "IT power per H100e of GB200 against Abilene", ours, site, "kW", 0.7, 1.1, "halls are built before they are full"
    )


CHECKS: tuple[Callable[[World], Iterator[Check]], ...] = (
    power_at_start,
    sites_and_blocs,
    steps_and_additions,
    deliveries,
    demand,
    racks,
)


def checked(ev: Evidence) -> list[Check]:
    world = World(ev)
    return [check for find in CHECKS for check in find(world)]


def as_row(check: Check) -> Row:
    return {
        "": "agrees" if check.agrees else "DIFFERS",
        "what": check.what,
        "ours": f"{check.ours:,.3g}",
        "theirs": f"{check.theirs:,.3g} {check.unit}",
        "ratio": f"{check.ratio:.2f}",
        "agrees within": f"{check.low:g} to {check.high:g}, {check.why}",
    }


def main() -> None:
    found = checked(Evidence(INPUTS / "evidence"))
    rows = [as_row(check) for check in found]
    lines = [list(rows[0]), ["---"] * len(rows[0]), *(list(row.values()) for row in rows)]
    sys.stdout.writelines(f"| {' | '.join(line)} |\n" for line in lines)
    if not all(check.agrees for check in found):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
