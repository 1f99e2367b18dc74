"""Who works, in what job and on what terms, and how much hangs on one earner.

Shares of members need the fact of each; shares of earners are over those of whom it is known, since surveys ask
some questions of employees alone.
"""

from __future__ import annotations

import numpy as np

from features import codes, contract
from features.columns import Columns
from features.facts import (
    YES_NO,
    adult,
    any_of,
    as_told,
    count_of,
    earner,
    earning,
    earnings_weight,
    everyone,
    is_one_of,
    share_of,
    share_of_all,
)
from features.registry import View, feature
from features.types import Array

SURVEY: tuple[View, ...] = ("survey",)
LEAST = 0.01
"""Money is told in logs of its share of the poverty line; nothing and next to nothing stand at this share."""
_WORK = ("activity", "status", "age")


def section(c: Columns) -> Array:
    """Section of each member's industry, index in `contract.SECTIONS`, M."""

    def make() -> Array:
        return codes.looked_up("sector_scheme", c["sector_scheme"], c["sector"], codes.section_of)

    return c.shared("section", make)


@feature("work", "people", inputs=_WORK, high=120, reason="hh.one_earner")
def earners(c: Columns) -> Array:
    """Members who work for pay, profit or family gain, unpaid helpers left out."""
    return c.now(count_of(c, earner(c), earner(c) != 0))


@feature("work", "share of adults", inputs=("activity", "age"), high=1, reason="work.employed")
def employed_share(c: Columns) -> Array:
    """Share of members of 15 and over who work."""
    return c.now(share_of_all(c, is_one_of(c, "activity", "employed"), adult(c)))


@feature("work", "share of members", inputs=_WORK, high=1, reason="hh.dependants")
def not_earning_share(c: Columns) -> Array:
    """Share of members who do not earn."""
    return c.now(share_of_all(c, 1 - earner(c), everyone(c)))


@feature("work", "people", inputs=("activity", "age"), high=120, reason="work.unemployed")
def unemployed(c: Columns) -> Array:
    """Members of 15 and over who look for work."""
    return c.now(count_of(c, is_one_of(c, "activity", "unemployed"), adult(c)))


@feature("work", "category", inputs=("activity", "relation"), choices=("employed", "unemployed", "inactive"),
         reason="work.head_activity")  # fmt: skip
def head_activity(c: Columns) -> Array:
    """Main activity of the head."""
    return c.now(c.of_head(c["activity"]))


@feature("work", "category", inputs=("status", "relation"), choices=contract.MEMBERS["status"].choices,
         reason="work.head_status")  # fmt: skip
def head_status(c: Columns) -> Array:
    """Status of the head in the main job."""
    return c.now(c.of_head(c["status"]))


@feature("work", "category", inputs=("sector_scheme", "sector", "relation"), choices=contract.SECTIONS,
         reason="work.head_sector")  # fmt: skip
def head_sector(c: Columns) -> Array:
    """Industry section (KBLI 2020, ISIC Rev. 4) of the head's main job."""
    return c.now(c.of_head(section(c)))


@feature("work", "share", inputs=(*_WORK, "earnings"), high=1, views=SURVEY, reason="work.main_earner")
def main_earner_share(c: Columns) -> Array:
    """Share of earnings that comes from the largest earner; of earners where earnings are not measured."""
    weight = earnings_weight(c)
    total = c.now(np.add.reduceat(weight, c.member_starts))
    return np.where(total > 0, c.now(c.highest(weight)) / total, np.nan)


@feature("work", "sections", inputs=(*_WORK, "sector_scheme", "sector"), high=21, reason="work.two_sectors")
def sectors(c: Columns) -> Array:
    """Different industry sections in which members earn."""
    known = earning(c) & ~np.isnan(section(c))
    bits = np.where(known, 1 << np.where(known, section(c), 0).astype(np.int64), 0)
    count = np.bitwise_count(np.bitwise_or.reduceat(bits, c.member_starts)).astype(np.float64)
    return c.now(np.where(count > 0, count, np.nan))


@feature("work", "share of earners", inputs=_WORK, high=1, reason="work.informal")
def informal_share(c: Columns) -> Array:
    """Share of earners on their own account or in casual work: informal by status, after BPS."""
    return c.now(share_of(c, is_one_of(c, "status", "own_account", "casual"), earning(c)))


@feature("work", "share of earners", inputs=_WORK, high=1, reason="work.casual")
def casual_share(c: Columns) -> Array:
    """Share of earners in casual work."""
    return c.now(share_of(c, is_one_of(c, "status", "casual"), earning(c)))


@feature("work", "share of earners", inputs=(*_WORK, "formal"), high=1, views=SURVEY, reason="work.formal")
def formal_share(c: Columns) -> Array:
    """Share of earners with a contract and social insurance, or in a registered firm."""
    return c.now(share_of(c, c["formal"], earning(c)))


@feature("work", "category", inputs=(*_WORK, "public"), choices=YES_NO, views=SURVEY, reason="work.public")
def public_job(c: Columns) -> Array:
    """An earner works for the state."""
    public = np.where(np.isnan(earner(c)), np.nan, c["public"])
    return c.now(any_of(c, public, earner(c) != 0))


@feature("work", "share of earners", inputs=(*_WORK, "permanent"), high=1, views=SURVEY, reason="work.permanent")
def permanent_share(c: Columns) -> Array:
    """Share of earners with a contract without end date."""
    return c.now(share_of(c, c["permanent"], earning(c)))


@feature("work", "share of earners", inputs=(*_WORK, "underemployed"), high=1, views=SURVEY,
         reason="work.underemployed")  # fmt: skip
def underemployed_share(c: Columns) -> Array:
    """Share of earners who work few hours and want more."""
    return c.now(share_of(c, c["underemployed"], earning(c)))


@feature("work", "hours a week", inputs=(*_WORK, "hours"), high=168, views=SURVEY, reason="work.hours")
def mean_hours(c: Columns) -> Array:
    """Mean hours worked by an earner in the week."""
    return c.now(share_of(c, c["hours"], earning(c)))


@feature("work", "category", inputs=("firm_size", "relation"), choices=contract.MEMBERS["firm_size"].choices,
         views=SURVEY, reason="work.firm_size")  # fmt: skip
def head_firm_size(c: Columns) -> Array:
    """People in the firm in which the head works."""
    return c.now(c.of_head(c["firm_size"]))


@feature("work", "log share of the line", inputs=("earnings", "relation"), low=-5, high=30, views=SURVEY,
         reason="work.head_earnings")  # fmt: skip
def head_log_earnings(c: Columns) -> Array:
    """Earnings of the head over the poverty line of one person, in logs; at least 1 % of the line."""
    return np.log(np.maximum(c.now(c.of_head(c["earnings"]) / c.line()), LEAST))


@feature("work", "log share of the line", inputs=(*_WORK, "earnings"), low=-5, high=30, views=SURVEY,
         reason="work.earnings")  # fmt: skip
def log_earnings_per_person(c: Columns) -> Array:
    """Earnings of all earners a member, over the poverty line, in logs; at least 1 % of the line."""
    people = np.add.reduceat(np.ones(len(c.row_of_member)), c.member_starts)
    total = np.add.reduceat(np.where(earning(c), c["earnings"], 0.0), c.member_starts)
    known = c.count(np.isnan(earner(c))) == 0
    return c.now(np.where(known, np.log(np.maximum(total / people / c.line(), LEAST)), np.nan))


@feature("work", "people", inputs=("inactive_reason", "activity", "age"), high=120, views=SURVEY,
         reason="work.pensioners")  # fmt: skip
def pensioners(c: Columns) -> Array:
    """Members of 15 and over out of the labour force who live on a pension."""
    reason = is_one_of(c, "inactive_reason", "pensioner")
    in_force = is_one_of(c, "activity", "employed", "unemployed") == 1
    return c.now(count_of(c, np.where(in_force, 0.0, reason), adult(c)))


for _name in ("labour_income_share", "pension_income_share"):
    as_told(_name, "work", views=SURVEY, reason=f"work.{_name.removesuffix('_share')}")
