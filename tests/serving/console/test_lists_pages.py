"""What the pages tell of a list that was drawn: its places, its end, its versions, what visits found."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from serving.access.rights import Areas
from serving.audit import search
from serving.cases import cuts
from serving.cases import objections as cases
from serving.console import formats, list_form
from serving.console.strings import strings
from serving.scores import publishing
from serving.scores.scores import Scores
from serving.store import lists as kept
from serving.store import tables_cases as tables
from serving.store.tables_cases import objections
from tests.serving import scored
from tests.serving.console.lists import CHOICES, confirm, hidden, leaving, walk
from tests.serving.console.office import KNOWN, LABELS, Office, bare, person, rows


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


def _lasts(page: str) -> dict[str, str]:
    """Lists that the second step offers as the last one, by number; the chosen one is marked."""
    field = re.search(r'<select id="dari".*?</select>', page, re.S)
    assert field is not None
    return {number: words + chosen for number, chosen, words in
            re.findall(r'<option value="(D-[^"]+)"( selected)?>([^<]+)</option>', unescape(field[0]))}  # fmt: skip


def test_the_last_list_is_of_the_same_areas_and_schemes_wherever_it_lies_in_the_officers_areas(
    jabar: TestClient, office: Office
) -> None:
    """Who has a province keeps lists of one regency alone, among many others: nobody of it leaves untold."""
    one = {"wil": "3204", "kuota-3204": "6"}
    confirm(jabar, walk(jabar, per="2026Q2", **one))
    confirm(jabar, walk(jabar, per="2026Q3", **one))
    confirm(jabar, walk(jabar, per="2026Q3", wil="3201", **{"kuota-3201": "3"}))
    confirm(jabar, walk(jabar, per="2026Q3", skema="sembako", **one))
    with office.store.writing() as connection:  # more lists since than a page of them holds
        row = connection.execute(select(tables.lists).where(tables.lists.c.number == "D-2026-0003")).one()._mapping
        for number in range(101, 131):
            connection.execute(tables.lists.insert().values(
                {**{name: row[name] for name in row if name != "id"}, "number": f"D-2026-0{number}"}))  # fmt: skip
    begun = jabar.get("/daftar/baru/1").text
    assert "Pakai setelan triwulan lalu" in begun
    assert 'href="/daftar/baru/1?dari=D-2026-0002"' in begun, "of several, another one can be taken"
    assert "dari=D-2026-0001" not in begun, "one of an earlier quarter is followed by that of the next"

    last = walk(jabar, histeresis="0", **{"wil": "3204", "kuota-3204": "3"})
    assert parse_qs(urlsplit(last).query)["dari"] == ["D-2026-0002"]
    assert len(leaving(jabar.get(last).text)) >= 3, "who leaves it is told before anybody confirms"
    second = jabar.get(last.replace("/daftar/baru/4", "/daftar/baru/2")).text
    assert _lasts(second) == {"D-2026-0002": "D-2026-0002, PKH TW IV, Triwulan III 2026, Kab. Bandung selected"}
    assert "Tidak ada daftar terkonfirmasi" not in second

    confirm(jabar, last)
    assert re.search(r"<dt>Daftar lalu</dt><dd>D-2026-0002", jabar.get("/daftar/D-2026-0005").text)


def test_the_officer_chooses_among_last_lists_and_is_told_that_there_is_none(jabar: TestClient) -> None:
    one = {"wil": "3204", "kuota-3204": "6"}
    step = {"nama": "PKH", "per": "2026Q4", "skema": "pkh", "biaya": "1", "aksi": "lanjut"}
    first = jabar.post("/daftar/baru/1", data=step | {"wil": "3204"}).headers["location"]
    assert "untuk wilayah dan skema ini: tidak ada keluarga yang dilindungi" in jabar.get(first).text
    for name in ("Tahap satu", "Tahap dua"):
        confirm(jabar, walk(jabar, nama=name, per="2026Q3", **one))
    at = jabar.post("/daftar/baru/1", data=step | {"wil": "3204"}).headers["location"]
    told = _lasts(jabar.get(at).text)
    assert [*told] == ["D-2026-0002", "D-2026-0001"]
    assert told["D-2026-0002"].endswith("selected"), "the newest is taken, and named"
    for chosen, shown in (("D-2026-0001", ["D-2026-0001"]), ("", None)):
        sent = {"kuota-3204": "2", "dari": chosen, "aksi": "lanjut"}
        third = jabar.post(at, data=sent).headers["location"]
        assert parse_qs(urlsplit(third).query).get("dari") == shown
        back = third.replace("/daftar/baru/3", "/daftar/baru/1")
        again = jabar.post(back, data=step | {"wil": "3204"}).headers["location"]
        assert parse_qs(urlsplit(again).query).get("dari") == shown, "what was chosen stays while nothing else changes"
    wide = jabar.get(jabar.post("/daftar/baru/1", data=step | {"wil": "32"}).headers["location"]).text
    assert "yang wilayah dan skemanya sama" in wide
    assert [told.endswith("selected") for told in _lasts(wide).values()] == [False, False], "offered, and not taken"
    other = jabar.post("/daftar/baru/1", data=step | {"wil": "3204", "skema": "sembako"}).headers["location"]
    assert 'id="dari"' not in jabar.get(other).text


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


def test_a_new_version_tells_who_left_the_list_of_the_quarter_before_and_who_the_version_before(
    jabar: TestClient, office: Office
) -> None:
    confirm(jabar, walk(jabar, per="2026Q3", acak="0", **{"kuota-32": "40"}))
    confirm(jabar, walk(jabar, acak="0", histeresis="0", **{"kuota-32": "30"}) + "&dari=D-2026-0001")
    lost = leaving(jabar.get("/daftar/D-2026-0002").text)
    assert len(lost) == 10
    at = walk(jabar, acak="0", histeresis="0", **{"kuota-32": "27"}) + "&versi=D-2026-0002"
    seen = jabar.get(at).text
    assert confirm(jabar, at).status_code == 303
    page = jabar.get("/daftar/D-2026-0002").text
    for told in (seen, page):
        assert "<dt>Daftar lalu</dt><dd>D-2026-0001 v1" in told
        assert "<dt>Versi sebelumnya</dt><dd>v1" in told
        assert set(leaving(told)) > set(lost)
        assert len(leaving(told)) == 13
        assert set(leaving(told, "gone_version")) == set(leaving(told)) - set(lost)
    assert set(shown_by(office, "list.see", "D-2026-0002 v2")) == set(leaving(page))
    titles = ["Dari daftar lalu (D-2026-0001 v1), tidak lagi mendapat tempat",
              "Dari versi sebelumnya (v1), tidak lagi mendapat tempat"]  # fmt: skip
    paper = jabar.get("/daftar/D-2026-0002/cetak").text
    unbroken = [titles[0].replace("D-2026-0001 v1", '<span class="nowrap">D-2026-0001 v1</span>'), titles[1]]
    for told in (seen, page, paper):
        assert re.findall("<h2[^>]*>(Dari .*?)</h2>", told) == unbroken
    lines = list(csv.reader(io.StringIO(jabar.get("/daftar/D-2026-0002.csv").content.decode("utf-8-sig"))))
    assert [line[0] for line in lines if line and line[0].startswith("Dari ")] == titles
    book = openpyxl.load_workbook(io.BytesIO(jabar.get("/daftar/D-2026-0002.xlsx").content))
    assert {book[name]["A1"].value for name in book.sheetnames} == {"DATA SINTETIS: bukan keluarga sungguhan"}
    assert [book[name]["A2"].value for name in book.sheetnames[1:]] == titles


def test_who_leaves_the_list_is_told_before_a_new_version_is_confirmed_and_after(
    jabar: TestClient, office: Office
) -> None:
    confirm(jabar, walk(jabar))
    confirm(jabar, walk(jabar, nama="Lain", **{"kuota-32": "5"}))  # the newest, and not the one to be replaced
    page = jabar.get("/daftar/baru/1?versi=D-2026-0001").text
    assert f"<dd>{CHOICES['nama']}</dd>" in page
    before = set(on(jabar, "/daftar/D-2026-0001?tab=tempat"))
    end = "&versi=D-2026-0001"
    same = jabar.get(walk(jabar) + end).text
    assert '<p class="note">Dari versi sebelumnya (v1), tidak lagi mendapat tempat: Tidak ada keluarga yang' in same
    at = walk(jabar, histeresis="0", **{"kuota-32": "4"}) + end
    page = jabar.get(at).text
    assert confirm(jabar, at).status_code == 303
    assert re.search(r"\b\d keluarga, di bawah batas daftar ini[.]", page)
    assert "sebelum Anda mengonfirmasi" in page
    kept = jabar.get("/daftar/D-2026-0001").text
    assert "sebelum Anda mengonfirmasi" not in kept
    assert "petugas yang mengonfirmasi daftar ini yang memutuskan" in kept
    assert re.search(r'<div class="main"><details><summary>Lihat keluarga yang keluar dari versi sebelumnya', kept), (
        "open on paper"
    )
    left = {f"{code[:4]}-{code[4:8]}-{code[8:]}": why for code, why in leaving(kept, "gone_version").items()}
    assert left
    paper = jabar.get("/daftar/D-2026-0001/cetak").text
    landmarks = re.findall(r'<[^>]* aria-label(?:ledby)?="([^"]*)"', paper[paper.index("<main") :])
    assert len(landmarks) == len({*landmarks}) >= 2, "two landmarks of one name"
    lines = list(csv.reader(io.StringIO(jabar.get("/daftar/D-2026-0001.csv").content.decode("utf-8-sig"))))
    book = openpyxl.load_workbook(io.BytesIO(jabar.get("/daftar/D-2026-0001.xlsx").content))
    apart = lines.index([])
    assert lines[apart + 1] == ["Dari versi sebelumnya (v1), tidak lagi mendapat tempat"]
    heads = next(at for at, line in enumerate(lines) if line[-1:] == ["Alasan keluar"])
    assert {row[0]: row[3] for row in lines[heads + 1 :]} == left
    assert {row[2] for row in lines[heads + 1 :]} == {"pkh"}
    counts = sum_of([line for line, *_ in lines[apart + 2 : heads]])
    assert counts == sum_of(re.findall("<p>([^<]*)</p>", kept[kept.index("gone_version-h") :])) == len(left)
    apart_ = [
        [own for own in row if own is not None]
        for row in book["Keluar dari versi sebelumnya"].iter_rows(values_only=True)
    ]
    assert apart_ == [lines[0], *lines[apart + 1 :]], "the mark of made-up families first"
    for line in lines[apart + 2 : heads]:
        assert f"<p>{line[0]}</p>" in paper, "by reason, and whose decision it is"
    for code, why in left.items():
        begin = f'<th scope="row"><span class="nowrap">{code}</span></th>'
        assert re.search(rf"{begin}<td>[^<]+</td><td>pkh</td><td>{re.escape(why)}</td>", paper)
    assert not any("Digantikan" in cell for line in lines for cell in line)
    old = jabar.get("/daftar/D-2026-0001.csv?versi=1").text
    assert "\r\nDigantikan versi 2\r\n" in old
    assert "Dari versi sebelumnya" not in old
    assert "tidak mengeluarkan siapa pun" not in same, "nobody leaves"
    now = {code for n, code in enumerate(on(jabar, "/daftar/D-2026-0001?tab=tempat")) if n < 4}
    for shown in (page, jabar.get("/daftar/D-2026-0001").text):
        panel = re.search(r'<section class="panel" aria-labelledby="gone_version-h">.*?</section>', shown, re.S)
        assert panel is not None
        told = re.findall(r'href="/keluarga/([0-9A-Z]{12})"', panel[0])
        assert len(told) >= 3
        assert set(told) <= before - now
    office.who = person(("viewer", "32"))
    seen = jabar.get("/daftar/D-2026-0001").text
    assert "Berapa keluarga tidak disebut di sini: kurang dari 30, atau" in seen
    assert "Selebihnya" not in seen, "nothing was told before it"
    assert not any(code in seen for code in told)
    office.who = person(("officer", "3201"))
    part = jabar.get("/daftar/D-2026-0001").text
    assert "Buat versi baru" not in part
    assert "dibuat petugas yang wilayahnya mencakup seluruhnya: Jawa Barat." in part
    assert jabar.get("/daftar/baru/1?versi=D-2026-0001").status_code == 404


def sum_of(lines: list[str], where: str = "") -> int:
    """How many left by all that sentences say of one place."""
    return sum(int(found[1]) for line in lines if (found := re.match(rf"{where}(\d+) keluarga, ", line)))


def test_who_leaves_a_place_by_lot_an_ended_scheme_or_an_area_left_out_is_told_so(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar, acak="5", per="2026Q3", **{"kuota-32": "100"}))
    lots, end = on(jabar, "/daftar/D-2026-0001?tab=acak"), "&dari=D-2026-0001"
    assert len(lots) == 5
    ranked = jabar.get(walk(jabar, acak="0", histeresis="0", **{"kuota-32": "95"}) + end).text
    assert "5 keluarga, tempatnya dulu menurut undian (sampel acak)." in ranked
    assert leaving(ranked) == dict.fromkeys(lots, "tempatnya dulu menurut undian (sampel acak)")
    renamed = jabar.get(walk(jabar, skema="bantuan", **{"kuota-32": "4"}) + end).text
    assert "PKH: 96 keluarga, skema itu tidak ada lagi di daftar ini." in renamed
    assert set(leaving(renamed).values()) == {"PKH: skema itu tidak ada lagi di daftar ini"}
    part = jabar.get(walk(jabar, wil="3204", histeresis="0", **{"kuota-3204": "1"}) + end).text
    assert {"wilayahnya tidak termasuk skema ini di daftar ini"} < set(leaving(part).values())
    for page in (ranked, renamed, part):
        assert "yang kehilangan tempat" not in page
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
        assert set(leaving(page, "gone_version")) == own
        assert own
        assert sum(map(int, re.findall(r"Di wilayah Anda: (\d+) keluarga, ", page))) == len(own)
        assert [int(n) for n in re.findall(r"Di wilayah lain: (\d+) keluarga, di bawah", page)] == [len(lost - {
            (code, area) for code in own})], area  # fmt: skip
        assert set(shown_by(office, "list.see", "D-2026-0001 v2")) == own
        told = re.findall("<p>(Di wilayah [^<,]*: [^<]*)</p>", page)
        assert re.findall("<p>(Di wilayah [^<,]*: [^<]*)</p>", jabar.get("/daftar/D-2026-0001/cetak").text) == told
        lines = list(csv.reader(io.StringIO(jabar.get("/daftar/D-2026-0001.csv").content.decode("utf-8-sig"))))
        assert [line[0] for line in lines if line and line[0].startswith("Di wilayah ")] == told
        sheet = openpyxl.load_workbook(io.BytesIO(jabar.get("/daftar/D-2026-0001.xlsx").content))[
            "Keluar dari versi sebelumnya"
        ]
        assert [row[0].value for row in sheet.iter_rows() if str(row[0].value).startswith("Di wilayah ")] == told
        assert {row[0].replace("-", "") for row in lines if len(row) == 4 and row[2] == "pkh"} == own, "no other code"
    confirmed = jabar.get("/daftar/D-2026-0001?versi=1").text
    assert "gone_version-h" not in confirmed


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
        found = search.rows(connection, None, search.Asked(object=gone[0]), limit=100)
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
    assert re.search("D-2026-0001 v1, Triwulan IV 2026, PKH: [^;]*; digantikan versi 2, tanpa keluarga ini", report)
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
    placed = on(jabar, "/daftar/D-2026-0001?tab=tempat")
    code = next(own for own in re.findall(r'href="/keluarga/([0-9A-Z]{12})"', jabar.get("/keluarga?prov=32").text)
                if own not in placed)  # fmt: skip
    pages = ("/daftar/D-2026-0001", "/daftar/baru/1?versi=D-2026-0001")
    jabar.post(f"/keluarga/{placed[0]}/sanggah/baru", data={
        "kunci": "kunci-sanggahan-0", "jenis": "proposal", "pemohon": "family", "saluran": "counter"})  # fmt: skip
    case = jabar.post(f"/keluarga/{code}/sanggah/baru", data={
        "kunci": "kunci-sanggahan", "jenis": "proposal", "pemohon": "family", "saluran": "counter"})  # fmt: skip
    assert case.status_code == 303
    told = "1 sanggahan dari wilayahnya diterima"
    assert not any(told in jabar.get(page).text for page in pages), "not decided yet"
    with office.store.writing() as connection:
        row = connection.execute(select(objections)).first()
        assert row is not None
        connection.execute(objections.update().values(
            outcome="upheld", decided_by=row.opened_by, decided_at=row.opened_at))  # fmt: skip
    pages += (walk(jabar) + "&versi=D-2026-0001",)
    number = case.headers["location"].partition("?")[0]
    for page in pages:
        note = re.search(rf'<p class="note">[^<]*{told}.*?</p>', jabar.get(page).text)
        assert note is not None, page
        assert re.findall('href="([^"]*)"', note[0]) == [number], "few are named, none whose proposal is met"
        assert "urutan tetap menurut skor" in note[0], "no version takes it in by itself"
    # A version drawn from the same scores heeds it no more than the one before.
    confirm(jabar, pages[-1])
    assert told in jabar.get("/daftar/D-2026-0001").text
    # Many are a filter away, which holds those and no others.
    monkeypatch.setattr(cases, "MOST_NAMED", 0)
    jabar.post(f"/keluarga/{code}/sanggah/baru", data={
        "kunci": "kunci-sanggahan-2", "jenis": "proposal", "pemohon": "family", "saluran": "counter"})  # fmt: skip
    for page in pages:
        link = re.search(rf'{told}[^<]*<a href="([^"]*)"', jabar.get(page).text)
        assert link is not None, page
        shown = jabar.get(unescape(link[1])).text
        assert "dari wilayah D-2026-0001" in shown
        assert re.findall(r'href="(/sanggah/S[^"]*)"', shown) == [number]
    assert jabar.get("/sanggah?daftar=D-2026-0009").status_code == 404
    office.who = person(("officer", "33"))
    assert told not in jabar.get("/daftar/D-2026-0001").text


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
        assert f"<title>Daftar D-2026-0001 {own}: " in page
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
    assert 'keluarga sudah ada di <span class="nowrap">D-2026-0001 v2</span>' in jabar.get(at).text
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
    assert (own["Anggaran (rupiah)"], own["Tanpa penerima PKH"]) == ("Rp22.500.000", "tidak")
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
    rows = list_form.rules(settings, {}, say)
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
    found = "menurut kunjungan 27 November 2026"
    assert f'<p class="big"><b>Di bawah garis</b> <span>{found}</span></p>' in page
    assert page.index(found) < page.index('id="estimate"'), "what was found is the answer now"
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


def test_a_kept_list_says_that_a_finding_that_cost_a_place_holds_no_longer(jabar: TestClient, office: Office) -> None:
    confirm(jabar, walk(jabar))
    code = re.findall(r'href="/keluarga/([0-9A-Z]{12})"', jabar.get("/daftar/D-2026-0001?tab=tempat").text)[0]

    def found(result: str, day: str) -> None:
        office.clock.time += timedelta(days=1)
        form = jabar.get(f"/keluarga/{code}/kunjungan/baru").text
        sent = {"kunci": hidden(form, "kunci"), "hasil": result, "tanggal": day, "catatan": ""}
        assert jabar.post(f"/keluarga/{code}/kunjungan/baru", data=sent).status_code == 303

    found("below", "2026-11-29")
    assert confirm(jabar, walk(jabar, temuan="died,moved,below") + "&versi=D-2026-0001").status_code == 303
    kept = jabar.get("/daftar/D-2026-0001").text
    assert "Tidak ditempatkan menurut kunjungan (di bawah garis): 1 keluarga." in kept
    assert "tidak ditempatkan karena temuan" not in kept
    found("above", "2026-11-30")
    words = "tidak ditempatkan karena temuan, kunjungan sejak itu menemukan: 1 keluarga di atas garis."
    assert words in jabar.get("/daftar/D-2026-0001").text
    jabar.cookies.set("bahasa", "en")
    assert "because of a finding, visits have since found: 1 above the line." in jabar.get("/daftar/D-2026-0001").text


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
    receiving: tuple[Office, TestClient], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    _, client = receiving
    assert confirm(client, walk(client, tanpa="ya", acak="0", **{"kuota-32": "12"})).status_code == 303
    with monkeypatch.context() as patch:  # its rows hold what the rules of a list ask: no query a family
        for name in ("household", "facts"):
            patch.setattr(Scores, name, None)
        page = client.get("/keluarga?prov=32")
    assert page.status_code == 200
    codes = re.findall(r'class="code" href="/keluarga/([0-9A-Z]{12})"', page.text)
    crossed = [code for code in codes
               if "rentang melewati batas daftar" in client.get(f"/keluarga/{code}").text]  # fmt: skip
    assert crossed, "none of them is held against the end"
    for row in re.findall(r"<tr.*?</tr>", page.text, re.S):
        if any(code in row for code in crossed):
            assert "Periksa lapangan" in row


def test_the_filter_of_families_to_check_gives_those_whose_row_says_so(receiving: tuple[Office, TestClient]) -> None:
    office, client = receiving
    # The list of the regency was confirmed last, so the one of the province does not count there.
    assert confirm(client, walk(client, tanpa="ya", acak="0", **{"kuota-32": "300"})).status_code == 303
    own = {"nama": "PKH Bogor", "wil": "3201", "kuota-3201": "30", "acak": "0", "tanpa": "ya"}
    assert confirm(client, walk(client, **own)).status_code == 303
    for place in ("kab=3201", "kab=3202"):
        rows, only = (_rows(client, f"/keluarga?{place}{more}") for more in ("", "&periksa=ya"))
        asked = [code for code, row in rows.items() if "Periksa lapangan" in row]
        assert [*only] == asked
        assert 0 < len(asked) < len(rows)
        more = client.get(f"/keluarga?{place}&periksa=ya").text
        assert re.findall(r'id="found"[^>]*>(?:Sekitar )?([0-9.]+) keluarga', more) == [str(len(asked))]
        own_doubt = {row["household_id"] for row in office.office.scores().top(10_000) if row["certainty"] == "low"}
        assert set(asked) - own_doubt, "none is asked for since its range crosses the end of a list"


def _rows(client: TestClient, at: str) -> dict[str, str]:
    """Rows of all pages of a list of families, by code."""
    found: dict[str, str] = {}
    while at:
        page = client.get(at).text
        for row in re.findall(r"<tr>.*?</tr>", page, re.S):
            if code := re.search(r'class="code" href="/keluarga/([0-9A-Z]{12})"', row):
                found[code[1]] = row
        more = re.search(r'rel="next" href="([^"]+)"', page)
        at = more[1].replace("&amp;", "&") if more else ""
    return found


def test_few_receivers_are_told_to_nobody_who_may_not_see_them(receiving: tuple[Office, TestClient]) -> None:
    office, client = receiving
    number = confirm(client, walk(client, **{"kuota-32": "40"})).headers["location"].split("?")[0]
    own = re.compile(r"di daftar PKH: (\S+(?: ditampilkan)?) keluarga")
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
    publishing.publish(tmp_path / "scores", tmp_path / "later")
    assert picture.findall(client.get(walk(client, **{"kuota-32": "60"})).text) != [shown], "the scores are others"
    assert picture.findall(client.get(address).text) == [shown]
    office.who = person(("officer", "3203"))
    part = client.get(address)
    assert part.status_code == 200
    assert 0 < office.rows()[-1].count < 40, "of their own area alone"


@pytest.mark.parametrize(("hysteresis", "language"), [("50", "id"), ("50", "en"), ("0", "id")])
def test_a_cut_with_families_kept_from_the_last_list_says_so_and_calls_nobody_alike(
    receiving: tuple[Office, TestClient], tmp_path: Path, hysteresis: str, language: Literal["id", "en"]
) -> None:
    """Those kept stand above the cut with ranks below those left out: told by the rule, by a mark and a legend."""
    _, client = receiving
    first = confirm(client, walk(client, per="2026Q3", **{"kuota-32": "60"})).headers["location"].split("?")[0]
    scored.write(tmp_path / "later", rows(2, "2026-11-20"), as_of="2026-11-20", labels=LABELS, known=KNOWN)
    publishing.publish(tmp_path / "scores", tmp_path / "later")
    at = walk(client, **{"kuota-32": "60", "histeresis": hysteresis})
    at += f"&dari={first.rpartition('/')[2]}"
    client.cookies.set("bahasa", language)
    number = confirm(client, at).headers["location"].split("?")[0]
    say = strings(language)
    last_list = f"{first.rpartition('/')[2]} v1"  # named, not "the last list or version"
    rule, points = (say.say(f"list.{key}.kept", n="50", list=last_list) for key in ("cut", "edge"))
    spoken = say.say("list.cut.kept.ranks", ranks="", list=last_list)[:-1]
    kept = say.say("list.how.kept", list=last_list)
    for page in (client.get(at).text, client.get(f"{number}?tab=batas").text):
        picture = page.split('class="pic cutline"')[1].split("</svg>")[0]
        marks = picture.count('<path class="point"')
        shown = (rule in page, points in page, spoken in picture, f">{kept}</text>" in picture)
        assert set(shown) == {hysteresis != "0"}
        assert (marks > 1) == (hysteresis != "0"), "each of those kept, and the legend"
        assert (say.say("list.cut.note") in page) == (hysteresis == "0")
        if hysteresis != "0":
            last, out = map(int, re.findall(r"(?:peringkat|rank) (\d+) \(", page.split(points)[0])[-1:]
                            + re.findall(r"(?:peringkat|rank) (\d+) \(", page.split(points)[1])[:1])  # fmt: skip
            assert last > out
    counted = f"<dt>{say.say('list.how.kept.count', list=last_list)}</dt>"
    assert [counted in client.get(own).text for own in (at, number)] == [hysteresis != "0"] * 2, "what it counts"
    assert f"<dt>{kept}" not in client.get(number).text
    for end in (".csv", "/cetak", "/cetak?kec=3201020"):
        told = f"{kept[0].lower()}{kept[1:]}" in client.get(f"{number}{end}").text
        assert told or "kec" in end or hysteresis == "0", "on paper and in the file as on the page"
        assert "daftar atau versi lalu" not in client.get(f"{number}{end}").text
    page = "".join(bare(client.get(f"{number}?tab=tempat&setelah={after}").text) for after in (0, 25, 50))
    stays = re.findall(rf'<a class="code" href="(/keluarga/\w+)">(?:(?!</tr>).)*<td class="full">{kept}', page, re.S)
    assert bool(stays) == (hysteresis != "0"), "each of them by its list, on a line of its own"
    for own in stays[:1]:
        page = bare(client.get(own).text)
        cut = re.search(say.say("house.cut.kept", no=number.rpartition("/")[2], cut="@", last=say.say(
            "list.how.kept.list")).replace("@", r"(\d+)"), page)  # fmt: skip
        assert cut is not None, "the end by rank alone is not the last one on the list"
        assert f">{say.say('risk.cut.kept')}</text>" in page


@pytest.mark.parametrize(("one", "other", "told"), [
    ((0.15, 0.10, 0.20), (0.18, 0.12, 0.25), True), ((0.40, 0.35, 0.45), (0.18, 0.12, 0.25), False),
    ((0.152, None, None), (0.148, None, None), True), ((0.16, None, None), (0.14, None, None), False),
    ((None, None, None), (0.14, 0.1, 0.2), False),
])  # fmt: skip
def test_two_families_at_a_cut_are_alike_only_where_their_ranges_or_chances_meet(
    one: tuple[float, ...], other: tuple[float, ...], told: bool
) -> None:
    assert cuts.alike(cuts.Near("A", 1, *one, True), cuts.Near("B", 2, *other, False)) == told
