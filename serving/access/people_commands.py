"""What `jaga people` and `jaga tokens` do."""

from __future__ import annotations

import getpass
import json
import sys
from argparse import Namespace
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from features import answer_file
from features.commands import UserError
from serving.access import accounts
from serving.access.oidc_settings import settings as oidc_settings
from serving.access.rights import Caller, Grant, area_named
from serving.audit import trail
from serving.store import people, tokens
from serving.store.engine import Store
from serving.terminal import Printed

NEVER = "never"
"""What stands in files for a time that there is not."""


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(text + "\n")


def by() -> Caller:
    """Who types."""
    return trail.terminal(getpass.getuser())


def time_of(moment: datetime | None) -> str:
    """A time to be read, in UTC."""
    return moment.strftime("%Y-%m-%dT%H:%MZ") if moment else NEVER


def _add_person(store: Store, args: Namespace) -> int:
    ways = [args.password_stdin, args.generate, args.no_password, args.provider]
    if sum(ways) > 1 or (args.first and (args.no_password or args.provider)):
        raise UserError("choose one of --password-stdin, --generate, --no-password and --provider; --first signs in "
                        "with a password",
                        "pilih salah satu dari --password-stdin, --generate, --no-password, dan --provider; --first "
                        "masuk dengan kata sandi")  # fmt: skip
    if args.subject and not args.provider:
        raise UserError("--subject goes with --provider", "--subject dipakai bersama --provider")
    printed = Printed(args.language)
    if args.first:
        _, made = accounts.first(store, by(), args.account, args.name, _password(args, printed))
    elif args.no_password or args.provider:
        _, made = accounts.add(store, by(), args.account, args.name, signs_in=False, language=args.language,
                               issuer=_issuer("--provider: ") if args.provider else None,
                               subject=args.subject)  # fmt: skip
    else:
        _, made = accounts.add(store, by(), args.account, args.name, password=_password(args, printed),
                                language=args.language)  # fmt: skip
    say(printed("people.first" if args.first else "people.added", account=args.account))
    _tell(made, printed)
    return 0


def _list_people(store: Store, args: Namespace) -> int:
    printed = Printed(args.language)
    with store.reading() as connection:
        everyone, rights = people.everyone(connection), people.all_grants(connection)
    rows: list[dict[str, Any]] = [
        {"account": own.account, "name": own.name, "roles": [_shown(grant) for grant in rights.get(own.id, ())],
         "locked": own.locked, "signs_in": "provider" if own.issuer else "password" if own.password else "no",
         "last_seen": time_of(own.last_seen)} for own in everyone]  # fmt: skip
    for row in rows:
        state = f" {printed('people.state')}" if row["locked"] else ""
        seen = _when(row["last_seen"], printed)
        say(f"{row['account']:<24} {row['name']:<28} {' '.join(row['roles']) or '-':<40} {seen}{state}")
    _write(args.json, rows)
    return 0


def _grant(store: Store, args: Namespace) -> int:
    done = accounts.grant(store, by(), args.account, Grant(args.role, _area(args.area)))
    say(Printed(args.language)("people.granted" if done else "people.had", account=args.account, role=args.role,
                               area=args.area))  # fmt: skip
    return 0


def _revoke(store: Store, args: Namespace) -> int:
    if not accounts.revoke(store, by(), args.account, Grant(args.role, _area(args.area))):
        raise UserError(f"{args.account} is not {args.role} in {args.area}",
                        f"{args.account} bukan {args.role} di {args.area}")  # fmt: skip
    say(Printed(args.language)("people.revoked", account=args.account, role=args.role, area=args.area))
    return 0


def _reset(store: Store, args: Namespace) -> int:
    printed = Printed(args.language)
    made = accounts.reset(store, by(), args.account, _password(args, printed))
    say(printed("people.reset", account=args.account))
    _tell(made, printed)
    return 0


def _tie(store: Store, args: Namespace) -> int:
    accounts.tie(store, by(), args.account, _issuer(), args.subject)
    say(Printed(args.language)("people.tied", account=args.account))
    return 0


def _lock(store: Store, args: Namespace) -> int:
    accounts.lock(store, by(), args.account)
    say(Printed(args.language)("people.locked", account=args.account))
    return 0


def _unlock(store: Store, args: Namespace) -> int:
    accounts.unlock(store, by(), args.account)
    say(Printed(args.language)("people.unlocked", account=args.account))
    return 0


def _add_token(store: Store, args: Namespace) -> int:
    token, secret = accounts.make_token(store, by(), args.account, args.label, args.scope, area=_area(args.area),
                                        days=args.days)  # fmt: skip
    printed = Printed(args.language)
    say(printed("tokens.made", secret=secret, day=f"{token.expires:%Y-%m-%d}"))
    if accounts.rightless(store, token):
        say(printed("tokens.idle", account=token.account))
    return 0


def _list_tokens(store: Store, args: Namespace) -> int:
    with store.reading() as connection:
        found = tokens.everyone(connection)
    now = store.clock()
    rows: list[dict[str, Any]] = [
            {"prefix": own.prefix, "account": own.account, "label": own.label, "scopes": sorted(own.scopes),
             "area": own.area or "ID", "expires": time_of(own.expires), "last_used": time_of(own.last_used),
             "state": "revoked" if own.revoked else "holds" if own.usable(now) else "expired",
             } for own in found]  # fmt: skip
    printed = Printed(args.language)
    for row in rows:
        state = printed(f"tokens.{row['state']}")
        say(f"{row['prefix']} {state:<12} {row['account']:<24} {row['area']:<5} {' '.join(row['scopes'])} " + printed(
            "tokens.row", end=row["expires"], used=_when(row["last_used"], printed), label=row["label"]))  # fmt: skip
    _write(args.json, rows)
    return 0


def _revoke_token(store: Store, args: Namespace) -> int:
    token = accounts.revoke_token(store, by(), args.prefix.removeprefix("jaga_").split("_")[0])
    say(Printed(args.language)("tokens.ended", prefix=token.prefix, account=token.account))
    return 0


def _issuer(option: str = "") -> str:
    """The provider that is set up; option : what asked for it, for the complaint."""
    provider = oidc_settings()
    if provider is None:
        raise UserError(f"{option}no OpenID provider is set up (oidc.toml, JAGA_OIDC_ISSUER)",
                        f"{option}belum ada penyedia OpenID yang diatur (oidc.toml, JAGA_OIDC_ISSUER)")  # fmt: skip
    return provider.issuer


def _password(args: Namespace, printed: Printed) -> str | None:
    """The password from standard input or typed twice; None where one is to be made. printed : asks for it."""
    if args.generate:
        return None
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UserError("no terminal to ask for the password; use --password-stdin or --generate",
                        "tidak ada terminal untuk menanyakan kata sandi; pakai --password-stdin atau "
                        "--generate")  # fmt: skip
    first = getpass.getpass(printed("people.ask"))
    if first != getpass.getpass(printed("people.again")):
        raise UserError("the two passwords differ", "kedua kata sandi tidak sama")
    return first


def _tell(made: str | None, printed: Printed) -> None:
    if made:
        say(printed("people.password", made=made))


def _when(told: str, printed: Printed) -> str:
    """A time of `time_of` in the command's language."""
    return printed("never") if told == NEVER else told


def _area(text: str) -> str:
    if not text:
        raise UserError("area: ID for the nation, 32 for a province, 3204 for a regency",
                        "wilayah: ID untuk nasional, 32 untuk provinsi, 3204 untuk kabupaten/kota")  # fmt: skip
    return area_named(text)


def _shown(grant: Grant) -> str:
    return f"{grant.role}:{grant.area or 'ID'}"


def _write(path: Path | None, rows: list[dict[str, Any]]) -> None:
    answer_file.write(path, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")


COMMANDS: Mapping[str, Callable[[Store, Namespace], int]] = {
    "people add": _add_person, "people list": _list_people, "people grant": _grant, "people revoke": _revoke,
    "people reset": _reset, "people tie": _tie, "people lock": _lock, "people unlock": _unlock,
    "tokens add": _add_token, "tokens list": _list_tokens, "tokens revoke": _revoke_token,
}  # fmt: skip
