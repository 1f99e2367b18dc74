"""Small EPH folders written by the tests themselves, in the ways INDEC has written its files."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from features.sources.eph.records import HOMES, PERSONS, Layout

Row = Mapping[str, object]
WriteEph = Callable[..., Path]

NOT_ASKED: dict[str, object] = {"REALIZADA": 1, "DECCFR": "05", "MAS_500": "N", "AGLOMERADO": 4}


def _text(layout: Layout, rows: Sequence[Row], quarter: tuple[int, int], separator: str, drop: Sequence[str]) -> str:
    names = [name for name in ("CODUSU", "NRO_HOGAR", "ANO4", "TRIMESTRE", *layout.numbers, *layout.texts)
             if name not in drop]  # fmt: skip
    used = {name for row in rows for name in row}
    names = [name for name in names if name not in layout.optional or name in used]
    defaults = {**dict.fromkeys(names, 0), **dict.fromkeys(layout.texts, ""), **NOT_ASKED}
    defaults |= {"ANO4": quarter[0], "TRIMESTRE": quarter[1]}
    lines = [separator.join(names)]
    lines += [separator.join(str((defaults | dict(row))[name]) for name in names) for row in rows]
    return "\n".join(lines) + "\n"


@pytest.fixture
def write_eph(tmp_path: Path) -> WriteEph:
    """Write one quarter: `write_eph((2008, 1), homes, persons, separator=";", suffix=".txt", drop=("IV1",))`."""

    def write(
        quarter: tuple[int, int],
        homes: Sequence[Row],
        persons: Sequence[Row],
        *,
        separator: str = "\t",
        suffix: str = ".tsv.gz",
        drop: Sequence[str] = (),
        change: Callable[[str], str] = str,
    ) -> Path:
        folder = tmp_path / "eph"
        for kind, layout, rows in (("hogar", HOMES, homes), ("individual", PERSONS, persons)):
            path = folder / kind / f"{kind}_t{quarter[1]}{quarter[0] % 100:02d}{suffix}"
            path.parent.mkdir(parents=True, exist_ok=True)
            data = change(_text(layout, rows, quarter, separator, drop)).encode("latin-1")
            path.write_bytes(gzip.compress(data) if suffix.endswith(".gz") else data)
        return folder

    return write
