"""Argentina's Encuesta Permanente de Hogares (INDEC), a rotating urban panel: user files in, raw tables out.

Households rest two quarters between two pairs of interviews, so pairs exist 1, 3, 4 and 5 quarters apart.
Welfare is income per adult equivalent, not consumption, so figures test the method and say nothing of Indonesia.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from features import keys
from features import periods as quarters
from features.commands import UserError
from features.sources.eph import households, lines, members
from features.sources.eph.files import Wave, find
from features.sources.eph.records import HOMES, PERSONS, read_records

__all__ = ["read"]


def read(folder: Path, *, line: float = 0.5, lag_days: int = 0, key: bytes | None = None,
         periods: tuple[int, int] | None = None) -> dict[str, pd.DataFrame]:  # fmt: skip
    """Read the quarters in a folder of EPH user files.

    Parameters
    ----------
    folder : has `hogar` and `individual`, each with one file a quarter: .tsv, .txt or .csv, gzipped or not.
    line : poverty line as a share of the person-weighted median income per adult equivalent of the quarter.
    lag_days : days from the end of a quarter to the day its facts became known.
    key : key of the ids; without it the installation's own.
    periods : first and last quarter to read, as period numbers; without it every quarter there.

    Returns
    -------
    households, members, poverty_lines : raw tables with the contract's columns. Ids are keyed codes, money is in
        pesos per month of the quarter, and a column the survey cannot fill is left out.

    Raises
    ------
    UserError : a folder, file or column is missing, a file is empty or cannot be read; names the file and what
        was expected.

    Notes
    -----
    Source: INDEC, Encuesta Permanente de Hogares, bases de microdatos.
    """
    if not 0 < line < np.inf:
        raise UserError(f"the poverty line is a positive share of the median, not {line}")
    if lag_days < 0:
        raise UserError(f"facts cannot be known before their quarter ends; a lag of {lag_days} days is less than 0")
    door = key or keys.load().door
    waves = find(folder)
    first, last = periods or (waves[0].period, waves[-1].period)
    chosen = [wave for wave in waves if first <= wave.period <= last]
    if not chosen:
        raise UserError(f"{folder} has {quarters.text(waves[0].period)} to {quarters.text(waves[-1].period)}, "
                        f"none of {quarters.text(first)} to {quarters.text(last)}")  # fmt: skip
    parts = [_read_wave(wave, line, np.timedelta64(lag_days, "D"), door) for wave in chosen]
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


def _read_wave(wave: Wave, line: float, lag: np.timedelta64, key: bytes) -> dict[str, pd.DataFrame]:
    homes, persons = read_records(wave.hogar, HOMES), read_records(wave.individual, PERSONS)
    home_of = pd.Index(homes["home"]).get_indexer(persons["home"])
    persons, home_of = persons[home_of >= 0], home_of[home_of >= 0]
    known_at = quarters.end(wave.period) + lag
    home_table = households.build(homes, persons, home_of, key)
    person_table = members.build(persons)
    person_table.insert(0, "household_id", home_table["household_id"].to_numpy()[home_of])
    size = np.bincount(home_of, minlength=len(homes))
    lines_table = lines.build(home_table["welfare"].to_numpy(), home_table["weight"].to_numpy() * size, line)
    tables = {"households": home_table, "members": person_table, "poverty_lines": lines_table}
    for table in tables.values():
        table.insert(1, "period", pd.Series(quarters.text(wave.period), table.index, dtype="str"))
        table.insert(2, "known_at", pd.Series(known_at, table.index, dtype="datetime64[s]"))
    return tables
