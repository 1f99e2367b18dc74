"""Writing synthetic tables: whole files by one process each, and few partitions in memory at a time."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.sources.synthetic import generate, rows, writing
from features.sources.synthetic import world as worlds
from features.sources.synthetic.streams import PARTITION

FAMILIES = writing.BLOCK * PARTITION + 500
"""A little more than one block."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "families"
    generate(folder, households=FAMILIES, periods=1, survey=700, displacement=0.0)
    return folder


def test_a_table_is_a_folder_of_files_of_whole_blocks(made: Path) -> None:
    parts = sorted((made / "registry" / "households").iterdir())
    assert [part.name for part in parts] == ["part-00000.parquet", "part-00001.parquet"]
    sizes = [pq.read_metadata(part) for part in parts]
    assert [size.num_rows for size in sizes] == [writing.BLOCK * PARTITION, 500]
    assert [size.num_row_groups for size in sizes] == [writing.BLOCK, 1]
    assert len(pq.read_table(made / "registry" / "households")) == FAMILIES
    assert [part.name for part in (made / "survey" / "households").iterdir()] == ["part-00000.parquet"]


def test_shocks_of_provinces_and_of_families_are_one_table(tmp_path: Path) -> None:
    generate(tmp_path / "f", households=600, periods=8, frequency="quarter", displacement=0.0)
    shocks = pq.read_table(tmp_path / "f" / "registry" / "shocks").to_pandas()
    assert set(shocks["scope"]) == {"household", "province"}


def test_the_manifest_knows_every_file(made: Path) -> None:
    manifest = generate(made, households=FAMILIES, periods=1, survey=700, displacement=0.0)
    assert not manifest.made
    there = {str(path.relative_to(made)) for path in made.rglob("*.parquet")}
    assert there == set(manifest.tables)
    for name, facts in manifest.tables.items():
        assert hashlib.sha256((made / name).read_bytes()).hexdigest() == facts["sha256"]
        assert pq.read_metadata(made / name).num_rows == facts["rows"]


def test_a_partition_is_made_when_the_one_before_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made: list[int] = []

    class Files(writing._Files):
        def add(self, table: str, piece: pa.Table) -> None:
            assert piece["n"].to_pylist() == [made[-1]]
            super().add(table, piece)

    def simulate(_: worlds.World, partition: int) -> dict[str, pa.Table]:
        made.append(partition)
        return {"a/b": pa.table({"n": [partition]})}

    monkeypatch.setattr(writing, "_Files", Files)
    monkeypatch.setattr(rows, "simulate", simulate)
    facts = writing._block(None, tmp_path, 2 * writing.BLOCK - 1, 1)  # type: ignore[arg-type]
    assert made == list(range(writing.BLOCK, 2 * writing.BLOCK - 1))
    assert facts["a/b/part-00001.parquet"]["rows"] == writing.BLOCK - 1
