"""Ages: when chips reach the end of their life, from the dates of their delivery, and what the tables say became of them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from planner.verify.chip_moves import ChipMoves
from planner.verify.run import Run, indicator, month_before, positions
from planner.verify.sites import closing, is_open
from planner.verify.verdict import Array


class Ages:
    """Batches are the chips of a generation delivered in one month; what is installed at the start stays where it is."""

    def __init__(self, run: Run, moves: ChipMoves) -> None:
        self.run = run
        self.moves = moves
        self.regions = len(run.axes["region_id"])
        self.life = np.maximum(1, np.rint(12.0 * run.vector("inputs.accelerators", "life_years")).astype(int))
        self.may_leave = set(run.texts("inputs.chip_moves", "from_id"))
        self.number = {name: code for code, name in enumerate(run.axes["generation_id"])}
        born = np.array([run.month_index(name) for name in run.axes["batch"][1:]], dtype=int)
        end = np.maximum(0, born[None, :] + self.life[:, None])[:, :, None]
        months = np.arange(run.month_count)
        self.lives = np.where(months < end, 1.0, 0.0) * (end < run.month_count)
        """1 where a batch is counted: until it ends, if that is within the months, [g,b,t]."""
        self.ends = np.where(months == end, 1.0, 0.0)
        """1 in the month in which a batch ends, [g,b,t]."""

    def _delivered(self, table: str) -> Iterator[tuple[int, int, int, float]]:
        """Row, generation, month from the start, and the part of a row that was delivered in it."""
        frame = self.run.table(f"inputs.{table}")
        columns = (frame[name] for name in ("generation_id", "delivered_from", "delivered_to", "kunit"))
        for row, (generation, first, last, kunit) in enumerate(zip(*columns, strict=True)):
            end = self.run.month_index(str(last)) if str(last) else -1
            begin = self.run.month_index(str(first)) if str(first) else end
            for month in range(begin, end + 1):
                yield row, self.number[str(generation)], month, float(kunit) / (end - begin + 1)

    @cached_property
    def _start(self) -> tuple[Array, Array, Array]:
        """What is installed at the start, [r,g], and when its life ends if that is within the months, [r,g,t]; where chips may
        be moved away, the latter by batch, [r,g,b]."""
        installed = np.zeros((self.regions, len(self.number)))
        standing = np.zeros((self.regions, *self.lives.shape[:2]))
        born = {self.run.month_index(name): code for code, name in enumerate(self.run.axes["batch"][1:])}
        ending = np.zeros((self.regions, len(self.number), self.run.month_count))
        place = [self.run.axes["region_id"].index(str(name)) for name in self.run.table("inputs.fleet")["region_id"]]
        for row, g, month, kunit in self._delivered("fleet"):
            installed[place[row], g] += kunit
            end = max(0, month + int(self.life[g]))
            if end < self.run.month_count and self.run.axes["region_id"][place[row]] in self.may_leave:
                standing[place[row], g, born[month]] += kunit
            elif end < self.run.month_count:
                ending[place[row], g, end] += kunit
        return installed, ending, standing

    @cached_property
    def _arriving(self) -> tuple[Array, Array]:
        """On their way at the start, by the month in which they are in service, [r,g,t]; of batches that end within the months,
        by batch, [r,g,b,t]."""
        run, frame = self.run, self.run.table("inputs.arrivals")
        total = np.zeros((self.regions, len(self.number), run.month_count))
        by_batch = np.zeros((self.regions, *self.lives.shape))
        r, g = run.positions(frame, ("region_id", "generation_id"))
        t, b = positions(run.months, frame["service_month"]), positions(run.axes["batch"][1:], frame["delivered_month"])
        kunit = frame["kunit"].to_numpy(dtype=float)
        inside = t >= 0
        np.add.at(total, (r[inside], g[inside], t[inside]), kunit[inside])
        aged = inside & (b >= 0)
        np.add.at(by_batch, (r[aged], g[aged], b[aged], t[aged]), kunit[aged])
        return total, by_batch * self.lives

    @property
    def arriving(self) -> Array:
        """On their way at the start, by the month in which they are in service, [r,g,t]."""
        return self._arriving[0]

    @property
    def arriving_of(self) -> Array:
        """The same of batches that end within the months, [r,g,b,t]."""
        return self._arriving[1]

    @property
    def standing(self) -> Array:
        """Installed at the start where chips may be moved away, of batches that end within the months, [r,g,b]."""
        return self._start[2]

    @property
    def start(self) -> Array:
        """Installed at the start, [r,g]."""
        return self._start[0]

    def ending(self, survive: Array) -> Array:
        """What of the start ends in a month, had none been retired early, [r,g,t]."""
        stays = self.run.elapsed[None, :] <= closing(self.run)[:, None]
        return np.asarray(self._start[1] * self._surviving(survive) * stays[:, None, :])

    def in_life(self, survive: Array) -> Array:
        """What of the start is there in a month, had none been retired early; nothing where none of it ends, [r,g,t]."""
        left = self.start[:, :, None] - np.cumsum(self._start[1], axis=2)
        left[left <= 1e-12 * self.start[:, :, None]] = 0.0
        return np.where(self.aged[:, :, None], left * self._surviving(survive), 0.0) * is_open(self.run)[:, None, :]

    @property
    def aged(self) -> Array:
        """Whether any of what is installed there at the start ends within the months, [r,g]."""
        return np.asarray(self._start[1].any(axis=2))

    def _surviving(self, survive: Array) -> Array:
        return np.asarray(survive[None, :, None] ** (self.run.elapsed + 1.0))

    @cached_property
    def dark(self) -> tuple[Array, Array]:
        """Dark at the start: all, [g], and by batch, [g,b]."""
        total, by_batch = np.zeros(len(self.number)), np.zeros(self.lives.shape[:2])
        position = {self.run.month_index(name): code for code, name in enumerate(self.run.axes["batch"][1:])}
        for _, g, month, kunit in self._delivered("dark"):
            total[g] += kunit
            if month in position:
                by_batch[g, position[month]] += kunit
        return total, by_batch

    @cached_property
    def delivered(self) -> Array:
        """Delivered within the plan, by batch, [g,b,t]."""
        delivered = self.run.held("inputs.deliveries", "kunit")
        return np.asarray(delivered[:, None, :] * self.born * self.lives)

    @cached_property
    def born(self) -> Array:
        """1 where a batch is delivered in a month of the plan, [b,t]."""
        return indicator(self.run.axes["batch"][1:], self.run.months, str.__eq__)

    @cached_property
    def supply(self) -> Array:
        """What had come into stock of a batch by a month, until it ends, [g,b,t]."""
        return np.asarray((self.dark[1][:, :, None] + np.cumsum(self.delivered, axis=2)) * self.lives)

    def batches(self, column: str) -> Array:
        """A column of the table of batches, [x,g,b,t]."""
        return self.run.cube("batches", column)[:, :, 1:]

    def old(self, column: str) -> Array:
        """A column of the table of batches, of what is installed at the start, [r,g,t]."""
        return self.run.cube("batches", column)[: self.regions, :, 0]

    @cached_property
    def dark_of(self) -> Array:
        """Batches in stock: what had come less what was declined or deployed, until they end, [g,b,t]."""
        deployed = np.cumsum(self.batches("deploy_kunit").sum(axis=0), axis=2)
        deferred = self.run.cube("deferrals", "deferred_kunit")
        gone = self.run.cube("offers", "declined_kunit") + self.run.cube("offers", "deferred_kunit") - deferred.sum(axis=1)
        declined = np.cumsum(gone[:, None, :] * self.born, axis=2)
        back = np.einsum("qgbv,q,qvt->gbt", self.moves.of_batch, self.moves.stored, self.moves.arrives)
        return np.asarray((self.supply + np.cumsum(back, axis=2) - declined - deployed) * self.lives)

    @cached_property
    def ended_dark(self) -> Array:
        """Batches that end dark, [g,t]."""
        return np.asarray((month_before(self.dark_of, self.dark[1]) * self.ends).sum(axis=1))


def survival(run: Run, age_months: Array) -> Array:
    """(1 - loss)^age until the end of life, nothing before the launch; one more axis, of designs, in front."""
    ahead = (slice(None), *(None for _ in age_months.shape))
    loss = run.vector("inputs.designs", "loss_frac_per_year")[ahead]
    life = np.maximum(1.0, np.round(12.0 * run.vector("inputs.designs", "life_years")))
    end = (life + run.vector("inputs.designs", "commissioning_months"))[ahead]
    lives = (age_months >= 0) & (age_months < end)
    return np.where(lives, (1.0 - loss) ** (np.maximum(age_months, 0.0) / 12.0), 0.0)
