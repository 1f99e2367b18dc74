"""Writes the bundle that a release keeps for those after it: `python -m tests.old_bundle`, once for each release.

A whole one, of every file that training writes, from few made-up families and small trees, with families to score and
the scores that this version gives them.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from packaging.version import Version

from features.admit import admit
from features.keys import PUBLIC_KEY
from features.sources.synthetic import make
from models import bundle, row, score
from training import backtest, run
from training.backtest import Rivals
from training.fit import Settings
from training.prepare import prepare

FOLDER = Path(__file__).parent / "fixtures"
FAMILIES = 12
SMALL = Settings(rounds=40, depth=2)


def scores(path: Path, tables: dict[str, dict[str, list[Any]]], as_of: str) -> list[dict[str, Any]]:
    """Scores of families, given by table and column, as JSON would hold them."""
    admitted = admit(tables, key=PUBLIC_KEY).tables
    rows = row.plain(score.score(bundle.load(path), admitted, np.datetime64(as_of)))
    return [json.loads(json.dumps(one, default=str)) for one in rows]


def main() -> None:
    """Make families, train, score, pack."""
    with TemporaryDirectory() as scratch:
        home = Path(scratch)
        os.environ["JAGA_HOME"] = str(home)
        make.generate(
            home / "data", households=2500, periods=16, seed=1, start="2022Q1", frequency="quarter", workers=2
        )
        prepared = prepare("synthetic", home / "data", tell=lambda text: None)
        with mock.patch.object(backtest, "GATED", Rivals(())):
            path, _ = run.train(prepared, SMALL, test_from=None, number=20, refit=False)
        tables = _few(home / "data" / "registry")
        as_of = max(tables["households"]["known_at"])[:10]
        told = {"as_of": as_of, "tables": tables, "scores": scores(path, tables, as_of)}
        target = FOLDER / f"bundle_{Version(version('jaga')).base_version}.tar.xz"
        with tarfile.open(target, "w:xz", preset=9) as archive:
            for file in sorted(path.iterdir()):
                if file.name != "meta.json":  # the figures: they bear no scores
                    archive.add(file, f"{path.name}/{file.name}", filter=_plain)
            content = json.dumps(told, separators=(",", ":")).encode()
            info = tarfile.TarInfo("told.json")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    print(f"{target}: {target.stat().st_size:,} bytes")


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = info.mtime = 0
    info.uname = info.gname = ""
    return info


def _few(folder: Path) -> dict[str, dict[str, list[Any]]]:
    """Every row of some families by table and column, as JSON holds it; of places the bundle knows itself."""
    found: dict[str, dict[str, list[Any]]] = {}
    for name in ("households", "members"):
        table = pq.read_table(folder / name)
        if not found:
            codes = sorted(set(table["household_id"].to_pylist()))[:FAMILIES]
        kept = table.filter(pc.is_in(table["household_id"], pa.array(codes)))
        found[name] = json.loads(json.dumps(kept.to_pydict(), default=str))
    return found


if __name__ == "__main__":
    main()
