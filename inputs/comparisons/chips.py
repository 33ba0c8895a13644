"""Chips: packages, wafers and memory of deliveries, what was sold to 2025, and demand."""

from __future__ import annotations

from collections.abc import Iterator

from comparisons.world import Check, World
from derivation.chips import H100_TFLOPS

NVIDIA = ("h100_sxm", "gb200_nvl72", "gb300_nvl72", "vr_nvl72", "nv_next")
TPU = ("tpu_v6e", "tpu_v7_ironwood", "tpu_next")


def deliveries(w: World) -> Iterator[Check]:
    """Packages against analysts, packaging wafers and memory."""
    for year in (2026, 2027, 2028):
        packages = w.packages(year)
        for item, kinds in (("nvidia", NVIDIA), ("google_tpu", TPU)):
            where = {"topic": "packages", "item": item, "metric": "units_forecast", "year": str(year)}
            if w.ev.has("supplement", **where):
                yield Check(
                    f"packages of {item} in {year} against analysts",
                    sum(packages.get(gid, 0.0) for gid in kinds) / 1e6,
                    w.stated("supplement", **where) / 1e6,
                    "M packages",
                    0.85,
                    1.15,
                    "a forecast of one house is no better than that",
                )
    wafers = w.stated("supplement", topic="supply_chain", item="cowos", metric="packages_per_wafer")
    for year in (2026, 2027):
        packages = w.packages(year)
        capacity = w.stated("supplement", topic="supply_chain", item="cowos", metric="capacity", year=str(year))
        yield Check(
            f"packaging wafers of {year} against capacity",
            sum(packages.values()) / wafers / 1000,
            capacity / 1000,
            "thousand wafers",
            0.4,
            1.0,
            "Chinese makers, networks and others take the rest",
        )
        memory = sum(count * memory_gb(w, gid) * 8 for gid, count in packages.items()) / 1e9
        made = w.stated("supplement", topic="supply_chain", item="hbm", metric="demand", year=str(year))
        yield Check(
            f"memory of the packages of {year} against demand for HBM",
            memory,
            made,
            "bn Gbit",
            0.5,
            1.0,
            "stocks and others take the rest",
        )


def memory_gb(w: World, gid: str) -> float:
    """Memory of a package; of one that is not released, that of Rubin."""
    evidence_id = w.ev.look("generations", "accelerator_id", generation_id=gid) or "vr_nvl72"
    return float(w.ev.look("accelerators", "memory_gb", accelerator_id=evidence_id))


def fleet(w: World) -> Iterator[Check]:
    """Generations of the chips sold to the end of 2025 against the units, ratings and compute of the sources."""
    sold = w.stated("chip_supply", vendor="NVIDIA", metric="cumulative_compute", period="2025Q4")
    share = {
        key.removeprefix("fleet_share_nvidia_"): w.judged(key)
        for key in w.ev.judgements
        if key.startswith("fleet_share_nvidia_")
    }
    units = {gid: sold * part / w.chips[gid]["h100e_per_unit"] for gid, part in share.items()}
    watts = {gid: w.ev.look("generations", "accelerator_id", generation_id=gid) for gid in units}
    rated_mw = sum(
        count * w.ev.number("accelerators", "chip_tdp_w", accelerator_id=watts[gid]) / 1e6 for gid, count in units.items()
    )
    for what, ours, metric, unit, scale in (
        ("units", sum(units.values()), "cumulative_units", "M chips", 1e6),
        ("rated power", rated_mw, "cumulative_chip_tdp", "GW", 1e3),
    ):
        theirs = w.stated("chip_supply", vendor="NVIDIA", metric=metric, period="2025Q4")
        why = "the shares of generations were set so"
        yield Check(f"{what} of NVIDIA sold to 2025 against Epoch AI", ours / scale, theirs / scale, unit, 0.95, 1.05, why)
    china = sum(sold * share[gid] for gid in ("h800_cn", "h20"))
    china += sum(w.judged(key) for key in w.ev.judgements if key.startswith("china_stock_2025_"))
    told = w.stated("compute_demand", metric="intelligent_computing_china") * 1e6 / H100_TFLOPS
    yield Check(
        "compute in China at the end of 2025 against MIIT",
        china / 1e6,
        told / 1e6,
        "M H100e",
        0.8,
        1.1,
        "old chips count there",
    )


def demand(w: World) -> Iterator[Check]:
    """Demand grows as deliveries do, and not away from every chip that will ever be made."""
    start = sum(row["start_kh100e"] for row in w.tables["demand"]) / 1000
    end = start * 2 ** (36 / w.judged("plan.demand.doubling_months"))
    rate = {gid: chip["h100e_per_unit"] for gid, chip in w.chips.items()}
    ever = (
        sum(row["kunit"] * rate[row["generation_id"]] for name in ("fleet", "dark", "deliveries") for row in w.tables[name])
        / 1000
    )
    yield Check(
        "demand at the end against all chips ever", end, ever, "M H100e", 0.7, 1.5, "demand is not known apart from supply"
    )
