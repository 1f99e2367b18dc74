"""The scenario builder's form: its fields, the scenario that they make, and what is wrong with them in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from models.schemes import library
from models.schemes.parts import RULES
from models.schemes.words import said
from serving.access import Areas, smallest
from serving.console import formats, places
from serving.console.forms import Values, first
from serving.console.strings import Strings
from serving.simulation import spec

ANSWERS, SHOCKS = ("a", "b", "c"), ("1", "2")
"""Answers and shocks that the form has room for; YAML has room for more."""
USUAL = {"tahun": "10", "undian": "100", "benih": "2045"}
DURING = 4
"""Years of intake that an answer begins with."""
_PLAIN = ("judul", "tanya", "wilayah", "tahun", "undian", "benih")
_ANSWER = ("skema", "dari", "sampai", "tempat", "dana", "aturan", "desil", "biaya")
_SHOCK = ("guncangan", "mulai", "akhir")
FIELDS = (*_PLAIN, *(f"{name}-{at}" for at in ANSWERS for name in _ANSWER),
          *(f"{name}-{at}" for at in SHOCKS for name in _SHOCK))  # fmt: skip
_MOST_RUPIAH = 10**15


def values(sent: Values) -> dict[str, str]:
    """The fields that were sent."""
    return {name: first(sent, name) for name in FIELDS if name in sent}


def usual(year: int, areas: Areas) -> dict[str, str]:
    """What the form begins with."""
    own = {f"{name}-{at}": str(when) for at in ANSWERS for name, when in (("dari", year + 1),
                                                                        ("sampai", year + DURING))}  # fmt: skip
    own |= {f"{name}-{at}": str(year + 1) for at in SHOCKS for name in ("mulai", "akhir")}
    return {**USUAL, **own, "wilayah": areas.codes[0]}


class Read:
    """A scenario read from the form: `plain` as YAML holds it, `broken` field by field in words."""

    def __init__(self, given: Mapping[str, str], year: int, say: Strings) -> None:
        self._given, self._year, self._say = given, year, say
        self.broken: dict[str, str] = {}
        title = given.get("judul", "") or say.say("scen.untitled")
        question = given.get("tanya", "")
        self.years = self._number("tahun", 1, spec.MOST_YEARS) or 1
        self.plain: dict[str, Any] = {
            "format": 1, "kind": "scenario", "name": "konsol", "title": self._texts("judul", title), "start": year,
            "years": self.years, "draws": self._number("undian", 2, spec.MOST_DRAWS) or 2,
            "seed": self._number("benih", 0, 2**31 - 1) or 0,
            "shocks": [own for at in SHOCKS if (own := self._shock(at))],
            "arms": [own for at in ANSWERS if (own := self._answer(at))],
        }  # fmt: skip
        if question:
            self.plain["question"] = self._texts("tanya", question)
        used = [own["use"] for own in self.plain["shocks"]]
        if len(set(used)) < len(used):
            self.broken["guncangan-2"] = say.say("scen.bad.twice")
        work = self.years * self.plain["draws"] * (1 + 3 * len(self.plain["arms"]))
        if not self.broken and work > spec.MOST_WORK:
            self.broken["undian"] = say.say("scen.bad.work", n=spec.MOST_WORK // (
                self.years * (1 + 3 * len(self.plain["arms"]))))  # fmt: skip

    def _shock(self, at: str) -> dict[str, Any] | None:
        name = self._given.get(f"guncangan-{at}", "")
        if not name:
            return None
        if name not in library.names("shocks"):
            self.broken[f"guncangan-{at}"] = self._say.say("scen.bad.choice")
            return None
        return {"use": name, "years": self._span(f"mulai-{at}", f"akhir-{at}")}

    def _answer(self, at: str) -> dict[str, Any] | None:
        name = self._given.get(f"skema-{at}", "")
        if not name:
            return None
        if name not in library.names("schemes"):
            self.broken[f"skema-{at}"] = self._say.say("scen.bad.choice")
            return None
        scheme: dict[str, Any] = {"use": name, "years": self._span(f"dari-{at}", f"sampai-{at}")}
        for field, key in (("tempat", "places"), ("dana", "budget")):
            if self._given.get(f"{field}-{at}"):
                found = self._number(f"{field}-{at}", 0, _MOST_RUPIAH)
                if found is not None:
                    scheme[key] = found
        if not scheme.keys() & {"places", "budget"} and f"tempat-{at}" not in self.broken:
            self.broken.setdefault(f"dana-{at}", self._say.say("scen.bad.money"))
        changed: dict[str, Any] = {}
        rule, desil = self._given.get(f"aturan-{at}", ""), self._given.get(f"desil-{at}", "")
        if rule in RULES:
            changed["targeting"] = {"rule": rule}
        if desil and (found := self._number(f"desil-{at}", 1, 10)) is not None:
            changed["eligibility"] = {"desil": [1, found]}
        if self._given.get(f"biaya-{at}") and (found := self._number(f"biaya-{at}", 0, _MOST_RUPIAH)) is not None:
            changed["cost"] = found
        own = library.raw("schemes", name)["title"]
        return {"name": at, "title": own, "schemes": [scheme | ({"with": changed} if changed else {})]}

    def _texts(self, field: str, text: str) -> dict[str, str]:
        if len(text) > 300:
            self.broken[field] = self._say.say("scen.bad.long")
            text = text[:300]
        text = " ".join(text.split())
        return {"id": text, "en": text}

    def _span(self, start: str, end: str) -> list[int]:
        low, high = self._year + 1, self._year + self.years
        one, two = self._number(start, low, high), self._number(end, low, high)
        if one is not None and two is not None and one > two:
            self.broken[end] = self._say.say("scen.bad.span")
        return [one or low, two or high]

    def _number(self, field: str, low: int, high: int) -> int | None:
        """A whole number as people write it: with dots, commas, blanks or Rp."""
        text = re.sub(r"[\s.,]|Rp", "", self._given.get(field, ""))
        if not re.fullmatch(r"[0-9]{1,16}", text, re.ASCII) or not low <= int(text) <= high:
            told = [str(end) if end < 10_000 else formats.number(end, self._say.language) for end in (low, high)]
            self.broken[field] = self._say.say("scen.bad.number", low=told[0], high=told[1])
            return None
        return int(text)


def names(say: Strings) -> dict[str, str]:
    """Labels of the fields."""
    own = {name: say.say(f"scen.{name}") for name in _PLAIN}
    own |= {f"{name}-{at}": say.say(f"scen.{name}") for at in ANSWERS for name in _ANSWER}
    return own | {f"{name}-{at}": say.say(f"scen.{name}") for at in SHOCKS for name in _SHOCK}


def choices(areas: Areas, say: Strings) -> dict[str, list[tuple[str, str]]]:
    """What the choosers of the form offer."""
    wide = [("", places.name("", say)), *places.provinces().items()] if areas.everywhere else []
    for code in areas.codes if not areas.everywhere else ():
        wide.append((code, places.name(code, say)))
        if len(code) == 2:
            wide += [(own, places.name(own, say)) for own in places.regencies() if own[:2] == code]
    return {
        "areas": wide,
        "schemes": [(own.name, _scheme(own, say)) for own in library.schemes()],
        "shocks": [(own.name, getattr(own.title, say.language)) for own in library.shocks()],
        "rules": [(rule, said(f"rule.{rule}", say.language)) for rule in RULES],
    }


def _scheme(own: Any, say: Strings) -> str:
    basis = said(f"basis.{own.effect.size.basis}", say.language)
    return f"{getattr(own.title, say.language)} ({said(f'approach.{own.approach}', say.language)}; {basis})"


def _about(plain: Mapping[str, Any], areas: Areas) -> str:
    """The smallest area that a scenario is about, in the caller's: the smaller it is, the finer the sample."""
    scopes = [own.get("with", {}).get("eligibility", {}) for arm in plain.get("arms", []) for own in arm["schemes"]]
    scopes += [own.get("with", {}).get("scope", {}) for own in plain.get("shocks", [])]
    named = [code for scope in scopes for code in scope.get("provinces", [])]
    area = smallest(named) if named and all(scope.get("provinces") for scope in scopes) else ""
    return area if areas.holds(area) else areas.codes[0]


def examples(year: int, areas: Areas, say: Strings) -> list[dict[str, str]]:
    """Scenarios that ship and look ahead, as what may be tried first."""
    found = []
    for name in library.names("scenarios"):
        own = library.raw("scenarios", name)
        if own["start"] + own["years"] >= year:
            found.append({"name": name, "title": own["title"][say.language], "question": own["question"][say.language],
                          "area": _about(own, areas)})  # fmt: skip
    return found
