"""Lists from the builder to the exported file, over HTTP and without a script."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from tests.serving.console.office import Office, person

CHOICES = {"nama": "PKH TW IV", "per": "2026Q4", "skema": "pkh", "biaya": "750.000", "wil": "32", "kuota-32": "8",
           "anggaran": "", "urutan": "risiko", "acak": "3", "cadangan": "10", "histeresis": "20",
           "pita": "5"}  # fmt: skip


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
    for step, names in ((1, ("nama", "per", "skema", "biaya", "wil")), (2, ("kuota-32", "anggaran")),
                        (3, ("urutan", "acak", "cadangan", "histeresis", "pita"))):  # fmt: skip
        answer = ask.post(at, data={name: chosen[name] for name in names} | {"aksi": "lanjut"})
        assert answer.status_code == 303, (step, re.findall(r'class="why"[^>]*>([^<]*)', answer.text))
        at = answer.headers["location"]
    return at


def confirm(ask: TestClient, at: str, **other: Any) -> Any:
    page = ask.get(at).text
    sent = {name: hidden(page, name) for name in ("kunci", "daftar", "skor")}
    return ask.post(at, data=sent | {"alasan": "kuota triwulan", "periksa": "ya", "aksi": "konfirmasi"} | other)


def test_a_list_is_built_confirmed_shown_printed_and_exported(jabar: TestClient, office: Office) -> None:
    at = walk(jabar)
    page = jabar.get(at).text
    assert "8 tempat terisi" in page
    assert "Batas daftar" in page
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
    assert len(re.findall(r'<th scope="row">\d+</th>', paper)) == 9, "eight places and one of the reserve"
    csv = jabar.get("/daftar/D-2026-0001.csv")
    assert 'filename="sintetis_daftar_D-2026-0001_v1.csv"' in csv.headers["content-disposition"]
    assert csv.text.lstrip("\ufeff").startswith("DATA SINTETIS")
    book = openpyxl.load_workbook(io.BytesIO(jabar.get("/daftar/D-2026-0001.xlsx").content))
    assert book.active.max_row == csv.text.count("\r\n")
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
    assert "harus diperiksa dulu" in unticked.text
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
    (1, "biaya", "banyak", "bilangan bulat"), (1, "per", "2026Q9", "triwulan"), (1, "nama", "", "harus satu baris"),
    (2, "kuota-32", "-3", "bilangan bulat"), (3, "acak", "80", "0,02 sampai 0,05"),
    (3, "pita", "x", "bilangan bulat"),
])  # fmt: skip
def test_a_wrong_choice_is_told_at_its_field_and_nothing_is_lost(
    jabar: TestClient, step: int, field: str, value: str, words: str
) -> None:
    answer = jabar.post(f"/daftar/baru/{step}", data=CHOICES | {field: value, "aksi": "lanjut"})
    assert answer.status_code == 422
    assert answer.text.count(words) >= 2, "summary and field"
    if step == 1:
        assert 'name="skema" value="pkh"' in answer.text, "another answer of the same step is lost"


def test_the_preview_comes_alone_and_last_quarters_choices_lead_to_the_last_step(jabar: TestClient) -> None:
    answer = jabar.post("/daftar/baru/pratinjau", data=CHOICES, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="pratinjau"' in answer.text
    assert "8 tempat terisi" in answer.text
    assert "<html" not in answer.text
    assert "8 tempat terisi" in jabar.post("/daftar/baru/3", data=CHOICES | {"aksi": "hitung"}).text
    confirm(jabar, walk(jabar))
    page = jabar.get("/daftar/baru/1").text
    link = re.search(r'href="(/daftar/baru/4\?[^"]+)">Pakai setelan triwulan lalu', page)
    assert link is not None
    again = confirm(jabar, link[1].replace("&amp;", "&"))
    assert again.headers["location"].startswith("/daftar/D-2026-0002")


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
