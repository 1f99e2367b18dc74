"""Food prices through the poverty line: read off the published lines, drawn after them.

Three quarters of the line is food, so a line that jumps tells of food prices. While lines are published a jump is a
reading of them and changes nothing: every family was measured against that line. After the last published line a
province's line jumps at random, families' spending follows in part, and for a year the ratio of every family of the
province is lower by what it does not follow. Between events lines rise less and families stand a little better, so
that the mean of the line and of the log ratio stays. Before the first published line nothing is known or drawn: the
headcounts of those years are published, and an event would move them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features.sources.synthetic import figures, places
from features.sources.synthetic.law import per_period
from features.sources.synthetic.parameters import Parameters
from features.sources.synthetic.streams import Purpose, stream
from features.types import Array


@dataclass(frozen=True, slots=True)
class Prices:
    """Food price events, shape (periods, 38): where they are, the factor on the line, what families lose.

    `loss` is what a period's event, or its absence, takes off the log ratio for a year from that period on.
    """

    jump: Array
    line_factor: Array
    loss: Array
    per_year: int

    def fall(self, period: int, known: int) -> Array:
        """Fall of the log ratio in a period by the events up to the period `known`, shape (38,).

        Events not yet known take nothing in the mean: who looks ahead from `known` knows no more.
        """
        return np.asarray(self.loss[max(period + 1 - self.per_year, 0) : known + 1].sum(axis=0))


def draw(seed: int, periods: tuple[int, ...], per_year: int, parameters: Parameters) -> Prices:
    """Read or draw the events of every period."""
    dates = np.array([figures.when(period) for period in periods])
    after = (dates > figures.line_path()[0][-1])[:, None]
    chance = float(per_period(parameters.food_price, per_year)) if parameters.food_price_size else 0.0
    uniform = stream(seed, 0, Purpose.FOOD_PRICE).random((len(dates), len(figures.provinces())))
    drawn = after & (uniform < chance)
    size = parameters.food_price_size
    mean = np.log1p(chance * np.expm1(size))
    line = np.where(after, size * drawn - mean, 0.0)
    loss = np.where(after, (1 - parameters.food_price_pass) * size * (drawn - chance), 0.0)
    read = np.array([_read(date, per_year, parameters) for date in dates])
    return Prices(drawn | read[:, None], np.exp(np.cumsum(line, axis=0)), loss, per_year)


def _read(date: float, per_year: int, parameters: Parameters) -> bool:
    """Whether the published line rose faster in the period up to a date than its own mean pace by the threshold."""
    dates, lines = figures.line_path()
    if date - 1 / per_year < dates[0] or date > dates[-1]:
        return False
    usual = np.log(lines[-1] / lines[0]) / (dates[-1] - dates[0])
    rise = np.log(places.line_ratio(date, parameters) / places.line_ratio(date - 1 / per_year, parameters))
    return bool(rise * per_year > parameters.food_price_pace * usual)
