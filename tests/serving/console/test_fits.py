"""What is written stays inside what it is written in."""

from __future__ import annotations

import datetime

import pytest
from starlette.testclient import TestClient

from serving.store import people, visits
from tests.serving.console.office import Office
from tests.serving.console.test_browser import Open, families, look, served
from tests.serving.console.test_browser import _keys as _keys
from tests.serving.stores import confirmed, place

__all__ = ["families", "look", "served"]
pytestmark = pytest.mark.browser


def test_the_state_of_a_visit_stays_inside_its_panel(
    look: Open, families: dict[str, str], served: tuple[str, Office]
) -> None:
    office, code, at = served[1], families["busy"], families["busy_at"]
    with office.store.writing() as connection:
        by = people.by_account(connection, "dewi")
        assert by is not None
        for _ in range(2):
            number = confirmed(connection, by.id, at, [place(code, at)])
            visits.plan(connection, number, datetime.date(2026, 12, 15))
    with TestClient(office.app, headers={"Accept": "text/html"}, follow_redirects=False) as client:
        sent = {"kunci": "kunci-muat-panel", "hasil": "below", "tanggal": "2026-11-28"}
        assert client.post(f"/keluarga/{code}/kunjungan/baru", data=sent).status_code == 303
    with look(width=1280) as page:
        page.goto(f"/keluarga/{code}")
        tags = page.locator("#cases ~ ul .tag, #cases ~ ul .nowrap")
        assert tags.count() >= 3, "one visit, with the lists that it answers"
        over = tags.evaluate_all("""own => own.filter(tag => tag.getBoundingClientRect().right
          > tag.closest(".panel").getBoundingClientRect().right).map(tag => tag.textContent)""")
        assert over == []
