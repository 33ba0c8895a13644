"""Every constraint of the model as its own docstring says it: formula, why it exists, what its dual is worth.

Constraints are found in the source of the blocks, so that the manual is the code."""

from __future__ import annotations

import ast
import inspect
from dataclasses import dataclass

from models import BLOCKS


@dataclass(frozen=True)
class Rule:
    """One constraint."""

    name: str
    over: str  # the sets that it stands for
    formula: str
    why: str
    dual: str


@dataclass(frozen=True)
class Chapter:
    """One block of the model: its subject, the paragraph at its head, its constraints in order."""

    name: str
    text: str
    rules: tuple[Rule, ...]


def catalogue() -> list[Chapter]:
    """The model, block by block, in the order in which it is built."""
    return [Chapter(block.__name__.rpartition(".")[2], inspect.getdoc(block) or "", _rules(block)) for block in BLOCKS]


def _rules(block: object) -> tuple[Rule, ...]:
    tree = ast.parse(inspect.getsource(block))  # type: ignore[arg-type]
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            calls = [each for each in node.decorator_list if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)]
            if any(isinstance(call.func, ast.Name) and call.func.id == "rows" for call in calls):
                over = ", ".join(ast.unparse(argument).removeprefix("m.") for argument in calls[0].args[1:])
                found.append(_rule(node, over))
    return tuple(found)


def _rule(node: ast.FunctionDef, over: str) -> Rule:
    """The docstring in its three parts: the formula up to the first empty line, the reason, and the dual."""
    text = ast.get_docstring(node) or ""
    formula, _, rest = text.partition("\n\n")
    why, _, dual = rest.partition("Dual:")
    return Rule(node.name, over, " ".join(formula.split()).rstrip("."), " ".join(why.split()), " ".join(dual.split()))
