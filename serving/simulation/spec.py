"""What the service lives at most, and a scenario read from what somebody sent."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import yaml

from features.commands import UserError
from models.rule_words import Pair, UnfitError, said, words_of
from models.schemes import checks
from models.schemes import scenario as scenarios
from models.schemes.plain_yaml import DEEPEST
from models.schemes.scenario import Scenario
from models.schemes.work import lives
from models.targeting.rule_checks import RuleError
from serving.problems import MOST, Broken, Problem
from serving.store.checks import no_id_numbers

FAMILIES = 50_000
"""Families that live a scenario here; the nation is for `jaga simulate`."""
MOST_YEARS, MOST_DRAWS, MOST_ARMS, MOST_PARTS = 40, 200, 4, 8
"""`MOST_PARTS` of shocks, and of schemes in an answer: as many as the back-cast has. More of either are no more lives
of a family; those are limited by `MOST_WORK`."""
MOST_WORK = 40_000
"""Years x draws x lives (`models.schemes.work.lives`). Where schemes touch every family and shocks may hit all, a
processor lived 10 million years of a family in a second, so that two live this in less than two minutes; those that
ship touch few and take seconds."""
MOST_LETTERS = 40_000


def bad(error: Exception) -> Problem:
    """Problem `bad_scenario` with all that an error says, in both languages, each fault by its field where it has one:
    as many as a problem tells."""
    if isinstance(error, RuleError):
        found = [(own.key, own.words) for own in error.all[:MOST]]
    elif isinstance(error, UserError | UnfitError):
        found = [("", words_of(error))]
    elif isinstance(error, RecursionError):
        found = [("", said("deep", most=DEEPEST, place="", at=""))]
    else:  # of JSON, whose own words are for programmers
        found = [("", said("unreadable"))]
    told = [(key, _cut(words)) for key, words in found]
    broken = [Broken(field(key), "scenario_rule", (own.removeprefix(f"{key}: "), english.removeprefix(f"{key}: ")))
              for key, (own, english) in told if key]  # fmt: skip
    sentence = ("; ".join(own for _, (own, _) in told), "; ".join(english for _, (_, english) in told))
    return Problem("bad_scenario", broken, values={"told": sentence})


def field(key: str) -> str:
    """Where a fault stands in a body, as every route tells it, of where it stands in a file: of
    `scenario: arms 1: schemes 1: NAME: cost` it is `scenario.arms[0].schemes[0].with.cost`."""
    within = re.sub(r"((?:schemes|shocks) \d+): [^:]+: ", r"\1: with: ", key)
    counted = re.sub(r" (\d+)(?=: |$)", lambda found: f"[{int(found[1]) - 1}]", within)
    return counted.replace(": ", ".")


def _cut(words: Pair) -> Pair:
    """Words that hold a value of the scenario, which may be long."""
    return words[0][:400], words[1][:400]


def read(plain: Mapping[str, Any]) -> Scenario:
    """The scenario. Problem `bad_scenario` says what is wrong with it and where."""
    try:
        text = json.dumps(plain, default=str, allow_nan=False)
        if len(text) > MOST_LETTERS:
            raise UnfitError.of("letters", most=MOST_LETTERS)
        found = scenarios.of(plain, "scenario", most_years=MOST_YEARS)
        no_id_numbers(plain, "scenario")
        _small(found)
    except (UserError, ValueError, OverflowError, RecursionError) as error:
        raise bad(error) from None
    return found


def most_draws(plain: Mapping[str, Any]) -> int:
    """Draws that a scenario may have for its years and lives; `MOST_DRAWS` where it is none, which `read` tells."""
    try:
        found = scenarios.of(plain, "scenario")
    except UserError:
        return MOST_DRAWS
    return min(MOST_DRAWS, MOST_WORK // (found.years * lives(found)))


def of_yaml(text: str) -> dict[str, Any]:
    """Plain values of a YAML text, as JSON has them. Problem `bad_scenario`."""
    try:
        if len(text) > MOST_LETTERS:
            raise UnfitError.of("letters", most=MOST_LETTERS)
        found: dict[str, Any] = json.loads(json.dumps(checks.load(text, "scenario"), default=str, allow_nan=False))
    except (UserError, ValueError, TypeError) as error:  # the last of a key that is a date
        raise bad(error) from None
    return found


def as_yaml(plain: Mapping[str, Any]) -> str:
    """The scenario as a file that `jaga simulate` takes."""
    text: str = yaml.safe_dump(dict(plain), allow_unicode=True, sort_keys=False, width=110)
    return text


def _small(found: Scenario) -> None:
    arms = len(found.arms)
    limits = [("draws", found.draws, MOST_DRAWS), ("arms", arms, MOST_ARMS),
              ("shocks", len(found.shocks), MOST_PARTS)]  # fmt: skip
    limits += [(f"arms {at}: schemes", len(arm.schemes), MOST_PARTS) for at, arm in enumerate(found.arms, 1)]
    over = [
        RuleError(f"scenario: {name}", said("most", own=own, most=most)) for name, own, most in limits if own > most
    ]
    if (work := found.years * found.draws * lives(found)) > MOST_WORK:
        over.append(RuleError("scenario", said("most_work", own=work, most=MOST_WORK)))  # of several fields together
    if over:
        raise RuleError.together(over)
