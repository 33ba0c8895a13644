"""Rows of chips: where every one of them is, on Earth and in orbit, and what houses them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from planner.verify.case import Case
from planner.verify.linear import Balance, Limit, Row, Side, term
from planner.verify.orbit import kg_per_kw
from planner.verify.power import firm_frac, ordered, shell_limit
from planner.verify.rows.power import MONTHLY, ONCE
from planner.verify.series import by_month
from planner.verify.sites import hibernating, launches_ordered


def chip_rows(case: Case) -> Iterator[Row]:
    """Chips on Earth: none is lost but by failure, age and retirement."""
    fleet = case.fleet
    ages, month, keep = fleet.ages, case.first, fleet.survive
    ends_dark = term("dark_of", "gbv", vt=case.before, gbt=ages.ends)
    start = np.outer(fleet.dark, month) - np.einsum("gb,gbt,t->gt", ages.dark[1], ages.ends, month)
    moves, first = case.moves, case.first
    back = term("move", "mgv", m=moves.stored, mvt=moves.arrives)
    dark: Side = [term("dark", "gv", vt=case.before), start + fleet.delivered, -term("deploy", "xgt"), -ends_dark]
    dark = [*dark, -term("decline", "gt"), -term("defer", "gtv"), term("defer", "gvt"), back]
    law = "dark = dark a month ago + delivered - declined - deferred + delivered later - deployed - ended"
    yield Balance("conserve_chips", "gt", [term("dark", "gt")], dark, "kunit", law)
    offer, law = [term("buy", "gt"), term("decline", "gt"), term("defer", "gtv")], "an offer is bought, deferred or declined"
    yield Balance("decide_offer", "gt", offer, [fleet.offered], "kunit", law)

    at_once = (keep * np.einsum("rgb,gb->rg", ages.standing, ages.ends[:, :, 0]))[:, :, None] * first
    ends = [-term("installed_of", "rgbv", vt=case.before, g=keep, gbt=ages.ends), -term("end_old", "rgt"), -at_once]
    left: Side = [term("installed", "rgv", vt=case.before, g=keep), fleet.start[:, :, None] * keep[:, None] * month, *ends]
    out = term("move", "mgt", mr=moves.leaves)
    enters = term("move", "mgv", mr=moves.enters, mvt=moves.arrives)
    installed = [*left, ages.arriving, term("deploy", "rgv", rvt=fleet.arrives), -term("retire", "rgt"), enters, -out]
    law = "installed = what is left of last month + commissioned - retired"
    yield Balance("conserve_fleet", "rgt", [term("installed", "rgt")], installed, "kunit", law)
    law = "no more is retired than stood there"
    yield Limit("limit_retirement", "rgt", [term("retire", "rgt")], left, "kunit", law)
    law = "no more leaves than stood there"
    yield Limit("limit_departure", "rgt", [out, term("retire", "rgt")], left, "kunit", law)
    gone = [term("move_of", "mgbt")]
    law = "what ends within the months is a part of what is moved"
    yield Limit("part_moved", "mgt", gone, [term("move", "mgt")], "kunit", law)
    pace = [term("move", "mgt", g=fleet.kw)]
    law = "no more is moved than may leave in the month"
    yield Limit("limit_chip_moves", "mt", pace, [moves.most_mw], "MW", law, price=ONCE)
    displaced = [term("displaced", "gv", vt=case.before), term("retire", "rgt")]
    law = "retired early = retired early a month ago + retired"
    yield Balance("conserve_displaced", "gt", [term("displaced", "gt")], displaced, "kunit", law)
    yield from _age_rows(case)
    law = "running chips are installed"
    yield Limit("run_installed", "rgtk", [term("run", "rgtk")], [term("installed", "rgt")], "kunit", law)


def _age_rows(case: Case) -> Iterator[Row]:
    """Chips whose life ends within the months, a part of all chips: batches in stock, and what is installed at the start."""
    fleet, ages, keep = case.fleet, case.fleet.ages, case.fleet.survive
    lives, dark = ages.lives, term("dark_of", "gbt", gbt=ages.lives)
    start = (ages.dark[1][:, :, None] * case.first + ages.delivered) * lives
    moves = case.moves
    back = term("move_of", "mgbv", m=moves.stored, mvt=moves.arrives, gbt=lives)
    stock: Side = [term("dark_of", "gbv", vt=case.before, gbt=lives), start, -term("deploy_of", "xgbt", gbt=lives)]
    born = {"bt": ages.born, "gbt": lives}
    stock = [*stock, -term("decline", "gt", **born), -term("defer", "gtv", **born), term("defer", "gvt", **born), back]
    law = "dark of a batch = dark a month ago + delivered - declined - deferred + delivered later - deployed, until it ends"
    yield Balance("conserve_dark_batch", "gbt", [dark], stock, "kunit", law)
    arrives = term("deploy_of", "rgbv", rvt=fleet.arrives, gbt=lives)
    left = term("installed_of", "rgbv", vt=case.before, g=keep, gbt=lives)
    standing = (ages.standing * keep[:, None])[..., None] * case.first * lives
    enters = term("move_of", "mgbv", mr=moves.enters, mvt=moves.arrives, gbt=lives)
    out = term("move_of", "mgbt", mr=moves.leaves, gbt=lives)
    batch: Side = [left, standing, ages.arriving_of, arrives, -term("retire_of", "rgbt", gbt=lives), enters, -out]
    law = "installed of a batch = what is left of last month + commissioned - retired, until it ends"
    yield Balance("conserve_batch", "rgbt", [term("installed_of", "rgbt", gbt=lives)], batch, "kunit", law)
    aged = np.where(ages.aged, 1.0, 0.0)
    start = (aged * ages.start * keep)[:, :, None] * case.first
    old: Side = [
        term("installed_old", "rgv", vt=case.before, g=keep),
        start,
        -term("retire_old", "rgt"),
        -term("end_old", "rgt"),
    ]
    law = "installed since the start = what is left of last month - retired - ended"
    yield Balance("conserve_old", "rgt", [term("installed_old", "rgt")], old, "kunit", law)
    law = "what is installed since the start is in its life"
    yield Limit("limit_old", "rgt", [term("installed_old", "rgt")], [ages.in_life(keep)], "kunit", law)
    law = "no more ends than reaches the end of its life"
    yield Limit("limit_end", "rgt", [term("end_old", "rgt")], [ages.ending(keep)], "kunit", law)
    law = "what ends within the months is a part of what is {}"
    yield Limit("part_deployed", "xgt", [term("deploy_of", "xgbt")], [term("deploy", "xgt")], "kunit", law.format("deployed"))
    yield Limit("part_dark", "gt", [dark], [term("dark", "gt")], "kunit", law.format("dark"))
    held: Side = [term("installed_old", "rgt"), term("installed_of", "rgbt")]
    yield Limit("part_installed", "rgt", held, [term("installed", "rgt")], "kunit", law.format("installed"))
    gone: Side = [term("retire_old", "rgt"), term("retire_of", "rgbt")]
    yield Limit("part_retired", "rgt", gone, [term("retire", "rgt")], "kunit", law.format("retired early"))


def hall_rows(case: Case) -> Iterator[Row]:
    """Nameplate in the worst hour: firm power and hall space for every installed chip."""
    run, kw = case.run, case.fleet.kw
    need = by_month(run, "inputs.regions", "pue") * run.vector("inputs.regions", "nameplate_frac")[:, None]
    nameplate, firm = [term("installed", "rgt", rt=need, g=kw)], [term("capacity", "rpt", p=firm_frac(run))]
    law = "pue x nameplate of installed chips <= firm capacity"
    yield Limit("house_chips", "rt", nameplate, firm, "MW", law, price=MONTHLY, repeats=True)
    nameplate, law = [term("installed", "rgt", g=kw)], "installed chips fit the halls in service"
    space: Side = [term("shell", "rt"), -hibernating(run)[0]]
    yield Limit("fit_shell", "rt", nameplate, space, "MW", law, price=MONTHLY, repeats=True)
    start = np.outer(run.vector("inputs.regions", "shell_start_mw"), case.first)
    asked, closed = (each[:, -1] for each in ordered(run))
    projects = case.power.projects
    built: Side = [
        term("shell", "rv", vt=case.before),
        start,
        term("build_shell", "rt"),
        term("take", "qt", qr=projects.by_halls(projects.mw)),
        -closed,
        -term("shut_shell", "rt"),
        -term("lapsed_shell", "rt"),
    ]
    law = "halls = halls a month ago + built - closed"
    yield Balance("conserve_shell", "rt", [term("shell", "rt")], built, "MW", law)
    law = "halls grow no faster than their step"
    pace: Side = [shell_limit(run), term("above_shell", "rt")]
    yield Limit("limit_shell_growth", "rt", [term("build_shell", "rt")], pace, "MW", law, price=ONCE)
    law = "halls that are ordered are built"
    yield Limit("keep_hall_order", "rt", [asked], [term("build_shell", "rt")], "MW", law, price=ONCE)


def orbit_rows(case: Case) -> Iterator[Row]:
    """Chips in orbit run while their vintage is in service; launches and satellites are scarce."""
    run, kw = case.run, case.fleet.kw
    service = term("deploy", "ogv", ovt=run.of_vintages("service_frac"))
    before = case.fleet.of_before("service_frac")[..., None]
    law = "running chips in orbit are in service"
    yield Limit("run_in_orbit", "ogtk", [term("run", "ogtk")], [service, before], "kunit", law)
    tonnes = [run.held("inputs.launch", "tonnes")]
    law = "tonnes launched <= tonnes available"
    launched = [term("deploy", "ogt", ot=kg_per_kw(run), g=kw)]
    yield Limit("limit_launch_mass", "t", launched, tonnes, "t", law, price="USD per tonne")
    law = "launches that are ordered fly"
    least = [launches_ordered(run)]
    yield Limit("keep_launch_order", "ot", least, [term("deploy", "ogt", g=kw)], "MW", law, price=ONCE)
    factory = [run.held("inputs.launch", "satellite_factory_mw", np.inf)]
    law = "satellites launched <= satellites built"
    yield Limit("limit_satellite_factory", "t", [term("deploy", "ogt", g=kw)], factory, "MW", law, price=ONCE)
