"""From a source to a panel: read, admit, build; what every training command starts with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from features import periods, registry, sources
from features.admit import Admitted, admit
from features.commands import UserError
from features.files import report_counts
from features.registry import View
from models.bundle import Bundle
from training import oracle
from training import panel as panels
from training.panel import Panel


@dataclass(frozen=True, slots=True)
class Prepared:
    """A panel, the admitted tables it was made from, and the facts that a report and a bundle tell of it.

    `truth` is where a synthetic folder keeps its true risks. Only the path is held: nothing that builds a feature or
    fits a model sees what is in it (`training.oracle`).
    """

    panel: Panel
    admitted: Admitted
    facts: dict[str, Any]
    truth: Path | None = None

    @property
    def lookback(self) -> int:
        """Periods of the declared look-back."""
        return int(self.facts["lookback"])


def prepare(
    source: str,
    path: Path,
    *,
    line: float | None = None,
    horizon: int | None = None,
    lookback: int | None = None,
    lag_days: int | None = None,
    burn_in: int | None = None,
    view: View | None = None,
    tell: Callable[[str], None] = print,
) -> Prepared:
    """Read and admit a source and build its panel; counts and what was built go to `tell`.

    Parameters
    ----------
    source : `eph`, `contract` or `synthetic`. path : its folder.
    line : relative poverty line where the source needs one. horizon : periods, one year without it.
    lookback : periods of look-back that tell first entry, see `default_lookback`.
    burn_in : first periods that are history only; the look-back without it, none of the rotating EPH.
    lag_days : publication lag; what the data show without it. view : the register's for a synthetic folder.
    """
    for name, value, least in (("horizon", horizon, 1), ("lookback", lookback, 1), ("burn-in", burn_in, 0)):
        if value is not None and value < least:
            raise UserError(f"--{name} {value}: at least {least} is needed")
    raw = sources.read(source, path, line=line, lag_days=lag_days if source == "eph" else None)
    admitted = admit(raw)
    del raw
    for text in report_counts(admitted):
        tell(text)
    view = view or ("registry" if source == "synthetic" else "survey")
    first = int(admitted.tables["households"]["period"][0])
    horizon = horizon or periods.per_year(first)
    lookback = lookback or default_lookback(source, first)
    if burn_in is None:
        burn_in = 0 if source == "eph" else lookback
    tell(f"features of the {view} view, origin by origin ...")
    panel = panels.build(admitted.tables, registry.select(view), horizon, lag_days, burn_in)
    tell(panels.describe(panel))
    facts = {
        "source": source,
        "synthetic": sources.is_synthetic(path),
        "view": view,
        "line": (line or sources.EPH_LINE) if source == "eph" else None,
        "lookback": lookback,
        "burn_in": burn_in,
        "place": "Indonesia" if source == "synthetic" else sources.place(source, path),
        "frequency": "quarter" if periods.is_quarter(first) else "year",
    }
    return Prepared(panel, admitted, facts, oracle.place(path) if source == "synthetic" else None)


def check_bundle(prepared: Prepared, bundle: Bundle) -> None:
    """UserError where the bundle is of another view or horizon than the panel."""
    view, horizon = bundle.schema["view"], bundle.schema["horizon"]
    if horizon != prepared.panel.horizon or view != prepared.facts["view"]:
        raise UserError(f"bundle {bundle.name} is of the {view} view and horizon {horizon}, the panel of the "
                        f"{prepared.facts['view']} view and horizon {prepared.panel.horizon}; give --view {view} "
                        f"--horizon {horizon}, or neither")  # fmt: skip


def default_lookback(source: str, period: int) -> int:
    """One quarter on the EPH, where no household is seen longer before a followed origin; else one year."""
    return 1 if source == "eph" else periods.per_year(period)


def parse_period(text: str | None) -> int | None:
    """Period of an option, or None."""
    if text is None:
        return None
    try:
        return periods.parse(text)
    except ValueError as error:
        raise UserError(str(error)) from None
