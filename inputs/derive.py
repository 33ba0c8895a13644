"""Derives the plan's tables in `inputs/reference/` from `inputs/evidence/`, and from nothing else.

    python inputs/derive.py
    python inputs/derive.py --set ai_share_of_new_power_elsewhere=low --out low
    python inputs/derive.py --set power_growth.model_new_grid_power=high --out high

Evidence are published figures, each with its source; judgements (`judgements.csv`) are what nobody publishes, each with low,
high and a sentence. `--set KEY=low|high|NUMBER` takes another value of one judgement; `--set FILE.METRIC=low|high` takes the
other end of every row of a metric that states one. No number of the plan stands in this script, only arithmetic.

Every row that is written says in `source` which files and judgements it was made from, and its `quality` is their worst.
"""

from __future__ import annotations

import argparse
import csv
from decimal import Decimal
from itertools import combinations, product
from math import asin, cos, pi, radians, sin, sqrt
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
MONTHS = [f"{year}-{month:02d}" for year in (2027, 2028, 2029) for month in range(1, 13)]
YEARS = (2026, 2027, 2028, 2029)  # 2026 only as the point that months are interpolated from
FUELLED = ("gas_reciprocating", "gas_ocgt", "gas_ccgt", "fuel_cell_sofc")
PLANTS = {
    "gas_reciprocating": "Gas engines",
    "gas_ocgt": "Open-cycle gas turbines",
    "gas_ccgt": "Combined-cycle gas turbines",
    "fuel_cell_sofc": "Solid-oxide fuel cells",
    "solar_utility": "Solar",
    "wind_onshore": "Wind on land",
    "nuclear_smr": "Small reactors",
}
STORES = {"battery_4h": ("Battery of four hours", 4)}
FLEETS = {  # key in judgements: vendor in chip_supply.csv
    "nvidia": "NVIDIA",
    "tpu": "Google TPU",
    "amd": "AMD",
    "trainium": "Amazon Trainium",
}
QUALITY = ("measured", "published_forecast", "estimate")  # best first
GJ_PER_MMBTU = 1.055056
H100_TFLOPS = 989.5
HOURS_PER_YEAR = 8766

Row = dict[str, Any]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Evidence:
    """The evidence files, and a memory of what has been read since the last `trace()`."""

    def __init__(self, folder: Path, overrides: dict[str, str] | None = None) -> None:
        self.tables = {path.stem: read(path) for path in sorted(folder.glob("*.csv"))}
        self.judgements = {row["key"]: row for row in self.tables["judgements"]}
        self.overrides = overrides or {}
        self.judged: set[str] = set()  # every judgement that was used, for the test that none is idle
        self._files: dict[str, None] = {}
        self._keys: dict[str, None] = {}
        self._quality = QUALITY[0]
        known = set(self.judgements) | {f"{t}.{r['metric']}" for t, rows in self.tables.items() for r in rows if "metric" in r}
        if unknown := sorted(set(self.overrides) - known):
            raise SystemExit(f"no such judgement or evidence: {', '.join(unknown)}")

    def judge(self, key: str) -> float:
        """The value of a judgement, or what `--set` says instead."""
        row = self.judgements[key]
        self.judged.add(key)
        self._keys[key] = None
        self._worsen(row["quality"])
        choice = self.overrides.get(key, "value")
        return float(row.get(choice, choice))

    def has(self, table: str, **where: str) -> bool:
        return any(all(row[k] == v for k, v in where.items()) for row in self.tables[table])

    def look(self, table: str, column: str = "value", pick: int = -1, **where: str) -> str:
        """One cell of the evidence. Of several rows the last counts (the newest, where a metric was revised)."""
        rows = [row for row in self.tables[table] if all(row[k] == v for k, v in where.items())]
        if not rows:
            raise KeyError(f"{table}.csv has no row {where}")
        row = rows[pick]
        self._files[table] = None
        self._worsen(row["quality"])
        end = self.overrides.get(f"{table}.{row.get('metric')}", "value")
        return row[end] or row[column] if column == "value" else row[column]

    def number(self, table: str, column: str = "value", pick: int = -1, **where: str) -> float:
        return float(self.look(table, column, pick, **where))

    def trace(self) -> Row:
        """What has been read since the last call, as the two columns that every written row ends with."""
        source = sourced([f"{name}.csv" for name in self._files], list(self._keys))
        trace = {"source": source, "quality": self._quality}
        self._files, self._keys, self._quality = {}, {}, QUALITY[0]
        return trace

    def _worsen(self, quality: str) -> None:
        self._quality = max(self._quality, quality, key=QUALITY.index)


# ---------------------------------------------------------------- places and their power


def places(ev: Evidence) -> list[Row]:
    """Regions with what several tables need: bloc, PUE, AI power at the start and new AI power a month, facility MW."""
    found = []
    for region in ev.tables["regions"]:
        rid, iso = region["region_id"], region["country_iso2"]
        bloc = ev.look("countries", "bloc", country_iso2=iso)
        side = "China" if bloc == "China" else "elsewhere"
        coverage = ev.judge(f"site_coverage_{bloc}")
        new_share = ev.judge(f"ai_share_of_new_power_{side}")
        step = ev.number("power_growth", region_id=rid, metric="model_new_grid_power") / coverage * new_share
        mid_2026 = ev.number("power_growth", region_id=rid, metric="model_dc_power_mid_2026") / coverage
        start = mid_2026 * ev.judge(f"ai_share_of_power_today_{side}") + 6 * step  # six months to January 2027
        growth = ev.number("power_growth", region_id=rid, metric="model_growth_of_new_grid_power") / 100
        pue = ev.number("regions", "pue", region_id=rid) * (ev.judge("pue_factor_China") if bloc == "China" else 1)
        place = {"bloc": bloc, "pue": pue, "start_mw": start, "step_mw": step, "step_growth": growth, "trace": ev.trace()}
        found.append({**region, **place})
    return found


def regions(ev: Evidence, sites: list[Row]) -> list[Row]:
    rows = []
    for site in sites:
        rid, iso = site["region_id"], site["country_iso2"]
        wacc = ev.number(
            "supplement",
            topic="wacc",
            item=ev.look("countries", "wacc_item", country_iso2=iso),
            metric="model_data_centre_nominal",
        )
        if not (usd_per_w := ev.look("regions", "dc_construction_usd_per_w", region_id=rid)):
            usd_per_w = ev.look("supplement", topic="construction_cost", item=rid)
        premium = 1 + ev.number("supplement", topic="construction_cost", metric="ai_premium_over_cloud_build") / 100
        row = {
            "region_id": rid,
            "name": site["name"],
            "country_iso2": iso,
            "bloc": site["bloc"],
            "group": ev.look("regions", "china_hub_side", region_id=rid),
            "latitude_deg": ev.number("regions", "latitude_deg", region_id=rid),
            "longitude_deg": ev.number("regions", "longitude_deg", region_id=rid),
            "pue": site["pue"],
            "wacc_frac_per_year": wacc / 100,
            "availability_frac": ev.judge("availability_frac"),
            "nameplate_frac": ev.judge("nameplate_frac"),
            "commission_months": ev.judge("commission_months"),
            "shell_start_mw": site["start_mw"] / site["pue"] * ev.judge("hall_start_slack"),
            "shell_step_mw_per_month": site["step_mw"] / site["pue"] * ev.judge("hall_step_ratio"),
            "shell_step_growth_frac_per_year": site["step_growth"],
            "shell_lead_months": ev.judge("hall_lead_months"),
            "shell_usd_per_kw": 1000 * float(usd_per_w) * premium,
            "shell_life_years": ev.judge("hall_life_years"),
        }
        rows.append({**row, **both(ev.trace(), site["trace"])})
    return rows


def both(one: Row, other: Row) -> Row:
    """Two traces in one: files first, judgements after, nothing twice."""
    files, keys = (dict.fromkeys(a + b) for a, b in zip(*(parts(t["source"]) for t in (one, other)), strict=True))
    return {"source": sourced(list(files), list(keys)), "quality": max(one["quality"], other["quality"], key=QUALITY.index)}


def sourced(files: list[str], keys: list[str]) -> str:
    return "; ".join(filter(None, [", ".join(files), f"judgements: {', '.join(keys)}" if keys else ""]))


def parts(source: str) -> tuple[list[str], list[str]]:
    """What `sourced` joined: files and keys of judgements."""
    files, _, keys = source.rpartition("judgements: ") if "judgements: " in source else (source, "", "")
    return [f for f in files.rstrip("; ").split(", ") if f], [k for k in keys.split(", ") if k]


# ---------------------------------------------------------------- power options


def options(ev: Evidence) -> list[Row]:
    rows = []
    for option, name in (("grid", "Grid, existing queue"), ("grid_request", "Grid, requested on day one")):
        row = {
            "option_id": option,
            "name": name,
            "capex_usd_per_kw": ev.number("supplement", topic="connection_cost", item="us", metric="model_connection"),
            "fixed_usd_per_kw_year": 0,
            "variable_usd_per_mwh": 0,
            "heat_rate_mmbtu_per_mwh": 0,
            "fuel_id": "",
            "carbon_kg_per_mwh": "",
            "life_years": ev.judge("connection_life_years"),
            "firm_frac": ev.judge("firm_frac_grid"),
        }
        rows.append({**row, **ev.trace()})
    for option, name in PLANTS.items():
        row = {
            "option_id": option,
            "name": name,
            "capex_usd_per_kw": plant(ev, option, "capex", pick=0 if option == "solar_utility" else -1),
            "fixed_usd_per_kw_year": plant(ev, option, "fixed_om"),
            "variable_usd_per_mwh": plant(ev, option, "variable_om"),
            "heat_rate_mmbtu_per_mwh": plant(ev, option, "heat_rate") / GJ_PER_MMBTU,
            "fuel_id": "gas" if option in FUELLED else "",
            "carbon_kg_per_mwh": plant(ev, option, "direct_emissions"),
            "life_years": plant(ev, option, "stack_lifetime" if option == "fuel_cell_sofc" else "lifetime"),
            "firm_frac": ev.judge(f"firm_frac_{option}"),
        }
        rows.append({**row, **ev.trace()})
    return rows


def storage_options(ev: Evidence) -> list[Row]:
    """Batteries on site, for the plans whose days have hours: power at the price of its converter, energy at that of 2026."""
    rows = []
    for option, (name, hours) in STORES.items():
        row = {
            "option_id": option,
            "name": name,
            "capex_usd_per_kw": plant(ev, "battery_inverter", "capex") + hours * plant(ev, "battery_store", "capex"),
            "fixed_usd_per_kw_year": plant(ev, option, "fixed_om"),
            "variable_usd_per_mwh": 0,
            "heat_rate_mmbtu_per_mwh": 0,
            "fuel_id": "",
            "carbon_kg_per_mwh": 0,
            "life_years": plant(ev, option, "lifetime"),
            "firm_frac": ev.judge(f"firm_frac_{option}"),
            "storage_h": hours,
            "round_trip_frac": plant(ev, "battery_inverter", "efficiency_one_way") ** 2,
        }
        rows.append({**row, **ev.trace()})
    return rows


def storage_power(ev: Evidence, sites: list[Row]) -> list[Row]:
    """Batteries in every region: what the grid step connects a month, times a ratio."""
    rows = []
    for site in sites:
        for option in STORES:
            row = {
                "region_id": site["region_id"],
                "option_id": option,
                "start_mw": 0,
                "step_mw_per_month": site["step_mw"] * ev.judge(f"plant_step_{option}"),
                "step_growth_frac_per_year": site["step_growth"],
                "lead_months": plant(ev, option, "lead_time"),
                "availability_frac": ev.judge(f"availability_frac_{option}"),
                "energy_usd_per_mwh": 0,
                "energy_growth_frac_per_year": 0,
                "carbon_priced": "no",
            }
            rows.append({**row, **both(ev.trace(), site["trace"])})
    return rows


def plant(ev: Evidence, option: str, metric: str, pick: int = -1) -> float:
    """A figure of a plant: published, else judged, else the plant has none of it."""
    if ev.has("onsite_generation", technology=option, metric=metric):
        return ev.number("onsite_generation", technology=option, metric=metric, pick=pick)
    return ev.judge(f"{metric}_{option}") if f"{metric}_{option}" in ev.judgements else 0.0


def power(ev: Evidence, sites: list[Row]) -> list[Row]:
    rows = []
    for site in sites:
        rid = site["region_id"]
        country = next(row for row in ev.tables["countries"] if row["country_iso2"] == site["country_iso2"])
        for option in ("grid", "grid_request"):
            asked = option == "grid_request"
            row = {
                "region_id": rid,
                "option_id": option,
                "start_mw": 0 if asked else site["start_mw"],
                "step_mw_per_month": site["step_mw"] * (ev.judge("grid_request_step_frac") if asked else 1),
                "step_growth_frac_per_year": site["step_growth"],
                "growth_frac_per_month": 0,
                "lead_months": ev.number("power_growth", region_id=rid, metric="model_interconnection_lead_time")
                if asked
                else 0,
                "availability_frac": 1,
                "energy_usd_per_mwh": ev.number("regions", "industrial_price_usd_per_mwh", region_id=rid),
                "energy_growth_frac_per_year": ev.judge("energy_price_growth_frac_per_year"),
                "carbon_kg_per_mwh": ev.number("regions", "carbon_intensity_gco2_per_kwh", region_id=rid),
                "carbon_priced": ev.look("countries", "co2_in_price", country_iso2=country["country_iso2"]),
                "capex_usd_per_kw": ev.number(
                    "supplement", topic="connection_cost", item=country["connection_item"], metric="model_connection"
                ),
            }
            rows.append({**row, **both(ev.trace(), site["trace"])})
        for option in PLANTS:
            barred = ev.has("exclusions", region_id=rid, option_id=option) or (option in FUELLED and not country["gas_item"])
            lead = plant(ev, option, "lead_time")
            if barred or lead >= ev.judge("longest_lead_months"):
                ev.trace()
                continue
            ratio = ev.judge(f"plant_step_{option}")
            if option in FUELLED and country["gas_pipeline"] == "no":
                ratio *= ev.judge("plant_step_without_pipeline_frac")
            row = {
                "region_id": rid,
                "option_id": option,
                "start_mw": 0,
                "step_mw_per_month": site["step_mw"] * ratio,
                "step_growth_frac_per_year": site["step_growth"],
                "growth_frac_per_month": 0,
                "lead_months": lead,
                "availability_frac": plant_availability(ev, rid, option),
                "energy_usd_per_mwh": 0,
                "energy_growth_frac_per_year": 0,
                "carbon_kg_per_mwh": "",
                "carbon_priced": "no",
                "capex_usd_per_kw": "",
            }
            if option == "solar_utility":
                first_or_last = {"high": 0, "low": -1}[country["solar_capex"]]
                row["capex_usd_per_kw"] = plant(ev, option, "capex", pick=first_or_last)
            rows.append({**row, **both(ev.trace(), site["trace"])})
    return rows


def plant_availability(ev: Evidence, rid: str, option: str) -> float:
    kind = {"solar_utility": "solar", "wind_onshore": "wind"}.get(option)
    if kind is None:
        return ev.judge(f"availability_frac_{option}")
    metric = f"{kind}_new_plant" if ev.has("supplement", item=rid, metric=f"{kind}_new_plant") else f"{kind}_fleet"
    return ev.number("supplement", topic="capacity_factor", item=rid, metric=metric) / 100


def fuels(ev: Evidence, sites: list[Row]) -> list[Row]:
    rows = []
    for site in sites:
        item = ev.look("countries", "gas_item", country_iso2=site["country_iso2"])
        if item:
            hub = ev.number("supplement", topic="gas_price", item=item, metric="model_hub_price_2026_2029")
            adder = ev.number("supplement", topic="gas_price", item="all", metric="model_delivery_adder")
            rows.append({"region_id": site["region_id"], "fuel_id": "gas", "usd_per_mmbtu": hub + adder, **ev.trace()})
        ev.trace()
    return rows


def supply(ev: Evidence) -> list[Row]:
    """World deliveries of what is made in few factories, as far as they reach data centres for AI."""
    rows = []
    for option in FUELLED:
        item = "gas_turbine" if option in ("gas_ocgt", "gas_ccgt") else option
        metric = "model_world_prime_power_for_data_centres" if option == "gas_reciprocating" else "model_world_deliveries"
        for month in MONTHS:
            year = min(month[:4], "2028")
            gw = ev.number("supplement", topic="supply_limit", item=item, metric=metric, year=year)
            if month[:4] > year:
                gw *= ev.judge("supply_growth_after_2028")
            if item == "gas_turbine":
                simple = ev.judge("simple_cycle_share_of_gas_turbines")
                gw *= ev.judge("data_centre_share_of_gas_turbines") * (simple if option == "gas_ocgt" else 1 - simple)
            if option == "fuel_cell_sofc":
                gw *= ev.judge("data_centre_share_of_fuel_cells")
            gw *= ev.judge("ai_share_of_onsite_power")
            rows.append({"option_id": option, "month": month, "mw": 1000 * gw / 12, **ev.trace()})
    return rows


# ---------------------------------------------------------------- chips


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
        }
        rows.append({**row, **ev.trace()})
    return rows


def h100e_per_unit(ev: Evidence, gid: str, evidence_id: str) -> float:
    if not evidence_id:
        return ev.judge(f"h100e_per_unit_{gid}")
    h100e = ev.number("accelerators", "dense_bf16_tflops", accelerator_id=evidence_id) / H100_TFLOPS
    return h100e * ev.judge("vr_compute_factor") if gid == "vr_nvl72" else h100e


def kw_per_unit(ev: Evidence, gid: str, evidence_id: str) -> float:
    """IT power of a unit with its share of server, rack and network: of the system where known, else from the chip's rating."""
    if not evidence_id:
        return ev.judge(f"kw_per_unit_{gid}")
    if watt := ev.look("accelerators", "all_in_server_w_per_accelerator", accelerator_id=evidence_id):
        return float(watt) / 1000 * (ev.judge("tpu_v7_power_factor") if gid == "tpu_v7_ironwood" else 1)
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


def spread(total: dict[int, float]) -> list[float]:
    """Yearly totals as months without steps: the monthly rate of mid-year, interpolated in logarithms, each year made exact."""
    rate = {**total, YEARS[-1] + 1: total[YEARS[-1]] ** 2 / total[YEARS[-2]]}
    months = []
    for month in MONTHS:
        year, at = int(month[:4]), (int(month[5:]) - 0.5) / 12
        before = year if at >= 0.5 else year - 1
        part = at - 0.5 if at >= 0.5 else at + 0.5
        months.append(rate[before] ** (1 - part) * rate[before + 1] ** part)
    sums = {y: sum(v for m, v in zip(MONTHS, months, strict=True) if int(m[:4]) == y) for y in YEARS[1:]}
    return [v * total[int(m[:4])] / sums[int(m[:4])] for m, v in zip(MONTHS, months, strict=True)]


def blend(mix: dict[int, float]) -> list[float]:
    """Mid-year shares as months: linear in between, level after the last mid-year."""
    months = []
    for month in MONTHS:
        year, at = int(month[:4]), (int(month[5:]) - 0.5) / 12
        before = year if at >= 0.5 else year - 1
        part = at - 0.5 if at >= 0.5 else at + 0.5
        months.append(mix[before] * (1 - part) + mix.get(before + 1, mix[before]) * part)
    return months


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


# ---------------------------------------------------------------- today's fleet, and what it serves


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
    fed = ev.judge("start_fill_frac") * ev.judge("firm_frac_grid") / ev.judge("nameplate_frac")
    fill = min(fed, ev.judge("hall_start_slack"))  # IT MW that power and halls take, per IT MW of the grid connection
    fit = ev.trace()
    rows: list[Row] = []
    dark: dict[str, float] = {}
    for bloc in (*blocs, "China"):
        here = [site for site in sites if site["bloc"] == bloc]
        mine = {g: s for g, s in held.items() if (chips[g]["only_countries"] == "CN") == (bloc == "China")}
        part = share.get(bloc, 1.0)
        trace = fit if bloc == "China" else both(by_bloc, fit)
        room = sum(fill * site["start_mw"] / site["pue"] for site in here)
        load = {age: part * sum(s[age] * chips[g]["kw_per_unit"] for g, s in mine.items()) for age in ("old", "new")}
        excess = max(0.0, load["old"] + load["new"] - room)
        cut_new = min(1.0, excess / load["new"])
        cut_old = max(0.0, excess - load["new"]) / load["old"]
        for gid, s in mine.items():
            out = part * (s["new"] * cut_new + s["old"] * cut_old)
            dark[gid] = dark.get(gid, 0.0) + out
            for site in here:
                at = site["start_mw"] / site["pue"] * fill / room
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
        trace = both({"source": "fleet.csv", "quality": QUALITY[0]}, ev.trace())
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


# ---------------------------------------------------------------- network


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great circle between two points in degrees, on a sphere of 6371 km."""
    (north, west), (south, east) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    half = sin((south - north) / 2) ** 2 + cos(north) * cos(south) * sin((east - west) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half))


def located(ev: Evidence, table: str, key: str, name: str) -> tuple[float, float]:
    return ev.number(table, "latitude_deg", **{key: name}), ev.number(table, "longitude_deg", **{key: name})


def latency(ev: Evidence) -> list[Row]:
    """Measured pairs, from the zone at either end to the region at the other; the newest counts, one way is half of it."""
    found: dict[tuple[str, str], Row] = {}
    pairs = [row for row in ev.tables["network"] if row["record_kind"].endswith("pair_measured")]
    for pair in sorted(pairs, key=lambda row: int(row["year"])):
        ends = (pair["from_place"], pair["to_place"])
        for one, other in (ends, ends[::-1]):
            zone, region = ev.look("latency_places", "zone_id", place=one), ev.look("latency_places", "region_id", place=other)
            ms = ev.number("network", from_place=ends[0], to_place=ends[1], record_kind=pair["record_kind"]) / 2
            trace = ev.trace()
            if zone and region:
                found[zone, region] = {"from_id": zone, "to_id": region, "one_way_ms": ms, **trace}
    return list(found.values())


def latency_china(ev: Evidence) -> list[Row]:
    """China's zones and hubs: reported, else 1.5 times light in fibre, as is required of the network; no metros."""
    zones = {z["zone_id"]: located(ev, "demand_zones", "zone_id", z["zone_id"]) for z in china(ev, "demand_zones")}
    hubs = {r["region_id"]: located(ev, "regions", "region_id", r["region_id"]) for r in china(ev, "regions")}
    ev.trace()
    claims = {row["from_place"]: row for row in ev.tables["network"] if row["record_kind"] == "measured_claim"}
    rows = []
    pairs = [*product(zones, hubs), *combinations(hubs, 2)]
    for one, other in pairs:
        km = distance_km((zones | hubs)[one], hubs[other])
        if km < ev.judge("plan.network.same_metro_km"):
            ev.trace()
            continue
        ev.trace()
        claim = claims.get(other)
        if claim is not None and one in zones and ev.look("demand_zones", "name", zone_id=one).startswith(claim["to_place"]):
            ms = ev.number("network", from_place=other, record_kind="measured_claim")
        else:
            ms = km / ev.judge("fibre_km_per_ms") * ev.number("network", from_place="china_hub", metric="route_factor")
        rows.append({"from_id": one, "to_id": other, "one_way_ms": ms, **ev.trace()})
    return rows


def china(ev: Evidence, table: str) -> list[dict[str, str]]:
    return [row for row in ev.tables[table] if row["country_iso2"] == "CN"]


def latency_targets_china(ev: Evidence) -> list[Row]:
    """What the programme promises: from eastern to western hubs, and from each city to the nearest hub."""
    hubs = {r["region_id"]: located(ev, "regions", "region_id", r["region_id"]) for r in china(ev, "regions")}
    cities = {z["zone_id"]: located(ev, "demand_zones", "zone_id", z["zone_id"]) for z in china(ev, "demand_zones")}
    ev.trace()
    near = {zone: min(hubs, key=lambda hub, at=at: distance_km(at, hubs[hub])) for zone, at in cities.items()}
    ends = [("hub_to_hub", "east", "west", "china_east_hub")]
    ends += [(f"{zone}_to_hub", zone, hub, "china_hub_cluster") for zone, hub in near.items()]
    rows = []
    for target, one, other, place in ends:
        ms = ev.number("network", record_kind="policy_target", from_place=place)
        rows.append({"target_id": target, "from": one, "to": other, "one_way_ms": ms, **ev.trace()})
    return rows


def dark_east(ev: Evidence, fleet: list[Row]) -> list[Row]:
    """The chips that stand in China's western hubs, taken out and put nowhere yet."""
    west = {row["region_id"] for row in ev.tables["regions"] if row["china_hub_side"] == "west"}
    rows: dict[str, Row] = {}
    for row in fleet:
        if row["region_id"] in west:
            kept = {"source": "fleet.csv, regions.csv", "quality": row["quality"]}
            pile = rows.setdefault(row["generation_id"], {"generation_id": row["generation_id"], "kunit": 0.0, **kept})
            pile["kunit"] += row["kunit"]
    return list(rows.values())


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


# ---------------------------------------------------------------- hours


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


# ---------------------------------------------------------------- nations and orbit


def countries(ev: Evidence) -> list[Row]:
    rows = []
    for country in ev.tables["countries"]:
        iso = country["country_iso2"]
        years = sorted(int(row["year"]) for row in ev.tables["electricity_generation"] if row["country_iso2"] == iso)
        twh = {
            y: ev.number("electricity_generation", "generation_twh", country_iso2=iso, year=str(y))
            for y in (years[-6], years[-1])
        }
        growth = (twh[years[-1]] - twh[years[-6]]) / 5
        floor = ev.judge("national_growth_floor_frac") * twh[years[-1]]
        row = {
            "country_iso2": iso,
            "name": country["name"],
            "generation_growth_twh_per_year": max(growth, floor),
            "ai_share_frac": ev.judge("national_ai_share_frac"),
            "load_frac": ev.judge("national_load_frac"),
            "note": f"{years[-6]} to {years[-1]}"
            + (f"; measured {growth:.2f} TWh a year, floor taken" if growth < floor else ""),
        }
        rows.append({**row, **ev.trace()})
    return rows


DESIGN_FIELDS = {  # column of the plan's table: parameter in orbit_parameters.csv
    "bus_overhead": "bus_overhead",
    "array_efficiency_frac": "array_efficiency",
    "array_loss_frac_per_year": "array_loss",
    "array_specific_power_w_per_kg": "array_specific_power",
    "battery_specific_energy_wh_per_kg": "battery_specific_energy",
    "battery_depth_of_discharge_frac": "battery_depth_of_discharge",
    "ride_through_frac": "ride_through",
    "radiator_temperature_c": "radiator_temperature",
    "radiator_emissivity_frac": "radiator_emissivity",
    "radiator_fin_efficiency_frac": "radiator_fin_efficiency",
    "radiator_solar_absorptance_frac": "radiator_solar_absorptance",
    "radiator_kg_per_m2": "radiator_areal_density",
    "cooling_loop_kg_per_kw_heat": "cooling_loop",
    "it_kg_per_kw": "it_mass",
    "shielding_kg_per_kw": "shielding",
    "communications_kg_per_kw": "communications_avionics_propulsion",
    "structure_frac": "structure",
    "margin_frac": "margin",
    "build_usd_per_kg": "build_cost",
    "insurance_frac": "insurance_and_launch_loss",
    "loss_frac_per_year": "loss_without_repair",
    "life_years": "life",
    "rate_frac_per_year": "cost_of_capital",
    "maintenance_frac_per_year": "maintenance",
    "fixed_usd_per_kw_year": "fixed_operation",
    "commissioning_months": "commissioning_lag",
    "altitude_km": "altitude",
}


def designs(ev: Evidence, design: str) -> list[Row]:
    row: Row = {
        "design_id": design,
        "name": design.replace("_", " ").capitalize() + " design",
        "bloc": "US",
        "country_iso2": "US",
    }
    row |= {field: ev.number("orbit_parameters", design, parameter=name) for field, name in DESIGN_FIELDS.items()}
    return [{**row, **ev.trace()}]


CONDUCTION = {"cooling": "conduction", "source_w": "conduction_source_w", "radiator_temperature_c": "conduction_temperature_c"}
VARIANTS: dict[str, tuple[str, str, dict[str, str]]] = {
    # design: (column of orbit_parameters.csv, name, what differs from it: a text or the key of a judgement)
    "integrated": ("integrated", "Integrated design", {}),
    "central": ("central", "Central design", {}),
    "central_node_18": ("central", "Central design, node at 18 h", {"node_local_time_h": "node_local_time_h_evening"}),
    "first_generation": ("first_generation", "First generation design", {}),
    "shed": ("central", "Central design, all load shed in eclipse", {"ride_through_frac": "ride_through_frac_shed"}),
    "ride_through": ("central", "Central design, full load through eclipse", {"ride_through_frac": "ride_through_frac_full"}),
    "conduction_aluminium": (
        "central",
        "Central design, heat by conduction in aluminium",
        {**CONDUCTION, "spreader_material": "aluminium"},
    ),
    "conduction_graphite": (
        "central",
        "Central design, heat by conduction in graphite",
        {**CONDUCTION, "spreader_material": "graphite"},
    ),
    "first_generation_aluminium": (
        "first_generation",
        "First generation, heat by conduction in aluminium",
        {**CONDUCTION, "spreader_material": "aluminium"},
    ),
    "first_generation_graphite": (
        "first_generation",
        "First generation, heat by conduction in graphite",
        {**CONDUCTION, "spreader_material": "graphite"},
    ),
}


def designs_all(ev: Evidence) -> list[Row]:
    """Every design that a scenario may choose from: the three of the evidence and their variants."""
    rows = []
    for design, (column, name, differs) in VARIANTS.items():
        own = {field: ev.judge(said) if said in ev.judgements else said for field, said in differs.items()}
        (row,) = designs(ev, column)
        trace = both({key: row.pop(key) for key in ("source", "quality")}, ev.trace())
        usual = {"cooling": "loop", "spreader_material": "", "source_w": "", "node_local_time_h": ""}
        rows.append({**row, **usual, "design_id": design, "name": name, **own, **trace})
    return rows


def launch(ev: Evidence, design: str) -> list[Row]:
    """Tonnes a month on straight lines between months 1, 12 and 36."""
    names = {1: "launch_mass_start_month_1", 12: "launch_mass_month_12", 36: "launch_mass_month_36"}
    at = {t: ev.number("orbit_parameters", design, parameter=name) for t, name in names.items()}
    trace = ev.trace()
    rows = []
    for t, month in enumerate(MONTHS, start=1):
        left, right = (1, 12) if t <= 12 else (12, 36)
        tonnes = at[left] + (at[right] - at[left]) * (t - left) / (right - left)
        rows.append({"month": month, "tonnes": tonnes, **trace})
    return rows


def launch_price(ev: Evidence, design: str) -> list[Row]:
    """Yearly prices stand for mid-year; straight lines in between, level after the last."""
    months = blend({year: ev.number("orbit_parameters", design, parameter=f"launch_price_{year}") for year in YEARS})
    trace = ev.trace()
    return [{"design_id": design, "month": m, "usd_per_kg": usd, **trace} for m, usd in zip(MONTHS, months, strict=True)]


def launch_price_all(ev: Evidence) -> list[Row]:
    """Each design pays the price of the column that it is built from."""
    return [{**row, "design_id": design} for design, (column, _, _) in VARIANTS.items() for row in launch_price(ev, column)]


# ---------------------------------------------------------------- all of it


def derive(ev: Evidence) -> dict[str, list[Row]]:
    """Every table of the reference plan, by name."""
    sites = places(ev)
    chip_rows = accelerators(ev)
    chips = {row["generation_id"]: row for row in chip_rows}
    fleet, dark = fleet_and_dark(ev, sites, chips)
    return {
        "regions": regions(ev, sites),
        "options": options(ev),
        "power": power(ev, sites),
        "storage_options": storage_options(ev),
        "storage_power": storage_power(ev, sites),
        "fuels": fuels(ev, sites),
        "supply": supply(ev),
        "accelerators": chip_rows,
        "deliveries": deliveries(ev),
        "fleet": fleet,
        "dark": dark,
        "zones": zones(ev),
        "classes": classes(ev),
        "demand": demand(ev, sites, chips, fleet),
        "residency": residency(ev),
        "latency": latency(ev),
        "latency_china": latency_china(ev),
        "latency_targets_china": latency_targets_china(ev),
        "dark_east": dark_east(ev, fleet),
        "training_runs": training_runs(ev, "gpt4_training_energy"),
        "training_runs_article": training_runs(ev, "gpt4_training_energy_claimed_by_article"),
        "residency_nations": residency_nations(ev),
        "countries": countries(ev),
        "profiles": profiles(ev),
        "designs": designs(ev, "central"),
        "launch": launch(ev, "central"),
        "launch_price": launch_price(ev, "central"),
        "designs_all": designs_all(ev),
        "launch_integrated": launch(ev, "integrated"),
        "launch_first_generation": launch(ev, "first_generation"),
        "launch_price_all": launch_price_all(ev),
    }


def cell(value: Any) -> str:
    """Numbers with six significant digits and without exponent; text as it is."""
    if not isinstance(value, int | float):
        return str(value)
    text = format(Decimal(f"{value:.6g}"), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


NO_ROWS = {"dark": ("generation_id", "kunit", "source", "quality")}
"""Columns of a table that may have no rows: with power enough at the start there is no dark pile."""


def write(tables: dict[str, list[Row]], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows[0] if rows else NO_ROWS[name])
            writer.writerows([cell(value) for value in {**row, "source": short(row["source"])}.values()] for row in rows)


def short(source: str) -> str:
    """Four or more judgements of one family stand as `family_*`."""
    files, keys = parts(source)
    families: dict[str, list[str]] = {}
    for key in keys:
        families.setdefault(key.split("_")[0], []).append(key)
    return sourced(files, [part for name, of in families.items() for part in ([f"{name}_*"] if len(of) > 3 else of)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=low|high|NUMBER", dest="overrides")
    parser.add_argument("--out", type=Path, default=HERE / "reference", metavar="DIR")
    arguments = parser.parse_args()
    overrides = dict(text.split("=", 1) for text in arguments.overrides)
    write(derive(Evidence(HERE / "evidence", overrides)), arguments.out)


if __name__ == "__main__":
    main()
