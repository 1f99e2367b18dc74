"""Tuning: the same trials find the same settings, a search goes on where it stopped, settings are an input."""

from __future__ import annotations

import numpy as np
import pytest

from features.commands import UserError
from models.baselines import Range
from training.tune import Budget, mark, read_params, search, write_params

SPACE = {"x": Range(-2, 2), "k": Range(1, 9, whole=True)}
USUAL = {"x": 1.5, "k": 8}


def bowl(params):
    return (params["x"] - 0.5) ** 2 + 0.1 * (params["k"] - 3) ** 2, {"rounds": 7.0}


def test_the_same_search_finds_the_same():
    found = [search("bowl", SPACE, USUAL, bowl, Budget(15), seed=4) for _ in range(2)]
    assert found[0] == found[1]
    assert found[0].loss < bowl(USUAL)[0]
    assert found[0].params["rounds"] == 7


def test_the_usual_setting_is_tried_first():
    found = search("bowl", SPACE, USUAL, bowl, Budget(1), seed=4)
    assert found.params == USUAL | {"rounds": 7.0}


def test_a_search_goes_on_where_it_was_cut_short(tmp_path):
    storage, tried = tmp_path / "trials.db", []

    def counted(params):
        tried.append(params["x"])
        return bowl(params)

    first = search("bowl", SPACE, USUAL, counted, Budget(5, storage=storage), seed=4)
    again = search("bowl", SPACE, USUAL, counted, Budget(12, storage=storage), seed=4)
    assert len(tried) == 12
    assert len(set(tried)) == 12
    assert again.trials == 12
    assert again.loss <= first.loss
    done = search("bowl", SPACE, USUAL, counted, Budget(12, storage=storage), seed=4)
    assert len(tried) == 12
    assert done == again


@pytest.mark.parametrize("stopped", [(0,), (3,), (0, 1, 12)])
def test_a_search_that_was_stopped_finds_what_it_would_have_in_one_go(tmp_path, caplog, capfd, stopped):
    """Stopped in its first trial, in a later one, or again and again: the same settings are tried in the same order."""
    storage, whole, tried = tmp_path / "trials.db", [], []

    def noted(params):
        whole.append(dict(params))
        return bowl(params)

    expected = search("bowl", SPACE, USUAL, noted, Budget(15), seed=4)
    for calls in stopped:
        left = iter([False] * calls + [True])

        def broken(params, left=left):
            if next(left):
                raise KeyboardInterrupt
            tried.append(dict(params))
            return bowl(params)

        with pytest.raises(KeyboardInterrupt):
            search("bowl", SPACE, USUAL, broken, Budget(15, storage=storage), seed=4)
    found = search("bowl", SPACE, USUAL, lambda params: tried.append(dict(params)) or bowl(params),
                   Budget(15, storage=storage), seed=4)  # fmt: skip
    assert tried == whole
    assert tried[0] == USUAL
    assert found == expected
    assert not caplog.records
    assert capfd.readouterr() == ("", "")


def test_other_rows_or_another_seed_begin_a_search_of_their_own(tmp_path):
    """What was found on one table says nothing of another, though both lie in one storage."""
    storage = tmp_path / "trials.db"
    for seed, rows in ((4, np.arange(6.0)), (4, np.arange(7.0)), (5, np.arange(6.0))):
        tried = []
        search("bowl", SPACE, USUAL, lambda params, own=tried: own.append(1) or bowl(params),
               Budget(3, storage=storage), seed=seed, seen=mark(rows))  # fmt: skip
        assert len(tried) == 3


def test_a_budget_of_time_ends_the_search_and_says_so():
    import time

    def slow(params):
        time.sleep(0.2)
        return bowl(params)

    found = search("bowl", SPACE, USUAL, slow, Budget(1000, seconds=0.5), seed=4)
    assert found.cut_short
    assert 1 <= found.trials < 20


def test_settings_are_written_and_read(tmp_path):
    path = tmp_path / "params.toml"
    space = {"min_samples_leaf": Range(2, 100, log=True, whole=True), "max_features": Range(0.05, 0.8, log=True)}
    found = search("rf", space, {"min_samples_leaf": 20, "max_features": 0.2},
                   lambda params: (params["max_features"], {}), Budget(4), seed=1)  # fmt: skip
    write_params(path, {"random_forest": found}, "of a test")
    assert read_params(path) == {"random_forest": found.params}
    assert path.read_text().startswith("# of a test\n")
    assert f"min_samples_leaf = {found.params['min_samples_leaf']:.0f}\n" in path.read_text()
    assert f"max_features = {found.params['max_features']!r}\n" in path.read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[forest]\nx = 1\n", "is no model with settings"),
        ("[xgboost]\ndepth = 3\n", r"depth = 3: expected a number for one of"),
        ("[xgboost]\nmax_depth = 'deep'\n", "max_depth"),
        ("[xgboost", "is not TOML"),
    ],
)
def test_bad_settings_are_refused(tmp_path, text, said):
    path = tmp_path / "params.toml"
    path.write_text(text)
    with pytest.raises(UserError, match=said):
        read_params(path)
    with pytest.raises(UserError, match="no settings"):
        read_params(tmp_path / "none.toml")


def test_losses_of_numpy_are_numbers():
    found = search("bowl", SPACE, USUAL, lambda params: (np.float64(bowl(params)[0]), {}), Budget(3), seed=1)
    assert isinstance(found.loss, float)


@pytest.mark.slow
def test_the_command_searches_the_past_alone_and_its_settings_are_used(tmp_path, capsys):
    from features.cli import main
    from tests.training.flat import table
    from tests.training.test_evaluate_table import TOML

    table(households=200).to_csv(tmp_path / "t.csv", index=False)
    (tmp_path / "spec.toml").write_text(TOML)
    named = ["--table", str(tmp_path / "t.csv"), "--spec", str(tmp_path / "spec.toml")]
    out = tmp_path / "params.toml"
    assert main(["tune", *named, "--trials", "2", "--models", "jaga", "xgboost", "--output", str(out)]) == 0
    assert "rows known by 2015 alone" in out.read_text()
    assert set(read_params(out)) == {"jaga", "xgboost"}
    # Rows of the judged years change nothing of what is found.
    rows = table(households=200)
    late = rows["year"] >= 2015
    rows.loc[late, ["falls", "age"]] = 0.0
    rows.loc[late, "cons_next"] = 9.0
    rows.to_csv(tmp_path / "t.csv", index=False)
    again = tmp_path / "again.toml"
    assert main(["tune", *named, "--trials", "2", "--models", "jaga", "xgboost", "--output", str(again)]) == 0
    assert out.read_text() == again.read_text()
    table(households=200).to_csv(tmp_path / "t.csv", index=False)
    assert main(["evaluate", *named, "--params", str(out), "--baselines", "xgboost", "--bootstrap", "20", "--refits",
                 "1", "--no-track", "--json", str(tmp_path / "a.json")]) == 0  # fmt: skip
    assert '"tuned": {}' in (tmp_path / "a.json").read_text()
    assert main(["tune", *named, "--models", "magic", "--output", str(out)]) == 2
    assert "--models magic: not known" in capsys.readouterr().err
