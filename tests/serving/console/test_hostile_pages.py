"""Pages asked for with names, filters and forms that nobody's page sends, found in the app itself."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from tests.serving.console.lists import confirm, hidden, walk
from tests.serving.console.office import Office, person
from tests.serving.console.test_cases_pages import house, lodge

__all__ = ["house"]
STRINGS = ("../../etc/passwd", "' OR '1'='1", "1; DROP TABLE lists--", "\x00", "\U0001f4a9", "{{7919*7919}}",
           "${7919*7919}", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "=HYPERLINK(1)", "%00", "-1",
           "9" * 400, "٣٢", "a" * 9000, "\u202e", "D-2026-0001' --", "//evil.example",
           "\r\nX-Injected: yes")  # fmt: skip
QUERIES = ("prov", "kab", "kec", "tingkat", "jenis", "ubah", "periksa", "setelah", "sebelum", "wilayah", "ukuran",
           "peta", "tab", "status", "tenggat", "tersimpan", "selesai", "nama", "per", "skema", "biaya", "wil",
           "kuota-32", "anggaran", "urutan", "acak", "cadangan", "histeresis", "pita", "aksi", "sejak", "hingga",
           "ke", "bahasa", "tanda")  # fmt: skip


def paths(office: Office, method: str) -> list[str]:
    """Routes of pages and of the app's own files."""
    found = [route.path for route in office.inner.routes if isinstance(route, APIRoute) and method in route.methods
             and not route.path.startswith("/v1")]  # fmt: skip
    assert len(found) > 8
    return found


def holds(answer: Any, text: str) -> None:
    """Nothing broke, and what was sent stands nowhere in the page as it was sent, nor in a header."""
    assert answer.status_code < 500, (answer.request.url, text)
    assert "X-Injected" not in answer.headers
    assert not answer.headers.get("location", "").startswith("//")
    if "<" in text:
        assert text not in answer.text
    assert "62710561" not in answer.text, "what was sent was worked out"
    assert "Traceback" not in answer.text


ROLES = ("officer", "verifier", "analyst", "administrator")


@pytest.mark.slow
def test_no_text_in_a_name_or_a_filter_breaks_a_page(ask: TestClient, office: Office) -> None:
    """All of it by the first role that a page is open to; the others meet a part, each another."""
    for path in paths(office, "GET"):
        taken = False
        for at, role in enumerate(ROLES):
            office.who = person((role, ""))
            plain = re.sub(r"\{\w+[^}]*\}", "1", path)
            whole = not taken and ask.get(plain).status_code != 403
            taken |= whole
            for number, text in enumerate(STRINGS):
                if "{" in path and (whole or number % len(ROLES) == at):
                    holds(ask.get(re.sub(r"\{\w+[^}]*\}", quote(text, safe=""), path)), text)
            for number, key in enumerate(QUERIES):
                text = STRINGS[(number + len(path)) % len(STRINGS)]
                if whole or number % len(ROLES) == at:
                    holds(ask.get(plain, params={key: text}), text)


def test_no_text_in_a_form_breaks_a_page(ask: TestClient, office: Office, house: dict[str, Any]) -> None:
    code = house["household_id"]
    fields = ("nomor", "hasil", "tanggal", "catatan", "kunci", "kunjungan", "pindah", "bantuan", "salah-rooms", "jenis",
              "pemohon", "saluran", "aksi", "nama", "kuota-32", "alasan", "periksa", "daftar", "skor", "akun", "sandi",
              "ke", "fakta", "changed")  # fmt: skip
    for path in paths(office, "POST"):
        at = re.sub(r"\{kode\}", code, path)
        for text in STRINGS:
            holds(ask.post(re.sub(r"\{\w+[^}]*\}", "1", at), data=dict.fromkeys(fields, text)), text)
    form = "application/x-www-form-urlencoded"
    for body, kind in ((b"\xff" * 5000, form), (b"a=1&" * 20_000, form), (b"{}", "application/json"),
                       (b"--x\r\n", "multipart/form-data; boundary=x"),
                       (b"--x\r\nContent-Disposition: form-data; name=nomor; filename=../../x\r\n\r\n" + b"a" * 9000 +
                        b"\r\n--x--", "multipart/form-data; boundary=x")):  # fmt: skip
        for path in ("/keluarga", f"/keluarga/{code}/kunjungan/baru", "/daftar/baru/1", "/masuk"):
            assert ask.post(path, content=body, headers={"Content-Type": kind}).status_code < 500, (path, kind)


def test_no_form_is_read_by_the_framework_without_a_limit_of_time(office: Office) -> None:
    routes = [route for route in office.inner.routes if isinstance(route, APIRoute)]
    assert not [route.path for route in routes if route.dependant.body_params], "read it by serving.api.bodies"


@pytest.mark.parametrize(("key", "value"), [
    ("berapa", "9" * 5000), ("berapa", "-1"), ("ubah", "9" * 25), ("ubah", "9" * 5000), ("ubah", "\u0663"),
    ("wil", ",".join(["3201"] * 601)),
])  # fmt: skip
def test_a_number_of_the_builder_that_no_form_sends_is_refused_with_words(jabar: TestClient, key: str,
                                                                          value: str) -> None:  # fmt: skip
    at = walk(jabar)
    kept = jabar.post(at, data={"kunci": hidden(jabar.get(at).text, "kunci"), "aksi": "draf"}).headers["location"]
    for step in (1, 4):
        assert jabar.get(f"/daftar/baru/{step}", params={key: value}).status_code == 400
        sent = jabar.post(f"/daftar/baru/{step}?{kept.partition('?')[2]}", data={key: value, "kunci": "k" * 22,
                                                                                 "aksi": "draf"})  # fmt: skip
        assert sent.status_code == 400
        assert key in sent.text


@pytest.mark.parametrize("field", ["biaya", "dana", "anggaran", "kuota-32", "acak", "pita", "hari"])
def test_an_amount_of_too_many_digits_is_refused_with_words(jabar: TestClient, field: str) -> None:
    at, more = walk(jabar), {field: "9" * 5000, "guncangan": "job_loss"}
    page = jabar.get(at, params=dict(parse_qsl(urlsplit(at).query)) | more)
    assert page.status_code == 200
    assert 'value="konfirmasi"' not in page.text
    told = jabar.post(at, data=more | {"acak": more.get("acak", "3"), "kunci": "k" * 22, "aksi": "draf"})
    assert told.status_code == 422
    assert any(words in told.text for words in ("harus", "isi bilangan bulat")), "what to write is said"


def test_what_lies_in_another_province_is_on_no_page_by_its_id(jabar: TestClient, office: Office,
                                                               house: dict[str, Any]) -> None:  # fmt: skip
    """On every page that takes an id, GET and POST, an answer like that for what is not there at all."""
    lodge(jabar, house)
    done = confirm(jabar, walk(jabar))
    assert done.status_code == 303, done.text
    mine = {"kode": house["household_id"], "no": "D-2026-0001", "code": house["household_id"]}
    none = {"kode": "A2345678ABCD", "no": "D-2026-0999", "code": "A2345678ABCD"}
    for who in (person(("officer", "16")), person(("verifier", "1671"))):
        office.who = who
        before = [row for row in office.rows() if house["household_id"] in (row.object, row.households)]
        tried = 0
        for method in ("GET", "POST"):
            for path in paths(office, method):
                if "{kode}" not in path and "{no}" not in path:
                    continue
                tried += 1
                kind = "S" if "sanggah/{no}" in path else "D"
                told = [jabar.request(method, path.format(**{**names, "no": kind + names["no"][1:]}),
                                      data={"kunci": "kunci-dari-luar"} if method == "POST" else None)
                        for names in (mine, none)]  # fmt: skip
                assert {answer.status_code for answer in told} <= {403, 404}, (method, path)
                assert told[0].status_code == told[1].status_code, (method, path)
                assert house["household_id"] not in told[0].text
        assert tried >= 8
        since = [row for row in office.rows() if house["household_id"] in (row.object, row.households)][len(before) :]
        assert all(row.result == "refused" for row in since), "a try is in the log as one that was refused"
