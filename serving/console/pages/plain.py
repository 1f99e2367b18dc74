"""Pages of words: help and personal data."""

from __future__ import annotations

import os
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from serving.access import signin
from serving.access.rights import Caller
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
        legend = telling.legend(scores.labels, say) if scores else []
        return view.page(request, desk, "help.html", title=say.say("help.title"), who=who, terms=TERMS, legend=legend)

    # Whoever is written about may read it: no account is needed.
    @app.get("/data-pribadi", include_in_schema=False)
    def privacy(request: Request) -> Response:
        say = strings(view.language(request))
        return view.page(request, desk, "privacy.html", title=say.say("privacy.title"), office=view.office(say),
                         controller=os.environ.get("JAGA_CONTROLLER", ""))  # fmt: skip
