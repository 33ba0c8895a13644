"""Why chips are dark, by hand."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from models.data import PlanData
from planner import api
from planner.tables.dark import dark_shares, dark_table
from planner.verify.verify import verify
from planner.write.folder.result_folder import write_run
from tests.models.toy import toy
from tests.read.toy import write_plan
from tests.verify.cells import failures, nudge

LAST = "2027-04"


def reasons(
    d: PlanData,
    prices: list[tuple[str, str, float]],
    dark: float = 8.0,
    firm_mw: tuple[float, float] = (3.6, 2.2),
    shell_mw: tuple[float, float] = (3.0, 1.0),
) -> list[float]:
    """Power, halls, late, idle of new chips in the last month: 3 MW are installed `near`, 1 MW `far`."""
    chips = pd.DataFrame(
        [
            ("new", month, d.delivered_kunit["new", t], dark if month == LAST else 0.0)
            for t, month in enumerate(d.months, start=1)
        ],
        columns=["generation_id", "month", "delivered_kunit", "dark_kunit"],
    )
    halls = pd.DataFrame(
        [("near", LAST, 3.0, shell_mw[0]), ("far", LAST, 1.0, shell_mw[1])],
        columns=["region_id", "month", "housed_mw", "shell_mw"],
    )
    power = pd.DataFrame([("near", LAST, firm_mw[0]), ("far", LAST, firm_mw[1])], columns=["region_id", "month", "firm_mw"])
    limits = pd.DataFrame(
        [(name, where, LAST, usd) for name, where, usd in prices], columns=["constraint", "where", "month", "worth_usd"]
    )
    frame = dark_table(d, {"chips": chips, "halls": halls, "power": power, "limits": limits})
    return frame.loc[0, ["power_kunit", "halls_kunit", "late_kunit", "idle_kunit"]].tolist() if len(frame) else [0.0] * 4


def test_places_share_what_waits_by_their_scarcer_limit() -> None:
    d = toy()
    both = [("house_chips", "near", 9.0), ("fit_shell", "far", 9.0)]
    assert reasons(d, both) == pytest.approx([6.0, 2.0, 0.0, 0.0])  # three quarters of what is installed is near
    # a MW of IT takes 1.2 MW of firm power near: 9 x 1.2 is more than 10 for halls, 8 x 1.2 is less
    assert reasons(d, [*both, ("fit_shell", "near", 10.0)]) == pytest.approx([6.0, 2.0, 0.0, 0.0])
    assert reasons(d, [("house_chips", "near", 8.0), ("fit_shell", "near", 10.0), both[1]]) == pytest.approx(
        [0.0, 8.0, 0.0, 0.0]
    )


def test_a_place_where_nothing_is_scarce_leaves_no_chip_waiting() -> None:
    assert reasons(toy(), [("house_chips", "near", 9.0)]) == pytest.approx([0.0, 0.0, 0.0, 8.0])


def test_where_a_chip_may_not_stand_no_limit_holds_it_back() -> None:
    d = dataclasses.replace(toy(), placeable=(("near", "new"),))
    assert reasons(d, [("house_chips", "near", 9.0)]) == pytest.approx([8.0, 0.0, 0.0, 0.0])
    assert reasons(dataclasses.replace(d, placeable=()), [("house_chips", "near", 9.0)]) == pytest.approx([0.0, 0.0, 0.0, 8.0])


def test_what_comes_in_the_last_months_of_commissioning_is_too_late() -> None:
    d = dataclasses.replace(toy(), commission_months={"near": 2, "far": 3})  # 2 thousand a month
    assert reasons(d, [("house_chips", "near", 9.0), ("house_chips", "far", 9.0)]) == pytest.approx([4.0, 0.0, 4.0, 0.0])
    assert reasons(d, [], dark=3.0) == pytest.approx([0.0, 0.0, 3.0, 0.0])


def test_without_prices_the_one_with_less_room_is_scarcer() -> None:
    assert reasons(toy(), []) == pytest.approx([6.0, 2.0, 0.0, 0.0])  # near both are full, far firm power is to spare
    assert reasons(toy(), [], firm_mw=(3.6 * (1 + 1e-12), 2.2)) == pytest.approx([6.0, 2.0, 0.0, 0.0])  # full but for rounding
    assert reasons(toy(), [], firm_mw=(0.0, 0.0), shell_mw=(0.0, 0.0)) == pytest.approx([8.0, 0.0, 0.0, 0.0])


def test_the_reasons_of_all_months_are_not_those_of_the_last() -> None:
    """In January 3 thousand wait for halls and 1 for power, in April 4 for power: 5 of 8 for power, and 75 % of January's for
    halls. Near, with three quarters of what is installed, both are short in April and halls grow at their limit."""
    d = toy()
    rows = [("new", d.months[0], 1.0, 3.0, 0.0, 0.0), ("new", LAST, 4.0, 0.0, 0.0, 0.0)]
    columns = ["generation_id", "month", "power_kunit", "halls_kunit", "late_kunit", "idle_kunit"]
    halls = pd.DataFrame([("near", LAST, 3.0), ("far", LAST, 1.0)], columns=["region_id", "month", "housed_mw"])
    priced = [(name, place, LAST, 9.0) for name in ("house_chips", "fit_shell") for place in ("near", "far")]
    priced.append(("limit_shell_growth", "near", LAST, 1.0))  # far, the price of halls may be what one more costs
    limits = pd.DataFrame(priced, columns=["constraint", "where", "month", "worth_usd"])
    found = dark_shares(d, {"dark": pd.DataFrame(rows, columns=columns), "halls": halls, "limits": limits})
    assert found is not None
    assert found.reasons == pytest.approx({"power": 5 / 8, "halls": 3 / 8, "late": 0.0, "idle": 0.0})
    assert (found.halls_most_month, found.halls_most) == (d.months[0], pytest.approx(0.75))
    assert found.both == pytest.approx(4 * 0.75 / 8)
    without = {"dark": pd.DataFrame(rows[:0], columns=columns), "halls": halls, "limits": limits}
    assert dark_shares(d, without) is None


@pytest.mark.sampled(1)
@pytest.mark.parametrize(
    ("sets", "reason"),
    [
        (["power.step_mw_per_month*=0.3", "commitments.build_mw=0"], "power_kunit"),
        (["regions.shell_step_mw_per_month=0", "regions.shell_start_mw*=0.8", "power.step_mw_per_month*=20"], "halls_kunit"),
    ],
)
def test_a_plan_that_one_limit_holds_back_names_it(tmp_path: Path, sets: list[str], reason: str) -> None:
    sets = [*sets, "deliveries.kunit*=3", "regions.commission_months=0", "launch.tonnes=0", "demand.start_kh100e*=10"]
    result = api.solve(api.load(write_plan(tmp_path / "plan", months=12), sets))
    folder = write_run(result, tmp_path / "run", workbook=False)
    assert verify(folder).ok, verify(folder).lines()
    nudge(folder / "tables" / "dark.csv", 3, reason)
    assert failures(verify(folder, hashes=False)) == {f"dark.{reason}"}
    last = result.tables["dark"].query("month == month.max()")
    assert last[reason].sum() > 0.9 * last[["power_kunit", "halls_kunit", "late_kunit", "idle_kunit"]].to_numpy().sum() > 0
