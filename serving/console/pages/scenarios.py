"""Scenarios: those there are, one or several side by side with their tables and files, and the brief."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from markupsafe import Markup
from starlette.responses import RedirectResponse, Response

from models.schemes.beside import MOST
from serving.access import signin
from serving.access.rights import Caller, may
from serving.api.scenarios import FILES
from serving.cases import scenario_files, scenarios
from serving.cases.scenarios import NAME
from serving.console import forms, scenario_tables, scenario_view, view
from serving.console.administration import moment
from serving.console.asked import Asked, refused
from serving.console.forms import KEY, Sent
from serving.console.strings import strings
from serving.console.view import Desk
from serving.problems import Problem
from serving.store.scenarios import OPEN

ROWS = 25


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages; the builder stands before them, since `{no}` would take `baru`."""

    @app.get("/skenario", include_in_schema=False)
    def index(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say, asked = strings(view.language(request, who)), Asked(request, ("sebelum",))
        rows = scenarios.index(desk.office, who, before=asked.number("sebelum"), count=ROWS)
        after = f"/skenario?sebelum={rows[ROWS - 1].id}" if len(rows) > ROWS else ""
        return view.page(request, desk, "scenarios.html", title=say.say("nav.simulation"), who=who, after=after,
                         unknown=asked.unknown, rows=[scenario_view.head(row, say) for row in rows[:ROWS]],
                         build=may(who, "scenario.edit"))  # fmt: skip

    _add_comparison(app, desk)
    _add_one(app, desk)


def _add_comparison(app: FastAPI, desk: Desk) -> None:
    """Several side by side, and what there is of one or several: pictures, files, the brief."""
    for suffix in FILES:
        app.add_api_route(f"/skenario/banding.{suffix}", _file(desk, suffix), include_in_schema=False)

    @app.get("/skenario/banding", include_in_schema=False)
    def compare(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say, asked = strings(view.language(request, who)), Asked(request, ("s", "rinci"))
        chosen = numbers(asked)
        if len(chosen) < 2:
            raise refused("s", "scenarios")
        return _side(request, desk, who, chosen, asked, say.say("scen.compare"))

    @app.get("/skenario/banding/{picture}.svg", include_in_schema=False)
    def picture(request: Request, picture: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        """A picture of a page that was logged when it was shown."""
        say, asked = strings(view.language(request, who)), Asked(request, ("s",))
        found = scenarios.together(desk.office, who, numbers(asked), logged=False)
        svg = scenario_view.picture(desk, found, picture, say)
        if svg is None:
            raise Problem("not_found")
        return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "private, no-cache"})

    @app.get("/skenario/banding/ringkasan", include_in_schema=False)
    def brief(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say, asked = strings(view.language(request, who)), Asked(request, ("s",))
        chosen = numbers(asked, scenario_files.MOST_IN_BRIEF)
        found = scenarios.together(desk.office, who, chosen)
        told = scenario_files.brief(desk.office, found, say.language)
        drawn = [{**own, "svg": Markup(own["svg"])} for own in told["pictures"]]  # noqa: S704 - drawn by us
        return view.page(request, desk, "brief.html", title=say.say("scen.brief"), who=who, unknown=asked.unknown,
                         brief=told, pictures=drawn, ends=ends(chosen), crumbs=_crumbs(chosen, say),
                         synthetic=bool(told["synthetic"]))  # fmt: skip


def _add_one(app: FastAPI, desk: Desk) -> None:
    """One: its YAML, whether it waits, its page; after `banding`, which `{no}` would take."""

    @app.get("/skenario/{no}.yaml", include_in_schema=False)
    def yaml(no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        row = scenarios.see(desk.office, who, no, "scenario.export")
        return Response(scenario_files.as_yaml(row), media_type="application/yaml", headers={
            "Content-Disposition": f'attachment; filename="skenario_{row.number}.yaml"'})  # fmt: skip

    @app.get("/skenario/{no}/tunggu", include_in_schema=False)
    def wait(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        """What htmx asks while a scenario waits: nothing, or the way to the page once this would tell something else
        than it does (`sejak`)."""
        now = _standing(*scenarios.standing(desk.office, who, no))
        moved = now != request.query_params.get("sejak")
        return Response(status_code=204, headers={"Cache-Control": "no-store"} | (
            {"HX-Redirect": f"/skenario/{no}"} if moved else {}))  # fmt: skip

    @app.post("/skenario/{no}/batal", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def cancel(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)], sent: Sent) -> Response:
        try:
            to = forms.once(desk, who, request.url.path, sent, lambda connection: "/skenario/" + str(
                scenarios.cancel(connection, who, no).number))  # fmt: skip
        except Problem as problem:
            if problem.code != "scenario_ended":
                raise
            to = f"/skenario/{no}"  # which tells how it ended meanwhile
        return RedirectResponse(to, 303)

    @app.get("/skenario/{no}", include_in_schema=False)
    def see(request: Request, no: str, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say, asked = strings(view.language(request, who)), Asked(request, ("rinci",))
        row = scenarios.see(desk.office, who, no)
        older = scenarios.older(row)
        if row.status == "done" and not older:
            return _side(request, desk, who, [no], asked, row.title[say.language], logged=False)
        before, late = scenarios.before(desk.office, row), scenarios.late(desk.office, row)
        return view.page(request, desk, "scenario_waiting.html", title=row.title[say.language], who=who,
                         before=before, since=_standing(row.status, before, late),
                         late=say.say("scen.waiting.late", when=moment(row.made_at, say)) if late else "",
                         unknown=asked.unknown, live=row.status in OPEN, own=scenario_view.head(row, say),
                         why=scenario_view.why("older" if older else row.reason or row.status, say), older=older,
                         again=row.reason in ("time_limit", "interrupted"),
                         open=row.status in OPEN, cancels=scenarios.cancels(row, who), key=forms.key(), key_name=KEY,
                         build=may(who, "scenario.edit"),
                         crumbs=((say.say("nav.simulation"), "/skenario"),))  # fmt: skip


def _standing(status: str, before: int, late: bool) -> str:
    """What the page of a scenario that waits tells of how far it is."""
    return f"{status}-{before}-{late:d}"


def numbers(asked: Asked, most: int = MOST) -> list[str]:
    """Scenarios of the address, each once. Problem `bad_query`."""
    found = list(dict.fromkeys(own for own in asked.query.getlist("s") if own))
    if not 1 <= len(found) <= most or not all(NAME.fullmatch(own) for own in found):
        raise refused("s", "scenarios" if most == MOST else "scenarios.brief")
    return found


def ends(chosen: Sequence[str]) -> str:
    """The end of an address that names scenarios."""
    return urlencode([("s", own) for own in chosen])


def _crumbs(chosen: Sequence[str], say: Any) -> tuple[tuple[str, str], ...]:
    one = (chosen[0], f"/skenario/{chosen[0]}") if len(chosen) == 1 else (
        say.say("scen.compare"), f"/skenario/banding?{ends(chosen)}")  # fmt: skip
    return ((say.say("nav.simulation"), "/skenario"), one)


def _side(request: Request, desk: Desk, who: Caller, chosen: Sequence[str], asked: Asked, title: str, *,
          logged: bool = True) -> Response:  # fmt: skip
    """logged : False where the reading is in the log already."""
    say = strings(view.language(request, who))
    name = asked.choice("rinci", {own: own for own in scenario_tables.TABLES}, "scentable")
    found = scenarios.together(desk.office, who, chosen, logged=logged)
    base = f"/skenario/{chosen[0]}?" if len(chosen) == 1 else f"/skenario/banding?{ends(chosen)}&"
    return view.page(
        request, desk, "scenario.html", title=title, who=who, unknown=asked.unknown, numbers=list(chosen),
        ends=ends(chosen), base=base, tables=scenario_tables.offered(found), build=may(who, "scenario.edit"),
        table=scenario_tables.table(found, name, say) if name else None,
        brief=len(chosen) <= scenario_files.MOST_IN_BRIEF,
        crumbs=((say.say("nav.simulation"), "/skenario"),), synthetic=found["data"]["synthetic"],
        **scenario_view.shown(desk, found, say))  # fmt: skip


def _file(desk: Desk, suffix: str) -> Any:
    media, make = FILES[suffix]

    def export(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        asked = Asked(request, ("s",))
        chosen = numbers(asked, scenario_files.MOST_IN_BRIEF if suffix == "pdf" else MOST)
        found = scenarios.together(desk.office, who, chosen, "scenario.export")
        return Response(make(desk.office, found, view.language(request, who)), media_type=media, headers={
            "Content-Disposition": f'attachment; filename="{scenario_files.name(found, suffix)}"'})  # fmt: skip

    return export
