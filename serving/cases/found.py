"""What visits found of the households that a list is drawn from: one rule for the service and the command."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from sqlalchemy import Connection

from models.targeting import Rules
from models.targeting.rule_checks import FOUND
from serving.access.rights import Areas
from serving.store import visits

FOUND_DAYS = 366


def found(connection: Connection, rules: Rules, as_of: date) -> tuple[dict[str, str], str | None]:
    """What the last visits found of households in the areas of the rules, by code, and its hash; none without any.

    A visit counts for `FOUND_DAYS` before the date of the scores: then the register is expected to hold what it found.
    Who moved within their regency can be found there, and has not left the list's area.
    """
    rows = visits.findings(connection, Areas(rules.areas), since=as_of - timedelta(days=FOUND_DAYS))
    own = {code: row.result for code, row in sorted(rows.items())
           if row.result in FOUND and (row.moved_to is None or row.moved_to != row.regency)}  # fmt: skip
    text = " ".join(f"{code}={result}" for code, result in own.items())
    return own, hashlib.sha256(text.encode()).hexdigest() if own else None
