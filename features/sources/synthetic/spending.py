"""What a survey asks beyond the register: food, ways of coping, income by source and who is insured.

Nothing here moves welfare: it is read off a family's state, so that a model may learn from it only what such
answers can tell. All of it is measured afresh in every interview, and only by the survey.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from features import contract
from features.sources.synthetic import figures, places, work
from features.sources.synthetic.streams import Purpose, stream
from features.types import Array

if TYPE_CHECKING:
    from features.sources.synthetic.partition import Town
    from features.sources.synthetic.world import World

WAYS = np.array([0.08, 0.10, 0.02, 0.10, 0.03])
"""Share of families of middling welfare without a shock that live on each of the contract's `COPING` ways: assumptions,
no national figure was found; the parameter `coping` scales them."""

COMPONENTS, MOST = (("pkh_small_child", 0, 6), ("pkh_primary", 7, 12), ("pkh_lower", 13, 15), ("pkh_upper", 16, 20),
                    ("pkh_elderly", 60, 200)), 4  # fmt: skip
"""Published amounts of PKH and the ages they are for, and how many of its members a family is paid for. A child of
school age must be at school; severe disability and pregnancy are not on record, so nobody is paid for them."""

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def solve_food(world: World) -> Array:
    """Level of each province's Engel curve, shape (38,): food over all spending is then the published share.

    The published share is mean food spending over mean spending, so families count by what they spend. By quadrature
    over the welfare law of every stratum and over the taste for food; no family is drawn.
    """
    strata, chosen = world.strata, world.parameters
    normal = np.linspace(-6, 6, 401)
    weight = np.exp(-(normal**2) / 2)
    stratum = np.arange(len(strata.people))
    start = np.interp(strata.headcount, np.cumsum(weight) / weight.sum(), normal)
    log = np.array([world.spread.log_ratio(normal, np.full(len(normal), row), start) for row in stratum])
    spent = (strata.people * strata.line)[:, None] * np.exp(log) * weight
    taste = chosen.food_noise * _NODES
    place, size = strata.province, len(figures.provinces())
    total = np.bincount(place, spent.sum(axis=1), size)
    least, most = np.full(size, -8.0), np.full(size, 8.0)
    target = figures.by_province("expenditure_food") / figures.by_province("expenditure")
    for _ in range(24):
        middle = (least + most) / 2
        odds = middle[place][:, None] - chosen.food_slope * log
        share = sum(part * _share(odds + shift) for part, shift in zip(_WEIGHTS, taste, strict=True))
        short = np.bincount(place, (spent * share).sum(axis=1), size) / total < target
        least, most = np.where(short, middle, least), np.where(short, most, middle)
    return np.asarray((least + most) / 2)


def _share(odds: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-odds)))


def food_share(town: Town) -> Array:
    """Share of measured consumption spent on food, shape (families,): an Engel curve in logits."""
    chosen = town.world.parameters
    taste = _normal(town, Purpose.FOOD)
    level = town.world.local.food[town.province]
    return _share(level - chosen.food_slope * np.log(town.ratio) + chosen.food_noise * taste)


def coping(town: Town) -> dict[str, Array]:
    """Ways the family lived on in the last three months: oftener after a shock, and with low welfare."""
    chosen, world = town.world.parameters, town.world
    draw = stream(world.seed, town.partition, Purpose.COPING, town.period).random((len(WAYS), len(town.families)))
    log = chosen.coping_shock * (town.shocks.kind >= 0) - chosen.coping_slope * world.ranks.rank(town.score)
    chance = np.minimum(chosen.coping * WAYS[:, None] * np.exp(log), 0.9)
    return dict(zip(contract.COPING, draw < chance, strict=True))


def income(town: Town, pay: Array, received: dict[str, Array]) -> dict[str, Array]:
    """Household income and the shares of it that come from work and from programmes.

    The family lives on its true consumption, saves more of its income the better off it is, and has at least what it
    earns and is given; the rest of its income is its own produce, rents and what others send.
    """
    world, chosen, family = town.world, town.world.parameters, town.persons.family
    count = len(town.families)
    earned = np.bincount(family, np.nan_to_num(pay), count)
    given = aid(town, received)
    size = np.maximum(np.bincount(family, town.present, count), 1)
    spent = town.true_ratio * world.lines[town.period][town.families.stratum] * size
    saved = chosen.saving_slope * world.ranks.rank(town.score) + chosen.income_noise * _normal(town, Purpose.INCOME)
    total = np.ceil(np.maximum(spent * np.exp(saved), earned + given))  # up, or the shares could pass 1
    return {"income": total, "labour_income_share": earned / total, "aid_income_share": given / total}


def aid(town: Town, received: dict[str, Array]) -> Array:
    """Rupiah a month from PKH and Sembako, by the amounts of 2026 moved with the line; PBI is a premium, not income."""
    world, record = town.world, town.record
    count = len(town.families)
    listed = np.flatnonzero(record.present & received["pkh"][town.persons.family])
    family, age, school = town.persons.family[listed], town.years[listed], record.person["in_school"][listed]
    parts: list[Array] = []
    for _, low, high in COMPONENTS:
        mine = (age >= low) & (age <= high)
        if 6 < low < 60:
            mine = mine & school
        parts.append(np.bincount(family, mine, count))
    pay = np.zeros(count)
    left = np.full(count, float(MOST))
    amounts = [figures.national(name, 2026) for name, _, _ in COMPONENTS]
    for number in np.argsort(amounts)[::-1]:  # the dearest members first
        paid = np.minimum(parts[number], left)
        pay, left = pay + paid * amounts[number] / 12, left - paid
    moved = places.line_ratio(figures.when(world.periods[town.period]), world.parameters) / places.line_ratio(
        2026.25, world.parameters
    )
    return moved * (pay + figures.national("sembako_amount", 2026) * received["sembako"])


def insured(town: Town, received: dict[str, Array]) -> Array:
    """Who has health insurance, shape (persons,): families of PBI or with a formal worker, and some of the others."""
    family, count = town.persons.family, len(town.families)
    formal = town.present & (town.activity == work.EMPLOYED) & town.work.formal
    through_work = np.bincount(family, formal, count) > 0
    # a lasting draw: who pays a premium of one's own goes on paying it
    own = stream(town.world.seed, town.partition, Purpose.INSURED).random(count)
    return (received["pbi"].astype(bool) | through_work | (own < town.world.parameters.own_insurance))[family]


def _normal(town: Town, purpose: Purpose) -> Array:
    draw = stream(town.world.seed, town.partition, purpose, town.period)
    return draw.standard_normal(len(town.families))
