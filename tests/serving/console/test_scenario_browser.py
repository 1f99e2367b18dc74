"""Scenarios in a browser: built, lived by a process of their own, read at every width, printed, without a script."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.serving.console.office import Office, person
from tests.serving.console.test_browser import AXE, AXE_AT, SCREENS, SIZES, WATCH, _axe, _pages, listening, picture
from tests.serving.console.test_scenario_pages import FORM
from tests.serving.live import KEYS
from tests.serving.simulations import live, settle

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PAGES = {
    "skenario": "/skenario", "skenario-pustaka": "/skenario/pustaka",
    "skenario-baru": "/skenario/baru", "skenario-yaml": "/skenario/baru?dari={one}",
    "skenario-satu": "/skenario/{one}", "skenario-nol": "/skenario/{zero}?rinci=tangga",
    "skenario-gagal": "/skenario/{failed}", "skenario-banding": "/skenario/banding?s={one}&s={zero}&rinci=selisih",
    "skenario-ringkasan": "/skenario/banding/ringkasan?s={one}&s={zero}",
    "skenario-asumsi": "/skenario/{one}?rinci=asumsi", "skenario-skema": "/skenario/{one}?rinci=skema",
    "skenario-lain": "/skenario/banding?s={one}&s={other}",
    "skenario-guncangan": "/skenario/{shock}", "skenario-guncangan-ringkasan": "/skenario/banding/ringkasan?s={shock}",
}  # fmt: skip


@pytest.fixture(scope="module")
def served(published: Path) -> Iterator[tuple[str, Office, dict[str, str]]]:
    """The app on a port, with scenarios of each state."""
    from starlette.testclient import TestClient

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAGA_KEYS", KEYS)
        patch.setenv("JAGA_HOME", str(published))
        settle(published, "", "32")
        office = Office(published)
        office.clock.time = office.clock.time.replace(year=2026)
        office.who = person(("analyst", ""))
        names = {}
        none = {f"skema-{at}": "" for at in "abc"}
        asked: dict[str, dict[str, str]] = {
            "one": {}, "zero": {"tempat-a": "0", "skema-b": "", "skema-c": ""}, "other": {"benih": "6"},
            "failed": {"desil-a": "3", "skema-b": "", "skema-c": ""},
            "long": {"judul": "Aset, kerja atau pelatihan " * 11, "tanya": "Mana yang bertahan lama? " * 12,
                     "guncangan-1": "gagal-panen", "mulai-1": "2027", "akhir-1": "2028"},
            "shock": {**none, "guncangan-1": "gagal-panen", "mulai-1": "2027", "akhir-1": "2028"}}  # fmt: skip
        with TestClient(office.app, headers={"Accept": "text/html"}, follow_redirects=False) as client:
            for name, changed in asked.items():
                sent = {**FORM, "aksi": "jalankan", "kunci": f"kunci-{name}-satu", **changed}
                names[name] = client.post("/skenario/baru", data=sent).headers["location"].rpartition("/")[2]
                live(office.store, published)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        with office, listening(office, port) as url:
            yield url, office, names


Open = Callable[..., "contextlib.AbstractContextManager[Page]"]


@pytest.fixture
def look(browser: Browser, served: tuple[str, Office, dict[str, str]]) -> Open:
    """`with look(language, width) as page`: an analyst's browser."""
    url, office, _ = served
    office.who = person(("analyst", ""))

    @contextlib.contextmanager
    def opened(language: str = "id", width: int = 1280, **more: Any) -> Iterator[Page]:
        context = browser.new_context(viewport={"width": width, "height": SIZES.get(width, 800)}, base_url=url, **more)
        context.add_cookies([{"name": "bahasa", "value": language, "url": url}])
        context.add_init_script(f"({WATCH})()")
        page = context.new_page()
        page.set_default_timeout(20_000)
        yield page
        context.close()

    return opened


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_page_at_three_widths(look: Open, served: tuple[str, Office, dict[str, str]], language: str) -> None:
    axe = AXE.read_text(encoding="utf-8")
    trouble: list[str] = []
    with look(language) as page:
        page.on("pageerror", lambda error: trouble.append(f"script: {error}"))
        for name, path in PAGES.items():
            page.set_viewport_size({"width": 1280, "height": 800})
            page.goto(path.format(**served[2]), wait_until="networkidle")
            page.evaluate(axe)
            for width, height in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                at = f"{name} {language} {width}"
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    trouble.append(f"{at}: scrolls sideways")
                page.set_viewport_size({"width": width, "height": max(height, page.evaluate(
                    "document.documentElement.scrollHeight"))})  # fmt: skip
                if width == AXE_AT[language]:
                    trouble += [f"{at}: {line}" for line in _axe(page)]
                broken = page.evaluate("[...document.images].filter(one => !one.naturalWidth).map(one => one.src)")
                trouble += [f"{at}: no picture {address}" for address in broken]
                picture(page, f"{name}-{language}-{width}", full_page=False)
            trouble += [f"{name}: blocked {line}" for line in page.evaluate("window.broken")]
    assert trouble == [], "\n".join(trouble)


def test_a_scenario_is_built_with_live_costs_and_lived_by_a_process_of_its_own(
    look: Open, served: tuple[str, Office, dict[str, str]]
) -> None:
    with look(width=360) as page:
        page.goto("/skenario")
        page.get_by_role("link", name="Susun skenario").click()
        page.get_by_label("Judul").fill("Dari peramban")
        page.locator("#skema-a").select_option("aset-pendampingan")
        page.locator("#tempat-a").fill("200")
        page.locator("#undian").evaluate("one => { one.value = '20' }")
        page.keyboard.press("Tab")
        page.locator("#pratinjau", has_text="Biaya satu keluarga").wait_for()
        assert "Respons model, bukan dampak" in page.locator("#pratinjau").inner_text()
        page.get_by_role("button", name="Jalankan", exact=True).first.click()
        page.get_by_role("heading", name="Angka berdampingan").wait_for(timeout=120_000)
        assert "Dari peramban" in page.locator("h1").inner_text()
        assert page.evaluate("window.broken") == []
    process = served[1].office.simulation._process
    assert process is not None
    assert process.poll() is None, "it stays for the next scenario"
    served[1].office.simulation.close()
    assert process.poll() is not None


def test_it_works_without_a_script(look: Open, served: tuple[str, Office, dict[str, str]]) -> None:
    _url, office, _ = served
    with look(width=360, java_script_enabled=False) as page:
        page.goto("/skenario/baru")
        page.locator("#skema-a").select_option("aset-pendampingan")
        page.locator("#tempat-a").fill("200")
        page.get_by_role("button", name="Hitung biaya").click()
        assert "Biaya satu keluarga" in page.locator("#pratinjau").inner_text()
        assert page.locator("#tempat-a").input_value() == "200"
        page.get_by_role("button", name="Jalankan", exact=True).first.click()
        page.wait_for_url(re.compile("/skenario/K-"))
        end = time.monotonic() + 60
        while page.get_by_role("link", name="Lihat lagi").count() and time.monotonic() < end:
            live(office.store, office.office.home)
            with page.expect_navigation():
                page.get_by_role("link", name="Lihat lagi").click()
        assert page.get_by_role("heading", name="Angka berdampingan").count() == 1
        page.goto("/skenario")
        boxes = page.get_by_role("checkbox")
        for at in range(2):
            boxes.nth(at).check()
        page.get_by_role("button", name="Bandingkan").click()
        assert page.locator("h1").count() == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_brief_prints_on_few_pages_with_the_strip(
    look: Open, served: tuple[str, Office, dict[str, str]], language: str
) -> None:
    names = served[2]
    SCREENS.mkdir(parents=True, exist_ok=True)
    with look(language) as page:
        page.goto(f"/skenario/banding/ringkasan?s={names['one']}&s={names['zero']}", wait_until="networkidle")
        session = page.context.new_cdp_session(page)
        told = session.send("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
        pdf = base64.b64decode(told["data"])
        (SCREENS / f"cetak-skenario-{language}.pdf").write_bytes(pdf)
        assert _pages(pdf) == 2  # two scenarios with four answers
        page.goto(f"/skenario/banding/ringkasan?s={names['long']}", wait_until="networkidle")
        told = session.send("Page.printToPDF", {"preferCSSPageSize": True, "printBackground": True})
        assert _pages(base64.b64decode(told["data"])) == 2, "of the longest title and question"
        page.emulate_media(media="print")
        assert page.locator(".strip").is_visible()
        assert not page.locator("header.site").is_visible()
        page.goto(f"/skenario/{names['one']}")
        shown = "own => getComputedStyle(own, '::details-content').contentVisibility"
        rest = page.locator("#jawaban ~ details")
        for media, state in (("screen", "hidden"), ("print", "visible")):  # on paper the whole answer stands open
            page.emulate_media(media=media)
            assert rest.evaluate(shown) == state
