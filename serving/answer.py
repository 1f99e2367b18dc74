"""The answer to `POST /v1/score`: a row for every household that came, with reasons in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from models import score
from models.bundle import Bundle
from models.text import Language, words
from serving import quarantine_rules, together
from serving.batch import unscored
from serving.requests import Home, ScoreRequest


def answers(bundle: Bundle, model: dict[str, Any], asked: Sequence[ScoreRequest]) -> list[dict[str, Any]]:
    """The bodies for requests that came together; each is the same as if it had come alone.

    Parameters
    ----------
    bundle : the verified model.
    model : what is told of it in the answer.

    Returns
    -------
    In each, households = scored + refused + quarantined, and one entry of `scores` for each.
    """
    found = together.scored(bundle, asked)
    return [_answer(bundle, model, one, own) for one, own in zip(asked, found, strict=True)]


def _answer(bundle: Bundle, model: dict[str, Any], asked: ScoreRequest, found: Mapping[str | None, dict[str, Any]],
            ) -> dict[str, Any]:  # fmt: skip
    known = set(asked.admitted.tables["households"]["household_id"])
    scores = []
    for index, home in enumerate(asked.homes):
        row = found.get(home.household_id) or _unscored(bundle, asked, home, known)
        scores.append({"index": index, **in_words(row, asked.languages)})
    quarantined = sum(row["refusal"] == "quarantined" for row in scores)
    scored = sum(row["status"] == "scored" for row in scores)
    quarantine = asked.admitted.quarantine.columns()
    return {
        "model": model,
        "as_of": str(asked.as_of),
        "expires": str(score.expiry(asked.as_of)),
        "counts": {"households": len(scores), "scored": scored, "refused": len(scores) - scored - quarantined,
                   "quarantined": quarantined},
        "scores": scores,
        "quarantine": [quarantine_rules.in_words(dict(zip(quarantine, cells, strict=True)), asked.languages)
                       for cells in zip(*quarantine.values(), strict=True)],
    }  # fmt: skip


def _unscored(bundle: Bundle, asked: ScoreRequest, home: Home, known: set[str]) -> dict[str, Any]:
    told = {name: unscored.cells(name, [home.row.get(name)])[0] for name in ("unit", "province", "regency")}
    own = unscored.row(bundle, asked.as_of, known, {"household_id": home.household_id, **told})
    return {**dict.fromkeys(score.COLUMNS), **own, "as_of": str(own["as_of"]), "expires": str(own["expires"])}


def in_words(row: Mapping[str, Any], languages: Sequence[Language]) -> dict[str, Any]:
    """A score row with its refusal (`refusal_text`) and its reasons (`text`) in the words of each language."""
    refusal, reasons = row["refusal"], row["reasons"]
    why = None if refusal is None else {language: words(language).refusals[refusal] for language in languages}
    told = None if reasons is None else [
        {**reason, "text": {language: words(language).reason(reason["key"], reason["value"], reason["contribution"])
                            for language in languages}} for reason in reasons]  # fmt: skip
    return {**row, "refusal_text": why, "reasons": told}
