"""The best split of a budget: all splits are tried, money goes where it does something, and never beyond the budget."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from features.cli import main
from features.commands import UserError
from models.rule_words import words_of
from models.schemes import checks, mix, printed
from models.schemes import scenario as scenarios
from tests.models.schemes.worlds import nation, scenario, scheme

GOOD = {"kind": "consumption", "size": 0.5, "fade": 1.0}
NOTHING = {"kind": "none", "size": 0}


def arms(*effects):
    return [scheme(name=f"uji-{at}", effect=one, targeting={"rule": "risk"}) for at, one in enumerate(effects)]


def test_money_goes_where_it_does_something():
    plan = scenario(arms(NOTHING, GOOD), years=6)
    found = mix.search(plan, nation(), "arm-0", 400_000_000, "falls_averted", steps=4, seed=3)
    values = [one["value"] for one in found["splits"]]
    assert len(values) == 5
    assert values == sorted(values, reverse=True)
    assert found["splits"][0]["shares"] == {"uji-0": 0.0, "uji-1": 1.0}
    assert found["splits"][-1]["shares"] == {"uji-0": 1.0, "uji-1": 0.0}
    assert (found["splits"][-1]["value"], found["splits"][-1]["worse"]) == (0, True)
    assert not found["splits"][0]["worse"]
    assert found["again"]["value"] > 0
    assert all(one["cost"] <= 400_000_000 for one in found["splits"])


@pytest.mark.parametrize(("language", "words"), [
    ("id", ("tidak ada yang terbaik", "--outcome falls_averted")),
    ("en", ("none is the best", "--outcome falls_averted")),
])  # fmt: skip
def test_where_nothing_lasts_no_split_is_called_the_best_and_falls_are_pointed_to(language, words):
    ends = {"kind": "consumption", "size": 0.5}
    plan = scenario(arms(ends, ends), years=8)
    found = mix.search(plan, nation(2000), "arm-0", 400_000_000, steps=2, seed=1)
    assert found["nothing"]
    lines = list(printed.mixed(found, language, synthetic=False))
    assert words[0] in lines[-2]
    assert words[1] in lines[-1]
    assert not any("100" in line for line in lines[1:]), "no row of noughts"
    other = mix.search(plan, nation(2000), "arm-0", 400_000_000, "falls_averted", steps=2, seed=1)
    assert not other["nothing"]
    assert len([*printed.mixed(other, language, synthetic=False)]) == 5


def test_splits_of_few_families_are_left_out_and_said_to_be():
    plan = scenario(arms(GOOD, GOOD), years=6)
    found = mix.search(plan, nation(2000), "arm-0", 120_000_000, "falls_averted", steps=4, seed=1)
    assert found["left_out"] + len(found["splits"]) == 5
    assert found["left_out"]
    assert any("fewer than" in line for line in printed.mixed(found, "en", synthetic=False))
    with pytest.raises(UserError, match=r"in every split .* fewer than \d+ families"):
        mix.search(plan, nation(2000), "arm-0", 8_000_000, "falls_averted", steps=4, seed=1)


def test_an_outcome_that_ends_too_late_is_refused_with_those_that_can_be_asked():
    """Support of two years from 2027 ends in 2028: 24 months after it are 2030."""
    plan = scenario(arms(GOOD, GOOD), years=3)
    with pytest.raises(UserError) as refused:
        mix.search(plan, nation(), "arm-0", 160_000_000, steps=2, seed=1)
    own, english = words_of(refused.value)
    assert "berakhir 2029, sedangkan bertahan 24 bulan sesudah bantuan baru terlihat pada 2030" in own
    for text in (own, english):
        assert text.startswith("--outcome: ")
        assert text.endswith(": falls_averted, relapses_averted, poor_years_averted")
    assert mix.search(plan, nation(), "arm-0", 160_000_000, "falls_averted", steps=2, seed=1)["splits"]
    assert mix.search(scenario(arms(GOOD, GOOD), years=4), nation(), "arm-0", 160_000_000, steps=2, seed=1)["splits"]


def test_where_one_scheme_ends_too_late_the_others_decide_and_it_is_said():
    """Of two years' support 24 months more are not seen, of one year's nothing lasts: no split is the best."""
    late = scheme(name="lambat", duration=2, effect=GOOD)
    plan = scenario([scheme(name="cepat", duration=1, effect={"kind": "consumption", "size": 0.5}), late], years=3)
    found = mix.search(plan, nation(2000), "arm-0", 400_000_000, steps=1, seed=1)
    assert (found["unseen"], found["nothing"]) == (1, True)
    lines = list(printed.mixed(found, "id", synthetic=False))
    assert "di 1 pembagian skenario berakhir sebelum 24 bulan sesudah bantuan" in lines[1]
    assert "tidak ada yang terbaik" in lines[2]


def test_room_for_less_than_a_family_is_no_split_that_changes_nothing():
    """A family stands for 100, a place costs Rp 2 million: a quarter of Rp 400 million is 50 places, for nobody."""
    families = nation(400, weight=np.full(400, 100.0))
    with pytest.raises(UserError, match=r"in every split .* fewer than \d+ families"):
        mix.search(scenario(arms(GOOD, GOOD)), families, "arm-0", 400_000_000, "falls_averted", steps=4, seed=1)
    with pytest.raises(UserError, match="in every split"):
        mix.search(scenario(arms(GOOD, GOOD)), families, "arm-0", 100_000_000, "falls_averted", steps=1, seed=1)


@pytest.mark.parametrize(("steps", "parts"), [(1, 2), (5, 3), (4, 4)])
def test_every_split_is_tried_once(steps, parts):
    own = list(mix._splits(steps, parts))
    assert len(own) == len(set(own)) == math.comb(steps + parts - 1, parts - 1)
    assert {sum(one) for one in own} == {steps}


def test_equal_schemes_cannot_be_told_apart():
    found = mix.search(scenario(arms(GOOD, GOOD)), nation(), "arm-0", 160_000_000, "lasting_24", steps=2, seed=1)
    assert not any(one["worse"] for one in found["splits"])


def test_what_cannot_be_searched_is_told():
    plan = scenario(arms(GOOD, GOOD))
    for asked, message in (
        ({"arm": "x"}, "has no arm x; there are arm-0"),
        ({"outcome": "luck"}, "no outcome luck; there are lasting_24"),
        ({"steps": 500}, "501 splits; at most 150"),
        ({"steps": 0}, "1 step or more, not 0"),
        ({"steps": -2}, "1 step or more, not -2"),
        ({"budget": -1}, "Rp0 or more, not -1"),
    ):
        with pytest.raises(UserError, match=message):
            mix.search(plan, nation(), **({"arm": "arm-0", "budget": 1} | asked))
    with pytest.raises(UserError, match="needs two schemes or more, and it has 1"):
        mix.search(scenario([scheme()]), nation(), "arm-0", 1)
    with pytest.raises(UserError, match="uji-free: budget: money in rupiah needs a cost for everything"):
        mix.search(scenario([scheme(), scheme(name="uji-free", cost=0)]), nation(), "arm-0", 1)


def test_the_command_prints_the_best_and_writes_all(tmp_path, capsys, families_folder):
    file = tmp_path / "mix.yaml"
    file.write_text(
        "format: 1\nkind: scenario\nname: x\ntitle: {id: x, en: x}\nstart: 2026\nyears: 5\ndraws: 4\narms:\n"
        "  - name: a\n    schemes:\n      - {use: sembako, years: [2027, 2028], places: 1, with: {duration: 1}}\n"
        "      - {use: pkh, years: [2027, 2028], places: 1, with: {duration: 1}}\n"
    )
    out = tmp_path / "mix.json"
    asked = ["schemes", "mix", str(file), "--input", str(families_folder), "--arm", "a", "--budget", "40000000000000"]
    assert main([*asked, "--steps", "2", "--outcome", "poor_years_averted", "--json", str(out)]) == 0
    told = capsys.readouterr().out
    assert "DATA SINTETIS" in told
    assert "Tahun di bawah garis yang dicegah, Rp40,0 triliun dalam 2 langkah" in told
    assert "yang terbaik sekali lagi dengan benih" in told
    assert "besarnya dampak" in told
    assert out.exists()
    assert main([*asked, "--steps", "2", "--outcome", "poor_years_averted", "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert "SYNTHETIC DATA" in told
    assert "the best once more with seed" in told
    assert main([*asked, "--outcome", "luck"]) == 2
    assert np.char.find(capsys.readouterr().err, "tidak ada hasil luck") >= 0


def test_the_scenario_of_the_documentation_can_be_mixed_as_typed():
    text = (Path(__file__).parents[3] / "docs" / "simulation.md").read_text(encoding="utf-8")
    own = text.partition("```yaml\n# my-scenario.yaml\n")[2].partition("```\n")[0]
    (arm,) = set(re.findall(r"schemes mix my-scenario.yaml --arm (\S+)", text))
    plan = scenarios.of(checks.load(own, "my-scenario.yaml"), "my-scenario.yaml")
    found = mix.search(plan, nation(2000), arm, 20_000_000_000, steps=2)
    assert len(found["splits"]) == 3
