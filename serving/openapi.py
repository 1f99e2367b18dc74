"""The description of the API (OpenAPI 3.1), with examples that work when posted."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import models_json_schema

from serving import schemas
from serving.example import request
from serving.problems import MEDIA_TYPE, PROBLEMS, Broken, Problem

VERSION = "1.0.0"
ABOUT = """Which households that are not poor today will fall below their poverty line, why, and how sure that is.

Households come in the shape of the data contract: one row for each household and period, one for each member and
period. A row that breaks a rule is answered under `quarantine`; no score is ever made up. A risk orders visits and
lists; a person decides, and a risk is not the effect of a programme."""
_REF = "#/components/schemas/{model}"


def document() -> bytes:
    """The description as JSON."""
    _, found = models_json_schema([(model, "serialization") for model in (
        schemas.ScoreRequest, schemas.ScoreAnswer, schemas.ModelCard, schemas.ProblemDetails)],
        ref_template=_REF)  # fmt: skip
    described = {
        "openapi": "3.1.0",
        "info": {"title": "Jaga", "version": VERSION, "description": ABOUT, "license": {"name": "Apache-2.0",
                 "identifier": "Apache-2.0"}},
        "servers": [{"url": "/"}],
        "tags": [{"name": "scores", "description": "Risk, reasons and refusals."},
                 {"name": "service", "description": "Health and figures of the service."}],
        "paths": {"/v1/score": {"post": _score()}, "/v1/model": {"get": _model()}, **_service()},
        "components": {"schemas": found["$defs"]},
    }  # fmt: skip
    return json.dumps(described, ensure_ascii=False).encode()


def _score() -> dict[str, Any]:
    return {
        "operationId": "score",
        "tags": ["scores"],
        "summary": "Score one household or up to 1,000",
        "description": "Answers every household that was sent: scored, or refused with its reason. Ids that are not "
                       "codes yet are made into codes at once and are neither kept nor sent back; `index` tells which "
                       "is which. `Jaga-Synthetic: true` marks a model trained on synthetic data.",
        "parameters": [_LANGUAGE],
        "requestBody": {"required": True, "content": {"application/json": {
            "schema": _ref("ScoreRequest"),
            "examples": {"family": {"summary": "A family of four over two quarters", "value": request()}}}}},
        "responses": {
            "200": {"description": "An answer for every household.", "headers": _SYNTHETIC,
                    "content": {"application/json": {"schema": _ref("ScoreAnswer")}}},
            **_problems("not_json", "too_slow_to_send", "too_large", "media_type", "invalid", "internal", "no_model",
                        "time_limit"),
        },
    }  # fmt: skip


def _model() -> dict[str, Any]:
    return {
        "operationId": "model",
        "tags": ["scores"],
        "summary": "The model that answers",
        "parameters": [_LANGUAGE],
        "responses": {
            "200": {"description": "What it is, what it was trained on and why it was promoted.",
                    "headers": _SYNTHETIC, "content": {"application/json": {"schema": _ref("ModelCard")}}},
            **_problems("internal", "no_model"),
        },
    }  # fmt: skip


def _service() -> dict[str, Any]:
    def route(name: str, summary: str, media: str, *problems: str) -> dict[str, Any]:
        content = {media: {"schema": {"type": "string"}}}
        return {"get": {"operationId": name, "tags": ["service"], "summary": summary, "responses": {
            "200": {"description": summary, "content": content}, **_problems(*problems)}}}  # fmt: skip

    return {
        "/healthz": route("healthz", "The process is alive", "text/plain"),
        "/livez": route("livez", "The process is alive", "text/plain"),
        "/readyz": route("readyz", "A model is loaded and warm", "text/plain", "no_model"),
        "/metrics": route("metrics", "Figures for Prometheus", "text/plain"),
    }


def _problems(*codes: str) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for code in codes:
        broken = [Broken("households[0].colour", "unknown_field")] if code == "invalid" else []
        problem = Problem(code, broken)
        status = str(PROBLEMS[code][0])
        told = answers.setdefault(status, {"description": PROBLEMS[code][2], "content": {
            MEDIA_TYPE: {"schema": _ref("ProblemDetails"), "examples": {}}}})  # fmt: skip
        told["content"][MEDIA_TYPE]["examples"][code] = {"value": json.loads(problem.body("en"))}
    return answers


def _ref(model: str) -> dict[str, str]:
    return {"$ref": _REF.format(model=model)}


_LANGUAGE = {
    "name": "Accept-Language",
    "in": "header",
    "description": "Language of problem details: id or en.",
    "schema": {"type": "string"},
    "example": "id",
}
_SYNTHETIC = {"Jaga-Synthetic": {"description": "Whether the model was trained on synthetic data.",
                                 "schema": {"enum": ["true", "false"], "type": "string"}}}  # fmt: skip
