"""The risk-of-bias sheet: the 20 signalling questions of PROBAST, each answered from the figures of a judged model.

Wolff and others 2019, 'PROBAST: a tool to assess the risk of bias and applicability of prediction model studies',
Annals of Internal Medicine 170(1). An answer is pass, fail or unknown, with the figure that decides. What no figure of
the run decides a person has to answer, in a file that is kept with the name; a figure that fails no person overrules.
Questions and reasons in words are in `templates/probast.{id,en}.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features import plain_toml
from features.commands import UserError
from models.words import Language
from training.limits import ALARM, TOLERANCE, Answer, calibrated, few_clusters
from training.sentences import Value, read, shown

EVENTS_PER_FEATURE = 10
"""Falls for each candidate feature that PROBAST asks for of a developed model (4.1); judged ones 100 (4.1)."""
JUDGED_EVENTS = 100
FEWEST_A_FEATURE, FEWEST_JUDGED = 1, 50
"""Below these it fails; between them and what is asked the penalty of both learners may or may not suffice: unknown."""
LOST = 0.5
"""Share of rows not seen again beyond which who stays may decide what is found."""
REFUSED = 0.05
"""Share of rows that the contract refused up to which all rows count as measured alike; beyond it a person looks."""
NEAR = 0.8
"""Correlation of the log-odds from which a model fitted again on more rows counts as the one judged: it explains two
thirds of it; models that two samples of the same families taught are that near or nearer."""
DAYS = 365.25

Facts = Mapping[str, Any]
Said = dict[str, Value]
Found = tuple[Answer, str, Said]
"""An answer, the key of its reason, and what stands in it."""


@dataclass(frozen=True, slots=True)
class Item:
    """One signalling question: its number and text, the answer and why; `who` answered, empty: the figures did."""

    number: str
    question: str
    answer: Answer
    why: str
    who: str = ""


def sheet(result: Facts, schema: Facts, protected: tuple[str, ...] = (), language: Language = "en") -> list[Item]:
    """All 20 items of a judged model.

    Parameters
    ----------
    result : what `jaga evaluate --json` writes, and under `answers` what a person answered. schema : of the bundle:
        view, features, known_until, refit.
    protected : protected features there are, none of which may be in the model. language : of the words.
    """
    text, items, given = read("probast", language), [], result.get("answers") or {}
    for number, decide in _ITEMS.items():
        answer, key, said = decide(result, schema, protected)
        words = {name: shown(value, language, text["words"]) for name, value in said.items()}
        why, by = text["why"][key].format(**words), given.get("items", {}).get(number)
        if by and answer != "fail":
            why = f"{given['who']}: {by['why']} ({why})"
            items.append(Item(number, text["questions"][number], by["answer"], why, given["who"]))
            continue
        items.append(Item(number, text["questions"][number], answer, why))
    return items


def answers(path: Path) -> dict[str, Any]:
    """A person's answers from a TOML file: `who`, and by number of the question a table of `answer` and `why`.

    Returns
    -------
    who, and items: number to answer (pass or fail) and why.

    Raises
    ------
    UserError : the file cannot be read, or an entry breaks a rule; it names the question and the rule.
    """
    try:
        read = plain_toml.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UserError(f"{path}: {error}") from None
    who, items = str(read.pop("who", "")).strip(), {}
    if not who:
        raise UserError(f"{path}: who: name and office of the person who answers are needed")
    for number, own in read.items():
        if number not in _ITEMS:
            raise UserError(f'{path}: {number}: no such question; write ["1.1"]; questions: {", ".join(_ITEMS)}')
        if not isinstance(own, dict) or own.get("answer") not in ("pass", "fail"):
            raise UserError(f'{path}: {number}: answer: "pass" or "fail" is needed')
        if not str(own.get("why", "")).strip():
            raise UserError(f"{path}: {number}: why: a reason in words is needed")
        items[number] = {"answer": own["answer"], "why": str(own["why"]).strip()}
    if not items:
        raise UserError(f'{path}: no question is answered; write ["1.1"] and under it answer and why')
    return {"who": who, "items": items}


def _if(held: bool, key: str, said: Said | None = None, otherwise: str | None = None) -> Found:
    return ("pass" if held else "fail"), key if held else otherwise or key, said or {}


def _source(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    if result.get("synthetic"):
        return "unknown", "source_synthetic", {}
    return "unknown", "source", {"source": str(result.get("source"))}


def _cohort(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    # Who is in follows from the definition of the cohort, always; whether it is the right one no figure tells.
    return "unknown", "cohort", {"rows": int(result["cohort"]["rows"])}


def _alike(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    own, units = result.get("counts") or {}, _checks(result).get("units")
    refused, rows = (sum(int(one[name]) for one in own.values()) for name in ("quarantined", "rows"))
    if not rows or units is None:
        return _ask()
    said: Said = {"refused": (100 * refused / rows, 1), "rows": rows, "most": (100 * REFUSED, 0),
                  "units": [*units]}  # fmt: skip
    return ("pass" if refused <= REFUSED * rows and len(units) <= 1 else "unknown"), "alike", said


def _blind_predictors(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    late = _checks(result).get("known_late")
    return _ask() if late is None else _if(late == 0, "blind_predictors", {"late": late})


def _checks(result: Facts) -> Facts:
    """What the run showed of itself (`training.checks`); empty where a result does not hold it."""
    return result.get("checks") or {}


def _ask() -> Found:
    return "unknown", "ask", {}


def _available(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    from features import registry

    view = schema.get("view", result.get("view"))
    known = {feature.name for feature in registry.select(view, protected=True)} if view else set()
    strange = [name for name in schema.get("features", ()) if name not in known]
    return _if(not strange, "available", {"view": str(view), "names": ", ".join(strange)}, "not_available")


def _outcome(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    if result.get("synthetic"):
        return "pass", "outcome_synthetic", {}
    line = result.get("line")
    if line is None:
        return "unknown", "outcome_given", {}
    return "unknown", "outcome", {"line": line if isinstance(line, str) else (line, _decimals(line))}


def _standard(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    return "unknown", "standard", {"horizon": int(result["horizon"])}


def _apart(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    auc, view = result["models"]["jaga"]["auc"]["value"], schema.get("view", result.get("view"))
    leak = auc is not None and auc > ALARM
    shown: str | tuple[float, int] = "-" if auc is None else (auc, 3)
    return _if(not leak, "apart", {"auc": shown, "view": str(view), "alarm": (ALARM, 2)})


def _same_for_all(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    own = _checks(result).get("outcome")
    if own is None:
        return _ask()
    said: Said = {"rows": own["rows"], "measured": own["measured"], "broken": own["broken"]}
    if own["broken"]:
        return "fail", "same_for_all", said
    return ("pass" if own["measured"] == own["rows"] else "unknown"), "same_for_all", said


def _blind_outcome(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    if result.get("synthetic") or result.get("source") == "eph":
        return "pass", "blind_outcome", {}
    return "unknown", "maybe_blind_outcome", {}


def _interval(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    own = _checks(result).get("interval")
    if own is None:
        return _ask()
    length = DAYS / own["periods_a_year"]
    said: Said = {"horizon": int(result["horizon"]), "least": own["least"], "most": own["most"], "late": own["late"]}
    return _if(own["late"] == 0 and own["least"] > 0 and own["most"] - own["least"] <= length, "interval", said)


def _enough(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    train, judged = result.get("train") or {}, int(result["cohort"]["events"])
    # Falls and features of one and the same model: the one that answers learned from more rows, and may read more.
    features = len(train.get("features") or schema.get("features") or ())
    each = train.get("events", 0) / features if features else 0.0
    said: Said = {"each": (each, 1), "asked": EVENTS_PER_FEATURE, "judged": judged, "wanted": JUDGED_EVENTS}
    if each >= EVENTS_PER_FEATURE and judged >= JUDGED_EVENTS:
        return "pass", "enough", said
    return ("fail" if each < FEWEST_A_FEATURE or judged < FEWEST_JUDGED else "unknown"), "enough", said


def _handled(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    own = _checks(result).get("binned")
    if own is None:
        return _ask()
    said: Said = {"numbers": own["numbers"], "bins": own["fewest"], "halved": ", ".join(own["halved"]) or "-"}
    return _if(not own["halved"], "handled", said)


def _all_in(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    own = result["cohort"]
    lost, whole = own.get("censored") or 0, own["rows"] + (own.get("censored") or 0)
    share = lost / whole if whole else 1.0
    said: Said = {"lost": (100 * share, 0), "most": (100 * LOST, 0)}
    return ("unknown", "rotation", said) if result.get("source") == "eph" else _if(share <= LOST, "all_in", said)


def _missing(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    own = _checks(result).get("missing")
    if own is None:
        return _ask()
    said: Said = {"share": (100 * own["share"], 1), "dropped": own["dropped"], "unscored": own["unscored"]}
    return _if(own["dropped"] == own["unscored"] == 0, "missing", said)


def _no_univariate(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    unused = _checks(result).get("unused")
    return _ask() if unused is None else _if(not unused, "no_univariate", {"names": ", ".join(unused) or "-"})


def _complex(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    unit = (result.get("bootstrap") or {}).get("unit")
    return _if(unit == "cluster", "complex", {"unit": str(unit)})


def _measured(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    own = result["models"]["jaga"]
    lacking = [name for name in ("auc", "calibration_slope", "expected_over_observed") if own[name]["low"] is None]
    return _if(not lacking, "measured", {"names": ", ".join(lacking)}, "not_measured")


def _optimism(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    slope = result["models"]["jaga"]["calibration_slope"]
    if slope["value"] is None:
        return "fail", "no_slope", {}
    answer = calibrated(slope)
    said: Said = {"slope": (slope["value"], 2)}
    if answer == "pass" and few_clusters(result["cohort"]):
        return "unknown", "optimism_clusters", {**said, "clusters": int(result["cohort"]["clusters"])}
    return answer, "optimism", said


def _weights(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    mine = [name for name in schema.get("features", ()) if name in protected]
    if mine:
        return "fail", "protected", {"names": ", ".join(mine)}
    if not schema.get("refit"):
        return "pass", "weights", {"gap": "1e-9"}
    own = result.get("refit") or {}
    if own.get("correlation") is None or own.get("balance") is None:
        return "unknown", "refit_unknown", {}
    said: Said = {"rows": int(own["rows"]), "correlation": (own["correlation"], 2), "balance": (own["balance"], 2)}
    near = own["correlation"] >= NEAR and TOLERANCE[0] <= own["balance"] <= TOLERANCE[1]
    return ("pass" if near else "unknown"), "refit", said


def _decimals(number: float) -> int:
    """Decimals that show a figure whole, six at most."""
    return len(f"{number:.6f}".rstrip("0").partition(".")[2])


_ITEMS = {
    "1.1": _source, "1.2": _cohort,
    "2.1": _alike, "2.2": _blind_predictors, "2.3": _available,
    "3.1": _outcome, "3.2": _standard, "3.3": _apart, "3.4": _same_for_all, "3.5": _blind_outcome, "3.6": _interval,
    "4.1": _enough, "4.2": _handled, "4.3": _all_in, "4.4": _missing, "4.5": _no_univariate, "4.6": _complex,
    "4.7": _measured, "4.8": _optimism, "4.9": _weights,
}  # fmt: skip
