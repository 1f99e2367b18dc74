"""Nations from folders: synthetic families with their truth, scored families with their register, and the commands."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from features.cli import main
from features.commands import UserError
from models import dynamics
from models.dynamics import Dynamics
from models.row import SCORES
from models.schemes import nation_of, simulate, way
from models.schemes import scored as scored_families
from models.schemes.facts import SIZE
from models.schemes.sample import Sample
from tests.models.schemes.worlds import CHAIN, scenario, scheme


@pytest.fixture(scope="module")
def families(families_folder) -> Path:
    return families_folder


@pytest.fixture(scope="module")
def scored(families, tmp_path_factory) -> Path:
    """Scores as `jaga score` writes them, for the families of the register."""
    place = tmp_path_factory.mktemp("scored")
    own = nation_of(families)
    houses = pq.read_table(families / "registry" / "households").to_pandas()
    houses = houses[houses["period"].astype(str) == houses["period"].astype(str).max()].head(500)
    rng = np.random.default_rng(1)
    rows = []
    for at, house in enumerate(houses.itertuples()):
        risk, now = rng.uniform(0.01, 0.3), rng.uniform(0, 0.4)
        row = dict.fromkeys(SCORES.names) | {
            "household_id": house.household_id, "status": "scored", "province": house.province, "applies": True,
            "regency": house.regency, "urban": bool(house.urban), "risk": risk, "p_poor_now": now,
            "p_poor_next": now * 0.6 + (1 - now) * risk, "ladder_extreme_poor": 0.1 * risk, "ladder_poor": 0.9 * risk,
            "ladder_vulnerable": 0.3 * (1 - risk), "ladder_aspiring": 0.5 * (1 - risk),
            "ladder_middle": 0.2 * (1 - risk),
            "kind": "relapse" if at % 5 == 0 else "unknown_history"}  # fmt: skip
        rows.append(row if at % 50 else row | {"status": "refused", "refusal": "stale"})
    for province in sorted({row["province"] for row in rows}):
        folder = place / "scores" / f"province={province}"
        folder.mkdir(parents=True)
        mine = [{key: value for key, value in row.items() if key != "province"} for row in rows
                if row["province"] == province]  # fmt: skip
        schema = pa.schema([field for field in SCORES if field.name != "province"])
        pq.write_table(pa.Table.from_pylist(mine, schema), folder / "part-00000.parquet")
    files = {str(path.relative_to(place)): {} for path in sorted(place.rglob("*.parquet"))}
    manifest = {"bundle": {"name": "0123456789ab"}, "as_of": "2026-10-01", "synthetic": True, "files": files}
    (place / "manifest.json").write_text(json.dumps(manifest))
    assert len(own)
    return place


def test_synthetic_families_are_a_nation(families):
    own = nation_of(families)
    assert len(own) == len(np.unique(own.key))
    assert 80e6 < own.weight.sum() < 110e6  # families of the register, 95 million
    assert 3.0 < np.average(own.size, weights=own.weight) < 3.3
    assert np.isin(own.desil, np.arange(1, 11)).all()
    assert not np.isnan(own.line).any()
    assert set(own.section.names) <= set("ABCDEFGHIJKLMNOPQRSTU")
    assert np.mean(own.section.codes >= 0) > 0.8
    assert own.match()["largest_by_tenth"] < 1e-3
    assert own.synthetic


def test_a_scheme_for_textile_workers_reaches_textile_workers_alone(families):
    own = nation_of(families)
    only = {"divisions": ["13", "14", "15"], "working": True}
    found = simulate(scenario([scheme(eligibility=only)], places=10**8, draws=4), own)
    rows = found.plan.arms[0][0].row
    assert len(rows)
    assert {own.division.names[code] for code in own.division.codes[rows]} <= {"13", "14", "15"}
    assert (own.working[rows] == 1).all()


def test_a_register_of_other_families_is_refused_by_name(families, scored, tmp_path):
    law = tmp_path / "law.npz"
    law.write_bytes(dynamics.to_bytes(nation_of(families).dynamics))
    strangers = tmp_path / "register"
    strangers.mkdir()
    for name in ("households", "members"):
        rows = pq.read_table(families / "registry" / name).to_pandas()
        pq.write_table(
            pa.Table.from_pandas(rows.assign(household_id="ZZZZZZZZZZZZ").head(5)), strangers / f"{name}.parquet"
        )
    with pytest.raises(UserError, match="holds none of these families"):
        nation_of(scored, strangers, law)


def test_rungs_are_as_frequent_now_as_then_where_moves_balance():
    """As many poor families climb over the line, onto the lowest rung above it, as fall from there below it."""
    rng = np.random.default_rng(4)
    now, upper = rng.uniform(0.02, 0.1, 500), rng.dirichlet([30, 50, 20], 500)
    climb = 0.6 * now
    risk = climb / (1 - now)
    ladder = upper - np.outer(risk, [1, 0, 0])  # of families that are not poor now
    told = {"p_poor_now": now, "risk": risk, "p_poor_next": now, "ladder_extreme_poor": 0.1 * risk,
            "ladder_poor": 0.9 * risk, "ladder_vulnerable": ladder[:, 0], "ladder_aspiring": ladder[:, 1],
            "ladder_middle": ladder[:, 2]}  # fmt: skip
    start = scored_families._start(np.full(500, ""), told)
    np.testing.assert_allclose(start[:, 2:], (1 - now)[:, None] * upper, atol=1e-9)
    np.testing.assert_allclose(start[:, :2].sum(axis=1), now, atol=1e-9)


def test_scored_families_with_and_without_their_register(families, scored, tmp_path):
    law = tmp_path / "law.npz"
    law.write_bytes(dynamics.to_bytes(nation_of(families).dynamics))
    bare, own = nation_of(scored, law=law), nation_of(scored, families, law)  # as jaga score --input takes them
    assert len(bare) == len(own) == 490  # the refused are not simulated
    assert (bare.size == SIZE).all()
    assert "No register was given" in bare.notes[0]["en"]
    assert "dihitung 3,04 orang" in bare.notes[0]["id"]
    assert not (bare.desil > 0).any()
    assert (own.desil > 0).all()
    assert len(np.unique(own.size)) > 3
    assert set(own.spell) == {2, 3}
    own_match = own.match()
    assert own_match["known"]
    # The risk of falling is the score's own; that of staying poor is the panel's.
    assert own_match["largest_by_tenth"] < 0.15
    np.testing.assert_allclose(own.start[:, :2].sum(axis=1), own.poor_now, atol=1e-9)
    simulate(scenario([scheme(targeting={"rule": "risk"})], draws=4), own).to_dict()


def test_a_family_of_which_the_register_tells_no_weight_stands_for_as_many_as_the_others(families, scored, tmp_path):
    """As one that has left: for itself alone it would be the one family that a count of thousands tells of."""
    law, register = tmp_path / "law.npz", tmp_path / "register"
    law.write_bytes(dynamics.to_bytes(nation_of(families).dynamics))
    register.mkdir()
    for name in ("households", "members"):
        rows = pq.read_table(families / "registry" / name).to_pandas()
        if name == "households":
            rows["weight"] = 2000.0
            left = rows["household_id"].astype(str).isin(rows["household_id"].astype(str).unique()[:50])
            rows = rows[~(left & (rows["period"].astype(str) == rows["period"].astype(str).max()))]
        pq.write_table(pa.Table.from_pandas(rows), register / f"{name}.parquet")
    own = nation_of(scored, register, law)
    assert (own.desil == 0).any()
    assert set(own.weight) == {2000.0}
    assert set(nation_of(scored, law=law).weight) == {1.0}


def test_in_synthetic_families_most_that_leave_the_middle_class_do_so_by_error_of_measurement(families):
    """What the page says of yearly moves (`way.MEASURED`), on other families."""
    rows = ds.dataset(families / "truth" / "families").to_table().to_pandas()
    rows["year"] = rows["period"].astype(str).str[:4].astype(int)
    rows["part"] = rows["period"].astype(str).str[4:]
    later = rows.assign(year=rows["year"] - 1)
    pairs = rows.merge(later, on=["household_id", "year", "part"], suffixes=("", "_then"))
    for name, begins, ends in (("down", (3.5, np.inf), (0, 3.5)), ("up", (1.5, 3.5), (3.5, np.inf))):
        found = []
        for column in ("measured_ratio", "ratio"):
            there = pairs[pairs[column].between(*begins, inclusive="left")][f"{column}_then"]
            found.append(there.between(*ends, inclusive="left").mean())
        measured, true = found
        assert measured > 1.7 * true, name
        assert measured == pytest.approx(way.MEASURED[name][0], abs=0.08)
        assert true == pytest.approx(way.MEASURED[name][1], abs=0.04)


def test_a_file_that_the_run_did_not_write_is_no_family(families, scored, tmp_path):
    law = tmp_path / "law.npz"
    law.write_bytes(dynamics.to_bytes(nation_of(families).dynamics))
    own = shutil.copytree(scored, tmp_path / "scored")
    file = next((own / "scores").rglob("*.parquet"))
    shutil.copy(file, file.with_name("more.parquet"))
    assert len(nation_of(own, law=law)) == 490


def test_a_sample_of_scored_families_is_some_of_them_as_they_are(families, scored, tmp_path):
    law = tmp_path / "law.npz"
    law.write_bytes(dynamics.to_bytes(Dynamics.of_matrix(CHAIN)))
    whole = nation_of(scored, families / "registry", law)
    some = nation_of(scored, families / "registry", law, Sample(120))
    at = {key: row for row, key in enumerate(whole.key.tolist())}
    rows = np.array([at[key] for key in some.key.tolist()])
    assert len(rows) == len(set(rows.tolist())) == 120
    # The mean that the index is brought to counts each family once: the weights of all are not read for a few.
    np.testing.assert_allclose(some.index, whole.index[rows], atol=0.01)
    for name in ("start", "spell", "first", "risk", "poor_now", "size", "desil", "urban", "working", "line"):
        np.testing.assert_array_equal(getattr(some, name), getattr(whole, name)[rows], err_msg=name)
    for name in ("province", "regency", "section", "division"):
        one, two = getattr(some, name), getattr(whole, name)
        mine, all_ = np.array([*one.names, ""])[one.codes], np.array([*two.names, ""])[two.codes]
        assert mine.tolist() == all_[rows].tolist()
    np.testing.assert_allclose(some.weight, whole.weight[rows] * len(whole) / 120)
    assert some.source.startswith("120 of ")
    place = whole.province.names[0]
    there = nation_of(scored, families / "registry", law, Sample(1000, area=place))
    assert set(there.province.names) == {place}
    assert set(there.key.tolist()) <= set(whole.key.tolist())
    with pytest.raises(UserError, match="in area 99"):
        nation_of(scored, None, law, Sample(10, area="99"))
    with pytest.raises(UserError, match="area 99"):
        nation_of(families, some=Sample(10, area="99"))


def test_what_is_no_nation_is_told(tmp_path, scored, families):
    with pytest.raises(UserError, match="holds neither synthetic families"):
        nation_of(tmp_path)
    with pytest.raises(UserError, match=r"the model 0123456789ab that scored these families is not in this"):
        nation_of(scored)
    bad = tmp_path / "bad.npz"
    law = dynamics.to_bytes(Dynamics.of_matrix(np.full((5, 5), 0.2)))
    arrays = dict(np.load(io.BytesIO(law)))

    def packed(changed: dict[str, object]) -> bytes:
        file = io.BytesIO()
        np.savez(file, **{name: own for name, own in (arrays | changed).items() if own is not None})
        return file.getvalue()

    for content, english, indonesian in (
        (b"nothing", "no file of arrays", "bukan berkas larik"), (b"", "no file of arrays", "bukan berkas larik"),
        (law[: len(law) // 2], "no file of arrays", "bukan berkas larik"),
        (packed({"cuts": None, "level": None}), "cuts, level wanting", "cuts, level tidak ada di berkas"),
        (packed({"cuts": np.array(["x"])}), "cuts must be numbers", "cuts harus berupa bilangan"),
        (packed({"cuts": np.array([1, 2], object)}), "no file of arrays", "bukan berkas larik"),
        (packed({"level": arrays["level"] * np.nan}), "level must be finite", "level harus berupa bilangan berhingga"),
        (packed({"low": np.array(np.nan)}), "low, high must be finite", "low, high harus berupa bilangan berhingga"),
        (packed({"cuts": arrays["cuts"][::-1]}), "cuts must rise and hold ln 1", "cuts harus naik dan memuat ln 1"),
    ):  # fmt: skip
        bad.write_bytes(content)
        with pytest.raises(UserError) as found:
            nation_of(families, law=bad)
        for told, words in zip(found.value.words, (indonesian, english), strict=True):
            assert told.startswith(f"{bad}: dynamics: ")
            assert words in told
            assert "pickle" not in told


def sheet(file: Path) -> list[list[str]]:
    """Lines of a CSV, or of all sheets of a workbook."""
    if file.suffix == ".csv":
        return list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
    return [[str(cell) for cell in line] for own in load_workbook(file) for line in own.values]


def test_the_commands(families, tmp_path, capsys):
    law = tmp_path / "law.npz"
    law.write_bytes(dynamics.to_bytes(Dynamics.of_matrix(CHAIN)))
    assert main(["schemes", "list", "--json", str(tmp_path / "list.json")]) == 0
    told = capsys.readouterr().out
    assert "kur " in told
    assert "[bukti tidak ditemukan]" in told
    assert main(["schemes", "list", "--language", "en"]) == 0
    assert "[no evidence found]" in capsys.readouterr().out
    assert {one["kind"] for one in json.loads((tmp_path / "list.json").read_text())} == {"scheme", "shock", "scenario"}
    for name in ("graduasi", "otomatisasi", "menuju-2045"):
        assert main(["schemes", "show", name]) == 0
    told = capsys.readouterr().out
    assert "Banerjee dkk. 2015" in told
    assert "bagian yang mengambil tempatnya: 1 bagian: asumsi [angka Indonesia tentang bagian yang ikut tidak" in told
    assert "tanpa biaya pendampingan, tidak ditemukan" in told
    assert main(["schemes", "show", "graduasi", "--language", "en"]) == 0
    assert "share that takes its place: 1 share: assumption [no Indonesian figure" in capsys.readouterr().out
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text("format: 1\nkind: scenario\nname: x\ntitle: {id: x, en: x}\nstart: 2026\nyears: 3\n")
    bad.write_text(good.read_text().replace("years: 3", "years: 0"))
    assert main(["schemes", "check", str(good)]) == 0
    assert main(["schemes", "check", str(good), str(bad)]) == 1
    told = capsys.readouterr().out
    assert "good.yaml: skenario x, sesuai aturan" in told
    assert "bad.yaml: years: harus bilangan bulat 1 sampai 60, bukan 0" in told
    assert main(["schemes", "check", str(bad), "--language", "en"]) == 1
    assert "bad.yaml: years: must be a whole number from 1 to 60, not 0" in capsys.readouterr().out
    arms = "arms:\n  - name: a\n    schemes:\n      - {use: kur, years: [2027, 2027], places: 5}\n"
    good.write_text(good.read_text() + arms)
    assert main(["schemes", "check", str(good), "--language", "en"]) == 0
    told = capsys.readouterr().out
    assert "a, kur: share that takes part 100 %, assumption" in told
    assert "a, kur: cost not known: cost a year" in told
    good.write_text(good.read_text().replace("places: 5", 'places: 5, with: {eligibility: {regencies: ["3299"]}}'))
    assert main(["schemes", "check", str(good), "--language", "en"]) == 1
    assert "good.yaml: arms 1: schemes 1: kur: eligibility: regencies: no regency has these BPS codes: 3299" in (
        capsys.readouterr().out)  # fmt: skip
    out = tmp_path / "out"
    asked = ["simulate", "kerja-atau-usaha", "--input", str(families), "--dynamics", str(law), "--draws", "4"]
    assert main([*asked, "--sample", "500", "--output", str(out), "--language", "en"]) == 0
    printed = capsys.readouterr()
    assert "SYNTHETIC DATA" in printed.out
    coarse = "Jobs: cannot be worked out, since the money or places of a scheme of it are less than one family"
    assert f"Law of moves: file {law.name}, SHA-256 " in printed.out
    assert f"Later years move by the law in {law.name}" in printed.out
    assert "as the panel did" not in printed.out
    assert "synthetic countries" not in printed.out, "what was measured of the fitted law is not said of another"
    assert printed.err.startswith(coarse), "for this money in so small a sample: told before it is lived"
    assert coarse in printed.out
    good.write_text(good.read_text().replace('places: 5, with: {eligibility: {regencies: ["3299"]}}', "places: 5"))
    own = [str(good), "--input", str(families), "--dynamics", str(law), "--sample", "500", "--language", "en"]
    assert main(["schemes", "check", *own]) == 1
    assert "a: cannot be worked out" in capsys.readouterr().out
    assert main(["simulate", *own]) == 2
    assert "a: cannot be worked out" in capsys.readouterr().err
    found = json.loads((out / "sintetis_hasil.json").read_text())
    assert found["data"]["dynamics"].startswith(f"file {law.name}, SHA-256 ")
    assert [arm["name"] for arm in [*found["arms"], *found["arms_left_out"]]] == ["kerja", "usaha"]
    assert main([*asked, "--output", str(out)]) == 2
    if importlib.util.find_spec("typst"):
        brief = tmp_path / "brief.pdf"
        assert main([*asked, "--sample", "500", "--brief", str(brief)]) == 0
        assert brief.read_bytes().startswith(b"%PDF")
        assert main([*asked, "--sample", "500", "--brief", str(brief)]) == 2
        assert "sudah ada" in capsys.readouterr().err
    for name in ("tables.csv", "tables.xlsx"):
        file = tmp_path / name
        assert main([*asked, "--sample", "500", "--tables", str(file), "--language", "en"]) == 0
        assert "SYNTHETIC DATA: not real families" in sheet(file)[0]
        assert {arm["name"] for arm in found["arms"]} <= {cell for line in sheet(file) for cell in line}
        assert main([*asked, "--sample", "500", "--tables", str(file)]) == 2
    assert main([*asked, "--tables", str(tmp_path / "tables.ods")]) == 2
    assert "harus berakhiran .csv atau .xlsx" in capsys.readouterr().err
    assert main(["simulate", "nothing", "--input", str(families)]) == 2
    assert "tidak ada skenario bernama nothing; yang ada: kerja-atau-usaha" in capsys.readouterr().err
