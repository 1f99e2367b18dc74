"""Whom a scenario hits and who may take part: in words, wherever its figures are read."""

from __future__ import annotations

import pytest

from features.cli import main
from features.commands import UserError
from models.schemes import beside, brief, library, output, sheets, simulate, whom
from models.schemes import scenario as scenarios
from models.schemes.source import of_model
from tests.models.schemes.worlds import nation, scenario, scheme, shock

TEXTILES = {"scope": {"provinces": ["32"], "divisions": ["14"], "working": True},
            "hazard": {"value": 0.025, "low": 0.0, "high": 0.05, "basis": "assumption", "source": "s"}}  # fmt: skip
SAID = {
    "id": ("2027 sampai 2028", "Jawa Barat", "14 Industri Pakaian Jadi", "2,5 (0 sampai 5) dari 100",
           "kehilangan 30 dari 100", "desil 1 sampai 6", "3204 Bandung", "40 tempat sekaligus"),
    "en": ("2027 to 2028", "Jawa Barat", "14 Manufacture of wearing apparel", "2.5 (0 to 5) of 100",
           "lose 30 of 100", "decile 1 to 6", "3204 Bandung", "40 places at a time"),
}  # fmt: skip


@pytest.fixture(scope="module")
def lived():
    own = scenario([scheme(eligibility={"desil": [1, 6], "regencies": ["3204"]})], [scheme()],
                   shocks=(shock(**TEXTILES),), places=40, years=8)  # fmt: skip
    result = simulate(own, nation(2_000), 1)
    return result.to_dict(), result.paired()


@pytest.mark.parametrize("language", ["id", "en"])
def test_area_industry_years_and_size_stand_in_terminal_brief_and_page(lived, language):
    found, paired = lived
    two = beside.together([beside.Kept(number, found, paired) for number in ("S1", "S2")])
    for told in (output.summary(found, language), brief.told(two, language, {})["whom"], whom.lines(two, language)):
        for words in SAID[language]:
            assert words in " ".join(told)
    assert len(whom.lines(two, language)) == 1 + 4, "the shock is of both, each answer has its own line"


@pytest.mark.parametrize(("name", "duration", "english"), [("pkt", 1, "1 year;"), ("kur", 3, "3 years;")])
def test_years_of_support_are_counted_in_words(name, duration, english):
    own = scenario([library.raw("schemes", name) | {"duration": duration}], years=3)
    (row,) = whom.told(own)
    assert f"support of {english}" in row["told"]["en"]
    assert f"bantuan {duration} tahun;" in row["told"]["id"]


@pytest.mark.parametrize(
    ("limits", "told"),
    [({"places": 14_250_000, "budget": None}, "14,250,000 places"),
     ({"places": None, "budget": 5_200_000_000_000}, "Rp5.2 trillion in all"),
     ({"places": None, "budget": 33_333_333_333_333}, "Rp33,333,333,333,333 in all"),
     ({"places": None, "budget": 149_900_000_001}, "Rp149,900,000,001 in all")],
)  # fmt: skip
def test_what_is_never_passed_is_told_as_it_was_set(limits, told):
    (row,) = whom.told(scenario([scheme(**limits)]))
    assert f"at most {told}" in row["told"]["en"], "rounded down it would be less than those who may take part"


def test_a_sheet_tells_its_assumptions_in_the_language_asked_for(lived):
    found, paired = lived
    one = beside.together([beside.Kept("S1", found, paired)])
    for language, words in (("id", ("asumsi skenario ini", "bagian setahun")), ("en", ("own", "share a year"))):
        told = sheets.as_csv(one, language).decode("utf-8-sig")
        rows = [line for line in told.splitlines() if line.startswith("asumsi,")]
        assert rows
        for word in words:
            assert any(word in line for line in rows)
        assert any("nilai bawaan Jaga" in line for line in rows) == (language == "id")
        assert any("default of Jaga" in line for line in rows) == (language == "en")


def test_what_was_lived_is_kept_and_not_read_from_the_library_again(lived):
    assert {row["arm"] for row in lived[0]["whom"]} == {None, "arm-0", "arm-1"}
    assert all(set(row["told"]) == {"id", "en"} for row in lived[0]["whom"])


def test_the_shipped_robot_wave_claims_no_districts_that_it_does_not_name():
    own = scenarios.named("robot-tekstil-jawa")
    assert all(one.shock.scope.regencies is None for one in own.shocks)
    assert "provinsi" in own.title.id
    assert "district" not in own.title.en
    shocks = [row["told"]["id"] for row in whom.told(own) if row["arm"] is None]
    assert "provinsi Jawa Barat, Jawa Tengah, Banten; golongan pokok 13 Industri tekstil" in shocks[0]


def test_a_file_in_english_says_so_under_indonesian(capsys):
    assert main(["schemes", "show", "robot-tekstil-jawa"]) == 0
    head, _, file = capsys.readouterr().out.partition("\n")
    assert head == "# berkasnya sendiri, apa adanya; catatan dan sumber di dalamnya berbahasa Inggris"
    assert file == library.text("scenarios", "robot-tekstil-jawa")


def test_too_few_families_are_helped_by_more_at_the_terminal(tmp_path, capsys, families_folder):
    text = library.text("scenarios", "kerja-atau-usaha")
    file = tmp_path / "small.yaml"
    file.write_text(text)
    assert main(["schemes", "check", str(file), "--input", str(families_folder), "--language", "en"]) == 1
    assert "Or take more families: a larger --sample, or an --input of more families" in capsys.readouterr().out


def test_a_model_that_is_elsewhere_is_looked_for_by_its_installation(tmp_path, monkeypatch):
    monkeypatch.setenv("JAGA_HOME", str(tmp_path))
    with pytest.raises(UserError, match="set JAGA_HOME to the folder of the installation that has it"):
        of_model("demo")


def test_a_title_counts_places_as_the_scheme_does():
    for arm in scenarios.named("menuju-2045").arms:
        millions = arm.schemes[0].places // 1_000_000
        assert f"{millions} juta tempat sekaligus" in arm.title.id
        assert f"{millions} million places at a time" in arm.title.en
