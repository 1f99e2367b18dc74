"""LightGBM model text: read trees, scale them, write additive trees, and put one booster together.

The format is that of `lightgbm.Booster.model_to_string`, version v4. What TreeSHAP reads (counts) is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from features.types import Array

_ALWAYS = 1e300  # every finite value is below it: a root split on it sends only missing values to the right
_MISSING_RIGHT = 8  # decision type: missing means NaN (2 << 2), default direction right


def split_text(model: str) -> tuple[dict[str, str], list[str], str]:
    """Header fields, tree blocks (text from `num_leaves=` on) and the tail of a model text."""
    head, _, rest = model.partition("\nTree=0\n")
    body, _, tail = rest.partition("end of trees")
    header = dict(line.split("=", 1) for line in head.splitlines() if "=" in line)
    blocks = [block.partition("\n")[2] if number else block for number, block in enumerate(body.split("\nTree="))]
    return header, [block.strip("\n") for block in blocks if "num_leaves=" in block], tail


def scale(block: str, factor: float) -> str:
    """The same tree with leaf and internal values times `factor`."""
    lines = []
    for line in block.splitlines():
        name, _, values = line.partition("=")
        if name in ("leaf_value", "internal_value") and values:
            values = _join(np.array(values.split(), dtype=float) * factor)
        lines.append(f"{name}={values}")
    return "\n".join(lines)


def revalue(block: str, told: Callable[[Array, Array], Array]) -> str:
    """The same tree with other values: `told` gets those of the leaves, or of the nodes, and their rows."""
    lines = dict(line.split("=", 1) for line in block.splitlines())
    for values, counts in (("leaf_value", "leaf_count"), ("internal_value", "internal_count")):
        if lines.get(values) and lines.get(counts):
            lines[values] = _join(told(*(np.array(lines[name].split(), dtype=float) for name in (values, counts))))
    return "\n".join(f"{name}={value}" for name, value in lines.items())


def additive(column: int, edges: Array, values: Array, missing: float, counts: Array, missing_count: int) -> str:
    """A balanced tree of one feature: `values[i]` where x <= edges[i] (last bin: above all), `missing` for NaN.

    Parameters
    ----------
    column : index of the feature.
    edges : k - 1 rising thresholds.
    values, counts : k leaf values and the training rows in each bin (TreeSHAP's weights).
    missing, missing_count : the same for missing values.
    """
    nodes: list[tuple[float, int, int, int]] = []  # threshold, left, right, rows
    counts = np.maximum(counts, 1)  # an empty leaf would make TreeSHAP divide by zero
    missing_count = max(missing_count, 1)

    def grow(low: int, high: int) -> int:
        """Node over bins low..high; a negative number is a leaf, as LightGBM writes it (~leaf)."""
        if low == high:
            return ~low
        middle = (low + high) // 2
        node = len(nodes)
        nodes.append((0.0, 0, 0, 0))
        left, right = grow(low, middle), grow(middle + 1, high)
        nodes[node] = (float(edges[middle]), left, right, int(counts[low : high + 1].sum()))
        return node

    rows = int(counts.sum())
    nodes.append((_ALWAYS, 0, 0, rows + missing_count))
    nodes[0] = (_ALWAYS, grow(0, len(values) - 1), ~len(values), rows + missing_count)
    return _block(column, nodes, [*values, missing], [*counts.tolist(), missing_count])


def _block(
    column: int, nodes: list[tuple[float, int, int, int]], leaves: Sequence[float], counts: Sequence[int]
) -> str:
    inner = len(nodes)
    mean = float(np.average(leaves, weights=counts)) if sum(counts) else 0.0
    return "\n".join(
        (
            f"num_leaves={len(leaves)}",
            "num_cat=0",
            f"split_feature={_join([column] * inner)}",
            f"split_gain={_join([0] * inner)}",
            f"threshold={_join([node[0] for node in nodes])}",
            f"decision_type={_join([_MISSING_RIGHT] * inner)}",
            f"left_child={_join([node[1] for node in nodes])}",
            f"right_child={_join([node[2] for node in nodes])}",
            f"leaf_value={_join(leaves)}",
            f"leaf_weight={_join(counts)}",
            f"leaf_count={_join(counts)}",
            f"internal_value={_join([mean] * inner)}",
            f"internal_weight={_join([node[3] for node in nodes])}",
            f"internal_count={_join([node[3] for node in nodes])}",
            "is_linear=0",
            "shrinkage=1",
        )
    )


def join(blocks: Sequence[str], names: Sequence[str], ranges: Sequence[str]) -> str:
    """One binary-logistic booster of these trees: `predict` answers 1 / (1 + exp(-sum of leaves)).

    Parameters
    ----------
    blocks : trees, as `scale` and `additive` write them.
    names : feature names without blanks, in the order of the columns.
    ranges : `[low:high]` or `none` of each feature, for LightGBM's own reports.
    """
    trees = [f"Tree={number}\n{block}\n\n\n" for number, block in enumerate(blocks)]
    head = "\n".join(
        (
            "tree",
            "version=v4",
            "num_class=1",
            "num_tree_per_iteration=1",
            "label_index=0",
            f"max_feature_idx={len(names) - 1}",
            "objective=binary sigmoid:1",
            f"feature_names={' '.join(names)}",
            f"feature_infos={' '.join(ranges)}",
            f"tree_sizes={_join([len(tree.encode()) for tree in trees])}",
        )
    )
    return f"{head}\n\n{''.join(trees)}end of trees\n\nparameters:\nend of parameters\n\npandas_categorical:null\n"


def _join(values: Sequence[float] | Array) -> str:
    return " ".join(str(value) if isinstance(value, int) else f"{float(value):.17g}" for value in values)
