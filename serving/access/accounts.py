"""Signing in, and what administrators do to accounts: each act in one transaction with its audit row.

Pages and commands both come here. `by` is who acts: an administrator reaches people whose rights lie in their own
areas, a terminal of the server reaches everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from models.text import LANGUAGES, Language
from serving.access import passwords, rights_logged
from serving.access.rights import ROLE_NAMES, Areas, Caller, Grant, allow, known_area, limited
from serving.area_names import named
from serving.audit import trail
from serving.faults import Faults
from serving.problems import Broken, Problem
from serving.store import attempts, people, sessions, tokens
from serving.store.engine import Store
from serving.store.people import Person
from serving.store.tokens import Token


@dataclass(frozen=True, slots=True)
class Entered:
    """A session was begun: `secret` is for the cookie alone."""

    secret: str
    person: Person


@passwords.place()
def enter(store: Store, account: str, password: str, address: str, browser: str | None = None) -> Entered:
    """Sign in with a password from a network address.

    browser : what tells a browser that is known to the account (`serving.access.known.check`): failures are counted
    for it, and those of others do not keep it out.

    Raises
    ------
    Problem : `locked_out` with the minutes left; `bad_credentials` for an unknown or locked account and for a wrong
        password alike, after equal time; `busy`, which counts no try.
    """
    account = account.strip().lower()
    counted = ("browser", browser) if browser else ("account", account)
    _try(store, account, *counted, address)
    with store.reading() as connection:
        person = people.by_account(connection, account)
    usable = person if person is not None and not person.locked else None
    right = passwords.matches(usable.password if usable else None, password)
    if not right or usable is None:
        with store.writing() as connection:
            trail.write(connection, trail.NOBODY, "session.begin", object=person.account if person else "",
                        result="refused")  # fmt: skip
        raise Problem("bad_credentials")
    kept = usable.password or ""
    fresh = passwords.make(password) if passwords.stale(kept) else None
    with store.writing() as connection:
        attempts.succeeded(connection, *counted, address)
        if fresh:
            people.rehashed(connection, usable.id, kept, fresh)
        return _begin(connection, usable, "password")


def enter_known(store: Store, person: Person) -> Entered:
    """Begin a session of a person whom a provider has vouched for; Problem `bad_credentials` where they are locked, or
    the account was tied to somebody else meanwhile."""
    with store.writing() as connection:
        now = people.by_id(connection, person.id)
        if now is not None and not now.locked and (now.issuer, now.subject) == (person.issuer, person.subject):
            return _begin(connection, now, "provider")
        trail.write(connection, trail.NOBODY, "session.begin", object=person.account, result="refused")
    raise Problem("bad_credentials")


@passwords.place()
def change_password(store: Store, who: Caller, old: str, new: str, address: str,
                    again: str | None = None) -> Entered:  # fmt: skip
    """Replace one's own password, end all sessions and begin a new one.

    again : the new one typed once more, where a person types it.

    Raises
    ------
    Problem : `locked_out`; `invalid` with all that is wrong, on the fields `old`, `new` and `again`; `bad_credentials`
        where the old one alone is; `busy`.
    """
    faults = Faults()
    if again not in (None, new):
        faults.tell("again", "password_again")
    faults.of(passwords.check, who.account, new)
    counted = ("browser", who.session)  # guesses of others at the account do not keep out who is signed in
    _try(store, who.account, *counted, address)
    with store.reading() as connection:
        person = people.by_id(connection, who.person)
    if person is None or not passwords.matches(person.password, old):
        with store.writing() as connection:
            trail.write(connection, who, "password.change", object=who.account, result="refused")
        if not faults.broken:
            raise Problem("bad_credentials")
        faults.tell("old", "password_wrong")
    elif new == old:
        faults.tell("new", "password_same")
    faults.refuse()
    assert person is not None
    made = passwords.make(new)
    with store.writing() as connection:
        attempts.succeeded(connection, *counted, address)
        people.set_password(connection, person.id, made, must_change=False)
        sessions.end_all(connection, person.id)
        trail.write(connection, who, "password.change", object=person.account)
        return _begin(connection, person, "password")


def leave(store: Store, who: Caller, *, everywhere: bool = False) -> None:
    """End the session, or all of this person."""
    with store.writing() as connection:
        if everywhere:
            sessions.end_all(connection, who.person)
        else:
            sessions.end(connection, who.session)
        trail.write(connection, who, "session.end", object=who.account)


def first(store: Store, by: Caller, account: str, name: str, password: str | None) -> tuple[Person, str | None]:
    """The first administrator, where there is none; a generated password where none was given. Problem `first_taken`,
    and those of `add`."""
    made, kept = _given(account, password)
    with store.writing() as connection:
        # The row comes first here: its lock lets a second one wait, and then find that there is one.
        trail.write(connection, by, "people.first", object=account)
        if people.administrators(connection):
            raise Problem("first_taken")
        person = people.add(connection, account, name, password=kept, must_change=made is not None)
        people.give(connection, person, Grant("administrator", ""), None)
        return _one(connection, account), made


def add(store: Store, by: Caller, account: str, name: str, *, password: str | None = None, signs_in: bool = True,
        language: Language = "id", issuer: str | None = None, subject: str | None = None,
        ) -> tuple[Person, str | None]:  # fmt: skip
    """Add a person without rights; a generated first password where none was given.

    signs_in : False for who only holds tokens or signs in at a provider (`issuer`, `subject`): no password is made.
    The first password has to be changed at the first sign-in. Problem `invalid`, `account_taken`.
    """
    reach(by)
    made, kept = _given(account, password) if signs_in else (None, None)
    with store.writing() as connection:
        people.add(connection, account, name, password=kept, language=language, issuer=issuer, subject=subject,
                   keeper=_keeper(by))  # fmt: skip
        trail.write(connection, by, "people.add", object=account)
        return _one(connection, account), made


def reset(store: Store, by: Caller, account: str, password: str | None = None) -> str | None:
    """Give a new first password, generated where none is given; all sessions end, and tokens with them: they were made
    by somebody else, for an account that is now somebody's own. The provider opens the account no longer: who tied it
    there may have been somebody else."""
    made, kept = _given(account, password)
    with store.writing() as connection:
        person = _reached(connection, by, account)
        people.set_password(connection, person.id, kept, must_change=True, keeper=_keeper(by))
        _shut(connection, person)
        attempts.forget(connection, "account", account)
        trail.write(connection, by, "people.reset", object=account)
    return made


def tie(store: Store, by: Caller, account: str, issuer: str, subject: str | None = None) -> None:
    """Let a person of a provider, and nobody else, sign in to an account: who bears `subject` there or, without one,
    who comes first under the account's name. A password opens it no longer; sessions and tokens end, as in `reset`.

    Problem `invalid` on `subject`, `account_taken` where another account has it.
    """
    with store.writing() as connection:
        person = _reached(connection, by, account)
        people.tie(connection, person, issuer, subject, keeper=_keeper(by))
        _shut(connection, person)
        trail.write(connection, by, "people.tie", object=account)


def _shut(connection: Connection, person: Person) -> None:
    """End every session of an account and revoke its tokens."""
    sessions.end_all(connection, person.id)
    tokens.revoke_all(connection, person.id)


def lock(store: Store, by: Caller, account: str) -> None:
    """Lock an account: no sign-in, no session, no token. Problem `last_administrator`."""
    with store.writing() as connection:
        person = _reached(connection, by, account)
        people.set_locked(connection, person.id, True)
        sessions.end_all(connection, person.id)
        trail.write(connection, by, "people.lock", object=account)


def unlock(store: Store, by: Caller, account: str) -> None:
    """Unlock an account, and let it try again at once after too many failures."""
    with store.writing() as connection:
        person = _reached(connection, by, account)
        people.set_locked(connection, person.id, False)
        attempts.forget(connection, "account", account)
        trail.write(connection, by, "people.unlock", object=account)


def grant(store: Store, by: Caller, account: str, given: Grant) -> bool:
    """Grant a role in an area; False where the person has it. Sessions end, so that rights begin with a new one.

    Problem `unknown_area` for a code that no province or regency has: such a right would reach nobody. `reset_first`
    where the first password was given, or the account tied to a person of a provider, by the administrator of a part of
    the area only: who did could read as this person what they may not read themselves.
    """
    if not known_area(given.area):
        raise Problem("unknown_area", values={"area": given.area})
    return _rights(store, by, account, given, "people.grant")


def revoke(store: Store, by: Caller, account: str, taken: Grant) -> bool:
    """Take a role in an area away; False where the person has it not. Problem `last_administrator`."""
    return _rights(store, by, account, taken, "people.revoke")


def make_token(store: Store, by: Caller, account: str, label: str, scopes: Iterable[str], *, area: str = "",
               days: int = tokens.MOST_DAYS) -> tuple[Token, str]:  # fmt: skip
    """A token of an account and its secret, which is shown now and never again. Problem `invalid`, `no_account`.

    Who makes it holds the secret. So an administrator makes none for an account that somebody signs in with: what was
    read with it would stand under that person's name. A terminal of the server may.
    """
    scopes = tuple(scopes)
    faults = tokens.broken(label, scopes, area, days)
    with store.writing() as connection:
        try:
            person = _reached(connection, by, account)
        except Problem as problem:
            if faults.broken and problem.code in ("no_account", "not_in_area"):
                faults.tell("account", "no_account")
                faults.refuse()
            raise
        if by.via != "command" and (person.password or person.issuer):
            faults.tell("account", "token_account")
        faults.broken += _elsewhere(area, people.grants_of(connection, person.id))
        faults.refuse()
        token, secret = tokens.make(connection, person.id, label, scopes, area=area, days=days, by=by.person or None)
        told = rights_logged.of_token(account, token.scopes, sessions.digest(secret), token.expires)
        trail.write(connection, by, "token.make", object=token.prefix, area=area, detail=told)
        return token, secret


def rightless(store: Store, token: Token) -> bool:
    """Whether the account of a token that was just made has no right. It opens nothing then, and will not: a token gets
    no right that is given after it was made."""
    with store.reading() as connection:
        return not people.grants_of(connection, token.person)


def _elsewhere(area: str, rights: tuple[Grant, ...]) -> Iterator[Broken]:
    """That a token of an area would open nothing, since all rights of its account lie elsewhere; nothing of an account
    that has none yet."""
    if rights and not limited(rights, area):
        own = [
            ", ".join(f"{ROLE_NAMES[one.role][at]}: {named(one.area, language)} ({one.area})" for one in rights)
            for at, language in enumerate(LANGUAGES)
        ]
        yield Broken("area", "token_area", (
            f"{named(area, 'id')} ({area}) tidak beririsan dengan hak akun ini ({own[0]}), jadi token ini tidak akan "
            "membuka apa pun; pilih wilayah di dalam hak itu, kosongkan wilayahnya, atau beri dulu akun ini hak di "
            "sana",
            f"{named(area, 'en')} ({area}) shares nothing with the rights of this account ({own[1]}), so this token "
            "would open nothing; choose an area within those rights, leave it empty, or first give the account a right "
            "there"))  # fmt: skip


def revoke_token(store: Store, by: Caller, prefix: str, *, account: str | None = None) -> Token:
    """Let a token hold no longer, known by the beginning of its secret. Problem `no_token`.

    account : whose it is, where somebody was asked to type that.
    """
    with store.writing() as connection:
        token = tokens.revoke(connection, prefix)
        if token is None or account not in (None, token.account):
            raise Problem("no_token", values={"prefix": prefix})
        _reached(connection, by, token.account)
        trail.write(connection, by, "token.revoke", object=prefix)
        return token


def _try(store: Store, account: str, kind: str, value: str, address: str) -> None:
    """Count a try; in a transaction of its own, so that a refusal does not take the count back.

    The row of a lock names the account that waits, if there is one: else it may be a password in the wrong field. That
    an address waits is about no account.
    """
    with store.writing() as connection:
        waits = [attempts.begin(connection, "address", address)]
        if not waits[0].minutes:  # else who is kept out could keep others out, and fill the table with names
            waits.append(attempts.begin(connection, kind, value))
        if any(wait.begins for wait in waits):  # one row for a lock: a crowd must not fill the log
            person = people.by_account(connection, account) if waits[-1].begins and len(waits) > 1 else None
            trail.write(connection, trail.NOBODY, "session.lock", object=person.account if person else "",
                        result="refused")  # fmt: skip
    minutes = max(wait.minutes for wait in waits)
    if minutes:
        raise Problem("locked_out", values={"n": str(minutes)}, headers={"Retry-After": str(60 * minutes)})


def _begin(connection: Connection, person: Person, via: Literal["password", "provider"]) -> Entered:
    secret = sessions.begin(connection, person.id, via)
    people.seen(connection, person.id)
    found = people.by_id(connection, person.id)
    assert found is not None
    caller = Caller(person.id, person.account, person.name, people.grants_of(connection, person.id), "session")
    trail.write(connection, caller, "session.begin", object=person.account, detail={"via": via})
    return Entered(secret, found)


def _rights(store: Store, by: Caller, account: str, change: Grant, act: str) -> bool:
    with store.writing() as connection:
        person = _reached(connection, by, account)
        if not reach(by).holds(change.area):
            raise Problem("not_in_area")
        signs_in = person.password or person.issuer
        if act == "people.grant" and signs_in and not change.area.startswith(person.keeper):
            raise Problem("reset_first", values={"account": account})
        own = by.person or None
        turn = people.give if act == "people.grant" else people.take
        if not turn(connection, person.id, change, own):
            return False
        sessions.end_all(connection, person.id)
        trail.write(connection, by, act, object=account, area=change.area, detail=rights_logged.of_right(change.role))
        return True


def reach(by: Caller) -> Areas:
    """Where somebody may change rights: an administrator in their areas, a terminal everywhere. `forbidden_role`."""
    return Areas(("",)) if by.via == "command" else allow(by, "people.edit")


def _reached(connection: Connection, by: Caller, account: str) -> Person:
    """The person of an account, if all that they may do lies within reach: else a small administrator could become
    a great one by a new password."""
    person = people.by_account(connection, account)
    areas = reach(by)
    if person is None:
        raise Problem("no_account", values={"account": account})
    if not within(areas, person, people.grants_of(connection, person.id)):
        raise Problem("not_in_area")
    return person


def within(areas: Areas, person: Person, rights: Sequence[Grant]) -> bool:
    """Whether all that somebody may do lies in areas; without any right, the area of who said how they sign in."""
    return all(areas.holds(own) for own in ([right.area for right in rights] or [person.keeper]))


def _keeper(by: Caller) -> str:
    """The area within which somebody says how people sign in; of several the first."""
    return reach(by).codes[0]


def _one(connection: Connection, account: str) -> Person:
    person = people.by_account(connection, account)
    assert person is not None
    return person


def _given(account: str, password: str | None) -> tuple[str | None, str]:
    """The password that was generated, if so, and what is kept of it."""
    if password is None:
        made = passwords.generated()
        return made, passwords.make(made)
    passwords.check(account, password)
    return None, passwords.make(password)
