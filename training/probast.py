"""The risk-of-bias sheet: the 20 signalling questions of PROBAST, each answered from the figures of a judged model.

Wolff and others 2019, 'PROBAST: a tool to assess the risk of bias and applicability of prediction model studies',
Annals of Internal Medicine 170(1). An answer is pass, fail or unknown, with the figure that decides; what no figure
can tell is unknown and stays so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Answer = Literal["pass", "fail", "unknown"]
EVENTS_PER_FEATURE = 10
"""Falls for each candidate feature that PROBAST asks for of a developed model (4.1); judged ones 100 (4.1)."""
JUDGED_EVENTS = 100
FEWEST_A_FEATURE, FEWEST_JUDGED = 1, 50
"""Below these it fails; between them and what is asked the penalty of both learners may or may not suffice: unknown."""
LOST = 0.5
"""Share of rows not seen again beyond which who stays may decide what is found."""


@dataclass(frozen=True, slots=True)
class Item:
    """One signalling question: its number and text, the answer and why."""

    number: str
    question: str
    answer: Answer
    why: str


def sheet(result: Mapping[str, Any], schema: Mapping[str, Any], protected: tuple[str, ...] = ()) -> list[Item]:
    """All 20 items of a judged model.

    Parameters
    ----------
    result : what `jaga evaluate --json` writes. schema : of the bundle: view, features, known_until, refit.
    protected : protected features there are, none of which may be in the model.
    """
    return [Item(number, question, *answer(result, schema, protected)) for number, question, answer in _ITEMS]


def _pass_if(held: bool, why: str) -> tuple[Answer, str]:
    return ("pass" if held else "fail"), why


Facts = Mapping[str, Any]


def _source(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    if result.get("synthetic"):
        return "unknown", "synthetic families: no register or survey was sampled"
    return "unknown", f"source {result.get('source')}: whether its sample stands for the register scored is not in it"


def _cohort(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    own = result["cohort"]
    return _pass_if(own["rows"] > 0, f"every row not poor at the origin with a known outcome: {own['rows']:,} judged")


def _alike(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    own = result.get("counts") or {}
    quarantined = sum(one["quarantined"] for one in own.values())
    rows = sum(one["rows"] for one in own.values())
    return _pass_if(True, f"one contract and one set of functions for all rows; {quarantined:,} of {rows:,} refused")


def _blind_predictors(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    return _pass_if(True, "known-at filter on every table: nothing known after the origin is seen, nor the outcome")


def _available(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    from features import registry

    view = schema.get("view", result.get("view"))
    known = {feature.name for feature in registry.select(view, protected=True)} if view else set()
    strange = [name for name in schema.get("features", ()) if name not in known]
    return _pass_if(not strange, f"all features are in the {view} view" if not strange else
                    f"not in the {view} view: {', '.join(strange)}")  # fmt: skip


def _outcome(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    if result.get("synthetic"):
        return "pass", "welfare under the line of place and period, measured with the survey's error"
    line = "the line given with the data" if result.get("line") is None else f"a line of {result['line']:g}"
    return "unknown", f"welfare under {line}; its error of measurement is not known"


def _standard(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    return _pass_if(result["horizon"] >= 1, f"poor {result['horizon']} periods later, fixed before the fit")


def _apart(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    auc = result["models"]["jaga"]["auc"]["value"]
    view = schema.get("view", result.get("view"))
    leak = view == "registry" and auc is not None and auc > 0.90
    return _pass_if(not leak, f"AUC {auc} on the {view} view; above .90 on a register a leak is taken for granted")


def _same_for_all(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    return _pass_if(True, "one function reads the outcome of every row")


def _blind_outcome(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    if result.get("synthetic") or result.get("source") == "eph":
        return "pass", "measured by a survey that knows no score"
    return "unknown", "whether outcomes were looked for where the score was high is not in the data"


def _interval(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    return _pass_if(True, f"{result['horizon']} periods for every row, embargo of the same length before the test")


def _enough(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    train, judged = result.get("train") or {}, result["cohort"]["events"]
    features = len(schema.get("features") or train.get("features") or ())
    each = train.get("events", 0) / features if features else 0.0
    why = (f"{each:.1f} falls a feature in training ({EVENTS_PER_FEATURE} asked, of fits without a penalty), {judged} "
           f"judged ({JUDGED_EVENTS} asked)")  # fmt: skip
    if each >= EVENTS_PER_FEATURE and judged >= JUDGED_EVENTS:
        return "pass", why
    return ("fail" if each < FEWEST_A_FEATURE or judged < FEWEST_JUDGED else "unknown"), why


def _handled(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    return _pass_if(True, "numbers stay numbers (up to 64 bins of the training rows), categories keep their codes")


def _all_in(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    own = result["cohort"]
    lost, whole = own.get("censored") or 0, own["rows"] + (own.get("censored") or 0)
    share = lost / whole if whole else 1.0
    if result.get("source") == "eph":
        return "unknown", f"{100 * share:.0f} % not seen again, most by the rotation's design; weights stand for them"
    return _pass_if(share <= LOST, f"{100 * share:.0f} % of rows at risk not seen again ({100 * LOST:.0f} % at most); "
                    "weights stand for them")  # fmt: skip


def _missing(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    return _pass_if(True, "missing is a value of its own in both learners; nothing is filled in, no row dropped for it")


def _no_univariate(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    return _pass_if(True, "every feature of the view that varies is used; none is chosen by its own figure")


def _complex(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    unit = (result.get("bootstrap") or {}).get("unit")
    return _pass_if(unit == "cluster", f"folds and bootstrap by {unit}; censoring by weights")


def _measured(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    own = result["models"]["jaga"]
    wanted = ("auc", "calibration_slope", "expected_over_observed")
    lacking = [name for name in wanted if own[name]["low"] is None]
    return _pass_if(not lacking, "order and calibration with intervals" if not lacking else
                    f"no interval for {', '.join(lacking)}")  # fmt: skip


def _optimism(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    slope = result["models"]["jaga"]["calibration_slope"]
    if slope["value"] is None:
        return "fail", "no calibration slope on held-out rows"
    right = slope["value"] >= 0.8 or (slope["high"] or 0) >= 1
    why = f"judged out of time on other clusters; slope {slope['value']:.2f} there (1: no optimism)"
    return _pass_if(right, why)


def _weights(result: Facts, schema: Facts, protected: tuple[str, ...]) -> tuple[Answer, str]:
    mine = [name for name in schema.get("features", ()) if name in protected]
    if mine:
        return "fail", f"protected features in the model: {', '.join(mine)}"
    if schema.get("refit"):
        return "unknown", "fitted again on all rows after judging: the figures are of the model before"
    return "pass", "the file that is served is the model that was judged, equal to its parts within 1e-9"


_ITEMS = (
    ("1.1", "Were appropriate data sources used?", _source),
    ("1.2", "Were all inclusions and exclusions of participants appropriate?", _cohort),
    ("2.1", "Were predictors defined and assessed in a similar way for all participants?", _alike),
    ("2.2", "Were predictor assessments made without knowledge of outcome data?", _blind_predictors),
    ("2.3", "Are all predictors available at the time the model is intended to be used?", _available),
    ("3.1", "Was the outcome determined appropriately?", _outcome),
    ("3.2", "Was a prespecified or standard outcome definition used?", _standard),
    ("3.3", "Were predictors excluded from the outcome definition?", _apart),
    ("3.4", "Was the outcome defined and determined in a similar way for all participants?", _same_for_all),
    ("3.5", "Was the outcome determined without knowledge of predictor information?", _blind_outcome),
    ("3.6", "Was the time interval between predictor assessment and outcome determination appropriate?", _interval),
    ("4.1", "Were there a reasonable number of participants with the outcome?", _enough),
    ("4.2", "Were continuous and categorical predictors handled appropriately?", _handled),
    ("4.3", "Were all enrolled participants included in the analysis?", _all_in),
    ("4.4", "Were participants with missing data handled appropriately?", _missing),
    ("4.5", "Was selection of predictors based on univariable analysis avoided?", _no_univariate),
    ("4.6", "Were complexities in the data accounted for appropriately?", _complex),
    ("4.7", "Were relevant model performance measures evaluated appropriately?", _measured),
    ("4.8", "Were model overfitting, underfitting, and optimism in model performance accounted for?", _optimism),
    ("4.9", "Do predictors and their assigned weights in the final model correspond to the results from the reported "
            "multivariable analysis?", _weights),
)  # fmt: skip
