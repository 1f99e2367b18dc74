"""What changed between two runs: who entered a list, who left it, who moved house, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import duckdb

from features.commands import UserError
from serving.batch.rows import UNKNOWN
from serving.scores.kept_run import PROVINCE, READ, connect
from serving.scores.move import RELOCATED, Move, move
from serving.scores.scores import Scores

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
SIDES = ("entered", "left", "stayed")


@dataclass(frozen=True, slots=True)
class Change:
    """What changed between two runs.

    Attributes
    ----------
    old, new : names of the runs. old_as_of, new_as_of : their dates.
    model_changed : whether their bundles differ. If so, contributions differ without any fact having changed, and who
        is refused or judged poor may differ for the same reason.
    reasons_old, reasons_new : reasons that each run kept of a household at most.
    poor_from_old, poor_from_new : chance of being poor now from which on a household is judged poor; likewise.
    size_old, size_new, stayed : households on the old list, on the new one, on both.
    entered_why, left_why : households by cause; their sums are all that entered and left.
    relocated : of those that `stayed`, `entered` and `left`, how many live in another regency or province than before.
    entered, left : those asked for of them, the highest risk first (after, and before).
    stayed_relocated : likewise those that stayed on the list and live elsewhere now.
    """

    old: str
    new: str
    old_as_of: str
    new_as_of: str
    model_changed: bool
    reasons_old: int
    reasons_new: int
    poor_from_old: float
    poor_from_new: float
    size_old: int
    size_new: int
    stayed: int
    entered_why: Mapping[str, int]
    left_why: Mapping[str, int]
    relocated: Mapping[str, int]
    entered: tuple[Move, ...]
    left: tuple[Move, ...]
    stayed_relocated: tuple[Move, ...]


def change(old: Scores, new: Scores, *, cut: float | None = None, top: int | None = None, province: str | None = None,
           regency: str | None = None, count: int = SHOWN, offset: int = 0, facts: int = FACTS) -> Change:  # fmt: skip
    """Who entered and who left a list between two runs, who stayed and lives elsewhere now, and why.

    Parameters
    ----------
    cut : the list is all households at risk whose risk is this share or more. top : or it is this many at the highest
        risk, equal ones in the order of their codes. One of the two is given.
    province, regency : the area of the list, by each run's own place of the household: one that moved house entered
        its new area and left its old one, and neither of the nation.
    count, offset : households told on each side, after how many. facts : reasons told of each.

    Raises
    ------
    UserError : not one of `cut` and `top`, or a number out of its range.
    """
    if (cut is None) == (top is None):
        raise UserError(
            "a list is cut at a risk or at a number of households: give one of the two",
            "daftar dipotong pada sebuah risiko atau jumlah keluarga: beri salah satu, --cut atau --top",
        )
    if (cut is not None and not 0 <= cut <= 1) or (top is not None and top < 0) or min(count, offset, facts) < 0:
        raise UserError(
            "the cut lies from 0 to 1; numbers of households and facts are 0 or more",
            "--cut dari 0 sampai 1; jumlah keluarga dan fakta 0 atau lebih",
        )
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
        _stayed(connection)
        whys = {side: _why(connection, side, causes) for side, causes in (("entered", ENTERED), ("left", LEFT))}
        relocated = {side: _relocated(connection, side) for side in SIDES}
        pages = {side: _page(connection, side, count, offset) for side in SIDES}
    codes = [code for page in pages.values() for code, _ in page]
    before, after = old.households(codes), new.households(codes)
    most = old.reasons, new.reasons
    moves = {side: tuple(move(code, why, before.get(code), after.get(code), most, facts) for code, why in page)
             for side, page in pages.items()}  # fmt: skip
    stayed = now - sum(whys["entered"].values())
    return Change(old.run.name, new.run.name, str(old.as_of), str(new.as_of), changed, *most, old.poor_from,
                  new.poor_from, was, now, stayed, whys["entered"], whys["left"], relocated, moves["entered"],
                  moves["left"], moves["stayed"])  # fmt: skip


_ELSEWHERE = "(coalesce({0}.province <> {1}.province, FALSE) OR coalesce({0}.regency <> {1}.regency, FALSE))"
"""Whether two rows of a household lie in different regencies or provinces: `move.relocated`."""
_HERE = ("($province IS NULL OR coalesce({0}province, '" + UNKNOWN + "') = $province) "
         "AND ($regency IS NULL OR coalesce({0}regency, '') = $regency)")  # fmt: skip


def _list(connection: duckdb.DuckDBPyConnection, name: str, scores: Scores, cut: float | None, top: int | None,
          area: Mapping[str, str | None]) -> int:  # fmt: skip
    """Make a temporary table of the households on the list, with risk and place; how many there are."""
    paths = scores.ranked(**area)
    connection.execute(f'CREATE TEMP TABLE "{name}" (household_id VARCHAR, risk DOUBLE, province VARCHAR, '
                       "regency VARCHAR)")  # fmt: skip
    if not paths:
        return 0
    order = "" if top is None else "ORDER BY risk DESC, household_id LIMIT $top"
    asked = {"cut": cut} if top is None else {"top": top}
    connection.execute(
        f'INSERT INTO "{name}" SELECT household_id, risk, province, regency FROM {READ} '  # noqa: S608 - no word of a user's is in it
        f"WHERE {_HERE.format('')} {'AND risk >= $cut' if top is None else ''} {order}",
        {"files": [str(path) for path in paths], **area, **asked},
    )
    found = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608 - one of two words
    return 0 if found is None else int(found[0])


def _moved(connection: duckdb.DuckDBPyConnection, side: str, tables: tuple[Literal["was", "is"], Literal["was", "is"]],
           other: Scores, causes: tuple[str, ...], asked: Mapping[str, Any]) -> None:  # fmt: skip
    """A temporary table of those on one list and not on the other: code, risk, why, by what the other run says, and
    whether they live elsewhere there.

    A household is on the list in the run with the higher of its two risks, if it moved by its own.
    """
    mine, theirs = tables
    only = f'SELECT * FROM "{mine}" ANTI JOIN "{theirs}" USING (household_id)'  # noqa: S608
    connection.execute(f'CREATE TEMP TABLE "only_{side}" AS {only}')
    files = other.run.files
    found = "SELECT NULL::VARCHAR AS household_id, NULL AS province, NULL AS regency, NULL AS status, " \
            "NULL::BOOLEAN AS applies, NULL::DOUBLE AS risk WHERE FALSE"  # fmt: skip
    bound: dict[str, Any] = dict(asked)
    if files:
        found = (f"SELECT household_id, {PROVINCE} AS province, regency, status, "  # noqa: S608
                 f'applies, risk FROM {READ} SEMI JOIN "only_{side}" USING (household_id)')  # fmt: skip
        bound |= {"files": [str(file.path) for file in files], "provinces": [file.province for file in files]}
    names = {f"why{at}": cause for at, cause in enumerate(causes)}
    connection.execute(
        f'CREATE TEMP TABLE "{side}" AS WITH found AS ({found}) SELECT mine.household_id, mine.risk, CASE '  # noqa: S608
        "WHEN found.household_id IS NULL THEN $why0 WHEN status = 'refused' THEN $why1 WHEN NOT applies THEN $why2 "
        f"WHEN NOT ({_HERE.format('found.')}) THEN $why3 WHEN $model THEN $why4 WHEN mine.risk > found.risk THEN $why5 "
        f"ELSE $why6 END AS why, {_ELSEWHERE.format('mine', 'found')} AS relocated "
        f'FROM "only_{side}" AS mine LEFT JOIN found USING (household_id)',
        bound | names,
    )


def _stayed(connection: duckdb.DuckDBPyConnection) -> None:
    """A temporary table of those on both lists that live elsewhere now."""
    connection.execute(f"CREATE TEMP TABLE stayed AS SELECT household_id, mine.risk, '{RELOCATED}' AS why, "  # noqa: S608
                       'TRUE AS relocated FROM "is" AS mine JOIN was USING (household_id) '
                       f"WHERE {_ELSEWHERE.format('mine', 'was')}")  # fmt: skip


def _relocated(connection: duckdb.DuckDBPyConnection, side: str) -> int:
    found = connection.execute(f'SELECT count(*) FROM "{side}" WHERE relocated').fetchone()  # noqa: S608 - of `SIDES`
    return 0 if found is None else int(found[0])


def _why(connection: duckdb.DuckDBPyConnection, side: str, causes: tuple[str, ...]) -> dict[str, int]:
    counts = dict(connection.execute(f'SELECT why, count(*) FROM "{side}" GROUP BY why').fetchall())  # noqa: S608
    return {cause: counts[cause] for cause in causes if cause in counts}


def _page(connection: duckdb.DuckDBPyConnection, side: str, count: int, offset: int) -> list[tuple[str, str]]:
    """Codes and causes, the highest risk first."""
    sql = f'SELECT household_id, why FROM "{side}" ORDER BY risk DESC, household_id LIMIT $count OFFSET $offset'  # noqa: S608
    return connection.execute(sql, {"count": count, "offset": offset}).fetchall()


def between(store: Path, old: str | None = None, new: str | None = None) -> tuple[str, str]:
    """Names of two runs of the store: those given, else the one before and the one that answers now."""
    from serving.scores import publishing

    own = new or publishing.current(store)
    before = old or publishing.previous(store)
    if own is None or before is None:
        raise UserError(
            f"{store} has no two runs to compare; name the older one, or publish another",
            f"{store} tidak memuat dua penilaian untuk dibandingkan; sebut yang lebih tua, atau terbitkan satu lagi",
        )
    return before, own
