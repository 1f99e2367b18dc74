"""Published scores are found, listed and counted as a plain reading of the files would do it."""

from __future__ import annotations

import datetime
import math
import shutil
import threading
from collections.abc import Iterator
from itertools import pairwise
from math import nextafter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.commands import UserError
from features.keys import ALPHABET
from models.interval import hundredths
from models.row import KEPT
from serving.access.rights import Areas
from serving.scores import claims, publishing, scores
from serving.scores.index import LISTED
from serving.scores.scores import Scores
from tests.serving import scored

LABELS = [3, 7, 14, 27]
ROWS = scored.rows(1500)
FRAME = pd.DataFrame(ROWS.to_pylist(), columns=ROWS.column_names)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scores")
    scored.write(folder / "run", ROWS, labels=LABELS, most=300, group=100)
    publishing.publish(folder / "store", folder / "run")
    shutil.rmtree(folder / "run")
    return folder / "store"


@pytest.fixture(scope="module")
def found(store: Path) -> Iterator[Scores]:
    with scores.open(store) as own:
        yield own


def test_every_household_is_found_whole(found: Scores) -> None:
    known = [row for row in ROWS.to_pylist() if row["household_id"]]
    assert len(known) == 1500
    for row in known[::7]:
        answer = found.household(row["household_id"])
        assert answer == row
        assert answer is not None
        assert list(answer) == KEPT.names
    assert found.households([row["household_id"] for row in known]) == {row["household_id"]: row for row in known}


@given(st.text(ALPHABET, min_size=12, max_size=12) | st.text(max_size=14) | st.sampled_from(["", "0" * 12, "a" * 12]))
def test_who_is_not_there_has_no_row(found: Scores, code: str) -> None:
    assert found.household(code) is None
    assert found.households([code, code]) == {}


def test_a_look_up_opens_the_one_file_that_holds_it(found: Scores, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[Path]] = []
    act = Scores.rows
    monkeypatch.setattr(Scores, "rows", lambda own, sql, paths, *rest, **more: (
        asked.append(list(paths)) or act(own, sql, paths, *rest, **more)))  # fmt: skip
    for row in ROWS.to_pylist()[:-3:50]:
        asked.clear()
        found.household(row["household_id"])
        assert [len(paths) for paths in asked] == [1]
        assert asked[0][0].parent.name == f"province={row['province'] or scored.EMPTY}"


def test_a_family_elsewhere_costs_the_same_work_as_one_that_there_is_not(
    found: Scores, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[Path]] = []
    act = Scores.rows
    monkeypatch.setattr(Scores, "rows", lambda own, sql, paths, *rest, **more: (
        asked.append(list(paths)) or act(own, sql, paths, *rest, **more)))  # fmt: skip
    regency, other = sorted(FRAME[FRAME["province"] == "31"]["regency"].dropna().unique())[:2]
    known = {row["household_id"]: row for row in ROWS.to_pylist() if row["household_id"]}
    for areas, provinces in ((Areas((regency,)), {"31"}), (Areas((regency, "92")), {"31", "92"})):
        for code in [*known][::11]:
            none = next(code[:-1] + sign for sign in ALPHABET if code[:-1] + sign not in known)
            asked.clear()
            row, absent = found.household(code, areas), found.household(none, areas)
            assert absent is None
            assert (row is not None) == areas.covers(known[code]["province"], known[code]["regency"])
            here, there = asked
            assert here == there
            assert {path.parent.name for path in here} == {f"province={place}" for place in provinces}
            assert len(here) == len(provinces)
    assert any(row["regency"] == other for row in list(known.values())[::11])  # elsewhere in a file that is read


def _best(frame: pd.DataFrame, **chosen: Any) -> pd.DataFrame:
    own = frame[frame["applies"].eq(True)]
    for name, value in chosen.items():
        if value is None:
            continue
        if name == "band":
            own = own[(own["risk"] >= value[0]) & (own["risk"] < value[1])]
        elif name == "province" and value == "unknown":
            own = own[own["province"].isna()]
        else:
            own = own[own[name] == value]
    return own.sort_values(["risk", "household_id"], ascending=[False, True])


_CHOICES = {
    "province": st.sampled_from([None, None, "31", "73", "unknown", "99"]),
    "regency": st.sampled_from([None, None, "3101", "3104", "7302", "0000"]),
    "subdistrict": st.sampled_from([None, None, None, "3101010", "7302030", "7302990"]),
    "kind": st.sampled_from([None, None, "relapse", "first_entry", "unknown_history"]),
    "certainty": st.sampled_from([None, None, "usual", "low"]),
    "band": st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda ends: (min(ends), max(ends))),
}


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries(_CHOICES), st.integers(0, 40), st.integers(0, 60))
def test_lists_are_those_of_pandas(found: Scores, chosen: dict[str, Any], count: int, offset: int) -> None:
    expected = _best(FRAME, **chosen).iloc[offset : offset + count]
    rows = found.top(count, offset=offset, **chosen)
    assert [row["household_id"] for row in rows] == expected["household_id"].tolist()
    whole = {row["household_id"]: row for row in ROWS.to_pylist()}
    assert rows == [{name: whole[row["household_id"]][name] for name in LISTED} for row in rows]


def test_a_list_by_rung_or_level(found: Scores) -> None:
    own = found.top(2000, band="vulnerable")
    expected = _best(FRAME)
    assert [row["household_id"] for row in own] == expected[expected["rung"] == "vulnerable"]["household_id"].tolist()
    levels = {level: found.top(2000, band=level) for level in scores.LEVELS}
    assert sum(len(rows) for rows in levels.values()) == len(expected)
    for row in levels["high"]:
        assert 14 <= math.floor(100 * row["risk"] + 0.5) < 27
    for lower, higher in pairwise(levels.values()):
        assert not lower or not higher or lower[0]["risk"] < higher[-1]["risk"]


def test_equal_risks_stand_in_the_order_of_codes_and_pages_join(tmp_path: Path) -> None:
    rows = ROWS.to_pylist()
    for row in rows:
        row["risk"] = None if row["risk"] is None else round(row["risk"], 2)
    scored.write(tmp_path / "run", ROWS.from_pylist(rows, schema=ROWS.schema), most=200, group=64)
    publishing.publish(tmp_path / "store", tmp_path / "run")
    expected = sorted((-row["risk"], row["household_id"]) for row in rows if row["applies"])
    with scores.open(tmp_path / "store") as own:
        pages = [own.top(100, offset=offset) for offset in range(0, 1500, 100)]
    assert [(-row["risk"], row["household_id"]) for page in pages for row in page] == expected


@given(st.integers(0, 10**6))
def test_a_level_is_that_of_the_rounded_risk(millionth: int) -> None:
    risk = millionth / 10**6
    level = next(name for name, (low, high) in scores.bands(LABELS).items() if low <= risk < high)
    if (millionth + 5000) % 10_000:  # a half exactly lies where a float cannot tell the side
        assert scores.LEVELS.index(level) == sum(math.floor(100 * risk + 0.5) >= label for label in LABELS)


@pytest.mark.parametrize("by", scores.GROUPS)
@pytest.mark.parametrize("province", [None, "31", "unknown", "99"])
def test_distributions_are_those_of_pandas(found: Scores, by: scores.By, province: str | None) -> None:
    edges = (0.02, 0.05, 0.3)
    frame = FRAME
    if province is not None:
        frame = frame[frame["province"].isna() if province == "unknown" else frame["province"] == province]
    places = ["province", "regency", "subdistrict"]
    heads = places[: places.index(by) + 1] if by in places else [by]
    rows = found.distribution(by, province=province, edges=edges)
    groups = {tuple(None if value != value or value is None else value for value in
                    (key if isinstance(key, tuple) else (key,))): own
              for key, own in frame.groupby(heads, dropna=False)}  # fmt: skip
    assert {tuple(row[name] for name in heads) for row in rows} == set(groups)
    assert len(rows) == len(groups)
    for row in rows:
        own = groups[tuple(row[name] for name in heads)]
        risk = own.loc[own["applies"].eq(True), "risk"]
        assert row["households"] == len(own) == row["scored"] + row["refused"] + row["quarantined"]
        assert row["scored"] == (own["status"] == "scored").sum()
        assert row["quarantined"] == (own["refusal"] == "quarantined").sum()
        assert row["at_risk"] == len(risk) == sum(row["histogram"])
        assert row["histogram"] == np.histogram(risk, [-1, *edges, 2])[0].tolist()
        if len(risk):
            assert row["mean"] == pytest.approx(risk.mean(), abs=1e-12)
            assert row["quantiles"] == pytest.approx(risk.quantile(list(scores.QUANTILES)).tolist(), abs=1e-12)
        else:
            assert (row["mean"], row["quantiles"]) == (None, None)


@given(st.lists(st.floats(0, 1), min_size=0, max_size=12, unique=True).map(sorted))
@settings(max_examples=20, deadline=None)
def test_counts_add_up_to_the_manifest(found: Scores, edges: list[float]) -> None:
    said = found.run.manifest["households"]
    rows = found.distribution("regency", edges=edges)
    assert {len(row["histogram"]) for row in rows} == {len(edges) + 1}
    for theirs, mine in (("in", "households"), ("scored", "scored"), ("refused", "refused"),
                         ("quarantined", "quarantined"), ("at_risk", "at_risk")):  # fmt: skip
        assert sum(row[mine] for row in rows) == said[theirs]
    assert sum(sum(row["histogram"]) for row in rows) == said["at_risk"]


def test_without_edges_a_histogram_is_divided_at_the_levels(found: Scores, store: Path) -> None:
    assert found.edges() == pytest.approx((0.025, 0.065, 0.135, 0.265), rel=1e-14)
    assert len(found.distribution()[0]["histogram"]) == 5


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda own: own.top(5, kind="fall"), "no kind 'fall'; there are relapse"),
        (lambda own: own.top(5, certainty="sure"), "no certainty 'sure'"),
        (lambda own: own.top(5, band="tall"), "no band 'tall'; there are very_low"),
        (lambda own: own.top(5, band=(0.3, 0.2)), "begins at the lower risk"),
        (lambda own: own.top(-1), "0 or more"),
        (lambda own: own.distribution("colour"), "no distribution by 'colour'"),
        (lambda own: own.distribution(edges=[0.2, 0.2]), "must rise"),
    ],
)
def test_what_cannot_be_asked_is_told(found: Scores, ask: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        ask(found)


def test_a_text_of_a_user_is_a_value_and_nothing_else(found: Scores) -> None:
    for text in ("' OR TRUE --", '"; DROP TABLE x', "$files", "31' UNION SELECT 1 --"):
        assert found.top(5, province=text) == []
        assert found.top(5, regency=text) == []
        assert found.household(text) is None


def test_reading_leaves_no_trace(store: Path, found: Scores, capfd: pytest.CaptureFixture[str],
                                 caplog: pytest.LogCaptureFixture) -> None:  # fmt: skip
    before = {path: path.lstat().st_mtime_ns for path in store.rglob("*")}
    found.household(ROWS.column("household_id")[5].as_py())
    found.top(10)
    found.distribution()
    assert {path: path.lstat().st_mtime_ns for path in store.rglob("*")} == before
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


def test_threads_read_beside_each_other(found: Scores) -> None:
    known = ROWS.to_pylist()[:-3]
    wrong: list[str] = []

    def read(first: int) -> None:
        wrong.extend(row["household_id"] for row in known[first::97] if found.household(row["household_id"]) != row)
        if [row["household_id"] for row in found.top(9)] != _best(FRAME)["household_id"].tolist()[:9]:
            wrong.append("top")

    threads = [threading.Thread(target=read, args=(first,)) for first in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_dates_and_label(found: Scores, tmp_path: Path) -> None:
    assert (found.as_of, found.expires) == (datetime.date(2026, 11, 15), datetime.date(2027, 2, 23))
    assert found.synthetic
    scored.write(tmp_path / "run", ROWS.slice(0, 50), synthetic=False)
    publishing.publish(tmp_path / "store", tmp_path / "run")
    with scores.open(tmp_path / "store") as own:
        assert not own.synthetic


def test_a_run_in_which_nobody_is_at_risk(tmp_path: Path) -> None:
    rows = [row | {"applies": False, "risk": None} for row in ROWS.slice(0, 100).to_pylist()
            if row["status"] == "scored"]  # fmt: skip
    scored.write(tmp_path / "run", ROWS.from_pylist(rows, schema=ROWS.schema))
    publishing.publish(tmp_path / "store", tmp_path / "run")
    with scores.open(tmp_path / "store") as own:
        assert own.top(10) == []
        assert [row["mean"] for row in own.distribution("certainty")] == [None] * len(own.distribution("certainty"))
        assert own.household(rows[0]["household_id"]) == rows[0]


def test_a_run_without_households(tmp_path: Path) -> None:
    scored.Folder(tmp_path / "run").close()
    publishing.publish(tmp_path / "store", tmp_path / "run")
    with scores.open(tmp_path / "store") as own:
        assert own.household("ABCDEFGH2345") is None
        assert own.top(3) == own.distribution() == []


def test_a_folder_of_any_name(tmp_path: Path) -> None:
    odd = tmp_path / "province=99" / "risk=1" / "[a] *?'{b}"
    scored.write(tmp_path / "run", ROWS, most=400)
    publishing.publish(odd, tmp_path / "run")
    with scores.open(odd) as own:
        row = ROWS.slice(7, 1).to_pylist()[0]
        assert own.household(row["household_id"]) == row
        assert sum(each["households"] for each in own.distribution("rung")) == ROWS.num_rows
        assert len(own.top(7, province="73")) == 7


def test_counts_that_are_not_the_manifests_are_refused_in_a_run_of_an_older_version(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    folder = scored.Folder(tmp_path / "run")
    for rows in scored.by_province(ROWS):
        folder.add(rows)
    folder.provinces["31"]["at_risk"] += 1
    monkeypatch.setattr(claims, "hold", lambda *_: None)
    publishing.publish(tmp_path / "store", folder.close())
    with scores.open(tmp_path / "store") as own, pytest.raises(UserError, match="households at_risk in the files"):
        own.distribution()


def test_a_run_stays_while_it_is_open_and_says_so_when_it_is_gone(tmp_path: Path) -> None:
    store = tmp_path / "store"
    for number in range(5):
        scored.write(tmp_path / str(number), ROWS.slice(number, 300))
    first = publishing.publish(store, tmp_path / "0").name
    old = scores.open(store)
    for number in range(1, 4):
        assert first not in publishing.publish(store, tmp_path / str(number)).removed
        assert len(old.top(5)) == 5
    old.close()
    assert first in publishing.publish(store, tmp_path / "4").removed
    with pytest.raises(UserError, match="replaced and removed meanwhile"):
        old.top(5)
    with pytest.raises(UserError, match="replaced and removed meanwhile"):
        old.household(ROWS.column("household_id")[5].as_py())
    held = scores.open(store)
    name = held.run.name
    del held  # who forgets to close keeps nothing for ever
    publishing.publish(store, tmp_path / "0")
    publishing.publish(store, tmp_path / "1")
    assert name in publishing.publish(store, tmp_path / "2").removed


def test_a_level_begins_at_the_first_risk_that_is_told_as_its_percentage() -> None:
    for percent in range(1, 97):
        edges = [low for low, _ in scores.bands([percent, percent + 1, percent + 2, percent + 3]).values()][1:]
        for label, edge in enumerate(edges, percent):
            assert hundredths(edge) == label
            assert hundredths(nextafter(edge, 0)) == label - 1


def test_files_without_the_sub_district_are_refused(tmp_path: Path) -> None:
    scored.write(tmp_path / "run", ROWS.drop_columns(["subdistrict"]), most=300)
    with pytest.raises(UserError, match="subdistrict not as in this version's scores; score again"):
        publishing.publish(tmp_path / "store", tmp_path / "run")
