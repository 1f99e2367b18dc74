"""The compass and the openings through the API."""

from __future__ import annotations

import pytest

from models.compass import table
from serving.area_names import provinces
from serving.example import request
from tests.serving.api.world import World


def test_the_compass_of_a_province_with_weights(one: World) -> None:
    told = one.get("eko", "/v1/compass?province=32&weights=wage:1&language=en").json()
    assert (told["province"], told["place"]) == ("32", {"en": "Jawa Barat"})
    assert len(told["sections"]) == 21
    assert len(told["divisions"]) == 88
    assert told["divisions"][1]["title"] == {"en": "Forestry and logging"}
    by_rank = sorted((own for own in told["sections"] if own["rank"]), key=lambda own: own["rank"])
    wages = [own["figures"]["wage"]["value"] for own in by_rank]
    assert wages == sorted(wages, reverse=True)
    assert all(own["figures"]["vacancy_rate"] is None for own in told["sections"])
    industry = next(own for own in told["sections"] if own["section"] == "C")["figures"]["wage"]
    assert (industry["value"], industry["year"], industry["province"]) == (3840081, 2025, "32")


@pytest.mark.parametrize("query", ["province=99", "province=3204", "weights=wage", "weights=colour:1", "weights=wage:9",
                                   "weights=wage:0", "colour=1", "weights=wage:nan"])  # fmt: skip
def test_a_query_that_is_none(one: World, query: str) -> None:
    answer = one.get("eko", f"/v1/compass?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_query")
    assert query.partition("=")[0] in answer.json()["detail"]


def test_a_province_that_is_none_is_told_beside_those_there_are(one: World) -> None:
    assert {*table.provinces()} == {*provinces()}
    for language in ("id", "en"):
        said = one.get("eko", "/v1/compass?province=99", **{"Accept-Language": language}).json()
        assert ", ".join(table.provinces()) in said["detail"]


def test_openings_answer_every_household_and_leave_a_row(one: World) -> None:
    answer = one.post("nina", "/v1/openings", request("32") | {"language": "id"})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["counts"] == {"households": 1, "workers": 2, "quarantined": 0}
    home = told["households"][0]
    assert home["note"] == {"id": "Ini peluang untuk dijajaki, bukan janji dan bukan keharusan."}
    assert [len(worker["text"]["id"]["openings"]) for worker in home["workers"]] == [6, 6]
    assert [(row.account, row.act, row.object) for row in one.rows()[-1:]] == [
        ("nina", "openings.make", home["household_id"])]  # fmt: skip
    (hidden,) = one.post("tono", "/v1/openings", request("32")).json()["households"]
    assert (hidden["index"], hidden["household_id"]) == (0, None)
    assert one.post("eko", "/v1/openings", request("32")).json()["code"] == "forbidden_role"
    assert one.post("nina", "/v1/openings", {"as_of": "2026-10-01"}).json()["code"] == "invalid"
    assert one.ask("nina", "POST", "/v1/openings", b"{").json()["code"] == "not_json"
