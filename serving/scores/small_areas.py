"""Areas whose figures are told to nobody: with so few families in them, the area's figure is nearly one family's.

What is told of areas is a tree: the nation, provinces or what of them is a caller's, regencies, sub-districts; in each
of the first three also families whose place within is not known. A reader can subtract what is told from what is told
around it. So what is left in the whole, beyond the rows told in it, is nothing or is itself large enough to be told.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from features.contract import REGENCY_DIGITS
from models.few import FEWEST as FEWEST
from models.few import added, told
from serving.access.rights import Areas
from serving.batch.rows import UNKNOWN
from serving.scores import area_figures
from serving.scores.area_figures import Filter, Kept, Total
from serving.scores.scores import Scores

NATION = Areas(("",))


def cell(area: str, key: str | None) -> str:
    """Code of a row inside an area: a province's or a regency's, or that of families of no known place in the area."""
    return key or f"{area}{UNKNOWN}"


COUNTS: Mapping[str, Callable[[Total], int]] = {
    "poor": lambda row: row.poor, "refused": lambda row: row.refused, "low_certainty": lambda row: row.low_certainty,
    "sure": lambda row: row.at_risk - row.low_certainty}  # fmt: skip
"""What is counted in areas beside the families assessed, each kept back by the same rule as these."""


class Sized(Protocol):
    """How many families an area has, and how many of them are assessed: a `Total`, or a `Size` alone."""

    @property
    def key(self) -> str | None: ...  # noqa: D102

    @property
    def households(self) -> int: ...  # noqa: D102

    @property
    def at_risk(self) -> int: ...  # noqa: D102


class Size(NamedTuple):
    """No more than `Sized`: of a nation thousands are made, for each of `COUNTS`, before the first page is there."""

    key: str | None
    households: int
    at_risk: int


@dataclass(frozen=True, slots=True)
class Tree:
    """Totals of a run: of the nation, its provinces, and the regencies of all of them."""

    nation: Total
    provinces: Sequence[Total]
    regencies: Sequence[Total]


def tree(scores: Scores, day: datetime.date | None = None) -> Tree:
    """The totals of a run; of an earlier one, of that day, the families assessed and their share at risk alone."""

    groups: Sequence[area_figures.By | None] = (None, "province", "regency")
    (nation,), provinces, regencies = (
        area_figures.several(scores, NATION, groups) if day is None
        else [area_figures.then(scores, day, by) for by in groups])  # fmt: skip
    return Tree(nation, provinces, regencies)


def few(whole: Tree, count: str = "") -> Mapping[str, Sized]:
    """What of a run is kept back whoever asks, by `cell`: provinces, regencies, families without a known place.

    count : one of `COUNTS`, of which this is asked instead of the families assessed.

    An area with fewer than `FEWEST` families assessed is; and where all that is kept back in its province (or in the
    nation) holds fewer, the next smallest with it: what the whole tells beyond the others is then no smaller cell.
    The nation is kept back instead, under "", where else no province was left to tell of.
    """

    def own(rows: Sequence[Total]) -> list[Sized]:
        return [only(row, count) for row in rows] if count else list(rows)

    provinces = own(whole.provinces)
    homes: dict[str, list[Sized]] = defaultdict(list)
    for row in own(whole.regencies):
        if row.key is not None:
            homes[row.key[:2]].append(row)
    kept = smallest(provinces)
    found = {cell("", row.key): row for row in provinces if row.key in kept}
    if all(row.key in kept for row in provinces if row.key is not None):
        found = {cell("", row.key): row for row in provinces if hides(row)}
        if _alone(found.values()):
            found[""] = own([whole.nation])[0]
    for province in provinces:
        if province.key is not None:
            rows = [*homes[province.key], _rest(province, homes[province.key])]
            kept = {row.key for row in rows} if province.key in found else smallest(rows)
            found |= {cell(province.key, row.key): row for row in rows if row.key in kept}
    return {code: row for code, row in found.items() if row.households}


class Few(Protocol):
    """`few` of a run; day : of an earlier one."""

    def __call__(self, count: str = "", day: datetime.date | None = None) -> Mapping[str, Sized]: ...  # noqa: D102


def remembered(kept: Kept, scores: Scores) -> Few:
    """`few` of the run that answers, its totals read once and each count worked out once."""

    def of(count: str = "", day: datetime.date | None = None) -> Mapping[str, Sized]:
        found: Mapping[str, Sized] = kept.of(scores, ("few", count, day),
                                             lambda: few(remembered_tree(kept, scores, day), count))  # fmt: skip
        return found

    return of


def remembered_tree(kept: Kept, scores: Scores, day: datetime.date | None = None) -> Tree:
    """`tree` of the run that answers, read once."""
    found: Tree = kept.of(scores, ("tree", day), lambda: tree(scores, day))
    return found


def shares(whole: Tree, kept: Mapping[str, Sized]) -> dict[str, Total]:
    """The provinces and regencies of a run whose share at risk is told, by code."""
    return {row.key: row for row in (*whole.provinces, *whole.regencies)
            if row.key and row.risk is not None and not shut(row, Areas((row.key,)), kept)}  # fmt: skip


def subdistricts(scores: Scores, area: str) -> list[Total]:
    """Those of a regency or a province, and its families of no known one under None; empty where the run knows none.

    All that is told of a regency is its total, so `smallest` of them says which are kept back.
    """
    inside = Filter(regency=area) if len(area) == REGENCY_DIGITS else Filter(province=area)
    rows = area_figures.totals(scores, Areas((area,)), inside, by="subdistrict")
    return rows if any(row.key for row in rows) else []


def only(row: Total, count: str) -> Size:
    """A row with the families of one of `COUNTS` in the place of those assessed."""
    size = COUNTS[count](row)
    return Size(row.key, size, size)


def counts(row: Total, kept_back: Callable[[str, Sized], bool]) -> dict[str, int | None]:
    """`COUNTS` of an area as they are told, None of those kept back, with what would tell these: of the families of
    the register or with a score none where a part of them is.

    kept_back : whether one of `COUNTS` is, by its name, of the row with `only` that one.
    """
    found = {name: None if size(row) and (told(size(row)) is None or kept_back(name, only(row, name))) else size(row)
             for name, size in COUNTS.items()}  # fmt: skip
    if found.pop("sure") is None:  # those assessed are told, less those to be checked they are these
        found["low_certainty"] = None
    scored = added((row.at_risk, found["poor"]))
    return found | {"scored": scored, "households": added((scored, found["refused"]))}


def parts_tell(areas: Areas, kept: Mapping[str, Sized]) -> bool:
    """Whether the total of some areas, beside those of provinces and of what of them is told, would tell of few.

    kept : of `few`. The total of a caller's areas in a province parts what is kept back there in two, what lies in
    them and what does not; neither may be a cell of few. A total over provinces tells what those leave open.
    """
    inside, outside = list[Sized](), list[Sized]()
    for province in {code[:2] for code in areas.codes} - {""}:
        if province in areas.codes:
            own, others = [kept[province]] if province in kept else [], list[Sized]()
        elif province in kept:
            return True  # they may be all of it
        else:
            cells = {code: row for code, row in kept.items() if code.startswith(province) and code != province}
            own = [row for code, row in cells.items() if code in areas.codes]
            others = [row for code, row in cells.items() if code not in areas.codes]
        if _alone(own) or _alone(others):
            inside += own
            outside += others
    return _alone(inside) or _alone(outside)


def hides(total: Sized) -> bool:
    """Whether a total of some areas is of too few families itself."""
    return total.at_risk < FEWEST


def shut(total: Sized, areas: Areas, kept: Mapping[str, Sized]) -> bool:
    """Whether nothing is told of some areas as a whole: they are of few, or what is told around them would tell a cell
    of few.

    kept : of `few`.
    """
    return hides(total) or closed(areas, kept)


def closed(areas: Areas, kept: Mapping[str, Sized]) -> bool:
    """The same of areas of whose families any is assessed, which `few` holds where they are few."""
    return (len(areas.codes) == 1 and areas.codes[0] in kept) or parts_tell(areas, kept)


def smallest(rows: Sequence[Sized]) -> set[str | None]:
    """Keys of the rows that are of too few families, and of the next smallest where the whole would tell these."""
    kept = list[Sized]()
    for row in sorted((row for row in rows if row.households), key=lambda own: (own.at_risk, own.households)):
        if not hides(row) and not _alone(kept):
            break
        kept.append(row)
    return {row.key for row in kept} | {row.key for row in rows if not row.at_risk}


def _alone(rows: Iterable[Sized]) -> bool:
    """Whether rows together are a cell of few: of families assessed, or where none is, of those poor or without a
    score."""
    rows = list(rows)
    return 0 < (sum(row.at_risk for row in rows) or sum(row.households for row in rows)) < FEWEST


def _rest(whole: Sized, rows: Sequence[Sized]) -> Size:
    """The families of a province whose regency is not known: how many, and how many of them are assessed."""
    return Size(None, max(0, whole.households - sum(row.households for row in rows)),
                max(0, whole.at_risk - sum(row.at_risk for row in rows)))  # fmt: skip
