"""The trees of a LightGBM model from its text, each of its numbers judged before any is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from features.commands import UserError
from features.types import Array
from models import trees

DEEPEST = 8
"""Splits on one way at most; tables double with each more."""
WIDEST, MOST_EDGES = 4096, 32_000
"""Columns of a model, and thresholds of one of them, at most: ranks are numbers of 16 bits."""
MOST_ROWS, MOST_VALUE = 1e10, 1e4
"""Training rows and log-odds of a leaf at most; a chance of a millionth has 14."""
RIGHT, LEFT, ZERO = 0, 1, 2
"""What a split does with a missing value: sends it right or left, or reads it as 0."""


@dataclass(frozen=True, slots=True)
class Node:
    """A split: right where value > threshold. A negative child is a leaf (~leaf), as LightGBM writes it."""

    feature: int
    threshold: float
    missing: int
    left: int
    right: int
    rows: float


@dataclass(frozen=True, slots=True)
class Tree:
    """Splits, the first of them the root, and of each leaf its value and its training rows."""

    nodes: tuple[Node, ...]
    values: Array
    rows: Array

    def leaves(self, child: int, path: tuple[tuple[int, bool], ...] = ()) -> Iterator[tuple[int, tuple[Any, ...]]]:
        """Each leaf below a child, with the (node, went right) of its way from the root."""
        if child < 0:
            yield ~child, path
            return
        yield from self.leaves(self.nodes[child].left, (*path, (child, False)))
        yield from self.leaves(self.nodes[child].right, (*path, (child, True)))

    def height(self, child: int) -> int:
        """Splits on the longest way from a child to a leaf."""
        if child < 0:
            return 0
        return 1 + max(self.height(self.nodes[child].left), self.height(self.nodes[child].right))

    def share(self, node: int, right: bool) -> float:
        """Share of the training rows at a node that go to a child."""
        child = self.nodes[node].right if right else self.nodes[node].left
        rows = self.nodes[child].rows if child >= 0 else float(self.rows[~child])
        return rows / self.nodes[node].rows

    def mean(self) -> float:
        """Expected value over the training rows."""
        return self._below(0 if self.nodes else ~0)

    def _below(self, child: int) -> float:
        if child < 0:
            return float(self.values[~child])
        node = self.nodes[child]
        return sum(self.share(child, right) * self._below(node.right if right else node.left)
                   for right in (False, True))  # fmt: skip


def read(text: str) -> tuple[int, list[Tree]]:
    """Columns of the model matrix, F, and the trees.

    Raises
    ------
    UserError : it is no text of a model; it splits on categories, takes zeros for missing or fits lines in its
        leaves; a tree is deeper than `DEEPEST`; a number lies where none can.
    """
    try:
        header, blocks, _ = trees.split_text(text)
        width = int(header["max_feature_idx"]) + 1
        if not 0 < width <= WIDEST:
            raise ValueError(f"{width} columns; at most {WIDEST}")
        grown = [_tree(block, width) for block in blocks]
        most = max(map(len, edges(width, grown)))
        if most > MOST_EDGES:
            raise ValueError(f"more than {MOST_EDGES} thresholds of a column")
    except (KeyError, ValueError, OverflowError, IndexError) as error:
        raise UserError(f"the trees of the model cannot be read: {error}") from None
    return width, grown


def edges(width: int, grown: list[Tree]) -> list[set[float]]:
    """Thresholds of each column of all trees."""
    found: list[set[float]] = [set() for _ in range(width)]
    for node in (node for tree in grown for node in tree.nodes):
        found[node.feature].add(node.threshold)
    return found


def _tree(block: str, width: int) -> Tree:
    lines = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)

    def numbers(name: str) -> Array:
        found = np.array(lines.get(name, "").split(), dtype=float)
        # A split at infinity sends only missing values to one side; NaN is above nothing.
        if np.isnan(found).any() or (name != "threshold" and not np.isfinite(found).all()):
            raise ValueError(f"{name} holds what is no finite number")
        return found

    if lines.get("is_linear", "0") != "0":
        raise ValueError("lines are fitted in its leaves")
    values, rows = numbers("leaf_value"), numbers("leaf_count")
    if len(values) and np.abs(values).max() > MOST_VALUE:
        raise ValueError("a leaf holds what is no log-odds")
    if len(values) == 1:
        return Tree((), values, rows)
    names = ("split_feature", "threshold", "decision_type", "left_child", "right_child", "internal_count")
    found = dict(zip(names, map(numbers, names), strict=True))
    inner = len(values) - 1
    if inner < 1 or len(rows) != len(values) or any(len(own) != inner for own in found.values()):
        raise ValueError("a tree has not one split fewer than leaves, each with its numbers")
    whole = np.concatenate([found[name] for name in names if name not in ("threshold", "internal_count")])
    if (whole != np.floor(whole)).any():
        raise ValueError("a child, column or kind of split is no whole number")
    if (found["split_feature"] < 0).any() or (found["split_feature"] >= width).any():
        raise ValueError(f"a tree splits on a column that is none of the {width}")
    for counts in (rows, found["internal_count"]):
        if (counts <= 0).any() or (counts > MOST_ROWS).any():
            raise ValueError("a leaf or split counts no rows, or more than there are people")
    _grown(found["left_child"], found["right_child"], len(values))
    kinds = [_missing(int(kind)) for kind in found["decision_type"].tolist()]
    nodes = tuple(
        Node(int(feature), threshold, missing, int(left), int(right), count)
        for feature, threshold, left, right, count, missing in zip(
            *(found[name].tolist() for name in names if name != "decision_type"), kinds, strict=True)
    )  # fmt: skip
    return Tree(nodes, values, rows)


def _grown(left: Array, right: Array, leaves: int) -> None:
    """ValueError where splits are no tree: one leads back or to nothing, or two to the same. UserError: too deep."""
    children = np.concatenate([left, right])
    at = np.tile(np.arange(len(left)), 2)
    if ((children >= 0) & (children <= at)).any():
        raise ValueError("a split leads to itself or to one above it")
    if sorted(children.tolist()) != list(range(-leaves, 0)) + list(range(1, len(left))):
        raise ValueError("a split leads to none of its tree, or two to the same")
    deep = np.ones(len(left), dtype=int)
    for number, pair in enumerate(zip(left.astype(int).tolist(), right.astype(int).tolist(), strict=True)):
        for child in pair:
            if child >= 0:
                deep[child] = deep[number] + 1
    if deep.max() > DEEPEST:
        raise UserError(f"a tree of the model is {deep.max()} splits deep; scores are made of at most {DEEPEST}")


def _missing(kind: int) -> int:
    """LightGBM's decision type: bit 0 categories, bit 1 default left, then the kind of missing (0 none, 2 NaN)."""
    held = kind >> 2 & 3
    if kind & 1 or held == 1:
        raise UserError("the model splits on categories, or takes zeros for missing values; neither can be scored")
    if held == 0:
        return ZERO
    return LEFT if kind & 2 else RIGHT
