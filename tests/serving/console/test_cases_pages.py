"""Visits and objections over HTTP, without a script."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from models.text import words
from serving.cases.objections import contestable
from serving.console import formats
from serving.console.pages.household import DESIL
from serving.scores import scores
from serving.store import drafts
from tests.serving import stores
from tests.serving.console.lists import confirm, hidden, walk
from tests.serving.console.office import Office, bare, person


@pytest.fixture
def house(published: Path) -> dict[str, Any]:
    """A household of West Java with a fact that can be objected to."""
    with scores.open(published / "scores") as own:
        rows = own.households([row["household_id"] for row in own.top(300, province="32")]).values()
        return dict(next(row for row in rows if any(reason["key"] in contestable() for reason in row["reasons"])))


def visit(ask: TestClient, code: str, **answers: str) -> Any:
    at = f"/keluarga/{code}/kunjungan/baru"
    page = ask.get(at).text
    sent = {name: hidden(page, name) for name in ("kunci", "kunjungan")} | {"tanggal": "2026-11-27"}
    return ask.post(at, data=sent | answers)


def test_the_day_of_a_visit_is_written_as_the_pages_write_days(jabar: TestClient, house: dict[str, Any]) -> None:
    """The field itself is written as the browser of its reader writes days, which may be another way round."""
    form = jabar.get(f"/keluarga/{house['household_id']}/kunjungan/baru").text
    assert '<span class="hint" id="tanggal-hint">Contoh: 28 November 2026 adalah hari ini.</span>' in form


def test_a_visit_is_recorded_once_and_shown(jabar: TestClient, office: Office, house: dict[str, Any]) -> None:
    code, at = house["household_id"], f"/keluarga/{house['household_id']}/kunjungan/baru"
    page = jabar.get(at).text
    assert 'value="2026-11-28"' in page, "today is filled in"
    sent = {"kunci": hidden(page, "kunci"), "kunjungan": "", "hasil": "above", "tanggal": "2026-11-27", "catatan": "x"}
    first, again = jabar.post(at, data=sent), jabar.post(at, data=sent)
    assert first.headers["location"] == again.headers["location"] == "/kunjungan?tersimpan=ya&dari=1"
    assert jabar.post(at, data=sent | {"hasil": "below"}).status_code == 409
    other = next(own for own in re.findall(r'/keluarga/(\w{12})"', jabar.get("/keluarga").text) if own != code)
    crafted = sent | {"kunci": "kunci-keluarga-lain", "kunjungan": "1"}
    assert jabar.post(f"/keluarga/{other}/kunjungan/baru", data=crafted).status_code == 404
    assert [row.act for row in office.rows()].count("visit.record") == 1
    assert "Di atas garis" in jabar.get(f"/keluarga/{code}").text
    done = jabar.get("/kunjungan?status=selesai").text
    assert done.count('class="code"') == 1
    assert "Kunjungan tersimpan." in jabar.get("/kunjungan?tersimpan=ya").text


def test_the_same_visit_is_not_recorded_twice_unseen(jabar: TestClient, office: Office,
                                                     house: dict[str, Any]) -> None:  # fmt: skip
    """Back and "Simpan" send a form with a key of its own: of a day that has a visit it is asked whether they went
    twice. A visit of another day is none of these, though both are written down in one evening."""
    code = house["household_id"]
    at = f"/keluarga/{code}/kunjungan/baru"
    assert 'name="kedua"' not in jabar.get(at).text
    done(jabar, code, hasil="above")
    assert 'name="kedua"' not in jabar.get(at).text, "of yesterday"
    again = visit(jabar, code, hasil="below")  # the page that Back shows has no tick
    assert (again.status_code, again.text.count("centang jika memang demikian")) == (422, 2), "summary and field"
    assert "Anda sudah mencatat kunjungan tanggal 27 November 2026: Di atas garis." in again.text
    assert 'href="/kunjungan/1/perbaiki"' in again.text
    assert 'value="below" checked' in again.text
    jabar.cookies.set("bahasa", "en")
    assert "You recorded a visit of 27 November 2026 already: Above the line." in visit(jabar, code, hasil="below").text
    jabar.cookies.set("bahasa", "id")
    done(jabar, code, hasil="above", tanggal="2026-11-28")
    assert "Anda sudah mencatat kunjungan tanggal 28 November 2026" in jabar.get(at).text
    office.hire("rini")
    office.who = replace(person(("officer", "32")), person=2, account="rini")
    assert "Anda sudah mencatat" not in jabar.get(at).text, "of another person's visit nothing is asked"
    office.who = person(("officer", "32"))
    assert visit(jabar, code, hasil="below", kedua="ya").status_code == 303
    office.clock.move(days=1)
    assert visit(jabar, code, hasil="above").status_code == 422, "of the same day, whenever it is written down"
    assert visit(jabar, code, hasil="above", tanggal="bukan tanggal", kedua="").status_code == 422
    assert [row.act for row in office.rows()].count("visit.record") == 3


def test_a_visit_outside_a_list_is_not_given_to_the_list_that_it_answers(jabar: TestClient, office: Office) -> None:
    confirm(jabar, walk(jabar))
    code = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)[0]
    at = f"/keluarga/{code}/kunjungan/baru"
    sent = {"kunci": hidden(jabar.get(at).text, "kunci"), "kunjungan": "", "hasil": "above", "tanggal": "2026-11-28"}
    assert jabar.post(at, data=sent).status_code == 303
    for path in (f"/keluarga/{code}", f"/keluarga/{code}/laporan"):
        page = bare(jabar.get(path).text)
        assert "kunjungan lain, menjawab D-2026-0001" in page


@pytest.mark.parametrize(("at", "answers", "button"), [
    ("/keluarga/{code}/kunjungan/baru", {"hasil": "above", "catatan": "di rumah"}, "Simpan"),
    ("/kunjungan/1/perbaiki", {"hasil": "below", "catatan": "di rumah"}, "Simpan"),
    ("/keluarga/{code}/sanggah/baru", {"catatan": "di rumah"}, "Ajukan"),
    ("/sanggah/S-2026-0001", {"aksi": "tahap", "catatan": "di rumah"}, "Catat langkah"),
    ("/daftar/baru/2", {"anggaran": "di rumah"}, "Lanjut"),
])  # fmt: skip
def test_answers_that_come_back_after_signing_in_are_told_as_not_saved(jabar: TestClient, office: Office,
                                                                       house: dict[str, Any], at: str,
                                                                       answers: dict[str, str], button: str,
                                                                       ) -> None:  # fmt: skip
    done(jabar, house["household_id"], hasil="above")
    lodge(jabar, house)
    path = at.format(code=house["household_id"])
    told = f"Isian Anda dikembalikan. Belum tersimpan: periksa, lalu tekan {button}."
    assert "Isian Anda dikembalikan" not in jabar.get(path).text
    with office.store.writing() as connection:
        drafts.keep(connection, 1, path, {name: [own] for name, own in answers.items()})
    page = jabar.get(path).text
    assert told in page
    assert "di rumah" in page


@pytest.mark.parametrize(("answers", "words"), [
    ({}, "wajib diisi"), ({"hasil": "x"}, "bukan salah satu pilihan"), ({"hasil": "wrong"}, "wajib diisi"),
    ({"hasil": "above", "tanggal": "kemarin"}, "harus berupa tanggal"),
    ({"hasil": "above", "tanggal": "2027-01-01"}, "sudah lewat"),
    ({"hasil": "above", "catatan": "NIK 3204010101010001"}, "tidak boleh berisi NIK"),
])  # fmt: skip
def test_what_is_wrong_with_a_visit_is_told_and_the_answers_stay(jabar: TestClient, house: dict[str, Any],
                                                                 answers: dict[str, str], words: str,
                                                                 ) -> None:  # fmt: skip
    answer = visit(jabar, house["household_id"], bantuan="KUR <b>", **answers)
    assert answer.status_code == 422
    assert answer.text.count(words) >= 2, "summary and field"
    assert "Galat: Catat kunjungan" in answer.text
    assert "KUR &lt;b&gt;" in answer.text


def test_only_what_the_result_needs_is_kept(jabar: TestClient, office: Office, house: dict[str, Any]) -> None:
    answer = visit(jabar, house["household_id"], hasil="died", pindah="3273", **{"salah-hh.size": "4"})
    assert answer.status_code == 303
    with office.store.reading() as connection:
        [row] = connection.exec_driver_sql("SELECT result, moved_to, wrong FROM visits").all()
    assert tuple(row)[:2] == ("died", None)
    assert row[2] in (None, "null")


def test_a_planned_visit_of_a_list_is_the_one_that_is_recorded(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar))
    waiting = jabar.get("/kunjungan?tenggat=90").text
    codes = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", waiting)
    assert len(codes) == 8
    assert visit(jabar, codes[0], hasil="below").status_code == 303
    assert "1 dari 8 kunjungan" in jabar.get("/daftar/D-2026-0001?tab=kunjungan").text
    assert visit(jabar, codes[1], hasil="wrong", **{"salah-other": "jumlah anggota 4"}).status_code == 303
    assert "Tidak ada kunjungan" in jabar.get("/kunjungan?tenggat=7").text
    for query in ("status=x", "tenggat=x", "setelah=x_y"):
        assert jabar.get(f"/kunjungan?{query}").status_code == 400


def test_a_visit_names_the_list_that_planned_it(jabar: TestClient) -> None:
    for _ in range(2):
        confirm(jabar, walk(jabar))
    page = jabar.get("/kunjungan").text
    assert page.count(">D-2026-0001</span>") == page.count(">D-2026-0002</span>") == 8, (
        "one family, two lists, told apart"
    )


def test_one_visit_closes_the_matter_on_every_list(jabar: TestClient, office: Office) -> None:
    for _ in range(2):
        confirm(jabar, walk(jabar))
    code = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)[0]
    number = done(jabar, code, hasil="refused", tanggal="2026-11-28")
    assert "menjawab" not in jabar.get(f"/kunjungan?tersimpan=ya&dari={number}").text
    assert jabar.get("/kunjungan").text.count(f"/keluarga/{code}/") == 1, "a refusal is of its own visit alone"
    number = done(jabar, code, hasil="above", tanggal="2026-11-28", kedua="ya")
    assert f"/keluarga/{code}/" not in jabar.get("/kunjungan").text
    assert "menjawab" not in jabar.get(f"/kunjungan?tersimpan=ya&dari={number}").text, "nothing waited besides"

    code = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)[0]
    number = done(jabar, code, hasil="above", tanggal="2026-11-28")
    assert "menjawab 1 kunjungan lain" in jabar.get(f"/kunjungan?tersimpan=ya&dari={number}").text
    jabar.cookies.set("bahasa", "en")
    assert "answers 1 other visit to" in jabar.get(f"/kunjungan?tersimpan=ya&dari={number}").text
    jabar.cookies.set("bahasa", "id")
    assert [row.count for row in office.rows() if row.act == "visit.record"] == [1, 1, 2], "how many each one closed"
    answered = jabar.get("/kunjungan?status=terjawab").text
    assert answered.count("Di atas garis (kunjungan lain)") == 1
    report = jabar.get(f"/keluarga/{code}/laporan").text
    assert (report.count("Di atas garis, "), "kunjungan lain" in report) == (1, False), "one visit is told once"
    told = jabar.get(f"/keluarga/{code}").text.partition('id="cases"')[2].partition("</section>")[0]
    assert (told.count("<li>"), told.count(f'href="/kunjungan/{number}"')) == (1, 1)
    assert [told.count(f">{own}<") for own in ("D-2026-0001", "D-2026-0002")] == [1, 1], "the lists that it answered"
    other = re.findall(r'href="/kunjungan/(\d+)"', answered)[0]
    assert f'href="/kunjungan/{number}"' in jabar.get(f"/kunjungan/{other}").text
    for own in ("D-2026-0001", "D-2026-0002"):
        assert "2 dari 8 kunjungan" in jabar.get(f"/daftar/{own}?tab=kunjungan").text, "done on each list"
    jabar.cookies.set("bahasa", "en")
    assert "Above the line (another visit)" in jabar.get("/kunjungan?status=terjawab").text


def done(ask: TestClient, code: str, **answers: str) -> str:
    """A visit that was recorded; its number."""
    saved = visit(ask, code, **answers)
    assert saved.status_code == 303, saved.text
    return str(saved.headers["location"]).rpartition("=")[2]


def test_after_a_visit_the_next_of_the_same_list_is_offered_the_nearest_first(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar, **{"wil": "3201,3202", "kuota-3201": "4", "kuota-3202": "4"}))
    place = dict(re.findall(r'/keluarga/(\w{12})/kunjungan/baru">[^<]*</a><br><span class="small quiet">([^<]*)<',
                            jabar.get("/kunjungan").text))  # fmt: skip
    order, left = [*place], [*place]

    def near(one: str, other: str) -> int:
        """2 of the same sub-district, 1 of the same regency."""
        return 2 if place[one] == place[other] else place[one].partition(", ")[2] == place[other].partition(", ")[2]

    def expected(at: int) -> str | None:
        left.remove(order[at])
        return max(left, key=lambda own: (near(own, order[at]), order.index(own) > at, -order.index(own)), default=None)

    def following(at: int, **answers: str) -> str | None:
        saved = visit(jabar, order[at], hasil="above", **answers)
        page = jabar.get(saved.headers["location"]).text
        assert "Kunjungan tersimpan." in page
        found = re.search(
            r'Berikutnya dalam daftar yang sama: <a class="code" href="/keluarga/(\w+)/kunjungan/baru">[^<]*</a>, '
            "([^<]*)<",
            page,
        )
        assert found is None or found[2] == place[found[1]]
        return found and found[1]

    assert len(set(place.values())) < len(place), "some live in the same sub-district"
    for at in (2, 7, 0, 1, 3, 4, 5):
        assert following(at) == expected(at) is not None
    assert following(6) is None, "nothing waits any more"


def test_one_corrects_the_own_visit_and_nobody_elses(jabar: TestClient, office: Office, house: dict[str, Any]) -> None:
    office.hire("rini")
    fact = next(reason["key"] for reason in house["reasons"] if reason["key"] in contestable())
    number = done(jabar, house["household_id"], hasil="wrong", catatan="salah ketik", **{f"salah-{fact}": "empat <b>"})
    page = jabar.get(f"/kunjungan/{number}").text
    assert "empat &lt;b&gt;" in page
    assert "salah ketik" in page
    assert "Tutup kunjungan" not in page, "an officer closes nothing"
    form = jabar.get(f"/kunjungan/{number}/perbaiki").text
    assert 'value="wrong" checked' in form
    assert f'name="salah-{fact}" value="empat &lt;b&gt;"' in form
    sent = {
        "kunci": hidden(form, "kunci"),
        "kunjungan": "",
        "hasil": "below",
        "tanggal": "2026-11-27",
        "catatan": "kini",
    }
    bad = jabar.post(f"/kunjungan/{number}/perbaiki", data=sent | {"tanggal": "besok"})
    assert (bad.status_code, "Galat: Perbaiki kunjungan" in bad.text) == (422, True)
    saved = jabar.post(f"/kunjungan/{number}/perbaiki", data=sent)
    assert saved.headers["location"] == "/kunjungan?tersimpan=perbaikan&dari=2"
    assert "Perbaikan tersimpan." in jabar.get(saved.headers["location"]).text
    assert jabar.post(f"/kunjungan/{number}/perbaiki", data=sent | {"kunci": "kunci-kedua"}).status_code == 409
    assert jabar.get(f"/kunjungan/{number}/perbaiki").status_code == 409
    assert "sudah diperbaiki" in jabar.get(f"/kunjungan/{number}").text
    assert "Perbaikan dari" in jabar.get("/kunjungan/2").text
    assert jabar.get("/kunjungan?status=selesai").text.count('class="code"') == 1
    office.who = replace(person(("officer", "32")), person=2, account="rini")
    assert "Perbaiki" not in jabar.get("/kunjungan/2").text
    told = jabar.get("/kunjungan/2/perbaiki")
    assert (told.status_code, "Kunjungan ini bukan catatan Anda" in told.text, "peran Anda" in told.text) == (
        403, True, False)  # fmt: skip
    told = jabar.post("/kunjungan/2/perbaiki", data=sent | {"kunci": "kunci-ketiga"})
    assert (told.status_code, "hanya diperbaiki oleh yang mencatatnya" in told.text) == (403, True)
    assert [row.act for row in office.rows() if row.act.startswith("visit.") and row.act != "visit.see"] == [
        "visit.record", "visit.correct"]  # fmt: skip


def test_a_verifier_closes_what_others_recorded_one_after_the_other(jabar: TestClient, office: Office) -> None:
    office.hire("rini")
    office.hire("budi")
    confirm(jabar, walk(jabar))
    order = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)
    own, second, third = (done(jabar, code, hasil="above") for code in order[:3])
    office.who = replace(person(("verifier", "32")), person=1)
    assert "Anda catat sendiri" in jabar.get(f"/kunjungan/{own}").text
    sent = {"kunci": "kunci-penutup"}
    refused = jabar.post(f"/kunjungan/{own}/tutup", data=sent)
    assert (refused.status_code, "hanya ditutup oleh orang lain" in refused.text) == (403, True)
    office.who = replace(person(("verifier", "32")), person=2, account="rini")
    assert jabar.get("/ikhtisar").text.count('<b>3</b> <a href="/kunjungan?status=selesai&amp;oleh=lain">') == 1
    saved = jabar.post(f"/kunjungan/{own}/tutup", data=sent | {"kunci": "kunci-lain"})
    page = jabar.get(saved.headers["location"]).text
    assert "Kunjungan ditutup. Berikutnya dalam daftar yang sama:" in page
    assert f'href="/kunjungan/{second}"' in page
    assert jabar.post(f"/kunjungan/{own}/tutup", data=sent | {"kunci": "kunci-ulang"}).status_code == 409
    assert "Ditutup" in jabar.get(f"/kunjungan/{own}").text
    assert jabar.get("/kunjungan?status=selesai&oleh=saya").text.count('class="code"') == 0
    office.who = replace(person(("verifier", "16")), person=3, account="budi")
    for path in (f"/kunjungan/{third}", f"/kunjungan/{third}/perbaiki", "/kunjungan/x", "/kunjungan/999999999"):
        assert jabar.get(path).status_code in (403, 404), path
    assert jabar.post(f"/kunjungan/{third}/tutup", data=sent | {"kunci": "kunci-luar"}).status_code == 404
    office.who = person(("officer", "32"))
    assert jabar.post(f"/kunjungan/{third}/tutup", data=sent | {"kunci": "kunci-peran"}).status_code == 403


def test_the_tasks_of_today_are_counted_in_ones_areas_and_lead_to_what_they_count(
    jabar: TestClient, office: Office, house: dict[str, Any]
) -> None:  # fmt: skip
    def waiting() -> dict[str, str]:
        page = jabar.get("/ikhtisar").text
        return {href.replace("&amp;", "&"): count for count, href in
                re.findall(r'<b[^>]*>([^<]*)</b> <a href="([^"]+)"', page)}  # fmt: skip

    overdue, near, drafts = "/kunjungan?tenggat=lewat", "/sanggah?tenggat=3", "/daftar?status=draf"
    assert waiting() == {overdue: "0", near: "0", drafts: "0"}
    confirm(jabar, walk(jabar))
    at = walk(jabar, per="2027Q1")
    jabar.post(at, data={"aksi": "draf", "kunci": hidden(jabar.get(at).text, "kunci")})
    lodge(jabar, house)
    assert waiting() == {overdue: "0", near: "0", drafts: "1"}
    office.clock.move(days=11)  # three days before the answer is due
    assert waiting()[near] == "1"
    assert "S-2026-0001" in jabar.get(near).text
    office.clock.move(days=-1)
    assert waiting()[near] == "0"
    assert "S-2026-0001" not in jabar.get(near).text
    office.clock.move(days=36)  # the day after the visits were due
    assert waiting()[overdue] == "8"
    assert jabar.get(overdue).text.count('class="code"') == 8
    office.who = replace(person(("verifier", "16")), person=2)
    assert waiting() == {overdue: "0", near: "0", "/kunjungan?status=selesai&oleh=lain": "0"}
    office.who = person(("viewer", ""))
    assert waiting() == {}
    rows = len(office.rows())
    jabar.get("/ikhtisar")
    assert len(office.rows()) == rows, "counts alone are no reading of a household"


def lodge(ask: TestClient, house: dict[str, Any], **answers: Any) -> Any:
    at = f"/keluarga/{house['household_id']}/sanggah/baru"
    fact = next(reason["key"] for reason in house["reasons"] if reason["key"] in contestable())
    sent = {"jenis": "data", "pemohon": "family", "saluran": "counter", "fakta": fact, "bukti": ["photo", "other"]}
    return ask.post(at, data={"kunci": hidden(ask.get(at).text, "kunci")} | sent | answers)


def test_a_case_and_its_receipt_tell_the_value_objected_to_and_where_to_ask(
    jabar: TestClient, office: Office, house: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = next(own for own in house["reasons"] if own["key"] in contestable())
    sentence = words("id").reason(reason["key"], reason["value"], reason["contribution"])
    at = lodge(jabar, house).headers["location"]
    page = unescape(jabar.get(at).text)
    assert f"{sentence} (skor per 15 November 2026)" in page
    assert "Tempat bertanya: kantor desa atau kelurahan, atau dinas sosial kabupaten/kota, pada jam kerja." in page
    monkeypatch.setenv("JAGA_OFFICE", "Loket 3, Kantor Desa Sukamaju, 08.00-14.00")
    page = jabar.get(at).text
    assert "Tempat bertanya: Loket 3, Kantor Desa Sukamaju, 08.00-14.00." in page
    # A run of a later day is not what was objected to.
    now, _ = office.office.published.history(house["household_id"])
    assert now is not None
    late = {**now, "as_of": date(2026, 12, 1), "reasons": [{**own, "value": "7"} for own in now["reasons"]]}
    monkeypatch.setattr(office.office.published, "history", lambda code: (late, None))
    page = unescape(jabar.get(at).text)
    assert f"{sentence} (skor per 15 November 2026)" in page, "kept with the case"
    changed = words("id").reason(reason["key"], "7", reason["contribution"])
    told = f"Kini lain: {changed} (skor per 1 Desember 2026)"
    assert told in page, "who decides is told what it is by now"
    same = {**now, "as_of": date(2026, 12, 1)}
    gone = {**late, "reasons": [], "missing": [reason["key"]]}
    for other, shown in ((same, False), ({**late, "regency": "3299"}, False), (gone, True)):
        monkeypatch.setattr(office.office.published, "history", lambda code, other=other: (other, None))
        page = unescape(jabar.get(at).text)
        assert ("Kini lain: " in page) == shown
    assert "tidak ada datanya (skor per 1 Desember 2026)" in page


def test_a_fact_that_was_found_wrong_says_so_where_it_stands(jabar: TestClient, office: Office,
                                                            house: dict[str, Any]) -> None:  # fmt: skip
    """Score and facts stay as they are until the data are mended: the family's paper must not tell them unsaid."""
    code = house["household_id"]
    key = next(reason["key"] for reason in house["reasons"] if reason["key"] in contestable())
    fact = words("id").reasons[key].name
    paths = (f"/keluarga/{code}", f"/keluarga/{code}/laporan")
    done(jabar, code, hasil="wrong", tanggal="2026-11-28", **{f"salah-{key}": "sumur bor"})
    for path in paths:
        page = bare(jabar.get(path).text)
        assert "(menurut kunjungan 28 November 2026: sumur bor; dipakai setelah data diperbarui)" in page
        assert f"{formats.inside(fact)}: sumur bor" in page, "the line of the visit says what was wrong"
    lodge(jabar, house)
    assert f"S-2026-0001 ({fact}): berjalan, tenggat 12 Desember 2026" in bare(jabar.get(paths[1]).text)
    office.hire("sari")
    office.who = replace(person(("verifier", "32")), person=2, account="sari")
    page = jabar.get("/sanggah/S-2026-0001").text
    sent = {"kunci": "satu-kunci-putusan", "ubah": hidden(page, "ubah"), "aksi": "putus", "putusan": "upheld"}
    assert jabar.post("/sanggah/S-2026-0001", data=sent | {"alasan": "surat diperiksa"}).status_code == 303
    for path in paths:
        page = bare(jabar.get(path).text)
        assert "(sanggahan S-2026-0001 diterima 28 November 2026; dipakai setelah data diperbarui)" in page
    assert f"S-2026-0001 ({fact}): diterima" in page
    jabar.cookies.set("bahasa", "en")
    assert "(objection S-2026-0001 upheld 28 November 2026; used once" in bare(jabar.get(paths[0]).text)


def test_the_report_tells_how_soon_an_answer_comes_and_no_rank(jabar: TestClient, office: Office) -> None:
    confirm(jabar, walk(jabar))
    code = re.findall(r'href="/keluarga/([0-9A-Z]{12})"', jabar.get("/daftar/D-2026-0001?tab=tempat").text)[0]
    text = bare(jabar.get(f"/keluarga/{code}/laporan").text)
    assert "D-2026-0001, Triwulan IV 2026, PKH: Menurut peringkat" in text
    assert "nomor 1," not in text, "a place of a list is a rank among neighbours"
    assert "Jawaban paling lambat 14 hari." in text
    assert "nomor 1<" in jabar.get(f"/keluarga/{code}").text, "the officer sees it"


def test_the_report_explains_the_word_desil_where_it_says_it(jabar: TestClient, published: Path) -> None:
    with scores.open(published / "scores") as own:
        rows = own.households([row["household_id"] for row in own.top(300, province="32")]).values()
    seen = set()
    for row in rows:
        says = any(reason["key"] in DESIL for reason in row["reasons"])
        if says in seen:
            continue
        seen.add(says)
        text = jabar.get(f"/keluarga/{row['household_id']}/laporan").text
        table = re.findall(r"<table.*?</table>", text, re.S)[0]
        assert ("esil" in table) == says
        assert ("Desil: sepuluh kelompok keluarga yang sama besar" in text) == says
    assert seen == {True, False}


def stages(page: str) -> list[str]:
    """What the page of a case says of each stage, in order."""
    return re.findall(r"<li><p><strong>[^<]+</strong> <span[^>]*>([^<]+)</span>", page.partition("<h2>Tahap</h2>")[2])


def test_an_objection_goes_from_the_receipt_to_the_decision(jabar: TestClient, office: Office,
                                                            house: dict[str, Any]) -> None:  # fmt: skip
    done = lodge(jabar, house)
    assert done.headers["location"] == "/sanggah/S-2026-0001?tanda=ya"
    page = bare(jabar.get(done.headers["location"]).text)
    assert "Sanggahan S-2026-0001 dicatat. Tenggat jawaban 12 Desember 2026." in page
    text = jabar.get(done.headers["location"]).text
    number = '<span class="nowrap">S-2026-0001</span></span>'
    assert (
        f'<h1><span class="only-print">Tanda terima sanggahan {number}<span class="no-print">Sanggahan {number}' in text
    )
    facts = re.findall(r'<dl class="summary">.*?</dl>', text, re.S)
    assert ["Kode" in own and "Wilayah" in own for own in facts] == [True], "the code is a row as any other"
    assert '<span class="no-print">(14 hari lagi)</span>' in jabar.get("/sanggah/S-2026-0001").text
    again = jabar.get("/sanggah/S-2026-0001").text  # a paper that jammed is printed once more
    assert all("data-print" in own and "Tempat bertanya:" in own for own in (page, again))
    assert all("Tanda terima ini milik keluarga. Simpan nomornya." in own for own in (page, again))
    assert 'value="putus"' not in page, "an officer decides nothing"
    shown = jabar.get("/sanggah").text
    assert "S-2026-0001" in shown
    assert "Usulnya masuk lewat DTSEN" in shown, "where a family without a score is proposed"
    assert "S-2026-0001" in jabar.get(f"/keluarga/{house['household_id']}").text
    noted = jabar.post("/sanggah/S-2026-0001", data={
        "kunci": hidden(page, "kunci"), "ubah": hidden(page, "ubah"), "aksi": "tahap", "tahap": "completeness",
        "keadaan": "incomplete", "catatan": "surat kurang"})  # fmt: skip
    assert noted.status_code == 303
    told = jabar.get(noted.headers["location"]).text
    assert "surat kurang" in told
    assert '<p class="note ok no-print" role="status">Langkah tersimpan.</p>' in told
    assert 'class="note ok' not in jabar.get("/sanggah/S-2026-0001?tersimpan=x").text
    office.who = person(("verifier", "32"))
    page_of_own = jabar.get("/sanggah/S-2026-0001").text
    assert 'value="putus"' not in page_of_own, "who opened the case does not decide it"
    barred = re.search(r'<section class="([^"]*)">(?:(?!</section>).)*Anda membuka kasus ini', page_of_own)
    assert barred is not None
    assert "no-print" in barred[1].split(), "a note for staff, not for the family's paper"
    with office.store.writing() as connection:
        other = stores.person(connection, "sari")
    office.who = replace(person(("verifier", "32")), person=other)
    page = jabar.get("/sanggah/S-2026-0001").text
    assert "Belum selesai: Kelengkapan, Musdes atau muskel, Verifikasi dinas sosial." in page
    assert stages(page) == ["Selesai", "Perlu dilengkapi", *4 * ["Belum dimulai"]]
    sent = {"kunci": "satu-kunci-putusan", "ubah": hidden(page, "ubah"), "aksi": "putus", "putusan": "upheld"}
    empty = jabar.post("/sanggah/S-2026-0001", data=sent | {"alasan": " "})
    assert empty.status_code == 422
    assert "Alasan putusan: wajib diisi" in empty.text
    late = jabar.post("/sanggah/S-2026-0001", data=sent | {"alasan": "x", "ubah": "1", "kunci": "kunci-yang-lain"})
    assert late.status_code == 409
    assert "Belum ada sanggahan yang diputus." in jabar.get("/sanggah?status=diputus").text
    assert "Tidak ada kunjungan seperti ini." in jabar.get("/kunjungan?status=ditutup").text
    done = jabar.post("/sanggah/S-2026-0001", data=sent | {"alasan": "surat diperiksa", "kunci": "kunci-ketiga"})
    assert done.status_code == 303
    told = jabar.get(done.headers["location"]).text
    assert "Putusan tersimpan." in told
    assert "Diterima" in told
    assert "putusan ini tidak mengubah skor" in told
    assert "Cetak putusan" in told
    assert "Putusan ini milik keluarga. Simpan nomornya." in told
    assert re.findall(r"28 November 2026, (\w+)</span>", told) == ["petugas", "petugas", "verifikator"], "who did each"
    assert stages(told) == ["Selesai", "Berhenti sebelum selesai", "Tidak ditempuh", "Tidak ditempuh", "Selesai",
                            "Belum dimulai"], "a decided case has no earlier stage that is yet to begin"  # fmt: skip
    assert "S-2026-0001" not in jabar.get("/sanggah").text
    assert "S-2026-0001" in jabar.get("/sanggah?status=diputus").text


@pytest.mark.parametrize(("answers", "words"), [
    ({"jenis": ""}, "Yang diajukan"), ({"fakta": "hh.none"}, "bukan fakta keluarga ini"),
    ({"fakta": []}, "wajib diisi"),
    ({"jenis": "result"}, "wajib diisi"), ({"catatan": "3204010101010001"}, "tidak boleh berisi NIK"),
])  # fmt: skip
def test_what_is_wrong_with_an_objection_is_told(jabar: TestClient, house: dict[str, Any], answers: dict[str, Any],
                                                 words: str) -> None:  # fmt: skip
    answer = lodge(jabar, house, **answers)
    assert answer.status_code == 422
    assert words in answer.text
    assert "Galat:" in answer.text
    assert "Tidak ada sanggahan" in jabar.get("/sanggah").text


def test_other_areas_and_roles_are_kept_out(jabar: TestClient, office: Office, house: dict[str, Any]) -> None:
    lodge(jabar, house)
    code = house["household_id"]
    office.who = person(("officer", "16"))
    for path in ("/sanggah/S-2026-0001", f"/keluarga/{code}/kunjungan/baru", f"/keluarga/{code}/sanggah/baru"):
        assert jabar.get(path).status_code == 404
    sent = {"kunci": "kunci-dari-luar", "hasil": "above", "tanggal": "2026-11-27"}
    assert jabar.post(f"/keluarga/{code}/kunjungan/baru", data=sent).status_code == 404
    assert "S-2026" not in jabar.get("/sanggah").text
    office.who = person(("viewer", ""))
    for path in ("/sanggah", "/kunjungan", f"/keluarga/{code}/kunjungan/baru", "/sanggah/S-2026-0001"):
        assert jabar.get(path).status_code == 403


def test_an_act_after_midnight_in_jakarta_is_of_one_day_on_every_page(jabar: TestClient, office: Office,
                                                                      house: dict[str, Any]) -> None:  # fmt: skip
    office.clock.time = datetime(2026, 11, 28, 19, 30, tzinfo=UTC)  # 02.30 WIB of the 29th
    lodge(jabar, house)
    assert confirm(jabar, walk(jabar)).status_code == 303
    case = jabar.get("/sanggah/S-2026-0001").text
    assert "13 Desember 2026 (14 hari lagi)" in jabar.get("/sanggah").text
    assert "<strong>13 Desember 2026</strong>" in case
    assert "(14 hari lagi)" in case
    for at in ("/daftar", "/daftar/D-2026-0001", "/daftar/D-2026-0001/cetak", "/sanggah/S-2026-0001", "/admin/audit",
               f"/keluarga/{house['household_id']}"):  # fmt: skip
        text = jabar.get(at).text
        assert "29 November 2026" in text, at
        assert "28 November 2026" not in text, at
    assert 'value="2026-11-29"' in jabar.get(f"/keluarga/{house['household_id']}/kunjungan/baru").text
