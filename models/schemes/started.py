"""Where a simulation starts: expected shares of the rungs beside those last published, and what the first year makes of
them though nothing happens. All of it is expected by the best estimate; draws have chance on top of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from features.contract import RUNGS
from models.numbers import number, signed
from models.schemes import published
from models.schemes.classes import Classes, rungs_of, step
from models.schemes.named import rungs
from models.schemes.nation import Nation
from models.schemes.words import said
from models.words import Language

SEEN = 0.0005
"""Share from which on a change shows in points of one decimal."""


def of(nation: Nation, start: int) -> dict[str, Any]:
    """Shares of people, by rung, at the start (`begin`) and a year later (`next`) where nothing changes; and by the
    rungs that are published, beside the last year up to the families' own (or the start's) of which all shares were
    (`published`). None where there is none, or the families are of one province: published shares are the nation's."""
    people = nation.weight * nation.size
    begin = people @ nation.start / people.sum()
    classes = Classes.of(nation)
    after = rungs_of(step(classes.people, classes.moves(0)))
    year = published.latest(nation.year or start)
    told = year is not None and len(np.unique(nation.province.codes)) > 1
    return {"begin": dict(zip(RUNGS, begin.tolist(), strict=True)),
            "next": dict(zip(RUNGS, after.tolist(), strict=True)),
            "published": published.missed(begin[None, :], year) if told and year is not None else None}  # fmt: skip


def told(found: Mapping[str, Any], language: Language) -> list[str]:
    """Sentences: by how much each published share is missed at the start, and by how much each rung changes in the
    first year without anything that changes it; none where it would round to nought, or it was not kept."""
    own = found.get("start")
    if own is None:
        return []
    names, lines = rungs(language), []
    shares = {} if own["published"] is None else own["published"]["shares"]
    if any(abs(one["miss"]) >= SEEN for one in shares.values()):
        misses = "; ".join(said("asked.miss", language, rung=names[name], miss=signed(100 * one["miss"], language, 1),
                                **{key: number(100 * one[key], language, 1) for key in ("simulated", "published")})
                           for name, one in shares.items())  # fmt: skip
        lines.append(said("start.missed", language, year=own["published"]["year"], misses=misses))
    if any(abs(own["next"][rung] - own["begin"][rung]) >= SEEN for rung in RUNGS):
        changes = "; ".join(said("start.change", language, rung=names[rung],
                                 change=signed(100 * (own["next"][rung] - own["begin"][rung]), language, 1),
                                 **{key: number(100 * own[key][rung], language, 1) for key in ("begin", "next")})
                            for rung in RUNGS)  # fmt: skip
        lines.append(said("start.first", language, changes=changes))
    return lines
