"""Regions and countries: bloc, cost of capital and construction, AI power today and its growth."""

from __future__ import annotations

from derivation.evidence import Evidence, Row, both

BLOCS = ("US", "China", "Europe", "APAC", "RoW")


def places(ev: Evidence) -> list[Row]:
    """Regions with what several tables need: bloc, PUE, firm AI power at the start and new AI power a month, facility MW.

    The totals of a bloc are judgements; its sites share them by their own counts, so what stands elsewhere is carried by them.
    Plants on site are part of the start: the grid feeds the rest."""
    found: list[Row] = []
    bloc_of = {row["region_id"]: ev.look("countries", "bloc", country_iso2=row["country_iso2"]) for row in ev.tables["regions"]}
    for bloc in BLOCS:
        sites = [row for row in ev.tables["regions"] if bloc_of[row["region_id"]] == bloc]
        side = "China" if bloc == "China" else "elsewhere"
        ev.trace()
        counted = [{**counts(ev, site["region_id"]), "trace": ev.trace()} for site in sites]
        stock, step, on_site = (sum(each[key] for each in counted) for key in ("stock_mw", "step_mw", "on_site_mw"))
        new_mw = ev.judge(f"new_grid_power_mw_per_year_{bloc}") / 12 * ev.judge(f"ai_share_of_new_power_{side}")
        today_mw = ev.judge(f"dc_power_mid_2026_mw_{bloc}") * ev.judge(f"ai_share_of_power_today_{side}")
        shared = ev.trace()
        for region, own in zip(sites, counted, strict=True):
            rid = region["region_id"]
            new_here_mw = new_mw * own["step_mw"] / step
            six_months_mw = 6 * new_here_mw  # to January 2027
            grid_mw = (today_mw - on_site) * own["stock_mw"] / stock + six_months_mw
            pue = ev.number("regions", "pue", region_id=rid) * (ev.judge("pue_factor_China") if bloc == "China" else 1)
            place = {
                "bloc": bloc,
                "pue": pue,
                "grid_mw": grid_mw,
                "firm_mw": ev.judge("firm_frac_grid") * grid_mw + own["on_site_mw"],
                "step_mw": new_here_mw,
                "step_growth": ev.number("power_growth", region_id=rid, metric="model_growth_of_new_grid_power") / 100,
            }
            found.append({**region, **place, "trace": both(own["trace"], both(shared, ev.trace()))})
    order = [row["region_id"] for row in ev.tables["regions"]]
    return sorted(found, key=lambda site: order.index(site["region_id"]))


def counts(ev: Evidence, rid: str) -> Row:
    """A site by its own count: all data centres, what the grid adds to them a month, and firm MW of plants on the first day."""
    plants = [row["option_id"] for row in ev.tables["onsite_start"] if row["region_id"] == rid]
    return {
        "stock_mw": ev.number("power_growth", region_id=rid, metric="model_dc_power_mid_2026"),
        "step_mw": ev.number("power_growth", region_id=rid, metric="model_new_grid_power"),
        "on_site_mw": sum(
            ev.number("onsite_start", region_id=rid, option_id=plant) * ev.judge(f"firm_frac_{plant}") for plant in plants
        ),
    }


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
            "shell_start_mw": site["firm_mw"] / site["pue"] * ev.judge("hall_start_slack"),
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
