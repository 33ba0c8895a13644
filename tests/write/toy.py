"""A finished run as the writers see it: small, with the names that make trouble."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from planner.schema.glossary import DARK_REASONS

MONTHS = ("2027-01", "2027-02", "2027-03", "2028-01")
PLACES = ("us_ercot_texas", "no_søndre", "=cmd()", "leo_central")
GENERATIONS = ("h100", "@vr")


@dataclass(frozen=True)
class Line:
    key: str
    value: Any
    unit: str
    text: str


@dataclass(frozen=True)
class FakeColumn:
    name: str
    unit: str
    doc: str


@dataclass(frozen=True)
class FakeSchema:
    fields: tuple[FakeColumn, ...]
    required: bool = False


@dataclass(frozen=True)
class FakeTable:
    frame: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def resolved(self) -> dict[str, list[Any]]:
        return {str(name): column.tolist() for name, column in self.frame.items()}

    @property
    def schema(self) -> FakeSchema:
        return FakeSchema(tuple(FakeColumn(name, "a value", f"the {name}") for name in self.frame.columns))


@dataclass(frozen=True)
class FakePlan:
    name: str
    mapping: dict[str, Any]
    tables: dict[str, FakeTable]
    own_limits: tuple[()] = ()

    def to_mapping(self) -> dict[str, Any]:
        return self.mapping

    def files(self) -> list[dict[str, str]]:
        return [{"file": "plans/toy.yaml", "sha256": "0" * 64}]


@dataclass(frozen=True)
class FakeResult:
    plan: FakePlan
    tables: dict[str, pd.DataFrame]
    summary: list[Line]
    record: dict[str, Any] = field(default_factory=dict)
    optimum: dict[str, Any] = field(default_factory=dict)
    look_ahead: dict[str, Any] = field(default_factory=dict)
    changes: tuple[str, pd.DataFrame] | None = None


def numbers(rows: int, columns: list[str], scale: float, seed: int) -> dict[str, np.ndarray]:
    rng = np.random.default_rng(seed)
    return {column: rng.random(rows) * scale / 3 for column in columns}


def grid(**names: tuple[str, ...]) -> pd.DataFrame:
    rows = list(itertools.product(*names.values()))
    return pd.DataFrame(rows, columns=list(names))


def make_tables(months: tuple[str, ...] = MONTHS, places: tuple[str, ...] = PLACES) -> dict[str, pd.DataFrame]:
    """Result tables with the contract's columns, filled with numbers that need all their digits."""
    earth, sky = places[:-1], places[-1:]

    def filled(keys: pd.DataFrame, columns: str, scale: float) -> pd.DataFrame:
        return keys.assign(**numbers(len(keys), columns.split(), scale, seed=len(keys)))

    chips = (
        "delivered_kunit deployed_kunit dark_kunit retired_kunit displaced_kunit housed_kunit orbit_kunit "
        "commissioning_kunit failed_kunit end_of_life_kunit ended_dark_kunit dark_kh100e dark_mw"
    )
    fleet = (
        "deploy_kunit retire_kunit failed_kunit end_of_life_kunit installed_kunit run_kunit "
        "it_nameplate_mw it_draw_mw compute_kh100e"
    )
    components = ("energy", "fuel", "capital", "halls", "unserved")
    costs = filled(grid(place_id=("", *places), item_id=("", "grid"), month=months, component=components), "cost_musd", 900)
    costs["discounted_musd"] = costs["cost_musd"] * 0.93
    demand = filled(grid(pool_id=("us_east", "Europe"), class_id=("chat", "train"), month=months), "demand_kh100e", 500)
    demand["served_kh100e"] = demand["demand_kh100e"] * 0.75
    demand["unserved_kh100e"] = demand["demand_kh100e"] * 0.25
    limits = pd.DataFrame(
        {
            "constraint": ["limit_power_growth", "limit_launch_mass"],
            "where": ["us_ercot_texas / grid", ""],
            "month": list(months[:2]),
            "worth_usd": [1.25e6 / 3, 1e-7 / 3],
            "unit": ["USD/MW", "USD/t"],
            "limit": [10.0, 3.0],
            "rent_musd": [12.5, 0.0],
        }
    )
    league = pd.DataFrame({"place_id": list(places)}).assign(
        **numbers(
            len(places),
            "it_mwh compute_kh100e_h energy_cost_musd facility_cost_musd usd_per_mwh usd_per_mwh_facility usd_per_kh100e_h "
            "carbon_kg_per_kh100e_h marginal_usd_per_mwh".split(),
            1e6,
            7,
        )
    )
    entry = filled(
        grid(design_id=sky, month=months),
        "worth_usd_per_kw cost_usd_per_kw gap_usd_per_kw break_even_launch_usd_per_kg launch_usd_per_kg",
        9000,
    ).assign(boundary="facility")
    entry.loc[0, "break_even_launch_usd_per_kg"] = np.nan
    table_of_chips = filled(grid(generation_id=GENERATIONS, month=months), chips, 400)
    reasons = {f"{reason}_kunit": table_of_chips["dark_kunit"] / 4 for reason in DARK_REASONS}
    return {
        "chips": table_of_chips,
        "dark": table_of_chips[["generation_id", "month"]].assign(**reasons),
        "fleet": filled(grid(place_id=places, generation_id=GENERATIONS, month=months), fleet, 300),
        "power": filled(
            grid(region_id=earth, option_id=("grid", "gas_engine"), month=months),
            "build_mw growth_limit_mw capacity_mw firm_mw output_mw energy_mwh carbon_tco2",
            8000,
        ),
        "halls": filled(grid(region_id=earth, month=months), "build_shell_mw shell_mw housed_mw", 700),
        "serve": filled(
            grid(pool_id=("us_east", "Europe"), class_id=("chat", "train"), place_id=places, month=months),
            "serve_kh100e network_gbit_s",
            90,
        ),
        "demand": demand,
        "orbit": filled(grid(design_id=sky, month=months), "launched_mw launched_t alive_mw service_mw", 60),
        "launch": filled(grid(month=months), "launched_t limit_t", 300),
        "costs": costs,
        "league": league,
        "nations": filled(grid(country_iso2=("US", "NO", "orbit"), plan_year=(1, 2)), "it_mwh usd_per_mwh exports_kh100e", 900),
        "trade": filled(
            grid(
                pool_id=("us_east", "Europe"), class_id=("chat",), asked_in=("US", "NO"), served_in=("US", "NO"), month=months
            ),
            "serve_kh100e",
            40,
        ).assign(split="whole"),
        "limits": limits,
        "entry": entry,
    }


def make_result(tables: dict[str, pd.DataFrame] | None = None, name: str = "toy") -> FakeResult:
    regions = pd.DataFrame(
        {
            "region_id": list(PLACES[:-1]),
            "name": ["Texas", "Søndre Norge – 挪威", '=HYPERLINK("http://x")'],
            "country_iso2": ["US", "NO", "US"],
            "pue": [1.12, 1.1, 1 / 3 + 1],
            "commission_months": [0, 1, 2],
            "source": ["+1 judgement", '-a, quoted "source"', "https://example.org"],
            "quality": ["estimate"] * 3,
        }
    )
    accelerators = pd.DataFrame({"generation_id": list(GENERATIONS), "h100e_per_unit": [1.0, 2.5], "source": ["a", "b"]})
    mapping = {"name": name, "why": "a toy", "start": "2027-01", "months": 4, "boundary": "facility", "country": "NO"}
    return FakeResult(
        plan=FakePlan(name, mapping, {"regions": FakeTable(regions), "accelerators": FakeTable(accelerators)}),
        tables=tables if tables is not None else make_tables(),
        summary=[
            Line("energy_cost", 61.2345, "USD per MWh of IT", "energy 61 USD per MWh of IT"),
            Line("served_share", 0.75, "frac", "served 75 % of the compute asked"),
            Line("dark_worst", 1234.0, "million H100e", ""),
            Line("orbit_gap", 1500.0, "USD per kW", "orbit does not enter: =1+1"),
            Line(
                "limit_1", 1.5e6, "USD per MW", "one more MW of us_ercot_texas / grid connected in 2028-01 saves 1,500,000 USD"
            ),
        ],
        record={"status": "optimal", "objective_musd": 12.5, "versions": {"pyomo": "6.9"}, "timings": {"solve": 1.0}},
    )
