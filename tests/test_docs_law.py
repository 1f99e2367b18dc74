"""The pages of law and threats agree with the code: what they name exists, and their tables leave nothing out."""

from __future__ import annotations

import argparse
import ast
import importlib
import re
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from features.contract import TABLES
from features.registry import all_features
from serving.access.rights import ACTS
from serving.app import build
from serving.champion import Champion
from serving.store import attempts, drafts, flows, once, schema, sessions, tidy
from serving.store.engine import open_store
from tests.test_docs import ROOT, ticked

PAGES = [ROOT / "docs" / name for name in ("data_protection.md", "law.md", "threats.md")]
PACKAGES = ("features", "models", "training", "serving")
ROUTE = re.compile(r"(?:(GET|POST) )?(/[a-z][\w/{}.-]*)")
each = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@cache
def defined_tests() -> frozenset[str]:
    found = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "tests").rglob("test_*.py"))
    return frozenset(node.name for tree in found for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def there(name: str) -> bool:
    """Whether a dotted name is a module, or a thing in one."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:end]))
        except ModuleNotFoundError:
            continue
        return all(hasattr(found, part) and (found := getattr(found, part)) for part in parts[end:])
    return False


def table(page: Path, head: str) -> list[list[str]]:
    """Cells of the rows of the table whose first line begins so."""
    lines = page.read_text(encoding="utf-8").split(f"| {head} |", 1)[1].splitlines()[2:]
    rows = []
    for line in lines:
        if not line.startswith("| "):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return rows


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@each
def test_every_test_that_is_named_is_there(page: Path) -> None:
    named = {text for text in ticked(page) if re.fullmatch(r"test_\w+", text)}
    assert named - defined_tests() == set()
    assert len(named) > 10, "the search finds nothing"


@each
def test_every_module_that_is_named_is_there(page: Path) -> None:
    named = {text for text in ticked(page) if text.split(".")[0] in PACKAGES and re.fullmatch(r"[\w.]+\w", text)}
    assert {text for text in named if not there(text)} == set()
    assert named, "the search finds nothing"


@each
def test_every_address_that_is_named_is_there(page: Path, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'jaga.sqlite'}")
    routes = build(Champion(tmp_path, None, lambda _: None), store).routes
    store.close()
    known = {
        (method, getattr(route, "path", "")) for route in routes for method in getattr(route, "methods", None) or ()
    }
    paths = {path for _, path in known}
    named = [found for text in ticked(page) if (found := ROUTE.fullmatch(text))]
    assert {text[0] for text in named if text[2] not in paths or (text[1] and (text[1], text[2]) not in known)} == set()
    assert named, "the search finds nothing"


def test_a_name_that_is_none_is_found_out() -> None:
    assert there("serving.access.rights.SCOPES")
    assert there("models.targeting")
    assert not there("serving.access.rights.NONE")
    assert not there("serving.nothing")
    assert "test_a_name_that_is_none_is_found_out" in defined_tests()


def read_by(column: str) -> str:
    """Which models read a column of a table, by the inputs that features declare."""
    readers = [feature for feature in all_features() if column in feature.inputs]
    views = {view for feature in readers if not feature.protected for view in feature.views}
    told = {frozenset(): "audit" if readers else "none", frozenset({"survey"}): "survey",
            frozenset({"registry"}): "register", frozenset({"survey", "registry"}): "register and survey"}  # fmt: skip
    return told[frozenset(views)]


@pytest.mark.parametrize("own", ["households", "members", "shocks"])
def test_every_column_of_a_family_is_told_once_with_who_reads_it(own: str) -> None:
    rows = table(PAGES[0], f"columns of `{own}`")
    told = Counter(column for row in rows for column in names(row[0]))
    assert told == Counter(field.name for field in TABLES[own].fields)
    for row in rows:
        for column in names(row[0]):
            assert row[1] == read_by(column), column
        assert all(row[2:4]), row


def test_every_table_of_the_database_is_told_with_when_it_goes(commands: dict[str, argparse.ArgumentParser]) -> None:
    assert commands["jaga db tidy"].get_default("draft_days") == tidy.DRAFT_DAYS
    rows = table(PAGES[0], "table")
    assert {name for row in rows for name in names(row[0])} == {own.name for own in schema.TABLES}
    goes = {name: row[2] for row in rows if "confirmed" not in row[0] for name in names(row[0])}
    hour, minute = timedelta(hours=1), timedelta(minutes=1)
    for name, told in (
        ("sessions", f"after {sessions.LONGEST // hour} hours"), ("flows", f"after {flows.LASTS // minute} minutes"),
        ("attempts", f"after {2 * (attempts.WINDOW + attempts.LOCK) // minute} minutes"),
        ("once", f"after {once.KEPT // hour} hours"), ("drafts", f"after {drafts.KEPT // minute} minutes"),
        ("lists", f"after {tidy.DRAFT_DAYS} days"),
    ):  # fmt: skip
        assert told in goes[name]
        assert "jaga db tidy" in goes[name]


def test_acts_that_are_named_are_acts() -> None:
    for row in table(PAGES[0], "who | sees"):
        for name in names(row[2]):
            assert name in ACTS or there(name) or name.startswith("/"), name


def test_open_fields_are_marked_until_somebody_fills_them_in() -> None:
    fields = table(PAGES[0], "OPEN field")
    assert len(fields) == 8
    assert all(row[1].startswith("OPEN: ") for row in fields)
