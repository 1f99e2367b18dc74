"""What is told of a register's columns before a row is read: no cell of a family among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from features.admit import ContractError
from features.contract import REQUIRED, TABLES
from serving.batch import inputs

NIK = "3171234567890001"


def _heads(folder: Path, *more: str) -> Path:
    for name in REQUIRED:
        (folder / name).mkdir(parents=True)
        (folder / name / "a.csv").write_text(",".join([*TABLES[name].names, *more]) + "\n")
    return folder


def test_a_file_without_its_head_is_told_without_its_first_family(tmp_path: Path) -> None:
    folder = _heads(tmp_path)
    (folder / "households" / "b.csv").write_text(f"{NIK},SITI AMINAH,2026Q3\n")
    with pytest.raises(ContractError, match=r"b\.csv and a\.csv differ in columns: household_id, .* 3 that the con"
                                            "tract has not; has each file its head") as told:  # fmt: skip
        inputs.find(folder)
    assert NIK not in str(told.value)
    assert "SITI" not in str(told.value)


def test_a_column_named_by_a_number_of_a_person_is_told_without_it(tmp_path: Path) -> None:
    found = inputs.find(_heads(tmp_path, NIK, "catatan"))
    assert found.sources["households"].extra == ("################", "catatan")
