"""Finding families: look-up by number or code, and the list by risk with filters and cursors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from starlette.responses import RedirectResponse, Response

from features.contract import PROGRAMMES, REGENCY_DIGITS, SECTIONS
from models.compass.telling import section
from serving.access import signin
from serving.access.rights import Areas, Caller, allow
from serving.cases import cuts, households
from serving.cases.cuts import End
from serving.console import formats, places, telling, view
from serving.console.asked import CHANGES, KINDS, LEVELS, ORDERS, Asked, by_key, refused, together
from serving.console.charts import interval
from serving.console.forms import Sent, typed
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.scores import small_areas
from serving.scores.area_figures import Filter
from serving.scores.listing import HIGHEST, Page
from serving.scores.scores import Row, Scores
from serving.store.answers import TELLING

PLACES = ("prov", "kab", "kec")
"""Keys of the place, the larger one first: without it those inside fall away too."""
FILTERS = (*PLACES, "tingkat", "jenis", "ubah", "program", "sektor", "periksa")
ENDS = ("setelah", "sebelum")
KEYS = (*FILTERS, "urut", *ENDS)
Given = Mapping[str, list[str]]
"""Key of the address to its values."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the look-up and the list."""

    @app.get("/keluarga", include_in_schema=False)
    def families(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _list(request, desk, who)

    @app.post("/keluarga", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def look_up(request: Request, who: Annotated[Caller, Depends(signin.caller)], sent: Sent) -> Response:
        row = households.find(desk.office, who, typed(sent, "nomor"))
        # A miss and a family elsewhere end alike, and no address tells them apart.
        return _list(request, desk, who, missed=True) if row is None else RedirectResponse(
            f"/keluarga/{row['household_id']}", 303)  # fmt: skip


def _list(request: Request, desk: Desk, who: Caller, missed: bool = False) -> Response:
    areas = allow(who, "household.see")
    say = strings(view.language(request, who))
    asked = Asked(request, KEYS)
    scores = desk.published.current()
    title = say.say("find.title")
    if scores is None:
        return view.page(request, desk, "overview_empty.html", title=title, who=who, secret=True)
    chosen, check, order = _asked(asked, areas, scores)
    given = _given(asked, chosen)
    filters = _shown(given, say)
    after, before = asked.query.get("setelah") or None, asked.query.get("sebelum") or None
    # After a miss no other family is shown: one request reads once, and its row of the log says all of it.
    found = None if missed else _found(desk, who, chosen, check, order, after, before)
    ends = cuts.ends(desk.office, areas, found.rows) if found and found.rows else {}
    rows = []
    if found:
        visited = households.visited(desk.office, who, scores, [row["household_id"] for row in found.rows])
        rows = [_row(row, scores, ends[row["province"], row["regency"]], visited.get(row["household_id"]), say)
                for row in found.rows]  # fmt: skip
    return view.page(
        request, desk, "households.html", title=title, who=who, secret=True, missed=missed, rows=rows,
        total=found.total if found else 0, status=404 if missed else 200,
        unknown=asked.unknown, filters=filters, of=", ".join(own["name"] for own in filters),
        given=given, elsewhere=_elsewhere(asked, given, chosen, say),
        provinces=_provinces(areas), regencies=_regencies(areas, chosen.province, say),
        subdistricts=_subdistricts(desk, scores, areas, chosen.regency or chosen.province, say),
        # Of a nation, or of several areas, there are too many to list: the code of one is typed.
        typed=not chosen.province and (areas.everywhere or len(areas.codes) > 1),
        levels=[(word, say.say(f"level.{name}")) for word, name in LEVELS.items()],
        kinds=[(word, say.say(f"kind.{name}")) for word, name in KINDS.items()],
        changes=[(word, say.say(f"find.change.{name}")) for word, name in CHANGES.items()],
        programmes=[(name, say.say(f"programme.{name}")) for name in scores.run.programmes],
        sections=[(name, _industry(name, say)) for name in scores.run.sections],
        order=order, orders=[(word, say.say(f"find.order.{word}")) for word in ORDERS], sorts=_sorts(given, order),
        legend=telling.legend(scores.labels, say), age=view.age(scores, desk, say),
        after=_link(given, setelah=found.after) if found else "",
        before=_link(given, sebelum=found.before) if found else "",
        first=_link(given) if after or before else "", within=view.within(scores, desk, say),
    )  # fmt: skip


def _found(desk: Desk, who: Caller, chosen: Filter, check: bool, order: str, after: str | None, before: str | None,
           ) -> Page:  # fmt: skip
    """A page of the list, in the log; a cursor that is none is told by its key. check : only those whose row says
    that they are to be looked at in the field."""
    area = chosen.regency or chosen.province
    with by_key("cursor", "sebelum" if before else "setelah"), by_key("subdistrict", "kec"):
        return households.search(desk.office, who, area if area.isdigit() else "", chosen, after=after,
                                 before=before, order=ORDERS[order], check=check).page  # fmt: skip


def _asked(asked: Asked, areas: Areas, scores: Scores) -> tuple[Filter, bool, str]:
    """The filter, whether only those to be looked at in the field are meant, and the order of the query;
    Problem `not_in_area` for one of another area, `bad_query` for what is not known."""
    province, regency, subdistrict, programmes, sections, order, levels, kinds, changes, check = together(
        asked.province, asked.regency, asked.subdistrict, lambda: _programmes(asked, scores),
        lambda: _sections(asked, scores), lambda: asked.choice("urut", {word: word for word in ORDERS}, "order"),
        lambda: asked.many("tingkat", LEVELS, "level"), lambda: asked.many("jenis", KINDS, "kind"),
        lambda: asked.many("ubah", CHANGES, "change"),
        lambda: asked.choice("periksa", {"ya": "ya"}, "yes"))  # fmt: skip
    regency = regency or subdistrict[:REGENCY_DIGITS]
    province = province or regency[:2]
    # The larger place was changed and the smaller one stayed from before: the page tells that (`_elsewhere`).
    if regency[:2] != province:
        regency = ""
    if subdistrict[:REGENCY_DIGITS] != regency:
        subdistrict = ""
    area = regency or province
    if area.isdigit():
        areas.narrow(area)
    chosen = Filter(province=province, regency=regency, levels=levels, kinds=kinds, changes=changes,
                    programmes=programmes, sections=sections, subdistrict=subdistrict)  # fmt: skip
    return chosen, bool(check), order or next(word for word, name in ORDERS.items() if name == HIGHEST)


def _programmes(asked: Asked, scores: Scores) -> tuple[str, ...]:
    found = asked.many("program", {name: name for name in PROGRAMMES}, "programme")
    if not set(found) <= set(scores.run.programmes):
        raise refused("program", "programme.unknown")
    return found


def _sections(asked: Asked, scores: Scores) -> tuple[str, ...]:
    found = asked.many("sektor", {name: name for name in SECTIONS}, "sector")
    if found and not scores.run.sections:
        raise refused("sektor", "sector.unknown")
    return found


def _industry(letter: str, say: Strings) -> str:
    name = section(letter, say.language)
    return name[:1].upper() + name[1:]


def _sorts(given: Given, order: str) -> dict[str, dict[str, str]]:
    """Of each column that a list can be ordered by: how it is, as `aria-sort` says it, and the order that a link there
    leads to."""
    kept = {key: values for key, values in given.items() if key not in ENDS}
    found = {}
    for column in dict.fromkeys(word.lstrip("-") for word in ORDERS):
        other = column if order == f"-{column}" else f"-{column}"
        now = {f"-{column}": "descending", column: "ascending"}.get(order, "")
        found[column] = {"now": now, "other": other, "href": _address({**kept, "urut": [other]})}
    return found


def _row(row: Row, scores: Scores, ends: Sequence[End], visited: Any, say: Strings) -> dict[str, Any]:
    """A family in a line. visited : the visit that left nothing to be looked at in the field; of a family that it found
    dead nothing is foretold."""
    own = telling.estimate(row["risk"], row["low"], row["high"], scores.labels)
    was, code = None if row["was"] is None else formats.percent(row["was"]), row["household_id"]
    check = telling.uncertain(row, own, [
        end for end in ends if telling.crosses(own, [end]) and not cuts.barred(end, row, row)])  # fmt: skip
    return {
        "code": code, "place": places.whole(row["province"], row["regency"], say, row["subdistrict"]),
        "own": own,
        "span": telling.span(own, say), "picture": interval.small(own.p, *own.drawn, 0 if check else own.step),
        "kind": say.say("kind.unknown_history.short" if row["kind"] == "unknown_history" else f"kind.{row['kind']}"
                        ) if row["kind"] else "",
        "gone": "" if visited is None or visited.result != "died" else say.say(
            "find.gone", date=formats.date(visited.visited, say.language)), "visited": visited is not None,
        "found": "" if visited is None or visited.result not in TELLING else say.say(
            "find.found", found=say.say(f"visit.{visited.result}"), date=formats.date(visited.visited, say.language)),
        "check": check,
        "level": say.say(f"level.{own.level}") if own.level else "", "was": was, "moved": row["moved"],
    }  # fmt: skip


def _given(asked: Asked, chosen: Filter) -> Given:
    """What the form shows as chosen: of the places that were asked for only those that are used."""
    used = {"prov": chosen.province, "kab": chosen.regency, "kec": chosen.subdistrict}
    return {key: [part for value in asked.query.getlist(key) for part in value.split(",")
                  if part and used.get(key, part) == part] for key in KEYS}  # fmt: skip


def _elsewhere(asked: Asked, given: Given, chosen: Filter, say: Strings) -> str:
    """That a smaller place which was asked for is not used, as it lies outside the larger one; empty where none is."""
    left = [places.name(asked.query[key], say) for key in PLACES if asked.query.get(key) and not given[key]]
    return say.say("find.elsewhere", place=", ".join(reversed(left)),
                   within=places.name(chosen.regency or chosen.province, say)) if left else ""  # fmt: skip


def _shown(given: Given, say: Strings) -> list[dict[str, str]]:
    """Filters in use, each with the address without it."""
    words = {
        **{("tingkat", word): say.say(f"level.{name}") for word, name in LEVELS.items()},
        **{("jenis", word): say.say(f"kind.{name}") for word, name in KINDS.items()},
        **{("ubah", word): say.say(f"find.change.{name}") for word, name in CHANGES.items()},
        **{("program", name): say.say(f"programme.{name}") for name in PROGRAMMES},
        **{("sektor", name): _industry(name, say) for name in SECTIONS},
        ("periksa", "ya"): say.say("tag.verify"),
    }
    found = []
    for key in FILTERS:
        inside = PLACES[PLACES.index(key) + 1 :] if key in PLACES else ()
        for value in given[key]:
            name = places.name(value, say) if key in PLACES else words[key, value]
            left = {other: [v for v in values if (other, v) != (key, value)] for other, values in given.items()
                    if other not in (*ENDS, *inside)}  # fmt: skip
            found.append({"name": name, "href": _address(left)})
    return found


def _link(given: Given, **end: str | None) -> str:
    """Address of another page of the same list; empty where there is none."""
    if end and not any(end.values()):
        return ""
    kept = {key: values for key, values in given.items() if key not in ENDS}
    return _address({**kept, **{key: [value] for key, value in end.items() if value}})


def _address(values: Mapping[str, list[str]]) -> str:
    text = urlencode([(key, ",".join(own)) for key, own in values.items() if own], safe=",")
    return f"/keluarga?{text}" if text else "/keluarga"


def _provinces(areas: Areas) -> list[tuple[str, str]]:
    own = areas.provinces
    return [(code, name) for code, name in places.provinces().items() if own is None or code in own]


def _subdistricts(desk: Desk, scores: Scores, areas: Areas, area: str, say: Strings) -> list[tuple[str, str]]:
    """Sub-districts of the caller that families are scored in, of the chosen regency or province or of the only one of
    the caller; those of a province with their regency, so that nobody has to choose that first."""
    home = area or (areas.codes[0] if len(areas.codes) == 1 else "")
    if not home.isdigit():
        return []
    rows = desk.kept.of(scores, ("subdistricts", home), lambda: small_areas.subdistricts(scores, home))
    own = [row.key for row in rows if row.key and areas.covers(row.key[:2], row.key[:REGENCY_DIGITS])]
    return [(code, places.name(code, say) if len(home) == REGENCY_DIGITS else places.whole(
        None, code[:REGENCY_DIGITS], say, code)) for code in own]  # fmt: skip


def _regencies(areas: Areas, province: str, say: Strings) -> list[tuple[str, str]]:
    """Regencies of the chosen province, or of the only one there is, that lie in the caller's areas."""
    own = areas.provinces
    home = province or (own[0] if own and len(own) == 1 else "")
    if not home:
        return []
    return [(code, places.name(code, say)) for code in places.regencies()
            if code[:2] == home and areas.covers(code[:2], code)]  # fmt: skip
