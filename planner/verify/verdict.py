"""The words of the verifier: a check, and the verdict that holds all of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

TOLERANCE = 1e-6
"""Allowed gap for one unit, or for a total above one unit as a share of that total."""

CHOICES = "choices"
"""The check that says how good the choice of the whole projects is; a reader is shown it too."""

MORE_COST = "alternative.cost"
"""The check that says how much more an alternative costs; a reader is shown it too."""

NOTHING = "nothing to compare"
"""How the sentence of a check ends that found no cell: it passed, and says nothing of the plan."""

OPTIMAL = "optimal"
"""The check that proves the plan optimal, or says why it cannot; a reader is shown either."""


@dataclass(frozen=True)
class Check:
    """One thing that was examined. `gap` and `tolerance` belong to the worst cell, which `place` and `month` name."""

    name: str
    ok: bool
    gap: float
    tolerance: float
    place: str
    month: str
    sentence: str

    def line(self) -> str:
        """The check in one line of text."""
        where = ", ".join(filter(None, (self.place, self.month)))
        return f"{'ok  ' if self.ok else 'FAIL'} {self.name}: {self.sentence}{f' [{where}]' if where and not self.ok else ''}"


@dataclass(frozen=True)
class Verdict:
    """All checks of one run folder. The plan stands only if every one of them does."""

    checks: tuple[Check, ...]
    unverified: tuple[str, ...] = ()
    """Own limits and costs of the plan, which the verifier does not know: nothing is said of them."""
    unproven: str = ""
    """Why nothing proves that no plan costs less; empty where that, or the stated gap, is proven."""
    unfinished: bool = False
    """Whether a time limit left the plan: feasible, and not the best one."""
    alternative: bool = False
    """Whether the plan is an alternative to the optimum, and as good as it states."""

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)

    @property
    def optimal(self) -> bool:
        """Whether every check holds and the files prove that no plan costs less."""
        return self.ok and not self.unproven and not self.unfinished and not self.alternative and not self.choice

    @property
    def exit_code(self) -> int:
        """0; 6 for a plan that a time limit left; 7 where a check fails."""
        return 7 if not self.ok else 6 if self.unfinished else 0

    @property
    def excepted(self) -> tuple[str, ...]:
        """What the word `verified` does not cover."""
        chosen = ["the choice of whole projects"] if self.choice else []
        return (*self.unverified, *(["optimality"] if self.unproven else chosen))

    @property
    def proof(self) -> str:
        """What proves the plan optimal, or why nothing does; empty where that was not examined."""
        if self.unproven:
            return f"not proven optimal: {self.unproven}"
        return self._sentence(OPTIMAL)

    @property
    def choice(self) -> str:
        """How good the choice of the whole projects is, as the solver bounds it; empty for a plan without any."""
        return self._sentence(CHOICES)

    def _sentence(self, name: str) -> str:
        return next((check.sentence for check in self.checks if check.name == name), "")

    @property
    def passed(self) -> str:
        """How many checks passed, for a verdict without failures; those with nothing to compare are counted apart."""
        idle = sum(check.sentence.endswith(NOTHING) for check in self.checks)
        compared = len(self.checks) - idle
        more = f" ({idle} more had {NOTHING})" if idle else ""
        return f"{compared} of {compared} {'check' if compared == 1 else 'checks'} passed{more}"

    @property
    def failed(self) -> tuple[Check, ...]:
        """The checks that do not hold."""
        return tuple(check for check in self.checks if not check.ok)

    def to_dict(self) -> dict[str, Any]:
        """The verdict for JSON: stable keys, numbers that JSON can hold."""
        return {
            "ok": self.ok,
            "optimal": self.optimal,
            "unverified": list(self.unverified),
            "unproven": self.unproven,
            **({"choice": self.choice} if self.choice else {}),
            "checks": [{**asdict(check), "gap": check.gap if np.isfinite(check.gap) else None} for check in self.checks],
        }

    def lines(self) -> list[str]:
        """The verdict for a reader: what was not examined, failures, whether the plan is proven optimal, and a line of sum."""
        failed, total = self.failed, len(self.checks)
        if failed:
            first = [f"not examined: {', '.join(self.unverified)}"] if self.unverified else []
            return [*first, *(check.line() for check in failed), f"not verified: {len(failed)} of {total} checks failed"]
        proof = [each for each in (self.proof, self._sentence(MORE_COST), self.choice) if each]
        if self.excepted:
            return [f"verified but for: {', '.join(self.excepted)}", *proof, self.passed]
        return [*proof, f"verified: {self.passed}"]


def finding(name: str, sentence: str, place: str = "", month: str = "") -> Check:
    """A check that fails without a number: something is missing or cannot be read."""
    return Check(name, False, float("inf"), 0.0, place, month, sentence)
