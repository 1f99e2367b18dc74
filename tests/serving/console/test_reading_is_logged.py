"""What the foot of a page says is true: one reading, one row of the audit log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from features import registry
from serving.scores import scores
from tests.serving.console.office import Office, person


@pytest.fixture
def code(published: Path) -> str:
    with scores.open(published / "scores") as own:
        return str(own.top(1, regency="3204")[0]["household_id"])


def test_each_reading_page_writes_one_row(ask: TestClient, office: Office, code: str) -> None:
    for path, act, households in (
        (f"/keluarga/{code}", "household.see", ()), (f"/keluarga/{code}/laporan", "household.report", ()),
        ("/keluarga?prov=32", "household.find", 25),
    ):  # fmt: skip
        before = len(office.rows())
        answer = ask.get(path)
        assert answer.status_code == 200
        assert "Pembukaan halaman ini dicatat." in answer.text
        rows = office.rows()[before:]
        assert [(row.act, row.account) for row in rows] == [(act, "dewi")]
        if households:
            shown = [own for own in rows[0].households.split() if f"/keluarga/{own}" in answer.text]
            assert len(shown) == households
        else:
            assert (rows[0].object, rows[0].regency) == (code, "3204")


def test_a_look_up_is_logged_and_a_miss_without_what_was_typed(ask: TestClient, office: Office, code: str) -> None:
    assert ask.post("/keluarga", data={"nomor": code}).headers["location"] == f"/keluarga/{code}"
    missed = ask.post("/keluarga", data={"nomor": "3204010101010001"})
    assert missed.status_code == 404
    assert "<table" not in missed.text, "a miss shows no other family"
    found, lost = office.rows()[-2:]
    assert (found.object, found.count) == (code, 1)
    assert (lost.object, lost.count, lost.households, lost.result) == ("", 0, "", "refused")


def test_who_looked_at_a_family_is_answered_whole(ask: TestClient, office: Office) -> None:
    listed = ask.get("/keluarga?prov=32").text
    code = str(re.findall(r'href="/keluarga/([0-9A-Z]{12})"', listed)[3])
    ask.get(f"/keluarga/{code}")
    ask.get("/kunjungan")  # shows none of it
    office.who = person(("officer", "16"))
    assert ask.get(f"/keluarga/{code}").status_code == 404
    office.who = person(("administrator", ""))
    page = ask.get(f"/admin/audit?objek={code[:4]}-{code[4:8]}-{code[8:]}").text
    assert re.findall(r'<span class="small quiet hash">([a-z]+\.[a-z_]+)</span>', page) == [
        "household.see", "household.see", "household.find"]  # fmt: skip
    assert "Melihat hasil pencarian keluarga" in page
    assert page.count("Ditolak") == 1
    assert "Semua baris tentang keluarga ini" in page
    assert "Semua baris tentang keluarga ini" not in ask.get("/admin/audit?objek=dewi").text
    bent = ask.get("/admin/audit?objek=%00x").text
    assert not re.findall(r'<span class="small quiet">[a-z]+\.[a-z_]+</span>', bent), "it fits no row, not every one"
    rows = ask.get(f"/admin/audit.csv?objek={code}").text.splitlines()
    assert sum("household." in row for row in rows) == 3


def test_the_report_tells_by_which_role_and_when_the_page_was_opened(ask: TestClient, office: Office,
                                                                     code: str) -> None:  # fmt: skip
    ask.get(f"/keluarga/{code}")
    office.who = person(("verifier", "32"))
    ask.get(f"/keluarga/{code}")
    told = ask.get(f"/keluarga/{code}/laporan").text
    assert "verifikator, 28 November 2026 (2 kali); petugas, 28 November 2026." in told
    office.clock.move(days=1)
    office.who = person(("officer", "32"), ("verifier", "32"), ("analyst", "32"))
    told = ask.get(f"/keluarga/{code}/laporan").text
    assert "petugas/verifikator, 29 November 2026;" in told, "one reader, by the roles that open families"
    assert "analis" not in told[told.index("petugas/verifikator") :].partition("</p>")[0]
    office.who = person(("verifier", "32"))
    office.clock.move(days=1)
    ask.cookies.set("bahasa", "en")
    assert "verifier, 30 November 2026, 28 November 2026 (2 times)" in ask.get(
        f"/keluarga/{code}/laporan").text  # fmt: skip


def test_the_report_tells_what_else_is_held_and_how_to_get_it(ask: TestClient, code: str) -> None:
    bare = ask.get(f"/keluarga/{code}/laporan").text
    assert "tidak ada dalam daftar yang dikonfirmasi" in bare
    form = ask.get(f"/keluarga/{code}/kunjungan/baru").text
    key = re.search(r'name="kunci" value="([^"]*)"', form)
    assert key is not None
    ask.post(f"/keluarga/{code}/kunjungan/baru", data={"kunci": key[1], "hasil": "below", "tanggal": "2026-11-27"})
    told = ask.get(f"/keluarga/{code}/laporan").text
    assert "Menurut kunjungan 27 November 2026, keluarga ini di bawah garis kemiskinan." in told
    assert re.search(r"Kunjungan</strong>: Di bawah garis, 27 November 2026", told)
    count = len(registry.select("registry"))
    assert f"Model melihat {count} hal" in told
    assert "Bahan lantai" in told, "every thing by name, also those that this family is not told of"
    assert "3 x 24 jam" in told


def test_nothing_is_shown_that_cannot_be_logged(ask: TestClient, office: Office, code: str, tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    with office.store.writing() as connection:
        connection.execute(text("DROP TABLE audit_heads"))
    answer = ask.get(f"/keluarga/{code}")
    assert answer.status_code >= 500
    assert "dari 100" not in answer.text
