"""Persons of one household in a table of persons: found by their equal welfare, kept together, told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.training.flat import SPEC, table
from training import split, twins
from training.table import build

ALONE = replace(SPEC, cluster=None)


def couples(households: int = 200, years: int = 4) -> pd.DataFrame:
    """Half of the households twice, as two persons with codes of their own."""
    rows = table(households=households, years=years)
    second = rows[rows["id"] < households // 2].assign(id=lambda own: own["id"] + 10_000)
    second["age"] += 2.0
    return pd.concat([rows, second], ignore_index=True)


def test_couples_stay_together_in_every_split():
    own = build(couples(), ALONE)
    code = own.panel.clusters()
    person = own.panel.meta["household_id"].astype(int)
    for one in range(100):
        assert set(code[person == one]) == set(code[person == one + 10_000])
    assert any("200 of 300 households have, to the last digit, the same welfare" in note for note in own.notes)
    for window in split.crossed(own.panel, 5, 1):
        trained, judged = set(person[window.train] % 10_000), set(person[window.test] % 10_000)
        assert not trained & judged


def test_households_of_their_own_are_left_alone():
    own = build(table(), ALONE)
    assert all(cluster is None for cluster in own.panel.meta["cluster"])
    assert not any("last digit" in note for note in own.notes)


def test_round_values_link_nobody():
    rows = table()
    rows["cons"], rows["cons_next"] = rows["cons"].round(), rows["cons_next"].round()
    rows["poor"], rows["falls"] = (rows["cons"] < 2).astype(int), (rows["cons_next"] < 2).astype(float)
    own = build(rows, ALONE)
    linked = own.panel.meta["cluster"]
    chains = pd.Series(own.panel.meta["household_id"]).groupby(own.panel.clusters()).nunique()
    assert chains.max() <= max(twins.MOST_ALIKE, 0.05 * rows["id"].nunique()) or all(one is None for one in linked)


def test_a_cluster_of_the_table_comes_first():
    own = build(couples(), SPEC)
    assert set(own.panel.meta["cluster"]) <= {f"v{n}" for n in range(60)}


def test_a_cluster_of_the_table_that_tears_couples_apart_is_told():
    rows = couples()
    assert not any("last digit" in note for note in build(rows, SPEC).notes)
    rows["village"] = [f"v{n}" for n in pd.factorize(rows["id"])[0]]
    [said] = [note for note in build(rows, SPEC).notes if "last digit" in note]
    assert "that village puts elsewhere" in said


def test_linked_counts_households_that_share():
    household = np.array(["a", "a", "b", "c"], dtype=object)
    assert twins.linked(household, np.array(["x", "x", "x", "y"], dtype=object)) == 2
