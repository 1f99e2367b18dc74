"""A form that is sent over a bad line: the answers stay until they have arrived, and the reader sees what goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from serving.console.strings import strings
from tests.serving.console.test_browser import Open, families, look, picture, served
from tests.serving.console.test_browser import _keys as _keys

__all__ = ["families", "look", "served"]
pytestmark = pytest.mark.browser
SAY = strings("id").say
PROXY = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"


def _visit(page: Any, code: str) -> None:
    page.goto(f"/keluarga/{code}/kunjungan/baru")
    page.get_by_label("Di atas garis", exact=True).check()
    page.get_by_label("Catatan").fill("rumah baru")
    if (again := page.locator("#kedua")).count():  # another test was there today
        again.check()


def _objection(page: Any, code: str) -> None:
    page.goto(f"/keluarga/{code}/sanggah/baru")
    for field in ("jenis-proposal", "pemohon-family", "saluran-counter"):
        page.locator(f"#{field}").check()
    page.get_by_label("Catatan").fill("rumah baru")


FORMS = [
    (_visit, "visit.save", "**/kunjungan?tersimpan=ya&dari=*"),
    (_objection, "obj.send", "**/sanggah/S-2026-*?tanda=ya"),
]


def _once(page: Any, answer: Callable[[Any], object]) -> None:
    """The next form that is sent is answered so, those after it by the service."""

    sent: list[Any] = []

    def answered(route: Any) -> None:
        if route.request.method != "POST" or sent:
            route.continue_()
        else:
            sent.append(route)
            answer(route)

    page.route("**/baru", answered)


@pytest.mark.parametrize(("fill", "send", "done"), FORMS)
@pytest.mark.parametrize(("status", "body", "told"), [
    (502, PROXY, "502"),
    (200, "<p>Portal</p>", "200"),
    (503, None, "Penyimpanan sedang terganggu."),
])  # fmt: skip
def test_an_answer_without_the_form_keeps_the_answers_and_is_told(
    look: Open, families: dict[str, str], fill: Any, send: str, done: str, status: int, body: str | None, told: str
) -> None:
    with look() as page:
        fill(page, families["check"])
        page_of_ours = (
            '<title>Galat: x</title><main id="main"><h1>Belum dapat disimpan</h1>'
            "<p>Penyimpanan sedang terganggu. <b>x</b></p></main>"
        )
        _once(page, lambda route: route.fulfill(status=status, content_type="text/html", body=body or page_of_ours))
        page.get_by_role("button", name=SAY(send), exact=True).click()
        again = page.get_by_role("button", name=SAY("btn.resend"))
        again.wait_for()
        assert told in page.locator("#unsent").inner_text()
        assert SAY("unsent") in page.locator("#unsent").inner_text()
        assert page.get_by_label("Catatan").input_value() == "rumah baru"
        assert not page.title().startswith("Galat: ")
        again.click()
        page.wait_for_url(done)


def test_what_is_being_sent_is_shown_and_is_sent_once(look: Open, families: dict[str, str]) -> None:
    held: list[Any] = []
    with look(width=360) as page:
        page.clock.install()
        _visit(page, families["check"])
        _once(page, held.append)
        button = page.get_by_role("button", name=SAY("visit.save"), exact=True)
        button.click()
        busy = page.get_by_role("button", name=SAY("sending"), exact=True)
        busy.wait_for()
        assert page.locator("#isian").get_attribute("aria-busy") == "true"
        assert page.locator("#status").inner_text() == SAY("sending")
        assert page.locator(".wait").is_visible()
        busy.click()
        page.wait_for_timeout(200)
        assert len(held) == 1, "pressed twice, sent once"
        page.clock.fast_forward(8_100)
        page.get_by_role("button", name=SAY("slow"), exact=True).wait_for()
        page.clock.fast_forward(60_000)
        again = page.get_by_role("button", name=SAY("btn.resend"))
        again.wait_for()
        assert SAY("unsent.late") in page.locator("#unsent").inner_text()
        assert page.locator("#isian").get_attribute("aria-busy") is None
        assert button.is_visible(), "the button has its own name again"
        assert not page.locator(".wait").is_visible()
        # Of the next try the box tells how that goes, and never "not sent" beside it.
        resent: list[Any] = []
        page.route("**/baru", lambda route: resent.append(route))
        page.route("**/kunjungan?tersimpan=*", lambda route: route.abort("aborted"))  # the next page is slow to come
        box = page.locator("#unsent")
        again.click()
        busy.wait_for()
        assert (box.inner_text().strip(), box.get_attribute("class")) == (SAY("sending"), "note")
        assert page.evaluate("document.activeElement.id") == "unsent", "the reader stays there"
        picture(page, "kirim-lagi-id-360", full_page=False)
        resent[0].abort()
        again.wait_for()
        assert (box.inner_text().startswith(SAY("unsent")), box.get_attribute("class")) == (True, "errors")
        again.click()
        busy.wait_for()
        resent[1].continue_()
        page.get_by_role("button", name=SAY("sent"), exact=True).wait_for()
        assert (box.inner_text().strip(), box.get_attribute("class")) == (SAY("sent"), "note ok")
        picture(page, "kirim-terkirim-id-360", full_page=False)
