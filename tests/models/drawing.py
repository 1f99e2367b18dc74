"""Any households, rules and last lists for the tests of lists, and a drawn list as rows."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from models.targeting import CHANNELS, Drawn, FastLane, Last, Rules, Scheme, draw
from models.targeting.keyed import CODE
from tests.models.listed import AS_OF, Family, code, rows

AREAS = ("3201", "3202", "7301")
RISKS = st.sampled_from([0.02, 0.05, 0.05, 0.1, 0.2, 0.24, 0.25, 0.3, 0.6])


# Of each household what may be anything is drawn in a few handfuls: a draw for every single fact took most of the time.
HOME = st.sampled_from(list(product([*AREAS, *AREAS, "9999", None], [False, True], [-1, 0, 1], [0.1, 0.4])))
KNOWN = st.sampled_from(list(product([None, "vulnerable", "middle"], [None, "relapse", "first_entry"],
                                     [None, 1.0, 4.0, 7.0], [None, "-", "pkh ?sembako", "?pkh sembako"])))  # fmt: skip
BEFELL = st.sampled_from(list(product([None, None, "job_loss", "disaster", "harvest"],
                                      ["2026-10-01", "2026-11-14", "2026-01-01", "2026-12-01"],
                                      [None, None, None, "died", "moved", "below"])))  # fmt: skip
SURE = st.sampled_from(list(product([0.4, 0.9, 1.0], [1.0, 1.1, 2.0])))
RISK = st.none() | RISKS | st.floats(0.01, 0.9)


@st.composite
def families(draw: st.DrawFn, most: int = 45) -> list[Family]:
    found = []
    for number in range(draw(st.integers(0, most))):
        risk = draw(RISK)
        regency, poor, urban, poor_now = draw(HOME)
        rung, kind, size, programmes = draw(KNOWN)
        shock, shock_day, seen = draw(BEFELL)
        low, high = (None, None) if risk is None else (risk * by for by in draw(SURE))
        found.append(Family(
            code(number), regency, risk, low, None if high is None else min(1.0, high), poor=risk is None and poor,
            rung=rung, kind=kind, urban=urban, poor_now=poor_now, size=size, programmes=programmes,
            shock=shock, shock_day=shock_day, found=seen,
        ))  # fmt: skip
    return found


@st.composite
def schemes(draw: st.DrawFn, name: str) -> Scheme:
    areas = draw(st.sampled_from([("",), ("32",), ("32", "73"), ("3201", "3202"), ("3201", "73"), AREAS]))
    rungs = draw(st.sampled_from([(), ("vulnerable",), ("vulnerable", "middle")]))
    receives, without = draw(
        st.sampled_from([((), ()), (("pkh",), ()), ((), ("sembako",)), ((), ("pkh",)), (("pkh",), ("sembako",))])
    )
    return Scheme(
        name, draw(st.sampled_from([1, 7, 3_000_000])),
        tuple((area, draw(st.integers(0, 30))) for area in areas), draw(st.none() | st.integers(0, 100)), rungs,
        bool(rungs) and draw(st.booleans()), draw(st.sampled_from([None, None, 0.3])),
        draw(st.sampled_from([(), (), ("relapse",)])), receives, without,
        bool(receives or without) and draw(st.booleans()),
    )  # fmt: skip


@st.composite
def rules(draw: st.DrawFn, number: int | None = None) -> Rules:
    count = number or draw(st.integers(1, 2))
    lane = FastLane(draw(st.sampled_from([0.1, 0.34, 0.5])), ("job_loss", "disaster"), draw(st.sampled_from([30, 90])))
    return Rules(
        "Daftar uji", "2026Q4", tuple(draw(schemes(name)) for name in ("pkh", "pena")[:count]),
        *draw(st.sampled_from([("risk", None), ("risk", None), ("need", "size")])),
        draw(st.none() | st.integers(0, 400)), draw(st.sampled_from([0.0, 0.02, 0.05])),
        draw(st.sampled_from([0.0, 0.1, 1.5])), draw(st.sampled_from([0.0, 0.2, 0.5])),
        draw(st.sampled_from([0, 2, 20])), draw(st.none() | st.just(lane)),
        draw(st.sampled_from([("died", "moved"), ("died", "moved"), (), ("died", "moved", "below")])),
    )  # fmt: skip


@st.composite
def last_lists(draw: st.DrawFn) -> dict[str, set[str]]:
    return {name: {code(number) for number in draw(st.sets(st.integers(0, 60), max_size=25))}
            for name in ("pkh", "pena")}  # fmt: skip


def make(some: list[Family], own: Rules, seed: str = "benih", before: dict[str, set[str]] | None = None) -> Drawn:
    return draw(rows(some), own, seed=seed, run="2026-11-15-abc", as_of=AS_OF,
                before=last((code, scheme, "ranked", "") for scheme, codes in (before or {}).items() for code in codes),
                )  # fmt: skip


def last(places: Iterable[tuple[str, str, str, str]]) -> Last:
    """A last list of code, scheme, channel and area of each place."""
    rows_ = sorted(places)
    codes, *texts = zip(*rows_, strict=True) if rows_ else ((), (), (), ())
    return Last(np.array([code.encode() for code in codes], CODE), *(np.array(own, dtype="U40") for own in texts))


def told(found: Drawn) -> list[dict[str, Any]]:
    """Places as rows."""
    own = found.places
    names = ("rank", "value", "risk", "verify", "probability", "tied", "before")
    return [{"code": own.household[at].decode(), "cell": int(own.cell[at]), "channel": CHANNELS[own.channel[at]],
             **{name: getattr(own, name)[at].item() for name in names}} for at in range(len(own))]  # fmt: skip


def on_list(found: Drawn) -> set[str]:
    return {one["code"] for one in told(found) if one["channel"] != "reserve"}
