"""The plan of `planner new` with what it leaves out: links, shares, a carbon cap, satellites, closures, cheap installation."""

from __future__ import annotations

import shutil
from pathlib import Path

from planner import api
from planner.plan.plan import Plan

NEW = Path(__file__).parents[2] / "planner" / "new"
TABLES = {
    "shares": """share_id,class_id,from_bloc,to,min_frac,max_frac,from_month,to_month,source,quality
french_batch,batch,Europe,fr_paris,0.3,,2027-03,2027-10,example,estimate
less_texas,*,*,us_ercot_texas,,0.2,,,example,estimate
""",
    "links": """region_id,gbit_s,growth_frac_per_year,source,quality
us_ohio,90,0.1,example,estimate
fi_hamina,60,0,example,estimate
""",
    "launch": "month,tonnes,satellite_factory_mw,source,quality\n"
    + "".join(f"2027-{month:02d},{4 * month},{9 if month < 8 else 0.5},example,estimate\n" for month in range(1, 13))
    + "2028-01,200,9,example,estimate\n2028-02,200,9,example,estimate\n",
    "owners": """owner_id,name,power_frac,source,quality
amd,AMD's own halls,,example,estimate
nvidia,NVIDIA's own halls,0.2,example,estimate
""",
    "power_rights": """owner_id,region_id,power_frac,source,quality
amd,us_ohio,0.01,example,estimate
""",
    "commitments": "region_id,option_id,month,build_mw,close_mw,status,until_month,contract_of,energy_usd_per_mwh,"
    """minimum_take_frac,source,quality
us_ercot_texas,grid,2027-04,6,0,,,,,,example,estimate
us_ohio,fuel_cell,2027-02,3,0,confirmed,,,,,before its lead time,estimate
us_miso_iowa,fuel_cell,2027-07,2,0,approved,,,,,example,estimate
us_ohio,grid,2027-06,0,40,done,,,,,example,estimate
fi_hamina,grid,2027-05,30,0,confirmed,,,,,beyond the pace of its month,estimate
fi_hamina,halls,2027-05,30,0,confirmed,,,,,beyond the pace of its month,estimate
fr_paris,halls,2027-08,0,1,confirmed,,,,,example,estimate
fr_paris,grid,2027-05,500,0,cancelled,,,,,example,estimate
fr_paris,halls,2027-05,500,0,proposed,,,,,example,estimate
fi_hamina,hamina_ppa,2027-03,2,0,confirmed,2027-09,grid,70,0.8,beside the pace,estimate
us_ohio,ohio_ppa,2026-03,5,0,done,2027-04,grid,90,,from before the plan,estimate
""",
}
SETTINGS = [
    "months=14",  # more than one plan year
    "look_ahead_months=0",
    "carbon.cap_mtco2_per_year={2027: 2.0}",
    "carbon.usd_per_tco2=10",
    "launch_price.usd_per_kg=1",
    "designs.build_usd_per_kg*=0.1",
    "designs.downlink_gbit_s_per_mw=0.5",
    "accelerators.install_usd_per_unit=1",
    "regions[us_ohio].commission_months=1",
    "demand.start_kh100e*=1.3",
    "countries[US].ai_share_frac=0.002",
    "power[us_miso_iowa,grid].growth_frac_per_month=0.01",
]
OWNERS = [
    "accelerators[mi355x].owner_id=amd",
    "accelerators[gb200_nvl72].owner_id=nvidia",
    "owners.power=trade",
    "owners.trade_usd_per_mw_month=20000",
]
"""Without these the tables of owners change nothing."""


def rich_plan(folder: Path, settings: list[str] | None = None) -> Plan:
    """The plan, from files in a new folder."""
    shutil.copytree(NEW, folder)
    path = folder / "plan.yaml"
    text = path.read_text(encoding="utf-8")
    for name, table in TABLES.items():
        (folder / "tables" / f"{name}.csv").write_text(table, encoding="utf-8")
        if f"\n  {name}:" not in text:
            text = text.replace("\ntables:\n", f"\ntables:\n  {name}: tables/{name}.csv\n")
    path.write_text(text, encoding="utf-8")
    return api.load(path, SETTINGS if settings is None else settings)
