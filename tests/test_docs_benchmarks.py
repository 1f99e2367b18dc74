"""The benchmarks' page holds every result, tells what is missed and by how much, and is drawn as it is told."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest

import benchmarks
from benchmarks import __main__ as command
from benchmarks import _page
from benchmarks._long import LONG
from benchmarks._page import pictures
from benchmarks._page.told import MET, both, least, points, under
from tests.conftest import ROOT, script


@pytest.fixture
def found() -> dict[str, Any]:
    return copy.deepcopy(_page.found())


def summary(text: str) -> list[str]:
    return [line for line in text.split("## At a glance", 1)[1].split("\n## ", 1)[0].splitlines()
            if line.startswith("| [")]  # fmt: skip


def test_every_benchmark_has_its_place_on_the_page() -> None:
    there = {one.name for one in iter_modules(benchmarks.__path__) if not one.name.startswith("_")}
    assert there == {name for _, makers, _ in _page.SECTIONS for name, _ in makers}


def test_a_missed_bar_stands_first_and_tells_by_how_much(found: dict[str, Any]) -> None:
    before = summary(_page.page(found))
    found["single_request"]["latency_ms"]["p99"] = 30.0
    found["single_request"]["passed"] = False
    text = _page.page(found)
    missed = [line for line in summary(text) if "**missed**" in line]
    assert len(missed) == 1 + sum("**missed**" in line for line in before)
    assert missed == summary(text)[: len(missed)]
    assert any("one household a request" in line and "**missed** by 20 %" in line for line in missed)
    assert "**It ended with a bar missed.**" in text


def test_what_was_not_run_is_said_and_the_rest_stays(found: dict[str, Any]) -> None:
    whole = _page.page(found)
    del found["lists"]
    text = _page.page(found)
    assert "`make bench ARGS=lists` measures it." in text
    assert "`lists`" in text.split("Not measured yet: ")[1].splitlines()[0]
    assert set(summary(text)) < set(summary(whole))
    assert "## Score store" in text


def test_who_is_ahead_at_few_rows_is_read_off_the_figures(found: dict[str, Any]) -> None:
    assert "Jaga's figure is the largest at each number of rows." in _page.page(found)
    models = found["learning_curve"]["points"][0]["models"]
    models["logistic"]["share"]["value"] = models["jaga"]["share"]["value"] + 0.001
    assert "Ahead of Jaga, by the figure: logistic at 1,000 rows." in _page.page(found)


def test_verdicts() -> None:
    assert under(299, 300) == least(0.85, 0.85) == points(0.85, 0.85) == both(MET, MET) == MET
    assert under(300, 300) == "**missed** by less than 1 %"
    assert under(360, 300) == "**missed** by 20 %"
    assert least(5, 20) == "**missed** by 75 %"
    assert points(0.68, 0.85) == "**missed** by 17.0 points"
    assert both(MET, "**missed** by 1 %") == "**missed** by 1 %"


def test_one_run_writes_its_own_file_and_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                           capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    (tmp_path / "pages.json").write_text("{}")
    own = type("Module", (), {"run": staticmethod(lambda: {"passed": False, "draw_s": [1.0]})})
    monkeypatch.setattr(command, "import_module", lambda name: own)
    monkeypatch.setattr("sys.argv", ["benchmarks", "--output", str(tmp_path), "lists"])
    assert command.main() == 1
    assert json.loads((tmp_path / "lists.json").read_text())["draw_s"] == [1.0]
    assert (tmp_path / "pages.json").read_text() == "{}"
    assert "MISSED ITS BAR" in capsys.readouterr().out


@pytest.mark.parametrize("every", [False, True])
def test_the_long_ones_are_named_where_they_are_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                         capsys: pytest.CaptureFixture[str],
                                                         every: bool) -> None:  # fmt: skip
    own = type("Module", (), {"run": staticmethod(lambda: {"passed": True})})
    monkeypatch.setattr(command, "import_module", lambda name: own)
    monkeypatch.setattr("sys.argv", ["benchmarks", "--output", str(tmp_path), *(["--all"] if every else [])])
    assert command.main() == 0
    there = {one.name for one in iter_modules(benchmarks.__path__) if not one.name.startswith("_")}
    ran = {path.stem for path in tmp_path.iterdir()}
    assert ran == (there if every else there - LONG.keys())
    assert LONG.keys() < there
    said = capsys.readouterr().out.partition("Left out, since they are long")[2]
    assert set(said.partition(":")[2].split()) == (set() if every else set(LONG))


def test_the_page_says_when_its_files_are_of_several_machines(found: dict[str, Any]) -> None:
    for one in found.values():
        if "machine" in one:
            one["machine"] |= {"cpu": "A", "cores": 2, "memory_gib": 8}
    assert "machines**" not in _page.page(found)
    found["lists"]["machine"]["cpu"] = "B"
    assert "**The files are of 2 machines**: `lists` on B, 2 cores, 8 GiB; all others on A, 2" in _page.page(found)
    assert all(f"`{name}`" in _page.page(found).split("## At a glance")[0] for name in LONG)


def test_one_hostile_request_answered_wrongly_is_a_miss(found: dict[str, Any]) -> None:
    found["hostile"]["kinds"]["paths"]["wrong"] = ["paths: 500"]
    [line] = [line for line in summary(_page.page(found)) if "hostile requests" in line]
    assert "| 1 | **missed**" in line


def test_a_file_that_is_no_result_is_named(tmp_path: Path) -> None:
    (tmp_path / "lists.json").write_text("{")
    with pytest.raises(ValueError, match=r"lists\.json: not JSON .* run its benchmark again"):
        _page.found(tmp_path)


def test_pictures_are_of_these_figures_and_only_changed_ones_are_drawn(tmp_path: Path) -> None:
    own = _page.found()
    specs = pictures.specs(own)
    assert len(specs) == 4
    for name, (title, spec) in specs.items():
        text = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert text.startswith(pictures.stamp(spec)), f"run make docs: docs/{name} is out of date"
        assert title in text
        assert f"]({name})" in _page.page(own)
        (tmp_path / name).write_text(text, encoding="utf-8")
    own["simulation_coverage"]["all"]["coverage"] = 0.5
    assert pictures.write(own, tmp_path) == ["benchmarks_coverage.svg"]


def test_figures_of_the_picture_of_accuracy_are_those_of_the_results() -> None:
    results = script("results")
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    kept = json.loads(results.KEPT.read_text(encoding="utf-8"))["panels"]
    sections = [part.split("\n", 1) for part in page.split("\n## ")[2:]]
    assert [title for title, _ in sections] == [own["title"] for own in kept.values()]
    for own, (_, text) in zip(kept.values(), sections, strict=True):
        assert f"Judged: {own['rows']:,} rows and {own['falls']:,} falls of {own['households']:,} households" in text
        table = text.split("all at risk:\n\n", 1)[1].split("\n\n", 1)[0]
        assert table.splitlines() == list(results._table(own["differences"], results.DIFFERENCES, signed=True))


def test_what_is_kept_of_a_judgement_is_what_the_page_tells() -> None:
    results = script("results")
    gap = {"value": 0.12344, "low": None, "high": None}
    one = {"source": "table", "synthetic": False, "design": "rolling origin", "horizon": 1, "seed": 3, "models": {},
           "cohort": {"rows": 9, "events": 2, "households": 5},
           "differences": {"logistic": dict.fromkeys(results.DIFFERENCES, gap)}}  # fmt: skip
    kept = results._kept({"german_60": one})["panels"]["german_60"]
    assert kept["title"] == "german 60, 1 periods ahead, seed 3"
    assert (kept["rows"], kept["falls"], kept["households"]) == (9, 2, 5)
    assert kept["design"] == "rolling origin"
    assert kept["differences"]["logistic"]["auc"] == {"value": 0.1234, "low": None, "high": None}


def test_every_result_tells_its_machine_and_whether_it_passed() -> None:
    for name, one in _page.found().items():
        if name not in ("accuracy", "coverage", "once"):
            assert isinstance(one["passed"], bool), name
            assert {"cpu", "cores", "memory_gib", "load_before"} <= set(one["machine"]), name
    assert not re.search(r"/(?:work|home|tmp)/", "".join(path.read_text() for path in _page.RESULTS.glob("*.json")))
