"""Made-up households for lists, and a list drawn by hand: household by household, in plain Python."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from features.keys import ALPHABET
from models.targeting import Coded, Rows, Rules
from models.targeting.keyed import CODE

AS_OF = np.datetime64("2026-11-15")


@dataclass(frozen=True, slots=True)
class Family:
    """One household as a test writes it; risk None: no score, or poor now where `poor`."""

    code: str
    regency: str | None = "3201"
    risk: float | None = 0.1
    low: float | None = None
    high: float | None = None
    poor: bool = False
    rung: str | None = None
    kind: str | None = "relapse"
    urban: int = 1
    poor_now: float = 0.1
    size: float | None = 4.0
    programmes: str | None = None
    shock: str | None = None
    shock_day: str = "2026-10-01"
    found: str | None = None

    @property
    def scored(self) -> bool:
        return self.poor or self.risk is not None


def code(number: int) -> str:
    """A code for a number; different for different numbers."""
    digest = int.from_bytes(hashlib.blake2b(number.to_bytes(8, "big"), digest_size=8).digest(), "big")
    return "".join(ALPHABET[digest >> shift & 31] for shift in range(0, 60, 5))


def rows(families: Sequence[Family]) -> Rows:
    """The families as columns."""

    def texts(name: str) -> Coded:
        return Coded.of(np.array([getattr(own, name) for own in families], dtype=object))

    def numbers(name: str) -> Any:
        values = [getattr(own, name) for own in families]
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    risk, low, high = (numbers(name) for name in ("risk", "low", "high"))
    return Rows(
        household=np.array([own.code.encode() for own in families], CODE),
        province=Coded.of(np.array([own.regency and own.regency[:2] for own in families], dtype=object)),
        regency=texts("regency"),
        scored=np.array([own.scored for own in families], bool),
        applies=np.array([own.scored and not own.poor for own in families], bool),
        risk=risk, low=low, high=high, rung=texts("rung"), kind=texts("kind"),
        urban=np.array([own.urban for own in families], np.int8), poor_now=numbers("poor_now"),
        amounts={"size": numbers("size")}, programmes=received(families), shock=texts("shock"),
        shock_day=np.array([own.shock_day for own in families], "datetime64[D]"), found=texts("found"),
    )  # fmt: skip


def received(families: Sequence[Family]) -> dict[str, Any]:
    """By programme whether each family receives it, as a file of facts names them: 1, 0, -1 not known."""
    told = [None if own.programmes is None else own.programmes.split() for own in families]
    return {name: np.array([-1 if own is None or f"?{name}" in own else int(name in own) for own in told], np.int8)
            for name in ("pkh", "sembako")}  # fmt: skip


def siphash(message: bytes, key: bytes) -> int:
    """SipHash-2-4 of any message, one number at a time, as its paper has it."""
    mask = (1 << 64) - 1
    halves = [int.from_bytes(key[at : at + 8], "little") for at in (0, 8)]
    start = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)
    a, b, c, d = (own ^ halves[at % 2] for at, own in enumerate(start))

    def turn(value: int, by: int) -> int:
        return (value << by | value >> (64 - by)) & mask

    def step(a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
        a = (a + b) & mask
        b = turn(b, 13) ^ a
        a = turn(a, 32)
        c = (c + d) & mask
        d = turn(d, 16) ^ c
        a = (a + d) & mask
        d = turn(d, 21) ^ a
        c = (c + b) & mask
        b = turn(b, 17) ^ c
        return a, b, turn(c, 32), d

    padded = message + bytes(7 - len(message) % 8) + bytes([len(message) % 256])
    for at in range(0, len(padded), 8):
        word = int.from_bytes(padded[at : at + 8], "little")
        d ^= word
        a, b, c, d = step(*step(a, b, c, d))
        a ^= word
    a, b, c, d = step(*step(*step(*step(a, b, c ^ 0xFF, d))))
    return a ^ b ^ c ^ d


def lot(family: Family, seed: str, use: bytes) -> tuple[int, str]:
    """Lot of a household for one use of the seed, and its code for equal ones."""
    key = hashlib.blake2b(seed.encode(), digest_size=16, person=use).digest()
    return siphash(family.code.encode(), key), family.code


def eligible(own: Family, rules: Rules, at: int, area: str, *, ranked: bool) -> bool:
    """Whether a family may be on the list of a scheme (`ranked`: by its number too)."""
    scheme = rules.schemes[at]
    if (own.regency is None and area) or not (own.regency or "").startswith(area) or own.poor:
        return False
    if own.found in rules.kept_out:
        return False
    if scheme.most_poor_now is not None and own.scored and own.poor_now > scheme.most_poor_now:
        return False
    if scheme.rungs and not (scheme.rung_unknown if own.rung is None else own.rung in scheme.rungs):
        return False
    if scheme.kinds and own.kind is not None and own.kind not in scheme.kinds:
        return False
    for name in (*scheme.receives, *scheme.without):
        told = [] if own.programmes is None else own.programmes.split()
        if own.programmes is None or f"?{name}" in told:
            if not scheme.programme_unknown:
                return False
        elif (name in told) != (name in scheme.receives):
            return False
    return not ranked or worth(own, rules) is not None


def worth(own: Family, rules: Rules) -> float | None:
    """What a family is put in order by; None where there is no such number."""
    if own.risk is None or own.poor:
        return None
    if rules.need is None:
        return own.risk
    return None if own.size is None else own.risk * own.size


def by_hand(families: Sequence[Family], rules: Rules, seed: str, before: Mapping[str, set[str]]) -> dict[str, Any]:
    """Channel of each code by scheme and area, and the places that the budget leaves."""
    found: dict[str, Any] = {"places": {}, "on": {}}
    taken: set[str] = set()
    whole = sum(own.cost * places for own in rules.schemes for _, places in own.quota)
    for at, scheme in enumerate(rules.schemes):
        own_cost = scheme.cost * sum(places for _, places in scheme.quota)
        part = Fraction(1)
        if rules.budget is not None and whole:
            part = min(part, Fraction(rules.budget, whole))
        if scheme.budget is not None and own_cost:
            part = min(part, Fraction(scheme.budget, own_cost))
        sums = [0]
        for _, quota in scheme.quota:
            sums.append(sums[-1] + quota)
        for (area, _), (one, two) in zip(scheme.quota, pairwise(sums), strict=True):
            places = int(part * two) - int(part * one)
            free = [own for own in families if own.code not in taken]
            cell = _cell(free, rules, at, area, places, seed, before.get(scheme.name, set()))
            found["places"][scheme.name, area] = places
            found["on"][scheme.name, area] = cell
            taken |= set(cell)
    return found


def _cell(free: list[Family], rules: Rules, at: int, area: str, places: int, seed: str,
          before: set[str]) -> dict[str, str]:  # fmt: skip
    on: dict[str, str] = {}
    lane = rules.fast_lane
    if lane is not None:
        hit = [own for own in free if own.shock in lane.shocks and eligible(own, rules, at, area, ranked=False)
               and 0 <= int((AS_OF - np.datetime64(own.shock_day)).astype(int)) <= lane.days]  # fmt: skip
        hit.sort(key=lambda own: (own.shock_day, *lot(own, seed, b"tie")))
        on |= {own.code: "fast_lane" for own in hit[: int(Fraction(str(lane.share)) * places)]}
    order = [own for own in free if own.code not in on and eligible(own, rules, at, area, ranked=True)]
    order.sort(key=lambda own: (-(worth(own, rules) or 0.0), *lot(own, seed, b"tie")))
    seats = places - len(on)
    key = hashlib.blake2b(seed.encode(), digest_size=16, person=b"cell").digest()
    name = f"{rules.schemes[at].name}/{area}".encode()
    chance = int.from_bytes(hashlib.blake2b(name, digest_size=8, key=key).digest(), "big") * 1_000_000 >> 64
    random = int(Fraction(str(rules.random)) * seats + Fraction(chance, 1_000_000))
    seats -= random
    inside, outside = order[:seats], order[seats:]
    kept: list[Family] = []
    while rules.hysteresis and inside and outside:
        stay = next((own for own in outside if own.code in before), None)
        fresh = next((own for own in reversed(inside) if own.code not in before), None)
        if stay is None or fresh is None or not worth(stay, rules) >= (1 - rules.hysteresis) * worth(fresh, rules):
            break
        outside.remove(stay)
        inside.remove(fresh)
        kept.append(stay)
    gone = [own for own in order[:seats] if own not in inside]
    for own in inside:
        below = gone and order.index(own) > order.index(gone[0])
        on[own.code] = "kept" if below else "ranked"
    on |= {own.code: "kept" for own in kept}
    pool = sorted((own for own in order if own.code not in on), key=lambda own: lot(own, seed, b"sample"))
    return on | {own.code: "random" for own in pool[:random]}
