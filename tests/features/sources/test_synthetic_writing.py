"""Writing synthetic tables: files joined without encoding again, and few partitions in memory at a time."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from features.sources.synthetic import world as worlds
from features.sources.synthetic import writing
from features.sources.synthetic.joining import Joined


def _piece(start: int, rows: int) -> pa.Table:
    numbers = pa.array(range(start, start + rows), pa.int64())
    text = pc.cast(numbers, pa.string())
    even = pc.equal(pc.bit_wise_and(numbers, 1), 0)
    return pa.table({
        "number": numbers, "share": pc.divide(pc.cast(numbers, pa.float64()), 7.0), "even": even,
        "word": text.dictionary_encode(), "gap": pc.if_else(even, text, None),
        "day": numbers.cast(pa.timestamp("ms")), "small": pc.cast(pc.bit_wise_and(numbers, 63), pa.int8()),
        "none": pa.nulls(rows, pa.float64()), **{f"more_{n}": numbers for n in range(20)},
    })  # fmt: skip


def _join(pieces: list[pa.Table]) -> bytes:
    out = io.BytesIO()
    joined = Joined(out)
    for piece in pieces:
        joined.add(memoryview(writing.encode(piece)))
    joined.finish()
    assert joined.rows == sum(len(piece) for piece in pieces)
    return out.getvalue()


@pytest.mark.parametrize("sizes", [(5,), (0, 3), (40, 0, 1, 500), (1,) * 20, (1_050_000, 10)])
def test_a_joined_file_holds_the_rows_of_all_pieces_in_order(sizes: tuple[int, ...]) -> None:
    pieces = [_piece(sum(sizes[:n]), size) for n, size in enumerate(sizes)]
    raw = _join(pieces)
    plain = _piece(0, sum(sizes))
    plain = plain.set_column(3, "word", plain["word"].cast(pa.string()))
    assert pq.read_table(pa.BufferReader(raw)).equals(plain)
    with pq.ParquetFile(pa.BufferReader(raw)) as file:
        assert file.metadata.num_rows == len(plain)
        for n in range(file.metadata.num_row_groups):
            group, read = file.metadata.row_group(n), file.read_row_group(n)
            assert len(read) == group.num_rows


def test_the_place_of_every_page_is_that_of_a_file_written_at_once() -> None:
    pieces = [_piece(0, 100), _piece(100, 70)]
    sink = pa.BufferOutputStream()
    worded = [field.name for field in pieces[0].schema if field.type != pa.float64()]
    with pq.ParquetWriter(sink, pieces[0].schema, compression="zstd", compression_level=1, store_schema=False,
                          use_dictionary=worded, write_statistics=False) as writer:  # fmt: skip
        for piece in pieces:
            writer.write_table(piece)
    mine = pq.read_metadata(pa.BufferReader(_join(pieces)))
    theirs = pq.read_metadata(pa.BufferReader(sink.getvalue()))
    assert mine.num_row_groups == theirs.num_row_groups
    for n in range(mine.num_row_groups):
        assert mine.row_group(n).to_dict() == theirs.row_group(n).to_dict()


@pytest.mark.parametrize("raw", [b"", b"PAR1PAR1", b"PAR1" + b"\xff" * 8 + b"PAR1", b"x" * 100])
def test_what_is_not_a_whole_parquet_file_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match="not a whole parquet file"):
        Joined(io.BytesIO()).add(memoryview(raw))


class _Pool:
    """Stands for the pool of processes: makes at once what is asked, and counts what nobody has taken yet."""

    waiting = most = 0

    def __init__(self, *_: Any) -> None:
        pass

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def submit(self, _: Callable[[int], writing.Encoded], partition: int) -> Future[writing.Encoded]:
        _Pool.waiting += 1
        _Pool.most = max(_Pool.most, _Pool.waiting)
        future: Future[writing.Encoded] = Future()
        future.set_result({str(partition): pa.py_buffer(b"")})
        return future


@pytest.mark.parametrize("workers", [2, 5])
def test_few_partitions_are_under_way_whatever_their_number(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    monkeypatch.setattr(writing, "ProcessPoolExecutor", _Pool)
    monkeypatch.setattr(_Pool, "waiting", 0)
    monkeypatch.setattr(_Pool, "most", 0)
    order = []
    for tables in writing._partitions(None, 1000, workers):  # type: ignore[arg-type]
        _Pool.waiting -= 1
        order += [int(path) for path in tables]
    assert order == list(range(1000))
    assert _Pool.most <= writing.AHEAD * workers + 1


def test_one_process_makes_a_partition_when_the_one_before_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def make(_: worlds.World, partition: int) -> writing.Encoded:
        made.append(partition)
        return {}

    monkeypatch.setattr(writing, "_made", make)
    for done, _ in enumerate(writing._partitions(None, 1000, 1), 1):  # type: ignore[arg-type]
        assert len(made) == done
