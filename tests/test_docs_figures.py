"""Figures that pages written by hand take from a benchmark are those of the page that the benchmark writes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from benchmarks import _judged
from benchmarks._page.accuracy import PANELS
from tests.conftest import ROOT
from tests.test_docs import FENCE, PAGES

MADE = re.compile(r"<!-- Made ")
"""How a page begins that a command writes whole."""
BENCHMARKS = ROOT / "docs" / "benchmarks.md"
NUMBER = r"(?<![\w.,])(\d[\d,]*(?:\.\d+)?|\.\d+)"
UNIT = r"(GiB|MiB|GB|MB|kB|bytes|ms|s|min|h|families a second)(?![\w/])"
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


RESULTS = ROOT / "docs" / "results.md"
SIGNED = r"[-+]?\d*\.\d+"
BETWEEN = re.compile(rf"({SIGNED}) \(({SIGNED}) to ({SIGNED})\)")
"""A figure with its interval."""
HELD = (
    ("data_protection.md", r"ahead of a rank by desil.*?OPEN", "## synthetic", "welfare_rank", 3),
    ("evaluating.md", r"exposure to automation is undecided.*?History and", "## synthetic", "automation|household", 4),
)  # fmt: skip
"""Page, passage, section of the results, rows of its first table that has them, and how many figures are told."""


def test_a_figure_of_a_judgement_stands_in_the_results() -> None:
    results = RESULTS.read_text(encoding="utf-8")
    for name, passage, section, row, count in HELD:
        [text] = re.findall(passage, " ".join((ROOT / "docs" / name).read_text(encoding="utf-8").split()))
        there = results.partition(f"\n{section}")[2].partition("\n## ")[0]
        lines = [re.search(rf"(?m)^\| {own} \|.*$", there) for own in row.split("|")]
        found = [own for line in lines if line for own in BETWEEN.findall(line[0])]
        told = BETWEEN.findall(text)
        assert len(told) == count, f"{name}: {told}"
        for own in told:
            assert any(all(map(same, own, other)) for other in found), f"{name}: {own}, not in {found}"


def test_what_a_rank_by_welfare_leaves_is_told_as_the_results_have_it() -> None:
    told = re.search(r"own is ([\d.]+) % of log-loss and ([\d.]+) % of average precision pooled",
                     (ROOT / "docs" / "evaluating.md").read_text(encoding="utf-8"))  # fmt: skip
    row = re.search(r"(?m)^\| welfare_rank \|.*$", RESULTS.read_text(encoding="utf-8"))
    assert told
    assert row
    pooled = [cell.split()[0].lstrip("+-") for cell in row[0].strip("| ").split(" | ")[-2:]]
    assert all(map(same, told.groups(), pooled))


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


def test_a_table_that_no_command_repeats_is_kept_in_a_file_of_results() -> None:
    page = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8")
    kept = json.loads(_judged.ONCE.read_text(encoding="utf-8"))
    for name in ("moves_measured_and_true", "areas_where_nothing_changes"):
        own = kept[name]
        assert {"what", "known", "told_since", "seeds"} <= own.keys()
        assert own["command"] is None
        table = [f"| {' | '.join(row)} |" for row in (own["columns"], ["---"] * len(own["columns"]), *own["rows"])]
        assert "\n".join(table) in re.sub(r"(?m)^  \|", "|", page), name
    assert page.count("benchmarks/results/once.json") == 2


def test_no_figure_of_a_trial_that_no_command_repeats_stands_in_running_text() -> None:
    found: dict[str, set[str]] = {}
    for page in pages():
        for text in sentences(page):
            if re.search(r"\bmeasured\b.*\b(once|twice)\b|\b(once|twice)\b.*\bmeasured\b", text, re.IGNORECASE):
                figures = FIGURE.findall(RANGE.sub(r"\1 \3 to \2 \3", text))
                found.setdefault(page.name, set()).update(f"{figure} {unit}" for figure, unit in figures)
    assert {name: own for name, own in found.items() if own} == {}


POOLED = r"(?m)^\| {} \|.* \| (\S+ \(\S+ to \S+\)) \| (\S+ \(\S+ to \S+\)) \|$"
RULES, LEARNERS = ("last_status", "welfare_rank", "welfare_rule"), ("random_forest", "xgboost", "catboost")


def stands(names: Iterable[str], metric: str) -> str:
    """Where Jaga stands to all of these in the pooled figure: ahead, level or behind, by its interval."""
    page, found = RESULTS.read_text(encoding="utf-8"), set()
    for name in names:
        row = re.search(POOLED.format(name), page)
        assert row, name
        _, low, high = map(float, BETWEEN.findall(row[1 if metric == "log-loss" else 2])[0])
        less, more = ("ahead of", "behind") if metric == "log-loss" else ("behind", "ahead of")
        found.add(less if high < 0 else more if low > 0 else "level with")
    return found.pop() if len(found) == 1 else f"here {' and there '.join(sorted(found))}"


def test_what_the_readme_says_of_who_is_ahead_is_read_off_the_intervals() -> None:
    log_loss, order = "log-loss", "average precision"
    told = (f"So, pooled, in log-loss: {stands(RULES, log_loss)} every rule, a little {stands(LEARNERS, log_loss)} "
            f"learners tuned by eight trials each, {stands(['logistic'], log_loss)} a good logistic regression. In the "
            f"order alone (average precision): {stands(RULES, order)} the rules, "
            f"{stands([*LEARNERS, 'logistic'], order)} all learners.")  # fmt: skip
    assert told in " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())


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


SERVED = re.compile(r"(?m)^\| \*\*the model that answers\*\*.*$")
"""Row of the results that tells how often intervals of the model that answers held: overall, then by fifth."""
CLAIM = re.compile(
    r"(\d+) (?:of|dari) 10 .*?(?:at higher risk|pada risiko lebih tinggi) (?:in )?(?:about|sekitar) (\d+) "
)
"""How pages say it: of all ranges, and of those at higher risk."""


def test_how_often_a_range_held_is_told_of_the_model_that_answers() -> None:
    row = SERVED.search(RESULTS.read_text(encoding="utf-8"))
    assert row
    overall, *fifths = (float(cell.split()[0]) for cell in row[0].strip("| ").split(" | ")[1:])
    trial = " ".join((ROOT / "docs" / "evaluating.md").read_text(encoding="utf-8").split())
    assert f"lowest first, {' '.join(f'{fifth:.2f}'.lstrip('0') for fifth in fifths)}." in trial
    told = [f"{round(10 * overall)}", f"{round(10 * sum(fifths[2:]) / 3)}"]
    words = [json.loads((ROOT / "serving" / "console" / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
             for language in ("id", "en")]  # fmt: skip
    keys = ("risk.interval", "risk.interval.most", "risk.interval.least", "term.range.text")
    texts = [own[key] for own in words for key in keys]
    texts += [trial, *(" ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())
                       for page in ("explained.md", "glossary.md"))]  # fmt: skip
    for text in texts:
        found = CLAIM.findall(text)
        assert found, text
        assert all(list(own) == told for own in found), text
    held = re.search(r"(?m)^\| all \| \| .*\| (0\.\d+) \(.*$", RESULTS.read_text(encoding="utf-8"))
    assert held
    assert 0.4 < 1 - float(held[1]) < 0.5, "the risk given the hidden state lies outside for nearly half"
    for text in (*(own["term.range.text"] for own in words), *texts[-3:-1]):
        assert re.search("nearly half|hampir separuh", text), text


@pytest.mark.parametrize(("language", "one"), [("id", "satu dari dua puluh"), ("en", "one row in twenty")])
def test_as_many_groups_are_said_to_lie_outside_by_chance_as_the_level_of_their_ranges_leaves(language, one) -> None:
    words = json.loads((ROOT / "serving" / "console" / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    assert "95" in words["model.reliable.key"]
    assert one in words["model.reliable.note"], "100 - 95 of 100"


def out_of(page: str) -> set[tuple[str, str]]:
    """Number and moment of the rows of a page of moments that are out, those of many places aside."""
    rows = [line.strip("| \n").split(" | ") for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines()]
    return {(row[0], row[1]) for row in rows if len(row) > 8 and row[8].startswith("out") and " of " not in row[5]}


def test_every_moment_that_is_out_is_told_with_its_reason() -> None:
    section = (ROOT / "docs" / "generator.md").read_text(encoding="utf-8").split("## What is out, and why")[1]
    told = {number for found in re.findall(r"\((\d+b?(?:, \d+b?)*)\)", section.split("\n## ")[0])
            for number in found.split(", ")}  # fmt: skip
    first, long = out_of("synthetic.md"), out_of("synthetic_long.md")
    assert {number for number, _ in first | long} - told == set()
    drift = section.split("**Drift over fifteen years.**")[1].split("\n- ")[0]
    for number, moment in long - first:
        named = f"({number})" in drift
        assert named or number == "39", f"{number} {moment}: out from 2012 on alone, and not told as drift"


def test_what_gates_say_is_seen_of_slope_and_auc_is_what_the_results_hold() -> None:
    parts = re.split(r"(?m)^## ", RESULTS.read_text(encoding="utf-8"))
    everybody = [part.partition("### All at risk")[2] for part in parts]
    rows = [own for part in everybody for own in re.findall(r"(?m)^\| jaga \|.*$", part)[:1]]
    aucs, slopes = ([float(BETWEEN.findall(row)[at][0]) for row in rows] for at in (0, 4))
    page = " ".join((ROOT / "docs" / "evaluating.md").read_text(encoding="utf-8").split())
    told = re.search(r"the slope of Jaga is (\.\d+) to (\d\.\d+)", page)
    assert told
    assert [f"{min(slopes):.2f}".lstrip("0"), f"{max(slopes):.2f}"] == list(told.groups())
    most = f"{max(aucs):.2f}".lstrip("0")
    assert f"{most} a quarter ahead" in page
    assert f"more than {most}," in (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")


def test_depths_of_the_trees_are_told_beside_the_one_that_they_were_measured_beside() -> None:
    found = json.loads((ROOT / "benchmarks" / "results" / "tree_size.json").read_text(encoding="utf-8"))
    gaps = [own["log_loss_less_usual"] for own in found["depths"]]
    page = " ".join((ROOT / "docs" / "scoring.md").read_text(encoding="utf-8").split())
    told = re.search(r"differ from (\d) by less than (\.\d+) of log-loss, within noise", page)
    assert told
    assert int(told[1]) == found["usual"]
    assert all(abs(own["value"]) < float(told[2]) and own["low"] <= 0 <= own["high"] for own in gaps)


def test_how_much_of_the_change_the_back_cast_tells_follows_from_its_own_shares() -> None:
    lived = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8").split("## Back-cast")[1]
    rows = [line.strip("| ").split(" | ") for line in lived.splitlines() if re.match(r"\| 20\d\d \|", line)]
    shares = {(year, rung.split(" (")[0]): cells for year, rung, *cells in rows}
    page = (ROOT / "docs" / "simulation.md").read_text(encoding="utf-8").split("**The back-cast**")[1]
    rungs = {"middle and upper": "middle and upper class"}
    for rung in ("middle and upper", "aspiring", "vulnerable", "below the line"):
        [row] = re.findall(rf"(?m)^\| {rung} \|.*$", page)
        told = row.strip("| ").split(" | ")[-2:]
        begin, now = (shares[year, rungs.get(rung, rung)] for year in ("2019", "2024"))
        change = float(now[2]) - float(begin[2])
        parts = [(float(end.split()[0]) - float(begin[2])) / change for end in (now[1], now[0])]
        assert told == ["the wrong way" if part < 0 else f"{100 * part:.0f} %" for part in parts], rung
