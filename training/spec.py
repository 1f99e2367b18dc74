"""The spec of a flat table: a TOML file that says what its columns mean."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from features import plain_toml
from features.commands import UserError, closest

MADE = "history_"
"""Start of the names of features that are made from a table's earlier rows (`training.table.HISTORY`)."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What the columns of a table mean: the keys of the TOML file.

    Attributes
    ----------
    household : column with the household's code. outcome : 1 poor `horizon` periods later, 0 not, empty not known.
    period : the origin. cluster : what must stay together in a split. weight : survey weight.
    poor_now : 1 poor at the origin, left out of the rows at risk. ever_poor : 1 known to have been poor before.
    welfare, welfare_next : welfare at the origin and when the outcome was seen; the latter teaches, it is no feature.
    Without it that of the household's own later row (`training.derived`).
    line : poverty line in units of `welfare`; None: the figure that poor_now tells, else 1.
    horizon : periods of the table between origin and outcome.
    numeric, categorical : the features. protected : features that no model is given (sex, disability, religion ...).
    """

    household: str
    outcome: str
    period: str | None = None
    cluster: str | None = None
    weight: str | None = None
    poor_now: str | None = None
    ever_poor: str | None = None
    welfare: str | None = None
    welfare_next: str | None = None
    line: float | None = None
    horizon: int = 1
    numeric: tuple[str, ...] = field(default=())
    categorical: tuple[str, ...] = field(default=())
    protected: tuple[str, ...] = field(default=())

    @property
    def features(self) -> tuple[str, ...]:
        """Columns that the models are given, in the order of the file."""
        return tuple(name for name in (*self.numeric, *self.categorical) if name not in self.protected)

    def columns(self) -> list[str]:
        """Every column the file names, once."""
        keys = (self.household, self.outcome, self.period, self.cluster, self.weight, self.poor_now, self.ever_poor,
                self.welfare, self.welfare_next)  # fmt: skip
        return list(dict.fromkeys([*(key for key in keys if key), *self.numeric, *self.categorical, *self.protected]))


def read_spec(path: Path) -> Spec:
    """The spec in a TOML file; UserError names the key and the rule."""
    if not path.is_file():
        raise UserError(f"no spec {path}")
    try:
        found = plain_toml.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(f"{path} is not TOML: {error}") from None
    known = [one.name for one in fields(Spec)]
    for key in found:
        if key not in known:
            raise UserError(f"{path}: key {key!r} is not known{closest(key, known)}; known: {', '.join(known)}")
    for key in ("household", "outcome"):
        if key not in found:
            raise UserError(f"{path}: key {key!r} is missing; it names a column of the table")
    spec = Spec(**{key: _typed(path, key, value) for key, value in found.items()})
    _check(path, spec)
    return spec


def _typed(path: Path, key: str, value: Any) -> Any:
    wanted = get_type_hints(Spec)[key]
    if wanted == tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise UserError(f"{path}: {key} must be a list of column names, got {value!r}")
        return tuple(value)
    if key == "line":
        if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
            raise UserError(f"{path}: line must be a number above 0, got {value!r}")
        return float(value)
    if key == "horizon":
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise UserError(f"{path}: horizon must be a whole number of periods, at least 1, got {value!r}")
        return value
    if not isinstance(value, str) or not value:
        raise UserError(f"{path}: {key} must be the name of a column, got {value!r}")
    return value


def _check(path: Path, spec: Spec) -> None:
    listed = [*spec.numeric, *spec.categorical]
    twice = sorted({name for name in listed if listed.count(name) > 1})
    if twice:
        raise UserError(f"{path}: {', '.join(twice)} is listed twice among numeric and categorical")
    for key in ("outcome", "welfare_next"):
        name = getattr(spec, key)
        if name and name in listed:
            raise UserError(f"{path}: {name} is the {key} column and stands among the features; what happens after "
                            "the origin cannot foretell it")  # fmt: skip
    made = [name for name in listed if name.startswith(MADE)]
    if made:
        raise UserError(f"{path}: {', '.join(made)}: names that begin with {MADE} are those of the history made from "
                        "the table's own rows; rename the column")  # fmt: skip
    if spec.household in listed:
        raise UserError(f"{path}: {spec.household} names households; it cannot be a feature")
    if not spec.features:
        raise UserError(f"{path}: no feature is left; list columns under numeric or categorical")
