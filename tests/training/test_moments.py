"""The moments of a folder: exact on a panel made by hand, and judged by the stated rule."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from features.cli import main
from features.commands import UserError
from features.sources import synthetic
from features.sources.synthetic import figures
from features.sources.synthetic.parameters import Parameters
from training import moments, moments_dynamic, moments_panel
from training.moments import Target

YEARS = ("2023", "2024", "2025", "2026")
# ratio to the line of ten families of one province in each year, all of four people but the first, which has two
RATIOS = [[0.5, 0.8, 0.5, 0.5], [0.9, 2.0, 0.8, 0.9], [1.2, 0.9, 1.2, 1.2], [1.3] * 4, [1.4] * 4, [1.45] * 4,
          [2.0, 2.0, 2.0, 0.7], [2.5] * 4, [5.0] * 4, [20.0] * 4]  # fmt: skip
LINE = 500_000.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A synthetic folder made by hand."""
    rows, people = [], []
    for number, ratios in enumerate(RATIOS):
        for year, ratio in zip(YEARS, ratios, strict=True):
            rows.append((f"F{number}", year, "32", 1, 1.0, ratio * LINE))
            people += [(f"F{number}", str(n), year) for n in range(2 if number == 0 else 4)]
    tables = {
        "households": pd.DataFrame(rows, columns=["household_id", "period", "province", "urban", "weight", "welfare"]),
        "members": pd.DataFrame(people, columns=["household_id", "person_id", "period"]),
        "poverty_lines": pd.DataFrame({"line_province": "32", "line_urban": 1, "period": YEARS, "line": LINE,
                                       "extreme_line": 0.6 * LINE}),
    }  # fmt: skip
    (tmp_path / "survey").mkdir()
    for name, table in tables.items():
        (tmp_path / "survey" / name).mkdir()
        table.to_parquet(tmp_path / "survey" / name / "part-0.parquet")
    (tmp_path / "manifest.json").write_text('{"synthetic": true, "label": "synthetic"}')
    return tmp_path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated folder."""
    path = tmp_path_factory.mktemp("moments") / "panel"
    synthetic.generate(path, households=3000, periods=7, frequency="year", start="2020")
    return path


def _by_key(report: moments.Report) -> dict[str, moments.Row]:
    return {row.target.key: row for row in report.rows}


def test_shares_of_a_panel_made_by_hand_are_exact(folder: Path) -> None:
    rows = _by_key(moments.measure(folder))
    wanted = {"class_poor_2025": 6 / 38, "class_vulnerable_2025": 16 / 38, "class_aspiring_2025": 8 / 38,
              "class_middle_2025": 4 / 38, "class_upper_2025": 4 / 38, "class_poor_2024": 6 / 38,
              "headcount_urban": 6 / 38, "extreme": 2 / 38, "poor_size": 3.0, "household_size": 3.8,
              "poor_households": 2 / 6}  # fmt: skip
    for key, value in wanted.items():
        found = rows[key].value
        assert found == pytest.approx(value), key
    assert rows["headcount_rural"].verdict == "not measured"
    cell = rows["expenditure_provinces"].cells[0]
    mean = LINE * (2 * 0.5 + 4 * sum(ratios[2] for ratios in RATIOS[1:])) / 38
    assert cell["label"] == "Jawa Barat"
    assert cell["value"] == pytest.approx(mean)
    assert cell["target"] == figures.by_province("expenditure")[figures.provinces().index("32")]


def test_moves_between_waves_are_exact(folder: Path) -> None:
    panel = moments_panel.load(folder)
    pairs = moments_dynamic._Pairs(panel, panel.people(), 1)
    poor, later = pairs.then < 1, pairs.later < 1
    # people poor in 2023 to 2025: families 0 and 1, then 0 and 2, then 0 and 1
    assert pairs.share(later, poor)[0] == pytest.approx((2 + 0 + 2 + 0 + 2 + 4) / (6 + 6 + 6))
    assert pairs.share(later, ~poor)[0] == pytest.approx((4 + 4 + 4) / (32 * 3))
    by_family = moments_dynamic._Pairs(panel, np.ones_like(panel.ratio), 1)
    assert by_family.share(later, poor)[0] == pytest.approx(4 / 6)


def test_the_moved_line_has_the_asked_headcount_under_it(made: Path) -> None:
    panel = moments_panel.load(made)
    pairs = moments_dynamic._Pairs(panel, panel.people(), 2)
    poor, later = pairs.poor(0.154, 0.133)
    start = 0
    for count in pairs.parts:
        part = slice(start, start + count)
        assert np.average(poor[part], weights=pairs.people[part]) == pytest.approx(0.154, abs=0.002)
        assert np.average(later[part], weights=pairs.people_later[part]) == pytest.approx(0.133, abs=0.002)
        start += count


def test_a_generated_folder_is_measured_and_counted(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "out" / "moments.json"
    assert main(["data", "moments", str(made), "--json", str(file)]) == 0
    found = json.loads(file.read_text())
    assert sum(found["counts"].values()) == len(found["rows"]) == len(moments.targets())
    assert "SINTETIS" in capsys.readouterr().out
    rows = {row["key"]: row for row in found["rows"]}
    assert rows["line_strata"]["value"] == rows["line_strata"]["of"] == 75
    assert rows["class_middle_2019"]["verdict"] == "not measured"
    for row in found["rows"]:
        assert (row["value"] is None) == (row["verdict"] == "not measured") == bool(row["reason"])
        if row["of"] is not None:
            assert row["value"] == sum(cell["in"] for cell in row["cells"])
            assert (row["verdict"] == "out") == (row["value"] < row["of"])
            wide = any(2 * cell["error"] > row["tolerance"] * (cell["target"] if row["kind"] == "provinces_rel" else 1)
                       for cell in row["cells"])  # fmt: skip
            assert row["verdict"] != "in" or not wide


def _target(kind: str, target: float | None, tolerance: float | None) -> Target:
    return Target("1", "x", "x", target, tolerance, kind, "share", "2025", "sourced", "A", "")


@pytest.mark.parametrize(
    ("kind", "target", "tolerance", "value", "error", "verdict"),
    [
        ("abs", 0.28, 0.03, 0.31, 0.0, "in"),
        ("abs", 0.28, 0.03, 0.312, 0.0, "out"),
        ("abs", 0.28, 0.03, 0.312, 0.001, "in"),
        ("abs", 0.28, 0.03, 0.28, 0.016, "cannot tell"),
        ("abs", 0.28, 0.03, 0.40, 0.016, "out"),
        ("rel", 200.0, 0.05, 209.0, 0.0, "in"),
        ("rel", 200.0, 0.05, 211.0, 0.0, "out"),
        ("max", 0.5, 0.03, 0.2, 0.0, "in"),
        ("max", 0.5, 0.03, 0.54, 0.0, "out"),
        ("max", 1.0, 0.0, 0.93, 0.02, "in"),
        ("max", 1.0, 0.0, 0.97, 0.02, "cannot tell"),
        ("min", 0.8, 0.02, 0.95, 0.0, "in"),
        ("min", 0.8, 0.02, 0.77, 0.0, "out"),
        ("none", 0.8, 0.02, 0.77, 0.0, "no target"),
        ("abs", None, None, 0.77, 0.0, "no target"),
    ],
)
def test_the_verdict_follows_tolerance_and_sampling(
    kind: str, target: float | None, tolerance: float | None, value: float, error: float, verdict: str
) -> None:
    assert moments.verdict(_target(kind, target, tolerance), value, error) == verdict


def test_every_target_has_a_source_a_unit_and_a_known_mark() -> None:
    rows = moments.targets()
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert row.unit
        assert row.year
        assert row.mark in ("sourced", "derived", "assumed", "not found")
        assert row.source or row.mark == "not found"
        assert row.kind in ("abs", "rel", "max", "min", "none", "provinces", "provinces_rel")


def test_a_target_between_two_published_figures_is_their_middle() -> None:
    for one in moments.targets():
        if found := re.search(r"(\.?\d[\d.]*) (?:and|to) (\.?\d[\d.]*); (\.\d+) beyond them is accepted", one.note):
            low, high, more = map(float, found.groups())
            assert one.target == pytest.approx((low + high) / 2), one.key
            assert one.tolerance == pytest.approx((high - low) / 2 + more), one.key


def test_another_folder_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UserError, match="give a folder that jaga data synth made"):
        moments.measure(tmp_path / "nothing")
    (tmp_path / "manifest.json").write_text('{"synthetic": false}')
    assert main(["data", "moments", str(tmp_path)]) == 2
    assert "not synthetic data" in capsys.readouterr().err
    (tmp_path / "manifest.json").write_text('{"synthetic": true}')
    assert main(["data", "moments", str(tmp_path)]) == 2
    assert "need the survey" in capsys.readouterr().err


def test_shares_of_people_and_their_pay_are_those_of_the_tables(made: Path) -> None:
    rows = _by_key(moments.measure(made))

    def wave(face: str, year: str) -> pd.DataFrame:
        path = made / face
        houses = pd.read_parquet(path / "households").query("period == @year")
        people = pd.read_parquet(path / "members").query("period == @year")
        return people.merge(houses[["household_id", "weight"]], on="household_id")

    def share(people: pd.DataFrame, what: pd.Series) -> float:
        return float((people["weight"] * what).sum() / people["weight"].sum())

    people = wave("registry", "2025")
    busy = people[people["activity"] == "employed"]
    known = busy[busy["formal"].notna()]
    assert rows["informal"].value == pytest.approx(share(known, known["formal"] == 0))
    known = busy[busy["education"].notna()]
    assert rows["workers_diploma"].value == pytest.approx(share(known, known["education"].isin(["diploma", "degree"])))
    known = busy[busy["sector"].notna()]
    farming = known["sector"].astype(str).str[:2].isin(["01", "02", "03"])
    assert rows["sector_agriculture"].value == pytest.approx(share(known, farming))
    paid = wave("survey", "2025").query("status == 'employee' and earnings.notna()")
    assert rows["wage"].value == pytest.approx(share(paid, paid["earnings"]))
    women = paid[paid["sex"] == "woman"]
    assert rows["wage_women"].value == pytest.approx(share(women, women["earnings"]))
    houses = pd.read_parquet(made / "registry" / "households").query("period == '2026'")
    size = wave("registry", "2026").groupby("household_id").size().reindex(houses["household_id"]).to_numpy()
    weight = houses["weight"].to_numpy() * size
    assert rows["pbi"].value == pytest.approx(float((weight * (houses["pbi"] == 1)).sum() / weight.sum()))
    assert rows["pkh"].value == pytest.approx(share(houses, houses["pkh"] == 1))
    assert rows["water_provinces"].of == 38


def test_the_truth_fills_in_families_that_the_survey_lost(made: Path) -> None:
    panel = moments_panel.load(made)
    lost = ~panel.seen & (panel.size > 0)
    assert lost[:, -1].any()
    assert np.isfinite(panel.ratio[lost]).mean() > 0.5


def test_what_is_not_measured_says_why(folder: Path) -> None:
    rows = _by_key(moments.measure(folder))
    assert rows["wage"].reason == moments.NO_WAVE
    assert rows["pmt_r2"].reason == moments.NO_WAVE
    assert rows["persistence"].reason == moments.NO_WAVE


def test_heads_of_poor_and_other_families_are_those_of_the_tables(made: Path) -> None:
    rows = _by_key(moments.measure(made))
    houses = pd.read_parquet(made / "survey" / "households").query("period == '2021'")
    lines = pd.read_parquet(made / "survey" / "poverty_lines").query("period == '2021'")
    houses = houses.merge(lines, left_on=["province", "urban"], right_on=["line_province", "line_urban"])
    people = pd.read_parquet(made / "survey" / "members").query("period == '2021' and relation == 'head'")
    heads = people.merge(houses[["household_id", "weight", "province", "welfare", "line"]], on="household_id")
    other = heads[(heads["province"] == "16") & (heads["welfare"] >= heads["line"])]
    seen = rows["sumsel_age_other"].value
    assert seen == pytest.approx(np.average(other["age"], weights=other["weight"]), rel=0.02)  # some are lost by then


def test_the_passing_part_keeps_what_the_assumption_says(made: Path) -> None:
    rows = _by_key(moments.measure(made))
    assert rows["persistence"].value == pytest.approx(Parameters().persistence, abs=0.02)
    assert 0.3 < (rows["pmt_r2"].value or 0) < 0.65
    assert 0.65 < (rows["static_auc"].value or 0) < 0.9
    assert 0.02 < (rows["shock_rate"].value or 0) < 0.2
    assert 0.05 < (rows["sector_moves"].value or 0) < 0.4


def test_falling_back_is_counted_from_the_year_of_leaving() -> None:
    # poor, out, then back in the second year; poor, out for good; never poor
    ratio = np.array([[0.5, 2, 2, 0.5, 2, 2, 2], [0.5, 2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2, 2]])
    panel = SimpleNamespace(ratio=ratio, seen=np.ones_like(ratio, dtype=bool), marches=lambda: list(range(7)))
    found = moments_dynamic.re_entry(panel, np.ones_like(ratio))  # type: ignore[arg-type]
    assert [found[f"re_entry_{year}"][0] for year in (1, 2)] == [0.0, 0.5]
    assert found["re_entry_3"][0] == 0.0


def test_the_page_has_its_plots_and_is_the_same_again(made: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert main(["data", "moments", str(made), "--output", str(tmp_path / name / "page.md")]) == 0
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["page.md", "page_dynamics.svg", "page_provinces.svg", "page_tolerances.svg"]
    text = (tmp_path / "one" / "page.md").read_text()
    assert all(name in text for name in files[1:])
    assert "generator" in text
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_without_a_truth_the_rest_is_measured(tmp_path: Path) -> None:
    synthetic.generate(tmp_path / "f", households=600, periods=2, frequency="year", start="2024", truth=False,
                       displacement=0.0)  # fmt: skip
    rows = _by_key(moments.measure(tmp_path / "f"))
    assert rows["persistence"].verdict == "not measured"
    assert rows["stay_1y"].value is not None


def test_a_target_that_is_a_most_is_drawn_by_its_end_alone_and_named_so(made: Path, tmp_path: Path) -> None:
    """A bar from 0 would read as a target anywhere below."""
    assert main(["data", "moments", str(made), "--output", str(tmp_path / "page.md")]) == 0
    picture = (tmp_path / "page_dynamics.svg").read_text()
    named = {
        name for name in re.findall(r'label: ([^;"]*)[;"]', picture) if name.startswith("Poor a year later, of the p")
    }
    assert named == {"Poor a year later, of the poor (at most)"}
    assert "tolerance; tick: at most: 0;" not in picture, "no bar begins at 0"
