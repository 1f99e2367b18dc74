"""A register is scored as the service scores each family, however its files are cut, ordered, broken or stopped."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from features.admit import ContractError, admit
from features.commands import UserError
from features.context import Context
from features.files import TORN, read_tables
from features.keys import CODE
from models import bundle as bundles
from models import score, shown
from serving.batch import batch, rows, runs, task
from serving.batch import told as batch_told
from serving.batch.batch import Request
from tests import small
from tests.serving import registers

DAY = np.datetime64("2026-10-20")


@pytest.fixture(scope="module")
def model(bundles: tuple[Path, Path]) -> Path:
    return bundles[0]


@pytest.fixture(scope="module")
def true_model(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same model, said to be fitted on real families."""
    known = json.loads((model / "manifest.json").read_text())["files"]
    files = {name: (model / name).read_bytes() for name in known}
    files["schema.json"] = files["schema.json"].replace(b'"synthetic": true', b'"synthetic": false')
    return bundles.write(tmp_path_factory.mktemp("true"), files, {})


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return registers.write(tmp_path_factory.mktemp("register") / "in", registers.tables())


@pytest.fixture(scope="module")
def undisturbed(source: Path, model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Scores of the register in several parts."""
    output = tmp_path_factory.mktemp("undisturbed") / "out"
    assert registers.score(source, output, model, chunk=40).state == "published"
    return output


def test_online_equals_batch(model: Path, undisturbed: Path) -> None:
    made = registers.tables()
    found = registers.rows(undisturbed)
    loaded = bundles.load(model)
    places = [row for row in made["shocks"] if row["scope"] != "household"]
    for at, code in enumerate(found.column("household_id").to_pylist()):
        own = {name: [row for row in made[name] if row["household_id"] == code] for name in ("households", "members")}
        own["shocks"] = [row for row in made["shocks"] if row["place"] == code] + places
        context = {name: made[name] for name in ("poverty_lines", "sector_signals")}
        admitted = admit(small.columns(own | context))
        answer = score.score(loaded, admitted.tables, DAY, context=Context(admitted.tables))
        assert answer.select(score.COLUMNS).to_pylist() == found.slice(at, 1).to_pylist()


@pytest.mark.parametrize("day", [None, "2026-08-01", "1999-12-31"])
def test_the_newest_fact_of_each_table_is_told_up_to_the_date(source: Path, model: Path, undisturbed: Path,
                                                              tmp_path: Path, day: str | None) -> None:  # fmt: skip
    job = batch.prepare(Request(source, tmp_path / "out", model, np.datetime64(day) if day else None))
    known = {name: [str(row["known_at"]) for row in rows if str(row["known_at"]) <= str(job.as_of)]
             for name, rows in registers.tables().items()}  # fmt: skip
    want = {name: max(days) for name, days in known.items() if days}
    assert job.extent.newest(job.as_of) == want
    if day is None:
        assert len(want) == len(known) >= 5
        assert json.loads((undisturbed / "manifest.json").read_text())["input"]["known"] == want


def test_content_does_not_depend_on_the_size_of_a_part(source: Path, model: Path, undisturbed: Path,
                                                       tmp_path: Path) -> None:  # fmt: skip
    whole = registers.score(source, tmp_path / "whole", model)
    several = json.loads((undisturbed / "manifest.json").read_text())
    assert whole.manifest["run"]["parts"] == 1
    assert several["run"]["parts"] == 5
    assert registers.rows(tmp_path / "whole").equals(registers.rows(undisturbed))
    for path in (undisturbed / "scores").rglob("*.parquet"):
        assert path.read_bytes() == (tmp_path / "whole" / path.relative_to(undisturbed)).read_bytes()
    for told in ("households", "provinces", "refusals", "input"):
        assert whole.manifest[told] == several[told]


@pytest.mark.parametrize("chunk", [40, 1000])
def test_bad_rows_are_counted_the_same_however_the_register_is_cut(model: Path, tmp_path: Path, chunk: int) -> None:
    made = _spoiled(registers.tables())
    source = registers.write(tmp_path / "in", made)
    outcome = registers.score(source, tmp_path / "out", model, chunk=chunk, limit_bad=0.5)
    found = registers.rows(tmp_path / "out")

    codes = {row["household_id"] for row in made["households"]} - {None}
    nameless = sum(row["household_id"] is None for row in made["households"])
    total = outcome.manifest["households"]
    assert total["in"] == len(codes) + nameless == found.num_rows
    assert total["in"] == total["scored"] + total["refused"] + total["quarantined"]
    assert set(found.column("household_id").to_pylist()) == codes | {None}
    # a person too old, a nameless row, no members, no province, a newest row that was refused
    assert total["quarantined"] == 5
    assert total["refused"] == 1  # of a province the model has not seen
    by_province = Counter(found.column("province").to_pylist())
    for name, home in outcome.manifest["provinces"].items():
        assert home["in"] == by_province[None if name == "unknown" else name]
        assert home["in"] == home["scored"] + home["refused"] + home["quarantined"]
    for name, told in outcome.manifest["input"]["tables"].items():
        assert told["rows"] == len(made[name]) == told["admitted"] + told["quarantined"]

    whole = admit(small.columns(made)).quarantine.columns()
    kept = pa.concat_tables([pq.read_table(path) for path in (tmp_path / "out" / "quarantine").iterdir()]).to_pydict()
    told = [sorted(zip(*(each[name] for name in ("table", "row", "field", "rule")), strict=True))
            for each in (kept, whole)]  # fmt: skip
    assert told[0] == told[1]


def _spoiled(made: dict[str, Any]) -> dict[str, Any]:
    home = {row["household_id"]: number for number, row in enumerate(made["households"])}
    codes = list(home)
    for row in made["members"]:
        row["age"] = 150 if row["household_id"] == codes[0] else row["age"]
    made["members"] = [row for row in made["members"] if row["household_id"] != codes[2]]
    for row in made["households"]:
        row["province"] = {codes[3]: None, codes[4]: "99"}.get(row["household_id"], row["province"])
    made["households"].append({**made["households"][0], "household_id": None})
    made["households"].append({**made["households"][-2], "rooms": 99})  # there twice, and not the same
    made["members"].append({**made["members"][40], "household_id": codes[5][::-1]})  # of no household
    made["shocks"].append({**made["shocks"][0], "shock": "meteor"})
    return made


@pytest.mark.parametrize(("table", "field", "rule"), [
    ("households", "household_id", "is empty; a value is required"),  # ids are keyed before the door
    ("households", "regency", "a list or struct is not text"),
    ("households", "period", "a list or struct is not text"),
    ("households", "known_at", "a list or struct is not a date; write 2026-01-31"),
    ("households", "floor_area", "a list or struct is not a number"),
    ("members", "household_id", "is empty; a value is required"),
    ("members", "age", "a list or struct is not a number"),
    ("shocks", "scope", "a list or struct is not text"),
])  # fmt: skip
@pytest.mark.parametrize("nested", [lambda cell: [cell], lambda cell: {"code": cell}], ids=["list", "struct"])
def test_nested_cells_are_kept_out_like_any_bad_ones(model: Path, tmp_path: Path, table: str, field: str, rule: str,
                                                     nested: Any) -> None:  # fmt: skip
    made = registers.tables()
    source = registers.write(tmp_path / "in", made)
    file = source / "registry" / f"{table}.parquet"
    spoiled = [row | {field: nested(row[field])} for row in made[table]]
    pq.write_table(pa.Table.from_pylist(spoiled), file)
    with contextlib.suppress(ContractError):  # of a table that all parts share, a column of which nothing can be used
        assert table in registers.score(source, tmp_path / "out", model, chunk=40).over
    assert not (tmp_path / "out" / "scores").exists()

    file.unlink()
    file.with_suffix("").mkdir()
    bad = max(1, len(spoiled) // 5)
    for number, some in enumerate((spoiled[:bad], made[table][bad:])):
        pq.write_table(pa.Table.from_pylist(some), file.with_suffix("") / f"{number}.parquet")
    outcome = registers.score(source, tmp_path / "mixed", model, chunk=40, limit_bad=0.9)
    assert outcome.state == "published"
    told = outcome.manifest["input"]["tables"][table]
    assert told["rows"] == len(spoiled) == told["admitted"] + told["quarantined"]
    kept = pa.concat_tables([pq.read_table(path) for path in (tmp_path / "mixed" / "quarantine").iterdir()]).to_pylist()
    cells = {row["row"]: row["rule"] for row in kept if (row["table"], row["field"]) == (table, field)}
    assert {at for at, why in cells.items() if why == rule} == set(range(bad))


def test_input_form_and_order_do_not_matter(model: Path, undisturbed: Path, tmp_path: Path) -> None:
    made = registers.tables()
    text = registers.write(tmp_path / "text", made, kind="csv")
    mixed = registers.write(tmp_path / "mixed", registers.shuffled(made))
    folder = registers.write(tmp_path / "folder", {})
    for name, found in made.items():
        half = len(found) // 2
        (folder / "registry" / name).mkdir()
        for number, some in enumerate((found[:half], found[half:])):
            pq.write_table(pa.Table.from_pylist(some), folder / "registry" / name / f"{number}.parquet")
    for source in (text, mixed, folder):
        registers.score(source, source / "out", model, chunk=70)
        assert registers.rows(source / "out").equals(registers.rows(undisturbed)), source.name


def test_a_family_whose_newest_line_is_unreadable_is_not_scored_on_the_older_one(model: Path, tmp_path: Path) -> None:
    made = registers.tables(40)
    whole = registers.write(tmp_path / "whole", made, kind="csv")
    good = registers.score(whole, tmp_path / "good", model).manifest
    code = made["households"][0]["household_id"]
    newest = max(row["period"] for row in made["households"] if row["household_id"] == code)
    file = whole / "registry" / "households.csv"
    torn = [f"{line},9" if code in line and newest in line else line for line in file.read_text().splitlines()]
    file.write_text("\n".join(torn) + "\n")
    outcome = registers.score(whole, tmp_path / "out", model, limit_bad=0.5)
    found = {row["household_id"]: row for row in registers.rows(tmp_path / "out").to_pylist()}
    assert (found[code]["status"], found[code]["refusal"]) == ("refused", "quarantined")
    assert found[code]["risk"] is None
    assert good["provinces"][found[code]["province"]]["scored"] - 1 == (
        outcome.manifest["provinces"][found[code]["province"]]["scored"])  # fmt: skip
    told = outcome.manifest["input"]["tables"]["households"]
    assert (told["quarantined"], told["nameless"]) == (1, 1)
    total = outcome.manifest["households"]
    assert total == {**good["households"], "in": 41, "scored": good["households"]["scored"] - 1, "quarantined": 2,
                     "at_risk": total["at_risk"]}  # fmt: skip
    said = batch_told.result_lines(batch.prepare(Request(whole, tmp_path / "out", model)), outcome, 1.0, "en")
    assert any(line.startswith("Household rows whose code cannot be read: 1; each is counted") for line in said)
    kept = pa.concat_tables([pq.read_table(path) for path in (tmp_path / "out" / "quarantine").iterdir()]).to_pylist()
    assert {row["rule"] for row in kept if row["household_id"] == code} == {"has no household row for that period"}


def test_a_torn_row_of_a_csv_is_kept_out_by_its_number(model: Path, tmp_path: Path) -> None:
    made = registers.tables()
    whole = registers.write(tmp_path / "whole", made, kind="csv")
    torn = registers.write(tmp_path / "torn", made, kind="csv")
    file = torn / "registry" / "members.csv"
    lines = file.read_text().splitlines()
    lines[8] += ",one cell more"
    lines[20] = "one cell"
    lines.append("3201000000000499")
    file.write_text("\n".join(lines) + "\n")
    outcome = registers.score(torn, tmp_path / "out", model, chunk=40, limit_bad=0.5)
    told = outcome.manifest["input"]["tables"]["members"]
    assert told["rows"] == len(made["members"]) + 1 == told["admitted"] + told["quarantined"]
    kept = pa.concat_tables([pq.read_table(path) for path in (tmp_path / "out" / "quarantine").iterdir()]).to_pylist()
    empty = {row["row"] for row in kept if row["table"] == "members" and "is empty" in row["rule"]}
    assert empty == {7, 19, len(made["members"])}  # from 0, below the head
    read = read_tables(torn / "registry")["members"]  # jaga data check sets the same rows aside
    assert set(np.flatnonzero(read["household_id"].isna())) == empty
    assert read.attrs[TORN][0][1] == (9, 21, len(made["members"]) + 2)  # lines of the file
    good = registers.rows(tmp_path / "out").filter(pc.equal(registers.rows(tmp_path / "out")["status"], "scored"))
    registers.score(whole, tmp_path / "all", model, chunk=40)
    assert {row["household_id"]: row["risk"] for row in good.to_pylist()}.items() <= {
        row["household_id"]: row["risk"] for row in registers.rows(tmp_path / "all").to_pylist()}.items()  # fmt: skip


@pytest.mark.parametrize("table", ["households", "members"])
@pytest.mark.parametrize(("first", "last"), [(20, 60), (20, None), (-1, None), (0, 3)])
def test_a_quote_left_open_in_a_csv_loses_no_row_silently(model: Path, tmp_path: Path, table: str, first: int,
                                                           last: int | None) -> None:  # fmt: skip
    source = registers.write(tmp_path / "in", registers.tables(), kind="csv")
    file = source / "registry" / f"{table}.csv"
    head, *lines = file.read_text().splitlines()
    lines[first] = f'{lines[first].rpartition(",")[0]},"{lines[first].rpartition(",")[2]}'
    if last is not None:
        lines[last] += '"'
    file.write_text("\n".join([head, *lines]) + "\n")
    with pytest.raises(UserError, match=rf"{file}: near line {2 + first % len(lines)} a cell holds a line break"):
        batch.prepare(Request(source, tmp_path / "out", model))
    assert not (tmp_path / "out").exists()


def test_quotes_blank_lines_and_a_mark_of_encoding_are_no_fault_of_a_csv(
    model: Path, undisturbed: Path, tmp_path: Path
) -> None:
    source = registers.write(tmp_path / "in", registers.tables(), kind="csv")
    for file in (source / "registry").glob("*.csv"):
        head, *lines = file.read_text().splitlines()
        quoted = ['"' + line.replace(",", '","') + '"' for line in lines]
        file.write_bytes("\r\n".join([f"\ufeff{head}", *quoted[:5], "", "", *quoted[5:]]).encode())
    registers.score(source, tmp_path / "out", model, chunk=70)
    assert registers.rows(tmp_path / "out").equals(registers.rows(undisturbed))


@pytest.mark.parametrize(("spoil", "words"), [
    (lambda text: text.replace(",", ";").encode(), "a comma is expected"),
    (lambda text: text.encode("utf-16"), "not UTF-8"),
    (lambda text: text.replace("head", "hëad").encode("latin-1"), "not UTF-8"),
    (lambda _: b"", "it is empty")])  # fmt: skip
def test_a_csv_that_is_none_is_told_without_what_it_holds(model: Path, tmp_path: Path, spoil: Any, words: str) -> None:
    source = registers.write(tmp_path / "in", registers.tables(), kind="csv")
    file = source / "registry" / "members.csv"
    text = file.read_text()
    file.write_bytes(spoil(text))
    with pytest.raises(UserError, match=words) as told:
        registers.score(source, tmp_path / "out", model)
    assert not any(code in str(told.value) for code in text.replace(",", "\n").split() if len(code) == 12)
    file.unlink()
    (source / "registry" / "members.csv.gz").write_bytes(b"zipped")
    with pytest.raises(UserError, match="unpack it"):
        registers.score(source, tmp_path / "out", model)


def test_a_second_run_does_nothing(source: Path, model: Path, undisturbed: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in undisturbed.rglob("*")}
    outcome = registers.score(source, undisturbed, model, chunk=40)
    assert outcome.state == "done"
    assert outcome.manifest == json.loads((undisturbed / "manifest.json").read_text())
    assert {path: path.stat().st_mtime_ns for path in undisturbed.rglob("*")} == before


@pytest.mark.slow
def test_a_run_stopped_at_any_step_is_finished_with_the_same_bytes(
    source: Path, model: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name in ((runs, "settle"), (runs.os, "rename"), (runs, "clean")):
        act = getattr(module, name)
        counted = _StopsAt(act, 10**6, before=True)
        with monkeypatch.context() as patch:
            patch.setattr(module, name, counted)
            registers.score(source, tmp_path / f"{name}-all", model, chunk=40)
        calls = 10**6 - counted.left
        assert calls, f"{name} was never reached"
        for nth in sorted({*range(0, calls, -(-calls // 5)), calls - 1}):
            for before in (True, False):
                output = tmp_path / f"{name}{before}{nth}"
                with monkeypatch.context() as patch:
                    patch.setattr(module, name, _StopsAt(act, nth, before))
                    assert _stopped(source, output, model)
                registers.score(source, output, model, chunk=40)
                assert registers.contents(output) == registers.contents(undisturbed), output.name


class _StopsAt:
    def __init__(self, act: Any, nth: int, before: bool) -> None:
        self.act, self.left, self.before = act, nth, before

    def __call__(self, *arguments: Any, **how: Any) -> Any:
        self.left -= 1
        if self.left == -1 and self.before:
            raise KeyboardInterrupt
        answer = self.act(*arguments, **how)
        if self.left == -1:
            raise KeyboardInterrupt
        return answer


def _stopped(source: Path, output: Path, model: Path) -> bool:
    try:
        registers.score(source, output, model, chunk=40)
    except KeyboardInterrupt:
        return True
    return False


@pytest.mark.parametrize("killed", [False, True])
def test_an_input_that_changes_while_it_is_read_gives_no_scores(
    source: Path, model: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: bool
) -> None:
    own = Path(shutil.copytree(source, tmp_path / "in"))
    file = own / "registry" / "members.parquet"
    before, cut = file.read_bytes(), task.cut_unit

    def changes(*arguments: Any) -> None:
        if arguments[1][1].table == "members":
            ages = pq.read_table(file).to_pylist()
            pq.write_table(pa.Table.from_pylist([row | {"age": row["age"] + 1} for row in ages]), file)
        cut(*arguments)
        if killed and arguments[1][1].table == "members":
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(task, "cut_unit", changes)
        with pytest.raises(KeyboardInterrupt if killed else UserError, match=None if killed else "changed while"):
            registers.score(own, tmp_path / "out", model, chunk=40)
    assert not (tmp_path / "out" / "manifest.json").exists()
    file.write_bytes(before)  # the same bytes, written anew: what was cut of the others is not used
    registers.score(own, tmp_path / "out", model, chunk=40)
    assert registers.contents(tmp_path / "out") == registers.contents(undisturbed)


def test_what_was_damaged_between_two_starts_is_made_again(
    source: Path, model: Path, undisturbed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("cut", "scored", "scores"):
        output = tmp_path / place
        with monkeypatch.context() as patch:
            patch.setattr(runs, "publish", _StopsAt(runs.publish, 0, True))
            assert _stopped(source, output, model)
        for file in (output / ".work" / place).rglob("*.arrow" if place != "scores" else "*.parquet"):
            _zero_the_middle(file)
        registers.score(source, output, model, chunk=40)
        assert registers.contents(output) == registers.contents(undisturbed), place


def _zero_the_middle(file: Path) -> None:
    held = bytearray(file.read_bytes())
    held[len(held) // 2 : len(held) // 2 + 8] = bytes(8) if any(held[len(held) // 2 :][:8]) else b"\1" * 8
    file.write_bytes(held)


def test_another_run_is_not_mixed_in(source: Path, bundles: tuple[Path, Path], undisturbed: Path,
                                     tmp_path: Path) -> None:  # fmt: skip
    model, other = bundles
    changed = registers.write(tmp_path / "changed", registers.tables(seed=6))
    before = registers.contents(undisturbed)
    for given, word in ((Request(source, undisturbed, other, chunk=40), "bundle"),
                        (Request(changed, undisturbed, model, chunk=40), "input"),
                        (Request(source, undisturbed, model, np.datetime64("2026-10-21"), chunk=40), "date"),
                        (Request(source, undisturbed, model, chunk=40, reasons=3), "reasons"),
                        (Request(source, undisturbed, model, chunk=90), "parts")):  # fmt: skip
        with pytest.raises(UserError, match=word):
            batch.run(batch.prepare(given))
    assert registers.contents(undisturbed) == before


def test_an_unfinished_run_is_not_mixed_in_either(source: Path, bundles: tuple[Path, Path], tmp_path: Path,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(runs, "publish", _StopsAt(runs.publish, 0, True))
        assert _stopped(source, tmp_path / "out", bundles[0])
    assert not (tmp_path / "out" / "scores").exists()
    with pytest.raises(UserError, match="another bundle"):
        registers.score(source, tmp_path / "out", bundles[1], chunk=40)


def test_a_folder_of_other_things_is_refused(source: Path, model: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(UserError, match=r"letter\.txt"):
        registers.score(source, tmp_path, model)
    with pytest.raises(UserError, match="manifest"):
        registers.score(source, source, model)


def test_scores_that_were_touched_are_not_taken_for_done(source: Path, model: Path, tmp_path: Path) -> None:
    registers.score(source, tmp_path / "out", model)
    file = next((tmp_path / "out" / "scores").rglob("*.parquet"))
    for spoil in (_zero_the_middle, Path.unlink):
        spoil(file)
        with pytest.raises(UserError, match="not as the manifest says"):
            registers.score(source, tmp_path / "out", model)


@pytest.mark.parametrize("name", ["scores/province=31/more.parquet", "scores/more.parquet", "quarantine/more.parquet"])
def test_a_file_that_somebody_added_to_the_results_is_named(source: Path, model: Path, tmp_path: Path,
                                                            name: str) -> None:  # fmt: skip
    registers.score(source, tmp_path / "out", model)
    more = tmp_path / "out" / name
    more.parent.mkdir(exist_ok=True)
    shutil.copy(next((tmp_path / "out" / "scores").rglob("*.parquet")), more)
    (tmp_path / "out" / "notes.txt").write_text("mine")  # nobody takes it for a result
    with pytest.raises(UserError, match=rf"did not write \({name}\)"):
        registers.score(source, tmp_path / "out", model)
    more.unlink()
    assert registers.score(source, tmp_path / "out", model).state == "done"


def test_two_runs_at_once_are_refused(source: Path, model: Path, tmp_path: Path) -> None:
    with runs.held(tmp_path / "out"), pytest.raises(UserError, match="another run"):
        registers.score(source, tmp_path / "out", model)


def test_too_many_bad_rows_publish_nothing(model: Path, tmp_path: Path) -> None:
    source = registers.write(tmp_path / "in", _spoiled(registers.tables()))
    outcome = registers.score(source, tmp_path / "out", model, limit_bad=0.02)
    assert outcome.state == "stopped"
    assert outcome.over["households"] > 0.02
    assert not (tmp_path / "out" / "manifest.json").exists()
    assert not (tmp_path / "out" / "scores").exists()
    kept = pq.read_table(tmp_path / "out" / "quarantine" / "sintetis_part-00000.parquet")
    assert "150 is above 120 years" in kept.column("rule").to_pylist()
    assert registers.score(source, tmp_path / "out", model, limit_bad=0.5).state == "published"


@pytest.mark.parametrize("beside", [True, False], ids=["another file", "the same file"])
def test_who_adds_rows_that_keep_out_families_of_others_is_told_by_file_and_regency(
        model: Path, tmp_path: Path, beside: bool) -> None:  # fmt: skip
    made = registers.tables()
    rival = made["households"][0]
    true = [row for row in made["households"] if row["household_id"] == rival["household_id"]]
    false = [row | {"regency": "9999", "subdistrict": None} for row in true]
    home = registers.write(tmp_path / "in", made) / "registry"
    (home / "households").mkdir()
    (home / "households.parquet").unlink()
    schema = pa.Table.from_pylist(made["households"]).schema
    for name, rows_ in ({"aaa": false, "utara": made["households"]} if beside
                        else {"utara": [*false, *made["households"]]}).items():  # fmt: skip
        pq.write_table(pa.Table.from_pylist(rows_, schema=schema), home / "households" / f"{name}.parquet")
    job = batch.prepare(Request(tmp_path / "in", tmp_path / "out", model, chunk=40, limit_bad=0.5))
    outcome = batch.run(job)
    files = ["aaa.parquet", "utara.parquet"] if beside else ["utara.parquet"]
    regencies = sorted({rival["regency"], "9999"})
    assert outcome.manifest["input"]["doubles"] == [
        {"table": "households", "files": files, "regencies": regencies, "families": 1}]  # fmt: skip
    found = registers.rows(tmp_path / "out").to_pylist()
    (own,) = [row for row in found if row["household_id"] == rival["household_id"]]
    assert (own["status"], own["refusal"]) == ("refused", "quarantined"), "no score from rows of which one is false"
    told = batch_told.result_lines(job, outcome, 1.0, "en")
    assert told[0].startswith("LOOK FIRST: families stand there more than once")
    assert told[1] == f"  households: files {', '.join(files)}; regencies {', '.join(regencies)}; families: 1"
    again = batch_told.result_lines(job, batch.run(job), 1.0, "id")
    assert again[0].startswith("PERIKSA DULU")
    stopped = batch.prepare(Request(tmp_path / "in", tmp_path / "no", model, limit_bad=0))
    lines = batch_told.stopped_lines(stopped, batch.run(stopped), "en")
    assert lines[1].startswith("LOOK FIRST")


def test_a_person_of_another_file_is_told_and_a_row_that_is_there_twice_is_no_attack(
        model: Path, tmp_path: Path) -> None:  # fmt: skip
    made = registers.tables()
    made["households"].append({**made["households"][0], "rooms": 99})
    home = registers.write(tmp_path / "in", made) / "registry"
    outcome = registers.score(tmp_path / "in", tmp_path / "out", model, limit_bad=0.5)
    assert outcome.manifest["input"]["tables"]["households"]["quarantined"] > 0
    assert "doubles" not in outcome.manifest["input"]
    (home / "members").mkdir()
    (home / "members.parquet").rename(home / "members" / "utara.parquet")
    older = [{**row, "age": row["age"] + 1} for row in made["members"][-2:]]
    pq.write_table(pa.Table.from_pylist(older), home / "members" / "aaa.parquet")
    outcome = registers.score(tmp_path / "in", tmp_path / "more", model, limit_bad=0.5)
    (told,) = outcome.manifest["input"]["doubles"]
    assert (told["table"], told["files"], told["regencies"]) == ("members", ["aaa.parquet", "utara.parquet"], [])


def test_shocks_of_families_of_another_register_are_told_and_no_bad_rows(model: Path, tmp_path: Path) -> None:
    made = registers.tables()
    codes = list(dict.fromkeys(row["household_id"] for row in made["households"]))[:20]
    for name in ("households", "members"):
        made[name] = [row for row in made[name] if row["household_id"] in codes]
    lost = [row for row in made["shocks"] if row["scope"] == "household" and row["place"] not in codes]
    outcome = registers.score(registers.write(tmp_path / "in", made), tmp_path / "out", model, chunk=15)
    assert outcome.state == "published"
    told = outcome.manifest["input"]["tables"]["shocks"]
    assert told["not_in_register"] == told["quarantined"] == len(lost) == 10
    assert told["rows"] == len(made["shocks"]) == told["admitted"] + told["quarantined"]
    kept = pa.concat_tables([pq.read_table(path) for path in (tmp_path / "out" / "quarantine").iterdir()]).to_pylist()
    assert {(row["table"], row["row"], row["rule"]) for row in kept} == {
        ("shocks", made["shocks"].index(row), "is a household that has no row") for row in lost}  # fmt: skip
    # A row that is bad in itself still is, and its share is that of the rows which concern the register.
    for row in (lost[0], made["shocks"][-1]):
        row["shock"] = "meteor"
    bad = registers.score(registers.write(tmp_path / "bad", made), tmp_path / "no", model)
    assert bad.over == {"shocks": pytest.approx(2 / (16 - 9))}


def test_columns_of_the_contract_that_a_table_lacks_are_told(model: Path, tmp_path: Path) -> None:
    made = registers.tables(20)
    for row in made["households"]:
        del row["floor"]
    whole = registers.score(registers.write(tmp_path / "all", registers.tables(20)), tmp_path / "a", model)
    told = registers.score(registers.write(tmp_path / "some", made), tmp_path / "b", model)
    absent = [outcome.manifest["input"]["columns_absent"]["households"] for outcome in (whole, told)]
    assert "floor" not in absent[0]
    assert set(absent[1]) == {*absent[0], "floor"}
    job = batch.prepare(Request(tmp_path / "some", tmp_path / "b", model))
    line = f"Columns of households that the contract has and this table lacks: {', '.join(absent[1])}"
    assert line in batch_told.result_lines(job, told, 1.0, "en")


def test_synthetic_is_labelled_on_every_file(model: Path, undisturbed: Path) -> None:
    names = [path.name for path in undisturbed.rglob("*.parquet")]
    assert names
    assert all(name.startswith("sintetis_part-") for name in names)
    assert json.loads((undisturbed / "manifest.json").read_text())["synthetic"] is True
    for path in undisturbed.rglob("*.parquet"):
        assert pq.read_schema(path).metadata[b"jaga.synthetic"] == b"true"


def test_real_families_are_real_only_to_a_real_model(model: Path, true_model: Path, tmp_path: Path) -> None:
    source = registers.write(tmp_path / "in", registers.tables(10), synthetic=False)
    real = registers.score(source, tmp_path / "real", true_model)
    assert real.manifest["synthetic"] is False
    assert {path.name for path in (tmp_path / "real" / "scores").rglob("*.parquet")} == {"part-00000.parquet"}
    assert registers.score(source, tmp_path / "not", model).manifest["synthetic"] is True


def test_ids_are_keyed_and_never_written(true_model: Path, tmp_path: Path) -> None:
    made = registers.tables(30)
    raw = {code: f"3273{number:012d}" for number, code in enumerate({r["household_id"] for r in made["households"]})}
    for row in [*made["households"], *made["members"]]:
        row["household_id"] = raw[row["household_id"]]
    for row in made["shocks"]:
        row["place"] = raw.get(row["place"], row["place"])
    made["households"][0]["rooms"] = -1
    source = registers.write(tmp_path / "in", made, synthetic=False)
    outcome = registers.score(source, tmp_path / "out", true_model, chunk=20, limit_bad=0.2)
    codes = registers.rows(tmp_path / "out").column("household_id").to_pylist()
    assert all(CODE.match(code) for code in codes)
    assert len(set(codes)) == outcome.manifest["households"]["in"] == 30
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            text = path.read_bytes() if path.suffix != ".parquet" else str(pq.read_table(path).to_pylist()).encode()
            assert b"3273000000" not in text, path.name


def test_a_family_known_later_is_refused_not_dropped(source: Path, model: Path, tmp_path: Path) -> None:
    outcome = registers.score(source, tmp_path / "out", model, as_of=np.datetime64("2026-01-31"), limit_refused=1.0)
    found = registers.rows(tmp_path / "out")
    assert outcome.manifest["households"]["in"] == 60 == found.num_rows
    assert set(found.column("refusal").to_pylist()) == {"not_known"}
    assert outcome.manifest["refusals"] == {"not_known": 60}


def test_files_of_scores_say_how_they_are_sorted(undisturbed: Path) -> None:
    for path in (undisturbed / "scores").rglob("*.parquet"):
        metadata = pq.ParquetFile(path).metadata
        by, codes = metadata.row_group(0).sorting_columns, pq.read_table(path, partitioning=None)["household_id"]
        assert [(metadata.schema.column(own.column_index).path, own.descending, own.nulls_first) for own in by] == [
            ("household_id", False, False)]  # fmt: skip
        assert codes.drop_null().to_pylist() == sorted(codes.drop_null().to_pylist())


def test_columns_have_declared_types(undisturbed: Path) -> None:
    schema = registers.rows(undisturbed).schema
    assert tuple(schema.names) == score.COLUMNS
    assert schema.field("reasons").type == pa.list_(
        pa.struct(
            [("key", pa.string()), ("value", pa.string()), ("known_at", pa.date32()), ("contribution", pa.float64())]
        )
    )
    assert schema.field("missing").type == pa.list_(pa.string())
    assert schema.field("as_of").type == pa.date32()
    files = json.loads((undisturbed / "manifest.json").read_text())["files"]
    for path in (undisturbed / "scores").rglob("*.parquet"):
        assert pq.read_schema(path).remove_metadata().equals(shown.joined(rows.FILED, 5))
        codes = pq.ParquetFile(path).read().column("household_id").to_pylist()
        assert codes == sorted(codes)
        told = files[str(path.relative_to(undisturbed))]
        assert (told["low"], told["high"], told["rows"]) == (codes[0], codes[-1], len(codes))


def test_reasons_add_up_to_the_risk(undisturbed: Path) -> None:
    for row in registers.rows(undisturbed).to_pylist():
        if row["applies"]:
            logit = row["base"] + row["place"] + row["other"] + sum(own["contribution"] for own in row["reasons"])
            assert 1 / (1 + np.exp(-logit)) == pytest.approx(row["risk"], abs=1e-6)


def test_tables_that_cannot_be_used_are_told_at_once(model: Path, tmp_path: Path) -> None:
    made = registers.tables(5)
    without = registers.write(tmp_path / "a", {name: rows for name, rows in made.items() if name != "members"})
    with pytest.raises(ContractError, match="no table members"):
        registers.score(without, tmp_path / "out", model)
    for row in made["households"]:
        del row["unit"]
    with pytest.raises(ContractError, match="column unit is missing"):
        registers.score(registers.write(tmp_path / "b", made), tmp_path / "out", model)
    with pytest.raises(UserError, match="no folder"):
        registers.score(tmp_path / "nowhere", tmp_path / "out", model)
    assert not (tmp_path / "out").exists()


def test_a_register_of_one_frequency_stays_so_in_every_part(model: Path, tmp_path: Path) -> None:
    made = registers.tables(20)
    odd = made["households"][0]["household_id"]
    for row in [*made["households"], *made["members"]]:
        row["period"] = {"2026Q1": "2024", "2026Q2": "2025"}.get(row["period"], "2026") if row["household_id"] == odd \
            else row["period"]  # fmt: skip
    source = registers.write(tmp_path / "in", made)
    found = [registers.score(source, tmp_path / str(chunk), model, chunk=chunk, limit_bad=0.5).manifest["households"]
             for chunk in (3, 1000)]  # fmt: skip
    assert found[0] == found[1]
    assert found[0]["quarantined"] == 1


def _kept(output: Path) -> dict[str | None, str | None]:
    """Sub-district of each household of a folder of scores."""
    files = (output / "scores").rglob("*.parquet")
    return {row["household_id"]: row["subdistrict"] for path in files
            for row in pq.ParquetFile(path).read(columns=["household_id", "subdistrict"]).to_pylist()}  # fmt: skip


def test_the_sub_district_is_kept_beside_the_score_and_changes_nothing_of_it(model: Path, tmp_path: Path) -> None:
    plain, made = registers.tables(40), registers.tables(40)
    latest: dict[str, str | None] = {}
    for number, row in enumerate(sorted(made["households"], key=lambda row: str(row["period"]))):
        row["subdistrict"] = None if number % 9 == 0 else f"{row['regency']}0{number % 4 + 1}0"
        latest[row["household_id"]] = row["subdistrict"]
    # One that lies in another regency keeps its family out, and is not told as a place of its regency.
    odd = made["households"][-1]["household_id"]
    for row in made["households"]:
        if row["household_id"] == odd:
            row["subdistrict"] = "9999010"
    whole = registers.score(registers.write(tmp_path / "with", made), tmp_path / "a", model, chunk=7, limit_bad=0.5)
    registers.score(registers.write(tmp_path / "without", plain), tmp_path / "b", model)
    first, second = (registers.rows(tmp_path / name).to_pylist() for name in ("a", "b"))
    assert [row for row in first if row["household_id"] != odd] == [
        row for row in second if row["household_id"] != odd]  # fmt: skip
    (refused,) = (row for row in first if row["household_id"] == odd)
    assert refused["refusal"] == "quarantined"
    assert whole.manifest["households"]["quarantined"] == 1
    told = _kept(tmp_path / "a")
    assert {code: told[code] for code in latest if code != odd} == {
        code: own for code, own in latest.items() if code != odd}  # fmt: skip
    assert told[odd] is None
    assert set(_kept(tmp_path / "b").values()) == {None}
