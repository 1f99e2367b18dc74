"""Openings: within reach, by schooling, job and place alone, with what is not known said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import contract, reference
from features.cli import main
from features.contract import EDUCATION, SECTIONS
from models.compass import occupations, openings, table, telling, workers
from models.compass.occupations import all_occupations, distance, level, shared, tasks_apart
from models.compass.openings import Worker, prospect
from models.text import LANGUAGES
from serving import openings as answers
from serving.example import request
from serving.requests import parse

CODES = sorted(all_occupations())
WORKERS = st.builds(Worker, st.sampled_from(["", *CODES]), st.sampled_from(["", *SECTIONS]),
                    st.sampled_from(["", *EDUCATION]), st.booleans())  # fmt: skip


def test_levels_are_those_of_isco() -> None:
    levels = {"9211": 1, "5221": 2, "6111": 2, "8322": 2, "4110": 2, "3115": 3, "2341": 4, "1211": 4, "1411": 3,
              "0110": 4, "0210": 2, "0310": 1}  # fmt: skip
    assert {code: level(code) for code in levels} == levels
    assert {all_occupations()[code].level for code in CODES} == {1, 2, 3, 4}


def test_every_occupation_has_a_name_in_both_languages() -> None:
    for own in all_occupations().values():
        assert own.title("id")
        assert own.title("en")
    assert all_occupations()["0110"].title("id") == "Perwira TNI dan POLRI"
    assert all_occupations()["5412"].title("id") == "Petugas polisi"


@given(st.sampled_from(CODES), st.sampled_from(CODES))
def test_a_distance_is_symmetric_and_zero_to_itself(one: str, other: str) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == distance(other, one)
    assert 0 <= distance(one, other) <= 1
    assert shared(one, other) == shared(other, one)


def test_a_distance_by_hand() -> None:
    # 9211 and 9212 share three digits; tasks from the published shares of the two groups.
    mine, theirs = all_occupations()["9211"].tasks, all_occupations()["9212"].tasks
    assert mine is not None
    assert theirs is not None
    half = sum(abs(a - b) for a, b in zip(mine, theirs, strict=True)) / 2
    assert distance("9211", "9212") == pytest.approx((0.25 + half) / 2)
    unknown = next(code for code in CODES if all_occupations()[code].tasks is None)
    assert tasks_apart("9211", unknown) is None
    assert distance("9211", unknown) == 1 - shared("9211", unknown) / 4


@given(WORKERS, st.sampled_from(["", "32", "91"]))
def test_openings_are_within_reach_and_few(worker: Worker, province: str) -> None:
    found = prospect(worker, table.place(province))
    assert len(found.openings) <= openings.MOST
    seen = [(own.section, own.occupation) for own in found.openings]
    assert len(set(seen)) == len(seen)
    assert (worker.section, worker.occupation) not in seen
    for own in found.openings:
        assert own.level <= worker.attained
        assert not worker.occupation or own.level >= level(worker.occupation)
        assert any(row["section"] == own.section and row["occupation"] == own.occupation
                   for row in reference.rows("jobs.csv"))  # fmt: skip
        if own.occupation.startswith(openings.REGULATED):
            assert own.occupation[:2] == worker.occupation[:2]
    assert all(seen.count(pair) == 1 for pair in seen)
    assert max([sum(own.section == letter for own in found.openings) for letter in SECTIONS]) <= openings.A_SECTION
    for name in ("occupation", "section", "schooling"):
        assert (name in found.missing) == (not getattr(worker, name))
    assert ("openings" in found.missing) == (not found.openings)


@given(WORKERS)
def test_more_schooling_never_closes_a_door(worker: Worker) -> None:
    if not worker.occupation or not worker.schooling:
        return
    more = Worker(worker.occupation, worker.section, "degree", worker.working)
    for section, code in openings._jobs():
        if openings.within_reach(worker, section, code):
            assert openings.within_reach(more, section, code)


def test_half_of_the_openings_are_of_the_level_that_schooling_opens() -> None:
    found = prospect(Worker("9211", "A", "upper_secondary"), table.place("32"))
    assert sorted(own.level for own in found.openings) == [1, 1, 1, 2, 2, 2]
    low = prospect(Worker("9211", "A", "primary"), table.place("32"))
    assert {own.level for own in low.openings} == {1}


def test_who_has_nothing_known_gets_nothing_made_up() -> None:
    found = prospect(Worker(), table.place())
    assert found.openings == ()
    assert found.missing == ("occupation", "section", "schooling", "openings")
    assert set(found.exposure.values()) == {None}
    section = prospect(Worker("", "C"), table.place())
    assert section.of_section
    assert section.exposure["ilo_genai"] is not None


@pytest.mark.parametrize(("language", "said"), [
    ("id", "Termasuk seperempat dari semua jenis pekerjaan yang paling terpapar menurut"),
    ("en", "In the quarter of all occupations that is most exposed by"),
])  # fmt: skip
def test_who_has_no_present_job_is_told_which_openings_are_most_exposed(language: Any, said: str) -> None:
    def minded(worker: Worker) -> dict[str, bool]:
        found = prospect(worker, table.place("32"))
        return {own.occupation: any(line.startswith(said) for line in telling.mind(own, found, language))
                for own in found.openings}  # fmt: skip

    told = minded(Worker(schooling="upper_secondary"))
    assert told["4110"], "general office clerks: computerisation .97"
    for code, own in told.items():
        low, high, _ = openings.standing({key: table.exposure(code, key) for key in openings.TASKS})
        assert own == (high > 0 and high >= low)
    assert not any(minded(Worker("5223", "G", "upper_secondary")).values()), "held against the present job instead"


@pytest.mark.parametrize("measure", openings.TASKS)
def test_no_more_than_a_quarter_of_all_occupations_is_the_most_exposed(measure: str) -> None:
    values = [own for code in CODES if (own := table.exposure(code, measure)) is not None]
    most = sum(openings.standing({measure: own})[1] for own in values) / len(values)
    least = sum(openings.standing({measure: own})[0] for own in values) / len(values)
    assert 0.15 < most <= 0.25
    assert 0 <= least <= 0.25


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_an_opening(language: Any) -> None:
    found = prospect(Worker("9211", "A", "lower_secondary"), table.place("32"))
    for own in found.openings:
        told = telling.opening(own, found, language)
        assert 1 <= len(told["why"]) <= 6
        assert "{" not in json.dumps(told["why"] + told["mind"])
        assert "Jawa Barat" in told["wages"] or own.wage is None or not own.wage.province
    shrinking = [own for own in found.openings if own.growth is not None and own.growth.value < 0]
    for own in shrinking:
        assert any("2025" in text for text in telling.mind(own, found, language))


@pytest.mark.parametrize("language", LANGUAGES)
@given(worker=WORKERS)
def test_a_share_of_tasks_says_of_what_it_is_and_few_alike_are_to_be_minded(worker: Worker, language: Any) -> None:
    sides = {"id": ("Tugasnya mirip: {} % dari tugas pekerjaan ini sejenis dengan tugas pekerjaan sekarang",
                    "Tugasnya banyak berbeda: hanya {} % dari tugas pekerjaan ini sejenis dengan"),
             "en": ("Tasks alike: {} % of the tasks of this job are of the same kinds as those of the present job",
                    "Tasks differ much: only {} % of the tasks of this job are of the same kinds")}  # fmt: skip
    found = prospect(worker, table.place())
    for own in found.openings:
        told = telling.opening(own, found, language)
        now, there = (all_occupations().get(code) for code in (worker.occupation, own.occupation))
        of_tasks = [line for line in (*told["why"], *told["mind"]) if line.startswith(("Tugasnya", "Tasks"))]
        if not (now and there and now.tasks and there.tasks) or now.code == there.code:
            assert of_tasks == []
            continue
        # What two sets of shares have in common, each kind at its smaller share.
        alike = 100 * sum(map(min, now.tasks, there.tasks))
        (line,) = of_tasks
        (said,) = re.findall(r"(\d+) ?%", line)
        assert abs(int(said) - alike) < 1.5  # shares of a unit group add up to 1 within .01
        side = line in told["mind"]
        assert line.startswith(sides[language][side].format(said))
        assert side == (int(said) < 50)


def asked(**changes: Any) -> dict[str, Any]:
    body = request("32")
    body["members"] = [{**row, **changes} for row in body["members"]]
    return answers.answer(parse(json.dumps(body).encode(), b"a key for a test that is long enough"))


def test_no_protected_trait_and_no_kinship_changes_an_opening() -> None:
    plain = asked()["households"]
    for changes in ({"sex": "woman"}, {"sex": "man"}, {"marital": "widowed"}, {"disability": True},
                    {"chronic_illness": True}, {"relation": "other_relative"}):  # fmt: skip
        body = request("32")
        for row in body["members"]:
            row.update(
                {**changes, "relation": "head"} if row["person_id"] == "1" and "relation" in changes else changes
            )
        other = answers.answer(parse(json.dumps(body).encode(), b"a key for a test that is long enough"))["households"]
        assert other == plain, changes


def test_age_counts_as_the_limit_of_working_age_alone() -> None:
    plain = asked()["households"]
    assert [len(own["workers"]) for own in plain] == [2]
    body = request("32")
    for row in body["members"]:
        if row["person_id"] == "1":
            row["age"] = 15
        if row["person_id"] == "2":
            row["age"] = 64
    told = answers.answer(parse(json.dumps(body).encode(), b"a key for a test that is long enough"))
    assert told["households"] == plain
    assert asked(age=14)["households"][0]["workers"] == []


def test_the_newest_period_known_on_the_day_counts() -> None:
    body = request("32")
    for row in body["members"]:
        if row["period"] == "2026Q2" and row["person_id"] == "1":
            row["occupation"] = "8322"
    key = b"a key for a test that is long enough"
    now = answers.answer(parse(json.dumps(body).encode(), key))["households"][0]
    assert [own["text"]["id"]["occupation"] for own in now["workers"]] == ["8322", "5221"]
    body["as_of"] = "2026-05-01"
    then = answers.answer(parse(json.dumps(body).encode(), key))["households"][0]
    assert [own["text"]["id"]["occupation"] for own in then["workers"]] == ["9211", "5221"]


def test_a_bad_row_goes_to_quarantine_and_the_rest_is_answered() -> None:
    body = request("32")
    body["members"][0]["age"] = -3
    told = answers.answer(parse(json.dumps(body).encode(), b"a key for a test that is long enough"))
    assert told["counts"]["households"] == 1
    assert "age" in {row["field"] for row in told["quarantine"]}
    elsewhere = request("XX")
    found = answers.answer(parse(json.dumps(elsewhere).encode(), b"a key for a test that is long enough"))
    assert found["households"][0]["province"] is None


def test_codes_of_other_schemes_are_not_guessed() -> None:
    assert occupations.plain("CNO", "9211") == ""
    assert occupations.plain("ISCO08", "921199") == "9211"
    assert occupations.plain("KBJI2014", "92x1") == ""
    assert occupations.plain(None, "9211") == ""
    assert set(contract.MEMBERS["occupation_scheme"].choices) == {"KBJI2014", "ISCO08", "CNO"}
    assert workers.MOST == 8


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["openings", *arguments]) == 0
    return capsys.readouterr().out


def test_the_command_tells_openings_of_one_worker(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = told(capsys, "--occupation", "9211", "--section", "A", "--schooling", "lower_secondary", "--province", "33")
    assert text.startswith("Ini peluang untuk dijajaki, bukan janji dan bukan keharusan.")
    assert "Jawa Tengah" in text
    assert "Paparan pekerjaan sekarang: Tugas tangan yang rutin" in text
    assert len(re.findall(r"^\d\. ", text, re.MULTILINE)) == openings.MOST
    assert "Lowongan menurut lapangan usaha dan tempat: tidak ada angka yang terbit" in text
    asked, file = ("--occupation", "9211"), tmp_path / "openings.json"
    assert told(capsys, *asked, "--json", str(file)) == told(capsys, *asked)
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["workers"][0]["missing"] == ["section", "schooling"]
    for wrong, own, english in (
        (["--occupation", "9999"], "tidak ada golongan 9999", "no unit group 9999"),
        (["--section", "Z"], "yang ada: A, B", "there are A, B"),
        (["--schooling", "s3"], "s3 tidak dikenal; yang ada: none", "s3 is not known; there are none"),
        ([], "--household dengan --input", "--household with --input"),
        (["--household", "X"], "perlu --input", "needs --input"),
        (["--section", "A", "--province", "99"], "tidak ada provinsi dengan kode BPS 99", "no province has"),
        (["--household", "X", "--input", ".", "--section", "A"], "tidak keduanya", "not both"),
    ):
        for language, message in ((["--language", "id"], own), ([], own), (["--language", "en"], english)):
            assert main(["openings", *wrong, *language]) == 2
            assert message in capsys.readouterr().err


def test_the_command_reads_a_household_of_a_register(
    capsys: pytest.CaptureFixture[str], families_folder: Path, tmp_path: Path
) -> None:
    folder = families_folder / "registry"
    houses, people = (pq.read_table(folder / name).to_pandas() for name in ("households", "members"))
    newest = people[(people["period"].astype(str) == houses["period"].astype(str).max()) & (people["age"] >= 15)
                    & (people["activity"] == "employed")]  # fmt: skip
    code = str(newest["household_id"].iloc[0])
    own = newest[newest["household_id"] == code]
    told(capsys, "--household", code, "--input", str(folder), "--json", str(tmp_path / "openings.json"))
    found = json.loads((tmp_path / "openings.json").read_text(encoding="utf-8"))
    assert found["province"] == str(houses.set_index("household_id").loc[[code], "province"].iloc[-1])
    working = [worker for worker in found["workers"] if worker["text"]["id"]["working"]]
    assert sorted(str(worker["text"]["id"]["occupation"]) for worker in working) == sorted(
        own["occupation"].astype(str)
    )
    assert main(["openings", "--household", "ABCDEFGHJKLM", "--input", str(folder)]) == 2
    assert "tidak memuat keluarga ABCDEFGHJKLM" in capsys.readouterr().err


def test_typical_jobs_are_known_occupations_of_their_section() -> None:
    sections = {row["division"]: row["section"] for row in reference.rows("divisions.csv")}
    rows = reference.rows("jobs.csv")
    assert {row["section"] for row in rows} == set(SECTIONS) - {"U"}
    for row in rows:
        assert row["occupation"] in all_occupations()
        assert sections[row["division"]] == row["section"]


@pytest.mark.parametrize(("language", "told"), [("id", "{} dan {} bersama"), ("en", "{} and {} together")])
def test_a_joint_figure_is_told_as_that_of_its_sections_together(language: Any, told: str) -> None:
    """Wages and change of workers of M and N are published as one: an opening of N says so, one of C is of C alone."""
    place, seen = table.place(), set[str]()
    for code in CODES:
        own = prospect(Worker(code, "N", "vocational"), place)
        for each in own.openings:
            if each.growth is None or each.wage is None:
                continue
            words_ = telling.opening(each, own, language)
            changes = [line for line in (*words_["why"], *words_["mind"]) if telling.place_name("", language) in line]
            joint = told.format("M", "N") in words_["wages"]
            assert joint == (each.section in "MN")
            assert all((told.format("M", "N") in line) == (each.section in "MN") for line in changes)
            seen.add(each.section)
        if "N" in seen and len(seen) > 1:
            return
    raise AssertionError(seen)


@pytest.mark.parametrize(("language", "usual", "mean"), [
    ("id", "ijazah yang biasa untuk tingkat pekerjaan ini (SD ke bawah)", "bukan upah pekerjaan ini: "),
    ("en", "schooling that is usual for the level of this job (primary school or less)", "not of this job: "),
])  # fmt: skip
def test_a_wage_is_told_for_the_level_of_the_job_where_schooling_is_not_known(
    language: Any, usual: str, mean: str
) -> None:
    """The mean of an industry is that of its managers too: a labourer would not get it."""
    own = prospect(Worker("9214", "A", ""), table.place())
    simple = [each for each in own.openings if each.level == 1 and each.schooled is not None]
    assert simple
    for each in simple:
        assert usual in telling.opening(each, own, language)["wages"]
        assert each.wage is None or mean in telling.opening(each, own, language)["wages"]


@pytest.mark.parametrize(("language", "told", "apart"), [
    ("id", ("C, semua ijazah", "Jawa Tengah, 2025; BPS, Sakernas Agustus 2025", "(SMP)", "nasional, 2025; BPS"),
     "tidak untuk dibandingkan"),
    ("en", ("C, of all schooling", "Jawa Tengah, 2025; BPS, Sakernas August 2025", "(lower secondary school)",
            "nation, 2025; BPS"), "not to be compared"),
])  # fmt: skip
def test_each_wage_says_whose_where_when_and_from_where(language: Any, told: tuple[str, ...], apart: str) -> None:
    """A provincial mean of all schooling stands beside a national one of one class: they are no pair."""
    own = prospect(Worker("9321", "G", "lower_secondary"), table.place("33"))
    both = [each for each in own.openings if each.section == "C" and each.wage and each.schooled]
    assert both
    for each in both:
        text = telling.opening(each, own, language)["wages"]
        assert all(part in text for part in told), text
        assert apart in text
        alone = telling.opening(replace(each, schooled=None), own, language)["wages"]
        assert apart not in alone


def test_what_no_table_gives_a_share_of_an_industry_is_no_opening() -> None:
    """Odd jobs, labour not specified, water and firewood."""
    found = [
        each.occupation for code in CODES for each in prospect(Worker(code, "", "primary"), table.place()).openings
    ]
    assert found
    assert not {"9622", "9624", "9629"} & {*found}
