"""Scenarios through the API: checked, lived, read, compared and exported, each by who may, in their areas."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from sqlalchemy import select, update

from models.few import FEWEST
from models.schemes import grounds, kept, library, simulate
from models.schemes import lived as run_lived
from models.schemes import scenario as scenarios_of
from models.schemes.result import FORMAT
from models.targeting.rows import Coded
from serving.access.rights import Grant
from serving.problems import Problem
from serving.simulation import spec, worker
from serving.simulation.begin import Beginner
from serving.simulation.families import Origin
from serving.store import scenarios, tables, tables_cases, tokens
from tests.models.schemes.worlds import nation
from tests.serving import stores
from tests.serving.api.world import SCOPES, World
from tests.serving.simulations import FAMILIES, live, plain, settle

ZERO = {"use": "aset-pendampingan", "years": [2027, 2028], "places": 0}
JOBS = {"use": "lapangan-kerja", "years": [2027, 2028], "places": 150}
PRICED = {**JOBS, "with": {"cost": 26_280_000}}


@pytest.fixture
def own(world: World, published: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(Beginner, "wake", lambda self: None)
    settle(published, "", "31", "3101")
    with world.store.writing() as connection:
        for account, area in (("lina", "3101"), ("ana", "")):
            person = stores.person(connection, account, Grant("analyst", area))
            _, world.secrets[account] = tokens.make(connection, person, "tests", SCOPES, days=30)
    return world


def lived(own: World, body: dict[str, Any] | None = None, who: str = "tono", **more: Any) -> str:
    """The number of a scenario that was lived."""
    answer = own.post(who, "/v1/scenarios", {"scenario": body or plain(), **more})
    assert answer.status_code == 202, answer.text
    live(own.store, own.office.home)
    return str(answer.json()["number"])


def test_schemes_and_shocks_are_told_with_every_figure(own: World) -> None:
    schemes = own.get("eko", "/v1/schemes").json()["schemes"]
    assert [one["name"] for one in schemes] == library.names("schemes")
    for one in schemes:
        assert one["references"]
        for name, figure in one["figures"].items():
            if name in ("cost", "setup") and figure["basis"] == "none":
                assert figure["low"] is figure["value"] is figure["high"] is None, "what is not known is not nought"
                continue
            assert figure["low"] <= figure["value"] <= figure["high"]
            assert figure["source"]
            assert figure["basis"] in ("evidence", "arithmetic", "assumption", "none")
    assert {one["name"]: one for one in schemes}["kur"]["figures"]["cost"]["value"] is None
    shocks = own.get("eko", "/v1/shocks").json()["shocks"]
    assert [one["name"] for one in shocks] == library.names("shocks")


def test_a_scenario_is_lived_as_the_command_lives_it(own: World) -> None:
    asked = plain(JOBS, ZERO)
    answer = own.post("tono", "/v1/scenarios", {"scenario": asked})
    head = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (202, f"/v1/scenarios/{head['number']}")
    waiting = own.get("tono", answer.headers["location"])
    assert (waiting.json()["status"], waiting.json()["result"], waiting.headers["retry-after"]) == (
        "waiting",
        None,
        "1",
    )
    live(own.store, own.office.home)
    told = own.get("tono", answer.headers["location"]).json()
    assert (told["status"], told["reason"], told["synthetic"], told["seed"]) == ("done", "", True, 5)
    expected = json.loads(json.dumps(simulate(scenarios_of.of(asked, "scenario"), nation(FAMILIES), 5).to_dict()))
    for arm in expected["arms"]:
        for one in arm["groups"]:
            assert one["few"] == (one.pop("rows") is None)
    assert expected["data"]["provinces_left_out"] == 0
    assert told["result"] == expected
    assert told["sha256"] == expected["scenario"]["sha256"]


def test_nought_schemes_are_nought_change(own: World) -> None:
    result = own.get("tono", f"/v1/scenarios/{lived(own, plain(ZERO))}").json()["result"]
    (arm,) = result["arms"]
    assert arm["rungs"] == result["without"]["rungs"]
    assert arm["outcomes"]["falls_averted"] == {"value": 0, "draws": [0, 0], "effects": [0, 0]}
    assert arm["outcomes"]["cost"]["value"] == 0


def test_a_check_tells_cost_and_reach_and_lives_nothing(own: World) -> None:
    answer = own.post("tono", "/v1/scenarios/check", {"scenario": plain(PRICED, ZERO)})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    jobs, nothing = told["arms"]
    (scheme,) = jobs["schemes"]
    assert (told["ready"], told["families"]) == (True, FAMILIES)
    assert jobs["cost"] == sum(row["rupiah"] for row in jobs["cost_by_year"]) == pytest.approx(scheme["cost"])
    assert 0 < scheme["families"] <= 2 * 150
    assert (nothing["cost"], nothing["families"]) == (0, 0)
    done = own.get("tono", f"/v1/scenarios/{lived(own, plain(PRICED, ZERO))}").json()["result"]["arms"][0]
    assert jobs["cost"] <= done["outcomes"]["cost"]["value"] <= 1.1 * jobs["cost"], "never more than there is"
    assert 0 <= done["schemes"][0]["families"] - scheme["families"] < 10
    assert [row.act for row in own.rows() if row.object == "preview"] == ["scenario.edit"]


def test_a_sample_that_is_not_drawn_yet_is_asked_for(own: World) -> None:
    told = own.post("tono", "/v1/scenarios/check", {"scenario": plain(), "area": "32"}).json()
    assert (told["ready"], told["arms"]) == (False, [])
    wanted = own.office.home / "simulation" / worker.WANTED
    assert [path.name for path in wanted.iterdir()] == ["32"]
    (wanted / "32").unlink()


@pytest.mark.parametrize(("changed", "told"), [
    ({"years": 41}, "1 sampai 40, bukan 41"), ({"years": 99}, "1 sampai 40, bukan 99"),
    ({"draws": 500}, "500 melebihi 200"), ({"start": "soon"}, "start"),
    ({"arms": [{"name": "x", "schemes": [{"use": "nothing", "years": [2027, 2027], "places": 1}]}]}, "nothing"),
    ({"arms": [{"name": f"a{at}", "schemes": []} for at in range(5)]}, "arms: 5 melebihi 4"), ({"colour": 1}, "colour"),
    ({"arms": [{"name": "x", "schemes": [{"use": "blk", "years": [2027, 2027], "budget": 10**12}]}]},
     "arms 1: schemes 1: budget: dana dalam rupiah perlu biaya untuk semua yang dibelinya, dan biaya skema blk"),
    ({"years": 30, "draws": 200, "arms": [{"name": f"a{at}", "schemes": []} for at in range(4)]}, "40.000"),
    ({"title": {"id": "3204010101900001", "en": "x"}}, "melanggar"), ({"arms": 7}, "arms"), ({"seed": -1}, "seed"),
    ({"question": {"id": "x" * 50_000, "en": "y"}}, "40.000"),
])  # fmt: skip
def test_what_breaks_a_rule_is_told_and_not_kept(own: World, changed: dict[str, Any], told: str) -> None:
    for path in ("/v1/scenarios/check", "/v1/scenarios"):
        answer = own.post("tono", path, {"scenario": plain() | changed}, **{"Accept-Language": "id"})
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] in ("bad_scenario", "invalid")
        assert told in answer.json().get("detail", answer.text)
    assert own.get("tono", "/v1/scenarios").json()["scenarios"] == []


def test_who_may_and_where(own: World) -> None:
    for who in ("eko", "dewi", "sari", "admin"):
        for path in ("/v1/scenarios", "/v1/scenarios/check"):
            assert own.post(who, path, {"scenario": plain()}).json()["code"] == "forbidden_role"
    assert own.get("admin", "/v1/scenarios").json()["code"] == "forbidden_role"
    for area in ("", "31", "7301"):
        assert own.post("lina", "/v1/scenarios", {"scenario": plain(), "area": area}).json()["code"] == "not_in_area"
    assert own.post("tono", "/v1/scenarios", {"scenario": plain(), "area": "99"}).json()["code"] == "not_in_area"
    for path in ("/v1/scenarios", "/v1/scenarios/check"):
        shapeless = own.post("tono", path, {"scenario": plain(), "area": "ID"})
        assert (shapeless.status_code, shapeless.json()["code"]) == (422, "invalid")
        assert "4 digits (regency, 3204), or empty for all" in shapeless.text
    whole, part = lived(own), lived(own, who="lina", area="3101")
    seen = {who: [one["number"] for one in own.get(who, "/v1/scenarios").json()["scenarios"]]
            for who in ("tono", "lina", "eko", "dewi", "budi", "nina")}  # fmt: skip
    assert seen == {"tono": [part, whole], "lina": [part], "eko": [part], "dewi": [part], "budi": [],
                    "nina": [part, whole]}  # fmt: skip
    for path in (f"/v1/scenarios/{whole}", f"/v1/scenarios/comparison?number={whole}",
                 f"/v1/scenarios/comparison.csv?number={whole}", "/v1/scenarios/K-2026-9999"):  # fmt: skip
        assert own.get("eko", path).json()["code"] == "not_in_area"


def test_the_log_has_a_row_for_each(own: World) -> None:
    number = lived(own)
    own.get("tono", f"/v1/scenarios/{number}")
    own.get("tono", f"/v1/scenarios/comparison.csv?number={number}")
    rows = [(row.act, row.object) for row in own.rows() if row.act.startswith("scenario")]
    assert rows == [("scenario.run", number), ("scenario.see", number), ("scenario.export", number)]


def test_sent_twice_it_is_lived_once_and_four_at_a_time_may_wait(own: World) -> None:
    first = own.post("tono", "/v1/scenarios", {"scenario": plain()}, key="one-and-the-same")
    again = own.post("tono", "/v1/scenarios", {"scenario": plain()}, key="one-and-the-same")
    assert first.json() == again.json()
    for _ in range(scenarios.MOST_OF_ONE - 1):
        assert own.post("tono", "/v1/scenarios", {"scenario": plain()}).status_code == 202
    full = own.post("tono", "/v1/scenarios", {"scenario": plain()})
    assert (full.status_code, full.json()["code"]) == (429, "scenarios_wait")
    assert f"{scenarios.MOST_OF_ONE} " in full.json()["detail"], "it says that the limit is one's own"
    assert own.post("ana", "/v1/scenarios", {"scenario": plain()}).status_code == 202
    live(own.store, own.office.home)
    states = {one["status"] for one in own.get("tono", "/v1/scenarios").json()["scenarios"]}
    assert states == {"done"}


@pytest.mark.parametrize("running", [False, True])
def test_who_asked_for_a_scenario_cancels_it_and_its_place_is_free_at_once(own: World, running: bool) -> None:
    numbers = [own.post("tono", "/v1/scenarios", {"scenario": plain()}).json()["number"]
               for _ in range(scenarios.MOST_OF_ONE)]  # fmt: skip
    if running:
        with own.store.writing() as connection:
            row = scenarios.take(connection)
            assert row is not None
            assert row.number == numbers[0]
    assert own.post("tono", "/v1/scenarios", {"scenario": plain()}).json()["code"] == "scenarios_wait"
    answer = own.post("tono", f"/v1/scenarios/{numbers[0]}/cancel", key="cancelled-once")
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled"), answer.text
    assert answer.json()["ended_at"]
    assert own.post("tono", f"/v1/scenarios/{numbers[0]}/cancel", key="cancelled-once").json() == answer.json()
    more = own.post("tono", "/v1/scenarios", {"scenario": plain()})
    assert more.status_code == 202, "its place is free"
    if running:  # whoever lives it comes to its end all the same, a moment before it looks
        with own.store.writing() as connection:
            scenarios.hold(connection, row.id)
            scenarios.failed(connection, row.id, "internal")
            whole = {"data": {"synthetic": True}}
            scenarios.done(connection, row.id, families="synthetic", bundle="none", result=whole, paired={})
    live(own.store, own.office.home)
    told = own.get("tono", f"/v1/scenarios/{numbers[0]}").json()
    assert [told[name] for name in ("status", "reason", "result", "families", "synthetic")] == [
        "cancelled", "", None, "", None]  # fmt: skip
    states = {one["number"]: one["status"] for one in own.get("tono", "/v1/scenarios").json()["scenarios"]}
    assert states == {numbers[0]: "cancelled"} | dict.fromkeys([*numbers[1:], more.json()["number"]], "done")
    assert [(row.act, row.object) for row in own.rows() if row.act == "scenario.cancel"] == [
        ("scenario.cancel", numbers[0])]  # fmt: skip
    assert own.get("tono", f"/v1/scenarios/comparison?number={numbers[0]}").json()["code"] == "not_lived"


def test_a_scenario_of_another_or_one_that_ended_is_not_cancelled(own: World) -> None:
    number = own.post("tono", "/v1/scenarios", {"scenario": plain()}).json()["number"]
    part = own.post("lina", "/v1/scenarios", {"scenario": plain(), "area": "3101"}).json()["number"]

    def refused(who: str, of: str) -> tuple[int, str]:
        answer = own.post(who, f"/v1/scenarios/{of}/cancel")
        return answer.status_code, answer.json()["code"]

    assert refused("ana", number) == refused("tono", part) == (403, "own_scenario")
    assert refused("lina", number) == refused("tono", "K-2026-9999") == refused("tono", "K-1") == (404, "not_in_area")
    assert {refused(who, part) for who in ("eko", "sari", "admin")} == {(403, "forbidden_role")}
    live(own.store, own.office.home)
    assert refused("tono", number) == (409, "scenario_ended")
    assert own.get("tono", f"/v1/scenarios/{number}").json()["status"] == "done"
    second = own.post("tono", "/v1/scenarios", {"scenario": plain()}).json()["number"]
    assert own.post("tono", f"/v1/scenarios/{second}/cancel").status_code == 200
    assert refused("tono", second) == (409, "scenario_ended")


def test_what_nobody_speaks_for_is_lived_again_and_given_up_the_second_time(own: World, hands: stores.Hands) -> None:
    number = own.post("tono", "/v1/scenarios", {"scenario": plain()}).json()["number"]
    for held in (True, True, False):
        with own.store.writing() as connection:
            row = scenarios.take(connection)
        assert (row is not None and row.number == number) is held
        with own.store.writing() as connection:
            assert scenarios.take(connection) is None, "somebody speaks for it"
        own.store.clock.move(seconds=31)  # type: ignore[attr-defined]
    told = own.get("tono", f"/v1/scenarios/{number}").json()
    assert (told["status"], told["reason"]) == ("failed", "interrupted")


def test_a_cost_that_was_not_found_is_null_with_its_reason_and_never_nought(own: World) -> None:
    unknown = {"use": "kur", "years": [2027, 2028], "places": 150, "with": {"eligibility": {}}}
    part = {"use": "aset-pendampingan", "years": [2027, 2028], "places": 150}
    whole = part | {"with": {"cost": 3_000_000, "take_up": 0.8}}
    asked = plain(unknown, part, whole, ZERO)
    arms = own.post("tono", "/v1/scenarios/check", {"scenario": asked}).json()["arms"]
    schemes = [arm["schemes"][0] for arm in arms]
    assert [one["cost_unknown"] for one in schemes] == [["cost"], ["cost"], [], ["cost"]]
    for arm, scheme in zip(arms[:2], schemes[:2], strict=True):
        assert (arm["cost"], arm["cost_by_year"], scheme["cost"], scheme["cost_of_one"]) == (None,) * 4
        for told in (arm["cost_why"], scheme["cost_why"]):
            assert "tidak diketahui: biaya setahun tidak ditemukan" in told["id"]
            assert "is not known: cost a year was not found" in told["en"]
    assert [schemes[0][name] for name in ("cost_at_least", "cost_of_one_at_least")] == [None, None]
    assert schemes[1]["cost_at_least"] == arms[1]["cost_at_least"] > 0
    assert schemes[1]["cost_of_one_at_least"] == 5_000_000
    assert (arms[2]["cost_why"], arms[2]["cost_at_least"]) == (None, None)
    assert arms[2]["cost"] == schemes[2]["cost"] > schemes[1]["cost_at_least"]
    assert (schemes[3]["cost"], arms[3]["cost"]) == (0, 0), "nobody costs nothing"
    assert {one["budget"] for one in schemes} == {None}
    assert [(one["take_up"], one["take_up_basis"]) for one in schemes[1:3]] == [(1, "assumption"), (0.8, "assumption")]
    done = own.get("tono", f"/v1/scenarios/{lived(own, asked)}").json()["result"]["arms"]
    assert [arm["outcomes"]["cost"]["value"] is None for arm in done] == [True, True, False, False]
    assert [arm["schemes"][0]["cost"] is None for arm in done] == [True, True, False, False]
    assert [arm["schemes"][0]["cost_unknown"] for arm in done] == [["cost"], ["cost"], [], []]


def test_a_result_of_an_older_version_is_not_shown_as_one_of_this(own: World) -> None:
    number = lived(own)
    row = own.get("tono", f"/v1/scenarios/{number}").json()
    assert row["result"]["format"] == FORMAT
    with own.store.writing() as connection:
        connection.execute(update(tables_cases.scenarios).where(tables_cases.scenarios.c.number == number).values(
            result=row["result"] | {"format": FORMAT - 1}))  # fmt: skip
    told = own.get("tono", f"/v1/scenarios/{number}").json()
    assert (told["status"], told["reason"], told["result"]) == ("done", "older", None)
    assert told["scenario"] == plain()
    for path in ("comparison", "comparison.csv", "comparison.xlsx"):
        answer = own.get("tono", f"/v1/scenarios/{path}?number={number}")
        assert (answer.status_code, answer.json()["code"]) == (409, "older_result")
        assert number in answer.json()["detail"]


def test_a_regency_that_does_not_exist_is_refused_by_field(own: World) -> None:
    asked = plain({**JOBS, "with": {"eligibility": {"regencies": ["3299"]}}})
    for path in ("/v1/scenarios/check", "/v1/scenarios"):
        answer = own.post("tono", path, {"scenario": asked}, **{"Accept-Language": "en"})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_scenario")
        assert ("arms 1: schemes 1: lapangan-kerja: eligibility: regencies: no regency has these BPS codes: 3299"
                in answer.json()["detail"])  # fmt: skip
        assert [one["field"] for one in answer.json()["errors"]] == [
            "scenario.arms[0].schemes[0].with.eligibility"]  # fmt: skip


def test_every_fault_is_told_at_once_each_by_its_field(own: World) -> None:
    scheme = {"use": "nothing", "years": [2027, 2027], "places": 1}
    asked = plain(colour=1, draws=0, arms=[{"name": "x", "schemes": [scheme]}])
    for path in ("/v1/scenarios/check", "/v1/scenarios"):
        answer = own.post("tono", path, {"scenario": asked}, **{"Accept-Language": "id"})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_scenario")
        told = {one["field"]: one["text"] for one in answer.json()["errors"]}
        assert list(told) == ["scenario.draws", "scenario.arms[0].schemes[0].use", "scenario.colour"]
        assert told["scenario.draws"] == "harus bilangan bulat 2 sampai 1.000, bukan 0"
        places = ("scenario: draws", "scenario: arms 1: schemes 1: use", "scenario: colour")
        assert all(f"{place}: {text}" in answer.json()["detail"]
                   for place, text in zip(places, told.values(), strict=True))  # fmt: skip
        assert {one["rule"] for one in answer.json()["errors"]} == {"scenario_rule"}
    large = plain(years=40, draws=500, arms=[{"name": f"a{at}", "schemes": []} for at in range(5)])
    errors = own.post("tono", "/v1/scenarios", {"scenario": large}).json()["errors"]
    assert [one["field"] for one in errors] == [
        "scenario.draws", "scenario.arms", "scenario"]  # fmt: skip
    crowded = plain(arms=[{"name": "a", "schemes": [{**JOBS, "places": 1}] * 9}])
    (error,) = own.post("tono", "/v1/scenarios", {"scenario": crowded}).json()["errors"]
    assert error["field"] == "scenario.arms[0].schemes"


def test_so_few_families_that_one_could_be_known_are_not_told_of(own: World) -> None:
    few = plain({**JOBS, "with": {"eligibility": {"desil": [1, 3]}}})
    number = lived(own, few)
    told = own.get("tono", f"/v1/scenarios/{number}").json()
    assert (told["status"], told["result"]) == ("failed", None)
    assert told["reason"] == "few lapangan-kerja", "how many there are is not told"


def test_a_check_tells_no_count_of_few_and_so_reads_no_risk_by_halving(own: World) -> None:
    world = nation(FAMILIES)
    low, here = 2 * float(np.nanmin(world.risk)), world.regency.texts(np.arange(FAMILIES)) == "3204"
    assert 0 < (here & (world.size == 7)).sum() < FEWEST
    answers = []
    for scope in ({"regencies": ["3204"], "size": [50, 50]}, {"regencies": ["3204"], "size": [7, 7]}):
        asked = plain({**JOBS, "with": {"eligibility": scope}}, {**JOBS, "budget": 1,
                      "with": {"cost": 1, "eligibility": scope}})  # fmt: skip
        answers.append(own.post("tono", "/v1/scenarios/check", {"scenario": asked}).json()["arms"])
    assert answers[0] == answers[1], "nobody, and a few families"
    for arm in answers[1]:
        (scheme,) = arm["schemes"]
        assert [scheme[name] for name in ("eligible", "families", "rows", "cost")] == [None] * 4
        assert [arm[name] for name in ("cost", "families", "cost_by_year")] == [None] * 3
        assert (scheme["limited_by"], scheme["coarse"]) == ({}, False)
    hit = {"use": "sakit-berat", "years": [2027, 2027], "with": {"hazard": 1, "scope": {"poor_now": [0, low]}}}
    fine = plain({**JOBS, "with": {"eligibility": {"risk": [0, low]}}}), plain(shocks=[hit])
    for asked in fine:
        for path in ("/v1/scenarios/check", "/v1/scenarios"):
            answer = own.post("tono", path, {"scenario": asked})
            assert (answer.status_code, answer.json()["code"]) == (422, "bad_scenario")
            assert "0.05" in answer.json()["detail"]


def _most_that_run_out(own: World, scope: dict[str, Any], take_up: float = 1, name: str = "uji-coba") -> int:
    """Places from which on none run out by what a check tells, found by halving."""

    def out(places: int) -> bool:
        scheme = {"name": name, "eligibility": scope, "take_up": take_up, "targeting": {"rule": "random"},
                  "cost": 1000, "setup": 0, "ramp": [1.0]}  # fmt: skip
        asked = plain({**JOBS, "places": places, "with": scheme})
        return bool(own.post("tono", "/v1/scenarios/check", {"scenario": asked}).json()
                    ["arms"][0]["schemes"][0]["limited_by"])  # fmt: skip

    low, high = 30, FAMILIES
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if out(middle) else (low, middle)
    return low


def test_halving_places_counts_no_families_beyond_what_is_told(own: World) -> None:
    world = nation(FAMILIES)
    here = world.regency.texts(np.arange(FAMILIES)) == "3204"
    many = int((here & ~np.isnan(world.risk)).sum())
    assert many % 10, "else the law below holds of itself"
    scope = {"regencies": ["3204"], "risk": [0, 1]}
    assert _most_that_run_out(own, scope) == many // 10 * 10
    inside = int((here & (world.size <= 6)).sum())
    assert _most_that_run_out(own, {"regencies": ["3204"], "size": [1, 6]}) == inside // 10 * 10
    names = {_most_that_run_out(own, scope, 0.8, f"uji-{at}") for at in range(3)}
    assert names == {round(0.8 * (many // 10 * 10))}, "no lot is drawn whose mean would tell the count"


def test_an_earlier_scheme_counts_no_families_of_a_later_one(own: World) -> None:
    told = set()
    for places in range(60, 70):
        first = {**JOBS, "places": places, "with": {"take_up": 1, "ramp": [1.0]}}
        later = {**first, "places": FAMILIES, "with": {"name": "kedua", "take_up": 1, "ramp": [1.0]}}
        asked = plain() | {"arms": [{"name": "satu", "title": {"id": "a", "en": "a"}, "schemes": [first, later]}]}
        one, two = own.post("tono", "/v1/scenarios/check", {"scenario": asked}).json()["arms"][0]["schemes"]
        assert one["eligible"] == two["eligible"] > 100
        told.add((one["families"], two["families"], one["eligible"]))
    (many,) = {eligible for *_, eligible in told}
    assert told == {(60, many - 60, many), (60, many - 70, many)}, "a step is where the told number has it"


def test_a_scenario_that_holds_the_number_of_a_person_is_not_kept(own: World) -> None:
    nik = "3273012345678901"
    title = {"id": nik, "en": "Test"}
    asked = {
        "scenario.title.id": plain(title=title), "scenario.name": plain(name=f"n{nik}"),
        "scenario.arms[0].title.id": plain() | {"arms": [{"name": "a", "title": title, "schemes": [JOBS]}]},
        "scenario.arms[0].name": plain() | {"arms": [{"name": f"a{nik}", "title": {"id": "a", "en": "a"},
                                                      "schemes": [JOBS]}]},
        **{f"scenario.arms[0].schemes[0].with.{field}": plain({**JOBS, "with": own_}) for field, own_ in (
            ("title.id", {"title": title}), ("name", {"name": f"s{nik}"}),
            ("references[0].source", {"references": [{"text": "a", "source": " ".join(nik)}]}),
            ("take_up.note", {"take_up": {"value": 1, "source": "a", "note": nik, "basis": "assumption"}}))},
    }  # fmt: skip
    for field, scenario in asked.items():
        for path in ("/v1/scenarios/check", "/v1/scenarios"):
            answer = own.post("tono", path, {"scenario": scenario})
            assert answer.status_code == 422, answer.text
            assert {"field": field, "rule": "no_id_number"}.items() <= answer.json()["errors"][0].items(), answer.text
    with own.store.reading() as connection:
        for table in (tables_cases.scenarios, tables.audit, tables.once):
            assert not [row for row in connection.execute(select(table)) if nik in str(row)]


def test_what_a_check_tells_is_to_ten_families_down(own: World) -> None:
    told = own.post("tono", "/v1/scenarios/check", {"scenario": plain({**JOBS, "places": 57})}).json()
    (scheme,) = told["arms"][0]["schemes"]
    for name in ("eligible", "families", "rows", "facts_unknown"):
        assert scheme[name] % 10 == 0
    assert scheme["eligible"] >= 30
    few = own.post("tono", "/v1/scenarios/check", {"scenario": plain({**JOBS, "places": 7})}).json()
    (scheme,) = few["arms"][0]["schemes"]
    assert (scheme["rows"], scheme["families"], scheme["cost"]) == (None, None, None)


def test_how_many_families_lack_a_fact_is_not_told_of_few(own: World) -> None:
    world = nation(FAMILIES)
    desil = world.desil.copy()
    desil[:3] = 0
    kept.write(nation(FAMILIES, desil=desil), Origin.of(own.office.home, None).file(own.office.home, ""))
    asked = plain({**JOBS, "with": {"eligibility": {"desil": [1, 8]}}})
    (arm,) = own.post("tono", "/v1/scenarios/check", {"scenario": asked}).json()["arms"]
    (done,) = own.get("tono", f"/v1/scenarios/{lived(own, asked)}").json()["result"]["arms"]
    assert (arm["schemes"][0]["facts_unknown"], done["schemes"][0]["facts_unknown"]) == (None, None)
    assert arm["schemes"][0]["rows"] >= 30


def test_the_log_tells_in_words_whom_a_check_was_for(own: World) -> None:
    asked = plain({**JOBS, "with": {"eligibility": {"regencies": ["3204"], "size": [5, 50], "risk": [0, 0.5]}}})
    assert own.post("tono", "/v1/scenarios/check", {"scenario": asked}).status_code == 200
    rows = [row.object for row in own.rows() if row.object.startswith("preview ")]
    assert rows == ["preview lapangan-kerja size=5-50 risk=0-0.5 regencies=3204"]


def test_an_area_of_few_families_is_neither_checked_nor_lived(own: World) -> None:
    kept.write(nation(29), Origin.of(own.office.home, None).file(own.office.home, "7301"))
    answer = own.post("tono", "/v1/scenarios/check", {"scenario": plain(), "area": "7301"})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_scenario")
    assert "fewer than 30 families" in answer.json()["detail"]
    failed = own.get("tono", f"/v1/scenarios/{lived(own, area='7301')}").json()
    assert (failed["status"], failed["reason"], failed["result"]) == ("failed", "few_area", None)


def test_a_shock_that_may_hit_few_is_neither_checked_nor_lived(own: World) -> None:
    world = nation(FAMILIES)
    here = world.regency.texts(np.arange(FAMILIES)) == "3204"
    assert 0 < (here & (world.size == 7)).sum() < FEWEST
    scope = {"regencies": ["3204"], "size": [7, 7]}
    hit = {"use": "sakit-berat", "years": [2027, 2027], "with": {"hazard": 1, "scope": scope}}
    answer = own.post("tono", "/v1/scenarios/check", {"scenario": plain(shocks=[hit])})
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_scenario")
    assert "fewer than 30 families" in answer.json()["detail"]
    failed = own.get("tono", f"/v1/scenarios/{lived(own, plain(shocks=[hit]))}").json()
    assert (failed["status"], failed["reason"]) == ("failed", "few_shock sakit-berat")
    nobody = hit | {"with": {"hazard": 1, "scope": {"regencies": ["1101"]}}}
    done = own.get("tono", f"/v1/scenarios/{lived(own, plain(shocks=[nobody]))}").json()
    assert done["status"] == "done", "nobody lives there: nothing is told of anybody"


def test_provinces_of_few_families_are_left_out_with_the_next_smallest(own: World) -> None:
    home = np.repeat(["32", "33", "34", "36"], [400, 100, 75, 25])
    world = nation(FAMILIES, province=Coded.of(home), regency=Coded.of(np.char.add(home, "01")))
    kept.write(world, Origin.of(own.office.home, None).file(own.office.home, ""))
    number = lived(own)
    result = own.get("tono", f"/v1/scenarios/{number}").json()["result"]
    for one in (result["without"], *result["arms"]):
        assert {row["province"]: row["few"] for row in one["provinces"]} == {
            "32": False, "33": False, "34": True, "36": True}  # fmt: skip
        hidden = [row for row in one["provinces"] if row["few"]]
        assert {value for row in hidden for own_ in row["people"].values() for value in own_.values()} == {None}
        assert all(row["few"] and row["falls_averted"]["value"] is None for row in one.get("groups", ())
                   if row["kind"] == "province" and row["name"] in ("34", "36"))  # fmt: skip
    assert result["data"]["provinces_left_out"] == 2
    book = own.get("tono", f"/v1/scenarios/comparison.csv?number={number}&language=en").text
    table = list(csv.DictReader(io.StringIO(book[book.index("table,") :])))
    provinces = [row for row in table if row["table"] == "provinsi"]
    assert {row["province"]: (row["value"] == "", row["few"]) for row in provinces} == {
        "32": (False, "False"), "33": (False, "False"), "34": (True, "True"), "36": (True, "True")}  # fmt: skip
    told = grounds.unknown(own.get("tono", f"/v1/scenarios/comparison?number={number}").json(), "en")
    assert any(line.startswith("2 provinces are not shown") for line in told)


def test_room_for_less_than_one_family_of_the_sample_is_not_told_as_no_change(own: World) -> None:
    small = plain({**PRICED, "budget": 1_000_000}, {**PRICED, "budget": 0})
    told = own.post("tono", "/v1/scenarios/check", {"scenario": small}).json()
    assert [arm["schemes"][0]["coarse"] for arm in told["arms"]] == [True, False]
    why = [arm["schemes"][0]["coarse_why"] for arm in told["arms"]]
    assert why[1] is None
    assert "jawaban ini tidak dapat dihitung dan ditinggalkan" in why[0]["id"]
    assert "this answer cannot be worked out and is left out" in why[0]["en"]
    done = own.get("tono", f"/v1/scenarios/{lived(own, small)}").json()
    assert done["status"] == "done"
    assert [(arm["name"], arm["why"]) for arm in done["result"]["arms_left_out"]] == [
        (told["arms"][0]["name"], "coarse")
    ]
    assert [arm["name"] for arm in done["result"]["arms"]] == [told["arms"][1]["name"]]
    alone = plain({**PRICED, "budget": 1_000_000})
    failed = own.get("tono", f"/v1/scenarios/{lived(own, alone)}").json()
    assert (failed["status"], failed["reason"]) == ("failed", f"coarse lapangan-kerja 1 {told['arms'][0]['name']}")


def test_scenarios_side_by_side(own: World) -> None:
    one, two = lived(own, plain(JOBS)), lived(own, plain(ZERO))
    told = own.get("tono", f"/v1/scenarios/comparison?number={one},{two}").json()
    assert [arm["from"]["number"] for arm in told["arms"]] == [one, two]
    assert set(told["answer"]) == {"id", "en"}
    verdict = told["differences"][0]["outcomes"]["falls_averted"]["verdict"]
    assert verdict in ("first", "second", "undecided", "unreached")
    other = lived(own, plain(JOBS, seed=6))
    answer = own.get("tono", f"/v1/scenarios/comparison?number={one}&number={other}")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_alike")
    assert "another seed" in answer.json()["detail"]
    waiting = own.post("tono", "/v1/scenarios", {"scenario": plain()}).json()["number"]
    assert own.get("tono", f"/v1/scenarios/comparison?number={one},{waiting}").json()["code"] == "not_lived"
    for query in ("", "number=x", "number=" + ",".join([one] * 5)):
        assert own.get("tono", f"/v1/scenarios/comparison?{query}").json()["code"] == "bad_query"


def test_files_read_back_are_the_figures(own: World) -> None:
    number = lived(own, plain(JOBS, {"use": "aset-pendampingan", "years": [2027, 2028], "places": 100}))
    found = own.get("tono", f"/v1/scenarios/comparison?number={number}").json()
    want = {(arm["name"], name): (own_["value"], *own_["draws"], *own_["effects"]) for arm in found["arms"]
            for name, own_ in arm["outcomes"].items()}  # fmt: skip

    answer = own.get("tono", f"/v1/scenarios/comparison.csv?number={number}&language=en")
    assert answer.headers["content-disposition"] == f'attachment; filename="sintetis_skenario_{number}.csv"'
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert lines[0] == ["SYNTHETIC DATA: not real families"]
    assert lines[1] == ["scenario", number, "Test", found["scenarios"][0]["sha256"]]
    assert lines[2] == ["seed", "5", "draws", "20"]
    assert lines[3][:4] == ["data", "made up", "model", "none"]
    assert lines[4][4] == "Model response, not effect"
    head = next(at for at, line in enumerate(lines) if line[0] == "table")
    rows = [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]
    ends = ("value", "draws_low", "draws_high", "effects_low", "effects_high")
    got = {(row["arm"], row["outcome"]): tuple(float(row[end]) if row[end] else None for end in ends)
           for row in rows if row["table"] == "hasil"}  # fmt: skip
    assert got == want
    asked = [arm["name"] for arm in own.get("tono", f"/v1/scenarios/{number}").json()["result"]["arms"]]
    assert {(row["arm"], row["arm_name"]) for row in rows if row["table"] == "hasil"} == {
        *zip("AB", asked, strict=True)
    }

    answer = own.get("tono", f"/v1/scenarios/comparison.xlsx?number={number}&language=id")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[:2] == ["tentang", "tangga"]
    sheet = list(book["hasil"].values)
    assert sheet[0][0] == "DATA SINTETIS: bukan keluarga sungguhan"
    rows = [dict(zip(sheet[1], line, strict=True)) for line in sheet[2:]]
    for row in rows:  # a spreadsheet keeps 15 digits
        for end, value in zip(ends, want[row["arm"], row["outcome"]], strict=True):
            assert row[end] == (None if value is None else pytest.approx(value, rel=1e-14))
    assert len(rows) == len(want)


def test_a_brief_is_a_pdf_of_one_scenario_or_two(own: World) -> None:
    pytest.importorskip("typst", reason="pip install 'jaga[pdf]'")
    one, two, three = (lived(own, plain(JOBS)) for _ in range(3))
    answer = own.get("tono", f"/v1/scenarios/comparison.pdf?number={one},{two}&language=en")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")
    assert own.get("tono", f"/v1/scenarios/comparison.pdf?number={one},{two},{three}").json()["code"] == "bad_query"


def test_a_scenario_that_provokes_an_error_does_not_stop_the_next(own: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = own.post("tono", "/v1/scenarios", {"scenario": plain()}).json()["number"]
    second = own.post("tono", "/v1/scenarios", {"scenario": plain()}).json()["number"]
    real, asked = run_lived, []

    def odd(*given: Any) -> Any:
        asked.append(given)
        if len(asked) == 1:
            raise MemoryError
        return real(*given)

    monkeypatch.setattr("serving.simulation.lived.lived", odd)
    live(own.store, own.office.home)
    told = {number: own.get("tono", f"/v1/scenarios/{number}").json() for number in (first, second)}
    assert (told[first]["status"], told[first]["reason"]) == ("failed", "internal")
    assert told[second]["status"] == "done"

    from serving.problems import Problem

    bomb = "a: &a [1]\n" + "\n".join(f"k{at}: [*a, *a]" for at in range(3))
    with pytest.raises(Problem) as refused:
        spec.of_yaml(bomb)
    assert refused.value.code == "bad_scenario"
    assert spec.of_yaml(spec.as_yaml(plain())) == plain()
    for text in ("- a", "a: b: c", "", "x" * 50_000, "? [1]\n: 2", "a: .nan", "!!python/object:os.system {}"):
        with pytest.raises(Problem):
            spec.of_yaml(text)


def test_a_path_is_refused_and_never_opened(own: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    secret = tmp_path / "secret.yaml"
    secret.write_text("kata-sandi: rahasia\n")
    for use in (
        "./secret.yaml",
        f"../{tmp_path.name}/secret.yaml",
        str(secret),
        f"file://{secret}",
        "./../../etc/passwd",
    ):
        shock = {"use": use, "years": [2027, 2027]}
        for asked in (plain({**JOBS, "use": use}), plain(shocks=[shock])):
            for path in ("/v1/scenarios/check", "/v1/scenarios"):
                answer = own.post("tono", path, {"scenario": asked}, **{"Accept-Language": "en"})
                assert (answer.status_code, answer.json()["code"]) == (422, "bad_scenario")
                title = answer.json()["detail"]
                assert "none is read here" in title if use.startswith(".") else "must be a name of the library" in title
                assert "rahasia" not in answer.text


def test_what_ships_is_within_the_work_that_is_lived_here_and_more_is_refused_by_the_lives() -> None:
    for name in ("kerja-atau-usaha", "menuju-2045", "robot-tekstil-jawa"):
        asked = library.raw("scenarios", name)
        spec.read(asked)
        assert asked["draws"] <= spec.most_draws(asked)
    most = spec.most_draws(asked | {"years": 20})
    assert 2 < most < spec.MOST_DRAWS
    spec.read(asked | {"years": 20, "draws": most})
    with pytest.raises(Problem) as refused:
        spec.read(asked | {"years": 20, "draws": most + 1})
    assert "years x draws x lives: " in refused.value.values["told"][1]


@pytest.mark.parametrize("name", library.names("scenarios"))
def test_every_scenario_that_ships_may_be_asked_of_the_service(name: str) -> None:
    """The back-cast has the most shocks."""
    spec.read(library.raw("scenarios", name))
