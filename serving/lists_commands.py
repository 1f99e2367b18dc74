"""What the commands `jaga lists ...` do with their arguments, and what they print."""

from __future__ import annotations

import argparse
import getpass
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from features import answer_file
from features.commands import UserError
from features.home import home
from models.targeting import Cell, Drawn, Rules, rules
from models.targeting import draw as draw_list
from models.text import words
from models.words import MARK
from serving import audit, lists_facts, lists_files, runs, scores, terminal
from serving.access import smallest
from serving.batch_run import day
from serving.cases.found import found as found_of
from serving.lists_rows import FACTS, read_facts, read_last, read_rows
from serving.problems import Problem
from serving.scores_commands import about, expired, head_lines, write_lines
from serving.scores_lines import aligned
from serving.store import schema
from serving.store.engine import is_there, open_store
from serving.store.numbers import today

MOST = 40
"""Cells that are printed one by one."""


def draw(arguments: argparse.Namespace) -> int:
    """Run `jaga lists draw`."""
    own = _rules(arguments.rules)
    facts = None if arguments.facts is None else read_facts(arguments.facts)
    before, last = (None, None) if arguments.previous is None else read_last(arguments.previous)
    with scores.open(arguments.store or home() / "scores") as found:
        if expired(found):
            raise UserError(f"the scores of {found.run.name} expired on {found.expires}: score and publish again, no "
                            "list is drawn from them")  # fmt: skip
        if facts is not None:
            facts.known(today(), found.as_of)
        visited, seen = _visited(own, found, arguments.without_visits)
        inputs = {name: digest for name, digest in (("previous", last), ("visits", seen)) if digest}
        inputs |= facts.inputs if facts else {}
        rows, strange = read_rows(found, own, facts, visited)
        seed = found.run.name if arguments.seed is None else arguments.seed
        drawn = draw_list(rows, own, seed=seed, run=found.run.name, as_of=np.datetime64(found.as_of), before=before,
                          inputs=inputs)  # fmt: skip
        said = {"scores": about(found), "facts_of_others": strange}
        lines = [*head_lines(found), *told(drawn)]
        if visited is None:
            why = "--without-visits" if arguments.without_visits else "there is no database here"
            lines.append(f"What visits found was left out of account: {why}")
        if strange:
            lines.append(f"Facts of {strange:,} households that are not in these areas were not used")
        paths = lists_files.write(drawn, arguments.output, _dated(said), synthetic=found.synthetic,
                                  language=arguments.sheet_language)  # fmt: skip
        answer_file.write(arguments.json, runs.as_json(lists_files.without_few(drawn) | _dated(said)))
    write_lines([*lines, *(f"Written: {path}" for path in paths)])
    return 0


def facts(arguments: argparse.Namespace) -> int:
    """Run `jaga lists facts`."""
    made = lists_facts.make(arguments.input, arguments.output or home() / FACTS, as_of=day(arguments.as_of),
                            today=_latest(), kinds=arguments.shocks, scopes=arguments.scopes)  # fmt: skip
    mark = f" ({MARK['en']})" if made.synthetic else ""
    lines = [f"Facts of {made.families:,} families as of {made.as_of}{mark}",
             f"Programmes known of {made.programmes:,}; where one of them is not known, none is told"]  # fmt: skip
    if not made.shocks:
        lines.append(
            "The register has no table of shocks: the facts hold none, and no fast lane can be drawn with them"
        )
    lines += [f"Hit by {kind}: {count:,}" for kind, count in made.shocks.items()]
    lines += [f"Rows of {name} that break rules and were left out: {count:,}"
              for name, count in made.quarantined.items() if count]  # fmt: skip
    own = arguments.output is None
    write_lines([*lines, f"Written: {made.path}" + ("; the service draws its lists with it" if own else "")])
    return 0


def _latest() -> np.datetime64:
    """Today, or the date of the scores that answer where made-up ones lie ahead of the clock: lists are drawn then."""
    days = [today()]
    with suppress(UserError), scores.open(home() / "scores") as found:
        days.append(found.as_of)
    return np.datetime64(max(days), "D")


def _visited(own: Rules, scored: scores.Scores, without: bool) -> tuple[dict[str, str] | None, str | None]:
    """What visits found by the rule of the service, and its hash; None where nobody can be asked, or is not to be.

    A database that there is but that does not answer is an error: a list without what it holds would give places to
    families that a visit found gone. That its families were read is a row of the log.
    """
    if without or not is_there():
        return None, None
    store = open_store()
    try:
        schema.prepare(store)
        with store.writing() as connection:
            visited, seen = found_of(connection, own, scored.as_of)
            audit.write(connection, audit.terminal(getpass.getuser()), "visit.see", area=smallest(own.areas),
                        count=len(visited), detail={"rules": own.digest, "visits": seen})  # fmt: skip
    except Problem as problem:
        raise UserError(f"what visits found cannot be read: {terminal.told(problem)}; or draw without it by "
                        "--without-visits") from None  # fmt: skip
    finally:
        store.close()
    return visited, seen


def _dated(said: dict[str, Any]) -> dict[str, Any]:
    """Dates as texts; whether the scores have expired depends on the day and is no part of a list."""
    own = {name: value if isinstance(value, str | bool) else str(value) for name, value in said["scores"].items()
           if name != "expired"}  # fmt: skip
    return said | {"scores": own}


def _rules(path: Path) -> Rules:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"the rules {path} cannot be read: {error}") from None
    try:
        return rules.read(text)
    except UserError as error:
        raise UserError(f"{path}: {error}") from None


def told(found: Drawn) -> list[str]:
    """The list in words: counts that add up, cells, the households at the cut, expected errors."""
    said = lists_files.without_few(found)
    counts = said["channels"]
    filled = sum(cell.filled for cell in found.cells)
    money = "" if found.left is None else f", {_rupiah(found.left)} of the budget left"
    lines = [
        f"List {found.identity[:12]} by rules {found.digest[:12]}, seed {found.seed}",
        f"Places {said['places']:,} = ranked {counts['ranked']:,} + kept {counts['kept']:,} + fast lane "
        f"{counts['fast_lane']:,} + random {counts['random']:,} + without budget {said['no_budget']:,} + nobody for "
        f"them {said['too_few']:,}; reserve {counts['reserve']:,}",
        f"Cost {_rupiah(found.cost)}{money}; check in the field {said['verify']['places']:,} of the {filled:,} on the "
        f"list, {said['verify']['outside']:,} outside",
    ]  # fmt: skip
    for name, own in said["households"].items():
        rest = ", ".join(f"{why} {count:,}" for why, count in own.items() if count)
        lines.append(f"Households for {name}: {rest}")
    if kept := sum(not one["listed"] for one in said["visited"]):
        lines.append(f"Given no place, by what a visit found: {kept:,}; the accounts name them")
    if below := sum(one["listed"] for one in said["visited"]):
        lines.append(f"On the list although a visit found them below the line: {below:,}; the accounts name them")
    if said["gone"]:
        lines.append(f"On the last list and not on this one: {len(said['gone']):,}; an officer decides about them")
    return [*lines, "", *_cells(found.cells), "", *_expected(said["expected"])]


def _cells(cells: tuple[Cell, ...]) -> list[str]:
    heads = ("scheme", "area", "quota", "ranked", "kept", "fast", "random", "empty", "cut", "last in", "first out")
    table: list[tuple[str, ...]] = [heads]
    for cell in cells[:MOST]:
        edges = ("" if edge is None else f"{edge.household} ({lists_files.of_100(edge.risk)} of 100)"
                 for edge in (cell.last_in, cell.first_out))  # fmt: skip
        table.append((cell.scheme, cell.area or "nation", f"{cell.quota:,}", f"{cell.ranked:,}", f"{cell.kept:,}",
                      f"{cell.fast_lane:,}", f"{cell.random:,}", f"{cell.no_budget + cell.too_few:,}",
                      "" if cell.cut is None else f"{cell.cut:.4g}", *edges))  # fmt: skip
    more = [f"... and {len(cells) - MOST:,} more in the files"] if len(cells) > MOST else []
    return [*aligned(table, 2), *more]


def _expected(groups: Sequence[Mapping[str, Any]]) -> list[str]:
    heads = ("expected errors", "", "households", "no score", "of 100 who fall, on the list", "falls",
             "of 100 on the list, fall", "are likely below the line already", "neither", "listed")  # fmt: skip
    table: list[tuple[str, ...]] = [heads]
    for one in groups:
        falls = None if one["falls"] is None else round(one["falls"])
        table.append((_BY.get(one["by"], one["by"]), _level(one), _number(one["households"]), _number(one["unscored"]),
                      _share(one["exclusion"], turned=True), _number(falls), _share(one["inclusion"], turned=True),
                      _share(one["poor"]), _share(one["neither"]), _number(one["listed"])))  # fmt: skip
    return aligned(table, 2)


_BY = {"urban": "town or village"}
"""Heads of groups that are not their names in the accounts."""


def _level(one: Mapping[str, Any]) -> str:
    """A group's level in words; what has none is not known, or has no score at all."""
    level: str = one["level"]
    if level:
        return words("en").kinds.get(level, level.replace("_", " "))
    return "" if one["by"] == "all" else "no score" if one["households"] == 0 else "not known"


def _number(count: int | None) -> str:
    return "too few" if count is None else f"{count:,}"


def _share(share: Mapping[str, float] | None, turned: bool = False) -> str:
    """A share out of 100 with its range; turned : of those that are not meant."""
    if share is None:
        return "too few"
    value, *ends = (100 * (1 - share[name] if turned else share[name]) for name in ("value", "low", "high"))
    return f"{value:.0f} ({min(ends):.0f} to {max(ends):.0f})"


def _rupiah(amount: int) -> str:
    return f"Rp{amount:,}".replace(",", ".")
