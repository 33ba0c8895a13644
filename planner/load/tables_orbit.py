"""Tables of orbit: designs, whose columns physics owns, and what it takes to launch them."""

from __future__ import annotations

import dataclasses

from planner.load.fields import Field, Kind
from planner.load.table_schema import MONTH, TableSchema, amount, key, name_of

ORBIT = (
    TableSchema("designs", "Orbital designs, per kW of IT", (), required=False, rows_required=False),
    TableSchema(
        "launch",
        "What the world can launch for this plan",
        (
            MONTH,
            amount("tonnes", "most mass to orbit in the month"),
            amount("satellite_factory_mw", "most satellites built in the month, IT power; empty for no limit", required=False),
        ),
        required=False,
        rows_required=False,
    ),
    TableSchema(
        "launch_price",
        "Price of a launch",
        (key("design_id", "design"), MONTH, amount("usd_per_kg", "to the design's orbit")),
        required=False,
        rows_required=False,
    ),
)


def design_fields() -> tuple[Field, ...]:
    from planner.physics.design import OrbitalDesign

    fields = [
        key("design_id", "name of the design in every other table"),
        Field("name", "text", "as a reader should see it"),
        name_of("bloc", "whose law it is under"),
        name_of("country_iso2", "country, for export rules"),
    ]
    kinds: dict[str, Kind] = {"float": "number", "int": "integer", "str": "name", "float | None": "number"}
    for known in dataclasses.fields(OrbitalDesign):
        if known.name not in ("design_id", "name"):
            required = known.default is dataclasses.MISSING
            default = None if required else known.default
            fields.append(Field(known.name, kinds[str(known.type)], "see orbit", required=required, default=default))
    fields.append(amount("downlink_gbit_s_per_mw", "traffic a satellite can land; empty for no limit", required=False))
    return tuple(fields)
