"""The ladder: the chance of every rung at the horizon, and of a fall within it, from a compact kernel.

A kernel of logits over the present rung, the length of the spell and the risk itself: the chance of being poor comes
from the risk model, the kernel says how the rest is shared out, so that nothing can contradict the risk.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, fields

import numpy as np

from features.contract import RUNGS
from features.types import Array
from models import arrays
from models.calibration import sigmoid

UNKNOWN = len(RUNGS)
"""Code of a rung that is not measured, as in a register."""
SPELLS = 4
"""Classes of the spell: periods seen out of poverty right before the origin 0, 1, 2, and 3 or more."""
WIDTH = UNKNOWN + 1 + SPELLS + 2
"""Columns of the design: present rung or unknown, class of the spell, log-odds of the risk and their square."""
POOR = RUNGS.index("poor")


@dataclass(frozen=True, slots=True)
class Kernel:
    """Coefficients, each row over the columns of `design`.

    Attributes
    ----------
    above : 3 x WIDTH, logits of vulnerable, aspiring and middle, given not poor at the horizon.
    extreme : WIDTH, logit of extreme poor given poor at the horizon. lines : whether extreme lines are known; without
        them nobody is called extreme poor.
    stay : WIDTH, logit of poor at the horizon given poor now, where no booster tells it.
    hazards : h x WIDTH, logits of a fall in each period of the horizon given none before; empty where the periods
        between were not observed.
    back : WIDTH, logit of having been poor between, given not poor at the horizon: a fall that the risk does not count.
    """

    above: Array
    extreme: Array
    lines: Array
    stay: Array
    hazards: Array
    back: Array

    def ladder(self, X: Array, poor_next: Array) -> Array:
        """Chance of each rung at the horizon, N x 5; the two poor ones add up to `poor_next` (N)."""
        up = X @ self.above.T
        up = np.exp(up - up.max(axis=1, keepdims=True))
        up /= up.sum(axis=1, keepdims=True)
        extreme = sigmoid(X @ self.extreme) if self.lines else np.zeros(len(X))
        poor = poor_next[:, None] * np.column_stack([extreme, 1 - extreme])
        return np.column_stack([poor, (1 - poor_next)[:, None] * up])

    def poor_if_poor(self, X: Array) -> Array:
        """Chance of being poor at the horizon for families that are poor now, N."""
        return sigmoid(X @ self.stay)

    def fall_within(self, X: Array, risk: Array) -> Array:
        """Chance of being poor at one or more of the next 1 .. h periods, N x h: it never falls with the horizon.

        Whoever falls within the horizon is poor at its end, which the risk tells, or was poor between and came back:
        risk + (1 - risk) * back is the last column, never less than the risk. The hazards share it out over the
        periods, 1 - prod(1 - hazard_k) of those up to each. With a horizon of one period it is the risk. N x 0 where
        no hazard is known.
        """
        if not len(self.hazards):
            return np.empty((len(X), 0))
        # 1 - prod(1 - hazard) by logs: a hazard too small to be told from none still has its share. A family that has
        # no risk to tell is NaN in every column.
        with np.errstate(invalid="ignore"):
            fallen = -np.expm1(-np.cumsum(np.logaddexp(0, X @ self.hazards.T), axis=1))
        came_back = sigmoid(X @ self.back) if len(self.hazards) > 1 else np.zeros(len(X))
        return np.asarray((risk + (1 - risk) * came_back)[:, None] * (fallen / fallen[:, -1:]))


def design(rung: Array, back_run: Array, logit: Array) -> Array:
    """Columns of the kernel, N x WIDTH.

    Parameters
    ----------
    rung : code in `RUNGS`, NaN where not measured, or not by the view of the model. back_run : periods seen right
        before the origin, NaN as none.
    logit : log-odds of the risk; of a family that is poor, what the risk model would say.
    """
    unknown = np.isnan(rung)
    code = np.where(unknown, UNKNOWN, rung).astype(int)
    # Only measured welfare tells a spell. The panel that teaches a register's kernel has one for every row, the
    # register for none: what was learned of long spells would be left out of every score.
    spell = np.where(unknown, 0, np.clip(np.nan_to_num(back_run), 0, SPELLS - 1)).astype(int)
    own = np.clip(logit, -12, 12) / 4
    return np.column_stack([np.eye(UNKNOWN + 1)[code], np.eye(SPELLS)[spell], own, own**2])


def to_bytes(kernel: Kernel) -> bytes:
    """The kernel as the bytes of `ladder.npz`; equal kernels are equal bytes."""
    file = io.BytesIO()
    np.savez(file, **{one.name: getattr(kernel, one.name) for one in fields(Kernel)})
    return file.getvalue()


def read(content: bytes) -> Kernel:
    """The kernel from what `to_bytes` wrote; numbers only, nothing in it is run.

    Raises
    ------
    ValueError : it is no such file, or an array of it is not of its shape, or holds what is no finite number.
    """
    names = [one.name for one in fields(Kernel)]
    found = arrays.read(content, names.__contains__)
    if wanting := [name for name in names if name not in found]:
        raise ValueError(f"{', '.join(wanting)} wanting")
    shapes = {"above": (3, WIDTH), "lines": (), "hazards": (len(np.atleast_1d(found["hazards"])), WIDTH)}
    for name in names:
        if found[name].shape != shapes.get(name, (WIDTH,)) or found[name].dtype.kind not in "fiub" or not np.isfinite(
                found[name]).all():  # fmt: skip
            raise ValueError(f"{name} is not of its shape, or holds what is no finite number")
    return Kernel(**{name: found[name] for name in names})
