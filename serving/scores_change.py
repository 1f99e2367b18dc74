"""What changed between two runs: who entered a list, who left it, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import duckdb

from features.commands import UserError
from serving.rows import UNKNOWN
from serving.scores import Row, Scores
from serving.scores_run import connect

_DIGITS = 6
"""Of log-odds in a score row."""
FACTS = 3
"""Reasons told of a household's move, if nobody says how many."""
SHOWN = 500
"""Households told on each side, if nobody says how many."""
ENTERED = ("new_in_register", "refused_before", "judged_poor_before", "moved_in", "model_changed", "risk_rose",
           "others_fell")  # fmt: skip
"""Why a household is on the list now and was not before: the first that holds."""
LEFT = ("gone_from_register", "refused_now", "judged_poor_now", "moved_out", "model_changed", "risk_fell",
        "others_rose")  # fmt: skip
"""Why a household is off the list now and was on it before: the first that holds."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason in both runs.

    Attributes
    ----------
    key : reason key. value_before, value_after : as the score rows store them.
    before, after : log-odds; None in a run where the fact is not among the reasons that are told. Its part is then in
        that run's `other`, and no larger than the smallest told reason.
    moved : log-odds; where one run does not tell the fact, the least that it moved.
    """

    key: str
    value_before: str | None
    value_after: str | None
    before: float | None
    after: float | None
    moved: float


@dataclass(frozen=True, slots=True)
class Part:
    """`base`, `place` or `other` in both runs, log-odds.

    moved : of `other` all that no fact and no other part is known to have moved, which also holds what facts that one
        run does not tell moved beyond the least.
    """

    before: float
    after: float
    moved: float


@dataclass(frozen=True, slots=True)
class Move:
    """One household that entered or left the list.

    Attributes
    ----------
    why : one of `ENTERED` or `LEFT`. before, after : its score rows, None where a run does not have it.
    facts : reasons that moved most, the strongest move first; empty unless the risk concerns it in both runs.
    parts : `base`, `place` and `other`; likewise. What they and all facts moved by adds up to `moved`.
    moved : log-odds that its risk moved by; likewise.
    """

    household_id: str
    why: str
    before: Row | None
    after: Row | None
    facts: tuple[Fact, ...]
    parts: Mapping[str, Part]
    moved: float = 0.0

    @property
    def carried(self) -> tuple[tuple[str | Fact, float], ...]:
        """What moved its risk, facts and the names of parts with the log-odds of each, the strongest first."""
        found: list[tuple[str | Fact, float]] = [(fact, fact.moved) for fact in self.facts]
        found += [(name, own.moved) for name, own in self.parts.items()]
        return tuple(sorted((own for own in found if own[1]), key=lambda own: -abs(own[1])))


@dataclass(frozen=True, slots=True)
class Change:
    """What changed between two runs.

    Attributes
    ----------
    old, new : names of the runs. old_as_of, new_as_of : their dates.
    model_changed : whether their bundles differ. If so, contributions differ without any fact having changed, and who
        is refused or judged poor may differ for the same reason.
    size_old, size_new, stayed : households on the old list, on the new one, on both.
    entered_why, left_why : households by cause; their sums are all that entered and left.
    entered, left : those asked for of them, the highest risk first (after, and before).
    """

    old: str
    new: str
    old_as_of: str
    new_as_of: str
    model_changed: bool
    size_old: int
    size_new: int
    stayed: int
    entered_why: Mapping[str, int]
    left_why: Mapping[str, int]
    entered: tuple[Move, ...]
    left: tuple[Move, ...]


def change(old: Scores, new: Scores, *, cut: float | None = None, top: int | None = None, province: str | None = None,
           regency: str | None = None, count: int = SHOWN, offset: int = 0, facts: int = FACTS) -> Change:  # fmt: skip
    """Who entered and who left a list between two runs, and why.

    Parameters
    ----------
    cut : the list is all households at risk whose risk is this share or more. top : or it is this many at the highest
        risk, equal ones in the order of their codes. One of the two is given.
    province, regency : the area of the list, by each run's own place of the household.
    count, offset : households told on each side, after how many. facts : reasons told of each.

    Raises
    ------
    UserError : not one of `cut` and `top`, or a number out of its range.
    """
    if (cut is None) == (top is None):
        raise UserError("a list is cut at a risk or at a number of households: give one of the two")
    if (cut is not None and not 0 <= cut <= 1) or (top is not None and top < 0) or min(count, offset, facts) < 0:
        raise UserError("the cut lies from 0 to 1; numbers of households and facts are 0 or more")
    area = {"province": province, "regency": regency}
    changed = old.run.manifest["bundle"]["identity"] != new.run.manifest["bundle"]["identity"]
    with (
        TemporaryDirectory(prefix="jaga-change-") as spill,  # for lists of millions
        connect(old.run.path, new.run.path, spill=Path(spill)) as connection,
    ):
        was = _list(connection, "was", old, cut, top, area)
        now = _list(connection, "is", new, cut, top, area)
        asked = {"province": province, "regency": regency, "model": changed}
        _moved(connection, "entered", ("is", "was"), old, ENTERED, asked)
        _moved(connection, "left", ("was", "is"), new, LEFT, asked)
        whys = {side: _why(connection, side, causes) for side, causes in (("entered", ENTERED), ("left", LEFT))}
        pages = {side: _page(connection, side, count, offset) for side in ("entered", "left")}
    codes = [code for page in pages.values() for code, _ in page]
    before, after = old.households(codes), new.households(codes)
    moves = {side: tuple(_move(code, why, before.get(code), after.get(code), (_bound(old), _bound(new)), facts)
                         for code, why in page) for side, page in pages.items()}  # fmt: skip
    return Change(old.run.name, new.run.name, str(old.as_of), str(new.as_of), changed, was, now,
                  now - sum(whys["entered"].values()), whys["entered"], whys["left"], moves["entered"],
                  moves["left"])  # fmt: skip


_READ = "read_parquet($files, hive_partitioning = false)"
_HERE = ("($province IS NULL OR coalesce(province, '" + UNKNOWN + "') = $province) "
         "AND ($regency IS NULL OR coalesce(regency, '') = $regency)")  # fmt: skip


def _list(connection: duckdb.DuckDBPyConnection, name: str, scores: Scores, cut: float | None, top: int | None,
          area: Mapping[str, str | None]) -> int:  # fmt: skip
    """Make a temporary table of the households on the list, code and risk; how many there are."""
    paths = scores.ranked(**area)
    connection.execute(f'CREATE TEMP TABLE "{name}" (household_id VARCHAR, risk DOUBLE)')
    if not paths:
        return 0
    order = "" if top is None else "ORDER BY risk DESC, household_id LIMIT $top"
    asked = {"cut": cut} if top is None else {"top": top}
    connection.execute(
        f'INSERT INTO "{name}" SELECT household_id, risk FROM {_READ} '  # noqa: S608 - no word of a user's is in it
        f"WHERE {_HERE} {'AND risk >= $cut' if top is None else ''} {order}",
        {"files": [str(path) for path in paths], **area, **asked},
    )
    found = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608 - one of two words
    return 0 if found is None else int(found[0])


def _moved(connection: duckdb.DuckDBPyConnection, side: str, tables: tuple[Literal["was", "is"], Literal["was", "is"]],
           other: Scores, causes: tuple[str, ...], asked: Mapping[str, Any]) -> None:  # fmt: skip
    """A temporary table of those on one list and not on the other: code, risk and why, by what the other run says.

    A household is on the list in the run with the higher of its two risks, if it moved by its own.
    """
    mine, theirs = tables
    only = f'SELECT household_id, risk FROM "{mine}" ANTI JOIN "{theirs}" USING (household_id)'  # noqa: S608
    connection.execute(f'CREATE TEMP TABLE "only_{side}" AS {only}')
    files = other.run.files
    found = "SELECT NULL::VARCHAR AS household_id, NULL AS province, NULL AS regency, NULL AS status, " \
            "NULL::BOOLEAN AS applies, NULL::DOUBLE AS risk WHERE FALSE"  # fmt: skip
    bound: dict[str, Any] = dict(asked)
    if files:
        found = ("SELECT household_id, $provinces[file_index::BIGINT + 1] AS province, regency, status, "  # noqa: S608
                 f'applies, risk FROM {_READ} SEMI JOIN "only_{side}" USING (household_id)')  # fmt: skip
        bound |= {"files": [str(file.path) for file in files], "provinces": [file.province for file in files]}
    names = {f"why{at}": cause for at, cause in enumerate(causes)}
    connection.execute(
        f'CREATE TEMP TABLE "{side}" AS WITH found AS ({found}) SELECT mine.household_id, mine.risk, CASE '  # noqa: S608
        "WHEN found.household_id IS NULL THEN $why0 WHEN status = 'refused' THEN $why1 WHEN NOT applies THEN $why2 "
        f"WHEN NOT ({_HERE}) THEN $why3 WHEN $model THEN $why4 WHEN mine.risk > found.risk THEN $why5 "
        f'ELSE $why6 END AS why FROM "only_{side}" AS mine LEFT JOIN found USING (household_id)',
        bound | names,
    )


def _why(connection: duckdb.DuckDBPyConnection, side: str, causes: tuple[str, ...]) -> dict[str, int]:
    counts = dict(connection.execute(f'SELECT why, count(*) FROM "{side}" GROUP BY why').fetchall())  # noqa: S608
    return {cause: counts[cause] for cause in causes if cause in counts}


def _page(connection: duckdb.DuckDBPyConnection, side: str, count: int, offset: int) -> list[tuple[str, str]]:
    """Codes and causes, the highest risk first."""
    sql = f'SELECT household_id, why FROM "{side}" ORDER BY risk DESC, household_id LIMIT $count OFFSET $offset'  # noqa: S608
    return connection.execute(sql, {"count": count, "offset": offset}).fetchall()


def _bound(scores: Scores) -> int | None:
    """How many reasons a row of this run holds at most; None where its manifest does not say."""
    asked = scores.run.manifest["run"].get("reasons")
    return asked if isinstance(asked, int) else None


def _move(code: str, why: str, before: Row | None, after: Row | None, most: tuple[int | None, int | None],
          facts: int) -> Move:  # fmt: skip
    if before is None or after is None or not before["applies"] or not after["applies"]:
        return Move(code, why, before, after, (), {})
    told = moved(before["reasons"], after["reasons"], most)
    parts = {name: Part(before[name], after[name], after[name] - before[name]) for name in ("base", "place")}
    whole = eta(after) - eta(before)
    rest = whole - sum(fact.moved for fact in told) - sum(part.moved for part in parts.values())
    parts["other"] = Part(before["other"], after["other"], round(rest, _DIGITS))
    return Move(code, why, before, after, told[:facts], parts, whole)


def eta(row: Row) -> float:
    """Log-odds of a score row's risk, where it concerns the household."""
    parts: float = row["base"] + row["place"] + row["other"]
    return parts + sum(reason["contribution"] for reason in row["reasons"])


def moved(before: list[Row], after: list[Row], most: tuple[int | None, int | None]) -> tuple[Fact, ...]:
    """The reasons of two score rows side by side that moved, the strongest move first.

    A reason that only one row tells moved at least by what it exceeds the smallest told reason of the other. One that
    need not have moved at all is left out, whatever became of its value.

    Parameters
    ----------
    before, after : reasons of the rows. most : how many reasons a row of each run holds at most, None where unknown.
    """
    was, now = ({reason["key"]: reason for reason in row} for row in (before, after))
    floors = _floor(before, most[0]), _floor(after, most[1])
    found = []
    for key in was.keys() | now.keys():
        one, two = was.get(key, {}), now.get(key, {})
        ends = one.get("contribution"), two.get("contribution")
        fact = Fact(key, one.get("value"), two.get("value"), *ends, _least(*ends, floors))
        if fact.moved:
            found.append((-abs(fact.moved), key, fact))
    return tuple(fact for _, _, fact in sorted(found, key=lambda item: item[:2]))


def _floor(reasons: list[Row], most: int | None) -> float:
    """The most that a reason can weigh that is not told: nothing where there was room to tell it."""
    if most is not None and len(reasons) < most:
        return 0.0
    return min((abs(reason["contribution"]) for reason in reasons), default=math.inf)


def _least(before: float | None, after: float | None, floors: tuple[float, float]) -> float:
    if before is not None and after is not None:
        return after - before
    if after is not None:
        return _beyond(after, floors[0])
    return 0.0 if before is None else -_beyond(before, floors[1])


def _beyond(told: float, floor: float) -> float:
    return math.copysign(max(0.0, abs(told) - floor), told)


def between(store: Path, old: str | None = None, new: str | None = None) -> tuple[str, str]:
    """Names of two runs of the store: those given, else the one before and the one that answers now."""
    from serving import scores_publish

    own = new or scores_publish.current(store)
    before = old or scores_publish.previous(store)
    if own is None or before is None:
        raise UserError(f"{store} has no two runs to compare; name the older one, or publish another")
    return before, own
