"""Who sees what was edited in a run folder: a small run is edited at random and on purpose, and each edit is verified.

python -m tests.verify.edits --random 2000       writes the table of `docs/verification.md`

An edit is seen by the verifier itself, which derives the number or word from other files (the hashes of the manifest are left
out, as if whoever edited had hashed again), by its reader, for which the file is no longer of the form that it must have, by a
hash, or by nobody.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any, NamedTuple

from planner import api
from planner.schema.results import is_number
from planner.schema.tables import tables
from planner.verify.verify import verify
from tests.spoil import spoil_bytes, word
from tests.verify.rich import rich_plan

PAGE = Path(__file__).parents[2] / "docs" / "verification.md"
BEGIN, END = "<!-- edits: begin -->", "<!-- edits: end -->"
DERIVED, FORM, HASH, NOBODY = SEEN_BY = ("derived", "form", "hash", "nobody")
READERS = {"inputs", "tables", "look_ahead", "plan.yaml", "manifest.json"}
"""Names of the findings of the reader, which come alone: what cannot be read is not examined."""

Rows = list[list[str]]


class Edit(NamedTuple):
    """Another content of a file; None removes it. ``what``: where it is counted; ``told``: one line to find it again by."""

    file: str
    what: str
    content: bytes | None
    told: str


class Ground:
    """A run with everything in it; edited, verified, and put back."""

    def __init__(self, folder: Path) -> None:
        plan = rich_plan(folder / "plan")
        self.run = api.run(plan, folder / "run").folder
        self.files = {path.relative_to(self.run).as_posix(): path.read_bytes() for path in self._paths()}
        self.sheets = {name: rows_of(data) for name, data in self.files.items() if name.endswith(".csv")}
        self.manifest = json.loads(self.files["manifest.json"])
        self.leaves = list(leaves(self.manifest))
        self.cells = [(name, column) for name, rows in self.sheets.items() if len(rows) > 1 for column in range(len(rows[0]))]
        self.results = [cell for cell in self.cells if cell[0].startswith("tables/")]
        self.bytes = [name for name in self.files if not name.endswith((".csv", "manifest.json"))]

    def _paths(self) -> list[Path]:
        return sorted(path for path in self.run.rglob("*") if path.is_file())

    def seen_by(self, edit: Edit) -> str:
        path = self.run / edit.file
        try:
            if edit.content is None:
                path.unlink()
            else:
                path.write_bytes(edit.content)
            verdict = verify(self.run)
        finally:
            if edit.file in self.files:
                path.write_bytes(self.files[edit.file])
            else:
                path.unlink(missing_ok=True)
        failed = {check.name for check in verdict.failed}
        if (failed and failed <= READERS) or verdict.unproven:
            return FORM
        if not failed:
            return NOBODY
        return DERIVED if any(not name.startswith("hashes.") for name in failed) else HASH

    def at_random(self, rng: random.Random) -> Edit:
        kind = rng.choices((self.cell_of_a_result, self.cell, self.leaf, self.byte), (6, 2, 1, 1))[0]
        return kind(rng)

    def cell_of_a_result(self, rng: random.Random) -> Edit:
        return self.cell(rng, self.results)

    def cell(self, rng: random.Random, among: Sequence[tuple[str, int]] = ()) -> Edit:
        file, column = rng.choice(among or self.cells)
        rows = [list(row) for row in self.sheets[file]]
        row = rng.randrange(1, len(rows))
        before = rows[row][column]
        while rows[row][column] == before:
            rows[row][column] = other(before, [each[column] for each in rows[1:]], rng)
        name = rows[0][column]
        told = f"{file}:{row + 1}: {name} {before!r} -> {rows[row][column]!r}"
        return Edit(file, f"{file}, {kind_of(file, name)}", bytes_of(rows), told)

    def leaf(self, rng: random.Random) -> Edit:
        *parents, last = path = rng.choice(self.leaves)
        spoilt = deepcopy(self.manifest)
        inside: Any = spoilt
        for key in parents:
            inside = inside[key]
        before = inside[last]
        if rng.random() < 0.2:
            inside.pop(last)
        else:
            while inside.get(last) == before if isinstance(inside, dict) else inside[last] == before:
                inside[last] = other_value(before, rng)
        content = json.dumps(spoilt, indent=2).encode(errors="surrogatepass")
        return Edit("manifest.json", f"manifest.json, `{path[0]}`", content, f"manifest.json: {path}, which was {before!r:.80}")

    def byte(self, rng: random.Random) -> Edit:
        file = rng.choice(self.bytes)
        content = self.files[file]
        while content == self.files[file]:
            content = spoil_bytes(content, rng)
        return Edit(file, f"{file}, any byte", content, f"{file}: bytes")

    def deliberate(self) -> Iterator[Edit]:
        """What somebody would do to a table, to each; and to the folder."""
        for file, rows in self.sheets.items():
            if not file.startswith("tables/") or len(rows) < 2:
                continue
            head, *body = rows
            numbers = [at for at, name in enumerate(head) if kind_of(file, name) == "numbers"]
            last = numbers[-1] if numbers else 0
            contents = {
                "a row less": [head, *body[:-1]],
                "a row twice": [*rows, body[-1]],
                "a column less": [[*row[:last], *row[last + 1 :]] for row in rows],
                "no row": [head],
                "rows in another order": [head, *reversed(body)],
                "a column ten times": [head, *([*row[:last], tenfold(row[last]), *row[last + 1 :]] for row in body)],
                "columns in another order": [row[::-1] for row in rows],
                "a column more": [[*row, "remark"] for row in rows],
            }
            for what, content in contents.items():
                if (data := bytes_of(content)) != self.files[file] and (len(body) > 1 or "order" not in what):
                    yield Edit(file, f"tables, {what}", data, f"{file}: {what}")
            yield Edit(file, "tables, removed", None, f"{file}: removed")
        for file in self.files:
            if not file.startswith("tables/"):
                name = "inputs, removed" if file.startswith("inputs/") else f"{file}, removed"
                yield Edit(file, name, None, f"{file}: removed")
        for file in ("tables/more.csv", "inputs/more.csv", "notes.txt"):
            yield Edit(file, f"{file}, added", b"a,b\n1,2\n", f"{file}: added")


def rows_of(data: bytes) -> Rows:
    return list(csv.reader(io.StringIO(data.decode())))


def bytes_of(rows: Rows) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def kind_of(file: str, column: str) -> str:
    group, _, name = file.removesuffix(".csv").partition("/")
    if group == "inputs":
        numeric = {one.name for one in tables()[name].columns if one.kind in ("number", "integer")}
        return "numbers" if column in numeric else "words"
    return "numbers" if is_number(name, column) else "words"


def other(cell: str, column: Sequence[str], rng: random.Random) -> str:
    """Another number, a thousandth off and more; or another word, of the same column or of none."""
    if rng.random() < 0.1:
        return rng.choice([word(rng), ""])
    try:
        value = float(cell)
    except ValueError:
        return rng.choice([*sorted({*column} - {cell}), cell + "x"])
    return f"{value + rng.choice((-1, 1)) * 10 ** rng.uniform(-3, 0) * max(abs(value), 0.01):.12g}"


def other_value(value: Any, rng: random.Random) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool) and rng.random() < 0.6:
        return value + rng.choice((-1, 1)) * 10 ** rng.uniform(-3, 3) * max(abs(value), 1)
    return rng.choice([word(rng), None, [], {}, True, 0, 1e300, [value], f"{value}x"])


def tenfold(cell: str) -> str:
    try:
        return f"{10 * float(cell):.12g}"
    except ValueError:
        return cell + "x"


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the values of a manifest stand, each part that holds several included."""
    if path:
        yield path
    for key, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from leaves(each, (*path, key))


def examine(folder: Path, count: int, seed: int, every: int = 1) -> tuple[Counter[tuple[str, str]], list[tuple[str, str]]]:
    """Random edits, and of the deliberate ones one of ``every`` so many: how many of each kind who saw, and who saw each."""
    ground, rng = Ground(folder), random.Random(seed)
    edits = [*[ground.at_random(rng) for _ in range(count)], *list(ground.deliberate())[::every]]
    seen = [(edit, ground.seen_by(edit)) for edit in edits]
    return Counter((edit.what, by) for edit, by in seen), [(by, edit.told) for edit, by in seen]


def lines(counts: Counter[tuple[str, str]]) -> list[str]:
    """The table of the page: a row for each file and kind of column."""
    head = ["| file, and what was edited | edits | " + " | ".join(SEEN_BY) + " |", "|---|" + "---:|" * (1 + len(SEEN_BY))]
    body = []
    for what in sorted({what for what, _ in counts}):
        numbers = [counts[what, by] for by in SEEN_BY]
        body.append(f"| {what} | {sum(numbers)} | " + " | ".join(str(number or "") for number in numbers) + " |")
    sums = [sum(number for (_, by), number in counts.items() if by == one) for one in SEEN_BY]
    return [*head, *body, f"| all | {sum(sums)} | " + " | ".join(map(str, sums)) + " |"]


def main() -> int:
    parser = argparse.ArgumentParser(description="edit a small run and say who sees it")
    parser.add_argument("--random", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--list", choices=SEEN_BY, help="print the edits that these saw, and write nothing")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts, seen = examine(Path(folder), args.random, args.seed)
    if args.list:
        sys.stdout.writelines(f"{told}\n" for by, told in seen if by == args.list)
        return 0
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text("\n".join([before + BEGIN, "", *lines(counts), "", END]) + rest.partition(END)[2], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
