"""Parts put together by province: nothing lost, nothing twice, in order, whatever the parts."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.batch import shelves
from serving.batch.shelves import Stretch

batches = st.lists(st.tuples(st.sampled_from(["31", "32", "__HIVE_DEFAULT_PARTITION__"]), st.integers(0, 7),
                             st.integers(0, 3)), max_size=3, unique_by=lambda own: own[0])  # fmt: skip


@given(st.lists(batches, min_size=1, max_size=5), st.integers(1, 9))
def test_every_row_is_on_one_shelf_and_those_without_a_code_come_last(parts: list[Any], most: int) -> None:
    notes = [{"batches": [[name, coded, coded + without] for name, coded, without in own if coded + without]}
             for own in parts]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shelves, "MOST_ROWS", most)
        plan = shelves.plan(notes)
    for province in {name for own in notes for name, _, _ in own["batches"]}:
        mine = [shelf for shelf in plan if shelf.province == province]
        assert [shelf.number for shelf in mine] == list(range(len(mine)))
        assert all(shelf.size == most for shelf in mine[:-1])
        assert 0 < mine[-1].size <= most
        found = [(own.part, own.batch, row) for shelf in mine for own in shelf.rows
                 for row in range(own.start, own.stop)]  # fmt: skip
        named, nameless = [], []
        for part, note in enumerate(notes):
            for batch, (name, coded, count) in enumerate(note["batches"]):
                if name == province:
                    named += [(part, batch, row) for row in range(coded)]
                    nameless += [(part, batch, row) for row in range(coded, count)]
        assert found == named + nameless


def test_an_empty_stretch_takes_no_place() -> None:
    (shelf,) = shelves.plan([{"batches": [["31", 0, 2]]}])
    assert shelf.rows == (Stretch(0, 0, 0, 2),)
