"""What is wrong with a scenario or a list's rules is told in both languages: the same keys, no rule without words."""

from __future__ import annotations

import ast
import string
import time
from pathlib import Path

import pytest

import models
import serving
from models.rule_words import RULES, UnfitError, said, words_of
from models.schemes import checks, library, parts
from models.schemes import scenario as scenarios
from models.targeting.rule_checks import RuleError
from serving.problems import Problem
from serving.simulation import spec

BASE = {"format": 1, "kind": "scenario", "name": "x", "title": {"id": "x", "en": "x"}, "start": 2026, "years": 5}
PLANNED = {"use": "pkh", "years": [2027, 2028], "places": 1}


def arm(**changed: object) -> dict[str, object]:
    return BASE | {"arms": [{"name": "a", "schemes": [PLANNED | changed]}]}


def codes() -> set[str]:
    """Codes that the program gives to `said` and `UnfitError.of`."""
    found: set[str] = set()
    for package in (models, serving):
        for path in Path(next(iter(package.__path__))).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "rule_words" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("said", "UnfitError.of"):
                    continue
                if node.args:
                    found |= {one.value for one in ast.walk(node.args[0])
                              if isinstance(one, ast.Constant) and isinstance(one.value, str)}  # fmt: skip
    return found


def test_every_rule_has_words_and_no_words_are_left_over() -> None:
    assert codes() == set(RULES)


@pytest.mark.parametrize("code", sorted(RULES))
def test_both_languages_have_words_of_their_own(code: str) -> None:
    own, english = RULES[code]
    assert own
    assert own != english
    assert " must " not in own
    known, other = ({name.partition("[")[0] for _, name, _, _ in string.Formatter().parse(text) if name}
                    for text in (own, english))  # fmt: skip
    assert known <= other | (
        {"place"} if "{at}" in english else set())  # fmt: skip


@pytest.mark.parametrize(("plain", "own", "english"), [
    (BASE | {"years": 0}, "years: harus bilangan bulat 1 sampai 40, bukan 0",
     "years: must be a whole number from 1 to 40"),
    (BASE | {"title": {"id": "x"}}, "title: en: belum ditulis",
     "title: en: is missing"),
    (BASE | {"warna": 1}, "warna: bukan kunci yang dikenal; yang ada: format, kind",
     "warna: is no rule; there are format"),
    (BASE | {"arms": 3}, "arms: harus daftar yang tiap isinya",
     "arms: must be a list of tables"),
    (BASE | {"start": "2026"}, "start: harus tahun seperti 2026, bukan '2026'",
     "start: must be a year as 2026"),
    (arm(use="hadiah"), "use: tidak ada skema bernama hadiah; yang ada: aset-pendampingan",
     "no scheme is called hadiah"),
    (arm(years=[2020, 2028]), "years: harus di dalam tahun simulasi, 2027 sampai 2031",
     "must lie in the simulated years"),
    (arm(years=[2028, 2027]), "years: awalnya tidak boleh melebihi akhirnya",
     "must not begin above its end"),
    ({**BASE, "arms": [{"name": "a", "schemes": [{"use": "pkh", "years": [2027, 2028]}]}]},
     "places: belum ditulis: tulis places",
     "places: is missing: write places"),
    (arm(**{"with": {"cost": {"value": 1, "basis": "evidence", "source": "x"}}}),
     "pkh: cost: year belum ditulis: angka dengan basis evidence",
     "year is missing: a figure of basis evidence"),
    (arm(**{"with": {"eligibility": {"provinces": [32]}}}),
     "eligibility: provinces: harus daftar kode dalam tanda kutip",
     "must be a list of codes in quotes"),
    (arm(**{"with": {"cost": {"value": 4e6, "low": 3e6, "high": 5_000_000.5, "basis": "assumption", "source": "x"}}}),
     "cost: rentangnya (3.000.000 sampai 5.000.000,5) tidak disimulasikan",
     "cost: no range of it (3,000,000 to 5,000,000.5) is lived"),
    (arm(**{"with": {"take_up": 2}}), "take_up: harus angka 0 sampai 1, bukan 2",
     "take_up: must be a number from 0 to 1"),
    (arm(**{"with": {"targeting": {"rule": "adil"}}}), "targeting: rule: harus salah satu dari risk, desil",
     "must be one of"),
    (arm(**{"with": {"ramp": [1, 0.5]}}), "ramp: tidak boleh turun",
     "ramp: must not fall"),
    (BASE | {"years": 60, "draws": 10}, "years: harus bilangan bulat 1 sampai 40, bukan 60",
     "years: must be a whole number from 1 to 40"),
])  # fmt: skip
def test_the_service_tells_what_is_wrong_in_the_readers_language(
    plain: dict[str, object], own: str, english: str
) -> None:
    with pytest.raises(Problem) as caught:
        spec.read(plain)
    assert own in caught.value.sentence("id")
    assert english in caught.value.sentence("en")
    assert " must " not in caught.value.sentence("id")


@pytest.mark.parametrize(("text", "own", "english"), [
    ("a: [", "bukan YAML yang sah, baris 1 kolom", "is not YAML"),
    ("a: 1\nb: 2\na: 3\n", "a tertulis dua kali, baris 1 kolom 1", "a stands there twice"),
    ("- 1\n", "harus berisi kunci dengan nilainya", "must be keys with values"),
    ("a: &x 1\nb: *x\n", "rujukan (*nama) tidak dibaca", "references (*name) are not read"),
    ("dated: 2026-13-45\n", "tanggal 2026-13-45 tidak ada, baris 1 kolom 8", "2026-13-45 is no date, line 1 column 8"),
    ("2026-01-02: 1\n", "nilai yang tidak dapat dibaca", "a value that cannot be read"),
    ("? [1]\n: 2\n", "kunci harus satu kata", "a key must be one word"),
    ("a: 1" + 5000 * "0", "paling panjang 40 huruf, baris 1", "40 characters at most, line 1"),
    ("a: 0x" + 9000 * "f", "paling panjang 40 huruf, baris 1", "40 characters at most, line 1"),
    ("a: .inf", "harus angka biasa, bukan .inf", "must be an ordinary number, not .inf"),
    ("a: !!set {b, c}", "tanda seru di depan nilai", "tags (!name) are not read"),
    ('a: !!float "1:1.5"', "tanda seru di depan nilai", "tags (!name) are not read"),
    ('a: "\\UFFFFFFFF"', "bukan YAML yang sah", "is not YAML"),
    ("a: \0", "bukan YAML yang sah", "is not YAML"),
    (21 * "[", "bertingkat terlalu dalam, baris 1 kolom 21; paling banyak 20 tingkat", "is nested too deeply"),
    ("x" * 40_001, "paling panjang 40.000 huruf", "40,000 characters at most"),
])  # fmt: skip
def test_text_that_is_no_scenario(text: str, own: str, english: str) -> None:
    with pytest.raises(Problem) as caught:
        spec.of_yaml(text)
    assert own in caught.value.sentence("id")
    assert english in caught.value.sentence("en")


@pytest.mark.parametrize("text", [39_999 * "[", 9_000 * "{a: ", 19_000 * "- ", 15_000 * "? ",
                                  "!!omap\n" + 5_000 * "- a: 1\n"])  # fmt: skip
def test_a_text_that_would_keep_a_processor_busy_is_refused_at_once(text: str) -> None:
    before = time.process_time()
    with pytest.raises(Problem) as caught:
        spec.of_yaml(text)
    with pytest.raises(RuleError):
        checks.load(text, "x.yaml")
    assert time.process_time() - before < 0.5
    for language in ("id", "en"):
        assert "recursion" not in caught.value.sentence(language)


def test_a_scenario_as_deep_as_ours_is_read_and_one_level_less_than_too_deep() -> None:
    assert spec.of_yaml("a: " + 18 * "[" + 18 * "]")
    for name in library.names("scenarios"):
        assert spec.of_yaml(library.text("scenarios", name))["kind"] == "scenario"


@pytest.mark.parametrize(("text", "value"), [
    ("1:1:1", "1:1:1"), ("12:30", "12:30"), ("1:30.5", "1:30.5"), (15_000 * "1:" + "1.5", 15_000 * "1:" + "1.5"),
    ("1.5", 1.5), ("-3", -3), ("1_000", 1000), ("1.0e+3", 1000.0),
])  # fmt: skip
def test_no_number_is_read_in_base_60(text: str, value: object) -> None:
    assert spec.of_yaml(f"a: {text}") == {"a": value}


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_no_words_of_python_are_told(value: float) -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    for plain in (BASE | {"growth": value}, BASE | {"growth": deep}):
        with pytest.raises(Problem) as caught:
            spec.read(plain)
        own, english = caught.value.sentence("id"), caught.value.sentence("en")
        assert own != english
        assert not any(word in own + english for word in ("JSON", "recursion", "float values", "sys."))


def test_errors_of_the_command_line_are_the_english_ones() -> None:
    with pytest.raises(RuleError, match=r"^x\.yaml: years: must be a whole number from 1 to 60, not 0$") as caught:
        scenarios.of(BASE | {"years": 0}, "x.yaml")
    assert caught.value.words[0] == "x.yaml: years: harus bilangan bulat 1 sampai 60, bukan 0"
    with pytest.raises(RuleError, match=r"^bad\.yaml: 2026-13-45 is no date, line 1 column 8$"):
        checks.load("dated: 2026-13-45", "bad.yaml")
    with pytest.raises(library.UnknownError, match="no shock is called x") as unknown:
        library.text("shocks", "x")
    assert "tidak ada guncangan bernama x" in unknown.value.words[0]
    with pytest.raises(RuleError) as inner:
        parts.shock(library.raw("shocks", "otomatisasi") | {"exposure": "ramalan"}, "")
    assert inner.value.words[0].startswith("exposure: harus salah satu dari frey_osborne")


def test_an_error_without_words_says_the_same_in_both() -> None:
    assert words_of(ValueError("x")) == ("x", "x")
    assert str(UnfitError.of("flag", value=3)) == said("flag", value=3)[1]
