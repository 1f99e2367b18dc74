"""Lists from the builder to the exported file, over HTTP and without a script."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import numpy as np
import openpyxl
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from serving import audit_search, scores_publish
from serving.access import Areas
from serving.cases import cuts, lists
from serving.cases import objections as cases
from serving.console import formats, list_form, list_words, listing
from serving.console.strings import strings
from serving.lists_files import RESULTS
from serving.store import lists as kept
from serving.store.tables_cases import objections
from tests.serving import scored
from tests.serving.console.office import DAYS, KNOWN, LABELS, PASSWORD, Office, bare, person, rows

CHOICES = {"nama": "PKH TW IV", "per": "2026Q4", "skema": "pkh", "biaya": "750.000", "wil": "32", "kuota-32": "8",
           "anggaran": "", "urutan": "risiko", "acak": "3", "cadangan": "10", "histeresis": "20",
           "pita": "5", "temuan": "died,moved"}  # fmt: skip


@pytest.fixture
def jabar(ask: TestClient, office: Office) -> TestClient:
    office.who = person(("officer", "32"))
    return ask


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return found[1]


def walk(ask: TestClient, **other: str) -> str:
    """From the first step to the last; the address of the last."""
    chosen, at = CHOICES | other, "/daftar/baru/1"
    quotas = (f"kuota-{area}" for area in chosen["wil"].split(","))
    for step, names in ((1, ("nama", "per", "skema", "biaya", "tanpa", "wil")), (2, (*quotas, "anggaran")),
                        (3, ("urutan", "acak", "cadangan", "histeresis", "pita", "temuan"))):  # fmt: skip
        answer = ask.post(at, data={name: chosen[name] for name in names if name in chosen} | {"aksi": "lanjut"})
        assert answer.status_code == 303, (step, re.findall(r'class="why"[^>]*>([^<]*)', answer.text))
        at = answer.headers["location"]
    return at


def confirm(ask: TestClient, at: str, **other: Any) -> Any:
    page = ask.get(at).text
    sent = {name: hidden(page, name) for name in ("kunci", "daftar", "skor")}
    return ask.post(at, data=sent | {"alasan": "kuota triwulan", "periksa": "ya", "aksi": "konfirmasi"} | other)


@pytest.mark.parametrize("language", ["id", "en"])
def test_errors_by_group_stand_open_before_the_list_is_confirmed_and_the_worst_is_named(
    jabar: TestClient, language: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = walk(jabar, **{"kuota-32": "300"})
    jabar.cookies.set("bahasa", language)
    say = strings(language)
    assert f"<summary>{say.say('list.groups')}</summary>" in jabar.get(at).text, "ranges overlap: none is named"
    monkeypatch.setattr(list_words, "_missed_more", lambda groups: [row for row in groups if row["caught"]])
    page = jabar.get(at).text
    summary = re.search(r"<details open><summary>([^<]*)</summary>\s*<div[^>]*><table>(.*?)</table>", page, re.S)
    assert summary is not None
    assert page.index(summary[0]) < page.index('name="periksa"')
    line = r'<tr><th scope="row">([^<]*)</th><td class="num">[^<]*</td>\s*<td class="num">(\d+) \('
    rows = {name: int(share) for name, share in re.findall(line, summary[2])}
    assert len(rows) > 3
    least = min(rows.values())
    begin = say.say("list.groups") + ": " + say.say("list.groups.worst", name="NAME", p=least, lo=0, hi=0)
    name = summary[1].removeprefix(begin.partition("NAME")[0]).partition(",")[0]
    assert rows[name] == least
    assert f"{least} " in summary[1]
    assert page.count(summary[1].partition(": ")[2]) == 2, "the preview names it too"


def test_a_list_is_built_confirmed_shown_printed_and_exported(jabar: TestClient, office: Office) -> None:
    at = walk(jabar)
    page = jabar.get(at).text
    assert "8 tempat terisi" in page
    assert "Batas daftar" in page
    assert "Triwulan IV 2026" in page
    assert re.search(r"Ubah<span[^>]*> Kuota", page)
    done = confirm(jabar, at)
    assert done.status_code == 303, done.text
    assert done.headers["location"] == "/daftar/D-2026-0001?selesai=ya"
    for tab, words in (("", "Kesalahan yang diperkirakan"), ("tempat", "Menurut peringkat"), ("batas", "batas daftar"),
                       ("acak", 'tab=acak" aria-current'),
                       ("cadangan", "Cadangan"), ("kunjungan", "0 dari 8")):  # fmt: skip
        before = len(office.rows())
        answer = jabar.get("/daftar/D-2026-0001", params={"tab": tab} if tab else {})
        assert answer.status_code == 200, tab
        assert words in answer.text, tab
        assert len(office.rows()) > before
    paper = jabar.get("/daftar/D-2026-0001/cetak").text
    assert "Nama (diisi di kantor)" in paper
    assert paper.count("<td>Kab. ") + paper.count("<td>Kota ") == 9, "each family's regency, by name"
    assert len(re.findall(r'<td class="nowrap">(?:[0-9A-Z]{4}-){2}[0-9A-Z]{4}</td>', paper)) == 9, "a code in one line"
    assert len(re.findall(r'<th scope="row">\d+</th>', paper)) == 9, "eight places and one of the reserve"
    for at in ("", "/cetak"):
        shown = jabar.get(f"/daftar/D-2026-0001{at}").text
        assert "<title>Daftar D-2026-0001 - Jaga</title>" in shown
        assert re.search(r"Dikonfirmasi oleh(</dt><dd>|: )Dewi", shown), "who confirmed it"
        assert "diurutkan dengan undian" in shown
        assert "SipHash" not in shown
        assert "PKH TW IV &middot; Triwulan IV 2026 &middot;" in shown
    csv = jabar.get("/daftar/D-2026-0001.csv")
    assert 'filename="sintetis_daftar_D-2026-0001_v1.csv"' in csv.headers["content-disposition"]
    assert csv.text.lstrip("\ufeff").startswith("DATA SINTETIS")
    assert re.search('\n"PKH TW IV, Triwulan IV 2026",D-2026-0001 v1,SHA-256: [0-9a-f]{64},[^,]*: 2026-', csv.text)
    book = openpyxl.load_workbook(io.BytesIO(jabar.get("/daftar/D-2026-0001.xlsx").content))
    assert book.active.max_row == csv.text.count("\r\n")
    lines = [line.split(",") for line in csv.text.splitlines()]
    at = next(line.index("Nama wilayah") for line in lines if "Nama wilayah" in line)
    assert all(re.match("Kab[.] |Kota ", line[at]) for line in lines if len(line) > at and line[0].isdigit())
    assert {"list.build", "list.confirm", "list.export", "list.see"} <= {row.act for row in office.rows()}


@pytest.mark.parametrize("drafted", [False, True])
def test_the_same_form_twice_confirms_one_list_and_writes_one_row(jabar: TestClient, office: Office,
                                                                  drafted: bool) -> None:  # fmt: skip
    at = walk(jabar)
    if drafted:
        kept = jabar.post(at, data={"aksi": "draf", "kunci": hidden(jabar.get(at).text, "kunci")})
        assert "tersimpan=ya" in kept.headers["location"]
        at = kept.headers["location"]
    before = len(office.rows())
    page = jabar.get(at).text
    sent = {name: hidden(page, name) for name in ("kunci", "daftar", "skor")}
    sent |= {"alasan": "kuota", "periksa": "ya", "aksi": "konfirmasi"}
    first, again = jabar.post(at, data=sent), jabar.post(at, data=sent)
    assert first.headers["location"] == again.headers["location"]
    # The preview that was read and the confirmation: that it was kept on the way is no act of its own.
    assert [(row.act, row.object) for row in office.rows()[before:]] == [
        ("list.build", "preview"), ("list.confirm", "D-2026-0001")]  # fmt: skip
    assert "D-2026-0002" not in jabar.get("/daftar").text
    assert jabar.post(at, data=sent | {"alasan": "lain"}).status_code == 409


def test_a_person_has_to_check_and_to_say_why(jabar: TestClient) -> None:
    at = walk(jabar)
    unticked, silent = confirm(jabar, at, periksa=""), confirm(jabar, at, alasan=" ")
    assert (unticked.status_code, silent.status_code) == (422, 422)
    assert "centang kotak ini" in unticked.text
    assert "kuota triwulan</textarea>" in unticked.text, "what was typed is lost"
    assert "Alasan: wajib diisi" in silent.text
    assert "Galat:" in silent.text
    other = confirm(jabar, at, daftar="0" * 64)
    assert other.status_code == 409
    fresh = confirm(jabar, at, skor="2026-08-15-000000000000")
    assert "Skor baru terbit; hitung ulang." in fresh.text
    assert "Belum ada daftar" in jabar.get("/daftar").text


@pytest.mark.parametrize(("other", "words"), [
    ({"kuota-32": "0"}, "Kuota nol"), ({"anggaran": "1000"}, "tidak cukup untuk satu tempat"),
])  # fmt: skip
def test_a_list_of_nobody_says_why_and_cannot_be_confirmed(jabar: TestClient, other: dict[str, str],
                                                           words: str) -> None:  # fmt: skip
    page = jabar.get(walk(jabar, **other)).text
    assert words in page
    assert 'value="konfirmasi"' not in page


@pytest.mark.parametrize(("step", "field", "value", "words"), [
    (1, "biaya", "banyak", "bilangan bulat"), (1, "per", "2026Q9", "harus triwulan seperti 2026Q4"),
    (1, "per", "2026", "harus triwulan seperti 2026Q4"), (1, "nama", "", "isi nama daftar"),
    (1, "skema", "PKH besar", "isi nama pendek"), (2, "anggaran", "-5", "0 atau lebih"),
    (2, "kuota-32", "-3", "bilangan bulat"), (3, "acak", "80", "2 sampai 5 %"),
    (3, "pita", "x", "bilangan bulat"), (1, "nama", "PKH 3204/0101/0101/0001", "NIK"),
    (1, "skema", "pkh-3204_0101-0101_0001", "NIK"),
])  # fmt: skip
def test_a_wrong_choice_is_told_at_its_field_and_nothing_is_lost(
    jabar: TestClient, step: int, field: str, value: str, words: str
) -> None:
    answer = jabar.post(f"/daftar/baru/{step}", data=CHOICES | {field: value, "aksi": "lanjut"})
    assert answer.status_code == 422
    assert answer.text.count(words) >= 2, "summary and field"
    if step == 1 and field != "skema":
        assert 'name="skema" value="pkh"' in answer.text, "another answer of the same step is lost"


@pytest.mark.parametrize(("language", "words"), [
    ("id", ("2 sampai 5 %, atau 0", "0 sampai 500 %", "0 sampai 50 %")),
    ("en", ("from 2 to 5 %, or 0", "from 0 to 500 %", "from 0 to 50 %")),
])  # fmt: skip
def test_percent_is_told_in_percent_and_all_fields_of_a_step_at_once(
    jabar: TestClient, language: str, words: tuple[str, str, str]
) -> None:
    wrong = {"acak": "9", "cadangan": "501", "histeresis": "60", "jalur": "51", "hari": "0", "pita": "x"}
    jabar.cookies.set("bahasa", language)
    answer = jabar.post("/daftar/baru/3", data=CHOICES | wrong | {"guncangan": "layoff_wave", "aksi": "lanjut"})
    assert answer.status_code == 422
    for name in wrong:
        assert f'href="#{name}"' in answer.text, f"{name} is not told"
    assert [answer.text.count(own) for own in words] == [2, 2, 4], "summary and field; hysteresis and fast lane alike"
    told = " ".join(re.findall(r'class="why"[^>]*>([^<]*)', answer.text))
    assert not re.search("0[,.]0[25]|0[,.]5", told), "a share where percent is asked for"
    first = jabar.post("/daftar/baru/1", data=CHOICES | {"nama": "", "biaya": "x", "per": "2026Q9", "wil": "",
                                                         "aksi": "lanjut"})  # fmt: skip
    assert [name for name in ("nama", "per", "biaya", "wil") if f'href="#{name}"' not in first.text] == []
    assert 'href="#skema"' not in first.text


def test_the_preview_comes_alone_and_last_quarters_choices_lead_to_the_last_step(jabar: TestClient) -> None:
    answer = jabar.post("/daftar/baru/pratinjau", data=CHOICES, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="pratinjau"' in answer.text
    assert "8 tempat terisi" in answer.text
    assert "<html" not in answer.text
    assert "8 tempat terisi" in jabar.post("/daftar/baru/3", data=CHOICES | {"aksi": "hitung"}).text
    confirm(jabar, walk(jabar, per="2026Q3"))
    page = jabar.get("/daftar/baru/1").text
    link = re.search(r'href="(/daftar/baru/4\?[^"]+)">Pakai setelan triwulan lalu', page)
    assert link is not None
    again = confirm(jabar, link[1].replace("&amp;", "&"))
    assert again.headers["location"].startswith("/daftar/D-2026-0002")


def test_last_quarters_choices_take_the_name_of_this_quarter(jabar: TestClient, office: Office) -> None:
    confirm(jabar, walk(jabar, nama="PKH TW III", per="2026Q3"))
    page = jabar.get("/daftar/baru/1").text
    assert hidden(page, "nama") == "PKH Triwulan IV 2026"
    link = re.search(r'href="(/daftar/baru/4\?[^"]+)">Pakai setelan triwulan lalu', page)
    assert link is not None
    chosen = parse_qs(urlsplit(unescape(link[1])).query)
    assert (chosen["nama"], chosen["per"]) == (["PKH Triwulan IV 2026"], ["2026Q4"])
    # One of the same quarter, or of another area, is no last list of theirs.
    confirm(jabar, walk(jabar, nama="PKH Jawa Barat"))
    assert "D-2026-0001, Triwulan III 2026" in jabar.get("/daftar/baru/1").text
    page = jabar.get("/daftar/baru/1?versi=D-2026-0002").text
    assert hidden(page, "nama") == "PKH Jawa Barat"
    assert ">Pakai setelan versi sebelumnya<" in page
    office.who = person(("officer", ""))
    assert "Pakai setelan" not in jabar.get("/daftar/baru/1").text


def test_the_quarter_that_is_typed_says_which_list_is_the_last(jabar: TestClient) -> None:
    """Of a later quarter it is the list of this one, whose families are told who lose their place."""
    confirm(jabar, walk(jabar, nama="PKH Q3", per="2026Q3"))
    confirm(jabar, walk(jabar, nama="PKH Q4", per="2026Q4"))
    assert "Pakai setelan" in jabar.get("/daftar/baru/1").text, "of the quarter before this one, by the clock"
    begun = jabar.get("/daftar/baru/1?dari=D-2026-0001&per=2026Q4&skema=pkh").text
    action = unescape(re.search(r'action="(/daftar/baru/1\?[^"]*)"', begun)[1])  # type: ignore[index]
    sent = {name: CHOICES[name] for name in ("nama", "skema", "biaya", "wil")} | {"aksi": "lanjut"}
    kept = jabar.post(action, data=sent | {"per": "2026Q4"}).headers["location"]
    assert parse_qs(urlsplit(kept).query)["dari"] == ["D-2026-0001"]
    at = jabar.post(action, data=sent | {"per": "2027Q1"}).headers["location"]
    assert parse_qs(urlsplit(at).query)["dari"] == ["D-2026-0002"]

    page = jabar.get(at).text
    link = re.search(r'href="(/daftar/baru/4\?[^"]+)">Pakai setelan triwulan lalu', page)
    assert link is not None, "offered where the last list is known"
    chosen = parse_qs(urlsplit(unescape(link[1])).query)
    assert (chosen["per"], chosen["dari"], chosen["nama"]) == (["2027Q1"], ["D-2026-0002"], ["PKH Triwulan I 2027"])

    last = jabar.get(walk(jabar, per="2027Q1", **{"kuota-32": "5"})).text
    assert re.search(r"<dt>Daftar lalu</dt><dd>D-2026-0002", last)
    assert 'id="gone-h"' in last, "who leaves it is told before anybody confirms"
    assert "Pakai setelan" not in jabar.get(f"{at}&kuota-32=5").text, "what was typed is not thrown away"


def test_the_foot_of_a_list_tells_the_scores_that_it_was_drawn_from(jabar: TestClient, office: Office) -> None:
    """A run that is published later is none of the list's."""
    confirm(jabar, walk(jabar))
    with office.store.reading() as connection:
        [run] = connection.exec_driver_sql("SELECT run FROM lists").all()[0]
    assert run.startswith("2026-11-15")
    for at in ("", "?tab=tempat", "/cetak"):
        assert "skor per 15 November 2026" in _foot(jabar, at)
    office.office.published.current = lambda: office.office.published.before()  # type: ignore[method-assign]
    assert "skor per 15 Agustus 2026" in jabar.get("/daftar").text, "another run answers"
    for at in ("", "?tab=tempat", "/cetak"):
        assert "skor per 15 November 2026" in _foot(jabar, at)


def _foot(ask: TestClient, at: str) -> str:
    return unescape(ask.get(f"/daftar/D-2026-0001{at}").text.partition('<footer class="foot">')[2])


def test_a_place_tells_its_range_beside_its_estimate(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar))
    page = jabar.get("/daftar/D-2026-0001?tab=tempat").text
    told = re.findall(r"(\d+) dari 100<br><span[^>]*>(?:rentang (\d+)-(\d+)|di bawah \d+)</span>", page)
    assert len(told) == page.count("dari 100<") == 9
    assert all(int(low) <= int(p) <= int(high) for p, low, high in told if low)


def test_who_has_one_regency_finds_it_chosen_and_a_box_is_asked_for_as_one(jabar: TestClient, office: Office) -> None:
    at = walk(jabar)
    page = jabar.get(at).text
    sent = {name: hidden(page, name) for name in ("kunci", "daftar", "skor")} | {"aksi": "konfirmasi", "alasan": "x"}
    for language, words in (("id", "centang kotak ini"), ("en", "tick this box")):
        jabar.cookies.set("bahasa", language)
        assert words in jabar.post(at, data=sent).text
    assert 'value="32" checked' not in jabar.get("/daftar/baru/1").text
    office.who = person(("officer", "3204"))
    assert 'value="3204" checked' in jabar.get("/daftar/baru/1").text


def test_a_draft_is_kept_from_the_first_step_on_and_goes_on_where_it_was_left(jabar: TestClient) -> None:
    first = {name: CHOICES[name] for name in ("nama", "per", "skema", "biaya", "wil")}
    page = jabar.get("/daftar/baru/1").text
    assert 'value="draf"' in page
    bare = jabar.post("/daftar/baru/1", data=first | {"nama": "", "kunci": hidden(page, "kunci"), "aksi": "draf"})
    assert bare.status_code == 422
    assert "isi nama daftar" in bare.text
    kept = jabar.post("/daftar/baru/1", data=first | {"kunci": hidden(page, "kunci"), "aksi": "draf"})
    assert kept.headers["location"].startswith("/daftar/baru/1?")
    assert "Draf tersimpan" in jabar.get(kept.headers["location"]).text
    onward = jabar.get("/daftar/baru/4?draf=draft-1").headers["location"]
    assert onward.startswith("/daftar/baru/2?"), "how many places is the next question"
    assert "kuota" not in onward
    page = jabar.get(onward).text
    sent = {"kuota-32": "8", "anggaran": "", "kunci": hidden(page, "kunci"), "aksi": "draf"}
    assert jabar.post(onward, data=sent).status_code == 303
    assert "kuota-32=8" in jabar.get("/daftar/baru/4?draf=draft-1").headers["location"]
    assert jabar.get("/daftar?status=draf").text.count("draft-") == jabar.get("/daftar?status=draf").text.count(
        "draft-1")  # fmt: skip


def test_a_draft_is_kept_found_again_and_a_new_version_replaces(jabar: TestClient) -> None:
    at = walk(jabar)
    kept = jabar.post(at, data={"kunci": hidden(jabar.get(at).text, "kunci"), "aksi": "draf"})
    assert "draf=draft-1" in kept.headers["location"]
    assert "Draf tersimpan" in jabar.get(kept.headers["location"]).text
    assert "draft-1" in jabar.get("/daftar?status=draf").text
    onward = jabar.get("/daftar/baru/4?draf=draft-1").headers["location"]
    assert confirm(jabar, onward).headers["location"].startswith("/daftar/D-2026-0001")
    assert "draft-" not in jabar.get("/daftar?status=draf").text
    assert confirm(jabar, walk(jabar) + "&versi=D-2026-0001").status_code == 303
    assert "Digantikan versi 2" in jabar.get("/daftar/D-2026-0001?versi=1").text


def test_who_leaves_the_list_is_told_before_a_new_version_is_confirmed_and_after(
    jabar: TestClient, office: Office
) -> None:
    confirm(jabar, walk(jabar))
    confirm(jabar, walk(jabar, nama="Lain", **{"kuota-32": "5"}))  # the newest, and not the one to be replaced
    page = jabar.get("/daftar/baru/1?versi=D-2026-0001").text
    assert f'value="{CHOICES["nama"]}' in page
    before = set(on(jabar, "/daftar/D-2026-0001?tab=tempat"))
    end = "&versi=D-2026-0001"
    same = jabar.get(walk(jabar) + end).text
    assert "Semua keluarga yang mendapat tempat di daftar sebelumnya tetap mendapatnya." in same
    at = walk(jabar, histeresis="0", **{"kuota-32": "4"}) + end
    page = jabar.get(at).text
    assert confirm(jabar, at).status_code == 303
    assert re.search(r"\b\d keluarga, di bawah batas daftar ini[.]", page)
    assert "sebelum Anda mengonfirmasi" in page
    kept = jabar.get("/daftar/D-2026-0001").text
    assert "sebelum Anda mengonfirmasi" not in kept
    assert "petugas yang mengonfirmasi daftar ini yang memutuskan" in kept
    assert re.search(r'<div class="main"><details><summary>Lihat keluarga yang keluar', kept), "open on paper"
    left = {f"{code[:4]}-{code[4:8]}-{code[8:]}": why for code, why in leaving(kept).items()}
    assert left
    paper = jabar.get("/daftar/D-2026-0001/cetak").text
    lines = list(csv.reader(io.StringIO(jabar.get("/daftar/D-2026-0001.csv").content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(jabar.get("/daftar/D-2026-0001.xlsx").content))
    apart = lines.index([])
    assert lines[apart + 1] == ["Dari daftar sebelumnya, tidak lagi mendapat tempat"]
    heads = next(at for at, line in enumerate(lines) if line[-1:] == ["Alasan keluar"])
    assert {row[0]: row[3] for row in lines[heads + 1 :]} == left
    assert {row[2] for row in lines[heads + 1 :]} == {"pkh"}
    counts = sum_of([line for line, *_ in lines[apart + 2 : heads]])
    assert counts == sum_of(re.findall("<p>([^<]*)</p>", kept[kept.index("gone-h") :])) == len(left)
    apart_ = [[own for own in row if own is not None] for row in book["Yang keluar"].iter_rows(values_only=True)]
    assert apart_ == lines[apart + 1 :]
    for line in lines[apart + 2 : heads]:
        assert f"<p>{line[0]}</p>" in paper, "by reason, and whose decision it is"
    for code, why in left.items():
        assert re.search(rf'<th scope="row">{code}</th><td>[^<]+</td><td>pkh</td><td>{re.escape(why)}</td>', paper)
    assert not any("Digantikan" in cell for line in lines for cell in line)
    old = jabar.get("/daftar/D-2026-0001.csv?versi=1").text
    assert "\r\nDigantikan versi 2\r\n" in old
    assert "Dari daftar sebelumnya" not in old
    assert "tidak mengeluarkan siapa pun" not in same, "nobody leaves"
    now = {code for n, code in enumerate(on(jabar, "/daftar/D-2026-0001?tab=tempat")) if n < 4}
    for shown in (page, jabar.get("/daftar/D-2026-0001").text):
        panel = re.search(r'<section class="panel" aria-labelledby="gone-h">.*?</section>', shown, re.S)
        assert panel is not None
        told = re.findall(r'href="/keluarga/([0-9A-Z]{12})"', panel[0])
        assert len(told) >= 3
        assert set(told) <= before - now
    office.who = person(("viewer", "32"))
    seen = jabar.get("/daftar/D-2026-0001").text
    assert "Selebihnya tidak disebut di sini: kurang dari 30 keluarga" in seen
    assert not any(code in seen for code in told)
    office.who = person(("officer", "3201"))
    part = jabar.get("/daftar/D-2026-0001").text
    assert "Buat versi baru" not in part
    assert "dibuat petugas yang wilayahnya mencakup seluruhnya: Jawa Barat." in part
    assert jabar.get("/daftar/baru/1?versi=D-2026-0001").status_code == 404


def sum_of(lines: list[str], where: str = "") -> int:
    """How many left by all that sentences say of one place."""
    return sum(int(found[1]) for line in lines if (found := re.match(rf"{where}(\d+) keluarga, ", line)))


def leaving(page: str) -> dict[str, str]:
    """Families that a page names as leaving, with the reason told beside each."""
    panel = re.search(r'<section class="panel" aria-labelledby="gone-h">.*?</section>', page, re.S)
    assert panel is not None
    return dict(re.findall(r'href="/keluarga/([0-9A-Z]{12})">[^<]*</a> ([^<]*)', panel[0]))


def test_who_leaves_a_place_by_lot_an_ended_scheme_or_an_area_left_out_is_told_so(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar, acak="5", **{"kuota-32": "100"}))
    lots, end = on(jabar, "/daftar/D-2026-0001?tab=acak"), "&versi=D-2026-0001"
    assert len(lots) == 5
    ranked = jabar.get(walk(jabar, acak="0", histeresis="0", **{"kuota-32": "95"}) + end).text
    assert "5 keluarga, tempatnya dulu menurut undian (sampel acak)." in ranked
    assert leaving(ranked) == dict.fromkeys(lots, "tempatnya dulu menurut undian (sampel acak)")
    renamed = jabar.get(walk(jabar, skema="bantuan", **{"kuota-32": "4"}) + end).text
    assert "pkh: 96 keluarga, skema itu tidak ada lagi di daftar ini." in renamed
    assert set(leaving(renamed).values()) == {"pkh: skema itu tidak ada lagi di daftar ini"}
    part = jabar.get(walk(jabar, wil="3204", histeresis="0", **{"kuota-3204": "1"}) + end).text
    assert {"wilayahnya tidak termasuk skema ini di daftar ini"} < set(leaving(part).values())
    for page in (ranked, renamed, part):
        assert "tetap mendapatnya" not in page
        assert "tidak ada lagi di skor" not in page


def shown_by(office: Office, act: str, object_: str) -> list[str]:
    """Families that the last row of an act in the log says were shown."""
    row = next(row for row in office.rows()[::-1] if (row.act, row.object) == (act, object_))
    return row.households.split()


def test_who_left_is_told_in_each_regency_to_its_officers_and_no_few_elsewhere(
    jabar: TestClient, office: Office
) -> None:
    confirm(jabar, walk(jabar, acak="0", **{"kuota-32": "300"}))
    confirm(jabar, walk(jabar, acak="0", histeresis="0", cadangan="0", **{"kuota-32": "4"}) + "&versi=D-2026-0001")
    with office.store.reading() as connection:
        before, now = ({(place.household, str(place.regency)) for place in kept.places(
            connection, Areas(("",)), at, limit=None) if place.how != "reserve"} for at in (1, 2))  # fmt: skip
    lost = before - now
    left_out = min({area for _, area in before} - {area for _, area in now})
    for area in (left_out, "3204"):
        office.who = person(("officer", area))
        own = {code for code, regency in lost if regency == area}
        page = jabar.get("/daftar/D-2026-0001").text
        assert set(leaving(page)) == own
        assert own
        assert sum(map(int, re.findall(r"Di wilayah Anda: (\d+) keluarga, ", page))) == len(own)
        assert [int(n) for n in re.findall(r"Di wilayah lain: (\d+) keluarga, di bawah", page)] == [len(lost - {
            (code, area) for code in own})], area  # fmt: skip
        assert set(shown_by(office, "list.see", "D-2026-0001 v2")) == own
        told = re.findall("<p>(Di wilayah [^<,]*: [^<]*)</p>", page)
        assert re.findall("<p>(Di wilayah [^<,]*: [^<]*)</p>", jabar.get("/daftar/D-2026-0001/cetak").text) == told
        lines = list(csv.reader(io.StringIO(jabar.get("/daftar/D-2026-0001.csv").content.decode("utf-8-sig"))))
        assert [line[0] for line in lines if line and line[0].startswith("Di wilayah ")] == told
        sheet = openpyxl.load_workbook(io.BytesIO(jabar.get("/daftar/D-2026-0001.xlsx").content))["Yang keluar"]
        assert [row[0].value for row in sheet.iter_rows() if str(row[0].value).startswith("Di wilayah ")] == told
        assert {row[0].replace("-", "") for row in lines if len(row) == 4 and row[2] == "pkh"} == own, "no other code"
    confirmed = jabar.get("/daftar/D-2026-0001?versi=1").text
    assert "gone-h" not in confirmed


def test_the_log_holds_the_families_that_a_page_showed_and_no_others(jabar: TestClient, office: Office) -> None:
    confirm(jabar, walk(jabar, **{"kuota-32": "60"}))
    for page in ("/kunjungan", "/daftar/D-2026-0001?tab=kunjungan", "/daftar/D-2026-0001?tab=tempat"):
        codes = re.findall(r'class="code" href="/keluarga/([0-9A-Z]{12})', jabar.get(page).text)
        act = "list.see" if "tempat" in page else "visit.see"
        assert len(codes) == 25
        assert shown_by(office, act, "D-2026-0001" if "tempat" in page else "") == codes
    end = "&versi=D-2026-0001"
    at = walk(jabar, histeresis="0", **{"kuota-32": "4"}) + end
    third = jabar.post(at.replace("/baru/4", "/baru/3"), data={"aksi": "hitung"}).text
    gone = re.findall(r'href="/keluarga/([0-9A-Z]{12})"', third)
    assert len(gone) > 50
    assert set(shown_by(office, "list.build", "preview")) == set(gone)
    last = jabar.get(at).text
    ends = set(re.findall(r'href="/keluarga/([0-9A-Z]{12})"', last))
    assert ends - set(gone), "the two at the cut"
    assert set(shown_by(office, "list.build", "preview")) == ends
    confirm(jabar, at)
    jabar.get("/daftar/D-2026-0001")
    assert set(shown_by(office, "list.see", "D-2026-0001 v2")) == set(gone)
    with office.store.reading() as connection:
        found = audit_search.rows(connection, None, audit_search.Asked(object=gone[0]), limit=100)
    assert {("list.build", "preview"), ("list.see", "D-2026-0001 v2")} <= {(row.act, row.object) for row in found}


def on(ask: TestClient, at: str) -> list[str]:
    """Codes of the families of a page of places."""
    return re.findall(r'class="code" href="/keluarga/([0-9A-Z]{12})"', ask.get(at).text)


def test_a_replaced_list_is_told_kept_in_every_link_and_asks_for_no_visit(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar))
    first = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)
    form = jabar.get(f"/keluarga/{first[0]}/kunjungan/baru").text
    assert jabar.post(f"/keluarga/{first[0]}/kunjungan/baru", data={
        "kunci": "kunci-versi-satu", "kunjungan": hidden(form, "kunjungan"), "hasil": "above",
        "tanggal": "2026-11-27"}).status_code == 303  # fmt: skip
    done = confirm(jabar, walk(jabar, **{"kuota-32": "6", "acak": "0"}) + "&versi=D-2026-0001")
    assert "Daftar D-2026-0001 v2 dikonfirmasi." in bare(jabar.get(done.headers["location"]).text)
    rows = re.findall(r'<tr><th scope="row".*?</tr>', jabar.get("/daftar").text, re.S)
    assert ["Digantikan versi 2" in row for row in rows] == [False, True]
    assert [re.findall('href="([^"]*)', row) for row in rows] == [["/daftar/D-2026-0001"],
                                                                  ["/daftar/D-2026-0001?versi=1"]]  # fmt: skip
    old, new = (unescape(jabar.get(f"/daftar/D-2026-0001{end}").text) for end in ("?versi=1", ""))
    links = [link for link in re.findall(r'href="(/daftar/D-2026-0001[^"]*)"', old)
             if link not in ("/daftar/D-2026-0001", "/daftar/D-2026-0001?versi=2")]  # fmt: skip
    assert len(links) >= 8, "tabs, both files and the print"
    assert [link for link in links if "versi=1" not in link] == []
    assert 'href="/daftar/D-2026-0001?versi=1"' in new, "the version before cannot be opened"
    assert new.index("Versi: ") < new.index('class="tabs"')
    assert jabar.get("/daftar/D-2026-0001/cetak?versi=1").text.count("(Digantikan versi 2)") == 1
    assert jabar.get("/daftar/D-2026-0001?versi=1&tab=kunjungan").text.count("Tidak diminta lagi") == 7
    lines = [line for code in on(jabar, "/daftar/D-2026-0001?versi=1&tab=tempat") for line in re.findall(
        "Tidak diminta lagi: daftarnya diganti(.*)", bare(jabar.get(f"/keluarga/{code}/laporan").text))]  # fmt: skip
    assert lines
    assert not any(line.startswith(", ") for line in lines), "the day it was due is over"
    # Asked for are the visits of the newest version, a family once; what was found under the first one stands.
    waiting = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)
    assert len(waiting) == len({*waiting}) == 5
    assert first[0] not in waiting
    assert "1 dari 6 kunjungan" in jabar.get("/daftar/D-2026-0001?tab=kunjungan").text
    assert ">D-2026-0001 v1<" in jabar.get("/kunjungan?status=selesai").text
    assert jabar.get("/kunjungan").text.count(">D-2026-0001 v2<") == 5


def test_a_family_that_a_new_version_left_out_keeps_the_list_it_was_on(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar))
    before = on(jabar, "/daftar/D-2026-0001?tab=tempat")
    confirm(jabar, walk(jabar, histeresis="0", acak="0", **{"kuota-32": "3"}) + "&versi=D-2026-0001")
    left = next(code for code in before if code not in on(jabar, "/daftar/D-2026-0001?tab=tempat"))
    page, report = (bare(jabar.get(f"/keluarga/{left}{end}").text) for end in ("", "/laporan"))
    assert 'href="/daftar/D-2026-0001?versi=1">D-2026-0001 v1, Triwulan IV 2026, nomor' in page
    assert re.search(r"daftar D-2026-0001 v1 dikonfirmasi, keluarga ini nomor \d+; digantikan versi 2, tanpa", page)
    assert re.search("D-2026-0001 v1, Triwulan IV 2026, pkh: [^;]*; digantikan versi 2, tanpa keluarga ini", report)
    assert "idak ada dalam daftar yang dikonfirmasi" not in page + report
    stays = on(jabar, "/daftar/D-2026-0001?tab=tempat")[0]
    assert "digantikan versi 2" not in jabar.get(f"/keluarga/{stays}").text


def test_a_family_that_a_new_version_left_out_can_object_to_the_list_that_did(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar))
    before = on(jabar, "/daftar/D-2026-0001?tab=tempat")
    confirm(jabar, walk(jabar, histeresis="0", cadangan="0", **{"kuota-32": "4"}) + "&versi=D-2026-0001")
    left = next(code for code in before if code not in on(jabar, "/daftar/D-2026-0001?tab=tempat"))
    at = f"/keluarga/{left}/sanggah/baru"
    form = jabar.get(at).text
    told = "D-2026-0001 v2, Triwulan IV 2026: tidak lagi memuat keluarga ini"
    assert re.search(rf'<option value="D-2026-0001"[^>]*>{told}</option>', form)
    sent = {"kunci": hidden(form, "kunci"), "jenis": "result", "daftar": "D-2026-0001", "pemohon": "family",
            "saluran": "counter"}  # fmt: skip
    case = jabar.post(at, data=sent)
    assert case.status_code == 303
    assert "D-2026-0001 v2" in jabar.get(case.headers["location"]).text


def test_a_family_that_was_never_on_a_list_can_object_to_those_of_its_area(jabar: TestClient, office: Office) -> None:
    office.who = person(("officer", ""))
    codes = re.findall(r'href="/keluarga/([0-9A-Z]{12})"', jabar.get("/keluarga?prov=32&urut=risiko").text)
    form = jabar.get(f"/keluarga/{codes[0]}/sanggah/baru").text
    assert "Belum ada daftar di wilayah keluarga ini" in form
    assert 'name="daftar"' not in form
    confirm(jabar, walk(jabar))
    off = next(code for code in codes if code not in on(jabar, "/daftar/D-2026-0001?tab=tempat"))
    at = f"/keluarga/{off}/sanggah/baru"
    form = jabar.get(at).text
    assert re.search(
        r'<option value="D-2026-0001"[^>]*>D-2026-0001, Triwulan IV 2026: tidak memuat keluarga ini<', form
    )
    sent = {"kunci": hidden(form, "kunci"), "jenis": "result", "daftar": "D-2026-0001", "pemohon": "family",
            "saluran": "counter"}  # fmt: skip
    assert jabar.post(at, data=sent).status_code == 303
    other = re.search(r'href="/keluarga/([0-9A-Z]{12})"', jabar.get("/keluarga?prov=33").text)
    assert other
    assert "D-2026-0001" not in jabar.get(f"/keluarga/{other[1]}/sanggah/baru").text, "a list of another province"


def test_a_list_and_the_builder_of_its_new_version_tell_of_accepted_objections_and_lead_to_them(
    jabar: TestClient, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm(jabar, walk(jabar))
    code = on(jabar, "/daftar/D-2026-0001?tab=tempat")[0]
    pages = ("/daftar/D-2026-0001", "/daftar/baru/1?versi=D-2026-0001")
    case = jabar.post(f"/keluarga/{code}/sanggah/baru", data={
        "kunci": "kunci-sanggahan", "jenis": "proposal", "pemohon": "family", "saluran": "counter"})  # fmt: skip
    assert case.status_code == 303
    told = "1 sanggahan dari wilayahnya diterima"
    assert not any(told in jabar.get(page).text for page in pages), "not decided yet"
    with office.store.writing() as connection:
        row = connection.execute(select(objections)).one()
        connection.execute(objections.update().values(
            outcome="upheld", decided_by=row.opened_by, decided_at=row.opened_at))  # fmt: skip
    pages += (walk(jabar) + "&versi=D-2026-0001",)
    number = case.headers["location"].partition("?")[0]
    for page in pages:
        note = re.search(rf'<p class="note">[^<]*{told}.*?</p>', jabar.get(page).text)
        assert note is not None, page
        assert re.findall('href="([^"]*)"', note[0]) == [number], "few are named"
    # Many are a filter away, which holds those and no others.
    monkeypatch.setattr(cases, "MOST_NAMED", 0)
    jabar.post(f"/keluarga/{code}/sanggah/baru", data={
        "kunci": "kunci-sanggahan-2", "jenis": "proposal", "pemohon": "family", "saluran": "counter"})  # fmt: skip
    for page in pages:
        link = re.search(rf'{told}[^<]*<a href="([^"]*)"', jabar.get(page).text)
        assert link is not None, page
        shown = jabar.get(unescape(link[1])).text
        assert "Hanya yang diterima sejak D-2026-0001 disusun" in shown
        assert re.findall(r'href="(/sanggah/S[^"]*)"', shown) == [number]
    assert jabar.get("/sanggah?daftar=D-2026-0009").status_code == 404
    office.who = person(("officer", "33"))
    assert told not in jabar.get("/daftar/D-2026-0001").text


def test_the_builder_says_that_it_replaces_a_list_and_what_falls_away(jabar: TestClient) -> None:
    told = "setelah dikonfirmasi, daftar D-2026-0001 menjadi versi 2 dan versi 1 tidak berlaku lagi."
    visits_ = "8 kunjungan versi 1 yang belum dilakukan tidak diminta lagi"
    confirm(jabar, walk(jabar))
    at = walk(jabar) + "&versi=D-2026-0001"
    for page in (jabar.get("/daftar/baru/1?versi=D-2026-0001").text, jabar.get(at).text):
        assert told in page
        assert visits_ in page
    for page in (jabar.get("/daftar/baru/1").text, jabar.get(walk(jabar)).text):
        assert "versi baru" not in page
    # A draft that is gone on with later still replaces it.
    jabar.post(at, data={"kunci": hidden(jabar.get(at).text, "kunci"), "aksi": "draf"})
    onward = jabar.get("/daftar/baru/4?draf=draft-2").headers["location"]
    assert told in jabar.get(onward).text
    confirm(jabar, onward)
    assert "Digantikan versi 2" in jabar.get("/daftar/D-2026-0001?versi=1").text


def test_the_log_names_the_version_that_was_confirmed_and_taken_away(jabar: TestClient, office: Office) -> None:
    confirm(jabar, walk(jabar))
    confirm(jabar, walk(jabar, **{"kuota-32": "6"}) + "&versi=D-2026-0001")
    for end in (".csv", ".csv?versi=1", "?versi=1", "?versi=1&tab=batas"):
        assert jabar.get(f"/daftar/D-2026-0001{end}").status_code == 200
    told = [(row.act, row.object) for row in office.rows() if row.object.startswith("D-")]
    assert [own for act, own in told if act == "list.confirm"] == ["D-2026-0001", "D-2026-0001 v2"]
    assert [own for act, own in told if act == "list.export"] == ["D-2026-0001 v2", "D-2026-0001 v1"]
    assert [own for act, own in told if act == "list.see"][-2:] == ["D-2026-0001 v1"] * 2
    with office.store.reading() as connection:
        assert [*lists.unlogged(connection, office.store.seal)] == []
        for object_, count in (("D-2026-0001", len(told)), ("D-2026-0001 v2", 2)):
            found = audit_search.rows(connection, None, audit_search.Asked(object=object_), limit=100)
            assert len(found) == count


def test_what_was_found_stands_on_the_print_and_in_the_files_of_the_next_version(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar))
    code = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)[0]
    form = jabar.get(f"/keluarga/{code}/kunjungan/baru").text
    jabar.post(f"/keluarga/{code}/kunjungan/baru", data={
        "kunci": "kunci-versi-satu", "kunjungan": hidden(form, "kunjungan"), "hasil": "above",
        "tanggal": "2026-11-27"})  # fmt: skip
    confirm(jabar, walk(jabar) + "&versi=D-2026-0001")
    own = "-".join(code[at : at + 4] for at in (0, 4, 8))
    for end in ("", "?versi=1"):
        paper = jabar.get(f"/daftar/D-2026-0001/cetak{end}").text
        rows = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", line) for line in re.findall(r"<tr>(.*)</tr>", paper)[1:]]
        assert [row[-1] for row in rows if own in row] == ["Di atas garis, 27 November 2026"]
        assert {row[-1] for row in rows if own not in row} == {""}, "to be visited still"
        assert "Sebagian dari daftar" not in paper
        lines = jabar.get(f"/daftar/D-2026-0001.csv{end}").text.splitlines()
        assert [line.endswith('"Di atas garis, 2026-11-27"') for line in lines if own in line] == [True]
    for language in ("id", "en"):
        say = strings(language)  # type: ignore[arg-type]
        assert RESULTS[language] == {name: say.say(f"visit.{name}") for name in RESULTS[language]}  # type: ignore[index]


def test_a_part_of_a_list_is_told_as_one_on_the_page_the_print_and_in_the_files(
    jabar: TestClient, office: Office
) -> None:
    confirm(jabar, walk(jabar, **{"kuota-32": "300"}))
    office.who = person(("officer", "3204"))
    csv = jabar.get("/daftar/D-2026-0001.csv").text.splitlines()
    rows_ = csv[5:]
    own = sum("Kab. Bandung" in line and ",cadangan," not in line for line in rows_)
    families = f"{own} keluarga dan {len(rows_) - own} cadangan"
    assert 0 < own < len(rows_) < 300
    words = f"Sebagian dari daftar: {families} di Kab. Bandung, dari kuota 300 tempat."
    assert words in csv[2]
    assert words in jabar.get("/daftar/D-2026-0001/cetak").text
    book = openpyxl.load_workbook(io.BytesIO(jabar.get("/daftar/D-2026-0001.xlsx").content)).worksheets[0]
    assert words in str(book["A3"].value)
    tab = jabar.get("/daftar/D-2026-0001?tab=tempat").text
    assert f"Sebagian dari daftar: {families} di wilayah Anda, dari kuota 300 tempat." in tab
    summary = jabar.get("/daftar/D-2026-0001").text
    assert "Sejak itu belum ada temuan tentang keluarga di dalam daftar di wilayah Anda." in summary
    office.who = person(("officer", "32"))
    assert "tentang keluarga di dalam daftar." in jabar.get("/daftar/D-2026-0001").text


def test_of_several_versions_each_page_names_its_own_and_the_finding_that_it_tells(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar))
    code = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)[0]

    def text(path: str) -> str:
        found = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(bare(jabar.get(path).text))))
        return found.partition("Langsung ke isi")[2] or found

    assert " v1" not in text("/daftar/D-2026-0001") + text(f"/keluarga/{code}"), "of one version the number is enough"
    form = jabar.get(f"/keluarga/{code}/kunjungan/baru").text
    jabar.post(f"/keluarga/{code}/kunjungan/baru", data={
        "kunci": "kunci-versi-satu", "kunjungan": hidden(form, "kunjungan"), "hasil": "above",
        "tanggal": "2026-11-27"})  # fmt: skip
    lodged = jabar.post(f"/keluarga/{code}/sanggah/baru", data={
        "kunci": "kunci-sanggahan", "jenis": "result", "pemohon": "family", "saluran": "counter",
        "daftar": "D-2026-0001"}).headers["location"]  # fmt: skip
    confirm(jabar, walk(jabar, **{"kuota-32": "6", "acak": "0"}) + "&versi=D-2026-0001")
    for end, own, other in (("", "v2", "v1"), ("?versi=1", "v1", "v2")):
        page = jabar.get(f"/daftar/D-2026-0001{end}").text
        assert f"<title>Daftar D-2026-0001 {own} - Jaga</title>" in page
        assert f'<span aria-current="page">Daftar <span class="nowrap">D-2026-0001 {own}</span></span>' in page
        assert f"D-2026-0001 {other}" not in page
        paper = jabar.get(f"/daftar/D-2026-0001/cetak{end}").text
        assert f">D-2026-0001 {own}</a>" in bare(paper), "the way to it"
        assert f'<h1>Daftar <span class="nowrap">D-2026-0001 {own}</span></h1>' in paper
        # The finding, with the version that it was made for, beside the place and beside the visit on both.
        places, made = (jabar.get(f"/daftar/D-2026-0001{end}{'&' if end else '?'}tab={tab}").text
                        for tab in ("tempat", "kunjungan"))  # fmt: skip
        assert re.search(r'<a href="/kunjungan/1">Kunjungan 27 November 2026: Di atas garis</a>\s*'
                         r'<span[^>]*>\(D-2026-0001 v1\)', places)  # fmt: skip
        row = next(one for one in re.findall(r"<tr>.*?</tr>", made, re.S) if code in one)
        assert ("Di atas garis (kunjungan lain)" in row, "D-2026-0001 v1" in row) == (not end, not end)
        assert '<a href="/kunjungan/1">27 November 2026</a>' in row
    house = text(f"/keluarga/{code}")
    assert "D-2026-0001 v2, Triwulan IV 2026, nomor" in house
    assert "daftar D-2026-0001 v2 dikonfirmasi" in house
    assert re.search("Di atas garis 27 November 2026 D-2026-0001 v1", house)
    assert "D-2026-0001 v2, Triwulan IV 2026" in text(f"/keluarga/{code}/laporan")
    assert "D-2026-0001 v2, Triwulan IV 2026" in text(f"/keluarga/{code}/sanggah/baru")
    assert "Daftar yang disanggah D-2026-0001 v1" in text(lodged)
    assert "Daftar D-2026-0001 v1" in text("/kunjungan/1")
    assert 'href="/daftar/D-2026-0001?versi=1"' in jabar.get("/kunjungan/1").text
    answered = re.findall(r'href="(/kunjungan/\d+)"', jabar.get("/kunjungan?status=terjawab").text)
    page = text(answered[0])
    assert "Daftar D-2026-0001 v2" in page
    assert "Kunjungan 1 (D-2026-0001 v1)" in page
    at = walk(jabar, **{"kuota-32": "6"})
    assert "keluarga sudah ada di D-2026-0001 v2" in jabar.get(at).text
    assert "D-2026-0001 v2, Triwulan IV 2026" in jabar.get("/daftar/baru/1?versi=D-2026-0001").text, "to go on from"


def test_a_confirmed_list_tells_its_rules_and_how_it_came_out(jabar: TestClient, office: Office) -> None:
    at = walk(jabar, **{"kuota-32": "40", "anggaran": "Rp22.500.000", "acak": "0"})
    last = jabar.get(at).text
    confirm(jabar, at)
    page, cut = (jabar.get(f"/daftar/D-2026-0001{end}").text for end in ("", "?tab=batas"))
    own, counts = (dict(re.findall("<dt>([^<]*)</dt><dd>([^<]*)</dd>", part)) for part in page.split('id="counts"'))
    told = {name: value.strip() for name, value in re.findall("<dt>([^<]*)</dt><dd>([^<]*)<a", last)}
    assert len(told) > 10
    assert {name: own.get(name) for name in told} == told, "the rules as the last step told them"
    assert (own["Anggaran (rupiah)"], own["Tanpa penerima pkh"]) == ("Rp22.500.000", "tidak")
    assert (own["Jalur cepat guncangan"], counts["Biaya tempat yang terisi"]) == ("tidak ada", "Rp22.500.000")
    assert "30 tempat terisi, sisa Rp0" in page
    assert "10 tempat tidak terbiayai." in page
    note = re.search("[0-9]+ dari [0-9]+ tempat, dan [0-9]+ keluarga di luarnya, perlu diperiksa di lapangan", page)
    assert note is not None
    assert note[0] in last
    # The two at the cut: each with its code, and what keeps the first one out.
    [ends] = re.findall('<tr><th scope="row">Jawa Barat</th>.*?</tr>', cut, re.S)
    ranks = [int(rank) for rank in re.findall(r"peringkat (\d+) \(", ends)]
    codes = re.findall(r'href="/keluarga/(\w{12})"', ends)
    assert ranks[0] < ranks[1]
    assert len({*codes}) == 2
    assert "tidak masuk: anggaran habis" in ends
    assert [jabar.get(f"/keluarga/{code}").status_code for code in codes] == [200, 200]
    office.who = person(("officer", "3201"))
    assert "/keluarga/" not in "".join(re.findall('<tr><th scope="row">Jawa Barat</th>.*?</tr>', jabar.get(
        "/daftar/D-2026-0001?tab=batas").text, re.S)), "a code of another regency"  # fmt: skip


def test_the_visits_of_a_list_are_counted_and_paged_as_a_whole(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar, **{"kuota-32": "230"}))
    code = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)[3]
    form = jabar.get(f"/keluarga/{code}/kunjungan/baru").text
    assert jabar.post(f"/keluarga/{code}/kunjungan/baru", data={
        "kunci": "kunci-satu-kunjungan", "kunjungan": hidden(form, "kunjungan"), "hasil": "above",
        "tanggal": "2026-11-28"}).status_code == 303  # fmt: skip
    seen: list[str] = []
    at = "/daftar/D-2026-0001?tab=kunjungan&versi=1"
    while at:
        page = jabar.get(at).text
        assert "1 dari 230 kunjungan dilakukan atau terjawab" in page
        seen += re.findall(r'<th scope="row"><a class="code" href="/keluarga/(\w{12})"', page)
        after = re.search('rel="next" href="([^"]*)"', page)
        at = unescape(after[1]) if after else ""
        assert not at or "versi=1" in at
    assert (len(seen), len({*seen})) == (230, 230)
    assert jabar.get("/daftar/D-2026-0001?tab=kunjungan&setelah=x_y").status_code == 400


def test_rules_that_the_builder_does_not_ask_for_are_told_too() -> None:
    schemes = [{"name": f"bantuan{n}", "cost": 1_000_000, "quota": {"3204": n}} for n in range(1, 8)]
    schemes[0] |= {"rungs": ["vulnerable"], "rung_unknown": True, "kinds": ["relapse"], "without": ["pkh"],
                   "programme_unknown": False, "most_poor_now": 0.25}  # fmt: skip
    settings = {"format": 1, "name": "x", "period": "2026Q4", "order": "risk", "random": 0.03, "reserve": 0.1,
                "hysteresis": 0.2, "band": 20, "kept_out": ["died"], "scheme": schemes,
                "fast_lane": {"share": 0.05, "shocks": ["job_loss"], "days": 90}}  # fmt: skip
    say = strings("id")
    rows = list_form.rules(settings, say)
    assert [own for name, own in rows if name == "Kuota bantuan7"] == ["Kab. Bandung: 7"], "more than the builder has"
    told = dict(rows)
    assert told["Jalur cepat guncangan"] == say.say("shock.job_loss")
    assert told[say.say("build.jalur")] == "5 %"
    assert told[say.say("build.hari")] == "90"
    assert told["Jenjang untuk bantuan1"] == "Rentan, Jenjang tidak diketahui"
    assert "Jenjang untuk bantuan2" not in told
    own = told["Syarat bantuan1"]
    for part in ("Jatuh kembali", "tidak menerima PKH", "25 dari 100", "penerimaan program yang tidak diketahui tidak"):
        assert part in own, part
    assert "Syarat bantuan2" not in told


def test_roles_and_areas_are_held(jabar: TestClient, office: Office) -> None:
    confirm(jabar, walk(jabar))
    office.who = person(("viewer", "32"))
    seen = jabar.get("/daftar/D-2026-0001")
    assert seen.status_code == 200
    assert "/keluarga/" not in seen.text
    for path in ("/daftar/D-2026-0001?tab=tempat", "/daftar/D-2026-0001.csv", "/daftar/baru/1",
                 "/daftar/D-2026-0001/cetak"):  # fmt: skip
        assert jabar.get(path).status_code == 403
    office.who = person(("officer", "16"))
    for path in ("/daftar/D-2026-0001", "/daftar/D-2026-0001.csv", "/daftar/x' OR 1=1"):
        assert jabar.get(path).status_code == 404
    assert jabar.get("/daftar?sebelum=x").status_code == 400


TWO = CHOICES | {"per": "2026Q3", "skema": "pkh", "skema-2": "sembako", "biaya-2": "Rp200.000", "dana-2": "1.000.000",
                 "wil": "3201,3202", "kuota-3201": "4", "kuota-3202": "2", "kuota-2-3202": "2"}  # fmt: skip


def test_several_schemes_have_their_own_money_and_quotas(jabar: TestClient) -> None:
    first = jabar.post("/daftar/baru/1", data=CHOICES | {"aksi": "skema"}).headers["location"]
    page = jabar.get(first).text
    assert 'name="skema-2"' in page
    assert "Skema memilih bergiliran" in page
    at = jabar.post("/daftar/baru/1", data={name: own.split(",") if name == "wil" else own for name, own in TWO.items()}
                    | {"aksi": "lanjut"}).headers["location"]  # fmt: skip
    page = jabar.get(at).text
    for name in ("kuota-3201", "kuota-2-3201", "kuota-2-3202", "dana-2"):
        assert f'name="{name}"' in page
    at = jabar.post(
        at,
        data={name: TWO[name] for name in TWO if name.startswith(("kuota-3201", "kuota-3202", "kuota-2", "dana"))}
        | {"kuota-2-3201": "", "aksi": "lanjut"},
    )
    at = jabar.post(at.headers["location"], data={"acak": "3", "aksi": "lanjut"}).headers["location"]
    page = jabar.get(at).text
    assert "sembako, Rp200.000 satu tempat" in page
    assert "8 tempat terisi" in page
    done = confirm(jabar, at)
    assert done.headers["location"].startswith("/daftar/D-2026-0001"), done.text
    told = jabar.get("/daftar/D-2026-0001").text
    assert "<dt>Anggaran sembako</dt><dd>Rp1.000.000</dd>" in told
    assert ">sembako<" in jabar.get("/daftar/D-2026-0001?tab=tempat").text
    assert "sembako: Kab. Sukabumi" in jabar.get("/daftar/D-2026-0001?tab=batas").text
    assert '<th scope="col">Skema</th>' in jabar.get("/daftar/D-2026-0001/cetak").text
    link = re.search(r'href="(/daftar/baru/4\?[^"]+)">Pakai setelan triwulan lalu', jabar.get("/daftar/baru/1").text)
    assert link is not None
    again = parse_qs(urlsplit(unescape(link[1])).query)
    assert (again["skema-2"], again["kuota-2-3202"], again["dana-2"]) == (["sembako"], ["2"], ["1000000"])
    assert "kuota-2-3201" not in again
    assert "8 tempat terisi" in jabar.get(unescape(link[1])).text


@pytest.mark.parametrize(("change", "field", "words"), [
    ({"kuota-3201": ""}, "kuota-3201", "wajib diisi"), ({"kuota-2-3202": ""}, "kuota-2-3201", "wajib diisi"),
    ({"biaya-2": "x"}, "biaya-2", "bilangan bulat"), ({"dana-2": "-1"}, "dana-2", "bilangan bulat"),
    ({"skema-2": "PKH 2"}, "skema-2", "nama pendek"),
])  # fmt: skip
def test_what_is_wrong_with_one_scheme_is_told_at_its_field(
    jabar: TestClient, change: dict[str, str], field: str, words: str
) -> None:
    step = 2 if field.startswith(("kuota", "dana")) else 1
    sent: dict[str, Any] = TWO | change | {"wil": ["3201", "3202"], "aksi": "lanjut"}
    text = jabar.post(f"/daftar/baru/{step}", data=sent).text
    found = re.search(rf'id="{field}-why">([^<]*)', text)
    assert found is not None, re.findall(r'class="why"[^>]*>([^<]*)', text)
    assert words in found[1]
    assert f'href="#{field}"' in text


def test_rules_and_choices_are_each_others_inverse() -> None:
    given = listing.state({name: [own] for name, own in TWO.items()})
    rules = listing.rules(given)
    assert [scheme["quota"] for scheme in rules["scheme"]] == [{"3201": 4, "3202": 2}, {"3202": 2}]
    assert rules["scheme"][1]["budget"] == 1_000_000
    assert listing.rules(listing.of_settings(rules)) == rules
    carried = {"scheme": [{"name": "sembako", "without": ["pkh"], "programme_unknown": True, "budget": 7}]}
    assert listing.rules(given, carried)["scheme"][1]["without"] == ["pkh"]
    assert "without" not in listing.rules(given, carried)["scheme"][0], "a rule of another scheme"
    dropped = listing.rules(given | {"skema-2": ""})
    assert [scheme["name"] for scheme in dropped["scheme"]] == ["pkh"]


def test_an_officer_of_the_nation_chooses_among_all_regencies_by_island(ask: TestClient) -> None:
    text = ask.get("/daftar/baru/1?wil=3204").text
    assert len(re.findall(r'name="wil"', text)) == 1 + 38 + 514
    assert re.findall(r'class="island">([^<]+)', text)[:3] == ["Sumatera", "Jawa", "Bali dan Nusa Tenggara"]
    assert len(re.findall(r"<details open", text)) == 1, "only where something is chosen"
    assert len(text.encode()) < 100_000


def test_an_officer_of_a_regency_cannot_choose_its_province(ask: TestClient, office: Office) -> None:
    office.who = person(("officer", "3204"))
    text = ask.get("/daftar/baru/1").text
    assert re.findall(r'name="wil" value="(\w+)"', text) == ["3204"]


def test_an_unticked_box_and_an_emptied_field_mean_none(jabar: TestClient) -> None:
    end = listing.query(listing.state({name: [own] for name, own in CHOICES.items()}))
    sent = {name: CHOICES[name] for name in ("nama", "per", "skema", "biaya")}
    assert "Wilayah: wajib diisi" in jabar.post(f"/daftar/baru/1?{end}", data=sent | {"aksi": "lanjut"}).text
    text = jabar.post(f"/daftar/baru/2?{end}", data={"kuota-32": "", "anggaran": "", "aksi": "lanjut"}).text
    assert "wajib diisi" in text, "the quota of the address is not kept behind the officer's back"


def test_the_preview_knows_the_steps_before(jabar: TestClient) -> None:
    end = listing.query(listing.state({name: [own] for name, own in CHOICES.items()}))
    answer = jabar.post(
        f"/daftar/baru/pratinjau?{end}",
        data={"acak": "0", "cadangan": "10", "histeresis": "0", "pita": "3"},
        headers={"HX-Request": "true"},
    )
    assert "8 tempat terisi" in answer.text


@pytest.fixture
def late(office: Office) -> Iterator[TestClient]:
    """A browser of an officer of a province who signs in."""
    office.locked()
    office.hire("rini", ("officer", "32"))
    with TestClient(office.app, base_url="http://127.0.0.1:3000", follow_redirects=False,
                    headers={"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}) as client:  # fmt: skip
        client.post("/masuk", data={"akun": "rini", "sandi": PASSWORD})
        yield client


@pytest.mark.parametrize(("step", "sent", "shown"), [
    (1, {"nama": "Nama yang baru", "per": "2026Q4", "skema": "pkh", "biaya": "1", "wil": "3201"}, "Nama yang baru"),
    (2, {"kuota-32": "77", "anggaran": "123000"}, 'value="77"'),
    (3, {"acak": "4", "cadangan": "11", "histeresis": "0", "pita": "7", "urutan": "risiko"}, 'value="11"'),
    (4, {"alasan": "karena kuota berubah", "periksa": "ya"}, "karena kuota berubah</textarea>"),
])  # fmt: skip
@pytest.mark.parametrize("preview", [False, True])
def test_a_step_sent_after_the_session_ended_is_there_again_after_signing_in(
    late: TestClient, office: Office, step: int, sent: dict[str, str], shown: str, preview: bool
) -> None:
    end = listing.query(listing.state({name: [own] for name, own in CHOICES.items()}))
    at = f"/daftar/baru/{step}?{end}"
    page = late.get(at).text
    office.clock.time += timedelta(minutes=31)
    word = {"csrf": hidden(page, "csrf"), "kunci": hidden(page, "kunci")}
    if preview and step < 4:
        gone = late.post(f"/daftar/baru/pratinjau?{end}", data=sent | word, headers={
            "HX-Request": "true", "HX-Current-URL": f"http://127.0.0.1:3000{at}"})  # fmt: skip
        onward = gone.headers["hx-redirect"]
    else:
        onward = late.post(at, data=sent | word | {"aksi": "lanjut"}).headers["location"]
    assert onward.startswith("/masuk?ke=/daftar/baru/")
    back = late.post(
        "/masuk", data={"akun": "rini", "sandi": PASSWORD, "ke": parse_qs(urlsplit(onward).query)["ke"][0]}
    )
    found = late.get(back.headers["location"])
    assert found.status_code == 200
    assert "Masa masuk berakhir" in found.text
    assert shown in found.text
    if step == 4:
        assert 'value="ya" checked' not in found.text, "a person checks again"
    assert "Masa masuk berakhir" not in late.get(back.headers["location"]).text, "once"


def test_families_on_another_list_of_the_quarter_and_scheme_are_told_before_confirming(jabar: TestClient) -> None:
    told = "8 keluarga sudah ada di D-2026-0001 untuk triwulan dan skema yang sama."
    at = walk(jabar)
    assert "sudah ada di" not in jabar.get(at).text
    confirm(jabar, at)
    assert told in jabar.get(at).text
    assert "sudah ada di" not in jabar.get(walk(jabar, skema="sembako")).text, "another scheme"
    assert "sudah ada di" not in jabar.get(walk(jabar, per="2027Q1")).text, "another quarter"
    assert "sudah ada di" not in jabar.get(f"{at}&versi=D-2026-0001").text, "its own new version"
    assert confirm(jabar, at).headers["location"] == "/daftar/D-2026-0002?selesai=ya", "told, not refused"


def test_what_a_visit_found_is_told_on_the_list_and_the_family_and_keeps_the_gone_from_a_new_one(
        jabar: TestClient, office: Office) -> None:  # fmt: skip
    first = jabar.get(walk(jabar)).text
    assert "1 keluarga" not in first
    assert "Tidak ditempatkan menurut kunjungan: meninggal, pindah." in first, (
        "the rule is written before anybody is visited"
    )
    confirm(jabar, walk(jabar))
    died, moved, poor = re.findall(r'class="code" href="/keluarga/([0-9A-Z]{12})"',
                                   jabar.get("/daftar/D-2026-0001?tab=tempat").text)[:3]  # fmt: skip
    for code, result in ((died, "died"), (moved, "moved"), (poor, "below")):
        form = jabar.get(f"/keluarga/{code}/kunjungan/baru").text
        sent = {"kunci": hidden(form, "kunci"), "hasil": result, "tanggal": "2026-11-27", "catatan": ""}
        assert jabar.post(f"/keluarga/{code}/kunjungan/baru", data=sent).status_code == 303
    # The list that was confirmed stays as it is; what is known of its families now stands beside each.
    places = jabar.get("/daftar/D-2026-0001?tab=tempat").text
    assert places.count("Kunjungan 27 November 2026: ") == 3
    assert "Kunjungan 27 November 2026: Meninggal" in places
    page = jabar.get(f"/keluarga/{poor}").text
    assert "Menurut kunjungan 27 November 2026, keluarga ini di bawah garis kemiskinan." in page
    assert page.index("Menurut kunjungan 27") < page.index('id="estimate"'), "what was found is the answer now"
    assert "Kini, menurut perkiraan" not in page
    dead = jabar.get(f"/keluarga/{died}").text
    assert "Kini, menurut kunjungan: meninggal" in dead
    assert "Kini, menurut perkiraan" not in dead
    for shown in (page, jabar.get(f"/keluarga/{poor}/laporan").text):
        assert "belum memuat temuan itu" in shown
        assert "di bawah ini" not in shown, "on one page the note stands beneath the estimate, on the other above it"
    # The next list.
    at = walk(jabar)
    page = jabar.get(at).text
    assert "Tidak ditempatkan menurut kunjungan (meninggal): 1 keluarga." in page
    assert "Tidak ditempatkan menurut kunjungan (pindah): 1 keluarga." in page
    assert "Di dalam daftar: 1 keluarga yang menurut kunjungan sudah di bawah garis" in page
    assert all(f'href="/keluarga/{code}"' in page for code in (died, moved, poor)), "a person can see who"
    rules = at.replace("/4?", "/3?")
    assert re.findall(r'name="temuan" value="(\w+)" checked', jabar.get(rules).text) == ["died", "moved"]
    for language, words in (("en", "(died): 1 family"), ("id", "(meninggal): 1 keluarga")):
        jabar.cookies.set("bahasa", language)
        shown = jabar.post(rules.replace("/3?", "/pratinjau?"), data={"acak": "3", "temuan": ["died", "moved"]},
                           headers={"HX-Request": "true"}).text  # fmt: skip
        assert words in shown, "the preview says how many"
        assert f'href="/keluarga/{died}"' in shown, "and who"
    every = jabar.get(at.replace("temuan=died,moved", "temuan=died,moved,below")).text
    assert "Tidak ditempatkan menurut kunjungan (di bawah garis): 1 keluarga." in every
    assert "Di dalam daftar: 1 keluarga yang menurut" not in every
    none = jabar.get(at.replace("temuan=died,moved", "temuan=")).text
    assert "Tidak ditempatkan menurut kunjungan: tidak ada." in none
    assert "Tidak ditempatkan menurut kunjungan (" not in none
    assert confirm(jabar, at).status_code == 303
    csv = jabar.get("/daftar/D-2026-0002.csv").text
    plain = csv.replace("-", "")
    assert died not in plain
    assert moved not in plain
    assert poor in plain, "found poor is told; no score and no default removes"
    shown = jabar.get("/daftar/D-2026-0002").text
    assert "Tidak ditempatkan menurut kunjungan (meninggal): 1 keluarga." in shown
    office.who = person(("viewer", "32"))
    seen = jabar.get("/daftar/D-2026-0002").text
    assert "(meninggal)" not in seen, "one family is few"
    assert "Temuan tentang kurang dari 30 keluarga tidak disebut di sini." in seen
    assert died not in seen, "totals have no codes"


def test_a_kept_list_says_when_it_was_drawn_and_what_visits_found_since(jabar: TestClient, office: Office) -> None:
    confirm(jabar, walk(jabar))
    first = jabar.get("/daftar/D-2026-0001").text
    assert "Daftar ini disusun pada 28 November 2026. Sejak itu belum ada temuan" in first
    assert "lalu daftar dihitung ulang" not in first, "a confirmed list never is"
    poor, gone = re.findall(r'href="/keluarga/([0-9A-Z]{12})"', jabar.get("/daftar/D-2026-0001?tab=tempat").text)[:2]
    office.clock.time += timedelta(days=1)
    for code, result in ((poor, "below"), (gone, "died")):
        form = jabar.get(f"/keluarga/{code}/kunjungan/baru").text
        sent = {"kunci": hidden(form, "kunci"), "hasil": result, "tanggal": "2026-11-29", "catatan": ""}
        assert jabar.post(f"/keluarga/{code}/kunjungan/baru", data=sent).status_code == 303
    kept = jabar.get("/daftar/D-2026-0001").text
    assert "Saat daftar disusun, tidak ada temuan kunjungan yang perlu diperhatikan." in kept
    assert "di antara keluarga di dalam daftar: 1 keluarga di bawah garis, 1 keluarga meninggal." in kept
    # What a draft knows is of the day on which it was drawn last.
    office.clock.time += timedelta(days=1)
    assert confirm(jabar, walk(jabar)).status_code == 303
    assert "disusun pada 30 November 2026. Sejak itu belum ada temuan" in jabar.get("/daftar/D-2026-0002").text
    office.who = person(("viewer", "32"))
    seen = jabar.get("/daftar/D-2026-0001").text
    assert "Daftar ini disusun pada 28 November 2026." in seen
    assert "Sejak itu" not in seen, "few are not told to who sees no family"


def test_an_area_within_another_is_refused_where_it_is_chosen(jabar: TestClient, office: Office) -> None:
    first = {name: CHOICES[name] for name in ("nama", "per", "skema", "biaya")} | {"aksi": "lanjut"}
    for language, words in (("id", "Wilayah: pilih provinsi atau kabupaten/kota di dalamnya, tidak keduanya"),
                            ("en", "choose a province or regencies within it, not both")):  # fmt: skip
        jabar.cookies.set("bahasa", language)
        answer = jabar.post("/daftar/baru/1", data=first | {"wil": ["32", "3204"]})
        assert answer.status_code == 422
        assert answer.text.count(words) == 2, "in the summary and at the field"
    # Another scheme may have quotas inside an area of the first.
    assert jabar.post("/daftar/baru/1", data=first | {"wil": ["32", "3204"], "skema-2": "pena", "biaya-2": "1000"}
                      ).status_code == 303  # fmt: skip
    office.who = person(("officer", "3204"), ("officer", "3273"))
    answer = jabar.post("/daftar/baru/1", data=first | {"wil": ["3204", "3273"]})
    assert answer.status_code == 422, "no area of the caller holds both"


def test_a_field_list_is_printed_by_sub_district(ask: TestClient, office: Office) -> None:
    office.who = person(("officer", "3201"))
    done = confirm(ask, walk(ask, **{"wil": "3201", "kuota-3201": "40"}))
    assert done.status_code == 303, done.text
    at = "/daftar/D-2026-0001/cetak"
    paper = ask.get(at).text
    heads = re.findall(r'<th scope="col">([^<]*)</th>', paper)
    assert heads[:4] == ["No.", "Kode keluarga", "Kecamatan", "Nama wilayah"]
    lines = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", line) for line in re.findall(r"<tr>(.*)</tr>", paper)[1:]]
    order = [(line[2] == "", line[2], int(line[0])) for line in lines]
    assert order == sorted(order)
    assert len({line[2] for line in lines}) > 2, "several sub-districts, and families of none that is known"
    own = ask.get(f"{at}?kec=3201020").text
    assert len(re.findall(r'<th scope="row">', own)) == sum(line[2] == "3201020" for line in lines) > 0
    assert "Kecamatan: Kecamatan 3201020, Kab. Bogor" in own
    assert ask.get(f"{at}?kec=Pacet").status_code == 400
    shown = re.findall(r'<option value="(\d{7})"', paper)
    assert shown == sorted({line[2] for line in lines} - {""})
    csv = [line.split(",") for line in ask.get("/daftar/D-2026-0001.csv").text.splitlines()]
    column = next(line.index("Kecamatan") for line in csv if "Kecamatan" in line)
    assert sorted(line[column] for line in csv if len(line) > column and line[0].isdigit()) == sorted(
        line[2] for line in lines)  # fmt: skip
    # The visits that it planned are found by sub-district too.
    visits = ask.get("/kunjungan?kec=3201020").text
    planned = set(re.findall(r"/keluarga/(\w{12})/kunjungan/baru", visits))
    assert len(planned) == min(25, visits.count("Kecamatan 3201020, Kab. Bogor, Jawa Barat"))
    assert planned
    assert 'name="kec"' in ask.get("/kunjungan").text
    assert ask.get("/kunjungan?kec=1601010").status_code == 404
    assert ask.get("/kunjungan?kec=3201990").text.count("/kunjungan/baru") == 0


@pytest.fixture
def receiving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Office, TestClient]]:
    """An office whose scores have the programmes of families beside them."""
    table = scored.with_facts(rows(1, DAYS[-1]), np.random.default_rng(3))
    scored.write(tmp_path / "run", table, as_of=DAYS[-1], labels=LABELS, known=KNOWN)
    scores_publish.publish(tmp_path / "scores", tmp_path / "run")
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"},
                                                follow_redirects=False) as client:  # fmt: skip
        office.who = person(("officer", ""))
        yield office, client


@pytest.mark.parametrize(("language", "told"), [
    ("id", "Berapa keluarga di daftar pkh yang sudah menerima PKH menurut data tidak ditampilkan."),
    ("en", "How many families on the list of pkh already receive PKH according to the data is not shown."),
])  # fmt: skip
def test_a_number_of_receivers_that_is_kept_back_is_told_in_a_whole_sentence(
    language: Literal["id", "en"], told: str
) -> None:
    kept = {"receipt": [{"scheme": "pkh", "places": 40, "known": 40, "programmes": {"pkh": None}}]}
    assert list_words.received(kept, strings(language)) == [told]


def test_families_who_receive_the_programme_already_are_told_and_can_be_left_out(
    receiving: tuple[Office, TestClient],
) -> None:
    office, client = receiving
    chosen = {"kuota-32": "300"}
    at = walk(client, **chosen)
    told = re.compile(r"Yang sudah menerima PKH menurut data, di daftar pkh: (\d+) keluarga")
    found = {int(count) for count in told.findall(client.get(at).text)}
    assert len(found) == 1
    [count] = found
    assert 50 < count < 150, "a third of them receive it"
    preview = client.post("/daftar/baru/pratinjau?" + urlsplit(at).query, data={}, headers={"HX-Request": "true"}).text
    assert told.search(preview)
    assert "sembako" not in preview.lower(), "another programme is no reason against this one"
    number = confirm(client, at).headers["location"].split("?")[0]
    assert f": {count} keluarga" in client.get(number).text
    office.who = person(("viewer", ""))
    assert f": {count} keluarga" in client.get(number).text
    row = office.rows()[-1]
    assert (row.act, row.object) == ("list.see_totals", "D-2026-0001")
    office.who = person(("officer", ""))
    assert client.get(number).status_code == 200
    assert office.rows()[-1].act == "list.see"
    left = walk(client, tanpa="ya", **chosen)
    page = client.get(left).text
    assert not told.search(page)
    assert re.search(r"Tanpa penerima pkh</dt><dd>ya", page)
    assert "300 tempat terisi" in page
    ticked = client.get(left.replace("/4?", "/1?")).text
    assert re.search(r'name="tanpa" value="ya" checked', ticked)


def test_the_end_of_a_list_is_no_matter_of_a_family_that_its_rules_keep_out(
    receiving: tuple[Office, TestClient],
) -> None:
    office, client = receiving
    assert confirm(client, walk(client, tanpa="ya", acak="0", **{"kuota-32": "300"})).status_code == 303
    scores = office.office.scores()
    end = next(iter(cuts.ends(office.office, Areas(("32",)), [{"province": "32", "regency": None}]).values()))[0]
    cut = formats.percent(end.cut)
    near = [row for row in scores.top(1500, province="32")
            if formats.percent(row["low"]) < cut < formats.percent(row["high"]) and row["risk"] < end.cut]  # fmt: skip
    told = {True: "Di luar aturan daftar D-2026-0001: tidak memenuhi syarat program (menerima PKH).",
            False: f"rentang melewati batas daftar D-2026-0001 ({cut} dari 100)"}  # fmt: skip
    for receives in told:
        row = next(own for own in near if (scores.facts(own["household_id"]) or {}).get("pkh") is receives)
        page = bare(client.get(f"/keluarga/{row['household_id']}").text)
        assert told[receives] in page
        assert told[not receives] not in page


def test_the_page_of_families_is_told_where_their_ranges_cross_the_end_of_a_list(
    receiving: tuple[Office, TestClient],
) -> None:
    _, client = receiving
    assert confirm(client, walk(client, tanpa="ya", acak="0", **{"kuota-32": "12"})).status_code == 303
    page = client.get("/keluarga?prov=32")
    assert page.status_code == 200
    codes = re.findall(r'class="code" href="/keluarga/([0-9A-Z]{12})"', page.text)
    crossed = [code for code in codes
               if "rentang melewati batas daftar" in client.get(f"/keluarga/{code}").text]  # fmt: skip
    assert crossed, "none of them is held against the end"
    for row in re.findall(r"<tr.*?</tr>", page.text, re.S):
        if any(code in row for code in crossed):
            assert "Periksa lapangan" in row


def test_few_receivers_are_told_to_nobody_who_may_not_see_them(receiving: tuple[Office, TestClient]) -> None:
    office, client = receiving
    number = confirm(client, walk(client, **{"kuota-32": "40"})).headers["location"].split("?")[0]
    own = re.compile(r"di daftar pkh: (\S+(?: ditampilkan)?) keluarga")
    [told] = own.findall(client.get(number).text)
    assert 0 < int(told) < 30
    office.who = person(("viewer", ""))
    page = client.get(number).text
    assert not own.search(page)
    assert "sudah menerima PKH menurut data tidak ditampilkan." in page


def test_the_cut_is_told_by_ranks_before_and_after_and_nothing_is_said_of_a_cut_that_is_not_there(
    jabar: TestClient,
) -> None:
    at, near = walk(jabar), "hampir sama"
    page = jabar.get(at).text
    edge = re.compile(r"<td>peringkat (\d+) \(")
    ranks = edge.findall(page)
    assert len(ranks) == 2
    assert near in page
    number = confirm(jabar, at).headers["location"].split("?")[0]
    stored = jabar.get(number, params={"tab": "batas"}).text
    assert edge.findall(stored) == ranks
    assert "Nomor di sini adalah peringkat" in stored
    assert ">peringkat</text>" in stored
    assert "no. " not in stored
    assert near not in jabar.get(walk(jabar, **{"kuota-32": "0"})).text


def test_twenty_on_each_side_of_the_cut_stay_with_the_list_whatever_is_published_later(
    receiving: tuple[Office, TestClient], tmp_path: Path
) -> None:
    office, client = receiving
    at = walk(client, **{"kuota-32": "60", "cadangan": "0", "pita": "20"})
    picture = re.compile(r"<figure>(<svg.*?</svg>)</figure>", re.S)
    [shown] = picture.findall(client.get(at).text)
    number = confirm(client, at).headers["location"].split("?")[0]
    address = f"{number}?tab=batas"
    stored = client.get(address).text
    assert picture.findall(stored) == [shown], "the same families as in the preview, those in no reserve too"
    assert "disimpan bersama daftar" in stored
    told = office.rows()[-1]
    assert (told.act, told.count) == ("list.see", 40)
    scored.write(tmp_path / "later", rows(2, "2026-11-20"), as_of="2026-11-20", labels=LABELS, known=KNOWN)
    scores_publish.publish(tmp_path / "scores", tmp_path / "later")
    assert picture.findall(client.get(walk(client, **{"kuota-32": "60"})).text) != [shown], "the scores are others"
    assert picture.findall(client.get(address).text) == [shown]
    office.who = person(("officer", "3203"))
    part = client.get(address)
    assert part.status_code == 200
    assert 0 < office.rows()[-1].count < 40, "of their own area alone"


def test_that_programmes_are_not_known_is_said(jabar: TestClient) -> None:
    page = jabar.get(walk(jabar)).text
    assert page.count("Tidak diketahui apakah keluarga di daftar pkh sudah menerima program") == 2


def test_rungs_are_chosen_in_the_builder_and_go_to_the_list_and_back(jabar: TestClient) -> None:
    first = jabar.get("/daftar/baru/1").text
    assert re.findall(r'name="jenjang" value="(\w+)"', first) == ["vulnerable", "aspiring", "middle", "unknown"]
    assert "checked" not in first[first.index('id="jenjang-vulnerable"') : first.index('id="jenjang-unknown"')]
    sent = {name: CHOICES[name] for name in ("nama", "per", "skema", "biaya", "wil")} | {"aksi": "lanjut"}
    alone = jabar.post("/daftar/baru/1", data=sent | {"jenjang": ["unknown"]})
    assert alone.status_code == 422
    assert "pilih juga sebuah jenjang" in alone.text
    onward = jabar.post("/daftar/baru/1", data=sent | {"jenjang": ["vulnerable", "unknown"]}).headers["location"]
    chosen = parse_qs(urlsplit(onward).query)
    assert chosen["jenjang"] == ["vulnerable,unknown"]
    rules = listing.rules(CHOICES | {"jenjang": "vulnerable,unknown"})
    assert (rules["scheme"][0]["rungs"], rules["scheme"][0]["rung_unknown"]) == (["vulnerable"], True)
    assert listing.rules(listing.of_settings(rules)) == rules
    base = {"scheme": [{"name": "pkh", "rungs": ["middle"], "rung_unknown": False}]}
    assert listing.rules(CHOICES, base)["scheme"][0]["rungs"] == ["middle"], "what is not asked is carried on"
    assert "rungs" not in listing.rules(CHOICES | {"jenjang": ""}, base)["scheme"][0], "unticked on purpose"
    last = jabar.get(f"/daftar/baru/4?{listing.query(listing.state({k: [v] for k, v in CHOICES.items()}))}"
                     "&jenjang=vulnerable").text  # fmt: skip
    assert re.search(r"<dt>Jenjang untuk pkh</dt><dd>Rentan", last)


def test_a_draft_begun_from_last_quarters_choices_keeps_who_was_on_that_list(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar, per="2026Q3"))
    at = walk(jabar, histeresis="0", **{"kuota-32": "4"}) + "&dari=D-2026-0001"
    told = leaving(jabar.get(at).text)
    assert told
    kept = jabar.post(at, data={"kunci": hidden(jabar.get(at).text, "kunci"), "aksi": "draf"}).headers["location"]
    assert parse_qs(urlsplit(kept).query)["dari"] == ["D-2026-0001"]
    onward = jabar.get("/daftar/baru/4?draf=draft-2").headers["location"]
    assert parse_qs(urlsplit(onward).query)["dari"] == ["D-2026-0001"]
    assert leaving(jabar.get(onward).text) == told


def test_the_rule_on_receivers_goes_to_the_list_and_back() -> None:
    asked = CHOICES | {"tanpa": "ya"}
    made = listing.rules(asked)
    assert made["scheme"][0]["without"] == ["pkh"]
    assert made["scheme"][0]["programme_unknown"] is True
    assert listing.of_settings({"hysteresis": 0.2, **made})["tanpa"] == "ya"
    base = {"scheme": [{"name": "pkh", "without": ["pkh", "pbi"], "programme_unknown": False}]}
    kept = listing.rules(CHOICES | {"tanpa": ""}, base)["scheme"][0]
    assert (kept["without"], kept["programme_unknown"]) == (["pbi"], False)
    assert "without" not in listing.rules(CHOICES | {"tanpa": ""}, {"scheme": [
        {"name": "pkh", "without": ["pkh"], "programme_unknown": False}]})["scheme"][0]  # fmt: skip
    assert "without" not in listing.rules(asked | {"skema": "blt"})["scheme"][0]
