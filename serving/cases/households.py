"""One household with all that is known of it here, and households by risk."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row

from features import keys
from features.commands import UserError
from features.contract import REGENCY_DIGITS, RUNGS
from features.keys import CODE
from serving.access.rights import Areas, Caller, allow, smallest
from serving.audit import search as audit_search
from serving.cases import cuts, subdistricts
from serving.office import Office
from serving.problems import Problem, bad_query
from serving.scores import area_figures, listing
from serving.scores.area_figures import Filter
from serving.scores.scores import Row as ScoreRow
from serving.scores.scores import Scores
from serving.store import lists, objections, visits

MOST_TYPED = 64


@dataclass(frozen=True, slots=True)
class Household:
    """A household in an area of the caller.

    scores : the run of `row`; before : its row in the run before, with that run, None where there is none. history :
        what the runs before told, the newest first (`Scores.history`). ends : where the last confirmed list of its
        place ends, of schemes that it could be on; barred : those that it could not, with the rule (`cuts.barred`).
    shock : kind and day of the last one that the file of facts holds. lists, visits, objections : rows of the store
        within the caller's areas, None while the database is away. facts : what is read beside `row` (`Scores.facts`).
    checked : the visit that leaves nothing to be looked at in the field (`visits.checked`).
    """

    row: ScoreRow
    scores: Scores
    before: tuple[ScoreRow, Scores] | None
    history: Sequence[ScoreRow]
    ends: Sequence[cuts.End]
    shock: tuple[str, date] | None
    lists: Sequence[Row[Any]] | None
    visits: Sequence[Row[Any]] | None
    objections: Sequence[Row[Any]] | None
    facts: ScoreRow | None = None
    barred: Sequence[tuple[cuts.End, str]] = ()
    checked: Row[Any] | None = None

    @property
    def gone(self) -> bool:
        """Whether the last visit found all dead."""
        return self.checked is not None and self.checked.result == "died"

    @property
    def held(self) -> list[Row[Any]]:
        """Of each list with the household the last version that has it, which a newer one may have replaced."""
        last: dict[str, int] = {}
        for row in self.lists or ():
            last[row.number] = max(row.version, last.get(row.number, 0))
        return [row for row in self.lists or () if row.version == last[row.number]]


def code_of(typed: str, scores: Scores | None) -> str | None:
    """The code of what was typed: a code as it is, a number by the key of the door; None where it is neither.

    Nothing of it is kept. Made-up families have the public key of made-up data.
    """
    if CODE.match(code := keys.written(typed)):
        return code
    plain = re.sub(r"[\s.-]", "", typed).upper()
    if not 6 <= len(plain) <= MOST_TYPED:
        return None
    key = keys.door(scores is not None and scores.synthetic)
    return keys.key_ids([plain], key)[0]


def row_of(office: Office, areas: Areas, code: str) -> ScoreRow:
    """The score row of a household in some areas, by its code as it is printed or typed.

    Problem `not_in_area` for one elsewhere and for none alike.
    """
    code = keys.written(code)
    row = office.scores().household(code, areas) if CODE.match(code) else None
    if row is None:
        raise Problem("not_in_area")
    return row


def look(office: Office, who: Caller, code: str, act: str = "household.see") -> Household:
    """Look a household up; its reading is in the audit log when it is answered. Problem `not_in_area`, `no_scores`.

    code : as it is printed or typed (`features.keys.written`). A miss is in the log too, as refused and with the code
    that was tried, whether there is such a family or not.
    act : `household.report` for the family's own report.
    """
    areas, code = allow(who, "household.see"), keys.written(code)
    scores = office.scores()
    try:
        row = row_of(office, areas, code)
    except Problem:
        office.journal.write(who, act, object=code if CODE.match(code) else "", count=0, area=smallest(areas.codes),
                             result="refused")  # fmt: skip
        raise
    earlier = office.published.before()
    before = None if earlier is None else earlier.household(code)
    parts: tuple[Sequence[Row[Any]] | None, Sequence[Row[Any]] | None, Sequence[Row[Any]] | None] = (None, None, None)
    checked = None
    try:
        with office.store.reading() as connection:
            parts = (lists.holding(connection, areas, code), visits.of(connection, areas, code),
                     objections.of(connection, areas, code))  # fmt: skip
            checked = visits.checked(connection, areas, row["as_of"], [code]).get(code)
    except Problem as problem:
        if problem.code != "read_only":
            raise
    office.journal.write(who, act, object=code, area=row["regency"] or row["province"] or "")
    facts = scores.facts(code)
    ends = [(end, cuts.barred(end, row, facts))
            for end in cuts.ends(office, areas, [row])[row["province"], row["regency"]]]  # fmt: skip
    return Household(row, scores, None if before is None or earlier is None else (before, earlier),
                     scores.history(code), [end for end, why in ends if not why],
                     _shock(office, code), *parts, facts, [(end, why) for end, why in ends if why],
                     checked)  # fmt: skip


def _shock(office: Office, code: str) -> tuple[str, date] | None:
    """The last shock of a household; a file of facts that cannot be used, or is being read for somebody else, is told
    where lists are drawn from it."""
    try:
        facts = office.facts()
    except (UserError, Problem):
        return None
    return None if facts is None else facts.shock(code)


@dataclass(frozen=True, slots=True)
class Found:
    """A page of households at risk. by_level : how many of `page.total` there are by level; empty where levels are
    not known."""

    page: listing.Page
    scores: Scores
    by_level: Mapping[str, int]


def visited(office: Office, who: Caller, scores: Scores, codes: Collection[str] | None = None,
            ) -> Mapping[str, Row[Any]]:  # fmt: skip
    """The visit to each household, of those that the caller was given or of all in their areas, that leaves nothing to
    be looked at in the field (`visits.checked`), by its code; none while the database is away."""
    areas = allow(who, "household.see")
    try:
        with office.store.reading() as connection:
            return visits.checked(connection, areas, scores.as_of, codes)
    except Problem as problem:
        if problem.code != "read_only":
            raise
        return {}


NO_MORE = ("risk", "low", "high", "fall_within", "certainty", "kind", "was", "moved", "p_poor_now", "p_poor_next",
           "base", "place", "other", "reasons", *(f"ladder_{rung}" for rung in RUNGS))  # fmt: skip
"""What scores foretell of a household, and the parts that the risk is the sum of."""


def of_the_living(row: Mapping[str, Any], checked: Row[Any] | None) -> dict[str, Any]:
    """A score row of any run, without what it foretells where the visit that was made since found all dead: no risk
    applies, nor is told what was foretold of them before."""
    if checked is None or checked.result != "died":
        return dict(row)
    over = {name: None for name in NO_MORE if name in row} | ({"applies": False} if "applies" in row else {})
    return {**row, **over}


def readers(office: Office, code: str) -> list[tuple[datetime, str]] | None:
    """When and by which roles the page of a household that was looked up was opened, the newest first; None while the
    database is away."""
    try:
        with office.store.reading() as connection:
            return audit_search.readers(connection, code)
    except Problem as problem:
        if problem.code != "read_only":
            raise
        return None


def search(office: Office, who: Caller, area: str, asked: Filter, *, after: str | None = None,
           before: str | None = None, count: int = 25, order: str = listing.HIGHEST,
           check: bool = False) -> Found:  # fmt: skip
    """Households at risk, in an area of the caller (all of theirs without one).

    order : of `listing.ORDERS`. check : those to be looked at in the field, by the model's doubt or by where the
    last confirmed list of their place ends, without those of which a visit left nothing to be looked at (`visited`);
    `by_level` counts the visited still. after, before : cursor of `listing`. Problem `not_in_area`, also for a
    sub-district elsewhere, `no_scores`, `bad_query` for a cursor that is none, or a programme, industry or
    sub-district that the run does not know.
    """
    own = allow(who, "household.see")
    for code in filter(None, (area, asked.subdistrict[:REGENCY_DIGITS])):
        own = own.narrow(code)
    scores = office.scores()
    if not set(asked.programmes) <= set(scores.run.programmes):
        raise bad_query("programme", "programme")
    if asked.sections and not scores.run.sections:
        raise bad_query("sector", "sector")
    if check:
        asked = replace(asked, check=cuts.reaches(office, own, scores))
    try:
        page = listing.page(scores, own, asked, after=after, before=before, count=count, order=order,
                                without=[*visited(office, who, scores)] if check else ())  # fmt: skip
    except UserError:
        raise bad_query("cursor", "cursor") from None
    if asked.subdistrict and not page.total:
        subdistricts.check(office, own, asked.subdistrict)
    levels = {str(total.key): total.at_risk for total in area_figures.totals(scores, own, asked, by="level")}
    codes = [row["household_id"] for row in page.rows]
    office.journal.write(who, "household.find", households=codes, area=smallest(own.codes), count=len(codes),
                         detail={"levels": asked.levels, "kinds": asked.kinds, "certainty": asked.certainty,
                                 "check": check, "changes": asked.changes, "programmes": asked.programmes,
                                 "sections": asked.sections, "subdistrict": asked.subdistrict,
                                 "order": order})  # fmt: skip
    return Found(page, scores, levels)


def find(office: Office, who: Caller, typed: str) -> ScoreRow | None:
    """The household of a number or code that somebody has; None where it is not in the caller's areas or not at all."""
    areas = allow(who, "household.see")
    scores = office.scores()
    code = code_of(typed, scores)
    row = None if code is None else scores.household(code, areas)
    # A miss is told without the code: it may be the number of somebody whom this caller must not know of.
    office.journal.write(who, "household.see", object=code if row and code else "", count=int(row is not None),
                         result="done" if row else "refused",
                         area=(row["regency"] or row["province"] or "") if row else smallest(areas.codes))  # fmt: skip
    return row
