"""What changed in the household since the period seen before, and the shocks that hit it."""

from __future__ import annotations

import numpy as np

from features import contract
from features.columns import Columns
from features.facts import YES_NO, adult, changed, count_of, earner, earning, is_one_of, share_of, size
from features.household import assets
from features.links import row_codes
from features.registry import feature
from features.types import Array

_NONE = np.array(None, dtype=object)


@feature("history", "people", inputs=("age",), low=-120, high=120, reason="hh.grew")
def size_change(c: Columns) -> Array:
    """Change in members since the period seen before."""
    return changed(c, size(c))


@feature("history", "share", inputs=contract.ASSETS, low=-1, high=1, reason="hist.assets")
def asset_change(c: Columns) -> Array:
    """Change of the share of recorded assets that are owned since the period seen before."""
    return changed(c, assets(c))


@feature("history", "category", inputs=("regency", "province"), choices=YES_NO, reason="hist.moved")
def moved(c: Columns) -> Array:
    """Lives in another regency (or province, where no regency is given) than in the period seen before."""
    before = np.maximum(c.last - 1, c.period_starts)
    regency, province = c["regency"], c["province"]
    known = (regency[c.last] != _NONE) & (regency[before] != _NONE)
    other = np.where(known, regency[c.last] != regency[before], province[c.last] != province[before])
    return np.where(c.last > c.period_starts, other.astype(np.float64), np.nan)


@feature("history", "people", inputs=("activity", "status", "age"), low=-120, high=120, reason="work.earners_change")
def earners_change(c: Columns) -> Array:
    """Change in earners since the period seen before."""
    return changed(c, c.shared("earners", lambda: count_of(c, earner(c), earner(c) != 0)))


@feature("history", "share of earners", inputs=("activity", "status", "age"), low=-1, high=1,
         reason="work.informal_change")  # fmt: skip
def informal_change(c: Columns) -> Array:
    """Change of the share of earners on their own account or in casual work since the period seen before."""
    informal = is_one_of(c, "status", "own_account", "casual")
    return changed(c, share_of(c, informal, earning(c)))


@feature("history", "people", inputs=("activity", "person_id"), high=120, reason="work.lost_job")
def jobs_lost(c: Columns) -> Array:
    """Members who worked in the period seen before and look for work now, matched by person."""
    activity = is_one_of(c, "activity", "employed")
    row, before = c.row_of_member, np.maximum(c.last - 1, c.period_starts)
    seen = c.last > c.period_starts
    home_before, home_now = np.full(len(c["period"]), -1), np.full(len(c["period"]), -1)
    home_before[before[seen]], home_now[c.last] = np.flatnonzero(seen), np.arange(c.size)
    seeking = np.flatnonzero((home_now[row] >= 0) & (is_one_of(c, "activity", "unemployed") == 1))
    worked = np.flatnonzero((home_before[row] >= 0) & (activity == 1))
    unknown = c.count(np.isnan(activity) & adult(c)) > 0
    answered = seen & ~c.now(unknown) & (c.before(unknown) == 0)
    if not len(seeking) or not len(worked):
        return np.where(answered, 0.0, np.nan)
    homes = np.concatenate([home_now[row[seeking]], home_before[row[worked]]])
    person = row_codes(homes, c["person_id"][np.concatenate([seeking, worked])])
    lost = np.isin(person[: len(seeking)], person[len(seeking) :])
    count = np.bincount(homes[: len(seeking)], weights=lost, minlength=c.size)
    return np.where(answered, count, np.nan)


def _shocks(name: str, kind: str, doc: str, contestable: bool) -> None:
    def make(c: Columns) -> Array:
        return c.shocks(kind)

    make.__name__ = make.__qualname__ = name
    make.__doc__ = doc
    feature("history", "events", inputs=("shock", "scope", "place"), high=1000, contestable=contestable,
            reason=None if kind == "illness" else f"shock.{kind}", known=lambda c: c.shock_day(kind))(make)  # fmt: skip


for _kind, _doc, _contestable in (
    ("illness", "Illnesses in the year up to now; a health fact, so told only among other factors.", True),
    ("death_of_earner", "Deaths of an earner of the household in the year up to now.", True),
    ("job_loss", "Losses of a job in the household in the year up to now.", True),
    ("layoff_wave", "Waves of layoffs in the own place in the year up to now.", False),
    ("harvest", "Failed harvests of the household or its place in the year up to now.", True),
    ("disaster", "Disasters that hit the household or its place in the year up to now.", True),
    ("food_price", "Jumps of food prices in the own place in the year up to now.", False),
):
    _shocks(f"shock_{_kind}", _kind, _doc, _contestable)
