"""An error that a person reads: the same sentence as the problem details, with a way on."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from serving.access.gate import gate_of
from serving.console import view
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Problem

AGAIN = ("busy", "read_only", "too_many_requests")
"""Problems that may be over when the same page is asked for once more."""
_MACHINES = ("/v1/", "/docs", "/openapi.json", "/metrics", "/static/")


def wanted(request: Request) -> bool:
    """Whether whoever asks is a person before a browser and not a program."""
    return not request.url.path.startswith(_MACHINES) and "text/html" in request.headers.get("accept", "")


def _way(request: Request, problem: Problem, say: Strings) -> tuple[str, str] | None:
    """Address and words of what may help: the form whose answers were kept, the same page once more, the scenario."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if problem.code == "form_kept":
        return here, say.say("error.again.form")
    if problem.code in AGAIN and request.method == "GET":
        return here, say.say("btn.retry")
    if problem.code in ("not_lived", "older_result"):
        return f"/skenario/{problem.values['no']}", say.say("error.scenario", no=problem.values["no"])
    return None


def page(request: Request, desk: Desk, problem: Problem) -> Response:
    """The problem as a page; who is signed in keeps the navigation, the name and the way out."""
    who = gate_of(request).signed_in(request)
    say = strings(view.language(request, who))
    keys = (f"error.head.{problem.code}", f"error.head.{problem.status}")
    head = say.say(next(filter(say.has, keys), f"error.head.{'500' if problem.status >= 500 else '400'}"))
    answer = view.page(request, desk, "error.html", title=head, who=who, status=problem.status, error=True,
                       secret=who is None, sentence=problem.sentence(say.language),
                       way=_way(request, problem, say), kept=problem.code == "form_kept",
                       unknown=getattr(request.state, "unknown", ()),
                       reference=request.scope.get("jaga_number", "-"))  # fmt: skip
    answer.headers.update(problem.headers)
    view.remember(request, answer)
    return answer
