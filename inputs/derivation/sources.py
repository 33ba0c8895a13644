"""The publications and judgements that rows of the plan name: where they are to be found, the ranges of estimates, weights."""

from __future__ import annotations

import re
from collections.abc import Iterable

from derivation.evidence import Cited, Evidence, Row, families

LONGEST_ID = 60
LINK = re.compile(r"(?:https?://|github\.com/)[^\s;,)]+")
INPUTS_OF = {
    "availability_frac": "regions.availability_frac",
    "availability_frac_orbit": "designs.availability_frac",
    "commission_months": "regions.commission_months",
    "draw_frac": "accelerators.draw_frac",
    "hall_life_years": "regions.shell_life_years",
    "idle_frac": "accelerators.idle_frac",
    "nameplate_frac": "regions.nameplate_frac",
}
"""Judgements that are one number of the plan as they stand; those of the plan file name their key."""
OF_PLAN = "plan."


def sources(ev: Evidence, tables: Iterable[list[Row]]) -> list[Row]:
    """Publications and judgements: those of rows, and those of the plan file; the largest effect first, then by name."""
    cited: dict[str, list[Cited]] = {}
    keys: dict[str, None] = {}
    together: dict[str, set[str]] = {}
    for rows in tables:
        for row in rows:
            for each in row["source"].cited:
                if each.publication:
                    cited.setdefault(each.publication, []).append(each)
            keys |= dict.fromkeys(row["source"].keys)
            for name in families(row["source"].keys):
                if name.endswith("_*"):
                    together.setdefault(name, set()).update(key for key in row["source"].keys if key.startswith(name[:-1]))
    keys |= {key: None for key in ev.judgements if key.startswith(OF_PLAN)}
    taken: dict[str, None] = {}
    published = [_publication(ev, name, cited[name], taken) for name in sorted(cited)]
    judged = [_judgement(ev, key) for key in sorted(keys)]
    found = [*published, *judged, *(_family(name, sorted(members)) for name, members in sorted(together.items()))]
    effects = {(row["kind"], row["cited_as"]): row["effect_musd"] for row in ev.tables.get("effects", [])}
    for row in found:
        row["effect_musd"] = effects.get((row["kind"], row["cited_as"] or row["source_id"]), "")
    return sorted(found, key=lambda row: -float(row["effect_musd"] or 0.0))


def _publication(ev: Evidence, name: str, cited: list[Cited], taken: dict[str, None]) -> Row:
    links = [link for each in cited for link in LINK.findall(each.url)]
    rows = [ev.tables[each.table][each.line - 2] for each in dict.fromkeys(cited) if each.line]
    files = ", ".join(dict.fromkeys(f"{each.table}.csv" for each in cited))
    quality = max((row["quality"] for row in rows), key=("measured", "published_forecast", "estimate").index)
    url = "" if not links else links[0] if links[0].startswith("http") else f"https://{links[0]}"
    return _row(_id(name, taken), "publication", name, url, source=files, quality=quality)


def _judgement(ev: Evidence, key: str) -> Row:
    judged = ev.judgements[key]
    named = INPUTS_OF.get(key, key.removeprefix(OF_PLAN) if key.startswith(OF_PLAN) else "")
    ends = {"input": named, "low": judged["low"], "high": judged["high"], "unit": judged["unit"]}
    told = {"source": f"judgements: {key}", "quality": judged["quality"], "note": judged["sentence"]}
    return _row(key, "judgement", "", "", **ends, **told)


def _family(name: str, members: list[str]) -> Row:
    """Several judgements that a row names as one, `hall_*`; each of them has a row of its own."""
    return _row(f"{name[:-1]}all", "judgement", name, "", source=f"judgements: {', '.join(members)}", quality="estimate")


def _row(source_id: str, kind: str, cited_as: str, url: str, **more: str) -> Row:
    empty = dict.fromkeys(("input", "low", "high", "unit", "effect_musd", "source", "quality", "note"), "")
    return {"source_id": source_id, "kind": kind, "cited_as": cited_as, "url": url} | empty | more


def _id(name: str, taken: dict[str, None]) -> str:
    """Letters and digits of a name with a number behind it where they are taken."""
    short = re.sub(r"\W+", "_", name).strip("_").lower()[:LONGEST_ID].strip("_")
    found = next(each for n in range(len(taken) + 1) for each in [short if n == 0 else f"{short}_{n + 1}"] if each not in taken)
    taken[found] = None
    return found
