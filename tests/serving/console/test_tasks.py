"""The officers' six tasks in a browser, from the overview, with the steps that each of them takes."""

from __future__ import annotations

import base64
import csv
import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from starlette.testclient import TestClient

from serving.access import accounts
from serving.access.rights import Caller, Grant
from serving.area_names import named
from serving.audit import trail
from serving.lists.files import HEADS
from tests.serving.console.lists import confirm, walk
from tests.serving.console.office import PASSWORD, Office, person
from tests.serving.console.sheets import texts
from tests.serving.console.test_browser import SCREENS, Open, families, look, picture, served
from tests.serving.console.test_browser import _keys as _keys
from tests.serving.stores import caller

__all__ = ["families", "look", "served"]
pytestmark = pytest.mark.browser


class Steps:
    """Counts each act, and each page load or change that no act caused; typing, choosing and ticking are free."""

    def __init__(self, page: Any) -> None:
        self.page, self.count, self._acting = page, 0, False
        page.on("request", self._asked)

    def _asked(self, request: Any) -> None:
        if not self._acting and request.redirected_from is None and (
            request.is_navigation_request() or request.method != "GET"):  # fmt: skip
            self.count += 1

    def begin(self) -> None:
        self._acting = True
        self.page.goto("/ikhtisar")
        self._acting, self.count = False, 0

    def step(self, act: Callable[[], object], until: str | re.Pattern[str]) -> None:
        self.count += 1
        self._acting = True
        act()
        self.page.wait_for_url(until)
        self._acting = False


@pytest.fixture(scope="module")
def confirmed(served: tuple[str, Office]) -> str:
    """A list of the quarter before, confirmed; its number."""
    office = served[1]
    office.who = person(("officer", "32"))
    with TestClient(office.app, headers={"Accept": "text/html"}, follow_redirects=False) as client:
        done = confirm(client, walk(client, per="2026Q3"))
    assert done.status_code == 303, done.text
    return str(done.headers["location"]).removeprefix("/daftar/").partition("?")[0]


def button(page: Any, name: str) -> Callable[[], object]:
    return lambda: page.get_by_role("button", name=name, exact=True).click()


def link(page: Any, name: str) -> Callable[[], object]:
    return lambda: page.locator("main, nav.wide").get_by_role("link", name=name, exact=True).first.click()


def somebody(office: Office, account: str) -> Caller:
    """An officer who has not been at any family today: of a second visit a page asks whether it is meant."""
    office.hire(account, ("officer", ""), password=None)
    return replace(person(("officer", "")), person=caller(office.store, account).person, account=account)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("scripts", [True, False])
def test_six_tasks_in_their_steps(look: Open, families: dict[str, str], served: tuple[str, Office], confirmed: str,
                                  language: str, scripts: bool) -> None:  # fmt: skip
    from serving.console.strings import strings

    say, told = strings(language).say, list[str]()  # type: ignore[arg-type]
    code, found = families["sure"], re.compile(r"/keluarga/\w{12}$")
    with look(language, java_script_enabled=scripts) as page:
        steps = Steps(page)

        def done(task: str, goal: int) -> None:
            told.append(f"{task} {steps.count}/{goal}")
            picture(page, f"tugas-{task}-{language}")
            assert steps.count <= goal, told
            steps.begin()

        def find() -> None:
            page.get_by_label(say("find.number")).fill(code)
            steps.step(button(page, say("btn.search")), found)

        steps.begin()
        find()
        assert page.locator(".big b").first.inner_text().strip()
        done("1-cari", 1)
        served[1].who = person(("officer", "32"))
        steps.begin()
        steps.step(link(page, say("nav.households")), re.compile("/keluarga$"))
        if not page.get_by_label(say("find.check")).is_visible():
            page.locator(".filters > summary").click()
        page.get_by_label(say("find.subdistrict"), exact=True).select_option("3201010")
        page.get_by_label(say("find.check")).check()
        steps.step(button(page, say("btn.filter")), re.compile("kec=3201010.*periksa=ya"))
        where = page.locator("main tbody th").all_inner_texts()
        assert where
        assert all(named("3201010", language) in own for own in where)  # type: ignore[arg-type]
        done("2-periksa", 2)
        served[1].who = person(("officer", "32"))
        steps.begin()
        steps.step(link(page, say("list.new")), re.compile("/daftar/baru/1"))
        steps.step(link(page, say("btn.last_quarter")), re.compile("/daftar/baru/4"))
        page.get_by_label(say("build.alasan")).fill("kuota")
        page.get_by_label(say("build.periksa")).check()
        steps.step(button(page, say("btn.confirm_list")), re.compile(r"/daftar/D-2026-\d+\?selesai=ya"))
        done("3-daftar", 3)
        served[1].who = somebody(served[1], f"{language}-{scripts}".lower())
        steps.begin()
        find()
        steps.step(link(page, say("btn.visit")), re.compile("/kunjungan/baru"))
        page.get_by_label(say("visit.above"), exact=True).check()
        steps.step(button(page, say("visit.save")), re.compile("tersimpan=ya"))
        done("4-kunjungan", 3)
        find()
        steps.step(link(page, say("btn.object")), re.compile("/sanggah/baru"))
        for field in ("jenis-proposal", "pemohon-family", "saluran-counter"):
            page.locator(f"#{field}").check()
        steps.step(button(page, say("obj.send")), re.compile(r"/sanggah/S-2026-\d+\?tanda=ya"))
        if scripts:
            assert page.get_by_role("button", name=say("obj.receipt.print")).is_visible()
        done("5-sanggah", 3)
        steps.step(link(page, say("nav.lists")), re.compile("/daftar$"))
        steps.step(link(page, confirmed), re.compile("/daftar/D-"))
        with page.expect_download() as download:
            steps.count, steps._acting = steps.count + 1, True
            page.locator(f'a[href="/daftar/{confirmed}.csv"]').click()
        assert download.value.suggested_filename == f"sintetis_daftar_{confirmed}_v1.csv"
        SCREENS.mkdir(parents=True, exist_ok=True)
        (SCREENS / f"tugas-{language}-{scripts}.txt").write_text("\n".join([*told, f"6-unduh {steps.count}/3"]))
        assert steps.count <= 3


def test_a_person_signs_in_works_and_signs_out(look: Open, served: tuple[str, Office]) -> None:
    office = served[1]
    office.hire("rini", ("officer", "32"))
    office.locked()
    try:
        with look(width=360) as page:
            page.goto("/keluarga?prov=32")
            page.wait_for_url(re.compile(r"/masuk\?ke="))
            page.get_by_label("Akun").fill("rini")
            page.get_by_label("Kata sandi", exact=True).fill("bukan ini")
            page.get_by_role("button", name="Masuk", exact=True).click()
            assert "tidak cocok" in page.get_by_role("alert").inner_text()
            page.get_by_label("Tampilkan kata sandi").check()
            page.locator("#sandi").fill(PASSWORD)
            page.keyboard.press("Enter")
            page.wait_for_url(re.compile(r"/keluarga\?prov=32$"))
            assert page.evaluate("window.broken") == []
            page.get_by_role("button", name="Keluar").click()
            page.wait_for_url("**/masuk")
            page.goto("/ikhtisar")
            assert "/masuk?ke=" in page.url
    finally:
        office.inner.dependency_overrides.update(office.doors)


def _listed(page: Any) -> list[tuple[str, ...]]:
    """Places as the page of a list shows them: number, code, estimate with its range, check in the field."""
    rows = [[cell.inner_text().split("\n") for cell in row.locator("th, td").all()]
            for row in page.locator("main tbody tr").all()]  # fmt: skip
    return [(number[0], code[0], "".join(re.findall(r"\d+(?= dari 100)", risk[0])), *re.findall(r"\d+", risk[1]),
             "ya" if "".join(check).strip() else "") for code, number, risk, _, check in rows]  # fmt: skip


def test_from_the_first_password_to_the_exported_list(look: Open, served: tuple[str, Office]) -> None:
    office, by = served[1], trail.terminal("operator")
    _, first = accounts.add(office.store, by, "wulan", "Wulan")
    accounts.grant(office.store, by, "wulan", Grant("officer", "32"))
    assert first is not None
    office.locked()
    try:
        with look(width=360) as page:
            page.goto("/masuk")
            page.get_by_label("Akun").fill("wulan")
            page.get_by_label("Kata sandi", exact=True).fill(first)
            page.get_by_role("button", name="Masuk", exact=True).click()
            page.wait_for_url("**/masuk/sandi?ke=/ikhtisar")
            page.goto("/daftar/baru/1")
            page.wait_for_url("**/masuk/sandi?ke=/daftar/baru/1")  # before it is changed there is no other way
            for label, own in (("Kata sandi sekarang", first), ("Kata sandi baru", PASSWORD),
                               ("Kata sandi baru sekali lagi", PASSWORD)):  # fmt: skip
                page.get_by_label(label, exact=True).fill(own)
            page.get_by_role("button", name="Simpan kata sandi").click()
            page.wait_for_url("**/daftar/baru/1")
            for name, own in (("nama", "PKH TW I"), ("per", "2027Q1"), ("skema", "pkh"), ("biaya", "750.000")):
                page.locator(f"[name={name}]").fill(own)
            page.locator("[name=wil]").first.check()
            button(page, "Lanjut")()
            page.wait_for_url("**/daftar/baru/2?*")
            page.locator("[name=kuota-32]").fill("12")
            button(page, "Lanjut")()
            page.wait_for_url("**/daftar/baru/3?*")
            button(page, "Lanjut")()
            page.wait_for_url("**/daftar/baru/4?*")
            page.get_by_label("Alasan").fill("kuota triwulan")
            page.locator("#periksa").check()
            button(page, "Konfirmasi daftar")()
            page.wait_for_url(re.compile(r"/daftar/D-2026-\d+\?selesai=ya"))
            told = page.locator("main [role=status]").inner_text()
            number = page.url.rpartition("/")[2].partition("?")[0]
            assert told == f"Daftar {number} dikonfirmasi."
            files = {}
            for name in ("CSV", "XLSX"):
                with page.expect_download() as download:
                    page.get_by_role("link", name=name).click()
                files[name] = download.value.path().read_bytes()
                assert download.value.suggested_filename == f"sintetis_daftar_{number}_v1.{name.lower()}"
            page.goto(f"/daftar/{number}?tab=tempat")
            shown = _listed(page)
            assert page.evaluate("window.broken") == []
    finally:
        office.inner.dependency_overrides.update(office.doors)
    lines = list(csv.reader(files["CSV"].decode("utf-8-sig").splitlines()))
    sheets = openpyxl.load_workbook(io.BytesIO(files["XLSX"])).worksheets
    # Who left the last list follows beneath in the one, and has a sheet of its own in the other, with the mark.
    end = lines.index([]) if len(sheets) > 1 else len(lines)
    for sheet, own in zip(sheets, (lines[:end], [lines[0], *lines[end + 1 :]]), strict=len(sheets) > 1):
        # What stands above a table is several cells in the one, and a text over its columns in the other.
        told = [
            " \u00b7 ".join(f"{cell}" for cell in row if cell is not None) for row in sheet.iter_rows(values_only=True)
        ]
        assert told == [" \u00b7 ".join(cell for cell in line if cell) for line in own], "the same cells in both"
    lines = lines[:end]
    heads = next(line for line in lines if line[0] == HEADS["id"][0])
    at = [heads.index(head) for head in ("No.", "Kode keluarga", "Perkiraan bila kini di atas garis (dari 100)",
                                         "Rentang bawah", "Rentang atas", "Periksa lapangan")]  # fmt: skip
    placed = [tuple(line[own] for own in at) for line in lines[lines.index(heads) + 1 :]]
    assert placed == shown
    assert len(placed) >= 13, "twelve places and the reserve"


def test_one_link_too_many_is_counted(look: Open) -> None:
    with look() as page:
        steps = Steps(page)
        steps.begin()
        page.goto("/keluarga")
        steps.step(link(page, "Daftar"), re.compile("/daftar$"))
        assert steps.count == 2


def test_a_lost_line_keeps_the_answers_on_the_screen(look: Open, families: dict[str, str]) -> None:
    with look(width=360) as page:
        page.goto(f"/keluarga/{families['check']}/kunjungan/baru")
        page.get_by_label("Di atas garis", exact=True).check()
        page.get_by_label("Catatan").fill("rumah baru")
        page.context.set_offline(True)
        page.get_by_role("button", name="Simpan", exact=True).click()
        again = page.get_by_role("button", name="Kirim lagi")
        again.wait_for()
        assert not page.title().startswith("Galat: ")
        assert "Belum terkirim" in page.locator("#unsent").inner_text()
        assert page.get_by_label("Catatan").input_value() == "rumah baru"
        assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
        page.context.set_offline(False)
        again.click()
        page.wait_for_url("**/kunjungan?tersimpan=ya&dari=*")


def test_errors_that_a_script_swaps_in_are_told_by_the_title_too(look: Open, families: dict[str, str]) -> None:
    with look() as page:
        page.goto(f"/keluarga/{families['check']}/kunjungan/baru")
        page.get_by_label("Di atas garis", exact=True).check()
        page.get_by_label("Catatan").fill("NIK 3171234567890001")
        page.get_by_role("button", name="Simpan", exact=True).click()
        page.locator("#errors").wait_for()
        assert page.title().startswith("Galat: ")
        page.evaluate("window.onbeforeunload = null")


def test_a_list_is_printed_on_landscape_pages_alone(look: Open, served: tuple[str, Office]) -> None:
    office = served[1]
    office.who = person(("officer", "32"))
    with TestClient(office.app, headers={"Accept": "text/html"}, follow_redirects=False) as client:
        done = confirm(client, walk(client, per="2026Q2", **{"kuota-32": "90"}))
    with look("id") as page:
        page.goto(done.headers["location"].partition("?")[0] + "/cetak")
        told = page.context.new_cdp_session(page).send("Page.printToPDF", {"preferCSSPageSize": True})
    sides = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", base64.b64decode(told["data"]))
    SCREENS.mkdir(parents=True, exist_ok=True)
    (SCREENS / "cetak-daftar.pdf").write_bytes(base64.b64decode(told["data"]))
    assert len(sides) >= 3, "several pages"
    with office.store.reading() as connection:
        [own] = connection.exec_driver_sql("SELECT number, hash FROM lists ORDER BY id DESC LIMIT 1").all()
    # Two letters of a hash may be drawn as one (ff).
    sheets = [unicodedata.normalize("NFKC", sheet) for sheet in texts(base64.b64decode(told["data"]))]
    assert len(sheets) == len(sides)
    assert all(own.number in sheet and own.hash[:12] in sheet for sheet in sheets), "each sheet tells its list"
    assert {(round(float(wide)), round(float(high))) for wide, high in sides} == {(842, 595)}
