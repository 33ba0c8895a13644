"""Result tables of what the plan does: chips, power, halls, service, orbit, and what happens within the month."""

from __future__ import annotations

from planner.schema.result_table import Across, Column, ResultTable, key

PLACE = key("place_id", "Region on Earth or orbital design")
REGION = key("region_id", "Region on Earth")
DESIGN = key("design_id", "Orbital design")
GENERATION = key("generation_id", "Generation of accelerators")
OWNER = key("owner_id", "Owner of chips that are not sold; market: every other chip")
OPTION = key("option_id", "Way to power a region: the grid, a new grid connection, or a kind of plant on site")
PROJECT = key("project_id", "Project of the plan: halls and power that are taken together")
POOL = key("pool_id", "Where the demand comes from: a demand zone, or a whole bloc for a class without a latency limit")
CLASS = key("class_id", "Class of work: its latency, its value, where it may be served")
MONTH = key("month", "Calendar month, YYYY-MM", "month")
SLICE = key("slice_id", "Segment of a day type: its name and the UTC hour at which it begins")
SERVE = Column("serve_kh100e", "Compute served from this place, mean of the month")
LAUNCHED = Column("launched_t", "Mass launched in the month")
BY_GENERATION = ("deploy_kunit", "retire_kunit", "installed_kunit")
BY_PLACE = ("it_nameplate_mw", "it_draw_mw", "compute_kh100e")
"""Of the fleet, what a planner reads by generation, and what by place; the rest is in the CSV file."""

DECISIONS = (
    ResultTable(
        "chips",
        "Accelerators by generation and month: what is delivered, installed, in orbit, dark or retired early.",
        (
            GENERATION,
            MONTH,
            Column("delivered_kunit", "Delivered in the month and not declined, whether or not they can be powered"),
            Column("deployed_kunit", "Committed to a place at the start of the month"),
            Column("dark_kunit", "Dark: delivered but not installed anywhere, at the end of the month"),
            Column("retired_kunit", "Retired early in the month: switched off for good before the end of their life"),
            Column("displaced_kunit", "Retired early so far, replaced by newer ones that earn more from the same megawatt"),
            Column("housed_kunit", "Installed on Earth, at the end of the month"),
            Column("orbit_kunit", "Alive in orbit, including those being commissioned"),
            Column("commissioning_kunit", "Committed to a place on Earth and not yet in service, or on the way between places"),
            Column("failed_kunit", "Failed in the month"),
            Column("end_of_life_kunit", "Reached the end of their life in the month, installed or dark"),
            Column("ended_dark_kunit", "Of these, dark: they leave what is dark without having been installed"),
            Column("dark_kh100e", "Compute of the dark accelerators"),
            Column("dark_mw", "IT nameplate of the dark accelerators"),
        ),
        (Across(("generation_id",)),),
    ),
    ResultTable(
        "offers",
        "Deliveries that may be declined: what the plan buys of them, and what it declines.",
        (
            GENERATION,
            MONTH,
            Column("offered_kunit", "Delivered unless it is declined", given=True),
            Column("bought_kunit", "Bought at its price, and delivered in the month"),
            Column("declined_kunit", "Declined at its fee"),
            Column("deferred_kunit", "Bought, and delivered in a later month"),
        ),
        (Across(("generation_id",)),),
        sparse=True,
    ),
    ResultTable(
        "deferrals",
        "Chips on offer that are bought and delivered later than offered.",
        (
            GENERATION,
            MONTH,
            key("delivered_month", "Month of their delivery, YYYY-MM", "month"),
            Column("deferred_kunit", "Delivered in that month instead"),
        ),
        sparse=True,
    ),
    ResultTable(
        "fleet",
        "Accelerators in each place, by generation and month.",
        (
            PLACE,
            GENERATION,
            MONTH,
            Column("deploy_kunit", "Committed to this place at the start of the month"),
            Column("retire_kunit", "Retired early in the month: switched off for good before the end of their life"),
            Column("failed_kunit", "Failed in the month"),
            Column("end_of_life_kunit", "Reached the end of their life in the month"),
            Column("installed_kunit", "Installed on Earth, or alive in orbit, at the end of the month"),
            Column("run_kunit", "Switched on, mean of the month"),
            Column("it_nameplate_mw", "IT nameplate of what is installed"),
            Column("it_draw_mw", "IT power drawn, running and idle, mean of the month"),
            Column("compute_kh100e", "Compute delivered, mean of the month"),
        ),
        (
            Across(
                ("place_id", "generation_id"),
                doc="Accelerators to deploy and to retire in each place, and how many are installed, by generation.",
                measures=BY_GENERATION,
            ),
            Across(
                ("place_id",), "places", "Each place: IT nameplate and draw, and the compute it delivers.", measures=BY_PLACE
            ),
        ),
        sparse=True,
    ),
    ResultTable(
        "batches",
        "Of the fleet, chips whose life ends within the plan, by the month of their delivery.",
        (
            PLACE,
            GENERATION,
            key(
                "batch",
                "Month of delivery, or start: all that is installed at the start where none may leave",
                "text",
            ),
            MONTH,
            Column("deploy_kunit", "Committed to this place at the start of the month"),
            Column("retire_kunit", "Retired early in the month: switched off for good before the end of their life"),
            Column("end_of_life_kunit", "Reached the end of their life in the month"),
            Column("installed_kunit", "Installed, at the end of the month"),
        ),
        sheets=(),
        sparse=True,
    ),
    ResultTable(
        "chip_moves",
        "Chips that are moved from region to region or back into stock; only where the plan names ways.",
        (
            key("from_id", "Region that they leave"),
            key("to_id", "Region where they are installed after their downtime; stock: they are dark, to be deployed anew"),
            GENERATION,
            key("delivered_in", "Month of delivery; later: their life ends after the plan", "text"),
            MONTH,
            Column("moved_kunit", "Leave in the month"),
            Column("moved_mw", "IT nameplate of these"),
        ),
        (Across(("from_id", "to_id", "generation_id")),),
        sparse=True,
    ),
    ResultTable(
        "power",
        "Power options of each region by month: what to build, how much could have been built, what they deliver.",
        (
            REGION,
            OPTION,
            MONTH,
            Column("build_mw", "New capacity that starts in the month"),
            Column("growth_limit_mw", "The most that could have been built in the month", given=True),
            Column("capacity_mw", "Capacity in service"),
            Column("firm_mw", "Of it, what counts as firm: chips are installed on firm power alone"),
            Column("output_mw", "Power drawn from the option, mean of the month"),
            Column("energy_mwh", "Energy drawn from the option in the month"),
            Column("carbon_tco2", "Emissions of the month"),
        ),
        (Across(("region_id", "option_id")),),
        sparse=True,
    ),
    ResultTable(
        "orders",
        "What of each order that may slip or be cancelled arrives, is late or is cancelled; only where there are such orders.",
        (
            REGION,
            key("option_id", "What is ordered: an option or contract of the region, or halls"),
            key("ordered_for", "Month for which it is ordered", "month"),
            MONTH,
            Column("arrived_mw", "Arrives in the month, and is built"),
            Column("late_mw", "Has not arrived by the end of the month"),
            Column("cancelled_mw", "Is cancelled, in the month for which it is ordered"),
        ),
        (Across(("region_id", "option_id", "ordered_for")),),
        sparse=True,
    ),
    ResultTable(
        "halls",
        "Powered hall space of each region by month, in MW of IT nameplate.",
        (
            REGION,
            MONTH,
            Column("build_shell_mw", "New powered hall space that opens in the month (IT MW)"),
            Column("shell_mw", "Powered hall space in service (IT MW)"),
            Column("housed_mw", "IT nameplate installed in it"),
        ),
        (Across(("region_id",)),),
    ),
    ResultTable(
        "projects",
        "Projects that the plan decides on: what is taken of each, from when on, and its capital.",
        (
            PROJECT,
            Column("whole", "Whether it is taken whole or not at all; no: also in part", "name"),
            Column("start_month", "First month in which it is taken; empty: not taken", "text"),
            Column("taken_frac", "What is taken of it"),
            Column("hall_mw", "Hall space taken (IT MW)"),
            Column("power_mw", "Power taken"),
            Column("capital_musd", "Capital of what is taken, paid when it enters service"),
        ),
    ),
    ResultTable(
        "project_starts",
        "What is taken of each project in each month.",
        (PROJECT, MONTH, Column("taken_frac", "Taken in the month")),
        (),
        sparse=True,
    ),
    ResultTable(
        "purchases",
        "What to order, by date: what the plan builds beyond the order book, rounded to units where it is bought in units.",
        (
            REGION,
            key("option_id", "Way to power a region; halls: hall space, in MW of IT"),
            MONTH,
            Column("order_month", "Latest month to order it: its lead time or first payment before it starts", "month"),
            Column("plan_mw", "What the plan builds in the month beyond what is ordered already"),
            Column("unit_mw", "Size of a unit; empty: it is bought in any amount", given=True),
            Column("units", "Units to order; empty: it is bought in any amount", stated_unit="units"),
            Column("order_mw", "What to order for the month"),
            Column("ahead_mw", "How far all orders so far are ahead of the plan: half a unit at most; below zero: behind"),
            Column("capital_musd", "Capital of the order, in money of the month in which it starts"),
        ),
    ),
    ResultTable(
        "revisions",
        "What the plan before had decided for each month, and what this one decides; only in a plan that is rolled from a run.",
        (
            key("kind", "What is decided: started, deployed, retired, served, or cost by component", "choice"),
            key("place_id", "Region, orbital design, demand zone or bloc; *: no place"),
            key("item_id", "Generation, option, halls, class of work, or component of cost"),
            MONTH,
            Column("before", "What the plan before decides", given=True, stated_unit="unit of the row"),
            Column("now", "What this plan decides", stated_unit="unit of the row"),
            Column("unit", "Unit of both; cost is discounted to the start of this plan", "text"),
        ),
    ),
    ResultTable(
        "serve",
        "Which place serves which class of demand.",
        (POOL, CLASS, PLACE, MONTH, SERVE, Column("network_gbit_s", "Network traffic that this takes")),
        (Across(("place_id", "class_id")),),
        sparse=True,
    ),
    ResultTable(
        "demand",
        "Compute demanded, served and unserved, by zone or pool and class.",
        (
            POOL,
            CLASS,
            MONTH,
            Column("demand_kh100e", "Compute demanded, mean of the month"),
            Column("served_kh100e", "Compute served, mean of the month"),
            Column("unserved_kh100e", "Compute demanded and not served, mean of the month"),
        ),
        (Across(("pool_id", "class_id")),),
    ),
    ResultTable(
        "moves",
        "Work that leaves the place that did it although demand has not fallen, by class; of classes whose moves have a price.",
        (
            CLASS,
            MONTH,
            Column("served_kh100e", "Compute served, mean of the month"),
            Column("moved_kh100e", "Of what was served a month ago, what has left its place"),
            Column("moved_frac", "The same as a share of what was served a month ago; none in the first month"),
        ),
        (Across(("class_id",)),),
    ),
    ResultTable(
        "targets",
        "Targets and shares by month: what each states, what is reached, what is missed and what that costs.",
        (
            key("rule", "Kind: target (how much is served), least_share or greatest_share (by certain places)", "choice"),
            key("target_id", "Target or share"),
            MONTH,
            Column("stated_frac", "Share that is stated", given=True),
            Column("stated_kh100e", "The same as compute: at least, or of a greatest share at most", given=True),
            Column("reached_frac", "Share that is reached; empty where nothing is asked"),
            Column("reached_kh100e", "Compute that counts, mean of the month"),
            Column("missed_kh100e", "What a target with a penalty is short of, mean of the month"),
            Column("penalty_musd", "Penalty for it, in money of its month"),
            Column(
                "worth_usd",
                "What one thousand H100e less required, or more allowed, would save in the month; empty without prices",
                stated_unit="USD per kH100e-month",
            ),
        ),
        (Across(("rule", "target_id")),),
    ),
    ResultTable(
        "reservations",
        "Capacity reserved for customers by month: what stands, what they use and pay, what is short and what that costs.",
        (
            key("reservation_id", "Reservation"),
            MONTH,
            Column("reserved_kh100e", "Capacity that is reserved", given=True),
            Column("standing_kh100e", "Capacity that is installed for the customer and free of the work of others"),
            Column("used_kh100e", "Of it, what the customer's own work takes, mean of the month"),
            Column("short_kh100e", "Reserved capacity that does not stand"),
            Column("penalty_musd", "Penalty for it, in money of its month"),
            Column("paid_musd", "What the customer pays: for what is used, and at least for the part that is take or pay"),
            Column("unused_musd", "Of it, what is paid and not used"),
            Column(
                "worth_usd",
                "What one thousand H100e less reserved would save in the month; empty without prices",
                stated_unit="USD per kH100e-month",
            ),
        ),
        (Across(("reservation_id",)),),
    ),
    ResultTable(
        "orbit",
        "Orbital designs by month: what is launched, alive and in service.",
        (
            DESIGN,
            MONTH,
            Column("launched_mw", "IT nameplate launched in the month"),
            LAUNCHED,
            Column("alive_mw", "IT nameplate alive in orbit, including what is being commissioned"),
            Column("service_mw", "IT power in service in orbit, after eclipse, ageing and losses"),
        ),
        (Across(("design_id",)),),
    ),
    ResultTable(
        "launch",
        "Mass launched, and the most that can be launched.",
        (MONTH, LAUNCHED, Column("limit_t", "The most that can be launched in the month", given=True)),
        (Across(()),),
    ),
    ResultTable(
        "owners",
        "Accelerators by owner and month, in IT nameplate; only where generations have owners.",
        (
            OWNER,
            MONTH,
            Column("installed_mw", "Installed on Earth, at the end of the month"),
            Column("orbit_mw", "Alive in orbit, including those being commissioned"),
            Column("commissioning_mw", "Committed to a place on Earth and not yet in service"),
            Column("dark_mw", "Dark: delivered but not installed anywhere, at the end of the month"),
            Column("dark_kh100e", "Compute of the dark accelerators"),
            Column("displaced_mw", "Retired early so far"),
        ),
        (Across(("owner_id",)),),
    ),
    ResultTable(
        "owner_power",
        "Firm power of each region by owner: right, use and trade; only where generations have owners.",
        (
            REGION,
            OWNER,
            MONTH,
            Column("right_mw", "Firm power at the facility that the owner has a right to", given=True),
            Column("used_mw", "Firm power that its installed accelerators need"),
            Column("bought_mw", "Bought from other owners for the month"),
            Column("sold_mw", "Sold to other owners, in proportion to what each leaves"),
        ),
        (Across(("region_id", "owner_id")),),
        sparse=True,
    ),
)

HOURS = (
    ResultTable(
        "slices",
        "The segments of each day type, by UTC hour.",
        (
            SLICE,
            Column("day_type", "Typical days, or one of the further day types of the plan", "name"),
            Column("utc_hour", "UTC hour at which the segment begins", "integer", stated_unit="h"),
            Column("length_h", "Hours of the segment"),
        ),
    ),
    ResultTable(
        "power_by_slice",
        "Power by region, option and slice: output, storage, availability and the price of energy.",
        (
            REGION,
            OPTION,
            MONTH,
            SLICE,
            Column("output_mw", "Power drawn from the option in the slice"),
            Column("charge_mw", "Power that charges storage in the slice"),
            Column("stored_mwh", "Energy in storage at the end of the slice, in each such day"),
            Column("availability_frac", "Share of the capacity that can be drawn in the slice", given=True),
            Column("energy_usd_per_mwh", "Price of purchased energy in the slice", given=True),
        ),
        (),
        sparse=True,
    ),
    ResultTable(
        "fleet_by_slice",
        "Accelerators switched on, by place and slice.",
        (PLACE, GENERATION, MONTH, SLICE, Column("run_kunit", "Switched on in the slice")),
        (),
        sparse=True,
    ),
    ResultTable(
        "work_by_slice",
        "When flexible work is done, by class and place.",
        (CLASS, PLACE, MONTH, SLICE, Column("shift_kh100e", "Flexible work done in the slice")),
        (),
        sparse=True,
    ),
)
