"""`jaga data check` and `jaga data import` as a person types them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from features import keys, sources, store
from features.cli import main
from features.commands import UserError
from features.files import read_tables
from tests.features.door import good, let_in


def write(folder: Path, tables: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        pd.DataFrame(table).to_csv(folder / f"{name}.csv", index=False)
    return folder


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    return write(tmp_path / "clean", good(20))


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    tables = good(20)
    tables["members"]["age"][0] = 130
    return write(tmp_path / "dirty", tables)


def run(*words: Any) -> int:
    return main(["data", *map(str, words)])


def test_check_of_clean_files(clean: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--input", clean) == 0
    told = capsys.readouterr().out
    assert "20 rows in =           20 admitted +          0 quarantined" in told
    assert "SYNTHETIC" not in told


def test_check_of_bad_rows(dirty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = tmp_path / "bad.parquet", tmp_path / "counts.json"
    assert run("check", "--input", dirty, "--quarantine", files[0], "--json", files[1]) == 1
    told = capsys.readouterr().out
    assert "1  members.age: is above 120 years" in told
    assert pd.read_parquet(files[0])["rule"].tolist().count("130 is above 120 years") == 1
    counts = json.loads(files[1].read_text())
    assert counts["tables"]["households"] == {"rows": 20, "admitted": 19, "quarantined": 1}
    assert counts["worst_share"] == 0.05
    assert "family 0" not in told + files[1].read_text() + pd.read_parquet(files[0]).to_csv()
    assert run("check", "--input", dirty, "--limit-bad", 0.05) == 0
    assert run("check", "--input", dirty, "--limit-bad", 0.049) == 1


def test_codes_that_no_table_knows_are_told_by_their_share(
    tmp_path: Path, clean: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = good(20)
    people = len(tables["members"]["age"])
    tables["members"]["sector_scheme"] = ["KBLI2020"] * people
    tables["members"]["sector"] = ["00", *["47"] * (people - 1)]
    assert run("check", "--input", write(tmp_path / "codes", tables)) == 0
    told = capsys.readouterr().out
    assert f"sector codes that no table of ours knows: {100 / people:.1f} % of those given, read as missing" in told
    assert run("check", "--input", clean) == 0
    assert "no table of ours" not in capsys.readouterr().out


def test_a_place_that_no_row_gives_is_told_since_no_family_would_have_a_score(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = good(20)
    assert "urban" not in tables["households"]
    bare = write(tmp_path / "bare", tables)
    tables["households"]["urban"] = [*[None] * 19, True]
    some = write(tmp_path / "some", tables)
    for words in (("check", "--input", bare), ("import", "--source", "contract", "--input", bare, "--dry-run")):
        assert run(*words) == 0
        assert "households.urban is empty in every row" in capsys.readouterr().out
    assert run("check", "--input", some) == 0
    assert "is empty" not in capsys.readouterr().out


@pytest.mark.parametrize("share", ["-0.1", "1.1", "nan", "some"])
def test_limit_is_a_share(dirty: Path, share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        run("check", "--input", dirty, f"--limit-bad={share}")
    assert end.value.code == 2


def test_check_of_wrong_files_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "--input", tmp_path / "nowhere") == 2
    assert capsys.readouterr().err == f"jaga: {tmp_path / 'nowhere'}: no such file or folder\n"
    (tmp_path / "table.csv").write_text("id,falls\n1,0\n")
    assert run("check", "--input", tmp_path / "table.csv") == 2
    assert "is judged by jaga evaluate --table" in capsys.readouterr().err
    tables = good(20)
    del tables["members"]["age"]
    assert run("check", "--input", write(tmp_path / "lacking", tables)) == 2
    assert "members: column age is missing; expected are household_id" in capsys.readouterr().err


def test_import_writes_what_was_admitted(dirty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = tmp_path / "deep" / "panel"
    assert run("import", "--source", "contract", "--input", dirty, "--output", output, "--json", tmp_path / "m") == 0
    manifest = json.loads((output / "manifest.json").read_text())
    assert json.loads((tmp_path / "m").read_text()) == manifest
    assert sorted(path.name for path in output.iterdir()) == [
        "households.parquet", "manifest.json", "members.parquet", "quarantine.parquet"]  # fmt: skip
    for name, said in manifest["files"].items():
        assert hashlib.sha256((output / name).read_bytes()).hexdigest() == said["sha256"]
        assert pq.read_metadata(output / name).num_rows == said["rows"]
    assert manifest["counts"]["tables"]["households"] == {"rows": 20, "admitted": 19, "quarantined": 1}
    assert manifest["synthetic"] is False
    assert manifest["hash"][:12] in capsys.readouterr().out
    assert not any(b"family" in path.read_bytes().replace(b'"family"', b"") for path in output.glob("m*s.parquet"))
    assert [path.name for path in output.parent.iterdir()] == ["panel"]


def test_an_import_that_loses_many_rows_writes_nothing_and_fails(
    dirty: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("import", "--source", "contract", "--input", dirty, "--limit-bad", 0.049)
    for output in (("--output", tmp_path / "out"), ("--dry-run",)):
        assert run(*words, *output, "--json", tmp_path / "counts.json") == 1
        told = capsys.readouterr().out
        assert "5.0 % of the rows of households were quarantined, above --limit-bad 0.049" in told
        assert "nothing was written" in told
        assert json.loads((tmp_path / "counts.json").read_text())["tables"]["households"]["quarantined"] == 1
    assert not (tmp_path / "out").exists()


def test_what_is_written_passes_the_door_unchanged(tmp_path: Path) -> None:
    tables = good(12, 2, ("2026Q1", "2026Q2"))
    size = len(tables["households"]["period"])
    tables["households"] |= {"urban": [1, None] * (size // 2), "floor": ["tile", None] * (size // 2),
                             "rooms": [3, None] * (size // 2), "weight": [1.25, None] * (size // 2)}  # fmt: skip
    folder = write(tmp_path / "in", tables)
    assert run("import", "--source", "contract", "--input", folder, "--output", tmp_path / "out") == 0
    first = let_in(read_tables(folder), key=keys.load().door)
    second = let_in(read_tables(tmp_path / "out"), key=None)
    assert len(second.quarantine) == 0
    for name, table in first.tables.items():
        for column, values in table.items():
            pd.testing.assert_series_equal(pd.Series(values), pd.Series(second.tables[name][column]))


def test_equal_input_gives_equal_files_and_force_replaces(clean: Path, dirty: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    words = "import", "--source", "contract", "--input"
    assert run(*words, clean, "--output", one) == run(*words, clean, "--output", two) == 0
    assert (one / "manifest.json").read_bytes() == (two / "manifest.json").read_bytes()
    assert run(*words, dirty, "--output", one) == 2
    assert (one / "manifest.json").read_bytes() == (two / "manifest.json").read_bytes()
    assert run(*words, dirty, "--output", one, "--force") == 0
    assert (one / "manifest.json").read_bytes() != (two / "manifest.json").read_bytes()


def test_a_folder_of_something_else_is_never_replaced(clean: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("mine")
    assert run("import", "--source", "contract", "--input", clean, "--output", other, "--force") == 2
    assert (other / "thesis.txt").read_text() == "mine"


def test_a_stopped_import_leaves_nothing(clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("features.files.write_quarantine", stop)
    folder = tmp_path / "new"
    assert run("import", "--source", "contract", "--input", clean, "--output", folder / "panel") == 130
    assert list(folder.iterdir()) == []


def test_nothing_usable_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables = good(2)
    tables["members"]["age"] = [-1] * 4
    folder = write(tmp_path / "in", tables)
    assert run("import", "--source", "contract", "--input", folder, "--output", tmp_path / "out") == 2
    assert "no household can be used, so nothing was written" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_options_of_another_source_are_refused(clean: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = "import", "--source", "contract", "--input", clean, "--output", tmp_path / "out"
    assert run(*words, "--line", "0.5") == 2
    assert "an option of the source eph" in capsys.readouterr().err
    with pytest.raises(UserError, match="'susenas' is no source; choose one of contract, eph, synthetic"):
        sources.read("susenas", clean)
    with pytest.raises(UserError, match="no synthetic folder"):
        sources.read("synthetic", clean)


def test_synthetic_stays_synthetic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "made"
    write(root / "survey", good(20))
    (root / "manifest.json").write_text('{"synthetic": true}')
    assert sorted(sources.read("synthetic", root)) == ["households", "members"]
    assert run("import", "--source", "contract", "--input", root / "survey", "--output", tmp_path / "out") == 0
    assert "SYNTHETIC data" in capsys.readouterr().out
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["synthetic"] is True
    assert pq.read_schema(tmp_path / "out" / "members.parquet").metadata[b"synthetic"] == b"true"
    assert sources.is_synthetic(tmp_path / "out")
    for part in sources.PARTS:
        assert sources.is_synthetic(root / part), "given by itself"
    assert not sources.is_synthetic(root / "other")
    for wrong in ("{", "{}", "[]", '{"synthetic": "yes"}', "[" * 100_000):
        (root / "manifest.json").write_text(wrong)
        for folder in (root, root / "survey"):
            with pytest.raises(UserError, match="cannot say if the data are synthetic"):
                sources.is_synthetic(folder)


def test_an_imported_panel_keeps_where_its_families_live(tmp_path: Path) -> None:
    """Files of the contract are their owner's, who alone knows; what came of a known source is still that."""
    assert sources.place("contract", tmp_path) is None
    (tmp_path / "manifest.json").write_text('{"synthetic": false, "source": "eph"}')
    assert sources.place("contract", tmp_path) == sources.place("eph", tmp_path / "none") == "urban Argentina"
    (tmp_path / "manifest.json").write_text('{"synthetic": false, "source": "contract"}')
    assert sources.place("contract", tmp_path) is None


def test_folder_that_cannot_be_made_is_one_error(clean: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        store.write(let_in(good()), tmp_path / "file" / "panel", {})
