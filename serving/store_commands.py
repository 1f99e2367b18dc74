"""What `jaga db`, `jaga people`, `jaga tokens` and `jaga audit` do."""

from __future__ import annotations

import getpass
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import desc, or_, select

from features.commands import UserError
from features.keys import CODE
from models.chain import ChainError
from serving import accounts, audit
from serving.access import Caller, Grant
from serving.oidc_settings import settings as oidc_settings
from serving.problems import RULES, Problem
from serving.store import copy, lists, people, schema, tokens
from serving.store.engine import Store, open_store
from serving.store.tables import audit as log


def run(name: str, args: Namespace) -> int:
    """Run one of the commands; its exit code."""
    store = open_store()
    try:
        if not name.startswith("db "):
            schema.prepare(store)
        return _COMMANDS[name](store, args)
    except Problem as problem:
        broken = "".join(f"; {own.field} {RULES[own.rule][1]}" for own in problem.broken)
        raise UserError(problem.title("en").rstrip(".") + broken) from None
    except ValueError as error:  # an area or role that is none
        raise UserError(str(error)) from None
    finally:
        store.close()


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")


def _by() -> Caller:
    return audit.terminal(getpass.getuser())


def _upgrade(store: Store, _: Namespace) -> int:
    before, after = schema.upgrade(store)
    _say(f"the tables are at revision {after}" + ("" if before == after else f" (before: {before or 'none'})"))
    return 0


def _check(store: Store, _: Namespace) -> int:
    found = schema.differences(store)
    if not found:
        with store.reading() as connection:
            found = [f"list {name} is not what was confirmed" for name in lists.broken(connection)]
    _say("\n".join(found) or f"the tables are what this version expects (revision {schema.newest()})")
    return 1 if found else 0


def _copy(store: Store, args: Namespace) -> int:
    target = open_store(args.to)
    try:
        counts = copy.copy(store, target)
    finally:
        target.close()
    for table, rows in counts.items():
        _say(f"{table:<20} {rows:>10,}")
    _say("copied; the audit log and all confirmed lists verify in the target")
    return 0


def _add_person(store: Store, args: Namespace) -> int:
    ways = [args.password_stdin, args.generate, args.no_password, args.provider]
    if sum(ways) > 1 or (args.first and (args.no_password or args.provider)):
        raise UserError("choose one of --password-stdin, --generate, --no-password and --provider; --first signs in "
                        "with a password")  # fmt: skip
    if args.subject and not args.provider:
        raise UserError("--subject goes with --provider")
    if args.first:
        _, made = accounts.first(store, _by(), args.account, args.name, _password(args))
    elif args.no_password or args.provider:
        provider = oidc_settings() if args.provider else None
        if args.provider and provider is None:
            raise UserError("--provider: no OpenID provider is set up (oidc.toml, JAGA_OIDC_ISSUER)")
        _, made = accounts.add(store, _by(), args.account, args.name, signs_in=False, language=args.language,
                               issuer=provider.issuer if provider else None, subject=args.subject)  # fmt: skip
    else:
        _, made = accounts.add(store, _by(), args.account, args.name, password=_password(args), language=args.language)
    _say(f"{args.account} was added" + (" as the first administrator" if args.first else ", without any role yet"))
    _tell(made)
    return 0


def _list_people(store: Store, args: Namespace) -> int:
    with store.reading() as connection:
        everyone, rights = people.everyone(connection), people.all_grants(connection)
    rows: list[dict[str, Any]] = [
        {"account": own.account, "name": own.name, "roles": [_shown(grant) for grant in rights.get(own.id, ())],
         "locked": own.locked, "signs_in": "provider" if own.issuer else "password" if own.password else "no",
         "last_seen": _time(own.last_seen)} for own in everyone]  # fmt: skip
    for row in rows:
        state = " LOCKED" if row["locked"] else ""
        _say(f"{row['account']:<24} {row['name']:<28} {' '.join(row['roles']) or '-':<40} {row['last_seen']}{state}")
    _write(args.json, rows)
    return 0


def _grant(store: Store, args: Namespace) -> int:
    done = accounts.grant(store, _by(), args.account, Grant(args.role, _area(args.area)))
    _say(f"{args.account}: {args.role} in {args.area}" + ("" if done else " was there already"))
    return 0


def _revoke(store: Store, args: Namespace) -> int:
    if not accounts.revoke(store, _by(), args.account, Grant(args.role, _area(args.area))):
        raise UserError(f"{args.account} is not {args.role} in {args.area}")
    _say(f"{args.account}: no longer {args.role} in {args.area}")
    return 0


def _reset(store: Store, args: Namespace) -> int:
    made = accounts.reset(store, _by(), args.account, _password(args))
    _say(f"{args.account} has a new first password, to be changed at the next sign-in")
    _tell(made)
    return 0


def _lock(store: Store, args: Namespace) -> int:
    accounts.lock(store, _by(), args.account)
    _say(f"{args.account} is locked")
    return 0


def _unlock(store: Store, args: Namespace) -> int:
    accounts.unlock(store, _by(), args.account)
    _say(f"{args.account} is unlocked")
    return 0


def _add_token(store: Store, args: Namespace) -> int:
    token, secret = accounts.make_token(store, _by(), args.account, args.label, args.scope, area=_area(args.area),
                                        days=args.days)  # fmt: skip
    _say(f"{secret}\nshown now and never again; it expires {token.expires:%Y-%m-%d}")
    return 0


def _list_tokens(store: Store, args: Namespace) -> int:
    with store.reading() as connection:
        found = tokens.everyone(connection)
    now = store.clock()
    rows = [{"prefix": own.prefix, "account": own.account, "label": own.label, "scopes": sorted(own.scopes),
             "area": own.area or "ID", "expires": _time(own.expires), "last_used": _time(own.last_used),
             "state": "revoked" if own.revoked else "holds" if own.usable(now) else "expired",
             } for own in found]  # fmt: skip
    for row in rows:
        _say(f"{row['prefix']} {row['state']:<8} {row['account']:<24} {row['area']:<5} {' '.join(row['scopes'])} "
             f"until {row['expires']}, last used {row['last_used']}: {row['label']}")  # fmt: skip
    _write(args.json, rows)
    return 0


def _revoke_token(store: Store, args: Namespace) -> int:
    token = accounts.revoke_token(store, _by(), args.prefix.removeprefix("jaga_").split("_")[0])
    _say(f"the token {token.prefix} of {token.account} holds no longer")
    return 0


def _verify(store: Store, args: Namespace) -> int:
    anchor = _anchor(args.anchor) if args.anchor and args.anchor.exists() else None
    try:
        with store.reading() as connection:
            found = audit.verify(connection, anchor)
    except ChainError as error:
        _say(f"BROKEN: {error}")
        return 1
    _say(f"the log is whole up to row {found.count:,}")
    if found.backward:
        _say(f"note: {found.backward} rows have a time before that of the row before; the clock was set back there")
    if args.anchor and found.count:
        args.anchor.write_text(json.dumps({"row": found.count, "hash": found.last}) + "\n")
    return 0


def _show(store: Store, args: Namespace) -> int:
    where = [log.c.n > 0]
    if args.by:
        where.append(log.c.account == args.by)
    if args.object:
        code = args.object.replace("-", "").upper()
        where.append(log.c.object == (code if CODE.match(code) else args.object))
    if args.act:
        where.append(or_(log.c.act == args.act, log.c.act.startswith(f"{args.act}.", autoescape=True)))
    if args.since:
        where.append(log.c.at >= _date(args.since))
    if args.count < 1:
        raise UserError("--count must be at least 1")
    with store.reading() as connection:
        rows = connection.execute(select(log).where(*where).order_by(desc(log.c.n)).limit(args.count)).all()
    for row in reversed(rows):
        area = row.regency or row.province or "ID"
        _say(f"{row.n:>8} {_time(row.at)} {row.account:<16} {row.act:<18} {row.result:<8} {area:<4} "
             f"{row.object or '-'} ({row._mapping['count']})")  # fmt: skip
    return 0


def _password(args: Namespace) -> str | None:
    """The password from standard input or typed twice; None where one is to be made."""
    if args.generate:
        return None
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UserError("no terminal to ask for the password; use --password-stdin or --generate")
    first = getpass.getpass("Password: ")
    if first != getpass.getpass("Again: "):
        raise UserError("the two passwords differ")
    return first


def _tell(made: str | None) -> None:
    if made:
        _say(f"password: {made}\nshown now and never again; it has to be changed at the first sign-in")


def _area(text: str) -> str:
    if not text:
        raise UserError("area: ID for the nation, 32 for a province, 3204 for a regency")
    return "" if text == "ID" else text


def _shown(grant: Grant) -> str:
    return f"{grant.role}:{grant.area or 'ID'}"


def _time(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%MZ") if moment else "never"


def _date(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        raise UserError(f"--since {text}: write a date such as 2026-10-01") from None


def _anchor(path: Path) -> tuple[int, str]:
    try:
        found = json.loads(path.read_text())
        return int(found["row"]), str(found["hash"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UserError(f"{path.name} is not what jaga audit verify --anchor wrote") from None


def _write(path: Path | None, rows: list[dict[str, Any]]) -> None:
    if path:
        path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


_COMMANDS: Mapping[str, Callable[[Store, Namespace], int]] = {
    "db upgrade": _upgrade, "db check": _check, "db copy": _copy, "people add": _add_person,
    "people list": _list_people, "people grant": _grant, "people revoke": _revoke, "people reset": _reset,
    "people lock": _lock, "people unlock": _unlock, "tokens add": _add_token, "tokens list": _list_tokens,
    "tokens revoke": _revoke_token, "audit verify": _verify, "audit show": _show,
}  # fmt: skip
