"""The model's page: what its test found, beside other ways, and the record of models in use."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from features import demo
from models import charts
from models.text import Language
from serving.champion import Champion
from serving.console import tested
from serving.console.pages import model
from serving.console.strings import catalogue, strings
from tests.serving.console.lists import confirm, walk
from tests.serving.console.office import Office, bare, person
from training import gates
from training.gate import INDONESIAN
from training.gates import Accepted, Gate
from training.limits import ALARM


def test_the_model_page_tells_the_record_and_the_groups(
    published: Path, judged: Champion, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAGA_HOME", str(published))
    with Office(published, judged) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        text = client.get("/model").text
        assert judged.current is not None
        assert judged.current.bundle.name in text
        assert "AUC tidak di atas 0,90" in text
        assert judged.current.synthetic
        assert strings("id").say("model.limits.synthetic") in text
        assert "20 November 2026, oleh dewi" in text
        assert "Dari 100 pasang keluarga" not in text, "a figure without its range is not told"
        assert client.get("/model/keadilan").status_code == 200


def told(published: Path, judged: Champion, monkeypatch: pytest.MonkeyPatch, found: dict[str, Any]) -> tuple[str, str]:
    """The page of the model in Bahasa Indonesia and English, where these gates stand in its record."""
    assert judged.current is not None
    assert judged.current.entry is not None
    entry = {**judged.current.entry, "gates": found}
    monkeypatch.setattr(judged, "current", dataclasses.replace(judged.current, entry=entry))
    monkeypatch.setenv("JAGA_HOME", str(published))
    with Office(published, judged) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        text = client.get("/model").text
        client.cookies.set("bahasa", "en")
        english = client.get("/model").text
    return text, english


def test_what_a_gate_found_is_told_in_the_language_of_the_page_and_an_old_record_in_english(
    published: Path, judged: Champion, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = gates.signature("7", True).told()
    old = {"passed": True, "answer": "pass", "found": "registered version 3 has one"}
    text, english = told(published, judged, monkeypatch, {"signature": new, "baselines": old})
    assert '<p lang="id">versi terdaftar 7 memilikinya</p>' in text
    assert "registered version 7" not in text
    assert 'Rincian teknis (bahasa Inggris)</summary><p lang="en">registered version 3 has one</p>' in text
    assert '<p lang="en">registered version 7 has one</p>' in english


def test_who_answered_for_an_unknown_gate_and_why_is_on_the_page(
    published: Path, judged: Champion, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = {"passed": False, "answer": "unknown", "found": "no group has rows enough",
            "accepted": {"who": "dewi", "why": "daerah percontohan"}}  # fmt: skip
    text, _ = told(published, judged, monkeypatch, {"fair to protected groups": gate})
    assert "Belum diketahui; diterima dengan alasan" in text
    assert "dewi: daerah percontohan" in text, "of a record that has one language"


def test_each_page_has_the_reasons_of_the_demo_in_its_own_language(
    published: Path, judged: Champion, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate("fair to protected groups", "unknown", "no group has rows enough", "", Accepted(
        "dewi", demo.WHY[""], demo.WHY[INDONESIAN])).told()  # fmt: skip
    text, english = told(published, judged, monkeypatch, {"fair to protected groups": gate})
    assert ("dewi: demo dengan keluarga sintetis" in text, "demonstration" in text) == (True, False)
    assert ("dewi: demonstration on synthetic families" in english, "demo dengan" in english) == (True, False)


HOW = "write model.gate.NAME in both files of serving/console/i18n"


def names_of_gates(module: ast.Module) -> set[str]:
    """The first argument of each call of `Gate`, followed to where a function or its caller names it."""
    functions = {node.name: node for node in ast.walk(module) if isinstance(node, ast.FunctionDef)}
    found: set[str] = set()
    for function in functions.values():
        for first in (call.args[0] for call in calls(function, "Gate")):
            if isinstance(first, ast.JoinedStr):  # "not worse than" another model, whose words are its own
                assert ast.unparse(first).startswith("f'not worse than {")
                continue
            own = {first.value} if isinstance(first, ast.Constant) else named(first, function, module)
            assert own, f"the name of a gate is not found: {ast.unparse(first)}"
            found |= {str(name) for name in own}
    return found


def calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [node for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name]  # fmt: skip


def named(first: ast.expr, function: ast.FunctionDef, module: ast.Module) -> set[Any]:
    """Constants that a variable of a function is given, or that its callers give as that parameter."""
    assert isinstance(first, ast.Name)
    given = [node.value for node in ast.walk(function)
             if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == first.id]  # fmt: skip
    parameters = [own.arg for own in function.args.args]
    if first.id in parameters:
        given += [call.args[parameters.index(first.id)] for call in calls(module, function.name)]
    return {value.value for value in given if isinstance(value, ast.Constant)}


def test_the_day_of_a_promotion_is_that_of_jakarta() -> None:
    for text, told in (("2026-11-29T17:36:00+00:00", "30 November 2026"), ("2026-11-29T16:59:00", "29 November 2026"),
                       ("2026-11-29", "29 November 2026"), ("lama", "lama"), (None, "")):  # fmt: skip
        assert model._day(text, strings("id")) == told


def test_a_gate_without_words_is_seen_however_it_is_named() -> None:
    made = "def one():\n return Gate('new', 1)\ndef two(name):\n return Gate(name, 1)\ntwo('other')\n"
    assert names_of_gates(ast.parse(made)) == {"new", "other"}
    with pytest.raises(AssertionError, match="is not found"):
        names_of_gates(ast.parse("def one(name):\n return Gate(name, 1)\n"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_gate_has_words_of_its_own(language: Language) -> None:
    """A gate added to promotion without words would be told by its name in code."""
    names = names_of_gates(ast.parse(Path(gates.__file__).read_text()))
    assert len(names) > 8
    for name in names:
        assert model._gate(name, strings(language)) != name, f"no words for the gate {name!r}: {HOW}"
    assert ("hutan acak", "random forest")[language == "en"] in model._gate("not worse than random_forest",
                                                                            strings(language))  # fmt: skip
    for name, told in (("expected_poverty", ("perkiraan kemiskinan", "expected poverty")),
                       ("last_status", ("status terakhir", "last status")), ("xgboost", ("XGBoost", "XGBoost")),
                       ("welfare_rank", ("peringkat desil", "welfare rank"))):  # fmt: skip
        assert model._gate(f"not worse than {name}", strings(language)).endswith(told[language == "en"])
    assert model._gate("something new", strings(language)) == "something new"


def test_figures_that_the_words_of_the_pages_hold_are_those_that_were_set_or_measured() -> None:
    measured = json.loads(Path("benchmarks/results/simulation_coverage.json").read_text(encoding="utf-8"))
    held = [f"{100 * one['coverage']:.0f}" for one in (measured["all"], measured["by"]["shocks"]["running"])]
    for language, mark in (("id", ","), ("en", ".")):
        own = catalogue(language)
        assert f"{ALARM:.2f}".replace(".", mark) in own["model.gate.leak_alarm"]
        told = re.search(r"(\d\d) (?:dari|of) 100 (?:rentang|ranges).*(?:guncangan|shocks) (\d\d)", own["scen.ranges"])
        assert told is not None
        assert [*told.groups()] == held
        assert {"id": "risiko tiap keluarga diketahui", "en": "true risk is known"}[language] in own["scen.ranges"]


def test_fairness_hides_what_is_too_small(monkeypatch: pytest.MonkeyPatch, published: Path, judged: Champion) -> None:
    figures = {"value": 0.93, "low": 0.8, "high": 1.1}
    monkeypatch.setattr(tested, "result", lambda loaded: {"fairness": {"urban": {
        "city": {"rows": 900, "events": 80, "too_small": False,
                 "figures": {"recall": {"value": 0.4}, "expected_over_observed": figures}},
        "land": {"rows": 12, "events": 2, "too_small": True, "figures": {
            "recall": {"value": 0.77}, "expected_over_observed": {"value": 0.55, "low": None}}},
        "none": {"rows": 223, "events": 16, "too_small": True, "figures": None}},
        "disability present": {"yes": {"rows": 223, "events": 16, "too_small": True, "figures": None}}}})  # fmt: skip
    monkeypatch.setenv("JAGA_HOME", str(published))
    with Office(published, judged) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        text = client.get("/model/keadilan").text
    assert "0,93" in text
    assert "angka 0,8 atau lebih dan rentang mulai dari 0,6" in text
    assert "cukup</span>" in text, "0.93 from 0.80 on is known to be enough"
    assert "terlalu sedikit data" in text
    assert "terlalu sedikit kejadian" in text, "of 223 rows it is the falls that are few"
    assert "0,55" not in text
    assert ">77<" not in text


@pytest.mark.parametrize(("language", "words"), [
    ("id", ("Ada anggota dengan disabilitas", "ya", "Jawa Barat: perdesaan")),
    ("en", ("Disability present", "yes", "Jawa Barat: rural")),
])  # fmt: skip
def test_groups_are_told_in_the_language_of_the_page_and_the_unknown_is_hatched(
        monkeypatch: pytest.MonkeyPatch, published: Path, judged: Champion, language: str,
        words: tuple[str, ...]) -> None:  # fmt: skip
    few = {"rows": 12, "events": 2, "too_small": True, "figures": None}
    monkeypatch.setattr(tested, "result", lambda loaded: {"fairness": {
        "disability present": {"yes": few, "no": few}, "province and urban or rural": {"32 rural": few}}})  # fmt: skip
    monkeypatch.setenv("JAGA_HOME", str(published))
    with Office(published, judged) as office, TestClient(office.app, headers={"Accept": "text/html"}) as client:
        client.cookies.set("bahasa", language)
        text = client.get("/model/keadilan").text
    assert 'lang="en">yes' not in text
    for own in words:
        assert f">{own}<" in text
    fills = re.findall(r'fill="url\(#([^)]*)\)"', text)
    assert len(fills) == 3
    assert set(fills) == set(re.findall(r'<pattern id="([^"\s]+)"', text)), "a fill that leads nowhere is black"


def test_the_model_page_tells_what_came_of_what_was_said(
    monkeypatch: pytest.MonkeyPatch, published: Path, judged: Champion, tmp_path: Path
) -> None:
    def figures(caught: float) -> dict[str, Any]:
        return {f"{name}_at_{size}": {"value": value * size / 10, "low": 0.8 * value * size / 10, "high": 0.44}
                for size in (5, 10) for name, value in (("recall", caught), ("precision", 0.2))}  # fmt: skip

    bins = [{"model": "jaga", "predicted": p, "observed": p + 0.01, "low": p - 0.01, "high": p + 0.03,
             "least": p - 0.02, "most": p + 0.02, "rows": 500, "events": round(500 * p)}
            for p in (0.03, 0.12)]  # fmt: skip
    told = {"cohort": {"rows": 1000, "events": 75}, "reliability": bins,
            "models": {"jaga": figures(0.4), "welfare_rule": figures(0.25)}}  # fmt: skip
    monkeypatch.setattr(tested, "result", lambda loaded: told)
    monkeypatch.setenv("JAGA_HOME", str(published))
    monkeypatch.setattr(judged, "folder", tmp_path)
    monkeypatch.setattr(charts, "reliability", lambda *_: pytest.fail("drawn by the process that answers"))
    assert judged.current is not None
    entry = judged.current.entry
    assert entry is not None
    record = [
        {"action": "promote", "bundle": "1" * 64, **entry},
        {"action": "rollback", "bundle": "2" * 64, **entry, "gates": {"x": {"passed": False, "found": "y"}}},
    ]
    monkeypatch.setattr(judged, "current", dataclasses.replace(judged.current, record=record))
    with (
        Office(published, judged) as office,
        TestClient(office.app, headers={"Accept": "text/html"}, follow_redirects=False) as client,
    ):
        office.who = person(("officer", "32"))
        text = client.get("/model").text
        assert "Dari 100 keluarga yang kami sebut 10-14 dari 100, 13 jatuh (11-15)." in text
        assert "40 dari 100 yang jatuh masuk daftar (32-44), dan 60 dari 100 yang jatuh terlewat (56-68)" in bare(text)
        assert "Dalam ujian itu 75 keluarga jatuh" in text
        cells = re.sub(r"</?span[^>]*>", "", text)
        assert '25 (20-44)</td><td class="num">75 (56-80)</td>' in cells, "the simple rule beside it, with its ranges"
        assert "bila rentang selisih itu memuat nol, belum tentu" in text, "judged in pairs, not by ranges that overlap"
        assert "222222222222" in text
        assert "1 syarat diterima dengan alasan" in text
        [kept] = (tmp_path / "charts").iterdir()
        assert kept.read_text() in text
        before = kept.stat().st_mtime_ns
        client.get("/model")
        assert kept.stat().st_mtime_ns == before, "drawn once"
        confirm(client, walk(client, **{"kuota-32": "5"}))
        text = bare(client.get("/model").text)
        assert "Daftar terakhir, D-2026-0001, memberi 5 tempat" in text
        assert "Daftar sebesar 5 dari 100 keluarga" in text
        assert "20 dari 100 yang jatuh masuk daftar" in text
        share = re.search(r"memberi 5 tempat: ([0-9,]+) dari 100", text)
        confirm(client, walk(client, per="2026Q3", **{"kuota-32": "10", "anggaran": str(5 * 750_000)}))
        text = bare(client.get("/model").text)
        part = re.search(r"D-2026-0002, memberi 5 dari 10 tempat yang diminta: ([0-9,]+) dari 100", text)
        assert share is not None
        assert part is not None
        confirm(client, walk(client, per="2026Q3", **{"kuota-32": "6"}) + "&versi=D-2026-0002")
        assert "Daftar terakhir, D-2026-0002 v2, memberi 6" in bare(client.get("/model").text)
        assert share[1] == part[1], "of the places that somebody has"


@pytest.mark.parametrize(("share", "size"), [(None, 10), (0.0001, 5), (0.07, 5), (0.08, 10), (0.24, 20), (0.9, 30)])
def test_the_size_that_is_nearest_to_the_quota_is_told(share: float | None, size: int) -> None:
    assert tested.nearest(share) == size
