"""The risk-of-bias sheet: the 20 signalling questions of PROBAST, each answered from the figures of a judged model.

Wolff and others 2019, 'PROBAST: a tool to assess the risk of bias and applicability of prediction model studies',
Annals of Internal Medicine 170(1). An answer is pass, fail or unknown, with the figure that decides; what no figure
can tell is unknown and stays so. Questions and reasons in words are in `templates/probast.{id,en}.json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from models.words import Language
from training.figures import decimal

Answer = Literal["pass", "fail", "unknown"]
EVENTS_PER_FEATURE = 10
"""Falls for each candidate feature that PROBAST asks for of a developed model (4.1); judged ones 100 (4.1)."""
JUDGED_EVENTS = 100
FEWEST_A_FEATURE, FEWEST_JUDGED = 1, 50
"""Below these it fails; between them and what is asked the penalty of both learners may or may not suffice: unknown."""
LOST = 0.5
"""Share of rows not seen again beyond which who stays may decide what is found."""
ALARM = 0.90
"""AUC on the registry view above which a leak is taken for granted."""

Facts = Mapping[str, Any]
Said = dict[str, str | int | tuple[float, int]]
Found = tuple[Answer, str, Said]
"""An answer, the key of its reason, and what stands in it: texts, counts, and numbers with their decimals."""


@dataclass(frozen=True, slots=True)
class Item:
    """One signalling question: its number and text, the answer and why."""

    number: str
    question: str
    answer: Answer
    why: str


def sheet(result: Facts, schema: Facts, protected: tuple[str, ...] = (), language: Language = "en") -> list[Item]:
    """All 20 items of a judged model.

    Parameters
    ----------
    result : what `jaga evaluate --json` writes. schema : of the bundle: view, features, known_until, refit.
    protected : protected features there are, none of which may be in the model. language : of the words.
    """
    text, items = _text(language), []
    for number, decide in _ITEMS.items():
        answer, key, said = decide(result, schema, protected)
        words = {name: _shown(value, language) for name, value in said.items()}
        items.append(Item(number, text["questions"][number], answer, text["why"][key].format(**words)))
    return items


@cache
def _text(language: Language) -> dict[str, dict[str, str]]:
    path = Path(__file__).parent / "templates" / f"probast.{language}.json"
    found: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _shown(value: str | int | tuple[float, int], language: Language) -> str:
    if isinstance(value, str):
        return value
    return decimal(*value, language) if isinstance(value, tuple) else decimal(value, 0, language)


def _if(held: bool, key: str, said: Said | None = None, otherwise: str | None = None) -> Found:
    return ("pass" if held else "fail"), key if held else otherwise or key, said or {}


def _source(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    if result.get("synthetic"):
        return "unknown", "source_synthetic", {}
    return "unknown", "source", {"source": str(result.get("source"))}


def _cohort(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    rows = int(result["cohort"]["rows"])
    return _if(rows > 0, "cohort", {"rows": rows})


def _alike(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    own = result.get("counts") or {}
    refused, rows = (sum(int(one[name]) for one in own.values()) for name in ("quarantined", "rows"))
    return _if(True, "alike", {"refused": refused, "rows": rows})


def _blind_predictors(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    return _if(True, "blind_predictors")


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
    horizon = int(result["horizon"])
    return _if(horizon >= 1, "standard", {"horizon": horizon})


def _apart(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    auc, view = result["models"]["jaga"]["auc"]["value"], schema.get("view", result.get("view"))
    leak = view == "registry" and auc is not None and auc > ALARM
    shown: str | tuple[float, int] = "-" if auc is None else (auc, 3)
    return _if(not leak, "apart", {"auc": shown, "view": str(view), "alarm": (ALARM, 2)})


def _same_for_all(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    return _if(True, "same_for_all")


def _blind_outcome(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    if result.get("synthetic") or result.get("source") == "eph":
        return "pass", "blind_outcome", {}
    return "unknown", "maybe_blind_outcome", {}


def _interval(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    return _if(True, "interval", {"horizon": int(result["horizon"])})


def _enough(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    train, judged = result.get("train") or {}, int(result["cohort"]["events"])
    features = len(schema.get("features") or train.get("features") or ())
    each = train.get("events", 0) / features if features else 0.0
    said: Said = {"each": (each, 1), "asked": EVENTS_PER_FEATURE, "judged": judged, "wanted": JUDGED_EVENTS}
    if each >= EVENTS_PER_FEATURE and judged >= JUDGED_EVENTS:
        return "pass", "enough", said
    return ("fail" if each < FEWEST_A_FEATURE or judged < FEWEST_JUDGED else "unknown"), "enough", said


def _handled(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    return _if(True, "handled", {"bins": 64})


def _all_in(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    own = result["cohort"]
    lost, whole = own.get("censored") or 0, own["rows"] + (own.get("censored") or 0)
    share = lost / whole if whole else 1.0
    said: Said = {"lost": (100 * share, 0), "most": (100 * LOST, 0)}
    return ("unknown", "rotation", said) if result.get("source") == "eph" else _if(share <= LOST, "all_in", said)


def _missing(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    return _if(True, "missing")


def _no_univariate(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    return _if(True, "no_univariate")


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
    return _if(slope["value"] >= 0.8 or (slope["high"] or 0) >= 1, "optimism", {"slope": (slope["value"], 2)})


def _weights(result: Facts, schema: Facts, protected: tuple[str, ...]) -> Found:
    mine = [name for name in schema.get("features", ()) if name in protected]
    if mine:
        return "fail", "protected", {"names": ", ".join(mine)}
    return ("unknown", "refit", {}) if schema.get("refit") else ("pass", "weights", {"gap": "1e-9"})


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
