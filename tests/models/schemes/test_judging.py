"""Which answer is ahead: told by what lasts, and by falls averted where nothing lasts or it is not decided; and no cost
of each that lasts where none does."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np
import pytest

from models.numbers import about
from models.schemes import (
    ahead,
    brief,
    grounds,
    judging,
    lasting,
    library,
    outcomes,
    output,
    pictures,
    simulate,
    spread,
    started,
    telling,
    way,
)
from models.schemes import scenario as scenarios
from models.schemes.beside import Kept, together
from models.schemes.checks import DEFAULT, Words
from models.schemes.scenario import Coming, Scenario
from models.schemes.tables import tables
from models.schemes.words import between
from tests.models.schemes.worlds import nation, scenario, scheme, shock

SURE = {"basis": "evidence", "source": "s", "year": 2020}
ENDS = {"kind": "consumption", "size": {"value": 0.3, **SURE}}
"""An effect that ends with support."""
STAYS = ENDS | {"fade": {"value": 0.95, **SURE}}
MAYBE = {"kind": "consumption", "size": {"value": 0.3, "low": 0.0, "high": 0.4, **SURE}, "fade": {"value": 0.9, **SURE}}
NOTHING = {"kind": "consumption", "size": {"value": 0.0, **SURE}}


def told(*effects: dict[str, Any], years: int = 8, places: tuple[int, ...] = (900, 300),
         shocks: tuple[Coming, ...] = ()) -> dict[str, Any]:  # fmt: skip
    """A result with an arm of each effect, of titles A0, A1 ..."""
    arms = [[scheme(effect=effect, places=many)] for effect, many in zip(effects, places, strict=False)]
    own = _titled(scenario(*arms, years=years, draws=40, shocks=shocks))
    result = simulate(own, nation(1500), 3)
    return together([Kept("K-1", result.to_dict(), result.paired())])


def _titled(own: Scenario) -> Scenario:
    arms = tuple(dataclasses.replace(arm, title=Words(f"J{at}", f"A{at}")) for at, arm in enumerate(own.arms))
    return dataclasses.replace(own, arms=arms)


def cells(found: dict[str, Any], name: str, language: str, arm: int = 0) -> dict[str, Any]:
    (row,) = (one for one in telling.rows(found, language) if one["name"] == name)
    return row["cells"][arm]


def test_where_nothing_lasts_it_is_said_and_answers_are_compared_by_falls_averted() -> None:
    found = told(ENDS, ENDS)
    assert [lasting.state(arm) for arm in found["arms"]] == ["none", "none"]
    assert ahead.shown(found["arms"]) == "falls_averted"
    (pair,) = found["differences"]
    assert pair["outcomes"]["lasting_24"]["verdict"] == "equal"
    assert pair["outcomes"]["falls_averted"]["verdict"] == "first"  # three times the places
    own, english = (judging.answer(found, language) for language in ("id", "en"))
    assert own.startswith("A: J0 unggul atas B: J1: ")
    assert english.startswith("A: A0 is ahead of B: A1: ")
    none = "Semua jawaban: tidak satu pun keluarga terlihat bertahan 24 bulan sesudah bantuan karena skemanya."
    assert f"{none} Karena itu jawabannya menurut keluarga yang dicegah jatuh." in own
    none = "All answers: not one family is seen to last 24 months after support because of the scheme."
    assert f"{none} So the answer is by families kept from falling." in english
    for text in (own, english):
        assert not any(
            word in text for word in ("belum dapat dipastikan", "cannot be said", "costs less", "lebih murah")
        )


@pytest.mark.parametrize(("language", "none"), [
    ("id", "tidak ada: tidak satu pun keluarga bertahan"), ("en", "none: not one family lasts"),
])  # fmt: skip
def test_of_none_that_last_there_is_no_cost_anywhere(language, none) -> None:
    found = told(ENDS)
    cell = cells(found, "cost_per_lasting_24", language)
    assert (cell["value"], cell["draws"], cell["effects"], cell["known"]) == (none, "", "", False)
    assert found["arms"][0]["outcomes"]["cost_per_lasting_24"]["value"] is None
    lines = output.summary(found | {"scenario": found["scenarios"][0]}, language)
    assert any(line.endswith(f": {none}") for line in lines)
    assert f"   {judging.answer(found, language)}" in lines
    assert not any("upper end" in line or "batas atas" in line for line in grounds.unknown(found, language))


@pytest.mark.parametrize("language", ["id", "en"])
def test_why_more_last_than_falls_are_averted_is_said_where_it_is_so_and_nowhere_else(language) -> None:
    found = told(STAYS)
    own = found | {"scenario": found["scenarios"][0]}
    outcomes = found["arms"][0]["outcomes"]
    for averted, said in ((outcomes["lasting_12"]["value"] - 1, True), (outcomes["lasting_12"]["value"], False)):
        outcomes["falls_averted"]["value"] = averted
        lines = [line.strip() for line in output.summary(own, language)]
        assert (output.schemes_said("lasting.more", language) in lines) == said


def test_one_answer_of_which_nothing_lasts_is_told_by_its_falls() -> None:
    text = judging.answer(told(ENDS), "en")
    assert re.match(r"A0: \d+", text)
    assert "A0: not one family is seen to last 24 months after support because of the scheme. So the answer is by " \
           "families kept from falling." in text  # fmt: skip
    assert "holds nought" not in text


@pytest.mark.parametrize(("language", "said"), [
    ("id", "J0: tidak ada perubahan (keluarga yang dicegah jatuh), pada setiap undian dan setiap ujung rentang; "),
    ("en", "A0: no change (families kept from falling), in every draw and at every end of the ranges; cost not known."),
])  # fmt: skip
def test_one_answer_that_is_exactly_nought_is_told_as_none_and_not_as_unsure(language, said) -> None:
    own = _titled(scenario([scheme(effect=NOTHING, cost={"value": 0, "basis": "none", "source": "s"})]))
    result = simulate(own, nation(400), 1)
    text = judging.answer(together([Kept("K-1", result.to_dict(), result.paired())]), language)
    assert text.startswith(said)
    assert "nought, so" not in text
    assert "memuat nol" not in text


@pytest.mark.parametrize(("value", "told"), [
    (-1.6, "-2"), (-0.8, "just below 0"), (0.3, "less than 1"), (0.02, "less than 1"), (1e-12, "0"), (0.0, "0"),
    (1.4, "1"), (9.96, "10"), (12.4, "12"), (61_243.0, "61,200")])  # fmt: skip
def test_families_are_told_in_whole_ones_and_less_than_one_as_that(value, told) -> None:
    """In answer, table and range, of groups and at the terminal."""
    assert telling.figure("falls_averted", value, "en") == told
    assert telling.span("falls_averted", [value, 70_000.0], "en").startswith(f"{told} to ")
    figure = {"value": value, "draws": [value, 9.0], "effects": [value, 9.0]}
    line = output._told("falls_averted", figure, "en")
    assert line.startswith("61,243 (" if value > 100 else f"{told} (")


@pytest.mark.parametrize(("language", "less"), [("id", "kurang dari 1"), ("en", "less than 1")])
def test_no_place_tells_a_tenth_of_a_family(language: Any, less: str) -> None:
    found = told(STAYS)
    own = found["arms"][0]["outcomes"]
    own["falls_averted"] = own["lasting_24"] = {"value": 0.8, "draws": [0.1, 2.3], "effects": [0.4, 1.6]}
    made = brief.told(found, language, {})
    tenth = re.compile(r"(?<![\d.,])\d[.,]\d(?!\d)")
    summary = output.summary(found | {"scenario": found["scenarios"][0]}, language)
    heads = tuple(f"   {output.word(output.WORDS, name, language)}: " for name in ("falls_averted", "lasting_24"))
    lines = [*made["answer"][:1], *(line for line in summary if line.startswith(heads))]
    assert len(lines) == 3
    cells_ = [cells(found, "falls_averted", language), *(cell for row in made["rows"][:1] for cell in row["cells"])]
    texts = [*lines, *(cell[key] for cell in cells_ for key in ("value", "draws", "effects"))]
    assert any(text.startswith(less) for text in texts)
    assert less in made["answer"][0]
    costless = [re.sub(r"Rp[\d.,]+( \w+)?", "", text) for text in texts]
    assert not [text for text in costless if tenth.search(text)]


def test_what_may_be_none_has_a_price_from_its_low_end_up() -> None:
    found = told(MAYBE, MAYBE)
    assert lasting.state(found["arms"][0]) == "open"
    cell = cells(found, "cost_per_lasting_24", "en")
    assert cell["effects"].startswith("from Rp")
    assert cell["effects"].endswith("; it may be that none lasts")
    text = judging.answer(found, "en")
    assert text.startswith("It cannot be said which is better, neither by families that last 24 months after support "
                           "nor by families kept from falling")  # fmt: skip
    assert "All answers: it cannot be said that any family lasts 24 months after support." in text
    assert text.count("cannot be said") == 2
    assert any("no upper end, since it may be that none lasts" in line for line in grounds.unknown(found, "en"))


def test_one_answer_that_may_not_last_is_named_and_priced_once() -> None:
    text = judging.answer(told(MAYBE), "en")
    assert "(last 24 months after support), cost Rp" in text
    assert ". Also " in text
    assert (text.count("A0: "), text.count(", cost Rp")) == (1, 1)


def test_one_that_lasts_is_ahead_of_one_that_does_not_and_both_are_said() -> None:
    found = told(STAYS, ENDS)
    assert [lasting.state(arm) for arm in found["arms"]] == ["more", "none"]
    text = judging.answer(found, "en")
    assert " B: not one family is seen to last" in text
    assert "A: A0 is ahead of B: A1" in text
    assert text.startswith("A: A0 is ahead of B: A1")
    assert "So the answer is by" not in text


def test_where_fewer_last_on_balance_there_is_no_cost_of_each() -> None:
    found = told(STAYS)
    own = found["arms"][0]["outcomes"]["lasting_24"]
    own.update(value=-12.0, draws=[-20.0, -2.0], effects=[-30.0, 1.0])
    assert lasting.state(found["arms"][0]) == "fewer"
    for language, none in (("id", "tidak ada: yang bertahan tidak lebih banyak daripada tanpa skema"),
                           ("en", "none: no more families last than without the scheme")):  # fmt: skip
        assert cells(found, "cost_per_lasting_24", language)["value"] == none
    assert any(
        "on balance no more families last than without the scheme" in line for line in grounds.unknown(found, "en")
    )


@pytest.mark.parametrize("kind", ["lasting_24", "falls_averted"])
def test_a_net_of_nought_or_less_has_no_price_in_the_figures_either(kind: str, monkeypatch: Any) -> None:
    """Single draws in which some are kept do not make a price of what is lost on balance."""
    name = f"cost_per_{kind}"
    assert told(STAYS)["arms"][0]["outcomes"][name]["value"] is not None
    of = outcomes.of

    def worse(result: Any, at: int, end: str) -> Any:
        found = of(result, at, end)
        held = found[kind] - np.median(found[kind])
        held -= held.mean() + 1
        assert held.max() > 0
        return found | {kind: held, name: outcomes._price(found["cost"][0], held)}

    monkeypatch.setattr(outcomes, "of", worse)
    found = told(STAYS)
    own = found["arms"][0]["outcomes"]
    assert own[kind]["value"] < 0
    assert own[name] == {"value": None, "draws": [None, None], "effects": [None, None]}
    assert cells(found, name, "en")["value"].startswith("none: no ")


def test_what_ends_before_it_is_seen_is_judged_by_falls_and_says_why() -> None:
    text = judging.answer(told(STAYS, STAYS, years=3), "en")
    assert text.startswith("A: A0 is ahead of B: A1")
    assert "All answers: the simulation ends before 24 months after support" in text
    assert "So the answer is by families kept from falling." in text


def test_two_that_never_differ_are_equal_and_not_undecided() -> None:
    found = told(NOTHING, NOTHING, places=(300, 300))
    for language, equal in (("id", "Tidak ada bedanya"), ("en", "There is no difference")):
        assert equal in judging.answer(found, language)
    assert cells(found, "cost_per_falls_averted", "en")["value"] == "none: not one fall is averted"


@pytest.mark.parametrize(
    ("language", "axis"), [("id", "Keluarga yang dicegah jatuh"), ("en", "Families kept from falling")]
)
def test_a_dear_scheme_without_effect_does_not_beat_one_that_averts_falls(language, axis) -> None:
    """Nothing lasts of either, so falls averted decide, in the sentence, in who is beaten and in the picture."""
    arms = [[scheme(effect=ENDS, places=900)], [scheme(effect=NOTHING, places=30, name="hampa")]]
    result = simulate(_titled(scenario(*arms, years=8, draws=40)), nation(1500), 3)
    alone = result.to_dict()
    found = together([Kept("K-1", alone, result.paired())])
    for own in (alone, found):
        works, idle = own["pareto"]
        assert works["cost"] > idle["cost"] > 0
        assert works["lasting_24"]["value"] == idle["lasting_24"]["value"] == 0
        assert works["falls_averted"]["value"] > idle["falls_averted"]["value"] == 0
        assert (works["by"], works["beaten_by"], idle["beaten_by"]) == ("falls_averted", [], [])
    text = judging.answer(found, language)
    assert not any(word in text for word in ("By the means alone", "Menurut rata-rata saja"))
    ask = pictures.asks(found, language)["biaya_bertahan"]
    assert [row["value"] for row in ask.values["table"]] == [works["falls_averted"]["value"], 0]
    assert axis in pictures.of(found, language)["biaya_bertahan"]


def test_the_beaten_are_told_by_the_outcome_that_decides() -> None:
    found = told(ENDS, NOTHING, places=(300, 900))
    assert found["pareto"][1]["beaten_by"] == ["A"]
    sure = judging.answer(found, "en")
    assert re.search(r" A costs \S+ \w+: \S+ \w+ less than B\.", sure)
    assert "A costs less than" not in sure, "what the verdict tells as sure is not told again, and not as a mean"
    assert "By the means alone" not in sure
    assert found["pareto"][1]["surely_beaten_by"] == ["A"]
    close = found["differences"][0]["outcomes"]["falls_averted"] | {"verdict": "undecided"}
    open_ = [found["differences"][0] | {"outcomes": found["differences"][0]["outcomes"] | {"falls_averted": close}}]
    doubted = ahead.pareto(found["arms"], open_)[1]
    assert (doubted["beaten_by"], doubted["surely_beaten_by"]) == (["A"], [])
    told_ = judging.answer(found | {"differences": open_, "pareto": ahead.pareto(found["arms"], open_)}, "en")
    assert "By the means alone, A: A0 costs less than B: A1 and keeps more families from falling." in told_
    assert "more families last" not in judging.answer(found, "en")
    lasts = told(STAYS, ENDS, places=(300, 900))
    assert lasts["pareto"][1] | {"by": "lasting_24", "beaten_by": ["A"]} == lasts["pareto"][1]
    assert re.search(r" A costs \S+ \w+: \S+ \w+ less than B\.", judging.answer(lasts, "en"))


def test_what_is_left_over_of_one_budget_makes_no_answer_cheaper() -> None:
    """Rp 601 million for both: 300 families at 2 million leave 1.0, 273 at 2.2 leave .4, and neither buys one more."""
    arms = [[scheme(effect=STAYS)], [scheme(effect=ENDS, cost=1_100_000)]]
    own = _titled(scenario(*arms, years=8, draws=40, places=None, budget=601_000_000))
    result = simulate(own, nation(1500), 3)
    found = together([Kept("K-1", result.to_dict(), result.paired())])
    one, two = found["pareto"]
    assert (one["cost"], two["cost"]) == (600e6, 600.6e6)  # the picture keeps what is spent
    assert one["used_up"] == two["used_up"] == 601_000_000
    for whole in (found, result.to_dict()):
        (row,) = (row for row in tables(whole)["selisih"] if row["outcome"] == "cost")
        assert (row["value"], row["verdict"]) == (-600_000, "equal"), "the figure stays, none is the cheaper one"
    assert " A berbiaya Rp600 juta: sama dengan B." in judging.answer(found, "id")
    assert "costs less" not in judging.answer(found, "en")
    equal = {"lasting_24": one["lasting_24"], "falls_averted": one["falls_averted"]}
    for arm in found["arms"]:
        arm["outcomes"] |= equal
    assert [point["beaten_by"] for point in ahead.pareto(found["arms"], found["differences"])] == [[], []]
    # One that finds too few families leaves money for which places could be had: it is the cheaper one.
    found["arms"][0]["schemes"][0]["limited_by"] = {}
    spent = found["differences"][0]["outcomes"] | {"cost": {"value": -600_000.0, "verdict": "first"}}
    (row,) = ahead.level(found["arms"], [found["differences"][0] | {"outcomes": spent}])
    assert row["outcomes"]["cost"]["verdict"] == "first"
    assert [point["beaten_by"] for point in ahead.pareto(found["arms"], found["differences"])] == [[], ["A"]]


def test_of_two_that_cost_or_hold_the_same_the_other_is_what_is_named() -> None:
    found = told(STAYS, ENDS)
    one, two = (arm["outcomes"] for arm in found["arms"])

    def text(language: Any) -> str:
        return judging.answer(found | {"pareto": ahead.pareto(found["arms"], found["differences"])}, language)

    two["cost"] = one["cost"]
    assert ": sama dengan B." in text("id")
    two["cost"], two["lasting_24"] = one["cost"] | {"value": one["cost"]["value"] + 1}, one["lasting_24"]
    assert ": Rp1 less than B." in text("en")
    for name in ("lasting_24", "falls_averted"):
        found["differences"][0]["outcomes"][name]["verdict"] = "undecided"
    two["falls_averted"] = one["falls_averted"]
    told_ = "By the means alone, A: A0 costs less than B: A1, keeps as many families from falling, and makes as many "
    assert f"{told_}families last." in text("en")
    two["lasting_24"] = one["lasting_24"] | {"value": one["lasting_24"]["value"] + 1}
    assert "as many families from falling, but makes fewer families last." in text("en"), "what lasts is told of either"


def test_what_cannot_be_compared_by_cost_says_so_and_an_assumed_cost_is_named() -> None:
    """The library has the wage of a place as its cost, not what it takes besides; a scenario may assume the whole."""
    lacking = library.raw("schemes", "lapangan-kerja") | {"take_up": 1.0}
    whole = lacking | {"cost": 26_280_000}
    for jobs, known in ((lacking, False), (whole, True)):
        own = scenario([jobs], [scheme(effect=STAYS, cost=3_000_000)], years=8, draws=10, places=100)
        result = simulate(own, nation(600), 3)
        found = together([Kept("K-1", result.to_dict(), result.paired())])
        assert [point["name"] for point in found["pareto"]] == (["A", "B"] if known else ["B"])
        text, limits = judging.answer(found, "en"), grounds.unknown(found, "en")
        assert ("cannot be compared by cost: cost a year is not known in full, so it costs at least" in text) != known
        assert any(line.startswith("What Job creation costs is not known") for line in limits) != known
        assumed = "What Job creation costs is an assumption (cost a year Rp26.3 million)"
        assert any(line.startswith(assumed) for line in limits) == known
    assert way.assumed("assumption", 0.0, "what placement costs was not found"), "an assumed nought is named too"
    assert not way.assumed("assumption", 0.0, DEFAULT)
    assert not way.assumed("evidence", 5.0, "a study")
    for name in ("kerja-atau-usaha", "robot-tekstil-jawa"):
        plan = scenarios.named(name)
        costs = [one.scheme for arm in plan.arms for one in arm.schemes if one.scheme.name == "lapangan-kerja"]
        assert [(own.cost.basis, own.cost_known) for own in costs] == [("assumption", True)]


@pytest.mark.parametrize(("language", "ends"), [
    ("id", "simulasi berakhir sebelum {n} bulan sesudah bantuan"),
    ("en", "the simulation ends before {n} months after support"),
])  # fmt: skip
def test_of_nobody_none_lasts_and_what_is_not_seen_says_that_the_simulation_ends(language: Any, ends: str) -> None:
    found = told(STAYS, STAYS, years=3, places=(300, 0))  # support of 2027 and 2028; the last year is 2029
    for months in (24, 36):
        name = f"lasting_{months}"
        assert [arm["outcomes"][name]["value"] for arm in found["arms"]] == [None, 0]
        assert cells(found, name, language)["value"] == ends.format(n=months)
        assert cells(found, name, language, 1)["value"] == "0"
    assert cells(found, "cost_per_lasting_24", language)["value"] == ends.format(n=24)
    own = found | {"scenario": found["scenarios"][0]}
    lines = [line.strip() for line in output.summary(own, language)]
    assert any(line.endswith(f": {ends.format(n=36)}") for line in lines)


@pytest.mark.parametrize(("language", "none", "unseen"), [
    ("id", "tidak ada: tidak satu pun jatuh dicegah selama bantuan", "simulasi berakhir sebelum 36 bulan sesudah"),
    ("en", "none: not one fall is averted during support", "the simulation ends before 36 months after support"),
])  # fmt: skip
def test_why_no_share_of_averted_falls_comes_back_is_told_apart(language: Any, none: str, unseen: str) -> None:
    """Support of 2027 and 2028: three years after it lie in eight years, not in four; no effect averts no fall."""
    for found, why, words in ((told(NOTHING), "none", none), (told(STAYS, years=4), "unseen", unseen)):
        assert found["arms"][0]["outcomes"]["aspirin"]["value"] is None
        assert found["arms"][0]["aspirin_why"] == why
        assert cells(found, "aspirin", language)["value"].startswith(words)
        own = found | {"scenario": found["scenarios"][0]}
        assert any(line.startswith(f"   aspirin: {words}") for line in output.summary(own, language))
        assert [row["name"] for row in telling.rows(found, language) if row["about"]] == ["falls_averted"]
    seen = told(STAYS)
    assert seen["arms"][0]["aspirin_why"] is None
    assert cells(seen, "aspirin", language)["known"]


@pytest.mark.parametrize(("language", "rest"), [
    ("id", "yang tidak jatuh lagi belum tentu bertahan karena skema"),
    ("en", "those that do not are not thereby made to last")])  # fmt: skip
def test_beside_the_aspirin_share_stands_that_the_rest_of_it_need_not_last(language: Any, rest: str) -> None:
    """ENDS leaves nothing once support ends: none lasts, though not every averted fall comes again."""
    found = told(ENDS)
    outcomes = found["arms"][0]["outcomes"]
    assert outcomes["lasting_36"]["value"] == 0
    assert 0 < outcomes["aspirin"]["value"] < 1
    falls, row = (row for row in brief.told(found, language, {})["rows"] if row["about"])
    assert (row["name"], rest in row["about"]) == ("aspirin", True)
    many = about(sum(year["value"] for year in found["without"]["falls"]), language)
    assert f" {many} " in falls["about"], "what is averted is told with how many there are"
    (line,) = (one for one in output.summary(found | {"scenario": found["scenarios"][0]}, language) if rest in one)
    assert line.startswith("   aspirin: ")


@pytest.mark.parametrize(("language", "once"), [
    ("id", "tidak ada keluarga yang ikut"), ("en", "no family takes part")])  # fmt: skip
def test_an_answer_that_nobody_is_in_is_told_once_and_not_by_the_figures_without_it(language: Any, once: str) -> None:
    """In the answer, the goal, the ladder, the costs, the groups, the limits and on the terminal."""
    found = told(STAYS, STAYS, years=19, places=(900, 0))
    lines = [*judging.sentences(found, language), *telling.goal(found, language), *telling.costs(found, language),
             *spread.gains(found, language), *grounds.unknown(found, language),
             *(row[0] for row in spread.ladder(found, language)["rows"])]  # fmt: skip
    title = {"id": "B: J1", "en": "B: A1"}[language]
    assert sum(text.count(title) for text in lines) == 1, [line for line in lines if title in line]
    assert sum(once in line for line in lines) == 1
    assert sum(title.replace("B", "A").replace("J1", "J0").replace("A1", "A0") in line for line in lines) > 3
    summary = output.summary(found | {"scenario": found["scenarios"][0]}, language)
    assert sum(title.removeprefix("B: ") in line for line in summary if "lasting" not in line) <= 3
    assert sum(line.startswith("-- ") and once in line for line in summary) == 1, "its block is one line"
    assert not any(line.startswith(f"-- {title.removeprefix('B: ')}") for line in summary)


NO_EVIDENCE = {"kind": "consumption", "size": {"value": 0.0, "basis": "none", "source": "none found"}}


@pytest.mark.parametrize(("language", "nought"), [
    ("id", "dihitung nol karena bukti dampaknya tidak ditemukan, bukan karena terbukti tidak berdampak"),
    ("en", "counts as nought because no evidence was found, not because it is known to do nothing"),
])  # fmt: skip
def test_what_counts_as_nought_for_want_of_evidence_is_said_in_the_same_breath(language: Any, nought: str) -> None:
    """Beside one that is ahead of it, beside one that is equal, and where it is told to last for nobody; a scheme that
    is known to do nothing is told without it."""
    ahead_ = judging.sentences(told(STAYS, NO_EVIDENCE), language)
    whose = {"id": "", "en": "the effect of "}[language]
    assert ahead_[0].endswith(f"; {whose}B {nought}.")
    both = judging.sentences(told(NO_EVIDENCE, NO_EVIDENCE), language)
    assert nought in both[0]
    assert sum(nought in line for line in both) == 1
    alone = judging.sentences(told(NO_EVIDENCE), language)
    assert alone[1].endswith(
        {"id": f"karena skemanya; J0 {nought}.", "en": f"of the scheme; {whose}A0 {nought}."}[language]
    )
    assert nought not in judging.answer(told(STAYS, NOTHING), language)


@pytest.mark.parametrize(("language", "words"), [("id", "tahun keluarga di bawah garis dicegah"),
                                                 ("en", "years of families below the line are averted")])  # fmt: skip
def test_years_below_the_line_that_are_surely_averted_are_told_where_falls_are_not(language: Any, words: str) -> None:
    found = told(STAYS)
    outcomes = found["arms"][0]["outcomes"]
    assert telling.above_nought(outcomes["poor_years_averted"])
    assert telling.above_nought(outcomes["falls_averted"])
    assert words not in judging.answer(found, language)
    outcomes["falls_averted"]["effects"] = [-5.0, outcomes["falls_averted"]["effects"][1]]
    (line,) = (line for line in judging.sentences(found, language) if words in line)
    assert telling.figure("poor_years_averted", outcomes["poor_years_averted"]["value"], language) in line
    outcomes["poor_years_averted"]["draws"][0] = -1.0
    assert words not in judging.answer(found, language)
    assert cells(found, "poor_years_averted", language)["known"], "and it stands among the figures"
    assert telling.said("holds_nought", language) in cells(found, "poor_years_averted", language)["notes"]
    own = found | {"scenario": found["scenarios"][0]}
    title = output.word(output.WORDS, "poor_years_averted", language)
    assert any(line.startswith(f"   {title}: ") for line in output.summary(own, language))


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_answer_has_its_verdict_first_and_no_more_open_than_is_read_in_a_minute(language: Any) -> None:
    hit = told(STAYS, ENDS, shocks=(shock(),))
    for found in (told(STAYS, ENDS), told(ENDS), told(MAYBE, MAYBE), told(STAYS, years=19), hit):
        short, whole = judging.in_short(found, language), judging.sentences(found, language)
        rest = [line for line in short["answer_more"] if not line.startswith("\N{DAGGER}")]
        assert short["answer"] + rest == whole, "nothing is lost"
        first = len(judging.in_short(found, "id")["answer"])
        assert len(short["answer"]) == first, "each language has the same open"
        words = [len(line.split()) for line in judging.sentences(found, "id")]
        assert sum(words[:first]) <= judging.MOST_WORDS == 120
        assert sum(len(line.split()) for line in short["answer"]) <= 144, "English takes a fifth more words"
        start = [*started.missed(found, language), *started.first_year(found, language)]
        assert sum(words[: first + 1]) > 120 or all(line in start for line in rest), "and no less"
        assert len(re.findall(r"[A-Za-z)\d]\.(?= [A-Z]|$)", whole[0])) == 1, whole[0]
        made = brief.told(found, language, {})
        assert (made["answer"], made["answer_more"]) == (short["answer"], short["answer_more"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_what_is_not_known_of_a_cost_stands_open_beside_the_verdict(language: Any) -> None:
    """Of each answer: without it one would be taken for the cheaper."""
    found = told(STAYS, ENDS)
    for arm in found["arms"]:
        arm["cost_at_least"] = 1e12
        arm["schemes"][0]["cost_unknown"] = ["cost"]
    lines = [line for line in judging.in_short(found, language)["answer"]
             if {"id": "Menurut biaya", "en": "cannot be compared by cost"}[language] in line]  # fmt: skip
    assert len(lines) == 2


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_share_and_a_price_of_few_families_are_told_with_their_range_and_as_rough(language: Any) -> None:
    found = told(STAYS)
    rough = telling.said("thin", language, n="30")
    own = found["arms"][0]["outcomes"]
    for many, said in ((3000.0, False), (3.0, True)):
        own["caught"]["value"] = own["lasting_24"]["value"] = many
        for name in ("aspirin", "cost_per_lasting_24"):
            cell = cells(found, name, language)
            assert cell["draws"]
            assert (rough in cell["notes"]) is said
        lines = output.summary(found | {"scenario": found["scenarios"][0]}, language)
        aspirin = next(line for line in lines if line.startswith("   aspirin: "))
        assert output.word(output.WORDS, "draws", language) in aspirin
        assert (rough in aspirin) is said


def test_a_range_whose_ends_are_told_alike_is_told_once() -> None:
    assert [telling.said("range", "id", low="31", high=high) for high in ("31", "32")] == ["31", "31 sampai 32"]
    assert telling.said("scope.desil", "en", low=3, high=3) == "decile 3"
    assert [between("31", low, "32") for low in ("31", "32")] == ["31 (31 - 32)", "31 (32)"]
    assert between("31", "31", "31") == "31"
    assert telling.span("aspirin", [0.36, 0.76], "id") == "36 sampai 76 dari 100"


def test_each_assumed_part_of_a_cost_stands_beside_its_own_value() -> None:
    own = {"cost": 0.0, "setup": 4_200_000.0}
    assert grounds.assumed_cost(own, "id") == {"parts": "biaya setahun Rp0, biaya sekali di awal Rp4,2 juta"}
    assert grounds.assumed_cost({}, "en") == {}


@pytest.mark.parametrize("language", ["id", "en"])
def test_paper_says_as_much_of_what_is_assumed_as_the_page(language: Any) -> None:
    found = told(STAYS | {"size": 0.3}, STAYS)
    short = pictures.lettered(found)
    assert brief.told(found, language, {})["unknown"] == grounds.unknown(short, language)
    assert any(telling.said("basis.assumption", language) in line for line in grounds.unknown(short, language))


@pytest.mark.parametrize(("language", "words"), [("id", "dapat nol di semua kelompok: J0."),
                                                 ("en", "kept from falling in any group: A0.")])  # fmt: skip
def test_groups_that_may_come_to_nought_by_the_size_of_the_effect_say_so_once(language: Any, words: str) -> None:
    found = told(MAYBE)
    found["arms"][0]["name"] = "arm"
    assert spread.gains(found, language)[0].endswith(words)
    assert sum(words in line for line in spread.gains(found, language)) == 1
    assert spread.effects(told(STAYS), language) == []


def test_a_lead_that_rounds_to_nought_is_told_as_nearly_the_same() -> None:
    found = told(STAYS, ENDS)
    found["differences"][0]["outcomes"]["lasting_24"]["value"] = 0.01
    assert judging.answer(found, "id").startswith("A: J0 sedikit unggul atas B: J1: hampir sama\N{DAGGER} (")
    assert "0.0 more" not in judging.answer(found, "en")


@pytest.mark.parametrize(("language", "note"), [
    ("id", "\N{DAGGER} Dari kurang dari 30 keluarga contoh tiap undian: angka kasar."),
    ("en", "\N{DAGGER} Of fewer than 30 families of the sample in a draw: a rough figure."),
])  # fmt: skip
def test_a_figure_of_few_families_bears_a_mark_with_one_note_beneath(language: Any, note: str) -> None:
    found = told(STAYS, ENDS)
    own = found["differences"][0]["outcomes"]["lasting_24"]
    for gap, marked in ((5.0, True), (5000.0, False)):
        own["value"] = gap
        told_, short = judging.answer(found, language), judging.in_short(found, language)
        figure = telling.figure("lasting_24", gap, language)
        assert (f"{figure}\N{DAGGER} " in told_) is (f"{figure}\N{DAGGER} " in short["answer"][0]) is marked
        assert told_.count(note) == int(marked)
        assert short["answer_note"] == brief.told(found, language, {})["answer_note"] == ([note] if marked else [])


@pytest.mark.parametrize(("language", "pushed", "lost"), [
    ("id", "mendesak keluarga lain (40.000)", "jatuh karena terdesak oleh yang ikut"),
    ("en", "push other families down (40,000)", "fall since those who take part push them down"),
])  # fmt: skip
def test_a_figure_below_nought_has_its_cause_beside_it_where_there_is_one(
    language: Any, pushed: str, lost: str
) -> None:
    found = told(ENDS)
    (arm,) = found["arms"]
    below = {"value": -9000.0, "draws": [-12_000.0, -7000.0], "effects": [-11_000.0, -8000.0]}
    for name in ("falls_averted", "lasting_24", "poor_years_averted"):
        arm["outcomes"][name] = below
    group = {"kind": "size", "name": "1-2", "rows": 300, "few": False,
             "falls_averted": {"value": -9000.0, "low": -12_000.0, "high": -7000.0}}  # fmt: skip
    arm["groups"] = [group]
    for displaced, says in ((40_000.0, True), (0.0, False)):
        arm["schemes"][0]["displaced"] = displaced
        for name in ("falls_averted", "lasting_24", "poor_years_averted"):
            assert any(pushed in note for note in cells(found, name, language)["notes"]) is says
        assert any(lost in line for line in spread.gains(found, language)) is says
        assert any(pushed in note for _, note in brief.told(found, language, {})["notes"]) is says
    arm["schemes"][0]["displaced"] = 40_000.0
    arm["outcomes"]["falls_averted"] = below | {"draws": [-12_000.0, 10.0]}
    assert not any(pushed in note for note in cells(found, "falls_averted", language)["notes"])
    # An end of the effects may be none at all: then it is no effect that is nought, and the cause still stands.
    arm["outcomes"]["falls_averted"] = below | {"effects": [-19_000.0, 2000.0]}
    assert any(pushed in note for note in cells(found, "falls_averted", language)["notes"])


@pytest.mark.parametrize(("language", "empty", "limit"), [
    ("id", "sejak 2029 tidak ada lagi yang ikut dan tidak ada biaya", "tidak ada lagi yang dapat ikut"),
    ("en", "from 2029 on nobody takes part and nothing is spent", "nobody is left to take part"),
])  # fmt: skip
def test_where_nobody_is_left_to_join_it_is_told_from_when_on(language: Any, empty: str, limit: str) -> None:
    for places, last, emptied in ((900, 2032, ["2029", "2030", "2031", "2032"]), (900, 2028, []), (90, 2032, [])):
        own = scenario([scheme(effect=STAYS, places=places)], last=last, draws=4)
        result = simulate(own, nation(600), 3)
        found = together([Kept("K-1", result.to_dict(), result.paired())])
        (taking,) = found["arms"][0]["schemes"]
        assert [year for year, why in taking["limited_by"].items() if why == "families"] == emptied
        assert all(not row["rupiah"] for row in taking["cost_by_year"] if str(row["year"]) in emptied)
        assert (empty in judging.answer(found, language)) is bool(emptied)
        assert (limit in telling.costs(found, language)[0]) is bool(emptied)


@pytest.mark.parametrize(("language", "why"), [("id", "yang tidak pernah terangkat tidak dapat"),
                                               ("en", "those never lifted cannot")])  # fmt: skip
def test_negative_relapses_have_their_cause_beside_them(language: Any, why: str) -> None:
    found = told(ENDS)
    own = found["arms"][0]["outcomes"]
    own["poor_years_averted"] = {"value": 9000.0, "draws": [7000.0, 12_000.0], "effects": [0.0, 20_000.0]}
    below = {"value": -6170.0, "draws": [-9000.0, -3000.0], "effects": [-12_000.0, 0.0]}
    for relapses, says in ((below, True), (below | {"draws": [-9000.0, 10.0]}, False)):
        own["relapses_averted"] = relapses
        assert any(why in note for note in cells(found, "relapses_averted", language)["notes"]) is says
