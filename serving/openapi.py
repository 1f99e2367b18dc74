"""The description of the API (OpenAPI 3.1), made of its routes, with examples that work when posted."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from serving import schemas
from serving.access.rights import ACTS, ROLES, SCOPES
from serving.api import every, examples, field_words, matching
from serving.api.compass_shapes import Openings
from serving.api.routes import JSON, Route
from serving.example import opened, request
from serving.problems import MEDIA_TYPE, PROBLEMS, RULES, Broken, Problem
from serving.store.once import KEY

VERSION = "1.0.0"
"""Of the API, not of the program: it changes when a program that calls the API has to."""
ABOUT = """Which households that are not poor today will fall below their poverty line, why, and how sure that is.

Households come in the shape of the data contract: one row for each household and period, one for each member and
period. A row that breaks a rule is answered under `quarantine`; no score is ever made up. A risk orders visits and
lists; a person decides, and a risk is not the effect of a programme.

A program sends a token (`Authorization: Bearer jaga_...`, from `jaga tokens add`); a page sends the cookie of its
session, and with a change the header `X-CSRF-Token`. What a caller may see is limited to their areas. Every reading
and every change is in the audit log. A write carries an `Idempotency-Key`: sent again it is answered alike and done
once."""
TAGS = {"scores": "Risk, reasons and refusals.",
        "compass": "Industries side by side, and openings for workers.",
        "households": "Look-up, search and filter.",
        "lists": "Drawn by rules, confirmed by a person, exported.", "visits": "What was found.",
        "objections": "Usul-sanggah with deadlines and outcomes.",
        "simulation": "Shocks and schemes, lived by a sample of the families.",
        "service": "Health and figures of the service."}  # fmt: skip
ALWAYS = ("unauthenticated", "bad_token", "forbidden_scope", "forbidden_role", "sign_in_expired", "must_change",
          "too_many_requests", "internal", "busy", "time_limit")  # fmt: skip
"""Problems of every route that needs a caller."""
OF_BODIES = ("not_json", "too_slow_to_send", "too_large", "media_type", "form_expired")
_REF = "#/components/schemas/{model}"
_HOLE = re.compile(r"\{(\w+)\}")
_HOLES = {"code": ("Keyed code of a household.", examples.CODE), "no": ("Number of a list, or draft-12.",
          "D-2026-0001"),
          "visit": ("Number of a visit.", "412"), "number": ("Number of an objection.", "S-2026-0001"),
          "scenario": ("Number of a scenario.", "K-2026-0001")}  # fmt: skip
_PLAIN = {"type": "string"}
_BYTES = {"type": "string", "format": "binary"}


@cache
def document() -> bytes:
    """The description as JSON; it hangs on nothing but the code."""
    own: list[type[BaseModel]] = [model for route in every.ROUTES for model in (route.answer, route.body) if model]
    shared: list[type[BaseModel]] = [schemas.ScoreRequest, schemas.ScoreAnswer, schemas.ProblemDetails, Openings]
    models: dict[str, type[BaseModel]] = {model.__name__: model for model in [*shared, *own]}
    assert len(models) == len({*shared, *own}), "two shapes of one name"
    _, found = models_json_schema([(model, "serialization") for model in models.values()], ref_template=_REF)
    _describe(found["$defs"])
    paths: dict[str, Any] = {"/v1/score": {"post": _score()}, "/v1/openings": {"post": _openings()}}
    for route in every.ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _route(route)
    described = {
        "openapi": "3.1.0",
        "info": {"title": "Jaga", "version": VERSION, "description": ABOUT, "license": {"name": "Apache-2.0",
                 "identifier": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": {**paths, **_service()},
        "components": {"schemas": found["$defs"], "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": "Scopes: " + ", ".join(SCOPES)},
            "session": {"type": "apiKey", "in": "cookie", "name": "__Host-jaga"}}},
    }  # fmt: skip
    return json.dumps(described, ensure_ascii=False).encode()


def _describe(shapes: dict[str, Any]) -> None:
    """A description for every field whose shape says none; KeyError names a field that has none at all."""
    for name, shape in shapes.items():
        for field, own in shape.get("properties", {}).items():
            if not own.get("description"):
                own["description"] = field_words.of(name, field)


def _route(route: Route) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": _ref(route.answer.__name__) if route.answer else
                               _PLAIN if route.media.startswith("text/") else _BYTES}  # fmt: skip
    if route.example is not None:
        content["examples"] = {name: {"value": own} for name, own in {"answer": route.example, **route.others}.items()}
    bodies = (*OF_BODIES, "invalid") if route.method == "POST" else ()
    late = ("precondition_failed",) if matching.applies(route.body) else ()
    full = ("storage_full",) if route.logged else ()
    headers = _SYNTHETIC | (_TAG if route.tagged else {}) | (_named(route.file) if route.file else {})
    told: dict[str, Any] = {
        "operationId": route.name, "tags": [route.tag], "summary": route.summary,
        "description": _who(route.scope, route.act, route.about), "parameters": _parameters(route),
        "responses": {str(route.status): {"description": route.given or route.summary, "headers": headers,
                                          "content": {route.media: content}},
                      **_problems(*dict.fromkeys((*route.problems, *bodies, *late, *full, *ALWAYS)))},
    }  # fmt: skip
    if route.body is not None:
        told["requestBody"] = {"required": True, "content": {JSON: {
            "schema": _ref(route.body.__name__), "examples": {"asked": {"value": route.asked}}}}}  # fmt: skip
    return told


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [_LANGUAGE]
    for name in _HOLE.findall(route.path):
        about, example = _HOLES[name]
        found.append({"name": name, "in": "path", "required": True, "description": about, "schema": _PLAIN,
                      "example": example})  # fmt: skip
    if route.query is not None:
        for name, own in route.query.model_json_schema()["properties"].items():
            shape = {key: value for key, value in own.items() if key not in ("title", "description")}
            listed = shape.get("type") == "array"
            found.append({"name": name, "in": "query", "description": own.get("description", ""), "schema": shape,
                          **({"explode": False} if listed else {})})  # fmt: skip
    if matching.applies(route.body):
        found.append({"name": matching.HEADER, "in": "header", "required": False, "example": '"3"',
                      "description": "`ETag` as it was answered, in place of `changed`; another one is 412.",
                      "schema": {"type": "string"}})  # fmt: skip
    if route.writes:
        found.append({"name": "Idempotency-Key", "in": "header", "required": True, "example": "7c9e6679-7425-40de",
                      "description": "New for each write; kept for a day.",
                      "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"}})  # fmt: skip
    return found


def _who(scope: str, act: str, about: str) -> str:
    roles = ", ".join(role for role in ROLES if role in ACTS[act])
    return f"{about}\n\nScope of a token: `{scope}`. Roles: {roles}.".strip()


def _score() -> dict[str, Any]:
    about = ("Answers every household that was sent: scored, or refused with its reason. Ids that are not codes yet "
             "are made into codes at once and are neither kept nor sent back; `index` tells which is which. Household "
             "rows outside the caller's area are refused (`outside_area`). "
             "`Jaga-Synthetic: true` marks a model trained on synthetic data.")  # fmt: skip
    answers = {"schema": _ref("ScoreAnswer"), "examples": {"answer": {"value": examples.SCORED}}}
    return _of_rows("score", "scores", "Score one household or up to 1,000", about, answers, "no_model", "storage_full")


def _openings() -> dict[str, Any]:
    about = ("For each member of 15 and over who works or looks for work: jobs and industries within reach by "
             "schooling, present job and place, with what speaks for each, what is to be minded, what is not known: "
             "openings to look into, neither promises nor duties. Age counts as the limit of 15 alone; sex, disability "
             "and kinship are not read. Nothing of it is kept.")  # fmt: skip
    answers = {"schema": _ref("Openings"), "examples": {"answer": {"value": opened()}}}
    return _of_rows("openings", "compass", "Jobs that the workers of a household could look into", about, answers)


def _of_rows(name: str, tag: str, summary: str, about: str, answers: dict[str, Any], *problems: str) -> dict[str, Any]:
    """A route that takes rows of the contract."""
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "description": _who("score", "score.make", about),
        "parameters": [_LANGUAGE],
        "requestBody": {"required": True, "content": {JSON: {
            "schema": _ref("ScoreRequest"),
            "examples": {"family": {"summary": "A family of four over two quarters", "value": request()}}}}},
        "responses": {
            "200": {"description": "An answer for every household.", "headers": _SYNTHETIC,
                    "content": {JSON: answers}},
            **_problems("invalid", *problems, *OF_BODIES, *ALWAYS),
        },
    }  # fmt: skip


def _service() -> dict[str, Any]:
    def route(name: str, summary: str, *problems: str) -> dict[str, Any]:
        return {"get": {"operationId": name, "tags": ["service"], "summary": summary, "security": [], "responses": {
            "200": {"description": summary, "content": {"text/plain": {"schema": _PLAIN}}},
            **_problems(*problems)}}}  # fmt: skip

    return {"/healthz": route("healthz", "The process is alive"), "/livez": route("livez", "The process is alive"),
            "/readyz": route("readyz", "A model is loaded and warm", "no_model")}  # fmt: skip


def _problems(*codes: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for code in codes:
        broken = [Broken("households[0].colour", "unknown_field")] if code == "invalid" else []
        values: dict[str, Any] = {"n": "2", "role": ("petugas", "officer"), "scope": "lists.write", "key": "level",
                                  "rule": RULES["choice"], "most": "16 MiB", "no": "K-2026-0001"}  # fmt: skip
        problem = Problem(code, broken, values=values)
        status = str(PROBLEMS[code][0])
        told = answers.setdefault(status, {"description": problem.title("en"), "content": {
            MEDIA_TYPE: {"schema": _ref("ProblemDetails"), "examples": {}}}})  # fmt: skip
        told["content"][MEDIA_TYPE]["examples"][code] = {"value": json.loads(problem.body("en"))}
    return answers


def _named(file: str) -> dict[str, Any]:
    return {"Content-Disposition": {"description": "Name of the file.", "schema": _PLAIN,
                                    "example": f'attachment; filename="{file}"'}}  # fmt: skip


def _ref(model: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=model)}


_LANGUAGE: dict[str, Any] = {
    "name": "Accept-Language",
    "in": "header",
    "description": "Language of problem details: id or en.",
    "schema": {"type": "string"},
    "example": "id",
}
_SYNTHETIC = {"Jaga-Synthetic": {"description": "Whether what is told is made up, where that is known.",
                                 "schema": {"enum": ["true", "false"], "type": "string"}}}  # fmt: skip
_TAG = {"ETag": {"description": "`changed` of what is answered, for `If-Match`.", "schema": {"type": "string"}}}
