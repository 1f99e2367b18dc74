"""The scenario builder's form: its fields, the scenario that they make, and what is wrong with them in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from features.contract import SECTIONS
from models.schemes import library, way
from models.schemes.checks import Figure
from models.schemes.parts import RULES
from serving.access.rights import AREA, Areas, known_area
from serving.console import formats
from serving.console.forms import Values, first
from serving.console.strings import Strings
from serving.simulation import spec

ANSWERS, SHOCKS = ("a", "b", "c"), ("1", "2")
"""Answers and shocks that the form has room for; YAML has room for more."""
USUAL = {"tahun": "10", "undian": "100", "benih": "2045"}
DURING = 4
"""Years of intake that an answer begins with."""
_PLAIN, _CHANCE = ("judul", "tanya", "wilayah", "tahun"), ("undian", "benih")
_CHANGED = ("aturan", "usaha", "di", "desil", "lama", "ikut", "biaya", "upah")
_ANSWER = ("skema", "dari", "sampai", "dana", "tempat", *_CHANGED)
_HIT = ("usaha", "di", "peluang", "besar")
_SHOCK = ("guncangan", "mulai", "akhir", *_HIT)
FIELDS = (*_PLAIN, *(f"{name}-{at}" for at in SHOCKS for name in _SHOCK),
          *(f"{name}-{at}" for at in ANSWERS for name in _ANSWER), *_CHANCE)  # fmt: skip
"""Fields in the order of the page."""
_MOST_RUPIAH = 10**15
_MOST_DURATION = 10
_MONTHS = 12


def values(sent: Values) -> dict[str, str]:
    """The fields that were sent."""
    return {name: first(sent, name) for name in FIELDS if name in sent}


def usual(year: int, areas: Areas) -> dict[str, str]:
    """What the form begins with."""
    own = {f"{name}-{at}": str(when) for at in ANSWERS for name, when in (("dari", year + 1),
                                                                        ("sampai", year + DURING))}  # fmt: skip
    own |= {f"{name}-{at}": str(year + 1) for at in SHOCKS for name in ("mulai", "akhir")}
    return {**USUAL, **own, "wilayah": areas.codes[0]}


def opened(given: Mapping[str, str], broken: Mapping[str, str], mending: Collection[str] = ()) -> set[str]:
    """Answers and shocks of which something is changed, or would mend what is wrong, and `chance` where draws or seed
    are wrong, so that it is seen."""
    told = {name for name in FIELDS if given.get(name) or name in broken or name in mending}
    return {at for at in ANSWERS if told & {f"{name}-{at}" for name in _CHANGED}} | {
        at for at in SHOCKS if told & {f"{name}-{at}" for name in _HIT}} | {
        "chance" for name in ("undian", "benih") if name in broken}  # fmt: skip


def _codes(text: str) -> list[str]:
    """Codes of areas, several with commas or semicolons, each with or without its name behind it; each once."""
    return [*dict.fromkeys(own.split()[0] for own in re.split("[,;]", text) if own.strip())]


class Read:
    """A scenario read from the form: `plain` as YAML holds it, `broken` field by field in words, and `mending`, of a
    field that is wrong another one by which it can be mended."""

    def __init__(self, given: Mapping[str, str], year: int, say: Strings) -> None:
        self._given, self._year, self._say = given, year, say
        self.broken: dict[str, str] = {}
        self.mending: dict[str, str] = {}
        title = given.get("judul", "") or say.say("scen.untitled")
        question = given.get("tanya", "")
        self.years = self._number("tahun", 1, spec.MOST_YEARS) or 1
        self._shocks = {at: own for at in SHOCKS if (own := self._shock(at))}
        self.plain: dict[str, Any] = {
            "format": 1, "kind": "scenario", "name": "konsol", "title": self._texts("judul", title), "start": year,
            "years": self.years, "draws": self._number("undian", 2, spec.MOST_DRAWS) or 2,
            "seed": self._number("benih", 0, 2**31 - 1) or 0,
            "shocks": [*self._shocks.values()],
            "arms": [own for at in ANSWERS if (own := self._answer(at))],
        }  # fmt: skip
        if question:
            self.plain["question"] = self._texts("tanya", question)
        used = [own["use"] for own in self.plain["shocks"]]
        if len(set(used)) < len(used):
            self.broken["guncangan-2"] = say.say("scen.bad.twice")
        if not self.broken and self.plain["draws"] > (most := spec.most_draws(self.plain)):
            self.broken["undian"] = say.say("scen.bad.work", n=most)
        self.broken = {name: self.broken[name] for name in FIELDS if name in self.broken}

    @property
    def priced(self) -> dict[str, Any] | None:
        """What costs can be told of: the answers that are in order, each of which stands for itself, with the shocks
        that are. Neither a shock nor draws and seed change a cost; the years do, so where these are wrong, or no answer
        is in order, it is None."""
        if not self.broken:
            return self.plain
        wrong = {field.rpartition("-")[2] for field in self.broken}
        arms = [arm for arm in self.plain["arms"] if arm["name"] not in wrong]
        if not arms or self.timeless:
            return None
        shocks = [own for at, own in self._shocks.items() if at not in wrong]
        return self.plain | {"arms": arms, "shocks": shocks, "draws": 2 if "undian" in wrong else self.plain["draws"]}

    @property
    def timeless(self) -> bool:
        """Whether it is not known over how many years costs are added up."""
        return "tahun" in self.broken

    @property
    def shocks_wrong(self) -> bool:
        """Whether some shock is not known as it is meant."""
        return any(field.rpartition("-")[2] in SHOCKS for field in self.broken)

    def _shock(self, at: str) -> dict[str, Any] | None:
        name = self._given.get(f"guncangan-{at}", "")
        changed: dict[str, Any] = {
            key: found
            for field, key, high in (("peluang", "hazard", 100), ("besar", "size", 95))
            if (found := self._percent(f"{field}-{at}", high)) is not None
        }
        if scope := self._scope(at):
            changed["scope"] = scope
        if not self._chosen(f"guncangan-{at}", "shocks"):
            return None
        own = {"use": name, "years": self._span(f"mulai-{at}", f"akhir-{at}")}
        return own | ({"with": changed} if changed else {})

    def _answer(self, at: str) -> dict[str, Any] | None:
        name = self._given.get(f"skema-{at}", "")
        scheme: dict[str, Any] = {"use": name}
        for field, key in (("tempat", "places"), ("dana", "budget")):
            if (found := self._written(f"{field}-{at}", 0, _MOST_RUPIAH)) is not None:
                scheme[key] = found
        changed: dict[str, Any] = {}
        rule = self._given.get(f"aturan-{at}", "")
        if rule in RULES:
            changed["targeting"] = {"rule": rule}
        elif rule:
            self.broken[f"aturan-{at}"] = self._say.say("scen.bad.choice")
        eligible: dict[str, Any] = self._scope(at)
        if (found := self._written(f"desil-{at}", 1, 10)) is not None:
            eligible["desil"] = [1, found]
        if eligible:
            changed["eligibility"] = eligible
        if (found := self._written(f"lama-{at}", 1, _MOST_DURATION)) is not None:
            changed["duration"] = found
        if (share := self._percent(f"ikut-{at}", 100)) is not None:
            changed["take_up"] = share
        wage = self._written(f"upah-{at}", 1, _MOST_RUPIAH // _MONTHS)
        cost = self._written(f"biaya-{at}", 0, _MOST_RUPIAH)
        if not self._chosen(f"skema-{at}", "schemes"):
            return None
        scheme["years"] = self._span(f"dari-{at}", f"sampai-{at}")
        if not scheme.keys() & {"places", "budget"} and f"tempat-{at}" not in self.broken:
            self.broken.setdefault(f"dana-{at}", self._say.say("scen.bad.money"))
        own = library.raw("schemes", name)
        if self._given.get(f"upah-{at}"):
            changed |= self._wage(f"upah-{at}", own["approach"], wage)
        if cost is not None:
            changed["cost"] = cost
        if "budget" in scheme and f"dana-{at}" not in self.broken:
            self._priced(at, name, changed)
        return {"name": at, "title": own["title"], "schemes": [scheme | ({"with": changed} if changed else {})]}

    def _chosen(self, field: str, kind: str) -> bool:
        """Whether something of the library is chosen; what else is written for it is checked either way."""
        name = self._given.get(field, "")
        if name and name not in library.names(kind):
            self.broken[field] = self._say.say("scen.bad.choice")
        return bool(name) and field not in self.broken

    def _priced(self, at: str, name: str, changed: Mapping[str, Any]) -> None:
        """That money can buy the scheme: the rule of `Scheme.unpriced`, told by the fields that mend it."""
        own = next(one for one in library.schemes() if one.name == name)
        if "cost" in changed:
            own = replace(own, cost=Figure.assumed(float(changed["cost"]), own.cost.unit))
        if wanting := own.unpriced:
            if wanting == ("cost",):
                self.mending[f"dana-{at}"] = f"biaya-{at}"
            self.broken[f"dana-{at}"] = self._say.say(
                "scen.bad.price" if wanting == ("cost",) else "scen.bad.priceless",
                parts=way.parts(wanting, self._say.language), places=self._say.say("scen.tempat"),
                cost=self._say.say("scen.biaya"))  # fmt: skip

    def _wage(self, field: str, approach: str, wage: int | None) -> dict[str, Any]:
        """What a monthly wage changes of a created place: what it costs, and what it pays."""
        if approach != "jobs":
            self.broken[field] = self._say.say("scen.bad.wage")
        return {} if wage is None else {"cost": _MONTHS * wage, "effect": {"size": _MONTHS * wage}}

    def _scope(self, at: str) -> dict[str, Any]:
        """Industry and areas that an answer or a shock is for."""
        found: dict[str, Any] = {}
        section, areas = self._given.get(f"usaha-{at}", ""), _codes(self._given.get(f"di-{at}", ""))
        if section in SECTIONS:
            found["sections"] = [section]
        elif section:
            self.broken[f"usaha-{at}"] = self._say.say("scen.bad.choice")
        if wrong := [area for area in areas if not AREA.fullmatch(area)]:
            self.broken[f"di-{at}"] = self._say.say("scen.bad.area", codes=", ".join(wrong))
        elif unknown := [area for area in areas if not known_area(area)]:
            self.broken[f"di-{at}"] = self._say.say("scen.bad.area.unknown", codes=", ".join(unknown))
        elif len({len(area) for area in areas}) > 1:  # a scope asks for both, and so for what lies in both
            self.broken[f"di-{at}"] = self._say.say("scen.bad.areas")
        elif areas:
            found["provinces" if len(areas[0]) == 2 else "regencies"] = areas
        return found

    def _texts(self, field: str, text: str) -> dict[str, str]:
        if len(text) > 300:
            self.broken[field] = self._say.say("scen.bad.long")
            text = text[:300]
        text = " ".join(text.split())
        return {"id": text, "en": text}

    def _span(self, start: str, end: str) -> list[int]:
        # Where the number of years is wrong itself, it says nothing of years.
        low, high = self._year + 1, self._year + (spec.MOST_YEARS if "tahun" in self.broken else self.years)
        one, two = self._number(start, low, high), self._number(end, low, high)
        if one is not None and two is not None and one > two:
            self.broken[end] = self._say.say("scen.bad.span")
        return [one or low, two or high]

    def _number(self, field: str, low: int, high: int) -> int | None:
        """A whole number as people write it (`formats.typed_whole`)."""
        found = formats.typed_whole(self._given.get(field, ""))
        if found is None or not low <= found <= high:
            told = [str(end) if end < 10_000 else formats.number(end, self._say.language) for end in (low, high)]
            self.broken[field] = self._say.say("scen.bad.number", low=told[0], high=told[1])
            return None
        return found

    def _written(self, field: str, low: int, high: int) -> int | None:
        """The same where something is written."""
        return self._number(field, low, high) if self._given.get(field) else None

    def _percent(self, field: str, high: int) -> float | None:
        """A share, from a number of per cent with a comma or a dot; None where nothing is written."""
        text = re.sub(r"[\s%]", "", self._given.get(field, "")).replace(",", ".")
        if not text:
            return None
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,4})?", text, re.ASCII) or float(text) > high:
            self.broken[field] = self._say.say("scen.bad.percent", high=high)
            return None
        return round(float(text) / 100, 6)
