"""What an office may set by the environment: deadlines, rates, and where further facts lie."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from features.commands import UserError
from models.compass import table
from serving.access import oidc_settings
from serving.access.cookies import origin_of

MOST_WORKERS = 256


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the service.

    Attributes
    ----------
    objection_days, visit_days : days until an objection is to be answered, and a household of a list visited.
    rate : requests a second that one person may send, by all tokens and sessions together; four times that from one
        address.
    facts : csv or parquet file of further facts by household (`jaga lists draw --facts`); None: that of the
        installation, which `jaga lists facts` makes.
    register : folder of the contract tables that were scored, for scenarios: they know size, desil and work.
    workers : processes that answer.
    """

    objection_days: int = 14
    visit_days: int = 45
    rate: int = 200
    facts: Path | None = None
    register: Path | None = None
    workers: int = 1


def check() -> Settings:
    """The settings, once all that the environment sets up was looked at: what is wrong ends a server before it answers.

    Raises
    ------
    UserError : a variable, or a line of a file that one names, that breaks a rule, with that rule.
    """
    provider = oidc_settings.settings()
    origin_of(os.environ.get("JAGA_URL"), needed=provider is not None)
    proxies()
    table.place()
    return read()


def read() -> Settings:
    """Settings of the environment; UserError names a variable and what it may be."""
    facts, register = os.environ.get("JAGA_FACTS"), os.environ.get("JAGA_REGISTER")
    return Settings(_number("JAGA_OBJECTION_DAYS", 14, 365), _number("JAGA_VISIT_DAYS", 45, 365),
                    _number("JAGA_RATE", 200, 100_000), Path(facts) if facts else None,
                    Path(register) if register else None, _number("JAGA_WORKERS", 1, MOST_WORKERS))  # fmt: skip


def proxies() -> frozenset[str]:
    """Addresses of the proxies that are believed, as they are compared; UserError where `JAGA_PROXIES` has another."""
    try:
        return frozenset(str(ipaddress.ip_address(own))
                         for own in (os.environ.get("JAGA_PROXIES") or "").replace(",", " ").split())  # fmt: skip
    except ValueError:
        raise UserError("JAGA_PROXIES: write addresses such as 10.0.0.1, with commas between them; no names, no "
                        "networks") from None  # fmt: skip


def _number(name: str, usual: int, most: int) -> int:
    text = os.environ.get(name) or str(usual)
    if not text.isdecimal() or len(text) > 9 or not 1 <= int(text) <= most:
        raise UserError(f"{name}: write a whole number from 1 to {most:,}")
    return int(text)
