"""Chances in the report of `jaga evaluate`: of the rungs, in intervals, and against the truth of synthetic families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models.words import METRICS, MODELS, word
from training.figures import count, decimal, figure, interval, span, verdict


def ladder(found: Mapping[str, Any] | None, frequency: str | None) -> dict[str, Any] | None:
    """Chances of the rungs beside what was seen, their scores beside the transitions, and falls within the horizon."""
    if not found:
        return None

    def share(summary: Mapping[str, Any]) -> tuple[str, str]:
        return figure(summary, "recall_", None), interval(summary, "recall_")

    heads = [("log_loss", "Log-loss"), ("ranked_probability_score", "Ranked probability score")]
    scores = [(title, [*((figure(own[key], key, None), interval(own[key], key)) for own in found["models"].values()),
                       (figure(found["differences"][key], key, None), interval(found["differences"][key], key),
                        verdict(found["differences"][key], "log_loss"))]) for key, title in heads]  # fmt: skip
    within = [(f"within {span(one['periods'], frequency)}",
               [(figure(one[key], key, one["events"]), interval(one[key], key))
                for key in ("auc", "log_loss", "expected_over_observed")] + [(count(one["events"]), "")])
              for one in found["within"] or []]  # fmt: skip
    rungs = [(name.replace("_", " "), [share(own["told"]), share(own["seen"])]) for name, own in
             found["rungs"].items()]  # fmt: skip
    known = found.get("known_rows", found["rows"])
    return {
        "rows": count(found["rows"]),
        "unknown": count(found["rows"] - known) if known < found["rows"] else "",
        "known": count(known),
        "lines": found["extreme_lines"],
        "rungs": {"head": ["Mean chance told", "Seen"], "rows": rungs},
        "scores": {"head": ["Jaga", "Transitions", "Jaga minus transitions"], "rows": scores},
        "within": {"head": ["AUC", "Log-loss", "Expected over observed", "Fell"], "rows": within},
    }


def coverage(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """How often intervals hold the risk of families that look alike, and the true risk, by fifth."""
    truths = {"view": "Risk of families that look like this", "latent": "Risk given the hidden state"}
    own = {truths[name]: found[name] for name in truths if found.get(name)} if found else {}
    if not found or not own:
        return None

    def share(summary: Mapping[str, Any]) -> tuple[str, str]:
        return figure(summary, "recall_", None), interval(summary, "recall_")

    rows = [("All", [share(one["coverage"]) for one in own.values()])]
    fifths = next(iter(own.values()))["fifths"]
    for n, fifth in enumerate(fifths):
        title = (
            f"Fifth {n + 1}, risk {decimal(100 * fifth['risk'], 1)} %, width {decimal(100 * fifth['width'], 1)} points"
        )
        rows.append((title, [share(one["fifths"][n]["coverage"]) for one in own.values()]))
    return {"view": truths["view"] in own, "latent": truths["latent"] in own,
            "level": f"{decimal(100 * found['level'], 0)} %", "width": decimal(100 * found["width"]["value"], 1),
            "table": {"head": list(own), "rows": rows}}  # fmt: skip


def oracle(found: Mapping[str, Any] | None, names: Sequence[str]) -> dict[str, Any] | None:
    """What the true risk of synthetic families says: the ceilings by metrics (`names`), each model's share of them, and
    the fifths."""
    if not found:
        return None
    if not found["latent"]:
        return {"reason": found["reason"]}
    view, agreed = found["view"], found["agreement"] or {"correlation": None, "fifths": []}
    heads = ["True risk", *(["Best of the features"] if view else [])]
    tops = [found["latent"], *([view["figures"]] if view else [])]
    shares = [found["share"], *([view["share"]] if view else [])]
    agree = {"Jaga": agreed["correlation"], "Best of the features": view and view["correlation"]}
    figures = [(word(METRICS, name, "en"), _cells([top.get(name) for top in tops], name)) for name in names]
    reached = [(word(MODELS, name, "en"), _cells([own[name] for own in shares], "share")) for name in found["share"]]
    agreeing = [(name, _cells([own], "share")) for name, own in agree.items() if own]
    return {
        "reason": None,
        "learnt": view and [count(view["rows"]), *(f"{decimal(100 * view[key], 2)} %" for key in ("told", "true"))],
        "tables": [
            ("Figures of the ceilings", {"head": heads, "rows": figures}),
            ("Share of their lift over chance", {"head": heads, "rows": reached}),
            ("Correlation", {"head": ["With the true risk"], "rows": agreeing}),
        ],
        "fifths": [[count(one["rows"]), *(f"{decimal(100 * one[key], 2)} %" for key in
                                          ("predicted", "true", "observed"))] for one in agreed["fifths"]],
    }  # fmt: skip


def _cells(summaries: list[Any], metric: str) -> list[tuple[str, str]]:
    return [(figure(own, metric, None), interval(own, metric)) for own in summaries]
