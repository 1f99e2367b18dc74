"""The commands `jaga db`, `jaga people`, `jaga tokens` and `jaga audit`; what they do is in `store_commands`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from features.commands import Commands

_Add = Callable[..., object]
_ROLES = ("viewer", "officer", "verifier", "analyst", "administrator")
_SCOPES = ("score", "households.read", "lists.read", "lists.write", "visits.write", "objections.write",
           "scenarios.read", "scenarios.write", "audit.read", "metrics")  # fmt: skip


def register(commands: Commands) -> None:
    """Add the commands."""
    for name, (about, options) in _COMMANDS.items():
        commands.add(name, help=about, configure=_configured(options), run=_run(name))


def _run(name: str) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        from serving import store_commands

        return store_commands.run(name, arguments)

    return run


def _configured(options: Callable[[_Add], None]) -> Callable[[argparse.ArgumentParser], None]:
    return lambda parser: options(parser.add_argument)


def _copy(add: _Add) -> None:
    add("--to", required=True, metavar="URL", help="empty database to copy into, with its tables made, such as "
        "postgresql://jaga@db.example/jaga; the password belongs into PGPASSWORD or a pgpass file")  # fmt: skip
    _language(add)


def _tidy(add: _Add) -> None:
    add("--dry-run", action="store_true", help="count, and delete nothing")
    add("--draft-days", type=int, default=90, metavar="N", help="keep drafts of lists for N days from when they were "
        "begun")  # fmt: skip
    _language(add)


def _account(add: _Add) -> None:
    add("account", metavar="ACCOUNT", help="account that the person signs in with")


def _password(add: _Add) -> None:
    add("--password-stdin", action="store_true", help="read the password from the first line of standard input")
    add("--generate", action="store_true", help="make a password and print it, once")


def _add_person(add: _Add) -> None:
    _account(add)
    add("--name", required=True, metavar="NAME", help="what colleagues call the person")
    add("--first", action="store_true", help="make the first administrator, where there is none")
    _password(add)
    add("--no-password", action="store_true", help="only for tokens of the API, without sign-in")
    add("--provider", action="store_true", help="signs in at the OpenID provider of the settings")
    add("--subject", metavar="SUB", help="with --provider: what the provider calls the person, if that is known")
    add("--language", choices=("id", "en"), default="id", help="language of what is printed, and of the pages at first")


def _only_account(add: _Add) -> None:
    _account(add)
    _language(add)


def _grant(add: _Add) -> None:
    _account(add)
    add("role", choices=_ROLES, help="role")
    area = "BPS code: 32 a province, 3204 a regency; ID the nation"
    add("area", metavar="AREA", help=area)
    _language(add)


def _reset(add: _Add) -> None:
    _account(add)
    _password(add)
    _language(add)


def _tie(add: _Add) -> None:
    _account(add)
    add("--subject", metavar="SUB", help="what the provider calls the person; without it the account is tied to who "
        "first signs in there under its name")  # fmt: skip
    _language(add)


def _list(add: _Add) -> None:
    add("--json", type=Path, metavar="FILE", help="write the list there too")
    _language(add)


def _add_token(add: _Add) -> None:
    _account(add)
    add("--label", required=True, metavar="TEXT", help="what uses the token")
    add("--scope", required=True, action="append", choices=_SCOPES, help="what it opens; as often as needed")
    add("--area", default="ID", metavar="AREA", help="BPS code that it is limited to, beside the rights of the account")
    add("--days", type=int, default=90, metavar="N", help="days until it expires, 90 at most")
    _language(add)


def _revoke_token(add: _Add) -> None:
    add("prefix", metavar="PREFIX", help="the eight letters after jaga_ in the token")
    _language(add)


def _language(add: _Add) -> None:
    add("--language", choices=("id", "en"), default="id", help="language of what is printed")


def _verify(add: _Add) -> None:
    add("--anchor", type=Path, metavar="FILE", help="file kept elsewhere with the newest row seen: the log must still "
        "hold it, and it is brought up to date")  # fmt: skip
    _language(add)


def _show(add: _Add) -> None:
    add("--by", metavar="ACCOUNT", help="only acts of this account")
    add("--act", metavar="ACT", help="only this act, such as household.see, or a family of them, such as list")
    add("--since", metavar="DATE", help="only from this date on")
    add("--object", metavar="CODE", help="only about this number or account, or as --household")
    add("--household", metavar="CODE", help="only rows that are about this household or showed it among others")
    add("--count", type=int, default=50, metavar="N", help="rows at most, the newest")
    _language(add)


_COMMANDS: dict[str, tuple[str, Callable[[_Add], None]]] = {
    "db upgrade": ("make the tables, or bring them up to date", _language),
    "db check": (
        "say whether tables are what this version expects, and confirmed lists, rights and tokens what the log has",
        _language,
    ),
    "db copy": ("copy everything into another, empty database; exit code 1 where this one was in use", _copy),
    "db tidy": (
        "delete ended sessions, old tries, kept answers and forgotten drafts of lists; never the log or a case",
        _tidy,
    ),
    "people add": ("add a person", _add_person),
    "people list": ("list people and what they may do", _list),
    "people grant": ("grant a role in an area", _grant),
    "people revoke": ("take a role in an area away", _grant),
    "people reset": ("give a new first password, and sign the person out everywhere", _reset),
    "people tie": (
        "let somebody at the OpenID provider sign in, and by no other way; sessions and tokens end",
        _tie,
    ),
    "people lock": ("lock an account: no sign-in, no session, no token", _only_account),
    "people unlock": ("unlock an account, also after too many failed sign-ins", _only_account),
    "tokens add": ("make a token of the API, printed once", _add_token),
    "tokens list": ("list tokens, without their secrets", _list),
    "tokens revoke": ("let a token hold no longer", _revoke_token),
    "audit verify": ("read the whole log against its signed end; exit code 1 where it was tampered with", _verify),
    "audit accept-record": (
        "let the promotion record be the one that the log knows, after it was restored from an older copy",
        _language,
    ),
    "audit show": ("print the newest rows of the log", _show),
}
