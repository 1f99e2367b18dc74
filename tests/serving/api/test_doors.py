"""What every route owes: a caller, an area, a body that is read strictly, one act for one key, a row in the log.

Routes are those found in the app: one that is added is in these tests, or they fail.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fastapi.routing import APIRoute

from serving.api import every
from serving.api.routes import Route
from tests.serving.api.world import MINE, World

OPEN = {"/openapi.json", "/docs", "/", "/favicon.ico", "/healthz", "/livez", "/readyz"}
"""Nobody needs to be known here: health, documentation and its way. Pages of sign-in, help and files are below."""
OPEN_PAGES = ("/masuk", "/bantuan", "/data-pribadi", "/problems", "/static", "/bahasa")
ROWS = ("/v1/score", "/v1/openings")
"""Routes that take contract rows."""
API = [*(("POST", path) for path in ROWS), *((route.method, route.path) for route in every.ROUTES)]
WRITES = [route for route in every.ROUTES if route.writes]
NAMES = {"code": "7K3M9Q2PT5XA", "no": "D-2026-0001", "visit": "1", "number": "S-2026-0001", "scenario": "K-2026-0001"}


def filled(path: str, **names: str) -> str:
    return path.format(**(NAMES | names))


def test_every_route_of_the_app_is_described_or_open(one: World) -> None:
    found = {(method, route.path) for route in one.app.routes if isinstance(route, APIRoute)
             for method in route.methods - {"HEAD"}}  # fmt: skip
    api = {(method, path) for method, path in found if path.startswith("/v1") or path == "/metrics"}
    assert api == set(API)
    described = one.get(None, "/openapi.json").json()["paths"]
    assert {(method.upper(), path) for path, item in described.items() for method in item
            if path.startswith("/v1") or path == "/metrics"} == api  # fmt: skip


def test_no_route_answers_to_nobody(one: World) -> None:
    for route in one.app.routes:
        if not isinstance(route, APIRoute) or route.path in OPEN or route.path.startswith(OPEN_PAGES):
            continue
        for method in route.methods - {"HEAD"}:
            # Names of pages are others than those of the API: a new one needs no entry here.
            path = re.sub(r"\{(\w+)[^}]*\}", lambda name: NAMES.get(name[1], NAMES["code"]), route.path)
            answer = one.ask(None, method, path)
            sent_on = answer.status_code == 303 and answer.headers["location"].startswith("/masuk")
            assert answer.status_code in (401, 403) or sent_on, (method, route.path, answer.status_code)
            if route.path.startswith("/v1"):
                assert answer.json()["code"] == "unauthenticated"
                assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(("method", "path"), API)
def test_a_token_without_the_scope_opens_nothing(one: World, method: str, path: str) -> None:
    from serving.store import people, tokens

    needed = "score" if path in ROWS else next(r.scope for r in every.ROUTES if (r.method, r.path) == (method, path))
    others = [name for name in ("score", "households.read", "lists.read", "lists.write", "visits.write",
                                "objections.write", "audit.read", "metrics", "scenarios.read",
                                "scenarios.write") if name != needed]  # fmt: skip
    with one.store.writing() as connection:
        person = people.by_account(connection, "nina")
        assert person is not None
        _, one.secrets["few"] = tokens.make(connection, person.id, "few", others)
    answer = one.ask("few", method, filled(path))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden_scope")
    bad = one.ask(None, method, filled(path), Authorization=f"Bearer {one.secrets['few'][:-1]}x")
    assert (bad.status_code, bad.json()["code"]) == (401, "bad_token")


def test_what_lies_in_another_district_is_out_of_reach_by_id_on_every_route(one: World) -> None:
    """Everything exists in 3101; whoever works in 7301 finds none of it, in the words of what is not there at all."""
    one.confirmed(quota=20)
    place = one.get("dewi", "/v1/lists/D-2026-0001/places").json()["places"][0]
    planned = one.get("dewi", "/v1/visits?status=planned").json()["visits"][0]
    lodged = one.post("dewi", "/v1/objections", {"household_id": place["household_id"], "kind": "proposal",
                                                 "asker": "family", "channel": "counter"})  # fmt: skip
    assert lodged.status_code == 201, lodged.text
    names = {"code": place["household_id"], "no": "D-2026-0001", "visit": str(planned["visit"]),
             "number": lodged.json()["objection"]["number"], "scenario": "K-2026-0001"}  # fmt: skip
    bodies: dict[str, Any] = {
        "record_visit": {"visit": planned["visit"], "result": "above", "visited": "2026-11-20"},
        "lodge": {"household_id": place["household_id"], "kind": "proposal", "asker": "family", "channel": "counter"},
        "step": {"changed": 1, "stage": "completeness"},
        "confirm_list": {"changed": 1, "reason": "x", "checked": True,
                         "expected_errors": {"missed_of_100": None, "not_falling_of_100": None}},
        "correct_visit": {"result": "above", "visited": "2026-11-20"},
    }  # fmt: skip
    before = one.audited()
    reached = 0
    for route in every.ROUTES:
        by_id = "{" in route.path or route.name in ("record_visit", "lodge")
        if not by_id:
            continue
        reached += 1
        for who in ("budi", "wati"):
            asked = bodies.get(route.name, {})
            answer = one.ask(who, route.method, filled(route.path, **names), asked)
            there_is_none = {"code": "7K3M9Q2PT5XA", "no": "D-2026-0999", "visit": "99999", "number": "S-2026-0999",
                             "scenario": "K-2026-0999"}  # fmt: skip
            none = one.ask(who, route.method, filled(route.path, **there_is_none),
                           {**asked, **{key: value for key, value in (("visit", 99999),) if key in asked},
                            **{key: "7K3M9Q2PT5XA" for key in asked if key == "household_id"}})  # fmt: skip
            assert answer.status_code in (404, 403, 409), (route.name, who, answer.text)
            assert answer.status_code != 409 or route.name == "confirm_list"
            assert (answer.status_code, answer.json()) == (none.status_code, none.json()), route.name
            assert place["household_id"] not in answer.text
    assert reached >= 10
    left = one.rows()[before:]
    assert one.audited() == before + len(left)
    assert {(row.act, row.result, row.households, row.count) for row in left} == {
        ("household.see", "refused", "", 0)}, "what was refused has left a row as if it had been read"  # fmt: skip
    seen = one.get("budi", "/v1/households?area=7301").json()["households"]
    assert seen
    assert {row["regency"] for row in seen} == {"7301"}
    for path in ("/v1/households?area=3101", "/v1/visits?area=3101", "/v1/objections?area=31"):
        assert one.get("budi", path).status_code == 404
    assert one.get("budi", "/v1/visits").json()["visits"] == []
    assert one.get("budi", "/v1/objections").json()["objections"] == []
    assert one.get("budi", "/v1/lists").json()["lists"] == []
    found = one.post("budi", "/v1/households/search", {"id": place["household_id"]}).json()
    assert (found["total"], found["households"]) == (0, [])


BAD: list[tuple[bytes, int, str]] = [
    (b"{", 400, "not_json"), (b'{"a": NaN}', 0, ""), (b"\xff\xfe", 400, "not_json"), (b"[]", 422, "invalid"),
    (b"null", 422, "invalid"), (b'{"colour": 1}', 422, "invalid"), (b"[" * 50_000, 400, "not_json"),
    (b'{"a":' * 50_000, 400, "not_json"), (b'{"changed": 1e400}', 0, ""), (b'{"visit": 99999999999999999999}', 0, ""),
    (b'"\\ud800"', 0, ""), (b" " * 600_000, 413, "too_large"), (b'{"note": "\\u0000"}', 0, ""),
]  # fmt: skip


@pytest.mark.parametrize("route", [route for route in every.ROUTES if route.body], ids=lambda route: route.name)
def test_a_body_of_the_wrong_kind_is_told_and_breaks_nothing(one: World, route: Route) -> None:
    path = filled(route.path)
    for body, status, code in BAD:
        answer = one.ask("nina", "POST", path, body)
        assert 400 <= answer.status_code < 500, (route.name, body[:30], answer.text)
        if status and answer.status_code != 404:
            assert (answer.status_code, answer.json()["code"]) == (status, code), (route.name, body[:30], answer.text)
        if answer.status_code == 413:
            assert answer.json()["detail"].endswith("512 KiB."), "as much as this route takes"
    wrong = one.ask("nina", "POST", path, b"{}", **{"Content-Type": "text/plain"})
    assert (wrong.status_code, wrong.json()["code"]) == (415, "media_type")


STRINGS = ["../../etc/passwd", "..%2f..%2fetc%2fpasswd", "' OR '1'='1", "1; DROP TABLE lists", "%00", "%F0%9F%92%A9",
           "D-2026-0001%00", "draft--1", "draft-99999999999999", "0", "-1", "S-2026-0001'--", "a" * 3000]  # fmt: skip


@pytest.mark.parametrize("route", [route for route in every.ROUTES if "{" in route.path], ids=lambda route: route.name)
def test_a_name_that_is_none_is_not_found_and_breaks_nothing(world: World, route: Route) -> None:
    for text in STRINGS:
        body = route.asked if route.body else None
        who = {"visit.close": "tina", "scenario.edit": "tono"}.get(route.act, "nina")
        answer = world.ask(who, route.method, route.path.format(**dict.fromkeys(NAMES, text)), body)
        assert answer.status_code in (404, 405, 409), (text, answer.status_code, answer.text)
        assert json.loads(answer.text)["code"] in ("not_in_area", "not_found", "method", "list_immutable"), text


@pytest.mark.parametrize("query", ["area=' OR 1=1", "level=x", "count=1", "count=501", "count=NaN", "colour=1",
                                   "cursor=x", "cursor=../../x", "programme=pkh", "change=up,x", "area=%00", "area=32x",
                                   "sector=C", "sector=Z", "order=name", "language=fr",
                                   "kind=" + "a" * 5000])  # fmt: skip
def test_a_filter_that_is_none_is_told_by_its_key(one: World, query: str) -> None:
    answer = one.get("nina", f"/v1/households?{query}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_query"), answer.text
    key = query.partition("=")[0]
    assert answer.json()["errors"][0]["field"].startswith(key)
    assert key in answer.json()["detail"]


def test_a_cursor_belongs_to_its_list_and_its_caller(one: World) -> None:
    first = one.get("nina", "/v1/households?level=low,very_low").json()
    assert first["next"]
    second = one.get("nina", f"/v1/households?level=low,very_low&cursor={first['next']}").json()
    codes = [row["household_id"] for row in first["households"] + second["households"]]
    assert len(set(codes)) == len(codes) == 50
    risks = [row["risk"] for row in first["households"] + second["households"]]
    assert risks == sorted(risks, reverse=True)
    assert one.get("nina", f"/v1/households?level=low,very_low&order=risk&cursor={first['next']}").json()[
        "code"] == "bad_query"  # fmt: skip
    for who, path in (("nina", "/v1/households?level=low"), ("dewi", "/v1/households?level=low,very_low"),
                      ("nina", "/v1/visits?"), ("nina", "/v1/lists?")):  # fmt: skip
        assert one.get(who, f"{path}&cursor={first['next']}").json()["code"] == "bad_query"


@pytest.mark.parametrize("route", WRITES, ids=lambda route: route.name)
def test_every_write_wants_a_key(one: World, route: Route) -> None:
    answer = one._client.request(route.method, filled(route.path), content=json.dumps(route.asked),
                                 headers={"Authorization": f"Bearer {one.secrets['nina']}",
                                          "Content-Type": "application/json"})  # fmt: skip
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_a_write_that_is_sent_twice_is_done_once(world: World) -> None:
    code = world.households(MINE)[0]["household_id"]
    body = {"household_id": code, "result": "above", "visited": "2026-11-20"}
    first = world.post("dewi", "/v1/visits", body, key="one-and-the-same")
    rows = world.audited()
    again = world.post("dewi", "/v1/visits", body, key="one-and-the-same")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert world.audited() == rows
    other = world.post("dewi", "/v1/visits", body | {"note": "lain"}, key="one-and-the-same")
    assert (other.status_code, other.json()["code"]) == (409, "duplicate_request")
    elsewhere = world.post("dewi", "/v1/objections", {"household_id": code, "kind": "proposal", "asker": "family",
                                                      "channel": "counter"}, key="one-and-the-same")  # fmt: skip
    assert elsewhere.json()["code"] == "duplicate_request"
    assert world.post("rini", "/v1/visits", body, key="one-and-the-same").status_code == 201
    assert len(world.get("dewi", "/v1/visits").json()["visits"]) == 2
    assert world.post("dewi", "/v1/visits", body, key="short").json()["errors"][0]["rule"] == "idempotency_key"
