"""What the toy run is about: plan file, input tables, decisions, and the same inputs once more as plain numbers."""

from __future__ import annotations

MONTHS = ["2027-01", "2027-02", "2027-03", "2027-04"]
HOURS = [744.0, 672.0, 744.0, 720.0]
N = len(MONTHS)
REGIONS, OPTIONS, CHIPS = ["texas", "dublin"], ["grid", "gas"], ["old", "new"]
PLACES = [*REGIONS, "dawn"]

PLAN = """
name: toy
start: 2027-01
months: 4
boundary: facility
objective: value
unserved: allowed
discount_frac_per_year: 0.08
slices: 1
demand: {doubling_months: 6}
network: {rtt_intercept_ms: 12.9, rtt_slope_ms_per_km: 0.01479, same_metro_km: 50, same_metro_ms: 2, orbit_rtt_ms: 35,
          usd_per_gbit_s_month: 6480}
carbon: {usd_per_tco2: 20, cap_mtco2_per_year: {2027: 0.2}}
money: {year: 2025, inflation_frac_per_year: 0.03}
budget: {capital_musd_per_year: {2027: 900}}
national: {options: [grid]}
"""

INPUTS = {
    "regions": """region_id,name,country_iso2,bloc,latitude_deg,longitude_deg,pue,wacc_frac_per_year,availability_frac,\
nameplate_frac,commission_months,shell_start_mw,shell_step_mw_per_month,shell_step_growth_frac_per_year,shell_lead_months,shell_usd_per_kw,shell_life_years
texas,Texas,US,us,31,-97,1.2,0.08,0.95,0.9,0,40,5,0.2,1,9000,15
dublin,Dublin,IE,eu,53.3,-6.3,1.3,0.07,0.97,,1,20,2,0,0,11000,20
""",
    "options": """option_id,name,capex_usd_per_kw,fixed_usd_per_kw_year,variable_usd_per_mwh,heat_rate_mmbtu_per_mwh,fuel_id,\
carbon_kg_per_mwh,life_years,firm_frac,unit_mw
grid,Grid,300,10,0,0,,,25,1,
gas,Gas,1500,25,4,9,gas,480,20,0.95,1
""",
    "power": """region_id,option_id,start_mw,step_mw_per_month,step_growth_frac_per_year,growth_frac_per_month,lead_months,\
availability_frac,energy_usd_per_mwh,energy_growth_frac_per_year,carbon_kg_per_mwh,carbon_priced,capex_usd_per_kw,speed_up_usd_per_mw
texas,grid,40,3,0.5,0.02,0,0.99,45,0.03,370,no,,
texas,gas,5,2,0,0.1,1,0.95,0,0,,no,1700,
dublin,grid,25,1,0,0.01,0,1,110,0.02,300,yes,,40000
""",
    "fuels": "region_id,fuel_id,usd_per_mmbtu\ntexas,gas,3.1\ndublin,gas,9\n",
    "supply": "option_id,month,mw\ngas,2027-02,6\ngas,2027-03,6\ngas,2027-04,6\n",
    "commitments": "region_id,option_id,month,build_mw,close_mw\ntexas,gas,2027-03,1,0.5\n",
    "payments": "asset_id,months_before,capital_frac\ngas,1,0.25\ngas,0,0.75\nhalls,3,0.4\nhalls,-1,0.6\n",
    "accelerators": """generation_id,name,h100e_per_unit,kw_per_unit,draw_frac,idle_frac,price_usd_per_unit,life_years,\
failure_frac_per_year,install_usd_per_unit,carry_usd_per_unit_month,only_countries,not_countries
old,Old,1,1.3,0.7,0.2,25000,1,0.05,300,50,,
new,New,3.5,2.1,0.75,0.15,45000,5,0.04,400,60,,IE;CN
""",
    "deliveries": """generation_id,month,kunit,optional_frac,decline_usd_per_unit,defer_months,defer_usd_per_unit_month
old,2027-01,1,,,,
new,2027-01,2,,,,
new,2027-02,2.5,0,7,,
new,2027-03,3.5,0.25,900,1,40
new,2027-04,3,,,,
""",
    "fleet": """region_id,generation_id,kunit,delivered_from,delivered_to
texas,old,12,2026-03,2026-06
texas,new,2,2026-09,2026-12
dublin,old,8,2026-02,2026-09
""",
    "dark": "generation_id,kunit,delivered_from,delivered_to\nold,3,2026-02,2026-04\nnew,0.5,,\n",
    "zones": """zone_id,name,country_iso2,bloc,latitude_deg,longitude_deg
austin,Austin,US,us,31.1,-97.1
london,London,GB,eu,51.5,-0.1
""",
    "classes": """class_id,name,latency_ms,value_usd_per_h100e_h,weight,orbit,gbit_s_per_kh100e,doubling_months,\
core_frac,core_value_usd_per_h100e_h
chat,Chat,60,2,1,yes,5,,0.1,
batch,Batch,,1.5,1,yes,0.5,9,0.6,2.5
""",
    "demand": "zone_id,class_id,start_kh100e\naustin,chat,25\naustin,batch,20\nlondon,chat,12\nlondon,batch,12\n",
    "residency": "class_id,from_bloc,to_blocs\nchat,eu,eu\n",
    "designs": f"""design_id,name,bloc,country_iso2,availability_frac,loss_frac_per_year,life_years,\
commissioning_months,it_kg_per_kw,build_usd_per_kg,downlink_gbit_s_per_mw,rate_frac_per_year,array_loss_frac_per_year,\
maintenance_frac_per_year,fixed_usd_per_kw_year
dawn,Dawn,us,US,1,{1 - 0.99**12!r},6,1,5,400,7,0.1,0,0.05,2
""",
    "launch": "month,tonnes,satellite_factory_mw\n2027-01,30,2\n2027-02,40,2\n2027-03,40,2\n2027-04,40,\n",
    "launch_price": "design_id,month,usd_per_kg\n" + "".join(f"dawn,{month},1500\n" for month in MONTHS),
    "countries": "country_iso2,name,generation_growth_twh_per_year,ai_share_frac,load_frac\nUS,USA,80,0.1,0.9\n",
    "links": "region_id,gbit_s,growth_frac_per_year\ndublin,60,0.4\n",
    "routes": "route_id,from,to,gbit_s,growth_frac_per_month,usd_per_gbit_s_month\nchannel,eu,dublin,60,0.03,\n",
    "latency": "from_id,to_id,one_way_ms\naustin,texas,1.5\n",
    "shares": """share_id,class_id,from_bloc,to,from_month,to_month,min_frac,max_frac,of
home,chat,eu,dublin,2027-02,,0.15,,asked
sky,*,*,orbit,,,,0.2,
""",
}

# ---- decisions, by hand: (place, generation, month) and so on
DEPLOY = {
    ("texas", "old", 0): 1.0,
    ("texas", "new", 0): 1.5,
    ("texas", "new", 1): 2.0,
    ("texas", "new", 3): 1.0,
    ("dublin", "old", 0): 0.5,
    ("dublin", "old", 1): 0.25,
    ("dublin", "old", 3): 0.25,
    ("dawn", "new", 0): 0.2,
    ("dawn", "new", 2): 0.3,
}
RETIRE = {("texas", "old", 1): 0.5, ("texas", "old", 2): 1.0, ("dublin", "old", 3): 0.1}
BUILD = {
    ("texas", "grid", 0): 3.8,
    ("texas", "grid", 2): 2.0,
    ("texas", "gas", 1): 1.5,
    ("texas", "gas", 2): 1.0,
    ("dublin", "grid", 0): 1.25,
    ("dublin", "grid", 3): 0.5,
}
BUILD_SHELL = {("texas", 2): 4.0, ("dublin", 0): 1.0, ("dublin", 3): 0.5}
RUN_FRAC = {"old": 0.9, "new": 1.0}

REGION = {
    "texas": {"pue": 1.2, "wacc": 0.08, "availability": 0.95, "lag": 0, "shell": 40.0, "shell_usd": 9000.0, "shell_life": 15},
    "dublin": {"pue": 1.3, "wacc": 0.07, "availability": 0.97, "lag": 1, "shell": 20.0, "shell_usd": 11000.0, "shell_life": 20},
}
OPTION = {
    ("texas", "grid"): {
        "start": 40.0,
        "step": 3.0,
        "step_growth": 0.5,
        "growth": 0.02,
        "lead": 0,
        "usd": 45.0,
        "rise": 0.03,
        "kg": 370.0,
        "priced": 0,
        "capex": 300.0,
        "life": 25,
        "fixed": 10.0,
        "variable": 0.0,
        "fuel": 0.0,
    },
    ("texas", "gas"): {
        "start": 5.0,
        "step": 2.0,
        "step_growth": 0.0,
        "growth": 0.1,
        "lead": 1,
        "usd": 0.0,
        "rise": 0.0,
        "kg": 480.0,
        "priced": 0,
        "capex": 1700.0,
        "life": 20,
        "fixed": 25.0,
        "variable": 4.0,
        "fuel": 9 * 3.1,
    },
    ("dublin", "grid"): {
        "start": 25.0,
        "step": 1.0,
        "step_growth": 0.0,
        "growth": 0.01,
        "lead": 0,
        "usd": 110.0,
        "rise": 0.02,
        "kg": 300.0,
        "priced": 1,
        "capex": 300.0,
        "life": 25,
        "fixed": 10.0,
        "variable": 0.0,
        "fuel": 0.0,
    },
}
CHIP = {
    "old": {
        "h100e": 1.0,
        "kw": 1.3,
        "draw": 0.7,
        "idle": 0.2,
        "price": 25000.0,
        "life": 1,
        "fail": 0.05,
        "install": 300.0,
        "carry": 50.0,
    },
    "new": {
        "h100e": 3.5,
        "kw": 2.1,
        "draw": 0.75,
        "idle": 0.15,
        "price": 45000.0,
        "life": 5,
        "fail": 0.04,
        "install": 400.0,
        "carry": 60.0,
    },
}
OFFERED, BOUGHT, DECLINED, DEFERRED = 0.875, 0.25, 0.5, 0.125
"""Of 3.5 thousand units of the new chip in March, a quarter may be declined, or come in April."""
DELIVERED = {("old", 0): 1.0, ("new", 0): 2.0, ("new", 1): 2.5, ("new", 2): 2.875, ("new", 3): 3.125}
FLEET = {("texas", "old"): 12.0, ("texas", "new"): 2.0, ("dublin", "old"): 8.0}
DARK = {"old": 3.0, "new": 0.5}
KG_PER_KW, TONNES = 40.0, [30.0, 40.0, 40.0, 40.0]


def alive(launch: int, month: int) -> float:
    """Survival without repair."""
    return 0.99 ** (month - launch) if month >= launch else 0.0


def service(launch: int, month: int) -> float:
    """Zero in the month of commissioning, then light times survival."""
    return 0.95 * alive(launch, month) if month > launch else 0.0


def ending(place: str, chip: str, month: int) -> float:
    """Only old chips of 2026 end: 12 over March to June in Texas, 8 over February to September in Dublin, each a year later."""
    born = {("texas", "old"): {-10: 3.0, -9: 3.0, -8: 3.0, -7: 3.0}, ("dublin", "old"): dict.fromkeys(range(-11, -3), 1.0)}
    return born.get((place, chip), {}).get(month - 12, 0.0)


def batch_of_april(month: int) -> tuple[float, float]:
    """Of the old chips dark at the start, those of April 2026 are all deployed in Texas: how many are installed, and end."""
    born, keep = REGION["texas"]["lag"], (1 - CHIP["old"]["fail"]) ** (1 / 12)
    there = keep ** (month - born) if born <= month else 0.0
    return (there, 0.0) if month < 3 else (0.0, there if month == 3 else 0.0)


def ended_dark(chip: str, month: int) -> float:
    """Those of February and March are never deployed, and end a year later."""
    return 1.0 if chip == "old" and month in (1, 2) else 0.0


def crf_month(rate: float, years: float) -> float:
    """Level monthly charge of one dollar."""
    return 1 / sum((1 + rate) ** (-month / 12) for month in range(round(12 * years)))
