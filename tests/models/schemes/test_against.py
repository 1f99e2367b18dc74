"""Of several answers the pairs that are sure are told as such, and no others; none is told twice, none by its title
twice."""

from __future__ import annotations

import re
from copy import deepcopy
from itertools import combinations
from typing import Any

import pytest

from models.schemes import ahead, judging, lasting, tables
from tests.models.schemes.test_judging import ENDS, MAYBE, NO_EVIDENCE, NOTHING, STAYS, told
from tests.models.schemes.worlds import shock

FALLS, LASTING, YEARS = "falls_averted", "lasting_24", "poor_years_averted"
NONE = {"id": "Tidak satu pun pasti unggul atas semua yang lain.", "en": "None is surely ahead of all the others."}
MEANS = {"id": "Menurut rata-rata saja", "en": "By the means alone"}


@pytest.fixture(scope="module")
def three() -> dict[str, Any]:
    return told(STAYS, STAYS, STAYS, places=(300, 300, 300))


def decided(found: dict[str, Any], **verdicts: dict[str, tuple[str, float]]) -> dict[str, Any]:
    """The same with the verdict and the gap on pairs ("AC": first "A"); a pair that is not named is undecided."""
    own = deepcopy(found)
    for row in own["differences"]:
        for name in (FALLS, LASTING):
            verdict, gap = verdicts.get(name, {}).get(row["first"] + row["second"], ("undecided", 0.0))
            row["outcomes"][name] |= {"verdict": verdict, "value": gap}
    return own | {"pareto": ahead.pareto(own["arms"], own["differences"])}


def means(found: dict[str, Any], name: str, *values: float) -> dict[str, Any]:
    own = deepcopy(found)
    for arm, value in zip(own["arms"], values, strict=True):
        arm["outcomes"][name]["value"] = value
    return own


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_pair_that_is_sure_by_falls_is_told_and_only_the_others_cannot_be_said(three: Any, language: Any) -> None:
    found = decided(means(three, FALLS, 100.0, 120.0, 150.0), falls_averted={"AC": ("second", -83_200.0)})
    assert [point["surely_beaten_by"] for point in found["pareto"]] == [["C"], [], []]
    lines = judging.sentences(found, language)
    assert lines[0] == NONE[language]
    says = {"id": ("C: J2 unggul atas A: J0: 83.200 lebih banyak (keluarga yang dicegah jatuh)",
                   "Mana yang unggul di antara A dan B (J1); B dan C belum dapat dipastikan, baik menurut",
                   "Belum dapat dipastikan mana di antara A dan C yang membuat lebih banyak keluarga bertahan"),
            "en": ("C: A2 is ahead of A: A0: 83,200 more (families kept from falling)",
                   "It cannot be said which is better of A and B (A1); B and C, neither by families that last",
                   "It cannot be said by which of A and C more families last 24 months after support: "),
            }[language]  # fmt: skip
    at = [next(number for number, line in enumerate(lines) if line.startswith(start)) for start in says]
    assert at == [at[0], at[0] + 1, at[0] + 2], "what is rough of it stands after it"
    # C against B is no more than the means; C against A is told above, so that its cost alone is left to tell.
    (alone,) = (line for line in lines if line.startswith(MEANS[language]))
    assert re.search(r"\bB\b", alone)
    assert not re.search(r"\bA\b", alone)
    assert {"id": "C sama biayanya dengan A.", "en": "C costs as much as A."}[language] in lines
    (row,) = (one for one in tables.tables(found)["pareto"] if one["arm"] == "A")
    assert row["surely_beaten_by"] == "C"


@pytest.mark.parametrize("language", ["id", "en"])
def test_one_ahead_of_all_is_told_with_each_gap_and_with_no_mean(three: Any, language: Any) -> None:
    found = means(three, LASTING, 10.0, 150.0, 20.0)
    found = decided(found, lasting_24={"AB": ("second", -83_200.0), "BC": ("first", 90_000.0)})
    lines = judging.sentences(found, language)
    assert lines[0].startswith({"id": "B: J1 unggul atas semua yang lain (bertahan 24 bulan",
                                "en": "B: A1 is ahead of all the others (last 24 months"}[language])  # fmt: skip
    by = {"id": "B dibandingkan dengan A: J0 (83.200 lebih banyak), C: J2 (90.000 lebih banyak) (bertahan 24 bulan",
          "en": "B beside A: A0 (83,200 more), C: A2 (90,000 more) (last 24 months"}[language]  # fmt: skip
    assert sum(line.startswith(by) for line in lines) == 1
    assert not any(MEANS[language] in line or "cannot be said" in line or "belum dapat" in line for line in lines)
    assert {
        "id": "B berbiaya Rp600 juta: sama dengan yang lain.",
        "en": "B costs Rp600 million: as much as the others.",
    }[language] == lines[1]
    assert not any("sama biayanya" in line or "B costs as much" in line for line in lines[2:]), "not told again"


@pytest.mark.parametrize("language", ["id", "en"])
def test_pairs_that_are_the_same_are_told_apart_from_those_of_which_it_cannot_be_said(
    three: Any, language: Any
) -> None:
    same = ("equal", 0.0)
    lines = judging.sentences(decided(three, falls_averted={"AB": same}, lasting_24={"AB": same}), language)
    assert lines[0] == NONE[language]
    at = [next(number for number, line in enumerate(lines) if line.startswith(start)) for start in {
        "id": ("Tidak ada bedanya di antara A (J0) dan B (J1): ", "Mana yang unggul di antara A dan C (J2); B dan C "),
        "en": ("There is no difference between A (A0) and B (A1): ",
               "It cannot be said which is better of A and C (A2); B and C,")}[language]]  # fmt: skip
    assert at[1] == at[0] + 1
    open_ = judging.sentences(decided(three), language)[0]
    assert open_.startswith({"id": "Mana yang unggul belum", "en": "It cannot be said which is better,"}[language])


@pytest.mark.parametrize("language", ["id", "en"])
def test_years_below_the_line_are_told_of_all_and_of_the_one_that_averts_most_first(three: Any, language: Any) -> None:
    found = means(decided(three, falls_averted={"AC": ("second", -9.0)}), YEARS, 100.0, 50.0, 900.0)
    for arm in found["arms"]:
        arm["outcomes"][YEARS] |= {"draws": [10.0, 1000.0], "effects": [10.0, 1000.0]}
    found["arms"][0]["outcomes"][FALLS]["effects"] = [-5.0, 200.0]
    years = {"id": "Tahun keluarga di bawah garis", "en": "Years of families below the line"}[language]
    (line,) = (one for one in judging.sentences(found, language) if one.startswith(years))
    first, second, third = (line.index(f" {n} (") for n in (900, 100, 50))
    assert first < second < third
    assert {"id": "kedua rentang untuk A, sedangkan", "en": "both ranges for A, as"}[language] in line


@pytest.mark.parametrize("language", ["id", "en"])
def test_six_answers_that_the_best_beats_by_the_means_are_one_sentence_and_each_title_stands_once(
    language: Any,
) -> None:
    found = told(*[STAYS] * 6, places=(300,) * 6)
    found = decided(means(means(found, FALLS, 9.0, 8.0, 7.0, 6.0, 5.0, 4.0), LASTING, *range(6)))
    lines = judging.sentences(found, language)
    (alone,) = (line for line in lines if line.startswith(MEANS[language]))
    assert {
        "id": "sama biayanya dengan B, C, D, E, F, mencegah lebih banyak keluarga jatuh",
        "en": "costs as much as B, C, D, E, F, keeps more families from falling, but",
    }[language] in alone
    for at in range(6):
        assert " ".join(lines).count({"id": f": J{at}", "en": f": A{at}"}[language]) == 1


KINDS = {"S": STAYS, "E": ENDS, "M": MAYBE, "N": NOTHING}
"""Effects whose lasting families are more than none, none, not sure to be any, and none again."""
VERDICTS = {
    "id": ("unggul atas", "Tidak satu pun pasti", "Mana yang unggul belum", "Tidak ada bedanya:"),
    "en": ("is ahead of", "None is surely", "It cannot be said which", "There is no difference:"),
}
LASTS = {
    "id": {"more": "ada keluarga yang bertahan", "none": "tidak satu pun keluarga terlihat bertahan",
           "open": "belum dapat dipastikan ada keluarga yang bertahan", "unseen": "simulasi berakhir sebelum"},
    "en": {"more": "some families last", "none": "not one family is seen to last",
           "open": "it cannot be said that any family lasts", "unseen": "the simulation ends before"},
}  # fmt: skip


@pytest.fixture(scope="module", params=["SE", "MMM", "EEN", "SEMN", "SSEMM", "SSSSS:3"])
def many(request: Any) -> dict[str, Any]:
    """Comparisons of two to five answers with a shock, of titles as long as the library's."""
    kinds, _, years = request.param.partition(":")
    found = told(*(KINDS[one] for one in kinds), places=tuple(range(300, 300 + 60 * len(kinds), 60)),
                 years=int(years or 8), shocks=(shock(),))  # fmt: skip
    for arm in found["arms"]:
        arm["title"] = {language: f"Kartu Prakerja {arm['name']}, {title}" for language, title in arm["title"].items()}
    return found


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_the_one_ahead_costs_more_or_less_than_the_others_stands_open_beside_the_verdict(
    three: Any, language: Any
) -> None:
    """80, 40, 90 and 20 trillion rupiah: of the one ahead it is told even where nobody is beaten by cost."""

    def open_(found: dict[str, Any], *costs: float) -> list[str]:
        own = deepcopy(found)
        for arm, cost in zip(own["arms"], costs, strict=True):
            arm["outcomes"]["cost"]["value"], arm["cost_at_least"] = cost, None
        return judging.in_short(own | {"pareto": ahead.pareto(own["arms"], own["differences"])}, language)["answer"]

    sure = {"AB": ("first", 9.0), "AC": ("first", 9.0)}
    assert (
        open_(decided(three, lasting_24=sure), 80e12, 40e12, 90e12)[1]
        == {
            "id": "A berbiaya Rp80,0 triliun: Rp40,0 triliun lebih mahal daripada B: J1; Rp10,0 triliun lebih murah "
            "daripada C: J2.",
            "en": "A costs Rp80.0 trillion: Rp40.0 trillion more than B: A1; Rp10.0 trillion less than C: A2.",
        }[language]
    )
    assert (
        open_(decided(three, lasting_24=sure), 80e12, 40e12, 20e12)[1]
        == {
            "id": "A berbiaya Rp80,0 triliun: Rp40,0 triliun sampai Rp60,0 triliun lebih mahal daripada yang lain.",
            "en": "A costs Rp80.0 trillion: Rp40.0 trillion to Rp60.0 trillion more than the others.",
        }[language]
    )
    two = told(STAYS, ENDS)
    assert (
        open_(decided(two, lasting_24={"AB": ("first", 9.0)}), 80e12, 40e12)[1]
        == {
            "id": "A berbiaya Rp80,0 triliun: Rp40,0 triliun lebih mahal daripada B.",
            "en": "A costs Rp80.0 trillion: Rp40.0 trillion more than B.",
        }[language]
    )
    unsure = open_(decided(two), 80e12, 40e12)
    assert not any("berbiaya" in line or "costs Rp" in line for line in unsure), "none is ahead"


@pytest.mark.parametrize("language", ["id", "en"])
def test_two_that_are_each_ahead_of_all_the_others_are_told_first_as_in_scenarios_of_the_same_best_answer(
    three: Any, language: Any
) -> None:
    sure = {"AC": ("first", 9.0), "BC": ("first", 9.0)}
    first = judging.in_short(decided(three, lasting_24=sure), language)["answer"][0]
    assert first.startswith(
        {
            "id": "A (J0) dan B (J1) masing-masing unggul atas semua yang lain (bertahan 24",
            "en": "A (A0) and B (A1) are each ahead of all the others (last 24",
        }[language]
    )
    assert {"id": "di antara mereka belum pasti mana yang unggul.", "en": "which of them is better cannot be said."}[
        language] in first  # fmt: skip
    same = judging.sentences(decided(three, lasting_24=sure | {"AB": ("equal", 0.0)}), language)[0]
    assert same.endswith({"id": "di antara mereka tidak ada bedanya.",
                          "en": "between them there is no difference."}[language])  # fmt: skip
    by_falls = judging.sentences(decided(three, falls_averted=sure), language)[0]
    assert {"id": "keluarga yang dicegah jatuh", "en": "families kept from falling"}[language] in by_falls


@pytest.mark.parametrize("language", ["id", "en"])
def test_who_is_surely_ahead_of_some_and_what_each_of_the_leaders_costs_are_not_folded_away(
    three: Any, language: Any
) -> None:
    """Where none is ahead of all, also of answers with a cost that is not known; where two are, what both cost."""
    sure = {"AC": ("first", 9.0), "BC": ("first", 9.0)}
    none = deepcopy(decided(three, lasting_24={"AC": sure["AC"]}, falls_averted={}))
    for arm in none["arms"]:
        arm["cost_at_least"], arm["schemes"][0]["cost_unknown"] = 1e12, ["cost"]
    open_ = judging.in_short(none, language)["answer"]
    assert {"id": "A: J0 unggul atas C", "en": "A: A0 is ahead of C"}[language] in open_[1] + open_[2] + open_[3], open_
    two = deepcopy(decided(three, lasting_24=sure))
    for arm in two["arms"]:
        arm["outcomes"]["cost"]["value"], arm["cost_at_least"] = 60e12, None
    two["pareto"] = ahead.pareto(two["arms"], two["differences"])
    open_ = judging.in_short(two, language)["answer"]
    costs = {"id": "berbiaya", "en": "costs"}[language]
    for name in "AB":
        assert any(re.match(rf"{name}.* {costs} Rp60", line) for line in open_), open_


@pytest.mark.parametrize("language", ["id", "en"])
def test_want_of_evidence_stands_where_it_is_told_that_nothing_lasts_and_not_folded_away(language: Any) -> None:
    found = told(STAYS, ENDS, NO_EVIDENCE, places=(300, 300, 300))
    sure = {"AB": ("first", 9.0), "AC": ("first", 9.0)}
    nought = {"id": "C dihitung nol karena bukti dampaknya tidak ditemukan",
              "en": "the effect of C counts as nought because no evidence"}[language]  # fmt: skip
    for own in (decided(found, lasting_24=sure), decided(found, falls_averted=sure)):
        short = judging.in_short(own, language)
        (line,) = (line for line in [*short["answer"], *short["answer_more"]] if nought in line)
        assert line in short["answer"]
        assert {"id": "tidak satu pun keluarga terlihat bertahan", "en": "not one family is seen to last"}[
            language] in line  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
def test_however_many_are_compared_which_is_ahead_and_what_lasts_stand_open_in_120_words_and_a_fifth_more_of_english(
    many: Any, language: Any
) -> None:
    """By their own verdicts, and where any pair, or all those of one answer, are decided."""
    names = [arm["name"] for arm in many["arms"]]
    pairs = [one + two for one, two in combinations(names, 2)]
    sure = ("second", -83_200.0)
    cases = [{}, {FALLS: {pairs[0]: sure}}, {FALLS: dict.fromkeys(pairs[::2], sure)},
             {name: {pair: sure for pair in pairs if pair[1] == names[-1]} for name in (FALLS, LASTING)},
             {name: dict.fromkeys(pairs, ("equal", 0.0)) for name in (FALLS, LASTING)}]  # fmt: skip
    for found in (many, *(decided(many, **case) for case in cases)):
        open_ = judging.in_short(found, language)["answer"]
        assert sum(len(line.split()) for line in open_) <= judging.MOST_WORDS * {"id": 1, "en": 1.2}[language], open_
        assert len(open_) == len(judging.in_short(found, "id")["answer"])
        assert any(start in open_[0] for start in VERDICTS[language])
        for arm in found["arms"]:
            says = LASTS[language][lasting.state(arm)]
            assert any(says in line and re.search(rf"\b{arm['name']}\b|^Semua|^All", line) for line in open_), open_
