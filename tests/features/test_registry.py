"""The registry: every feature is told, bounded, and reads what it says it reads."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

from features import contract, dictionary, registry
from features.cli import main
from features.columns import Columns
from features.context import Context
from features.registry import Feature
from features.types import Array
from tests.features.families import LATE, admitted, raw
from tests.small import families as drawn

ALL = registry.all_features()
KEPT_OUT = {"pkh", "sembako", "pbi", "aid_income_share", "subdistrict"}
PROTECTED = {"sex", "disability"}
STRUCTURE = {"household_id", "person_id", "period", "relation", "province", "regency", "urban", "age"}
FIELDS = {field.name for table in contract.TABLES.values() for field in table.fields}


@pytest.mark.parametrize("feature", ALL, ids=lambda feature: feature.name)
def test_each_entry_is_whole(feature: Feature) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", feature.name)
    assert feature.doc.endswith(".")
    assert feature.unit
    assert feature.low < feature.high
    assert feature.views
    assert set(feature.views) <= set(registry.VIEWS)
    assert set(feature.inputs) <= FIELDS
    assert feature.reason is None or re.fullmatch(r"[a-z]+\.[a-z_]+", feature.reason)
    assert not (feature.protected and feature.reason)
    assert not KEPT_OUT & set(feature.inputs)
    assert feature.protected or not PROTECTED & set(feature.inputs)


class Watched(Columns):
    """Columns that write down what is read."""

    def __getitem__(self, name: str) -> Array:
        self.__dict__.setdefault("read", set()).add(name)
        return super().__getitem__(name)


@pytest.fixture(scope="module")
def tables() -> dict[str, dict[str, Array]]:
    return admitted(raw() | drawn(20))


@pytest.mark.parametrize("feature", ALL, ids=lambda feature: feature.name)
def test_a_feature_reads_what_it_declares(feature: Feature, tables: dict[str, dict[str, Array]]) -> None:
    watched = Watched(tables, Context({}), LATE)
    with np.errstate(all="ignore"):
        values = feature.make(watched)
    assert values.shape == (watched.size,)
    read = watched.__dict__.get("read", set())
    assert read - STRUCTURE <= set(feature.inputs)
    assert set(feature.inputs) & {"age", "relation", *contract.ASSETS} <= read | STRUCTURE


def test_a_fact_that_was_published_has_the_day_of_what_was_published() -> None:
    of_families = {*contract.HOUSEHOLDS.names, *contract.MEMBERS.names}
    for feature in ALL:
        published = bool(set(feature.inputs) - of_families)
        assert feature.protected or published == (feature.known is not registry.own_row), feature.name


def test_protected_features_stay_out_of_every_view() -> None:
    protected = {feature.name for feature in ALL if feature.protected}
    assert protected == {"head_woman", "disability_present", "remote"}
    for view in registry.VIEWS:
        assert not protected & {feature.name for feature in registry.select(view)}
        assert protected <= {feature.name for feature in registry.select(view, protected=True)}


def test_a_register_is_asked_for_nothing_that_only_a_survey_measures() -> None:
    measured = {"welfare", "income", "earnings", "pension", "labour_income_share", "pension_income_share", "hours"}
    for feature in registry.select("registry"):
        assert not measured & set(feature.inputs), feature.name
    names = {feature.name for feature in registry.select("registry")}
    assert {"desil", "genai_exposure_by_earner", "moved", "jobs_lost"} <= names
    assert not {"log_ratio", "times_poor", "genai_exposure"} & names


def test_health_facts_are_not_told() -> None:
    health = {f.name for f in ALL if {"chronic_illness", "disability"} & set(f.inputs)} | {"shock_illness"}
    assert all(feature.reason is None for feature in ALL if feature.name in health)


def test_features_that_tell_one_fact_are_of_one_family_and_few() -> None:
    """What they contribute is added up and told once (`models.reasons`), so they have to be about the same thing."""
    for view in registry.VIEWS:
        keys = [feature.reason for feature in registry.select(view) if feature.reason]
        families = {(feature.reason, feature.family) for feature in registry.select(view) if feature.reason}
        assert len(families) == len(set(keys))
        assert max(map(keys.count, keys)) <= 2


WEIGHTED = "one mean exposure: by earnings where they are measured, each earner alike in a register"
BY_UNIT = "one mean exposure, by two or by four digits of the occupation, and weighted in either way"
SHARED = {
    "auto.computerisation": BY_UNIT, "auto.computerisation_change": WEIGHTED, "auto.software": BY_UNIT,
    "auto.software_change": WEIGHTED, "auto.routine": WEIGHTED, "auto.routine_manual": WEIGHTED,
}  # fmt: skip
"""Why features may share the key of a reason: its words are true of the value of each."""


def test_a_reason_is_told_of_one_feature_unless_its_words_are_true_of_each() -> None:
    keys = [feature.reason for feature in ALL if feature.reason]
    assert {key for key in keys if keys.count(key) > 1} == set(SHARED)


def test_the_order_does_not_hang_on_imports() -> None:
    order = [(registry.FAMILIES.index(feature.family), feature.name) for feature in ALL]
    assert order == sorted(order)
    assert len({feature.name for feature in ALL}) == len(ALL)


def test_a_name_or_family_that_is_wrong_is_refused() -> None:
    def household_size(c: Columns) -> Array:
        """Again."""
        return c.last

    with pytest.raises(ValueError, match="there already"):
        registry.feature("household", "people", inputs=())(household_size)
    with pytest.raises(ValueError, match="no family"):
        registry.feature("weather", "mm", inputs=())


def test_the_dictionary_tells_every_feature_of_a_view(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "made" / "dictionary.json"
    assert main(["features", "list", "--view", "registry", "--json", str(file)]) == 0
    printed = capsys.readouterr().out
    wanted = [feature for feature in ALL if "registry" in feature.views]
    for feature in wanted:
        assert f"\n  {feature.name}\n" in printed
    assert f"{len(wanted)} features" in printed
    assert "  log_ratio\n" not in printed
    assert max(map(len, printed.splitlines())) <= 110
    entries = json.loads(file.read_text())["features"]
    assert [entry["name"] for entry in entries] == [feature.name for feature in wanted]
    assert all(entry["high"] is None or math.isfinite(entry["high"]) for entry in entries)


def test_the_dictionary_without_a_view_holds_all(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["features", "list"]) == 0
    assert f"{len(ALL)} features" in capsys.readouterr().out
    assert dictionary.VIEWS == registry.VIEWS
