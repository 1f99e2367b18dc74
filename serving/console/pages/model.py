"""How far the estimates may be trusted: the model, its test, its conditions, and how it does by group."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from models.fairness import LOWEST, UNDERTOLD, told_enough
from models.few import FEWEST, kept_back
from models.words import GROUPS, LEVELS, MODELS, word
from serving.access import signin
from serving.access.rights import Caller, allow, may
from serving.cases import list_reads
from serving.cases.list_reads import Quota
from serving.champion import Loaded
from serving.console import formats, places, tested, view
from serving.console.charts import dots
from serving.console.strings import Strings, strings
from serving.console.view import Desk
from serving.problems import Problem
from serving.scores import small_areas


def add(app: FastAPI, desk: Desk) -> None:
    """Add both pages."""

    @app.get("/model", include_in_schema=False)
    def card(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "model.see")
        say = strings(view.language(request, who))
        loaded = desk.champion.current
        told = {} if loaded is None else _card(desk, who, loaded, say)
        return view.page(request, desk, "model.html", title=say.say("model.title"), who=who, loaded=loaded, **told)

    @app.get("/model/keadilan", include_in_schema=False)
    def fairness(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "model.see")
        say = strings(view.language(request, who))
        loaded = desk.champion.current
        groups = [] if loaded is None else _groups(tested.result(loaded), say)
        crumbs = ((say.say("model.title"), "/model"),)
        return view.page(request, desk, "fairness.html", title=say.say("fair.title"), who=who, loaded=loaded,
                         groups=groups, crumbs=crumbs, least=UNDERTOLD, begins=LOWEST)  # fmt: skip


def _card(desk: Desk, who: Caller, loaded: Loaded, say: Strings) -> dict[str, Any]:
    schema, entry, found = loaded.bundle.schema, loaded.entry or {}, tested.result(loaded)
    periods = int(schema["horizon"])
    months = periods * (12 if schema.get("frequency") == "year" else view.MONTHS_A_PERIOD)
    own = (found.get("models") or {}).get("jaga") or entry.get("figures") or {}
    quota = _quota(desk, who)
    size = tested.nearest(None if quota is None else quota.share)
    rules = tested.rules(found, size, say)
    return {
        "bundle": loaded.bundle.name, "within": say.say("unit.within", n=months), "schema": schema,
        "view": say.say(f"model.view.{schema['view']}"), "features": len(schema["features"]),
        "base": formats.percent(loaded.bundle.cuts["base_rate"]), "entry": entry,
        "when": _day(entry.get("when"), say), "until": _day(schema.get("known_until"), say),
        "cohort": found.get("cohort"), "quality": tested.quality(own, found.get("cohort"), size, say), "size": size,
        "rules": rules, "spans": any(row["caught"]["span"] for row in rules),
        "reliable": tested.reliability(desk.champion.folder, found, say),
        "quota": quota and _told(quota, say),
        "record": [own | {"when": _day(own["when"], say)} for own in tested.promotions(loaded.record)],
        "gates": [{"name": _gate(name, say), "accepted": None, **gate, **_found(gate, say)}
                  for name, gate in (entry.get("gates") or {}).items()],
    }  # fmt: skip


def _gate(name: str, say: Strings) -> str:
    """What a gate asks in the reader's words; one of another version by its own name."""
    key, other = f"model.gate.{name.replace(' ', '_')}", name.removeprefix("not worse than ")
    if say.has(key):
        return say.say(key)
    if other == name:
        return name
    what = word(MODELS, other, say.language) if other in MODELS else other.replace("_", " ")
    return say.say("model.gate.not_worse", what=formats.inside(what))


def _found(gate: Mapping[str, Any], say: Strings) -> dict[str, Any]:
    """What a gate found, and the language that it is told in: a record of before has English alone. Who answered for it
    and why, in the language of the page where the reason was told in it."""
    own = gate.get("found_id") if say.language == "id" else None
    accepted = gate.get("accepted") or {}
    why = (accepted.get("why_id") if say.language == "id" else None) or accepted.get("why")
    return {"found": own or gate.get("found"), "lang": "id" if own else "en", "who": accepted.get("who"), "why": why}


def _told(quota: Quota, say: Strings) -> str:
    key = "asked" if quota.filled is None else "whole" if quota.filled == quota.places else "part"
    n, of = (formats.number(own or 0, say.language) for own in (quota.filled, quota.places))
    own = {"no": quota.name, "places": say.say(f"model.quota.{key}", n=n, of=of)}
    if quota.share is None:
        return say.say("model.quota.few", n=FEWEST, **own)
    return say.say("model.quota", p=formats.number(100 * quota.share, say.language, 1), **own)


def _quota(desk: Desk, who: Caller) -> Quota | None:
    """The length of the last list that the caller may see, also as a share of the families at risk in its area."""
    try:
        return list_reads.last_quota(desk.office, who, partial(
            small_areas.remembered, desk.kept)) if may(who, "list.see_totals") else None  # fmt: skip
    except Problem as problem:
        if problem.code != "read_only":
            raise
        return None


def _day(text: Any, say: Strings) -> str:
    """A day told as text, or the day of a moment in Jakarta, as the language writes it; what is none is shown as it
    is. A moment without a zone is of UTC, as the record writes it."""
    try:
        moment = datetime.datetime.fromisoformat(str(text))
        told = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
        return formats.date(moment.date() if len(str(text)) == len("2026-11-30") else told, say.language)
    except ValueError:
        return str(text or "")


def _groups(result: dict[str, Any], say: Strings) -> list[dict[str, Any]]:
    """Each protected group with its figures; a group too small to judge says so and shows none."""
    found: list[dict[str, Any]] = []
    for name, levels in (result.get("fairness") or {}).items():
        rows: list[dict[str, Any]] = []
        few = kept_back({level: cell["rows"] for level, cell in levels.items()})
        for level, cell in levels.items():
            own = cell["figures"] or {}  # a group too small to judge has none
            ratio = own.get("expected_over_observed") or {}
            caught = tested.figure(own, "recall")
            small = bool(cell["too_small"]) or ratio.get("value") is None
            rows.append({
                "level": places.name(level, say) if name == "province" else _level(level, say),
                "rows": None if level in few else cell["rows"], "small": small,
                "caught": None if small or caught is None else formats.percent(caught),
                "ratio": None if small else ratio,
                "enough": told_enough(None if small else ratio),
                "picture": dots.draw(None if small else ratio["value"], ratio.get("low"), ratio.get("high"),
                                     f"d{len(found)}-{len(rows)}"),
            })  # fmt: skip
        found.append({"name": word(GROUPS, name, say.language), "rows": rows})
    return found


def _level(level: str, say: Strings) -> str:
    """The words of a level; of a level of two groupings ("32 urban") those of both parts."""
    if level in LEVELS:
        return word(LEVELS, level, say.language)
    code, _, rest = level.partition(" ")
    if rest in LEVELS and code.isdigit():
        return f"{places.name(code, say)}: {word(LEVELS, rest, say.language)}"
    return level
