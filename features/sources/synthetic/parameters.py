"""Every number of the generator that no source gives, with the reason it has this value."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from features.commands import UserError


def _chosen(value: float, why: str, low: float = 0.0, high: float = 100.0) -> float:
    return field(default=value, metadata={"why": why, "low": low, "high": high})


def _share(value: float, why: str, low: float = 0.0, high: float = 1.0) -> float:
    return _chosen(value, why, low, high)


def _rate(value: float, why: str, low: float = 0.0, high: float = 0.95) -> float:
    """A probability in a year: certainty has no rate in a quarter."""
    return _chosen(value, why, low, high)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Assumptions. Sourced figures are in `features/reference`; none of these is one of them."""

    # Welfare: z = P + spread x T + S, measured with an error; all in units of the spread of P.
    spread: float = _chosen(0.20, "of the passing part T; dynamics of the published panels hardly identify it", 0.01, 2)
    persistence: float = _share(
        0.74, "a year, of T; a rural income shock keeps 30 % after four years (Newhouse)", high=0.99
    )
    error: float = _chosen(
        0.40, "of measurement: 10 % of the variance of the measured log ratio, assumed .1-.3", 0.05, 2
    )
    shock_rate: float = _rate(0.09, "a year at P = 0; fits stay and entry of published panels")
    shock_slope: float = _chosen(
        0.90, "more consumption shocks at low P: fewer means to smooth, not more events", -3, 3
    )
    shock_cap: float = _rate(0.5, "highest yearly rate of a shock; binds for 2.8 % of families", high=0.6)
    shock_size: float = _chosen(4.2, "mean drop, exponential; entry of .04 from above 1.5 lines asks for it", 0.1, 20)
    shock_fade: float = _share(0.30, "kept from one year to the next; fits one-year against two-year stay", high=0.99)
    burn_in: float = _chosen(8, "years before the first period", 1, 30)
    # Who the families are.
    size_at_mean: float = _chosen(1.90, "further members at P = 0; gives the register's 3.04 people a family", 0.1, 8)
    size_by_welfare: float = _chosen(0.24, "fall of log further members by P; poor families 1.28 times larger", -1, 1)
    size_by_demography: float = _chosen(0.30, "fall of log further members by the demographic score", -1, 1)
    floor_share: float = _share(0.15, "of the draw spread evenly over the 75 strata, so small ones are seen")
    woman_head: float = _share(0.105, "share of women among heads; 11 % in the one province published", 0.01, 0.7)
    birth_rate: float = _rate(0.3, "a year, married women in their twenties; families then keep their size")
    death_at_60: float = _rate(0.022, "a year, men of 60; no table of deaths is among the sources", 1e-6, 0.5)
    death_growth: float = _chosen(0.09, "rise a year of age of the log hazard of death: Gompertz's law", 0.01, 0.3)
    death_of_women: float = _chosen(0.7, "times the hazard of men of the same age; not sourced", 0.1, 3)
    leave_rate: float = _rate(0.08, "a year, grown children who marry or move out; not sourced", low=0.001)
    leave_alone: float = _share(0.15, "of those leaving, live alone at first; the others marry; not sourced")
    stay_home: float = _share(0.15, "of sons who marry, bring the wife to their parents; not sourced")
    wedding_rate: float = _rate(0.10, "a year, heads under 45 who live alone and marry; not sourced", low=0.001)
    kinship: float = _share(
        0.4, "correlation with the parents' of a new family's scores; no Indonesian figure", high=0.99
    )
    take_in: float = _rate(0.2, "a year, people over 60 living alone who move to their children; not sourced")
    parent_rate: float = _rate(0.006, "a year, heads whose mother or father moves in; not sourced", low=0.0001)
    compulsory: float = _share(
        0.75, "of those of 20 who would stop before, finish nine years, made compulsory in 1994; not sourced"
    )
    move_rate: float = _rate(0.02, "a year, families that move to another regency or stratum; not sourced")
    move_far: float = _share(0.25, "of moves go anywhere in the country, the others within the province; not sourced")
    move_lost: float = _share(0.35, "of families that move are not found again by the survey; not sourced")
    # Work.
    job_move: float = _rate(
        0.10, "a year, workers changing sector or form of work; no Indonesian matrix found", low=0.001
    )
    same_section: float = _share(0.5, "of those who move stay in their section; no Indonesian matrix found")
    job_search_exit: float = _rate(0.80, "a year, unemployed who find work; not sourced", low=0.05)
    informal_after_loss: float = _share(0.7, "of the displaced find informal work; size not sourced")
    shock_unemployed: float = _share(
        0.5, "of the unemployed, at most, are out by a shock; other losers take a job at once"
    )
    displacement_rate: float = _rate(0.02, "a year, mean hazard of main earners; 1.5 points of effect are then seen")
    displacement_share: float = _chosen(
        6.5, "other shocks shrink by this times displacement: causes share one total", high=1000
    )
    earner_share: float = _share(0.9, "of families with someone at work, measured on the generated families")
    layoff_wave: float = _rate(0.04, "a year and province; no comparable series")
    layoff_force: float = _chosen(3.0, "times the displacement rate during a wave; peaks of 2-3 are published by month")
    disaster: float = _rate(0.05, "a year and province; incidence not found")
    disaster_force: float = _chosen(1.6, "times the shock rate in the province; not sourced")
    harvest: float = _rate(0.08, "a year and province; incidence not found")
    harvest_force: float = _chosen(1.8, "times the shock rate of rural farm families; not sourced")
    food_price_pace: float = _chosen(
        1.4, "times its mean pace: a published line that rises faster tells of food prices; only 2025 does", 1, 5
    )
    food_price: float = _rate(0.10, "a year and province, after the last published line; one such year of four is seen")
    food_price_size: float = _chosen(
        0.04, "jump of the log line; rice up by 15 % moves it by 3 to 4 %, by its published weights", 0, 0.5
    )
    food_price_pass: float = _share(
        0.5, "of the jump that spending follows at once; the rest after a year; not sourced"
    )
    death_share: float = _share(0.05, "of other shocks: a death of an earner; the split of causes is not published")
    job_loss_share: float = _share(0.30, "of other shocks: a lost job; the rest is illness; not published")
    harvest_share: float = _share(0.3, "of the shocks of rural farm families outside a failed season; not sourced")
    failed_share: float = _share(0.6, "of the shocks of rural farm families in a failed season; not sourced")
    disaster_share: float = _share(0.4, "of the shocks in a province during a disaster; not sourced")
    event_report: float = _share(0.5, "of household events that anyone records, by report of the family or a visit")
    chronic: float = _chosen(1.0, "times the shares with a chronic illness by age; no national figure found", high=2.5)
    disabled: float = _chosen(1.0, "times the shares with a functional difficulty by age; none found", high=5)
    # What the register sees.
    register_lag: float = _chosen(10, "days from the end of a period until its version is known; not sourced", high=365)
    survey_lag: float = _chosen(21, "days from the end of a period until an interview is known; not sourced", high=365)
    cell_error: float = _share(0.15, "cells that hold another family's value; 14.7 % wrong cells were published")
    refresh: float = _rate(0.6, "a year, families whose record is looked at again; not sourced")
    programme_noise: float = _chosen(
        0.7, "spread of targeting noise against a unit score; half of the target missed", 0.01, 10
    )
    asset_churn: float = _rate(0.03, "a year, of each asset gained or lost apart from welfare; not sourced")
    # The survey.
    attrition: float = _rate(
        0.015, "a year; with moves and families that end, 10 % in four years as in the first IFLS waves"
    )
    attrition_slope: float = _chosen(
        0.25, "log hazard by normal score of welfare; the well-off refuse and move more", -3, 3
    )
    attrition_shock: float = _chosen(0.7, "added log hazard in the period of a shock; not sourced", -5, 5)
    food_slope: float = _chosen(
        0.8,
        "fall of the log-odds of the food share by log welfare: .5 between the means of the provinces, 1.2 if a "
        "family at the line spent as the line does",
        0,
        3,
    )
    food_noise: float = _chosen(0.35, "spread of those log-odds among families of equal welfare; not sourced", 0, 2)
    coping: float = _chosen(1.0, "times the shares that live on each way of coping; no national figure found", high=5)
    coping_shock: float = _chosen(1.0, "added log share in the period of a shock: 2.7 times as many; not sourced", 0, 3)
    coping_slope: float = _chosen(0.4, "fall of the log share by normal score of welfare; not sourced", 0, 2)
    saving_slope: float = _chosen(0.10, "log income over consumption by normal score of welfare; not sourced", 0, 1)
    income_noise: float = _chosen(0.25, "spread of log income over consumption; not sourced", 0, 2)
    own_insurance: float = _share(
        0.5, "of families without PBI or formal work that are insured all the same; not sourced"
    )
    line_growth: float = _chosen(
        0.0673, "a year, before and after the published lines: their mean growth 2023-26", -0.2, 0.5
    )

    def reasons(self) -> dict[str, tuple[float, str]]:
        """Value and reason of every assumption."""
        return {f.name: (getattr(self, f.name), str(f.metadata["why"])) for f in fields(self)}

    @classmethod
    def of(cls, assumed: Mapping[str, float]) -> Parameters:
        """The assumptions with these values in place of their own.

        Raises
        ------
        UserError : a name that is none, or a value that no such world can have.
        """
        known = {f.name: f.metadata for f in fields(cls)}
        for name, value in assumed.items():
            if name not in known:
                raise UserError(f"--assume {name}: no such assumption; there are {', '.join(known)}")
            low, high = known[name]["low"], known[name]["high"]
            if not (math.isfinite(value) and low <= value <= high):
                raise UserError(f"--assume {name}={value:g}: say a number from {low:g} to {high:g}")
        made = cls(**{name: float(value) for name, value in assumed.items()})
        made._together()
        return made

    def _together(self) -> None:
        """Refuse values that exclude each other."""
        if self.displacement_share * self.displacement_rate > 1:
            raise UserError("--assume: displacement_share times displacement_rate must be 1 at most")
        if self.death_share + self.job_loss_share > 1:
            raise UserError("--assume: death_share and job_loss_share must add up to 1 at most")
        for event in ("layoff_wave", "disaster", "harvest"):
            force = f"{event.removesuffix('_wave')}_force"
            if getattr(self, event) * getattr(self, force) > 1:
                raise UserError(f"--assume: {event} times {force} must be 1 at most")

    def changed(self) -> dict[str, float]:
        """What differs from the usual assumptions: part of a folder's configuration."""
        return {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}


def parse(texts: list[str]) -> dict[str, float]:
    """Read `NAME=VALUE` texts of the command line.

    Raises
    ------
    UserError : a text that is not of this form.
    """
    found: dict[str, float] = {}
    for text in texts:
        name, _, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise UserError(f"--assume {text}: say NAME=VALUE, with a number; --assume list names them all") from None
    return found
