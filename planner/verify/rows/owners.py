"""Rows of owners: whose chips stand on whose power, and what owners buy from each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.verify.case import Case
from planner.verify.linear import Limit, Row, Side, term
from planner.verify.power import firm_frac
from planner.verify.rows.power import MONTHLY


def owner_rows(case: Case) -> Iterator[Row]:
    """Nameplate of an owner's chips within its share of firm power, and what it buys; no limit where power is shared."""
    run, owners = case.run, case.owners
    first, later = owners.shares
    limited = (np.minimum(first, later) < 1.0) & (owners.policy != "shared")
    need = run.vector("inputs.regions", "pue") * run.vector("inputs.regions", "nameplate_frac")
    nameplate = [term("installed", "rgt", r=need, g=case.fleet.kw, gh=owners.of_chip)]
    right: Side = [
        term("capacity", "rpt", p=firm_frac(run), rh=later),
        *([term("bought", "rht")] if owners.trade else []),
        owners.more_of_start_mw + np.where(limited, 0.0, np.inf)[:, :, None],
    ]
    law = "pue x nameplate of an owner's chips <= its right to firm power + bought"
    yield Limit("respect_right", "rht", nameplate, right, "MW", law, price=MONTHLY, repeats=True)
