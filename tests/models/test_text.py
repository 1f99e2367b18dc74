"""The words of reasons: the same facts in both languages, told in each one's numbers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from features import registry
from features.contract import ASSETS, RUNGS
from models import score
from models.reasons import told
from models.text import LANGUAGES, Language, Reason, words

KEYS = {feature.reason for feature in registry.all_features() if feature.reason}
ID, EN = words("id"), words("en")


def holes(sentence: str) -> list[str]:
    return sorted(re.findall(r"\{(\w*)\}", sentence))


def test_every_fact_has_words_and_every_word_a_fact() -> None:
    for language in LANGUAGES:
        assert set(words(language).reasons) == KEYS


@pytest.mark.parametrize("key", sorted(KEYS))
def test_both_languages_say_the_same(key: str) -> None:
    mine, theirs = ID.reasons[key], EN.reasons[key]
    for part in ("name", "up", "down", "zero", "one", "minus"):
        one, other = getattr(mine, part), getattr(theirs, part)
        assert bool(one) == bool(other)
        assert holes(one) == holes(other)
        assert not one.endswith(".")
    assert mine.labels.keys() == theirs.labels.keys()
    assert set(holes(mine.up)) <= {"n", "p", "x", "c", "label"}


@pytest.mark.parametrize("feature", [f for f in registry.all_features() if f.reason], ids=lambda f: f.name)
def test_every_value_of_a_feature_makes_a_sentence(feature: registry.Feature) -> None:
    values: list[Any] = [float("nan"), feature.low, 0.0, 1.0, min(feature.high, 30.0)]
    values = [float(code) for code in range(len(feature.choices))] or values
    for language in LANGUAGES:
        entry: Reason = words(language).reasons[str(feature.reason)]
        if feature.choices and feature.choices != ("no", "yes"):
            assert set(entry.labels) == set(feature.choices)
        for value in values:
            for contribution in (0.3, -0.3):
                sentence = words(language).reason(str(feature.reason), told(feature, value), contribution)
                assert sentence
                assert "{" not in sentence
                assert "nan" not in sentence.lower().split()


GOODS = {"gas_cylinder": ("tabung gas", "a gas cylinder"), "bicycle": ("sepeda", "a bicycle"),
         "phone_line": ("telepon rumah", "a telephone line")}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_goods_that_are_counted_are_named_to_the_family(language: Language) -> None:
    tell = words(language)
    at = LANGUAGES.index(language)
    names = [GOODS[good][at] if good in GOODS else tell.reasons[f"hh.{good}"].name for good in ASSETS]
    for sentence in (tell.reason("hh.assets", 0.25, -0.2), tell.reason("hh.assets", 0.0, 0.2)):
        said, _, goods = sentence.partition(" (")
        assert [name.lower() for name in names] == goods.rstrip(")").partition(": ")[2].split(", ")
        assert not any(name.lower() in said.lower() for name in names), "a score row knows the share, not which goods"
    assert ("owned or not", "dimiliki atau tidak")[language == "id"] in tell.reason("hh.assets", 0.25, -0.2)
    assert "25 %" in tell.reason("hh.assets", 0.25, -0.2)
    short = tell.reason("hh.assets", 1 / 16, 0.2, brief=True)
    assert len(short) < 90
    assert str(len(ASSETS)) in short


def test_no_sentence_names_a_protected_attribute_or_a_programme() -> None:
    kept_out = re.compile(
        r"\b(perempuan|laki-laki|wanita|pria|woman|women|man|men|female|male|disabilit\w+|disabled|difabel|agama|"
        r"religion|suku|ethnic\w*|pkh|sembako|pbi|bansos)\b",
        re.IGNORECASE,
    )
    for language in LANGUAGES:
        for entry in words(language).reasons.values():
            for sentence in (entry.name, entry.up, entry.down, entry.zero, entry.one, entry.minus):
                assert not kept_out.search(sentence), sentence


def test_no_sentence_gives_advice() -> None:
    advice = re.compile(r"\b(sebaiknya|harus|perlu|segera|should|must|ought|needs to|try)\b", re.IGNORECASE)
    for language in LANGUAGES:
        for entry in words(language).reasons.values():
            assert not any(advice.search(s) for s in (entry.up, entry.down, entry.zero, entry.one, entry.minus))


@pytest.mark.parametrize(
    ("key", "value", "contribution", "indonesian", "english"),
    [
        ("hh.size", "3", 0.1, "3 orang dalam keluarga", "3 people in the family"),
        ("hh.size", "1", 0.1, "Satu orang dalam keluarga", "One person in the family"),
        ("hist.near_line", "0.3", 1, "Perkiraan pengeluaran 1,35 kali garis kemiskinan",
         "Estimated spending is 1.35 times the poverty line"),
        ("hist.change", "-0.2", 1, "Pengeluaran terhadap garis kemiskinan turun 18 % sejak pendataan sebelumnya",
         "Spending over the poverty line is down 18 % since the data before"),
        ("hist.recent_exit", "2", 1, "Baru 2 periode di atas garis kemiskinan",
         "Above the poverty line for only 2 periods"),
        ("hist.recent_exit", "2", -1, "Sudah 2 periode di atas garis kemiskinan",
         "Above the poverty line for 2 periods"),
        ("hh.fridge", "no", 1, "Tidak memiliki lemari es", "Does not own a fridge"),
        ("hh.fridge", "yes", -1, "Memiliki lemari es", "Owns a fridge"),
        ("hh.floor", "earth", 1, "Bahan lantai terluas: tanah", "Main floor material: earth"),
        ("hh.water", None, 1, "Sumber air minum: tidak ada data", "Drinking water: no data"),
        ("auto.routine", "-0.823", 1, "Pekerjaan sedikit tugas rutin (indeks Mihaylov-Tijdens: -0,823)",
         "The work has few routine tasks (Mihaylov-Tijdens index: -0.823)"),
        ("auto.computerisation", "0.632", 1, "Peluang komputerisasi pekerjaan (Frey-Osborne, skala 0 sampai 1): 0,632",
         "Chance that the work is computerised (Frey-Osborne, scale 0 to 1): 0.632"),
        ("auto.computerisation_change", "-0.051", -1, "Peluang komputerisasi pekerjaan turun 0,051 "
         "(Frey-Osborne, skala 0 sampai 1)",
         "The chance that the work is computerised fell by 0.051 (Frey-Osborne, scale 0 to 1)"),
        ("place.layoffs", "0.0034", 1, "PHK tercatat di lapangan usaha keluarga: 0,3 % pekerja setahun",
         "Layoffs recorded in the family's industries: 0.3 % of workers a year"),
    ],
)  # fmt: skip
def test_facts_as_sentences(key: str, value: str | None, contribution: float, indonesian: str, english: str) -> None:
    assert ID.reason(key, value, contribution) == indonesian
    assert EN.reason(key, value, contribution) == english


@pytest.mark.parametrize(
    ("value", "indonesian", "english"),
    [(1234567, "1.234.567", "1,234,567"), (1234.4, "1.234", "1,234"), (12.34, "12,3", "12.3"), (3, "3", "3"),
     (0, "0", "0"), (-0.5, "-0,5", "-0.5"), (1e-9, "0", "0"),
     (-1e-9, "0", "0"), (-0.0004, "0", "0"), (1.333, "1,33", "1.33"), (100, "100", "100")],
)  # fmt: skip
def test_numbers_as_the_language_writes_them(value: float, indonesian: str, english: str) -> None:
    assert ID.number(value) == indonesian
    assert EN.number(value) == english


def test_no_sentence_tells_a_share_as_a_part_of_one() -> None:
    for language in LANGUAGES:
        for key, entry in words(language).reasons.items():
            assert not re.search(r"\b(dari|of) 1\b", entry.up), key


@pytest.mark.parametrize(
    ("key", "value", "indonesian", "english"),
    [
        ("place.line", "0.421", "1,52 kali", "1.52 times"),
        ("hist.change", "-0.105361", "-10 %", "-10 %"),
        ("auto.computer", "0.25", "25 %", "25 %"),
        ("work.informal_change", "0.5", "50 poin persen", "50 percentage points"),
        ("hh.adults", "3", "3", "3"),
        ("hist.moved", "no", "Tidak pindah kabupaten atau kota sejak pendataan sebelumnya",
         "Still in the regency or city of the data before"),
    ],
)  # fmt: skip
def test_a_value_alone_has_the_unit_of_its_sentence(key: str, value: str, indonesian: str, english: str) -> None:
    assert ID.value(key, value) == indonesian
    assert EN.value(key, value) == english


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_value_alone_is_told_as_in_its_sentence(key: str) -> None:
    """One rule for both: what stands alone is a part of the sentence, with its unit where a number needs one."""
    for own in (ID, EN):
        told = own.reasons[key]
        value = next(iter(told.labels), "3.4")
        alone = own.value(key, value)
        assert alone in own.reason(key, value, 1.0)
        assert not {"p", "x", "c"} & set(holes(told.up)) or " " in alone


def test_codes_of_a_score_row_have_words() -> None:
    for told_in in (ID, EN):
        assert set(RUNGS) == set(told_in.rungs)
        assert set(told_in.kinds) == {"relapse", "first_entry", "unknown_history"}
        assert set(score.REFUSALS) == set(told_in.refusals)
        assert all((told_in.response, told_in.other, told_in.place, told_in.missing))


def test_an_unknown_key_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(KeyError):
        ID.reason("hh.colour", "3", 1)


def test_both_languages_have_the_same_words_around_a_score() -> None:
    for mine, theirs in ((ID.score, EN.score), (ID.run, EN.run)):
        assert mine.keys() == theirs.keys()
        for name, sentence in mine.items():
            assert sentence
            assert sorted(holes(sentence)) == sorted(holes(theirs[name])), name
