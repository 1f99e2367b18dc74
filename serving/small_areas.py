"""Areas whose figures are told to nobody: with so few families in them, the area's figure is nearly one family's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from models.targeting.expected import FEWEST as FEWEST
from serving import scores_areas
from serving.access import Areas
from serving.scores import Scores
from serving.scores_areas import Total

NATION = Areas(("",))


def few(scores: Scores) -> frozenset[str]:
    """Codes of the provinces and regencies of a run that are kept back, whoever asks.

    An area with fewer than `FEWEST` families assessed is; and where all that is kept back in its province (or in the
    nation) holds fewer, the next smallest with it: what the whole tells beyond the others is then no smaller cell.
    """
    found = _few(scores_areas.totals(scores, NATION, by="province"))
    homes: dict[str, list[Total]] = defaultdict(list)
    for row in scores_areas.totals(scores, NATION, by="regency"):
        if row.key is not None:
            homes[row.key[:2]].append(row)
    for province, rows in homes.items():
        found |= {str(row.key) for row in rows} if province in found else _few(rows)
    return frozenset(found)


def _few(rows: Sequence[Total]) -> set[str]:
    kept: set[str] = set()
    assessed = 0
    for row in sorted((row for row in rows if row.key is not None and row.at_risk), key=lambda own: own.at_risk):
        if row.at_risk >= FEWEST and (not kept or assessed >= FEWEST):
            break
        kept.add(str(row.key))
        assessed += row.at_risk
    # Nobody assessed adds nothing to a whole, but how many are poor or without a score would be those few.
    return kept | {str(row.key) for row in rows if row.key is not None and not row.at_risk}


def hides(total: Total) -> bool:
    """Whether a total of some areas is of too few families itself."""
    return total.at_risk < FEWEST
