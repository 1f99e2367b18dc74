"""Files of a made-up survey of two waves through a map, and what a map may not say."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features import contract
from features.admit import Admitted, admit
from features.cli import main
from features.commands import UserError
from features.keys import CODE, key_ids
from features.sources import eph, mapped
from features.sources.map_file import read_map
from features.sources.map_model import Cell
from features.sources.mapped import read
from features.values import RefusedError, reader

KEY = b"a key of this test, 32 bytes ....."
MAP = """
name = "Two waves"
missing = ["."]
sources = { book = "codebook of this test" }

[[files]]
period = 2019
households = ["rt19.csv", "cost19.parquet"]
members = "art19.csv"

[[files]]
period = 2021
households = ["rt21.csv", "cost21.parquet"]
members = "art21.csv"
names = { ruta = "ID_RT" }

[keep.members]
stay = [1]

[households]
household_id = { column = "ruta" }
known_at = { lag_days = 31 }
unit = { constant = "household" }
province = { column = "prov", digits = 2 }
regency = { column = ["prov", "kab"], join = "", digits = 2 }
cluster = { column = "block" }
welfare = { column = "spent", factor = 0.001, missing = [-9] }
tenure = { column = "house", codes = { 1 = "owned", 2 = "rented" }, source = "book" }
car = { column = "car", codes = { 1 = true, 2 = false } }

[households.power]
column = "light"
codes.3 = "none"
codes.2 = "other"
codes.1 = { column = "watt", codes = { 450 = "450", 900 = "900" }, others = "1300_up" }

[members]
household_id = { column = "ruta" }
known_at = { lag_days = 31 }
person_id = { column = "no" }
age = { born = "born", format = "%d/%m/%Y" }
relation = { column = "rel", codes = { 1 = "head", 2 = "spouse" }, others = "other_relative" }
"""
RT = """ruta;prov;kab;block;house;car;light;watt
0001;06;1;B1;1.0;1;1;450
0002;06;1;B1;7;2;1;2200
0003;6;71;B2;2;.;3;
"""
ART = """ruta;no;stay;born;rel
0001;1;1;01/01/1980;1
0001;2;1;31/12/1989;2
0001;3;0;01/01/2015;9
0002;1;1;05/05/1970;1
0003;1;1;05/05/1970;1
0003;2;1;1970;9
"""


def write(folder: Path, text: str = MAP, **files: str) -> Path:
    """The two waves; the second has other names and one household fewer."""
    folder.mkdir(parents=True, exist_ok=True)
    rt21 = "".join(RT.replace("ruta", "ID_RT").splitlines(keepends=True)[:2])
    art21 = "".join(ART.replace("ruta", "ID_RT").splitlines(keepends=True)[:3])
    for name, content in ({"rt19": RT, "rt21": rt21, "art19": ART, "art21": art21} | files).items():
        (folder / f"{name}.csv").write_text(content)
    pd.DataFrame({"ruta": ["0003", "0001", "0002", "0009"], "spent": [2e6, -9, 1.5e6, 1e6]}).to_parquet(
        folder / "cost19.parquet")  # fmt: skip
    pd.DataFrame({"id_rt": ["0001"], "spent": [900000]}).to_parquet(folder / "cost21.parquet")
    (folder / "map.toml").write_text(text)
    return folder


def let_in(folder: Path) -> tuple[mapped.Mapped, Admitted]:
    made = read(read_map(folder / "map.toml"), folder, key=KEY)
    admitted = admit(made.tables, key=KEY)
    made.number_rows(admitted.quarantine)
    return made, admitted


def rules(admitted: Admitted) -> dict[tuple[str, int, str], str]:
    bad = admitted.quarantine
    return dict(zip(zip(bad.table, bad.row, bad.field, strict=True), bad.rule, strict=True))


def test_cells_are_as_the_map_says(tmp_path: Path) -> None:
    made, _ = let_in(write(tmp_path))
    homes = made.tables["households"].astype(object).where(lambda frame: frame.notna(), None)
    assert homes["household_id"].tolist() == ["0001", "0002", "0003", "0001"]
    assert homes["period"].tolist() == ["2019"] * 3 + ["2021"]
    assert homes["known_at"].tolist() == ["2020-01-31"] * 3 + ["2022-01-31"]
    assert homes["province"].tolist() == ["06"] * 4
    assert homes["regency"].tolist() == ["0601", "0601", "0671", "0601"]
    assert homes["welfare"].tolist() == [None, "1500.0", "2000.0", "900.0"]
    assert homes["car"].tolist() == ["true", "false", None, "true"]
    assert homes["power"].tolist() == ["450", "1300_up", "none", "450"]
    assert homes["cluster"].tolist()[:3:2] == key_ids(["B1-", "B2-"], KEY)
    people = made.tables["members"]
    assert people["age"].tolist() == ["39", "30", "49", "49", "no date of birth", "41", "32"]
    assert people["relation"].tolist()[-3] == "other_relative"


def test_what_is_refused_is_told_by_the_row_of_the_source(tmp_path: Path) -> None:
    made, admitted = let_in(write(tmp_path))
    told = rules(admitted)
    assert told["households", 1, "tenure"] == "code '7' has no meaning in the map"
    # row 5 of the file: row 2, who had left the household, is counted though it is not read
    assert told["members", 5, "age"] == "'no date of birth' is not a number"
    assert made.left_out == {"households": 0, "members": 2 - 1}
    assert made.unmatched == {"cost19.parquet": 1, "cost21.parquet": 0}
    assert made.lines() == ["members: 1 rows left out by the map's keep",
                            "cost19.parquet: 1 rows have no row in the file that they are joined to"]  # fmt: skip
    counts = admitted.counts
    assert (counts["households"].rows, counts["households"].admitted) == (4, 2)
    assert counts["members"].rows + made.left_out["members"] == 6 + 2


CELLS = st.lists(st.tuples(st.sampled_from("1279."), st.sampled_from(["1", "3", "x", ""])), min_size=1, max_size=9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CELLS)
def test_no_row_is_lost_and_no_code_becomes_a_word_by_chance(tmp_path: Path, cells: list[tuple[str, str]]) -> None:
    homes = "".join(f"{n:04};06;1;B;{house};1;{light};450\n" for n, (house, light) in enumerate(cells))
    people = "".join(f"{n:04};1;1;01/01/1980;1\n" for n in range(len(cells)))
    head = RT.splitlines(keepends=True)[0], ART.splitlines(keepends=True)[0]
    made, admitted = let_in(write(tmp_path, rt19=head[0] + homes, art19=head[1] + people))
    for table, count in admitted.counts.items():
        assert count.rows == count.admitted + count.quarantined == len(made.tables[table])
    refused = {row for table, row, field in rules(admitted) if (table, field) == ("households", "tenure")}
    assert refused == {n for n, (house, _) in enumerate(cells) if house in "79"}
    assert {row for table, row, field in rules(admitted) if (table, field) == ("households", "power")} == {
        n for n, (_, light) in enumerate(cells) if light == "x"}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), [
    ('name = "Two waves"', "", "map.toml: name must be text, got None"),
    ("missing =", "misssing =", "line 3: misssing is not known (did you mean 'missing'?)"),
    ("tenure = {", "tenur = {", "households.tenur is no column of the contract (did you mean 'tenure'?)"),
    ('codes = { 1 = "owned"', 'codes = { 1 = "own"',
     "households.tenure.codes.1 'own' is not one of owned, owned_without_land"),
    ('column = "house", codes', 'colum = "house", codes',
     "households.tenure.colum is not known (did you mean 'column'?)"),
    ("car = { column", 'car = { constant = "yes", column', "households.car needs one of column, constant"),
    ('unit = { constant = "household" }', "", "households.unit is missing; the contract needs it"),
    ("known_at = { lag_days = 31 }", "",
     "households.known_at is missing; the contract needs it; say it here or in every [[files]]"),
    ("known_at = { lag_days = 31 }", 'known_at = { lag_days = 31 }\nperiod = { column = "y" }', "say it once"),
    ("lag_days = 31", "lag_days = -1", "must be a whole number of days from 0, got -1"),
    ("factor = 0.001", "factor = 0", "households.welfare.factor must be a number other than 0"),
    ('codes = { 1 = true, 2 = false }', "codes = { 1 = 3 }", "households.car.codes.1 3 is neither 0 nor 1"),
    (', codes = { 1 = true, 2 = false }', "", "households.car needs codes"),
    ('source = "book"', 'source = "note"', "households.tenure.source 'note' is none of [sources]"),
    ("[keep.members]", "[keep.people]", "keep.people is no table"),
    ("period = 2019", "period = 'Q1'", "files 1.period 'Q1' is not a period"),
    ("[members]", "[x]", "x is not known"),
    ('names = { ruta =', 'names = { rutta =', "files 2.names 'rutta' is no column of the map (did you mean 'ruta'?)"),
    ('others = "other_relative"', 'others = "cousin"', "members.relation.others 'cousin' is not one of head, spouse"),
    ('digits = 2 }\ncluster', 'digits = [2] }\ncluster', "must be a number of digits from 1 to 20, one for each"),
    ("art19.csv", "../art19.csv", "files 1.members '../art19.csv' must lie in the folder of --input"),
    ("art19.csv", "/art19.csv", "files 1.members '/art19.csv' must lie in the folder of --input"),
    ("[[files]]", "[files]", "is not TOML"),
    ("[[files]]", f"x = {'[' * 5000}\n[[files]]", "is not TOML: nested too deeply"),
    ("[[files]]", f"x = {'9' * 5000}\n[[files]]", "is not TOML: a number of too many digits"),
    ("[[files]]", f"x{'.x' * 50_000} = 1\n[[files]]", "is not TOML: more than 1,000 dots in a line"),
    ("[[files]]", "#" * 300_000, "is not TOML: longer than 262,144 characters"),
])  # fmt: skip
def test_a_wrong_map_is_refused_where_it_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in MAP
    write(tmp_path, MAP.replace(old, new, 1))
    with pytest.raises(UserError, match=re.escape(said)) as refusal:
        read_map(tmp_path / "map.toml")
    assert str(refusal.value).startswith(str(tmp_path / "map.toml"))


def test_a_refusal_says_the_line(tmp_path: Path) -> None:
    write(tmp_path, MAP.replace('3 = "none"', '3 = "dark"'))
    line = 1 + MAP.splitlines().index('codes.3 = "none"')
    with pytest.raises(UserError, match=f"line {line}: households.power.codes.3 'dark' is not one of"):
        read_map(tmp_path / "map.toml")


@pytest.mark.parametrize(("file", "old", "new", "said"), [
    ("rt19", "house", "home", "column house is missing, which households.tenure is read from (did you mean 'home'?)"),
    ("art19", "stay", "here", "column stay is missing, which members.keep is read from"),
])  # fmt: skip
def test_a_lacking_column_is_named(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    write(tmp_path, **{file: (RT if file == "rt19" else ART).replace(old, new)})
    with pytest.raises(UserError, match=re.escape(said)):
        let_in(tmp_path)


def test_a_joined_file_has_each_key_once(tmp_path: Path) -> None:
    write(tmp_path)
    pd.DataFrame({"ruta": ["0001", "0001"], "spent": [1, 2]}).to_parquet(tmp_path / "cost19.parquet")
    with pytest.raises(UserError, match=r"cost19.parquet: 1 rows have the ruta of another row"):
        let_in(tmp_path)
    pd.DataFrame({"id": ["0001"], "spent": [1]}).to_parquet(tmp_path / "cost19.parquet")
    with pytest.raises(UserError, match=r"cost19.parquet: has none of the columns ruta"):
        let_in(tmp_path)


def test_stata_files_are_read_and_long_numbers_refused(tmp_path: Path) -> None:
    write(tmp_path, MAP.replace('"rt19.csv', '"rt19.dta'))
    frame = pd.read_csv(tmp_path / "rt19.csv", sep=";", dtype={"ruta": str, "car": str})
    frame.to_stata(tmp_path / "rt19.dta", write_index=False)
    made, _ = let_in(tmp_path)
    other, _ = let_in(write(tmp_path / "csv"))
    pd.testing.assert_frame_equal(made.tables["households"], other.tables["households"])
    frame.assign(ruta=[3e16, 3e16, 4e16]).to_stata(tmp_path / "rt19.dta", write_index=False)
    with pytest.raises(UserError, match=r"column ruta has numbers of more digits than a double holds"):
        let_in(tmp_path)


def test_codes_that_are_the_contracts_words_are_the_same(tmp_path: Path) -> None:
    flag, choice = ", codes = { 1 = true, 2 = false }", 'codes = { 1 = "head", 2 = "spouse" }'
    assert flag in MAP
    assert choice in MAP
    write(tmp_path, MAP.replace(flag, ', codes = "same"', 1).replace(choice, 'codes = "same"', 1))
    made = read_map(tmp_path / "map.toml").tables
    assert made["households"]["car"].codes == {"true": "true", "false": "false"}
    assert made["members"]["relation"].codes == {word: word for word in contract.MEMBERS["relation"].choices}


def test_a_decimal_comma_without_a_word_of_it_is_told(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"'12,5' is not a number: .* set decimal = "):
        reader(contract.HOUSEHOLDS["welfare"], None)("12,5")


def test_a_decimal_comma_is_that_of_numbers_alone(tmp_path: Path) -> None:
    text = MAP.replace('missing = ["."]', 'missing = ["."]\ndecimal = ","')
    write(tmp_path, text.replace('car = {', 'floor_area = { column = "area" }\ncar = {'),
          rt19=RT.replace("B1", "B,1").replace("watt", "watt;area").replace("450", "450;36,5"),
          rt21="ID_RT;prov;kab;block;house;car;light;watt;area\n0001;06;1;B,1;1;1;1;450;40\n")  # fmt: skip
    made, _ = let_in(tmp_path)
    homes = made.tables["households"]
    assert homes["floor_area"].tolist()[0] == "36.5"
    assert homes["cluster"].tolist()[0] == key_ids(["B,1-"], KEY)[0]


def run(*words: Any) -> int:
    return main(["data", "import", *map(str, words)])


def test_import_by_a_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "in")
    one, two = tmp_path / "one", tmp_path / "two"
    words = "--map", source / "map.toml", "--input", source, "--limit-bad", 0.5
    assert run(*words, "--dry-run", "--json", tmp_path / "counts.json") == 0
    told = capsys.readouterr().out
    assert "the map 'Two waves' is untested" in told
    assert "4 rows in =            2 admitted +          2 quarantined" in told
    assert "households.tenure: code '7' has no meaning in the map" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["counts.json", "in"]
    assert run(*words, "--output", one) == run(*words, "--output", two) == 0
    assert {path.name: path.read_bytes() for path in one.iterdir()} == {
        path.name: path.read_bytes() for path in two.iterdir()}  # fmt: skip
    manifest = json.loads((one / "manifest.json").read_text())
    assert manifest["map"]["name"] == "Two waves"
    assert manifest["map"]["left_out"] == {"members": 1}
    homes = pd.read_parquet(one / "households.parquet")
    assert all(CODE.match(code) for code in homes["household_id"])
    assert homes["household_id"].nunique() == 1, "household 0001 is the same in both waves"
    assert main(["data", "check", "--input", str(one)]) == 0
    assert run(*words, "--line", "0.5", "--output", tmp_path / "no") == 2


def test_ids_that_look_like_codes_are_keyed_all_the_same(tmp_path: Path) -> None:
    raw = "ABCDEFGH2345"
    assert CODE.match(raw)
    write(tmp_path, rt19=RT.replace("0001", raw), art19=ART.replace("0001", raw))
    _, admitted = let_in(tmp_path)
    assert raw not in admitted.tables["households"]["household_id"].tolist()


@pytest.mark.parametrize("path", sorted(mapped.MAPS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_shipped_map_keeps_to_the_contract_and_cites_its_names(path: Path) -> None:
    made = read_map(path)
    note = tomllib.loads(path.read_text(encoding="utf-8")).get("note", "")
    assert not made.tested or "Tested on " in note, "the note of a tested map says on which files: 'Tested on ...'"
    for table in contract.REQUIRED:
        named = {*made.tables[table], *made.left_out.get(table, {})}
        at_files = {name for name in ("period", "known_at") if getattr(made.files[0], name)}
        lacking = sorted(set(contract.TABLES[table].names) - named - at_files)
        assert not lacking, f"[{table}] maps not {', '.join(lacking)}; [left_out.{table}] gives no reason"
        assert not named - set(contract.TABLES[table].names)
        for name, cell in made.tables[table].items():
            assert not cell.names() or cell.source, f"{table}.{name} says not from where its names are"
    assert made.sources


def made_up(
    cells: Mapping[str, Cell], table: str, kept: Mapping[str, frozenset[str]], rows: int
) -> dict[str, list[str]]:
    """Columns of a file in which every code that the map knows comes up; a column looked at twice has common codes."""
    columns: dict[str, list[str]] = {name: sorted(codes) for name, codes in kept.items()}
    plain: dict[str, str] = {}

    def visit(rule: contract.Field, cell: Cell) -> None:
        for name in cell.columns:
            if cell.codes is not None:
                known = [*columns.get(name, []), *(code for code in cell.codes if code not in cell.missing)]
                columns[name] = list(dict.fromkeys(known))
            else:
                day = dt.date(2026, 3, 31).strftime(cell.format or "%Y-%m-%d")
                alike = {"text": "12", "id": "12", "date": day, "period": "2026Q1"}.get(rule.kind, str(rule.low or 1))
                plain[name] = "40" if rule.name == "age" else alike
        if cell.born:
            plain[cell.born] = dt.date(1980, 12, 31).strftime(cell.format or "%Y-%m-%d")
        for inner in (*(cell.codes or {}).values(), cell.others):
            if isinstance(inner, Cell):
                visit(rule, inner)

    for name, cell in cells.items():
        visit(contract.TABLES[table][name], cell)
    if "subdistrict" in cells:
        plain |= {cells["subdistrict"].columns[0]: "1201010", cells["regency"].columns[0]: "1201"}
    columns |= {name: [value] for name, value in plain.items() if name not in columns}
    for name in ("household_id", *(["person_id"] if table == "members" else [])):
        columns[cells[name].columns[0]] = [f"{number:03d}" for number in range(rows)]
    return {name: [values[row % len(values)] for row in range(rows)] for name, values in columns.items()}


def ways() -> list[Any]:
    """Each shipped map as it is, and once with a date of birth that is written another way."""
    found = [pytest.param(path, "", id=path.stem) for path in sorted(mapped.MAPS.glob("*.toml"))]
    return [*found, pytest.param(mapped.MAPS / "dtsen.toml", "%d/%m/%Y", id="dtsen, its days first")]


@pytest.mark.parametrize(("path", "format"), ways())
def test_every_code_of_a_shipped_map_is_read(path: Path, format: str, tmp_path: Path) -> None:
    if format:
        text = path.read_text(encoding="utf-8")
        assert 'born = "tanggal_lahir",' in text
        path = tmp_path / "map.toml"
        path.write_text(text.replace('born = "tanggal_lahir",', f'born = "tanggal_lahir", format = "{format}",'))
    made = read_map(path)
    for entry in made.files:
        for table, files in entry.files.items():
            columns = made_up(made.tables[table], table, made.keep.get(table, {}), 60)
            columns |= {name: [f"{row:03d}" for row in range(60)] for name in made.join[table] if len(files) > 1}
            frame = pd.DataFrame({entry.names.get(name, name): values for name, values in columns.items()})
            for file in files:
                (tmp_path / file).parent.mkdir(exist_ok=True)
                if file.endswith(".csv"):
                    frame.to_csv(tmp_path / file, index=False)
                else:
                    frame.to_stata(tmp_path / file, write_index=False)
    read_back = read(made, tmp_path, key=KEY)
    admitted = admit(read_back.tables, key=KEY)
    assert not len(admitted.quarantine), rules(admitted)
    for table, cells in made.tables.items():
        assert len(read_back.tables[table]) == 60 * len(made.files)
        for name, cell in cells.items():
            words = {word for word in (cell.codes or {}).values() if isinstance(word, str)}
            assert words <= set(read_back.tables[table][name].dropna()), f"{table}.{name}"


def test_the_example_of_the_docs_is_what_a_user_sees(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[3] / "docs" / "data.md").read_text(encoding="utf-8")
    page = page.partition("## Files of another shape")[2]
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    written = next(block for kind, block in blocks if kind == "toml")
    beside, shown = (next(block for _, block in blocks if block.startswith(start)) for start in ("rumah21", "the map"))
    columns = [line.split("  ") for line in beside.splitlines()]
    for place, name in enumerate(("rumah", "orang")):
        content = "\n".join([part for part in line if part][place].strip() for line in columns[1:]) + "\n"
        (tmp_path / f"{name}21.csv").write_text(content)
        (tmp_path / f"{name}22.csv").write_text(content.replace("id_rt", "ruta"))
    (tmp_path / "peta.toml").write_text(written)
    assert run("--map", tmp_path / "peta.toml", "--input", tmp_path, "--dry-run") == 1
    assert capsys.readouterr().out == shown


def test_maps_are_shipped() -> None:
    assert {path.stem for path in mapped.MAPS.glob("*.toml")} >= {"dtsen", "susenas", "ifls"}


EPH = """
name = "EPH, some columns"
decimal = ","
missing = ["None"]
FILES
[keep.households]
REALIZADA = [1]
NRO_HOGAR = HOMES
[keep.members]
NRO_HOGAR = HOMES
[households]
household_id = { column = ["CODUSU", "NRO_HOGAR"] }
period = { column = ["ANO4", "TRIMESTRE"], join = "Q" }
known_at = { lag_days = 75 }
unit = { constant = "household" }
province = { column = "AGLOMERADO", digits = 2 }
cluster = { column = "CODUSU" }
urban = { constant = true }
weight = { column = "PONDERA" }
rooms = { column = "II1", missing = [0, 99] }
large_city = { column = "MAS_500", codes = { S = true, N = false } }
floor = { column = "IV3", missing = [0, 4, 9], codes = { 1 = "tile", 2 = "cement", 3 = "earth" } }
[households.sanitation]
column = "IV8"
missing = [0, 9]
codes.2 = "none"
[households.sanitation.codes.1]
column = "II9"
missing = [0, 4, 9]
codes.2 = "shared"
codes.3 = "shared"
codes.1 = { column = "IV10", missing = [0, 9], codes = { 1 = "own_improved" }, others = "own_unimproved" }
[members]
household_id = { column = ["CODUSU", "NRO_HOGAR"] }
period = { column = ["ANO4", "TRIMESTRE"], join = "Q" }
known_at = { lag_days = 75 }
person_id = { column = "COMPONENTE" }
sex = { column = "CH04", codes = { 1 = "man", 2 = "woman" } }
age = { column = "CH06", replace = { -1 = 0 } }
activity = { column = "ESTADO", missing = [0], codes = { 1 = "employed", 2 = "unemployed", 3 = "inactive", 4 = "inactive" } }
[members.relation]
column = "CH03"
codes = { 1 = "head", 2 = "spouse", 3 = "child", 4 = "child_in_law", 5 = "grandchild", 6 = "parent", 7 = "parent", 8 = "other_relative", 9 = "other_relative", 10 = "not_related" }
"""  # noqa: E501


@pytest.mark.shared
def test_the_eph_through_a_map_is_the_eph_of_its_own_reader(shared: Path, tmp_path: Path) -> None:
    files = [f'[[files]]\nhouseholds = "hogar/hogar_{wave}.tsv.gz"\nmembers = "individual/indiv_{wave}.tsv.gz"\n'
             for wave in ("a08t1", "a08t2")]  # fmt: skip
    (tmp_path / "eph.toml").write_text(EPH.replace("FILES", "".join(files)).replace("HOMES", str(list(range(1, 51)))))
    folder = shared / "data" / "eph"
    through_map = admit(read(read_map(tmp_path / "eph.toml"), folder, key=KEY).tables, key=KEY)
    own = admit(eph.read(folder, lag_days=75, key=KEY, periods=(2008 * 4, 2008 * 4 + 1)), key=KEY)
    assert not len(through_map.quarantine)
    assert through_map.counts["households"].rows > 30_000
    for table in contract.REQUIRED:
        for name, values in through_map.tables[table].items():
            np.testing.assert_array_equal(values, own.tables[table][name], err_msg=f"{table}.{name}")
