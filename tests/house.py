"""The rules of the house, each a function that yields what breaks it, one line per case; `test_house.py` allows none.

What is being mended stands in `house_exceptions.txt`, one line per case, and nowhere else. A case that is not listed fails the
test, and so does a line that is no longer needed: `python -m tests.house --prune` deletes those, and never adds one.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models import BLOCKS, REGISTER

ROOT = Path(__file__).parents[1]
EXCEPTIONS = ROOT / "tests" / "house_exceptions.txt"

LAYERS = (  # from the ground up: a room imports rooms of lower rows, and no other
    "codes progress formats deadline",
    "errors memory child",
    "models physics verify findings",
    "schema solve",
    "plan",
    "read",
    "prepare result",
    "tables runs check",
    "studies",
    "write",
    "api",
    "planner",  # the package itself: it hands on what `api` offers
    "cli",
    "__main__",
)
ROW = {room: row for row, rooms in enumerate(LAYERS) for room in rooms.split()}

LONGEST_FILE = 400
SHORT_FILE = 60
SHORT_PERCENT = 15
MOST_CONSTRAINTS = 2  # that one place outside the register names together


class Import(NamedTuple):
    module: str
    imported: str  # the module that a name comes from
    line: int
    kind: str  # "top", "function", "type" (under `if TYPE_CHECKING:`)


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository by name, those included that are not committed yet."""
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [ROOT / name for name in sorted(set(names.split("\0")) - {""}) if (ROOT / name).exists()]


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in tracked("models/*.py", "planner/*.py")}


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "planner" and len(parts) > 1 else parts[0]


@cache
def imports_of(module: str) -> tuple[Import, ...]:
    """Every import of a file, wherever it stands."""

    def walk(node: ast.AST, kind: str) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            inner = kind
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) and kind == "top":
                inner = "function"
            elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                inner = "type"
            if isinstance(child, ast.Import):
                yield from (Import(module, alias.name, child.lineno, kind) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                for alias in child.names:
                    member = f"{child.module}.{alias.name}"
                    yield Import(module, member if member in MODULES else str(child.module), child.lineno, kind)
            else:
                yield from walk(child, inner)

    return tuple(walk(parsed(MODULES[module]), "top"))


def own_imports() -> Iterator[Import]:
    return (each for module in MODULES for each in imports_of(module) if each.imported in MODULES)


def imports_run_down() -> Iterator[str]:
    """Functions and `if TYPE_CHECKING:` included: a type that is needed above lives below."""
    for each in own_imports():
        here, there = room_of(each.module), room_of(each.imported)
        if here != there and ROW[there] >= ROW[here]:
            yield f"{each.module} -> {each.imported}"


def imports_are_acyclic() -> Iterator[str]:
    """No circle of any kind: imports in functions and those of types count as those at the top do.

    That a module makes Python import the packages around it is no edge; naming one of them in an import is."""
    graph: dict[str, set[str]] = {module: set() for module in MODULES}
    for each in own_imports():
        graph[each.module].add(each.imported)
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> Iterator[str]:
        if module in path:
            yield " -> ".join((*path[path.index(module) :], module))
        elif module not in done:
            for other in sorted(graph[module]):
                yield from walk(other, (*path, module))
            done.add(module)

    for module in sorted(graph):
        yield from walk(module, ())


def blocks_are_apart() -> Iterator[str]:
    """Files of the mathematics that make part of the linear program do not import each other."""
    blocks = {block.__name__ for block in BLOCKS}
    return (f"{each.module} -> {each.imported}" for each in own_imports() if {each.module, each.imported} <= blocks)


def the_command_line_calls_the_api_alone() -> Iterator[str]:
    ground = {"errors", "progress", "deadline", "memory"}  # what a command line guards itself with, before any work
    allowed = {"planner", "api", "cli", *ground}  # the package itself hands on what `api` offers
    for each in own_imports():
        if room_of(each.module) == "cli" and room_of(each.imported) not in allowed:
            yield f"{each.module} -> {each.imported}"


def imports_stand_at_the_top() -> Iterator[str]:
    """Only what is called from a command line that should start at once imports inside functions."""
    for module in MODULES:
        lazy = any(each.kind == "function" for each in imports_of(module))
        if lazy and module != "planner" and not module.startswith(("planner.api", "planner.cli.commands")):
            yield module


def writers_see_finished_tables() -> Iterator[str]:
    """What a study or a comparison found is handed to them: of those rooms they know the types, of the model the register."""
    makers = ("models.", "planner.prepare", "planner.solve", "planner.tables")
    for each in own_imports():
        if room_of(each.module) == "write" and (
            (each.imported.startswith(makers) and each.imported != "models.rows")
            or (each.kind != "type" and room_of(each.imported) in ("runs", "studies"))
        ):
            yield f"{each.module} -> {each.imported}"


def constraints_in(node: ast.AST) -> set[str]:
    """Constraints that a piece of code names, as text or as what the block that declares them calls them."""
    names = {each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    names |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    names |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    return names & REGISTER.keys()


def constraints_are_listed_in_the_register() -> Iterator[str]:
    """What is true of several constraints is said in the register, where each says it, and asked there: a collection or a chain
    of conditions that names three is a list of its own, and so is a file with the names of three as text."""
    for module in MODULES:
        if room_of(module) in ("models", "verify"):
            continue
        tree = parsed(MODULES[module])
        texts = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in REGISTER}
        if len(texts) > MOST_CONSTRAINTS:
            yield f"{module}: {', '.join(sorted(texts))}"
        for node in ast.walk(tree):
            named = set[str]()
            if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict | ast.BoolOp):
                named = constraints_in(node)
            while isinstance(node, ast.If):
                named |= constraints_in(node.test)
                node = node.orelse[0] if len(node.orelse) == 1 else ast.Pass()
            if len(named) > MOST_CONSTRAINTS:
                yield f"{module}: {', '.join(sorted(named))}"


def lines_of(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def files_are_no_longer_than_400_lines() -> Iterator[str]:
    return (str(path.relative_to(ROOT)) for path in tracked("*.py") if lines_of(path) > LONGEST_FILE)


def few_files_are_short() -> Iterator[str]:
    """At most 15 % below 60 lines; a package's `__init__.py` that holds nothing but its docstring is no file of its own.

    The exception, where there is one, is a share in steps of five."""
    files = [path for path in MODULES.values() if path.name != "__init__.py" or len(parsed(path).body) > 1]
    lengths = [lines_of(path) for path in files]
    percent = 100 * sum(length < SHORT_FILE for length in lengths) / len(lengths)
    if percent > SHORT_PERCENT:
        yield f"at most {5 * -(-percent // 5):.0f} %"


def docstrings_of(tree: ast.AST) -> set[ast.Constant]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
                found.add(first.value)
    return found


def without_names(text: str) -> str:
    """Prose alone: no code, no name in backticks, no field of a template."""
    return re.sub(r"```.*?```|`[^`\n]*`|\{[^{}\n]*\}", "`", text, flags=re.DOTALL)


@cache
def prose_of(path: Path) -> tuple[str, str]:
    """What a reader of the code reads (docstrings, comments) and what a user reads (messages, documents), of one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return "", without_names(text)
    tree = ast.parse(text)
    docs = docstrings_of(tree)
    comments = re.findall(r"(?:^|\s)# (.*)", text)
    texts = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in docs
    ]
    messages = [str(node.value) for node in texts if " " in str(node.value)]
    return "\n".join([*(str(doc.value) for doc in docs), *comments]), without_names("\n".join(messages))


GRAMMAR = {  # nowhere: the plain word is the other one
    "can not": "cannot",
    "(is|are) none( of)?": "is not, has no",
    "(is|are) told": "a plain verb",
    "put by": "put aside, kept",
    "held against": "compared with",
    "judg(e|es|ed|ment of the plan)": "verifier, verify",
    "defendant": "the model",
    "promises?": "requirement",
}
USER = {  # in what a user reads: messages, pages, documents
    "displaced": "retired early",
    "boundar(y|ies)": "cost scope",
    "verdict on orbit": "orbit is (not) part of the least-cost plan",
    "(orbit|satellite) flies": "orbit is part of the least-cost plan",
    "rents?": "scarcity value",
    "worth most": "tightest limits",
    "fact:": "note:",
    "last vertex": "warm-started",
    "no talk": "print only",
}


def words_are_those_of_the_field() -> Iterator[str]:
    """The words that `words.md` replaces. Names of columns and keys, in backticks or alone, are names and no prose."""
    code = tracked("models/*.py", "planner/*.py", "inputs/*.py", "docs/*.py", "benchmarks/*.py")
    pages = tracked("*.md", "inputs/*.yaml", "planner/new/*.yaml", "planner/write/report/assets/*.j2")
    for path in [*code, *pages]:
        read_by_developers, read_by_users = prose_of(path)
        for terms, prose in ((GRAMMAR, f"{read_by_developers}\n{read_by_users}"), (USER, read_by_users)):
            for term, instead in terms.items():
                if re.search(rf"\b{term}(?!\w)", prose, flags=re.IGNORECASE):
                    yield f"{path.relative_to(ROOT)}: {term} ({instead})"


RULES: dict[str, Callable[[], Iterable[str]]] = {
    rule.__name__: rule
    for rule in (
        imports_run_down,
        imports_are_acyclic,
        blocks_are_apart,
        the_command_line_calls_the_api_alone,
        imports_stand_at_the_top,
        writers_see_finished_tables,
        constraints_are_listed_in_the_register,
        files_are_no_longer_than_400_lines,
        few_files_are_short,
        words_are_those_of_the_field,
    )
}


def exceptions() -> list[str]:
    return EXCEPTIONS.read_text(encoding="utf-8").splitlines() if EXCEPTIONS.exists() else []


def cases(rule: str) -> set[str]:
    return {f"{rule}: {case}" for case in RULES[rule]()}


if __name__ == "__main__":
    broken = set[str]().union(*(cases(rule) for rule in RULES))
    if sys.argv[1:] == ["--prune"]:
        EXCEPTIONS.write_text("".join(f"{line}\n" for line in exceptions() if line in broken), encoding="utf-8")
    sys.stdout.write("".join(f"{line}\n" for line in sorted(broken - set(exceptions()))))
