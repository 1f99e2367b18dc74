"""Numbers of every province that `local` solves, in a form the families' modules can read."""

from __future__ import annotations

from dataclasses import dataclass

from features.types import Array


@dataclass(frozen=True, slots=True)
class Local:
    """Arrays by province, and the cuts of the sections.

    `schooling`, shape (38,), shifts the score of schooling; `working`, shape (38, 2, 2, 6), is the share in the
    labour force by head or not, sex and age group; `idle`, shape (38,), the share of those losing a job who look
    for another; `seeking`, shape (38, 6), the others' rate of search by age group; `sections`, shape (19,), the
    scores that part the sections; `house`, shape (38,) for each item, shifts the score of water and of the toilet;
    `food`, shape (38,), is the level of the curve of food shares.
    """

    schooling: Array
    working: Array
    idle: Array
    seeking: Array
    sections: Array
    house: dict[str, Array]
    food: Array
