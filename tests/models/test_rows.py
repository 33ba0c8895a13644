"""The register says of each constraint what is true of its rows, and refuses one that says too little."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pyomo.environ as pyo
import pytest

from models import BLOCKS, REGISTER
from models.build import build, declare_sets
from models.data import PlanData
from models.rows import PARTS, Price, Row, name_of, register_of, rows, rows_of
from planner.solve.compile.form import Form, compile_form
from tests.models.test_golden import ALL

MONTHLY = Price("USD per MW", "one more MW of {where} in {month}", "growth of {item}", "MW")


@pytest.fixture(scope="module")
def forms() -> list[tuple[PlanData, Form]]:
    """Together they have rows of every constraint."""
    return [(data, compile_form(build(data))) for data in ALL]


def test_every_constraint_is_registered_once(forms: list[tuple[PlanData, Form]]) -> None:
    assert {name for _, form in forms for name, _ in form.rows} == set(REGISTER)
    assert sorted(row.name for block in BLOCKS for row in rows_of(block)) == sorted(REGISTER)


def test_parts_of_an_index_are_what_the_model_holds(forms: list[tuple[PlanData, Form]]) -> None:
    for d, form in forms:
        known: dict[str, set[Any]] = {
            "pool": {z for z, _, _ in d.demand_kh100e},
            "class": set(d.classes),
            "place": {*d.regions, *d.designs},
            "owner": set(d.owner.values()),
            "generation": set(d.generations),
            "batch": {b for _, b in d.batch_end},
            "option": {p for _, p in d.options},
            "project": {each.project_id for each in d.projects},
            "alternatives": {each.group for each in d.projects},
            "move": {way.name for way in d.chip_moves},
            "order": {order.name for order in d.orders},
            "country": set(d.country.values()),
            "route": {route.route_id for route in d.routes},
            "share": {share.share_id for share in d.shares},
            "target": {target.target_id for target in d.targets},
            "reservation": {each.reservation_id for each in d.reservations},
            "period": {*d.carbon_cap_t, *d.budget_musd},
            "day": set(d.day_of.values()),
            "year": set(d.plan_year.values()),
            "month": set(range(1, len(d.months) + 1)),
            "slice": set(d.slices),
        }
        assert known.keys() == {part.name for part in PARTS.values()}
        for name, index in form.rows:
            for part, value in REGISTER[name].named(index).items():
                assert value in known[part], (name, index, part)


def test_a_row_speaks_of_no_month_after_its_last(forms: list[tuple[PlanData, Form]]) -> None:
    """The first number in the index of a column is its month; of each constraint some row reaches its last."""
    reached = set()
    for d, form in forms:
        latest = [0] * len(form.rows)
        for column, (_, index) in enumerate(form.columns):
            month = next(part for part in index if isinstance(part, int))
            for row in form.matrix[:, [column]].tocoo().row.tolist():
                latest[row] = max(latest[row], month)
        for (name, index), month in zip(form.rows, latest, strict=True):
            last = REGISTER[name].last_month(index, d)
            assert month <= last, (name, index)
            reached |= {name} if month == last else set()
    assert reached == set(REGISTER)


def test_what_is_stated_is_the_right_hand_side(forms: list[tuple[PlanData, Form]]) -> None:
    seen = set()
    for d, form in forms:
        for (name, index), low, high in zip(form.rows, form.row_lower, form.row_upper, strict=True):
            stated = REGISTER[name].stated
            if stated is not None:
                price = REGISTER[name].price
                side = getattr(d, stated[0]).get(index, 0.0) * (price.usd if price else 1e6) / 1e6
                assert side == pytest.approx(high if high < float("inf") else low), (name, index)
                seen.add(name)
    assert seen == {row.name for row in REGISTER.values() if row.stated}


def test_prices_can_be_put_into_words() -> None:
    for row in REGISTER.values():
        assert row.unit, row.name
        if row.price is not None:
            assert row.price.words.format(where="here", month="2027-01"), row.name
            counted = ("MW", "tonne", "Gbit/s", "tCO2", "kH100e", "million USD")
            assert row.price.unit.removeprefix("USD per ").startswith(counted), row.name
            assert row.price.of_item == row.has("option", "owner"), row.name


def complete(m: Any, r: Any, p: Any, t: Any) -> Any:
    """a <= b.

    A reason.
    Dual: what it is worth, million USD per MW."""


def without_a_dual(m: Any, t: Any) -> Any:
    """a <= b.

    A reason."""


def without_a_month(m: Any, r: Any) -> Any:
    """a <= b.

    A reason.
    Dual: what it is worth, million USD per MW."""


def of_an_unknown_letter(m: Any, u: Any, t: Any) -> Any:
    """a <= b.

    A reason.
    Dual: what it is worth, million USD per MW."""


@pytest.mark.parametrize(
    ("rule", "said", "words"),
    [
        (without_a_dual, {}, "a reason"),
        (without_a_month, {}, "an index"),
        (of_an_unknown_letter, {}, "an index"),
        (complete, {"kind": "wish"}, "a kind"),
        (complete, {"kind": "requirement"}, "what must be"),
        (complete, {"must": "{place} must"}, "what must be"),
        (complete, {"kind": "requirement", "must": "{share} must"}, "parts of its index"),
        (complete, {"unit": "MW"}, "unexpected keyword"),
        (complete, {"price": Price("USD per MW", "one more in {place}", "{region}", "MW")}, "parts of its index"),
        (complete, {"account": ""}, "in an account"),
    ],
)
def test_what_a_constraint_forgets_to_say_is_refused(rule: Callable[..., Any], said: dict[str, Any], words: str) -> None:
    whole: dict[str, Any] = {"kind": "limit", "account": "it"} | said
    with pytest.raises(TypeError, match=words):
        rows("SOME", **whole)(rule)
    assert isinstance(rows("SOME", kind="limit", account="it", price=MONTHLY)(complete), Row)


def block(name: str, **names: Any) -> ModuleType:
    made = ModuleType(f"models.{name}")
    vars(made).update(names)
    return made


def test_a_block_that_is_declared_too_early_is_refused() -> None:
    first, second = block("first"), block("second", after=("first",))
    assert register_of([first, second]) == {}
    for blocks in ([second, first], [second]):
        with pytest.raises(TypeError, match="second"):
            register_of(blocks)
    with pytest.raises(TypeError, match="third"):
        register_of([block("first", needs=("third",))])
    twice = [rows("SOME", kind="limit", account="it")(complete) for _ in range(2)]
    with pytest.raises(TypeError, match="another constraint"):
        register_of([block(f"number_{number}", complete=row) for number, row in enumerate(twice)])


def names_on_the_model(node: ast.AST, assigned: bool) -> set[str]:
    """What a piece of code puts on a model ``m``, or reads from it."""
    return {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and each.value.id in ("m", "model")
        and isinstance(each.ctx, ast.Store) == assigned
    }


def test_a_block_names_those_that_it_needs() -> None:
    """Its `declare` uses names of those before it (``after``), its rules those of others too (``needs``)."""
    trees = {name_of(each): ast.parse(inspect.getsource(each)) for each in BLOCKS}
    put = {name: names_on_the_model(tree, assigned=True) for name, tree in trees.items()}
    owner = {each: name for name, names in put.items() for each in names}
    shared = names_on_the_model(ast.parse(inspect.getsource(declare_sets)), assigned=True)
    for each in BLOCKS:
        name = name_of(each)
        after, needs = set(getattr(each, "after", ())), set(getattr(each, "needs", ()))
        rules = {row.name for row in rows_of(each)}
        functions = [node for node in trees[name].body if isinstance(node, ast.FunctionDef)]
        read = {part: set[str]() for part in ("declare", "rules")}
        for node in functions:
            read["rules" if node.name in rules else "declare"] |= names_on_the_model(node, assigned=False)
        sources = {part: {owner[one] for one in names - shared} - {name} for part, names in read.items()}
        assert sources["declare"] == after, name
        assert sources["rules"] - after == needs, name


def test_rows_are_attached_in_the_order_in_which_they_are_written() -> None:
    model = build(ALL[0])
    attached = [each.local_name for each in model.component_objects(pyo.Constraint)]
    assert attached == [row.name for block in BLOCKS for row in rows_of(block) if row.name in attached]
