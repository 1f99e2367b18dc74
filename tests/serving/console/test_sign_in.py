"""The sign-in pages as a browser meets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from serving.access import accounts
from serving.audit import trail
from tests.serving.console.office import PASSWORD, Office

OWN = {"Sec-Fetch-Site": "same-origin"}
NEW = "teh melati sore hari"
LOST = "Isian yang baru dikirim tidak disimpan; isi lagi setelah masuk."


@pytest.fixture
def browse(office: Office) -> Iterator[TestClient]:
    """A browser before the locked door; Dewi is hired as an officer of one regency."""
    office.locked()
    office.hire("rini", ("officer", "3204"))
    with TestClient(office.app, base_url="http://127.0.0.1:3000", headers={"Accept": "text/html"} | OWN,
                    follow_redirects=False) as client:  # fmt: skip
        yield client


def leads_to(text: str) -> str:
    found = re.search(r'name="ke" value="([^"]*)"', text)
    assert found is not None
    return found[1]


def token(text: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', text)
    assert found is not None
    return found[1]


def enter(client: TestClient, password: str = PASSWORD, **more: str) -> object:
    return client.post("/masuk", data={"akun": "rini", "sandi": password} | more)


@pytest.mark.parametrize("path", [
    "/ikhtisar", "/keluarga?prov=32", "/keluarga/7K3M9Q2PT5XA", "/keluarga/7K3M9Q2PT5XA/laporan", "/model",
    "/model/keadilan", "/bantuan", "/masuk/sandi",
])  # fmt: skip
def test_who_is_not_signed_in_is_sent_to_the_door_and_back(browse: TestClient, path: str) -> None:
    answer = browse.get(path)
    assert answer.status_code == 303
    door = answer.headers["location"]
    assert door.startswith("/masuk?ke=/")
    text = browse.get(door).text
    assert "Silakan masuk" in text or path == "/masuk/sandi"
    assert len(text.encode()) < 60_000


def test_that_answers_are_kept_is_said_after_a_form_was_kept_and_never_else(browse: TestClient, office: Office) -> None:
    kept = "disimpan 15 menit"
    for at in ("/masuk", "/masuk?ke=/daftar/baru/1", "/masuk?ke=/ikhtisar"):  # nobody has entered anything
        assert kept not in browse.get(at).text, at
    enter(browse)
    page = browse.get("/daftar/baru/1").text
    assert kept not in browse.get("/masuk?ke=/daftar/baru/1").text
    office.clock.time += timedelta(minutes=31)
    door = browse.get("/daftar/baru/1").headers["location"]
    assert kept not in browse.get(door).text, "a page asked for too late is no form"
    lost = browse.post("/keluarga", data={"csrf": token(page), "nomor": "3204123412341234"}).headers["location"]
    told = browse.get(lost).text
    assert (kept in told, LOST in told) == (False, True), "the look-up box is never kept"
    long = {"csrf": token(page), "nama": "n" * 30_000, "aksi": "lanjut"}
    told = browse.get(browse.post("/daftar/baru/1", data=long).headers["location"]).text
    assert (kept in told, LOST in told) == (False, True), "too long to keep"
    door = browse.post("/daftar/baru/1", data={"csrf": token(page), "nama": "Baru", "aksi": "lanjut"}).headers[
        "location"
    ]
    told = browse.get(door).text
    assert kept in told
    assert LOST not in told
    assert "Silakan masuk" in told
    assert kept in browse.post("/masuk", data={"akun": "rini", "sandi": "bukan ini sandinya", "ke": "/"}).text
    with TestClient(office.app, base_url="http://127.0.0.1:3000", headers={"Accept": "text/html"}) as other:
        assert kept not in other.get(door).text, "not to another browser"
    office.clock.time += timedelta(minutes=16)
    assert kept not in browse.get(door).text
    enter(browse)
    assert kept not in browse.get("/masuk").text


def test_a_form_that_is_sent_after_signing_out_elsewhere_is_told_as_not_saved(browse: TestClient) -> None:
    enter(browse)
    page = browse.get("/daftar/baru/1").text
    out = browse.post("/keluar", data={"csrf": token(page)}).headers["location"]
    assert LOST not in browse.get(out).text
    sent = browse.post("/daftar/baru/1", data={"csrf": token(page), "nama": "Baru", "aksi": "lanjut"}).headers[
        "location"
    ]
    assert sent.startswith("/masuk?ke=/daftar/baru/1")
    told = browse.get(sent).text
    assert LOST in told
    assert leads_to(told) == "/daftar/baru/1"
    english = re.findall(r'href="(\?[^"]*bahasa=en)"', told)[0].replace("&amp;", "&")
    told = browse.get(f"/masuk{english}", follow_redirects=True).text
    assert "What was just sent is not saved; fill it in again" in told
    browse.cookies.clear()
    for path in ("/keluar", "/masuk/tetap"):
        assert LOST not in browse.get(browse.post(path).headers["location"]).text, "nobody filled in anything there"
    assert LOST not in browse.get(browse.get("/daftar/baru/1").headers["location"]).text, "a page is no form"


def test_an_error_keeps_the_frame_of_who_is_signed_in(browse: TestClient) -> None:
    assert 'action="/keluar"' not in browse.get("/tidak-ada").text
    enter(browse)
    for path, status in (("/tidak-ada", 404), ("/keluarga/A2345678ABCD", 404), ("/admin/orang", 403),
                         ("/daftar?sebelum=x", 400)):  # fmt: skip
        answer = browse.get(path)
        assert answer.status_code == status, path
        assert "Galat:" in answer.text
        for part in ("Rini", 'action="/keluar"', 'href="/keluarga"'):
            assert part in answer.text, (path, part)
        assert "Pembukaan halaman ini dicatat" not in answer.text
        assert answer.headers["cache-control"] == "no-store"


def test_the_right_pair_leads_to_where_one_wanted_and_out_again(browse: TestClient, office: Office) -> None:
    answer = enter(browse, ke="/keluarga?prov=32")
    assert (answer.status_code, answer.headers["location"]) == (303, "/keluarga?prov=32")  # type: ignore[attr-defined]
    cookie = answer.headers["set-cookie"]  # type: ignore[attr-defined]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    page = browse.get("/ikhtisar")
    assert page.status_code == 200
    assert "Rini" in page.text
    assert browse.post("/masuk/tetap", data={"csrf": "x"}).status_code == 403
    assert browse.post("/masuk/tetap", data={"csrf": token(page.text)}, headers={"Accept": "*/*"}).status_code == 204
    assert browse.post("/keluar", data={}).status_code == 403
    left = browse.post("/keluar", data={"csrf": token(page.text)})
    assert (left.status_code, left.headers["location"]) == (303, "/masuk")
    assert browse.get("/ikhtisar").headers["location"].startswith("/masuk")
    assert [row.act for row in office.rows()][-2:] == ["session.begin", "session.end"]


@pytest.mark.parametrize("ke", ["https://jahat.example/", "//jahat.example", "/\\jahat.example", "/keluar", "/masuk/x",
                                "/v1/households", "javascript:alert(1)"])  # fmt: skip
def test_nobody_is_sent_on_to_another_place(browse: TestClient, ke: str) -> None:
    assert enter(browse, ke=ke).headers["location"] == "/ikhtisar"  # type: ignore[attr-defined]
    page = browse.get("/masuk", params={"ke": ke}).text
    assert 'name="ke" value="/ikhtisar"' in page
    # The link to the other language carries the checked one too.
    assert re.findall(r'href="([^"]*)bahasa=', page) == ["?ke=%2Fikhtisar&amp;"]


def test_a_wrong_pair_has_one_text_and_the_lock_tells_its_minutes(browse: TestClient, office: Office) -> None:
    wrong = enter(browse, "bukan ini sandinya")
    nobody = browse.post("/masuk", data={"akun": "siapa", "sandi": "bukan ini sandinya"})
    for answer in (wrong, nobody):
        assert answer.status_code == 401  # type: ignore[attr-defined]
        text = answer.text  # type: ignore[attr-defined]
        assert text.count("Akun atau kata sandi tidak cocok.") == 2, "the summary and the field say the same"
        assert "Galat: Masuk" in text
        assert "bukan ini sandinya" not in text
    for _ in range(12):
        last = enter(browse, "bukan ini sandinya")
    assert last.status_code == 429  # type: ignore[attr-defined]
    assert re.search(r"Coba lagi dalam \d+ menit", last.text)  # type: ignore[attr-defined]
    assert int(last.headers["retry-after"]) > 0  # type: ignore[attr-defined]
    browse.cookies.set("bahasa", "en")
    assert re.search(r"Try again in \d+ minutes", enter(browse).text)  # type: ignore[attr-defined]


def test_another_site_cannot_sign_anybody_in(browse: TestClient) -> None:
    sent = {"akun": "rini", "sandi": PASSWORD}
    other = browse.post("/masuk", data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert (other.status_code, "Formulir tidak diterima" in other.text) == (403, True)


def test_the_first_password_has_to_be_changed(browse: TestClient, office: Office) -> None:
    _, made = accounts.add(office.store, trail.terminal("operator"), "sari", "Sari")
    assert made is not None
    answer = browse.post("/masuk", data={"akun": "sari", "sandi": made, "ke": "/keluarga"})
    assert answer.headers["location"] == "/masuk/sandi?ke=/keluarga"
    assert browse.get("/bantuan?a=1").headers["location"] == "/masuk/sandi?ke=/bantuan%3Fa%3D1"
    page = browse.get("/masuk/sandi?ke=/bantuan").text
    assert 'href="?ke=%2Fbantuan&amp;bahasa=en"' in page, "the page in the other language leads on to the same one"
    assert "12 sampai 256 karakter, tidak memuat nama akun" in page
    sent = {"csrf": token(page), "lama": made, "baru": NEW, "ulang": NEW, "ke": leads_to(page)}
    assert "harus sama dengan kata sandi baru" in browse.post("/masuk/sandi", data=sent | {"ulang": "lain"}).text
    short = browse.post("/masuk/sandi", data=sent | {"baru": "pendek", "ulang": "pendek"})
    assert (short.status_code, leads_to(short.text)) == (422, "/bantuan")
    assert "harus 12 sampai 256 karakter" in short.text
    assert browse.post("/masuk/sandi", data=sent | {"lama": "salah"}).status_code == 401
    done = browse.post("/masuk/sandi", data=sent)
    assert (done.status_code, done.headers["location"]) == (303, "/bantuan"), "what was asked for before the change"
    assert browse.get("/bantuan").status_code == 200
    assert browse.get("/ikhtisar").status_code == 403, "an account without a role sees nothing"


def test_there_is_no_way_to_a_provider_where_none_is_set(browse: TestClient) -> None:
    assert "akun instansi" not in browse.get("/masuk").text
    assert browse.get("/masuk/instansi").status_code == 404
    assert browse.get("/masuk/kembali").status_code == 404


def test_a_form_of_an_earlier_session_keeps_its_answers_for_who_is_signed_in_again(
    browse: TestClient, office: Office
) -> None:
    enter(browse)
    at = "/daftar/baru/1?wil=3204"
    old = token(browse.get(at).text)
    browse.post("/keluar", data={"csrf": old})
    enter(browse)
    told = browse.post(at, data={"csrf": old, "nama": "Bantuan beras", "aksi": "lanjut"})
    assert told.status_code == 403
    assert "isian Anda tetap ada" in told.text
    assert f'href="{at}"' in told.text
    assert 'value="Bantuan beras"' in browse.get(at).text
    assert 'value="Bantuan beras"' not in browse.get(at).text, "given back once"


@pytest.mark.parametrize(("sent", "headers"), [
    ({}, {"Sec-Fetch-Site": "cross-site"}), ({}, {"Sec-Fetch-Site": "same-site"}), ({"csrf": ""}, {}),
    ({"nama": "n" * 30_000}, {}),
])  # fmt: skip
def test_what_another_site_sends_or_cannot_be_kept_is_neither_kept_nor_promised(
    browse: TestClient, sent: dict[str, str], headers: dict[str, str]
) -> None:
    enter(browse)
    told = browse.post("/daftar/baru/1", data={"csrf": "0" * 64, "nama": "Bantuan beras"} | sent, headers=headers)
    assert told.status_code == 403
    assert "tidak ada yang tersimpan" in told.text
    assert "Bantuan beras" not in browse.get("/daftar/baru/1").text


def test_the_look_up_box_keeps_nothing_of_an_earlier_session(browse: TestClient) -> None:
    enter(browse)
    told = browse.post("/keluarga", data={"csrf": "0" * 64, "nomor": "7K3M9Q2PT5XA"})
    assert "tidak ada yang tersimpan" in told.text
    assert "7K3M" not in browse.get("/keluarga").text


def test_what_is_not_filled_in_is_told_in_the_words_of_the_page_and_is_no_failed_try(browse: TestClient) -> None:
    form = browse.get("/masuk").text
    assert re.search(r'<form [^>]*action="/masuk"[^>]* novalidate', form), "the browser's own words would come first"
    for _ in range(6):
        told = browse.post("/masuk", data={"akun": "rini", "sandi": ""})
    assert told.status_code == 422
    assert '<a href="#sandi">Kata sandi: wajib diisi.</a>' in told.text
    assert 'id="akun-why"' not in told.text
    both = browse.post("/masuk", data={"akun": " ", "sandi": ""}).text
    assert both.index("Akun: wajib diisi.") < both.index("Kata sandi: wajib diisi.")
    assert enter(browse).status_code == 303, "nobody is locked out by it"  # type: ignore[attr-defined]
