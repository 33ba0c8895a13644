"""What happens within the month, where it has more than one slice, or storage: power and chips by slice."""

from __future__ import annotations

import pandas as pd

from models.data import PlanData
from planner.solve.solution import Solution
from planner.tables.frames import Book, Frame


def slice_ids(data: PlanData) -> dict[int, str]:
    """A name for every slice: its day type and the UTC hour at which it begins."""
    return {k: f"{data.day_of[k]}_{data.start_h[k]:02d}" for k in data.slices}


def slice_tables(solution: Solution) -> dict[str, Frame]:
    """The slices and all that is decided by slice; nothing for a plan with one slice a month and no storage."""
    data = solution.data
    if len(data.slices) == 1 and not solution.values["charge"]:
        return {}
    book = Book(solution)
    return {
        "slices": slices_table(data),
        "power_by_slice": power_by_slice(book),
        "fleet_by_slice": fleet_by_slice(book),
        "work_by_slice": work_by_slice(book),
    }


def slices_table(data: PlanData) -> Frame:
    """Each slice with its day type and its hours of the day, UTC."""
    names = slice_ids(data)
    rows = [(names[k], data.day_of[k], data.start_h[k], data.length_h[k]) for k in data.slices]
    return pd.DataFrame(rows, columns=["slice_id", "day_type", "utc_hour", "length_h"])


def power_by_slice(book: Book) -> Frame:
    """What each option gives and takes in each slice, what of it was there to be drawn, and what its energy costs."""
    d = book.data
    index = ["region_id", "option_id", "t", "k"]
    frame = book.variable("output", index, "output_mw")
    for name, column in (("charge", "charge_mw"), ("stored", "stored_mwh")):
        values = book.solution.values[name]
        frame[column] = [values.get(key, 0.0) for key in zip(*(frame[part] for part in index), strict=True)]
    frame = frame[(frame[["output_mw", "charge_mw", "stored_mwh"]] != 0.0).any(axis=1)].reset_index(drop=True)
    keys = list(zip(frame["region_id"], frame["option_id"], frame["t"], frame["k"], strict=True))
    frame["availability_frac"] = [d.power_availability_frac[key] for key in keys]
    frame["energy_usd_per_mwh"] = [d.energy_usd_per_mwh[key] for key in keys]
    columns = ["output_mw", "charge_mw", "stored_mwh", "availability_frac", "energy_usd_per_mwh"]
    return _by_slice(book, frame, ["region_id", "option_id"], columns)


def fleet_by_slice(book: Book) -> Frame:
    """The chips that are switched on in each slice."""
    index = ["place_id", "generation_id", "t", "k"]
    parts = [book.variable(name, index, "run_kunit") for name in ("run", "orbit_run")]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    frame = frame[frame["run_kunit"] != 0.0].reset_index(drop=True)
    return _by_slice(book, frame, ["place_id", "generation_id"], ["run_kunit"])


def work_by_slice(book: Book) -> Frame:
    """When flexible work is done."""
    frame = book.variable("shift", ["class_id", "place_id", "t", "k"], "shift_kh100e")
    frame = frame[frame["shift_kh100e"] != 0.0].reset_index(drop=True)
    return _by_slice(book, frame, ["class_id", "place_id"], ["shift_kh100e"])


def _by_slice(book: Book, frame: Frame, ids: list[str], columns: list[str]) -> Frame:
    frame["slice_id"] = frame["k"].map(slice_ids(book.data))
    return book.dated(frame.sort_values("k", kind="stable").reset_index(drop=True), [*ids, "month", "slice_id", *columns])
