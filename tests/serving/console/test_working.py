"""A family's work, exposure and programmes on its page and report; the filter by programme; the fast lane, built."""

from __future__ import annotations

import base64
import re
import socket
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from features.cli import main
from features.digests import sha256_of
from models.compass import telling
from models.compass.occupations import all_occupations
from serving.access.rights import Grant
from serving.console import working
from serving.console.strings import strings
from serving.console.telling import sentence
from serving.store import people, tokens
from serving.store.tables import audit
from tests.serving import registers, shown
from tests.serving.console.lists import CHOICES, confirm
from tests.serving.console.office import Office, person
from tests.serving.console.test_browser import AXE, AXE_AT, _axe, _pages, listening, picture
from tests.serving.console.test_pages import codes, sound
from tests.serving.lists.test_facts import HIT, LATE, SHOCKS_OF_TEST

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NEWEST = shown.newest()
CODE, (ROW, HEAD) = next((code, own) for code, own in NEWEST.items() if own[1]["status"] != "unpaid_family")


@pytest.fixture(scope="module")
def home(bundles: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation with a run of the batch, which has facts beside its scores."""
    folder = tmp_path_factory.mktemp("working")
    shown.publish(folder, bundles[0])
    return folder


@pytest.fixture
def own(home: Path, office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("JAGA_HOME", str(home))
    with Office(home) as made:
        made.who = person(("officer", ""))
        yield made


@pytest.fixture
def officer(own: Office) -> Iterator[TestClient]:
    with TestClient(own.app, headers={"Accept": "text/html"}, follow_redirects=False) as client:
        yield client


def plain(text: str) -> str:
    text = re.sub(r'<span class="nowrap">([^<]*)</span>', r"\1", text)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("page", ["", "/laporan"])
def test_work_and_programmes_are_told_in_both_languages(officer: TestClient, page: str, language: Any) -> None:
    officer.cookies.set("bahasa", language)
    answer = officer.get(f"/keluarga/{CODE}{page}")
    sound(answer, language)
    say, text = strings(language), plain(answer.text)
    assert all_occupations()[HEAD["occupation"]].title(language) in text
    assert telling.section(shown.SECTIONS[HEAD["sector"]], language) in text
    received = {True: [], False: [], None: ["PBI-JKN"]}
    for name in ("pkh", "sembako"):
        received[ROW[name]].append(say.say(f"programme.{name}"))
    for value, key in ((True, "yes"), (False, "no"), (None, "unknown")):
        if received[value]:
            assert say.say(f"house.programmes.{key}", names=", ".join(received[value])) in text
    assert say.say("house.work.without") not in text
    assert say.say("house.work.whose.head") in text
    if not page:
        assert text.count("Frey & Osborne 2017") == 1, "measured of every family, not of those with the reason"
        assert {"id": "rata-rata kelompok jabatan", "en": "averages of the occupation group"}[language] in text


@pytest.mark.parametrize(("page", "day"), [("", "diketahui {}"), ("/laporan", "{}")])
def test_each_reason_is_told_with_the_day_of_its_own_fact(own: Office, officer: TestClient, page: str,
                                                          day: str) -> None:  # fmt: skip
    say, when = strings("id"), {"place.layoffs": "25 April 2026", "": "20 Oktober 2026"}
    row = next(row for code in NEWEST if (row := own.office.scores().household(code)) is not None
               and {"place.layoffs"} < {reason["key"] for reason in row["reasons"] or ()})  # fmt: skip
    answer = officer.get(f"/keluarga/{row['household_id']}{page}").text
    items = [plain(item) for item in re.findall(r"<(?:li|tr)>.*?</(?:li|tr)>", answer, re.DOTALL)]
    told = [reason for reason in row["reasons"] if reason["key"].split(".")[0] in ("hh", "work", "auto")
            or reason["key"] in when]  # fmt: skip
    assert len(told) > 1
    for reason in told:
        text = plain(sentence(reason["key"], reason, say))
        (item,) = [item for item in items if text in item and "2026" in item]
        assert day.format(when.get(reason["key"], when[""])) in item


@pytest.mark.parametrize(("share", "told"), [
    (0.034, ("naik 3,4 % dalam setahun", "up 3.4 % in a year")),
    (-0.034, ("turun 3,4 % dalam setahun", "down 3.4 % in a year")),
    (-0.0001, ("tidak berubah dalam setahun", "unchanged in a year")),
])  # fmt: skip
def test_a_change_of_workers_says_which_way(share: float, told: tuple[str, str]) -> None:
    assert (working._growth(share, strings("id")), working._growth(share, strings("en"))) == told


def test_every_family_has_its_measures_and_where_none_is_known_that_is_told_once(officer: TestClient) -> None:
    unknown = strings("id").say("house.work.exposure.unknown")
    for code in [*NEWEST][:12]:
        text = plain(officer.get(f"/keluarga/{code}").text)
        assert ("ILO 2025" in text) is (unknown not in text)
    nothing = dict.fromkeys(("occupation", "section", "layoffs", "growth", "routine", "computerisation", "software"))
    told = working._job(nothing | {"earners": 0}, False, strings("id"))
    assert [value for _, value in told] == ["tidak ada data", "tidak ada data", "0", unknown]
    assert working._exposure(nothing, strings("id")) == {"measures": [], "exposure": ""}


def test_a_run_without_facts_says_so(ask: TestClient, office: Office) -> None:
    scores = office.office.scores()
    code = str(scores.top(1)[0]["household_id"])
    text = plain(ask.get(f"/keluarga/{code}").text)
    assert strings("id").say("house.work.without") in text
    assert strings("id").say("house.programmes") not in text
    assert strings("id").say("build.guncangan.none") in plain(ask.get("/daftar/baru/3").text)
    search = ask.get("/keluarga").text
    assert 'name="program"' not in search
    answer = ask.get("/keluarga?program=pkh")
    assert answer.status_code == 400
    assert strings("id").say("rule.programme.unknown") in plain(answer.text)


def test_a_run_without_facts_has_no_filter_by_industry_and_says_so(ask: TestClient, own: Office,
                                                                   officer: TestClient) -> None:  # fmt: skip
    without, within = ask.get("/keluarga").text, officer.get("/keluarga").text
    assert 'name="sektor"' not in without
    assert strings("id").say("find.nofacts.both") in plain(without)
    assert 'name="sektor"' in within
    assert "find.nofacts" not in within
    assert strings("id").say("find.nofacts.both") not in plain(within)
    answer = ask.get("/keluarga?sektor=C")
    assert answer.status_code == 400
    assert strings("id").say("rule.sector.unknown") in plain(answer.text)


@pytest.mark.parametrize("language", ["id", "en"])
def test_families_are_found_by_industry_and_the_filter_can_be_taken_away(officer: TestClient, own: Office,
                                                                         language: Any) -> None:  # fmt: skip
    officer.cookies.set("bahasa", language)
    page = officer.get("/keluarga?sektor=A,C&urut=risiko")
    sound(page, language)
    found = codes(page.text)
    scores = own.office.scores()
    facts = [scores.facts(code) for code in found]
    assert found
    assert all(own is not None and own["section"] in ("A", "C") for own in facts)
    risks = [scores.household(code)["risk"] for code in found]  # type: ignore[index]
    assert risks == sorted(risks)
    assert f'{telling.section("A", language).capitalize()} <span aria-hidden="true">' in page.text
    assert 'href="/keluarga?sektor=C&amp;urut=risiko"' in page.text, "one of two industries is taken away"
    assert own.rows()[-1].households.split() == found
    assert officer.get("/keluarga?sektor=Z").status_code == 400
    own.who = person(("officer", "16"))
    assert codes(officer.get("/keluarga?sektor=A").text) == []


def test_families_are_found_by_programme(officer: TestClient, own: Office) -> None:
    page = officer.get("/keluarga?program=pkh")
    found = codes(page.text)
    assert found
    assert all(NEWEST[code][0]["pkh"] for code in found)
    assert 'id="program-pkh" name="program" value="pkh" checked' in page.text
    assert "program-pbi" not in page.text, "of nobody it is known whether they receive it"
    assert 'href="/keluarga"' in page.text, "the filter can be taken away"
    both = codes(officer.get("/keluarga?program=pkh,sembako").text)
    assert all(NEWEST[code][0]["pkh"] or NEWEST[code][0]["sembako"] for code in both)
    for value in ("pbi", "blt"):
        answer = officer.get(f"/keluarga?program={value}")
        assert answer.status_code == 400
        assert "program" in plain(answer.text)


def test_the_api_tells_the_same(officer: TestClient, own: Office) -> None:
    with own.store.writing() as connection:
        people.give(connection, 1, Grant("officer", ""), None)
        _, token = tokens.make(connection, 1, "tests", ("households.read",), days=1)
    bearer = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    told = officer.get("/v1/households?programme=pkh,sembako&count=500", headers=bearer).json()
    assert told["total"] == len(told["households"]) > 0
    assert all(NEWEST[row["household_id"]][0]["pkh"] or NEWEST[row["household_id"]][0]["sembako"]
               for row in told["households"])  # fmt: skip
    one = officer.get(f"/v1/households/{CODE}", headers=bearer).json()
    assert one["facts"]["occupation"] == HEAD["occupation"]
    assert one["facts"]["section"] == shown.SECTIONS[HEAD["sector"]]
    assert one["facts"]["programmes"] == {"pkh": ROW["pkh"], "sembako": ROW["sembako"], "pbi": None}
    assert not set(one["household"]) & {"pkh", "sembako", "pbi", "fact_pkh"}
    asked = "/v1/households?sector=G&order=range&count=500"
    told = officer.get(asked, headers=bearer).json()
    assert told["total"] == len(told["households"]) == sum(told["by_level"].values()) > 0
    for row in told["households"]:
        facts = officer.get(f"/v1/households/{row['household_id']}", headers=bearer).json()["facts"]
        assert facts["section"] == "G"
    risks = [row["risk"] for row in told["households"]]
    assert {row["low"] for row in told["households"]} == {None}, "this model has no ranges"
    assert risks == sorted(risks, reverse=True), "of equal ones the highest risk is first"
    refused = officer.get("/v1/households?programme=pbi", headers=bearer)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "programme")


def test_openings_begin_with_the_job_that_is_kept(officer: TestClient) -> None:
    page = officer.get(f"/keluarga/{CODE}/peluang").text
    assert f'value="{HEAD["occupation"]}' in page


@pytest.mark.browser
@pytest.mark.parametrize("language", ["id", "en"])
def test_pages_with_facts_are_sound_in_a_browser_and_print_on_one_page(browser: Browser, own: Office, language: str,
                                                                       ) -> None:  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with listening(own, port) as url:
        for name, path in (("fakta", f"/keluarga/{CODE}"), ("fakta-laporan", f"/keluarga/{CODE}/laporan"),
                           ("saring-program", "/keluarga?program=pkh"),
                           ("saring-sektor", "/keluarga?sektor=A,G&urut=-rentang")):  # fmt: skip
            for width in (360, 1280):
                context = browser.new_context(viewport={"width": width, "height": 800}, base_url=url)
                context.add_cookies([{"name": "bahasa", "value": language, "url": url}])
                context.add_init_script(path=str(AXE))
                page = context.new_page()
                page.goto(path)
                assert width != AXE_AT[language] or _axe(page) == [], (name, width)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
                picture(page, f"{name}-{language}-{width}")
                if name.startswith("fakta"):
                    session = context.new_cdp_session(page)
                    told = session.send("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
                    assert _pages(base64.b64decode(told["data"])) == 1, name
                context.close()


def test_an_officer_builds_a_list_with_the_fast_lane(officer: TestClient, own: Office, home: Path, tmp_path: Path,
                                                     ) -> None:  # fmt: skip
    source = registers.write(tmp_path / "in", shown.made() | {"shocks": SHOCKS_OF_TEST})
    assert main(["lists", "facts", "--input", str(source), "--as-of", "2026-11-25"]) == 0
    try:
        lane = {"wil": "0", "kuota-0": "20", "jalur": "20", "hari": "90", "guncangan": "job_loss"}
        at = _walk(officer, CHOICES | lane)
        step = plain(officer.get("/daftar/baru/3").text)
        assert "tidak dibuat oleh instalasi ini" not in step
        assert "Diketahui sampai 25 November 2026" in step
        assert "kehilangan pekerjaan, gelombang PHK, gagal panen" in step
        assert "Dihitung mundur dari tanggal berkas fakta, atau dari tanggal skor bila lebih baru" in step
        page = plain(officer.get(at).text)
        assert strings("id").say("list.how.fast_lane").lower() in page.lower()
        done = confirm(officer, at)
        assert done.status_code == 303
        number = re.search(r"D-\d{4}-\d{4}", done.headers["location"])
        assert number is not None
        told = officer.get(f"/daftar/{number[0]}?tab=tempat").text
        assert f"/keluarga/{HIT}" in told
        assert f"/keluarga/{LATE}" in told
        with own.store.reading() as connection:
            rows = connection.execute(select(audit.c.object).where(audit.c.object.like("facts %"))).scalars().all()
        assert rows == [f"facts {sha256_of(home / 'facts.parquet')} here"]
        pq.write_table(pq.read_table(home / "facts.parquet"), home / "facts.parquet", compression="none")
        assert "tidak dibuat oleh instalasi ini" in plain(officer.get("/daftar/baru/3").text)
    finally:
        (home / "facts.parquet").unlink()


@pytest.mark.parametrize("language", ["id", "en"])
def test_facts_of_a_day_after_today_open_no_fast_lane_and_stop_no_other_list(
    officer: TestClient, own: Office, home: Path, tmp_path: Path, language: Any
) -> None:
    source = registers.write(tmp_path / "in", shown.made() | {"shocks": SHOCKS_OF_TEST})
    assert main(["lists", "facts", "--input", str(source), "--as-of", "2026-11-30"]) == 0
    officer.cookies.set("bahasa", language)
    say = strings(language)
    try:
        step = plain(officer.get("/daftar/baru/3").text)
        assert say.say("build.guncangan.later", date="30 November 2026") in step
        lane = {"wil": "0", "kuota-0": "20", "jalur": "20", "hari": "90", "guncangan": ""}
        preview = plain(officer.get(_walk(officer, CHOICES | lane)).text)
        assert say.say("list.how.fast_lane").lower() in preview.lower()
        refused = plain(officer.get(_walk(officer, CHOICES | lane | {"guncangan": "job_loss"})).text)
        assert ("setelah hari ini", "after today")[language == "en"] in refused
        assert "guncangan tercatat" not in officer.get(f"/keluarga/{HIT}").text
    finally:
        (home / "facts.parquet").unlink()


def _walk(ask: TestClient, chosen: dict[str, str]) -> str:
    at = "/daftar/baru/1"
    for names in (("nama", "per", "skema", "biaya", "wil"), ("kuota-0", "anggaran"),
                  ("urutan", "acak", "cadangan", "histeresis", "pita", "temuan", "jalur", "hari",
                   "guncangan")):  # fmt: skip
        answer = ask.post(at, data={name: chosen[name] for name in names} | {"aksi": "lanjut"})
        assert answer.status_code == 303, re.findall(r'class="why"[^>]*>([^<]*)', answer.text)
        at = answer.headers["location"]
    return at


@pytest.mark.parametrize(("refused", "earners", "told"), [(True, 0, "tidak ada data"), (True, 2, "2"), (False, 0, "0")])
def test_that_nobody_was_found_who_earns_is_unknown_of_a_family_without_a_score(
    refused: bool, earners: int, told: str
) -> None:
    known = {"occupation": None, "section": None, "earners": earners, "layoffs": None, "growth": None,
             "routine": 0.1, "computerisation": 0.2, "software": 0.3}  # fmt: skip
    assert dict(working._job(known, refused, strings("id")))["Anggota yang berpenghasilan"] == told
