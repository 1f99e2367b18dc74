"""What a list is drawn from: facts beside the score rows, and the rows of areas."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from serving.scores import scores
from tests.serving.lists_made import PLAIN, one, store, write_rules
from tests.serving.lists_made import said as said_of

__all__ = ["store"]


def test_facts_open_the_fast_lane_need_and_programmes(store: Path, tmp_path: Path,
                                                      capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    more = 'order = "need"\nneed = "size"\n[fast_lane]\nshare = 0.2\nshocks = ["job_loss"]\ndays = 60'
    path = write_rules(tmp_path, more=more)
    path.write_text(path.read_text().replace("[scheme.quota]", 'without = ["pkh"]\nprogramme_unknown = false\n'
                                             "[scheme.quota]"))  # fmt: skip
    own = [row for row in PLAIN if row["regency"] == "7301" and row["household_id"]]
    refused = next(row["household_id"] for row in PLAIN if row["refusal"] == "stale" and row["province"] == "31")
    facts = ["household_id,size,programmes,shock,shock_day", f"{refused},4,-,job_loss,2026-10-20", "ZZZZZZZZZZZZ,1,-,,"]
    facts += [f"{row['household_id']},{1 + at % 5},{'pkh' if at % 3 == 0 else '-' if at % 3 == 1 else ''},,"
              for at, row in enumerate(own)]  # fmt: skip
    (tmp_path / "facts.csv").write_text("\n".join(facts) + "\n")
    told = said_of(capsys, tmp_path, "--output", str(tmp_path / "out"), "--facts", str(tmp_path / "facts.csv"))
    assert "Facts of 1 households that are not in these areas were not used" in told
    rows = pq.read_table(one(tmp_path / "out", ".parquet")).to_pylist()
    [fast] = [row for row in rows if row["channel"] == "fast_lane"]
    assert (fast["household_id"], fast["risk"], fast["value"], fast["rank"]) == (refused, None, None, None)
    places = {row["household_id"]: at for at, row in enumerate(own)}
    listed = [row for row in rows if row["channel"] == "ranked"]
    assert listed
    for row in listed:
        at = places[row["household_id"]]
        assert at % 3 == 1
        assert row["value"] == pytest.approx(row["risk"] * (1 + at % 5))
    assert [row["value"] for row in listed] == sorted((row["value"] for row in listed), reverse=True)
    said = json.loads(one(tmp_path / "out", ".json").read_text())
    assert said["households"]["pkh"]["programme_unknown"] > 0
    assert "need: no household here" in said_of(capsys, tmp_path, "--output", str(tmp_path / "y"), code=2)


@pytest.mark.parametrize(("facts", "told"), [
    ('household_id,size\nAAAAAAAAAAAA,3\n"BBBBBBBBBBBB,4\nCCCCCCCCCCCC,5\n"DDDDDDDDDDDD,2',
     "near line 3 a cell holds a line break, or a quote is opened"),
    ("household_id,nik\nABCD2345EFGH,3", "column nik is not known"),
    ("size\n3", "household_id is missing"),
    ("household_id,size\n3174012345678901,3", "must be codes of twelve symbols"),
    ("household_id,size\n,3", "a cell is empty"),
    ("household_id,size\nABCD2345EFGH,3\nABCD2345EFGH,4", "there twice"),
    ("household_id,size\nABCD2345EFGH,-3", "size: must be 0 to 50"),
    ("household_id,size\nABCD2345EFGH,1e9", "size: must be 0 to 50"),
    ("household_id,gap\nABCD2345EFGH,inf", "gap: must be 0 to 1,000,000,000"),
    ("household_id,programmes\nABCD2345EFGH,pkh;bpnt", "programmes: must be short names"),
    ("household_id,size\nABCD2345EFGH,banyak", "size"),
    ("household_id,shock\nABCD2345EFGH,disaster", "shock and shock_day go together"),
    ("household_id,shock,shock_day\nABCD2345EFGH,phk,2026-10-01", "shock"),
    ("household_id,shock,shock_day\nABCD2345EFGH,disaster,kemarin", "shock_day"),
    ("household_id,size\nABCD2345EFGH,3,4", "cannot be read"),
])  # fmt: skip
def test_facts_that_are_not_right_are_refused(store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                              facts: str, told: str) -> None:  # fmt: skip
    (tmp_path / "facts.csv").write_text(facts + "\n")
    said = said_of(capsys, tmp_path, "--output", str(tmp_path / "x"), "--facts", str(tmp_path / "facts.csv"), code=2)
    assert told in said
    assert "3174" not in said
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("areas", [("",), ("31",), ("7301",), ("7302", "31"), ("92", "7305"), ("99",), ("", "31")])
def test_a_table_of_areas_has_their_rows_and_no_others(store: Path, areas: tuple[str, ...]) -> None:
    with scores.open(store) as own:
        found = own.table(("household_id", "regency", "province", "risk"), areas)
    assert found.column_names == ["household_id", "regency", "province", "risk"]
    wanted = Counter(
        (row["household_id"], row["regency"], row["province"], row["risk"]) for row in PLAIN
        if row["household_id"] and ("" in areas or row["province"] in areas or row["regency"] in areas)
    )  # fmt: skip
    assert Counter(tuple(row.values()) for row in found.to_pylist()) == wanted
