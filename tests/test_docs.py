"""The docs agree with the code: generated pages, commands, options, targets and links."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.conftest import StartServer

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")
TICKED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
SHELL = ("", "sh", "bash", "console")


def lines_of(page: Path) -> Iterator[str]:
    """Shell lines of a page's code blocks, continued lines joined, prompt and environment folder taken off."""
    for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
        if language in SHELL:
            for line in block.replace("\\\n", " ").splitlines():
                yield line.strip().removeprefix("$ ").removeprefix(".venv/bin/")


def ticked(page: Path) -> Iterator[str]:
    """What stands between backticks in the running text of a page."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    yield from (found.removeprefix(".venv/bin/") for found in TICKED.findall(text))


def words(line: str) -> list[str]:
    """Words of the first command of a line: up to a pipe, a redirection or the next command."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    taken: list[str] = []
    for word in lexer:
        if set(word) <= set("|&;<>"):
            break
        taken.append(word)
    return taken


def _code(tree: argparse.ArgumentParser, arguments: list[str]) -> int | str | None:
    """Exit code of reading these arguments; the command itself is not run."""
    try:
        tree.parse_args(arguments)
    except SystemExit as end:
        return end.code
    return 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_jaga_line_in_a_code_block_would_parse(
    page: Path, command_tree: argparse.ArgumentParser, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in lines_of(page):
        if line.split()[:1] != ["jaga"]:
            continue
        assert _code(command_tree, words(line)[1:]) == 0, f"{page.name}: {line}: {capsys.readouterr().err}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_jaga_command_in_the_text_exists(page: Path, commands: dict[str, argparse.ArgumentParser]) -> None:
    groups = {name.rsplit(" ", 1)[0] for name in commands}
    for text in ticked(page):
        parts = text.split()
        if parts[:1] != ["jaga"] or text == "jaga" or parts[1].isupper() or parts[1].startswith("-"):
            continue
        name = " ".join(parts[:3]) if " ".join(parts[:2]) in groups - {"jaga"} else " ".join(parts[:2])
        assert name in commands or name in groups, f"{page.name}: {text}"
        options = {part.split("=")[0] for part in parts if part.startswith("--")}
        known = set(commands[name]._option_string_actions) if name in commands else set()
        assert options <= known, f"{page.name}: {text}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_in_the_docs_exists(page: Path) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text()))
    said = [line for line in (*lines_of(page), *ticked(page)) if line.split()[:1] == ["make"]]
    for line in said:
        named = [word for word in words(line)[1:] if "=" not in word and not word.startswith("-")]
        assert set(named) <= targets, f"{page.name}: {line}"


def test_help_lists_every_target() -> None:
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = re.findall(r"(?m)^\.PHONY: ([\w-]+)$", (ROOT / "Makefile").read_text())
    assert [line.split()[1] for line in listed.splitlines()] == phony


def test_readme_names_the_two_commands_first() -> None:
    first = FENCE.search((ROOT / "README.md").read_text())
    assert first is not None
    assert first[2].split("\n")[:2] == ["make demo", "make test"]


def test_generated_pages_are_up_to_date(generated: ModuleType) -> None:
    for name, text in generated.pages().items():
        assert (ROOT / "docs" / name).read_text(encoding="utf-8") == text, f"run make docs: docs/{name} is out of date"


def test_docs_build_strictly_and_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    pages = sorted(tmp_path.glob("*.html"))
    assert {page.stem for page in PAGES[1:]} <= {page.stem for page in pages}
    assert not list(tmp_path.glob("*.py"))
    loads = re.compile(r"<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)=\"((?:https?:)?//[^\"]+)")
    for file in [*pages, *tmp_path.rglob("*.css")]:
        text = file.read_text(encoding="utf-8")
        assert not loads.findall(text), file.name
        assert not re.findall(r"url\([\"']?(?:https?:)?//", text), file.name


@pytest.mark.browser
def test_docs_open_in_a_browser_without_errors_or_strangers(
    tmp_path: Path, free_port: int, start_server: StartServer, browser: Browser
) -> None:
    site = tmp_path / "site"
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(site)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    command = [sys.executable, "-m", "http.server", str(free_port), "--bind", "127.0.0.1", "--directory", str(site)]
    server = start_server(command, free_port, ready="/index.html")
    page = browser.new_page(viewport={"width": 360, "height": 640})
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    for name in ("index", "architecture", "contract", "features", "cli"):
        page.goto(f"{server.url}/{name}.html", wait_until="networkidle")
        assert page.locator("h1").count() == 1, name
    page.close()
    assert not wrong
    assert all(url.startswith((server.url, "data:")) for url in asked), asked


@pytest.mark.parametrize("page", ["scale.md", "scoring.md"])
def test_every_figure_of_speed_memory_and_disk_says_whether_it_was_measured(page: str) -> None:
    text = FENCE.sub("", (ROOT / "docs" / page).read_text(encoding="utf-8"))
    figure = re.compile(r"(?<![\w.])[.\d][\d.,]* (GiB|GB|MB|kB|ms|s|min|minutes|hours|(families|rows) a second)\b")
    pieces = [piece for piece in re.split(r"\n\n|\n(?=- |\| )", text) if figure.search(piece)]
    assert pieces
    for piece in pieces:
        assert re.search(r"measured|extrapolated", piece, re.IGNORECASE), piece


def test_every_term_of_the_glossary_has_a_name_and_a_meaning_in_both_languages() -> None:
    rows = [line for line in (ROOT / "docs" / "glossary.md").read_text().splitlines() if line.startswith("| ")]
    assert len(rows) > 40
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 4, row
        assert all(cells), f"a term without a meaning in both languages: {row}"


TERMS = ("ablation", "anchor", "arm", "basis", "burn-in", "certainty", "challenger", "champion", "cluster", "door",
         "drift", "embargo", "evidence", "gate", "hazard", "level", "oracle", "origin", "PMT", "PROBAST", "quarantine",
         "seal", "soft label", "spell", "take-up", "view")  # fmt: skip
"""Words of the docs that mean something of their own here, or are of a trade that a reader may not be of."""


@pytest.mark.parametrize("term", TERMS)
def test_a_word_of_the_trade_has_a_row_in_the_glossary_and_is_used(term: str) -> None:
    glossary = ROOT / "docs" / "glossary.md"
    rows = [line.split("|")[1] for line in glossary.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    assert any(re.search(rf"\b{term}\b", name) for name in rows)
    others = (page.read_text(encoding="utf-8") for page in PAGES if page != glossary)
    assert any(re.search(rf"\b{term}s?\b", text) for text in others), f"no page uses {term!r}"
