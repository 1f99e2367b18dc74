"""Rules: read, checked with key and rule, written back the same."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from hypothesis import given

from features.commands import UserError
from models.targeting import RuleError, Rules, Scheme
from models.targeting import rules as rules_of
from tests.models.drawing import rules

TEXT = """\
format = 1
name = "PKH adaptif, Kab. Bandung \\"TW IV\\" 2026"
period = "2026Q4"
order = "need"
need = "size"
budget = 1250000000
random = 0.03
reserve = 0.1
hysteresis = 0.2
band = 20
kept_out = ["died", "below"]

[fast_lane]
share = 0.05
shocks = ["job_loss", "disaster"]
days = 90

[[scheme]]
name = "pkh"
cost = 3000000
budget = 900000000
rungs = ["vulnerable", "aspiring"]
rung_unknown = true
most_poor_now = 0.3
kinds = ["relapse", "unknown_history"]
without = ["pkh"]
programme_unknown = true
[scheme.quota]
"3204" = 400
"3273" = 150

[[scheme]]
name = "pena"
cost = 2400000
[scheme.quota]
"" = 25
"""


def test_rules_are_read_and_written_back_byte_for_byte() -> None:
    found = rules_of.read(TEXT)
    assert rules_of.write(found) == TEXT
    assert found.areas == ("", "3204", "3273")
    assert found.schemes[1] == Scheme("pena", 2_400_000, (("", 25),))
    assert found.fast_lane is not None
    assert found.fast_lane.shocks == ("job_loss", "disaster")
    assert len(found.digest) == 64
    assert rules_of.of(rules_of.plain(found)) == found


def test_another_writing_of_the_same_rules_is_the_same_list() -> None:
    loose = "# catatan\n" + TEXT.replace("0.03", "3e-2").replace("1250000000", "1_250_000_000")
    swapped = loose.replace('"3204" = 400\n"3273" = 150', '"3273" = 150\n"3204" = 400')
    assert rules_of.read(swapped).digest == rules_of.read(TEXT).digest
    assert rules_of.read(TEXT.replace("band = 20", "band = 21")).digest != rules_of.read(TEXT).digest


@given(rules())
def test_any_rules_come_back_from_their_text(own: Rules) -> None:
    text = rules_of.write(own)
    assert rules_of.read(text) == own
    assert rules_of.write(rules_of.read(text)) == text


@pytest.mark.parametrize(("old", "new", "key", "rule"), [
    ("format = 1", "format = 2", "format", "must be 1"),
    ('period = "2026Q4"', 'period = "TW IV"', "period", "2026Q4"),
    ('period = "2026Q4"', 'period = "2026Q9"', "period", "a quarter as 2026Q4"),
    ('period = "2026Q4"', "period = 2026", "period", "in quotes"),
    ('name = "PKH', 'nama = "PKH', "name", "is missing"),
    ('order = "need"', 'order = "desil"', "order", "one of risk, need"),
    ('need = "size"', 'need = "income"', "need", "one of size, gap"),
    ('need = "size"\n', "", "need", "only then"),
    ('order = "need"\n', "", "need", "only then"),
    ("budget = 1250000000", "budget = -1", "budget", "whole number of 0 or more"),
    ("budget = 1250000000", "budget = 1.5", "budget", "whole number"),
    ("budget = 1250000000", "budget = true", "budget", "whole number"),
    ("random = 0.03", "random = 0.3", "random", "from 0.02 to 0.05 (2 to 5 %)"),
    ("random = 0.03", "random = 0.01", "random", "from 0.02 to 0.05"),
    ("random = 0.03", "random = 3", "random", "a share from 0 to 1"),
    ("random = 0.03", "random = nan", "random", "a share"),
    ("random = 0.03", "random = 0.0312345678", "random", "six decimals"),
    ("hysteresis = 0.2", "hysteresis = 0.6", "hysteresis", "from 0 to 0.5"),
    ("band = 20", 'band = "20"', "band", "whole number from 0 to 10,000"),
    ("band = 20", "band = 20\nkuota = 3", "kuota", "is no rule; there are format, name"),
    ("share = 0.05", "share = 0.9", "fast_lane: share", "from 0 to 0.5"),
    ('"job_loss", ', '"phk", ', "fast_lane: shocks", "one of illness"),
    ('["job_loss", "disaster"]', "[]", "fast_lane: shocks", "one at least"),
    ('["job_loss", "disaster"]', '["disaster", "disaster"]', "fast_lane: shocks", "different"),
    ("days = 90", "days = 0", "fast_lane: days", "from 1 to 731"),
    ('name = "pkh"', 'name = "=1+1"', "scheme 1: name", "short name"),
    ('name = "pena"', 'name = "pkh"', "scheme", "pkh stands there twice"),
    ("cost = 3000000", "cost = 0", "scheme 1: cost", "whole number of 1 or more"),
    ('"vulnerable", "aspiring"', '"poor"', "scheme 1: rungs", "one of vulnerable"),
    ("rung_unknown = true\n", "", "scheme 1: rung_unknown", "must be written"),
    ("cost = 2400000", "cost = 2400000\nrung_unknown = true", "scheme 2: rung_unknown", "only there"),
    ("programme_unknown = true\n", "", "scheme 1: programme_unknown", "receives or without"),
    ('without = ["pkh"]', 'without = ["pkh"]\nreceives = ["pkh"]', "scheme 1: without", "nobody could be"),
    ('kinds = ["relapse", ', 'kinds = ["kambuh", ', "scheme 1: kinds", "one of relapse"),
    ('"3204" = 400', '"3204" = -4', "scheme 1: quota", '"3204" must be a whole number of 0'),
    ('"3204" = 400', '"32041" = 4', "scheme 1: quota", "area '32041'"),
    ('"3204" = 400', '"32" = 4\n"3204" = 400', "scheme 1: quota", '"3204" lies in "32"'),
    ('"" = 25', '"" = 25\n"31" = 1', "scheme 2: quota", '"31" lies in ""'),
    ('"" = 25', '"" = 25\n"3101" = 1', "scheme 2: quota", '"3101" lies in ""'),
    ('"" = 25', "", "scheme 2: quota", "places by area"),
    ('"3204" = 400', '"\uff13\uff11" = 4', "scheme 1: quota", "two digits for a province"),
    ('"3204" = 400', "\n".join(f'"{code}" = 1' for code in range(1000, 1601)), "scheme 1: quota", "600 areas at most"),
    ('[[scheme]]\nname = "pkh"', "[[scheme]]\n" * 99 + '[[scheme]]\nname = "pkh"', "scheme", "100 schemes at most"),
])  # fmt: skip
def test_a_bad_rule_is_named_with_its_key(old: str, new: str, key: str, rule: str) -> None:
    assert old in TEXT
    with pytest.raises(RuleError) as told:
        rules_of.read(TEXT.replace(old, new, 1))
    assert told.value.key == key
    assert rule in told.value.rule
    assert str(told.value).startswith(f"{key}: {told.value.rule}")
    # A command in Bahasa Indonesia tells the same in it, key and values as they are written.
    own = told.value.words[0]
    assert own.startswith(f"{key}: ")
    assert not set(own.replace(",", " ").replace(";", " ").split()) & {"must", "is", "only", "lies", "stands", "a"}


def test_what_is_no_toml_and_no_scheme_is_refused() -> None:
    with pytest.raises(UserError, match="not TOML"):
        rules_of.read("name = ")
    whole: dict[str, Any] = rules_of.plain(rules_of.read(TEXT))
    for scheme in ([], "pkh", [3]):
        with pytest.raises(RuleError, match=r"^scheme: must be|must be a table"):
            rules_of.of(whole | {"scheme": scheme})
    with pytest.raises(RuleError, match="fast_lane: must be a table"):
        rules_of.of(whole | {"fast_lane": 3})
    for name in ("", "  ", "a\nb", "x" * 121, "\x00", 3):
        with pytest.raises(RuleError, match="name: must be one line"):
            rules_of.of(whole | {"name": name})


def test_every_key_counts_towards_the_hash() -> None:
    own = rules_of.read(TEXT)
    other = {"name": "x", "period": "2026", "budget": 1, "random": 0.0, "reserve": 0.0, "hysteresis": 0.0, "band": 0,
             "fast_lane": None, "kept_out": (), "schemes": own.schemes[:1], "need": "gap", "order": "risk"}  # fmt: skip
    assert set(other) == {one.name for one in dataclasses.fields(Rules)}
    changed = [dataclasses.replace(own, **{key: value}).digest for key, value in other.items()]
    assert len({own.digest, *changed}) == len(other) + 1


@pytest.mark.parametrize(("key", "where", "good", "bad"), [
    ("name", "", ["x" * 120, "x"], ["x" * 121, ""]), ("budget", "", [0, 10**15], [-1, 10**15 + 1]),
    ("random", "", [0, 0.02, 0.05], [0.019999, 0.050001, -0.01, 1.01]),
    ("reserve", "", [0, 1, 5], [-0.000001, 5.000001]), ("hysteresis", "", [0, 0.5], [-0.000001, 0.500001]),
    ("band", "", [0, 10_000], [-1, 10_001, 2.5]), ("period", "", ["2026", "2026Q1"], ["2026Q5", 2026]),
    ("kept_out", "", [[], ["died"], ["below", "moved"]], [["died", "died"], ["sold"], "died"]),
    ("share", "fast_lane", [0, 0.5], [-0.000001, 0.500001]), ("days", "fast_lane", [1, 731], [0, 732]),
    ("cost", "scheme", [1, 10**15], [0, 10**15 + 1, True, 1.0]), ("budget", "scheme", [0], [-1]),
    ("most_poor_now", "scheme", [0, 1, 0.123456], [-0.000001, 1.000001, 0.1234567, True, "0.1"]),
    ("name", "scheme", ["a", "a" + "b" * 39], ["a" + "b" * 40, "", "1a", "A"]),
    ("rungs", "scheme", [["vulnerable"], ["middle", "aspiring"]], [["poor"], [], "middle"]),
    ("quota", "scheme", [{"": 0}, {"32": 10**15}, {f"{at}": 1 for at in range(1000, 1600)}, {"3204": 1, "3205": 2}],
     [{}, {"32": -1}, {"32": 10**15 + 1}, {"320": 1}, {f"{at}": 1 for at in range(1000, 1601)}, {"32": 1, "3204": 1},
      {"": 1, "32": 1}]),
    ("rung_unknown", "scheme", [True, False], [0, 1, None]),
])  # fmt: skip
def test_every_rule_holds_to_its_bound_and_not_beyond(key: str, where: str, good: list[Any], bad: list[Any]) -> None:
    def read(value: Any) -> Rules:
        whole = rules_of.plain(rules_of.read(TEXT))
        place = whole if not where else whole["fast_lane"] if where == "fast_lane" else whole["scheme"][0]
        place[key] = value
        return rules_of.of(whole)

    for value in good:
        found = read(value)
        assert rules_of.of(rules_of.plain(found)) == found
    for value in bad:
        with pytest.raises(RuleError) as told:
            read(value)
        assert told.value.key.endswith(key)
        assert [one.key for one in told.value.all] == [told.value.key], value
        large = value in (10**15 + 1, {"32": 10**15 + 1})
        assert ("1,000,000,000,000,000" in told.value.rule) is large, (
            "a bound that nobody meets is told to who passes it"
        )


def test_what_is_not_written_is_as_usual() -> None:
    short = {"name": "x", "period": "2026", "scheme": [{"name": "pkh", "cost": 1, "quota": {"32": 1}}]}
    found = rules_of.of(short)
    assert found == Rules("x", "2026", (Scheme("pkh", 1, (("32", 1),)),))
    assert (found.order, found.need, found.budget, found.fast_lane) == ("risk", None, None, None)
    assert (found.random, found.reserve, found.hysteresis, found.band) == (0.03, 0.1, 0.0, 20)
    assert found.kept_out == ("died", "moved")
    own = found.schemes[0]
    assert (own.budget, own.rungs, own.rung_unknown, own.most_poor_now) == (None, (), False, None)
    assert (own.kinds, own.receives, own.without, own.programme_unknown) == ((), (), (), False)
    assert rules_of.plain(found)["format"] == 1
    many = rules_of.of(short | {"scheme": [{"name": f"s{at}", "cost": 1, "quota": {"32": 1}} for at in range(100)]})
    assert len(many.schemes) == 100
    with pytest.raises(RuleError, match="100 schemes at most"):
        rules_of.of(short | {"scheme": [{"name": f"s{at}", "cost": 1, "quota": {"32": 1}} for at in range(101)]})


def test_all_that_is_wrong_is_told_at_once_in_both_languages() -> None:
    whole = rules_of.plain(rules_of.read(TEXT))
    with pytest.raises(RuleError) as told:
        rules_of.of(whole | {"band": -1, "format": 3, "scheme": [{"name": "a", "cost": 0, "quota": {"": 1}}]})
    found = told.value
    assert [one.key for one in found.all] == ["format", "band", "scheme 1: cost"]
    assert str(found).splitlines() == [f"{one.key}: {one.rule}" for one in found.all]
    assert [line.partition(" ")[0] for line in found.words[0].splitlines()] == ["format:", "band:", "scheme"]
    assert found.words[0] != found.words[1]
    with pytest.raises(UserError, match="not TOML") as broken:
        rules_of.read("a = 1\nb = = 2\n")
    assert broken.value.words[0].endswith("pada baris 2, kolom 5")
    with pytest.raises(UserError, match="nested too deeply") as broken:
        rules_of.read(f"a = {'[' * 5000}")
    assert "terlalu dalam" in broken.value.words[0]
