"""Scenarios of the simulation: asked for by analysts, seen by who may see totals, always within their areas.

A scenario is lived by the families of its area, and who may not see all of that area does not see the scenario: its
figures are totals, from which nothing of a smaller area can be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from features.commands import UserError
from models.schemes import beside, checks, library
from models.schemes.beside import Kept
from models.schemes.left_out import stand_for
from models.schemes.parts import COSTS, Scheme, Shock
from models.schemes.result import FORMAT
from models.schemes.scenario import Scenario
from serving.access.rights import AREA, Caller, allow, known_area, may, smallest
from serving.audit import trail
from serving.office import Office
from serving.problems import Problem
from serving.simulation import costs, families, few, spec, worker
from serving.simulation.families import Origin
from serving.store import scenarios

NAME = re.compile(r"K-[0-9]{4}-[0-9]{4,6}", re.ASCII)
USUAL = timedelta(minutes=1)
"""What is not done so long after it was asked for takes longer than usual."""
_WHY = {"families": ("keluarga atau wilayahnya lain", "other families or another area"),
        "seed": ("benihnya lain", "another seed"), "draws": ("banyaknya undian lain", "another number of draws"),
        "years": ("tahunnya lain", "other years"), "shocks": ("guncangan atau pertumbuhannya lain",
                                                              "other shocks or another growth")}  # fmt: skip


def place(who: Caller, area: str) -> str:
    """The area, if the caller may have scenarios lived there. Problem `not_in_area`."""
    if not AREA.fullmatch(area) or not known_area(area) or not allow(who, "scenario.edit").holds(area):
        raise Problem("not_in_area")
    return area


def check(office: Office, who: Caller, plain: Mapping[str, Any], area: str, seed: int | None = None) -> dict[str, Any]:
    """What a scenario would cost and reach; `ready` is false while the sample of the area is still being drawn.

    Besides itself, the log has a row for each scope that is asked for, in words: a hash would tell nobody what was.

    Problem `bad_scenario`, `not_in_area`.
    """
    area = place(who, area)
    scenario = _read(who, plain)
    seed = scenario.seed if seed is None else seed
    nation = families.ready(office.home, _origin(office), area)
    office.journal.write(who, "scenario.edit", object="preview", area=area, detail={"sha256": scenario.digest})
    for name, scope in _scopes(scenario):
        office.journal.write(who, "scenario.edit", object=f"preview {name[:20]} {scope}"[:80], area=area)
    told = {"name": scenario.name, "title": checks.plain(scenario.title), "start": scenario.start,
            "years": scenario.years, "draws": scenario.draws, "seed": seed, "sha256": scenario.digest, "area": area,
            "ready": nation is not None, "families": 0, "stand_for": 0, "synthetic": None, "arms": []}  # fmt: skip
    if nation is None:
        worker.want(office.home, area)
        office.simulation.wake()
        return told
    try:
        few.area(nation)
        few.shocks(scenario, nation)
        arms = costs.of(scenario, nation)
    except few.FewError as error:
        raise Problem("bad_scenario", values={"told": error.words}) from None
    except UserError as error:
        raise spec.bad(error) from None
    return told | {"families": len(nation), "stand_for": int(nation.families.sum() / 1000),
                   "synthetic": nation.synthetic, "arms": arms}  # fmt: skip


def hinders(office: Office, who: Caller, plain: Mapping[str, Any], area: str) -> str:
    """What would keep a scenario that ships from being lived by the families of an area, as one that failed keeps it
    (`serving.simulation.lived`): too few that a shock or a scheme may reach, or in every answer room for less than one
    of the sample. Empty where nothing does, and where the sample is not drawn yet. Problem `not_in_area`.
    """
    nation = families.ready(office.home, _origin(office), place(who, area))
    if nation is None:
        return ""
    scenario = spec.read(plain)
    try:
        few.area(nation)
        few.shocks(scenario, nation)
        few.schemes(scenario, nation)
    except UserError as error:
        return str(error)
    arms = [(arm["name"], [own["name"] for own in arm["schemes"] if own["coarse"]])
            for arm in costs.of(scenario, nation)]  # fmt: skip
    if not arms or not all(coarse for _, coarse in arms):
        return ""
    name, coarse = arms[0]
    return few.coarse(coarse[0], name, stand_for(nation))


def _read(who: Caller, plain: Mapping[str, Any]) -> Scenario:
    """The scenario; with scopes on a coarse grid alone for who may see no household. Problem `bad_scenario`."""
    scenario = spec.read(plain)
    if not may(who, "household.see"):
        try:
            few.grid(scenario)
        except few.FewError as error:
            raise Problem("bad_scenario", values={"told": error.words}) from None
    return scenario


def _scopes(scenario: Scenario) -> list[tuple[str, str]]:
    """Schemes and shocks that are for some families alone, each with whom it is for, once."""
    asked = [(own.scheme.name, own.scheme.eligibility) for arm in scenario.arms for own in arm.schemes]
    asked += [(own.shock.name, own.shock.scope) for own in scenario.shocks]
    return [(name, words) for name, words in dict.fromkeys((name, few.words(scope)) for name, scope in asked) if words]


def ask(connection: Connection, office: Office, who: Caller, plain: Mapping[str, Any], area: str,
        seed: int | None = None) -> Row[Any]:  # fmt: skip
    """Keep a scenario to be lived; its head. Problem `bad_scenario`, `not_in_area`, `scenarios_wait`, `busy`."""
    area = place(who, area)
    scenario = _read(who, plain)
    asked = scenarios.Asked(area, checks.plain(scenario.title), checks.plain(scenario.question), plain,
                            scenario.digest, scenario.seed if seed is None else seed)  # fmt: skip
    row = scenarios.ask(connection, allow(who, "scenario.edit"), who.person, asked)
    trail.write(connection, who, "scenario.run", object=row.number, area=area, detail={"sha256": scenario.digest})
    office.simulation.wake()  # a moment before it is kept: who lives it looks again and again
    return row


def cancel(connection: Connection, who: Caller, number: str) -> Row[Any]:
    """Cancel one of one's own that is not lived to its end; its head. Who lives it looks twice a second.

    Problem `not_in_area`, `own_scenario`, `scenario_ended`.
    """
    areas = allow(who, "scenario.edit")
    if not NAME.fullmatch(number):
        raise Problem("not_in_area")
    row = scenarios.cancel(connection, areas, who.person, number)
    trail.write(connection, who, "scenario.cancel", object=number, area=area_of(row))
    return row


def cancels(row: Row[Any], who: Caller) -> bool:
    """Whether somebody may cancel a scenario: their own, as long as it is open; `cancel` looks again."""
    return row.status in scenarios.OPEN and row.made_by == who.person and may(who, "scenario.edit")


def see(office: Office, who: Caller, number: str, act: str = "scenario.see", *, logged: bool = True) -> Row[Any]:
    """All of a scenario of the caller's areas. Problem `not_in_area`.

    act : what the log calls it. logged : False for a part of what was logged already.
    """
    areas = allow(who, "scenario.see")
    if not NAME.fullmatch(number):
        raise Problem("not_in_area")
    with office.store.reading() as connection:
        row = scenarios.find(connection, areas, number)
    if logged:
        office.journal.write(who, act, object=number, area=area_of(row))
    if row.status in scenarios.OPEN:
        office.simulation.wake()
    return row


def older(row: Row[Any]) -> bool:
    """Whether what a scenario came to is kept as an older version told it: its figures cannot be read as those of this
    one, so they are not shown; it can be run again."""
    return row.status == "done" and row.result.get("format") != FORMAT


def standing(office: Office, who: Caller, number: str) -> tuple[str, int, bool]:
    """How far a scenario is, how many are lived before it (`before`), and whether it is `late`; nothing of it is read.
    Problem `not_in_area`."""
    areas = allow(who, "scenario.see")
    with office.store.reading() as connection:
        row = scenarios.standing(connection, areas, number)
        first = scenarios.before(connection, row.id) if row.status == "waiting" else 0
    if row.status in scenarios.OPEN:
        office.simulation.wake()
    return row.status, first, late(office, row)


def late(office: Office, row: Row[*tuple[Any, ...]]) -> bool:
    """Whether a scenario that is not done was asked for so long ago that it takes longer than usual."""
    return row.status in scenarios.OPEN and office.store.clock() - row.made_at > USUAL


def before(office: Office, row: Row[Any]) -> int:
    """How many scenarios, of whatever area, are lived before one; 0 of one that waits no more."""
    if row.status != "waiting":
        return 0
    with office.store.reading() as connection:
        return scenarios.before(connection, row.id)


def index(office: Office, who: Caller, *, before: int | None, count: int) -> list[Row[Any]]:
    """Scenarios of the caller's areas, the newest first; and one beyond `count`, which tells that there are more: it is
    not to be shown, and not in the log."""
    areas = allow(who, "scenario.see")
    with office.store.reading() as connection:
        rows = scenarios.index(connection, areas, before=before, limit=count + 1)
    office.journal.write(who, "scenario.see", area=smallest(areas.codes), count=len(rows[:count]))
    return rows


UNDONE = {
    "waiting": ("masih menunggu dihitung", "still waits to be worked out"),
    "running": ("sedang dihitung", "is being worked out"),
    "failed": ("gagal dihitung", "could not be worked out"),
    "cancelled": ("dibatalkan", "was cancelled"),
}
"""State of a scenario without a result, in the words of a problem."""


def together(office: Office, who: Caller, numbers: Sequence[str], act: str = "scenario.see", *,
             logged: bool = True) -> dict[str, Any]:  # fmt: skip
    """The answers of scenarios side by side (`models.schemes.beside.together`).

    Problem `not_in_area`, `not_lived`, `older_result`, `not_alike` with what differs.
    """
    kept = []
    for number in dict.fromkeys(numbers):
        row = see(office, who, number, act, logged=logged)
        if row.status != "done":
            raise Problem("not_lived", values={"no": number, "state": UNDONE[row.status]})
        if older(row):
            raise Problem("older_result", values={"no": number})
        kept.append(Kept(number, row.result, row.paired))
    if why := beside.unlike(kept):
        told = [_WHY[name] for name in why]
        raise Problem("not_alike", values={"told": (", ".join(own for own, _ in told),
                                                    ", ".join(english for _, english in told))})  # fmt: skip
    area = area_of(row)  # of one as of all: they are of the same families
    return beside.together(kept) | ({"area": area} if area else {})


def area_of(row: Row[Any]) -> str:
    """BPS code of the area whose families live it, "" of all."""
    return row.regency or row.province or ""


def told(own: Scheme | Shock) -> dict[str, Any]:
    """A scheme or a shock of the library with all its figures."""
    found = {
        "name": own.name, "title": checks.plain(own.title), "dated": own.dated,
        "references": [checks.plain(one) for one in own.references],
        "figures": {name: _figure(name, one) for name, one in own.figures.items()},
    }  # fmt: skip
    scope = own.eligibility if isinstance(own, Scheme) else own.scope
    found["scope"] = {name: value for name, value in checks.plain(scope).items() if value is not None}
    if isinstance(own, Shock):
        return found | {"shock": own.kind, "exposure": own.exposure}
    return found | {"approach": own.approach, "rule": own.rule, "duration": own.duration,
                    "ramp": list(own.ramp), "effect": own.effect.kind, "against": own.effect.against,
                    "evidence": own.effect.from_evidence, "no_evidence": own.effect.size.basis == "none"}  # fmt: skip


def _figure(name: str, own: checks.Figure) -> dict[str, Any]:
    """A figure; of a cost of which nothing was found no value, since it is not nought."""
    unfound = dict.fromkeys(("value", "low", "high")) if name in COSTS and own.basis == "none" else {}
    return checks.plain(own) | unfound


def schemes() -> list[dict[str, Any]]:
    """Schemes of the library."""
    return [told(own) for own in library.schemes()]


def shocks() -> list[dict[str, Any]]:
    """Shocks of the library."""
    return [told(own) for own in library.shocks()]


def _origin(office: Office) -> Origin:
    try:
        return Origin.of(office.home, office.settings.register)
    except UserError:
        raise Problem("no_scores", headers={"Retry-After": "60"}) from None
