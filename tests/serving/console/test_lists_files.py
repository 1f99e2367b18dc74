"""A list that leaves the console: on paper and in files."""

from __future__ import annotations

import io
import re

import openpyxl
from starlette.testclient import TestClient

from serving.audit import search
from serving.cases import lists
from serving.console.strings import strings
from serving.lists.files import RESULTS
from tests.serving.console.lists import confirm, hidden, walk
from tests.serving.console.office import Office, person


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
    for at, part in (("", "Ringkasan"), ("/cetak", "Cetak")):
        shown = jabar.get(f"/daftar/D-2026-0001{at}").text
        assert f"<title>Daftar D-2026-0001: {part} - Jaga</title>" in shown
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
            found = search.rows(connection, None, search.Asked(object=object_), limit=100)
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
        told = {(row[-4] == "cadangan", row[-1]) for row in rows if own not in row}
        assert told == {(False, ""), (True, "Tidak direncanakan")}, "to be visited still, but for the reserve"
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
    assert '<p class="strong">Kecamatan 3201020, Kab. Bogor</p>' in own
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
    # One rule for all pages: a sub-district that there is not is refused with those there are; one in which nothing is
    # due, or that has no place, is empty.
    for path in (f"{at}?", "/kunjungan?", "/kunjungan?status=selesai&", "/keluarga?"):
        none = ask.get(f"{path}kec=3201990")
        told = "Saringan kec: kecamatan dengan kode 3201990 tidak dikenal di sini; yang ada: 3201010, 3201020, 3201030"
        assert (none.status_code, told in none.text) == (400, True), path
    empty = ask.get("/kunjungan?status=selesai&kec=3201010")
    assert (empty.status_code, "/kunjungan/baru" in empty.text) == (200, False)
