"""Households, visits and objections through the API: what is told, what is written, what stands in the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from serving.access.rights import Grant
from serving.audit import trail
from serving.cases.objections import contestable
from serving.console import formats
from serving.store import people, schema, tokens
from tests.serving import stores
from tests.serving.api.world import MINE, OTHER, SCOPES, World


def last(world: World, count: int = 1) -> list[tuple[str, str, str]]:
    return [(row.account, row.act, row.object) for row in world.rows()[-count:]]


def test_a_household_is_told_whole_and_its_reading_is_recorded(world: World) -> None:
    code = world.households(MINE)[0]["household_id"]
    answer = world.get("dewi", f"/v1/households/{code}")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["household"]["household_id"] == code
    assert told["household"]["regency"] == MINE
    assert {tuple(reason["text"]) for reason in told["household"]["reasons"]} == {("id", "en")}
    assert [own["as_of"] for own in told["history"]] == ["2026-11-15", "2026-08-15"]
    assert (told["lists"], told["visits"], told["checked"], told["objections"]) == ([], [], None, [])
    assert last(world) == [("dewi", "household.see", code)]
    assert answer.headers["cache-control"] == "no-store"
    english = world.get("dewi", f"/v1/households/{code}?language=en").json()
    assert {tuple(reason["text"]) for reason in english["household"]["reasons"]} == {("en",)}
    for who in ("eko", "tono", "admin"):
        assert world.get(who, f"/v1/households/{code}").json()["code"] == "forbidden_role"
    with world.store.reading() as connection:
        assert trail.verify(connection).count == world.audited()


@pytest.mark.parametrize("write", [formats.code, lambda code: formats.code(code).lower(), lambda code: f" {code} "],
                         ids=["printed", "small", "blanks"])  # fmt: skip
def test_a_code_is_taken_as_it_is_printed(world: World, write: Callable[[str], str]) -> None:
    code = world.households(MINE)[1]["household_id"]
    told = world.get("dewi", f"/v1/households/{write(code)}")
    assert told.json()["household"]["household_id"] == code, told.text
    assert last(world) == [("dewi", "household.see", code)]
    visit = world.post("dewi", "/v1/visits", {"household_id": write(code), "result": "above", "visited": "2026-11-20"})
    assert (visit.status_code, visit.json()["visit"]["household_id"]) == (201, code), visit.text
    found = world.post("dewi", "/v1/households/search", {"id": write(code)}).json()["households"]
    assert [row["household_id"] for row in found] == [code]


def test_a_family_that_moved_here_brings_its_estimates_and_nothing_of_the_other_office(one: World) -> None:
    code = one.households(MINE)[0]["household_id"]
    with one.store.writing() as connection:
        budi = people.by_account(connection, "budi")
        assert budi is not None
        stores.confirmed(connection, budi.id, OTHER, [stores.place(code, OTHER)])  # as it lived there
    told = one.get("dewi", f"/v1/households/{code}").json()
    assert [own["as_of"] for own in told["history"]] == ["2026-11-15", "2026-08-15"]
    assert (told["lists"], told["visits"], told["objections"]) == ([], [], [])
    assert one.get("budi", f"/v1/households/{code}").json()["code"] == "not_in_area"


def test_who_tries_households_of_others_is_seen_in_the_log(world: World) -> None:
    code = world.households(OTHER)[0]["household_id"]
    for tried in (code, "0" * len(code)):
        before = world.audited()
        assert world.get("dewi", f"/v1/households/{tried}").json()["code"] == "not_in_area"
        row = world.rows()[-1]
        assert world.audited() == before + 1
        assert (row.account, row.act, row.result, row.households, row.count) == (
            "dewi", "household.see", "refused", "", 0)  # fmt: skip
        assert row.object == (code if tried == code else ""), "what was tried, where it can be a code"
    tries = world.get("admin", f"/v1/audit?object={code}").json()["rows"]
    assert ("dewi", "refused") in {(row["account"], row["result"]) for row in tries}


def test_reading_without_an_area_is_seen_by_who_oversees_the_area_of_the_reader(one: World) -> None:
    reads = ("/v1/households", f"/v1/households?area={MINE[:2]}", f"/v1/households/{'0' * 12}", "/v1/visits",
             "/v1/objections", "/v1/lists")  # fmt: skip
    for path in reads:
        one.get("dewi", path)
        last = one.rows()[-1]
        assert (last.account, last.province, last.regency) == ("dewi", MINE[:2], MINE), path
        told = {who: one.get(who, "/v1/audit?by=dewi").json()["rows"][:1] for who in ("sari", "wati")}
        assert [row["n"] for row in told["sari"]] == [last.n]
        assert told["wati"] == []
    one.post("dewi", "/v1/households/search", {"id": "3171234567890001"})
    assert one.rows()[-1].regency == MINE
    one.get("nina", "/v1/households")
    assert one.rows()[-1].province is None


def test_filters_limit_and_counts_add_up(one: World) -> None:
    everything = one.get("nina", "/v1/households").json()
    assert everything["total"] == sum(everything["by_level"].values())
    some = one.get("nina", f"/v1/households?area={MINE}&level=medium&level=high&kind=relapse&count=100").json()
    assert some["total"] == len(some["households"]) == sum(some["by_level"].values())
    assert {row["regency"] for row in some["households"]} == {MINE}
    assert {row["kind"] for row in some["households"]} == {"relapse"}
    assert set(some["by_level"]) <= {"medium", "high"}
    same = one.post("nina", "/v1/households/search", {"area": MINE, "level": ["medium", "high"], "kind": ["relapse"],
                                                      "count": 100})  # fmt: skip
    assert same.json() == some
    unsure = one.get("nina", "/v1/households?certainty=low").json()
    assert {row["certainty"] for row in unsure["households"]} == {"low"}
    assert one.get("nina", "/v1/households?change=same").json()["total"] + one.get(
        "nina", "/v1/households?change=up,down").json()["total"] == everything["total"]  # fmt: skip
    shown = one.rows()[-1]
    assert (shown.act, shown.account) == ("household.find", "nina")
    found = one.get("nina", "/v1/households").json()
    last = one.rows()[-1]
    assert last.households.split() == [row["household_id"] for row in found["households"]]
    asked = one.get("admin", f"/v1/audit?object={found['households'][3]['household_id']}").json()["rows"]
    assert last.n in {row["n"] for row in asked}, "who saw a family among others is found by its code"


def test_a_household_is_found_by_its_number_which_is_kept_nowhere(one: World) -> None:
    code = one.households(MINE)[0]["household_id"]
    spoken = f"{code[:4]}-{code[4:8]}-{code[8:]}".lower()
    assert one.post("dewi", "/v1/households/search", {"id": spoken}).json()["households"][0]["household_id"] == code
    number = "3171234567890001"
    answer = one.post("dewi", "/v1/households/search", {"id": number})
    assert answer.json()["total"] == 0
    assert number not in answer.text
    assert all(number not in str(row) for row in one.rows())


def test_a_visit_goes_from_planned_to_closed(world: World) -> None:
    world.confirmed(quota=20)
    planned = world.get("dewi", "/v1/visits?status=planned").json()["visits"][0]
    body = {"visit": planned["visit"], "result": "moved", "visited": "2026-11-20", "moved_to": "3273"}
    done = world.post("dewi", "/v1/visits", body)
    assert (done.status_code, done.json()["visit"]["status"]) == (201, "done"), done.text
    assert done.json()["visit"]["known_at"] == "2026-11-24"
    for own in (planned, done.json()["visit"]):
        assert (own["list"], own["version"]) == ("D-2026-0001", 1), "the list that planned it"
    assert last(world) == [("dewi", "visit.record", planned["household_id"])]
    assert world.post("dewi", "/v1/visits", body).json()["code"] == "visit_made"
    number = planned["visit"]
    waiting = world.get("dewi", "/v1/visits?status=planned").json()["visits"][0]["visit"]
    for who, way, sent in (
        ("sari", "closing", {}),
        ("dewi", "corrections", {"result": "above", "visited": "2026-11-21"}),
    ):
        assert world.post(who, f"/v1/visits/{waiting}/{way}", sent).json()["code"] == "visit_not_made"
    assert world.post("rini", f"/v1/visits/{number}/corrections", {"result": "above", "visited": "2026-11-21"}
                      ).json()["code"] == "own_visit"  # fmt: skip
    better = world.post("dewi", f"/v1/visits/{number}/corrections", {"result": "wrong", "visited": "2026-11-21",
                                                                     "wrong": {"hh.land": "0,5 ha"}})  # fmt: skip
    assert better.status_code == 201, better.text
    fresh = better.json()["visit"]
    assert (fresh["corrects"], fresh["channel"], fresh["probability"]) == (
        number, planned["channel"], planned["probability"])  # fmt: skip
    assert world.post("dewi", f"/v1/visits/{fresh['visit']}/closing", {}).json()["code"] == "forbidden_role"
    closed = world.post("sari", f"/v1/visits/{fresh['visit']}/closing", {})
    assert closed.json()["visit"]["status"] == "closed", closed.text
    told = world.get("dewi", f"/v1/households/{planned['household_id']}").json()
    assert [visit["visit"] for visit in told["visits"]] == [fresh["visit"]]
    assert told["checked"] == {"visit": fresh["visit"], "result": "wrong", "visited": "2026-11-21"}, (
        "nobody looks again"
    )
    assert told["lists"][0]["list"] == "D-2026-0001"


def test_of_a_household_found_dead_no_risk_is_told(one: World) -> None:
    own = one.households(MINE)[0]
    code = own["household_id"]
    assert own["checked"] is None
    assert own["risk"] is not None
    done = one.post("dewi", "/v1/visits", {"household_id": code, "result": "died", "visited": "2026-11-20"}).json()
    checked = {"visit": done["visit"]["visit"], "result": "died", "visited": "2026-11-20"}
    told = one.get("dewi", f"/v1/households/{code}").json()
    assert told["checked"] == checked
    assert len(told["history"]) > 1
    for row in (told["household"], *told["history"]):
        assert (row["applies"], row["risk"], row["low"], row["high"]) == (False, None, None, None)
    parts = [told["household"][name] for name in ("base", "place", "other", "reasons")]
    assert parts == [None] * 4, "nor can it be added up"
    listed = next(row for row in one.households(MINE) if row["household_id"] == code)
    (found,) = one.post("dewi", "/v1/households/search", {"id": code}).json()["households"]
    for row in (listed, found):
        assert (row["risk"], row["low"], row["high"], row["was"], row["checked"]) == (None, None, None, None, checked)


def test_a_visit_answers_those_of_other_lists_to_the_same_family(world: World) -> None:
    for _ in range(2):
        world.confirmed(quota=20)
    mine = world.get("dewi", "/v1/visits?list_number=D-2026-0001&status=planned").json()["visits"][0]
    code = mine["household_id"]
    world.post("dewi", "/v1/visits", {"visit": mine["visit"], "result": "above", "visited": "2026-11-24"})
    assert (world.rows()[-1].act, world.rows()[-1].count) == ("visit.record", 2)
    (other,) = world.get("dewi", "/v1/visits?list_number=D-2026-0002&status=answered").json()["visits"]
    assert (other["household_id"], other["status"], other["answered_by"], other["result"]) == (
        code, "answered", mine["visit"], None)  # fmt: skip
    waiting = world.get("dewi", "/v1/visits?status=planned&count=500").json()["visits"]
    assert code not in {visit["household_id"] for visit in waiting}
    at, refused = f"/v1/visits/{mine['visit']}/corrections", {"result": "refused", "visited": "2026-11-24"}
    corrected = world.post("dewi", at, refused)
    assert corrected.status_code == 201, corrected.text
    assert world.get("dewi", "/v1/visits?status=answered").json()["visits"] == []


@pytest.mark.parametrize(("change", "field", "rule"), [
    ({"result": "rich"}, "result", "choice"), ({"visited": "2026-12-24"}, "visited", "past"),
    ({"visited": "20 November"}, "visited", "date"), ({"note": "NIK 3171234567890001"}, "note", "no_id_number"),
    ({"result": "wrong"}, "wrong", "required"), ({"moved_to": "32"}, "moved_to", "area"),
    ({"visit": 1}, "visit", "one_of_two"), ({"colour": 1}, "colour", "unknown_field"), ({"note": 7}, "note", "words"),
    ({"note": "a" * 501}, "note", "text"), ({"channel": "random"}, "channel", "choice"),
])  # fmt: skip
def test_a_visit_that_breaks_a_rule_is_told_by_field(one: World, change: dict[str, Any], field: str, rule: str) -> None:
    code = one.households(MINE)[0]["household_id"]
    body = {"household_id": code, "result": "above", "visited": "2026-11-20"} | change
    answer = one.post("dewi", "/v1/visits", body)
    assert answer.status_code == 422, answer.text
    told = answer.json()["errors"][0]
    assert (told["field"], told["rule"]) == (field, rule)
    assert "3171234567890001" not in answer.text


@pytest.mark.parametrize("change", [{}, {"visit": 1, "household_id": "K7M29QXRTF"}])
def test_of_two_fields_that_belong_together_both_are_told(one: World, change: dict[str, Any]) -> None:
    answer = one.post("dewi", "/v1/visits", {"result": "above", "visited": "2026-11-20"} | change)
    assert answer.status_code == 422, answer.text
    assert [(own["field"], own["rule"]) for own in answer.json()["errors"]] == [
        ("visit", "one_of_two"), ("household_id", "one_of_two")]  # fmt: skip


NIK = "3273012345678901"


@pytest.mark.parametrize(("path", "change", "field"), [
    ("/v1/visits", {"wrong": {NIK: "x"}}, "wrong"), ("/v1/visits", {"intervention": NIK}, "intervention"),
    ("/v1/visits", {"note": " ".join(NIK)}, "note"),
    ("/v1/lists", {"rules": {"receives": [NIK]}}, "rules.scheme[0].receives[0]"),
    ("/v1/lists", {"rules": {"without": ["32.7301.2345.678901"]}}, "rules.scheme[0].without[0]"),
    ("/v1/lists", {"rules": {"name": f"x{NIK}"}}, "rules.scheme[0].name"),
])  # fmt: skip
def test_no_text_of_a_write_is_kept_with_the_number_of_a_person(one: World, path: str, change: dict[str, Any],
                                                                field: str) -> None:  # fmt: skip
    sent: dict[str, Any] = {"household_id": one.households(MINE)[0]["household_id"], "result": "wrong",
                            "visited": "2026-11-20", **change}  # fmt: skip
    if path == "/v1/lists":
        sent = {"rules": one.rules(scheme={**change["rules"], "programme_unknown": True})}
    before = one.audited()
    answer = one.post("dewi", path, sent, key=NIK)
    assert answer.status_code == 422, answer.text
    assert field in {own["field"] for own in answer.json()["errors"] if own["rule"] in ("no_id_number", "field_name")}
    assert NIK not in answer.text
    assert one.audited() == before
    with one.store.reading() as connection:
        for table in schema.TABLES:
            assert NIK not in str(connection.execute(select(table)).all())


def test_visits_without_a_day_come_last_and_end(one: World) -> None:
    one.confirmed(quota=20)
    rows = one.households(MINE, 50)
    for row in rows[:30]:
        body = {"household_id": row["household_id"], "result": "above", "visited": "2026-11-20"}
        assert one.post("dewi", "/v1/visits", body).status_code == 201
    found: list[int] = []
    cursor = ""
    for _ in range(5):
        page = one.get("dewi", f"/v1/visits?count=25{cursor}").json()
        found += [visit["visit"] for visit in page["visits"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(found) == len(set(found)) == 50


def contested(world: World) -> tuple[str, str]:
    """A household of 3101 and a fact of it that can be objected to."""
    for row in world.households(MINE, 100):
        told = world.get("dewi", f"/v1/households/{row['household_id']}").json()
        for reason in told["household"]["reasons"]:
            if reason["key"] in contestable():
                return row["household_id"], reason["key"]
    raise AssertionError("no household has a fact to object to")


def test_an_objection_goes_through_its_stages_to_a_decision(world: World) -> None:
    code, fact = contested(world)
    body = {"household_id": code, "kind": "data", "asker": "family", "channel": "counter", "facts": [fact],
            "evidence": ["land_paper"], "note": "lahan sudah dijual"}  # fmt: skip
    lodged = world.post("dewi", "/v1/objections", body)
    assert lodged.status_code == 201, lodged.text
    case = lodged.json()["objection"]
    assert (case["number"], case["deadline"], case["changed"]) == ("S-2026-0001", "2026-12-08", 1)
    told = world.get("dewi", f"/v1/households/{code}").json()["household"]
    (reason,) = [own for own in told["reasons"] if own["key"] == fact]
    assert case["contested"] == {"as_of": told["as_of"], "values": {
        fact: {"value": reason["value"], "contribution": reason["contribution"]}}}  # fmt: skip
    steps = f"/v1/objections/{case['number']}/steps"
    assert world.post("dewi", steps, {"changed": 1, "stage": "completeness"}).json()["objection"]["changed"] == 2
    assert world.post("dewi", steps, {"changed": 1, "stage": "village"}).json()["code"] == "changed_meanwhile"
    assert world.post("dewi", steps, {"changed": 2, "stage": "verification"}).json()["code"] == "forbidden_role"
    assert world.post("sari", steps, {"changed": 2, "stage": "village", "state": "running"}).status_code == 200
    assert world.post("sari", steps, {"changed": 3, "stage": "completeness"}).status_code == 422
    no_outcome = world.post("sari", steps, {"changed": 3, "stage": "decision", "reason": "diperiksa"}).json()["errors"]
    assert [(own["field"], own["rule"]) for own in no_outcome] == [("outcome", "required")]
    no_reason = world.post("sari", steps, {"changed": 3, "stage": "decision", "outcome": "upheld"})
    assert no_reason.json()["errors"][0]["field"] == "reason"
    decided = world.post("sari", steps, {"changed": 3, "stage": "decision", "outcome": "upheld", "reason": "diperiksa"})
    assert decided.json()["objection"]["outcome"] == "upheld", decided.text
    again = {"changed": 4, "stage": "decision", "outcome": "rejected", "reason": "lain"}
    assert world.post("sari", steps, again).json()["code"] == "case_decided"
    seen = world.get("dewi", f"/v1/objections/{case['number']}")
    assert [step["stage"] for step in seen.json()["steps"]] == ["lodged", "completeness", "village", "decision"]
    assert seen.headers["etag"] == '"4"'
    assert world.get("sari", "/v1/objections?waiting=true").json()["objections"] == []
    acts = [row.act for row in world.rows()]
    assert acts.count("objection.step") == 2
    assert acts.count("objection.decide") == 1


def test_who_drew_a_list_does_not_decide_objections_to_it(one: World) -> None:
    from serving.access.rights import Grant

    with one.store.writing() as connection:
        person = people.by_account(connection, "dewi")
        assert person is not None
        people.give(connection, person.id, Grant("verifier", MINE), None)
    one.confirmed(quota=20)
    code = one.get("dewi", "/v1/lists/D-2026-0001/places").json()["places"][0]["household_id"]
    body = {"household_id": code, "kind": "result", "asker": "family", "channel": "counter"}
    assert one.post("rini", "/v1/objections", body).json()["errors"][0]["field"] == "list_number"
    number = one.post("rini", "/v1/objections", body | {"list_number": "D-2026-0001"}).json()["objection"]["number"]
    own = one.get("rini", f"/v1/objections/{number}").json()["objection"]
    assert (own["list"], own["version"]) == ("D-2026-0001", 1)
    held = one.get("rini", f"/v1/households/{code}").json()
    assert [(case["list"], case["version"]) for case in held["objections"]] == [("D-2026-0001", 1)]
    decision = {"changed": 1, "stage": "decision", "outcome": "rejected", "reason": "sesuai aturan"}
    answer = one.post("dewi", f"/v1/objections/{number}/steps", decision)
    assert (answer.status_code, answer.json()["code"]) == (403, "own_list")
    assert one.post("sari", f"/v1/objections/{number}/steps", decision).status_code == 200


def test_only_own_facts_can_be_objected_to(one: World) -> None:
    code, _ = contested(one)
    body = {"household_id": code, "kind": "data", "asker": "family", "channel": "counter"}
    assert one.post("dewi", "/v1/objections", body).json()["errors"][0]["field"] == "facts"
    wrong = one.post("dewi", "/v1/objections", body | {"facts": ["sex"]})
    assert wrong.json()["errors"][0] == {"field": "facts[0]", "rule": "contestable",
                                         "text": "is not a fact of this household that can be objected to"}  # fmt: skip


def test_the_log_is_read_as_far_as_a_role_reaches(one: World) -> None:
    mine = one.households(MINE)[0]["household_id"]
    one.get("dewi", f"/v1/households/{mine}")
    other = one.households("7301")[0]["household_id"]
    one.get("budi", f"/v1/households/{other}")
    seen = {who: {row["object"] for row in one.get(who, "/v1/audit?act=household").json()["rows"]}
            for who in ("dewi", "budi", "sari", "wati", "admin", "eko")}  # fmt: skip
    assert mine in seen["dewi"] & seen["sari"] & seen["admin"]
    assert other in seen["budi"] & seen["wati"] & seen["admin"]
    assert mine not in seen["budi"] | seen["wati"] | seen["eko"]
    assert other not in seen["dewi"] | seen["sari"] | seen["eko"]
    assert one.rows()[-1].act == "audit.see"
    for wrong in ("audit?since=2026-11-24", "audit?since=0001-01-01T00:00:00%2B23:59",
                  "audit?until=9999-12-31T23:59:59-23:59", "audit?since=99999999999999999999",
                  "visits?due_before=9999-12-31", "objections?due_by=0001-01-01"):  # fmt: skip
        answer = one.get("admin" if "audit" in wrong else "dewi", f"/v1/{wrong}")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_query"), wrong
    assert one.get("admin", "/v1/audit?until=2026-11-24T00:00:00Z").json()["rows"] == []


def test_a_change_to_what_is_another_now_is_refused_by_if_match_as_by_changed(world: World) -> None:
    """One rule for drafts of lists, cases and visits: 409 by the body, 412 by the header."""
    draft = world.draft(quota=20)
    body = {"reason": "kuota", "checked": True, "expected_errors": draft["expected_errors"]}
    at = f"/v1/lists/{draft['list']}/confirm"
    seen = world.get("dewi", f"/v1/lists/{draft['list']}").headers["etag"]
    assert seen == f'"{draft["changed"]}"'
    again = world.post(
        "dewi", "/v1/lists", {"rules": world.rules(quota=21), "draft": draft["list"]}, **{"If-Match": seen}
    )
    assert (again.status_code, again.headers["etag"]) == (200, '"2"')
    late = world.post("dewi", at, body, **{"If-Match": seen})
    assert (late.status_code, late.json()["code"], late.headers["content-type"]) == (
        412, "precondition_failed", "application/problem+json")  # fmt: skip
    assert world.post("dewi", at, body | {"changed": 1}).status_code == 409
    assert world.post("dewi", at, body).json()["errors"][0] | {"text": ""} == {
        "field": "changed", "rule": "required", "text": ""}  # fmt: skip
    accepted = body | {"expected_errors": again.json()["expected_errors"]}
    assert world.post("dewi", at, accepted, **{"If-Match": '"2"'}).status_code == 200

    code = world.households(MINE)[0]["household_id"]
    case = world.post("dewi", "/v1/objections", {"household_id": code, "kind": "proposal", "asker": "family",
                                                 "channel": "counter"})  # fmt: skip
    first, at = case.headers["etag"], f"/v1/objections/{case.json()['objection']['number']}/steps"
    step = {"stage": "completeness"}
    done = world.post("dewi", at, step, **{"If-Match": first})
    assert (done.status_code, done.headers["etag"]) == (200, '"2"'), done.text
    assert world.post("dewi", at, step, **{"If-Match": first}).status_code == 412
    assert world.post("dewi", at, step | {"changed": 1}).status_code == 409

    visit = world.post("dewi", "/v1/visits", {"household_id": code, "result": "above", "visited": "2026-11-20"})
    own, tag = visit.json()["visit"], visit.headers["etag"]
    assert (own["changed"], tag) == (2, '"2"')
    found = {"result": "below", "visited": "2026-11-21"}
    at = f"/v1/visits/{own['visit']}"
    assert world.post("dewi", f"{at}/corrections", found, **{"If-Match": '"1"'}).status_code == 412
    assert world.post("dewi", f"{at}/corrections", found | {"changed": 3}).status_code == 409
    closed = world.post("sari", f"{at}/closing", {}, **{"If-Match": tag})
    assert (closed.status_code, closed.headers["etag"]) == (200, '"3"')
    assert world.post("dewi", f"{at}/corrections", found, **{"If-Match": tag}).status_code == 412, "closed meanwhile"


@pytest.mark.parametrize(("path", "body", "tag", "field", "rule"), [
    ("/v1/objections/S-2026-0001/steps", {"stage": "village"}, "*", "If-Match", "etag"),
    ("/v1/objections/S-2026-0001/steps", {"stage": "village"}, 'W/"1"', "If-Match", "etag"),
    ("/v1/objections/S-2026-0001/steps", {"stage": "village"}, '"1", "2"', "If-Match", "etag"),
    ("/v1/objections/S-2026-0001/steps", {"stage": "village"}, '"99999999999"', "If-Match", "etag"),
    ("/v1/objections/S-2026-0001/steps", {"stage": "village", "changed": 2}, '"1"', "changed", "one_of_two"),
    ("/v1/lists", {"rules": {}}, '"1"', "draft", "required"),
    ("/v1/objections", {"household_id": "ABCD2345EFGH", "kind": "data", "asker": "family", "channel": "counter"}, '"1"',
     "If-Match", "etag"),
])  # fmt: skip
def test_a_header_that_says_nothing_of_use_is_told_so(
    one: World, path: str, body: dict[str, Any], tag: str, field: str, rule: str
) -> None:
    answer = one.post("dewi", path, body, **{"If-Match": tag})
    assert answer.status_code == 422, answer.text
    assert (field, rule) in [(own["field"], own["rule"]) for own in answer.json()["errors"]]


def test_who_corrects_a_visit_that_was_corrected_is_told_so(one: World) -> None:
    code = one.households(MINE)[0]["household_id"]
    own = one.post("dewi", "/v1/visits", {"household_id": code, "result": "above", "visited": "2026-11-20"}).json()
    at, found = f"/v1/visits/{own['visit']['visit']}/corrections", {"result": "below", "visited": "2026-11-21"}
    assert one.post("dewi", at, found).status_code == 201
    assert one.post("dewi", at, found).json()["code"] == "visit_corrected"


@pytest.mark.parametrize(("path", "told"), [
    ("households?limit=5", "Filter limit: there is no filter of this name"),
    *((f"{path}?area=9999", "Filter area: no province has the code 99; there are 11, 12, ")
      for path in ("households", "visits", "objections")),
    *((f"{path}?subdistrict={code}", f"Filter subdistrict: {told}") for path in ("households", "visits")
      for code, told in (("9999010", "no province has the code 99; there are 11, 12, "),
                         ("3299010", "no regency has the code 3299; there are 3201, "))),
])  # fmt: skip
def test_a_filter_that_is_none_and_an_area_that_no_place_has_are_refused(one: World, path: str, told: str) -> None:
    for who in ("dewi", "nina"):
        answer = one.get(who, f"/v1/{path}")
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_query"), answer.text
        assert answer.json()["detail"].startswith(told)


def test_households_visits_and_places_are_found_by_sub_district(one: World) -> None:
    found = one.get("dewi", f"/v1/households?subdistrict={MINE}010").json()
    every = one.households(MINE, 500)
    expected = [own for own in every if own["subdistrict"] == f"{MINE}010"]
    assert found["households"] == expected[:25]
    assert found["total"] == len(expected) > 25
    same = one.post("dewi", "/v1/households/search", {"subdistrict": f"{MINE}010"}).json()
    assert same["households"] == found["households"]
    code = found["households"][0]["household_id"]
    told = one.get("dewi", f"/v1/households/{code}").json()
    assert told["subdistrict"] == f"{MINE}010"
    assert "subdistrict" not in told["household"]
    for path in ("households", "visits"):
        assert one.get("dewi", f"/v1/{path}?subdistrict={OTHER}010").json()["code"] == "not_in_area"
        assert one.get("nina", f"/v1/{path}?area={OTHER}&subdistrict={MINE}010").json()["code"] == "not_in_area"
        bad = one.get("dewi", f"/v1/{path}?subdistrict=3101")
        assert (bad.status_code, bad.json()["code"]) == (400, "bad_query")
    made = one.post("dewi", "/v1/visits", {"household_id": code, "result": "above", "visited": "2026-11-20"})
    assert made.json()["visit"]["subdistrict"] == f"{MINE}010"
    visits = one.get("dewi", f"/v1/visits?subdistrict={MINE}010").json()["visits"]
    assert [own["household_id"] for own in visits] == [code]
    assert one.get("dewi", f"/v1/visits?subdistrict={MINE}020").json()["visits"] == []


def test_a_sub_district_that_there_is_not_is_refused_with_those_there_are(one: World) -> None:
    known = sorted({own["subdistrict"] for own in one.households(MINE, 500)} - {None})
    told = f"Filter subdistrict: no sub-district of the code {MINE}999 is known here; there are {', '.join(known)}."
    for who in ("dewi", "nina") if MINE.startswith("32") else ("dewi",):
        for path in ("households?", "visits?", "visits?status=done&"):
            answer = one.get(who, f"/v1/{path}subdistrict={MINE}999")
            assert (answer.status_code, answer.json()["code"]) == (400, "bad_query"), (who, path)
            assert answer.json()["detail"] == told
            (error,) = answer.json()["errors"]
            assert (error["field"], error["rule"]) == ("subdistrict", "subdistrict_unknown")
    answer = one.post("dewi", "/v1/households/search", {"subdistrict": f"{MINE}999"})
    assert answer.json()["detail"] == told, "by either way"


def test_who_is_officer_and_verifier_is_told_why_their_own_visit_stays_open(one: World) -> None:
    with one.store.writing() as connection:
        lina = stores.person(connection, "lina", Grant("officer", MINE), Grant("verifier", MINE))
        _, one.secrets["lina"] = tokens.make(connection, lina, "tests", SCOPES, days=30)
    code = one.households(MINE)[0]["household_id"]
    body = {"household_id": code, "result": "above", "visited": "2026-11-20"}
    own = one.post("lina", "/v1/visits", body).json()["visit"]
    closing = f"/v1/visits/{own['visit']}/closing"
    for more in ({}, {"If-Match": f'"{own["changed"]}"'}):
        answer = one.post("lina", closing, {}, **more)
        assert (answer.status_code, answer.json()["code"]) == (403, "own_visit"), answer.text
    assert "somebody else closes it" in answer.json()["title"]
    assert one.post("wati", closing, {}).json()["code"] == "not_in_area", "one of another area learns nothing"
    assert one.post("sari", closing, {}).status_code == 200
    assert one.post("sari", closing, {}).json()["code"] == "visit_closed"
    late = one.post("lina", f"/v1/visits/{own['visit']}/corrections", {"result": "below", "visited": "2026-11-20"})
    assert (late.status_code, late.json()["code"]) == (409, "visit_closed")
