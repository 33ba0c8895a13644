"""Every input table, column by column: the one place that says what a table holds.

`tables()` adds the columns of an orbital design, which physics owns. `dictionary()` is the same as rows of text, for the
manual, the workbook and `planner schema`.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cache

from planner.load.fields import Field, Kind

QUALITIES = ("measured", "published_forecast", "estimate")

CARRIED = (
    Field("source", "text", "where the row comes from"),
    Field("quality", "choice", "how far to trust it", choices=QUALITIES),
    Field("note", "text", "anything worth saying", required=False),
)
"""Columns of every table that nothing is computed with."""

ORIGIN = ("file", "line", "changed")
"""Columns of a resolved table: where each row came from. Allowed in an input table and ignored."""


@dataclass(frozen=True)
class TableSchema:
    name: str
    doc: str
    fields: tuple[Field, ...]
    required: bool = True
    rows_required: bool = True

    @property
    def keys(self) -> tuple[Field, ...]:
        return tuple(field for field in self.fields if field.key)

    @property
    def columns(self) -> tuple[Field, ...]:
        return self.fields + CARRIED

    def field(self, name: str) -> Field | None:
        return next((field for field in self.columns if field.name == name), None)


def _key(name: str, doc: str, kind: Kind = "name") -> Field:
    return Field(name, kind, doc, key=True)


def _name(name: str, doc: str, **more: bool) -> Field:
    return Field(name, "name", doc, **more)  # type: ignore[arg-type]


def _positive(name: str, doc: str, required: bool = True) -> Field:
    return Field(name, "number", doc, gt=0, required=required)


def _amount(name: str, doc: str, required: bool = True, default: float | None = None) -> Field:
    return Field(name, "number", doc, ge=0, required=required, default=default)


def _rate(name: str, doc: str) -> Field:
    return Field(name, "number", doc, gt=-1, le=100, required=False, default=0.0)


def _frac(name: str, doc: str, above_zero: bool = False, default: float | None = None) -> Field:
    low = {"gt": 0.0} if above_zero else {"ge": 0.0}
    return Field(name, "number", doc, le=1, required=default is None, default=default, **low)  # type: ignore[arg-type]


def _months(name: str, doc: str, default: int = 0) -> Field:
    return Field(name, "integer", doc, ge=0, le=1200, required=False, default=default)


_MONTH = _key("month", "calendar month", "month")
_LATITUDE = Field("latitude_deg", "number", "north is positive", ge=-90, le=90)
_LONGITUDE = Field("longitude_deg", "number", "east is positive", ge=-180, le=180)

_TABLES = (
    TableSchema(
        "regions",
        "Places on Earth where chips may stand",
        (
            _key("region_id", "name of the region in every other table"),
            Field("name", "text", "as a reader should see it"),
            _name("country_iso2", "country, for export rules and the national envelope"),
            _name("bloc", "whose law it is under, for residency and pools"),
            _LATITUDE,
            _LONGITUDE,
            Field("pue", "number", "facility power over IT power", ge=1, le=3),
            Field("wacc_frac_per_year", "number", "cost of capital", ge=0, le=1),
            _frac("availability_frac", "share of time that a running chip computes", above_zero=True),
            _frac("nameplate_frac", "share of nameplate that the site must be able to feed", above_zero=True, default=1.0),
            _months("commission_months", "from deployment to service"),
            _amount("shell_start_mw", "powered halls at the start, IT power"),
            _amount("shell_step_mw_per_month", "most new halls a month"),
            _rate("shell_step_growth_frac_per_year", "growth of that step"),
            _months("shell_lead_months", "months before the first new hall"),
            _amount("shell_usd_per_kw", "a new hall, per kW of IT"),
            _positive("shell_life_years", "life of a hall"),
        ),
    ),
    TableSchema(
        "options",
        "Ways to get electricity: the grid and kinds of plant",
        (
            _key("option_id", "name of the option in every other table"),
            Field("name", "text", "as a reader should see it"),
            _amount("capex_usd_per_kw", "connection or plant"),
            _amount("fixed_usd_per_kw_year", "fixed operation"),
            _amount("variable_usd_per_mwh", "variable operation without fuel"),
            _amount("heat_rate_mmbtu_per_mwh", "fuel per energy; 0 for an option without fuel"),
            _name("fuel_id", "fuel burnt; empty for none", required=False),
            _amount("carbon_kg_per_mwh", "own emission; empty where the region states it (grid)", required=False),
            _positive("life_years", "life over which capital is repaid"),
            _frac("firm_frac", "share of capacity that counts at the worst hour"),
        ),
    ),
    TableSchema(
        "power",
        "Power of each option in each region, and how fast it can grow",
        (
            _key("region_id", "region"),
            _key("option_id", "option"),
            _amount("start_mw", "in service for AI at the start"),
            _amount("step_mw_per_month", "most new power a month"),
            _rate("step_growth_frac_per_year", "growth of that step"),
            Field(
                "growth_frac_per_month",
                "number",
                "more new power, as a share of what stands",
                ge=0,
                le=1,
                required=False,
                default=0.0,
            ),
            _months("lead_months", "months before the first new power"),
            _frac("availability_frac", "share of capacity that can be drawn", above_zero=True),
            _amount("energy_usd_per_mwh", "bought energy; 0 for a plant"),
            _rate("energy_growth_frac_per_year", "growth of that price"),
            _amount("carbon_kg_per_mwh", "emission; overrides the option's", required=False),
            Field("carbon_priced", "choice", "whether the price already holds the carbon price", choices=("yes", "no")),
            _amount("capex_usd_per_kw", "overrides the option's", required=False),
        ),
    ),
    TableSchema(
        "fuels",
        "Fuel prices by region",
        (_key("region_id", "region"), _key("fuel_id", "fuel"), _amount("usd_per_mmbtu", "delivered price")),
        required=False,
    ),
    TableSchema(
        "supply",
        "World deliveries of a technology to this plan; an option without rows is not limited",
        (_key("option_id", "option"), _MONTH, _amount("mw", "most that all regions together may build")),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "commitments",
        "Power that is already decided",
        (
            _key("region_id", "region"),
            _key("option_id", "option"),
            _MONTH,
            _amount("build_mw", "least build; counts inside the step", required=False, default=0.0),
            _amount("close_mw", "planned retirement", required=False, default=0.0),
        ),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "accelerators",
        "Generations of chips",
        (
            _key("generation_id", "name of the generation in every other table"),
            Field("name", "text", "as a reader should see it"),
            _positive("h100e_per_unit", "compute of one accelerator"),
            _positive("kw_per_unit", "nameplate of one accelerator with its share of the server"),
            _frac("draw_frac", "measured draw over nameplate", above_zero=True),
            _frac("idle_frac", "draw switched off over draw running"),
            _amount("price_usd_per_unit", "price of one accelerator"),
            _positive("life_years", "from delivery to the end of its life"),
            Field("failure_frac_per_year", "number", "share that fails a year", ge=0, le=0.99),
            _positive("install_usd_per_unit", "installation"),
            _positive("carry_usd_per_unit_month", "carrying cost while dark or displaced"),
            Field("only_countries", "list", "the only countries where it may stand; empty for any", required=False, default=()),
            Field("not_countries", "list", "countries where it may not stand", required=False, default=()),
        ),
    ),
    TableSchema(
        "deliveries",
        "Chips that arrive, whether or not anyone can power them",
        (_key("generation_id", "generation"), _MONTH, _amount("kunit", "delivered in the month")),
    ),
    TableSchema(
        "fleet",
        "Chips that stand somewhere at the start",
        (
            _key("region_id", "region"),
            _key("generation_id", "generation"),
            _amount("kunit", "alive and housed at the start"),
            Field("delivered_from", "month", "first month of their delivery"),
            Field("delivered_to", "month", "last month of their delivery; evenly between"),
        ),
        rows_required=False,
    ),
    TableSchema(
        "dark",
        "Chips delivered before the start and housed nowhere",
        (_key("generation_id", "generation"), _amount("kunit", "dark at the start")),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "zones",
        "Where compute is asked for",
        (
            _key("zone_id", "name of the zone in every other table"),
            Field("name", "text", "as a reader should see it"),
            _name("country_iso2", "country"),
            _name("bloc", "whose law its data are under"),
            _LATITUDE,
            _LONGITUDE,
        ),
    ),
    TableSchema(
        "classes",
        "Kinds of work",
        (
            _key("class_id", "name of the class in every other table"),
            Field("name", "text", "as a reader should see it"),
            _positive(
                "latency_ms", "longest round trip; empty for no limit, then served from the pool of a bloc", required=False
            ),
            _amount("value_usd_per_h100e_h", "what an hour of unserved compute costs"),
            _amount("weight", "weight in the first pass of objective energy", required=False, default=1.0),
            Field("orbit", "choice", "whether orbit may serve it", choices=("yes", "no")),
            _amount("gbit_s_per_kh100e", "traffic of the compute served"),
            _positive("doubling_months", "months in which demand doubles; empty for the plan's", required=False),
        ),
    ),
    TableSchema(
        "demand",
        "Compute asked for in the first month",
        (_key("zone_id", "zone"), _key("class_id", "class"), _amount("start_kh100e", "asked in the first month")),
    ),
    TableSchema(
        "residency",
        "Where the demand of a bloc must stay; without a row it may go anywhere",
        (
            _key("class_id", "class"),
            _key("from_bloc", "bloc that asks"),
            Field("to_blocs", "list", "the only blocs whose places may serve it"),
        ),
        required=False,
        rows_required=False,
    ),
    TableSchema("designs", "Orbital designs, per kW of IT", (), required=False, rows_required=False),
    TableSchema(
        "launch",
        "What the world can launch for this plan",
        (
            _MONTH,
            _amount("tonnes", "most mass to orbit in the month"),
            _amount("satellite_factory_mw", "most satellites built in the month, IT power; empty for no limit", required=False),
        ),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "launch_price",
        "Price of a launch",
        (_key("design_id", "design"), _MONTH, _amount("usd_per_kg", "to the design's orbit")),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "countries",
        "How fast a nation's electricity grows; a country without a row has no envelope",
        (
            _key("country_iso2", "country"),
            Field("name", "text", "as a reader should see it"),
            Field("generation_growth_twh_per_year", "number", "mean of the last five years with data"),
            _frac("ai_share_frac", "share of the growth that AI may draw"),
            _frac("load_frac", "mean draw over capacity of new grid power", above_zero=True),
        ),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "links",
        "Network capacity of a region; without a row it is not limited",
        (_key("region_id", "region"), _amount("gbit_s", "at the start"), _rate("growth_frac_per_year", "growth")),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "shares",
        "Policy: a least or greatest share of a demand that certain places serve",
        (
            _key("share_id", "name of the rule"),
            Field("class_id", "name", "class, or * for all", required=False, default="*", any_allowed=True),
            Field("from_bloc", "name", "bloc or zone that asks, or * for all", required=False, default="*", any_allowed=True),
            Field("to", "list", "regions, designs, blocs, or orbit"),
            Field("from_month", "month", "first month; empty for the start", required=False),
            Field("to_month", "month", "last month; empty for the end", required=False),
            Field("min_frac", "number", "least share", ge=0, le=1, required=False),
            Field("max_frac", "number", "greatest share", ge=0, le=1, required=False),
        ),
        required=False,
        rows_required=False,
    ),
)


@cache
def tables() -> dict[str, TableSchema]:
    """Every table by name, in the order in which a reader meets them."""
    found = {schema.name: schema for schema in _TABLES}
    found["designs"] = dataclasses.replace(found["designs"], fields=_design_fields())
    return found


def _design_fields() -> tuple[Field, ...]:
    from planner.physics.design import OrbitalDesign

    fields = [
        _key("design_id", "name of the design in every other table"),
        Field("name", "text", "as a reader should see it"),
        _name("bloc", "whose law it is under"),
        _name("country_iso2", "country, for export rules"),
    ]
    kinds: dict[str, Kind] = {"float": "number", "int": "integer", "str": "name", "float | None": "number"}
    for known in dataclasses.fields(OrbitalDesign):
        if known.name not in ("design_id", "name"):
            required = known.default is dataclasses.MISSING
            default = None if required else known.default
            fields.append(Field(known.name, kinds[str(known.type)], "see orbit", required=required, default=default))
    fields.append(_amount("downlink_gbit_s_per_mw", "traffic a satellite can land; empty for no limit", required=False))
    return tuple(fields)


def dictionary() -> list[dict[str, str]]:
    """The data dictionary: one row a column, with unit, range and default in words."""
    rows = []
    for schema in tables().values():
        for field in schema.columns:
            empty = "required" if field.required else "empty" if field.default in (None, ()) else str(field.default)
            rows.append(
                {
                    "table": schema.name,
                    "column": field.name,
                    "key": "yes" if field.key else "",
                    "kind": field.kind,
                    "unit": field.unit,
                    "allowed": ", ".join(field.choices) or field.bounds,
                    "default": empty,
                    "meaning": field.doc,
                }
            )
    return rows
