"""What the commands `jaga lists ...` do with their arguments, and what they print."""

from __future__ import annotations

import argparse
import getpass
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from features import answer_file
from features.commands import UserError
from features.file_words import unreadable
from features.home import home
from models.targeting import Rules, rules
from models.targeting import draw as draw_list
from models.words import MARK
from serving import terminal
from serving.access.rights import smallest
from serving.audit import trail
from serving.batch import runs
from serving.batch.command import day
from serving.cases.found import found as found_of
from serving.console.strings import strings
from serving.lists import facts as lists_facts
from serving.lists import files
from serving.lists.facts_file import FACTS, read_facts
from serving.lists.rows import read_last, read_rows
from serving.lists.told import left, told
from serving.problems import Problem
from serving.scores import scores
from serving.scores.commands import about, expired, head_lines, write_lines
from serving.store import schema
from serving.store.engine import is_there, open_store
from serving.store.numbers import today
from serving.terminal import Printed


def draw(arguments: argparse.Namespace) -> int:
    """Run `jaga lists draw`."""
    own = _rules(arguments.rules)
    facts = None if arguments.facts is None else read_facts(arguments.facts)
    given = {"previous": arguments.previous, "replaced": arguments.replaces}
    before = {name: read_last(path) for name, path in given.items() if path is not None}
    with scores.open(arguments.store or home() / "scores") as found:
        if expired(found):
            raise UserError(f"the scores of {found.run.name} expired on {found.expires}: score and publish again, no "
                            "list is drawn from them",
                            f"skor {found.run.name} kedaluwarsa pada {found.expires}: nilai dan terbitkan lagi, daftar "
                            "tidak disusun darinya")  # fmt: skip
        if facts is not None:
            facts.known(today(), found.as_of)
        visited, seen = _visited(own, found, arguments.without_visits)
        inputs = {name: digest for name, (_, digest) in before.items()} | ({"visits": seen} if seen else {})
        inputs |= facts.inputs if facts else {}
        rows, strange = read_rows(found, own, facts, visited)
        seed = found.run.name if arguments.seed is None else arguments.seed
        drawn = draw_list(rows, own, seed=seed, run=found.run.name, as_of=np.datetime64(found.as_of),
                          before=before.get("previous", (None,))[0], replaced=before.get("replaced", (None,))[0],
                          inputs=inputs)  # fmt: skip
        accounts = files.without_few(drawn)
        said = accounts | _dated({"scores": about(found), "facts_of_others": strange})
        say = Printed(arguments.language)
        lines = [*head_lines(found, arguments.language), *told(drawn, accounts, arguments.language)]
        if visited is None:
            why = "--without-visits" if arguments.without_visits else say("list.nodatabase")
            lines.append(say("list.novisits", why=why))
        if strange:
            lines.append(say("list.strange", n=strange))
        paths = files.write(drawn, arguments.output, said, synthetic=found.synthetic, language=arguments.language,
                                  left=left(accounts, arguments.language))  # fmt: skip
        answer_file.write(arguments.json, runs.as_json(said))
    write_lines([*lines, *(say("written", path=path) for path in paths)])
    return 0


def facts(arguments: argparse.Namespace) -> int:
    """Run `jaga lists facts`."""
    made = lists_facts.make(arguments.input, arguments.output or home() / FACTS, as_of=day(arguments.as_of),
                            today=_latest(), kinds=arguments.shocks, scopes=arguments.scopes)  # fmt: skip
    say = Printed(arguments.language)
    mark = f" ({MARK[say.language]})" if made.synthetic else ""
    lines = [say("facts", n=made.families, day=made.as_of, mark=mark), say("facts.programmes", n=made.programmes)]
    if not made.shocks:
        lines.append(say("facts.noshocks"))
    names = {kind: strings(say.language).say(f"shock.{kind}").lower() for kind in made.shocks}
    lines += [say("facts.shock", kind=names[kind], n=count) for kind, count in made.shocks.items()]
    lines += [say("facts.bad", table=name, n=count) for name, count in made.quarantined.items() if count]
    write_lines([*lines, say("facts.own" if arguments.output is None else "written", path=made.path)])
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
        schema.there(store)  # of a file that JAGA_DB names
        schema.prepare(store)
        with store.writing() as connection:
            visited, seen = found_of(connection, own, scored.as_of)
            trail.write(connection, trail.terminal(getpass.getuser()), "visit.see", area=smallest(own.areas),
                        count=len(visited), detail={"rules": own.digest, "visits": seen})  # fmt: skip
    except Problem as problem:
        indonesian, english = terminal.told(problem).words
        raise UserError(f"what visits found cannot be read: {english}; or draw without it by --without-visits",
                        f"temuan kunjungan tidak dapat dibaca: {indonesian}; atau susun tanpa itu dengan "
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
        raise unreadable(path, error) from None
    try:
        return rules.read(text)
    except UserError as error:
        indonesian, english = error.words
        raise UserError(f"{path}: {english}", f"{path}: {indonesian}") from None
