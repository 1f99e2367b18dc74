"""The command that brings back what was found: `jaga data feedback`."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from features.commands import Commands, UserError


def register(commands: Commands) -> None:
    """Add `jaga data feedback`."""
    commands.add("data feedback", help="write visits and objections as outcomes, with their chance of selection",
                 configure=_options, run=run, private=True)  # fmt: skip


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, required=True, metavar="DIR|FILE",
                        help="folder, or a file that ends in .csv or .parquet")  # fmt: skip
    parser.add_argument("--known-by", metavar="DATE", help="as it was known on this day; today without it")
    parser.add_argument("--language", choices=("id", "en"), default="id", help="language of what is printed")


def run(arguments: argparse.Namespace) -> int:
    """Write what was known, and its row in the audit log."""
    import getpass

    from features.home import home
    from serving.audit import trail
    from serving.cases import feedback
    from serving.problems import Problem
    from serving.scores import publishing
    from serving.scores.commands import write_lines
    from serving.scores.scores import open_run
    from serving.store import schema
    from serving.store.engine import open_store
    from serving.store.numbers import day_of
    from serving.terminal import Printed, told

    store = open_store()
    try:
        schema.there(store)
        schema.prepare(store)
        known_by = _day(arguments.known_by) or day_of(store.clock())
        name = publishing.current(home() / "scores")
        made_up: bool | None = None
        if name is not None:
            with open_run(home() / "scores", name) as scores:
                made_up = scores.synthetic
        with store.reading() as connection:
            found = feedback.table(list(feedback.rows(connection, known_by, made_up)))
        with store.writing() as connection:
            made_up = bool(made_up) or True in found.column("synthetic").to_pylist()
            paths = feedback.write(arguments.output, found, known_by, synthetic=made_up)
            trail.write(connection, trail.terminal(getpass.getuser()), "feedback.export", count=found.num_rows,
                        detail={"known_by": str(known_by)})  # fmt: skip
    except Problem as problem:
        raise told(problem) from None
    finally:
        store.close()
    counted = feedback.counts(found)
    say = Printed(arguments.language)
    uses = ", ".join(f"{say(f'use.{name}')} {say.number(count)}" for name, count in counted["use"].items())
    write_lines([say("outcomes", day=known_by, n=counted["rows"], uses=uses or say("none")),
                 *(say("written", path=path) for path in paths)])  # fmt: skip
    return 0


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"--known-by {text}: write a day such as 2026-11-24",
                        f"--known-by {text}: tulis tanggal seperti 2026-11-24") from None  # fmt: skip
