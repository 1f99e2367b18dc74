"""Charts of the report are drawn once for page and print, and a page without its picture still opens."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from models import charts, drawn

TABLE = [{"model": "jaga", "predicted": p, "observed": p, "low": p / 2, "high": 2 * p} for p in (0.02, 0.1)]


def test_a_chart_is_drawn_once_and_is_that_of_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = {language: drawn.picture(tmp_path, "reliability", TABLE, language) for language in ("id", "en")}  # type: ignore[arg-type]
    assert len(set(made.values())) == len(list((tmp_path / drawn.FOLDER).iterdir())) == 2

    def refuse(*_: object, **__: object) -> Any:
        raise AssertionError("drawn again")

    monkeypatch.setattr(subprocess, "run", refuse)
    assert drawn.picture(tmp_path, "reliability", TABLE, "id") == made["id"]
    assert made["id"] == charts.reliability(TABLE, "id")


def test_where_it_cannot_be_drawn_nothing_is_shown_and_it_is_tried_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    monkeypatch.setattr(drawn, "_FAILED", set())
    with caplog.at_level(logging.WARNING, "jaga"):
        assert drawn.picture(tmp_path, "reliability", TABLE, "id") is None
        assert drawn.picture(tmp_path, "reliability", TABLE, "id") is None
    assert [record.message for record in caplog.records] == ["the chart reliability cannot be drawn: FileNotFoundError"]


def test_a_folder_that_cannot_be_written_costs_the_keeping_and_not_the_picture(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / drawn.FOLDER).write_text("no folder")
    with caplog.at_level(logging.WARNING, "jaga"):
        assert "<svg" in (drawn.picture(tmp_path, "reliability", TABLE, "en") or "")
    assert "cannot be kept" in caplog.text
