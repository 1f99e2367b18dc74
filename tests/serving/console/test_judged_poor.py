"""A family below the line is told as such where that was measured, as an estimate where it was not; one without a score
is not told that all is well with its data."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from starlette.testclient import TestClient

from serving.console.strings import strings
from serving.scores import publishing, scores
from tests.serving import scored
from tests.serving.console.office import LABELS, Office, rows

Language = Literal["id", "en"]
DAY = "2026-11-15"
FACT = {"id": "Sudah di bawah garis kemiskinan", "en": "Below the poverty line already"}
ESTIMATE = {
    "id": "Menurut perkiraan sudah di bawah garis kemiskinan",
    "en": "By estimate below the poverty line already",
}
PAST = {"id": "menurut perkiraan sudah di bawah garis", "en": "by estimate already below the poverty line"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run: half of those below the line were measured, all are judged so from 43 of 100 on."""
    home, folder = tmp_path_factory.mktemp("poor"), tmp_path_factory.mktemp("runs")
    own = rows(1, DAY, 1500)
    measured = pc.and_(pc.equal(own["applies"], False), pc.less(own["p_poor_now"], 0.75))
    rung = pc.if_else(measured, pa.scalar("poor"), own["rung"].cast(pa.string()))
    own = own.set_column(own.schema.get_field_index("rung"), "rung", rung.cast(own.schema.field("rung").type))
    scored.write(folder / DAY, own, as_of=DAY, labels=LABELS, poor_now=0.43)
    publishing.publish(home / "scores", folder / DAY)
    return home


def of(home: Path, rung: str | None) -> str:
    with scores.open(home / "scores") as own:
        table = own.table(("household_id", "applies", "rung"), ("",)).to_pylist()
    return next(row["household_id"] for row in table if row["applies"] is False and row["rung"] == rung)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("page", "rung"), [("", None), ("/laporan", None), ("", "poor"), ("/laporan", "poor")])
def test_only_what_was_measured_is_told_as_a_fact(
    home: Path, monkeypatch: pytest.MonkeyPatch, page: str, rung: str | None, language: Language
) -> None:
    monkeypatch.setenv("JAGA_HOME", str(home))
    with Office(home) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        client.cookies.set("bahasa", language)
        text = unescape(client.get(f"/keluarga/{of(home, rung)}{page}").text)
    say = strings(language)
    assert (ESTIMATE[language] in text) == (rung is None)
    assert (FACT[language] in text) == (rung is not None)
    if not page:
        assert (PAST[language] in text) == (rung is None)
        assert (say.say("pic.timeline.below.estimate") in text) == (rung is None)
        assert (say.say("house.poor.cut", n="43") in text) == (rung is None)
        assert ('id="ladder"' in text) == (rung is not None), "dots above the line would contradict the heading"
        assert say.say("house.now.above") not in text


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_family_without_a_score_is_not_told_that_its_data_are_complete(
    home: Path, monkeypatch: pytest.MonkeyPatch, language: Language
) -> None:
    with scores.open(home / "scores") as own:
        table = own.table(("household_id", "status", "refusal"), ("",)).to_pylist()
    row = next(row for row in table if row["refusal"] == "stale")
    monkeypatch.setenv("JAGA_HOME", str(home))
    with Office(home) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        client.cookies.set("bahasa", language)
        text = unescape(client.get(f"/keluarga/{row['household_id']}").text)
    say = strings(language)
    assert say.say("house.gaps.none") not in text
    assert say.say("house.gaps.refused", why=say.say("refusal.stale")) in text
    assert say.say("house.data.refused", date=f"15 November {DAY[:4]}", days=say.say("unit.days", n="13")) in text
    place = re.search(r'<p class="quiet">(.*?)</p>', text, re.DOTALL)
    assert place is not None
    assert place[1].strip()[-1].isalpha(), "no mark stands before nothing"
