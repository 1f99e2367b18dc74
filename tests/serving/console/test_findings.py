"""What a visit found comes first on the page and the paper of its family, and nobody is asked to look again."""

from __future__ import annotations

import csv
import datetime
import io
import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from tests.serving.console.lists import confirm, hidden, walk
from tests.serving.console.office import Office, bare

DOUBTED = "/keluarga?kab=3204&periksa=ya"


def doubted(ask: TestClient) -> str:
    """A family of which the pages ask that somebody looks."""
    return re.findall(r'class="code" href="/keluarga/([0-9A-Z]{12})"', ask.get(DOUBTED).text)[0]


def record(ask: TestClient, code: str, result: str, **more: str) -> str:
    """Record a visit that no list planned; the address that follows."""
    form = ask.get(f"/keluarga/{code}/kunjungan/baru").text
    sent = {"kunci": hidden(form, "kunci"), "hasil": result, "tanggal": "2026-11-27", "catatan": "", **more}
    answer = ask.post(f"/keluarga/{code}/kunjungan/baru", data=sent)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def shown(ask: TestClient, code: str) -> tuple[str, str, str]:
    """The family's page, its report, and its line on the page of families."""
    page, report = (unescape(bare(ask.get(f"/keluarga/{code}{end}").text)) for end in ("", "/laporan"))
    return page, report, _line(ask, code)


def _line(ask: TestClient, code: str, at: str = "/keluarga?kab=3204") -> str:
    """A family's line on the pages of a list, empty where it has none."""
    while at:
        text = ask.get(at).text
        for row in re.findall(r"<tr>.*?</tr>", text, re.S):
            if f"/keluarga/{code}" in row:
                return str(row)
        more = re.search(r'href="([^"]*setelah=[^"]*)"', text)
        at = unescape(more[1]) if more else ""
    return ""


def _total(text: str) -> int:
    found = re.search(r"([0-9.]+) keluarga", bare(text).partition("<h1")[2])
    assert found is not None
    return int(found[1].replace(".", ""))


def test_the_same_finding_twice_is_told_once_and_answers_what_waited_once(jabar: TestClient, office: Office) -> None:
    assert confirm(jabar, walk(jabar)).status_code == 303
    code = re.findall(r'href="/keluarga/([0-9A-Z]{12})"', jabar.get("/daftar/D-2026-0001?tab=tempat").text)[0]
    first = jabar.get(record(jabar, code, "above", tanggal="2026-11-28")).text
    office.clock.time += datetime.timedelta(days=1)
    second = jabar.get(record(jabar, code, "above", tanggal="2026-11-29")).text
    assert "Temuan ini juga menjawab" in first
    assert "Temuan ini juga menjawab" not in second, "the first had answered it"
    page = bare(jabar.get(f"/keluarga/{code}").text)
    assert "tidak berlaku lagi; 29 November 2026" not in page
    assert "29 November 2026" in page


@pytest.mark.parametrize(("result", "told"), [("above", "di atas garis"), ("wrong", "data salah"), ("refused", "")])
def test_what_a_visit_has_just_answered_is_not_asked_again(jabar: TestClient, result: str, told: str) -> None:
    code = doubted(jabar)
    before = _total(jabar.get(DOUBTED).text)
    for part, asked in zip(shown(jabar, code), ("Periksa lapangan: ", "Kami ingin berkunjung", "Periksa lapangan"),
                           strict=True):  # fmt: skip
        assert asked in part
    assert 'class="amount edge"' in shown(jabar, code)[0], "no colour tells the level that no word tells"
    record(jabar, code, result, **({"salah-other": "rumahnya dijual"} if result == "wrong" else {}))
    page, report, line = shown(jabar, code)
    answered = bool(told)
    assert _total(jabar.get(DOUBTED).text) == before - answered, "neither counted among those to be looked at"
    assert (_line(jabar, code, DOUBTED) == "") == answered
    assert ("Periksa lapangan" in page) != answered
    assert ("Kami ingin berkunjung" in report) != answered
    assert ("Periksa lapangan" in line) != answered
    assert ("Sudah dikunjungi" in line) == (answered and result != "above")
    assert ("Di atas garis (kunjungan 27 November 2026)" in line) == (result == "above"), "as the page says it"
    for part in (page, report):
        assert (f"Sudah diperiksa di lapangan 27 November 2026: {told}." in part) == answered
        # Where a visit found it, the family stands there, and not "anywhere" of what was estimated before.
        assert ("Keluarga ini bisa termasuk" in part) == (result != "above")
        assert ("Ini perkiraan sebelum kunjungan itu." in part) == (result == "above")
    # What was found is the big statement of the page; the number of the score stands beneath it, with its date.
    big = re.findall(r'<p class="big"><b>([^<]*)</b> ([^<]*[^< ])', page)
    assert (big == [("Di atas garis", "menurut kunjungan 27 November 2026")]) == (result == "above")
    assert big[0][1].startswith("dari 100") == (result != "above")
    number = re.search(r'id="estimate".*?<p>(\d+) dari 100.*?Data per \d+ \w+ 2026', page, re.S)
    assert bool(number) == (result == "above")
    assert "menurut kunjungan" not in page or page.index("menurut kunjungan") < page.index('id="estimate"')
    assert ("Menurut kunjungan 27 November 2026, keluarga ini di atas" in report) == (result == "above")


def test_of_the_dead_nothing_is_foretold(jabar: TestClient) -> None:
    code = doubted(jabar)
    record(jabar, code, "died")
    page, report, line = shown(jabar, code)
    assert "Meninggal (kunjungan 27 November 2026); perkiraan tidak berlaku lagi" in line
    assert "dari 100" not in line
    assert "<svg" not in line
    for part in (page, report):
        assert "Perkiraan untuk keluarga ini tidak berlaku lagi." in part
        for gone in ("Dari 100 keluarga seperti ini", "Angka yang masuk akal", "erkunjung untuk",
                     "Periksa lapangan", "bila kini di atas garis"):  # fmt: skip
            assert gone not in part
    assert '<p class="big"><b>Meninggal</b> menurut kunjungan 27 November 2026</p>' in page
    assert "Menurut kunjungan 27 November 2026, keluarga ini sudah meninggal." in report
    assert not re.search(r"perkiraan \d+ dari 100", page.partition("Riwayat")[2]), "nor told what was"
    assert "kunjungan, hasil: Meninggal" in page
    for gone in ('id="estimate"', 'id="why"', 'id="ladder"', 'id="change"', f'href="/keluarga/{code}/peluang"'):
        assert gone not in page
    assert "Data yang kami simpan" in report, "what is held may still be asked for"
    assert "Untuk apa perkiraan ini" not in report
    for told in ("menaikkan", "menurunkan", "berpengaruh pada perkiraan"):
        assert told not in report


def test_a_place_of_a_list_asks_nothing_that_a_visit_answered_and_foretells_nothing_of_the_dead(
    jabar: TestClient,
) -> None:
    confirm(jabar, walk(jabar, **{"kuota-32": "60"}))
    tab = "/daftar/D-2026-0001?tab=tempat"
    rows = re.findall(r"<tr>.*?</tr>", jabar.get(tab).text, re.S)
    asked = [re.findall(r"/keluarga/([0-9A-Z]{12})", row)[0] for row in rows if 'class="tag verify"' in row]
    dead, wrong, other = asked[:3]
    record(jabar, dead, "died")
    record(jabar, wrong, "above")
    record(jabar, other, "refused")
    files = list(csv.reader(io.StringIO(jabar.get("/daftar/D-2026-0001.csv").content.decode("utf-8-sig"))))
    for code, verify, risk in ((dead, False, False), (wrong, False, True), (other, True, True)):
        line = _line(jabar, code, tab)
        assert ('class="tag verify"' in line, "dari 100" in line) == (verify, risk), code
        [cells] = [row for row in files if code in (own.replace("-", "") for own in row)]
        assert (cells[13] == "ya", cells[10] != "") == (verify, risk)
    paper = jabar.get("/daftar/D-2026-0001/cetak").text
    assert sum("<td>ya</td>" in row for row in re.findall(r"<tr>.*?</tr>", paper, re.S)) == sum(
        row[13:14] == ["ya"] for row in files)  # fmt: skip


def test_numbers_stay_whole_and_lists_are_named_with_their_version(jabar: TestClient) -> None:
    confirm(jabar, walk(jabar))
    code = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", jabar.get("/kunjungan").text)[0]
    form = jabar.get(f"/keluarga/{code}/kunjungan/baru").text
    record(jabar, code, "above", kunjungan=hidden(form, "kunjungan"))
    case = jabar.post(f"/keluarga/{code}/sanggah/baru", data={
        "kunci": "kunci-sanggahan", "jenis": "result", "pemohon": "family", "saluran": "counter",
        "daftar": "D-2026-0001"}).headers["location"]  # fmt: skip
    confirm(jabar, walk(jabar, **{"kuota-32": "6", "acak": "0"}) + "&versi=D-2026-0001")
    report = jabar.get(f"/keluarga/{code}/laporan").text
    both = (f'<span class="nowrap">D-2026-0001 v{n}</span>' for n in (1, 2))
    assert f"27 November 2026 ({', '.join(both)})" in report, "the visit, and what else it answers"
    page = jabar.get(case).text
    assert 'Sanggahan <span class="nowrap">S-2026-0001</span></span></h1>' in page
    for text in (page, report, jabar.get(f"/keluarga/{code}").text):
        body = re.sub(r"<svg.*?</svg>", "", text.partition("<body")[2], flags=re.S)
        words = re.sub(r'<span class="[^"]*nowrap">[^<]*</span>|<[^>]*>', "", body)
        assert re.findall(r"[DS]-2026-\d{4}", words) == [], "a number may break at its hyphens"
