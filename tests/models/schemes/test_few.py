"""Too few families: nothing of fewer than thirty is told, nor left over by what is told beside it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from models.few import FEWEST
from models.schemes import judging, output, simulate, tables
from models.schemes.beside import Kept, together
from tests.models.schemes.worlds import nation, scenario, scheme


def test_groups_and_provinces_of_few_are_told_to_be_few_in_every_table():
    families = nation(90)
    found = simulate(scenario([scheme()], places=40, draws=4), families, 3).to_dict()
    groups = found["arms"][0]["groups"]
    assert any(row["few"] for row in groups)
    for row in groups:
        assert row["few"] or row["rows"] >= FEWEST
        assert (row["falls_averted"]["value"] is None) == row["few"]
    made = tables.tables(found)
    assert {row["few"] for row in made["kelompok"] if row["value"] is None} == {True}
    small = families.take(families.province.codes == 0)
    one = nation(400)
    mixed = simulate(scenario([scheme()], draws=4), one, 3).to_dict()
    assert not any(row["few"] for row in mixed["without"]["provinces"])
    assert mixed["data"]["provinces_left_out"] == 0
    assert len(small) >= FEWEST
    tiny = simulate(scenario([scheme()], draws=4), nation(40), 3).to_dict()
    assert all(row["few"] and row["people"]["poor"]["value"] is None for row in tiny["without"]["provinces"])
    assert tiny["data"]["provinces_left_out"] == 2


def test_of_a_scheme_of_few_nothing_is_told_of_its_answer_and_it_says_why():
    """One family less than is told of, and as many as are; the other scheme of the answer would tell of the few."""
    few, enough = [scheme(places=FEWEST - 1), scheme(name="uji-2", places=60)], [scheme(places=FEWEST)]
    result = simulate(scenario(few, enough, [scheme(places=0)], draws=4), nation(400), 3)
    alone = result.to_dict()
    assert [arm["name"] for arm in alone["arms"]] == ["arm-1", "arm-2"]
    assert alone["arms_left_out"] == [{"name": "arm-0", "title": {"id": "a", "en": "a"}, "why": "few", "stand_for": 1}]
    assert [own["rows"] for arm in alone["arms"] for own in arm["schemes"]] == [FEWEST, 0]
    assert set(result.paired()) == {"arm-1", "arm-2"}
    assert {row["name"] for row in alone["goal"]["middle"]} == {"without", "arm-1", "arm-2"}
    assert {(row["first"], row["second"]) for row in alone["differences"]} == {("arm-1", "arm-2")}
    names = {row.get("arm_name") for rows in tables.tables(alone).values() for row in rows}
    assert "arm-0" not in names
    assert "arm-1" in names
    assert "arm-0" not in "".join(map(str, alone["pareto"]))
    page = together([Kept("K-1", alone, result.paired())])
    assert "kurang dari 30 keluarga contoh ikut dalam skemanya" in judging.answer(page, "id")
    assert "its figures are not shown, since fewer than 30 families" in judging.answer(page, "en")


def test_where_every_answer_is_of_few_it_is_said_and_not_taken_for_no_scheme():
    found = simulate(scenario([scheme(places=5)], draws=4), nation(400), 3)
    for language, why in (("id", "kurang dari 30 keluarga contoh"), ("en", "fewer than 30 families of the sample")):
        own = found.to_dict()
        text = judging.answer(together([Kept("K-1", own, found.paired())]), language)
        assert why in text
        assert "tidak menguji skema" not in text
        assert "tries no scheme" not in text
        assert any(why in line for line in output.summary(own, language))


def test_room_for_less_than_a_family_of_the_sample_costs_its_own_answer_alone():
    """One family stands for five, and there are two places: that nobody joins is no finding that nothing changes."""
    families = nation(400, weight=np.full(400, 5.0))
    result = simulate(scenario([scheme(places=2)], [scheme(places=500)], [scheme(places=0)], draws=4), families, 3)
    found = result.to_dict()
    assert [arm["name"] for arm in found["arms"]] == ["arm-1", "arm-2"]
    assert [(arm["name"], arm["why"], arm["stand_for"]) for arm in found["arms_left_out"]] == [("arm-0", "coarse", 5)]
    page = together([Kept("K-1", found, result.paired())])
    assert "kurang dari satu keluarga contoh, yang mewakili 5 keluarga" in judging.answer(page, "id")
    assert "less than one family of the sample would take, which stands for 5" in judging.answer(page, "en")


def test_counts_of_few_are_not_told_beside_figures_of_many():
    """Displaced families, and those whose facts are not known: fewer than thirty have no number."""
    families = nation(400)
    families = replace(families, working=np.where(np.arange(400) < 7, -1, 1))
    own = scheme(displacement=0.1, eligibility={"working": True}, places=200)
    (told,) = simulate(scenario([own], draws=4), families, 3).to_dict()["arms"][0]["schemes"]
    assert told["rows"] == 200
    assert told["facts_unknown"] is None
    assert told["displaced"] is None
