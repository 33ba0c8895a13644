"""The table of targets of the toy: its shares, by plain sums."""

from __future__ import annotations

from typing import Any

from tests.verify.given import MONTHS


def shares(out: dict[str, list[dict[str, Any]]]) -> None:
    """15 % of what Europe asks of chat is served in Dublin from February on; at most 20 % of all that is served in orbit."""
    for t, month in enumerate(MONTHS):
        of_month = [row for row in out["serve"] if row["month"] == month]
        served = sum(row["serve_kh100e"] for row in of_month)
        at_home = sum(row["serve_kh100e"] for row in of_month if (row["class_id"], row["place_id"]) == ("chat", "dublin"))
        above = sum(row["serve_kh100e"] for row in of_month if row["place_id"] == "dawn")
        for rule, name, frac, whole, reached in (
            ("least_share", "home", 0.15, 12.0 * 2 ** (t / 6), at_home),
            ("greatest_share", "sky", 0.2, served, above),
        ):
            if name == "sky" or t > 0:
                out["targets"].append(
                    {
                        "rule": rule,
                        "target_id": name,
                        "month": month,
                        "stated_frac": frac,
                        "stated_kh100e": frac * whole,
                        "reached_frac": reached / whole,
                        "reached_kh100e": reached,
                        "missed_kh100e": 0.0,
                        "penalty_musd": 0.0,
                        "worth_usd": "",  # no duals, no price
                    }
                )
