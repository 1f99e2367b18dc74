"""A simulation on several processes gives the bytes that one gives."""

from __future__ import annotations

import json

import pytest

from features.cli import main
from features.crew import crew
from models.schemes import run, simulate
from tests.models.schemes.worlds import nation, scenario, scheme, shock


@pytest.mark.parametrize("count", [1, 450])
def test_pieces_of_two_workers_are_the_whole(monkeypatch, count):
    families = nation(count)
    own = scheme(displacement={"value": 0.3, "basis": "assumption", "source": "test"})
    plan = scenario([own], [scheme(targeting={"rule": "risk"})], shocks=(shock(),))
    whole = json.dumps(simulate(plan, families, 7).to_dict())
    monkeypatch.setattr(run, "PIECE", 100)
    assert json.dumps(simulate(plan, families, 7, threads=1).to_dict()) == whole
    with crew(2, None) as workers:
        assert json.dumps(simulate(plan, families, 7, threads=1, crew=workers).to_dict()) == whole


def test_the_command_writes_the_same_bytes_with_workers(tmp_path, families_folder):
    asked = ["simulate", "kerja-atau-usaha", "--input", str(families_folder), "--draws", "4", "--sample", "800"]
    for name, more in (("one", []), ("two", ["--workers", "2"])):
        assert main([*asked, "--output", str(tmp_path / name), *more]) == 0
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two"))
    assert one == two
    assert len(one) > 5


def test_no_worker_at_all_is_refused(families_folder, capsys):
    asked = ["simulate", "kerja-atau-usaha", "--input", str(families_folder), "--draws", "4"]
    assert main([*asked, "--workers", "0"]) == 2
    assert "--workers harus 1 atau lebih, bukan 0" in capsys.readouterr().err
