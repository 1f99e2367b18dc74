"""The report and the JSON of an evaluation: complete, valid, self-contained, honest where a figure is missing."""

from __future__ import annotations

import copy
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from models.words import METRICS
from tests.training.judged import as_json, evaluated
from training import figures, report, terminal
from training.metrics import NAMES

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "docs/schema/evaluate.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def found():
    return evaluated()


@pytest.fixture
def result():
    return as_json()


def page(found, result):
    weights = found.test.weight() * found.test.meta["follow_up_weight"]
    return report.render(result, found.scores, found.test.poor_next, weights)


def closed(schema: Any) -> Any:
    """The schema with no room for keys it does not describe."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    own = {key: closed(part) for key, part in schema.items()}
    if "properties" in own and "allOf" not in own and "description" in own:
        own.setdefault("additionalProperties", False)
    return own


def test_the_schema_is_one_and_describes_every_key():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def walk(part: Any, path: str) -> None:
        if isinstance(part, dict):
            for name, own in part.get("properties", {}).items():
                assert own.get("description") or "$ref" in own, f"{path}.{name}"
            for name, own in part.items():
                walk(own, f"{path}.{name}")

    walk(SCHEMA, "")


def test_a_real_result_is_valid_and_holds_no_key_that_is_not_described(result):
    jsonschema.validate(result, SCHEMA)
    strict = closed(SCHEMA)
    # The judged rows extend the group of every part, so their keys are joined before they are closed.
    group = strict["$defs"]["group"]
    cohort = strict["properties"]["cohort"]
    strict["properties"]["cohort"] = group | {"properties": group["properties"] | cohort["properties"],
                                              "required": cohort["required"]}  # fmt: skip
    jsonschema.validate(result, strict)
    assert set(result["models"]["jaga"]) == set(NAMES) == set(SCHEMA["$defs"]["figures"]["properties"])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda r: r.pop("cohort"),
        lambda r: r["models"].pop("jaga"),
        lambda r: r["models"]["jaga"]["auc"].pop("low"),
        lambda r: r["models"]["jaga"]["auc"].update(value="0.7"),
        lambda r: r["kinds"].pop("relapse"),
        lambda r: r.update(schema="jaga.evaluate/2"),
        lambda r: r.update(test_from="last year"),
        lambda r: r["cohort"].update(events=-1),
    ],
)
def test_a_spoilt_result_is_refused(result, spoil):
    spoilt = copy.deepcopy(result)
    spoil(spoilt)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoilt, SCHEMA)


class Reader(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += f" {data}"


def read(html):
    reader = Reader()
    reader.feed(html)
    return reader


def test_the_page_stands_alone_and_has_no_script(found, result):
    html = page(found, result)
    reader = read(html)
    tags = {tag for tag, _ in reader.tags}
    assert not tags & {"script", "link", "img", "iframe", "object"}
    assert not re.findall(r"url\(|@import", html)
    for _, attributes in reader.tags:
        assert not {"src", "href", "style"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    assert re.findall(r"https?://[^\"\s<]+", html) == ["http://www.w3.org/2000/svg"] * html.count("<svg")
    assert html.lstrip().startswith("<!doctype html>")


def test_the_page_tells_all_that_was_asked(found, result):
    text = " ".join(read(page(found, result)).text.split()).replace("\N{NO-BREAK SPACE}", " ")
    told = {metric: any(own[metric]["value"] is not None for own in result["models"].values()) for metric in NAMES}
    assert told["recall_at_10"]
    assert not told["recall_at_budget"]
    for metric in NAMES:
        assert (METRICS[metric][1].replace("\N{NO-BREAK SPACE}", " ") in text) == told[metric], metric
    assert "Budget: no list of a sum of money, none was given (--budget SUM --benefit PER_FAMILY)." in text
    for words in ("Relapse", "First entry", "Unknown history", "2 quarters", "Embargoed", "Censored",
                  "Rows at the door", "Near the line", "How to read this", "Limits", "Paired differences",
                  "Risk is not effect",
                  figures.answer(result), f"{result['cohort']['rows']:,}", result["test_from"]):  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize(("kind", "number", "words", "last"), [
    ("grouped cross-validation", 5, "grouped cross-validation, 5 folds of whole clusters", "the last of 5 folds"),
    ("rolling origin", 3, "rolling origin, 3 windows", "the last of 3 windows"),
])  # fmt: skip
def test_report_and_terminal_tell_the_design_and_which_model_the_training_rows_are_of(
    found, result, capsys, kind, number, words, last
):
    result |= {"design": kind, "splits": result["splits"] * number}
    text = " ".join(read(page(found, result)).text.split())
    terminal.tell(result)
    for told in (text, capsys.readouterr().out):
        assert words in told
        assert last in told
    assert ("Judged from " + result["test_from"] in text) == (kind == "rolling origin"), "no first judged origin"


def test_one_window_is_not_called_the_last_of_several(found, result):
    assert len(result["splits"]) == 1
    assert "the last of" not in page(found, result)


def test_the_same_input_gives_the_same_text(found, result):
    assert page(found, result) == page(found, result)


def test_of_many_methods_lines_are_drawn_of_jaga_the_strongest_baseline_and_a_rule(result):
    """Ten lines over each other tell nothing; each of them has its row in the tables."""
    rng = np.random.default_rng(1)
    y, names = rng.integers(0, 2, 200).astype(float), ["jaga", "xgboost", "welfare_rank", "welfare_rule", "catboost"]
    own = result | {
        "models": {name: {"average_precision": {"value": 0.5 + (name == "catboost") / 4}} for name in names},
        "differences": {name: {} for name in names[1:]},
    }
    assert report._lines(own, dict.fromkeys(names, y)) == ["jaga", "welfare_rule", "catboost"]
    assert report._lines(own, dict.fromkeys(names[1:], y)) == names[1:]
    assert report._lines(own, dict.fromkeys(names[:4], y)) == names[:4]
    drawn = report.figures(result | {"differences": own["differences"], "models": own["models"]},
                           {name: rng.random(200) for name in names}, y, np.ones(200))[0]  # fmt: skip
    for figure in (one for one in drawn if one["name"] in report.LINED):
        assert "XGBoost" not in figure["svg"]
        assert figure["about"].endswith("The other methods are in the tables.")


def test_synthetic_and_foreign_panels_are_called_so(found, result):
    note = "These figures test the method, not Indonesian accuracy."
    foreign = page(found, result | {"source": "eph", "place": "Argentina"})
    assert note in foreign
    assert "DATA SINTETIS" not in foreign
    synthetic = page(found, result | {"synthetic": True, "place": "Indonesia"})
    assert '<span lang="id">DATA SINTETIS</span> / synthetic data' in synthetic
    assert note in synthetic
    own = page(found, result | {"source": "contract", "place": None})
    assert note not in own
    assert "These figures hold for the panel that was judged alone." in own
    home = page(found, result | {"place": "Indonesia"})
    assert note not in home
    assert "DATA SINTETIS" not in home


def test_a_figure_that_is_null_tells_how_few_the_falls_are(found, result):
    odd = copy.deepcopy(result)
    part = odd["kinds"]["relapse"]
    part["cohort"] |= {"rows": 0, "events": 0, "households": 0, "rate": None}
    for group in (part["models"], part["differences"]):
        for own in group.values():
            own.update({name: {"value": None, "low": None, "high": None} for name in own})
    jsonschema.validate(odd, SCHEMA)
    assert "too few falls (0)" in page(found, odd)


def test_what_is_empty_says_why(found, result):
    assert result["ladder"] is not None
    assert set(result["reason"]) == {"months"}
    gone = result | {"ladder": None, "reason": {"ladder": "no rung", "downgrade": "no other", "welfare": "no welfare"}}
    gone["outcomes"] = {"downgrade": None}
    gone["worth"] = result["worth"] | {"welfare": "short"}
    html = page(found, gone)
    for words in ("Not told: no rung.", "Not told: no other.", "Welfare: not told, no welfare."):
        assert words in html, words


def test_months_one_period_ahead_are_not_told_twice_as_falls_caught(found, result):
    assert result["horizon"] == 1
    assert all(own["months_at_10"]["value"] is None for own in result["models"].values())
    html = page(found, result)
    assert "Months: not told, one period ahead they are the falls themselves" in html
    assert METRICS["months_at_10"][1] not in html


def test_a_fitted_bundle_judged_alone_has_a_report_too(found, result):
    alone = copy.deepcopy(result) | {"train": None, "chosen": None, "bundle": "0123456789ab"}
    for part in (alone, *alone["kinds"].values(), *alone["bands"].values()):
        part["differences"] = {}
        part["models"] = {"jaga": part["models"]["jaga"]}
    jsonschema.validate(alone, SCHEMA)
    weights = found.test.weight()
    html = report.render(alone, {"jaga": found.scores["jaga"]}, found.test.poor_next, weights)
    assert "0123456789ab" in html
    assert "Paired differences" not in html


def test_no_rows_and_scores_that_are_not_numbers_still_give_a_page(found, result):
    empty = {name: np.empty(0) for name in found.scores}
    html = report.render(result, empty, np.empty(0), np.empty(0))
    assert "No data to draw" not in html
    assert html.count(": not drawn, no score has a value.") == 4  # the other two are drawn from the figures
    few = copy.deepcopy(result) | {"reliability": []}
    few["cohort"] |= {"events": 5, "too_few": True}
    assert "Predicted and observed falls: not drawn, too few falls (5)." in page(found, few)
    gone = {name: np.where(np.arange(len(p)) % 7 == 0, np.nan, p) for name, p in found.scores.items()}
    html = report.render(result, gone, found.test.poor_next, found.test.weight())
    assert "NaN" not in html


def test_text_from_the_data_is_escaped(found, result):
    assert "<b>O'Brien" not in page(found, result | {"source": "<b>O'Brien"})


def summary(value, low, high):
    return {"value": value, "low": low, "high": high}


def small_result(own, other, difference):
    return {"cohort": {"events": 30}, "models": {"jaga": {"recall_at_10": summary(own, 0.4, 0.5)},
                                                 "welfare_rule": {"recall_at_10": summary(other, 0.3, 0.4)}},
            "differences": {"welfare_rule": {"recall_at_10": difference}}}  # fmt: skip


def test_the_answer_is_one_sentence_with_both_figures_and_the_difference():
    result = small_result(0.45, 0.38, summary(0.07, 0.05, 0.09))
    assert figures.answer(result) == ("Jaga catches 45 of 100 falls in the top tenth of the list; the 1.0-1.5 rule 38; "
                                      "difference 7 (5 to 9).")  # fmt: skip
    assert figures.answer(result, "id") == ("Jaga menjaring 45 dari 100 kejadian jatuh dalam sepersepuluh teratas "
                                            "daftar; aturan 1,0-1,5 38; selisih 7 (5 sampai 9).")  # fmt: skip


def test_the_answer_says_undecided_where_the_interval_holds_zero():
    result = small_result(0.40, 0.38, summary(0.02, -0.03, 0.05))
    assert figures.answer(result).endswith("difference 2 (-3 to 5), undecided which is better.")
    assert "belum dapat diputuskan" in figures.answer(result, "id")


def test_the_answer_names_the_strongest_baseline_on_that_figure_beside_the_rule_in_use():
    result = small_result(0.37, 0.22, summary(0.15, 0.1, 0.2))
    for name, value in (("catboost", 0.38), ("logistic", 0.378)):
        result["models"][name] = {"recall_at_10": summary(value, 0.3, 0.4)}
        result["differences"][name] = {"recall_at_10": summary(0.37 - value, -0.04, 0.02)}
    assert figures.answer(result) == (
        "Jaga catches 37 of 100 falls in the top tenth of the list; CatBoost, the strongest baseline on this, 38; "
        "difference -1 (-4 to 2), undecided which is better; the 1.0-1.5 rule 22; difference 15 (10 to 20)."
    )
    assert "CatBoost, pembanding terkuat dalam hal ini, 38; selisih -1 (-4 sampai 2)" in figures.answer(result, "id")
    result["models"]["welfare_rule"]["recall_at_10"]["value"] = 0.39
    assert figures.answer(result).count("the strongest baseline") == 1
    assert "CatBoost" not in figures.answer(result)


def test_rounding_never_breaks_the_sum_nor_hides_the_side_of_zero():
    broken_sum = small_result(0.336, 0.214, summary(0.122, 0.09, 0.16))
    assert "33.6 of 100" in figures.answer(broken_sum)
    hidden = small_result(0.45, 0.40, summary(0.05, 0.003, 0.09))
    assert figures.answer(hidden).endswith("difference 5.0 (0.3 to 9.0).")


def test_no_answer_is_made_up_where_there_is_none():
    assert figures.answer(small_result(None, None, summary(None, None, None))) == (
        "No answer yet: 30 falls among the judged rows.")  # fmt: skip


def test_the_strongest_by_average_precision_is_compared_on_average_precision():
    def figures_of(value):
        return {"average_precision": {"value": value, "low": value - 0.02, "high": value + 0.02}}

    gap = {"average_precision": {"value": -0.013, "low": -0.03, "high": 0.001}}
    result = {"models": {"jaga": figures_of(0.221), "catboost": figures_of(0.234), "logistic": figures_of(0.2)},
              "differences": {"catboost": gap, "logistic": gap}}  # fmt: skip
    assert figures.strongest_beside(result) == (
        "CatBoost 0.234, Jaga 0.221; difference -0.013 (-0.030 to 0.001), undecided which is better")  # fmt: skip
    gap["average_precision"]["high"] = -0.001
    assert figures.strongest_beside(result).endswith("Jaga is worse")
    assert figures.strongest_beside({"models": result["models"], "differences": {}}) is None


@pytest.mark.parametrize(
    ("metric", "low", "high", "expected"),
    [("auc", 0.01, 0.02, "better"), ("auc", -0.02, -0.01, "worse"), ("log_loss", -0.02, -0.01, "better"),
     ("log_loss", 0.01, 0.02, "worse"), ("auc", -0.01, 0.02, "undecided"), ("brier", 0.0, 0.02, "undecided"),
     ("auc", None, None, "undecided")],
)  # fmt: skip
def test_a_difference_is_judged_by_its_interval_and_the_direction_of_the_metric(metric, low, high, expected):
    assert figures.verdict(summary(0.0, low, high), metric) == expected


@pytest.mark.browser
def test_the_page_fits_a_phone_and_a_desk(found, result, browser, tmp_path):
    file = tmp_path / "report.html"
    file.write_text(page(found, result | {"synthetic": True}), encoding="utf-8")
    for width in (360, 1100, 1280):
        view = browser.new_page(viewport={"width": width, "height": 640}, java_script_enabled=True)
        view.goto(file.as_uri())
        assert view.evaluate("document.documentElement.scrollWidth") <= width
        wide = view.evaluate(
            "[...document.querySelectorAll('figure')].filter(f => f.scrollWidth > f.clientWidth).length"
        )
        assert wide == 0
        # What is wider than the page scrolls inside its own box, with the names of its rows in sight.
        boxes = "[...document.querySelectorAll('table')].filter(t => !t.closest('.scroll')).length"
        assert view.evaluate(boxes) == 0
        assert view.locator("p.answer").bounding_box()["y"] < 640
        view.close()
