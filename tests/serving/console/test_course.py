"""What happened to a family in the order of time, and what the end of the last list says of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.cases.households import Household
from serving.console import course, formats
from serving.console.strings import strings
from serving.scores import publishing, scores
from serving.settings import Settings
from tests.serving import scored
from tests.serving.console.lists import confirm, walk
from tests.serving.console.office import LABELS, NOW, Office, bare, person, rows

MODELS = {"2026-05-15": "a1b2c3d4e5f6", "2026-08-15": "f6e5d4c3b2a1", "2026-11-15": "f6e5d4c3b2a1"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three runs, the first by another model."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("runs")
    for seed, (day, bundle) in enumerate(MODELS.items(), start=1):
        own = rows(seed, day, 1500)
        own = own.set_column(own.schema.get_field_index("bundle"), "bundle", scored.pa.array([bundle] * own.num_rows))
        scored.write(folder / day, own, as_of=day, bundle=bundle, labels=LABELS)
        publishing.publish(home / "scores", folder / day)
    return home


@pytest.fixture
def ask(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[TestClient, Office]]:
    monkeypatch.setenv("JAGA_HOME", str(home))
    with (
        Office(home) as office,
        TestClient(office.app, headers={"Accept": "text/html"}, follow_redirects=False) as client,
    ):
        office.who = person(("officer", "32"))
        yield client, office


def list_of(text: str) -> list[str]:
    """The ordered list of the history."""
    found = re.search(r'<ol class="small course">(.*?)</ol>', text, re.DOTALL)
    assert found is not None
    return re.findall(r"<li>(.*?)</li>", found[1])


def test_estimates_of_all_runs_are_told_with_their_model_and_where_it_changed(
    home: Path, ask: tuple[TestClient, Office]
) -> None:
    with scores.open(home / "scores") as own:
        code = next(row["household_id"] for row in own.top(500, province="32")
                    if all(past["applies"] for past in own.history(row["household_id"])))  # fmt: skip
        past = {row["as_of"].isoformat(): row for row in own.history(code)}
    told = [line for line in list_of(ask[0].get(f"/keluarga/{code}").text) if "perkiraan" in line]
    assert [line.rpartition("model ")[2][:12] for line in told[:1]] == [MODELS["2026-05-15"]]
    assert f"15 Mei 2026: perkiraan {formats.out_of(formats.percent(past['2026-05-15']['risk']), 'id')} dari 100" in (
        told[0])  # fmt: skip
    assert ["model berganti" in line for line in told] == [False, True, False]
    assert all(f"model {model}" in line for line, model in zip(told, MODELS.values(), strict=True))


def test_the_end_of_the_last_list_is_a_cause_to_look_where_the_range_crosses_it(
    home: Path, ask: tuple[TestClient, Office]
) -> None:
    client, office = ask
    office.who = person(("officer", "32"), ("officer", "16"))
    with scores.open(home / "scores") as own:
        inside, outside = own.top(400, province="32"), own.top(5, province="16")
    before = client.get(f"/keluarga/{inside[30]['household_id']}").text
    assert "melewati batas daftar" not in before
    assert "Tidak ada dalam daftar yang dikonfirmasi" in before
    confirm(client, walk(client, **{"kuota-32": "12", "acak": "0"}))
    cut = formats.percent(inside[11]["risk"])
    crossed = next(
        row
        for row in inside
        if row["certainty"] == "usual"
        and formats.percent(row["low"]) < cut < formats.percent(row["high"])
        and row["risk"] < cut / 100
    )
    clear = next(row for row in inside if formats.percent(row["high"]) < cut)
    text = bare(client.get(f"/keluarga/{crossed['household_id']}").text)
    assert f"rentang melewati batas daftar D-2026-0001 ({cut} dari 100)" in text
    assert "Periksa lapangan" in text
    assert "batas daftar</text>" in text, "and the cut stands in the picture"
    assert "melewati batas daftar" not in client.get(f"/keluarga/{clear['household_id']}").text
    assert "melewati batas daftar" not in client.get(f"/keluarga/{outside[0]['household_id']}").text
    listed, shown = client.get("/keluarga?prov=32").text, None
    while not (shown := re.search(rf"{crossed['household_id']}.*?</tr>", listed, re.DOTALL)):
        onward = re.search(r'href="([^"]*setelah=[^"]*)"', listed)
        assert onward, "it is on one of the pages"
        listed = client.get(unescape(onward[1])).text
    assert "Periksa lapangan" in shown[0], "the list of families says the same"
    on = bare(client.get(f"/keluarga/{inside[0]['household_id']}").text)
    assert "D-2026-0001, Triwulan IV 2026, nomor 1" in on
    assert "PKH: Menurut peringkat" in on
    assert any("daftar D-2026-0001 dikonfirmasi, keluarga ini nomor 1" in line for line in list_of(on))


def test_visits_objections_and_shocks_stand_among_the_estimates(
    home: Path, ask: tuple[TestClient, Office], tmp_path: Path
) -> None:
    client, office = ask
    with scores.open(home / "scores") as own:
        code = own.top(1, province="32")[0]["household_id"]
    facts = tmp_path / "facts.csv"
    facts.write_text(f"household_id,shock,shock_day\n{code},job_loss,2026-10-02\n")
    office.office.settings = Settings(facts=facts)
    for at, sent in ((f"/keluarga/{code}/kunjungan/baru", {"hasil": "above", "tanggal": "2026-11-20"}),
                     (f"/keluarga/{code}/sanggah/baru", {"jenis": "proposal", "pemohon": "family",
                                                         "saluran": "counter"})):  # fmt: skip
        assert client.post(at, data={"kunci": f"kunci-{len(at)}-uji", **sent}).status_code == 303
    told = list_of(bare(client.get(f"/keluarga/{code}").text))
    wanted = ("2 Oktober 2026: guncangan tercatat: Kehilangan pekerjaan", "20 November 2026: kunjungan, hasil: Di atas "
              "garis", f"{formats.date(NOW.date(), 'id')}: sanggahan S-2026-0001 diajukan")  # fmt: skip
    at = [next(number for number, line in enumerate(told) if line.startswith(own)) for own in wanted]
    assert at == sorted(at), "in the order of their dates"


def test_runs_in_a_row_below_the_line_are_one_spell() -> None:
    def run(month: int, **own: Any) -> dict[str, Any]:
        usual = {"as_of": datetime.date(2025, month, 1), "bundle": "a", "applies": True, "refusal": None, "risk": 0.1,
                 "low": 0.05, "high": 0.2, "rung": None}  # fmt: skip
        return usual | own

    below = {"applies": False, "risk": None, "low": None, "high": None}
    past = [run(1), run(3, **below), run(5, **below), run(7), run(9, **below), run(11, applies=None, refusal="stale")]
    found = Household(run(12), SimpleNamespace(labels=LABELS), None, past[::-1], (), None, None, None, None)  # type: ignore[arg-type]
    told = course.told(found, [], strings("id"))
    spells = re.findall(r'width="([0-9.]+)" height="8" class="spell below"', str(told["timeline"]))
    assert len(spells) == 2
    assert float(spells[0]) > 20 > float(spells[1]), "two runs apart, and one alone"
    assert sum("skor jatuh tidak berlaku" in text for text in told["events"]) == 3
    assert "1 November 2025: belum ada skor (data terlalu lama)" in told["events"]


def test_what_people_did_on_one_day_stands_in_the_order_of_its_hours() -> None:
    def at(hour: int, day: int = 20) -> datetime.datetime:
        return datetime.datetime(2026, 11, day, hour, tzinfo=datetime.UTC)

    def visit(result: str, recorded: datetime.datetime) -> SimpleNamespace:
        return SimpleNamespace(visited=datetime.date(2026, 11, 20), result=result, recorded_at=recorded)

    list_ = SimpleNamespace(version=1, newest=1, confirmed_at=at(3), number="D-2026-0001", place=2)
    visits = (visit("above", at(5)), visit("refused", at(1)), visit("below", at(1, day=22)))
    row = {"as_of": datetime.date(2026, 11, 20), "bundle": "a", "applies": None, "refusal": "stale", "rung": None}
    found = Household(row, SimpleNamespace(labels=LABELS), None, [], (), None, (list_,), visits, None)  # type: ignore[arg-type]
    told = course.told(found, [], strings("id"))["events"]
    wanted = ("belum ada skor", strings("id").say("visit.refused"), "daftar D-2026-0001", "Di atas garis",
              "Di bawah garis")  # fmt: skip
    assert [own in line for own, line in zip(wanted, told, strict=True)] == [True] * 5, "one written down later is last"
