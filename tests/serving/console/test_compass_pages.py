"""The sector compass and the openings of a family, as pages."""

from __future__ import annotations

import html
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.compass.openings import Worker
from serving import console
from serving.console.pages import openings as pages
from serving.scores import scores
from tests.serving.console.office import Office, person

NOTE = {"id": "Ini peluang untuk dijajaki, bukan janji dan bukan keharusan.",
        "en": "An opening to look into, not a promise and not an obligation."}  # fmt: skip


@pytest.fixture
def code(published: Path) -> str:
    with scores.open(published / "scores") as own:
        return str(own.top(1, regency="3204")[0]["household_id"])


def test_every_section_stands_there_with_its_figures_and_their_sources(ask: TestClient) -> None:
    text = ask.get("/kompas").text
    rows = re.findall(r'<th scope="row"><a href="/kompas\?usaha=([A-U])#usaha"><b>', text)
    assert sorted(rows) == list("ABCDEFGHIJKLMNOPQRSTU")
    linked = set(re.findall(r'<a href="#(s-\w+)" tabindex="-1">', text))
    sources = set(re.findall(r'<li id="(s-\w+)">', text))
    absent = {f"s-{key}" for key in ("vacancy_rate", "layoff_rate", "informal", "self_employed", "part_time")}
    assert linked == sources - absent
    assert text.count('absent"><span>') == len(absent), "an empty column is seen too"
    assert 'href="#s-wage" tabindex="-1">2,54</a>' in text, "the wage of farming"
    assert "BPS, Sakernas Agustus 2025, upah bersih rata-rata buruh menurut provinsi dan lapangan usaha" in text
    # U has no typical job: four cells are hatched beside five empty columns, and nothing stands there for zero.
    assert text.count('<td class="f0 unknown">') == 4 + 5 * 21


@pytest.mark.parametrize("path", ["/kompas?usaha=C", "/kompas?prov=32&usaha=R", "/kompas?prov=96"])
def test_sources_and_units_are_in_the_language_of_the_page(ask: TestClient, path: str) -> None:
    english = (
        "derived:",
        "by press report",
        "as copied",
        "unweighted",
        "compiled by",
        "employees",
        " a month",
        "index -1",
    )
    own = html.unescape(ask.get(path).text)
    assert [words for words in english if words in own] == []
    assert "rata-rata tanpa bobot dari pekerjaan khas lapangan usaha itu" in own
    assert "Mihaylov & Tijdens (2019)" in own, "names stay"
    ask.cookies.set("bahasa", "en")
    told = html.unescape(ask.get(path).text)
    assert "derived: mean yearly change" in told
    assert "dihitung:" not in told


def test_a_province_shows_its_own_wages_and_says_what_is_the_nations(ask: TestClient) -> None:
    text = ask.get("/kompas?prov=32").text
    assert "Kompas sektor: Jawa Barat" in text
    assert 'href="#s-wage" tabindex="-1">3,84</a>' in text, "the wage of industry in Jawa Barat"
    assert "Kolom bertanda provinsi memuat angka Jawa Barat" in text
    assert "Dari 399 sel tabel, hanya 21 memuat angka Jawa Barat sendiri (upah rata-rata)" in text
    assert "18.815" in text


def test_a_figure_that_sections_share_has_its_mark_in_the_list_of_a_measure_too(ask: TestClient) -> None:
    """The list is all that a narrow screen shows."""
    text = ask.get("/kompas?ukuran=wage").text
    lines = text[text.index('class="ranked compass"') :].split("<tr>")
    shared = {re.findall(r'#usaha">([A-U]) ', line)[0] for line in lines if "<sup>g</sup>" in line}
    assert shared == {*"MNRSTU"}
    assert "di atas. Tahun adalah tautan ke sumber. g: terbit gabungan M dan N, atau R sampai U." in text
    assert text.count("g: terbit gabungan") == 2, "beneath the table, and above the list"
    assert ask.get("/kompas").text.count("g: terbit gabungan") == 1


def test_weights_are_kept_in_the_address_and_shown_with_the_range_of_ranks(ask: TestClient) -> None:
    text = ask.get("/kompas?prov=32&bobot-wage=2&bobot-ilo_genai=0,5&usaha=C").text
    assert re.search(r'name="bobot-wage" value="2"', text)
    assert re.search(r'name="bobot-ilo_genai" value="0.5"', text)
    assert re.search(r'name="bobot-jobs_growth" value="0"', text)
    assert 'name="prov" value="32"' in text
    assert '<h2 id="usaha" tabindex="-1">C industri pengolahan</h2>' in text
    assert "(36 pekerjaan khas, " in text
    one = ask.get("/kompas?bobot-wage=1").text
    first = re.findall(
        r'<b>([A-U])</b> [^<]*</a></th>\n<td class="num strong">(\d+)</td><td class="num small">([\d-]+)<', one
    )
    assert first[0] == ("J", "1", "1-1")
    assert len(first) == 21


@pytest.mark.parametrize(("language", "risk", "source"), [
    ("id", "64,0 %", "Pekerja berisiko otomatisasi: "), ("en", "64.0 %", "Workers at risk of automation: "),
])  # fmt: skip
def test_a_figure_of_a_division_stands_with_the_jobs_it_is_a_mean_of_their_spread_and_its_year(
    ask: TestClient, language: str, risk: str, source: str
) -> None:
    ask.cookies.set("bahasa", language)
    page = html.unescape(ask.get("/kompas?usaha=C").text)
    own = page[page.index('<th scope="row">14 ') :].partition("</tr>")[0]
    cells = re.findall(r'<td class="(\w+)" data-label="[^"]+">(.*?)</td>', own)
    means = [re.fullmatch(r'(.+?)<span class="from">(.+?)</span><span class="from">(\d{4})</span>', text)
             for _, text in cells[:4]]  # fmt: skip
    assert all(means), "value, jobs with their spread, year"
    assert all(re.match(r"\d+ (pekerjaan khas|typical jobs?)", str(one and one[2])) for one in means)
    assert cells[4] == ("small", f'{risk}<span class="from">2016</span>'), "published, no mean of jobs"
    rice = page[page.index('<th scope="row">10 ') :].partition("</tr>")[0]
    assert re.findall(r'<td class="(\w+)" data-label="', rice)[4] == "unknown"
    assert source in page[page.index("<details><summary>", page.index('id="usaha"')) :], "its source"


@pytest.mark.parametrize(("query", "key"), [("prov=99", "prov"), ("bobot-wage=x", "bobot-wage"), ("usaha=X", "usaha"),
                                            ("bobot-wage=4", "bobot-wage"), ("bobot-wage=nan", "bobot-wage"),
                                            ("ukuran=upah", "ukuran"), ("bobot-wage=0", "bobot-wage")])  # fmt: skip
def test_a_bad_value_is_told_by_its_key(ask: TestClient, query: str, key: str) -> None:
    answer = ask.get(f"/kompas?{query}")
    assert answer.status_code == 400
    assert key in answer.text
    assert "colour" in ask.get("/kompas?colour=1").text


@pytest.mark.parametrize(("language", "said"), [("id", "tidak muat di layar ini"), ("en", "does not fit this screen")])
def test_a_narrow_screen_is_told_what_it_is_not_shown(ask: TestClient, language: str, said: str) -> None:
    ask.cookies.set("bahasa", language)
    page, css = ask.get("/kompas").text, (Path(console.__file__).parent / "static" / "app.css").read_text()
    (note,) = re.findall(r'<p class="note slim no-print">([^<]+)</p>', page)
    assert said in note
    # At every width one of the two is there, and never both.
    assert "(max-width: 899px) { .wide-only { display: none; }" in css
    assert "(min-width: 900px) { .slim { display: none; } }" in css


def test_one_measure_as_bars_for_a_narrow_screen(ask: TestClient) -> None:
    text = ask.get("/kompas?ukuran=wage_growth").text
    order = re.findall(r'usaha=([A-U])#usaha">[A-U] ', text)
    assert (order[0], order[-1]) == ("P", "B")
    assert "+6,9 %" in text
    assert "-4,7 %" in text
    nothing = ask.get("/kompas?ukuran=vacancy_rate").text
    assert nothing.count('<td class="num strong">tidak diketahui</td>') == 21
    assert "Lowongan per pekerjaan (tidak diketahui)</option>" in nothing


@pytest.mark.parametrize("role", ["viewer", "officer", "verifier", "analyst", "administrator"])
def test_every_role_sees_the_compass(ask: TestClient, office: Office, role: str) -> None:
    office.who = person((role, "3204"))  # type: ignore[arg-type]
    assert ask.get("/kompas").status_code == 200
    assert 'href="/kompas" aria-current="page"' in ask.get("/kompas").text


@pytest.mark.parametrize("language", ["id", "en"])
def test_openings_from_an_interview_are_shown_logged_and_not_kept(ask: TestClient, office: Office, code: str,
                                                                  language: str) -> None:  # fmt: skip
    ask.cookies.set("bahasa", language)
    before = len(office.rows())
    first = ask.get(f"/keluarga/{code}/peluang")
    assert NOTE[language] in first.text
    assert first.headers["cache-control"] == "no-store"
    told = ask.post(f"/keluarga/{code}/peluang", data={"pekerjaan-1": "9211 Buruh", "usaha-1": "A", "ijazah-1":
                                                       "upper_secondary"})  # fmt: skip
    assert told.status_code == 200
    assert NOTE[language] in told.text
    assert told.text.count("<h4>") == 6
    assert "KBJI" in told.text
    assert {"id": "(-1 sampai 1)", "en": "(-1 to 1)"}[language] in told.text, "a scale that is no per cent is named"
    assert {"id": "Yang tidak diketahui", "en": "What is not known"}[language] in told.text
    rows = office.rows()[before:]
    assert [(row.act, row.object) for row in rows] == [("household.see", code)] * 2
    assert "9211" not in ask.get(f"/keluarga/{code}/peluang").text.replace('value="9211', ""), "something was kept"
    assert f'href="/keluarga/{code}/peluang"' in ask.get(f"/keluarga/{code}").text


@pytest.mark.parametrize(("language", "told"), [
    ("id", "Saringan prov: tidak ada provinsi dengan kode 99; yang ada: 11, 12, 13"),
    ("en", "Filter prov: no province has the code 99; there are 11, 12, 13"),
])  # fmt: skip
def test_a_province_that_is_none_is_told_with_those_there_are(ask: TestClient, language: str, told: str) -> None:
    ask.cookies.set("bahasa", language)
    answer = ask.get("/kompas?prov=99")
    assert (answer.status_code, told in answer.text) == (400, True), answer.text
    assert ask.get("/kompas?prov=unknown").status_code == 400, "it is no place of the compass"


def test_what_an_officer_writes_wrong_is_told_at_its_field(ask: TestClient, code: str) -> None:
    answer = ask.post(f"/keluarga/{code}/peluang", data={"pekerjaan-2": "<b>tukang", "usaha-1": "X", "ijazah-3": "S9"})
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 1
    assert "&lt;b&gt;tukang" in answer.text
    assert 'href="#usaha-1"' in answer.text
    assert "<h4>" not in answer.text
    empty = ask.post(f"/keluarga/{code}/peluang", data={})
    assert empty.status_code == 422
    assert "Isi pekerjaan atau ijazah" in empty.text


def test_openings_of_another_area_are_not_found(ask: TestClient, office: Office, code: str) -> None:
    office.who = person(("officer", "16"))
    assert ask.get(f"/keluarga/{code}/peluang").status_code == 404
    assert ask.post(f"/keluarga/{code}/peluang", data={"pekerjaan-1": "9211"}).status_code == 404
    office.who = person(("viewer", ""))
    assert ask.get(f"/keluarga/{code}/peluang").status_code == 403


def test_what_the_score_keeps_of_the_head_is_used(ask: TestClient, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reasons = [{"key": "work.head_sector", "value": "A"}, {"key": "hh.head_school", "value": "lower_secondary"},
               {"key": "hh.land", "value": "0.25"}]  # fmt: skip

    def kept(reasons: Any, facts: Any = None) -> Worker:
        return pages._kept(SimpleNamespace(row={"reasons": reasons}, facts=facts))  # type: ignore[arg-type]

    assert kept(reasons) == Worker("", "A", "lower_secondary")
    assert kept(None) == Worker()
    assert kept([{"key": "work.head_sector", "value": None}]) == Worker()
    job = {"section": "G", "occupation": 5221, "head": True}
    assert kept(reasons, job) == Worker("5221", "G", "lower_secondary")
    assert kept(reasons, job | {"head": False}) == Worker("5221", "G", ""), "not one's schooling with another's job"
    assert kept(reasons, {"section": None, "occupation": None, "head": None}) == Worker("", "", "lower_secondary")
    monkeypatch.setattr(pages, "_kept", lambda row: Worker("", "A", "lower_secondary"))
    text = ask.get(f"/keluarga/{code}/peluang").text
    assert "Disusun dari fakta kepala keluarga yang tersimpan bersama skor." in text
    assert "Paparan lapangan usaha sekarang" in text
    assert "jarak antarpekerjaan tidak dihitung" in text
    assert text.count("<h4>") > 0
    assert 'value="A" selected' in text
