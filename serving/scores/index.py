"""What the score store adds to a run when it is published: where each household is, and lists by risk.

A code is a hash, so the files of all provinces can hold it, and reading one row group of each of 38 costs more than a
look-up may take. `ids.bin` holds the number of every code, 8 bytes each, in the order of the rows: a search in it finds
the one file and row. `ranked/` holds what a list shows of the households at risk, by regency and falling risk, so that
a list reads its own first rows and not the province. `counts.parquet`, `areas.parquet`, `subdistricts.parquet`,
`receiving.parquet` and `series.parquet` hold the figures of areas (`serving.scores.counts`), `history/` what earlier
runs told of each household (`serving.scores.history`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features.commands import UserError
from features.contract import PROGRAMMES
from features.types import Array
from models.row import KEPT
from models.shown import COLUMNS, PREFIX
from serving.batch import runs
from serving.batch.rows import GROUP
from serving.scores import claims, counts, kept_run
from serving.scores import history as scores_history
from serving.scores.kept_run import FORMAT, IDS, INDEX, PROVINCE, READ, Run, code_numbers, province_of, score_names
from serving.scores.moved import Risks, direction

LISTED = ("household_id", "province", "regency", "subdistrict", "urban", "unit", "rung", "kind", "risk", "low", "high",
          "fall_within", "certainty")  # fmt: skip
"""Columns of a list."""
MOVED = ("was", "moved")
"""Further ones: the risk in the run before, null where it was not at risk there; and how it moved
(`serving.scores.moved`), null also where another model told it."""
_RANKED = pa.schema([*(KEPT.field(name) for name in LISTED), *((name, pa.bool_()) for name in PROGRAMMES),
                     ("section", pa.string()), ("falls", pa.float64()), ("was", pa.float64()),
                     ("moved", pa.int8())])  # fmt: skip
"""Columns of a file in `ranked/`; programmes and section of industry are what a list is filtered by, and null where
nothing is shown. falls : chance of a fall, the risk of one who is not poor now times the chance of being that."""
_WAS = ("was", "was_low", "was_high")


def build(run: Path, name: str, manifest: Mapping[str, Any], before: Run | None = None) -> None:
    """Check the scores in `run` against the manifest (`serving.scores.claims`), row by row of their ids, and write the
    index beside them.

    name : of the run. before : the run that answered until now, which changes are told from.

    Raises
    ------
    UserError : a file lacks a column, its rows or ids are not as the manifest says, or its ids do not rise.
    """
    (run / INDEX).parent.mkdir()
    names = score_names(manifest)
    files: dict[str, Any] = {}
    with (run / IDS).open("wb") as out:
        for own in names:
            files[own] = _read(run, own, manifest["files"][own], out)
    same = before is not None and before.manifest["bundle"]["name"] == manifest["bundle"]["name"]
    shown = {files[own].pop("shown") for own in names} == {True}
    folders = [run] if before is None else [run, before.path]
    with kept_run.connect(*folders, spill=run / "index" / "spill") as connection:
        claims.hold(connection, run, manifest)
        ranked, sections = _rank(connection, run, names, before, same, shown)
        counted, programmes = counts.build(connection, run, manifest, names, ranked, before)
        history = scores_history.build(connection, run, name, manifest, names, before)
    shutil.rmtree(run / "index" / "spill", ignore_errors=True)
    written = (IDS, *counted, *(own for _, own in ranked), *history)
    made = {own: runs.told(run / own) for own in written}
    said = {"format": FORMAT, "files": files, "ranked": ranked, "made": made, "before": before and before.name,
            "shown": shown, "programmes": programmes, "sections": sections}  # fmt: skip
    (run / INDEX).write_text(json.dumps(said, indent=1) + "\n")


def _read(run: Path, name: str, said: Mapping[str, Any], out: Any) -> dict[str, Any]:
    """Append a file's numbers to `out`; how many rows have an id, which regencies there are, and whether facts stand
    beside its rows."""
    regencies: set[str | None] = set()
    named, last, ends = 0, -1, [None, None]
    with pq.ParquetFile(run / name) as file:
        kinds = {field.name: field.type for field in file.schema_arrow}
        odd = [field.name for field in KEPT if field.name != "province" and kinds.get(field.name) != field.type]
        if odd:
            raise UserError(
                f"{run / name}: {', '.join(odd)} not as in this version's scores; score again",
                f"{run / name}: {', '.join(odd)} tidak seperti skor versi ini; nilai lagi",
            )
        if file.metadata.num_rows != said["rows"]:
            raise UserError(
                f"{run / name} has {file.metadata.num_rows:,} rows and the manifest says {said['rows']:,}",
                f"{run / name}: jumlah barisnya {file.metadata.num_rows}, manifes menyebut {said['rows']}; nilai lagi",
            )
        for batch in file.iter_batches(columns=["household_id", "regency"], batch_size=1 << 18):
            regencies.update(batch.column("regency").unique().to_pylist())
            codes = batch.column("household_id").drop_null()
            if not len(codes):
                continue
            found = _numbers(run / name, codes, last)
            found.astype("<u8").tofile(out)
            named, last = named + len(found), int(found[-1])
            ends = [ends[0] or codes[0].as_py(), codes[-1].as_py()]
    if ends != [said.get("low"), said.get("high")]:
        raise UserError(
            f"{run / name}: its first and last household are not those of the manifest",
            f"{run / name}: keluarga pertama dan terakhirnya bukan yang di manifes; nilai lagi",
        )
    return {"named": named, "regencies": sorted(regencies, key=lambda code: code or ""),
            "shown": all(kinds.get(field.name) == field.type for field in COLUMNS)}  # fmt: skip


def _numbers(path: Path, codes: Any, last: int) -> Array:
    try:
        found = code_numbers(codes)
    except ValueError as error:
        raise UserError(
            f"{path} holds a household_id that is no code: {error}",
            f"{path} memuat household_id yang bukan kode: {error}",
        ) from None
    if int(found[0]) <= last or (np.diff(found.astype(np.int64)) <= 0).any():
        raise UserError(
            f"{path}: its households do not stand in the order of their codes, or one is there twice",
            f"{path}: keluarganya tidak berurutan menurut kode, atau ada yang dua kali; nilai lagi",
        )
    return found


def _rank(connection: Any, run: Path, names: list[str], before: Run | None, same: bool, shown: bool,
          ) -> tuple[list[tuple[str | None, str]], list[str]]:  # fmt: skip
    """Write the households at risk of each province; provinces with their files, those without any left out, and the
    sections of industry that there are.

    same : whether the model of the run before is that of this one, so that risks can be compared. shown : whether
    the files of scores say which programmes a family receives and where it works.
    """
    homes: dict[str | None, list[str]] = {}
    for name in names:
        homes.setdefault(province_of(name), []).append(str(run / name))
    (run / "index" / "ranked").mkdir()
    kept = ", ".join("$province AS province" if name == "province" else name for name in LISTED)
    beside = ", ".join(f"{PREFIX}{name} AS {name}" if shown else f"NULL::{kind} AS {name}" for name, kind in (
        *((name, "BOOLEAN") for name in PROGRAMMES), ("section", "VARCHAR")))  # fmt: skip
    ranked: list[tuple[str | None, str]] = []
    sections: set[str] = set()
    _came(connection, homes, before)
    for number, (province, files) in enumerate(homes.items()):
        path = run / "index" / "ranked" / f"{number:05d}.parquet"
        old = None if before is None else before.ranked.get(province)
        then = "SELECT * FROM came"
        if old is not None:
            then += (" UNION ALL SELECT household_id, risk AS was, low AS was_low, high AS was_high "
                     "FROM read_parquet($old, hive_partitioning = false)")  # fmt: skip
        rows = connection.sql(
            f"SELECT {kept}, {beside}, risk * (1 - p_poor_now) AS falls, {', '.join(_WAS)} FROM {READ} "  # noqa: S608
            f"LEFT JOIN ({then}) USING (household_id) WHERE applies "
            "ORDER BY regency NULLS LAST, risk DESC, household_id",
            params={"files": files, "province": province} | ({} if old is None else {"old": [str(old)]}),
        ).to_arrow_reader(GROUP)
        with pq.ParquetWriter(path, _RANKED, compression="zstd") as writer:
            for batch in rows:
                writer.write_batch(_compared(batch, same), row_group_size=GROUP)
                sections.update(batch.column("section").drop_null().unique().to_pylist())
        ranked.append((province, path.relative_to(run).as_posix()))
    return ranked, sorted(sections)


def _came(connection: Any, homes: Mapping[str | None, list[str]], before: Run | None) -> None:
    """A temporary table of those at risk in both runs who moved to another province, with the risk before."""
    connection.execute("CREATE TEMP TABLE came (household_id VARCHAR, was DOUBLE, was_low DOUBLE, was_high DOUBLE)")
    if before is None or not before.ranked or not homes:
        return
    files = {file: province for province, own in homes.items() for file in own}
    connection.execute(
        "INSERT INTO came SELECT household_id, old.risk, old.low, old.high "  # noqa: S608
        "FROM read_parquet($old, hive_partitioning = false) AS old JOIN (SELECT household_id, "
        f"{PROVINCE} AS province FROM {READ} "
        "WHERE applies) AS own USING (household_id) WHERE old.province IS DISTINCT FROM own.province",
        {"old": [str(path) for path in before.ranked.values()], "files": [*files], "provinces": [*files.values()]},
    )


def _compared(batch: Any, same: bool) -> Any:
    """Rows of a ranked list, with how their risks moved in place of the range of the run before."""
    now, before = (Risks(*(batch.column(name).to_numpy(zero_copy_only=False) for name in names))
                   for names in (("risk", "low", "high"), _WAS))  # fmt: skip
    moved = direction(now, before)
    own = pa.array(moved, mask=np.isnan(moved) | (not same)).cast(pa.int8())
    kept = batch.drop_columns([*_WAS[1:]]).append_column("moved", own)
    return kept.cast(_RANKED)
