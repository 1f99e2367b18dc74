"""Every form tells all that is wrong with it at once, above and beside each field, and keeps the answers."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.serving import stores
from tests.serving.console.lists import confirm, hidden, walk
from tests.serving.console.office import PASSWORD, Office, person
from tests.serving.console.test_admin_pages import chief, do
from tests.serving.console.test_cases_pages import house, visit
from tests.serving.console.test_sign_in import browse, enter, token

__all__ = ["browse", "chief", "house"]
NIK = "NIK 3204 0101 0101 0001"


def told(answer: Any, *fields: str) -> str:
    """The page, whose summary names just these fields, and each of them says what is wrong with it."""
    page: str = answer.text
    assert answer.status_code == 422, page[:500]
    assert "Galat:" in page
    summary = re.search(r'<div class="errors" role="alert" tabindex="-1" id="errors">.*?</div>', page, re.S)
    assert summary is not None
    links = re.findall(r'<a href="#([^"]+)">([^<]+)</a>', summary[0])
    assert [name for name, _ in links] == [*fields]
    for name, sentence in links:
        assert len(re.findall(f'id="{name}"', page)) == 1, f"{name} is no place of the page"
        why = re.search(f'id="{name}-why">([^<]*)<', page)
        assert why is not None, f"nothing stands beside {name}"
        assert why[1] == sentence
        assert re.search(rf'aria-describedby="[^"]*\b{name}-why"', page), f"{name} is not described"
    # A group of fields has no such mark; those within it do.
    assert page.count('aria-invalid="true"') >= len(fields) - ("salah" in fields)
    return page


def test_a_visit(jabar: TestClient, house: dict[str, Any]) -> None:
    code = house["household_id"]
    told(visit(jabar, code, tanggal="kemarin", catatan=NIK, bantuan=NIK), "hasil", "tanggal", "catatan", "bantuan")
    facts = re.findall(r'name="(salah-[^"]+)"', jabar.get(f"/keluarga/{code}/kunjungan/baru").text)[:2]
    wrong = {facts[0]: NIK, facts[-1]: "4"} if len(facts) > 1 else {facts[0]: NIK}
    page = told(visit(jabar, code, hasil="wrong", tanggal="2027-01-01", **wrong), facts[0], "tanggal")
    assert f'value="{NIK}"' in page
    assert 'value="wrong" checked' in page
    told(visit(jabar, code, hasil="wrong", catatan=NIK), "salah", "catatan")


def test_the_correction_of_a_visit(jabar: TestClient, house: dict[str, Any]) -> None:
    assert visit(jabar, house["household_id"], hasil="above").status_code == 303
    form = jabar.get("/kunjungan/1/perbaiki").text
    sent = {"kunci": hidden(form, "kunci"), "tanggal": "", "catatan": NIK}
    told(jabar.post("/kunjungan/1/perbaiki", data=sent), "hasil", "tanggal", "catatan")


def test_an_objection_and_its_decision(jabar: TestClient, office: Office, house: dict[str, Any]) -> None:
    at = f"/keluarga/{house['household_id']}/sanggah/baru"
    key = hidden(jabar.get(at).text, "kunci")
    page = told(jabar.post(at, data={"kunci": key, "catatan": NIK, "bukti": "photo"}), "jenis", "pemohon", "saluran",
                "catatan")  # fmt: skip
    assert 'value="photo" checked' in page
    sent = {"kunci": key, "jenis": "data", "pemohon": "family", "catatan": NIK}
    told(jabar.post(at, data=sent), "fakta", "saluran", "catatan")
    sound = sent | {"jenis": "proposal", "saluran": "counter", "catatan": ""}
    case = jabar.post(at, data=sound).headers["location"].partition("?")[0]
    with office.store.writing() as connection:
        office.who = replace(person(("verifier", "32")), person=stores.person(connection, "sari"))
    seen = {"ubah": hidden(jabar.get(case).text, "ubah")}
    page = told(jabar.post(case, data=seen | {"kunci": "a" * 20, "aksi": "putus"}), "putusan", "alasan")
    page = told(jabar.post(case, data=seen | {"kunci": "b" * 20, "aksi": "tahap", "tahap": "lodged", "keadaan": "x",
                                              "catatan": NIK}), "tahap", "keadaan", "catatan")  # fmt: skip
    assert NIK in page


def test_people_and_what_they_may(chief: TestClient) -> None:
    page = told(do(chief, "add", "Ti na", nama=" ", masuk="pintu"), "akun", "nama", "masuk")
    assert 'value="ti na"' in page.lower()
    do(chief, "add", nama="Rini")
    page = told(do(chief, "grant", peran="raja", wilayah="3"), "peran-1", "wilayah-1")
    assert 'value="3"' in page
    assert "<details open><summary>Ubah" in page
    told(do(chief, "lock", ulang="salah"), "ulang-1-lock")
    do(chief, "grant", peran="officer", wilayah="3204")
    told(do(chief, "revoke", peran="officer", wilayah="3204", ulang="salah"), "ulang-1-revoke-1")


def test_tokens(chief: TestClient, office: Office) -> None:
    sent = {"aksi": "make", "akun": "siapa", "label": NIK, "wilayah": "3", "hari": "x", "cakupan": "root"}
    page = told(chief.post("/admin/token", data=sent), "akun", "label", "cakupan", "wilayah", "hari")
    assert 'value="siapa"' in page
    office.hire("rini", ("officer", "32"), password=None)
    sound = sent | {"akun": "rini", "label": "SIKS", "wilayah": "32", "hari": "9", "cakupan": "lists.read"}
    made = chief.post("/admin/token", data=sound).text
    prefix = re.search(r"jaga_([a-z0-9]{8})_", made)
    assert prefix is not None
    gone = {"aksi": "revoke", "akun": "rini", "awalan": prefix[1], "ulang": "bukan"}
    assert 'value="bukan"' in told(chief.post("/admin/token", data=gone), "ulang-token-1")


def test_a_new_password(browse: TestClient) -> None:
    enter(browse)
    word = token(browse.get("/masuk/sandi").text)
    sent = {"csrf": word, "lama": "bukan ini", "baru": "pendek", "ulang": "lain"}
    page = told(browse.post("/masuk/sandi", data=sent), "lama", "baru", "ulang")
    for secret in ("bukan ini", "pendek"):
        assert f'value="{secret}"' not in page
    assert browse.post("/masuk/sandi", data=sent | {"baru": PASSWORD, "ulang": PASSWORD}).status_code in (401, 422)


def test_the_steps_of_a_list_and_its_confirmation(jabar: TestClient) -> None:
    at = "/daftar/baru/1"
    sent = {"nama": " ", "per": "besok", "skema": "=1", "biaya": "x", "kunci": "a" * 20}
    for act in ("lanjut", "draf"):
        told(jabar.post(at, data=sent | {"aksi": act}), "nama", "per", "skema", "biaya", "wil")
    answer = confirm(jabar, walk(jabar), alasan="", periksa="")
    told(answer, "alasan", "periksa")


@pytest.mark.parametrize("act", ["jalankan", "hitung"])
def test_a_scenario(jabar: TestClient, office: Office, act: str) -> None:
    office.who = person(("analyst", ""))
    sent = {"tahun": "x", "undian": "0", "dari-a": "1", "skema-a": "apa", "desil-a": "11", "guncangan-1": "apa",
            "peluang-1": "banyak", "aksi": act, "wilayah": "32", "kunci": "a" * 20}  # fmt: skip
    answer = jabar.post("/skenario/baru", data=sent)
    names = re.findall(r'<li><a href="#([^"]+)"', answer.text)
    assert {"tahun", "undian", "skema-a", "desil-a", "guncangan-1", "peluang-1"} <= {*names}
    told(answer, *names)
    chance = re.compile(r"<details( open)?><summary>Undian dan benih")
    assert chance.search(answer.text)[1], "a field that is wrong is not folded away"  # type: ignore[index]
    answer = jabar.post("/skenario/baru", data=sent | {"undian": "100"})
    assert chance.search(answer.text)[1] is None  # type: ignore[index]


def test_no_form_is_held_back_by_the_browser_which_tells_one_fault_at_a_time(
    jabar: TestClient, office: Office, house: dict[str, Any]
) -> None:
    code = house["household_id"]
    paths = [f"/keluarga/{code}/kunjungan/baru", f"/keluarga/{code}/sanggah/baru", "/daftar/baru/1"]
    pages = [jabar.get(path).text for path in paths]
    for page in pages:
        for form in re.findall(r'<form[^>]*method="post"[^>]*>.*?</form>', page, re.S):
            if re.search(r"<(?:input|textarea|select)[^>]* required", form):
                assert "novalidate" in form.partition(">")[0], form[:200]
