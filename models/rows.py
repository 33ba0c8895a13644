"""The register of rows: what each constraint is, for whoever reads its rows, its duals or its prices.

A constraint is written once, in its block: the rule is the formula, the letters of its index are those of the one index order,
the docstring says what it is, why it exists and what its dual is worth, and the arguments of `rows` say the rest; prices,
explanations, diagnoses and reductions read it here. What a constraint forgets to say is refused at import.
"""

from __future__ import annotations

import inspect
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, Literal, NamedTuple, get_args

import pyomo.core as pyo

from models.data import PlanData

Kind = Literal["requirement", "limit", "balance", "stock"]
"""What can make a plan impossible; what is at most so much; what goes out as it comes, or is counted; what carries over."""

Key = tuple[str, Any]
"""Name and index of one row, as the arrays of a linear program hold it."""


class Part(NamedTuple):
    """One part of an index; ``plural``: what several of it are called, empty where that is not a place."""

    name: str
    plural: str = ""


PARTS = {
    "z": Part("pool"),
    "w": Part("class"),
    "r": Part("place", "regions"),
    "o": Part("place", "designs"),
    "x": Part("place", "places"),
    "h": Part("owner"),
    "g": Part("generation"),
    "b": Part("batch"),
    "p": Part("option"),
    "j": Part("project"),
    "a": Part("alternatives"),  # projects that exclude each other
    "c": Part("country", "countries"),
    "n": Part("route", "routes"),
    "s": Part("share", "rules"),
    **{name: Part(name, f"{name}s") for name in ("target", "reservation", "period")},
    "day": Part("day"),
    "y": Part("year"),
    "t": Part("month"),
    "k": Part("slice"),
} | {"q": Part("move"), "e": Part("order")}
"""Letters of an index, by what they stand for. A row of a year or of a period speaks of all its months."""

NUMBERS, TIMES = ("year", "month", "slice"), ("year", "month", "period")
DUAL = "million USD per "


@dataclass(frozen=True)
class Price:
    """How the dual of a limit reads.

    ``words``: one more unit of it, with {where} and {month}; ``title``: its name, with the {item} that its index ends with.
    ``usd``: of one unit of the dual, which is in million USD per unit of the row. ``repeats``: part of other prices."""

    unit: str
    words: str
    title: str
    one_more: str
    usd: float = 1e6
    repeats: bool = False

    @property
    def of_item(self) -> bool:
        """Whether it is a limit on something in a place, or in the world, and not on the place."""
        return "{item}" in self.title


@dataclass(frozen=True)
class Row:
    """One constraint of the model. `limit_carbon["2027"]` is the key of one of its rows.

    ``over``: the sets whose product it stands for. ``account``: what it is called in an account of one more unit of a
    decision. ``price``: None where no table lists its dual. ``must``: of a requirement, what must be, in words. ``lasts``:
    it limits what is there at the end of a year, which hardly shrinks, so that it holds all year long. ``side``: its
    right-hand side in a solved plan and by its index, where its rows do not hold that alone. ``stated``: the field of
    PlanData that holds its right-hand sides by its index, and the table and column of the input that state them. ``lets``:
    the columns that one more unit lets grow, and the units that each takes; ``speed_up``: where its price is."""

    rule: Callable[..., Any]
    over: tuple[str, ...]
    kind: Kind
    account: str
    price: Price | None = None
    must: str = ""
    lasts: bool = False
    side: Callable[..., float] | None = None
    stated: tuple[str, str] | None = None
    lets: Callable[..., Iterable[tuple[Key, float]]] | None = None
    speed_up: str = ""

    def __post_init__(self) -> None:
        """Raise TypeError where it says too little."""
        letters = list(inspect.signature(self.rule).parameters)[1:]
        self._require(set(letters) <= PARTS.keys(), f"an index of {', '.join(PARTS)}")
        self._require(bool(self.over) and self.has(*TIMES), "sets, and an index with a month, year or period")
        self._require(bool(self.formula and self.why) and DUAL in self.dual, f"a formula, a reason, and `Dual: .. {DUAL}..`")
        self._require(self.kind in get_args(Kind), f"a kind: {', '.join(get_args(Kind))}")
        self._require((self.kind == "requirement") == bool(self.must), "what must be, of a requirement and of nothing else")
        self._require(bool(self.account), "what it is called in an account")
        texts = (self.must, self.price.words, self.price.title) if self.price else (self.must,)
        fields = {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}
        self._require(fields <= {"where", "item", "month", *(part.name for part in self.parts)}, "words for parts of its index")

    def _require(self, said: bool, what: str) -> None:
        if not said:
            raise TypeError(f"{self.rule.__module__}.{self.name}: expected {what}")

    @property
    def name(self) -> str:
        return self.rule.__name__

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """What its index is made of, from the letters of its rule."""
        return tuple(PARTS[letter] for letter in list(inspect.signature(self.rule).parameters)[1:])

    @cached_property
    def _sentences(self) -> tuple[str, str, str]:
        formula, _, rest = (inspect.getdoc(self.rule) or "").partition("\n\n")
        why, _, dual = rest.partition("Dual:")
        return " ".join(formula.split()).rstrip("."), " ".join(why.split()), " ".join(dual.split())

    @property
    def formula(self) -> str:
        """The first sentence of its docstring."""
        return self._sentences[0]

    @property
    def why(self) -> str:
        """Why it exists."""
        return self._sentences[1]

    @property
    def dual(self) -> str:
        """What its dual is worth."""
        return self._sentences[2]

    @property
    def unit(self) -> str:
        """What one unit of it is, as the sentence on its dual says: `MW`, `kH100e`."""
        return self.dual.rpartition(DUAL)[2].removesuffix(".").partition(" and ")[0]

    def __getitem__(self, index: Any) -> Key:
        return self.name, index

    def attach(self, model: pyo.ConcreteModel) -> None:
        """Put its rows on a model, over the product of its sets; none where a set is empty."""
        sets = [model.component(name) for name in self.over]
        if all(len(each) for each in sets):
            model.add_component(self.name, pyo.Constraint(*sets, rule=self.rule))

    def among(self, keys: Sequence[Key]) -> list[Any]:
        """The indices of those keys that are of this constraint."""
        return [index for name, index in keys if name == self.name]

    def named(self, index: Any) -> dict[str, Any]:
        """The parts of an index by name."""
        whole = index if isinstance(index, tuple) else (index,)
        return {part.name: each for part, each in zip(self.parts, whole, strict=True)}

    def where(self, index: Any) -> str:
        """Whom or what a row speaks of, without its month: `us_ohio / grid`."""
        whole = index if isinstance(index, tuple) else (index,)
        return " / ".join([whole[position] for position in self._names])

    @cached_property
    def _names(self) -> list[int]:
        """Which parts of its index are names, and not numbers."""
        return [position for position, part in enumerate(self.parts) if part.name not in NUMBERS]

    def words(self, index: Any, months: Sequence[str], slices: Mapping[int, str] | None = None) -> list[str]:
        """An index as it is read: months as they are written, by number where they are not known; slices only where named."""
        said = []
        for name, part in self.named(index).items():
            if name == "month":
                said.append(months[part - 1] if 0 < part <= len(months) else f"month {part}")
            elif name == "slice":
                said += [slices[part]] if slices else []
            else:
                said.append(f"plan year {part}" if name == "year" else str(part))
        return said

    def last_month(self, index: Any, d: PlanData) -> int:
        """The month of a row; the last one of its year or period."""
        position, name = self._time
        part = index[position] if isinstance(index, tuple) else index
        if name == "year":
            return max(t for t, year in d.plan_year.items() if year == part)
        return max(d.periods[part]) if name == "period" else int(part)

    @cached_property
    def _time(self) -> tuple[int, str]:
        """Which part of its index says when."""
        return next((position, part.name) for position, part in enumerate(self.parts) if part.name in TIMES)

    def has(self, *names: str) -> bool:
        """Whether its index has any of these parts."""
        return any(part.name in names for part in self.parts)

    @property
    def places(self) -> str:
        """What the places are called where it holds; empty for a limit on the world."""
        return next((part.plural for part in self.parts if part.plural), "")


def rows(*over: str, **said: Any) -> Callable[[Callable[..., Any]], Row]:
    """Decorate the rule of a constraint over a product of sets of the model; ``said``: what `Row` holds of it."""
    return lambda rule: Row(rule, over, **said)


def rows_of(block: ModuleType) -> list[Row]:
    """The constraints of a block, in the order in which they are written."""
    return [each for each in vars(block).values() if isinstance(each, Row)]


def register_of(blocks: Sequence[ModuleType], first: Sequence[str] = ()) -> dict[str, Row]:
    """The constraints of all blocks by name: ``first`` in this order, then in that of the blocks.

    Raises TypeError for a name that two blocks use, and for a block that stands before one whose sets or variables it needs."""
    found: dict[str, Row] = {}
    names = [name_of(block) for block in blocks]
    for number, block in enumerate(blocks):
        after, needs = (getattr(block, name, ()) for name in ("after", "needs"))
        missing = [*({*after} - {*names[:number]}), *({*needs} - {*names})]
        if missing:
            raise TypeError(f"{block.__name__}: has to be declared with {', '.join(missing)} before it or beside it")
        for row in rows_of(block):
            if found.setdefault(row.name, row) is not row:
                raise TypeError(f"{block.__name__}.{row.name}: the name of another constraint")
    return {name: found[name] for name in (*first, *(name for name in found if name not in first))}


def name_of(block: ModuleType) -> str:
    """The subject of a block."""
    return block.__name__.rpartition(".")[2]
