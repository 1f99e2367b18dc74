"""All routes of the product in one ASGI app, which BentoML carries at `/`."""

from __future__ import annotations

import json

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from models.text import Language
from serving import openapi, pages
from serving.access import signin
from serving.api import every, routes, score
from serving.champion import Champion, Loaded
from serving.console import errors
from serving.console import routes as console
from serving.example import for_model
from serving.office import Office
from serving.problems import MEDIA_TYPE, Problem, language_of, of_status
from serving.requests import NATION
from serving.settings import read as read_settings
from serving.store.engine import Store


def build(champion: Champion, store: Store, office: Office | None = None) -> FastAPI:
    """The app over a model that may be replaced at any moment, and over a database that may be away.

    office : one of its own is made of the settings of the environment without it.
    """
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.office = office = office or Office.of(store, champion, read_settings())
    signin.install(app, store)
    described = openapi.document()
    score.add(app, office)
    routes.add(app, office, every.ROUTES)

    @app.get("/openapi.json")
    async def document() -> Response:
        return Response(described, media_type="application/json", headers={"Cache-Control": "no-cache"})

    pages.add(app)
    console.add(app, office)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _bare)
    return app


def warm(loaded: Loaded) -> None:
    """Take a model through whole requests, so that everything it needs has been imported and made."""
    body = json.dumps(for_model(loaded.bundle)).encode()
    for _ in range(3):
        (done,) = score.respond(loaded, [(body, NATION, True)], b"a key for a made-up family")
        if isinstance(done, Exception):
            raise done
        if done[1]["households"] != 1:
            raise RuntimeError("the made-up family got no answer")


def _problem(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else Problem("internal")
    if errors.wanted(request):
        return errors.page(request, request.app.state.desk, problem)
    accepted = request.headers.get("accept-language")
    # Who names no language gets that of the account, where it is known already.
    own: Language = getattr(request.state, "language", "id")
    language = language_of(accepted) if accepted else own
    return Response(problem.body(language), problem.status, media_type=MEDIA_TYPE,
                    headers={"Content-Language": language, "Vary": "Accept-Language", **problem.headers})  # fmt: skip


def methods(request: Request) -> set[str]:
    """Methods that the path of a request takes, by all routes."""
    return {method for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE
            for method in getattr(route, "methods", None) or ()}  # fmt: skip


def _bare(request: Request, error: Exception) -> Response:
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
    problem = of_status(status)
    problem.headers.update(headers or {})
    if problem.code == "method":  # the library names those of one route, where a path may have several
        problem.headers["Allow"] = ", ".join(sorted(methods(request)))
    return _problem(request, problem)
