"""A bundle whose hashes are right and whose files are not: one sentence that names the file, never a traceback, a full
memory or a score that is no number."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import arrays, bundle, dynamics, ladder
from models.bundle import BundleError
from models.forest import Forest
from models.ladder import WIDTH, Kernel
from serving.batch import batch
from tests import small

Change = Callable[[bytes], bytes]
DEEP = b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@cache
def files() -> dict[str, bytes]:
    zeros = np.zeros(WIDTH)
    kernel = Kernel(np.zeros((3, WIDTH)), zeros, np.array(True), zeros, np.zeros((4, WIDTH)), zeros)
    law = dynamics.Dynamics.of_matrix(np.full((5, 5), 0.2))
    widths = {"level": 0.9, "at": [-4.0, 0.0], "low": [[-1.0, -1.0]] * 2, "high": [[1.0, 1.0]] * 2, "floor": -6.0}
    return {**_own(), "ladder.npz": ladder.to_bytes(kernel), "dynamics.npz": dynamics.to_bytes(law),
            "interval.json": json.dumps(widths).encode()}  # fmt: skip


@cache
def _own() -> dict[str, bytes]:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = small.write(Path(folder))
        return {item.name: item.read_bytes() for item in path.iterdir() if item.name in bundle.BEARING}


def told(folder: Path, name: str, content: bytes) -> bundle.Bundle:
    """The bundle with other content of one file, under its own right hashes, read and made ready to score."""
    found = bundle.load(bundle.write(folder, files() | {name: content}, {}))
    _ = found.features, found.forests
    return found


def line(name: str, change: Callable[[list[str]], list[str]]) -> Change:
    """Another list of numbers in the first tree with several leaves that has one of this name."""

    def own(text: bytes) -> bytes:
        return re.sub(rf"(?m)^{name}=(\S+ .*)$", lambda found: f"{name}={' '.join(change(found[1].split()))}",
                      text.decode(), count=1).encode()  # fmt: skip

    return own


def first(value: str) -> Callable[[list[str]], list[str]]:
    return lambda own: [value, *own[1:]]


def of_json(**more: Any) -> Change:
    return lambda text: json.dumps(json.loads(text) | more).encode()


def npz(**more: Any) -> Change:
    """The arrays with others in their place; None leaves one out."""

    def own(content: bytes) -> bytes:
        file = io.BytesIO()
        found = arrays.read(content, lambda _: True) | more
        np.savez_compressed(file, **{name: value for name, value in found.items() if value is not None})
        return file.getvalue()

    return own


def of_size(name: str, shape: str) -> Change:
    """A member whose head promises more than it holds."""

    def own(_: bytes) -> bytes:
        file, head = io.BytesIO(), f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
        with zipfile.ZipFile(file, "w") as zipped:
            zipped.writestr(f"{name}.npy", b"\x93NUMPY\x01\x00v\x00" + head.encode())
        return file.getvalue()

    return own


def bomb(_: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("above.npy", bytes(arrays.MOST + 1))
    return file.getvalue()


def chained(_: bytes) -> bytes:
    """A tree that goes down one side, deeper than any that is scored, and than Python calls itself."""
    inner = 5000
    block = {"num_leaves": [inner + 1], "split_feature": [0] * inner, "threshold": range(inner),
             "decision_type": [8] * inner, "left_child": [*range(1, inner), ~inner],
             "right_child": [~at for at in range(inner)], "leaf_value": [0] * (inner + 1),
             "leaf_count": [1] * (inner + 1), "internal_count": [1] * inner}  # fmt: skip
    text = "\n".join(f"{name}={' '.join(map(str, own))}" for name, own in block.items())
    return f"tree\nmax_feature_idx=9\n\nTree=0\n{text}\n\nend of trees\n".encode()


TREES: dict[str, Change] = {
    "a child that is its parent": line("left_child", first("0")),
    "a child beyond the tree": line("right_child", first("99999")),
    "a leaf beyond the tree": line("right_child", first("-99999")),
    "a child of no number": line("left_child", first("x")),
    "half a child": line("left_child", first("1.5")),
    "a child that is none": line("left_child", first("nan")),
    "one child fewer": line("left_child", lambda own: own[1:]),
    "a column that is not there": line("split_feature", first("4000")),
    "a column below the first": line("split_feature", first("-1")),
    "a leaf of no number": line("leaf_value", first("nan")),
    "a leaf without end": line("leaf_value", first("inf")),
    "a leaf beyond all log-odds": line("leaf_value", first("1e300")),
    "a threshold of no number": line("threshold", first("nan")),
    "a leaf of no rows": line("leaf_count", first("0")),
    "a split of no rows": line("internal_count", first("0")),
    "rows below none": line("internal_count", first("-5")),
    "more rows than there are": line("leaf_count", first("1e300")),
    "a kind beyond numbers": line("decision_type", first("inf")),
    "lines in the leaves": lambda text: text.replace(b"is_linear=0", b"is_linear=1", 1),
    "more columns than memory": lambda text: re.sub(rb"max_feature_idx=\d+", b"max_feature_idx=9999999999", text),
    "fewer columns than the schema": lambda text: re.sub(rb"max_feature_idx=\d+", b"max_feature_idx=4000", text),
    "no columns": lambda text: text.replace(b"max_feature_idx", b"max_feature"),
    "a chain": chained,
    "nothing": lambda _: b"",
    "no text": lambda _: b"\xff\xfe\x00",
}
PLAIN: dict[str, Change] = {"7": lambda _: b"7", "a list": lambda _: b"[]", "nothing": lambda _: b"",
                            "half": lambda text: text[: len(text) // 2], "deep": lambda _: DEEP,
                            "no number": lambda _: b'{"a": NaN}', "without end": lambda _: b'{"a": 1e999}'}  # fmt: skip
OWN: dict[str, dict[str, Change]] = {
    "schema.json": {"no features": of_json(features=7), "one twice": of_json(features=["adults", "adults"]),
                    "numbers for names": of_json(features=[1]), "no strata": of_json(strata=None),
                    "no horizon": of_json(horizon="x"), "a feature fewer": of_json(features=["adults"])},
    "cuts.json": {"no labels": of_json(labels=None), "that fall": of_json(labels=[80, 40, 20, 10]),
                  "three": of_json(labels=[1, 2, 3]), "no chance": of_json(poor_now=7), "words": of_json(poor_now="x"),
                  "empty": lambda _: b"{}"},
    "reference.json": {"short": of_json(low=[1]), "words": of_json(high=["x"]), "no flags": of_json(usual=[2]),
                       "empty": lambda _: b"{}"},
    "context.json": {"no table": of_json(poverty_lines=7), "no column": of_json(poverty_lines={"line": 7}),
                     "uneven": of_json(poverty_lines={"a": [1.0], "b": [1.0, 2.0]}),
                     "no day": of_json(poverty_lines={"known_at": ["x"]})},
    "interval.json": {"short": of_json(low=[[0]]), "no number": of_json(floor="x"), "falls": of_json(at=[1, 0]),
                      "words": of_json(at=["x", "y"]), "empty": lambda _: b"{}"},
}  # fmt: skip
ARRAYS: dict[str, Change] = {
    "nothing": lambda _: b"", "no zip": lambda _: b"PK\x03\x04" + bytes(100), "half": lambda own: own[: len(own) // 2],
    "a changed byte": lambda own: own[:200] + bytes([own[200] ^ 255]) + own[201:],
    "an array more": npz(other=np.zeros(3)), "a bomb": bomb,
}  # fmt: skip
LADDER: dict[str, Change] = ARRAYS | {
    "one wanting": npz(stay=None), "no number": npz(stay=np.full(WIDTH, np.nan)), "too long": npz(stay=np.zeros(999)),
    "text": npz(stay=np.array(["x"] * WIDTH)), "a number": npz(hazards=np.array(1.0)),
    "a head without end": of_size("stay", "(99999999999999,)"), "a head below none": of_size("stay", "(-5,)"),
    "a head of no number": of_size("stay", "('x',)"),
}  # fmt: skip
DYNAMICS: dict[str, Change] = ARRAYS | {
    "no number": npz(spread=np.array(np.nan)), "another shape": npz(slope=np.zeros(3)),
    "a head without end": of_size("level", "(99999999999999,)"),
}  # fmt: skip
ALL = [
    *(("risk.lgb", why, change) for why, change in TREES.items()),
    *((name, why, change) for name in (*OWN, "parts.json") for why, change in PLAIN.items()),
    *((name, why, change) for name, own in OWN.items() for why, change in own.items()),
    *(("ladder.npz", why, change) for why, change in LADDER.items()),
    *(("dynamics.npz", why, change) for why, change in DYNAMICS.items()),
]  # fmt: skip


def test_the_bundle_that_is_altered_here_is_sound(tmp_path: Path) -> None:
    found = told(tmp_path, "cuts.json", files()["cuts.json"])
    assert found.kernel is not None
    assert found.dynamics is not None
    assert found.widths is not None
    assert set(found.forests) == {"risk", "status", "stay"}


@pytest.mark.parametrize(("name", "why", "change"), ALL, ids=[f"{name}: {why}" for name, why, _ in ALL])
def test_every_altered_file_is_refused_by_its_name(tmp_path: Path, name: str, why: str, change: Change) -> None:
    content = change(files()[name])
    assert content != files()[name], why
    with pytest.raises(BundleError) as error:
        told(tmp_path, name, content)
    # Names that are one fewer are seen in the next file, which is held against them.
    assert ("reference.json" if why == "a feature fewer" else name) in str(error.value)
    assert len(str(error.value)) < 400


def test_a_run_of_scores_tells_it_before_it_looks_at_the_register(tmp_path: Path) -> None:
    broken = bundle.write(
        tmp_path, files() | {"risk.lgb": TREES["a child that is its parent"](files()["risk.lgb"])}, {}
    )
    with pytest.raises(BundleError, match=r"risk\.lgb"):
        batch.prepare(batch.Request(tmp_path / "no register", tmp_path / "out", bundle=broken))


@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_tree_with_any_other_number_is_refused_or_gives_numbers(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["left_child", "right_child", "split_feature", "threshold", "leaf_value",
                                      "leaf_count", "internal_count", "decision_type"]))  # fmt: skip
    value = data.draw(st.integers(-300, 300).map(str) | st.floats().map(str) | st.text("0123456789eE.+-", max_size=6))
    text = line(name, first(value))(files()["stay.lgb"]).decode()
    try:
        forest = Forest(text)
    except bundle.UserError:
        return
    rows = np.array([np.zeros(forest.width), np.full(forest.width, np.nan), np.ones(forest.width)], np.float32)
    assert np.isfinite(forest.logit(rows)).all()
