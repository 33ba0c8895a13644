"""Power: the fleet at the start, stock and steps of blocs, plants on site, racks."""

from __future__ import annotations

from collections.abc import Iterator

from comparisons.world import Check, World, electricity_of_ai_twh
from derivation.places import BLOCS

HOURS = 8760
IEA_BLOC = {"US": "bloc_us", "China": "bloc_china", "Europe": "bloc_europe", "APAC": "bloc_apac_ex_china", "RoW": "bloc_row"}


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
    least, share, most = electricity_of_ai_twh(w.ev, 1.5)
    yield Check(
        "fleet times draw times PUE against IEA's AI electricity in January 2027",
        drawn,
        share,
        "TWh a year",
        least / share,
        most / share,
        "the share of AI in 2025 is known as 20 to 45 %",
    )


def mid_2026_mw(w: World, bloc: str) -> float:
    """Stock of data centres that IEA's electricity of 2024 makes, grown at its own rate to 2030."""
    row = {"region_id": bloc, "metric": "dc_electricity"}
    first, last = (float(w.ev.look("power_growth", "value", 0, **row, year=year)) for year in ("2024", "2030"))
    return float(first * (last / first) ** (2 / 6) * 1e6 / HOURS / w.judged("draw_frac"))


def sites_and_blocs(w: World) -> Iterator[Check]:
    """Bloc totals follow IEA, and the sites by their own counts are a large part of them and no more than all."""
    world_mw = sum(w.judged(f"dc_power_mid_2026_mw_{bloc}") for bloc in BLOCS)
    yield Check(
        "stock of data centres, all blocs, against the world of IEA",
        world_mw / 1000,
        mid_2026_mw(w, "bloc_world") / 1000,
        "GW",
        0.95,
        1.05,
        "nothing is lost between bloc and world",
    )
    for bloc in BLOCS:
        stock = w.judged(f"dc_power_mid_2026_mw_{bloc}")
        yield Check(
            f"stock of data centres, {bloc}, against IEA grown at its own rate",
            stock / 1000,
            mid_2026_mw(w, IEA_BLOC[bloc]) / 1000,
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


def racks(w: World) -> Iterator[Check]:
    """Power per compute of what is delivered today against sites that satellites see."""
    ours = w.chips["gb200_nvl72"]["kw_per_unit"] / w.chips["gb200_nvl72"]["h100e_per_unit"]
    site = w.stated("supplement", topic="it_power_of_sites", item="openai_stargate_abilene", metric="it_kw_per_h100e")
    yield Check(
        "IT power per H100e of GB200 against Abilene", ours, site, "kW", 0.7, 1.1, "halls are built before they are full"
    )
