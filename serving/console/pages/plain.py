"""Pages of words: help, personal data, and the template of the sign-in page."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from serving import signin
from serving.access import Caller
from serving.console import telling, view
from serving.console.strings import strings
from serving.console.view import Desk

TERMS = ("line", "relapse", "first", "unknown", "range")


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages."""

    @app.get("/bantuan", include_in_schema=False)
    def help_page(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        say = strings(view.language(request, who))
        scores = desk.published.current()
        legend = telling.legend(scores.labels, say) if scores and scores.labels else []
        return view.page(request, desk, "help.html", title=say.say("help.title"), who=who, terms=TERMS, legend=legend)

    # Whoever is written about may read it: no account is needed.
    @app.get("/data-pribadi", include_in_schema=False)
    def privacy(request: Request) -> Response:
        say = strings(view.language(request))
        return view.page(request, desk, "privacy.html", title=say.say("privacy.title"))


def sign_in(request: Request, desk: Desk, *, status: int = 200, problem: str = "", account: str = "", csrf: str = "",
            onward: str = "", provider: str = "") -> Response:  # fmt: skip
    """The sign-in page, for the routes that sign people in.

    Parameters
    ----------
    problem : what went wrong, in the reader's language; empty at first. account : what was typed, never the password.
    csrf : token of the form. onward : where to go after. provider : address that begins the sign-in of an office.
    """
    say = strings(view.language(request))
    return view.page(request, desk, "sign_in.html", title=say.say("sign.title"), status=status, problem=problem,
                     account=account, csrf=csrf, onward=onward, provider=provider, error=bool(problem))  # fmt: skip
