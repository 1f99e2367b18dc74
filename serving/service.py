"""The BentoML service: carries the API, and says when a model is ready."""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING

os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")  # read when bentoml is imported
# Read when the server starts, after this: it believes X-Forwarded-For of everybody on this machine otherwise, and
# whom to believe is said by JAGA_PROXIES alone (`serving.access.gate`).
os.environ["FORWARDED_ALLOW_IPS"] = ""

import bentoml

from features.commands import UserError
from serving import settings
from serving.front import Front
from serving.log_lines import Lines
from serving.problems import Problem
from serving.store import schema
from serving.store.engine import Store, open_store
from serving.terminal import told

if TYPE_CHECKING:
    from serving.running import Running


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


def _database() -> Store:
    store = open_store()
    try:
        schema.prepare(store)
    except Problem as problem:  # reading goes on without the database, and it may come back
        logging.getLogger("jaga").warning("%s", told(problem))
    return store


_log_to_stdout()
# The process that begins the workers answers nobody, so it makes no app; but what is set up wrongly is to end it, once,
# instead of one worker after the other, and with what to mend alone: a packed service has no `jaga serve` before it.
try:
    _settings = settings.check()
    _database().close()
except UserError as error:
    sys.exit(f"jaga: {error}")
_running: Running | None = None


async def app(scope: object, receive: object, send: object) -> None:
    """The API as a plain ASGI app: BentoML looks for routes in a FastAPI app and answers unknown paths itself."""
    assert _running is not None
    await _running.app(scope, receive, send)  # type: ignore[arg-type]


@bentoml.service(
    name="jaga",
    workers=_settings.workers,
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
        from serving.running import Running

        global _running
        _running = Running(_database())

    async def __is_ready__(self) -> bool:
        """Whether a model is loaded and warm."""
        return _running is not None and _running.ready

    @bentoml.on_shutdown  # type: ignore[untyped-decorator]
    def close(self) -> None:
        """Follow the champion and the published scores no longer."""
        if _running is not None:
            _running.close()


Jaga.add_asgi_middleware(Front)  # type: ignore[attr-defined] # the decorator made a service of it
