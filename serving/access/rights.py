"""Who may do what, and where: five roles, areas by BPS code, one table of acts.

An area limit is a condition of the query that reads the rows; a page never decides it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, false, or_, true

from features import reference
from models.rule_words import UnfitError
from models.text import Language
from serving.problems import Problem

Role = Literal["viewer", "officer", "verifier", "analyst", "administrator"]
ROLES: tuple[Role, ...] = get_args(Role)
ROLE_NAMES: Mapping[Role, tuple[str, str]] = {
    "viewer": ("pengamat", "viewer"),
    "officer": ("petugas", "officer"),
    "verifier": ("verifikator", "verifier"),
    "analyst": ("analis", "analyst"),
    "administrator": ("administrator", "administrator"),
}
"""Role to its name in Bahasa Indonesia and English."""

AREA = re.compile(r"(?:[0-9]{2}(?:[0-9]{2})?)?", re.ASCII)
"""The nation (empty), a province (two digits) or a regency (four)."""

_EVERY = frozenset(ROLES)
_FIELD: frozenset[Role] = frozenset({"officer", "verifier"})
_TOTALS: frozenset[Role] = frozenset({"viewer", "officer", "verifier", "analyst"})

ACTS: Mapping[str, frozenset[Role]] = {
    "overview.see": _EVERY,
    "model.see": _EVERY,
    "household.see": _FIELD,  # a household's visits and objections are seen with it
    "score.make": frozenset({"officer", "verifier", "analyst"}),
    "list.see_totals": _TOTALS,
    "list.see": _FIELD,
    "list.build": frozenset({"officer"}),
    "list.export": frozenset({"officer"}),
    "visit.record": _FIELD,
    "visit.close": frozenset({"verifier"}),
    "objection.open": frozenset({"officer"}),
    "objection.decide": frozenset({"verifier"}),
    "scenario.see": _TOTALS,
    "scenario.edit": frozenset({"analyst"}),
    "people.edit": frozenset({"administrator"}),
    "audit.own": _EVERY,
    "audit.area": frozenset({"verifier"}),
    "audit.all": frozenset({"administrator"}),
    "audit.export": frozenset({"administrator"}),
    "service.figures": _EVERY,
}
"""Act to the roles that may do it."""

SCOPES: Mapping[str, frozenset[str]] = {
    "score": frozenset({"score.make", "model.see"}),
    "households.read": frozenset({"household.see", "overview.see"}),
    "lists.read": frozenset({"list.see_totals", "list.see", "list.export"}),
    "lists.write": frozenset({"list.build"}),
    "visits.write": frozenset({"visit.record", "visit.close"}),
    "objections.write": frozenset({"objection.open", "objection.decide"}),
    "scenarios.read": frozenset({"scenario.see"}),
    "scenarios.write": frozenset({"scenario.edit"}),
    "audit.read": frozenset({"audit.own", "audit.area", "audit.all"}),
    "metrics": frozenset({"service.figures"}),
}
"""Scope of an API token to the acts it opens, of those that the roles of its owner allow."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in an area: "" the nation, "32" a province, "3204" a regency; UnfitError for anything else."""

    role: Role
    area: str

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise UnfitError((f"peran {self.role!r} tidak ada; yang ada: {', '.join(ROLES)}",
                              f"no role {self.role!r}; there are {', '.join(ROLES)}"))  # fmt: skip
        check_area(self.area)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, as known at this request.

    person : row of `people`, 0 for nobody known. name : what colleagues call them. via : `session` in a browser,
        `token` at the API, `command` at a terminal of the server.
    scopes : of the token; empty for a session. csrf : what forms and the header send back; empty for a token.
    session : hash of the session or token, for what belongs to it alone.
    """

    person: int
    account: str
    name: str
    grants: tuple[Grant, ...]
    via: Literal["session", "token", "command"]
    scopes: frozenset[str] = frozenset()
    csrf: str = ""
    language: Language = "id"
    session: str = ""


@dataclass(frozen=True, slots=True)
class Areas:
    """Areas of a caller for one act; with none of them nothing is let through.

    codes : BPS codes as in `Grant`, without those that lie in another of them.
    """

    codes: tuple[str, ...]

    def __post_init__(self) -> None:
        for code in self.codes:
            check_area(code)

    @classmethod
    def of(cls, codes: Iterable[str]) -> Areas:
        """Areas without repetition, sorted."""
        own = set(codes)
        return cls(tuple(sorted(code for code in own if not any(code[:n] in own for n in (0, 2) if n < len(code)))))

    @property
    def everywhere(self) -> bool:
        """Whether the whole nation is among them, and so households without a known place."""
        return "" in self.codes

    @property
    def provinces(self) -> tuple[str, ...] | None:
        """Provinces that hold any of them, None for all: which files of the score store need to be read."""
        return None if self.everywhere else tuple(sorted({code[:2] for code in self.codes}))

    def condition(self, province: str = "province", regency: str = "regency", name: str = "area",
                  ) -> tuple[str, dict[str, Any]]:  # fmt: skip
        """A condition for DuckDB on a row's place, and the values bound in it.

        province, regency : SQL of the columns, from our code and never from a request. name : beginning of the names
        of the parameters, for a query with two conditions.
        """
        if self.everywhere:
            return "TRUE", {}
        if len(self.codes) == 1:  # the bare column, by whose statistics whole groups of rows are passed over
            own, column = self.codes[0], province if len(self.codes[0]) == 2 else regency
            return f"({column} IS NOT NULL AND {column} = ${name}_own)", {f"{name}_own": own}
        return (f"(coalesce({province} = ANY(${name}_provinces), FALSE) "
                f"OR coalesce({regency} = ANY(${name}_regencies), FALSE))",
                {f"{name}_provinces": self._long(2), f"{name}_regencies": self._long(4)})  # fmt: skip

    def clause(self, province: ColumnElement[Any], regency: ColumnElement[Any]) -> ColumnElement[bool]:
        """The same condition for a table of the database."""
        if self.everywhere:
            return true()
        parts = [column.in_(codes) for column, codes in ((province, self._long(2)), (regency, self._long(4))) if codes]
        return or_(*parts) if parts else false()

    def covers(self, province: str | None, regency: str | None) -> bool:
        """Whether a place lies in them, for what is written; what is read is limited by `condition` or `clause`."""
        return self.everywhere or (bool(province) and province in self._long(2)) or (
            bool(regency) and regency in self._long(4))  # fmt: skip

    def holds(self, area: str) -> bool:
        """Whether the whole of an area lies in them."""
        return any(area.startswith(code) for code in self.codes)

    def narrow(self, asked: str) -> Areas:
        """What of them lies in an area that was asked for; Problem `not_in_area` where nothing does."""
        if not AREA.fullmatch(asked):
            raise Problem("not_in_area")
        if self.holds(asked):
            return Areas((asked,))
        inside = tuple(code for code in self.codes if code.startswith(asked))
        if not inside:
            raise Problem("not_in_area")
        return Areas(inside)

    def _long(self, digits: int) -> list[str]:
        return [code for code in self.codes if len(code) == digits]


def limited(grants: tuple[Grant, ...], area: str) -> tuple[Grant, ...]:
    """What is left of rights inside an area."""
    inside = [grant if grant.area.startswith(area) else replace(grant, area=area)
              for grant in grants if grant.area.startswith(area) or area.startswith(grant.area)]  # fmt: skip
    return tuple(dict.fromkeys(inside))


def allow(caller: Caller, act: str) -> Areas:
    """Where a caller may do an act of `ACTS`; Problem `forbidden_role` or `forbidden_scope` where nowhere."""
    roles = ACTS[act]
    if caller.via == "token" and not any(act in SCOPES[scope] for scope in caller.scopes):
        wanted = [scope for scope, acts in SCOPES.items() if act in acts]
        raise Problem("forbidden_scope", values={"scope": ", ".join(wanted) or "-"})
    areas = Areas.of(grant.area for grant in caller.grants if grant.role in roles)
    if not areas.codes:
        names = [ROLE_NAMES[role] for role in ROLES if role in roles]
        told = _either([own for own, _ in names], "atau"), _either([english for _, english in names], "or")
        raise Problem("forbidden_role", values={"role": told})
    return areas


def _either(names: Sequence[str], word: str) -> str:
    """Names of which one is enough: a, b or c."""
    return f" {word} ".join(name for name in (", ".join(names[:-1]), names[-1]) if name)


def may(caller: Caller, act: str) -> bool:
    """Whether a caller may do an act somewhere: for navigation and buttons, never in place of `allow`."""
    try:
        allow(caller, act)
    except Problem:
        return False
    return True


def columns_of(area: str) -> dict[str, str | None]:
    """The columns of a row about an area: BPS codes of its province and regency, None where it is larger than that."""
    return {"province": area[:2] or None, "regency": area if len(area) == 4 else None}


def smallest(codes: Collection[str]) -> str:
    """The smallest area that holds all of these: one of a reading of several, so that who oversees it sees the row."""
    for size in (4, 2):
        found = {code[:size] for code in codes}
        if len(found) == 1 and len(min(codes)) >= size:
            return found.pop()
    return ""


@cache
def _areas() -> frozenset[str]:
    return frozenset({"", *reference.areas(2), *reference.areas(4)})


def area_named(text: str) -> str:
    """The code of an area as people write it: `ID` is the nation, whose code is empty."""
    return "" if text == "ID" else text


def known_area(code: str) -> bool:
    """Whether a code is the nation's or that of a province or regency there is."""
    return code in _areas()


def check_area(code: str) -> None:
    """Raise UnfitError unless a code is one of the nation, a province or a regency."""
    if not AREA.fullmatch(code):
        raise UnfitError((f"wilayah {code[:20]!r} tidak ada: tulis kode BPS, 32 untuk provinsi, 3204 untuk kabupaten "
                          "atau kota, atau kosongkan untuk seluruh Indonesia",
                          f"no area {code[:20]!r}: write a BPS code, 32 for a province, 3204 for a regency, or leave "
                          "it empty for the nation"))  # fmt: skip
