"""The names that people use for places, options, chips and costs."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

LONGEST_NAME = 30
COMPONENTS = {
    "energy": "Electricity bought",
    "fuel": "Fuel",
    "variable": "Running of plants",
    "carbon": "Carbon",
    "capital": "Capital of power",
    "fixed": "Upkeep of plants",
    "halls": "Halls",
    "install": "Installation of chips",
    "carry_dark": "Carrying dark chips",
    "carry_displaced": "Carrying chips retired early",
    "orbit_capital": "Satellites and launch",
    "orbit_upkeep": "Upkeep of satellites",
    "orbit_chip_loss": "Chips lost in orbit",
    "network": "Network",
    "unserved": "Compute left unserved",
}
MASS = {
    "array": "Solar array",
    "battery": "Battery",
    "radiator": "Radiator",
    "loop": "Cooling loop",
    "spreader": "Heat spreader",
    "it": "IT",
    "shielding": "Shielding",
    "communications": "Communications, propulsion",
    "structure": "Structure",
    "margin": "Margin",
}
AGAINST = {
    "electricity": "electricity on Earth",
    "electricity_and_hall": "electricity and hall on Earth",
    "dark_chip": "what a dark chip would earn",
}


class Names:
    """What the inputs call a place, an option, a chip, a class or a design; the id where they give no name."""

    TABLES = (
        ("regions", "region_id"),
        ("options", "option_id"),
        ("accelerators", "generation_id"),
        ("designs", "design_id"),
        ("classes", "class_id"),
        ("zones", "zone_id"),
        ("countries", "country_iso2"),
    )

    def __init__(self, inputs: Mapping[str, pd.DataFrame]) -> None:
        self.full: dict[str, str] = {}
        for table, key in self.TABLES:
            frame = inputs.get(table, pd.DataFrame())
            if {key, "name"} <= set(frame.columns):
                self.full |= {i: n for i, n in zip(frame[key], frame["name"], strict=True) if n and i not in self.full}
        heads = pd.Series([name.split(",")[0] for name in self.full.values()], dtype=object)
        once = set(heads[~heads.duplicated(keep=False)])
        self.short = {
            key: name if len(name) <= LONGEST_NAME or (head := name.split(",")[0]) not in once else head
            for key, name in self.full.items()
        }

    def __call__(self, key: str) -> str:
        """A name that fits beside a bar: the part before the comma where the whole is long."""
        return self.short.get(key, key or "everywhere")

    def where(self, ids: str) -> str:
        """The parts of `us_ohio / grid` by name."""
        return " / ".join(self(part) for part in ids.split(" / "))
