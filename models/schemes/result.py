"""What a scenario came to: figures with two ranges apart, paired differences with a verdict, all that is needed to run
it again, and whether it is evidence or a model's answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from features.contract import RUNGS
from features.types import Array
from models.few import kept_back, rough
from models.schemes import ahead, growth, lasting, left_out, named, outcomes, projection, published, started, whom
from models.schemes.checks import plain
from models.schemes.ends import Uncertain
from models.schemes.kernel import EVENTS
from models.schemes.nation import THOUSAND, Nation
from models.schemes.ranges import Ends, difference, finite, ranged, two_ranges
from models.schemes.run import CALM, NONE, Beside, Plan, Tally, groups_of
from models.schemes.scenario import LEVEL
from models.schemes.selection import within

FORMAT = 11
"""Of `Result.to_dict`: 2 since a cost of which a part is unknown is null, and ranges hold displacement and shocks; 4
since it keeps the scenario and the files of one's own that it names; 5 since a verdict may be `unreached`, a point says
whether anybody is reached, the year of the families is told, and shocks and growth are held against lives without; 6
since a budget needs a known cost, few families have no figure (`arms_left_out`), a share that is null says why
(`aspirin_why`), and whether a shock hits is told (`without.shock_hits`); 7 since notes are in both languages, families
of one province are held against its own published headcount (`start.place`), an answer with room for less than one
family of the sample is left out (`arms_left_out[].why`), an answer has its letter, and a budget used up is told; 8
since whom shocks hit and who may take part is told in words (`whom`); 9 since all below the line are `below_line` in
counts and published shares, and `poor` is the rung alone, of one province no pace is told (`goal.inverse`), and of the
nation how far a province drifts (`start.place_drift`); 10 since each share that the start is held against has a year of
its own (`start.published`); 11 since what shocks come to is told beside schemes too, marked where it is of few
(`without.calm`), and of an insurance the shock that it lacks (`lacks_shock`)."""
RESPONSE = {"id": "Respons model, bukan dampak", "en": "Model response, not effect"}
SYNTHETIC = {"id": "Data sintetis", "en": "Synthetic data"}
DIFFERENCES = ("falls_averted", "relapses_averted", "lasting_24", "poor_years_averted", "cost")
"""Outcomes that arms are compared by."""
_NONE = {"value": None, "low": None, "high": None}
_EVENTS = {name: at for at, name in enumerate(EVENTS)}


@dataclass(frozen=True, slots=True)
class Result:
    """A scenario lived over a nation; `to_dict` has all of it as plain values (`docs/simulation.md` tells them)."""

    plan: Plan
    nation: Nation
    tally: Tally

    def to_dict(self) -> dict[str, Any]:
        """All figures as plain values; an undefined one is None."""
        scenario = self.plan.scenario
        every = {at: outcomes.ends(self, at) for at in self.told()}
        arms = [self.arm(at, own) | {"letter": named.letter(number)} for number, (at, own) in enumerate(every.items())]
        assumptions = self.assumptions()
        differences = ahead.level(arms, self.differences(every, assumptions))
        return {
            "format": FORMAT, "scenario": {"name": scenario.name, "title": plain(scenario.title),
                                      "question": plain(scenario.question), "start": scenario.start,
                                      "years": scenario.years, "sha256": scenario.digest,
                                      "asked": json.loads(scenario.text),
                                      "files": [own.plain() for own in scenario.files]},
            "seed": self.plan.seed, "draws": scenario.draws, "level": LEVEL,
            "data": {"source": self.nation.source, "model": self.nation.version, "families": len(self.nation),
                     "stand_for": int(self.nation.families.sum() / THOUSAND),
                     "people": int(self.nation.people.sum() / THOUSAND),
                     "synthetic": self.nation.synthetic, "label": SYNTHETIC if self.nation.synthetic else None,
                     "year": self.nation.year, "dynamics": self.nation.dynamics.source,
                     "notes": [dict(own) for own in self.nation.notes],
                     "provinces_left_out": len(self._small())},
            "match": self.nation.match(),
            "start": started.of(self.nation, scenario.start),
            "whom": whom.told(scenario),
            "without": self.without(),
            "arms": arms,
            "arms_left_out": left_out.rows(self.plan, self.nation),
            "differences": differences,
            "pareto": ahead.pareto(arms, differences),
            "assumptions": assumptions,
            "goal": self.goal(),
            "published": self.published(),
        }  # fmt: skip

    def told(self) -> list[int]:
        """Numbers of the arms that figures are told of: all but those left out (`models.schemes.left_out`)."""
        return [at for at, takings in enumerate(self.plan.arms) if not left_out.why(takings)]

    def without(self) -> dict[str, Any]:
        """The rungs by year and province, and the falls, without any scheme."""
        events = self.tally.events / THOUSAND
        years = self._years()
        return {"rungs": rung_table(self.tally.rungs, years), "provinces": self._provinces(self.tally.rungs),
                **{name: [{"year": year, **ranged(events[:, at, number])} for at, year in enumerate(years)]
                   for name, number in _EVENTS.items()}, "shocks": self.shocked(),
                "growth": self.regrown(), "calm": self.calm(), "shock_hits": self.shock_hits()}  # fmt: skip

    def shock_hits(self) -> bool:
        """Whether a shock makes some family poorer at the middle of the ranges, so that its draws tell of shocks."""
        return any(own.shock.hits and within(self.nation, own.shock.scope)[0].any()
                   for own in self.plan.scenario.shocks)  # fmt: skip

    def calm(self) -> dict[str, Any] | None:
        """What shocks and growth come to beyond how families move anyhow, without schemes and paired by draw: families
        by which more are below the line by year (`below_line`) and more have fallen by the last (`fallen`); None where
        no shock can hit and either schemes are tried or there is no growth. Each is `rough` where its mean is of few
        families of the sample (`models.few.rough`)."""
        calm = self.tally.others.get(CALM)
        if calm is None:
            return None
        more = (self.tally.events - calm.events) / THOUSAND
        stand_for = float(self.nation.families.sum()) / THOUSAND

        def marked(draws: Array) -> dict[str, Any]:
            own = ranged(draws)
            return own | {"rough": rough(own["value"] or 0.0, len(self.nation), stand_for)}

        return {"below_line": [{"year": year, **marked(more[:, at, _EVENTS["below_line"]])} for at, year in
                               enumerate(self._years())],
                "fallen": marked(more[:, :, _EVENTS["falls"]].sum(axis=1))}  # fmt: skip

    def regrown(self) -> dict[str, Any] | None:
        """The rungs of the year of the goal, or the last one where that comes before it, without schemes at a lower
        growth, the scenario's own and a higher one; None where they were not lived."""
        others = [(float(name), found) for name, found in self.tally.others.items() if name not in (NONE, CALM)]
        if not others:
            return None
        own, (_, at) = self.plan.scenario.growth.value, self._goal_at()
        year = self._years()[at]
        every = sorted([(own, self.tally.without["value"]), *others], key=lambda one: one[0])
        return {
            "given": growth.given(self.plan.scenario),
            "value": own,
            "rows": [{"growth": end, **rung_table(found.rungs[:, :, at : at + 1], [year])[0]} for end, found in every],
        }

    def shocked(self) -> dict[str, Any] | None:
        """The ends of the means without schemes over the ranges of the shocks; None where no shock has a range."""
        every = self.tally.without
        if len(every) == 1:
            return None

        def ends(means: list[float]) -> dict[str, float]:
            return {"low": min(means), "high": max(means)}

        shares = [_shares(own.rungs).mean(axis=0) for own in every.values()]
        events = [own.events.mean(axis=0) / THOUSAND for own in every.values()]
        years = self._years()
        return {"rungs": [{"year": year, **{rung: ends([float(own[at, code]) for own in shares])
                                            for code, rung in enumerate(RUNGS)}} for at, year in enumerate(years)],
                **{name: [{"year": year, **ends([float(own[at, number]) for own in events])}
                          for at, year in enumerate(years)] for name, number in _EVENTS.items()}}  # fmt: skip

    def arm(self, at: int, found: Ends) -> dict[str, Any]:
        """Figures of one arm from its outcomes."""
        arm, takings = self.plan.scenario.arms[at], self.plan.arms[at]
        evidence = all(one.plan.scheme.effect.from_evidence and one.plan.scheme.displacement.basis != "none"
                       for one in takings)  # fmt: skip
        own = self.tally.arms[at]["value"]
        told = {name: two_ranges(*(own[name] for own in found.values()), price=name.startswith("cost_per"))
                for name in found["value"]}  # fmt: skip
        return {
            "name": arm.name, "title": plain(arm.title), "evidence": evidence, "label": None if evidence else RESPONSE,
            "cost_at_least": None if outcomes.cost_known(self, at) else outcomes.spent(self, at),
            "outcomes": told, "aspirin_why": lasting.no_aspirin(told),
            "schemes": [outcomes.scheme(self, at, number) for number in range(len(takings))],
            "rungs": rung_table(self.tally.rungs + own.rungs, self._years()),
            "provinces": self._provinces(self.tally.rungs + own.rungs),
            "falls_averted_by_year": [{"year": year, **ranged((own.falls[:, 0, y] - own.falls[:, 1, y]) / THOUSAND)}
                                      for y, year in enumerate(self._years())],
            "groups": self._groups(own, self._touched(at)),
        }  # fmt: skip

    def _groups(self, own: Beside, rows: Array) -> list[dict[str, Any]]:
        """Figures of groups; None for those of too few families (`models.few`)."""
        names = self.plan.groups
        small = {kind: kept_back({name: int(rows[at]) for at, (other, name) in enumerate(names) if other == kind})
                 for kind in dict.fromkeys(kind for kind, _ in names)}  # fmt: skip
        if "province" in small:  # one that the table of provinces does not tell of is not told of here
            small["province"] |= self._small()
        return [{"kind": kind, "name": name, "rows": None if name in small[kind] else int(rows[at]),
                 "few": name in small[kind], **{
            what: _NONE if name in small[kind] else ranged(own.groups[:, at, number] / THOUSAND)
            for number, what in enumerate(("falls_averted", "poor_years_averted"))}}
            for at, (kind, name) in enumerate(names)]  # fmt: skip

    def differences(self, every: dict[int, Ends], assumptions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each arm against each later one over the same draws: first less second."""
        arms = self.plan.scenario.arms
        held = {at: Uncertain.of(assumptions, arms[at].name) for at in every}
        reached = {at: any(len(own.row) for own in self.plan.arms[at]) for at in every}
        return [{"first": arms[one].name, "second": arms[two].name,
                 "outcomes": {name: difference(name, every[one], every[two], held[one].shared(held[two]),
                                               reached=reached[one] and reached[two]) for name in DIFFERENCES}}
                for one, two in combinations(every, 2)]  # fmt: skip

    def paired(self) -> dict[str, dict[str, dict[str, list[float | None]]]]:
        """What `models.schemes.beside` needs to compare the arms with those of another scenario over the same lives: by
        arm, end of the effects and outcome, the figures of all draws."""
        return {arm.name: {end: {name: [finite(one) for one in values[name]] for name in DIFFERENCES}
                           for end, values in outcomes.ends(self, at).items()}
                for at in self.told() for arm in [self.plan.scenario.arms[at]]}  # fmt: skip

    def goal(self) -> dict[str, Any]:
        """The middle class in the year of the goal, or the last one where that comes before it, against the goal,
        without schemes and by arm, and what would reach it."""
        scenario = self.plan.scenario
        last = [("without", self.tally.rungs)]
        last += [(scenario.arms[at].name, self.tally.rungs + self.tally.arms[at]["value"].rungs) for at in self.told()]
        asked, at = self._goal_at()
        year = scenario.start + at
        table = [{"name": name, "year": year, **rung_table(rungs[:, :, at : at + 1], [year])[0]["middle"]}
                 for name, rungs in last]  # fmt: skip
        inverse = projection.inverse(self.nation, scenario.start, self.plan.seed) if asked else None
        return {"goal": projection.GOAL, "year": projection.GOAL_YEAR, "middle": table, "inverse": inverse}

    def _goal_at(self) -> tuple[bool, int]:
        """Whether the years reach that of the goal, and its place among them, or the last."""
        start, years = self.plan.scenario.start, self.plan.scenario.years
        asked = start < projection.GOAL_YEAR <= start + years
        return asked, projection.GOAL_YEAR - start if asked else years

    def published(self) -> list[dict[str, Any]]:
        """Without schemes, the shares of the years that have published ones, or one of them, beside those: of the
        province alone where all families are of one."""
        share, place = _shares(self.tally.rungs), published.place(self.nation)
        still = self.tally.others.get(NONE)
        alone = None if still is None else _shares(still.rungs)
        return [published.missed(share[:, at], year, None if alone is None else alone[:, at], place=place)
                for at, year in enumerate(self._years())
                if not np.isnan(published.published(year, place)).all()]  # fmt: skip

    def assumptions(self) -> list[dict[str, Any]]:
        """Every figure of the shocks and schemes with its basis and source."""
        parts = [("shock", one.shock.name, one.shock.figures) for one in self.plan.scenario.shocks]
        parts += [(f"arm {arm.name}", one.scheme.name, one.scheme.figures) for arm in self.plan.scenario.arms
                  for one in arm.schemes]  # fmt: skip
        parts.append(("scenario", self.plan.scenario.name, self.plan.scenario.figures))
        return [{"part": part, "name": name, "figure": figure, **plain(value)}
                for part, name, figures in parts for figure, value in figures.items()]  # fmt: skip

    def _touched(self, at: int) -> Array:
        """Rows of each group that an arm touches: those that take part, and those that are pushed down, each once."""
        takings, names = self.plan.arms[at], self.plan.groups
        none = np.zeros(0, np.int64)
        pushed = np.unique(np.concatenate([none, *(one.pushed for one in takings)]))
        row = np.concatenate([*(one.row for one in takings), pushed])
        number = np.repeat([*range(len(takings)), -1], [*(len(one.row) for one in takings), len(pushed)])
        found = np.zeros(len(names), np.int64)
        for code in groups_of(self.nation, row, number, names):
            found += np.bincount(code[code >= 0], minlength=len(names))
        return found

    def _years(self) -> list[int]:
        start = self.plan.scenario.start
        return [start + year for year in range(self.plan.scenario.years + 1)]

    def _provinces(self, rungs: Array) -> list[dict[str, Any]]:
        """People by rung in the last year, by province; None for one of too few families (`models.few`)."""
        names, small = ("", *self.nation.province.names), self._small()
        last = rungs[:, :, -1, :] / THOUSAND
        return [{"province": name, "few": name in small, "people": {
            rung: _NONE if name in small else ranged(last[place, :, code]) for code, rung in enumerate(RUNGS)}}
            for place, name in enumerate(names) if last[place].any()]  # fmt: skip

    def _small(self) -> set[str]:
        """Provinces ("": not known) of too few families."""
        names = ("", *self.nation.province.names)
        rows = np.bincount(self.nation.province.codes + 1, minlength=len(names)).tolist()
        return kept_back({name: count for name, count in zip(names, rows, strict=True) if count})


def rung_table(rungs: Array, years: list[int]) -> list[dict[str, Any]]:
    """Share of people on each rung by year: places x draws x years x 5 thousandths."""
    share = _shares(rungs)
    return [{"year": year, **{name: ranged(share[:, at, code]) for code, name in enumerate(RUNGS)}}
            for at, year in enumerate(years)]  # fmt: skip


def _shares(rungs: Array) -> Array:
    """Shares of people by draw, year and rung."""
    total = rungs.sum(axis=0).astype(float)
    return np.asarray(total / total.sum(axis=2, keepdims=True))
