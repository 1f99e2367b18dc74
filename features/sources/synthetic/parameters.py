"""Every number of the generator that no source gives, with the reason it has this value."""

from __future__ import annotations

from dataclasses import dataclass, field, fields


def _chosen(value: float, why: str) -> float:
    return field(default=value, metadata={"why": why})


@dataclass(frozen=True, slots=True)
class Parameters:
    """Assumptions. Sourced figures are in `features/reference`; none of these is one of them."""

    # Welfare: z = P + spread x T + S, measured with an error; all in units of the spread of P.
    spread: float = _chosen(0.20, "of the passing part T; dynamics of the published panels hardly identify it")
    persistence: float = _chosen(0.74, "a year, of T; a rural income shock keeps 30 % after four years (Newhouse)")
    error: float = _chosen(0.40, "of measurement: 10 % of the variance of the measured log ratio, assumed .1-.3")
    shock_rate: float = _chosen(0.09, "a year at P = 0; fits stay and entry of published panels")
    shock_slope: float = _chosen(0.90, "more consumption shocks at low P: fewer means to smooth, not more events")
    shock_cap: float = _chosen(0.5, "highest yearly rate of a shock; binds for 2.8 % of families")
    shock_size: float = _chosen(4.2, "mean drop, exponential; entry of .04 from above 1.5 lines asks for it")
    shock_fade: float = _chosen(0.30, "kept from one year to the next; fits one-year against two-year stay")
    burn_in: float = _chosen(8, "years before the first period")
    # Who the families are.
    size_at_mean: float = _chosen(1.90, "further members at P = 0; gives the register's 3.04 people a family")
    size_by_welfare: float = _chosen(0.24, "fall of log further members by P; poor families 1.28 times larger")
    size_by_demography: float = _chosen(0.30, "fall of log further members by the demographic score")
    floor_share: float = _chosen(0.15, "of the draw spread evenly over the 75 strata, so small ones are seen")
    woman_head: float = _chosen(0.13, "share of women among heads; 11 % in the one province published")
    birth_rate: float = _chosen(0.09, "a year, families with a woman of 18 to 42 in a couple; not sourced")
    leave_rate: float = _chosen(0.05, "a year, grown children leaving; not sourced")
    # Work.
    job_move: float = _chosen(0.10, "a year, workers changing sector or form of work; no Indonesian matrix found")
    job_search_exit: float = _chosen(0.80, "a year, unemployed who find work; not sourced")
    informal_after_loss: float = _chosen(0.7, "of the displaced find informal work; size not sourced")
    shock_unemployed: float = _chosen(
        0.5, "of the unemployed, at most, are out by a shock; other losers take a job at once"
    )
    displacement_rate: float = _chosen(0.02, "a year, mean hazard of main earners; 1.5 points of effect are then seen")
    displacement_share: float = _chosen(6.5, "other shocks shrink by this times displacement: causes share one total")
    earner_share: float = _chosen(0.9, "of families with someone at work, measured on the generated families")
    layoff_wave: float = _chosen(0.04, "a year and province; no comparable series")
    layoff_force: float = _chosen(3.0, "times the displacement rate during a wave; peaks of 2-3 are published by month")
    disaster: float = _chosen(0.05, "a year and province; incidence not found")
    disaster_force: float = _chosen(1.6, "times the shock rate in the province; not sourced")
    harvest: float = _chosen(0.08, "a year and province; incidence not found")
    harvest_force: float = _chosen(1.8, "times the shock rate of rural farm families; not sourced")
    event_report: float = _chosen(0.5, "of household events that anyone records, by report of the family or a visit")
    # What the register sees.
    cell_error: float = _chosen(0.15, "cells that hold another family's value; 14.7 % wrong cells were published")
    refresh: float = _chosen(0.6, "a year, families whose record is looked at again; not sourced")
    programme_noise: float = _chosen(0.7, "spread of targeting noise against a unit score; half of the target missed")
    asset_churn: float = _chosen(0.03, "a year, of each asset gained or lost apart from welfare; not sourced")
    # The survey.
    attrition: float = _chosen(0.026, "a year: 10 % in four years between the first IFLS waves")
    attrition_slope: float = _chosen(0.25, "log hazard by normal score of welfare; the well-off refuse and move more")
    attrition_shock: float = _chosen(0.7, "added log hazard in the period of a shock; not sourced")
    line_growth: float = _chosen(0.0673, "a year, before and after the published lines: their mean growth 2023-26")

    def reasons(self) -> dict[str, tuple[float, str]]:
        """Value and reason of every assumption."""
        return {f.name: (getattr(self, f.name), str(f.metadata["why"])) for f in fields(self)}
