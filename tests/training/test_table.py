"""Any flat table: what is refused and how it is said, what is normal, and what becomes of each row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.commands import UserError
from features.files import read_flat
from tests.training.flat import SPEC, table
from training import cells, leaks, spec, vocabulary
from training.table import NOW, build

MINIMAL = 'household = "id"\noutcome = "falls"\nnumeric = ["age"]\n'


@pytest.fixture(scope="module")
def rows():
    return table(households=60, years=4)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('outcome = "falls"\nnumeric = ["age"]\n', "'household' is missing"),
        (MINIMAL + 'houshold = "id"\n', "did you mean 'household'"),
        (MINIMAL + 'line = "two"\n', "line must be a number above 0"),
        (MINIMAL + "line = -1\n", "line must be a number above 0"),
        (MINIMAL + "horizon = 0\n", "horizon must be a whole number"),
        (MINIMAL + 'categorical = "job"\n', "must be a list"),
        (MINIMAL.replace('["age"]', '["age", "falls"]'), "falls is the outcome column"),
        (MINIMAL.replace('["age"]', '["age", "later"]') + 'welfare_next = "later"\n', "later is the welfare_next"),
        (MINIMAL.replace('["age"]', '["age", "id"]'), "cannot be a feature"),
        (MINIMAL.replace('["age"]', '["age", "age"]'), "listed twice"),
        (MINIMAL + 'protected = ["age"]\n', "no feature is left"),
        ("household = [", "is not TOML"),
        (MINIMAL.replace("age", "history_age"), "rename the column"),
    ],
)
def test_a_bad_spec_is_refused_in_words(tmp_path, text, said):
    path = tmp_path / "spec.toml"
    path.write_text(text)
    with pytest.raises(UserError, match=said):
        spec.read_spec(path)


def test_a_spec_is_read(tmp_path):
    path = tmp_path / "spec.toml"
    path.write_text(MINIMAL + 'line = 2\ncategorical = ["job", "religion"]\nprotected = ["religion"]\n')
    found = spec.read_spec(path)
    assert found.line == 2.0
    assert found.features == ("age", "job")


@pytest.mark.parametrize(
    ("column", "row", "value", "said"),
    [
        ("falls", 3, 2.0, r"column falls: row 4: 2; only 1, 0"),
        ("poor", 0, "maybe", r"column poor: row 1: 'maybe'"),
        ("id", 5, None, r"column id: row 6: empty"),
        ("w", 2, -1.0, r"column w: row 3: .*a weight is a number, 0 or more"),
        ("w", 2, None, r"column w: row 3"),
        ("year", 7, None, r"column year: row 8: empty"),
        ("year", 1, 2010, r"row 2: a household that stands in the same year already, the first in row 1"),
        ("cons", 4, "much", r"column cons: 'much' is no number"),
    ],
)
def test_a_bad_cell_is_named_by_row_and_rule(rows, column, row, value, said):
    bad = rows.astype({column: object}) if not isinstance(value, float) else rows.copy()
    bad.loc[row, column] = value
    with pytest.raises(UserError, match=said):
        build(bad, SPEC)


def test_a_missing_column_names_its_neighbour(rows):
    with pytest.raises(UserError, match=r"no column 'age'.*did you mean 'aged'"):
        build(rows.rename(columns={"age": "aged"}), SPEC)


def test_text_among_numbers_is_missing_and_told(rows):
    found = build(rows.assign(age=["unknown", *rows["age"].astype(str)[1:]]), SPEC)
    assert np.isnan(found.panel.X[0, SPEC.features.index("age")])
    assert any("age: 1 cells are no finite numbers ('unknown')" in note for note in found.notes)


def test_a_column_of_text_is_no_number(rows):
    with pytest.raises(UserError, match="list it under categorical"):
        build(rows, replace(SPEC, numeric=("job",), categorical=()))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        (lambda n: pd.date_range("2010-01-01", periods=n), "holds dates such as '2010-01-01.*number of days"),
        (lambda n: [f"2010-01-{1 + k % 28:02}" for k in range(n)], "holds dates such as '2010-01-01.*number of days"),
        (lambda n: [f"{1 + k % 28}/3/2010" for k in range(n)], "holds dates such as '1/3/2010'.*leave it out"),
        (lambda n: [f"{k},5" for k in range(n)], "decimal comma such as '0,5'; write them with a point"),
        (lambda n: [f"{k}" if k % 2 else f"1.{k:03},75" for k in range(n)], "decimal comma such as '1.000,75'"),
    ],
)
def test_dates_and_decimal_commas_are_called_what_they_are(rows, values, said):
    with pytest.raises(UserError, match=said):
        build(rows.assign(age=values(len(rows))), SPEC)


def test_rows_keep_their_order_and_meaning(rows):
    panel = build(rows, SPEC).panel
    assert len(panel) == len(rows)
    np.testing.assert_array_equal(panel.at_risk, rows["poor"] == 0)
    np.testing.assert_array_equal(panel.seen, rows["falls"].notna())
    np.testing.assert_allclose(panel.meta["ratio"], rows["cons"] / 2)
    np.testing.assert_allclose(panel.X[:, SPEC.features.index("age")], rows["age"].astype(np.float32))


@given(st.permutations(range(40)))
def test_the_past_is_the_tables_earlier_rows_whatever_their_order(order):
    rows = table(households=10, years=4).iloc[list(order)].reset_index(drop=True)
    rows["falls"] = [1.0, 0.0] * 20
    panel = build(rows, SPEC).panel
    records = rows.to_dict("records")
    pasts = [sorted((own for own in records if own["id"] == row["id"] and own["year"] < row["year"]),
                    key=lambda own: own["year"]) for row in records]  # fmt: skip
    counts = [len(past) for past in pasts]
    poor = [sum(own["poor"] for own in past) if past else np.nan for past in pasts]
    logs = [[np.log(own["cons"] / 2) for own in [*past, row]] for past, row in zip(pasts, records, strict=True)]
    meta, told = panel.meta, {feature.name: panel.X[:, n] for n, feature in enumerate(panel.features)}
    np.testing.assert_array_equal(meta["past_rows"], counts)
    fell = [sum(own["falls"] for own in past) for past in pasts]
    np.testing.assert_array_equal(meta["past_poor"], np.maximum(np.nan_to_num(poor), fell))
    np.testing.assert_array_equal(meta["last_poor"], [past[-1]["poor"] if past else np.nan for past in pasts])
    np.testing.assert_array_equal(meta["back_run"], counts)  # every year is there
    before = [own[-2] if len(own) > 1 else np.nan for own in logs]
    np.testing.assert_allclose(told["history_welfare_before"], before, rtol=1e-5)
    means = [np.mean(own) if len(own) > 1 else np.nan for own in logs]
    np.testing.assert_allclose(told["history_welfare_mean"], means, rtol=1e-4, atol=1e-6)
    np.testing.assert_array_equal(told["history_times_poor"], poor)


def test_without_periods_no_history_is_made(rows):
    found = build(rows.drop(columns="year"), replace(SPEC, period=None))
    assert [feature.name for feature in found.panel.features] == list(SPEC.features)


def test_ever_poor_decides_the_kind(rows):
    ever = pd.Series(np.resize([1.0, 0.0, np.nan], len(rows)))
    found = build(rows.drop(columns="year").assign(ever=ever), replace(SPEC, period=None, ever_poor="ever"))
    from training.panel import kinds

    np.testing.assert_array_equal(kinds(found.panel, found.lookback)[:3], [0, 1, 2])


def test_who_fell_and_came_back_is_known_to_have_been_poor(rows):
    """In a table of rows at risk nobody has a row while poor."""
    from training.panel import kinds

    at_risk = rows[rows["poor"] == 0].reset_index(drop=True)
    bare = replace(SPEC, poor_now=None, welfare=None, welfare_next=None, line=None, numeric=("age",), categorical=())
    found = build(at_risk, bare)
    told = kinds(found.panel, found.lookback)
    past = [
        at_risk[(at_risk["id"] == row["id"]) & (at_risk["year"] < row["year"])] for row in at_risk.to_dict("records")
    ]
    fell = np.array([(own["falls"] == 1).any() for own in past])
    assert fell.any()
    np.testing.assert_array_equal(told == 0, fell)
    assert any("no more is known than its earlier rows and their outcomes tell" in note for note in found.notes)


def test_a_household_that_moved_stays_whole(rows):
    moved = rows.assign(village=np.where(rows["year"] > 2011, "elsewhere", rows["village"]))
    cluster = build(moved, SPEC).panel.meta["cluster"]
    assert all(len(set(cluster[(rows["id"] == one).to_numpy()])) == 1 for one in rows["id"].unique())


def test_welfare_in_another_unit_does_not_teach(rows):
    found = build(rows, replace(SPEC, line=50.0))
    assert np.isnan(found.panel.ratio_next).all()
    assert any("does `line` fit its unit" in note for note in found.notes)


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (lambda rows: rows["falls"] * 3, "numeric"),
        (lambda rows: 1 - rows["falls"], "numeric"),
        (lambda rows: np.where(rows["falls"] == 1, np.nan, 1.0), "numeric"),
        (lambda rows: rows["falls"].map({0.0: "tetap", 1.0: "jatuh"}), "categorical"),
        (lambda rows: np.where(rows["falls"] == 1, "b", np.where(rows["age"] > 45, "a", "c")), "categorical"),
        (lambda rows: rows["cons_next"] / 3, "numeric"),
    ],
)
def test_the_outcome_in_other_clothes_is_refused(rows, made, kind):
    own = replace(SPEC, **{kind: (*getattr(SPEC, kind), "hint")})
    with pytest.raises(UserError, match=r"column hint .* the outcome falls .*Take it out of numeric and categorical"):
        build(rows.assign(hint=made(rows)), own)


def test_a_few_rows_refuse_nothing(rows):
    few = rows[rows["poor"] == 0].dropna(subset=["falls"])
    few = pd.concat([few[few["falls"] == 1][:4], few[few["falls"] == 0][:30]], ignore_index=True)
    found = build(few.assign(hint=few["falls"]), replace(SPEC, numeric=("age", "hint")))
    assert any("column hint alone has AUC 1.000" in warning for warning in found.warnings)


def test_a_column_that_tells_nearly_all_is_warned_of(rows):
    hint = rows["falls"].where(np.arange(len(rows)) % 60 != 0, 1 - rows["falls"])
    found = build(rows.assign(hint=hint), replace(SPEC, numeric=("age", "hint")))
    assert any("column hint alone has AUC 0.9" in warning for warning in found.warnings)
    assert not any("age" in warning for warning in found.warnings)


def test_a_model_that_knows_too_much_names_the_column_to_look_at_first(rows):
    """One in ten wrong lies under the limit of one column, so that only the model beside it rings."""
    hint = rows["falls"].where(np.arange(len(rows)) % 10 != 0, 1 - rows["falls"])
    found = build(rows.assign(hint=hint), replace(SPEC, numeric=("age", "cons", "hint")))
    assert found.warnings == ()
    assert leaks.too_good(0.90, found.panel) == leaks.too_good(None, found.panel) == []
    [said] = leaks.too_good(0.901, found.panel)  # what closes the gate of a promotion
    assert "the model has AUC 0.901, over 0.90" in said
    assert "column hint, the strongest alone (AUC 0." in said


def test_an_outcome_by_a_lower_line_is_warned_of(rows):
    lower = (rows["cons_next"] < 1.6).astype(float)
    found = build(rows.assign(lower=lower), replace(SPEC, numeric=("age", "lower")))
    assert any("column lower: all" in warning and "rows with 1 fell" in warning for warning in found.warnings)


def test_an_honest_table_has_no_warning(rows):
    assert build(rows, SPEC).warnings == ()


@pytest.mark.parametrize(
    ("values", "texts", "frequency"),
    [
        ([2001, 2002, 2003], ["2001", "2002", "2003"], "year"),
        ([2001.0, 2002.0, 2003.0], ["2001", "2002", "2003"], "year"),
        (["2001Q1", "2001q2", "2001Q4"], ["2001Q1", "2001Q2", "2001Q4"], "quarter"),
        (pd.to_datetime(["2001-01-05", "2002-03-01", "2003-02-01"]), ["2001", "2002", "2003"], "year"),
        (pd.to_datetime(["2001-01-05", "2001-04-01", "2001-07-01"]), ["2001Q1", "2001Q2", "2001Q3"], "quarter"),
        ([1, 2, 5], ["1", "2", "3"], "period"),
        (["wave a", "wave b", "wave c"], ["1", "2", "3"], "period"),
    ],
)
def test_periods_of_any_writing(values, texts, frequency):
    from features import periods

    number, waves, found = cells.periods(pd.DataFrame({"t": values}), "t")
    assert [periods.text(int(n)) for n in number] == texts
    assert found == frequency
    assert bool(waves) == (frequency == "period")


def test_categories_are_learned_from_training_rows(rows):
    panel = build(rows.assign(job=np.where(rows["year"] == 2013, "robot", rows["job"])), SPEC).panel
    train = panel.meta["period"] < 2013
    coded = vocabulary.encode(panel, train)
    at = SPEC.features.index("job")
    assert "robot" not in coded.features[at].choices
    other = len(coded.features[at].choices) - 1
    assert (coded.X[~train, at] == other).all()
    assert (coded.X[train, at] < other).all()
    counts = np.bincount(coded.X[train, at].astype(int))
    assert (np.diff(counts) <= 0).all()


@pytest.mark.parametrize("name", ["t.parquet", "t.csv", "t.tsv", "t.csv.gz"])
def test_files_of_every_kind_read_alike(tmp_path, rows, name):
    path = tmp_path / name
    if "parquet" in name:
        rows.to_parquet(path)
    else:
        rows.to_csv(path, sep="\t" if "tsv" in name else ",", index=False)
    found = build(read_flat(path), SPEC).panel
    np.testing.assert_allclose(found.X, build(rows, SPEC).panel.X, rtol=1e-5)


@pytest.mark.parametrize("cells", [
    pa.array(["x" * 5_000_000] * 20),  # of few bytes in the file
    pa.DictionaryArray.from_arrays(np.zeros(30_000, np.int32), ["x" * 900_000]),  # 27 GB were it unpacked
])  # fmt: skip
def test_a_file_that_would_take_the_memory_is_refused_by_column(tmp_path, cells):
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table({"hh": cells, "year": list(range(len(cells)))}), path, compression="zstd")
    assert path.stat().st_size < 500_000
    with pytest.raises(UserError, match="column hh holds more than its rows account for") as error:
        read_flat(path)
    assert len(str(error.value)) < 300


def test_an_error_shows_no_number_of_a_person_and_no_long_cell(rows):
    nik = "3273012345678901"
    twice = rows.astype({"id": str})
    twice.loc[:1, ["id", "year"]] = [[nik, 2010], [nik, 2010]]
    long = {name: rows.astype({name: object}) for name in ("poor", "cons", "w", "age")}
    said = []
    for name, own in long.items():
        for text in ("9" * 16 + "x" * 1_000_000, nik + "x"):
            own[name] = own[name].where(own.index != 0, text)
            said.append((own.copy(), name))
    for bad, name in [(twice, "id"), *said]:
        if name == "age":
            bad["age"] = bad["age"].iloc[0]
        with pytest.raises(UserError) as error:
            build(bad, SPEC)
        assert nik not in str(error.value)
        assert len(str(error.value)) < 300
    nested = rows.rename(columns={"age": nik, "rooms": "y" * 1_000_000})
    with pytest.raises(UserError, match="has no column") as error:
        build(nested, SPEC)
    assert nik not in str(error.value)
    assert len(str(error.value)) < 1000


def test_an_unknown_file_is_refused(tmp_path):
    (tmp_path / "t.xlsx").write_text("x")
    with pytest.raises(UserError, match="unknown kind of file"):
        read_flat(tmp_path / "t.xlsx")


def test_columns_of_any_name_and_kind_are_judged(rows):
    """What real tables hold: names with blanks and accents, empty, constant, infinite, boolean and coded columns."""
    from tests.training.small import QUICK
    from training import backtest, run

    rng = np.random.default_rng(1)
    odd = table(households=150, years=3)
    odd["luas lantai (m²)"] = rng.normal(size=len(odd))
    odd["luas lantai (m3)"] = rng.normal(size=len(odd))
    odd["empty"], odd["same"], odd["huge"] = np.nan, "x", rng.normal(size=len(odd)) * 1e30
    odd["endless"] = np.where(rng.random(len(odd)) < 0.1, np.inf, 1.0)
    odd["yes"] = rng.random(len(odd)) < 0.3
    odd["code"] = pd.array(rng.integers(0, 3, len(odd)), dtype="Int64")
    odd.loc[::9, "code"] = pd.NA
    odd["own"] = [f"n{n}" for n in range(len(odd))]
    odd["seldom"] = np.where(rng.random(len(odd)) < 0.004, "seldom", "often")
    odd["kind"] = pd.Categorical(odd["job"])
    numbers = ("luas lantai (m²)", "luas lantai (m3)", "empty", "huge", "endless", "yes", "code", "cons")
    spec_of = replace(SPEC, numeric=numbers, categorical=("same", "own", "seldom", "kind", "town"))
    result = run.evaluate_table(build(odd, spec_of), QUICK, test_from=None, number=20, rivals=backtest.Rivals(),
                                blocks=1).result  # fmt: skip
    assert result["models"]["jaga"]["auc"]["value"] > 0.6
    assert set(result["train"]["features"]) >= {"luas lantai (m²)", "cons", "code"}
    assert not {"empty", "same"} & set(result["train"]["features"])


def test_welfare_that_is_no_feature_is_given_to_every_model_with_a_note(rows):
    own = replace(SPEC, numeric=tuple(name for name in SPEC.numeric if name != "cons"))
    told = build(rows, own)
    names = [feature.name for feature in told.panel.features]
    assert NOW in names
    np.testing.assert_allclose(told.panel.X[:, names.index(NOW)], np.log(told.panel.meta["ratio"]), rtol=1e-5)
    assert any(NOW in note for note in told.notes)
    for other in (replace(own, protected=("cons",)), SPEC):
        kept = build(rows, other)
        assert NOW not in [feature.name for feature in kept.panel.features]
        assert not any(NOW in note for note in kept.notes)
