"""Signing in and out: with a password or at a provider, the first change of the password, staying signed in."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from starlette.responses import RedirectResponse, Response

from serving.access import signin
from serving.access.rights import Caller
from serving.access.signin import Entry
from serving.console import forms, view
from serving.console.forms import Sent, typed
from serving.console.strings import strings
from serving.console.view import Desk
from serving.faults import Faults
from serving.problems import Problem

OFFICE = "/masuk/instansi"
_FIELDS = {"old": "lama", "new": "baru", "again": "ulang"}


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/masuk", include_in_schema=False)
    def form(request: Request, ke: str = "", hilang: str = "") -> Response:
        return _form(request, desk, onward=ke, lost=hilang == "ya")

    @app.post("/masuk", include_in_schema=False, dependencies=[Depends(signin.same_origin)])
    def enter(request: Request, sent: Sent) -> Response:
        akun, sandi, ke = (typed(sent, name) for name in ("akun", "sandi", "ke"))
        try:
            _filled(akun=akun, sandi=sandi)
            entry = signin.enter(request, akun, sandi)
        except Problem as problem:
            return _form(request, desk, problem, akun, ke)
        return _entered(request, entry, ke)

    _add_provider(app, desk)
    _add_change(app, desk)

    @app.post("/masuk/tetap", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def stay(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        signin.stay(request, who)
        # The script of the page stays where it is; who has no script goes to the start.
        if "text/html" in request.headers.get("accept", ""):
            return RedirectResponse("/ikhtisar", 303)
        return Response(status_code=204)

    @app.post("/keluar", include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def leave(request: Request, who: Annotated[Caller, Depends(signin.caller_changing)]) -> Response:
        say = strings(view.language(request, who))
        answer = RedirectResponse("/masuk", 303)
        provider = signin.leave(request, who, answer)
        if not provider:
            return answer
        # The policy lets no form lead to another host, so the way to the provider's own sign-out is a link.
        page = view.page(request, desk, "signed_out.html", title=say.say("sign.out"), spoken=say.language,
                         provider=provider)  # fmt: skip
        page.headers.append("Set-Cookie", answer.headers["set-cookie"])
        return page


def _add_provider(app: FastAPI, desk: Desk) -> None:
    """The way to a provider of identities, and back from it."""

    @app.get(OFFICE, include_in_schema=False)
    def away(request: Request, ke: str = "") -> Response:
        try:
            return signin.start_provider(request, ke)
        except Problem as problem:
            if problem.code == "not_found":
                raise
            return _form(request, desk, problem, onward=ke)

    @app.get("/masuk/kembali", include_in_schema=False)
    def back(request: Request) -> Response:
        try:
            entry, onward = signin.finish_provider(request)
        except Problem as problem:
            if problem.code == "not_found":
                raise
            return _form(request, desk, problem)
        return _entered(request, entry, onward)


def _add_change(app: FastAPI, desk: Desk) -> None:
    """The change of a password, which the first one asks for before all else."""

    @app.get(signin.CHANGE, include_in_schema=False)
    def changing(request: Request, who: Annotated[Caller, Depends(signin.caller_changing)], ke: str = "") -> Response:
        return _change(request, desk, who, onward=ke)

    @app.post(signin.CHANGE, include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def change(request: Request, who: Annotated[Caller, Depends(signin.caller_changing)], sent: Sent) -> Response:
        try:
            entry = signin.change_password(request, who, typed(sent, "lama"), typed(sent, "baru"), typed(sent, "ulang"))
        except Problem as problem:
            return _change(request, desk, who, problem, typed(sent, "ke"))
        return _entered(request, entry, typed(sent, "ke"))


def _filled(**fields: str) -> None:
    """Refuse empty fields before anything is tried: Problem `invalid`."""
    faults = Faults()
    for name, text in fields.items():
        if not text.strip():
            faults.tell(name, "required")
    faults.refuse()


def _entered(request: Request, entry: Entry, onward: str) -> Response:
    onward = signin.safe_path(onward)
    answer = RedirectResponse(signin.by_way_of(signin.CHANGE, onward) if entry.must_change else onward, 303)
    signin.remember(request, answer, entry)
    return answer


def _form(request: Request, desk: Desk, problem: Problem | None = None, account: str = "",
          onward: str = "", lost: bool = False) -> Response:  # fmt: skip
    """The sign-in page; what was typed as a password is never in it. lost : whether a form was sent whose answers are
    not kept."""
    say, broken = strings(view.language(request)), dict[str, str]()
    names = {"akun": say.say("sign.account"), "sandi": say.say("sign.password")}
    if problem is not None:
        # Where nothing was typed it was the provider, and no field is wrong.
        field = "akun" if request.method == "POST" else "instansi"
        broken = (forms.broken(problem, say, {}, names) if problem.code == "invalid"
                  else {field: problem.sentence(say.language)})  # fmt: skip
    answer = view.page(request, desk, "sign_in.html", title=say.say("sign.title"), account=account[:64],
                       **_leading(onward, lost), secret=True, lost=lost,
                       status=problem.status if problem else 200, error=problem is not None,
                       broken=broken, names=names, kept=signin.keeps(request),
                       provider=OFFICE if signin.has_provider(request) else "")  # fmt: skip
    answer.headers.update(problem.headers if problem else {})
    return answer


def _leading(onward: str, lost: bool = False) -> dict[str, Any]:
    """Where a form leads on to, if anywhere, which its page in the other language keeps, as that answers are `lost`."""
    onward = signin.safe_path(onward) if onward else ""
    kept = ({"ke": onward} if onward else {}) | ({"hilang": "ya"} if lost else {})
    return {"onward": onward, "language_link": f"?{urlencode(kept)}&" if kept else "?"}


def _change(request: Request, desk: Desk, who: Caller, problem: Problem | None = None,
            onward: str = "") -> Response:  # fmt: skip
    say, broken = strings(view.language(request, who)), dict[str, str]()
    names = {"lama": say.say("pass.old"), "baru": say.say("pass.new"), "ulang": say.say("pass.again")}
    if problem is not None:  # that the old one is wrong, or has to wait, is a matter of its field
        broken = (forms.broken(problem, say, _FIELDS, names) if problem.code == "invalid"
                  else {"lama": problem.sentence(say.language)})  # fmt: skip
    answer = view.page(request, desk, "password.html", title=say.say("pass.title"), spoken=say.language,
                       account=who.account, csrf=who.csrf, broken=broken, status=problem.status if problem else 200,
                       error=bool(broken), secret=True, names=names, **_leading(onward))  # fmt: skip
    answer.headers.update(problem.headers if problem else {})
    return answer
