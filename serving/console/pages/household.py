"""One family: how likely a fall is, how sure that is, why, and what an officer can do; and its own printed report."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from sqlalchemy import Row as AnyRow
from starlette.responses import RedirectResponse, Response

from features import keys, registry
from features.contract import RUNGS
from features.registry import FAMILIES
from models.text import LANGUAGES, words
from serving.access import signin
from serving.access.rights import ROLE_NAMES, ROLES, Caller, may
from serving.cases import cuts, households, list_reads
from serving.cases.cuts import End
from serving.cases.households import Household
from serving.console import course, formats, list_head, list_words, places, telling, view, visit_form, working
from serving.console.charts import icons, interval, ladder
from serving.console.strings import Strings, strings
from serving.console.telling import Estimate
from serving.console.view import Desk
from serving.scores.move import eta, moved
from serving.scores.scores import Row
from serving.store import visits
from serving.store.lists import Name
from serving.store.numbers import day_of
from serving.store.objections import ACCEPTED

DESIL = frozenset({"hist.desil", "hist.desil_change", "hist.volatile"})
"""Reasons whose sentences say "desil", a word that the report explains."""
READERS = 5
"""Readings named one by one on the report, which is one page."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the page and the report."""

    @app.get("/keluarga/{kode}", include_in_schema=False)
    def household(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        plain = keys.written(kode)
        if plain != kode:
            return RedirectResponse(f"/keluarga/{plain}", 308)
        found = households.look(desk.office, who, plain)
        say = strings(view.language(request, who))
        title = say.say("house.title", code=formats.code(plain))
        crumbs = ((say.say("house.crumb"), "/keluarga"),)
        return view.page(request, desk, "household.html", title=title, who=who, secret=True, crumbs=crumbs,
                         record=may(who, "visit.record"), object=may(who, "objection.open"),
                         **told(desk, found, say), **_cases(desk, who, found, say))  # fmt: skip

    @app.get("/keluarga/{kode}/laporan", include_in_schema=False)
    def report(request: Request, kode: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        found = households.look(desk.office, who, kode, "household.report")
        say, row, scores = strings(view.language(request, who)), found.row, found.scores
        code = row["household_id"]
        crumbs = ((say.say("house.crumb"), "/keluarga"), (formats.code(code), f"/keluarga/{code}"))
        number = f"{row['as_of']:%Y%m%d}-{code[:8]}-{scores.run.name[-4:]}"
        return view.page(request, desk, "report.html", title=say.say("report.title"), who=who, secret=True,
                         of=formats.code(code),
                         crumbs=crumbs, report=number, **told(desk, found, say), **_cases(desk, who, found, say),
                         office=view.office(say), days=desk.office.settings.objection_days, **_asked(found, say),
                         readers=_readers(households.readers(desk.office, code), say))  # fmt: skip


def _readers(found: list[tuple[datetime.datetime, str]] | None, say: Strings) -> str:
    """By which role and when the family's page was opened; the newest few, and how many more there are."""
    if found is None:
        return say.say("report.readers.away")
    at = LANGUAGES.index(say.language)
    seen = Counter(("/".join(ROLE_NAMES[role][at] for role in ROLES if role in roles.split()),
                    day_of(moment)) for moment, roles in found)  # fmt: skip
    days: dict[str, list[str]] = {}  # each role is named once
    for (role, day), count in list(seen.items())[:READERS]:
        date = formats.date(day, say.language)
        days.setdefault(role or "-", []).append(say.say("report.reader", date=date, n=count) if count > 1 else date)
    lines = [f"{role}, {', '.join(own)}" for role, own in days.items()]
    more = sum(list(seen.values())[READERS:])
    return say.say("report.readers.who", who="; ".join(lines)) + (
        say.say("report.readers.more", n=more) if more else ""
    )


def _cases(desk: Desk, who: Caller, found: Household, say: Strings) -> dict[str, Any]:
    """Lists, visits and objections of the family, as far as the database answers."""

    def day(moment: datetime.date) -> str:
        return formats.date(moment, say.language)

    rows = found.visits or ()
    names = list_reads.names(desk.office, who, [own for row in rows for own in (row.list, row.answer_list)])
    visits = _visits(rows, names, say)
    cases = [{"number": own.number, "about": ", ".join(telling.named(own.facts, say)) or say.say(
              f"obj.kind.{own.kind}").lower(), "name": formats.inside(say.say(f"obj.{own.outcome}") if own.outcome
              else say.say("obj.until", date=day(own.deadline)))} for own in found.objections or ()]  # fmt: skip
    on = [{"link": list_head.link(Name.of(own)), "text": say.say("house.onlist", no=Name.of(own), place=own.place,
                                              quarter=formats.quarter(own.quarter, say.language)),
           "name": f"{Name.of(own)}, {formats.quarter(own.quarter, say.language)}",
           "how": say.say("house.onlist.how", scheme=list_words.scheme(own.scheme, say), how=_how(own, say)) + (
               "" if own.version == own.newest else say.say("house.onlist.left", n=own.newest))}
          for own in found.held]  # fmt: skip
    held = {str(Name.of(own)) for own in found.held}
    barred = [say.say("house.lists.barred", no=end.name, why=_why(end, why, found, say)) for end, why in found.barred
              if found.row["applies"] and str(end.name) not in held]  # fmt: skip
    return {
        "visits": visits,
        "objections": cases,
        "on_lists": on,
        "barred": [*dict.fromkeys(barred)],
        "away": found.visits is None,
        "dropped": not any(own["planned"] for own in visits)
        and any(own.replaced and own.status == "planned" for own in rows),
    }


def _how(own: AnyRow[Any], say: Strings) -> str:
    """How a place was given."""
    last = {"list": list_words.before(own.version, say)} if own.how == "kept" else {}
    return say.say(f"list.how.{own.how}", **last)


def _visits(rows: Sequence[AnyRow[Any]], names: Mapping[int, Name], say: Strings) -> list[dict[str, Any]]:
    """Each visit once, with all lists that it was asked for by: those that one visit answered are told by that one. One
    that no list asked for is named as that, whatever it answers."""
    found, made = [], {own.id for own in rows}
    for own in rows:
        if own.answered_by in made:
            continue
        told = visit_form.line(own, names, say)
        answered = (str(names.get(one.list, "")) for one in rows if one.answered_by == own.id)
        lists = ", ".join(dict.fromkeys(name for name in (told["list"], *answered) if name))
        if own.result and own.list is None:
            lists = say.say("visit.outside.answers", lists=lists) if lists else say.say("visit.outside")
        found.append({"id": own.id, **told, "list": lists, "detail": _wrong(own, say)})
    return found


def _wrong(row: AnyRow[Any], say: Strings) -> str:
    """The facts that a visit found wrong, each with the value that it found; empty of another finding."""
    names = dict(visit_form.facts(None, say, row.wrong))
    return "; ".join(value if key == visit_form.OTHER else f"{formats.inside(names[key])}: {value}"
                     for key, value in (row.wrong or {}).items())  # fmt: skip


def _mended(found: Household, say: Strings) -> dict[str, str]:
    """Facts that a visit or an accepted objection found wrong since the day on which they were known, with what it
    found: the score and its facts stay as they are until the data are mended. The last word on each counts."""
    row = found.row
    known = {own["key"]: own["known_at"] or row["as_of"] for own in row["reasons"] or ()}
    said: list[tuple[datetime.date, str, str]] = []
    for own in found.visits or ():
        if own.result == "wrong":
            date = formats.date(own.visited, say.language)
            said += [(own.visited, key, say.say("house.mended.visit", date=date, value=value))
                     for key, value in (own.wrong or {}).items()]  # fmt: skip
    for case in found.objections or ():
        if case.outcome in ACCEPTED:
            at = day_of(case.decided_at)
            told = say.say("house.mended.objection", no=case.number, date=formats.date(at, say.language),
                           outcome=say.say(f"obj.{case.outcome}").lower())  # fmt: skip
            said += [(at, key, told) for key in case.facts]
    return {key: told for day, key, told in sorted(said) if key not in known or known[key] <= day}


def _why(end: End, why: str, found: Household, say: Strings) -> str:
    """By which rule a list cannot have the family; of programmes, by which of them."""
    if why != "programme":
        return say.say(f"list.gone.{why}")
    told = [say.say(f"house.lists.barred.{key}", names=", ".join(say.say(f"programme.{name}") for name in names))
            for key, names in zip(("lacks", "has"), cuts.unfit(end, found.facts), strict=True) if names]  # fmt: skip
    return f"{say.say('list.gone.programme')} ({'; '.join(told)})"


def _asked(found: Household, say: Strings) -> dict[str, Any]:
    """What the model of the score looks at, by family of facts, with the names of those that are told."""
    names = words(say.language).reasons
    groups, features = [], registry.select(found.scores.run.manifest["bundle"]["view"])
    for family in FAMILIES:
        own = [one for one in features if one.family == family]
        groups.append({"name": say.say(f"report.family.{family}"), "count": len(own), "names": [*dict.fromkeys(
            names[one.reason].name for one in own if one.reason in names)]})  # fmt: skip
    return {"asked": groups, "asked_count": sum(group["count"] for group in groups)}


def told(desk: Desk, found: Household, say: Strings) -> dict[str, Any]:
    """Everything that is said of one family."""
    row, scores = found.row, found.scores
    within = view.within(scores, desk, say)
    shown: dict[str, Any] = {
        "row": row, "place": places.whole(row["province"], row["regency"], say, row["subdistrict"]),
        "within": within,
        "age": view.age(scores, desk, say), "mended": (mended := _mended(found, say)),
        "missing": [f"{name} ({mended[key]})" if key in mended else name for key, name in zip(
            row["missing"] or [], telling.named(row["missing"] or [], say), strict=False)],
        "refusal": say.say(f"refusal.{row['refusal']}") if row["refusal"] else "",
        "now_poor": _poor_now(found), "estimate": None,
        "rung": words(say.language).rungs[row["rung"]] if row["rung"] else "",
        "poor": say.say(telling.poor(row, "house.poor")),
        "poor_from": words(say.language).number(100 * scores.poor_from),
        "finding": finding(found, say), "checked": "",
    }  # fmt: skip
    # Of those who are dead nothing is foretold, nor told how they stand.
    shown["gone"] = found.gone
    shown |= {"rung_words": [], "ladder": ""} if shown["gone"] else _ladder(row, within, say)
    facts = telling.facts(row, say)
    before = found.before[0] if found.before else None
    shown |= {
        "raises": [fact for fact in facts if fact.raises], "lowers": [fact for fact in facts if not fact.raises],
        "facts": facts, "desil": any(fact.key in DESIL for fact in facts), "shown": telling.SHOWN,
        "old": [fact for fact in facts if fact.old],
        "work": [fact for fact in facts if fact.key.startswith(("work.", "auto."))], **working.told(found, say),
        **course.told(found, facts, say), "moves": [], "moves_rest": "", "change": [],
    }  # fmt: skip
    if row["status"] == "scored" and not shown["gone"]:
        cuts = (found.before[1].poor_from if found.before else None, scores.poor_from)
        shown["change"] = telling.change(row, before, desk.published.before() is not None, say, cuts)
    if row["applies"] and not shown["gone"]:
        shown |= _risk(found, say, within)
        if shown["finding"] and shown["finding"]["stands"]:
            # Where the family stands is known: it is not told again as one of many that may stand anywhere.
            shown["either"] = say.say("risk.before")
        if before is not None and before["applies"] and before["bundle"] == row["bundle"]:
            shown["moves"], rest = _moves(before, row, say)
            kept = None if not rest or found.before is None else (found.before[1].reasons, scores.reasons)
            shown["moves_rest"] = _rest(kept, say) if kept else ""
    return shown


def finding(found: Household, say: Strings) -> dict[str, Any] | None:
    """What the last visit found of how the family stands, a fact with its day; None where no visit did.

    Where it says how the family `stands` now it heads the page.
    """
    own = visits.finding(found.visits or ())
    if own is None or own.visited is None:
        return None
    day = formats.date(own.visited, say.language)
    key = "stays" if own.result == "moved" and own.moved_to and own.moved_to == found.row["regency"] else own.result
    to = places.name(own.moved_to, say) if own.moved_to else ""
    if key == "moved" and to:
        to = say.say("house.finding.to", to=to)
    fact = say.say(f"house.finding.{key}", date=day, to=to)
    died, later = own.result == "died", own.visited > found.row["as_of"]
    told = say.say(f"house.finding.{'over' if died else 'later' if later else 'before'}",
                   date=formats.date(found.row["as_of"], say.language))  # fmt: skip
    short = say.say("house.now.visit", result=say.say(f"visit.{own.result}").lower())
    # Who died stays dead in scores made later; how a family stands, these may know better.
    stands = died or (later and own.result in ("above", "below"))
    return {"fact": fact, "estimate": told, "short": short, "stands": stands, "name": say.say(f"visit.{own.result}"),
            "when": say.say("house.finding.when", date=day)}  # fmt: skip


def _risk(found: Household, say: Strings, within: str) -> dict[str, Any]:
    row, scores = found.row, found.scores
    own = telling.estimate(row["risk"], row["low"], row["high"], scores.labels)
    doubts = telling.doubts(row, own, scores.labels, say, found.ends)
    asked = [] if found.checked else doubts  # nothing is asked that a visit has just answered
    end = telling.crosses(own, found.ends) or next(iter(found.ends), None)
    kept = _kept(found, end, say)
    told, range_ = formats.out_of(own.p, say.language), telling.span(own, say, "pic.span")
    squares = say.say("pic.squares.about" if range_ else "pic.squares.norange", p=told, range=range_)
    return {
        "estimate": own, "kept": kept, "doubts": asked, "checked": _checked(found, say) if doubts else "",
        "level": say.say(f"level.{own.level}") if own.level and not doubts else "",
        "span": telling.span(own, say), "sentence": say.say("risk.sentence", n=own.p, p=telling.about(own, say),
                                                            rest=formats.out_of(own.rest, say.language), within=within),
        "plausible": telling.span(own, say, "risk.range") or say.say("risk.norange"),
        "interval": telling.span(own, say, "risk.interval") or say.say("risk.norange"),
        "either": _all_of_them(row, own, say, _poor_now(found)),
        "kind": say.say(f"kind.{row['kind']}") if row["kind"] else "",
        "kind_about": say.say(f"kind.{row['kind']}.about") if row["kind"] else "",
        "squares": icons.draw(own.p, *own.drawn, title=say.say("pic.squares.title"), about=squares),
        "bar": interval.draw(own.p, *own.drawn, 0 if doubts else own.step, title=say.say("pic.range.title"),
                             cut=None if end is None else formats.percent(end.cut),
                             cut_name=say.say("risk.cut.kept" if kept else "risk.cut"),
                             words="" if (own.up_to, own.at_least) == (None, None) else range_,
                             about=say.say("pic.range.about" if range_ else "pic.range.norange", p=told,
                                           range=range_)),
        "legend": telling.legend(scores.labels, say),
    }  # fmt: skip


def _poor_now(found: Household) -> int | None:
    """The chance of being below the line today out of 100, None where it is not known; one number on the whole page."""
    chance = found.row["p_poor_now"]
    return None if chance is None else formats.judged(chance, found.scores.poor_from)


def _all_of_them(row: Row, own: Estimate, say: Strings, poor: int | None) -> str:
    """Where a hundred families like this one stand; of those who are not known to be above the line today, some are
    below it already, and fewer than the estimate tells fall (`docs/lists.md` adds up the same).

    Those below it are the number that heads the page, `poor`; the others of the hundred are parted by the risk."""
    if row["rung"] or poor is None:
        return say.say("risk.either", p=own.p, rest=own.rest) if 0 < own.p < 100 else ""
    risk = row["risk"]
    others = formats.spread([risk, 1 - risk], 100 - poor) or ()
    told = (formats.out_of(share, say.language) for share in (poor, *others))
    return say.say("risk.whole", **dict(zip(("poor", "fall", "rest"), told, strict=True)))


def _kept(found: Household, end: End | None, say: Strings) -> str:
    """Where the list ends by rank alone, of a family that is on it whatever its rank: the list itself tells the last
    one that is kept as its end."""
    own = next((row for row in found.held if end and row.how == "kept" and Name.of(row) == end.name), None)
    return "" if own is None or end is None else say.say(
        "house.cut.kept", no=end.name, cut=formats.out_of(formats.percent(end.cut), say.language),
        last=list_words.before(own.version, say))  # fmt: skip


def _checked(found: Household, say: Strings) -> str:
    """That the field was looked at, when, and what came of it."""
    own = found.checked
    return "" if own is None else say.say("house.checked", date=formats.date(own.visited, say.language),
                                          result=say.say(f"visit.{own.result}").lower())  # fmt: skip


def _ladder(row: Row, within: str, say: Strings) -> dict[str, Any]:
    """The picture and its words; none of a family that is judged poor without having been measured."""
    if row["applies"] is False and not row["rung"]:
        return {"rung_words": [], "ladder": ""}
    names = [words(say.language).rungs[rung] for rung in RUNGS]
    counts = formats.spread([row[f"ladder_{rung}"] for rung in RUNGS], ladder.DOTS)
    told = [] if counts is None else [
        say.say("pic.ladder.one", n=formats.out_of(count, say.language, ladder.DOTS), rung=name)
        for count, name in reversed(list(zip(counts, names, strict=True)))]  # fmt: skip
    now = RUNGS.index(row["rung"]) if row["rung"] else None
    title = say.say("pic.ladder.title" if row["rung"] else "pic.ladder.title.if", within=within)
    return {"rung_words": told, "ladder": ladder.draw(
        counts, names, title=title, now=now,
        about=" ".join(told) or say.say("pic.ladder.empty"), empty=say.say("pic.ladder.empty"))}  # fmt: skip


def _moves(before: Row, row: Row, say: Strings) -> tuple[list[str], bool]:
    """Facts whose value changed and that moved the estimate most, at most three; whether most of it lies elsewhere."""
    found: list[str] = []
    carried = 0.0
    tell = words(say.language)
    for fact in moved(before["reasons"], row["reasons"], (None, None)):
        # A fact that one run does not tell was there all the same: its value is then not known here.
        if None in (fact.value_before, fact.value_after) or fact.key not in tell.reasons:
            continue
        values = [tell.value(fact.key, own) for own in (fact.value_before, fact.value_after)]
        if values[0] != values[1] and len(found) < telling.SHOWN:
            found.append(say.say("house.change.fact", fact=tell.reasons[fact.key].name, a=values[0], b=values[1]))
            carried += fact.moved
    whole = eta(row) - eta(before)
    return found, telling.differs(row, before) and carried * math.copysign(1, whole) < abs(whole) / 2


def _rest(kept: tuple[int, int], say: Strings) -> str:
    """That most of a change lies in what the assessments do not keep one by one, and how many reasons they keep."""
    return f"{say.say('house.change.rest')} {say.say('house.change.kept', n=min(kept))}"
