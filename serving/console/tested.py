"""What the test of a model found, out of 100: its quality, lists of a size, and what was told against what came."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from models import drawn
from models.words import BUDGETS, MODELS, word
from serving.champion import Loaded
from serving.console import formats
from serving.console.strings import Strings

USUAL = 10
"""Size that is told where no list is known."""


def result(loaded: Loaded) -> dict[str, Any]:
    """The figures of the model's test, as they lie beside the bundle; empty where they do not."""
    try:
        found = json.loads((loaded.bundle.path / "meta.json").read_text(encoding="utf-8")).get("result")
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def nearest(share: float | None) -> int:
    """The size that a share of families to list is nearest to."""
    return USUAL if share is None else min(BUDGETS, key=lambda size: abs(size - 100 * share))


def quality(own: Mapping[str, Any], cohort: Mapping[str, Any] | None, size: int, say: Strings) -> list[str]:
    """The figures of the test as sentences out of 100, each with its range, and how many fell; one without a range is
    left out."""
    caught, right, balance, order = (_ranged(own.get(name)) for name in (
        f"recall_at_{size}", f"precision_at_{size}", "expected_over_observed", "auc"))  # fmt: skip
    lines = []
    if caught and caught["span"]:
        missed = _missed(caught)
        text = (
            say.say("model.quality.caught", k=size, **caught) + ", " + say.say("model.quality.missed", **missed) + "."
        )
        if cohort:
            text += " " + say.say("model.quality.events", n=formats.number(cohort["events"], say.language))
        lines.append(text)
    others = (("listed", right), ("balance", balance), ("order", order))
    return lines + [say.say(f"model.quality.{name}", **one) + "." for name, one in others if one and one["span"]]


def rules(tested: Mapping[str, Any], size: int, say: Strings) -> list[dict[str, Any]]:
    """The model beside the rules an office could use without it, on lists of one size."""
    rows = []
    for name, own in (tested.get("models") or {}).items():
        caught, right = (_ranged(own.get(f"{name}_at_{size}")) for name in ("recall", "precision"))
        if caught and right:
            rows.append({"name": word(MODELS, name, say.language), "own": name == "jaga", "caught": caught,
                         "missed": _missed(caught), "right": right})  # fmt: skip
    return rows


def _missed(caught: Mapping[str, Any]) -> dict[str, Any]:
    """The others of a hundred who fall, as of `_ranged`."""
    ends = [str(100 - int(end)) for end in reversed(caught["span"].split("-")) if end]
    return {"p": 100 - caught["p"], "span": "-".join(ends)}


def _ranged(found: Any) -> dict[str, Any] | None:
    """A share and the ends of its interval out of 100, `span` empty where it has none; None without a share."""
    value = figure({"": found}, "")
    if value is None:
        return None
    low, high = (figure(found, end) if isinstance(found, dict) else None for end in ("low", "high"))
    span = "" if low is None or high is None else f"{formats.percent(low)}-{formats.percent(high)}"
    return {"p": formats.percent(value), "span": span}


def reliability(home: Path, tested: Mapping[str, Any], say: Strings) -> dict[str, Any]:
    """What was told against what came: a picture, a row for each group of the families, and one row as a sentence.

    The sentence is of the group with the most falls. Empty where the test did not keep it.
    """
    known = [row for row in tested.get("reliability") or []
             if row.get("observed") is not None and row["model"] == "jaga"]  # fmt: skip
    rows = [_bin(row, say) for row in sorted(known, key=lambda row: row["predicted"])]
    if not rows:
        return {"rows": [], "sentence": "", "picture": ""}
    most = max(rows, key=lambda row: int(row["events"]))
    svg = drawn.picture(home, "reliability", known, say.language) or ""
    return {"rows": rows, "picture": Markup(svg),  # noqa: S704 - drawn by ourselves, of numbers alone
            "sentence": say.say("model.reliable.sentence", told=most["told"], p=most["p"],
                                span=most["span"])}  # fmt: skip


def _bin(row: Mapping[str, Any], say: Strings) -> dict[str, Any]:
    low, high = formats.percent(row["least"]), formats.percent(row["most"])
    return {"told": formats.out_of(low, say.language) if low == high else f"{low}-{high}",
            "mean": formats.out_of(formats.percent(row["predicted"]), say.language),
            "p": formats.out_of(formats.percent(row["observed"]), say.language),
            "span": f"{formats.percent(row['low'])}-{formats.percent(row['high'])}",
            "rows": row["rows"], "events": row["events"]}  # fmt: skip


def figure(own: Mapping[str, Any], name: str) -> float | None:
    """A figure, with or without its interval."""
    found = own.get(name)
    value = found.get("value") if isinstance(found, dict) else found
    return float(value) if isinstance(value, int | float) else None


def promotions(record: Sequence[Mapping[str, Any]], most: int = 5) -> list[dict[str, Any]]:
    """The newest entries of the promotion record: when, by whom, which bundle, and which gates were accepted."""
    return [{"when": entry["when"], "who": entry["who"], "bundle": str(entry["bundle"])[:12],
             "back": entry["action"] == "rollback",
             "accepted": sum(not gate["passed"] for gate in entry["gates"].values())}
            for entry in reversed(record[-most:])]  # fmt: skip
