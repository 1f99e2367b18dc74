"""Chance that anybody can work out again: a keyed hash of a household's code, a whole column at a time.

The hash is SipHash-2-4 (Aumasson and Bernstein 2012) of the twelve letters of the code, under a key of 16 bytes that
is the BLAKE2b of the list's seed and of what the hash is for. Neither the order of the rows nor the number of
processors enters; who knows no seed before the scores are there can foresee no lot.
"""

from __future__ import annotations

import hashlib

import numpy as np

from features.types import Array

CODE = np.dtype("S12")
"""Codes of households as the lists hold them."""
_BLOCK = 1 << 15
_START = (0x736F6D6570736575, 0x646F72616E646F6D, 0x6C7967656E657261, 0x7465646279746573)


def key(seed: str, use: str) -> bytes:
    """Key of one use of a seed: lots of different uses have nothing in common."""
    return hashlib.blake2b(seed.encode(), digest_size=16, person=use.encode()).digest()


def lots(codes: Array, own: bytes) -> Array:
    """A 64-bit number for each code under a key, n.

    codes : n of `CODE`.
    """
    found = np.empty(len(codes), np.uint64)
    parts = np.ascontiguousarray(codes).view("<u4").reshape(-1, 3)
    for begin in range(0, len(codes), _BLOCK):
        found[begin : begin + _BLOCK] = _siphash(parts[begin : begin + _BLOCK].astype(np.uint64), own)
    return found


def lot(text: str, own: bytes) -> int:
    """A 64-bit number for any text under a key."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=own).digest(), "big")


def _siphash(parts: Array, own: bytes) -> Array:
    """SipHash-2-4 of messages of twelve bytes, given as three numbers of 32 bits each, n x 3."""
    halves = [int.from_bytes(own[at : at + 8], "little") for at in (0, 8)]
    v = [np.full(len(parts), start ^ halves[at % 2], np.uint64) for at, start in enumerate(_START)]
    shift = np.uint64(32)
    for message in (parts[:, 0] | (parts[:, 1] << shift), parts[:, 2] | np.uint64(12 << 56)):
        v[3] ^= message
        _rounds(v, 2)
        v[0] ^= message
    v[2] ^= np.uint64(0xFF)
    _rounds(v, 4)
    return v[0] ^ v[1] ^ v[2] ^ v[3]


def _rounds(v: list[Array], number: int) -> None:
    for _ in range(number):
        for one, two, left, turned in ((0, 1, 13, True), (2, 3, 16, False), (0, 3, 21, False), (2, 1, 17, True)):
            v[one] += v[two]
            v[two] = _turned(v[two], left) ^ v[one]
            if turned:
                v[one] = _turned(v[one], 32)


def _turned(value: Array, left: int) -> Array:
    return (value << np.uint64(left)) | (value >> np.uint64(64 - left))
