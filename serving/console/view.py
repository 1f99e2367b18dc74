"""From a template and what it needs to an answer: language, navigation, freshness, and the caching that pages allow."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from models.text import LANGUAGES, Language
from serving.access.rights import Caller, may
from serving.champion import Champion
from serving.console import assets, formats, places
from serving.console.strings import Strings, strings
from serving.office import Office
from serving.problems import language_of
from serving.scores.area_figures import Kept
from serving.scores.published import Published
from serving.scores.scores import Scores

COOKIE = "bahasa"
NAV = (("overview", "/ikhtisar", ("overview.see",), ""), ("households", "/keluarga", ("household.see",), "keluarga"),
       ("lists", "/daftar", ("list.see_totals",), "daftar"),
       ("visits", "/kunjungan", ("visit.record", "visit.close"), "kunjungan"),
       ("objections", "/sanggah", ("objection.open", "objection.decide"), "sanggahan"),
       ("simulation", "/skenario", ("scenario.see",), "skenario"), ("model", "/model", ("model.see",), "model"),
       ("compass", "/kompas", ("model.see",), "kompas"), ("admin", "/admin/orang", ("people.edit",), "orang"),
       ("audit", "/admin/audit", ("audit.own",), "daftar"), ("help", "/bantuan", (), "bantuan"))  # fmt: skip
"""Name, address, acts of which one opens it, icon. What has no route yet is not shown."""
MORE = frozenset({"model", "compass", "admin", "audit", "help"})
"""Names that stand folded under "Lainnya" where the menu is one line."""
MONTHS_A_PERIOD = 3


@dataclass
class Desk:
    """What the pages stand on.

    office : database, score store, model, journal and the day.
    """

    app: FastAPI
    office: Office
    kept: Kept = field(default_factory=Kept)

    @property
    def published(self) -> Published:
        """The score store."""
        return self.office.published

    @property
    def champion(self) -> Champion:
        """The model that answers."""
        return self.office.champion

    @property
    def synthetic(self) -> bool:
        """Whether anything that a page may show is made up."""
        scores, loaded = self.published.current(), self.champion.current
        return bool((scores and scores.synthetic) or (loaded and loaded.synthetic))

    def has(self, path: str) -> bool:
        """Whether the app has a page at a path."""
        return path in _paths(self.app)


def _paths(app: FastAPI) -> frozenset[str]:
    known: frozenset[str] | None = getattr(app.state, "paths", None)
    if known is None:
        known = app.state.paths = frozenset(getattr(route, "path", "") for route in app.routes)
    return known


def language(request: Request, who: Caller | None = None) -> Language:
    """What is asked for (`?bahasa=`), or was last on this machine, else that of the account, else of the browser."""
    for chosen in (request.query_params.get(COOKIE), request.cookies.get(COOKIE)):
        for known in LANGUAGES:
            if chosen == known:
                return known
    return who.language if who else language_of(request.headers.get("accept-language", ""))


@cache
def environment() -> Environment:
    """The templates; what is undefined in one is an error."""
    made = Environment(loader=PackageLoader("serving.console"), autoescape=True, undefined=StrictUndefined,
                       trim_blocks=True, lstrip_blocks=True)  # fmt: skip
    made.filters |= {"whole": formats.whole, "inside": formats.inside}
    made.globals |= {"asset": assets.address, "code": formats.code}
    return made


def page(request: Request, desk: Desk, template: str, *, title: str, who: Caller | None = None, status: int = 200,
         crumbs: tuple[tuple[str, str], ...] = (), secret: bool = False, live: bool = False,
         error: bool = False, spoken: Language | None = None, of: str = "", **values: Any) -> Response:  # fmt: skip
    """A page, or only its block where htmx asks for it.

    Parameters
    ----------
    title : its heading. crumbs : names and addresses above it. secret : it tells of one household, and no cache may
        keep it. live : parts of it are renewed by htmx, which is loaded only then: it keeps the path of the page in the
        browser's session storage, so a page of one household does without.
    error : an error that a person reads; the middleware leaves it as it is.
    of : what tells the page from others with that heading, in the title of its tab: an area, a step, a family's code.
    spoken : language of the page; without it that of `who`, who is not given where no page of the console is open yet.
    """
    if request.method == "GET" and not error and "bahasa" in request.query_params:
        return _remembered(request)
    say = strings(spoken or language(request, who))
    scores = desk.published.current()
    whole = f"{title}: {of}" if of else title
    context: dict[str, Any] = {
        "say": say, "t": say.html, "lang": say.language, "who": who, "title": title, "crumbs": crumbs,
        "tab_title": say.say("error.title", page=whole) if error else whole, "synthetic": desk.synthetic,
        "nav": _navigation(desk, who, request.url.path, say), "areas": _areas(who, say),
        "other": {"id": "en", "en": "id"}[say.language], "language_link": _with(request, bahasa=""),
        "stale": stale(scores, desk, say), "scores": scores, "source": scores and source(scores.run.manifest["bundle"]
        ["name"], scores.as_of, say), "contact": os.environ.get("JAGA_CONTACT")
        or say.say("foot.contact"), "date": lambda day: formats.date(day, say.language),
        "quarter": lambda own, short=False: formats.quarter(own, say.language, short=short),
        "number": lambda value, decimals=0: formats.number(value, say.language, decimals),
        "about": lambda value: "" if value is None else formats.about(value, say.language),
        "out_of": lambda p: formats.out_of(p, say.language),
        "area": lambda own: places.name(own, say), "here": request.url.path, "signed": who is not None,
        "idle_path": "/masuk/tetap" if desk.has("/masuk/tetap") else "", "leave_path": "/keluar"
        if desk.has("/keluar") else "", "secret": secret, "live": live, "has": desk.has,
    }  # fmt: skip
    # The summary above a form: what is wrong, each with the way to its field.
    context["links"] = [(name or "main", told) for name, told in (values.get("broken") or {}).items()]
    # The same template either way: htmx gets what stands in the frame, without the frame.
    context["layout"] = "block.html" if request.headers.get("hx-request") == "true" else "base.html"
    text = environment().get_template(template).render(context | values)
    request.scope["jaga_page"] = True
    return HTMLResponse(text, status, {"Cache-Control": "no-store" if secret or who else "private, no-cache",
                                       "Vary": "HX-Request, Cookie, Accept-Language",
                                       "Content-Language": say.language})  # fmt: skip


def _remembered(request: Request) -> Response:
    """`?bahasa=en` on any page: kept in a cookie, and back to the same address without it."""
    answer = RedirectResponse(request.url.path + _with(request, bahasa="").rstrip("?&"), 303)
    remember(request, answer)
    return answer


def remember(request: Request, answer: Response) -> None:
    """Keep the language that is asked for (`?bahasa=`), if one is."""
    chosen = request.query_params.get(COOKIE, "")
    if chosen in LANGUAGES:
        answer.set_cookie(COOKIE, chosen, max_age=31536000, httponly=True, samesite="lax",
                          secure=request.url.scheme == "https")  # fmt: skip


def office(say: Strings) -> str:
    """Place and hours for objections and questions of families."""
    return os.environ.get("JAGA_OFFICE") or say.say("report.office")


def stale(scores: Scores | None, desk: Desk, say: Strings) -> str:
    """The warning of a run that is too old, empty where it is not."""
    if scores is None or not scores.expired(desk.office.today):
        return ""
    days = (desk.office.today - scores.as_of).days
    return say.say("strip.stale", date=formats.date(scores.as_of, say.language), n=formats.number(days, say.language))


def age(scores: Scores, desk: Desk, say: Strings) -> str:
    """Days since the date of the scores, in words."""
    return say.say("unit.days", n=formats.number(max(0, (desk.office.today - scores.as_of).days), say.language))


def source(bundle: str, day: datetime.date, say: Strings) -> str:
    """Which model the scores of a page are of, and as of when."""
    return say.say("foot.version", model=bundle, date=formats.date(day, say.language))


def within(scores: Scores, desk: Desk, say: Strings) -> str:
    """The horizon of the scores in words: "within 12 months"."""
    periods = int(scores.run.manifest["bundle"].get("horizon") or 4)
    yearly = bool(desk.champion.current and desk.champion.current.bundle.schema.get("frequency") == "year")
    return say.say("unit.within", n=periods * (12 if yearly else MONTHS_A_PERIOD))


def _navigation(desk: Desk, who: Caller | None, path: str, say: Strings) -> list[Mapping[str, Any]]:
    if who is None:
        return []
    shown = [(name, href, icon) for name, href, acts, icon in NAV
             if desk.has(href) and (not acts or any(may(who, act) for act in acts))]  # fmt: skip
    own = "/admin/audit" if path == "/admin/audit" else "/admin/orang" if path.startswith("/admin/") else path
    return [{"text": say.say(f"nav.{name}"), "href": href, "icon": icon or "peta", "more": name in MORE,
             "here": own == href or own.startswith(f"{href}/")} for name, href, icon in shown]  # fmt: skip


def _areas(who: Caller | None, say: Strings) -> list[tuple[str, str]]:
    """Areas of the caller: code and name, each once."""
    if who is None:
        return []
    return [(code, places.name(code, say)) for code in dict.fromkeys(grant.area for grant in who.grants)]


def _with(request: Request, **changes: str) -> str:
    """Query of this page with other values, ready for one more `key=value` at its end."""
    kept = [(key, value) for key, value in request.query_params.multi_items() if key not in changes]
    return f"?{urlencode(kept)}&" if kept else "?"
