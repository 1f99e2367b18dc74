"""The lines of a CSV file are its rows, however its bytes are cut and its lines end."""

from __future__ import annotations

import csv
import io

import pyarrow.csv as pa_csv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.lines import Lines, error, goes_on

_PIECES = st.sampled_from(["a", "bc", ",", '"', '""', "\n", "\r\n", "\r", " "])


def _taken(data: bytes, size: int) -> Lines:
    held = Lines()
    for at in range(0, len(data), size):
        held.take(data[at : at + size])
    return held


@given(st.lists(_PIECES, max_size=40).map("".join), st.integers(1, 9))
def test_lines_are_counted_as_they_stand_whatever_the_blocks(text: str, size: int) -> None:
    own = [line for line in text.replace("\r", "\n").split("\n") if line]
    assert _taken(text.encode(), size).count == len(own)
    for rows in (len(own) - 1, len(own)):
        assert _taken(text.encode(), size).are(rows) == _taken(text.encode(), len(text) + 1).are(rows)


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_a_file_of_which_a_row_is_lost_is_never_whole(text: str) -> None:
    """Rows as Arrow reads them, torn ones too; where they are all the lines, each line is a row by itself."""
    data = f"x,y\n{text}".encode()
    torn: list[int] = []

    def tear(row: object) -> str:
        torn.append(1)
        return "skip"

    options = pa_csv.ParseOptions(invalid_row_handler=tear)
    try:
        with pa_csv.open_csv(io.BytesIO(data), pa_csv.ReadOptions(use_threads=False), options) as reader:
            rows = reader.read_all().num_rows + len(torn)
    except ValueError:
        return  # told by Arrow
    own = [line for line in data.decode().replace("\r", "\n").split("\n") if line]
    alone = [next(csv.reader([line])) for line in own]
    together = [row for row in csv.reader(io.StringIO(data.decode(), newline="")) if row]
    assert _taken(data, 7).are(rows) is (alone == together and len(own) == len(together) and not goes_on(own[-1]))


@pytest.mark.parametrize(("text", "line"), [
    ('a,b\n1,2\n"3,4\n5,6\n', 3), ('a,b\n1,2\n\n"3\n,4\n5,6\n7",8\n9,10\n', 4), ('a,b\n1,"2', 2),
    ('a,b\n1,"a ""b"" ""\n', 2), ('a,b\r\n1,5"x\r\n1,"a"\r\n1,"b\r\n2"\r\n', 4)])  # fmt: skip
def test_the_line_is_told_and_nothing_of_its_cells(text: str, line: int) -> None:
    assert f"x.csv: near line {line} a cell" in str(error("x.csv", lambda: io.BytesIO(text.encode())))
