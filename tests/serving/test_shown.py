"""Facts beside the scores: from the register through batch and store to a look-up and a filter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from features.commands import UserError
from features.contract import PROGRAMMES
from models.shown import COLUMNS
from serving.access.rights import Areas
from serving.scores import area_figures, listing, publishing, scores
from serving.scores.area_figures import Filter
from tests.serving import scored, shown

NATION = Areas(("",))


@pytest.fixture(scope="module")
def store(bundles: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shown.publish(tmp_path_factory.mktemp("shown"), bundles[0])


def test_each_family_has_the_facts_of_its_own_rows(store: Path) -> None:
    with scores.open(store) as own:
        assert own.run.shown
        heads = 0
        for code, (row, head) in shown.newest().items():
            found = own.facts(code)
            assert found is not None
            assert found["known_at"].isoformat() == row["known_at"]
            assert [found[name] for name in PROGRAMMES] == [row["pkh"], row["sembako"], None]
            if head["status"] != "unpaid_family":
                heads += 1
                assert (found["occupation"], found["section"]) == (int(head["occupation"]),
                                                                  shown.SECTIONS[head["sector"]])  # fmt: skip
                assert 0 <= found["software"] <= 1
                assert found["software"] == round(found["software"], 3)
        assert heads > shown.FAMILIES / 2
        assert own.facts("ZZZZZZZZZZZZ") is None


def test_a_fact_that_is_told_as_a_reason_too_has_one_value(store: Path) -> None:
    keys = {"auto.software": "software", "auto.routine": "routine", "auto.computerisation": "computerisation"}
    compared = 0
    with scores.open(store) as own:
        for code in shown.newest():
            row, found = own.household(code), own.facts(code)
            assert row is not None
            assert found is not None
            for reason in row["reasons"] or ():
                if reason["key"] in keys and reason["value"] is not None:
                    compared += 1
                    assert found[keys[reason["key"]]] == pytest.approx(float(reason["value"]), abs=6e-4)
    assert compared


def test_the_score_row_is_as_it_was(store: Path) -> None:
    with scores.open(store) as own:
        row = own.household(next(iter(shown.newest())))
        assert row is not None
        assert not {name for name in row if name.startswith("fact_")} | (set(row) & set(PROGRAMMES))
        file = pq.read_schema(own.run.files[0].path)
        assert file.names[-len(COLUMNS) :] == COLUMNS.names


def test_files_made_up_for_benchmarks_are_written_as_the_batch_writes(store: Path, tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    made = scored.with_facts(scored.table("32", scored.numbers(200, draw), draw), draw)
    scored.write(tmp_path / "run", made)
    (path,) = (tmp_path / "run" / "scores").rglob("*.parquet")
    with scores.open(store) as own, pq.ParquetFile(own.run.files[0].path) as true, pq.ParquetFile(path) as like:
        assert like.schema_arrow == true.schema_arrow
        rows = [file.metadata.row_group(0) for file in (true, like)]
        assert rows[0].sorting_columns == rows[1].sorting_columns
        for at in range(rows[0].num_columns):
            one, two = (group.column(at) for group in rows)
            assert (one.path_in_schema, one.compression) == (two.path_in_schema, two.compression)
            assert one.has_dictionary_page == two.has_dictionary_page, one.path_in_schema
            assert one.has_column_index == two.has_column_index


def test_a_run_without_reasons_holds_no_facts_and_is_as_before(bundles: tuple[Path, Path], tmp_path: Path) -> None:
    with scores.open(shown.publish(tmp_path, bundles[0], reasons=0)) as own:
        assert not own.run.shown
        assert own.run.programmes == ()
        assert own.facts(next(iter(shown.newest()))) is None
        assert not {name for name in pq.read_schema(own.run.files[0].path).names if name.startswith("fact_")}


@pytest.mark.parametrize("asked", [("pkh",), ("sembako",), ("pkh", "sembako")])
@pytest.mark.parametrize("area", ["", "32", "3501"])
def test_a_filter_by_programme_finds_who_receives_one_of_them(store: Path, asked: tuple[str, ...], area: str) -> None:
    newest, areas = shown.newest(), Areas((area,))
    with scores.open(store) as own:
        assert own.run.programmes == ("pkh", "sembako")
        told = {row["household_id"] for row in listing.page(own, areas, Filter(), count=500).rows}
        wanted = {code for code in told if any(newest[code][0][name] for name in asked)}
        page = listing.page(own, areas, Filter(programmes=asked), count=500)
        assert {row["household_id"] for row in page.rows} == wanted
        assert page.total == len(wanted) > 0
        assert wanted < told
        levels = area_figures.totals(own, areas, Filter(programmes=asked), by="level")
        assert sum(level.at_risk for level in levels) == len(wanted)
        sets = [row["risk"] for row in page.rows]
        assert sets == sorted(sets, reverse=True)


def test_a_programme_that_there_is_not_is_refused() -> None:
    with pytest.raises(UserError, match="no programme 'blt'; there are pkh, sembako, pbi"):
        Filter(programmes=("blt",))


def test_small_counts_tell_what_the_whole_ones_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = [3, 7, 14, 27]
    run = scored.write(tmp_path / "run", scored.rows(3000, seed=4), labels=labels)
    publishing.publish(tmp_path / "scores", run)
    with scores.open(tmp_path / "scores") as own:
        small = {(by, filter_): area_figures.totals(own, NATION, filter_, by)
                 for by in (None, "province", "regency", "level")
                 for filter_ in (Filter(), Filter(changes=("up",)),
                                 Filter(certainty="low", levels=("high",)))}  # fmt: skip
        rows = [
            pq.read_metadata(own.run.path / name).num_rows for name in ("index/areas.parquet", "index/counts.parquet")
        ]
        assert rows[0] * 3 < rows[1]
        monkeypatch.setattr(area_figures, "AREAS", "index/counts.parquet")
        for (by, filter_), found in small.items():
            whole = area_figures.totals(own, NATION, filter_, by)
            assert len(found) == len(whole)
            for one, other in zip(found, whole, strict=True):
                assert [getattr(one, name) for name in ("key", "households", "at_risk", "poor", "refused",
                                                        "low_certainty", "up", "down", "compared")] == [
                    getattr(other, name) for name in ("key", "households", "at_risk", "poor", "refused",
                                                      "low_certainty", "up", "down", "compared")]  # fmt: skip
                assert one.risk == pytest.approx(other.risk, abs=1e-6)


def test_falls_are_of_those_who_are_not_poor_already(store: Path) -> None:
    """The risk holds of who is not poor now: by area, level, industry and programme the sum of both chances is told."""
    with scores.open(store) as own:
        rows = [row for file in own.run.files for row in pq.ParquetFile(file.path).read().to_pylist() if row["applies"]]
        falls = {row["household_id"]: row["risk"] * (1 - row["p_poor_now"]) for row in rows}
        for by in (None, "level", "regency", "subdistrict"):
            told = area_figures.totals(own, NATION, by=by)  # type: ignore[arg-type]
            assert sum(row.expected or 0 for row in told) == pytest.approx(sum(falls.values()), abs=1e-3)
        assert sum(falls.values()) < 0.99 * sum(row["risk"] for row in rows)
        for asked in (Filter(sections=("A",)), Filter(programmes=("pkh",))):
            page = listing.page(own, NATION, asked, count=500)
            wanted = sum(falls[row["household_id"]] for row in page.rows)
            assert area_figures.totals(own, NATION, asked)[0].expected == pytest.approx(wanted, abs=1e-3)


def test_programmes_are_counted_by_sub_district_too(store: Path) -> None:
    with scores.open(store) as own:
        asked = Filter(programmes=("pkh",))
        whole, parts = (area_figures.totals(own, NATION, asked, by=by) for by in (None, "subdistrict"))
        assert sum(row.at_risk for row in parts) == whole[0].at_risk > 0


@pytest.mark.parametrize("asked", [("A",), ("C", "G")])
@pytest.mark.parametrize("area", ["", "32", "3501"])
def test_a_filter_by_industry_finds_whose_job_is_in_one_of_them(store: Path, asked: tuple[str, ...], area: str) -> None:
    areas, newest = Areas((area,)), shown.newest()
    with scores.open(store) as own:
        assert own.run.sections == ("A", "C", "G")
        told = [row["household_id"] for row in listing.page(own, areas, Filter(), count=500).rows]
        wanted = [code for code in told if (own.facts(code) or {})["section"] in asked]
        for further in (Filter(sections=asked), Filter(sections=asked, programmes=("pkh", "sembako"))):
            page = listing.page(own, areas, further, count=500)
            held = [code for code in wanted if not further.programmes or any(
                newest[code][0][name] for name in further.programmes)]  # fmt: skip
            assert [row["household_id"] for row in page.rows] == held
            assert page.total == len(held) > 0
            levels = area_figures.totals(own, areas, further, by="level")
            assert sum(level.at_risk for level in levels) == len(held)
            assert area_figures.totals(own, areas, further)[0].at_risk == len(held)
        assert 0 < len(wanted) < len(told)
        assert "at_risk" not in {name for row in page.rows for name in row}


def test_an_industry_is_found_in_the_callers_areas_alone_and_no_other_letter_is_one(store: Path) -> None:
    with scores.open(store) as own:
        assert listing.page(own, Areas(("16",)), Filter(sections=("A",))).total == 0
        assert area_figures.totals(own, Areas(()), Filter(sections=("A",)))[0].at_risk == 0
    with pytest.raises(UserError, match="no section 'Z'; there are A, B"):
        Filter(sections=("Z",))
