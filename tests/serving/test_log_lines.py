"""What stands in the service's log is written by the service alone."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from serving import office
from serving.log_lines import Lines


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the log holds, as the service writes it."""
    log, kept = logging.getLogger("jaga"), io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(Lines())
    log.addHandler(handler)
    yield kept
    log.removeHandler(handler)


@pytest.mark.parametrize("sign", ["\n", "\r", "\x1b[2J", "\u2028", "\x9b"])
def test_who_names_a_column_of_the_facts_writes_no_line_of_the_log(
    tmp_path: Path, written: io.StringIO, sign: str
) -> None:  # fmt: skip
    path = tmp_path / "facts.parquet"
    pq.write_table(pa.table({"household_id": ["7K3M9Q2PT5XA"], f"x{sign}INFO model y answers": ["1"]}), path)
    office._read(path)
    (line,) = written.getvalue().splitlines()
    assert "WARNING the facts cannot be used" in line
    assert line.isprintable()


def test_a_line_is_written_in_utc_and_the_traceback_below_it(written: io.StringIO) -> None:
    try:
        raise ValueError("x")
    except ValueError:
        logging.getLogger("jaga").exception("scenario %s", "S-2026-0001")
    first, *rest = written.getvalue().splitlines()
    assert first.endswith("Z ERROR scenario S-2026-0001")
    assert rest[-1] == "ValueError: x"
