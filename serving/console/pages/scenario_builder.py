"""The scenario builder: one form with its costs beside it, examples, and YAML for what the form has no room for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import RedirectResponse, Response

from models.schemes import library
from serving.access import signin
from serving.access.rights import Caller, allow
from serving.cases import scenarios
from serving.console import forms, scenario_copy, scenario_form, scenario_offer, scenario_view, view
from serving.console.asked import Asked, refused
from serving.console.forms import KEY, Sent, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Problem
from serving.simulation import spec

PREVIEW = "/skenario/baru/pratinjau"


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/skenario/baru", include_in_schema=False)
    def see(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "scenario.edit")
        asked = Asked(request, ("dari", "contoh", *scenario_form.FIELDS))
        late = next((own for path in (request.url.path, PREVIEW) if (own := signin.kept(request, who, path))), None)
        text = first(late, "yaml") if late else ""
        given = scenario_form.values(late or {name: asked.query.getlist(name) for name in asked.query})
        no_room = False
        if number := asked.query.get("dari", ""):
            row, say = scenarios.see(desk.office, who, number), strings(view.language(request, who))
            text = spec.as_yaml(row.asked)
            copied = scenario_copy.fields(row.asked, scenarios.area_of(row), desk.office.today.year, say)
            given, no_room = copied | given, not copied
        elif name := asked.query.get("contoh", ""):
            text = library.text("scenarios", _example(name))
        return _page(request, desk, who, given, text=text, unknown=asked.unknown, restored=late is not None,
                     no_room=no_room)  # fmt: skip

    @app.post(PREVIEW, include_in_schema=False, dependencies=[Depends(signin.csrf_keeping)])
    def preview(request: Request, who: Annotated[Caller, Depends(signin.caller_keeping)], sent: Sent) -> Response:
        say = strings(view.language(request, who))
        read = scenario_form.Read(_filled(desk, who, sent), desk.office.today.year, say)
        made = _try(desk, who, read, sent, say)
        return view.page(request, desk, "scenario_cost.html", title=say.say("scen.live"), who=who, **made)

    @app.post("/skenario/baru", include_in_schema=False, dependencies=[Depends(signin.csrf_keeping)])
    def go(request: Request, who: Annotated[Caller, Depends(signin.caller_keeping)], sent: Sent) -> Response:
        allow(who, "scenario.edit")
        if first(sent, "aksi") in ("yaml", "contoh"):
            return _sent_whole(request, desk, who, sent)
        return _sent_form(request, desk, who, sent)


def _sent_whole(request: Request, desk: Desk, who: Caller, sent: Mapping[str, list[str]]) -> Response:
    """Run what is written as YAML, or an example."""
    text = first(sent, "yaml")
    try:
        plain = spec.of_yaml(text) if first(sent, "aksi") == "yaml" else library.raw(
            "scenarios", _example(first(sent, "contoh")))  # fmt: skip
        return _run(request, desk, who, plain, sent)
    except Problem as problem:
        broken = {"yaml": problem.sentence(view.language(request, who))}
        return _page(request, desk, who, _filled(desk, who, sent), text=text, status=problem.status, broken=broken)


def _sent_form(request: Request, desk: Desk, who: Caller, sent: Mapping[str, list[str]]) -> Response:
    """Work out what the form asks for costs, or run it."""
    say, given = strings(view.language(request, who)), _filled(desk, who, sent)
    read = scenario_form.Read(given, desk.office.today.year, say)
    if read.broken:
        broken = {name: say.say("form.broken", field=scenario_offer.named(name, say), rule=told)
                  for name, told in read.broken.items()}  # fmt: skip
        made = _try(desk, who, read, sent, say, above=True)
        return _page(request, desk, who, given, status=422, broken=broken, mending=read.mending, **made)
    if first(sent, "aksi") == "hitung":
        return _page(request, desk, who, given, **_try(desk, who, read, sent, say))
    try:
        return _run(request, desk, who, read.plain, sent)
    except Problem as problem:
        return _page(request, desk, who, given, status=problem.status, broken={"": problem.sentence(say.language)})


def _example(name: str) -> str:
    if name not in library.names("scenarios"):
        raise refused("contoh", "example")
    return name


def _hindered(desk: Desk, who: Caller, own: Mapping[str, str], say: Strings) -> str:
    """Why an example could not be lived by the families of its area, in words; empty where it can."""
    reason = scenarios.hinders(desk.office, who, library.raw("scenarios", own["name"]), own["area"])
    return scenario_view.why(reason, say) if reason else ""


def _filled(desk: Desk, who: Caller, sent: Mapping[str, list[str]]) -> dict[str, str]:
    return {**scenario_form.usual(desk.office.today.year, allow(who, "scenario.edit")), **scenario_form.values(sent)}


def _run(request: Request, desk: Desk, who: Caller, plain: Mapping[str, Any], sent: Mapping[str, list[str]],
         ) -> Response:  # fmt: skip
    """Have it lived, once for the key of the form, and go to its page."""
    area = first(sent, "wilayah")
    to = forms.once(desk, who, request.url.path, sent, lambda connection: "/skenario/" + str(
        scenarios.ask(connection, desk.office, who, plain, area).number))  # fmt: skip
    return RedirectResponse(to, 303)


def _try(desk: Desk, who: Caller, read: scenario_form.Read, sent: Mapping[str, list[str]], say: Strings, *,
         above: bool = False) -> dict[str, Any]:  # fmt: skip
    """The live panel: costs of the answers that are in order (`preview`), and apart from them what is wrong (`why`),
    with what that means for the costs (`lead`). above : whether the page tells above and at the fields what is wrong
    with them, so that here they are only named."""
    named = {name: scenario_offer.named(name, say) for name in read.broken}
    why = [named[name] if above else f"{named[name]}: {told}" for name, told in read.broken.items()]
    plain, preview = read.priced, None
    # No cost depends on a shock: what is wrong with shocks alone, as one that may hit too few, hides none.
    for own in () if plain is None else (plain, plain | {"shocks": []}) if plain["shocks"] else (plain,):
        try:
            told = scenarios.check(desk.office, who, own, first(sent, "wilayah"))
        except Problem as problem:
            if (sentence := problem.sentence(say.language)) not in why:
                why.append(sentence)
            continue
        shocks_known = not read.shocks_wrong and own is plain
        preview = scenario_view.preview(told, say, shocks_known=shocks_known)
        break
    lead = "apart" if preview else "years" if read.timeless else "all"
    return {"preview": preview, "why": why, "lead": say.say(f"scen.live.wrong.{lead}") if why else ""}


def _page(request: Request, desk: Desk, who: Caller, given: Mapping[str, str], *, text: str = "", status: int = 200,
          broken: Mapping[str, str] | None = None, unknown: list[str] | None = None, restored: bool = False,
          no_room: bool = False, mending: Mapping[str, str] = MappingProxyType({}),
          preview: Any = None, why: Any = (), lead: str = "") -> Response:  # fmt: skip
    say = strings(view.language(request, who))
    areas = allow(who, "scenario.edit")
    year = desk.office.today.year
    values = {**dict.fromkeys(scenario_form.FIELDS, ""), **scenario_form.usual(year, areas), **given}
    return view.page(
        request, desk, "scenario_new.html", title=say.say("scen.new"), who=who, status=status, live=True,
        error=bool(broken), unknown=unknown or [], values=values, names=scenario_offer.names(say), broken=broken or {},
        restored=restored, no_room=no_room,
        opened=scenario_form.opened(given, broken or {}, mending.values()),
        mends=[(name, scenario_offer.named(name, say)) for name in mending.values()],
        offered=scenario_offer.choices(areas, say),
        answers=scenario_form.ANSWERS, shocks=scenario_form.SHOCKS,
        examples=[own | {"why": _hindered(desk, who, own, say)} for own in scenario_offer.examples(year, areas, say)],
        yaml=text, key=forms.key(), key_name=KEY,
        preview=preview, why=why, lead=lead, year=year, crumbs=((say.say("nav.simulation"), "/skenario"),))  # fmt: skip
