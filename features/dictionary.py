"""The dictionary of features: every column, what it says, where it comes from and what may be done with it."""

# ruff: noqa: T201 - this is a command of the terminal
from __future__ import annotations

import argparse
import json
import math
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features import answer_file
from features.commands import Commands

if TYPE_CHECKING:
    from features.registry import Feature

VIEWS = ("survey", "registry")
_WIDTH = 110


def register(commands: Commands) -> None:
    """Add the command `jaga features list`."""
    commands.add("features list", help="print the dictionary of features", configure=_options, run=_list)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--view", choices=VIEWS, help="only the features of this view (all where not given)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the dictionary here too")


def _list(args: argparse.Namespace) -> int:
    from features import registry

    chosen = [f for f in registry.all_features() if args.view in (None, *f.views)]
    print("\n".join(lines(chosen)))
    answer_file.write(args.json, json.dumps({"features": [entry(f) for f in chosen]}, indent=1) + "\n")
    return 0


def entry(feature: Feature) -> dict[str, Any]:
    """One feature as plain values; an open end of its range is None."""
    return {
        "name": feature.name, "doc": feature.doc, "family": feature.family, "unit": feature.unit,
        "low": feature.low if math.isfinite(feature.low) else None,
        "high": feature.high if math.isfinite(feature.high) else None,
        "choices": list(feature.choices), "inputs": list(feature.inputs), "views": list(feature.views),
        "lag": feature.lag, "protected": feature.protected, "contestable": feature.contestable,
        "reason": feature.reason,
    }  # fmt: skip


def lines(features: list[Feature]) -> list[str]:
    """The dictionary as text: families in turn, then counts."""
    told: list[str] = []
    family = ""
    for feature in features:
        if feature.family != family:
            family = feature.family
            told += ["", family.upper()] if told else [family.upper()]
        told += _told(feature)
    counts = ", ".join(f"{sum(view in f.views for f in features)} in the {view} view" for view in VIEWS)
    protected = sum(f.protected for f in features)
    return [*told, "", f"{len(features)} features: {counts}; {protected} protected (for the audit alone)"]


def _told(feature: Feature) -> list[str]:
    marks = [" and ".join(feature.views) if len(feature.views) < len(VIEWS) else "",
             "protected" if feature.protected else "", "" if feature.contestable else "not contestable",
             f"known {feature.lag} periods later" if feature.lag else "",
             f"told as {feature.reason}" if feature.reason else "not told"]  # fmt: skip
    facts = "; ".join([_range(feature), *(mark for mark in marks if mark), f"from {', '.join(feature.inputs)}"])
    return [f"  {feature.name}", *textwrap.wrap(feature.doc, _WIDTH, initial_indent="    ", subsequent_indent="    "),
            *textwrap.wrap(facts, _WIDTH, initial_indent="    ", subsequent_indent="      ")]  # fmt: skip


def _range(feature: Feature) -> str:
    if feature.choices:
        return f"one of {', '.join(feature.choices)}"
    low, high = (f"{value:,g}" if math.isfinite(value) else "no limit" for value in (feature.low, feature.high))
    return f"{feature.unit}, {low} to {high}"
