"""The library of the simulation: schemes and shocks with whom they reach, what they cost and do, and every source."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from models.schemes import described, library
from serving.access import signin
from serving.access.rights import Caller, allow, may
from serving.console import view
from serving.console.asked import Asked
from serving.console.strings import strings
from serving.console.view import Desk


def add(app: FastAPI, desk: Desk) -> None:
    """Add the page."""

    @app.get("/skenario/pustaka", include_in_schema=False)
    def see(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "scenario.see")
        say, asked = strings(view.language(request, who)), Asked(request, ())
        return view.page(
            request, desk, "scheme_library.html", title=say.say("scen.library"), who=who, unknown=asked.unknown,
            parts=[(say.say("scen.library.schemes"), [described.scheme(own, say.language)
                                                      for own in library.schemes()]),
                   (say.say("scen.library.shocks"), [described.shock(own, say.language)
                                                     for own in library.shocks()])],
            build=may(who, "scenario.edit"), crumbs=((say.say("nav.simulation"), "/skenario"),))  # fmt: skip
