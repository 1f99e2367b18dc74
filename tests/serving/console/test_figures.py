"""The figures of an area are read once, however many open the page first, and as they would be one by one."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from pathlib import Path
from typing import Any

import pytest

from serving.access.rights import Areas
from serving.console import ahead as ahead_module
from serving.console import figures
from serving.console.ahead import Ahead
from serving.scores import area_figures, scores
from serving.scores.area_figures import By, Kept
from serving.scores.scores import Scores
from tests.serving.console.office import Office

GROUPS: tuple[By | None, ...] = (None, "level", "regency", "province")


@pytest.mark.parametrize("codes", [("",), ("32",), ("3204", "16"), ("9999",)])
def test_figures_read_together_are_those_read_one_by_one(published: Path, codes: tuple[str, ...]) -> None:
    with scores.open(published / "scores") as own:
        together = area_figures.several(own, Areas(codes), GROUPS)
        for by, found in zip(GROUPS, together, strict=True):
            alone = area_figures.totals(own, Areas(codes), by=by)
            assert [row.key for row in found] == [row.key for row in alone], by
            for one, other in zip(found, alone, strict=True):
                assert astuple(one)[1:] == pytest.approx(astuple(other)[1:]), by
        inside = {row.key for row in together[2]}
        assert all(Areas(codes).covers(row.key[:2], row.key) for row in together[2] if row.key), inside


def test_many_first_visits_at_once_read_no_more_than_one(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    read = Scores.rows

    def counted(self: Scores, sql: str, *given: Any, **more: Any) -> Any:
        asked.append(sql)
        return read(self, sql, *given, **more)

    monkeypatch.setattr(Scores, "rows", counted)
    with scores.open(published / "scores") as own:
        alone = figures.of(Kept(), own, Areas(("32",)), "32")
        once = len(asked)
        asked.clear()
        kept, together = Kept(), threading.Barrier(12)

        def visit(_: int) -> figures.Figures:
            together.wait()
            return figures.of(kept, own, Areas(("32",)), "32")

        with ThreadPoolExecutor(12) as pool:
            found = list(pool.map(visit, range(12)))
        assert len(asked) == once > 0
        assert all(one == alone for one in found)
        figures.of(kept, own, Areas(("51",)), "51")
        assert len(asked) == once + 2, "another area asks for its figures and its series alone"


def test_the_nation_is_added_up_before_anybody_asks_and_again_when_another_run_is_published(
    office: Office, published: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    read = Scores.rows

    def counted(self: Scores, sql: str, *given: Any, **more: Any) -> Any:
        asked.append(self.run.name)
        return read(self, sql, *given, **more)

    monkeypatch.setattr(Scores, "rows", counted)
    desk = office.inner.state.desk
    ahead = Ahead(desk)
    ahead.look()
    newest = desk.published.current()
    assert newest is not None
    assert set(asked) == {newest.run.name}
    asked.clear()
    figures.of(desk.kept, newest, Areas.of([""]), "")
    ahead.look()
    assert not asked, "the officer for the nation waits for nothing, and nothing is done twice"
    older = desk.published.before()
    assert older is not None
    monkeypatch.setattr(desk.published, "current", lambda: older)
    ahead.look()
    assert set(asked) == {older.run.name}


def test_why_the_nation_cannot_be_added_up_is_told_once_with_its_place_and_not_what_it_says(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked = threading.Semaphore(0)

    def fails(*_: Any) -> None:
        looked.release()
        raise KeyError("3204010101900001")

    monkeypatch.setattr(ahead_module, "EVERY", 0.001)
    monkeypatch.setattr(ahead_module, "figures_of", fails)
    own = Ahead(office.inner.state.desk)
    own.start()
    assert all(looked.acquire(timeout=60) for _ in range(4))
    own.stop()
    told = [line for line in caplog.messages if "made ahead" in line]
    assert len(told) == 1
    assert re.search(r"KeyError at test_figures\.py:\d+$", told[0])
