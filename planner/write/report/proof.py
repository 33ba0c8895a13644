"""How the result was verified, and what made it."""

from __future__ import annotations

from typing import Any

from planner.formats import count, sentence
from planner.write.report.page_model import Section, Table
from planner.write.report.reading import Reading


def section(run: Reading) -> Section:
    """What the judge found, failures first; the solver's own record; and every check."""
    verdict = run.finished.verdict
    proof = [sentence(check.sentence) for check in verdict.checks if check.name == "optimal"]
    failed = [f"FAILS: {check.name}: {check.sentence}" for check in verdict.failed]
    lead = (
        "A judge that shares no code with the model read the written tables again and derived every balance, limit, cost and "
        f"hash once more: {count(len(verdict.checks), 'check')}, {'all hold' if verdict.ok else f'{len(failed)} fail'}."
    )
    checks = [[check.name, "holds" if check.ok else "FAILS", check.sentence] for check in verdict.checks]
    folded = [Table(["check", "", "what was found"], checks, "Every check", 3)]
    return Section(
        "verification", "How it was verified", lead=lead, paragraphs=[*failed, *proof], tables=[_record(run.written.manifest)],
        folded=folded,
    )  # fmt: skip


def _record(manifest: Any) -> Table:
    solver, model, versions = (dict(manifest.get(key) or {}) for key in ("solver", "model", "versions"))
    told = {
        "Status": str(solver.get("status", "")).replace("_", " "),
        "Solver": str(solver.get("algorithm") or ""),
        "Objective": f"{solver['objective_musd']:,.6f} million USD" if isinstance(solver.get("objective_musd"), float) else "",
        "Gap to the proven bound": f"{solver['relative_gap']:.1e}" if isinstance(solver.get("relative_gap"), float) else "",
        "Linear program": ", ".join(f"{model.get(name, 0):,} {name}" for name in ("rows", "columns", "nonzeros")),
        "Fingerprint of the program": str(model.get("fingerprint", ""))[:16],
        "Versions": ", ".join(f"{name} {number}" for name, number in versions.items()),
    }
    return Table(["", ""], [[name, text] for name, text in told.items() if text], "Run record", 2)
