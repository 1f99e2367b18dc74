"""The feature registry: what each column means, where it comes from and what may be done with it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from features.columns import Columns
from features.types import Array

View = Literal["survey", "registry"]
VIEWS: tuple[View, ...] = ("survey", "registry")
FAMILIES = ("household", "work", "automation", "history", "place")


def own_row(c: Columns) -> Array:
    """Day on which the family's latest row became known, N."""
    return c.now(c["known_at"])


@dataclass(frozen=True, slots=True)
class Feature:
    """One column of the feature frame.

    Parameters
    ----------
    name, doc : column name and dictionary entry (the function's own name and docstring).
    make : pure, vectorised function of `Columns`, N values.
    family : one of `FAMILIES`.
    unit, low, high : unit and inclusive range; a value outside refuses the household.
    choices : labels of the codes of a categorical feature, in order; empty for a number.
    inputs : raw columns it reads.
    views : views that have it: `survey` (welfare measured), `registry` (not).
    whole_past : reads more of the household than its two latest rows, as far back as `features.frame.WINDOW`.
    lag : periods between the event and the day a register knows it.
    protected : kept out of the fit and of the reasons, used by the audit.
    contestable : whether a family can object to the fact.
    reason : key of the words that tell it to a family; None is told only among "other factors".
    known : day on which the fact that it tells became known, N: of what was published, that of the figure, of several
        the last one's, NaT where there is none; else that of the family's latest row.
    """

    name: str
    doc: str
    make: Callable[[Columns], Array]
    family: str
    unit: str
    low: float
    high: float
    choices: tuple[str, ...]
    inputs: tuple[str, ...]
    views: tuple[View, ...]
    whole_past: bool
    lag: int
    protected: bool
    contestable: bool
    reason: str | None
    known: Callable[[Columns], Array] = own_row


_FEATURES: dict[str, Feature] = {}


def feature(
    family: str,
    unit: str,
    *,
    inputs: tuple[str, ...],
    low: float = 0,
    high: float = np.inf,
    choices: tuple[str, ...] = (),
    views: tuple[View, ...] = VIEWS,
    whole_past: bool = False,
    lag: int = 0,
    protected: bool = False,
    contestable: bool = True,
    reason: str | None = None,
    known: Callable[[Columns], Array] = own_row,
) -> Callable[[Callable[[Columns], Array]], Callable[[Columns], Array]]:
    """Register a function as the feature of its own name; see `Feature` for the parameters."""
    if family not in FAMILIES:
        raise ValueError(f"{family} is no family of features; use one of {', '.join(FAMILIES)}")

    def register(make: Callable[[Columns], Array]) -> Callable[[Columns], Array]:
        name = make.__name__
        if name in _FEATURES:
            raise ValueError(f"feature {name} is there already")
        least, most = (0.0, float(len(choices) - 1)) if choices else (float(low), float(high))
        _FEATURES[name] = Feature(
            name, inspect.cleandoc(make.__doc__ or ""), make, family, unit, least, most, choices, inputs, views,
            whole_past, lag, protected, contestable, reason, known,
        )  # fmt: skip
        return make

    return register


def all_features() -> tuple[Feature, ...]:
    """Every registered feature, by family and name: the same order whichever module was imported first."""
    from features import automation, changes, history, household, place, work  # noqa: F401 - registers them

    return tuple(sorted(_FEATURES.values(), key=lambda f: (FAMILIES.index(f.family), f.name)))


def select(view: View, *, protected: bool = False) -> tuple[Feature, ...]:
    """Features of a view; protected ones only when asked for (the audit)."""
    return tuple(f for f in all_features() if view in f.views and (protected or not f.protected))
