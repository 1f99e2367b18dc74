"""The BentoML service: carries the API, and says when a model is ready."""

from __future__ import annotations

import logging
import os
import sys
from functools import partial

os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")  # read when bentoml is imported
# Read when the server starts, after this: it believes X-Forwarded-For of everybody on this machine otherwise, and
# whom to believe is said by JAGA_PROXIES alone (`serving.gate`).
os.environ["FORWARDED_ALLOW_IPS"] = ""

import bentoml

from serving import seen
from serving.app import build, warm
from serving.champion import from_environment
from serving.console.ahead import Ahead
from serving.front import Front
from serving.log_lines import Lines
from serving.problems import Problem
from serving.store import schema
from serving.store.engine import open_store


def _log_to_stdout() -> None:
    """BentoML sets up its own loggers and turns all others down to warnings; of its own only those are of use here.

    What it says of itself (that it starts, which hook it runs) `jaga serve` has said in the words of this project.
    """
    logging.getLogger("bentoml").setLevel(logging.WARNING)
    log = logging.getLogger("jaga")
    if not log.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(Lines())
        log.addHandler(handler)
        log.setLevel(logging.INFO)
        log.propagate = False


_log_to_stdout()
_store = open_store()
try:
    schema.prepare(_store)
except Problem as problem:  # reading goes on without the database, and it may come back
    logging.getLogger("jaga").warning("the database cannot be used: %s", problem.code)
champion = from_environment(warm, partial(seen.check, _store))
_app = build(champion, _store)
_ahead = Ahead(_app.state.desk)


async def app(scope: object, receive: object, send: object) -> None:
    """The API as a plain ASGI app: BentoML looks for routes in a FastAPI app and answers unknown paths itself."""
    await _app(scope, receive, send)  # type: ignore[arg-type]


@bentoml.service(
    name="jaga",
    workers=int(os.environ.get("JAGA_WORKERS") or 1),
    traffic={"timeout": 60},
    # These print, label or follow requests by their path, and a path may hold a household's code; serving.front has
    # its own figures and log.
    logging={"access": {"enabled": False}},
    metrics={"enabled": False},
    tracing={"excluded_urls": ".*"},
)
@bentoml.asgi_app(app, path="/")
class Jaga:
    """Risk of falling below the poverty line, explained."""

    def __init__(self) -> None:
        # A worker that takes the place of a lost one shares its socket: it must not answer before it has a model.
        champion.refresh()
        champion.start()
        _ahead.start()

    async def __is_ready__(self) -> bool:
        """Whether a model is loaded and warm."""
        return champion.current is not None

    @bentoml.on_shutdown  # type: ignore[untyped-decorator]
    def close(self) -> None:
        """Follow the champion and the published scores no longer."""
        champion.stop()
        _ahead.stop()
        _app.state.office.close()
        _store.close()


Jaga.add_asgi_middleware(Front)  # type: ignore[attr-defined] # the decorator made a service of it
