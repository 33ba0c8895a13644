"""What each table and each column means: the text of the workbook's read-me sheet, and the order of its sheets."""

from __future__ import annotations

from collections.abc import Iterable

RESULT_TABLES: dict[str, str] = {
    "chips": "Accelerators by generation and month: what arrives, what stands where, what stays dark.",
    "fleet": "Accelerators in each place by generation and month: what to deploy and retire, and what it draws and computes.",
    "power": "Power options of each region and month: what to build, what it may grow by, what it delivers.",
    "halls": "Powered hall space of each region and month, in MW of IT nameplate.",
    "serve": "Which place serves which class of demand.",
    "demand": "What is asked, served and left unserved, by zone or pool and class.",
    "orbit": "Orbital designs by month: what is launched, what is alive, what serves.",
    "launch": "Launch tonnage used, against the limit.",
    "slices": "The segments of each day type, by UTC hour.",
    "power_by_slice": "What each power option gives in each slice, what could be drawn of it and what its energy costs.",
    "fleet_by_slice": "Accelerators switched on in each slice.",
    "work_by_slice": "When flexible work is done, by class and place.",
    "costs": "Cost by place, item, month and component, in money of the month and discounted.",
    "league": "What a megawatt-hour and an hour of compute cost in each place over the whole horizon, cheapest first.",
    "nations": "Nations by plan year: what their energy costs and emits, room in the envelope, compute at home and traded.",
    "trade": "Compute by the nation that asks and the nation that serves, at home too; orbit belongs to none.",
    "limits": "Limits that bind, and what one more unit of each would be worth in its month.",
    "duals": "The duals of all rows of the linear program that are not zero: they prove that no plan costs less.",
    "entry": "What orbit is worth against what it costs, by month of launch, and the launch price at which it enters.",
    "orbit_coefficients": "What one kW of an orbital design gives and costs in each month, by month of launch.",
}

RESULT_COLUMNS: dict[str, tuple[str, str]] = {
    # ---- ids
    "place_id": ("", "A region on Earth or an orbital design; empty: the whole plan"),
    "region_id": ("", "A region on Earth"),
    "design_id": ("", "An orbital design"),
    "generation_id": ("", "A generation of accelerators"),
    "option_id": ("", "A way to power a region: the grid, a new grid request, plants on site"),
    "pool_id": ("", "Who asks: a demand zone, or a whole bloc for a class without a latency limit"),
    "class_id": ("", "A class of work: its latency, its value, where it may be served"),
    "item_id": ("", "What the cost is for: a power option, a class, a generation; empty: the place as a whole"),
    "component": ("", "The kind of cost"),
    "month": ("YYYY-MM", "Calendar month"),
    "year": ("", "Calendar year"),
    "slice_id": ("", "A segment of a day type: its name and the UTC hour at which it begins"),
    "day_type": ("", "Typical days, or one of the further day types of the plan"),
    "utc_hour": ("h", "UTC hour at which the segment begins"),
    "length_h": ("h", "Hours of the segment"),
    "shift_kh100e": ("thousand H100-equivalents", "Flexible work that is done in the slice"),
    "charge_mw": ("MW", "Power that storage takes in the slice"),
    "stored_mwh": ("MWh", "Energy that storage holds at the end of the slice, in each such day"),
    "availability_frac": ("fraction", "Share of the capacity that can be drawn in the slice"),
    "energy_usd_per_mwh": ("USD/MWh", "Price of bought energy in the slice"),
    "measure": ("", "Which quantity of the table this row holds"),
    "unit": ("", "Unit of the numbers in this row"),
    # ---- chips and fleet
    "delivered_kunit": ("thousand units", "Delivered in the month, whether or not anyone can power them"),
    "deployed_kunit": ("thousand units", "Committed to a place at the start of the month"),
    "deploy_kunit": ("thousand units", "Committed to this place at the start of the month"),
    "dark_kunit": ("thousand units", "Delivered and housed nowhere, at the end of the month"),
    "retired_kunit": ("thousand units", "Switched off for good in the month, before the end of their life"),
    "retire_kunit": ("thousand units", "Switched off for good in the month, before the end of their life"),
    "displaced_kunit": ("thousand units", "All that have been switched off early so far"),
    "housed_kunit": ("thousand units", "Housed on Earth, at the end of the month"),
    "orbit_kunit": ("thousand units", "Alive in orbit, commissioning included"),
    "commissioning_kunit": ("thousand units", "Committed to a place on Earth and not yet in service"),
    "failed_kunit": ("thousand units", "Failed in the month"),
    "end_of_life_kunit": ("thousand units", "Reached the end of their life in the month"),
    "dark_kh100e": ("thousand H100-equivalents", "Compute of the dark accelerators"),
    "dark_mw": ("MW", "IT nameplate of the dark accelerators"),
    "installed_kunit": ("thousand units", "Housed on Earth, or alive in orbit, at the end of the month"),
    "run_kunit": ("thousand units", "Switched on, mean of the month"),
    "it_nameplate_mw": ("MW", "IT nameplate of what is installed"),
    "it_draw_mw": ("MW", "IT power drawn, running and idle, mean of the month"),
    "compute_kh100e": ("thousand H100-equivalents", "Compute delivered, mean of the month"),
    # ---- power and halls
    "build_mw": ("MW", "New capacity that starts in the month"),
    "growth_limit_mw": ("MW", "The most that could have been built in the month"),
    "capacity_mw": ("MW", "Capacity in service"),
    "output_mw": ("MW", "Power drawn from the option, mean of the month"),
    "energy_mwh": ("MWh", "Energy drawn from the option in the month"),
    "carbon_tco2": ("t CO2", "Emissions of the month"),
    "build_shell_mw": ("MW", "New powered hall space that opens in the month (IT MW)"),
    "shell_mw": ("MW", "Powered hall space in service (IT MW)"),
    "housed_mw": ("MW", "IT nameplate housed in it"),
    # ---- demand
    "serve_kh100e": ("thousand H100-equivalents", "Compute served from this place, mean of the month"),
    "network_gbit_s": ("Gbit/s", "Traffic that this takes"),
    "demand_kh100e": ("thousand H100-equivalents", "Compute asked, mean of the month"),
    "served_kh100e": ("thousand H100-equivalents", "Compute served"),
    "unserved_kh100e": ("thousand H100-equivalents", "Compute asked and not served"),
    # ---- orbit
    "launched_mw": ("MW", "IT nameplate launched in the month"),
    "launched_t": ("t", "Mass launched in the month"),
    "limit_t": ("t", "Launch tonnage available in the month"),
    "alive_mw": ("MW", "IT nameplate alive in orbit, commissioning included"),
    "service_mw": ("MW", "IT power in service in orbit, after eclipse, ageing and losses"),
    # ---- money
    "cost_musd": ("million USD", "Cost, in money of its month"),
    "discounted_musd": ("million USD", "Cost, discounted to the first month"),
    "it_mwh": ("MWh", "IT energy over the horizon"),
    "compute_kh100e_h": ("thousand H100e-hours", "Compute over the horizon"),
    "energy_cost_musd": ("million USD", "Cost of energy and of the plant that makes it"),
    "facility_cost_musd": ("million USD", "The same with the halls"),
    "usd_per_mwh": ("USD/MWh", "Cost of energy and plant per MWh of IT energy"),
    "usd_per_mwh_facility": ("USD/MWh", "The same with the halls"),
    "usd_per_kh100e_h": ("USD per thousand H100e-hours", "Cost of compute within the plan's boundary"),
    "carbon_kg_per_kh100e_h": ("kg CO2 per thousand H100e-hours", "Emissions of compute"),
    # ---- nations
    "country_iso2": ("", "A nation; orbit: places that belong to none"),
    "plan_year": ("", "Year of the plan, 1 the first twelve months"),
    "asked_in": ("", "The nation whose zones ask"),
    "served_in": ("", "The nation whose places serve, or orbit"),
    "split": ("", "whole: asked by one nation; pro_rata: a pool of several, split in proportion to what each asks"),
    "marginal_usd_per_mwh": ("USD/MWh", "What one more MWh of IT would cost as things stand: PUE x dual of the power balance"),
    "energy_usd_per_kh100e_h": ("USD per thousand H100e-hours", "Cost of energy and plant per compute"),
    "marginal_usd_per_kh100e_h": ("USD per thousand H100e-hours", "Energy per compute at its marginal price"),
    "carbon_kg_per_mwh": ("kg CO2 per MWh", "Emissions per MWh of IT energy"),
    "grid_growth_mw": ("MW", "What grids for AI grow by in the year"),
    "envelope_mw": ("MW", "What they may grow by: the AI share of the growth of the nation's generation; empty: no limit"),
    "headroom_mw": ("MW", "What the envelope leaves"),
    "envelope_usd_per_mw": ("USD/MW", "What one more MW of envelope would save, in money of the last month of the year"),
    "home_kh100e": ("thousand H100-equivalents", "What a nation asks and serves itself, mean of the year"),
    "home_frac": ("fraction", "Share of what a nation asks that it serves itself"),
    "exports_kh100e": ("thousand H100-equivalents", "What its places serve for others, mean of the year"),
    "imports_kh100e": ("thousand H100-equivalents", "What others and orbit serve for it, mean of the year"),
    # ---- prices of limits
    "constraint": ("", "The limit, by its name in the model"),
    "where": ("", "Which one: its ids"),
    "worth_usd": ("USD per unit", "What one more unit would save, in money of its month"),
    "limit": ("", "How much of it there is, in the unit that worth_usd counts"),
    "rent_musd": ("million USD", "What all of it is worth"),
    "slice": ("", "Slice of the month, 1 the first"),
    "dual_musd": ("million USD per unit", "What one more unit of the row would save, or, of a balance, cost; discounted"),
    "worth_usd_per_kw": ("USD/kW", "Value of the service of one kW over its life in the plan"),
    "cost_usd_per_kw": ("USD/kW", "Its capital, upkeep and accelerator losses over the same months"),
    "gap_usd_per_kw": ("USD/kW", "Cost minus worth: how far it is from entering"),
    "break_even_launch_usd_per_kg": ("USD/kg", "Launch price at which it would enter"),
    "flip_value_factor": ("", "Every value of compute times this, and the verdict on orbit turns"),
    "cost_usd_per_h100e_h": ("USD per H100e-hour", "Cost of compute from orbit, for a chip that would else be dark"),
    "launch_month": ("YYYY-MM", "Month of launch"),
    "service_frac": ("fraction", "Share of what was launched that serves in the month"),
    "alive_frac": ("fraction", "Share of what was launched that is alive in the month, commissioning included"),
    "charge_usd_per_kw": ("USD/kW", "Capital charge of the month"),
    "upkeep_usd_per_kw": ("USD/kW", "Maintenance and fixed operation of the month"),
    "kg_per_kw": ("kg/kW", "Mass launched per kW of IT"),
    "launch_usd_per_kg": ("USD/kg", "Launch price assumed"),
    "boundary": ("", "What the costs include"),
    # ---- summary
    "key": ("", "Name of the number, the same in every run"),
    "value": ("", "The number"),
    "text": ("", "The number in words"),
}

UNIT_ENDINGS: tuple[tuple[str, str], ...] = (
    ("_kh100e_h", "thousand H100e-hours"),
    ("_kh100e", "thousand H100e"),
    ("_kunit", "thousand units"),
    ("_musd", "million USD"),
    ("_gbit_s", "Gbit/s"),
    ("_tco2", "t CO2"),
    ("_mwh", "MWh"),
    ("_mw", "MW"),
    ("_t", "t"),
)

BOUNDARIES: dict[str, str] = {
    "energy": "energy: energy and the plant that makes it, without halls; an orbital platform is counted whole",
    "facility": "facility: energy, the plant that makes it, and the halls; an orbital platform is both in one",
}


def unit_of(column: str) -> str:
    """The unit of a result column, from the dictionary or from the ending of its name; empty where it has none."""
    if column in RESULT_COLUMNS:
        return RESULT_COLUMNS[column][0]
    return next((unit for ending, unit in UNIT_ENDINGS if column.endswith(ending)), "")


def changed_words(overrides: Iterable[str]) -> str:
    """What `--set` changed for this run alone; empty where it changed nothing."""
    words = "; ".join(overrides)
    return f"changed for this run: {words}" if words else ""
