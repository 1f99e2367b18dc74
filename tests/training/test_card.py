"""The model card: from the figures, in both languages, plain about synthetic and foreign panels and about limits."""

from __future__ import annotations

import copy
import re

import pytest

from tests.training.judged import FACTS, as_json
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


def test_protected_features_are_said_to_be_kept_out_only_where_they_are(result):
    assert "Kept out: sex" in markdown(result, SCHEMA, "en")
    assert "Kept out" not in markdown(result, SCHEMA | {"features": ["adults", "head_woman"]}, "en")


def test_a_refitted_bundle_says_whose_figures_these_are(result):
    text = markdown(result, SCHEMA | {"refit": True, "trained_rows": 12345}, "en")
    assert "fitted again on every row with a known outcome (12,345 rows)" in text
    assert "fitted again" not in markdown(result, SCHEMA, "en")


@LANGUAGES
def test_missing_figures_and_a_bundle_judged_alone_are_told(result, language):
    alone = copy.deepcopy(result) | {"train": None, "chosen": None, "differences": {}}
    alone["kinds"]["relapse"]["models"]["jaga"]["auc"] = {"value": None, "low": None, "high": None}
    text = markdown(alone, SCHEMA, language)
    assert ("tidak terdefinisi (" if language == "id" else "not defined (") in text
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
