"""People, roles and the audit log, over HTTP."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from typing import Any

import pytest
from markupsafe import escape
from sqlalchemy import text
from starlette.testclient import TestClient

from serving.access.oidc import Provider
from serving.access.oidc_settings import Settings as OidcSettings
from serving.access.rights import ACTS, ROLE_NAMES, ROLES
from serving.audit import export, trail
from serving.console.pages.audit import RIGHTS
from serving.console.strings import catalogue
from serving.store import people
from tests.conftest import ROOT
from tests.serving.console.office import Office, person


@pytest.fixture
def chief(ask: TestClient, office: Office) -> TestClient:
    office.hire("tina", ("administrator", ""))
    office.who = person(("administrator", ""))
    return ask


def do(ask: TestClient, act: str, account: str = "rini", **more: str) -> object:
    return ask.post("/admin/orang", data={"aksi": act, "akun": account} | more)


def test_a_person_is_added_given_a_role_locked_and_unlocked(chief: TestClient, office: Office) -> None:
    made = do(chief, "add", nama="Rini <b>")
    assert re.search(r"hanya ditampilkan sekali: <strong[^>]*>[^<]{12,}<", made.text)  # type: ignore[attr-defined]
    assert "Rini &lt;b&gt;" in made.text  # type: ignore[attr-defined]
    for act, more, words in (
        ("grant", {"peran": "officer", "wilayah": "3204"}, "petugas: Kab. Bandung"),
        ("grant", {"peran": "viewer", "wilayah": "ID"}, "pengamat: Indonesia"),
        ("revoke", {"peran": "viewer", "wilayah": "", "ulang": "rini"}, "petugas: Kab. Bandung"),
        ("lock", {"ulang": "rini"}, "Terkunci"),
        ("unlock", {}, "Rini"),
        ("revoke", {"peran": "officer", "wilayah": "3204", "ulang": "rini"}, "Belum punya peran"),
    ):  # fmt: skip
        assert do(chief, act, **more).status_code == 303, act  # type: ignore[attr-defined]
        assert words in chief.get("/admin/orang").text, act
    acts = [row.act for row in office.rows()]
    assert {"people.add", "people.grant", "people.lock", "people.unlock", "people.revoke"} <= set(acts)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("act", "more", "status", "words"), [
    ("lock", {"akun": "tina", "ulang": "salah"}, 422,
     ("Akun yang diketik ulang: harus", "Account as retyped: must")),
    ("revoke", {"akun": "tina", "ulang": "", "peran": "administrator"}, 422,
     ("diketik sekali lagi", "typed once more")),
    ("grant", {"akun": "tina", "peran": "raja"}, 422,
     ("Peran: bukan salah satu pilihan", "Role: is not one of the choices")),
    ("grant", {"akun": "tina", "peran": "officer", "wilayah": "3"}, 422,
     ("Wilayah: harus kode BPS", "Area: must be the BPS code")),
    ("grant", {"akun": "tina", "peran": "officer", "wilayah": " "}, 422,
     ("atau ID untuk seluruh Indonesia", "or ID for the nation")),
    ("grant", {"akun": "tono", "peran": "officer", "wilayah": "32"}, 404,
     ("Tidak ada akun tono", "There is no account tono")),
    ("lock", {"akun": "tina", "ulang": "tina"}, 409, ("Administrator terakhir", "The last administrator")),
    ("revoke", {"akun": "tina", "ulang": "tina", "peran": "administrator"}, 409,
     ("Administrator terakhir", "The last administrator")),
    ("add", {"akun": "tina", "nama": "T"}, 409, ("sudah dipakai", "is taken")),
    ("add", {"akun": "Ti na", "nama": "T"}, 422, ("harus 3 sampai 64", "must be 3 to 64")),
    ("add", {"akun": "tono", "nama": " "}, 422, ("harus 1 sampai 120", "must be 1 to 120")),
    ("add", {"akun": "tono", "nama": "T", "masuk": "instansi"}, 422, ("bukan salah satu", "is not one of")),
    ("pecat", {"akun": "tina"}, 400, ("tidak dapat dibaca", "cannot be read")),
])  # fmt: skip
def test_what_cannot_be_done_says_why_in_the_language_of_the_page_and_changes_nothing(
    chief: TestClient, office: Office, act: str, more: dict[str, str], status: int, words: tuple[str, str],
    language: str
) -> None:  # fmt: skip
    chief.cookies.set("bahasa", language)
    answer = do(chief, act, **more)  # type: ignore[arg-type]
    assert answer.status_code == status  # type: ignore[attr-defined]
    own, other = words if language == "id" else words[::-1]
    assert own in answer.text  # type: ignore[attr-defined]
    assert other not in answer.text  # type: ignore[attr-defined]
    assert not [row for row in office.rows() if row.act.startswith("people.") and row.act != "people.see"]


def test_people_are_found_by_name_account_role_and_area_and_come_in_pages(chief: TestClient, office: Office) -> None:
    for at in range(30):
        office.hire(f"petugas{at:02d}", ("officer", "3204" if at % 2 else "3273"))
    office.hire("sari", ("verifier", "32"))

    def found(query: str) -> list[str]:
        return re.findall(r'<h2 id="o\d+">[^<]* <span class="small quiet">([a-z0-9]+)</span>', chief.get(
            f"/admin/orang?{query}").text)  # fmt: skip

    assert found("cari=SARI") == ["sari"]
    assert found("cari=verifikator") == ["sari"]
    assert found("cari=petugas+kab.+bandung") == [f"petugas{at:02d}" for at in range(1, 30, 2)]
    assert found("cari=tidak+ada") == []
    assert "Tidak ada orang yang cocok." in chief.get("/admin/orang?cari=tidak+ada").text
    first = found("")
    assert len(first) == 25
    assert office.rows()[-1].count == 25
    page = chief.get("/admin/orang").text
    link = re.search(r'rel="next" href="([^"]+)"', page)
    assert link is not None
    rest = found(link[1].partition("?")[2])
    assert len({*first, *rest}) == len(first) + len(rest) == 33, "tina, dewi, sari and thirty officers"
    done = do(chief, "lock", "sari", ulang="sari")
    assert found(done.headers["location"].partition("?")[2]) == ["sari"], "what was done is seen"  # type: ignore[attr-defined]


def test_who_only_holds_tokens_gets_no_password(chief: TestClient, office: Office) -> None:
    assert do(chief, "add", account="mesin", nama="Mesin", masuk="token").status_code == 303  # type: ignore[attr-defined]
    text_ = chief.get("/admin/orang").text
    assert "hanya memegang token" in text_
    assert "reset-1" not in text_[text_.index("Mesin") :]
    assert "mesin belum punya hak, jadi token ini tidak membuka apa pun" in make(chief, akun="mesin", wilayah="").text


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_wider_administrator_ties_the_account_of_a_small_one_anew_before_it_gets_wider_rights(
    chief: TestClient, office: Office, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    provider = Provider(OidcSettings("https://sso.example", "jaga"), "https://jaga.example")
    monkeypatch.setattr(office.inner.state.gate, "provider", provider)
    chief.cookies.set("bahasa", language)
    office.who = person(("administrator", "3204"))
    assert do(chief, "add", nama="Rini", masuk="instansi", subjek="s-wakil").status_code == 303  # type: ignore[attr-defined]
    assert do(chief, "grant", peran="officer", wilayah="3204").status_code == 303  # type: ignore[attr-defined]
    office.who = person(("administrator", ""))
    refused = do(chief, "grant", peran="officer", wilayah="ID")
    assert refused.status_code == 409  # type: ignore[attr-defined]
    words = {"id": ("Cara masuk akun rini", "Tetapkan tanda pengenal lagi", "harus nama akun itu"),
             "en": ("How rini signs in", "Set the subject anew", "must be that account")}[language]  # fmt: skip
    assert words[0] in refused.text  # type: ignore[attr-defined]
    assert words[1] in refused.text, "the way out is on the page"  # type: ignore[attr-defined]
    unsure = do(chief, "tie", subjek="s-rini", ulang="rina")
    assert unsure.status_code == 422  # type: ignore[attr-defined]
    assert words[2] in unsure.text  # type: ignore[attr-defined]
    long = do(chief, "tie", subjek="x" * 256, ulang="rini").text  # type: ignore[attr-defined]
    assert re.search(r'<a href="#subjek-(\d+)">', long), "the summary leads to the field"
    assert do(chief, "tie", subjek="s-rini", ulang="rini").status_code == 303  # type: ignore[attr-defined]
    assert do(chief, "grant", peran="officer", wilayah="ID").status_code == 303  # type: ignore[attr-defined]
    with office.store.reading() as connection:
        rini = people.by_subject(connection, "https://sso.example", "s-rini")
        assert people.by_subject(connection, "https://sso.example", "s-wakil") is None
    assert rini is not None
    assert rini.account == "rini"
    assert [row.object for row in office.rows() if row.act == "people.tie"] == ["rini"]
    office.who = person(("administrator", "3204"))
    assert do(chief, "tie", subjek="s-wakil", ulang="rini").status_code == 404  # type: ignore[attr-defined]


def test_an_account_is_tied_nowhere_without_a_provider(chief: TestClient, office: Office) -> None:
    assert do(chief, "tie", "tina", subjek="s-x", ulang="tina").status_code == 400  # type: ignore[attr-defined]


def test_the_log_is_filtered_checked_and_limited_by_role(chief: TestClient, office: Office) -> None:
    chief.get("/admin/orang")
    told = chief.get("/admin/audit?aksi=people&oleh=dewi").text
    assert told.count("people.see") >= 1
    assert "Rantai utuh sampai baris" in chief.post("/admin/audit").text
    with office.store.writing() as connection:
        connection.execute(text("DROP TRIGGER guard_audit_update"))
        connection.execute(text("UPDATE audit SET account = 'lain' WHERE n = 1"))
    broken = chief.post("/admin/audit").text
    assert "Rantai terputus di baris 1: baris itu diubah" in broken
    assert "audit row" not in broken
    for query in ("sebelum=x", "sejak=kemarin", "sejak=9999-12-31"):
        assert chief.get(f"/admin/audit?{query}").status_code == 400
    office.who = person(("officer", "32"))
    assert chief.get("/admin/orang").status_code == 403
    assert do(chief, "add", nama="x").status_code == 403  # type: ignore[attr-defined]
    assert chief.post("/admin/audit").status_code == 403
    own = chief.get("/admin/audit")
    assert own.status_code == 200
    assert "Periksa rantai" not in own.text
    assert chief.get("/admin/audit.csv").status_code == 403
    assert '/admin/audit"' in chief.get("/ikhtisar").text, "everybody finds their own acts"


def make(ask: TestClient, **other: object) -> Any:
    sent = {"aksi": "make", "akun": "rini", "label": "SIKS-NG", "cakupan": ["lists.read", "score"], "wilayah": "3204",
            "hari": "10"}  # fmt: skip
    return ask.post("/admin/token", data=sent | other)


def test_a_token_is_made_shown_once_works_and_is_revoked(chief: TestClient, office: Office) -> None:
    office.hire("rini", ("officer", "32"), password=None)
    answer = make(chief)
    assert "belum punya hak" not in answer.text
    found = re.search(r"jaga_[a-z0-9]{8}_[\w-]{43}", answer.text)
    assert found is not None, answer.text
    assert "8 Desember 2026" in answer.text
    listed = chief.get("/admin/token").text
    assert found[0] not in listed
    assert found[0][:13] in listed
    assert "Kab. Bandung" in listed
    assert not [row for row in office.rows() if found[0] in str(tuple(row))]
    bearer = {"Authorization": f"Bearer {found[0]}", "Accept": "application/json"}
    assert chief.get("/v1/lists", headers=bearer).status_code == 200
    assert chief.get("/v1/audit", headers=bearer).status_code == 403
    prefix = found[0][5:13]
    sent = {"aksi": "revoke", "akun": "rini", "awalan": prefix}
    assert chief.post("/admin/token", data=sent | {"ulang": "dewi"}).status_code == 422
    forged = chief.post("/admin/token", data=sent | {"akun": "dewi", "ulang": "dewi"})
    assert forged.status_code == 404, "what is typed again is whose token it is"
    assert chief.get("/v1/lists", headers=bearer).status_code == 200
    assert chief.post("/admin/token", data=sent | {"ulang": "rini"}).status_code == 303
    assert chief.get("/v1/lists", headers=bearer).status_code == 401
    again = chief.post("/admin/token", data=sent | {"ulang": "rini"})
    assert (again.status_code, "Tidak ada token yang masih berlaku" in again.text) == (404, True)
    assert "Dicabut" in chief.get("/admin/token").text
    assert [row.act for row in office.rows() if row.act.startswith("token.") and row.act != "token.see"] == [
        "token.make", "token.revoke"]  # fmt: skip


@pytest.mark.parametrize(("other", "words"), [
    ({"hari": "91"}, "harus 1 sampai 90 hari"), ({"hari": "x"}, "harus 1 sampai 90 hari"),
    ({"cakupan": []}, "satu atau lebih dari cakupan"), ({"cakupan": ["root"]}, "satu atau lebih dari cakupan"),
    ({"label": " "}, "yang menyebut pemakainya"), ({"wilayah": "3"}, "harus kode BPS"),
    ({"wilayah": "33"}, "Jawa Tengah (33) tidak beririsan dengan hak akun ini (petugas: Jawa Barat (32)), jadi"),
    ({"akun": "siapa"}, "Tidak ada akun siapa"), ({"akun": "sari"}, "akun yang tidak dipakai untuk masuk"),
])  # fmt: skip
def test_a_token_that_would_do_too_much_is_told_at_its_field(chief: TestClient, office: Office,
                                                             other: dict[str, object], words: str) -> None:  # fmt: skip
    office.hire("rini", ("officer", "32"), password=None)
    office.hire("sari", ("officer", "32"))
    answer = make(chief, **other)
    assert answer.status_code in (404, 422)
    assert answer.text.count(words) == 2, "summary and field"
    assert "jaga_" not in answer.text
    if "label" not in other:
        assert 'value="SIKS-NG"' in answer.text, "what was typed is lost"


def test_an_administrator_of_a_province_sees_and_reaches_no_other(chief: TestClient, office: Office) -> None:
    office.hire("rini", ("officer", "3204"))
    office.hire("wayan", ("officer", "5171"), password=None)
    assert make(chief, akun="wayan", wilayah="").status_code == 200
    office.who = person(("administrator", "32"))
    assert "Rini" in chief.get("/admin/orang").text
    for path in ("/admin/orang", "/admin/token", "/admin/wilayah"):
        told = chief.get(path)
        assert told.status_code == 200
        assert "wayan" not in told.text.lower(), path
    assert make(chief, akun="wayan").status_code == 404
    assert "Jawa Barat" in chief.get("/admin/wilayah").text
    assert "Bali" not in chief.get("/admin/wilayah").text


@pytest.mark.parametrize(("role", "area", "told"), [
    ("administrator", "32", ("32", None)), ("administrator", "3204", ("32", "3204")), ("administrator", "",
                                                                                      (None, None)),
    ("verifier", "3204", ("32", "3204")), ("officer", "16", ("16", None)),
])  # fmt: skip
def test_reading_people_and_the_log_is_told_with_the_area_it_reached(
    ask: TestClient, office: Office, role: str, area: str, told: tuple[str | None, str | None]
) -> None:
    office.who = person((role, area))
    pages = ("/admin/orang", "/admin/peran", "/admin/wilayah", "/admin/token", "/admin/audit.csv")
    for path in (*(pages if role == "administrator" else ()), "/admin/audit"):
        before = len(office.rows())
        assert ask.get(path).status_code == 200
        assert [(row.province, row.regency) for row in office.rows()[before:]] == [told], path


def test_the_tree_tells_who_holds_which_role_where_on_a_day(chief: TestClient, office: Office) -> None:
    office.hire("rini", ("officer", "3204"), ("verifier", "32"))
    office.clock.move(days=3)
    do(chief, "revoke", peran="officer", wilayah="3204", ulang="rini")
    do(chief, "grant", peran="officer", wilayah="3205")

    def inside(query: str = "") -> tuple[bool, bool]:
        page = chief.get(f"/admin/wilayah{query}").text
        assert page.count('<li class="row">') == 514, "every regency has its place"
        one, two = (re.search(rf"{code} Kab[^<]*(<ul>.*?</ul>)?</li>", page) for code in ("3204", "3205"))
        assert one is not None
        assert two is not None
        return "Rini" in one[0], "Rini" in two[0]

    assert inside() == (False, True)
    assert inside("?per=2026-11-28") == (True, False)
    assert inside("?per=2026-11-27") == (False, False)
    page = chief.get("/admin/wilayah?per=2026-11-28").text
    assert "sejak 28 November 2026, berakhir 1 Desember 2026" in page
    assert "32 Jawa Barat <small>1 orang; belum ada orangnya di 26 dari 27 kabupaten dan kota</small>" in page
    assert chief.get("/admin/wilayah?per=besok").status_code == 400


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_roles_and_the_log_have_words_for_every_act(chief: TestClient, language: str) -> None:
    words = catalogue(language)  # type: ignore[arg-type]
    source = "\n".join(path.read_text() for path in (ROOT / "serving").rglob("*.py"))
    written = set(re.findall(r'(?:trail|journal)\.(?:write|note)\([^"]*?"([a-z]+\.[a-z_]+)"', source))
    written |= set(re.findall(r'(?:_told|_rights)\([^"]*?"([a-z]+\.(?!html)[a-z_]+)"', source))
    assert len(written) > 25, "the search finds nothing"
    assert {act for act in {*ACTS, *written} if f"act.{act}" not in words} == set()
    chief.cookies.set("bahasa", language)
    chosen = chief.get("/admin/audit?aksi=list").text
    options = dict(re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', chosen))
    assert written - options.keys() == set(), "what the log holds can be chosen by its name"
    assert written & RIGHTS == set()
    assert all(options[act] == str(escape(words[f"act.{act}"])) for act in written)
    assert re.search(r'<option value="list" selected>[^<]+', chosen)
    assert '<option value="tak.dikenal" selected>' in chief.get("/admin/audit?aksi=tak.dikenal").text
    page = chief.get("/admin/peran").text
    for role in ROLES:
        section = page[page.index(f">{ROLE_NAMES[role][language == 'en'].capitalize()}</h2>") :]
        section = section[: section.index("</section>")]
        assert re.findall(r"<li>([^<]*)</li>", section) == [
            str(escape(words[f"act.{act}"])) for act, own in ACTS.items() if role in own]  # fmt: skip


def test_the_log_as_a_file_is_safe_whole_and_itself_logged(chief: TestClient, office: Office,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(export, "AT_ONCE", 3)
    office.hire("rini", ("officer", "3204"))
    other = replace(person(("officer", "3204")), person=7, account="lain")
    with office.store.writing() as connection:
        for at in range(8):
            trail.write(connection, other, "list.see", object=f'=HYPERLINK("x{at}")', area="3204")
    before = len(office.rows())
    answer = chief.get("/admin/audit.csv?aksi=list&sejak=2026-11-01")
    assert answer.headers["content-disposition"] == 'attachment; filename="sintetis_audit_2026-11-28.csv"'
    mark, heads, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert mark[0].startswith("DATA SINTETIS")
    assert heads[:3] == ["no", "waktu", "akun"]
    assert [row[7] for row in rows] == [f'\'=HYPERLINK("x{at}")' for at in reversed(range(8))]
    assert [row[-1] for row in rows] == [row.hash for row in reversed(office.rows()) if row.act == "list.see"]
    (own,) = office.rows()[before:]
    assert (own.act, own._mapping["count"]) == ("audit.export", 8)
    office.who = person(("administrator", "16"))
    assert "HYPERLINK" not in chief.get("/admin/audit.csv").text
    for role in ("officer", "verifier", "viewer", "analyst"):
        office.who = person((role, ""))
        assert chief.get("/admin/audit.csv").status_code == 403
        assert "audit.csv" not in chief.get("/admin/audit").text
