"""Schemes and shocks in files of one's own: read from beside the scenario, held to the rules, kept in the result."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from features.cli import main
from features.commands import UserError
from models import dynamics
from models.dynamics import Dynamics
from models.rule_words import words_of
from models.schemes import beside, grounds, read_scenario, sheets, simulate
from models.schemes import scenario as scenarios
from tests.models.schemes.worlds import CHAIN, nation, scheme, shock

DOCS = Path(__file__).parents[3] / "docs" / "simulation.md"


def write(path: Path, plain: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(plain), encoding="utf-8")
    return path


def plan(*schemes: dict[str, object], shocks: tuple[dict[str, object], ...] = ()) -> dict[str, object]:
    return {"format": 1, "kind": "scenario", "name": "x", "title": {"id": "x", "en": "x"}, "start": 2026, "years": 5,
            "draws": 10, "shocks": list(shocks), "arms": [{"name": "a", "schemes": list(schemes)}]}  # fmt: skip


OWN = {"use": "./own.yaml", "years": [2027, 2027], "places": 100}
HIT = {"use": "../shocks/hit.yaml", "years": [2028, 2028], "with": {"hazard": 0.5}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scenario with a scheme beside it and a shock in a folder of its own."""
    write(tmp_path / "plans" / "own.yaml", scheme(name="bengkel"))
    write(tmp_path / "shocks" / "hit.yaml", shock(name="banjir"))
    write(tmp_path / "plans" / "plan.yaml", plan(OWN, shocks=(HIT,)))
    return tmp_path / "plans"


def test_a_file_is_found_from_the_scenario_and_lived_as_if_its_figures_stood_there(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # not the folder of the scenario
    own = read_scenario(folder / "plan.yaml")
    assert [one.use for one in own.files] == ["../shocks/hit.yaml", "./own.yaml"]
    assert (own.arms[0].schemes[0].scheme.name, own.shocks[0].shock.name) == ("bengkel", "banjir")
    assert own.shocks[0].shock.hazard.value == 0.5
    found = simulate(own, nation(), 3).to_dict()
    assert found["arms"][0]["outcomes"]["poor_years_averted"]["value"] > 0
    assert {"bengkel", "banjir"} <= {row["name"] for row in found["assumptions"]}


def test_what_a_file_holds_is_in_the_hash_and_another_scenario_keeps_its_own(folder):
    before = read_scenario(folder / "plan.yaml")
    write(folder / "own.yaml", scheme(name="bengkel", cost=2_000_000))
    after = read_scenario(folder / "plan.yaml")
    assert before.text == after.text
    assert before.digest != after.digest
    alone = scenarios.named("kerja-atau-usaha")
    assert alone.files == ()


def test_a_result_is_lived_again_from_itself_whatever_became_of_the_files(folder, tmp_path):
    found = simulate(read_scenario(folder / "plan.yaml"), nation(), 7).to_dict()
    kept = tmp_path / "hasil.json"
    kept.write_text(json.dumps(found))
    write(folder / "own.yaml", scheme(name="lain", cost=9))
    own = read_scenario(kept)
    assert (own.seed, own.draws) == (7, 10)
    assert simulate(own, nation()).to_dict() == found
    found["scenario"]["files"][1]["text"] += "# changed\n"
    kept.write_text(json.dumps(found))
    with pytest.raises(UserError, match=r"the scenario in it is not the one that was lived"):
        read_scenario(kept)
    for text in ("[]", "{", json.dumps({"scenario": {"name": "x"}})):
        kept.write_text(text)
        with pytest.raises(UserError, match=r"hasil.json: holds no result of jaga simulate"):
            read_scenario(kept)
    with pytest.raises(UserError, match=r"none.json: cannot be read"):
        read_scenario(tmp_path / "none.json")


@pytest.mark.parametrize(("changed", "rule"), [
    (scheme(cost=-1), r"plan.yaml: arms 1: schemes 1: ./own.yaml: cost: must be a number"),
    (scheme(price=1), r"schemes 1: ./own.yaml: price: is no rule; there are format"),
    (scheme() | {"kind": "shock"}, r"schemes 1: ./own.yaml: kind: must be one of scheme, not 'shock'"),
    (shock(), r"schemes 1: ./own.yaml: kind: must be one of scheme, not 'shock'"),
    ([1], r"schemes 1: ./own.yaml: must be keys with values"),
])  # fmt: skip
def test_a_file_is_held_to_the_rules_of_the_library(folder, changed, rule, capsys):
    write(folder / "own.yaml", changed)
    with pytest.raises(UserError, match=rule):
        read_scenario(folder / "plan.yaml")
    assert main(["schemes", "check", str(folder / "plan.yaml"), "--language", "en"]) == 1
    assert re.search(rule, capsys.readouterr().out)


def test_a_rest_after_support_that_nobody_wrote_is_told_by_the_check(folder, capsys):
    told = "bengkel: what is left after support ends (effect: fade) is not written; taken as 0, an assumption"
    files = [str(folder / "plan.yaml"), str(folder / "own.yaml")]
    assert main(["schemes", "check", *files, "--language", "en"]) == 0
    assert told not in capsys.readouterr().out
    write(folder / "own.yaml", scheme(name="bengkel", effect={"kind": "consumption", "size": 0.2}))
    assert main(["schemes", "check", *files, "--language", "en"]) == 0
    assert capsys.readouterr().out.count(told) == 2


def test_a_file_that_cannot_be_read_is_told_without_the_systems_english(folder, capsys):
    for path, told in ((folder / "none.yaml", "tidak ada"), (folder, "itu sebuah folder")):
        assert main(["schemes", "check", str(path), "--language", "id"]) == 1
        assert capsys.readouterr().out == f"{path}: tidak dapat dibaca ({told})\n"


def test_what_is_no_file_is_told_in_both_languages(folder):
    for use, told in (("./none.yaml", ("./none.yaml tidak dapat dibaca (tidak ada); jalurnya",
                                       "./none.yaml cannot be read (there is none); its path is from")),
                      ("./", ("./ tidak dapat dibaca (itu sebuah folder)", "./ cannot be read (it is a folder)")),
                      ("own.yaml", ("harus nama dalam pustaka, atau berkas", "or a file beside the scenario as ./my")),
                      ("/etc/hostname", ("harus nama dalam pustaka", "must be a name of the library")),
                      (5, ("harus nama dalam pustaka", "must be a name of the library"))):  # fmt: skip
        write(folder / "plan.yaml", plan(OWN | {"use": use}))
        with pytest.raises(UserError) as error:
            read_scenario(folder / "plan.yaml")
        words = words_of(error.value)
        assert all(part in words[at] for at, part in enumerate(told)), words
        assert str(error.value).startswith("plan.yaml: arms 1: schemes 1: use: ")
    (folder / "own.yaml").write_bytes(b"\xff\xfe")
    write(folder / "plan.yaml", plan(OWN))
    with pytest.raises(UserError, match=r"use: ./own.yaml cannot be read \(it is no UTF-8 text\)"):
        read_scenario(folder / "plan.yaml")


def test_no_file_is_opened_where_a_scenario_has_none(folder, monkeypatch):
    monkeypatch.chdir(folder)
    monkeypatch.setattr(Path, "read_text", lambda *_, **__: pytest.fail("a file was opened"))
    with pytest.raises(UserError, match=r"use: ./own.yaml is a file, and none is read here"):
        scenarios.of(plan(OWN))


@pytest.mark.parametrize("language", ["id", "en"])
def test_print_and_sheets_name_the_files_with_their_hash(folder, language):
    own = read_scenario(folder / "plan.yaml")
    result = simulate(own, nation(), 3)
    found = beside.together([beside.Kept("x", result.to_dict(), result.paired())])
    told = [text for _, text in grounds.versions(found, language)]
    for one in own.files:
        assert f"{one.use}, SHA-256 {one.digest[:16]}" in told
        assert ["file", "x", one.use, one.digest] in list(sheets.about(found, language))


def test_the_block_of_the_documentation_runs_as_typed(families_folder, tmp_path, monkeypatch, capsys):
    text = DOCS.read_text(encoding="utf-8").partition("### A scheme of one's own")[2]
    block = text.partition("```bash\n")[2].partition("```")[0]
    monkeypatch.chdir(tmp_path)
    for name, own in re.findall(r"(?ms)^```yaml\n# (my-\S+)\n(.*?)^```$", text):
        (tmp_path / name).write_text(own, encoding="utf-8")
    law = tmp_path / "law.npz"
    law.write_bytes(dynamics.to_bytes(Dynamics.of_matrix(CHAIN)))
    lines = [line.partition("#")[0].split()[1:] for line in block.splitlines() if line.startswith("jaga ")]
    assert [line[0] for line in lines] == ["schemes", "schemes", "simulate", "simulate"]
    for line in lines:
        more = ["--input", str(families_folder), "--dynamics", str(law), "--sample", "2000", "--draws", "4"]
        assert main(line if line[0] == "schemes" else [*line, *more]) == 0
    told = capsys.readouterr().out
    assert "my-workshops.yaml: skenario bengkel, sesuai aturan" in told
    assert "bengkel, bengkel-desa: bagian yang ikut" in told
    first, again = told.split("== Bengkel desa")[1:]
    assert first.partition("ditulis: ")[0] == again
