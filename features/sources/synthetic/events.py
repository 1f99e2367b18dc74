"""What a shock is and does: illness, a death, a lost job, a failed harvest, a disaster."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from features import contract
from features.sources.synthetic import law, welfare
from features.sources.synthetic.jobs import ORDER
from features.sources.synthetic.law import per_period, yearly_rate
from features.sources.synthetic.streams import Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

ILLNESS, DEATH, JOB_LOSS, LAYOFF, HARVEST, DISASTER = (
    contract.SHOCKS.index(kind)
    for kind in ("illness", "death_of_earner", "job_loss", "layoff_wave", "harvest", "disaster"))  # fmt: skip
NONE = -1


@dataclass(frozen=True, slots=True)
class Shocks:
    """Shocks of one period, shape (families,): kind (index in the contract's `SHOCKS`, -1 none) and drop."""

    kind: Array
    drop: Array
    displaced: Array


def rates(world: World, permanent: Array, exposure: Array) -> tuple[Array, Array]:
    """Probability of a shock in one period from displacement and from other causes, without regional events."""
    cause = per_period(yearly_rate(permanent, world.parameters), world.per_year)
    return cause, per_period(world.displacement(exposure), world.per_year)


def draw(world: World, partition: int, period: int, province: Array, farm: Array, rate: tuple[Array, Array],
         able: Array) -> Shocks:  # fmt: skip
    """Draw the shocks of a period; `able` says which families can lose an earner and go on."""
    count, now, chosen = len(province), world.outlook, world.parameters
    uniform = stream(world.seed, partition, Purpose.SHOCK, period).random((4, count))
    factor = now.disaster_factor[period, province] * np.where(farm, now.harvest_factor[period, province], 1.0)
    cause = np.minimum(rate[0] * factor, 0.95)
    loss = np.minimum(rate[1] * now.layoff_factor[period, province], 0.95)
    total = law.total_rate(cause, loss)
    hit = uniform[0] < total
    displaced = hit & (uniform[1] * total < loss)
    fatal = chosen.death_share
    kind = np.select([uniform[2] < fatal, uniform[2] < fatal + chosen.job_loss_share], [DEATH, JOB_LOSS], ILLNESS)
    kind = np.where((kind == DEATH) & ~able, ILLNESS, kind)
    share = np.where(now.harvest[period, province], chosen.failed_share, chosen.harvest_share)
    kind = np.where(farm & (uniform[2] > 1 - share), HARVEST, kind)
    kind = np.where(now.disaster[period, province] & (uniform[1] > 1 - chosen.disaster_share), DISASTER, kind)
    kind = np.where(displaced, np.where(now.layoff[period, province], LAYOFF, JOB_LOSS), kind)
    drop = np.where(hit, welfare.drop_size(world, uniform[3]), 0.0)
    return Shocks(np.where(hit, kind, NONE), drop, displaced)


def farm_families(world: World, stratum: Array, job: Array, earner: Array) -> Array:
    """Rural families whose main earner farms, shape (families,)."""
    section = world.jobs.section[job[np.maximum(earner, 0)]]
    return (world.urban[stratum] == 0) & (earner >= 0) & (section == ORDER.index("A"))
