"""The duals of rows as the run wrote them: dense arrays by row.

A dual is a price: of a limit, what one more unit of room saves; of a balance, what one more unit on its right side costs; of a
least amount, what requiring one more unit costs. Million US dollars, discounted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np
import pandas as pd

from planner.verify.collector import locate
from planner.verify.linear import Limit, Row
from planner.verify.program import Program
from planner.verify.run import positions
from planner.verify.verdict import Array, Check, finding

COLUMN = {"z": "pool_id", "w": "class_id", "x": "place_id", "r": "place_id", "o": "place_id", "g": "generation_id"}
COLUMN |= dict.fromkeys("bhiqncme", "item_id") | {"p": "option_id", "t": "month", "k": "slice"}
IDS = ("place_id", "option_id", "generation_id", "pool_id", "class_id", "item_id", "month", "slice")
"""Columns that say which row a dual belongs to; those that the row does not have are empty."""
NOISE = 1e-6
"""A negative price that a solver may leave, million USD per unit: HiGHS holds duals to 1e-7 before it scales them back. Read as
zero, and the bound stays a bound: what that costs it is in the gap."""


class Duals(Mapping[str, Array]):
    """``duals[row]`` is dense over the letters of the row; what was not written is zero."""

    def __init__(self, program: Program, own: Collection[str]) -> None:
        self.rows, self.program = program.rows, program
        self.findings: list[Check] = []
        frame = program.case.run.table("duals")
        constraints = frame["constraint"].to_numpy(dtype=object)
        names = list(dict.fromkeys(constraints))
        self.priced = [name for name in names if name in own]
        """Own limits of the plan that have a price, of which nothing else is known."""
        self._dense = {name: np.zeros(program.shape(row)) for name, row in self.rows.items()}
        for name in names:
            if name in self.rows:
                self._read(self.rows[name], frame[constraints == name])
            elif name not in own:
                self.findings.append(finding("duals.constraint", f"duals holds a constraint that no one knows: {name!r}"))
        for row in self.rows.values():
            if isinstance(row, Limit):
                self._require_sign(row)

    def __getitem__(self, name: str) -> Array:
        return self._dense[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._dense)

    def __len__(self) -> int:
        return len(self._dense)

    def _read(self, row: Row, frame: pd.DataFrame) -> None:
        words = {COLUMN[letter]: "slice " + frame["slice"] if letter == "k" else frame[COLUMN[letter]] for letter in row.over}
        codes = [positions(names, each) for names, each in zip(self.program.axes(row), words.values(), strict=True)]
        strange = np.logical_or.reduce([code < 0 for code in codes])
        for column in IDS:
            if column not in words:
                strange |= (frame[column] != "").to_numpy(dtype=bool)
        if strange.any():
            first = frame.iloc[int(np.argmax(strange))]
            where = " / ".join(str(first[column]) for column in IDS if first[column])
            self.findings.append(finding("duals.row", f"duals holds a row of {row.name} that the plan does not have", where))
        inside = ~strange
        self._dense[row.name][tuple(code[inside] for code in codes)] = frame["dual_musd"].to_numpy(dtype=float)[inside]

    def _require_sign(self, row: Row) -> None:
        """A limit with a negative price counts as one without, if it is noise."""
        price = self._dense[row.name]
        if price.size and price.min() < -NOISE:
            where, _ = locate(self.program.axes(row), int(np.argmin(price)), None)
            self.findings.append(finding("duals.sign", f"{row.name} has a price below zero, {price.min():.6g}", where))
        np.maximum(price, 0.0, out=price)
