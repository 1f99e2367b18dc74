"""What is wrong with a request is told by field and rule, all at once and in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from string import Formatter
from typing import Any, Literal

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from features import contract
from serving import problems
from serving.front import DOCS, HEADERS, SHUT, STRICT, Front
from serving.limits import BODY_MIB
from tests import small

JSON = {"Content-Type": "application/json"}


def body(**changes: Any) -> dict[str, Any]:
    return {"as_of": small.AS_OF, **small.families(1, seed=4), **changes}


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert (told["status"], told["code"], told["type"]) == (status, code, problems.type_of(code))
    return told


@pytest.mark.parametrize(("changes", "field", "rule"), [
    ({"as_of": None}, "as_of", "required"),
    ({"as_of": "2026-02-30"}, "as_of", "date"),
    ({"as_of": "1 October"}, "as_of", "date"),
    ({"as_of": 20261001}, "as_of", "date"),
    ({"as_of": "9999-01-01"}, "as_of", "date"),
    ({"language": "jv"}, "language", "language"),
    ({"language": ["id"]}, "language", "language"),
    ({"reasons": 11}, "reasons", "reasons"),
    ({"reasons": True}, "reasons", "reasons"),
    ({"reasons": 1.5}, "reasons", "reasons"),
    ({"reasons": None}, "reasons", "reasons"),
    ({"colour": 1}, "colour", "unknown_field"),
    ({"households": []}, "households", "not_empty"),
    ({"households": {}}, "households", "rows"),
    ({"households": None}, "households", "rows"),
    ({"members": [1]}, "members", "rows"),
    ({"members": "all"}, "members", "rows"),
    ({"shocks": [[]]}, "shocks", "rows"),
    ({"members": [{"age": {"years": 3}}]}, "members[0].age", "value"),
    ({"members": [{"age": 3}, {"age": [3]}]}, "members[1].age", "value"),
    ({"members": [{"agee": 3}]}, "members[0].agee", "unknown_field"),
])  # fmt: skip
def test_the_field_and_the_rule_are_named_in_both_languages(
    client: httpx.Client, changes: dict[str, Any], field: str, rule: str
) -> None:
    texts = set()
    for language in ("id", "en"):
        answer = client.post("/v1/score", json=body(**changes), headers={"Accept-Language": language})
        told = refused(answer, 422, "invalid")
        assert answer.headers["content-language"] == language
        (error,) = [error for error in told["errors"] if error["field"] == field]
        assert error["rule"] == rule
        texts |= {error["text"], told["title"]}
    assert len(texts) == 4


def test_all_that_is_wrong_is_told_at_once(client: httpx.Client) -> None:
    told = refused(client.post("/v1/score", json={"as_of": "x", "households": 1, "colour": 2}), 422, "invalid")
    assert {(error["field"], error["rule"]) for error in told["errors"]} == {
        ("as_of", "date"), ("households", "rows"), ("members", "required"), ("colour", "unknown_field")}  # fmt: skip


@pytest.mark.parametrize("content", [
    b"", b"{", b"null}", b"\xff\xfe", b'{"a": NaN}', b'{"a": Infinity}', b"[" * 100_000, b'{"a":' * 100_000,
    b'{"as_of": "\\ud800"}', "{\"as_of\": \"2026\"}".encode("utf-16"), b'{"n": ' + b"9" * 5000 + b"}",
], ids=lambda content: repr(content[:12]))  # fmt: skip
def test_what_is_no_json_is_said_to_be_none(client: httpx.Client, content: bytes) -> None:
    refused(client.post("/v1/score", content=content, headers=JSON), 400, "not_json")


@pytest.mark.parametrize("content", [b"[]", b"1", b'"text"', b"null"])
def test_json_that_is_no_object(client: httpx.Client, content: bytes) -> None:
    told = refused(client.post("/v1/score", content=content, headers=JSON), 422, "invalid")
    assert told["errors"][0]["rule"] == "object"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(client: httpx.Client, kind: str) -> None:
    refused(client.post("/v1/score", content=b"{}", headers={"Content-Type": kind}), 415, "media_type")


HOSTILE: list[Any] = [
    10**400, -(10**400), 1e308, -0.0, 2**63, "", " ", "\x00", "x" * 10_000, "=1+1", "'; DROP TABLE households; --",
    "../../etc/passwd", "<script>", "١٢", "9" * 400, "1e999", "nan", "inf", "NaT", True, None, "\u202e", "2026Q9",
    "0000-00-00", -999,
]  # fmt: skip


@pytest.mark.parametrize("table", ["households", "members", "shocks", "poverty_lines", "sector_signals", "regions"])
def test_hostile_cells_are_answered_row_by_row(client: httpx.Client, table: str) -> None:
    families = small.families(len(HOSTILE), seed=4, members=2, periods=("2026Q3",))
    when = {"period": "2026Q3", "known_at": "2026-10-20", "region": "32", "place": "32", "line": 1.0,
            "scope": "province", "shock": "job_loss", "sector_section": "A"}  # fmt: skip
    plain = {name: cell for name, cell in when.items() if name in contract.TABLES[table].names}
    for rule in contract.TABLES[table].fields:
        rows = families.get(table, [plain] * len(HOSTILE))
        spoiled = [{**row, rule.name: value} for row, value in zip(rows, HOSTILE, strict=False)]
        asked = {"as_of": small.AS_OF, **families, table: spoiled + rows[len(spoiled) :]}
        answer = client.post("/v1/score", content=json.dumps(asked), headers=JSON)
        assert answer.status_code == 200, (rule.name, answer.text)
        counts = answer.json()["counts"]
        assert counts["households"] == counts["scored"] + counts["refused"] + counts["quarantined"]


def test_a_body_over_the_limit_is_refused_by_its_length_and_by_its_bytes(client: httpx.Client) -> None:
    size = BODY_MIB * 1024 * 1024 + 1
    told = refused(client.post("/v1/score", content=b" " * size, headers=JSON), 413, "too_large")
    assert told["detail"] == "Permintaan terlalu besar; paling besar 16 MiB."

    def parts() -> Iterator[bytes]:
        for _ in range(BODY_MIB + 1):
            yield b" " * 1024 * 1024

    refused(client.post("/v1/score", content=parts(), headers=JSON), 413, "too_large")


def test_more_than_a_thousand_households_are_refused(client: httpx.Client) -> None:
    row = {"period": "2026Q3", "known_at": "2026-10-20"}
    rows = [{"household_id": str(number), **row} for number in range(1001)]
    told = refused(client.post("/v1/score", json=body(households=rows)), 422, "invalid")
    assert told["errors"] == [{"field": "households", "rule": "households",
                               "text": problems.RULES["households"][0]}]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status", "code"), [
    ("GET", "/nope", 404, "not_found"), ("GET", "/v1", 404, "not_found"), ("GET", "/v1/score/", 404, "not_found"),
    ("GET", "/v1/score", 405, "method"), ("DELETE", "/v1/model", 405, "method"), ("POST", "/docs", 405, "method"),
    ("GET", "/static/../service.py", 404, "not_found"), ("GET", "/static/%2e%2e/service.py", 404, "not_found"),
    ("GET", "/static/vendor", 404, "not_found"), ("GET", "/docs.json", 404, "not_found"),
])  # fmt: skip
def test_paths_and_methods_that_are_not_ours(client: httpx.Client, method: str, path: str, status: int, code: str
                                             ) -> None:  # fmt: skip
    refused(client.request(method, path), status, code)


def test_a_wrong_method_says_which_are_right(client: httpx.Client) -> None:
    assert client.get("/v1/score").headers["allow"] == "POST"
    for method, path, allowed in (("DELETE", "/v1/lists", "GET, POST"), ("PUT", "/v1/visits", "GET, POST"),
                                  ("PATCH", "/v1/model", "GET"), ("DELETE", "/masuk", "GET, POST")):  # fmt: skip
        assert client.request(method, path).headers["allow"] == allowed, path


@pytest.mark.parametrize("path", ["/", "/docs", "/v1/model", "/nope", "/healthz", "/metrics", "/openapi.json",
                                  "/static/docs.js"])  # fmt: skip
def test_every_answer_has_the_security_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    for name, value in HEADERS.items():
        assert headers[name] == value
    assert headers["Content-Security-Policy"] == (DOCS if path == "/docs" else STRICT)
    assert "unsafe" not in STRICT
    assert re.fullmatch(r"r[0-9a-f]{16}", headers["X-Request-Id"])  # by its letter never a NIK
    assert "Strict-Transport-Security" not in headers, "no address of ours is said to be https"


@pytest.mark.parametrize(("url", "told"), [
    ("https://jaga.example.go.id", "max-age=31536000"), ("http://127.0.0.1:3000", None), ("", None),
])  # fmt: skip
def test_browsers_ask_in_no_other_way_where_our_address_is_https(
    monkeypatch: pytest.MonkeyPatch, url: str, told: str | None
) -> None:
    monkeypatch.setenv("JAGA_URL", url)
    asker = TestClient(Front(PlainTextResponse("ya")))
    assert asker.get("/").headers.get("Strict-Transport-Security") == told
    assert asker.get("/schema.json").headers.get("Strict-Transport-Security") == told, "refusals say it too"


@pytest.mark.parametrize("path", [*SHUT, "/static_content/swagger-ui.css"])
def test_the_library_that_carries_us_describes_nothing_to_nobody(client: httpx.Client, path: str) -> None:
    refused(client.get(path), 404, "not_found")


@pytest.mark.parametrize(("accept", "language"), [
    ("", "id"), ("*", "id"), ("en", "en"), ("EN-us,en;q=0.9", "en"), ("id-ID,id;q=0.9,en;q=0.8", "id"),
    ("fr, en;q=0.3", "en"), ("en;q=0.2, id;q=0.7", "id"), ("en;q=high", "id"), (";;,,q=", "id"),
])  # fmt: skip
def test_the_language_is_the_better_liked_one(accept: str, language: str) -> None:
    assert problems.language_of(accept) == language


def test_every_problem_can_be_told_in_both_languages() -> None:
    for code in problems.PROBLEMS:
        titles = [json.loads(problems.Problem(code).body(language))["title"] for language in ("id", "en")]
        assert len(set(titles)) == 2
        assert not any("{" in title for title in titles)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_title_is_the_same_in_every_case_and_the_detail_tells_this_one(language: Literal["id", "en"]) -> None:
    """RFC 9457, 3.1.3 and 3.1.4: of every problem whose sentence has places for particulars."""
    for code in problems.PROBLEMS:
        names = {name for own in problems.PROBLEMS[code][1:] for _, name, *_ in Formatter().parse(own) if name}
        one, two = (json.loads(problems.Problem(code, values=dict.fromkeys(names, own)).body(language))
                    for own in ("a1", "b2"))  # fmt: skip
        assert one["title"] == two["title"]
        assert "..." not in one["title"]
        assert ("detail" in one) == bool(names) == (one != two), code
