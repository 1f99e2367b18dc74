"""What pages written by hand say of a limit, a deadline or a rate is what the code holds."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from models import dynamics, interval, score
from serving import limits, settings
from serving.access import gate, known, passwords
from serving.api import routes
from serving.store import attempts, drafts, flows, objections, once, sessions, tidy, tokens
from tests.conftest import ROOT
from training import gates
from training import limits as judged

WORDS = {"half": 0.5, "a third": 1 / 3, "two": 2, "five": 5, "eight": 8, "ten": 10, "twelve": 12}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
USUAL = settings.Settings()
HASH = (passwords.HASHER.memory_cost / 1024, passwords.HASHER.time_cost)
WAIT = (attempts.LOCK / MINUTE, attempts.MOST["account"], attempts.WINDOW / MINUTE, attempts.MOST["address"])
SESSION = (sessions.IDLE / MINUTE, sessions.LONGEST / HOUR)
MOVES = tuple(round(dynamics.moves_in(years), 3) for years in (1, 2, 3))
TOO_FEW = (judged.FEWEST_ROWS, judged.FEWEST_FALLS)
RANGES = (*judged.TOLERANCE, judged.WIDEST[0], round(judged.WIDEST[1], 2))

TOLD: tuple[tuple[str, str, tuple[float, ...]], ...] = (
    ("access.md", r"(\d+) to (\d+) characters", (passwords.SHORTEST, passwords.LONGEST)),
    ("access.md", r"argon2id \((\d+) MiB, (\d+) passes\)", HASH),
    ("access.md", r"an account waits (\d+) minutes after (\d+) within (\d+) minutes, an address after (\d+);", WAIT),
    ("access.md", r"a cookie of (\d+) days", (known.LASTS / DAY,)),
    ("access.md", r"(\d+) a second and person", (gate.PAGES,)),
    ("access.md", r"(\d+) tries to sign in a second and address, (\d+) a site", (gate.DOORS, gate.SITES)),
    ("access.md", r"(\w+) tries at a time in each worker", (limits.MOST_AT_DOOR,)),
    ("access.md", r"ends after (\d+) minutes without a page, at the latest after (\d+) hours", SESSION),
    ("access.md", r"kept (\d+) minutes for the same person", (drafts.KEPT / MINUTE,)),
    ("access.md", r"who was seen in the last (\d+) minutes", (gate.AWAY / MINUTE,)),
    ("access.md", r"ends sessions \(by more than (\d+) minutes\)", (sessions.SKEW / MINUTE,)),
    ("access.md", r"good once for (\w+) minutes", (flows.LASTS / MINUTE,)),
    ("access.md", r"inside its area, for (\d+) days at most", (tokens.MOST_DAYS,)),
    ("api.md", r"an area and at most (\d+) days", (tokens.MOST_DAYS,)),
    ("api.md", r"`JAGA_RATE` requests a second \((\d+)\)", (USUAL.rate,)),
    ("api.md", r"`JAGA_VISIT_DAYS` days \((\d+)\)", (USUAL.visit_days,)),
    ("api.md", r"`JAGA_OBJECTION_DAYS` days \((\d+)\)", (USUAL.objection_days,)),
    ("api.md", r"who was seen in the last (\d+) minutes", (gate.AWAY / MINUTE,)),
    ("console.md", r"is kept for (\d+) minutes for the same person", (drafts.KEPT / MINUTE,)),
    ("data_protection.md", r"`sessions`[^|]*\|[^|]*\| after (\d+) hours", (sessions.LONGEST / HOUR,)),
    ("data_protection.md", r"`flows`[^|]*\|[^|]*\| after (\d+) minutes", (flows.LASTS / MINUTE,)),
    ("data_protection.md", r"`once`[^|]*\|[^|]*\| after (\d+) hours", (once.KEPT / HOUR,)),
    ("data_protection.md", r"`drafts`[^|]*\|[^|]*\| after (\d+) minutes", (drafts.KEPT / MINUTE,)),
    ("data_protection.md", r"`jaga db tidy` after (\d+) days", (tidy.DRAFT_DAYS,)),
    ("evaluating.md", r"a judged model with an AUC over (\.\d+)", (judged.ALARM,)),
    ("evaluating.md", r"AUC of (\.\d+) at most, in every view", (judged.ALARM,)),
    ("evaluating.md", r"\| enough events \| (\d+) judged falls", (gates.FEWEST_EVENTS,)),
    ("evaluating.md", r"a part of fewer than (\d+) rows, (\d+) falls", TOO_FEW),
    ("evaluating.md", r"the figure lies from (\.\d+) to ([\d.]+), its interval from (\.\d+) to ([\d.]+)", RANGES),
    ("operations.md", r"begun more than (\d+) days ago", (tidy.DRAFT_DAYS,)),
    ("operations.md", r"the key of the request, kept (\d+) hours", (once.KEPT / HOUR,)),
    ("operations.md", r"who were there in the last (\d+) minutes", (gate.AWAY / MINUTE,)),
    ("operations.md", r"let sessions run out \((\d+) hours\)", (sessions.LONGEST / HOUR,)),
    ("operations.md", r"by a clock more than (\d+) minutes behind", (sessions.SKEW / MINUTE,)),
    ("operations.md", r"(\d+) MiB and ([\d,]+) rows a request and (\d+) MiB of bodies",
     (limits.BODY_MIB, limits.MOST_ROWS, limits.HELD_MIB)),
    ("operations.md", r"(\d+) KiB to other routes of the API, (\d+) KiB a form", (routes.BODY_KIB, limits.FORM_KIB)),
    ("operations.md", r"(\d+) KiB of address and headers", (limits.HEAD_KIB,)),
    ("operations.md", r"A body has (\d+) seconds to arrive", (limits.SEND_SECONDS,)),
    ("scoring.md", r"date of the score, and (\d+) days later", (score.VALID_DAYS,)),
    ("scoring.md", r"From (\d+) days after their date scores are", (score.VALID_DAYS,)),
    ("scoring.md", r"lacks more than (half|a third) of the facts", (score.MOSTLY,)),
    ("scoring.md", r"(\d+) % interval for the risk of families", (100 * interval.LEVEL,)),
    ("simulation.md", r"deviation of (\.\d+) in log-odds in the first year, (\.\d+) in the second and (\.\d+)", MOVES),
    ("threats.md", r"by the pages (\d+) a second", (gate.PAGES,)),
    ("threats.md", r"(\d+) minutes idle, (\d+) hours at most", SESSION),
    ("threats.md", r"scopes, area, (\d+) days at most", (tokens.MOST_DAYS,)),
)  # fmt: skip
"""Page, what it says with a group for each figure, and what the code holds."""


@pytest.mark.parametrize(("page", "words", "held"), TOLD, ids=lambda own: own if isinstance(own, str) else "")
def test_a_page_tells_the_limit_of_the_code(page: str, words: str, held: tuple[float, ...]) -> None:
    text = " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())
    found: list[Any] = [own if isinstance(own, tuple) else (own,) for own in re.findall(words, text)]
    assert found, f"{page} no longer says {words}"
    for figures in found:
        assert [WORDS[own] if own in WORDS else float(own.replace(",", "")) for own in figures] == pytest.approx(
            list(held)
        ), page


def test_days_that_a_variable_sets_are_those_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("JAGA_RATE", "JAGA_VISIT_DAYS", "JAGA_OBJECTION_DAYS", "JAGA_FACTS", "JAGA_REGISTER"):
        monkeypatch.delenv(name, raising=False)
    assert settings.read() == USUAL
    assert USUAL.objection_days == objections.DAYS
