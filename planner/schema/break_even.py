"""Every break-even of orbit: what would have to change, over which time it is counted, and what it means in one sentence.

One list for the result table, its workbook sheet, the report and the terminal, so that each number has one name."""

from __future__ import annotations

from typing import NamedTuple

WITHIN, LIFE = "within the plan", "whole life"


class Lever(NamedTuple):
    """``changes`` is what must change, ``counted_over`` one of the two above."""

    changes: str
    unit: str
    counted_over: str
    definition: str


_LIFE_OF_ONE = "Price of a launch in the last month at which a MWh of IT in orbit costs as much as "
_NO_CHIPS = "; one satellite over its whole life, without chips, traffic or chips lost in orbit."

BREAK_EVENS: dict[str, Lever] = {
    "launch_price_within_plan": Lever(
        "launch price",
        "USD per kg",
        WITHIN,
        "Price of the launch that pays first if all launch prices fall by one factor, at which it earns what it costs until "
        "the last month decided, at the plan's prices of compute; `planner crossover` changes every launch price and solves "
        "again.",
    ),
    "cost_within_plan": Lever(
        "cost of a launch",
        "USD per kW",
        WITHIN,
        "What the launch that comes closest to paying may cost: what its service is worth, less what its chip is worth "
        "elsewhere.",
    ),
    "value_of_compute": Lever(
        "value of compute",
        "USD per H100e-hour",
        WITHIN,
        "Mean value of the classes of work at which the same launch pays, if all values rise by one factor.",
    ),
    "value_for_dark_chip": Lever(
        "value of work in orbit",
        "USD per H100e-hour",
        WITHIN,
        "Value of each H100e-hour served in orbit at which the same launch pays with a chip that would else be dark.",
    ),
    "launch_price_electricity": Lever(
        "launch price", "USD per kg", LIFE, f"{_LIFE_OF_ONE}electricity with PUE where it is cheapest on Earth{_NO_CHIPS}"
    ),
    "launch_price_electricity_mean": Lever(
        "launch price", "USD per kg", LIFE, f"{_LIFE_OF_ONE}electricity with PUE in the mean of the regions{_NO_CHIPS}"
    ),
    "launch_price_electricity_dearest": Lever(
        "launch price", "USD per kg", LIFE, f"{_LIFE_OF_ONE}electricity with PUE where it is dearest on Earth{_NO_CHIPS}"
    ),
    "launch_price_electricity_and_hall": Lever(
        "launch price", "USD per kg", LIFE, f"{_LIFE_OF_ONE}electricity and a new hall where they are cheapest{_NO_CHIPS}"
    ),
    "launch_price_dark_chip": Lever(
        "launch price", "USD per kg", LIFE, f"{_LIFE_OF_ONE}a chip left dark could earn there{_NO_CHIPS}"
    ),
}
"""By lever; those over the whole life end in what they are compared with."""

LAUNCH_PRICE = "launch_price_"
