"""The sector compass: industries by measures with the source of each figure, weighed as the reader asks."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from features.contract import SECTIONS
from models.compass import rank, table, telling
from models.compass.measures import BY_KEY
from serving.access import signin
from serving.access.rights import Caller, allow
from serving.batch.rows import UNKNOWN
from serving.console import compass_view, places, view
from serving.console.asked import Asked, refused
from serving.console.strings import strings
from serving.console.view import Desk

WEIGHT = "bobot-"
"""How fields of weights begin; the measure's key follows."""


def add(app: FastAPI, desk: Desk) -> None:
    """Add the page."""

    @app.get("/kompas", include_in_schema=False)
    def compass(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "model.see")
        say = strings(view.language(request, who))
        asked = Asked(request, ("prov", "ukuran", "usaha", *(WEIGHT + key for key in BY_KEY)))
        place = table.place(_province(asked))
        weights, own = _weights(asked)
        found = rank.standings(place, weights)
        measures = {compass_view.TOGETHER: "", **{key: key for key in BY_KEY}}
        shown = asked.choice("ukuran", measures, "compass")
        section = asked.choice("usaha", {letter: letter for letter in SECTIONS}, "section")
        name = telling.place_name(place.province, say.language) if place.province else places.name("", say)
        return view.page(
            request, desk, "compass.html", title=say.say("nav.compass"), of=name, who=who, unknown=asked.unknown,
            place=name,
            chosen=place.province, provinces=list(places.provinces().items()), own_weights=own,
            link=lambda **more: _link(asked, more), shown=shown, choices=compass_view.choices(place, say),
            kept_measure=[(key, value) for key, value in _given(asked) if key not in ("prov", "ukuran")],
            kept_place=[(key, value) for key, value in _given(asked) if not key.startswith(WEIGHT)],
            plain_weights=_link(asked, dict.fromkeys((WEIGHT + key for key in BY_KEY), "")),
            groups=compass_view.groups(place, weights, say), rows=compass_view.rows(place, found, say),
            bars=compass_view.bars(place, found, shown, say),
            head=BY_KEY[shown].about(say.language) if shown else say.say("compass.together"),
            sources=compass_view.sources(place, say), absent=place.unknown(),
            coverage=telling.coverage(place, say.language),
            facts=compass_view.facts(place, say), section=compass_view.section(place, section, say), most=len(SECTIONS),
        )  # fmt: skip


def _province(asked: Asked) -> str:
    given = asked.province()
    if given == UNKNOWN:  # a value of families' own pages
        raise refused("prov", "province")
    return given


def _weights(asked: Asked) -> tuple[dict[str, float], bool]:
    """Weights of the address, and whether it names any. Problem `bad_query`."""
    given: dict[str, float] = {}
    for key in BY_KEY:
        text = asked.query.get(WEIGHT + key, "").strip().replace(",", ".")
        try:
            value = float(text or 0)
        except ValueError:
            raise refused(WEIGHT + key, "weight") from None
        if not 0 <= value <= rank.HIGHEST:
            raise refused(WEIGHT + key, "weight")
        if WEIGHT + key in asked.query:
            given[key] = value
    if given and not any(given.values()):
        raise refused(WEIGHT + next(iter(given)), "weights")
    return rank.weights(given), bool(given)


def _given(asked: Asked) -> list[tuple[str, str]]:
    known = ("prov", "ukuran", "usaha", *(WEIGHT + key for key in BY_KEY))
    return [(key, value) for key, value in asked.query.multi_items() if key in known and value]


def _link(asked: Asked, more: dict[str, str]) -> str:
    kept = [(key, value) for key, value in _given(asked) if key not in more]
    return f"/kompas?{urlencode([*kept, *((key, value) for key, value in more.items() if value)])}"
