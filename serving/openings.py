"""The answer to `POST /v1/openings`: for the workers of every household that came, jobs that they could look into."""

from __future__ import annotations

from typing import Any

from models.compass import openings, table, telling, workers
from serving import quarantine_rules
from serving.requests import ScoreRequest


def answer(asked: ScoreRequest) -> dict[str, Any]:
    """Openings of a request; nothing of it is kept.

    Returns
    -------
    The body: an entry for each household in the order sent. One whose rows are all in quarantine, or became known
    after the date, has no workers.
    """
    found = workers.of_households(asked.admitted.tables, asked.as_of)
    refused = set(asked.admitted.quarantine.household_id)
    households = []
    for index, home in enumerate(asked.homes):
        known = home.household_id is not None and home.household_id in found
        province, own = found[str(home.household_id)] if known else ("", ())
        place = table.place(province if province in table.provinces() else "")
        households.append({"index": index, "household_id": home.household_id, "quarantined": not known and
                           home.household_id in refused,
                           **telling.prospects(openings.household(own, place), place, asked.languages)})  # fmt: skip
    quarantine = asked.admitted.quarantine.columns()
    return {
        "as_of": str(asked.as_of),
        "counts": {"households": len(households), "workers": sum(len(own["workers"]) for own in households),
                   "quarantined": sum(own["quarantined"] for own in households)},
        "households": households,
        "quarantine": [quarantine_rules.in_words(dict(zip(quarantine, cells, strict=True)), asked.languages)
                       for cells in zip(*quarantine.values(), strict=True)],
    }  # fmt: skip
