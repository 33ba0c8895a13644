"""What happens within the month, where it has several slices or storage: power, chips and flexible work by slice."""

from __future__ import annotations

import pandas as pd

from models.data import PlanData
from planner.tables.frames import Frame, Frames, table


def slice_ids(data: PlanData) -> dict[int, str]:
    """A name for every slice: its day type and the UTC hour at which it begins."""
    return {k: f"{data.day_of[k]}_{data.start_h[k]:02d}" for k in data.slices}


def slice_tables(frames: Frames) -> dict[str, Frame]:
    """The tables by slice; none for a plan with one slice a month and no storage."""
    if len(frames.data.slices) == 1 and not frames.solution.values["charge"]:
        return {}
    return {
        "slices": slices_table(frames.data),
        "power_by_slice": power_by_slice(frames),
        "fleet_by_slice": fleet_by_slice(frames),
        "work_by_slice": work_by_slice(frames),
    }


def slices_table(data: PlanData) -> Frame:
    """Each slice with its day type and its UTC hours."""
    names = slice_ids(data)
    rows = [(names[k], data.day_of[k], data.start_h[k], data.length_h[k]) for k in data.slices]
    return table("slices", rows)


def power_by_slice(frames: Frames) -> Frame:
    """Output, storage, availability and price of each option in each slice."""
    d = frames.data
    index = ["region_id", "option_id", "t", "k"]
    frame = frames.variable("output", index, "output_mw")
    for name, column in (("charge", "charge_mw"), ("stored", "stored_mwh")):
        values = frames.solution.values[name]
        frame[column] = [values.get(key, 0.0) for key in zip(*(frame[part] for part in index), strict=True)]
    keys = list(zip(frame["region_id"], frame["option_id"], frame["t"], frame["k"], strict=True))
    frame["availability_frac"] = [d.power_availability_frac[key] for key in keys]
    frame["energy_usd_per_mwh"] = [d.energy_usd_per_mwh[key] for key in keys]
    return _by_slice(frames, "power_by_slice", frame)


def fleet_by_slice(frames: Frames) -> Frame:
    """The chips switched on in each slice."""
    index = ["place_id", "generation_id", "t", "k"]
    parts = [frames.variable(name, index, "run_kunit") for name in ("run", "orbit_run")]
    frame = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return _by_slice(frames, "fleet_by_slice", frame)


def work_by_slice(frames: Frames) -> Frame:
    """When flexible work is done."""
    frame = frames.variable("shift", ["class_id", "place_id", "t", "k"], "shift_kh100e")
    return _by_slice(frames, "work_by_slice", frame)


def _by_slice(frames: Frames, name: str, frame: Frame) -> Frame:
    frame["slice_id"] = frame["k"].map(slice_ids(frames.data))
    return frames.dated(name, frame.sort_values("k", kind="stable").reset_index(drop=True))
