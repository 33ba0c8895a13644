"""Numbers that tell apart what differs: one per column, row or entry, equal where all that went into them is."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from planner.solve.compile.form import Floats

Colours = npt.NDArray[np.uint64]


def of_numbers(values: Floats) -> Colours:
    """The bits of each number but for the last ten, which rounding may touch; -0.0 is 0.0."""
    bits: Colours = (values + 0.0).view(np.uint64)
    return (bits + np.uint64(512)) >> np.uint64(10)


def mixed(*colours: Colours) -> Colours:
    """One colour from several (splitmix64): equal where all are, and else but for one chance in 2**64 not."""
    found = np.zeros_like(colours[0])
    for colour in colours:
        found = found * np.uint64(0x9E3779B97F4A7C15) + colour + np.uint64(0x9E3779B97F4A7C15)
        found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        found = found ^ (found >> np.uint64(31))
    return found


def of_parts(colours: Colours, starts: npt.NDArray[np.integer]) -> Colours:
    """The sum over each part that begins at one of ``starts`` and ends at the next, modulo 2**64: the same in any order."""
    total = np.zeros(len(colours) + 1, dtype=np.uint64)
    np.cumsum(colours, out=total[1:])
    sums: Colours = total[starts[1:]] - total[starts[:-1]]
    return sums
