"""All that an overview tells of an area, before it is put into words: what is told to nobody is left out here."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Protocol

import numpy as np

from features.contract import REGENCY_DIGITS, SUBDISTRICT_DIGITS
from serving.access.rights import Areas
from serving.batch.rows import UNKNOWN
from serving.console.formats import percent
from serving.scores import area_figures, small_areas
from serving.scores.area_figures import By, Kept, Point, Total
from serving.scores.moved import Risks, direction
from serving.scores.scores import Scores
from serving.scores.small_areas import Sized


class Share(Protocol):
    """A share at risk with the ends of its range, None where there is none."""

    @property
    def risk(self) -> float | None: ...  # noqa: D102
    @property
    def low(self) -> float | None: ...  # noqa: D102
    @property
    def high(self) -> float | None: ...  # noqa: D102


def joined(points: Sequence[Point]) -> Point:
    """Kinds of one date as one: means over their families; without an end where one of them has none."""
    size = sum(point.households for point in points)
    risk, low, high = (None if any(end is None for end, _ in own) else sum(end * count for end, count in own) / size
                       for own in ([(getattr(point, name), point.households) for point in points]
                                   for name in ("risk", "low", "high")))  # fmt: skip
    return replace(points[0], kind="", households=size, risk=risk or 0.0, low=low, high=high)


@dataclass(frozen=True, slots=True)
class Since:
    """The run of an earlier date that the shares of areas are compared with.

    day : of that run; None where there is none. model : whether it was made by another model, with which nothing is
        compared. shares : of the provinces and regencies that were told then, by code.
    """

    day: datetime.date | None
    model: bool = False
    shares: Mapping[str, Total] = field(default_factory=dict)

    def moved(self, row: Total) -> int | None:
        """By how much the share of a province or regency rose, out of 100; 0 where the change means nothing (`moved`),
        None where it cannot be told.

        Sub-districts have none: series of earlier runs are of regencies.
        """
        then = self.shares.get(row.key or "")
        return None if then is None else moved(row, then)


def moved(now: Share, then: Share) -> int | None:
    """By how much a share rose, out of 100, by the rule of households (`serving.scores.moved`): 0 where each of the two
    lies within the range of the other, None where one of them is not known."""
    way = direction(*(Risks(*(np.array([np.nan if end is None else end]) for end in (own.risk, own.low, own.high)))
                      for own in (now, then)))[0]  # fmt: skip
    if now.risk is None or then.risk is None:
        return None
    return percent(now.risk) - percent(then.risk) if way else 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of an area.

    few : why nothing of it is told, as a string of the page: its families are so few, or those of a place in it are,
        whose figures would be what is left of it. kept : areas inside of which nothing is told. counts : of
        `small_areas`, of the area itself ("") and of those ranked. series : without the runs of which nothing is told;
        compared : whether the run before is none of these.
    """

    area: str
    few: str
    kept: tuple[str, ...]
    total: Total
    levels: list[Total]
    provinces: list[Total]
    ranked: list[Total]
    series: list[Point]
    counts: Mapping[str | None, Mapping[str, int | None]]
    since: Since
    compared: bool = True


def of(kept: Kept, scores: Scores, areas: Areas, area: str) -> Figures:
    """The figures of an area that a caller may see, added up once for each run; provinces are told in total to
    everyone."""
    few_of = small_areas.remembered(kept, scores)
    few = few_of()
    provinces = kept.of(scores, "provinces", lambda: [
        _silent(row) if small_areas.cell("", row.key) in few else row
        for row in small_areas.remembered_tree(kept, scores).provinces])  # fmt: skip
    since = kept.of(scores, "since", lambda: _since(kept, scores, few_of))
    found: Figures = kept.of(scores, ("overview", areas, area),
                             lambda: _collect(scores, areas, area, few_of, provinces, since))  # fmt: skip
    return found


def _since(kept: Kept, scores: Scores, few_of: small_areas.Few) -> Since:
    before = area_figures.earlier(scores)
    if before is None:
        return Since(None)
    day, bundle = before
    if bundle != scores.run.manifest["bundle"]["name"]:
        return Since(day, model=True)
    shares = small_areas.shares(small_areas.remembered_tree(kept, scores, day), few_of(day=day))
    return Since(day, shares=shares)


def _collect(scores: Scores, areas: Areas, area: str, few_of: small_areas.Few, provinces: list[Total],
             since: Since) -> Figures:  # fmt: skip
    groups: list[By | None] = [None, "level"]
    if len(area) != REGENCY_DIGITS and (area or not areas.everywhere):
        groups.append("regency")
    read = dict(zip(groups, area_figures.several(scores, areas, groups), strict=True))
    (total,), few = read[None], few_of()
    why = "over.few" if small_areas.hides(total) else "over.few.rest" if small_areas.closed(areas, few) else ""
    if len(area) == REGENCY_DIGITS:
        # Where a regency is kept back, so are its parts: together they are the regency.
        inside = [] if why else small_areas.subdistricts(scores, area)
        held = small_areas.smallest(inside)
        kept = tuple(row.key or UNKNOWN for row in inside if row.key in held and row.households)
    else:
        inside, held, kept = _regencies(read.get("regency", provinces), areas, few)
    ranked = sorted((row for row in inside if row.risk is not None and row.key not in held
                     and not small_areas.hides(row)), key=lambda row: -(row.risk or 0))  # fmt: skip
    own = small_areas.counts(total, lambda name, row: small_areas.shut(row, areas, few_of(name)))
    silent = _kept_back(inside, areas, few_of, own)
    counts = {row.key: small_areas.counts(row, silent) for row in ranked}
    if total.households and why:
        return Figures(area, why, kept, _silent(total), [], provinces, ranked, [], counts, since)
    series = area_figures.series(scores, areas)
    days = sorted({point.as_of for point in series})
    dark = {day for day in days[:-1] if small_areas.shut(_assessed(series, day), areas, few_of(day=day))}
    return Figures(area, "", kept, total, read.get("level", []), provinces, ranked,
                   [one for one in series if one.as_of not in dark], {"": own, **counts}, since,
                   since.day not in dark)  # fmt: skip


def _kept_back(inside: Sequence[Total], areas: Areas, few_of: small_areas.Few, whole: Mapping[str, int | None],
               ) -> Callable[[str, Sized], bool]:  # fmt: skip
    """Whether a count of one of the areas inside of some is kept back (`small_areas.counts`); whole : the counts of all
    of them."""

    @cache
    def held(name: str) -> set[str | None]:
        return small_areas.smallest([small_areas.only(row, name) for row in inside])

    def of_parts(name: str, own: Sized) -> bool:
        # Together they are the regency; those to be checked are told of none of them.
        return whole.get(name) is None or own.key in held(name)

    def of_regencies(name: str, own: Sized) -> bool:
        if own.key is None:
            return any(small_areas.cell(code, None) in few_of(name) for code in areas.codes)
        return small_areas.closed(Areas((own.key,)), few_of(name))

    return of_parts if any(len(row.key or "") == SUBDISTRICT_DIGITS for row in inside) else of_regencies


def _assessed(series: Sequence[Point], day: datetime.date) -> Total:
    size = sum(point.households for point in series if point.as_of == day)
    return Total(None, size, size, 0, 0, None, None, None, 0, 0, 0, 0)


def _regencies(inside: list[Total], areas: Areas, few: Mapping[str, Sized],
               ) -> tuple[list[Total], set[str | None], tuple[str, ...]]:  # fmt: skip
    """The provinces of the nation or the regencies of a smaller area, keys of those kept back, and which of them are
    named."""
    # Families without a known place: one row, of the nation or of all provinces that are the caller's as a whole.
    unknown = {small_areas.cell(code, None) for code in areas.codes} & few.keys()
    held = {row.key for row in inside if row.key in few or (row.key is None and unknown)}
    kept = tuple(row.key or UNKNOWN for row in inside if row.key in held and (
        few[row.key].households if row.key else any(few[code].households for code in unknown)))  # fmt: skip
    return inside, held, kept


def _silent(row: Total) -> Total:
    """The same area without its figures."""
    return Total(row.key, 0, 0, 0, 0, None, None, None, 0, 0, 0, 0)
