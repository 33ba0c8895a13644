"""The words that the product uses in a sense of its own, for every page that people read."""

from __future__ import annotations

COST_SCOPES: dict[str, str] = {"facility": "power and buildings", "energy": "power only"}
"""What the key `boundary` of a plan says, in words."""

COST_SCOPE_NOTES: dict[str, str] = {
    "facility": "energy, the plant that makes it, and halls; an orbital platform is plant and hall in one",
    "energy": "energy and the plant that makes it, without halls; an orbital platform is counted whole",
}

WHAT_FIRST = "What to do first"
"""The title above remedies, in every medium."""

FIRST_ORDER = "to first order; `planner explain RUN --remedies` solves the first ten again"
"""What is true of every remedy that was not solved again."""

SAVED_VALUE = (
    "value and savings count compute that no longer goes unserved, at the value that the plan states: they are not all cash"
)
"""What a reader takes for cash."""

COST_COMPONENTS: dict[str, str] = {
    "energy": "electricity bought",
    "fuel": "fuel",
    "variable": "operation of plants",
    "carbon": "carbon",
    "capital": "capital of power",
    "fixed": "upkeep of power",
    "halls": "halls",
    "hall_operation": "operation of halls",
    "slip": "penalties for orders that come late",
    "deposit": "deposits of cancelled orders",
    "power_changes": "changes of power from the plan before",
    "hall_changes": "changes of halls from the plan before",
    "power_trade": "trade of power between owners",
    "install": "installation of chips",
    "chip_moves": "moving chips",
    "hibernation": "upkeep of hibernated halls",
    "carry_dark": "carrying dark chips",
    "carry_displaced": "carrying chips retired early",
    "chips_bought": "chips bought by choice",
    "chips_declined": "fees for chips declined or deferred",
    "orbit_capital": "satellites and launch",
    "orbit_upkeep": "upkeep of satellites",
    "orbit_chip_loss": "chips lost in orbit",
    "network": "network",
    "moves": "moving work",
    "target_penalty": "penalties for missed targets",
    "reservation_penalty": "penalties for reserved capacity that is short",
    "unserved": "unserved compute",
}
"""What the components of cost are called, in the order of the table of costs."""

OWNERS_POWER: dict[str, str] = {
    "shared": "any chip on any power, as if all had one owner",
    "own": "each owner on its own power",
    "trade": "owners trade power at a cost of {usd} USD per MW-month",
}
"""What the key `owners.power` of a plan says, in words."""

DARK_REASONS: dict[str, str] = {
    "power": "waiting for power",
    "halls": "waiting for halls",
    "late": "delivered too late",
    "idle": "left idle",
}
"""Why a chip is dark: columns `*_kunit` of the table `dark`, in the fewest words."""

DARK_IN_FULL: dict[str, str] = DARK_REASONS | {
    "late": "delivered too late to be commissioned before the plan ends",
    "idle": "left idle though power and halls are to spare",
}
"""The same reasons, as sentences name them."""

NOT_PAID = ("capital", "halls", "chips_bought", "orbit_capital", "orbit_chip_loss", "unserved")
"""Components of cost that nobody pays, or that are the monthly charge for what cash counts in full."""

CASH_COMPONENTS: dict[str, str] = {
    "power_capital": "plants and grid connections",
    "hall_capital": "halls",
    "satellites": "satellites",
    "launches": "launches",
    "chips": "chips delivered, at list price",
    **COST_COMPONENTS,
    **dict.fromkeys(NOT_PAID, ""),
}
"""What the components of cash are called, in the order of the table of cash; empty for those that are not paid."""

SPENT = ("power_capital", "hall_capital", "satellites", "launches")
"""Of these, what is capital."""

GLOSSARY: dict[str, str] = {
    "H100e": "H100-equivalent: the compute of one H100 in dense BF16, 0.9895 PFLOP/s.",
    "cost scope": "What costs include: power and buildings, or power only. What exists on the first day counts as paid for.",
    "cash": "Money paid in a year, not discounted: capital in full when it falls due, running costs, chips at list price.",
    "capital spending": "What plants, grid connections, halls, satellites and launches cost in full, when it falls due: by the "
    "payments of the asset, or when service begins. A capital budget limits it by calendar year, and chips "
    "where budget.chips says so.",
    "nominal": "In money of the year in which it is paid; all else is in the money in which the plan states its prices.",
    "discounted cost": "Running costs and monthly charges for capital that fall within the study, of all its months together "
    "and not of a year; discounted to its start, without chips.",
    "offer": "A delivery that the plan may buy at its price, at once or later, or decline at a fee. Others come in any case.",
    "dark chips": "Delivered but not installed: waiting for power or for halls, too late to be commissioned, or left idle.",
    "end of life": "So long after its delivery as its generation lives, a chip leaves the plan, installed or dark.",
    "retired early": "Switched off for good and replaced by newer chips that earn more from the same megawatt.",
    "look-ahead": "Months after the horizon, decided with it; inputs hold their last values there. No cost, payment or "
    "service counts them; prices of limits, remedies and the earnings of orbit do.",
    "scarcity value": "What one more unit of a limit would save, such as one more MW of grid connection in a month.",
    "remedy": "More of a limit in each month in which it has a price: what it costs and saves, and how many chips it powers.",
    "owner": "One who keeps accelerators instead of selling them and has power of its own for them; the market has the rest.",
    "pool": "Demand that may be served together: that of a zone, or of a whole bloc for a class without a latency limit.",
    "moves": "Work that a place no longer does although demand for its class has not fallen. Where moves have a price, of all "
    "plans of least cost the one is taken in which the classes first in their table are at the places first in theirs.",
    "chip moves": "Installed chips that are taken to another region or back into stock, at a cost and a downtime.",
    "hibernation": "Hall space that is out of service for some months, at an upkeep, and then in service again.",
    "firm power": "Capacity that can be counted on at all hours: of a grid connection all, of wind and sun a small share. A "
    "site needs it for the nameplate power of its chips, or for a share of it, and for cooling.",
    "place in the queue": "A grid connection that was requested before the plan starts and is energised in its turn.",
    "requested on day one": "A grid connection that is requested when the plan starts, and comes after its lead time.",
    "PUE": "Power usage effectiveness: power of a site over power of its servers; 1.2 means 20 % more for cooling and losses.",
    "IT nameplate": "What servers would draw at full load, by their data sheets, without cooling; they draw less on average.",
    "unserved": "Demand that the plan leaves without compute. It is priced at the value of compute, and nobody pays that.",
    "hall": "A building with power and cooling for chips, counted in MW of IT nameplate.",
    "envelope": "The most that grids for AI may grow in a nation and year: a share of the growth of its generation.",
    "slice": "A segment of a day type, by UTC hour: within it power, work and storage are decided once.",
    "orbital design": "A satellite with chips, described by orbit, power, cooling and mass; its vintages are months of launch.",
}
"""Word -> what it means, in the order in which a reader meets them."""
