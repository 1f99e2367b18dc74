"""What the `type` of a problem leads to: its sentence, its status, and the rules that a field may break."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from starlette.responses import Response

from models.text import LANGUAGES
from serving.console import view
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import PROBLEMS, RULES, TYPES, Problem, type_of

RULED = ("invalid", "bad_query")
"""Problems that name fields and the rules they break."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the pages; they hold no data, and who met a problem may not be signed in."""
    codes = {type_of(code): code for code in PROBLEMS}

    @app.get(TYPES, include_in_schema=False)
    def every(request: Request) -> Response:
        say = strings(view.language(request))
        return view.page(request, desk, "problems.html", title=say.say("problem.all"),
                         rows=[_told(code, say) for code in PROBLEMS])  # fmt: skip

    @app.get(TYPES + "/{name}", include_in_schema=False)
    def one(request: Request, name: str) -> Response:
        code = codes.get(f"{TYPES}/{name}")
        if code is None:
            raise Problem("not_found")
        say = strings(view.language(request))
        at = LANGUAGES.index(say.language)
        rules = [(rule, words[at]) for rule, words in RULES.items()] if code in RULED else []
        return view.page(request, desk, "problem.html", title=say.say("problem.one", code=code),
                         crumbs=((say.say("problem.all"), TYPES),), own=_told(code, say), rules=rules)  # fmt: skip


def _told(code: str, say: Strings) -> dict[str, Any]:
    problem = Problem(code)
    return {"code": code, "type": type_of(code), "status": problem.status, "title": problem.title(say.language)}
