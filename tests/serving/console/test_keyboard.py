"""The six tasks of officers by keyboard alone: Tab, Enter, Space and arrows, each focus seen and soon reached."""

from __future__ import annotations

import re
from typing import Any

import pytest

from serving.console.strings import strings
from tests.serving.console.office import Office, person
from tests.serving.console.test_browser import Open, families, look, picture, served
from tests.serving.console.test_browser import _keys as _keys
from tests.serving.console.test_tasks import confirmed

__all__ = ["confirmed", "families", "look", "served"]
pytestmark = pytest.mark.browser

MOST = 120
"""Stops of Tab until whatever a page is for."""
SEEN = """() => { const at = document.activeElement, css = getComputedStyle(at), box = at.getBoundingClientRect();
  const label = at.labels && at.labels.length ? at.labels[0].getBoundingClientRect() : box;
  const shown = css.outlineStyle !== "none" && parseFloat(css.outlineWidth) >= 2;
  const there = own => own.width > 0 && own.bottom > 0 && own.top < innerHeight;
  return shown && (there(box) || there(label)); }"""


class Keys:
    """Moves the focus as a keyboard does; every stop on the way has a ring and is on the screen."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def to(self, target: Any) -> None:
        """Tab until the target has the focus."""
        handle = target.element_handle()
        assert handle is not None
        for _ in range(MOST):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(SEEN), self.page.evaluate(
                "document.activeElement.outerHTML.slice(0, 200) + getComputedStyle(document.activeElement).outline"
            )
            if self.page.evaluate("own => own === document.activeElement", handle):
                return
        raise AssertionError(f"not reached by Tab on {self.page.url}: {target}")

    def enter(self, target: Any, until: str | re.Pattern[str]) -> None:
        """Press Enter on a link or a button."""
        self.to(target)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(until)

    def tick(self, target: Any) -> None:
        """Choose a box, or one of several circles, of which Tab reaches the first or the chosen one alone."""
        group = target.get_attribute("name")
        if target.get_attribute("type") == "radio":
            self.to(self.page.locator(f'input[name="{group}"]').first)
            for _ in range(20):
                if target.is_checked():
                    return
                self.page.keyboard.press("Space" if not self.page.locator(
                    f'input[name="{group}"]:checked').count() else "ArrowDown")  # fmt: skip
        else:
            self.to(target)
            self.page.keyboard.press("Space")
        assert target.is_checked()


def test_six_tasks_by_keyboard_alone(look: Open, families: dict[str, str], served: tuple[str, Office],
                                     confirmed: str) -> None:  # fmt: skip
    say, code, office = strings("id").say, families["sure"], served[1]
    with look("id") as page:
        keys = Keys(page)

        def button(name: str) -> Any:
            return page.locator("main").get_by_role("button", name=say(name), exact=True).first

        def link(name: str) -> Any:
            return page.locator("main, nav.wide").get_by_role("link", name=name, exact=True).first

        def find() -> None:
            page.goto("/ikhtisar")
            keys.to(page.get_by_label(say("find.number")))
            picture(page, "papan-tik-cari", full_page=False)
            page.keyboard.type(code)
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(r"/keluarga/\w{12}$"))

        find()
        office.who = person(("officer", "3201"))
        page.goto("/ikhtisar")
        keys.enter(link(say("nav.households")), re.compile("/keluarga$"))
        keys.to(page.get_by_label(say("find.subdistrict"), exact=True))
        page.keyboard.press("ArrowDown")
        keys.tick(page.get_by_label(say("find.check")))
        picture(page, "papan-tik-saring", full_page=False)
        keys.enter(button("btn.filter"), re.compile("periksa=ya"))
        assert "kec=3201" in page.url
        office.who = person(("officer", "32"))
        page.goto("/ikhtisar")
        keys.enter(link(say("list.new")), re.compile("/daftar/baru/1"))
        keys.enter(link(say("btn.last_quarter")), re.compile("/daftar/baru/4"))
        keys.to(page.get_by_label(say("build.alasan")))
        page.keyboard.type("kuota")
        keys.tick(page.get_by_label(say("build.periksa")))
        picture(page, "papan-tik-daftar", full_page=False)
        keys.enter(button("btn.confirm_list"), re.compile(r"/daftar/D-2026-\d+\?selesai=ya"))
        office.who = person(("officer", ""))
        find()
        keys.enter(link(say("btn.visit")), re.compile("/kunjungan/baru"))
        keys.tick(page.get_by_label(say("visit.above"), exact=True))
        picture(page, "papan-tik-kunjungan", full_page=False)
        keys.enter(button("visit.save"), re.compile("tersimpan=ya"))
        find()
        keys.enter(link(say("btn.object")), re.compile("/sanggah/baru"))
        for field in ("jenis-proposal", "pemohon-family", "saluran-counter"):
            keys.tick(page.locator(f"#{field}"))
        picture(page, "papan-tik-sanggah", full_page=False)
        keys.enter(button("obj.send"), re.compile(r"/sanggah/S-2026-\d+\?tanda=ya"))
        page.goto("/ikhtisar")
        keys.enter(link(say("nav.lists")), re.compile("/daftar$"))
        keys.enter(link(confirmed), re.compile("/daftar/D-"))
        keys.to(page.locator(f'a[href="/daftar/{confirmed}.csv"]'))
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == f"sintetis_daftar_{confirmed}_v1.csv"
