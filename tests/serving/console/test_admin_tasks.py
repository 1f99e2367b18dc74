"""What administrators and verifiers do, in a browser, with and without scripts, from the overview on."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.serving.console.office import Office, person
from tests.serving.console.test_browser import Open, families, look, served
from tests.serving.console.test_browser import _keys as _keys

__all__ = ["families", "look", "served"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False])
def test_a_token_is_made_by_keyboard_seen_once_and_revoked(look: Open, served: tuple[str, Office],
                                                           scripts: bool) -> None:  # fmt: skip
    office, account = served[1], f"mesin{scripts:d}"
    office.hire(account, ("officer", "32"), password=None)
    office.who = person(("administrator", ""))
    with look("id", 1280, java_script_enabled=scripts) as page:
        page.goto("/ikhtisar")
        page.get_by_text("Lainnya").focus()
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Administrasi").click()
        page.get_by_role("link", name="Token", exact=True).click()
        if not page.locator("#akun").is_visible():
            page.locator("summary", has_text="Buat token").focus()
            page.keyboard.press("Enter")
        for field, value in (("akun", account), ("label", "SIKS-NG"), ("wilayah", "3204"), ("hari", "400")):
            page.locator(f"#{field}").fill(value)
        page.get_by_label("Membaca dan mengunduh daftar").focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Buat token").click()
        assert "harus 1 sampai 90 hari" in page.get_by_role("alert").inner_text()
        page.get_by_role("alert").get_by_role("link").click()
        page.locator("#hari").fill("10")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Token dibuat").wait_for()
        secret = page.locator("#rahasia").inner_text()
        assert re.fullmatch(r"jaga_[a-z0-9]{8}_[\w-]{43}", secret)
        assert page.get_by_role("button", name="Salin token").is_visible() is scripts
        page.goto("/admin/token")
        assert secret not in page.content()
        own = page.locator("section", has_text=secret[:14])
        for typed, told in (("bukan", "diketik sekali lagi"), (account, "Token dicabut.")):
            if not own.locator("details[open]").count():  # what was wrong is told where it was typed, which stays open
                own.locator("summary").click()
            own.get_by_label(f"Ketik {account} untuk: ").fill(typed)
            page.keyboard.press("Enter")
            page.get_by_text(told).first.wait_for()
        page.locator("summary", has_text="Token yang tidak berlaku lagi").click()
        assert page.locator("section.soft", has_text=secret[:14]).is_visible()


def test_the_log_is_filtered_by_the_address_and_taken_along(look: Open, served: tuple[str, Office],
                                                            tmp_path: Path) -> None:  # fmt: skip
    served[1].who = person(("administrator", ""))
    with look("en") as page:
        page.goto("/admin/audit")
        page.get_by_label("Act").select_option(label="All of: Audit log")
        page.get_by_role("button", name="Apply filters").click()
        page.wait_for_url(re.compile("aksi=audit"))
        acts = page.locator("tbody td:nth-of-type(3) .quiet").all_inner_texts()
        assert {act.partition(".")[0] for act in acts} == {"audit"}
        with page.expect_download() as download:
            page.get_by_role("link", name="Download CSV").click()
        download.value.save_as(tmp_path / "audit.csv")
        assert download.value.suggested_filename.startswith("sintetis_audit_")
        assert "audit.see" in (tmp_path / "audit.csv").read_text()
        page.get_by_role("button", name="Check the chain").click()
        assert re.search(r"The chain is whole|row", page.get_by_role("status").first.inner_text())
        assert "broken" not in page.locator("main").inner_text()


def test_a_verifier_closes_a_visit_and_is_led_to_the_next(look: Open, served: tuple[str, Office],
                                                          families: dict[str, str]) -> None:  # fmt: skip
    served[1].who = replace(person(("verifier", "")), person=2)
    with look("id", 360, java_script_enabled=False) as page:
        page.goto("/ikhtisar")
        page.get_by_role("link", name="kunjungan menunggu ditutup").click()
        page.get_by_role("rowheader").get_by_role("link").first.click()
        page.get_by_role("button", name="Tutup kunjungan").click()
        page.wait_for_url(re.compile("tersimpan=tutup"))
        assert "Kunjungan ditutup." in page.get_by_role("status").first.inner_text()
        page.get_by_role("link", name="Ditutup").click()
        page.get_by_role("rowheader").get_by_role("link").first.click()
        assert "Ditutup" in page.locator("main").inner_text()
        assert page.get_by_role("button", name="Tutup kunjungan").count() == 0
