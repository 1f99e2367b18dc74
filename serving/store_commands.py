"""What `jaga db` and `jaga audit` do, and how all commands on the database are run."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from features.commands import UserError
from features.file_words import unwritable
from features.home import home
from features.keys import grouped
from models.chain import ChainError
from models.rule_words import words_of
from serving.access import rights_logged
from serving.access.people_commands import COMMANDS, by, say, time_of
from serving.audit import reads, seen, trail
from serving.audit.search import Asked, household, rows
from serving.cases import visits_logged
from serving.cases.lists import unlogged
from serving.problems import Problem
from serving.store import copy, lists, schema, tidy
from serving.store.engine import Store, open_store
from serving.terminal import Printed, told

_MAKING = ("db upgrade", "people add")
"""Commands that a new database begins with."""


def run(name: str, args: Namespace) -> int:
    """Run one of the commands; its exit code."""
    store = open_store()
    try:
        if name not in _MAKING:
            schema.there(store)
        if not name.startswith("db "):
            schema.prepare(store)
        return {**COMMANDS, **_COMMANDS}[name](store, args)
    except Problem as problem:
        raise told(problem) from None
    except ValueError as error:  # an area or role that is none
        indonesian, english = words_of(error)
        raise UserError(english, indonesian) from None
    finally:
        store.close()


def _upgrade(store: Store, args: Namespace) -> int:
    before, after = schema.upgrade(store)
    printed = Printed(args.language)
    was = "" if before == after else printed("db.before", before=before or printed("none"))
    say(printed("db.revision", after=after) + was)
    return 0


def _check(store: Store, args: Namespace) -> int:
    printed, at = Printed(args.language), 0 if args.language == "id" else 1
    differing = schema.differences(store)
    found = [one[at] for one in differing]
    if all(one[1].startswith("trigger ") for one in differing):  # what they guard can be compared all the more
        with store.reading() as connection:
            found += [printed("db.list.changed", name=name) for name in lists.broken(connection)]
            try:
                trail.signed(connection)
                found += [printed("db.list.unlogged", name=name) for name in unlogged(connection, store.seal)]
                rights = rights_logged.unlogged(connection, store.seal)
                found += [printed("db.unlogged", what=own[at]) for own in rights]
                changed, gone = visits_logged.unlogged(connection, store.seal)
                found += [printed("db.visits.differ", n=changed)] * bool(changed)
                found += [printed("db.visits.gone", n=gone)] * bool(gone)
            except ChainError as error:  # by another key every right would seem not to be in the log
                found.append(words_of(error)[at])
    say("\n".join(found) or printed("db.whole", newest=schema.newest()))
    return 1 if found else 0


def _copy(store: Store, args: Namespace) -> int:
    used = copy.in_use(store)
    if used:
        say(Printed(args.language)("db.used"))
    target = open_store(args.to)
    try:
        counts = copy.copy(store, target)
    finally:
        target.close()
    for table, count in counts.items():
        say(f"{table:<20} {count:>10,}")
    say(Printed(args.language)("db.copied"))
    return 1 if used else 0  # whoever goes on by it would lose what was written meanwhile


def _tidy(store: Store, args: Namespace) -> int:
    if args.draft_days < 1:
        raise UserError("--draft-days must be at least 1", "--draft-days paling sedikit 1")
    schema.prepare(store)
    if args.dry_run:
        with store.reading() as connection:
            found = tidy.count(connection, args.draft_days)
    else:
        with store.writing() as connection:
            found = tidy.tidy(connection, args.draft_days)
            trail.write(connection, by(), "db.tidy", count=sum(found.values()), detail=found)
    for table, old in found.items():
        say(f"{table:<20} {old:>10,}")
    say(Printed(args.language)("db.counted" if args.dry_run else "db.tidied"))
    return 0


def _verify(store: Store, args: Namespace) -> int:
    printed, anchor = Printed(args.language), _anchor(args.anchor) if args.anchor else None
    try:
        with store.reading() as connection:
            found = trail.verify(connection, anchor)
        waiting = reads.verify(store)
    except ChainError as error:
        say(printed("audit.broken", why=words_of(error)[0 if args.language == "id" else 1]))
        return 1
    say(printed("audit.whole", n=found.count))
    if waiting:
        say(printed("audit.waiting", n=waiting))
    if found.backward:
        say(printed("audit.backward", n=found.backward))
    if args.anchor and found.count:
        try:
            args.anchor.write_text(json.dumps({"row": found.count, "hash": found.last}) + "\n")
        except OSError as error:
            raise unwritable(args.anchor, error) from None
    return 0


def _accept(store: Store, args: Namespace) -> int:
    say(Printed(args.language)("audit.accepted", n=seen.accept(store, by(), home())))
    return 0


def _show(store: Store, args: Namespace) -> int:
    if args.count < 1:
        raise UserError("--count must be at least 1", "--count paling sedikit 1")
    if args.household and not household(args.household):
        raise UserError(f"--household {args.household}: write a code such as 7K3M-9Q2P-T5XA",
                        f"--household {args.household}: tulis kode seperti 7K3M-9Q2P-T5XA")  # fmt: skip
    since = _date(args.since) if args.since else None
    asked = Asked(args.by, args.act, args.object, since, household=args.household)
    with store.reading() as connection:
        found = rows(connection, None, asked, limit=args.count)
    if not found:
        say(Printed(args.language)("audit.nothing"))
    for row in reversed(found):
        area = row.regency or row.province or "ID"
        say(f"{row.n:>8} {time_of(row.at)} {row.account:<16} {row.act:<18} {row.result:<8} {area:<4} "
            f"{grouped(row.object or '-')} ({row._mapping['count']})")  # fmt: skip
    return 0


def _date(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise UserError(f"--since {text}: write a date such as 2026-10-01",
                        f"--since {text}: tulis tanggal seperti 2026-10-01") from None  # fmt: skip


def _anchor(path: Path) -> tuple[int, str] | None:
    """The anchor that was kept; None where none was yet. UserError where none can be read or kept there, which is told
    before the whole log is read for it."""
    if not path.parent.is_dir():
        raise unwritable(path, NotADirectoryError() if path.parent.exists() else FileNotFoundError())
    if path.is_dir():
        raise unwritable(path, IsADirectoryError())
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_text())
        row, seen = found["row"], found["hash"]
        if type(row) is not int or row < 1 or not isinstance(seen, str):  # a row that no log has would hold for any log
            raise ValueError
        return row, seen
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UserError(f"{path.name} is not what jaga audit verify --anchor wrote",
                        f"{path.name} bukan yang ditulis jaga audit verify --anchor") from None  # fmt: skip


_COMMANDS: Mapping[str, Callable[[Store, Namespace], int]] = {
    "db upgrade": _upgrade, "db check": _check, "db copy": _copy, "db tidy": _tidy,
    "audit verify": _verify, "audit accept-record": _accept, "audit show": _show,
}  # fmt: skip
