"""Administration: people and their rights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

from fastapi import Depends, FastAPI, Request
from starlette.responses import RedirectResponse, Response

from serving.access import accounts, people_reads, signin
from serving.access.rights import ROLES, Caller, Grant, Role, allow, area_named, known_area, smallest
from serving.console import administration, forms, view
from serving.console.administration import PAGES
from serving.console.asked import Asked
from serving.console.forms import Sent, Values, first
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.faults import Faults
from serving.problems import Broken, Problem
from serving.store.people import Person, broken

ROWS = 25
DANGEROUS = ("lock", "reset", "revoke", "tie")
"""Acts that are confirmed by typing the account."""
PASSWORD, PROVIDER, NOTHING = "sandi", "instansi", "token"
"""How somebody signs in: with a password, at the provider, or not at all and only holds tokens."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the page."""

    @app.get(PAGES["people"], include_in_schema=False)
    def everyone(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        return _page(request, desk, who)

    @app.post(PAGES["people"], include_in_schema=False, dependencies=[Depends(signin.csrf)])
    def act(request: Request, who: Annotated[Caller, Depends(signin.caller)], sent: Sent) -> Response:
        allow(who, "people.edit")
        try:
            secret = _act(request, desk, who, sent)
        except Problem as problem:
            if problem.code in administration.PAGES_OF_THEIR_OWN:
                raise
            return _page(request, desk, who, problem, sent=sent)
        # A first password is shown in this answer alone: no address and no log holds it.
        if secret:
            return _page(request, desk, who, secret=secret, account=first(sent, "akun"))
        end = forms.address({"cari": first(sent, "akun").lower()}, selesai="ya")
        return RedirectResponse(f"{PAGES['people']}?{end}", 303)


def _act(request: Request, desk: Desk, who: Caller, sent: Values) -> str | None:
    """Do what a form asks; a first password where one was made."""
    store, account, act = desk.office.store, first(sent, "akun").lower(), first(sent, "aksi")
    if act in DANGEROUS:
        administration.sure(sent, account)
    if act == "add":
        return _add(request, desk, who, account, sent)
    if act == "reset":
        return accounts.reset(store, who, account)
    provider = signin.provider_of(request)
    if act == "tie" and provider:
        accounts.tie(store, who, account, provider, first(sent, "subjek") or None)
        return None
    if act in ("lock", "unlock"):
        (accounts.lock if act == "lock" else accounts.unlock)(store, who, account)
    elif act in ("grant", "revoke"):
        (accounts.grant if act == "grant" else accounts.revoke)(store, who, account, _grant(sent, act))
    else:
        raise Problem("bad_request")
    return None


def _add(request: Request, desk: Desk, who: Caller, account: str, sent: Values) -> str | None:
    way, provider = first(sent, "masuk") or PASSWORD, signin.provider_of(request)
    if way not in (PASSWORD, NOTHING) and not (way == PROVIDER and provider):
        raise Problem("invalid", [*broken(account, first(sent, "nama")).broken, Broken("masuk", "choice")])
    outside = provider if way == PROVIDER else None
    return accounts.add(desk.office.store, who, account, first(sent, "nama"), signs_in=way == PASSWORD,
                        issuer=outside, subject=(first(sent, "subjek") or None) if outside else None)[1]  # fmt: skip


def _grant(sent: Values, act: str) -> Grant:
    """The right that is given or taken. The nation is given by its word alone: a field left empty must not open it."""
    role, text = first(sent, "peran"), first(sent, "wilayah").strip().upper()
    area = area_named(text)
    faults = Faults() if role in ROLES else Faults([Broken("role", "choice")])
    if not known_area(area) or (act == "grant" and not text):
        faults.tell("area", "area_right")
    faults.refuse()
    return Grant(cast(Role, role), area)


def _page(request: Request, desk: Desk, who: Caller, problem: Problem | None = None, *, secret: str = "",
          account: str = "", sent: Values | None = None) -> Response:  # fmt: skip
    allow(who, "people.edit")
    say, sent = strings(view.language(request, who)), sent or {}
    names = {"akun": say.say("sign.account"), "nama": say.say("admin.name"), "masuk": say.say("admin.way"),
             "subjek": say.say("admin.subject")}  # fmt: skip
    found = administration.broken(problem, say, names) if problem else {}
    adding = first(sent, "aksi") == "add"
    asked = Asked(request, ("cari", "setelah", "selesai"))
    # After an act on somebody the page shows them, and not all.
    wanted = account or (first(sent, "akun") if sent and not adding else asked.query.get("cari", ""))
    with desk.office.store.reading() as connection:
        reached = people_reads.reached(connection, who)
    met = sorted((own for own in reached if _met(*own, wanted, say)), key=lambda own: own[0].account)
    left = [own for own in met if own[0].account > asked.query.get("setelah", "")]
    shown = left[:ROWS]
    desk.office.journal.write(who, "people.see", area=smallest(accounts.reach(who).codes), count=len(shown))
    rows = [{"account": own.account, "name": own.name, "locked": own.locked, "outside": own.issuer is not None,
             "bare": own.issuer is None and own.password is None,
             "seen": administration.moment(own.last_seen, say), "grants": [
                 {"role": grant.role, "area": grant.area, "text": administration.grant(grant, say)}
                 for grant in grants]} for own, grants in shown]  # fmt: skip
    acted = "" if adding or not sent else _acted(rows, sent)
    after = (f"{PAGES['people']}?{forms.address({'cari': wanted}, setelah=shown[-1][0].account)}"
             if len(left) > ROWS else "")  # fmt: skip
    return view.page(request, desk, "people.html", title=say.say("admin.people"), who=who, secret=True, rows=rows,
                     roles=[(role, administration.role(role, say)) for role in ROLES], adding=adding, acted=acted,
                     broken=found, links=administration.links(found, acted, names if adding else ()),
                     error=problem is not None, status=problem.status if problem else 200, made=secret, account=account,
                     done="selesai" in request.query_params, tabs_=administration.tabs(who, say), names=names,
                     typed={name: first(sent, name) for name in ("akun", "nama", "masuk", "subjek", "peran",
                                                                "wilayah", "ulang")},
                     ways=_ways(request, say), wanted=wanted, total=len(met), everyone=len(reached), after=after,
                     unknown=asked.unknown)  # fmt: skip


def _acted(rows: Sequence[Mapping[str, Any]], sent: Values) -> str:
    """Which form of which person on the page was sent: `2-grant`, `1-revoke-3`; empty where it is not there."""
    act = first(sent, "aksi")
    for at, own in enumerate(rows, start=1):
        if own["account"] == first(sent, "akun").lower():
            rights = [(grant["role"], grant["area"]) for grant in own["grants"]]
            right = (first(sent, "peran"), first(sent, "wilayah"))
            if act != "revoke":
                return f"{at}-{act}"
            return f"{at}-{act}-{rights.index(right) + 1}" if right in rights else ""
    return ""


def _met(own: Person, grants: Sequence[Grant], wanted: str, say: Strings) -> bool:
    """Whether all words that are looked for stand in the account, the name or the rights, as the page writes them."""
    text = " ".join([own.account, own.name, *(administration.grant(grant, say) for grant in grants)]).casefold()
    return all(word in text for word in wanted.casefold().split())


def _ways(request: Request, say: Strings) -> list[tuple[str, Any]]:
    ways = [PASSWORD, PROVIDER, NOTHING] if signin.has_provider(request) else [PASSWORD, NOTHING]
    return [(way, say.say(f"admin.way.{way}")) for way in ways]
