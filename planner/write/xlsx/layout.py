"""How the tables lie on the sheets of the workbook: months across where a planner reads across, tidy elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from planner.write.dictionary import RESULT_TABLES, unit_of


@dataclass(frozen=True)
class Sheet:
    """One table on one sheet. With `across`, columns from that index on are one series of numbers, left to right."""

    name: str
    note: str
    frame: pd.DataFrame
    across: int | None = None
    kind: str = "result"  # result | input | record

    @property
    def table(self) -> str:
        """The name of the Excel table, for formulas: `plan_` and the sheet, or an input sheet's own name."""
        return self.name if self.kind == "input" else f"plan_{self.name}"

    @property
    def csv(self) -> str:
        """The file that holds all rows."""
        if self.kind == "input":
            return f"inputs/{self.name.removeprefix('in_')}.csv"
        return f"tables/{OF_TABLE.get(self.name, self.name)}.csv"

    @property
    def silent(self) -> bool:
        """No rows, or nothing but zeros: such a sheet is hidden. A limit says nothing where nothing comes near it."""
        if self.kind != "result":
            return False
        frame = self.frame
        if self.across is None:
            return frame.empty
        told = frame[~frame["measure"].isin(LIMIT_MEASURES)].iloc[:, self.across :]
        return not (np.nan_to_num(told.to_numpy(dtype=float)) != 0).any()


MONTHS_ACROSS: dict[str, tuple[str, ...]] = {
    "chips": ("generation_id",),
    "power": ("region_id", "option_id"),
    "halls": ("region_id",),
    "demand": ("pool_id", "class_id"),
    "serve": ("place_id", "class_id"),
    "trade": ("asked_in", "served_in"),
    "orbit": ("design_id",),
    "launch": (),
}
"""Table -> the ids that stay down the side."""

SUMMED_OVER: dict[str, tuple[str, ...]] = {"serve": ("pool_id",), "trade": ("pool_id", "class_id", "split")}
"""Table -> what is left out: who a place serves; for whom and what nations trade."""

SPARSE = frozenset({"fleet", "places", "power", "serve", "trade"})
"""Sheets whose rows of zeros are left out."""

OF_TABLE = {"places": "fleet", "costs_by_place": "costs"}
"""Sheet -> the table that it shows, where the names differ."""

FLEET_UNITS = ("deploy_kunit", "retire_kunit", "installed_kunit")
FLEET_OF_PLACES = ("it_nameplate_mw", "it_draw_mw", "compute_kh100e")
"""Of the fleet, what a planner reads by generation, and what by place; the rest is in the CSV."""

CSV_ONLY = frozenset({"duals", "power_by_slice", "fleet_by_slice", "work_by_slice"})
"""Tables that nobody reads on a sheet; the workbook counts in months."""

LIMIT_MEASURES = ("limit_t", "growth_limit_mw")

LIMITS_SHOWN = 1000


def result_sheets(tables: Mapping[str, pd.DataFrame]) -> list[Sheet]:
    """The sheets of a run's result tables, in the order of the dictionary."""
    months = plan_months(tables)
    sheets: list[Sheet] = []
    for name, note in RESULT_TABLES.items():
        if name not in tables or name in CSV_ONLY:
            continue
        frame = tables[name]
        if name == "fleet":
            sheets += _fleet_sheets(frame, months)
        elif name in MONTHS_ACROSS:
            sheets.append(_across(name, note, frame, months))
        elif name == "limits":
            sheets.append(_limits_sheet(note, frame))
        elif name == "costs":
            sheets += _cost_sheets(note, frame, months)
        else:
            sheets.append(Sheet(name, note, frame))
    others = [Sheet(name, "", frame) for name, frame in tables.items() if name not in RESULT_TABLES and name != "summary"]
    return sheets + others


def plan_months(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Every month that the tables speak of, in order."""
    dated = [tables[name]["month"] for name in (*MONTHS_ACROSS, "fleet", "costs") if name in tables]
    return sorted({month for column in dated for month in column.dropna().unique() if month})


def input_sheets(settings: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> list[Sheet]:
    """The resolved plan, one row a key, and the resolved input tables, each with its sources: what a plan can be read from."""
    keys = pd.DataFrame({"key": list(settings), "value": pd.Series(list(settings.values()), dtype=object)})
    named = [("in_plan", "The plan file, as used.", keys)]
    named += [(f"in_{name}", f"Input table {name}, as used.", _without_empty(frame)) for name, frame in tables.items()]
    return [Sheet(name[:31], note, frame, kind="input") for name, note, frame in named]


def difference_sheets(changes: tuple[str, pd.DataFrame] | None) -> list[Sheet]:
    """What the plan changes in its parent; no sheet where it has none."""
    if changes is None:
        return []
    parent, frame = changes
    return [Sheet("differences", f"What this plan changes in the inputs of {parent}.", frame, kind="record")]


def _without_empty(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the columns on origin and doubt in which no row says anything."""
    silent = [name for name in ("note", "changed") if name in frame and frame[name].isin(["", None]).all()]
    return frame.drop(columns=silent)


def _across(name: str, note: str, frame: pd.DataFrame, months: Sequence[str]) -> Sheet:
    ids = MONTHS_ACROSS[name]
    left_out = (*ids, *SUMMED_OVER.get(name, ()), "month")
    measures = [column for column in frame.columns if column not in left_out]
    wide = across(frame, ids, measures, "month", months, keep_zero_rows=name not in SPARSE)
    return Sheet(name, note, wide, across=len(ids) + 2)


def _fleet_sheets(frame: pd.DataFrame, months: Sequence[str]) -> list[Sheet]:
    units = across(frame, ("place_id", "generation_id"), FLEET_UNITS, "month", months, keep_zero_rows=False)
    places = across(frame, ("place_id",), FLEET_OF_PLACES, "month", months, keep_zero_rows=False)
    return [
        Sheet(
            "fleet", "Accelerators to deploy and retire in each place, and what stands there, by generation.", units, across=4
        ),
        Sheet("places", "What stands in each place: MW of IT nameplate and draw, and the compute it gives.", places, across=3),
    ]


def _limits_sheet(note: str, frame: pd.DataFrame) -> Sheet:
    """The limits worth most, first."""
    order = frame["rent_musd"].abs().sort_values(ascending=False, kind="stable").index
    if len(frame) > LIMITS_SHOWN:
        note = f"{note} The {LIMITS_SHOWN:,} that are worth most; all {len(frame):,} are in tables/limits.csv."
    return Sheet("limits", note, frame.loc[order[:LIMITS_SHOWN]])


def _cost_sheets(note: str, frame: pd.DataFrame, months: Sequence[str]) -> list[Sheet]:
    measures = ["cost_musd", "discounted_musd"]
    by_month = across(frame, ("component",), measures, "month", months, keep_zero_rows=False)
    year = frame["month"].astype(object).str.slice(0, 4)
    years = sorted(set(year.dropna()))
    dated = frame.assign(year=year, place_id=frame["place_id"].fillna(""))
    by_place = across(dated, ("place_id", "component"), measures, "year", years, keep_zero_rows=False)
    numbers = by_place[years].to_numpy(dtype=float)
    by_place["horizon"] = np.nansum(numbers, axis=1) if numbers.size else []
    return [
        Sheet("costs", note.removesuffix(".") + ": whole plan, months across.", by_month, across=3),
        Sheet("costs_by_place", "Cost by place and component, years across.", by_place, across=4),
    ]


def across(
    frame: pd.DataFrame, ids: Sequence[str], measures: Sequence[str], over: str, periods: Sequence[str], keep_zero_rows: bool
) -> pd.DataFrame:
    """One row a measure and id, one column a period. A fact without a row is 0, an empty cell stays empty."""
    period_code = pd.Index(periods).get_indexer(pd.Index(frame[over]))
    if ids:
        keys = pd.MultiIndex.from_frame(frame[list(ids)])
        row_code, rows = pd.factorize(keys)
        labels = [list(row) for row in rows]
    else:
        row_code, labels = np.zeros(len(frame), dtype=int), [[]] if len(frame) else []
    blocks: list[np.ndarray] = []
    heads: list[list[str]] = []
    for measure in measures:
        block = np.zeros((len(labels), len(periods)))
        np.add.at(block, (row_code, period_code), frame[measure].to_numpy(dtype=float, na_value=np.nan))
        kept = np.arange(len(labels)) if keep_zero_rows else np.flatnonzero((block != 0).any(axis=1))
        blocks.append(block[kept])
        heads += [[measure, unit_of(measure), *labels[row]] for row in kept]
    wide = pd.DataFrame(heads, columns=["measure", "unit", *ids], dtype=object)
    numbers = np.vstack(blocks) if blocks else np.zeros((0, len(periods)))
    return pd.concat([wide, pd.DataFrame(numbers, columns=list(periods))], axis=1)
