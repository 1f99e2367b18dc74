"""Assumptions can be changed, each by its name, and another set is another world of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from features import cli
from features.commands import UserError
from features.sources.synthetic import generate, law
from features.sources.synthetic.parameters import Parameters, parse


def _order(folder: Path, *more: str) -> list[str]:
    return ["data", "synth", "--households", "40", "--periods", "2", "--output", str(folder), *more]


def test_another_assumption_is_another_configuration_and_stands_in_the_manifest(tmp_path: Path) -> None:
    assert cli.main(_order(tmp_path / "f", "--assume", "shock_rate=0.08", "--assume", "chronic=2")) == 0
    manifest = json.loads((tmp_path / "f/manifest.json").read_text(encoding="utf-8"))
    assert manifest["config"]["assume"] == {"shock_rate": 0.08, "chronic": 2.0}
    assert manifest["assumptions"]["shock_rate"]["value"] == 0.08
    assert cli.main(_order(tmp_path / "f")) == 2  # the usual assumptions are another configuration
    assert not generate(tmp_path / "f", households=40, periods=2, assume={"chronic": 2, "shock_rate": 0.08}).made


def test_saying_the_usual_value_changes_nothing(tmp_path: Path) -> None:
    generate(tmp_path / "f", households=40, periods=2)
    assert not generate(tmp_path / "f", households=40, periods=2, assume={"spread": Parameters().spread}).made


def test_sets_of_assumptions_do_not_mix_in_one_process(tmp_path: Path) -> None:
    def ratio(name: str, assume: dict[str, float] | None = None) -> pd.Series:
        generate(tmp_path / name, households=2000, periods=2, assume=assume)
        return pd.read_parquet(tmp_path / name / "truth/families")["risk_1"]

    before = ratio("a")
    rarer = ratio("b", {"shock_rate": 0.02, "job_search_exit": 0.5})
    assert not rarer.equals(before)
    assert ratio("c").equals(before)
    other = Parameters.of({"shock_rate": 0.02})
    assert law.rank_table(other, 4) is not law.rank_table(Parameters(), 4)
    assert law.rank_table(Parameters(), 4) is law.rank_table(Parameters.of({}), 4)


@pytest.mark.parametrize(
    ("text", "message"),
    [("luck=1", "no such assumption; there are spread, persistence"), ("spread", "NAME=VALUE"),
     ("spread=high", "NAME=VALUE"), ("persistence=1.2", "from 0 to 0.99"), ("refresh=nan", "from 0 to 0.95"),
     ("displacement_rate=0.5", "must be 1 at most"), ("job_loss_share=0.99", "add up to 1"),
     ("disaster=0.9", "disaster times disaster_force")],
)  # fmt: skip
def test_a_value_that_no_world_can_have_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        generate(tmp_path / "f", households=10, periods=1, assume=parse([text]))
    assert not list(tmp_path.iterdir())


def test_the_list_tells_every_assumption_with_its_value_and_reason(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(["data", "synth", "--assume", "list"])
    assert end.value.code == 0
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == list(Parameters().reasons())
    assert "0.74" in told[1]
