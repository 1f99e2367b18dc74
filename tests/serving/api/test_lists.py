"""A list by the API: the same rules draw the same list, and who confirms it says what was seen."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import text

from serving import office
from serving.cases.lists import unlogged
from serving.lists.facts_file import FACTS, read_facts
from serving.lists.files import HEADS
from serving.scores.kept_run import read_run
from serving.store import lists as kept
from tests.serving.api.world import MINE, OTHER, World


def places(world: World, name: str, who: str = "dewi") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = world.get(who, f"/v1/lists/{name}/places?count=25{cursor}").json()
        found += page["places"]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def test_a_list_goes_from_rules_to_confirmed_places_and_visits(world: World) -> None:
    draft = world.draft(quota=60)
    assert draft["status"] == "draft"
    assert draft["synthetic"] is True
    counts = draft["result"]["channels"]
    assert counts["ranked"] + counts["random"] == 60 == sum(draft["totals"]["pkh"].values()) - counts["reserve"]
    done = world.confirm(draft)
    assert done.status_code == 200, done.text
    assert done.json()["list"] == "D-2026-0001"
    found = places(world, "D-2026-0001")
    assert [place["place"] for place in found] == list(range(1, len(found) + 1))
    assert [place["channel"] == "reserve" for place in found] == sorted(
        place["channel"] == "reserve" for place in found
    )
    assert {place["regency"] for place in found} == {MINE}
    ranked = [place["risk"] for place in found if place["channel"] == "ranked"]
    assert ranked == sorted(ranked, reverse=True)
    planned = world.get("dewi", "/v1/visits?status=planned&list_number=D-2026-0001&count=100").json()["visits"]
    assert len(planned) == 60
    assert {visit["due"] for visit in planned} == {"2027-01-08"}
    with world.store.reading() as connection:
        assert list(kept.broken(connection)) == []


def test_the_same_rules_draw_the_same_list(one: World) -> None:
    first, second = one.draft("dewi"), one.draft("rini")
    assert first["result"] == second["result"]


def test_a_draft_tells_which_families_another_list_has_too(one: World) -> None:
    one.confirmed(quota=20)
    again, more = one.draft(quota=20), one.draft(quota=30)
    assert again["also_on"] == {"D-2026-0001": 20}
    assert 15 <= more["also_on"]["D-2026-0001"] <= 20, "the sample by lot may fall elsewhere"
    anew = one.post("dewi", "/v1/lists/D-2026-0001/versions", {"rules": one.rules(quota=10)}).json()
    assert anew["also_on"] == {}
    old = {"list": "D-2026-0001", "version": 1}
    assert (anew["replaces"], again["replaces"]) == (old, None)
    assert one.get("dewi", f"/v1/lists/{anew['list']}").json()["replaces"] == old
    drafts = one.get("dewi", "/v1/lists?status=draft").json()["lists"]
    assert {own["list"]: own["replaces"] for own in drafts}[anew["list"]] == old
    assert one.confirm(again).status_code == 200
    held = {who: one.get(who, "/v1/lists/D-2026-0002").json() for who in ("dewi", "eko")}
    assert {who: own["also_on"] for who, own in held.items()} == {"dewi": {"D-2026-0001": 20}, "eko": {}}
    assert [own["whole"] for own in held.values()] == [True, False], "how many is told to who may see the families"


def test_a_draft_is_its_authors_alone(one: World) -> None:
    draft = one.draft()
    for who in ("rini", "nina", "sari"):
        assert one.get(who, f"/v1/lists/{draft['list']}").status_code == 404
    assert one.confirm(draft, "rini").json()["code"] == "not_in_area"
    assert [own["list"] for own in one.get("dewi", "/v1/lists?status=draft").json()["lists"]] == [draft["list"]]
    assert one.get("rini", "/v1/lists?status=draft").json()["lists"] == []


def test_a_list_that_was_forged_with_its_hash_is_not_in_the_log(world: World) -> None:
    world.confirmed(quota=20)
    with world.store.reading() as connection:
        assert list(unlogged(connection, world.store.seal)) == []
    with world.store.writing() as connection:
        for sql in (["DROP TRIGGER guard_lists_update"] if world.store.sqlite else
                    ["ALTER TABLE lists DISABLE TRIGGER USER"]):  # fmt: skip
            connection.execute(text(sql))
        (number,) = connection.execute(text("UPDATE lists SET title = 'lain' RETURNING id")).one()
        connection.execute(text("UPDATE lists SET hash = :hash"), {"hash": kept.digest(connection, number)})
    with world.store.reading() as connection:
        assert list(kept.broken(connection)) == []
        assert list(unlogged(connection, world.store.seal)) == ["D-2026-0001 v1"]


def test_who_confirms_says_what_was_seen(one: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = one.draft(quota=60)
    expected = draft["expected_errors"]
    assert None not in expected.values()
    other = one.confirm(draft, expected_errors=expected | {"missed_of_100": 1}).json()
    assert (other["code"], [own["field"] for own in other["errors"]]) == (
        "errors_differ", ["expected_errors.missed_of_100"])  # fmt: skip
    assert one.confirm(draft, changed=2).json()["code"] == "changed_meanwhile"
    assert one.confirm(draft, checked=False).json()["errors"][0]["field"] == "checked"
    assert one.confirm(draft, reason=" ").json()["errors"][0] == {
        "field": "reason", "rule": "required", "text": "is required"}  # fmt: skip
    again = one.post("dewi", "/v1/lists", {"rules": one.rules(quota=61), "draft": draft["list"], "changed": 1})
    assert (again.status_code, again.json()["changed"]) == (200, 2)
    assert one.confirm(draft).json()["code"] == "changed_meanwhile"
    assert one.confirm(again.json()).status_code == 200
    assert one.confirm(again.json()).json()["code"] == "list_immutable"
    other = one.draft()
    scores = one.office.published.current()
    assert scores is not None
    earlier = one.office.published.before()
    assert earlier is not None
    monkeypatch.setattr(one.office.published, "current", lambda: earlier)
    assert one.confirm(other).json()["code"] == "scores_changed"
    assert read_run(earlier.run.path).name != scores.run.name


def test_facts_that_cannot_be_used_are_told_read_once_and_keep_no_family_from_being_read(
        one: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:  # fmt: skip
    scores = one.office.published.current()
    assert scores is not None
    code = scores.top(1, regency=MINE, province=MINE[:2])[0]["household_id"]
    pq.write_table(pa.table({"household_id": [code], "illness": [True]}), one.office.home / FACTS)
    reads: list[Path] = []
    monkeypatch.setattr(office, "read_facts", lambda path: reads.append(path) or read_facts(path))
    for _ in range(2):
        answer = one.post("dewi", "/v1/lists", {"rules": one.rules()})
        assert (answer.status_code, answer.json()["code"]) == (503, "facts_broken")
        assert one.get("dewi", f"/v1/households/{code}").status_code == 200
    assert len(reads) == 1, "a file that failed is not read for every request"
    assert [told.getMessage() for told in caplog.records if "illness" in told.getMessage()] == [
        f"the facts cannot be used, so no list is drawn: {one.office.home / FACTS}: illness: must be a date such as "
        "2026-10-01, and the column is of another kind"]  # fmt: skip
    with one.office._lock:
        monkeypatch.setattr(office, "_PATIENCE", 0.01)
        assert one.post("dewi", "/v1/lists", {"rules": one.rules()}).json()["code"] == "busy", "somebody else reads it"
        assert one.get("dewi", f"/v1/households/{code}").status_code == 200
    (one.office.home / FACTS).unlink()
    assert one.post("dewi", "/v1/lists", {"rules": one.rules()}).status_code == 201


def test_old_scores_draw_nothing(one: World) -> None:
    earlier = one.office.published.before()
    assert earlier is not None
    one.office.published.current = lambda: earlier  # type: ignore[method-assign]
    answer = one.post("dewi", "/v1/lists", {"rules": one.rules()})
    assert (answer.status_code, answer.json()["code"]) == (409, "scores_expired")


def test_a_new_version_stands_beside_the_old_one(one: World) -> None:
    one.confirmed(quota=20)
    answer = one.post("dewi", "/v1/lists/D-2026-0001/versions", {"rules": one.rules(quota=10)})
    assert answer.status_code == 201, answer.text
    assert one.confirm(answer.json()).json()["version"] == 2
    old = one.get("dewi", "/v1/lists/D-2026-0001?version=1").json()
    new = one.get("dewi", "/v1/lists/D-2026-0001").json()
    assert (old["version"], old["newest"], new["version"], new["newest"]) == (1, 2, 2, 2)
    assert (sum(old["totals"]["pkh"].values()), sum(new["totals"]["pkh"].values())) == (22, 11)
    same = one.post("dewi", "/v1/lists/D-2026-0001/versions", {})
    assert same.json()["rules"] == new["rules"]


@pytest.mark.parametrize(("change", "field"), [
    ({"name": "Lain"}, "rules.name"), ({"period": "2027Q1"}, "rules.period"),
    ({"scheme": {"name": "sembako"}}, "rules.scheme.name"),
    ({"scheme": {"quota": {MINE[:2]: 5}}}, "rules.scheme.quota"),
])  # fmt: skip
def test_a_new_version_of_another_quarter_scheme_or_area_is_refused(one: World, change: dict[str, Any],
                                                                    field: str) -> None:  # fmt: skip
    one.confirmed(quota=20)
    answer = one.post("dewi", "/v1/lists/D-2026-0001/versions", {"rules": one.rules(**change)})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert [(own["field"], own["rule"]) for own in answer.json()["errors"]] == [(field, "list_version")]


@pytest.mark.parametrize(("change", "field", "rule"), [
    ({"random": 0.5}, "rules.random", "list_random"),
    ({"colour": 1}, "rules.colour", "unknown_field"),
    ({"period": None}, "rules.period", "list_period"),
    ({"order": "need", "need": "size"}, "rules.need", "facts"),
    ({"scheme": {"cost": 0}}, "rules.scheme[0].cost", "list_cost"),
    ({"scheme": {"quota": {"3101": 4, "31": 1}}}, "rules.scheme[0].quota", "list_quota"),
    ({"scheme": {"rungs": ["vulnerable"]}}, "rules.scheme[0].rung_unknown", "list_rung_unknown"),
    ({"fast_lane": {"share": 0.1, "shocks": ["illness"], "days": 90}}, "rules.fast_lane", "facts"),
])  # fmt: skip
def test_rules_that_cannot_be_used_are_told_by_field(one: World, change: dict[str, Any], field: str, rule: str) -> None:
    for language in ("id", "en"):
        answer = one.ask("dewi", "POST", "/v1/lists", {"rules": one.rules(**change)}, **{"Accept-Language": language})
        assert answer.status_code == 422, answer.text
        told = answer.json()["errors"][0]
        assert (told["field"], told["rule"]) == (field, rule)
        assert answer.headers["content-language"] == language


def test_no_quota_lies_outside_of_ones_areas(one: World) -> None:
    for quota in ({OTHER: 5}, {"31": 5}, {"": 5}, {MINE: 5, OTHER: 5}):
        answer = one.post("dewi", "/v1/lists", {"rules": one.rules(scheme={"quota": quota})})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_in_area")
    assert one.post("nina", "/v1/lists", {"rules": one.rules(scheme={"quota": {MINE: 5, OTHER: 5}})}).status_code == 201


def test_totals_tell_no_household_to_who_may_not_see_them(one: World) -> None:
    one.confirmed()
    mine = one.get("dewi", "/v1/lists/D-2026-0001").json()
    assert mine["result"]["cells"][0]["last_in"]["household"]
    told = one.get("eko", "/v1/lists/D-2026-0001").json()
    assert told["whole"] is False
    cell, own = told["result"]["cells"][0], mine["result"]["cells"][0]
    assert cell["last_in"]["household"] is cell["last_in"]["value"] is None
    assert round(own["last_in"]["risk"], 2) != own["last_in"]["risk"]
    for one_, theirs in ((cell["cut"], own["cut"]), (cell["first_out"]["risk"], own["first_out"]["risk"]),
                         (cell["last_in"]["risk"], own["last_in"]["risk"])):  # fmt: skip
        assert one_ == round(theirs, 2)
    codes = [place["household_id"] for place in places(one, "D-2026-0001")]
    assert not any(code in str(told) for code in codes)
    assert one.get("eko", "/v1/lists/D-2026-0001/places").status_code == 403


def test_a_list_of_two_districts_shows_each_its_own_part(one: World) -> None:
    draft = one.post(
        "nina", "/v1/lists", {"rules": one.rules(scheme={"quota": {MINE: 5, OTHER: 5}}, reserve=0.0)}
    ).json()
    one.confirm(draft, "nina")
    for who, area in (("dewi", MINE), ("budi", OTHER)):
        assert {place["regency"] for place in places(one, "D-2026-0001", who)} == {area}
        told = one.get(who, "/v1/lists/D-2026-0001").json()
        assert sum(told["totals"]["pkh"].values()) == 5
        assert told["whole"] is False
        assert one.post(who, "/v1/lists/D-2026-0001/versions", {}).status_code == 404
    assert len(places(one, "D-2026-0001", "nina")) == 10


def test_the_list_of_the_quarter_before_is_kept_by_hysteresis(one: World) -> None:
    one.confirmed(quota=30)
    rules = one.rules(quota=20, hysteresis=0.2)
    drawn = one.post("dewi", "/v1/lists", {"rules": rules, "previous": "D-2026-0001"}).json()
    assert drawn["result"]["inputs"]["previous"]
    assert drawn["result"]["gone"]
    assert one.post("budi", "/v1/lists", {"rules": one.rules(OTHER), "previous": "D-2026-0001"}).status_code == 404


def test_a_new_version_tells_who_left_the_list_of_the_quarter_before_and_who_the_version_before(one: World) -> None:
    one.confirm(one.post("dewi", "/v1/lists", {"rules": one.rules(quota=30, period="2026Q3")}).json())
    asked = {"rules": one.rules(quota=20, hysteresis=0.0), "previous": "D-2026-0001"}
    first = one.post("dewi", "/v1/lists", asked).json()
    lost = {own["household_id"] for own in first["result"]["gone"]}
    assert lost
    assert (first["result"]["previous_version"], first["result"]["gone_version"]) == (1, [])
    one.confirm(first)
    for version, quota in ((2, 20), (3, 12)):
        again = one.post("dewi", "/v1/lists/D-2026-0002/versions", {"rules": one.rules(quota=quota, hysteresis=0.0)})
        result = again.json()["result"]
        assert (result["previous"], result["previous_version"], result["replaced_version"]) == (
            "D-2026-0001", 1, version - 1)  # fmt: skip
        last, before = ({own["household_id"] for own in result[name]} for name in ("gone", "gone_version"))
        assert (last == lost, len(before)) == ((True, 0) if version == 2 else (False, 8))
        assert last >= lost
        one.confirm(again.json())


def test_the_log_holds_the_families_that_an_answer_names_and_no_others(one: World) -> None:
    one.confirmed(quota=30)
    rules = one.rules(quota=20, hysteresis=0.0)
    draft = one.post("dewi", "/v1/lists/D-2026-0001/versions", {"rules": rules}).json()
    gone = {own["household_id"] for own in draft["result"]["gone_version"]}
    ends = {draft["result"]["cells"][0][end]["household"] for end in ("last_in", "first_out")}
    assert len(gone) >= 10
    [kept_as] = [row for row in one.rows() if row.object == draft["list"]]
    assert (kept_as.act, set(kept_as.households.split())) == ("list.build", gone | ends)
    one.confirm(draft)
    one.get("dewi", "/v1/lists/D-2026-0001")
    page = one.get("dewi", "/v1/lists/D-2026-0001/places?count=25").json()
    assert page["next"] is None
    first = one.get("dewi", "/v1/lists/D-2026-0001/places?version=1&count=25").json()
    assert first["next"]
    seen = [(row.households.split(), row.count) for row in one.rows() if row.act == "list.see"][-3:]
    assert set(seen[0][0]) == gone | ends
    assert seen[2] == ([place["household_id"] for place in first["places"]], 25)


@pytest.mark.parametrize("language", ["id", "en"])
def test_files_hold_the_same_cells_and_run_nothing(one: World, language: str) -> None:
    draft = one.post("dewi", "/v1/lists", {"rules": one.rules(name="=HYPERLINK(1)")}).json()
    assert one.get("dewi", f"/v1/lists/{draft['list']}.csv").json()["code"] == "not_confirmed"
    one.confirm(draft)
    table = one.get("dewi", f"/v1/lists/D-2026-0001.csv?language={language}")
    book = one.get("dewi", f"/v1/lists/D-2026-0001.xlsx?language={language}")
    assert table.headers["content-disposition"] == 'attachment; filename="sintetis_daftar_D-2026-0001_v1.csv"'
    assert 'filename="sintetis_daftar_D-2026-0001_v1.xlsx"' in book.headers["content-disposition"]
    lines = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).worksheets[0]
    cells = [["" if cell.value is None else str(cell.value) for cell in row] for row in sheet.iter_rows()]
    # What stands above the table is one text, which runs over its columns.
    head = lines.index([*HEADS[language]])  # type: ignore[index]
    told = [[" \u00b7 ".join(line)] for line in lines[:head]] + lines[head:]
    assert [[*line, *[""] * (len(cells[0]) - len(line))] for line in told] == cells
    assert (sheet.freeze_panes, sheet.print_title_rows) == (f"A{head + 2}", f"${head + 1}:${head + 1}")
    assert ("SINTETIS" if language == "id" else "SYNTHETIC") in lines[0][0]
    assert lines[1][0].startswith("'=HYPERLINK")
    numbers = {cell.column - 1 for row in sheet.iter_rows() for cell in row if cell.data_type == "n" and cell.value}
    assert {HEADS[language][at] for at in numbers} <= {HEADS[language][at] for at in (0, 9, 10, 11, 12, 16)}  # type: ignore[index]
    assert {0, 9, 10, 16} <= numbers, "numbers are numbers; codes of areas and families stay text"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    assert len(lines) == 4 + len(places(one, "D-2026-0001"))
    assert one.get("eko", "/v1/lists/D-2026-0001.csv").status_code == 403
    assert one.get("sari", "/v1/lists/D-2026-0001.xlsx").status_code == 403
