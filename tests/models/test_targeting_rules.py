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
