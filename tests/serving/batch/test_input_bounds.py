"""A small file of a register that would fill the memory: what cannot be used is not unpacked, the rest is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.commands import UserError
from features.values import NESTED
from serving import limits, requests
from serving.batch import inputs
from serving.problems import Problem
from tests.serving import registers


def register(folder: Path, **changed: Any) -> inputs.Register:
    """A register whose households have other columns."""
    source = registers.write(folder, registers.tables())
    path = source / "registry" / "households.parquet"
    table = pq.read_table(path)
    for name, own in changed.items():
        column = pa.array([own] * table.num_rows)
        at = table.schema.get_field_index(name)
        table = table.append_column(name, column) if at < 0 else table.set_column(at, name, column)
    pq.write_table(table, path, compression="zstd")
    return inputs.find(source)


def rows(found: inputs.Register, *columns: str) -> list[dict[str, Any]]:
    source = found.sources["households"]
    unit = inputs.Unit.of_file("households", 0)
    return [row for batch in inputs.batches(source, unit, columns) for row in batch.to_pylist()]


def test_a_column_of_lists_is_told_in_each_row_and_never_unpacked(tmp_path: Path) -> None:
    found = register(tmp_path, regency=["3204"] * 9)
    path = tmp_path / "registry" / "households.parquet"
    known = pq.read_metadata(path)
    (chunk,) = [own for at in range(known.num_columns) if "regency" in (
        own := known.row_group(0).column(at)).path_in_schema]  # fmt: skip
    content = bytearray(path.read_bytes())
    begin = chunk.dictionary_page_offset or chunk.data_page_offset
    content[begin : begin + chunk.total_compressed_size] = bytes(chunk.total_compressed_size)  # reading it would fail
    path.write_bytes(content)
    for columns in (("regency",), ("regency", "period")):
        told = rows(found, *columns)
        assert len(told) == known.num_rows
        assert {row["regency"] for row in told} == {NESTED}
    assert all(row["period"] for row in told)


@pytest.mark.parametrize("value", ["x" * 3_000_000, b"x" * 3_000_000])
def test_more_bytes_than_rows_account_for_are_refused_by_column(tmp_path: Path, value: Any) -> None:
    found = register(tmp_path, period=value, remark=value)
    with pytest.raises(UserError, match="column period holds more than its rows account for"):
        inputs.survey(found)
    assert rows(found, "regency"), "and nothing is asked of a column that is not read"


@pytest.mark.parametrize("row", [b"{}", b"[]", b'{"household_id":1}'])
def test_millions_of_empty_rows_are_refused_before_one_is_built(row: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a body of 15 MB they held a worker for longer than an answer may take."""
    monkeypatch.setattr(requests, "loads", lambda *what: pytest.fail("was built"))
    body = b'{"as_of":"2026-11-01","members":[],"households":[' + b",".join([row] * limits.MOST_ROWS) + b"]}"
    with pytest.raises(Problem) as told:
        requests.parse(body, bytes(32))
    assert [own.rule for own in told.value.broken] == ["request_rows"]
