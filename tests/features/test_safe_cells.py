"""No text of a family or an officer is run as a formula by whatever opens an exported file."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.safe_cells import as_lines, safe

FORMULA = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
TEXTS = st.text(st.sampled_from(";,\t\r\n\"' \u00a0a=+-@\uff1d"), max_size=8)


def cells(rows: list[list[str]], separator: str) -> list[str]:
    told = as_lines([[safe(text) for text in row] for row in rows]).decode()
    return [cell for line in csv.reader(io.StringIO(told, newline=""), delimiter=separator) for cell in line]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@given(rows=st.lists(st.lists(TEXTS, min_size=1, max_size=4), min_size=1, max_size=3))
def test_no_reader_of_a_file_finds_a_formula(separator: str, rows: list[list[str]]) -> None:
    assert not [cell for cell in cells(rows, separator) if cell.lstrip().startswith(FORMULA)]


def test_the_formula_behind_a_semicolon_is_a_text_in_the_excel_of_indonesia() -> None:
    rows = [["scenario", "x;=cmd|'/C calc'!A0;y", "0"]]
    assert cells(rows, ";") == ["scenario,x", "'=cmd|'/C calc'!A0", "y,0"]
    assert safe("Bantuan; satu-satu, a=b") == "Bantuan; satu-satu, a=b", "what begins no cell stays as it was typed"
