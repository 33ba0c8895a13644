"""How much of what is launched is alive later."""

from __future__ import annotations

import numpy as np

from planner.verify.run import Run
from planner.verify.verdict import Array


def survival(run: Run, age_months: Array) -> Array:
    """(1 - loss)^age until the end of life, nothing before the launch; one more axis, of designs, in front."""
    ahead = (slice(None), *(None for _ in age_months.shape))
    loss = run.vector("inputs.designs", "loss_frac_per_year")[ahead]
    life = np.maximum(1.0, np.round(12.0 * run.vector("inputs.designs", "life_years")))
    end = (life + run.vector("inputs.designs", "commissioning_months"))[ahead]
    lives = (age_months >= 0) & (age_months < end)
    return np.where(lives, (1.0 - loss) ** (np.maximum(age_months, 0.0) / 12.0), 0.0)
