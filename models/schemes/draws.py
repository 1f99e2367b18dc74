"""Frozen chance: a number for each use, household, draw and place in time that nothing else can move.

Two scenarios draw the same numbers for the same household, so they differ only by what differs. The numbers are
SplitMix64 (Steele, Lea and Flood 2014) from a start that is a hash of the seed, the use and the household's code;
neither the order of the rows, nor how they are cut into parts, nor the number of threads enters.
"""

from __future__ import annotations

import hashlib

import numpy as np

from features.types import Array
from models.compiled import compiled

LIFE, REACH, SHOCK = 0, 1023, 1024
"""Places: the start and the years of a life, whether a scheme works, then `YEARS` places for each shock."""
YEARS = 64
PLACES = 4096
_GOLD = np.uint64(0x9E3779B97F4A7C15)
_ONE, _TWO = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _11 = (np.uint64(bits) for bits in (30, 27, 31, 11))
_STEP = np.uint64(PLACES)


def stream(seed: int, use: str) -> int:
    """Start of the numbers of one use of a seed; uses have nothing in common."""
    return int.from_bytes(hashlib.blake2b(f"{seed} {use}".encode(), digest_size=8).digest(), "little")


@compiled
def mix(value: np.uint64) -> np.uint64:
    """Finaliser of SplitMix64."""
    value = (value ^ (value >> _30)) * _ONE
    value = (value ^ (value >> _27)) * _TWO
    return value ^ (value >> _31)


@compiled
def root(key: np.uint64, start: np.uint64) -> np.uint64:
    """Where the numbers of a household begin."""
    return mix(mix(key) ^ start)


@compiled
def uniform(own: np.uint64, draw: int, place: int) -> float:
    """A number from 0 (with) to 1 (without) of a household's draw at a place."""
    number = np.uint64(draw) * _STEP + np.uint64(place + 1)
    return float(mix(own + _GOLD * number) >> _11) * 2.0**-53


@compiled
def _uniforms(keys: Array, start: np.uint64) -> Array:
    found = np.empty(len(keys), np.float64)
    for at in range(len(keys)):
        found[at] = uniform(root(keys[at], start), 0, 0)
    return found


def uniforms(keys: Array, seed: int, use: str) -> Array:
    """One number for each household, n; `keys` n of uint64."""
    found: Array = _uniforms(keys, np.uint64(stream(seed, use)))
    return found


def keys_of(codes: Array) -> Array:
    """A key for each household's code, n of uint64: the number that its letters are, whatever the rows beside it."""
    letters = np.ascontiguousarray(codes.astype("S16")).view("<u8").reshape(-1, 2)
    with np.errstate(over="ignore"):
        return np.asarray(letters[:, 0] * _GOLD ^ letters[:, 1] * _TWO)
