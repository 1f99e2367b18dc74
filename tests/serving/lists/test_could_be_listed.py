"""Whether a household could be on a list: lists, pages and searches say the same of any household and scheme."""

from __future__ import annotations

from itertools import product
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from features.contract import PROGRAMMES
from models.targeting import Coded, Rows, Rules, Scheme
from models.targeting.asked import WHY, asked
from models.targeting.keyed import CODE
from models.targeting.rows import why_not
from serving.cases import cuts
from serving.scores.to_check import Reach
from serving.store import lists

RISK = 0.2
FLAG = (None, False, True)
EVERYBODY = [
    {"rung": rung, "kind": kind, "poor_now": poor_now, "pkh": pkh, "sembako": sembako, "pbi": None}
    for rung, kind, poor_now, pkh, sembako in product(
        (None, "vulnerable", "middle"), (None, "relapse", "first_entry"), (None, 0.1, 0.3, 0.3000001), FLAG, FLAG)
]  # fmt: skip


@st.composite
def schemes(draw: st.DrawFn) -> Scheme:
    rungs, kinds = draw(st.sampled_from([(), ("vulnerable",)])), draw(st.sampled_from([(), ("relapse",)]))
    names = draw(st.permutations([*PROGRAMMES, "blt"]))
    first, second = draw(st.integers(0, 1)), draw(st.integers(1, 2))
    return Scheme("pkh", 1, (("", 5),), rungs=rungs, rung_unknown=draw(st.booleans()), kinds=kinds,
                  most_poor_now=draw(st.sampled_from([None, 0.0, 0.1, 0.3])), receives=tuple(names[:first]),
                  without=tuple(names[first:second]), programme_unknown=draw(st.booleans()))  # fmt: skip


def listed(scheme: Scheme) -> list[str]:
    size = len(EVERYBODY)

    def texts(name: str) -> Coded:
        return Coded.of(np.array([own[name] for own in EVERYBODY], dtype=object))

    rows = Rows(
        household=np.array([b"2" * 12] * size, CODE), province=Coded.of(np.array(["32"] * size, object)),
        regency=Coded.of(np.array(["3204"] * size, object)), scored=np.ones(size, bool), applies=np.ones(size, bool),
        risk=np.full(size, RISK), low=np.full(size, 0.1), high=np.full(size, 0.3), rung=texts("rung"),
        kind=texts("kind"), urban=np.ones(size, np.int8),
        poor_now=np.array([np.nan if own["poor_now"] is None else own["poor_now"] for own in EVERYBODY], float),
        programmes={name: np.array([-1 if own[name] is None else own[name] for own in EVERYBODY], np.int8)
                    for name in PROGRAMMES})  # fmt: skip
    rules = Rules("Uji", "2026Q4", (scheme,))
    return [WHY[at] for at in why_not(rows, rules, scheme, np.zeros(size, int), np.zeros(size, bool))]


def told(scheme: Scheme, *, whole: bool) -> list[str]:
    end = cuts.End(lists.Name("D-2026-0001", 1, 1), 0.2, asked(scheme))
    found = []
    for own in EVERYBODY:
        chance = own["poor_now"]
        row: dict[str, Any] = {name: own[name] for name in ("rung", "kind", *PROGRAMMES)} | {"risk": RISK}
        row |= {"p_poor_now": chance} if whole else {"falls": None if chance is None else RISK * (1 - chance)}
        found.append(cuts.barred(end, row, row))
    return found


def searched(scheme: Scheme) -> list[bool]:
    names = ("rung", "kind", *PROGRAMMES)
    table = pa.table({name: pa.array([own[name] for own in EVERYBODY], pa.bool_() if name in PROGRAMMES else
                                     pa.string()) for name in names} | {
        "falls": pa.array([None if own["poor_now"] is None else RISK * (1 - own["poor_now"]) for own in EVERYBODY],
                          pa.float64()),
        "risk": [RISK] * len(EVERYBODY), "low": [0.1] * len(EVERYBODY), "high": [0.3] * len(EVERYBODY),
        "regency": ["3204"] * len(EVERYBODY), "province": ["32"] * len(EVERYBODY)})  # fmt: skip
    condition, own = Reach(20, ("3204",), (), False, asked(scheme)).condition(0)
    with duckdb.connect() as connection:
        connection.register("families", table)
        query = f"SELECT {condition} FROM families"
        return [one for (one,) in connection.execute(query, {name: value for name, value in own.items()
                                                             if f"${name}" in query}).fetchall()]  # fmt: skip


@settings(max_examples=60)
@given(schemes())
def test_lists_pages_and_searches_say_alike_who_could_be_on_a_list(scheme: Scheme) -> None:
    wanted = listed(scheme)
    assert told(scheme, whole=False) == told(scheme, whole=True) == wanted
    assert searched(scheme) == [not why for why in wanted]


def test_who_is_not_known_is_out_where_the_scheme_says_so() -> None:
    nobody = dict.fromkeys(("rung", "kind", "p_poor_now", *PROGRAMMES)) | {"risk": RISK}
    for rules, why in (({"rungs": ("vulnerable",)}, "rung_unknown"), ({"without": ("pkh",)}, "programme_unknown"),
                       ({"most_poor_now": 0.3}, "perhaps_poor_now"), ({"kinds": ("relapse",)}, ""),
                       ({"without": ("pkh",), "programme_unknown": True}, "")):  # fmt: skip
        scheme: Any = Scheme("pkh", 1, (("", 5),), **rules)
        end = cuts.End(lists.Name("D-2026-0001", 1, 1), 0.2, asked(scheme))
        assert cuts.barred(end, nobody, nobody) == why
