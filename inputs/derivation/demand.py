"""Who asks for compute: zones, classes of work, residency, training runs, and the shape of a day."""

from __future__ import annotations

from math import cos, pi

from derivation.chips import H100_TFLOPS
from derivation.evidence import QUALITY, Evidence, Row, both, made_from
from derivation.months import HOURS_PER_YEAR


def zones(ev: Evidence) -> list[Row]:
    rows = []
    for zone in ev.tables["demand_zones"]:
        row: Row = {key: ev.look("demand_zones", key, zone_id=zone["zone_id"]) for key in ("zone_id", "name")}
        row |= {key: ev.look("demand_zones", key, zone_id=zone["zone_id"]) for key in ("country_iso2", "bloc")}
        for key in ("latitude_deg", "longitude_deg"):
            row[key] = ev.number("demand_zones", key, zone_id=zone["zone_id"])
        rows.append({**row, **ev.trace()})
    return rows


def classes(ev: Evidence) -> list[Row]:
    ids = [row["class_id"] for row in ev.tables["classes"]]
    share = class_shares(ev)
    mean = sum(share[c] * ev.judge(f"relative_value_{c}") for c in ids)
    shared = ev.trace()
    rows = []
    for cid in ids:
        latency = f"latency_ms_{cid}"
        value = ev.judge("value_of_compute_usd_per_h100e_h") * ev.judge(f"relative_value_{cid}") / mean
        row = {
            "class_id": cid,
            "name": ev.look("classes", "name", class_id=cid),
            "latency_ms": ev.judge(latency) if latency in ev.judgements else "",
            "value_usd_per_h100e_h": value,
            "core_frac": ev.judge("core_frac"),
            "core_value_usd_per_h100e_h": value * ev.judge("core_value_ratio"),
            "weight": 1,
            "orbit": ev.look("classes", "orbit", class_id=cid),
            "gbit_s_per_kh100e": ev.judge(f"gbit_s_per_kh100e_{cid}"),
            "doubling_months": "",
        }
        rows.append({**row, **both(ev.trace(), shared)})
    return rows


def class_shares(ev: Evidence) -> dict[str, float]:
    share = {row["class_id"]: ev.judge(f"class_share_{row['class_id']}") for row in ev.tables["classes"]}
    return {cid: value / sum(share.values()) for cid, value in share.items()}


def demand(ev: Evidence, sites: list[Row], chips: dict[str, Row], fleet: list[Row]) -> list[Row]:
    """Asked in the first month: what the powered fleet can give, times a judgement, for China and for the rest apart."""
    china = {site["region_id"] for site in sites if site["bloc"] == "China"}
    rows = []
    for zone in ev.tables["demand_zones"]:
        side = "China" if zone["bloc"] == "China" else "elsewhere"
        given = sum(
            row["kunit"] * chips[row["generation_id"]]["h100e_per_unit"] * ev.judge("availability_frac")
            for row in fleet
            if (row["region_id"] in china) == (side == "China")
        )
        peers = [z for z in ev.tables["demand_zones"] if (z["bloc"] == "China") == (side == "China")]
        weight = ev.number("demand_zones", "demand_share_pct", zone_id=zone["zone_id"]) / sum(
            float(z["demand_share_pct"]) for z in peers
        )
        asked = given * ev.judge(f"demand_over_fleet_{side}") * weight
        share = class_shares(ev)
        trace = both(made_from(("fleet",), QUALITY[0]), ev.trace())
        rows += [{"zone_id": zone["zone_id"], "class_id": c, "start_kh100e": asked * s, **trace} for c, s in share.items()]
    return rows


def residency(ev: Evidence) -> list[Row]:
    """What is asked in China is served there and nothing else is; elsewhere anything goes."""
    blocs = list(dict.fromkeys(row["bloc"] for row in ev.tables["demand_zones"]))
    others = [bloc for bloc in blocs if bloc != "China"]
    rows = []
    for cid in (row["class_id"] for row in ev.tables["classes"]):
        for bloc in blocs:
            allowed = ["China"] if bloc == "China" else [bloc, *(b for b in others if b != bloc)]
            ev.look("classes", "class_id", class_id=cid)
            rows.append({"class_id": cid, "from_bloc": bloc, "to_blocs": ";".join(allowed), **ev.trace()})
    return rows


def residency_nations(ev: Evidence) -> list[Row]:
    """What people say and type stays under the law of who asks, a bloc's or a nation's; other work as in `residency`."""
    one_law = {row["bloc"]: row["one_law"] == "yes" for row in ev.tables["blocs"]}
    zones = [(row["bloc"], row["country_iso2"]) for row in ev.tables["demand_zones"]]
    sites = [
        (ev.look("countries", "bloc", country_iso2=row["country_iso2"]), row["country_iso2"]) for row in ev.tables["regions"]
    ]
    laws = list(dict.fromkeys(bloc if one_law[bloc] else country for bloc, country in zones))
    others = dict.fromkeys([*laws, *(bloc if one_law[bloc] else country for bloc, country in sites)])
    ev.look("blocs", "one_law", bloc="US")
    shared = ev.trace()
    rows = []
    for cid in (row["class_id"] for row in ev.tables["classes"]):
        stays = ev.look("classes", "people", class_id=cid) == "yes"
        trace = both(shared, ev.trace())
        for law in laws:
            away = [] if stays or law == "China" else [name for name in others if name not in (law, "China")]
            rows.append({"class_id": cid, "from_bloc": law, "to_blocs": ";".join([law, *away]), **trace})
    return rows


def training_runs(ev: Evidence, metric: str) -> list[Row]:
    """Runs of the GPT-4 class, each at the energy that a metric of compute_demand.csv states."""
    rows = []
    for bloc, zone in (("us", "us_west"), ("china", "cn_beijing")):
        watt = ev.number("accelerators", "all_in_server_w_per_accelerator", accelerator_id="a100_sxm")
        h100e = ev.number("accelerators", "dense_bf16_tflops", accelerator_id="a100_sxm") / H100_TFLOPS
        row = {
            "run_id": f"gpt4_{bloc}",
            "zone_id": zone,
            "class_id": "frontier_training",
            "energy_gwh": ev.number("compute_demand", metric=metric),
            "kw_per_h100e": watt / 1000 / h100e * ev.judge("training_run_pue"),
            "duration_months": ev.judge("training_run_days") / (HOURS_PER_YEAR / 24 / 12),
            "runs_per_year": ev.judge(f"training_runs_per_year_{bloc}"),
            "growth_frac_per_year": ev.judge("training_run_energy_growth"),
        }
        rows.append({**row, **ev.trace()})
    return rows


def profiles(ev: Evidence) -> list[Row]:
    """Prices of power exchanges by month, and by hour where they are published so; work that people wait for, by day."""
    rows = []
    for price in ev.tables["power_price_profile"]:
        where = {key: price[key] for key in ("market_id", "month", "hour")}
        row = {
            "profile_id": price["market_id"],
            "day_type": "*",
            "calendar_month": price["month"],
            "from_h": price["hour"],
            "kind": "price_usd_per_mwh",
            "value": ev.number("power_price_profile", "mean_price_usd_per_mwh", **where),
        }
        rows.append({**row, **ev.trace()})
    for hour in range(24):
        angle = 2 * pi * (hour + 0.5 - ev.judge("day_peak_h")) / 24
        row = {"profile_id": "waking_day", "day_type": "*", "calendar_month": "", "from_h": hour, "kind": "demand_shape"}
        rows.append({**row, "value": 1 + ev.judge("day_swing_frac") * cos(angle), **ev.trace()})
    return rows
