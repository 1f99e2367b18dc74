"""Lists: drawn from the published scores by rules, kept as a draft, confirmed by a person, replaced by new versions.

The seed of the lots is the name of the run, known to everybody and chosen by nobody: who could choose it could draw
until a family they know is on the list. A draft is its author's alone; a confirmed list is seen by who has a place of
it in their areas.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, select

from features.commands import UserError
from models.targeting import Drawn, Last, RuleError, Rules
from models.targeting import draw as draw_list
from models.targeting import rules as rules_of
from models.targeting.keyed import CODE as CODES
from serving.access.rights import Areas, Caller, allow, smallest
from serving.audit import trail
from serving.cases import list_last, places, twice
from serving.cases.found import found as found_of
from serving.faults import Faults
from serving.lists import files
from serving.lists.facts_file import Facts, LaterFactsError
from serving.lists.rows import read_rows
from serving.office import Office
from serving.problems import RULES, Broken, Problem
from serving.scores import small_areas
from serving.scores.scores import Scores
from serving.store import checks, list_drafts, lists, visits
from serving.store.tables import audit as log
from serving.store.tables_cases import lists as table

NAME = re.compile(r"(?:D-[0-9]{4}-[0-9]{4,6}|draft-[0-9]{1,9})", re.ASCII)
GONE = {"gone": "previous", "gone_version": "replaced"}
"""Who left, of the last list and of the version before, to the name among the inputs of a list that was drawn with
it."""
_SCHEME = re.compile(r"scheme (\d+): (.*)")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A list that was drawn and not kept yet.

    replaces : the list that it is to be a new version of. previous : the last list, None without one. also_on : name of
    another confirmed list of its quarter and scheme to how many of the families drawn are on that one too.
    """

    drawn: Drawn
    scores: Scores
    area: str
    replaces: Row[Any] | None
    previous: Row[Any] | None
    also_on: Mapping[lists.Name, int]


def rules(asked: Mapping[str, Any]) -> Rules:
    """Rules from plain values; Problem `invalid` names every field under `rules` that is wrong, and what it must be."""
    faults, found = Faults(), None
    faults.of(checks.no_id_numbers, asked, "rules")
    try:
        found = rules_of.of(asked)
    except RuleError as error:
        faults.broken += [_broken(own) for own in error.all]
    faults.refuse()
    assert found is not None
    return found


def draw(office: Office, who: Caller, asked: Rules, *, previous: str | None = None,
         replaces: Row[Any] | None = None) -> Drawing:  # fmt: skip
    """Draw a list from the run that answers, within the caller's areas; nothing is kept.

    previous : number of the list of the quarter before, for hysteresis and for who left; of a new version it is that of
    the version before, unless another is named. replaces : the list that it is to be a new version of
    (`find_to_replace`).

    Raises
    ------
    Problem : `not_in_area` for a quota elsewhere; `scores_expired`; `no_scores`; `facts_broken`; `invalid` for rules
        that ask for what is not known of these households, or for a new version that is another list (`same_list`).
    """
    areas = allow(who, "list.build")
    if replaces is not None:
        same_list(replaces.settings, asked)
    for area in asked.areas:
        if not areas.holds(area):
            raise Problem("not_in_area")
    area = smallest(asked.areas)
    if not areas.holds(area):
        raise Problem("invalid", [Broken("rules.scheme.quota", "one_area")])
    scores = office.scores()
    if scores.expired(office.today):
        raise Problem("scores_expired")
    try:
        facts = _facts(office, asked)
        with office.store.reading() as connection:
            found, seen = found_of(connection, asked, scores.as_of)
            if replaces is not None and previous in (None, replaces.number):
                previous = list_last.of_version(connection, areas, replaces)
            last = None if previous is None else _last(connection, areas, previous)
            held = {"previous": last, "replaced": replaces}
            before = {name: _places(connection, areas, row) for name, row in held.items() if row is not None}
        rows, _ = read_rows(scores, asked, facts, found)
        inputs = {name: digest for name, (_, digest) in before.items()} | ({"visits": seen} if seen else {})
        inputs |= facts.inputs if facts else {}
        drawn = draw_list(rows, asked, seed=scores.run.name, run=scores.run.name, as_of=np.datetime64(scores.as_of),
                          before=before.get("previous", (None,))[0], replaced=before.get("replaced", (None,))[0],
                          inputs=inputs)  # fmt: skip
    except UserError as error:
        key = str(error).partition(":")[0]
        if key not in ("need", "fast_lane") and "most_poor_now" not in str(error):
            raise
        raise Problem("invalid", [Broken(f"rules.{key if key in ('need', 'fast_lane') else 'scheme'}",
                                         "facts")]) from None  # fmt: skip
    old = None if replaces is None else replaces.id
    return Drawing(drawn, scores, area, replaces, last, twice.listed(office, areas, drawn, old))


def same_list(old: Mapping[str, Any], asked: Rules) -> None:
    """That rules are of the list that they make a new version of: of its name, quarter, schemes and areas. Problem
    `invalid` names what is another's; a list of its own is drawn for that."""
    new, faults = rules_of.plain(asked), Faults()
    (old_areas, old_schemes), (areas, schemes) = list_last.kind(old), list_last.kind(new)
    for field, one, other in (("rules.name", old["name"], new["name"]), ("rules.period", old["period"], new["period"]),
                              ("rules.scheme.name", old_schemes, schemes),
                              ("rules.scheme.quota", old_areas, areas)):  # fmt: skip
        if one != other:
            faults.tell(field, "list_version")
    faults.refuse()


def _facts(office: Office, asked: Rules) -> Facts | None:
    """Further facts; none of a day that has not come, and no fast lane by them."""
    try:
        return office.facts()
    except LaterFactsError:
        if asked.fast_lane is not None:
            raise Problem("invalid", [Broken("rules.fast_lane", "facts_later")]) from None
        return None
    except UserError:
        raise Problem("facts_broken") from None


def told(drawing: Drawing) -> dict[str, Any]:
    """What is shown of a list before it is kept: counts, cells, households at the cut, money, expected errors;
    `previous` with `previous_version`, the last list, and `replaced_version`, the version before; and `shut`, those of
    its areas whose figures the run tells to nobody."""
    found, last, old = files.accounts(drawing.drawn), drawing.previous, drawing.replaces
    return found | {"previous": last and last.number, "previous_version": last and last.version,
                    "replaced_version": old and old.version, "shut": shut(found, drawing.scores)}  # fmt: skip


def shut(found: Mapping[str, Any], scores: Scores) -> list[str]:
    """Areas of a list, as `told` says it, whose figures the run that it was drawn from tells to nobody."""
    areas = {cell["area"] for cell in found["cells"]} | {one["level"] for one in found["expected"]
                                                         if one["by"] == "province" and one["level"]}  # fmt: skip
    few = small_areas.few(small_areas.tree(scores))
    return sorted(area for area in areas if small_areas.closed(Areas((area,)), few))


def keep(connection: Connection, who: Caller, drawing: Drawing, draft: tuple[str, int] | None = None, *,
         told: bool = False) -> Row[Any]:  # fmt: skip
    """Keep a drawing as a draft of the caller; its row. Problem `not_in_area`, `changed_meanwhile`.

    draft : name and `changed` of one's own draft that it is put in the place of. told : whether the answer tells the
    accounts of the list, which name families (`codes`).
    """
    row = _put(connection, who, drawing, draft)
    trail.write(connection, who, "list.build", object=f"draft-{row.id}", area=drawing.area,
                households=codes(row.result) if told else (), count=len(drawing.drawn.places),
                detail={"list": drawing.drawn.identity})  # fmt: skip
    return row


def confirm_drawn(connection: Connection, office: Office, who: Caller, drawing: Drawing, reason: str,
                  draft: tuple[str, int] | None = None) -> Row[Any]:  # fmt: skip
    """Confirm a drawing as its officer was shown it; the row of the confirmed list. Problem as of `confirm`.

    draft : name and `changed` of one's own draft that it stands in the place of. That the list is kept before it is
    confirmed is no act of its own: the log has one row, that of the confirmation.
    """
    row = _put(connection, who, drawing, draft)
    return confirm(connection, office, who, f"draft-{row.id}", row.changed, reason, errors_of(row.result))


def confirm(connection: Connection, office: Office, who: Caller, name: str, changed: int, reason: str,
            expected: Mapping[str, int | None]) -> Row[Any]:  # fmt: skip
    """Confirm one's own draft as it was seen at `changed`, and plan its visits; the row of the confirmed list, whose
    accounts keep how many of its families stand on other lists now (`also_on`), as the log does.

    expected : the errors that the officer was shown and accepts, as `errors_of` tells them.

    Raises
    ------
    Problem : `scores_changed` where another run answers now; `list_immutable` for a confirmed one; `errors_differ`
        where its expected errors are others; `changed_meanwhile` where the draft is another; `not_in_area`; `invalid`
        without a reason.
    """
    areas = allow(who, "list.build")
    number = _id(name)
    row = list_drafts.own_draft(connection, areas, who.person, number)
    if row is None:
        if list_drafts.was_confirmed(connection, who.person, number):
            raise Problem("list_immutable")
        raise Problem("not_in_area")
    if row.run != office.scores().run.name:
        raise Problem("scores_changed")
    if row.changed != changed:
        raise Problem("changed_meanwhile")
    if other := {name for name, _ in set(expected.items()) ^ set(errors_of(row.result).items())}:
        raise Problem("errors_differ", [Broken(f"expected_errors.{name}", "differs") for name in sorted(other)])
    also_on = twice.confirmed(connection, areas, row)
    done = list_drafts.confirm(connection, areas, who.person, number, changed, reason, also_on)
    planned = visits.plan(connection, number, office.today + timedelta(days=office.settings.visit_days))
    trail.write(connection, who, "list.confirm", object=_confirmed(done), area=done.regency or done.province or "",
                count=planned, detail=_told_of(done.version, done.hash))  # fmt: skip
    for one in also_on:  # in words: the hash of the list holds it too, and would tell nobody
        trail.write(connection, who, "list.twice", count=one["families"], area=done.regency or done.province or "",
                    object=f"{done.number} v{done.version} & {one['list']} v{one['version']}")  # fmt: skip
    return done


def unlogged(connection: Connection, seal: bytes) -> Iterator[str]:
    """Numbers and versions of confirmed lists that the log does not hold as they are: forged beside it, hash and all.

    The log itself is verified by `audit.verify`.
    """
    rows = connection.execute(select(log.c.object, log.c.detail).where(log.c.act == "list.confirm"))
    held = {(row.object, row.detail) for row in rows}
    for row in connection.execute(select(table.c.number, table.c.version, table.c.hash).where(
            table.c.status == "confirmed").order_by(table.c.id)):  # fmt: skip
        if (_confirmed(row), trail.digest(seal, _told_of(row.version, row.hash))) not in held:
            yield f"{row.number} v{row.version}"


def _confirmed(row: Row[*tuple[Any, ...]]) -> str:
    """What the log calls a list at the moment of its confirmation, the newest of its number then."""
    return str(lists.Name(row.number, row.version, row.version))


def named(row: Row[Any]) -> str:
    """What the log calls a list that was found: with its version where there are several, or a draft."""
    return f"draft-{row.id}" if row.status == "draft" else str(lists.Name.of(row))


def _told_of(version: int, hash: str) -> dict[str, Any]:
    return {"version": version, "hash": hash}


def codes(result: Mapping[str, Any]) -> list[str]:
    """Codes of the households that the accounts of a list name: at its cuts, those that leave, those that visits found
    to be told; once each."""
    rows = (own for name in (*GONE, "visited") for own in result.get(name, ()))
    return [*dict.fromkeys([*ends(result), *(own["household_id"] for own in rows if own["household_id"])])]


def ends(result: Mapping[str, Any]) -> list[str]:
    """Codes of the two at each cut of a list, where they are told."""
    found = (cell[end] for cell in result["cells"] for end in ("last_in", "first_out"))
    return [own["household"] for own in found if own and own["household"]]


def errors_of(result: Mapping[str, Any]) -> dict[str, int | None]:
    """Expected errors of a whole list, out of 100: of those who fall, not on it; of those on it, who do
    not fall."""
    whole: Mapping[str, Any] = next((one for one in result["expected"] if one["by"] == "all"), {})
    shares = {"missed_of_100": whole.get("exclusion"), "not_falling_of_100": whole.get("inclusion")}
    return {name: None if share is None else round(100 * share["value"]) for name, share in shares.items()}


def find(connection: Connection, areas: Areas, who: Caller, name: str, version: int | None = None) -> Row[Any]:
    """One's own draft (`draft-12`) or a confirmed list (`D-2026-0001`, its newest version without one)."""
    if not NAME.fullmatch(name):
        raise Problem("not_in_area")
    row = (list_drafts.own_draft(connection, areas, who.person, _id(name)) if name.startswith("draft-")
           else lists.find(connection, areas, name, version))  # fmt: skip
    if row is None:
        raise Problem("not_in_area")
    return row


def find_to_replace(connection: Connection, who: Caller, name: str) -> Row[Any]:
    """The newest version of a confirmed list all of which lies in areas where the caller draws lists."""
    areas = allow(who, "list.build")
    if name.startswith("draft-"):
        raise Problem(
            "not_confirmed" if list_drafts.own_draft(connection, areas, who.person, _id(name)) else "not_in_area"
        )
    row = find(connection, areas, who, name)
    if not areas.holds(row.regency or row.province or ""):
        raise Problem("not_in_area")
    return row


def _draft(drawing: Drawing) -> list_drafts.Draft:
    drawn, manifest = drawing.drawn, drawing.scores.run.manifest
    cuts = [cell.cut for cell in drawn.cells]
    return list_drafts.Draft(
        quarter=drawn.rules.period, title=drawn.rules.name, area=drawing.area, settings=rules_of.plain(drawn.rules),
        result=told(drawing), run=drawn.run, bundle=manifest["bundle"]["name"], synthetic=drawing.scores.synthetic,
        cut=cuts[0] if len(cuts) == 1 else None, budget=drawn.rules.budget,
        replaces=drawing.replaces and drawing.replaces.id,
    )  # fmt: skip


def _last(connection: Connection, areas: Areas, previous: str) -> Row[Any]:
    """The last list; Problem `not_in_area`."""
    row = lists.find(connection, areas, previous) if NAME.fullmatch(previous) else None
    if row is None:
        raise Problem("not_in_area")
    return row


def _places(connection: Connection, areas: Areas, row: Row[Any]) -> tuple[Last, str]:
    """Places of a list in the areas, and its hash."""
    held = [own for own in lists.places(connection, areas, row.id, limit=None) if own.how != lists.RESERVE]
    texts = ([own.scheme for own in held], [own.how for own in held],
             [own.regency or own.province or "" for own in held])  # fmt: skip
    last = Last(np.array([own.household for own in held], CODES), *(np.array(own, dtype=str) for own in texts))
    # Of a larger list only the caller's part went in.
    part = hashlib.sha256(" ".join([row.hash, *areas.codes]).encode()).hexdigest()
    return last, part


def _put(connection: Connection, who: Caller, drawing: Drawing, draft: tuple[str, int] | None = None) -> Row[Any]:
    """Keep a drawing as a draft, a new one or in the place of one's own; its row."""
    areas, own = allow(who, "list.build"), _draft(drawing)
    given, beyond = places.of(drawing.drawn), places.outside(drawing.drawn)
    if draft is None:
        number = list_drafts.draft(connection, areas, who.person, own, given, beyond)
    else:
        number = _id(draft[0])
        list_drafts.redraft(connection, areas, who.person, number, draft[1], own, given, beyond)
    row = list_drafts.own_draft(connection, areas, who.person, number)
    assert row is not None
    inputs = drawing.drawn.inputs
    if "facts" in inputs:  # told in words: a hash of them would tell nobody which file decided
        trail.write(connection, who, "list.build", object=f"facts {inputs['facts']} {inputs['facts_made']}",
                    area=drawing.area)  # fmt: skip
    return row


def _id(name: str) -> int:
    if not name.startswith("draft-") or not NAME.fullmatch(name):
        if NAME.fullmatch(name):
            raise Problem("list_immutable")
        raise Problem("not_in_area")
    return min(int(name.removeprefix("draft-")), 2**31 - 1)


def _broken(error: RuleError) -> Broken:
    found = _SCHEME.fullmatch(error.key)
    key = found[2] if found else error.key.replace(": ", ".")
    last = "scheme_name" if found and key == "name" else key.rpartition(".")[2]
    field = f"rules.scheme[{int(found[1]) - 1}].{key}" if found else f"rules.{key}"
    if "is missing" in error.rule:
        return Broken(field, "required")
    if "is no rule" in error.rule:
        return Broken(field, "unknown_field")
    return Broken(field[:80], f"list_{last}" if f"list_{last}" in RULES else "list_rule")
