"""Persons of one household that a table calls households: the same welfare, to the last digit, in the same periods.

Left apart, one of them teaches what becomes of the other: in a table of persons a forest of small leaves learns the
couples by heart and looks better than any model of what makes families fall.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from features.types import Array

MOST_ALIKE = 4
"""Households of one key at most: a value that more have is a round one, not one of their own."""
LARGEST = 0.05
"""Share of households in one chain from which a key says nothing and a longer one is asked for."""
FEWEST = 0.01
"""Share of households that must be linked: fewer are chance."""


def clusters(household: Array, number: Array, ratio: Array, ratio_next: Array, before: Array) -> Array | None:
    """A cluster for each row, n texts, where households are linked; None where hardly any is.

    Parameters
    ----------
    household, number : codes of the household and the period. ratio, ratio_next : welfare at the origin and when the
        outcome was seen. before : at the row before; all NaN where not measured.
    """
    known = ~np.isnan(ratio_next) if not np.isnan(ratio_next).all() else ~np.isnan(before)
    later = ratio_next if not np.isnan(ratio_next).all() else before
    for columns in ((number, ratio, later), (number, before, ratio, later)):
        ok = known & ~np.isnan(ratio)
        for column in columns[1:]:
            ok &= ~np.isnan(column)
        found = _chains(household, pd.MultiIndex.from_arrays([column[ok] for column in columns]), ok)
        if found is None:
            continue
        sizes = pd.Series(found).groupby(found).size()
        own = pd.Series(household).groupby(found).nunique()
        if own.max() <= max(MOST_ALIKE, LARGEST * len(set(household))) and len(sizes):
            return found if linked(household, found) >= FEWEST * len(set(household)) else None
    return None


def linked(household: Array, cluster: Array) -> int:
    """Households that share their cluster with another."""
    pairs = pd.DataFrame({"household": household, "cluster": cluster}).drop_duplicates()
    return int((pairs.groupby("cluster")["household"].transform("size") > 1).sum())


def torn(household: Array, chain: Array, cluster: Array) -> int:
    """Households of a chain (`clusters`) that another grouping of the rows puts in several clusters."""
    rows = pd.DataFrame({"household": household, "chain": chain, "cluster": cluster})
    apart = rows.groupby("chain")["cluster"].transform("nunique") > 1
    return int(rows.loc[apart, "household"].nunique())


def _chains(household: Array, keys: pd.MultiIndex, ok: Array) -> Array | None:
    """Households linked by keys that few share, n: the code of the first of each chain; None where none is."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    code, names = pd.factorize(household)
    pairs = pd.DataFrame({"key": pd.factorize(keys)[0], "own": code[ok]}).drop_duplicates()
    size = pairs.groupby("key")["own"].transform("size")
    pairs = pairs[(size > 1) & (size <= MOST_ALIKE)]
    if not len(pairs):
        return None
    key = pd.factorize(pairs["key"])[0]
    size_of = len(names) + int(key.max()) + 1
    graph = coo_matrix((np.ones(len(pairs)), (pairs["own"], len(names) + key)), shape=(size_of, size_of))
    chain = connected_components(graph, directed=False)[1][: len(names)]
    first = pd.Series(names).groupby(chain).first()
    return np.asarray(first.loc[chain].to_numpy()[code], dtype=object)
