"""Passwords: what is accepted, how they are kept, and how one is checked in equal time for anybody."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from serving.limits import MOST_AT_DOOR
from serving.problems import Broken, Problem
from serving.store.tokens import LETTERS

SHORTEST, LONGEST = 12, 256
HASHER = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID)
"""About 80 ms of one core of the reference machine; above the least that OWASP names (46 MiB once, 19 MiB twice)."""
_DIFFERENT = 5
_turn = threading.BoundedSemaphore(2)
"""Each check takes 46 MiB: a crowd at the door must not take them all at once."""
_places = threading.BoundedSemaphore(MOST_AT_DOOR)


@contextmanager
def place() -> Iterator[None]:
    """A place for one try of a password, from before it is counted. Problem `busy` where all are taken: who guesses in
    a crowd holds up those who sign in, and nobody who reads."""
    if not _places.acquire(blocking=False):
        raise Problem("busy", headers={"Retry-After": "5"})
    try:
        yield
    finally:
        _places.release()


def check(account: str, password: str) -> None:
    """Refuse a new password that is too short or too easy; Problem `invalid` on the field `new`."""
    told = password.casefold()
    if not SHORTEST <= len(password) <= LONGEST:
        rule = "password_length"
    elif account and account in told:
        rule = "password_account"
    elif told in _common() or len(set(told)) < _DIFFERENT:
        rule = "password_common"
    else:
        return
    raise Problem("invalid", [Broken("new", rule)])


def make(password: str) -> str:
    """What is kept of a password (argon2id)."""
    with _turn:
        return HASHER.hash(_plain(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one that was kept; without one it takes as long and is false."""
    if len(password) > LONGEST:
        kept, password = None, ""
    with _turn:
        try:
            HASHER.verify(kept or _nobody(), _plain(password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def stale(kept: str) -> bool:
    """Whether it was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def generated() -> str:
    """A password to be handed over: 20 letters and digits in fives, 98 bits."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(20))
    return "-".join(letters[at : at + 5] for at in range(0, 20, 5))


def _plain(password: str) -> bytes:
    # The same signs typed on another keyboard may be other code points.
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


@cache
def _nobody() -> str:
    return HASHER.hash(secrets.token_bytes(16))


@cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())
