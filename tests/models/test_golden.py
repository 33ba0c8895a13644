"""Every constraint of the model, written out on the toy: a refactoring must not move the mathematics.

`GOLDEN=write python -m pytest tests/models/test_golden.py` writes the files anew; read the difference before committing it.
"""

from __future__ import annotations

import dataclasses
import os
from itertools import chain
from pathlib import Path
from typing import Any

import pyomo.environ as pyo
import pytest

from models.build import build
from models.data import STOCK, ChipMove, Order, PlanData, Project, ProjectPart
from models.records import Published, Reservation, Route, Share, Target
from planner.solve.compile.form import Form, compile_form
from tests.models.toy import halved, toy

FOLDER = Path(__file__).parents[1] / "golden"


def everything() -> PlanData:
    """The toy with every policy that makes a constraint appear."""
    share = {"share_id": "half_far", "pools": (("here", "patient"),), "places": ("far",), "months": (3, 4)}
    return dataclasses.replace(
        toy(),
        carbon_cap_t={"2027": 5_000.0},
        carbon_periods={"2027": (1, 2, 3, 4)},
        power_usd_per_kw={("near", "grid"): 300.0, ("far", "grid"): 400.0, ("far", "engine"): 1_500.0},
        hall_usd_per_kw={"near": 9_000.0, "far": 8_000.0},
        satellite_usd_per_kw={("sat", t): 5_000.0 for t in range(1, 5)},
        launch_usd_per_kw={("sat", t): 1_000.0 * t for t in range(1, 5)},
        payment_fracs={"engine": ((1, 0.4), (0, 0.6)), "halls": ((2, 0.3), (-1, 0.7)), "launches": ((12, 0.5), (0, 0.5))},
        budget_musd={"2026": 1.0, "2027": 30.0, "2028": 20.0},
        budget_months={"2026": (), "2027": (1, 2), "2028": (3, 4)},
        routes=(Route("cable", ("here",), ("near", "far"), {1: 50.0, 2: 55.0}),),
        shares=(
            Share(**share, min_frac=0.1, max_frac=None),
            Share(**share | {"share_id": "most_far"}, min_frac=None, max_frac=0.5),
            Share(**share | {"share_id": "tenth_of_all"}, min_frac=0.1, max_frac=None, of="asked"),
            Share(**share | {"share_id": "half_of_all"}, min_frac=None, max_frac=0.5, of="asked"),
        ),
        targets=(
            Target("most_urgent", (("here", "urgent"),), {1: 0.25, 3: 0.15}, None),
            Target("some_of_all", (("here", "urgent"), ("here", "patient")), {2: 0.6, 4: 0.5}, 0.75),
        ),
        reservations=(
            Reservation("acme", "far", (("here", "patient"),), {2: 1.5, 3: 2.0}, 0.9),
            Reservation("labs", "far", (), {3: 0.5}, None),
        ),
        move_usd_per_h100e={"patient": 2.0},
        max_fall_frac_per_month={"patient": 0.1},
        owner={"old": "market", "new": "maker"},
        owners_power="trade",
        right_start_frac={("near", "maker"): 0.25, ("near", "market"): 0.75, ("far", "maker"): 1.0, ("far", "market"): 0.0},
        right_added_frac={("near", "maker"): 0.5, ("near", "market"): 0.5, ("far", "maker"): 1.0, ("far", "market"): 0.0},
        trade_usd_per_mw_month=2_000.0,
        committed_shell_mw={("far", 2): 1.0},
        closed_shell_mw={("near", 3): 0.5},
        published=Published(1_000.0, 3, {("near", "grid", 2): 1.5, ("far", "engine", 3): 2.0}, {("near", 1): 0.5}),
    )


def by_day() -> PlanData:
    """The toy with days of two halves, and what only they make appear; its engine stores instead."""
    return halved(
        toy(),
        price=3.0,
        shape_frac={("here", "urgent", t, k): 1.75 - 0.5 * k for t in range(1, 5) for k in (1, 2)}
        | {("here", "patient", t, k): 0.7 + 0.2 * k for t in range(1, 5) for k in (1, 2)},
        storage_h={"engine": 6.0},
        round_trip_frac={"engine": 0.8},
        minimum_take_frac={("near", "grid"): 0.7},
    )


def by_window() -> PlanData:
    """The same, where work that moves has to be done within six hours."""
    return dataclasses.replace(by_day(), flexible_window_h={"patient": 6.0})


def by_age() -> PlanData:
    """The toy with chips whose life ends within its months: old ones in `near`, new ones in stock and delivered."""
    return toy(
        start_ending_kunit={("near", "old", 2): 2.0, ("near", "old", 3): 1.0},
        start_dark_kunit={"new": 1.0},
        delivered_kunit={("new", t): 2.0 for t in range(1, 5)} | {("old", 1): 3.0},
        batch_end={("new", "2026-10"): 1, ("new", "2026-12"): 3, ("new", "2027-01"): 4},
        batch_supply_kunit={("new", "2026-10", 0): 0.25, ("new", "2026-12", 0): 0.75, ("new", "2027-01", 1): 2.0},
        optional_kunit={("new", 1): 2.0, ("new", 3): 0.5},
        decline_usd_per_unit={("new", 1): 100.0, ("new", 3): 0.0},
        defer_usd_per_unit={("new", 1, 2): 30.0, ("new", 1, 3): 60.0},
        chip_usd_per_unit_month={"old": 900.0, "new": 1_000.0},
        chip_life_months={"old": 60, "new": 3},
        budget_musd={"2027": 300.0},
        budget_months={"2027": (1, 2)},
        budget_chip_usd_per_unit={"old": 10_000.0, "new": 40_000.0},
        survive_frac={(r, g): 0.5 if g == "old" else 1.0 for r in ("near", "far") for g in ("old", "new")},
    )


def by_project() -> PlanData:
    """The toy with two variants of a hall with its power, one of them whole, and an engine that comes from the same makers."""
    engine = ProjectPart("far", "more_engine", "engine", 1.0, 0.5, 9_000.0, 500.0)
    small, large = (
        Project(
            name,
            (
                ProjectPart("near", "halls", "halls", mw, mw, 800.0 * mw, 100.0 * mw),
                ProjectPart("near", f"{name}_grid", "grid", 1.2 * mw, 0.1 * mw, 90.0 * mw, 0.0),
            ),
            (2, 3),
            name == "large",
            "hall",
        )
        for name, mw in (("small", 2.0), ("large", 5.0))
    )
    own = [("far", "more_engine"), ("near", "small_grid"), ("near", "large_grid")]
    base = {("far", "more_engine"): ("far", "engine"), **dict.fromkeys(own[1:], ("near", "grid"))}
    data = toy()
    by_pair = ("growth_frac_per_month", "firm_frac", "variable_usd_per_mwh", "carbon_t_per_mwh", "carbon_priced_frac")
    more: dict[str, Any] = {name: getattr(data, name) | {rp: getattr(data, name)[base[rp]] for rp in own} for name in by_pair}
    for name in ("power_availability_frac", "energy_usd_per_mwh", "fuel_usd_per_mwh"):
        held = getattr(data, name)
        more[name] = held | {(*rp, *key[2:]): held[key] for rp in own for key in held if key[:2] == base[rp]}
    for name in ("start_mw", "capital_usd_per_mw_month", "fixed_usd_per_mw_month"):
        more[name] = getattr(data, name) | dict.fromkeys(own, 0.0)
    return dataclasses.replace(
        data, projects=(Project("more", (engine,), (1, 2, 3, 4), False), small, large), options=(*data.options, *own), **more
    )


def with_moves() -> PlanData:
    """The toy with old chips that may leave `near`, which closes, for `far`, where halls hibernate, or for the stock."""
    return dataclasses.replace(
        toy(commission_months={"near": 0, "far": 0}),
        chip_moves=(ChipMove("near / far", "near", "far", 5.0, 1), ChipMove("near / stock", "near", STOCK, 2.0, 0)),
        chip_move_mw={("near / far", t): 1.5 for t in range(1, 5)},
        batch_end={("old", "2022-03"): 4},
        start_batch_kunit={("near", "old", "2022-03"): 2.0},
        closing_month={"near": 3},
        hibernated_shell_mw={("far", 2): 1.0},
        hibernation_usd={("far", 2): 50.0},
        step_mw={key: mw for key, mw in toy().step_mw.items() if key[0] == "far" or key[-1] < 3},
        shell_step_mw={key: mw for key, mw in toy().shell_step_mw.items() if key[0] == "far" or key[-1] < 3},
    )


def with_orders() -> PlanData:
    """The toy with grid that may slip and ends, engines before their time, and halls that may be cancelled."""
    data = toy()
    terms = {"on_top": True, "slip_usd_per_mw_month": 100.0, "cancel_month": 1, "deposit_usd_per_mw": 500.0}
    return dataclasses.replace(
        data,
        step_mw={**data.step_mw, ("far", "engine", 2): 0.0},
        committed_launch_mw={("sat", 3): 0.8},
        orders=(
            Order("far / grid / 2027-02", "far", "grid", 2, 3, 9.0, 4, **terms),
            Order("far / engine / 2027-02", "far", "engine", 2, 2, 1.0, None, **terms),
            Order("near / halls / 2027-02", "near", None, 2, 3, 5.0, 4, **terms),
        ),
    )


def written(form: Form, constraint: str) -> str:
    """The rows of one constraint as a person would write them."""
    matrix: dict[int, list[tuple[int, float]]] = {}
    for column in range(form.shape[1]):
        for at in range(form.matrix.indptr[column], form.matrix.indptr[column + 1]):
            matrix.setdefault(int(form.matrix.indices[at]), []).append((column, float(form.matrix.data[at])))

    def name(key: tuple[str, object]) -> str:
        index = key[1] if isinstance(key[1], tuple) else (key[1],)
        return f"{key[0]}[{','.join(map(str, index))}]"

    lines = []
    for row, key in enumerate(form.rows):
        if key[0] != constraint:
            continue
        low, high = form.row_lower[row], form.row_upper[row]
        sign, side = ("=", low) if low == high else ("<=", high) if low == -float("inf") else (">=", low)
        terms = sorted((name(form.columns[c]), value) for c, value in matrix.get(row, []))
        lines.append(f"{name(key)}: " + " ".join(f"{v:+.10g} {n}" for n, v in terms) + f" {sign} {side:.10g}")
    return "\n".join(sorted(lines)) + "\n"


@pytest.fixture(scope="module")
def model() -> pyo.ConcreteModel:
    return build(everything())


@pytest.fixture(scope="module")
def by_day_model() -> pyo.ConcreteModel:
    return build(by_day())


@pytest.fixture(scope="module")
def by_window_model() -> pyo.ConcreteModel:
    return build(by_window())


@pytest.fixture(scope="module")
def by_age_model() -> pyo.ConcreteModel:
    return build(by_age())


@pytest.fixture(scope="module")
def by_project_model() -> pyo.ConcreteModel:
    return build(by_project())


@pytest.fixture(scope="module")
def with_moves_model() -> pyo.ConcreteModel:
    return build(with_moves())


@pytest.fixture(scope="module")
def with_orders_model() -> pyo.ConcreteModel:
    return build(with_orders())


@pytest.fixture(scope="module")
def forms(
    model: pyo.ConcreteModel,
    by_day_model: pyo.ConcreteModel,
    by_window_model: pyo.ConcreteModel,
    by_age_model: pyo.ConcreteModel,
    by_project_model: pyo.ConcreteModel,
    with_moves_model: pyo.ConcreteModel,
    with_orders_model: pyo.ConcreteModel,
) -> tuple[Form, ...]:
    first = (model, by_day_model, by_window_model, by_age_model)
    return tuple(compile_form(each) for each in (*first, by_project_model, with_moves_model, with_orders_model))


def constraints(*plans: PlanData) -> list[str]:
    return sorted({c.local_name for data in plans or ALL for c in build(data).component_objects(pyo.Constraint)})


ALL = (everything(), by_day(), by_window(), by_age(), by_project(), with_moves(), with_orders())


@pytest.mark.parametrize("constraint", constraints())
def test_constraint_is_as_written(forms: tuple[Form, ...], constraint: str) -> None:
    """As the months of the toy make it; where they do not, as its days do, its windows, or the ages of its chips."""
    path = FOLDER / f"{constraint}.txt"
    text = next(text for form in forms if (text := written(form, constraint)).strip())
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("constraint", ["conserve_chips", "conserve_fleet", "limit_retirement"])
def test_what_ends_is_taken_off(forms: tuple[Form, ...], constraint: str) -> None:
    compare(FOLDER / "by_age" / f"{constraint}.txt", written(forms[3], constraint))


def test_chips_on_offer_count_in_a_budget(forms: tuple[Form, ...]) -> None:
    compare(FOLDER / "by_age" / "limit_budget.txt", written(forms[3], "limit_budget"))


@pytest.mark.parametrize("constraint", ["conserve_shell", "limit_technology_supply"])
def test_what_projects_bring_is_counted(forms: tuple[Form, ...], constraint: str) -> None:
    compare(FOLDER / "by_project" / f"{constraint}.txt", written(forms[4], constraint))


def compare(path: Path, text: str) -> None:
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "constraint",
    [
        *("conserve_chips", "conserve_fleet", "conserve_batch", "conserve_dark_batch", "conserve_capacity", "conserve_shell"),
        "fit_shell",
    ],
)
def test_what_moves_and_closes_is_written_out(forms: tuple[Form, ...], constraint: str) -> None:
    compare(FOLDER / "with_moves" / f"{constraint}.txt", written(forms[5], constraint))


@pytest.mark.parametrize("constraint", ["limit_power_growth", "limit_shell_growth", "conserve_capacity", "conserve_shell"])
def test_what_may_slip_is_written_out(forms: tuple[Form, ...], constraint: str) -> None:
    compare(FOLDER / "with_orders" / f"{constraint}.txt", written(forms[6], constraint))


def test_no_golden_file_without_a_constraint() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == constraints()


def test_every_declared_constraint_has_a_golden_file() -> None:
    """Also those that the toy might not have made: told from the source of the blocks."""
    import ast

    import models

    declared = set()
    for path in Path(models.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(
                getattr(d, "func", None) and getattr(d.func, "id", "") == "rows" for d in node.decorator_list
            ):
                declared.add(node.name)
                docstring = ast.get_docstring(node)
                assert "Dual:" in (docstring or ""), f"{node.name} does not say what its dual is worth"
    assert declared == set(constraints())


def test_every_rule_is_compiled_once(
    model: pyo.ConcreteModel,
    by_window_model: pyo.ConcreteModel,
    by_age_model: pyo.ConcreteModel,
    with_moves_model: pyo.ConcreteModel,
    with_orders_model: pyo.ConcreteModel,
) -> None:
    """A rule that can not be made a template falls back to rows in silence, ten times slower."""
    models = (model, by_window_model, by_age_model, with_moves_model, with_orders_model)
    for constraint in chain(*(each.component_objects(pyo.Constraint) for each in models)):
        assert type(next(iter(constraint.values()))).__name__ == "TemplateConstraintData", constraint.local_name


def test_every_variable_is_non_negative_without_an_upper_bound(by_window_model: pyo.ConcreteModel) -> None:
    """`compile_form` relies on it."""
    for variable in by_window_model.component_objects(pyo.Var):
        for entry in variable.values():
            assert entry.lb == 0.0
            assert entry.ub is None
