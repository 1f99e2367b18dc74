"""Random numbers that depend on the seed, the partition, the purpose and the period, and on nothing else.

Philox with key (seed, partition) and the purpose and period in the high words of its counter: the number of
workers, their order and the draws made for another purpose change no number. A new draw needs a new purpose;
put into an old stream it would move all that follow. numpy does not promise equal normals from one version
to the next, so bytes are equal for one lock file.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

PARTITION = 4096
"""Families in a partition: a constant, never a function of the number of workers."""

OTHER_FAMILIES = 1 << 48
"""First partition of the families that only teach the ranking: never written."""


class Purpose(IntEnum):
    """What a stream of numbers is for; the numbers are part of the data's identity."""

    PLACE = 1
    PEOPLE = 2
    PERSON = 3
    DWELLING = 4
    WELFARE = 5
    SHOCK = 6
    WORK = 7
    WORK_START = 8
    RECORD = 9
    RECORD_PEOPLE = 10
    PROGRAMME = 11
    MEASURE = 12
    ATTRITION = 13
    REGION = 14
    SIGNAL = 15
    REPORT = 16
    CHURN = 17
    CONSEQUENCE = 18
    BURN_IN = 19
    EARNINGS = 20
    LIFE = 21
    MOVE = 22
    SUBDISTRICT = 23
    REHIRE = 31
    SCAR = 32
    FOOD = 40
    FOOD_PRICE = 41
    COPING = 42
    INCOME = 43
    INSURED = 44


def stream(seed: int, partition: int, purpose: Purpose, period: int = 0) -> np.random.Generator:
    """Generator of one purpose and period of one partition."""
    key = np.array([seed, partition], dtype=np.uint64)
    counter = np.array([0, 0, period, int(purpose)], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))
