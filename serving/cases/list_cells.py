"""Cells of a list as they are told to who may not see its households: no count of few (`models.few`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.few import added, kept_back, shown, told
from models.targeting import CHANNELS
from serving.lists import files
from serving.store import lists

_RULED = ("scheme", "area", "quota")
"""Of a cell, what the rules of the list say: told of every one."""
_FILLED = tuple(name for name in CHANNELS if name != lists.RESERVE)
_ENDS = ("last_in", "first_out")


def kept(result: Mapping[str, Any], others: Mapping[int, int],
         ) -> tuple[set[int], Mapping[str, Mapping[str, int | None]]]:  # fmt: skip
    """Cells that are kept back, of those elsewhere, and how many households of each scheme are told to be kept out.

    others : how many could be ranked, by place of the cell. Where it is not told how many could be ranked in all, what
    is left of those assessed is few: then a cell with all of them on the list tells it by its places.
    """
    cells, closed = result["cells"], result["shut"]
    few = kept_back(others, [at for at in others if cells[at]["area"] in closed])
    kept_out = {name: files.reasons(own, result) for name, own in result["households"].items()}
    few |= {at for at, ranked in others.items() if (few or _ranked(kept_out, cells[at]["scheme"]) is None)
            and sum(cells[at][name] for name in (*_FILLED, lists.RESERVE)) >= ranked}  # fmt: skip
    if few:
        kept_out = {name: dict.fromkeys(own) for name, own in kept_out.items()}
    return few, kept_out


def ruled(cell: Mapping[str, Any]) -> dict[str, Any]:
    """A cell of which the rules alone are told."""
    return dict.fromkeys(cell) | {name: cell[name] for name in _RULED}


def counts(cell: Mapping[str, Any], kept_out: Mapping[str, Mapping[str, int | None]]) -> dict[str, Any]:
    """A cell without what counts few of it: of its places, of those that nobody has, of those to be checked, of those
    who could not be ranked.

    kept_out : of `kept`; the overview tells how many are assessed.
    """
    own = shown({name: cell[name] for name in (*_FILLED, "no_budget", "too_few")})
    filled = sum(cell[name] for name in _FILLED)
    outside = max(0, cell["candidates"] - filled)
    counted = _ranked(kept_out, cell["scheme"]) is not None
    paid = added((own["no_budget"], own["too_few"])) is not None
    return {
        **cell, **own, **({} if paid else dict.fromkeys(("places", "cost", "left"))),
        "candidates": cell["candidates"] if counted else None,
        "reserve": told(cell["reserve"]), "displaced": told(cell["displaced"]),
        "verify": part_of(cell["verify"], filled),
        # All that are outside would be told by how many of them are to be checked.
        "verify_outside": (part_of(cell["verify_outside"], outside) if counted or cell["verify_outside"] < outside
                           else None),
        # The rank of the last one in is how many were ranked.
        **({} if own["ranked"] is not None else {name: cell[name] and {**cell[name], "rank": None} for name in _ENDS}),
    }  # fmt: skip


def edges(cell: Mapping[str, Any]) -> dict[str, Any]:
    """A cell with where it ends to a hundredth, which is no family's own risk."""
    edges = {name: cell[name] and {**cell[name], "household": None, "value": None,
             "risk": round(cell[name]["risk"], 2)} for name in _ENDS}  # fmt: skip
    return {**cell, "cut": None if cell["cut"] is None else round(cell["cut"], 2), **edges}


def part_of(count: int, of: int) -> int | None:
    """A part of a whole as it is told: None where it, or what is left, is few."""
    return shown({"part": count, "rest": max(0, of - count)})["part"]


def _ranked(kept_out: Mapping[str, Mapping[str, int | None]], scheme: str) -> int | None:
    return kept_out.get(scheme, {}).get("could_be_ranked")
