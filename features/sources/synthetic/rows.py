"""The rows a partition writes: contract tables of the survey and the register, and the truth beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from features import contract, keys, periods
from features.sources.synthetic import arrow, calibrate, kin, places, ranking, spending, work
from features.sources.synthetic.partition import Town
from features.sources.synthetic.streams import PARTITION, Purpose, stream
from features.sources.synthetic.world import World
from features.types import Array

DRAWN = ("tenure", "dwelling", "floor", "wall", "roof", "water", "sanitation", "sewage", "power", "fuel", "floor_area",
         "rooms", "slum", "near_hazard", "large_city", "land_area", *contract.ASSETS, *contract.LIVESTOCK)  # fmt: skip
TOLD = ("relation", "marital", "education", "literate", "in_school", "activity", "chronic_illness", "disability")
WHILE_EMPLOYED = ("status", "formal", "permanent", "public", "underemployed", "hours", "firm_size")
_MAJOR = {"1": 2, "2": 2, "3": 2, "4": 2, "8": 1}
"""What a job operates by major group: computers in offices, machines at the plant, else nothing."""


def simulate(world: World, partition: int) -> dict[str, pa.Table]:
    """Run one partition and return its tables by path (`survey/members`, ...)."""
    first = partition * PARTITION
    count = min(PARTITION, world.households - first)
    town = Town(world, partition, count)
    ids = np.array(keys.key_ids([f"synthetic {world.seed} {name}" for name in _names(town)], keys.PUBLIC_KEY))
    book = _Book(world, town, pa.array(ids), int(np.clip(world.survey - first, 0, count)))
    for period in range(len(world.periods)):
        if period:
            town.step()
        book.add()
    return book.tables()


def _names(town: Town) -> list[str]:
    """A number for each family of the first period; that of their root and a place for those formed later."""
    return [f"{number}" if formed == 0 else f"{number}+{place}" for place, (number, formed) in
            enumerate(zip(town.families.number, town.families.formed, strict=True))]  # fmt: skip


@dataclass(slots=True)
class _Book:
    """Collects the pieces of every table, one a period."""

    world: World
    town: Town
    ids: pa.Array
    surveyed: int
    parts: dict[str, list[pa.Table]] = field(default_factory=dict)

    def add(self) -> None:
        """Write down the present period."""
        world, town = self.world, self.town
        last = town.period >= len(world.periods) - world.versions
        if not self.surveyed and not last:
            return
        surveyed = town.exists & (town.families.root < self.surveyed)
        rows = np.flatnonzero(town.exists if last else surveyed)
        house, person = self._house(), self._person()
        events = self._events()
        if last:
            self._face("registry", rows, house, person, events)
        seen = np.flatnonzero(town.alive & surveyed)
        if len(seen):
            pay = self._pay()
            self._face("survey", seen, house | self._asked(house, pay), person | self._measured(house, pay), events)
        if world.truth:
            self._put("truth/families", self._truth(rows))
            self._put("truth/changes", self._changes(rows))

    def _face(self, name: str, rows: Array, house: dict[str, Any], person: dict[str, Any],
              events: dict[str, Any]) -> None:  # fmt: skip
        survey = name == "survey"
        days = self.world.parameters.survey_lag if survey else self.world.parameters.register_lag
        known = periods.end(self._now) + np.timedelta64(int(days), "D")
        self._put(f"{name}/households", arrow.table("households", {
            "household_id": arrow.words(rows, self.ids), **self._dates(known, len(rows)),
            "unit": np.full(len(rows), 0 if survey else 1),
            "weight": self.town.families.weight[rows] / (self.world.survey if survey else self.world.households),
            **{key: _take(value, rows) for key, value in house.items()}}))  # fmt: skip
        family = self.town.persons.family
        chosen = np.zeros(len(self.town.families), dtype=bool)
        chosen[rows] = True
        there = np.flatnonzero(self.town.record.present & chosen[family])
        self._put(f"{name}/members", arrow.table("members", {
            "household_id": arrow.words(family[there], self.ids), **self._dates(known, len(there)),
            **{key: _take(value, there) for key, value in person.items()}}))  # fmt: skip
        hit = np.flatnonzero(chosen[events["family"]])
        self._put(f"{name}/shocks", arrow.table("shocks", {
            "place": arrow.words(events["family"][hit], self.ids), "scope": np.zeros(len(hit), dtype=np.int64),
            "shock": events["kind"][hit], "period": np.full(len(hit), self._now),
            "known_at": events["known"][hit]}))  # fmt: skip

    @property
    def _now(self) -> int:
        return self.world.periods[self.town.period]

    def _dates(self, known: Any, count: int) -> dict[str, Array]:
        return {"period": np.full(count, self._now), "known_at": np.full(count, known)}

    def _put(self, path: str, piece: pa.Table) -> None:
        self.parts.setdefault(path, []).append(piece)

    def _house(self) -> dict[str, Any]:
        world, town = self.world, self.town
        families, strata, ranked = town.families, world.strata, world.ranking
        if ranked is None:
            raise ValueError("the world is not calibrated")
        from features.sources.synthetic import figures

        place = strata.province[families.stratum]
        value = ranked.value(town.matrix())
        columns: dict[str, Any] = {name: town.record.house[name] for name in DRAWN}
        columns |= {"province": arrow.words(place, figures.provinces()),
                    "regency": arrow.words(families.regency, world.regencies.code),
                    "subdistrict": self._subdistricts(), "cluster": self._clusters(),
                    "urban": world.urban[families.stratum].astype(np.int8), "desil": ranked.desil(value)}  # fmt: skip
        parts = calibrate.components(town)
        for row, name in enumerate(contract.PROGRAMMES):
            noise = town.noise[row] * world.parameters.programme_noise
            columns[name] = ranked.receives(name, ranking.score(ranked, value, noise), parts)
        return columns

    def _subdistricts(self) -> pa.DictionaryArray:
        """Sub-district of every family: that of its cluster, in the regency in which it lives now."""
        families = self.town.families
        spot = stream(self.world.seed, self.town.partition, Purpose.SUBDISTRICT).random(PARTITION)[families.cluster]
        return arrow.words(*self.world.regencies.subdistricts(families.regency, spot))

    def _clusters(self) -> pa.DictionaryArray:
        families = self.town.families
        names = [f"{self.town.partition}-{number}" for number in range(int(families.cluster.max()) + 1)]
        return arrow.words(families.cluster, names)

    def _person(self) -> dict[str, Any]:
        town, told = self.town, self.town.record.person
        jobs, busy = self.world.jobs, told["activity"] == work.EMPLOYED
        columns: dict[str, Any] = {name: told[name] for name in TOLD}
        columns |= {name: _where(busy, told[name]) for name in WHILE_EMPLOYED}
        columns["inactive_reason"] = np.where(told["activity"] == work.INACTIVE, told["inactive_reason"], -1)
        job = np.where(busy, told["job"], -1)
        columns |= {"person_id": self._numbers(),
                    "sex": town.persons.sex, "age": town.years, "sector_scheme": np.where(busy, 0, -1),
                    "occupation_scheme": np.where(busy, 0, -1)}  # fmt: skip
        columns |= {name: _coded(job, codes) for name, codes in
                    (("sector", jobs.division), ("occupation", jobs.occupation))}  # fmt: skip
        machine = np.array([_MAJOR.get(code[0], 0) for code in jobs.occupation])
        columns |= {"technology": np.where(busy, machine[job], -1), "skill": np.where(busy, jobs.band[job], -1)}
        return columns

    def _numbers(self) -> pa.DictionaryArray:
        """Number of every person in the family."""
        persons = self.town.persons
        slot = np.arange(len(persons)) - self.town.kin.start[persons.family]
        return arrow.words(slot, [f"{n:02d}" for n in range(1, int(slot.max()) + 2)])

    def _pay(self) -> Array:
        """Earnings of those at paid work in truth, measured afresh."""
        town = self.town
        draw = stream(self.world.seed, town.partition, Purpose.EARNINGS, town.period)
        ratio = places.wage_ratio(self._now, self.world.parameters)
        pay = town.work.earnings(ratio, town.score, draw.standard_normal(len(town.persons)))
        return np.where(town.present & (town.activity == work.EMPLOYED), pay, np.nan)

    def _asked(self, house: dict[str, Any], pay: Array) -> dict[str, Any]:
        """What the survey alone asks a household."""
        town = self.town
        return {"welfare": town.consumption, "food_share": spending.food_share(town), **spending.coping(town),
                **spending.income(town, pay, house)}  # fmt: skip

    def _measured(self, house: dict[str, Any], pay: Array) -> dict[str, Any]:
        """What the survey alone asks a person: earnings, told by those who are at paid work on record too."""
        told = self.town.record.person
        paid = (told["activity"] == work.EMPLOYED) & (told["status"] != work.UNPAID)
        return {"earnings": np.where(paid, pay, np.nan), "health_cover": spending.insured(self.town, house)}

    def _events(self) -> dict[str, Any]:
        """Shocks of the period that somebody reported, and when."""
        town = self.town
        draw = stream(self.world.seed, town.partition, Purpose.REPORT, town.period)
        told, days = draw.random((2, len(town.families)))
        family = np.flatnonzero((town.shocks.kind >= 0) & (told < self.world.parameters.event_report))
        wait = (10 + 70 * days[family]).astype("timedelta64[D]")
        return {"family": family, "kind": town.shocks.kind[family], "known": periods.end(self._now) + wait}

    def _truth(self, rows: Array) -> pa.Table:
        """State and true risk of these families, whether seen or not."""
        world, town = self.world, self.town
        columns = {"household_id": arrow.words(rows, self.ids),
                   "period": arrow.words(np.zeros(len(rows), dtype=int), [periods.text(self._now)])}  # fmt: skip
        edges = (world.spread.extreme, 1.0, 1.5, 3.5)
        numbers = {"ratio": town.true_ratio, "measured_ratio": town.ratio, "permanent": town.families.permanent,
                   "passing": town.welfare.passing, "mark": town.welfare.mark, "exposure": town.exposure,
                   "drop": town.shocks.drop} | {f"risk_{h}": risk for h, risk in town.risks().items()}  # fmt: skip
        columns["rung"] = arrow.words(np.digitize(town.true_ratio[rows], edges), contract.RUNGS)
        columns["shock"] = arrow.words(town.shocks.kind[rows], contract.SHOCKS)
        columns["displaced"] = pa.array(town.shocks.displaced[rows].astype(np.int8))
        columns |= {name: pa.array(values[rows]) for name, values in numbers.items()}
        return pa.table(columns)

    def _changes(self, rows: Array) -> pa.Table:
        """Births, deaths, weddings, moves and new families of the period among these: the lineage of families."""
        town, changes = self.town, self.town.changes
        own = np.zeros(len(town.families), dtype=bool)
        own[rows] = True
        # a family that ended is in no other table of the period
        own[changes.family[changes.kind == kin.ENDED]] = len(rows) == int(town.exists.sum())
        mine = own[changes.family]
        return pa.table({
            "household_id": arrow.words(changes.family[mine], self.ids),
            "period": arrow.words(np.zeros(int(mine.sum()), dtype=int), [periods.text(self._now)]),
            "change": arrow.words(changes.kind[mine], kin.CHANGES),
            "person_id": self._numbers().take(pa.array(changes.person[mine], mask=changes.person[mine] < 0)),
            "other": arrow.words(changes.other[mine], self.ids)})  # fmt: skip

    def tables(self) -> dict[str, pa.Table]:
        """All pieces put together, by path."""
        return {path: pa.concat_tables(pieces).unify_dictionaries() for path, pieces in self.parts.items()}


def _take(values: Any, rows: Array) -> Any:
    return values.take(pa.array(rows)) if isinstance(values, pa.Array) else values[rows]


def _where(busy: Array, values: Array) -> Array:
    return np.where(busy, values.astype(float), np.nan) if values.dtype.kind == "f" else np.where(busy, values, -1)


def _coded(job: Array, codes: Array) -> pa.DictionaryArray:
    distinct, inverse = np.unique(codes, return_inverse=True)
    return arrow.words(np.where(job >= 0, inverse[job], -1), distinct.tolist())
