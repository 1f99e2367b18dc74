"""Pages in a real browser: on a phone, with the keyboard, enlarged, on paper, on a bad line, without a script."""

from __future__ import annotations

import base64
import contextlib
import datetime
import json
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
import uvicorn
from starlette.testclient import TestClient

from serving.audit import trail
from serving.champion import Champion
from serving.console.strings import strings
from serving.scores import scores
from serving.store import people, visits
from tests.conftest import CI, ROOT
from tests.serving.console.lists import CHOICES, TWO, confirm, leaving, walk
from tests.serving.console.office import Office, person
from tests.serving.live import KEYS
from tests.serving.stores import confirmed, place

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
AXE = ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js"
SCREENS = ROOT / ".jaga" / "screens"
SIZES = {360: 640, 768: 1024, 1280: 800}
AXE_AT = {"id": 360, "en": 1280}
"""Width at which axe reads a page in each language: the middle one has nothing that these two have not, and another
language has only other words."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "ikhtisar": "/ikhtisar", "ikhtisar-provinsi": "/ikhtisar?wilayah=32&ukuran=jumlah", "keluarga": "/keluarga",
    "keluarga-saring": "/keluarga?prov=32&tingkat=tinggi,sedang&jenis=pertama&ubah=naik", "kosong":
    "/keluarga?prov=32&tingkat=sangat-tinggi&jenis=kambuh&ubah=turun&periksa=ya", "rumah": "/keluarga/{sure}",
    "rumah-periksa": "/keluarga/{check}", "rumah-tanpa-skor": "/keluarga/{refused}", "rumah-miskin": "/keluarga/{poor}",
    "laporan": "/keluarga/{sure}/laporan", "model": "/model", "keadilan": "/model/keadilan", "bantuan": "/bantuan",
    "data-pribadi": "/data-pribadi", "tidak-ada": "/tidak-ada", "saringan-salah": "/keluarga?tingkat=x",
    "masuk": "/masuk?ke=/keluarga", "sandi": "/masuk/sandi", "daftar": "/daftar",
    "daftar-kosong": "/daftar?status=draf", "susun-1": "/daftar/baru/1?wil=32",
    "susun-2": "/daftar/baru/2?{choices}", "susun-3": "/daftar/baru/3?{choices}",
    "susun-4": "/daftar/baru/4?{choices}", "susun-dua": "/daftar/baru/2?{two}",
    "daftar-ringkas": "/daftar/{list}", "daftar-tempat": "/daftar/{list}?tab=tempat",
    "daftar-batas": "/daftar/{list}?tab=batas", "daftar-kunjungan": "/daftar/{list}?tab=kunjungan",
    "daftar-cetak": "/daftar/{list}/cetak", "kunjungan": "/kunjungan?tersimpan=ya", "kunjungan-baru":
    "/keluarga/{sure}/kunjungan/baru", "sanggahan": "/sanggah", "sanggah-baru": "/keluarga/{check}/sanggah/baru",
    "sanggah": "/sanggah/{case}?tanda=ya", "kunjungan-selesai": "/kunjungan?status=selesai&tersimpan=ya&dari={visit}",
    "kunjungan-satu": "/kunjungan/{visit}", "kunjungan-perbaiki": "/kunjungan/{visit}/perbaiki",
    "audit-sendiri": "/admin/audit",
    "kompas": "/kompas", "kompas-provinsi":
    "/kompas?prov=32&ukuran=wage_growth&usaha=C&bobot-wage=2&bobot-ilo_genai=1", "peluang": "/keluarga/{check}/peluang",
}  # fmt: skip
ADMIN = {"orang": "/admin/orang", "orang-selesai": "/admin/orang?selesai=ya", "audit": "/admin/audit",
         "audit-saring": "/admin/audit?aksi=household&sejak=2026-11-01", "peran": "/admin/peran",
         "wilayah": "/admin/wilayah", "wilayah-dulu": "/admin/wilayah?per=2026-10-01",
         "token": "/admin/token"}  # fmt: skip
"""Pages of an administrator, who sees no household."""
CLOSING = {"ikhtisar-verifikator": "/ikhtisar?wilayah=32", "kunjungan-tutup": "/kunjungan/{visit}",
           "kunjungan-orang-lain": "/kunjungan?status=selesai&oleh=lain"}  # fmt: skip
"""Pages of a verifier, who is another than who visited."""
MENUS = """() => { const all = [...document.querySelectorAll('header details')];
  all.forEach(one => one.open = true);
  const ends = [...document.querySelectorAll('header details *')].filter(one => one.offsetParent)
    .flatMap(one => { const box = one.getBoundingClientRect(); return [box.left, box.right]; });
  all.forEach(one => one.open = false);
  return ends.some(end => end < 0 || end > innerWidth); }"""
"""Whether a menu of the header, opened, leaves the screen."""
OUTSIDE = """() => [...document.querySelectorAll('svg.pic')].flatMap(one => [...one.querySelectorAll('text')]
  .filter(words => { const box = words.getBBox(); return box.width && (box.x < -1 || box.x + box.width >
    one.viewBox.baseVal.width + 1); }).map(words => words.textContent))"""
"""Words that leave the picture they stand in."""
ALIKE = {"susun-dua", "orang-selesai", "audit-saring", "wilayah-dulu", "kunjungan-orang-lain", "daftar-kosong"}
"""Pages that are another one once more, in a further state: their titles are those of that."""
WATCH = """() => { window.broken = []; document.addEventListener('securitypolicyviolation',
  event => window.broken.push(event.violatedDirective + ' ' + event.blockedURI)); }"""


@pytest.fixture(scope="module")
def _keys() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAGA_KEYS", KEYS)
        yield


@pytest.fixture(scope="module")
def served(published: Path, bundles: tuple[Path, Path], _keys: None) -> Iterator[tuple[str, Office]]:
    """The app on a port, with a model that answers."""
    from models import bundle
    from serving.champion import Loaded

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAGA_HOME", str(published))
        champion = Champion(published, bundles[0], lambda loaded: None)
        champion.current = Loaded(bundle.load(bundles[0]), {
            "when": "2026-11-20T08:00:00+00:00", "who": "dewi", "data_hash": "0" * 64, "figures": {"auc": 0.8},
            "gates": {"leak alarm": {"passed": True, "found": "AUC .8"},
                      "risk of bias (PROBAST)": {"passed": False, "found": "accepted: x" * 12}},
        })  # fmt: skip
        office = Office(published, champion)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with office, listening(office, port) as url:
        yield url, office


@contextlib.contextmanager
def listening(office: Office, port: int) -> Iterator[str]:
    """The app of an office on a port of 127.0.0.1; its address."""
    server = uvicorn.Server(uvicorn.Config(office.app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    end = time.monotonic() + 20
    while not server.started and time.monotonic() < end:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def families(published: Path, served: tuple[str, Office]) -> dict[str, str]:
    """A household of each state, a list and an objection."""
    with scores.open(published / "scores") as own:
        rows = own.households([row["household_id"] for row in own.top(1500)])
        whole = list(rows.values())
        sure = next(row for row in whole if row["certainty"] == "usual" and row["high"] < 0.25 and row["low"] > 0.04)
        check = next(row for row in whole if row["certainty"] == "low" and row["missing"]
                     and any(reason["key"].startswith("auto.") for reason in row["reasons"]))  # fmt: skip
        others = own.rows("SELECT household_id, status FROM read_parquet($files) WHERE applies IS NOT TRUE "
                          "AND household_id IS NOT NULL", [file.path for file in own.run.files], {})  # fmt: skip
        busy = next(row for row in whole if row["certainty"] == "low" and row["missing"] and row is not check
                    and any(reason["key"].startswith("auto.") for reason in row["reasons"]))  # fmt: skip
    refused = next(row for row in others if row["status"] == "refused")
    poor = next(row for row in others if row["status"] == "scored")
    served[1].who = person(("officer", ""))
    with TestClient(served[1].app, headers={"Accept": "text/html"}, follow_redirects=False) as client:
        made = []
        for quarter, places, goes_on in (("2026Q3", "12", ""), ("2026Q4", "10", "dari"), ("2026Q4", "8", "versi")):
            chosen = {"per": quarter, "kuota-32": places, "histeresis": "0"}
            end = f"&{goes_on}={made[-1].headers['location'].split('/')[2].partition('?')[0]}" if goes_on else ""
            made.append(confirm(client, walk(client, **chosen) + end))
        done = made[-1]
        seen = client.get(done.headers["location"]).text
        assert leaving(seen, "gone").keys() > leaving(seen, "gone_version").keys() > set(), "who left is looked at too"
        at = f"/keluarga/{sure['household_id']}/sanggah/baru"
        case = client.post(at, data={"kunci": "kunci-peramban", "jenis": "proposal", "pemohon": "family",
                                     "saluran": "counter"})  # fmt: skip
        code = re.findall(r"/keluarga/(\w{12})/kunjungan/baru", client.get("/kunjungan").text)[0]
        home = next(row["regency"] for row in whole if row["household_id"] == code)
        visit = client.post(f"/keluarga/{code}/kunjungan/baru", data={
            "kunci": "kunci-kunjungan", "hasil": "moved", "pindah": "3273", "tanggal": "2026-11-27", "catatan":
            "menurut tetangga pindah bulan lalu", "bantuan": "KUR"})  # fmt: skip
        served[1].hire("tina", ("administrator", ""), ("viewer", "32"))
        served[1].hire("sari", ("verifier", "3204"), ("officer", "3273"))
        served[1].who = person(("administrator", ""))
        for label, days in (("SIKS-NG", "5"), ("Dasbor dinas sosial kabupaten", "90")):
            client.post("/admin/token", data={"aksi": "make", "akun": "sari", "label": label, "hari": days,
                                              "cakupan": ["lists.read", "households.read"]})  # fmt: skip
    assert (done.status_code, case.status_code, visit.status_code) == (303, 303, 303)
    return {name: row["household_id"] for name, row in
            (("sure", sure), ("check", check), ("busy", busy), ("refused", refused), ("poor", poor))} | {
        "list": done.headers["location"].split("/")[2].partition("?")[0], "choices": urlencode(CHOICES),
        "visit": visit.headers["location"].rpartition("=")[2], "visited": code, "visited_at": home,
        "two": urlencode(TWO), "busy_at": busy["regency"],
        "case": case.headers["location"].split("/")[2].partition("?")[0]}  # fmt: skip


Open = Callable[..., "contextlib.AbstractContextManager[Page]"]


@pytest.fixture
def look(browser: Browser, served: tuple[str, Office]) -> Open:
    """`with look(language, width) as page`: a browser of its own, that reports what a policy blocked."""
    url, office = served
    office.who = person(("officer", ""))

    @contextlib.contextmanager
    def opened(language: str = "id", width: int = 1280, **more: Any) -> Iterator[Page]:
        context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": SIZES.get(width, 800)}, base_url=url, locale="id-ID",
            **more)  # fmt: skip
        context.add_cookies([{"name": "bahasa", "value": language, "url": url}])
        context.add_init_script(f"({WATCH})()")
        page = context.new_page()
        page.set_default_timeout(10_000)
        yield page
        context.close()

    return opened


def picture(page: Page, name: str, *, full_page: bool = True) -> None:
    """Keep the page as a picture to be looked at. None where `CI` is set, where nobody looks: each takes as long as
    axe."""
    if not CI:
        page.screenshot(path=SCREENS / f"{name}.png", full_page=full_page)


def _axe(page: Page) -> list[str]:
    """What axe finds, one line a rule; run by the protocol, since the policy of the page allows no script of others."""
    if not page.evaluate("() => typeof window.axe"):
        raise AssertionError
    found = page.evaluate(
        # What passes is not told, which takes a third of the time away.
        "tags => axe.run({runOnly: tags, rules: {'target-size': {enabled: true}}, resultTypes: ['violations'], "
        "selectors: false}).catch(() => null)", {"type": "tag", "values": TAGS})  # fmt: skip
    assert found is not None
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:160]} ({len(rule['nodes'])})" for rule in found["violations"]]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("role", "pages"), [("officer", PAGES), ("administrator", ADMIN), ("verifier", CLOSING)])
def test_every_page_at_three_widths(look: Open, served: tuple[str, Office], families: dict[str, str], language: str,
                                    role: str, pages: dict[str, str]) -> None:  # fmt: skip
    served[1].who = replace(person((role, "")), person=2 if role == "verifier" else 1)
    axe = AXE.read_text(encoding="utf-8")
    trouble: list[str] = []
    titles: dict[str, str] = {}
    with look(language) as page:
        page.on("pageerror", lambda error: trouble.append(f"script: {error}"))
        for name, path in pages.items():
            page.set_viewport_size({"width": 1280, "height": 800})
            page.goto(path.format(**families))
            page.evaluate(axe)
            if name not in ALIKE and (other := titles.setdefault(page.title(), name)) != name:
                trouble.append(f"{name}: its title is that of {other}, {page.title()}")
            for width, height in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                at = f"{name} {language} {width}"
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    trouble.append(f"{at}: scrolls sideways")
                if page.evaluate(MENUS):
                    trouble.append(f"{at}: a menu leaves the screen")
                trouble += [f"{at}: outside its picture: {words}" for words in page.evaluate(OUTSIDE)]
                if CI and width != AXE_AT[language]:
                    continue
                # All of it at once, so that the bar at the foot covers nothing that one would scroll to.
                page.set_viewport_size({"width": width, "height": max(height, page.evaluate(
                    "document.documentElement.scrollHeight"))})  # fmt: skip
                if width == AXE_AT[language]:
                    trouble += [f"{at}: {line}" for line in _axe(page)]
                picture(page, f"{name}-{language}-{width}", full_page=False)
            trouble += [f"{name}: blocked {line}" for line in page.evaluate("window.broken")]
    assert trouble == [], "\n".join(trouble)


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_password_form_and_counts_that_are_kept_back_fit_every_width(look: Open, served: tuple[str, Office],
                                                                       language: str) -> None:  # fmt: skip
    outside = """words => { document.querySelectorAll('.levels tbody .num').forEach(one => one.textContent = words);
      const end = document.querySelector('section[aria-labelledby=levels]').getBoundingClientRect().right;
      return [...document.querySelectorAll('.levels th, .levels td, .levels i')].filter(one => {
        const span = document.createRange(); span.selectNodeContents(one);
        return one.offsetParent && Math.max(span.getBoundingClientRect().right, one.getBoundingClientRect().right)
          > end; }).map(one => one.textContent); }"""
    with look(language) as page:
        for width, height in (*SIZES.items(), (1000, 800), (320, 640)):
            page.set_viewport_size({"width": width, "height": height})
            page.goto("/masuk/sandi")
            assert page.locator('input[name="akun"]').count() == 1
            assert page.evaluate("document.documentElement.scrollWidth") <= width, width
            page.goto("/ikhtisar?wilayah=32")
            assert page.evaluate(outside, strings(language).say("few.count")) == [], width
            assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        page.set_viewport_size({"width": 768, "height": 1024})
        with served[1].store.writing() as connection:
            trail.write(connection, served[1].who, "list.build", object=f"facts {64 * 'f'}", area="1612")
        page.goto("/admin/audit")
        wide = page.locator("main .scroll").evaluate("own => own.scrollWidth > own.clientWidth")
        assert not wide, "the longest object of the log wraps"


def test_weight_requests_and_steadiness_of_the_first_page(look: Open) -> None:
    with look(width=360) as page:
        sizes: dict[str, int] = {}
        page.on("response", lambda answer: sizes.__setitem__(answer.url, len(answer.body())))
        page.add_init_script("window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach(entry => "
                             "window.moved += entry.value))"
                             ".observe({type: 'layout-shift', buffered: true})")  # fmt: skip
        page.goto("/ikhtisar", wait_until="networkidle")
        assert len(sizes) <= 6, sizes
        assert sum(sizes.values()) < 186_000, sizes
        assert next(size for url, size in sizes.items() if url.endswith("/ikhtisar")) < 76_000
        assert page.evaluate("window.moved") < 0.05
        sizes.clear()
        page.goto("/keluarga", wait_until="networkidle")
        fresh = page.evaluate("performance.getEntriesByType('resource').filter(one => one.transferSize > 0).length")
        assert fresh == 0, "files are fetched again"


def test_a_bad_line_still_shows_the_answer_soon(look: Open) -> None:
    with look(width=360) as page:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", {"offline": False, "latency": 150,
                     "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8})  # fmt: skip
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        page.goto("/ikhtisar", wait_until="load")
        painted = page.evaluate(
            "new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))"
            ".observe({type: 'largest-contentful-paint', buffered: true}))")  # fmt: skip
        # Twice the budget of a quiet machine: this one may be shared with other tests.
        assert painted < 5000


def test_the_answer_stands_above_the_fold_of_a_phone(look: Open, families: dict[str, str], busy: str) -> None:
    """Number, range and date, also of a family that was visited."""
    with look(width=360) as page:
        homes = [families["sure"], busy, families["check"], families["visited"]]
        for path in ("/ikhtisar", *(f"/keluarga/{code}" for code in homes)):
            page.goto(path)
            for part in (".big b", "#range") if path != "/ikhtisar" else (".big b",):
                box = page.locator(part).first.bounding_box()
                assert box is not None
                assert box["y"] + box["height"] < 640, (path, part)
            if path == "/ikhtisar":
                assert page.evaluate("""[...document.querySelectorAll('.ranked .bar')].filter(one =>
                    one.getBoundingClientRect().right > one.parentElement.getBoundingClientRect().right).length"""
                                     ) == 0, "a range runs into the number beside it"  # fmt: skip
        page.goto(f"/daftar/{families['list']}")
        box = page.locator("#answer ~ p:last-of-type").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 640, "how many are on a list, and the errors that are expected of it"
        page.goto(f"/keluarga/{families['visited']}")
        assert page.locator("p.note:not(.verify)").is_visible(), "what the visit found is told beneath"
        page.goto(f"/keluarga/{families['check']}")
        assert page.locator(".tag.verify").first.bounding_box()["y"] < 640  # type: ignore[index]


@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_a_tile_of_the_map_is_as_large_as_a_finger_needs_on_a_phone(look: Open, served: tuple[str, Office],
                                                                    role: str) -> None:  # fmt: skip
    with look(width=360) as page:
        served[1].who = person((role, ""))
        page.goto("/ikhtisar")
        assert (
            page.evaluate("""Math.min(...[...document.querySelectorAll('svg.map a')].flatMap(one => {
            const {width, height} = one.getBoundingClientRect(); return [width, height]; }))""")
            >= 24
        )
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_text_at_twice_its_size_and_wide_spacing_cuts_nothing(look: Open, families: dict[str, str]) -> None:
    cut = """() => [...document.querySelectorAll('main *, header *')].filter(one => {
      const style = getComputedStyle(one);
      return one.offsetParent && !one.closest('.hidden, .scroll, svg, thead')
        && ['hidden', 'clip'].includes(style.overflowX)
        && one.scrollWidth > one.clientWidth + 1; }).map(one => one.outerHTML.slice(0, 120))"""
    with look() as page:
        for path in ("/ikhtisar", "/keluarga?prov=32", f"/keluarga/{families['check']}", "/model"):
            page.goto(path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            assert page.evaluate("document.documentElement.scrollWidth") <= 1281, path
            assert page.evaluate(cut) == []
            page.evaluate("document.documentElement.style.fontSize = ''")
            page.evaluate("for (const one of document.querySelectorAll('p, li, td, th, a, span')) "
                          "Object.assign(one.style, {lineHeight: '1.5', letterSpacing: '.12em', "
                          "wordSpacing: '.16em'})")  # fmt: skip
            assert page.evaluate("document.documentElement.scrollWidth") <= 1281, path
        page.set_viewport_size({"width": 320, "height": 640})
        for path in ("/ikhtisar", "/keluarga?prov=32", f"/keluarga/{families['check']}", "/model"):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_the_keyboard_reaches_everything_in_order_and_sees_where_it_is(look: Open) -> None:
    with look(width=360) as page:
        page.goto("/keluarga")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == "nomor"
        page.goto("/ikhtisar")
        highest = page.locator("table.ranked a").first.inner_text()
        seen: list[str] = []
        for _ in range(60):
            page.keyboard.press("Tab")
            told = page.evaluate("""() => { const one = document.activeElement; if (one === document.body) return null;
              const box = one.getBoundingClientRect(), style = getComputedStyle(one);
              const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
              return {name: one.textContent.trim().slice(0, 30), outline: style.outlineStyle, width: box.width,
                height: box.height, covered: !(one === top || one.contains(top) || (top && top.contains(one))),
                svg: !!one.closest('svg')}; }""")
            if told is None:
                break
            seen.append(told["name"])
            assert told["outline"] == "solid", told
            assert not told["covered"], told
            assert min(told["width"], told["height"]) >= 24, told
            assert not told["svg"], "tiles of the map are outside the tab order"
        assert len(seen) == len(set(seen)) or len(seen) > 10
        order = [
            seen.index(word)
            for word in ("Langsung ke isi", "en (English)", "Menu", "Lihat keluarga di sini", "Jumlah", highest)
        ]
        assert order == sorted(order)


def test_the_menu_of_a_phone_opens_without_a_script_and_tasks_are_done_without_one(
    look: Open, families: dict[str, str]
) -> None:
    with look(width=360, java_script_enabled=False) as page:
        page.goto("/ikhtisar")
        page.locator(".menu > summary").click()
        page.locator(".menu").get_by_role("link", name="Keluarga").click()
        page.get_by_label("Kode keluarga").fill(families["sure"])
        page.get_by_role("button", name="Cari").click()
        assert page.url.endswith(families["sure"])
        assert "dari 100" in page.locator("#main").inner_text()
        page.goto("/keluarga")
        page.locator(".filters > summary").click()
        page.get_by_label("Provinsi").select_option("32")
        page.get_by_label("Hanya yang perlu diperiksa").check()
        page.get_by_role("button", name="Terapkan saringan").click()
        assert "prov=32" in page.url
        assert "periksa=ya" in page.url
        page.locator("a.code").first.click()
        assert page.locator(".tag.verify").count() == 1


def test_one_family_is_found_in_one_step(look: Open, families: dict[str, str]) -> None:
    with look() as page:
        page.goto("/keluarga")
        page.get_by_label("Kode keluarga").fill("0000000000000000")
        page.get_by_role("button", name="Cari").click()
        assert "Tidak ditemukan di wilayah Anda" in page.get_by_role("alert").inner_text()
        assert "0000000000000000" not in page.content()
        page.get_by_label("Kode keluarga").fill(families["check"])
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/{families['check']}")
        assert page.get_by_text("Periksa lapangan:").count() == 1
        assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def _pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.fixture(scope="module")
def busy(served: tuple[str, Office], families: dict[str, str]) -> str:
    """A household of three lists, three visits and three objections; the one that a visit found is on three more."""
    office, code = served[1], families["busy"]
    with office.store.writing() as connection:
        by = people.by_account(connection, "dewi")
        assert by is not None
        for _ in range(3):
            number = confirmed(connection, by.id, families["busy_at"], [place(code, families["busy_at"])])
            visits.plan(connection, number, datetime.date(2026, 12, 15))
            home = families["visited_at"]
            confirmed(connection, by.id, home, [place(families["visited"], home)])
    office.who = person(("officer", ""))
    with TestClient(office.app, headers={"Accept": "text/html"}, follow_redirects=False) as client:
        for day in (25, 26, 27):
            visit = client.post(f"/keluarga/{code}/kunjungan/baru", data={
                "kunci": f"kunci-{day}-november", "hasil": "refused", "tanggal": f"2026-11-{day}", "kedua": "ya",
            })  # fmt: skip
            case = client.post(f"/keluarga/{code}/sanggah/baru", data={
                "kunci": f"kunci-{day}-sanggah", "jenis": "proposal", "pemohon": "family", "saluran": "counter",
            })  # fmt: skip
            assert (visit.status_code, case.status_code) == (303, 303)
        for roles in (("officer", "verifier", "viewer", "analyst"), ("officer", "verifier"), ("officer", "analyst")):
            office.who = person(*((role, "") for role in roles))
            for _ in range(2):
                assert client.get(f"/keluarga/{code}").status_code == 200
    office.who = person(("officer", ""))
    return code


@pytest.mark.parametrize("language", ["id", "en"])
def test_prints_have_their_pages_and_the_strip(look: Open, families: dict[str, str], busy: str, language: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    with look(language) as page:
        for path, pages in ((f"/keluarga/{families['sure']}/laporan", 1), (f"/keluarga/{families['check']}/laporan", 1),
                            (f"/keluarga/{families['sure']}", 1), (f"/keluarga/{families['check']}", 1),
                            (f"/keluarga/{busy}", 1), (f"/keluarga/{families['visited']}", 1),
                            (f"/keluarga/{busy}/laporan", 1),
                            ("/ikhtisar", 4), ("/ikhtisar?wilayah=32", 4)):  # fmt: skip
            page.goto(path)
            session = page.context.new_cdp_session(page)
            told = session.send("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
            pdf = base64.b64decode(told["data"])
            (SCREENS / f"cetak-{path.strip('/').split('/')[-1][:8]}-{language}.pdf").write_bytes(pdf)
            assert _pages(pdf) <= pages, path
            page.emulate_media(media="print")
            assert page.locator(".strip").is_visible()
            assert page.evaluate("getComputedStyle(document.body).page") == f"synthetic-{language}"
            assert not page.locator("header.site").is_visible()
            assert page.evaluate("""() => [...document.querySelectorAll('.ranked tbody th')].every(
                area => area.checkVisibility())"""), "no area is left out on paper"
            page.emulate_media(media="null")


def test_a_grey_print_keeps_the_order_of_the_ramp(look: Open) -> None:
    with look() as page:
        page.goto("/ikhtisar")
        page.emulate_media(media="print")
        light = page.evaluate("""() => [1, 2, 3, 4, 5].map(step => {
          const probe = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
          probe.setAttribute('class', 'r' + step);
          document.querySelector('svg.map').append(probe);
          const [r, g, b] = getComputedStyle(probe).fill.match(/\\d+/g).map(Number); probe.remove();
          return .2126 * r + .7152 * g + .0722 * b; })""")
        assert light == sorted(light, reverse=True)
        assert len(set(light)) == 5


def test_forced_colours_keep_the_pictures(look: Open) -> None:
    with look(forced_colors="active") as page:
        page.goto("/ikhtisar")
        fill = page.evaluate("getComputedStyle(document.querySelector('svg.map .tile')).fill")
        assert json.dumps(fill) != '"rgb(0, 0, 0)"'


def test_a_preview_renews_itself_and_is_read_out(look: Open, families: dict[str, str]) -> None:
    with look() as page:
        page.goto(f"/daftar/baru/2?{families['choices']}")
        page.locator("#kuota-32").fill("5")
        page.keyboard.press("Tab")
        page.locator("#status", has_text="5 tempat terisi").wait_for(state="attached")
        assert "5 tempat terisi" in page.locator("#pratinjau").inner_text()
        assert page.evaluate("document.activeElement.value") == "lanjut", "the reader stays where they were"
        assert page.evaluate("window.broken") == []


def test_what_a_list_comes_to_is_in_view_on_a_phone_and_made_when_the_rules_open(
    look: Open, families: dict[str, str]
) -> None:
    with look(width=360) as page:
        page.goto(f"/daftar/baru/3?{families['choices']}")
        total = page.locator(".total", has_text="tempat terisi")
        total.wait_for()
        for _ in range(2):
            box = total.bounding_box()
            assert box is not None
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= 640
            page.evaluate("window.scrollTo(0, 400)")
        page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
        foot, bar = page.locator(".foot").bounding_box(), total.bounding_box()
        assert foot is not None
        assert bar is not None
        assert foot["y"] + foot["height"] <= bar["y"] + 1, "the bar covers nothing that one scrolls to"
        assert page.evaluate("window.broken") == []


@pytest.mark.parametrize("path", ["/ikhtisar", "/ikhtisar?wilayah=32", "/daftar/baru/1"])
@pytest.mark.parametrize("width", [1000, 1280])
def test_no_half_of_a_wide_page_stays_empty(look: Open, path: str, width: int) -> None:
    """Of the first panels that stand beside each other none ends a screen's third above its neighbour."""
    with look(width=width) as page:
        page.goto(path)
        ends = page.evaluate("""() => [...document.querySelector('main .grid').children].map(one => {
          const box = one.getBoundingClientRect(); return [box.top, box.bottom, box.left, box.right]; })""")
        edge = page.evaluate("document.querySelector('main').getBoundingClientRect().right")
        for top in {own[0] for own in ends}:
            row = [own for own in ends if own[0] == top]
            assert max(own[3] for own in row) >= edge - 2, "the row is filled to its end"
            assert max(own[1] for own in row) - min(own[1] for own in row) < 270
