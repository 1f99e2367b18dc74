"""Figures that pages written by hand take from a benchmark are those of the page that the benchmark writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks._page.accuracy import PANELS
from tests.conftest import ROOT
from tests.test_docs import FENCE, PAGES

MADE = re.compile(r"<!-- Made ")
"""How a page begins that a command writes whole."""
BENCHMARKS = ROOT / "docs" / "benchmarks.md"
NUMBER = r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?|\.\d+)"
UNIT = r"(GiB|MiB|GB|MB|kB|ms|s|min|h|families a second)(?![\w/])"
FIGURE, RANGE = re.compile(f"{NUMBER} {UNIT}"), re.compile(f"{NUMBER} to {NUMBER} {UNIT}")
ELSEWHERE = re.compile(r"\b(once|twice|computed|extrapolate[sd]?|allowance|bar|under|limit)\b", re.IGNORECASE)
"""A sentence that says so speaks of a trial that no command repeats, of what follows from figures, or of a goal."""


def sentences(page: Path) -> Iterator[str]:
    """Sentences of a page's running text and lists, each on one line."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for piece in re.split(r"\n\n|\n(?=- |\| |\d\. )", text):
        yield from re.split(r"(?<=[.:;]) (?=[A-Z`\[(*]|measured)", " ".join(piece.split()))


def taken(text: str) -> list[tuple[str, str]]:
    """Figures, each with its unit, of a sentence that names the benchmarks or says that they were measured."""
    own = re.search(r"\bmeasured\b", text, re.IGNORECASE) and not ELSEWHERE.search(text)
    linked = "benchmarks.md" in text and not re.search(r"\bonce\b", text)
    return FIGURE.findall(RANGE.sub(r"\1 \3 to \2 \3", text)) if own or linked else []


def same(told: str, found: str) -> bool:
    """Whether a figure is another one, rounded as it is told: to its last decimal, or its last digit that is no 0."""
    plain = told.replace(",", "")
    step = 10.0 ** -len(plain.partition(".")[2]) if "." in plain else 10.0 ** (len(plain) - len(plain.rstrip("0")))
    return abs(float(found.replace(",", "")) - float(plain)) <= 0.5001 * step


def pages() -> list[Path]:
    return [page for page in PAGES if not MADE.match(page.read_text(encoding="utf-8"))]


def test_a_measured_figure_stands_in_what_a_benchmark_wrote() -> None:
    measured = FIGURE.findall(BENCHMARKS.read_text(encoding="utf-8"))
    rates = re.findall(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w.])", BENCHMARKS.read_text(encoding="utf-8"))
    looked, wrong = 0, []
    for page in pages():
        for text in sentences(page):
            for figure, unit in taken(text):
                looked += 1
                own = rates if unit == "families a second" else [value for value, name in measured if name == unit]
                if not any(same(figure, value) for value in own):
                    wrong.append(f"{page.name}: {figure} {unit}: {text}")
    assert looked >= 5
    assert not wrong, "\n".join(wrong)


def test_a_panel_is_said_to_be_judged_out_of_time_only_where_it_was() -> None:
    panels = json.loads((ROOT / "benchmarks" / "results" / "accuracy.json").read_text(encoding="utf-8"))["panels"]
    results = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    told = BENCHMARKS.read_text(encoding="utf-8")
    for name, label in PANELS.items():
        own = results.partition(f"\n## {panels[name]['title']}\n")[2].partition("\n## ")[0]
        assert f"{panels[name]['design']} in " in own
        assert f"{label}, judged {'out of time' if 'rolling origin in ' in own else 'on other clusters'}" in told


@pytest.mark.parametrize(
    ("told", "found", "agree"),
    [("3.5", "3.48", True), ("3.5", "3.44", False), ("460,000", "460,504", True), ("450,000", "460,504", False),
     ("28", "28", True), ("28", "29", False), ("1.0", "0.99", True), (".5", "0.5", True)],
)  # fmt: skip
def test_figures_are_compared_to_the_digits_that_are_told(told: str, found: str, agree: bool) -> None:
    assert same(told, found) == agree
