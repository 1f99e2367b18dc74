"""Training again: once for the same data, staged and not promoted, held back when worse, and taken back when asked."""

from __future__ import annotations

import fcntl
import json
import shutil

import numpy as np
import pandas as pd
import pytest

from features.cli import main
from features.commands import UserError
from features.home import home
from models import record
from tests.training.small import WORD, answered, plain_rivals, raw_tables, write_tables
from training import backtest, retrain, track
from training.gates import Gate

pytestmark = pytest.mark.slow


def write(place, name="data", **changes):
    data = place / name
    shutil.rmtree(data, ignore_errors=True)
    write_tables(data, raw_tables(**({"households": 1500, "quarters": 10} | changes)))


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("retrain")
    patch = pytest.MonkeyPatch()
    patch.setenv("JAGA_HOME", str(place / "home"))
    patch.setenv("XDG_CONFIG_HOME", str(place / "config"))
    patch.setattr(backtest, "GATED", plain_rivals())
    write(place)
    # Nobody looks on, so that what is unknown stays closed; then a person answers for it.
    assert main(["retrain", *options(place), "--bootstrap", "40", "--promote"]) == 1
    assert record.promoted(home()) is None
    assert main(["promote", *WORD]) == 0
    yield place
    patch.undo()


@pytest.fixture(autouse=True)
def at_home(place, monkeypatch):
    """Every test runs in that installation."""
    monkeypatch.setenv("JAGA_HOME", str(place / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(place / "config"))


def options(place):
    return [
        "--source",
        "contract",
        "--input",
        str(place / "data"),
        "--horizon",
        "1",
        "--lookback",
        "2",
        "--threads",
        "1",
        *answered(place),
    ]


def bundles():
    return sorted(path.name for path in record.folder(home()).iterdir() if path.is_dir() and not path.is_symlink())


def is_away():
    raise UserError("the tracking store does not answer")


def aliased():
    """Bundle of the version that the tracker calls champion."""
    return track.client().MlflowClient().get_model_version_by_alias(track.MODEL, "champion").tags["bundle"]


def test_from_the_first_training_to_the_way_back(place, capsys, monkeypatch):
    """One history: train and promote, nothing to do, new data staged, promoted, and back again."""
    again = ["retrain", *options(place), "--bootstrap", "40"]
    first = record.promoted(home())
    found = {name: gate["found"] for name, gate in record.entries(home())[0]["gates"].items()}
    assert found["not worse than the champion"] == "there is no champion yet"

    assert main([*again, "--promote"]) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert len(bundles()) == 1

    assert main(["drift", *options(place)[:-2], "--json", str(place / "drift.json"), "--bootstrap", "40"]) == 0
    found = json.loads((place / "drift.json").read_text())
    assert set(found["moved"]) <= set(found["features"])
    assert found["due"] == []
    assert found["scores"]["value"] < 0.25
    capsys.readouterr()

    write(place, quarters=11)
    assert main(again) == 1
    said = capsys.readouterr().out
    assert "????  fair to protected groups" in said
    assert "--accept fair-to-protected-groups='REASON'" in said
    assert "not worse than the champion" in said
    assert record.promoted(home()) == first  # staged is not promoted
    assert len(bundles()) == 2
    # A timetable that calls it again alarms nobody: nothing changed, and the closed gate is said once more.
    assert main(again) == 0
    assert "a gate is closed to it" in capsys.readouterr().out
    assert len(bundles()) == 2
    second = next(name for name in bundles() if not first.startswith(name))

    assert main(["promote", second, *WORD]) == 0
    assert record.promoted(home()).startswith(second)
    capsys.readouterr()
    with monkeypatch.context() as away:
        away.setattr(track, "client", is_away)
        assert main(["promote", "--rollback"]) == 0
    said = capsys.readouterr().out
    assert "is champion again (the tracker does not know it yet" in said
    assert aliased() == second
    assert record.promoted(home()) == first
    # The command that the words name mends it, and so does the same rollback, without a second entry.
    assert f"jaga promote {first[:12]} tells it" in said
    for line in (["promote", first[:12]], ["promote", "--rollback", first[:12]]):
        track.alias(second, "champion")
        assert main(line) == 0
        said = capsys.readouterr().out
        assert said == (f"bundle {first[:12]} is the champion already; the record was not changed "
                        "(registered version 1)\n")  # fmt: skip
        assert aliased() == first[:12]
    assert record.champion(home()).resolve().name == first[:12]

    assert main(["promote", "--history", "--json", str(place / "history.json")]) == 0
    history = json.loads((place / "history.json").read_text())
    assert [entry["action"] for entry in history] == ["promote", "promote", "rollback"]
    assert all(entry["gates"] and entry["figures"] and entry["data_hash"] for entry in history)
    said = capsys.readouterr().out
    assert len(said.strip().splitlines()) == 6  # each with whom and why
    assert "nobody old lives alone" in said

    assert main(["promote", "--rollback", "000000000000"]) == 2
    assert "was never promoted" in capsys.readouterr().err


@pytest.mark.parametrize(("answer", "code", "said"), [("unknown", 0, "is the champion already"),
                                                      ("fail", 1, "a gate is closed")])  # fmt: skip
def test_the_champion_that_comes_out_again_is_not_said_to_be_kept_out(place, capsys, monkeypatch, answer, code, said):
    """As after jaga train and a promotion for which a person answered; a gate that failed is told all the same."""
    gates = (Gate("fair to protected groups", answer, "too few falls"),)
    monkeypatch.setattr(retrain, "again", lambda *_, **__: retrain.Outcome("20fd3cc9cfa4", gates, True, object()))
    assert main(["retrain", *options(place)]) == code
    assert said in capsys.readouterr().out


def test_families_that_became_others_make_it_due(place, capsys):
    tables = raw_tables(households=1500, quarters=11)
    late = tables["households"]["period"] >= "2022Q2"
    tables["households"].loc[late, "floor_area"] *= 4
    old = tables["members"]["period"] >= "2022Q2"
    tables["members"].loc[old, "age"] = np.minimum(tables["members"].loc[old, "age"] + 30, 99)
    tables["households"].loc[late, "welfare"] *= 0.75
    data = place / "moved"
    write_tables(data, tables)
    moved = [*options(place)[:3], str(data), *options(place)[4:-2]]
    assert main(["drift", *moved, "--bootstrap", "40"]) == 1
    assert "due: " in capsys.readouterr().out


def test_a_change_of_the_newest_period_alone_is_seen(place, capsys):
    """Its outcome lies ahead, and features and scores need none: 2022Q3 is the last of eleven quarters."""
    tables = raw_tables(households=1500, quarters=11)
    write(place, "newest", quarters=11)
    asked = [
        "--source",
        "contract",
        "--input",
        str(place / "newest"),
        "--threads",
        "1",
        "--bootstrap",
        "40",
        "--json",
        str(place / "drift.json"),
    ]
    # Horizon and view are the bundle's own where none is named.
    assert main(["drift", *asked]) == 0
    before = json.loads((place / "drift.json").read_text())
    assert before["origin"] == "2022Q3"
    assert before["rows"] == at_risk(tables, "2022Q3")

    homes = place / "newest" / "households.parquet"
    table = pd.read_parquet(homes)
    table.loc[table["period"] == "2022Q3", "floor_area"] *= 4
    table.to_parquet(homes)
    main(["drift", *asked])
    after = json.loads((place / "drift.json").read_text())
    assert after["rows"] == before["rows"]
    assert before["features"]["floor_area_per_person"]["value"] < 0.1
    assert after["features"]["floor_area_per_person"]["low"] > 0.25
    assert after["calibration"] == before["calibration"]  # its rows are of earlier origins

    capsys.readouterr()
    assert main(["drift", *asked, "--horizon", "2"]) == 2
    assert "give --view survey --horizon 1, or neither" in capsys.readouterr().err
    judging = [*asked[:4], "--bundle", str(record.champion(home())), "--bootstrap", "20", "--no-track"]
    assert main(["evaluate", *judging]) == 0
    assert main(["evaluate", *judging, "--view", "registry"]) == 2
    assert "give --view survey --horizon 1, or neither" in capsys.readouterr().err


def at_risk(tables, period):
    """Families of a period over the line of 1000."""
    own = tables["households"]
    return int(((own["period"] == period) & (own["welfare"] >= 1000)).sum())


def test_two_at_a_time_are_refused(place, capsys):
    with (home() / "retrain.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(["retrain", *options(place)]) == 2
    assert "another jaga retrain runs" in capsys.readouterr().err
