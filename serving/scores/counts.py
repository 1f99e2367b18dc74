"""Figures of areas: what the score store adds up once, when a run is published, and how it is read.

`counts.parquet` has one row for each mix of place and answer that occurs, so that any filter of a page is counted
without looking at a household. `areas.parquet` has the same without what the overview does not ask for, a tenth of the
rows or less, so that the first page after a publication is as quick as the others; `receiving.parquet` has those at
risk by the programmes that they receive, which only a search asks for, and `subdistricts.parquet` has many times the
rows, which only who asks for sub-districts reads. `series.parquet` has what earlier runs came to, since their files do
not stay.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from features.contract import PROGRAMMES
from serving.batch.rows import GROUP
from serving.scores.kept_run import AREAS, COUNTS, PERCENT, READ, RECEIVING, SERIES, SUBDISTRICTS, Run, province_of

_SUMS = (("households", pa.int64()), ("risk", pa.float64()), ("low", pa.float64()), ("high", pa.float64()))
_PLACE = (("province", pa.string()), ("regency", pa.string()))
COUNTED = pa.schema([
    *_PLACE, ("state", pa.string()), ("kind", pa.string()), ("rung", pa.string()), ("certainty", pa.string()),
    ("percent", pa.int16()), ("change", pa.int8()), *_SUMS, ("falls", pa.float64()),
])  # fmt: skip
"""Columns of the counts: `state` is `at_risk`, `not_at_risk` or a refusal; `percent` the risk as a whole number out of
100; `change` its move since the run before (`serving.scores.moved`; null: none to tell); `risk`, `low`, `high` and
`falls` (`index`) are sums."""
RECEIVED = pa.schema([*COUNTED, *((name, pa.bool_()) for name in PROGRAMMES)])
"""Columns of the counts by programme; null where it is not known whether a family receives it."""
_IN_SUBDISTRICTS = pa.schema([*RECEIVED, ("subdistrict", pa.string())])
SUMMED = pa.schema([("as_of", pa.date32()), ("bundle", pa.string()), *_PLACE, ("kind", pa.string()), *_SUMS])
"""Columns of the series: a row a run, regency and kind of those at risk."""
_ADDED = ", ".join(("count(*) AS households", *(f"round(sum({name}), 6) AS {name}"
                                                for name in ("risk", "low", "high", "falls"))))  # fmt: skip


def build(connection: Any, run: Path, manifest: Mapping[str, Any], names: Sequence[str],
          ranked: Sequence[tuple[str | None, str]], before: Run | None,
          ) -> tuple[list[str], list[str]]:  # fmt: skip
    """Write the files of a run whose ranked lists stand.

    Parameters
    ----------
    connection : reads the folder of the run. names : files of scores. ranked : provinces with their lists.
    before : the run that answered until now.

    Returns
    -------
    Names of the files, and the programmes of which it is known of some family whether it receives them.
    """
    homes: dict[str | None, list[str]] = {}
    for name in names:
        homes.setdefault(province_of(name), []).append(str(run / name))
    lists = {province: [str(run / name)] for province, name in ranked}
    parts, received = [], []
    for province, files in homes.items():
        own = _query(connection, _AT_RISK, province, lists[province], RECEIVED)
        received.append(own)
        parts.append(_query(connection, _OTHERS, province, files, COUNTED))
    by_programme = pa.concat_tables(received) if received else RECEIVED.empty_table()
    counts = pa.concat_tables([_sum_up(connection, by_programme, "percent"), *parts])
    tables = {COUNTS: counts, AREAS: _areas(connection, counts, manifest["bundle"]["labels"])}
    with pq.ParquetWriter(run / SUBDISTRICTS, _IN_SUBDISTRICTS, compression="zstd") as writer:
        for province, files in homes.items():
            for sql, own_files in ((_AT_RISK, lists[province]), (_OTHERS, files)):
                writer.write_table(_query(connection, sql, province, own_files, _IN_SUBDISTRICTS), GROUP)
    tables[SERIES] = _series(counts, manifest, before)
    programmes = [name for name in PROGRAMMES if by_programme[name].null_count < by_programme.num_rows]
    if programmes:
        tables[RECEIVING] = by_programme
    for own, table in tables.items():
        pq.write_table(table, run / own, compression="zstd")
    return [*tables, SUBDISTRICTS], programmes


def _areas(connection: Any, counts: Any, labels: Sequence[float]) -> Any:
    """The counts without kind and rung, the risk as the whole number at which its level begins."""
    begins = " ".join(f"WHEN percent >= {float(label)} THEN {math.ceil(label)}"
                      for label in sorted(labels, reverse=True))  # fmt: skip
    return _sum_up(connection, counts, f"CASE WHEN percent IS NULL THEN NULL {begins} ELSE 0 END", ("kind", "rung"))


def _sum_up(connection: Any, counts: Any, percent: str, without: Sequence[str] = ()) -> Any:
    """Counts added up over what is left out: programmes, and the columns `without`, which stay empty."""
    keys = ", ".join(f"NULL AS {name}" if name in without else f"{percent} AS percent" if name == "percent" else name
                     for name in COUNTED.names if name not in _SUMMED)  # fmt: skip
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" if name == "households" else f"round(sum({name}), 6) AS {name}"
                     for name in _SUMMED)  # fmt: skip
    connection.register("counted", counts)
    found = connection.sql(f"SELECT {keys}, {sums} FROM counted GROUP BY ALL ORDER BY ALL").to_arrow_table()  # noqa: S608
    connection.unregister("counted")
    return found.cast(COUNTED)


_SUMMED = (*(name for name, _ in _SUMS), "falls")
_AT_RISK = ("SELECT {below}$province AS province, regency, 'at_risk' AS state, kind, rung, certainty, "  # noqa: S608
            f"{PERCENT.format('risk')} AS percent, moved AS change, {_ADDED}, {', '.join(PROGRAMMES)} "
            f"FROM {READ} GROUP BY ALL ORDER BY ALL")  # fmt: skip
_OTHERS = ("SELECT {below}$province AS province, regency, CASE WHEN status = 'scored' THEN 'not_at_risk' ELSE "  # noqa: S608
           "coalesce(refusal, 'refused') END AS state, kind, rung, certainty, NULL AS percent, NULL AS change, "
           "count(*) AS households, NULL AS risk, NULL AS low, NULL AS high, NULL AS falls "
           f"FROM {READ} WHERE applies IS NOT TRUE GROUP BY ALL ORDER BY ALL")  # fmt: skip


def _query(connection: Any, sql: str, province: str | None, files: list[str], schema: Any) -> Any:
    sql = sql.format(below="subdistrict, " if schema is _IN_SUBDISTRICTS else "")
    found = connection.sql(sql, params={"province": province, "files": files}).to_arrow_table()
    for name in schema.names:
        if name not in found.column_names:  # the programmes of families whom the risk does not concern
            found = found.append_column(name, pa.nulls(found.num_rows, schema.field(name).type))
    return found.select(schema.names).cast(schema)


def _series(counts: Any, manifest: Mapping[str, Any], before: Run | None) -> Any:
    """The rows of this run after those of earlier dates that the run before knows."""
    day = datetime.date.fromisoformat(manifest["as_of"])
    own = counts.filter(pc.equal(counts["state"], "at_risk"))
    # By one thread: several add up and put the rows in an order of their own each time.
    own = own.group_by(["province", "regency", "kind"], use_threads=False)
    sums = own.aggregate([(name, "sum") for name, _ in _SUMS])
    rows = {"as_of": pa.repeat(pa.scalar(day), sums.num_rows),
            "bundle": pa.repeat(pa.scalar(manifest["bundle"]["name"]), sums.num_rows),
            **{name: sums[name] for name in ("province", "regency", "kind")},
            **{name: sums[f"{name}_sum"] for name, _ in _SUMS}}  # fmt: skip
    table = pa.table([rows[name] for name in SUMMED.names], schema=SUMMED)
    if before is None:
        return table
    old = pq.read_table(before.path / SERIES, schema=SUMMED)
    return pa.concat_tables([old.filter(pc.less(old["as_of"], pa.scalar(day))), table])
