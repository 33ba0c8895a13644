"""All that a block ever sees: one frozen record, checked, in one unit per dimension.

Every mapping is sparse: a key that cannot exist is absent, and a block builds its index sets from the keys. Keys follow the
one index order of this project: *who asks (z), for what (w), where (r or o), on what chip (g), delivered when (b), fed by
what (p), how old (v), when (t), at which hour (k)*; *whose (h)* comes after where. Months and vintages are numbered 1..n;
``months`` names them. A batch b has the name of the month of its delivery, and exists only where its life ends within them.

Units are in the names: thousand units (`_kunit`), thousand H100-equivalents (`_kh100e`), megawatt (`_mw`), million US dollars
(`_musd`), tonnes (`_t`), shares between 0 and 1 (`_frac`). Prices stay in US dollars per natural unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Literal

from models.project import HALLS as HALLS, Project as Project, ProjectPart as ProjectPart
from models.records import STOCK as STOCK, ChipMove as ChipMove, Order as Order, Published, Reservation, Route, Share, Target

Boundary = Literal["energy", "facility"]
Mode = Literal["value", "energy"]
OwnersPower = Literal["shared", "own", "trade"]

K1 = Mapping[str, float]
K2 = Mapping[tuple[str, str], float]
KT = Mapping[tuple[str, int], float]


@dataclass(frozen=True)
class PlanData:
    """One plan, ready to be built. See ``planner.read.prepare`` for how files become this."""

    # ---- what is asked
    name: str
    boundary: Boundary
    mode: Mode
    unserved_allowed: bool

    # ---- time
    months: tuple[str, ...]  # 'YYYY-MM', t = 1..n, all that are decided
    slices: tuple[int, ...]  # k = 1..K
    hours_h: Mapping[tuple[int, int], float]  # [t,k], sums over k to the true hours of month t
    day_of: Mapping[int, str]  # [k] the day type whose segment it is
    start_h: Mapping[int, int]  # [k] UTC hour at which the segment begins; slices of a day type are in this order
    length_h: Mapping[int, float]  # [k] hours of the segment, sums to 24 over a day type
    discount: Mapping[int, float]  # [t]

    # ---- names
    regions: tuple[str, ...]
    designs: tuple[str, ...]
    generations: tuple[str, ...]
    classes: tuple[str, ...]

    # ---- fleet
    placeable: tuple[tuple[str, str], ...]  # (r or o, g) where the chip may legally stand
    delivered_kunit: KT  # [g,t]
    start_dark_kunit: K1  # [g]
    start_installed_kunit: K2  # [r,g]
    survive_frac: K2  # [r,g] per month
    start_ending_kunit: Mapping[tuple[str, str, int], float]  # [r,g,t] of what is installed at the start, before failures
    batch_end: Mapping[tuple[str, str], int]  # [g,b] month in which chips delivered in b, dark at the start or later, end
    batch_supply_kunit: Mapping[tuple[str, str, int], float]  # [g,b,t] of such a batch: dark at the start, t = 0, or delivered
    commission_months: Mapping[str, int]  # [r]
    kw_per_unit: K1
    h100e_per_unit: K1
    draw_frac: K1  # measured draw / nameplate
    idle_frac: K1  # draw switched off / draw running
    install_usd_per_unit: K1
    carry_usd_per_unit_month: K1  # dark and displaced alike
    nameplate_frac: K1  # [r] share of nameplate a site must be able to feed (below 1: it oversubscribes)
    availability_frac: KT  # [r or o, t] share of time that a running chip computes; of a design the same in every month

    # ---- demand
    demand_kh100e: Mapping[tuple[str, str, int], float]  # [z,w,t], z a zone or a pool
    servable: tuple[tuple[str, str, str], ...]  # (z, w, r or o): latency, residency and eligibility hold
    shape_frac: Mapping[tuple[str, str, int, int], float]  # [z,w,t,k] hours-weighted mean 1 in each month
    flexible_frac: K1  # [w] share that may be done at another hour of its day
    flexible_window_h: K1  # [w] most hours later, below 24; absent: any hour of the day
    value_usd_per_h100e_h: KT  # [w,t]
    core_frac: K1  # [w] the part of what is asked that nobody would give up first
    core_value_usd_per_h100e_h: KT  # [w,t] value of that part, not below the value of the rest
    weight: K1  # [w] in the first pass of mode `energy`

    # ---- power on Earth
    options: tuple[tuple[str, str], ...]  # (r, p)
    start_mw: K2
    step_mw: Mapping[tuple[str, str, int], float]  # [r,p,t] only months at or after the lead time; an order beyond it included
    growth_frac_per_month: K2
    committed_mw: Mapping[tuple[str, str, int], float]  # [r,p,t] least build
    closed_mw: Mapping[tuple[str, str, int], float]  # [r,p,t] planned retirement
    firm_frac: K2
    power_availability_frac: Mapping[tuple[str, str, int, int], float]  # [r,p,t,k]
    energy_usd_per_mwh: Mapping[tuple[str, str, int, int], float]  # [r,p,t,k] bought energy
    minimum_take_frac: K2  # [r,p] of capacity, in the mean of a month, paid for whether drawn or not; absent: nothing
    fuel_usd_per_mwh: Mapping[tuple[str, str, int], float]  # [r,p,t]
    variable_usd_per_mwh: K2
    capital_usd_per_mw_month: K2  # capital charge of what the plan builds
    fixed_usd_per_mw_month: K2
    carbon_t_per_mwh: K2
    carbon_priced_frac: K2  # 1, or 0 where the energy price already holds the carbon price
    storage_h: K1  # [p] hours of full output that it holds, absent: it stores nothing
    round_trip_frac: K1  # [p] of what is stored, the part that comes out again
    supply_mw: Mapping[tuple[str, int], float]  # [p,t] world deliveries to this plan
    pue: KT  # [r,t]

    # ---- halls
    start_shell_mw: K1
    shell_step_mw: KT  # [r,t] only months at or after the lead time, and those of an order; an order beyond it included
    shell_usd_per_mw_month: K1

    # ---- nations
    country: Mapping[str, str]  # [r]
    national_growth_mwh: Mapping[tuple[str, int], float]  # [c,y] energy a year that grid capacity new in y may draw for AI
    national_load_frac: K1  # [c]
    national_options: tuple[str, ...]  # p that count
    plan_year: Mapping[int, int]  # [t] -> y

    # ---- orbit
    kg_per_kw: K1  # [o]
    launch_t: Mapping[int, float]  # [t]
    satellite_factory_mw: Mapping[int, float]  # [t], empty: no limit
    orbit_service_frac: Mapping[tuple[str, int, int], float]  # [o,v,t] available * health * survival, commissioned
    orbit_alive_frac: Mapping[tuple[str, int, int], float]  # [o,v,t] survival, commissioning included
    orbit_charge_usd_per_kw: Mapping[tuple[str, int, int], float]  # [o,v,t] capital charge
    orbit_upkeep_usd_per_kw: Mapping[tuple[str, int, int], float]  # [o,v,t] maintenance and fixed operation
    orbit_chip_loss_usd_per_unit: Mapping[tuple[str, str, int], float]  # [o,g,v] at the end of the horizon
    downlink_gbit_s_per_mw: K1  # [o], absent: no limit

    # ---- network
    gbit_s_per_kh100e: K1  # [w]
    network_usd_per_kh100e_month: Mapping[tuple[str, str, str], float]  # [z,w,r/o] of the first month
    link_gbit_s: KT  # [r,t], absent: no limit

    # ---- the last of the months, which are decided and not reported
    look_ahead_months: int = 0

    # ---- prices of the network that change with the month, else those of the first month
    network_later_usd_per_kh100e_month: Mapping[tuple[str, str, str, int], float] = field(default_factory=dict)  # [z,w,r/o,t]

    # ---- orders
    ended_mw: Mapping[tuple[str, str, int], float] = field(default_factory=dict)  # [r, p or halls, t] closed as an order ends
    charged_mw: Mapping[tuple[str, str, int], float] = field(default_factory=dict)  # [r,p,t] of it, built within the months
    charged_shell_mw: KT = field(default_factory=dict)  # [r,t] the same of halls: what is charged for it ends with it
    committed_launch_mw: KT = field(default_factory=dict)  # [o,t] least IT power launched
    orders: tuple[Order, ...] = ()  # those that are not firm, apart from what is committed
    committed_shell_mw: KT = field(default_factory=dict)  # [r,t] least addition
    closed_shell_mw: KT = field(default_factory=dict)  # [r,t] planned retirement
    published: Published | None = None  # by the plan before, where a change of it costs something

    # ---- chips on offer: of what is delivered, what may be declined
    optional_kunit: KT = field(default_factory=dict)  # [g,t]
    decline_usd_per_unit: KT = field(default_factory=dict)  # [g,t]
    defer_usd_per_unit: Mapping[tuple[str, int, int], float] = field(default_factory=dict)  # [g,t,s] offered in t, comes in s
    chip_usd_per_unit_month: K1 = field(default_factory=dict)  # [g] charge of what is bought
    chip_life_months: Mapping[str, int] = field(default_factory=dict)  # [g]

    # ---- capital in full, and when it is paid
    power_usd_per_kw: K2 = field(default_factory=dict)  # [r,p]
    hall_usd_per_kw: K1 = field(default_factory=dict)  # [r] empty where the cost scope leaves out halls
    satellite_usd_per_kw: KT = field(default_factory=dict)  # [o,t] with insurance
    launch_usd_per_kw: KT = field(default_factory=dict)  # [o,t] with insurance
    payment_fracs: Mapping[str, tuple[tuple[int, float], ...]] = field(default_factory=dict)
    # [option, halls, satellites or launches] months before service and share due; absent: all when service begins
    budget_musd: Mapping[str, float] = field(default_factory=dict)  # [period name]
    budget_months: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    budget_chip_usd_per_unit: K1 = field(default_factory=dict)  # [g] list price of chips; empty where budgets leave them out
    # ---- sites that close, halls out of service, chips that move
    closing_month: Mapping[str, int] = field(default_factory=dict)  # [r] from then on it has no halls, power or chips
    hibernated_shell_mw: KT = field(default_factory=dict)  # [r,t] hall space out of service
    hibernation_usd: KT = field(default_factory=dict)  # [r,t] its upkeep in the month
    chip_moves: tuple[ChipMove, ...] = ()
    chip_move_mw: KT = field(default_factory=dict)  # [q,t] most nameplate that leaves on it; absent: any
    start_batch_kunit: Mapping[tuple[str, str, str], float] = field(default_factory=dict)  # [r,g,b] where chips may leave

    # ---- what is under way at the start
    arriving_kunit: Mapping[tuple[str, str, int], float] = field(default_factory=dict)  # [r,g,t] in service from t on
    arriving_batch_kunit: Mapping[tuple[str, str, str, int], float] = field(default_factory=dict)  # [r,g,b,t] of them, by batch
    start_service_kunit: Mapping[tuple[str, str, int], float] = field(default_factory=dict)  # [o,g,t] in orbit, in service
    start_alive_kunit: Mapping[tuple[str, str, int], float] = field(default_factory=dict)  # [o,g,t] in orbit, from t = 0
    start_vintage_fracs: Mapping[tuple[str, str, int], tuple[float, float]] = field(default_factory=dict)
    # [o, month of launch, t] share in service, share alive
    running_charge_usd: Mapping[tuple[str, str, str, int], float] = field(default_factory=dict)
    # [component, place, item, t] of what was decided before the start

    # ---- projects
    projects: tuple[Project, ...] = ()
    chosen: Mapping[str, int] | None = None  # [project_id] month in which a project is taken, 0 for never; absent: not decided

    # ---- policy, each only when its data are there
    carbon_usd_per_t: Mapping[int, float] = field(default_factory=dict)  # [t]
    carbon_cap_t: Mapping[str, float] = field(default_factory=dict)  # [period name]
    carbon_periods: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    shares: tuple[Share, ...] = ()
    targets: tuple[Target, ...] = ()
    reservations: tuple[Reservation, ...] = ()
    routes: tuple[Route, ...] = ()
    max_fall_frac_per_month: K1 = field(default_factory=dict)  # [w] of what is served, below 1; absent: any
    move_usd_per_h100e: K1 = field(default_factory=dict)  # [w] of work that leaves a place; absent: its moves are not counted

    # ---- owners of chips, only where a generation has one
    owner: Mapping[str, str] = field(default_factory=dict)  # [g]
    owners_power: OwnersPower = "shared"
    right_start_frac: K2 = field(default_factory=dict)  # [r,h] of the firm power of the start; each sums to 1 over owners h
    right_added_frac: K2 = field(default_factory=dict)  # [r,h] of the firm power that is added
    trade_usd_per_mw_month: float = 0.0

    # ---- limits of the user's own (`docs/own-limits.md`)
    own_blocks: tuple[ModuleType, ...] = ()  # declared after the planner's
    own: Mapping[str, Any] = field(default_factory=dict)  # [name of the block] what its `prepare` made of its tables

    def __post_init__(self) -> None:
        """What is given by name alone, of the numbers that seldom change with the month, holds in every month."""
        for name in ("pue", "availability_frac", "value_usd_per_h100e_h", "core_value_usd_per_h100e_h"):
            given, months = getattr(self, name), range(1, len(self.months) + 1)
            steady = {(key, t): value for key, value in given.items() if isinstance(key, str) for t in months}
            if steady:
                object.__setattr__(self, name, {key: each for key, each in given.items() if isinstance(key, tuple)} | steady)

    def network_usd(self, z: str, w: str, x: str, t: int) -> float:
        """What the traffic of a kH100e that is served costs in a month."""
        return self.network_later_usd_per_kh100e_month.get((z, w, x, t), self.network_usd_per_kh100e_month[z, w, x])

    @property
    def mean_value_usd_per_h100e_h(self) -> float:
        """Value of compute in the mean of all classes, and of the months that are reported."""
        usd, months = self.value_usd_per_h100e_h, range(1, len(self.horizon) + 1)
        of_class = [usd[w, 1] + sum(usd[w, t] - usd[w, 1] for t in months) / len(months) for w in self.classes]
        return sum(of_class) / len(of_class) if of_class else 0.0

    @property
    def periods(self) -> Mapping[str, tuple[int, ...]]:
        """The months of each period that has a carbon cap or a budget; a name stands for the same months in both."""
        return {**self.budget_months, **self.carbon_periods}

    @property
    def undecided(self) -> tuple[Project, ...]:
        """The whole projects whose choice is not made yet."""
        return tuple(each for each in self.projects if each.whole and each.project_id not in (self.chosen or {}))

    @property
    def project_options(self) -> dict[tuple[str, str], tuple[str, tuple[int, ...]]]:
        """[r,p] of each option that a project has of its own: what it is a copy of, and the months in which it may start."""
        return {(part.r, part.p): (part.base, each.months) for each in self.projects for part in each.parts if part.p != HALLS}

    @property
    def horizon(self) -> tuple[str, ...]:
        """The months that are reported."""
        return self.months[: len(self.months) - self.look_ahead_months]
