"""Work, its terms and its exposure to machines and software, of families made by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from features import codes, contract, reference
from tests.features.families import admitted, features, line, now, person, raw, same, worker

CLERK = {"occupation_scheme": "KBJI2014", "occupation": "4110"}
CLEANER = {"occupation_scheme": "ISCO08", "occupation": "9111"}
FARM = {"sector_scheme": "KBLI2020", "sector": "01111"}
SHOP = {"sector_scheme": "ISIC4", "sector": "4711"}


def test_who_earns() -> None:
    family = now(worker(), worker("spouse", status="unpaid_family"), person(20, "child", activity="unemployed"),
                 person(8, "child"))  # fmt: skip
    unknown = now(worker(), person(30, "spouse"))
    idle = now(person(70, activity="inactive", inactive_reason="pensioner"))
    made = features(family, unknown, idle)
    same(made["earners"], 1, None, 0)
    same(made["employed_share"], 2 / 3, None, 0)
    same(made["not_earning_share"], 3 / 4, None, 1)
    same(made["unemployed"], 1, None, 0)
    same(made["pensioners"], 0, None, 1)
    same(made["head_activity"], 0, 0, 2)
    same(made["head_status"], contract.MEMBERS["status"].choices.index("employee"), 2, None)


def test_the_main_earner_by_earnings_and_without_them_by_earner() -> None:
    measured = now(worker(earnings=300), worker("spouse", earnings=100))
    partly = now(worker(earnings=300), worker("spouse"))
    nothing = now(worker(earnings=0), worker("spouse", earnings=0))
    made = features(measured, partly, nothing, now(person(activity="inactive")))
    same(made["main_earner_share"], 0.75, 0.5, 0.5, None)


def test_terms_of_work_are_shares_of_those_known() -> None:
    family = now(worker(status="casual", formal=False, public=False, permanent=None, hours=20, underemployed=True),
                 worker("spouse", status="own_account", formal=None, public=True, hours=40, underemployed=False),
                 worker("child", 20, formal=True, public=None, hours=None, permanent=True))  # fmt: skip
    made = features(family, now(worker(public=False), worker("spouse")), now(person(activity="inactive")))
    same(made["informal_share"], 2 / 3, 0, None)
    same(made["casual_share"], 1 / 3, 0, None)
    same(made["formal_share"], 1 / 2, None, None)
    same(made["permanent_share"], 1, None, None)
    same(made["underemployed_share"], 1 / 2, None, None)
    same(made["mean_hours"], 30, None, None)
    same(made["public_job"], 1, None, 0)


def test_earnings_over_the_line() -> None:
    family = now(worker(earnings=150), worker("spouse", earnings=50), person(3, "child"), person(2, "child"))
    made = features(family, now(worker(earnings=0)), now(worker()), poverty_lines=[line(100)])
    same(made["head_log_earnings"], np.log(1.5), np.log(0.01), None)
    same(made["log_earnings_per_person"], np.log(0.5), np.log(0.01), None)


def test_industries() -> None:
    family = now(worker(**FARM), worker("spouse", **SHOP), worker("child", 20, **SHOP))
    made = features(family, now(worker()), now(worker(sector_scheme="KBLI2020", sector="0")))
    same(made["head_sector"], contract.SECTIONS.index("A"), None, None)
    same(made["sectors"], 2, None, None)


@pytest.mark.parametrize(
    ("code", "section"), [("471", "G"), ("47", "G"), ("4", None), ("", None), ("471999999", "G"), ("X", None)]
)
def test_the_longest_known_prefix_names_the_section(code: str, section: str | None) -> None:
    table = {("S", "47"): "G", ("S", "4711"): "A", ("T", "4"): "B"}
    found = codes.section_of("S", code, table)
    same(np.array([found]), None if section is None else contract.SECTIONS.index(section))
    same(np.array([codes.section_of("S", "47110", table)]), contract.SECTIONS.index("A"))


def test_exposure_is_a_mean_over_earners_weighted_by_earnings_where_measured() -> None:
    genai, frey = reference.exposure("ilo_genai"), reference.exposure("frey_osborne")
    paid = now(worker(earnings=300, **CLERK), worker("spouse", earnings=100, **CLEANER))
    made = features(paid, now(worker(**CLERK), worker("spouse", **CLEANER)))
    weighted, plain = (3 * genai["41"] + genai["91"]) / 4, (genai["41"] + genai["91"]) / 2
    same(made["genai_exposure"], weighted, plain)
    same(made["genai_exposure_by_earner"], plain, plain)
    same(made["computerisation_exposure_by_earner"], *[(frey["41"] + frey["91"]) / 2] * 2)
    same(made["genai_high_share"], 0.5, 0.5)
    same(made["occupation_unmapped_share"], 0, 0)


def test_unit_exposure_is_that_of_the_unit_group_where_it_has_a_figure() -> None:
    group, unit = reference.exposure("ilo_genai"), reference.unit_exposure("ilo_genai")
    codes_of = ("4132", "413201", "413", "41", "4199")
    made = features(*(now(worker(occupation_scheme="KBJI2014", occupation=code)) for code in codes_of))
    for name in ("genai_unit_exposure", "genai_unit_exposure_by_earner"):
        same(made[name], unit["4132"], unit["4132"], group["41"], group["41"], group["41"])
    same(made["genai_exposure"], *[group["41"]] * 5)
    assert np.isnan(codes.unit_of("ISCO08", "41a2"))
    for measure in ("ilo_genai", "frey_osborne", "routine_manual", "routine_intensity"):
        known = reference.unit_exposure(measure)
        assert set(reference.exposure(measure)) <= {code[:2] for code in known}
        for name, value in reference.exposure(measure).items():
            assert value == pytest.approx(np.mean([known[code] for code in known if code[:2] == name]), abs=1e-4)


def test_another_scheme_is_not_read_as_isco() -> None:
    made = features(now(worker(occupation_scheme="CNO", occupation="41101", technology="computer", skill="operative")),
                    now(worker(occupation_scheme="ISCO08", occupation="4")),
                    now(worker(occupation_scheme="ISCO08", occupation="0110")))  # fmt: skip
    for name in ("genai_exposure", "routine_exposure", "computerisation_high_share", "genai_exposure_change"):
        same(made[name], None, None, None)
    same(made["occupation_unmapped_share"], 1, 1, 1)
    same(made["computer_share"], 1, None, None)
    same(made["machine_share"], 0, None, None)
    same(made["mean_skill"], 1, None, None)


def test_sector_signals_come_from_the_own_province_or_the_country() -> None:
    signals = [
        {"sector_section": section, "region": region, "period": "2026Q3", "known_at": "2026-11-01", "layoff_rate": rate}
        for section, region, rate in (("A", "ID", 0.1), ("G", "ID", 0.3), ("G", "32", 0.5))
    ]
    both = now(worker(**FARM), worker("spouse", **SHOP))
    elsewhere = now(worker(**SHOP), province="11")
    made = features(both, elsewhere, now(worker()), sector_signals=signals)
    same(made["sector_layoffs"], (0.1 + 0.5) / 2, 0.3, None)
    same(made["sector_growth"], None, None, None)
    early = features(both, as_of=np.datetime64("2026-12-31"), sector_signals=[s | {"known_at": "2027-01-01"}
                                                                              for s in signals])  # fmt: skip
    same(early["sector_layoffs"], None)


def test_unmapped_codes_are_counted() -> None:
    tables = admitted(raw(now(worker(**CLERK, **SHOP), worker("spouse", occupation_scheme="CNO", occupation="41101"),
                              worker("child", 20), worker("child", 21, **CLEANER))))  # fmt: skip
    assert codes.unmapped(tables) == {"sector": 0.0, "occupation": pytest.approx(1 / 3)}
    assert np.isnan(codes.unmapped(admitted(raw(now(worker()))))["sector"])


def test_the_exposure_table_is_whole_and_cited() -> None:
    rows = reference.rows("exposure.csv")
    assert {row["measure"] for row in rows} == set(reference.MEASURES)
    assert len({(row["isco2"], row["measure"]) for row in rows}) == len(rows)
    assert all(row["source"] and row["unit"] and row["year"].isdigit() and float(row["value"]) > -3 for row in rows)
    for measure in reference.MEASURES:
        values = np.array(list(reference.exposure(measure).values()))
        assert len(values) >= 39
        assert 0.2 <= (values >= reference.high_exposure(measure)).mean() <= 0.3


@pytest.mark.shared
def test_the_exposure_table_holds_the_figures_of_its_source(shared: Path) -> None:
    columns = {"ilo_genai": "ilo_genai_mean_2025", "frey_osborne": "frey_osborne_prob", "routine_manual": "mt_rm",
               "routine_intensity": "mt_rti", "aioe": "aioe", "gpt_beta": "gpt_gpt4_beta"}  # fmt: skip
    path = shared / "reference" / "occupation_exposure_2digit.csv"
    source = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    for measure, column in columns.items():
        wanted = {row["isco_submajor"]: float(row[column]) for row in source if row[column]}
        assert reference.exposure(measure) == wanted
    source = list(csv.DictReader((path.parent / "occupation_exposure.csv").read_text(encoding="utf-8").splitlines()))
    for measure, column in list(columns.items())[:4]:
        wanted = {row["isco08_code"]: float(row[column]) for row in source if row[column]}
        assert reference.unit_exposure(measure) == wanted
