"""What machines and software can do of the household's work, and how its industries fare.

Measures of exposure disagree with each other (software developers stand high on generative AI and low on
computerisation, sewing-machine operators the reverse), so each is a feature of its own. All of them measure what is
technically possible in rich countries' jobs, not jobs lost in Indonesia.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from features import codes, reference
from features.columns import Columns
from features.context import SIGNALS
from features.facts import earning, earnings_weight, is_one_of, share_of
from features.registry import View, feature
from features.types import Array
from features.work import section

SURVEY: tuple[View, ...] = ("survey",)
_WORK = ("activity", "status", "age")
_CODE = ("occupation_scheme", "occupation")
_SECTOR = ("sector_scheme", "sector")

MEASURES = {
    "genai": ("ilo_genai", 0.0, 1.0, "share", "exposure of tasks to generative AI (ILO 2025)"),
    "computerisation": ("frey_osborne", 0.0, 1.0, "probability", "probability of computerisation (Frey-Osborne 2017)"),
    "routine_manual": ("routine_manual", 0.0, 1.0, "share", "share of routine manual tasks (Mihaylov-Tijdens 2019)"),
    "routine": ("routine_intensity", -1.0, 1.0, "index", "routine task intensity (Mihaylov-Tijdens 2019)"),
}
"""Name in features: measure in the reference table, low, high, unit, words. AIOE and GPT stay in the table only: they
order the 40 groups nearly as the ILO measure does."""
CHANGES = ("genai", "computerisation")
"""Measures told also by unit group and as a change since the period before: one of software, one of machines."""


def occupation(c: Columns, place_of: Callable[[str, str], float]) -> Array:
    """Place of each member's occupation in a table (`codes.group_of`, `codes.unit_of`), M; NaN for other schemes."""
    return c.shared(place_of, lambda: codes.looked_up("occupation_scheme", c["occupation_scheme"], c["occupation"],
                                                      place_of))  # fmt: skip


def exposure(c: Columns, measure: str, *, unit: bool = False) -> Array:
    """Exposure of each member's occupation, M; NaN for schemes that are not ISCO.

    Read at the sub-major group (two digits), or at the `unit` group (four) where that has a figure.
    """
    table, place_of = (codes.by_unit, codes.unit_of) if unit else (codes.by_group, codes.group_of)

    def make() -> Array:
        place = occupation(c, place_of)
        known = ~np.isnan(place)
        return np.where(known, table(measure)[np.where(known, place, 0).astype(np.int64)], np.nan)

    return c.shared((place_of, measure), make)


def _each(c: Columns) -> Array:
    return earning(c).astype(np.float64)


def _mean(c: Columns, measure: str, weigh: Callable[[Columns], Array]) -> Array:
    return c.shared((measure, weigh), lambda: c.mean(exposure(c, measure), weigh(c)))


def _register_measure(name: str, weigh: Callable[[Columns], Array], suffix: str, view: View) -> None:
    """Register what one measure says of a household as seen in one view: now, and the change since before."""
    measure, low, high, unit, words = MEASURES[name]
    reason = "auto.software" if name == "genai" else f"auto.{name}"
    inputs: tuple[str, ...] = (*_WORK, *_CODE)
    weighting = "each earner counting the same"
    if view == "survey":
        inputs, weighting = (*inputs, "earnings"), "weighted by earnings where they are measured"

    def now(c: Columns) -> Array:
        return c.now(_mean(c, measure, weigh))

    def change(c: Columns) -> Array:
        rows = _mean(c, measure, weigh)
        return np.round(c.now(rows) - c.before(rows), 9)  # a last digit must not tell a rise from none

    now.__name__, change.__name__ = f"{name}_exposure{suffix}", f"{name}_exposure_change{suffix}"
    now.__doc__ = f"Mean {words} of the earners' occupations, {weighting}."
    change.__doc__ = f"Change since the period seen before of the mean {words}, {weighting}."
    feature("automation", unit, inputs=inputs, low=low, high=high, views=(view,), reason=reason)(now)
    if name in CHANGES:
        feature("automation", unit, inputs=inputs, low=low - high, high=high - low, views=(view,),
                reason=f"{reason}_change")(change)  # fmt: skip


def _register_unit(name: str, weigh: Callable[[Columns], Array], suffix: str, view: View) -> None:
    """Register a measure of the exact occupation: unit groups of one sub-major group differ much."""
    measure, low, high, unit, words = MEASURES[name]
    weighting = "weighted by earnings where they are measured" if view == "survey" else "each earner counting the same"

    def now(c: Columns) -> Array:
        return c.now(c.mean(exposure(c, measure, unit=True), weigh(c)))

    now.__name__ = f"{name}_unit_exposure{suffix}"
    now.__doc__ = (f"Mean {words} of the earners' occupations by unit group (four digits), else by sub-major group, "
                   f"{weighting}.")  # fmt: skip
    inputs = (*_WORK, *_CODE, *(("earnings",) if view == "survey" else ()))
    reason = f"auto.{'software' if name == 'genai' else name}"  # one fact with the sub-major group's
    feature("automation", unit, inputs=inputs, low=low, high=high, views=(view,), reason=reason)(now)


for _name in CHANGES:
    _register_unit(_name, earnings_weight, "", "survey")
    _register_unit(_name, _each, "_by_earner", "registry")
for _name in MEASURES:
    _register_measure(_name, earnings_weight, "", "survey")
    _register_measure(_name, _each, "_by_earner", "registry")


def _high(c: Columns, measure: str) -> Array:
    value = exposure(c, measure)
    return np.where(np.isnan(value), np.nan, value >= reference.high_exposure(measure))


@feature("automation", "share of earners", inputs=(*_WORK, *_CODE), high=1, reason="auto.software_high")
def genai_high_share(c: Columns) -> Array:
    """Share of earners in the quarter of occupation groups most exposed to generative AI (ILO 2025)."""
    return c.now(share_of(c, _high(c, "ilo_genai"), earning(c)))


@feature("automation", "share of earners", inputs=(*_WORK, *_CODE), high=1, reason="auto.computerisation_high")
def computerisation_high_share(c: Columns) -> Array:
    """Share of earners in the quarter of occupation groups likeliest to be computerised (Frey-Osborne 2017)."""
    return c.now(share_of(c, _high(c, "frey_osborne"), earning(c)))


@feature("automation", "share of earners", inputs=(*_WORK, *_CODE), high=1)
def occupation_unmapped_share(c: Columns) -> Array:
    """Share of earners whose occupation has no known exposure; not a fact of the family, so not told."""
    return c.now(share_of(c, np.isnan(exposure(c, "ilo_genai")).astype(np.float64), earning(c)))


@feature("automation", "share of earners", inputs=(*_WORK, "technology"), high=1, views=SURVEY, reason="auto.machine")
def machine_share(c: Columns) -> Array:
    """Share of earners whose job operates a machine."""
    return c.now(share_of(c, is_one_of(c, "technology", "machine"), earning(c)))


@feature("automation", "share of earners", inputs=(*_WORK, "technology"), high=1, views=SURVEY, reason="auto.computer")
def computer_share(c: Columns) -> Array:
    """Share of earners whose job operates a computer."""
    return c.now(share_of(c, is_one_of(c, "technology", "computer"), earning(c)))


@feature("automation", "share of earners", inputs=(*_WORK, "skill"), high=1, views=SURVEY, reason="auto.unskilled")
def unskilled_share(c: Columns) -> Array:
    """Share of earners in jobs that ask for no skill."""
    return c.now(share_of(c, is_one_of(c, "skill", "unskilled"), earning(c)))


@feature("automation", "level 0-3", inputs=(*_WORK, "skill"), high=3, views=SURVEY, reason="auto.skill")
def mean_skill(c: Columns) -> Array:
    """Mean skill the earners' jobs ask for: 0 none, 1 operative, 2 technical, 3 professional."""
    return c.now(share_of(c, c["skill"], earning(c)))


def _signal(c: Columns, name: str) -> Array:
    signal = c.shared(("signal", name), lambda: c.signal(name, section(c)))
    return c.now(share_of(c, signal, earning(c)))


def _signal_day(name: str) -> Callable[[Columns], Array]:
    number = SIGNALS.index(name)
    return lambda c: c.shared("signal_days", lambda: c.signal_days(section(c), earning(c)))[:, number]


@feature("automation", "share a year", inputs=(*_WORK, *_SECTOR, "layoff_rate"), high=1, contestable=False,
         reason="place.layoffs", known=_signal_day("layoff_rate"))  # fmt: skip
def sector_layoffs(c: Columns) -> Array:
    """Recorded layoff rate in the earners' industries, in the own province or else the country."""
    return _signal(c, "layoff_rate")


@feature("automation", "share", inputs=(*_WORK, *_SECTOR, "employment_growth"), low=-1, high=10, contestable=False,
         reason="place.sector_growth", known=_signal_day("employment_growth"))  # fmt: skip
def sector_growth(c: Columns) -> Array:
    """Change of workers on a year before in the earners' industries, in the own province or else the country."""
    return _signal(c, "employment_growth")


@feature("automation", "share", inputs=(*_WORK, *_SECTOR, "vacancy_rate"), high=1, contestable=False,
         reason="place.jobs", known=_signal_day("vacancy_rate"))  # fmt: skip
def sector_vacancies(c: Columns) -> Array:
    """Vacancies over jobs (shortage of labour) in the earners' industries, in the own province or else the country."""
    return _signal(c, "vacancy_rate")


@feature("automation", "share", inputs=(*_WORK, *_SECTOR, "wage_growth"), low=-1, high=10, contestable=False,
         reason="place.wages", known=_signal_day("wage_growth"))  # fmt: skip
def sector_wage_growth(c: Columns) -> Array:
    """Change of the mean wage on a year before in the earners' industries, in the own province or else the country."""
    return _signal(c, "wage_growth")
