"""The rules of a list: all that an officer chooses, as plain values and as TOML; the hash says which they were.

`read` checks and names key and rule, `write` gives the one text that stands for these rules: what it wrote, it reads
and writes again byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from features import plain_toml
from features.commands import UserError
from models.rule_words import said
from models.targeting import rule_checks as check
from models.targeting.rule_checks import RuleError

Order = Literal["risk", "need"]
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme of a list and who may be on it.

    Attributes
    ----------
    cost : rupiah a place. quota : places by area, in the order of the areas: "" the nation, "32", "3204".
    budget : rupiah of this scheme alone. rungs, rung_unknown : rungs that may be on it, and whether a household may
        whose rung is not known (a register holds none). most_poor_now : highest chance of being poor now.
    kinds : kinds of fall. receives, without : programmes that it must, and must not, receive already.
    programme_unknown : whether a household may be on it of which it is not known of one of them.
    """

    name: str
    cost: int
    quota: tuple[tuple[str, int], ...]
    budget: int | None = None
    rungs: tuple[str, ...] = ()
    rung_unknown: bool = False
    most_poor_now: float | None = None
    kinds: tuple[str, ...] = ()
    receives: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    programme_unknown: bool = False


@dataclass(frozen=True, slots=True)
class FastLane:
    """Places outside the score for households that a shock hit.

    Attributes
    ----------
    share : of a cell's places, at most. shocks : kinds that count (`features.contract.SHOCKS`).
    days : how long a shock counts, up to the date of the scores.
    """

    share: float
    shocks: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules of one list.

    Attributes
    ----------
    order, need : by risk, or by risk times an amount of the household, and which.
    random : share of the places outside the fast lane that are drawn by lot. reserve : share of the places.
    hysteresis : how far below the household whose place it keeps one of the last list may be, as a share.
    band : places either side of the cut that are to be checked in the field. budget : rupiah for all schemes.
    kept_out : what a visit found (`rule_checks.FOUND`) of households that get no place, whatever their score.
    schemes : in the order in which they choose; a household has one place.
    """

    name: str
    period: str
    schemes: tuple[Scheme, ...]
    order: Order = "risk"
    need: str | None = None
    budget: int | None = None
    random: float = 0.03
    reserve: float = 0.1
    hysteresis: float = 0.0
    band: int = 20
    fast_lane: FastLane | None = None
    kept_out: tuple[str, ...] = ("died", "moved")

    @property
    def digest(self) -> str:
        """SHA-256 of what `write` gives, 64 hex digits."""
        return hashlib.sha256(write(self).encode()).hexdigest()

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas with a quota, each once."""
        return tuple(sorted({area for scheme in self.schemes for area, _ in scheme.quota}))


def read(text: str) -> Rules:
    """Rules from TOML; RuleError names the key and the rule."""
    try:
        found = plain_toml.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"line (\d+), column (\d+)", str(error))
        if at:
            where = f"pada baris {at[1]}, kolom {at[2]}"
        elif "end of document" in str(error):
            where = "pada akhir berkas"
        else:
            where = "karena terlalu besar, terlalu dalam bertingkat, atau memuat angka yang terlalu panjang"
        raise UserError(f"the rules are not TOML: {error}",
                        f"aturan bukan TOML: tidak dapat dibaca {where}") from None  # fmt: skip
    return of(found)


def of(found: Mapping[str, Any]) -> Rules:
    """Rules from plain values, as TOML or a form has them; RuleError tells every key that breaks a rule (`all`)."""
    faults = list[RuleError]()
    take = check.Taken(found, "", faults)
    if take("format", check.whole(1), FORMAT) != FORMAT and take.sound("format"):
        take.tell("format", said("format", format=FORMAT))
    rules = Rules(
        name=take("name", check.line(120)),
        period=take("period", check.period),
        order=take("order", check.one_of("risk", "need"), "risk"),
        need=take("need", check.one_of("size", "gap"), None),
        budget=take("budget", check.whole(0), None),
        random=take("random", check.sample, 0.03),
        reserve=take("reserve", check.share(0, 5), 0.1),
        hysteresis=take("hysteresis", check.share(0, 0.5), 0.0),
        band=take("band", check.whole(0, 10_000), 20),
        fast_lane=_fast_lane(take("fast_lane", check.table, None), faults),
        kept_out=take("kept_out", check.found, ("died", "moved")),
        schemes=tuple(_scheme(one, f"scheme {at}: ", faults)
                      for at, one in enumerate(take("scheme", check.tables) or (), start=1)),
    )  # fmt: skip
    take.done()
    if take.sound("order", "need") and (rules.order == "need") != (rules.need is not None):
        take.tell("need", said("need"))
    names = [scheme.name for scheme in rules.schemes if scheme.name]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        take.tell("scheme", said("twice", names=", ".join(twice)))
    if faults:
        raise RuleError.together(faults)
    return rules


def _fast_lane(found: Mapping[str, Any] | None, faults: list[RuleError]) -> FastLane | None:
    if found is None:
        return None
    take = check.Taken(found, "fast_lane: ", faults)
    own = FastLane(take("share", check.share(0, 0.5)), take("shocks", check.shocks), take("days", check.whole(1, 731)))
    take.done()
    return own


def _scheme(found: Mapping[str, Any], where: str, faults: list[RuleError]) -> Scheme:
    take = check.Taken(found, where, faults)
    own = Scheme(
        name=take("name", check.word),
        cost=take("cost", check.whole(1)),
        quota=take("quota", check.quota),
        budget=take("budget", check.whole(0), None),
        rungs=take("rungs", check.rungs, ()),
        rung_unknown=take("rung_unknown", check.flag, False),
        most_poor_now=take("most_poor_now", check.share(0, 1), None),
        kinds=take("kinds", check.kinds, ()),
        receives=take("receives", check.words, ()),
        without=take("without", check.words, ()),
        programme_unknown=take("programme_unknown", check.flag, False),
    )
    take.done()
    # A register knows no rung and a score row no programme: silence would empty a list, or fill it, unseen.
    for key, beside, needed, rule in (
        ("rung_unknown", ("rungs",), own.rungs, said("rung_unknown")),
        ("programme_unknown", ("receives", "without"), own.receives or own.without, said("programme_unknown")),
    ):
        if take.sound(key, *beside) and bool(needed) != (key in found):
            take.tell(key, rule)
    both = sorted(set(own.receives or ()) & set(own.without or ()))
    if both:
        take.tell("without", said("nobody", names=", ".join(both)))
    return own


def plain(rules: Rules) -> dict[str, Any]:
    """The rules as plain values, in the order of the file; what is not asked for is left out."""
    found: dict[str, Any] = {"format": FORMAT, "name": rules.name, "period": rules.period, "order": rules.order}
    found |= _said(rules, "need", "budget", "random", "reserve", "hysteresis", "band")
    found["kept_out"] = list(rules.kept_out)  # also where it is empty: silence is the usual rule
    if rules.fast_lane is not None:
        found["fast_lane"] = _said(rules.fast_lane, "share", "shocks", "days")
    found["scheme"] = [_plain_scheme(own) for own in rules.schemes]
    return found


def _plain_scheme(own: Scheme) -> dict[str, Any]:
    found = _said(own, "name", "cost", "budget", "rungs", "rung_unknown", "most_poor_now", "kinds", "receives",
                  "without", "programme_unknown")  # fmt: skip
    for key, needed in (("rung_unknown", own.rungs), ("programme_unknown", own.receives or own.without)):
        if not needed:
            found.pop(key)
    return found | {"quota": dict(own.quota)}


def _said(own: object, *names: str) -> dict[str, Any]:
    found = {name: getattr(own, name) for name in names}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in found.items()
            if value is not None and value != ()}  # fmt: skip


def write(rules: Rules) -> str:
    """The one TOML text of these rules."""
    found = plain(rules)
    lines = [f"{key} = {_value(value)}" for key, value in found.items() if key not in ("fast_lane", "scheme")]
    if "fast_lane" in found:
        lines += ["", "[fast_lane]", *(f"{key} = {_value(value)}" for key, value in found["fast_lane"].items())]
    for own in found["scheme"]:
        lines += ["", "[[scheme]]", *(f"{key} = {_value(value)}" for key, value in own.items() if key != "quota")]
        lines += ["[scheme.quota]", *(f"{_value(area)} = {places}" for area, places in own["quota"].items())]
    return "\n".join(lines) + "\n"


def _value(value: Any) -> str:
    """A value of TOML; its texts have no control characters (`rule_checks`), so JSON's escapes are TOML's."""
    if isinstance(value, list):
        return f"[{', '.join(_value(one) for one in value)}]"
    return json.dumps(value, ensure_ascii=False)
