"""The database away or full, callers who ask too often, sessions in place of tokens, and hostile input at random."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from serving.access.rates import Rates
from serving.audit import reads, trail
from serving.example import request
from serving.front import SYSTEM
from serving.store import people, sessions, tokens
from tests.serving.api.world import MINE, World


class Away:
    """A database that can be taken away: no connection is begun while it is."""

    def __init__(self, world: World) -> None:
        self.gone = False
        event.listen(world.store.engine, "begin", self._begin, insert=True)

    def _begin(self, _: Any) -> None:
        if self.gone:
            raise OperationalError("BEGIN", {}, sqlite3.OperationalError("unable to open database file"))


def test_scores_are_read_while_the_database_is_away_and_the_log_knows_it_later(one: World) -> None:
    away = Away(one)
    code = one.households(MINE)[0]["household_id"]
    assert one.get("dewi", f"/v1/households/{code}").status_code == 200
    rows = one.audited()
    away.gone = True
    told = one.get("dewi", f"/v1/households/{code}")
    assert told.status_code == 200, told.text
    assert (told.json()["lists"], told.json()["visits"], told.json()["objections"]) == (None, None, None)
    body = {"household_id": code, "result": "above", "visited": "2026-11-20"}
    for answer in (one.post("dewi", "/v1/visits", body), one.get("dewi", "/v1/lists")):
        assert (answer.status_code, answer.json()["code"]) == (503, "read_only")
        assert answer.headers["retry-after"]
        assert "lists, visits, objections and scenarios can be neither opened nor saved" in answer.json()["title"]
    unknown = one.get("rini", f"/v1/households/{code}")
    assert unknown.status_code == 503, "who was not seen before cannot be known now"
    assert code in reads.waiting().read_text()
    away.gone = False
    one.store.clock.move(minutes=1)  # type: ignore[attr-defined]
    assert one.get("dewi", f"/v1/households/{code}").status_code == 200
    found = [row for row in one.rows()[rows:] if row.act != "audit.absorb"]
    assert [(row.act, row.object) for row in found] == [("household.see", code)] * 2
    assert sorted(row.at.minute for row in found) == [0, 1], "the row that waited has its own time"
    with one.store.reading() as connection:
        assert trail.verify(connection).count == rows + 3


def test_nothing_is_read_over_a_row_that_waited_and_was_changed(one: World) -> None:
    away = Away(one)
    code = one.households(MINE)[0]["household_id"]
    one.get("dewi", f"/v1/households/{code}")
    away.gone = True
    one.get("dewi", f"/v1/households/{code}")
    path = reads.waiting()
    path.write_text(path.read_text().replace("dewi", "budi"))
    away.gone = False
    rows = one.audited()
    assert one.get("dewi", f"/v1/households/{code}").json()["code"] == "internal"
    assert one.audited() == rows


def test_a_full_disk_is_told_and_nothing_is_half_written(one: World) -> None:
    code = one.households(MINE)[0]["household_id"]
    body = {"household_id": code, "result": "above", "visited": "2026-11-20"}
    assert one.post("dewi", "/v1/visits", body).status_code == 201
    full = [True]

    def begun(connection: Any) -> None:
        if full[0] and connection.get_execution_options().get("jaga_writes"):
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    event.listen(one.store.engine, "begin", begun)
    seen = set()
    for number in range(400):
        answer = one.post("dewi", "/v1/visits", body | {"note": "x" * 450}, key=f"full-disk-{number:04d}")
        seen.add((answer.status_code, answer.json().get("code")))
        if answer.status_code != 201:
            break
    assert (507, "storage_full") in seen
    for read in (lambda: one.get("dewi", f"/v1/households/{code}"), lambda: one.post("nina", "/v1/score", request())):
        for _ in range(200):  # until the last free bytes of the last page are gone too
            answer = read()
            if answer.status_code != 200:
                break
        assert (answer.status_code, answer.json()["code"]) == (507, "storage_full"), (
            "what cannot be logged is not shown"
        )
    described = one.get(None, "/openapi.json").json()["paths"]
    told = {path: "507" in item["get"]["responses"] for path, item in described.items() if "get" in item}
    for path in told:
        at = path.replace("{code}", code)
        if not at.startswith("/v1/") or "{" in at or "comparison" in at or at == "/v1/model":
            continue  # there is no list, case or scenario of a number to be found here, and no model
        answer = one.get("dewi", at)
        assert answer.status_code == (507 if told[path] else 200), (path, answer.text)
    assert told["/v1/households/{code}"]
    assert told["/v1/lists/{no}.csv"]
    assert not told["/v1/model"]
    full[0] = False
    with one.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    with one.store.reading() as connection:
        trail.verify(connection)


def test_a_caller_who_asks_too_often_waits_and_others_do_not(one: World) -> None:
    now = [0.0]
    one.office.callers = Rates(2, lambda: now[0])
    answers = [one.get("dewi", "/v1/lists") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert answers[-1].headers["retry-after"] == "1"
    assert answers[-1].json()["detail"] == "Too many requests. Wait 1 seconds."
    with one.store.writing() as connection:
        person = people.by_account(connection, "dewi")
        assert person is not None
        _, more = tokens.make(connection, person.id, "another program", ["lists.read"])
    assert one.get(None, "/v1/lists", Authorization=f"Bearer {more}").status_code == 429, "the same person"
    assert one.get("rini", "/v1/lists").status_code == 200
    now[0] = 0.5
    assert one.get("dewi", "/v1/lists").status_code == 200
    assert one.get("dewi", "/v1/lists").status_code == 429
    one.office.addresses = Rates(1, lambda: now[0])
    codes = [one.get(None, "/v1/lists", Authorization="Bearer jaga_x").status_code for _ in range(4)]
    assert codes == [401, 401, 429, 429]


def test_a_session_of_a_page_may_read_and_changes_with_its_word(one: World) -> None:
    with one.store.writing() as connection:
        person = people.by_account(connection, "dewi")
        assert person is not None
        secret = sessions.begin(connection, person.id, "password")
    cookie = {"Cookie": f"jaga={secret}"}
    assert one.get(None, "/v1/lists", **cookie).status_code == 200
    code = one.households(MINE)[0]["household_id"]
    body = {"household_id": code, "result": "above", "visited": "2026-11-20"}
    assert one.post(None, "/v1/visits", body, **cookie).json()["code"] == "form_expired"
    word = cookie | {"X-CSRF-Token": sessions.csrf(secret)}
    assert one.post(None, "/v1/visits", body, **word).status_code == 201
    assert (
        one.post(None, "/v1/visits", body, **word, **{"Sec-Fetch-Site": "cross-site"}).json()["code"] == "form_expired"
    )
    one.store.clock.move(hours=11)  # type: ignore[attr-defined]
    assert one.get(None, "/v1/lists", **cookie).json()["code"] == "sign_in_expired"


@pytest.mark.slow
def test_no_input_at_random_breaks_the_service(one: World) -> None:
    """Every operation of the description, inputs that fit it and inputs that do not; bounded in number."""
    document = one.get(None, "/openapi.json").json()
    schema = schemathesis.openapi.from_dict(document)
    bound = settings(max_examples=5, deadline=None, derandomize=True, database=None,
                     suppress_health_check=list(HealthCheck))  # fmt: skip
    tried = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path in SYSTEM:
            continue  # of BentoML, which this process does not have
        tried.add((operation.method, operation.path))
        for mode in GenerationMode:
            bound(given(case=operation.as_strategy(mode))(lambda case: _survives(one, case)))()
    wanted = {(method, path) for path, item in document["paths"].items() for method in item if path not in SYSTEM}
    assert tried == wanted


def _survives(world: World, case: Any) -> None:
    asked = case.as_transport_kwargs(base_url="http://127.0.0.1")
    kept = {name: asked[name] for name in ("method", "url", "params", "json") if name in asked}
    if isinstance(asked.get("data"), bytes | str):
        kept["content"] = asked["data"]
    headers = {name: str(value).encode("latin-1", "replace") for name, value in (asked.get("headers") or {}).items()}
    headers |= {"Authorization": f"Bearer {world.secrets['nina']}".encode()}
    answer = world._client.request(**kept, headers=headers, follow_redirects=False)
    assert answer.status_code < 500, (case.method, case.path, kept, answer.text)


def test_who_may_see_no_household_learns_no_code_of_a_number(one: World) -> None:
    number = "3171234567890001"
    asked = json.loads(json.dumps(request()).replace(request()["households"][0]["household_id"], number))
    shown = one.post("nina", "/v1/score", asked).json()
    code = shown["scores"][0]["household_id"]
    assert code
    hidden = one.post("tono", "/v1/score", asked)
    row = one.rows()[-1]
    assert (row.account, row.object, row.households) == ("tono", "", code), "the log has it"
    assert hidden.json() == shown | {"scores": [shown["scores"][0] | {"household_id": None}]}
    broken = one.post("tono", "/v1/score", asked | {"households": [asked["households"][0] | {"unit": "no"}]})
    assert {line["household_id"] for line in broken.json()["quarantine"]} == {None}
    for answer in (hidden, broken, one.get("tono", "/v1/audit")):
        assert answer.status_code == 200, answer.text
        assert code not in answer.text
        assert number not in answer.text
