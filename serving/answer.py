"""The answer to `POST /v1/score`: a row for every household that came, with reasons in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from features.cells import Refusals, parse_column
from features.context import Context
from features.contract import HOUSEHOLDS
from models import row as rows
from models import score
from models.bundle import Bundle
from models.text import Language, words
from serving.requests import Home, ScoreRequest, context


def answer(bundle: Bundle, model: dict[str, Any], asked: ScoreRequest) -> dict[str, Any]:
    """Score a request.

    Parameters
    ----------
    bundle : the verified model.
    model : what is told of it in the answer.

    Returns
    -------
    The body. households = scored + refused + quarantined, and one entry of `scores` for each.
    """
    found = _scored(bundle, asked)
    known = set(asked.admitted.tables["households"]["household_id"])
    expires = str(score.expiry(asked.as_of))
    scores = []
    for index, home in enumerate(asked.homes):
        row = found.get(home.household_id) or _unscored(bundle, asked, home, expires, known)
        scores.append({"index": index, **in_words(row, asked.languages)})
    quarantined = sum(row["refusal"] == "quarantined" for row in scores)
    scored = sum(row["status"] == "scored" for row in scores)
    quarantine = asked.admitted.quarantine.columns()
    return {
        "model": model,
        "as_of": str(asked.as_of),
        "expires": expires,
        "counts": {"households": len(scores), "scored": scored, "refused": len(scores) - scored - quarantined,
                   "quarantined": quarantined},
        "scores": scores,
        "quarantine": [dict(zip(quarantine, cells, strict=True)) for cells in zip(*quarantine.values(), strict=True)],
    }  # fmt: skip


def _scored(bundle: Bundle, asked: ScoreRequest) -> dict[str | None, dict[str, Any]]:
    tables = asked.admitted.tables
    if not (tables["households"]["known_at"] <= asked.as_of).any():
        return {}
    own = context(bundle.context.tables, asked.admitted)
    found = score.score(bundle, tables, asked.as_of, context=None if own is None else Context(own),
                        count=asked.reasons, spoiled=asked.admitted.spoiled)  # fmt: skip
    return {own["household_id"]: own for own in rows.plain(found)}


def _unscored(bundle: Bundle, asked: ScoreRequest, home: Home, expires: str, known: set[str]) -> dict[str, Any]:
    """A household that the model did not see: all its rows are in quarantine, or became known after the date."""
    row: dict[str, Any] = dict.fromkeys(score.COLUMNS)
    unit = _read(home, "unit")
    row |= {
        "household_id": home.household_id,
        "unit": None if unit != unit else HOUSEHOLDS["unit"].choices[int(unit)],
        "province": _read(home, "province"),
        "regency": _read(home, "regency"),
        "as_of": str(asked.as_of),
        "expires": expires,
        "horizon": int(bundle.schema["horizon"]),
        "bundle": bundle.name,
        "status": "refused",
        "refusal": "not_known" if home.household_id in known else "quarantined",
    }
    return row


def _read(home: Home, name: str) -> Any:
    """A cell as the door reads it, also in a row that it refuses; empty where the cell itself is refused."""
    return parse_column(HOUSEHOLDS[name], [home.row.get(name)], Refusals(), None).tolist()[0]


def in_words(row: Mapping[str, Any], languages: Sequence[Language]) -> dict[str, Any]:
    """A score row with its refusal (`refusal_text`) and its reasons (`text`) in the words of each language."""
    refusal, reasons = row["refusal"], row["reasons"]
    why = None if refusal is None else {language: words(language).refusals[refusal] for language in languages}
    told = None if reasons is None else [
        {**reason, "text": {language: words(language).reason(reason["key"], reason["value"], reason["contribution"])
                            for language in languages}} for reason in reasons]  # fmt: skip
    return {**row, "refusal_text": why, "reasons": told}
