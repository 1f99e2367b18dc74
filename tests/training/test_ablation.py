"""A planted family is found and its worth told; noise is undecided about nineteen times in twenty, also in cells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks.ablation import PLANTED, SETTINGS, truth, world
from features.commands import UserError
from models.calibration import sigmoid
from tests.training.small import QUICK
from training import ablation, ablation_report, absent, backtest, nested, whom
from training.judge import Resamples
from training.split import out_of_time

SEEDS = (1, 2, 3)
NOISES = 25
FEW = replace(SETTINGS, threads=1, rounds=40)
EFFECT = 0.08


@pytest.fixture(scope="module")
def worlds():
    """Per seed the world, the model of the facts alone, the judged rows and resamples of them."""
    return [made(world(seed, households=3000, years=8, effect=EFFECT, noises=NOISES)) for seed in SEEDS]


def made(own):
    split = out_of_time(own.panel)
    facts = tuple(feature for feature in own.panel.features if feature.family == "facts")
    test = own.panel.take(split.test)
    return own, nested.base(own.panel, split, facts, FEW), test, Resamples.of(test.clusters(), test.weight(), 60, 1)


def learned(base, family):
    return nested.learn(base, tuple(f for f in base.panel.features if f.family == family), FEW)


def whole(base, test, draws, family):
    return whom.cell(learned(base, family), test, draws, np.ones(len(test), dtype=bool))


def test_a_planted_family_is_found_with_its_worth(worlds):
    for own, base, test, draws in worlds:
        found = whole(base, test, draws, PLANTED)
        assert found["p"] < 0.01, found
        assert found["slope"]["value"] > 0
        true = truth(own, base.split)
        assert found["log_loss"]["low"] < true < found["log_loss"]["high"], (found["log_loss"], true)
        assert found["log_loss"]["value"] < 0
        assert found["auc"]["value"] > 0


def test_families_of_pure_noise_are_sure_about_one_time_in_twenty_and_do_no_harm(worlds):
    found = [whole(base, test, draws, f"noise{n}") for _, base, test, draws in worlds for n in range(NOISES)]
    sure = sum(one["p"] < 0.05 for one in found)
    assert sure <= binom.ppf(0.999, len(found), 0.05), sure
    # What said nothing out of fold is left out, and the rest gets little weight.
    assert np.mean([one["log_loss"]["value"] for one in found]) < 2e-4
    assert any(one["slope"] == whom.NOTHING for one in found)


def test_it_is_found_where_it_is_and_the_gap_is_told(worlds):
    """The family says something in half of the households only."""
    _, base, test, draws = worlds[0]
    part, rng = learned(base, PLANTED), np.random.default_rng(4)
    here = rng.random(len(test)) < 0.5
    falls = rng.random(len(test)) < sigmoid(part.without + 0.9 * here * part.index)
    test = replace(test, poor_next=falls.astype(float))
    who = {"place": np.where(here, "here", "there"), "other": np.where(rng.random(len(test)) < 0.5, "a", "b"),
           "size": np.where(np.arange(len(test)) < 40, "few", "many")}  # fmt: skip
    found = whom.judge(part, test, draws, who)
    assert found["place"]["here"]["verdict"] == "better"
    assert found["place"]["there"]["verdict"] == "undecided"
    assert found["place"]["here"]["differs"] == "better"
    assert found["other"]["a"]["differs"] == "undecided"
    one, two = (found["place"][level]["beside"] for level in ("here", "there"))
    assert one["value"] == pytest.approx(-two["value"])
    assert one["value"] == pytest.approx(found["place"]["here"]["slope"]["value"]
                                          - found["place"]["there"]["slope"]["value"], abs=1e-5)  # fmt: skip
    few = found["size"]["few"]
    assert few["too_small"]
    assert few["slope"]["value"] is few["p"] is few["adjusted"] is few["beside_p"] is few["log_loss"]["value"] is None
    assert found["size"]["many"]["beside_p"] is None  # what it is held against is too small
    cells = [one for levels in found.values() for one in levels.values() if one["p"] is not None]
    assert all(one["adjusted"] >= one["p"] for one in cells)


def test_every_family_is_judged_and_corrected_for_all(small):
    split = out_of_time(small)
    model = backtest.train(small, split.train, small.poor_next == 1, small.ratio_next, QUICK)
    found = ablation.judge(small, split, model, small.take(split.test), QUICK, {}, number=20, seed=1)
    assert set(found) == {feature.family for feature in model.features}
    best = max(found, key=lambda name: found[name]["auc"]["value"])
    assert best in ("household", "history")
    told = [own["p"] for own in found.values() if own["p"] is not None]
    least = min((own for own in found.values() if own["p"] is not None), key=lambda own: own["p"])
    assert least["adjusted"] == pytest.approx(min(1.0, least["p"] * len(told)), abs=1e-5)


def test_a_feature_is_asked_by_itself_beside_all_others_of_its_family(small):
    split = out_of_time(small)
    model = backtest.train(small, split.train, small.poor_next == 1, small.ratio_next, QUICK)
    own = [feature for feature in model.features if feature.family == "household"][:2]
    names = tuple(feature.name for feature in own)
    found = ablation.families(model, names)
    assert [found[name] for name in names] == [(feature,) for feature in own]
    assert set(own) < set(found["household"])
    told = ablation.judge(small, split, model, small.take(split.test), QUICK, {}, number=20, seed=1, alone=names[:1])
    assert told[names[0]]["features"] == 1
    asked = [one for one in told.values() if one["p"] is not None]
    least = min(asked, key=lambda one: one["p"])
    assert least["adjusted"] == pytest.approx(min(1.0, least["p"] * len(asked)), abs=1e-5)
    with pytest.raises(UserError, match=f"--ablate {names[0]}s: .*did you mean '{names[0]}'"):
        ablation.check((f"{names[0]}s",), small)
    assert "nobody" not in ablation.families(model, ("nobody",))
    made = {"groups": {}, "ageing": [1], "gaming": [1], "stability": {}, "ablation": told}
    assert "says the same of every" in absent.of_audit(made, split, model, ("nobody",))["nobody"]


def test_no_column_of_a_wide_table_is_left_out(small):
    split = out_of_time(small)
    model = backtest.train(small, split.train, small.poor_next == 1, small.ratio_next, QUICK)
    one = replace(model.features[0], family=ablation.FAMILY)
    many = tuple(replace(one, name=f"c{n}") for n in range(ablation.MOST + 7))
    found = ablation.families(replace(model, features=many))
    assert len(found) == ablation.MOST + 1
    assert len(found[ablation.OTHERS]) == 7
    assert sum(map(len, found.values())) == len(many)


def summary(value, half=0.001):
    return {"value": value, "low": value - half, "high": value + half}


def family(slope, p, verdict, log_loss=-0.001, **more):
    return {"features": 3, "rows": 900, "events": 90, "too_small": False, "slope": summary(slope), "p": p,
            "adjusted": p, "verdict": verdict, "auc": summary(0.01), "average_precision": summary(0.01),
            "log_loss": summary(log_loss)} | more  # fmt: skip


@pytest.mark.parametrize(
    ("own", "answer"),
    [
        (family(0.1, 0.001, "better"), "Yes: slope +0.1000 (+0.0990 to +0.1010)"),
        (family(0.1, 0.001, "better", log_loss=0.001), "Undecided: it says something, but what was learned of it does "
                                                       "not pay: slope"),
        (family(0.1, 0.2, "undecided"), "Undecided: slope"),
        (family(-0.1, 0.001, "worse"), "No, it misleads: slope -0.1000"),
        (family(0.1, None, None, too_small=True, clusters=13), "Not told, the judged rows hold too few clusters (13)."),
        (family(0.1, None, None, too_small=True, events=9, clusters=13),
         "Not told, the judged rows hold too few falls (9)."),
    ],
)  # fmt: skip
def test_one_sentence_says_whether_automation_earns_its_place(own, answer):
    said = ablation_report.sentence({"work": family(0.2, 0.01, "better"), "automation": own})
    assert said.startswith(f"Does exposure to automation earn its place? {answer}")
    assert ("corrected for" in said) == (own["p"] is not None)
    assert ablation_report.sentence({"work": own}) is None


def test_one_sentence_says_for_whom():
    def cell(verdict, differs="undecided", small=False):
        return family(0.1, 0.01, verdict, beside=summary(0.1), beside_p=0.1, beside_adjusted=0.1, differs=differs,
                      too_small=small)  # fmt: skip

    whose = {"urban or rural": {"rural": cell("better", "better"), "urban": cell("undecided", "worse")},
             "kind": {"first_entry": cell("better"), "relapse": cell("undecided", small=True)}}  # fmt: skip
    said = ablation_report.whom({"automation": family(0.1, 0.01, "better") | {"for": whose}})
    assert "for sure in urban or rural: rural; kind: first entry" in said
    assert "misleads in none" in said
    assert "more than for all others in urban or rural: rural" in said
    assert "less in urban or rural: urban" in said
    assert "3 cells were judged and are corrected together; 1 are too small" in said
    assert ablation_report.whom({"automation": family(0.1, 0.01, "better")}) is None
    dark = {"kind": {"relapse": cell(None, None, small=True), "first_entry": cell(None, None, small=True)}}
    said = ablation_report.whom({"automation": family(0.1, None, None, too_small=True) | {"for": dark}})
    assert said == "Where and for whom: not told, each of the 2 cells has too few rows, falls or clusters."


def test_a_family_that_few_clusters_tell_of_is_not_judged_and_says_why(small):
    """Rows and falls enough, of 13 clusters: neither a verdict nor "undecided", in JSON and table."""
    names = np.unique(small.clusters().astype(str))
    split = out_of_time(small)
    model = backtest.train(small, split.train, small.poor_next == 1, small.ratio_next, QUICK)
    test = small.take(split.test)
    test.meta["cluster"] = np.array([f"c{np.searchsorted(names, own) % 13}" for own in test.clusters().astype(str)])
    found = ablation.judge(small, split, model, test, QUICK, {}, number=20, seed=1)
    assert min(test.poor_next.sum(), len(test) / 5) >= 20
    for own in found.values():
        assert own["clusters"] == 13
        assert own["too_small"]
        assert own["verdict"] is own["p"] is own["slope"]["value"] is None
    cells = [cell for _, row in ablation_report.table(found)["rows"] for cell in row]
    assert {cell[0] for cell in cells} == {"too few clusters (13)"}
    assert not any("undecided" in cell for cell in cells)
