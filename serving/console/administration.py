"""What the pages of administration have in common: the way between them, moments in words, and a typed confirmation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from serving.access.rights import ROLE_NAMES, Caller, Grant, Role, may
from serving.console import formats, forms, places
from serving.console.forms import Values, first
from serving.console.strings import Strings
from serving.problems import Broken, Problem
from serving.store.numbers import WESTERN

PAGES = {"people": "/admin/orang", "roles": "/admin/peran", "areas": "/admin/wilayah", "tokens": "/admin/token",
         "audit": "/admin/audit"}  # fmt: skip
"""Name of each page of administrators to its address."""
FIELDS = {"account": "akun", "name": "nama", "role": "peran", "area": "wilayah", "label": "label", "days": "hari",
          "scopes": "cakupan", "again": "ulang", "subject": "subjek"}  # fmt: skip
"""Field of a problem to that of the form."""
PAGES_OF_THEIR_OWN = ("forbidden_role", "read_only", "storage_full")
"""Problems that are no matter of what was filled in."""
_ABOUT = {"no_account": "akun", "account_taken": "akun", "unknown_area": "wilayah"}


def tabs(who: Caller, say: Strings) -> list[tuple[str, str]]:
    """Addresses and names of the pages of administrators; none for who may open the log alone."""
    return [(href, say.say(f"admin.{name}")) for name, href in PAGES.items()] if may(who, "people.edit") else []


def moment(value: datetime | None, say: Strings) -> str:
    """A time in words, that of Jakarta; empty where there is none."""
    if value is None:
        return ""
    own = value.astimezone(WESTERN)
    clock = "%H.%M" if say.language == "id" else "%H:%M"
    return f"{formats.date(value, say.language)} {own:{clock}} WIB"


def role(name: Role, say: Strings) -> str:
    """The name of a role."""
    return ROLE_NAMES[name][say.language == "en"]


def grant(own: Grant, say: Strings) -> str:
    """A right in words."""
    return f"{role(own.role, say)}: {places.name(own.area, say)}"


def sure(sent: Values, account: str) -> None:
    """Problem `invalid` unless the account of a dangerous act was typed once more."""
    if first(sent, "ulang").lower() != account:
        raise Problem("invalid", [Broken("again", "retype")])


def links(broken: Mapping[str, str], acted: str, names: Collection[str]) -> list[tuple[str, str]]:
    """Of the summary above: the field that each sentence is about, and the sentence.

    acted : which of many forms alike was sent; its fields bear that after their names. names : fields of a form that
    is there once.
    """
    at = {
        "ulang": f"ulang-{acted}",
        **({name: f"{name}-{acted.partition('-')[0]}" for name in ("peran", "wilayah", "subjek")}),
    }
    shown = {name: name for name in names} | (at if acted else {})
    return [(shown.get(name, "main"), told) for name, told in broken.items()]


def broken(problem: Problem, say: Strings, names: dict[str, str]) -> dict[str, str]:
    """What is wrong with which field of a form of administration; "" where it is none of them.

    names : field of the form to its label; those that every form of the page has are known.
    """
    common = {"peran": say.say("admin.role"), "wilayah": say.say("nav.area"), "ulang": say.say("admin.again")}
    names = {**names, **common, **names}
    if problem.code != "invalid":
        field = _ABOUT.get(problem.code, "")
        return {field if field in names else "": problem.sentence(say.language)}
    return forms.broken(problem, say, FIELDS, names)
