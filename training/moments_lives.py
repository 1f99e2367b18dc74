"""What happens to families on record over a year: shocks, changes of sector; and the passing part of their welfare."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyarrow as pa

from features import codes as schemes
from features.types import Array
from training import moments_panel
from training.moments_panel import Panel, locate, numbers, read
from training.moments_people import WORDS
from training.moments_weights import Value, grouped, mean

Values = dict[str, Value]


def measure(panel: Panel) -> Values:
    """Moments of pairs of Marches a year apart, where the panel has them."""
    columns = panel.marches()
    pairs = list(pairwise(columns))
    if not pairs:
        return {}
    return _shocks(panel, pairs) | _sections(panel, pairs) | _passing(panel, pairs)


def _shocks(panel: Panel, pairs: list[tuple[int, int]]) -> Values:
    """Share of surveyed families with a shock on record in the year before a March."""
    if not (panel.folder / "survey" / "shocks").is_dir():
        return {}
    hit = np.zeros(panel.ratio.shape, dtype=bool)
    for piece in read(panel.folder / "survey" / "shocks", ("place", "scope", "period")):
        piece = piece.rename_columns(["household_id" if name == "place" else name for name in piece.column_names])
        piece = piece.filter(pa.compute.equal(piece["scope"].cast(pa.string()), "household"))
        if len(piece):
            family, when = locate(piece, panel.key, panel.periods)
            use = (family < len(panel.key)) & (when < len(panel.periods))
            hit[family[use], when[use]] = True
    found = [(np.flatnonzero(panel.seen[:, later]), then, later) for then, later in pairs]
    event = np.concatenate([hit[rows, then + 1 : later + 1].any(axis=1) for rows, then, later in found])
    family = np.concatenate([rows for rows, *_ in found])
    return {"shock_rate": mean(event.astype(float), panel.weight[family], family)}


def _sections(panel: Panel, pairs: list[tuple[int, int]]) -> Values:
    """Share of heads at work in both of two Marches who are the same person and changed section on record."""
    section = np.full(panel.ratio.shape, -1, dtype=np.int8)
    person = np.full(panel.ratio.shape, -1, dtype=np.int8)
    names = ("household_id", "period", "person_id", "relation", "activity", "sector_scheme", "sector")
    for piece in read(panel.folder / "survey" / "members", names):
        if not {"relation", "activity", "sector"} <= set(piece.column_names):
            return {}
        head = moments_panel.codes(piece, "relation", WORDS["relation"]) == WORDS["relation"].index("head")
        head &= moments_panel.codes(piece, "activity", WORDS["activity"]) == WORDS["activity"].index("employed")
        own = piece.filter(pa.array(head))
        if len(own):
            at = locate(own, panel.key, panel.periods)
            scheme = moments_panel.codes(own, "sector_scheme", WORDS["sector_scheme"]).astype(float)
            found = schemes.looked_up("sector_scheme", np.where(scheme < 0, np.nan, scheme),
                                      own["sector"].cast(pa.string()), schemes.section_of)  # fmt: skip
            section[at] = np.nan_to_num(found, nan=-1)
            person[at] = own["person_id"].cast(pa.string()).cast(pa.int16()).to_numpy()
    moved, family = [], []
    for then, later in pairs:
        rows = np.flatnonzero((section[:, then] >= 0) & (section[:, later] >= 0)
                              & (person[:, then] == person[:, later]))  # fmt: skip
        moved.append(section[rows, then] != section[rows, later])
        family.append(rows)
    rows = np.concatenate(family)
    return {"sector_moves": mean(np.concatenate(moved).astype(float), panel.weight[rows], rows)}


def _passing(panel: Panel, pairs: list[tuple[int, int]]) -> Values:
    """Correlation a year apart of the passing part of welfare, which the truth alone tells apart."""
    path = panel.folder / "truth" / "families"
    if not path.is_dir():
        return {}
    passing = np.full(panel.ratio.shape, np.nan)
    for piece in read(path, ("household_id", "period", "passing")):
        family, when = locate(piece, panel.key, panel.periods)
        use = (family < len(panel.key)) & (when < len(panel.periods))
        passing[family[use], when[use]] = numbers(piece, "passing")[use]
    now, later = (np.concatenate([passing[:, pair[side]] for pair in pairs]) for side in (0, 1))
    family = np.tile(np.arange(len(panel.key)), len(pairs))
    both = np.isfinite(now) & np.isfinite(later)

    def figure(use: Array) -> float:
        rows = both & use
        return float(np.corrcoef(now[rows], later[rows])[0, 1]) if rows.sum() > 2 else float("nan")

    return {"persistence": grouped(figure, family)}
