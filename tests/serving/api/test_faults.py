"""A write tells all that is wrong with it at once: form, rules, headers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.serving.api.world import MINE, World

NIK = "NIK 3204 0101 0101 0001"
KEYS: list[tuple[str, dict[str, Any], set[tuple[str, str]]]] = [
    ("/v1/visits", {"result": "gone", "visited": "2030-01-01", "note": NIK, "moved_to": "3204", "colour": 1}, {
        ("result", "choice"), ("visited", "past"), ("note", "no_id_number"), ("moved_to", "area"),
        ("colour", "unknown_field"), ("visit", "one_of_two"), ("household_id", "one_of_two")}),
    ("/v1/visits", {"household_id": "CODE", "result": "wrong", "visited": "2026-11-01", "wrong": {"size": NIK},
                    "intervention": NIK}, {("wrong.size", "no_id_number"), ("intervention", "no_id_number")}),
    ("/v1/visits/7/corrections", {"result": 1, "visited": "kemarin", "note": NIK}, {
        ("result", "choice"), ("visited", "date"), ("note", "no_id_number")}),
    ("/v1/objections", {"household_id": "CODE", "kind": "data", "asker": "x", "note": NIK}, {
        ("asker", "choice"), ("channel", "required"), ("facts", "required"), ("note", "no_id_number")}),
    ("/v1/objections", {"household_id": "CODE", "kind": "result", "asker": "family", "channel": "counter", "note": NIK,
                        "facts": ["x"]}, {
        ("facts[0]", "contestable"), ("list_number", "required"), ("note", "no_id_number")}),
    ("/v1/objections/S-2026-0001/steps", {"stage": "village", "outcome": "x", "note": NIK}, {
        ("stage", "one_of_two"), ("outcome", "choice"), ("reason", "required"), ("note", "no_id_number"),
        ("changed", "required")}),
    ("/v1/lists", {"rules": {"format": 1, "name": NIK, "period": "x", "order": "need", "random": 9, "scheme": [
        {"name": "=1", "cost": 0, "quota": {"9": 1}, "colour": 1}], "colour": 1}, "draft": "draft-1"}, {
        ("rules.name", "no_id_number"), ("rules.period", "list_period"), ("rules.random", "list_random"),
        ("rules.need", "list_need"), ("rules.colour", "unknown_field"), ("rules.scheme[0].name", "list_scheme_name"),
        ("rules.scheme[0].cost", "list_cost"), ("rules.scheme[0].quota", "list_quota"),
        ("rules.scheme[0].colour", "unknown_field"), ("changed", "required")}),
    ("/v1/lists/draft-1/confirm", {"reason": " ", "checked": False, "expected_errors": {
        "missed_of_100": 1, "not_falling_of_100": 1}}, {
        ("reason", "required"), ("checked", "checked"), ("changed", "required")}),
    ("/v1/lists/draft-1/confirm", {"reason": NIK}, {
        ("reason", "no_id_number"), ("checked", "required"), ("changed", "required"), ("expected_errors", "required")}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "wanted"), KEYS, ids=[f"{at} {own[0]}" for at, own in enumerate(KEYS)])
def test_all_that_is_wrong_with_a_write_is_told_at_once(one: World, path: str, body: dict[str, Any],
                                                        wanted: set[tuple[str, str]]) -> None:  # fmt: skip
    code = one.households(MINE)[0]["household_id"]
    sent = {name: code if value == "CODE" else value for name, value in body.items()}
    who = "sari" if path.endswith("steps") else "dewi"
    answer = one.post(who, path, sent)
    assert answer.json()["code"] == "invalid", answer.text
    assert {(own["field"], own["rule"]) for own in answer.json()["errors"]} == wanted


def test_headers_are_told_with_the_body(one: World) -> None:
    answer = one.post("dewi", "/v1/lists/draft-1/confirm", {"reason": ""}, key="short", **{"If-Match": "soon"})
    found = {(own["field"], own["rule"]) for own in answer.json()["errors"]}
    assert {("If-Match", "etag"), ("Idempotency-Key", "idempotency_key"), ("reason", "required")} <= found
