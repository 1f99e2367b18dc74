"""Too few families: nothing of fewer than thirty is told, nor left over by what is told beside it."""

from __future__ import annotations

from models.few import FEWEST
from models.schemes import simulate, tables
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
