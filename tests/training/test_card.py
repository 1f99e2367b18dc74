"""The model card: from the figures, in both languages, plain about synthetic and foreign panels and about limits."""

from __future__ import annotations

import copy
import json
import re

import pytest

from tests.training.judged import FACTS, as_json
from training import run
from training.card import markdown
from training.figures import answer

SCHEMA = FACTS | {"features": ["adults", "dependent_share"], "horizon": 1}
LANGUAGES = pytest.mark.parametrize("language", ["id", "en"])
SAYS = {
    "id": ("Apa yang diperkirakan", "Dilatih pada apa", "Jatuh kembali", "Jatuh pertama kali",
           "Riwayat belum diketahui", "2 triwulan", "Bukan untuk mengeluarkan keluarga secara otomatis",
           "Risiko bukan dampak", "Dekat garis", "Aturan 1,0-1,5"),
    "en": ("What it predicts", "What it was trained on", "Relapse", "First entry", "Unknown history", "2 quarters",
           "Not for automatic removal", "Risk is not an effect", "Near the line", "1.0-1.5 rule"),
}  # fmt: skip
NEVER = {
    "id": ("akan miskin", "tidak layak", "orang miskin", "kaum dhuafa", "beban ", "terbukti", "menurunkan risiko"),
    "en": ("will be poor", "the poor ", "ineligible", "proven", "lowers risk"),
}


@pytest.fixture
def result():
    return as_json()


@LANGUAGES
def test_it_says_what_a_reader_must_know(result, language):
    text = markdown(result, SCHEMA, language)
    for words in (*SAYS[language], answer(result, language)):
        assert words in text, words
    for words in NEVER[language]:
        assert words not in text, words
    assert "{{" not in text
    assert "None" not in text


@LANGUAGES
def test_its_figures_are_those_of_the_result(result, language):
    text = markdown(result, SCHEMA, language)
    own = result["models"]["jaga"]["auc"]["value"]
    shown = f"{own:.3f}".replace(".", "," if language == "id" else ".")
    assert f"| Jaga | {shown} (" in text
    rows = f"{result['cohort']['rows']:,}".replace(",", "." if language == "id" else ",")
    assert rows in text


@LANGUAGES
def test_every_table_has_as_many_cells_in_each_row(result, language):
    for block in re.findall(r"(?:^\|.*\n)+", markdown(result, SCHEMA, language), flags=re.M):
        assert len({line.count("|") for line in block.splitlines()}) == 1


@LANGUAGES
@pytest.mark.parametrize("where", ["result", "schema"])
def test_synthetic_is_called_synthetic_whoever_says_so(result, language, where):
    synthetic = {"synthetic": True}
    text = markdown(result | (synthetic if where == "result" else {}),
                    SCHEMA | (synthetic if where == "schema" else {}), language)  # fmt: skip
    assert "DATA SINTETIS" in text
    assert "DATA SINTETIS" not in markdown(result, SCHEMA, language)


def test_a_foreign_panel_tests_the_method_only(result):
    note = "These figures test the method, not Indonesian accuracy."
    assert note in markdown(result | {"place": "Argentina"}, SCHEMA, "en")
    assert note not in markdown(result | {"place": "Indonesia"}, SCHEMA, "en")
    own = result | {"source": "contract", "place": None}
    assert note not in markdown(own, SCHEMA, "en")
    assert "These figures hold for the panel that was judged alone." in markdown(own, SCHEMA, "en")
    assert "Angka ini berlaku untuk panel yang dinilai saja." in markdown(own, SCHEMA, "id")


def test_protected_features_are_said_to_be_kept_out_only_where_they_are(result):
    for language, own, absent in (
        ("en", "Sex, disability and remoteness: audit only.", "not in the data"),
        ("id", "disabilitas, dan daerah terpencil: hanya untuk audit.", "tidak ada dalam data"),
    ):
        text = markdown(result, SCHEMA, language)
        assert own in text
        assert absent in text, "nothing of ethnicity and religion is audited"
        # A protected feature in the model, or columns that the contract does not know.
        for features in (["adults", "head_woman"], ["rooms"]):
            assert own not in markdown(result, SCHEMA | {"features": features}, language)


def test_a_refitted_bundle_says_whose_figures_these_are(result):
    text = markdown(result, SCHEMA | {"refit": True, "trained_rows": 12345}, "en")
    assert "fitted again on every row with a known outcome (12,345 rows)" in text
    assert "fitted again" not in markdown(result, SCHEMA, "en")


@LANGUAGES
def test_facts_that_only_the_refitted_model_has_are_counted_and_named(result, language):
    """Figures are of the judged model, facts of the one that answers: where they differ, the card says in what."""
    told = "The judged model, fitted on fewer rows, did not have: past_falls."
    if language == "id":
        told = "Model yang dinilai, dari baris yang lebih sedikit, belum memakai: past_falls."
    refit = SCHEMA | {"features": [*SCHEMA["features"], "past_falls"], "refit": True, "trained_rows": 12345}
    text = markdown(result, refit | {"judged": {"features": SCHEMA["features"]}}, language)
    assert told in text
    assert f"{('Features', 'Ciri yang dipakai')[language == 'id']}: 3 (" in text
    assert "did not have" not in markdown(result, refit | {"judged": {"features": refit["features"]}}, "en")


@LANGUAGES
def test_the_card_of_a_bundle_tells_as_many_features_as_its_schema(result, language):
    result["train"]["features"] = ["adults"]
    schema = SCHEMA | {"refit": True, "trained_rows": 12345, "judged": {"features": ["adults"]}, "strata": [],
                       "known_until": "2026-01-01"}  # fmt: skip
    card = run.cards({"schema.json": json.dumps(schema)}, result, "0" * 64)[f"card.{language}.md"]
    assert f"{('Features', 'Ciri yang dipakai')[language == 'id']}: {len(schema['features'])} (" in card
    assert f": {schema['features'][1]}." in card, "which the judged model had not"


@LANGUAGES
@pytest.mark.parametrize(
    ("slope", "words"),
    [
        ((0.95, 0.85, 1.05), ("ini terkalibrasi dalam batas", "is calibrated within")),
        ((0.6, 0.4, 1.1), ("TIDAK terkalibrasi", "is NOT calibrated")),
        ((0.95, 0.2, 1.7), ("belum diketahui terkalibrasi", "is not known to be calibrated")),
    ],
)
def test_it_is_called_calibrated_by_its_figures_alone(result, language, slope, words):
    own = result["models"]["jaga"]
    own["calibration_slope"] = dict(zip(("value", "low", "high"), slope, strict=True))
    own["expected_over_observed"] = {"value": 1.02, "low": 0.95, "high": 1.1}
    text = markdown(result, SCHEMA, language)
    assert words[language == "en"] in text
    told = [f"{bound:.3f}".replace(".", "," if language == "id" else ".") for bound in slope]
    assert f"{told[0]} ({told[1]}" in text
    assert not re.search(r"Peluangnya terkalibrasi|The chance is calibrated", text)


SMALL = {"rows": 10, "events": 2, "too_small": True, "figures": None, "gaps": None}
ENGLISH = re.compile(
    r"\b(the|of|and|rows?|falls?|view|survey|registry|contract|source|yes|no|head|woman|cluster|bootstrap|fit|feature|"
    r"forest|expected|poverty|none|unknown|pass|fail|too|few|needs?)\b",
    re.IGNORECASE,
)


def test_the_indonesian_card_has_no_english_words(result):
    result["synthetic"] = True
    result["fairness"] = {name: dict.fromkeys(("yes", "no"), SMALL)
                          for name in ("head woman", "disability present", "elderly alone", "remote")}  # fmt: skip
    result["left_out"] = {"xgboost": "needs the package xgboost (pip install 'jaga[dev]')"}
    text = markdown(result, SCHEMA, "id").replace("DATA SINTETIS / synthetic data", "")
    assert sorted(set(ENGLISH.findall(text))) == []


@LANGUAGES
def test_missing_figures_and_a_bundle_judged_alone_are_told(result, language):
    alone = copy.deepcopy(result) | {"train": None, "chosen": None, "differences": {}}
    alone["models"]["jaga"]["auc"] = {"value": None, "low": None, "high": None}
    text = markdown(alone, SCHEMA, language)
    assert ("| Jaga | tidak terdefinisi |" if language == "id" else "| Jaga | not defined |") in text
    assert ("Tidak ada pembanding." if language == "id" else "No baseline was judged.") in text


@LANGUAGES
def test_every_question_of_the_bias_sheet_has_its_number_answer_and_why(result, language):
    """As `jaga train` writes the card: the features are named by the result alone."""
    text = markdown(result, FACTS | {"horizon": 1}, language)
    answers = ("lulus", "tidak diketahui", "gagal") if language == "id" else ("pass", "unknown", "fail")
    rows = re.findall(r"^\| (\d\.\d) \| (.+?) \| (.+?) \| (.+?) \|$", text, flags=re.M)
    assert [row[0] for row in rows] == ["1.1", "1.2", "2.1", "2.2", "2.3", *(f"3.{n}" for n in range(1, 7)),
                                        *(f"4.{n}" for n in range(1, 10))]  # fmt: skip
    assert {row[2] for row in rows} <= set(answers)
    assert all(row[3] for row in rows)
    assert f"{sum(row[2] == answers[0] for row in rows)} {answers[0]}" in text


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_says_which_model_it_is_of(result, language):
    own = {"bundle": "0123456789ab", "data_hash": "f" * 64, "known_until": "2025-12-31"}
    head = markdown(result, SCHEMA | own, language).split("##")[0]
    assert all(word in head for word in ("0123456789ab", "f" * 12, "2025-12-31"))
    assert "0123456789ab" not in markdown(result, SCHEMA, language)
