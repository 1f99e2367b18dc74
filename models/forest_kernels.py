"""The inner loops of `models.forest`, compiled by numba once and kept beside the code or in the user's cache.

Rows go through in blocks, a group of leaves at a time: its table and the block's ranks stay in the nearest cache, and
the comparisons of many rows are one instruction. Every row is worked out alone and in the same order, so that a figure
does not depend on the rows beside it or on the number of threads.
"""

from __future__ import annotations

import numpy as np

from features.types import Array
from models.compiled import compiled
from models.forest import Tables

_BLOCK = 512


@compiled
def _ranks(rows: Array, tables: Tables, rank: Array, column: Array) -> None:
    """Ranks of a block: by feature with missing values last (F x R), and by column of the comparisons (C x R)."""
    size = len(rows)
    for feature in range(len(tables.zero)):
        low, high = tables.edge_at[feature], tables.edge_at[feature + 1]
        if low == high and tables.single_at[feature + 1] - tables.single_at[feature] == 2:
            for row in range(size):
                rank[feature, row] = 1 if np.isnan(rows[row, feature]) else 0
            continue
        for row in range(size):
            value = np.float64(rows[row, feature])
            if np.isnan(value):
                rank[feature, row] = high - low + 1
                continue
            start, length = low, high - low
            while length > 0:
                half = length // 2
                if tables.edges[start + half] < value:
                    start += half + 1
                    length -= half + 1
                else:
                    length = half
            rank[feature, row] = start - low
    for number in range(len(tables.column_feature)):
        feature, missing = tables.column_feature[number], tables.column_missing[number]
        last = tables.edge_at[feature + 1] - tables.edge_at[feature] + 1
        instead = last if missing == 0 else (-1 if missing == 1 else tables.zero[feature])
        for row in range(size):
            own = rank[feature, row]
            column[number, row] = instead if own == last else own


@compiled
def _answers(group: int, tables: Tables, column: Array, size: int, answer: Array) -> None:
    """The answers of a group's comparisons as bits of one number, R."""
    for row in range(size):
        answer[row] = 0
    first = tables.node_at[group]
    for node in range(first, tables.node_at[group + 1]):
        own, least, bit = column[tables.node_column[node]], tables.node_rank[node], np.int16(1 << (node - first))
        for row in range(size):
            answer[row] |= bit if own[row] > least else np.int16(0)


@compiled
def _parts(rows: Array, tables: Tables, rank: Array, column: Array, answer: Array, part: Array) -> None:
    """Contributions of a block, F x R."""
    size = len(rows)
    _ranks(rows, tables, rank, column)
    for feature in range(len(tables.zero)):
        at = tables.single_at[feature]
        for row in range(size):
            part[feature, row] = tables.single[at + rank[feature, row]]
    for group in range(len(tables.node_at) - 1):
        _answers(group, tables, column, size, answer)
        first, width = tables.feature_at[group], tables.feature_at[group + 1] - tables.feature_at[group]
        at = tables.part_at[group]
        for place in range(width):
            own = part[tables.part_feature[first + place]]
            for row in range(size):
                own[row] += tables.parts[at + answer[row] * width + place]


@compiled
def logit(rows: Array, tables: Tables, base: float, out: Array) -> None:
    """Log-odds of rows (N x F), into `out` (N)."""
    features = len(tables.zero)
    rank, column = np.empty((features, _BLOCK), np.int16), np.empty((len(tables.column_feature), _BLOCK), np.int16)
    answer, total = np.empty(_BLOCK, np.int16), np.empty(_BLOCK)
    for low in range(0, len(rows), _BLOCK):
        size = min(_BLOCK, len(rows) - low)
        _ranks(rows[low : low + size], tables, rank, column)
        total[:size] = base
        for feature in range(features):
            at = tables.single_at[feature]
            for row in range(size):
                total[row] += tables.single[at + rank[feature, row]]
        for group in range(len(tables.node_at) - 1):
            _answers(group, tables, column, size, answer)
            at = tables.sum_at[group]
            for row in range(size):
                total[row] += tables.sums[at + answer[row]]
        out[low : low + size] = total[:size]


@compiled
def contributions(rows: Array, tables: Tables, out: Array) -> None:
    """Contributions of rows (N x F), into `out` (N x F)."""
    features = len(tables.zero)
    rank, column = np.empty((features, _BLOCK), np.int16), np.empty((len(tables.column_feature), _BLOCK), np.int16)
    answer, part = np.empty(_BLOCK, np.int16), np.empty((features, _BLOCK))
    for low in range(0, len(rows), _BLOCK):
        size = min(_BLOCK, len(rows) - low)
        _parts(rows[low : low + size], tables, rank, column, answer, part)
        for row in range(size):
            for feature in range(features):
                out[low + row, feature] = part[feature, row]


@compiled
def strongest(rows: Array, tables: Tables, told_by: Array, columns: Array, parts: Array) -> None:
    """The strongest facts that may be told, into `columns` and `parts` (N x k); see `Forest.strongest`."""
    features, count = len(tables.zero), columns.shape[1]
    rank, column = np.empty((features, _BLOCK), np.int16), np.empty((len(tables.column_feature), _BLOCK), np.int16)
    answer, part = np.empty(_BLOCK, np.int16), np.empty((features, _BLOCK))
    for low in range(0, len(rows), _BLOCK):
        size = min(_BLOCK, len(rows) - low)
        _parts(rows[low : low + size], tables, rank, column, answer, part)
        for feature in range(features):
            first = told_by[feature]
            if first >= 0 and first != feature:
                for row in range(size):
                    part[first, row] += part[feature, row]
        for row in range(size):
            at, held = low + row, 0
            for feature in range(features):
                own = part[feature, row]
                if told_by[feature] != feature or own == 0.0:
                    continue
                if held == count and abs(own) <= abs(parts[at, count - 1]):
                    continue
                place = held if held < count else count - 1
                held = min(held + 1, count)
                while place > 0 and abs(parts[at, place - 1]) < abs(own):
                    parts[at, place], columns[at, place] = parts[at, place - 1], columns[at, place - 1]
                    place -= 1
                parts[at, place], columns[at, place] = own, feature
