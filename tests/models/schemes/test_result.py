"""What a simulation tells: two ranges apart, verdicts that stay undecided, labels, files, goal and published."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.commands import UserError
from features.contract import RUNGS
from models import charts
from models.dynamics import Dynamics
from models.numbers import number, signed
from models.schemes import (
    beside,
    brief,
    classes,
    grounds,
    judging,
    lasting,
    library,
    named,
    output,
    pictures,
    printed,
    projection,
    published,
    simulate,
    spread,
    tables,
    telling,
    way,
)
from models.schemes import scenario as scenarios
from models.schemes.ranges import difference, ranged, two_ranges, verdict
from models.schemes.run import prepare
from tests.conftest import ROOT
from tests.models.schemes.worlds import CHAIN, nation, scenario, scheme, shock

RANGED = {"kind": "consumption", "size": {"value": 0.2, "low": 0.0, "high": 0.4, "basis": "evidence", "source": "s",
                                          "year": 2020},
          "fade": {"value": 0.0, "basis": "evidence", "source": "s", "year": 2020}}  # fmt: skip


@pytest.fixture(scope="module")
def found():
    arms = ([], [scheme(effect=RANGED)], [scheme(effect={"kind": "consumption", "size": 0.2}, places=400)])
    own = scenario(*arms, shocks=(shock(),), years=8)
    return simulate(own, nation(), 3).to_dict()


def test_it_is_plain_and_has_what_is_needed_to_run_it_again(found):
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["seed"] == 3
    assert found["data"]["synthetic"]
    assert found["data"]["label"]["id"] == "Data sintetis"
    assert len(found["scenario"]["sha256"]) == 64
    assert {one["figure"] for one in found["assumptions"]} >= {"hazard", "effect.size", "cost", "growth"}


def test_an_arm_without_schemes_changes_nothing_and_costs_nothing(found):
    nothing = found["arms"][0]
    assert nothing["outcomes"]["falls_averted"] == {"value": 0, "draws": [0, 0], "effects": [0, 0]}
    assert nothing["outcomes"]["cost"]["value"] == 0
    assert nothing["outcomes"]["cost_per_lasting_24"]["value"] is None
    assert nothing["rungs"] == found["without"]["rungs"]


def test_only_evidence_goes_without_the_label(found):
    _, evidence, assumed = found["arms"]
    assert (evidence["evidence"], evidence["label"]) == (True, None)
    assert assumed["label"] == {"id": "Respons model, bukan dampak", "en": "Model response, not effect"}


def test_the_two_ranges_are_apart(found):
    figure = found["arms"][1]["outcomes"]["falls_averted"]
    assert figure["effects"][0] == 0
    assert figure["effects"][0] < figure["value"] < figure["effects"][1]
    assert figure["draws"][0] < figure["value"] < figure["draws"][1]
    point = found["arms"][2]["outcomes"]["falls_averted"]
    assert point["effects"] == [point["value"], point["value"]]


def test_a_verdict_needs_both_ranges_clear_of_zero(found):
    assert verdict("lasting_24", [(1, 2), (0.5, 3)]) == "first"
    assert verdict("lasting_24", [(-2, -1), (-3, -0.5)]) == "second"
    assert verdict("cost", [(1, 2), (1, 2)]) == "second"
    assert verdict("lasting_24", [(1, 2), (-0.1, 3)]) == "undecided"
    assert verdict("lasting_24", [(1, 2), (-3, -1)]) == "undecided"
    assert verdict("lasting_24", [(None, None)]) == "undecided"
    by = {(one["first"], one["second"]): one["outcomes"] for one in found["differences"]}
    assert by["arm-0", "arm-1"]["falls_averted"]["verdict"] == "unreached"  # arm-0 has nobody in it
    assert by["arm-0", "arm-2"]["falls_averted"]["verdict"] == "second"
    assert by["arm-0", "arm-2"]["cost"]["verdict"] == "first"


def test_a_price_without_end_is_no_number():
    price = np.array([10.0, 20.0, np.inf, 20.0])
    assert ranged(price, price=True)["value"] == pytest.approx(4 / (1 / 10 + 1 / 20 + 1 / 20))
    assert ranged(price, price=True)["high"] is None
    assert two_ranges(price[:2], np.full(2, np.inf), price[:2], price=True)["effects"] == [pytest.approx(40 / 3), None]
    assert ranged(np.array([np.nan]))["value"] is None


@given(st.lists(st.one_of(st.just(0.0), st.floats(-1e9, 1e9)), min_size=1, max_size=120), st.booleans())
def test_the_mean_lies_within_its_ranges(values, price):
    draws = np.abs(values) + 1 if price else np.array(values)
    own = ranged(draws, price=price)
    assert own["low"] <= own["value"] <= own["high"]
    told = two_ranges(draws, draws / 2, draws * 3, price=price)
    for low, high in (told["draws"], told["effects"]):
        assert low <= told["value"] <= high
    other = {"value": {"falls_averted": draws[::-1] / 3}}
    found = difference("falls_averted", {"value": {"falls_averted": draws}}, other)
    for low, high in (found["draws"], found["effects"]):
        assert low <= found["value"] <= high


def test_three_families_in_a_hundred_draws_are_told_as_few_whose_range_holds_nought():
    """Each row stands for 2,000 families: a mean of 60 is one of them in three draws of a hundred."""
    draws = np.zeros(100)
    draws[:3] = 2000.0
    figure = two_ranges(draws, draws)
    assert (figure["value"], figure["draws"]) == (60.0, [0.0, 60.0])
    arm = {"name": "A", "title": {"id": "J", "en": "A"}, "outcomes": {"falls_averted": figure},
           "schemes": [{"rows": 40, "families": 80_000.0}]}  # fmt: skip
    assert telling.doubts(arm, "falls_averted", "en") == [
        "the range holds nought", "fewer than 30 families of the sample: rough"]  # fmt: skip
    assert telling.doubts(arm, "falls_averted", "id")[1] == "kurang dari 30 keluarga contoh: kasar"
    many = two_ranges(draws + 2000 * 30, draws + 2000 * 30)
    assert telling.doubts(arm | {"outcomes": {"falls_averted": many}}, "falls_averted", "en") == []


def test_an_answer_that_reaches_nobody_has_no_effect_and_is_not_undecided():
    maybe = scheme(effect=RANGED)
    result = simulate(scenario([scheme(effect=RANGED, places=0)], [maybe], [scheme(places=0)]), nation(), 3)
    found = result.to_dict()
    by = {(one["first"], one["second"]): one["outcomes"]["falls_averted"]["verdict"] for one in found["differences"]}
    assert by == {("arm-0", "arm-1"): "unreached", ("arm-1", "arm-2"): "unreached", ("arm-0", "arm-2"): "equal"}
    assert [own["reached"] for own in found["pareto"]] == [False, True, False]
    lasting = found["differences"][0]["outcomes"]["lasting_24"]
    assert lasting["verdict"] == "equal", "nothing lasts of either"
    for known, told in (("equal", ": equal"), ("unreached", "reaches nobody, so it has no effect; that of the other is "
                                                            "undecided")):  # fmt: skip
        lasting["verdict"] = known
        lines = output.summary(found, "en")
        assert any(line.startswith("arm-0 - arm-1") and line.endswith(told) for line in lines)
    both = beside.together([beside.Kept("1", found, result.paired())])
    assert both["differences"][0]["outcomes"]["falls_averted"]["verdict"] == "unreached"
    assert "biaya_bertahan" not in pictures.asks(found, "en"), "a dot alone compares nothing"
    figure = judging.figure("falls_averted", found["arms"][1]["outcomes"]["falls_averted"]["value"], "en")
    assert figure in judging.alone(found, "en")


def test_errors_of_the_rule_and_shares_of_rungs(found):
    own = found["arms"][2]["schemes"][0]
    assert own["families"] == 400
    assert own["exclusion"] == pytest.approx(0)
    assert 0 < own["inclusion"] < 1
    for row in found["without"]["rungs"]:
        assert sum(row[name]["value"] for name in row if name != "year") == pytest.approx(1)
    everyone = sum(figure["value"] for row in found["without"]["provinces"] for figure in row["people"].values())
    assert everyone == pytest.approx(found["data"]["people"], abs=1)


def test_the_beaten_cost_no_less_and_hold_no_more(found):
    by = {one["name"]: one for one in found["pareto"]}
    for own in by.values():
        for name in own["beaten_by"]:
            assert by[name]["cost"] <= own["cost"]
            assert by[name][own["by"]]["value"] >= own[own["by"]]["value"]


def test_every_output_is_in_the_flat_tables(found):
    made = tables.tables(found)
    assert all(len({tuple(row) for row in rows}) <= 1 for rows in made.values()), "one set of columns a table"
    for at, arm in enumerate(found["arms"][1:], 1):
        row = next(row for row in made["skema"] if row["arm_name"] == arm["name"])
        assert (row["exclusion"], row["inclusion"], row["cost"]) == tuple(
            arm["schemes"][0][name] for name in ("exclusion", "inclusion", "cost"))  # fmt: skip
        spent = sum(row["value"] for row in made["tahun"] if (row["arm_name"], row["outcome"]) == (arm["name"], "cost"))
        assert spent == pytest.approx(row["cost"])
        joined = sum(
            row["value"] for row in made["tahun"] if (row["arm_name"], row["outcome"]) == (arm["name"], "joined")
        )
        assert joined == pytest.approx(row["families"])
        assert {row["outcome"] for row in made["hasil"] if row["arm"] == arm["letter"]} == set(arm["outcomes"])
        assert made["pareto"][at]["cost"] == found["pareto"][at]["cost"]
    without = {row["outcome"] for row in made["tahun"] if row["arm"] == "without"}
    assert without == {"falls", "exits", "relapses", "below_line"}
    called = {("without", "without"), ("A", "arm-0"), ("B", "arm-1"), ("C", "arm-2")}
    assert {(row["arm"], row["arm_name"]) for row in made["sasaran"]} == called
    assert {(row["first"], row["first_name"]) for row in made["selisih"]} == {("A", "arm-0"), ("B", "arm-1")}
    assert [(own["letter"], own["name"]) for own in found["arms"]] == [("A", "arm-0"), ("B", "arm-1"), ("C", "arm-2")]
    assert [named.letter(at) for at in (0, 25, 26, 27, 52)] == ["A", "Z", "AA", "AB", "BA"]
    assert len(made["asumsi"]) == len(found["assumptions"])
    assert len(made["tangga"]) == 4 * 9 * 5


def test_rows_of_a_group_are_counted_without_working_out_what_is_done_to_them():
    pushing = scheme(displacement={"value": 0.5, "basis": "assumption", "source": "test"})
    families = nation(6000)
    result = simulate(scenario([pushing, scheme(name="uji-2")], draws=2, places=1500), families, 3)
    taking = result.plan.arms[0]
    rows = {(row["kind"], row["name"]): row["rows"] for row in result.to_dict()["arms"][0]["groups"]}
    assert (rows["scheme", "0"], rows["scheme", "1"]) == tuple(len(own.row) for own in taking)
    everyone = np.unique(np.concatenate([own_rows for own in taking for own_rows in (own.row, own.pushed)]))
    assert len(everyone) > sum(len(own.row) for own in taking)
    assert rows["place", "urban"] == int((families.urban[everyone] == 1).sum())
    assert rows["place", "urban"] + rows["place", "rural"] == len(everyone)


def test_who_gains_and_where_is_told_in_both_languages(found):
    for language in ("id", "en"):
        told = " ".join(spread.gains(found, language))
        assert {"id": "desil", "en": "decile"}[language] in told
        assert any(name in told for name in ("Jawa Barat", "Jawa Tengah"))
        ladder = spread.ladder(found, language)
        assert len(ladder["rows"]) == 2 + len(lasting.trying(found)) < 2 + len(found["arms"])
        assert all(len(row) == 1 + len(ladder["heads"]) for row in ladder["rows"])
        costs = telling.costs(found, language)
        share = f"{100 * found['arms'][1]['schemes'][0]['inclusion']:.0f}"
        assert {"id": f"Dari 100 yang dijangkau, {share} di atas garis.",
                "en": f"Of 100 reached, {share} are above it."}[language] in costs[0]  # fmt: skip


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_group_is_named_only_where_its_range_does_not_hold_nought(found, language):
    """By chance alone some group is always highest; one that loses is named as one that gains is."""

    def told(*averted: tuple[float, float, float], few: bool = False) -> str:
        groups = [{"kind": "desil", "name": str(at), "few": few, "falls_averted": dict(zip(
            ("low", "value", "high"), (None,) * 3 if few else own, strict=True))}
            for at, own in enumerate(averted, 1)]  # fmt: skip
        return " ".join(spread.gains(found | {"arms": [found["arms"][1] | {"groups": groups}]}, language))

    none, lost = {"id": ("belum dapat dibedakan", "jatuh karenanya"),
                  "en": ("can be told apart", "fall because of it")}[language]  # fmt: skip
    chance = (-2100.0, 89.0, 2179.0)
    assert none in told(chance)
    assert none in told((100.0, 200.0, 300.0), few=True)
    both = told(chance, (100.0, 200.0, 300.0), (-500.0, -400.0, -350.0))
    assert none not in both
    word = {"id": "desil", "en": "decile"}[language]
    assert f"{word} 1" not in both
    gained, lost_, fallen = both.partition(lost)
    assert lost_
    assert f"{word} 2: 200 (100 " in gained
    assert f"{word} 3" not in gained
    assert f"{word} 3: 400 (350 " in fallen
    assert f"{word} 2" not in fallen


@pytest.mark.parametrize("language", ["id", "en"])
def test_files_bear_the_label_and_never_replace_unasked(found, tmp_path, language):
    paths = output.write(found, tmp_path / "out", language)
    assert all(path.name.startswith("sintetis_") for path in paths)
    names = {path.name for path in paths}
    assert {"sintetis_hasil.json", "sintetis_tangga.parquet", "sintetis_hasil.svg", "sintetis_biaya_bertahan.svg",
            "sintetis_tangga_without.svg", "sintetis_kelas_menengah.svg"} <= names  # fmt: skip
    table = pq.read_table(tmp_path / "out" / "sintetis_hasil.parquet")
    assert table.schema.metadata[b"seed"] == b"3"
    for path in paths:
        if path.suffix == ".svg":
            text = path.read_text(encoding="utf-8")
            assert text.startswith("<svg")
            assert "<script" not in text
    with pytest.raises(UserError, match="is not empty"):
        output.write(found, tmp_path / "out", language)
    assert output.write(found, tmp_path / "out", language, force=True) == paths
    assert any("Data sintetis".upper() in line or "SYNTHETIC" in line for line in output.summary(found, language))
    taking = [number(own["families"], language) for arm in found["arms"] for own in arm["schemes"]]
    assert taking
    assert all(any(line.endswith(f": {one}") for line in output.summary(found, language)) for one in taking)


def test_the_goal_is_told_with_what_it_would_take():
    own = simulate(scenario(years=19, draws=4), nation(300), 1).to_dict()
    goal = own["goal"]["inverse"]
    # The chain's own long run: the left eigenvector of its matrix.
    values, vectors = np.linalg.eig(CHAIN.T)
    still = np.real(vectors[:, np.argmax(np.real(values))])
    assert goal["unchanged"] == pytest.approx(still[4] / still.sum(), abs=0.002)
    assert goal["shift_needed"] > 0
    assert not goal["feasible"]
    assert goal["points_a_year_best_seen"] < 0.1
    own = classes.Classes.of(nation(300))
    reached = classes.rungs_of(own.years(19, -goal["shift_needed"])[-1])[4]
    assert reached == pytest.approx(0.8, abs=1e-6)
    grown = simulate(scenario(years=19, draws=40, growth=goal["growth_needed"]), nation(300), 1).to_dict()
    assert grown["goal"]["middle"][0]["value"] == pytest.approx(0.8, abs=0.02)
    np.testing.assert_allclose(np.sum(goal["rates_needed"], axis=1), 1)
    # This chain is all that is known of it: one variant, no range.
    ranges = {name: [goal[name]] * 2 for name in ("unchanged", "growth_needed", "shift_needed")}
    assert goal["ranges"] == {name: pytest.approx(ends, rel=1e-12) for name, ends in ranges.items()}


def test_what_the_goal_takes_has_the_range_of_the_draws_of_the_same_run():
    """Coefficients alone told a small part of it; the nation's own good and bad years are most of what is not known."""
    law = Dynamics.of_matrix(CHAIN)
    law = replace(law, level=np.repeat(law.level, 21, axis=0), slope=np.repeat(law.slope, 21, axis=0))
    found = simulate(scenario(years=19, draws=40), nation(1000, dynamics=law), 1).to_dict()
    drawn, inverse = found["goal"]["middle"][0], found["goal"]["inverse"]
    low, high = inverse["ranges"]["unchanged"]
    assert drawn["high"] - drawn["low"] > 0.04
    # What a thousand families leave to chance is in the draws' range alone.
    assert [low, high] == pytest.approx([drawn["low"], drawn["high"]], abs=0.02)
    least, most = inverse["ranges"]["growth_needed"]
    assert least < inverse["growth_needed"] < most
    for language, to in (("id", "sampai"), ("en", "to")):
        ends = [number(100 * drawn[end], language, 1) for end in ("value", "low", "high")]
        told = judging.answer(found, language)
        assert f"{ends[0]} ({ends[1]} {to} {ends[2]})" in told
        assert f"{number(100 * least, language, 1)} {to} {number(100 * most, language, 1)}" in told


@pytest.mark.parametrize(("language", "true"), [("id", "10,7 sebenarnya"), ("en", "10.7 in truth")])
def test_yearly_moves_are_told_as_those_of_measured_welfare_and_a_table_of_moves_is_not(language, true):
    law = Dynamics.of_matrix(CHAIN)
    for own, measured in ((replace(law, source="training panel"), True), (law, False)):
        found = simulate(scenario(years=19, draws=4), nation(300, dynamics=own), 1).to_dict()
        for lines in (telling.goal(found, language), way.measured(found, language)):
            assert any(true in line for line in lines) is measured
    assert not way.measured(simulate(scenario(years=2, draws=4), nation(300), 1).to_dict(), language)


def test_what_the_goal_takes_is_told_in_words_and_tables():
    found = simulate(scenario(years=19, draws=4), nation(300), 1).to_dict()
    inverse, made = found["goal"]["inverse"], tables.tables(found)
    assert len(made["laju"]) == 25
    for row in made["laju"]:
        at, to = RUNGS.index(row["from"]), RUNGS.index(row["to"])
        assert (row["now"], row["needed"]) == (inverse["rates_now"][at][to], inverse["rates_needed"][at][to])
    assert {row["scheme"] for row in made["skema_semua"]} == {one["name"] for one in inverse["schemes"]}
    assert {row["end"] for row in made["campuran"]} <= {"value", "low", "high"}
    up = f"{100 * inverse['rates_needed'][3][4]:.1f}"
    told = " ".join(telling.goal(found, "en"))
    assert (
        f"of 100 aspiring people {up} rise to the middle or upper class (now {100 * inverse['rates_now'][3][4]:.1f})"
        in told
    )
    assert "no mix reaches the goal" in told
    assert "Left out of that order, since a part of their cost is not known: " in told
    assert "Business asset and coaching (cost a year)" in told
    assert up.replace(".", ",") in " ".join(telling.goal(found, "id"))
    heads, rows = way.moves(inverse, "id")
    assert len(rows) == 5
    assert all(len(row) == len(heads) for row in rows)
    heads, rows = way.options(inverse, "id")
    assert len(rows) == len(inverse["schemes"])
    assert all(len(row) == len(heads) for row in rows)
    assert any(up in line for line in output.summary(found, "en"))


def test_no_mix_is_promised_that_does_not_reach_and_none_costs_more_than_it_must():
    goal = projection.inverse(nation(300), 2026, 1)
    for one in goal["schemes"]:
        low, high = one["effects"]
        assert low <= one["share"] <= high
        assert one["reaches"] == (high >= 0.8)
    mixes = goal["mix"]
    # A part of a cost that was not found has no price, so no place among the cheapest; it is named with the part.
    unknown = {own.name: list(own.cost_unknown) for own in library.schemes() if not own.cost_known}
    assert unknown["aset-pendampingan"] == unknown["graduasi"] == ["cost"]
    for one in goal["schemes"]:
        assert one["unknown"] == unknown.get(one["name"], [])
        assert (one["cost_a_year"] is None) == (one["name"] in unknown)
        assert (one["cost_at_least"] is None) == (one["name"] not in unknown)
    for mix in mixes.values():
        assert not {one["name"] for one in mix["schemes"]} & unknown.keys()
        assert {one["name"]: one["unknown"] for one in mix["left_out"]}.items() <= unknown.items()
        assert mix["share_with_left_out"] >= mix["share"] - 1e-9
    assert {one["name"] for one in mixes["high"]["left_out"]} == {
        one["name"] for one in goal["schemes"]} & unknown.keys()  # fmt: skip
    assert mixes["low"]["share"] <= mixes["value"]["share"] <= mixes["high"]["share"]
    assert mixes["high"]["share"] >= max(one["effects"][1] for one in goal["schemes"] if one["cost_a_year"])
    assert not mixes["value"]["reaches"]
    assert {one["covered"] for one in mixes["value"]["schemes"]} == {1.0}
    # A goal that the first scheme alone passes is reached by a part of its families, at that part of its cost.
    within = mixes["value"]["schemes"][0]
    near = projection.inverse(nation(300), 2026, 1, goal=goal["unchanged"] + 1e-4)["mix"]["value"]
    assert near["reaches"]
    assert [one["name"] for one in near["schemes"]] == [within["name"]]
    assert near["schemes"][0]["covered"] < 1
    assert near["cost_a_year"] == pytest.approx(near["schemes"][0]["covered"] * within["cost_a_year"])


def test_families_can_stand_for_a_published_year():
    own = published.raked(nation(2000), 2019)
    share = (own.people[:, None] * own.start).sum(axis=0) / own.people.sum()
    assert share[4] == pytest.approx((0.2145 + 0.0038) / 0.9999, abs=1e-3)
    assert share[:2].sum() == pytest.approx(0.0941, abs=1e-3)
    told = simulate(scenario(years=5, draws=4), own, 1)
    # Of 2026 the headcount alone is published, of the years to 2031 nothing yet.
    (row,) = told.published()
    assert row["year"] == 2026
    assert {name for name, one in row["shares"].items() if one["published"] is not None} == {"below_line"}
    assert row["shares"]["below_line"]["miss"] == pytest.approx(row["shares"]["below_line"]["simulated"] - 0.0807)
    with pytest.raises(UserError, match=r"published shares of the rungs of 2021 were found; there are those of 2016"):
        published.raked(nation(50), 2021)


UNKNOWN = {"cost": {"value": 0, "basis": "none", "source": "none found"}}


@pytest.mark.parametrize(("language", "unknown", "least"), [("id", "tidak diketahui", "paling sedikit Rp"),
                                                            ("en", "not known", "at least Rp")])  # fmt: skip
def test_a_cost_that_was_not_found_is_never_told_as_nought(language, unknown, least):
    """Not in figures, not at the terminal, not on the front: of a part, that it costs at least so much."""
    lifts = {"kind": "consumption", "size": 0.3, "fade": 1.0}
    own = scenario([scheme(effect=lifts, **UNKNOWN)], [scheme(effect=lifts, setup=5_000_000, **UNKNOWN)],
                   [scheme(effect=lifts)], years=8)  # fmt: skip
    result = simulate(own, nation(), 3)
    found = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    nothing, part, whole = found["arms"]
    assert nothing["outcomes"]["cost"]["value"] is part["outcomes"]["cost"]["value"] is None
    assert (
        nothing["outcomes"]["cost_per_lasting_24"]["value"] is part["outcomes"]["cost_per_lasting_24"]["value"] is None
    )
    assert (nothing["cost_at_least"], part["cost_at_least"], whole["cost_at_least"]) == (0, 500_000_000, None)
    assert [one["name"] for one in found["pareto"]] == ["arm-2"]
    assert found["pareto"][0]["beaten_by"] == []
    assert {row["outcomes"]["cost"]["verdict"] for row in found["differences"]} == {"undecided"}
    rows = tables.tables(found)["skema"]
    assert [row["cost"] for row in rows] == [None, None, 200_000_000]
    assert [row["cost_at_least"] for row in rows] == [None, 500_000_000, None]
    assert [row["cost_unknown"] for row in rows] == ["cost", "cost", ""]
    assert "biaya_bertahan" not in pictures.asks(found, language)
    assert judging.alone(found, language).startswith("a: ")
    cells = {row["title"]: row["cells"] for row in telling.rows(found, language)}
    names = ("cost", "cost_per_lasting_24", "cost_per_falls_averted")
    by = [[cells[telling.said(name, language)][at]["value"] for name in names] for at in (0, 1)]
    assert by[0] == [unknown] * 3
    assert by[1][0].startswith(least)
    assert by[1][1:] == [unknown] * 2
    told = output.summary(found, language)
    costs = [line for line in told if line.startswith(f"   {output.word(output.WORDS, 'cost', language)}: ")]
    assert [unknown in line for line in costs] == [True, True, False]
    assert [least in line for line in costs] == [False, True, False]
    assert not any("Rp0" in line for line in [*told, *telling.costs(found, language)])
    assert unknown in telling.costs(found, language)[0]
    both = beside.together([beside.Kept("K-1", found, json.loads(json.dumps(result.paired(), allow_nan=False)))])
    assert [one["name"] for one in both["pareto"]] == ["C"]
    assert "Rp0" not in judging.answer(both, language)


def test_the_terminal_writes_numbers_as_its_language_does(found):
    """Dots in Indonesian, no word of the other language; and it says what the page says is not known."""
    own = json.loads(json.dumps(found))
    own["data"] |= {"source": "9,993 of 20,000 synthetic families, seed 1, period 2026", "model": "true risk"}
    own["arms"][1]["outcomes"]["falls_averted"] |= {"value": 12345.0}
    told, english = (output.summary(own, language) for language in ("id", "en"))
    assert any("9.993 dari 20.000 keluarga sintetis, benih 1, periode 2026 (risiko sebenarnya)" in one for one in told)
    assert any("9,993 of 20,000 synthetic families, seed 1, period 2026 (true risk)" in one for one in english)
    assert any(": 12.345 (" in one for one in told)
    assert any(": 12,345 (" in one for one in english)
    assert not any("..." in one for one in [*told, *english])
    for language, lines in (("id", told), ("en", english)):
        assert {f"   {line}" for line in grounds.unknown(own, language)} <= set(lines)


def test_few_families_of_the_sample_are_told_at_the_terminal():
    few = simulate(scenario([scheme()], places=32), nation(), 3).to_dict()
    assert any("hanya 32 keluarga contoh yang ikut" in one for one in output.summary(few, "id"))
    assert any("only 32 families of the sample take part" in one for one in output.summary(few, "en"))


def test_axes_write_numbers_as_the_language_does():
    point = {"label": "a", "cost": 20_000.0, "value": 15_000.0, "low": 9_000.0, "high": 21_000.0, "least": 0.0,
             "most": 21_000.0, "beaten": False}  # fmt: skip
    own, english = (charts.pareto([point], "lasting_24", language) for language in ("id", "en"))
    assert ">20.000<" in own
    assert ">20,000<" in english


def test_the_known_shocks_alone_stand_beside_published_shares_where_growth_is_of_the_end_year():
    growth = {"value": -0.03, "basis": "arithmetic", "source": "test", "year": 2024}
    whole = {"format": 1, "kind": "scenario", "name": "uji", "title": {"id": "Uji", "en": "Test"}, "start": 2019,
             "years": 5, "draws": 4, "shocks": [{"use": "sakit-berat", "years": [2021, 2021]}],
             "arms": [{"name": "a", "schemes": [{"use": "pkh", "years": [2020, 2020], "places": 50}]}]}  # fmt: skip
    families = nation(600)
    grown, still = (simulate(scenarios.of(whole | more), families, 1).to_dict() for more in ({"growth": growth}, {}))
    for row, other in zip(grown["published"], still["published"], strict=True):
        for rung, own in row["shares"].items():
            assert own["shocks_alone"] == other["shares"][rung]["simulated"]
            assert other["shares"][rung]["shocks_alone"] is None
    last = grown["published"][-1]["shares"]["below_line"]
    assert last["simulated"] > last["shocks_alone"]
    assert any("measured in 2024, which could not be known in 2019" in line for line in grounds.unknown(grown, "en"))
    assert not any("could not be known" in line for line in grounds.unknown(still, "en"))
    lines = output.summary(grown, "en")
    assert sum("known shocks alone, without growth" in line for line in lines) == len(grown["published"])


@pytest.mark.parametrize("language", ["id", "en"])
def test_where_families_join_in_several_years_the_figure_says_that_more_places_need_not_avert_more(language):
    roll, single = (scenario([scheme(duration=1)], places=40, last=last) for last in (2029, 2027))
    spent = scenario([scheme(duration=1)], places=None, budget=40_000_000, last=2029)  # all of it in the first year
    rolling, once = (simulate(own, nation(), 1).to_dict() for own in (roll, single))
    word = telling.said("rolling", language)
    for plan, said in ((roll, True), (single, False), (spent, False)):
        told = [*printed.checked(plan, language, prepare(plan, nation(), 1))]
        assert (f"  {telling.said('unknown.rolling', language, a='a')}" in told) == said, "the check says what is lived"
    assert f"  {telling.said('check.rolling', language, a='a')}" in [*printed.checked(roll, language)]
    for found, said in ((rolling, True), (once, False)):
        notes = {row["name"]: row["cells"][0]["notes"] for row in telling.rows(found, language)}
        assert {name for name, note in notes.items() if word in note} == ({"falls_averted"} if said else set())
        lines = output.summary(found, language)
        at = next(at for at, line in enumerate(lines) if line.startswith(
            f"   {output.word(output.WORDS, 'falls_averted', language)}:"))  # fmt: skip
        assert (lines[at + 1].strip() == word) is said
        assert any("2027" not in line and telling.said("unknown.rolling", language, a="a") == line
                   for line in grounds.unknown(found, language)) is said  # fmt: skip


def test_groups_of_schemes_are_told_by_the_name_of_the_scheme_and_no_other():
    found = simulate(
        scenario([scheme(), scheme(name="uji-2")], [scheme(name="uji-3")], places=40), nation(), 1
    ).to_dict()
    told = [(row["arm_name"], row["group"]) for row in tables.tables(found)["kelompok"]
            if row["kind"] == "scheme" and row["outcome"] == "falls_averted"]  # fmt: skip
    assert told == [("arm-0", "uji"), ("arm-0", "uji-2"), ("arm-1", "uji-3")]


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_answer_called_as_its_scheme_is_named_once(language):
    found = simulate(scenario([scheme(title={"id": "a", "en": "a"})], [scheme()], draws=2), nation(), 1).to_dict()
    own, other = (line.partition(":")[0] for line in telling.costs(found, language))
    assert (own, other) == ("a", f"a ({'Uji' if language == 'id' else 'Test'})")


def test_where_anything_moves_it_is_told_how_often_ranges_held_the_truth():
    plans = (scenario(draws=4), scenario([scheme()], draws=4), scenario(shocks=(shock(),), draws=4))
    told = [grounds.unknown(simulate(plan, nation(), 3).to_dict(), "en") for plan in plans]
    assert [any("held the truth in 316 of 350 scenarios" in line for line in own) for own in told] == [
        False, True, True]  # fmt: skip
    # It was measured of no more than this.
    line = next(line for line in told[1] if "held the truth" in line)
    assert "of falls, one to three years ahead, where each family's true risk is known; it was not measured" in line


def test_how_often_ranges_held_the_truth_is_what_the_benchmark_found():
    found = json.loads((ROOT / "benchmarks" / "results" / "simulation_coverage.json").read_text())
    inside = sum(one["inside"] for one in found["scenarios"])
    assert {"inside": inside, "of": found["all"]["scenarios"], "fewer": found["all"]["above"],
            "more": found["all"]["below"], "draws": found["draws"]} == grounds.RANGES_HELD  # fmt: skip


@pytest.mark.parametrize("draws", [20, 100])
def test_ranges_of_fewer_draws_than_were_tested_say_so_beside_them(draws: int) -> None:
    result = simulate(scenario([scheme()], draws=draws), nation(), 3)
    found = result.to_dict()
    assert ("20 undian, kurang dari 100" in grounds.few_draws(found, "id")) == (draws == 20)
    told = brief.told(beside.together([beside.Kept("K-1", found, result.paired())]), "en", {})
    assert ("20 draws, fewer than the 100" in told["words"]["ranges"]) == (draws == 20)


def test_families_of_another_year_than_the_start_are_told_with_both_years():
    plan = scenario([scheme()])  # starts in 2026
    told = {year: simulate(plan, nation(year=year), 3).to_dict() for year in (2025, 2026, None)}
    assert [found["data"]["year"] for found in told.values()] == [2025, 2026, None]
    notes = {year: [line for line in grounds.unknown(found, "en") if line.startswith("The families are those of")]
             for year, found in told.items()}  # fmt: skip
    assert notes[2026] == notes[None] == []
    assert notes[2025] == ["The families are those of 2025 and the scenario starts in 2026: the state of 2025 is taken "
                           "for that of 2026, as if nothing had changed between."]  # fmt: skip
    assert any("keluarga tahun 2025" in line and "mulai pada 2026" in line
               for line in grounds.unknown(told[2025], "id"))  # fmt: skip
    assert f"   {notes[2025][0]}" in output.summary(told[2025], "en")
    assert published.raked(nation(500, year=2026), 2019).year == 2019


def test_the_brief_tells_published_shares_the_miss_and_what_the_shocks_alone_come_to():
    own = replace(scenarios.named("kilas-balik-2019"), draws=4)
    families = published.raked(nation(2000, year=2026), 2019)
    result = simulate(own, families, 3)
    found = result.to_dict()
    alone = beside.together([beside.Kept("K-1", found, result.paired())])
    for language, head in (("id", "Guncangan saja, tanpa pertumbuhan"), ("en", "Known shocks alone, without growth")):
        made = brief.told(alone, language, {})["published"]
        assert head in made["heads"]
        assert {row[0] for row in made["rows"]} == {"2020", "2021", "2022", "2023", "2024"}
        last = [row for row in made["rows"] if row[0] == "2024"]
        assert len(last) == 4
        (row,) = (own for own in found["published"] if own["year"] == 2024)
        for cells, shares in zip(last, row["shares"].values(), strict=True):
            assert cells[4] == number(100 * shares["published"], language, 1)
            assert cells[3] == number(100 * shares["shocks_alone"], language, 1)
            assert cells[2].startswith(number(100 * shares["simulated"], language, 1))
            assert cells[5] == signed(100 * shares["miss"], language, 1)
        assert len(made["lines"]) == 4
    assert "published 20.6 to 24.2 in 2024 (+3.7 points)" in " ".join(brief.told(alone, "en", {})["published"]["lines"])
    plain = simulate(scenario([scheme()], draws=2, years=2), nation(), 3)
    told = beside.together([beside.Kept("K-1", plain.to_dict(), plain.paired())])
    assert brief.told(told, "en", {})["published"]["rows"] == []  # only the start is a year with published shares
