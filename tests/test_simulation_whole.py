"""From families to a simulation as a user goes: a panel, a model, scores of the register, and what schemes would do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from features.cli import main
from features.home import home
from models.schemes import nation_of
from training import backtest


@pytest.fixture
def scored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Folder of synthetic families and folder of their scores by a model of their own."""
    monkeypatch.setattr(backtest, "GATED", backtest.Rivals(()))  # what it is held against is not the matter here
    made, scores = tmp_path / "made", tmp_path / "scores"
    synth = ["data", "synth", "--households", "1500", "--periods", "16", "--start", "2022Q1", "--seed", "5"]
    assert main([*synth, "--output", str(made)]) == 0
    quick = ["--bootstrap", "20", "--threads", "1", "--no-refit"]
    assert main(["train", "--source", "synthetic", "--input", str(made), *quick]) == 0
    bundle = next(path for path in (home() / "bundles").iterdir() if (path / "risk.lgb").is_file())
    assert (bundle / "dynamics.npz").is_file()
    assert (
        main(["score", "--input", str(made), "--output", str(scores), "--bundle", str(bundle), "--workers", "1"]) == 0
    )
    return made, scores


def test_scores_of_a_model_are_simulated_with_its_own_dynamics(scored, tmp_path, capsys):
    made, scores = scored
    out, asked = tmp_path / "out", ["simulate", "menuju-2045", "--input", str(scores)]
    capsys.readouterr()
    with_register = ["--register", str(made), "--draws", "8"]
    assert main([*asked, *with_register, "--language", "en", "--output", str(out)]) == 0
    told = capsys.readouterr().out
    assert "SYNTHETIC DATA" in told
    assert "middle and upper class 2045" in told
    found = json.loads((out / "sintetis_hasil.json").read_text(encoding="utf-8"))
    bundle = json.loads((scores / "manifest.json").read_text(encoding="utf-8"))["bundle"]["name"]
    assert found["data"]["model"] == bundle
    # The first year is the score's own, and nothing moves where nothing changes.
    assert found["match"]["known"]
    assert abs(found["match"]["mean"]) < 0.02
    rungs = found["without"]["rungs"]
    assert len(rungs) == 20
    for rung in ("aspiring", "middle"):
        # As far as eight draws tell whose laws err by place as much as so small a panel leaves them unsure.
        assert abs(rungs[1][rung]["value"] - rungs[0][rung]["value"]) < 0.03
    large = next(arm for arm in found["arms"] if arm["name"] == "kerja-besar")
    assert large["outcomes"]["poor_years_averted"]["value"] > 0
    assert large["schemes"][0]["cost"] > 0
    # Without the register nobody has a desil, and that is said.
    bare = nation_of(scores)
    assert len(bare) == found["data"]["families"]
    assert main([*asked, "--draws", "2", "--output", str(tmp_path / "bare")]) == 0
    own = json.loads((tmp_path / "bare" / "sintetis_hasil.json").read_text(encoding="utf-8"))
    assert own["arms"][0]["schemes"][0]["families"] == 0
    assert own["arms"][0]["schemes"][0]["facts_unknown"] > 0
    assert any("No register was given" in note["en"] for note in own["data"]["notes"])
