"""The builder of a list, from the first step to the confirmation, over HTTP and without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from serving.console import formats, list_errors, list_words, listing
from serving.console.strings import strings
from serving.lists.facts_file import read_facts
from tests.serving.console.lists import CHOICES, TWO, confirm, hidden, leaving, walk
from tests.serving.console.office import PASSWORD, Office, person


@pytest.mark.parametrize("language", ["id", "en"])
def test_errors_by_group_stand_open_before_the_list_is_confirmed_and_the_worst_is_named(
    jabar: TestClient, language: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = walk(jabar, **{"kuota-32": "300"})
    jabar.cookies.set("bahasa", language)
    say = strings(language)
    assert f"<summary>{say.say('list.groups')}</summary>" in jabar.get(at).text, "ranges overlap: none is named"
    monkeypatch.setattr(list_errors, "_missed_more", lambda groups: [row for row in groups if row["caught"]])
    page = jabar.get(at).text
    summary = re.search(r"<details open><summary>([^<]*)</summary>\s*<div[^>]*><table>(.*?)</table>", page, re.S)
    assert summary is not None
    assert page.index(summary[0]) < page.index('name="periksa"')
    line = r'<tr><th scope="row">([^<]*)</th><td class="num">[^<]*</td>\s*<td class="num">(\d+)<br>'
    rows = {name: int(share) for name, share in re.findall(line, summary[2])}
    assert len(rows) > 3
    least = min(rows.values())
    begin = say.say("list.groups") + ": " + say.say("list.groups.worst", name="NAME", p=least, range="")
    name = summary[1].removeprefix(begin.partition("NAME")[0]).partition(",")[0]
    assert rows[name] == least
    assert f"{least} " in summary[1]
    assert page.count(summary[1].partition(": ")[2]) == 2, "the preview names it too"


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


@pytest.mark.parametrize(
    "typed", ["TW IV 2026", "Triwulan 4 2026", "tw iv/2026", "Q4 2026", "Quarter 4 2026", "2026q4"]
)
def test_a_quarter_is_typed_as_the_pages_write_it(jabar: TestClient, typed: str) -> None:
    answer = jabar.post("/daftar/baru/1", data=CHOICES | {"per": typed, "aksi": "lanjut"})
    at = answer.headers["location"]
    assert parse_qs(urlsplit(at).query)["per"] == ["2026Q4"], "rules and the API have one name of it"
    page = jabar.get(at.replace("/2?", "/1?")).text
    assert 'name="per" value="TW IV 2026"' in page
    assert "Misalnya TW IV 2026" in page
    jabar.cookies.set("bahasa", "en")
    assert 'name="per" value="Q4 2026"' in jabar.get(at.replace("/2?", "/1?")).text


def test_a_choice_that_is_changed_from_the_check_leads_back_to_it(jabar: TestClient) -> None:
    at = walk(jabar)
    changes = [unescape(own) for own in re.findall(r'href="(/daftar/baru/[123][?][^"]*)">Ubah', jabar.get(at).text)]
    assert {own[13] for own in changes} == {"1", "2", "3"}
    rules = next(own for own in changes if own.startswith("/daftar/baru/3"))
    page = jabar.get(rules).text
    assert "Kembali ke pemeriksaan</button>" in page
    assert "Lanjut</button>" not in page
    answers = {name: CHOICES[name] for name in ("urutan", "cadangan", "histeresis", "pita", "temuan")}
    back = jabar.post(rules, data=answers | {"acak": "4", "aksi": "lanjut"}).headers["location"]
    assert back.startswith("/daftar/baru/4?")
    assert "acak=4" in back
    assert "Kembali ke pemeriksaan" not in jabar.get(back).text
    assert 'href="/daftar/baru/3?' in jabar.get(back).text
    # Another area asks anew how many places there are.
    first = next(own for own in changes if own.startswith("/daftar/baru/1"))
    answers = {name: CHOICES[name] for name in ("nama", "per", "skema", "biaya")}
    asked = jabar.post(first, data=answers | {"wil": "3204", "aksi": "lanjut"}).headers["location"]
    assert asked.startswith("/daftar/baru/2?")
    done = jabar.post(asked, data={"kuota-3204": "3", "anggaran": "", "aksi": "lanjut"}).headers["location"]
    assert done.startswith("/daftar/baru/4?")


@pytest.mark.parametrize(("language", "told"), [
    ("id", "jumlah anggota belum tersedia untuk daftar ini; hubungi administrator"),
    ("en", "the number of members is not available for this list; ask the administrator"),
])  # fmt: skip
def test_an_order_that_cannot_be_used_says_so_where_it_is_chosen(
    jabar: TestClient, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, told: str
) -> None:
    at = walk(jabar).replace("/4?", "/3?")
    jabar.cookies.set("bahasa", language)
    assert f"({told})" in jabar.get(at).text
    answers = {name: CHOICES[name] for name in ("acak", "cadangan", "histeresis", "pita", "temuan")}
    sent = answers | {"urutan": "jumlah", "aksi": "lanjut"}
    refused = jabar.post(at, data=sent)
    assert (refused.status_code, refused.text.count(f": {told}.") >= 2) == (422, True), "summary and field"
    facts = tmp_path / "facts.csv"
    facts.write_text("household_id,size,gap\nAAAAAAAAAAAA,4,\n")
    read = read_facts(facts)
    assert read.amounts == ("size",), "a column of nothing is none"
    monkeypatch.setattr(type(office.office), "facts", lambda self: read)
    assert f"({told})" not in jabar.get(at).text
    assert jabar.post(at, data=sent).status_code == 303


@pytest.mark.parametrize(("other", "words"), [
    ({"kuota-32": "0"}, "Kuota nol"), ({"anggaran": "1000"}, "tidak cukup untuk satu tempat"),
])  # fmt: skip
def test_a_list_of_nobody_says_why_and_cannot_be_confirmed(jabar: TestClient, other: dict[str, str],
                                                           words: str) -> None:  # fmt: skip
    at = walk(jabar, **other)
    page = jabar.get(at).text
    for step in (2, 4):  # nobody on it is right or wrong
        assert "Dari 100 keluarga yang jatuh" not in jabar.get(at.replace("/baru/4", f"/baru/{step}")).text
    assert words in page[page.index("<h2>Konfirmasi daftar</h2>") :], "in the place of the button"
    assert 'value="konfirmasi"' not in page
    assert 'name="periksa"' not in page


@pytest.mark.parametrize(("step", "field", "value", "words"), [
    (1, "biaya", "banyak", "bilangan bulat"), (1, "per", "2026Q9", "harus triwulan seperti TW IV 2026"),
    (1, "per", "2026", "harus triwulan seperti TW IV 2026"), (1, "nama", "", "isi nama daftar"),
    (1, "skema", "PKH besar", "isi nama pendek"), (2, "anggaran", "-5", "bilangan bulat 0 sampai"),
    (1, "biaya", "1,5", "bilangan bulat 1 sampai"), (1, "biaya", "0", "bilangan bulat 1 sampai"),
    (1, "biaya", "99999999999999999", "1 sampai 1.000.000.000.000.000"),
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


@pytest.mark.parametrize("typed", ["3.5", "3,5", "3,5 %"])
def test_the_last_step_writes_a_share_as_its_language_does(jabar: TestClient, typed: str) -> None:
    at = walk(jabar, acak=typed)
    assert "3,5 %" in jabar.get(at).text
    jabar.cookies.set("bahasa", "en")
    assert "3.5 %" in jabar.get(at).text


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
    assert 'name="biaya" value="750.000"' in page, "as the hint above it writes money"
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
    # One of the same quarter is no last list.
    confirm(jabar, walk(jabar, nama="PKH Jawa Barat"))
    assert "D-2026-0001, Triwulan III 2026" in jabar.get("/daftar/baru/1").text
    page = jabar.get("/daftar/baru/1?versi=D-2026-0002").text
    assert "<dd>PKH Jawa Barat</dd>" in page
    assert ">Pakai setelan versi sebelumnya<" in page
    office.who = person(("officer", "3204"))
    assert "Pakai setelan" not in jabar.get("/daftar/baru/1").text, "one of more than their areas is none of theirs"


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
    drafts = jabar.get("/daftar?status=draf").text
    assert drafts.count("draft-") == drafts.count("draft-1")
    assert ">Draf 1</a>" in drafts, "an address is no name"


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


def test_a_new_version_keeps_name_quarter_area_and_scheme_of_its_list(jabar: TestClient) -> None:
    """Made a quarter later, after an objection, it would else move the list to the quarter of today."""
    confirm(jabar, walk(jabar, nama="PKH TW I", per="2027Q1", tanpa="ya"))
    page = jabar.get("/daftar/baru/1?versi=D-2026-0001").text
    for told in ("<dd>PKH TW I</dd>", "<dd>Triwulan I 2027</dd>", "<dd>Jawa Barat</dd>", "<dd>pkh</dd>"):
        assert told in page
    assert not re.search('name="(nama|per|wil|skema)"', page)
    link = re.search(r'href="(/daftar/baru/4[?][^"]+)">Pakai setelan versi sebelumnya', page)
    assert link is not None
    other = {"nama": "Lain", "per": "2026Q4", "wil": "3204", "skema": "sembako", "skema-2": "pbi"}
    for at in (unescape(link[1]), f"/daftar/baru/4?{listing.query(CHOICES | other, versi='D-2026-0001')}"):
        text = jabar.get(at).text
        assert "Triwulan I 2027" in text
        kept = text.partition('id="pilihan"')[2].partition("<dt>Skema")[0]
        assert ("Jawa Barat" in kept, "/daftar/baru/" in kept) == (True, False), "nothing of it to change"
    # What may differ is asked for, and an unticked box is none.
    sent = {"biaya": "800000", "per": "2026Q4", "wil": "3204", "aksi": "lanjut"}
    to = jabar.post("/daftar/baru/1?versi=D-2026-0001", data=sent).headers["location"]
    chosen = parse_qs(urlsplit(to).query, keep_blank_values=True)
    assert [chosen[name][0] for name in ("nama", "per", "wil", "skema", "biaya", "tanpa")] == [
        "PKH TW I", "2027Q1", "32", "pkh", "800000", ""]  # fmt: skip
    confirm(jabar, unescape(link[1]))
    assert "Triwulan I 2027" in jabar.get("/daftar/D-2026-0001?versi=2").text


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
    assert "Sembako (BPNT), Rp200.000 satu tempat" in page
    assert "8 tempat terisi" in page
    done = confirm(jabar, at)
    assert done.headers["location"].startswith("/daftar/D-2026-0001"), done.text
    told = jabar.get("/daftar/D-2026-0001").text
    assert "<dt>Anggaran Sembako (BPNT)</dt><dd>Rp1.000.000</dd>" in told
    assert ">Sembako (BPNT)<" in jabar.get("/daftar/D-2026-0001?tab=tempat").text
    end = jabar.get("/daftar/D-2026-0001?tab=batas").text
    assert "Sembako (BPNT): Kab. Sukabumi" in end
    assert "Gambar ini hanya batas PKH: Kab. Bogor, yang kuotanya terbesar." in end, "ranks are of one area"
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
    assert "Isian Anda dikembalikan" in found.text
    assert shown in found.text
    if step == 4:
        assert 'value="ya" checked' not in found.text, "a person checks again"
    assert "Isian Anda dikembalikan" not in late.get(back.headers["location"]).text, "once"


def test_families_on_another_list_of_the_quarter_and_scheme_are_told_before_confirming_and_kept(
    jabar: TestClient, office: Office
) -> None:
    told = '8 keluarga sudah ada di <span class="nowrap">D-2026-0001</span> untuk triwulan dan skema yang sama.'
    at = walk(jabar)
    assert "sudah ada di" not in jabar.get(at).text
    confirm(jabar, at)
    page = jabar.get(at).text
    assert page.count(told) == 1
    assert page.index(told) < page.index('value="konfirmasi"'), "above the button, on a phone too"
    assert "sudah ada di" not in jabar.get(walk(jabar, skema="sembako")).text, "another scheme"
    assert "sudah ada di" not in jabar.get(walk(jabar, per="2027Q1")).text, "another quarter"
    assert "sudah ada di" not in jabar.get(f"{at}&versi=D-2026-0001").text, "its own new version"
    assert confirm(jabar, at).headers["location"] == "/daftar/D-2026-0002?selesai=ya", "told, not refused"
    told = "Saat dikonfirmasi, 8 keluarganya juga ada di {} untuk triwulan dan skema yang sama."
    for end in ("", "/cetak"):
        shown = jabar.get(f"/daftar/D-2026-0002{end}").text
        assert told.format('<span class="nowrap">D-2026-0001 v1</span>') in shown, end
        assert "Saat dikonfirmasi" not in jabar.get(f"/daftar/D-2026-0001{end}").text, "the first one was alone then"
    assert told.format("D-2026-0001 v1") in jabar.get("/daftar/D-2026-0002.csv").text
    assert [(row.object, row._mapping["count"]) for row in office.rows() if row.act == "list.twice"] == [
        ("D-2026-0002 v1 & D-2026-0001 v1", 8)]  # fmt: skip


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


@pytest.mark.parametrize(("language", "told"), [
    ("id", "Berapa keluarga di daftar PKH yang sudah menerima PKH menurut data tidak ditampilkan."),
    ("en", "How many families on the list of PKH already receive PKH according to the data is not shown."),
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
    told = re.compile(r"Yang sudah menerima PKH menurut data, di daftar PKH: (\d+) keluarga")
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
    assert re.search(r"Tanpa penerima PKH</dt><dd>ya", page)
    assert "300 tempat terisi" in page
    ticked = client.get(left.replace("/4?", "/1?")).text
    assert re.search(r'name="tanpa" value="ya" checked', ticked)


def test_that_programmes_are_not_known_is_said(jabar: TestClient) -> None:
    page = jabar.get(walk(jabar)).text
    assert page.count("Tidak diketahui apakah keluarga di daftar PKH sudah menerima program") == 2


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
    assert re.search(r"<dt>Jenjang untuk PKH</dt><dd>Rentan", last)


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


@pytest.mark.parametrize(("language", "cost", "money", "told"), [
    ("id", "750,000", "3.000.000", ("PKH, Rp750.000", "Rp3.000.000")),
    ("en", "750,000", "3.000.000", ("PKH, Rp750,000", "Rp3,000,000")),
])  # fmt: skip
def test_rupiah_are_read_as_either_language_writes_them(
    jabar: TestClient, language: str, cost: str, money: str, told: tuple[str, str]
) -> None:
    jabar.get(f"/daftar?bahasa={language}")
    page = unescape(jabar.get(walk(jabar, biaya=cost, anggaran=money)).text)
    for own in told:
        assert own in page


@pytest.mark.parametrize("typed", ["750000", "750.000", "750,000", "Rp750.000", "Rp 750,000", " 750 000 "])
def test_a_whole_number_is_read_as_people_type_it(typed: str) -> None:
    assert formats.typed_whole(typed) == 750_000


@pytest.mark.parametrize("typed", ["750.00", "7,5", "1.250,000", "75.0000", "-750", "Rp", "12345678901234567"])
def test_what_is_no_whole_number_is_none(typed: str) -> None:
    assert formats.typed_whole(typed) is None
