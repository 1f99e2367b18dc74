"""What each page tells, in both languages, and that nobody is shown families of another area."""

from __future__ import annotations

import csv
import dataclasses
import datetime
import io
import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape
from starlette.testclient import TestClient

from features.keys import PUBLIC_KEY, key_ids
from models.text import LANGUAGES
from serving import nowhere, problems
from serving.access.rights import Areas
from serving.console import places, telling
from serving.console.asked import ORDERS
from serving.console.charts.tilemap import TILES
from serving.console.strings import strings
from serving.problems import PROBLEMS, Problem
from serving.scores import area_figures, listing, publishing, scores, small_areas
from serving.scores.area_figures import Filter
from serving.store.engine import Store
from tests.serving import scored
from tests.serving.console.office import DAYS, KNOWN, LABELS, Office, few, person, publish
from tests.serving.console.test_strings import FORBIDDEN

NATION = Areas(("",))
SAME = "perubahannya tidak dapat dipastikan"
PROTECTED = {"id": ("perempuan", "laki-laki", "etnis", "agama:"), "en": ("female", "ethnic group", "religion:")}


def codes(text: str) -> list[str]:
    return re.findall(r'class="code" href="/keluarga/([0-9A-Z]{12})"', text)


@pytest.fixture
def own(published: Path) -> Any:
    with scores.open(published / "scores") as found:
        yield found


def some(own: Any, **asked: Any) -> str:
    """A household of the store."""
    return str(own.top(1, **asked)[0]["household_id"])


PAGES = ("/ikhtisar", "/ikhtisar?wilayah=32&ukuran=jumlah", "/ikhtisar?wilayah=3204", "/keluarga",
         "/keluarga?prov=32&tingkat=tinggi,sedang&jenis=kambuh&ubah=naik&periksa=ya", "/keluarga/{code}",
         "/keluarga/{code}/laporan", "/keluarga/{code}/kunjungan/baru", "/keluarga/{code}/sanggah/baru", "/daftar",
         "/daftar/baru/1", "/daftar/baru/3?wil=32", "/daftar/baru/4?wil=32&kuota-32=9&nama=PKH", "/kunjungan",
         "/sanggah",
         "/model", "/model/keadilan", "/kompas", "/kompas?prov=32&ukuran=wage&usaha=C&bobot-wage=2&bobot-ilo_genai=0.5",
         "/keluarga/{code}/peluang", "/skenario", "/bantuan", "/data-pribadi", "/problems", "/problems/invalid",
         "/masuk", "/masuk/sandi", "/admin/audit",
         "/kunjungan?status=selesai")  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_in_both_languages(ask: TestClient, own: Any, path: str, language: str) -> None:
    ask.cookies.set("bahasa", language)
    sound(ask.get(path.format(code=some(own))), language)


def sound(answer: Any, language: str) -> None:
    """What every page owes."""
    assert answer.status_code == 200
    text = answer.text
    assert f'<html lang="{language}">' in text
    assert ("DATA SINTETIS" if language == "id" else "SYNTHETIC DATA") in text
    assert text.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert sorted(ids) == sorted(set(ids)), "a label, a link or a pattern finds the one that it means"
    assert re.search(r"<title>[^<{]+ - Jaga</title>", text), "a title is a sentence, not a value of the program"
    assert "style=" not in text
    assert "://" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", text)
    assert re.findall(r"<script(?![^>]*\bsrc=)", text) == []
    assert re.findall(r"\bon\w+=", text) == []
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    # A study keeps the title that it has.
    plain = re.sub(r"<[^>]+>", " ", re.sub(r"<cite>.*?</cite>", " ", text)).lower()
    for word in (*FORBIDDEN[language], *PROTECTED[language]):
        assert word not in plain, word
    assert len(text.encode()) < 100_000
    assert answer.headers["cache-control"] in ("no-store", "private, no-cache")


def test_the_first_change_of_a_password_is_in_the_language_of_the_account_throughout(
    ask: TestClient, office: Office
) -> None:
    for own in ("id", "en"):
        other = {"id": "en", "en": "id"}[own]
        office.who = dataclasses.replace(person(("officer", "")), language=own)
        answer = ask.get("/masuk/sandi", headers={"Accept-Language": other})
        sound(answer, own)
        for key in ("pass.title", "pass.why", "pass.old", "pass.hint", "pass.save", "btn.signout"):
            assert str(escape(strings(own).say(key))) in answer.text, key


def test_files_are_kept_for_ever_under_the_address_of_their_content(ask: TestClient) -> None:
    page = ask.get("/ikhtisar").text
    files = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))
    assert len(files) == 4
    for address in files:
        answer = ask.get(address)
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
        assert ask.get(urlsplit(address).path + "?v=other").headers["cache-control"] == "no-cache"
    assert ask.get("/static/none.css").status_code == 404
    assert ask.get("/").headers["location"] == "/ikhtisar"


def test_the_overview_tells_the_figures_of_the_store(ask: TestClient, own: Any) -> None:
    found = {row["province"]: row for row in own.distribution("province")}
    at_risk = sum(row["at_risk"] for row in found.values())
    mean = sum(row["mean"] * row["at_risk"] for row in found.values()) / at_risk
    text = ask.get("/ikhtisar").text
    assert f"<b>{int(100 * mean + 0.5)}</b>" in text
    assert f"{at_risk:,}".replace(",", ".") in text
    banten = int(100 * found["36"]["mean"] + 0.5)
    tile = (rf"<title>Banten: {banten} dari 100, rentang \d+ sampai \d+, langkah \d dari 5, "
            rf"(naik \d+|turun \d+|{SAME})<")  # fmt: skip
    assert re.search(tile, text)
    assert "TW III 2026" in text
    assert "Triwulan IV 2026" in text


def test_the_overview_says_that_the_database_is_away_and_leads_to_nothing_that_needs_it(
    ask: TestClient, own: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = some(own)

    def away(_: Store) -> Any:
        raise Problem(state)

    told = {"id": "Penyimpanan sedang terganggu: daftar, kunjungan, dan sanggahan belum dapat dibaca.",
            "en": "Storage is disrupted: lists, visits and objections cannot be read yet."}  # fmt: skip
    assert 'href="/daftar/baru/1"' in ask.get("/ikhtisar").text
    monkeypatch.setattr(Store, "reading", away)
    for language, words in told.items():
        ask.cookies.set("bahasa", language)
        state = "read_only"
        page = ask.get("/ikhtisar").text
        assert words in page
        assert words in ask.get(f"/keluarga/{code}").text, "by the words of the family's page"
        assert not re.findall(r'href="(/daftar/baru/1|/kunjungan\?[^"]*|/sanggah\?[^"]*)"', page)
        assert 'name="nomor"' in page, "a family is found still"
        state = "busy"
        page = ask.get("/ikhtisar").text
        assert Problem("busy").sentence(language) in page  # type: ignore[arg-type]
        assert 'href="/daftar/baru/1"' in page


def test_a_ranked_share_has_its_range_and_of_how_many_it_is_also_on_a_phone(ask: TestClient) -> None:
    """Those who fall are not that share of the assessed, and the heads say why."""
    page = ask.get("/ikhtisar?wilayah=32").text
    table = page[page.index('id="ranked"') :]
    for row in re.findall(r"<tr>(<th scope=.row.*?)</tr>", table[: table.index("</table>")]):
        (share, fall) = re.findall(r'<td class="num">([\d.]+).*?<span class="narrow small quiet">([^<]+)</span>', row)
        assert re.fullmatch(r"\d+-\d+|paling \w+ \d+", share[1])
        assert re.fullmatch(r"[\d.]+ dinilai", fall[1])
    for head in ("Dari 100 di atas garis", "Dinilai, sebagian mungkin sudah di bawah garis"):
        assert f">{head}</th>" in table
    assert "dinilai, termasuk yang mungkin sudah di bawah garis, yang tidak dihitung jatuh" in page


def test_the_table_of_figures_is_a_file_with_the_same_figures(ask: TestClient, office: Office, own: Any) -> None:
    page = ask.get("/ikhtisar?wilayah=32").text
    address = re.search(r'href="(/ikhtisar\.csv[^"]*)"', page)
    assert address is not None
    answer = ask.get(address[1])
    assert answer.headers["content-disposition"] == 'attachment; filename="sintetis_ikhtisar_32_2026-11-15.csv"'
    mark, about, rule, heads, whole, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert mark == ["DATA SINTETIS: bukan keluarga sungguhan"]
    assert (about[0], about[-1]) == ("2026-11-15", "perubahan dibandingkan dengan 2026-08-15; 0: perubahannya tidak "
                                    "dapat dipastikan, kedua angka di dalam rentang satu sama lain")  # fmt: skip
    assert rule[0].startswith("tidak ditampilkan: ada 1 sampai 29 keluarga")
    assert heads[:5] == ["kode_wilayah", "wilayah", "dari_100", "rentang_bawah", "rentang_atas"]
    assert whole[:2] == ["32", "Jawa Barat"]
    assert sum(int(row[6]) for row in rows) == int(whole[6]) == area_figures.totals(own, Areas(("32",)))[0].at_risk
    bandung = next(row for row in rows if row[0] == "3204")
    assert re.search(rf'wilayah=3204">Kab. Bandung</a>.*?<td class="num">{bandung[2]}<', page, re.S)
    signs = dict(re.findall(
        r'wilayah=(\d{4})">[^<]*</a></th>.*?<span class="moved"><span aria-hidden="true">([▲▼=]\d*)<', page, re.S
    ))  # fmt: skip
    assert signs == {row[0]: sign(int(row[9])) for row in rows if row[9]}
    assert set(signs.values()) == {"="}, "the ranges of these are wide"
    assert office.rows()[-1].act == "overview.export"
    office.who = person(("officer", "3204"), ("officer", "5101"))
    assert ask.get("/ikhtisar.csv?wilayah=16").status_code == 404
    two = list(csv.reader(io.StringIO(ask.get("/ikhtisar.csv").content.decode("utf-8-sig"))))
    assert two[4][:2] == ["", "Wilayah Anda"]
    assert {row[0] for row in two[5:]} == {"3204", "5101"}


def sign(moved: int) -> str:
    return f"{'▲' if moved > 0 else '▼'}{abs(moved)}" if moved else "="


@pytest.fixture
def moving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """Two runs, all risks .20 in the first: 32 rises and 16 falls beyond their ranges, 51 rises within them."""
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    then = {"32": (0.2, 0.02), "16": (0.2, 0.02), "51": (0.2, 0.08)}
    for day, risks in ((DAYS[0], then), (DAYS[1], {"32": (0.3, 0.02), "16": (0.15, 0.02), "51": (0.25, 0.08)})):
        parts = []
        for province, (risk, half) in risks.items():
            own = scored.table(province, scored.numbers(400, np.random.default_rng(int(province))),
                               np.random.default_rng(1), regencies=2, as_of=day)  # fmt: skip
            there = own["risk"].is_valid()
            for name, value in (("risk", risk), ("low", risk - half), ("high", risk + half)):
                at = own.column_names.index(name)
                own = own.set_column(at, own.schema.field(name), pc.if_else(there, value, None).cast(
                    own.schema.field(name).type))  # fmt: skip
            parts.append(own)
        scored.write(tmp_path / day, pa.concat_tables(parts), as_of=day, labels=LABELS, known=KNOWN)
        publishing.publish(tmp_path / "scores", tmp_path / day)
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        yield client


def test_no_arrow_stands_where_a_change_lies_within_the_ranges(moving: TestClient) -> None:
    page = moving.get("/ikhtisar").text
    signs = dict(re.findall(r'wilayah=(\d\d)">[^<]*</a></th>.*?class="moved"><span[^>]*>([^<]*)<', page, re.S))
    assert signs == {"32": "▲10", "16": "▼5", "51": "="}
    for code, words in (("32", "naik 10 dari"), ("16", "turun 5 dari"), ("51", f"{SAME} dari")):
        assert words in moving.get(f"/ikhtisar?wilayah={code}").text


def test_the_map_marks_what_rose_and_fell_and_says_since_when(moving: TestClient) -> None:
    ask = moving
    rows = {row[0]: row for row in csv.reader(io.StringIO(ask.get("/ikhtisar.csv").content.decode("utf-8-sig")))}
    page = ask.get("/ikhtisar").text
    words = {1: "naik {}", -1: "turun {}", 0: SAME}
    marked = 0
    for code, name in (("32", "Jawa Barat"), ("16", "Sumatera Selatan"), ("51", "Bali")):
        change = int(rows[code][9])
        tile = re.search(rf"<title>{name}: [^<]*</title>(.*?)</a>", page)
        assert tile is not None
        assert f", {words[(change > 0) - (change < 0)].format(abs(change))}</title>" in tile[0]
        assert ('class="sign' in tile[1]) == bool(change)
        marked += bool(change)
    assert marked
    assert "▲ naik, ▼ turun sejak 15 Agustus 2026." in page
    assert f"▲ naik, ▼ turun, = {SAME} (kedua angka di dalam rentang satu sama lain), dari 100" in page
    assert "15 Agustus 2026; tanpa tanda" in page


def test_a_second_run_of_one_date_is_not_told_as_the_first_publication(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                                       ) -> None:  # fmt: skip
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    told = {}
    for at, day in enumerate((DAYS[0], DAYS[0], DAYS[1], DAYS[1])):
        ids = scored.numbers(300, np.random.default_rng(5))
        scored.write(tmp_path / str(at), scored.table("32", ids, np.random.default_rng(at), as_of=day), as_of=day,
                     labels=LABELS, known=KNOWN)  # fmt: skip
        publishing.publish(tmp_path / "scores", tmp_path / str(at))
        with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
            told[at] = client.get("/ikhtisar").text
    say = strings("id")
    assert [at for at, text in told.items() if say.say("over.change.none") in text] == [0]
    assert [at for at, text in told.items() if say.say("over.change.same_day") in text] == [1]
    for at in (2, 3):
        assert re.search(rf"<li>(naik \d+|turun \d+|{SAME}) dari 15 Agustus 2026</li>", told[at])


def test_the_real_map_has_its_own_heading_names_and_a_list(ask: TestClient, office: Office, tmp_path: Path,
                                                           monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def shape(at: int, name: str) -> dict[str, Any]:
        ring = [[at, 0], [at + 1, 0], [at + 1, 1], [at, 1], [at, 0]]
        return {"properties": {"WADMPR": "Jawa Barat", "WADMKK": name},
                "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip

    file = tmp_path / "batas.json"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [shape(0, "Bandung"), shape(1, "Garut")]}))
    monkeypatch.setenv("JAGA_BOUNDARIES", str(file))
    page = ask.get("/ikhtisar?wilayah=32&peta=wilayah").text
    assert ">Peta kabupaten dan kota: Jawa Barat</h2>" in page
    for css in ("wide", "short"):
        assert [code[:2] for code in re.findall(rf'class="label {css}"[^>]*>([^<]+)<', page)] == ["04", "05"]
    assert re.findall(r"<li><b>(\d\d)</b> ([^<]*)</li>", page) == [("04", "Kab. Bandung"), ("05", "Kab. Garut")]
    assert re.search(r"<title>Kab. Garut: \d+ dari 100", page)
    assert re.search(r"Batasnya tidak ada di berkas itu: [^<]*Kab. Bogor", page)
    assert "peta=wilayah&amp;ukuran=jumlah" in page, "another measure keeps the map"
    shades = re.findall(r'class="(r\d) edge"', page)
    assert shades
    tiles = ask.get("/ikhtisar?wilayah=32").text
    assert re.findall(r'class="(r\d) edge"', tiles) == shades, "one scale of shares, whichever map is shown"
    assert "Angka provinsi adalah" not in page
    page = ask.get("/ikhtisar?wilayah=16&peta=wilayah").text
    assert ">Peta batas provinsi</h2>" in page
    assert "Berkas batas tidak memuat kabupaten dan kota provinsi ini." in page
    office.who = person(("officer", "3204"))
    page = ask.get("/ikhtisar?peta=wilayah").text
    listed = page[page.index("Angka peta ini sebagai daftar") :]
    assert len(re.findall(r"\d+ dari 100 \(\d+-\d+\)", listed[: listed.index("</details>")])) == 38
    file.write_text("{}")
    page = ask.get("/ikhtisar?peta=wilayah").text
    assert ">Peta provinsi</h2>" in page
    assert "Berkas batas tidak dapat dibaca" in page


def test_freshness_is_told_by_source(ask: TestClient) -> None:
    text = ask.get("/ikhtisar").text
    fresh = text[text.index("Menurut sumber") :]
    order = [fresh.index(name) for name in ("Keluarga<", "Anggota keluarga<", "Sinyal lapangan usaha<")]
    assert order == sorted(order)
    assert "31 Oktober 2026" in fresh
    row = fresh[order[2] :]
    assert "31 Maret 2026" in row[: row.index("</div>")]
    assert "Data lama" in row[: row.index("</div>")]
    assert fresh.count("Data lama") == 1


def test_an_officer_sees_regencies_and_families_of_the_own_area_alone(
    office: Office, ask: TestClient, own: Any
) -> None:
    office.who = person(("officer", "3204"))
    text = ask.get("/ikhtisar").text
    assert "Ikhtisar: Kab. Bandung" in text
    assert set(re.findall(r'<a href="/ikhtisar\?wilayah=(\d+)" tabindex', text)) == {"32"}, "a tile leads to a refusal"
    listed = ask.get("/keluarga").text
    assert codes(listed)
    assert set(re.findall(r'small quiet">(Kab\.[^<]*)<', listed)) == {"Kab. Bandung, Jawa Barat"}
    other, mine = some(own, province="16"), some(own, regency="3204")
    assert ask.get(f"/keluarga/{mine}").status_code == 200
    elsewhere, nowhere = ask.get(f"/keluarga/{other}"), ask.get("/keluarga/A2345678ABCD")
    assert elsewhere.status_code == nowhere.status_code == 404

    def told(answer: Any) -> str:
        return re.sub(r"rujukan \w+", "", re.sub(r'href="\?[^"]*"', "", answer.text))

    assert told(elsewhere) == told(nowhere)
    assert f"rujukan {nowhere.headers['X-Request-Id']}" in nowhere.text, "the number to ask by is the one in the log"
    assert ask.get("/keluarga?prov=16").status_code == 404
    assert ask.get("/ikhtisar?wilayah=16").status_code == 404
    assert "Tidak ditemukan di wilayah Anda." in elsewhere.text
    missed = ask.post("/keluarga", data={"nomor": other})
    assert missed.status_code == 404
    assert other not in missed.text


def test_a_number_is_looked_up_and_never_told_again(ask: TestClient, own: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    code = some(own)
    assert ask.post("/keluarga", data={"nomor": f"{code[:4]}-{code[4:8]} {code[8:].lower()}"}).headers["location"] == (
        f"/keluarga/{code}")  # fmt: skip
    number = "3204010101900001"
    asked: list[str] = []
    real = scores.Scores.household
    monkeypatch.setattr(
        scores.Scores, "household", lambda self, own, areas=None: asked.append(own) or real(self, own, areas)
    )
    answer = ask.post("/keluarga", data={"nomor": number})
    assert asked == key_ids([number], PUBLIC_KEY)
    assert answer.status_code == 404
    assert number not in answer.text
    assert "location" not in answer.headers
    for odd in ("", "1", "9" * 500, "\x00" * 20, "O'Brien <b>"):
        assert ask.post("/keluarga", data={"nomor": odd}).status_code == 404


def test_pages_of_a_list_join_forwards_and_backwards(ask: TestClient, own: Any) -> None:
    want = [row["household_id"] for row in own.top(90, province="32")]
    text = ask.get("/keluarga?prov=32").text
    seen, address, turns = codes(text), "", []
    while match := re.search(r'rel="next" href="([^"]+)"', text):
        address = match[1].replace("&amp;", "&")
        turns.append(address)
        text = ask.get(address).text
        seen += codes(text)
    assert seen[:90] == want
    assert len(turns) >= 2
    back = re.search(r'rel="prev" href="([^"]+)"', text)
    assert back is not None
    assert codes(ask.get(back[1].replace("&amp;", "&")).text) == seen[-len(codes(text)) - 25 : -len(codes(text))]
    assert 'rel="prev"' not in ask.get("/keluarga?prov=32").text


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        ("tingkat=tinggi", lambda row: LABELS[2] <= int(100 * row["risk"] + 0.5) < LABELS[3]),
        ("tingkat=rendah,sangat-tinggi", lambda row: LABELS[0] <= int(100 * row["risk"] + 0.5) < LABELS[1]
         or int(100 * row["risk"] + 0.5) >= LABELS[3]),
        ("jenis=pertama", lambda row: row["kind"] == "first_entry"),
        ("periksa=ya", lambda row: doubted(row)),
        ("prov=16", lambda row: row["province"] == "16"),
        ("kab=3204", lambda row: row["regency"] == "3204"),
    ],
)  # fmt: skip
def test_a_filter_lets_through_what_it_says_and_counts_it(ask: TestClient, own: Any, query: str, holds: Any) -> None:
    want = [row["household_id"] for row in own.top(10_000) if holds(row)]
    text = ask.get(f"/keluarga?{query}").text
    assert codes(text) == want[:25]
    count = re.search(r'id="found"[^>]*>(?:Sekitar )?([\d.]+) keluarga', text)
    assert count is not None
    shown = int(count[1].replace(".", ""))
    assert shown == len(want) if len(want) < 1000 else abs(shown - len(want)) <= 5


def test_changes_are_those_between_the_two_runs_beyond_both_ranges(published: Path, own: Any) -> None:
    def told(row: Any) -> tuple[int, int, int]:
        p, low, high = (int(100 * row[name] + 0.5) for name in ("risk", "low", "high"))
        return p, min(low, p), max(high, p)

    names = sorted(path.name for path in (published / "scores" / "runs").iterdir() if path.name[0] != ".")
    with scores.open_run(published / "scores", names[0]) as before:
        was = {row["household_id"]: told(row) for row in before.top(10_000)}
    want: dict[str, set[str]] = {"up": set(), "same": set(), "down": set()}
    for row in own.top(10_000):
        if row["household_id"] in was:
            (a, *old), (b, *new) = was[row["household_id"]], told(row)
            same = a == b or (old[0] <= b <= old[1] and new[0] <= a <= new[1])
            want["same" if same else "up" if b > a else "down"].add(row["household_id"])
    for change, found in want.items():
        page = listing.page(own, NATION, Filter(changes=(change,)), count=10_000)
        assert {row["household_id"] for row in page.rows} == found, change
        assert page.total == len(found), "the counts follow the same rule"
        assert len(found) > 100


@pytest.mark.parametrize(("query", "cell", "sentence"), [
    ("naik", r"\+(\d+)", "Naik {} dari penerbitan lalu"), ("turun", r"-(\d+)", "Turun {} dari penerbitan lalu"),
    ("tetap", r"(tetap)", "Perubahannya tidak dapat dipastikan"),
])  # fmt: skip
def test_the_list_and_the_page_of_a_family_tell_the_same_change(ask: TestClient, query: str, cell: str,
                                                                sentence: str) -> None:  # fmt: skip
    rows = re.findall(r'href="/keluarga/([0-9A-Z]{12})".*?</svg> ' + cell, ask.get(
        f"/keluarga?ubah={query}&prov=32").text, re.S)  # fmt: skip
    assert len(rows) == 25
    for code, moved in rows[:5]:
        page = ask.get(f"/keluarga/{code}").text
        change = page[page.index('id="change"') :]
        assert sentence.format(moved) in change[: change.index("</section>")], code


def test_another_model_is_compared_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    for at, (day, bundle) in enumerate(zip(DAYS, ("a" * 12, "b" * 12), strict=True)):
        ids = scored.numbers(300, np.random.default_rng(5))
        table = scored.table("32", ids, np.random.default_rng(at), as_of=day, bundle=bundle)
        scored.write(tmp_path / day, table, as_of=day, bundle=bundle, labels=LABELS, known=KNOWN)
        publishing.publish(tmp_path / "scores", tmp_path / day)
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        text = client.get("/keluarga").text
        assert "model berganti" in text
        assert "sprite.svg#naik" not in text
        assert "0 keluarga" in client.get("/keluarga?ubah=naik,turun,tetap").text
        assert "model berganti" in client.get(f"/keluarga/{codes(text)[0]}").text


def test_counts_add_up_to_the_manifest(own: Any) -> None:
    total = area_figures.totals(own, NATION)[0]
    said = own.run.manifest["households"]
    assert (total.households, total.at_risk) == (said["in"], said["at_risk"])
    assert total.households == total.at_risk + total.poor + total.refused
    for by in ("province", "regency", "kind", "level"):
        rows = area_figures.totals(own, NATION, by=by)
        assert sum(row.at_risk for row in rows) == said["at_risk"]
    series = area_figures.series(own, NATION)
    assert [str(day) for day in sorted({point.as_of for point in series})] == list(DAYS)
    assert sum(point.households for point in series if str(point.as_of) == DAYS[-1]) == said["at_risk"]
    assert area_figures.totals(own, Areas(()))[0].households == 0


@pytest.mark.parametrize(("query", "key"), [
    ("tingkat=merah", "tingkat"), ("jenis=x", "jenis"), ("prov=Jawa", "prov"), ("prov=٣٢", "prov"), ("kab=32", "kab"),
    ("kec=3204", "kec"), ("kec=32040100", "kec"),
    ("setelah=%00", "setelah"), ("sebelum=AAAA", "sebelum"), ("periksa=1", "periksa"), ("ubah=up", "ubah"),
    ("setelah=bmFuLzIzNDU2Nzg5QUJDRA", "setelah"), ("urut=nama", "urut"), ("sektor=c", "sektor"),
])  # fmt: skip
def test_a_bad_value_names_its_key_in_both_languages(ask: TestClient, query: str, key: str) -> None:
    for language, words in (
        ("id", f"Saringan {key}"),
        ("en", f"Filter {key}"),
    ):
        ask.cookies.set("bahasa", language)
        answer = ask.get(f"/keluarga?{query}")
        assert answer.status_code == 400
        assert words in answer.text


def test_an_area_that_there_is_not_has_no_overview(ask: TestClient) -> None:
    for code, words in (("9999", "tidak ada provinsi dengan kode 99; yang ada: 11, 12, "),
                        ("99", "tidak ada provinsi dengan kode 99; yang ada: 11, 12, "),
                        ("3299", "tidak ada kabupaten/kota dengan kode 3299; yang ada: 3201, 3202, ")):  # fmt: skip
        for path in ("/ikhtisar", "/ikhtisar.csv"):
            answer = ask.get(f"{path}?wilayah={code}", headers={"Accept": "text/html"})
            assert (answer.status_code, f"Saringan wilayah: {words}" in answer.text) == (400, True), (path, code)


def test_all_bad_filters_are_told_at_once(ask: TestClient) -> None:
    for language in ("id", "en"):
        ask.cookies.set("bahasa", language)
        answer = ask.get("/keluarga?tingkat=merah&jenis=x&kab=abc&periksa=1")
        say = strings(language)
        told = [f"kab: {say.say('rule.regency')}",
                f"tingkat: {say.say('rule.level')}", f"jenis: {say.say('rule.kind')}",
                f"periksa: {say.say('rule.yes')}"]  # fmt: skip
        assert answer.status_code == 400
        assert str(escape("; ".join(told))) in answer.text
        answer = ask.get("/keluarga?prov=99&kab=3299&tingkat=gila&foo=1")
        none = [nowhere.area(code)[LANGUAGES.index(language)] for code in ("99", "3299")]
        told = [f"prov: {none[0]}", f"kab: {none[1]}",
                f"tingkat: {say.say('rule.level')}"]  # fmt: skip
        assert answer.status_code == 400
        assert str(escape("; ".join(told))) in answer.text
        assert say.say("strip.unknown", keys="foo") in answer.text


@pytest.mark.parametrize(("word", "order"), [*ORDERS.items()])
def test_an_order_is_told_kept_while_paging_and_turned_by_its_column(ask: TestClient, own: Any, word: str,
                                                                     order: str) -> None:  # fmt: skip
    address, found, want = f"/keluarga?prov=32&urut={word}", list[str](), listing.page(
        own, NATION, Filter(province="32"), count=60, order=order).rows  # fmt: skip
    for _ in range(2):
        text = ask.get(address).text
        found += codes(text)
        address = unescape(re.search(r'rel="next" href="([^"]+)"', text)[1])  # type: ignore[index]
        assert f"urut={word}" in address
    assert found == [row["household_id"] for row in want][:50]
    sorts = re.findall(r'aria-sort="(\w+)">\w+ <a class="sort" href="/keluarga\?prov=32&amp;urut=([\w-]+)"', text)
    assert sorts == [("descending", word[1:]) if word[0] == "-" else ("ascending", f"-{word}")]
    assert f'<option value="{word}" selected>' in text
    assert 'aria-label="Saringan yang dipakai">\n<li><a href="/keluarga?urut=' in text, "the order is no filter"


def test_unknown_keys_are_told_and_not_used(ask: TestClient) -> None:
    text = ask.get("/keluarga?desa=pacet&rt=3&<b>=1").text
    assert "Saringan ini tidak dikenal dan tidak dipakai: &lt;b&gt;, desa, rt." in text
    assert "tidak dipakai: provinsi (prov?)." in ask.get("/kompas?provinsi=99").text, "the one that was meant"


def test_a_language_is_chosen_by_a_link_and_kept(ask: TestClient) -> None:
    answer = ask.get("/keluarga?prov=32&bahasa=en&tingkat=tinggi")
    assert (answer.status_code, answer.headers["location"]) == (303, "/keluarga?prov=32&tingkat=tinggi")
    assert "bahasa=en" in answer.headers["set-cookie"]
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert '<html lang="en">' in ask.get("/keluarga").text
    assert "set-cookie" not in ask.get("/bantuan?bahasa=xx").headers


def test_who_is_written_about_needs_no_account_and_reads_the_own_language(ask: TestClient) -> None:
    assert '<html lang="en">' in ask.get("/data-pribadi", headers={"Accept-Language": "en-GB,en"}).text


@pytest.mark.parametrize("language", ["id", "en"])
def test_families_are_told_who_answers_and_how_to_ask(
    ask: TestClient, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    say = strings(language)
    head = {"Accept-Language": language}
    text = ask.get("/data-pribadi", headers=head).text
    assert say.html("privacy.answers.none", contact=say.say("foot.contact")) in text
    monkeypatch.setenv("JAGA_CONTROLLER", "Dinas Sosial <Contoh>, PPDP: ppdp@example.go.id.")
    monkeypatch.setenv("JAGA_OFFICE", "loket 3")
    monkeypatch.setenv("JAGA_CONTACT", "021-000000")
    text = ask.get("/data-pribadi", headers=head).text
    assert "Dinas Sosial &lt;Contoh&gt;, PPDP: ppdp@example.go.id." in text
    assert say.html("privacy.rights.text", office="loket 3") in text
    assert text.count("021-000000") == 2
    for key in ("purpose", "kept", "used", "code", "long", "who", "log", "decide"):
        assert say.html(f"privacy.{key}.text") in text
    for key in ("see", "mend", "object", "stop"):
        assert say.html(f"privacy.rights.{key}") in text


def test_roles_see_what_is_theirs(office: Office, ask: TestClient, own: Any) -> None:
    code = some(own)
    for role in ("viewer", "analyst", "administrator"):
        office.who = person((role, ""))
        text = ask.get("/ikhtisar").text
        assert "/keluarga" not in text
        for path in ("/keluarga", f"/keluarga/{code}", f"/keluarga/{code}/laporan"):
            answer = ask.get(path)
            assert answer.status_code == 403
            assert "petugas" in answer.text
            assert code not in answer.text.replace(f"/keluarga/{code}", "")


def one_family(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An office whose province 34 has one family in 3401, 31 in 3402, and 200 in 3403."""
    ids = scored.numbers(232, np.random.default_rng(1))
    rows = scored.table("34", ids, np.random.default_rng(2), regencies=1).to_pylist()
    sure = [row for row in rows if row["applies"]][:100]
    for row, regency in zip(sure, ["3401", *31 * ["3402"], *68 * ["3403"]], strict=True):
        row["regency"] = regency
    sure[0] |= {"risk": 0.77, "low": 0.7, "high": 0.83}
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    table = scored.pa.Table.from_pylist(sure, schema=scored.SCORES)
    scored.write(tmp_path / "run", table, as_of=DAYS[-1], labels=LABELS, known=KNOWN)
    publishing.publish(tmp_path / "scores", tmp_path / "run")


def test_a_regency_with_one_family_does_not_tell_its_risk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one_family(tmp_path, monkeypatch)
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        for role in ("viewer", "analyst", "officer"):
            office.who = person((role, ""))
            for query in ("", "&ukuran=jumlah"):
                page = client.get(f"/ikhtisar?wilayah=3401{query}").text
                assert "Kurang dari 30 keluarga dinilai di wilayah ini" in page
                assert "77 dari 100" not in page
                assert "<b>77</b>" not in page
                assert "Keluarga dalam register" not in page
                assert '<h2 id="levels"' not in page
                assert '<h2 id="kinds"' not in page
            page = client.get("/ikhtisar?wilayah=34").text
            # The second smallest is kept back with it: else what the whole tells beyond the others were that family.
            assert "bersama tempat lain: Kab. Kulon Progo, Kab. Bantul" in page
            assert "wilayah=3403" in page
            assert "dapat dihitung dari selisihnya" in client.get("/ikhtisar?wilayah=3402").text
            page = client.get("/ikhtisar?wilayah=3403").text
            assert "Kurang dari 30 keluarga dinilai di wilayah ini" not in page
            assert "Angka wilayah ini tidak ditampilkan" not in page
            lines = client.get("/ikhtisar.csv?wilayah=34").text.splitlines()
            told = {line.split(",")[0]: line.split(",")[2:] for line in lines[4:]}
            assert any(told["3403"])
            kept_back = [*["tidak ditampilkan"] * 7, ""]
            assert told["3401"] == told["3402"] == kept_back
            assert client.get("/ikhtisar.csv?wilayah=3401").text.splitlines()[-1] == ",".join(
                ["3401", "Kab. Kulon Progo", *kept_back])  # fmt: skip


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12))
def test_what_is_kept_back_is_never_a_cell_of_few(sizes: list[int]) -> None:
    def row(key: int, size: int) -> area_figures.Total:
        return area_figures.Total(f"32{key:02d}", size, size, 0, 0, 0.1, 0.1, 0.1, 0, 0, 0, 0)

    kept = small_areas.smallest([row(key, size) for key, size in enumerate(sizes)])
    held = [size for key, size in enumerate(sizes) if f"32{key:02d}" in kept]
    assert all(size in held for size in sizes if size < 30)
    assert not sum(held) or sum(held) >= 30 or len([size for size in sizes if size]) == len([s for s in held if s])
    left = sorted(set(sizes) - set(held))
    assert not held or not left or min(left) >= max(held), "the smallest are kept back and no others"


def test_an_installation_without_scores_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        for path in ("/ikhtisar", "/keluarga"):
            answer = client.get(path)
            assert answer.status_code == 200
            assert "Skor pertama sedang disiapkan" in answer.text
            assert "DATA SINTETIS" not in answer.text
        assert client.get("/keluarga/A2345678ABCD").status_code == 503
        assert "Belum ada model yang dipakai" in client.get("/model").text


def test_a_run_that_is_too_old_warns_on_every_page_and_a_new_one_is_taken_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    publish(tmp_path, tmp_path / "folders", days=DAYS[:1], synthetic=False, made=few)
    with Office(tmp_path) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        office.clock.time += datetime.timedelta(30)
        text = client.get("/ikhtisar").text
        assert "Skor ini dari 15 Agustus 2026, 135 hari lalu" in text
        assert "ini penerbitan pertama" in text
        assert "SINTETIS" not in text
        unready = strings("id").say("build.unready")
        assert unready in client.get("/daftar/baru/1").text, "told before the form is filled in"
        shutil.rmtree(tmp_path / "folders")
        publish(tmp_path, tmp_path / "folders", made=few)
        assert "135 hari lalu" not in client.get("/ikhtisar").text
        assert unready not in client.get("/daftar/baru/1").text


def test_the_type_of_every_problem_leads_to_its_page_without_signing_in(ask: TestClient, office: Office) -> None:
    office.who = None
    told = ask.get("/v1/tidak-ada").json()
    assert told["type"] == "/problems/not-found"
    every = ask.get("/problems").text
    for code in PROBLEMS:
        page = ask.get(problems.type_of(code))
        assert page.status_code == 200, code
        assert str(escape(problems.Problem(code).title("id"))) in page.text
        assert f'href="{problems.type_of(code)}"' in every
    page = ask.get("/problems/invalid?bahasa=en", follow_redirects=True).text
    assert all(str(escape(words)) in page for _, words in problems.RULES.values())
    assert ask.get("/problems/none").status_code == 404


def test_htmx_gets_the_block_alone(ask: TestClient) -> None:
    answer = ask.get("/keluarga?prov=32", headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert "<h1" in answer.text
    assert "HX-Request" in answer.headers["vary"]
    assert "Cookie" in answer.headers["vary"]


def test_errors_are_pages_for_people_and_problem_details_for_programs(ask: TestClient) -> None:
    page = ask.get("/tidak-ada")
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "Galat: Tidak ditemukan" in page.text
    for path, accept in (("/v1/tidak-ada", "text/html"), ("/tidak-ada", "application/json")):
        answer = ask.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_one_shade_means_one_thing_on_the_map_and_in_the_ranked_bars(ask: TestClient) -> None:
    page = ask.get("/ikhtisar?wilayah=32").text
    legends = re.findall(r'<ul class="legend".*?</ul>', page, re.DOTALL)
    assert len(legends) == 2, "the map's, and again at the bars"
    steps = [re.findall(r'class="r(\d) edge"/></svg>([^<]*)<', own) for own in legends]
    assert steps[0] == steps[1]
    begins = {int(step): int(re.findall(r"\d+", words)[0]) for step, words in steps[1]}
    lowest = min(begins)
    section = page[page.index('id="ranked"') :]
    table = section[section.index('<table class="ranked">') : section.index("</section>")]
    bars = re.findall(r'class="r(\d) edge"/>.*?</td><td class="num">(\d+)<', table, re.DOTALL)
    assert len(bars) > 10
    for step, share in bars:
        reached = [own for own, begin in begins.items() if own != lowest and int(share) >= begin]
        assert int(step) == max(reached, default=lowest), (step, share, begins)


def doubted(row: Any) -> bool:
    """Whether a family is to be looked at where no list was confirmed."""
    return telling.uncertain(row, telling.estimate(row["risk"], row["low"], row["high"], LABELS))


def test_one_sub_district_is_searched_from_what_there_is_in_the_own_regency(ask: TestClient, office: Office,
                                                                             own: Any) -> None:  # fmt: skip
    office.who = person(("officer", "3201"))
    page = ask.get("/keluarga").text
    assert re.findall(r'<option value="(3201\d{3})"', page) == ["3201010", "3201020", "3201030"]
    text = ask.get("/keluarga?prov=&kab=&kec=3201020&periksa=ya").text
    expected = [row for row in own.top(1000, subdistrict="3201020") if doubted(row)]
    assert codes(text) == [row["household_id"] for row in expected][:25]
    assert len(re.findall(r"Kecamatan \d{4}020, Kab\.", text)) == len(codes(text)) > 0
    assert f'<h2 id="found" tabindex="-1">{len(expected)} keluarga' in text
    # The filter in use can be taken away; without its regency it falls away too.
    chips = dict(re.findall(r'<li><a href="([^"]*)">([^<]*) <span', text))
    assert chips["/keluarga?periksa=ya"].strip() == "Kecamatan 3201020"
    office.who = person(("officer", "32"))
    both = ask.get("/keluarga?prov=32&kab=3201&kec=3201020").text
    assert '<a href="/keluarga?prov=32">' in both
    assert '<a href="/keluarga?prov=32&amp;kab=3201">' in both
    # A whole province offers them all with their regency, so that none has to be chosen first.
    offered = dict(re.findall(r'<option value="(\d{7})">([^<]*)<', ask.get("/keluarga").text))
    assert {code[:2] for code in offered} == {"32"}
    assert len({code[:4] for code in offered}) > 10
    assert offered["3201020"] == "Kecamatan 3201020, Kab. Bogor"
    assert codes(ask.get("/keluarga?prov=&kab=&kec=3201020&periksa=ya").text) == codes(text)
    office.who = person(("officer", "3201"), ("officer", "3202"))
    two = re.findall(r'<option value="(\d{7})"', ask.get("/keluarga?prov=32").text)
    assert {code[:4] for code in two} == {"3201", "3202"}, "of the caller's regencies alone"
    office.who = person(("officer", "32"))
    # Who has the nation types the code and ticks the box in one step.
    office.who = person(("officer", ""))
    page = ask.get("/keluarga").text
    assert re.search(r'<input type="text" id="kec" name="kec" value="" [^>]*inputmode="numeric"', page)
    assert codes(ask.get("/keluarga?urut=-risiko&prov=&kec=3201020&periksa=ya").text) == codes(text)
    assert 'id="kec" name="kec" value=""' not in ask.get("/keluarga?prov=32").text, "then there is a list of them"
    office.who = person(("officer", "32"))
    # A regency that was changed leaves the sub-district of before behind.
    left = ask.get("/keluarga?prov=32&kab=3202&kec=3201020").text
    assert codes(left) == codes(ask.get("/keluarga?prov=32&kab=3202").text)
    assert "Kecamatan 3201020 tidak dipakai sebagai saringan, karena letaknya di luar Kab. Sukabumi." in left
    assert ask.get("/keluarga?kec=1601010").status_code == 404
    for code, words in (("3201011", "3201010, 3201020, 3201030"), ("3299010", "3299; yang ada: 3201, 3202"),
                        ("9999999", "99; yang ada: 11, 12")):  # fmt: skip
        none = ask.get(f"/keluarga?kec={code}")
        assert (none.status_code, words in none.text) == (400, True)
    last = office.rows()[-2]
    assert (last.act, last.regency) == ("household.find", "3202")


@pytest.mark.parametrize(("inside", "names"), [
    ("kec=3201020", "Kecamatan 3201020"), ("kab=3201", "Kab. Bogor"),
    ("kab=3201&kec=3201020", "Kecamatan 3201020, Kab. Bogor"),
])  # fmt: skip
def test_a_smaller_place_that_lies_elsewhere_is_no_filter_and_the_page_says_so(ask: TestClient, inside: str,
                                                                                names: str) -> None:  # fmt: skip
    whole = ask.get("/keluarga?prov=16&periksa=ya").text
    page = ask.get(f"/keluarga?prov=16&{inside}&periksa=ya").text
    assert codes(page) == codes(whole) != []
    assert f"{names} tidak dipakai sebagai saringan, karena letaknya di luar Sumatera Selatan." in page
    assert "tidak dipakai" not in whole

    def links(text: str) -> list[str]:
        return re.findall(r'href="(/keluarga\?[^"]*)"', text)

    assert links(page) == links(whole), "neither chips nor orders nor the next page ask for it again"
    assert 'value="3201' not in page, "nor does the form"
    ask.cookies.set("bahasa", "en")
    assert "is not used as a filter, as it lies outside" in ask.get(f"/keluarga?prov=16&{inside}").text


def test_pages_of_a_list_by_sub_district_join(ask: TestClient, office: Office, own: Any) -> None:
    office.who = person(("officer", "3201"))
    at, found = "/keluarga?kec=3201010", list[str]()
    while at:
        text = ask.get(at).text
        found += codes(text)
        after = re.search(r'rel="next" href="([^"]*)"', text)
        at = after[1].replace("&amp;", "&") if after else ""
    assert found == [row["household_id"] for row in own.top(1000, subdistrict="3201010")]
    assert len(found) > 25


def test_a_family_is_told_with_its_sub_district(ask: TestClient, own: Any) -> None:
    code = some(own, subdistrict="3201010")
    assert "Kecamatan 3201010, Kab. Bogor, Jawa Barat" in ask.get(f"/keluarga/{code}").text
    ask.cookies.set("bahasa", "en")
    assert "Sub-district 3201010, Bogor Regency" in ask.get(f"/keluarga/{code}").text


def test_what_is_kept_names_the_sub_district_and_the_report_tells_it(ask: TestClient, own: Any) -> None:
    code = some(own, subdistrict="3201010")
    assert "Wilayah: Kecamatan 3201010, Kab. Bogor, Jawa Barat." in ask.get(f"/keluarga/{code}/laporan").text
    assert "kecamatannya bila diketahui" in ask.get("/data-pribadi").text
    ask.cookies.set("bahasa", "en")
    assert "Area: Sub-district 3201010, Bogor Regency" in ask.get(f"/keluarga/{code}/laporan").text
    assert "where known, sub-district" in ask.get("/data-pribadi").text


def test_figures_of_sub_districts_add_up_to_those_of_their_regency(own: Any) -> None:
    areas = Areas(("3201",))
    whole = area_figures.totals(own, areas)[0]
    parts = area_figures.totals(own, areas, Filter(regency="3201"), by="subdistrict")
    assert [row.key for row in parts] == ["3201010", "3201020", "3201030", None]
    for name in ("households", "at_risk", "poor", "refused", "low_certainty", "up", "down", "compared"):
        assert sum(getattr(row, name) for row in parts) == getattr(whole, name)
    assert sum(row.risk * row.at_risk for row in parts) == pytest.approx(whole.risk * whole.at_risk)
    one = area_figures.totals(own, NATION, Filter(subdistrict="3201020"))[0]
    assert one.at_risk == parts[1].at_risk == sum(n for _, n in area_figures.spread(own, NATION, Filter(
        subdistrict="3201020")))  # fmt: skip
    assert area_figures.totals(own, Areas(("16",)), Filter(subdistrict="3201020"))[0].households == 0


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("map_", ["petak", "wilayah"])
def test_a_map_says_what_its_codes_stand_for(ask: TestClient, shared: Path, monkeypatch: pytest.MonkeyPatch, map_: str,
                                             language: str) -> None:  # fmt: skip
    monkeypatch.setenv("JAGA_BOUNDARIES", str(shared / "reference" / "geo" / "provinces_38.topo.json"))
    ask.cookies.set("bahasa", language)
    answer = ask.get(f"/ikhtisar?peta={map_}")
    sound(answer, language)
    key = dict(re.findall(r"<li><b>([A-Z]{2})[^<]*</b> ([^<]*)</li>", answer.text))
    assert len(key) == len(TILES) == 38
    assert (key["JB"], key["PE"]) == ("Jawa Barat", "Papua Pegunungan")
    drawn = set(re.findall(r'<text[^>]*class="[^"]*short[^"]*"[^>]*>([A-Z]{2})<', answer.text))
    assert drawn == set(key), "on a phone every province has its code"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_regency_of_a_map_can_be_named_on_a_phone_and_on_a_wide_screen(
    ask: TestClient, shared: Path, monkeypatch: pytest.MonkeyPatch, language: Literal["id", "en"]
) -> None:
    monkeypatch.setenv("JAGA_BOUNDARIES", str(shared / "reference" / "geo" / "regencies.geojson"))
    ask.cookies.set("bahasa", language)
    answer = ask.get("/ikhtisar?peta=wilayah&wilayah=32")
    sound(answer, language)
    key = dict(re.findall(r"<li><b>(\d\d)</b> ([^<]*)</li>", answer.text))
    assert key == {code[2:]: places.name(code, strings(language)) for code in places.regencies() if code[:2] == "32"}
    for css in ("wide", "short"):
        drawn = re.findall(rf'<text[^>]*class="label {css}"[^>]*>(\d\d)[^<]*<', answer.text)
        assert sorted(drawn) == sorted(key), css


def test_two_runs_of_a_quarter_are_told_apart_by_their_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(tmp_path / "home", tmp_path, days=("2026-08-15", "2026-10-10", "2026-11-15"), made=few)
    monkeypatch.setenv("JAGA_HOME", str(tmp_path / "home"))
    with Office(tmp_path / "home") as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        page = client.get("/ikhtisar").text
    assert "TW IV 2026</text>" not in page
    for label in ("TW III 2026", "10 Okt", "15 Nov"):
        assert page.count(f">{label}</text>") == 3, "one for each kind"
    assert "15 November 2026" in page


def test_a_busy_service_says_how_long_to_wait_and_leads_back_to_the_page(ask: TestClient, office: Office) -> None:
    @office.inner.api_route("/sibuk", methods=["GET", "POST"])
    def busy() -> None:
        raise Problem("busy", headers={"Retry-After": "7"})

    told = ask.get("/sibuk?prov=32")
    assert "Coba lagi dalam 7 detik." in told.text
    assert re.search(r'href="/sibuk\?prov=32"[^>]*>Coba lagi<', told.text)
    assert ">Coba lagi<" not in ask.post("/sibuk").text, "what was sent is not sent anew by a link"
