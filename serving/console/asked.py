"""What a page was asked for by its address: known keys, read strictly; unknown ones are told and not used."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from fastapi import Request

from features.contract import REGENCY_DIGITS
from serving import nowhere
from serving.access.rights import known_area
from serving.batch.rows import UNKNOWN
from serving.console.strings import strings
from serving.problems import Problem, bad_query

LEVELS = {"sangat-rendah": "very_low", "rendah": "low", "sedang": "medium", "tinggi": "high",
          "sangat-tinggi": "very_high"}  # fmt: skip
KINDS = {"kambuh": "relapse", "pertama": "first_entry", "belum-diketahui": "unknown_history"}
CHANGES = {"naik": "up", "tetap": "same", "turun": "down"}
ORDERS = {f"{sign}{word}": f"{sign}{name}" for word, name in (("risiko", "risk"), ("ubah", "change"),
                                                              ("rentang", "range")) for sign in ("-", "")}  # fmt: skip
ALWAYS = ("bahasa",)
_PROVINCE = re.compile(r"[0-9]{2}", re.ASCII)
_REGENCY = re.compile(r"[0-9]{4}", re.ASCII)
_SUBDISTRICT = re.compile(r"[0-9]{7}", re.ASCII)


class Asked:
    """The query of a request; Problem `bad_query` names a key whose value is none of those there are."""

    def __init__(self, request: Request, known: tuple[str, ...]) -> None:
        self.query = request.query_params
        strange = sorted({key for key in self.query if key not in known and key not in ALWAYS})
        self.unknown = [f"{key}{_meant(key, known)}" for key in strange]
        request.state.unknown = self.unknown  # told also where a value is refused

    def many(self, key: str, words: Mapping[str, str], rule: str) -> tuple[str, ...]:
        """Values of a key that may stand several times or with commas; each once."""
        given = [part for value in self.query.getlist(key) for part in value.split(",") if part]
        return tuple(dict.fromkeys(self._one(key, words, part, rule) for part in given))

    def choice(self, key: str, words: Mapping[str, str], rule: str) -> str:
        """One value; empty where the key is not there."""
        given = self.query.get(key, "")
        return self._one(key, words, given, rule) if given else ""

    def _one(self, key: str, words: Mapping[str, str], given: str, rule: str) -> str:
        if given not in words:
            raise refused(key, rule)
        return words[given]

    def province(self, key: str = "prov") -> str:
        """A province's code, or `unknown`; empty where it is not asked for."""
        return self._code(key, _PROVINCE, "province", UNKNOWN)

    def regency(self, key: str = "kab") -> str:
        """A regency's code; empty where it is not asked for."""
        return self._code(key, _REGENCY, "regency")

    def subdistrict(self, key: str = "kec") -> str:
        """A sub-district's code; empty where it is not asked for."""
        return self._code(key, _SUBDISTRICT, "subdistrict")

    def area(self, key: str = "wilayah") -> str | None:
        """An area's code; None where it is not asked for."""
        given = self.query.get(key, "")
        if not given:
            return None
        if not (_PROVINCE.fullmatch(given) or _REGENCY.fullmatch(given)):
            raise refused(key, "area")
        if not known_area(given):
            raise _nowhere(key, given)
        return given

    def date(self, key: str) -> datetime.date | None:
        """A day as 2026-10-01; None where it is not asked for."""
        given = self.query.get(key, "")
        if not given:
            return None
        try:
            day = datetime.date.fromisoformat(given)
        except ValueError:
            raise refused(key, "date") from None
        if not 1900 <= day.year < 2200:
            raise refused(key, "date")
        return day

    def number(self, key: str) -> int | None:
        """A number; None where it is not asked for."""
        given = self.query.get(key, "")
        if not given:
            return None
        if not (given.isascii() and given.isdigit() and len(given) < 10):
            raise refused(key, "number")
        return int(given)

    def _code(self, key: str, shape: re.Pattern[str], rule: str, other: str = "") -> str:
        given = self.query.get(key, "")
        if given and given != other and not shape.fullmatch(given):
            raise refused(key, rule)
        if given and given != other and not known_area(given[:REGENCY_DIGITS]):
            raise _nowhere(key, given[:REGENCY_DIGITS])
        return given


def _meant(key: str, known: Iterable[str]) -> str:
    """The key that was probably meant, in brackets: longer, shorter or mistyped; empty where none is near."""
    near = [own for own in known if min(len(own), len(key)) > 2 and (key.startswith(own) or own.startswith(key))]
    near = near or difflib.get_close_matches(key, known, 1, 0.75)
    return f" ({near[0]}?)" if near else ""


def _nowhere(key: str, code: str) -> Problem:
    """The problem of a code, of at most a regency, that no place has."""
    return bad_query(key, "area_unknown", nowhere.area(code))


@contextmanager
def by_key(field: str, key: str) -> Iterator[None]:
    """A value that a case cannot use, told by the key that the address has for its field."""
    try:
        yield
    except Problem as problem:
        if problem.code == "bad_query" and problem.values.get("key") == field:
            problem.values["key"] = key
        raise


def together(*reads: Callable[[], Any]) -> list[Any]:
    """What each of them reads; where several values cannot be used, one Problem `bad_query` that tells all of them."""
    found, bad = [], []
    for read in reads:
        try:
            found.append(read())
        except Problem as problem:
            if problem.code != "bad_query":
                raise
            bad.append(problem.values)
    if not bad:
        return found
    rule: Any = tuple("; ".join([bad[0]["rule"][at], *(f"{own['key']}: {own['rule'][at]}" for own in bad[1:])])
                      for at in (0, 1))  # fmt: skip
    raise Problem("bad_query", values={"key": bad[0]["key"], "rule": rule})


def refused(key: str, rule: str, **values: str) -> Problem:
    """The problem of a value that cannot be used; values : what the rule tells, nothing that may be about a person."""
    told: Any = tuple(strings(language).say(f"rule.{rule}", **values) for language in ("id", "en"))
    return Problem("bad_query", values={"key": key, "rule": told})
