"""What each run told of a household, kept when the files of the run go.

`index/history/RUN.arrow` holds the households of a run by rising code: risk and range, and what stands for the answer.
A publication adds the file of its own run to links to those of the run before it, so nothing is written twice. A file
is mapped, and a look-up touches a few of its pages.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.cohort import KINDS
from features.commands import UserError
from features.contract import RUNGS
from features.keys import CODE
from models.score import REFUSALS
from serving.scores import kept_run
from serving.scores.kept_run import HISTORY, READ, Run, code_numbers

KEPT = 8
"""Runs that are remembered, with the one that answers."""
UNIT = 20_000
"""Shares are kept as the part of so many that they lie in, and told as its middle. Where a whole number out of 100
begins a part begins too, so that what is told out of 100 stays the same."""
_NEXT = 1e-9
"""Less than a step of the twelve decimals that shares are written with, more than a product of two numbers errs."""
_BATCH = 1 << 18
_SHARES = ("risk", "low", "high")
_WORDS: Mapping[str, tuple[str, ...]] = {"refusal": REFUSALS, "rung": RUNGS, "kind": KINDS,
                                         "certainty": ("usual", "low")}  # fmt: skip
_SCHEMA = pa.schema([
    pa.field("code", pa.uint64(), nullable=False), ("applies", pa.bool_()), *((name, pa.uint16()) for name in _SHARES),
    *((name, pa.dictionary(pa.int8(), pa.string())) for name in _WORDS),
])  # fmt: skip


def build(connection: Any, run: Path, name: str, manifest: Mapping[str, Any], files: Sequence[str], before: Run | None,
          ) -> list[str]:  # fmt: skip
    """Write the history of a run and bring that of the runs before; names of the files, oldest first.

    Parameters
    ----------
    connection : reads the folder of the run. name : of the run. files : names of its scores.
    before : the run that answered until now.

    Raises
    ------
    UserError : a row holds a word that this version does not know.
    """
    (run / HISTORY).mkdir()
    day = str(manifest["as_of"])
    old = [path for path in (before.history if before else ()) if path.name[: len(day)] <= day and path.stem != name]
    made = []
    for path in old[-(KEPT - 1) :]:
        kept_run.link(path, run / HISTORY / path.name)
        made.append(f"{HISTORY}/{path.name}")
    _write(
        connection,
        run,
        f"{HISTORY}/{name}.arrow",
        {"run": name, "as_of": day, "bundle": manifest["bundle"]["name"]},
        files,
    )
    return [*made, f"{HISTORY}/{name}.arrow"]


def _write(connection: Any, run: Path, name: str, said: dict[str, str], files: Sequence[str]) -> None:
    shares = ", ".join(f"floor({own} * {UNIT} + {_NEXT})::USMALLINT AS {own}" for own in _SHARES)
    schema = _SCHEMA.with_metadata(said)
    with pa.OSFile(str(run / name), "wb") as out, pa.ipc.new_file(out, schema) as writer:
        if not files:
            return
        rows = connection.sql(
            f"SELECT household_id, applies, {shares}, {', '.join(_WORDS)} "  # noqa: S608
            f"FROM {READ} WHERE household_id IS NOT NULL ORDER BY household_id",
            params={"files": [str(run / own) for own in files]},
        ).to_arrow_reader(_BATCH)
        for batch in rows:
            codes = pa.array(code_numbers(batch.column("household_id").cast(pa.string())))
            words = [_coded(batch.column(word), word, run) for word in _WORDS]
            shown = [batch.column(own) for own in ("applies", *_SHARES)]
            writer.write_batch(pa.record_batch([codes, *shown, *words], schema=schema))


def _coded(column: Any, word: str, run: Path) -> Any:
    known = pa.array(_WORDS[word])
    at = pc.index_in(column, value_set=known)
    if at.null_count != column.null_count:
        raise UserError(
            f"{run}: {word} holds a word that this version does not know; score again",
            f"{run}: {word} memuat kata yang tidak dikenal versi ini; nilai lagi",
        )
    return pa.DictionaryArray.from_arrays(at.cast(pa.int8()), known)


class History:
    """The histories that lie beside a run. Threads may share it."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths, self._opening = paths, threading.Lock()
        self._files: list[_File] | None = None

    def of(self, code: str) -> list[dict[str, Any]]:
        """What the runs told of a household, the newest first: `run`, `as_of`, `bundle`, `applies`, `status`,
        `refusal`, `rung`, `kind`, `risk`, `low`, `high` (to within 1/40,000), `certainty`. A run that did not have it
        is left out.
        """
        if not CODE.match(code):
            return []
        with self._opening:
            if self._files is None:
                self._files = sorted(map(_File, self._paths), key=lambda file: file.as_of)
        number = code_numbers(pa.array([code]))[0]
        return [row for file in reversed(self._files) if (row := file.find(number)) is not None]


class _File:
    def __init__(self, path: Path) -> None:
        try:
            reader = pa.ipc.open_file(pa.memory_map(str(path)))
            said = {key.decode(): own.decode() for key, own in (reader.schema.metadata or {}).items()}
            self._said = {name: said[name] for name in ("run", "bundle")}
            self.as_of = datetime.date.fromisoformat(said["as_of"])
            batches = [reader.get_batch(number) for number in range(reader.num_record_batches)]
        except (OSError, pa.ArrowInvalid, KeyError, ValueError):
            raise UserError(
                f"{path} cannot be read; publish the run again",
                f"{path} tidak dapat dibaca; terbitkan penilaian ini lagi",
            ) from None
        self._batches = [batch for batch in batches if batch.num_rows]
        self._begins = np.array([batch.column(0)[0].as_py() for batch in self._batches], np.uint64)

    def find(self, number: np.uint64) -> dict[str, Any] | None:
        at = int(np.searchsorted(self._begins, number, side="right")) - 1
        if at < 0:
            return None
        batch = self._batches[at]
        codes = batch.column(0).to_numpy()
        place = int(np.searchsorted(codes, number))
        if place == len(codes) or codes[place] != number:
            return None
        row = batch.slice(place, 1).to_pylist()[0]
        del row["code"]
        shares = {name: None if row[name] is None else min(1.0, (row[name] + 0.5) / UNIT) for name in _SHARES}
        return {**self._said, "as_of": self.as_of, "status": "refused" if row["refusal"] else "scored", **row, **shares}
