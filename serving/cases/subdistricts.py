"""Whether a sub-district that nothing was found in is one there is: no list of them ships with Jaga."""

from __future__ import annotations

from collections.abc import Iterable

from features.contract import REGENCY_DIGITS
from serving import nowhere
from serving.access.rights import Areas
from serving.office import Office
from serving.problems import bad_query
from serving.scores import small_areas


def check(office: Office, areas: Areas, code: str, own: Iterable[str] = ()) -> None:
    """Problem `bad_query` for a sub-district that neither the scores that answer nor `own` know, with those of its
    regency that they do; `not_in_area` for one outside of the areas.

    own : sub-districts of these areas that are known from elsewhere, as from the visits.
    """
    regency = code[:REGENCY_DIGITS]
    areas.narrow(regency)
    scores = office.published.current()
    scored = () if scores is None else small_areas.subdistricts(scores, regency)
    known = {row.key for row in scored if row.key} | {one for one in own if one.startswith(regency)}
    if code not in known:
        raise bad_query("subdistrict", "subdistrict_unknown", nowhere.subdistrict(code, known))
