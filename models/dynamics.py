"""The law by which families move between rungs from one year to the next: a compact kernel with its own error.

What it holds are log-odds of being at or below a welfare ratio a year later, for some ratios (the cuts), by the present
rung, for the poor whether they are near the line, the years since the family was last poor, and the risk of its score.
So next year's welfare has a distribution for each family, and an effect on welfare moves it along: nothing else has to
be assumed of what an effect does to a fall. It comes in several variants, each fitted to families drawn anew, with its
own errors by place; a draw of a simulation uses one of them, so that what the data cannot tell is in the range of every
figure.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cache, lru_cache
from typing import Any, NamedTuple, Self

import numpy as np
from scipy import special

from features import reference
from features.cohort import BOUNDS
from features.commands import UserError
from features.contract import RUNGS
from features.types import Array
from models import arrays
from models.calibration import log_odds, sigmoid

SPELLS = 3
"""Years out of poverty, the present one too: 1, 2, and 3 or more or not known."""
NEAR = 0.85
"""Welfare ratio from which the poor are near the line: who dips just under it is hardly more often below it a year
later than who stays just above it, and would be far more often by a law that took all poor for one."""
GRADES = np.array([0, 1, 1, 2, 3, 4])
"""Rung of each grade: the rungs, with the poor far from the line and near it apart."""
STATES = 3 + 3 * SPELLS
"""Extreme poor, poor far and near, and each rung above the line by spell."""
RUNG_OF = np.array([0, 1, 1, *np.repeat([2, 3, 4], SPELLS)])
"""Rung of each state."""
AGES = 2
"""The first year, and any after it; there may be more, the last of which stands for all years from its own on."""
TOWNS = 3
"""Places of a province that keep their shares: not known, rural, urban."""
_HAIR = 1e-9
LAST = 30.0
"""Log-odds of what is sure."""
TABLE = "matrix"
"""Source of a law that is a table of moves."""
_ORDERS = 200
"""Drawn for each row of `_errors`."""


class Law(NamedTuple):
    """The arrays that the compiled loops read; `bounds` are natural logs of where a rung begins, `begin_at` the
    cut at which each grade above the lowest does (-1: below all), `home` is added to the
    log-odds by place, age and cut, and `offset` by variant, age and province, and
    `fresh` is the part of the first year's index at each cut (`Dynamics.fresh`)."""

    level: Array
    slope: Array
    offset: Array
    cuts: Array
    bounds: Array
    begin_at: Array
    fresh: Array
    home: Array


@dataclass(frozen=True, slots=True)
class Dynamics:
    """Yearly moves between rungs, V variants of them, the first the best estimate.

    Attributes
    ----------
    cuts : K natural logs of welfare ratios, rising; those of `features.cohort.BOUNDS` among them.
    extreme : natural log of the ratio below which a family is extreme poor; -inf where nobody is called so.
    level : V x ages x K x STATES, log-odds of being below a cut a year later: of the first year, when a score is fresh,
        and of the years after it, the last of them for good. slope : V x ages x K x 5, per unit of the index, by rung.
    spread : standard deviation over places of what is left in the log-odds. shape : of the log of how steeply they fall
        below the line, over groups of families that the index and the rung do not tell apart. low, high : an index
        outside them counts as these after the first year: who was nearly sure then is not so for ever. centre : mean of
        the index; families of another date are brought to it.
    synthetic : fitted on synthetic families. source : what on. home : places x ages x K, added to the log-odds in each
        place (`TOWNS` of each province, 0 not known), with which it keeps its shares (`models.schemes.settle`); empty:
        nothing.
    """

    cuts: Array
    extreme: float
    level: Array
    slope: Array
    spread: float = 0.0
    shape: float = 0.0
    centre: float = 0.0
    low: float = -np.inf
    high: float = np.inf
    synthetic: bool = False
    source: str = ""
    home: Array = field(default_factory=lambda: np.zeros((0, 0, 0)))

    def __post_init__(self) -> None:
        shape = self.level.shape
        if self.level.ndim != 4 or shape[1] < AGES or shape[2:] != (len(self.cuts), STATES):
            raise UserError(
                f"dynamics: level must be variants x {AGES} or more x {len(self.cuts)} cuts x {STATES} states, not "
                f"{shape}",
                f"dynamics: level harus berukuran varian x {AGES} atau lebih x {len(self.cuts)} batas x {STATES} "
                f"keadaan, bukan {shape}",
            )
        wrong = [name for name in ("cuts", "level", "slope", "home", "spread", "shape", "centre")
                 if not np.isfinite(getattr(self, name)).all()]  # fmt: skip
        if wrong or np.isnan([self.extreme, self.low, self.high]).any():
            names = ", ".join(wrong) or "extreme, low, high"
            raise UserError(
                f"dynamics: {names} must be finite numbers", f"dynamics: {names} harus berupa bilangan berhingga"
            )
        if self.slope.shape != (*shape[:3], len(RUNGS)):
            raise UserError(
                f"dynamics: slope must be as level, but of {len(RUNGS)} rungs, not {self.slope.shape}",
                f"dynamics: slope harus seperti level, tetapi {len(RUNGS)} jenjang, bukan {self.slope.shape}",
            )
        if len(self.home) and self.home.shape[1:] != shape[1:3]:
            raise UserError(
                f"dynamics: home must be of as many ages and cuts as level, not {self.home.shape}",
                f"dynamics: home harus memuat umur dan batas sebanyak level, bukan {self.home.shape}",
            )
        if (np.diff(self.cuts) <= 0).any() or not np.isin(self.bounds[1:], self.cuts).all():
            raise UserError(
                "dynamics: cuts must rise and hold ln 1, ln 1.5 and ln 3.5",
                "dynamics: cuts harus naik dan memuat ln 1, ln 1,5, dan ln 3,5",
            )

    @property
    def bounds(self) -> Array:
        """Natural logs of the ratios at which poor, vulnerable, aspiring and middle begin, 4."""
        return np.array([self.extreme, *np.log(BOUNDS)])

    @property
    def begins(self) -> Array:
        """Cuts at which the grades above the lowest begin, 5; -1 of one that begins below all."""
        wanted = np.insert(self.bounds, 1, near(self.cuts, self.extreme))
        return np.where(np.isinf(wanted), -1, np.searchsorted(self.cuts, wanted))

    @property
    def fresh(self) -> Array:
        """Part of the index in the first year that is the score's own, by cut, K: all of it up to the line, none from
        1.5 lines on, less and less between.

        A score tells how many are below the line a year later, the moves how many are below a cut above it, from years
        in which more or fewer were poor and without the highest scores. Were one to give way to the other at once, the
        difference would stand just above the line, as families whom a small loss makes poor."""
        return np.interp(self.cuts, self.bounds[1:3], (1.0, 0.0))

    @property
    def variants(self) -> int:
        """Number of variants."""
        return len(self.level)

    @property
    def ages(self) -> int:
        """Years that have moves of their own, the last of them for all after it."""
        return int(self.level.shape[1])

    def law(self, provinces: int, seed: int) -> Law:
        """Arrays for the loops: all variants but the best estimate, or that alone where there is no other. Each errs by
        place, and in how many families are just below the line, by as much as the fit was seen to; and for the whole
        nation at once by what its headcount moves in as many years as have passed (`moves_in`), which no panel of few
        years tells (`_errors`).

        provinces : number of them; town and country of one err alike, as a bad year of a province is one for both.
        seed : of the simulation.
        """
        own = slice(1, None) if self.variants > 1 else slice(None)
        level, slope = self.level[own], self.slope[own]
        errors = _errors(len(level), provinces, seed)
        steep = np.exp(errors[0] * self.shape)
        moves = np.array([moves_in(age + 1) for age in range(self.ages)])
        offset = errors[1][:, None, None] * moves[:, None] + errors[2:].T[:, None] * self.spread
        line = int(np.searchsorted(self.cuts, 0.0))
        level, slope = (_bent(values, line, steep) for values in (level, slope))
        at = self.begins
        if np.isfinite(self.extreme) and self.cuts[at[0]] != self.extreme:
            raise UserError(
                "dynamics: the extreme line is not among the cuts",
                "dynamics: garis sangat miskin (extreme) tidak ada di antara cuts",
            )
        home = self.home if len(self.home) else np.zeros((TOWNS * provinces, *self.level.shape[1:3]))
        if len(home) != TOWNS * provinces:
            raise UserError(
                f"dynamics: home is of {len(home)} places, and the families of {TOWNS * provinces}",
                f"dynamics: home memuat {len(home)} tempat, sedangkan keluarganya {TOWNS * provinces}",
            )
        return Law(level, slope, offset, self.cuts, self.bounds, at, self.fresh, home)

    def below(self, state: Array, index: Array, cut: float) -> Array:
        """Chance of being below a cut after the first year by the best estimate, N, `state` N and `index` N."""
        upto = int(np.searchsorted(self.cuts, cut)) + 1
        found = np.full(len(index), -np.inf)
        for k in range(upto):
            found = np.maximum(found, self.level[0, 0, k, state] + self.slope[0, 0, k, RUNG_OF[state]] * index)
        return sigmoid(found)

    def index_of(self, logit: Array, weight: Array, mean: float | None = None) -> Array:
        """Index of families whose scores are `logit`, N: brought to the centre, since the general chance of being poor
        moves from year to year without the rungs above moving along, and held within `low` and `high`.

        mean : of the log-odds of all families, where these are some of them.
        """
        own = float(np.average(logit, weights=weight)) if mean is None else mean
        return np.asarray(np.clip(logit - own + self.centre, self.low, self.high))

    def logits(self, index: Array, age: int, first: Array | None = None, shift: float | Array = 0.0,
               variant: int = 0) -> Array:  # fmt: skip
        """Log-odds of being below each cut a year later, n x K x STATES; those of a higher cut are never lower.

        Parameters
        ----------
        index : n. age : 0 in the first year, 1 and more after it. first : n x 5, index by rung in the first year, of
            which each cut takes its part (`fresh`). shift : added to all log-odds; or K of them; or n x K. variant : 0
            is the best estimate.
        """
        own = index[:, None, None]
        if first is not None and age == 0:
            own = own + self.fresh[None, :, None] * (first[:, None, RUNG_OF] - own)
        moved = np.broadcast_to(shift, (len(index), len(self.cuts)))[:, :, None]
        level, slope = self.level[variant, age], self.slope[variant, age][:, RUNG_OF]
        found = slope[None] * own
        found += level
        found += moved
        for k in range(1, len(self.cuts)):  # the running maximum of numpy takes three times as long
            np.maximum(found[:, k], found[:, k - 1], out=found[:, k])
        return found

    def transitions(self, index: Array, age: int, first: Array | None = None, shift: float | Array = 0.0,
                    variant: int = 0) -> Array:  # fmt: skip
        """Chances of the grades a year later by state, n x STATES x 6; arguments as those of `logits`."""
        at = self.begins
        under = sigmoid(self.logits(index, age, first, shift, variant)[:, at])
        under[:, at < 0] = 0.0
        ends = np.concatenate([under, np.ones_like(under[:, :1])], axis=1)
        return np.ascontiguousarray(np.diff(ends, axis=1, prepend=0.0).transpose(0, 2, 1))

    @classmethod
    def of_matrix(cls, matrix: Array, extreme: float = 0.7) -> Self:
        """The Markov chain of a 5 x 5 matrix of yearly chances (from row to column), the same for all families: for the
        law that the simulated ladder is the power of the matrix, and for who has a table of moves and no panel
        (`docs/simulation.md`).

        Raises
        ------
        UserError : it is no such matrix.
        """
        P = np.asarray(matrix, dtype=float)
        if P.shape != (5, 5) or (P < 0).any() or not np.allclose(P.sum(axis=1), 1, atol=1e-9):
            raise UserError(
                "dynamics: a matrix of yearly chances is 5 x 5, none negative, each row adding up to 1",
                "dynamics: matriks peluang setahun berukuran 5 x 5, tidak ada yang negatif, tiap baris berjumlah 1",
            )
        under = np.cumsum(P, axis=1)[:, :4].T
        logit = log_odds(under, 1 / (1 + float(np.exp(LAST))))
        cuts = np.array([np.log(extreme), *np.log(BOUNDS)])
        level = np.broadcast_to(logit[:, RUNG_OF], (1, AGES, 4, STATES)).copy()
        return cls(cuts, float(np.log(extreme)), level, np.zeros((1, AGES, 4, 5)), source=TABLE)


def near(cuts: Array, extreme: float) -> float:
    """Natural log of the ratio from which the poor are near the line: the cut at `NEAR`, or the next one below it that
    is not below the extreme line (natural log); that line where there is none, since then all poor are near."""
    between = cuts[(cuts >= extreme) & (cuts <= np.log(NEAR) + _HAIR)]
    return float(between[-1]) if len(between) else extreme


@lru_cache(maxsize=8)
def _errors(many: int, provinces: int, seed: int) -> Array:
    """Errors of `many` laws in standard deviations, 2 + provinces x many: of how many families are just below the line,
    of the nation, and of each province.

    Each row is the middles of equal parts of the normal law in an order drawn, so that the laws lean to no side and err
    as widely as they should, in a single province as in the nation: twenty free draws lean by a quarter of what each
    errs, which moved the middle class of a province by up to three points that nobody caused. Of some orders drawn it
    is the one that goes least along with the first rows, since what errs together moves the mean too.
    """
    chance = np.random.Generator(np.random.Philox(seed))
    middles = np.tile(special.ndtri((np.arange(many) + 0.5) / many), (_ORDERS, 1))
    found = np.empty((2 + provinces, many))
    for row in range(len(found)):
        drawn = chance.permuted(middles, axis=1)
        along = np.abs(drawn @ found[: min(row, 2)].T).max(axis=1, initial=0.0)
        found[row] = drawn[np.argmin(along)]
    found.flags.writeable = False
    return found


@cache
def moves_in(years: int) -> float:
    """Root of the mean square of the changes in the log-odds of the published national headcount over so many years,
    all Marches of `features/reference/provinces.csv` (BPS, Susenas): how far the whole nation is from where it was.

    Good years follow good ones, so three years move more than three that know nothing of each other would."""
    rows = sorted(reference.rows("provinces.csv"), key=lambda row: row["year"])
    share = np.array([float(row["value"]) for row in rows
                      if (row["province"], row["measure"]) == ("ID", "headcount")])  # fmt: skip
    logit = log_odds(share)
    return float(np.sqrt(np.mean((logit[years:] - logit[:-years]) ** 2)))


def _bent(values: Array, line: int, steep: Array) -> Array:
    """Levels or slopes (V x ages x K x ...) that lie `steep` (V) times as far from those of the line below it."""
    found = values.copy()
    at = values[:, :, line : line + 1]
    found[:, :, :line] = at + (values[:, :, :line] - at) * steep[:, None, None, None]
    return found


def state_of(rung: Array, spell: Array) -> Array:
    """State at the start of families on a rung (0 to 4) that are out of poverty for 1 to SPELLS years, N.

    Of the poor of the start nobody knows who is near the line: in the first year both move alike."""
    return np.where(rung < 2, rung, 3 + (rung - 2) * SPELLS + np.clip(spell, 1, SPELLS) - 1).astype(np.int64)


def to_bytes(own: Dynamics) -> bytes:
    """The bytes of `dynamics.npz`; equal dynamics are equal bytes."""
    file = io.BytesIO()
    whole: dict[str, Any] = {one.name: np.asarray(getattr(own, one.name)) for one in fields(Dynamics)}
    if not len(own.home):
        del whole["home"]
    np.savez(file, **whole)
    return file.getvalue()


def read(content: bytes) -> Dynamics:
    """The dynamics from what `to_bytes` wrote; numbers and text only, nothing in it is run.

    Raises
    ------
    UserError : it is no such file, an array is wanting or is no numbers, or breaks a rule of `Dynamics`.
    """
    try:
        found = arrays.read(content, [one.name for one in fields(Dynamics)].__contains__)
    except ValueError:
        raise UserError(
            "dynamics: no file of arrays as models.dynamics.to_bytes writes it (dynamics.npz)",
            "dynamics: bukan berkas larik seperti yang ditulis models.dynamics.to_bytes (dynamics.npz)",
        ) from None
    if wanting := [one.name for one in fields(Dynamics) if one.name != "home" and one.name not in found]:
        raise UserError(
            f"dynamics: {', '.join(wanting)} wanting in the file", f"dynamics: {', '.join(wanting)} tidak ada di berkas"
        )
    own: dict[str, Any] = {one.name: found[one.name] for one in fields(Dynamics) if one.name in found}
    for name, value in own.items():
        kind = _PLAIN.get(name)
        if (kind is not None and value.ndim) or value.dtype.kind not in ("U" if kind is str else "fiub"):
            raise UserError(
                f"dynamics: {name} must be {'text' if kind is str else 'numbers'}",
                f"dynamics: {name} harus berupa {'teks' if kind is str else 'bilangan'}",
            )
    return Dynamics(**{name: _PLAIN[name](value) if name in _PLAIN else value for name, value in own.items()})


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "extreme": float, "spread": float, "shape": float, "centre": float, "low": float, "high": float,
    "synthetic": bool, "source": str}  # fmt: skip
"""Arrays of `dynamics.npz` that hold one value."""
