"""The YAML of schemes, shocks and scenarios: what ships is in order, and what is wrong is told by file and field."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from features.cli import main
from features.commands import UserError
from models.rule_words import words_of
from models.schemes import checks, described, grounds, library, parts, simulate, sources
from models.schemes import scenario as scenarios
from models.schemes.scenario import Scenario
from tests.models.schemes.worlds import nation, scenario, scheme, shock

REQUIRED = {"pkh", "sembako", "pbi-jkn", "prakerja", "blk", "lapangan-kerja", "aset-pendampingan", "kube", "pena",
            "koperasi", "klaster-rantai-pasok", "graduasi", "pkt", "kur", "pelatihan-penempatan"}  # fmt: skip


def test_every_programme_ships_and_is_in_order():
    assert {one.name for one in library.schemes()} == REQUIRED == set(library.names("schemes"))
    kinds = {one.kind for one in library.shocks()}
    assert kinds >= {"automation", "layoff_wave", "food_price", "harvest", "disaster", "illness", "firm_closure"}


@pytest.mark.parametrize("one", [*library.schemes(), *library.shocks()], ids=lambda one: one.name)
def test_every_shipped_figure_has_a_source_or_says_that_it_has_none(one):
    assert one.references
    for name, figure in one.figures.items():
        assert figure.source, name
        if figure.basis in ("evidence", "arithmetic"):
            assert figure.year, name
            assert figure.source != "the scenario's own"


@pytest.mark.parametrize("one", [*library.schemes(), *library.shocks()], ids=lambda one: one.name)
def test_the_value_of_a_shipped_figure_is_no_end_of_its_range_unless_it_says_so_and_why(one):
    """Answers are compared at the value of each figure: one at its best end is ahead of others in their middle."""
    for name, figure in one.figures.items():
        if figure.low < figure.high and not figure.low < figure.value < figure.high:
            end = "upper" if figure.value == figure.high else "lower"
            assert f"the {end} end of its range: " in figure.note, name


@pytest.mark.parametrize("own", library.schemes(), ids=lambda own: own.name)
def test_what_is_left_after_support_is_written_with_its_source_wherever_a_scheme_lifts(own):
    if own.effect.kind in parts.LIFTING:
        assert own.effect.fade.source not in (checks.DEFAULT, checks.OWN)
        told = described.scheme(own, "en")["figures"]
        assert [row["basis"] for row in told if row["figure"] == "what is left after support ends"]


def test_that_nothing_is_left_stands_among_the_assumptions():
    """A nought that decides the answer is no finding."""
    for name in ("lapangan-kerja", "pelatihan-penempatan", "prakerja", "sembako"):
        own = simulate(scenario([library.raw("schemes", name)], draws=2), nation(100), 1).to_dict()
        (row,) = [row for row in grounds.assumptions(own, "en", deciding=True) if "after support" in row["figure"]]
        assert (row["value"], row["basis"]) == ("0", "assumption")
        assert row["source"] == "what is left after support ends: no figure found; nothing is taken"


def test_a_figure_that_nobody_wrote_is_a_default_of_jaga_and_not_the_authors():
    bare = scheme(effect={"kind": "income", "size": 1_000_000})
    found = simulate(scenario([bare], draws=2), nation(100), 1).to_dict()
    by = {row["figure"]: row["source"] for row in found["assumptions"]}
    nobody = {"exclusion", "inclusion", "setup", "displacement", "effect.fade"}
    assert {name for name, source in by.items() if source == checks.DEFAULT} == nobody
    assert by["cost"] == by["take_up"] == by["effect.size"] == by["growth"] == checks.OWN
    plain = {"format": 1, "kind": "scenario", "name": "x", "title": {"id": "x", "en": "x"}, "start": 2026, "years": 5}
    assert scenarios.of(plain).growth.source == checks.DEFAULT
    assert parts.shock(shock(), "").steepness.source == checks.DEFAULT
    for language, default, own in (("id", "nilai bawaan Jaga", "asumsi skenario ini"),
                                   ("en", "default of Jaga", "the scenario's own")):  # fmt: skip
        told = [row["source"] for row in grounds.assumptions(found, language)]
        assert (told.count(default), told.count(own)) == (5, 4)
    sure = {"value": 0.1, "basis": "evidence", "source": "s", "year": 2020}
    lifting = parts.scheme(scheme(effect={"kind": "consumption", "size": sure}), "").effect
    assert (lifting.basis, lifting.from_evidence) == ("assumption", False), "that nothing is left is no evidence"
    keeping = parts.scheme(scheme(effect={"kind": "protection", "against": "illness", "size": 0.5}), "").effect
    assert keeping.fade is None


@pytest.mark.parametrize("name", ["blk", "pena", "kube", "koperasi", "klaster-rantai-pasok", "pkt", "kur"])
def test_where_no_evidence_was_found_the_effect_is_zero(name):
    own = next(one for one in library.schemes() if one.name == name).effect
    assert (own.kind, own.size.value, own.size.low, own.size.high, own.size.basis) == ("none", 0, 0, 0, "none")


@pytest.mark.parametrize("name", library.names("scenarios"))
def test_the_shipped_scenarios_are_in_order(name):
    own = scenarios.named(name)
    assert own.name == name
    assert own.digest == scenarios.named(name).digest


@pytest.mark.parametrize(("changed", "message"), [
    ({"format": 2}, "x.yaml: format: must be 1"),
    ({"approach": "magic"}, "x.yaml: approach: must be one of jobs"),
    ({"colour": "red"}, "x.yaml: colour: is no rule; there are format, kind"),
    ({"take_up": 1.5}, "x.yaml: take_up: must be a number from 0 to 1, not 1.5"),
    ({"take_up": True}, "x.yaml: take_up: must be a number from 0 to 1, not True"),
    ({"cost": {"value": 1, "basis": "evidence"}}, "x.yaml: cost: source: is missing"),
    ({"cost": {"value": 1, "basis": "evidence", "source": "BPS"}}, "x.yaml: cost: year is missing"),
    ({"cost": {"value": 1, "basis": "none", "source": "-"}}, "x.yaml: cost: value must be 0 where the basis is none"),
    ({"cost": {"value": 5, "low": 6, "basis": "assumption", "source": "-"}},
     "x.yaml: cost: value must lie from low to high"),
    ({"cost": {"value": 5_000_000, "low": 4_000_000, "high": 6_000_000, "basis": "assumption", "source": "-"}},
     "x.yaml: cost: no range of it (4,000,000 to 6,000,000) is lived: write value alone"),
    ({"cost": {"value": 5, "unit": "dollars", "basis": "assumption", "source": "-"}},
     "x.yaml: cost: unit: must be one of rupiah a family a year"),
    ({"effect": {"kind": "none", "size": 0.1}}, "x.yaml: effect: size must be 0"),
    ({"effect": {"kind": "protection", "size": 0.1}}, "x.yaml: effect: against names the shock"),
    ({"effect": {"kind": "consumption"}}, "x.yaml: effect: size: is missing"),
    ({"eligibility": {"desil": [4, 1]}}, "x.yaml: eligibility: desil: must not begin above its end"),
    ({"eligibility": {"provinces": [32]}}, "x.yaml: eligibility: provinces: must be a list of codes in quotes"),
    ({"eligibility": {"provinces": ["320"]}}, "x.yaml: eligibility: provinces: must be codes of 2 digits, not 320"),
    ({"eligibility": {"sections": ["Z"]}}, "x.yaml: eligibility: sections: must be one of A, B"),
    ({"targeting": {"rule": "luck"}}, "x.yaml: targeting: rule: must be one of risk"),
    ({"ramp": [1.0, 0.5]}, "x.yaml: ramp: must not fall"),
    ({"dated": "yesterday"}, "x.yaml: dated: must be a date as 2026-11-24"),
    ({"references": []}, "x.yaml: references: must be a list"),
])  # fmt: skip
def test_an_error_names_file_field_and_rule(changed, message):
    with pytest.raises(UserError) as found:
        parts.scheme(scheme(**changed), "x.yaml: ")
    assert str(found.value).startswith(message)


def test_a_range_that_nothing_lives_is_refused_and_not_left_out():
    wide = {"value": 0.2, "low": 0.1, "high": 0.3, "basis": "assumption", "source": "-"}
    told = r"no range of it \(0.1 to 0.3\) is lived"
    for changed, field in (({"take_up": wide}, "take_up"), ({"setup": wide}, "setup"), ({"cost": wide}, "cost"),
                           ({"targeting": {"rule": "risk", "exclusion": wide}}, "targeting: exclusion"),
                           ({"targeting": {"rule": "risk", "inclusion": wide}}, "targeting: inclusion")):  # fmt: skip
        with pytest.raises(UserError, match=f"x: {field}: {told}"):
            parts.scheme(scheme(**changed), "x: ")
    own = {"format": 1, "kind": "scenario", "name": "x", "title": {"id": "x", "en": "x"}, "start": 2026, "years": 5}
    below = {"ratio": 1.5, "growth": wide}
    with pytest.raises(UserError, match=f"s.yaml: growth_below: growth: {told}"):
        scenarios.of(own | {"growth_below": below}, "s.yaml")
    assert scenarios.of(own | {"growth": wide}).growth.high == 0.3
    same = {**wide, "low": 0.2, "high": 0.2}
    assert parts.scheme(scheme(take_up=same), "").take_up.value == 0.2


def test_errors_of_shocks_and_scenarios():
    with pytest.raises(UserError, match=r"x: steepness: goes with exposure"):
        parts.shock(shock(steepness=2), "x: ")
    with pytest.raises(UserError, match=r"x: size: must be a number from 0 to 0\.95, not -0\.2"):
        parts.shock(shock(size=-0.2), "x: ")  # what is lost is no gain
    own = {"format": 1, "kind": "scenario", "name": "x", "title": {"id": "x", "en": "x"}, "start": 2026, "years": 5}
    arm = {"name": "a", "schemes": [{"use": "pkh", "years": [2027, 2027], "places": 5}]}
    assert scenarios.of(own | {"arms": [arm]}).arms[0].schemes[0].scheme.name == "pkh"
    for changed, message in (
        ({"use": "pkk"}, r"s.yaml: arms 1: schemes 1: use: no scheme is called pkk; there are aset"),
        ({"years": [2026, 2027]}, r"s.yaml: arms 1: schemes 1: years: must lie in the simulated years, 2027 to 2031"),
        ({"places": None}, r"s.yaml: arms 1: schemes 1: places: must be a whole number"),
        ({"with": {"cost": -1}}, r"s.yaml: arms 1: schemes 1: pkh: cost: must be a number"),
        ({"with": {"costs": 1}}, r"s.yaml: arms 1: schemes 1: pkh: costs: is no rule"),
    ):
        with pytest.raises(UserError, match=message):
            scenarios.of(own | {"arms": [arm | {"schemes": [arm["schemes"][0] | changed]}]}, "s.yaml")
    with pytest.raises(UserError, match=r"arms: a stands there twice"):
        scenarios.of(own | {"arms": [arm, arm]})
    with pytest.raises(UserError, match=r"schemes 1: places: is missing: write places"):
        scenarios.of(own | {"arms": [{"name": "a", "schemes": [{"use": "pkh", "years": [2027, 2027]}]}]})


def test_what_a_scenario_writes_is_its_own_assumption():
    own = {"format": 1, "kind": "scenario", "name": "x", "title": {"id": "x", "en": "x"}, "start": 2026, "years": 5,
           "arms": [{"name": "a", "schemes": [{"use": "pkh", "years": [2027, 2027], "places": 5, "with": {
               "take_up": 0.5, "effect": {"fade": 0.2}, "eligibility": {"provinces": ["32"]}}}]}]}  # fmt: skip
    found = scenarios.of(own).arms[0].schemes[0].scheme
    assert (found.take_up.value, found.take_up.basis) == (0.5, "assumption")
    assert found.effect.fade.value == 0.2
    assert found.effect.size.value == 2_870_000
    assert (found.eligibility.provinces, found.eligibility.desil) == (("32",), (1, 4))


def test_yaml_that_says_a_thing_twice_or_is_none_is_refused():
    with pytest.raises(UserError, match=r"x.yaml: cost stands there twice, line 1 column 1"):
        checks.load("cost: 1\ncost: 2\n", "x.yaml")
    with pytest.raises(UserError, match=r"x.yaml: is not YAML"):
        checks.load("a: [", "x.yaml")
    with pytest.raises(UserError, match=r"x.yaml: must be keys with values"):
        checks.load("- 1\n", "x.yaml")


@pytest.mark.parametrize(("field", "code", "kind"), [
    ("provinces", "99", "province"), ("regencies", "9999", "regency"), ("regencies", "3299", "regency"),
])  # fmt: skip
def test_a_code_of_no_place_is_refused_by_field_and_code(field, code, kind):
    with pytest.raises(UserError, match=rf"eligibility: {field}: no {kind} has these BPS codes: {code}"):
        parts.scheme(scheme(eligibility={field: [code]}), "")
    with pytest.raises(UserError, match=rf"scope: {field}: no {kind} has these BPS codes: {code}"):
        parts.shock(shock(scope={field: [code]}), "")
    assert parts.scheme(scheme(eligibility={"provinces": ["94"], "regencies": ["3273"]}), "").eligibility.provinces


def test_a_division_that_kbli_does_not_have_is_refused_by_name():
    with pytest.raises(UserError, match=r"eligibility: divisions: no division of KBLI 2020 has these codes: 04, 34"):
        parts.scheme(scheme(eligibility={"divisions": ["01", "04", "34"]}), "")
    with pytest.raises(UserError, match=r"scope: divisions: no division of KBLI 2020 has these codes: 04"):
        parts.shock(shock(scope={"divisions": ["04"]}), "")


def planned(**of_scheme: object) -> dict[str, object]:
    """A scenario of one scheme as YAML has it."""
    return {"format": 1, "kind": "scenario", "name": "uji", "title": {"id": "Uji", "en": "Test"}, "start": 2026,
            "years": 5, "draws": 2,
            "arms": [{"name": "a", "schemes": [{"years": [2027, 2027], **of_scheme}]}]}  # fmt: skip


@pytest.mark.parametrize("name", ["blk", "aset-pendampingan", "lapangan-kerja", "graduasi"])
def test_money_needs_a_cost_for_everything_that_it_buys(name):
    """Money that limits nobody is refused by scheme, field and what to write instead; with the cost it is taken."""
    with pytest.raises(UserError) as error:
        scenarios.of(planned(use=name, budget=10**12))
    own, english = words_of(error.value)
    assert english.startswith("scenario: arms 1: schemes 1: budget: money in rupiah needs a cost for everything")
    for told in (own, english):
        assert f"{name} " in told
        assert "(cost)" in told
        assert "(places)" in told or "write places in the budget's stead" in told
    scenarios.of(planned(use=name, budget=10**12, **{"with": {"cost": 3_000_000}}))
    scenarios.of(planned(use=name, places=1000))


def test_money_for_what_costs_nothing_is_refused_too():
    free = {"cost": 0, "setup": 0}
    with pytest.raises(UserError, match=r"budget: money in rupiah needs a cost"):
        scenarios.of(planned(use="pkh", budget=10**12, **{"with": free}))


@pytest.mark.parametrize("command", [["schemes", "check"], ["simulate"]])
def test_check_and_simulate_refuse_money_without_a_cost_in_the_same_words(command, tmp_path, capsys, families_folder):
    file = tmp_path / "mine.yaml"
    file.write_text(yaml.safe_dump(planned(use="blk", budget=10**12)))
    more = ["--input", str(families_folder)] if command == ["simulate"] else []
    assert main([*command, str(file), *more, "--language", "en"]) > 0
    told = capsys.readouterr()
    assert "mine.yaml: arms 1: schemes 1: budget: money in rupiah needs a cost for everything" in told.out + told.err


FAULTS = """
format: 1
kind: scenario
name: UJI
title: {id: "", en: x, fr: y}
start: 2026
years: 8
growth: {value: 9, basis: guess}
colour: red
shocks:
  - {use: gelombang-phk, years: [2020, 2021]}
  - {use: tidak-ada, years: [2027, 2028]}
arms:
  - name: a
    schemes:
      - {use: aset-pendampingan, years: [2027, 2030]}
      - {use: lapangan-kerja, years: [2027], places: -3, with: {take_up: 7, effect: {size: x, fade: 4}}}
"""
FIELDS = [
    "name: must be", "title: id: must be", "title: fr: is no rule", "growth: value: must be", "growth: basis: must be",
    "growth: source: is missing", "shocks 1: years: must lie", "shocks 2: use: no shock is called tidak-ada",
    "arms 1: schemes 1: places: is missing", "arms 1: schemes 2: years: must be",
    "arms 1: schemes 2: lapangan-kerja: take_up: must be", "arms 1: schemes 2: lapangan-kerja: effect: size: must be",
    "arms 1: schemes 2: lapangan-kerja: effect: fade: must be", "arms 1: schemes 2: places: must be",
    "colour: is no rule",
]  # fmt: skip


def test_every_fault_of_a_file_is_told_at_once_each_by_its_field(tmp_path, capsys):
    """And nothing that only follows from another fault: no line is told of what cannot be known."""
    file = tmp_path / "mine.yaml"
    file.write_text(FAULTS)
    assert main(["schemes", "check", str(file), "--language", "en"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(FIELDS)
    for line, begins in zip(lines, FIELDS, strict=True):
        assert line.startswith(f"mine.yaml: {begins}")
    file.write_text(FAULTS.replace("years: 8", "years: eight"))
    assert main(["schemes", "check", str(file)]) == 1
    assert "shocks 1: years" not in capsys.readouterr().out, "years are held against none that are not known"
    file.write_text("format: 2\nkind: scenario\ncolour: red\n")
    assert main(["schemes", "check", str(file)]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1, "of another format nothing else can be said"


def test_a_double_name_and_a_refused_range_are_told_beside_other_faults_of_the_same_place(tmp_path, capsys):
    """Else who mends the source of a figure is told of its range only at the next try."""
    one = {"use": "pkh", "years": [2027, 2030], "places": 5}
    cost = {"value": 3, "low": 9, "high": 2}
    taken = {"value": 0.5, "low": 0.2, "high": 0.9}
    arms = [{"name": "b", "schemes": [one | {"places": -3}]},
            {"name": "b", "schemes": [one | {"with": {"cost": cost, "take_up": taken}}]}]  # fmt: skip
    file = tmp_path / "mine.yaml"
    whole = {"format": 1, "kind": "scenario", "name": "x", "title": {"id": "U", "en": "T"}, "start": 2026, "years": 5}
    file.write_text(json.dumps(whole | {"arms": arms}))
    assert main(["schemes", "check", str(file), "--language", "en"]) == 1
    told = capsys.readouterr().out
    for line in ("arms 1: schemes 1: places: must be", "cost: basis: is missing",
                 "cost: value must lie from low to high, not 9, 3, 2", "take_up: source: is missing",
                 "take_up: no range of it (0.2 to 0.9) is lived", "arms: b stands there twice"):  # fmt: skip
        assert line in told, told
    file.write_text(json.dumps(whole | {"arms": [{"name": "b", "schemes": [one | {"places": 0}]}]}))
    assert main(["schemes", "check", str(file), "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert "b: no family takes part, so nothing changes and nothing is spent." in told
    assert "several years" not in told, "nobody joins in any"


def test_every_fault_of_a_scheme_and_of_a_shock_is_told(tmp_path, capsys):
    pkh = library.raw("schemes", "pkh") | {"targeting": {"rule": "luck", "speed": 1}, "duration": 0}
    shock = library.raw("shocks", "gelombang-phk") | {"hazard": 3, "exposure": "frey_osborne", "steepness": 0}
    for own, keys in ((pkh, ("duration", "targeting: rule", "targeting: speed")), (shock, ("hazard", "steepness"))):
        file = tmp_path / "own.yaml"
        file.write_text(yaml.safe_dump(own))
        assert main(["schemes", "check", str(file)]) == 1
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == len(keys)
        assert all(any(line.startswith(f"own.yaml: {key}: ") for line in lines) for key in keys), lines
    broken = pkh | {"targeting": 7, "duration": 1}
    file.write_text(yaml.safe_dump(broken))
    assert main(["schemes", "check", str(file)]) == 1
    assert len(capsys.readouterr().out.splitlines()) == 1, "keys of a block that is none are not missed"


@pytest.mark.parametrize("what", ["places", "budget"])
def test_too_many_places_and_too_much_money_are_told_the_upper_limit(what):
    found = {"format": 1, "kind": "scenario", "name": "uji", "title": {"id": "Uji", "en": "Test"}, "start": 2026,
             "years": 5, "arms": [{"name": "a", "schemes": [{"use": "pkh", "years": [2027, 2027],
                                                             what: 10**15 + 1}]}]}  # fmt: skip
    with pytest.raises(UserError, match=rf"{what}: must be a whole number from 0 to 1,000,000,000,000,000, not"):
        scenarios.of(found)


def test_what_is_listed_is_the_weakest_basis_of_an_effect():
    """So no list says evidence of what is labelled a model's response."""
    for own in library.schemes():
        assert (own.effect.basis == "evidence") == own.effect.from_evidence
        assert own.effect.basis in {one.basis for one in own.effect.figures.values()}
    by = {own.name: own for own in library.schemes()}
    assert by["graduasi"].effect.basis == by["aset-pendampingan"].effect.basis == "assumption"
    # A middle is no published effect, and what was tried is the whole package: not an asset with coaching alone.
    assert {by[name].effect.size.basis for name in ("graduasi", "aset-pendampingan", "prakerja", "pbi-jkn")} == {
        "assumption"}  # fmt: skip
    assert scenarios.named("robot-tekstil-jawa").shocks[0].shock.hazard.basis == "assumption"  # half is taken
    assert "whole graduation package" in by["aset-pendampingan"].effect.size.source
    assert by["blk"].effect.basis == "none"
    # 0 to +10 % of earnings in the pandemic; half of it outside one.
    size = by["prakerja"].effect.size
    assert (size.low, size.value, size.high) == (0.0, 0.025, 0.05)
    for own in (by["graduasi"], by["aset-pendampingan"]):
        assert described.scheme(own, "id")["basis"] == "asumsi"


def test_what_was_measured_of_farm_income_is_an_assumption_of_a_lost_job():
    fades = {own.name: own.fade for own in library.shocks() if "Newhouse" in own.fade.source}
    assert {name: fades[name].basis for name in ("gelombang-phk", "otomatisasi", "usaha-kecil-tutup")} == dict.fromkeys(
        ("gelombang-phk", "otomatisasi", "usaha-kecil-tutup"), "assumption")  # fmt: skip


def test_displacement_is_among_the_deciding_assumptions():
    pushing = {"value": 0.25, "low": 0.0, "high": 0.5, "basis": "assumption", "source": "test"}
    own = simulate(scenario([scheme(displacement=pushing)], draws=2), nation(100), 1).to_dict()
    (row,) = [row for row in grounds.assumptions(own, "id", deciding=True) if "terdesak" in row["figure"]]
    assert row["value"] == "0,25 (0 - 0,5)"
    plain = simulate(scenario([scheme()], draws=2), nation(100), 1).to_dict()
    assert not any("terdesak" in row["figure"] for row in grounds.assumptions(plain, "id", deciding=True))


def test_every_source_of_the_library_has_words_in_bahasa_indonesia():
    """Titles of studies and addresses stay as they are; English words round them do not."""
    english = re.compile(r"\b(the|of|not|found|as|is|a|and|in|by|for|no|to)\b")
    texts = set()
    for own in (*library.schemes(), *library.shocks(), *map(scenarios.named, library.names("scenarios"))):
        figures = list(own.figures.values())
        if isinstance(own, Scenario):
            figures += [one for coming in own.shocks for one in coming.shock.figures.values()]
            figures += [one for arm in own.arms for it in arm.schemes for one in it.scheme.figures.values()]
        texts |= {text for one in figures for text in (one.source, one.note, one.lacks) if text}
        texts |= {text for one in getattr(own, "references", ()) for text in (one.text, one.source)}
    titles = {text for text in texts if text not in sources.WORDS}
    own_words = {"Newhouse, Do Negative Income Shocks Last Longer, and Do They Hurt the Poor More? Evidence from Rural "
                 "Indonesia", checks.OWN}  # fmt: skip
    told = {text for text in titles if english.search(text)} - own_words
    assert not told, "words in Bahasa Indonesia go into WORDS of models/schemes/sources.py"
    assert not set(sources.WORDS) - texts, "words of what no file says any more"
    assert all(sources.told(text, "en") == text for text in texts)
