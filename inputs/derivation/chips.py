"""Accelerators: what a unit is, how many are delivered, and where those that exist today are."""

from __future__ import annotations

from derivation.evidence import Evidence, Row, both, made_from
from derivation.months import MONTHS, YEARS, blend, spread

FLEETS = {  # key in judgements: vendor in chip_supply.csv
    "nvidia": "NVIDIA",
    "tpu": "Google TPU",
    "amd": "AMD",
    "trainium": "Amazon Trainium",
}
H100_TFLOPS = 989.5
WRITTEN = 1e-5  # tables have six digits: a fleet that fills its halls to the last of them would not fit
RACK_SYSTEMS = ("gb200_nvl72", "gb300_nvl72", "vr_nvl72", "nv_next", "mi_next")  # power known of the rack alone


def accelerators(ev: Evidence) -> list[Row]:
    rows = []
    for chip in ev.tables["generations"]:
        gid = chip["generation_id"]
        evidence_id = ev.look("generations", "accelerator_id", generation_id=gid)
        row = {
            "generation_id": gid,
            "name": chip["name"],
            "h100e_per_unit": h100e_per_unit(ev, gid, evidence_id),
            "kw_per_unit": kw_per_unit(ev, gid, evidence_id),
            "draw_frac": ev.judge("draw_frac"),
            "idle_frac": ev.judge("idle_frac"),
            "price_usd_per_unit": price_usd_per_unit(ev, gid, evidence_id),
            "life_years": ev.judge("life_years"),
            "failure_frac_per_year": ev.judge("failure_frac_per_year"),
            "install_usd_per_unit": ev.judge("install_usd_per_unit"),
            "carry_usd_per_unit_month": ev.judge("carry_usd_per_unit_month"),
            "only_countries": chip["only_countries"],
            "not_countries": chip["not_countries"],
            "owner_id": chip["owner_id"],
        }
        rows.append({**row, **ev.trace()})
    return rows


def owners(ev: Evidence) -> list[Row]:
    """Who keeps accelerators; their shares of power follow from their chips."""
    rows = []
    for owner in ev.tables["owners"]:
        name = ev.look("owners", "name", owner_id=owner["owner_id"])
        rows.append({"owner_id": owner["owner_id"], "name": name, **ev.trace()})
    return rows


def h100e_per_unit(ev: Evidence, gid: str, evidence_id: str) -> float:
    if not evidence_id:
        return ev.judge(f"h100e_per_unit_{gid}")
    h100e = ev.number("accelerators", "dense_bf16_tflops", accelerator_id=evidence_id) / H100_TFLOPS
    return h100e * ev.judge("vr_compute_factor") if gid == "vr_nvl72" else h100e


def kw_per_unit(ev: Evidence, gid: str, evidence_id: str) -> float:
    """IT power of a unit with its share of server, rack and network: of the system where known, else from the chip's rating."""
    racks = ev.judge("rack_power_factor") if gid in RACK_SYSTEMS else 1
    if not evidence_id:
        return ev.judge(f"kw_per_unit_{gid}") * racks
    if watt := ev.look("accelerators", "all_in_server_w_per_accelerator", accelerator_id=evidence_id):
        return float(watt) / 1000 * racks * (ev.judge("tpu_v7_power_factor") if gid == "tpu_v7_ironwood" else 1)
    factor = ev.judge("server_over_chip_power_tpu" if gid.startswith("tpu") else "server_over_chip_power_other")
    return ev.number("accelerators", "chip_tdp_w", accelerator_id=evidence_id) / 1000 * factor


def price_usd_per_unit(ev: Evidence, gid: str, evidence_id: str) -> float:
    if f"price_usd_per_unit_{gid}" in ev.judgements:
        return ev.judge(f"price_usd_per_unit_{gid}")
    return ev.number("accelerators", "price_usd_per_accelerator", accelerator_id=evidence_id)


def new_compute(ev: Evidence, year: int) -> float:
    """H100e delivered in a year by all makers outside China."""
    if year > 2028:
        return ev.judge(f"compute_{year}_h100e")
    return ev.number("chip_supply", metric="model_new_compute", period=str(year))


def mix_of(ev: Evidence, gid: str) -> dict[int, float]:
    keys = {year: f"mix_{year}_{gid}" for year in YEARS}
    return {year: ev.judge(key) if key in ev.judgements else 0.0 for year, key in keys.items()}


def deliveries(ev: Evidence) -> list[Row]:
    outside = [row["generation_id"] for row in ev.tables["generations"] if row["only_countries"] != "CN"]
    shares = {gid: blend(mix_of(ev, gid)) for gid in outside}
    whole = [sum(column) for column in zip(*shares.values(), strict=True)]
    world = spread({year: new_compute(ev, year) for year in YEARS})
    h100e = {gid: [w * s / all_ for w, s, all_ in zip(world, share, whole, strict=True)] for gid, share in shares.items()}
    traces = dict.fromkeys(outside, ev.trace())

    china = spread({year: ev.judge(f"china_compute_{year}_h100e") for year in YEARS})
    newer = blend({year: ev.judge(f"china_mix_{year}_ascend_next") for year in YEARS})
    h100e["ascend_910c"] = [c * (1 - n) for c, n in zip(china, newer, strict=True)]
    h100e["ascend_next"] = [c * n for c, n in zip(china, newer, strict=True)]
    traces["ascend_910c"] = traces["ascend_next"] = ev.trace()
    h100e["h800_cn"] = [ev.judge(f"china_import_{month[:4]}_h100e") / 12 for month in MONTHS]
    traces["h800_cn"] = ev.trace()

    units = {row["generation_id"]: row["h100e_per_unit"] for row in accelerators(ev)}
    rows = []
    for gid, months in h100e.items():
        for month, value in zip(MONTHS, months, strict=True):
            if value > 0:
                rows.append({"generation_id": gid, "month": month, "kunit": value / units[gid] / 1000, **traces[gid]})
    return rows


def stock(ev: Evidence, chips: dict[str, Row]) -> dict[str, Row]:
    """Per generation: kunit alive at the start, of before 2026 and of 2026, and the first and last month of delivery."""
    found = {}
    for gid, chip in chips.items():
        old = sum(
            ev.number("chip_supply", vendor=vendor, metric="cumulative_compute", period="2025Q4") * ev.judge(key)
            for fleet, vendor in FLEETS.items()
            if (key := f"fleet_share_{fleet}_{gid}") in ev.judgements
        )
        new = new_compute(ev, 2026) * ev.judge(key) if (key := f"mix_2026_{gid}") in ev.judgements else 0.0
        if (key := f"china_stock_2025_{gid}") in ev.judgements:
            old = ev.judge(key)
        if gid == "ascend_910c":
            new = ev.judge("china_compute_2026_h100e")  # the little that is newer counts here
        if old + new == 0:
            ev.trace()
            continue
        evidence_id = ev.look("generations", "accelerator_id", generation_id=gid)
        released = ev.look("accelerators", "release_date", accelerator_id=evidence_id)[:7]
        last_key = f"last_delivery_year_{gid}"
        last = int(ev.judge(last_key if last_key in ev.judgements else "last_delivery_year_other"))
        first_year = int(released[:4]) + (int(released[5:]) - 1) / 12
        age_old = 2027 - (first_year + min(last + 1, 2026)) / 2
        alive = 1 - chip["failure_frac_per_year"]
        per_kunit = 1000 * chip["h100e_per_unit"]
        found[gid] = {
            "old": old * alive**age_old / per_kunit,
            "new": new * alive**0.5 / per_kunit,
            "from": released,
            "to": f"{last}-12",
            "trace": ev.trace(),
        }
    return found


def fleet_and_dark(ev: Evidence, sites: list[Row], chips: dict[str, Row]) -> tuple[list[Row], list[Row]]:
    """Chips by bloc, inside a bloc by AI power. What the power of a bloc cannot house is dark, the newest chips first."""
    held = stock(ev, chips)
    blocs = ("US", "Europe", "APAC", "RoW")
    share = {bloc: ev.judge(f"fleet_share_{bloc}") for bloc in blocs}
    share = {bloc: value / sum(share.values()) for bloc, value in share.items()}
    by_bloc = ev.trace()
    fed = ev.judge("start_fill_frac") / ev.judge("nameplate_frac")
    fill = min(fed, ev.judge("hall_start_slack") * (1 - WRITTEN))  # IT MW that power and halls take, per IT MW of firm power
    fit = ev.trace()
    rows: list[Row] = []
    dark: dict[str, float] = {}
    for bloc in (*blocs, "China"):
        here = [site for site in sites if site["bloc"] == bloc]
        mine = {g: s for g, s in held.items() if (chips[g]["only_countries"] == "CN") == (bloc == "China")}
        part = share.get(bloc, 1.0)
        trace = fit if bloc == "China" else both(by_bloc, fit)
        room = sum(fill * site["firm_mw"] / site["pue"] for site in here)
        load = {age: part * sum(s[age] * chips[g]["kw_per_unit"] for g, s in mine.items()) for age in ("old", "new")}
        excess = max(0.0, load["old"] + load["new"] - room)
        cut_new = min(1.0, excess / load["new"])
        cut_old = max(0.0, excess - load["new"]) / load["old"]
        for gid, s in mine.items():
            out = part * (s["new"] * cut_new + s["old"] * cut_old)
            dark[gid] = dark.get(gid, 0.0) + out
            for site in here:
                at = site["firm_mw"] / site["pue"] * fill / room
                kunit = at * (part * (s["old"] + s["new"]) - out)
                row = {
                    "region_id": site["region_id"],
                    "generation_id": gid,
                    "kunit": kunit,
                    "delivered_from": s["from"],
                    "delivered_to": s["to"],
                }
                rows.append({**row, **both(both(s["trace"], trace), site["trace"])})
    piles = [{"generation_id": g, "kunit": v, **both(held[g]["trace"], both(by_bloc, fit))} for g, v in dark.items() if v > 0]
    return rows, piles


def dark_east(ev: Evidence, fleet: list[Row]) -> list[Row]:
    """The chips in China's western hubs, taken out and installed nowhere yet."""
    west = {row["region_id"] for row in ev.tables["regions"] if row["china_hub_side"] == "west"}
    rows: dict[str, Row] = {}
    for row in fleet:
        if row["region_id"] in west:
            kept = made_from(("fleet", "regions"), row["quality"])
            pile = rows.setdefault(row["generation_id"], {"generation_id": row["generation_id"], "kunit": 0.0, **kept})
            pile["kunit"] += row["kunit"]
    return list(rows.values())
