"""Finished runs of `jaga score` made up for the score store: any number of rows, no model, no register."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.acero  # before a test puts another class in the place of `datetime.date`: it compares their sizes
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.contract import PROGRAMMES, RUNGS, SECTIONS
from features.keys import ALPHABET
from features.shown import MEASURES
from models import shown
from models.row import KEPT as SCORES
from models.score import VALID_DAYS
from models.text import words
from serving.batch.rows import GROUP, UNKNOWN
from serving.batch.rows import NOWHERE as EMPTY
from serving.batch.rows import write as write_rows
from serving.batch.shelves import MOST_ROWS as MOST

LABELS = (3, 7, 14, 27)
KINDS = ("relapse", "first_entry", "unknown_history")
_SYMBOLS = np.frombuffer(ALPHABET.encode(), np.uint8)
_SHIFTS = np.arange(55, -1, -5, dtype=np.uint64)


def codes(numbers: Any) -> Any:
    """Codes of 60-bit numbers, as an Arrow array; their order is that of the numbers."""
    symbols = _SYMBOLS[(np.asarray(numbers, np.uint64)[:, None] >> _SHIFTS) & np.uint64(31)]
    offsets = np.arange(0, 12 * len(symbols) + 1, 12, dtype=np.int32)
    return pa.StringArray.from_buffers(len(symbols), pa.py_buffer(offsets), pa.py_buffer(symbols.tobytes()))


def numbers(count: int, draw: np.random.Generator) -> Any:
    """Different 60-bit numbers in rising order, each with a letter at the end of its code."""
    found = draw.integers(0, 1 << 55, size=count + count // 1000 + 10, dtype=np.uint64)
    found = np.unique(found)
    kept = np.sort(draw.choice(found, count, replace=False))
    return (kept << np.uint64(5)) | draw.integers(8, 32, size=count, dtype=np.uint64)


def table(province: str | None, ids: Any, draw: np.random.Generator, *, regencies: int = 8,
          bundle: str = "a1b2c3d4e5f6", as_of: str = "2026-11-15", reasons: int = 5) -> Any:  # fmt: skip
    """Score rows of one province as the batch would make them, sorted: `SCORES`; `with_facts` adds what is shown.

    ids : 60-bit numbers in rising order. A sixth does not concern the risk, one in fifty is refused. Each regency has
    three sub-districts; of one household in eleven it is not known.
    """
    size = len(ids)
    day = datetime.date.fromisoformat(as_of)
    refused = draw.random(size) < 0.02
    poor = ~refused & (draw.random(size) < 0.15)
    applies = ~refused & ~poor
    eta = np.round(draw.normal(-2.8, 1.1, size), 6)
    risk = np.round(1 / (1 + np.exp(-eta)), 12)
    known = {"horizon": 4, "bundle": bundle, "unit": "family", "as_of": day,
             "expires": day + datetime.timedelta(VALID_DAYS)}  # fmt: skip
    columns: dict[str, Any] = {name: pa.array([value], SCORES.field(name).type).take(pa.array(np.zeros(size, np.int8)))
                               for name, value in known.items()}  # fmt: skip
    own = [f"{province}{number:02d}" for number in range(1, regencies + 1)] if province else [None]
    shares = 1 / np.arange(1, len(own) + 1) ** 0.5
    columns["household_id"] = codes(ids)
    columns["province"] = pa.array([province], pa.string()).take(pa.array(np.zeros(size, np.int8)))
    columns["regency"] = _picked(own, draw.choice(len(own), size, p=shares / shares.sum()))
    columns["urban"] = pa.array(draw.random(size) < 0.55)
    columns["status"] = _picked(["scored", "refused"], refused.astype(int))
    columns["refusal"] = _picked(["stale", "core_missing", "quarantined"], draw.integers(0, 3, size), ~refused)
    columns["rung"] = _picked(list(RUNGS[2:]), draw.integers(0, 3, size), ~applies)
    columns["kind"] = _picked(list(KINDS), draw.choice(3, size, p=[0.2, 0.5, 0.3]), ~applies)
    columns["certainty"] = _picked(["usual", "low"], (draw.random(size) < 0.1).astype(int), ~applies)
    columns["applies"] = pa.array(applies, mask=refused)
    columns["risk"] = pa.array(risk, mask=~applies)
    columns["low"] = pa.array(np.round(risk * draw.uniform(0.4, 0.9, size), 12), mask=~applies)
    columns["high"] = pa.array(np.round(risk + (1 - risk) * draw.uniform(0.02, 0.2, size), 12), mask=~applies)
    columns["fall_within"] = pa.nulls(size, pa.float64())
    now = np.round(np.where(poor, draw.uniform(0.5, 1, size), draw.uniform(0, 0.5, size)), 12)
    columns["p_poor_now"] = pa.array(now, mask=refused)
    columns["p_poor_next"] = pa.array(np.round(now * 0.6 + (1 - now) * risk, 12), mask=refused)
    split = draw.dirichlet(np.ones(len(RUNGS)), size).round(12)
    for at, name in enumerate(RUNGS):
        columns[f"ladder_{name}"] = pa.array(split[:, at], mask=refused)
    parts = np.round(draw.normal(0, 0.5, (size, reasons)), 6)
    parts = np.take_along_axis(parts, np.argsort(-np.abs(parts), axis=1), axis=1)
    columns["base"] = pa.array(np.full(size, -2.75), mask=~applies)
    place = np.round(draw.normal(0, 0.1, size), 6)
    columns["place"] = pa.array(place, mask=~applies)
    columns["other"] = pa.array(np.round(eta + 2.75 - place - parts.sum(axis=1), 6), mask=~applies)
    columns["reasons"] = _reasons(parts, applies, draw, day)
    columns["missing"] = _missing(applies, draw)
    which = (np.asarray(ids) >> np.uint64(5)).astype(np.int64)
    part = _picked(["010", "020", "030"], which % 3, which % 11 == 0)
    columns["subdistrict"] = pc.binary_join_element_wise(columns["regency"], part, "")
    return pa.table([columns[name].cast(SCORES.field(name).type) for name in SCORES.names], schema=SCORES)


def with_facts(rows: Any, draw: np.random.Generator) -> Any:
    """The same rows with `models.shown.COLUMNS`, known of families at risk; of one in ten no job is known."""
    size, applies = rows.num_rows, rows.column("applies").fill_null(False).to_numpy()
    idle = ~applies | (draw.random(size) < 0.1)
    sections = draw.integers(0, len(SECTIONS), size)
    ago = pa.array(30 * draw.integers(1, 5, size), pa.int32(), mask=~applies)
    found = {"known_at": pc.subtract(rows.column("as_of").cast(pa.int32()), ago),
             "section": _picked(list(SECTIONS), sections, idle),
             "occupation": pa.array(draw.integers(1, 97, size) * 100 + draw.integers(10, 30, size), mask=idle),
             "head": pa.array(draw.random(size) < 0.8, mask=idle),
             "earners": pa.array(draw.integers(1, 4, size), mask=~applies)}  # fmt: skip
    # What holds for an industry is one figure for all who work in it.
    of_section = draw.uniform(0, 1, (len(MEASURES), len(SECTIONS))).round(shown.DIGITS)
    found |= {name: pa.array(of_section[at, sections], mask=idle) for at, name in enumerate(MEASURES)}
    found |= {name: pa.array(draw.random(size) < 0.3, mask=~applies) for name in PROGRAMMES}
    beside = [found[field.name].cast(field.type) for field in shown.FACTS]
    return pa.table([*rows.columns, *beside], schema=shown.joined(rows.schema, len(beside)))


def _picked(words: list[str | None], at: Any, empty: Any = None) -> Any:
    return pa.array(words, pa.string()).take(pa.array(at, pa.int32(), mask=empty))


def _keys() -> list[str]:
    return sorted(words("id").reasons)


def _reasons(parts: Any, applies: Any, draw: np.random.Generator, day: datetime.date) -> Any:
    rows, count = int(applies.sum()), parts.shape[1]
    flat, keys = parts[applies].ravel(), _keys()
    # Different facts in one row: a start at random, then steps that meet no key twice.
    at = (draw.integers(0, len(keys), rows)[:, None] + np.arange(count) * 7) % len(keys)
    values = pc.cast(pa.array(np.round(draw.gamma(2, 2, rows * count), 2)), pa.string())
    days = pa.array([day - datetime.timedelta(days) for days in (30, 60, 120)], pa.date32())
    struct = pa.StructArray.from_arrays(
        [pa.array(keys, pa.string()).take(pa.array(at.ravel())), values,
         days.take(pa.array(np.repeat(draw.integers(0, 3, rows), count))), pa.array(flat)],
        fields=list(SCORES.field("reasons").type.value_type),
    )  # fmt: skip
    return _lists(np.where(applies, count, 0), ~applies, struct, SCORES.field("reasons").type)


def _missing(applies: Any, draw: np.random.Generator) -> Any:
    lengths = np.where(applies, draw.integers(0, 3, len(applies)) * (draw.random(len(applies)) < 0.3), 0)
    found = pa.array(_keys(), pa.string()).take(pa.array(draw.integers(0, len(_keys()), int(lengths.sum()))))
    return _lists(lengths, ~applies, found, SCORES.field("missing").type)


def _lists(lengths: Any, empty: Any, values: Any, kind: Any) -> Any:
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=kind, mask=pa.array(empty))


class Folder:
    """The folder of a finished run, filled province by province; `close` writes its manifest."""

    def __init__(self, path: Path, *, synthetic: bool = True, as_of: str = "2026-11-15", bundle: str = "a1b2c3d4e5f6",
                 reasons: int = 5, labels: Sequence[float] = LABELS, poor_now: float = 0.5, most: int = MOST,
                 group: int = GROUP, known: dict[str, str] | None = None) -> None:  # fmt: skip
        self.path, self.most, self.group = path, most, group
        self.prefix = "sintetis_" if synthetic else ""
        self.provinces: dict[str, Counter[str]] = {}
        self.files: dict[str, Any] = {}
        run = {"as_of": as_of, "bundle": bundle * 5 + bundle[:4], "input": "0" * 64, "reasons": reasons,
               "synthetic": synthetic}  # fmt: skip
        told = {"name": bundle, "identity": run["bundle"], "view": "registry", "horizon": 4}
        told |= {"labels": [*labels], "poor_now": poor_now}
        self.said = {"run": run, "synthetic": synthetic, "as_of": as_of, "bundle": told}
        if known is not None:
            self.said["input"] = {"known": known, "tables": {name: {"rows": 12_400} for name in known}}
        path.mkdir(parents=True)

    def add(self, rows: Any) -> None:
        """Rows of one province, sorted; more of it may follow, with later households."""
        province = rows.column("province")[0].as_py()
        home = self.path / "scores" / f"province={EMPTY if province is None else province}"
        home.mkdir(parents=True, exist_ok=True)
        first = sum(1 for _ in home.iterdir())
        for number, begin in enumerate(range(0, rows.num_rows, self.most)):
            own = rows.slice(begin, self.most)
            path = home / f"{self.prefix}part-{first + number:05d}.parquet"
            filed = own.drop_columns(["province"])
            groups = (filed.slice(at, self.group) for at in range(0, filed.num_rows, self.group))
            write_rows(groups, filed.schema, path, {}, by="household_id")
            ids = own.column("household_id").drop_null()
            ends = (ids[0].as_py(), ids[-1].as_py()) if len(ids) else (None, None)
            self._note(path, own.num_rows, {"low": ends[0], "high": ends[1]})
        count = Counter({"in": rows.num_rows})
        lost = pc.fill_null(pc.equal(rows.column("refusal"), "quarantined"), False)
        scored = pc.equal(rows.column("status"), "scored")
        count["scored"], count["quarantined"] = pc.sum(scored).as_py(), pc.sum(lost).as_py()
        count["refused"] = rows.num_rows - count["scored"] - count["quarantined"]
        count["at_risk"] = pc.sum(rows.column("applies")).as_py() or 0
        self.provinces.setdefault(UNKNOWN if province is None else province, Counter()).update(count)

    def _note(self, path: Path, rows: int, more: dict[str, Any]) -> None:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        name = path.relative_to(self.path).as_posix()
        self.files[name] = {"rows": rows, "bytes": path.stat().st_size, "sha256": digest, **more}

    def close(self) -> Path:
        """Write the quarantine and the manifest; the folder."""
        path = self.path / "quarantine" / f"{self.prefix}part-00000.parquet"
        path.parent.mkdir()
        pq.write_table(pa.table({"household_id": pa.array([], pa.string())}), path)
        self._note(path, 0, {})
        total = {state: sum(home[state] for home in self.provinces.values())
                 for state in ("in", "scored", "refused", "quarantined", "at_risk")}  # fmt: skip
        said = self.said | {"households": total, "files": self.files,
                            "provinces": {name: dict(own) for name, own in self.provinces.items()}}  # fmt: skip
        (self.path / "manifest.json").write_text(json.dumps(said, indent=1, sort_keys=True) + "\n")
        return self.path


def by_province(rows: Any) -> Iterator[Any]:
    """Rows of each province of a table, sorted by household, those without an id last."""
    for province in sorted(set(rows.column("province").to_pylist()), key=lambda name: name or "~"):
        own = pc.field("province").is_null() if province is None else pc.field("province") == province
        yield rows.filter(own).sort_by("household_id")


def write(path: Path, rows: Any, **asked: Any) -> Path:
    """A folder of these score rows (`SCORES`, any order)."""
    folder = Folder(path, **asked)
    for own in by_province(rows):
        folder.add(own)
    return folder.close()


def rows(count: int = 1500, seed: int = 1, *, nameless: int = 3, **asked: Any) -> Any:
    """Score rows of provinces 31 and 73 and of one that is not known, `count` in all, some without an id."""
    draw = np.random.default_rng(seed)
    ids = numbers(count, draw)
    home = draw.choice(4, count, p=[0.5, 0.4, 0.05, 0.05])
    parts = [table(province, ids[home == at], draw, **asked)
             for at, province in enumerate(("31", "73", None, "92")) if (home == at).any()]  # fmt: skip
    whole = pa.concat_tables(parts).sort_by("household_id").to_pylist()
    lost = dict.fromkeys(SCORES.names) | {name: whole[0][name] for name in ("as_of", "expires", "horizon", "bundle")}
    lost |= {"status": "refused", "refusal": "quarantined", "province": "31"}
    return pa.Table.from_pylist([*whole, *[lost] * nameless], schema=SCORES)
