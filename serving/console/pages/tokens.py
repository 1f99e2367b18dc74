"""Administration: tokens of the API, made, shown once, revoked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import RedirectResponse, Response

from serving.access import accounts, people_reads, signin
from serving.access.rights import SCOPES, Caller, allow, smallest
from serving.console import administration, formats, places, view
from serving.console.administration import PAGES
from serving.console.forms import Sent, Values, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Problem
from serving.store.numbers import day_of
from serving.store.tokens import MOST_DAYS, Token

USUAL_DAYS = 30


def add(app: FastAPI, desk: Desk) -> None:
    """Add the page."""

    @app.get(PAGES["tokens"], include_in_schema=False)
    def see(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _page(request, desk, who)

    @app.post(PAGES["tokens"], include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def act(request: Request, who: Annotated[Caller, Depends(signin.caller)], sent: Sent) -> Response:
        allow(who, "people.edit")
        try:
            if first(sent, "aksi") == "revoke":
                administration.sure(sent, first(sent, "akun"))
                accounts.revoke_token(desk.office.store, who, first(sent, "awalan"), account=first(sent, "akun"))
                return RedirectResponse(f"{PAGES['tokens']}?selesai=ya", 303)
            token, secret = _make(desk, who, sent)
        except Problem as problem:
            if problem.code in administration.PAGES_OF_THEIR_OWN:
                raise
            return _page(request, desk, who, problem, sent=sent)
        # The secret is shown in this answer alone: no address and no log holds it.
        return _page(request, desk, who, made=token, secret=secret)


def _make(desk: Desk, who: Caller, sent: Values) -> tuple[Token, str]:
    days = first(sent, "hari")
    number = int(days) if days.isascii() and days.isdecimal() and len(days) < 4 else 0  # 0 is told as any other
    return accounts.make_token(desk.office.store, who, first(sent, "akun").lower(), first(sent, "label"),
                               sent.get("cakupan", []), area=first(sent, "wilayah"), days=number)  # fmt: skip


def _page(request: Request, desk: Desk, who: Caller, problem: Problem | None = None, *, sent: Values | None = None,
          made: Token | None = None, secret: str = "") -> Response:  # fmt: skip
    allow(who, "people.edit")
    say, sent = strings(view.language(request, who)), sent or {}
    names = {"akun": say.say("sign.account"), "label": say.say("token.label"), "cakupan": say.say("token.scopes"),
             "wilayah": say.say("nav.area"), "hari": say.say("token.days")}  # fmt: skip
    making = first(sent, "aksi") != "revoke"
    found = administration.broken(problem, say, names if making else {"akun": names["akun"]}) if problem else {}
    with desk.office.store.reading() as connection:
        reached = people_reads.tokens_of_reached(connection, who)
    desk.office.journal.write(who, "token.see", area=smallest(accounts.reach(who).codes), count=len(reached))
    now = desk.office.store.clock()
    holding = [own for own in reached if own.usable(now)]
    prefixes = [own.prefix for own in holding]
    revoked = first(sent, "awalan") if not making else ""
    acted = f"token-{prefixes.index(revoked) + 1}" if revoked in prefixes else ""
    typed = {name: first(sent, name) if making else "" for name in ("akun", "label", "wilayah", "hari")}
    return view.page(request, desk, "tokens.html", title=say.say("admin.tokens"), who=who, secret=True, broken=found,
                     making=making, error=problem is not None, status=problem.status if problem else 200,
                     acted=acted, retyped=first(sent, "ulang"), rows=[_row(own, now, say) for own in holding],
                     links=administration.links(found, acted, names if making else ()),
                     gone=[_row(own, now, say) for own in reached if not own.usable(now)], names=names,
                     typed=typed | {"hari": typed["hari"] or str(USUAL_DAYS)}, chosen=sent.get("cakupan", []),
                     scopes=[(scope, say.say(f"scope.{scope}")) for scope in SCOPES], made=made, shown=secret,
                     until=_day(made.expires, say) if made else "",
                     idle=made is not None and accounts.rightless(desk.office.store, made), most=MOST_DAYS,
                     done="selesai" in request.query_params, tabs_=administration.tabs(who, say))  # fmt: skip


def _row(own: Token, now: datetime, say: Strings) -> dict[str, Any]:
    state = "revoked" if own.revoked else "holds" if own.usable(now) else "expired"
    return {"prefix": own.prefix, "account": own.account, "label": own.label, "area": places.name(own.area, say),
            "scopes": [say.say(f"scope.{scope}") for scope in SCOPES if scope in own.scopes],
            "state": say.say(f"token.{state}"), "until": _day(own.expires, say),
            "days": (day_of(own.expires) - day_of(now)).days,
            "used": administration.moment(own.last_used, say)}  # fmt: skip


def _day(moment: datetime, say: Strings) -> str:
    return formats.date(moment, say.language)
