"""Browsers in which an account has signed in before, told by a cookie: guesses of others do not keep them out.

OWASP, "Slow Down Online Guessing Attacks with Device Cookies": failures in a browser that is known count for that
browser, all others for the account. The cookie opens nothing by itself.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

LASTS = timedelta(days=180)
_NONCE = 22


def name(seal: bytes, account: str) -> str:
    """Name of the cookie of an account, without the account in it: several may share a browser."""
    return "jaga-kenal-" + _mac(seal, "name", account)[:12]


def make(seal: bytes, account: str) -> str:
    """What the cookie of a browser holds."""
    nonce = secrets.token_urlsafe(16)
    return nonce + _mac(seal, nonce, account)


def check(seal: bytes, account: str, value: str | None) -> str | None:
    """What tells this browser from others; None where the cookie is none that was made for this account."""
    if not value or not value.isascii():
        return None
    nonce = value[:_NONCE]
    return nonce if hmac.compare_digest(value[_NONCE:], _mac(seal, nonce, account)) else None


def _mac(seal: bytes, what: str, account: str) -> str:
    return hmac.new(seal, f"known {what} {account}".encode(), hashlib.sha256).hexdigest()
