"""How far the estimates may be trusted: the model, its test, its conditions, and how it does by group."""

from __future__ import annotations

import datetime
import json
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import Response

from models.words import MODELS, word
from serving import signin
from serving.access import Caller, allow
from serving.champion import Loaded
from serving.console import formats, places, view
from serving.console.charts import dots
from serving.console.strings import Strings, strings
from serving.console.view import Desk


def add(app: FastAPI, desk: Desk) -> None:
    """Add both pages."""

    @app.get("/model", include_in_schema=False)
    def card(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "model.see")
        say = strings(view.language(request, who))
        loaded = desk.champion.current
        told = {} if loaded is None else _card(loaded, say)
        return view.page(request, desk, "model.html", title=say.say("model.title"), who=who, loaded=loaded, **told)

    @app.get("/model/keadilan", include_in_schema=False)
    def fairness(request: Request, who: Annotated[Caller, Depends(signin.caller)]) -> Response:
        allow(who, "model.see")
        say = strings(view.language(request, who))
        loaded = desk.champion.current
        groups = [] if loaded is None else _groups(result(loaded), say)
        crumbs = ((say.say("model.title"), "/model"),)
        return view.page(request, desk, "fairness.html", title=say.say("fair.title"), who=who, loaded=loaded,
                         groups=groups, crumbs=crumbs)  # fmt: skip


def result(loaded: Loaded) -> dict[str, Any]:
    """The figures of the model's test, as they lie beside the bundle; empty where they do not."""
    try:
        found = json.loads((loaded.bundle.path / "meta.json").read_text(encoding="utf-8")).get("result")
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _card(loaded: Loaded, say: Strings) -> dict[str, Any]:
    schema, entry, tested = loaded.bundle.schema, loaded.entry or {}, result(loaded)
    periods = int(schema["horizon"])
    months = periods * (12 if schema.get("frequency") == "year" else view.MONTHS_A_PERIOD)
    own = (tested.get("models") or {}).get("jaga") or entry.get("figures") or {}
    return {
        "bundle": loaded.bundle.name, "within": say.say("unit.within", n=months), "schema": schema,
        "view": say.say(f"model.view.{schema['view']}"), "features": len(schema["features"]),
        "base": formats.percent(loaded.bundle.cuts["base_rate"]), "entry": entry,
        "when": _day(entry.get("when"), say), "until": _day(schema.get("known_until"), say),
        "cohort": tested.get("cohort"), "quality": _quality(own, say), "rules": _rules(tested, say),
        "gates": [{"name": name.replace("_", " "), **gate} for name, gate in (entry.get("gates") or {}).items()],
    }  # fmt: skip


def _day(text: Any, say: Strings) -> str:
    """A day told as text, as the language writes it; what is none is shown as it is."""
    try:
        return formats.date(datetime.date.fromisoformat(str(text)[:10]), say.language)
    except ValueError:
        return str(text or "")


def _quality(own: dict[str, Any], say: Strings) -> list[str]:
    """The figures of the test as sentences out of 100."""
    caught, right, balance, order = (_figure(own, name) for name in
                                     ("recall_at_10", "precision_at_10", "expected_over_observed", "auc"))  # fmt: skip
    lines = []
    if caught is not None:
        p = formats.percent(caught)
        lines.append(f"{say.say('model.quality.caught', p=p)}, {say.say('model.quality.missed', p=100 - p)}.")
    if right is not None:
        lines.append(f"{say.say('model.quality.listed', p=formats.percent(right))}.")
    if balance is not None:
        lines.append(f"{say.say('model.quality.balance', p=formats.percent(balance))}.")
    if order is not None:
        lines.append(f"{say.say('model.quality.order', p=formats.percent(order))}.")
    return lines


def _figure(own: dict[str, Any], name: str) -> float | None:
    """A figure, with or without its interval."""
    found = own.get(name)
    value = found.get("value") if isinstance(found, dict) else found
    return float(value) if isinstance(value, int | float) else None


def _rules(tested: dict[str, Any], say: Strings) -> list[dict[str, Any]]:
    """The model beside the rules an office could use without it."""
    rows = []
    for name, own in (tested.get("models") or {}).items():
        caught, right = _figure(own, "recall_at_10"), _figure(own, "precision_at_10")
        if caught is not None and right is not None:
            rows.append({"name": word(MODELS, name, say.language), "own": name == "jaga",
                         "caught": formats.percent(caught), "right": formats.percent(right)})  # fmt: skip
    return rows


def _groups(tested: dict[str, Any], say: Strings) -> list[dict[str, Any]]:
    """Each protected group with its figures; a group too small to judge says so and shows none."""
    found = []
    for name, levels in (tested.get("fairness") or {}).items():
        rows: list[dict[str, Any]] = []
        for level, cell in levels.items():
            own = cell["figures"] or {}  # a group too small to judge has none
            ratio = own.get("expected_over_observed") or {}
            small = bool(cell["too_small"]) or ratio.get("value") is None
            rows.append({
                "level": places.name(level, say) if name == "province" else level, "rows": cell["rows"], "small": small,
                "caught": None if small or _figure(own, "recall") is None else formats.percent(own["recall"]["value"]),
                "ratio": None if small else ratio,
                "picture": dots.draw(None if small else ratio["value"], ratio.get("low"), ratio.get("high"),
                                     f"d-{name}-{len(rows)}"),
            })  # fmt: skip
        key = f"fair.name.{name}"
        found.append({"name": say.say(key) if say.has(key) else name.replace("_", " "), "rows": rows})
    return found
