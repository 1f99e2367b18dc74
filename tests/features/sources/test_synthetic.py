"""The synthetic source: same bytes, whole folders, admitted rows, possible people and a truth that holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features import admit, cli, contract, files, frame, keys, registry
from features.commands import UserError
from features.context import Context
from features.sources.synthetic import calibrate, figures, generate, jobs, law, places, spread, story
from features.sources.synthetic import world as worlds
from features.sources.synthetic.outlook import Outlook
from features.sources.synthetic.outlook import draw as draw_outlook
from features.sources.synthetic.parameters import Parameters
from features.sources.synthetic.partition import Town
from features.sources.synthetic.regencies import SUBDISTRICTS
from features.sources.synthetic.streams import PARTITION, Purpose, stream

HOUSEHOLDS, PERIODS = PARTITION + 900, 6
FACES = ("registry", "survey")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("synthetic") / "families"
    generate(path, households=HOUSEHOLDS, periods=PERIODS, seed=7)
    return path


@pytest.fixture(scope="module")
def read(folder: Path) -> Callable[[str], pd.DataFrame]:
    return lambda name: pd.read_parquet(folder / name)


@pytest.fixture(scope="module")
def world() -> worlds.World:
    made = worlds.make(3, tuple(range(2019, 2023)), 1, PARTITION * 4, PARTITION * 4, 2, True)
    return calibrate.calibrate(made, 1.5)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# The folder


def test_the_same_bytes_with_one_worker_and_with_two(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", households=HOUSEHOLDS, periods=PERIODS, seed=7, workers=2)
    assert _bytes(tmp_path / "again") == _bytes(folder)


def test_another_seed_gives_other_families(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path / "other", households=10, periods=1, seed=8)
    ours = pd.read_parquet(folder / "registry/households")["household_id"]
    theirs = pd.read_parquet(tmp_path / "other/registry/households")["household_id"]
    assert not set(ours) & set(theirs)


def test_a_finished_folder_is_left_alone_and_another_configuration_refused(tmp_path: Path) -> None:
    first = generate(tmp_path / "f", households=20, periods=2)
    before = _bytes(tmp_path / "f")
    assert first.made
    assert not generate(tmp_path / "f", households=20, periods=2).made
    with pytest.raises(UserError, match="--force replaces it"):
        generate(tmp_path / "f", households=21, periods=2)
    assert _bytes(tmp_path / "f") == before
    assert generate(tmp_path / "f", households=21, periods=2, force=True).made
    assert [path.name for path in tmp_path.iterdir()] == ["f"]


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    left, other, alive = (tmp_path / name for name in (".own.part-4194304", ".else.part-4194304", ".own.part-1"))
    for folder in (left, other, alive):
        folder.mkdir()
    generate(tmp_path / "own", households=20, periods=2)
    assert not left.exists(), "no process has that number"
    assert other.exists()
    assert alive.exists(), "that of a run that goes on"


def test_a_damaged_folder_is_not_taken_for_a_finished_one(tmp_path: Path) -> None:
    generate(tmp_path / "f", households=20, periods=2)
    (tmp_path / "f/survey/members/part-00000.parquet").unlink()
    with pytest.raises(UserError, match="--force"):
        generate(tmp_path / "f", households=20, periods=3)
    assert generate(tmp_path / "f", households=20, periods=2, force=True).made


def test_a_folder_of_something_else_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    (tmp_path / "f/thesis.txt").write_text("mine")
    with pytest.raises(UserError, match="something other than synthetic"):
        generate(tmp_path / "f", households=20, periods=2, force=True)
    (tmp_path / "f/manifest.json").write_text("{}")
    with pytest.raises(UserError, match="cannot say if the data are synthetic"):
        generate(tmp_path / "f", households=20, periods=2, force=True)
    assert (tmp_path / "f/thesis.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("options", "message"),
    [({"households": 0}, "--households"), ({"start": "soon"}, "--start"), ({"frequency": "week"}, "--frequency"),
     ({"displacement": -1.0}, "--displacement"), ({"displacement": 90.0}, "the most this world"),
     ({"start": "2019Q2", "frequency": "year"}, "yearly")],
)  # fmt: skip
def test_senseless_options_are_refused_and_leave_nothing(
    tmp_path: Path, options: dict[str, object], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        generate(tmp_path / "f", **({"households": 10, "periods": 2} | options))  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_the_manifest_says_synthetic_and_gives_every_assumption_a_reason(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["synthetic"] is True
    assert "SINTETIS" in manifest["label"]
    assert set(manifest["assumptions"]) == set(Parameters().reasons())
    assert all(len(fact["why"]) > 10 for fact in manifest["assumptions"].values())


def test_the_command_makes_tells_and_says_when_there_is_nothing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    order = ["data", "synth", "--households", "30", "--periods", "2", "--no-truth", "--output", str(tmp_path / "f")]
    assert cli.main(order) == 0
    said = capsys.readouterr().out
    assert "DATA SINTETIS" in said
    assert " KiB in 1 part" in said
    assert " 0.0 MiB" not in said
    assert not (tmp_path / "f/truth").exists()
    assert cli.main(order) == 0
    assert "nothing to do" in capsys.readouterr().out
    assert cli.main([*order, "--seed", "2"]) == 2
    assert cli.main(["data", "story", str(tmp_path / "f"), "--families", "3"]) == 0
    assert capsys.readouterr().out.count("Family ") == 3


# The tables


@pytest.mark.parametrize("face", FACES)
def test_every_row_passes_the_door(read: Callable[[str], pd.DataFrame], face: str) -> None:
    raw = {name: read(f"{face}/{name}") for name in contract.TABLES}
    admitted = admit.admit(raw)
    assert len(admitted.quarantine) == 0
    assert not admitted.unknown_columns
    assert admitted.counts["households"].admitted == len(raw["households"])


def test_only_the_survey_measures_consumption_and_the_register_ranks(read: Callable[[str], pd.DataFrame]) -> None:
    register, survey = read("registry/households"), read("survey/households")
    assert "welfare" not in register
    assert "earnings" not in read("registry/members")
    assert set(register["unit"]) == {"family"}
    assert set(survey["unit"]) == {"household"}
    assert register["desil"].between(1, 10).all()
    assert register["period"].nunique() == 4
    assert all(keys.CODE.match(code) for code in register["household_id"].head(50))


def test_the_register_delivers_every_fact_of_its_view_that_the_survey_teaches(folder: Path) -> None:
    """A fact that only the survey has would be usual in training and missing in every family that is scored."""
    wanted, day, known = registry.select("registry"), np.datetime64("2100-01-01"), {}
    for face in FACES:
        tables = admit.admit(files.read_tables(folder / face), key=keys.PUBLIC_KEY).tables
        values = frame.build(tables, Context(tables), day, wanted).values
        known[face] = {f.name for f, own in zip(wanted, values.T, strict=True) if not np.isnan(own).all()}
    assert known["survey"] <= known["registry"]
    assert "health_cover_share" not in known["registry"]


def test_survey_and_register_hold_the_same_record_of_a_family(read: Callable[[str], pd.DataFrame]) -> None:
    both = read("survey/households").merge(read("registry/households"), on=["household_id", "period"])
    assert len(both) > HOUSEHOLDS
    same = ("floor", "desil", "fridge", "pkh", "regency", "subdistrict", "cluster", "urban")
    assert all((both[f"{name}_x"] == both[f"{name}_y"]).all() for name in same)


def test_families_leave_the_survey_for_good(read: Callable[[str], pd.DataFrame]) -> None:
    seen = read("survey/households").groupby("period")["household_id"].agg(set).sort_index()
    changes = read("truth/changes")
    new = changes[changes["change"] == "formed"].groupby("period")["household_id"].agg(set)
    for (_, earlier), (period, later) in pairwise(seen.items()):
        assert later - earlier <= new.get(period, set())
        assert earlier - later


def test_weights_add_up_to_the_families_of_the_nation(read: Callable[[str], pd.DataFrame]) -> None:
    total = read("registry/households").groupby("period")["weight"].sum()
    assert total.to_numpy() == pytest.approx(figures.national("families", 2026), rel=0.03)


def test_no_fact_is_known_before_its_period_ends(read: Callable[[str], pd.DataFrame]) -> None:
    for face in FACES:
        for name in contract.TABLES:
            table = read(f"{face}/{name}")
            assert (table["known_at"] > pd.PeriodIndex(table["period"], freq="Q").end_time).all()


@pytest.mark.parametrize("face", FACES)
def test_people_are_possible(read: Callable[[str], pd.DataFrame], face: str) -> None:
    people = read(f"{face}/members")
    family = people.groupby(["household_id", "period"])
    assert (people["relation"] == "head").groupby([people["household_id"], people["period"]]).sum().eq(1).all()
    assert family["person_id"].nunique().eq(family.size()).all()
    head = people.loc[people["relation"] == "head"].set_index(["household_id", "period"])["age"]
    assert head.min() >= 17
    young = people[people["age"] < 15]
    assert (young["activity"] == "inactive").all()
    assert young["occupation"].isna().all()
    spouse = people.loc[people["relation"] == "spouse"].set_index(["household_id", "period"])["age"]
    assert spouse.min() >= 18
    assert (spouse - head.reindex(spouse.index)).abs().max() <= 30
    idle = people["activity"] != "employed"
    assert people.loc[idle, ["sector", "occupation", "status", "hours"]].isna().all().all()
    assert people.loc[~idle, ["sector", "occupation", "status", "formal"]].notna().all().all()


def test_codes_are_those_of_the_lists(read: Callable[[str], pd.DataFrame]) -> None:
    people, houses = read("survey/members"), read("survey/households")
    known = jobs.load()
    assert set(people["occupation"].dropna()) <= set(known.occupation)
    assert set(people["sector"].dropna()) <= set(known.division)
    assert set(houses["province"]) <= set(figures.provinces())
    assert (houses["regency"].str[:2] == houses["province"]).all()


def test_families_of_a_cluster_live_in_one_sub_district_of_their_regency(read: Callable[[str], pd.DataFrame]) -> None:
    rows = read("registry/households")
    assert rows["subdistrict"].str.fullmatch("[0-9]{7}").all()
    assert (rows["subdistrict"].str[:4] == rows["regency"]).all()
    assert (rows.groupby(["cluster", "regency"])["subdistrict"].nunique() == 1).all()
    number = rows["subdistrict"].str[4:].astype(int)
    assert set(number) == {10 * at for at in range(1, SUBDISTRICTS + 1)}
    assert 7_100 < 514 * SUBDISTRICTS < 7_300
    assert rows.loc[rows["regency"] == rows["regency"].mode()[0], "subdistrict"].nunique() > 3


def test_every_stratum_has_a_line_in_every_period(read: Callable[[str], pd.DataFrame]) -> None:
    lines = read("survey/poverty_lines")
    assert lines.groupby("period").size().eq(75).all()
    assert (lines["extreme_line"] < lines["line"]).all()


# The process


def test_headcount_and_classes_are_near_the_published_ones(read: Callable[[str], pd.DataFrame]) -> None:
    size = read("survey/members").groupby(["household_id", "period"]).size().rename("size").reset_index()
    lines = read("survey/poverty_lines").rename(columns={"line_province": "province", "line_urban": "urban"})
    rows = read("survey/households").merge(size).merge(lines, on=["province", "urban", "period"])
    ratio, people = rows["welfare"] / rows["line"], rows["weight"] * rows["size"]
    share = [float(np.average(ratio < cut, weights=people)) for cut in (1, 1.5, 3.5)]
    assert share == pytest.approx([0.0941, 0.2997, 0.7817], abs=0.03)
    assert float(np.average(rows["size"], weights=rows["weight"])) == pytest.approx(3.04, abs=0.08)


def test_the_maps_meet_every_province(world: worlds.World) -> None:
    strata, normal = world.strata, np.linspace(-6, 6, 4001)
    weight = np.exp(-(normal**2) / 2) / np.exp(-(normal**2) / 2).sum()
    start = np.array([float(np.interp(rate, np.cumsum(weight), normal)) for rate in strata.headcount])
    ratio = np.exp([world.spread.log_ratio(normal, np.full(len(normal), r), start) for r in range(75)])
    mean = strata.line * (ratio @ weight)
    people = np.bincount(strata.province, strata.people)
    got = np.bincount(strata.province, strata.people * mean) / people
    np.testing.assert_allclose(got, figures.by_province("expenditure"), rtol=0.01)
    gap = np.bincount(strata.province, strata.people * (np.maximum(1 - ratio, 0) @ weight)) / people
    np.testing.assert_allclose(gap, figures.by_province("gap"), rtol=0.03)


@pytest.mark.parametrize("year", [2016, 2019, 2024, 2025])
def test_classes_of_a_year_are_the_published_ones(world: worlds.World, year: int) -> None:
    strata, normal = world.strata, np.linspace(-6, 6, 4001)
    weight = np.exp(-(normal**2) / 2) / np.exp(-(normal**2) / 2).sum()
    rate = strata.headcount * places.headcount_ratio(year + 0.25)[strata.province]
    start = np.interp(rate, np.cumsum(weight), normal)
    date = figures.when(year)
    ratio = [np.exp(world.spread.log_ratio(normal, np.full(4001, r), start, date)) for r in range(75)]
    above = [float(strata.share @ (np.array(ratio) >= cut) @ weight) for cut in (1.5, 3.5, 17)]
    parts = [figures.national(name, year) for name in ("aspiring", "middle", "upper")]
    assert above == pytest.approx(np.cumsum(parts[::-1])[::-1].tolist(), abs=0.003)


def test_between_two_dates_the_curve_moves_and_outside_it_stays(world: worlds.World) -> None:
    curve = world.spread.curve
    assert np.array_equal(curve(1990.0), curve(2016.25))
    assert np.array_equal(curve(2030.0), curve(spread.MARCH_2025))
    np.testing.assert_allclose(curve(2021.75), (curve(2019.25) + curve(2024.25)) / 2)


def test_strata_add_up_to_the_published_headcounts() -> None:
    strata = places.strata()
    assert len(strata.people) == 75
    for urban, measure in ((1, "headcount_urban"), (0, "headcount_rural")):
        mine = strata.urban == urban
        got = np.average(strata.headcount[mine], weights=strata.people[mine])
        assert got == pytest.approx(figures.national(measure), abs=0.002)
    assert spread.solve(strata).extreme == pytest.approx(0.69, abs=0.02)


def test_the_rank_table_is_the_law_of_simulated_scores(world: worlds.World) -> None:
    towns = [Town(world, part, PARTITION) for part in range(4)]
    normal = np.concatenate([town.normal for town in towns])
    size = np.concatenate([np.bincount(t.persons.family, t.present, PARTITION) for t in towns])
    for cut, share in ((-1.0, 0.1587), (0.0, 0.5), (1.0, 0.8413)):
        assert np.average(normal < cut, weights=size) == pytest.approx(share, abs=0.012)


def test_true_risks_are_probabilities_that_come_true(world: worlds.World) -> None:
    world = replace(world, outlook=_calm(world))  # events of a whole province are one draw: too few to average
    told, happened = {1: [], 2: []}, {1: [], 2: []}
    for part in range(8):
        town = Town(world, part, PARTITION)
        risks, safe = town.risks(), town.ratio >= 1
        for h in (1, 2):
            town.step()
            told[h].append(risks[h][safe])
            happened[h].append(town.ratio[safe] < 1)
    for h in (1, 2):
        risk, fell = np.concatenate(told[h]), np.concatenate(happened[h])
        assert ((risk >= 0) & (risk <= 1)).all()
        assert fell.mean() == pytest.approx(risk.mean(), rel=0.08)
        high = risk > np.quantile(risk, 0.9)
        assert fell[high].mean() == pytest.approx(risk[high].mean(), rel=0.12)


def _calm(world: worlds.World) -> Outlook:
    none, one = np.zeros_like(world.outlook.layoff), np.ones_like(world.outlook.layoff_factor)
    return Outlook(none, one, none, one, none, one)


def test_events_of_a_province_raise_its_hazards_and_keep_the_mean(world: worlds.World) -> None:
    long = draw_outlook(5, 4000, 4, Parameters())
    assert long.layoff_factor.mean() == pytest.approx(1.0, abs=0.02)
    assert long.disaster_factor.mean() == pytest.approx(1.0, abs=0.02)
    storm = replace(_calm(world), disaster_factor=np.full_like(world.outlook.disaster_factor, 3.0))
    calm, struck = (Town(replace(world, outlook=outlook), 0, PARTITION) for outlook in (_calm(world), storm))
    calm.step()
    struck.step()
    assert (struck.shocks.kind >= 0).mean() > 1.8 * (calm.shocks.kind >= 0).mean()


def test_shocks_come_more_often_to_the_poor_and_fade() -> None:
    chosen = Parameters()
    rate = law.yearly_rate(np.array([-2.0, 0.0, 2.0]), chosen)
    assert rate[0] > rate[1] > rate[2]
    np.testing.assert_allclose(law.fades(chosen, 4, 9), [1, 1, 1, 1, 0.3, 0.3, 0.3, 0.3, 0.09])
    risk = law.risk_table(chosen, 1, 1)
    margin = np.linspace(-8, 2, 50)
    assert (np.diff(risk.risk(margin, np.full(50, 0.1))) > 0).all()
    assert (risk.risk(margin, np.full(50, 0.2)) >= risk.risk(margin, np.full(50, 0.1))).all()


def test_displacement_follows_exposure_only_when_asked(world: worlds.World) -> None:
    exposure = np.array([0.1, 0.5, 0.9, np.nan])
    steep = world.displacement(exposure)
    assert steep[0] < steep[1] < steep[2]
    flat = replace(world, steepness=0.0, exposure_mean=1.0).displacement(exposure)
    np.testing.assert_allclose(flat, [Parameters().displacement_rate] * 3 + [0.0])
    assert calibrate.calibrate(world, 0.0).steepness == 0.0


def test_the_register_is_wrong_about_15_percent_of_the_time(world: worlds.World) -> None:
    town = Town(world, 1, PARTITION)
    level = town.record.house["floor"] != town.house.columns["floor"]
    distinct = 1 - sum(np.mean(town.house.columns["floor"] == code) ** 2 for code in range(5))
    assert level.mean() / distinct == pytest.approx(0.15, abs=0.02)
    clean = Town(world, 1, PARTITION, clean=True)
    assert all((clean.record.house[name] == values).all() for name, values in clean.house.columns.items())


def test_the_ranking_explains_about_half_of_consumption(world: worlds.World) -> None:
    ranking = world.ranking
    assert ranking is not None
    assert 0.45 <= ranking.fit <= 0.55
    town = Town(world, 0, PARTITION)
    desil = ranking.desil(ranking.value(town.matrix()))
    assert np.average(desil <= 3, weights=town.families.weight) == pytest.approx(0.3, abs=0.03)
    assert town.ratio[desil <= 2].mean() < town.ratio[desil >= 9].mean()


def test_streams_depend_on_every_part_of_their_name() -> None:
    draws = [stream(*name).random() for name in ((1, 0, Purpose.PLACE), (2, 0, Purpose.PLACE), (1, 1, Purpose.PLACE),
                                                 (1, 0, Purpose.SHOCK), (1, 0, Purpose.SHOCK, 1))]  # fmt: skip
    assert len(set(draws)) == len(draws)


def test_a_folder_without_families_has_no_story(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="jaga data synth"):
        list(story.tell(tmp_path, 3, 1))
