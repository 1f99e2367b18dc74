"""People, roles and the audit log, over HTTP."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from tests.serving.console.office import Office, person


@pytest.fixture
def chief(ask: TestClient, office: Office) -> TestClient:
    office.hire("tina", ("administrator", ""))
    office.who = person(("administrator", ""))
    return ask


def do(ask: TestClient, act: str, account: str = "rini", **more: str) -> object:
    return ask.post("/admin/orang", data={"aksi": act, "akun": account} | more)


def test_a_person_is_added_given_a_role_locked_and_unlocked(chief: TestClient, office: Office) -> None:
    made = do(chief, "add", nama="Rini <b>")
    assert re.search(r"hanya ditampilkan sekali: <strong[^>]*>[^<]{12,}<", made.text)  # type: ignore[attr-defined]
    assert "Rini &lt;b&gt;" in made.text  # type: ignore[attr-defined]
    for act, more, words in (
        ("grant", {"peran": "officer", "wilayah": "3204"}, "petugas: Kab. Bandung"),
        ("lock", {"ulang": "rini"}, "Terkunci"),
        ("unlock", {}, "Rini"),
        ("revoke", {"peran": "officer", "wilayah": "3204", "ulang": "rini"}, "Belum punya peran"),
    ):  # fmt: skip
        assert do(chief, act, **more).status_code == 303, act  # type: ignore[attr-defined]
        assert words in chief.get("/admin/orang").text, act
    acts = [row.act for row in office.rows()]
    assert {"people.add", "people.grant", "people.lock", "people.unlock", "people.revoke"} <= set(acts)


@pytest.mark.parametrize(("act", "more", "words"), [
    ("lock", {"akun": "tina", "ulang": "salah"}, "Ketik nama akun"),
    ("grant", {"akun": "tina", "peran": "raja"}, "no role"),
    ("lock", {"akun": "tina", "ulang": "tina"}, "last administrator"), ("add", {"akun": "tina", "nama": "T"}, "taken"),
])  # fmt: skip
def test_what_cannot_be_done_says_why_and_changes_nothing(chief: TestClient, office: Office, act: str,
                                                          more: dict[str, str], words: str) -> None:  # fmt: skip
    answer = do(chief, act, **more)  # type: ignore[arg-type]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert words in answer.text  # type: ignore[attr-defined]
    assert not [row for row in office.rows() if row.act.startswith("people.") and row.act != "people.see"]


def test_the_log_is_filtered_checked_and_limited_by_role(chief: TestClient, office: Office) -> None:
    chief.get("/admin/orang")
    told = chief.get("/admin/audit?aksi=people&oleh=dewi").text
    assert told.count("people.see") >= 1
    assert "Rantai utuh sampai baris" in chief.post("/admin/audit").text
    with office.store.writing() as connection:
        connection.execute(text("DROP TRIGGER guard_audit_update"))
        connection.execute(text("UPDATE audit SET account = 'lain' WHERE n = 1"))
    assert "Rantai terputus" in chief.post("/admin/audit").text
    for query in ("sebelum=x", "sejak=kemarin"):
        assert chief.get(f"/admin/audit?{query}").status_code == 400
    office.who = person(("officer", "32"))
    assert chief.get("/admin/orang").status_code == 403
    assert do(chief, "add", nama="x").status_code == 403  # type: ignore[attr-defined]
    assert chief.post("/admin/audit").status_code == 403
    own = chief.get("/admin/audit")
    assert own.status_code == 200
    assert "Periksa rantai" not in own.text
