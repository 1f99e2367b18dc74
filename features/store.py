"""Writing admitted tables as a folder of contract files: all of it or nothing, with counts and hashes beside."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from features import contract, files, periods, report
from features.admit import Admitted
from features.commands import UserError
from features.digests import sha256_of
from features.sources import MANIFEST
from features.types import Array, EncodedTable

QUARANTINE = "quarantine.parquet"


def decoded(table: contract.Table, encoded: EncodedTable) -> Any:
    """An encoded table as a `pyarrow.Table` with the contract's own values: text for ids, periods and choices."""
    return pa.table({rule.name: _column(rule, encoded[rule.name]) for rule in table.fields if rule.name in encoded})


def _column(rule: contract.Field, values: Array) -> Any:
    if rule.kind in ("id", "text"):
        return pa.array(values, pa.string())
    if rule.kind == "date":
        return pa.array(values, pa.date32())
    if rule.kind == "period":
        distinct, where = np.unique(values, return_inverse=True)
        return pa.array([periods.text(int(period)) for period in distinct], pa.string()).take(pa.array(where))
    numbers = pa.array(values, from_pandas=True)
    if rule.kind == "choice":
        return pa.array(rule.choices, pa.string()).take(numbers.cast(pa.int8()))
    return numbers if rule.kind == "number" else numbers.cast(pa.int64() if rule.kind == "count" else pa.int8())


def write(admitted: Admitted, output: Path, about: dict[str, Any], *, force: bool = False) -> dict[str, Any]:
    """Write every admitted table, the quarantine and the manifest.

    Parameters
    ----------
    output : folder to make. It appears whole: a stopped run leaves nothing under this name.
    about : what the manifest says of the source; a `synthetic` flag is part of it.
    force : replace a folder written by an earlier import.

    Returns
    -------
    The manifest: `about`, `counts` (see `features.report.counts_json`), `files` with SHA-256 and rows, and `hash`,
    the SHA-256 over the tables' own. It holds no clock and no path, so equal data give an equal manifest.

    Raises
    ------
    UserError : `output` is there and may not be replaced, or cannot be written.
    """
    _check_output(output, force)
    try:
        output.absolute().parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.absolute().parent))
    except OSError as error:
        raise UserError(f"{output}: cannot be written: {error.strerror}") from None
    try:
        part.chmod(0o700)  # microdata of families: the owner's alone until the owner says otherwise
        manifest = _fill(admitted, part, about)
        _put(part, output)
    except OSError as error:
        raise UserError(f"{output}: cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return manifest


def _check_output(output: Path, force: bool) -> None:
    if output.is_dir() and not any(output.iterdir()):
        return
    if output.exists() and not force:
        raise UserError(f"{output}: is there already; give another folder, or --force to replace it")
    if output.exists() and not (output / MANIFEST).is_file():
        raise UserError(f"{output}: has no {MANIFEST}, so it was not written by an import and is not replaced")


def _fill(admitted: Admitted, folder: Path, about: dict[str, Any]) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for name, encoded in admitted.tables.items():
        path = folder / f"{name}.parquet"
        table = decoded(contract.TABLES[name], encoded)
        marked = table.replace_schema_metadata({"synthetic": str(bool(about.get("synthetic"))).lower()})
        pq.write_table(marked, path, compression="zstd")
        said[path.name] = {"rows": table.num_rows, "sha256": sha256_of(path)}
    identity = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    files.write_quarantine(admitted, folder / QUARANTINE)
    said[QUARANTINE] = {"rows": len(admitted.quarantine), "sha256": sha256_of(folder / QUARANTINE)}
    manifest = {**about, "counts": report.counts_json(admitted), "files": said, "hash": identity}
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
    return manifest


def _put(part: Path, output: Path) -> None:
    """Give the finished folder its name; the folder that had it goes only after that."""
    old = part.with_name(part.name + ".old")
    if output.exists():
        os.rename(output, old)
    try:
        os.rename(part, output)
    except OSError:
        if old.exists():
            os.rename(old, output)
        raise
    shutil.rmtree(old, ignore_errors=True)
