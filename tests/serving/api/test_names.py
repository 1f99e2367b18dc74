"""Names in a body: none twice, and none that may be the number of a person is told back."""

from __future__ import annotations

import json

import pytest

from features.values import masked
from serving.example import request
from tests.serving.api.world import MINE, World

NIK = "3171234567890001"


@pytest.mark.parametrize("path", ["/v1/score", "/v1/openings"])
def test_a_name_that_stands_there_twice_is_refused(one: World, path: str) -> None:
    text = json.dumps(request())
    twice = text.replace('"tenure": "owned"', '"tenure": "owned", "tenure": "rented"', 1)
    for body, name in ((twice, "households[0].tenure"), ('{"as_of": "2026-10-02", ' + text[1:], "as_of")):
        answer = one.post("nina", path, body.encode())
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        assert (error["field"], error["rule"]) == (name, "twice")


def test_so_it_is_where_something_is_written(one: World) -> None:
    code = one.households(MINE)[0]["household_id"]
    body = json.dumps({"household_id": code, "result": "above", "visited": "2026-11-20"})
    answer = one.post("dewi", "/v1/visits", ('{"result": "below", ' + body[1:]).encode())
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "result")
    assert one.get("dewi", "/v1/visits").json()["visits"] == []


def test_of_the_rules_of_a_list_it_is_told_with_the_way_to_it(one: World) -> None:
    body = json.dumps({"rules": one.rules()})
    for name in ("random", "quota"):
        assert body.count(f'"{name}"') == 1
        twice = body.replace(f'"{name}": ', f'"{name}": 0, "{name}": ')
        (error,) = one.post("dewi", "/v1/lists", twice.encode()).json()["errors"]
        assert (error["field"], error["rule"]) == ({"random": "rules.random", "quota": "rules.scheme[0].quota"}[name],
                                                   "twice")  # fmt: skip
    both = body.replace('"random": ', '"random": 0, "random": ').replace('"quota": ', '"quota": 0, "quota": ')
    told = one.post("dewi", "/v1/lists", both.encode()).json()["errors"]
    assert [own["field"] for own in told] == ["rules.random", "rules.scheme[0].quota"]


def test_a_name_that_may_be_a_number_of_a_person_is_not_told_back(one: World) -> None:
    asked = request()
    asked["households"][1] |= {f"nik {NIK}": 1}
    answers = [
        one.post("nina", "/v1/score", asked), one.post("nina", "/v1/score", request() | {NIK: 1}),
        one.post("dewi", "/v1/visits", {NIK: 1}), one.get("dewi", f"/v1/visits?{NIK}=1"),
        one.post("dewi", "/v1/lists", {"rules": one.rules() | {"31.71.23.45.67.89.00.01": 1}}),
        one.post("nina", "/v1/score", f'{{"{NIK}": 1, "{NIK}": 2}}'.encode()),
    ]  # fmt: skip
    for answer in answers:
        assert answer.status_code in (400, 422), answer.text
        assert "#" in answer.text or "no_id_number" in answer.text
        assert not any(part in answer.text for part in (NIK, NIK[:8], "31.71"))
    assert answers[0].json()["errors"][0]["field"] == "households[1].nik " + "#" * 16


def test_what_is_no_number_of_a_person_is_told_as_it_was_sent() -> None:
    for field in ("households[1234567].agee", "rules.quota.3204", "floor_area_2026", ""):
        assert masked(field) == field
