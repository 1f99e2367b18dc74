"""The description of the API is true: every route, example, answer and problem is as it says."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi.openapi.models import OpenAPI
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from features import contract
from models import score
from serving.api import field_words
from serving.api.examples import CODE
from serving.console import formats
from serving.lists.files import HEADS
from tests import small

Document = dict[str, Any]


@pytest.fixture
def document(client: httpx.Client) -> Document:
    told: Document = client.get("/openapi.json").json()
    return told


def validator(document: Document, schema: Document) -> Draft202012Validator:
    registry: Any = Registry().with_resource("urn:api", Resource.opaque(document))
    return Draft202012Validator({"$id": "urn:api", **document, **schema}, registry=registry,
                                format_checker=Draft202012Validator.FORMAT_CHECKER)  # fmt: skip


def operations(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_description_is_valid(document: Document) -> None:
    OpenAPI.model_validate(document)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= names


def test_every_route_is_described_and_answers(client: httpx.Client, document: Document) -> None:
    # That the described routes are those of the app is held in tests/serving/api/test_doors.py.
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(document):
        assert operation["summary"]
        assert operation["responses"]
        if method == "get" and path in ("/v1/model", "/healthz", "/livez", "/readyz", "/metrics"):
            assert client.get(path).status_code == 200


def test_every_field_is_described_and_no_description_is_of_nothing(document: Document) -> None:
    shapes = document["components"]["schemas"]
    fields = {
        (name, field): own for name, shape in shapes.items() for field, own in shape.get("properties", {}).items()
    }
    assert len(fields) > 700
    assert not [at for at, own in fields.items() if not own.get("description")]
    for path, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], f"{path}: {parameter['name']}"
    told = {f"{name}.{field}" if f"{name}.{field}" in field_words.WORDS else field
            for (name, field), own in fields.items() if own["description"] == field_words.WORDS.get(
                f"{name}.{field}", field_words.WORDS.get(field))}  # fmt: skip
    assert set(field_words.WORDS) == told, "a word for a field that no shape has, or that says of itself what it is"


def test_every_example_is_of_its_described_shape(document: Document) -> None:
    shown = 0
    for path, _, operation in operations(document):
        parts = [*operation["responses"].values(), *([operation["requestBody"]] if "requestBody" in operation else [])]
        for part in parts:
            for media, content in part["content"].items():
                for example in content.get("examples", {}).values():
                    validator(document, content["schema"]).validate(example["value"])
                    shown += 1
                if media == "application/json":
                    assert content.get("examples"), f"{path} has no example"
        for parameter in operation.get("parameters", ()):
            if "example" in parameter:
                validator(document, parameter["schema"]).validate(parameter["example"])
    assert shown > 100


def test_every_file_says_what_it_holds_and_how_it_is_named(document: Document) -> None:
    files = {}
    for path, _, operation in operations(document):
        answer = operation["responses"].get("200", {"content": {}})
        for media, content in answer["content"].items():
            if "/v1/" in path and media != "application/json":
                suffix = path.rpartition(".")[2]
                assert answer["description"] != operation["summary"], path
                assert answer["headers"]["Content-Disposition"]["example"].endswith(f'.{suffix}"')
                assert (content["schema"].get("format") == "binary") == (suffix != "csv")
                files[path] = content
    assert {path.rpartition(".")[2] for path in files} == {"csv", "xlsx", "pdf"}
    lines = list(csv.reader(io.StringIO(files["/v1/lists/{no}.csv"]["examples"]["answer"]["value"])))
    assert lines[0] == ["SYNTHETIC DATA: not real families"]
    heads, place = lines[-2:]
    assert heads == list(HEADS["en"])
    assert dict(zip(heads, place, strict=True))["Code of the family"] == formats.code(CODE)


def test_the_examples_work_when_posted(client: httpx.Client, document: Document) -> None:
    for path, counted in (("/v1/score", "scored"), ("/v1/openings", "households")):
        operation = document["paths"][path]["post"]
        content = operation["requestBody"]["content"]["application/json"]
        answers = operation["responses"]["200"]["content"]["application/json"]["schema"]
        for example in content["examples"].values():
            validator(document, content["schema"]).validate(example["value"])
            answer = client.post(path, json=example["value"])
            assert answer.status_code == 200
            validator(document, answers).validate(answer.json())
            assert answer.json()["counts"][counted] == 1
            assert answer.json()["quarantine"] == []
    compass = document["paths"]["/v1/compass"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator(document, compass).validate(client.get("/v1/compass?province=32").json())


def test_answers_and_problems_are_of_the_described_shape(client: httpx.Client, document: Document) -> None:
    body = {"as_of": small.AS_OF, **small.families(3, seed=2)}
    body["households"][0]["province"] = "99"
    body["members"][-1]["age"] = -3
    answers = document["paths"]["/v1/score"]["post"]["responses"]
    told = client.post("/v1/score", json=body).json()
    assert told["counts"]["households"] == 3
    validator(document, answers["200"]["content"]["application/json"]["schema"]).validate(told)
    card = document["paths"]["/v1/model"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    validator(document, card).validate(client.get("/v1/model").json())
    problem = client.post("/v1/score", json={"as_of": 1})
    validator(document, answers["422"]["content"]["application/problem+json"]["schema"]).validate(problem.json())


def test_problem_examples_are_of_the_described_shape(document: Document) -> None:
    for _, _, operation in operations(document):
        for status, answer in operation["responses"].items():
            for media, content in answer["content"].items():
                for example in content.get("examples", {}).values() if "problem" in media else ():
                    validator(document, content["schema"]).validate(example["value"])
                    assert str(example["value"]["status"]) == status


def test_the_request_is_the_contract_and_the_answer_the_score_row(document: Document) -> None:
    schemas = document["components"]["schemas"]
    for name, table in contract.TABLES.items():
        row = schemas["".join(part.capitalize() for part in name.split("_")) + "Row"]
        assert tuple(row["properties"]) == table.names
        assert set(row.get("required", ())) == {rule.name for rule in table.fields if rule.required}
    assert tuple(schemas["Score"]["properties"]) == ("index", *score.COLUMNS, "refusal_text")
