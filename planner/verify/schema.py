"""The tables that the verifier reads: their keys, their numbers, and what an empty cell means.

Written here a second time on purpose: the verifier trusts neither the reader nor the writer of the plan.

    name      a column that must be there, without an empty cell
    name=0    a column that may be absent; what an empty cell of it means
    ±name     a number that may be negative
    ~name     a key whose words need not be known to the plan
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """What a table must hold. `numbers` maps a column to the value of an empty cell; None refuses an empty cell."""

    keys: tuple[str, ...]
    numbers: Mapping[str, float | None]
    text: tuple[str, ...]
    optional_text: tuple[str, ...]
    required: bool
    signed: frozenset[str]
    loose: frozenset[str]


def table(keys: str, numbers: str = "", *, text: str = "", required: bool = True) -> Table:
    """A table, its columns as above."""
    columns = [column.lstrip("±").partition("=") for column in numbers.split()]
    return Table(
        tuple(key.lstrip("~") for key in keys.split()),
        {name: float(empty) if given else None for name, given, empty in columns},
        tuple(column for column in text.split() if not column.endswith("=")),
        tuple(column.rstrip("=") for column in text.split() if column.endswith("=")),
        required,
        frozenset(column.lstrip("±").partition("=")[0] for column in numbers.split() if column.startswith("±")),
        frozenset(key.lstrip("~") for key in keys.split() if key.startswith("~")),
    )


MOST: Mapping[str, float] = {
    "latitude_deg": 90.0,
    "longitude_deg": 180.0,
    "utc_offset_h": 14.0,
    "from_h": 23.0,
    "calendar_month": 12.0,
    "months_before": 120.0,
    **dict.fromkeys(
        ("commission_months", "commissioning_months", "lead_months", "shell_lead_months", "downtime_months"), 1200.0
    ),
    **dict.fromkeys(("life_years", "shell_life_years"), 1000.0),
}
"""How large, up or down, is a number of which places, hours and months are counted."""

INPUTS: Mapping[str, Table] = {
    "regions": table(
        "region_id",
        "±latitude_deg ±longitude_deg pue wacc_frac_per_year shell_usd_per_kw shell_life_years availability_frac=1 "
        "nameplate_frac=1 commission_months=0 shell_start_mw=0 ±utc_offset_h=nan shell_step_mw_per_month=0 "
        "±shell_step_growth_frac_per_year=0 shell_lead_months=0 "
        "shell_speed_up_usd_per_mw=nan shell_unit_mw=nan",
        text="country_iso2 bloc group= name=",
    ),
    "options": table(
        "option_id",
        "capex_usd_per_kw=0 fixed_usd_per_kw_year=0 variable_usd_per_mwh=0 heat_rate_mmbtu_per_mwh=0 "
        "carbon_kg_per_mwh=nan firm_frac=1 life_years storage_h=nan round_trip_frac=nan unit_mw=nan",
        text="fuel_id=",
    ),
    "power": table(
        "region_id option_id",
        "start_mw=0 step_mw_per_month=0 ±step_growth_frac_per_year=0 growth_frac_per_month=0 lead_months=0 "
        "availability_frac=1 ±energy_usd_per_mwh=0 ±energy_growth_frac_per_year=0 carbon_kg_per_mwh=nan "
        "capex_usd_per_kw=nan minimum_take_frac=0 speed_up_usd_per_mw=nan",
        text="carbon_priced= profile_id= availability_profile_id=",
    ),
    "fuels": table("region_id ~fuel_id", "usd_per_mmbtu", required=False),
    "supply": table("option_id month", "mw speed_up_usd_per_mw=nan", required=False),
    "commitments": table(
        "region_id option_id month",
        "build_mw=0 close_mw=0 upkeep_usd_per_kw_year=0 deposit_musd=0 slip_usd_per_mw_month=nan",
        text="status= until_month= contract_of= cancel_until_month=",
        required=False,
    ),
    "chip_moves": table(
        "from_id to_id", "usd_per_kw downtime_months=1 mw_per_month=nan", text="from_month= to_month=", required=False
    ),
    "payments": table("~asset_id ~months_before", "±months_before capital_frac", required=False),
    "projects": table(
        "project_id region_id ~option_id",
        "mw capital_musd fixed_musd_per_year=nan",
        text="earliest_month= latest_month= whole= group=",
        required=False,
    ),
    "accelerators": table(
        "generation_id",
        "h100e_per_unit kw_per_unit draw_frac price_usd_per_unit life_years idle_frac=0 failure_frac_per_year=0 "
        "install_usd_per_unit=0 carry_usd_per_unit_month=0",
        text="only_countries= not_countries= owner_id= name=",
    ),
    "owners": table("owner_id", "power_frac=nan", required=False),
    "power_rights": table("owner_id region_id", "power_frac", required=False),
    "deliveries": table(
        "generation_id month", "kunit optional_frac=0 decline_usd_per_unit=0 defer_months=0 defer_usd_per_unit_month=0"
    ),
    "fleet": table("region_id generation_id ~delivered_from", "kunit", text="delivered_to"),
    "arrivals": table("region_id generation_id ~service_month ~delivered_month", "kunit", required=False),
    "vintages": table("design_id generation_id ~launch_month", "kunit", required=False),
    "actuals": table("~month ~kind ~place_id ~item_id", "±planned=nan ±value=nan", text="unit=", required=False),
    "stock_take": table("~stock ~place_id ~item_id", "±opening ±closing ±unexplained=nan ±late=nan", required=False),
    "missed": table("~requirement_id ~month", "stated_kh100e reached_kh100e", required=False),
    "published": table("~month ~kind ~place_id ~item_id", "±value", required=False),
    "charges": table("~component ~place_id ~item_id month", "charge_musd", required=False),
    "dark": table("generation_id ~delivered_from", "kunit", text="delivered_to=", required=False),
    "zones": table("zone_id", "±latitude_deg ±longitude_deg ±utc_offset_h=nan", text="country_iso2 bloc"),
    "classes": table(
        "class_id",
        "latency_ms=nan value_usd_per_h100e_h weight=1 gbit_s_per_kh100e=0 doubling_months=nan flexible_frac=0 "
        "flexible_window_h=nan core_frac=0 core_value_usd_per_h100e_h=nan move_usd_per_h100e=0 max_fall_frac_per_month=1",
        text="orbit= profile_id=",
    ),
    "profiles": table(
        "~profile_id ~day_type ~calendar_month ~from_h", "calendar_month=nan from_h=nan ±value", text="kind", required=False
    ),
    "demand": table("zone_id class_id", "start_kh100e"),
    "training_runs": table(
        "~run_id",
        "energy_gwh kw_per_h100e duration_months runs_per_year ±growth_frac_per_year=0",
        text="zone_id class_id from_month=",
        required=False,
    ),
    "residency": table("class_id ~from_bloc", text="to_blocs", required=False),
    "designs": table(
        "design_id",
        "downlink_gbit_s_per_mw=inf availability_frac=1 it_kg_per_kw=nan build_usd_per_kg=nan loss_frac_per_year=0 "
        "life_years=inf commissioning_months=0 insurance_frac=0 rate_frac_per_year=nan array_loss_frac_per_year=nan "
        "maintenance_frac_per_year=nan fixed_usd_per_kw_year=nan",
        text="bloc country_iso2=",
        required=False,
    ),
    "launch": table("month", "tonnes=0 satellite_factory_mw=inf", required=False),
    "launch_price": table("design_id month", "usd_per_kg", required=False),
    "countries": table(
        "~country_iso2", "±generation_growth_twh_per_year=nan ai_share_frac=nan load_frac=nan ±added_mw=0", required=False
    ),
    "links": table("region_id", "gbit_s ±growth_frac_per_year=0", required=False),
    "latency": table("~from_id ~to_id", "one_way_ms", required=False),
    "routes": table(
        "~route_id", "gbit_s=inf ±growth_frac_per_month=0 usd_per_gbit_s_month=nan", text="from to", required=False
    ),
    "shares": table(
        "~share_id", "min_frac=nan max_frac=nan", text="class_id from_bloc to from_month= to_month= of=", required=False
    ),
    "reservations": table(
        "reservation_id",
        "kh100e penalty_usd_per_h100e_h=nan price_usd_per_h100e_h=nan take_or_pay_frac=0",
        text="region_id class_id from=",
        required=False,
    ),
    "targets": table("target_id", "min_served_frac penalty_usd_per_h100e_h=nan", text="class_id from=", required=False),
}

RESULTS: Mapping[str, Table] = {
    "chips": table(
        "generation_id month",
        "delivered_kunit deployed_kunit dark_kunit retired_kunit displaced_kunit housed_kunit orbit_kunit "
        "commissioning_kunit failed_kunit end_of_life_kunit ended_dark_kunit dark_kh100e dark_mw",
    ),
    "offers": table("generation_id month", "offered_kunit bought_kunit declined_kunit deferred_kunit"),
    "deferrals": table("generation_id month delivered_month", "deferred_kunit"),
    "fleet": table(
        "place_id generation_id month",
        "deploy_kunit retire_kunit failed_kunit end_of_life_kunit installed_kunit run_kunit it_nameplate_mw it_draw_mw "
        "compute_kh100e",
    ),
    "chip_moves": table("from_id to_id generation_id delivered_in month", "moved_kunit moved_mw", required=False),
    "batches": table("place_id generation_id batch month", "deploy_kunit retire_kunit end_of_life_kunit installed_kunit"),
    "power": table(
        "region_id option_id month", "build_mw growth_limit_mw capacity_mw firm_mw output_mw energy_mwh carbon_tco2"
    ),
    "orders": table("region_id ~option_id ~ordered_for month", "arrived_mw late_mw cancelled_mw", required=False),
    "halls": table("region_id month", "build_shell_mw shell_mw housed_mw"),
    "projects": table("project_id", "taken_frac hall_mw power_mw capital_musd", text="whole start_month=", required=False),
    "project_starts": table("project_id month", "taken_frac", required=False),
    "serve": table("pool_id class_id place_id month", "serve_kh100e network_gbit_s"),
    "demand": table("pool_id class_id month", "demand_kh100e served_kh100e unserved_kh100e"),
    "moves": table("class_id month", "served_kh100e moved_kh100e moved_frac", required=False),
    "targets": table(
        "~rule ~target_id month",
        "stated_frac stated_kh100e reached_frac=nan reached_kh100e missed_kh100e penalty_musd worth_usd=nan",
        required=False,
    ),
    "reservations": table(
        "reservation_id month",
        "reserved_kh100e standing_kh100e used_kh100e short_kh100e penalty_musd paid_musd unused_musd worth_usd=nan",
        required=False,
    ),
    "orbit": table("design_id month", "launched_mw launched_t alive_mw service_mw", required=False),
    "orbit_coefficients": table(
        "design_id launch_month month", "service_frac alive_frac charge_usd_per_kw upkeep_usd_per_kw kg_per_kw", required=False
    ),
    "launch": table("month", "launched_t limit_t", required=False),
    "owners": table(
        "owner_id month", "installed_mw orbit_mw commissioning_mw dark_mw dark_kh100e displaced_mw", required=False
    ),
    "owner_power": table("region_id owner_id month", "right_mw used_mw bought_mw sold_mw", required=False),
    "slices": table("~slice_id", "utc_hour length_h", text="day_type", required=False),
    "power_by_slice": table(
        "region_id option_id month slice_id",
        "output_mw charge_mw stored_mwh availability_frac energy_usd_per_mwh",
        required=False,
    ),
    "work_by_slice": table("class_id place_id month slice_id", "shift_kh100e", required=False),
    "fleet_by_slice": table("place_id generation_id month slice_id", "run_kunit", required=False),
    "dark": table("generation_id month", "power_kunit halls_kunit late_kunit idle_kunit"),
    "capital": table("~place_id ~item_id ~component month", "±capital_musd"),
    "cash": table("~place_id ~item_id ~component year", "±cash_musd"),
    "nominal": table("~component year", "±cash_musd price_level ±nominal_musd"),
    "costs": table("~place_id ~item_id month ~component", "±cost_musd ±discounted_musd"),
    "league": table(
        "place_id",
        "it_mwh compute_kh100e_h ±energy_cost_musd ±facility_cost_musd ±usd_per_mwh=nan ±usd_per_mwh_facility=nan "
        "±usd_per_kh100e_h=nan carbon_kg_per_kh100e_h=nan ±marginal_usd_per_mwh=nan",
    ),
    "trade": table("pool_id class_id asked_in served_in month", "serve_kh100e", text="split"),
    "nations": table(
        "country_iso2 plan_year",
        "it_mwh compute_kh100e_h ±energy_cost_musd carbon_tco2 ±grid_growth_mw demand_kh100e served_kh100e home_kh100e "
        "exports_kh100e imports_kh100e ±usd_per_mwh=nan ±marginal_usd_per_mwh=nan ±energy_usd_per_kh100e_h=nan "
        "±marginal_usd_per_kh100e_h=nan carbon_kg_per_mwh=nan carbon_kg_per_kh100e_h=nan home_frac=nan envelope_mw=nan "
        "headroom_mw=nan envelope_usd_per_mw=nan",
    ),
    "limits": table("~constraint ~where ~month", "±worth_usd ±limit ±rent_musd", text="unit"),
    "purchases": table(
        "region_id ~option_id month",
        "plan_mw unit_mw=nan units=nan order_mw ±ahead_mw capital_musd",
        text="order_month",
    ),
    "revisions": table("~kind ~place_id ~item_id month", "±before ±now", text="unit", required=False),
    "remedies": table(
        "~constraint ~where",
        "amount ±saves_musd cost_musd=nan own_musd=nan speed_up_musd=nan ±net_musd most_musd=nan capital_musd=nan "
        "powered_kh100e=nan powered_frac=nan h100e_years_per_musd=nan",
        text="from_month to_month unit",
    ),
    "duals": table(
        "~constraint ~place_id ~option_id ~generation_id ~pool_id ~class_id ~item_id ~month ~slice",
        "±dual_musd",
        required=False,
    ),
    "entry": table(
        "design_id month",
        "±worth_usd_per_kw cost_usd_per_kw ±gap_usd_per_kw launch_usd_per_kg ±break_even_launch_usd_per_kg=nan "
        "flip_value_factor=nan cost_usd_per_h100e_h=nan",
        text="generation_id boundary",
        required=False,
    ),
    "orbit_break_even": table(
        "design_id ~lever",
        "planned=nan ±break_even=nan of_planned_frac=nan",
        text="launched_in unit counted_over changes compared_with definition",
        required=False,
    ),
    "summary": table("~key", "±value=nan", text="unit= text=", required=False),
}

OF_THE_HORIZON = ("trade", "entry", "purchases", "revisions")
BY_MONTH = tuple(name for name, each in RESULTS.items() if "month" in each.keys and name not in OF_THE_HORIZON)
"""Result tables that a plan with a look-ahead writes for it too; the others follow from those of the horizon."""

NEEDED_FOR: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "designs": ("orbital designs", ("orbit", "orbit_coefficients", "launch", "entry", "orbit_break_even")),
    "shares": ("shares", ("targets",)),
    "targets": ("targets", ("targets",)),
    "reservations": ("reservations", ("reservations",)),
}
"""By input table: what a plan with rows of it has, in words, and the result tables that it must have."""
