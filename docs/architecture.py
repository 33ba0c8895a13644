"""The picture of ARCHITECTURE.md, drawn from the imports: `python -m docs.architecture` writes docs/pictures/architecture.svg.

Each room is on the floor that `tests/house.py` gives it. An arrow says that one room imports another; an arrow that others
imply is left out, and so are those to `errors`, `progress`, `deadline` and `memory`, which every room may use.
"""

from __future__ import annotations

from pathlib import Path

from tests.house import LAYERS, own_imports, room_of

PICTURE = Path(__file__).parent / "pictures" / "architecture.svg"
ROOMS = {  # how far to the right a room is, of 1, and what it is for
    "cli": (0.5, "parse, call, print, exit code"),
    "planner": (0.8, "the public names"),
    "api": (0.5, "one call for each verb"),
    "write": (0.5, "workbook, report, text, folder"),
    "studies": (0.74, "questions that solve"),
    "check": (0.12, "arithmetic before solving"),
    "result": (0.36, "what a run hands on"),
    "tables": (0.6, "solution to result tables"),
    "runs": (0.87, "finished folders, compared"),
    "prepare": (0.36, "plan to PlanData"),
    "read": (0.2, "files to plan, every finding"),
    "plan": (0.2, "a loaded plan"),
    "schema": (0.2, "columns, keys, units"),
    "solve": (0.64, "compile, reduce, HiGHS, proof"),
    "physics": (0.12, "orbit: light, heat, mass, money"),
    "findings": (0.36, "what is refused, and where"),
    "models": (0.6, "the mathematics"),
    "verify": (0.87, "the independent verifier"),
    "errors": (0.36, "exceptions, exit codes"),
    "memory": (0.6, "what limits of it leave"),
    "child": (0.84, "another process, its calls"),
    "codes": (0.12, "the code of each finding"),
    "deadline": (0.36, "when a time limit ends"),
    "progress": (0.6, "phases and seconds"),
    "formats": (0.84, "numbers as people read them"),
}
FLOORS = [[room for room in row.split() if room in ROOMS] for row in LAYERS if set(row.split()) & set(ROOMS)]
WIDTH, BOX, TALL, STEP = 1000, 190, 44, 84  # pixels
INK, PAPER, TEXT = "#5b7083", "#eef3f7", "#16242f"


def arrows() -> set[tuple[str, str]]:
    """Imports between rooms without those that other imports imply."""
    direct: dict[str, set[str]] = {room: set() for row in FLOORS for room in row}
    for each in own_imports():
        here, there = room_of(each.module), room_of(each.imported)
        if here != there and here in direct:
            direct[here].add(there)
    below: dict[str, set[str]] = {}
    for row in FLOORS:  # from the ground up, so that what is below is known
        for room in row:
            below[room] = set().union(*({other} | below.get(other, set()) for other in direct[room]))
    pairs = {
        (room, other) for room, others in direct.items() for other in others - {"errors", "progress", "deadline", "memory"}
    }
    return {(room, other) for room, other in pairs if not any(other in below.get(via, ()) for via in direct[room] - {other})}


def svg() -> str:
    floors = {room: floor for floor, row in enumerate(reversed(FLOORS)) for room in row}
    at = {room: (round(WIDTH * across), TALL + STEP * floors[room]) for room, (across, _) in ROOMS.items()}
    half, height = TALL // 2, STEP * len(FLOORS)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" text-anchor="middle" font-family="Arial">',
        f'<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto" fill="{INK}">',
        '<path d="M0 0 8 4 0 8z"/></marker>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<g fill="none" stroke="{INK}">',
    ]
    for room, other in sorted(arrows()):
        (x, y), (to_x, to_y) = at[room], at[other]
        middle = (y + to_y) // 2
        lines.append(f'<path d="M{x} {y + half} C{x} {middle} {to_x} {middle} {to_x} {to_y - half}" marker-end="url(#tip)"/>')
    lines.append("</g>")
    for room, (x, y) in at.items():
        box = f'x="{x - BOX // 2}" y="{y - half}" width="{BOX}" height="{TALL}" rx="5"'
        lines += [
            f'<rect {box} fill="{PAPER}" stroke="{INK}"/>',
            f'<text x="{x}" y="{y - 4}" font-size="15" font-weight="bold" fill="{TEXT}">{room}</text>',
            f'<text x="{x}" y="{y + 13}" font-size="11" fill="{TEXT}">{ROOMS[room][1]}</text>',
        ]
    return "\n".join([*lines, "</svg>", ""])


if __name__ == "__main__":
    PICTURE.write_text(svg(), encoding="utf-8")
