"""The plan file: its keys, what they may hold, and its JSON Schema."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema, create_model

from planner.errors import is_harmless
from planner.findings import allowable
from planner.formats import Currency
from planner.schema.fields import MONTH, Range
from planner.schema.maps import TableFile
from planner.schema.quantities import QUANTITY
from planner.schema.tables import tables
from planner.schema.units import largest, unit_of

FIRST, LAST = "2000-01", "2199-12"


def _month(value: str) -> str:
    if not MONTH.fullmatch(value) or value.startswith("0000"):
        raise ValueError("a month as YYYY-MM")
    return value


def _start(value: str) -> str:
    if not FIRST <= _month(value) <= LAST:
        raise ValueError(f"a month from {FIRST} to {LAST}")
    return value


def is_plan_name(text: str) -> bool:
    """Whether a plan can have this name, which is that of a folder on every system."""
    return PLAN_NAME.fullmatch(text) is not None and all(map(is_harmless, text))


def _name(value: str) -> str:
    if not is_plan_name(value):
        raise ValueError("a name that can be a folder")
    return value


CURRENCY = "[A-Z]{3}"
"""The form of the code of a currency."""


def _currency(value: str) -> str:
    if value and (re.fullmatch(CURRENCY, value) is None or value == "USD"):
        raise ValueError("the code of a currency other than USD, such as EUR")
    return value


def _slices(value: object) -> int | tuple[int, ...]:
    if type(value) is int and value in SEGMENTS:
        return value
    if isinstance(value, str) and ";" in value:  # a cell of a workbook
        value = [int(part) if part.strip().isdecimal() else part for part in value.split(";")]
    hours = tuple(value) if isinstance(value, list | tuple) else ()
    whole = all(type(hour) is int and 0 <= hour <= 23 for hour in hours)
    if not hours or not whole or sorted(set(hours)) != list(hours):
        raise ValueError("1, 4, 8 or 24, or UTC hours at which segments start, in order, as [0, 6, 18]")
    return hours


SEGMENTS = (1, 4, 8, 24)
Slices = Annotated[
    int | tuple[int, ...],
    PlainValidator(_slices),
    PlainSerializer(lambda value: list(value) if isinstance(value, tuple) else value),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(SEGMENTS)},
                {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 0, "maximum": 23},
                    "minItems": 1,
                    "uniqueItems": True,
                },
            ]
        }
    ),
]
DayName = Annotated[str, Field(pattern=r"^\w[\w.\-]*$")]
MonthName = Annotated[str, AfterValidator(_start), Field(json_schema_extra={"pattern": r"^\d{4}-(0[1-9]|1[0-2])$"})]
PLAN_NAME = re.compile(r'\w[^/\\:*?"<>|]{0,99}(?<![. ])')
PlanName = Annotated[str, AfterValidator(_name)]
CurrencyCode = Annotated[str, AfterValidator(_currency), Field(json_schema_extra={"pattern": f"^({CURRENCY})?$"})]
Year = Annotated[str, Field(pattern=r"^\d{4}$")]
Scalar = str | int | float | bool
Workbook = Annotated[str, Field(pattern=r"\.[xX][lL][sS][xX]$")]


class Part(BaseModel):
    """Keys of the plan file; a key that does not exist is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Demand(Part):
    """How demand grows."""

    doubling_months: float = Field(
        ge=0,
        le=largest("doubling_months"),
        description="months in which demand doubles, unless its class says otherwise; 0: it does not grow",
    )


class Network(Part):
    """Delays and the price of traffic, where no table states them."""

    rtt_intercept_ms: float = Field(ge=0, le=largest("rtt_intercept_ms"), description="round trip at no distance")
    rtt_slope_ms_per_km: float = Field(ge=0, le=largest("rtt_slope_ms_per_km"), description="round trip per km of great circle")
    same_metro_km: float = Field(ge=0, le=largest("same_metro_km"), description="places nearer than this are in the same metro")
    same_metro_ms: float = Field(ge=0, le=largest("same_metro_ms"), description="round trip inside a metro")
    orbit_rtt_ms: float | None = Field(
        default=None,
        ge=0,
        le=largest("orbit_rtt_ms"),
        description="round trip from any zone to any orbit; needed where the plan has an orbital design",
    )
    usd_per_gbit_s_month: float = Field(
        ge=0, le=largest("usd_per_gbit_s_month"), description="price of traffic that leaves its metro"
    )


class Carbon(Part):
    """Price and caps of emissions."""

    usd_per_tco2: float = Field(default=0.0, ge=0, le=largest("usd_per_tco2"), description="price of emissions")
    cap_mtco2_per_year: dict[Year, Annotated[float, Field(ge=0, le=largest("cap_mtco2_per_year"))]] = Field(
        default={}, description="calendar year: cap; each month of it in the plan has a twelfth"
    )
    carried_over_mtco2: dict[Year, Annotated[float, Field(ge=-1e6, le=1e6)]] = Field(
        default={},
        description="calendar year: what its earlier months have left of their part of the cap; below zero: have taken from it",
    )


class Budget(Part):
    """What may be spent."""

    capital_musd_per_year: dict[Year, Annotated[float, Field(ge=0, le=largest("capital_musd_per_year"))]] = Field(
        default={},
        description="calendar year: the most capital that may fall due in it; each month of it in the plan has a twelfth",
    )
    carried_over_musd: dict[Year, Annotated[float, Field(ge=-1e8, le=1e8)]] = Field(
        default={},
        description="calendar year: what its earlier months have left of their part of the budget, less what still falls due "
        "in it of assets in service; below zero: have taken from it",
    )
    chips: Literal["left_out", "counted"] = Field(
        default="left_out", description="whether the list price of chips, in the month of their delivery, counts in the budget"
    )


class Money(Part):
    """Whose money a dollar of the plan is, and the currency in which its main amounts are shown too."""

    year: int | None = Field(
        default=None, ge=1990, le=2200, description="year of the money in which the plan states its prices; empty: not stated"
    )
    inflation_frac_per_year: float = Field(
        default=0.0, gt=-1, le=1, description="rise of all prices beside the plan, for what is paid in money of its own year"
    )
    currency: CurrencyCode = Field(
        default="", description="currency in which the main amounts of a result are shown beside USD, such as EUR; empty: none"
    )
    usd_per_currency: float | None = Field(
        default=None, gt=0, le=1000, description="what one of this currency is worth in USD; needed where one is named"
    )

    @property
    def beside(self) -> Currency | None:
        """The currency that is shown beside USD, where the plan states one with its rate."""
        return Currency(self.currency, self.usd_per_currency) if self.currency and self.usd_per_currency else None


class National(Part):
    """Which power counts against national envelopes."""

    options: tuple[str, ...] = Field(default=(), description="power options that count against national envelopes")
    years_from: MonthName | None = Field(
        default=None,
        description="month from which plan years count; the first then has its months before the start too, and "
        "countries.added_mw of its envelope is used; empty: the start",
    )


class Owners(Part):
    """Whose chips may use whose power, where generations have owners."""

    power: Literal["shared", "own", "trade"] = Field(
        default="shared",
        description="shared: any chip on any power, as if all had one owner; own: each owner has its own power; "
        "trade: owners buy power from each other",
    )
    trade_usd_per_mw_month: float = Field(
        default=0.0,
        ge=0,
        le=largest("trade_usd_per_mw_month"),
        description="trade: what a MW bought for a month costs on top of power and halls",
    )


class Adjust(Part):
    """One change to one table: the rows that `where` matches are scaled, set or dropped, or `rows` are added by key."""

    table: str = Field(description="name of the table")
    where: dict[str, Scalar | tuple[Scalar | None, ...] | None] = Field(
        default={}, description="column: value or list of values; absent for all rows"
    )
    scale: dict[str, float] = Field(default={}, description="column: factor")
    set: dict[str, Scalar | None] = Field(default={}, description="column: new value")
    drop: bool | Literal["everywhere"] = Field(
        default=False,
        description="true: drop the rows; everywhere: also drop what names them in other tables, rows and names in lists",
    )
    rows: str | TableFile | None = Field(
        default=None,
        description="CSV file, or workbook, with rows to add or replace by key; or one of another shape with its map",
    )


class OwnLimit(Part):
    """A limit of the user's own: a file of Python that is executed only where the command line allows it."""

    file: str = Field(description="Python file that names a block of the model (docs/own-limits.md), relative to this file")
    tables: dict[str, str] = Field(default={}, description="table of that block: path of its CSV, relative to this file")


class Settings(Part):
    """A resolved plan file."""

    name: PlanName = Field(description="name of the plan and of its folder of results; the stem of the file unless stated")
    author: str = Field(default="", description="who answers for this plan; its report names them")
    start: MonthName = Field(description="first month, YYYY-MM")
    as_of: MonthName | None = Field(
        default=None,
        description="month at whose beginning the tables of existing assets hold: fleet, dark chips, power and halls in "
        "service; a plan that starts in another is refused; empty: not stated",
    )
    months: int = Field(ge=1, le=120, description="length of the horizon")
    look_ahead_months: int = Field(
        default=0, ge=0, le=120, description="months after the horizon that are decided with it, and not reported"
    )
    freeze_months: int = Field(
        default=0,
        ge=0,
        le=120,
        description="months from the start of a plan that is rolled from this one in which it builds and launches at least "
        "what this one does",
    )
    change_usd_per_mw: float = Field(
        default=0.0,
        ge=0,
        description="cost of each MW of power or halls that a plan rolled from this one builds more or less in a month than "
        "the plan before has published for it, unless it is ordered already",
    )
    boundary: Literal["energy", "facility"] = Field(
        default="facility", description="cost scope: facility counts power and buildings, energy power only"
    )
    objective: Literal["value", "energy"] = Field(
        default="value", description="value: unserved compute has a cost; energy: most compute first, then least cost"
    )
    unserved: Literal["allowed", "forbidden"] = Field(default="allowed", description="whether demand may go unserved")
    discount_frac_per_year: float = Field(ge=0, le=1, description="discount rate")
    slices: Slices = Field(
        default=1, description="segments of the day: a number, chosen from the profiles, or where they start"
    )
    days: dict[DayName, Annotated[float, Field(gt=0, le=31)]] = Field(
        default={}, description="further day types: their days in a mean month; the rest of the month is typical"
    )
    longest_outage_h: float = Field(
        default=0.0,
        ge=0,
        le=largest("longest_outage_h"),
        description="longest outage to be covered: storage counts as firm for the part of it that it can last; 0: in full",
    )
    demand: Demand
    network: Network
    carbon: Carbon = Carbon()
    budget: Budget = Budget()
    money: Money = Money()
    national: National = National()
    owners: Owners = Owners()
    own_limits: tuple[OwnLimit, ...] = Field(default=(), description="limits of your own, executed only with --own-limits")
    allow: tuple[Annotated[str, AfterValidator(allowable)], ...] = Field(
        default=(), description="codes of warnings and notes that are accepted: neither printed nor counted"
    )
    tables: dict[str, str] = Field(description="table: path of its CSV, relative to the file that states it")


PLAUSIBLE: dict[str, Range] = {
    "discount_frac_per_year": (0, 0.3),
    "longest_outage_h": (0.1, 1000),
    "change_usd_per_mw": (10, 5_000_000),
    "demand.doubling_months": (3, 240),
    "network.rtt_intercept_ms": (0.1, 100),
    "network.rtt_slope_ms_per_km": (0.0067, 0.1),  # at least twice what light takes for a km
    "network.same_metro_km": (1, 300),
    "network.same_metro_ms": (0.01, 30),
    "network.orbit_rtt_ms": (3, 600),
    "network.usd_per_gbit_s_month": (1, 100_000),
    "owners.trade_usd_per_mw_month": (100, 2_000_000),
    "carbon.usd_per_tco2": (0.5, 2000),
    "carbon.cap_mtco2_per_year": (1e-4, 5000),
    "budget.capital_musd_per_year": (0.1, 5_000_000),
    "money.inflation_frac_per_year": (-0.05, 0.2),
    "money.usd_per_currency": (1e-5, 5),
}
"""Beyond this a number of the plan file is allowed, and probably in another unit (`Field.plausible` for tables)."""
PLAUSIBLE_START = ("2015-01", "2060-12")


def keys() -> list[str]:
    """The keys of a plan that hold a value, as `--set` takes them: `months`, `demand.doubling_months`."""
    below = {name: getattr(one.annotation, "model_fields", {}) for name, one in Settings.model_fields.items()}
    return [f"{name}.{key}" if key else name for name, known in below.items() for key in known or ("",)]


def plan_json_schema() -> dict[str, Any]:
    """JSON Schema of a plan file, for editors: a file that extends another may leave out what it inherits."""
    names = tuple(tables())
    extra: dict[str, Any] = {
        "extends": (str, Field(default="", description="plan that this one changes, relative to this file")),
        "why": (str, Field(default="", description="one sentence: why this plan exists; required with extends")),
        "adjust": (list[Adjust], Field(default=[], description="changes to tables, in order")),
        "tables": (
            dict[Literal[names], str | TableFile | None] | Workbook,  # type: ignore[valid-type]
            Field(
                description="table: path, relative to this file, of its CSV or Parquet file or of an .xlsx workbook "
                "with a sheet of that name; null removes an inherited table; keys and values: a file of another shape with its "
                "map (docs/data-in.md). Or one workbook for every table that it has a sheet for"
            ),
        ),
    }
    model = create_model("PlanFile", __base__=Settings, **extra)
    schema = model.model_json_schema()
    schema["title"] = "Plan of the compute capacity planner"
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema.pop("required", None)
    for name in ("Demand", "Network"):
        schema["$defs"][name].pop("required", None)
    for key in ("extends", "why", "name"):
        schema["properties"][key].pop("default", None)
    for part in (schema, *schema["$defs"].values()):
        for name, stated in part.get("properties", {}).items():
            part["properties"][name] = _with_unit(name, stated)
    schema["anyOf"] = [{"required": ["extends", "why"]}, {"required": _required(Settings)}]
    return schema


def _with_unit(name: str, stated: dict[str, Any]) -> dict[str, Any]:
    """A number may also be a text that states its unit."""
    if "additionalProperties" in stated and isinstance(stated["additionalProperties"], dict):
        return {**stated, "additionalProperties": _with_unit(name, stated["additionalProperties"])}
    if "patternProperties" in stated:
        below = {pattern: _with_unit(name, one) for pattern, one in stated["patternProperties"].items()}
        return {**stated, "patternProperties": below}
    unit = unit_of(name)
    if stated.get("type") not in ("number", "integer") or not unit:
        return stated
    number = {key: stated[key] for key in stated if key in ("type", "minimum", "maximum")}
    text = {"type": "string", "pattern": f"^\\s*{QUANTITY.pattern}$", "description": f"in {unit}, or with another unit"}
    return {**{key: stated[key] for key in stated if key not in number}, "anyOf": [number, text]}


def _required(model: type[BaseModel]) -> list[str]:
    return [name for name, field in model.model_fields.items() if field.is_required() and name != "name"]
