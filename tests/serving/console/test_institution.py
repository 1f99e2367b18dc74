"""Signing in with an institution's account: from our button to a real OpenID provider and back, in a browser."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from serving.access import accounts
from serving.access.rights import Grant
from serving.audit import trail
from tests.conftest import StartServer
from tests.serving.access.test_oidc import start
from tests.serving.console.office import Office
from tests.serving.console.test_browser import AXE, WATCH, _axe, listening, picture
from tests.serving.live import KEYS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
ROOT = trail.terminal("operator")


@pytest.fixture
def open_to(published: Path, free_port: int, start_server: StartServer, monkeypatch: pytest.MonkeyPatch,
            ) -> Iterator[tuple[str, str, Office]]:  # fmt: skip
    """Addresses of the console and of the provider, and the office. The provider is of another site to the browser."""
    issuer = start(start_server, free_port).replace("127.0.0.1", "localhost")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    for name, value in {"JAGA_HOME": str(published), "JAGA_KEYS": KEYS, "JAGA_URL": f"http://127.0.0.1:{port}",
                        "JAGA_OIDC_ISSUER": issuer, "JAGA_OIDC_CLIENT": "jaga", "JAGA_OIDC_SECRET": "s",
                        }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    office = Office(published)
    office.clock.time = datetime.now(UTC)  # the provider goes by the clock of the machine
    office.locked()
    accounts.add(office.store, ROOT, "rini", "Rini", signs_in=False, issuer=issuer, subject="s-dewi")
    accounts.grant(office.store, ROOT, "rini", Grant("officer", "3204"))
    with office, listening(office, port) as url:
        yield url, issuer, office


@pytest.fixture
def page(browser: Browser, open_to: tuple[str, str, Office]) -> Iterator[Page]:
    context = browser.new_context(base_url=open_to[0], locale="id-ID", viewport={"width": 360, "height": 640})
    context.add_init_script(f"({WATCH})()")
    context.route("**/*", lambda route: route.abort() if "127.0.0.1" not in route.request.url and "localhost"
                  not in route.request.url else route.continue_())  # fmt: skip
    made = context.new_page()
    made.set_default_timeout(20_000)
    yield made
    context.close()


def check(page: Page, name: str) -> None:
    """No violation, nothing blocked, a picture of it."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert _axe(page) == []
    assert page.evaluate("window.broken") == []
    picture(page, name)


def test_the_whole_way_there_and_back_and_out_again(page: Page, open_to: tuple[str, str, Office]) -> None:
    url, issuer, office = open_to
    page.goto("/keluarga?prov=32")
    check(page, "masuk-instansi-id-360")
    page.get_by_role("link", name="Masuk dengan akun instansi").click()
    page.wait_for_url(re.compile(re.escape(issuer)))
    page.get_by_role("button", name="s-dewi").click()
    page.wait_for_url(f"{url}/keluarga?prov=32")
    assert "Kab. Bandung" in page.locator("header").inner_text()
    cookies = {own["name"]: own for own in page.context.cookies(url)}  # type: ignore[typeddict-item]
    assert cookies["jaga"]["httpOnly"]
    assert cookies["jaga"]["sameSite"] == "Lax"
    assert page.evaluate("document.cookie") == ""
    page.goto("/kunjungan")
    assert page.url == f"{url}/kunjungan", "the session holds on the next page"
    page.get_by_role("button", name="Keluar").click()
    out = page.get_by_role("link", name=re.compile("instansi"))
    out.wait_for()
    check(page, "keluar-instansi-id-360")
    out.click()
    page.wait_for_url(re.compile(re.escape(f"{issuer}/oauth2/end_session")))
    page.goto("/ikhtisar")
    assert "/masuk?ke=" in page.url, "signed out here too"
    acts = [(row.act, row.account, row.result) for row in office.rows() if row.act.startswith("session.")]
    assert acts == [("session.begin", "rini", "done"), ("session.end", "rini", "done")]


@pytest.mark.parametrize(("language", "who", "words"), [
    ("id", "s-asing", "Akun instansi Anda belum terdaftar di Jaga."),
    ("en", "s-asing", "Your institution's account is not registered in Jaga."),
    ("id", "Deny", "Akun instansi tidak dapat dipastikan."),
])  # fmt: skip
def test_who_is_not_known_or_turns_back_is_told_why(page: Page, open_to: tuple[str, str, Office],
                                                    language: str, who: str, words: str) -> None:  # fmt: skip
    url, issuer, office = open_to
    page.context.add_cookies([{"name": "bahasa", "value": language, "url": url}])
    page.goto("/masuk")
    page.locator('a[href^="/masuk/instansi"]').click()
    page.wait_for_url(re.compile(re.escape(issuer)))
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url(re.compile(re.escape(f"{url}/masuk/kembali")))
    assert words in page.get_by_role("alert").inner_text()
    assert page.locator(".why").count() == 0, "no field of the password form is wrong"
    check(page, f"masuk-ditolak-{who}-{language}-360")
    page.goto("/ikhtisar")
    assert "/masuk?ke=" in page.url
    assert "done" not in {row.result for row in office.rows() if row.act == "session.begin"}
