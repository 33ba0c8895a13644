"""Regions and countries: bloc, cost of capital and construction, AI power today and its growth."""

from __future__ import annotations

from derivation.evidence import Evidence, Row, both


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
