"""Drawing a list from five million households of 500 regencies, beside sorting their risks alone."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from features.keys import ALPHABET
from models.targeting import CHANNELS, Coded, FastLane, Last, Rows, Rules, Scheme, draw
from models.targeting.drawn import ON
from models.targeting.keyed import CODE

HOUSEHOLDS, REGENCIES, RUNS = 5_000_000, 500, 3
PLACES = 400
BAR_S = 10.0
AS_OF = np.datetime64("2026-11-15")


def run() -> dict[str, Any]:
    """Draw a quarter's list and the one after it."""
    rows = households(HOUSEHOLDS)
    first = Rules("Daftar", "2026Q3", (_scheme(),))
    before = draw(rows, first, seed="TW III", run="made", as_of=AS_OF)
    places, held = before.places, before.places.channel < ON
    channels = np.array(CHANNELS)[places.channel]
    own = Last(places.household, np.full(len(places), "pkh"), channels, places.regency).of(held)
    rules = Rules("Daftar", "2026Q4", (_scheme(),), hysteresis=0.2, budget=2_500_000 * REGENCIES * PLACES,
                  fast_lane=FastLane(0.05, ("disaster",), 90))  # fmt: skip
    kernel, taken, busy = [], [], []
    for _ in range(RUNS):
        begin = time.perf_counter()
        np.argsort(rows.risk)
        kernel.append(time.perf_counter() - begin)
        begin, cpu = time.perf_counter(), time.process_time()
        found = draw(rows, rules, seed="TW IV", run="made", as_of=AS_OF, before=own)
        taken.append(time.perf_counter() - begin)
        busy.append(time.process_time() - cpu)
        print(f"   {HOUSEHOLDS:,} households, {len(found.places):,} places: {taken[-1]:.2f} s ({busy[-1]:.2f} s of a "
              f"processor), {HOUSEHOLDS / taken[-1]:,.0f} rows/s; sorting the risks alone {kernel[-1]:.2f} s",
              flush=True)  # fmt: skip
    return {"households": HOUSEHOLDS, "cells": len(found.cells), "places": len(found.places), "draw_s": taken,
            "cpu_s": float(np.median(busy)), "over_sort": float(np.median(taken) / np.median(kernel)),
            "rate": HOUSEHOLDS / float(np.median(taken)), "bar_s": BAR_S,
            "passed": float(np.median(taken)) < BAR_S}  # fmt: skip


def _scheme() -> Scheme:
    return Scheme("pkh", 3_000_000, tuple((area, PLACES) for area in _areas()))


def _areas() -> list[str]:
    return [f"{11 + at // 20}{at % 20 + 1:02d}" for at in range(REGENCIES)]


def households(size: int) -> Rows:
    """Made-up score rows: 2 % refused, 15 % poor now, 1 % with a disaster."""
    chance = np.random.default_rng(6)
    letters = np.frombuffer(ALPHABET.encode(), np.uint8)
    numbers = np.unique(chance.integers(0, 1 << 60, size + size // 1000 + 10, dtype=np.uint64))
    numbers = chance.permutation(numbers)[:size]
    codes = letters[(numbers[:, None] >> np.arange(55, -1, -5, dtype=np.uint64)) & np.uint64(31)].view(CODE).ravel()
    areas = _areas()
    area = chance.integers(0, REGENCIES, size).astype(np.int32)
    provinces = sorted({own[:2] for own in areas})
    scored = chance.random(size) > 0.02
    applies = scored & (chance.random(size) > 0.15)
    eta = chance.normal(-2.8, 1.1, size).round(6)
    risk, low, high = (np.where(applies, 1 / (1 + np.exp(-(eta + side))), np.nan) for side in (0.0, -0.4, 0.4))
    kind = np.where(applies, chance.integers(0, 3, size), -1).astype(np.int32)
    size_of = chance.integers(1, 8, size).astype(float)
    return Rows(codes, Coded(area // 20, tuple(provinces)), Coded(area, tuple(areas)), scored, applies, risk, low, high,
                Coded(np.full(size, -1, np.int32), ()), Coded(kind, ("first_entry", "relapse", "unknown_history")),
                chance.integers(0, 2, size).astype(np.int8), poor_now=np.where(applies, 0.1, 0.9),
                amounts={"size": size_of},
                shock=Coded(np.where(chance.random(size) < 0.01, 0, -1).astype(np.int32), ("disaster",)),
                shock_day=np.full(size, np.datetime64("2026-10-15")))  # fmt: skip
