"""The booster as tables: the same log-odds and the same exact reasons as LightGBM's own, many times faster.

A value is first replaced by its rank among a feature's thresholds. The trees of a single feature then are one look-up
a feature. Of the other trees, all leaves below a node of height two depend on the same few comparisons, those on the
way to it and its own: their answers make a number, and a table says for each number the sum of the leaves' values and
their path-dependent SHAP values (Lundberg, Erion, Chen et al. 2020, "From local explanations to global understanding
with explainable AI for trees"). The tables are worked out once, from the definition; `models.forest_kernels` reads
them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from features.types import Array
from models import forest_text
from models.forest_text import RIGHT, ZERO, Node, Tree

_HEIGHT = 2


class Tables(NamedTuple):
    """What the kernels read. F features, C columns of ranks, G groups of leaves; `*_at` are ends and starts.

    Attributes
    ----------
    edges, edge_at : thresholds of each feature in rising order, F + 1. zero : rank of 0, F.
    single, single_at : log-odds of each rank of a feature, less their mean, from the trees of that feature alone; the
        last is for a missing value.
    column_feature, column_missing : feature of a column of ranks, and where it puts missing values, C.
    node_column, node_rank, node_at : comparisons of each group: column > rank.
    sums, sum_at : sum of the leaves' values by the group's answers, read as bits, less its mean.
    parts, part_at, part_feature, feature_at : SHAP values by answers and the group's features.
    """

    edges: Array
    edge_at: Array
    zero: Array
    single: Array
    single_at: Array
    column_feature: Array
    column_missing: Array
    node_column: Array
    node_rank: Array
    node_at: Array
    sums: Array
    sum_at: Array
    parts: Array
    part_at: Array
    part_feature: Array
    feature_at: Array


@dataclass(frozen=True, slots=True)
class _Group:
    """Leaves that depend on the same comparisons: by their answers, the sum of values and SHAP values by feature."""

    nodes: tuple[Node, ...]
    features: tuple[int, ...]
    sums: Array
    parts: Array


def ready() -> bool:
    """Whether an earlier process of this machine left the compiled loops; without them the first use takes a minute."""
    from models import compiled, forest_kernels

    return compiled.kept(forest_kernels.strongest)


def empty() -> Tables:
    """The tables of a forest of one feature without a tree."""
    return _tables(1, [])


class Forest:
    """A LightGBM model of one output, read from its text.

    Attributes
    ----------
    width : columns of the model matrix, F.
    base : mean log-odds over the training rows, from which every explanation starts.
    tables : see `Tables`.
    """

    def __init__(self, text: str) -> None:
        """Work the tables out.

        Raises
        ------
        UserError : no model that can be scored (`models.forest_text.read`).
        """
        self.width, grown = forest_text.read(text)
        self.base = sum(tree.mean() for tree in grown)
        self.tables = _tables(self.width, [tree for tree in grown if tree.nodes])

    def logit(self, matrix: Array, threads: int = 1) -> Array:
        """Log-odds of each row of a model matrix (N x F float32), N."""
        from models import forest_kernels as kernels

        out = np.empty(len(matrix))
        own = self._checked(matrix)
        _spread(lambda rows: kernels.logit(own[rows], self.tables, self.base, out[rows]), len(own), threads)
        return out

    def contributions(self, matrix: Array, threads: int = 1) -> Array:
        """Exact path-dependent SHAP values of the log-odds, N x F; `base` and a row's sum are its log-odds."""
        from models import forest_kernels as kernels

        out = np.empty((len(matrix), self.width))
        own = self._checked(matrix)
        _spread(lambda rows: kernels.contributions(own[rows], self.tables, out[rows]), len(own), threads)
        return out

    def alone(self, values: Array, feature: int) -> Array:
        """Contribution of a feature that is in no tree with others, N, from its values (N)."""
        if feature in self.tables.part_feature:
            raise ValueError(f"column {feature} is in a tree with others")
        own = self.tables
        edges = own.edges[own.edge_at[feature] : own.edge_at[feature + 1]]
        rank = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values))
        return own.single[own.single_at[feature] + rank]

    def strongest(self, matrix: Array, told_by: Array, count: int, threads: int = 1) -> tuple[Array, Array]:
        """The strongest facts of each row, without holding all contributions.

        Parameters
        ----------
        matrix : N x F float32. told_by : F, the column by which each feature is told: its own, an earlier one that its
            contribution is added to, or -1 where it may not be told. count : k, at most for each row.

        Returns
        -------
        columns : N x k, strongest first, the lower column first among equals; -1 where no more differ from 0.
        parts : N x k, their contributions.
        """
        from models import forest_kernels as kernels

        columns, parts = np.full((len(matrix), count), -1, dtype=np.int32), np.zeros((len(matrix), count))
        if count:
            own = self._checked(matrix)
            _spread(lambda rows: kernels.strongest(own[rows], self.tables, told_by, columns[rows], parts[rows]),
                    len(own), threads)  # fmt: skip
        return columns, parts

    def _checked(self, matrix: Array) -> Array:
        if matrix.ndim != 2 or matrix.shape[1] != self.width:
            raise ValueError(f"a matrix of {self.width} columns is needed, not of shape {matrix.shape}")
        return np.ascontiguousarray(matrix, dtype=np.float32)


def _spread(work: Callable[[slice], None], size: int, threads: int) -> None:
    """Do the rows in `threads` runs side by side; every row's answer is the same however they are cut."""
    if threads == 1 or size < 2 * threads:
        work(slice(0, size))
        return
    bounds = np.linspace(0, size, threads + 1).astype(int)
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, [slice(low, high) for low, high in pairwise(bounds.tolist())]))


def _tables(width: int, grown: list[Tree]) -> Tables:
    edges = [np.array(sorted(values)) for values in forest_text.edges(width, grown)]
    single = [np.zeros(len(own) + 2) for own in edges]
    several: list[Tree] = []
    for tree in grown:
        feature = tree.nodes[0].feature
        if all(node.feature == feature for node in tree.nodes):
            at = [*edges[feature].tolist(), math.inf, math.nan]
            single[feature] += np.array([_value(tree, value) for value in at]) - tree.mean()
        else:
            several.append(tree)
    groups = _groups(several)
    columns: dict[tuple[int, int], int] = {}
    nodes = [node for group in groups for node in group.nodes]
    column = [columns.setdefault((node.feature, node.missing), len(columns)) for node in nodes]
    return Tables(
        _joined(edges), _starts(edges), np.array([np.searchsorted(own, 0.0) for own in edges], dtype=np.int64),
        _joined(single), _starts(single),
        np.array([feature for feature, _ in columns], dtype=np.int64), np.array([how for _, how in columns], np.int64),
        np.array(column, dtype=np.int64),
        np.array([np.searchsorted(edges[node.feature], node.threshold) for node in nodes], dtype=np.int16),
        _starts([group.nodes for group in groups]),
        _joined([group.sums for group in groups]), _starts([group.sums for group in groups]),
        _joined([group.parts.ravel() for group in groups]), _starts([group.parts.ravel() for group in groups]),
        np.array([feature for group in groups for feature in group.features], dtype=np.int64),
        _starts([group.features for group in groups]),
    )  # fmt: skip


def _joined(arrays: Sequence[Array]) -> Array:
    return np.concatenate([*arrays, np.empty(0)])


def _starts(parts: Sequence[Sequence[Any] | Array]) -> Array:
    return np.cumsum([0, *(len(part) for part in parts)], dtype=np.int64)


def _value(tree: Tree, value: float) -> float:
    """What a tree of one feature says of a value of it."""
    at = 0
    while at >= 0:
        node = tree.nodes[at]
        if value == value or node.missing == ZERO:
            right = (value if value == value else 0.0) > node.threshold
        else:
            right = node.missing == RIGHT
        at = node.right if right else node.left
    return float(tree.values[~at])


def _tops(tree: Tree, at: int, path: tuple[tuple[int, bool], ...]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The highest nodes (or leaves) of height two at most, each with the way to it."""
    if tree.height(at) <= _HEIGHT:
        yield at, path
        return
    yield from _tops(tree, tree.nodes[at].left, (*path, (at, False)))
    yield from _tops(tree, tree.nodes[at].right, (*path, (at, True)))


def _groups(grown: list[Tree]) -> list[_Group]:
    """Groups of trees of several features; leaves with as many features on their way are worked out together."""
    found, leaves = [], []
    for tree in grown:
        for top, path in _tops(tree, 0, ()):
            ways = list(tree.leaves(top, path))
            used = list(dict.fromkeys(node for _, way in ways for node, _ in way))
            features = tuple(dict.fromkeys(tree.nodes[node].feature for node in used))
            size = 1 << len(used)
            group = _Group(tuple(tree.nodes[node] for node in used), features, np.zeros(size),
                           np.zeros((size, len(features))))  # fmt: skip
            found.append(group)
            leaves += [_leaf(tree, leaf, way, used, group) for leaf, way in ways]
    for count in {len(leaf.shares) for leaf in leaves}:
        some = [leaf for leaf in leaves if len(leaf.shares) == count]
        tables = _shap(np.array([leaf.shares for leaf in some]), np.array([leaf.value for leaf in some]))
        for leaf, table in zip(some, tables, strict=True):
            group, agrees = leaf.group, _agreements(leaf.splits, len(leaf.group.nodes), count)
            group.parts[:, list(leaf.places)] += table[agrees]
            group.sums[agrees == (1 << count) - 1] += leaf.value
            group.sums[:] -= leaf.value * np.prod(leaf.shares)
    return found


class _Leaf(NamedTuple):
    """A leaf of a group: for each feature on its way the share of training rows that agree with its splits, and the
    place among the group's features; of each split its bit, whether the way goes right, and its feature's number."""

    value: float
    shares: tuple[float, ...]
    places: tuple[int, ...]
    splits: tuple[tuple[int, bool, int], ...]
    group: _Group


def _leaf(tree: Tree, leaf: int, way: tuple[tuple[int, bool], ...], used: list[int], group: _Group) -> _Leaf:
    own: dict[int, float] = {}
    splits = []
    for node, right in way:
        feature = tree.nodes[node].feature
        own[feature] = own.get(feature, 1.0) * tree.share(node, right)
        splits.append((used.index(node), right, list(own).index(feature)))
    places = tuple(group.features.index(feature) for feature in own)
    return _Leaf(float(tree.values[leaf]), tuple(own.values()), places, tuple(splits), group)


@cache
def _agreements(splits: tuple[tuple[int, bool, int], ...], bits: int, count: int) -> Array:
    """Which features agree with their splits, as bits of a number, for each answer; few ways differ in this."""
    answers = np.arange(1 << bits)
    agrees = np.ones((count, len(answers)), dtype=bool)
    for bit, right, feature in splits:
        agrees[feature] &= (answers >> bit & 1).astype(bool) == right
    return (1 << np.arange(count)) @ agrees


def _shap(shares: Array, values: Array) -> Array:
    """SHAP values of L leaves with d features on their ways, L x 2^d x d, by which of the features agree.

    A feature's is value x (agrees - share) x the sum over the subsets S of the others of |S|! (d - |S| - 1)! / d! times
    agreement for those in S and share for those that are not.
    """
    count = shares.shape[1]
    agrees = (np.arange(1 << count)[:, None] >> np.arange(count) & 1).astype(float)
    weights = np.array(
        [math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count) for size in range(count)]
    )
    found = np.empty((len(shares), len(agrees), count))
    for own in range(count):
        by_size = np.ones((len(shares), len(agrees), 1))
        for other in range(count):
            if other != own:
                left, taken = by_size * shares[:, None, other, None], by_size * agrees[None, :, other, None]
                by_size = np.zeros((*left.shape[:2], left.shape[2] + 1))
                by_size[..., :-1] += left
                by_size[..., 1:] += taken
        found[..., own] = values[:, None] * (agrees[:, own] - shares[:, None, own]) * (by_size @ weights)
    return found
