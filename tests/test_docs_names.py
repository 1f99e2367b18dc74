"""Names and figures that stand in more than one place agree: commands, options, variables, labels, results."""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from features import cohort, demo, registry
from features.contract import RUNGS
from models import bundle, reasons, row, score, shown
from models.text import LANGUAGES
from models.words import KINDS, METRICS
from serving.batch import batch
from serving.scores import scores
from tests.conftest import script
from tests.test_docs import FENCE, PAGES, ROOT, ticked
from training import gates

CODE = ("features", "models", "training", "serving")
VARIABLE = re.compile(r"\bJAGA_[A-Z_]+\b")
PETUGAS = ROOT / "docs" / "howto_petugas.md"


def prose(page: Path) -> str:
    """A page without its code blocks."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def options(commands: dict[str, argparse.ArgumentParser]) -> set[str]:
    return {name for command in commands.values() for name in command._option_string_actions}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_option_in_the_text_is_one_of_a_command(page: Path, options: set[str]) -> None:
    """An option that stands alone in backticks; those after a command are held to it by `test_docs`."""
    others = {"--strict"}
    for text in ticked(page):
        if text.startswith("--"):
            name = re.split(r"[ =]", text)[0]
            assert name in options | others, f"{page.name}: {text}"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_command_that_the_pages_of_the_console_name_exists(
    language: str, commands: dict[str, argparse.ArgumentParser]
) -> None:
    words = json.loads((ROOT / "serving" / "console" / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    named = {found for text in words.values() for found in re.findall(r"\bjaga (?:[a-z]+)(?: [a-z-]+)?", text)}
    groups = {name.rsplit(" ", 1)[0] for name in commands}
    for name in named:
        assert name in commands or name.rsplit(" ", 1)[0] in set(commands) | (groups - {"jaga"}), name


def read_by_the_code() -> set[str]:
    """Variables of the environment that the code reads: no constant of ours has a name that looks like one."""
    return {name for folder in CODE for path in (ROOT / folder).rglob("*.py")
            for name in VARIABLE.findall(path.read_text(encoding="utf-8"))}  # fmt: skip


def test_every_variable_that_the_docs_name_is_read_and_the_other_way_round() -> None:
    told = {name for page in PAGES for name in VARIABLE.findall(page.read_text(encoding="utf-8"))}
    read = read_by_the_code()
    provider = "JAGA_OIDC_"  # the rest of the name is a key of oidc.toml
    assert provider in read
    assert {name for name in told if not name.startswith(provider)} == {
        name for name in read if not name.startswith(provider)}  # fmt: skip


def test_the_table_of_a_bundle_names_every_file_that_it_may_hold() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"(?m)^\| (`[^|]+) \|", text.split("## What a bundle is", 1)[1].split("\n\n", 2)[1])
    told = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    assert sorted(told) == sorted([*bundle.BEARING, *bundle.OUTSIDE])


def test_the_names_that_the_docs_give_a_gate_are_those_it_has() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    name, page, line = re.findall(r"`([\w ]+)` is\n`model\.gate\.(\w+)` and `--accept ([\w-]+)=REASON`", text)[0]
    assert gates.Gate(name, "pass", "").key == line
    for language in LANGUAGES:
        words = json.loads((ROOT / "serving" / "console" / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
        assert f"model.gate.{page}" in words
    assert name.replace(" ", "_") == page


def test_every_label_of_the_officers_guide_is_on_a_page() -> None:
    words = json.loads((ROOT / "serving" / "console" / "i18n" / "id.json").read_text(encoding="utf-8"))
    labels = re.findall(r"\*\*([^*]+)\*\*", PETUGAS.read_text(encoding="utf-8").replace("\n   ", " "))
    said = [label for label in labels if not label.endswith(".") and label != "tebal"]
    assert len(said) > 20
    assert {label for label in said if label not in words.values()} == set()


def test_the_officers_guide_has_a_section_for_each_of_the_six_tasks() -> None:
    assert re.findall(r"(?m)^## (\d)\. ", PETUGAS.read_text(encoding="utf-8")) == list("123456")


def test_figures_of_the_readme_are_those_of_the_results() -> None:
    results = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    pooled = results.split("## Is it ever the worse choice?", 1)[1]
    rows = re.findall(r"(?m)^\| `(\w+)` [^|]*\| ([-+(][^|]*) \|$", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert len(rows) == 8
    for name, figure in rows:
        [line] = re.findall(rf"(?m)^\| {name} \|.*$", pooled.split("###", 1)[0])
        assert [cell.strip() for cell in line.strip("|").split("|")][5] == figure, name


def test_readme_is_short_and_its_other_figures_are_links() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 150
    outside = [line for line in prose(ROOT / "README.md").splitlines() if not line.startswith("| `")]
    assert not re.search(r"\d[\d.,]* (?:ms|families|requests|times|GiB)", "\n".join(outside))


def test_what_the_readme_links_to_is_there_and_its_pictures_are_small() -> None:
    found = re.findall(r"\]\(([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    own = [ROOT / name for name in found if not name.startswith("https://")]
    assert {path.name for path in own if not path.exists()} == set()
    pictures = [path for path in own if path.suffix == ".png"]
    assert {path.stem for path in pictures} == {"household", "list", "simulation"}
    for path in pictures:
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size < 150_000, path.name


def test_the_home_page_names_every_page_in_the_order_of_the_menu() -> None:
    """README calls it the list of all pages."""
    menu = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n", 1)[1]
    groups = re.findall(r"(?m)^  - ([\w ]+):", menu)
    assert groups == ["Home", "Tutorial", "How to", "Reference", "Explanation", "Operations"]
    pages = re.findall(r": (\w+\.md)$", menu, re.MULTILINE)
    assert sorted(pages) == sorted(path.name for path in (ROOT / "docs").glob("*.md"))
    listed = (ROOT / "docs" / "index.md").read_text(encoding="utf-8").split("## All pages", 1)[1]
    found = re.findall(r"\]\((\w+\.md)\)", listed)
    assert sorted(found) == sorted(set(pages) - {"index.md"})
    begins = [min(found.index(page) for page in re.findall(r": (\w+\.md)", part) if page in found)
              for part in re.split(r"(?m)^  - ", menu)[2:]]  # fmt: skip
    assert begins == sorted(begins)


def test_the_glossary_calls_figures_and_kinds_as_the_pages_do() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")][:2]
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    said = {word.strip(" *").lower() for row in rows for word in row[1].split(",")}
    figures = ("auc", "average_precision", "log_loss", "brier", "calibration_slope", "expected_over_observed")
    called = {METRICS[name][0] for name in figures} | {indonesian for indonesian, _ in KINDS.values()}
    assert {word for word in called if word.lower() not in said} == set()


def test_sizes_of_the_demo_that_the_docs_name_are_taken() -> None:
    texts = [page.read_text(encoding="utf-8") for page in (*PAGES, ROOT / "Makefile")]
    named = [int(count) for text in texts for count in re.findall(r"\bHOUSEHOLDS=(\d+)", text)]
    assert named
    assert min(named) >= demo.LEAST


def test_citation_is_valid_and_of_this_version() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    # What version 1.2.0 of the Citation File Format requires, and no key that it does not know.
    assert cited["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(cited)
    assert set(cited) <= {"cff-version", "message", "title", "abstract", "type", "authors", "version", "license",
                          "keywords", "date-released", "repository-code", "url", "doi"}  # fmt: skip
    assert all("name" in own or "family-names" in own for own in cited["authors"])
    assert (cited["version"], cited["license"], cited["title"]) == (project["version"], project["license"], "Jaga")


def test_every_command_is_told_on_a_page_that_is_written_by_hand(commands: dict[str, argparse.ArgumentParser]) -> None:
    """The generated list of commands says what each takes; some page must say when one wants it."""
    told = "\n".join(page.read_text(encoding="utf-8") for page in PAGES if page.name != "cli.md")
    assert {name for name in commands if not re.search(rf"\b{name}\b", told)} == set()


WORDS = {
    "--view": registry.VIEWS, "--language": LANGUAGES, "--kind": cohort.KINDS, "--certainty": scores.CERTAINTIES,
    "--by": scores.GROUPS,
}  # fmt: skip
"""Options of commands that start too lightly to import the words which they take."""


def test_options_offer_the_words_of_the_code(commands: dict[str, argparse.ArgumentParser]) -> None:
    found = set()
    for name, command in commands.items():
        for action in command._actions:
            for option in WORDS.keys() & set(action.option_strings) if action.choices else ():
                found.add(option)
                assert tuple(action.choices or ()) == tuple(WORDS[option]), f"{name} {option}"
    assert found == WORDS.keys()


def test_options_of_a_score_are_what_the_code_does_without_them(commands: dict[str, argparse.ArgumentParser]) -> None:
    given = commands["jaga score"].parse_args(["--input", "a", "--output", "b"])
    plain = batch.Request("a", "b")
    for name in ("chunk", "reasons", "limit_bad", "limit_refused", "headcounts", "work"):
        assert getattr(given, name) == getattr(plain, name), name
    assert given.reasons == reasons.SHOWN


def test_levels_of_risk_that_an_option_names_are_those_of_the_scores(
    commands: dict[str, argparse.ArgumentParser],
) -> None:
    told = next(a.help or "" for a in commands["jaga scores top"]._actions if "--band" in a.option_strings)
    assert f"level ({', '.join(scores.LEVELS)})" in told


def test_the_table_of_refusals_has_each_that_a_score_can_get_and_no_other() -> None:
    table = (
        (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8").partition("### Refusals")[2].partition("\n\n|")[2]
    )
    assert set(re.findall(r"(?m)^\| `(\w+)` \|", table.partition("\n\n")[0])) == set(score.REFUSALS)


def test_the_table_of_columns_has_those_of_a_score_row_in_order() -> None:
    """Named one by one, but for the rungs of the ladder, of which the first and the last stand for all."""
    page = (ROOT / "docs" / "scoring.md").read_text(encoding="utf-8")
    table, beside = (page.partition(f"### {name}")[2].partition("\n###")[0] for name in
                     ("Columns", "Facts beside the row"))  # fmt: skip
    told = [name for cell in re.findall(r"(?m)^\| ([^|]*`) ", table) for name in re.findall(r"`(\w+)`", cell)]
    between = {f"ladder_{rung}" for rung in RUNGS[1:-1]}
    assert told == [name for name in row.KEPT.names if name not in between]
    told = [name for cell in re.findall(r"(?m)^\| ([^|]*`) ", beside) for name in re.findall(r"`(\w+)`", cell)]
    assert told == shown.COLUMNS.names


def test_one_thing_has_one_name_among_the_options(commands: dict[str, argparse.ArgumentParser]) -> None:
    """An option that takes a file takes one everywhere, and what two options say alike is one option."""
    names: dict[str, set[str]] = {}
    for name, command in commands.items():
        for action in command._actions:
            if "--json" in action.option_strings:
                assert action.metavar == "FILE", name
            if action.help and action.option_strings and not action.help.startswith("as for "):
                names.setdefault(action.help, set()).add(action.option_strings[-1].replace("--no-", "--"))
    assert {told: own for told, own in names.items() if len(own) > 1} == {}


def test_defaults_are_told_as_they_would_be_typed(generated: ModuleType) -> None:
    page = generated.pages()["cli.md"]
    assert "| `household regency` |" in page
    assert "exit code is 1 | `0.0` |" in page
    assert not re.search(r"\| `(\[.*\]|None|False|)` \|$", page, re.MULTILINE)


def test_the_picture_of_a_family_shows_both_kinds_of_reasons_and_none_in_part() -> None:
    pictures = script("pictures")
    raises, lowers = {"contribution": 0.2}, {"contribution": -0.1}
    assert [pictures.both_ways({"reasons": own}) for own in ([raises, lowers], [raises], [lowers], [], None)] == [
        True, False, False, False, False]  # fmt: skip
    assert pictures.cut([], 100) == 100
    assert pictures.cut([(10, 100), (100, 120)], 100) == 100
    assert pictures.cut([(10, 40), (50, 120.5), (110, 140), (141, 160)], 100) == 140
