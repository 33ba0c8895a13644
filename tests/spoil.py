"""Files of a plan or a run, spoilt: bytes, encodings, values of YAML and JSON, cells and rows of CSV."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable

WORDS = """
0 1 -1 -0 1e400 -1e400 1e-400 1e308 1e15 9999999999999999999999 0x10 0o7 1_000 1,5 1.200,5 1/2 .5 5. + - nan NaN inf .inf -.Inf
true no yes null ~ * ** & ! % @ ` | > [ ] { } , : ? # " ' \\ / .. ../.. = =1+1 @SUM(1) <<: &a *a !!python/object:os.system
2028-01 2028-13 0000-01 9999-12 2028-01-01 12:30 grid us_ohio orbit realtime chat all measured estimate
5% 8e-1% 5MW 5_kW 6.5_ct/kWh 40_EUR 1e400_MW 1e-99999_kW 3_H100e-h 1_MW**9 1_MW/MW/MW 2_years 5_per_month 5_USD/(kW*h 7_°C
/dev/zero /dev/stdin . tables tables/power.csv plan.yaml
""".split()
LETTERS = [
    "",
    " ",
    "\t",
    "\n",
    "\r",
    "\0",
    "\x1b",
    "\x85",
    "\u2028",
    "\ufeff",
    "\ud7ff",
    "\U0001f600",
    "é",
    "e\u0301",
    "١",
    "A" * 200,
]


def word(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.5:
        return rng.choice(WORDS).replace("_", " ")
    if kind < 0.7:
        return rng.choice(LETTERS)
    if kind < 0.85:
        return repr(rng.choice([-1, 1]) * 10 ** rng.uniform(-12, 12))
    return "".join(rng.choice([*WORDS, *LETTERS]) for _ in range(rng.randint(1, 4)))


def spoil_bytes(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice([1, 1, 2, 8])):
        at = rng.randrange(len(out) + 1)
        end = min(len(out), at + rng.choice([0, 1, 1, 2, 30]))
        new = rng.choice([rng.randbytes(rng.randint(0, 3)), word(rng).encode("utf-8", "surrogatepass"), bytes(out[at:end]) * 3])
        out[at:end] = new
    return bytes(out)


def reencode(data: bytes, rng: random.Random) -> bytes:
    text = data.decode("utf-8", "replace")
    change: Callable[[str], bytes] = rng.choice(
        [
            lambda t: t.encode("utf-16"),
            lambda t: t.encode("utf-8-sig"),
            lambda t: t.encode("latin-1", "replace"),
            lambda t: t.replace("\n", "\r\n").encode(),
            lambda t: t.replace("\n", "\r").encode(),
            lambda t: t.encode()[: rng.randrange(len(t) + 1)],
            lambda t: t.encode() * 2,
            lambda t: b"",
        ]
    )
    return change(text)


def spoil_yaml(data: bytes, rng: random.Random) -> bytes:
    lines = data.decode().split("\n")
    stated = [number for number, line in enumerate(lines) if ":" in line and not line.startswith("#")]
    for _ in range(rng.choice([1, 1, 2, 4])):
        at = rng.choice(stated)
        line = lines[at] if at < len(lines) else ""
        key, _, value = line.partition(":")
        what = rng.randrange(8)
        if what < 4:
            lines[at : at + 1] = [f"{key}: {nested(rng)}"]
        elif what == 4:
            lines[at : at + 1] = [f"{word(rng)}:{value}"]
        elif what == 5:
            lines[at : at + 1] = rng.choice([[], [line, line], [" " * rng.randint(1, 3) + line], [line.strip()]])
        elif what == 6:
            lines.append(f"adjust:\n  - {{table: power, {word(rng)}: {nested(rng)}, set: {{start_mw: {nested(rng)}}}}}")
        else:
            lines += [f"extends: {word(rng)}", f"why: {word(rng)}"]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def nested(rng: random.Random, depth: int = 0) -> str:
    if depth > 3 or rng.random() < 0.7:
        return word(rng)
    parts = [nested(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return f"[{', '.join(parts)}]" if rng.random() < 0.5 else "{" + ", ".join(f"{word(rng)}: {part}" for part in parts) + "}"


def spoil_csv(data: bytes, rng: random.Random) -> bytes:
    rows = list(csv.reader(io.StringIO(data.decode())))
    for _ in range(rng.choice([1, 1, 1, 3])):
        row = rng.randrange(len(rows)) if rows else 0
        column = rng.randrange(len(rows[row])) if rows and rows[row] else 0
        what = rng.randrange(8)
        if not rows or not rows[row]:
            continue
        if what < 5:
            row = max(row, 1) if len(rows) > 1 and what < 4 else row
            if column < len(rows[row]):
                rows[row][column] = other(rows, row, column, rng)
        elif what == 5:
            rows[row:row] = [list(rows[row])]
        elif what == 6:
            rows[row : row + 1] = rng.choice([[], [rows[row][:-1]], [[*rows[row], word(rng)]]])
        else:
            for cells in rows:
                del cells[column : column + 1]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def other(rows: list[list[str]], row: int, column: int, rng: random.Random) -> str:
    """Another cell: any word, or one that could well be meant, a number some way off or what another row says."""
    kind = rng.random()
    if kind < 0.4:
        return word(rng)
    if kind < 0.6:
        cells = rng.choice(rows)
        return cells[column] if column < len(cells) else ""
    return near(rows[row][column], rng)


def near(text: str, rng: random.Random) -> str:
    try:
        return f"{float(text) * rng.choice([0, 0.5, 2, 10 ** rng.uniform(-9, 9)]):.10g}"
    except (ValueError, OverflowError):
        return text


def spoil_json(data: bytes, rng: random.Random) -> bytes:
    """Values of a record, at any depth: another value, of another kind, or none."""
    whole = json.loads(data)
    for _ in range(rng.choice([1, 1, 2])):
        inside = whole
        while isinstance(inside, dict | list) and inside:
            key = rng.choice(list(inside) if isinstance(inside, dict) else range(len(inside)))
            if rng.random() < 0.3 or not (isinstance(inside[key], dict | list) and inside[key]):
                if rng.random() < 0.2:
                    del inside[key]
                else:
                    inside[key] = rng.choice([word(rng), None, [], {}, True, 0, -1, 1e300, [inside[key]], {word(rng): 1}])
                break
            inside = inside[key]
    return json.dumps(whole).encode(errors="surrogatepass")
