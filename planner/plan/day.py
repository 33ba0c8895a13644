"""The representative days of a plan, cut into segments. All hours are UTC.

A plan has one `typical` day and further day types of its own, each with its days in a month of mean length; the rest are
typical. Every day type is cut into the same segments. Slices are numbered day by day, segment by segment.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Shares = tuple[tuple[str, float], ...]
"""Day types with their share of the days of any month, the typical day first."""

TYPICAL = "typical"
MEAN_MONTH_DAYS = 365.25 / 12
DAY = 24


@dataclass(frozen=True)
class RepresentativeDays:
    """Day types, and the UTC hours at which the segments of each start.

    The last segment of a day runs to the first of the next: together they always cover the day."""

    shares: Shares
    starts: tuple[int, ...]

    @property
    def day_types(self) -> tuple[str, ...]:
        """Names, the typical day first."""
        return tuple(day for day, _ in self.shares)

    @cached_property
    def lengths(self) -> tuple[int, ...]:
        """Hours of each segment."""
        return tuple((after - start - 1) % DAY + 1 for start, after in zip(self.starts, _turned(self.starts), strict=True))

    @property
    def slices(self) -> tuple[int, ...]:
        """Numbers of the slices, from 1."""
        return tuple(range(1, len(self.shares) * len(self.starts) + 1))

    @cached_property
    def parts(self) -> dict[int, tuple[int, int]]:
        """Of each slice, the position of its day type and of its segment."""
        return {k: divmod(k - 1, len(self.starts)) for k in self.slices}

    def day_of(self) -> dict[int, str]:
        """Day type of each slice."""
        return {k: self.day_types[day] for k, (day, _) in self.parts.items()}

    def start_h(self) -> dict[int, int]:
        """UTC hour at which each slice starts."""
        return {k: self.starts[segment] for k, (_, segment) in self.parts.items()}

    def length_h(self) -> dict[int, float]:
        """Hours of each slice within its day."""
        return {k: float(self.lengths[segment]) for k, (_, segment) in self.parts.items()}

    def hours(self, month_h: float) -> dict[int, float]:
        """Hours of each slice in a month of so many hours, to which they add up."""
        return {k: month_h * self.shares[day][1] * (self.lengths[s] / DAY) for k, (day, s) in self.parts.items()}

    def means(self, hourly: Array) -> Array:
        """Values by hour as means by slice: [day types, .., 24] becomes [.., slices]."""
        turned = np.roll(hourly, -self.starts[0], axis=-1)
        offsets = [(start - self.starts[0]) % DAY for start in self.starts]
        sums = np.add.reduceat(turned, offsets, axis=-1) / np.array(self.lengths, dtype=float)
        return np.concatenate(list(sums), axis=-1)


def day_shares(days: dict[str, float]) -> Shares:
    """The day types of a plan from their days in a month of mean length."""
    shares = tuple((day, count / MEAN_MONTH_DAYS) for day, count in days.items())
    return ((TYPICAL, 1.0 - sum(share for _, share in shares)), *shares)


def best_starts(curves: Array, count: int) -> tuple[int, ...]:
    """The cut of the day into `count` segments that loses least: exact, by dynamic programming over the cyclic day.

    `curves` [any, 24] are values by UTC hour. The loss is the sum of squares about the mean of each segment; where nothing
    varies, segments have equal length."""
    if count >= DAY or not float(np.ptp(curves, axis=-1).max(initial=0.0)) > 0:
        return tuple(range(0, DAY, DAY // count))
    loss = _losses(curves)
    least, best = np.inf, tuple(range(0, DAY, DAY // count))
    for first in range(DAY - count + 1):  # some segment of any cut starts no later than this
        total, starts = _cut_from(first, count, loss)
        if total < least * (1 - 1e-12):
            least, best = total, starts
    return best


def _losses(curves: Array) -> Array:
    """[start, length - 1] sum of squares of the hours from `start` on about their mean."""
    gram = curves.T @ curves
    loss = np.zeros((DAY, DAY))
    for start in range(DAY):
        order = (start + np.arange(DAY)) % DAY
        turned = gram[np.ix_(order, order)]
        squares = np.cumsum(np.diag(turned))
        block = np.array([turned[:n, :n].sum() for n in range(1, DAY + 1)])
        loss[start] = np.maximum(0.0, squares - block / np.arange(1, DAY + 1))
    return loss


def _cut_from(first: int, count: int, loss: Array) -> tuple[float, tuple[int, ...]]:
    """The best cut with one segment that starts at `first`: its loss, and where the segments start."""
    least = np.full((count + 1, DAY + 1), np.inf)  # [segments, hours covered from `first` on]
    least[0, 0] = 0.0
    came = np.zeros((count + 1, DAY + 1), dtype=int)
    for n in range(1, count + 1):
        for end in range(n, DAY + 1):
            begin = np.arange(n - 1, end)
            totals = least[n - 1, begin] + loss[(first + begin) % DAY, end - begin - 1]
            at = int(np.argmin(totals))
            least[n, end], came[n, end] = totals[at], begin[at]
    starts, end = [], DAY
    for n in range(count, 0, -1):
        end = int(came[n, end])
        starts.append((first + end) % DAY)
    return float(least[count, DAY]), tuple(sorted(starts))


def _turned(starts: tuple[int, ...]) -> tuple[int, ...]:
    return (*starts[1:], starts[0])
