"""Too few families: nothing of fewer than thirty is told, nor left over by what is told beside it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.schemes import few, simulate, tables
from tests.models.schemes.worlds import nation, scenario, scheme


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 90), max_size=9))
def test_what_is_kept_back_is_small_or_covers_what_is(rows):
    kept = few.kept_back(rows)
    told = {name: count for name, count in rows.items() if name not in kept}
    assert all(count >= few.LEAST for count in told.values())
    left = sum(rows[name] for name in kept)
    assert left == 0 or left >= few.LEAST or not told
    assert {name for name, count in rows.items() if count < few.LEAST} <= kept


def test_groups_and_provinces_of_few_are_told_to_be_few_in_every_table():
    families = nation(90)
    found = simulate(scenario([scheme()], places=40, draws=4), families, 3).to_dict()
    groups = found["arms"][0]["groups"]
    assert any(row["few"] for row in groups)
    for row in groups:
        assert row["few"] or row["rows"] >= few.LEAST
        assert (row["falls_averted"]["value"] is None) == row["few"]
    made = tables.tables(found)
    assert {row["few"] for row in made["kelompok"] if row["value"] is None} == {True}
    small = families.take(families.province.codes == 0)
    one = nation(400)
    mixed = simulate(scenario([scheme()], draws=4), one, 3).to_dict()
    assert not any(row["few"] for row in mixed["without"]["provinces"])
    assert mixed["data"]["provinces_left_out"] == 0
    assert len(small) >= few.LEAST
    tiny = simulate(scenario([scheme()], draws=4), nation(40), 3).to_dict()
    assert all(row["few"] and row["people"]["poor"]["value"] is None for row in tiny["without"]["provinces"])
    assert tiny["data"]["provinces_left_out"] == 2
