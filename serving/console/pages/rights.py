"""Administration: what each role may do, and who holds which role in which area, now or on a day."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from serving.access import people_reads, signin
from serving.access.accounts import reach
from serving.access.rights import ACTS, ROLES, SCOPES, Caller, allow, smallest
from serving.console import administration, formats, places, view
from serving.console.administration import PAGES
from serving.console.asked import Asked
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.store.numbers import WESTERN, day_of
from serving.store.people import Held


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get(PAGES["roles"], include_in_schema=False)
    def roles(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "people.edit")
        say = strings(view.language(request, who))
        held = _held(desk, who, desk.office.store.clock())
        counts = Counter(role for role, _ in {(own.role, own.account) for own in held if not own.locked})
        rows = [{"name": administration.role(role, say), "holders": formats.number(counts[role], say.language),
                 "about": say.say(f"role.{role}"), "acts": [
                     say.say(f"act.{act}") for act, own in ACTS.items() if role in own]} for role in ROLES]  # fmt: skip
        scopes = [(say.say(f"scope.{scope}"), scope, [say.say(f"act.{act}") for act in ACTS if act in acts])
                  for scope, acts in SCOPES.items()]  # fmt: skip
        return view.page(request, desk, "roles.html", title=say.say("admin.roles"), who=who, secret=True, rows=rows,
                         scopes=scopes, tabs_=administration.tabs(who, say))  # fmt: skip

    @app.get(PAGES["areas"], include_in_schema=False)
    def areas(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "people.edit")
        say, asked = strings(view.language(request, who)), Asked(request, ("per",))
        now = desk.office.store.clock()
        day = asked.date("per") or day_of(now)
        # Of a day gone by what was held at its end, of this one what is held now.
        end = datetime.combine(day + timedelta(days=1), time(), WESTERN).astimezone(UTC) - timedelta(microseconds=1)
        held = _held(desk, who, min(end, now))
        inside: dict[str, list[dict[str, Any]]] = {}
        for own in held:
            inside.setdefault(own.area, []).append(_holder(own, say))
        return view.page(request, desk, "areas.html", title=say.say("admin.areas"), who=who, secret=True,
                         unknown=asked.unknown, day=day.isoformat(), told=formats.date(day, say.language),
                         nation=inside.get("", []) if reach(who).everywhere else None,
                         tree=_tree(who, inside, say), tabs_=administration.tabs(who, say))  # fmt: skip


def _held(desk: Desk, who: Caller, at: datetime) -> list[Held]:
    with desk.office.store.reading() as connection:
        found = people_reads.held(connection, who, at)
    desk.office.journal.write(who, "people.see", area=smallest(reach(who).codes), count=len(found))
    return [*found]


def _holder(own: Held, say: Strings) -> dict[str, Any]:
    since = formats.date(own.since, say.language)
    return {"role": administration.role(own.role, say), "name": own.name, "account": own.account, "locked": own.locked,
            "since": say.say("area.since.by", date=since, by=own.given_by) if own.given_by
            else say.say("area.since", date=since),
            "ended": say.say("area.ended", date=formats.date(own.ended, say.language))
            if own.ended else ""}  # fmt: skip


def _tree(who: Caller, inside: dict[str, list[dict[str, Any]]], say: Strings) -> list[dict[str, Any]]:
    """Provinces with their regencies, as far as the administrator reaches, each with who holds a role there."""
    own, found = reach(who), []
    for province in places.provinces():
        codes = [code for code in places.regencies() if code[:2] == province and own.holds(code)]
        if not (codes or own.holds(province)):
            continue
        regencies = [{"code": code, "name": places.name(code, say), "holders": inside.get(code, [])} for code in codes]
        people = {holder["account"] for code in (province, *codes) for holder in inside.get(code, [])}
        found.append({"code": province, "name": places.name(province, say), "holders": inside.get(province, []),
                      "whole": own.holds(province), "regencies": regencies, "people": len(people),
                      "empty": sum(not regency["holders"] for regency in regencies)})  # fmt: skip
    return found
